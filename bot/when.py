"""The moments a person may name: counted from a follow-up's last day, on the calendar, or again and again. Pure."""

from __future__ import annotations

import calendar
import re
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from bot.words import Words, marked
from watchers.audience import LocalHour, Recurrence, Unit
from watchers.matcher.temporal import read_moment
from watchers.recurring import next_time

PRESETS_FOR_ANYTHING = (marked("in 1 hour"), marked("tomorrow 9:00"), marked("in 3 days"), marked("in 1 week"))
PRESETS_FOR_A_DUE_DAY = (
    marked("one day before"),
    marked("two days before"),
    marked("one week before"),
    marked("on the day"),
    marked("the day after"),
)
PRESETS_FOR_EVERY = (
    marked("every weekday 9:00"),
    marked("every Monday 9:00"),
    marked("every day 18:00"),
    marked("every month on the 1st"),
)

_NUMBERS = {"a": 1, "one": 1, "the": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "ten": 10}
_COUNTED = re.compile(
    rf"(?P<number>\d{{1,3}}|{'|'.join(_NUMBERS)})\s+(?P<unit>day|week)s?\s+(?P<side>before|after)\b.*", re.IGNORECASE
)
_ON_THE_DAY = re.compile(r"(?:on|at)\s+the\s+(?:last\s+day|due\s+day|day|deadline)(?:\s+itself)?", re.IGNORECASE)


def in_english(words: str, say: Words) -> str:
    """Return the words that are read for a preset typed in somebody's own language; other words as they are."""
    wanted = words.strip().casefold()
    presets = (*PRESETS_FOR_ANYTHING, *PRESETS_FOR_A_DUE_DAY, *PRESETS_FOR_EVERY)
    return next((one for one in presets if say(one).casefold() == wanted), words)


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


def recurrence_named(words: str, *, at: LocalHour, now: datetime) -> tuple[datetime, Recurrence] | None:
    """Return when what is to come again and again comes first, in UTC, and by what rule; None where not understood.

    "every Monday 9:00", "every 2 weeks on Friday", "every weekday at 8", "every month on the last day".
    Without a time of day it comes at the local hour of `at`. What names its day ("Monday", "the 1st") begins with the
    next such day; what does not counts from today.
    """
    plain_words = " ".join(words.lower().split()).rstrip(".")
    found = _EVERY.fullmatch(_AS_EVERY.sub(lambda short: _SHORT[short[0]], plain_words))
    if found is None:
        return None
    clock, count = _clock_of(found, at.hour), _count_of(found["count"])
    day_of_month = _day_of_month(found["of_month"] or found["on_the"])
    if clock is None or day_of_month is None or not count:
        return None
    unit, weekday, named = _unit_of(found)
    if unit is None:
        return None
    today = now.astimezone(at.zone).date()
    months = 12 if found["unit"] == "year" else 1
    again = Recurrence(count * months, unit, at.zone, day_of_month or today.day, clock)
    start = _start(again, today, weekday)
    first = datetime.combine(start, clock, at.zone).astimezone(UTC)
    if first > now:
        return first, again
    return next_time(first, replace(again, every=1) if named or day_of_month else again, now), again


_LAST, _NOON, _HOURS, _MINUTES, _FRIDAY = 31, 12, 24, 60, 4
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WEEKDAY = r"(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?"
_COUNTS = {"other": 2, "two": 2, "second": 2, "three": 3, "third": 3, "four": 4, "fourth": 4, "five": 5, "six": 6}
_PARTS = {"morning": None, "afternoon": time(14), "evening": time(18), "night": time(20)}
_NAMED_HOURS = {"noon": time(12), "midday": time(12), "midnight": time(0)}
_SHORT = {
    "daily": "every day",
    "weekly": "every week",
    "fortnightly": "every 2 weeks",
    "monthly": "every month",
    "quarterly": "every 3 months",
    "yearly": "every year",
    "annually": "every year",
    "weekdays": "every weekday",
    "on weekdays": "every weekday",
    "each": "every",
    "fortnight": "2 weeks",
    "quarter": "3 months",
}
_AS_EVERY = re.compile(rf"(?<!\S)(?:{'|'.join(sorted(_SHORT, key=len, reverse=True))})(?!\S)")
_NTH = r"(?:last(?: day)?|\d{1,2}(?:st|nd|rd|th)?)"
_EVERY = re.compile(
    rf"every (?:(?P<count>\d{{1,2}}|{'|'.join(_COUNTS)}) )?"
    rf"(?:(?P<weekday>{_WEEKDAY})s?|(?P<unit>weekday|workday|working day|business day|day|week|month|year)s?"
    rf"|(?:the )?(?P<of_month>{_NTH}) of (?:the|each|every) month|(?P<part>morning|afternoon|evening|night))"
    rf"(?: on (?P<on>{_WEEKDAY})s?| on the (?P<on_the>{_NTH}))?"
    rf"(?: (?:in the )?(?P<of_day>morning|afternoon|evening|night))?"
    r"(?:,? (?:at )?(?:(?P<named>noon|midday|midnight)"
    r"|(?P<hour>\d{1,2})(?:[:.h](?P<minute>\d{2})|h)? ?(?P<half>[ap]\.?m\.?)?(?: o['’]clock)?))?",
    re.ASCII,
)


def _unit_of(found: re.Match[str]) -> tuple[Unit | None, int | None, bool]:
    """Return by what it counts, on which day of the week, and whether it names its day; no unit where that is odd."""
    weekday = found["weekday"] or found["on"]
    unit = found["unit"]
    number = _WEEKDAYS.index(weekday[:3]) if weekday else None
    if found["weekday"]:
        odd = found["on"] or found["on_the"]
        return (None if odd else Unit.WEEK), number, True
    if found["of_month"]:
        return (None if found["count"] or found["on"] or found["on_the"] else Unit.MONTH), None, True
    if (found["on"] and unit != "week") or (found["on_the"] and unit != "month"):
        return None, None, False
    units = {"week": Unit.WEEK, "month": Unit.MONTH, "year": Unit.MONTH, "day": Unit.DAY, None: Unit.DAY}
    return units.get(unit, Unit.WEEKDAY), number, weekday is not None


def _count_of(said: str | None) -> int:
    return 1 if said is None else _COUNTS.get(said) or int(said)


def _day_of_month(said: str | None) -> int | None:
    """Return a day of the month, 31 for the last; 0 where none is named and None where there is no such day."""
    if said is None:
        return 0
    if said.startswith("last"):
        return _LAST
    number = int(re.sub(r"\D", "", said))
    return number if 1 <= number <= _LAST else None


def _clock_of(found: re.Match[str], hour: int) -> time | None:
    """Return the time of day that was named, else the start of `hour`; None where there is no such time."""
    if found["named"]:
        return _NAMED_HOURS[found["named"]]
    if found["hour"] is None:
        return _PARTS.get(found["part"] or found["of_day"] or "") or time(hour)
    said, minute, half = int(found["hour"]), int(found["minute"] or 0), found["half"]
    if half is not None:
        if not 1 <= said <= _NOON:
            return None
        said = said % _NOON + (_NOON if half.startswith("p") else 0)
    return time(said, minute) if said < _HOURS and minute < _MINUTES else None


def _start(again: Recurrence, today: date, weekday: int | None) -> date:
    """Return the first day from today on, or of this month, on which it falls."""
    if weekday is not None:
        return today + timedelta(days=(weekday - today.weekday()) % 7)
    if again.unit is Unit.WEEKDAY:
        return today + timedelta(days=max(0, 7 - today.weekday()) if today.weekday() > _FRIDAY else 0)
    if again.unit is Unit.MONTH:
        return today.replace(day=min(again.day, calendar.monthrange(today.year, today.month)[1]))
    return today
