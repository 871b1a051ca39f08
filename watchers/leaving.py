"""Servers that send the bot away, and come back; what is deleted when its time is over."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from functools import partial

from watchers.audit import KEPT_FOR, Change
from watchers.ports import Clock, Store, UnitOfWork
from watchers.retention import let_go_of_texts

GRACE = timedelta(days=30)
"""How long what a server owns is kept after it sent the bot away."""
_ROWS = 1000
"""Rows deleted in one transaction, so that no other writer waits long."""
_SERVERS = 20
_SHARD_SHIFT = 22
"""The bits of a server's id above these say which shard it is of (Discord's sharding formula)."""


def leave(work: UnitOfWork, guild_id: int, now: datetime) -> None:
    """Note that a server sent the bot away (see `Departures.leave`); a second time changes nothing."""
    if work.departures.leave(guild_id, now):
        work.changes.note(guild_id, None, Change.LEFT, {}, now)


def come_back(work: UnitOfWork, guild_id: int, now: datetime) -> None:
    """Note that the bot is in a server; where it had been sent away, all is as it was but the secret addresses."""
    if work.departures.come_back(guild_id, now):
        work.changes.note(guild_id, None, Change.RETURNED, {}, now)


def of_shards(guild_ids: Iterable[int], shard_count: int | None, shard_ids: Collection[int]) -> frozenset[int]:
    """Return those servers that these shards of so many see; a count of None: there is one connection for all."""
    if shard_count is None:
        return frozenset(guild_ids)
    return frozenset(each for each in guild_ids if (each >> _SHARD_SHIFT) % shard_count in shard_ids)


class Tidier:
    """Deletes what has been kept long enough."""

    def __init__(self, store: Store, clock: Clock, article_days: int = 0) -> None:
        """Tidy `store`, and keep the texts of articles for `article_days`; 0: for ever."""
        self._store = store
        self._clock = clock
        self._article_days = article_days

    async def tidy(self) -> int:
        """Delete what servers owned that were left long ago; return how many servers.

        Old entries of audit logs go too, and the texts of old articles. What was decided for such a server meanwhile is
        given up. Where nothing is to be done, nothing is written.
        """
        now = self._clock.now()
        if await self._store.look(lambda work: bool(work.departures.left())):
            await self._store.transact(lambda work: work.departures.silence())
        gone = await self._store.look(lambda work: tuple(work.departures.expired(now - GRACE, _SERVERS)))
        for guild_id in gone:
            while await self._store.transact(partial(_delete_some, guild_id=guild_id)):
                pass
        await self._forget_changes(now - KEPT_FOR)
        await let_go_of_texts(self._store, now, self._article_days)
        return len(gone)

    async def _forget_changes(self, before: datetime) -> None:
        oldest = await self._store.look(lambda work: work.changes.oldest())
        while oldest is not None and oldest < before:
            await self._store.transact(lambda work: work.changes.forget_before(before, _ROWS))
            oldest = await self._store.look(lambda work: work.changes.oldest())


def _delete_some(work: UnitOfWork, *, guild_id: int) -> bool:
    """Delete some of what a server owns; return whether there may be more. One that has come back keeps the rest."""
    return guild_id in work.departures.left() and bool(work.belongings.delete_guild(guild_id, _ROWS))
