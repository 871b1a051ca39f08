"""What each piece of evidence weighs; written by `benchmarks/train_merging.py`, not by hand.

The sum of the bias and of the weights, each times the strength of its evidence, is the logarithm of the odds that two
tellings report one follow-up.
"""

from __future__ import annotations

from typing import Final

BIAS: Final = -0.54

WEIGHTS: Final[dict[str, float]] = {
    "same day": 1.25,
    "one speaker's deadline": 1.06,
    "one article, speaker and time": 1.02,
    "moves the day": 0.9,
    "days overlap": 0.83,
    "one's act stands beside the other": 0.77,
    "same last day": 0.76,
    "same number": 0.73,
    "same words": 0.73,
    "same actor, act and day": 0.72,
    "one holds the other's words": 0.7,
    "same actors": 0.69,
    "same place": 0.69,
    "same speaker": 0.65,
    "same state speaks": 0.62,
    "undated": 0.6,
    "many words shared": 0.59,
    "same actor, same act": 0.57,
    "words of the surroundings": 0.57,
    "same actors in the surroundings": 0.53,
    "same act, one's days hold the other's": 0.52,
    "same main act": 0.52,
    "same agent": 0.44,
    "one tells the other's act too": 0.16,
    "one's act is the other's object": 0.16,
    "another act": -0.22,
    "acts of another sort": -0.6,
    "another main act": -0.6,
    "other objects": -0.6,
    "other actors, another act": -0.62,
    "only common words are shared": -0.69,
    "another agent": -0.71,
    "another kind": -0.97,
    "other names, another act": -0.98,
    "other actors": -1.0,
    "other numbers": -1.05,
    "another speaker": -1.23,
    "a deadline and none": -1.26,
    "agents unknown to each other": -1.27,
    "told days apart": -1.32,
    "the next day": -1.35,
    "acts that share nothing": -1.6,
    "hardly a word is shared": -1.91,
    "other actors around it": -1.97,
    "one refuses what the other plans": -2.0,
    "another day": -2.14,
    "done to another party": -2.37,
    "one tells it in passing": -2.59,
    "each names an actor of its own": -4.01,
    "an event in another place": -4.8,
    "another round": -8.0,
}
