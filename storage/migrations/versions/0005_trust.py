"""Leases on feeds and articles, unsure sends, servers that were left, who changed what, and what orders wait for.

What belongs to one server or to one person is found by an index, to be deleted.

Every new column may be empty, so that a process of the version before goes on beside those of this one.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

_ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add them; nothing is leased, unsure or left at first."""
    for table in ("feeds", "articles"):
        op.add_column(table, sa.Column("lease_owner", sa.Text()))
        op.add_column(table, sa.Column("lease_until", sa.DateTime(timezone=True)))
    op.add_column("outbox", sa.Column("meant_for", sa.DateTime(timezone=True)))
    op.add_column("outbox", sa.Column("unsure_since", sa.DateTime(timezone=True)))
    # The version before kept no note of what its failed attempts may have come to.
    op.execute(
        "UPDATE outbox SET unsure_since = created_at WHERE state = 'waiting' AND message_id IS NULL AND attempts > 0"
    )
    waiting, lane = "state = 'waiting'", "(coalesce(channel_id, user_id, 0))"
    urgency = (
        "(CASE WHEN message_id IS NOT NULL THEN 2 WHEN form = 'digest' THEN 3"
        " WHEN form = 'reminder' OR form = 'overdue' OR form = 'personal' THEN 0 ELSE 1 END)"
    )
    indexes: tuple[tuple[str, list[str | sa.TextClause], str], ...] = (
        ("lanes", [sa.text(urgency), sa.text(lane), "not_before"], waiting),
        ("posts", [sa.text(lane), "id"], f"{waiting} AND message_id IS NULL"),
        ("held", ["lease_until"], f"{waiting} AND lease_until IS NOT NULL"),
    )
    for index, columns, where in indexes:
        partly = sa.text(where)
        op.create_index(f"ix_outbox_{index}", "outbox", columns, sqlite_where=partly, postgresql_where=partly)
    if op.get_bind().dialect.name == "postgresql":  # SQLite's integers are as long as they need be
        op.alter_column("states", "value", type_=sa.BigInteger(), existing_nullable=False)
    op.add_column("guilds", sa.Column("left_at", sa.DateTime(timezone=True)))
    left = sa.text("left_at IS NOT NULL")
    op.create_index("ix_guilds_left", "guilds", ["left_at"], sqlite_where=left, postgresql_where=left)
    for name, table, column in (
        ("ix_outbox_guild", "outbox", "guild_id"),
        ("ix_outbox_user", "outbox", "user_id"),
        ("ix_reminders_person", "reminders", "user_id"),
    ):
        there = sa.text(f"{column} IS NOT NULL")
        op.create_index(name, table, [column], sqlite_where=there, postgresql_where=there)
    op.create_table(
        "changes",
        sa.Column("id", _ROW_ID, nullable=False),
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.BigInteger()),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_changes"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_changes_guild", "changes", ["guild_id", "id"])
    _partial("ix_feeds_public", "feeds", "id", where="public")
    _partial("ix_outbox_waiting_guild", "outbox", "guild_id", where="state = 'waiting'")
    _partial("ix_outbox_given_up", "outbox", "guild_id", "created_at", where="state = 'given up'")
    _let_follow_ups_find_orders()


def _let_follow_ups_find_orders() -> None:
    """Make room for where orders are filed; those that are not are found as before, and filed while the bot runs."""
    op.add_column("subscriptions", sa.Column("filed_as", sa.Text()))
    as_filed = (
        "topic || '|' || CAST(kinds AS TEXT) || '|' || CAST(speakers AS TEXT) || '|' || CAST(countries AS TEXT)"
        " || '|' || CAST(dating AS TEXT) || '|' || CAST(min_outlets AS TEXT) || '|' || CAST(paused AS TEXT)"
    )
    unfiled = sa.text(f"coalesce(filed_as, '') <> {as_filed}")
    op.create_index(
        "ix_subscriptions_unfiled", "subscriptions", ["topic"], sqlite_where=unfiled, postgresql_where=unfiled
    )
    op.create_table(
        "interests",
        sa.Column("door", sa.Text(), nullable=False),
        sa.Column("min_outlets", sa.Integer(), nullable=False),
        sa.Column("subscription_id", _ROW_ID, nullable=False),
        sa.Column("kinds", sa.Integer(), nullable=False),
        sa.Column("firmness", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["subscription_id"], ["subscriptions.id"], name="fk_interests_subscription_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("door", "min_outlets", "subscription_id", name="pk_interests"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_interests_subscription", "interests", ["subscription_id"])
    # SQLite would take it for the others' sake, and read all orders of a topic to find none that is not filed.
    op.drop_index("ix_subscriptions_topic", "subscriptions")


def _partial(name: str, table: str, *columns: str, where: str) -> None:
    op.create_index(name, table, list(columns), sqlite_where=sa.text(where), postgresql_where=sa.text(where))
