"""Alerts that wait in the outbox though they were meant for long ago."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, func, select, update

from storage.tables import GIVEN_UP, WAITING, outbox, outbox_followups
from watchers.alerts import GATHERS, LONG_AGO
from watchers.audience import ON_ONE_FOLLOW_UP, AlertForm
from watchers.late import Crowd, LateAlert


class SqlLateAlerts:
    """What of the table `outbox` is late."""

    def __init__(self, connection: Connection) -> None:
        """Work inside the transaction of `connection`."""
        self._connection = connection

    def crowds(self, now: datetime, *, more_than: int) -> Sequence[Crowd]:
        """Return the orders with channels in which more than so many alerts are late, and one is not to wait longer."""
        order = (outbox.c.guild_id, outbox.c.channel_id, outbox.c.subscription_id)
        crowded = (
            select(*order)
            .where(_is_late(now), *(column.is_not(None) for column in order))
            .group_by(*order)
            .having(func.count() > more_than, func.min(outbox.c.not_before) <= now)
            .order_by(*order)
        )
        return [Crowd(*row) for row in self._connection.execute(crowded)]

    def of(self, crowd: Crowd, now: datetime) -> Sequence[LateAlert]:
        """Return the late alerts of a crowd, the first decided first; nobody else takes them meanwhile."""
        found = (
            select(outbox.c.id, outbox.c.key, outbox.c.form, outbox_followups.c.followup_id, outbox.c.role_id)
            .join(outbox_followups, outbox_followups.c.outbox_id == outbox.c.id)
            .where(
                _is_late(now),
                outbox.c.subscription_id == crowd.subscription_id,
                outbox.c.channel_id == crowd.channel_id,
                outbox.c.guild_id == crowd.guild_id,
            )
            .order_by(outbox.c.id)
            .with_for_update(skip_locked=True, of=outbox)
        )
        return [
            LateAlert(row.id, row.key, AlertForm(row.form), row.followup_id, row.role_id)
            for row in self._connection.execute(found)
        ]

    def give_up(self, outbox_ids: Collection[int], reason: str) -> None:
        """Record that alerts are not sent by themselves, and why."""
        told = update(outbox).where(outbox.c.id.in_(outbox_ids))
        self._connection.execute(told.values(state=GIVEN_UP, last_error=reason))


def _is_late(now: datetime) -> ColumnElement[bool]:
    """Whether an alert on one follow-up was meant for long ago, and surely nobody has been told or is just telling it.

    One that waits for the end of quiet hours is not late yet.
    """
    return and_(
        outbox.c.state == WAITING,
        outbox.c.form.in_([form.value for form in ON_ONE_FOLLOW_UP]),
        outbox.c.message_id.is_(None),
        outbox.c.lease_until.is_(None),
        outbox.c.unsure_since.is_(None),
        func.coalesce(outbox.c.meant_for, outbox.c.not_before) <= now - LONG_AGO,
        outbox.c.not_before <= now + GATHERS,
    )
