from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.factories import MONDAY_NOON
from watchers.feed_model import Schedule
from watchers.feeds.pace import (
    LONGEST_BACKOFF,
    LONGEST_OBEYED,
    LONGEST_REST,
    Bounds,
    backoff,
    interval,
    jitter,
    next_poll,
)

URL = "https://meridian.example/rss"
QUARTER, HOUR = timedelta(minutes=15), timedelta(hours=1)
BOUNDS = Bounds(QUARTER, 2 * HOUR)
FREELY = Schedule()
ALL_HOURS, ALL_DAYS = frozenset(range(24)), frozenset(range(7))

waits = st.timedeltas(timedelta(0), timedelta(days=3))
moments = st.integers(0, 60 * 24 * 14).map(lambda minutes: MONDAY_NOON + timedelta(minutes=minutes))
bounds = st.tuples(st.integers(1, 1440), st.integers(0, 1440)).map(
    lambda drawn: Bounds(timedelta(minutes=drawn[0]), timedelta(minutes=sum(drawn)))
)
schedules = st.builds(Schedule, st.none() | waits, st.frozensets(st.integers(0, 23)), st.frozensets(st.integers(0, 6)))
rates = st.none() | st.floats(0, 1e9)


def again(
    wait: timedelta, schedule: Schedule = FREELY, now: datetime = MONDAY_NOON, retry_after: timedelta | None = None
) -> datetime:
    return next_poll(now, wait, url=URL, schedule=schedule, bounds=BOUNDS, retry_after=retry_after)


@pytest.mark.parametrize(
    ("per_day", "expected"),
    [
        (None, QUARTER),
        (1_000_000.0, QUARTER),
        (48.0, QUARTER),
        (24.0, 2 * QUARTER),
        (10.0, timedelta(minutes=72)),
        (6.0, 2 * HOUR),
        (0.1, 2 * HOUR),
        (5e-324, 2 * HOUR),
        (0.0, 2 * HOUR),
    ],
)
def test_no_entry_waits_longer_than_half_the_typical_gap(per_day: float | None, expected: timedelta) -> None:
    assert interval(per_day, FREELY, BOUNDS) == expected


@pytest.mark.parametrize(
    ("every", "fresh_for", "expected"),
    [
        (HOUR, None, HOUR),
        (None, HOUR, HOUR),
        (timedelta(minutes=90), HOUR, timedelta(minutes=90)),
        (timedelta(minutes=5), timedelta(0), QUARTER),
        (timedelta(days=7), None, 2 * HOUR),
        (None, timedelta(days=365), 2 * HOUR),
    ],
)
def test_what_feed_and_server_ask_for_lengthens_the_wait_within_bounds(
    every: timedelta | None, fresh_for: timedelta | None, expected: timedelta
) -> None:
    assert interval(100.0, Schedule(every), BOUNDS, fresh_for=fresh_for) == expected


@given(rates, schedules, bounds, st.none() | waits)
def test_an_interval_keeps_to_its_bounds(
    per_day: float | None, schedule: Schedule, bounds: Bounds, fresh_for: timedelta | None
) -> None:
    assert bounds.least <= interval(per_day, schedule, bounds, fresh_for=fresh_for) <= bounds.most


@given(st.floats(0, 1e6), st.floats(0, 1e6), schedules, bounds)
def test_the_busier_a_feed_the_sooner_it_is_asked(one: float, other: float, schedule: Schedule, bounds: Bounds) -> None:
    quiet, busy = sorted((one, other))
    assert interval(busy, schedule, bounds) <= interval(quiet, schedule, bounds)


def test_a_wait_is_kept_and_a_little_more() -> None:
    assert again(QUARTER) - MONDAY_NOON == QUARTER * (1 + jitter(URL))


@pytest.mark.parametrize(("failures", "factor"), [(1, 2), (2, 4), (3, 8), (5, 32)])
def test_each_failure_doubles_the_wait(failures: int, factor: int) -> None:
    assert backoff(failures, QUARTER, BOUNDS) == QUARTER * factor


def test_the_wait_of_a_failing_feed_has_a_longest() -> None:
    assert backoff(7, QUARTER, BOUNDS) == backoff(1_000_000, QUARTER, BOUNDS) == LONGEST_BACKOFF


def test_a_quiet_feed_that_stumbles_is_asked_as_ever() -> None:
    assert backoff(1, 2 * HOUR, BOUNDS) == backoff(3, 2 * HOUR, BOUNDS) == 2 * HOUR
    assert backoff(4, 2 * HOUR, BOUNDS) == 4 * HOUR
    daily = Bounds(timedelta(days=1), timedelta(days=1))
    assert backoff(3, timedelta(days=1), daily) == timedelta(days=1)


@given(st.integers(1, 100), st.integers(1, 100), rates, schedules, bounds)
def test_more_failures_never_bring_a_feed_back_sooner(
    one: int, other: int, per_day: float | None, schedule: Schedule, bounds: Bounds
) -> None:
    usual = interval(per_day, schedule, bounds)
    few, many = sorted((one, other))
    assert usual <= backoff(few, usual, bounds) <= backoff(many, usual, bounds) <= max(LONGEST_BACKOFF, usual)


def test_what_the_server_asks_for_is_obeyed_within_reason() -> None:
    assert again(QUARTER, retry_after=5 * HOUR) == MONDAY_NOON + 5 * HOUR * (1 + jitter(URL))
    assert again(QUARTER, retry_after=timedelta(seconds=1)) == again(QUARTER)
    assert again(QUARTER, retry_after=timedelta(days=400)) == MONDAY_NOON + LONGEST_OBEYED * (1 + jitter(URL))


@pytest.mark.parametrize(
    ("now", "hours", "days", "opens"),
    [
        (datetime(2026, 3, 2, 22, 50, tzinfo=UTC), {23, 0, 1}, set(), datetime(2026, 3, 3, 2, tzinfo=UTC)),
        (datetime(2026, 3, 2, 22, 30, tzinfo=UTC), {23, 0, 1}, set(), None),
        (datetime(2026, 3, 2, 23, 50, tzinfo=UTC), set(), {1}, datetime(2026, 3, 4, tzinfo=UTC)),
        (datetime(2026, 3, 2, 23, 50, tzinfo=UTC), {0, 1, 2}, {2, 3}, datetime(2026, 3, 3, 3, tzinfo=UTC)),
        (datetime(2026, 3, 2, 12, tzinfo=UTC), ALL_HOURS, set(), None),
        (datetime(2026, 3, 2, 12, tzinfo=UTC), set(), ALL_DAYS, None),
    ],
)
def test_hours_and_days_of_rest_are_kept(
    now: datetime, hours: set[int], days: set[int], opens: datetime | None
) -> None:
    wide = Bounds(QUARTER, timedelta(days=1))
    schedule = Schedule(None, frozenset(hours), frozenset(days))
    asked = next_poll(now, QUARTER, url=URL, schedule=schedule, bounds=wide)
    if opens is None:
        assert asked == now + QUARTER * (1 + jitter(URL))
    else:
        assert opens <= asked < opens + QUARTER


def test_no_rest_makes_a_deadline_be_missed() -> None:
    friday_night = datetime(2026, 3, 6, 23, 50, tzinfo=UTC)
    weekend = Schedule(None, frozenset(), frozenset({5, 6}))
    assert again(QUARTER, weekend, friday_night) == friday_night + LONGEST_REST * BOUNDS.most


def test_feeds_of_one_platform_do_not_all_come_at_the_end_of_its_rest() -> None:
    late, night = datetime(2026, 3, 2, 23, 50, tzinfo=UTC), Schedule(None, frozenset(range(6)))
    urls = [f"https://platform.example/{n}" for n in range(100)]
    asked = [next_poll(late, QUARTER, url=url, schedule=night, bounds=BOUNDS) for url in urls]
    assert max(asked) - min(asked) > QUARTER * 0.8


@given(moments, waits, st.none() | waits, schedules, bounds)
def test_a_feed_is_asked_neither_sooner_nor_much_later_than_it_should_be(
    now: datetime, wait: timedelta, retry_after: timedelta | None, schedule: Schedule, bounds: Bounds
) -> None:
    asked = next_poll(now, wait, url=URL, schedule=schedule, bounds=bounds, retry_after=retry_after)
    least = max(wait, min(retry_after or timedelta(0), LONGEST_OBEYED))
    most = least * 1.1 + timedelta(microseconds=1)
    assert now + least <= asked <= now + max(most, LONGEST_REST * bounds.most)
    if schedule.not_at_hours | schedule.not_on_days == frozenset():
        assert asked <= now + most


@given(moments, waits, schedules)
def test_a_feed_is_asked_in_its_hours_unless_they_are_too_far_off(
    now: datetime, wait: timedelta, schedule: Schedule
) -> None:
    asked = again(wait, schedule, now)
    rests = asked.hour in schedule.not_at_hours or asked.weekday() in schedule.not_on_days
    never = schedule.not_at_hours == ALL_HOURS or schedule.not_on_days == ALL_DAYS
    assert not rests or never or asked >= now + LONGEST_REST * BOUNDS.most


@given(st.text())
def test_jitter_is_small_and_fixed(url: str) -> None:
    assert 0 <= jitter(url) <= 0.1
    assert jitter(url) == jitter(url)


def test_feeds_drift_apart() -> None:
    drifts = [jitter(f"https://meridian.example/{n}") for n in range(200)]

    assert len(set(drifts)) == 200
    assert max(drifts) - min(drifts) > 0.08
