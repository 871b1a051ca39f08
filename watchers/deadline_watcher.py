"""Watches the clock: reminders that have come due turn into alerts, and baskets into digests.

Nothing is remembered here: what is due stands in the store, and an alert is put into the outbox in the same
transaction that marks its reminder as fired.
"""

from __future__ import annotations

from datetime import datetime
from functools import partial

from watchers.alerts import LocalHour, digest, reminder_alert, reminders_for, spokesmen
from watchers.model import DueReminder, Rhythm, Subscription
from watchers.ports import Clock, Store, UnitOfWork

BATCH = 100
"""Reminders turned into alerts in one transaction, so that no other writer waits long."""


class DeadlineWatcher:
    """Turns due reminders and full baskets into alerts."""

    def __init__(self, store: Store, clock: Clock, at: LocalHour) -> None:
        """Watch over `store`; reminders and digests go out at `at`."""
        self._store = store
        self._clock = clock
        self._at = at

    async def remind(self) -> int:
        """Put into the outbox all that has come due; return how many alerts that are.

        Calling it again at once puts nothing: every reminder fires once, and a digest goes out once per local day.
        """
        now = self._clock.now()
        put = 0
        seen = BATCH
        while seen == BATCH:
            seen, added = await self._store.transact(partial(_fire_batch, at=self._at, now=now))
            put += added
        return put + await self._store.transact(partial(_put_digests, at=self._at, now=now))


def _fire_batch(work: UnitOfWork, *, at: LocalHour, now: datetime) -> tuple[int, int]:
    """Fire one batch of due reminders; return how many were due and how many alerts they made."""
    due = work.reminders.due(now, BATCH)
    added = 0
    for one in due:
        added += _fire(work, one, at, now)
        work.reminders.fired(one.id, now)
    return len(due), added


def _fire(work: UnitOfWork, due: DueReminder, at: LocalHour, now: datetime) -> bool:
    alert = reminder_alert(due, at, now)
    if alert is None:
        return False
    subscription = due.subscription
    if subscription is not None and subscription.wish.rhythm is Rhythm.DAILY:
        for followup_id in alert.followup_ids:
            work.outbox.gather(subscription.id, followup_id)
        return False
    return work.outbox.put(alert, now)


def _put_digests(work: UnitOfWork, *, at: LocalHour, now: datetime) -> int:
    added = 0
    for basket in work.outbox.baskets():
        alert = digest(basket, at, now)
        # Where today's digest has gone out already, the basket waits for tomorrow's.
        if alert is not None and work.outbox.put(alert, now):
            work.outbox.empty_basket(basket.subscription.id, basket.followup_ids)
            added += 1
    return added


def plan_reminders(work: UnitOfWork, subscription: Subscription, at: LocalHour, now: datetime) -> None:
    """Plan the reminders of a new or changed subscription for what is already pending on its topic.

    Where another order of its channel speaks for a follow-up (see alerts.py), that one's reminders stand.
    """
    wish = subscription.wish
    orders = work.subscriptions.of_channel(wish.channel_id)
    for followup in work.followups.pending_on(wish.topic, at.day_of(now)):
        if subscription in spokesmen(followup, orders):
            work.reminders.plan(reminders_for(followup, subscription, at, now))


def end_subscription(
    work: UnitOfWork, guild_id: int, channel_id: int, topic: str, *, at: LocalHour, now: datetime
) -> bool:
    """Remove a subscription with its reminders; return whether there was one.

    What another order of the channel wants as well is reminded of by that one from now on.
    """
    if not work.subscriptions.remove(guild_id, channel_id, topic):
        return False
    for other in work.subscriptions.of_channel(channel_id):
        plan_reminders(work, other, at, now)
    return True
