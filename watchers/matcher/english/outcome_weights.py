"""What each sign weighs for "it was done"; written by `benchmarks/outcomes.py --learn`, not by hand.

The sum of the bias and of each sign's weight times its strength is the logarithm of the odds.
"""

from __future__ import annotations

from typing import Final

KEPT: Final[dict[str, float]] = {
    "a truce without an end": -0.06,
    "an actor is missing": -2.17,
    "another figure": -0.68,
    "another round": -1.2,
    "before its time": -1.83,
    "bias": -4.49,
    "it only accuses": -1.14,
    "it tells of another day": -1.01,
    "little in common": -0.83,
    "long after": -2.47,
    "much in common": 2.17,
    "no act is named": -1.17,
    "nobody in common": -2.46,
    "on its day": 1.82,
    "on its weeks": 2.78,
    "other actors": -0.95,
    "the act is only announced": -1.71,
    "the act is told as done": 2.01,
    "the act is told as not done": -1.57,
    "the act lies behind the news": -0.44,
    "the same figure": 0.86,
    "the same matter": 2.06,
    "the same matter, on the day": 1.62,
    "the same names": 0.77,
    "the same things": 0.78,
    "undated, later": -1.57,
    "undated, within a month": -0.33,
    "within a week after": -1.91,
    "within its day": 0.78,
    "within its days": 2.25,
    "within its weeks": 0.33,
}
