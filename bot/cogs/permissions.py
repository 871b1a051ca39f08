"""What the bot must be allowed to do where it is to post, by the names that Discord's settings use."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import discord
from discord import app_commands

from bot.errors import Refusal
from bot.views.subscriptions import POSTING_TYPES
from bot.words import IN_ENGLISH, Words, marked
from watchers.audience import Place

PostingPlace = discord.TextChannel | discord.Thread | discord.ForumChannel

_VIEW = {"view_channel": marked("View Channel")}
_LINKS = {"embed_links": marked("Embed Links")}
_IN_THREADS = {"send_messages_in_threads": marked("Send Messages in Threads")}
_CHANNEL = {**_VIEW, "send_messages": marked("Send Messages"), **_LINKS}
_THREAD = {**_VIEW, **_IN_THREADS, **_LINKS}
_FORUM = {
    **_VIEW,
    "send_messages": marked("Create Posts"),
    "send_messages_in_threads": marked("Send Messages in Posts"),
    **_LINKS,
}
_CHANNEL_WITH_THREADS = {**_CHANNEL, "create_public_threads": marked("Create Public Threads"), **_IN_THREADS}


class PostingPlaceOption(app_commands.Transformer):
    """A command's option for a channel to post in; discord.py's own would offer kinds Discord's document lacks."""

    @property
    def type(self) -> discord.AppCommandOptionType:
        """A channel."""
        return discord.AppCommandOptionType.channel

    @property
    def channel_types(self) -> list[discord.ChannelType]:
        """Text channels, threads and forums."""
        return list(POSTING_TYPES)

    async def transform(self, interaction: discord.Interaction, value: Any, /) -> PostingPlace:
        """Return the channel itself; raise where the bot cannot see it."""
        del interaction
        found = value.resolve()
        if not isinstance(found, PostingPlace):
            raise app_commands.TransformerError(value, self.type, self)
        return found


def needed_in(channel: PostingPlace, place: Place) -> Mapping[str, str]:
    """Return the permissions that posting takes there, by discord.py's names, with Discord's in English."""
    if isinstance(channel, discord.ForumChannel):
        return _FORUM
    if isinstance(channel, discord.Thread):
        return _THREAD
    return _CHANNEL_WITH_THREADS if place is Place.THREADS else _CHANNEL


def missing_in(channel: PostingPlace, place: Place = Place.CHANNEL) -> tuple[str, ...]:
    """Return the names of the permissions that the bot lacks to post there, in English; they are to be said."""
    held = channel.permissions_for(channel.guild.me)
    return tuple(name for key, name in needed_in(channel, place).items() if not getattr(held, key))


def refuse_without_permissions(channel: PostingPlace, place: Place = Place.CHANNEL, say: Words = IN_ENGLISH) -> None:
    """Raise `Refusal` that names the permissions the bot lacks in a channel where it is to post."""
    missing = missing_in(channel, place)
    if missing:
        names = say.all_of([f"**{say(name)}**" for name in missing])
        message = say(
            "I cannot post in {channel} yet: give me {names} there, then try again.",
            channel=channel.mention,
            names=names,
        )
        raise Refusal(message)


def refuse_role(role: discord.Role, channel: PostingPlace, say: Words = IN_ENGLISH) -> None:
    """Raise `Refusal` for a role that the bot may not ping in a channel."""
    if role.is_default():
        raise Refusal(say("I do not ping everyone. Choose a role that people have asked for."))
    if not role.mentionable and not channel.permissions_for(channel.guild.me).mention_everyone:
        message = say(
            "I may not ping {role}: let anyone mention the role in its settings, or give me "
            "**Mention @everyone, @here and All Roles** in {channel}.",
            role=role.mention,
            channel=channel.mention,
        )
        raise Refusal(message)
