"""Who changed what for a server."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, delete, func, insert, select

from storage.guild_tables import changes
from watchers.audit import Change, Entry, Facts, bounded
from watchers.rating import OURSELVES


class SqlChanges:
    """The table `changes`."""

    def __init__(self, connection: Connection) -> None:
        """Work inside the transaction of `connection`."""
        self._connection = connection

    def note(self, guild_id: int, user_id: int | None, what: Change, facts: Facts, now: datetime) -> None:
        """Store who changed what for a server; a `user_id` of None, or of `OURSELVES`, is the bot itself."""
        by = None if user_id == OURSELVES else user_id
        row = {"guild_id": guild_id, "user_id": by, "what": what.value, "facts": bounded(facts), "changed_at": now}
        self._connection.execute(insert(changes).values(row))

    def page(self, guild_id: int, *, offset: int, limit: int) -> tuple[Sequence[Entry], int]:
        """Return a stretch of a server's log, the newest first, and how many entries there are."""
        own = select(changes).where(changes.c.guild_id == guild_id)
        rows = self._connection.execute(own.order_by(changes.c.id.desc()).offset(offset).limit(limit))
        entries = [
            Entry(row.id, row.guild_id, row.user_id, Change(row.what), row.facts, row.changed_at) for row in rows
        ]
        counted = select(func.count()).select_from(changes).where(changes.c.guild_id == guild_id)
        return entries, self._connection.scalar(counted) or 0

    def oldest(self) -> datetime | None:
        """Return when the oldest entry of all was made; None: there is none."""
        return self._connection.scalar(select(changes.c.changed_at).order_by(changes.c.id).limit(1))

    def forget_before(self, moment: datetime, limit: int) -> int:
        """Remove entries older than a moment, at most `limit` of the oldest; return how many went.

        Entries are numbered in the order of their time, so only the first ones need be looked at.
        """
        first = self._connection.execute(
            select(changes.c.id, changes.c.changed_at).order_by(changes.c.id).limit(limit)
        ).all()
        old = [row.id for row in first if row.changed_at < moment]
        if old:
            self._connection.execute(delete(changes).where(changes.c.id.in_(old)))
        return len(old)
