"""Watches the clock: reminders that have come due turn into alerts, and mornings into digests.

Nothing is remembered here: what is due stands in the store, and an alert is put into the outbox in the same
transaction that marks its reminder as fired, or its order's next digest as lying further ahead.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from functools import partial

from watchers.alerts import all_reminders, leads_of, reminder_alert, reminders_for, spokesmen
from watchers.audience import (
    Alert,
    DigestBasket,
    DueReminder,
    Guild,
    LocalHour,
    Rhythm,
    Subscription,
    SubscriptionWish,
)
from watchers.audit import Change, order_changes, order_facts, settings_facts
from watchers.digests import MOST_CASES, digest, near_days, next_digest, settled_since
from watchers.model import FollowUp, Interval
from watchers.ports import Clock, Store, UnitOfWork
from watchers.rating import Case
from watchers.recurring import next_time

BATCH = 100
"""Reminders, or digests, turned into alerts in one transaction, so that no other writer waits long."""
AHEAD = timedelta(days=3)
"""How long before their time an order's reminders are planned of what was said before it: not all of years at once."""


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
        while await self._store.transact(lambda work: work.subscriptions.file_some(BATCH)) == BATCH:
            pass
        put = await self._put_due(now)
        return put + await self._put_due(now) if await self._look_ahead(now) else put

    async def _put_due(self, now: datetime) -> int:
        put = 0
        for one_batch in (_fire_batch, _digest_batch):
            seen = BATCH
            while seen == BATCH:
                seen, added = await self._store.transact(partial(one_batch, now=now))
                put += added
        return put

    async def _look_ahead(self, now: datetime) -> bool:
        """Plan, once a day, the reminders that have come near; return whether this was the time.

        Those that came near during downtime are among them, and may be due already.
        """
        before = await self._store.look(lambda work: work.reminders.looked_ahead_on())
        if before is not None and before >= now.date():
            return False
        planned = now if before is None else datetime.combine(before, time(), UTC) + AHEAD
        for order in await self._store.look(lambda work: tuple(work.subscriptions.served_at_once())):
            longest, at = _longest_lead(order.wish), order.wish.at
            days: Interval | None = Interval(
                at.day_of(planned) - timedelta(days=longest + 1), at.day_of(now + AHEAD) + timedelta(days=longest + 1)
            )
            while days is not None:
                plan = partial(_plan_some, order=order, days=days, since=min(now, planned))
                days = await self._store.transact(plan)
        await self._store.transact(lambda work: work.reminders.look_ahead_on(now.date()))
        return True


def _plan_some(work: UnitOfWork, *, order: Subscription, days: Interval, since: datetime) -> Interval | None:
    """Plan reminders of what falls due in the first of these days, for an order as it is by now; return the rest.

    Those before `since` have been planned. Where little falls due it is all of the days, else at least the first.
    """
    present = work.subscriptions.get(order.wish.guild_id, order.id)
    if present is None:
        return None
    wish, done = present.wish, days
    cases = work.cases.due_within(wish.guild_id, wish.topic, days, limit=BATCH)
    if len(cases) == BATCH:
        last = cases[-1].due.last if cases[-1].due else days.last
        done = Interval(days.first, max(days.first, last - timedelta(days=1)))
        cases = work.cases.due_within(wish.guild_id, wish.topic, done)
    _plan(work, present, cases, max(since, present.created_at), None)
    return Interval(done.last + timedelta(days=1), days.last) if done.last < days.last else None


def _fire_batch(work: UnitOfWork, *, now: datetime) -> tuple[int, int]:
    """Fire one batch of due reminders; return how many were due and how many alerts they made."""
    due = work.reminders.due(now, BATCH)
    alerts = [alert for one in due if (alert := reminder_alert(one, now)) is not None]
    added = work.outbox.put_all(alerts, now)
    for one in due:
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
    near = [case for days in near_days(wish, now) for case in _first_wanted(work, wish, days)]
    settled = work.cases.rated_since(wish.guild_id, wish.topic, settled_since(wish, now))
    return digest(basket.subscription, gathered=gathered, near=near, settled=settled, now=now)


def _first_wanted(work: UnitOfWork, wish: SubscriptionWish, days: Interval) -> list[Case]:
    """Return what an order wants of these last days, soonest first: as many as a digest holds, and a few more."""
    found: list[Case] = []
    offset, seen = 0, BATCH
    while seen == BATCH and len(found) < MOST_CASES:
        some = work.cases.due_within(wish.guild_id, wish.topic, days, offset=offset, limit=BATCH)
        found += [case for case in some if case.muted_by is None and wish.wants.takes(case.followup)]
        seen = len(some)
        offset += seen
    return found


def put_subscription(
    work: UnitOfWork, wish: SubscriptionWish, now: datetime, *, by: int | None = None
) -> tuple[Subscription, bool]:
    """Store or replace a channel's order with its reminders and its next digest; return it and whether it is new.

    `by` is who does it; None: whom the wish names as having made it.

    What had gathered for digests is told at once where it is served instantly from now on. The channel's other orders
    are planned anew too, for it may speak for what was theirs.
    """
    before = next((one for one in work.subscriptions.of_channel(wish.channel_id) if one.wish.topic == wish.topic), None)
    subscription, new = work.subscriptions.put(wish, now)
    _take_effect(work, [(before, subscription)], now)
    _note(work, before, subscription, wish.created_by if by is None else by, now)
    return subscription, new


def change_subscription(
    work: UnitOfWork, subscription_id: int, wish: SubscriptionWish, now: datetime, *, by: int
) -> Subscription | None:
    """Replace one of a server's orders, which may move to another channel; else as `put_subscription`.

    It keeps its number and what it has gathered. Return it, or None where the server has no order by that number.
    The channel must have no other order on the topic.
    """
    before = work.subscriptions.get(wish.guild_id, subscription_id)
    if before is None:
        return None
    after = work.subscriptions.change(subscription_id, wish)
    _take_effect(work, [(before, after)], now)
    _note(work, before, after, by, now)
    return after


def _note(work: UnitOfWork, before: Subscription | None, after: Subscription, by: int, now: datetime) -> None:
    """Note in the server's audit log what became of an order (None: it is new)."""
    if before is None:
        work.changes.note(after.wish.guild_id, by, Change.ORDER_MADE, order_facts(after.wish), now)
        return
    for what, facts in order_changes(before.wish, after.wish):
        work.changes.note(after.wish.guild_id, by, what, facts, now)


def settle_guild(work: UnitOfWork, guild: Guild, now: datetime, *, before: LocalHour, after: LocalHour, by: int) -> int:
    """Store what somebody settled for a server, and let its orders keep to it; return how many have changed.

    `before` and `after` are the server's zone and hour until now and from now on. Every order goes by the new zone;
    those at the server's hour go by the new hour, while an hour that an order was given of its own stays.
    """
    if facts := settings_facts(work.guilds.get(guild.id), guild):
        work.changes.note(guild.id, by, Change.SETTLED, facts, now)
    work.guilds.put(guild)
    changes: list[tuple[Subscription | None, Subscription]] = []
    for order in work.subscriptions.of_guild(guild.id):
        hour = after.hour if order.wish.at.hour == before.hour else order.wish.at.hour
        wish = replace(order.wish, at=LocalHour(after.zone, hour))
        if wish != order.wish:
            changes.append((order, work.subscriptions.change(order.id, wish)))
    _take_effect(work, changes, now)
    return len(changes)


def _take_effect(work: UnitOfWork, changes: Sequence[tuple[Subscription | None, Subscription]], now: datetime) -> None:
    """Bring the next digests of changed orders, and all reminders of their channels, up to date.

    Each change is an order as it was (None: it is new) and as it is.
    """
    if work.reminders.looked_ahead_on() is None:
        work.reminders.look_ahead_on(now.date())
    channels: set[int] = set()
    hours: dict[int, LocalHour] = {}
    due_already = {basket.subscription.id for basket in work.subscriptions.with_digest_due(now, BATCH)}
    for before, after in changes:
        if after.wish.paused or after.id not in due_already:
            work.subscriptions.next_digest_at(after.id, _coming_digest(before, after.wish, now))
        channels.add(after.wish.channel_id)
        if before is not None:
            channels.add(before.wish.channel_id)
            hours[after.id] = before.wish.at
    orders = [order for channel in sorted(channels) for order in work.subscriptions.of_channel(channel)]
    for order in orders:
        work.reminders.forget_ahead(order.id, now)
    for order in orders:
        plan_reminders(work, order, now, before=hours.get(order.id))


def _coming_digest(before: Subscription | None, wish: SubscriptionWish, now: datetime) -> datetime | None:
    """Return when a changed order's next digest is due; what has gathered for one served instantly by now, at once.

    A digest that was still to come on a day on which the new hour has passed already is not lost: it comes at once.
    """
    if before is None:
        return next_digest(wish, now)
    if wish.rhythm is Rhythm.INSTANT and not wish.paused:
        return now
    awaited = next_digest(before.wish, now)
    if awaited is not None:
        same_day = wish.at.on(before.wish.at.day_of(awaited))
        if same_day <= now and next_digest(wish, same_day - timedelta(microseconds=1)) == same_day:
            return same_day
    return next_digest(wish, now)


def plan_reminders(
    work: UnitOfWork, subscription: Subscription, now: datetime, *, before: LocalHour | None = None
) -> None:
    """Plan the reminders of an order for what is already pending on its topic; those further ahead come in their time.

    Where another order of its channel speaks for a follow-up (see alerts.py), that one's reminders stand. `before` is
    the hour it had until now: what was still to come by it and is past by the new one comes at once.
    """
    wish = subscription.wish
    if wish.rhythm is not Rhythm.INSTANT or wish.paused:
        return
    at, longest = wish.at, _longest_lead(wish)
    # A day more, for it may still be yesterday by the hour it had until now.
    earliest = at.day_of(now) - timedelta(days=longest + 1)
    latest = at.day_of(now + AHEAD) + timedelta(days=longest + 1)
    _plan(work, subscription, work.cases.due_within(wish.guild_id, wish.topic, Interval(earliest, latest)), now, before)


def _plan(
    work: UnitOfWork, subscription: Subscription, cases: Iterable[Case], since: datetime, before: LocalHour | None
) -> None:
    """Plan those reminders after `since` of which the order speaks in its channel."""
    found = list(cases)
    orders = work.subscriptions.of_channel(subscription.wish.channel_id) if found else ()
    for case in found:
        if subscription in spokesmen(case.followup, orders):
            work.reminders.plan(reminders_for(case, subscription, since, before=before))


def _longest_lead(wish: SubscriptionWish) -> int:
    return max(map(abs, leads_of(wish)), default=0)


def end_subscription(
    work: UnitOfWork, guild_id: int, subscription_id: int, *, by: int, now: datetime
) -> Subscription | None:
    """Remove one of a server's orders with its reminders; return it, or None where there is none.

    What another order of the channel wants as well is reminded of by that one from now on.
    """
    removed = work.subscriptions.remove(guild_id, subscription_id)
    if removed is not None:
        work.changes.note(guild_id, by, Change.ORDER_ENDED, order_facts(removed.wish), now)
        for other in work.subscriptions.of_channel(removed.wish.channel_id):
            plan_reminders(work, other, now)
    return removed


def replan(work: UnitOfWork, followup: FollowUp, now: datetime, *, guild_id: int | None = None) -> None:
    """Plan the reminders of a follow-up anew, after its day, a rating or its muting changed.

    `guild_id` says for which server alone; None: for all of them.
    """
    wanting = [one for one in work.subscriptions.wanting(followup) if guild_id in {None, one.wish.guild_id}]
    cases = work.cases.by_guild(followup.id, {one.wish.guild_id for one in wanting})
    work.reminders.replan(followup.id, all_reminders(followup, wanting, cases, now), guild_id=guild_id)
