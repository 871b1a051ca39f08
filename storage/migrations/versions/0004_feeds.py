"""Feeds that move, stop and belong to servers; articles stored before they are read; hubs that tell of changes."""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

_ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add them; every feed known before is of the catalogue, and every article was read."""
    _widen_feeds()
    with op.batch_alter_table("articles", table_kwargs={"sqlite_autoincrement": True}) as batch_op:
        batch_op.add_column(sa.Column("waits_for", sa.Text()))
        batch_op.create_index("ix_articles_url", ["url"])
    waiting = sa.text("waits_for IS NOT NULL")
    op.create_index(
        "ix_articles_waiting", "articles", ["waits_for", "id"], sqlite_where=waiting, postgresql_where=waiting
    )
    with op.batch_alter_table("followups", table_kwargs={"sqlite_autoincrement": True}) as batch_op:
        batch_op.add_column(sa.Column("feed_id", _ROW_ID))
        batch_op.create_foreign_key("fk_followups_feed_id", "feeds", ["feed_id"], ["id"])
    _say_whose_followups_are()
    _make_tables()


def _widen_feeds() -> None:
    said = op.get_bind().execute(sa.text("SELECT id, last_error FROM feeds WHERE last_error IS NOT NULL")).all()
    with op.batch_alter_table("feeds", table_kwargs={"sqlite_autoincrement": True}) as batch_op:
        batch_op.add_column(sa.Column("public", sa.Boolean(), nullable=False, server_default=sa.true()))
        batch_op.add_column(sa.Column("moved_to", sa.Text()))
        batch_op.add_column(sa.Column("redirect", sa.Text()))
        batch_op.add_column(sa.Column("redirects", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("parser", sa.Text()))
        batch_op.add_column(sa.Column("per_day", sa.Float()))
        batch_op.add_column(sa.Column("schedule", sa.Text()))
        batch_op.add_column(sa.Column("memory", sa.LargeBinary()))
        batch_op.add_column(sa.Column("stopped", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("failing_since", sa.DateTime(timezone=True)))
        batch_op.add_column(sa.Column("hub", sa.Text()))
        batch_op.add_column(sa.Column("topic", sa.Text()))
        batch_op.add_column(sa.Column("told_until", sa.DateTime(timezone=True)))
        batch_op.add_column(sa.Column("called_at", sa.DateTime(timezone=True)))
    with op.batch_alter_table("feeds", table_kwargs={"sqlite_autoincrement": True}) as batch_op:
        for name in ("public", "redirects", "stopped"):
            batch_op.alter_column(name, server_default=None)
    feeds = sa.table("feeds", sa.column("id"), sa.column("last_error"))
    for feed_id, words in said:
        reason = json.dumps(["{said}", {"said": words}])
        op.execute(feeds.update().where(feeds.c.id == feed_id).values(last_error=reason))
    op.execute(sa.text("UPDATE feeds SET failing_since = polled_at WHERE failures > 0"))


def _say_whose_followups_are() -> None:
    """Repeat where follow-ups are found which feed they are of; all known before are everybody's."""
    pending = sa.text("status = 'pending'")
    own = sa.text("feed_id IS NOT NULL")
    op.create_index("ix_followups_feed", "followups", ["feed_id"], sqlite_where=own, postgresql_where=own)
    for table in ("followup_topics", "followup_countries"):
        op.add_column(table, sa.Column("feed_id", _ROW_ID))
    for table, columns in (
        ("followups", ["due_end", "said_on", "id", "kind", "feed_id", "status"]),
        ("followup_topics", ["topic", "due_end", "said_on", "followup_id", "kind", "feed_id", "status"]),
        ("followup_countries", ["country", "due_end", "said_on", "followup_id", "kind", "feed_id", "status"]),
    ):
        op.drop_index(f"ix_{table}_pending", table)
        op.create_index(f"ix_{table}_pending", table, columns, sqlite_where=pending, postgresql_where=pending)
    op.drop_index("ix_followups_said", "followups")
    op.create_index("ix_followups_said", "followups", ["said_on", "id", "feed_id"])
    op.drop_index("ix_followup_topics_said", "followup_topics")
    op.create_index("ix_followup_topics_said", "followup_topics", ["topic", "said_on", "followup_id", "feed_id"])
    _say_whose_marks_and_keys_are()


def _say_whose_marks_and_keys_are() -> None:
    op.drop_index("ix_followup_marks_mark", "followup_marks")
    for table in ("followup_marks", "expectation_keys"):
        with op.batch_alter_table(table, table_kwargs={"sqlite_with_rowid": False}) as batch_op:
            batch_op.add_column(sa.Column("own_feed", _ROW_ID, nullable=False, server_default="0"))
        with op.batch_alter_table(table, table_kwargs={"sqlite_with_rowid": False}) as batch_op:
            batch_op.alter_column("own_feed", server_default=None)
            if table == "expectation_keys":
                batch_op.drop_constraint("pk_expectation_keys", type_="primary")
                batch_op.create_primary_key("pk_expectation_keys", ["key", "own_feed", "followup_id"])
    by_mark = ["mark", "undated", "own_feed", "last_day", "first_day", "followup_id"]
    op.create_index("ix_followup_marks_mark", "followup_marks", by_mark)


def _make_tables() -> None:
    op.create_table(
        "guild_feeds",
        sa.Column("guild_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("feed_id", _ROW_ID, autoincrement=False, nullable=False),
        sa.Column("added_by", sa.BigInteger(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["feed_id"], ["feeds.id"], name="fk_guild_feeds_feed_id"),
        sa.PrimaryKeyConstraint("guild_id", "feed_id", name="pk_guild_feeds"),
    )
    op.create_index("ix_guild_feeds_feed", "guild_feeds", ["feed_id"])
    op.create_table(
        "hubs",
        sa.Column("feed_id", _ROW_ID, autoincrement=False, nullable=False),
        sa.Column("hub", sa.Text(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("secret", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True)),
        sa.ForeignKeyConstraint(["feed_id"], ["feeds.id"], name="fk_hubs_feed_id"),
        sa.PrimaryKeyConstraint("feed_id", name="pk_hubs"),
        sa.UniqueConstraint("token", name="uq_hubs_token"),
    )
