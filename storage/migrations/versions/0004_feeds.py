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
