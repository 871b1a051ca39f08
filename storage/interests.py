"""Orders filed so that a follow-up finds the few that could want it, among any number of orders.

An order notes what it was filed as. One that is otherwise by now, because a process of the version before changed it,
stands in an index of its own and is found by its topic until it is filed again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, Integer, Row, bindparam, delete, insert, select, union, update

from storage.guild_tables import guilds
from storage.interest_tables import AS_FILED, UNFILED, interests
from storage.numbers import is_one_of, listed
from storage.tables import guild_feeds, subscriptions
from watchers.audience import Subscription
from watchers.interests import Offer, filing_of

SERVED = subscriptions.c.guild_id.not_in(select(guilds.c.id).where(guilds.c.left_at.is_not(None)))
"""Orders of servers that the bot is in."""
_THROUGH_A_DOOR = select(interests.c.subscription_id).where(
    interests.c.door.in_(bindparam("doors", expanding=True)),
    interests.c.kinds.bitwise_and(bindparam("kinds", type_=Integer)) != 0,
    interests.c.min_outlets <= bindparam("outlets"),
    interests.c.firmness <= bindparam("firmness"),
)
_NOT_FILED = select(subscriptions.c.id).where(subscriptions.c.topic.in_(bindparam("topics", expanding=True)), UNFILED)
# Asked by themselves: a planner that guesses there are many reads all subscriptions to join them.
_FOUND = union(_THROUGH_A_DOOR, _NOT_FILED)
_OPEN = select(subscriptions).where(is_one_of(subscriptions.c.id, "found"), SERVED).order_by(subscriptions.c.id)
_HOLDERS = select(guild_feeds.c.guild_id).where(guild_feeds.c.feed_id == bindparam("feed_id"))
_OPEN_TO_HOLDERS = _OPEN.where(subscriptions.c.guild_id.in_(_HOLDERS))


def file_orders(connection: Connection, orders: Iterable[Subscription]) -> None:
    """File orders as they are stored."""
    ids: list[int] = []
    rows: list[dict[str, Any]] = []
    for order in orders:
        ids.append(order.id)
        filing = filing_of(order.wish)
        rows += [
            {
                "door": door,
                "min_outlets": filing.min_outlets,
                "subscription_id": order.id,
                "kinds": filing.kinds,
                "firmness": filing.firmness,
            }
            for door in sorted(filing.doors)
        ]
    if not ids:
        return
    connection.execute(delete(interests).where(interests.c.subscription_id.in_(ids)))
    if rows:
        connection.execute(insert(interests), rows)
    connection.execute(update(subscriptions).where(subscriptions.c.id.in_(ids)).values(filed_as=AS_FILED))


def orders_open_to(connection: Connection, offer: Offer, feed_id: int | None) -> Sequence[Row[Any]]:
    """Return the orders that could want what is offered, oldest first.

    With `feed_id`, only those of servers that hold that feed, which is not public.
    """
    asked = {
        "doors": sorted(offer.doors),
        "topics": sorted(offer.topics),
        "kinds": offer.kinds,
        "outlets": offer.outlets,
        "firmness": offer.firmness,
    }
    found = {"found": listed(connection.scalars(_FOUND, asked))}
    if feed_id is None:
        return connection.execute(_OPEN, found).all()
    return connection.execute(_OPEN_TO_HOLDERS, {**found, "feed_id": feed_id}).all()
