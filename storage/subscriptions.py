"""Which channel wants to hear of which topic."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, delete, insert, select, update

from storage.loading import subscription_of
from storage.tables import WAITING, outbox, reminders, subscriptions
from watchers.alerts import EVERY_TOPIC
from watchers.model import Subscription, SubscriptionWish


class SqlSubscriptions:
    """The table `subscriptions`."""

    def __init__(self, connection: Connection) -> None:
        """Work inside the transaction of `connection`."""
        self._connection = connection

    def put(self, wish: SubscriptionWish, now: datetime) -> tuple[Subscription, bool]:
        """Store or replace the channel's order for the topic; return it and whether it is new.

        A replaced order keeps its number and its age, and loses unfired reminders for days it no longer names.
        """
        row = {
            "guild_id": wish.guild_id,
            "channel_id": wish.channel_id,
            "topic": wish.topic,
            "kinds": sorted(kind.value for kind in wish.kinds),
            "role_id": wish.role_id,
            "rhythm": wish.rhythm.value,
            "lead_days": list(wish.lead_days),
            "created_by": wish.created_by,
        }
        known = self._connection.scalar(
            select(subscriptions.c.id).where(
                subscriptions.c.channel_id == wish.channel_id, subscriptions.c.topic == wish.topic
            )
        )
        if known is None:
            stored = insert(subscriptions).values({**row, "created_at": now}).returning(*subscriptions.c)
            return subscription_of(self._connection.execute(stored).one()), True
        self._connection.execute(
            delete(reminders).where(
                reminders.c.subscription_id == known,
                reminders.c.fired_at.is_(None),
                reminders.c.lead_days.not_in(wish.lead_days),
            )
        )
        replaced = update(subscriptions).where(subscriptions.c.id == known).values(row).returning(*subscriptions.c)
        return subscription_of(self._connection.execute(replaced).one()), False

    def remove(self, guild_id: int, channel_id: int, topic: str) -> bool:
        """Remove an order with its reminders and unsent alerts; return whether there was one."""
        known = self._connection.scalar(
            select(subscriptions.c.id).where(
                subscriptions.c.guild_id == guild_id,
                subscriptions.c.channel_id == channel_id,
                subscriptions.c.topic == topic,
            )
        )
        if known is None:
            return False
        unsent = (outbox.c.subscription_id == known, outbox.c.state == WAITING, outbox.c.message_id.is_(None))
        self._connection.execute(delete(outbox).where(*unsent))
        # Reminders and basket go with it (ON DELETE CASCADE); what has been posted stays, belonging to no order.
        self._connection.execute(delete(subscriptions).where(subscriptions.c.id == known))
        return True

    def of_guild(self, guild_id: int) -> Sequence[Subscription]:
        """Return a guild's orders, by channel and topic."""
        orders = select(subscriptions).where(subscriptions.c.guild_id == guild_id)
        return self._read(orders.order_by(subscriptions.c.channel_id, subscriptions.c.topic))

    def of_channel(self, channel_id: int) -> Sequence[Subscription]:
        """Return a channel's orders, by topic."""
        orders = select(subscriptions).where(subscriptions.c.channel_id == channel_id)
        return self._read(orders.order_by(subscriptions.c.topic))

    def wanting(self, topics: Iterable[str]) -> Sequence[Subscription]:
        """Return the orders on any of `topics`, those on `*` included, oldest first."""
        asked = sorted({EVERY_TOPIC, *topics})
        return self._read(select(subscriptions).where(subscriptions.c.topic.in_(asked)).order_by(subscriptions.c.id))

    def _read(self, query: Select[Any]) -> Sequence[Subscription]:
        return [subscription_of(row) for row in self._connection.execute(query)]
