"""What each piece of evidence weighs; written by `benchmarks/train_merging.py`, not by hand.

The sum of the bias and of the weights, each times the strength of its evidence, is the logarithm of the odds that two
tellings report one follow-up.
"""

from __future__ import annotations

from typing import Final

BIAS: Final = -1.41

WEIGHTS: Final[dict[str, float]] = {
    "same day": 1.19,
    "one speaker's deadline": 1.1,
    "one article, speaker and time": 1.04,
    "same speaker": 1.04,
    "one's act stands beside the other": 0.95,
    "same actors in the surroundings": 0.92,
    "moves the day": 0.9,
    "one holds the other's words": 0.89,
    "words of the surroundings": 0.86,
    "same words": 0.84,
    "days overlap": 0.83,
    "many words shared": 0.83,
    "same actor, act and day": 0.82,
    "same last day": 0.75,
    "same number": 0.74,
    "same actor, same act": 0.71,
    "same state speaks": 0.65,
    "same place": 0.62,
    "same actors": 0.51,
    "one's act is the other's object": 0.45,
    "same main act": 0.41,
    "undated": 0.41,
    "same agent": 0.24,
    "one tells the other's act too": 0.21,
    "agents unknown to each other": -0.14,
    "another agent": -0.51,
    "another main act": -0.56,
    "other actors, another act": -0.69,
    "other objects": -0.74,
    "only common words are shared": -0.86,
    "another act": -0.88,
    "acts that share nothing": -1.0,
    "another kind": -1.01,
    "other numbers": -1.1,
    "other names, another act": -1.12,
    "other actors": -1.2,
    "another speaker": -1.31,
    "the next day": -1.38,
    "acts of another sort": -1.39,
    "told days apart": -1.43,
    "other actors around it": -1.48,
    "another day": -1.59,
    "one refuses what the other plans": -2.0,
    "done to another party": -2.44,
    "one tells it in passing": -2.46,
    "an event in another place": -3.44,
    "another round": -6.0,
}
