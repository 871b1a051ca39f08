r"""Learn what each piece of evidence for one follow-up weighs, and write it into the watchers.

    python benchmarks/train_merging.py           # learn what may be learnt, write watchers/evidence_weights.py
    python benchmarks/train_merging.py --halves  # learn from one half, judge by the other, both ways; write nothing

Learnt from are the half `learn` and the first part of `fresh`: the others are only judged by, with these very weights.

Logistic regression with a ridge penalty that holds each weight to what its meaning lets expect, in which evidence for a
follow-up may only speak for it and evidence against it only against it: what the labels seem to say to the contrary is
chance. Every follow-up counts by the square root of its pairs, so that the most told ones do not decide everything.
"""

from __future__ import annotations

import argparse
import math
import random
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks.material import SHARED, missing
from benchmarks.tellings import FRESH, HALVES, Pair, labelled, pairs
from benchmarks.train import write

LEARNT_FROM = ("learn", "fresh 1")
TARGET = Path(__file__).parents[1] / "watchers" / "evidence_weights.py"
HEAD = '''"""What each piece of evidence weighs; written by `benchmarks/train_merging.py`, not by hand.

The sum of the bias and of the weights, each times the strength of its evidence, is the logarithm of the odds that two
tellings report one follow-up.
"""

from __future__ import annotations

from typing import Final
'''
AGAINST = frozenset(
    {
        "only common words are shared",
        "another act",
        "other actors, another act",
        "another kind",
        "hardly a word is shared",
        "a deadline and none",
        "told days apart",
        "one tells it in passing",
        "other numbers",
        "another main act",
        "other objects",
        "acts of another sort",
        "other actors",
        "each names an actor of its own",
        "another agent",
        "agents unknown to each other",
        "another speaker",
        "the next day",
        "another day",
        "other names, another act",
        "done to another party",
        "an event in another place",
        "other actors around it",
        "acts that share nothing",
        "another round",
        "one refuses what the other plans",
    }
)
"""Evidence that may only speak against one follow-up; all other may only speak for it."""
EXPECTED_FOR, EXPECTED_AGAINST = 0.6, -1.1
"""What evidence weighs until labels say otherwise. A few big stories teach little of what parts others: evidence that
they never show must not count for nothing in the next ones."""
EXPECTED = {
    "each names an actor of its own": -4.0,
    "moves the day": 0.9,
    "an event in another place": -4.8,
    "other actors around it": -2.0,
    "done to another party": -2.5,
    "one article, speaker and time": 1.0,
    "one tells it in passing": -2.5,
    "one speaker's deadline": 1.0,
    "hardly a word is shared": -2.0,
}
"""The same for evidence that is known to say more or less."""
SET = {
    "acts that share nothing": -1.6,
    "another round": -8.0,
    "one refuses what the other plans": -2.0,
}
"""Weights that are set and not learnt: added to what was learnt without them."""
PENALTY = 4.0
"""How strongly weights are held to what is expected."""
ROUNDS = 60
RATE = 0.3
LIGHTEST = 0.02


def learn(given: Sequence[Pair]) -> tuple[float, dict[str, float]]:
    """Return the bias and the weights that make what was labelled likeliest."""
    names = sorted({name for pair in given for name in pair.found} | AGAINST | EXPECTED.keys())
    names = [name for name in names if name not in SET]
    sizes = Counter(pair.one.followup for pair in given if pair.same)
    shares = [_share(pair, sizes) for pair in given]
    scale = len(given) / sum(shares) / 3
    rows = [(_learnt_from(pair), pair.same, share * scale) for pair, share in zip(given, shares, strict=True)]
    expected = {name: _expected(name) for name in names}
    weights, bias = dict(expected), 0.0
    squares, bias_square = dict.fromkeys(names, 1e-6), 1e-6
    seen = Counter(name for pair in given for name in pair.found)
    order = random.Random(0)  # noqa: S311  an order to visit pairs in, no secret
    mean, bias_mean = dict.fromkeys(names, 0.0), 0.0
    for done in range(ROUNDS):
        order.shuffle(rows)
        for found, same, share in rows:
            odds = bias + sum(weights[name] * strength for name, strength in found)
            slope = share * (1 / (1 + math.exp(-max(-30.0, min(30.0, odds)))) - same)
            for name, strength in found:
                step = slope * strength + PENALTY * (weights[name] - expected[name]) / seen[name]
                squares[name] += step * step
                weight = weights[name] - RATE * step / math.sqrt(squares[name])
                weights[name] = min(0.0, weight) if name in AGAINST else max(0.0, weight)
            bias_square += slope * slope
            bias -= RATE * slope / math.sqrt(bias_square)
        if done >= ROUNDS // 2:
            part = ROUNDS - ROUNDS // 2
            bias_mean += bias / part
            for name in names:
                mean[name] += weights[name] / part
    return bias_mean, mean | SET


def _learnt_from(pair: Pair) -> list[tuple[str, float]]:
    return [(name, strength) for name, strength in pair.found.items() if name not in SET]


def _expected(name: str) -> float:
    return EXPECTED.get(name, EXPECTED_AGAINST if name in AGAINST else EXPECTED_FOR)


def _share(pair: Pair, sizes: Mapping[str, int]) -> float:
    if pair.same:
        return 1 / math.sqrt(sizes[pair.one.followup])
    return 1 / math.sqrt(max(1, min(sizes[pair.one.followup], sizes[pair.other.followup])))


def precision_of(given: Sequence[Pair], bias: float, weights: Mapping[str, float]) -> float:
    """Return the average precision: of the pairs that rank as high as a right one, the share that is right."""
    ranked = sorted(given, key=lambda pair: -_odds(pair, bias, weights))
    right, total = 0, 0.0
    for rank, pair in enumerate(ranked, start=1):
        if pair.same:
            right += 1
            total += right / rank
    return total / max(1, right)


def _odds(pair: Pair, bias: float, weights: Mapping[str, float]) -> float:
    return bias + sum(weights.get(name, 0.0) * strength for name, strength in pair.found.items())


def main() -> int:
    """Learn, or judge by halves; return 0."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--halves", action="store_true", help="judge each half by the other and write nothing")
    halves = parser.parse_args().halves
    if missing(SHARED / "clusters.tar.xz", "Labelled tellings"):
        return 0
    tellings = labelled()
    given = {half: list(pairs([each for each in tellings if each.half == half])) for half in (*HALVES, *FRESH)}
    for half, found in given.items():
        print(f"{half}: {len(found)} pairs, {sum(pair.same for pair in found)} of them one follow-up")
    if halves:
        for half, other in (HALVES, HALVES[::-1]):
            precision = precision_of(given[other], *learn(given[half]))
            print(f"learnt from {half}: average precision {precision:.3f} of {other}")
        return 0
    bias, weights = learn([pair for half in LEARNT_FROM for pair in given[half]])
    kept = {name: round(weight, 2) for name, weight in weights.items() if abs(weight) >= LIGHTEST}
    lines = [HEAD, f"BIAS: Final = {bias:.2f}", "", "WEIGHTS: Final[dict[str, float]] = {"]
    lines += [f'    "{name}": {weight},' for name, weight in sorted(kept.items(), key=lambda each: (-each[1], each[0]))]
    write(TARGET, [*lines, "}"])
    return 0


if __name__ == "__main__":
    sys.exit(main())
