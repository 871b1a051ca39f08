"""`/feeds list`: what is read, and how well."""

from __future__ import annotations

from urllib.parse import urlsplit

import discord
from discord import app_commands, ui

from bot.cogs.base import ServiceCog, defer
from bot.render import ago_stamp, plain
from bot.services import Services
from bot.views.pager import PageView, PageWish, page_of
from bot.words import Words, words_for
from watchers.feed_model import FeedState

_PAGE_SIZE = 10


class Feeds(ServiceCog):
    """The feeds the bot reads."""

    feeds = app_commands.Group(name="feeds", description="The news feeds the bot reads")

    def __init__(self, services: Services) -> None:
        """Offer the list of feeds."""
        super().__init__(services)
        self.listings = {"feeds": self._page}

    @feeds.command(name="list")
    async def list_feeds(self, interaction: discord.Interaction) -> None:
        """List the feeds with their health, failing ones first."""
        await defer(interaction)
        await self.show_first_page(interaction, "feeds")

    async def _page(self, interaction: discord.Interaction, wish: PageWish) -> ui.LayoutView:
        """Return a page of feeds: failing ones first, then by outlet."""
        say = words_for(interaction.locale.value)
        feeds = await self.services.store.look(lambda work: tuple(work.feeds.all()))
        ordered = sorted(feeds, key=lambda feed: (feed.failures == 0, feed.outlet.casefold(), feed.url))
        failing = sum(1 for feed in feeds if feed.failures)
        wish, pages = page_of(wish, len(ordered), _PAGE_SIZE)
        shown = ordered[wish.number * _PAGE_SIZE :][:_PAGE_SIZE]
        counted = say.many("{count} feed", "{count} feeds", len(feeds))
        heading = f"📡 {counted}, {say.many('{count} failing', '{count} failing', failing)}"
        return PageView(heading, [_line(feed, say) for feed in shown], wish, pages, say=say)


def _line(feed: FeedState, say: Words) -> str:
    """Return one feed: whose it is, where it lies, and when it was last read or why it was not."""
    at = feed.last_success_at
    read = say("read {ago}", ago=ago_stamp(at)) if at else say("not read yet")
    name = f"**{plain(feed.outlet, 60)}** · {plain(urlsplit(feed.url).hostname or feed.url, 80)}"
    if feed.failures:
        return f"🔴 {name} · {read}\n{plain(str(feed.last_error or say('It does not answer.')), 100)}"
    return f"{'🟢' if feed.last_success_at else '⚪'} {name} · {read}"
