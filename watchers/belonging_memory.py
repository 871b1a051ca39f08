"""What the watchers ask to be remembered of what belongs to servers and people, as protocols.

Storage fits these; they are reached through a unit of work (see ports.py).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from watchers.audit import Change, Entry, Facts


@dataclass(frozen=True, slots=True)
class Held:
    """How much is stored of one person."""

    reminders: int
    """Those to come and those that came."""
    messages: int
    """Direct messages, sent or not."""
    watches: int
    ratings: int
    notes: int
    faults: int
    """What they called wrongly read."""
    marks: int
    """Other places where their id stands: subscriptions, topics, feeds and addresses they made, what they muted,
    answered, split, and the lines of audit logs."""
    settings: bool
    """Whether a time zone or a language is stored."""

    @property
    def is_anything(self) -> bool:
        """Whether there is anything at all."""
        counted = (self.reminders, self.messages, self.watches, self.ratings, self.notes, self.faults, self.marks)
        return any(counted) or self.settings


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


class Persons(Protocol):
    """What is stored of people, whatever the server."""

    def held(self, user_id: int) -> Held:
        """Return how much is stored of somebody."""

    def forget(self, user_id: int) -> Held:
        """Remove what is somebody's own, and their id from what stays with servers; return how much that was.

        What waits to be sent to them is sent no more. Their ratings stay, by `FORGOTTEN`; their notes go.
        """


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

    def delete_some(self, guild_id: int, limit: int) -> bool:
        """Delete at most `limit` rows of each kind that a server owns; return whether something may be left."""
