"""New, or a known follow-up told again? Pure: it decides from statements alone, and says why.

Two tellings report one follow-up when the same actors are to do the same thing at compatible times. A new telling is
weighed against every telling of a follow-up (see evidence.py) and joins the one that most speaks for, if that is
enough. One that speaks for two joins them; one that moves the day (see moves.py) takes its follow-up to the new day.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from heapq import nlargest
from math import log
from typing import TypeVar

from watchers.evidence import (
    IMPOSSIBLE,
    MEMORY_DAYS,
    evidence,
    odds_from,
    odds_of,
    profile_of,
    shared_marks,
    weighed,
    weight_of,
)
from watchers.evidence_times import clash
from watchers.marks import handles
from watchers.matcher.english.moves import Cue
from watchers.model import FollowUp, Interval, Statement, Telling
from watchers.moves import RECALLED, cue_in, moves_to

T = TypeVar("T")

ENOUGH = -0.25
"""The logarithm of the odds from which on a telling repeats a follow-up: set, on labelled news, where wrong merges are
rare. A wrong one hides an alert, a missed one only repeats it."""
TO_JOIN = 0.8
"""The same for two known follow-ups to be one: more is asked, because nothing parts them again by itself."""
MOST_JUDGED = 12
"""How many candidates are weighed: those that share the most telling words."""
MOST_COMPARED = 16
"""How many tellings of a follow-up are weighed: those that share the most telling words."""

_NEARLY = 0.5
"""How much less may speak for another follow-up that a telling could show to be the same as the one it repeats."""
_BEST_SHARE = 0.6
"""How much the likest telling of a follow-up counts against the average of all of them."""
_CHANCE = 0.1
"""By how much more must speak for joining a larger follow-up, for each time its tellings grow e-fold: a wrong telling
in a large one is wrong many times, and among many tellings one is like any other by chance."""
_DATELESS = 0.2
"""By how much more must speak for what has no date: nothing but its words can tell it apart."""
_CLASH = 3.0
"""What it costs that one telling of a follow-up names another day as closely."""
_FAR_AHEAD = timedelta(days=3 * 366)
"""As far as what is moved can have been due."""


@dataclass(frozen=True, slots=True)
class Rulings:
    """What moderators decided, by the numbers of follow-ups; it outlives every new telling."""

    apart: frozenset[frozenset[int]] = frozenset()
    """Pairs that are never joined."""
    together: frozenset[frozenset[int]] = frozenset()
    """Pairs that are one, whatever speaks against it."""

    def part(self, one: int, other: int) -> bool:
        """Tell whether two follow-ups are held apart."""
        return frozenset((one, other)) in self.apart

    def hold(self, one: int, other: int) -> bool:
        """Tell whether two follow-ups are held together."""
        return frozenset((one, other)) in self.together


NO_RULINGS = Rulings()


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
    """Whether the follow-up should take the new telling's words and days."""
    reasons: tuple[str, ...]
    """What speaks for it, the strongest first: evidence by name, then the marks both carry."""
    against: tuple[str, ...] = ()
    """What speaks against it, the strongest first."""
    also: tuple[int, ...] = ()
    """Numbers of other candidates that this telling shows to be the same follow-up."""
    moved: Interval | None = None
    """The days the follow-up had until this telling moved them; None: it moves nothing."""


def probe(telling: Telling) -> Probe:
    """Return what to ask the store for, to find the follow-ups that a telling could repeat or move."""
    marks = handles(telling.marks)
    due = telling.statement.due
    if due is None:
        memory = timedelta(days=MEMORY_DAYS)
        return Probe(marks, Interval(telling.day - memory, telling.day + memory), undated=True)
    if cue_in(telling.statement) is not None:
        return Probe(marks, Interval(telling.day - RECALLED, telling.day + _FAR_AHEAD), undated=False)
    slack = timedelta(days=1)
    return Probe(marks, Interval(due.first - slack, due.last + slack), undated=False)


def find(telling: Telling, candidates: Sequence[FollowUp], rulings: Rulings = NO_RULINGS) -> Match | None:
    """Return the candidate that `telling` repeats, or None where it says something new.

    Among equally likely ones the oldest wins, so that the answer does not depend on the order of `candidates`.
    """
    nearest = nlargest(MOST_JUDGED, candidates, key=lambda followup: (_nearness(telling, followup), -followup.id))
    judged = [(_likely(telling, followup), -followup.id, followup) for followup in nearest]
    judged.sort(key=lambda verdict: verdict[:2], reverse=True)
    if not judged or judged[0][0] < ENOUGH:
        return None
    followup = judged[0][2]
    others = [other for odds, _, other in judged[1:] if odds >= ENOUGH - _NEARLY]
    also = _joined(telling, followup, others, rulings)
    also += tuple(one.id for one in candidates if one.id not in also and rulings.hold(one.id, followup.id))
    cue = _moving(telling, followup)
    return Match(
        followup,
        cue is not None or _says_it_better(telling.statement, followup),
        *_reasons(telling, followup, cue),
        also=tuple(sorted(also)),
        moved=followup.due if cue is not None else None,
    )


def _joined(telling: Telling, followup: FollowUp, others: Iterable[FollowUp], rulings: Rulings) -> tuple[int, ...]:
    """Return which other follow-ups are the same, now that one telling speaks for both."""
    together = (*followup.tellings, telling)
    found: list[int] = []
    for other in others:
        held_apart = any(rulings.part(other.id, number) for number in (followup.id, *found))
        if not held_apart and likeness(together, other.tellings) >= TO_JOIN:
            found.append(other.id)
            together += other.tellings
    return tuple(found)


def in_turn(
    tellings: Sequence[Telling], known: Callable[[Telling], T | None], opened: Callable[[Telling], T]
) -> tuple[T, ...]:
    """Return where each telling of one article is placed, by what repeats something `known` and what is `opened`.

    What repeats something known comes first, in whatever order it is told: it may show what else the article says to
    belong to it. So does whatever opens a follow-up.
    """
    placed: dict[int, T] = {}
    to_ask = deque(range(len(tellings)))
    for first in range(len(tellings)):
        while to_ask:
            at = to_ask.popleft()
            answer = known(tellings[at]) if at not in placed else None
            if answer is not None:
                placed[at] = answer
                to_ask.extend(_spoken_for(at, tellings))
        if first not in placed:
            placed[first] = opened(tellings[first])
            to_ask.extend(_spoken_for(first, tellings))
    return tuple(placed[at] for at in range(len(tellings)))


def _spoken_for(at: int, tellings: Sequence[Telling]) -> Iterator[int]:
    """Yield which other tellings of an article could be what this one tells."""
    one = tellings[at]
    for number, other in enumerate(tellings):
        moves = cue_in(one.statement) is not None or cue_in(other.statement) is not None
        if number != at and (moves or odds_of(one, other) >= ENOUGH):
            yield number


# --- how likely ----------------------------------------------------------------------------------------------


def likeness(ones: Sequence[Telling], others: Sequence[Telling]) -> float:
    """Return the logarithm of the odds that two sets of tellings report one follow-up."""
    nearest = [
        (one, other)
        for one in ones[-MOST_COMPARED:]
        for other in _nearest(one, others)[: max(1, MOST_COMPARED // len(ones[-MOST_COMPARED:]))]
    ]
    odds = [odds_of(one, other) for one, other in nearest]
    return _of_all(odds) - (_CLASH if any(clash(one, other) for one in ones for other in others) else 0.0)


def _likely(telling: Telling, followup: FollowUp) -> float:
    tellings = _nearest(telling, followup.tellings)
    cue = _moving(telling, followup)
    asked = _CHANCE * log(len(followup.tellings))
    if cue is not None:
        return _of_all([_odds_if_moved(telling, one) for one in tellings]) - asked
    asked += _DATELESS if telling.statement.due is None else 0.0
    odds = _of_all([odds_of(telling, one) for one in tellings]) - asked
    return odds - (_CLASH if _clashes(telling, followup) else 0.0)


def _odds_if_moved(telling: Telling, other: Telling) -> float:
    found = evidence(telling, other, moved=True)
    acts = found.get("another act", 0.0)
    if not found or (other.statement.due is None) or (acts and "one holds the other's words" not in found):
        return IMPOSSIBLE
    return odds_from(found)


def _of_all(odds: Sequence[float]) -> float:
    return _BEST_SHARE * max(odds) + (1 - _BEST_SHARE) * sum(odds) / len(odds)


def _clashes(telling: Telling, followup: FollowUp) -> bool:
    """Tell whether a follow-up is told to be on another day; one that was moved may be told with any of its days."""
    clashing = [clash(telling, one) for one in followup.tellings]
    moved = any(cue_in(one.statement) is not None for one in followup.tellings)
    return all(clashing) if moved else any(clashing)


def _moving(telling: Telling, followup: FollowUp) -> Cue | None:
    """Return the cue by which a telling moves the days of a follow-up, None where they agree already."""
    if any(one.statement.due == telling.statement.due for one in followup.tellings):
        return None
    return moves_to(telling, followup.due)


def _nearness(telling: Telling, followup: FollowUp) -> float:
    return max(_shared(telling, one) for one in followup.tellings[-MOST_COMPARED:])


def _nearest(telling: Telling, tellings: Sequence[Telling]) -> Sequence[Telling]:
    """Return the tellings that share the most with one; the same ones in whatever order they came."""
    if len(tellings) <= MOST_COMPARED:
        return tellings
    return nlargest(MOST_COMPARED, tellings, key=lambda one: (_shared(telling, one), sorted(one.marks)))


def _shared(telling: Telling, other: Telling) -> float:
    return sum([weight_of(mark) for mark in profile_of(telling).said & profile_of(other).said])


def _reasons(telling: Telling, followup: FollowUp, cue: Cue | None) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return what speaks for a match and against it, by the likest telling."""
    moved = cue is not None
    likest = max(followup.tellings, key=lambda one: (odds_of(telling, one), _shared(telling, one)))
    moving = weighed(evidence(telling, likest, moved=moved))
    said = (cue.name,) if cue is not None else ()
    reasons = (*said, *(name for name, by in moving if by > 0), *shared_marks(telling, likest))
    return reasons, tuple(name for name, by in moving if by < 0)


def says_more(told: Statement, known: Statement | FollowUp) -> bool:
    """Tell whether a statement is firmer in time than what is known, or as firm and names the speaker at last."""
    return (told.precision.firmness, told.speaker is not None) > (known.precision.firmness, known.speaker is not None)


def _says_it_better(statement: Statement, followup: FollowUp) -> bool:
    """Tell whether a follow-up should take a telling's words and days; one that was moved keeps its new days."""
    moved = any(cue_in(one.statement) is not None for one in followup.tellings)
    if moved and statement.due != followup.due:
        return False
    return says_more(statement, followup)
