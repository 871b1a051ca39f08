"""The moments a person may name for a reminder."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.when import PRESETS_FOR_A_DUE_DAY, PRESETS_FOR_ANYTHING, moment_named
from tests.factories import MONDAY_NOON
from watchers.audience import LocalHour

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
