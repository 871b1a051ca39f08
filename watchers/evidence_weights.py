"""What each piece of evidence weighs; written by `benchmarks/train_merging.py`, not by hand.

The sum of the bias and of the weights, each times the strength of its evidence, is the logarithm of the odds that two
tellings report one follow-up.
"""

from __future__ import annotations

from typing import Final

BIAS: Final = -2.58

WEIGHTS: Final[dict[str, float]] = {
    "same day": 1.28,
    "one holds the other's words": 1.27,
    "same speaker": 1.26,
    "words of the surroundings": 1.15,
    "same words": 1.14,
    "days overlap": 1.13,
    "same actors in the surroundings": 1.05,
    "many words shared": 1.04,
    "same actor, same act": 0.91,
    "moves the day": 0.9,
    "same actor, act and day": 0.83,
    "same last day": 0.74,
    "same actors": 0.68,
    "same number": 0.64,
    "one's act is the other's object": 0.55,
    "same state speaks": 0.52,
    "same place": 0.45,
    "undated": 0.26,
    "same main act": 0.12,
    "same agent": 0.03,
    "another main act": -0.05,
    "other numbers": -0.05,
    "other actors, another act": -0.26,
    "another agent": -0.39,
    "other objects": -0.44,
    "only common words are shared": -0.47,
    "other actors": -0.51,
    "another act": -0.54,
    "another kind": -0.81,
    "another speaker": -1.21,
    "one tells it in passing": -1.26,
    "told days apart": -1.35,
    "the next day": -1.39,
    "other actors around it": -1.5,
    "acts of another sort": -1.66,
    "another day": -1.73,
    "an event in another place": -3.5,
}
