"""How a feed fares, and when that is worth telling: pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from watchers.feed_model import FeedState, Reason

WORTH_TELLING = timedelta(days=1)
"""A feed that has failed for so long is told of."""


class Condition(StrEnum):
    """How a feed fares."""

    NEW = "not read yet"
    """It was never asked, or is asked for the first time."""
    READING = "reading well"
    FAILING = "failing"
    """Its latest poll failed; it is asked again, ever less often."""
    STOPPED = "stopped"
    """Its server said that it is gone for good (410); it is asked no more."""


@dataclass(frozen=True, slots=True)
class Health:
    """How a feed fares at one moment. Instants are in UTC."""

    condition: Condition
    failing_since: datetime | None
    """When the first of the failed polls in a row was; None: the latest succeeded, or there was none."""
    failures: int
    """How many polls in a row failed."""
    reason: Reason | None
    """Why the latest failed; None: it did not."""
    last_success_at: datetime | None
    """None: it was never read."""
    next_poll_at: datetime | None
    """When it is asked next: never past, one that is due is asked now; None: no more."""
    per_day: float | None
    """How many entries it lately published a day; None: not known."""
    moved_to: str | None
    """Where it is read now; None: at the address it was added by."""
    told_by_hub: bool
    """Whether its hub is counted on to tell us of changes (see websub.py), so that it is seldom asked without."""


def health(feed: FeedState, now: datetime) -> Health:
    """Return how a feed fares at `now`."""
    return Health(
        condition=_condition(feed),
        failing_since=feed.failing_since,
        failures=feed.failures,
        reason=feed.last_error,
        last_success_at=feed.last_success_at,
        next_poll_at=None if feed.stopped else max(feed.next_poll_at, now),
        per_day=feed.per_day,
        moved_to=feed.moved_to,
        told_by_hub=not feed.stopped and feed.told_until is not None and now < feed.told_until,
    )


def _condition(feed: FeedState) -> Condition:
    if feed.stopped:
        return Condition.STOPPED
    if feed.failing_since is not None:
        return Condition.FAILING
    return Condition.NEW if feed.last_success_at is None else Condition.READING


class Turn(StrEnum):
    """What became of a feed by one poll, where it is worth telling."""

    STOPPED = "stopped"
    """Its server says that it is gone for good (410)."""
    FAILING = "failing"
    """It has failed for a day."""
    RECOVERED = "recovered"
    """It is read again, after one of the two above was told."""
    MOVED = "moved"
    """It is read at another address from now on."""


def turn(before: FeedState, after: FeedState, now: datetime) -> Turn | None:
    """Return what became of a feed by the poll at `now` that led from `before` to `after`; None: nothing to tell.

    Each is returned once: a feed that fails on was told of by the poll with which the day was full. Where two come
    together, the first in the order of `Turn` is returned; that a feed moved is seen in its `Health` as well. A feed
    that was not asked, because its host asked us to wait, has nothing to tell.
    """
    if after.polled_at == before.polled_at:
        return None
    if after.stopped and not before.stopped:
        return Turn.STOPPED
    told = before.stopped or (before.polled_at is not None and _failed_a_day(before, before.polled_at))
    if not told and not after.stopped and _failed_a_day(after, now):
        return Turn.FAILING
    if told and after.failing_since is None:
        return Turn.RECOVERED
    return Turn.MOVED if after.address != before.address else None


def _failed_a_day(feed: FeedState, at: datetime) -> bool:
    return feed.failing_since is not None and at - feed.failing_since >= WORTH_TELLING


def turn_key(told: Turn, before: FeedState, after: FeedState) -> str:
    """Return what is the same for one telling however often it is decided, and for no other.

    It holds the feed's id and when it began to fail (for a move: the poll by which it moved), so that a feed that
    stopped, was asked again and is still gone is not told of twice.
    """
    since = after.polled_at if told is Turn.MOVED else after.failing_since or before.failing_since
    return f"feed:{after.id}:{told}:{since.isoformat() if since else ''}"
