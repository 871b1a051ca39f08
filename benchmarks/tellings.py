"""Tellings whose follow-ups we labelled: what the weights of merging are learnt from and judged by.

`labels/followups.jsonl` holds one telling a line: where it stands in a text beside the checkout (the real stream, or a
cluster of articles on one event), by offsets alone, what the matcher read there, and which follow-up it tells of. The
matcher was made to read with less evidence than usual, so that near misses are many. `half` says whether a telling may
be learnt from (`learn`) or only be judged by (`judge`); no story stands in both.

A third half, `fresh`, tells of what neither those two nor `merge_dev.jsonl` tell of, and was labelled before anything
was measured on it. Its stories hold follow-ups that are easily taken for one another (`story`): the same actors or the
same time, but another act, date or object. `part` 1 may be read and learnt from, `part` 2 only be judged by. The
matcher was made to read whatever lies ahead, of any affairs, and some undated tellings were marked by hand.
"""

from __future__ import annotations

import json
import tarfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from itertools import combinations
from pathlib import Path
from typing import Any

from benchmarks.material import SHARED, STREAM, stream
from watchers.evidence import evidence
from watchers.marks import marks_of
from watchers.matcher.match import read_article
from watchers.model import Interval, Kind, Precision, Statement, Telling, Timex

LABELS = Path(__file__).with_name("labels") / "followups.jsonl"
CLUSTERS = SHARED / "clusters.tar.xz"
HALVES = ("learn", "judge")
FRESH = ("fresh 1", "fresh 2")
"""The parts of the fresh half, as `Labelled.half` has them."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """A telling and the follow-up it tells of."""

    source: str
    followup: str
    half: str
    telling: Telling
    story: str = ""
    """What its follow-up is easily taken for another of; only the fresh half has stories."""

    def confusable(self, other: Labelled) -> bool:
        """Tell whether both are of one story and of two follow-ups."""
        return bool(self.story) and self.story == other.story and self.followup != other.followup


@dataclass(frozen=True, slots=True)
class Pair:
    """Two tellings that could be one, the evidence, and whether they are."""

    found: Mapping[str, float]
    one: Labelled
    other: Labelled

    @property
    def same(self) -> bool:
        """Whether both tell of one follow-up."""
        return self.one.followup == self.other.followup


def labelled() -> Sequence[Labelled]:
    """Return the labelled tellings, oldest first; none where the texts do not lie beside the checkout."""
    if not STREAM.is_file() or not CLUSTERS.is_file():
        return []
    texts = dict(_texts())
    rows = [json.loads(line) for line in LABELS.read_text("utf-8").splitlines()]
    found = [
        Labelled(row["source"], row["followup"], _half(row), _telling(row, *texts[row["id"]]), row.get("story", ""))
        for row in rows
    ]
    return sorted((*found, *_seeds()), key=lambda each: each.telling.day)


def _half(row: Mapping[str, Any]) -> str:
    return f"{row['half']} {row['part']}" if "part" in row else str(row["half"])


def _seeds() -> Iterator[Labelled]:
    """Yield the statements found in the three articles that the house began with; they may be learnt from."""
    for line in (SHARED / "gold" / "seeds.jsonl").read_text("utf-8").splitlines():
        seed = json.loads(line)
        day, text = date.fromisoformat(seed["date"]), seed["text"]
        group_of = {label["start"]: label["group"] for label in seed["items"]}
        for statement in read_article(text, day):
            marks = marks_of(statement, title=seed["title"], text=text)
            when = datetime.combine(day, time(), UTC)
            telling = Telling(seed["outlet"], None, seed["title"], statement, when, day, marks)
            yield Labelled("seeds", group_of.get(statement.start, ""), "learn", telling)


def pairs(tellings: Sequence[Labelled]) -> Iterator[Pair]:
    """Yield the pairs of one source, both dated or both undated, of which there is anything to weigh."""
    for one, other in combinations(tellings, 2):
        mine, theirs = one.telling.statement, other.telling.statement
        if one.source == other.source and (mine.due is None) == (theirs.due is None) and mine.quote != theirs.quote:
            found = evidence(one.telling, other.telling)
            if found:
                yield Pair(found, one, other)


def _texts() -> Iterator[tuple[str, tuple[date, str, str, str]]]:
    """Yield each text by its id: its day, outlet and headline, and what is read of it."""
    for item in stream():
        yield item.key, (item.day, item.outlet, item.title, item.text)
    with tarfile.open(CLUSTERS) as archive:
        for member in archive:
            found = archive.extractfile(member) if member.isfile() else None
            for row in json.load(found) if found is not None else ():
                title, text = row["title"], row["text"]
                whole = text if text.startswith(title[:30]) else f"{title}\n\n{text}"
                outlet = row.get("outlet") or row.get("source") or ""
                yield row["id"], (date.fromisoformat(row["date"]), outlet, title, whole)


def _telling(row: Mapping[str, Any], day: date, outlet: str, title: str, text: str) -> Telling:
    start, end = row["start"], row["end"]
    timex, due = None, None
    if row["due_end"] is not None:
        due = Interval(date.fromisoformat(row["due_start"]), date.fromisoformat(row["due_end"]))
    if row["timex_start"] is not None:
        words = text[row["timex_start"] : row["timex_end"]]
        timex = Timex(row["timex_start"], row["timex_end"], words, "DATE", due.last.isoformat() if due else "")
    statement = Statement(
        start,
        end,
        text[start:end],
        Kind(row["kind"]),
        timex,
        due,
        Precision(row["precision"]),
        row["speaker"],
        row["conditional"],
        tuple(row["rules"]),
    )
    marks = marks_of(statement, title=title, text=text)
    return Telling(outlet, None, title, statement, datetime.combine(day, time(), UTC), day, marks)
