"""Times at which somebody is to hear of a follow-up again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Row, delete, select, update

from storage.aliases import present_numbers
from storage.guild_tables import states
from storage.inserting import insert_unless_known
from storage.loading import load_cases, load_subscriptions
from storage.tables import reminders as planned
from storage.tables import subscriptions
from watchers.audience import DueReminder, Recurrence, Reminder, Unit

_LOOKED_AHEAD = "reminders looked ahead"  # its value is a day by its proleptic Gregorian ordinal
_UNFIRED = planned.c.fired_at.is_(None)


class SqlReminders:
    """The table `reminders`."""

    def __init__(self, connection: Connection) -> None:
        """Work inside the transaction of `connection`."""
        self._connection = connection

    def plan(self, reminders: Iterable[Reminder]) -> None:
        """Store reminders; one whose key is known already changes nothing."""
        planning = tuple(reminders)
        # An order's are of follow-ups just read; a person may set one by a number from before a joining.
        personal = {one.followup_id for one in planning if one.user_id is not None and one.followup_id is not None}
        became = present_numbers(self._connection, personal) if personal else {}
        rows = [
            {
                "key": reminder.key,
                "fires_at": reminder.fires_at,
                "followup_id": became.get(reminder.followup_id or 0, reminder.followup_id),
                "subscription_id": reminder.subscription_id,
                "lead_days": reminder.lead_days,
                "user_id": reminder.user_id,
                "note": reminder.note,
                **_recurring(reminder.recurrence),
            }
            for reminder in planning
        ]
        if rows:
            self._connection.execute(insert_unless_known(self._connection, planned, "key"), rows)

    def replan(self, followup_id: int, reminders: Iterable[Reminder], *, guild_id: int | None = None) -> None:
        """Replace the unfired reminders that orders (those of one server, if named) have of a follow-up."""
        orders = select(subscriptions.c.id)
        if guild_id is not None:
            orders = orders.where(subscriptions.c.guild_id == guild_id)
        of_orders = planned.c.subscription_id.in_(orders)
        self._connection.execute(delete(planned).where(planned.c.followup_id == followup_id, _UNFIRED, of_orders))
        self.plan(reminders)

    def looked_ahead_on(self) -> date | None:
        """Return the last day, in UTC, on which what has come near was planned; None: never yet."""
        number = self._connection.scalar(select(states.c.value).where(states.c.name == _LOOKED_AHEAD))
        return None if number is None else date.fromordinal(number)

    def look_ahead_on(self, day: date) -> None:
        """Note that what has come near by that day has been planned."""
        once = insert_unless_known(self._connection, states, "name").values(name=_LOOKED_AHEAD, value=0)
        self._connection.execute(once)
        noted = update(states).where(states.c.name == _LOOKED_AHEAD).values(value=day.toordinal())
        self._connection.execute(noted)

    def forget_ahead(self, subscription_id: int, now: datetime) -> None:
        """Remove the reminders of an order that are not due yet."""
        ahead = (planned.c.subscription_id == subscription_id, _UNFIRED, planned.c.fires_at > now)
        self._connection.execute(delete(planned).where(*ahead))

    def due(self, now: datetime, limit: int) -> Sequence[DueReminder]:
        """Return unfired reminders whose time has come, the earliest first."""
        come = select(planned).where(_UNFIRED, planned.c.fires_at <= now)
        rows = self._connection.execute(come.order_by(planned.c.fires_at, planned.c.id).limit(limit)).all()
        orders = load_subscriptions(self._connection, {row.subscription_id for row in rows} - {None})
        guild_of = {order.id: order.wish.guild_id for order in orders.values()}
        keys = {row.id: (guild_of.get(row.subscription_id), row.followup_id) for row in rows}
        own = {row.followup_id for row in rows if row.user_id is not None}
        cases = load_cases(self._connection, (key for key in keys.values() if key[1] is not None), kept=own)
        return [
            DueReminder(row.id, _reminder(row), cases.get(keys[row.id]), orders.get(row.subscription_id))
            for row in rows
        ]

    def fired(self, reminder_id: int, now: datetime) -> None:
        """Mark a reminder as turned into an alert, or as overtaken."""
        self._connection.execute(update(planned).where(planned.c.id == reminder_id).values(fired_at=now))

    def put_off(self, reminder_id: int, fires_at: datetime) -> None:
        """Let a reminder that recurs come again."""
        self._connection.execute(update(planned).where(planned.c.id == reminder_id).values(fires_at=fires_at))

    def of_user(self, user_id: int) -> Sequence[tuple[int, Reminder]]:
        """Return a person's unfired personal reminders with their numbers, the earliest first."""
        own = select(planned).where(planned.c.user_id == user_id, _UNFIRED)
        rows = self._connection.execute(own.order_by(planned.c.fires_at, planned.c.id))
        return [(row.id, _reminder(row)) for row in rows]

    def drop(self, user_id: int, reminder_id: int) -> Reminder | None:
        """Remove one of a person's own unfired reminders; return it, None where it is not theirs or has fired."""
        own = delete(planned).where(planned.c.id == reminder_id, planned.c.user_id == user_id, _UNFIRED)
        row = self._connection.execute(own.returning(*planned.c)).one_or_none()
        return None if row is None else _reminder(row)


def _recurring(recurrence: Recurrence | None) -> dict[str, Any]:
    if recurrence is None:
        return {"every": None, "unit": None, "zone": None, "month_day": None, "local_time": None}
    return {
        "every": recurrence.every,
        "unit": recurrence.unit.value,
        "zone": recurrence.zone.key,
        "month_day": recurrence.day,
        "local_time": recurrence.at,
    }


def _reminder(row: Row[Any]) -> Reminder:
    again = None
    if row.every is not None:
        again = Recurrence(row.every, Unit(row.unit), ZoneInfo(row.zone), row.month_day, row.local_time)
    return Reminder(
        key=row.key,
        fires_at=row.fires_at,
        followup_id=row.followup_id,
        subscription_id=row.subscription_id,
        lead_days=row.lead_days,
        user_id=row.user_id,
        note=row.note,
        recurrence=again,
    )
