"""Addresses nobody can guess, under which a server's calendar and feeds can be read."""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select

from storage.columns import storable
from storage.guild_tables import shares
from watchers.audience import Share

_NARROWED_BY = 12
"""So many of a token's first characters find it in the table; the rest is compared in constant time."""


class SqlShares:
    """The table `shares`."""

    def __init__(self, connection: Connection) -> None:
        """Work inside the transaction of `connection`."""
        self._connection = connection

    def open(self, wish: Share, now: datetime) -> Share:
        """Return a server's share of that topic, or store `wish` where it has none."""
        known = next((one for one in self.of_guild(wish.guild_id) if one.topic == wish.topic), None)
        if known is not None:
            return known
        row = {"token": wish.token, "guild_id": wish.guild_id, "topic": wish.topic, "created_by": wish.created_by}
        self._connection.execute(insert(shares).values(**row, created_at=now))
        return wish

    def find(self, token: str) -> Share | None:
        """Return what is shared under `token`; how long it takes does not tell how nearly a token was guessed."""
        asked = storable(token)
        begins_alike = func.substr(shares.c.token, 1, _NARROWED_BY) == asked[:_NARROWED_BY]
        found: Share | None = None
        for row in self._connection.execute(select(shares).where(begins_alike)):
            if hmac.compare_digest(row.token.encode(), asked.encode()):
                found = _share(row)
        return found

    def of_guild(self, guild_id: int) -> Sequence[Share]:
        """Return what a server shares, by topic."""
        there = select(shares).where(shares.c.guild_id == guild_id).order_by(shares.c.topic)
        return [_share(row) for row in self._connection.execute(there)]

    def close(self, guild_id: int, topic: str) -> Share | None:
        """End a share, so that its address answers no more; return it, or None where there is none."""
        there = (shares.c.guild_id == guild_id, shares.c.topic == topic)
        gone = self._connection.execute(delete(shares).where(*there).returning(*shares.c)).one_or_none()
        return None if gone is None else _share(gone)


def _share(row: Row[Any]) -> Share:
    return Share(row.token, row.guild_id, row.topic, row.created_by)
