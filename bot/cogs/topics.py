"""`/topics`: what can be subscribed to."""

from __future__ import annotations

import discord
from discord import app_commands, ui

from bot.cogs.base import ServiceCog, defer
from bot.render import plain
from bot.services import Services
from bot.views.pager import PageView, PageWish, page_of

_PAGE_SIZE = 10


class Topics(ServiceCog):
    """The catalogue of topics."""

    def __init__(self, services: Services) -> None:
        """Offer the list of topics."""
        super().__init__(services)
        self.listings = {"topics": self._page}

    @app_commands.command()
    async def topics(self, interaction: discord.Interaction) -> None:
        """List the topics a channel can subscribe to."""
        await defer(interaction)
        await self.show_first_page(interaction, "topics")

    async def _page(self, interaction: discord.Interaction, wish: PageWish) -> ui.LayoutView:
        """Return a page of topics, by name."""
        del interaction
        topics = self.services.topics_like("")
        wish, pages = page_of(wish, len(topics), _PAGE_SIZE)
        shown = topics[wish.number * _PAGE_SIZE :][:_PAGE_SIZE]
        lines = [f"**{plain(topic.name, 60)}**\n{plain(topic.about, 100)}" for topic in shown]
        return PageView(f"🗂️ {len(topics)} topics", lines, wish, pages, foot="`/subscribe` follows one")
