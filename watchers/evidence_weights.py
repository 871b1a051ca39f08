"""What each piece of evidence weighs; written by `benchmarks/train_merging.py`, not by hand.

The sum of the bias and of the weights, each times the strength of its evidence, is the logarithm of the odds that two
tellings report one follow-up.
"""

from __future__ import annotations

from typing import Final

BIAS: Final = -2.54

WEIGHTS: Final[dict[str, float]] = {
    "same day": 1.29,
    "one holds the other's words": 1.26,
    "same speaker": 1.26,
    "words of the surroundings": 1.13,
    "days overlap": 1.12,
    "same words": 1.12,
    "many words shared": 1.04,
    "same actors in the surroundings": 1.01,
    "moves the day": 0.9,
    "same actor, same act": 0.88,
    "same actor, act and day": 0.85,
    "same last day": 0.73,
    "same actors": 0.64,
    "same number": 0.63,
    "one's act is the other's object": 0.55,
    "same state speaks": 0.52,
    "same place": 0.46,
    "undated": 0.24,
    "same main act": 0.15,
    "same agent": 0.04,
    "another main act": -0.05,
    "other numbers": -0.05,
    "other actors, another act": -0.23,
    "another agent": -0.37,
    "other objects": -0.42,
    "other actors": -0.44,
    "only common words are shared": -0.46,
    "another act": -0.56,
    "another kind": -0.81,
    "another speaker": -1.22,
    "one tells it in passing": -1.27,
    "told days apart": -1.34,
    "the next day": -1.39,
    "other actors around it": -1.5,
    "acts of another sort": -1.63,
    "another day": -1.73,
    "done to another party": -2.5,
    "an event in another place": -3.5,
}
