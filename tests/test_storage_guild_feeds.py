"""Feeds that servers add: who holds which, when they are read, and what they are called; on both engines."""

from __future__ import annotations

from dataclasses import replace

import pytest

from storage.engine import Database
from tests.factories import MONDAY_NOON, an_outlet
from tests.storing import a_claim, minutes
from watchers.feed_model import FeedState, GuildFeedWish

HERE, THERE = 10, 2**63 - 1
ADDRESS = "https://lantern.example/rss"


def a_feed_wish(guild_id: int = HERE, url: str = ADDRESS, outlet: str = "The Lantern") -> GuildFeedWish:
    return GuildFeedWish(guild_id, url, outlet, "fr", "Europe/Paris", full_text=True, added_by=7)


async def add(store: Database, wish: GuildFeedWish, minute: float = 0) -> FeedState:
    return await store.transact(lambda work: work.guild_feeds.add(wish, minutes(minute)))


async def remove(store: Database, guild_id: int, feed: FeedState) -> bool:
    return await store.transact(lambda work: work.guild_feeds.remove(guild_id, feed.id))


async def publish(store: Database, *addresses: str) -> None:
    outlets = [an_outlet("Of the operator", address) for address in addresses]
    await store.transact(lambda work: work.feeds.follow(outlets, MONDAY_NOON))


async def followed(store: Database) -> list[str]:
    return [feed.url for feed in await store.look(lambda work: work.feeds.all())]


async def holders(store: Database, feed: FeedState) -> frozenset[int]:
    return await store.look(lambda work: work.guild_feeds.holders(feed.id))


async def seen_by(store: Database, guild_id: int | None) -> list[str]:
    return [feed.url for feed in await store.look(lambda work: work.guild_feeds.visible(guild_id))]


async def test_a_feed_nobody_read_is_read_for_the_server_from_now_on(store: Database) -> None:
    feed = await add(store, a_feed_wish(), 3)
    assert feed == FeedState(
        feed.id, ADDRESS, "The Lantern", "fr", "Europe/Paris", full_text=True, next_poll_at=minutes(3), public=False
    )
    assert list(await store.transact(lambda work: work.feeds.take(a_claim(minutes(3)), 10))) == [feed]
    [held] = await store.look(lambda work: work.guild_feeds.of(HERE))
    assert (held.feed, held.added_by, held.added_at) == (feed, 7, minutes(3))
    assert list(await store.look(lambda work: work.guild_feeds.of(THERE))) == []


async def test_adding_twice_changes_nothing_but_what_the_server_says_of_it(store: Database) -> None:
    first = await add(store, a_feed_wish())
    again = await add(store, replace(a_feed_wish(outlet="The Lamp"), language="uk", full_text=False), 5)
    assert again == replace(first, outlet="The Lamp", language="uk", full_text=False)
    assert await store.look(lambda work: work.guild_feeds.count(HERE)) == 1
    assert await store.look(lambda work: work.guild_feeds.count(THERE)) == 0


async def test_a_public_feed_stays_as_the_operator_described_it(store: Database) -> None:
    await publish(store, ADDRESS)
    feed = await add(store, a_feed_wish(), 5)
    assert (feed.public, feed.outlet, feed.language, feed.next_poll_at) == (True, "Of the operator", "en", MONDAY_NOON)
    assert await holders(store, feed) == {HERE}


async def test_a_feed_two_servers_call_alike_keeps_its_name(store: Database) -> None:
    first = await add(store, a_feed_wish())
    second = await add(store, replace(a_feed_wish(THERE), language="uk"))
    assert second == first
    assert await holders(store, first) == {HERE, THERE}


async def test_no_server_names_what_another_reads(store: Database) -> None:
    await add(store, a_feed_wish(outlet="Trust server ten alone"))
    assert (await add(store, a_feed_wish(THERE))).outlet == "lantern.example"
    [here] = await store.look(lambda work: work.guild_feeds.of(HERE))
    assert here.feed.outlet == "lantern.example"


async def test_a_feed_that_was_left_takes_the_name_of_the_next_who_adds_it(store: Database) -> None:
    left = await add(store, a_feed_wish(outlet="Trust server ten alone"))
    await remove(store, HERE, left)
    assert (await add(store, a_feed_wish(THERE))).outlet == "The Lantern"


async def test_a_feed_is_read_until_its_last_server_lets_it_go(store: Database) -> None:
    feed = await add(store, a_feed_wish())
    await add(store, a_feed_wish(THERE))
    assert await remove(store, HERE, feed)
    assert not await remove(store, HERE, feed)
    assert await followed(store) == [ADDRESS]
    assert await remove(store, THERE, feed)
    assert await followed(store) == []
    back = await add(store, a_feed_wish(), 9)
    assert (back.id, back.next_poll_at) == (feed.id, minutes(9))
    assert await followed(store) == [ADDRESS]


async def test_a_public_feed_is_read_whoever_lets_it_go(store: Database) -> None:
    await publish(store, ADDRESS)
    feed = await add(store, a_feed_wish())
    assert await remove(store, HERE, feed)
    assert await followed(store) == [ADDRESS]


async def test_what_the_operator_drops_is_read_for_the_servers_that_hold_it(store: Database) -> None:
    await publish(store, ADDRESS, "https://meridian.example/rss")
    await add(store, a_feed_wish())
    await publish(store)
    assert await followed(store) == [ADDRESS]
    assert await seen_by(store, HERE) == [ADDRESS]
    assert await seen_by(store, THERE) == []


@pytest.mark.parametrize("guild_id", [HERE, THERE])
async def test_adding_a_feed_that_had_stopped_asks_it_again(store: Database, guild_id: int) -> None:
    feed = await add(store, a_feed_wish())
    gone = replace(feed, stopped=True, next_poll_at=minutes(60))
    await store.transact(lambda work: work.feeds.record([gone]))
    again = await add(store, a_feed_wish(guild_id), 5)
    assert (again.stopped, again.next_poll_at) == (False, minutes(5))


async def test_a_feed_that_is_read_already_is_not_asked_sooner(store: Database) -> None:
    feed = await add(store, a_feed_wish())
    await store.transact(lambda work: work.feeds.record([replace(feed, next_poll_at=minutes(60))]))
    assert (await add(store, a_feed_wish(THERE), 5)).next_poll_at == minutes(60)


async def test_servers_see_public_feeds_and_their_own(store: Database) -> None:
    await publish(store, "https://meridian.example/rss")
    await add(store, a_feed_wish())
    await add(store, a_feed_wish(THERE, "https://zenith.example/rss", "Zenith"))
    assert await seen_by(store, HERE) == ["https://meridian.example/rss", ADDRESS]
    assert await seen_by(store, THERE) == ["https://meridian.example/rss", "https://zenith.example/rss"]
    assert await seen_by(store, None) == ["https://meridian.example/rss"]
