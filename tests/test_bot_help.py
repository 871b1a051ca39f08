"""The word of welcome, the help, how the bot is, and one's own time zone."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import discord
import pytest
from discord import app_commands

from bot.invite import person_link, server_link
from bot.views.help import SUBJECTS, entries_of
from tests import openapi
from tests.discord_world import World, buttons_of, discord_world, text_of
from tests.factories import a_topic
from tests.fakes import ScriptedFetcher
from tests.storing import opened
from watchers.audience import Guild, Person


@pytest.fixture
async def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[World]:
    there = discord_world(tmp_path, monkeypatch, fetcher=ScriptedFetcher(), topics=[a_topic()])
    async with there as world:
        yield world


async def turn_to(world: World, shown: Any, subject: str) -> str:
    await world.analyst.select(shown, [subject], custom_id="help:subject")
    return text_of(shown)


# --- /help ----------------------------------------------------------------------------------------------------


async def test_help_names_every_command_under_one_subject_after_a_restart_too(world: World) -> None:
    shown = (await world.analyst.slash(world.channel, "help")).response
    await world.pass_time(timedelta(days=2))
    await world.restart()
    pages = [await turn_to(world, shown, subject.id) for subject in reversed(SUBJECTS)]
    for command in world.moderator.available_commands(world.channel):
        assert sum(f"`/{command}`" in page for page in pages) == 1


def test_a_command_that_no_subject_knows_stands_under_the_last_one() -> None:
    tree = app_commands.CommandTree(discord.Client(intents=discord.Intents.none()))

    @tree.command(description="Nobody has thought of it.")
    async def surprise(_interaction: discord.Interaction) -> None: ...

    assert [entry.call for entry in entries_of(tree, SUBJECTS[-1])] == ["/surprise"]
    assert entries_of(tree, SUBJECTS[0]) == []


async def test_help_says_what_only_managers_may(world: World) -> None:
    text = text_of((await world.analyst.slash(world.channel, "help")).response)
    for_all, _, for_managers = text.partition("**With *Manage Server***")
    assert "`/setup` Set me up for this server in five short steps." in for_managers
    assert "`/topics create` " in for_managers
    assert "`/topics list` " in for_all
    assert "`/topics list` " not in for_managers


async def test_help_has_the_links_that_add_the_bot(world: World) -> None:
    shown = (await world.analyst.user.slash("help")).response
    application = world.env.bot.application_id
    urls = [
        one["url"] for row in shown.components[0]["components"] for one in row.get("components", []) if "url" in one
    ]
    assert urls == [server_link(application), person_link(application)]


@openapi.needs_document
async def test_all_of_it_is_valid_to_discord(world: World) -> None:
    shown = (await world.analyst.slash(world.channel, "help")).response
    for subject in SUBJECTS:
        await turn_to(world, shown, subject.id)
    await world.analyst.slash(world.channel, "status")
    await world.analyst.slash(world.channel, "timezone", zone="paris")
    await join(world)
    await world.moderator.click(world.channel.last_message, label="Set me up")
    assert [fault for call in world.env.http_requests for fault in openapi.faults(call)] == []


# --- /status --------------------------------------------------------------------------------------------------


async def test_the_status_counts_what_there_is(world: World) -> None:
    assert "none read yet" in text_of((await world.analyst.slash(world.channel, "status")).response)
    await opened(world.database)
    await world.moderator.slash(world.channel, "subscribe", topic="norland", rhythm="instant")
    text = text_of((await world.analyst.slash(world.channel, "status")).response)
    for part in ("**Feeds** 1, none failing", "**Follow-ups pending** 1", "**Subscriptions** 1", "`/setup` settles"):
        assert part in text
    assert "**Very sure outcomes** wait for a person" in text


async def test_the_status_says_what_the_server_has_settled(world: World) -> None:
    guild = Guild(
        world.guild.id, "Asia/Tokyo", notices_channel_id=world.channel.id, rater_role_id=5, settles_itself=True
    )
    await world.transact(lambda work: work.guilds.put(guild))
    text = text_of((await world.analyst.slash(world.channel, "status")).response)
    for part in ("**Time zone** Asia/Tokyo", "**Raters** <@&5>", f"**Notices** {world.channel.mention}"):
        assert part in text
    assert "**Very sure outcomes** settle by themselves" in text
    assert "`/setup`" not in text
    assert "Asia/Tokyo" not in text_of((await world.analyst.user.slash("status")).response)


# --- /timezone ------------------------------------------------------------------------------------------------


async def zone_of(world: World) -> Person:
    return await world.database.look(lambda work: work.guilds.person(world.analyst.id))


async def test_a_person_chooses_a_zone_sees_it_and_gives_it_up(world: World) -> None:
    assert "no time zone of your own" in text_of((await world.analyst.slash(world.channel, "timezone")).response)
    answer = await world.analyst.slash(world.channel, "timezone", zone="Geneva")
    assert answer.ephemeral
    assert "**Europe/Zurich** (13:00 now · UTC+1)" in text_of(answer.response)
    assert await zone_of(world) == Person(world.analyst.id, "Europe/Zurich")
    assert "**Europe/Zurich**" in text_of((await world.analyst.user.slash("timezone")).response)
    answer = await world.analyst.slash(world.channel, "timezone", zone="server")
    assert "no time zone of your own" in text_of(answer.response)
    assert await zone_of(world) == Person(world.analyst.id)


async def test_zones_are_offered_by_city_and_by_distance(world: World) -> None:
    async def offered(typed: str) -> list[str]:
        found = await world.analyst.autocomplete(world.channel, "timezone", "zone", typed)
        return [choice["value"] for choice in found]

    assert (await offered(""))[:2] == ["server", "America/New_York"]
    assert await offered("par") == ["Europe/Paris", "America/Paramaribo"]
    assert await offered("+5:45") == ["Asia/Kathmandu"]
    assert len(await offered("a")) == 25
    assert await offered("qqqqqqq") == []


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("america", "I am not sure which zone “america” is. It may be **America/Chicago**,"),
        ("Pariss", "It may be **Europe/Paris**."),
        ("qqqqqqq", "I know no zone “qqqqqqq”. Type a city such as Geneva, or UTC+2."),
        ("<@1>", "I know no zone “\\<"),
    ],
)
async def test_a_zone_that_is_none_is_refused_with_what_would_be_right(world: World, typed: str, said: str) -> None:
    answer = await world.analyst.slash(world.channel, "timezone", zone=typed)
    assert said in text_of(answer.response)
    assert len(world.refusals()) == 1
    assert await zone_of(world) == Person(world.analyst.id)


# --- the word of welcome --------------------------------------------------------------------------------------


async def join(world: World) -> None:
    """Let the bot come into the server, with its channels as they are."""
    with world.env._bot_scope():
        world.env.bot.dispatch("guild_join", world.env.bot.get_guild(world.guild.id))
    await world.env.settle()


async def test_it_greets_where_it_may_write_and_its_button_begins_the_set_up(world: World) -> None:
    await join(world)
    (text,) = world.texts()
    assert "I am Aide-Mémoire" in text
    assert "*Manage Server*" in text
    await world.restart()
    answer = await world.moderator.click(world.channel.last_message, label="Set me up")
    assert answer.ephemeral
    assert "Set-up 1/5" in text_of(answer.response)
    assert world.texts() == [text]


async def test_its_button_is_for_those_who_manage_the_server(world: World) -> None:
    await join(world)
    answer = await world.analyst.click(world.channel.last_message, label="Set me up")
    assert "**Manage Server**" in text_of(answer.response)


async def test_it_greets_in_the_channel_for_system_messages(world: World) -> None:
    system = world.guild.create_text_channel("hall")
    world.env.backend.edit_guild(world.guild.id, {"system_channel_id": system.id, "preferred_locale": "fr"})
    await world.env.settle()
    await join(world)
    assert world.texts() == []
    assert len(world.texts(system)) == 1
    assert list(buttons_of(system.last_message))


async def test_it_passes_over_channels_it_may_not_write_to(world: World) -> None:
    everyone = world.guild.default_role
    silent = {everyone: discord.PermissionOverwrite(send_messages=False)}
    hall = world.guild.create_text_channel("hall", overwrites=silent)
    world.env.backend.edit_guild(world.guild.id, {"system_channel_id": hall.id})
    await world.env.settle()
    await join(world)
    assert len(world.texts()) == 1


async def test_where_it_may_write_nowhere_it_says_nothing(world: World) -> None:
    for role in world.env.backend.guilds[world.guild.id].roles.values():
        role.permissions &= ~discord.Permissions(send_messages=True).value
        world.env.backend.edit_role(world.guild.id, role.id, {"permissions": role.permissions})
    await world.env.settle()
    await join(world)
    assert world.posts == []


async def test_a_greeting_that_discord_refuses_is_only_logged(world: World, caplog: pytest.LogCaptureFixture) -> None:
    world.env.inject_error("POST", "/channels/*/messages", status=403, code=50013)
    await join(world)
    assert "word of welcome" in caplog.text
    assert world.texts() == []
