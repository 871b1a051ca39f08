"""The first tables: feeds, articles, follow-ups, subscriptions, reminders and the outbox."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make them."""
    op.create_table(
        "feeds",
        sa.Column("id", _ROW_ID, nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("outlet", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("time_zone", sa.Text(), nullable=False),
        sa.Column("full_text", sa.Boolean(), nullable=False),
        sa.Column("followed", sa.Boolean(), nullable=False),
        sa.Column("etag", sa.Text()),
        sa.Column("last_modified", sa.Text()),
        sa.Column("body_hash", sa.Text()),
        sa.Column("next_poll_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("polled_at", sa.DateTime(timezone=True)),
        sa.Column("last_success_at", sa.DateTime(timezone=True)),
        sa.Column("last_error", sa.Text()),
        sa.PrimaryKeyConstraint("id", name="pk_feeds"),
        sa.UniqueConstraint("url", name="uq_feeds_url"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_feeds_next_poll_at", "feeds", ["next_poll_at"])
    op.create_table(
        "followups",
        sa.Column("id", _ROW_ID, nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("quote", sa.Text(), nullable=False),
        sa.Column("speaker", sa.Text()),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("due_start", sa.Date()),
        sa.Column("due_end", sa.Date()),
        sa.Column("precision", sa.Text(), nullable=False),
        sa.Column("conditional", sa.Boolean(), nullable=False),
        sa.Column("said_on", sa.Date(), nullable=False),
        sa.Column("told_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_followups"),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_followups_pending",
        "followups",
        ["due_end", "said_on", "id", "kind", "status"],
        sqlite_where=sa.text("status = 'pending'"),
        postgresql_where=sa.text("status = 'pending'"),
    )
    op.create_table(
        "subscriptions",
        sa.Column("id", _ROW_ID, nullable=False),
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("channel_id", sa.BigInteger(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("kinds", sa.JSON(), nullable=False),
        sa.Column("role_id", sa.BigInteger()),
        sa.Column("rhythm", sa.Text(), nullable=False),
        sa.Column("lead_days", sa.JSON(), nullable=False),
        sa.Column("created_by", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_subscriptions"),
        sa.UniqueConstraint("channel_id", "topic", name="uq_subscriptions_channel_id_topic"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_subscriptions_guild", "subscriptions", ["guild_id"])
    op.create_index("ix_subscriptions_topic", "subscriptions", ["topic"])
    op.create_table(
        "articles",
        sa.Column("id", _ROW_ID, nullable=False),
        sa.Column("feed_id", _ROW_ID, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("outlet", sa.Text(), nullable=False),
        sa.Column("url", sa.Text()),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("published", sa.DateTime(timezone=True), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["feed_id"], ["feeds.id"], name="fk_articles_feed_id"),
        sa.PrimaryKeyConstraint("id", name="pk_articles"),
        sa.UniqueConstraint("feed_id", "key", name="uq_articles_feed_id_key"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "baskets",
        sa.Column("subscription_id", _ROW_ID, autoincrement=False, nullable=False),
        sa.Column("followup_id", _ROW_ID, autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(["followup_id"], ["followups.id"], name="fk_baskets_followup_id"),
        sa.ForeignKeyConstraint(
            ["subscription_id"], ["subscriptions.id"], name="fk_baskets_subscription_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("subscription_id", "followup_id", name="pk_baskets"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "followup_marks",
        sa.Column("followup_id", _ROW_ID, autoincrement=False, nullable=False),
        sa.Column("mark", sa.Text(), nullable=False),
        sa.Column("undated", sa.Boolean(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["followup_id"], ["followups.id"], name="fk_followup_marks_followup_id"),
        sa.PrimaryKeyConstraint("followup_id", "mark", name="pk_followup_marks"),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_followup_marks_mark", "followup_marks", ["mark", "undated", "last_day", "first_day", "followup_id"]
    )
    op.create_table(
        "followup_topics",
        sa.Column("followup_id", _ROW_ID, autoincrement=False, nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("due_end", sa.Date()),
        sa.Column("said_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["followup_id"], ["followups.id"], name="fk_followup_topics_followup_id"),
        sa.PrimaryKeyConstraint("followup_id", "topic", name="pk_followup_topics"),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_followup_topics_pending",
        "followup_topics",
        ["topic", "due_end", "said_on", "followup_id", "kind", "status"],
        sqlite_where=sa.text("status = 'pending'"),
        postgresql_where=sa.text("status = 'pending'"),
    )
    op.create_table(
        "outbox",
        sa.Column("id", _ROW_ID, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("channel_id", sa.BigInteger()),
        sa.Column("user_id", sa.BigInteger()),
        sa.Column("role_id", sa.BigInteger()),
        sa.Column("subscription_id", _ROW_ID),
        sa.Column("note", sa.Text()),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("wanted_version", sa.Integer(), nullable=False),
        sa.Column("sent_version", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.BigInteger()),
        sa.Column("posted_in", sa.BigInteger()),
        sa.Column("lease_owner", sa.Text()),
        sa.Column("lease_until", sa.DateTime(timezone=True)),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("last_error", sa.Text()),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True)),
        sa.ForeignKeyConstraint(
            ["subscription_id"], ["subscriptions.id"], name="fk_outbox_subscription_id", ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
        sa.UniqueConstraint("key", name="uq_outbox_key"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_outbox_subscription", "outbox", ["subscription_id"])
    op.create_index(
        "ix_outbox_waiting",
        "outbox",
        ["id"],
        sqlite_where=sa.text("state = 'waiting'"),
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.create_table(
        "reminders",
        sa.Column("id", _ROW_ID, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("fires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("fired_at", sa.DateTime(timezone=True)),
        sa.Column("followup_id", _ROW_ID),
        sa.Column("subscription_id", _ROW_ID),
        sa.Column("lead_days", sa.Integer()),
        sa.Column("user_id", sa.BigInteger()),
        sa.Column("note", sa.Text()),
        sa.ForeignKeyConstraint(["followup_id"], ["followups.id"], name="fk_reminders_followup_id"),
        sa.ForeignKeyConstraint(
            ["subscription_id"], ["subscriptions.id"], name="fk_reminders_subscription_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_reminders"),
        sa.UniqueConstraint("key", name="uq_reminders_key"),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_reminders_due",
        "reminders",
        ["fires_at"],
        sqlite_where=sa.text("fired_at IS NULL"),
        postgresql_where=sa.text("fired_at IS NULL"),
    )
    op.create_index(
        "ix_reminders_followup",
        "reminders",
        ["followup_id"],
        sqlite_where=sa.text("fired_at IS NULL"),
        postgresql_where=sa.text("fired_at IS NULL"),
    )
    op.create_index("ix_reminders_subscription", "reminders", ["subscription_id"])
    op.create_index(
        "ix_reminders_user",
        "reminders",
        ["user_id", "fires_at"],
        sqlite_where=sa.text("fired_at IS NULL"),
        postgresql_where=sa.text("fired_at IS NULL"),
    )
    op.create_table(
        "outbox_followups",
        sa.Column("outbox_id", _ROW_ID, autoincrement=False, nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("followup_id", _ROW_ID, nullable=False),
        sa.ForeignKeyConstraint(["followup_id"], ["followups.id"], name="fk_outbox_followups_followup_id"),
        sa.ForeignKeyConstraint(["outbox_id"], ["outbox.id"], name="fk_outbox_followups_outbox_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("outbox_id", "position", name="pk_outbox_followups"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_outbox_followups_followup", "outbox_followups", ["followup_id"])
    op.create_table(
        "tellings",
        sa.Column("id", _ROW_ID, nullable=False),
        sa.Column("followup_id", _ROW_ID, nullable=False),
        sa.Column("article_id", _ROW_ID, nullable=False),
        sa.Column("outlet", sa.Text(), nullable=False),
        sa.Column("url", sa.Text()),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("published", sa.DateTime(timezone=True), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("quote_start", sa.Integer(), nullable=False),
        sa.Column("quote_end", sa.Integer(), nullable=False),
        sa.Column("quote", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("timex_start", sa.Integer()),
        sa.Column("timex_end", sa.Integer()),
        sa.Column("timex_text", sa.Text()),
        sa.Column("timex_type", sa.Text()),
        sa.Column("timex_value", sa.Text()),
        sa.Column("due_start", sa.Date()),
        sa.Column("due_end", sa.Date()),
        sa.Column("precision", sa.Text(), nullable=False),
        sa.Column("speaker", sa.Text()),
        sa.Column("conditional", sa.Boolean(), nullable=False),
        sa.Column("rules", sa.JSON(), nullable=False),
        sa.Column("marks", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["articles.id"], name="fk_tellings_article_id"),
        sa.ForeignKeyConstraint(["followup_id"], ["followups.id"], name="fk_tellings_followup_id"),
        sa.PrimaryKeyConstraint("id", name="pk_tellings"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_tellings_article", "tellings", ["article_id"])
    op.create_index("ix_tellings_followup", "tellings", ["followup_id", "published"])
