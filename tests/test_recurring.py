"""When a reminder that recurs comes next: on its days, at its local time, once after however long."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.clocks import CHANGES, ZONES, moments
from watchers.audience import Recurrence, Unit
from watchers.recurring import next_time

UTC_ZONE = ZoneInfo("UTC")
NINE = time(9)


def recurring(unit: Unit, every: int = 1, *, day: int = 1, zone: ZoneInfo = UTC_ZONE, at: time = NINE) -> Recurrence:
    return Recurrence(every, unit, zone, day, at)


def at_nine(day: date) -> datetime:
    return datetime.combine(day, NINE, UTC)


def follow(recurrence: Recurrence, first: date, times: int) -> list[date]:
    """Return the days on which it comes after `first`, each as soon as the one before has come."""
    came = [datetime.combine(first, recurrence.at, recurrence.zone).astimezone(UTC)]
    for _ in range(times):
        came.append(next_time(came[-1], recurrence, came[-1]))
    return [moment.astimezone(recurrence.zone).date() for moment in came[1:]]


FRIDAY = date(2026, 3, 6)


@pytest.mark.parametrize(
    ("recurrence", "first", "days"),
    [
        (recurring(Unit.DAY), FRIDAY, ["2026-03-07", "2026-03-08"]),
        (recurring(Unit.DAY, 10), FRIDAY, ["2026-03-16", "2026-03-26", "2026-04-05"]),
        (recurring(Unit.WEEKDAY), FRIDAY, ["2026-03-09", "2026-03-10"]),
        (recurring(Unit.WEEKDAY), date(2026, 3, 7), ["2026-03-09", "2026-03-10"]),
        (recurring(Unit.WEEKDAY), date(2026, 3, 8), ["2026-03-09"]),
        (recurring(Unit.WEEKDAY, 3), FRIDAY, ["2026-03-11", "2026-03-16", "2026-03-19"]),
        (recurring(Unit.WEEK), FRIDAY, ["2026-03-13", "2026-03-20"]),
        (recurring(Unit.WEEK, 2), FRIDAY, ["2026-03-20", "2026-04-03"]),
        (recurring(Unit.MONTH, day=6), FRIDAY, ["2026-04-06", "2026-05-06"]),
        (recurring(Unit.MONTH, 3, day=6), date(2026, 11, 6), ["2027-02-06", "2027-05-06"]),
        (
            recurring(Unit.MONTH, 1, day=31),
            date(2026, 12, 31),
            ["2027-01-31", "2027-02-28", "2027-03-31", "2027-04-30"],
        ),
        (recurring(Unit.MONTH, 1, day=30), date(2028, 1, 30), ["2028-02-29", "2028-03-30"]),
        (
            recurring(Unit.MONTH, 12, day=29),
            date(2028, 2, 29),
            ["2029-02-28", "2030-02-28", "2031-02-28", "2032-02-29"],
        ),
    ],
)
def test_each_unit_counts_its_own_days(recurrence: Recurrence, first: date, days: list[str]) -> None:
    assert [day.isoformat() for day in follow(recurrence, first, len(days))] == days


@pytest.mark.parametrize(("zone", "change"), CHANGES, ids=str)
@pytest.mark.parametrize("hour", [0, 2, 9, 23])
def test_it_keeps_its_local_time_through_clock_changes(zone: ZoneInfo, change: datetime, hour: int) -> None:
    daily = recurring(Unit.DAY, zone=zone, at=time(hour, 30))
    middle = change.astimezone(zone).date()
    came = datetime.combine(middle - timedelta(days=3), daily.at, zone).astimezone(UTC)
    times = []
    for _ in range(6):
        came = next_time(came, daily, came)
        times.append(came.astimezone(zone))
    assert [(one.date() - middle).days for one in times] == [-2, -1, 0, 1, 2, 3]
    late = [one for one in times if one.time() != daily.at]
    assert all(one.date() == middle and one.time() > daily.at for one in late), "only a time that is skipped"


def test_a_time_that_clocks_skip_comes_after_the_gap_that_once() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    daily = recurring(Unit.DAY, zone=berlin, at=time(2, 30))
    saturday = datetime(2026, 3, 28, 2, 30, tzinfo=berlin)
    sunday = next_time(saturday, daily, saturday)
    monday = next_time(sunday, daily, sunday)
    assert sunday.astimezone(berlin).time() == time(3, 30)
    assert monday.astimezone(berlin).time() == time(2, 30)


recurrences = st.builds(
    Recurrence,
    st.integers(1, 12),
    st.sampled_from(Unit),
    st.sampled_from(ZONES),
    st.integers(1, 31),
    st.times().map(lambda moment: moment.replace(second=0, microsecond=0, fold=0)),
)


@given(recurrences, moments, st.integers(0, 500 * 24 * 60))
def test_after_however_long_it_comes_once_and_at_the_time_it_would_have_come(
    recurrence: Recurrence, moment: tuple[ZoneInfo, datetime], minutes_down: int
) -> None:
    day = moment[1].date()
    last = datetime.combine(day, recurrence.at, recurrence.zone).astimezone(UTC)
    now = last + timedelta(minutes=minutes_down)
    step = last
    while step <= now:
        step = next_time(step, recurrence, step)
    assert next_time(last, recurrence, now) == step


@given(recurrences, moments)
def test_it_is_always_still_ahead_and_in_utc(recurrence: Recurrence, moment: tuple[ZoneInfo, datetime]) -> None:
    _, now = moment
    again = next_time(now - timedelta(days=1), recurrence, now)
    assert again > now
    assert again.tzinfo is UTC
    if recurrence.unit is Unit.WEEKDAY:
        assert again.astimezone(recurrence.zone).weekday() < 5


def test_at_the_very_time_it_comes_the_next_is_another() -> None:
    noon = at_nine(FRIDAY)
    assert next_time(noon, recurring(Unit.DAY), noon) == noon + timedelta(days=1)
    assert next_time(noon, recurring(Unit.DAY), noon - timedelta(hours=1)) == noon + timedelta(days=1)
    assert next_time(noon, recurring(Unit.DAY), noon + timedelta(days=1)) == noon + timedelta(days=2)
