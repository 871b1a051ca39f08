"""What the news suggests of how follow-ups ended, and which of them are one."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add them; servers from before settle nothing by itself."""
    _make_tables_of_suggestions()
    _make_tables_of_expectations()
    _make_tables_of_joining()
    with op.batch_alter_table("guilds") as batch_op:
        batch_op.add_column(sa.Column("settles_itself", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("guilds") as batch_op:
        batch_op.alter_column("settles_itself", server_default=None)
    with op.batch_alter_table("ratings", table_kwargs={"sqlite_autoincrement": True}) as batch_op:
        batch_op.add_column(sa.Column("happened_on", sa.Date()))


def _make_tables_of_suggestions() -> None:
    op.create_table(
        "suggestions",
        sa.Column("id", _ROW_ID, nullable=False),
        sa.Column("followup_id", _ROW_ID, nullable=False),
        sa.Column("article_id", _ROW_ID, nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("due_start", sa.Date()),
        sa.Column("due_end", sa.Date()),
        sa.Column("confidence", sa.Float(), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("quote_start", sa.Integer(), nullable=False),
        sa.Column("quote_end", sa.Integer(), nullable=False),
        sa.Column("quote", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("outlet", sa.Text(), nullable=False),
        sa.Column("url", sa.Text()),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["articles.id"], name="fk_suggestions_article_id"),
        sa.ForeignKeyConstraint(["followup_id"], ["followups.id"], name="fk_suggestions_followup_id"),
        sa.PrimaryKeyConstraint("id", name="pk_suggestions"),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("suggestions") as batch_op:
        batch_op.create_index("ix_suggestions_followup", ["followup_id"])
    op.create_table(
        "answers",
        sa.Column("guild_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("suggestion_id", _ROW_ID, autoincrement=False, nullable=False),
        sa.Column("accepted", sa.Boolean(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["suggestion_id"], ["suggestions.id"], name="fk_answers_suggestion_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("guild_id", "suggestion_id", name="pk_answers"),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("answers") as batch_op:
        batch_op.create_index("ix_answers_suggestion", ["suggestion_id"])


def _make_tables_of_expectations() -> None:
    op.create_table(
        "expectations",
        sa.Column("followup_id", _ROW_ID, autoincrement=False, nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("due_start", sa.Date()),
        sa.Column("due_end", sa.Date()),
        sa.Column("expected", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["followup_id"], ["followups.id"], name="fk_expectations_followup_id"),
        sa.PrimaryKeyConstraint("followup_id", name="pk_expectations"),
    )
    with op.batch_alter_table("expectations") as batch_op:
        batch_op.create_index("ix_expectations_until", ["until"])
    op.create_table(
        "expectation_keys",
        sa.Column("key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("followup_id", _ROW_ID, autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(["followup_id"], ["followups.id"], name="fk_expectation_keys_followup_id"),
        sa.PrimaryKeyConstraint("key", "followup_id", name="pk_expectation_keys"),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("expectation_keys") as batch_op:
        batch_op.create_index("ix_expectation_keys_followup", ["followup_id"])


def _make_tables_of_joining() -> None:
    op.create_table(
        "joined",
        sa.Column("followup_id", _ROW_ID, autoincrement=False, nullable=False),
        sa.Column("into_id", _ROW_ID, nullable=False),
        sa.ForeignKeyConstraint(["into_id"], ["followups.id"], name="fk_joined_into_id"),
        sa.PrimaryKeyConstraint("followup_id", name="pk_joined"),
    )
    with op.batch_alter_table("joined") as batch_op:
        batch_op.create_index("ix_joined_into", ["into_id"])
    op.create_table(
        "parted",
        sa.Column("one_id", _ROW_ID, autoincrement=False, nullable=False),
        sa.Column("other_id", _ROW_ID, autoincrement=False, nullable=False),
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("parted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["one_id"], ["followups.id"], name="fk_parted_one_id"),
        sa.ForeignKeyConstraint(["other_id"], ["followups.id"], name="fk_parted_other_id"),
        sa.PrimaryKeyConstraint("one_id", "other_id", name="pk_parted"),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("parted") as batch_op:
        batch_op.create_index("ix_parted_other", ["other_id"])
    # Fired reminders too are asked for by follow-up, where one is joined with another and its number ends.
    op.create_index("ix_reminders_of_followup", "reminders", ["followup_id"])
