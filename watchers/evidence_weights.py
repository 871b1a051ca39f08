"""What each piece of evidence weighs; written by `benchmarks/train_merging.py`, not by hand.

The sum of the bias and of the weights, each times the strength of its evidence, is the logarithm of the odds that two
tellings report one follow-up.
"""

from __future__ import annotations

from typing import Final

BIAS: Final = -2.60

WEIGHTS: Final[dict[str, float]] = {
    "one holds the other's words": 1.28,
    "same speaker": 1.27,
    "same actor, act and day": 1.24,
    "words of the surroundings": 1.23,
    "same day": 1.21,
    "days overlap": 1.15,
    "same words": 1.08,
    "many words shared": 1.05,
    "same actors in the surroundings": 1.02,
    "moves the day": 0.9,
    "same actor, same act": 0.9,
    "same state speaks": 0.71,
    "same actors": 0.6,
    "same number": 0.6,
    "same last day": 0.54,
    "one's act is the other's object": 0.51,
    "same place": 0.35,
    "undated": 0.23,
    "same main act": 0.13,
    "same agent": 0.02,
    "other numbers": -0.04,
    "another main act": -0.08,
    "other actors, another act": -0.27,
    "another agent": -0.37,
    "only common words are shared": -0.48,
    "other objects": -0.48,
    "other actors": -0.56,
    "another act": -0.57,
    "another kind": -0.7,
    "another speaker": -0.92,
    "one tells it in passing": -1.28,
    "told days apart": -1.31,
    "the next day": -1.35,
    "acts of another sort": -1.48,
    "another day": -1.7,
}
