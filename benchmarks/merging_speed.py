"""How long it takes to place a telling among very many open follow-ups: processor time, on one thread."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from statistics import median, quantiles
from time import process_time

from watchers.followup_index import FollowUpIndex
from watchers.marks import marks_of
from watchers.matcher.english.actors import ACTOR_OF
from watchers.matcher.english.acts import ACT_OF
from watchers.matcher.english.frequent import WEIGHT_OF
from watchers.model import Interval, Kind, Precision, Statement, Telling

PROBES = 2_000
"""Tellings placed while the clock runs: half of them tell a known follow-up anew."""
DAY = date(2026, 3, 2)
YEAR = 365
SYLLABLES = ("ba", "do", "ke", "li", "mu", "na", "ro", "su", "ti", "za")


def measure(wanted: Iterable[int]) -> None:
    """Print the milliseconds a telling, with each of these numbers of follow-ups open."""
    print(f"Placing one telling among open follow-ups, {PROBES:,} tellings, half of them known:")
    for number in wanted:
        index, told = _filled(number)
        news = tellings(number + PROBES, seed=2)
        chance = random.Random(3)  # noqa: S311 - the same tellings each time, no secret
        probes = [chance.choice(told) if turn % 2 else next(news) for turn in range(PROBES)]
        times = [_milliseconds(index, telling) for telling in probes]
        slow = quantiles(times, n=20)[-1]
        print(f"  {len(index):>7,} open: median {median(times):.2f} ms, 95 % within {slow:.2f} ms", flush=True)


def _milliseconds(index: FollowUpIndex, telling: Telling) -> float:
    began = process_time()
    index.place(telling)
    return (process_time() - began) * 1000


def _filled(number: int) -> tuple[FollowUpIndex, Sequence[Telling]]:
    index = FollowUpIndex(most=4 * number)
    told: list[Telling] = []
    for telling in tellings(number):
        index.place(telling)
        told.append(telling)
        if len(index) >= number:
            break
    return index, told


def tellings(most: int, seed: int = 1) -> Iterator[Telling]:
    """Yield invented tellings whose actors, acts and words are as unevenly spread as in the news."""
    chance = random.Random(seed)  # noqa: S311 - the same tellings each time, no secret
    actors, acts, things = list(ACTOR_OF), sorted(ACT_OF), sorted(WEIGHT_OF)
    for _ in range(3 * most):
        first, second = _one_of(actors, chance), _one_of(actors, chance)
        name = "".join(SYLLABLES[int(digit)] for digit in f"{int(chance.paretovariate(0.4)) % 10**6:03}").capitalize()
        around, behind = (" ".join(_one_of(things, chance) for _ in range(8)) for _ in range(2))
        words = f"{_one_of(acts, chance)} the {_one_of(things, chance)} {_one_of(things, chance)} of {second}"
        due = _due(chance)
        said = f"{first} and {name} will {words}."
        statement = Statement(
            len(around) + 1,
            len(around) + 1 + len(said),
            said,
            chance.choice(list(Kind)),
            None,
            due,
            Precision.EXACT if due else Precision.NONE,
            first,
            conditional=False,
            rules=(),
        )
        marks = marks_of(statement, title="", text=f"{around} {said} {behind}")
        yield Telling("The Meridian", None, name, statement, datetime.combine(DAY, time(), UTC), DAY, marks)


def _one_of(names: Sequence[str], chance: random.Random) -> str:
    """Return one of the names, the first ones much oftener than the last."""
    return names[int(len(names) * chance.random() ** 3)]


def _due(chance: random.Random) -> Interval | None:
    if chance.random() < 1 / 4:
        return None
    first = DAY + timedelta(days=int(YEAR * chance.random() ** 2))
    return Interval(first, first + timedelta(days=chance.choice((0, 0, 0, 6, 6, 29, 90, 364))))
