"""Reads an article for statements about what is to come: the matcher's door."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta

from config.events import Event
from watchers.matcher.affairs import Affairs, Evidence
from watchers.matcher.attribution import Attribution, Speaker
from watchers.matcher.due import Due
from watchers.matcher.english.weights import DATED, UNDATED
from watchers.matcher.forward import Hold, hold_of, only_places
from watchers.matcher.promise_traits import Undertaking, promise_traits
from watchers.matcher.promises import Promise, cues_in, first_promise
from watchers.matcher.quotes import Quotes
from watchers.matcher.sentences import Reading, Sentence, read_sentences
from watchers.matcher.statements import HORIZON, clause_of, condition_of, just_gone, kind_of
from watchers.matcher.temporal import TimeMention, due_interval, read_occasions, read_times
from watchers.matcher.traits import FURTHER, Bearing, Sighting, further_traits, near_traits
from watchers.matcher.verbs import Verbs
from watchers.matcher.weighing import ceiling, weigh
from watchers.model import Kind, Precision, Statement, Timex

_LONGEST_SENTENCE = 2000
"""Characters; what runs longer is a table or a listing, not a sentence somebody said."""
_SET_BY = re.compile(r"[\w ,.]{3,25}? (?:deadline|ultimatum|cut-?off) (?:set|imposed|given|issued|announced) by ")
"""From a time: "10 June deadline set by" whom it is."""
_WITH = re.compile(r"\bwith (?:[\w’'.-]+ ){1,5}\Z")
_NAMELESS = re.compile(r"\b(?:people|persons?|sources?)\b")
_JOINED = re.compile(r"[\s,–—-]*(?:and|or|to|through|until|on|in|at)?[\s,–—-]*(?:on|the)?\s*")
_VAGUE_SUBJECT = re.compile(r"(?:both|all|its|their|his|two|three|the two|either|each)\b", re.IGNORECASE)
_WINDOW = 700
"""Characters before a sentence, and of the article's opening, read to see what it is about. Nothing after its
paragraph counts, so that what is added below changes no statement."""
_OLDEST_ANCHOR = timedelta(days=14)
_MOST_FURTHER = ceiling(DATED, FURTHER)
"""What the article can add at most to what the sentence says."""
_PROMISE_TRIGGER = re.compile(
    r"pledg|vow|promis|commit|undert|guarante|agree|assur|affirm|until|must|unless|\bif\b|ultimatum|swore|sworn|threat"
    r"|chance|warn|or else|accord|deal\b|pact\b|treaty|honou?r|abide|respect|stick|stand|uphold|adhere|word\b|as long|as soon|once\b|should|expect|offer|reach|sign|in exchange|in return|either|last one"
    r"|when\b|the (?:day|hour|moment)"
    r"|(?:will|would|shall|’ll|'ll|won.t) [“\"‘]?(?:\w+ly )?(?:respond|retaliate|hit|strike)",
    re.IGNORECASE,
)


def read_article(text: str, day: date, events: Sequence[Event] = ()) -> tuple[Statement, ...]:
    """Return every statement of `text`, in order of reading.

    `day` is the article's day on its outlet's calendar: what relative times count from where the text gives no
    other day. `events` are those whose names stand for a day ("ahead of the NATO summit"). Offsets point into `text`
    as given. Never raises, whatever the text.
    """
    return _Reader(text, day, events).read()


def sightings_in(text: str, day: date) -> list[tuple[Sighting, frozenset[str]]]:
    """Return every time of `text` that may bound a statement, with its traits: what weights are learnt from."""
    reader = _Reader(text, day)
    return [
        (sighting, frozenset(near_traits(sighting) | further_traits(reader.bearing(sighting))))
        for index in range(reader.sentences)
        for sighting in reader.sightings(index)
    ]


def undertakings_in(text: str, day: date) -> list[tuple[Undertaking, frozenset[str]]]:
    """Return every sentence of `text` with words of promise, with its traits: what weights are learnt from."""
    reader = _Reader(text, day)
    found = (reader.undertaking(index) for index in range(reader.sentences))
    return [(each, frozenset(promise_traits(each))) for each in found if each is not None]


class _Reader:
    """One article being read."""

    def __init__(self, text: str, day: date, events: Sequence[Event] = ()) -> None:
        self._text = text
        self._day = day
        self._reading: Reading = read_sentences(text)
        self._quotes = Quotes(text, self._reading.paragraphs)
        self._attribution = Attribution(text, self._reading, self._quotes)
        self._affairs = Affairs(text)
        self._spoken: dict[int, date] = {}
        self._mentions: dict[int, list[TimeMention]] = {}
        times = read_times(text, day)
        for mention in times:
            index = self._reading.sentence_at(mention.start)
            if index is not None:
                self._mentions.setdefault(index, []).append(mention)
        self._occasions: dict[int, list[TimeMention]] = {}
        for mention in read_occasions(text, day, times, events):
            index = self._reading.sentence_at(mention.start)
            if index is not None:
                self._occasions.setdefault(index, []).append(mention)

    @property
    def sentences(self) -> int:
        """How many sentences the article has."""
        return len(self._reading.sentences)

    def read(self) -> tuple[Statement, ...]:
        found: list[Statement] = []
        for index, sentence in enumerate(self._reading.sentences):
            if sentence.end - sentence.start > _LONGEST_SENTENCE:
                continue
            dated = self._dated(index)
            found.extend(dated)
            undated = self._undated(index) if not dated else None
            if undated is not None:
                found.append(undated)
        return tuple(found)

    def _can_state(self, sentence: Sentence) -> bool:
        """Tell whether a sentence can state anything: no question, nothing of the page around the article."""
        if self._text[sentence.start : sentence.end].rstrip("\"'”’ )").endswith("?"):
            return False
        return not self._affairs.boilerplate(sentence.start, sentence.end)

    def _evidence(self, sentence: Sentence) -> Evidence:
        """Return what a sentence is about, as it stands in its article."""
        end = min(self._reading.paragraphs[sentence.paragraph][1], sentence.end + _WINDOW)
        near = (max(0, sentence.start - _WINDOW), end)
        return self._affairs.evidence((sentence.start, sentence.end), (near, (0, min(_WINDOW, end))))

    # --- dated ----------------------------------------------------------------------------------------------

    def sightings(self, index: int) -> list[Sighting]:
        """Return the times of a sentence that may bound a statement: they lie ahead, and not too far."""
        sentence, mentions = self._reading.sentences[index], self._mentions.get(index, [])
        occasions = self._occasions.get(index, [])
        if not (mentions or occasions) or not self._can_state(sentence):
            return []
        text, span = self._text, (sentence.start, sentence.end)
        verbs = Verbs(text, *span)
        holds = [hold_of(text, span, verbs, mention, self._day) for mention in mentions]
        self._spoken_on(index, mentions, holds)
        # Beside a time of its own, a sentence's event only says where: "will meet on Monday at the summit".
        own = [
            hold
            for mention, hold in zip(mentions, holds, strict=True)
            if not any(each.start <= mention.start < each.end for each in occasions)
        ]
        if occasions and not any(hold.forward and not hold.reporting for hold in own):
            mentions = [*mentions, *occasions]
            holds = [*holds, *(hold_of(text, span, verbs, mention, self._day) for mention in occasions)]
        return [
            self._sighting(index, verbs, mention, hold, due)
            for mention, hold in zip(mentions, holds, strict=True)
            if (due := self._due(index, mention)) is not None
        ]

    def _due(self, index: int, mention: TimeMention) -> Due | None:
        """Return when what a mention bounds falls due; None where that is over, or too far off to be checked."""
        due = due_interval(mention, self._text, self._spoken.get(index, self._day))
        if due is None or due.interval.last < self._day or due.interval.last - self._day > HORIZON:
            return None
        return due

    def _sighting(self, index: int, verbs: Verbs, mention: TimeMention, hold: Hold, due: Due) -> Sighting:
        sentence = self._reading.sentences[index]
        return Sighting(
            self._text,
            self._day,
            index,
            (sentence.start, sentence.end),
            verbs,
            mention,
            hold,
            due,
            others=[other for other in self._mentions.get(index, []) if other is not mention],
            earlier=self._mentions.get(index - 1, []),
            just_gone=just_gone(mention, due.interval.last, self._day),
        )

    def bearing(self, sighting: Sighting) -> Bearing:
        """Return what the article says of a sighting."""
        span, start = sighting.sentence, sighting.mention.start
        kind, kind_rule = kind_of(clause_of(self._text, span, sighting.hold, sighting.mention))
        return Bearing(
            self._evidence(self._reading.sentences[sighting.index]),
            self._quotes.at(start) is not None,
            self._attribution.speaker_at(sighting.index, start),
            kind,
            kind_rule,
            conditional=condition_of(self._text, *span) is not None,
        )

    def _weighed(self, sighting: Sighting) -> Bearing | None:
        """Return what the article says of a sighting that bounds a statement, None where it bounds none."""
        near = DATED.bias + weigh(near_traits(sighting), DATED)
        if near + _MOST_FURTHER < 0:
            return None
        bearing = self.bearing(sighting)
        return bearing if near + weigh(further_traits(bearing), DATED) >= 0 else None

    def _dated(self, index: int) -> list[Statement]:
        sentence = self._reading.sentences[index]
        found: list[Statement] = []
        bounded: set[int] = set()
        for sighting in self.sightings(index):
            bearing = self._weighed(sighting)
            if bearing is None:
                continue
            hold = sighting.hold
            verb = hold.verb.start if hold.verb is not None else -1
            if verb in bounded and only_places(self._text, sighting.sentence, sighting.mention):
                continue
            bounded.add(verb)
            statement = self._statement(sentence, sighting, bearing)
            if not (found and self._repeats(found[-1], statement)):
                found.append(statement)
        return found

    def _repeats(self, earlier: Statement, later: Statement) -> bool:
        """Tell whether two times are one: "Thursday and Friday", "a year later, on 4 November"."""
        if earlier.timex is None or later.timex is None or earlier.due is None or later.due is None:
            return False
        within = earlier.due.first <= later.due.first and later.due.last <= earlier.due.last
        return within and _JOINED.fullmatch(self._text, earlier.timex.end, later.timex.start) is not None

    def _spoken_on(self, index: int, mentions: list[TimeMention], holds: list[Hold]) -> None:
        """Keep the day the sentence says its words were spoken on, if it does."""
        for mention, hold in zip(mentions, holds, strict=True):
            if hold.reporting and mention.span is not None:
                spoken = mention.span.last
                if mention.span.first == spoken and timedelta() <= self._day - spoken <= _OLDEST_ANCHOR:
                    self._spoken[index] = spoken
                    return

    def _statement(self, sentence: Sentence, sighting: Sighting, bearing: Bearing) -> Statement:
        hold, mention = sighting.hold, sighting.mention
        anchor_rule = "anchor:said-on" if sighting.index in self._spoken else "anchor:article"
        speaker = self._speaker(sighting, bearing)
        rules = (hold.rule, *sighting.due.rules, anchor_rule, bearing.kind_rule, speaker.rule)
        return self._told(sentence, bearing.kind, speaker, rules, dated=(mention.timex, sighting.due))

    def _speaker(self, sighting: Sighting, bearing: Bearing) -> Speaker:
        index, offset, hold, speaker = sighting.index, sighting.mention.start, sighting.hold, bearing.speaker
        set_by = _SET_BY.match(self._text, offset, self._reading.sentences[index].end)
        if set_by is not None:
            name = self._attribution.object_after(index, set_by.end())
            if name is not None:
                return Speaker(name, "set-by")
        if speaker.rule == "reporter" and bearing.kind is Kind.COMMITMENT and hold.verb is not None:
            return self._subject(index, hold.intent if hold.intent is not None else hold.verb.start) or speaker
        nameless = speaker.name is None or _NAMELESS.search(speaker.name) is not None
        if hold.intent is None or not nameless or speaker.rule.startswith("quote"):
            return speaker
        return self._subject(index, hold.intent) or speaker

    def _subject(self, index: int, verb: int) -> Speaker | None:
        name = self._attribution.subject_before(index, verb)
        return Speaker(name, "binds-himself") if name is not None else None

    # --- undated --------------------------------------------------------------------------------------------

    def undertaking(self, index: int) -> Undertaking | None:
        """Return a sentence with words of promise as it stands in its article, None where it has none."""
        sentence = self._reading.sentences[index]
        span = (sentence.start, sentence.end)
        if _PROMISE_TRIGGER.search(self._text, *span) is None or not self._can_state(sentence):
            return None
        cues = cues_in(self._text, *span, index)
        first = first_promise(cues)
        if first is None:
            return None
        return Undertaking(
            self._text,
            self._day,
            index,
            span,
            cues,
            self._mentions.get(index, []),
            self._mentions.get(index - 1, []),
            self._evidence(sentence),
            quoted=self._quotes.at(first.start) is not None,
        )

    def _undated(self, index: int) -> Statement | None:
        given = self.undertaking(index)
        promise = first_promise(given.cues) if given is not None else None
        if given is None or promise is None or UNDATED.bias + weigh(promise_traits(given), UNDATED) < 0:
            return None
        speaker = self._binder(index, promise)
        return self._told(self._reading.sentences[index], promise.kind, speaker, (promise.rule, speaker.rule))

    def _told(
        self,
        sentence: Sentence,
        kind: Kind,
        speaker: Speaker,
        rules: tuple[str, ...],
        *,
        dated: tuple[Timex, Due] | None = None,
    ) -> Statement:
        """Return what a sentence says, with its condition if it has one; undated where `dated` is None."""
        timex, due = dated or (None, None)
        condition = condition_of(self._text, sentence.start, sentence.end)
        return Statement(
            sentence.start,
            sentence.end,
            self._text[sentence.start : sentence.end],
            kind,
            timex,
            due.interval if due else None,
            due.precision if due else Precision.NONE,
            speaker.name,
            condition is not None,
            rules if condition is None else (*rules, f"condition:{condition}"),
        )

    def _participant(self, index: int, promise: Promise) -> Speaker | None:
        """Return who binds himself in "…, vowing to …": the sentence's subject, save in "with the U.S. pledging …"."""
        start = self._reading.sentences[index].start
        if _WITH.search(self._text, max(start, promise.start - 60), promise.start) is not None:
            return self._subject(index, promise.start)
        name = self._attribution.subject_of_sentence(index, promise.start)
        return Speaker(name, "binds-himself") if name is not None else None

    def _binder(self, index: int, promise: Promise) -> Speaker:
        said = self._attribution.speaker_at(index, promise.start)
        quote = self._quotes.at(promise.start)
        if quote is not None and promise.binds_subject and promise.start - quote.start <= 1:
            bound = self._subject(index, quote.start)  # Moon "committed to …"
            if bound is not None:
                return bound
        if promise.by is not None:
            phrase = self._text[promise.by[0] : promise.by[1]]
            name = self._attribution.name_of(phrase, promise.by[0], index)
            if name is not None:
                return Speaker(name, "binds-himself")
        if promise.binds_subject:
            bound = self._participant(index, promise) if promise.participle else self._subject(index, promise.start)
            if bound is not None and not (said.name is not None and _VAGUE_SUBJECT.match(bound.name or "")):
                return bound
        if said.name is None and promise.kind is Kind.DEADLINE:
            return self._subject(index, promise.start) or said
        return said
