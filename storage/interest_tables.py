"""The table by which a follow-up finds the orders that could want it; what is in it follows from the orders."""

from __future__ import annotations

from sqlalchemy import Column, ColumnElement, ForeignKey, Index, Integer, Table, Text, literal_column, text

from storage.columns import PlainText, RowId
from storage.tables import metadata, subscriptions

# One row for each door of an order that is not paused (`watchers.interests.Filing`).
interests = Table(
    "interests",
    metadata,
    Column("door", PlainText, primary_key=True),
    Column("min_outlets", Integer, primary_key=True, autoincrement=False),
    Column(
        "subscription_id",
        RowId,
        ForeignKey("subscriptions.id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("kinds", Integer, nullable=False),
    Column("firmness", Integer, nullable=False),
    Index("ix_interests_subscription", "subscription_id"),
    sqlite_with_rowid=False,
)

# All of an order that its filing depends on, in the words of the index of those that are otherwise by now.
_AS_FILED = " || '|' || ".join(
    [
        "topic",
        *(f"CAST({name} AS TEXT)" for name in ("kinds", "speakers", "countries", "dating", "min_outlets", "paused")),
    ]
)
_UNFILED = f"coalesce(filed_as, '') <> {_AS_FILED}"
AS_FILED: ColumnElement[str] = literal_column(_AS_FILED, Text)
UNFILED: ColumnElement[bool] = literal_column(f"({_UNFILED})")
Index(
    "ix_subscriptions_unfiled",
    subscriptions.c.topic,
    sqlite_where=text(_UNFILED),
    postgresql_where=text(_UNFILED),
)
