"""What the days of two tellings say of whether they report one follow-up (see evidence.py). Pure."""

from __future__ import annotations

from watchers.model import Interval, Precision, Telling

_ONE_TIME = 0.7
"""Of the days of both: "within days" said today and told tomorrow is one time."""
_SHORT_DAYS = 3


def days_of(found: dict[str, float], one: Telling, other: Telling, *, moved: bool) -> bool:
    """Weigh when it is to happen; return whether it is the same day."""
    mine, theirs = one.statement.due, other.statement.due
    if mine is None or theirs is None:
        found["undated"] = 1.0
        return False
    if moved:
        found["moves the day"] = 1.0
        return False
    if not meet(mine, theirs):
        found["the next day" if gap(mine, theirs) <= 1 else "another day"] = 1.0
        return False
    exact = Precision.VAGUE not in (one.statement.precision, other.statement.precision)
    if exact and mine == theirs:
        found["same day"] = 1.0
        return True
    if exact and mine.last == theirs.last:
        found["same last day"] = 1.0
        return True
    found["days overlap"] = _overlap(mine, theirs) ** 0.5
    return False


def clash(one: Telling, other: Telling) -> bool:
    """Tell whether both name their day so closely, and days so different, that they mean two occasions."""
    mine, theirs = one.statement.due, other.statement.due
    if mine is None or theirs is None or meet(mine, theirs):
        return False
    return max(_length(mine), _length(theirs)) <= _SHORT_DAYS + 1


def one_time(one: Telling, other: Telling) -> bool:
    """Tell whether both are due at one time, or were given one term on the days they were told."""
    mine, theirs = one.statement.due, other.statement.due
    if mine is None or theirs is None or not meet(mine, theirs):
        return False
    return _overlap(mine, theirs) >= _ONE_TIME


def meet(one: Interval, other: Interval) -> bool:
    """Tell whether two intervals share a day."""
    return one.first <= other.last and other.first <= one.last


def gap(one: Interval, other: Interval) -> int:
    """Return the days from the end of one interval to the beginning of the other."""
    return max((one.first - other.last).days, (other.first - one.last).days)


def hold(one: Telling, other: Telling) -> bool:
    """Tell whether one is due within the days of the other, as on 20 March and in March."""
    mine, theirs = one.statement.due, other.statement.due
    if mine is None or theirs is None or mine == theirs:
        return False
    return _holds(mine, theirs) or _holds(theirs, mine)


def _holds(one: Interval, other: Interval) -> bool:
    return one.first <= other.first and other.last <= one.last


def _length(interval: Interval) -> int:
    return (interval.last - interval.first).days + 1


def _overlap(one: Interval, other: Interval) -> float:
    common = (min(one.last, other.last) - max(one.first, other.first)).days + 1
    return common / ((max(one.last, other.last) - min(one.first, other.first)).days + 1)
