"""A small engine that finds phrases by rules over classes of words. Knows no language.

A text is cut into tokens once; a lexicon gives each known word a class, written as one character, so that the
whole text becomes one string of classes and every rule is a regular expression over that string. All rules are
tried in one pass, left to right; where two could match at the same place, the one that stands first in the
table wins. Patterns are written with class names, which may name one class, a choice of classes, or a fragment:
`THE? SHIFT UNIT`. They must not contain open-ended repeats, so that reading stays linear in the length of the text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, repeat
from typing import Final, Generic, NamedTuple, TypeVar

from watchers.matcher.phrase_search import first_characters

Meaning = TypeVar("Meaning")

_TOKEN: Final = re.compile(r"\w+\s*|\W\s*")
_NAME: Final = re.compile(r"[A-Z][A-Z0-9_]*")
UNKNOWN: Final = "~"
"""The class of words the lexicon does not know; patterns may name it UNKNOWN."""
_FIRST_CLASS: Final = 0x4E00  # a range with room for thousands of single characters that mean nothing in a pattern


class Word(NamedTuple):
    """What the lexicon says of a word: its class, and what it stands for."""

    kind: str
    meaning: object = None


_UNKNOWN_WORD: Final = Word("UNKNOWN")


class Parts:
    """The words of one match, found by class."""

    __slots__ = ("_words",)

    def __init__(self, words: Sequence[tuple[str, object]]) -> None:
        """Keep (class, meaning) of each known word, in order."""
        self._words = words

    def first(self, *kinds: str) -> object:
        """Return what the first word of any of these classes stands for, or None."""
        return next((meaning for kind, meaning in self._words if kind in kinds), None)

    def every(self, *kinds: str) -> list[object]:
        """Return what all words of these classes stand for, in order."""
        return [meaning for kind, meaning in self._words if kind in kinds]

    def has(self, *kinds: str) -> bool:
        """Return whether a word of any of these classes is there."""
        return any(kind in kinds for kind, _ in self._words)

    @property
    def words(self) -> Sequence[tuple[str, object]]:
        """All (class, meaning) pairs in order."""
        return self._words


@dataclass(frozen=True, slots=True)
class Rule(Generic[Meaning]):
    """A named rule: a pattern of classes, and what a match of it means (None: after all, nothing)."""

    name: str
    pattern: str
    build: Callable[[Parts], Meaning | None]


@dataclass(frozen=True, slots=True)
class Tokens:
    """A text cut into words and marks."""

    text: str
    words: Sequence[str]
    starts: Sequence[int]
    kinds: str
    """One character a token: its class, `UNKNOWN` where the lexicon does not know it."""

    def end(self, index: int) -> int:
        """Return the offset in the text at which token `index` ends."""
        return self.starts[index] + len(self.words[index])


class Found(NamedTuple, Generic[Meaning]):
    """One match: tokens `first` to `after` (exclusive) of the text."""

    rule: str
    meaning: Meaning
    first: int
    after: int


class Grammar(Generic[Meaning]):
    """A lexicon and a table of rules, compiled."""

    def __init__(
        self,
        lexicon: Mapping[str, Word],
        choices: Mapping[str, Iterable[str]],
        fragments: Mapping[str, str],
        rules: Sequence[Rule[Meaning]],
        triggers: Iterable[str],
    ) -> None:
        """Compile the rules; raise `ValueError` where a pattern names a class that does not exist.

        `triggers` are the classes of which every match of any rule has at least one within its first words: the
        rules are tried only where one is near.
        """
        kinds = sorted({word.kind for word in lexicon.values()})
        self._char = {kind: chr(_FIRST_CLASS + index) for index, kind in enumerate(kinds)}
        self._char["UNKNOWN"] = UNKNOWN
        self._lexicon = lexicon
        self._kind_of = {text: self._char[word.kind] for text, word in lexicon.items()}
        self._choices = {name: tuple(members) for name, members in choices.items()}
        self._fragments = fragments
        self._rules = {rule.name: rule for rule in rules}
        trigger = "".join(self._char[kind] for kind in triggers)
        filler = "".join(char for char in self._char.values() if char not in trigger and char != UNKNOWN)
        self._near = re.compile(f"[{filler}]{{0,{_TRIGGER_REACH}}}+[{trigger}]")
        self._beginning: dict[str, list[str]] = {char: [] for char in self._char.values()}
        for rule in rules:
            pattern = self.compile(rule.pattern)
            for char in first_characters(pattern):
                self._beginning[char].append(f"(?:{pattern})(?P<{rule.name}>)")
        self._patterns: dict[str, re.Pattern[str]] = {}
        self._known: dict[tuple[str, ...], tuple[Meaning | None, str]] = {}

    def compile(self, pattern: str) -> str:
        """Return the regular expression over class characters for a pattern of class names."""
        return _NAME.sub(lambda name: self._expand(name[0]), pattern).replace(" ", "")

    def _expand(self, name: str) -> str:
        if name in self._fragments:
            return f"(?:{self.compile(self._fragments[name])})"
        members = self._choices.get(name, (name,))
        try:
            chars = "".join(self._char[member] for member in members)
        except KeyError as error:
            message = f"no word has the class {error}"
            raise ValueError(message) from None
        return chars if len(chars) == 1 else f"[{chars}]"

    def cut(self, text: str) -> Tokens:
        """Cut a text into tokens and look each up; every step runs in C over the whole text."""
        pieces = _TOKEN.findall(text)
        words = list(map(str.rstrip, pieces))
        starts = list(accumulate(map(len, pieces), initial=0))
        kinds = "".join(map(self._kind_of.get, words, repeat(UNKNOWN)))
        return Tokens(text, words, starts, kinds)

    def find(self, tokens: Tokens) -> Iterator[Found[Meaning]]:
        """Yield the matches of all rules, left to right, none overlapping another."""
        words = tokens.words
        for match in self._matches(tokens.kinds):
            first, after = match.span()
            rule = match.lastgroup or ""
            key = (rule, *words[first:after])
            known = self._known.get(key)
            if known is None:
                known = (self._build(rule, key[1:]), rule)
                if len(self._known) < _CACHE:
                    self._known[key] = known
            if known[0] is not None:
                yield Found(rule, known[0], first, after)

    def _matches(self, kinds: str) -> Iterator[re.Match[str]]:
        """Yield where a rule fits, left to right: at each place only the rules that may begin so are tried."""
        at = 0
        for near in self._near.finditer(kinds):
            start, end = near.span()
            at = max(at, start)
            while at < end:
                match = self._beginning_with(kinds[at]).match(kinds, at)
                if match is None:
                    at += 1
                else:
                    yield match
                    at = match.end()

    def _beginning_with(self, kind: str) -> re.Pattern[str]:
        """Return the rules that may begin with a class, compiled when first asked for."""
        known = self._patterns.get(kind)
        if known is None:
            known = self._patterns[kind] = re.compile("|".join(self._beginning[kind]) or _NOTHING)
        return known

    def _build(self, rule: str, words: tuple[str, ...]) -> Meaning | None:
        known = [self._lexicon.get(word, _UNKNOWN_WORD) for word in words]
        return self._rules[rule].build(Parts([(word.kind, word.meaning) for word in known]))


_TRIGGER_REACH: Final = 10
"""How many words of a phrase may come before its first trigger: "more than one hundred and twenty-four" and a few."""
_NOTHING: Final = "(?!)"
"""Fits nowhere."""
_CACHE: Final = 20_000
"""How many different phrases are remembered with their meaning; news repeats a few thousand."""
