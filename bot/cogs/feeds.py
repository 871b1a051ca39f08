"""`/feeds`: what is read and how well, and the feeds that a server adds itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import discord
from discord import app_commands, ui

from bot.cogs.base import ServiceCog, choices, defer
from bot.cogs.feed_adding import Desk, FeedAdding
from bot.errors import Refusal
from bot.feed_finding import LONGEST_ADDRESS, FeedFinder, known_at
from bot.feed_lists import as_opml
from bot.render import plain
from bot.services import Services
from bot.views.feeds import FeedView, OpenFeed, RemoveFeedView, condition_of, feed_line, label_of
from bot.views.help import MANAGERS_ONLY
from bot.views.look import condition_name
from bot.views.new_feed import FeedDraft, draft_in
from bot.views.pager import PageView, PageWish, page_of
from bot.views.seeing import Attached, FileView
from bot.views.topics import NoteView
from bot.words import Words, words_for
from watchers.feed_model import FeedState, GuildFeed
from watchers.feeds.health import Condition
from watchers.own_feeds import remove_own_feed
from watchers.ports import UnitOfWork

_PAGE_SIZE = 10
_SHORTEST_ADDRESS = 4
_IN_TROUBLE = (Condition.STOPPED, Condition.FAILING)
_ORDER = (*_IN_TROUBLE, Condition.NEW, Condition.READING)


@dataclass(frozen=True, slots=True)
class _Seen:
    """The feeds that somebody sees."""

    feeds: tuple[FeedState, ...]
    own: dict[int, GuildFeed]
    """Those that their server added, by the feed's id."""


class Feeds(ServiceCog):
    """The feeds the bot reads."""

    feeds = app_commands.Group(name="feeds", description="The news feeds the bot reads")

    def __init__(self, services: Services, finder: FeedFinder) -> None:
        """Offer the lists of feeds; look at new ones with `finder`."""
        super().__init__(services)
        self._adding = FeedAdding(services, finder)
        self.listings = {"feeds": self._page, "feedtrouble": self._trouble_page}

    # --- how they fare ------------------------------------------------------------------------------------

    @feeds.command(name="list")
    async def list_feeds(self, interaction: discord.Interaction) -> None:
        """List the feeds, failing ones first; those that this server added are marked."""
        await defer(interaction)
        await self.show_first_page(interaction, "feeds")

    @feeds.command()
    @app_commands.describe(feed="Which one; start typing to see them. All of them if left out")
    async def status(self, interaction: discord.Interaction, feed: str | None = None) -> None:
        """Tell how feeds fare: when they were read, why they fail, when I look again."""
        await defer(interaction)
        if feed is None:
            await self.show_first_page(interaction, "feedtrouble")
            return
        say, seen = words_for(interaction.locale.value), await self._seen(interaction.guild_id)
        meant = _meant(feed, seen.feeds, say)
        await interaction.followup.send(view=self._card(interaction, meant, seen), ephemeral=True)

    @feeds.command()
    async def export(self, interaction: discord.Interaction) -> None:
        """Give me the feeds as an OPML file, which other feed readers take."""
        await defer(interaction)
        say, seen = words_for(interaction.locale.value), await self._seen(interaction.guild_id)
        if not seen.feeds:
            raise Refusal(say("There are no feeds to export."))
        own = [feed for feed in seen.feeds if feed.id in seen.own and not feed.public]
        public = [feed for feed in seen.feeds if feed.public]
        folders = say("Added by this server"), say("Read for everybody")
        text = as_opml(say("Feeds of Aide-Mémoire"), own, public, folders, self.services.clock.now())
        file = Attached("feeds.opml", text.encode())
        heading = say.many("{count} feed", "{count} feeds", len(own) + len(public))
        lines = [say("Open the file with a feed reader, or give it to `/feeds import` in another server.")]
        await interaction.followup.send(view=FileView(f"📡 {heading}", lines, file), file=file, ephemeral=True)

    async def opened(self, interaction: discord.Interaction, feed_id: int) -> ui.LayoutView:
        """Return the card of a feed as it is now."""
        seen = await self._seen(interaction.guild_id)
        return self._card(interaction, _of_id(feed_id, seen.feeds, words_for(interaction.locale.value)), seen)

    async def asked_again(self, interaction: discord.Interaction, feed_id: int) -> ui.LayoutView:
        """Have one of the server's own feeds asked at once, and return its card."""
        desk = await self._desk(interaction)
        now = self.services.clock.now()

        def ask(work: UnitOfWork) -> None:
            if any(one.feed.id == feed_id for one in work.guild_feeds.of(desk.guild.id)):
                work.feeds.ask_at(feed_id, now)

        await self.services.store.transact(ask)
        return await self.opened(interaction, feed_id)

    # --- a server's own -----------------------------------------------------------------------------------

    @feeds.command(extras=MANAGERS_ONLY)
    @app_commands.describe(url="The address of a site or of a feed")
    async def add(
        self, interaction: discord.Interaction, url: app_commands.Range[str, _SHORTEST_ADDRESS, LONGEST_ADDRESS]
    ) -> None:
        """Add a feed for this server alone; shows what it holds before anything is saved."""
        await defer(interaction)
        desk = await self._desk(interaction)
        await interaction.followup.send(view=await self._adding.begun(desk, url), ephemeral=True)

    @feeds.command(extras=MANAGERS_ONLY)
    @app_commands.describe(feed="Which of the feeds that this server added")
    async def remove(self, interaction: discord.Interaction, feed: str) -> None:
        """Take away one of the feeds that this server added; asks first."""
        await defer(interaction)
        desk = await self._desk(interaction)
        own = await self._own(desk)
        if not own:
            raise Refusal(desk.say("This server has added no feeds: `/feeds add` adds one."))
        meant = _meant(feed, [one.feed for one in own], desk.say)
        await interaction.followup.send(view=RemoveFeedView(meant, desk.say), ephemeral=True)

    @feeds.command(name="import", extras=MANAGERS_ONLY)
    @app_commands.describe(file="An OPML file, as feed readers export it")
    async def import_feeds(self, interaction: discord.Interaction, file: discord.Attachment) -> None:
        """Add the feeds of an OPML file for this server alone; shows them before anything is saved."""
        await defer(interaction)
        view = await self._adding.listed(await self._desk(interaction), file)
        if view.file is None:
            await interaction.followup.send(view=view, ephemeral=True)
        else:
            await interaction.followup.send(view=view, file=view.file, ephemeral=True)

    async def picked(self, interaction: discord.Interaction, url: str) -> ui.LayoutView:
        """Return what one of several feeds shows."""
        return await self._adding.picked(await self._desk(interaction), url)

    async def changed(self, interaction: discord.Interaction, draft: FeedDraft, zone: str) -> ui.LayoutView:
        """Return what a draft shows with a zone that was typed."""
        return await self._adding.changed(await self._desk(interaction), draft, zone)

    async def added(self, interaction: discord.Interaction) -> ui.LayoutView:
        """Store the feed whose draft the message holds, and return what has been agreed."""
        desk = await self._desk(interaction)
        return await self._adding.added(desk, draft_in(interaction.message, desk.say))

    async def brought_in(self, interaction: discord.Interaction, file: discord.Attachment | None) -> ui.LayoutView:
        """Add the feeds of a list, and return what has become of it."""
        return await self._adding.brought_in(await self._desk(interaction), file)

    async def asked_to_remove(self, interaction: discord.Interaction, feed_id: int) -> ui.LayoutView:
        """Return the question whether one of the server's own feeds is to go."""
        desk = await self._desk(interaction)
        own = [one.feed for one in await self._own(desk)]
        return RemoveFeedView(_of_id(feed_id, own, desk.say), desk.say)

    async def removed(self, interaction: discord.Interaction, feed_id: int) -> ui.LayoutView:
        """Let one of the server's own feeds go, and return what has become of it."""
        desk, now = await self._desk(interaction), self.services.clock.now()
        gone = await self.services.store.transact(
            lambda work: remove_own_feed(work, desk.guild.id, feed_id, by=desk.user_id, now=now)
        )
        if gone is None:
            raise Refusal(_no_longer_here(desk.say))
        return NoteView(f"🗑️ {desk.say('Removed: {name}', name=f'**{plain(gone.outlet, 80)}**')}")

    # --- choices ------------------------------------------------------------------------------------------

    @status.autocomplete("feed")
    async def offer_feeds(self, interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        """Offer the feeds that fit what has been typed."""
        return _offered(typed, (await self._seen(interaction.guild_id)).feeds)

    @remove.autocomplete("feed")
    async def offer_own(self, interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        """Offer the feeds that this server added, as far as they fit what has been typed."""
        if not interaction.permissions.manage_guild or interaction.guild_id is None:
            return []
        return _offered(typed, [one.feed for one in (await self._seen(interaction.guild_id)).own.values()])

    # --- what is shown ------------------------------------------------------------------------------------

    async def _desk(self, interaction: discord.Interaction) -> Desk:
        guild, say = await self.managed(interaction)
        return Desk(guild, interaction.user.id, say)

    async def _own(self, desk: Desk) -> tuple[GuildFeed, ...]:
        return await self.services.store.look(lambda work: tuple(work.guild_feeds.of(desk.guild.id)))

    async def _seen(self, guild_id: int | None) -> _Seen:
        """Return the feeds that are seen in a server (None: outside any)."""

        def look(work: UnitOfWork) -> _Seen:
            own = () if guild_id is None else work.guild_feeds.of(guild_id)
            return _Seen(tuple(work.guild_feeds.visible(guild_id)), {one.feed.id: one for one in own})

        return await self.services.store.look(look)

    def _card(self, interaction: discord.Interaction, feed: FeedState, seen: _Seen) -> FeedView:
        managed = interaction.guild_id is not None and interaction.permissions.manage_guild
        say, now = words_for(interaction.locale.value), self.services.clock.now()
        return FeedView(feed, seen.own.get(feed.id), now, say, managed=managed)

    async def _page(self, interaction: discord.Interaction, wish: PageWish) -> ui.LayoutView:
        """Return a page of feeds: those in trouble first, then by outlet."""
        say, seen = words_for(interaction.locale.value), await self._seen(interaction.guild_id)
        ordered = sorted(seen.feeds, key=lambda feed: (_ORDER.index(condition_of(feed)), feed.outlet.casefold()))
        counted = say.many("{count} feed", "{count} feeds", len(seen.feeds))
        foot = say("`/feeds status` tells of one · `/feeds add` adds one for this server")
        return self._listed(ordered, seen, wish, heading=f"📡 {counted}", foot=foot, say=say)

    async def _trouble_page(self, interaction: discord.Interaction, wish: PageWish) -> ui.LayoutView:
        """Return a page of the feeds in trouble, below how many fare how."""
        say, seen = words_for(interaction.locale.value), await self._seen(interaction.guild_id)
        fare = Counter(map(condition_of, seen.feeds))
        troubled = [feed for feed in seen.feeds if condition_of(feed) in _IN_TROUBLE]
        counted = " · ".join(
            _unbroken(f"{condition_name(one, say)}: {say.number(fare[one])}") for one in reversed(_ORDER) if fare[one]
        )
        heading = f"📡 {say.many('{count} feed', '{count} feeds', len(seen.feeds))}\n{counted}"
        foot = (
            say("`/feeds list` has all of them") if troubled else say("None is failing. `/feeds list` has all of them.")
        )
        return self._listed(troubled, seen, wish, heading=heading, foot=foot, say=say)

    def _listed(
        self, feeds: Sequence[FeedState], seen: _Seen, wish: PageWish, *, heading: str, foot: str, say: Words
    ) -> PageView:
        wish, pages = page_of(wish, len(feeds), _PAGE_SIZE)
        shown = feeds[wish.number * _PAGE_SIZE :][:_PAGE_SIZE]
        line = partial(feed_line, now=self.services.clock.now(), say=say)
        lines = [line(feed, own=feed.id in seen.own) for feed in shown]
        below = [OpenFeed(shown, say("Open a feed…"))] if shown else []
        return PageView(heading, lines, wish, pages, foot=foot, below=below, say=say)


def _unbroken(words: str) -> str:
    """Return words as no line of a narrow screen ends between them."""
    return words.replace(" ", "\N{NO-BREAK SPACE}")


def _offered(typed: str, feeds: Sequence[FeedState]) -> list[app_commands.Choice[str]]:
    wanted = typed.strip().casefold()
    return choices([(label_of(one), str(one.id)) for one in feeds if wanted in f"{label_of(one)} {one.url}".casefold()])


def _of_id(feed_id: int, feeds: Sequence[FeedState], say: Words) -> FeedState:
    found = next((feed for feed in feeds if feed.id == feed_id), None)
    if found is None:
        raise Refusal(_no_longer_here(say))
    return found


def _meant(typed: str, feeds: Sequence[FeedState], say: Words) -> FeedState:
    """Return the feed that somebody named by number, name, part of it, or address; raise `Refusal` where none is."""
    wanted = typed.strip().casefold()
    for feed in feeds:
        if wanted in {str(feed.id), feed.outlet.casefold(), label_of(feed).casefold()}:
            return feed
    like = [feed for feed in feeds if wanted in label_of(feed).casefold()]
    known = known_at(typed.strip(), feeds) or (like[0] if len(like) == 1 else None)
    if known is None:
        message = say("There is no feed “{typed}” here. `/feeds list` has those that are.", typed=plain(typed, 60))
        raise Refusal(message)
    return known


def _no_longer_here(say: Words) -> str:
    return say("That feed is no longer read here. `/feeds list` has those that are.")
