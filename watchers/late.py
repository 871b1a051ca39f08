"""What is late in the outbox, and what the watchers ask of the store about it. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from watchers.audience import AlertForm


@dataclass(frozen=True, slots=True)
class Crowd:
    """An order with a channel in which too many of its alerts are late."""

    guild_id: int
    channel_id: int
    subscription_id: int


@dataclass(frozen=True, slots=True)
class LateAlert:
    """An alert on one follow-up that nobody has been told, though it was meant for long ago."""

    id: int
    """Its row in the outbox."""
    key: str
    form: AlertForm
    followup_id: int
    role_id: int | None


class LateAlerts(Protocol):
    """What of the outbox is late. Storage fits this; the watchers do not import it."""

    def crowds(self, now: datetime, *, more_than: int) -> Sequence[Crowd]:
        """Return the orders with channels in which more than so many alerts are late, and one is not to wait longer."""

    def of(self, crowd: Crowd, now: datetime) -> Sequence[LateAlert]:
        """Return the late alerts of a crowd, the first decided first; nobody else takes them meanwhile."""

    def give_up(self, outbox_ids: Collection[int], reason: str) -> None:
        """Record that alerts are not sent by themselves, and why."""
