"""Everything that is remembered, inside one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from storage.articles import SqlArticles
from storage.audit import SqlChanges
from storage.belongings import SqlBelongings
from storage.cases import SqlCases
from storage.departures import SqlDepartures
from storage.expectations import SqlExpectations
from storage.feeds import SqlFeeds
from storage.followups import SqlFollowUps
from storage.guild_feeds import SqlGuildFeeds
from storage.guilds import SqlGuilds
from storage.hubs import SqlHubs
from storage.joining import SqlJoining
from storage.late import SqlLateAlerts
from storage.outbox import SqlOutbox
from storage.outcomes import SqlOutcomes
from storage.reminders import SqlReminders
from storage.shares import SqlShares
from storage.standing import backlog_of, given_up_of, tally_of
from storage.subscriptions import SqlSubscriptions
from watchers.model import Backlog, GivenUp, Tally


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
        self.late_alerts = SqlLateAlerts(connection)
        self.shares = SqlShares(connection)
        self.changes = SqlChanges(connection)
        self.departures = SqlDepartures(connection)
        self.belongings = SqlBelongings(connection)

    @property
    def connection(self) -> Connection:
        """The connection, for what is of storage alone (see archive.py)."""
        return self._connection

    def tally(self, guild_id: int | None = None) -> Tally:
        """Count what there is of a server and what it sees (None: of everybody, and what everybody sees)."""
        return tally_of(self._connection, guild_id)

    def backlog(self) -> Backlog:
        """Return what waits in the whole house."""
        return backlog_of(self._connection)

    def given_up(self, guild_id: int, since: datetime) -> Sequence[GivenUp]:
        """Return what was decided for a server since then and given up, the latest first."""
        return given_up_of(self._connection, guild_id, since)
