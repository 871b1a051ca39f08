"""Alerts decided and not yet sent, and what became of those that were.

A row waits until the wording that is wanted is the one in Discord. While it waits, one worker at a time may hold
a lease on it; a lease that runs out, or whose worker has died, counts as a failed attempt. So `attempts` greater
than 0 says that an earlier attempt may have reached Discord unrecorded, and tells a late worker's word on a lease
it has lost from that of the one who holds it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, case, delete, insert, or_, select, update

from storage.inserting import insert_unless_known
from storage.loading import load_followups, load_subscriptions
from storage.tables import GIVEN_UP, SENT, WAITING, baskets, outbox, outbox_followups
from watchers.model import Alert, AlertForm, Delivery, DigestBasket, FollowUp, Posted

_NO_LEASE = {"lease_owner": None, "lease_until": None}


class SqlOutbox:
    """The tables `outbox`, `outbox_followups` and `baskets`."""

    def __init__(self, connection: Connection) -> None:
        """Work inside the transaction of `connection`."""
        self._connection = connection

    def put(self, alert: Alert, now: datetime) -> bool:
        """Store an alert for delivery; return False where its key is known already."""
        row = {
            "key": alert.key,
            "form": alert.form.value,
            "channel_id": alert.channel_id,
            "user_id": alert.user_id,
            "role_id": alert.role_id,
            "subscription_id": alert.subscription_id,
            "note": alert.note,
            "state": "waiting",
            "wanted_version": 1,
            "sent_version": 0,
            "not_before": now,
            "attempts": 0,
            "created_at": now,
        }
        new = insert_unless_known(self._connection, outbox, "key").returning(outbox.c.id)
        outbox_id = self._connection.scalars(new, row).one_or_none()
        if outbox_id is None:
            return False
        spoken_of = [
            {"outbox_id": outbox_id, "position": position, "followup_id": followup_id}
            for position, followup_id in enumerate(alert.followup_ids)
        ]
        if spoken_of:
            self._connection.execute(insert(outbox_followups), spoken_of)
        return True

    def reword(self, followup_id: int) -> int:
        """Ask for the `SAID` alerts of a follow-up to be edited; return how many posted ones will be.

        Several rewordings before a delivery make one edit; an alert not yet posted goes out with the newest
        words; one that was given up stays so.
        """
        speaking_of_it = select(outbox_followups.c.outbox_id).where(outbox_followups.c.followup_id == followup_id)
        reworded = (
            update(outbox)
            .where(outbox.c.id.in_(speaking_of_it), outbox.c.form == AlertForm.SAID.value, outbox.c.state != GIVEN_UP)
            .values(wanted_version=outbox.c.wanted_version + 1, state=WAITING)
            .returning(outbox.c.message_id)
        )
        return sum(message_id is not None for message_id in self._connection.scalars(reworded))

    def gather(self, subscription_id: int, followup_id: int) -> None:
        """Put a follow-up into a daily subscription's basket for its next digest; once is enough."""
        once = insert_unless_known(self._connection, baskets, "subscription_id", "followup_id")
        self._connection.execute(once.values(subscription_id=subscription_id, followup_id=followup_id))

    def baskets(self) -> Sequence[DigestBasket]:
        """Return the subscriptions whose basket holds something, also where they are daily no more."""
        gathered: dict[int, list[int]] = {}
        for row in self._connection.execute(select(baskets).order_by(*baskets.primary_key)):
            gathered.setdefault(row.subscription_id, []).append(row.followup_id)
        orders = load_subscriptions(self._connection, gathered)
        return [DigestBasket(orders[order], tuple(followup_ids)) for order, followup_ids in gathered.items()]

    def empty_basket(self, subscription_id: int, followup_ids: Sequence[int]) -> None:
        """Take follow-ups out of a basket, once a digest that holds them is in the outbox."""
        taken = (baskets.c.subscription_id == subscription_id, baskets.c.followup_id.in_(followup_ids))
        self._connection.execute(delete(baskets).where(*taken))

    def lease(self, now: datetime, *, worker: str, until: datetime, limit: int) -> Sequence[Delivery]:
        """Take alerts that wait for delivery and lease them to `worker` until `until`, oldest first.

        An alert leased by a worker whose lease has run out waits again, with one attempt more.
        """
        free = or_(outbox.c.lease_until.is_(None), outbox.c.lease_until <= now)
        # A common table expression, because PostgreSQL may run a plain sub-select again for each row.
        waiting = (
            select(outbox.c.id)
            .where(outbox.c.state == WAITING, outbox.c.not_before <= now, free)
            .order_by(outbox.c.id)
            .limit(limit)
            .with_for_update(skip_locked=True)
            .cte("waiting")
        )
        ran_out = case((outbox.c.lease_until.is_not(None), 1), else_=0)
        leased = (
            update(outbox)
            .where(outbox.c.id.in_(select(waiting.c.id)))
            .values(lease_owner=worker, lease_until=until, attempts=outbox.c.attempts + ran_out)
            .returning(*outbox.c)
        )
        rows = sorted(self._connection.execute(leased), key=lambda row: int(row.id))
        return self._deliveries(rows)

    def _deliveries(self, rows: Sequence[Row[Any]]) -> list[Delivery]:
        spoken_of: dict[int, list[int]] = {}
        in_order = select(outbox_followups).order_by(outbox_followups.c.outbox_id, outbox_followups.c.position)
        of_rows = outbox_followups.c.outbox_id.in_([row.id for row in rows])
        for each in self._connection.execute(in_order.where(of_rows)):
            spoken_of.setdefault(each.outbox_id, []).append(each.followup_id)
        followups = load_followups(self._connection, {number for numbers in spoken_of.values() for number in numbers})
        return [_delivery(row, tuple(followups[each] for each in spoken_of.get(row.id, ()))) for row in rows]

    def release(self, worker: str) -> int:
        """Give back every lease of `worker` (it has just started, so its predecessor is gone).

        Each counts as a failed attempt: nobody knows whether the predecessor's message went out.
        """
        held = update(outbox).where(outbox.c.state == WAITING, outbox.c.lease_owner == worker)
        return self._connection.execute(held.values({**_NO_LEASE, "attempts": outbox.c.attempts + 1})).rowcount

    def sent(self, delivery: Delivery, posted: Posted, now: datetime) -> None:
        """Mark `delivery.version` as being in Discord; a newer wording wanted meanwhile waits again."""
        newer_wanted = outbox.c.wanted_version > delivery.version
        values = {
            **_NO_LEASE,
            "state": case((newer_wanted, WAITING), else_=SENT),
            "sent_version": delivery.version,
            "message_id": posted.message_id,
            "posted_in": posted.channel_id,
            "attempts": 0,
            "last_error": None,
            "sent_at": now,
        }
        self._connection.execute(update(outbox).where(outbox.c.id == delivery.id).values(values))

    def retry(self, delivery: Delivery, at: datetime, reason: str) -> None:
        """Give the lease back, to be tried again not before `at`."""
        values = {**_NO_LEASE, "not_before": at, "attempts": outbox.c.attempts + 1, "last_error": reason}
        self._connection.execute(update(outbox).where(_still_held(delivery)).values(values))

    def give_up(self, delivery: Delivery, reason: str) -> None:
        """Record that an alert cannot be delivered, and why; it is kept and not tried again."""
        values = {**_NO_LEASE, "state": GIVEN_UP, "attempts": outbox.c.attempts + 1, "last_error": reason}
        self._connection.execute(update(outbox).where(_still_held(delivery)).values(values))


def _still_held(delivery: Delivery) -> ColumnElement[bool]:
    """Whether nobody has leased or sent the alert since `delivery` was leased."""
    return and_(
        outbox.c.id == delivery.id,
        outbox.c.state == WAITING,
        outbox.c.attempts == delivery.attempts,
        outbox.c.sent_version < delivery.version,
    )


def _delivery(row: Row[Any], followups: tuple[FollowUp, ...]) -> Delivery:
    alert = Alert(
        key=row.key,
        form=AlertForm(row.form),
        channel_id=row.channel_id,
        user_id=row.user_id,
        role_id=row.role_id,
        followup_ids=tuple(followup.id for followup in followups),
        subscription_id=row.subscription_id,
        note=row.note,
    )
    return Delivery(
        id=row.id,
        alert=alert,
        version=row.wanted_version,
        message_id=row.message_id,
        posted_in=row.posted_in,
        attempts=row.attempts,
        followups=followups,
    )
