"""Who is named in an article, so that a surname, a title or a pronoun later on can be given its full name."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from watchers.matcher.english.actors import ACTOR_OF
from watchers.matcher.english.speakers import (
    BODY_WORDS,
    KIN,
    LEADING_TITLES,
    NAME_PARTICLES,
    NEVER_NAMES,
    OUTLETS,
    TITLE_ADJUNCTS,
    TITLES,
)

_MOST_NAME_WORDS = 5
_MOST_NAMESAKES = 50
"""Full names of one surname kept, the first an article has: more make a register, in which looking each up in all the
others would take for ever."""
_FAR = 400
"""Mentions looked through on either side for whom a title means."""
_SHOUT = 8
"""Characters; capitals throughout beyond this are a headline."""
_NO_NAMES = NEVER_NAMES - {"may", "april", "june", "august"}
_NOT_IN_NAMES = BODY_WORDS | OUTLETS | _NO_NAMES
_OFFICES = frozenset(("state", "treasury", "defense", "defence"))
"""Titles only after "of", or next to another title: "Secretary of State", "Defense Secretary"."""
_TITLE_LINKS = frozenset(("of", "for", "to", "and", "the"))

_CAPITALISED = r"[A-ZÀ-Þ](?:[\w’'.-]*\w|(?<=[A-Z])\.?)"
_PARTICLE = "(?:" + "|".join(sorted(NAME_PARTICLES - {"la", "the"})) + ")"
_RUN = re.compile(rf"{_CAPITALISED}(?: (?:{_PARTICLE} ){{0,2}}(?:[ae]l-)?{_CAPITALISED}){{0,9}}")
_POSSESSIVE = ("’s", "'s", "’", "'")
_COURTESY = frozenset(("Mr", "Mrs"))
_HONORIFICS = frozenset(("mr", "mrs", "ms", "miss", "dr", "sir"))
_GERUND = re.compile(r"[A-Z][a-z]{3,}ing")
_WORD = re.compile(r"[A-ZÀ-Þ][\w-]+")
_TITLE_AFTER = re.compile(r", (?:the |an? |his |her |who is )?((?:[\w’'.-]+ ){0,5}[\w’'.-]+)")
_OWNER_BEFORE = re.compile(r"([A-Z][\w.]+(?: [A-Z][\w.]+){0,3})(?:[’']s?)?(?: [a-z-]+){1,3} \Z")
_ARTICLE = re.compile(r"(?<![\w-])[ae]l-(?=[A-Z])")
_COMPOUND = re.compile(r"[A-Z][a-z]+-[a-z]+")
_SHORTENED = re.compile(r"\b(Mrs?|Ms|Dr|Sen|Sens|Rep|Reps|Gov|Gen|Col|Lt|Prof)\. \Z")
_TITLE_WORDS = TITLES | TITLE_ADJUNCTS | KIN
_TITLE_ENDINGS = frozenset(word[-3:] for word in _TITLE_WORDS)
_TITLE_REACH = 60
"""Characters before a name in which its titles are looked for."""
_TITLE_ENDING = 10
"""Characters before a name that show how the word before it ends."""
_BEFORE_NAMES = frozenset((" ", ","))
"""What parts a name from its title."""
_LESSER = frozenset(("prime", "vice", "deputy", "former"))
"""Words that make another office of the same word: no "president" is a "vice president"."""
_LEADER = frozenset(("leader",))
_SMALL_TITLE = re.compile(r"(?<![\w-])([a-z][a-z-]+(?: [a-z][a-z-]+){0,3})[ ,]+\Z")


@dataclass(frozen=True, slots=True)
class Person:
    """One mention of a person."""

    start: int
    name: str
    titles: frozenset[str]
    """The words beside the name that say what the person is, in small letters."""
    states: frozenset[str]
    """The actors those words name: "Ukraine's", "Ukrainian"."""


class Names:
    """The people an article names."""

    def __init__(self, text: str) -> None:
        """Read `text` once."""
        self._mentions = _read_people(text)
        self._starts = [person.start for person in self._mentions]
        self._titles: dict[str, set[str]] = {}
        self._states: dict[str, set[str]] = {}
        self._text = text
        self._seen: Counter[str] | None = None
        self._by_last: dict[str, Counter[str]] = {}
        self._by_first: dict[str, Counter[str]] = {}
        self._first_named: dict[str, int] = {}
        for person in self._mentions:
            words = _plain(person.name).split()
            _count(self._by_last.setdefault(words[-1], Counter()), person.name)
            self._titles.setdefault(person.name, set()).update(person.titles)
            self._states.setdefault(person.name, set()).update(person.states)
            if len(words) > 1:
                _count(self._by_first.setdefault(words[0], Counter()), person.name)

    def full(self, name: str) -> str:
        """Return the fullest form of `name` the article has: "Rubio" becomes "Marco Rubio"."""
        words = _plain(name).split()
        if not words:
            return name
        known = self._by_last.get(words[-1])
        known = known and Counter({name: count for name, count in known.items() if self._may_be(words[-1], name)})
        fullest = _fullest(known, words) if known else None
        if len(words) == 1:  # "Sir Keir"; "Mr. Kim" is Kim Jong-un rather than a Sung Kim named but once
            others = self._by_first.get(words[0])
            other = _fullest(others, words) if others else None
            if other is not None and others is not None:
                known = known or Counter()
                alone = fullest is None or " " not in fullest
                fullest = other if alone or others[other] > known[fullest or ""] else fullest
        return fullest or name

    def titles_of(self, name: str) -> set[str]:
        """Return what the article calls the person of that full name."""
        return self._titles.get(name, set())

    def states_of(self, name: str) -> set[str]:
        """Return the actors the article says the person of that full name stands for."""
        return self._states.get(name, set())

    def _may_be(self, surname: str, name: str) -> bool:
        """Tell whether a bare surname can mean a full name: "President Trump" is no "first lady Melania Trump"."""
        called = self._titles.get(surname, set()) - _HONORIFICS
        full = self._titles.get(name, set()) - _HONORIFICS
        if full & KIN and not full & LEADING_TITLES:
            return False
        return name == surname or not called or not full or not called.isdisjoint(full)

    def is_sure(self, person: Person) -> bool:
        """Tell whether a mention is surely a person: titled, or called again by the last name alone."""
        if person.titles & TITLES:
            return True
        if self._seen is None:
            self._seen = Counter(_WORD.findall(self._text))
        return self._seen[person.name.split()[-1]] > 1

    def is_person(self, name: str) -> bool:
        """Tell whether the article names a person so."""
        words = _plain(name).split()
        return (
            bool(words)
            and name not in ACTOR_OF
            and (words[-1] in self._by_last or (len(words) == 1 and words[0] in self._by_first))
        )

    def by_title(self, titles: frozenset[str], states: frozenset[str], before: int) -> str | None:
        """Return the person last called by all of `titles` before an offset, else the first anywhere.

        "leader" may stand for any office that leads a country. Nobody of other `states` than those given is meant.
        """
        end = bisect_left(self._starts, before)
        nearest = (*range(end - 1, max(-1, end - _FAR), -1), *range(end, min(len(self._mentions), end + _FAR)))
        for index in nearest:
            person = self._mentions[index]
            if (titles <= person.titles and person.titles & _LESSER <= titles) or (
                titles == _LEADER and person.titles & LEADING_TITLES
            ):
                name = self.full(person.name)
                known = self.states_of(name)
                if not states or not known or not known.isdisjoint(states):
                    return name
        return None

    def first_named_from(self, name: str, offset: int) -> bool:
        """Tell whether the person of that full name is named nowhere before an offset."""
        if not self._first_named:
            for person in reversed(self._mentions):
                self._first_named[self.full(person.name)] = person.start
        return self._first_named.get(name, -1) >= offset

    def within(self, start: int, end: int) -> Sequence[Person]:
        """Return the people named between two offsets, in order."""
        return self._mentions[bisect_left(self._starts, start) : bisect_left(self._starts, end)]


def _count(known: Counter[str], name: str) -> None:
    """Count a name among those that share one of its words, unless they are too many for anyone to be meant."""
    if name in known or len(known) < _MOST_NAMESAKES:
        known[name] += 1


def _plain(name: str) -> str:
    """Write a name as it is compared: "O’Brien" is "O'Brien", "al-Assad" is "Assad"."""
    return _ARTICLE.sub("", name.replace("’", "'"))


def _fullest(known: Counter[str], words: list[str]) -> str | None:
    fitting = [name for name in known if set(words) <= set(_plain(name).split())]
    if not fitting:
        return None
    return max(fitting, key=lambda name: len(name.split()) > 1)


def _read_people(text: str) -> list[Person]:
    people = []
    for run in _RUN.finditer(text):
        start, written = run.start(), run.group()
        titles = _titles_before(text, start) if text[start - 1 : start] in _BEFORE_NAMES else []
        if not titles and " " not in written and written not in _COURTESY:
            continue
        person = _person(written, start, titles)
        if person is not None:
            people.append(_with_surroundings(person, text, run))
    return people


def _titles_before(text: str, start: int) -> list[str]:
    """Return the words right before a name that say what somebody is."""
    last = text[start - 2 : start - 1]
    if last == ".":
        shortened = _SHORTENED.search(text, max(0, start - 8), start)
        return [shortened.group(1).lower()] if shortened is not None else []
    if last != "," and not last.islower():
        return []
    ending = text[max(0, start - _TITLE_ENDING) : start].rstrip(" ,")
    if ending[-3:] not in _TITLE_ENDINGS and ending[-2:] not in _TITLE_ENDINGS:
        return []  # most small words are no titles: spares the search
    before = _SMALL_TITLE.search(text, max(0, start - _TITLE_REACH), start)
    return _title_words(before.group(1)) if before is not None else []


def _title_words(small: str) -> list[str]:
    """Return those words right before a name that say what somebody is: of "says president" only the last."""
    words = small.split()
    first = len(words)
    while first and (words[first - 1] in _TITLE_WORDS or (words[first - 1] in _TITLE_LINKS and first < len(words))):
        first -= 1
    return words[first:]


def _with_surroundings(person: Person, text: str, run: re.Match[str]) -> Person:
    """Add what stands around a name: "Ukraine's foreign minister X", "X, the Ukrainian foreign minister,"."""
    titles, states = set(person.titles), set[str]()
    after = _TITLE_AFTER.match(text, run.end())
    words = after.group(1).split() if after is not None else []
    titles |= KIN.intersection(words)
    if any(word.lower() in TITLES for word in words):
        titles.update(word.lower() for word in words)
        if any(word[0].isupper() and word.lower() in BODY_WORDS for word in words):
            titles -= LEADING_TITLES  # "president of the Council on Trade" leads no country
    else:
        words = []
    owner = _OWNER_BEFORE.search(text, max(0, run.start() - 60), run.start())
    for beside in (words, run.group().split(" "), owner.group(1).split() if owner is not None else []):
        states |= states_among([_unowned(word) for word in beside])
    return Person(person.start, person.name, frozenset(titles), frozenset(states))


def states_among(words: Sequence[str]) -> frozenset[str]:
    """Return the codes of the actors that words name: "North Korean" is one of them."""
    found = {ACTOR_OF[word] for word in words if word in ACTOR_OF}
    for first, second in pairwise(words):
        code = ACTOR_OF.get(f"{first} {second}")
        if code is not None:
            found -= {ACTOR_OF.get(first), ACTOR_OF.get(second)}
            found.add(code)
    return frozenset(found)


def without_states(name: list[str]) -> list[str]:
    """Leave the state off that stands before a name or instead of one: "envoy for Syria (Jens Lund)"."""
    while len(name) > len(("Jens", "Lund")) and name[0] in ACTOR_OF:
        name = name[1:]
    return [] if " ".join(name) in ACTOR_OF else name


def split_titles(words: Sequence[str]) -> tuple[list[str], list[str]]:
    """Cut the words of a noun phrase into what a person is and the name; the name may be empty."""
    cut = 0
    for index, word in enumerate(words):
        bare = word.lower().strip(".,")
        adjoins = cut == index
        if bare in _OFFICES and index and words[index - 1] != "of" and not adjoins:
            continue
        linked = adjoins and cut > 0 and bare in _TITLE_LINKS and index + 1 < len(words)
        if bare in TITLES or linked or (adjoins and bare in TITLE_ADJUNCTS):
            cut = index + 1
    return list(words[:cut]), list(words[cut:])


def _person(run: str, start: int, small: list[str]) -> Person | None:  # noqa: PLR0911  a cascade of questions, each with its answer
    """Read a run of capitalised words, with the small words before it, as a person; None where it is none."""
    words = run.split(" ")
    if len(words) == 1 and not small and words[0] not in _COURTESY:
        return None
    if len(run) > _SHOUT and run.isupper():
        return None
    for index, word in enumerate(words[:-1]):
        if word.endswith(_POSSESSIVE) or (index == 0 and _opens(word)):
            # "Mr Trump's Secretary of State Marco Rubio", "Describing Marco Rubio": the name begins further on.
            rest = " ".join(words[index + 1 :])
            return _person(rest, start + len(run) - len(rest), [])
    titles, name = split_titles(words)
    name = [_unowned(word) for word in name]
    if len(name) > 1 and _COMPOUND.fullmatch(name[0]):
        name = name[1:]  # "Long-time Trump adviser"
    name = _after_body(without_states(name))
    while name and name[-1].lower() in _NO_NAMES:
        name.pop()
    said = frozenset(word.lower().strip(".,") for word in (*small, *titles))
    if not name or len(name) > _MOST_NAME_WORDS or (len(name) == 1 and not said & TITLES):
        return None
    if not _NOT_IN_NAMES.isdisjoint([word.lower().strip(".") for word in name]):
        return None
    if " ".join(name) in ACTOR_OF or name[0] in ACTOR_OF:
        return None
    return Person(start, " ".join(name), said, frozenset())


def _after_body(name: list[str]) -> list[str]:
    """Leave off the body before a name: "Development Fund Jens Lund"."""
    last = max((place for place, word in enumerate(name) if word.lower() in BODY_WORDS), default=-1)
    return name[last + 1 :] if len(name) - last > len(("Fund", "Jens")) else name


def _unowned(word: str) -> str:
    """Leave off the possessive ending of a word."""
    if not word.endswith(_POSSESSIVE):
        return word
    return word[:-2] if word[-1] == "s" else word[:-1]


def _opens(word: str) -> bool:
    """Tell whether a capitalised word merely opens its sentence."""
    return word.lower().strip(".") in NEVER_NAMES or _GERUND.fullmatch(word) is not None
