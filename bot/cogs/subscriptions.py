"""`/subscribe`, `/unsubscribe`, `/subscriptions`: which channel follows what. For those who manage the server."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

import discord
from discord import app_commands, ui

from bot.cogs.base import ServiceCog, choices, defer, for_managers, managed_server
from bot.cogs.order_changes import CHOICES, changed, moved, named, pinging, quieted
from bot.cogs.order_keeping import OrderBook, Room
from bot.cogs.permissions import PostingPlace, PostingPlaceOption, refuse_role, refuse_without_permissions
from bot.errors import Refusal
from bot.render import plain, shortened
from bot.services import Services
from bot.views.editing import edit_answer
from bot.views.look import SLATE
from bot.views.order_draft import OrderDraft, Tab, unpacked
from bot.views.order_items import NamesForm, QuietForm, draft_in
from bot.views.order_words import rhythm_words, what_words
from bot.views.pager import PageView, PageWish, page_of
from bot.views.subscriptions import OrderView, open_order_row
from bot.views.topics import NoteView
from bot.words import Words, marked
from watchers.audience import Place, Rhythm, Subscription, SubscriptionWish
from watchers.deadline_watcher import end_subscription
from watchers.model import Kind
from watchers.ports import UnitOfWork

_PAGE_SIZE = 10
_NAME_IN_LIST, _WANTS_IN_LIST = 40, 140
"""Characters, so that a page of orders with every filter there is fits a message; what is left out opens with it."""
_RHYTHMS = {
    Rhythm.INSTANT: marked("At once"),
    Rhythm.DAILY: marked("Once a day"),
    Rhythm.WEEKLY: marked("Once a week"),
}
_KINDS = {
    marked("Everything"): frozenset(Kind),
    marked("Deadlines"): frozenset({Kind.DEADLINE}),
    marked("Deadlines and commitments"): frozenset({Kind.DEADLINE, Kind.COMMITMENT}),
    marked("Commitments"): frozenset({Kind.COMMITMENT}),
    marked("Events"): frozenset({Kind.EVENT}),
    marked("Expectations"): frozenset({Kind.EXPECTATION}),
}
_REMINDERS = {
    marked("The day before, on the last day and the day after"): (1, 0, -1),
    marked("A week and a day before, on the last day and the day after"): (7, 1, 0, -1),
    marked("On the last day and the day after"): (0, -1),
    marked("No reminders"): (),
}
_CHOSEN = re.compile(r"(\d{1,18}|[1-8]\d{18}):(.+)")
"""A channel's id, as large as ids get, and a topic's: the value of an autocomplete choice."""


class Subscriptions(ServiceCog):
    """Standing orders of channels."""

    def __init__(self, services: Services) -> None:
        """Offer the list of subscriptions."""
        super().__init__(services)
        self._book = OrderBook(services)
        self.listings = {"subscriptions": self._page}

    # --- commands -----------------------------------------------------------------------------------------

    @app_commands.command()
    @app_commands.describe(
        topic="What to follow; start typing to see the topics",
        channel="Where to post; this channel if left out",
        kinds="Which kinds of statement; this and what follows save at once, the rest can be set afterwards",
        role="A role to ping with each alert",
        rhythm="At once, or gathered in a digest",
        reminders="When to remind of what falls due",
    )
    @app_commands.choices(
        kinds=[app_commands.Choice(name=name, value=name) for name in _KINDS],
        rhythm=[app_commands.Choice(name=name, value=rhythm.value) for rhythm, name in _RHYTHMS.items()],
        reminders=[app_commands.Choice(name=name, value=name) for name in _REMINDERS],
    )
    @for_managers
    async def subscribe(
        self,
        interaction: discord.Interaction,
        *,
        topic: str,
        channel: app_commands.Transform[PostingPlace, PostingPlaceOption] | None = None,
        kinds: str | None = None,
        role: discord.Role | None = None,
        rhythm: str | None = None,
        reminders: str | None = None,
    ) -> None:
        """Have a channel follow a topic: compose it step by step, or give options to save it at once."""
        await defer(interaction)
        room = await self._room(interaction)
        there = _channel_meant(interaction, channel, room.say)
        topic_id = self.services.topic_called(topic, room.guild, room.say)
        draft = await self._book.begun(room, there, topic_id, interaction.user.id)
        refuse_without_permissions(there, draft.wish.place, room.say)
        given = (kinds, role, rhythm, reminders)
        notice = ""
        if any(option is not None for option in given):
            wish = replace(
                draft.wish,
                wants=replace(draft.wish.wants, kinds=_KINDS[kinds]) if kinds else draft.wish.wants,
                role_id=role.id if role else draft.wish.role_id,
                rhythm=Rhythm(rhythm) if rhythm else draft.wish.rhythm,
                lead_days=_REMINDERS[reminders] if reminders else draft.wish.lead_days,
            )
            draft, notice = await self._book.saved(room, replace(draft, wish=wish), there)
        await interaction.followup.send(view=self._view(room, draft, there, notice=notice), ephemeral=True)

    @app_commands.command()
    @app_commands.describe(subscription="Which one to end; start typing to see them")
    @for_managers
    async def unsubscribe(self, interaction: discord.Interaction, subscription: str) -> None:
        """Stop a channel from following a topic."""
        await defer(interaction)
        room = await self._room(interaction)
        say = room.say
        chosen = _CHOSEN.fullmatch(subscription.strip())
        channel_id = int(chosen[1]) if chosen else interaction.channel_id or 0
        topic = chosen[2] if chosen else self.services.topic_called(subscription, room.guild, say)
        now = self.services.clock.now()

        def end(work: UnitOfWork) -> Subscription | None:
            orders = work.subscriptions.of_guild(room.guild.id)
            meant = [one.id for one in orders if (one.wish.channel_id, one.wish.topic) == (channel_id, topic)]
            return end_subscription(work, room.guild.id, meant[0], by=room.user_id, now=now) if meant else None

        removed = await self.services.store.transact(end)
        name = f"**{plain(self.services.topic_name(topic, room.guild, say), 60)}**"
        there = f"<#{channel_id}>"
        if not removed:
            message = say(
                "{channel} does not follow {topic}. `/subscriptions` lists what is followed here.",
                channel=there,
                topic=name,
            )
            raise Refusal(message)
        ended = say("{channel} no longer follows {topic}. Its reminders are cancelled.", channel=there, topic=name)
        await interaction.followup.send(f"✅ {ended}", ephemeral=True)

    @app_commands.command()
    @for_managers
    async def subscriptions(self, interaction: discord.Interaction) -> None:
        """List which channels of this server follow what, and open one to change, pause or end it."""
        await defer(interaction)
        await self.show_first_page(interaction, "subscriptions")

    @subscribe.autocomplete("topic")
    async def offer_topics(self, interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        """Offer the topics that fit what has been typed, every topic together first."""
        guild, setting = await self.there(interaction)
        return self.topic_choices(typed, guild, setting.say, with_every=True)

    @unsubscribe.autocomplete("subscription")
    async def offer_subscriptions(self, interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        """Offer this server's subscriptions that fit what has been typed."""
        if not interaction.permissions.manage_guild or interaction.guild is None:
            return []
        room = await self._room(interaction)
        pairs = [(self._label(room, one), _value_of(one)) for one in await self._of_guild(room.guild.id)]
        return choices([pair for pair in pairs if typed.strip().casefold() in pair[0].casefold()])

    # --- what is pressed below a draft --------------------------------------------------------------------

    async def pressed(self, interaction: discord.Interaction, action: str, values: Sequence[str]) -> None:
        """Answer to something pressed or chosen below a draft."""
        if action in {"names", "quiet"}:
            room = await self._room(interaction)
            draft = self._draft_of(interaction, room)
            form = NamesForm(draft, room.say) if action == "names" else QuietForm(draft, room.say)
            await interaction.response.send_modal(form)
            return
        if action == "preview":
            await interaction.response.defer(ephemeral=True, thinking=True)
            room = await self._room(interaction)
            view: ui.LayoutView = await self._book.preview(room, self._draft_of(interaction, room).wish)
            await interaction.followup.send(view=view, ephemeral=True)
            return
        await interaction.response.defer()
        room = await self._room(interaction)
        await edit_answer(interaction, await self._answer(interaction, room, action, values))

    async def opened(self, interaction: discord.Interaction, order_id: int) -> None:
        """Show one of the server's subscriptions, to be changed."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        room = await self._room(interaction)
        draft = await self._book.stored(room, order_id)
        there = await _channel(interaction, draft.wish.channel_id)
        await interaction.followup.send(view=self._view(room, draft, there), ephemeral=True)

    async def named(self, interaction: discord.Interaction, speakers: str, countries: str) -> None:
        """Take what was typed for speakers and countries into the draft."""
        await self._typed(interaction, lambda draft, say: named(draft, speakers, countries, say))

    async def quieted(self, interaction: discord.Interaction, hours: str) -> None:
        """Take what was typed for quiet hours into the draft."""
        await self._typed(interaction, lambda draft, say: quieted(draft, hours, say))

    async def _typed(self, interaction: discord.Interaction, change: Callable[[OrderDraft, Words], OrderDraft]) -> None:
        """Show a draft as it is after something was typed."""
        await interaction.response.defer()
        room = await self._room(interaction)
        draft = change(self._draft_of(interaction, room), room.say)
        there = await _channel(interaction, draft.wish.channel_id)
        await edit_answer(interaction, self._view(room, draft, there))

    async def _answer(
        self, interaction: discord.Interaction, room: Room, action: str, values: Sequence[str]
    ) -> ui.LayoutView:
        """Return what stands in the place of a draft after something below it was pressed."""
        draft = self._draft_of(interaction, room)
        if action in set(Tab):
            draft = replace(draft, tab=Tab(action))
        elif action in CHOICES:
            draft = changed(draft, action, values)
        elif action == "channel":
            draft = _moved(draft, await _channel(interaction, int(values[0])), room.say)
        there = await _channel(interaction, draft.wish.channel_id)
        if action == "role":
            draft = _pinging(draft, values, there, room)
        match action:
            case "save":
                draft, notice = await self._book.saved(room, draft, there)
                return self._view(room, draft, there, notice=notice)
            case "cancel" | "keep" if draft.order_id is not None:
                draft = replace(await self._book.stored(room, draft.order_id), tab=draft.tab)
                return self._view(room, draft, await _channel(interaction, draft.wish.channel_id))
            case "cancel":
                return NoteView(room.say("Cancelled: nothing was saved."), SLATE)
            case "pause" | "resume":
                draft = await self._book.paused(room, draft, paused=action == "pause")
            case "ended":
                return await self._book.ended(room, draft)
        return self._view(room, draft, there, ending=action == "end")

    def _draft_of(self, interaction: discord.Interaction, room: Room) -> OrderDraft:
        """Return the draft that a message holds; raise `Refusal` where it is none that is understood today."""
        zone = self.services.hours(room.guild).zone
        try:
            return unpacked(
                draft_in(interaction.message), guild_id=room.guild.id, user_id=interaction.user.id, zone=zone
            )
        except ValueError as error:
            message = room.say("This message is too old to be changed: `/subscriptions` opens what is saved.")
            raise Refusal(message) from error

    def _view(
        self,
        room: Room,
        draft: OrderDraft,
        there: PostingPlace | None,
        *,
        notice: str = "",
        ending: bool = False,
    ) -> OrderView:
        """Return a draft as a message."""
        return OrderView(
            draft,
            self._book.topic_name(room, draft.wish),
            room.setting,
            threads_possible=isinstance(there, discord.TextChannel),
            role_known=draft.wish.role_id is None or room.server.get_role(draft.wish.role_id) is not None,
            notice=notice,
            ending=ending,
        )

    async def _room(self, interaction: discord.Interaction) -> Room:
        """Return where a manager asks; raise where somebody else does, or outside servers."""
        managed_server(interaction)
        guild, setting = await self.there(interaction)
        if guild is None or interaction.guild is None:
            raise app_commands.NoPrivateMessage
        return Room(interaction.guild, guild, setting, interaction.user.id)

    # --- the list -----------------------------------------------------------------------------------------

    async def _page(self, interaction: discord.Interaction, wish: PageWish) -> ui.LayoutView:
        """Return a page of a server's subscriptions, by channel and topic."""
        room = await self._room(interaction)
        say = room.say
        orders = await self._of_guild(room.guild.id)
        wish, pages = page_of(wish, len(orders), _PAGE_SIZE)
        shown = orders[wish.number * _PAGE_SIZE :][:_PAGE_SIZE]
        lines = [self._line(room, order.wish) for order in shown]
        lines = lines or [say("No channel follows anything yet: `/subscribe` begins.")]
        heading = say.many("{count} subscription", "{count} subscriptions", len(orders))
        view = PageView(f"🔔 {heading}", lines, wish, pages, say=say)
        if shown:
            view.add_item(open_order_row([(order, self._label(room, order)) for order in shown], say))
        return view

    async def _of_guild(self, guild_id: int) -> tuple[Subscription, ...]:
        """Return a server's subscriptions."""
        return await self.services.store.look(lambda work: tuple(work.subscriptions.of_guild(guild_id)))

    def _label(self, room: Room, order: Subscription) -> str:
        """Return an order where Discord shows no markup: in choices and selects."""
        channel = room.server.get_channel_or_thread(order.wish.channel_id)
        name = f"#{channel.name}" if channel else room.say("deleted channel {id}", id=order.wish.channel_id)
        return f"{name} · {self._book.topic_name(room, order.wish)} · {rhythm_words(order.wish, room.say)}"

    def _line(self, room: Room, wish: SubscriptionWish) -> str:
        """Return a subscription in two lines."""
        say = room.say
        state = f"⏸️ {say('Paused')} · " if wish.paused else ""
        pinged = f" · <@&{wish.role_id}>" if wish.role_id else ""
        name = plain(self._book.topic_name(room, wish), _NAME_IN_LIST)
        told = f"{shortened(what_words(wish.wants, say), _WANTS_IN_LIST)} · {rhythm_words(wish, say)}"
        return f"<#{wish.channel_id}> · **{name}**\n{state}{told}{pinged}"


def _channel_meant(interaction: discord.Interaction, chosen: PostingPlace | None, say: Words) -> PostingPlace:
    """Return the channel that was chosen, or else the one in which the command was used."""
    channel = chosen or interaction.channel
    if not isinstance(channel, PostingPlace):
        raise _unfit(say)
    return channel


async def _channel(interaction: discord.Interaction, channel_id: int) -> PostingPlace | None:
    """Return a channel of the server, from Discord where the client does not know it; None where it is not to be had.

    A thread that sleeps is known to Discord alone.
    """
    server = interaction.guild
    found: object = server.get_channel_or_thread(channel_id) if server else None
    if found is None and server is not None:
        try:
            found = await server.fetch_channel(channel_id)
        except (discord.HTTPException, discord.InvalidData):
            return None
    return found if isinstance(found, PostingPlace) else None


def _moved(draft: OrderDraft, there: PostingPlace | None, say: Words) -> OrderDraft:
    """Return a draft for another channel; raise `Refusal` where the bot cannot post in it."""
    if there is None:
        raise _unfit(say)
    kept = Place.CHANNEL if draft.wish.place is Place.FORUM else draft.wish.place
    place = Place.FORUM if isinstance(there, discord.ForumChannel) else kept
    if isinstance(there, discord.Thread):
        place = Place.CHANNEL
    refuse_without_permissions(there, place, say)
    return moved(draft, there.id, place)


def _pinging(draft: OrderDraft, values: Sequence[str], there: PostingPlace | None, room: Room) -> OrderDraft:
    """Return a draft that pings the chosen role; raise `Refusal` for one that the bot may not ping."""
    role = room.server.get_role(int(values[0])) if values else None
    if role is not None and there is not None:
        refuse_role(role, there, room.say)
    return pinging(draft, role.id if role else None)


def _unfit(say: Words) -> Refusal:
    return Refusal(say("I post in text channels, threads and forums. Choose one with the `channel` option."))


def _value_of(subscription: Subscription) -> str:
    """Return what stands for a subscription in an autocomplete choice."""
    return f"{subscription.wish.channel_id}:{subscription.wish.topic}"
