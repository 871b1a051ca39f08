"""Which verb a time expression hangs on, and what that verb says of its time.

English tells the future by the verb near the time: "will meet on Friday" against "met on Friday" and "said on
Friday". A sentence's verbs are read once, in one pass; each time expression then asks for its own.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from enum import StrEnum
from itertools import accumulate, compress

from watchers.matcher.english import cues, verb_words
from watchers.matcher.english.present import PLAINLY_VERBS
from watchers.matcher.english.speakers import REPORTING

_CONTROL = 70
"""Characters between a verb and the "to …" that hangs on it."""


_SHORT = len("red")
"""Words no longer than this end in "ed" by chance."""


class Tense(StrEnum):
    """What a verb group says of when its action happens."""

    FUTURE = "future"
    SCHEDULE = "schedule"
    PRESENT = "present"
    SAY = "say"
    PAST = "past"


@dataclass(frozen=True, slots=True)
class Verb:
    """Characters `start` to `end` of the text: the word that shows the tense."""

    start: int
    end: int
    tense: Tense
    word: str
    """In small letters."""
    main: str
    """The verb that carries the meaning: "meet" of "will meet"; `word` itself where it stands alone."""


_TOKEN = re.compile(r"([A-Za-zÀ-ɏ](?:[\w’'-]*[A-Za-zÀ-ɏ])?|['’](?:ll|s|re|d|ve)\b)")
_ADJECTIVE = re.compile(r"(?:al|ic|ive|ous|ful|able|-day|-week|-hour|-month|-year|ish|ese|li|day|[^s]ing)\Z")
_SMALL = re.compile(r"(?<![\w’'-])[a-zà-ÿ][\w’'-]{4}")
_CAPITAL = re.compile(r"(?<![\w’'-])[A-ZÀ-Þ][\w’'-]{4}")
"""Words of five letters and more: shorter ones are small in a headline too."""
_TITLE_LONGEST = 200
_TITLE_FEWEST = 3
"""Characters and words of a headline, which may have capitals throughout."""
_JOINED = 9
"""Words within which "and" makes a plural of a name: "the president and his guest Ana Ruiz meet"."""


class _ShowsTense(dict[str, bool]):
    """Whether a word may show a tense, told once a word; forgotten all at once, so that no text makes it grow."""

    def __missing__(self, word: str) -> bool:
        if len(self) > _REMEMBERED:
            self.clear()
        shows = word in verb_words.VERBS or word.endswith(verb_words.VERB_ENDINGS)
        if len(word) <= _LONGEST_REMEMBERED:
            self[word] = shows
        return shows


_LONGEST_REMEMBERED = 40
"""Characters."""
_REMEMBERED = 20_000
_SHOWS_TENSE = _ShowsTense()


def _has_capitals(text: str, start: int, end: int) -> bool:
    """Tell whether every word of a headline that could be written small begins with a capital letter."""
    if _SMALL.search(text, start, end) is not None:
        return False
    return sum(1 for _ in _CAPITAL.finditer(text, start, end)) >= _TITLE_FEWEST


class Verbs:
    """The verbs of one sentence, in order."""

    def __init__(self, text: str, start: int, end: int) -> None:
        """Read them from characters `start` to `end` of `text`."""
        self._text = text
        pieces = _TOKEN.split(text[start:end])  # what lies between words, and each second one a word
        bounds = list(accumulate(map(len, pieces), initial=start))
        self._begins = bounds[1::2]
        self._ends = bounds[2::2]
        self._words = list(map(str.lower, pieces[1::2]))
        self._capitals = end - start < _TITLE_LONGEST and _has_capitals(text, start, end)
        self._verbs = self._read()
        self._starts = [verb.start for verb in self._verbs]

    def before(self, offset: int) -> Verb | None:
        """Return the nearest verb that begins before `offset`, or None."""
        index = bisect_left(self._starts, offset) - 1
        return self._verbs[index] if index >= 0 else None

    def finite_before(self, offset: int) -> Verb | None:
        """Return the nearest verb that begins before `offset` and is no infinitive, or None."""
        index = bisect_left(self._starts, offset) - 1
        while index >= 0 and self._verbs[index].word == "to":
            index -= 1
        return self._verbs[index] if index >= 0 else None

    def finite_after(self, offset: int) -> Verb | None:
        """Return the nearest verb that begins at or after `offset` and is no infinitive, or None."""
        index = bisect_left(self._starts, offset)
        while index < len(self._verbs) and self._verbs[index].word == "to":
            index += 1
        return self._verbs[index] if index < len(self._verbs) else None

    def is_perfect(self, verb: Verb) -> bool:
        """Tell whether "had" stands right before a verb of the sentence, an adverb perhaps between."""
        index = bisect_left(self._begins, verb.start)
        return "had" in (self._word(index - 1), self._word(index - 2) if self._word(index - 1).endswith("ly") else "")

    def is_coming(self, offset: int) -> bool:
        """Tell whether the clause after `offset` is of something planned: "before the two are set to meet"."""
        index = bisect_left(self._starts, offset)
        return any(verb.tense is Tense.FUTURE and verb.word != "to" for verb in self._verbs[index : index + 2])

    def words_between(self, start: int, end: int) -> list[str]:
        """Return the words, in small letters, that begin between two offsets."""
        return self._words[bisect_left(self._begins, start) : bisect_right(self._begins, end - 1)]

    def _read(self) -> list[Verb]:
        found: list[Verb] = []
        taken = -1
        words = self._words
        for index in compress(range(len(words)), map(_SHOWS_TENSE.__getitem__, words)):
            if index <= taken and words[index] not in cues.PLANNED:
                continue  # the verb of an auxiliary read already: "will be put", "to announce"
            verb = self._verb(index, found)
            if verb is not None:
                found.append(verb)
                taken = max(taken, self._taken(index, verb))
        return found

    def _taken(self, index: int, verb: Verb) -> int:
        """Return the index of the last word that belongs to a verb group."""
        if verb.main == verb.word:
            return index
        for ahead in range(index + 1, min(index + 6, len(self._words))):
            if self._word(ahead) == verb.main:
                return ahead
        return index

    def _word(self, index: int) -> str:
        return self._words[index] if 0 <= index < len(self._words) else ""

    def _main(self, index: int) -> str:
        """Return the verb after an auxiliary, adverbs skipped."""
        for ahead in range(index + 1, min(index + 6, len(self._words))):
            word = self._word(ahead)
            if word not in verb_words.ADVERBS and not word.endswith("ly"):
                return word
        return ""

    def _is_plural(self, index: int) -> bool:
        """Tell whether a word can be the subject of a verb in its base form."""
        word = self._word(index)
        if word in verb_words.PLURALS:
            return True
        if self._text[self._begins[index]].isupper() and word not in verb_words.MONTHS:
            joined = {self._word(index - step) for step in range(1, _JOINED)} & {"and", "with"}
            return bool(joined) or word.endswith("s") or index == 0
        return word.endswith(("s", "ly"))

    def _make(self, index: int, tense: Tense, main: str = "") -> Verb:
        word = self._words[index]
        return Verb(self._begins[index], self._ends[index], tense, word, main or word)

    def _verb(self, index: int, found: list[Verb]) -> Verb | None:  # noqa: C901, PLR0911  a cascade of questions, each with its answer
        word = self._words[index]
        before = self._word(index - 1)
        earlier = found[-1] if found else None
        if word.endswith(verb_words.CONTRACTED) and "a" <= word[-4:-3] <= "z":
            tense = Tense.FUTURE if word.endswith("ll") else Tense.PRESENT
            return self._make(index, tense, self._main(index))
        if word.endswith(verb_words.WOULD_OR_HAD):
            main = self._main(index)
            done = main.endswith("ed") or main in cues.PAST or main in cues.PARTICIPLES or main == "better"
            return self._make(index, Tense.PAST if done else Tense.FUTURE, main)
        if word == "am" and before != "i":
            return None  # "11:30 am"
        begin = self._begins[index]
        named = self._text[begin].isupper() and index > 0 and self._text[begin - 1] not in verb_words.OPENING_MARKS
        if named and not self._capitals:
            return None  # a name
        if word in cues.MODALS:
            return self._modal(index)
        if word == "to":
            return self._infinitive(index, self._ruling(found))
        if word in cues.PRESENT_BE:
            return self._be(index)
        if word in ("was", "were") and self._word(index + 1) == "to" and before not in verb_words.GOALS:
            if self._word(index + 2) == "have":
                return self._make(index, Tense.PAST)  # "was to have begun"
            return self._make(index, Tense.FUTURE, self._main(index))
        if (
            word in ("was", "were")
            and earlier is not None
            and earlier.tense is Tense.SAY
            and not earlier.word.endswith("s")
        ):
            # "announced he was sending …": a plan, told in the past.
            planned = self._be(index)
            return planned if planned.tense is Tense.SCHEDULE else self._make(index, Tense.PAST)
        if word in ("was", "were") and self._main(index).endswith(("ed", "ing")):
            return self._make(index, Tense.PAST, self._main(index))
        told = word.endswith("ed") and (word in REPORTING or word not in verb_words.ONLY_MEANT)
        nouns = verb_words.ADJECTIVE_BEFORE if told else verb_words.NOUN_BEFORE
        if (word not in verb_words.SAID and before in nouns) or before.endswith(("'s", "’s")):
            return None  # "a vote", "the planned visit", "on talks": nouns
        return self._plain(index, word, before, earlier)

    def _modal(self, index: int) -> Verb:
        after = [self._word(index + step) for step in (1, 2, 3)]
        if "have" in after[:2] and self._word(index) != "will" and after[after.index("have") + 1] != "to":
            return self._make(index, Tense.PAST, "have")
        main = self._main(index)
        return self._make(index, Tense.PAST if main in verb_words.PERCEIVED else Tense.FUTURE, main)

    def _ruling(self, found: list[Verb]) -> Verb | None:
        """Return the verb that can rule what follows: not "approved by the council" said of a noun in between."""
        for verb in reversed(found):
            by = self._text.startswith(" by ", verb.end)
            if not (by and verb.tense is Tense.PAST and verb.main == verb.word):
                return verb
        return found[-1] if found else None

    def _infinitive(self, index: int, earlier: Verb | None) -> Verb | None:
        if index + 1 >= len(self._words):
            return None
        after = self._word(index + 1)
        before = self._word(index - 1)
        position = self._begins[index + 1]
        named = self._text[position].isupper() and not (self._capitals and after in verb_words.TITLE_VERBS)
        if after in verb_words.NOT_VERBS or named or before in ("according", "thanks", "prior", "up"):
            return None
        if after == before or (after.endswith("s") and not after.endswith(("ss", "us"))):
            return None  # "face to face", "in response to signals"
        if after in verb_words.LISTENERS or self._text[self._ends[index] : position].strip():
            return None
        if before not in cues.ENDED and (after in verb_words.TO_BE or self._is_of_noun(index, earlier)):
            return self._make(index, Tense.FUTURE, self._main(index))
        nouns = {self._word(index - step) for step in range(2, 12)} & cues.PLAN_NOUNS
        if before in cues.INTENT or before in cues.PLANNED or before in cues.PLAN_NOUNS or nouns:
            past = before in verb_words.SUPPOSED or (earlier is not None and earlier.main in cues.FULFILLED)
        elif earlier is None or earlier.tense is not Tense.PAST:
            past = before in cues.ENDED or before in verb_words.SUPPOSED
        else:
            near = self._begins[index] - earlier.end < _CONTROL
            past = not (near and earlier.main in cues.INTENT) or before in cues.ENDED or before in verb_words.SUPPOSED
        return self._make(index, Tense.PAST if past else Tense.FUTURE, self._main(index))

    def _is_of_noun(self, index: int, earlier: Verb | None) -> bool:
        """Tell whether "to …" says what is to happen to the noun before it: "with the first to be delivered in May"."""
        if earlier is not None and self._begins[index] - earlier.end <= 1:
            return False
        after, main = self._word(index + 1), self._word(index + 2)
        if after == "take":
            return main in ("effect", "place")
        return after == "be" and (main.endswith("ed") or main in cues.PARTICIPLES or main in cues.PAST)

    def _be(self, index: int) -> Verb:
        if self._is_planned(index):
            return self._make(index, Tense.FUTURE, self._main(index))
        for ahead in range(index + 1, min(index + 4, len(self._words))):
            word = self._word(ahead)
            if word.endswith("ing") and word not in ("being", "during", "according"):
                return self._make(index, Tense.SCHEDULE, word)
            if word in verb_words.SHOWN:
                return self._make(index, Tense.PAST, word)
            if word not in verb_words.ADVERBS and not word.endswith("ly"):
                break
        return self._make(index, Tense.PRESENT, self._main(index))

    def _is_planned(self, index: int) -> bool:
        """Tell whether a form of "be" plans: "are to meet", "is scheduled for", "is also set to"."""
        for ahead in range(index + 1, min(index + 4, len(self._words))):
            word, after = self._word(ahead), self._word(ahead + 1)
            if word == "to":
                return True
            if word in cues.PLANNED and not word.endswith("ing"):
                return word not in verb_words.LEANING or after in verb_words.AIMS
            if word not in verb_words.ADVERBS and not word.endswith("ly"):
                return False
        return False

    def _have(self, index: int) -> Verb:
        main = self._main(index)
        if self._word(index + 1) == "to":
            return self._make(index, Tense.FUTURE, main)
        if main in cues.PAST or main in cues.PARTICIPLES or (main.endswith("ed") and main not in ("need", "hundred")):
            # "has agreed to …" binds as "agreed to …" does: the participle is the main verb.
            return self._make(index, Tense.PAST, main)
        return self._make(index, Tense.PRESENT)

    def _plain(self, index: int, word: str, before: str, earlier: Verb | None) -> Verb | None:  # noqa: C901, PLR0911, PLR0912  a cascade of questions, each with its answer
        after = self._word(index + 1)
        if word.endswith("ed") and before in verb_words.STAYING:
            return None  # "would remain committed"
        if word.endswith("ing") and before in verb_words.HAVING_DONE:
            return self._make(index, Tense.PAST)
        if word in cues.PLANNED:
            if word in verb_words.LEANING and after not in verb_words.AIMS:
                return self._make(index, Tense.PAST) if word == "set" else None
            if word == "due" and after == "to" and self._word(index + 2) in verb_words.NOT_VERBS:
                return None  # "due to a crisis"
            if word.endswith("ing") and before not in verb_words.BEFORE_PARTICIPLE:
                return None  # "students seeking visas", "a letter asking for help"
            had = before == "had" or (before == "been" and self._word(index - 2) == "had")
            return self._make(index, Tense.PAST if had else Tense.FUTURE, self._main(index))
        if word in REPORTING:
            return self._make(index, Tense.SAY)
        if word in verb_words.HAVING:
            return self._have(index)
        if word in cues.INTENT:
            if word in verb_words.NOUN_OR_VERB and not self._is_plural(index - 1):
                return None  # "a cooperation plan", "a court order"
            if word in verb_words.NOUNS_OR_VERBS and after in verb_words.AFTER_PLANS:
                return None  # "approve the annexation plans in …"
            past = (word.endswith("ed") and word != "need") or word in verb_words.PAST_INTENT
            return self._make(index, Tense.PAST if past else Tense.PRESENT)
        if word in verb_words.RUNNING:
            return self._make(index, Tense.SCHEDULE)
        if word in cues.SCHEDULE:
            if after in ("of", "that") or _ADJECTIVE.search(before) is not None:
                return None
            if before.endswith("ly") and self._word(index - 2) in verb_words.NOUN_BEFORE:
                return None  # "through a partially open door"
            if not word.endswith("s") and index and not self._is_plural(index - 1) and before not in verb_words.DID:
                return None  # "the February vote"
            if before in verb_words.DID:
                return self._make(index, Tense.PAST)
            if before == "and" and earlier is not None and earlier.tense is Tense.FUTURE and not word.endswith("s"):
                return self._make(index, Tense.FUTURE)  # "will meet them and sign the pact"
            light = word in verb_words.LIGHT and after not in verb_words.LIGHT[word]
            return self._make(index, Tense.PRESENT if light else Tense.SCHEDULE)
        if word in cues.PRESENT:
            return self._make(index, Tense.PRESENT)
        if word in cues.PAST or (word.endswith("ed") and len(word) > _SHORT and word not in cues.ADJECTIVES_IN_ED):
            return self._make(index, Tense.PAST)
        return self._plainly_present(index, word, before, after)

    def _plainly_present(self, index: int, word: str, before: str, after: str) -> Verb | None:
        """Return a present form that no other list names: "the pause runs out"."""
        if (
            not index
            or after in verb_words.NOUN_AFTER
            or _ADJECTIVE.search(before) is not None
            or before in verb_words.NOT_SUBJECTS
        ):
            return None
        return self._make(index, Tense.PRESENT) if word in PLAINLY_VERBS else None
