"""What each piece of evidence weighs; written by `benchmarks/train_merging.py`, not by hand.

The sum of the bias and of the weights, each times the strength of its evidence, is the logarithm of the odds that two
tellings report one follow-up.
"""

from __future__ import annotations

from typing import Final

BIAS: Final = -1.42

WEIGHTS: Final[dict[str, float]] = {
    "same day": 1.21,
    "one article, speaker and time": 1.04,
    "same speaker": 1.03,
    "same actors in the surroundings": 0.98,
    "days overlap": 0.9,
    "moves the day": 0.9,
    "one holds the other's words": 0.9,
    "same words": 0.86,
    "words of the surroundings": 0.85,
    "many words shared": 0.83,
    "same actor, act and day": 0.83,
    "one's act stands beside the other": 0.79,
    "same number": 0.76,
    "same last day": 0.75,
    "same actor, same act": 0.67,
    "same state speaks": 0.66,
    "same place": 0.59,
    "same actors": 0.55,
    "one's act is the other's object": 0.43,
    "undated": 0.39,
    "same main act": 0.36,
    "same agent": 0.16,
    "agents unknown to each other": -0.12,
    "another main act": -0.46,
    "another agent": -0.5,
    "other actors, another act": -0.69,
    "other objects": -0.72,
    "only common words are shared": -0.84,
    "another act": -0.86,
    "other actors": -0.92,
    "another kind": -1.02,
    "other numbers": -1.1,
    "other names, another act": -1.12,
    "another speaker": -1.32,
    "acts of another sort": -1.34,
    "other actors around it": -1.34,
    "one tells it in passing": -1.38,
    "told days apart": -1.39,
    "the next day": -1.46,
    "another day": -1.63,
    "done to another party": -2.43,
    "an event in another place": -3.44,
}
