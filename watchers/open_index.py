"""Finds the follow-ups that an article may tell of, among many that are open, without looking at all of them. Pure.

A follow-up is filed under pairs of what says most of it (an actor and an act, a name and a thing …), and, where its
time is a day or two, under each single one of them on those days. A sentence that names both of a pair, or one of them
on the day, has found it. A pair that very many share finds none: their other pairs do.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator
from datetime import date, timedelta
from itertools import combinations

from watchers.expectations import Expected
from watchers.resolutions import News

_HANDLES = 8
"""By how many of its weightiest tokens a follow-up is filed, half of them actors and acts: in 28 pairs."""
_LIGHTEST = 0.3
"""The weight below which a token files nothing."""
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


class OpenIndex:
    """Open follow-ups by what their doing would be told with."""

    def __init__(self) -> None:
        """Start with nothing."""
        self._pairs: defaultdict[str, dict[str, list[int]]] = defaultdict(dict)
        self._days: defaultdict[date, dict[str, list[int]]] = defaultdict(dict)
        self._filed: dict[int, Expected] = {}

    def __len__(self) -> int:
        """Return how many follow-ups are filed."""
        return len(self._filed)

    def put(self, number: int, expected: Expected) -> None:
        """File a follow-up under its number, instead of what was filed under it."""
        self.drop(number)
        self._filed[number] = expected
        for shelf, token in self._places(expected):
            shelf.setdefault(token, []).append(number)

    def drop(self, number: int) -> None:
        """Take a follow-up out, if it is there."""
        expected = self._filed.pop(number, None)
        if expected is None:
            return
        for shelf, token in self._places(expected):
            shelf[token].remove(number)
            if not shelf[token]:
                del shelf[token]
        for day in _days(expected):
            if not self._days[day]:
                del self._days[day]

    def expected(self, number: int) -> Expected:
        """Return what a follow-up leads one to expect; it must be filed."""
        return self._filed[number]

    def near(self, news: News) -> list[int]:
        """Return the follow-ups that an article may tell of, the likeliest first.

        They are few, however many are filed. Among equally likely ones those come first whose time it is, then the
        oldest.
        """
        ranks: dict[int, int] = {}
        for told in news.sentences:
            for rank, number in enumerate(self._near(told.tones, news.day)):
                ranks[number] = min(rank, ranks.get(number, rank))
        most = max(1, _MOST_COMPARED // max(1, len(news.sentences)))
        return sorted(ranks, key=lambda number: (ranks[number], number))[:most]

    def _near(self, tokens: Collection[str], day: date) -> list[int]:
        """Return the follow-ups that a sentence of an article of `day` may tell of."""
        hits: Counter[int] = Counter()
        named = set(tokens)
        for first in named & self._pairs.keys():
            shelf = self._pairs[first]
            for second in named & shelf.keys():
                if len(shelf[second]) <= _CROWDED:
                    hits.update(shelf[second])
        today = self._days.get(day, {})
        for token in named & today.keys():
            if len(today[token]) <= _CROWDED_DAY:
                hits.update(today[token])
        open_still = (number for number in hits if day <= self._filed[number].until)
        found = sorted(open_still, key=lambda number: (-hits[number], not self._in_time(number, day), number))
        return found[:_MOST_OF_SENTENCE]

    def _in_time(self, number: int, day: date) -> bool:
        due = self._filed[number].due
        return due is not None and due.first <= day <= due.last + _DAY

    def _places(self, expected: Expected) -> Iterator[tuple[dict[str, list[int]], str]]:
        handles = handles_of(expected)
        for first, second in combinations(handles, 2):
            yield self._pairs[first], second
        for day in _days(expected):
            for token in handles:
                yield self._days[day], token


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
