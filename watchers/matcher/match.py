"""Reads an article for statements about what is to come: the matcher's door."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from config.events import Event
from watchers.matcher.affairs import Affairs, Evidence
from watchers.matcher.attribution import Attribution, Speaker
from watchers.matcher.binding import Binding
from watchers.matcher.due import Due
from watchers.matcher.english.kind_weights import KINDS
from watchers.matcher.english.weights import DATED, UNDATED
from watchers.matcher.forward import NEVER, Hold, hold_of, only_places
from watchers.matcher.kind_traits import kind_traits
from watchers.matcher.promise_traits import Undertaking, promise_traits
from watchers.matcher.promises import cues_in, first_promise
from watchers.matcher.quotes import Quotes
from watchers.matcher.sentences import Reading, Sentence, read_sentences
from watchers.matcher.statements import HORIZON, Clause, clause_of, condition_of, is_background, just_gone, kind_of
from watchers.matcher.temporal import TimeMention, due_interval, may_bound, read_occasions, read_times
from watchers.matcher.traits import (
    OF_EVIDENCE,
    OF_SPEAKER,
    OF_TELLING,
    Bearing,
    Sighting,
    Telling,
    affairs_traits,
    evidence_traits,
    near_traits,
    speaker_traits,
    telling_traits,
)
from watchers.matcher.verbs import Verbs
from watchers.matcher.weighing import Scale, ceiling, choose, suffices, weigh
from watchers.model import Kind, Precision, Statement, Timex

_LONGEST_SENTENCE = 2000
"""Characters; what runs longer is a table or a listing, not a sentence somebody said."""
_JOINED = re.compile(r"[\s,(–—-]*(?:and|or|to|through|until|on|in|at)?[\s,–—-]*(?:on|the)?\s*")
_WINDOW = 700
"""Characters before a sentence, and of the article's opening, read to see what it is about. Nothing after its
paragraph counts, so that what is added below changes no statement."""
_OLDEST_ANCHOR = timedelta(days=14)
_LONGEST_SUMMARY = 700
"""Characters."""
_ASKED_OF_SUMMARY = 0.65
"""By how much more the traits must speak for a statement in a feed's summary, in the logarithm of the odds: a headline
and a few words tell little of what they are about."""
_MOST_OF_EVIDENCE = ceiling(DATED, OF_EVIDENCE)
_MOST_OF_SPEAKER = ceiling(DATED, OF_SPEAKER)
_MOST_FURTHER = ceiling(DATED, OF_TELLING) + _MOST_OF_EVIDENCE + _MOST_OF_SPEAKER
"""What the article can add at most to what the sentence says."""
_MOST_OF_AFFAIRS = ceiling(UNDATED, OF_EVIDENCE)
"""What the affairs an undated sentence is about can add at most."""


def read_article(text: str, day: date, events: Sequence[Event] = (), *, summary: bool = False) -> tuple[Statement, ...]:
    """Return every statement of `text`, in order of reading.

    `day` is the article's day on its outlet's calendar: what relative times count from where the text gives no
    other day. `events` are those whose names stand for a day ("ahead of the NATO summit"). A `summary` must say more
    plainly what is to come than an article. Offsets point into `text` as given. Never raises, whatever the text.
    """
    return ArticleReader(text, day, events, summary=summary).read()


def read_item(text: str, day: date, events: Sequence[Event] = ()) -> tuple[Statement, ...]:
    """Return the statements of what a feed brought, an article or the summary of one; else as `read_article`."""
    return read_article(text, day, events, summary=is_summary(text))


def is_summary(text: str) -> bool:
    """Tell whether a text is what feeds give instead of an article: a headline and a few words below it."""
    return len(text) <= _LONGEST_SUMMARY and "\n\n" in text.strip()


class ArticleReader:
    """One article being read, sentence by sentence."""

    def __init__(self, text: str, day: date, events: Sequence[Event] = (), *, summary: bool = False) -> None:
        """Read the sentences and times of `text`, an article of `day` or a feed's summary of one.

        `events` are those whose names stand for a day.
        """
        self._summary = summary
        self._text = text
        self._day = day
        self._reading: Reading = read_sentences(text)
        self._quotes = Quotes(text, self._reading.paragraphs)
        self._attribution = Attribution(text, self._reading, self._quotes)
        self._binding = Binding(text, self._reading, self._quotes, self._attribution)
        self._affairs = Affairs(text)
        self._spoken: dict[int, date] = {}
        self._last_verbs: tuple[int, Verbs] | None = None
        self._last_holds: tuple[int, dict[tuple[int, int], Hold]] = (-1, {})
        """Of the sentence being read: one time may date what was said and bound what is to come."""
        times = read_times(text, day)
        self._mentions = self._by_sentence(times)
        self._occasions = self._by_sentence(read_occasions(text, day, times, events))

    def _by_sentence(self, mentions: Iterable[TimeMention]) -> dict[int, list[TimeMention]]:
        found: dict[int, list[TimeMention]] = {}
        sentences, index = self._reading.sentences, 0
        for mention in mentions:
            while index < len(sentences) and sentences[index].end <= mention.start:
                index += 1
            if index < len(sentences) and sentences[index].start <= mention.start:
                found.setdefault(index, []).append(mention)
        return found

    @property
    def sentences(self) -> Sequence[Sentence]:
        """The sentences of the article."""
        return self._reading.sentences

    def times(self, index: int) -> Sequence[TimeMention]:
        """Return the times of a sentence, past and to come, and the events in it that stand for a day."""
        mentions, occasions = self._mentions.get(index, []), self._occasions.get(index)
        return [*mentions, *occasions] if occasions and not self._has_own_time(index, occasions) else mentions

    def _has_own_time(self, index: int, occasions: Sequence[TimeMention]) -> bool:
        """Tell whether an event only says where, beside a time: "will meet on Monday at the summit"."""
        own = (
            self._hold(index, mention)
            for mention in self._mentions.get(index, [])
            if may_bound(mention, self._day) and not any(each.start <= mention.start < each.end for each in occasions)
        )
        return any(hold.forward and not hold.reporting for hold in own)

    def read(self) -> tuple[Statement, ...]:
        """Return the statements of the article."""
        found: list[Statement] = []
        for index, sentence in enumerate(self._reading.sentences):
            if sentence.end - sentence.start > _LONGEST_SENTENCE:
                continue
            dated = self._dated(index) if index in self._mentions or index in self._occasions else ()
            found.extend(dated)
            undated = self._undated(index) if not dated else None
            if undated is not None:
                found.append(undated)
        return tuple(found)

    def can_state(self, sentence: Sentence) -> bool:
        """Tell whether a sentence can state anything: no question, nothing of the page around the article."""
        if self._text[sentence.start : sentence.end].rstrip("\"'”’ )").endswith("?"):
            return False
        return not self._affairs.boilerplate(sentence.start, sentence.end)

    def evidence(self, index: int) -> Evidence:
        """Return what a sentence is about, as it stands in its article."""
        sentence = self._reading.sentences[index]
        end = min(self._reading.paragraphs[sentence.paragraph][1], sentence.end + _WINDOW)
        near = (max(0, sentence.start - _WINDOW), end)
        return self._affairs.evidence((sentence.start, sentence.end), (near, (0, min(_WINDOW, end))))

    # --- dated ----------------------------------------------------------------------------------------------

    def sightings(self, index: int) -> list[Sighting]:
        """Return the times of a sentence that may bound a statement: they lie ahead, and not too far."""
        bounds = [each for each in self.times(index) if may_bound(each, self._day)]
        if not bounds:
            return []
        self._spoken_on(index, self._mentions.get(index, []))
        ahead = [(each, due) for each in bounds if (due := self._due(index, each)) is not None]
        if not ahead or not self.can_state(self._reading.sentences[index]):
            return []
        return [self._sighting(index, self._verbs(index), each, self._hold(index, each), due) for each, due in ahead]

    def _hold(self, index: int, mention: TimeMention) -> Hold:
        kept = self._last_holds
        if kept[0] != index:
            kept = self._last_holds = (index, {})
        hold = kept[1].get((mention.start, mention.end))
        if hold is None:
            sentence = self._reading.sentences[index]
            span = (sentence.start, sentence.end)
            hold = kept[1][mention.start, mention.end] = hold_of(
                self._text, span, self._verbs(index), mention, self._day
            )
        return hold

    def _verbs(self, index: int) -> Verbs:
        """Return the verbs of a sentence, read once for its times and its words of promise."""
        kept = self._last_verbs
        if kept is None or kept[0] != index:
            sentence = self._reading.sentences[index]
            kept = self._last_verbs = (index, Verbs(self._text, sentence.start, sentence.end))
        return kept[1]

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
            summary=self._summary,
            just_gone=just_gone(mention, due.interval.last, self._day),
        )

    def bearing(self, sighting: Sighting) -> Bearing:
        """Return what the article says of a sighting."""
        return Bearing(self._telling(sighting), self.evidence(sighting.index), self._speaker_at(sighting))

    def traits_of_kind(self, sighting: Sighting, bearing: Bearing) -> set[str]:
        """Return the traits by which the kind of a sighting is told."""
        return kind_traits(sighting, self._clause(sighting), bearing)

    def kind(self, sighting: Sighting, bearing: Bearing) -> tuple[Kind, Sequence[tuple[str, float]]]:
        """Return of which kind a statement is, and what each trait says for it, the heaviest first."""
        kind, told = choose(self.traits_of_kind(sighting, bearing), KINDS)
        return Kind(kind), told

    def _clause(self, sighting: Sighting) -> Clause:
        return clause_of(self._text, sighting.sentence, sighting.hold, sighting.mention)

    def _telling(self, sighting: Sighting) -> Telling:
        """Return what the sentence of a sighting tells."""
        span = sighting.sentence
        kind, kind_rule = kind_of(self._clause(sighting))
        return Telling(
            kind,
            kind_rule,
            quoted=self._quotes.at(sighting.mention.start) is not None,
            conditional=condition_of(self._text, *span) is not None,
        )

    def _speaker_at(self, sighting: Sighting) -> Speaker:
        return self._attribution.speaker_at(sighting.index, sighting.mention.start)

    def bias(self, scale: Scale) -> float:
        """Return what a scale adds to the weights of any traits of this article."""
        return scale.bias - (_ASKED_OF_SUMMARY if self._summary else 0.0)

    def _weighed(self, sighting: Sighting) -> Bearing | None:
        """Return what the article says of a sighting that bounds a statement, None where it bounds none.

        What is dear to find out is asked last, and not at all where nothing it can say would still help.
        """
        if sighting.hold.rule in NEVER or sighting.just_gone:
            return None
        total = self.bias(DATED) + weigh(near_traits(sighting), DATED)
        if not suffices(total + _MOST_FURTHER):
            return None
        telling = self._telling(sighting)
        total += weigh(telling_traits(telling), DATED)
        if not suffices(total + _MOST_OF_EVIDENCE + _MOST_OF_SPEAKER):
            return None
        evidence = self.evidence(sighting.index)
        total += weigh(affairs_traits(evidence), DATED)
        if not evidence.possible or not suffices(total + _MOST_OF_SPEAKER):
            return None
        bearing = Bearing(telling, evidence, self._speaker_at(sighting))
        return bearing if suffices(total + weigh(speaker_traits(bearing.speaker), DATED)) else None

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

    def _may_be_spoken_on(self, mention: TimeMention) -> bool:
        """Tell whether words reported now can have been spoken at a time: a day, lately."""
        span = mention.span
        return span is not None and span.first == span.last and timedelta() <= self._day - span.last <= _OLDEST_ANCHOR

    def _spoken_on(self, index: int, mentions: list[TimeMention]) -> None:
        """Keep the day the sentence says its words were spoken on, if it does."""
        for mention in mentions:
            if mention.span is not None and self._may_be_spoken_on(mention) and self._hold(index, mention).reporting:
                self._spoken[index] = mention.span.last
                return

    def _statement(self, sentence: Sentence, sighting: Sighting, bearing: Bearing) -> Statement:
        hold, mention = sighting.hold, sighting.mention
        anchor_rule = "anchor:said-on" if sighting.index in self._spoken else "anchor:article"
        kind, told = self.kind(sighting, bearing)
        speaker = self._binding.of_time(sighting.index, mention.start, hold, kind, bearing.speaker)
        rules = (hold.rule, *sighting.due.rules, anchor_rule, f"{kind}:{told[0][0] if told else 'bias'}", speaker.rule)
        return self._told(sentence, kind, speaker, rules, dated=(mention.timex, sighting.due))

    # --- undated --------------------------------------------------------------------------------------------

    def undertaking(self, index: int) -> Undertaking | None:
        """Return a sentence with words of promise as it stands in its article, None where it has none."""
        sentence = self._reading.sentences[index]
        span = (sentence.start, sentence.end)
        cues = cues_in(self._text, *span, index)
        first = first_promise(cues)
        if first is None or not self.can_state(sentence) or is_background(self._text, *span):
            return None
        return Undertaking(
            self._text,
            self._day,
            index,
            span,
            cues,
            self._mentions.get(index, []),
            self._mentions.get(index - 1, []),
            self._verbs(index),
            summary=self._summary,
            quoted=self._quotes.at(first.start) is not None,
            promise=first,
        )

    def _undated(self, index: int) -> Statement | None:
        given = self.undertaking(index)
        if given is None:
            return None
        total = self.bias(UNDATED) + weigh(promise_traits(given), UNDATED)
        if not suffices(total + _MOST_OF_AFFAIRS):
            return None
        evidence = self.evidence(index)
        if not evidence.plain or not suffices(total + weigh(evidence_traits(evidence), UNDATED)):
            return None
        promise = given.promise
        speaker = self._binding.of_promise(index, promise)
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
