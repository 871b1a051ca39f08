"""Explicit promises and ultimatums without a time: who binds himself, and whether it is in force now."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from watchers.matcher.english import cues
from watchers.matcher.english.speakers import ROLE_NOUNS
from watchers.matcher.phrase_search import led_by_letter
from watchers.matcher.verbs import Tense, Verbs
from watchers.model import Kind

_NEWS_SENTENCES = 3
"""How far down an article "has vowed to …" is still its news rather than background."""


def _open(phrases: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(led_by_letter(phrases, r"[\w-]", any_case=True))


@dataclass(frozen=True, slots=True)
class _Family:
    """Phrases of one make, and the pieces of words one of which stands, in small letters, wherever one of them does.

    A piece is looked for in a fraction of the time of the phrases, and most sentences have none.
    """

    pattern: re.Pattern[str]
    pieces: frozenset[str]

    def in_sentence(self, text: str, start: int, end: int, seen: frozenset[str]) -> Iterator[re.Match[str]]:
        """Return its phrases in a passage that has the pieces of `seen`."""
        return iter(()) if self.pieces.isdisjoint(seen) else self.pattern.finditer(text, start, end)


_VERB = _Family(_open(cues.PROMISE_VERBS), cues.PIECES_OF_PROMISE | {"agree", "affirm", "swor"})
_NOUN = _Family(_open(cues.PROMISE_NOUNS), cues.PIECES_OF_PROMISE)
_BARE_NOUN = re.compile(r"commitment|pledge|promise|vow|guarantee|assurance", re.IGNORECASE)
_RESOLVE = _Family(_open(cues.RESOLVES), cues.PIECES_OF_RESOLVE)
_CONDITIONAL_ACT = _Family(_open(cues.CONDITIONAL_ACTS), cues.PIECES_OF_CONDITION)
_LOOSE = _Family(_open(cues.LOOSE_PROMISES), cues.PIECES_OF_PROMISE | cues.PIECES_OF_LOOSE)
_WEAK = frozenset(("weak",))
_FATAL = frozenset(("reduced", "no-actor", "forecast", "denied"))
"""Doubts that no weight can outweigh: "groups committed to peace", "prices will rise until …"."""
_ULTIMATUM = _Family(_open(cues.ULTIMATUMS), cues.PIECES_OF_ULTIMATUM)
_PIECES = tuple(
    frozenset[str]().union(*(each.pieces for each in (_VERB, _NOUN, _RESOLVE, _CONDITIONAL_ACT, _LOOSE, _ULTIMATUM)))
)
_NOT_A_VERB = re.compile(
    r"(?:\b(?:the|a|an|its|his|her|their|our|any|no|such|these|those|this|of|aid|without|only|key|main|original|previous|past"
    r"|earlier|never|not|failed|should|could|must|may|might|to|can|refused|whether|broken|on|by|about|new|central|be|was|were|being"
    r"|(?!(?:it|he|she|who|that|what)['’])[\w-]+['’]s)\s+)\Z",
)
_MAYBE_NOUN = re.compile(r"(?:pledges|vows|promises|guarantees)\b", re.IGNORECASE)
_SUBJECT_BEFORE = re.compile(
    r"(?:^|[\w’'.-]*[A-Z][\w’'.-]*|\b(?:he|she|it|who|" + "|".join(sorted(ROLE_NOUNS)) + r"))[,\s]*(?:also\s+)?\Z"
)
_RELATIVE = re.compile(r"\b(?:which|who|that)\s+(?:(?:has|have|had)\s+)?(?:\w+ly\s+)?\Z", re.IGNORECASE)
_HYPOTHETICAL = re.compile(
    r"\b(?:if|until|unless|before|whether|once|reasons?|why|how|already|wants?|wanted|when|denie[sd]|denying)\b[^,;.:]{0,40}\Z",
    re.IGNORECASE,
)
_DENIED = re.compile(r"\b(?:den(?:y|ies|ied|ying)|rejects? claims?|disputes?|disputed)\b[^.;]{0,50}\Z", re.IGNORECASE)
_PERFECT = re.compile(r"\b(?:has|have)\s+(?:also\s+|both\s+|repeatedly\s+|\w+ly\s+)*\Z", re.IGNORECASE)
_PLUPERFECT = re.compile(r"\bhad\s+(?:also\s+|both\s+|\w+ly\s+)*\Z", re.IGNORECASE)
_BY_DOING = re.compile(r"\bby\s+\Z")
_WAS = re.compile(r"\b(?:said|says|saying|added|insisted|told)\b[^.;]{0,40}\b(?:was|were)\s+(?:\w+ly\s+)?\Z")
# "doubts that he will agree to …"; "bodies committed to …"
_FORECAST = re.compile(r"(?:\b(?:will|would|shall)|[’']ll)\s+(?:\w+\s+)?\Z", re.IGNORECASE)
_REDUCED = re.compile(
    r"(?<![\w’'])(?!(?:he|she|they|we|it|who|I|also|have|has|had|are|is|were|was|am|and|fully|indeed|still|remain(?:s|ed)?|be|been|\w+ly|sides|leaders|ministers)\b)[a-z]+\s+\Z"
)
_OURS = re.compile(r"\b(?:we|I)(?:\s+have|[’']ve)\s+(?:\w+\s+)?\Z")
_IN_PASSING = re.compile(
    r"\b(?:while|although|though|even though|whereas|despite|after|in which|under which)\b[^,;.:]{0,50}\Z",
    re.IGNORECASE,
)
"""Before a promise, these mention it on the way to something else."""
_TOLD = re.compile(r"\b(?:said|says|told|announced|added|confirmed|reported)\b")
_BE_BEFORE = re.compile(r"(?:\b(?:is|are|am|remains?|fully|stays?)|[’'](?:s|re|m))\s+(?:\w+ly\s+)?\Z")
_NO_ACT = re.compile(r"commit\w* to (?:the|our|its|a|an|his|their)\b", re.IGNORECASE)
_VAIN = re.compile(
    r"\b(?:despite|in spite of|of|on|about|part of|reaffirm|uphold|expect from \w+|make|making|made|new|for"
    r"|trust|doubt\w*|question\w*|weaken\w*|undermin\w*|seek\w*|want\w*|demand\w*|given|without)"
    r"\s+(?:[\w’']+\s+){0,3}\Z",
    re.IGNORECASE,
)
ACTS = re.compile(
    r"\b(?:[A-Z]\w+|he|she|they|we|it|I|" + "|".join(sorted(ROLE_NOUNS)) + r")(?:\s+(?:also|then|\w+ly))?,?\s*[\"“]?\Z"
)
"""A subject that can act, right before its verb."""
_NAME = (
    r"((?:the )?(?:[A-Z][\w’'-]*[\w]\.?)"
    r"(?: (?:[A-Z][\w’'-]*[\w]\.?|of|and|the|commanders|officials|leaders|government))*)"
)
_BY = re.compile(rf"\w+ (?:from|by) {_NAME}")
_CONTENT_END = re.compile(r"[.;:,]|\b(?:which|who|after|as|when|while|and|but)\b")
_STILL = re.compile(r"\b(?:remain\w*|commit\w*|ready|will|would|to)\b")
_CLAUSE_SUBJECT = re.compile(
    r"\s*(?:that\s+)?[\"“]?(?:(?:the|its|his|her|their|a|an|this|these)\s+(?:[\w’'-]+\s+){1,4}|[A-Z]\w+\s+|(?:it|they|he|she|we)\s+)[\"“]?"
)
_SUBJECT = 40
"""Characters before a verb in which its subject is looked for."""
_CONTENT = 100
"""Characters after a verb of promise in which what is promised is told."""
_OWNER = re.compile(rf"{_NAME}[’']s?\s+(?:\w+\s+){{0,2}}\Z")


@dataclass(frozen=True, slots=True)
class Promise:
    """Characters `start` to `end` hold the words of promise."""

    start: int
    end: int
    kind: Kind
    rule: str
    binds_subject: bool
    """The subject of the verb is the one who binds himself."""
    participle: bool = False
    """The verb has the sentence's subject: "…, vowing to …"."""
    by: tuple[int, int] | None = None
    """Where the text names who promises: "a commitment from X", "X's promise"."""


@dataclass(frozen=True, slots=True)
class Cue:
    """Words that may promise, and what speaks against it, by name; nothing where they plainly promise."""

    promise: Promise
    doubts: frozenset[str]


@lru_cache(maxsize=1)
def _pieces_of(text: str) -> tuple[Sequence[int], Sequence[str]]:
    """Return where pieces of words stand in a text, in order of reading, and which.

    Looked for once in the whole text, in C: most of the pieces are in hardly any article.
    """
    small = text.replace("İ", "_").lower()  # the one letter that would become two, and shift what follows
    found = sorted((at, piece) for piece in _PIECES if piece in small for at in _places(small, piece))
    return [at for at, _ in found], [piece for _, piece in found]


def _places(text: str, piece: str) -> Iterator[int]:
    at = text.find(piece)
    while at >= 0:
        yield at
        at = text.find(piece, at + 1)


def _pieces_in(text: str, start: int, end: int) -> frozenset[str]:
    """Return the pieces of a passage."""
    starts, pieces = _pieces_of(text)
    return frozenset(pieces[bisect_left(starts, start) : bisect_left(starts, end)])


def cues_in(text: str, start: int, end: int, index: int) -> list[Cue]:
    """Return the cues of the sentence of that index in its article: ultimatums, resolves, verbs, nouns, conditions."""
    seen = _pieces_in(text, start, end)
    if not seen:
        return []
    found = [
        Cue(
            Promise(cue.start(), cue.end(), Kind.DEADLINE, "ultimatum", binds_subject=False),
            frozenset(() if _threatens(text, start, cue) else ("no-actor",)),
        )
        for cue in _ULTIMATUM.in_sentence(text, start, end, seen)
    ]
    found += [
        Cue(Promise(cue.start(), cue.end(), Kind.COMMITMENT, "resolve", binds_subject=False), frozenset())
        for cue in _RESOLVE.in_sentence(text, start, end, seen)
    ]
    found += [_verb_cue(text, start, end, index, verb) for verb in _VERB.in_sentence(text, start, end, seen)]
    found += [_noun_cue(text, start, end, noun) for noun in _NOUN.in_sentence(text, start, end, seen)]
    found += [
        Cue(Promise(cue.start(), cue.end(), Kind.COMMITMENT, "loose", binds_subject=True), _WEAK)
        for cue in _LOOSE.in_sentence(text, start, end, seen)
    ]
    found += [
        Cue(
            Promise(cue.start(), cue.end(), Kind.DEADLINE, "conditional-act", binds_subject=False),
            _WEAK if _threatens(text, start, cue) else _WEAK | {"no-actor"},
        )
        for cue in _CONDITIONAL_ACT.in_sentence(text, start, end, seen)
    ]
    return [cue for cue in found if not cue.doubts & _FATAL]


def first_promise(cues: Sequence[Cue]) -> Promise | None:
    """Return the first cue that plainly promises, else the first of all; None where there is none."""
    plain = next((cue.promise for cue in cues if not cue.doubts), None)
    return plain or (cues[0].promise if cues else None)


def _verb_cue(text: str, start: int, end: int, index: int, verb: re.Match[str]) -> Cue:
    doubts = _doubts_of_verb(text, start, verb, index)
    adjective = _BE_BEFORE.search(text, max(start, verb.start() - 16), verb.start()) is not None
    if adjective and _NO_ACT.match(verb.group() + text[verb.end() : verb.end() + 6]):
        doubts.add("no-act")
    if _told_of_now(text, verb.end(), end):
        doubts.add("told-of-now")
    word = verb.group().split()[0].lower()
    promise = Promise(
        verb.start(),
        verb.end(),
        Kind.COMMITMENT,
        f"promise:{word}",
        not adjective,
        participle=word.endswith("ing"),
    )
    return Cue(promise, frozenset(doubts))


def _threatens(text: str, start: int, found: re.Match[str]) -> bool:
    """Tell whether words of an ultimatum come from somebody who can act: not "prices will rise if …"."""
    if not found.group().lower().startswith(("will", "would")):
        return True
    return ACTS.search(text, max(start, found.start() - _SUBJECT), found.start()) is not None


def _doubts_of_verb(text: str, start: int, verb: re.Match[str], index: int) -> set[str]:
    """Return why a verb of promise may not promise here and now: a noun, a relative clause, a mere possibility."""
    floor = max(start, verb.start() - 60)
    if _MAYBE_NOUN.match(verb.group()) and _SUBJECT_BEFORE.search(text, floor, verb.start()) is None:
        return {"noun"}  # "to secure pledges to …"
    word = verb.group().split()[0].lower()
    if (word in ("pledging", "vowing") and _BY_DOING.search(text, floor, verb.start())) or (
        word == "committed" and _WAS.search(text, floor, verb.start())
    ):
        return set()  # "began by pledging to …", "said it was committed to …"
    refuses = {"no-verb": _NOT_A_VERB, "relative": _RELATIVE, "hypothetical": _HYPOTHETICAL, "denied": _DENIED}
    if index >= _NEWS_SENTENCES:
        refuses["in-passing"] = _IN_PASSING
    if word.startswith("agree"):
        refuses["forecast"] = _FORECAST
    if word == "committed":
        refuses["reduced"] = _REDUCED
    found = {name for name, pattern in refuses.items() if pattern.search(text, floor, verb.start()) is not None}
    told = _TOLD.search(text, start, verb.start()) is not None
    if not told and _PLUPERFECT.search(text, floor, verb.start()) is not None:
        found.add("pluperfect")
    recalled = _PERFECT.search(text, floor, verb.start()) is not None and index >= _NEWS_SENTENCES
    if recalled and not told and _OURS.search(text, floor, verb.start()) is None:
        found.add("recalled")
    return found


def _told_of_now(text: str, offset: int, end: int) -> bool:
    """Tell whether what is promised is no act to come: "vowed it has kept to the rules", "agree the plan is good"."""
    stop = _CONTENT_END.search(text, offset, min(end, offset + _CONTENT))
    last = stop.start() if stop is not None else min(end, offset + _CONTENT)
    if text[offset - 3 : offset] in (" to", "to "):
        return False
    verb = Verbs(text, offset, last).finite_after(offset)
    if verb is None or verb.tense not in (Tense.PAST, Tense.PRESENT) or _STILL.search(text, offset, last):
        return False
    return _CLAUSE_SUBJECT.fullmatch(text, offset, verb.start) is not None


def _noun_cue(text: str, start: int, end: int, noun: re.Match[str]) -> Cue:
    """Return a promise told as a noun: plain where its giver is named, "reiterated its commitment to …" always."""
    if _BARE_NOUN.match(noun.group()) is None:
        return Cue(
            Promise(noun.start(), noun.end(), Kind.COMMITMENT, "promise-restated", binds_subject=True), frozenset()
        )
    by = _BY.match(text, noun.start(), end)
    owner = _OWNER.search(text, max(start, noun.start() - 60), noun.start())
    named = by.span(1) if by is not None else (owner.span(1) if owner is not None else None)
    doubts = set() if named is not None else {"nobody's"}
    if _VAIN.search(text, max(start, noun.start() - 40), noun.start()) is not None:
        doubts.add("vain")
    promise = Promise(noun.start(), noun.end(), Kind.COMMITMENT, "promise-noun", binds_subject=named is None, by=named)
    return Cue(promise, frozenset(doubts))
