from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.factories import MONDAY_NOON, a_feed
from watchers.feed_model import FeedState, Fetched, Reason
from watchers.feeds.course import after_answer, after_failure
from watchers.feeds.health import Condition, Turn, health, turn, turn_key
from watchers.feeds.pace import Bounds
from watchers.ports import FetchError

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
BOUNDS = Bounds(timedelta(minutes=15), 2 * HOUR)
HELD = FetchError(Reason("wait"), retry_after=HOUR, held=True)
DOWN, GONE = FetchError(Reason("no answer")), FetchError(Reason("gone"), gone=True)
NEW = "https://meridian.example/new"
FINE = Fetched("https://meridian.example/rss", None, "", None, None)
ELSEWHERE = Fetched(NEW, None, "", None, None, NEW)


def poll(feed: FeedState, outcome: Fetched | FetchError, now: datetime) -> FeedState:
    if isinstance(outcome, FetchError):
        return after_failure(feed, outcome, now=now, bounds=BOUNDS)
    return after_answer(feed, outcome, None, None, now=now, bounds=BOUNDS)


def told(*polls: tuple[float, Fetched | FetchError], feed: FeedState | None = None) -> list[Turn]:
    """Return what is told in the course of polls, each so many hours after Monday noon."""
    state, turns = feed or a_feed(), []
    for hours, outcome in polls:
        now = MONDAY_NOON + hours * HOUR
        after = poll(state, outcome, now)
        turns.append(turn(state, after, now))
        state = after
    return [one for one in turns if one is not None]


def test_how_a_feed_fares_is_told_by_its_latest_polls() -> None:
    fresh = a_feed()
    fine = poll(fresh, FINE, MONDAY_NOON)
    failing = poll(fine, DOWN, MONDAY_NOON + HOUR)
    stopped = poll(failing, GONE, MONDAY_NOON + 2 * HOUR)
    faring = [health(feed, MONDAY_NOON) for feed in (fresh, fine, failing, stopped)]
    assert [one.condition for one in faring] == [
        Condition.NEW,
        Condition.READING,
        Condition.FAILING,
        Condition.STOPPED,
    ]
    assert [one.failing_since for one in faring] == [None, None, MONDAY_NOON + HOUR, MONDAY_NOON + HOUR]
    assert [one.reason for one in faring] == [None, None, DOWN.reason, GONE.reason]
    assert [one.last_success_at for one in faring] == [None, MONDAY_NOON, MONDAY_NOON, MONDAY_NOON]
    assert [one.failures for one in faring] == [0, 0, 1, 2]


def test_the_next_poll_is_never_past_and_a_stopped_feed_has_none() -> None:
    assert health(a_feed(), MONDAY_NOON + HOUR).next_poll_at == MONDAY_NOON + HOUR
    assert health(a_feed(), MONDAY_NOON - HOUR).next_poll_at == MONDAY_NOON
    assert health(a_feed(stopped=True), MONDAY_NOON).next_poll_at is None


def test_a_feed_that_was_never_read_and_fails_is_failing() -> None:
    assert health(poll(a_feed(), DOWN, MONDAY_NOON), MONDAY_NOON).condition is Condition.FAILING


def test_where_it_is_read_and_how_often_it_publishes_is_shown() -> None:
    shown = health(a_feed(moved_to=NEW, per_day=3.5), MONDAY_NOON)
    assert (shown.moved_to, shown.per_day) == (NEW, 3.5)


def test_a_hub_is_shown_as_long_as_it_is_counted_on() -> None:
    told = a_feed(told_until=MONDAY_NOON + HOUR)
    moments = (MONDAY_NOON, MONDAY_NOON + HOUR)
    assert [health(told, at).told_by_hub for at in moments] == [True, False]
    assert [health(feed, MONDAY_NOON).told_by_hub for feed in (a_feed(), poll(told, GONE, MONDAY_NOON))] == [
        False,
        False,
    ]


def test_a_day_of_failing_is_told_once_and_so_is_its_end() -> None:
    down = [(float(hour), DOWN) for hour in range(0, 80, 5)]
    assert told(*down) == [Turn.FAILING]
    assert told(*down, (80, FINE), (81, FINE)) == [Turn.FAILING, Turn.RECOVERED]
    assert told(*down, (80, FINE), *((81 + hours, error) for hours, error in down)) == [
        Turn.FAILING,
        Turn.RECOVERED,
        Turn.FAILING,
    ]


@pytest.mark.parametrize("hours", [0.0, 1.0, 23.9])
def test_less_than_a_day_of_failing_is_not_worth_telling(hours: float) -> None:
    assert told((0, DOWN), (hours, DOWN), (hours + 0.05, FINE)) == []


def test_a_day_is_full_at_its_end() -> None:
    assert told((0, DOWN), (24, DOWN)) == [Turn.FAILING]


def test_a_server_that_asked_for_a_long_wait_is_told_of_when_it_was_not_kept() -> None:
    assert told((0, DOWN), (47, DOWN), (48, FINE)) == [Turn.FAILING, Turn.RECOVERED]


def test_a_feed_that_was_not_asked_has_nothing_to_tell_until_it_is() -> None:
    down = [(float(hour), DOWN) for hour in range(0, 21, 5)]
    assert told((0, FINE), *((hours, HELD) for hours in range(1, 23))) == []
    assert told(*down, (25, HELD), (30, HELD), (31, FINE)) == []
    assert told(*down, (25, HELD), (30, DOWN), (31, HELD), (32, FINE)) == [Turn.FAILING, Turn.RECOVERED]


def test_a_feed_that_could_not_be_asked_for_two_days_is_told_of() -> None:
    held = [(float(hour), HELD) for hour in range(1, 60)]
    assert told((0, FINE), *held, (60, FINE)) == [Turn.FAILING, Turn.RECOVERED]


def test_the_end_of_a_feed_is_told_and_that_it_is_back() -> None:
    assert told((0, FINE), (1, GONE)) == [Turn.STOPPED]
    assert told((0, DOWN), (25, GONE)) == [Turn.STOPPED]
    assert told((0, FINE), feed=a_feed(stopped=True)) == [Turn.RECOVERED]


def test_a_move_is_told_once_there_and_once_back() -> None:
    missing = FetchError(Reason("not there"), status=404)
    away = [(float(hour), ELSEWHERE) for hour in range(3)]
    assert told(*away, (4, FINE)) == [Turn.MOVED]
    assert told(*away, (4, missing), (5, missing), (6, missing), (7, FINE)) == [Turn.MOVED, Turn.MOVED]


@given(st.lists(st.tuples(st.floats(0.1, 30), st.sampled_from([FINE, DOWN])), max_size=40))
def test_failing_and_recovering_are_told_in_turns(steps: list[tuple[float, Fetched | FetchError]]) -> None:
    hours, polls = 0.0, []
    for step, outcome in steps:
        hours += step
        polls.append((hours, outcome))
    turns = told(*polls)
    assert turns == [Turn.FAILING, Turn.RECOVERED] * (len(turns) // 2) + [Turn.FAILING] * (len(turns) % 2)


def test_a_telling_has_one_key_however_often_it_is_decided() -> None:
    first = poll(a_feed(), DOWN, MONDAY_NOON)
    day = poll(first, DOWN, MONDAY_NOON + DAY)
    back = poll(day, FINE, MONDAY_NOON + 2 * DAY)
    again = poll(poll(back, DOWN, MONDAY_NOON + 3 * DAY), DOWN, MONDAY_NOON + 4 * DAY)
    failing, recovered = turn_key(Turn.FAILING, first, day), turn_key(Turn.RECOVERED, day, back)
    assert failing == turn_key(Turn.FAILING, day, poll(day, DOWN, MONDAY_NOON + 3 * DAY))
    assert len({failing, recovered, turn_key(Turn.FAILING, back, again)}) == 3
    assert failing != turn_key(Turn.FAILING, a_feed(id=2), poll(a_feed(id=2), DOWN, MONDAY_NOON))
    stopped = poll(a_feed(), GONE, MONDAY_NOON)
    assert turn_key(Turn.STOPPED, a_feed(), stopped) == turn_key(
        Turn.STOPPED, stopped, poll(stopped, GONE, MONDAY_NOON)
    )
