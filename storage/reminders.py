"""Times at which somebody is to hear of a follow-up again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, select, update

from storage.inserting import insert_unless_known
from storage.loading import load_followups, load_subscriptions
from storage.tables import reminders as planned
from watchers.model import DueReminder, Reminder

_UNFIRED = planned.c.fired_at.is_(None)


class SqlReminders:
    """The table `reminders`."""

    def __init__(self, connection: Connection) -> None:
        """Work inside the transaction of `connection`."""
        self._connection = connection

    def plan(self, reminders: Iterable[Reminder]) -> None:
        """Store reminders; one whose key is known already changes nothing."""
        rows = [
            {
                "key": reminder.key,
                "fires_at": reminder.fires_at,
                "followup_id": reminder.followup_id,
                "subscription_id": reminder.subscription_id,
                "lead_days": reminder.lead_days,
                "user_id": reminder.user_id,
                "note": reminder.note,
            }
            for reminder in reminders
        ]
        if rows:
            self._connection.execute(insert_unless_known(self._connection, planned, "key"), rows)

    def replan(self, followup_id: int, reminders: Iterable[Reminder]) -> None:
        """Replace the unfired subscription reminders of a follow-up, after its due day changed."""
        of_orders = planned.c.subscription_id.is_not(None)
        self._connection.execute(delete(planned).where(planned.c.followup_id == followup_id, _UNFIRED, of_orders))
        self.plan(reminders)

    def due(self, now: datetime, limit: int) -> Sequence[DueReminder]:
        """Return unfired reminders whose time has come, the earliest first."""
        come = select(planned).where(_UNFIRED, planned.c.fires_at <= now)
        rows = self._connection.execute(come.order_by(planned.c.fires_at, planned.c.id).limit(limit)).all()
        followups = load_followups(self._connection, {row.followup_id for row in rows} - {None})
        subscriptions = load_subscriptions(self._connection, {row.subscription_id for row in rows} - {None})
        return [
            DueReminder(row.id, _reminder(row), followups.get(row.followup_id), subscriptions.get(row.subscription_id))
            for row in rows
        ]

    def fired(self, reminder_id: int, now: datetime) -> None:
        """Mark a reminder as turned into an alert, or as overtaken."""
        self._connection.execute(update(planned).where(planned.c.id == reminder_id).values(fired_at=now))

    def of_user(self, user_id: int) -> Sequence[Reminder]:
        """Return a person's unfired personal reminders, the earliest first."""
        own = select(planned).where(planned.c.user_id == user_id, _UNFIRED)
        rows = self._connection.execute(own.order_by(planned.c.fires_at, planned.c.id))
        return [_reminder(row) for row in rows]


def _reminder(row: Row[Any]) -> Reminder:
    return Reminder(
        key=row.key,
        fires_at=row.fires_at,
        followup_id=row.followup_id,
        subscription_id=row.subscription_id,
        lead_days=row.lead_days,
        user_id=row.user_id,
        note=row.note,
    )
