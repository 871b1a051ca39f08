"""The bot is let in and sent away, and finds out what it missed; an outage is neither."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import discord
import pytest

from tests.discord_world import A_ROUND, World, discord_world, text_of
from tests.everything import said_after
from tests.factories import a_topic, a_wish
from tests.fakes import ScriptedFetcher
from watchers.leaving import GRACE


@pytest.fixture
async def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[World]:
    topics = [a_topic("norland", "Norland")]
    async with discord_world(tmp_path, monkeypatch, fetcher=ScriptedFetcher(), topics=topics) as there:
        await there.follow(a_wish(guild_id=there.guild.id, channel_id=there.channel.id))
        yield there


async def orders(world: World) -> int:
    return len(await world.database.look(lambda work: work.subscriptions.of_guild(world.guild.id)))


async def gone(world: World) -> bool:
    return world.guild.id in await world.database.look(lambda work: work.departures.left())


async def send_away(world: World) -> None:
    world.env.backend.remove_guild(world.guild.id)
    await world.env.settle()


async def test_what_a_server_owned_goes_thirty_days_after_it_sent_the_bot_away(world: World) -> None:
    await send_away(world)
    assert await gone(world)
    await world.pass_time(GRACE - A_ROUND)
    assert await orders(world) == 1
    await world.pass_time(2 * A_ROUND)
    assert await orders(world) == 0
    assert not await gone(world)


async def test_a_server_that_lets_it_in_again_has_its_subscriptions(world: World) -> None:
    number = world.guild.id
    await send_away(world)
    await world.pass_time(A_ROUND)
    world.env.backend._reserved_ids.discard(number)
    world.env.create_guild("Diplomacy desk", id=number)
    await world.env.settle()
    # simcord marks it as one that is available again; Discord does not, where the bot is let in.
    await world.as_bot(world.env.bot.get_cog("Membership").on_guild_join(world.env.bot.get_guild(number)))
    assert not await gone(world)
    await world.pass_time(GRACE)
    assert await orders(world) == 1


async def test_an_outage_of_a_server_is_no_leaving(world: World) -> None:
    world.env.backend.emit("GUILD_DELETE", {"id": str(world.guild.id), "unavailable": True})
    await world.env.settle()
    assert not await gone(world)


async def test_it_finds_out_at_its_start_what_it_missed(world: World) -> None:
    del world.env.backend.guilds[world.guild.id]
    await world.restart()
    await world.env.settle()
    assert await gone(world)


async def test_it_finds_out_that_it_was_let_in_again(world: World) -> None:
    await world.transact(lambda work: work.departures.leave(world.guild.id, world.clock.now()))
    await world.restart()
    await world.env.settle()
    assert not await gone(world)


@pytest.mark.parametrize(
    ("status", "code", "left"),
    [(404, 10004, True), (403, 50001, True), (403, 0, False), (404, 0, False), (500, 0, False), (503, 0, False)],
)
async def test_a_server_that_is_not_named_is_gone_only_where_discord_says_so(
    world: World, monkeypatch: pytest.MonkeyPatch, status: int, code: int, *, left: bool
) -> None:
    bot = world.env.bot

    async def fetch(guild_id: int, **_: Any) -> None:
        assert guild_id == world.guild.id
        raised = {404: discord.NotFound, 403: discord.Forbidden}.get(status, discord.DiscordServerError)
        raise raised(_Answer(status), {"code": code, "message": "x"})  # type: ignore[arg-type]  # all of it that is read

    monkeypatch.setattr(bot, "fetch_guild", fetch)
    monkeypatch.setattr(type(bot), "guilds", ())
    await world.as_bot(bot.on_ready())
    assert await gone(world) is left


class _Answer:
    def __init__(self, status: int) -> None:
        self.status, self.reason = status, "x"


async def test_the_audit_log_tells_of_it(world: World) -> None:
    await world.transact(lambda work: work.departures.leave(world.guild.id, world.clock.now()))
    await world.restart()
    await world.env.settle()
    told = await world.moderator.slash(world.channel, "audit")
    assert "👋 I was let in again.\n-# Aide-Mémoire, by itself" in said_after(told)
    assert text_of(told.response).count("follows **Norland**") == 1
