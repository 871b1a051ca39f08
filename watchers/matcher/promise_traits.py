"""How words of promise stand in a sentence without a time, as named traits: what `weighing` weighs.

The words alone do not tell: "agreed to a truce" is the news of one article and the background of another.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from watchers.matcher.bargains import subject_class, under_words
from watchers.matcher.promises import NEWS_SENTENCES, Cue, Promise
from watchers.matcher.statements import condition_of, recalled_by
from watchers.matcher.temporal import TimeMention
from watchers.matcher.traits import NEGATION, gone, place_of
from watchers.matcher.verbs import Verbs
from watchers.matcher.word_classes import classes_of

_NEARBY = 45
"""Characters before and after the words of promise whose own words are looked at."""
_MOST_CUES = 4
_HELPERS = re.compile(
    r"(?:(?:has|have|had|is|are|was|were|be|been|being|will|would|could|should|may|might|must|can|to|did|does|do|not|never|also"
    r"|both|all|each|again|now|already|since|then|still|\w+ly|[’'](?:ve|s|re|d|m|ll))[\s,]+)+\Z",
    re.IGNORECASE,
)
_TELLING_HELPERS = frozenset(
    (
        *("has", "have", "had", "is", "are", "was", "were", "be", "been", "will", "would", "could", "should"),
        *("may", "might", "must", "can", "to", "did", "not", "never"),
    )
)
_OPENER = re.compile(
    r"\b(?:which|who|that|when|after|before|as|if|because|while|whether|where|although|though|since|until|unless|once|by"
    r"|despite|and|but|with)\b|[,;:“”\"—–]",
)
_CONTENT = re.compile(
    r"(?P<to>(?:\s+[\w’'-]+){0,4}?\s+(?:not\s+|never\s+)?to\s+(?!the\b|a\b|an\b|its\b|their\b|his\b)[a-z]+)|(?P<that>\s+that\b)"
    r"|(?P<money>\s+(?:[$€£\d]|another|more|an? additional))|(?P<noun>\s+(?:an?|the|full|its|their|his|her|new)\b)"
)
_THING = re.compile(
    r"\s*(?:the|an?|our|its|his|her|their|this|that|these|those|any|all|[\w-]+(?:ing|ity|ion|ship|ness|ment|al|ic|ive|ous|ful|ace"
    r"|ture|tion|less|ar|ary))\b"
)
"""After "to" these begin a thing rather than an act: "commitment to global security"."""
_MODAL = re.compile(
    r"\b(?:will|would|won[’']t|shall|should|must|could|might|may|can|ha(?:s|ve) to|needs?|is|are|was|were)\b|[’']ll\b"
)
_CLAUSE_EDGE = re.compile(r"[,;:“”\"—–]|\b(?:which|who|that|when|where|while|after)\b")
_CLAUSE_OPENING = re.compile(r"(?:[,;:“”\"—–(]|\b(?:which|who|that|when|and|but|had|has|have|he|she|they|it))\s*\Z")
_PARTICIPLE_LAST = re.compile(r"\w+ed\s+\Z")
_OWN_DATE, _OWN_SUBJECT = 45, 80
"""Characters between words of promise and the time they were spoken at: after them, and before them."""
_LEAD = 350
"""Characters at an article's beginning that tell its news."""
_AGREED = re.compile(r"agree|deal|accord|pact|truce|cease-?fire|treaty|sign")
_PLEDGED = re.compile(r"pledg|vow|promis|commit|assur|guarant|agree|will")
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


def is_recalled(text: str, sentence: tuple[int, int], promise: Promise) -> bool:
    """Tell whether a promise is told of earlier weeks: "promised during his campaign to …"."""
    found = recalled_by(text, *sentence)
    if found is None:
        return False
    words, at = found
    if at >= promise.start:
        between = text[promise.end : at]
        dates_else = words.startswith("since") or _PARTICIPLE_LAST.search(between) is not None
        return len(between) <= _OWN_DATE and not dates_else and _CLAUSE_EDGE.search(between) is None
    opens = at == sentence[0] or _CLAUSE_OPENING.search(text, max(sentence[0], at - 10), at) is not None
    between = text[at + len(words) : promise.start].removeprefix(",")
    return opens and len(between) <= _OWN_SUBJECT and _CLAUSE_EDGE.search(between) is None


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
    recalled = recalled_by(text, start, end)
    if recalled is not None:
        words, at = recalled
        side = "after" if at > given.promise.start else "before"
        found |= {"recalls", f"recalls:{side}", f"recalls:{words.split()[0]}", f"recalls:{words.split()[-1]}"}
    found.update(f"beside:{gone(mention, given.day)}" for mention in given.mentions)
    found.update(f"above:{gone(mention, given.day)}" for mention in given.earlier)
    plain = next((cue for cue in given.cues if not cue.doubts), None)
    found.add(f"plain:{plain.promise.rule if plain is not None else 'none'}")
    for cue in given.cues[:_MOST_CUES]:
        found.update(_of_cue(cue, text, start, end))
        found |= cue.traits
        if cue.promise.rule != "bargain":
            found |= _standing(cue.promise, text, start, end, given.index)
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


def _standing(promise: Promise, text: str, start: int, end: int, index: int) -> set[str]:
    """Return the traits of how words of promise stand in their sentence: subject, tense, clause, what is promised."""
    rule = promise.rule.partition(":")[0]
    helped = _HELPERS.search(text, max(start, promise.start - _NEARBY), promise.start)
    first = helped.start() if helped is not None else promise.start
    helpers = [each for each in text[first : promise.start].lower().split() if each.strip(",") in _TELLING_HELPERS]
    word = _FIRST_WORD.search(text, promise.start, promise.end)
    letters = word.group().lower() if word is not None else ""
    ending = next((each for each in ("ed", "ing", "s") if letters.endswith(each)), "base")
    form = f"{'+'.join(helpers[-2:])}+{ending}"
    subject = subject_class(text, start, first)
    under = under_words(text, start, first)
    opener = "^"
    for each in _OPENER.finditer(text, max(start, first - 60), first):
        opener = each.group().lower()
    held = _CONTENT.match(text, promise.end, end)
    content = (held.lastgroup or "") if held is not None else "other"
    if letters and text[promise.start : promise.end].rstrip().endswith(" to"):
        content = "to" if _THING.match(text, promise.end, end) is None else "to-thing"
    ahead = _MODAL.search(text, promise.end, min(end, promise.end + 80))
    stated = ahead.group().lower() if ahead is not None else "none"
    told = _lead_of(text)
    news = "news" if index < NEWS_SENTENCES else "below"
    return {
        f"{rule}-subject:{subject}",
        f"{rule}-form:{form}",
        f"{rule}-form:{form}/{news}",
        f"{rule}-form:{form}/{under}",
        f"{rule}-under:{under}",
        f"{rule}-under:{under}/{subject}",
        f"{rule}-clause:{opener}",
        f"{rule}-clause:{opener}/{form}",
        f"{rule}-content:{content}",
        f"{rule}-content:{content}/{stated}",
        f"{rule}-{news}",
        f"{rule}-same:{news}/{letters[:_STEM] in told}",
        f"{rule}-agreed:{news}/{_AGREED.search(told) is not None}",
        f"{rule}-pledged:{news}/{_PLEDGED.search(told) is not None}",
    }


@lru_cache(maxsize=1)
def _lead_of(text: str) -> str:
    return text[:_LEAD].lower()
