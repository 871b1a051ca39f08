"""What each piece of evidence weighs; written by `benchmarks/train_merging.py`, not by hand.

The sum of the bias and of the weights, each times the strength of its evidence, is the logarithm of the odds that two
tellings report one follow-up.
"""

from __future__ import annotations

from typing import Final

BIAS: Final = -0.60

WEIGHTS: Final[dict[str, float]] = {
    "same day": 1.27,
    "one speaker's deadline": 1.06,
    "one article, speaker and time": 1.02,
    "moves the day": 0.9,
    "days overlap": 0.82,
    "one's act stands beside the other": 0.78,
    "same last day": 0.77,
    "same words": 0.74,
    "same number": 0.73,
    "one holds the other's words": 0.72,
    "same actor, act and day": 0.72,
    "same actors": 0.72,
    "same place": 0.69,
    "same speaker": 0.68,
    "many words shared": 0.61,
    "same state speaks": 0.61,
    "undated": 0.6,
    "words of the surroundings": 0.6,
    "same actor, same act": 0.59,
    "same actors in the surroundings": 0.55,
    "same act, one's days hold the other's": 0.54,
    "same main act": 0.5,
    "same agent": 0.45,
    "one's act is the other's object": 0.17,
    "one tells the other's act too": 0.15,
    "another act": -0.23,
    "another main act": -0.58,
    "other objects": -0.6,
    "acts of another sort": -0.62,
    "other actors, another act": -0.62,
    "only common words are shared": -0.71,
    "another agent": -0.72,
    "another kind": -0.98,
    "other names, another act": -0.98,
    "other numbers": -1.05,
    "other actors": -1.1,
    "another speaker": -1.22,
    "a deadline and none": -1.25,
    "agents unknown to each other": -1.29,
    "the next day": -1.34,
    "told days apart": -1.34,
    "acts that share nothing": -1.6,
    "hardly a word is shared": -1.93,
    "other actors around it": -1.97,
    "one refuses what the other plans": -2.0,
    "another day": -2.14,
    "done to another party": -2.38,
    "one tells it in passing": -2.58,
    "an event in another place": -4.8,
    "another round": -8.0,
}
