"""Feeds that servers added themselves: who holds which, and what they are called."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, Select, delete, func, insert, select, update

from storage.columns import storable
from storage.feeds import FEED, feed_of
from storage.guild_tables import guilds
from storage.inserting import insert_unless_known
from storage.outcome_tables import suggestions
from storage.tables import articles, feeds, followups, guild_feeds, tellings
from watchers.feed_model import FeedState, GuildFeed, GuildFeedWish
from watchers.feeds.safety import host_of

_BY_NAME = (feeds.c.outlet, feeds.c.url)


class SqlGuildFeeds:
    """The table `guild_feeds`, and what it says of `feeds`."""

    def __init__(self, connection: Connection) -> None:
        """Work inside the transaction of `connection`."""
        self._connection = connection

    def add(self, wish: GuildFeedWish, now: datetime) -> FeedState:
        """Let a server hold a feed, and return it; one that was read for nobody or had stopped is due at once.

        A public feed stays as the operator described it. So does one that other servers hold, but that it goes by its
        host from then on where they call it something else: no server names what another reads.
        """
        known = self._connection.execute(select(feeds).where(feeds.c.url == wish.url)).one_or_none()
        feed_id = self._follow_new(wish, now) if known is None else known.id
        if known is not None:
            others = self.holders(feed_id) - {wish.guild_id}
            if not known.public and not others:
                self._describe(feed_id, wish)
            elif not known.public and known.outlet != storable(wish.outlet):
                self._rename(feed_id, host_of(known.url))
            if known.stopped or not known.followed:
                due = update(feeds).where(feeds.c.id == feed_id)
                self._connection.execute(due.values(followed=True, stopped=False, next_poll_at=now))
        row = {"guild_id": wish.guild_id, "feed_id": feed_id, "added_by": wish.added_by, "added_at": now}
        self._connection.execute(insert_unless_known(self._connection, guild_feeds, "guild_id", "feed_id").values(row))
        return feed_of(self._connection.execute(select(*FEED).where(feeds.c.id == feed_id)).mappings().one())

    def _follow_new(self, wish: GuildFeedWish, now: datetime) -> int:
        row = {
            "url": wish.url,
            **_described(wish),
            "public": False,
            "followed": True,
            "redirects": 0,
            "stopped": False,
            "next_poll_at": now,
            "failures": 0,
        }
        feed_id: int = self._connection.scalars(insert(feeds).returning(feeds.c.id), row).one()
        return feed_id

    def _describe(self, feed_id: int, wish: GuildFeedWish) -> None:
        """Take what a server says of a feed that no other holds."""
        self._rename(feed_id, wish.outlet)
        self._connection.execute(update(feeds).where(feeds.c.id == feed_id).values(_described(wish)))

    def _rename(self, feed_id: int, name: str) -> None:
        """Call a feed that is not public so in all that it said as such, too."""
        its_own = select(followups.c.id).where(followups.c.feed_id == feed_id)
        by_it = suggestions.c.article_id.in_(select(articles.c.id).where(articles.c.feed_id == feed_id))
        unread = (articles.c.feed_id == feed_id, articles.c.waits_for.is_not(None))
        for named in (
            update(feeds).where(feeds.c.id == feed_id),
            update(articles).where(*unread),
            update(tellings).where(tellings.c.followup_id.in_(its_own)),
            update(suggestions).where(suggestions.c.followup_id.in_(its_own), by_it),
        ):
            self._connection.execute(named.values(outlet=name))

    def remove(self, guild_id: int, feed_id: int) -> bool:
        """Let a server hold a feed no more; return whether it did.

        What is not public, and held by no other server that the bot is still in, rests.
        """
        there = (guild_feeds.c.guild_id == guild_id, guild_feeds.c.feed_id == feed_id)
        held = self._connection.execute(delete(guild_feeds).where(*there)).rowcount > 0
        left = select(guilds.c.id).where(guilds.c.left_at.is_not(None))
        others = select(guild_feeds.c.guild_id).where(guild_feeds.c.feed_id == feed_id)
        if held and self._connection.scalar(others.where(guild_feeds.c.guild_id.not_in(left)).limit(1)) is None:
            unread = update(feeds).where(feeds.c.id == feed_id, ~feeds.c.public)
            self._connection.execute(unread.values(followed=False))
        return held

    def of(self, guild_id: int) -> Sequence[GuildFeed]:
        """Return the feeds that a server added, by outlet and address."""
        held = select(guild_feeds.c.added_by, guild_feeds.c.added_at, *FEED).join(feeds)
        rows = self._connection.execute(held.where(guild_feeds.c.guild_id == guild_id).order_by(*_BY_NAME)).mappings()
        return [GuildFeed(feed_of(row), row["added_by"], row["added_at"]) for row in rows]

    def visible(self, guild_id: int | None) -> Sequence[FeedState]:
        """Return the public feeds and those that a server added (None: no server), by outlet and address."""
        seen: ColumnElement[bool] = feeds.c.public
        if guild_id is not None:
            seen |= feeds.c.id.in_(_held_by(guild_id))
        query = select(*FEED).where(feeds.c.followed, seen).order_by(*_BY_NAME)
        return [feed_of(row) for row in self._connection.execute(query).mappings()]

    def holders(self, feed_id: int) -> frozenset[int]:
        """Return the servers that added a feed."""
        held = select(guild_feeds.c.guild_id).where(guild_feeds.c.feed_id == feed_id)
        return frozenset(self._connection.scalars(held))

    def count(self, guild_id: int) -> int:
        """Return how many feeds a server added."""
        held = select(func.count()).select_from(guild_feeds).where(guild_feeds.c.guild_id == guild_id)
        return self._connection.scalar(held) or 0


def _held_by(guild_id: int) -> Select[tuple[int]]:
    return select(guild_feeds.c.feed_id).where(guild_feeds.c.guild_id == guild_id)


def _described(wish: GuildFeedWish) -> dict[str, object]:
    return {
        "outlet": wish.outlet,
        "language": wish.language,
        "time_zone": wish.time_zone,
        "full_text": wish.full_text,
    }
