"""What keeps an alert from its channel is told, once a day, to those who can mend it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import discord
import pytest
from simcord.backend.models import Overwrite
from simcord.enums import OverwriteType

from bot.notices import lacking_permission
from bot.words import words_for
from tests import openapi
from tests.discord_world import World, discord_world
from tests.factories import MONDAY_NOON, a_topic, an_outlet
from tests.fakes import ScriptedFetcher
from tests.loopback import rss
from tests.storing import opened
from watchers.audience import Alert, AlertForm, Delivery, Guild

A_DAY = timedelta(days=1)


@pytest.fixture
async def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[World]:
    async with discord_world(
        tmp_path, monkeypatch, fetcher=ScriptedFetcher({an_outlet().feed_url: rss()}), topics=[a_topic()]
    ) as there:
        yield there


async def notices_go_to(world: World, channel: Any, language: str | None = None) -> None:
    guild = Guild(world.guild.id, language=language, notices_channel_id=None if channel is None else channel.id)
    await world.transact(lambda work: work.guilds.put(guild))


async def deny(world: World, channel: Any, **denied: bool) -> None:
    """Take permissions from everybody in a channel, after the bot has seen it."""
    bits = discord.Permissions(**denied).value
    everyone = world.guild.default_role.id
    world.env.backend.set_overwrite(channel.id, Overwrite(everyone, OverwriteType.ROLE, deny=bits))
    await world.env.settle()


async def tell(world: World, key: str, channel: Any = None) -> None:
    """Have an alert delivered, as far as that goes."""
    followup = await opened(world.database)
    there = (channel or world.channel).id
    alert = Alert(key, AlertForm.SAID, (followup.id,), guild_id=world.guild.id, channel_id=there)
    await world.transact(lambda work: work.outbox.put(alert, world.clock.now()))
    await world.pass_time(timedelta(hours=9))


async def test_the_managers_hear_which_channel_lacks_which_permission(world: World) -> None:
    managers = world.guild.create_text_channel("managers")
    await notices_go_to(world, managers)
    await deny(world, world.channel, send_messages=True)
    await tell(world, "first")
    (notice,) = world.texts(managers)
    assert "⚠️ For those who manage this server" in notice
    assert f"I could not post in {world.channel.mention}: I lack **Send Messages**" in notice
    assert "*Edit Channel*" in notice
    assert "`/followups recent`" in notice
    assert world.texts() == []


@openapi.needs_document
async def test_a_notice_is_valid_to_discord(world: World) -> None:
    managers = world.guild.create_text_channel("managers")
    await notices_go_to(world, managers)
    await deny(world, world.channel, view_channel=True)
    await tell(world, "first")
    assert "I lack **View Channel**, **Send Messages** and **Embed Links**" in world.texts(managers)[0]
    assert [fault for call in world.env.http_requests for fault in openapi.faults(call)] == []


async def test_there_is_one_notice_a_day_for_each_channel(world: World) -> None:
    managers, other = world.guild.create_text_channel("managers"), world.guild.create_text_channel("other")
    await notices_go_to(world, managers)
    for channel in (world.channel, other):
        await deny(world, channel, send_messages=True)
    await tell(world, "first")
    await tell(world, "second", other)
    assert len(world.texts(managers)) == 2
    await world.pass_time(A_DAY)
    await tell(world, "third")
    await tell(world, "fourth")
    assert len(world.texts(managers)) == 3
    await world.pass_time(A_DAY)
    assert len(world.texts(managers)) == 3


async def test_it_speaks_the_language_of_the_server(world: World) -> None:
    managers = world.guild.create_text_channel("managers")
    await notices_go_to(world, managers, "de")
    await deny(world, world.channel, send_messages=True)
    await tell(world, "first")
    say = words_for("de")
    for words in (
        "For those who manage this server",
        "What I could not post is not lost: `/followups recent` lists it.",
    ):
        assert say(words) in world.texts(managers)[0]


async def test_a_notice_that_cannot_be_posted_makes_no_other(world: World) -> None:
    managers = world.guild.create_text_channel("managers")
    await notices_go_to(world, managers)
    for channel in (world.channel, managers):
        await deny(world, channel, send_messages=True)
    await tell(world, "first")
    await world.pass_time(A_DAY)
    assert world.texts(managers) == []
    assert (await world.database.look(lambda work: work.tally())).outbox_waiting == 0


async def test_a_server_that_wants_no_notices_gets_none(world: World) -> None:
    await deny(world, world.channel, send_messages=True)
    await tell(world, "first")
    assert world.texts() == []
    assert [post for post in world.posts if "notice" in str(post)] == []


async def test_a_channel_whose_settings_show_nothing_amiss_is_named_by_discords_own_word(world: World) -> None:
    managers = world.guild.create_text_channel("managers")
    await notices_go_to(world, managers)
    world.env.inject_error("POST", f"/channels/{world.channel.id}/messages", status=403, code=50001)
    await tell(world, "first")
    assert "I lack **View Channel**." in world.texts(managers)[0]


@pytest.mark.parametrize(
    ("alert", "guild"),
    [
        (Alert("a", AlertForm.SAID, guild_id=10, channel_id=20), None),
        (Alert("a", AlertForm.SAID, guild_id=10, channel_id=20), Guild(10)),
        (Alert("a", AlertForm.PERSONAL, user_id=7), Guild(10, notices_channel_id=30)),
        (Alert("a", AlertForm.NOTICE, guild_id=10, channel_id=20), Guild(10, notices_channel_id=20)),
    ],
)
def test_where_nobody_is_to_hear_there_is_no_notice(alert: Alert, guild: Guild | None) -> None:
    delivery = Delivery(1, alert, 1, None, None, 0, (), guild)
    assert lacking_permission(delivery, ["Send Messages"], MONDAY_NOON) is None


def test_the_day_is_the_servers() -> None:
    alert = Alert("a", AlertForm.SAID, guild_id=10, channel_id=20)
    delivery = Delivery(1, alert, 1, None, None, 0, (), Guild(10, "Pacific/Auckland", notices_channel_id=30))
    notice = lacking_permission(delivery, ["Send Messages"], MONDAY_NOON)
    assert notice is not None
    assert notice.key == "notice:lacking:20:2026-03-03"
    assert (notice.channel_id, notice.guild_id) == (30, 10)
