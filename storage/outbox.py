"""Alerts decided and not yet sent, and what became of those that were.

A row waits until the wording that is wanted is the one in Discord. While it waits, one worker at a time may hold
a lease on it; a lease that runs out, or whose worker has died, counts as a failed attempt. So `attempts` tells a late
worker's word on a lease it has lost from that of the one who holds it.

Whoever leases an alert that has not been posted may post it and die: `unsure_since` is set with the first such lease
and stays until somebody knows better, which is that it was sent, or that this attempt surely did nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, case, func, insert, or_, select, update

from storage import outbox_upkeep
from storage.guilds import load_guilds
from storage.inserting import insert_unless_known
from storage.lanes import next_alerts
from storage.loading import load_cases, load_subscriptions
from storage.tables import GIVEN_UP, SENT, WAITING, outbox, outbox_followups
from watchers.audience import ON_ONE_FOLLOW_UP, Alert, AlertForm, Delivery, Posted, Section, Shards
from watchers.outbox_records import AlertState, OutboxPage, OutboxWish

_NO_LEASE = {"lease_owner": None, "lease_until": None}
# A process of the version before leases without it; no lease begins before its row may be sent.
_UNSURE_BY_NOW = case(
    (
        and_(outbox.c.message_id.is_(None), outbox.c.lease_until.is_not(None)),
        func.coalesce(outbox.c.unsure_since, outbox.c.not_before),
    ),
    else_=outbox.c.unsure_since,
)


class SqlOutbox:
    """The tables `outbox` and `outbox_followups`."""

    def __init__(self, connection: Connection) -> None:
        """Work inside the transaction of `connection`."""
        self._connection = connection

    def put(self, alert: Alert, now: datetime) -> bool:
        """Store an alert for delivery; return False where its key is known already."""
        return self.put_all([alert], now) == 1

    def put_all(self, alerts: Sequence[Alert], now: datetime) -> int:
        """Store alerts for delivery in their order, but for those whose keys are known; return how many."""
        if not alerts:
            return 0
        once: dict[str, Alert] = {}
        for alert in alerts:
            once.setdefault(alert.key, alert)
        rows = [_row(alert, now) for alert in once.values()]
        new = insert_unless_known(self._connection, outbox, "key").returning(outbox.c.id, outbox.c.key)
        stored = self._connection.execute(new, rows).all()
        spoken_of = [
            {"outbox_id": row.id, "position": position, "followup_id": followup_id, "section": section}
            for row in stored
            for position, (followup_id, section) in enumerate(_spoken_of(once[row.key]))
        ]
        if spoken_of:
            self._connection.execute(insert(outbox_followups), spoken_of)
        return len(stored)

    def reword(self, followup_id: int, *, guild_id: int | None = None) -> int:
        """Ask for the alerts of a follow-up to be edited (those of one server, if named); return how many will be.

        What was first said of it is edited for everybody; a server's own word also changes its reminders. Digests and
        direct messages stay as they were. Several rewordings before a delivery make one edit; an alert not yet posted
        goes out with the newest words; one that was given up stays so.
        """
        speaking_of_it = select(outbox_followups.c.outbox_id).where(outbox_followups.c.followup_id == followup_id)
        there = [outbox.c.guild_id == guild_id] if guild_id is not None else []
        forms = [AlertForm.SAID.value] if guild_id is None else [form.value for form in ON_ONE_FOLLOW_UP]
        reworded = (
            update(outbox)
            .where(outbox.c.id.in_(speaking_of_it), outbox.c.form.in_(forms), outbox.c.state != GIVEN_UP, *there)
            .values(wanted_version=outbox.c.wanted_version + 1, state=WAITING)
            .returning(outbox.c.message_id)
        )
        return sum(message_id is not None for message_id in self._connection.scalars(reworded))

    def known(self, keys: Collection[str]) -> frozenset[str]:
        """Return those of `keys` that alerts have, sent or not."""
        return frozenset(self._connection.scalars(select(outbox.c.key).where(outbox.c.key.in_(list(keys)))))

    def told(self, followup_id: int) -> frozenset[int]:
        """Return the channels in which a message on a follow-up stands."""
        speaking_of_it = select(outbox_followups.c.outbox_id).where(outbox_followups.c.followup_id == followup_id)
        posted = select(outbox.c.channel_id).where(outbox.c.id.in_(speaking_of_it), outbox.c.message_id.is_not(None))
        return frozenset(channel for channel in self._connection.scalars(posted) if channel is not None)

    def lease(
        self, now: datetime, *, worker: str, until: datetime, limit: int, shards: Shards | None = None
    ) -> Sequence[Delivery]:
        """Take alerts that wait for delivery and lease them to `worker` until `until`, the most urgent first.

        Which may go is in lanes.py. An alert leased by a worker whose lease has run out waits again, with one attempt
        more. What its server sees no more, because it removed the feed that said it, is given up instead.
        """
        order = {id_: place for place, id_ in enumerate(next_alerts(self._connection, now, limit, shards))}
        if not order:
            return []
        free = or_(outbox.c.lease_until.is_(None), outbox.c.lease_until <= now)
        # Another process may have been quicker, so it is asked once more whether they are free.
        still_free = (
            select(outbox.c.id, _UNSURE_BY_NOW.label("unsure_since"))
            .where(outbox.c.id.in_(order), outbox.c.state == WAITING, free)
            .with_for_update(skip_locked=True)
        )
        unsure_since = {row.id: row.unsure_since for row in self._connection.execute(still_free)}
        ran_out = case((outbox.c.lease_until.is_not(None), 1), else_=0)
        leased = (
            update(outbox)
            .where(outbox.c.id.in_(unsure_since))
            .values(
                lease_owner=worker,
                lease_until=until,
                attempts=outbox.c.attempts + ran_out,
                unsure_since=case((outbox.c.message_id.is_(None), func.coalesce(_UNSURE_BY_NOW, now))),
            )
            .returning(*outbox.c)
        )
        rows = sorted(self._connection.execute(leased), key=lambda row: order[row.id])
        deliveries = self._deliveries(rows, unsure_since)
        self._drop_unseen({row.id for row in rows} - {one.id for one in deliveries})
        if rows and not deliveries:
            return self.lease(now, worker=worker, until=until, limit=limit, shards=shards)
        return deliveries

    def _drop_unseen(self, outbox_ids: Collection[int]) -> None:
        """Give up alerts of which their server sees nothing any more."""
        values = {**_NO_LEASE, "state": GIVEN_UP, "last_error": "its server reads that feed no more"}
        unseen = update(outbox).where(outbox.c.id.in_(sorted(outbox_ids)))
        if outbox_ids:
            self._connection.execute(unseen.values(values))

    def _deliveries(self, rows: Sequence[Row[Any]], unsure_since: Mapping[int, datetime | None]) -> list[Delivery]:
        spoken_of: dict[int, list[tuple[int, str | None]]] = {row.id: [] for row in rows}
        in_order = select(outbox_followups).order_by(outbox_followups.c.outbox_id, outbox_followups.c.position)
        for each in self._connection.execute(in_order.where(outbox_followups.c.outbox_id.in_(spoken_of))):
            spoken_of[each.outbox_id].append((each.followup_id, each.section))
        keys = [(row.guild_id, followup_id) for row in rows for followup_id, _ in spoken_of[row.id]]
        own = {followup_id for row in rows if row.guild_id is None for followup_id, _ in spoken_of[row.id]}
        cases = load_cases(self._connection, keys, kept=own)
        seen = {row.id: [each for each in spoken_of[row.id] if (row.guild_id, each[0]) in cases] for row in rows}
        orders = load_subscriptions(self._connection, {row.subscription_id for row in rows} - {None})
        settled = load_guilds(self._connection, {row.guild_id for row in rows} - {None})
        return [
            Delivery(
                id=row.id,
                alert=_alert(row, seen[row.id]),
                version=row.wanted_version,
                message_id=row.message_id,
                posted_in=row.posted_in,
                attempts=row.attempts,
                cases=tuple(cases[row.guild_id, followup_id] for followup_id, _ in seen[row.id]),
                guild=settled.get(row.guild_id),
                subscription=orders.get(row.subscription_id),
                thread_id=self._thread_of(row, seen[row.id]),
                unsure_since=unsure_since[row.id],
            )
            for row in rows
            if seen[row.id] or not spoken_of[row.id]
        ]

    def _thread_of(self, row: Row[Any], spoken_of: Sequence[tuple[int, str | None]]) -> int | None:
        """Return the thread of the message that first told a channel of the follow-up."""
        if row.form not in ON_ONE_FOLLOW_UP or row.channel_id is None or not spoken_of:
            return None
        told = select(outbox_followups.c.outbox_id).where(outbox_followups.c.followup_id == spoken_of[0][0])
        first = (
            select(outbox.c.posted_in, outbox.c.message_id)
            .where(outbox.c.id.in_(told), outbox.c.channel_id == row.channel_id, outbox.c.form.in_(ON_ONE_FOLLOW_UP))
            .where(outbox.c.message_id.is_not(None), outbox.c.id != row.id)
            .order_by(outbox.c.id)
            .limit(1)
        )
        found = self._connection.execute(first).one_or_none()
        return None if found is None else Posted(found.posted_in, found.message_id).thread(row.channel_id)

    def release(self, worker: str) -> int:
        """Give back every lease of `worker` (it has just started, so its predecessor is gone).

        Each counts as a failed attempt: nobody knows whether the predecessor's message went out.
        """
        held = update(outbox).where(outbox.c.state == WAITING, outbox.c.lease_owner == worker)
        values = {**_NO_LEASE, "attempts": outbox.c.attempts + 1, "unsure_since": _UNSURE_BY_NOW}
        return self._connection.execute(held.values(values)).rowcount

    def give_back(self, deliveries: Collection[Delivery]) -> None:
        """Give leases back with which nothing has been done."""
        for delivery in deliveries:
            values = {**_NO_LEASE, "unsure_since": delivery.unsure_since}
            self._connection.execute(update(outbox).where(_still_held(delivery)).values(values))

    def sent(self, delivery: Delivery, posted: Posted, now: datetime) -> None:
        """Mark `delivery.version` as being in Discord; a newer wording wanted meanwhile waits again.

        What may have been there before it was reworded was perhaps found in its older words: it waits for an edit.
        """
        may_be_older = delivery.unsure_since is not None and delivery.version > 1
        version = delivery.version - 1 if may_be_older else delivery.version
        newer_wanted = outbox.c.wanted_version > version
        values = {
            **_NO_LEASE,
            "state": case((newer_wanted, WAITING), else_=SENT),
            "sent_version": version,
            "message_id": posted.message_id,
            "posted_in": posted.channel_id,
            "attempts": 0,
            "last_error": None,
            "sent_at": now,
            "unsure_since": None,
        }
        self._connection.execute(update(outbox).where(outbox.c.id == delivery.id).values(values))

    def retry(self, delivery: Delivery, at: datetime, reason: str, *, unsure: bool) -> None:
        """Give the lease back, to be tried again not before `at`; `unsure`: it may be in Discord all the same."""
        values = {**_NO_LEASE, "not_before": at, "attempts": outbox.c.attempts + 1, "last_error": reason}
        if not unsure:
            values["unsure_since"] = delivery.unsure_since
        self._connection.execute(update(outbox).where(_still_held(delivery)).values(values))

    def give_up(self, delivery: Delivery, reason: str) -> None:
        """Record that an alert cannot be delivered, and why; it is kept and not tried again."""
        values = {
            **_NO_LEASE,
            "state": GIVEN_UP,
            "attempts": outbox.c.attempts + 1,
            "last_error": reason,
            "unsure_since": delivery.unsure_since,
        }
        self._connection.execute(update(outbox).where(_still_held(delivery)).values(values))

    # --- by hand ----------------------------------------------------------------------------------------------

    def page(self, wish: OutboxWish) -> OutboxPage:
        """Return the oldest alerts of those asked for."""
        return outbox_upkeep.page(self._connection, wish)

    def states(self, ids: Collection[int]) -> dict[int, AlertState]:
        """Return how far those alerts have come that there are."""
        return outbox_upkeep.states(self._connection, ids)

    def try_now(self, ids: Collection[int], now: datetime) -> list[int]:
        """Let alerts that wait or were given up be tried at once, as if never before; return which could."""
        return outbox_upkeep.try_now(self._connection, ids, now)

    def try_given_up(self, guild_id: int | None, now: datetime) -> list[int]:
        """Do the same with all that was given up, of one server (None: of all)."""
        return outbox_upkeep.try_given_up(self._connection, guild_id, now)

    def drop(self, ids: Collection[int]) -> list[int]:
        """Give up alerts that wait; return which did. What is on its way may arrive all the same."""
        return outbox_upkeep.drop(self._connection, ids)


def _spoken_of(alert: Alert) -> Iterator[tuple[int, Section | None]]:
    yield from zip(alert.followup_ids, alert.sections or (None,) * len(alert.followup_ids), strict=True)


def _row(alert: Alert, now: datetime) -> dict[str, Any]:
    """Return what is stored of an alert that waits to be posted."""
    return {
        "key": alert.key,
        "form": alert.form.value,
        "guild_id": alert.guild_id,
        "channel_id": alert.channel_id,
        "user_id": alert.user_id,
        "role_id": alert.role_id,
        "subscription_id": alert.subscription_id,
        "note": alert.note,
        "state": "waiting",
        "wanted_version": 1,
        "sent_version": 0,
        "not_before": alert.not_before or now,
        "meant_for": alert.meant_for or alert.not_before or now,
        "attempts": 0,
        "created_at": now,
    }


def _still_held(delivery: Delivery) -> ColumnElement[bool]:
    """Whether nobody has leased or sent the alert since `delivery` was leased."""
    return and_(
        outbox.c.id == delivery.id,
        outbox.c.state == WAITING,
        outbox.c.attempts == delivery.attempts,
        outbox.c.sent_version < delivery.version,
    )


def _alert(row: Row[Any], spoken_of: Sequence[tuple[int, str | None]]) -> Alert:
    return Alert(
        key=row.key,
        form=AlertForm(row.form),
        followup_ids=tuple(followup_id for followup_id, _ in spoken_of),
        sections=tuple(Section(section) for _, section in spoken_of if section is not None),
        guild_id=row.guild_id,
        channel_id=row.channel_id,
        user_id=row.user_id,
        role_id=row.role_id,
        subscription_id=row.subscription_id,
        note=row.note,
    )
