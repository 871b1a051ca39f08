"""Which servers the bot is in: it is let in, sent away, and may miss either while it is not running."""

from __future__ import annotations

import logging
from collections.abc import Collection
from functools import partial

import discord
from discord.ext import commands

from bot.cogs.base import ServiceCog
from watchers.leaving import come_back, leave, of_shards
from watchers.ports import UnitOfWork

log = logging.getLogger(__name__)

_NOT_IN_IT = {10004, 50001}
"""Discord's codes for an unknown server, and for one that the bot may not see."""


class Membership(ServiceCog):
    """Notes which servers were left, and which let the bot in again."""

    @commands.Cog.listener()
    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Note that a server sent the bot away; discord.py calls this for no server that is merely unavailable."""
        log.info("sent away from a server", extra={"guild": guild.id})
        await self._note_gone([guild.id])

    @commands.Cog.listener()
    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Note that a server let the bot in, for the first time or again."""
        now = self.services.clock.now()
        await self.services.store.transact(lambda work: come_back(work, guild.id, now))

    async def compare(self, client: discord.Client) -> None:
        """Find out what was missed: servers that are stored and gone, or marked as gone and there.

        Discord names every server of a session when it begins, those that have an outage too. One that is not named is
        asked for by itself, and is taken for gone only where Discord answers that the bot may not see it, or that there
        is no such server: whatever else goes wrong, nothing is marked.
        """
        there = frozenset(guild.id for guild in client.guilds)
        known, left = await self.services.store.look(lambda work: (work.departures.known(), work.departures.left()))
        missing = _seen_by(client, known) - there
        await self._note_gone([each for each in sorted(missing) if await _is_gone(client, each)])
        now = self.services.clock.now()
        for guild_id in sorted(left & there):
            await self.services.store.transact(partial(come_back, guild_id=guild_id, now=now))

    async def _note_gone(self, guild_ids: Collection[int]) -> None:
        now = self.services.clock.now()

        def note(work: UnitOfWork) -> None:
            for guild_id in guild_ids:
                leave(work, guild_id, now)

        if guild_ids:
            await self.services.store.transact(note)


def _seen_by(client: discord.Client, guild_ids: Collection[int]) -> frozenset[int]:
    """Return those servers of which this process hears, if it runs some of the shards only."""
    if isinstance(client, discord.AutoShardedClient):
        return of_shards(guild_ids, client.shard_count, client.shards.keys())
    return of_shards(guild_ids, client.shard_count, (client.shard_id or 0,))


async def _is_gone(client: discord.Client, guild_id: int) -> bool:
    """Whether Discord says for sure that the bot is not in a server."""
    try:
        await client.fetch_guild(guild_id, with_counts=False)
    except (discord.HTTPException, discord.RateLimited, OSError) as error:
        # A proxy or a ban of our address answers 403 and 404 too, but not in Discord's own words.
        if isinstance(error, discord.HTTPException) and error.code in _NOT_IN_IT:
            log.info("sent away from a server while not connected", extra={"guild": guild_id})
            return True
        log.warning("not known whether the bot is still in a server", extra={"guild": guild_id, "reason": str(error)})
    return False
