"""Whose words a place of an article reports: speeches beside it, quotes named elsewhere, plans told of."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from watchers.matcher.english.actors import ACTOR_OF
from watchers.matcher.english.speakers import BODY_WORDS, PRONOUNS, ROLE_NOUNS
from watchers.matcher.naming import Naming
from watchers.matcher.parties import states_in
from watchers.matcher.phrases import LONGEST_SUBJECT, NOTHING, names_agents, phrase_after, phrase_before
from watchers.matcher.plans import is_headline, plans_before
from watchers.matcher.quotes import Quote, Quotes
from watchers.matcher.sentences import Reading
from watchers.matcher.speech import Speech

_LONGEST_QUOTE = 30
"""Sentences of one quote looked through for its speaker."""

_LOOK_BACK = 20
"""Sentences looked back for the speaker of a quote."""

_OWN_ACTION = re.compile(r"[;]|\b(?:as|while|after|before|amid|when|following) \w+ing\b")
_TOLD_NOW = re.compile(
    r"(?:,? \b(?:as|while) (?:[\w.’'-]+ ){1,4}?|, (?:which|where|when|who) )"
    r"(?:is|are|has|have|prepares?|begins?|starts?|opens?|kicks|runs|expires?|seeks?|faces?|heads?|tries|pushes|meets?"
    r"|takes?|continues?|looks?|works?|comes?|hosts?|visits?)\b(?! (?:said|told)\b)"
)
"""After words told in the past, the present is the reporter's own: "said he was sure, as talks begin on Monday"."""
_TIMETABLED = re.compile(
    r"(?:, (?:which|where|when)|\bthat) (?:is|are) (?:(?:also|now) )?(?:to|due to|scheduled to|set to|slated to)"
    r" (?:begin|start|open|end|close|conclude|expire|resume|run out|last|convene|take place|be held|meet)\b[^,;]*\Z"
)
"""Nobody's words: "doubt over talks that are to begin on Tuesday", "the forum, which is due to end on Friday"."""
_JOINED_ON = re.compile(
    r", (?:and|but|while|as|though|although) (?:the |an? |its |his |her |their )?(?:[\w’'-]+ ){1,4}?(?:is|are) "
    r"(?:(?:also|now) )?(?:due|expected|set|scheduled|likely|to|planned)\b"
)
"""After a promise, a clause of the present that is the reporter's own."""
_GIVES_WORD = ("promis", "pledg", "vow", "threaten", "urg", "call", "demand")
_GOES_ON = re.compile(r"(?: [\w ]{0,30})?, (?:while|whereas)\b")
_FRONTED = re.compile(r"(?:After|While|Although|Though|When|Before|Since|Despite|Amid|Even)\b")
_TIMED_COMMA = re.compile(r"(?: (?:late |early |earlier )?(?:on )?\w+day)?,")
_UNNAMED = re.compile(
    r"(?:(?:an?|the|one|two|three|four|some|several)\b\s?)?(?:(?:senior|[Ww]estern|European) )?"
    r"(?:diplomats?|sources?|observers|analysts|experts|officials?|aides?)(?: (?:from|in|at|with|close|familiar) .*)?\Z"
)
"""Those who only pass on whose decision it is."""
_REPORTED = re.compile(r"(?: [\w’'-]+){0,4} that ")
"""After a verb of speech: its subject follows."""
_THAT = re.compile(r"\bthat (?:[\w’'-]+ )")
_BINDING = re.compile(
    r"\b(?:announced|promised|pledged|vowed|agreed|committed|assured|guaranteed|told (?:me|us|the))\b(?! on\b)"
)
_PASSIVE = re.compile(
    r"(?:\w+ ){1,2}be (?:\w+ly )?(?!committed|prepared|determined|allowed|forced|required|needed)"
    r"\w{2,}(?:ed|en|wn|lt|ut)\b"
)
"""A verb whose subject suffers it: "homes will be demolished"."""
_EVENTS = frozenset(("summit", "mission", "forum", "statement", "report", "communique", "press", "fund"))
_DECIDERS = (ROLE_NOUNS | BODY_WORDS) - _EVENTS
_ANNOUNCED_BY = re.compile(r": (?:the )?((?:[\w’'.-]+ ){0,3}[\w’'.-]+)\Z")
"""At the end of a headline: whose words it was."""


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who speaks (None: the reporter), and the rule that says so."""

    name: str | None
    rule: str


class Attribution:
    """Finds the speaker of any place of one article."""

    def __init__(self, text: str, reading: Reading, quotes: Quotes) -> None:
        """Keep the article; names and speeches are read when first asked for."""
        self._text = text
        self._reading = reading
        self._quotes = quotes
        self._naming = Naming(text, reading, quotes, lambda index, offset: self._said_at(index, offset).name)

    # --- the speaker of a place -----------------------------------------------------------------------------

    def speaker_at(self, index: int, offset: int) -> Speaker:
        """Return who says what stands at `offset` of sentence `index`: nested speech goes to who binds himself."""
        quote = self._quotes.at(offset)
        start = self._reading.sentences[index].start
        if quote is None and _TIMETABLED.search(self._text, max(start, offset - 120), offset) is not None:
            return Speaker(None, "reporter")
        said = self._said_at(index, offset)
        if quote is not None:
            nested = self._bound_in_quote(index, offset, quote)
        else:
            nested = self._planner(index, offset, said.name) if said.rule != "quote-unnamed" else None
        if nested is None or self._speaks_for(said.name, nested) or self._is_its_own(index, said.name):
            return said
        return Speaker(nested, "nested" if said.name is not None else "whose-plan")

    def _said_at(self, index: int, offset: int) -> Speaker:
        quote = self._quotes.at(offset)
        speech = self._speech_in(index, quote) if quote is not None else self._speech_around(index, offset)
        if speech is not None:
            rule = "speech-after" if speech.trails else "speech-before"
            rule = "according-to" if speech.verb == "according to" else rule
            return Speaker(self._named(speech, index), f"{rule}:{speech.verb}")
        if quote is None:
            name = self._of_headline(index)
            return Speaker(name, "headline") if name is not None else Speaker(None, "reporter")
        start = self._reading.sentences[index].start
        if quote.start > start:
            if self._text.endswith(":", start, max(start, quote.start - 1)) and (name := self._announces(index, quote)):
                return Speaker(name, "quote-announced")
            phrase, at = phrase_before(self._text, quote.start, start)
            name = self._naming.name_of(phrase, at, index) if phrase else None
            name = name or self._naming.subject_of_sentence(index, quote.start, only_opening=True)
            if name is not None and self.can_decide(name):
                return Speaker(name, "partial-quote")
        return self._of_quote(index, quote)

    def _of_headline(self, index: int) -> str | None:
        """Return whose words a headline ends with: "Talks to open on Friday: Kremlin"."""
        sentence = self._reading.sentences[index]
        if index or not is_headline(self._text, sentence):
            return None
        found = _ANNOUNCED_BY.search(self._text, max(sentence.start, sentence.end - 60), sentence.end)
        name = self._naming.name_of(found.group(1), found.start(1), index) if found is not None else None
        return name if name is not None and self.can_decide(name) else None

    def _announces(self, index: int, quote: Quote) -> str | None:
        """Return whose words follow a colon: "the White House released this statement from its envoy John Bolton: "."""
        phrase, at = phrase_before(self._text, quote.start - 2, self._reading.sentences[index].start)
        name = self._naming.name_of(phrase, at, index) if phrase else None
        return (
            name
            if name is not None and self._naming.names.is_person(name)
            else self._naming.subject_of_sentence(index, quote.start)
        )

    def _planner(self, index: int, offset: int, said: str | None) -> str | None:
        """Return whose plan is told of before `offset`: "China wants talks", "a pledge by China".

        Under another's words only a single party named for itself is taken.
        """
        alone = said is None or _UNNAMED.match(said) is not None
        for plan in plans_before(self._text, self._reading.sentences[index], offset):
            if self._quotes.at(plan.start) is not None:
                continue
            if any(plan.end < speech.start and speech.end <= offset for speech in self._naming.speeches(index)):
                return None  # "Kyiv hopes to send more, Haas said, adding that planes would follow"
            joined = plan.owner.lower() in PRONOUNS or self._text.endswith("and ", 0, plan.owner_start)
            name = self._naming.name_of(plan.owner, plan.owner_start, index) if alone or not joined else None
            if name is None or (plan.decided and not self.can_decide(name)):
                continue
            named = alone and (said is None or not name.islower())
            if named or all(self._is_party(each) for each in name.split(" and ")):
                return name
        return None

    def _bound_in_quote(self, index: int, offset: int, quote: Quote) -> str | None:
        """Return who is quoted as having promised what stands at `offset`: "Turkey has agreed to …," he said."""
        start = max(quote.start, self._reading.sentences[index].start)
        for verb in _BINDING.finditer(self._text, start, offset):
            phrase, at = phrase_before(self._text, verb.start(), start)
            name = self._naming.name_of(phrase, at, index) if phrase and phrase.lower() not in PRONOUNS else None
            if name is not None and self._is_party(name):
                return name
        return None

    def can_decide(self, name: str) -> bool:
        """Tell whether a name is that of a person, state or body, unlike "the summit"."""
        parties = name.split(" and ")
        heads = {party.rsplit(" ", 1)[-1].lower() for party in parties}
        return (
            all(map(self._is_party, parties))
            or not heads.isdisjoint(_DECIDERS)
            or names_agents(name.rsplit(" ", 1)[-1].lower())
        )

    def _is_party(self, name: str) -> bool:
        return name in ACTOR_OF or self._naming.names.is_person(name)

    def _speaks_for(self, speaker: str | None, bound: str) -> bool:
        """Tell whether a speaker binds his own state: what its minister says of it is the minister's word."""
        if speaker is None or bound not in ACTOR_OF or speaker in ACTOR_OF:
            return False
        return ACTOR_OF[bound] in (self._naming.names.states_of(speaker) or states_in(speaker))

    def _is_its_own(self, index: int, speaker: str | None) -> bool:
        """Tell whether a sentence calls its speaker one of the party it tells of: "…, its director Jo Stern said"."""
        if speaker is None or not self._naming.names.is_person(speaker):
            return False
        sentence = self._reading.sentences[index]
        own = re.compile(rf"\bits (?:[\w-]+,? ){{1,5}}{re.escape(speaker.split()[0])}\b")
        return own.search(self._text, sentence.start, sentence.end) is not None

    def _speech_in(self, index: int, quote: Quote) -> Speech | None:
        """Return the speech of a quote in its own sentence: the one that closes it, else the one before it."""
        speeches = self._naming.speeches(index)
        teller = next((speech for speech in speeches if self._tells(speech, quote)), None)
        if teller is not None:
            return teller  # "Moon told Kim that he expects “a truce today,” his office said"
        for speech in speeches:
            if speech.trails and 0 <= speech.start - quote.end <= LONGEST_SUBJECT:
                if not self._text[quote.end : speech.subject_start].strip(" ,"):
                    return speech
                break
        before = [speech for speech in speeches if speech.end <= quote.start and self._leads(speech)]
        after = [speech for speech in speeches if speech.start >= quote.end and speech.trails]
        return next(iter((*before[::-1], *after, *speeches[::-1])), None)

    def _tells(self, speech: Speech, quote: Quote) -> bool:
        """Tell whether a quote only goes on with what a speech before it reports in other words."""
        return (
            not speech.trails
            and speech.end < quote.start
            and _THAT.search(self._text, speech.end, quote.start) is not None
            and bool(speech.subject)
        )

    def _speech_around(self, index: int, offset: int) -> Speech | None:
        """Return the speech that reports words outside quotation marks, one of an outlet only where no other does."""
        speeches = self._naming.speeches(index)
        after = [speech for speech in speeches if speech.start >= offset and speech.trails]
        before = [speech for speech in speeches if speech.end <= offset and self._leads(speech)]
        named = [
            speech for speech in before if not speech.subject or self._naming.speaker_named(speech, index) is not None
        ]
        for speech in reversed(named or ([] if after else before)):
            if not self._left(speech, index, offset):
                cited = [other for other in speeches if other.verb in ("citing", "quoting")] if not named else []
                return cited[0] if cited else speech
        if not after:
            return None
        return after[-1] if self._naming.speaker_named(after[0], index) is None else after[0]

    def _left(self, speech: Speech, index: int, offset: int) -> bool:
        """Tell whether the sentence has gone on from a speech to words of the reporter's own before `offset`."""
        if _OWN_ACTION.search(self._text, max(speech.end, offset - 80), offset) is not None:
            return True
        past = speech.verb.endswith(("said", "told", "ed"))
        if past and _TOLD_NOW.search(self._text, speech.end, offset) is not None:
            return True  # "said they did not know, as Biden prepares to …"
        if speech.verb.startswith(_GIVES_WORD) and _JOINED_ON.search(self._text, speech.end, offset) is not None:
            return True  # "has promised to cut output, and the ministers are to meet"
        if speech.trails and _GOES_ON.match(self._text, speech.end, offset) is not None:
            return True  # "…, she said, while China holds talks"
        start = self._reading.sentences[index].start
        return (
            _FRONTED.match(self._text, start, speech.start) is not None
            and "," not in self._text[start : speech.start]
            and "," in self._text[speech.end : offset]
        )

    def _leads(self, speech: Speech) -> bool:
        """Tell whether words follow the verb: always, but after "…," said X; yet "But, he said, talks go on"."""
        end = speech.subject_start + len(speech.subject) if speech.verb == "according to" else speech.end
        return not speech.trails or _TIMED_COMMA.match(self._text, end) is not None

    def _of_quote(self, index: int, quote: Quote) -> Speaker:
        """Return the speaker of a quote whose own sentence names none."""
        for other in self._beside(index, -_LONGEST_QUOTE):
            if self._naming.speeches(other):
                named = (self._named(speech, other) for speech in reversed(self._naming.speeches(other)))
                return Speaker(next(filter(None, named), None), "quote-goes-on")
        for other in self._further(index, quote):
            if self._naming.speeches(other):
                return Speaker(self._named(self._naming.speeches(other)[0], other), "quote-named-later")
        for other in range(index - 1, max(-1, index - 1 - _LOOK_BACK), -1):
            if self._naming.speeches(other):
                return Speaker(self._named(self._naming.speeches(other)[-1], other), "quote-named-earlier")
        return Speaker(None, "quote-unnamed")

    def _beside(self, index: int, most: int) -> Iterator[int]:
        """Go back from a sentence to the beginning of its paragraph."""
        sentences = self._reading.sentences
        for other in range(index - 1, max(-1, index - 1 + most), -1):
            if sentences[other].paragraph != sentences[index].paragraph:
                return
            yield other

    def _further(self, index: int, quote: Quote) -> Iterator[int]:
        """Go on from a sentence to the end of its paragraph, and of those its quote runs on into."""
        sentences = self._reading.sentences
        paragraph = sentences[index].paragraph
        for other in range(index + 1, min(len(sentences), index + 1 + _LONGEST_QUOTE)):
            if sentences[other].paragraph != paragraph:
                following = self._quotes.at(sentences[other].start) if quote.runs_on else None
                if following is None:
                    return
                paragraph, quote = sentences[other].paragraph, following
            yield other

    def _named(self, speech: Speech, index: int) -> str | None:
        """Return who speaks; a verb without a subject has that of the verb before it, or of its sentence."""
        if speech.subject or speech.verb == "according to":
            return self._naming.speaker_named(speech, index)
        for other in reversed(self._naming.speeches(index)):
            if other.start < speech.start and other.subject:
                return self._naming.speaker_named(other, index)
        return self._naming.subject_of_sentence(index, speech.start)

    # --- names ----------------------------------------------------------------------------------------------

    def subject_before(self, index: int, verb: int, *, only_opening: bool = False) -> str | None:
        """Return whom the subject of a verb at that offset of sentence `index` names; None: nobody acts.

        A verb without a subject has that of its sentence: with `only_opening` what it opens with, else its first name.
        """
        if _PASSIVE.match(self._text, verb) is not None:
            return None
        phrase, start = phrase_before(self._text, verb, self._reading.sentences[index].start)
        if not phrase:
            reported = self._subject_reported(index, verb)
            return reported or self._naming.subject_of_sentence(index, verb, only_opening=only_opening)
        name = self._naming.name_of(phrase, start, index)
        if name is not None and name in ACTOR_OF:
            said = self._said_at(index, verb).name if self._quotes.at(verb) is not None else None
            if self._speaks_for(said, name):
                return said
        return name

    def _subject_reported(self, index: int, verb: int) -> str | None:
        """Return the subject of what is reported before a verb: "said that Kim at their meeting (made clear)"."""
        for speech in reversed(self._naming.speeches(index)):
            if speech.end <= verb and not speech.trails:
                that = _REPORTED.match(self._text, speech.end, verb)
                phrase, start = phrase_after(self._text, that.end(), verb) if that is not None else NOTHING
                name = self._naming.name_of(phrase, start, index) if phrase else None
                said = self._naming.speaker_named(speech, index) if name in ACTOR_OF else None
                return said if name is not None and self._speaks_for(said, name) else name
        return None

    def object_after(self, index: int, offset: int) -> str | None:
        """Return whom the noun phrase that begins after `offset` in sentence `index` names, or None."""
        phrase, start = phrase_after(self._text, offset, self._reading.sentences[index].end)
        return self._naming.name_of(phrase, start, index) if phrase else None

    def subject_of_sentence(self, index: int, before: int) -> str | None:
        """Return the first name of a sentence: whose verbs follow without a subject of their own."""
        return self._naming.subject_of_sentence(index, before)

    def name_of(self, phrase: str, offset: int, index: int) -> str | None:
        """Return whom a noun phrase at `offset` in sentence `index` names most fully; None: an outlet or nobody."""
        return self._naming.name_of(phrase, offset, index)
