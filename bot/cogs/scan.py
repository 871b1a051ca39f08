"""`/scan` and the message menu's *Find deadlines*: what a text that somebody shows says of the future.

Nothing of it is stored.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import Iterator
from datetime import date
from urllib.parse import urlsplit

import discord
from discord import app_commands
from discord.ext import commands

from bot.cogs.base import ServiceCog, choices, defer
from bot.days import day_named
from bot.errors import Refusal
from bot.render import plain, reason_words, safe_link
from bot.scanning import scan, without_markup
from bot.services import Reader, Services
from bot.views.scan import MESSAGE, TEXT, Source, scan_views
from bot.words import Words, marked
from watchers.feeds.fulltext import LARGEST_PAGE, Page, may_be_html, read_page
from watchers.ports import Fetcher, FetchError

_LONGEST_OPTION = 6000
_LONGEST_LINK = 2000
_LONGEST_DAY = 40
_TEXTS_AT_ONCE, _PAGES_AT_ONCE = 2, 1
"""How many are read at the same time: a hostile page takes seconds, and commands and alerts keep their turn."""
_SCANS, _WITHIN = 6, 60.0
"""How often one person may use `/scan`, within how many seconds."""
_DAYS = (marked("today"), marked("yesterday"))
_INSTALLS = app_commands.AppInstallationType(guild=True, user=True)
_CONTEXTS = app_commands.AppCommandContext(guild=True, dm_channel=True, private_channel=True)


class Scan(ServiceCog):
    """Reads what people show it, for them alone."""

    def __init__(self, services: Services, fetcher: Fetcher) -> None:
        """Read linked pages through `fetcher`."""
        super().__init__(services)
        self._fetcher = fetcher
        self._text_turns = asyncio.Semaphore(_TEXTS_AT_ONCE)
        self._page_turns = asyncio.Semaphore(_PAGES_AT_ONCE)
        self._pace: commands.CooldownMapping[discord.Interaction] = commands.CooldownMapping.from_cooldown(
            _SCANS, _WITHIN, lambda interaction: interaction.user.id
        )
        self.menu = app_commands.ContextMenu(
            name="Find deadlines",
            callback=self.find_deadlines,
            allowed_contexts=_CONTEXTS,
            allowed_installs=_INSTALLS,
        )
        """A cog cannot offer a menu by itself: whoever adds the cog adds this to the command tree."""

    async def find_deadlines(self, interaction: discord.Interaction, message: discord.Message) -> None:
        """Show what a message says of the future, counted from the day it was written."""
        await defer(interaction)
        reader = await self._reader(interaction)
        text = without_markup("\n".join(_words_of(message)), reader.at.zone)
        await self._show(interaction, reader, text, message.created_at.astimezone(reader.at.zone).date(), MESSAGE)

    @app_commands.command(name="scan")
    @app_commands.allowed_installs(guilds=True, users=True)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    @app_commands.describe(
        text="The text to read, in English",
        link="The address of an article to read instead",
        day="The day it was written, from which “Friday” counts: “yesterday”, “2 March 2026”",
    )
    async def scan_text(
        self,
        interaction: discord.Interaction,
        text: app_commands.Range[str, 1, _LONGEST_OPTION] | None = None,
        link: app_commands.Range[str, 1, _LONGEST_LINK] | None = None,
        day: app_commands.Range[str, 1, _LONGEST_DAY] | None = None,
    ) -> None:
        """Find deadlines and commitments in a text or an article, for your eyes alone."""
        await defer(interaction)
        reader = await self._reader(interaction)
        say, today = reader.setting.say, reader.setting.today
        if wait := self._pace.update_rate_limit(interaction, self.services.clock.now().timestamp()):
            line = say.many(
                "That was a lot at once. Try again in {count} second.",
                "That was a lot at once. Try again in {count} seconds.",
                math.ceil(wait),
            )
            raise Refusal(line)
        if (text is None) == (link is None):
            raise Refusal(say("What shall I read? Give either a `text` or a `link`."))
        known = {say(one).casefold(): one for one in _DAYS}
        written = None if day is None else day_named(known.get(day.strip().casefold(), day), today)
        if day is not None and written is None:
            line = say(
                "I do not understand the day “{words}”. Try “yesterday”, “last Friday”, “2 March 2026” or "
                "“2026-03-02”.",
                words=plain(day, _LONGEST_DAY),
            )
            raise Refusal(line)
        if text is not None:
            await self._show(interaction, reader, without_markup(text, reader.at.zone), written or today, TEXT)
            return
        page, address = await self._page_at((link or "").strip(), say)
        await self._show(interaction, reader, page.text, written or page.day or today, _source(page, address))

    @scan_text.autocomplete("day")
    async def offer_days(self, interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        """Offer the likely days, and what was typed where it is understood."""
        reader = await self._reader(interaction)
        say, today = reader.setting.say, reader.setting.today
        read = day_named(typed, today) if typed.strip() else None
        own = [(say.day(read, with_weekday=True), read.isoformat())] if read is not None else []
        known = [(say(one), one) for one in _DAYS if typed.strip().casefold() in f"{one} {say(one)}".casefold()]
        return choices([*own, *known])

    async def _show(
        self, interaction: discord.Interaction, reader: Reader, text: str, day: date, source: Source
    ) -> None:
        """Read a text off the loop and answer with what was found."""
        async with self._text_turns:
            found = await asyncio.to_thread(scan, text, day, self.services.catalogue.events)
        for view in scan_views(found, source, reader):
            await interaction.followup.send(view=view, ephemeral=True)

    async def _page_at(self, link: str, say: Words) -> tuple[Page, str]:
        """Return the page of an address and the address that answered; raise `Refusal` where there is no article."""
        try:
            answer = await self._fetcher.fetch(link if "://" in link else f"https://{link}")
        except FetchError as error:
            raise Refusal(say("I cannot read that page: {reason}.", reason=reason_words(error.reason, say))) from error
        if answer.body is None or not may_be_html(answer.content_type):
            raise Refusal(say("That is no web page with an article. Copy its words into `text` instead."))
        if len(answer.body) > LARGEST_PAGE:
            raise Refusal(say("That page is too large to be an article. Copy its words into `text` instead."))
        async with self._page_turns:
            page = await asyncio.to_thread(read_page, answer.body, answer.url)
        if not page.text:
            raise Refusal(say("I find no article on that page. Copy its words into `text` instead."))
        return page, answer.url

    async def _reader(self, interaction: discord.Interaction) -> Reader:
        return await self.services.reader(interaction.user.id, interaction.guild_id, interaction.locale.value)


def _source(page: Page, address: str) -> Source:
    """Return how a page is shown: its title as a link, with its host."""
    host = plain(urlsplit(address).hostname or "", 60)
    title = plain(page.title or address, 100)
    link = safe_link(address)
    return Source(marked("On this page"), f"[{title}]({link}) ({host})" if link else f"{title} ({host})")


def _words_of(message: discord.Message) -> Iterator[str]:
    """Yield all that a message says: its own words, what it forwards, its embeds and its components."""
    yield message.content
    yield from (one.content for one in message.message_snapshots)
    for embed in (*message.embeds, *(each for one in message.message_snapshots for each in one.embeds)):
        yield from (embed.title or "", embed.description or "")
        yield from (f"{field.name}: {field.value}" for field in embed.fields)
    yield from _texts_in(message.components)


def _texts_in(components: list[discord.Component]) -> Iterator[str]:
    for one in components:
        if isinstance(one, discord.TextDisplay):
            yield one.content
        yield from _texts_in(list(getattr(one, "children", ())))
