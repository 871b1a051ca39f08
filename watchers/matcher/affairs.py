"""Whether a passage is about international affairs, or about markets, courts, sport and the page around the article."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable

from watchers.matcher.english import cues
from watchers.matcher.english.actors import ACTOR_OF

_ENOUGH = 2
"""How many different states, bodies and words of diplomacy make a passage international."""

_WORD = re.compile(r"[^\W_]+(?:\.[A-Za-z])*")


def _any(phrases: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(r"(?<![\w-])(?:" + "|".join(phrases) + r")(?![\w-])", re.IGNORECASE)


_NEUTRAL = _any(cues.NEUTRAL)
_BOILERPLATE = _any(cues.BOILERPLATE)


def _by_first_word() -> dict[str, tuple[str, ...]]:
    """Return the names of actors by their first word, the longest first."""
    found: dict[str, list[str]] = {}
    for name in ACTOR_OF:
        first = _WORD.match(name)
        if first is not None:
            found.setdefault(first.group(), []).append(name)
    return {first: tuple(sorted(names, key=len, reverse=True)) for first, names in found.items()}


_NAMES = _by_first_word()


class Affairs:
    """The states, bodies and words of diplomacy in one text."""

    def __init__(self, text: str) -> None:
        """Keep the text; it is read when first asked about."""
        self._text = text
        self._marks: list[str] = []
        self._starts: list[int] | None = None

    def international(self, spans: Iterable[tuple[int, int]]) -> bool:
        """Tell whether the passages between these offsets speak of at least two such things."""
        if self._starts is None:
            self._starts = self._read()
        seen: set[str] = set()
        for start, end in spans:
            for index in range(bisect_left(self._starts, start), bisect_left(self._starts, end)):
                seen.add(self._marks[index])
                if len(seen) >= _ENOUGH:
                    return True
        return False

    def aside(self, start: int, end: int) -> bool:
        """Tell whether a passage is about markets, courts, sport, shows or weather, or belongs to the page itself."""
        return (
            _NEUTRAL.search(self._text, start, end) is not None
            or _BOILERPLATE.search(self._text, start, end) is not None
        )

    def _read(self) -> list[int]:
        starts = []
        for word in _WORD.finditer(self._text):
            mark = self._mark(word)
            if mark is not None:
                starts.append(word.start())
                self._marks.append(mark)
        return starts

    def _mark(self, word: re.Match[str]) -> str | None:
        written = word.group()
        for name in _NAMES.get(written, ()):
            if self._text.startswith(name, word.start()):
                return ACTOR_OF[name]
        small = written.lower()
        if small in cues.DIPLOMACY:
            return small
        if small in cues.STATECRAFT:
            return "statecraft"
        return next((stem for stem in cues.DIPLOMACY_STEMS if small.startswith(stem)), None)
