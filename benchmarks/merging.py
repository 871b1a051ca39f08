r"""How well tellings of one follow-up are found, beside peers in the same run, and how fast.

    python benchmarks/merging.py                # scores on labelled news, by halves, in shuffled orders, and speed
    python benchmarks/merging.py --open 20000   # milliseconds a telling with so many follow-ups open (repeatable)

The labelled set is `../shared/gold/merge_dev.jsonl`, scored over the statements that the matcher finds. TF-IDF, MinHash
and SimHash compare the same statements' words (the likest of the last ten days, if it is like enough); each gets the
threshold that suits it best on that very set. Our weights are learnt from tellings of the same five days, so that the
second table says more of what comes next: each half of our own labels by weights learnt from the other half, which
tells other stories, and what the shipped weights were not learnt from: the half `judge` and the second part of the
fresh slice. `confused` are the pairs of one of its stories and two follow-ups that were merged. Orders are those in
which articles arrive.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from itertools import combinations, groupby
from typing import TypeAlias
from unittest.mock import patch

from benchmarks import merging_peers, merging_speed
from benchmarks.material import SHARED, STREAM, heading, missing, stream
from benchmarks.tellings import CLUSTERS, FRESH, HALVES, Labelled, labelled, pairs
from benchmarks.train_merging import learn
from watchers import evidence
from watchers.followup_index import FollowUpIndex
from watchers.marks import marks_of
from watchers.matcher.match import read_item
from watchers.model import Telling

GOLD = SHARED / "gold" / "merge_dev.jsonl"
ORDERS = 20
OPEN = (1_000, 5_000, 20_000, 80_000)

Answers: TypeAlias = Sequence[tuple[str, int]]
"""For each labelled telling, the follow-up it was labelled with and the number it got."""


@dataclass(frozen=True, slots=True)
class Read:
    """A statement that the matcher finds in the stream."""

    key: str
    telling: Telling


@dataclass(frozen=True, slots=True)
class Score:
    """How far numbers and labels agree: over pairs, and over tellings (B-cubed)."""

    pair_precision: float
    pair_recall: float
    b3_precision: float
    b3_recall: float

    @property
    def pair_f1(self) -> float:
        """The harmonic mean over pairs."""
        return _harmonic(self.pair_precision, self.pair_recall)

    @property
    def b3_f1(self) -> float:
        """The harmonic mean over tellings."""
        return _harmonic(self.b3_precision, self.b3_recall)

    def __str__(self) -> str:
        """Return the figures as columns."""
        first = f"{self.pair_precision:>8.3f}{self.pair_recall:>8.3f}{self.pair_f1:>8.3f}"
        return (
            f"{first}{self.b3_precision:>9.3f}{self.b3_recall:>8.3f}{self.b3_f1:>8.3f}{1 - self.pair_precision:>9.3f}"
        )


def main() -> int:
    """Print the figures; return 0."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--open", type=int, action="append", metavar="N", help="measure speed with N follow-ups open")
    wanted = parser.parse_args().open
    heading("Merging")
    if wanted:
        print(f"$ python benchmarks/merging.py {' '.join(f'--open {number}' for number in wanted)}")
        merging_speed.measure(wanted)
        return 0
    print("$ python benchmarks/merging.py")
    if not missing(STREAM, "The real stream") and not missing(GOLD, "Labelled follow-ups"):
        found = _read()
        _print_scores(found)
        _print_orders(found)
    if not missing(CLUSTERS, "Labelled tellings"):
        _print_halves(labelled())
    merging_speed.measure(OPEN)
    return 0


def _read() -> Sequence[Read]:
    return [
        Read(
            item.key,
            Telling(
                item.outlet,
                None,
                item.title,
                statement,
                datetime.combine(item.day, time(), UTC),
                item.day,
                marks_of(statement, title=item.title, text=item.text),
            ),
        )
        for item in stream()
        for statement in read_item(item.text, item.day)
    ]


def _placed_in_the_end(tellings: Iterable[Telling]) -> list[int]:
    """Return the number each telling has once all are read: joined follow-ups are one."""
    index = FollowUpIndex()
    numbers = [index.place(telling) for telling in tellings]
    return [index.number_of(number) for number in numbers]


def _placed(found: Iterable[Read]) -> list[int]:
    """Return the number each telling got, as it stood when its article was read."""
    index = FollowUpIndex()
    articles = ([each.telling for each in article] for _, article in groupby(found, key=lambda each: each.key))
    return [placed.number for article in articles for placed in index.placed_together(article)]


# --- on the labelled set -------------------------------------------------------------------------------------


def _print_scores(found: Sequence[Read]) -> None:
    """Print how well the labelled statements that are found are put together, by us and by the peers."""
    rows = [json.loads(line) for line in GOLD.read_text("utf-8").splitlines()]
    at = {number: label for label in rows if (number := _found(label, found)) is not None}
    days = [each.telling.day for each in found]
    scores = [("ours", _score(at, _placed(found)))]
    words = [merging_peers.words_of(each.telling.statement.quote) for each in found]
    for name, likeness in merging_peers.peers(words).items():
        tried = (_score(at, merging_peers.linked(likeness, days, cut / 40)) for cut in range(2, 40))
        scores.append((f"{name}, at its best", max(tried, key=lambda score: score.pair_f1)))
    print(f"{'':<20}{'pair P':>8}{'R':>8}{'F1':>8}{'B³ P':>9}{'R':>8}{'F1':>8}{'wrong':>9}")
    for name, score in scores:
        print(f"{name:<20}{score}")
    print(f"  over the {len(at)} of {len(rows)} labelled statements that the matcher finds")


def _found(label: Mapping[str, str], found: Sequence[Read]) -> int | None:
    """Return which of what was found is the labelled statement: it shares at least half of the shorter."""
    near = [number for number, each in enumerate(found) if each.key == label["id"]]
    shares = [(_shared(label["quote"], found[number].telling), -number) for number in near]
    best = max(shares, default=(0.0, 0))
    return -best[1] if best[0] >= 1 / 2 else None


def _shared(quote: str, telling: Telling) -> float:
    said = telling.statement.quote
    longest = next(
        (size for size in range(min(len(said), len(quote)), 0, -1) if quote[:size] in said or said[:size] in quote), 0
    )
    return longest / min(len(said), len(quote))


def _score(at: Mapping[int, Mapping[str, str]], numbers: Sequence[int]) -> Score:
    return _agreement([(label["followup"], numbers[number]) for number, label in at.items()])


def _agreement(answers: Answers) -> Score:
    right = sum(_pairs(count) for count in Counter(answers).values())
    said = sum(_pairs(count) for count in Counter(number for _, number in answers).values())
    true = sum(_pairs(count) for count in Counter(label for label, _ in answers).values())
    both, by_label = Counter(answers), Counter(label for label, _ in answers)
    by_number = Counter(number for _, number in answers)
    precision = sum(both[each] / by_number[each[1]] for each in answers) / max(1, len(answers))
    recall = sum(both[each] / by_label[each[0]] for each in answers) / max(1, len(answers))
    return Score(right / max(1, said), right / max(1, true), precision, recall)


def _pairs(count: int) -> int:
    return count * (count - 1) // 2


def _harmonic(precision: float, recall: float) -> float:
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


# --- by halves, and in other orders --------------------------------------------------------------------------


def _print_halves(tellings: Sequence[Labelled]) -> None:
    """Print how well our own labels are put together: halves by weights learnt from the other, then by ours."""
    given = {half: [each for each in tellings if each.half == half] for half in (*HALVES, *FRESH)}
    for half, other in (HALVES, HALVES[::-1]):
        bias, weights = learn(list(pairs(given[other])))
        with patch.object(evidence, "BIAS", bias), patch.object(evidence, "WEIGHTS", weights):
            print(f"{f'our half {half}':<20}{_own(given[half])}")
    print("  by the shipped weights, learnt from `learn` and `fresh 1`:")
    for half in ("judge", *FRESH):
        print(f"{f'our half {half}':<20}{_own(given[half])}")


def _own(tellings: Sequence[Labelled]) -> str:
    """Return how well labelled tellings are put together, and which share of those easily confused is merged."""
    answers: list[tuple[str, int]] = []
    confused: list[bool] = []
    for source in sorted({each.source for each in tellings}):
        own = [each for each in tellings if each.source == source]
        placed = list(zip(own, _placed_in_the_end(each.telling for each in own), strict=True))
        answers += [(each.followup, hash((source, number))) for each, number in placed]
        confused += [
            mine == theirs for (one, mine), (other, theirs) in combinations(placed, 2) if one.confusable(other)
        ]
    share = f"   confused {sum(confused)} of {len(confused)} ({sum(confused) / len(confused):.1%})" if confused else ""
    return f"{_agreement(answers)}{share}"


def _print_orders(found: Sequence[Read]) -> None:
    """Print how nearly the same tellings are put together when articles arrive in another order."""
    articles = [list(article) for _, article in groupby(range(len(found)), key=lambda number: found[number].key)]
    first = _in_order(articles, found)
    day_of = {article[0]: found[article[0]].telling.day for article in articles}
    for name, by_day in (("of the same days", True), ("of all days", False)):
        chance = random.Random(4)  # noqa: S311 - the same orders each time, no secret
        agreed: list[Score] = []
        for _ in range(ORDERS):
            order = chance.sample(articles, len(articles))
            if by_day:
                order.sort(key=lambda article: day_of[article[0]])
            other = _in_order(order, found)
            agreed.append(_agreement([(str(one), another) for one, another in zip(first, other, strict=True)]))
        pairs_f1 = sum(each.pair_f1 for each in agreed) / ORDERS
        b3_f1 = sum(each.b3_f1 for each in agreed) / ORDERS
        print(f"  {ORDERS} shuffles of the articles {name} agree: pair F1 {pairs_f1:.3f}, B³ F1 {b3_f1:.3f}")


def _in_order(order: Iterable[Sequence[int]], found: Sequence[Read]) -> list[int]:
    """Return the number each telling has in the end, its articles read in this order."""
    index = FollowUpIndex()
    placed = {
        number: each.number
        for article in order
        for number, each in zip(
            article, index.placed_together([found[number].telling for number in article]), strict=True
        )
    }
    return [index.number_of(placed[number]) for number in range(len(found))]


if __name__ == "__main__":
    sys.exit(main())
