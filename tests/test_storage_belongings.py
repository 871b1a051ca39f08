"""What belongs to a server or a person: found, counted, deleted, and nothing of anybody else's; on both engines."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Connection, create_engine, func, insert, select

from storage.belongings import NOBODYS, OWNED
from storage.engine import Database, address
from storage.guild_tables import changes, guilds
from storage.tables import feeds, followup_topics, followups, metadata, tellings
from tests.factories import MONDAY_NOON, a_clue, a_wish
from tests.storing import an_alert, minutes, opened, telling
from watchers.audience import Guild, GuildTopicWish, Person, Reminder, Share
from watchers.belongings import NOBODY
from watchers.feed_model import GuildFeedWish
from watchers.ports import UnitOfWork
from watchers.rating import Fault, Flaw, Outcome, RatingWish

HERE, THERE = 10, 11
ANNA, BORIS = 7, 8
FEED = "https://own.example/rss"


def fill_server(work: UnitOfWork, guild_id: int, user_id: int, followup_id: int) -> None:
    """Have somebody do in a server all that can be done there."""
    work.guilds.put(Guild(guild_id, zone="Europe/Paris"))
    topic = work.guilds.put_topic(GuildTopicWish(guild_id, "Grain", "grain", user_id))
    work.followups.refile(topic.id, into=[followup_id], out_of=[])
    wish = replace(a_wish(guild_id=guild_id, channel_id=guild_id * 10), created_by=user_id)
    order, _ = work.subscriptions.put(wish, MONDAY_NOON)
    work.subscriptions.gather([order.id], followup_id)
    work.reminders.plan([Reminder(f"o{order.id}", minutes(60), followup_id, order.id, 1)])
    work.reminders.plan([Reminder(f"p{guild_id}", minutes(60), followup_id, user_id=user_id, note="my own")])
    posted = an_alert(f"said-{guild_id}", followup_id, channel_id=guild_id * 10, subscription_id=order.id)
    work.outbox.put(replace(posted, guild_id=guild_id), MONDAY_NOON)
    direct = an_alert(f"direct-{guild_id}", followup_id)
    work.outbox.put(replace(direct, channel_id=None, user_id=user_id), MONDAY_NOON)
    work.guild_feeds.add(GuildFeedWish(guild_id, FEED, "Ours", "en", "UTC", False, user_id), MONDAY_NOON)
    work.shares.open(Share(f"{guild_id:043}", guild_id, "*", user_id), MONDAY_NOON)
    work.cases.rate(RatingWish(followup_id, guild_id, user_id, Outcome.KEPT), MONDAY_NOON)
    work.cases.add_note(guild_id, followup_id, user_id, "I was there.", MONDAY_NOON)
    work.cases.mute(guild_id, followup_id, user_id)
    work.cases.watch(guild_id, followup_id, user_id, wanted=True)
    work.cases.find_fault(Fault(followup_id, guild_id, user_id, Flaw.WRONG_DATE), MONDAY_NOON)
    suggestion = work.outcomes.suggest(followup_id, 1, a_clue(), MONDAY_NOON)
    work.outcomes.answer(guild_id, suggestion.id, accepted=True, by=user_id, now=MONDAY_NOON)
    work.guilds.put_person(Person(user_id, zone="Europe/Kyiv"))


@pytest.fixture
def tables(database_url: str) -> Any:
    """How many rows each table has, and rows written past the house's own doors."""
    engine = create_engine(address(database_url))

    class Tables:
        def counts(self) -> Counter[str]:
            with engine.connect() as connection:
                return Counter({name: _count(connection, name) for name in metadata.tables})

        def add(self, table: Any, **row: Any) -> None:
            with engine.begin() as connection:
                connection.execute(insert(table).values(row))

        def column(self, column: Any) -> list[Any]:
            with engine.connect() as connection:
                return list(connection.scalars(select(column)))

    yield Tables()
    engine.dispose()


def _count(connection: Connection, name: str) -> int:
    return connection.scalar(select(func.count()).select_from(metadata.tables[name])) or 0


def test_every_table_says_whose_its_rows_are() -> None:
    named = [owned.table.name for owned in OWNED] + [table.name for table in NOBODYS]
    assert sorted(named) == sorted(metadata.tables), "a new table belongs into storage/belongings.py"


def test_every_column_with_an_id_of_a_server_or_a_person_is_named() -> None:
    paths = {owned.table.name for owned in OWNED if owned.guild is not None}
    people = {owned.table.name for owned in OWNED if owned.person is not None}
    for table in metadata.tables.values():
        if "guild_id" in table.c:
            assert table.name in paths, table.name
        if {"user_id", "created_by", "added_by"} & set(table.c.keys()):
            assert table.name in people, table.name


async def emptied(store: Database, guild_id: int, limit: int) -> Counter[str]:
    """Delete all of a server, batch by batch."""
    gone: Counter[str] = Counter()
    while batch := await store.transact(lambda work: work.belongings.delete_guild(guild_id, limit)):
        assert sum(batch.values()) <= limit
        gone.update(batch)
    return gone


@pytest.mark.parametrize("limit", [1, 3, 1000])
async def test_a_server_s_data_goes_and_nobody_else_s(store: Database, tables: Any, limit: int) -> None:
    followup = await opened(store)
    await store.transact(lambda work: fill_server(work, HERE, ANNA, followup.id))
    for guild_id in (HERE, THERE):
        tables.add(changes, guild_id=guild_id, user_id=ANNA, what="made", facts={}, changed_at=MONDAY_NOON)
    alone = tables.counts()
    await store.transact(lambda work: fill_server(work, THERE, ANNA, followup.id))
    gone = await emptied(store, THERE, limit)
    left = tables.counts()
    # What is a person's own stays, and what the news suggests.
    assert left - alone == Counter({"reminders": 1, "outbox": 1, "outbox_followups": 1, "suggestions": 1})
    assert alone - left == Counter({"changes": 1})
    assert gone["subscriptions"] == gone["guilds"] == gone["guild_feeds"] == gone["changes"] == gone["standings"] == 1
    assert tables.column(guilds.c.id) == [HERE]
    assert not await emptied(store, THERE, limit)
    held = await store.look(lambda work: [feed.feed.url for feed in work.guild_feeds.of(HERE)])
    assert held == [FEED]


async def test_a_feed_that_nobody_holds_any_more_rests_and_what_it_said_stays(store: Database, tables: Any) -> None:
    followup = await opened(store)
    await store.transact(lambda work: fill_server(work, HERE, ANNA, followup.id))
    await emptied(store, HERE, 2)
    assert FEED in tables.column(feeds.c.url)
    assert FEED not in tables.column(select(feeds.c.url).where(feeds.c.followed).subquery().c.url)
    assert tables.column(followups.c.id) == [followup.id]
    assert len(tables.column(tellings.c.id)) == 1
    assert tables.column(followup_topics.c.topic) == ["norland"]


async def test_what_a_server_said_of_readings_and_pairs_stays_without_its_name(store: Database) -> None:
    first, second = await opened(store), await opened(store, telling("Sudland will vote on Friday."))
    await store.transact(
        lambda work: work.joining.part(first.id, second.id, guild_id=HERE, user_id=ANNA, now=MONDAY_NOON)
    )
    await store.transact(lambda work: work.cases.find_fault(Fault(first.id, HERE, ANNA, Flaw.WRONG_DATE), MONDAY_NOON))
    await emptied(store, HERE, 1)
    complaints = await store.look(lambda work: work.cases.complaints())
    assert [one.fault.guild_id for one in complaints] == [None]
    held_apart = await store.look(lambda work: work.joining.parted([first.id, second.id]))
    assert held_apart == {frozenset({first.id, second.id})}


async def test_a_person_is_counted_and_forgotten(store: Database, tables: Any) -> None:
    followup = await opened(store)
    await store.transact(lambda work: fill_server(work, HERE, ANNA, followup.id))
    tables.add(changes, guild_id=HERE, user_id=ANNA, what="made", facts={}, changed_at=MONDAY_NOON)
    before = tables.counts()
    counted = await store.look(lambda work: work.belongings.of_person(ANNA))
    assert counted == await store.transact(lambda work: work.belongings.forget_person(ANNA))
    assert await store.look(lambda work: work.belongings.of_person(ANNA)) == {}
    own = ("reminders", "outbox", "outbox_followups", "notes", "watches", "feedback", "people")
    assert before - tables.counts() == Counter(dict.fromkeys(own, 1))
    for owned in OWNED:
        if owned.person is not None:
            assert ANNA not in tables.column(owned.person), owned.table.name
    [case] = await store.look(lambda work: work.cases.of(HERE, [followup.id]))
    assert case.rating is not None
    assert case.rating.wish.user_id == case.muted_by == NOBODY


async def test_nobody_else_is_forgotten(store: Database) -> None:
    followup = await opened(store)
    await store.transact(lambda work: fill_server(work, HERE, ANNA, followup.id))
    await store.transact(lambda work: fill_server(work, THERE, BORIS, followup.id))
    boris = await store.look(lambda work: work.belongings.of_person(BORIS))
    assert boris["ratings"] == boris["notes"] == boris["people"] == boris["subscriptions"] == 1
    await store.transact(lambda work: work.belongings.forget_person(ANNA))
    assert await store.look(lambda work: work.belongings.of_person(BORIS)) == boris
