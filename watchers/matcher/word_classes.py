"""What class a word is of, told by itself: a form of "be", a name, a past verb, a noun of events.

Classes are coarse and guessed from lists and endings; they make what stands between a verb and a time comparable
from one sentence to the next.
"""

from __future__ import annotations

import re
from functools import lru_cache

from watchers.matcher.english import cues
from watchers.matcher.english.actors import ACTOR_OF
from watchers.matcher.english.speakers import REPORTING

_TOKEN = re.compile(r"[\w’'.-]*\w|[,;:\"“”()—–]")
_WEEKDAY = re.compile(r"(?:mon|tues|wednes|thurs|fri|satur|sun)day")
_MONTH = re.compile(
    r"\b(?:january|february|march|april|may|june|july|august|september|october|november|december"
    r"|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\b\.?"
)
_NUMBER = re.compile(r"\d+|\b(?:two|three|four|five|six|seven|eight|nine|ten|twelve)\b")
_PAST_ACT = re.compile("|".join(cues.PAST_ACTS))


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_ITSELF = _words(
    """the a an of in on at by for to from with and or but that which who whom whose where when while as if unless
    until till before after since during within through over under between into onto about around ahead than not no
    this these those its his her their our your my it he she they we i you him them us there here
    is are am was were be been being has have had having"""
)
_DEADLINES = _words("deadline deadlines ultimatum expiry date cutoff cut-off")
_MERGED = frozenset(("WORD", "NAME"))
_REMEMBERED = 20_000


class _Classes(dict[str, str]):
    """The class of each word as written, told once a word; forgotten all at once, so that no text makes it grow."""

    def __missing__(self, word: str) -> str:
        if len(self) > _REMEMBERED:
            self.clear()
        self[word] = found = _tell(word)
        return found


def _tell(word: str) -> str:  # noqa: C901, PLR0911, PLR0912  a cascade of questions, each with its answer
    small = word.lower()
    if small in _ITSELF or small in cues.MODALS or not small[0].isalnum():
        return small
    if small in _DEADLINES:
        return "DEADLINE"
    if small in cues.EVENT_NOUNS:
        return "EVENT"
    if _PAST_ACT.fullmatch(small):
        return "DEED"
    if small in REPORTING:
        return "SAY"
    if small in cues.PLANNED:
        return "PLANNED"
    if small in cues.INTENT:
        return "INTENT"
    if _WEEKDAY.match(small):
        return "WEEKDAY"
    if _MONTH.fullmatch(small):
        return "MONTH"
    if _NUMBER.fullmatch(small):
        return "NUMBER"
    if word in ACTOR_OF:
        return "STATE"
    if word[0].isupper():
        return "NAME"
    if small in cues.PAST or small.endswith("ed"):
        return "PAST"
    if small.endswith("ing"):
        return "ING"
    return "SCHEDULE" if small in cues.SCHEDULE else "WORD"


_CLASSES = _Classes()


def classes_of(text: str, start: int, end: int) -> list[str]:
    """Return the classes of the words and marks of a passage; neighbours both names, or both nothing, are one."""
    found: list[str] = []
    last = ""
    for told in map(_CLASSES.__getitem__, _TOKEN.findall(text, start, end)):
        if told != last or told not in _MERGED:
            found.append(told)
            last = told
    return found


def class_of(word: str) -> str:
    """Return the class of one word; `-` for an empty one."""
    return _CLASSES[word] if word else "-"


def in_small_letters(text: str) -> str:
    """Return a text in small letters, each in its place: patterns that need not mind size are three times as fast."""
    small = text.lower()
    if len(small) == len(text):
        return small
    return "".join([letter.lower() if len(letter.lower()) == 1 else letter for letter in text])


@lru_cache(maxsize=4096)
def shape_of(words: str) -> str:
    """Return words in small letters with numbers, months and weekdays each made one: `by # MONTH`."""
    small = words.lower()
    if "day" in small:
        small = _WEEKDAY.sub("WEEKDAY", small)
    return _NUMBER.sub("#", _MONTH.sub("MONTH", small))
