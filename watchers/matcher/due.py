"""Turns an expression and its frame into a due interval: the interval table, for forward-looking clauses."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Final

from watchers.matcher.english.frames import (
    AFTER,
    BEFORE,
    ENDS,
    FISCAL_YEARS,
    LASTING,
    LIMITS,
    NEEDS,
    PASSED,
    SUPERLATIVE,
    Frame,
)
from watchers.matcher.placing import place
from watchers.matcher.timeline import (
    Direction,
    Edge,
    Expression,
    Shape,
    Unit,
    add_units,
    months_from,
    part_of,
    unit_around,
)
from watchers.model import Interval, Precision

_ONE_DAY: Final = timedelta(days=1)
_SUNDAY: Final = 6
_BEFORE_REACH: Final = 130
_AFTER_REACH: Final = 50
_LAST_LETTERS: Final = re.compile(r"\w*\Z")
_UNDER: Final = re.compile(r"(?:less|fewer|under|no more|not more|up to|at most)\b")

_BEFORE: Final = tuple(
    (name, frame, re.compile(pattern.pattern.replace(r"(?:^|\W)", r"\W", 1)), NEEDS.get(name, ("",)), ENDS.get(name))
    for name, frame, pattern in BEFORE
)
"""The frames before a time, for words with a space before the first: opening with one set of characters, not a choice,
they are searched for three times as fast."""

VAGUE_DAYS: Final = {Unit.SECOND: 0, Unit.MINUTE: 0, Unit.HOUR: 1, Unit.DAY: 7, Unit.WEEK: 28, Unit.MONTH: 180}
"""How many days an unspecified number of units reaches; longer units bound nothing that could be checked."""


@dataclass(frozen=True, slots=True)
class Due:
    """When something is to happen: inclusive days, how firm they are, and the rules that say so."""

    interval: Interval
    precision: Precision
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Setting:
    """A time expression where it stands: the words before and after it, in lower case with single spaces."""

    said: Expression
    words: str
    before: str
    after: str
    counted_from: date | None
    """The day a distance or duration is counted from, where the text gives one."""
    through: Expression | None
    """The last of the times coordinated with this one (Thursday *and Friday*)."""
    week_ahead_is_this: bool
    """The text says "this week": where that is the week ahead, on a Sunday, "next week" is the one after it."""


def setting(
    said: Expression,
    text: str,
    start: int,
    end: int,
    reach: int,
    *,
    counted_from: date | None,
    through: Expression | None,
) -> Setting:
    """Read the words around `text[start:end]`; `reach` is where the times coordinated with it end."""
    before = " ".join(text[max(0, start - _BEFORE_REACH) : start].lower().split()) + " "
    after = text[reach : reach + _AFTER_REACH].lower()
    return Setting(
        said,
        text[start:end].lower(),
        before,
        " " * after[:1].isspace() + " ".join(after.split()),
        counted_from,
        through,
        said.unit is Unit.WEEK and said.shift == 1 and _says_this_week(text),
    )


@lru_cache(maxsize=1)
def _says_this_week(text: str) -> bool:
    """Tell whether a text says "this week"; searched once a text, however many weeks it names."""
    return "this week" in text.lower()


def frame_of(here: Setting) -> tuple[str, Frame]:
    """Return the frame a time stands in, with the name of its rule."""
    after = here.after.lstrip()
    for name, frame, pattern in AFTER:
        if pattern.match(after):
            return name, frame
    before = f" {here.before}"
    near = _nearest_words(here.before)
    for name, frame, pattern, needs, ends in _BEFORE:
        fits = (ends is None or not ends.isdisjoint(near)) and any(map(before.__contains__, needs))
        if fits and pattern.search(before):
            return name, frame
    return "", Frame.NONE


def _nearest_words(before: str) -> list[str]:
    """Return the words right before a time, the last first, up to the first that no frame passes over."""
    found = []
    for word in reversed(before.split()):
        found.append(word)
        if word not in PASSED:
            found.append(_LAST_LETTERS.findall(word)[0])  # of "(by"
            break
    return found


def may_fall_due(said: Expression, span: Interval | None, day: date) -> bool:
    """Tell by the expression alone whether it can bound anything from `day` on, counted from no later day.

    `span` is where it was placed. Asked first, because the words around a time are dearer to read than it is.
    """
    if said.shape in (Shape.SET, Shape.REFERENCE) or said.direction is Direction.PAST:
        return False
    if said.shape not in _OF_CALENDAR or said.fiscal or said.told or said.overnight or said.inner is not None:
        return True
    if said.year is not None:
        return span is None or span.last >= day
    once_a_year = said.month is not None or said.part is not None or said.shape is not Shape.CALENDAR
    return not (once_a_year and said.shift is not None and said.shift < 0)


_OF_CALENDAR: Final = frozenset((Shape.CALENDAR, Shape.WEEKDAY, Shape.SHIFT, Shape.HOLIDAY))


def due(here: Setting, anchor: date) -> Due | None:
    """Return when the clause falls due, counted from `anchor`; None where the time bounds nothing ahead."""
    try:
        said = here.said
        if said.shape in (Shape.SET, Shape.REFERENCE) or said.direction is Direction.PAST:
            return None
        name, frame = frame_of(here)
        if frame is Frame.SINCE:
            return None
        if said.shape is Shape.DURATION:
            found = _of_duration(here, frame, anchor)
        elif said.shape is Shape.OFFSET:
            found = _of_offset(here, anchor)
        else:
            found = _of_date(here, frame, anchor)
    except (ValueError, OverflowError):
        return None
    if found is None:
        return None
    interval, precision = found
    return Due(interval, precision, (name,) if name else ())


_Found = tuple[Interval, Precision]


# --- lengths of time --------------------------------------------------------------------------------------


def _of_duration(here: Setting, frame: Frame, anchor: date) -> _Found | None:
    said = here.said
    unit = said.unit or Unit.DAY
    if said.past_counts or not _bounds(here, frame):
        return None
    start = here.counted_from or anchor
    through = here.through if here.through is not None and here.through.shape is Shape.DURATION else None
    last_unit = (through.unit if through else said.unit_to) or unit
    if said.count is None:
        return _vaguely(anchor, max(unit, last_unit, key=lambda each: VAGUE_DAYS.get(each, math.inf)))
    count, most = said.count, said.most or said.count
    if through is not None and through.count is not None:
        most = through.most or through.count
    first, last = add_units(start, count, unit), add_units(start, most, last_unit)
    if first > last:
        first, last = last, first
    if last < anchor:  # sixty days from a day long gone
        return None
    exactly = frame in (Frame.IN, Frame.FROM) and not said.ahead and not _UNDER.match(here.words)
    return Interval(first if exactly else start, last), Precision.EXACT


def _bounds(here: Setting, frame: Frame) -> bool:
    """Tell a time to act in from the mere length of something."""
    said, after = here.said, here.after.lstrip()
    unframed = frame in (Frame.FROM, Frame.NONE)
    return said.ahead or not (
        (frame is Frame.FOR and not LASTING.search(here.before))
        or (said.attributive and (frame is Frame.FROM or not LIMITS.match(here.after)))  # "following a 14-year pause"
        or (frame is Frame.IN and SUPERLATIVE.search(here.before))
        or (said.definite and frame in (Frame.IN, Frame.NONE))  # "in the 24 hours to Wednesday"
        or (frame is Frame.FROM and said.unit in (Unit.YEAR, Unit.DECADE))  # "returns after 17 years"
        or (unframed and after.startswith("of "))  # "two years of talks"
        or (unframed and after.startswith("after "))  # "28 years after the war"
    )


def _vaguely(anchor: date, unit: Unit) -> _Found | None:
    days = VAGUE_DAYS.get(unit)
    return None if days is None else (Interval(anchor, anchor + timedelta(days=days)), Precision.VAGUE)


def _of_offset(here: Setting, anchor: date) -> _Found | None:
    said = here.said
    unit = said.unit or Unit.DAY
    if said.count is None:
        return None if said.told else _vaguely(anchor, unit)
    start = here.counted_from or anchor
    if said.inner is not None:
        inner = place(said.inner, anchor, Direction.FUTURE).span
        start = inner.first if inner else start
    first, last = add_units(start, said.count, unit), add_units(start, said.most or said.count, unit)
    return (Interval(first, last), Precision.EXACT) if anchor <= last and first <= last else None


# --- dates ------------------------------------------------------------------------------------------------


def _of_date(here: Setting, frame: Frame, anchor: date) -> _Found | None:
    said = here.said
    span = _span(said, here.counted_from if said.told and here.counted_from else anchor, late=here.week_ahead_is_this)
    if said.fiscal and span is not None:
        span = _fiscal(said, span, f"{here.before}{here.after}", anchor)
    if span is None:
        return None
    if here.through is not None and (through := _span(here.through, span.first)) is not None:
        span = Interval(span.first, max(span.last, through.last))
    if span.last < anchor:
        return None
    if frame is Frame.BEFORE and said.edge is not Edge.END:
        day_before = span.first - _ONE_DAY
        return (Interval(anchor, day_before), Precision.EXACT) if day_before >= anchor else None
    if frame in (Frame.BY, Frame.BEFORE):
        return Interval(anchor, span.last), Precision.EXACT
    if frame is Frame.FROM and said.shape is Shape.OCCASION:  # after the summit: once it is over
        return Interval(span.last, span.last), Precision.EXACT
    return Interval(max(anchor, span.first), span.last), Precision.EXACT


def _fiscal(said: Expression, calendar_year: Interval, around: str, anchor: date) -> Interval:
    """Return the fiscal year of the country named nearby, else the calendar year."""
    for countries, month, offset in FISCAL_YEARS:
        if countries.search(around):
            year = calendar_year.first.year
            if said.year is None:  # "this" and "next" count from the fiscal year under way, not the calendar's
                under_way = anchor.year if anchor.month >= month else anchor.year - 1
                year += under_way - offset - anchor.year
            return months_from(year + offset, month, 12)
    return calendar_year


def _span(said: Expression, anchor: date, *, late: bool = False) -> Interval | None:
    if said.shape is Shape.SHIFT:
        if said.unit is Unit.WEEK and anchor.weekday() == _SUNDAY and (said.shift == 0 or (late and said.shift == 1)):
            week = unit_around(anchor, Unit.WEEK, 1 + said.shift)
            return part_of(week, said.edge) if said.edge else week
        if said.clock == "TNI" and said.overnight:
            return Interval(anchor, anchor + _ONE_DAY)
    return place(said, anchor, Direction.FUTURE).span
