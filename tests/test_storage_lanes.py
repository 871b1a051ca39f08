"""Which alerts are next, on both engines: each channel in its order, the urgent first, every server its share."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import replace

import pytest

from storage.engine import Database, open_database
from storage.lanes import SHARE, STEPS, Candidate, Choice
from tests.factories import MONDAY_NOON
from tests.storing import an_alert, minutes, opened
from watchers.audience import Alert, AlertForm, Delivery, Posted, Shards
from watchers.ports import UnitOfWork


async def put(store: Database, *alerts: Alert, at: float = 0) -> None:
    await store.transact(lambda work: [work.outbox.put(alert, minutes(at)) for alert in alerts])


async def lease(
    store: Database, at: float = 0, *, limit: int = 50, shards: Shards | None = None, worker: str = "w"
) -> list[Delivery]:
    def work(unit: UnitOfWork) -> list[Delivery]:
        until = minutes(at + 1)
        return list(unit.outbox.lease(minutes(at), worker=worker, until=until, limit=limit, shards=shards))

    return await store.transact(work)


async def keys(store: Database, at: float = 0, *, limit: int = 50, shards: Shards | None = None) -> list[str]:
    return [one.alert.key for one in await lease(store, at, limit=limit, shards=shards)]


async def sent(store: Database, *deliveries: Delivery) -> None:
    def work(unit: UnitOfWork) -> None:
        for one in deliveries:
            unit.outbox.sent(one, Posted(one.alert.channel_id or 1, one.id), MONDAY_NOON)

    await store.transact(work)


async def retry(store: Database, delivery: Delivery, at: float) -> None:
    await store.transact(lambda work: work.outbox.retry(delivery, minutes(at), "503", unsure=False))


async def posted(store: Database, *alerts: Alert) -> None:
    await put(store, *alerts)
    while batch := await lease(store):
        await sent(store, *batch)


# --- one channel ------------------------------------------------------------------------------------------


async def test_posts_of_a_channel_go_out_one_after_another(store: Database) -> None:
    await put(store, an_alert("a"), an_alert("b"), an_alert("elsewhere", channel_id=21))
    [a, _] = first = await lease(store)
    assert [one.alert.key for one in first] == ["a", "elsewhere"]
    assert await keys(store) == []
    await sent(store, a)
    assert await keys(store) == ["b"]


async def test_a_post_that_is_tried_again_holds_up_those_behind_it_and_no_other_channel(store: Database) -> None:
    await put(store, an_alert("a"), an_alert("b"))
    [a] = await lease(store)
    await retry(store, a, at=5)
    await put(store, an_alert("elsewhere", channel_id=21))
    assert await keys(store, at=4.9) == ["elsewhere"]
    [a] = await lease(store, at=5)
    assert a.alert.key == "a"
    await sent(store, a)
    assert await keys(store, at=5) == ["b"]


async def test_what_waits_for_the_end_of_quiet_hours_holds_up_nothing(store: Database) -> None:
    await put(store, replace(an_alert("quiet"), not_before=minutes(60)), an_alert("b"))
    [b] = await lease(store)
    assert b.alert.key == "b"
    await sent(store, b)
    assert await keys(store, at=60) == ["quiet"]


async def test_edits_neither_wait_for_posts_nor_hold_them_up(store: Database) -> None:
    followup, other = await opened(store), await opened(store)
    await posted(store, an_alert("a", followup.id), an_alert("b", other.id))
    await store.transact(lambda work: work.outbox.reword(followup.id))
    [edit] = await lease(store)
    await retry(store, edit, at=9)
    await store.transact(lambda work: work.outbox.reword(other.id))
    await put(store, an_alert("c"))
    assert await keys(store, at=1) == ["c", "b"]
    assert await keys(store, at=1) == []


async def test_one_edit_of_a_channel_is_on_its_way_at_a_time(store: Database) -> None:
    followup = await opened(store)
    await posted(store, *(an_alert(key, followup.id) for key in "abc"))
    await store.transact(lambda work: work.outbox.reword(followup.id))
    [first] = await lease(store)
    assert await keys(store) == []
    await sent(store, first)
    assert len(await lease(store)) == 1


async def test_people_have_lanes_as_channels_do(store: Database) -> None:
    await put(
        store, *(Alert(f"{turn}:{user}", AlertForm.PERSONAL, user_id=user) for turn in range(2) for user in (7, 8))
    )
    assert await keys(store) == ["0:7", "0:8"]


async def test_a_lease_that_ran_out_is_taken_up_before_those_behind_it(store: Database) -> None:
    await put(store, an_alert("a"), an_alert("b"))
    await lease(store)
    assert await keys(store, at=0.9) == []
    assert await keys(store, at=1) == ["a"]


async def test_what_is_given_back_waits_as_it_did(store: Database) -> None:
    await put(store, an_alert("a"))
    before = await lease(store)
    await store.transact(lambda work: work.outbox.give_back(before))
    assert await lease(store, worker="v") == before


# --- many channels ----------------------------------------------------------------------------------------


async def test_the_most_urgent_channel_goes_first_and_begins_with_its_oldest(store: Database) -> None:
    followup = await opened(store)
    await posted(store, an_alert("edited", followup.id, channel_id=21))
    await put(store, an_alert("digest", form=AlertForm.DIGEST, channel_id=22))
    await store.transact(lambda work: work.outbox.reword(followup.id))
    await put(store, an_alert("said", channel_id=23), an_alert("older", channel_id=24))
    await put(store, an_alert("reminder", form=AlertForm.REMINDER, channel_id=24))
    assert await keys(store, limit=2) == ["older", "said"]
    assert await keys(store, limit=1) == ["edited"]
    assert await keys(store) == ["digest"]


async def test_no_server_has_more_than_its_share_while_others_wait(store: Database) -> None:
    await put(store, *(replace(an_alert(f"loud {n}", channel_id=n), guild_id=10) for n in range(1, 101)))
    await put(store, *(replace(an_alert(f"calm {n}", channel_id=200 + n), guild_id=11 + n) for n in range(5)))
    first = await keys(store, limit=SHARE + 5)
    assert Counter(key.split()[0] for key in first) == {"loud": SHARE, "calm": 5}
    assert len(await keys(store, limit=20)) == 20


def test_the_share_counts_what_is_on_its_way_already() -> None:
    choice = Choice(4, Counter({10: SHARE - 1}))
    choice.add([Candidate(3, 10), Candidate(1, 10), Candidate(2, 10), Candidate(9, None), Candidate(8, 11)])
    assert choice.made() == [1, 8, 9, 2]


async def test_however_much_waits_behind_one_channel_the_others_are_found(store: Database) -> None:
    await put(store, *(an_alert(f"dead {n}", channel_id=1) for n in range(500)))
    [dead] = await lease(store)
    await retry(store, dead, at=600)
    await put(store, *(an_alert(f"{n}", channel_id=2 + n) for n in range(STEPS + 20)))
    found: set[str] = set()
    while batch := await keys(store, limit=100):
        assert not found & set(batch)
        found |= set(batch)
    assert found == {f"{n}" for n in range(STEPS + 20)}


@pytest.mark.parametrize("count", [1, 3])
async def test_every_alert_is_of_exactly_one_shard_and_direct_messages_of_the_first(
    store: Database, count: int
) -> None:
    guilds = [number << 22 | 5 for number in range(6)]
    await put(store, *(replace(an_alert(str(n), channel_id=n + 1), guild_id=guild) for n, guild in enumerate(guilds)))
    await put(store, Alert("personal", AlertForm.PERSONAL, guild_id=guilds[1], user_id=7))
    taken = [set(await keys(store, shards=Shards(frozenset({shard}), count))) for shard in range(count)]
    for shard, found in enumerate(taken):
        of_servers = {str(n) for n, guild in enumerate(guilds) if (guild >> 22) % count == shard}
        assert found == of_servers | ({"personal"} if shard == 0 else set())


async def test_workers_in_a_hurry_keep_the_order_of_a_channel(store: Database, database_url: str) -> None:
    await put(store, *(an_alert(f"{turn}:{channel}", channel_id=channel) for turn in range(5) for channel in (1, 2, 3)))
    others = [open_database(database_url) for _ in range(3)]
    taken: list[str] = []

    async def work(database: Database, name: str) -> None:
        while len(taken) < 15:
            batch = await lease(database, worker=name, limit=2)
            taken.extend(one.alert.key for one in batch)
            await sent(database, *batch)

    async with asyncio.timeout(30):
        await asyncio.gather(*(work(database, f"w{number}") for number, database in enumerate(others)))
    for database in others:
        database.close()
    for channel in "123":
        assert [key for key in taken if key.endswith(f":{channel}")] == [f"{turn}:{channel}" for turn in range(5)]
