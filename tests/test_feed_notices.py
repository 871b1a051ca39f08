"""What managers are told of feeds: once, in the server's own language, and to nobody whom it does not concern."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.discord_world import A_ROUND, World, discord_world
from tests.factories import MONDAY_NOON, a_feed, an_outlet
from tests.fakes import ScriptedFetcher
from watchers.audience import Guild
from watchers.feed_model import FeedState, GuildFeedWish, Reason
from watchers.feed_notices import feed_notices, notice_in, tell_of_feed
from watchers.feeds.health import Turn
from watchers.ports import UnitOfWork

A_DAY = timedelta(days=1)
BUSY = Reason("the name {host} cannot be found (DNS)", host="**meridian**.example")
GUILD = Guild(10, notices_channel_id=30)


def failing(since: datetime, polls: int = 5) -> FeedState:
    return a_feed(failures=polls, failing_since=since, polled_at=since, last_error=BUSY)


# --- decided --------------------------------------------------------------------------------------------------


def test_each_server_that_wants_notices_gets_one() -> None:
    feed = failing(MONDAY_NOON)
    told = feed_notices(Turn.FAILING, feed, feed, [GUILD, Guild(11), Guild(12, notices_channel_id=32)])
    assert [(one.guild_id, one.channel_id) for one in told] == [(10, 30), (12, 32)]
    assert len({one.key for one in told}) == 2


@pytest.mark.parametrize("told", [Turn.FAILING, Turn.STOPPED, Turn.RECOVERED])
def test_the_note_holds_all_that_is_told(told: Turn) -> None:
    feed = replace(failing(MONDAY_NOON), outlet="Le Méridien", public=False)
    (alert,) = feed_notices(told, feed, feed, [GUILD])
    notice = notice_in(alert.note or "")
    assert (notice.turn, notice.outlet, notice.url, notice.public) == (told, "Le Méridien", feed.url, False)
    assert (notice.since, notice.reason) == (MONDAY_NOON, BUSY)


def test_of_a_move_nobody_is_told() -> None:
    moved = a_feed(moved_to="https://new.example/rss")
    assert feed_notices(Turn.MOVED, a_feed(), moved, [GUILD]) == ()


def test_the_same_turn_decided_twice_is_told_once() -> None:
    feed = failing(MONDAY_NOON)
    later = replace(feed, polled_at=MONDAY_NOON + A_DAY, failures=9)
    (first,), (second,) = (feed_notices(Turn.FAILING, feed, after, [GUILD]) for after in (feed, later))
    assert first.key == second.key


# --- told -----------------------------------------------------------------------------------------------------


@pytest.fixture
async def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[World]:
    async with discord_world(tmp_path, monkeypatch, fetcher=ScriptedFetcher(), outlets=[an_outlet()]) as there:
        yield there


async def notices_go_to(world: World, channel: Any, language: str | None = None) -> None:
    guild = Guild(world.guild.id, language=language, notices_channel_id=channel.id)
    await world.transact(lambda work: work.guilds.put(guild))


def polled(work: UnitOfWork, *, before: FeedState, after: FeedState, now: datetime) -> None:
    """What the poll's own transaction does."""
    work.feeds.record([after])
    tell_of_feed(work, before, after, now)


async def poll(world: World, before: FeedState, after: FeedState) -> None:
    now = world.clock.now()
    await world.transact(partial(polled, before=before, after=replace(after, polled_at=now), now=now))
    await world.pass_time(A_ROUND)


async def the_feed(world: World) -> FeedState:
    (feed,) = await world.database.look(lambda work: tuple(work.feeds.all()))
    return feed


async def failing_for_a_day(world: World) -> tuple[FeedState, FeedState]:
    """The feed as its latest poll but one left it, and as the one after a day does."""
    now = world.clock.now()
    known = await the_feed(world)
    started = now - A_DAY
    before = replace(known, failures=4, failing_since=started, polled_at=now - timedelta(hours=2), last_error=BUSY)
    return before, replace(before, failures=5, polled_at=now)


async def test_a_day_of_failing_is_told_once_and_so_is_the_recovery(world: World) -> None:
    managers = world.guild.create_text_channel("managers")
    await notices_go_to(world, managers)
    before, after = await failing_for_a_day(world)
    await poll(world, before, after)
    (notice,) = world.texts(managers)
    assert notice.startswith("### 🔴 A feed has failed for a day\n**The Meridian** · meridian.example\n")
    assert f"since <t:{int((after.failing_since or MONDAY_NOON).timestamp())}:R>" in notice
    assert r"the name \*\*meridian\*\*.example cannot be found (DNS)." in notice.replace(r"\(", "(").replace(r"\)", ")")
    still = replace(after, failures=6, polled_at=world.clock.now())
    await poll(world, after, still)
    assert len(world.texts(managers)) == 1
    well = replace(still, failures=0, failing_since=None, last_error=None, last_success_at=world.clock.now())
    await poll(world, still, well)
    assert len(world.texts(managers)) == 2
    assert world.texts(managers)[1].startswith("### 🟢 A feed is read again\n**The Meridian**")
    await poll(world, well, well)
    assert len(world.texts(managers)) == 2


async def test_a_feed_that_is_gone_is_told_with_what_can_be_done(world: World) -> None:
    managers = world.guild.create_text_channel("managers")
    await notices_go_to(world, managers)
    wish = GuildFeedWish(world.guild.id, "https://ours.example/rss", "Ours", "en", "UTC", full_text=False, added_by=7)
    own = await world.transact(lambda work: work.guild_feeds.add(wish, MONDAY_NOON))
    for feed in (await the_feed_of(world, own.id), await the_feed_of(world, 1)):
        gone = replace(feed, stopped=True, failures=1, failing_since=world.clock.now(), last_error=Reason("gone"))
        await poll(world, feed, gone)
    first, second = world.texts(managers)
    assert first.startswith("### ⚫ A feed is gone\n**Ours** · ours.example")
    assert "`/feeds remove` takes it from your list" in first
    assert second.startswith("### ⚫ A feed is gone\n**The Meridian**")
    assert "one of the operator's feeds" in second


async def the_feed_of(world: World, feed_id: int) -> FeedState:
    feeds = await world.database.look(lambda work: tuple(work.feeds.all()))
    return next(feed for feed in feeds if feed.id == feed_id)


async def test_what_a_server_added_is_told_to_nobody_else(world: World) -> None:
    managers = world.guild.create_text_channel("managers")
    await notices_go_to(world, managers)
    wish = GuildFeedWish(4242, "https://theirs.example/rss", "Theirs", "en", "UTC", full_text=False, added_by=7)
    theirs = await world.transact(lambda work: work.guild_feeds.add(wish, MONDAY_NOON))
    gone = replace(theirs, stopped=True, failures=1, failing_since=MONDAY_NOON, last_error=Reason("gone"))
    await poll(world, theirs, gone)
    assert world.texts(managers) == []
    assert (await world.database.look(lambda work: work.tally())).outbox_waiting == 0


async def test_it_is_told_in_the_language_of_the_server(world: World) -> None:
    managers = world.guild.create_text_channel("managers")
    await notices_go_to(world, managers, "de")
    await poll(world, *await failing_for_a_day(world))
    assert "The Meridian" in world.texts(managers)[0]
