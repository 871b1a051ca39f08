"""How long to wait before a feed is asked again: pure, so that the same history always gives the same time.

All waits are `timedelta`, all instants in UTC. Jitter is drawn from the feed's address, not from chance: feeds added
together drift apart for good, and a test can say when a feed is due.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from watchers.feed_model import Schedule

LONGEST_BACKOFF = timedelta(hours=12)
"""A failing feed is tried at least this often (or at its own interval, where that is longer)."""
LONGEST_OBEYED = timedelta(days=2)
"""The longest `Retry-After` that is obeyed in full."""
LONGEST_REST = 4
"""Hours and days of rest that a feed names push a poll out to at most so many times the longest interval."""

_DAY = timedelta(days=1)
_HOUR = timedelta(hours=1)
_HOURS_A_WEEK = 7 * 24
_LARGEST_DOUBLING = 16
_JITTER = 0.1


@dataclass(frozen=True, slots=True)
class Bounds:
    """How often the operator lets a feed be asked."""

    least: timedelta = timedelta(minutes=15)
    """The shortest interval: no feed is asked again sooner."""
    most: timedelta = timedelta(hours=2)
    """The longest interval of a feed that answers; not under `least`."""


def interval(
    per_day: float | None, schedule: Schedule, bounds: Bounds, *, fresh_for: timedelta | None = None
) -> timedelta:
    """Return the interval at which a feed that answers is asked, from `bounds.least` to `bounds.most`.

    It is the longest of three, cut to the bounds:

    - half the typical gap between two entries, 12 h / `per_day`, so that none waits for us longer than that
      (`per_day` None, not known: the least; 0: the most, for however quiet a feed is, a deadline must not be missed);
    - what the feed asks for, `schedule.every` (RSS 2.0, `ttl`; RSS 1.0 syndication module, `updatePeriod`);
    - how long the server says the answer stays fresh (RFC 9111, section 4.2; None: it does not say).
    """
    typical = bounds.least if per_day is None else _half_a_gap(per_day, bounds.most)
    asked = (wait for wait in (schedule.every, fresh_for) if wait is not None)
    return min(max(bounds.least, typical, *asked), bounds.most)


def _half_a_gap(per_day: float, most: timedelta) -> timedelta:
    if per_day <= 0:
        return most
    return timedelta(seconds=min(_DAY.total_seconds() / 2 / per_day, most.total_seconds()))


def backoff(failures: int, usual: timedelta, bounds: Bounds) -> timedelta:
    """Return how long to leave a feed alone after the n-th failed poll in a row, `usual` being its interval.

    That is max(`usual`, `bounds.least` * 2^n), but no more than 12 h (or `usual`, where that is longer): a quiet feed
    that stumbles once is asked as it always is, and one that is down is asked ever less.
    """
    doubled = bounds.least * (1 << min(failures, _LARGEST_DOUBLING))
    return min(max(usual, doubled), max(LONGEST_BACKOFF, usual))


def next_poll(
    now: datetime,
    wait: timedelta,
    *,
    url: str,
    schedule: Schedule,
    bounds: Bounds,
    retry_after: timedelta | None = None,
) -> datetime:
    """Return when to ask the feed at `url` again: max(`wait`, `retry_after`) * (1 + jitter) from `now`.

    `retry_after` (RFC 9110, section 10.2.3; None: the server did not ask) counts up to 2 days. Jitter lies in 0 … 0.1,
    so that a wait is a promise never to come sooner, and feeds that a server sent away together do not come back
    together.

    A time in an hour or on a day of rest (RSS 2.0, `skipHours` and `skipDays`, both GMT) moves to the first hour after
    it, spread over that hour's first `bounds.least`; but no further from `now` than 4 * `bounds.most`, or than it was.
    A feed that names every hour of the week is taken not to mean it.
    """
    if retry_after is not None:
        wait = max(wait, min(retry_after, LONGEST_OBEYED))
    wanted = now + wait * (1 + jitter(url))
    opening = _opening(wanted, schedule)
    if opening == wanted:
        return wanted
    spread = min(bounds.least, _HOUR) * _fraction(url)
    return min(opening + spread, max(wanted, now + LONGEST_REST * bounds.most))


def _opening(moment: datetime, schedule: Schedule) -> datetime:
    """Return `moment` where a feed does not rest then, or never stops; else the first full hour at which it has."""
    if not _rests(moment, schedule):
        return moment
    hour = moment.replace(minute=0, second=0, microsecond=0)
    hours = (hour + later * _HOUR for later in range(1, _HOURS_A_WEEK + 1))
    return next((one for one in hours if not _rests(one, schedule)), moment)


def _rests(moment: datetime, schedule: Schedule) -> bool:
    return moment.hour in schedule.not_at_hours or moment.weekday() in schedule.not_on_days


def jitter(url: str) -> float:
    """Return a fixed number in 0 … 0.1 for an address, evenly spread over addresses."""
    return _JITTER * _fraction(url)


def _fraction(url: str) -> float:
    digest = hashlib.sha256(url.encode("utf-8", "surrogatepass")).digest()
    return int.from_bytes(digest[:4], "big") / 2**32
