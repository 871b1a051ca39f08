"""Feeds that servers add themselves."""

from __future__ import annotations

from datetime import datetime

from watchers.deadline_watcher import plan_reminders
from watchers.feed_model import FeedState, GuildFeedWish
from watchers.ports import UnitOfWork


def add_own_feed(work: UnitOfWork, wish: GuildFeedWish, now: datetime) -> FeedState:
    """Let a server hold a feed (see `GuildFeeds.add`), and return it.

    What the feed said before, for other servers or before it was removed, is told to nobody anew; of what is still to
    come of it, the server's orders are reminded.
    """
    feed = work.guild_feeds.add(wish, now)
    for order in work.subscriptions.of_guild(wish.guild_id):
        plan_reminders(work, order, now)
    return feed
