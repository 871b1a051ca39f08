"""Whether a passage is about international affairs, or about markets, courts, sport and the page around the article.

What speaks for it is weighed against what speaks against it, in the sentence first and in what stands around it.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import compress

from watchers.matcher.english import affairs as words
from watchers.matcher.english.actors import ACTOR_OF
from watchers.matcher.english.phrases import tokens_of

_ENOUGH = 2
"""How many different states, bodies and words of diplomacy make a passage international; words of government
count as one of them."""
_HOPELESS = -4
"""A balance at or below this leaves no doubt that a passage is about something else. Above it the doubt is weighed
with everything else: the custody of a child may pass between states."""

_WORD = re.compile(r"\w+")
"""As texts are cut into tokens: "U.S." begins with "U"."""
_BOILERPLATE = re.compile(rf"(?<![\w-])(?:{words.BOILERPLATE})(?![\w-])")
"""For words in small letters: so it is searched for three times as fast."""


@dataclass(frozen=True, slots=True, eq=False)
class _Field:
    """What words are evidence of: what one weighs in the sentence itself and around it, and the most either may add."""

    name: str
    here: int
    around: int
    most: int


_ACTOR = _Field("actor", 2, 1, 6)
_DIPLOMACY = _Field("diplomacy", 3, 1, 6)
_STATECRAFT = _Field("statecraft", 1, 1, 1)
_PASTIME = _Field("pastime", -6, -3, 6)
_COMMERCE = _Field("commerce", -4, -1, 4)
_COURT = _Field("court", -5, -1, 5)
_HOME = _Field("home", -3, -1, 4)


@dataclass(frozen=True, slots=True, eq=False)
class _Mark:
    """A piece of evidence; there is one for each actor, phrase and stem, so that it is compared by identity."""

    field: _Field


def _by_first_word(names: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Return phrases by their first word, the longest first."""
    found: dict[str, list[str]] = {}
    for name in names:
        first = _WORD.match(name)
        if first is not None:
            found.setdefault(first.group(), []).append(name)
    return {first: tuple(sorted(names, key=len, reverse=True)) for first, names in found.items()}


_NAMES = _by_first_word(ACTOR_OF)
_MARK_OF_ACTOR = {code: _Mark(_ACTOR) for code in set(ACTOR_OF.values())}
_MARK_OF_PHRASE = {
    phrase: _Mark(field)
    for field, phrases in (
        (_DIPLOMACY, words.DIPLOMACY),
        (_STATECRAFT, words.STATECRAFT),
        (_PASTIME, words.PASTIMES),
        (_COMMERCE, words.COMMERCE),
        (_COURT, words.COURTS),
        (_HOME, words.HOME),
    )
    for phrase in phrases
}
_PHRASES = _by_first_word(_MARK_OF_PHRASE)
_MARK_OF_STEM = {stem: _Mark(_DIPLOMACY) for stem in words.DIPLOMACY_STEMS}
_FIELDS = (_ACTOR, _DIPLOMACY, _STATECRAFT, _PASTIME, _COMMERCE, _COURT, _HOME)


_Opening = tuple[tuple[str, ...], tuple[str, ...], str | None] | None


class _Openings(dict[str, _Opening]):
    """What may begin with each word: names, phrases and a stem; None for most words.

    Looked up once a word; forgotten all at once, so that no text can make it grow for ever.
    """

    def __missing__(self, word: str) -> _Opening:
        if len(self) > _REMEMBERED:
            self.clear()
        small = word.lower()
        begins = small.startswith(words.DIPLOMACY_STEMS)  # asked of all at once: most words begin with none
        stem = next(stem for stem in words.DIPLOMACY_STEMS if small.startswith(stem)) if begins else None
        found = (_NAMES.get(word, ()), _PHRASES.get(small, ()), stem)
        openings = found if any(found) else None
        if len(word) <= _LONGEST_REMEMBERED:
            self[word] = openings
        return openings


_LONGEST_REMEMBERED = 40
"""Characters."""
_REMEMBERED = 20_000
_OPENINGS = _Openings()


def _balance(inside: int, outside: int, field: _Field) -> int:
    """Return what so many different words of a field say, in a sentence and around it."""
    here, around = field.here * inside, field.around * outside
    return max(-field.most, min(field.most, here)) + max(-field.most, min(field.most, around))


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a sentence and what stands around it are about: how many different words of each field they hold."""

    inside: Mapping[str, int]
    outside: Mapping[str, int]
    count: int
    """How many different states, bodies and words of diplomacy speak for affairs between states."""
    balance: int
    """What speaks for affairs between states less what speaks for markets, courts, sport and home matters."""

    @property
    def plain(self) -> bool:
        """Whether they plainly tell of affairs between states."""
        return self.count >= _ENOUGH and self.balance > 0

    @property
    def possible(self) -> bool:
        """Whether they may tell of affairs between states, though markets, courts or home matters stand beside."""
        if self.balance > 0 or self.count < _ENOUGH:
            return self.plain
        states = _DIPLOMACY.name in self.inside or _DIPLOMACY.name in self.outside
        return self.balance > _HOPELESS and (states or _PASTIME.name not in self.inside)


class Affairs:
    """The words of one text that tell what it is about."""

    def __init__(self, text: str) -> None:
        """Keep the text; it is read when first asked about."""
        self._text = text
        self._marks: list[_Mark] = []
        self._starts: list[int] | None = None

    def evidence(self, sentence: tuple[int, int], around: Iterable[tuple[int, int]]) -> Evidence:
        """Return what the words of a sentence, and those of the passages around it, say of what it is about."""
        if self._starts is None:
            self._starts = self._read()
        own = self._between(sentence)
        near = set[_Mark]().union(*(self._between(span) for span in around)) - own
        inside = Counter(mark.field for mark in own)
        outside = Counter(mark.field for mark in near)
        governs = _STATECRAFT in inside or _STATECRAFT in outside
        return Evidence(
            {field.name: count for field, count in inside.items()},
            {field.name: count for field, count in outside.items()},
            sum(seen[field] for seen in (inside, outside) for field in (_ACTOR, _DIPLOMACY)) + governs,
            sum(_balance(inside[each], outside[each], each) for each in _FIELDS),
        )

    def boilerplate(self, start: int, end: int) -> bool:
        """Tell whether a passage belongs to the page around the article."""
        return _BOILERPLATE.search(self._text[start:end].lower()) is not None

    def _between(self, span: tuple[int, int]) -> set[_Mark]:
        starts = self._starts or []
        return set(self._marks[bisect_left(starts, span[0]) : bisect_left(starts, span[1])])

    def _read(self) -> list[int]:
        tokens = tokens_of(self._text)
        starts = []
        begun = list(map(_OPENINGS.__getitem__, tokens.words))
        for start, openings in compress(zip(tokens.starts, begun, strict=False), begun):
            if openings is not None and (mark := self._mark(start, *openings)) is not None:
                starts.append(start)
                self._marks.append(mark)
        return starts

    def _mark(self, start: int, names: tuple[str, ...], phrases: tuple[str, ...], stem: str | None) -> _Mark | None:
        for name in names:
            if self._text.startswith(name, start):
                return _MARK_OF_ACTOR[ACTOR_OF[name]]
        for phrase in phrases:
            end = start + len(phrase)
            if self._text[start:end].lower() == phrase and not self._text[end : end + 1].isalnum():
                return _MARK_OF_PHRASE[phrase]
        return _MARK_OF_STEM[stem] if stem is not None else None
