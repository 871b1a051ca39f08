"""The feeds and when each is next due."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import (
    BindParameter,
    Connection,
    RowMapping,
    Select,
    bindparam,
    case,
    exists,
    func,
    insert,
    or_,
    select,
    update,
)

from config.catalogue import Outlet
from storage.columns import UtcInstant, storable
from storage.leases import NO_LEASE, Leases, free
from storage.numbers import is_one_of, listed
from storage.tables import feeds, guild_feeds
from watchers.feed_memory import Claim
from watchers.feed_model import FeedState, Reason, Schedule
from watchers.feeds.websub import poll_after_call

_SAID = ("url", "outlet", "language", "time_zone", "full_text", "public")
_LEARNT = (
    "moved_to",
    "redirect",
    "redirects",
    "etag",
    "last_modified",
    "body_hash",
    "parser",
    "per_day",
    "schedule",
    "stopped",
    "next_poll_at",
    "failures",
    "failing_since",
    "polled_at",
    "last_success_at",
    "last_error",
    "hub",
    "topic",
    "told_until",
)
_ENOUGH = 4
FEED = tuple(feeds.c[name] for name in ("id", *_SAID, *_LEARNT, "called_at"))
"""The columns of a feed, as `feed_of` reads them."""


def _instant(name: str) -> BindParameter[datetime]:
    return bindparam(name, type_=UtcInstant())


# A hub may call while its feed is being asked, for a change that the answer on its way does not hold yet.
_CALLED_MEANWHILE = feeds.c.called_at > _instant("known_call")
_RECORD = (
    update(feeds)
    .where(feeds.c.id == bindparam("feed_id"))
    .values({name: bindparam(name) for name in _LEARNT} | NO_LEASE)
    .values(
        next_poll_at=case((_CALLED_MEANWHILE, _instant("after_call")), else_=_instant("next_poll_at")),
        told_until=case((_CALLED_MEANWHILE, feeds.c.told_until), else_=_instant("told_until")),
    )
)
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)
_REMEMBER = update(feeds).where(feeds.c.id == bindparam("feed_id")).values(memory=bindparam("memory"))


def feed_of(row: RowMapping) -> FeedState:
    """Return the feed whose columns `FEED` a row holds."""
    values = {column.name: row[column.name] for column in FEED}
    return FeedState(
        **{**values, "last_error": _reason(values["last_error"]), "schedule": _schedule(values["schedule"])}
    )


def _reason(stored: str | None) -> Reason | None:
    if stored is None:
        return None
    words, facts = json.loads(stored)
    return Reason(words, **facts)


def _schedule(stored: str | None) -> Schedule:
    if stored is None:
        return Schedule()
    seconds, hours, days = json.loads(stored)
    return Schedule(None if seconds is None else timedelta(seconds=seconds), frozenset(hours), frozenset(days))


def _stored_schedule(schedule: Schedule) -> str | None:
    if schedule == Schedule():
        return None
    seconds = None if schedule.every is None else schedule.every.total_seconds()
    return json.dumps([seconds, sorted(schedule.not_at_hours), sorted(schedule.not_on_days)])


class SqlFeeds(Leases):
    """The table `feeds`. A feed that is read no more keeps its row, because its articles stay."""

    def __init__(self, connection: Connection) -> None:
        """Work inside the transaction of `connection`."""
        super().__init__(connection, feeds)
        self._connection = connection

    def take(self, claim: Claim, limit: int) -> Sequence[FeedState]:
        """Take followed feeds in hand whose `next_poll_at` has passed and that are in nobody's.

        The longest overdue come first.
        """
        overdue = select(feeds.c.id).where(feeds.c.followed, ~feeds.c.stopped, feeds.c.next_poll_at <= claim.now)
        first = overdue.where(free(feeds, claim.now)).order_by(feeds.c.next_poll_at, feeds.c.id).limit(limit)
        rows = self._connection.execute(self.taking(first, claim).returning(*FEED)).mappings()
        return sorted((feed_of(row) for row in rows), key=lambda feed: (feed.next_poll_at, feed.id))

    def held(self, ids: Collection[int], holder: str) -> Mapping[int, FeedState]:
        """Return those of `ids` that `holder` still has, as they stand; none is changed until this transaction ends."""
        # In the order of their numbers, so that no two who wait for each other's feeds wait for ever.
        still = select(*FEED).where(is_one_of(feeds.c.id, "some"), feeds.c.lease_owner == holder).order_by(feeds.c.id)
        rows = self._connection.execute(still.with_for_update(), {"some": listed(ids)}).mappings()
        return {row["id"]: feed_of(row) for row in rows}

    def all(self) -> Sequence[FeedState]:
        """Return every followed feed, by outlet and address."""
        return self._states(select(*FEED).where(feeds.c.followed).order_by(feeds.c.outlet, feeds.c.url))

    def _states(self, query: Select[Any]) -> Sequence[FeedState]:
        return [feed_of(row) for row in self._connection.execute(query).mappings()]

    def follow(self, outlets: Sequence[Outlet], now: datetime) -> None:
        """Read these outlets for everybody from now on: new ones at once, known ones as before.

        Others are read for the servers that added them, or no more. Where two outlets share an address, the first
        holds.
        """
        wanted = {storable(outlet.feed_url): outlet for outlet in reversed(outlets)}
        known = set(self._connection.scalars(select(feeds.c.url)))
        added = exists().where(guild_feeds.c.feed_id == feeds.c.id)
        # Only what changes is written: processes start while others are at work on these rows.
        changed = or_(feeds.c.public, feeds.c.followed != added)
        gone = update(feeds).where(feeds.c.url.not_in(list(wanted)), changed)
        self._connection.execute(gone.values(public=False, followed=added))
        for url, outlet in wanted.items():
            said = {
                "outlet": outlet.name,
                "language": outlet.language,
                "time_zone": outlet.time_zone,
                "full_text": outlet.full_text,
                "public": True,
                "followed": True,
            }
            if url in known:
                differs = or_(*(feeds.c[name] != value for name, value in said.items()))
                self._connection.execute(update(feeds).where(feeds.c.url == url, differs).values(said))
            else:
                new = {**said, "url": url, "next_poll_at": now, "failures": 0, "redirects": 0, "stopped": False}
                self._connection.execute(insert(feeds).values(new))

    def memory(self, feed_id: int) -> bytes | None:
        """Return what tells the entries of a feed again (see feeds/identity.py); None: nothing is remembered yet."""
        return self._connection.scalars(select(feeds.c.memory).where(feeds.c.id == feed_id)).one_or_none()

    def record(self, polled: Sequence[FeedState]) -> None:
        """Store how feeds stand after a poll, and let them be free.

        What the operator or a server said of them stays as it is. A feed whose hub called since its poll
        began is asked once more.
        """
        rows = [{"feed_id": feed.id, **{name: getattr(feed, name) for name in _LEARNT}} for feed in polled]
        for row, feed in zip(rows, polled, strict=True):
            error = feed.last_error
            row["last_error"] = None if error is None else json.dumps([error.words, dict(error.facts)])
            row["schedule"] = _stored_schedule(feed.schedule)
            row["known_call"] = feed.called_at or _NEVER
            row["after_call"] = poll_after_call(feed, feed.polled_at or feed.next_poll_at)
        if rows:
            self._connection.execute(_RECORD, rows)

    def remember(self, memories: Mapping[int, bytes]) -> None:
        """Store what tells the entries of feeds again."""
        rows = [{"feed_id": feed_id, "memory": memory} for feed_id, memory in memories.items()]
        if rows:
            self._connection.execute(_REMEMBER, rows)

    def failing(self) -> float:
        """Return the share of the feeds that are asked whose latest poll failed; of fewer than four feeds, 0."""
        fails = func.sum(case((feeds.c.failures > 0, 1), else_=0))
        asked = select(func.count(), fails).where(feeds.c.followed, ~feeds.c.stopped)
        count, failing = self._connection.execute(asked).one()
        return failing / count if count >= _ENOUGH else 0.0

    def ask_at(self, feed_id: int, at: datetime) -> None:
        """Ask a feed at `at`, even one that stopped."""
        self._connection.execute(update(feeds).where(feeds.c.id == feed_id).values(next_poll_at=at, stopped=False))
