"""Servers with what they settle, rate and write; more ways to be told; lists by country."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add them; orders from before keep what they asked for, at eight o'clock UTC until their server says otherwise."""
    _make_tables_of_servers()
    _make_tables_of_ratings()
    _index_what_is_listed()
    _add_options()


def _make_tables_of_servers() -> None:
    op.create_table(
        "guild_topics",
        sa.Column("id", _ROW_ID, nullable=False),
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("created_by", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_guild_topics"),
        sa.UniqueConstraint("guild_id", "folded", name="uq_guild_topics_guild_id_folded"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "guilds",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("zone", sa.Text()),
        sa.Column("language", sa.Text()),
        sa.Column("digest_hour", sa.Integer()),
        sa.Column("notices_channel_id", sa.BigInteger()),
        sa.Column("rater_role_id", sa.BigInteger()),
        sa.PrimaryKeyConstraint("id", name="pk_guilds"),
    )
    op.create_table(
        "people",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("zone", sa.Text()),
        sa.Column("language", sa.Text()),
        sa.PrimaryKeyConstraint("id", name="pk_people"),
    )
    op.create_table(
        "shares",
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("created_by", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("token", name="pk_shares"),
        sa.UniqueConstraint("guild_id", "topic", name="uq_shares_guild_id_topic"),
    )
    op.create_table(
        "states",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_states"),
    )


def _make_tables_of_ratings() -> None:
    op.create_table(
        "feedback",
        sa.Column("id", _ROW_ID, nullable=False),
        sa.Column("followup_id", _ROW_ID, nullable=False),
        sa.Column("guild_id", sa.BigInteger()),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("fault", sa.Text(), nullable=False),
        sa.Column("due_start", sa.Date()),
        sa.Column("due_end", sa.Date()),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["followup_id"], ["followups.id"], name="fk_feedback_followup_id"),
        sa.PrimaryKeyConstraint("id", name="pk_feedback"),
        sa.UniqueConstraint("followup_id", "user_id", "fault", name="uq_feedback_followup_id_user_id_fault"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "followup_countries",
        sa.Column("followup_id", _ROW_ID, autoincrement=False, nullable=False),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("due_end", sa.Date()),
        sa.Column("said_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["followup_id"], ["followups.id"], name="fk_followup_countries_followup_id"),
        sa.PrimaryKeyConstraint("followup_id", "country", name="pk_followup_countries"),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("followup_countries") as batch_op:
        batch_op.create_index(
            "ix_followup_countries_pending",
            ["country", "due_end", "said_on", "followup_id", "kind", "status"],
            sqlite_where=sa.text("status = 'pending'"),
            postgresql_where=sa.text("status = 'pending'"),
        )

    op.create_table(
        "mutes",
        sa.Column("guild_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("followup_id", _ROW_ID, autoincrement=False, nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["followup_id"], ["followups.id"], name="fk_mutes_followup_id"),
        sa.PrimaryKeyConstraint("guild_id", "followup_id", name="pk_mutes"),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("mutes") as batch_op:
        batch_op.create_index("ix_mutes_followup", ["followup_id"])

    op.create_table(
        "notes",
        sa.Column("id", _ROW_ID, nullable=False),
        sa.Column("followup_id", _ROW_ID, nullable=False),
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["followup_id"], ["followups.id"], name="fk_notes_followup_id"),
        sa.PrimaryKeyConstraint("id", name="pk_notes"),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("notes") as batch_op:
        batch_op.create_index("ix_notes_followup", ["followup_id", "guild_id"])

    op.create_table(
        "ratings",
        sa.Column("id", _ROW_ID, nullable=False),
        sa.Column("followup_id", _ROW_ID, nullable=False),
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("due_start", sa.Date()),
        sa.Column("due_end", sa.Date()),
        sa.Column("rated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True)),
        sa.ForeignKeyConstraint(["followup_id"], ["followups.id"], name="fk_ratings_followup_id"),
        sa.PrimaryKeyConstraint("id", name="pk_ratings"),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("ratings") as batch_op:
        batch_op.create_index("ix_ratings_followup", ["followup_id", "guild_id"])

    op.create_table(
        "standings",
        sa.Column("guild_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("followup_id", _ROW_ID, autoincrement=False, nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("due_start", sa.Date()),
        sa.Column("due_end", sa.Date()),
        sa.Column("rated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["followup_id"], ["followups.id"], name="fk_standings_followup_id"),
        sa.PrimaryKeyConstraint("guild_id", "followup_id", name="pk_standings"),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("standings") as batch_op:
        batch_op.create_index("ix_standings_followup", ["followup_id"])
        batch_op.create_index("ix_standings_rated", ["guild_id", "rated_at", "followup_id"])

    op.create_table(
        "watches",
        sa.Column("guild_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("followup_id", _ROW_ID, autoincrement=False, nullable=False),
        sa.Column("user_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(["followup_id"], ["followups.id"], name="fk_watches_followup_id"),
        sa.PrimaryKeyConstraint("guild_id", "followup_id", "user_id", name="pk_watches"),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("watches") as batch_op:
        batch_op.create_index("ix_watches_followup", ["followup_id"])


def _index_what_is_listed() -> None:
    with op.batch_alter_table("followup_topics") as batch_op:
        batch_op.create_index("ix_followup_topics_said", ["topic", "said_on", "followup_id"])

    with op.batch_alter_table("followups") as batch_op:
        batch_op.create_index("ix_followups_said", ["said_on", "id"])


def _add_options() -> None:
    with op.batch_alter_table("outbox") as batch_op:
        batch_op.add_column(sa.Column("guild_id", sa.BigInteger()))

    with op.batch_alter_table("outbox_followups") as batch_op:
        batch_op.add_column(sa.Column("section", sa.Text()))

    with op.batch_alter_table("reminders") as batch_op:
        batch_op.add_column(sa.Column("every", sa.Integer()))
        batch_op.add_column(sa.Column("unit", sa.Text()))
        batch_op.add_column(sa.Column("zone", sa.Text()))
        batch_op.add_column(sa.Column("month_day", sa.Integer()))
        batch_op.add_column(sa.Column("local_time", sa.Time()))

    with op.batch_alter_table("subscriptions", table_kwargs={"sqlite_autoincrement": True}) as batch_op:
        batch_op.add_column(sa.Column("speakers", sa.JSON(), nullable=False, server_default="[]"))
        batch_op.add_column(sa.Column("countries", sa.JSON(), nullable=False, server_default="[]"))
        batch_op.add_column(sa.Column("dating", sa.Text(), nullable=False, server_default="any"))
        batch_op.add_column(sa.Column("min_outlets", sa.Integer(), nullable=False, server_default="1"))
        batch_op.add_column(sa.Column("zone", sa.Text(), nullable=False, server_default="UTC"))
        batch_op.add_column(sa.Column("hour", sa.Integer(), nullable=False, server_default="8"))
        batch_op.add_column(sa.Column("digest_weekday", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("quiet_first", sa.Integer()))
        batch_op.add_column(sa.Column("quiet_last", sa.Integer()))
        batch_op.add_column(sa.Column("place", sa.Text(), nullable=False, server_default="channel"))
        batch_op.add_column(sa.Column("language", sa.Text()))
        batch_op.add_column(sa.Column("paused", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("next_digest_at", sa.DateTime(timezone=True)))
        batch_op.create_index(
            "ix_subscriptions_digest",
            ["next_digest_at"],
            sqlite_where=sa.text("next_digest_at IS NOT NULL"),
            postgresql_where=sa.text("next_digest_at IS NOT NULL"),
        )

    with op.batch_alter_table("subscriptions", table_kwargs={"sqlite_autoincrement": True}) as batch_op:
        for name in (
            "speakers",
            "countries",
            "dating",
            "min_outlets",
            "zone",
            "hour",
            "digest_weekday",
            "place",
            "paused",
        ):
            batch_op.alter_column(name, server_default=None)

    with op.batch_alter_table("tellings", table_kwargs={"sqlite_autoincrement": True}) as batch_op:
        batch_op.add_column(sa.Column("countries", sa.JSON(), nullable=False, server_default="[]"))
    with op.batch_alter_table("tellings", table_kwargs={"sqlite_autoincrement": True}) as batch_op:
        batch_op.alter_column("countries", server_default=None)
    orders = "SELECT guild_id FROM subscriptions WHERE subscriptions.id = outbox.subscription_id"
    op.execute(f"UPDATE outbox SET guild_id = ({orders})")  # noqa: S608  no part of it comes from outside
    op.execute("UPDATE subscriptions SET next_digest_at = CURRENT_TIMESTAMP WHERE rhythm = 'daily'")
