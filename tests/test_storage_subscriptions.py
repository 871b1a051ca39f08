"""Standing orders, reminders and baskets, on both engines."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time
from functools import partial
from zoneinfo import ZoneInfo

from storage.engine import Database
from tests.factories import MONDAY_NOON, THIS_WEEK, a_case, a_followup, a_wish
from tests.storing import an_alert, minutes, opened, telling, waiting_alerts
from watchers.audience import (
    Alert,
    AlertForm,
    Dating,
    Delivery,
    DigestBasket,
    DueReminder,
    LocalHour,
    Place,
    Posted,
    QuietHours,
    Recurrence,
    Reminder,
    Rhythm,
    Subscription,
    SubscriptionWish,
    Unit,
    Wants,
)
from watchers.model import Kind
from watchers.ports import UnitOfWork
from watchers.rating import Outcome, RatingWish


async def put(store: Database, wish: SubscriptionWish) -> Subscription:
    subscription, _ = await store.transact(lambda work: work.subscriptions.put(wish, MONDAY_NOON))
    return subscription


async def remove(store: Database, order: Subscription, guild_id: int = 10) -> Subscription | None:
    return await store.transact(lambda work: work.subscriptions.remove(guild_id, order.id))


async def plan(store: Database, *reminders: Reminder) -> None:
    await store.transact(lambda work: work.reminders.plan(reminders))


async def due_keys(store: Database, at: float = 60.0) -> list[str]:
    due = await store.look(lambda work: work.reminders.due(minutes(at), 50))
    return [one.reminder.key for one in due]


async def wanting(store: Database, *topics: str) -> list[Subscription]:
    return list(await store.look(lambda work: work.subscriptions.wanting(a_followup(topics=topics))))


async def put_alert(store: Database, alert: Alert) -> None:
    await store.transact(lambda work: work.outbox.put(alert, MONDAY_NOON))


async def gather(store: Database, order: Subscription, followup_id: int) -> None:
    await store.transact(lambda work: work.subscriptions.gather([order.id], followup_id))


async def next_digest_at(store: Database, order: Subscription, at: datetime | None) -> None:
    await store.transact(lambda work: work.subscriptions.next_digest_at(order.id, at))


async def digests_due(store: Database, *orders: Subscription) -> list[DigestBasket]:
    """Let it be the hour of these orders' digests."""
    for order in orders:
        await next_digest_at(store, order, MONDAY_NOON)
    return list(await store.look(lambda work: work.subscriptions.with_digest_due(MONDAY_NOON, 50)))


async def leased(store: Database) -> list[Delivery]:
    return await store.transact(lambda work: waiting_alerts(work, MONDAY_NOON))


def for_order(
    key: str, followup_id: int, subscription_id: int | None, *, at: float = 0, lead_days: int = 1
) -> Reminder:
    return Reminder(key, minutes(at), followup_id, subscription_id, lead_days)


def personal(key: str, *, at: float = 0, user_id: int = 5, followup_id: int | None = None) -> Reminder:
    return Reminder(key, minutes(at), followup_id, user_id=user_id, note="ring the embassy")


# --- standing orders --------------------------------------------------------------------------------------


async def test_an_order_comes_back_as_it_was_wished(store: Database) -> None:
    wish = SubscriptionWish(
        guild_id=2**63 - 1,
        channel_id=2**62,
        topic="norland",
        created_by=2**60,
        at=LocalHour(ZoneInfo("Asia/Kathmandu"), 6),
        wants=Wants(
            kinds=frozenset({Kind.EVENT, Kind.DEADLINE}),
            speakers=("Ada Berg", "Élysée"),
            countries=frozenset({"FR", "UA"}),
            dating=Dating.EXACT,
            min_outlets=3,
        ),
        role_id=2**61,
        rhythm=Rhythm.WEEKLY,
        digest_weekday=6,
        lead_days=(7, 0, -1),
        quiet=QuietHours(22, 0),
        place=Place.FORUM,
        language="pt-BR",
        paused=True,
    )
    stored, new = await store.transact(lambda work: work.subscriptions.put(wish, MONDAY_NOON))
    assert new
    assert stored == Subscription(stored.id, wish, MONDAY_NOON)
    assert await store.look(lambda work: work.subscriptions.of_channel(2**62)) == [stored]


async def test_a_second_order_for_the_same_channel_and_topic_replaces_the_first(store: Database) -> None:
    first = await put(store, a_wish())
    changed = a_wish(kinds=frozenset({Kind.EVENT}), rhythm=Rhythm.DAILY, lead_days=(), role_id=9, paused=True)
    second, new = await store.transact(lambda work: work.subscriptions.put(changed, minutes(60)))
    assert (second, new) == (Subscription(first.id, changed, MONDAY_NOON), False)
    assert await store.look(lambda work: work.subscriptions.of_guild(10)) == [second]


async def test_only_what_is_still_ahead_of_an_order_is_forgotten(store: Database) -> None:
    followup = await opened(store)
    order, other = await put(store, a_wish()), await put(store, a_wish(topic="*"))
    await plan(
        store,
        for_order("due", followup.id, order.id, at=10),
        for_order("ahead", followup.id, order.id, at=11),
        for_order("other's", followup.id, other.id, at=11),
        for_order("fired", followup.id, order.id, at=-60),
    )
    [fired] = await store.look(lambda work: work.reminders.due(minutes(-60), 1))
    await store.transact(lambda work: work.reminders.fired(fired.id, MONDAY_NOON))
    await store.transact(lambda work: work.reminders.forget_ahead(order.id, minutes(10)))
    assert await due_keys(store) == ["due", "other's"]
    await plan(
        store, for_order("fired", followup.id, order.id, at=12), for_order("ahead", followup.id, order.id, at=12)
    )
    assert await due_keys(store) == ["due", "other's", "ahead"]


async def test_orders_are_listed_by_guild_and_by_channel(store: Database) -> None:
    b = await put(store, a_wish(channel_id=2, topic="b"))
    a = await put(store, a_wish(channel_id=2, topic="a"))
    one = await put(store, a_wish(channel_id=1, topic="z"))
    await put(store, a_wish(guild_id=11, channel_id=3))
    assert await store.look(lambda work: work.subscriptions.of_guild(10)) == [one, a, b]
    assert await store.look(lambda work: work.subscriptions.of_channel(2)) == [a, b]


async def test_a_topic_is_wanted_by_its_orders_and_those_on_everything(store: Database) -> None:
    everything = await put(store, a_wish(channel_id=1, topic="*"))
    norland = await put(store, a_wish(channel_id=2, topic="norland"))
    sudland = await put(store, a_wish(channel_id=3, topic="sudland"))
    await put(store, a_wish(channel_id=4, topic="westland"))
    for topics, orders in (
        (["sudland", "norland"], [everything, norland, sudland]),
        (["norland"], [everything, norland]),
        ([], [everything]),
    ):
        assert await wanting(store, *topics) == orders


async def test_an_order_is_known_and_removed_by_its_number_in_its_server_alone(store: Database) -> None:
    order = await put(store, a_wish())
    assert await remove(store, order, guild_id=1) is None
    assert await remove(store, replace(order, id=order.id + 1)) is None
    assert await store.look(lambda work: work.subscriptions.get(1, order.id)) is None
    assert await store.look(lambda work: work.subscriptions.get(10, order.id)) == order
    assert await remove(store, order) == order
    assert await remove(store, order) is None
    assert await store.look(lambda work: work.subscriptions.get(10, order.id)) is None


async def test_removing_an_order_takes_its_reminders_basket_and_unsent_alerts(store: Database) -> None:
    followup = await opened(store)
    order, other = await put(store, a_wish()), await put(store, a_wish(topic="*"))
    await plan(store, for_order("its", followup.id, order.id), for_order("other's", followup.id, other.id))
    await plan(store, personal("own", followup_id=followup.id))

    await put_alert(store, an_alert("posted", followup.id, subscription_id=order.id))
    [posted] = await leased(store)
    await store.transact(lambda work: work.outbox.sent(posted, Posted(20, 99), MONDAY_NOON))
    for key, whose in (("its", order), ("other's", other)):
        alert = an_alert(key, followup.id, subscription_id=whose.id)
        await put_alert(store, alert)
        await gather(store, whose, followup.id)

    await store.transact(lambda work: work.outbox.reword(followup.id))
    assert await remove(store, order) == order
    assert await due_keys(store) == ["other's", "own"]
    assert [basket.subscription for basket in await digests_due(store, other)] == [other]
    kept, others = await leased(store)
    assert (kept.alert.key, kept.alert.subscription_id, kept.message_id) == ("posted", None, 99)
    assert (others.alert.key, others.alert.subscription_id) == ("other's", other.id)


async def test_a_number_is_never_given_twice(store: Database) -> None:
    first = await put(store, a_wish())
    await remove(store, first)
    assert (await put(store, a_wish())).id > first.id


# --- reminders --------------------------------------------------------------------------------------------


async def test_due_reminders_bring_their_follow_up_and_order_the_earliest_first(store: Database) -> None:
    followup, order = await opened(store), await put(store, a_wish())
    late = for_order("late", followup.id, order.id, at=30)
    early = personal("early", at=10)
    await plan(store, late, early, for_order("not yet", followup.id, order.id, at=31))
    due = await store.look(lambda work: work.reminders.due(minutes(30), 50))
    assert due == [
        DueReminder(due[0].id, early, None, None),
        DueReminder(due[1].id, late, a_case(followup), order),
    ]
    assert len(await store.look(lambda work: work.reminders.due(minutes(30), 1))) == 1


async def test_a_due_reminder_brings_its_follow_up_as_the_server_of_its_order_sees_it(store: Database) -> None:
    followup = await opened(store)
    here, there = await put(store, a_wish()), await put(store, a_wish(guild_id=11, channel_id=30))
    wish = RatingWish(followup.id, 11, 7, Outcome.BROKEN)
    rating = await store.transact(lambda work: work.cases.rate(wish, MONDAY_NOON))
    await plan(store, for_order("here", followup.id, here.id), for_order("there", followup.id, there.id))
    await plan(store, personal("own", followup_id=followup.id))
    due = await store.look(lambda work: work.reminders.due(MONDAY_NOON, 50))
    assert [one.case for one in due] == [a_case(followup), a_case(followup, rating), a_case(followup)]


async def test_a_reminder_that_recurs_comes_back_as_it_was_and_is_put_off(store: Database) -> None:
    monthly = replace(personal("m"), recurrence=Recurrence(2, Unit.MONTH, ZoneInfo("Asia/Tokyo"), 31, time(21, 5)))
    await plan(store, monthly)
    [due] = await store.look(lambda work: work.reminders.due(MONDAY_NOON, 50))
    assert due.reminder == monthly
    await store.transact(lambda work: work.reminders.put_off(due.id, minutes(30)))
    assert await due_keys(store, 29) == []
    assert await due_keys(store, 30) == ["m"]


async def test_a_reminder_fires_once_and_is_planned_once(store: Database) -> None:
    await plan(store, personal("a", at=1), personal("b", at=2), personal("a", at=3))
    await plan(store, personal("a", at=0))
    [first, _] = await store.look(lambda work: work.reminders.due(minutes(60), 50))
    assert first.reminder == personal("a", at=1)
    await store.transact(lambda work: work.reminders.fired(first.id, minutes(2)))
    await plan(store, personal("a", at=2))
    assert await due_keys(store) == ["b"]
    await plan(store)


async def test_replanning_replaces_the_unfired_ones_of_orders_only(store: Database) -> None:
    followup, elsewhere = await opened(store), await opened(store)
    order = await put(store, a_wish())
    await plan(
        store,
        for_order("fired", followup.id, order.id, at=-1),
        for_order("old day", followup.id, order.id, at=1),
        for_order("elsewhere", elsewhere.id, order.id, at=2),
        personal("own", at=3, followup_id=followup.id),
    )
    [fired] = await store.look(lambda work: work.reminders.due(MONDAY_NOON, 50))
    await store.transact(lambda work: work.reminders.fired(fired.id, MONDAY_NOON))
    anew = [for_order(key, followup.id, order.id, at=4) for key in ("new day", "fired")]
    await store.transact(lambda work: work.reminders.replan(followup.id, anew))
    assert await due_keys(store) == ["elsewhere", "own", "new day"]


async def test_replanning_for_one_server_leaves_the_others_alone(store: Database) -> None:
    followup = await opened(store)
    here, there = await put(store, a_wish()), await put(store, a_wish(guild_id=11, channel_id=30))
    await plan(store, for_order("here", followup.id, here.id), for_order("there", followup.id, there.id))
    await store.transact(lambda work: work.reminders.replan(followup.id, [], guild_id=10))
    assert await due_keys(store) == ["there"]


async def own(store: Database, user_id: int = 5) -> list[tuple[int, Reminder]]:
    return list(await store.look(lambda work: work.reminders.of_user(user_id)))


async def test_a_person_sees_only_what_they_are_still_to_hear(store: Database) -> None:
    await plan(store, personal("second", at=9), personal("first", at=8), personal("other", user_id=6))
    assert [reminder for _, reminder in await own(store)] == [personal("first", at=8), personal("second", at=9)]
    [due, *_] = await store.look(lambda work: work.reminders.due(minutes(8), 50)[1:])
    await store.transact(lambda work: work.reminders.fired(due.id, minutes(8)))
    assert [reminder for _, reminder in await own(store)] == [personal("second", at=9)]


async def test_a_person_drops_only_what_is_theirs_and_has_not_fired(store: Database) -> None:
    await plan(store, personal("a", at=1), personal("b", at=2), personal("other", at=3, user_id=6))
    [(first, _), (second, _)] = await own(store)
    [(others, _)] = await own(store, 6)
    await store.transact(lambda work: work.reminders.fired(first, minutes(1)))
    dropped = [await store.transact(partial(drop, number=number)) for number in (first, second, second, others)]
    assert dropped == [None, personal("b", at=2), None, None]
    assert await due_keys(store) == ["other"]


def drop(work: UnitOfWork, number: int) -> Reminder | None:
    return work.reminders.drop(5, number)


# --- baskets ----------------------------------------------------------------------------------------------


async def test_a_basket_gathers_each_follow_up_once_until_a_digest_takes_it(store: Database) -> None:
    daily = await put(store, a_wish(rhythm=Rhythm.DAILY))
    one, two, three = [(await opened(store, telling(due=THIS_WEEK))).id for _ in range(3)]
    assert await digests_due(store, daily) == [DigestBasket(daily, ())]
    for followup_id in (two, one, two):
        await gather(store, daily, followup_id)
    assert await digests_due(store, daily) == [DigestBasket(daily, (one, two))]
    await gather(store, daily, three)
    await store.transact(lambda work: work.subscriptions.empty_basket(daily.id, (one, two)))
    assert await digests_due(store, daily) == [DigestBasket(daily, (three,))]
    at_once = await put(store, a_wish(rhythm=Rhythm.INSTANT))
    assert await digests_due(store, daily) == [DigestBasket(at_once, (three,))]


async def test_digests_are_due_from_their_instant_on_the_earliest_first(store: Database) -> None:
    orders = [await put(store, a_wish(channel_id=channel, rhythm=Rhythm.DAILY)) for channel in range(20, 25)]
    late, early, never, not_yet, _ = orders
    for order, at in ((late, minutes(5)), (early, minutes(4)), (not_yet, minutes(5.01)), (never, minutes(1))):
        await next_digest_at(store, order, at)
    await next_digest_at(store, never, None)
    due = await store.look(lambda work: work.subscriptions.with_digest_due(minutes(5), 50))
    assert [basket.subscription for basket in due] == [early, late]
    assert await store.look(lambda work: work.subscriptions.with_digest_due(minutes(5), 1)) == due[:1]
    await put(store, early.wish)
    assert await store.look(lambda work: work.subscriptions.with_digest_due(minutes(5), 50)) == due


async def test_the_tally_counts_follow_ups_and_what_waits(store: Database) -> None:
    followup, order = await opened(store), await put(store, a_wish())
    for key in ("a", "b"):
        alert = an_alert(key, followup.id, form=AlertForm.REMINDER, subscription_id=order.id)
        await put_alert(store, alert)
    tally = await store.look(lambda work: work.tally())
    assert (tally.followups_pending, tally.outbox_waiting) == (1, 2)
