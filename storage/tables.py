"""The tables, and the index behind each question that is asked often.

`migrations/` builds the same schema step by step; a test holds the two together.
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    TextClause,
    Time,
    UniqueConstraint,
    literal_column,
    text,
)

from storage.columns import DiscordId, PlainText, RowId, UtcInstant

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    }
)

# Written out in each query, never bound: a planner uses a partial index only where it sees the same literal.
PENDING: ColumnElement[str] = literal_column("'pending'")
WAITING: ColumnElement[str] = literal_column("'waiting'")
SENT: ColumnElement[str] = literal_column("'sent'")
GIVEN_UP: ColumnElement[str] = literal_column("'given up'")
IS_PUBLIC: ColumnElement[bool] = literal_column("feeds.public")

# Of an alert, in the words of its indexes: in which channel or to whom it goes, and how urgent it is (lanes.py).
_LANE = "coalesce(channel_id, user_id, 0)"
_URGENCY = (
    "CASE WHEN message_id IS NOT NULL THEN 2 WHEN form = 'digest' THEN 3"
    " WHEN form = 'reminder' OR form = 'overdue' OR form = 'personal' THEN 0 ELSE 1 END"
)
LANE: ColumnElement[int] = literal_column(_LANE, BigInteger)
URGENCY: ColumnElement[int] = literal_column(f"({_URGENCY})", Integer)


# An index that a list is counted by ends with the status all the same: SQLite looks a row up to see what it knows.
def _partial(name: str, *columns: Column[object] | TextClause, where: str) -> Index:
    return Index(name, *columns, sqlite_where=text(where), postgresql_where=text(where))


# Ids go into keys and Discord messages, so a number is never given twice (`sqlite_autoincrement`).

feeds = Table(
    "feeds",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("url", PlainText, nullable=False, unique=True),
    Column("outlet", PlainText, nullable=False),
    Column("language", PlainText, nullable=False),
    Column("time_zone", PlainText, nullable=False),
    Column("full_text", Boolean, nullable=False),
    # Whether it is of the operator's catalogue; `guild_feeds` tells which servers added it besides.
    Column("public", Boolean, nullable=False),
    Column("moved_to", PlainText),
    Column("redirect", PlainText),
    Column("redirects", Integer, nullable=False),
    Column("etag", PlainText),
    Column("last_modified", PlainText),
    Column("body_hash", PlainText),
    Column("parser", PlainText),
    Column("per_day", Float),
    # A `watchers.feed_model.Schedule` as JSON: seconds, hours, days; NULL: it asks for nothing.
    Column("schedule", PlainText),
    Column("memory", LargeBinary),
    # The hub that it names, and how that knows the feed; until when the hub tells us of changes; its latest call.
    Column("hub", PlainText),
    Column("topic", PlainText),
    Column("told_until", UtcInstant),
    Column("called_at", UtcInstant),
    # False: nobody reads it any more; its row stays, because its articles do.
    Column("followed", Boolean, nullable=False),
    Column("stopped", Boolean, nullable=False),
    Column("next_poll_at", UtcInstant, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("failing_since", UtcInstant),
    Column("polled_at", UtcInstant),
    Column("last_success_at", UtcInstant),
    # A `watchers.feed_model.Reason` as JSON: its words, then what stands in their places.
    Column("last_error", PlainText),
    # The process that polls it now, and until when it has the right to.
    Column("lease_owner", PlainText),
    Column("lease_until", UtcInstant),
    Index("ix_feeds_next_poll_at", "next_poll_at"),
    sqlite_autoincrement=True,
)
_partial("ix_feeds_public", feeds.c.id, where="public")

articles = Table(
    "articles",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("feed_id", RowId, ForeignKey("feeds.id"), nullable=False),
    Column("key", PlainText, nullable=False),
    Column("outlet", PlainText, nullable=False),
    Column("url", PlainText),
    Column("title", PlainText, nullable=False),
    Column("body", PlainText, nullable=False),
    Column("published", UtcInstant, nullable=False),
    Column("day", Date, nullable=False),
    Column("seen_at", UtcInstant, nullable=False),
    # What is still to be done with it (`watchers.feed_model.Stage`); NULL: it was read.
    Column("waits_for", PlainText),
    # The process that does it now, and until when it has the right to.
    Column("lease_owner", PlainText),
    Column("lease_until", UtcInstant),
    UniqueConstraint("feed_id", "key"),
    Index("ix_articles_url", "url"),
    sqlite_autoincrement=True,
)
_partial("ix_articles_waiting", articles.c.waits_for, articles.c.id, where="waits_for IS NOT NULL")

# Feeds that servers added themselves; only they hear of what these say.
guild_feeds = Table(
    "guild_feeds",
    metadata,
    Column("guild_id", DiscordId, primary_key=True, autoincrement=False),
    Column("feed_id", RowId, ForeignKey("feeds.id"), primary_key=True, autoincrement=False),
    Column("added_by", DiscordId, nullable=False),
    Column("added_at", UtcInstant, nullable=False),
    Index("ix_guild_feeds_feed", "feed_id"),
)

# What was asked of the hubs of feeds, so that they tell us of changes (WebSub).
hubs = Table(
    "hubs",
    metadata,
    Column("feed_id", RowId, ForeignKey("feeds.id"), primary_key=True, autoincrement=False),
    Column("hub", PlainText, nullable=False),
    Column("topic", PlainText, nullable=False),
    # The end of the address at which the hub calls us, and the key of its signatures.
    Column("token", PlainText, nullable=False, unique=True),
    Column("secret", PlainText, nullable=False),
    Column("state", PlainText, nullable=False),
    Column("asked_at", UtcInstant, nullable=False),
    Column("expires_at", UtcInstant),
)

followups = Table(
    "followups",
    metadata,
    Column("id", RowId, primary_key=True),
    # The feed it was told by, where only the servers that added that feed hear of it; NULL: everybody does.
    Column("feed_id", RowId, ForeignKey("feeds.id")),
    Column("status", PlainText, nullable=False),
    Column("kind", PlainText, nullable=False),
    Column("quote", PlainText, nullable=False),
    Column("speaker", PlainText),
    # Quote and speaker with all difference of case taken out, in every alphabet: what a search looks into.
    Column("words", PlainText, nullable=False),
    Column("due_start", Date),
    Column("due_end", Date),
    Column("precision", PlainText, nullable=False),
    Column("conditional", Boolean, nullable=False),
    Column("said_on", Date, nullable=False),
    Column("told_on", Date, nullable=False),
    Index("ix_followups_said", "said_on", "id", "feed_id"),
    sqlite_autoincrement=True,
)
_partial("ix_followups_feed", followups.c.feed_id, where="feed_id IS NOT NULL")
_partial(
    "ix_followups_pending",
    followups.c.due_end,
    followups.c.said_on,
    followups.c.id,
    followups.c.kind,
    followups.c.feed_id,
    followups.c.status,
    where="status = 'pending'",
)

# One report each. What the article said is copied, so that a telling stands whatever becomes of the article.
tellings = Table(
    "tellings",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("followup_id", RowId, ForeignKey("followups.id"), nullable=False),
    Column("article_id", RowId, ForeignKey("articles.id"), nullable=False),
    Column("outlet", PlainText, nullable=False),
    Column("url", PlainText),
    Column("title", PlainText, nullable=False),
    Column("published", UtcInstant, nullable=False),
    Column("day", Date, nullable=False),
    Column("quote_start", Integer, nullable=False),
    Column("quote_end", Integer, nullable=False),
    Column("quote", PlainText, nullable=False),
    Column("kind", PlainText, nullable=False),
    Column("timex_start", Integer),
    Column("timex_end", Integer),
    Column("timex_text", PlainText),
    Column("timex_type", PlainText),
    Column("timex_value", PlainText),
    Column("due_start", Date),
    Column("due_end", Date),
    Column("precision", PlainText, nullable=False),
    Column("speaker", PlainText),
    Column("conditional", Boolean, nullable=False),
    Column("rules", JSON, nullable=False),
    Column("marks", JSON, nullable=False),
    Column("countries", JSON, nullable=False),
    Index("ix_tellings_followup", "followup_id", "published"),
    Index("ix_tellings_article", "article_id"),
    sqlite_autoincrement=True,
)

# The follow-up's status, kind, days and feed are repeated here, so that a topic's list is one stretch of one index.
followup_topics = Table(
    "followup_topics",
    metadata,
    Column("followup_id", RowId, ForeignKey("followups.id"), primary_key=True, autoincrement=False),
    Column("topic", PlainText, primary_key=True),
    Column("status", PlainText, nullable=False),
    Column("kind", PlainText, nullable=False),
    Column("due_end", Date),
    Column("said_on", Date, nullable=False),
    Column("feed_id", RowId),
    Index("ix_followup_topics_said", "topic", "said_on", "followup_id", "feed_id"),
    sqlite_with_rowid=False,
)
_partial(
    "ix_followup_topics_pending",
    followup_topics.c.topic,
    followup_topics.c.due_end,
    followup_topics.c.said_on,
    followup_topics.c.followup_id,
    followup_topics.c.kind,
    followup_topics.c.feed_id,
    followup_topics.c.status,
    where="status = 'pending'",
)

# The same by country.
followup_countries = Table(
    "followup_countries",
    metadata,
    Column("followup_id", RowId, ForeignKey("followups.id"), primary_key=True, autoincrement=False),
    Column("country", PlainText, primary_key=True),
    Column("status", PlainText, nullable=False),
    Column("kind", PlainText, nullable=False),
    Column("due_end", Date),
    Column("said_on", Date, nullable=False),
    Column("feed_id", RowId),
    sqlite_with_rowid=False,
)
_partial(
    "ix_followup_countries_pending",
    followup_countries.c.country,
    followup_countries.c.due_end,
    followup_countries.c.said_on,
    followup_countries.c.followup_id,
    followup_countries.c.kind,
    followup_countries.c.feed_id,
    followup_countries.c.status,
    where="status = 'pending'",
)

# What pending follow-ups are about. The days are those of the due interval or, where undated, from the first
# to the latest telling. `own_feed` is the follow-up's feed, 0 where everybody hears of it: never NULL, so that what is
# public stands together in the index, in order.
followup_marks = Table(
    "followup_marks",
    metadata,
    Column("followup_id", RowId, ForeignKey("followups.id"), primary_key=True, autoincrement=False),
    Column("mark", PlainText, primary_key=True),
    Column("undated", Boolean, nullable=False),
    Column("first_day", Date, nullable=False),
    Column("last_day", Date, nullable=False),
    Column("own_feed", RowId, nullable=False),
    Index("ix_followup_marks_mark", "mark", "undated", "own_feed", "last_day", "first_day", "followup_id"),
    sqlite_with_rowid=False,
)

subscriptions = Table(
    "subscriptions",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("guild_id", DiscordId, nullable=False),
    Column("channel_id", DiscordId, nullable=False),
    Column("topic", PlainText, nullable=False),
    Column("kinds", JSON, nullable=False),
    Column("speakers", JSON, nullable=False),
    Column("countries", JSON, nullable=False),
    Column("dating", PlainText, nullable=False),
    Column("min_outlets", Integer, nullable=False),
    Column("role_id", DiscordId),
    Column("rhythm", PlainText, nullable=False),
    Column("zone", PlainText, nullable=False),
    Column("hour", Integer, nullable=False),
    Column("digest_weekday", Integer, nullable=False),
    Column("lead_days", JSON, nullable=False),
    Column("quiet_first", Integer),
    Column("quiet_last", Integer),
    Column("place", PlainText, nullable=False),
    Column("language", PlainText),
    Column("paused", Boolean, nullable=False),
    Column("created_by", DiscordId, nullable=False),
    Column("created_at", UtcInstant, nullable=False),
    Column("next_digest_at", UtcInstant),
    # As what it was filed in `interests`; NULL: it has not been filed.
    Column("filed_as", PlainText),
    UniqueConstraint("channel_id", "topic"),
    Index("ix_subscriptions_guild", "guild_id"),
    sqlite_autoincrement=True,
)
_partial("ix_subscriptions_digest", subscriptions.c.next_digest_at, where="next_digest_at IS NOT NULL")

reminders = Table(
    "reminders",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("key", PlainText, nullable=False, unique=True),
    Column("fires_at", UtcInstant, nullable=False),
    Column("fired_at", UtcInstant),
    Column("followup_id", RowId, ForeignKey("followups.id")),
    Column("subscription_id", RowId, ForeignKey("subscriptions.id", ondelete="CASCADE")),
    Column("lead_days", Integer),
    Column("user_id", DiscordId),
    Column("note", PlainText),
    # Of one that recurs: after how many of which unit, in which zone, on which day of the month and when on the day.
    Column("every", Integer),
    Column("unit", PlainText),
    Column("zone", PlainText),
    Column("month_day", Integer),
    Column("local_time", Time),
    Index("ix_reminders_subscription", "subscription_id"),
    Index("ix_reminders_of_followup", "followup_id"),
    sqlite_autoincrement=True,
)
_partial("ix_reminders_due", reminders.c.fires_at, where="fired_at IS NULL")
_partial("ix_reminders_followup", reminders.c.followup_id, where="fired_at IS NULL")
_partial("ix_reminders_person", reminders.c.user_id, where="user_id IS NOT NULL")
_partial("ix_reminders_user", reminders.c.user_id, reminders.c.fires_at, where="fired_at IS NULL")

outbox = Table(
    "outbox",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("key", PlainText, nullable=False, unique=True),
    Column("form", PlainText, nullable=False),
    Column("guild_id", DiscordId),
    Column("channel_id", DiscordId),
    Column("user_id", DiscordId),
    Column("role_id", DiscordId),
    Column("subscription_id", RowId, ForeignKey("subscriptions.id", ondelete="SET NULL")),
    Column("note", PlainText),
    # waiting (also while leased), sent, or given up
    Column("state", PlainText, nullable=False),
    Column("wanted_version", Integer, nullable=False),
    Column("sent_version", Integer, nullable=False),
    Column("message_id", DiscordId),
    Column("posted_in", DiscordId),
    Column("lease_owner", PlainText),
    Column("lease_until", UtcInstant),
    Column("not_before", UtcInstant, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("last_error", PlainText),
    Column("created_at", UtcInstant, nullable=False),
    Column("sent_at", UtcInstant),
    # When it ought to be told; NULL, of what the version before decided: at `not_before`.
    Column("meant_for", UtcInstant),
    # Since when it may be in Discord without our knowing; NULL: we know.
    Column("unsure_since", UtcInstant),
    Index("ix_outbox_subscription", "subscription_id"),
    sqlite_autoincrement=True,
)
_partial("ix_outbox_waiting", outbox.c.id, where="state = 'waiting'")
_partial("ix_outbox_lanes", text(f"({_URGENCY})"), text(f"({_LANE})"), outbox.c.not_before, where="state = 'waiting'")
_partial("ix_outbox_posts", text(f"({_LANE})"), outbox.c.id, where="state = 'waiting' AND message_id IS NULL")
_partial("ix_outbox_held", outbox.c.lease_until, where="state = 'waiting' AND lease_until IS NOT NULL")
_partial("ix_outbox_waiting_guild", outbox.c.guild_id, where="state = 'waiting'")
_partial("ix_outbox_given_up", outbox.c.guild_id, outbox.c.created_at, where="state = 'given up'")
# What belongs to a server and what to a person, for when it is to be deleted.
_partial("ix_outbox_guild", outbox.c.guild_id, where="guild_id IS NOT NULL")
_partial("ix_outbox_user", outbox.c.user_id, where="user_id IS NOT NULL")

outbox_followups = Table(
    "outbox_followups",
    metadata,
    Column("outbox_id", RowId, ForeignKey("outbox.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("followup_id", RowId, ForeignKey("followups.id"), nullable=False),
    Column("section", PlainText),
    Index("ix_outbox_followups_followup", "followup_id"),
    sqlite_with_rowid=False,
)

baskets = Table(
    "baskets",
    metadata,
    Column(
        "subscription_id",
        RowId,
        ForeignKey("subscriptions.id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("followup_id", RowId, ForeignKey("followups.id"), primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)
