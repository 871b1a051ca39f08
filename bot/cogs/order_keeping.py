"""The subscriptions of servers as they are stored: begun, saved, paused, ended, and tried on the last week."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import discord
from discord import ui

from bot.cogs.permissions import PostingPlace, refuse_role, refuse_without_permissions
from bot.errors import Refusal
from bot.render import Setting, plain
from bot.services import Services
from bot.views.look import SLATE
from bot.views.order_draft import OrderDraft
from bot.views.order_words import rhythm_words
from bot.views.subscriptions import PreviewView
from bot.views.topics import NoteView
from bot.words import Words
from watchers.alerts import EVERY_TOPIC
from watchers.audience import Guild, Place, Subscription, SubscriptionWish, Wants
from watchers.deadline_watcher import change_subscription, end_subscription, put_subscription
from watchers.own_topics import LATELY
from watchers.ports import UnitOfWork
from watchers.rating import Case, CaseFilter, Listing

MOST_PREVIEWED = 500
"""Follow-ups a preview looks at, the newest."""
_EXAMPLES = 5


@dataclass(frozen=True, slots=True)
class Room:
    """Where an answer is given: the server, what it has settled, and how to word it."""

    server: discord.Guild
    guild: Guild
    setting: Setting
    user_id: int
    """Who asked."""

    @property
    def say(self) -> Words:
        """The words of whoever asked."""
        return self.setting.say


class OrderBook:
    """The subscriptions of servers; whoever asks must have been found to manage the server."""

    def __init__(self, services: Services) -> None:
        """Keep them in the services' store."""
        self._services = services

    def topic_name(self, room: Room, wish: SubscriptionWish) -> str:
        """Return the name of an order's topic."""
        return self._services.topic_name(wish.topic, room.guild, room.say)

    async def begun(self, room: Room, there: PostingPlace, topic: str, user_id: int) -> OrderDraft:
        """Return the channel's order on a topic to be changed, or a new one."""
        orders = await self._services.store.look(lambda work: tuple(work.subscriptions.of_channel(there.id)))
        known = next((one for one in orders if one.wish.topic == topic), None)
        if known is not None:
            return OrderDraft(known.wish, known.id)
        wish = SubscriptionWish(
            guild_id=room.guild.id,
            channel_id=there.id,
            topic=topic,
            created_by=user_id,
            at=self._services.hours(room.guild),
            wants=Wants(),
            place=Place.FORUM if isinstance(there, discord.ForumChannel) else Place.CHANNEL,
        )
        return OrderDraft(wish)

    async def stored(self, room: Room, order_id: int) -> OrderDraft:
        """Return a stored order as it is; raise `Refusal` where it has ended."""
        order = await self._services.store.look(lambda work: work.subscriptions.get(room.guild.id, order_id))
        if order is None:
            raise _gone(room.say)
        return OrderDraft(order.wish, order.id)

    async def saved(self, room: Room, draft: OrderDraft, there: PostingPlace | None) -> tuple[OrderDraft, str]:
        """Store a draft with its reminders; return it as stored, and what is to be said of that."""
        say, wish = room.say, draft.wish
        if there is None:
            raise Refusal(say("That channel is gone, or I cannot see it: choose another one."))
        refuse_without_permissions(there, wish.place, say)
        role = None if wish.role_id is None else room.server.get_role(wish.role_id)
        if role is not None:
            refuse_role(role, there, say)
        now, today = self._services.clock.now(), room.setting.today

        def work(unit: UnitOfWork) -> tuple[Subscription, bool, int]:
            self._refuse_if_impossible(unit, draft, room)
            if draft.order_id is None:
                stored, new = put_subscription(unit, wish, now, by=room.user_id)
            else:
                after, new = change_subscription(unit, draft.order_id, wish, now, by=room.user_id), False
                if after is None:
                    raise _gone(say)
                stored = after
            return stored, new, unit.cases.count(CaseFilter(topic=wish.topic), wish.guild_id, today)

        order, new, pending = await self._services.store.transact(work)
        notice = f"✅ {say('Subscribed.') if new else say('Changed.')}"
        if pending:
            known = say.many(
                "{count} is pending already: `/followups pending`.",
                "{count} are pending already: `/followups pending`.",
                pending,
            )
            notice += f" {known}"
        return OrderDraft(order.wish, order.id, draft.tab), notice

    def _refuse_if_impossible(self, work: UnitOfWork, draft: OrderDraft, room: Room) -> None:
        """Raise `Refusal` where the channel follows the topic by another order, or the topic is no more."""
        wish, say = draft.wish, room.say
        rivals = [one.id for one in work.subscriptions.of_channel(wish.channel_id) if one.wish.topic == wish.topic]
        if draft.order_id is not None and set(rivals) - {draft.order_id}:
            name = plain(self.topic_name(room, wish), 60)
            message = say(
                "{channel} follows **{topic}** already: open that one with `/subscriptions`.",
                channel=f"<#{wish.channel_id}>",
                topic=name,
            )
            raise Refusal(message)
        topics = {topic.id for topic in self._services.topics_of(work.guilds.get(wish.guild_id))}
        if draft.order_id is None and wish.topic not in {EVERY_TOPIC, *topics}:
            raise Refusal(say("That topic is gone. `/topics list` shows those there are."))

    async def paused(self, room: Room, draft: OrderDraft, *, paused: bool) -> OrderDraft:
        """Pause or resume the stored order at once, whatever else is being changed; return the draft with it."""
        order_id, now = draft.order_id or 0, self._services.clock.now()

        def work(unit: UnitOfWork) -> Subscription | None:
            order = unit.subscriptions.get(room.guild.id, order_id)
            if order is None:
                return None
            return change_subscription(unit, order_id, replace(order.wish, paused=paused), now, by=room.user_id)

        if await self._services.store.transact(work) is None:
            raise _gone(room.say)
        return replace(draft, wish=replace(draft.wish, paused=paused))

    async def ended(self, room: Room, draft: OrderDraft) -> ui.LayoutView:
        """End the stored order; return what is said of it."""
        order_id, now, say = draft.order_id or 0, self._services.clock.now(), room.say
        ended = await self._services.store.transact(
            lambda work: end_subscription(work, room.guild.id, order_id, by=room.user_id, now=now)
        )
        if ended is None:
            raise _gone(say)
        name = f"**{plain(self.topic_name(room, ended.wish), 60)}**"
        line = say(
            "{channel} no longer follows {topic}. Its reminders are cancelled.",
            channel=f"<#{ended.wish.channel_id}>",
            topic=name,
        )
        return NoteView(f"✅ {line}", SLATE)

    async def preview(self, room: Room, wish: SubscriptionWish) -> PreviewView:
        """Return what an order would have brought in the last week."""
        since = room.setting.today - LATELY
        topic = None if wish.topic == EVERY_TOPIC else wish.topic
        kind = next(iter(wish.wants.kinds)) if len(wish.wants.kinds) == 1 else None
        country = next(iter(wish.wants.countries)) if len(wish.wants.countries) == 1 else None
        recent = CaseFilter(Listing.RECENT, topic=topic, kind=kind, country=country)

        def look(work: UnitOfWork) -> Sequence[Case]:
            return work.cases.first(recent, room.guild.id, room.setting.today, MOST_PREVIEWED)

        cases = await self._services.store.look(look)
        lately = [case for case in cases if case.followup.said_on >= since]
        wanted = [case for case in lately if wish.wants.takes(case.followup)]
        note = rhythm_words(wish, room.say)
        at_least = len(lately) == MOST_PREVIEWED
        return PreviewView(wanted[:_EXAMPLES], len(wanted), room.setting, at_least=at_least, note=note)


def _gone(say: Words) -> Refusal:
    return Refusal(say("This subscription has ended meanwhile. `/subscribe` begins it again."))
