"""What is stored of people: how much, and how it is forgotten."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Column, Connection, Table, delete, func, select, update

from storage.guild_tables import changes, feedback, guild_topics, mutes, notes, people, ratings, shares, watches
from storage.outcome_tables import answers, parted
from storage.tables import guild_feeds, outbox, reminders, subscriptions
from watchers.belonging_memory import Held
from watchers.rating import FORGOTTEN

# A person's own; the rows go. What somebody wrote is theirs, wherever others read it.
_OWN: Sequence[tuple[Table, Column[int]]] = (
    (reminders, reminders.c.user_id),
    (outbox, outbox.c.user_id),
    (watches, watches.c.user_id),
    (notes, notes.c.user_id),
    (feedback, feedback.c.user_id),
    (people, people.c.id),
)
# What a server goes on needing; only the id goes.
_OF_SERVERS: Sequence[tuple[Table, Column[int]]] = (
    (ratings, ratings.c.user_id),
    (subscriptions, subscriptions.c.created_by),
    (guild_topics, guild_topics.c.created_by),
    (guild_feeds, guild_feeds.c.added_by),
    (shares, shares.c.created_by),
    (mutes, mutes.c.user_id),
    (answers, answers.c.user_id),
    (parted, parted.c.user_id),
    (changes, changes.c.user_id),
)


class SqlPersons:
    """Every table that holds ids of people."""

    def __init__(self, connection: Connection) -> None:
        """Work inside the transaction of `connection`."""
        self._connection = connection

    def held(self, user_id: int) -> Held:
        """Return how much is stored of somebody."""
        found = {table.name: self._count(table, column, user_id) for table, column in (*_OWN, *_OF_SERVERS)}
        named = {table.name for table, _ in _OF_SERVERS} - {"ratings"}
        return Held(
            reminders=found["reminders"],
            messages=found["outbox"],
            watches=found["watches"],
            ratings=found["ratings"],
            notes=found["notes"],
            faults=found["feedback"],
            marks=sum(found[name] for name in named),
            settings=found["people"] > 0,
        )

    def forget(self, user_id: int) -> Held:
        """Remove what is somebody's own, and their id from what stays with servers; return how much that was.

        What waits to be sent to them goes with the rest, so that it is not sent.
        """
        held = self.held(user_id)
        for table, column in _OWN:
            self._connection.execute(delete(table).where(column == user_id))
        for table, column in _OF_SERVERS:
            self._connection.execute(update(table).where(column == user_id).values({column: FORGOTTEN}))
        return held

    def _count(self, table: Table, column: Column[int], user_id: int) -> int:
        counted = select(func.count()).select_from(table).where(column == user_id)
        return self._connection.scalar(counted) or 0
