"""`aide-memoire outcomes`: a stream of articles in, what became of each follow-up out, one JSON object a line.

The interface is stable: other programs read it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, time
from typing import BinaryIO

from bot.reading import Complain, Record, day_of, each_line, key_of, optional_text, text_of
from config.events import Event
from watchers.history import Change, Ended, Evidence, History
from watchers.marks import marks_of
from watchers.matcher.match import read_item
from watchers.model import Article
from watchers.rating import Outcome

OPEN = "open"
_NAMES = {Outcome.PARTLY: "partly"}
"""What the stable interface calls an outcome, where that is not its own name."""


def outcome_lines(source: BinaryIO, target: BinaryIO, complain: Complain, events: Sequence[Event] = ()) -> int:
    """Read articles and write what became of each follow-up told in them; return how many lines could not be used.

    `events` are those whose names stand for a day.

    In, in order of their days: `{"id", "date", "title", "outlet", "text"}`, of which title and outlet may be missing.
    Out, one for each follow-up: as soon as nothing more is expected to tell of it, and the rest at the end. What is
    open is compared with each article by an index, and memory is bounded (see `History`).
    """
    history = History()

    def answer(record: Record) -> Iterator[dict[str, object]]:
        key, article = key_of(record, "id"), _article(record)
        statements = read_item(article.text, article.day, events)
        told = [(each, marks_of(each, title=article.title, text=article.text)) for each in statements]
        history.read(key, article, told)
        yield from map(line_of, history.over(article.day))

    return each_line(source, target, complain, answer, lambda: map(line_of, history.rest()))


def _article(record: Record) -> Article:
    day = day_of(record, "date")
    published = datetime.combine(day, time(), UTC)
    title, outlet = optional_text(record, "title"), optional_text(record, "outlet")
    return Article(str(key_of(record, "id")), outlet, None, title, text_of(record), published, day)


def line_of(ended: Ended) -> dict[str, object]:
    """Return a follow-up and what became of it as the interface gives it."""
    due, evidence = ended.followup.due, ended.evidence
    return {
        "followup": f"f{ended.number}",
        "statements": [
            {"id": place.article, "start": told.start, "end": told.end, "quote": told.quote}
            for place in ended.places
            for told in (place.statement,)
        ],
        "kind": ended.followup.kind.value,
        "speaker": ended.followup.speaker,
        "due_start": due.first.isoformat() if due else None,
        "due_end": due.last.isoformat() if due else None,
        "history": [_change(change) for change in ended.changes],
        "outcome": _name(ended.outcome),
        "evidence": _place(evidence) if evidence is not None else None,
        "confidence": evidence.resolution.confidence if evidence is not None else 0.0,
        "reasons": list(evidence.resolution.reasons) if evidence is not None else [],
        "near": [_near(near) for near in ended.near],
    }


def _name(outcome: Outcome | None) -> str:
    return OPEN if outcome is None else _NAMES.get(outcome, outcome.value)


def _place(evidence: Evidence) -> dict[str, object]:
    found = evidence.resolution
    return {"id": evidence.article, "start": found.start, "end": found.end, "quote": found.quote}


def _near(evidence: Evidence) -> dict[str, object]:
    found = evidence.resolution
    return {
        **_place(evidence),
        "outcome": _name(found.outcome),
        "confidence": found.confidence,
        "reasons": list(found.reasons),
    }


def _change(change: Change) -> dict[str, object]:
    line: dict[str, object] = {"date": change.day.isoformat(), "what": change.what, "id": change.article}
    if change.due is not None:
        line |= {"due_start": change.due.first.isoformat(), "due_end": change.due.last.isoformat()}
    if change.outcome is not None:
        line["outcome"] = _name(change.outcome)
    return line
