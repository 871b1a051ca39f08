"""What each sign weighs for "it was done"; written by `benchmarks/outcomes.py --learn`, not by hand.

The sum of the bias and of each sign's weight times its strength is the logarithm of the odds.
"""

from __future__ import annotations

from typing import Final

KEPT: Final[dict[str, float]] = {
    "a name is missing": -1.11,
    "an actor is missing": -2.19,
    "another figure": -0.77,
    "another round": -1.2,
    "before its time": -1.53,
    "bias": -5.19,
    "it only accuses": -1.23,
    "it tells of another day": -1.1,
    "little in common": -0.58,
    "long after": -2.16,
    "much in common": 2.42,
    "no act is named": -1.21,
    "nobody in common": -2.54,
    "on its day": 3.06,
    "on its days": 2.0,
    "on its weeks": 3.65,
    "other actors": -0.87,
    "the act is not told": -0.02,
    "the act is only announced": -1.7,
    "the act is told as done": 1.95,
    "the act is told as not done": -1.58,
    "the act lies behind the news": -0.3,
    "the day after": 0.21,
    "the same figure": 0.88,
    "the same matter": 1.92,
    "the same matter, on the day": 1.28,
    "the same names": 0.82,
    "the same things": 1.24,
    "undated, later": -1.02,
    "undated, within a month": 0.42,
    "within a week after": -1.6,
    "within its day": 2.2,
    "within its days": 2.62,
    "within its weeks": 0.99,
}
