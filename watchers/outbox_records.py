"""What operators see of the outbox. Pure; instants are timezone-aware and in UTC."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from watchers.audience import AlertForm


class AlertState(StrEnum):
    """How far an alert has come."""

    WAITING = "waiting"
    """Also while it is on its way."""
    GIVEN_UP = "given up"
    SENT = "sent"


@dataclass(frozen=True, slots=True)
class OutboxWish:
    """Which alerts to show; None: whatever it is."""

    states: frozenset[AlertState] = frozenset(AlertState)
    channel_id: int | None = None
    guild_id: int | None = None
    limit: int = 50


@dataclass(frozen=True, slots=True)
class OutboxRecord:
    """An alert as the outbox holds it."""

    id: int
    key: str
    form: AlertForm
    state: AlertState
    guild_id: int | None
    channel_id: int | None
    """None: a direct message to `user_id`."""
    user_id: int | None
    message_id: int | None
    """The message it is; None: it has not been posted. What waits all the same is an edit."""
    attempts: int
    """How often delivery has failed since it was last sent."""
    created_at: datetime
    not_before: datetime
    """The earliest next try."""
    leased_until: datetime | None
    """Until when a process has it in hand; None: none has."""
    unsure_since: datetime | None
    """As in `Delivery`; also while it is in hand for the first time."""
    last_error: str | None
    sent_at: datetime | None


@dataclass(frozen=True, slots=True)
class OutboxPage:
    """The oldest alerts of those asked for."""

    items: Sequence[OutboxRecord]
    total: int
    """How many there are in all."""
