"""What the watchers ask to be remembered of servers beside their orders, as protocols: audit logs and departures.

Storage fits these; they are reached through a unit of work (see ports.py).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Protocol

from watchers.audit import Change, Entry, Facts


class Changes(Protocol):
    """The audit logs of servers."""

    def note(self, guild_id: int, user_id: int | None, what: Change, facts: Facts, now: datetime) -> None:
        """Store who changed what for a server; a `user_id` of None, or of `OURSELVES`, is the bot itself."""

    def page(self, guild_id: int, *, offset: int, limit: int) -> tuple[Sequence[Entry], int]:
        """Return a stretch of a server's log, the newest first, and how many entries there are."""

    def oldest(self) -> datetime | None:
        """Return when the oldest entry of all was made; None: there is none."""

    def forget_before(self, moment: datetime, limit: int) -> int:
        """Remove entries older than a moment, at most `limit` of the oldest; return how many went."""


class Departures(Protocol):
    """Servers that have sent the bot away."""

    def known(self) -> frozenset[int]:
        """Return the servers of which anything is stored and that are not known to have been left."""

    def left(self) -> frozenset[int]:
        """Return the servers that were left, and of which something may still be stored."""

    def leave(self, guild_id: int, now: datetime) -> bool:
        """Note that the bot was sent away; return False where that was known.

        Secret addresses end at once, what waits to be sent is given up, and feeds that no other server reads rest.
        """

    def come_back(self, guild_id: int, now: datetime) -> bool:
        """Take that note away; return False where there was none. The server's feeds are due at once."""

    def silence(self) -> int:
        """Give up what waits to be sent to servers that were left; return how much that was."""

    def expired(self, before: datetime, limit: int) -> Collection[int]:
        """Return servers that were left before a moment, the longest gone first."""
