"""A record: what became of the dated commitments of a speaker, or of those about a country. Pure.

**What counts.** Commitments and deadlines that have a time, each once however many outlets told it: somebody bound
himself, or set a limit, and a day came on which one could look. Events and expectations bind nobody, and what has no
time cannot be late. A deadline that is set on others counts for the speaker as said: it is *kept* where those on whom
it was set met it, and *missed* where they let it pass. So the whole is told with both kinds apart, and whoever quotes
how well somebody keeps his own word takes the commitments alone. What was dismissed never was a commitment and does
not count.

**What settles it.** The last word of a person of the server, and nothing else. Silence is no evidence: what is past its
last day and not rated is open. What the bot settled by itself, and what the news suggests, stays open as well and is
counted apart.

**On time or late.** Measured by the first days that were set. Kept is on time up to the day after the last of them,
and late from then on; where the day of it is not known, rated as kept says kept in time. Kept after it was moved, by
people or by reports that it was postponed, is late, unless the day is known to have been in time all the same. What
people moved also counts as moved at least once; as *moved* alone counts what they moved and has not ended yet.

**Small numbers.** Below `ENOUGH` settled no share is given; from there on it comes with its Wilson 95 % interval.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from math import sqrt
from statistics import median_low

from watchers.model import Interval, Kind
from watchers.moves import moves_of
from watchers.rating import OURSELVES, Case, Outcome, Rating

KINDS = (Kind.COMMITMENT, Kind.DEADLINE)
"""What a record is of."""
ENOUGH = 10
"""So many must have been settled before a share of them is told."""
MOST = 5_000
"""A record counts the latest so many."""
_IN_TIME = timedelta(days=1)
"""How long after the last day something still counts as in time."""
_Z = 1.959964
"""The quantile of the normal distribution for 95 %."""


class Standing(StrEnum):
    """What became of one thing said. Each has exactly one."""

    KEPT = "kept_on_time"
    LATE = "kept_late"
    PARTLY = "partly_kept"
    MISSED = "missed"
    WITHDRAWN = "withdrawn"
    MOVED = "moved"
    """To another day, and not ended yet."""
    OPEN = "open"
    """Not rated yet by anybody, whether its last day has passed or not."""


SETTLED = (Standing.KEPT, Standing.LATE, Standing.PARTLY, Standing.MISSED, Standing.WITHDRAWN)
_DELAYED = {Standing.LATE, Standing.MOVED}
_STANDINGS = {
    Outcome.PARTLY: Standing.PARTLY,
    Outcome.BROKEN: Standing.MISSED,
    Outcome.WITHDRAWN: Standing.WITHDRAWN,
    Outcome.MOVED: Standing.MOVED,
}


@dataclass(frozen=True, slots=True)
class RecordWish:
    """Whose record is wanted; every None leaves that side open."""

    speaker: str | None = None
    """Words that must all stand in the speaker's name, without regard to case."""
    country: str | None = None
    """An ISO 3166-1 alpha-2 code of a country it concerns."""
    topic: str | None = None
    since: date | None = None
    """The earliest last day, as reports have it."""
    until: date | None = None
    """The latest last day, as reports have it."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing said, as it counts."""

    case: Case
    standing: Standing
    delay: int | None
    """Of what was kept late or is moved: days from the first last day to that day; None where it is not known."""
    was_moved: bool
    """Whether somebody said of it, at least once, that it was moved."""


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a whole with its Wilson 95 % interval, all but the counts from 0 to 1."""

    count: int
    of: int
    low: float
    high: float

    @property
    def part(self) -> float:
        """The share itself."""
        return self.count / self.of


@dataclass(frozen=True, slots=True)
class Tally:
    """How many there are of each standing."""

    counts: Mapping[Standing, int]

    def __getitem__(self, standing: Standing) -> int:
        """Return how many stand so."""
        return self.counts.get(standing, 0)

    @property
    def said(self) -> int:
        """All of them."""
        return sum(self.counts.values())

    @property
    def settled(self) -> int:
        """Those of which somebody said how they ended; what was moved has not ended."""
        return sum(self[standing] for standing in SETTLED)

    @property
    def kept(self) -> int:
        """Those kept in full, on time or late."""
        return self[Standing.KEPT] + self[Standing.LATE]

    @property
    def share_kept(self) -> Share | None:
        """Which part of the settled was kept in full, on time or late; None where they are too few."""
        return _share(self.kept, self.settled)

    @property
    def share_on_time(self) -> Share | None:
        """Which part of the settled was kept in full and on time; None where they are too few."""
        return _share(self[Standing.KEPT], self.settled)


@dataclass(frozen=True, slots=True)
class Record:
    """What became of what was said."""

    whole: Tally
    kinds: Mapping[Kind, Tally]
    """The same by kind, for each of `KINDS`."""
    months: Mapping[date, Tally]
    """The same by the month of the last day as reports have it, each called by its first day, in order."""
    speakers: Mapping[str | None, int]
    """How many each name said, the most first; None: nobody is named."""
    moved_at_all: int
    """How many were moved at least once, whatever became of them."""
    overdue: int
    """Of those open or moved: how many are past their last day."""
    delays: tuple[int, ...]
    """The known delays in days, in order; brought forward is below zero."""
    delayed: int
    """How many were kept late or are moved, whether it is known by how much or not."""
    suggested: Mapping[Outcome, int]
    """What the news suggests of those open or moved, for nobody has confirmed it."""
    by_ourselves: Mapping[Outcome, int]
    """What the bot settled by itself of those open or moved, for nobody has confirmed it."""
    left_out: int
    """How many more there are, earlier than those counted."""

    @property
    def median_delay(self) -> int | None:
        """The middle one of the known delays (the lower one of two), in days; None where none is known."""
        return median_low(self.delays) if self.delays else None


def entry_of(case: Case) -> Entry | None:
    """Return how a case counts; None where it does not."""
    followup, words = case.followup, _said_by_people(case)
    last = words[-1] if words else None
    if followup.due is None or followup.kind not in KINDS or (last is not None and last.outcome is Outcome.DISMISSED):
        return None
    told = moves_of(followup)
    first = told[0].was if told else followup.due
    moves = [word for word in words if word.outcome is Outcome.MOVED]
    ended_on = _ended_on(last, moves, followup.due if told else None)
    standing = _standing(last, first, ended_on, was_moved=bool(moves))
    delay = None if ended_on is None else (ended_on - first.last).days
    return Entry(case, standing, delay if standing in _DELAYED else None, bool(moves))


def recorded(cases: Iterable[Case], today: date, *, left_out: int = 0) -> Record:
    """Return the record that these cases make, as it stands on `today`."""
    entries = [entry for entry in map(entry_of, cases) if entry is not None]
    unended = [entry for entry in entries if entry.standing not in SETTLED]
    whose = Counter(entry.case.followup.speaker for entry in entries)
    return Record(
        whole=_tally(entries),
        kinds={kind: _tally([entry for entry in entries if entry.case.followup.kind is kind]) for kind in KINDS},
        months=_by_month(entries),
        speakers=dict(sorted(whose.items(), key=lambda one: (-one[1], one[0] or ""))),
        moved_at_all=sum(entry.was_moved for entry in entries),
        overdue=sum(_last_day(entry) < today for entry in unended),
        delays=tuple(sorted(entry.delay for entry in entries if entry.delay is not None)),
        delayed=sum(entry.standing in _DELAYED for entry in entries),
        suggested=_counted(entry.case.suggestion.clue.outcome for entry in unended if entry.case.suggestion),
        by_ourselves=_counted(
            rating.outcome
            for entry in unended
            if (rating := entry.case.rating) is not None and rating.wish.user_id == OURSELVES
        ),
        left_out=left_out,
    )


def wilson(count: int, of: int) -> tuple[float, float]:
    """Return the ends of the Wilson 95 % interval of a share; `of` is at least one."""
    part, square = count / of, _Z * _Z
    middle = (part + square / (2 * of)) / (1 + square / of)
    reach = _Z / (1 + square / of) * sqrt(part * (1 - part) / of + square / (4 * of * of))
    return max(0.0, middle - reach), min(1.0, middle + reach)


def _share(count: int, of: int) -> Share | None:
    return None if of < ENOUGH else Share(count, of, *wilson(count, of))


def _said_by_people(case: Case) -> Sequence[Rating]:
    return [rating for rating in case.ratings if rating.wish.user_id != OURSELVES]


def _ended_on(last: Rating | None, moves: Sequence[Rating], told: Interval | None) -> date | None:
    """Return the day it was kept, if known, else the last of the days it was moved to, by people or in the news."""
    if last is None:
        return None
    moved_to = next((move.wish.due for move in reversed(moves) if move.wish.due is not None), told)
    return last.wish.happened_on or (moved_to.last if moved_to is not None else None)


def _standing(last: Rating | None, first: Interval, ended_on: date | None, *, was_moved: bool) -> Standing:
    if last is None:
        return Standing.OPEN
    if last.outcome is not Outcome.KEPT:
        return _STANDINGS[last.outcome]
    late = was_moved if ended_on is None else ended_on > first.last + _IN_TIME
    return Standing.LATE if late else Standing.KEPT


def _last_day(entry: Entry) -> date:
    """Return the last day as it stands: where people moved it to, else as reports have it."""
    moves = (word.wish.due for word in reversed(_said_by_people(entry.case)))
    stands = next((due for due in moves if due is not None), entry.case.followup.due)
    return date.max if stands is None else stands.last


def _tally(entries: Iterable[Entry]) -> Tally:
    found = Counter(entry.standing for entry in entries)
    return Tally({standing: found[standing] for standing in Standing})


def _by_month(entries: Iterable[Entry]) -> Mapping[date, Tally]:
    months: dict[date, list[Entry]] = {}
    for entry in entries:
        if entry.case.followup.due is not None:
            months.setdefault(entry.case.followup.due.last.replace(day=1), []).append(entry)
    return {month: _tally(months[month]) for month in sorted(months)}


def _counted(outcomes: Iterable[Outcome]) -> Mapping[Outcome, int]:
    found = Counter(outcomes)
    return {outcome: found[outcome] for outcome in Outcome if found[outcome]}
