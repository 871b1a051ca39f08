"""Where words stand between double quotation marks, in one pass over the text."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

_MARK = re.compile(r"[\"“”„«»'`](?:(?<!['`])|(?<=')'|(?<=`)`)")
_OPENING = frozenset("“„«")
_CLOSING = frozenset("”»")


@dataclass(frozen=True, slots=True)
class Quote:
    """Characters `start` to `end` (exclusive), the marks included."""

    start: int
    end: int
    runs_on: bool
    """The paragraph ended before the quote was closed: the next paragraph's quote is the same mouth's."""


class Quotes:
    """The quoted passages of one text."""

    def __init__(self, text: str, paragraphs: Sequence[tuple[int, int]]) -> None:
        """Find them, paragraph by paragraph: a quote never reaches past the paragraph it was opened in."""
        marks = list(_MARK.finditer(text))
        starts = [mark.start() for mark in marks]
        found: list[Quote] = []
        for start, end in paragraphs if marks else ():
            first, last = bisect_left(starts, start), bisect_left(starts, end)
            if first < last:
                found += _quotes_in(text, start, end, marks[first:last])
        self._quotes = tuple(found)
        self._starts = [quote.start for quote in self._quotes]

    def at(self, offset: int) -> Quote | None:
        """Return the quote that holds `offset`, or None."""
        index = bisect_right(self._starts, offset) - 1
        if index < 0 or offset >= self._quotes[index].end:
            return None
        return self._quotes[index]


def _looks_closing(text: str, at: int, start: int, end: int) -> bool:
    """Tell whether a straight mark can only close: a word or stop before it, none after."""
    before = text[at - 1] if at > start else " "
    after = text[at + 1] if at + 1 < end else " "
    return not before.isspace() and before not in "([—–-" and not after.isalnum()


def _quotes_in(text: str, start: int, end: int, marks: Sequence[re.Match[str]]) -> list[Quote]:
    """Return the quotes of a paragraph, from its quotation marks."""
    found: list[Quote] = []
    opened: int | None = None
    for mark in marks:
        sign = mark.group()
        if sign == '"' and _looks_closing(text, mark.start(), start, end):
            if opened is not None:
                found.append(Quote(opened, mark.end(), runs_on=False))
                opened = None
        elif opened is None:
            if sign not in _CLOSING:
                opened = mark.start()
        elif sign not in _OPENING:
            found.append(Quote(opened, mark.end(), runs_on=False))
            opened = None
    if opened is not None:
        found.append(Quote(opened, end, runs_on=True))
    return found
