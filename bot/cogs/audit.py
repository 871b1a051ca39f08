"""`/audit`: who changed what here. For those who manage the server."""

from __future__ import annotations

import discord
from discord import app_commands, ui

from bot.cogs.base import ServiceCog, defer, for_managers
from bot.services import Services
from bot.views.audit import entry_line
from bot.views.pager import PageView, PageWish, page_of
from watchers.audit import KEPT_FOR

_PAGE_SIZE = 8


class Audit(ServiceCog):
    """The audit log of a server."""

    def __init__(self, services: Services) -> None:
        """Offer the list of changes."""
        super().__init__(services)
        self.listings = {"audit": self._page}

    @app_commands.command()
    @for_managers
    async def audit(self, interaction: discord.Interaction) -> None:
        """List who changed what in this server, the newest first."""
        await defer(interaction)
        await self.show_first_page(interaction, "audit")

    async def _page(self, interaction: discord.Interaction, wish: PageWish) -> ui.LayoutView:
        """Return a page of changes; raise where somebody asks who does not manage the server."""
        guild, say = await self.managed(interaction)
        setting = self.services.setting(guild, interaction.locale.value)
        first = wish.number * _PAGE_SIZE
        entries, total = await self.services.store.look(
            lambda work: work.changes.page(guild.id, offset=first, limit=_PAGE_SIZE)
        )
        there, pages = page_of(wish, total, _PAGE_SIZE)
        if there != wish:  # turned to before the oldest went
            return await self._page(interaction, there)

        def topic_name(topic_id: str) -> str:
            return self.services.topic_name(topic_id, guild, say)

        lines = [entry_line(entry, setting, topic_name) for entry in entries]
        heading = say.many("{count} change", "{count} changes", total)
        foot = say.many("kept for {count} day", "kept for {count} days", KEPT_FOR.days)
        return PageView(f"📜 {heading}", lines or [say("Nothing was changed yet.")], there, pages, foot=foot, say=say)
