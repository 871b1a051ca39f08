from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.factories import MONDAY_NOON, a_feed
from watchers.feed_model import FeedState, Fetched, ParsedFeed, Reason, Schedule
from watchers.feeds.course import after_answer, after_failure
from watchers.feeds.pace import LONGEST_BACKOFF, Bounds
from watchers.ports import FetchError

URL, NEW, OTHER = (f"https://meridian.example/{name}" for name in ("rss", "new", "other"))
QUARTER, HOUR = timedelta(minutes=15), timedelta(hours=1)
BOUNDS = Bounds(QUARTER, 2 * HOUR)
NIGHT = Schedule(None, frozenset(range(6)))
DOWN = FetchError(Reason("the server has trouble (500)"))
MISSING = FetchError(Reason("there is nothing at this address (404)"), status=404)
HELD = FetchError(Reason("its host asked us to wait"), retry_after=HOUR, held=True)
GONE = FetchError(Reason("the feed is gone for good (410)"), gone=True, status=410)


def an_answer(
    body: bytes | None = b"<rss/>",
    *,
    etag: str | None = None,
    last_modified: str | None = None,
    moved_to: str | None = None,
    fresh_for: timedelta | None = None,
) -> Fetched:
    return Fetched(URL, body, "", etag, last_modified, moved_to, fresh_for)


def a_parsed_feed(per_day: float | None = 100.0, schedule: Schedule | None = None) -> ParsedFeed:
    return ParsedFeed("The Meridian", (), 20, (), "plain", b"", per_day, schedule or Schedule())


def answered(
    feed: FeedState, fetched: Fetched | None = None, parsed: ParsedFeed | None = None, now: datetime = MONDAY_NOON
) -> FeedState:
    return after_answer(feed, fetched or an_answer(None), parsed, "hash" if parsed else None, now=now, bounds=BOUNDS)


def failed(feed: FeedState, error: FetchError = DOWN, now: datetime = MONDAY_NOON, times: int = 1) -> FeedState:
    for _ in range(times):
        feed = after_failure(feed, error, now=now, bounds=BOUNDS)
    return feed


def wait(feed: FeedState, now: datetime = MONDAY_NOON) -> timedelta:
    return feed.next_poll_at - now


def test_a_body_that_was_read_is_remembered() -> None:
    fetched = an_answer(etag="tag", last_modified="Mon")
    feed = answered(a_feed(URL), fetched, a_parsed_feed(6.0, NIGHT))
    assert (feed.etag, feed.last_modified, feed.body_hash, feed.parser) == ("tag", "Mon", "hash", "plain")
    assert (feed.per_day, feed.schedule) == (6.0, NIGHT)
    assert (feed.polled_at, feed.last_success_at) == (MONDAY_NOON, MONDAY_NOON)
    assert 2 * HOUR <= wait(feed) <= 2 * HOUR * 1.1


def test_a_server_that_names_no_validators_any_more_is_asked_without() -> None:
    feed = answered(a_feed(URL, etag="tag", last_modified="Mon"), an_answer(), a_parsed_feed())
    assert (feed.etag, feed.last_modified) == (None, None)


def test_what_has_not_changed_leaves_what_is_known() -> None:
    known = a_feed(URL, etag="tag", last_modified="Mon", body_hash="hash", parser="plain", per_day=9.0, schedule=NIGHT)
    feed = answered(known, an_answer(None))
    assert replace(feed, next_poll_at=known.next_poll_at, polled_at=None, last_success_at=None) == known
    assert answered(known, an_answer(None, etag="newer")).etag == "newer"


def test_a_304_keeps_to_the_schedule_of_the_body_before() -> None:
    late = MONDAY_NOON.replace(hour=23, minute=50)
    feed = answered(a_feed(URL, schedule=NIGHT), now=late)
    assert feed.next_poll_at.hour == 6
    assert answered(a_feed(URL, schedule=Schedule(HOUR))).next_poll_at >= MONDAY_NOON + HOUR


def test_a_server_may_ask_for_a_longer_wait_by_its_answer() -> None:
    assert wait(answered(a_feed(URL), an_answer(None, fresh_for=HOUR))) >= HOUR


def test_a_feed_that_falls_silent_is_asked_ever_less() -> None:
    feed = answered(a_feed(URL), an_answer(), a_parsed_feed(100.0))
    rates, waits = [feed.per_day], [wait(feed)]
    for _ in range(1500):
        asked = feed.next_poll_at
        feed = answered(feed, now=asked)
        rates.append(feed.per_day)
        waits.append(wait(feed, asked))
    assert rates == sorted(rates, reverse=True)  # type: ignore[type-var]
    assert waits == sorted(waits)
    assert (waits[0] < QUARTER * 1.1, waits[-1] >= 2 * HOUR) == (True, True)
    assert wait(answered(feed, an_answer(), a_parsed_feed(100.0))) < QUARTER * 1.1


def test_a_week_of_silence_is_the_same_in_many_polls_as_in_one() -> None:
    start = answered(a_feed(URL), an_answer(), a_parsed_feed(100.0))
    week = MONDAY_NOON + timedelta(days=7)
    often = start
    for hour in range(1, 7 * 24 + 1):
        often = answered(often, now=MONDAY_NOON + hour * HOUR)
    assert often.per_day == pytest.approx(answered(start, now=week).per_day) == pytest.approx(100 / 2.718281828)


def test_failures_are_counted_and_told() -> None:
    feed = failed(a_feed(URL, etag="tag"))
    assert (feed.failures, feed.failing_since, feed.last_error) == (1, MONDAY_NOON, DOWN.reason)
    later = failed(feed, MISSING, MONDAY_NOON + HOUR)
    assert (later.failures, later.failing_since, later.last_error) == (2, MONDAY_NOON, MISSING.reason)
    assert (later.polled_at, later.last_success_at, later.etag) == (MONDAY_NOON + HOUR, None, "tag")


def test_what_the_server_asks_for_is_waited_for() -> None:
    busy = FetchError(Reason("too many requests (429)"), retry_after=5 * HOUR)
    assert 5 * HOUR <= wait(failed(a_feed(URL), busy)) <= 5 * HOUR * 1.1


def test_410_stops_a_feed_until_it_answers_again() -> None:
    stopped = failed(a_feed(URL), GONE)
    assert (stopped.stopped, stopped.failures) == (True, 1)
    assert not answered(stopped).stopped
    assert not failed(a_feed(URL), MISSING, times=9).stopped


def test_the_third_redirect_for_good_to_one_place_moves_a_feed() -> None:
    feed, sent_on = a_feed(URL, etag="tag"), an_answer(None, moved_to=NEW)
    for count in (1, 2):
        feed = answered(feed, sent_on)
        assert (feed.redirect, feed.redirects, feed.moved_to) == (NEW, count, None)
    moved = answered(feed, sent_on)
    assert (moved.redirect, moved.redirects, moved.moved_to, moved.address) == (None, 0, NEW, NEW)
    assert (moved.url, moved.etag) == (URL, "tag")


@pytest.mark.parametrize("between", [None, OTHER])
def test_only_redirects_in_a_row_to_the_same_place_count(between: str | None) -> None:
    feed = a_feed(URL)
    for place in (NEW, NEW, between, NEW, NEW):
        feed = answered(feed, an_answer(None, moved_to=place))
    assert (feed.moved_to, feed.redirects) == (None, 2)


def test_a_failure_leaves_the_count_of_redirects() -> None:
    feed = a_feed(URL)
    for _ in range(3):
        feed = failed(answered(feed, an_answer(None, moved_to=NEW)))
    assert feed.moved_to == NEW


def test_a_feed_moves_on_and_home_again() -> None:
    feed = a_feed(URL, moved_to=NEW)
    for _ in range(3):
        feed = answered(feed, an_answer(None, moved_to=OTHER))
    assert feed.moved_to == OTHER
    for _ in range(3):
        feed = answered(feed, an_answer(None, moved_to=URL))
    assert feed.moved_to is None


def test_a_feed_never_moves_from_https_to_http() -> None:
    feed = a_feed(URL)
    for _ in range(9):
        feed = answered(feed, an_answer(None, moved_to=NEW.replace("https", "http")))
    assert (feed.moved_to, feed.redirects) == (None, 0)


@pytest.mark.parametrize("error", [MISSING, GONE])
def test_a_moved_feed_that_is_not_found_is_looked_for_where_it_was(error: FetchError) -> None:
    moved = a_feed(URL, moved_to=NEW, etag="tag", last_modified="Mon")
    assert failed(moved, error, times=2).moved_to == NEW
    back = failed(moved, error, times=3)
    assert (back.moved_to, back.stopped, back.etag, back.last_modified) == (None, False, None, None)
    assert (back.failures, back.failing_since) == (3, MONDAY_NOON)
    assert wait(back) < QUARTER * 1.1
    assert failed(back, GONE).stopped


def test_a_feed_that_was_held_back_is_asked_when_that_is_over_and_fares_as_before() -> None:
    for feed in (a_feed(URL), answered(a_feed(URL)), failed(answered(a_feed(URL)))):
        held = failed(feed, HELD, times=3)
        assert replace(held, next_poll_at=feed.next_poll_at) == feed
        assert HOUR <= wait(held) <= HOUR * 1.1
        assert failed(held).failures == feed.failures + 1


def test_a_feed_that_was_held_back_keeps_to_its_hours_of_rest() -> None:
    held = failed(a_feed(URL, schedule=NIGHT), HELD, now=MONDAY_NOON.replace(hour=23))
    assert held.next_poll_at.hour == 6


def test_a_feed_that_was_held_back_for_a_day_has_failed() -> None:
    feed = answered(a_feed(URL))
    assert failed(feed, HELD, now=MONDAY_NOON + 23 * HOUR).failures == 0
    held = failed(feed, HELD, now=MONDAY_NOON + 24 * HOUR)
    assert (held.failures, held.failing_since, held.last_error) == (1, MONDAY_NOON + 24 * HOUR, HELD.reason)


def test_a_moved_feed_that_is_only_down_stays_where_it_is() -> None:
    assert failed(a_feed(URL, moved_to=NEW), DOWN, times=20).moved_to == NEW


places = st.none() | st.sampled_from([URL, NEW, OTHER, "http://meridian.example/plain"])
waits = st.timedeltas(timedelta(0), timedelta(days=3))
schedules = st.builds(Schedule, st.none() | waits, st.frozensets(st.integers(0, 23)), st.frozensets(st.integers(0, 6)))
parsed_feeds = st.none() | st.builds(a_parsed_feed, st.none() | st.floats(0, 1e4), schedules)
answers = st.builds(an_answer, st.just(None), etag=st.none() | st.text(), moved_to=places, fresh_for=st.none() | waits)
errors = st.builds(
    FetchError,
    st.just(Reason("no")),
    retry_after=st.none() | waits,
    gone=st.booleans(),
    status=st.none() | st.sampled_from([404, 410, 500]),
)
polls = st.lists(st.tuples(waits, errors | st.tuples(answers, parsed_feeds)), max_size=30)


def after(
    history: list[tuple[timedelta, FetchError | tuple[Fetched, ParsedFeed | None]]],
) -> tuple[FeedState, datetime]:
    feed, now = a_feed(URL), MONDAY_NOON
    for passed, outcome in history:
        now += passed
        if isinstance(outcome, FetchError):
            feed = after_failure(feed, outcome, now=now, bounds=BOUNDS)
        else:
            feed = after_answer(feed, *outcome, None, now=now, bounds=BOUNDS)
    return feed, now


@given(polls)
def test_whatever_happened_one_success_clears_it(
    history: list[tuple[timedelta, FetchError | tuple[Fetched, ParsedFeed | None]]],
) -> None:
    feed, now = after(history)
    good = answered(feed, now=now)
    assert (good.failures, good.failing_since, good.last_error, good.stopped) == (0, None, None, False)
    assert good.last_success_at == now
    assert QUARTER <= wait(good, now) <= max(2 * HOUR * 1.1, 4 * BOUNDS.most)


@given(polls)
def test_whatever_happened_what_is_remembered_fits_together(
    history: list[tuple[timedelta, FetchError | tuple[Fetched, ParsedFeed | None]]],
) -> None:
    feed, now = after(history)
    assert (feed.failures == 0) == (feed.failing_since is None) == (feed.last_error is None)
    assert (feed.redirect is None) == (feed.redirects == 0)
    assert feed.redirects < 3
    assert feed.moved_to != feed.url
    assert feed.url == URL
    assert not feed.address.startswith("http:")
    assert feed.polled_at == (now if history else None)
    if history:
        assert QUARTER <= wait(feed, now) <= max(LONGEST_BACKOFF, timedelta(days=2), 4 * BOUNDS.most) * 1.1
