"""Finds the follow-ups that an article may tell of, among many that are open, without looking at all of them. Pure.

A follow-up is filed under pairs of what says most of it (an actor and an act, a name and a thing …), and, where its
time is a day or two, under each single one of them on those days. A sentence that names both of a pair, or one of them
on the day, has found it. A key that very many share finds none: their other keys do.

Keys are numbers that a database can hold; `OpenIndex` files by them in memory, `storage` in a table. A key is the sum
of two tokens' numbers as a signed one of 64 bits, so that a pair has one key in either order, and two pairs meet in one
as seldom as two numbers drawn by lot. Its lowest bit says what it stands for: 0 a pair, 1 a single token on a day.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from hashlib import blake2b
from itertools import chain, combinations

from watchers.expectations import Expected
from watchers.outcome_signs import Told
from watchers.resolutions import News

_HANDLES = 8
"""By how many of its weightiest tokens a follow-up is filed, half of them actors and acts: in 28 pairs."""
_LIGHTEST = 0.3
"""The weight below which a token files nothing, and finds nothing."""
_MOST_ASKED = 32
"""By how many of its weightiest tokens a sentence is looked up: the longest of news, and no more of what is none."""
_CROWDED = 48
"""How many follow-ups may share a pair before it finds none."""
_CROWDED_DAY = 400
"""The same for a single token on a day."""
_SHORT = timedelta(days=2)
"""The longest time that is filed by its days."""
_DAY = timedelta(days=1)
_MOST_OF_SENTENCE = 16
_MOST_COMPARED = 48
"""How many pairs of a sentence and a follow-up are compared for one article."""
_ALL_BUT_LOWEST = (1 << 64) - 2
_FIRST_NEGATIVE = 1 << 63


@dataclass(frozen=True, slots=True)
class Asked:
    """What an article asks an index: on which day, and by which keys for each of its sentences."""

    day: date
    sentences: tuple[frozenset[int], ...]

    @property
    def keys(self) -> frozenset[int]:
        """Every key it asks by."""
        return frozenset[int]().union(*self.sentences)


def asked_by(news: News) -> Asked:
    """Return what an article asks an index."""
    return Asked(news.day, tuple(keys_asked(told, news.day) for told in news.sentences))


def keys_asked(told: Told, day: date) -> frozenset[int]:
    """Return the keys by which a sentence of an article of `day` finds what it may tell of."""
    weights: dict[str, float] = {}
    for token, weight in told.named:
        weights[token] = max(weights.get(token, 0.0), weight)
    telling = (token for token, weight in weights.items() if weight >= _LIGHTEST)
    return _keys(sorted(telling, key=lambda token: (-weights[token], token))[:_MOST_ASKED], (day,))


def keys_of(expected: Expected) -> frozenset[int]:
    """Return the keys under which a follow-up is filed."""
    return _keys(handles_of(expected), _days(expected))


def most_under(key: int) -> int:
    """Return how many follow-ups may share a key before it finds none."""
    return _CROWDED_DAY if key & 1 else _CROWDED


def uncrowded(shelves: Mapping[int, Sequence[int]]) -> dict[int, Sequence[int]]:
    """Return, of the follow-ups filed under each key, those under keys that find them."""
    return {key: shelf for key, shelf in shelves.items() if len(shelf) <= most_under(key)}


def likeliest(
    asked: Asked, shelves: Mapping[int, Sequence[int]], in_time: Mapping[int, bool]
) -> dict[int, tuple[int, ...]]:
    """Return the follow-ups that an article may tell of, the likeliest first, each with the sentences that may.

    `shelves` are those filed under each key, the crowded left out; `in_time` says of each that is open whether it is
    its time. They are few, however many are filed. Among equally likely ones those come first whose time it is, then
    the oldest.
    """
    pairs: list[tuple[int, int, int]] = []
    for sentence, keys in enumerate(asked.sentences):
        hits: Counter[int] = Counter()
        for key in keys & shelves.keys():
            hits.update(number for number in shelves[key] if number in in_time)
        ranked = sorted(hits, key=lambda number: (-hits[number], not in_time[number], number))
        pairs += ((rank, number, sentence) for rank, number in enumerate(ranked[:_MOST_OF_SENTENCE]))
    compared: defaultdict[int, list[int]] = defaultdict(list)
    for _, number, sentence in sorted(pairs)[:_MOST_COMPARED]:
        compared[number].append(sentence)
    return {number: tuple(sorted(sentences)) for number, sentences in compared.items()}


class OpenIndex:
    """Open follow-ups by what their doing would be told with."""

    def __init__(self) -> None:
        """Start with nothing."""
        self._shelves: defaultdict[int, list[int]] = defaultdict(list)
        self._filed: dict[int, Expected] = {}

    def __len__(self) -> int:
        """Return how many follow-ups are filed."""
        return len(self._filed)

    def put(self, number: int, expected: Expected) -> None:
        """File a follow-up under its number, instead of what was filed under it."""
        self.drop(number)
        self._filed[number] = expected
        for key in keys_of(expected):
            self._shelves[key].append(number)

    def drop(self, number: int) -> None:
        """Take a follow-up out, if it is there."""
        expected = self._filed.pop(number, None)
        if expected is None:
            return
        for key in keys_of(expected):
            self._shelves[key].remove(number)
            if not self._shelves[key]:
                del self._shelves[key]

    def expected(self, number: int) -> Expected:
        """Return what a follow-up leads one to expect; it must be filed."""
        return self._filed[number]

    def near(self, asked: Asked) -> dict[int, tuple[int, ...]]:
        """Return the follow-ups that an article may tell of, the likeliest first, each with the sentences that may."""
        shelves = uncrowded({key: self._shelves[key] for key in asked.keys & self._shelves.keys()})
        found = {number for shelf in shelves.values() for number in shelf}
        in_time = {
            number: _is_its_time(self._filed[number], asked.day)
            for number in found
            if asked.day <= self._filed[number].until
        }
        return likeliest(asked, shelves, in_time)


def _is_its_time(expected: Expected, day: date) -> bool:
    return expected.due is not None and expected.due.first <= day <= expected.due.last + _DAY


def handles_of(expected: Expected) -> tuple[str, ...]:
    """Return the tokens by which a follow-up is found, in alphabetical order."""
    weighed = sorted((-weight, token) for token, weight in expected.weights.items() if weight >= _LIGHTEST)
    doings = [token for _, token in weighed if token[0] in "@!"]
    others = [token for _, token in weighed if token[0] not in "@!"]
    half = _HANDLES // 2
    taken = [*doings[: max(half, _HANDLES - len(others))], *others[: max(half, _HANDLES - len(doings))]]
    return tuple(sorted(taken))


def _days(expected: Expected) -> Iterable[date]:
    """Return the days on which a follow-up of a short time is looked for by single tokens: its own and the next."""
    due = expected.due
    if due is None or due.last - due.first >= _SHORT:
        return ()
    return (due.first + step * _DAY for step in range((due.last - due.first).days + 2))


def _keys(tokens: Sequence[str], days: Iterable[date]) -> frozenset[int]:
    """Return the keys of all pairs of tokens, and of each of them on each of the days."""
    numbers = [_number(token) for token in tokens]
    on_days = [_number(day.isoformat()) for day in days]
    pairs = [(one + other) & _ALL_BUT_LOWEST for one, other in combinations(numbers, 2)]
    singles = [(number + day) & _ALL_BUT_LOWEST | 1 for number in numbers for day in on_days]
    return frozenset([key if key < _FIRST_NEGATIVE else key - 2 * _FIRST_NEGATIVE for key in chain(pairs, singles)])


@lru_cache(maxsize=50_000)
def _number(token: str) -> int:
    return int.from_bytes(blake2b(token.encode("utf-8", "replace"), digest_size=8).digest(), "big")
