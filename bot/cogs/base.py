"""What every cog has: the services, and the lists whose pages it can show."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TypeVar

import discord
from discord import app_commands, ui
from discord.ext import commands

from bot.errors import Refusal
from bot.render import CHOICE_LIMIT, Setting, bare, plain
from bot.services import EVERY_TOPIC_NAME, Services
from bot.views.pager import PageWish
from bot.words import IN_ENGLISH, Words
from watchers.alerts import EVERY_TOPIC
from watchers.audience import Guild

Listing = Callable[[discord.Interaction, PageWish], Awaitable[ui.LayoutView]]

T = TypeVar("T")

MOST_CHOICES = 25
LONGEST_ZONE = 60
"""Characters of a time zone as somebody types it."""
_NAMED_AT_MOST = 5


class ServiceCog(commands.Cog):
    """A cog that works with the services alone; it never sees the client's class."""

    def __init__(self, services: Services) -> None:
        """Keep the services; a cog with lists names them in `listings`."""
        self.services = services
        self.listings: Mapping[str, Listing] = {}

    async def setting(self, interaction: discord.Interaction) -> Setting:
        """Return what the wording of an answer depends on that one person sees: their language, their server's day."""
        return (await self.there(interaction))[1]

    async def there(self, interaction: discord.Interaction) -> tuple[Guild | None, Setting]:
        """Return the server somebody asks in (None: outside any), and what the wording of their answer depends on."""
        guild = await self.guild(interaction)
        return guild, self.services.setting(guild, interaction.locale.value)

    async def guild(self, interaction: discord.Interaction) -> Guild | None:
        """Return what the server of an interaction has settled and written; None outside servers."""
        guild_id = interaction.guild_id
        if guild_id is None:
            return None
        return await self.services.store.look(lambda work: work.guilds.get(guild_id))

    async def managed(self, interaction: discord.Interaction) -> tuple[Guild, Words]:
        """Return the server and the words to answer in; raise where somebody may not change what is the server's."""
        managed_server(interaction)
        guild, setting = await self.there(interaction)
        if guild is None:
            raise app_commands.NoPrivateMessage
        return guild, setting.say

    async def show_first_page(self, interaction: discord.Interaction, listing: str, filter_: str = "") -> None:
        """Answer a deferred command with the first page of one of the cog's lists."""
        page = await self.listings[listing](interaction, PageWish(listing, 0, filter_))
        await interaction.followup.send(view=page, ephemeral=True)

    def topic_choices(
        self, typed: str, guild: Guild | None = None, say: Words = IN_ENGLISH, *, with_every: bool
    ) -> list[app_commands.Choice[str]]:
        """Return a server's topics that fit what has been typed, with every topic together first where offered."""
        name = say(EVERY_TOPIC_NAME)
        every = [(f"{name[0].upper()}{name[1:]}", EVERY_TOPIC)]
        offered = every if with_every and typed.strip().casefold() in name.casefold() else []
        return choices([*offered, *((topic.name, topic.id) for topic in self.services.topics_like(typed, guild))])


def for_managers(command: T) -> T:
    """Offer a command in servers only, to those with Manage Server, and check that again when it is used.

    A server's settings may offer a command to others; what it does is still theirs alone who manage the server.
    """
    in_servers = app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
    offered = app_commands.default_permissions(manage_guild=True)
    checked = app_commands.checks.has_permissions(manage_guild=True)
    return in_servers(offered(checked(command)))


def managed_server(interaction: discord.Interaction) -> int:
    """Return the id of the server in which somebody asks who manages it; raise where it is none, or they do not.

    For what Discord cannot ask that of: components, forms, and one command of a group.
    """
    if interaction.guild_id is None:
        raise app_commands.NoPrivateMessage
    if not interaction.permissions.manage_guild:
        raise app_commands.MissingPermissions(["manage_guild"])
    return interaction.guild_id


def zone_meant(found: tuple[str | None, tuple[str, ...]], typed: str, say: Words) -> str:
    """Return the one zone that was found (`bot.zones.zone_called`); raise `Refusal` with those that may be meant."""
    zone, like = found
    if zone is not None:
        return zone
    named = plain(typed, LONGEST_ZONE)
    if not like:
        raise Refusal(say("I know no zone “{name}”. Type a city such as Geneva, or UTC+2.", name=named))
    may_be = ", ".join(f"**{one.replace('_', ' ')}**" for one in like[:_NAMED_AT_MOST])
    raise Refusal(say("I am not sure which zone “{name}” is. It may be {zones}.", name=named, zones=may_be))


async def defer(interaction: discord.Interaction) -> None:
    """Tell Discord at once that an answer is coming, for its author's eyes alone."""
    await interaction.response.defer(ephemeral=True, thinking=True)


def choices(pairs: Sequence[tuple[str, str]]) -> list[app_commands.Choice[str]]:
    """Return autocomplete choices of these labels and values, as many as Discord takes."""
    return [
        app_commands.Choice(name=name, value=value)
        for label, value in pairs[:MOST_CHOICES]
        if 0 < len(value) <= CHOICE_LIMIT and (name := bare(label, CHOICE_LIMIT))
    ]
