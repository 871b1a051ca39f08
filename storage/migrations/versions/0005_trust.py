"""Leases on feeds and articles, sends that nobody is sure of, servers that were left, and who changed what.

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


def _partial(name: str, table: str, *columns: str, where: str) -> None:
    op.create_index(name, table, list(columns), sqlite_where=sa.text(where), postgresql_where=sa.text(where))
