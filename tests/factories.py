"""Builders of the house's values for tests: every field has an ordinary default, name only what matters."""

from __future__ import annotations

from datetime import UTC, date, datetime

from config.catalogue import Outlet, Topic
from watchers.audience import Rhythm, SubscriptionWish
from watchers.model import Article, FollowUp, Interval, Kind, Precision, Statement, Telling, Timex

MONDAY = date(2026, 3, 2)
MONDAY_NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
THIS_WEEK = Interval(date(2026, 3, 2), date(2026, 3, 6))


def a_statement(
    quote: str = "Norland will withdraw its troops by Friday.",
    *,
    kind: Kind = Kind.DEADLINE,
    due: Interval | None = THIS_WEEK,
    speaker: str | None = "Norland",
    precision: Precision = Precision.EXACT,
    conditional: bool = False,
) -> Statement:
    timex = Timex(max(0, len(quote) - 7), len(quote) - 1, quote[-7:-1], "DATE", "2026-03-06") if due else None
    return Statement(0, len(quote), quote, kind, timex, due, precision, speaker, conditional, ("by",))


def an_article(
    text: str = "Norland will withdraw its troops by Friday.",
    *,
    key: str = "a-1",
    outlet: str = "The Meridian",
    title: str = "Norland to withdraw",
    published: datetime = MONDAY_NOON,
) -> Article:
    return Article(key, outlet, f"https://meridian.example/{key}", title, text, published, published.date())


def a_telling(
    statement: Statement | None = None,
    *,
    outlet: str = "The Meridian",
    url: str | None = "https://meridian.example/a-1",
    title: str = "Norland to withdraw",
    published: datetime = MONDAY_NOON,
    marks: frozenset[str] = frozenset({"norland", "withdraw", "troops"}),
) -> Telling:
    return Telling(outlet, url, title, statement or a_statement(), published, published.date(), marks)


def a_followup(
    followup_id: int = 1, *tellings: Telling, topics: tuple[str, ...] = ("norland",), statement: Statement | None = None
) -> FollowUp:
    told = tellings or (a_telling(statement),)
    best = told[0].statement
    return FollowUp(
        followup_id,
        best.kind,
        best.quote,
        best.speaker,
        best.due,
        best.precision,
        best.conditional,
        topics,
        told[0].day,
        told,
    )


def a_wish(
    *,
    guild_id: int = 10,
    channel_id: int = 20,
    topic: str = "norland",
    kinds: frozenset[Kind] = frozenset(Kind),
    role_id: int | None = None,
    rhythm: Rhythm = Rhythm.INSTANT,
    lead_days: tuple[int, ...] = (1, 0, -1),
) -> SubscriptionWish:
    return SubscriptionWish(guild_id, channel_id, topic, kinds, role_id, rhythm, lead_days, 7)


def an_outlet(
    name: str = "The Meridian", feed_url: str = "https://meridian.example/rss", *, full_text: bool = False
) -> Outlet:
    return Outlet(name, feed_url, "en", "UTC", full_text)


def a_topic(topic_id: str = "norland", *words: str) -> Topic:
    return Topic(topic_id, topic_id.title(), "Invented.", words or ("Norland",))
