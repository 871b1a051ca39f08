"""`/subscribe`, `/unsubscribe`, `/subscriptions`: which channel follows what. For those who manage the server."""

from __future__ import annotations

import re

import discord
from discord import app_commands, ui

from bot.cogs.base import ServiceCog, choices, defer, for_managers
from bot.errors import Refusal
from bot.render import plain
from bot.services import Services
from bot.views.pager import PageView, PageWish, page_of
from watchers.audience import Rhythm, Subscription, SubscriptionWish, Wants
from watchers.deadline_watcher import end_subscription, put_subscription
from watchers.model import Kind
from watchers.ports import UnitOfWork
from watchers.rating import CaseFilter

_PAGE_SIZE = 10
_RHYTHMS = {Rhythm.INSTANT: "at once", Rhythm.DAILY: "once a day", Rhythm.WEEKLY: "once a week"}
_KINDS = {
    "Everything": frozenset(Kind),
    "Deadlines": frozenset({Kind.DEADLINE}),
    "Deadlines and commitments": frozenset({Kind.DEADLINE, Kind.COMMITMENT}),
    "Commitments": frozenset({Kind.COMMITMENT}),
    "Events": frozenset({Kind.EVENT}),
    "Expectations": frozenset({Kind.EXPECTATION}),
}
_REMINDERS = {
    "The day before, on the last day and the day after": (1, 0, -1),
    "A week and a day before, on the last day and the day after": (7, 1, 0, -1),
    "On the last day and the day after": (0, -1),
    "No reminders": (),
}
_USUAL_REMINDERS = next(iter(_REMINDERS))
_CHOSEN = re.compile(r"(\d{1,18}|[1-8]\d{18}):(.+)")
"""A channel's id, as large as ids get, and a topic's: the value of an autocomplete choice."""
_NEEDED = {
    "view_channel": "View Channel",
    "send_messages": "Send Messages",
    "embed_links": "Embed Links",
}
_NEEDED_IN_THREADS = {**_NEEDED, "send_messages": "Send Messages in Threads"}

Channel = discord.TextChannel | discord.Thread


class Subscriptions(ServiceCog):
    """Standing orders of channels."""

    def __init__(self, services: Services) -> None:
        """Offer the list of subscriptions."""
        super().__init__(services)
        self.listings = {"subscriptions": self._page}

    @app_commands.command()
    @app_commands.describe(
        topic="What to follow; start typing to see the topics",
        channel="Where to post; this channel if left out",
        kinds="Which kinds of statement; everything if left out",
        role="A role to ping with each alert; nobody if left out",
        rhythm="At once, or gathered once a day",
        reminders="When to remind; the day before, on the last day and the day after if left out",
    )
    @app_commands.choices(
        kinds=[app_commands.Choice(name=name, value=name) for name in _KINDS],
        rhythm=[app_commands.Choice(name=name.capitalize(), value=rhythm.value) for rhythm, name in _RHYTHMS.items()],
        reminders=[app_commands.Choice(name=name, value=name) for name in _REMINDERS],
    )
    @for_managers
    async def subscribe(
        self,
        interaction: discord.Interaction,
        *,
        topic: str,
        channel: Channel | None = None,
        kinds: str = "Everything",
        role: discord.Role | None = None,
        rhythm: str = Rhythm.INSTANT.value,
        reminders: str = _USUAL_REMINDERS,
    ) -> None:
        """Have a channel follow a topic."""
        await defer(interaction)
        there = _channel_meant(interaction, channel)
        wish = SubscriptionWish(
            guild_id=there.guild.id,
            channel_id=there.id,
            topic=self.services.topic_called(topic),
            created_by=interaction.user.id,
            at=self.services.hours(),
            wants=Wants(kinds=_KINDS[kinds]),
            role_id=_role_meant(role, there),
            rhythm=Rhythm(rhythm),
            lead_days=_REMINDERS[reminders],
        )
        refuse_without_permissions(there)
        new, pending = await self._store(wish)
        await interaction.followup.send(self._confirmation(wish, new=new, pending=pending), ephemeral=True)

    @app_commands.command()
    @app_commands.describe(subscription="Which one to end; start typing to see them")
    @for_managers
    async def unsubscribe(self, interaction: discord.Interaction, subscription: str) -> None:
        """Stop a channel from following a topic."""
        await defer(interaction)
        guild_id = _guild_of(interaction)
        chosen = _CHOSEN.fullmatch(subscription.strip())
        channel_id = int(chosen[1]) if chosen else interaction.channel_id or 0
        topic = chosen[2] if chosen else self.services.topic_called(subscription)
        now = self.services.clock.now()

        def end(work: UnitOfWork) -> Subscription | None:
            orders = work.subscriptions.of_guild(guild_id)
            meant = [one.id for one in orders if (one.wish.channel_id, one.wish.topic) == (channel_id, topic)]
            return end_subscription(work, guild_id, meant[0], now=now) if meant else None

        removed = await self.services.store.transact(end)
        name = plain(self.services.topic_name(topic), 60)
        if not removed:
            message = f"<#{channel_id}> does not follow **{name}**. `/subscriptions` lists what is followed here."
            raise Refusal(message)
        await interaction.followup.send(
            f"✅ <#{channel_id}> no longer follows **{name}**. Its reminders are cancelled.", ephemeral=True
        )

    @app_commands.command()
    @for_managers
    async def subscriptions(self, interaction: discord.Interaction) -> None:
        """List which channels of this server follow what."""
        await defer(interaction)
        await self.show_first_page(interaction, "subscriptions")

    @subscribe.autocomplete("topic")
    async def offer_topics(self, interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        """Offer the topics that fit what has been typed, every topic together first."""
        del interaction
        return self.topic_choices(typed, with_every=True)

    @unsubscribe.autocomplete("subscription")
    async def offer_subscriptions(self, interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        """Offer this server's subscriptions that fit what has been typed."""
        if not interaction.permissions.manage_guild or interaction.guild is None:
            return []
        guild = interaction.guild
        pairs = [
            (f"{_channel_name(guild, one)} · {self._topic_of(one)} · {_RHYTHMS[one.wish.rhythm]}", _value_of(one))
            for one in await self._of_guild(guild.id)
        ]
        return choices([pair for pair in pairs if typed.strip().casefold() in pair[0].casefold()])

    async def _store(self, wish: SubscriptionWish) -> tuple[bool, int]:
        """Store a wish and the reminders for what is already pending; return whether it is new, and how many pend."""
        now, today = self.services.clock.now(), self.services.setting().today

        def work(unit: UnitOfWork) -> tuple[bool, int]:
            _, new = put_subscription(unit, wish, now)
            pending = unit.cases.page(CaseFilter(topic=wish.topic), wish.guild_id, today, offset=0, limit=0)
            return new, pending.total

        return await self.services.store.transact(work)

    async def _page(self, interaction: discord.Interaction, wish: PageWish) -> ui.LayoutView:
        """Return a page of a server's subscriptions, by channel and topic."""
        if not interaction.permissions.manage_guild:
            raise app_commands.MissingPermissions(["manage_guild"])
        orders = await self._of_guild(_guild_of(interaction))
        wish, pages = page_of(wish, len(orders), _PAGE_SIZE)
        shown = orders[wish.number * _PAGE_SIZE :][:_PAGE_SIZE]
        lines = [self._line(order.wish) for order in shown] or ["No channel follows anything yet: `/subscribe` begins."]
        return PageView(f"🔔 {len(orders)} subscriptions", lines, wish, pages, foot="`/unsubscribe` ends one")

    async def _of_guild(self, guild_id: int) -> tuple[Subscription, ...]:
        """Return a server's subscriptions."""
        return await self.services.store.look(lambda work: tuple(work.subscriptions.of_guild(guild_id)))

    def _topic_of(self, subscription: Subscription) -> str:
        """Return the name of a subscription's topic."""
        return self.services.topic_name(subscription.wish.topic)

    def _line(self, wish: SubscriptionWish) -> str:
        """Return a subscription in one line."""
        pinged = f" · pings <@&{wish.role_id}>" if wish.role_id else ""
        name = plain(self.services.topic_name(wish.topic), 60)
        return f"<#{wish.channel_id}> · **{name}** · {_kinds_name(wish.wants.kinds)} · {_RHYTHMS[wish.rhythm]}{pinged}"

    def _confirmation(self, wish: SubscriptionWish, *, new: bool, pending: int) -> str:
        """Return what has been agreed, and what comes next."""
        known = f"\n{pending} are pending already: `/followups pending` lists them." if pending else ""
        return f"✅ {'Subscribed' if new else 'Changed'}: {self._line(wish)}\n{_reminders_said(wish.lead_days)}{known}"


def _reminders_said(lead_days: tuple[int, ...]) -> str:
    """Return when reminders come, as a sentence."""
    name = next(name for name, days in _REMINDERS.items() if days == lead_days)
    return f"Reminders come {name[0].lower()}{name[1:]}." if lead_days else "No reminders come."


def refuse_without_permissions(channel: Channel) -> None:
    """Raise `Refusal` that names the permissions the bot lacks in a channel where it is to post."""
    needed = _NEEDED_IN_THREADS if isinstance(channel, discord.Thread) else _NEEDED
    held = channel.permissions_for(channel.guild.me)
    can_send = held.send_messages_in_threads if isinstance(channel, discord.Thread) else held.send_messages
    has = {"view_channel": held.view_channel, "send_messages": can_send, "embed_links": held.embed_links}
    missing = [f"**{name}**" for key, name in needed.items() if not has[key]]
    if missing:
        message = f"I cannot post in {channel.mention} yet: give me {', '.join(missing)} there, then try again."
        raise Refusal(message)


def _channel_meant(interaction: discord.Interaction, chosen: Channel | None) -> Channel:
    """Return the channel that was chosen, or else the one in which the command was used."""
    channel = chosen or interaction.channel
    if not isinstance(channel, discord.TextChannel | discord.Thread):
        message = "I post in text channels and threads. Choose one with the `channel` option."
        raise Refusal(message)
    return channel


def _role_meant(role: discord.Role | None, channel: Channel) -> int | None:
    """Return the role to ping; raise `Refusal` for one the bot may not ping."""
    if role is None:
        return None
    if role.is_default():
        message = "I do not ping everyone. Choose a role that people have asked for."
        raise Refusal(message)
    if not role.mentionable and not channel.permissions_for(channel.guild.me).mention_everyone:
        message = (
            f"I may not ping {role.mention}: let anyone mention the role in its settings, or give me "
            f"**Mention @everyone, @here and All Roles** in {channel.mention}."
        )
        raise Refusal(message)
    return role.id


def _guild_of(interaction: discord.Interaction) -> int:
    """Return the server of a command that works only in servers."""
    if interaction.guild_id is None:
        raise app_commands.NoPrivateMessage
    return interaction.guild_id


def _channel_name(guild: discord.Guild, subscription: Subscription) -> str:
    """Return a channel's name for an autocomplete choice, where Discord shows no mentions."""
    channel = guild.get_channel_or_thread(subscription.wish.channel_id)
    return f"#{channel.name}" if channel else f"deleted channel {subscription.wish.channel_id}"


def _value_of(subscription: Subscription) -> str:
    """Return what stands for a subscription in an autocomplete choice."""
    return f"{subscription.wish.channel_id}:{subscription.wish.topic}"


def _kinds_name(kinds: frozenset[Kind]) -> str:
    """Return how the choice of kinds is called."""
    return next((name for name, held in _KINDS.items() if held == kinds), ", ".join(sorted(kinds))).lower()
