"""Reads times in English text: every TIMEX3, the due interval of one, and the moment a person types.

Pure and total: no clock, no input or output, and no input makes these raise.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from config.events import Event
from watchers.matcher.clauses import Tense, tense_at
from watchers.matcher.due import Due, due, may_fall_due, setting
from watchers.matcher.english.dates import NAMESAKES
from watchers.matcher.english.phrases import ENGLISH, tokens_of
from watchers.matcher.english.tense import HAPPENED
from watchers.matcher.grammar import Found, Tokens
from watchers.matcher.moments import read_moment
from watchers.matcher.occasions import Dated, Occasion, find_occasions
from watchers.matcher.placing import Place, place, unit_value
from watchers.matcher.timeline import Direction, Expression, Shape, Unit, unit_around
from watchers.model import Interval, Timex

__all__ = ["Due", "TimeMention", "due_interval", "may_bound", "read_moment", "read_occasions", "read_times"]


@dataclass(frozen=True, slots=True)
class TimeMention:
    """One time expression in a text, placed on the calendar of the day of writing."""

    start: int
    end: int
    text: str
    timex: Timex
    span: Interval | None
    """The days it covers; None where it names none (a duration, a set, "now")."""
    vague: bool
    """It gives no number or date: days, the coming weeks, recently."""
    rules: tuple[str, ...]
    expression: Expression
    """What it says before it is placed, so that it can be counted from another day."""
    counted_from: date | None
    """The day in the text it counts from (three days later, within 60 days of 1 March); None: the day of writing."""
    through: Expression | None
    """The last of the times coordinated with it (Thursday and Friday); None where it stands alone."""
    reach: int
    """Where the last of the times coordinated with it ends; its own end where it stands alone."""
    joined: bool
    """It belongs to the mention before it: the Friday of "Thursday and Friday"."""


_NEARNESS: Final = {
    Tense.SURE_PAST: 0.0,
    Tense.PAST: 0.25,
    Tense.UNKNOWN: 0.5,
    Tense.LIKELY_FUTURE: 5.0,
    Tense.FUTURE: 15.0,
}
"""How many times farther off than the last such day the next one may be and still be meant, by tense."""

_JOINS: Final = frozenset({"and", "or", "to", "through", "until", "-", "–", "—", "/", ","})
_DAYS: Final = frozenset({Shape.CALENDAR, Shape.WEEKDAY, Shape.SHIFT, Shape.HOLIDAY, Shape.NTH})
_COUNTS_FROM: Final = frozenset({"of", "from", "after", "following"})


def read_times(text: str, day: date) -> tuple[TimeMention, ...]:
    """Return every time expression of the text in order, past and future, resolved against `day`.

    Offsets are characters of `text`. A bare weekday, day or month looks back or ahead as its clause does.
    """
    return _Reader(text, day).read()


def read_occasions(
    text: str, day: date, times: Sequence[TimeMention], events: Sequence[Event] = ()
) -> tuple[TimeMention, ...]:
    """Return the events by which `text` bounds something, as mentions of their days, in order.

    These are no time expressions of TIMEX3, and `read_times` leaves them out. An event has days where the text dates it
    (`times` are its time expressions, as `read_times` returns them) or the table `events` does.
    """
    found = find_occasions(text, day, _dated(times), events)
    return tuple(_of_occasion(text, each) for each in found)


def _dated(times: Sequence[TimeMention]) -> list[Dated]:
    """Return the times that name days, those coordinated with one another as one."""
    found: list[Dated] = []
    for each in times:
        if each.span is None:
            continue
        if each.joined and found and found[-1].end >= each.end and each.span.last >= found[-1].days.first:
            found[-1] = replace(found[-1], days=Interval(found[-1].days.first, each.span.last))
        else:
            found.append(Dated(each.start, each.reach, each.span))
    return found


def _of_occasion(text: str, found: Occasion) -> TimeMention:
    words = text[found.start : found.end]
    return TimeMention(
        start=found.start,
        end=found.end,
        text=words,
        timex=Timex(found.start, found.end, words, "DATE", found.days.first.isoformat()),
        span=found.days,
        vague=False,
        rules=(found.rule,),
        expression=Expression(Shape.OCCASION, days=found.days),
        counted_from=None,
        through=None,
        reach=found.end,
        joined=False,
    )


_BORNE_BY_PEOPLE: Final = frozenset({"May", "March", "April", "June", "August"})
"""The names NAMESAKES looks for."""
_LONGEST_ROW: Final = 5
"""Days between coordinated weekdays; "Friday and Thursday" count backwards."""
_JOIN_REACH: Final = 2
"""At most this many tokens stand between coordinated times."""
_QUARTER_REACH: Final = 400
"""For so many characters after a quarter was named, "a year earlier" means that quarter of the year before."""


class _Reader:
    """Reads a text once, from its beginning, keeping in mind what was said before."""

    def __init__(self, text: str, day: date) -> None:
        self._tokens = tokens_of(text)
        self._day = day
        self._people: frozenset[str] | None = None
        self._mentions: list[TimeMention] = []
        self._before: Found[Expression] | None = None
        self._head = 0
        """Where in the mentions the coordination that may go on began."""
        self._last: TimeMention | None = None
        """The last mention coordinated with the one at the head, if any."""
        self._told: date | None = None
        self._quarter: tuple[int, Interval] | None = None

    def read(self) -> tuple[TimeMention, ...]:
        """Return the mentions of the text."""
        for found in ENGLISH.find(self._tokens):
            if found.after - found.first > 1 or not self._is_name(self._tokens.words[found.first]):
                self._take(found)
        self._close()
        return tuple(self._mentions)

    def _is_name(self, word: str) -> bool:
        """Tell whether a month's name standing alone is somebody's: the text is searched for people once, if at all."""
        if word not in _BORNE_BY_PEOPLE:
            return False
        if self._people is None:
            self._people = frozenset(NAMESAKES.findall(self._tokens.text))
        return word in self._people

    def _take(self, found: Found[Expression]) -> None:
        said, tokens = found.meaning, self._tokens
        counted_from = self._told if said.told else None
        where = self._compared(said, tokens.starts[found.first])
        compared = where is not None or found.rule == "year_earlier"
        tie = self._tie(found)
        where = where or self._after_its_first(said, tie) or _placed(said, counted_from or self._day, tokens, found)
        mention = _mention(tokens, found, where, counted_from, joined=tie is not None)
        if tie is None:
            self._close()
            self._head = len(self._mentions)
        elif tie == "coordinated":
            self._last = mention
        elif where.span is not None:
            self._mentions[-1] = replace(self._mentions[-1], counted_from=where.span.first, reach=mention.end)
        self._mentions.append(mention)
        self._before = found
        if where.span is not None:
            self._told = where.span.first
            if "-Q" in where.value and not compared:
                self._quarter = (mention.end, where.span)

    def _close(self) -> None:
        """End a coordination: its first mention learns of its last."""
        if self._last is not None:
            head = self._mentions[self._head]
            self._mentions[self._head] = replace(head, through=self._last.expression, reach=self._last.end)
            self._last = None

    def _tie(self, found: Found[Expression]) -> str | None:
        """Tell how the words between tie a mention to the one before it: `coordinated`, `counted` or not at all."""
        if self._before is None or found.first - self._before.after > _JOIN_REACH:
            return None
        words = [word.lower() for word in self._tokens.words[self._before.after : found.first]]
        one, other = self._before.meaning.shape, found.meaning.shape
        if len(words) == 1 and words[0] in _COUNTS_FROM and one is Shape.DURATION and other in _DAYS:
            return "counted"
        alike = (one in _DAYS and other in _DAYS) or (one is Shape.DURATION and other is Shape.DURATION)
        listed = one is Shape.WEEKDAY and other is Shape.WEEKDAY  # "Tuesday, Wednesday and Thursday"
        if not alike or not words or not _JOINS.issuperset(words) or (words == [","] and not listed):
            return None
        return "coordinated"

    def _after_its_first(self, said: Expression, tie: str | None) -> Place | None:
        """Place the Wednesday of "from Monday to Wednesday": the one that follows the day it is coordinated with."""
        first = self._mentions[-1].span if self._mentions else None
        if tie != "coordinated" or first is None or said.shape is not Shape.WEEKDAY or said.shift is not None:
            return None
        next_one = place(said, first.last, Direction.FUTURE)
        alike = self._before is not None and self._before.meaning.shape is Shape.WEEKDAY
        if not alike or next_one.span is None or first.last < self._day < next_one.span.first:
            return None  # on a Wednesday, its clause decides which Thursday "Tuesday and Thursday" ends on
        return next_one if (next_one.span.first - first.last).days <= _LONGEST_ROW else None

    def _compared(self, said: Expression, start: int) -> Place | None:
        """Place "a year earlier" that compares a quarter with the same one of the year before."""
        if self._quarter is None or start - self._quarter[0] > _QUARTER_REACH:
            return None
        year_back = said.shape is Shape.OFFSET and said.direction is Direction.PAST and said.count == 1
        if not (said.compares or year_back) or said.unit is not Unit.YEAR:
            return None
        span = unit_around(self._quarter[1].first, Unit.QUARTER, -4)
        return Place("DATE", unit_value(span, Unit.QUARTER), span)


def _placed(said: Expression, day: date, tokens: Tokens, found: Found[Expression]) -> Place:
    """Place an expression, letting tense and nearness choose between the last and the next of its kind."""
    if not _is_open(said):
        return place(said, day, Direction.FUTURE)
    tense = tense_at(tokens.words, found.first, found.after)
    if said.shape is Shape.WEEKDAY and tense < Tense.FUTURE and _has_happened(tokens.words, found.after):
        return place(said, day, Direction.PAST)
    if said.shape in (Shape.SHIFT, Shape.WEEKDAY):
        return place(said, day, Direction.FUTURE if tense > 0 else Direction.PAST)
    back, ahead = place(said, day, Direction.PAST), place(said, day, Direction.FUTURE)
    if back.span is None or ahead.span is None:
        return ahead if tense > 0 else back
    gone, left = max(0, (day - back.span.last).days), max(0, (ahead.span.first - day).days)
    return ahead if left <= gone * _NEARNESS[tense] else back


def _has_happened(words: Sequence[str], after: int) -> bool:
    """Tell whether a weekday owns something that has happened: Tuesday's attack."""
    if after + 2 >= len(words) or words[after] not in "'’" or words[after + 1] != "s":
        return False
    return not HAPPENED.isdisjoint(words[after + 2 : after + 4])


def _is_open(said: Expression) -> bool:
    """Tell whether an expression leaves it to its clause which one is meant."""
    if said.direction is not None or said.year is not None:
        return False
    if said.inner is not None:
        return _is_open(said.inner)
    if said.shape is Shape.SHIFT:
        return said.unit is Unit.WEEKEND and said.shift == 0
    return said.shape is Shape.CALENDAR or (said.shape in (Shape.WEEKDAY, Shape.HOLIDAY) and said.shift is None)


def _mention(
    tokens: Tokens, found: Found[Expression], where: Place, counted_from: date | None, *, joined: bool
) -> TimeMention:
    text = tokens.text
    start, end = tokens.starts[found.first], tokens.end(found.after - 1)
    said = found.meaning
    return TimeMention(
        start=start,
        end=end,
        text=text[start:end],
        timex=Timex(start, end, text[start:end], where.type, where.value),
        span=where.span,
        vague=said.shape is Shape.REFERENCE or (said.shape in (Shape.DURATION, Shape.OFFSET) and said.count is None),
        rules=(found.rule,),
        expression=said,
        counted_from=counted_from,
        through=None,
        reach=end,
        joined=joined,
    )


def may_bound(mention: TimeMention, day: date) -> bool:
    """Tell whether a mention can bound anything from `day` on: False only where `due_interval` gives nothing later."""
    return mention.through is not None or may_fall_due(mention.expression, mention.span, day)


def due_interval(mention: TimeMention, text: str, anchor: date) -> Due | None:
    """Return when a forward-looking clause with this mention falls due, counted from `anchor`.

    `text` is what the mention's offsets point into; the words around it (by, before, within, from, deadline) are
    read from there. Coordinated times count as one interval from the first. None where the mention bounds
    nothing: a set, "soon", an age, the length of something, or a time wholly past. The rules are those of the
    interval table in the documentation of the matcher.
    """
    here = setting(
        mention.expression,
        text,
        mention.start,
        mention.end,
        mention.reach,
        counted_from=mention.counted_from,
        through=mention.through,
    )
    found = due(here, anchor)
    if found is None or found.interval.last < anchor:
        return None  # 60 days from a day long gone
    return Due(found.interval, found.precision, mention.rules + found.rules)
