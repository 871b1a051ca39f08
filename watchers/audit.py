"""Who changed what for a server: the values of its audit log, and how a change is told in facts. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from watchers.audience import Guild, SubscriptionWish

KEPT_FOR = timedelta(days=365)
"""How long an entry stays."""
LONGEST_FACT = 200
"""Characters of one fact; what is longer is cut, because facts hold what people typed."""

Facts = Mapping[str, str | int]
"""What a change concerned: ids of Discord, numbers of ours, and names. Secrets and texts of notes are never in it."""


class Change(StrEnum):
    """What somebody, or the bot itself, changed. The values are stored, so they must stay what they are."""

    ORDER_MADE = "order made"
    ORDER_CHANGED = "order changed"
    ORDER_MOVED = "order moved"
    ORDER_PAUSED = "order paused"
    ORDER_RESUMED = "order resumed"
    ORDER_ENDED = "order ended"
    SETTLED = "settings"
    TOPIC_WRITTEN = "topic written"
    TOPIC_CHANGED = "topic changed"
    TOPIC_DELETED = "topic deleted"
    FEED_ADDED = "feed added"
    FEED_REMOVED = "feed removed"
    FEEDS_IMPORTED = "feeds imported"
    ADDRESS_MADE = "address made"
    ADDRESS_REVOKED = "address revoked"
    RATED = "rated"
    RATING_UNDONE = "rating undone"
    SUGGESTION_REJECTED = "suggestion rejected"
    SUGGESTION_RECONSIDERED = "suggestion reconsidered"
    NOTED = "noted"
    NOTE_DELETED = "note deleted"
    MUTED = "muted"
    UNMUTED = "unmuted"
    SPLIT = "split"
    JOINED = "joined"
    LEFT = "left"
    RETURNED = "returned"


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a server's audit log."""

    id: int
    guild_id: int
    user_id: int | None
    """Who changed it; None: the bot itself; `NOBODY`: somebody who asked to be forgotten."""
    what: Change
    facts: Facts
    at: datetime


def bounded(facts: Facts) -> dict[str, str | int]:
    """Return facts as they are stored: no text in them is longer than `LONGEST_FACT`."""
    return {name: fact[:LONGEST_FACT] if isinstance(fact, str) else fact for name, fact in facts.items()}


def order_facts(wish: SubscriptionWish) -> dict[str, str | int]:
    """Return which order it is."""
    return {"channel": wish.channel_id, "topic": wish.topic}


def order_changes(before: SubscriptionWish, after: SubscriptionWish) -> tuple[tuple[Change, Facts], ...]:
    """Return what is to be noted of an order that was replaced; nothing where it is what it was.

    That it was moved, paused or resumed is told as such, and all else together as one change that names the parts.
    """
    facts, found = order_facts(after), list[tuple[Change, Facts]]()
    if before.channel_id != after.channel_id:
        found.append((Change.ORDER_MOVED, {**facts, "before": before.channel_id}))
    if before.paused != after.paused:
        found.append((Change.ORDER_PAUSED if after.paused else Change.ORDER_RESUMED, facts))
    if parts := tuple(_changed_parts(before, after)):
        found.append((Change.ORDER_CHANGED, {**facts, "parts": ",".join(parts)}))
    return tuple(found)


def settings_facts(before: Guild, after: Guild) -> dict[str, str | int]:
    """Return what a server has settled anew, by its name; what it no longer settles is an empty text."""
    names = ("zone", "language", "digest_hour", "notices_channel_id", "rater_role_id", "settles_itself")
    pairs = ((name, getattr(before, name), getattr(after, name)) for name in names)
    return {name: _fact(new) for name, old, new in pairs if old != new}


def _changed_parts(before: SubscriptionWish, after: SubscriptionWish) -> Iterable[str]:
    for name in ("kinds", "speakers", "countries", "dating", "min_outlets"):
        if getattr(before.wants, name) != getattr(after.wants, name):
            yield name
    for name in ("topic", "role_id", "rhythm", "at", "digest_weekday", "lead_days", "quiet", "place", "language"):
        if getattr(before, name) != getattr(after, name):
            yield name


def _fact(value: str | int | None) -> str | int:
    if value is None:
        return ""
    return int(value) if isinstance(value, bool) else value
