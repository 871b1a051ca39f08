"""Builders of the house's values for tests: every field has an ordinary default, name only what matters."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from config.catalogue import Outlet, Topic
from watchers.audience import Dating, LocalHour, Place, QuietHours, Rhythm, SubscriptionWish, Wants
from watchers.feed_model import FeedState, Reason
from watchers.model import Article, FollowUp, Interval, Kind, Precision, Statement, Telling, Timex
from watchers.rating import Case, Clue, Note, Outcome, Rating, RatingWish, Suggestion

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
    countries: tuple[str, ...] = (),
) -> Telling:
    return Telling(outlet, url, title, statement or a_statement(), published, published.date(), marks, countries)


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


def a_rating(
    outcome: Outcome = Outcome.KEPT,
    *,
    rating_id: int = 1,
    followup_id: int = 1,
    guild_id: int = 10,
    user_id: int = 7,
    due: Interval | None = None,
    happened_on: date | None = None,
    rated_at: datetime = MONDAY_NOON,
) -> Rating:
    return Rating(rating_id, RatingWish(followup_id, guild_id, user_id, outcome, due, happened_on), rated_at)


def a_clue(
    outcome: Outcome = Outcome.KEPT,
    *,
    confidence: float = 0.8,
    due: Interval | None = None,
    quote: str = "Norland has withdrawn the last of its troops.",
    day: date = date(2026, 3, 5),
    outlet: str = "The Lantern",
    url: str | None = "https://lantern.example/b-2",
    reasons: tuple[str, ...] = ("the act is told as done", "the same matter", "but: within its days"),
) -> Clue:
    return Clue(outcome, due, confidence, reasons, 0, len(quote), quote, day, outlet, url, "Troops gone")


def a_suggestion(clue: Clue | None = None, *, suggestion_id: int = 1, followup_id: int = 1) -> Suggestion:
    return Suggestion(suggestion_id, followup_id, clue or a_clue())


def a_case(
    followup: FollowUp | None = None,
    *ratings: Rating,
    notes: tuple[Note, ...] = (),
    muted_by: int | None = None,
    suggestions: tuple[Suggestion, ...] = (),
    accepted: tuple[Suggestion, ...] = (),
) -> Case:
    return Case(followup or a_followup(), ratings, notes, muted_by, suggestions, accepted)


def a_wish(
    *,
    guild_id: int = 10,
    channel_id: int = 20,
    topic: str = "norland",
    zone: str = "UTC",
    hour: int = 8,
    kinds: frozenset[Kind] = frozenset(Kind),
    speakers: tuple[str, ...] = (),
    countries: frozenset[str] = frozenset(),
    dating: Dating = Dating.ANY,
    min_outlets: int = 1,
    role_id: int | None = None,
    rhythm: Rhythm = Rhythm.INSTANT,
    digest_weekday: int = 0,
    lead_days: tuple[int, ...] = (1, 0, -1),
    quiet: QuietHours | None = None,
    place: Place = Place.CHANNEL,
    language: str | None = None,
    paused: bool = False,
) -> SubscriptionWish:
    return SubscriptionWish(
        guild_id=guild_id,
        channel_id=channel_id,
        topic=topic,
        created_by=7,
        at=LocalHour(ZoneInfo(zone), hour),
        wants=Wants(kinds, speakers, countries, dating, min_outlets),
        role_id=role_id,
        rhythm=rhythm,
        digest_weekday=digest_weekday,
        lead_days=lead_days,
        quiet=quiet,
        place=place,
        language=language,
        paused=paused,
    )


def a_feed(url: str = "https://meridian.example/rss", outlet: str = "The Meridian", **known: Any) -> FeedState:
    """A feed that was never read, but for what is said of it."""
    fresh = FeedState(1, url, outlet, "en", "UTC", full_text=False, next_poll_at=MONDAY_NOON)
    return replace(fresh, **known)


def polled(
    feed: FeedState,
    at: datetime = MONDAY_NOON,
    *,
    again: datetime,
    error: str | None = None,
    failures: int = 1,
) -> FeedState:
    """A feed as it stands after a poll at `at` that went well, or failed (for the `failures`th time in a row)."""
    if error is None:
        return replace(
            feed, polled_at=at, next_poll_at=again, last_success_at=at, failures=0, failing_since=None, last_error=None
        )
    since = feed.failing_since or at
    return replace(
        feed, polled_at=at, next_poll_at=again, failures=failures, failing_since=since, last_error=Reason(error)
    )


def an_outlet(
    name: str = "The Meridian", feed_url: str = "https://meridian.example/rss", *, full_text: bool = False
) -> Outlet:
    return Outlet(name, feed_url, "en", "UTC", full_text)


def a_topic(topic_id: str = "norland", *words: str) -> Topic:
    return Topic(topic_id, topic_id.title(), "Invented.", words or ("Norland",))
