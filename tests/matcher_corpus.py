"""The passages the matcher is judged by, and the judge: what is wrong with what it reads in one.

The passages stand in `tests/corpus/`, a file for each kind and for each group of reasons to read nothing.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from watchers.matcher.match import read_article
from watchers.model import Interval, Kind, Precision, Statement

FOLDER: Final = Path(__file__).parent / "corpus"
POSITIVE_FILES: Final = ("deadlines", "commitments", "events", "expectations", "undated")
NEUTRAL_FILE: Final = "negatives_neutral"
ROWS: Final = frozenset(
    (
        *("today", "weekday", "by", "before", "next-weekday", "this-week", "next-week", "part-of-next-week"),
        *("part-of-month", "end-of", "start-of", "weekend", "within", "in", "n-day-deadline", "n-to-m", "hours"),
        *("couple", "days", "weeks", "months", "fortnight", "season", "quarter", "year-end", "named-day", "from"),
        *("range", "calendar", "deadline-of", "before-event", "after-event", "at-event", "as-early-as", "takes"),
        *("counted-from", "sunday-week", "near-future", "fiscal-year", "undated"),
    )
)
"""The rows of the interval table, in its order, and `undated` for what has no time at all."""

LEAD: Final = "Diplomats from Russia, Iran and the United States met at the United Nations in Geneva.\n\n"
"""Stands above each negative but the neutral ones: it is to be passed over for what it says, not for its subject."""


@dataclass(frozen=True, slots=True)
class Label:
    """What is to be read in a passage."""

    row: str
    kind: Kind
    time: str
    """The time expression without its preposition; empty where the statement is undated."""
    due: Interval | None
    precision: Precision
    speaker: str
    """Empty for the reporter's own voice."""
    conditional: bool


@dataclass(frozen=True, slots=True)
class Passage:
    """One to three sentences with what they say of the future."""

    file: str
    text: str
    published: date
    why: str
    """Why nothing is to be read in it; empty where something is."""
    label: Label | None
    known_gap: bool


def passages(file: str) -> tuple[Passage, ...]:
    """Return the passages of `tests/corpus/FILE.toml` in their order."""
    entries = tomllib.loads((FOLDER / f"{file}.toml").read_text("utf-8"))["passage"]
    return tuple(_passage(file, entry) for entry in entries)


def files() -> tuple[str, ...]:
    """Return the names of the corpus's files, the positive ones first."""
    return (*POSITIVE_FILES, *sorted(path.stem for path in FOLDER.glob("negatives_*.toml")))


def faults(passage: Passage) -> tuple[str, ...]:
    """Return what is wrong with what the matcher reads in a passage; empty where all is right."""
    lead = "" if passage.label or passage.file == NEUTRAL_FILE else LEAD
    read = read_article(lead + passage.text, passage.published)
    if passage.label is None:
        return tuple(f"reads a {found.kind}: {found.timex.text if found.timex else 'undated'}" for found in read)
    if len(read) != 1:
        return (f"reads {len(read)} statements, not one",)
    return tuple(_differences(passage.label, read[0]))


def same_speaker(expected: str, read: str) -> bool:
    """Tell whether two names are of one speaker: each word of the one is in the other, whatever their case."""
    names = [frozenset(re.findall(r"\w+", name.lower())) - {"the", "a", "an", "s"} for name in (expected, read)]
    if not all(names):
        return not any(names)
    return names[0] <= names[1] or names[1] <= names[0]


def _differences(label: Label, read: Statement) -> list[str]:
    time, speaker = read.timex.text if read.timex else "", read.speaker or ""
    found = []
    if not (
        (label.time.lower() in time.lower() or time.lower() in label.time.lower()) and bool(time) == bool(label.time)
    ):
        found.append(f"time {time!r}, not {label.time!r}")
    if read.due != label.due:
        found.append(f"due {_days(read.due)}, not {_days(label.due)}")
    if read.precision is not label.precision:
        found.append(f"precision {read.precision}, not {label.precision}")
    if read.kind is not label.kind:
        found.append(f"kind {read.kind}, not {label.kind}")
    if not same_speaker(label.speaker, speaker):
        found.append(f"speaker {speaker!r}, not {label.speaker!r}")
    if read.conditional is not label.conditional:
        found.append(f"conditional {read.conditional}, not {label.conditional}")
    return found


def _days(due: Interval | None) -> str:
    return f"{due.first}/{due.last}" if due else "none"


def _passage(file: str, entry: dict[str, Any]) -> Passage:
    label = None
    if file in POSITIVE_FILES:
        due = Interval(entry["due_start"], entry["due_end"]) if entry["time"] else None
        label = Label(
            entry["row"],
            Kind(entry["kind"]),
            entry["time"],
            due,
            Precision(entry["precision"]),
            entry["speaker"],
            entry["conditional"],
        )
    return Passage(file, entry["text"], entry["published"], entry.get("why", ""), label, entry.get("known_gap", False))
