"""What each piece of evidence weighs; written by `benchmarks/train_merging.py`, not by hand.

The sum of the bias and of the weights, each times the strength of its evidence, is the logarithm of the odds that two
tellings report one follow-up.
"""

from __future__ import annotations

from typing import Final

BIAS: Final = -2.55

WEIGHTS: Final[dict[str, float]] = {
    "one holds the other's words": 1.27,
    "words of the surroundings": 1.26,
    "same speaker": 1.24,
    "same day": 1.23,
    "same actor, act and day": 1.22,
    "days overlap": 1.2,
    "same words": 1.06,
    "many words shared": 1.0,
    "same actors in the surroundings": 1.0,
    "moves the day": 0.9,
    "same actor, same act": 0.87,
    "same state speaks": 0.7,
    "same actors": 0.6,
    "same number": 0.6,
    "one's act is the other's object": 0.49,
    "same last day": 0.49,
    "same place": 0.36,
    "undated": 0.22,
    "same main act": 0.12,
    "other numbers": -0.04,
    "another main act": -0.07,
    "other actors, another act": -0.23,
    "another agent": -0.4,
    "other objects": -0.46,
    "another act": -0.55,
    "only common words are shared": -0.55,
    "other actors": -0.55,
    "one tells it in passing": -0.68,
    "another kind": -0.71,
    "another speaker": -0.88,
    "told days apart": -1.3,
    "the next day": -1.35,
    "acts of another sort": -1.56,
    "another day": -1.7,
}
