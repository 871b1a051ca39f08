"""Every scenario, entered in `DRIVEN` by importing the files that hold them; and every command with options."""

from __future__ import annotations

from typing import Any

from tests import (
    driven_cards,
    driven_feeds,
    driven_lists,
    driven_orders,
    driven_personal,
    driven_privacy,
    driven_setup,
)
from tests.everything import DRIVEN

__all__ = ["DRIVEN", "FOR_ANYBODY", "FOR_MANAGERS", "MODULES"]
MODULES = (driven_cards, driven_feeds, driven_lists, driven_orders, driven_personal, driven_privacy, driven_setup)

FOR_MANAGERS: dict[str, dict[str, Any]] = {
    "setup": {},
    "subscribe": {"topic": "norland"},
    "unsubscribe": {"subscription": "norland"},
    "subscriptions": {},
    "topics create": {},
    "topics edit": {"topic": "norland"},
    "topics delete": {"topic": "norland"},
    "topics test": {"query": "grain"},
    "feeds add": {"url": "https://sud.example/news.xml"},
    "feeds remove": {"feed": "The Meridian"},
    "feeds import": {"file": ("feeds.opml", b"<opml><outline text='Sud' xmlUrl='https://sud.example/rss'/></opml>")},
    "calendar subscribe": {},
    "calendar revoke": {},
    "audit": {},
}
FOR_ANYBODY: dict[str, dict[str, Any]] = {
    **{f"followups {name}": {} for name in ("pending", "due", "overdue", "recent", "settled")},
    "followups search": {"text": "x"},
    "followups show": {"followup": "1"},
    "record speaker": {"name": "x"},
    "record country": {"country": "FR"},
    "remind": {"when": "in 3 days", "note": "x"},
    "reminders": {},
    "scan": {"text": "x"},
    "timeline": {},
    "calendar file": {},
    "export": {"format": "csv"},
    "topics list": {},
    "feeds list": {},
    "feeds status": {},
    "feeds export": {},
    "timezone": {},
    "privacy": {},
    "forget-me": {},
    "status": {},
    "help": {},
}
