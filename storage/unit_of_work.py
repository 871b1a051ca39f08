"""Everything that is remembered, inside one transaction."""

from __future__ import annotations

from sqlalchemy import Connection, func, select

from storage.articles import SqlArticles
from storage.belongings import SqlBelongings
from storage.cases import SqlCases
from storage.expectations import SqlExpectations
from storage.feeds import SqlFeeds
from storage.followups import SqlFollowUps
from storage.guild_feeds import SqlGuildFeeds
from storage.guilds import SqlGuilds
from storage.hubs import SqlHubs
from storage.joining import SqlJoining
from storage.outbox import SqlOutbox
from storage.outcomes import SqlOutcomes
from storage.reminders import SqlReminders
from storage.seeing import feeds_of, seen_with
from storage.shares import SqlShares
from storage.subscriptions import SqlSubscriptions
from storage.tables import PENDING, WAITING, articles, feeds, followups, outbox, subscriptions
from watchers.model import Tally


class SqlUnitOfWork:
    """The tables as the watchers know them (`watchers.ports.UnitOfWork`); it lives as long as its transaction."""

    def __init__(self, connection: Connection) -> None:
        """Work on a connection whose transaction has begun and is ended by the caller."""
        self._connection = connection
        self.feeds = SqlFeeds(connection)
        self.guild_feeds = SqlGuildFeeds(connection)
        self.hubs = SqlHubs(connection)
        self.articles = SqlArticles(connection)
        self.followups = SqlFollowUps(connection)
        self.cases = SqlCases(connection)
        self.joining = SqlJoining(connection)
        self.outcomes = SqlOutcomes(connection)
        self.expectations = SqlExpectations(connection)
        self.guilds = SqlGuilds(connection)
        self.subscriptions = SqlSubscriptions(connection)
        self.reminders = SqlReminders(connection)
        self.outbox = SqlOutbox(connection)
        self.shares = SqlShares(connection)
        self.belongings = SqlBelongings(connection)

    @property
    def connection(self) -> Connection:
        """The connection, for what is of storage alone (see archive.py)."""
        return self._connection

    def tally(self, guild_id: int | None = None) -> Tally:
        """Count what there is; of feeds and follow-ups what a server sees (None: what everybody does).

        Follow-ups past their last day are still pending, and count.
        """
        own = feeds_of(self._connection, guild_id)
        seen = select(func.count()).select_from(feeds).where(feeds.c.followed, feeds.c.public | feeds.c.id.in_(own))
        pending = (followups.c.status == PENDING, seen_with(followups.c.feed_id, own))
        counts = select(
            seen.scalar_subquery(),
            seen.where(feeds.c.failures > 0).scalar_subquery(),
            select(func.count()).select_from(articles).scalar_subquery(),
            select(func.count()).select_from(followups).where(*pending).scalar_subquery(),
            select(func.count()).select_from(subscriptions).scalar_subquery(),
            select(func.count()).select_from(outbox).where(outbox.c.state == WAITING).scalar_subquery(),
            select(func.max(feeds.c.polled_at)).scalar_subquery(),
        )
        return Tally(*self._connection.execute(counts).one())
