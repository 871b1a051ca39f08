"""`aide-memoire read` and `times`: articles in, what is found out, one JSON object a line.

What every command of the kind needs is here too. The interfaces are stable: other programs read them. A line that
cannot be used costs one complaint and the rest goes on; memory holds one line at a time (and, for `read`, the latest
follow-ups, whose number is bounded).
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import BinaryIO, TypeAlias

from config.events import Event
from config.problems import shown
from watchers.duplicates import Match
from watchers.followup_index import FollowUpIndex
from watchers.marks import marks_of
from watchers.matcher.codes import codes_of
from watchers.matcher.match import read_item
from watchers.matcher.temporal import read_times
from watchers.model import Codes, Statement, Telling, Timex

Complain: TypeAlias = Callable[[str], None]
Record: TypeAlias = Mapping[str, object]

LARGEST_LINE = 8_000_000
"""Bytes of one line of input, and of a file read for a person."""
LONGEST_TEXT = 1_000_000
"""Characters of one text: some fifty times a long newspaper article."""

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}(?:[T ].+)?", re.ASCII)
_FIRST_YEAR = 1900
_LAST_YEAR = 2200


@dataclass(frozen=True, slots=True)
class Retold:
    """A statement of the same article that another tells anew."""

    first: Statement
    reasons: tuple[str, ...]
    """What speaks for it, the strongest first."""
    against: tuple[str, ...]


class BadInputError(Exception):
    """A text, date or line cannot be used; `str()` says why and what would be right, in one line."""


def read_lines(source: BinaryIO, target: BinaryIO, complain: Complain, events: Sequence[Event] = ()) -> int:
    """Read articles and write their statements, line by line; return how many lines could not be used.

    `events` are those whose names stand for a day.

    In: `{"id", "date", "title", "outlet", "text"}`, of which title and outlet may be missing. Out, for each:
    `{"id", "statements": […]}`, with offsets in characters of `text`, and follow-ups numbered through the stream.

    However long the stream, memory stays flat: a follow-up that is long over, or of thousands the one told least
    recently, is forgotten, and gets a new number if it is told again (see `FollowUpIndex`). Articles in order of their
    days are matched best.
    """
    index = FollowUpIndex()

    def answer(record: Record) -> Iterator[dict[str, object]]:
        key = key_of(record, "id")
        day = day_of(record, "date")
        title, outlet = optional_text(record, "title"), optional_text(record, "outlet")
        text = text_of(record)
        published = datetime.combine(day, time(), UTC)
        statements = read_item(text, day, events)
        marks = [marks_of(statement, title=title, text=text) for statement in statements]
        placed = index.placed_together(
            [
                Telling(outlet, None, title, statement, published, day, about)
                for statement, about in zip(statements, marks, strict=True)
            ]
        )
        found = [
            {**_statement(statement, each.number, codes_of(statement, text)), "retells": _retells(each.match)}
            for statement, each in zip(statements, placed, strict=True)
        ]
        yield {"id": key, "statements": found}

    return each_line(source, target, complain, answer)


def retold_in(statements: Sequence[Statement], text: str, day: date, title: str = "") -> Mapping[Statement, Retold]:
    """Return which statements of an article tell an earlier one of it anew, and why."""
    index = FollowUpIndex()
    published = datetime.combine(day, time(), UTC)
    tellings = [
        Telling("", None, title, each, published, day, marks_of(each, title=title, text=text)) for each in statements
    ]
    first: dict[int, Statement] = {}
    found: dict[Statement, Retold] = {}
    for statement, placed in zip(statements, index.placed_together(tellings), strict=True):
        told = first.setdefault(index.number_of(placed.number), statement)
        if placed.match is not None and told is not statement:
            found[statement] = Retold(told, placed.match.reasons, placed.match.against)
    return found


def times_lines(source: BinaryIO, target: BinaryIO, complain: Complain) -> int:
    """Read documents and write their time expressions, line by line; return how many lines could not be used.

    In: `{"doc", "dct", "text"}`, where `dct` is the day the document was written. Out, one for each expression:
    `{"doc", "start", "end", "text", "type", "value"}`.
    """

    def answer(record: Record) -> Iterator[dict[str, object]]:
        document = key_of(record, "doc")
        day = day_of(record, "dct")
        for mention in read_times(text_of(record), day):
            yield {"doc": document, **_timex(mention.timex)}

    return each_line(source, target, complain, answer)


def parse_day(value: str) -> date:
    """Return a day written as YYYY-MM-DD, or that of an ISO 8601 instant as written; raise `BadInputError`."""
    try:
        day = datetime.fromisoformat(value).date() if _DAY.fullmatch(value) else None
    except ValueError:
        day = None
    if day is None or not _FIRST_YEAR <= day.year <= _LAST_YEAR:
        message = f"{shown(value)} is not a day between {_FIRST_YEAR} and {_LAST_YEAR}; write it as 2026-03-02"
        raise BadInputError(message)
    return day


def decode_text(raw: bytes) -> str:
    """Return the text of a plain text file; raise `BadInputError` where it is too large or no text."""
    if len(raw) > LARGEST_LINE:
        message = f"is larger than {LARGEST_LINE // 1_000_000} MB; give one article at a time"
        raise BadInputError(message)
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        message = "is not UTF-8 text; save it as plain text in UTF-8"
        raise BadInputError(message) from error
    if "\0" in text:
        message = "is a binary file; save the article as plain text"
        raise BadInputError(message)
    return _bounded(text)


def each_line(
    source: BinaryIO,
    target: BinaryIO,
    complain: Complain,
    answer: Callable[[Record], Iterator[dict[str, object]]],
    rest: Callable[[], Iterator[dict[str, object]]] = lambda: iter(()),
) -> int:
    """Answer a stream line by line, then write the `rest`; return how many lines could not be used."""
    unusable = 0
    for number, line in enumerate(_lines(source), start=1):
        try:
            if line is None:
                message = f"is larger than {LARGEST_LINE // 1_000_000} MB; split the text into articles"
                raise BadInputError(message)  # noqa: TRY301 - a line too long is a bad line like any other
            if not line.strip():
                continue
            answers = [_encoded(found) for found in answer(_record(line))]
        except BadInputError as fault:
            complain(f"line {number} {fault}")
            unusable += 1
            continue
        target.writelines(answers)
        target.flush()
    target.writelines(map(_encoded, rest()))
    target.flush()
    return unusable


def _lines(source: BinaryIO) -> Iterator[bytes | None]:
    """Yield the lines of a stream, None for one that is too large, without ever holding more than one."""
    while line := source.readline(LARGEST_LINE + 1):
        if len(line) <= LARGEST_LINE:
            yield line
            continue
        while line and not line.endswith(b"\n"):
            line = source.readline(LARGEST_LINE + 1)
        yield None


def _record(line: bytes) -> Record:
    try:
        record = json.loads(line.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        message = "is not UTF-8; write the file as UTF-8"
        raise BadInputError(message) from error
    except (ValueError, RecursionError) as error:
        where = f" at column {error.colno}: {error.msg}" if isinstance(error, json.JSONDecodeError) else ""
        message = f"is not JSON{where}; write one JSON object a line"
        raise BadInputError(message) from error
    if not isinstance(record, dict):
        message = "is JSON but no object; write it as {…}"
        raise BadInputError(message)
    return record


def key_of(record: Record, name: str) -> str | int:
    """Return what a line calls its article; raise `BadInputError`."""
    value = record.get(name)
    if isinstance(value, bool) or not isinstance(value, str | int):
        message = f'has no "{name}"; give each line one, as text or a number'
        raise BadInputError(message)
    return value


def day_of(record: Record, name: str) -> date:
    """Return the day a line gives under `name`; raise `BadInputError`."""
    value = record.get(name)
    if not isinstance(value, str):
        message = f'has no "{name}"; give the day it was written, such as "{name}": "2026-03-02"'
        raise BadInputError(message)
    try:
        return parse_day(value)
    except BadInputError as error:
        message = f'has a wrong "{name}": {error}'
        raise BadInputError(message) from error


def optional_text(record: Record, name: str) -> str:
    """Return the text a line gives under `name`, empty where it gives none; raise `BadInputError`."""
    value = record.get(name)
    if not isinstance(value, str | None):
        message = f'has a "{name}" that is no text; put it in quotes'
        raise BadInputError(message)
    return value or ""


def text_of(record: Record) -> str:
    """Return the article's text; raise `BadInputError`."""
    value = record.get("text")
    if not isinstance(value, str):
        message = 'has no "text"; give the article\'s text in quotes ("" where it is empty)'
        raise BadInputError(message)
    return _bounded(value)


def _bounded(text: str) -> str:
    if len(text) > LONGEST_TEXT:
        message = f"has a text of {len(text):,} characters, of which at most {LONGEST_TEXT:,} are read; split it"
        raise BadInputError(message)
    return text


def _statement(statement: Statement, followup: int, codes: Codes) -> dict[str, object]:
    due = statement.due
    return {
        "start": statement.start,
        "end": statement.end,
        "quote": statement.quote,
        "kind": statement.kind.value,
        "timex": _timex(statement.timex) if statement.timex else None,
        "due_start": due.first.isoformat() if due else None,
        "due_end": due.last.isoformat() if due else None,
        "precision": statement.precision.value,
        "speaker": statement.speaker,
        "conditional": statement.conditional,
        "rules": [*statement.rules, codes.rule],
        "followup": f"f{followup}",
        "edtf": codes.edtf,
        "cameo": codes.cameo,
        "plover": codes.plover,
        "speaker_country": codes.speaker_country,
        "countries": list(codes.countries),
    }


def _retells(match: Match | None) -> dict[str, object] | None:
    """Return why a statement tells a known follow-up anew, None where it opened one."""
    if match is None:
        return None
    was = match.moved
    return {
        "for": list(match.reasons),
        "against": list(match.against),
        "joins": [f"f{number}" for number in match.also],
        "moved_from": [was.first.isoformat(), was.last.isoformat()] if was else None,
    }


def _timex(timex: Timex) -> dict[str, object]:
    return {"start": timex.start, "end": timex.end, "text": timex.text, "type": timex.type, "value": timex.value}


def _encoded(found: dict[str, object]) -> bytes:
    try:
        return json.dumps(found, ensure_ascii=False).encode() + b"\n"
    except UnicodeEncodeError:  # half of a character, which JSON can carry only as \udXXX
        return json.dumps(found).encode() + b"\n"
