"""Whom a noun phrase or pronoun of an article means, by the fullest name the article has."""

from __future__ import annotations

import re
from collections.abc import Callable

from watchers.matcher.called import (
    ACT,
    HIDDEN,
    IN_PLACE,
    LINKS,
    LONGEST_NAME,
    MANY_BEAR_IT,
    ONE_OF_MANY,
    PAPER,
    PAPERS,
    STANDS_FOR,
    is_body,
    is_outlet,
    owned_name,
    titled_name,
)
from watchers.matcher.english.actors import ACTOR_OF, SEATS
from watchers.matcher.english.speakers import (
    BODY_WORDS,
    GROUP_NOUNS,
    LEADING_TITLES,
    NEVER_NAMES,
    PERSONAL,
    PRONOUNS,
    REPEATED_HEADS,
    ROLE_NOUNS,
    TITLES,
    UNNAMED,
)
from watchers.matcher.names import Names, without_states
from watchers.matcher.parties import Parties, states_in
from watchers.matcher.phrases import (
    ADVERBIAL,
    FINITE,
    LONGEST_SUBJECT,
    NOTHING,
    POSSESSIVE,
    WORD,
    names_agents,
    phrase_after,
    tidy,
    unarticled,
    uncontracted,
)
from watchers.matcher.pronouns import may_mean
from watchers.matcher.quotes import Quotes
from watchers.matcher.sentences import Reading
from watchers.matcher.speech import Speech, read_speeches

_SAY_NOTHING = NEVER_NAMES - PRONOUNS
"""A phrase of these alone names nobody."""
_DEEPEST = 12
"""Names that may hang on one another: "his spokesman" of "the president" of …"""
_LOOK_BACK = 20
"""Sentences looked back for whom a pronoun means."""

_SHORT = 3
"""Words of "the security service": a body so called was named before."""
_TAKEN_UP = frozenset(("the", "its", "their", "his", "her"))
_SPOKEN_FOR = frozenset(("government", "country", "administration", "nation", "party", "cabinet", "team", "office"))
"""What somebody's word binds when he says "his government"."""
_NEAR = 3
"""Sentences looked back for whom "the president" means where nobody is called so."""


class Naming:
    """Finds whom the phrases of one article mean."""

    def __init__(
        self, text: str, reading: Reading, quotes: Quotes, speaker_of: Callable[[int, int], str | None]
    ) -> None:
        """Keep the article; `speaker_of` tells who says what stands in a sentence at an offset ("we", "our")."""
        self._text = text
        self._reading = reading
        self._quotes = quotes
        self._speaker_of = speaker_of
        self._names: Names | None = None
        self._parties: Parties | None = None
        self._speeches: dict[int, tuple[Speech, ...]] = {}
        self._openings: dict[int, tuple[str, int]] = {}
        self._known: dict[tuple[int, str], str | None] = {}
        self._large: dict[str, bool] = {}
        self._depth = 0

    @property
    def names(self) -> Names:
        """The people the article names."""
        if self._names is None:
            self._names = Names(self._text)
        return self._names

    @property
    def parties(self) -> Parties:
        """The states and bodies the article speaks of."""
        if self._parties is None:
            self._parties = Parties(self._text, self.names)
        return self._parties

    def speeches(self, index: int) -> tuple[Speech, ...]:
        """Return the speeches of the sentence of that index, in order."""
        known = self._speeches.get(index)
        if known is None:
            known = read_speeches(self._text, self._reading.sentences[index], self._quotes)
            self._speeches[index] = known
        return known

    def subject_of_sentence(self, index: int, before: int, *, only_opening: bool = False) -> str | None:
        """Return the first name of a sentence: whose verbs follow without a subject of their own.

        `only_opening`: only that of the noun phrase it opens with.
        """
        sentence = self._reading.sentences[index]
        limit = min(before, sentence.start + LONGEST_SUBJECT)
        opening = ADVERBIAL.match(self._text, sentence.start, limit)
        begin = opening.end() if opening is not None else sentence.start
        phrase, start = phrase_after(self._text, begin, limit)
        if phrase and start - begin <= 1 and self._quotes.at(start) is None:
            name = self.name_of(phrase, start, index)
            if name is not None:
                return name
        for word in () if only_opening else WORD.finditer(self._text, begin, limit):
            plain = POSSESSIVE.sub("", word.group())
            if self._quotes.at(word.start()) is not None:
                continue
            if plain.lower() in PERSONAL:
                return self._whom(plain.lower(), word.start(), index)
            if plain in ACTOR_OF or (plain[:1].isupper() and self.names.is_person(plain)):
                phrase, _ = phrase_after(self._text, word.start(), limit)
                return self.name_of(phrase or plain, word.start(), index)
        return None

    def name_of(self, phrase: str, offset: int, index: int) -> str | None:
        """Return whom a noun phrase at `offset` in sentence `index` names most fully; None: an outlet or nobody."""
        if (offset, phrase) not in self._known:
            if self._depth > _DEEPEST:
                return None
            self._depth += 1
            self._known[offset, phrase] = self._read_name(tidy(phrase), offset, index)
            self._depth -= 1
        return self._known[offset, phrase]

    def _read_name(self, phrase: str, offset: int, index: int) -> str | None:  # noqa: PLR0911  a cascade of questions, each with its answer
        words = phrase.split()
        lowered = [uncontracted(word.lower().strip(".,")) for word in words]
        if not words or is_outlet(lowered):
            return None
        if _SAY_NOTHING.issuperset(lowered):
            return self.parties.meant(words, lowered, offset) if lowered[1:] and words[1][0].isupper() else None
        if len(words) == 1 and lowered[0] in PRONOUNS:
            if lowered[0] in ("i", "we") and self._quotes.at(offset) is not None:
                return self._speaker_of(index, offset)
            return self._whom(lowered[0], offset, index)
        if lowered[0] == "both" and "and" in lowered:
            return self.name_of(phrase[len("both ") :], offset, index)
        if lowered[:1] == ["the"] and PAPERS.issuperset(lowered[1:]) and lowered[1:]:
            return self._spoken_before(lowered[1], index)
        if ACT.match(phrase) is not None:
            return None
        paper = PAPER.fullmatch(phrase)
        if paper is not None:
            return self.name_of(paper.group(1) or paper.group(2), offset, index)
        if STANDS_FOR.match(phrase) is not None:
            return self._named_next(lowered, index) or unarticled(phrase)
        meant = self._owned_by_speaker(lowered, offset, index) or self.parties.meant(words, lowered, offset)
        meant = meant or self._joined(phrase, offset, index) or self._called_again(words, lowered, index)
        return meant or self._as_written(words, lowered, offset, index)

    def _as_written(self, words: list[str], lowered: list[str], offset: int, index: int) -> str | None:
        """Return the person or body a phrase that stands for itself names."""
        phrase = " ".join(words)
        name = owned_name(words, lowered)
        if name is None and unarticled(phrase) not in ACTOR_OF:
            name = titled_name(words)
        name = name and without_states(name)
        if name:
            return self._person(name, phrase)
        if self.names.is_person(phrase):
            return self.names.full(phrase)
        if lowered[-1] in TITLES:
            known = self._by_role(words, lowered, offset, index) or self._mentioned(lowered, offset, index)
            return known or self._named_next(lowered, index) or unarticled(phrase)
        if not is_body(words, lowered):
            return None
        known = self._mentioned(lowered, offset, index) or self._named_next(lowered, index)
        return known or self.parties.spelt_out(unarticled(phrase))

    def _spoken_before(self, paper: str, index: int) -> str | None:
        """Return who spoke in "a statement" before a sentence: whose "the statement" is that says more."""
        for other in range(index - 1, max(-1, index - 1 - _NEAR), -1):
            sentence = self._reading.sentences[other]
            if self._text.find(f"a {paper}", sentence.start, sentence.end) < 0:
                continue
            for speech in reversed(self.speeches(other)):
                name = self.speaker_named(speech, other)
                if name is not None:
                    return name
        return None

    def _owned_by_speaker(self, lowered: list[str], offset: int, index: int) -> str | None:
        """Return who says "our government", or whose "his government" is: who speaks for it."""
        if lowered[0] in ("our", "my") and self._quotes.at(offset) is not None:
            return self._speaker_of(index, offset)
        if lowered[0] not in ("his", "her") or (lowered[-1] not in _SPOKEN_FOR and lowered[-1] not in UNNAMED):
            return None
        owner = self._whom("he" if lowered[0] == "his" else "she", offset, index)
        if owner is None or lowered[-1] in _SPOKEN_FOR:
            return owner
        return f"{owner}'s {' '.join(lowered[1:])}"

    def _called_again(self, words: list[str], lowered: list[str], index: int) -> str | None:
        """Return the body just heard that "the group" or "the security service" means."""
        cased = any(word[0].isupper() for word in words[1:])
        short = len(lowered) < _SHORT or (len(lowered) == _SHORT and lowered[-1] != "ministry")
        if lowered[0] != "the" or lowered[-1] not in REPEATED_HEADS or not short or cased:
            return None
        for other in range(index - 1, max(-1, index - 1 - _NEAR), -1):
            name = self._speaker_among(self.speeches(other), "it", other)
            if name is not None and not STANDS_FOR.match(name):
                return name
        return None

    def _mentioned(self, lowered: list[str], offset: int, index: int) -> str | None:
        """Return the fuller phrase that "the official", "officials" or "the navy" takes up again."""
        bare = len(lowered) == 1 and lowered[0].endswith("s")
        short = lowered[0] in _TAKEN_UP and len(lowered) <= _SHORT + (lowered[0] != "the")
        if (not bare and not short) or (bare and self._places(offset, len(lowered[0]), index)):
            return None
        head = lowered[-1]
        if head in UNNAMED or head.rstrip("s") in UNNAMED:
            for other in range(index - 1, max(-1, index - 1 - (_NEAR if bare else _LOOK_BACK)), -1):
                for speech in reversed(self.speeches(other)):
                    before = speech.subject.lower().split()
                    if len(before) > len(lowered) and head in before and lowered[-2:] != before[-2:]:
                        return self.speaker_named(speech, other)
        if bare:
            return None
        known = self.parties.in_full(lowered[1:], offset)
        if known is not None or lowered[0] == "the":
            return known
        own = self._opening_body(index) if offset > self._reading.sentences[index].start else None
        owner = own or self._whom("it" if lowered[0] in ("its", "their") else "he", offset, index)
        return f"{self.parties.owner_of(owner)}'s {' '.join(lowered[1:])}" if owner is not None else None

    def _places(self, offset: int, length: int, index: int) -> bool:
        """Tell whether officials are others than before: "In Lima, officials", "members of the council"."""
        start = self._reading.sentences[index].start
        placed = IN_PLACE.fullmatch(self._text, start, offset) is not None
        return placed or self._text.startswith(" of ", offset + length)

    def _joined(self, phrase: str, offset: int, index: int) -> str | None:
        """Return both names of "President Trump and Prime Minister May", or None where a phrase is no such pair."""
        left, joint, right = phrase.partition(" and ")
        if not joint or not (self._is_named_person(left) or {left, right} <= SEATS):
            return None
        first = self.name_of(left, offset, index)
        second = self.name_of(right, offset + len(left) + len(joint), index)
        return f"{first} and {second}" if first and second else None

    def _is_named_person(self, phrase: str) -> bool:
        words = phrase.split()
        return unarticled(phrase) not in ACTOR_OF and (titled_name(words) is not None or self.names.is_person(phrase))

    def speaker_named(self, speech: Speech, index: int) -> str | None:
        """Return whom the subject of a speech names."""
        return self.name_of(speech.subject, speech.subject_start, index)

    def _person(self, name: list[str], phrase: str) -> str:
        cut = next((position for position, word in enumerate(name) if word in LINKS), len(name))
        if "and" in name[:cut]:
            return unarticled(phrase)
        return self.names.full(" ".join(POSSESSIVE.sub("", word) for word in name[:cut]))

    def _by_role(self, words: list[str], lowered: list[str], offset: int, index: int) -> str | None:
        """Return the person meant by "the prime minister", where the article names one."""
        if lowered[0] != "the" and words[0] not in ACTOR_OF:
            return None
        if lowered[-1].endswith("s") or lowered[-1] in MANY_BEAR_IT:
            return None
        wanted = frozenset(word for word in lowered if word in TITLES and word != "former")
        if not wanted:
            return None
        called = self.names.by_title(wanted, states_in(" ".join(words)), offset)
        return called or (self._leader_before(index) if lowered[1:] and wanted <= LEADING_TITLES else None)

    def _named_next(self, lowered: list[str], index: int) -> str | None:
        """Return who is named after "a Norwegian spokesman said …": "…," said spokesman Jens Lund."""
        cut = next((position for position, word in enumerate(lowered) if position and word in LINKS), len(lowered))
        head = lowered[cut - 1]
        if head not in ONE_OF_MANY or lowered[0] in _TAKEN_UP - {"the"}:
            return None
        for other in range(index + 1, min(index + 1 + _NEAR, len(self._reading.sentences))):
            for speech in self.speeches(other):
                if not speech.subject or speech.subject.lower() in PRONOUNS:
                    continue
                name = self.speaker_named(speech, other)
                if name is None or not self.names.is_person(name):
                    continue
                if not self.names.first_named_from(name, self._reading.sentences[index].end):
                    return None
                titled = head in speech.subject.lower().split() or self._text.startswith(" this ", speech.end)
                next_one = other == index + 1 and head not in HIDDEN and name == speech.subject
                return name if titled or next_one else None
        return None

    def _leader_before(self, index: int) -> str | None:
        """Return whom "the president" means in an article that calls nobody so: the subject of the last sentences."""
        for other in range(index - 1, max(-1, index - 1 - _NEAR), -1):
            name = self.subject_of_sentence(other, self._reading.sentences[other].end)
            if (
                name
                and name[0].isupper()
                and len(name.split()) <= LONGEST_NAME
                and not states_in(name)
                and not self.names.titles_of(name) & TITLES
                and (self.names.is_person(name) or self._is_written_large(name))
            ):
                return name if BODY_WORDS.isdisjoint(name.lower().split()) else None
        return None

    def _is_written_large(self, name: str) -> bool:
        """Tell whether a capitalised word is a name, unlike "Oil (prices fell)", which is also written small."""
        known = self._large.get(name)
        if known is None:
            known = self._large[name] = re.search(rf"\b{re.escape(name.lower())}\b", self._text) is None
        return known

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
        if pronoun == "they":
            return self._opening_several(index) or self._speaking_several(index)
        if pronoun == "it" and (subject := self._opening_body(index)) is not None:
            return subject
        spoken = self._speaker_among(self.speeches(index), pronoun, index)
        if spoken is not None:
            return spoken
        if any(speech.subject.lower() in PERSONAL for speech in self.speeches(index)):
            return None  # the same person, named further back
        sentence = self._reading.sentences[index]
        return self._first_named(sentence.start, sentence.end, pronoun)

    def _opening_several(self, index: int) -> str | None:
        """Return whom "they" of a later sentence may mean: the several a sentence opens with, or tells of together."""
        phrase, start = self._opening(index)
        last = phrase.rsplit(" ", 1)[-1].lower()
        if (
            " and " in phrase
            or last in GROUP_NOUNS
            or names_agents(last)
            or (last in ROLE_NOUNS and last.endswith("s"))
        ):
            return self.name_of(phrase, start, index)
        return None

    def _speaking_several(self, index: int) -> str | None:
        """Return the several who speak in a sentence: "…, officials said"."""
        for speech in self.speeches(index):
            last = speech.subject.rsplit(" ", 1)[-1].lower()
            if names_agents(last) or (last in ROLE_NOUNS and last.endswith("s")):
                return self.speaker_named(speech, index)
        return None

    def _opening_body(self, index: int) -> str | None:
        """Return the state or body that is the subject a sentence opens with, or None."""
        phrase, start = self._opening(index)
        name = self.name_of(phrase, start, index) if phrase else None
        last = name.split()[-1].lower() if name is not None else ""
        acts = name is not None and (name in ACTOR_OF or last in BODY_WORDS or last in ROLE_NOUNS)
        return name if acts and name is not None and may_mean(self.names, "it", name) else None

    def _opening(self, index: int) -> tuple[str, int]:
        """Return the noun phrase that is the subject a sentence opens with, and where; `NOTHING` where none does."""
        known = self._openings.get(index)
        if known is None:
            known = self._openings[index] = self._read_opening(index)
        return known

    def _read_opening(self, index: int) -> tuple[str, int]:
        sentence = self._reading.sentences[index]
        limit = min(sentence.end, sentence.start + LONGEST_SUBJECT)
        opening = ADVERBIAL.match(self._text, sentence.start, limit)
        begin = opening.end() if opening is not None else sentence.start
        phrase, start = phrase_after(self._text, begin, limit)
        opens = phrase and start - begin <= 1 and self._quotes.at(start) is None
        return (phrase, start) if opens and FINITE.match(self._text, start + len(phrase)) else NOTHING

    def _speaker_among(self, speeches: tuple[Speech, ...] | list[Speech], pronoun: str, index: int) -> str | None:
        for speech in speeches:
            if speech.subject and speech.subject.lower() not in PRONOUNS:
                name = self.speaker_named(speech, index)
                if name is not None and may_mean(self.names, pronoun, name):
                    return name
        return None

    def _first_named(self, start: int, end: int, pronoun: str) -> str | None:
        if pronoun not in PERSONAL:
            return None
        limit = end
        for person in self.names.within(start, end):
            name = self.names.full(person.name)
            if (
                self._quotes.at(person.start) is None
                and self.names.is_sure(person)
                and may_mean(self.names, pronoun, name)
            ):
                limit = person.start
                break
        else:
            name = None
        for word in WORD.finditer(self._text, start, limit):
            plain = word.group().rstrip(".")
            if plain[:1].isupper() and self._quotes.at(word.start()) is None and self.names.is_person(plain):
                full = self.names.full(plain)
                if may_mean(self.names, pronoun, full):
                    return full
        return name
