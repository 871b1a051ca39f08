"""Reads a text that somebody shows for what is to come. Pure, but too slow for the event loop."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from bot.words import IN_ENGLISH
from config.events import Event
from watchers.matcher.match import read_article
from watchers.matcher.temporal import read_times
from watchers.model import Statement

LONGEST_SCANNED = 30_000
"""Characters that are read of one text: some five times a long newspaper article."""
_MOST_TIMES = 5


@dataclass(frozen=True, slots=True)
class Scan:
    """What was found in a text."""

    statements: tuple[Statement, ...]
    """In order of reading."""
    times: tuple[str, ...]
    """Where no statement was found: the first times the text names, word for word."""
    day: date
    """The day that relative times were counted from."""
    cut: bool
    """Whether the text went on beyond what is read."""


def scan(text: str, day: date, events: Sequence[Event] = ()) -> Scan:
    """Return what a text of `day` says of the future; `events` are those whose names stand for a day."""
    read = text[:LONGEST_SCANNED]
    statements = read_article(read, day, events)
    times = () if statements else tuple(dict.fromkeys(mention.text for mention in read_times(read, day)))
    return Scan(statements, times[:_MOST_TIMES], day, cut=len(text) > LONGEST_SCANNED)


def without_markup(text: str, zone: ZoneInfo) -> str:
    """Return a Discord message as plain sentences: timestamps as days in `zone`, no links, mentions or marks.

    Each line stands as a paragraph, as people write them.
    """
    worded = _TIMESTAMP.sub(lambda found: _day_in(found, zone), text)
    for pattern, replacement in _MARKS:
        worded = pattern.sub(replacement, worded)
    lines = (" ".join(line.split()) for line in worded.splitlines())
    return "\n\n".join(line for line in lines if line)


_TIMESTAMP = re.compile(r"<t:(-?\d{1,12})(?::[a-zA-Z])?>")
_MARKS = (
    (re.compile(r"<a?:\w{1,40}:\d{1,20}>|<(?:@[!&]?|#)\d{1,20}>"), ""),  # emoji of a server, mentions
    (re.compile(r"\[([^\[\]\n]{1,300})\]\(<?https?://[^\s()<>]{1,2000}>?\)"), r"\1"),
    (re.compile(r"<?https?://[^\s<>]{1,2000}>?"), ""),
    (re.compile(r"(?m)^\s*(?:>>>|>|#{1,3}|-#|[-*+]|\d{1,2}\.)\s+"), ""),
    (re.compile(r"(?<!\\)(?:```(?:\w{1,20}\n)?|`|\*{1,3}|(?<!\w)_{1,3}|_{1,3}(?!\w)|~~|\|\|)"), ""),
    (re.compile(r"\\(?=[^\w\s])"), ""),
)


def _day_in(found: re.Match[str], zone: ZoneInfo) -> str:
    try:
        moment = datetime.fromtimestamp(int(found[1]), UTC)
    except (ValueError, OverflowError, OSError):
        return ""
    return IN_ENGLISH.day(moment.astimezone(zone).date())  # the language that is read
