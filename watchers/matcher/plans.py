"""Finds whose plan or decision a sentence tells of in nobody's words: "China wants talks", "the court ruled that …"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from watchers.matcher.english import speakers as english
from watchers.matcher.phrases import POSSESSIVE, phrase_after, phrase_before
from watchers.matcher.sentences import Sentence

_VERBS = "|".join((*english.PLAN_VERBS, *english.DECISION_VERBS))
_NOUNS = (
    r"(?P<noun>(?:(?:pledge|promise|vow|commitment|call|threat|ultimatum|offer|proposal|decision|plan|demand|ruling"
    r"|order)s? (?:by|from)|(?:agreement|deal|accord|pact|truce)(?: (?:reached|signed|struck|made))?"
    r"(?: (?:on )?\w+day)? between"
    r"|(?:announced|issued|unveiled|imposed)(?: (?:on )?\w+day)? by) )"
)
_PLANS = re.compile(rf"\b(?:(?:{_VERBS})\b|{_NOUNS})")
_HEADED = re.compile(_PLANS.pattern, re.IGNORECASE)
_LONGEST_PLAN = 120
"""Characters between such a word and the time of what is planned, unless "to …" follows."""
_DONE_TO = re.compile(r" (?!for \w+day an? )(?:for|to|by|in|from|after|at|under|between)\b")
"""What follows a participle after what it is done to: "talks scheduled for Friday"."""
_SUPPOSED = re.compile(r"\b(?:if|unless|should|whether)(?: the)? \Z")
"""Before an owner: "unless one side gives notice" tells of nobody's plan."""
_ACTED = re.compile(r"\b(?:has|have|had)(?: \w+ly| also)? \Z")
"""Before a participle: its subject did it, "the bloc has decided to"."""
_SUFFERED = re.compile(r"\b(?:is|are|was|were|be|been|being)(?: \w+ly| also| now)?\s+\Z")


@dataclass(frozen=True, slots=True)
class Plan:
    """One verb or noun of planning with whose it is."""

    start: int
    end: int
    owner: str
    """The noun phrase as written."""
    owner_start: int
    decided: bool
    """It tells of a decision: only who can decide is its owner."""


def is_headline(text: str, sentence: Sentence) -> bool:
    """Tell whether a sentence lacks its full stop, as headlines do."""
    return not text[sentence.start : sentence.end].rstrip("\"'”’ )").endswith((".", "!", "?", ":", ";", ","))


def plans_before(text: str, sentence: Sentence, offset: int) -> Iterator[Plan]:
    """Go back through the plans a sentence tells of before `offset`, the nearest first."""
    pattern = _HEADED if is_headline(text, sentence) else _PLANS
    for verb in reversed(list(pattern.finditer(text, sentence.start, offset))):
        if offset - verb.end() > _LONGEST_PLAN and not text.startswith(" to ", verb.end()):
            continue
        word = verb.group().lower()
        if verb.group("noun"):
            phrase, at = phrase_after(text, verb.end(), sentence.end)
            if word.endswith("between ") and not text.startswith(" to ", at + len(phrase)):
                continue  # "a deal between the two would be reached"
        else:
            phrase, at = phrase_before(text, verb.start(), sentence.start)
        if not phrase or POSSESSIVE.search(phrase):
            continue
        if _SUPPOSED.search(text, max(sentence.start, at - 12), at) is not None:
            continue
        if _SUFFERED.search(text, max(sentence.start, verb.start() - 30), verb.start()) is not None:
            continue
        decided = word in english.DECISION_VERBS
        acted = _ACTED.search(text, max(sentence.start, verb.start() - 20), verb.start()) is not None
        if decided and not acted and _DONE_TO.match(text, verb.end()) is not None:
            continue
        if word in english.PLURAL_VERBS and not phrase.endswith("s") and " and " not in phrase and phrase != "they":
            continue  # "the US plan"
        yield Plan(verb.start(), verb.end(), phrase, at, decided)
