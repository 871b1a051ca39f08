"""Feeds that servers add themselves."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from watchers.audit import Change
from watchers.deadline_watcher import plan_reminders
from watchers.feed_model import FeedState, GuildFeedWish
from watchers.feeds.safety import host_of
from watchers.ports import UnitOfWork

_NAMED = 5
"""Feeds of a list that an audit log names."""


def add_own_feed(work: UnitOfWork, wish: GuildFeedWish, now: datetime) -> FeedState:
    """Let a server hold a feed (see `GuildFeeds.add`), and return it.

    What the feed said before, for other servers or before it was removed, is told to nobody anew; of what is still to
    come of it, the server's orders are reminded.
    """
    feed = _hold(work, [wish], now)[0]
    work.changes.note(wish.guild_id, wish.added_by, Change.FEED_ADDED, feed_facts(feed), now)
    return feed


def import_own_feeds(work: UnitOfWork, wishes: Sequence[GuildFeedWish], now: datetime) -> None:
    """Let a server hold the feeds of a list, as `add_own_feed` does; its audit log tells of them as one change."""
    feeds = _hold(work, wishes, now)
    if feeds:
        facts: dict[str, str | int] = {"count": len(feeds), "name": ", ".join(feed.outlet for feed in feeds[:_NAMED])}
        work.changes.note(wishes[0].guild_id, wishes[0].added_by, Change.FEEDS_IMPORTED, facts, now)


def remove_own_feed(work: UnitOfWork, guild_id: int, feed_id: int, *, by: int, now: datetime) -> FeedState | None:
    """Let a server hold a feed no more; return it, or None where it held none by that number."""
    own = next((one.feed for one in work.guild_feeds.of(guild_id) if one.feed.id == feed_id), None)
    if own is None or not work.guild_feeds.remove(guild_id, feed_id):
        return None
    work.changes.note(guild_id, by, Change.FEED_REMOVED, feed_facts(own), now)
    return own


def feed_facts(feed: FeedState) -> dict[str, str | int]:
    """Return which feed it is, as an audit log has it: an address may hold a key, so only its host is told."""
    return {"name": feed.outlet, "host": host_of(feed.url)}


def _hold(work: UnitOfWork, wishes: Sequence[GuildFeedWish], now: datetime) -> list[FeedState]:
    """Let one server hold feeds, and remind its orders of what is still to come of them."""
    feeds = [work.guild_feeds.add(wish, now) for wish in wishes]
    for order in work.subscriptions.of_guild(wishes[0].guild_id) if wishes else ():
        plan_reminders(work, order, now)
    return feeds
