"""The tables of how follow-ups ended in the news, and of which of them are one."""

from __future__ import annotations

from sqlalchemy import JSON, BigInteger, Boolean, Column, Date, Float, ForeignKey, Index, Integer, Table

from storage.columns import DiscordId, PlainText, RowId, UtcInstant
from storage.tables import metadata

# What a sentence of a later article suggests of how a follow-up ended, near misses included. What the article said is
# copied, so that a suggestion stands whatever becomes of the article.
suggestions = Table(
    "suggestions",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("followup_id", RowId, ForeignKey("followups.id"), nullable=False),
    Column("article_id", RowId, ForeignKey("articles.id"), nullable=False),
    Column("outcome", PlainText, nullable=False),
    Column("due_start", Date),
    Column("due_end", Date),
    Column("confidence", Float, nullable=False),
    Column("reasons", JSON, nullable=False),
    Column("quote_start", Integer, nullable=False),
    Column("quote_end", Integer, nullable=False),
    Column("quote", PlainText, nullable=False),
    Column("day", Date, nullable=False),
    Column("outlet", PlainText, nullable=False),
    Column("url", PlainText),
    Column("title", PlainText, nullable=False),
    Column("found_at", UtcInstant, nullable=False),
    Index("ix_suggestions_followup", "followup_id"),
    sqlite_autoincrement=True,
)

# What servers answered to suggestions.
answers = Table(
    "answers",
    metadata,
    Column("guild_id", DiscordId, primary_key=True, autoincrement=False),
    Column(
        "suggestion_id", RowId, ForeignKey("suggestions.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    ),
    Column("accepted", Boolean, nullable=False),
    Column("user_id", DiscordId, nullable=False),
    Column("answered_at", UtcInstant, nullable=False),
    Index("ix_answers_suggestion", "suggestion_id"),
    sqlite_with_rowid=False,
)

# What open follow-ups lead one to expect, worked out once, so that a later article is soon compared with it. Its days
# are repeated here, to be asked for; `until` is the last on which it is looked for.
expectations = Table(
    "expectations",
    metadata,
    Column("followup_id", RowId, ForeignKey("followups.id"), primary_key=True, autoincrement=False),
    Column("until", Date, nullable=False),
    Column("due_start", Date),
    Column("due_end", Date),
    Column("expected", JSON, nullable=False),
    Index("ix_expectations_until", "until"),
)

# By which keys (see open_index.py) an article finds them; `own_feed` is as in `followup_marks`.
expectation_keys = Table(
    "expectation_keys",
    metadata,
    Column("key", BigInteger, primary_key=True, autoincrement=False),
    Column("own_feed", RowId, primary_key=True, autoincrement=False),
    Column("followup_id", RowId, ForeignKey("followups.id"), primary_key=True, autoincrement=False),
    Index("ix_expectation_keys_followup", "followup_id"),
    sqlite_with_rowid=False,
)

# Numbers that follow-ups had until they were joined with others; cards and alerts posted before still carry them.
joined = Table(
    "joined",
    metadata,
    Column("followup_id", RowId, primary_key=True, autoincrement=False),
    Column("into_id", RowId, ForeignKey("followups.id"), nullable=False),
    Index("ix_joined_into", "into_id"),
)

# Pairs that somebody parted: nothing joins them by itself again. The older number is `one`.
parted = Table(
    "parted",
    metadata,
    Column("one_id", RowId, ForeignKey("followups.id"), primary_key=True, autoincrement=False),
    Column("other_id", RowId, ForeignKey("followups.id"), primary_key=True, autoincrement=False),
    Column("guild_id", DiscordId, nullable=False),
    Column("user_id", DiscordId, nullable=False),
    Column("parted_at", UtcInstant, nullable=False),
    Index("ix_parted_other", "other_id"),
    sqlite_with_rowid=False,
)
