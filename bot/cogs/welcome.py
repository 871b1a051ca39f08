"""The word of welcome in a server that has just let the bot in."""

from __future__ import annotations

import logging

import discord
from discord.ext import commands

from bot.cogs.base import ServiceCog
from bot.invite import missing
from bot.views.welcome import WelcomeView
from bot.words import words_for

log = logging.getLogger(__name__)


class Welcome(ServiceCog):
    """Says once what the bot is and how to begin."""

    @commands.Cog.listener()
    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Write to the channel for system messages, or to the first that may be written to; else nowhere."""
        log.info("added to a server", extra={"guild": guild.id})
        channel = _where_to_write(guild)
        if channel is None:
            return
        try:
            await channel.send(view=WelcomeView(words_for(guild.preferred_locale.value)))
        except discord.HTTPException as error:
            log.warning("a word of welcome could not be posted", extra={"guild": guild.id, "reason": str(error)})


def _where_to_write(guild: discord.Guild) -> discord.TextChannel | None:
    system = [] if guild.system_channel is None else [guild.system_channel]
    for channel in (*system, *guild.text_channels):
        if not missing(channel.permissions_for(guild.me).value):
            return channel
    return None
