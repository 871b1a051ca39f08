"""Whom an article means by a capital, "the two countries", "its government", "the alliance": bodies named twice."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from operator import itemgetter

from watchers.matcher.english.actors import ACTOR_OF, SEATS, STATE_NAMES
from watchers.matcher.english.speakers import (
    GROUP_NOUNS,
    GROUP_OPENERS,
    NICKNAMES,
    PEOPLE_NOUNS,
    PORTFOLIOS,
    REPEATED_HEADS,
)
from watchers.matcher.names import Names, split_titles
from watchers.matcher.phrases import POSSESSIVE, phrase_after, phrase_before, tidy, unarticled

_FAR = 2500
"""Characters looked back for the parties meant."""
_MOST_PAIRS = 40
_OWNERS = frozenset(("its", "their"))
_LISTED = re.compile(r"([A-Z][\w.’'-]*(?: [A-Z][\w.’'-]*){0,2}), \Z")
_ACTOR_WORD = re.compile(r"[A-Z][\w.]*(?: (?:[A-Z][\w.]*|of))*")
_OPENING = re.compile(r"(?:\A|[.!?\n][\"”]?\s*|\) - |— )[A-Z][^,.;]*\Z")
_OPENING_WIDTH = 60
_NAME_WORD_BEFORE = re.compile(r"(?:[A-Z][\w.’'-]*|" + "|".join(sorted(PORTFOLIOS)) + r")(?: (?:and|of|for))?\Z")
"""A word of a body's full name before its head: "Swiss foreign ministry"."""
_LONGEST_NAME_WORD = 40
_MOST_NAME_WORDS = 6
_COUNTED = {"two": 2, "both": 2, "three": 3, "four": 4}

_FIRST_NAMES: dict[str, str] = {}
for _name, _code in ACTOR_OF.items():
    _FIRST_NAMES.setdefault(_code, _name)
_NOUNS = frozenset(
    name
    for name, code in ACTOR_OF.items()
    if code.islower() or name.endswith("s") or name in SEATS or name in (_FIRST_NAMES[code], *STATE_NAMES.get(code, ()))
)
"""Names of actors that can stand alone, unlike adjectives."""


def states_in(phrase: str) -> frozenset[str]:
    """Return the codes of the actors a noun phrase names: "the Ukrainian foreign ministry"."""
    whole = ACTOR_OF.get(unarticled(phrase))
    if whole is not None:
        return frozenset((whole,))
    words = (POSSESSIVE.sub("", word) for word in phrase.split())
    return frozenset(ACTOR_OF[word] for word in words if word in ACTOR_OF)


class Parties:
    """The states and bodies of one article, as later sentences speak of them."""

    def __init__(self, text: str, names: Names) -> None:
        """Keep the article and its people."""
        self._text = text
        self._names = names
        self._called: dict[str, str | None] = {}
        self._bodies: dict[str, list[tuple[int, str]]] = {}

    def meant(self, words: list[str], lowered: list[str], offset: int) -> str | None:  # noqa: PLR0911  a cascade of questions, each with its answer
        """Return whom a noun phrase at `offset` stands for, or None where it stands for itself."""
        phrase = unarticled(" ".join(words))
        if phrase in SEATS:
            return self._state(ACTOR_OF.get(phrase))
        if len(words) == 1:
            return None
        if lowered[-1] in GROUP_NOUNS and GROUP_OPENERS.issuperset(lowered[:-1]):
            return self._joint(lowered, offset)
        if lowered[-1] == "side" and words[-2] in ACTOR_OF:
            return self._state(ACTOR_OF[words[-2]])
        if lowered[0] in _OWNERS and lowered[-1] == "government":
            return self._owner(offset)
        if lowered[:-1] == ["the"] and lowered[-1] in REPEATED_HEADS:
            return self._in_full(lowered[-1], offset)
        return None

    def _state(self, code: str | None) -> str | None:
        """Return the name by which the article calls the state of a code, or None where it never does."""
        if code is None:
            return None
        if code not in self._called:
            forms = STATE_NAMES.get(code, (_FIRST_NAMES[code],))
            self._called[code] = next((form for form in forms if self._has(form)), None)
        return self._called[code]

    def _has(self, name: str) -> bool:
        return name in self._text and re.search(rf"\b{re.escape(name)}(?!\w)", self._text) is not None

    def _owner(self, offset: int) -> str | None:
        """Return the state named last before "its government"."""
        for match in reversed(list(_ACTOR_WORD.finditer(self._text, max(0, offset - 200), offset))):
            name = tidy(match.group())
            if name in ACTOR_OF:
                return name
        return None

    def _in_full(self, head: str, offset: int) -> str | None:
        """Return the longer name a body was called by before "the ministry", "the alliance"."""
        nickname = NICKNAMES.get(head)
        if nickname is not None:
            return self._state(nickname)
        if head not in self._bodies:
            self._bodies[head] = list(self._called_in_full(head))
        index = bisect_right(self._bodies[head], offset, key=itemgetter(0)) - 1
        if index < 0 or self._bodies[head][index][0] < offset - _FAR:
            return None
        name = unarticled(self._bodies[head][index][1])
        return name if " " in name else None

    def _called_in_full(self, head: str) -> Iterator[tuple[int, str]]:
        """Yield where each name of a body ends that has words of its own before `head`, and the name."""
        for found in re.finditer(rf" [{head[0]}{head[0].upper()}]{head[1:]}\b", self._text):
            start = at = found.start()
            for _ in range(_MOST_NAME_WORDS):
                word = _NAME_WORD_BEFORE.search(self._text, max(0, at - _LONGEST_NAME_WORD), at)
                if word is None:
                    break
                start = word.start()
                if self._text[start - 1 : start] != " ":
                    break
                at = start - 1
            if start < found.start():
                yield found.end(), self._text[start : found.end()]

    # --- several as one -------------------------------------------------------------------------------------

    def _joint(self, lowered: list[str], offset: int) -> str | None:
        """Return the parties last named together before "both sides", best those a sentence opens with."""
        wanted = next((_COUNTED[word] for word in lowered if word in _COUNTED), None)
        if wanted is None and lowered[0] == "all":
            return None
        floor, at = max(0, offset - _FAR), offset
        fallback = None
        for _ in range(_MOST_PAIRS):
            at = self._text.rfind(" and ", floor, at)
            if at < 0:
                break
            parties = self._pair(at, floor, people=lowered[-1] in PEOPLE_NOUNS)
            if parties and wanted in (None, len(parties)):
                joint = ", ".join(parties[:-1]) + " and " + parties[-1]
                if _OPENING.search(self._text, max(0, at - _OPENING_WIDTH), at) is not None:
                    return joint
                fallback = fallback or joint
        return fallback

    def _pair(self, at: int, floor: int, *, people: bool) -> list[str]:
        """Return the parties on both sides of an "and", those of a list before it too; empty where they are none."""
        last, _ = phrase_after(self._text, at + len(" and "), min(len(self._text), at + 200))
        right = self._party(last, people=people)
        if right is None:
            return []
        phrase, start = phrase_before(self._text, at, floor)
        parts = phrase.split(", ")
        left = [self._party(part, people=people) for part in parts if part]
        while left and (listed := _LISTED.search(self._text, max(floor, start - 60), start)) is not None:
            left.insert(0, self._party(listed.group(1), people=people))
            start = listed.start()
        found = [party for party in left if party is not None]
        return [*found, right] if found and len(found) == len(left) else []

    def _party(self, phrase: str, *, people: bool) -> str | None:
        phrase = tidy(phrase)
        plain = unarticled(phrase)
        if plain in _NOUNS:
            return None if people else plain
        if not people:
            return None
        titles, name = split_titles(phrase.split())
        whole = " ".join(POSSESSIVE.sub("", word) for word in name)
        return self._names.full(whole) if self._names.is_person(whole) or (titles and whole) else None
