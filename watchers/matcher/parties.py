"""Whom an article means by a capital, "the two countries", "its government", "the alliance": bodies named twice."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from operator import itemgetter

from watchers.matcher.english.actors import ACTOR_OF, MOVEMENTS, SEATS, STATE_NAMES
from watchers.matcher.english.speakers import (
    BODY_WORDS,
    GROUP_NOUNS,
    GROUP_OPENERS,
    LEADING_TITLES,
    NEVER_NAMES,
    NICKNAMES,
    PEOPLE_NOUNS,
    PORTFOLIOS,
    REPEATED_HEADS,
    ROLE_NOUNS,
    SUBJECT_OPENERS,
    TITLES,
)
from watchers.matcher.names import Names, split_titles, states_among
from watchers.matcher.phrases import POSSESSIVE, phrase_after, phrase_before, tidy, unarticled

_FAR = 2500
"""Characters looked back for the parties meant."""
_BANDS = frozenset(("group", "movement", "militia", "organisation", "organization"))
_CLOSE = 900
_MOST_PAIRS = 40
_OWNERS = frozenset(("its", "their"))
_LISTED = re.compile(r"([A-Z][\w.’'-]*(?: [A-Z][\w.’'-]*){0,2}), \Z")
_ACTOR_WORD = re.compile(r"[A-Z][\w.]*(?: (?:[A-Z][\w.]*|of))*")
_OPENING = re.compile(r"(?:\A|[.!?\n][\"”]?\s*|\) - |— )[A-Z][^,.;]*\Z")
_OPENING_WIDTH = 60
_NAME_WORD_BEFORE = re.compile(r"(?:[A-Z][\w.’'-]*|" + "|".join(sorted(PORTFOLIOS)) + r")(?: (?:and|of|for))?\Z")
"""A word of a body's full name before its head: "Swiss foreign ministry"."""
_OPENERS = NEVER_NAMES - SUBJECT_OPENERS | {"the", "a", "an", "some", "new"}
_BARE_PAIRS = frozenset((("the", "two"), ("both",), ("the", "pair")))
_LETTERS = re.compile(r"[A-Z][A-Za-z]?[A-Z]{2,6}|[A-Z][a-z]{2,5}")
_SPELT = re.compile(r"[A-Z][\w’'-]*(?: (?:(?:and|of|for|the|on|in) ){0,2}[A-Z][\w’'-]*){1,8}")
_SMALL = frozenset(("and", "of", "for", "the", "on", "in"))
_LONGEST_NAME_WORD = 40
_MOST_NAME_WORDS = 6
_HEADS = ROLE_NOUNS | BODY_WORDS | TITLES | REPEATED_HEADS
_MOST_BODIES = 20
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
    return states_among([POSSESSIVE.sub("", word) for word in phrase.split()])


def _spelt_in(text: str) -> dict[str, str]:
    """Return what each row of capitals in a text stands for: the runs of capitalised words that begin so."""
    found: dict[str, str] = {}
    for run in _SPELT.finditer(text):
        words = run.group().split()
        for first in range(len(words) - 1):
            rest = words[first:]
            initials = "".join(word[0] for word in rest if word not in _SMALL)
            if rest[0] not in _SMALL and initials not in found and len(initials) > 1:
                found[initials] = " ".join(rest)
    return found


class Parties:
    """The states and bodies of one article, as later sentences speak of them."""

    def __init__(self, text: str, names: Names) -> None:
        """Keep the article and its people."""
        self._text = text
        self._names = names
        self._called: dict[str, str | None] = {}
        self._spelt: dict[str, str] | None = None
        self._bodies: dict[str, list[tuple[int, str]]] = {}

    def meant(self, words: list[str], lowered: list[str], offset: int) -> str | None:  # noqa: PLR0911  a cascade of questions, each with its answer
        """Return whom a noun phrase at `offset` stands for, or None where it stands for itself."""
        phrase = unarticled(" ".join(words))
        if lowered[0] == "the" and lowered[1:] in (["north"], ["south"]):
            return self._state("KP" if lowered[1] == "north" else "KR")
        if phrase in SEATS:
            return self._state(ACTOR_OF.get(phrase))
        if lowered[-1] == "koreas":
            return self._both_koreas()
        if tuple(lowered) in _BARE_PAIRS:
            return self._joint([*lowered, "leaders"], offset) or self._joint([*lowered, "sides"], offset)
        if len(words) == 1:
            return None
        if lowered[-1] in GROUP_NOUNS and GROUP_OPENERS.issuperset(lowered[:-1]):
            return self._joint(lowered, offset)
        if lowered[-1] == "side" and words[-2] in ACTOR_OF:
            return self._state(ACTOR_OF[words[-2]])
        if lowered[0] in _OWNERS and lowered[-1] == "government":
            return self._owner(offset)
        if lowered[:-1] == ["the"] and lowered[-1] in REPEATED_HEADS:
            return self.in_full(lowered[1:], offset) or (self._armed(offset) if lowered[1] in _BANDS else None)
        return None

    def _armed(self, offset: int) -> str | None:
        """Return the armed or political movement named last before "the group"."""
        for match in reversed(list(_ACTOR_WORD.finditer(self._text, max(0, offset - _FAR), offset))):
            name = next((word for word in match.group().split() if word in MOVEMENTS), None)
            if name is not None:
                return name
        return None

    def owner_of(self, name: str) -> str:
        """Return the state a body belongs to, as the article calls it: whose "its" is after "Russia's ministry"."""
        states = states_in(name)
        return (self._state(*states) if name not in ACTOR_OF and len(states) == 1 else None) or name

    def _both_koreas(self) -> str:
        return " and ".join(self._state(code) or _FIRST_NAMES[code] for code in ("KP", "KR"))

    def spelt_out(self, name: str) -> str:
        """Return the words a body's letters stand for, where the article has them: "OAU"; else `name` itself."""
        letters = name.replace(".", "")
        if not _LETTERS.fullmatch(letters) or ACTOR_OF.get(name, "").isupper():
            return name
        if self._spelt is None:
            self._spelt = _spelt_in(self._text)
        return self._spelt.get(letters.upper(), name)

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

    def in_full(self, tail: list[str], offset: int) -> str | None:
        """Return the longer name of what was named before "the ministry", "the alliance", "the foreign minister"."""
        head = tail[-1]
        nickname = NICKNAMES.get(head)
        if nickname is not None:
            return self._state(nickname)
        if head not in _HEADS:  # the text is read once for each: only so many
            return None
        if head not in self._bodies:
            self._bodies[head] = list(self._called_in_full(head))
        ends = self._bodies[head]
        first = bisect_left(ends, offset - _FAR, key=itemgetter(0))
        names = [
            name
            for _, name in ends[first : bisect_right(ends, offset, key=itemgetter(0))][-_MOST_BODIES:]
            if len(name.split()) > len(tail) and set(tail) <= set(name.lower().split())
        ]
        if LEADING_TITLES.issuperset(tail) or (head in TITLES and len({states_in(name) for name in names}) > 1):
            return None  # "the president", of two countries' presidents
        return names[-1] if names else None

    def _called_in_full(self, head: str) -> Iterator[tuple[int, str]]:
        """Yield where each name of a body ends that has words of its own before `head`, and the name."""
        for found in re.finditer(rf" [{head[0]}{head[0].upper()}]{re.escape(head[1:])}\b", self._text):
            start = at = found.start()
            for _ in range(_MOST_NAME_WORDS):
                word = _NAME_WORD_BEFORE.search(self._text, max(0, at - _LONGEST_NAME_WORD), at)
                if word is None:
                    break
                start = word.start()
                if self._text[start - 1 : start] != " ":
                    break
                at = start - 1
            words = self._text[start : found.end()].split()
            while len(words) > 1 and words[0].lower() in _OPENERS:
                words = words[1:]
            if len(words) > 1 and words[0][0].isupper():
                yield found.end(), " ".join(words)

    # --- several as one -------------------------------------------------------------------------------------

    def _joint(self, lowered: list[str], offset: int) -> str | None:
        """Return the parties last named together before "both sides", best those a sentence opens with."""
        wanted = next((_COUNTED[word] for word in lowered if word in _COUNTED), None)
        if wanted is None and lowered[0] == "all":
            return None
        people = lowered[-1] in PEOPLE_NOUNS
        floor, at = max(0, offset - _FAR), offset
        fallback = None
        for _ in range(_MOST_PAIRS):
            at = self._text.rfind(" and ", floor, at)
            if at < 0:
                break
            parties = self._pair(at, floor, people=people)
            if parties and wanted in (None, len(parties)):
                joint = ", ".join(parties[:-1]) + " and " + parties[-1]
                if _OPENING.search(self._text, max(0, at - _OPENING_WIDTH), at) is not None:
                    return joint
                fallback = fallback or joint
        return fallback or (self._last_two(offset) if people and wanted == _COUNTED["two"] else None)

    def _last_two(self, offset: int) -> str | None:
        """Return the two people last named before "the two", where none were named together."""
        people = [self._names.full(person.name) for person in self._names.within(max(0, offset - _CLOSE), offset)]
        last = list(dict.fromkeys(reversed(people)))[:2]
        return " and ".join(reversed(last)) if len(last) > 1 else None

    def _pair(self, at: int, floor: int, *, people: bool) -> list[str]:
        """Return the parties on both sides of an "and", those of a list before it too; empty where they are none."""
        last, _ = phrase_after(self._text, at + len(" and "), min(len(self._text), at + 200))
        right = self._party(last, people=people)
        if right is None:
            return []
        phrase, start = phrase_before(self._text, at, floor, anywhere=True)
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
