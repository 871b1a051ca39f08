"""Time expressions as said, before they are placed, and the arithmetic of the calendar.

Knows no language. Weeks run from Monday to Sunday (ISO 8601); seasons are those of the northern hemisphere in
whole months; a quarter is a calendar quarter.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum, StrEnum
from math import ceil
from typing import Final

from watchers.model import Interval

_ONE_DAY: Final = timedelta(days=1)
_WEEK_DAYS: Final = 7
_YEAR_MONTHS: Final = 12
_DAY_SECONDS: Final = 86_400


class Direction(Enum):
    """Which way from the day of writing an expression without a year or week of its own looks."""

    PAST = -1
    FUTURE = 1


class Unit(Enum):
    """A unit of the calendar or the clock."""

    SECOND = "second"
    MINUTE = "minute"
    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    WEEKEND = "weekend"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"
    DECADE = "decade"
    CENTURY = "century"


class Edge(Enum):
    """Which part of a span is meant: `early`, `mid`, `late`, or its outermost `start` or `end`."""

    EARLY = "early"
    MID = "mid"
    LATE = "late"
    START = "start"
    END = "end"
    FIRST_HALF = "first half"
    SECOND_HALF = "second half"


class Shape(StrEnum):
    """How an expression says its time."""

    CALENDAR = "calendar"
    """By year, month, day or part of a year; what is missing is filled in from the day of writing."""
    WEEKDAY = "weekday"
    SHIFT = "shift"
    """By counting whole units from the present one: today, next week, last year."""
    OFFSET = "offset"
    """By a distance from the day of writing: two weeks ago, in six months."""
    NTH = "nth"
    """By counting inside a span: the third week of this month."""
    HOLIDAY = "holiday"
    OCCASION = "occasion"
    """By an event whose days are known: the summit, until it expires."""
    CLOCK = "clock"
    DURATION = "duration"
    SET = "set"
    REFERENCE = "reference"


@dataclass(frozen=True, slots=True)
class Expression:
    """What a time expression says, before it is placed on a calendar. None: not said."""

    shape: Shape
    unit: Unit | None = None
    count: float | None = None
    """How many units; None: an unspecified number."""
    most: float | None = None
    """The larger number of "two to three weeks"."""
    shift: int | None = None
    """Units away from the present one: -1 last, 0 this, 1 next."""
    year: int | None = None
    month: int | None = None
    day: int | None = None
    until_day: int | None = None
    """The last day of "20-21 June"."""
    weekday: int | None = None
    """Monday is 0."""
    part: str | None = None
    """A part of the year by its TIMEX3 letters: Q1-Q4, H1, H2, SP, SU, FA, WI."""
    clock: str | None = None
    """A time of day by its TIMEX3 letters, such as `T09:30` or `TEV`."""
    edge: Edge | None = None
    until_edge: Edge | None = None
    """The later part of "mid-to-late"."""
    fiscal: bool = False
    """A year or quarter of somebody's accounts."""
    name: str | None = None
    """The name of a holiday, or the value of a reference such as FUTURE_REF."""
    direction: Direction | None = None
    """Which way it looks by its own words; None: its clause decides."""
    days: Interval | None = None
    """The days of an occasion."""
    inner: Expression | None = None
    """What an NTH counts inside, or an OFFSET counts from."""
    told: bool = False
    """It counts from a day told before it: three days later, that week, the following month."""
    compares: bool = False
    """It names the year before by comparing with it: the year-earlier figure."""
    past_counts: bool = False
    """A duration that ends now: the past two months."""
    unit_to: Unit | None = None
    """The second unit of "hours or days"."""
    definite: bool = False
    """One known already: the six months."""
    attributive: bool = False
    """It stands before a noun: a 50-day deadline, a three-day visit."""
    overnight: bool = False
    """It reaches into the next day."""
    ahead: bool = False
    """A duration that begins now: the next two months."""


_MONTHS_IN: Final = {Unit.MONTH: 1, Unit.QUARTER: 3, Unit.YEAR: 12, Unit.DECADE: 120, Unit.CENTURY: 1200}
_DAYS_IN: Final = {Unit.DAY: 1, Unit.WEEK: 7, Unit.WEEKEND: 7}
_SECONDS_IN: Final = {Unit.SECOND: 1, Unit.MINUTE: 60, Unit.HOUR: 3600}


# --- arithmetic -------------------------------------------------------------------------------------------


def add_months(day: date, months: int) -> date:
    """Return the same day of the month `months` away, or that month's last day where it has no such day."""
    index = day.year * _YEAR_MONTHS + day.month - 1 + months
    year, month = divmod(index, _YEAR_MONTHS)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def add_units(day: date, count: float, unit: Unit) -> date:
    """Return the day `count` units after `day` (before it, where negative); part units round up to whole days."""
    if unit in _MONTHS_IN:
        whole = int(count)
        moved = add_months(day, whole * _MONTHS_IN[unit])
        rest = (count - whole) * _MONTHS_IN[unit] * 30
        months, days = divmod(rest, 30) if rest >= 0 else (0, rest)
        return add_months(moved, int(months)) + timedelta(days=ceil(days))
    if unit in _DAYS_IN:
        return day + timedelta(days=ceil(count * _DAYS_IN[unit]))
    return day + timedelta(days=ceil(count * _SECONDS_IN[unit] / _DAY_SECONDS))


def week_of(day: date) -> Interval:
    """Return the Monday to Sunday that holds `day`."""
    monday = day - timedelta(days=day.weekday())
    return Interval(monday, monday + timedelta(days=6))


def months_from(year: int, month: int, months: int) -> Interval:
    """Return `months` whole months beginning with `month` of `year`."""
    first = date(year, month, 1)
    return Interval(first, add_months(first, months) - _ONE_DAY)


def unit_around(day: date, unit: Unit, shift: int) -> Interval:
    """Return the whole unit that holds `day`, moved by `shift` units; for units of the clock, the day."""
    if unit in (Unit.WEEK, Unit.WEEKEND):
        week = week_of(day + timedelta(days=_WEEK_DAYS * shift))
        return week if unit is Unit.WEEK else Interval(week.last - _ONE_DAY, week.last)
    if unit in _MONTHS_IN:
        months = _MONTHS_IN[unit]
        index = (day.year * _YEAR_MONTHS + day.month - 1) // months * months + shift * months
        return months_from(index // _YEAR_MONTHS, index % _YEAR_MONTHS + 1, months)
    moved = add_units(day, shift, unit)
    return Interval(moved, moved)


def weekday_near(day: date, weekday: int, direction: Direction) -> date:
    """Return the first such weekday on or after `day`, or the last on or before it."""
    if direction is Direction.FUTURE:
        return day + timedelta(days=(weekday - day.weekday()) % _WEEK_DAYS)
    return day - timedelta(days=(day.weekday() - weekday) % _WEEK_DAYS)


_WEEK_CUTS: Final = {
    Edge.EARLY: (0, 2),
    Edge.START: (0, 2),
    Edge.MID: (2, 3),
    Edge.LATE: (3, 6),
    Edge.END: (4, 6),
    Edge.FIRST_HALF: (0, 3),
    Edge.SECOND_HALF: (3, 6),
}
"""Early, mid and late in a week, as days from its Monday."""
_LONGEST_MONTH: Final = 31


def part_of(span: Interval, edge: Edge) -> Interval:
    """Return the early, middle or late part of a span: as the interval table has it for weeks, else thirds or halves.

    A month has parts of ten days, the last one longer; spans of whole months divide into whole months where they can.
    Spans shorter than a week have no parts.
    """
    days = (span.last - span.first).days + 1
    if days < _WEEK_DAYS:
        return span
    if days == _WEEK_DAYS:
        low, high = _WEEK_CUTS[edge]
    elif edge in (Edge.FIRST_HALF, Edge.SECOND_HALF):
        low, high = (0, (days - 1) // 2) if edge is Edge.FIRST_HALF else (days // 2, days - 1)
    else:
        second, third = _third_starts(span, days)
        ends = {Edge.EARLY: (0, second - 1), Edge.START: (0, second - 1), Edge.MID: (second, third - 1)}
        low, high = ends.get(edge, (third, days - 1))
    return Interval(span.first + timedelta(days=low), span.first + timedelta(days=high))


def _third_starts(span: Interval, days: int) -> tuple[int, int]:
    """Return how many days into a span its second and its last third begin."""
    if days <= _LONGEST_MONTH:
        return 10, 20
    months = (span.last.year - span.first.year) * 12 + span.last.month - span.first.month + 1
    if span.first.day == 1 and months % 3 == 0:
        second, third = add_months(span.first, months // 3), add_months(span.first, 2 * months // 3)
        return (second - span.first).days, (third - span.first).days
    return days // 3, 2 * days // 3
