"""Reads the moment a person types for a reminder: "tomorrow 9:00", "in 3 days", "9 May 14:00", "Friday"."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from watchers.matcher.english.phrases import ENGLISH
from watchers.matcher.placing import place
from watchers.matcher.timeline import Direction, Edge, Expression, Shape, Unit, add_units

_MORNING: Final = time(9)
"""When a reminder for a day without a time of day comes."""
_PARTS_OF_DAY: Final = {"TMO": time(9), "TMI": time(12), "TAF": time(14), "TEV": time(18), "TNI": time(20)}
_CLOCK: Final = re.compile(r"T(\d\d):(\d\d)")
_MIDNIGHT: Final = 24
_BARE_HOUR: Final = re.compile(r"(?P<hour>1?\d|2[0-3])(?P<h>h(?P<minute>[0-5]\d)?)?", re.IGNORECASE)
"""An hour that stands alone after a day, or is written as in Europe: 18h, 18h30."""
_LONGEST: Final = 200
_FILLER: Final = re.compile(r"\b(?:at|on|in|by|the|from|now|for|me|this|after)\b|[,.;]", re.IGNORECASE)
_SECONDS: Final = {Unit.SECOND: 1, Unit.MINUTE: 60, Unit.HOUR: 3600}


def read_moment(text: str, now: datetime, zone: ZoneInfo) -> datetime | None:
    """Return the instant in `zone` that typed words mean, or None where they are not understood or lie in the past.

    `now` is timezone-aware. A day without a time of day means nine in the morning; a time of day without a day
    means the next such time. Never raises.
    """
    try:
        return _read(text[:_LONGEST].strip(), now.astimezone(zone), zone)
    except (ValueError, OverflowError):
        return None


def _read(text: str, now: datetime, zone: ZoneInfo) -> datetime | None:
    tokens = ENGLISH.cut(text)
    found = list(ENGLISH.find(tokens))
    taken = {index for each in found for index in range(each.first, each.after)}
    rest = _FILLER.sub("", " ".join(word for index, word in enumerate(tokens.words) if index not in taken)).strip()
    clocks = [each.meaning.clock for each in found if each.meaning.clock]
    days = [each.meaning for each in found if each.meaning.shape is not Shape.CLOCK]
    bare = None if clocks else _BARE_HOUR.fullmatch(rest)
    if bare and (days or bare["h"]):
        clocks, rest = [f"T{int(bare['hour']):02d}:{bare['minute'] or '00'}"], ""
    if rest or len(days) > 1 or len(clocks) > 1 or not (days or clocks):
        return None
    said = days[0] if days else None
    if said is not None and said.shape is Shape.DURATION and said.unit in _SECONDS:
        seconds = (said.count or 0) * _SECONDS[said.unit]
        if not seconds or clocks:
            return None
        # Through UTC: adding to a local time would skip or repeat the hour in which the clocks change.
        return (now.astimezone(UTC) + timedelta(seconds=seconds)).astimezone(zone)
    extra, clock = _time_of(clocks[0]) if clocks else (0, _MORNING)
    if said is None:
        late = not extra and clock <= now.time()
        day: date | None = now.date() + timedelta(days=late)
    else:
        day = _day_of(said, now.date())
    if day is None:
        return None
    moment = datetime.combine(day + timedelta(days=extra), clock, zone)
    return moment if moment > now else None


def _time_of(clock: str) -> tuple[int, time]:
    """Return a TIMEX3 time of day, with the days to add for midnight at a day's end."""
    numbers = _CLOCK.match(clock)
    if numbers is None:
        return 0, _PARTS_OF_DAY.get(clock, _MORNING)
    hour, minute = int(numbers[1]), int(numbers[2])
    return (1, time(0, minute)) if hour == _MIDNIGHT else (0, time(hour, minute))


def _day_of(said: Expression, today: date) -> date | None:
    """Return the day a typed expression means: the first of a longer span, the last of the end of one."""
    if said.shape in (Shape.DURATION, Shape.OFFSET):
        if said.count is None or said.past_counts or said.direction is Direction.PAST:
            return None
        return add_units(today, said.count, said.unit or Unit.DAY)
    span = place(said, today, Direction.FUTURE).span
    if span is None or span.last < today:
        return None
    return span.last if said.edge is Edge.END else max(span.first, today)
