"""Who sees which follow-up: what a feed says that is not public, only the servers that added it, and nobody else."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from sqlalchemy import ColumnElement, Connection, or_, select

from storage.guild_tables import watches
from storage.tables import articles, feeds, followups, guild_feeds, reminders

EVERYBODYS = 0
"""What stands for no feed where follow-ups are found by marks and keys: everybody hears of them."""


def scope_of(connection: Connection, article_id: int) -> int | None:
    """Return the feed of an article, where only the servers that added it hear of it; None: everybody does."""
    its_own = select(feeds.c.id).join(articles, articles.c.feed_id == feeds.c.id)
    return connection.scalar(its_own.where(articles.c.id == article_id, ~feeds.c.public))


def feeds_of(connection: Connection, guild_id: int | None) -> list[int]:
    """Return the feeds that a server added (None: no server, none)."""
    if guild_id is None:
        return []
    held = select(guild_feeds.c.feed_id).where(guild_feeds.c.guild_id == guild_id)
    return list(connection.scalars(held.order_by(guild_feeds.c.feed_id)))


def seen_with(feed_id: ColumnElement[int | None], own: Collection[int]) -> ColumnElement[bool]:
    """Whether who added the feeds `own` sees what is of this feed; without a join, so that an index answers it."""
    return or_(feed_id.is_(None), feed_id.in_(own)) if own else feed_id.is_(None)


def holding(connection: Connection, feed_ids: Iterable[int]) -> set[tuple[int, int]]:
    """Return which servers added which of these feeds, as pairs."""
    asked = sorted(set(feed_ids))
    if not asked:
        return set()
    held = select(guild_feeds.c.guild_id, guild_feeds.c.feed_id).where(guild_feeds.c.feed_id.in_(asked))
    return {(row.guild_id, row.feed_id) for row in connection.execute(held)}


def kept_by(connection: Connection, user_id: int, followup_ids: Collection[int]) -> set[int]:
    """Return which of these follow-ups somebody sees outside servers, although not everybody does.

    They set a reminder of it, which only who saw it could, or watch it in a server that sees it.
    """
    some = sorted(set(followup_ids))
    reminded = select(reminders.c.followup_id).where(reminders.c.user_id == user_id, reminders.c.followup_id.in_(some))
    watched = (
        select(watches.c.followup_id)
        .join(followups, followups.c.id == watches.c.followup_id)
        .join(guild_feeds, guild_feeds.c.feed_id == followups.c.feed_id)
        .where(watches.c.user_id == user_id, watches.c.followup_id.in_(some))
        .where(watches.c.guild_id == guild_feeds.c.guild_id)
    )
    return {int(number) for each in (reminded, watched) for number in connection.scalars(each)}
