"""What each piece of evidence weighs; written by `benchmarks/train_merging.py`, not by hand.

The sum of the bias and of the weights, each times the strength of its evidence, is the logarithm of the odds that two
tellings report one follow-up.
"""

from __future__ import annotations

from typing import Final

BIAS: Final = -2.60

WEIGHTS: Final[dict[str, float]] = {
    "same day": 1.33,
    "one holds the other's words": 1.29,
    "same speaker": 1.24,
    "same words": 1.14,
    "many words shared": 1.04,
    "words of the surroundings": 1.02,
    "same actors in the surroundings": 1.01,
    "days overlap": 1.0,
    "one article, speaker and time": 1.0,
    "moves the day": 0.9,
    "same actor, same act": 0.89,
    "same actor, act and day": 0.81,
    "one's act stands beside the other": 0.74,
    "same last day": 0.71,
    "same actors": 0.67,
    "same number": 0.64,
    "one's act is the other's object": 0.59,
    "same state speaks": 0.51,
    "same place": 0.48,
    "undated": 0.23,
    "same main act": 0.2,
    "same agent": 0.03,
    "other numbers": -0.05,
    "another main act": -0.08,
    "other actors, another act": -0.21,
    "other names, another act": -0.33,
    "another agent": -0.37,
    "other objects": -0.43,
    "only common words are shared": -0.44,
    "other actors": -0.44,
    "another act": -0.62,
    "another kind": -0.83,
    "another speaker": -1.19,
    "one tells it in passing": -1.28,
    "told days apart": -1.33,
    "the next day": -1.39,
    "other actors around it": -1.5,
    "acts of another sort": -1.63,
    "another day": -1.71,
    "done to another party": -2.5,
    "an event in another place": -3.5,
}
