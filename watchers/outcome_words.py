"""What each word of a sentence may tell of acts, by itself: looked up once a word, and remembered. Pure.

Tones are plain numbers here (see `tones.Tone` for what they mean): a few million of them are joined for every thousand
articles, and flags take ten times as long.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from typing import Final, NamedTuple, TypeAlias

from watchers.marks import stem
from watchers.matcher.english import outcomes
from watchers.matcher.english.actors import ACTOR_OF
from watchers.matcher.english.acts import QUIET
from watchers.matcher.english.commonness import COMMONNESS
from watchers.tones import Tone

_POSSESSIVE = re.compile(r"['’]s?$")
_SHORTEST = 3

Named: TypeAlias = tuple[str, float]
"""A token, as in `Mention.token`, and what it weighs."""


class Word(NamedTuple):
    """What a word may tell, wherever it stands."""

    spelt: str
    root: str
    turns: bool
    """It opens a stretch, or announces: most words do neither."""
    opens: int | None
    """The tone of the stretch that it opens; None: it opens none."""
    colours: bool
    """It has any of the next three: most words have none."""
    through: int
    """Tones in which it has its whole stretch told."""
    ruling: int
    """Tones of what it rules: what follows closely, or what stands before a passive."""
    coming: int
    """`Tone.COMING` where what follows it is yet to come, else 0."""
    counts: bool
    """It is a number."""
    leads: bool
    """A name or act of more than one word may begin with it."""
    names: tuple[int, ...]
    """How many words the names have that begin with it, the most first, those of one left out."""
    is_actor: bool
    within: tuple[Named, ...]
    """What it names within a sentence: an actor, or else acts, an ordinal, a thing or a name."""
    first: tuple[Named, ...]
    """The same at the beginning, where its capital says nothing."""


def actors_of(name: str) -> tuple[Named, ...]:
    """Return the actor that a name stands for, in the possessive too; nothing where it is nobody's."""
    bare = _POSSESSIVE.sub("", name)
    actor = ACTOR_OF.get(bare) or ACTOR_OF.get(bare.removesuffix("s"))
    return ((f"@{actor}", _WORLDWIDE.get(actor, 1.0)),) if actor is not None else ()


def acts_of(roots: str) -> tuple[Named, ...]:
    """Return the acts that a word or a phrase can tell of, by the stems of its words."""
    return _ACTS.get(roots, ())


# --- what is looked up ------------------------------------------------------------------------------------------

_ACT, _LOOSE, _NAME, _THING, _ORDINAL = 1.0, 0.5, 1.3, 0.8, 0.6
_WORLDWIDE = {"US": 0.5, "RU": 0.7, "CN": 0.7, "IL": 0.7, "PS": 0.7, "UA": 0.7, "GB": 0.7, "eu": 0.7, "un": 0.7}


def _stems(words: Iterable[str]) -> frozenset[str]:
    """Return the stems of words and of their regular forms."""
    forms = (form for word in words for form in (word, f"{word}s", f"{word}ed", f"{word}ing", f"{word.rstrip('e')}ing"))
    return frozenset(map(stem, forms))


def _acts() -> dict[str, tuple[Named, ...]]:
    """Return what the words and phrases of acts name, by their stems."""
    found: dict[str, tuple[Named, ...]] = {}
    for words, names in outcomes.ACTS.items():
        named = [(f"!{name}", _LOOSE if name in outcomes.LOOSE_ACTS else _ACT) for name in names]
        for key in _stems((words,)) if " " not in words else (" ".join(map(stem, words.split())),):
            found[key] = tuple(dict.fromkeys((*found.get(key, ()), *named)))
    return found


_ACTS: Final = _acts()
LONGEST_ACT: Final = max(len(words.split()) for words in _ACTS)
_ACT_OPENERS: Final = frozenset(words.split()[0] for words in _ACTS if " " in words)
_FIRMLY_COMING: Final = _stems(outcomes.FIRMLY_COMING)
_ALL_THROUGH: Final = int(Tone.IN_PART | Tone.EARLIER | Tone.ACCUSED)
_RULING: Final = int(Tone.UNDONE | Tone.CALLED_OFF | Tone.PUT_OFF | Tone.BROKEN)
_COMING: Final = int(Tone.COMING)
_PERHAPS: Final = int(Tone.PERHAPS)
SET: Final = "set"
"""It plans where "to" or "for" follow: "is set to meet"."""


def _tone_of() -> dict[str, int]:
    """Return the tones of the words that cue one, by their stems."""
    found: defaultdict[str, int] = defaultdict(int)
    for cues, tone in (
        (outcomes.UNDOING, Tone.UNDONE),
        (outcomes.CALLING_OFF, Tone.CALLED_OFF),
        (outcomes.PUTTING_OFF, Tone.PUT_OFF),
        (outcomes.PARTLY, Tone.IN_PART),
        (outcomes.BREAKING, Tone.BROKEN),
        (outcomes.EARLIER, Tone.EARLIER),
        (outcomes.ACCUSING, Tone.ACCUSED),
        (outcomes.COMING, Tone.COMING),
    ):
        for each in _stems(cues):
            found[each] |= int(tone)
    return dict(found)


_TONE_OF: Final = _tone_of()


def _lengths_of_names() -> dict[str, tuple[int, ...]]:
    """Return for each word how many words the names have that begin with it, the most first; more than one each."""
    found: defaultdict[str, set[int]] = defaultdict(set)
    for name in ACTOR_OF:
        words = name.split(" ")
        if len(words) > 1:
            found[words[0]].add(len(words))
    return {first: tuple(sorted(lengths, reverse=True)) for first, lengths in found.items()}


_NAMES: Final = _lengths_of_names()


def _read(spelt: str) -> Word:
    low = spelt.lower()
    root = stem(_POSSESSIVE.sub("", spelt).lower())
    tone, capital, opens = _TONE_OF.get(root, 0), spelt[:1].isupper(), _opens(low)
    plans = root in _FIRMLY_COMING or spelt == "sets"
    through = tone & _ALL_THROUGH | (_COMING if plans else 0) | (_PERHAPS if root in outcomes.PERHAPS else 0)
    names, actors = (_NAMES.get(spelt, ()), actors_of(spelt)) if capital else ((), ())
    acts, weight = _acts_and_ordinal(low, root), _weight_of(low, root)
    plain = (*acts, (root, weight * _THING)) if weight else acts
    named = (*acts, (root, weight * _NAME)) if weight and capital else plain
    return Word(
        spelt,
        root,
        turns=opens is not None or spelt in outcomes.ANNOUNCING,
        opens=opens,
        colours=bool(through or tone) or spelt == SET,
        through=through,
        ruling=tone & _RULING,
        coming=tone & _COMING,
        counts=not spelt[:1].isalpha(),
        leads=bool(names) or root in _ACT_OPENERS,
        names=names,
        is_actor=bool(actors),
        within=actors or named,
        first=actors or plain,
    )


def _opens(low: str) -> int | None:
    if low in outcomes.BEHIND:
        return int(Tone.BEHIND)
    if low in outcomes.AHEAD:
        return _COMING | (_PERHAPS if low in outcomes.IF else 0)
    return 0 if low in outcomes.TURNING else None


def _acts_and_ordinal(low: str, root: str) -> tuple[Named, ...]:
    acts, ordinal = acts_of(root), outcomes.ORDINALS.get(low)
    return (*acts, (f"#{ordinal}", _ORDINAL)) if ordinal is not None else acts


def _weight_of(low: str, root: str) -> float:
    """Return what a word weighs as a thing or a name by being rare; 0 where it is neither."""
    if len(root) < _SHORTEST or root in QUIET or low in _NEITHER:
        return 0.0
    return COMMONNESS.get(root, 1.0)


_NEITHER: Final = QUIET | outcomes.MONTHS | outcomes.DAYS | outcomes.ANNOUNCING


class _Words(dict[str, Word]):
    """What is known of each word; forgotten all at once, so that no text can make it grow for ever."""

    def __missing__(self, spelt: str) -> Word:
        if len(self) > _REMEMBERED:
            self.clear()
        word = _read(spelt)
        if len(spelt) <= _LONGEST_REMEMBERED:
            self[spelt] = word
        return word


_LONGEST_REMEMBERED = 40
"""Characters."""
_REMEMBERED = 30_000
WORDS: Final = _Words()
"""From each word, letter for letter, to what it may tell."""
