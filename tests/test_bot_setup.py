"""Setting a server up: five steps in one message that outlives restarts, and what comes of them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

import discord
import pytest

from tests import openapi
from tests.discord_world import World, discord_world, text_of
from tests.factories import a_topic, a_wish
from tests.fakes import ScriptedFetcher
from watchers.audience import Guild, GuildTopicWish, Rhythm, Subscription
from watchers.model import Kind

TOPICS = [a_topic("norland", "Norland"), a_topic("sudria", "Sudria"), *(a_topic(f"t{n:02}") for n in range(30))]


@pytest.fixture
async def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[World]:
    async with discord_world(tmp_path, monkeypatch, fetcher=ScriptedFetcher(), topics=TOPICS) as there:
        yield there


async def orders_of(world: World) -> list[Subscription]:
    return list(await world.database.look(lambda work: work.subscriptions.of_guild(world.guild.id)))


async def guild_of(world: World) -> Guild:
    return await world.database.look(lambda work: work.guilds.get(world.guild.id))


def parts_of(message: Any) -> list[dict[str, Any]]:
    """Every component of a message, nested ones too."""

    def walk(components: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
        return [one for part in components for one in (part, *walk(part.get("components", [])))]

    return walk([one if isinstance(one, dict) else one.to_dict() for one in message.components])


def menu(message: Any, what: str) -> str:
    """The id of one of the menus."""
    return next(one["custom_id"] for one in parts_of(message) if one.get("custom_id", "").startswith(f"setup:{what}:"))


def chosen_in(message: Any, what: str) -> list[str]:
    part = next(one for one in parts_of(message) if one.get("custom_id", "").startswith(f"setup:{what}:"))
    return [one["value"] for one in part["options"] if one.get("default")]


class Walk:
    """Somebody going through the steps."""

    def __init__(self, world: World, message: Any) -> None:
        self.world = world
        self.message = message

    @property
    def text(self) -> str:
        return text_of(self.message)

    async def choose(self, what: str, *values: Any) -> Any:
        return await self.world.moderator.select(self.message, values, custom_id=menu(self.message, what))

    async def press(self, label: str) -> Any:
        return await self.world.moderator.click(self.message, label=label)


async def begin(world: World, channel: Any = None) -> Walk:
    answer = await world.moderator.slash(channel or world.channel, "setup")
    assert answer.ephemeral
    return Walk(world, answer.response)


async def walk_through(world: World, *topics: str) -> Walk:
    walk = await begin(world)
    await walk.press("Next ▶")
    await walk.press("Next ▶")
    await walk.choose("topics0", *topics)
    await walk.press("Next ▶")
    await walk.press("Next ▶")
    await walk.press("✅ Done")
    return walk


async def test_five_steps_lead_to_a_followed_topic_and_a_test_alert(world: World) -> None:
    role = world.guild.create_role("Desk")
    notices = world.guild.create_text_channel("moderators")
    walk = await begin(world)
    assert "step 1 of 5" in walk.text
    await walk.choose("zone", "Europe/Berlin")
    await walk.choose("hour", "7")
    await walk.choose("language", "de")
    assert chosen_in(walk.message, "zone") == ["Europe/Berlin"]
    await walk.press("Next ▶")
    assert f"I may post in {world.channel.mention}" in walk.text
    await walk.press("Next ▶")
    await walk.choose("topics0", "norland")
    await walk.press("Next ▶")
    await walk.choose("kinds", "deadline", "commitment")
    await walk.choose("rhythm", "daily")
    await walk.press("Next ▶")
    await walk.choose("raters", role)
    await walk.choose("notices", notices)
    await walk.press("✅ Done")
    assert "All set" in walk.text
    assert "**Norland**" in walk.text
    (order,) = await orders_of(world)
    wish = order.wish
    assert (wish.channel_id, wish.topic, wish.created_by) == (world.channel.id, "norland", world.moderator.id)
    assert wish.wants.kinds == {Kind.DEADLINE, Kind.COMMITMENT}
    assert (wish.rhythm, wish.at.zone.key, wish.at.hour) == (Rhythm.DAILY, "Europe/Berlin", 7)
    assert await guild_of(world) == Guild(world.guild.id, "Europe/Berlin", "de", 7, notices.id, role.id)
    (test,) = world.texts()
    assert "🧪" in test
    assert (await world.database.look(lambda work: work.tally())).followups_pending == 0
