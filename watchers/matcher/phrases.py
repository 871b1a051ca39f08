"""Reads the noun phrase that stands before or after a verb: the subject of speech, as the text words it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from watchers.matcher.english.actors import ACTOR_OF
from watchers.matcher.english.speakers import (
    DAYS,
    DESCRIBERS,
    DETERMINERS,
    NAME_PARTICLES,
    NEVER_NAMES,
    PHRASE_LINKS,
    PRONOUNS,
    ROLE_NOUNS,
    SPEECH_WORDS,
    SUBJECT_OPENERS,
    TITLES,
)

LONGEST_SUBJECT = 200
"""Characters looked at before a verb for its subject."""

WORD = re.compile(r"[\wÀ-ɏ](?:[\w’'.&-]*[\wÀ-ɏ])?\.?")
POSSESSIVE = re.compile(r"[’']s?\Z")

_OWNER = re.compile(r"..[^’']*[’']s?\Z")
_DAY = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
_TIME_BEFORE_VERB = re.compile(
    rf",?\s+(?:(?:late|early|earlier)\s+)?(?:on\s+)?(?:{_DAY}|today|yesterday|this week|last week|earlier)"
    r"(?:\s+(?:morning|afternoon|evening|night))?,?\s*\Z"
)
_ADVERB_BEFORE_VERB = re.compile(
    r"\s+(?:has|have|had|here|also|later|then|again|repeatedly|publicly|\w+ly|further|since|recently|still|was|is|were|been"
    r"|quickly|did not|would|will|could|both|each)\s*\Z"
)
_MOST_ADVERBS = 4
_INSTANCES = frozenset(("including", "like"))
_NO_SUBJECT = DETERMINERS | {"and", "of", "for", "in", "on", "with", "to"}
"""Small words after which no subject ends: "captured Maduro and pledging …"."""
_VERBAL = re.compile(r"(?:ed|ing|ly)\Z")
_NAMED_BEFORE = re.compile(r"(?:[A-Z][\w’'-]*)\s+\Z")
"""What makes a small word part of a name: "Iran's judiciary chief"."""
_JOINS = re.compile(r"\b(?:and|of)\s+\Z")
_OPENERS = NEVER_NAMES - SUBJECT_OPENERS
_NO_OPENING = PHRASE_LINKS | frozenset(("but", "that", "as", "while", "where", "when", "also"))
_NO_CLOSING = frozenset(("of", "for", "and", "in", "on", "to", "the", "a"))
_BELONGING = DESCRIBERS | ROLE_NOUNS | TITLES | NAME_PARTICLES | DETERMINERS | PRONOUNS | PHRASE_LINKS
NOTHING = ("", -1)
"""No phrase."""


def phrase_after(text: str, start: int, end: int) -> tuple[str, int]:
    """Return the noun phrase that begins at `start`, as written, and where; `NOTHING` where none does."""
    words: list[tuple[int, int]] = []
    position = start
    for match in WORD.finditer(text, start, min(end, start + LONGEST_SUBJECT)):
        bare = match.group().rstrip(".").lower()
        if text[position : match.start()].strip() or bare in DAYS:
            break
        if not (match.group()[0].isupper() or bare in _BELONGING):
            break
        words.append(match.span())
        position = match.end()
    while words and text[slice(*words[-1])].lower() in _NO_CLOSING:
        words.pop()
    return (text[words[0][0] : words[-1][1]], words[0][0]) if words else NOTHING


def phrase_before(text: str, end: int, floor: int) -> tuple[str, int]:
    """Return the noun phrase that ends at `end` (a verb's subject) and where it begins; `NOTHING` where none does.

    Adverbs and days between it and the verb are skipped, and so is what is set off by commas: "Sergei Lavrov, the
    foreign minister, said". Nothing before `floor` is looked at.
    """
    floor = max(floor, end - LONGEST_SUBJECT)
    end = _skip_adverbs(text, end, floor)
    lead = text[floor:end].rstrip()
    if lead.endswith(","):
        comma = text.rfind(",", floor, floor + len(lead) - 1)
        if comma < 0:
            return NOTHING
        end = _skip_adverbs(text, comma, floor)
    reading = _Reading(text, floor, end)
    for match in reversed(list(WORD.finditer(text, floor, end))):
        bare = match.group().lower().rstrip(".")
        if bare in _INSTANCES and reading.words:
            return phrase_before(text, match.start(), floor)  # "a dozen nations including the U.S. agreed"
        if not reading.takes(match, bare):
            break
    return reading.phrase()


@dataclass(slots=True)
class _Reading:
    """A noun phrase being read from its last word to its first."""

    text: str
    floor: int
    reached: int
    words: list[tuple[int, int]] = field(default_factory=list)
    closed: bool = False

    def takes(self, match: re.Match[str], bare: str) -> bool:
        """Take the word before those taken, if it belongs to the phrase."""
        between = self.text[match.end() : self.reached].strip()
        if self.closed or bare in DAYS or (between and not (between == "," and self._is_list(match.group()))):
            return False
        if not self._fits(match, bare):
            return False
        self.words.append(match.span())
        self.reached = match.start()
        return True

    def _fits(self, match: re.Match[str], bare: str) -> bool:
        written = match.group()
        if written[0].isupper() or written[0].isdigit():
            return not (bare in _OPENERS and match.start() <= self.floor + 1)
        if bare in DETERMINERS:
            self.closed = _JOINS.search(self.text, self.floor, match.start()) is None
            return True
        if bare in PRONOUNS:
            self.closed = True
            return not self.words
        if bare in _BELONGING or not self.words:
            return bare in _BELONGING
        between = bare not in SPEECH_WORDS and _VERBAL.search(bare) is None
        return _OWNER.match(bare) is not None or (
            between and _NAMED_BEFORE.search(self.text, self.floor, match.start()) is not None
        )

    def _is_list(self, written: str) -> bool:
        """Tell whether a comma stands inside "France, Britain and Germany"."""
        if not self.words or written not in ACTOR_OF:
            return False
        return " and " in self.text[self.words[-1][0] : self.words[0][1]]

    def phrase(self) -> tuple[str, int]:
        """Return what has been read."""
        while self.words and self.text[slice(*self.words[-1])].lower() in _NO_OPENING:
            self.words.pop()
        if not self.words or self.text[slice(*self.words[0])].lower() in _NO_SUBJECT:
            return NOTHING
        return self.text[self.words[-1][0] : self.words[0][1]], self.words[-1][0]


def _skip_adverbs(text: str, end: int, floor: int) -> int:
    for _ in range(_MOST_ADVERBS):
        near = max(floor, end - 40)
        skipped = _TIME_BEFORE_VERB.search(text, near, end) or _ADVERB_BEFORE_VERB.search(
            text, max(near, end - 25), end
        )
        if skipped is None:
            break
        end = skipped.start()
    return end


def tidy(phrase: str) -> str:
    """Leave off the marks and the possessive ending around a phrase."""
    phrase = phrase.strip(" ,;:'\"’”")
    if phrase.endswith(".") and "." not in phrase.rsplit(" ", 1)[-1][:-1]:
        phrase = phrase[:-1]  # the sentence's own full stop, unlike that of "the U.S."
    return phrase[:-1] if phrase.endswith(("s’", "s'")) else POSSESSIVE.sub("", phrase)


def unarticled(phrase: str) -> str:
    """Leave off "the" and the capital of another article: bodies keep their name as written."""
    first, _, rest = phrase.partition(" ")
    if rest and first.lower() == "the":
        return rest
    if rest and first in ("A", "An", "Some", "Two", "Three"):
        return f"{first.lower()} {rest}"
    return phrase
