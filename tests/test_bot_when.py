"""The moments a person may name for a reminder."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.when import (
    PRESETS_FOR_A_DUE_DAY,
    PRESETS_FOR_ANYTHING,
    PRESETS_FOR_EVERY,
    moment_named,
    recurrence_named,
)
from tests.clocks import moments
from tests.factories import MONDAY_NOON
from watchers.audience import LocalHour, Unit
from watchers.recurring import next_time

IN_LONDON = LocalHour(ZoneInfo("Europe/London"), 8)
LAST_DAY = date(2026, 4, 10)  # after the clocks have changed


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("two days before", 8),
        ("2 days before", 8),
        ("One day before it is due", 9),
        ("the day before", 9),
        ("a week before", 3),
        ("on the day", 10),
        ("On the last day", 10),
        ("at the deadline", 10),
        ("the day after", 11),
        ("1 week after the deadline", 17),
    ],
)
def test_days_are_counted_from_the_last_one(words: str, day: int) -> None:
    moment = moment_named(words, last_day=LAST_DAY, at=IN_LONDON, now=MONDAY_NOON)
    assert moment == datetime(2026, 4, day, 7, tzinfo=UTC)


def test_without_a_last_day_nothing_is_counted_from_it() -> None:
    assert moment_named("on the day", last_day=None, at=IN_LONDON, now=MONDAY_NOON) is None


@pytest.mark.parametrize(
    ("words", "moment"),
    [
        ("tomorrow 9:00", datetime(2026, 3, 3, 9, tzinfo=UTC)),
        ("in 3 days", datetime(2026, 3, 5, 9, tzinfo=UTC)),
        ("9 May 14:00", datetime(2026, 5, 9, 13, tzinfo=UTC)),
        ("Friday", datetime(2026, 3, 6, 9, tzinfo=UTC)),
    ],
)
@pytest.mark.parametrize("last_day", [None, LAST_DAY])
def test_calendar_words_are_read_in_the_operators_zone(words: str, moment: datetime, last_day: date | None) -> None:
    read = moment_named(words, last_day=last_day, at=IN_LONDON, now=MONDAY_NOON)
    assert read is not None
    assert read.date() == moment.date()
    if words != "in 3 days":
        assert read == moment


@pytest.mark.parametrize("words", ["", "whenever", "blue", "🕘", "before before", "0 0 0"])
def test_what_is_not_understood_is_none(words: str) -> None:
    assert moment_named(words, last_day=LAST_DAY, at=IN_LONDON, now=MONDAY_NOON) is None


@pytest.mark.parametrize("words", [*PRESETS_FOR_ANYTHING, *PRESETS_FOR_A_DUE_DAY])
def test_every_preset_is_understood(words: str) -> None:
    assert moment_named(words, last_day=LAST_DAY, at=IN_LONDON, now=MONDAY_NOON) is not None


@pytest.mark.parametrize(
    ("words", "unit", "every", "clock", "first"),
    [  # typed on a Monday at noon
        ("every Monday 9:00", Unit.WEEK, 1, time(9), (2026, 3, 9)),
        ("Every Monday at 3 pm", Unit.WEEK, 1, time(15), (2026, 3, 2)),
        ("every thursdays morning", Unit.WEEK, 1, time(8), (2026, 3, 5)),
        ("every weekday at 8", Unit.WEEKDAY, 1, time(8), (2026, 3, 3)),
        ("weekdays 18:30", Unit.WEEKDAY, 1, time(18, 30), (2026, 3, 2)),
        ("every other Friday", Unit.WEEK, 2, time(8), (2026, 3, 6)),
        ("every other Monday", Unit.WEEK, 2, time(8), (2026, 3, 9)),
        ("every 2 weeks on Tuesday 14h30", Unit.WEEK, 2, time(14, 30), (2026, 3, 3)),
        ("every 2 weeks", Unit.WEEK, 2, time(8), (2026, 3, 16)),
        ("each fortnight at noon", Unit.WEEK, 2, time(12), (2026, 3, 16)),
        ("every 3 days", Unit.DAY, 3, time(8), (2026, 3, 5)),
        ("daily at midnight", Unit.DAY, 1, time(0), (2026, 3, 3)),
        ("every evening", Unit.DAY, 1, time(18), (2026, 3, 2)),
        ("every month on the 1st", Unit.MONTH, 1, time(8), (2026, 4, 1)),
        ("every 15th of the month 9.15 a.m.", Unit.MONTH, 1, time(9, 15), (2026, 3, 15)),
        ("every month on the last day", Unit.MONTH, 1, time(8), (2026, 3, 31)),
        ("quarterly", Unit.MONTH, 3, time(8), (2026, 6, 2)),
        ("every year", Unit.MONTH, 12, time(8), (2027, 3, 2)),
    ],
)
def test_rhythms_are_read(words: str, unit: Unit, every: int, clock: time, first: tuple[int, int, int]) -> None:
    read = recurrence_named(words, at=IN_LONDON, now=MONDAY_NOON)
    assert read is not None
    moment, again = read
    assert (again.unit, again.every, again.at) == (unit, every, clock)
    assert moment == datetime.combine(date(*first), clock, IN_LONDON.zone)


@pytest.mark.parametrize(
    "words",
    [
        "",
        "every",
        "every hour",
        "every Monday and Friday",
        "every 0 days",
        "every 100 days",
        "every month on the 32nd",
        "every month on the 0th",
        "every Monday 25:00",
        "every Monday 9:60",
        "every Monday 13 pm",
        "every weekday on Monday",
        "every day on the 3rd",
        "every Monday on Tuesday",
        "every blue moon",
        "tomorrow",
    ],
)
def test_what_is_no_rhythm_is_none(words: str) -> None:
    assert recurrence_named(words, at=IN_LONDON, now=MONDAY_NOON) is None


@pytest.mark.parametrize("words", PRESETS_FOR_EVERY)
def test_every_preset_of_a_rhythm_is_understood(words: str) -> None:
    assert recurrence_named(words, at=IN_LONDON, now=MONDAY_NOON) is not None


_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@given(moment_there=moments, weekday=st.integers(0, 6), hour=st.integers(0, 23))
def test_a_rhythm_keeps_its_day_and_its_time_in_every_zone(
    moment_there: tuple[ZoneInfo, datetime], weekday: int, hour: int
) -> None:
    zone, now = moment_there
    read = recurrence_named(f"every {_DAYS[weekday]} {hour}:05", at=LocalHour(zone), now=now)
    assert read is not None
    moment, again = read
    for _ in range(30):
        local = moment.astimezone(zone)
        skipped = datetime.combine(local.date(), again.at, zone).astimezone(UTC).astimezone(zone).time() != again.at
        assert moment > now
        assert skipped or (local.weekday(), local.time()) == (weekday, time(hour, 5))
        assert (moment - now).days <= 7
        now, moment = moment, next_time(moment, again, moment)


@given(
    words=st.text(max_size=60)
    | st.lists(st.sampled_from(["every", "2", "weeks", "on", "the", "1st", "9", "at", "Monday"])).map(" ".join),
    moment_there=moments,
)
def test_whatever_is_typed_is_read_or_not_but_never_fails(words: str, moment_there: tuple[ZoneInfo, datetime]) -> None:
    now = moment_there[1]
    read = recurrence_named(words, at=IN_LONDON, now=now)
    assert read is None or read[0] > now
