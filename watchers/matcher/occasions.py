"""Events that stand for a day: from the operator's table, or dated by the text itself and taken up later in it.

"Ahead of the NATO summit", "during the visit", "until it expires" bound an action as a date would. Pure: the table is
handed down.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from itertools import chain
from typing import Final

from config.events import Event
from watchers.matcher.english.occasions import (
    DATED_AFTER,
    DATED_BEFORE,
    IT_ENDS,
    NEUTRAL,
    OPENS,
    RUNS_OUT,
    TAKEN_UP,
    TOLD,
    kind_of_occasion,
    names_of,
)
from watchers.model import Interval

_FARTHEST: Final = timedelta(days=400)
"""How far off an event of the table may be, where its year is not written: one a year comes round."""
_FIRST_KNOWN: Final = timedelta(days=240)
"""As far where the table has none before it: nearer than the one before could be, if there was one."""
_YEAR: Final = re.compile(r"(?:19|20)\d\d", re.ASCII)
_LONGEST: Final = timedelta(days=14)
_REACH_BACK: Final = 130
_REACH_ON: Final = 60
_MOST_TOLD: Final = 8
"""Events of one kind kept in mind; a text that dates more is a calendar."""
_NAME: Final = 30
"""Characters before an event's noun that are read for the words which tell it from others."""
_WINDOW: Final = 90
"""Characters after the words that take an event up in which its name must end."""


@dataclass(frozen=True, slots=True)
class Dated:
    """A time in the text that may date an event: where it stands, up to where it reaches, and its days."""

    start: int
    end: int
    days: Interval


@dataclass(frozen=True, slots=True)
class Occasion:
    """An event named where it bounds an action: which words, which days, and whence they are known."""

    start: int
    end: int
    days: Interval
    rule: str
    year_written: bool = False
    """It opens with its year: the 2026 NATO summit."""


@dataclass(frozen=True, slots=True)
class _Told:
    kind: str
    days: Interval
    name: str
    """The words that tell it from others of its kind."""


def find_occasions(text: str, day: date, dated: Sequence[Dated], events: Sequence[Event]) -> Iterator[Occasion]:
    """Yield the events that bound something in `text`, in order, for a text written on `day`.

    `dated` are the times of the text, in order; `events` the table. An event of the table is the one whose year is
    written beside it, else the one next to `day`; where the table has none near, the name stands for no day.
    """
    table = _Table.of(tuple(events)) if events else None
    starts = [time.start for time in dated]
    story = _Story(text, day, dated)
    begin = 0 if table else story.first_told()
    opening = OPENS.match(text) if not begin else None
    for frame in chain([opening] if opening else [], TAKEN_UP.finditer(text, begin)):
        found = (table.find(text, frame.end(), day) if table else None) or story.take_up(frame.start(), frame.end())
        if found is not None:
            near = bisect_left(starts, found.end)
            if all(_apart(time, found) for time in dated[max(0, near - 2) : near]):
                yield found


def _apart(time: Dated, found: Occasion) -> bool:
    """Tell whether an event's name holds no time that would date it otherwise: "next week's NATO summit"."""
    return time.end <= found.start or (found.year_written and time.start == found.start)


# --- the table --------------------------------------------------------------------------------------------


class _Table:
    """The events by name."""

    def __init__(self, events: Iterable[Event]) -> None:
        self._by_name: dict[str, list[Interval]] = {}
        for event in events:
            for name in event.names:
                days = Interval(event.first_day, event.last_day)
                self._by_name.setdefault(name.casefold(), []).append(days)
        self._pattern = names_of(list(self._by_name))

    @staticmethod
    @lru_cache(maxsize=4)
    def of(events: tuple[Event, ...]) -> _Table:
        return _Table(events)

    def find(self, text: str, at: int, day: date) -> Occasion | None:
        name = self._pattern.match(text, at, at + _WINDOW)
        if name is None:
            return None
        known = self._by_name[" ".join(name[2].split()).casefold()]
        year = name[3] or name[4] or name[1][:4]
        written = _YEAR.fullmatch(year) is not None
        days = _of_year(known, int(year)) if written else _nearest(known, day)
        return Occasion(name.start(1), name.end(1), days, "event-table", year_written=written) if days else None


def _of_year(known: Iterable[Interval], year: int) -> Interval | None:
    return next((days for days in known if days.first.year == year), None)


def _nearest(known: Iterable[Interval], day: date) -> Interval | None:
    """Return the days of the event next to come, where they are nearer than those of the last one, or near at all."""
    gone = max((days.last for days in known if days.last < day), default=None)
    ahead = min((days for days in known if days.last >= day), key=lambda days: days.first, default=None)
    if ahead is None or ahead.first - day > (_FIRST_KNOWN if gone is None else _FARTHEST):
        return None
    return ahead if gone is None or ahead.first - day <= 3 * (day - gone) else None


# --- what the text dates itself -----------------------------------------------------------------------------


class _Story:
    """A text read from its beginning, with the events it has dated so far."""

    def __init__(self, text: str, day: date, dated: Sequence[Dated]) -> None:
        self._text = text
        self._day = day
        self._dated = dated
        self._coming = 0
        """The first of the times that has not been looked at yet."""
        self._told: dict[str, deque[_Told]] = {}

    def first_told(self) -> int:
        """Return where the first event is dated, the text's end where none is: before it none is taken up."""
        while self._coming < len(self._dated) and not self._told:
            self._listen(self._dated[self._coming].end + 1)
        return self._dated[self._coming - 1].end if self._told else len(self._text)

    def take_up(self, frame: int, at: int) -> Occasion | None:
        """Return the event dated before `frame` that the words at `at` come back to."""
        end = IT_ENDS.match(self._text, at, at + _WINDOW)
        event = TOLD.match(self._text, at, at + _WINDOW) if end is None else None
        if end is not None:
            named = end[2] or end[3]
            kinds = RUNS_OUT & {kind_of_occasion(named)} if named else RUNS_OUT
            return self._occasion(end, frame, kinds)
        if event is None or (kind := kind_of_occasion(event[2])) in RUNS_OUT:
            return None
        marks = [word for word in event[1][: -len(event[2])].lower().split() if word not in NEUTRAL]
        return self._occasion(event, frame, {kind}, marks)

    def _occasion(
        self, event: re.Match[str], frame: int, kinds: Iterable[str], marks: Sequence[str] = ()
    ) -> Occasion | None:
        """Return the event of one of these kinds that bears these marks; of two with a day each it may be either."""
        self._listen(frame)
        told = (each for kind in kinds for each in self._told.get(kind, ()))
        days = {each.days for each in told if all(mark in each.name for mark in marks)}
        return Occasion(event.start(1), event.end(1), days.pop(), "event-told") if len(days) == 1 else None

    def _listen(self, until: int) -> None:
        while self._coming < len(self._dated) and self._dated[self._coming].end < until:
            for told in _told_by(self._text, self._day, self._dated[self._coming]):
                self._told.setdefault(told.kind, deque(maxlen=_MOST_TOLD)).append(told)
            self._coming += 1


def _told_by(text: str, day: date, time: Dated) -> Iterator[_Told]:
    """Yield the event that a time dates: the summit on Monday, Monday's summit, the truce ends on Monday."""
    if time.days.last < day or time.days.last - time.days.first > _LONGEST:
        return
    before = DATED_AFTER.search(text, max(0, time.start - _REACH_BACK), time.start)
    if before is not None:
        kind = kind_of_occasion(before[1])
        if (kind in RUNS_OUT) == (before[2] is not None):
            yield _Told(kind, time.days, text[max(0, before.start() - _NAME) : time.start].lower())
    after = DATED_BEFORE.match(text, time.end, time.end + _REACH_ON)
    if after is not None and (kind := kind_of_occasion(after[1])) not in RUNS_OUT:
        yield _Told(kind, time.days, text[time.end : after.end()].lower())
