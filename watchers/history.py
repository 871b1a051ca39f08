"""A stream of articles as history: each follow-up with its tellings, its moves and how it ended. No I/O, no clock.

Memory is bounded: a follow-up is given out and forgotten once nothing more is expected to tell of it, as of the
article being read, and of very many open ones those that end first are given out early.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from heapq import heappop, heappush

from watchers.expectations import PATIENCE, Expected, expected_of
from watchers.followup_index import FollowUpIndex, followup_of
from watchers.model import Article, FollowUp, Interval, Statement, Telling
from watchers.open_index import OpenIndex, asked_by
from watchers.rating import SURE, Outcome
from watchers.resolutions import MOST_NEAR, News, Resolution, read_news, resolve

MOST_OPEN = 50_000
"""How many follow-ups are held at a time."""
_MOST_STATEMENTS = 200
"""How many tellings of one are given out: the first and the latest."""


@dataclass(frozen=True, slots=True)
class Place:
    """A statement in its article, which is named by its key in the stream."""

    article: str | int
    statement: Statement


@dataclass(frozen=True, slots=True)
class Evidence:
    """A suggestion with the article it was found in."""

    article: str | int
    day: date
    resolution: Resolution


@dataclass(frozen=True, slots=True)
class Change:
    """Something that happened to a follow-up on a day: `said`, `told again`, `moved` or `settled`."""

    day: date
    what: str
    article: str | int
    due: Interval | None = None
    """What it was due from then on, where it was said or moved; otherwise None."""
    outcome: Outcome | None = None


@dataclass(frozen=True, slots=True)
class Ended:
    """A follow-up that nothing more is expected of, or with which the stream ended."""

    number: int
    """By the order in which they were first told, from 1."""
    followup: FollowUp
    places: tuple[Place, ...]
    changes: tuple[Change, ...]
    outcome: Outcome | None
    """None: it is open, for nothing was found that is sure enough."""
    evidence: Evidence | None
    near: tuple[Evidence, ...]
    """Where it is open, what came closest, the likeliest first."""


@dataclass(slots=True)
class _Track:
    number: int
    followup: FollowUp
    expected: Expected
    places: list[Place] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    best: Evidence | None = None
    moved: Evidence | None = None
    """The telling that gave it the time it has."""
    near: list[Evidence] = field(default_factory=list)


class History:
    """What became of every follow-up of a stream, read once, in order of its days."""

    def __init__(self) -> None:
        """Start with nothing."""
        self._merging = FollowUpIndex()
        self._open = OpenIndex()
        self._tracks: dict[int, _Track] = {}
        self._number_of: dict[int, int] = {}
        """From the number the merging gives to ours: what was given out and is told again begins anew."""
        self._ends: list[tuple[date, int]] = []
        self._last = 0

    def __len__(self) -> int:
        """Return how many follow-ups are held."""
        return len(self._tracks)

    def read(self, key: str | int, article: Article, told: Sequence[tuple[Statement, frozenset[str]]]) -> None:
        """Read an article: what was `told` in it, each statement with its marks, and what it says of earlier ones."""
        before = self._last
        again: dict[int, set[int]] = {}
        for statement, marks in told:
            telling = Telling(article.outlet, None, article.title, statement, article.published, article.day, marks)
            number = self._tell(key, telling)
            again.setdefault(number, set()).add(statement.start)
        news = read_news(article.text, article.day, [statement for statement, _ in told])
        for number, sentences in self._open.near(asked_by(news)).items():
            if number <= before:
                self._weigh(key, news.of(sentences), self._tracks[number], again.get(number, set()))

    def over(self, day: date) -> Iterator[Ended]:
        """Give out and forget what nothing more is expected of on `day`, and what is too much, by their ends."""
        while self._ends and (self._ends[0][0] < day or len(self._tracks) > MOST_OPEN):
            end, number = heappop(self._ends)
            track = self._tracks.get(number)
            if track is None:
                continue
            if _end(track) > end and len(self._tracks) <= MOST_OPEN:
                heappush(self._ends, (_end(track), number))
                continue
            yield self._close(track)

    def rest(self) -> Iterator[Ended]:
        """Give out and forget everything, in the order in which it was first told."""
        for number in sorted(self._tracks):
            yield self._close(self._tracks[number])

    # --- telling ----------------------------------------------------------------------------------------------

    def _tell(self, key: str | int, telling: Telling) -> int:
        placed = self._merging.place(telling)
        number = self._number_of.get(placed)
        if number is None or number not in self._tracks:
            return self._begin(key, telling, placed)
        self._tell_again(key, telling, self._tracks[number])
        return number

    def _begin(self, key: str | int, telling: Telling, placed: int) -> int:
        self._last += 1
        followup = followup_of(self._last, telling)
        track = _Track(self._last, followup, expected_of(followup))
        track.places.append(Place(key, telling.statement))
        track.changes.append(Change(telling.day, "said", key, due=followup.due))
        self._number_of[placed] = track.number
        self._tracks[track.number] = track
        self._file(track)
        return track.number

    def _tell_again(self, key: str | int, telling: Telling, track: _Track) -> None:
        if len(track.places) >= _MOST_STATEMENTS:
            del track.places[_MOST_STATEMENTS // 2]
        track.places.append(Place(key, telling.statement))
        known, told = track.followup, telling.statement
        moves = known.due is not None and told.due is not None and not _meet(known.due, told.due)
        if moves or told.precision.firmness > known.precision.firmness:
            track.followup = replace(followup_of(track.number, telling), said_on=known.said_on)
            track.expected = expected_of(track.followup)
            self._file(track)
        if moves:
            track.best = None
            track.moved = Evidence(key, telling.day, _moving(told))
            track.changes.append(Change(telling.day, "moved", key, due=told.due))
        else:
            track.changes.append(Change(telling.day, "told again", key))

    def _file(self, track: _Track) -> None:
        self._open.put(track.number, track.expected)
        heappush(self._ends, (_end(track), track.number))

    # --- outcomes ---------------------------------------------------------------------------------------------

    def _weigh(self, key: str | int, news: News, track: _Track, told_again: set[int]) -> None:
        found = resolve(track.expected, news, told_again)
        if found is None:
            return
        evidence = Evidence(key, news.day, found)
        if found.confidence < SURE:
            closest: dict[str, Evidence] = {}
            for each in sorted((*track.near, evidence), key=lambda each: (-each.resolution.confidence, each.day)):
                closest.setdefault(each.resolution.quote, each)
            track.near = list(closest.values())[:MOST_NEAR]
        elif track.best is None or found.confidence > track.best.resolution.confidence:
            track.best = evidence
            if found.outcome is Outcome.MOVED:
                track.changes.append(Change(news.day, "moved", key, due=found.due))
                self._open.drop(track.number)  # its new time is followed where that is told

    def _close(self, track: _Track) -> Ended:
        self._tracks.pop(track.number)
        self._open.drop(track.number)
        changes = list(track.changes)
        evidence = track.best or track.moved
        outcome = evidence.resolution.outcome if evidence is not None else None
        if evidence is not None and outcome is not Outcome.MOVED:
            changes.append(Change(evidence.day, "settled", evidence.article, outcome=outcome))
        near = tuple(track.near) if evidence is None else ()
        ordered = tuple(sorted(changes, key=lambda change: change.day))
        return Ended(track.number, track.followup, tuple(track.places), ordered, outcome, evidence, near)


def _moving(told: Statement) -> Resolution:
    """Return a telling that gives another time as the evidence of the move."""
    reasons = ("it is told again for another time",)
    return Resolution(Outcome.MOVED, told.start, told.end, told.quote, SURE, reasons, told.due)


def _end(track: _Track) -> date:
    return max(track.expected.until, track.changes[-1].day + PATIENCE if len(track.places) > 1 else date.min)


def _meet(one: Interval, other: Interval) -> bool:
    return one.first <= other.last + timedelta(days=1) and other.first <= one.last + timedelta(days=1)
