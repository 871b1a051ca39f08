"""Follow-ups in memory, for reading a stream of articles without a database. Pure.

A new telling is compared with a bounded number of follow-ups, however many there are: those that share its rarest
marks within its days. The index has, for each mark, the follow-ups by stretches of time; short and long due intervals
lie in stretches of their own length, so that a day finds what is due on it and what is due within its year alike.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from heapq import nlargest

from watchers.duplicates import MOST_JUDGED, NO_RULINGS, Match, Probe, Rulings, find, in_turn, probe
from watchers.evidence import weight_of
from watchers.evidence_times import meet
from watchers.marks import handles
from watchers.model import FollowUp, Telling

PATIENCE = timedelta(days=30)
"""How long what is over is remembered in a stream: longer than any article looks back for the day it counts from."""
MOST_REMEMBERED = 5_000
"""How many follow-ups of a stream are remembered while it is tidied: weeks of what forty outlets tell."""
MOST_TELLINGS = 50
"""How many tellings of one follow-up of a stream are remembered."""
MOST_LOOKED_AT = 600
"""How many follow-ups are looked at for one telling, those with its rarest marks first."""
_SELDOM = 1_000
"""Follow-ups held before a stream is first tidied."""
_STRETCHES = (8, 64, 512, 4096)
"""Days of the stretches of time; an interval lies in the shortest that is as long as it."""
_UNDATED = 0

_Place = tuple[int, int]
"""A stretch of time: its days (0 for undated tellings, by the day they were told) and its number."""


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a telling belongs."""

    number: int
    match: Match | None
    """Why: None where it opened a follow-up."""


class FollowUpIndex:
    """Follow-ups in memory, found by their marks and days.

    Memory stays flat however long the stream is. From time to time those are forgotten that are over, as of the
    article being read, and those told least recently beyond `most`; of each, the latest `MOST_TELLINGS` tellings are
    compared with. A stream in any order may be read; in order of its days, nothing is forgotten that an article could
    still tell of, short of that bound. What was forgotten and is told again gets a new number.
    """

    def __init__(self, most: int = MOST_REMEMBERED, rulings: Rulings = NO_RULINGS) -> None:
        """Start with nothing; remember about `most` follow-ups, and hold to what moderators ruled."""
        self._most = most
        self._rulings = rulings
        self._followups: dict[int, FollowUp] = {}
        """By number, those told last at the end."""
        self._by_mark: defaultdict[str, dict[_Place, set[int]]] = defaultdict(dict)
        self._filed: dict[int, tuple[frozenset[str], tuple[_Place, ...]]] = {}
        """Under which marks and stretches of time each lies."""
        self._joined: dict[int, int] = {}
        """From each number that was joined into another to that one."""
        self._last = 0
        self._tidy_at = max(_SELDOM, most // 4)

    def __len__(self) -> int:
        """Return how many follow-ups are remembered."""
        return len(self._followups)

    def get(self, number: int) -> FollowUp | None:
        """Return the follow-up that has, or once had, this number; None where it is not known or forgotten."""
        return self._followups.get(self.number_of(number))

    def number_of(self, number: int) -> int:
        """Return the number that a follow-up has today: another than it had where it was joined with one."""
        while number in self._joined:
            number = self._joined[number]
        return number

    def place(self, telling: Telling) -> int:
        """Return the number of the follow-up that `telling` reports: a known one's, or the next free number."""
        return self.placed(telling).number

    def placed(self, telling: Telling) -> Placed:
        """Return where `telling` belongs and why; follow-ups that it shows to be one are joined."""
        return self._known(telling) or self._opened(telling)

    def placed_together(self, tellings: Sequence[Telling]) -> tuple[Placed, ...]:
        """Return the same of the tellings of one article, in their order (see `in_turn`)."""
        return in_turn(tellings, self._known, self._opened)

    def _opened(self, telling: Telling) -> Placed:
        self._last += 1
        self._keep(_with_telling(self._last, None, telling, better=True))
        return Placed(self._last, None)

    def _known(self, telling: Telling) -> Placed | None:
        if len(self._followups) >= self._tidy_at:
            self._forget(telling.day)
        match = find(telling, self.candidates(telling), self._rulings)
        if match is None:
            return None
        known = match.followup
        self._tell_again(known, telling, better=match.better)
        number = known.id
        for other in match.also:
            number = self._join(number, other)
        return Placed(number, match)

    def candidates(self, telling: Telling) -> Sequence[FollowUp]:
        """Return the follow-ups that share the rarest marks of a telling, in the order of their numbers."""
        wanted = probe(telling)
        places = list(_places_looked_at(wanted))
        found = ((mark, [held[place] for place in places if place in held]) for mark, held in self._held(wanted))
        postings = sorted(
            ((sum(map(len, sets)), mark, sets) for mark, sets in found if sets), key=lambda each: each[:2]
        )
        votes: defaultdict[int, float] = defaultdict(float)
        left = MOST_LOOKED_AT
        for count, mark, sets in postings:
            if count > left:
                break
            left -= count
            weight = weight_of(mark)
            for number in {number for each in sets for number in each}:
                votes[number] += weight
        best = nlargest(2 * MOST_JUDGED, votes, key=lambda number: (votes[number], -number))
        return [self._followups[number] for number in sorted(best) if _could_be(wanted, self._followups[number])]

    def _held(self, wanted: Probe) -> Iterator[tuple[str, dict[_Place, set[int]]]]:
        return ((mark, held) for mark in wanted.marks if (held := self._by_mark.get(mark)) is not None)

    def _join(self, one: int, other: int) -> int:
        """Make two follow-ups one, under the older number; return it."""
        older, newer = sorted((self.number_of(one), self.number_of(other)))
        if older == newer or older not in self._followups or newer not in self._followups:
            return self.number_of(one)
        into, gone = self._followups[older], self._followups[newer]
        marks = self._filed[older][0] | self._filed[newer][0]
        self._drop(older)
        self._drop(newer)
        tellings = sorted((*into.tellings, *gone.tellings), key=lambda telling: telling.day)
        self._keep(
            replace(into, said_on=min(into.said_on, gone.said_on), tellings=tuple(tellings[-MOST_TELLINGS:])), marks
        )
        self._joined[newer] = older
        return older

    def _keep(self, followup: FollowUp, marks: frozenset[str] = frozenset()) -> None:
        """File a follow-up under `marks` and those of its tellings."""
        marks = marks.union(*(handles(telling.marks) for telling in followup.tellings))
        places = _places_of(followup)
        self._followups[followup.id] = followup
        self._filed[followup.id] = (marks, places)
        for mark in marks:
            held = self._by_mark[mark]
            for place in places:
                held.setdefault(place, set()).add(followup.id)

    def _tell_again(self, known: FollowUp, telling: Telling, *, better: bool) -> None:
        """File a follow-up anew; under its new marks only, where its days are as they were."""
        marks, places = self._filed[known.id]
        followup = _with_telling(known.id, known, telling, better=better)
        if _places_of(followup) != places:
            self._drop(known.id)
            self._keep(followup, marks)
            return
        del self._followups[known.id]
        self._followups[known.id] = followup
        fresh = handles(telling.marks) - marks
        self._filed[known.id] = (marks | fresh, places)
        for mark in fresh:
            held = self._by_mark[mark]
            for place in places:
                held.setdefault(place, set()).add(known.id)

    def _drop(self, number: int) -> None:
        del self._followups[number]
        marks, places = self._filed.pop(number)
        for mark in marks:
            held = self._by_mark[mark]
            for place in places:
                held[place].discard(number)
                if not held[place]:
                    del held[place]
            if not held:
                del self._by_mark[mark]

    def _forget(self, today: date) -> None:
        """Forget what is over on the day of an article, then what was told least recently of too much."""
        over = [number for number, each in self._followups.items() if _end(each) + PATIENCE < today]
        for number in over:
            self._drop(number)
        for number in list(self._followups)[: max(0, len(self._followups) - self._most)]:
            self._drop(number)
        self._joined = {old: new for old, new in self._joined.items() if self.number_of(new) in self._followups}
        self._tidy_at = max(_SELDOM, self._most // 4, 2 * len(self._followups))


def _places_of(followup: FollowUp) -> tuple[_Place, ...]:
    """Return the stretches of time in which a follow-up lies."""
    if followup.due is None:
        days = {telling.day.toordinal() // _STRETCHES[0] for telling in (followup.tellings[0], followup.tellings[-1])}
        return tuple((_UNDATED, day) for day in sorted(days))
    first, last = followup.due.first.toordinal(), followup.due.last.toordinal()
    stretch = next((days for days in _STRETCHES if last - first < days), _STRETCHES[-1])
    return tuple((stretch, number) for number in range(first // stretch, last // stretch + 1))


def _places_looked_at(wanted: Probe) -> Iterator[_Place]:
    """Yield the stretches in which what a probe asks for can lie."""
    first, last = wanted.window.first.toordinal(), wanted.window.last.toordinal()
    if wanted.undated:
        yield from ((_UNDATED, day) for day in range(first // _STRETCHES[0], last // _STRETCHES[0] + 1))
        return
    for stretch in _STRETCHES:
        yield from ((stretch, number) for number in range(first // stretch, last // stretch + 1))


def _could_be(wanted: Probe, followup: FollowUp) -> bool:
    if followup.due is None:
        return wanted.undated and wanted.window.first <= followup.tellings[-1].day <= wanted.window.last
    return not wanted.undated and meet(followup.due, wanted.window)


def _end(followup: FollowUp) -> date:
    """Return the last day on which an article can be expected to tell of a follow-up."""
    told = followup.tellings[-1].day
    return told if followup.due is None else max(told, followup.due.last)


def _with_telling(number: int, known: FollowUp | None, telling: Telling, *, better: bool) -> FollowUp:
    alone = followup_of(number, telling)
    if known is None:
        return alone
    tellings = (*known.tellings[1 - MOST_TELLINGS :], telling)
    if not better:
        return replace(known, tellings=tellings)
    return replace(alone, topics=known.topics, said_on=known.said_on, tellings=tellings)


def followup_of(number: int, telling: Telling) -> FollowUp:
    """Return the follow-up that a single telling makes."""
    told = telling.statement
    return FollowUp(
        number,
        told.kind,
        told.quote,
        told.speaker,
        told.due,
        told.precision,
        told.conditional,
        (),
        telling.day,
        (telling,),
    )
