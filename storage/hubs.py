"""What was asked of hubs, so that they tell us when feeds change."""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, RowMapping, delete, func, insert, select, update

from storage.columns import storable
from storage.feeds import FEED, feed_of
from storage.tables import feeds, hubs
from watchers.feed_model import FeedState, HubOffer, HubStanding, HubState, HubSubscription

_NARROWED_BY = 12
"""So many of a token's first characters find it in the table; the rest is compared in constant time."""
_ASKED = tuple(
    hubs.c[name].label(f"hub_{name}") for name in ("hub", "topic", "token", "secret", "state", "asked_at", "expires_at")
)


class SqlHubs:
    """The table `hubs`, and what it says of `feeds`."""

    def __init__(self, connection: Connection) -> None:
        """Work inside the transaction of `connection`."""
        self._connection = connection

    def all(self) -> Sequence[HubStanding]:
        """Return every feed that names a hub, or for which one was asked, by its number."""
        read = (feeds.c.followed & ~feeds.c.stopped).label("is_read")
        query = select(feeds.c.id, feeds.c.hub, feeds.c.topic, read, *_ASKED).select_from(feeds.outerjoin(hubs))
        named = feeds.c.hub.is_not(None) & feeds.c.topic.is_not(None) & read
        there = query.where(named | hubs.c.feed_id.is_not(None)).order_by(feeds.c.id)
        return [
            HubStanding(
                row["id"],
                HubOffer(row["hub"], row["topic"]) if row["is_read"] and row["hub"] and row["topic"] else None,
                None if row["hub_token"] is None else _subscription(row),
            )
            for row in self._connection.execute(there).mappings()
        ]

    def find(self, token: str) -> tuple[FeedState, HubSubscription] | None:
        """Return whose subscription ends with `token`, or None.

        How long it takes does not tell how nearly a token was guessed.
        """
        asked = storable(token)
        begins_alike = func.substr(hubs.c.token, 1, _NARROWED_BY) == asked[:_NARROWED_BY]
        found: tuple[FeedState, HubSubscription] | None = None
        query = select(*FEED, *_ASKED).select_from(feeds.join(hubs)).where(begins_alike)
        for row in self._connection.execute(query).mappings():
            if hmac.compare_digest(row["hub_token"].encode(), asked.encode()):
                found = feed_of(row), _subscription(row)
        return found

    def put(self, feed_id: int, subscription: HubSubscription) -> None:
        """Store how the subscription for a feed stands; a hub that is counted on is so until this lease ends."""
        row = {
            "hub": subscription.offer.hub,
            "topic": subscription.offer.topic,
            "token": subscription.token,
            "secret": subscription.secret,
            "state": subscription.state.value,
            "asked_at": subscription.asked_at,
            "expires_at": subscription.expires_at,
        }
        known = self._connection.execute(update(hubs).where(hubs.c.feed_id == feed_id).values(row)).rowcount
        if not known:
            self._connection.execute(insert(hubs).values(feed_id=feed_id, **row))
        counted_on = update(feeds).where(feeds.c.id == feed_id, feeds.c.told_until.is_not(None))
        self._connection.execute(counted_on.values(told_until=subscription.expires_at))

    def forget(self, feed_id: int) -> None:
        """Let go of the subscription for a feed; its token is unknown from then on."""
        self._connection.execute(delete(hubs).where(hubs.c.feed_id == feed_id))
        self._connection.execute(update(feeds).where(feeds.c.id == feed_id).values(told_until=None))

    def forget_all(self) -> None:
        """Let go of every subscription."""
        self._connection.execute(delete(hubs))
        self._connection.execute(update(feeds).where(feeds.c.told_until.is_not(None)).values(told_until=None))

    def called(self, feed: FeedState, now: datetime, next_poll_at: datetime, told_until: datetime | None) -> None:
        """Store that the hub of a feed called, when the feed is asked, and until when its hub is counted on."""
        heard = {"called_at": now, "next_poll_at": next_poll_at, "told_until": told_until}
        self._connection.execute(update(feeds).where(feeds.c.id == feed.id).values(heard))


def _subscription(row: RowMapping) -> HubSubscription:
    return HubSubscription(
        offer=HubOffer(row["hub_hub"], row["hub_topic"]),
        token=row["hub_token"],
        secret=row["hub_secret"],
        state=HubState(row["hub_state"]),
        asked_at=row["hub_asked_at"],
        expires_at=row["hub_expires_at"],
    )
