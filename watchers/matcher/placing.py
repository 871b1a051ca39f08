"""Places time expressions on the calendar: what was said, and a day to count from, become days and a TIMEX3 value.

Knows no language.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from typing import Final, NamedTuple

from watchers.matcher.holy_days import holiday
from watchers.matcher.timeline import (
    Direction,
    Expression,
    Shape,
    Unit,
    add_months,
    add_units,
    months_from,
    part_of,
    unit_around,
    week_of,
    weekday_near,
)
from watchers.model import Interval

_ONE_DAY: Final = timedelta(days=1)
_WEEK_DAYS: Final = 7
_SATURDAY: Final = 5

SEASONS: Final = {"SP": 3, "SU": 6, "FA": 9, "WI": 12}
"""The month each season begins in; each lasts three months."""

_DURATION_LETTERS: Final = {
    Unit.SECOND: ("PT", "S", 1),
    Unit.MINUTE: ("PT", "M", 1),
    Unit.HOUR: ("PT", "H", 1),
    Unit.DAY: ("P", "D", 1),
    Unit.WEEK: ("P", "W", 1),
    Unit.WEEKEND: ("P", "WE", 1),
    Unit.MONTH: ("P", "M", 1),
    Unit.QUARTER: ("P", "Q", 1),
    Unit.YEAR: ("P", "Y", 1),
    Unit.DECADE: ("P", "Y", 10),
    Unit.CENTURY: ("P", "Y", 100),
}


class Place(NamedTuple):
    """An expression on the calendar."""

    type: str
    value: str
    span: Interval | None
    """The days it covers; None where it names none (a duration, a set, the future at large)."""


def place(said: Expression, day: date, direction: Direction) -> Place:
    """Place an expression on the calendar.

    `direction` decides for expressions that leave it open. Times beyond the calendar (years 1 to 9999) have no
    span. Never raises.
    """
    try:
        return _PLACERS[said.shape](said, day, said.direction or direction)
    except (ValueError, OverflowError):
        return Place("DATE", (said.direction or direction).name + "_REF", None)


def _calendar_span(said: Expression, year: int) -> Interval:
    if said.part:
        return part_of_year(said.part, year)
    if said.month is None:
        return months_from(year, 1, 12)
    if said.day is None:
        return months_from(year, said.month, 1)
    day = date(year, said.month, said.day)
    if said.until_day is None:
        return Interval(day, day)
    until = date(year, said.month, said.until_day)
    return Interval(min(day, until), max(day, until))


def part_of_year(part: str, year: int) -> Interval:
    """Return a season, quarter or half of a year; its winter is the one that begins in its December."""
    if part in SEASONS:
        return months_from(year, SEASONS[part], 3)
    number = int(part[1:])
    return months_from(year, 3 * number - 2, 3) if part[0] == "Q" else months_from(year, 6 * number - 5, 6)


def _nearest(spans: Callable[[int], Interval], day: date, direction: Direction, shift: int | None) -> Interval:
    """Choose the year of what comes once a year: `spans` gives its days in a year, or raises `ValueError`.

    With `shift` 0 that of the year of `day`, below it one wholly before `day`, above it one wholly after.
    """
    ahead = direction is Direction.FUTURE if shift is None else shift > 0
    years = range(day.year - 1, day.year + _LEAP_GAP) if ahead else range(day.year, day.year - _LEAP_GAP, -1)
    for year in (day.year,) if shift == 0 else years:
        try:
            span = spans(year)
        except ValueError:  # no 29 February in this year
            continue
        if shift is None:
            fits = span.last >= day if ahead else span.first <= day
        else:
            fits = shift == 0 or (span.first > day if ahead else span.last < day)
        if fits:
            return span
    message = f"no such day near {day}"
    raise ValueError(message)


_LEAP_GAP: Final = 9
"""Leap years are at most eight years apart (1896 and 1904)."""


def _place_calendar(said: Expression, day: date, direction: Direction) -> Place:
    if said.inner is not None:  # "July of last year", "the first quarter of next year"
        outer = place(said.inner, day, direction).span
        span = _calendar_span(said, outer.first.year if outer else day.year)
    elif said.unit in (Unit.DECADE, Unit.CENTURY) and said.year is not None:
        span = unit_around(date(max(1, said.year), 1, 1), said.unit, 0)
        return _timed(said, f"{said.year // 10:03d}" if said.unit is Unit.DECADE else f"{said.year // 100:02d}", span)
    elif said.year is not None:
        span = _calendar_span(said, said.year)
    elif said.month is None and said.part is None and said.day is not None:
        span = _day_of_month(said.day, day, direction)
    else:
        span = _nearest(partial(_calendar_span, said), day, direction, said.shift)
    if said.part:
        value = f"{span.first.year:04d}-{said.part}"
    elif said.day is not None:
        value = span.first.isoformat()
    else:
        value = f"{span.first.year:04d}" if said.month is None else f"{span.first.year:04d}-{span.first.month:02d}"
    return _timed(said, value, span)


def _day_of_month(number: int, day: date, direction: Direction) -> Interval:
    step = 1 if direction is Direction.FUTURE else -1
    for shift in range(3):
        month = add_months(day.replace(day=1), step * shift)
        if number <= monthrange(month.year, month.month)[1]:
            found = month.replace(day=number)
            if (found - day).days * step >= 0:
                return Interval(found, found)
    message = f"no day {number} near {day}"
    raise ValueError(message)


def _place_weekday(said: Expression, day: date, direction: Direction) -> Place:
    weekday = said.weekday or 0
    if said.shift is None or said.shift == 0:
        found = weekday_near(day, weekday, Direction.FUTURE if said.shift == 0 else direction)
    elif said.shift > 0:
        found = week_of(day).first + timedelta(days=_WEEK_DAYS * said.shift + weekday)
    else:
        found = weekday_near(day - _ONE_DAY, weekday, Direction.PAST)
    return _timed(said, found.isoformat(), Interval(found, found))


def _place_shift(said: Expression, day: date, direction: Direction) -> Place:
    unit, shift = said.unit or Unit.DAY, said.shift or 0
    if unit is Unit.WEEKEND and shift == 0 and direction is Direction.PAST and day.weekday() < _SATURDAY:
        shift = -1  # On a Wednesday, "over the weekend" in a past clause is the one that is over.
    span = unit_around(day, unit, shift)
    return _timed(said, unit_value(span, unit), span)


def unit_value(span: Interval, unit: Unit) -> str:
    """Return the TIMEX3 value of a whole unit."""
    first = span.first
    year, week, _ = first.isocalendar()
    values = {
        Unit.WEEK: f"{year:04d}-W{week:02d}",
        Unit.WEEKEND: f"{year:04d}-W{week:02d}-WE",
        Unit.MONTH: f"{first.year:04d}-{first.month:02d}",
        Unit.QUARTER: f"{first.year:04d}-Q{(first.month + 2) // 3}",
        Unit.YEAR: f"{first.year:04d}",
        Unit.DECADE: f"{first.year // 10:03d}",
        Unit.CENTURY: f"{first.year // 100:02d}",
    }
    return values.get(unit, first.isoformat())


def _place_offset(said: Expression, day: date, direction: Direction) -> Place:
    unit = said.unit or Unit.DAY
    if said.count is None:
        if said.told:
            return Place("DURATION", duration_value(None, unit), None)
        return Place("DATE", direction.name + "_REF", None)
    start = place(said.inner, day, Direction.FUTURE).span if said.inner else None
    moved = add_units(start.first if start else day, said.count * direction.value, unit)
    if start:
        return _timed(said, moved.isoformat(), Interval(moved, moved))
    grain = unit if unit in (Unit.WEEK, Unit.MONTH, Unit.QUARTER, Unit.YEAR) else Unit.DAY
    if unit is Unit.DECADE:
        grain = Unit.YEAR
    return _timed(said, unit_value(Interval(moved, moved), grain), Interval(moved, moved))


def _place_nth(said: Expression, day: date, direction: Direction) -> Place:
    outer = place(said.inner, day, direction).span if said.inner else unit_around(day, Unit.MONTH, 0)
    unit, number = said.unit or Unit.DAY, 1 if said.count is None else int(said.count)
    if outer is None:
        return Place("DATE", direction.name + "_REF", None)
    if said.count == 0:  # the week of 7 January
        span = unit_around(outer.first, unit, 0)
        return Place("DATE", unit_value(span, unit), span)
    if number > 0:
        start = outer.first
        if said.weekday is not None:
            found = weekday_near(start, said.weekday, Direction.FUTURE) + timedelta(days=_WEEK_DAYS * (number - 1))
            return _timed(said, found.isoformat(), Interval(found, found))
        if unit is Unit.WEEK:
            # A week belongs to the month most of its days lie in: that of its Thursday.
            thursday = weekday_near(start, 3, Direction.FUTURE)
            span = week_of(thursday + timedelta(days=_WEEK_DAYS * (number - 1)))
        else:
            span = unit_around(start, unit, number - 1)
    elif said.weekday is not None:
        found = weekday_near(outer.last, said.weekday, Direction.PAST)
        return _timed(said, found.isoformat(), Interval(found, found))
    else:
        span = unit_around(outer.last, unit, 0)
    return _timed(said, unit_value(span, unit), span)


def _place_holiday(said: Expression, day: date, direction: Direction) -> Place:
    name = said.name or ""
    if said.year is not None:
        span = holiday(name, said.year)
    else:
        span = _nearest(partial(holiday, name), day, direction, said.shift or None)
    return _timed(said, span.first.isoformat(), span)


def _place_occasion(said: Expression, day: date, direction: Direction) -> Place:
    del day
    value = said.days.first.isoformat() if said.days else direction.name + "_REF"
    return Place("DATE", value, said.days)


def _place_clock(said: Expression, day: date, direction: Direction) -> Place:
    del direction  # A bare time of day is that of the day of writing.
    return _timed(said, day.isoformat(), Interval(day, day))


def _timed(said: Expression, value: str, span: Interval) -> Place:
    if said.clock:
        return Place("TIME", value + said.clock, span)
    if said.edge and span.first != span.last and said.until_day is None:
        edged = part_of(span, said.edge)
        if said.until_edge:
            edged = Interval(edged.first, max(edged.last, part_of(span, said.until_edge).last))
        return Place("DATE", value, edged)
    return Place("DATE", value, span)


def duration_value(count: float | None, unit: Unit) -> str:
    """Return the TIMEX3 value of a duration: `P2W`, `PXD`, `P2Y6M`, `PT1M30S`."""
    prefix, letter, factor = _DURATION_LETTERS[unit]
    if count is None:
        return f"{prefix}X{letter if factor == 1 else {10: 'DE', 100: 'CE'}[factor]}"
    scaled = count * factor
    if scaled == int(scaled):
        return f"{prefix}{int(scaled)}{letter}"
    smaller = {Unit.YEAR: ("M", 12), Unit.HOUR: ("M", 60), Unit.MINUTE: ("S", 60)}.get(unit)
    if smaller:
        rest = round((scaled - int(scaled)) * smaller[1])
        return f"{prefix}{f'{int(scaled)}{letter}' if scaled >= 1 else ''}{rest}{smaller[0]}"
    return f"{prefix}{scaled:g}{letter}"


def _place_duration(said: Expression, day: date, direction: Direction) -> Place:
    del day, direction
    return Place("DURATION", duration_value(said.count, said.unit or Unit.DAY), None)


def _place_set(said: Expression, day: date, direction: Direction) -> Place:
    del day, direction
    if said.weekday is not None:
        value = f"XXXX-WXX-{said.weekday + 1}" + (said.clock or "")
    elif said.month is not None:
        value = f"XXXX-{said.month:02d}" + (f"-{said.day:02d}" if said.day else "")
    elif said.part:
        value = f"XXXX-{said.part}"
    elif said.clock:
        value = "XXXX-XX-XX" + said.clock
    else:
        value = duration_value(said.count or 1, said.unit or Unit.DAY)
    return Place("SET", value, None)


def _place_reference(said: Expression, day: date, direction: Direction) -> Place:
    del day, direction
    return Place("DATE", said.name or "PRESENT_REF", None)


_PLACERS: Final = {
    Shape.CALENDAR: _place_calendar,
    Shape.WEEKDAY: _place_weekday,
    Shape.SHIFT: _place_shift,
    Shape.OFFSET: _place_offset,
    Shape.NTH: _place_nth,
    Shape.HOLIDAY: _place_holiday,
    Shape.OCCASION: _place_occasion,
    Shape.CLOCK: _place_clock,
    Shape.DURATION: _place_duration,
    Shape.SET: _place_set,
    Shape.REFERENCE: _place_reference,
}
