"""Adding feeds of a server's own: one that is looked at first, or a list of them."""

from __future__ import annotations

import asyncio
import math
from dataclasses import dataclass, replace

import discord
from discord import ui
from discord.ext import commands

from bot.cogs.base import zone_meant
from bot.errors import Refusal
from bot.feed_finding import FeedFinder, FeedLook, address_of, known_at, language_of
from bot.feed_lists import LARGEST_LIST, ImportPlan, import_plan, wishes_of
from bot.render import plain, reason_words
from bot.services import Services
from bot.views.feed_import import ImportView
from bot.views.look import GREEN, SLATE
from bot.views.new_feed import ChoiceView, FeedDraft, NewFeedView
from bot.views.topics import NoteView
from bot.words import ENGLISH, Words, marked
from bot.zones import zone_called
from config.opml import OpmlError, OpmlFault, OpmlFeed, feeds_in
from watchers.audience import Guild
from watchers.feed_memory import MOST_GUILD_FEEDS
from watchers.feed_model import FeedState, GuildFeedWish
from watchers.own_feeds import add_own_feed, import_own_feeds
from watchers.ports import FetchError, UnitOfWork

_LOOKS, _WITHIN = 10, 60.0
"""How many feeds one server may have looked at, within how many seconds: other servers are asked each time."""
_FAULTS = {
    OpmlFault.NO_OPML: marked("it is not OPML"),
    OpmlFault.ENTITY: marked("it declares an XML entity, which no list of feeds needs"),
    OpmlFault.NO_XML: marked("it is not well-formed XML"),
    OpmlFault.EMPTY: marked("it names no feed"),
}


@dataclass(frozen=True, slots=True)
class Desk:
    """Where somebody who manages a server stands."""

    guild: Guild
    user_id: int
    say: Words


class FeedAdding:
    """Finds, shows and stores feeds that servers add."""

    def __init__(self, services: Services, finder: FeedFinder) -> None:
        """Look at feeds through `finder`."""
        self._services = services
        self._finder = finder
        self._pace: commands.CooldownMapping[int] = commands.CooldownMapping.from_cooldown(
            _LOOKS, _WITHIN, lambda guild_id: guild_id
        )

    # --- one ----------------------------------------------------------------------------------------------

    async def begun(self, desk: Desk, typed: str) -> ui.LayoutView:
        """Return what was found at an address that somebody typed: one feed, several, or a refusal."""
        say = desk.say
        own = await self._services.store.look(lambda work: work.guild_feeds.count(desk.guild.id))
        _refuse_where_full(own, say)
        if (known := known_at(typed if "://" in typed else f"https://{typed}", await self._read(desk))) is not None:
            return self._known(known, say)
        self._refuse_haste(desk)
        try:
            found = await self._finder.find(typed)
        except FetchError as error:
            raise Refusal(say("I find no feed there: {reason}.", reason=reason_words(error.reason, say))) from error
        if not found:
            raise Refusal(say("I find no feed there. Give the address of the feed itself, which the site may name."))
        return await self._shown(desk, found[0].url) if len(found) == 1 else ChoiceView(found, say)

    async def picked(self, desk: Desk, url: str) -> ui.LayoutView:
        """Return what one of several feeds shows."""
        self._refuse_haste(desk)
        return await self._shown(desk, url)

    async def changed(self, desk: Desk, draft: FeedDraft, zone: str) -> ui.LayoutView:
        """Return what a draft shows with a zone that was typed; what is wrong with that stands below it."""
        self._refuse_haste(desk)
        notice = ""
        try:
            named = zone_meant(zone_called(zone, self._services.clock.now()), zone, desk.say)
            draft = replace(draft, zone=named)
        except Refusal as refusal:
            notice = str(refusal)
        return NewFeedView(await self._looked_at(desk, draft.url, draft.zone), draft, desk.say, notice)

    async def added(self, desk: Desk, draft: FeedDraft) -> ui.LayoutView:
        """Store a feed and return what has been agreed."""
        url = address_of(draft.url)
        if url is None:
            raise Refusal(desk.say("I can no longer read this message. Use `/feeds add` once more."))
        wish = GuildFeedWish(
            guild_id=desk.guild.id,
            url=url,
            outlet=draft.name,
            language=draft.language,
            time_zone=draft.zone,
            full_text=draft.full_text,
            added_by=desk.user_id,
        )
        now = self._services.clock.now()

        def work(unit: UnitOfWork) -> FeedState | None:
            known = known_at(url, unit.guild_feeds.visible(desk.guild.id))
            if known is None:
                _refuse_where_full(unit.guild_feeds.count(desk.guild.id), desk.say)
                add_own_feed(unit, wish, now)
            return known

        known = await self._services.store.transact(work)
        return self._agreed(desk, draft) if known is None else self._known(known, desk.say)

    def _agreed(self, desk: Desk, draft: FeedDraft) -> ui.LayoutView:
        say = desk.say
        name = f"**{plain(draft.name)}**"
        lines = (
            f"✅ {say('Added: {name}', name=name)}",
            say("Within minutes I read it. What it says from then on is told to this server alone."),
            f"-# {say('`/feeds status` tells how it fares, `/feeds remove` takes it away.')}",
        )
        return NoteView("\n".join(lines), GREEN)

    def _known(self, feed: FeedState, say: Words) -> ui.LayoutView:
        name = f"**{plain(feed.outlet, 80)}**"
        if feed.public:
            line = say("{name} is read for everybody already, so there is nothing to add.", name=name)
        else:
            line = say("This server has added {name} already.", name=name)
        return NoteView(f"📡 {line}", SLATE)

    async def _read(self, desk: Desk) -> tuple[FeedState, ...]:
        """Return the feeds that the server sees."""
        return await self._services.store.look(lambda work: tuple(work.guild_feeds.visible(desk.guild.id)))

    async def _shown(self, desk: Desk, url: str) -> ui.LayoutView:
        """Return what a feed shows, or that it is read here already."""
        read = await self._read(desk)
        if (known := known_at(url, read)) is not None:
            return self._known(known, desk.say)
        zone = self._services.hours(desk.guild).zone.key
        look = await self._looked_at(desk, url, zone)
        if (known := known_at(look.url, read)) is not None:
            return self._known(known, desk.say)
        language = language_of(look.language, desk.guild.language or ENGLISH)
        draft = FeedDraft(look.url, look.name, language, zone, full_text=False)
        return NewFeedView(look, draft, desk.say)

    async def _looked_at(self, desk: Desk, url: str, zone: str) -> FeedLook:
        """Return what the feed at `url` shows, at an address that can be kept."""
        say = desk.say
        try:
            look = await self._finder.look(url, zone)
        except FetchError as error:
            raise Refusal(say("I cannot read that feed: {reason}.", reason=reason_words(error.reason, say))) from error
        kept = address_of(look.url)
        if kept is None:
            raise Refusal(say("I cannot keep that address: it is too long, or holds a name or password."))
        return replace(look, url=kept)

    def _refuse_haste(self, desk: Desk) -> None:
        """Raise where a server has had many feeds looked at just now."""
        wait = self._pace.update_rate_limit(desk.guild.id, self._services.clock.now().timestamp())
        if wait:
            line = desk.say.many(
                "That was a lot at once. Try again in {count} second.",
                "That was a lot at once. Try again in {count} seconds.",
                math.ceil(wait),
            )
            raise Refusal(line)

    # --- a list -------------------------------------------------------------------------------------------

    async def listed(self, desk: Desk, file: discord.Attachment | None) -> ImportView:
        """Return what a list would bring; raise `Refusal` where it cannot be read."""
        feeds = await self._feeds_of(file, desk.say)
        plan = await self._plan(desk, feeds)
        return ImportView(plan, desk.say, self._services.clock.now())

    async def brought_in(self, desk: Desk, file: discord.Attachment | None) -> ui.LayoutView:
        """Store what a list brings, as it is now, and return what has become of it."""
        feeds, say = await self._feeds_of(file, desk.say), desk.say
        now, zone = self._services.clock.now(), self._services.hours(desk.guild).zone.key

        def work(unit: UnitOfWork) -> ImportPlan:
            plan = self._plan_in(unit, desk, feeds)
            import_own_feeds(unit, wishes_of(plan, desk.guild.id, desk.user_id, zone), now)
            return plan

        plan = await self._services.store.transact(work)
        added = say.many("{count} feed added", "{count} feeds added", len(plan.new))
        told = say("What they say from now on is told to this server alone. `/feeds status` tells how they fare.")
        return NoteView(f"✅ {added}\n{told}", GREEN)

    async def _plan(self, desk: Desk, feeds: tuple[OpmlFeed, ...]) -> ImportPlan:
        return await self._services.store.look(lambda work: self._plan_in(work, desk, feeds))

    def _plan_in(self, work: UnitOfWork, desk: Desk, feeds: tuple[OpmlFeed, ...]) -> ImportPlan:
        room = MOST_GUILD_FEEDS - work.guild_feeds.count(desk.guild.id)
        read = work.guild_feeds.visible(desk.guild.id)
        return import_plan(feeds, read, max(0, room), desk.guild.language or ENGLISH)

    async def _feeds_of(self, file: discord.Attachment | None, say: Words) -> tuple[OpmlFeed, ...]:
        """Return the feeds of an attached list, read beside the loop."""
        if file is None:
            raise Refusal(say("I can no longer read this message. Use `/feeds import` once more."))
        if file.size > LARGEST_LIST:
            raise Refusal(say("That file is too large for a list of feeds: I take up to 1 MB."))
        try:
            document = await file.read()
            return await asyncio.to_thread(feeds_in, document)
        except discord.HTTPException as error:
            raise Refusal(say("Discord does not give me that file any more. Send it once more.")) from error
        except OpmlError as error:
            raise Refusal(_fault_words(error, say)) from error


def _refuse_where_full(held: int, say: Words) -> None:
    """Raise where a server holds as many feeds of its own as it may."""
    if held >= MOST_GUILD_FEEDS:
        raise Refusal(say("A server has at most {most} feeds of its own: remove one first.", most=MOST_GUILD_FEEDS))


def _fault_words(error: OpmlError, say: Words) -> str:
    """Return what is wrong with a list, and where."""
    why = say(_FAULTS[error.fault])
    cure = say("Export it again as OPML.")
    if error.line is None:
        return f"{say('I cannot read that list: {why}.', why=why)} {cure}"
    return f"{say('I cannot read that list (line {line}): {why}.', line=error.line, why=why)} {cure}"
