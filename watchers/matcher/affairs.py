"""Whether a passage is about international affairs, or about markets, courts, sport and the page around the article.

What speaks for it is weighed against what speaks against it, in the sentence first and in what stands around it.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable
from enum import Enum

from watchers.matcher.english import affairs as words
from watchers.matcher.english.actors import ACTOR_OF

_ENOUGH = 2
"""How many different states, bodies and words of diplomacy make a passage international; words of government
count as one of them."""

_WORD = re.compile(r"[^\W_]+(?:\.[A-Za-z])*")
_BOILERPLATE = re.compile(rf"(?<![\w-])(?:{words.BOILERPLATE})(?![\w-])", re.IGNORECASE)


class _Field(Enum):
    """What a word is evidence of."""

    ACTOR = "actor"
    DIPLOMACY = "diplomacy"
    STATECRAFT = "statecraft"
    PASTIME = "pastime"
    COMMERCE = "commerce"
    COURT = "court"
    HOME = "home"


# For each field: what a word weighs in the sentence itself, what one around it weighs, and the most either may add.
_WEIGHTS = {
    _Field.ACTOR: (2, 1, 6),
    _Field.DIPLOMACY: (3, 1, 6),
    _Field.STATECRAFT: (1, 1, 1),
    _Field.PASTIME: (-6, -3, 6),
    _Field.COMMERCE: (-4, -1, 4),
    _Field.COURT: (-5, -1, 5),
    _Field.HOME: (-3, -1, 4),
}
_INTERNATIONAL = frozenset((_Field.ACTOR, _Field.DIPLOMACY))


def _by_first_word(names: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Return phrases by their first word, the longest first."""
    found: dict[str, list[str]] = {}
    for name in names:
        first = _WORD.match(name)
        if first is not None:
            found.setdefault(first.group(), []).append(name)
    return {first: tuple(sorted(names, key=len, reverse=True)) for first, names in found.items()}


_NAMES = _by_first_word(ACTOR_OF)
_FIELD_OF = {
    **dict.fromkeys(words.DIPLOMACY, _Field.DIPLOMACY),
    **dict.fromkeys(words.STATECRAFT, _Field.STATECRAFT),
    **dict.fromkeys(words.PASTIMES, _Field.PASTIME),
    **dict.fromkeys(words.COMMERCE, _Field.COMMERCE),
    **dict.fromkeys(words.COURTS, _Field.COURT),
    **dict.fromkeys(words.HOME, _Field.HOME),
}
_PHRASES = _by_first_word(_FIELD_OF)

_Mark = tuple[_Field, str]


class _Openings(dict[str, tuple[tuple[str, ...], tuple[str, ...], str | None] | None]):
    """What may begin with each word as written: names, phrases and a stem; None for most words.

    Looked up once a word; forgotten all at once, so that no text can make it grow for ever.
    """

    def __missing__(self, word: str) -> tuple[tuple[str, ...], tuple[str, ...], str | None] | None:
        if len(self) > _REMEMBERED:
            self.clear()
        small = word.lower()
        stem = next((stem for stem in words.DIPLOMACY_STEMS if small.startswith(stem)), None)
        found = (_NAMES.get(word, ()), _PHRASES.get(small, ()), stem)
        self[word] = openings = found if any(found) else None
        return openings


_REMEMBERED = 20_000
_OPENINGS = _Openings()


class Affairs:
    """The words of one text that tell what it is about."""

    def __init__(self, text: str) -> None:
        """Keep the text; it is read when first asked about."""
        self._text = text
        self._marks: list[_Mark] = []
        self._starts: list[int] | None = None

    def international(self, sentence: tuple[int, int], around: Iterable[tuple[int, int]]) -> bool:
        """Tell whether a sentence is of international affairs, by its own words and those of the passages around it."""
        if self._starts is None:
            self._starts = self._read()
        own = self._between(sentence)
        near = {mark for span in around for mark in self._between(span)} - own
        seen = own | near
        governs = any(field is _Field.STATECRAFT for field, _ in seen)
        if sum(field in _INTERNATIONAL for field, _ in seen) + governs < _ENOUGH:
            return False
        balance = 0
        for field, (here, there, most) in _WEIGHTS.items():
            inside = here * sum(mark[0] is field for mark in own)
            outside = there * sum(mark[0] is field for mark in near)
            balance += max(-most, min(most, inside)) + max(-most, min(most, outside))
        return balance > 0

    def boilerplate(self, start: int, end: int) -> bool:
        """Tell whether a passage belongs to the page around the article."""
        return _BOILERPLATE.search(self._text, start, end) is not None

    def _between(self, span: tuple[int, int]) -> set[_Mark]:
        starts = self._starts or []
        return set(self._marks[bisect_left(starts, span[0]) : bisect_left(starts, span[1])])

    def _read(self) -> list[int]:
        starts = []
        for word in _WORD.finditer(self._text):
            openings = _OPENINGS[word.group()]
            mark = self._mark(word.start(), *openings) if openings is not None else None
            if mark is not None:
                starts.append(word.start())
                self._marks.append(mark)
        return starts

    def _mark(self, start: int, names: tuple[str, ...], phrases: tuple[str, ...], stem: str | None) -> _Mark | None:
        for name in names:
            if self._text.startswith(name, start):
                return _Field.ACTOR, ACTOR_OF[name]
        for phrase in phrases:
            end = start + len(phrase)
            if self._text[start:end].lower() == phrase and not self._text[end : end + 1].isalnum():
                return _FIELD_OF[phrase], phrase
        return (_Field.DIPLOMACY, stem) if stem is not None else None
