"""WebSub, decided purely: which hub, when it is asked, what it may grant, and what its calls are worth."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count, pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.app import Cadence
from bot.hub_calls import LARGEST_CALL, LONGEST_CALL
from tests.factories import MONDAY_NOON, a_feed, an_article
from watchers.feed_model import (
    Entry,
    FeedState,
    Fetched,
    HubOffer,
    HubStanding,
    HubState,
    HubSubscription,
    ParsedFeed,
)
from watchers.feeds.course import after_answer
from watchers.feeds.pace import Bounds
from watchers.feeds.websub import (
    BETWEEN_POLLS,
    LEASE,
    LONGEST_CHALLENGE,
    LONGEST_LEASE,
    PATIENCE,
    RENEWED_BEFORE,
    SignedBody,
    after_asking_back,
    after_request,
    counted_on_until,
    due_for_asking,
    is_over,
    lease_of,
    named_hub,
    poll_after_call,
    request_of,
)

HUB, TOPIC = "https://hub.example/", "https://meridian.example/rss"
OFFER = HubOffer(HUB, TOPIC)
BOUNDS = Bounds(timedelta(minutes=15), timedelta(hours=2))


def at(**after: float) -> datetime:
    return MONDAY_NOON + timedelta(**after)


def a_subscription(state: HubState = HubState.ASKED, *, lease: timedelta | None = None) -> HubSubscription:
    """One that was asked on Monday at noon, and granted at once where there is a lease."""
    return HubSubscription(OFFER, "token", "secret", state, MONDAY_NOON, None if lease is None else MONDAY_NOON + lease)


def granted(lease: timedelta = LEASE) -> HubSubscription:
    return a_subscription(HubState.GRANTED, lease=lease)


def texts() -> Iterator[str]:
    return (f"drawn {number}" for number in count(1))


def asked(
    subscription: HubSubscription | None, now: datetime, offer: HubOffer | None = OFFER
) -> HubSubscription | None:
    drawn = texts()
    return due_for_asking(HubStanding(1, offer, subscription), now, lambda: next(drawn))


def fetched(hub: str | None = None, topic: str | None = None) -> Fetched:
    return Fetched(TOPIC, b"<rss/>", "", None, None, hub=hub, topic=topic)


def parsed(hub: str | None = None, topic: str | None = None, *entries: Entry) -> ParsedFeed:
    return ParsedFeed("The Meridian", entries, len(entries), (), "plain", b"", 48.0, hub=hub, topic=topic)


# --- which hub ------------------------------------------------------------------------------------------------


def test_headers_go_before_the_body() -> None:
    feed = a_feed()
    assert named_hub(feed, fetched(), parsed(HUB, TOPIC)) == (HUB, TOPIC)
    assert named_hub(feed, fetched("https://other.example/", "https://meridian.example/x"), parsed(HUB, TOPIC)) == (
        "https://other.example/",
        "https://meridian.example/x",
    )
    assert named_hub(feed, fetched(HUB), parsed(None, TOPIC)) == (HUB, TOPIC)
    assert named_hub(feed, fetched(None, TOPIC), parsed(HUB)) == (HUB, TOPIC)


def test_a_body_that_was_not_read_leaves_the_hub_as_it_was() -> None:
    feed = a_feed(hub=HUB, topic=TOPIC)
    assert named_hub(feed, fetched(), None) == (HUB, TOPIC)
    assert named_hub(feed, fetched("https://other.example/"), None) == ("https://other.example/", TOPIC)
    assert named_hub(feed, fetched(), parsed()) == (None, None)


@pytest.mark.parametrize(
    ("named", "asked_at"),
    [
        ("http://hub.example/", "https://hub.example/"),
        ("http://hub.example:80/a?b=c", "https://hub.example/a?b=c"),
        ("HTTP://hub.example", "https://hub.example"),
        ("http://[2001:db8::80]/", "https://[2001:db8::80]/"),
        ("http://hub.example:8080/", "http://hub.example:8080/"),
        ("https://hub.example:80/", "https://hub.example:80/"),
        ("ftp://hub.example/", None),
        ("http://me@hub.example/", None),
        ("javascript:alert(1)", None),
        ("http://[::1", None),
        ("", None),
    ],
)
def test_a_hub_is_asked_over_tls_and_only_on_the_web(named: str, asked_at: str | None) -> None:
    assert named_hub(a_feed(), fetched(), parsed(named, TOPIC))[0] == asked_at


# --- when it is asked -----------------------------------------------------------------------------------------


def test_a_hub_that_was_never_asked_is_asked_with_a_token_and_a_secret_of_its_own() -> None:
    wanted = asked(None, MONDAY_NOON)
    assert wanted == HubSubscription(OFFER, "drawn 1", "drawn 2", HubState.ASKED, MONDAY_NOON)
    assert request_of(wanted, "https://news.example/hub/drawn-1") == {
        "hub.callback": "https://news.example/hub/drawn-1",
        "hub.mode": "subscribe",
        "hub.topic": TOPIC,
        "hub.lease_seconds": "864000",
        "hub.secret": "drawn 2",
    }


def test_a_lease_is_renewed_from_a_third_of_it_before_its_end_by_the_same_token() -> None:
    lease = granted(timedelta(days=9))
    assert asked(lease, at(days=6, seconds=-1)) is None
    assert asked(lease, at(days=6)) == replace(lease, state=HubState.ASKED, asked_at=at(days=6))
    assert asked(lease, at(days=90)) == replace(lease, state=HubState.ASKED, asked_at=at(days=90))


@pytest.mark.parametrize("state", [HubState.ASKED, HubState.REFUSED])
@pytest.mark.parametrize("lease", [None, timedelta(days=3)])
def test_what_was_refused_or_not_answered_is_asked_again_after_a_day(state: HubState, lease: timedelta | None) -> None:
    tried = a_subscription(state, lease=lease)
    assert asked(tried, at(days=1, seconds=-1)) is None
    assert asked(tried, at(days=1)) == replace(tried, state=HubState.ASKED, asked_at=at(days=1))


def test_another_hub_is_asked_anew_but_not_before_a_day() -> None:
    other = HubOffer("https://other.example/", TOPIC)
    assert asked(granted(), at(hours=23), other) is None
    assert asked(granted(), at(days=1), other) == HubSubscription(
        other, "drawn 1", "drawn 2", HubState.ASKED, at(days=1)
    )


def test_a_feed_that_names_no_hub_any_more_is_let_go() -> None:
    assert asked(granted(), at(days=9), None) is None
    assert is_over(HubStanding(1, None, granted()))
    assert not is_over(HubStanding(1, OFFER, granted()))
    assert not is_over(HubStanding(1, None, None))


@given(st.lists(st.timedeltas(timedelta(0), timedelta(days=2)), max_size=40))
def test_a_hub_that_grants_no_lease_is_asked_once_a_day_at_most(gaps: list[timedelta]) -> None:
    now, known, times = MONDAY_NOON, None, []
    for gap in gaps:
        now += gap
        wanted = asked(known, now)
        if wanted is not None:
            times.append(now)
            known = after_request(wanted, 500)
    assert all(later - sooner >= timedelta(days=1) for sooner, later in pairwise(times))


def test_what_a_hub_answers_says_only_whether_it_heard() -> None:
    assert after_request(a_subscription(), 202) == a_subscription()
    for status in (199, 300, 307, 404, 429, 500):
        assert after_request(a_subscription(), status).state is HubState.REFUSED
    assert after_request(granted(), 500) == granted()  # it asked back before it answered


# --- what it may grant ----------------------------------------------------------------------------------------


def question(**changed: str | None) -> dict[str, str]:
    said = {"mode": "subscribe", "topic": TOPIC, "challenge": "abc-123", "lease_seconds": "3600", **changed}
    return {f"hub.{name}": value for name, value in said.items() if value is not None}


def test_a_hub_that_asks_back_is_answered_and_its_lease_kept() -> None:
    answered = after_asking_back(a_subscription(), question(), at(minutes=1))
    after = replace(a_subscription(HubState.GRANTED), expires_at=at(minutes=61))
    assert answered == (after, "abc-123")


def test_asked_again_it_is_answered_again_and_nothing_changes() -> None:
    assert after_asking_back(granted(), question(lease_seconds="99999"), at(days=1)) == (granted(), "abc-123")


@pytest.mark.parametrize(
    "wrong",
    [
        {"topic": "https://meridian.example/other"},
        {"topic": None},
        {"mode": "unsubscribe"},
        {"mode": "Subscribe"},
        {"mode": None},
        {"challenge": None},
        {"challenge": ""},
        {"challenge": "two\nlines"},
        {"challenge": "\x00"},
        {"challenge": "é"},
        {"challenge": "a" * (LONGEST_CHALLENGE + 1)},
    ],
)
def test_what_we_did_not_ask_is_not_answered(wrong: dict[str, str | None]) -> None:
    for state in HubState:
        assert after_asking_back(a_subscription(state), question(**wrong), at(minutes=1)) is None


def test_what_was_refused_is_granted_no_more() -> None:
    assert after_asking_back(a_subscription(HubState.REFUSED), question(), at(minutes=1)) is None


def test_a_hub_may_deny_what_it_was_asked_and_what_it_granted() -> None:
    for known in (a_subscription(), granted()):
        denied = after_asking_back(known, question(mode="denied", challenge=None), at(minutes=1))
        assert denied == (a_subscription(HubState.REFUSED), "")
    assert after_asking_back(granted(), question(mode="denied", topic="https://meridian.example/x"), at()) is None


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("3600", timedelta(hours=1)),
        ("0", timedelta(0)),
        ("999999999999", LONGEST_LEASE),
        (None, LEASE),
        ("soon", LEASE),
        ("-1", LEASE),
        ("1e9", LEASE),
        ("٣٦٠٠", LEASE),
        ("9" * 400, LEASE),
    ],
)
def test_a_lease_is_bounded(said: str | None, kept: timedelta) -> None:
    assert lease_of(said) == kept


# --- what its calls are worth ---------------------------------------------------------------------------------


def signed(body: bytes, method: str, key: bytes = b"secret") -> str:
    return f"{method}={hmac.new(key, body, method).hexdigest()}"


def is_genuine(header: str | None, *pieces: bytes) -> bool:
    body = SignedBody(header, "secret")
    for piece in pieces:
        body.add(piece)
    return body.is_genuine


@given(st.lists(st.binary(max_size=50), max_size=5), st.sampled_from(["sha1", "sha256", "sha384", "sha512"]))
def test_every_method_is_checked_however_the_body_is_cut(pieces: list[bytes], method: str) -> None:
    body = b"".join(pieces)
    header = signed(body, method)
    assert SignedBody(header, "secret").may_be_genuine
    assert is_genuine(header, *pieces)
    assert is_genuine(f" {method.upper()} = {header.split('=')[1].upper()} ", *pieces)
    assert not is_genuine(header, *pieces, b"!")
    assert not is_genuine(signed(body, method, b"another"), *pieces)


@given(st.none() | st.text(max_size=90) | st.builds("{}={}".format, st.text(max_size=8), st.text(max_size=60)))
def test_any_other_header_is_no_signature(header: str | None) -> None:
    assert not is_genuine(header, b"body")


@pytest.mark.parametrize("method", ["md5", "sha224", "sha3_256", "none", ""])
def test_methods_that_the_recommendation_does_not_name_count_for_nothing(method: str) -> None:
    digest = hashlib.sha256(b"body").hexdigest()
    assert not SignedBody(f"{method}={digest}", "secret").may_be_genuine
    assert not SignedBody(f"sha256={digest[:-2]}", "secret").may_be_genuine  # too short


def test_a_call_has_its_feed_asked_at_once_but_no_more_than_once_a_minute() -> None:
    quiet = a_feed(polled_at=at(hours=-1), next_poll_at=at(hours=1))
    assert poll_after_call(quiet, MONDAY_NOON) == MONDAY_NOON
    assert poll_after_call(replace(quiet, polled_at=at(seconds=-20)), MONDAY_NOON) == at(seconds=40)
    assert poll_after_call(replace(quiet, polled_at=None), MONDAY_NOON) == MONDAY_NOON


def test_a_call_puts_no_poll_off_and_lifts_no_wait_of_a_failing_feed() -> None:
    due = a_feed(polled_at=at(seconds=-5), next_poll_at=at(seconds=10))
    assert poll_after_call(due, MONDAY_NOON) == at(seconds=10)
    waiting = a_feed(polled_at=at(hours=-1), next_poll_at=at(hours=5), failures=1)
    assert poll_after_call(waiting, MONDAY_NOON) == at(hours=5)


def test_a_hub_that_calls_is_counted_on_as_long_as_its_lease() -> None:
    assert counted_on_until(granted(timedelta(days=9)), at(days=8)) == at(days=9)
    assert counted_on_until(granted(timedelta(days=9)), at(days=9)) is None
    assert counted_on_until(a_subscription(HubState.REFUSED), at()) is None


def after_poll(feed: FeedState, now: datetime, *, changed: bool, new: bool) -> FeedState:
    entries = (Entry(an_article(), is_summary=False),) if new else ()
    body = parsed(HUB, TOPIC, *entries) if changed else None
    return after_answer(feed, fetched(), body, "hash", now=now, bounds=BOUNDS)


def is_relaxed(feed: FeedState) -> bool:
    assert feed.polled_at is not None
    return feed.next_poll_at - feed.polled_at >= BOUNDS.most


BUSY = a_feed(polled_at=at(hours=-1), per_day=48.0, hub=HUB, topic=TOPIC)


@pytest.mark.parametrize(
    ("called", "changed", "new", "counted_on"),
    [
        (True, True, True, True),
        (True, True, False, True),  # an entry we know was edited
        (True, False, False, False),  # it called before the change could be read
        (False, True, True, False),  # it did not call
        (False, True, False, True),
        (False, False, False, True),
    ],
)
def test_a_hub_is_counted_on_until_it_misses_a_change(
    called: bool,  # noqa: FBT001
    changed: bool,  # noqa: FBT001
    new: bool,  # noqa: FBT001
    counted_on: bool,  # noqa: FBT001
) -> None:
    told = replace(BUSY, told_until=at(days=5), called_at=at(minutes=-1 if called else -90))
    after = after_poll(told, MONDAY_NOON, changed=changed, new=new)
    assert (after.told_until is not None, is_relaxed(after)) == (counted_on, counted_on)


def test_a_feed_without_a_hub_to_count_on_is_asked_as_ever() -> None:
    for feed in (BUSY, replace(BUSY, called_at=at(minutes=-1)), replace(BUSY, told_until=at(minutes=-1))):
        assert not is_relaxed(after_poll(feed, MONDAY_NOON, changed=True, new=False))


def test_a_poll_learns_the_hub() -> None:
    learnt = after_poll(a_feed(), MONDAY_NOON, changed=True, new=True)
    assert (learnt.hub, learnt.topic) == (HUB, TOPIC)
    assert after_poll(learnt, at(hours=1), changed=False, new=False).hub == HUB


# --- what the page says ---------------------------------------------------------------------------------------


def test_the_page_names_what_is_sent_and_the_bounds_that_hold() -> None:
    page = (Path(__file__).parents[1] / "docs" / "websub.md").read_text("utf-8")
    sent = set(re.findall(r"^\| `(hub\.\w+)` \|", page, re.MULTILINE))
    assert sent == set(request_of(a_subscription(), "https://news.example/hub/token"))
    assert f"{LEASE.total_seconds():.0f}: ten days" in page
    for said, holds in {
        "at most thirty days are believed": timedelta(days=30) == LONGEST_LEASE,
        "asked again after a day": timedelta(days=1) == PATIENCE,
        "from a third of that lease": RENEWED_BEFORE == 3,
        "at most once a minute": timedelta(minutes=1) == BETWEEN_POLLS,
        "more than ten megabytes, or takes more than thirty seconds": (LARGEST_CALL, LONGEST_CALL) == (10**7, 30),
        "Once an hour": Cadence().ask_hubs == timedelta(hours=1),
    }.items():
        assert said in page
        assert holds, said
