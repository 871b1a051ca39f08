"""How a feed stands after a poll: pure. What was remembered and what came back make what is remembered next."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import datetime, timedelta

from watchers.feed_model import FeedState, Fetched, ParsedFeed
from watchers.feeds.pace import Bounds, backoff, interval, next_poll
from watchers.feeds.safety import bares
from watchers.feeds.websub import named_hub, relaxed, told_until
from watchers.ports import FetchError

MOVES_AFTER = 3
"""Polls in a row that were sent on to the same place for good before a feed is read there."""
RETURNS_AFTER = 3
"""Failed polls in a row after which a feed that moved, and is not found there, is looked for where it was."""
QUIETENS_OVER = timedelta(days=7)
"""In so long a silence the rate of a feed is taken to have fallen to 1/e of what it was."""

OVERLOOKED_AFTER = timedelta(days=1)
"""A feed that was held back for so long, because its host asked us to wait, has failed like any other."""

_NOT_THERE = frozenset({404, 410})


def after_answer(
    feed: FeedState,
    fetched: Fetched,
    parsed: ParsedFeed | None,
    body_hash: str | None,
    *,
    now: datetime,
    bounds: Bounds,
) -> FeedState:
    """Return the feed after a poll that was answered at `now`.

    `parsed` None: nothing has changed (304, or the same body). `body_hash` None: there was no body, and the one before
    counts. Every trace of failure goes; `stopped` too, for what answers is there.

    - *When it is asked again*: see `pace.interval` and `pace.next_poll`. An unchanged feed has published nothing since
      it was last read, so its rate falls: `per_day` * exp(-silence / 7 days); a body that was read counts anew. As long
      as its hub tells of changes, it is asked as seldom as may be (see websub.py).
    - *Validators*: those of this answer; a 304 that repeats none leaves those that it confirmed (RFC 9111, 4.3.4).
    - *Moving* (301, 308; RFC 9110, 15.4.2 and 15.4.9): the third poll in a row that is sent on to one and the same
      place for good makes that the feed's address. Not from https to http: one answer forged on the way would open
      all later ones to forgery. Validators and body hash stay, because they came from that place. A place that is the
      address the feed was added by ends the move. A poll that is not sent on, or elsewhere, begins the count anew.
    """
    per_day = _quieter(feed, now) if parsed is None else parsed.per_day
    schedule = feed.schedule if parsed is None else parsed.schedule
    unchanged = fetched.body is None
    hub, topic = named_hub(feed, fetched, parsed)
    until = told_until(feed, parsed)
    wait = relaxed(interval(per_day, schedule, bounds, fresh_for=fetched.fresh_for), until, now, bounds.most)
    answered = replace(
        feed,
        etag=(fetched.etag or feed.etag) if unchanged else fetched.etag,
        last_modified=(fetched.last_modified or feed.last_modified) if unchanged else fetched.last_modified,
        body_hash=body_hash or feed.body_hash,
        parser=feed.parser if parsed is None else parsed.parser,
        per_day=per_day,
        schedule=schedule,
        next_poll_at=next_poll(now, wait, url=feed.url, schedule=schedule, bounds=bounds),
        polled_at=now,
        last_success_at=now,
        failures=0,
        failing_since=None,
        last_error=None,
        stopped=False,
        hub=hub,
        topic=topic,
        told_until=until,
    )
    return _sent_on(answered, fetched.moved_to)


def _quieter(feed: FeedState, now: datetime) -> float | None:
    if feed.per_day is None or feed.last_success_at is None:
        return feed.per_day
    silence = max(now - feed.last_success_at, timedelta(0))
    return feed.per_day * math.exp(-silence / QUIETENS_OVER)


def _sent_on(feed: FeedState, place: str | None) -> FeedState:
    """Return the feed after a poll that was sent on to `place` for good (None: it was not)."""
    if place is None or place == feed.address or bares(feed.address, place):
        return replace(feed, redirect=None, redirects=0)
    redirects = feed.redirects + 1 if place == feed.redirect else 1
    if redirects < MOVES_AFTER:
        return replace(feed, redirect=place, redirects=redirects)
    return replace(feed, moved_to=None if place == feed.url else place, redirect=None, redirects=0)


def after_failure(feed: FeedState, error: FetchError, *, now: datetime, bounds: Bounds) -> FeedState:
    """Return the feed after a poll that failed at `now`: not answered, refused, or answered with what is no feed.

    - *When it is asked again*: see `pace.backoff`; not before `error.retry_after` (429, 503), up to 2 days.
    - *410* (RFC 9110, 15.5.11) stops it, until somebody has it asked again.
    - *A feed that moved* and is not found at its new place (404, 410) by the third failed poll in a row is asked, in
      `bounds.least`, where it was before; the new place's validators are dropped. It stops only by a 410 from there.
    - The count of polls that were sent on stays as it is: a failure says nothing of where the feed is.
    - *A feed that was not asked*, because its host asked us to wait, is asked when that is over, and nothing is said of
      how it fares. But one that could not be asked for a day has failed: nobody is to take it for one that is read.
    """
    if error.held and not _overlooked(feed, now):
        left = error.retry_after or timedelta(0)
        again = next_poll(now, left, url=feed.url, schedule=feed.schedule, bounds=bounds)
        return replace(feed, next_poll_at=again)
    failures = feed.failures + 1
    usual = interval(feed.per_day, feed.schedule, bounds)
    returns = feed.moved_to is not None and error.status in _NOT_THERE and failures >= RETURNS_AFTER
    wait = bounds.least if returns else backoff(failures, usual, bounds)
    again = next_poll(now, wait, url=feed.url, schedule=feed.schedule, bounds=bounds, retry_after=error.retry_after)
    failed = replace(
        feed,
        next_poll_at=again,
        polled_at=now,
        failures=failures,
        failing_since=feed.failing_since or now,
        last_error=error.reason,
        stopped=error.gone and feed.moved_to is None,
    )
    if not returns:
        return failed
    return replace(failed, moved_to=None, redirect=None, redirects=0, etag=None, last_modified=None)


def _overlooked(feed: FeedState, now: datetime) -> bool:
    return feed.polled_at is not None and now - feed.polled_at >= OVERLOOKED_AFTER
