"""How a follow-up ended: is some sentence of a later article evidence of it? Pure, and it says why.

Each sentence of a later article is read for what it tells, and in which tone (see outcome_signs.py), and compared with
what the follow-up leads one to expect (see expectations.py) by named signs. What each sign weighs for "it was done" was
learnt from labelled follow-ups (`benchmarks/outcomes.py --learn`). That it was put off, called off or broken is told by
rules, which ask that the act itself be put off, called off or broken. Silence is no evidence: it stays open.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TypeAlias

from watchers.expectations import Expected
from watchers.matcher.english.outcome_weights import KEPT
from watchers.matcher.sentences import read_sentences
from watchers.model import Interval, Statement
from watchers.outcome_signs import Mention, Told, read_told
from watchers.rating import SURE, Outcome
from watchers.tones import NOT_DONE, Tone

SURE_UNDATED = 0.9
"""The same for what has no time: the like of it happens again and again."""
MOST_NEAR = 5
"""Near misses that are offered where nothing was found."""
_LIKELY = 0.1
"""The confidence below which a sentence is not even a near miss."""

Finding: TypeAlias = tuple[Outcome, float, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Resolution:
    """What a sentence suggests of how a follow-up ended."""

    outcome: Outcome
    start: int
    end: int
    """The sentence's characters in the article's text."""
    quote: str
    confidence: float
    """From 0 to 1; from `SURE` on it may be taken for the outcome."""
    reasons: tuple[str, ...]
    """What speaks for it, and after "but: " what against it, the weightiest first."""
    due: Interval | None = None
    """The new interval where it was moved and the sentence names one; otherwise None."""


@dataclass(frozen=True, slots=True)
class News:
    """An article of `day`, read for outcomes."""

    day: date
    text: str
    statements: tuple[Statement, ...]
    sentences: tuple[Told, ...]
    tokens: frozenset[str]
    """Everything that the whole article names."""

    def of(self, sentences: Iterable[int]) -> News:
        """Return the same article with some of its sentences alone."""
        return replace(self, sentences=tuple(self.sentences[each] for each in sentences))


def read_news(text: str, day: date, statements: Iterable[Statement] = ()) -> News:
    """Read an article of `day` for outcomes; `statements` are those the matcher found in it."""
    sentences = tuple(read_told(text, each.start, each.end) for each in read_sentences(text).sentences)
    tokens = frozenset[str]().union(*(told.tones for told in sentences))
    return News(day, text, tuple(statements), sentences, tokens)


def resolve(expected: Expected, news: News, told_again: Collection[int] = ()) -> Resolution | None:
    """Return the strongest evidence an article holds of how it ended, the earliest among equals; None: it holds none.

    `told_again` are the starts of sentences that only tell the follow-up again: they are no evidence that it was kept.
    """
    best: Resolution | None = None
    for told in news.sentences:
        found = judge(expected, news, told)
        if found is None or (told.start in told_again and found.outcome in {Outcome.KEPT, Outcome.PARTLY}):
            continue
        if best is None or found.confidence > best.confidence:
            best = found
    return best


def judge(expected: Expected, news: News, told: Told) -> Resolution | None:
    """Return what one sentence of `news` suggests of how it ended; None where it suggests nothing."""
    signs = signs_of(expected, news, told)
    finding = _by_rule(expected, news, told, signs["the same matter"]) or _by_weight(expected, told, signs)
    outcome, confidence, reasons = finding
    if confidence >= SURE and outcome in {Outcome.KEPT, Outcome.PARTLY}:
        sure = SURE_UNDATED if expected.due is None else SURE
        if confidence < sure or _doubtful(expected, news, told, signs):
            confidence = _UNSURE
    if confidence < _LIKELY:
        return None
    due = _new_time(expected, news, told) if outcome is Outcome.MOVED else None
    quote = news.text[told.start : told.end]
    return Resolution(outcome, told.start, told.end, quote, round(confidence, 3), reasons, due)


# --- the signs ----------------------------------------------------------------------------------------------

_DAY = timedelta(days=1)
_WEEK = timedelta(days=7)
_MONTH = timedelta(days=30)
_A_FEW = 14
"""The most days that are days; more are weeks."""
_OWN_ENOUGH = 4.5
"""The weight from which on a statement says enough by itself."""
_NEARBY = 0.4
"""How much counts what another sentence of the article names."""
_MOST, _FEW = 6.0, 1.8
_TWO = 2
_TOLD_PLAINLY = NOT_DONE | Tone.BEHIND | Tone.ANNOUNCED | Tone.EARLIER | Tone.ACCUSED | Tone.VOICE
_ORDINALS = ("st", "nd", "rd", "th")


def timing_of(expected: Expected, day: date) -> str:
    """Return how the day of an article lies to the time of a follow-up."""
    due = expected.due
    if due is None:
        return "undated, within a month" if day <= expected.said_on + _MONTH else "undated, later"
    first = due.last if expected.lasts else due.first
    if day < first:
        return "before its time"
    if day <= due.last:
        length = (due.last - first).days
        size = "day" if length <= 1 else "days" if length <= _A_FEW else "weeks"
        return f"{'on its' if first > expected.said_on + _DAY else 'within its'} {size}"
    if day == due.last + _DAY:
        return "the day after"
    return "within a week after" if day <= due.last + _WEEK else "long after"


def signs_of(expected: Expected, news: News, told: Told) -> dict[str, float]:
    """Return how a sentence of `news` compares with what is expected: named signs, each with how strong it is."""
    tones = told.tones
    shared = near = 0.0
    for token, weight in expected.weights.items():
        if token in tones:
            shared += weight
        elif token in news.tokens:
            near += weight
    matter = (shared + _NEARBY * near) / max(_OWN_ENOUGH, expected.whole)
    time = timing_of(expected, news.day)
    missing = len(expected.actors - news.tokens)
    signs = {
        "the same matter": matter,
        "much in common": min(shared, _MOST) / _MOST,
        "little in common": max(0.0, _FEW - shared),
        "the same names": min(_TWO, len(expected.names & tones.keys())) / _TWO,
        "the same things": len(expected.things & tones.keys()) / max(_TWO, len(expected.things)),
        "an actor is missing": missing / max(1, len(expected.actors)),
        time: 1.0,
    }
    if time in {"on its day", "within its day", "the day after"}:
        signs["the same matter, on the day"] = matter
    if len(expected.named) >= _TWO:
        signs["a name is missing"] = len(expected.named - news.tokens) / len(expected.named)
    if missing or expected.parties.isdisjoint(tones):
        others = sum(1 for token in tones if token[0] == "@" and token not in expected.weights)
        signs["other actors"] = min(_TWO, others) / _TWO
    if not any(token in tones and (token[0] == "@" or token in expected.names) for token in expected.weights):
        signs["nobody in common"] = 1.0
    if expected.due is None and expected.truce:
        signs["a truce without an end"] = 1.0
    if news.day == expected.said_on:
        signs["the day it was said"] = 1.0
    signs.update(_figures(expected, tones))
    signs.update(_act(expected, told))
    return signs


def _figures(expected: Expected, tones: Mapping[str, Tone]) -> Iterator[tuple[str, float]]:
    figures = {token for token in tones if token[0] == "#"}
    if not figures or not expected.figures:
        return
    if expected.figures & figures:
        yield "the same figure", 1.0
    for name, kinds in (("another figure", ("%",)), ("another round", _ORDINALS)):
        mine = {each for each in expected.figures if each.endswith(kinds)}
        theirs = {each for each in figures if each.endswith(kinds)}
        if mine and theirs and mine.isdisjoint(theirs):
            yield name, 1.0


def _act(expected: Expected, told: Told) -> Iterator[tuple[str, float]]:
    acts = [told.tones[act] for act in expected.acts if act in told.tones]
    done = [tone for tone in acts if not tone & NOT_DONE]
    if any(not tone & _TOLD_PLAINLY for tone in acts):
        yield "the act is told as done", 1.0
    elif done and all(tone & Tone.ANNOUNCED for tone in done):
        yield "the act is only announced", 1.0
    elif done:
        yield "the act lies behind the news", 1.0
    elif acts:
        yield "the act is told as not done", 1.0
    else:
        yield "the act is not told" if expected.acts else "no act is named", 1.0
    if told.coloured & Tone.EARLIER:
        yield "it tells of another day", 1.0
    if told.coloured & Tone.ACCUSED:
        yield "it only accuses", 1.0


# --- the verdict --------------------------------------------------------------------------------------------

_ALIKE = 0.4
"""How much of the same matter a rule asks for, the act and all its actors being there."""
_TRUCE_ALIKE = 0.3
"""The same for the end of a truce, which its parties and the word tell plainly."""
_LEAST_BY_RULE, _PER_MATTER, _MOST_BY_RULE = 0.5, 0.6, 0.95
_FIGHTING = 0.75
"""The confidence that a truce is over where its parties fight: more than one side's violation, less than its end."""
_GRACE = timedelta(days=3)
"""How long after its last day a follow-up may still be told as moved or withdrawn."""
_UNSURE = 0.5
"""The most confidence in what was done out of its time: often it is the like of it, done again."""
_LATE = frozenset({"within a week after", "long after"})
_HALF = 0.5
_LEAST_REASON = 0.3


def _by_weight(expected: Expected, told: Told, signs: Mapping[str, float]) -> Finding:
    """Return how likely it was done; where another's threat was carried out instead, the other did not comply."""
    weighed = [(KEPT.get(name, 0.0) * value, name) for name, value in sorted(signs.items())]
    confidence = 1 / (1 + math.exp(-math.fsum((KEPT["bias"], *(weight for weight, _ in weighed)))))
    weighed.sort(key=lambda each: -abs(each[0]))
    reasons = tuple(name if weight > 0 else f"but: {name}" for weight, name in weighed if abs(weight) >= _LEAST_REASON)
    if signs.keys() & _LATE:
        return Outcome.BROKEN, min(confidence, _UNSURE), ("if it was done, it was done late", *reasons)
    if len(expected.threatened & told.tones.keys()) > len(expected.demanded & told.tones.keys()):
        return Outcome.BROKEN, confidence, ("what was threatened is told as done", *reasons)
    if any(each.token in expected.acts and each.tone & Tone.IN_PART for each in told.mentions):
        return Outcome.PARTLY, confidence, ("it was done in part", *reasons)
    return Outcome.KEPT, confidence, reasons


def _doubtful(expected: Expected, news: News, told: Told, signs: Mapping[str, float]) -> bool:
    """Tell whether what seems done may be another matter, or the same still to come."""
    strangers = signs["an actor is missing"] >= _HALF and not signs["the same names"]
    threat = expected.due is None and expected.conditional
    untold = "the act is not told" in signs and expected.all_acts.isdisjoint(told.tones)
    vague = "no act is named" in signs and signs["the same matter"] < _HALF
    return untold or vague or strangers or threat or "before its time" in signs or _told_again(expected, news, told)


def _told_again(expected: Expected, news: News, told: Told) -> bool:
    """Tell whether the matcher found the same time in a sentence, as one that is yet to come."""
    last = expected.due.last if expected.due is not None else None
    within = (each for each in news.statements if told.start <= each.start < told.end)
    return any(each.due is not None and each.due.last == last for each in within)


def _by_rule(expected: Expected, news: News, told: Told, matter: float) -> Finding | None:
    """Return what a rule makes of a sentence: a truce ended, or the act put off or called off; None: no rule holds."""
    confidence = min(_MOST_BY_RULE, _LEAST_BY_RULE + _PER_MATTER * matter)
    all_there = expected.actors <= news.tokens
    if expected.truce and (expected.due is None or news.day < expected.due.last):
        if matter >= _TRUCE_ALIKE and all_there and _ends_truce(told):
            return Outcome.BROKEN, confidence, ("the truce is told as ended before its time",)
        if len(expected.truce_of & told.tones.keys()) >= _TWO and _fights(told) and news.day > expected.said_on + _DAY:
            return Outcome.BROKEN, _FIGHTING, ("the parties to the truce fight each other",)
    if matter < _ALIKE or not all_there or (expected.due is not None and news.day > expected.due.last + _GRACE):
        return None
    changed = _changed(expected, news, told)
    return (changed[0], confidence, (changed[1],)) if changed is not None else None


def _changed(expected: Expected, news: News, told: Told) -> tuple[Outcome, str] | None:
    """Return whether the act itself is told as put off or called off, and in which words that is said."""
    acts = [each for each in told.mentions if each.token in expected.acts and not each.tone & _NOT_TOLD_OF]
    if not expected.tones & Tone.PUT_OFF and _any(acts, Tone.PUT_OFF):
        return Outcome.MOVED, "the act is told as put off"
    if expected.lasts and expected.due is not None and news.day > expected.said_on + _DAY and _extends(told):
        return Outcome.MOVED, "what was to end is told as extended"
    if not expected.tones & Tone.CALLED_OFF and _any(acts, Tone.CALLED_OFF):
        return Outcome.WITHDRAWN, "the act is told as called off"
    return None


_TRUCE, _CLASH = "!truce", "!clash"
_NOT_TOLD_OF = Tone.ACCUSED | Tone.BEHIND | Tone.UNDONE | Tone.PERHAPS


def _any(mentions: Iterable[Mention], tone: Tone) -> bool:
    return any(each.tone & tone for each in mentions)


def _ends_truce(told: Told) -> bool:
    ended = (each.tone for each in told.mentions if each.token == _TRUCE and each.tone & Tone.BROKEN)
    return any(not tone & (_NOT_TOLD_OF | Tone.COMING) for tone in ended)


def _fights(told: Told) -> bool:
    """Tell whether a sentence tells of a clash as a fact; a strike by one side is a violation, and no end."""
    clashes = (each.tone for each in told.mentions if each.token == _CLASH)
    return not told.coloured & Tone.ACCUSED and any(not tone & _TOLD_PLAINLY for tone in clashes)


def _extends(told: Told) -> bool:
    tone = told.tones.get("!extend")
    return tone is not None and not tone & (_NOT_TOLD_OF | Tone.CALLED_OFF)


def _new_time(expected: Expected, news: News, told: Told) -> Interval | None:
    """Return the time to which a sentence moves it, as the matcher read it there."""
    for statement in news.statements:
        if told.start <= statement.start < told.end and statement.due is not None and statement.due != expected.due:
            return statement.due
    return None
