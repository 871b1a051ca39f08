"""Watches the clock: reminders that have come due turn into alerts, and mornings into digests.

Nothing is remembered here: what is due stands in the store, and an alert is put into the outbox in the same
transaction that marks its reminder as fired, or its order's next digest as lying further ahead.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import partial

from watchers.alerts import all_reminders, reminder_alert, reminders_for, spokesmen
from watchers.audience import Alert, DigestBasket, DueReminder, Rhythm, Subscription, SubscriptionWish
from watchers.digests import digest, horizon, next_digest, settled_since
from watchers.model import FollowUp, Interval
from watchers.ports import Clock, Store, UnitOfWork
from watchers.recurring import next_time

BATCH = 100
"""Reminders, or digests, turned into alerts in one transaction, so that no other writer waits long."""


class DeadlineWatcher:
    """Turns due reminders and due digests into alerts."""

    def __init__(self, store: Store, clock: Clock) -> None:
        """Watch over `store`."""
        self._store = store
        self._clock = clock

    async def remind(self) -> int:
        """Put into the outbox all that has come due; return how many alerts that are.

        Calling it again at once puts nothing: every reminder fires once, and an order's next digest is another day's.
        """
        now = self._clock.now()
        put = 0
        for one_batch in (_fire_batch, _digest_batch):
            seen = BATCH
            while seen == BATCH:
                seen, added = await self._store.transact(partial(one_batch, now=now))
                put += added
        return put


def _fire_batch(work: UnitOfWork, *, now: datetime) -> tuple[int, int]:
    """Fire one batch of due reminders; return how many were due and how many alerts they made."""
    due = work.reminders.due(now, BATCH)
    added = 0
    for one in due:
        alert = reminder_alert(one, now)
        added += alert is not None and work.outbox.put(alert, now)
        _be_done_with(work, one, now)
    return len(due), added


def _be_done_with(work: UnitOfWork, due: DueReminder, now: datetime) -> None:
    """Mark a reminder as fired, or put it off to the next time where it recurs."""
    again = due.reminder.recurrence
    if again is None:
        work.reminders.fired(due.id, now)
    else:
        work.reminders.put_off(due.id, next_time(due.reminder.fires_at, again, now))


def _digest_batch(work: UnitOfWork, *, now: datetime) -> tuple[int, int]:
    """Decide on one batch of due digests; return how many were due and how many have something to tell."""
    due = work.subscriptions.with_digest_due(now, BATCH)
    added = 0
    for basket in due:
        wish = basket.subscription.wish
        alert = _digest_of(work, basket, now)
        new = alert is not None and work.outbox.put(alert, now)
        added += new
        again = next_digest(wish, now)
        if new or alert is None:
            work.subscriptions.empty_basket(basket.subscription.id, basket.followup_ids)
        else:  # today's has been sent already, so what came since waits
            again = again or wish.at.on(wish.at.day_of(now) + timedelta(days=1))
        work.subscriptions.next_digest_at(basket.subscription.id, again)
    return len(due), added


def _digest_of(work: UnitOfWork, basket: DigestBasket, now: datetime) -> Alert | None:
    """Return what is to be told of an order's basket; one served instantly by now is told only what is left in it."""
    wish = basket.subscription.wish
    gathered = work.cases.of(wish.guild_id, basket.followup_ids)
    if wish.rhythm is Rhythm.INSTANT:
        return digest(basket.subscription, gathered=gathered, near=(), settled=(), now=now)
    near = work.cases.due_within(wish.guild_id, wish.topic, horizon(wish, now))
    settled = work.cases.rated_since(wish.guild_id, wish.topic, settled_since(wish, now))
    return digest(basket.subscription, gathered=gathered, near=near, settled=settled, now=now)


def put_subscription(work: UnitOfWork, wish: SubscriptionWish, now: datetime) -> tuple[Subscription, bool]:
    """Store or replace a channel's order with its reminders and its next digest; return it and whether it is new.

    What had gathered for digests is told at once where it is served instantly from now on. The channel's other orders
    are planned anew too, for it may speak for what was theirs.
    """
    subscription, new = work.subscriptions.put(wish, now)
    left_over = wish.rhythm is Rhythm.INSTANT and not wish.paused and not new
    work.subscriptions.next_digest_at(subscription.id, now if left_over else next_digest(wish, now))
    orders = work.subscriptions.of_channel(wish.channel_id)
    for order in orders:
        work.reminders.forget_ahead(order.id, now)
    for order in orders:
        plan_reminders(work, order, now)
    return subscription, new


def plan_reminders(work: UnitOfWork, subscription: Subscription, now: datetime) -> None:
    """Plan the reminders of an order for what is already pending on its topic.

    Where another order of its channel speaks for a follow-up (see alerts.py), that one's reminders stand.
    """
    wish = subscription.wish
    if wish.rhythm is not Rhythm.INSTANT or wish.paused:
        return
    orders = work.subscriptions.of_channel(wish.channel_id)
    longest = max(map(abs, wish.lead_days), default=0)
    today = wish.at.day_of(now)
    for case in work.cases.due_within(wish.guild_id, wish.topic, Interval(today - timedelta(days=longest), date.max)):
        if subscription in spokesmen(case.followup, orders):
            work.reminders.plan(reminders_for(case, subscription, now))


def end_subscription(work: UnitOfWork, guild_id: int, subscription_id: int, *, now: datetime) -> Subscription | None:
    """Remove one of a server's orders with its reminders; return it, or None where there is none.

    What another order of the channel wants as well is reminded of by that one from now on.
    """
    removed = work.subscriptions.remove(guild_id, subscription_id)
    if removed is not None:
        for other in work.subscriptions.of_channel(removed.wish.channel_id):
            plan_reminders(work, other, now)
    return removed


def replan(work: UnitOfWork, followup: FollowUp, now: datetime, *, guild_id: int | None = None) -> None:
    """Plan the reminders of a follow-up anew, after its day, a rating or its muting changed.

    `guild_id` says for which server alone; None: for all of them.
    """
    wanting = [one for one in work.subscriptions.wanting(followup.topics) if guild_id in {None, one.wish.guild_id}]
    cases = work.cases.by_guild(followup.id, {one.wish.guild_id for one in wanting})
    work.reminders.replan(followup.id, all_reminders(followup, wanting, cases, now), guild_id=guild_id)
