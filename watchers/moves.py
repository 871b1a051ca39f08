"""Does a telling move a day that was set before? Pure.

"Postponed to May", "extended by 90 days", "brought forward": such a telling belongs to the follow-up it moves, which
takes the new days and keeps the old ones. Two tellings of different days without such words are two follow-ups.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from watchers.matcher.english.moves import CUES, UNDOING, Cue, Way
from watchers.model import FollowUp, Interval, Statement, Telling

_REMEMBERED = 4_000
"""How many quotes' cues are kept: each is compared with many others."""
RECALLED = timedelta(days=45)
"""How long after its last day a follow-up can still be told to have been moved."""


@dataclass(frozen=True, slots=True)
class Move:
    """A change of the days within which a follow-up is to happen."""

    was: Interval
    now: Interval
    cue: str
    """The name of the cue that says so (see english/moves.py)."""
    day: date
    """The day of the article that told of it."""
    outlet: str


def cue_in(statement: Statement) -> Cue | None:
    """Return the cue by which a dated statement moves a day, None where it moves none."""
    return _cue_in(statement.quote) if statement.due is not None else None


@lru_cache(maxsize=_REMEMBERED)
def _cue_in(quote: str) -> Cue | None:
    for cue in CUES:
        found = cue.pattern.search(quote)
        if found is not None and not UNDOING.search(quote[: found.start()]):
            return cue
    return None


def moves_to(telling: Telling, known: Interval | None) -> Cue | None:
    """Return the cue by which a telling moves what was due within `known`, None where it does not.

    The way it moves must be that of the cue. What was over long before cannot be moved.
    """
    cue, due = cue_in(telling.statement), telling.statement.due
    if cue is None or due is None or known is None or known == due or known.last + RECALLED < telling.day:
        return None
    later = (due.last, due.first) > (known.last, known.first)
    return cue if cue.way is Way.EITHER or (cue.way is Way.LATER) is later else None


def moves_of(followup: FollowUp) -> tuple[Move, ...]:
    """Return how the days of a follow-up were moved, the oldest change first, as its tellings have it."""
    return tuple(_moves(followup))


def _moves(followup: FollowUp) -> Iterator[Move]:
    known: Interval | None = None
    for telling in sorted(followup.tellings, key=lambda each: each.day):
        due = telling.statement.due
        cue = moves_to(telling, known)
        if cue is not None and known is not None and due is not None:
            yield Move(known, due, cue.name, telling.day, telling.outlet)
            known = due
        elif known is None:
            known = due
