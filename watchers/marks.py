"""What a statement is about, as marks that other tellings of the same thing share. Pure.

A mark is a short string: an actor (`@UA`), an act (`!sign`), a thing or a name by its stem (`mineral`), a place
(`^geneva`) and the main act (`*visit`). Marks found only around a statement, in the headline or just before it, carry
a `~` in front.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from watchers.matcher.english.actors import ACTOR_OF, LONGEST_NAME
from watchers.matcher.english.acts import ACT_OF, QUIET
from watchers.model import Statement

CONTEXT_CHARACTERS = 400
"""How much of the text before a statement may say what "the deal" or "he" in it stands for."""

_WORD = re.compile(r"[^\W\d_][\w.'’+-]*[\w+]|[^\W\d_]", re.UNICODE)
_POSSESSIVE = re.compile(r"['’]s?$")
_ENDINGS = ("ations", "ation", "ings", "ing", "ies", "ied", "ers", "ed", "es", "er", "s", "e", "y")
_SHORTEST_STEM = 3
_PLANNED = re.compile(
    r"\b(?:will|would|to|could|can|may|might|should|must)"
    r"(?: (?:not|be|have|also|soon|then|later|[a-z]+ly))* ['’‘“\"]?([a-z]+)"
)
_PLACE = re.compile(
    r"\b(?:in|to|visit|visits|visiting) "
    r"(?!(?:January|February|March|April|May|June|July|August|September|October|November|December)\b)"
    r"([A-Z][\w-]+(?: [A-Z][\w-]+)?)"
)


def marks_of(statement: Statement, *, title: str, text: str) -> frozenset[str]:
    """Return what a statement is about; `text` is what its offsets point into, `title` its headline."""
    said = marks_in(statement.quote) | marks_in(statement.speaker or "") | _places(statement.quote)
    said |= _main_act(statement.quote)
    before = text[max(0, statement.start - CONTEXT_CHARACTERS) : statement.start]
    around = marks_in(title) | marks_in(before)
    return said | frozenset(f"~{mark}" for mark in around - said)


def stem(word: str) -> str:
    """Return a word without its commonest English endings: "agreements" and "agreed" meet at "agre(e)"."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_STEM:
            return word[: -len(ending)]
    return word


def marks_in(text: str) -> frozenset[str]:
    """Return the actors, acts, things and names that a text speaks of."""
    words = _WORD.findall(text)
    marks: set[str] = set()
    at = 0
    while at < len(words):
        actor, length = _actor_at(words, at)
        if actor:
            marks.add(f"@{actor}")
        elif mark := _mark_of(_POSSESSIVE.sub("", words[at]).lower()):
            marks.add(mark)
        at += length
    return frozenset(marks)


def handles(marks: Iterable[str]) -> frozenset[str]:
    """Return the marks by which a telling is looked up: actors, things and names, bare of any `~`.

    Acts and places stand in too many tellings to find one by.
    """
    bare = (mark.removeprefix("~") for mark in marks)
    return frozenset(mark for mark in bare if mark[0] not in "!^*")


def _places(text: str) -> frozenset[str]:
    """Return the places an act is set in, as `^US` or `^geneva`."""
    return frozenset(f"^{ACTOR_OF.get(name, name.lower())}" for name in _PLACE.findall(text))


def _main_act(text: str) -> frozenset[str]:
    """Return what is to be done, as `*visit`: the first telling verb behind a modal or a "to"."""
    for verb in _PLANNED.findall(text):
        if mark := _mark_of(verb.lower()):
            return frozenset({f"*{mark.removeprefix('!')}"})
    return frozenset()


def _actor_at(words: Sequence[str], at: int) -> tuple[str | None, int]:
    for length in range(min(LONGEST_NAME, len(words) - at), 0, -1):
        name = _POSSESSIVE.sub("", " ".join(words[at : at + length]))
        if name in ACTOR_OF:
            return ACTOR_OF[name], length
    return None, 1


def _mark_of(word: str) -> str | None:
    root = stem(word)
    if word in QUIET or root in QUIET or len(root) < _SHORTEST_STEM:
        return None
    act = ACT_OF.get(root) or ACT_OF.get(word)
    return f"!{act}" if act else root
