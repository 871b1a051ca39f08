"""`/status`: what a server should know of the bot, and nothing of others."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from bot.given_up import why_in_words
from bot.words import IN_ENGLISH
from storage.engine import Database
from storage.tables import feeds, outbox
from tests.discord_world import World, discord_world, said_after
from tests.factories import MONDAY_NOON, a_topic, an_outlet
from tests.fakes import ScriptedFetcher
from tests.loopback import rss
from tests.storing import an_alert, minutes, opened
from watchers.audience import Alert, AlertForm
from watchers.model import GivenUp
from watchers.ports import UnitOfWork

HERE, THERE = 10, 11
A_WEEK = timedelta(days=7)


@pytest.fixture
async def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[World]:
    fetcher = ScriptedFetcher({an_outlet().feed_url: rss()})
    async with discord_world(tmp_path, monkeypatch, fetcher=fetcher, topics=[a_topic()]) as there:
        yield there


async def asked(world: World) -> str:
    return said_after(await world.analyst.slash(world.channel, "status"))


async def test_where_all_is_well_little_is_said(world: World) -> None:
    await world.transact(lambda work: work.feeds.follow([an_outlet()], world.clock.now()))
    await world.pass_time(timedelta(hours=9))
    with world.database._writing.begin() as connection:
        connection.execute(update(feeds).values(next_poll_at=world.clock.now()))
    told = await asked(world)
    assert "**Feeds** 1, none failing, last read <t:" in told
    assert "**Alerts waiting to be sent** 0" in told
    for trouble in ("behind", "the oldest", "Could not be sent", "🟡", "🔴"):
        assert trouble not in told


async def test_what_could_not_be_sent_is_told_with_its_reason(world: World) -> None:
    world.env.inject_error("POST", f"/channels/{world.channel.id}/messages", status=404, code=10003)
    followup = await opened(world.database)
    alert = Alert("a", AlertForm.SAID, (followup.id,), guild_id=world.guild.id, channel_id=world.channel.id)
    await world.transact(lambda work: work.outbox.put(alert, world.clock.now()))
    await world.pass_time(timedelta(hours=9))
    told = await asked(world)
    assert "**Could not be sent in the last seven days**" in told
    assert f"🔴 1 alert in {world.channel.mention}: that channel is gone" in told
    await world.pass_time(A_WEEK)
    assert "Could not be sent" not in await asked(world)


async def test_permissions_that_are_there_again_are_said_to_be(world: World) -> None:
    world.env.inject_error("POST", f"/channels/{world.channel.id}/messages", status=403, code=50013)
    followup = await opened(world.database)
    alert = Alert("a", AlertForm.SAID, (followup.id,), guild_id=world.guild.id, channel_id=world.channel.id)
    await world.transact(lambda work: work.outbox.put(alert, world.clock.now()))
    await world.pass_time(timedelta(hours=9))
    assert "I lacked permissions there; now I have them" in await asked(world)


async def test_what_waits_and_how_late_reading_is_are_told(world: World) -> None:
    now = world.clock.now()

    def put(work: UnitOfWork) -> None:
        work.feeds.follow([an_outlet()], now)
        for key, guild_id in (("a", world.guild.id), ("b", world.guild.id), ("c", THERE)):
            work.outbox.put(Alert(key, AlertForm.NOTICE, guild_id=guild_id, channel_id=20, note="n"), now)

    await world.transact(put)
    world.leap(timedelta(minutes=23))
    told = await asked(world)
    assert "🟡 Reading is 23 minutes behind." in told
    assert f"**Alerts waiting to be sent** 2, 🟡 the oldest was due <t:{now.timestamp():.0f}:R>" in told


@pytest.mark.parametrize(
    ("reason", "missing", "words"),
    [
        (
            "403 50013: Missing Permissions",
            ("Send Messages", "Embed Links"),
            "I lack **Send Messages** and **Embed Links** there",
        ),
        ("403 50001: Missing Access", (), "I lacked permissions there; now I have them"),
        ("404 10008: Unknown Message", (), "the message to be changed is gone"),
        ("400 50035: Invalid Form Body", (), "Discord refuses its form"),
        ("its server reads that feed no more", (), "this server no longer reads the feed that said it"),
        ("alert a has not been posted", (), "Discord refuses it"),
        ("", (), "Discord refuses it"),
    ],
)
def test_reasons_are_plain_words(reason: str, missing: tuple[str, ...], words: str) -> None:
    assert why_in_words(GivenUp(20, reason, 1, MONDAY_NOON), missing, IN_ENGLISH) == words


# --- in the store ---------------------------------------------------------------------------------------------------


async def put(store: Database, key: str, guild_id: int, at: float = 0, **values: object) -> None:
    """Put an alert into the outbox at so many minutes after noon, and change its row."""
    alert = Alert(key, AlertForm.NOTICE, guild_id=guild_id, channel_id=20, note="n")
    await store.transact(lambda work: work.outbox.put(alert, minutes(at)))
    if values:
        with store._writing.begin() as connection:
            connection.execute(update(outbox).where(outbox.c.key == key).values(values))


async def test_a_server_is_told_of_its_own_alerts_alone(store: Database) -> None:
    await put(store, "a", HERE, 5)
    await put(store, "b", HERE, 3)
    await put(store, "c", THERE, 1)
    here, there, all_of_them = await store.look(lambda work: [work.tally(one) for one in (HERE, THERE, None)])
    assert (here.outbox_waiting, here.outbox_since) == (2, minutes(3))
    assert (there.outbox_waiting, there.outbox_since) == (1, minutes(1))
    assert (all_of_them.outbox_waiting, all_of_them.outbox_since) == (3, minutes(1))
    backlog = await store.look(lambda work: work.backlog())
    assert (backlog.alerts, backlog.alert_since) == (3, minutes(1))


async def test_trying_again_makes_no_alert_younger_and_an_edit_is_not_old(store: Database) -> None:
    await put(store, "tried", HERE, 1, attempts=3, not_before=minutes(90))
    await put(store, "edited", HERE, -9999, message_id=7, posted_in=20)
    tally = await store.look(lambda work: work.tally(HERE))
    assert (tally.outbox_waiting, tally.outbox_since) == (2, minutes(1))


async def test_what_was_given_up_is_counted_by_place_and_reason(store: Database) -> None:
    gone = {"state": "given up", "last_error": "404 10003: Unknown Channel"}
    for number, at in enumerate((-20_000, 1, 2)):
        await put(store, f"gone-{number}", HERE, at, **gone)
    await put(store, "forbidden", HERE, 3, state="given up", last_error="403 50013: Missing Permissions", channel_id=21)
    await put(store, "theirs", THERE, 4, **gone)
    await put(store, "waits", HERE, 5)
    found = await store.look(lambda work: work.given_up(HERE, MONDAY_NOON - A_WEEK))
    assert list(found) == [
        GivenUp(21, "403 50013: Missing Permissions", 1, minutes(3)),
        GivenUp(20, "404 10003: Unknown Channel", 2, minutes(2)),
    ]


async def test_an_empty_house_waits_for_nothing(store: Database) -> None:
    backlog = await store.look(lambda work: work.backlog())
    assert (backlog.alerts, backlog.alert_since, backlog.feed_since) == (0, None, None)
    await store.transact(lambda work: work.feeds.follow([an_outlet()], minutes(2)))
    await store.transact(lambda work: work.outbox.put(an_alert("a"), MONDAY_NOON))
    backlog = await store.look(lambda work: work.backlog())
    assert (backlog.alerts, backlog.feed_since) == (1, minutes(2))
