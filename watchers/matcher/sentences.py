"""Cuts an article's text into sentences, in one pass, with offsets into the text as given.

A line break ends a sentence unless the lines are merely wrapped. What opens a report and is no part of its
first sentence (a dateline, an agency's name in brackets) belongs to no sentence.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache

from watchers.matcher.english.speakers import ABBREVIATIONS, SPEECH_WORDS

_WRAPPED_LINE = 100  # columns; a paragraph with a longer line is not wrapped text
_FULL_LINE = 50  # columns; shorter lines than this are headings, verses or lists
_LONGEST_ABBREVIATION = 12

_PARAGRAPH_BREAK = re.compile(r"\n[^\S\n]*\n\s*|\r\n?[^\S\r\n]*\r\n?\s*|\u2029")
_STOP = re.compile(r"[.!?…\n\r\u2028。](?:(?<=[\n\r\u2028。])|(?<![.!?…][.!?…])[.!?…]*+[\"'”’»)\]]*+(?=\s))")
"""Full stops with the marks that close on them, and line breaks. Opens with one set of characters, not a choice of
patterns: so the engine skips what lies between."""
_NEXT = re.compile(r"\s*([\"'“‘«(\[—–-]*\s*)(\S)?")
_LAST_WORD = re.compile(r"[\w’'&.-]+\Z")
_INITIALS = re.compile(r"(?:[A-Za-z]\.)*[A-Za-z]\Z")
_SPEECH_TAIL = re.compile(
    r"\s+(?:[A-Z][\w’'.-]*\s+|(?:the|a|an|of|top|senior)\s+){1,6}(?:" + "|".join(sorted(SPEECH_WORDS)) + r")\b"
)
_DATELINE = re.compile(
    r"\s*(?:[A-Z][\w’'.-]*(?:[ /][A-Z][\w’'.-]*){0,3}(?:, [A-Z][\w’'. -]{1,25})?"
    r"(?:,? (?:\d{1,2} )?(?:Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sept?|Oct|Nov|Dec)[a-z]*\.?(?: \d{1,2})?,?)?\s*)?"
    r"\([A-Z][^()\n]{1,60}\)\s*(?:[-–—]+|:)?\s+(?=[\"“‘'A-Z])"
)
_SHOUTED_DATELINE = re.compile(
    r"\s*[A-Z][A-Z’'.-]{2,}(?:[ ,]+[A-Z][\w’'.-]*){0,4}(?:,? \d{1,2})?\s*[-–—]{1,2}\s+(?=\S)"
)
_LONGEST_DATELINE = 250
"""Characters in which one with brackets opens them."""
_HANDLED = "•*·-–—"


@dataclass(frozen=True, slots=True)
class Sentence:
    """Characters `start` to `end` (exclusive) of the text, in the paragraph of that number."""

    start: int
    end: int
    paragraph: int


@dataclass(frozen=True, slots=True)
class Reading:
    """A text in sentences and paragraphs, both in order."""

    sentences: tuple[Sentence, ...]
    paragraphs: tuple[tuple[int, int], ...]
    """Each paragraph's characters; a single line break makes a paragraph too, unless the line is wrapped."""

    def sentence_at(self, offset: int) -> int | None:
        """Return the index of the sentence that holds `offset`, or None between sentences."""
        index = bisect_right(self.sentences, offset, key=lambda sentence: sentence.start) - 1
        if index < 0 or offset >= self.sentences[index].end:
            return None
        return index


@lru_cache(maxsize=1)
def read_sentences(text: str) -> Reading:
    """Cut `text` into sentences and paragraphs; every offset is a position in `text`.

    The last text is remembered: an article is read for what is to come, and then for what was done.
    """
    sentences: list[Sentence] = []
    paragraphs: list[tuple[int, int]] = []

    def keep(begin: int, end: int, *, first: bool) -> None:
        begin, end = _trimmed(text, begin, end, first=first)
        if begin < end:
            sentences.append(Sentence(begin, end, len(paragraphs)))

    for block_start, block_end in _blocks(text):
        wrapped = _is_wrapped(text, block_start, block_end)
        line_start = begin = block_start
        for stop in _STOP.finditer(text, block_start, block_end):
            is_break = stop.group() in "\n\r\u2028"
            if is_break:
                if wrapped and not _ends_thought(text, begin, stop.start()):
                    continue
                if _runs_on(text, stop, block_end):
                    continue
            elif not _is_stop(text, stop, block_end):
                continue
            keep(begin, stop.end(), first=begin == line_start)
            begin = stop.end()
            if is_break and not wrapped:
                paragraphs.append((line_start, begin))
                line_start = begin
        keep(begin, block_end, first=begin == line_start)
        paragraphs.append((line_start, block_end))
    return Reading(tuple(sentences), tuple(paragraphs))


def _blocks(text: str) -> list[tuple[int, int]]:
    """Return what stands between blank lines."""
    blocks = []
    begin = 0
    for gap in _PARAGRAPH_BREAK.finditer(text):
        blocks.append((begin, gap.start()))
        begin = gap.end()
    blocks.append((begin, len(text)))
    return [block for block in blocks if block[0] < block[1]]


def _is_wrapped(text: str, start: int, end: int) -> bool:
    """Tell whether a block is prose broken into lines of a fixed width, judged by the block alone."""
    if text.find("\n", start, end) < 0:
        return False
    lines = text[start:end].splitlines()
    full = lines[:-1]
    return all(_FULL_LINE <= len(line) <= _WRAPPED_LINE for line in full) and len(lines[-1]) <= _WRAPPED_LINE


def _ends_thought(text: str, begin: int, end: int) -> bool:
    """Tell whether the line before a break ends a sentence by its own full stop."""
    return text[begin:end].rstrip().endswith((".", "!", "?", '."', ".”", '!"', "!”", '?"', "?”"))


def _runs_on(text: str, line_break: re.Match[str], end: int) -> bool:
    """Tell whether a line goes on in the next: no full stop before the break, a small letter after it."""
    following = text[line_break.end() : min(end, line_break.end() + 2)].lstrip()
    before = text[max(0, line_break.start() - 2) : line_break.start()].rstrip()
    return following[:1].islower() and before[-1:].isalnum()


def _is_stop(text: str, stop: re.Match[str], end: int) -> bool:  # noqa: PLR0911  a cascade of questions, each with its answer
    """Tell whether a full stop ends its sentence: not after an abbreviation, nor before a small letter."""
    following = _NEXT.match(text, stop.end(), end)
    if following is None or following.group(2) is None:
        return True
    first = following.group(2)
    mark = stop.group()
    if first.islower():
        return False
    if mark[0] in "!?" and len(mark) > 1 and _SPEECH_TAIL.match(text, stop.end(), min(end, stop.end() + 120)):
        return False
    if mark != ".":
        return True
    before = _LAST_WORD.search(text, max(0, stop.start() - _LONGEST_ABBREVIATION), stop.start())
    if before is None:
        return True
    word = before.group()
    if _INITIALS.fullmatch(word):
        # "J. Smith", "the U.S. Senate": one sentence; "in the U.S. The talks": two.
        return len(word) > 1 and _starts_afresh(text, stop.end(), end)
    return word.lower() not in ABBREVIATIONS


_AFRESH = re.compile(r"\s+(?:The|A|An|He|She|It|They|But|And|In|On|We|This|That|His|Her|Its|If|As)\s")


def _starts_afresh(text: str, position: int, end: int) -> bool:
    return _AFRESH.match(text, position, end) is not None


def _trimmed(text: str, begin: int, end: int, *, first: bool) -> tuple[int, int]:
    """Leave off the white space and bullets around a sentence, and a dateline before the first of a paragraph."""
    if first:
        bracketed = text.find("(", begin, min(end, begin + _LONGEST_DATELINE)) >= 0
        opening = _DATELINE.match(text, begin, end) if bracketed else None
        opening = opening or _SHOUTED_DATELINE.match(text, begin, end)
        if opening is not None:
            begin = opening.end()
    while begin < end and (text[begin].isspace() or (text[begin] in _HANDLED)):
        begin += 1
    while begin < end and text[end - 1].isspace():
        end -= 1
    return begin, end
