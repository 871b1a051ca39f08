"""Watchers in processes of their own, beside the bot, on both engines: nothing is lost or told twice when one dies."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.child_bot import ChildBot
from tests.loopback import FeedServer, Item, rss
from tests.loopback_discord import CHANNEL_ID, GUILD_ID, LoopbackDiscord
from tests.loopback_shapes import FAR_CHANNEL_ID, FAR_GUILD_ID

SAID = {
    "/a": "France will withdraw its troops from Norland within 30 days, the Elysee said.",
    "/b": "Germany and Italy will hold talks in Vienna within 20 days, the German envoy said.",
    "/c": "Chile has given Brazil 10 days to release the tanker, Chile's foreign minister said.",
    "/d": "Japan will reopen its embassy in Kabul within 40 days, the Japanese foreign ministry said.",
}
LONG = 600
"""Seconds of a lease that no test waits for the end of."""


@pytest.fixture
async def discord() -> AsyncIterator[LoopbackDiscord]:
    async with LoopbackDiscord() as running:
        yield running


@pytest.fixture
async def outlet() -> AsyncIterator[FeedServer]:
    async with FeedServer() as running:
        publish(running, *SAID)
        yield running


def publish(outlet: FeedServer, *paths: str) -> None:
    for path in paths:
        outlet.serve(path, rss(Item(f"Report {path}", SAID[path], datetime.now(UTC), f"guid-{path}")))


def the_bot(
    folder: Path, discord: LoopbackDiscord, outlet: FeedServer, url: str, *, lease: int = 2, shards: str = ""
) -> ChildBot:
    folder.mkdir(exist_ok=True)
    urls = [outlet.url(path) for path in SAID]
    return ChildBot(
        folder,
        api_url=discord.api_url,
        feed_url=urls,
        database_url=url,
        apart=True,
        lease_seconds=lease,
        shards=shards,
    )


@pytest.fixture
async def bot(
    tmp_path: Path, discord: LoopbackDiscord, outlet: FeedServer, database_url: str
) -> AsyncIterator[ChildBot]:
    child = the_bot(tmp_path, discord, outlet, database_url)
    await child.subscribe()
    yield child
    await child.clean_up()


def each_was_told_once(discord: LoopbackDiscord, channel_id: int = CHANNEL_ID) -> bool:
    texts = [text for text in discord.texts() if f'"channel_id": "{channel_id}"' in text]
    return len(texts) == len(SAID) and all(sum(said[:25] in text for text in texts) == 1 for said in SAID.values())


async def test_two_watchers_and_a_bot_divide_the_work(
    bot: ChildBot, discord: LoopbackDiscord, outlet: FeedServer
) -> None:
    watchers = [bot.watcher(), bot.watcher()]
    await asyncio.gather(bot.start(), *(each.start() for each in watchers))  # all of them bring the tables up to date
    await bot.delivered(len(SAID), within=60)
    assert [await each.terminate() for each in (*watchers, bot)] == [0, 0, 0]
    assert each_was_told_once(discord)
    assert {path: len(outlet.asked(path)) for path in SAID} == dict.fromkeys(SAID, 1)
    assert "Traceback" not in bot.output


async def test_a_bot_whose_watchers_are_apart_asks_no_feed(
    bot: ChildBot, discord: LoopbackDiscord, outlet: FeedServer
) -> None:
    await bot.start()
    await asyncio.wait_for(discord.identified.wait(), 30)
    assert await bot.terminate() == 0
    assert not outlet.seen


async def test_what_a_killed_watcher_had_in_hand_others_take_up(
    bot: ChildBot, discord: LoopbackDiscord, outlet: FeedServer
) -> None:
    killed, other = bot.watcher(), bot.watcher()
    for path in SAID:
        outlet.stalls(path, killed.kill)
    await bot.start()
    await killed.start()
    assert await killed.ended() == -signal.SIGKILL
    publish(outlet, *SAID)
    await other.start()
    await bot.delivered(len(SAID), within=60)
    assert [await each.terminate() for each in (other, bot)] == [0, 0]
    assert each_was_told_once(discord)


async def test_a_watcher_that_is_asked_to_stop_gives_back_what_it_has_in_hand(
    tmp_path: Path, discord: LoopbackDiscord, outlet: FeedServer, database_url: str
) -> None:
    bot = the_bot(tmp_path, discord, outlet, database_url, lease=LONG)
    asked = asyncio.Event()

    async def hang() -> None:
        asked.set()
        await asyncio.sleep(LONG)

    try:
        await bot.subscribe()
        stopped, other = bot.watcher(), bot.watcher()
        outlet.stalls("/a", hang)
        await bot.start()
        await stopped.start()
        await asyncio.wait_for(asked.wait(), 30)
        assert await stopped.terminate(within=30) == 0
        publish(outlet, *SAID)
        await other.start()
        await bot.delivered(len(SAID), within=60)
        assert [await each.terminate() for each in (other, bot)] == [0, 0]
    finally:
        await bot.clean_up()
    assert each_was_told_once(discord)
    assert "Traceback" not in bot.output


async def test_two_workers_tell_each_the_servers_of_its_shard(
    tmp_path: Path, discord: LoopbackDiscord, outlet: FeedServer, database_url: str
) -> None:
    discord.gateway.guilds = (GUILD_ID, FAR_GUILD_ID)
    near, far = (
        the_bot(tmp_path / str(shard), discord, outlet, database_url, shards=f"{shard}/2") for shard in range(2)
    )
    try:
        await near.subscribe()
        await near.subscribe(FAR_GUILD_ID, FAR_CHANNEL_ID)
        watcher = near.watcher()
        await asyncio.gather(near.start(), watcher.start())
        await near.comes_to(lambda work: work.tally().followups_pending == work.tally().outbox_waiting == len(SAID), 60)
        assert each_was_told_once(discord)
        assert len(discord.messages) == len(SAID)

        await far.start()
        await far.delivered(len(SAID), within=60)
        assert [await each.terminate() for each in (watcher, near, far)] == [0, 0, 0]
    finally:
        await near.clean_up()
        await far.clean_up()
    assert each_was_told_once(discord)
    assert each_was_told_once(discord, FAR_CHANNEL_ID)
    assert "Traceback" not in near.output + far.output


async def test_a_watcher_without_its_database_says_so_in_one_line(tmp_path: Path) -> None:
    nowhere = f"sqlite:///{tmp_path / 'missing' / 'bot.db'}"
    bot = ChildBot(tmp_path, api_url="http://127.0.0.1:9", feed_url="http://127.0.0.1:9/rss", database_url=nowhere)
    watcher = bot.watcher()
    await watcher.start()
    assert await watcher.ended() == 1
    assert watcher.output.startswith("aide-memoire: the folder ")
    assert len(watcher.output.splitlines()) == 1
