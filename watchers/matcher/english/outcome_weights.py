"""What each sign weighs for "it was done"; written by `benchmarks/outcomes.py --learn`, not by hand.

The sum of the bias and of each sign's weight times its strength is the logarithm of the odds.
"""

from __future__ import annotations

from typing import Final

KEPT: Final[dict[str, float]] = {
    "a name is missing": -1.1,
    "an actor is missing": -2.18,
    "another figure": -0.76,
    "another round": -1.2,
    "before its time": -1.54,
    "bias": -5.21,
    "it only accuses": -1.22,
    "it tells of another day": -1.1,
    "little in common": -0.6,
    "long after": -2.14,
    "much in common": 2.4,
    "no act is named": -1.23,
    "nobody in common": -2.53,
    "on its day": 3.07,
    "on its days": 2.0,
    "on its weeks": 3.65,
    "other actors": -0.85,
    "the act is only announced": -1.7,
    "the act is told as done": 1.93,
    "the act is told as not done": -1.58,
    "the act lies behind the news": -0.3,
    "the day after": 0.22,
    "the same figure": 0.88,
    "the same matter": 1.98,
    "the same matter, on the day": 1.26,
    "the same names": 0.82,
    "the same things": 1.26,
    "undated, later": -1.04,
    "undated, within a month": 0.39,
    "within a week after": -1.59,
    "within its day": 2.2,
    "within its days": 2.64,
    "within its weeks": 0.99,
}
