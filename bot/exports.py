"""Follow-ups as tables and records for other programs: CSV (RFC 4180) and JSON. Pure."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from watchers.belongings import NOBODY
from watchers.matcher.codes import codes_of
from watchers.model import FollowUp
from watchers.rating import OURSELVES, Case, Clue, Rating
from watchers.record import entry_of

MOST_CASES = 10_000
OURS = "aide-memoire"
"""Who rated, where the bot did so by itself and nobody has confirmed it."""
FORGOTTEN = "forgotten"
"""Who rated or wrote, where they asked to be forgotten."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # noqa: RUF001 - as wide as some keyboards type
_BETWEEN = " | "
_COLUMNS = (
    *("id", "kind", "status", "quote", "speaker", "due_start", "due_end", "said_due_start", "said_due_end"),
    *("precision", "conditional", "topics", "said_on", "outlets", "links", "edtf", "cameo", "plover"),
    *("speaker_country", "countries", "rated", "rated_at", "rated_by", "ratings", "notes"),
    *("happened_on", "suggested", "suggested_confidence", "suggested_evidence", "suggested_url"),
)


Column = Callable[[Case], object]
"""What a cell of a column says of a follow-up."""


def _counts_as(case: Case) -> object:
    entry = entry_of(case)
    return entry and entry.standing.value


def _delay_days(case: Case) -> object:
    entry = entry_of(case)
    return entry and entry.delay


RECORD_COLUMNS: Mapping[str, Column] = {"counts_as": _counts_as, "delay_days": _delay_days}
"""What a table says of how each follow-up counts in a record."""


class Format(StrEnum):
    """How an export is written."""

    CSV = "csv"
    JSON = "json"


@dataclass(frozen=True, slots=True)
class Exported:
    """A file to hand out."""

    name: str
    content: bytes


def record_of(followup: FollowUp) -> dict[str, Any]:
    """Return a follow-up as nobody's, in the form of docs/interfaces.md."""
    due = followup.due
    told = next((t for t in followup.tellings if t.statement.quote == followup.quote), followup.tellings[0]).statement
    codes = codes_of(told, told.quote)  # the article's text is not kept: a speaker's country must stand in the quote
    sources = [
        {"outlet": telling.outlet, "url": telling.url, "title": telling.title, "date": telling.day.isoformat()}
        for telling in followup.tellings
    ]
    return {
        "id": followup.id,
        "kind": followup.kind.value,
        "quote": followup.quote,
        "speaker": followup.speaker,
        "due_start": due.first.isoformat() if due else None,
        "due_end": due.last.isoformat() if due else None,
        "precision": followup.precision.value,
        "conditional": followup.conditional,
        "topics": list(followup.topics),
        "said_on": followup.said_on.isoformat(),
        "sources": sources,
        "edtf": codes.edtf,
        "cameo": codes.cameo,
        "plover": codes.plover,
        "speaker_country": codes.speaker_country,
        "countries": list(codes.countries),
    }


def case_record(case: Case, today: date, topics: Mapping[str, str]) -> dict[str, Any]:
    """Return a follow-up as a server sees it on `today`: the record of it, with how it was rated and what was noted.

    `due_start` and `due_end` are where it was last moved to; `said_due_*` are as it was said. `topics` are names by id.
    """
    record = record_of(case.followup)
    due = case.due
    return {
        **record,
        # Which topics of other servers it fits is theirs to know.
        "topics": [topics.get(topic, topic) for topic in case.followup.topics if topic in topics or ":" not in topic],
        "due_start": due.first.isoformat() if due else None,
        "due_end": due.last.isoformat() if due else None,
        "said_due_start": record["due_start"],
        "said_due_end": record["due_end"],
        "status": case.status_on(today).value,
        "ratings": [_rating_record(rating) for rating in case.ratings],
        "notes": [
            {"text": note.text, "by": _by(note.user_id), "at": note.written_at.isoformat()} for note in case.notes
        ],
        "suggestion": _clue_record(case.suggestion.clue) if case.suggestion is not None else None,
    }


def as_json(cases: Sequence[Case], today: date, topics: Mapping[str, str], *, total: int) -> str:
    """Return one JSON document; `total` is how many there are, those left out included."""
    records = [case_record(case, today, topics) for case in cases]
    whole = {"day": today.isoformat(), "total": total, "followups": records}
    return f"{json.dumps(whole, ensure_ascii=False, indent=1)}\n"


def as_csv(
    cases: Sequence[Case], today: date, topics: Mapping[str, str], more: Mapping[str, Column] = MappingProxyType({})
) -> str:
    """Return a table with a line for each follow-up, and columns for what else is to be said of it.

    No cell can be taken for a formula by a spreadsheet.
    """
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow((*_COLUMNS, *more))
    for case in cases:
        cells = _cells(case_record(case, today, topics))
        own = [cells[column] for column in _COLUMNS]
        writer.writerow([_harmless(cell) for cell in (*own, *(cell_of(case) for cell_of in more.values()))])
    return file.getvalue()


def export_file(
    name: str, form: Format, cases: Sequence[Case], today: date, topics: Mapping[str, str], *, total: int, limit: int
) -> Exported | None:
    """Return an export as a file of at most `limit` bytes, zipped where it must be; None where that is too long too."""
    if form is Format.CSV:
        return table_file(name, as_csv(cases, today, topics), limit)
    return _fitting(f"{name}.{form}", as_json(cases, today, topics, total=total).encode("utf-8", "replace"), limit)


def table_file(name: str, table: str, limit: int) -> Exported | None:
    """Return a table as a file, as `export_file` does; it begins with the mark by which Excel tells UTF-8."""
    return _fitting(f"{name}.{Format.CSV}", table.encode("utf-8-sig", "replace"), limit)


def _fitting(name: str, content: bytes, limit: int) -> Exported | None:
    plain = Exported(name, content)
    if len(content) <= limit:
        return plain
    zipped = io.BytesIO()
    with zipfile.ZipFile(zipped, "w", zipfile.ZIP_DEFLATED) as archive:
        # A date of its own would make two archives of the same follow-ups differ.
        archive.writestr(zipfile.ZipInfo(plain.name), content, zipfile.ZIP_DEFLATED)
    packed = zipped.getvalue()
    return Exported(f"{name}.zip", packed) if len(packed) <= limit else None


def _by(user_id: int) -> str:
    """Return who did something, as text: JavaScript's numbers, and Excel's, are too short for Discord's ids."""
    return {OURSELVES: OURS, NOBODY: FORGOTTEN}.get(user_id) or str(user_id)


def _rating_record(rating: Rating) -> dict[str, Any]:
    due, happened_on = rating.wish.due, rating.wish.happened_on
    return {
        "outcome": rating.outcome.value,
        "by": _by(rating.wish.user_id),
        "at": rating.rated_at.isoformat(),
        "moved_to_start": due.first.isoformat() if due else None,
        "moved_to_end": due.last.isoformat() if due else None,
        "happened_on": happened_on.isoformat() if happened_on else None,
    }


def _clue_record(clue: Clue) -> dict[str, Any]:
    return {
        "outcome": clue.outcome.value,
        "confidence": clue.confidence,
        "evidence": clue.quote,
        "reasons": list(clue.reasons),
        "outlet": clue.outlet,
        "url": clue.url,
        "title": clue.title,
        "date": clue.day.isoformat(),
        "moved_to_start": clue.due.first.isoformat() if clue.due else None,
        "moved_to_end": clue.due.last.isoformat() if clue.due else None,
    }


def _cells(record: Mapping[str, Any]) -> dict[str, object]:
    ratings, sources = record["ratings"], record["sources"]
    last = ratings[-1] if ratings else None
    suggested = record["suggestion"]
    return {
        **record,
        "topics": _BETWEEN.join(record["topics"]),
        "outlets": _BETWEEN.join(dict.fromkeys(source["outlet"] for source in sources)),
        "links": _BETWEEN.join(dict.fromkeys(source["url"] for source in sources if source["url"])),
        "countries": _BETWEEN.join(record["countries"]),
        "rated": last and last["outcome"],
        "rated_at": last and last["at"],
        "rated_by": last and last["by"],
        "ratings": len(ratings),
        "notes": _BETWEEN.join(note["text"] for note in record["notes"]),
        "happened_on": last and last["happened_on"],
        "suggested": suggested and suggested["outcome"],
        "suggested_confidence": suggested and suggested["confidence"],
        "suggested_evidence": suggested and suggested["evidence"],
        "suggested_url": suggested and suggested["url"],
    }


def _harmless(cell: object) -> object:
    """Return a cell that no spreadsheet computes: text that begins like a formula gets an apostrophe before it."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, str):
        text = cell.replace("\0", "")
        return f"'{text}" if text.lstrip(" ").startswith(_FORMULA) else text
    return cell
