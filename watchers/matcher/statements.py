"""What a dated clause says of the future, of which kind, and under what condition.

Each decision returns the words that made it, so that every result can be explained.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from watchers.matcher.english import cues
from watchers.matcher.english.around import EVENT_NOUN
from watchers.matcher.forward import Hold
from watchers.matcher.phrase_search import led_by_letter
from watchers.matcher.promises import ACTS
from watchers.matcher.temporal import TimeMention
from watchers.matcher.verbs import Tense
from watchers.model import Kind

HORIZON = timedelta(days=3 * 366 + 60)
"""What lies further ahead is no statement anyone will check."""

_YEAR_AWAY = timedelta(days=270)
"""What lies further on than this is named with its year; without one it has just been."""

_AFTER_TIME = 30
"""Characters after a time in which its deadline may be named: "by Friday or face …"."""

_BEFORE_VERB = 25
_AFTER_VERB = 25
_SUBJECT = 40
"""Characters around a verb in which doubt, hope or its subject is looked for."""

_LONGEST_CUE = 24
_LONGEST_WORD = 200
"""Characters before a time or verb in which an edge is looked for anew, where the words of the time are not seen."""


def _any(phrases: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(f"(?:{led_by_letter(phrases, _EDGE, any_case=True)})(?!{_EDGE})")


def _words(words: str, after: str = r"\b") -> re.Pattern[str]:
    return re.compile(f"(?:{led_by_letter([words], any_case=True)}){after}")


_EDGE = r"[\w-]"


_DEADLINE = re.compile(r"(?<![\w-])(?:" + "|".join(cues.DEADLINE_PHRASES) + ")")
_OUTCOME = _any(cues.OUTCOME_PHRASES)
_DOUBTFUL = _words(cues.DOUBTFUL)
_COMMITMENT = _any(cues.COMMITMENT_PHRASES)
_EVENT_NOUN = EVENT_NOUN
_CONDITION = re.compile(led_by_letter(cues.CONDITIONS, _EDGE))
_IF = _words("if")
_BACKGROUND = re.compile(f"(?<!{_EDGE})(?:{'|'.join(cues.BACKGROUND)})(?!{_EDGE})")
"""For words in small letters: so it is searched for three times as fast; `_DEADLINE` too."""
_WEIGHING = re.compile(r"figure|will decide|decide|determine")
"""What a meeting is for is not when it must be decided: "they meet on Friday to decide whether …"."""
_REFUSAL = _words(
    r"(?:if|unless)\b[^.;]{0,80}?(?:\bnot\b|n[’']t\b|\bfail\w*|\brefus\w+)"
    r"|unless\s+(?:the\s+)?(?-i:[A-Z]|(?:he|she|they)\b)",
    "",
)
_CLAUSE_EDGE = re.compile(
    r";|:|\"|“|”|,(?! \w+,)|(?:"
    + led_by_letter(
        (
            "while|although|though|but|because|whereas|after|as",
            "(?<!demanded )(?<!demands )(?<!demand )that|which|who|when|where|(?<!decide )if|unless",
        )
    )
    + r")\b (?!to\b)"
)
_EXPECTED = _words("expected|likely|hop(?:e|es|ed|ing)|predict(?:s|ed)")
_ACCOMPLISHED = frozenset(
    ("sign", "inked", "signed", "deliver", "delivered", "announce", "unveil", "adopted", "reached")
)
_TAKE_PLACE = _words("tak(?:e|es|ing) place|(?:be|is|are) held|get(?:s|ting)? under ?way")
_BE_SOMEWHERE = re.compile(r"\b(?:will|would|shall) be (?:back )?(?:in|at) (?:the )?[A-Z]\w+")
_IS_TO = re.compile(r"(?:is|are) to \w")
_WISH = _words("hop(?:e|es|ed|ing)|expect(?:s|ed)?|fear(?:s|ed)?|predict(?:s|ed)?")
_PROMISE = _words("pledg|vow|promis|threaten", r"(?i:e|es|ed|ing|s)\b")
_NO_ACT = frozenset(("be", "take", "see", "come"))
_A_DAY = re.compile(r"(?:\d{4}|XXXX)-\d\d-\d\d(?:T\S+)?")
_OWN_YEAR = re.compile(r"\d{4}|\b(?:next|coming|(?<!New )years?)\b", re.IGNORECASE)
_QUOTE_MARK = re.compile('["“”]')


@dataclass(frozen=True, slots=True)
class Clause:
    """The clause a time expression bounds; offsets into `text`."""

    text: str
    sentence: tuple[int, int]
    start: int
    end: int
    hold: Hold
    mention: TimeMention

    @property
    def main(self) -> str:
        """The verb that carries the meaning, in small letters; empty where there is none."""
        return self.hold.verb.main if self.hold.verb is not None else ""


def just_gone(mention: TimeMention, last: date, day: date) -> bool:
    """Tell whether a day named without its year is the one just gone: "New Year's Eve", read on 2 January."""
    named = _A_DAY.fullmatch(mention.timex.value) is not None and _OWN_YEAR.search(mention.text) is None
    return named and last - day > _YEAR_AWAY


def clause_of(text: str, sentence: tuple[int, int], hold: Hold, mention: TimeMention) -> Clause:
    """Return the clause of a sentence that holds the mention and its verb."""
    first = min(mention.start, hold.verb.start if hold.verb is not None else mention.start)
    last = max(mention.end, hold.verb.end if hold.verb is not None else mention.end)
    start, end = sentence
    passed = bisect_right(edges := _edges_in(text, start, end), first) - 1
    start = edges[passed] if passed >= 0 else start
    for edge in _CLAUSE_EDGE.finditer(text, max(start, first - _LONGEST_WORD), first):
        start = edge.end()  # "…, 1 May,": what follows the comma is the time itself
    closing = _CLAUSE_EDGE.search(text, last, end)
    return Clause(text, sentence, start, closing.start() if closing is not None else end, hold, mention)


@lru_cache(maxsize=1)
def _edges_in(text: str, start: int, end: int) -> tuple[int, ...]:
    """Return where the clauses of a sentence begin after its first, read once for all its times."""
    return tuple([edge.end() for edge in _CLAUSE_EDGE.finditer(text, start, end)])


def kind_of(clause: Clause) -> tuple[Kind, str]:
    """Return the kind of a dated clause, the first that fits in the order of `Kind`, and the cue that says so."""
    passage = clause.text[clause.start : clause.end]
    expected = _EXPECTED.search(passage)
    deadline = _deadline(clause, expected=expected is not None)
    if deadline is not None:
        return Kind.DEADLINE, f"deadline:{deadline}"
    noun = _event_noun(clause)
    if noun == "subject":
        return Kind.EVENT, "event:subject"
    if expected is not None and clause.main in _ACCOMPLISHED:
        return Kind.EXPECTATION, f"expectation:{expected.group().lower()}"
    promise = _PROMISE.search(clause.text, clause.start, clause.mention.start)
    if promise is not None:
        return Kind.COMMITMENT, f"commitment:{promise.group().lower()}"
    event = _event_verb(clause, passage, noun, expected=expected is not None)
    if event is not None:
        return Kind.EVENT, f"event:{event}"
    return _act_or_outcome(clause, passage, noun)


def _event_verb(clause: Clause, passage: str, noun: str | None, *, expected: bool) -> str | None:
    """Return the verb by which the clause plainly tells of an event, or None."""
    if _is_doubtful(clause):
        return None
    if not expected and _TAKE_PLACE.search(passage):
        return "take place"
    if _BE_SOMEWHERE.search(passage):
        return "be there"
    return clause.main if clause.main in cues.EVENT_VERBS and not _is_own_act(clause, noun) else None


def _act_or_outcome(clause: Clause, passage: str, noun: str | None) -> tuple[Kind, str]:
    """Return the kind of a clause that is neither deadline nor plainly an event."""
    commitment = _COMMITMENT.search(passage)
    if commitment is not None and (noun is None or clause.main not in ("be", "take")):
        return Kind.COMMITMENT, f"commitment:{commitment.group().lower()[:_LONGEST_CUE]}"
    verb, text = clause.hold.verb, clause.text
    led = verb is not None and verb.start < clause.mention.start
    near = max(clause.start, verb.start - _BEFORE_VERB) if verb is not None and led else clause.start
    outcome = _WISH.search(text, clause.start, near) or _OUTCOME.search(text, near, clause.end)
    if outcome is not None:
        return Kind.EXPECTATION, f"expectation:{outcome.group().lower()}"
    bound = verb is not None and (verb.word in cues.FIRM_MODALS or _IS_TO.match(text, verb.start) is not None)
    if bound and verb is not None and verb.main not in _NO_ACT:
        subject = text[max(clause.start, verb.start - _SUBJECT) : verb.start]
        if ACTS.search(subject):
            return Kind.COMMITMENT, f"commitment:{verb.word}"
    if noun is not None or _EVENT_NOUN.search(passage) or _EVENT_NOUN.match(text, clause.mention.end + 1):
        return Kind.EVENT, f"event:{noun or 'noun'}"
    if verb is not None and (verb.tense is Tense.SCHEDULE or verb.word == "due"):
        kind = Kind.COMMITMENT if verb.word in cues.PRESENT_BE else Kind.EVENT
        return kind, f"{kind}:{verb.main}"
    return Kind.EXPECTATION, "expectation:otherwise"


def _deadline(clause: Clause, *, expected: bool) -> str | None:
    """Return what makes a clause a deadline, or None."""
    passage = clause.text[clause.start : min(clause.end, clause.mention.end + _AFTER_TIME)]
    found = _DEADLINE.search(passage.lower())
    if found is not None:
        cue = found.group().strip()[:_LONGEST_CUE]
        if not (clause.main in cues.EVENT_VERBS and _WEIGHING.match(cue)):
            return cue
    if clause.hold.rule.startswith("grants-time"):
        return "time-given"
    return "if-not" if not expected and _hangs_on_refusal(clause) else None


@lru_cache(maxsize=1)
def _refusal_in(text: str, start: int, end: int) -> int | None:
    found = _REFUSAL.search(text, start, end)
    return found.start() if found is not None else None


def _hangs_on_refusal(clause: Clause) -> bool:
    """Tell whether what is dated follows if somebody does not act: "if they refuse, tariffs start on Monday"."""
    refusal = _refusal_in(clause.text, *clause.sentence)
    if refusal is None:
        return False
    first, last = sorted((refusal, clause.mention.start))
    return _QUOTE_MARK.search(clause.text, first, last) is None


def _event_noun(clause: Clause) -> str | None:
    """Return the event the clause tells of ("subject" where it is what acts), or None."""
    verb, text, mention = clause.hold.verb, clause.text, clause.mention
    if verb is not None and verb.start > mention.end and _EVENT_NOUN.search(text, clause.start, verb.start):
        return "subject"
    led = verb is not None and verb.start < mention.start
    first, last = (verb.start, mention.start) if verb is not None and led else (clause.start, clause.end)
    noun = _EVENT_NOUN.search(text, first, last)
    return noun.group().lower() if noun is not None else None


def _is_own_act(clause: Clause, noun: str | None) -> bool:
    """Tell whether a verb used of events is an act here: "Turkey will open its border", not "talks will open"."""
    verb = clause.hold.verb
    if verb is None or clause.main not in cues.ACTS_OR_EVENTS or verb.word not in cues.FIRM_MODALS or noun is not None:
        return False
    first = max(clause.start, verb.start - _SUBJECT)
    event = _EVENT_NOUN.search(clause.text, first, verb.start)
    return event is None and ACTS.search(clause.text, first, verb.start) is not None


def _is_doubtful(clause: Clause) -> bool:
    verb = clause.hold.verb
    if verb is None:
        return False
    start = max(clause.sentence[0], clause.start - len("hopes that "))
    return _DOUBTFUL.search(clause.text, start, min(clause.end, verb.end + _AFTER_VERB)) is not None


@lru_cache(maxsize=1)
def condition_of(text: str, start: int, end: int) -> str | None:
    """Return the words that make the statement from `start` to `end` conditional, or None."""
    found = _CONDITION.search(text, start, end)
    if found is not None:
        return found.group().lower()
    for match in _IF.finditer(text, start, end):
        before = text[max(start, match.start() - 12) : match.start()].split()
        if not before or before[-1].lower().strip(',"“') not in cues.NO_CONDITION_BEFORE_IF or before[-1].endswith(","):
            return "if"
    return None


def is_background(text: str, start: int, end: int) -> bool:
    """Tell whether a passage recalls what was said in earlier weeks."""
    return _BACKGROUND.search(text[start:end].lower()) is not None
