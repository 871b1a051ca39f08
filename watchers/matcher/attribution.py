"""Whose words a place of an article reports: speeches beside it, quotes named elsewhere, names given in full."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from watchers.matcher.english.actors import ACTOR_OF
from watchers.matcher.english.speakers import (
    BODY_WORDS,
    NEVER_NAMES,
    OUTLETS,
    PERSONAL,
    PRONOUNS,
    ROLE_NOUNS,
    STATEMENT_NOUNS,
    TITLES,
)
from watchers.matcher.names import Names, split_titles
from watchers.matcher.phrases import LONGEST_SUBJECT, POSSESSIVE, WORD, phrase_after, phrase_before, tidy, unarticled
from watchers.matcher.quotes import Quote, Quotes
from watchers.matcher.sentences import Reading
from watchers.matcher.speech import Speech, read_speeches

_LONGEST_QUOTE = 30
"""Sentences of one quote looked through for its speaker."""

_LOOK_BACK = 8
"""Sentences looked back for whom a pronoun means."""

_ADVERBIAL = re.compile(
    r"[\"“]?(?:But |And |Meanwhile,? |However, |Still, )?"
    r"(?:(?:In|On|At|Early|Late|After|Before|During|Speaking|Following|Earlier|Later|With|As|Despite|Asked|When|While|For|By)\b"
    r"[^,]{0,120}, )?"
)
_OWN_ACTION = re.compile(r"[;]|\b(?:as|while|after|before|amid|when|following) \w+ing\b")
_NOT_OUTLETS_ALONE = frozenset(("press", "post", "times", "news", "report", "media"))
"""Words of outlets' names that also begin other names."""
_MANY_BEAR_IT = frozenset(("official", "spokesman", "spokeswoman", "spokesperson", "diplomat"))
_ANONYMOUS = frozenset(("familiar", "matter", "talks", "close"))
"""Last words of "people familiar with the matter"."""
_LINKS = frozenset(("in", "on", "of", "for"))


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
        self._names: Names | None = None
        self._speeches: dict[int, tuple[Speech, ...]] = {}

    @property
    def names(self) -> Names:
        """The people the article names."""
        if self._names is None:
            self._names = Names(self._text)
        return self._names

    def speeches(self, index: int) -> tuple[Speech, ...]:
        """Return the speeches of the sentence of that index, in order."""
        known = self._speeches.get(index)
        if known is None:
            known = read_speeches(self._text, self._reading.sentences[index], self._quotes)
            self._speeches[index] = known
        return known

    # --- the speaker of a place -----------------------------------------------------------------------------

    def speaker_at(self, index: int, offset: int) -> Speaker:
        """Return who says what stands at `offset` of sentence `index`."""
        quote = self._quotes.at(offset)
        speech = self._speech_in(index, quote) if quote is not None else self._speech_around(index, offset)
        if speech is not None:
            rule = "speech-after" if speech.trails else "speech-before"
            rule = "according-to" if speech.verb == "according to" else rule
            return Speaker(self._named(speech, index), f"{rule}:{speech.verb}")
        if quote is None:
            return Speaker(None, "reporter")
        start = self._reading.sentences[index].start
        if quote.start > start:
            phrase, at = phrase_before(self._text, quote.start, start)
            name = self.name_of(phrase, at, index) if phrase else None
            if name is not None:
                return Speaker(name, "partial-quote")
        return self._of_quote(index, quote)

    def _speech_in(self, index: int, quote: Quote) -> Speech | None:
        """Return the speech of a quote in its own sentence: the one that closes it, else the one before it."""
        speeches = self.speeches(index)
        for speech in speeches:
            if speech.trails and 0 <= speech.start - quote.end <= LONGEST_SUBJECT:
                if not self._text[quote.end : speech.subject_start].strip(" ,"):
                    return speech
                break
        before = [speech for speech in speeches if speech.end <= quote.start and self._leads(speech)]
        after = [speech for speech in speeches if speech.start >= quote.end and speech.trails]
        return next(iter((*before[::-1], *after, *speeches[::-1])), None)

    def _speech_around(self, index: int, offset: int) -> Speech | None:
        """Return the speech that reports words outside quotation marks, one of an outlet only where no other does."""
        speeches = self.speeches(index)
        after = [speech for speech in speeches if speech.start >= offset and speech.trails]
        before = [speech for speech in speeches if speech.end <= offset and self._leads(speech)]
        named = [speech for speech in before if not speech.subject or self._name_of(speech, index) is not None]
        for speech in reversed(named or ([] if after else before)):
            if not _OWN_ACTION.search(self._text, max(speech.end, offset - 80), offset):
                return speech
        if not after:
            return None
        return after[-1] if self._name_of(after[0], index) is None else after[0]

    def _leads(self, speech: Speech) -> bool:
        """Tell whether words follow the verb: always, but after "…," said X; yet "But, he said, talks go on"."""
        return not speech.trails or (self._text.startswith(",", speech.end) and speech.verb != "according to")

    def _of_quote(self, index: int, quote: Quote) -> Speaker:
        """Return the speaker of a quote whose own sentence names none."""
        for other in self._beside(index, -_LONGEST_QUOTE):
            if self.speeches(other):
                return Speaker(self._named(self.speeches(other)[-1], other), "quote-goes-on")
        for other in self._further(index, quote):
            if self.speeches(other):
                return Speaker(self._named(self.speeches(other)[0], other), "quote-named-later")
        for other in range(index - 1, max(-1, index - 1 - _LOOK_BACK), -1):
            if self.speeches(other):
                return Speaker(self._named(self.speeches(other)[-1], other), "quote-named-earlier")
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
        if speech.subject:
            return self._name_of(speech, index)
        for other in reversed(self.speeches(index)):
            if other.start < speech.start and other.subject:
                return self._name_of(other, index)
        return self.subject_of_sentence(index, speech.start)

    # --- names ----------------------------------------------------------------------------------------------

    def subject_before(self, index: int, verb: int) -> str | None:
        """Return whom the subject of a verb at that offset of sentence `index` names, or None."""
        phrase, start = phrase_before(self._text, verb, self._reading.sentences[index].start)
        return self.name_of(phrase, start, index) if phrase else self.subject_of_sentence(index, verb)

    def object_after(self, index: int, offset: int) -> str | None:
        """Return whom the noun phrase that begins after `offset` in sentence `index` names, or None."""
        phrase, start = phrase_after(self._text, offset, self._reading.sentences[index].end)
        return self.name_of(phrase, start, index) if phrase else None

    def subject_of_sentence(self, index: int, before: int) -> str | None:
        """Return the first name of a sentence: whose verbs follow without a subject of their own."""
        sentence = self._reading.sentences[index]
        limit = min(before, sentence.start + LONGEST_SUBJECT)
        opening = _ADVERBIAL.match(self._text, sentence.start, limit)
        begin = opening.end() if opening is not None else sentence.start
        phrase, start = phrase_after(self._text, begin, limit)
        if phrase and start - begin <= 1 and self._quotes.at(start) is None:
            name = self.name_of(phrase, start, index)
            if name is not None:
                return name
        for word in WORD.finditer(self._text, begin, limit):
            plain = POSSESSIVE.sub("", word.group())
            if self._quotes.at(word.start()) is not None:
                continue
            if plain.lower() in PERSONAL:
                return self._whom(plain.lower(), word.start(), index)
            if plain in ACTOR_OF or (plain[:1].isupper() and self.names.is_person(plain)):
                phrase, _ = phrase_after(self._text, word.start(), limit)
                return self.name_of(phrase or plain, word.start(), index)
        return None

    def name_of(self, phrase: str, offset: int, index: int) -> str | None:  # noqa: PLR0911  a cascade of questions, each with its answer
        """Return whom a noun phrase at `offset` in sentence `index` names most fully; None: an outlet or nobody."""
        phrase = tidy(phrase)
        words = phrase.split()
        lowered = [word.lower().strip(".,") for word in words]
        if not words or _is_outlet(lowered) or all(word in NEVER_NAMES - PRONOUNS for word in lowered):
            return None
        if len(words) == 1 and lowered[0] in PRONOUNS:
            if lowered[0] in ("i", "we") and self._quotes.at(offset) is not None:
                return self.speaker_at(index, offset).name
            return self._whom(lowered[0], offset, index)
        name = _owned_name(words, lowered)
        if name is None and unarticled(phrase) not in ACTOR_OF:
            name = _titled_name(words)
        if name:
            return self._person(name, phrase)
        if self.names.is_person(phrase):
            return self.names.full(phrase)
        if lowered[-1] in TITLES:
            return self._by_role(words, lowered, offset) or unarticled(phrase)
        return unarticled(phrase) if _is_body(words, lowered) else None

    def _name_of(self, speech: Speech, index: int) -> str | None:
        return self.name_of(speech.subject, speech.subject_start, index)

    def _person(self, name: list[str], phrase: str) -> str:
        cut = next((position for position, word in enumerate(name) if word in _LINKS), len(name))
        if "and" in name[:cut]:
            return unarticled(phrase)
        return self.names.full(" ".join(POSSESSIVE.sub("", word) for word in name[:cut]))

    def _by_role(self, words: list[str], lowered: list[str], offset: int) -> str | None:
        """Return the person meant by "the prime minister", where the article names one."""
        if lowered[0] != "the" and words[0] not in ACTOR_OF:
            return None
        if lowered[-1].endswith("s") or lowered[-1] in _MANY_BEAR_IT:
            return None
        wanted = frozenset(word for word in lowered if word in TITLES and word not in ("former", "foreign"))
        return self.names.by_title(wanted, offset) if wanted else None

    def _whom(self, pronoun: str, offset: int, index: int) -> str | None:
        """Return whom a pronoun means: the subject of an earlier speech, else the person last named."""
        sentence = self._reading.sentences[index]
        spoken = self._speaker_among(
            [speech for speech in self.speeches(index)[::-1] if speech.end <= offset], pronoun, index
        )
        if spoken is not None:
            return spoken
        trailing = self._text[max(0, offset - 2) : offset].strip().endswith((",", '"', "”", "’"))
        if not trailing and self._quotes.at(sentence.start) is None:
            named = self._first_named(sentence.start, offset, pronoun)
            if named is not None:
                return named
        for earlier in range(index - 1, max(-1, index - 1 - _LOOK_BACK), -1):
            named = self._meant_in(earlier, pronoun)
            if named is not None:
                return named
        return None

    def _meant_in(self, index: int, pronoun: str) -> str | None:
        """Return whom a pronoun of a later sentence may mean in this one."""
        spoken = self._speaker_among(self.speeches(index), pronoun, index)
        if spoken is not None:
            return spoken
        if any(speech.subject.lower() in PERSONAL for speech in self.speeches(index)):
            return None  # the same person, named further back
        sentence = self._reading.sentences[index]
        return self._first_named(sentence.start, sentence.end, pronoun)

    def _speaker_among(self, speeches: tuple[Speech, ...] | list[Speech], pronoun: str, index: int) -> str | None:
        for speech in speeches:
            if speech.subject and speech.subject.lower() not in PRONOUNS:
                name = self._name_of(speech, index)
                if name is not None and (pronoun not in PERSONAL or self.names.is_person(name)):
                    return name
        return None

    def _first_named(self, start: int, end: int, pronoun: str) -> str | None:
        if pronoun not in PERSONAL:
            return None
        for person in self.names.within(start, end):
            if self._quotes.at(person.start) is None and self.names.is_sure(person):
                return self.names.full(person.name)
        for word in WORD.finditer(self._text, start, end):
            plain = POSSESSIVE.sub("", word.group())
            if plain[:1].isupper() and self.names.is_person(plain) and self._quotes.at(word.start()) is None:
                return self.names.full(plain)
        return None


def _is_outlet(lowered: list[str]) -> bool:
    return lowered[-1] in OUTLETS or (lowered[0] in OUTLETS and lowered[0] not in _NOT_OUTLETS_ALONE)


def _is_body(words: list[str], lowered: list[str]) -> bool:
    """Tell whether a phrase names a body or group that can speak: "US officials", "a Western diplomat"."""
    if lowered[-1] in STATEMENT_NOUNS:
        return len(words) > 2  # noqa: PLR2004  "the statement" says nothing of whose it is
    return words[-1][0].isupper() or lowered[-1] in ROLE_NOUNS | BODY_WORDS | _ANONYMOUS


def _owned_name(words: list[str], lowered: list[str]) -> list[str] | None:
    """Return the name in "Ukraine's economy minister Yulia Svyrydenko": the owner is no part of it."""
    for position, word in enumerate(words[:-1]):
        if POSSESSIVE.search(word) and lowered[position + 1] not in BODY_WORDS | {"government", "ministry"}:
            _, name = split_titles(words[position + 1 :])
            if name and name[0][0].isupper():
                return name
    return None


def _titled_name(words: list[str]) -> list[str] | None:
    """Return the name that follows a title, or None: "US Secretary of State Marco Rubio"."""
    titles, name = split_titles(words)
    if not any(word.lower().strip(".,") in TITLES for word in titles) or not name or not name[0][0].isupper():
        return None
    return None if {word.lower().strip(".,") for word in name} & BODY_WORDS else name
