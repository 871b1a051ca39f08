"""Who binds himself by a dated plan or a promise: its speaker, or the one whose word is told."""

from __future__ import annotations

import re

from watchers.matcher.attribution import Attribution, Speaker
from watchers.matcher.forward import Hold
from watchers.matcher.promises import Promise
from watchers.matcher.quotes import Quotes
from watchers.matcher.sentences import Reading
from watchers.model import Kind

_SET_BY = re.compile(r"[\w ,.]{3,25}? (?:deadline|ultimatum|cut-?off) (?:set|imposed|given|issued|announced) by ")
"""From a time: "10 June deadline set by" whom it is."""
_SUFFERED = re.compile(r"\b(?:was|were|been|being|is|are)(?: \w+ly)?\s+\Z")
_INTENT = re.compile(
    r"(?:to|set|due|ready|prepared|determined|committed|going|planning|about|bound|willing|hoping|seeking|\w+ing)\b"
)
"""After "is" these leave the subject the one who acts."""
_PROMISES = re.compile(r"commit|promis|pledg|vow|agree|undert|guarante|assur")
_INCLUDED = re.compile(
    r"([A-Z][\w’'.-]*(?: [A-Z][\w’'.-]*){0,3}), including (?:its|his|her|their)(?: \w+)? "
    r"(?:promise|pledge|commitment|vow)"
)
"""Whose promise it is that is named among what they gave: "concessions from Norway, including its promise to"."""
_THREATENED = re.compile(r"(?:must|has to|have to|had to|needs? to|faces?|(?:will|would) face)\b")
"""An ultimatum whose subject it is put to: "Milosevic must withdraw or face strikes"."""
_WITH = re.compile(r"\bwith (?:[\w’'.-]+ ){1,5}\Z")
_NAMELESS = re.compile(r"\b(?:people|persons?|sources?)\b")
_TOGETHER = re.compile(
    r"\b(?:both|all|two|three|four|either|each)(?: \w+)?(?: have| had| has)?(?: also| \w+ly)? \Z", re.IGNORECASE
)
"""A subject under another's words that holds the speaker's own side: "he said both sides had agreed"."""


class Binding:
    """Finds whose statements those of one article are."""

    def __init__(self, text: str, reading: Reading, quotes: Quotes, attribution: Attribution) -> None:
        """Keep the article and what is known of its speakers."""
        self._text = text
        self._reading = reading
        self._quotes = quotes
        self._attribution = attribution

    def of_time(self, index: int, offset: int, hold: Hold, kind: Kind, speaker: Speaker) -> Speaker:
        """Return whose the statement dated at `offset` of sentence `index` is, where `speaker` speaks."""
        set_by = _SET_BY.match(self._text, offset, self._reading.sentences[index].end)
        if set_by is not None:
            name = self._attribution.object_after(index, set_by.end())
            if name is not None:
                return Speaker(name, "set-by")
        quoted = (
            self._of_quoted_verb(index, hold.verb.start)
            if hold.verb is not None and _PROMISES.match(hold.verb.word)
            else None
        )
        if quoted is not None:
            return quoted
        included = self._included(index, offset) if speaker.rule == "reporter" else None
        if included is not None:
            return included
        if speaker.rule == "reporter" and kind is Kind.COMMITMENT and hold.verb is not None:
            return self._agent(index, hold.intent if hold.intent is not None else hold.verb.start) or speaker
        nameless = speaker.name is None or _NAMELESS.search(speaker.name) is not None
        if hold.intent is None or not nameless or speaker.rule.startswith("quote"):
            return speaker
        return self._agent(index, hold.intent) or speaker

    def _agent(self, index: int, verb: int) -> Speaker | None:
        """Return the subject of a verb, if it can act and does: not "the summit", nor who "was named"."""
        start = self._reading.sentences[index].start
        if _SUFFERED.search(self._text, max(start, verb - 16), verb) and not _INTENT.match(self._text, verb):
            return None
        name = self._attribution.subject_before(index, verb, only_opening=True)
        return Speaker(name, "binds-himself") if name is not None and self._attribution.can_decide(name) else None

    def of_promise(self, index: int, promise: Promise) -> Speaker:
        """Return who gives an undated promise or ultimatum of sentence `index`."""
        said = self._attribution.speaker_at(index, promise.start)
        quoted = self._of_quoted_verb(index, promise.start) if promise.binds_subject else None
        if quoted is not None:
            return quoted
        if promise.by is not None:
            phrase = self._text[promise.by[0] : promise.by[1]]
            name = self._attribution.name_of(phrase, promise.by[0], index)
            if name is not None:
                return Speaker(name, "binds-himself")
        included = self._included(index, promise.end)
        if included is not None:
            return included
        if promise.binds_subject:
            bound = self._participant(index, promise) if promise.participle else self._subject(index, promise.start)
            together = _TOGETHER.search(self._text, max(0, promise.start - 40), promise.start) is not None
            if bound is not None and (said.name is None or not together):
                return bound
        if said.name is None and promise.kind is Kind.DEADLINE:
            return self._threatening(index, promise) or said
        return said

    def _threatening(self, index: int, promise: Promise) -> Speaker | None:
        """Return whose an ultimatum is in the reporter's words: its subject, unless that is to bow to it."""
        subject = self._subject(index, promise.start)
        if subject is None or _THREATENED.match(self._text, promise.start) is None:
            return subject
        name = self._attribution.subject_of_sentence(index, promise.start)
        return Speaker(name, "threatens") if name is not None and name != subject.name else None

    def _of_quoted_verb(self, index: int, verb: int) -> Speaker | None:
        """Return the subject of a verb that opens a quote: Moon "committed to …"."""
        quote = self._quotes.at(verb)
        if quote is None or verb - quote.start > 1 or quote.start <= self._reading.sentences[index].start:
            return None
        return self._subject(index, quote.start)

    def _included(self, index: int, end: int) -> Speaker | None:
        """Return whose promise is named among what somebody gave, in a sentence before an offset."""
        start = self._reading.sentences[index].start
        if self._text.find(", including ", start, end) < 0:
            return None
        included = _INCLUDED.search(self._text, start, end)
        name = self._attribution.name_of(included.group(1), included.start(1), index) if included is not None else None
        return Speaker(name, "binds-himself") if name is not None else None

    def _subject(self, index: int, verb: int) -> Speaker | None:
        name = self._attribution.subject_before(index, verb)
        return Speaker(name, "binds-himself") if name is not None else None

    def _participant(self, index: int, promise: Promise) -> Speaker | None:
        """Return who binds himself in "…, vowing to …": the sentence's subject, save in "with the U.S. pledging …"."""
        start = self._reading.sentences[index].start
        if _WITH.search(self._text, max(start, promise.start - 60), promise.start) is not None:
            return self._subject(index, promise.start)
        name = self._attribution.subject_of_sentence(index, promise.start)
        return Speaker(name, "binds-himself") if name is not None else None
