r"""Patterns for choices of phrases that are fast to search a text for. Knows no language.

`re` skips from letter to letter of a set where every way a pattern may begin is a plain letter, and tries only the
phrases of that letter. Where it begins with a look behind, a word's edge, a group, or a letter of either size, `re`
tries every phrase at every place of the text. So here the phrases are sorted by their first letter, of both sizes
where size is nothing to mind, and what may stand before is asked after it: `\b(?:pledge|plan)` becomes
`p(?<!\wp)(?:ledge|lan)`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

_QUANTIFIERS = tuple("?*+{")
_REPEAT = re.compile(r"(?:[?*+]|\{\d*,?\d*\})[?+]?")
_MAY_BE_NONE = ("?", "*", "{0", "{,")
_LOOKS_BEHIND = ("(?<=", "(?<!")
_LOOKS = (*_LOOKS_BEHIND, "(?=", "(?!")
_LETTERS_OF_ANY_SIZE, _LETTERS_AS_WRITTEN = "(?i:", "(?-i:"
_GROUP = "(?:"


def led_by_letter(phrases: Iterable[str], edge: str = r"\w", *, any_case: bool = False) -> str:
    r"""Return a pattern that matches what `(?<!EDGE)(?:one|other)` does, but is faster to search for.

    Phrases are patterns that begin with a character, a class of listed characters, or a group of such; a look behind
    of fixed words or `\b` may come first. `edge` is what may not stand before one, a class of one character (by
    default a word's letters, as with `\b`). `any_case`: the size of letters is nothing to mind. Of phrases that begin
    with the same letter the first that fits counts. Raise `ValueError` where a phrase begins otherwise.
    """
    by_letter: dict[str, list[str]] = {}
    for phrase in phrases:
        for opening in _openings(_Opening(phrase, any_case=any_case)):
            for letter in opening.letters():
                looks = "".join(f"{look[:-1]}{re.escape(letter)})" for look in opening.looks)
                rest = f"{looks}{opening.rest}"
                by_letter.setdefault(letter, []).append(f"(?i:{rest})" if opening.any_case else rest)
    return "|".join(
        f"{re.escape(letter)}(?<!{edge}{re.escape(letter)})(?:{'|'.join(rests)})" for letter, rests in by_letter.items()
    )


@dataclass(frozen=True, slots=True)
class _Opening:
    """One way a phrase may begin: a first character, one of those of `first`, and then `rest`."""

    rest: str
    any_case: bool
    first: str = ""
    looks: tuple[str, ...] = ()
    """What must, or may not, stand before it."""

    def letters(self) -> str:
        """Return the first characters, of both sizes where size is nothing to mind."""
        return "".join(dict.fromkeys(self.first.lower() + self.first.upper())) if self.any_case else self.first


def _openings(given: _Opening) -> Iterator[_Opening]:
    """Yield the ways in which what is left of a phrase may begin, in the order in which they are tried."""
    for choice in _choices(given.rest):
        opening = replace(given, rest=choice)
        while opening.rest.startswith(_LOOKS_BEHIND):
            end = _closing(opening.rest, 0) + 1
            opening = replace(opening, rest=opening.rest[end:], looks=(*opening.looks, opening.rest[:end]))
        if opening.rest.startswith(r"\b"):
            opening = replace(opening, rest=opening.rest[2:])
        yield from _of_choice(opening)


def _of_choice(given: _Opening) -> Iterator[_Opening]:
    """Yield the ways in which a phrase begins that opens with no choice but may open with a group."""
    phrase = given.rest
    if phrase.startswith((_LETTERS_OF_ANY_SIZE, _LETTERS_AS_WRITTEN)):
        if _closing(phrase, 0) != len(phrase) - 1:
            raise ValueError(_refusal(phrase))
        body = phrase[phrase.index(":") + 1 : -1]
        yield from _openings(replace(given, rest=body, any_case=phrase.startswith(_LETTERS_OF_ANY_SIZE)))
        return
    if phrase.startswith(_GROUP):
        end = _closing(phrase, 0)
        body, rest = phrase[len(_GROUP) : end], phrase[end + 1 :]
        optional = rest.startswith("?") and not rest.startswith("??")
        rest = rest[1:] if optional else rest
        if rest.startswith(_QUANTIFIERS):
            raise ValueError(_refusal(phrase))
        for opening in _openings(replace(given, rest=body)):
            yield replace(opening, rest=opening.rest + rest)
        if optional:
            yield from _openings(replace(given, rest=rest))
        return
    end = _class_end(phrase, 0) if phrase.startswith("[") else 0
    first, rest = (phrase[1:end], phrase[end + 1 :]) if end else (phrase[:1], phrase[1:])
    if not first or rest.startswith(_QUANTIFIERS) or not set("\\^.$|()+*?{").isdisjoint(first) or "-" in first:
        raise ValueError(_refusal(phrase))
    yield replace(given, first=first, rest=rest)


def first_characters(pattern: str) -> frozenset[str]:
    """Return the characters that what a pattern fits may begin with, or more; never less.

    The pattern is of characters, classes of listed characters, groups, looks and repeats, and fits nothing empty.
    """
    return frozenset(_first(pattern)[0])


def _first(pattern: str) -> tuple[set[str], bool]:
    """Return the characters that a pattern may begin with, and whether it may be empty."""
    found, empty = set[str](), False
    for choice in _choices(pattern):
        at = 0
        while at < len(choice):
            piece, at = choice[at : _after(choice, at)], _after(choice, at)
            repeat = _REPEAT.match(choice, at)
            if piece.startswith(_LOOKS):
                continue
            if piece.startswith(_GROUP):
                begins, skips = _first(piece[len(_GROUP) : -1])
            else:
                begins, skips = set(piece.strip("[]")), False
            found |= begins
            at = repeat.end() if repeat is not None else at
            if not skips and (repeat is None or not repeat.group().startswith(_MAY_BE_NONE)):
                break
        else:
            empty = True
    return found, empty


def _choices(pattern: str) -> Iterator[str]:
    """Yield what stands between the bars of a pattern that are in no group."""
    begin = at = 0
    while at < len(pattern):
        if pattern[at] == "|":
            yield pattern[begin:at]
            begin = at + 1
        at = _after(pattern, at)
    yield pattern[begin:]


def _after(pattern: str, at: int) -> int:
    """Return where the piece of a pattern ends that begins at an offset: a character, a class or a group."""
    if pattern[at] == "(":
        return _closing(pattern, at) + 1
    if pattern[at] == "[":
        return _class_end(pattern, at) + 1
    return at + 2 if pattern[at] == "\\" else at + 1


def _closing(pattern: str, opened: int) -> int:
    """Return where the group closes that opens at an offset."""
    at = opened + 1
    while at < len(pattern):
        if pattern[at] == ")":
            return at
        at = _after(pattern, at)
    raise ValueError(_refusal(pattern))


def _class_end(pattern: str, opened: int) -> int:
    """Return where the class of characters closes that opens at an offset."""
    at = opened + 1 + (pattern[opened + 1] == "^") + 1  # a bracket that comes first stands for itself
    while pattern[at] != "]":
        at += 2 if pattern[at] == "\\" else 1
    return at


def _refusal(phrase: str) -> str:
    return f"no plain character begins {phrase!r}"
