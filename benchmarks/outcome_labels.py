"""The labelled outcomes of a year of news: follow-ups, the items that show how they ended, and those that do not.

A label names items and characters, and quotes nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from benchmarks.material import SHARED
from watchers.expectations import expected_of
from watchers.followup_index import followup_of
from watchers.marks import marks_of
from watchers.matcher.match import read_item
from watchers.model import FollowUp, Telling
from watchers.resolutions import News, signs_of

YEAR = SHARED / "stream" / "events_2025.jsonl"
GOLD = SHARED / "gold" / "outcomes_2025.jsonl"
LABELS = Path(__file__).with_name("labels") / "outcomes_2025.jsonl"
LEAST_SHARED = 1.1
"""The weight a sentence must share with what is expected to be an example."""
NEAR_EVIDENCE = timedelta(days=2)
"""Sentences of other articles within this time of the evidence are no examples: they may tell of the same."""
FOLD = {"partly": "kept", "partly kept": "kept", "withdrawn": "broken"}
"""Outcomes that the scorer takes for one."""
UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Item:
    """One item of the year."""

    key: str
    day: date
    text: str


@dataclass(frozen=True, slots=True)
class Case:
    """A follow-up whose end is labelled: by which items it is told, and by which it seems to be and is not."""

    source: str
    at: int
    """The item that tells it, by its place in the year."""
    followup: FollowUp
    outcome: str
    evidence: frozenset[str]
    impostors: frozenset[str]


@dataclass(frozen=True, slots=True)
class Pair:
    """A sentence that shares something with a case, by the signs they are compared by."""

    case: Case
    news: News
    index: int
    item: Item
    signs: Mapping[str, float]
    done: bool | None
    """Whether it is evidence that it was done; None: not to learn from."""


def year() -> list[Item]:
    """Return the items of the year."""
    rows = map(json.loads, YEAR.read_text("utf-8").splitlines())
    return [Item(str(row["n"]), date.fromisoformat(row["date"]), row["text"]) for row in rows]


def cases(items: Sequence[Item]) -> list[Case]:
    """Return the labelled follow-ups that the matcher finds, the given ones first."""
    places = {item.key: at for at, item in enumerate(items)}
    found: dict[tuple[int, int], Case] = {}
    for source, key, start, end, outcome, evidence, impostors in (*_given(items, places), *_own()):
        at = places[key]
        followup = _followup(items[at], start, end, len(found) + 1)
        if followup is None:
            continue
        case = Case(source, at, followup, outcome, evidence, impostors)
        place = at, followup.tellings[0].statement.start
        found[place] = _joined(found[place], case) if place in found else case
    return list(found.values())


def _joined(known: Case, more: Case) -> Case:
    """Return two labels of one follow-up as one."""
    return replace(
        known,
        outcome=more.outcome if known.outcome == UNKNOWN else known.outcome,
        evidence=known.evidence | more.evidence,
        impostors=known.impostors | more.impostors,
    )


_Row = tuple[str, str, int, int, str, frozenset[str], frozenset[str]]


def _given(items: Sequence[Item], places: Mapping[str, int]) -> Iterator[_Row]:
    for row in map(json.loads, GOLD.read_text("utf-8").splitlines()):
        key = str(row["statement_n"])
        start = items[places[key]].text.find(row["quote"])
        told = frozenset({str(row["evidence_n"])} if row["evidence_n"] is not None else ())
        impostor = row["outcome"] == "none"
        outcome = UNKNOWN if impostor else row["outcome"]
        end = start + len(row["quote"])
        yield "given", key, start, end, outcome, frozenset() if impostor else told, told if impostor else frozenset()


def _own() -> Iterator[_Row]:
    for row in map(json.loads, LABELS.read_text("utf-8").splitlines()):
        evidence = frozenset(place["id"] for place in row["evidence"])
        impostors = frozenset(place["id"] for place in row["not"])
        yield "ours", row["id"], row["start"], row["end"], row["outcome"], evidence, impostors


def _followup(item: Item, start: int, end: int, number: int) -> FollowUp | None:
    """Return what the matcher finds at a labelled place, as a follow-up; None where it finds nothing there."""
    best = max(
        read_item(item.text, item.day), key=lambda each: min(end, each.end) - max(start, each.start), default=None
    )
    if best is None or min(end, best.end) <= max(start, best.start):
        return None
    published = datetime.combine(item.day, time(), UTC)
    marks = marks_of(best, title="", text=item.text)
    return followup_of(number, Telling("", None, "", best, published, item.day, marks))


def pairs(found: Iterable[Case], items: Sequence[Item], news: Sequence[News]) -> Iterator[Pair]:
    """Yield every sentence that comes after a case in its time and shares something with it."""
    for case in found:
        expected = expected_of(case.followup)
        days = [item.day for item in items if item.key in case.evidence]
        told: list[tuple[float, int, int, dict[str, float]]] = []
        for at in range(case.at + 1, len(items)):
            if items[at].day > expected.until:
                break
            if len(expected.weights.keys() & news[at].tokens) > 1:
                for index, sentence in enumerate(news[at].sentences):
                    shared = sum(weight for token, weight in expected.weights.items() if token in sentence.tones)
                    if shared >= LEAST_SHARED:
                        told.append((shared, at, index, signs_of(expected, news[at], sentence)))
        best = {items[at].key: (at, index) for _, at, index, _ in sorted(told, key=lambda each: each[0])}
        for _, at, index, signs in told:
            item = items[at]
            done = _done(case, item, (at, index) == best[item.key], days)
            yield Pair(case, news[at], index, item, signs, done)


def _done(case: Case, item: Item, best: bool, evidence_days: Sequence[date]) -> bool | None:  # noqa: FBT001  of a pair
    if FOLD.get(case.outcome, case.outcome) == "kept":
        if item.key in case.evidence:
            return True if best else None
        if item.key not in case.impostors and any(abs(item.day - day) <= NEAR_EVIDENCE for day in evidence_days):
            return None
    return None if case.outcome == UNKNOWN and item.key not in case.impostors else False
