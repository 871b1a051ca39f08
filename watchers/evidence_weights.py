"""What each piece of evidence weighs; written by `benchmarks/train_merging.py`, not by hand.

The sum of the bias and of the weights, each times the strength of its evidence, is the logarithm of the odds that two
tellings report one follow-up.
"""

from __future__ import annotations

from typing import Final

BIAS: Final = -1.37

WEIGHTS: Final[dict[str, float]] = {
    "same day": 1.19,
    "one speaker's deadline": 1.1,
    "one article, speaker and time": 1.04,
    "same speaker": 0.98,
    "one's act stands beside the other": 0.94,
    "same actors in the surroundings": 0.92,
    "moves the day": 0.9,
    "one holds the other's words": 0.88,
    "words of the surroundings": 0.85,
    "days overlap": 0.84,
    "same words": 0.83,
    "same actor, act and day": 0.82,
    "many words shared": 0.81,
    "same last day": 0.75,
    "same number": 0.74,
    "same actor, same act": 0.66,
    "same state speaks": 0.65,
    "same place": 0.62,
    "same actors": 0.5,
    "one's act is the other's object": 0.47,
    "undated": 0.39,
    "same main act": 0.38,
    "one tells the other's act too": 0.22,
    "same agent": 0.22,
    "agents unknown to each other": -0.16,
    "another agent": -0.52,
    "another main act": -0.55,
    "other actors, another act": -0.69,
    "other objects": -0.74,
    "another act": -0.88,
    "only common words are shared": -0.88,
    "acts that share nothing": -1.0,
    "another kind": -1.02,
    "other numbers": -1.1,
    "other names, another act": -1.12,
    "other actors": -1.19,
    "another speaker": -1.31,
    "one tells it in passing": -1.38,
    "the next day": -1.38,
    "acts of another sort": -1.4,
    "told days apart": -1.42,
    "other actors around it": -1.48,
    "another day": -1.59,
    "one refuses what the other plans": -2.0,
    "done to another party": -2.44,
    "an event in another place": -3.44,
    "another round": -6.0,
}
