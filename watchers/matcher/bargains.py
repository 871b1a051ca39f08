"""Acts that hang on another's: "Turkey will join if the council fails to act", told by structure.

A bargain is a verb that points ahead (will, would, is ready to) and the condition it hangs on. Which of them bind
anybody is for the weights to say: here only stands who is to act, how, on which condition and under whose words.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from watchers.matcher.english import bargains
from watchers.matcher.english.actors import ACTOR_OF
from watchers.matcher.english.speakers import ROLE_NOUNS
from watchers.matcher.phrase_search import led_by_letter
from watchers.matcher.phrases import names_agents

_AHEAD = ("will", "would", "shall", "won't", "won’t", "'ll", "’ll", " to ", "then i ", "then we ")
"""One of these stands wherever an act is held out, in small letters."""
_CONDITION = re.compile("(?:" + led_by_letter(bargains.CONDITIONS, r"[\w-]", any_case=True) + r")(?:(?<=\s)|(?![\w-]))")
_ASKS = re.compile(r"(?<![\w-])(?:" + bargains.NO_CONDITION_BEFORE + r")[,\"“]?\s+\Z", re.IGNORECASE)
_ACT = re.compile(
    r"(?:(?<![\w-])(?P<modal>will|would|shall|won[’']t|wouldn[’']t)(?![\w-])|[’'](?P<short>ll)\b"
    r"|(?:(?<![\w-])(?:is|are|am|was|were|be)|[’'](?:re|m|s))\s+(?P<ready>going|ready|prepared|willing|determined)\s+to\b"
    r"|(?<![\w-])(?P<threat>threaten)(?:s|ed|ing)\s+to\b|(?<=\bthen )(?=(?P<now>I|we)\b))"
    r"(?P<between>(?:[\s,–—]+(?:not|never|only|also|then|\w+ly|have to|again|still|first|even))*)"
    r"\s*[\"“‘]?\s*(?P<be>be\s+)?[\"“‘]?(?P<main>[a-z]+)?"
)
_BOUNDARY = re.compile(r"[,;:\"“”—–]|\s-\s|\.\.\.|\b(?:that|then)\b")
_OPENS = re.compile(r"[,;:\"“”—–]\s*(?:and\s+|but\s+)?\Z|\b(?:that|and|but|then)\s+\Z|^\s*\Z")
"""Before a condition that stands before its act."""
_SUBJECT = re.compile(
    r"(?:\b(?P<own>his|her|its|their|our|my)\s+(?:[\w-]+\s+){0,2})?(?P<last>[\w.&’'-]*\w)"
    r"(?:[\s,]+(?:also|then|too|alone|itself|themselves|in turn|of course|\w+ly))*[\s,]*[\"“‘—–-]*\s*\Z"
)
_SAYS = re.compile(
    r"\b(?:(?P<said>sa(?:id|ys|ying)|t(?:old|ells)|add(?:ed|s|ing)|announc\w+|declar\w+|stat(?:ed|es|ing)|t?weet\w+"
    r"|wr(?:ote|ites)|confirm(?:s|ed)|stress\w+|reiterat\w+|made clear|repeat\w*|posted|replied|stressed)"
    r"|(?P<threat>warn\w*|threat\w+|vow\w*|insist\w*|pledg\w+|promis\w+|swor\w+|ultimatum)"
    r"|(?P<belief>believ\w+|think\w*|thought|hop(?:e|es|ed|ing)|fear\w*|expect\w*|predict\w*|suggest\w*|argu\w+"
    r"|indicat\w+|hint\w*|clear|wonder\w*|concern\w*|signal\w*|claim\w*|likely|speculat\w+))\b",
    re.IGNORECASE,
)
_ATTRIBUTED = re.compile(
    r",[\"”’']{0,2}\s+(?:[\w’'.-]+\s+){0,9}?(?:said|says|told|tells|added|warned|warns|vowed|insisted|wrote|announced|posted"
    r"|declared|stated|tweeted)\b"
)
_HELD = re.compile(r"\s+(?:[\"“]?(?:the|a|an|any|all|its|his|their)\s+)?[\"“]?(?P<word>[\w.’'-]*\w)", re.IGNORECASE)
_REFUSED = re.compile(r"\b(?:not|never|no|fail\w*|refus\w*|reject\w*|continu\w*|persist\w*)\b|n[’']t\b", re.IGNORECASE)
_UNREAL = re.compile(r"\s+(?:[\w’'-]+\s+){1,3}?(?:were|was to|had)\b")
"""After "if" these suppose what is not so."""
_SHORT = re.compile(
    r"\s+(?:necessary|needed|asked|required|called|so|approached|confirmed|elected|re-elected|provoked)\b"
)
_CONSEQUENCES = re.compile(rf"[^.;]{{0,40}}?\b(?:{bargains.CONSEQUENCES})\b")
_INVERTED = re.compile(r"\b(?:so|neither|nor)\s+\Z")
_REPRISAL = re.compile(f"(?:{bargains.REPRISALS})")
_SERVICE = re.compile(f"(?:{bargains.SERVICES})")
_PRONOUNS = {
    **dict.fromkeys(("i", "we"), "we"),
    **dict.fromkeys(("he", "she"), "he"),
    **{word: word for word in ("it", "they", "you", "there", "this", "that", "who", "which", "these", "those")},
}
_SHORT_OF_WILL = {"threaten": "threat", **dict.fromkeys(("ready", "prepared", "willing", "determined"), "ready")}
_TOLD = frozenset(("said", "threat"))
_LONGEST_SUBJECT = 60
_NEAR = 90
"""Characters of a condition's clause that are looked at where nothing ends it."""
_LONGEST_HELD = 4
"""Words of a condition's subject: beyond them the condition has its own verb."""
_MOST = 3
"""Conditions of a sentence that are looked at."""


@dataclass(frozen=True, slots=True)
class Bargain:
    """Characters `start` to `end` hold the verb of the act held out."""

    start: int
    end: int
    threat: bool
    """A reprisal or a refusal rather than a service."""
    plain: bool
    """The one who would do it says so."""
    traits: frozenset[str]


def bargains_in(text: str, start: int, end: int) -> Iterator[Bargain]:
    """Yield the bargains of a sentence, one for each condition that an act hangs on."""
    small = text[start:end].lower()
    if not any(each in small for each in _AHEAD):
        return
    conditions = [each for each in _CONDITION.finditer(text, start, end) if _holds(text, start, each)][:_MOST]
    if not conditions:
        return
    edges = [each.end() for each in _BOUNDARY.finditer(text, start, end)]
    acts = [
        each
        for each in _ACT.finditer(text, start, end)
        if (each["main"] or each["now"]) and not _is_inside(text, conditions, edges, each)
    ]
    taken: set[int] = set()
    for condition in conditions:
        act = _act_of(text, start, condition, acts)
        if act is not None and act.start() not in taken:
            taken.add(act.start())
            yield _bargain(text, (start, end), condition, act, edges)


def _holds(text: str, start: int, condition: re.Match[str]) -> bool:
    return _ASKS.search(text, max(start, condition.start() - 20), condition.start()) is None


def _is_inside(text: str, conditions: list[re.Match[str]], edges: list[int], act: re.Match[str]) -> bool:
    """Tell whether a verb belongs to a condition: "if they will cooperate, …"."""
    passed = bisect_right(edges, act.start()) - 1
    opening = edges[passed] if passed >= 0 else -1
    near = [each for each in conditions if opening <= each.start() < act.start()]
    if not near:
        return False
    words = text[near[-1].end() : act.start()].split()
    return len(words) <= _LONGEST_HELD  # "if the other side will", not "if they do that we will"


def _act_of(text: str, start: int, condition: re.Match[str], acts: list[re.Match[str]]) -> re.Match[str] | None:
    """Return the verb that hangs on a condition: the next where the condition opens its clause, else the last."""
    after = next((each for each in acts if each.start() >= condition.end()), None)
    before = next((each for each in reversed(acts) if each.start() < condition.start()), None)
    opens = _OPENS.search(text, max(start, condition.start() - 8), condition.start()) is not None
    return (after or before) if opens or condition.start() == start else (before or after)


def _bargain(
    text: str, sentence: tuple[int, int], condition: re.Match[str], act: re.Match[str], edges: list[int]
) -> Bargain:
    start, end = sentence
    when = condition.group().lower().split()
    word = when[-1] if when[-1] in ("if", "until", "when") else when[0]
    only = "only" in when or "only" in act["between"]
    modal = (act["modal"] or act["short"] or act["ready"] or act["threat"] or "now").lower().replace("’", "'")
    refused = modal.endswith("n't") or re.search(r"\b(?:not|never)\b", act["between"]) is not None
    main = act["main"] or ""
    if _INVERTED.search(text, max(start, act.start() - 10), act.start()) is not None:
        subject, family = "name", "service"
    else:
        subject, family = subject_class(text, start, act.start()), _family(main, passive=act["be"] is not None)
        if subject == "there" or main == "have":
            family = "reprisal" if _CONSEQUENCES.match(text, act.start(), end) else "outcome"
    said = under_words(text, start, act.start())
    if said == "none" and _ATTRIBUTED.search(text, act.end(), end) is not None:
        said = "after"
    first = "before" if condition.start() < act.start() else "after"
    stop = next((edge for edge in edges if edge > condition.end() + 3), end)
    held = text[condition.end() : min(stop, condition.end() + _NEAR)]
    of = _HELD.match(text, condition.end(), end)
    holder = _class_of(of["word"]) if of is not None else "none"
    spurned = _REFUSED.search(held) is not None
    unreal = word == "if" and (_UNREAL.match(text, condition.end()) is not None or when[0] == "even")
    short = _SHORT.match(text, condition.end()) is not None
    traits = {
        f"if:{word}",
        f"if:{word}/{first}",
        f"if:{word}/{'not' if refused else 'do'}",
        f"if-only:{only}",
        f"if-modal:{modal}",
        f"if-subject:{subject}",
        f"if-said:{said}",
        f"if-subject:{subject}/{said}",
        f"if-act:{family}",
        f"if-act:{family}/{subject}",
        f"if-act:{family}/{said}",
        f"if-act:{family}/{'not' if refused else 'do'}",
        f"if-holder:{holder}",
        f"if-holder:{holder}/{subject}",
        f"if-spurned:{spurned}",
        f"if-spurned:{spurned}/{family}",
    }
    binding = "unreal" if unreal else _binds(word, modal, subject, said, family, refused=refused or only)
    traits |= {f"if-binds:{binding}", f"if-binds:{binding}/{word}", f"if-binds:{binding}/{said}", f"if-short:{short}"}
    threat = refused or modal == "threaten" or family in ("reprisal", "passive-reprisal") or said == "threat"
    return Bargain(act.start(), act.end(), threat, binding in ("own", "told"), frozenset(traits))


def _binds(word: str, modal: str, subject: str, said: str, family: str, *, refused: bool) -> str:
    """Return whether words bind whom they are of, by the plain reading: the one who would do it says so."""
    if modal in _SHORT_OF_WILL or (word == "until" and not refused):
        return _SHORT_OF_WILL.get(modal, "while")
    if word == "when" or said == "belief" or family == "outcome" or (family == "being" and subject != "we"):
        return "no"
    told = said in _TOLD
    if subject in ("we", "own") or (subject in ("he", "it", "they") and told):
        return "own"
    acts = subject in ("state", "name", "role")
    if told and (acts or subject == "there" or family.startswith("passive")):
        return "told"
    told_after = "told-after" if said == "after" else "plain"
    return told_after if acts else "no"


def _family(main: str, *, passive: bool) -> str:
    """Return of what make an act is: a reprisal, a service, what befalls one, or neither."""
    if passive:
        if main.endswith(("ed", "en", "t")) and main not in ("at", "out"):
            return "passive-reprisal" if _REPRISAL.match(main) else "passive"
        return "being"
    if not main or main in bargains.OUTCOMES:
        return "outcome"
    if _REPRISAL.match(main):
        return "reprisal"
    return "service" if _SERVICE.match(main) else "act"


def subject_class(text: str, start: int, verb: int) -> str:
    """Return of what class the subject right before a verb is: a pronoun, a state, a name, a role, a thing."""
    found = _SUBJECT.search(text, max(start, verb - _LONGEST_SUBJECT), verb)
    if found is None:
        return "none"
    if found["own"] is not None:
        return "own"
    return _class_of(found["last"])


def _class_of(word: str) -> str:
    small = word.lower()
    if small in _PRONOUNS:
        return _PRONOUNS[small]
    if word in ACTOR_OF:
        return "state"
    if small in ROLE_NOUNS or names_agents(small):
        return "role"
    if word[0].isupper():
        return "name"
    return "thing"


def under_words(text: str, start: int, act: int) -> str:
    """Return under whose words an act stands: said, threatened, believed, or nobody's."""
    last = "none"
    for each in _SAYS.finditer(text, start, act):
        last = each.lastgroup or last
    return last
