"""Servers that send the bot away: what stops, what comes back, and what is deleted when its time is over."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from storage.engine import Database
from tests.factories import MONDAY_NOON, a_wish
from tests.fakes import FakeClock
from tests.storing import an_alert, minutes, open_one
from watchers.audience import Delivery, Guild, Rhythm, Share
from watchers.audit import KEPT_FOR, Change
from watchers.deadline_watcher import put_subscription
from watchers.feed_model import GuildFeedWish
from watchers.leaving import GRACE, Tidier, come_back, leave, of_shards
from watchers.own_feeds import add_own_feed, remove_own_feed
from watchers.ports import UnitOfWork

HERE, THERE = 10, 11
URL = "https://sud.example/rss"


def settle_in(work: UnitOfWork, guild_id: int) -> None:
    """Let a server own an order, a feed, an address and an alert that waits."""
    work.guilds.put(Guild(guild_id, zone="Europe/Paris"))
    order, _ = put_subscription(work, a_wish(guild_id=guild_id, channel_id=guild_id * 2), MONDAY_NOON)
    add_own_feed(work, GuildFeedWish(guild_id, URL, "Sud", "en", "UTC", False, 7), MONDAY_NOON)
    work.shares.open(Share(f"{guild_id:043}", guild_id, "*", 7), MONDAY_NOON)
    alert = an_alert(f"said:{guild_id}", channel_id=guild_id * 2, subscription_id=order.id)
    work.outbox.put(replace(alert, guild_id=guild_id), MONDAY_NOON)


@pytest.fixture
async def servers(store: Database) -> Database:
    """Two servers that own the same kinds of things."""

    def fill(work: UnitOfWork) -> None:
        open_one(work)
        for guild_id in (HERE, THERE):
            settle_in(work, guild_id)

    await store.transact(fill)
    return store


async def left(store: Database, guild_id: int = HERE) -> None:
    await store.transact(partial(leave, guild_id=guild_id, now=MONDAY_NOON))


async def waiting(store: Database) -> list[int | None]:
    leased = partial(_lease, worker="test")
    return [one.alert.guild_id for one in await store.transact(leased)]


def _lease(work: UnitOfWork, *, worker: str) -> list[Delivery]:
    return list(work.outbox.lease(minutes(1), worker=worker, until=minutes(2), limit=9))


async def followed(store: Database) -> bool:
    return URL in await store.look(lambda work: {feed.url for feed in work.guild_feeds.visible(HERE)})


async def test_what_a_server_that_left_waits_for_is_given_up_and_its_addresses_end(servers: Database) -> None:
    await left(servers)
    shares = await servers.look(lambda work: [list(work.shares.of_guild(each)) for each in (HERE, THERE)])
    assert [len(each) for each in shares] == [0, 1]
    assert await waiting(servers) == [THERE]


async def test_nothing_more_is_decided_for_it(servers: Database) -> None:
    followup = await servers.look(lambda work: work.followups.get(1))
    assert followup is not None
    digest = a_wish(guild_id=HERE, channel_id=99, rhythm=Rhythm.DAILY)
    await servers.transact(lambda work: put_subscription(work, digest, MONDAY_NOON))
    later = MONDAY_NOON + timedelta(days=2)
    assert len(await servers.look(lambda work: work.subscriptions.with_digest_due(later, 9))) == 1
    await left(servers)
    wanting = await servers.look(lambda work: [one.wish.guild_id for one in work.subscriptions.wanting(followup)])
    assert wanting == [THERE]
    assert not await servers.look(lambda work: work.subscriptions.with_digest_due(later, 9))


async def test_its_feeds_are_read_no_more_unless_another_server_reads_them(servers: Database) -> None:
    await left(servers)
    assert await followed(servers)
    await servers.transact(partial(_remove_there))
    assert not await followed(servers)
    await servers.transact(partial(come_back, guild_id=HERE, now=MONDAY_NOON))
    assert await followed(servers)


def _remove_there(work: UnitOfWork) -> None:
    (feed,) = work.guild_feeds.of(THERE)
    remove_own_feed(work, THERE, feed.feed.id, by=7, now=MONDAY_NOON)


async def test_who_comes_back_in_time_finds_all_as_it_was_but_the_addresses(servers: Database) -> None:
    def owned(work: UnitOfWork) -> tuple[object, ...]:
        return (work.guilds.get(HERE), tuple(work.subscriptions.of_guild(HERE)), tuple(work.guild_feeds.of(HERE)))

    before = await servers.look(owned)
    await left(servers)
    clock = FakeClock(MONDAY_NOON + GRACE)
    assert await Tidier(servers, clock).tidy() == 0
    await servers.transact(partial(come_back, guild_id=HERE, now=clock.now()))
    clock.advance(GRACE)
    assert await Tidier(servers, clock).tidy() == 0
    assert await servers.look(owned) == before
    log, _ = await servers.look(lambda work: work.changes.page(HERE, offset=0, limit=2))
    assert [(entry.what, entry.user_id) for entry in log] == [(Change.RETURNED, None), (Change.LEFT, None)]


async def test_after_the_grace_period_all_that_it_owns_goes_and_nothing_else(servers: Database) -> None:
    there = await servers.look(lambda work: tuple(work.subscriptions.of_guild(THERE)))
    await left(servers)
    clock = FakeClock(MONDAY_NOON + GRACE + timedelta(seconds=1))
    assert await Tidier(servers, clock).tidy() == 1
    assert await Tidier(servers, clock).tidy() == 0
    known = await servers.look(lambda work: (work.departures.known(), work.departures.left()))
    assert known == (frozenset({THERE}), frozenset())
    assert await servers.look(lambda work: tuple(work.subscriptions.of_guild(THERE))) == there
    assert await servers.look(lambda work: work.changes.page(HERE, offset=0, limit=9)) == ([], 0)
    assert await servers.look(lambda work: work.followups.get(1)) is not None


async def test_alerts_decided_for_it_afterwards_are_given_up(servers: Database) -> None:
    await left(servers)
    late = replace(an_alert("late", channel_id=20), guild_id=HERE)
    await servers.transact(lambda work: work.outbox.put(late, MONDAY_NOON))
    await Tidier(servers, FakeClock()).tidy()
    assert await waiting(servers) == [THERE]


async def test_leaving_twice_is_leaving_once(servers: Database) -> None:
    await left(servers)
    await servers.transact(partial(leave, guild_id=HERE, now=MONDAY_NOON + GRACE))
    await Tidier(servers, FakeClock(MONDAY_NOON + GRACE + timedelta(seconds=1))).tidy()
    assert HERE not in await servers.look(lambda work: work.departures.left())


async def test_entries_of_the_audit_log_go_after_their_time(store: Database) -> None:
    def write(work: UnitOfWork) -> None:
        for number in range(3):
            work.changes.note(HERE, 7, Change.NOTED, {"followup": number}, MONDAY_NOON + timedelta(days=number))

    await store.transact(write)
    await Tidier(store, FakeClock(MONDAY_NOON + KEPT_FOR + timedelta(days=1))).tidy()
    entries, total = await store.look(lambda work: work.changes.page(HERE, offset=0, limit=9))
    assert ([entry.facts["followup"] for entry in entries], total) == ([2, 1], 2)


def test_a_shard_answers_for_its_own_servers() -> None:
    servers = [shard << 22 for shard in range(6)]
    assert of_shards(servers, 4, [1, 3]) == {servers[1], servers[3], servers[5]}
    assert of_shards(servers, None, [0]) == frozenset(servers)
