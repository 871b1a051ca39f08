"""The Discord client: connects, offers the commands, and sees that background work starts and ends with it."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

import discord
from discord import app_commands, ui
from discord.ext import commands
from discord.http import Route

from bot.cogs.audit import Audit
from bot.cogs.cards import Cards
from bot.cogs.feeds import Feeds
from bot.cogs.followups import FollowUps
from bot.cogs.joining import Joining
from bot.cogs.membership import Membership
from bot.cogs.people import People
from bot.cogs.privacy import Privacy
from bot.cogs.record import Records
from bot.cogs.reminders import Reminders
from bot.cogs.scan import Scan
from bot.cogs.seeing import Seeing
from bot.cogs.setup import SetUp
from bot.cogs.status import Status
from bot.cogs.subscriptions import Subscriptions
from bot.cogs.topics import Topics
from bot.cogs.welcome import Welcome
from bot.errors import CommandTree, Refusal
from bot.feed_finding import FeedFinder
from bot.services import Services
from bot.translating import CatalogueTranslator
from bot.views.feed_import import ImportButton
from bot.views.feeds import FeedButton, OpenFeed
from bot.views.form import refuse_if_forgotten
from bot.views.help import SubjectMenu
from bot.views.joining import RejoinButton, ReportSelect, SameButton
from bot.views.new_feed import FoundFeedSelect, NewFeedButton
from bot.views.order_items import OpenOrder, OrderItem
from bot.views.pager import PageButton, PageWish
from bot.views.privacy import ForgetButton
from bot.views.rating import CardButton, CardSelect
from bot.views.record import RecordFileButton
from bot.views.reminders import AnswerButton, RemindButton, ReminderSelect, StepButton
from bot.views.scan import FoundButton
from bot.views.setup import SetUpItem
from bot.views.topics import TopicButton
from bot.views.welcome import BeginButton
from bot.words import words_for
from watchers.audience import Shards
from watchers.ports import Fetcher, Workers

log = logging.getLogger(__name__)

# A rate limit longer than this is not slept through: the outbox remembers it and other channels go on.
_LONGEST_RATE_LIMIT_SLEPT_THROUGH = 30.0


class Background(Protocol):
    """Work that runs beside the commands."""

    async def start(self) -> None:
        """Begin; REST calls to Discord are possible from now on."""

    async def stop(self) -> None:
        """End, once what is in hand is finished."""


class AideMemoire(commands.AutoShardedBot):
    """The bot on Discord. It needs only the `guilds` intent and reads no messages."""

    def __init__(
        self,
        services: Services,
        fetcher: Fetcher,
        workers: Workers[object],
        background_of: Callable[[discord.Client], Background],
        shards: Shards | None = None,
    ) -> None:
        """Answer commands with `services`, reading what people link to through `fetcher`.

        `workers` parse the feeds that people would add. `background_of` makes what runs while this client does.
        `shards` are those of the gateway that it serves; None: all, of as many as Discord recommends.
        """
        super().__init__(
            command_prefix=commands.when_mentioned,
            help_command=None,
            intents=discord.Intents(guilds=True),
            allowed_mentions=discord.AllowedMentions.none(),
            tree_cls=CommandTree,
            # Said outright, because Discord fills in what is left open and the commands would look changed for ever.
            allowed_contexts=app_commands.AppCommandContext(guild=True, dm_channel=True, private_channel=False),
            allowed_installs=app_commands.AppInstallationType(guild=True, user=False),
            max_ratelimit_timeout=_LONGEST_RATE_LIMIT_SLEPT_THROUGH,
            **_sharding(shards),
        )
        scan = Scan(services, fetcher)
        self.tree.add_command(scan.menu)
        self._membership = Membership(services)
        self._cogs = (
            self._membership,
            SetUp(services),
            Subscriptions(services),
            FollowUps(services),
            Cards(services),
            Joining(services),
            Reminders(services),
            scan,
            Seeing(services),
            Records(services),
            Topics(services),
            Feeds(services, FeedFinder(fetcher, workers, services.clock)),
            People(services),
            Privacy(services),
            Audit(services),
            Status(services),
            Welcome(services),
        )
        self._background = background_of(self)

    async def setup_hook(self) -> None:
        """Offer the commands and begin the background work; discord.py calls this once, after logging in."""
        for cog in self._cogs:
            await self.add_cog(cog)
        self.add_dynamic_items(PageButton, CardButton, CardSelect, TopicButton, OrderItem, OpenOrder)
        self.add_dynamic_items(RemindButton, AnswerButton, StepButton, ReminderSelect, FoundButton)
        self.add_dynamic_items(SetUpItem, SubjectMenu, BeginButton, RecordFileButton)
        self.add_dynamic_items(ReportSelect, SameButton, RejoinButton)
        self.add_dynamic_items(OpenFeed, FeedButton, FoundFeedSelect, NewFeedButton, ImportButton)
        self.add_dynamic_items(ForgetButton)
        await self._background.start()
        try:
            await self._offer_commands()
        except (discord.HTTPException, discord.RateLimited) as error:
            reason = {"reason": str(error)}
            log.warning("the commands could not be brought up to date, so they stay as they were", extra=reason)

    async def close(self) -> None:
        """End the background work, then the connection."""
        if not self.is_closed():
            await self._background.stop()
        await super().close()

    async def on_ready(self) -> None:
        """Tell the operator, and find out what was missed; discord.py calls this after each fresh session."""
        log.info("connected to Discord", extra={"user": str(self.user), "servers": len(self.guilds)})
        await self._membership.compare(self)

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        """Answer what discord.py passes over; it calls this for every interaction."""
        await refuse_if_forgotten(interaction)

    async def show_page(self, interaction: discord.Interaction, wish: PageWish) -> ui.LayoutView:
        """Return a page of a list, whoever keeps that list."""
        for cog in self._cogs:
            if wish.listing in cog.listings:
                return await cog.listings[wish.listing](interaction, wish)
        say = words_for(interaction.locale.value)
        raise Refusal(say("That list is no longer offered."))

    async def command_payloads(self) -> list[Any]:
        """Return the commands as they are offered to Discord, in every language the bot speaks."""
        translator = CatalogueTranslator()
        payloads = [await one.get_translated_payload(self.tree, translator) for one in self.tree.get_commands()]
        return [_as_documented(payload) for payload in payloads]

    async def _offer_commands(self) -> None:
        """Send the commands to Discord where they differ from what it has (each sending counts against a limit)."""
        if self.application_id is None:
            return
        wanted = await self.command_payloads()
        # The raw answers, because discord.py's own forms of them lose fields that must be compared, and with every
        # language in them, which discord.py's own request does not ask for.
        route = Route("GET", "/applications/{application_id}/commands", application_id=self.application_id)
        offered = await self.http.request(route, params={"with_localizations": "true"})
        if fingerprint(wanted) != fingerprint(offered):
            await self.http.bulk_upsert_global_commands(self.application_id, payload=wanted)
            log.info("the slash commands were brought up to date")


def _sharding(shards: Shards | None) -> dict[str, Any]:
    """Return discord.py's options for these shards of the gateway."""
    return {} if shards is None else {"shard_ids": sorted(shards.ids), "shard_count": shards.count}


def fingerprint(payloads: Sequence[Mapping[str, Any]]) -> str:
    """Return a hash that is equal for commands that are the same to a person, whatever their order."""
    shapes = sorted(json.dumps(_shape(payload), sort_keys=True) for payload in payloads)
    return hashlib.sha256("\n".join(shapes).encode()).hexdigest()


def _as_documented(payload: dict[str, Any]) -> dict[str, Any]:
    """Return a command without `nsfw`, which no command here is and which Discord's OpenAPI document lacks."""
    return {key: value for key, value in payload.items() if key != "nsfw"}


def _shape(value: Any) -> Any:
    """Return a command without what Discord adds to it and without fields that say nothing."""
    added = {"id", "application_id", "version", "guild_id", "dm_permission", "nsfw"}
    if isinstance(value, Mapping):
        if (needed := value.get("default_member_permissions")) is not None:
            # A number as it is sent, and text as it comes back.
            value = {**value, "default_member_permissions": str(needed)}
        shaped = {key: _shape(part) for key, part in value.items() if key not in added}
        return {key: part for key, part in shaped.items() if part not in (None, False, "", [], {})}
    if isinstance(value, list | tuple):
        return [_shape(part) for part in value]
    return value
