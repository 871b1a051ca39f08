"""The moments a person may name for a reminder: counted from a follow-up's last day, or on the calendar."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

from watchers.audience import LocalHour
from watchers.matcher.temporal import read_moment

PRESETS_FOR_ANYTHING = ("in 1 hour", "tomorrow 9:00", "in 3 days", "in 1 week")
PRESETS_FOR_A_DUE_DAY = ("one day before", "two days before", "one week before", "on the day", "the day after")

_NUMBERS = {"a": 1, "one": 1, "the": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "ten": 10}
_COUNTED = re.compile(
    rf"(?P<number>\d{{1,3}}|{'|'.join(_NUMBERS)})\s+(?P<unit>day|week)s?\s+(?P<side>before|after)\b.*", re.IGNORECASE
)
_ON_THE_DAY = re.compile(r"(?:on|at)\s+the\s+(?:last\s+day|due\s+day|day|deadline)(?:\s+itself)?", re.IGNORECASE)


def moment_named(words: str, *, last_day: date | None, at: LocalHour, now: datetime) -> datetime | None:
    """Return the instant somebody means, in UTC, or None where the words are not understood.

    `last_day` is the last day of the follow-up they speak of: "two days before" counts from it, at the local
    hour of `at`. None: there is no such day, and only calendar words ("tomorrow 9:00") are read.
    """
    counted = _days_from_the_last(words.strip()) if last_day is not None else None
    if last_day is not None and counted is not None:
        return at.on(last_day + timedelta(days=counted))
    moment = read_moment(words, now, at.zone)
    return None if moment is None else moment.astimezone(UTC)


def _days_from_the_last(words: str) -> int | None:
    """Return how many days from the last day is meant (negative: before it), or None where it is not counted."""
    if _ON_THE_DAY.fullmatch(words):
        return 0
    counted = _COUNTED.fullmatch(words)
    if counted is None:
        return None
    number = counted["number"].lower()
    days = (_NUMBERS.get(number) or int(number)) * (7 if counted["unit"].lower() == "week" else 1)
    return -days if counted["side"].lower() == "before" else days
