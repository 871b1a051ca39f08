"""`/privacy` and `/forget-me`: what is stored of somebody, and its end."""

from __future__ import annotations

import logging
from collections.abc import Mapping

import discord
from discord import app_commands, ui

from bot.cogs.base import ServiceCog, defer
from bot.views.look import SLATE
from bot.views.privacy import ForgetView, PrivacyView
from bot.views.topics import NoteView
from bot.words import words_for

log = logging.getLogger(__name__)


class Privacy(ServiceCog):
    """What is somebody's own, whichever server they ask in, or none (`bot.views.privacy.Forgetter`)."""

    @app_commands.command()
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    @app_commands.allowed_installs(guilds=True, users=True)
    async def privacy(self, interaction: discord.Interaction) -> None:
        """Tell what I store of you and of this server."""
        await defer(interaction)
        say, held = words_for(interaction.locale.value), await self._held(interaction.user.id)
        view = PrivacyView(held, say, in_server=interaction.guild_id is not None)
        await interaction.followup.send(view=view, ephemeral=True)

    @app_commands.command(name="forget-me")
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    @app_commands.allowed_installs(guilds=True, users=True)
    async def forget_me(self, interaction: discord.Interaction) -> None:
        """Remove what I store of you, everywhere; asks first."""
        await defer(interaction)
        say, held = words_for(interaction.locale.value), await self._held(interaction.user.id)
        await interaction.followup.send(view=ForgetView(held, say), ephemeral=True)

    async def forgotten(self, interaction: discord.Interaction) -> ui.LayoutView:
        """Forget whoever asks, and return what has become of it."""
        say, user_id = words_for(interaction.locale.value), interaction.user.id
        await self.services.store.transact(lambda work: work.belongings.forget_person(user_id))
        log.info("somebody asked to be forgotten")
        return NoteView(f"🧽 {say('Done. I store nothing of you any more.')}")

    async def kept(self, interaction: discord.Interaction) -> ui.LayoutView:
        """Return that nothing was changed."""
        return NoteView(words_for(interaction.locale.value)("Nothing was changed."), SLATE)

    async def _held(self, user_id: int) -> Mapping[str, int]:
        return await self.services.store.look(lambda work: work.belongings.of_person(user_id))
