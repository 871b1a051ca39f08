"""What servers and people have settled, and the topics that servers write; on both engines."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import pytest

from storage.engine import Database
from tests.factories import MONDAY_NOON, a_wish
from tests.storing import an_alert, minutes, opened, waiting_alerts
from watchers.audience import Guild, GuildTopic, GuildTopicWish, Person, Posted, Reminder, Rhythm, SubscriptionWish
from watchers.ports import UnitOfWork
from watchers.rating import CaseFilter, Listing

HERE, THERE = 10, 2**63 - 1


def a_topic_wish(name: str = "Grain", query: str = "grain AND port", *, guild_id: int = HERE) -> GuildTopicWish:
    return GuildTopicWish(guild_id, name, query, 7)


async def put_topic(store: Database, wish: GuildTopicWish) -> GuildTopic:
    return await store.transact(lambda work: work.guilds.put_topic(wish))


async def delete_topic(store: Database, topic: str, guild_id: int = HERE) -> GuildTopic | None:
    return await store.transact(lambda work: work.guilds.delete_topic(guild_id, topic))


async def get(store: Database, guild_id: int = HERE) -> Guild:
    return await store.look(lambda work: work.guilds.get(guild_id))


async def all_topics(store: Database, after: int) -> tuple[int, list[GuildTopic]]:
    state, topics = await store.look(lambda work: work.guilds.all_topics(after))
    return state, list(topics)


# --- settings ---------------------------------------------------------------------------------------------


async def test_a_server_that_settled_nothing_has_nothing_settled(store: Database) -> None:
    assert await get(store) == Guild(HERE)


async def test_what_a_server_settles_comes_back_and_can_be_taken_back(store: Database) -> None:
    settled = Guild(THERE, "Asia/Kathmandu", "pt-BR", 0, 2**62, 2**61)
    await store.transact(lambda work: work.guilds.put(settled))
    assert await get(store, THERE) == settled
    assert await get(store) == Guild(HERE)
    changed = replace(settled, digest_hour=23, language=None, rater_role_id=None)
    await store.transact(lambda work: work.guilds.put(changed))
    assert await get(store, THERE) == changed


async def test_settling_leaves_the_topics_of_a_server_alone(store: Database) -> None:
    topic = await put_topic(store, a_topic_wish())
    assert await get(store) == Guild(HERE, topics=(topic,))
    await store.transact(lambda work: work.guilds.put(Guild(HERE, zone="UTC")))
    assert await get(store) == Guild(HERE, zone="UTC", topics=(topic,))


async def test_what_a_person_settles_is_theirs_alone(store: Database) -> None:
    async def person(user_id: int) -> Person:
        return await store.look(lambda work: work.guilds.person(user_id))

    assert await person(7) == Person(7)
    for settled in (Person(7, "Europe/Kyiv", "uk"), Person(7, None, "fr")):
        await store.transact(partial(_put_person, person=settled))
        assert await person(7) == settled
    assert await person(8) == Person(8)


def _put_person(work: UnitOfWork, *, person: Person) -> None:
    work.guilds.put_person(person)


# --- topics -----------------------------------------------------------------------------------------------


async def test_topics_are_kept_by_server_and_listed_by_name_whatever_its_case(store: Database) -> None:
    for wish in (a_topic_wish("zinc"), a_topic_wish("Ämter"), a_topic_wish("Grain"), a_topic_wish(guild_id=THERE)):
        await put_topic(store, wish)
    assert [topic.wish.name for topic in (await get(store)).topics] == ["Grain", "zinc", "Ämter"]
    [other] = (await get(store, THERE)).topics
    assert other.wish == a_topic_wish(guild_id=THERE)


@pytest.mark.parametrize(("name", "again"), [("Straße", "STRASSE"), ("ÉLYSÉE", "élysée"), ("grain", "Grain")])
async def test_a_topic_of_the_same_name_in_any_case_is_replaced(store: Database, name: str, again: str) -> None:
    first = await put_topic(store, a_topic_wish(name))
    changed = await put_topic(store, a_topic_wish(again, "grain OR wheat"))
    assert changed == GuildTopic(first.number, a_topic_wish(again, "grain OR wheat"))
    assert (await get(store)).topics == (changed,)
    elsewhere = await put_topic(store, a_topic_wish(name, guild_id=THERE))
    assert elsewhere.id != first.id == changed.id


async def test_every_topic_is_told_where_any_has_changed_since(store: Database) -> None:
    assert await all_topics(store, 0) == (0, [])
    one = await put_topic(store, a_topic_wish())
    two = await put_topic(store, a_topic_wish(guild_id=THERE))
    first, topics = await all_topics(store, 0)
    assert topics == [one, two]
    assert await all_topics(store, first) == (first, [])
    changed = await put_topic(store, a_topic_wish(query="wheat"))
    second, topics = await all_topics(store, first)
    assert second != first
    assert topics == [changed, two]
    await delete_topic(store, changed.id)
    third, topics = await all_topics(store, second)
    assert topics == [two]
    await delete_topic(store, two.id, THERE)
    fourth, topics = await all_topics(store, third)
    assert topics == []
    assert len({first, second, third, fourth}) == 4
    assert await delete_topic(store, two.id, THERE) is None
    assert await all_topics(store, fourth) == (fourth, [])


async def test_a_number_is_never_given_to_another_topic(store: Database) -> None:
    first = await put_topic(store, a_topic_wish())
    await delete_topic(store, first.id)
    assert (await put_topic(store, a_topic_wish())).number > first.number


async def test_nobody_deletes_the_topic_of_another_server_or_of_the_catalogue(store: Database) -> None:
    topic = await put_topic(store, a_topic_wish())
    assert await delete_topic(store, topic.id, THERE) is None
    assert await delete_topic(store, "norland") is None
    assert (await get(store)).topics == (topic,)


async def test_a_deleted_topic_takes_its_subscriptions_with_all_they_were_to_tell(store: Database) -> None:
    topic = await put_topic(store, a_topic_wish())
    followup = await opened(store, None, topic.id, "norland")

    def subscribe(work: UnitOfWork, wish: SubscriptionWish) -> int:
        order, _ = work.subscriptions.put(wish, MONDAY_NOON)
        work.subscriptions.gather([order.id], followup.id)
        work.subscriptions.next_digest_at(order.id, MONDAY_NOON)
        work.reminders.plan([Reminder(f"reminder {order.id}", minutes(1), followup.id, order.id, 1)])
        work.outbox.put(an_alert(f"posted {order.id}", followup.id, subscription_id=order.id), MONDAY_NOON)
        [delivery] = work.outbox.lease(MONDAY_NOON, worker="w", until=minutes(1), limit=5)
        work.outbox.sent(delivery, Posted(20, 99), MONDAY_NOON)
        work.outbox.put(an_alert(f"unsent {order.id}", followup.id, subscription_id=order.id), minutes(2))
        return order.id

    wishes = [a_wish(topic=name, rhythm=Rhythm.DAILY) for name in (topic.id, "norland")]
    gone, kept = [await store.transact(partial(subscribe, wish=wish)) for wish in wishes]

    assert await delete_topic(store, topic.id) == topic

    def left(work: UnitOfWork) -> tuple[list[int], list[int], list[str]]:
        orders = [order.id for order in work.subscriptions.of_guild(HERE)]
        digests = [basket.subscription.id for basket in work.subscriptions.with_digest_due(minutes(9), 9)]
        return orders, digests, [due.reminder.key for due in work.reminders.due(minutes(9), 9)]

    assert await store.look(left) == ([kept], [kept], [f"reminder {kept}"])
    leased = await store.transact(lambda work: waiting_alerts(work, minutes(9)))
    assert [delivery.alert.key for delivery in leased] == [f"unsent {kept}"]
    await store.transact(lambda work: work.outbox.reword(followup.id))
    posted = await store.transact(lambda work: waiting_alerts(work, minutes(9)))
    whose = {delivery.alert.key: delivery.alert.subscription_id for delivery in posted}
    assert whose[f"posted {gone}"] is None
    assert whose[f"posted {kept}"] == kept


async def test_what_was_on_a_deleted_topic_is_on_it_no_more(store: Database) -> None:
    topic = await put_topic(store, a_topic_wish())
    followup = await opened(store, None, topic.id, "norland")
    await delete_topic(store, topic.id)
    for name, total in ((topic.id, 0), ("norland", 1)):
        wanted = CaseFilter(Listing.RECENT, topic=name)
        page = await store.look(partial(_first_page, wanted=wanted))
        assert page == total
    now = await store.look(lambda work: work.followups.get(followup.id))
    assert now is not None
    assert now.topics == ("norland",)


def _first_page(work: UnitOfWork, *, wanted: CaseFilter) -> int:
    return work.cases.page(wanted, HERE, MONDAY_NOON.date(), offset=0, limit=5).total
