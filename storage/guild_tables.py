"""The tables of what servers and people settle, rate, write and watch."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, Date, ForeignKey, Index, Integer, Table, UniqueConstraint, text

from storage.columns import DiscordId, PlainText, RowId, UtcInstant
from storage.tables import metadata

# What servers have settled for all their channels.
guilds = Table(
    "guilds",
    metadata,
    Column("id", DiscordId, primary_key=True, autoincrement=False),
    Column("zone", PlainText),
    Column("language", PlainText),
    Column("digest_hour", Integer),
    Column("notices_channel_id", DiscordId),
    Column("rater_role_id", DiscordId),
    Column("settles_itself", Boolean, nullable=False),
    # When it sent the bot away; NULL: the bot is there.
    Column("left_at", UtcInstant),
    Index(
        "ix_guilds_left",
        "left_at",
        sqlite_where=text("left_at IS NOT NULL"),
        postgresql_where=text("left_at IS NOT NULL"),
    ),
)

# Who changed what for a server (the audit log); `user_id` NULL: the bot itself.
changes = Table(
    "changes",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("guild_id", DiscordId, nullable=False),
    Column("user_id", DiscordId),
    # A `watchers.audit.Change` by its value, and what it concerned.
    Column("what", PlainText, nullable=False),
    Column("facts", JSON, nullable=False),
    Column("changed_at", UtcInstant, nullable=False),
    Index("ix_changes_guild", "guild_id", "id"),
    sqlite_autoincrement=True,
)

# Topics that servers write themselves; `folded` is the name with all difference of case taken out.
guild_topics = Table(
    "guild_topics",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("guild_id", DiscordId, nullable=False),
    Column("name", PlainText, nullable=False),
    Column("folded", PlainText, nullable=False),
    Column("query", PlainText, nullable=False),
    Column("created_by", DiscordId, nullable=False),
    UniqueConstraint("guild_id", "folded"),
    sqlite_autoincrement=True,
)

# How often something changed, for those who keep a copy of it, and how far a work is that goes on from day to day.
states = Table(
    "states",
    metadata,
    Column("name", PlainText, primary_key=True),
    Column("value", RowId, nullable=False),
)

# Every rating there was; one that was undone stays, as the record of who changed what.
ratings = Table(
    "ratings",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("followup_id", RowId, ForeignKey("followups.id"), nullable=False),
    Column("guild_id", DiscordId, nullable=False),
    Column("user_id", DiscordId, nullable=False),
    Column("outcome", PlainText, nullable=False),
    Column("due_start", Date),
    Column("due_end", Date),
    Column("happened_on", Date),
    Column("rated_at", UtcInstant, nullable=False),
    Column("undone_at", UtcInstant),
    Index("ix_ratings_followup", "followup_id", "guild_id"),
    sqlite_autoincrement=True,
)

# The last word of each server on each follow-up it has rated, so that lists need not look for it; its days are those
# the server moved it to, if it did.
standings = Table(
    "standings",
    metadata,
    Column("guild_id", DiscordId, primary_key=True, autoincrement=False),
    Column("followup_id", RowId, ForeignKey("followups.id"), primary_key=True, autoincrement=False),
    Column("outcome", PlainText, nullable=False),
    Column("due_start", Date),
    Column("due_end", Date),
    Column("rated_at", UtcInstant, nullable=False),
    Index("ix_standings_rated", "guild_id", "rated_at", "followup_id"),
    Index("ix_standings_followup", "followup_id"),
    sqlite_with_rowid=False,
)

notes = Table(
    "notes",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("followup_id", RowId, ForeignKey("followups.id"), nullable=False),
    Column("guild_id", DiscordId, nullable=False),
    Column("user_id", DiscordId, nullable=False),
    Column("text", PlainText, nullable=False),
    Column("written_at", UtcInstant, nullable=False),
    Index("ix_notes_followup", "followup_id", "guild_id"),
    sqlite_autoincrement=True,
)

# Of which follow-ups a server wants no more reminders.
mutes = Table(
    "mutes",
    metadata,
    Column("guild_id", DiscordId, primary_key=True, autoincrement=False),
    Column("followup_id", RowId, ForeignKey("followups.id"), primary_key=True, autoincrement=False),
    Column("user_id", DiscordId, nullable=False),
    Index("ix_mutes_followup", "followup_id"),
    sqlite_with_rowid=False,
)

# Who wants to hear by direct message how a server rates a follow-up.
watches = Table(
    "watches",
    metadata,
    Column("guild_id", DiscordId, primary_key=True, autoincrement=False),
    Column("followup_id", RowId, ForeignKey("followups.id"), primary_key=True, autoincrement=False),
    Column("user_id", DiscordId, primary_key=True, autoincrement=False),
    Index("ix_watches_followup", "followup_id"),
    sqlite_with_rowid=False,
)

# What people say is wrong with what was read, for those who label texts.
feedback = Table(
    "feedback",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("followup_id", RowId, ForeignKey("followups.id"), nullable=False),
    Column("guild_id", DiscordId),
    Column("user_id", DiscordId, nullable=False),
    Column("fault", PlainText, nullable=False),
    Column("due_start", Date),
    Column("due_end", Date),
    Column("given_at", UtcInstant, nullable=False),
    UniqueConstraint("followup_id", "user_id", "fault"),
    sqlite_autoincrement=True,
)

# What people have settled for themselves.
people = Table(
    "people",
    metadata,
    Column("id", DiscordId, primary_key=True, autoincrement=False),
    Column("zone", PlainText),
    Column("language", PlainText),
)

# Addresses nobody can guess, under which a server's calendar and feed can be subscribed to.
shares = Table(
    "shares",
    metadata,
    Column("token", PlainText, primary_key=True),
    Column("guild_id", DiscordId, nullable=False),
    Column("topic", PlainText, nullable=False),
    Column("created_by", DiscordId, nullable=False),
    Column("created_at", UtcInstant, nullable=False),
    UniqueConstraint("guild_id", "topic"),
)
