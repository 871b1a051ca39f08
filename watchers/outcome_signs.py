"""What a sentence tells of acts: done, still to come, called off, put off, and of whom and what. Pure.

A sentence is cut into stretches at its marks and connecting words. What stands in a stretch is told as that stretch
is told: "after the talks" lies behind the news, "will meet" is yet to come, "cancels the visit" undoes it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntFlag
from functools import lru_cache
from typing import Final

from watchers.marks import stem
from watchers.matcher.english import outcomes
from watchers.matcher.english.actors import ACTOR_OF, LONGEST_NAME
from watchers.matcher.english.acts import QUIET
from watchers.matcher.english.commonness import COMMONNESS


class Tone(IntFlag):
    """How a stretch of a sentence tells what stands in it. None of these: it is told as done."""

    COMING = 1
    BEHIND = 2
    """It lies behind the news: "following the talks"."""
    UNDONE = 4
    CALLED_OFF = 8
    PUT_OFF = 16
    IN_PART = 32
    BROKEN = 64
    EARLIER = 128
    """It is told of another day."""
    ACCUSED = 256
    ANNOUNCED = 512
    """It stands after words of announcing: said, and perhaps not done."""
    VOICE = 1024
    """It stands before words of announcing: who speaks."""
    PERHAPS = 2048
    """It may come, or may not."""


PLAIN: Final = Tone(0)
NOT_DONE: Final = Tone.COMING | Tone.UNDONE | Tone.CALLED_OFF | Tone.PUT_OFF

_WORD = re.compile(r"(?:[A-Z]\.){2,}|[A-Za-zÀ-ɏ](?:[\w.'’-]*\w)?|[$€£¥₩]?\d[\d.,]*(?:[-–]\w+)?%?")
_CUT = re.compile(r"[,;:–—]|\.\s")
_POSSESSIVE = re.compile(r"['’]s?$")
_NUMBER = re.compile(r"\D*(\d[\d.,]*)(?:[-–](\w+))?(%?)")
_YEAR = re.compile(r"(?:19|20)\d\d")
_SHORTEST = 3
_SMALL_NUMBER = 10
_LONGEST_NUMBER = 30
"""Characters; what is longer counts nothing, and Python itself refuses to read numbers of thousands of digits."""


def _stems(words: Iterable[str]) -> frozenset[str]:
    """Return the stems of words and of their regular forms."""
    forms = (form for word in words for form in (word, f"{word}s", f"{word}ed", f"{word}ing", f"{word.rstrip('e')}ing"))
    return frozenset(map(stem, forms))


_ACTS: Final[dict[str, tuple[str, ...]]] = {}
for _words, _names in outcomes.ACTS.items():
    for _key in _stems((_words,)) if " " not in _words else (" ".join(map(stem, _words.split())),):
        _ACTS[_key] = tuple(dict.fromkeys((*_ACTS.get(_key, ()), *_names)))
_LONGEST_ACT: Final = max(len(words.split()) for words in _ACTS)
_ACT_OPENERS: Final = frozenset(words.split()[0] for words in _ACTS if " " in words)
_FIRMLY_COMING: Final = _stems(outcomes.FIRMLY_COMING)
_ALL_THROUGH: Final = Tone.IN_PART | Tone.EARLIER | Tone.ACCUSED
"""Tones of a word that colour its whole stretch."""
_RULING: Final = Tone.UNDONE | Tone.CALLED_OFF | Tone.PUT_OFF | Tone.BROKEN
"""Tones of a word that colour what it rules: what follows closely, or what stands before a passive."""
_REACH = 4
"""Words that a cue rules: "cancels the planned trade talks"."""
_ARTICLES = frozenset({"a", "an", "the"})
_BE = frozenset({"is", "are", "was", "were", "be", "been", "being"})
_TONE_OF: Final[dict[str, Tone]] = {}
for _cues, _tone in (
    (outcomes.UNDOING, Tone.UNDONE),
    (outcomes.CALLING_OFF, Tone.CALLED_OFF),
    (outcomes.PUTTING_OFF, Tone.PUT_OFF),
    (outcomes.PARTLY, Tone.IN_PART),
    (outcomes.BREAKING, Tone.BROKEN),
    (outcomes.EARLIER, Tone.EARLIER),
    (outcomes.ACCUSING, Tone.ACCUSED),
    (outcomes.COMING, Tone.COMING),
):
    for _each in _stems(_cues):
        _TONE_OF[_each] = _TONE_OF.get(_each, PLAIN) | _tone


@dataclass(frozen=True, slots=True)
class Mention:
    """One thing a sentence names: an actor `@UA`, an act `!meet`, a number `#25%`, else a name or thing by its stem."""

    token: str
    start: int
    stretch: int
    """Which stretch of its sentence it stands in."""
    tone: Tone
    weight: float


@dataclass(frozen=True, slots=True)
class Told:
    """A sentence, characters `start` to `end` of its text, by what it names."""

    start: int
    end: int
    mentions: tuple[Mention, ...]
    tones: dict[str, Tone]
    """For each token the tone in which it is told most plainly."""
    coloured: Tone
    """Every tone that any of it is told in."""


def read_told(text: str, start: int, end: int) -> Told:
    """Return what characters `start` to `end` of a text tell."""
    mentions = tuple(_Reader(text, start, end).read())
    tones: dict[str, Tone] = {}
    coloured = PLAIN
    for mention in mentions:
        known = tones.get(mention.token)
        if known is None or _plainness(mention.tone) < _plainness(known):
            tones[mention.token] = mention.tone
        coloured |= mention.tone
    return Told(start, end, mentions, tones, coloured)


def _plainness(tone: Tone) -> tuple[bool, int]:
    return bool(tone & NOT_DONE), int(tone)


@lru_cache(maxsize=50_000)
def _root(word: str) -> str:
    return stem(_POSSESSIVE.sub("", word).lower())


class _Reader:
    """Reads one sentence, stretch by stretch."""

    def __init__(self, text: str, start: int, end: int) -> None:
        self._text = text
        self._words = [(found.group(), found.start(), found.end()) for found in _WORD.finditer(text, start, end)]
        self._roots = [_root(word) for word, _, _ in self._words]
        self._found: list[Mention] = []
        self._stretches = 0

    def read(self) -> list[Mention]:
        """Return the mentions of the sentence, in order."""
        begin, asked = 0, PLAIN
        tone = first = self._opened(0) or PLAIN
        for index, (word, at, _) in enumerate(self._words):
            if not index:
                continue
            opened = self._opened(index)
            if opened is not None or _CUT.search(self._text, self._words[index - 1][2], at):
                asked = self._stretch(begin, index, tone) | (asked & tone)
                begin = index
                if opened is None:  # "following the vote, they meet" turns to the news at last
                    opened = Tone.BEHIND if tone & Tone.BEHIND and not first else PLAIN
                    opened |= asked if self._lists(index) else PLAIN
                tone, first = opened, PLAIN
            elif word in outcomes.ANNOUNCING and index > begin:
                joined = self._words[index - 1][0] == "and" or word in outcomes.COMMITTING
                self._stretch(begin, index, tone if joined else tone | Tone.VOICE)
                begin, tone, first = index, tone | Tone.ANNOUNCED, PLAIN
        self._stretch(begin, len(self._words), tone)
        return self._found

    def _is_set(self, index: int) -> bool:
        """Tell whether "set" plans: "is set to meet", "sets a meeting"."""
        after = self._words[index + 1][0] if index + 1 < len(self._words) else ""
        word = self._words[index][0]
        return word == "sets" or (word == "set" and after in {"to", "for"})

    def _opened(self, index: int) -> Tone | None:
        """Return the tone of the stretch that a word opens, None where it opens none."""
        low = self._words[index][0].lower() if self._words else ""
        if low in outcomes.BEHIND:
            after = [word for word, _, _ in self._words[index + 1 : index + 3]]
            planned = low == "due" and after[:1] == ["to"] and not after[-1][0].isupper()
            return Tone.COMING if planned else Tone.BEHIND
        if low in outcomes.AHEAD:
            return Tone.COMING | (Tone.PERHAPS if low in outcomes.IF else PLAIN)
        return PLAIN if low in outcomes.TURNING else None

    def _lists(self, index: int) -> bool:
        """Tell whether a stretch goes on with a list of things: "calls for talks, a truce and the release of …"."""
        words = [word for word, _, _ in self._words[index : index + 2]]
        return bool(_ARTICLES.intersection(words[:1])) or (
            words[0] == "and" and bool(_ARTICLES.intersection(words[1:]))
        )

    def _stretch(self, begin: int, end: int, tone: Tone) -> Tone:
        """Read a stretch told in a tone; return the tone in which its last words are told."""
        self._stretches += 1
        found = [_TONE_OF.get(root, PLAIN) for root in self._roots[begin:end]]
        cues: list[tuple[int, Tone, bool]] = []
        for offset, each in enumerate(found):
            tone |= each & _ALL_THROUGH
            if self._roots[begin + offset] in _FIRMLY_COMING or self._is_set(begin + offset):
                tone |= Tone.COMING
            if self._roots[begin + offset] in outcomes.PERHAPS:
                tone |= Tone.PERHAPS
            if each & _RULING:
                at = begin + offset
                passive = any(word in _BE for word, _, _ in self._words[max(begin, at - 2) : at])
                cues.append((at, each & _RULING, passive))
        later, at = tone, begin
        while at < end:
            spoken = ~Tone.ANNOUNCED if at == begin else ~PLAIN  # "approves the treaty" is itself done
            ruled = PLAIN
            for cue, ruling, passive in cues:
                if 0 < at - cue <= _REACH or (passive and at < cue):
                    ruled |= ruling
            step = self._mention(at, end, (later | ruled) & spoken)
            later |= found[at - begin] & Tone.COMING
            at += step
        return later & ~tone & Tone.COMING

    def _mention(self, at: int, end: int, tone: Tone) -> int:
        word, start, _ = self._words[at]
        if word[0].isdigit() or not word[0].isalpha():
            self._number(at, start, tone)
            return 1
        if word[0].isupper():
            for length in range(min(LONGEST_NAME, end - at), 0, -1):
                name = _POSSESSIVE.sub("", " ".join([each[0] for each in self._words[at : at + length]]))
                actor = ACTOR_OF.get(name) or ACTOR_OF.get(name.removesuffix("s"))
                if actor is not None:
                    self._found.append(Mention(f"@{actor}", start, self._stretches, tone, _actor_weight(actor)))
                    return length
        root = self._roots[at]
        acts, length = self._acts(at, end)
        for act in acts:
            self._found.append(
                Mention(f"!{act}", start, self._stretches, tone, _LOOSE if act in outcomes.LOOSE_ACTS else _ACT)
            )
        if length > 1:
            return length
        self._thing(word, root, start, tone, named=word[0].isupper() and at > 0)
        return 1

    def _acts(self, at: int, end: int) -> tuple[tuple[str, ...], int]:
        root = self._roots[at]
        if root in _ACT_OPENERS:
            for length in range(min(_LONGEST_ACT, end - at), 1, -1):
                acts = _ACTS.get(" ".join(self._roots[at : at + length]))
                if acts is not None:
                    return acts, length
        return _ACTS.get(root, ()), 1

    def _thing(self, word: str, root: str, start: int, tone: Tone, *, named: bool) -> None:
        low = word.lower()
        if low in outcomes.ORDINALS:
            self._found.append(Mention(f"#{outcomes.ORDINALS[low]}", start, self._stretches, tone, _ORDINAL))
        if len(root) < _SHORTEST or root in QUIET or low in QUIET or low in outcomes.MONTHS or low in outcomes.DAYS:
            return
        if low in outcomes.ANNOUNCING:
            return
        weight = COMMONNESS.get(root, 1.0) * (_NAME if named else _THING)
        self._found.append(Mention(root, start, self._stretches, tone, weight))

    def _number(self, at: int, start: int, tone: Tone) -> None:
        found = _NUMBER.match(self._words[at][0])
        if found is None or len(found.group(1)) > _LONGEST_NUMBER:
            return
        digits, percent = found.group(1).strip(".,"), found.group(3)
        around = [each.lower() for each, _, _ in self._words[max(0, at - 1) : at + 2]]
        if any(each in outcomes.MONTHS for each in around):
            return
        after = (found.group(2) or around[-1]).removesuffix("s")
        whole = digits.replace(",", "")
        small = whole.isdigit() and int(whole) < _SMALL_NUMBER and after not in outcomes.UNITS
        if not percent and (small or _YEAR.fullmatch(whole)):
            return
        unit = f" {after}" if after in outcomes.UNITS else ""
        weight = _PERCENT if percent else _COUNT
        self._found.append(Mention(f"#{whole}{percent}{unit}", start, self._stretches, tone, weight))


_ACT, _LOOSE, _NAME, _THING, _ORDINAL, _PERCENT, _COUNT = 1.0, 0.5, 1.3, 0.8, 0.6, 1.0, 0.7
_WORLDWIDE = {"US": 0.5, "RU": 0.7, "CN": 0.7, "IL": 0.7, "PS": 0.7, "UA": 0.7, "GB": 0.7, "eu": 0.7, "un": 0.7}


def _actor_weight(actor: str) -> float:
    return _WORLDWIDE.get(actor, 1.0)
