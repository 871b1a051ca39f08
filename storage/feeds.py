"""The feeds and when each is next due."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, insert, select, update

from config.catalogue import Outlet
from storage.columns import storable
from storage.tables import feeds
from watchers.model import FeedState, PollOutcome

_STATE = (
    feeds.c.id,
    feeds.c.url,
    feeds.c.outlet,
    feeds.c.language,
    feeds.c.time_zone,
    feeds.c.full_text,
    feeds.c.etag,
    feeds.c.last_modified,
    feeds.c.body_hash,
    feeds.c.next_poll_at,
    feeds.c.failures,
    feeds.c.last_success_at,
    feeds.c.last_error,
)


class SqlFeeds:
    """The table `feeds`. A feed that is read no more keeps its row, because its articles stay."""

    def __init__(self, connection: Connection) -> None:
        """Work inside the transaction of `connection`."""
        self._connection = connection

    def due(self, now: datetime, limit: int) -> Sequence[FeedState]:
        """Return followed feeds whose `next_poll_at` has passed, the longest overdue first."""
        overdue = select(*_STATE).where(feeds.c.followed, feeds.c.next_poll_at <= now)
        return self._states(overdue.order_by(feeds.c.next_poll_at, feeds.c.id).limit(limit))

    def all(self) -> Sequence[FeedState]:
        """Return every followed feed, by outlet and address."""
        return self._states(select(*_STATE).where(feeds.c.followed).order_by(feeds.c.outlet, feeds.c.url))

    def _states(self, query: Select[Any]) -> Sequence[FeedState]:
        return [FeedState(**row) for row in self._connection.execute(query).mappings()]

    def follow(self, outlets: Sequence[Outlet], now: datetime) -> None:
        """Read these outlets from now on: new ones at once, known ones as before, others no more.

        Where two outlets share an address, the first holds.
        """
        wanted = {storable(outlet.feed_url): outlet for outlet in reversed(outlets)}
        known = set(self._connection.scalars(select(feeds.c.url)))
        self._connection.execute(update(feeds).where(feeds.c.url.not_in(list(wanted))).values(followed=False))
        for url, outlet in wanted.items():
            said = {
                "outlet": outlet.name,
                "language": outlet.language,
                "time_zone": outlet.time_zone,
                "full_text": outlet.full_text,
                "followed": True,
            }
            if url in known:
                self._connection.execute(update(feeds).where(feeds.c.url == url).values(said))
            else:
                new = {**said, "url": url, "next_poll_at": now, "failures": 0}
                self._connection.execute(insert(feeds).values(new))

    def record(self, outcome: PollOutcome) -> None:
        """Store what a poll taught us: a success clears the failures, an error adds one."""
        values: dict[str, object] = {
            "etag": outcome.etag,
            "last_modified": outcome.last_modified,
            "body_hash": outcome.body_hash,
            "polled_at": outcome.polled_at,
            "next_poll_at": outcome.next_poll_at,
            "last_error": outcome.error,
        }
        if outcome.error is None:
            values |= {"failures": 0, "last_success_at": outcome.polled_at}
        else:
            values["failures"] = feeds.c.failures + 1
        self._connection.execute(update(feeds).where(feeds.c.id == outcome.feed_id).values(values))
