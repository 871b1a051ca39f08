"""What a sentence tells of acts: done, still to come, called off, put off, and of whom and what. Pure.

A sentence is cut into stretches at its marks and connecting words. What stands in a stretch is told as that stretch
is told: "after the talks" lies behind the news, "will meet" is yet to come, "cancels the visit" undoes it.

It is done for every sentence of every article, so that what a word may tell is looked up (outcome_words.py), and tones
are plain numbers until they are told.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, chain
from typing import Final

from watchers.matcher.english import outcomes
from watchers.outcome_words import LONGEST_ACT, SET, WORDS, Named, actors_of, acts_of
from watchers.tones import NOT_DONE, Tone


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
    """A sentence, characters `start` to `end` of its text, by what it names.

    Kept as plain numbers and pairs that sentences share: there are hundreds for every article, which are sent from one
    process to another, and few are ever looked at as mentions.
    """

    start: int
    end: int
    named: tuple[Named, ...]
    """The token and weight of each mention."""
    starts: tuple[int, ...]
    """Where each begins."""
    manners: tuple[int, ...]
    """In which stretch, and below that in which tone, each is told."""
    tones: dict[str, Tone]
    """For each token the tone in which it is told most plainly."""
    coloured: Tone
    """Every tone that any of it is told in."""

    @property
    def mentions(self) -> tuple[Mention, ...]:
        """What it names, in order."""
        return tuple(
            Mention(token, start, manner >> _TONE_BITS, _TONES[manner & _TONE_MASK], weight)
            for (token, weight), start, manner in zip(self.named, self.starts, self.manners, strict=True)
        )


def read_told(text: str, start: int, end: int) -> Told:
    """Return what characters `start` to `end` of a text tell."""
    reader = _Reader(text, start, end)
    reader.read()
    plainest: dict[str, int] = {}
    coloured = 0
    for (token, _), manner in zip(reader.named, reader.manners, strict=True):
        tone = manner & _TONE_MASK
        known = plainest.setdefault(token, tone)
        if known != tone and _plainness(tone) < _plainness(known):
            plainest[token] = tone
        coloured |= tone
    tones = {token: _TONES[tone] for token, tone in plainest.items()}
    return Told(start, end, tuple(reader.named), tuple(reader.starts), tuple(reader.manners), tones, _TONES[coloured])


def _plainness(tone: int) -> tuple[bool, int]:
    return bool(tone & _NOT_DONE), tone


class _Tones(dict[int, Tone]):
    """From numbers to tones, each made once: making one takes longer than all else that is done for a word."""

    def __missing__(self, number: int) -> Tone:
        tone = self[number] = Tone(number)
        return tone


_TONES: Final = _Tones()
_TONE_BITS: Final = max(Tone).bit_length()
_TONE_MASK: Final = (1 << _TONE_BITS) - 1
_NOT_DONE: Final = int(NOT_DONE)
_COMING: Final = int(Tone.COMING)
_BEHIND: Final = int(Tone.BEHIND)
_VOICE: Final = int(Tone.VOICE)
_ANNOUNCED: Final = int(Tone.ANNOUNCED)
_PIECE = re.compile(
    r"((?:[A-Z]\.){2,}|[A-Za-zÀ-ɏ](?:[\w.'’-]*\w)?|[$€£¥₩]?\d[\d.,]*(?:[-–]\w+)?%?)"
    r"([^A-Za-zÀ-ɏ\d$€£¥₩]*+(?:[$€£¥₩](?!\d)[^A-Za-zÀ-ɏ\d$€£¥₩]*+)*+)"
)
"""A word, and what stands between it and the next."""
_CUT = re.compile(r"[,;:–—]|\.\s")
_NUMBER = re.compile(r"\D*(\d[\d.,]*)(?:[-–](\w+))?(%?)")
_YEAR = re.compile(r"(?:19|20)\d\d")
_SMALL_NUMBER = 10
_LONGEST_NUMBER = 30
"""Characters; what is longer counts nothing, and Python itself refuses to read numbers of thousands of digits."""
_PERCENT, _COUNT = 1.0, 0.7
_REACH = 4
"""Words that a cue rules: "cancels the planned trade talks"."""
_ARTICLES = frozenset({"a", "an", "the"})
_BE = frozenset({"is", "are", "was", "were", "be", "been", "being"})


class _Reader:
    """Reads one sentence, stretch by stretch."""

    def __init__(self, text: str, start: int, end: int) -> None:
        pieces = _PIECE.findall(text, start, end)
        lengths = list(map(len, chain.from_iterable(pieces)))
        self._words = [WORDS[spelt] for spelt, _ in pieces]
        self._begins = list(accumulate(lengths, initial=end - sum(lengths)))[::2]
        self._cut = [behind != " " and _CUT.search(behind) is not None for _, behind in pieces]
        self._stretches = 0
        self.named: list[Named] = []
        self.starts: list[int] = []
        self.manners: list[int] = []

    def read(self) -> None:
        """Find what the sentence names, in order (as in `Told`)."""
        words = self._words
        if not words:
            return
        begin = asked = 0
        tone = first = self._opened(0) or 0
        for index in [at for at, word in enumerate(words) if word.turns or self._cut[at - 1]]:
            if not index:
                continue
            opened = self._opened(index)
            if opened is not None or self._cut[index - 1]:
                asked = self._stretch(begin, index, tone) | (asked & tone)
                begin = index
                if opened is None:  # "following the vote, they meet" turns to the news at last
                    opened = _BEHIND if tone & _BEHIND and not first else 0
                    opened |= asked if self._lists(index) else 0
                tone, first = opened, 0
            elif index > begin:  # a word of announcing
                joined = words[index - 1].spelt == "and" or words[index].spelt in outcomes.COMMITTING
                self._stretch(begin, index, tone if joined else tone | _VOICE)
                begin, tone, first = index, tone | _ANNOUNCED, 0
        self._stretch(begin, len(words), tone)

    def _opened(self, index: int) -> int | None:
        """Return the tone of the stretch that a word opens, None where it opens none."""
        word = self._words[index]
        if word.opens == _BEHIND and word.spelt.lower() == "due":
            after = [each.spelt for each in self._words[index + 1 : index + 3]]
            planned = after[:1] == ["to"] and not after[-1][0].isupper()
            return _COMING if planned else _BEHIND
        return word.opens

    def _lists(self, index: int) -> bool:
        """Tell whether a stretch goes on with a list of things: "calls for talks, a truce and the release of …"."""
        words = [word.spelt for word in self._words[index : index + 2]]
        return bool(_ARTICLES.intersection(words[:1])) or (
            words[0] == "and" and bool(_ARTICLES.intersection(words[1:]))
        )

    def _stretch(self, begin: int, end: int, tone: int) -> int:
        """Read a stretch told in a tone; return the tone in which its last words are told."""
        self._stretches += 1
        words = self._words
        colouring = [at for at in range(begin, end) if words[at].colours]
        for at in colouring:
            tone |= words[at].through
            if words[at].spelt == SET and self._is_planned(at):
                tone |= _COMING
        cues = [at for at in colouring if words[at].ruling]
        ruled = self._ruled(begin, end, cues) if cues else None
        keep, begins, starts, manners = self.named.append, self._begins, self.starts, self.manners
        stretch = self._stretches << _TONE_BITS
        later, at = tone, begin
        while at < end:
            word = words[at]
            told = later | ruled[at - begin] if ruled is not None else later
            if at == begin:  # "approves the treaty" is itself done
                told &= ~_ANNOUNCED
            named, length = word.within if at else word.first, 1
            if word.leads or word.counts:
                named, length = self._number(at) if word.counts else self._phrase(at, end) or (named, 1)
            for each in named:
                keep(each)
                starts.append(begins[at])
                manners.append(stretch | told)
            later |= word.coming
            at += length
        return later & ~tone & _COMING

    def _is_planned(self, index: int) -> bool:
        """Tell whether "set" plans: "is set to meet", "sets a meeting"."""
        return index + 1 < len(self._words) and self._words[index + 1].spelt in {"to", "for"}

    def _ruled(self, begin: int, end: int, cues: Sequence[int]) -> list[int]:
        """Return for each word of a stretch the tones in which its cues have it told."""
        words = self._words
        ruled = [0] * (end - begin)
        before = 0
        passives: dict[int, int] = {}
        for cue in cues:
            for at in range(cue + 1, min(cue + 1 + _REACH, end)):
                ruled[at - begin] |= words[cue].ruling
            if any(word.spelt in _BE for word in words[max(begin, cue - 2) : cue]):
                passives[cue] = words[cue].ruling
        for at in range(max(passives, default=begin), begin, -1):
            before |= passives.get(at, 0)
            ruled[at - 1 - begin] |= before
        return ruled

    def _phrase(self, at: int, end: int) -> tuple[tuple[Named, ...], int] | None:
        """Return the actor or the acts that several words name together, and how many words; None where they do not."""
        words = self._words
        for length in words[at].names:
            if length <= end - at:
                actors = actors_of(" ".join([word.spelt for word in words[at : at + length]]))
                if actors:
                    return actors, length
        if not words[at].is_actor:
            for length in range(min(LONGEST_ACT, end - at), 1, -1):
                acts = acts_of(" ".join([word.root for word in words[at : at + length]]))
                if acts:
                    return acts, length
        return None

    def _number(self, at: int) -> tuple[tuple[Named, ...], int]:
        """Return what a number counts, and that it is one word."""
        found = _NUMBER.match(self._words[at].spelt)
        if found is None or len(found.group(1)) > _LONGEST_NUMBER:
            return (), 1
        digits, percent = found.group(1).strip(".,"), found.group(3)
        around = [each.spelt.lower() for each in self._words[max(0, at - 1) : at + 2]]
        if any(each in outcomes.MONTHS for each in around):
            return (), 1
        after = (found.group(2) or around[-1]).removesuffix("s")
        whole = digits.replace(",", "")
        small = whole.isdigit() and int(whole) < _SMALL_NUMBER and after not in outcomes.UNITS
        if not percent and (small or _YEAR.fullmatch(whole)):
            return (), 1
        unit = f" {after}" if after in outcomes.UNITS else ""
        return ((f"#{whole}{percent}{unit}", _PERCENT if percent else _COUNT),), 1
