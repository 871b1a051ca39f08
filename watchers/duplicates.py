"""New, or a known follow-up told again? Pure: it decides from statements alone, and says why.

Two tellings report one follow-up when the same actors are to do the same thing at compatible times. The evidence is
the marks of each telling (see marks.py), weighed against time, speaker, kind, place and main act. A new telling joins
the pending follow-up that most speaks for it, if that is enough.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache

from watchers.marks import handles, marks_in
from watchers.model import FollowUp, Interval, Precision, Statement, Telling

MEMORY_DAYS = 10
"""How long an undated promise is told anew before a like one counts as a new promise."""


PATIENCE = timedelta(days=30)
"""How long what is over is remembered in a stream: longer than any article looks back for the day it counts from."""
MOST_REMEMBERED = 5_000
"""How many follow-ups of a stream are remembered while it is tidied: weeks of what forty outlets tell."""
MOST_TELLINGS = 50
"""How many tellings of one follow-up of a stream are remembered."""
_SELDOM = 1_000
"""Follow-ups held before a stream is first tidied."""


@dataclass(frozen=True, slots=True)
class Probe:
    """What to ask the store for: arguments of `FollowUps.candidates`."""

    marks: frozenset[str]
    window: Interval
    undated: bool


@dataclass(frozen=True, slots=True)
class Match:
    """A known follow-up that a telling repeats."""

    followup: FollowUp
    better: bool
    """Whether the new telling says it better than the words kept so far."""
    reasons: tuple[str, ...]
    """What speaks for it, the strongest first."""


def probe(telling: Telling) -> Probe:
    """Return what to ask the store for, to find the follow-ups that a telling could repeat."""
    marks = handles(telling.marks)
    due = telling.statement.due
    if due is None:
        memory = timedelta(days=MEMORY_DAYS)
        return Probe(marks, Interval(telling.day - memory, telling.day + memory), undated=True)
    slack = timedelta(days=1)
    return Probe(marks, Interval(due.first - slack, due.last + slack), undated=False)


def find(telling: Telling, candidates: Sequence[FollowUp]) -> Match | None:
    """Return the candidate that `telling` repeats, or None where it says something new.

    Among equally likely ones the oldest wins, so that the answer does not depend on the order of `candidates`.
    """
    judged = ((*_judge(telling, followup), -followup.id, followup) for followup in candidates)
    likely = [verdict for verdict in judged if verdict[0] >= 1.0]
    if not likely:
        return None
    _, reasons, _, followup = max(likely, key=lambda verdict: (verdict[0], verdict[2]))
    return Match(followup, _says_it_better(telling.statement, followup), reasons)


class FollowUpIndex:
    """Follow-ups in memory, for reading a stream of articles without a database.

    Memory stays flat however long the stream is. From time to time those are forgotten that are over, as of the
    article being read, and those told least recently beyond `MOST_REMEMBERED`; of each, the latest `MOST_TELLINGS`
    tellings are compared with. A stream in any order may be read; in order of its days, nothing is forgotten that an
    article could still tell of, short of that bound. What was forgotten and is told again gets a new number.
    """

    def __init__(self) -> None:
        """Start with nothing."""
        self._followups: dict[int, FollowUp] = {}
        """By number, those told last at the end."""
        self._by_mark: defaultdict[str, set[int]] = defaultdict(set)
        self._last = 0
        self._tidy_at = _SELDOM

    def __len__(self) -> int:
        """Return how many follow-ups are remembered."""
        return len(self._followups)

    def place(self, telling: Telling) -> int:
        """Return the number of the follow-up that `telling` reports: a known one's, or the next free number."""
        if len(self._followups) >= self._tidy_at:
            self._forget(telling.day)
        wanted = probe(telling)
        near = {number for mark in wanted.marks for number in self._by_mark.get(mark, ())}
        match = find(telling, [self._followups[number] for number in sorted(near) if self._could_be(wanted, number)])
        if match is None:
            self._last += 1
        number = match.followup.id if match else self._last
        known = self._followups.pop(number, None)
        self._followups[number] = _with_telling(number, known, telling, better=match is not None and match.better)
        for mark in handles(telling.marks):
            self._by_mark[mark].add(number)
        return number

    def _could_be(self, wanted: Probe, number: int) -> bool:
        followup = self._followups[number]
        if followup.due is None:
            return wanted.undated and wanted.window.first <= followup.tellings[-1].day <= wanted.window.last
        return not wanted.undated and _meet(followup.due, wanted.window)

    def _forget(self, today: date) -> None:
        """Forget what is over on the day of an article, then what was told least recently of too much."""
        kept = [followup for followup in self._followups.values() if _end(followup) + PATIENCE >= today]
        self._followups = {followup.id: followup for followup in kept[-MOST_REMEMBERED:]}
        self._by_mark.clear()
        for followup in self._followups.values():
            for mark in {mark for telling in followup.tellings for mark in handles(telling.marks)}:
                self._by_mark[mark].add(followup.id)
        self._tidy_at = max(_SELDOM, 2 * len(self._followups))


def _end(followup: FollowUp) -> date:
    """Return the last day on which an article can be expected to tell of a follow-up."""
    told = followup.tellings[-1].day
    return told if followup.due is None else max(told, followup.due.last)


def _with_telling(number: int, known: FollowUp | None, telling: Telling, *, better: bool) -> FollowUp:
    tellings = (*known.tellings[1 - MOST_TELLINGS :], telling) if known else (telling,)
    if known is not None and not better:
        return replace(known, tellings=tellings)
    told = telling.statement
    return FollowUp(
        number,
        told.kind,
        told.quote,
        told.speaker,
        told.due,
        told.precision,
        told.conditional,
        known.topics if known else (),
        known.said_on if known else telling.day,
        tellings,
    )


# --- evidence ---------------------------------------------------------------------------------------------

_ENOUGH = 0.38
"""How much must speak for a follow-up: set, on labelled news, where wrong merges are rare. A wrong one hides an alert,
a missed one only repeats it."""

_BEST_SHARE = 0.7
"""How much the likest telling of a follow-up counts against the average of all of them."""

_SAME_END, _BOTH_VAGUE, _UNDATED, _VAGUE_AND_EXACT, _APART = 1.25, 1.75, 0.75, 0.5, 0.4
_SAME_PERSON, _SAME_COUNTRY, _OTHER_VOICE = 1.9, 1.4, 0.9
_OTHER_KIND, _ELSEWHERE, _OTHER_ACT, _OTHER_ACTORS = 0.5, 0.35, 0.5, 0.4
_LEAST_EVIDENCE = 2.0
"""A telling of few words cannot agree by one of them alone."""

_REMEMBERED = 2 * MOST_REMEMBERED
"""How many tellings' marks are kept sorted: each is compared with many others."""

_ACT_WEIGHT = 2.0
_ACTOR_WEIGHT = 1.0
_EVERYWHERE = frozenset({"@US", "@CN", "@RU", "@GB", "@eu", "@un"})
"""Actors that stand in so many reports that sharing one says little."""
_EVERYWHERE_WEIGHT = 0.5
_THING_WEIGHT = 1.0
_WEAK = 0.3
"""How much a mark counts that one of the tellings has only from around its statement."""


def _judge(telling: Telling, followup: FollowUp) -> tuple[float, tuple[str, ...]]:
    """Return how much speaks for one follow-up (1.0 is enough) and what does, the strongest first."""
    time = _time_likeness(telling, followup)
    things = _things(telling.marks)
    if not time or all(things.isdisjoint(_things(one.marks)) for one in followup.tellings):
        return 0.0, ()  # most candidates share an actor and no more: told before anything is weighed
    told, known = telling.statement, followup
    voice, known_voice = marks_in(told.speaker or ""), marks_in(known.speaker or "")
    voices = voice | known_voice
    mine = _strengths(telling.marks, voices)
    pairs = [_likeness(mine, _strengths(one.marks, voices)) for one in followup.tellings]
    likeness, shared = max(pairs, key=lambda pair: pair[0])
    average = sum(pair[0] for pair in pairs) / len(pairs)
    likely = _BEST_SHARE * likeness + (1 - _BEST_SHARE) * average
    likely *= time
    if told.speaker is not None and known.speaker is not None:
        likely *= _voice_likeness(voice, known_voice)
    likely *= 1.0 if told.kind in {one.statement.kind for one in followup.tellings} else _OTHER_KIND
    likely *= max(_setting_likeness(telling.marks, one.marks) for one in followup.tellings)
    return likely / _ENOUGH, shared


def _time_likeness(telling: Telling, followup: FollowUp) -> float:
    due, known = telling.statement.due, followup.due
    if due is None or known is None:
        return _UNDATED if due is known else 0.0
    vague = (telling.statement.precision, followup.precision).count(Precision.VAGUE)
    if vague == 1:
        return _VAGUE_AND_EXACT if _meet(due, known) else _APART
    if vague:
        return _BOTH_VAGUE
    if due.last == known.last:
        return _SAME_END
    if not _meet(due, known):
        return _APART
    return 1.0 if _holds(due, known) or _holds(known, due) else 0.8


def _setting_likeness(mine: frozenset[str], theirs: frozenset[str]) -> float:
    """Doubt it where both name a place (`^`), a main act (`*`) or an actor (`@`), and none in common."""
    likeness = 1.0
    for one, other, doubt in zip(
        _setting(mine), _setting(theirs), (_ELSEWHERE, _OTHER_ACT, _OTHER_ACTORS), strict=True
    ):
        if one and other and one.isdisjoint(other):
            likeness *= doubt
    return likeness


@lru_cache(maxsize=_REMEMBERED)
def _setting(marks: frozenset[str]) -> tuple[frozenset[str], ...]:
    """Return the places, main acts and actors among marks."""
    bare = [mark.removeprefix("~") for mark in marks]
    return tuple(frozenset(mark for mark in bare if mark.startswith(sort)) for sort in ("^", "*", "@"))


@lru_cache(maxsize=_REMEMBERED)
def _things(marks: frozenset[str]) -> frozenset[str]:
    """Return what tellings must share besides actors: acts, things and names."""
    bare = (mark.removeprefix("~") for mark in marks)
    return frozenset(mark for mark in bare if mark[0] not in "@^*")


def _holds(outer: Interval, inner: Interval) -> bool:
    return outer.first <= inner.first and inner.last <= outer.last


def _voice_likeness(mine: frozenset[str], theirs: frozenset[str]) -> float:
    shared = mine & theirs
    if any(not mark.startswith("@") for mark in shared):
        return _SAME_PERSON
    return _SAME_COUNTRY if shared else _OTHER_VOICE


def _likeness(mine: dict[str, float], theirs: dict[str, float]) -> tuple[float, tuple[str, ...]]:
    shared = {
        mark: _weight(mark) * mine[mark] * theirs[mark]
        for mark in mine.keys() & theirs.keys()
        if max(mine[mark], theirs[mark]) == 1.0
    }
    if all(mark.startswith("@") for mark in shared):
        return 0.0, ()
    total_a = sum(_weight(mark) for mark, strength in mine.items() if strength == 1.0)
    total_b = sum(_weight(mark) for mark, strength in theirs.items() if strength == 1.0)
    score = sum(shared.values()) / max(_LEAST_EVIDENCE, (total_a * total_b) ** 0.5)
    return score, tuple(sorted(shared, key=lambda mark: (-shared[mark], mark)))


def _strengths(marks: frozenset[str], voices: frozenset[str]) -> dict[str, float]:
    return {
        bare: _WEAK if mark.startswith("~") else 1.0
        for mark in marks
        if mark[0] not in "^*" and ((bare := mark.removeprefix("~")) not in voices or bare.startswith("@"))
    }


def _weight(mark: str) -> float:
    if mark.startswith("!"):
        return _ACT_WEIGHT
    if mark in _EVERYWHERE:
        return _EVERYWHERE_WEIGHT
    return _ACTOR_WEIGHT if mark.startswith("@") else _THING_WEIGHT


def _meet(one: Interval, other: Interval) -> bool:
    return one.first <= other.last and other.first <= one.last


_FIRMNESS = {Precision.NONE: 0, Precision.VAGUE: 1, Precision.EXACT: 2}


def _says_it_better(statement: Statement, followup: FollowUp) -> bool:
    """Whether a telling is firmer in time than what is known, or as firm and names the speaker at last."""
    told = (_FIRMNESS[statement.precision], statement.speaker is not None)
    known = (_FIRMNESS[followup.precision], followup.speaker is not None)
    return told > known
