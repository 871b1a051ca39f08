"""Which channel wants to hear of which topic."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, delete, insert, select, update
from sqlalchemy.sql.dml import ReturningInsert, ReturningUpdate

from storage.inserting import insert_unless_known
from storage.interest_tables import UNFILED
from storage.interests import SERVED, file_orders, orders_open_to
from storage.loading import subscription_of
from storage.tables import WAITING, baskets, outbox, subscriptions
from watchers.audience import DigestBasket, Rhythm, Subscription, SubscriptionWish
from watchers.interests import offer_of
from watchers.model import FollowUp


class SqlSubscriptions:
    """The tables `subscriptions` and `baskets`."""

    def __init__(self, connection: Connection) -> None:
        """Work inside the transaction of `connection`."""
        self._connection = connection

    def put(self, wish: SubscriptionWish, now: datetime) -> tuple[Subscription, bool]:
        """Store or replace the channel's order for the topic; return it and whether it is new.

        A replaced order keeps its number and its age.
        """
        known = self._connection.scalar(
            select(subscriptions.c.id).where(
                subscriptions.c.channel_id == wish.channel_id, subscriptions.c.topic == wish.topic
            )
        )
        if known is None:
            stored = insert(subscriptions).values({**row_of(wish), "created_at": now}).returning(*subscriptions.c)
            return self._filed(stored), True
        return self.change(known, wish), False

    def change(self, subscription_id: int, wish: SubscriptionWish) -> Subscription:
        """Replace the order of this number, which exists, in whatever channel; it keeps its number and its basket."""
        replaced = update(subscriptions).where(subscriptions.c.id == subscription_id).values(row_of(wish))
        return self._filed(replaced.returning(*subscriptions.c))

    def _filed(self, stored: ReturningInsert[Any] | ReturningUpdate[Any]) -> Subscription:
        order = subscription_of(self._connection.execute(stored).one())
        file_orders(self._connection, [order])
        return order

    def file_some(self, limit: int) -> int:
        """File orders that a process of the version before put or changed; return how many, at most `limit`."""
        orders = self._read(select(subscriptions).where(UNFILED).order_by(subscriptions.c.topic).limit(limit))
        file_orders(self._connection, orders)
        return len(orders)

    def remove(self, guild_id: int, subscription_id: int) -> Subscription | None:
        """Remove a server's order with its reminders and unsent alerts; return it, None where there is none."""
        known = self.get(guild_id, subscription_id)
        if known is None:
            return None
        unsent = (outbox.c.subscription_id == known.id, outbox.c.state == WAITING, outbox.c.message_id.is_(None))
        self._connection.execute(delete(outbox).where(*unsent))
        # Reminders and basket go with it (ON DELETE CASCADE); what has been posted stays, belonging to no order.
        self._connection.execute(delete(subscriptions).where(subscriptions.c.id == known.id))
        return known

    def get(self, guild_id: int, subscription_id: int) -> Subscription | None:
        """Return one of a server's orders, or None where it has none by that number."""
        of_guild = select(subscriptions).where(subscriptions.c.guild_id == guild_id)
        return next(iter(self._read(of_guild.where(subscriptions.c.id == subscription_id))), None)

    def of_guild(self, guild_id: int) -> Sequence[Subscription]:
        """Return a server's orders, by channel and topic."""
        orders = select(subscriptions).where(subscriptions.c.guild_id == guild_id)
        return self._read(orders.order_by(subscriptions.c.channel_id, subscriptions.c.topic))

    def of_channel(self, channel_id: int) -> Sequence[Subscription]:
        """Return a channel's orders, by topic."""
        orders = select(subscriptions).where(subscriptions.c.channel_id == channel_id)
        return self._read(orders.order_by(subscriptions.c.topic))

    def wanting(self, *states: FollowUp) -> Sequence[Subscription]:
        """Return the orders of servers that see a follow-up which take it in any of `states`, oldest first.

        It is now as the first of them, which has its feed. Those of its topics, or of `*`, and none that are paused;
        there may be some among them that do not take it after all. Servers that the bot has left want nothing.
        """
        found = orders_open_to(self._connection, offer_of(states), states[0].feed_id)
        return [subscription_of(row) for row in found]

    def served_at_once(self) -> Sequence[Subscription]:
        """Return every order that is served at once and not paused, oldest first."""
        instant = (subscriptions.c.rhythm == Rhythm.INSTANT.value, ~subscriptions.c.paused)
        return self._read(select(subscriptions).where(*instant).order_by(subscriptions.c.id))

    def gather(self, subscription_ids: Sequence[int], followup_id: int) -> None:
        """Put a follow-up into the baskets of orders for their next digests; once is enough."""
        once = insert_unless_known(self._connection, baskets, "subscription_id", "followup_id")
        rows = [{"subscription_id": each, "followup_id": followup_id} for each in subscription_ids]
        if rows:
            self._connection.execute(once, rows)

    def with_digest_due(self, now: datetime, limit: int) -> Sequence[DigestBasket]:
        """Return the orders whose next digest is due, the earliest first, with what their baskets hold."""
        come = select(subscriptions).where(
            subscriptions.c.next_digest_at.is_not(None), subscriptions.c.next_digest_at <= now, SERVED
        )
        orders = self._read(come.order_by(subscriptions.c.next_digest_at, subscriptions.c.id).limit(limit))
        gathered: dict[int, list[int]] = {order.id: [] for order in orders}
        held = select(baskets).where(baskets.c.subscription_id.in_(gathered)).order_by(*baskets.primary_key)
        for row in self._connection.execute(held):
            gathered[row.subscription_id].append(row.followup_id)
        return [DigestBasket(order, tuple(gathered[order.id])) for order in orders]

    def empty_basket(self, subscription_id: int, followup_ids: Sequence[int]) -> None:
        """Take follow-ups out of an order's basket."""
        taken = (baskets.c.subscription_id == subscription_id, baskets.c.followup_id.in_(followup_ids))
        self._connection.execute(delete(baskets).where(*taken))

    def next_digest_at(self, subscription_id: int, at: datetime | None) -> None:
        """Note when an order's next digest is due; None: never."""
        due = update(subscriptions).where(subscriptions.c.id == subscription_id).values(next_digest_at=at)
        self._connection.execute(due)

    def _read(self, query: Select[Any]) -> Sequence[Subscription]:
        return [subscription_of(row) for row in self._connection.execute(query)]


def row_of(wish: SubscriptionWish) -> dict[str, Any]:
    """Return what is stored of a wish."""
    return {
        "guild_id": wish.guild_id,
        "channel_id": wish.channel_id,
        "topic": wish.topic,
        "kinds": sorted(kind.value for kind in wish.wants.kinds),
        "speakers": list(wish.wants.speakers),
        "countries": sorted(wish.wants.countries),
        "dating": wish.wants.dating.value,
        "min_outlets": wish.wants.min_outlets,
        "role_id": wish.role_id,
        "rhythm": wish.rhythm.value,
        "zone": wish.at.zone.key,
        "hour": wish.at.hour,
        "digest_weekday": wish.digest_weekday,
        "lead_days": list(wish.lead_days),
        "quiet_first": wish.quiet and wish.quiet.first,
        "quiet_last": wish.quiet and wish.quiet.last,
        "place": wish.place.value,
        "language": wish.language,
        "paused": wish.paused,
        "created_by": wish.created_by,
    }
