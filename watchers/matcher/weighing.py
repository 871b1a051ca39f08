"""Weighs traits: adds up what each says for a statement and against it.

The weights are learnt by `benchmarks/train.py` from labelled articles (logistic regression; the sum is the logarithm
of the odds) and stand in `english/weights.py`, where anyone can read them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from math import fsum

_DECIMALS = 6
"""Weights have two; what lies beyond comes of adding them up as binary fractions, in the order of a set."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Several answers of which one is right: for each a bias, and for each trait what it weighs for each answer."""

    answers: tuple[str, ...]
    bias: tuple[float, ...]
    weights: Mapping[str, tuple[float, ...]]


def choose(traits: Collection[str], choice: Choice) -> tuple[str, tuple[tuple[str, float], ...]]:
    """Return the answer that the traits speak most for, the earlier of two alike, and what decided it.

    That is by how much each trait speaks for it rather than for the next best, the heaviest first. The order in which
    the traits come changes nothing.
    """
    known = [(trait, choice.weights[trait]) for trait in sorted(traits) if trait in choice.weights]
    totals = [fsum([bias, *(weights[at] for _, weights in known)]) for at, bias in enumerate(choice.bias)]
    ranked = sorted(range(len(totals)), key=lambda at: -round(totals[at], _DECIMALS))
    best, next_best = ranked[:2]
    told = [(trait, weights[best] - weights[next_best]) for trait, weights in known]
    return choice.answers[best], tuple(sorted(told, key=lambda each: (-each[1], each[0])))


@dataclass(frozen=True, slots=True)
class Scale:
    """A bias and what each trait weighs; traits that are not named weigh nothing."""

    bias: float
    weights: Mapping[str, float]


def weigh(traits: Iterable[str], scale: Scale) -> float:
    """Return the sum of the weights of traits, the bias left out; the same in whatever order they come."""
    return fsum(filter(None, map(scale.weights.get, traits)))


def suffices(total: float) -> bool:
    """Tell whether weights and bias add up to zero or more, whatever the order in which they were added."""
    return round(total, _DECIMALS) >= 0


def ceiling(scale: Scale, beginnings: tuple[str, ...]) -> float:
    """Return the most that traits with such beginnings can add: each field has one value at a time."""
    most: dict[str, float] = {}
    for trait, weight in scale.weights.items():
        if trait.startswith(beginnings):
            field = trait.partition(":")[0]
            most[field] = max(most.get(field, 0.0), weight)
    return sum(most.values())


def heaviest(traits: Iterable[str], scale: Scale, count: int) -> tuple[tuple[str, float], ...]:
    """Return the traits that weigh most, either way, the heaviest first."""
    weighed = [(trait, scale.weights[trait]) for trait in traits if trait in scale.weights]
    return tuple(sorted(weighed, key=lambda each: (-abs(each[1]), each[0]))[:count])
