"""How words of promise stand in a sentence without a time, as named traits: what `weighing` weighs.

The words alone do not tell: "agreed to a truce" is the news of one article and the background of another.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from watchers.matcher.promises import Cue, Promise
from watchers.matcher.statements import condition_of
from watchers.matcher.temporal import TimeMention
from watchers.matcher.traits import NEGATION, gone, place_of
from watchers.matcher.verbs import Verbs
from watchers.matcher.word_classes import classes_of

_NEARBY = 45
"""Characters before and after the words of promise whose own words are looked at."""
_MOST_CUES = 4
_FIRST_WORD = re.compile(r"\w+")
_STEM = 5
"""Letters that tell a verb of promise in all its forms."""


@dataclass(frozen=True, slots=True)
class Undertaking:
    """A sentence with words of promise and what is known of it, before it is weighed."""

    text: str
    day: date
    """The article's day."""
    index: int
    """Which sentence of the article it is."""
    sentence: tuple[int, int]
    cues: Sequence[Cue]
    mentions: Sequence[TimeMention]
    """The times of the sentence."""
    earlier: Sequence[TimeMention]
    """The times of the sentence before it."""
    verbs: Verbs
    summary: bool
    """The text is a feed's summary, which tells little of what it is about."""
    quoted: bool
    """The words that promise stand in a quotation."""
    promise: Promise
    """The plainest of the cues: whose words they are is asked of it."""


def promise_traits(given: Undertaking) -> set[str]:
    """Return the traits of a sentence with words of promise, those of what it is about left out."""
    text, (start, end) = given.text, given.sentence
    condition = condition_of(text, start, end)
    first = given.verbs.finite_after(start)
    second = given.verbs.finite_after(first.end) if first is not None else None
    found = {
        f"place:{place_of(given.index)}",
        f"quoted:{given.quoted}",
        f"negated:{NEGATION.search(text, start, end) is not None}",
        f"condition:{condition.partition(' ')[0] if condition is not None else 'none'}",
        f"opens:{first.tense if first is not None else 'none'}",
        f"opens:{first.tense if first is not None else 'none'}>{second.tense if second is not None else 'none'}",
        f"long:{min((end - start) // 80, 4)}",
    }
    if given.summary:
        found.add("short")
    found.update(f"beside:{gone(mention, given.day)}" for mention in given.mentions)
    found.update(f"above:{gone(mention, given.day)}" for mention in given.earlier)
    plain = next((cue for cue in given.cues if not cue.doubts), None)
    found.add(f"plain:{plain.promise.rule if plain is not None else 'none'}")
    for cue in given.cues[:_MOST_CUES]:
        found.update(_of_cue(cue, text, start, end))
    return found


def _of_cue(cue: Cue, text: str, start: int, end: int) -> set[str]:
    """Return the traits of one cue: what it is, what speaks against it, and the words around it."""
    promise = cue.promise
    word = _FIRST_WORD.search(text, promise.start, promise.end)
    stem = word.group().lower()[:_STEM] if word is not None else ""
    rule = promise.rule.partition(":")[0]
    before = ["^", "^", *classes_of(text, max(start, promise.start - _NEARBY), promise.start)]
    after = [*classes_of(text, promise.end, min(end, promise.end + _NEARBY)), "$", "$"]
    return {
        f"cue:{rule}",
        f"cue:{rule}/{'doubted' if cue.doubts else 'plain'}",
        f"word:{stem}",
        f"{rule}-before:{before[-1]}",
        f"{rule}-before:{before[-2]} {before[-1]}",
        f"{rule}-after:{after[0]}",
        f"{stem}-before:{before[-1]}",
        f"{stem}-after:{after[0]}",
        f"{stem}-after:{after[0]} {after[1]}",
        *(f"doubt:{doubt}" for doubt in cue.doubts),
        *(f"doubt:{doubt}/{stem}" for doubt in cue.doubts),
    }
