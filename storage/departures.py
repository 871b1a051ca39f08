"""Servers that have sent the bot away: what stops at once, and what goes in the end."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import Connection, Select, Table, delete, select, union, update

from storage.guild_tables import (
    changes,
    guild_topics,
    guilds,
    mutes,
    shares,
    standings,
    watches,
)
from storage.inserting import insert_unless_known
from storage.tables import GIVEN_UP, WAITING, feeds, guild_feeds, outbox, subscriptions

_GONE = "its server sent the bot away"
_TELLING_OF_SERVERS: Sequence[Table] = (
    subscriptions,
    guild_topics,
    guild_feeds,
    shares,
    standings,
    mutes,
    watches,
    changes,
)
_LEFT: Select[tuple[int]] = select(guilds.c.id).where(guilds.c.left_at.is_not(None))


class SqlDepartures:
    """What `guilds.left_at` says, and every table with rows of servers."""

    def __init__(self, connection: Connection) -> None:
        """Work inside the transaction of `connection`."""
        self._connection = connection

    def known(self) -> frozenset[int]:
        """Return the servers of which anything is stored and that are not known to have been left."""
        there = union(select(guilds.c.id), *(select(table.c.guild_id) for table in _TELLING_OF_SERVERS))
        return frozenset(self._connection.scalars(there)) - self.left()

    def left(self) -> frozenset[int]:
        """Return the servers that were left, and of which something may still be stored."""
        return frozenset(self._connection.scalars(_LEFT))

    def leave(self, guild_id: int, now: datetime) -> bool:
        """Note that the bot was sent away; return False where that was known.

        Secret addresses end at once, what waits to be sent is given up, and feeds that no other server reads rest.
        """
        once = insert_unless_known(self._connection, guilds, "id").values(id=guild_id, settles_itself=False)
        self._connection.execute(once)
        mark = update(guilds).where(guilds.c.id == guild_id, guilds.c.left_at.is_(None)).values(left_at=now)
        if not self._connection.execute(mark).rowcount:
            return False
        self._connection.execute(delete(shares).where(shares.c.guild_id == guild_id))
        self.silence()
        read_elsewhere = select(guild_feeds.c.feed_id).where(guild_feeds.c.guild_id.not_in(_LEFT))
        resting = update(feeds).where(feeds.c.id.in_(_held_by(guild_id)), ~feeds.c.public)
        self._connection.execute(resting.where(feeds.c.id.not_in(read_elsewhere)).values(followed=False))
        return True

    def come_back(self, guild_id: int, now: datetime) -> bool:
        """Take that note away; return False where there was none. Feeds of the server that rested are due at once."""
        mark = update(guilds).where(guilds.c.id == guild_id, guilds.c.left_at.is_not(None)).values(left_at=None)
        if not self._connection.execute(mark).rowcount:
            return False
        resting = update(feeds).where(feeds.c.id.in_(_held_by(guild_id)), ~feeds.c.followed)
        self._connection.execute(resting.values(followed=True, next_poll_at=now))
        return True

    def silence(self) -> int:
        """Give up what waits to be sent to servers that were left; return how much that was."""
        waiting = update(outbox).where(outbox.c.state == WAITING, outbox.c.guild_id.in_(_LEFT))
        given_up = {"state": GIVEN_UP, "lease_owner": None, "lease_until": None, "last_error": _GONE}
        return self._connection.execute(waiting.values(given_up)).rowcount

    def expired(self, before: datetime, limit: int) -> Collection[int]:
        """Return servers that were left before a moment, the longest gone first."""
        gone = select(guilds.c.id).where(guilds.c.left_at < before).order_by(guilds.c.left_at, guilds.c.id)
        return self._connection.scalars(gone.limit(limit)).all()


def _held_by(guild_id: int) -> Select[tuple[int]]:
    return select(guild_feeds.c.feed_id).where(guild_feeds.c.guild_id == guild_id)
