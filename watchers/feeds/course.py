"""How a poll turns what is remembered of a feed into what is remembered next. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from watchers.feed_model import FeedState, Fetched, ParsedFeed
from watchers.feeds.pace import next_poll
from watchers.ports import FetchError


@dataclass(frozen=True, slots=True)
class Bounds:
    """How often a feed is polled."""

    least: timedelta = timedelta(minutes=15)
    most: timedelta = timedelta(hours=2)


def after_answer(
    feed: FeedState, fetched: Fetched, parsed: ParsedFeed | None, body_hash: str | None, now: datetime, bounds: Bounds
) -> FeedState:
    """Return how a feed stands after an answer."""
    return replace(
        feed,
        etag=fetched.etag,
        last_modified=fetched.last_modified,
        body_hash=body_hash,
        parser=parsed.parser if parsed else feed.parser,
        per_day=parsed.per_day if parsed else feed.per_day,
        polled_at=now,
        last_success_at=now,
        failures=0,
        failing_since=None,
        last_error=None,
        next_poll_at=next_poll(now, interval=bounds.least, failures=0, url=feed.url),
    )


def after_failure(feed: FeedState, error: FetchError, now: datetime, bounds: Bounds) -> FeedState:
    """Return how a feed stands after a failure."""
    failures = feed.failures + 1
    return replace(
        feed,
        polled_at=now,
        failures=failures,
        failing_since=feed.failing_since or now,
        last_error=error.reason,
        stopped=error.gone,
        next_poll_at=next_poll(
            now, interval=bounds.least, failures=failures, url=feed.url, retry_after=error.retry_after
        ),
    )
