"""Why the matcher reads what it reads: what was weighed, what it weighed, and what was passed over before that."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from config.events import Event
from watchers.matcher.english.weights import DATED, UNDATED
from watchers.matcher.forward import NEVER
from watchers.matcher.match import ArticleReader, is_summary
from watchers.matcher.promise_traits import Undertaking, promise_traits
from watchers.matcher.temporal import TimeMention
from watchers.matcher.traits import Sighting, evidence_traits, further_traits, near_traits
from watchers.matcher.weighing import heaviest, suffices, weigh
from watchers.model import Statement, Verdict

_SHOWN = 5
"""Traits shown of those that were weighed: the heaviest."""
_SHOWN_OF_KIND = 3
"""Traits shown of those that speak for a kind rather than for the next best."""


def explain_article(
    text: str, day: date, events: Sequence[Event] = (), *, summary: bool = False
) -> tuple[Verdict, ...]:
    """Return what became of every time and every promise of `text`, an article of `day`, in order of reading.

    `events` are those whose names stand for a day; a `summary` must say more plainly what is to come.
    """
    reader = ArticleReader(text, day, events, summary=summary)
    by_time = {(found.start, found.timex.start if found.timex else -1): found for found in reader.read()}
    return tuple(verdict for index in range(len(reader.sentences)) for verdict in _verdicts(reader, index, by_time))


def sightings_in(text: str, day: date) -> list[tuple[Sighting, frozenset[str]]]:
    """Return every time of `text` that may bound a statement of affairs between states, with its traits.

    It is what weights are learnt from.
    """
    reader = ArticleReader(text, day, summary=is_summary(text))
    found = (sighting for index in range(len(reader.sentences)) for sighting in reader.sightings(index))
    return [
        (sighting, frozenset(near_traits(sighting) | further_traits(bearing)))
        for sighting in found
        if (bearing := reader.bearing(sighting)).evidence.possible
    ]


def kinds_in(text: str, day: date) -> list[tuple[Sighting, frozenset[str]]]:
    """Return every time of `text` that may bound a statement, with the traits by which its kind is told.

    It is what the weights of kinds are learnt from.
    """
    reader = ArticleReader(text, day, summary=is_summary(text))
    found = (sighting for index in range(len(reader.sentences)) for sighting in reader.sightings(index))
    return [(sighting, frozenset(reader.traits_of_kind(sighting, reader.bearing(sighting)))) for sighting in found]


def undertakings_in(text: str, day: date) -> list[tuple[Undertaking, frozenset[str]]]:
    """Return every sentence of `text` with words of promise about affairs between states, with its traits.

    It is what weights are learnt from.
    """
    reader = ArticleReader(text, day, summary=is_summary(text))
    found = (reader.undertaking(index) for index in range(len(reader.sentences)))
    return [
        (each, frozenset(promise_traits(each) | evidence_traits(evidence)))
        for each in found
        if each is not None and (evidence := reader.evidence(each.index)).plain
    ]


def _verdicts(reader: ArticleReader, index: int, read: dict[tuple[int, int], Statement]) -> Iterator[Verdict]:
    sentence = reader.sentences[index]
    if not reader.can_state(sentence):
        for mention in reader.times(index):
            yield Verdict(
                sentence.start, sentence.end, mention.text, None, "a question, or part of the page around it", None, ()
            )
        return
    sighted = {sighting.mention.start: sighting for sighting in reader.sightings(index)}
    for mention in reader.times(index):
        sighting = sighted.get(mention.start)
        statement = read.get((sentence.start, mention.start))
        if sighting is None:
            reason = "names nothing that lies ahead, or lies too far off"
            yield Verdict(sentence.start, sentence.end, mention.text, None, reason, None, ())
        else:
            yield _of_time(reader, sighting, mention, statement)
    undertaking = reader.undertaking(index)
    if undertaking is not None:
        yield _of_promise(reader, undertaking, read.get((sentence.start, -1)))


def _of_time(reader: ArticleReader, sighting: Sighting, mention: TimeMention, statement: Statement | None) -> Verdict:
    bearing = reader.bearing(sighting)
    traits = near_traits(sighting) | further_traits(bearing)
    odds = reader.bias(DATED) + weigh(traits, DATED)
    rule = sighting.hold.rule
    if statement is not None:
        kind, told = reader.kind(sighting, bearing)
        reason = f"read, by {rule}; {kind}, by {', '.join(trait for trait, _ in told[:_SHOWN_OF_KIND])}"
    elif sighting.just_gone:
        reason = "without its year it is rather the one just gone"
    elif rule in NEVER:
        reason = f"never read: {rule}"
    elif not bearing.evidence.possible:
        reason = "about no affairs between states"
    elif not suffices(odds):
        reason = f"too little speaks for it, by {rule}"
    else:
        reason = "another time of the sentence says the same"
    return Verdict(*sighting.sentence, mention.text, statement, reason, odds, heaviest(traits, DATED, _SHOWN))


def _of_promise(reader: ArticleReader, undertaking: Undertaking, statement: Statement | None) -> Verdict:
    evidence = reader.evidence(undertaking.index)
    traits = promise_traits(undertaking) | evidence_traits(evidence)
    odds = reader.bias(UNDATED) + weigh(traits, UNDATED)
    if statement is not None:
        reason = "promised"
    elif not evidence.plain:
        reason = "about no affairs between states"
    else:
        reason = "dated already" if suffices(odds) else "promises too little"
    cue = undertaking.cues[0].promise
    words = undertaking.text[cue.start : cue.end]
    return Verdict(*undertaking.sentence, words, statement, reason, odds, heaviest(traits, UNDATED, _SHOWN))
