"""What the watchers ask to be remembered of feeds and their articles, as protocols (see memory.py)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from config.catalogue import Outlet
from watchers.feed_model import FeedState, Stage, Waiting
from watchers.model import Article, Told


class Feeds(Protocol):
    """The feeds and when each is next due."""

    def due(self, now: datetime, limit: int) -> Sequence[FeedState]:
        """Return feeds whose `next_poll_at` has passed, the longest overdue first."""

    def all(self) -> Sequence[FeedState]:
        """Return every feed, by outlet and address."""

    def follow(self, outlets: Sequence[Outlet], now: datetime) -> None:
        """Read these outlets from now on: new ones at once, known ones as before, others no more."""

    def memory(self, feed_id: int) -> bytes | None:
        """Return what tells the entries of a feed again (see feeds/identity.py); None: nothing is remembered yet."""

    def record(self, feeds: Sequence[FeedState]) -> None:
        """Store how feeds stand after a poll; what the operator or a server said of them stays as it is."""

    def remember(self, memories: Mapping[int, bytes]) -> None:
        """Store what tells the entries of feeds again."""

    def ask_at(self, feed_id: int, at: datetime) -> None:
        """Ask a feed at `at`, even one that stopped."""


class Articles(Protocol):
    """The articles read so far."""

    def of_feed(self, feed_id: int, limit: int) -> Sequence[Article]:
        """Return the latest `limit` articles of a feed, the newest first."""

    def add(self, articles: Sequence[tuple[int, Article, Stage]], seen_at: datetime) -> int:
        """Store articles, each with its feed's id and what it waits for; return how many were new.

        An article whose key its feed has shown before is left as it was.
        """

    def waiting(self, stages: Sequence[Stage], limit: int, *, beyond: int = 0) -> Sequence[Waiting]:
        """Return articles that wait for one of `stages`, in the order of stages, then of storing; ids over `beyond`."""

    def complete(self, article_id: int, text: str | None, stage: Stage) -> None:
        """Let an article wait for `stage` from now on, with the whole text where there is one."""

    def text_at(self, url: str) -> str | None:
        """Return the longest text of an article with this address that waits for its page no more; None: none."""

    def read(self, article_id: int) -> bool:
        """Mark an article as read; return whether it waited to be read until now."""

    def told_since(self, since: datetime, limit: int) -> Sequence[Told]:
        """Return what was read in articles published since then, the latest `limit` of it, the newest first."""
