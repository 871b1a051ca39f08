"""Scenarios: the word of welcome, and setting a server up."""

from __future__ import annotations

from typing import Any

from simcord.backend.models import Overwrite
from simcord.enums import OverwriteType

from bot.views.welcome import WelcomeView
from bot.words import IN_ENGLISH
from tests.discord_world import World, text_of
from tests.driven_orders import ids_in
from tests.everything import drives, said_after


def part(message: Any, what: str) -> str:
    """The id of one of the menus or buttons."""
    return next(one for one in ids_in(message) if one.startswith(f"setup:{what}:"))


async def choose(world: World, message: Any, what: str, *values: Any) -> None:
    await world.moderator.select(message, values, custom_id=part(message, what))


async def begin(world: World) -> Any:
    return (await world.moderator.slash(world.channel, "setup")).response


def silence(world: World, channel: Any, permissions: int = 1 << 11) -> None:
    """Keep the bot from what these permissions let it do in a channel; as it stands, from writing there."""
    world.env.backend.set_overwrite(
        channel.id, Overwrite(world.env.bot.user.id, OverwriteType.MEMBER, deny=permissions)
    )


@drives(
    *("/setup", "form ZoneForm"),
    *(f"SetUpItem {one}" for one in ("zone", "hour", "language", "channel", "topics", "kinds", "rhythm", "raters")),
    *(f"SetUpItem {one}" for one in ("settling", "notices", "go", "done")),
)
async def from_the_first_step_to_the_last(world: World) -> None:
    role, other = world.guild.create_role("Desk"), world.guild.create_text_channel("moderators")
    view = await begin(world)
    assert "Set-up 1/5 · Clock" in text_of(view)
    form = await world.moderator.select(view, ["another"], custom_id=part(view, "zone"))
    assert said_after(form) == "Time zone"
    await world.moderator.submit_modal(form, {"zone": "Zzzz"})
    assert "⚠️ I know no zone “Zzzz”" in text_of(view)
    await choose(world, view, "zone", "UTC")
    await choose(world, view, "hour", "7")
    await choose(world, view, "language", "de")
    await world.moderator.click(view, label="Next ▶")
    await choose(world, view, "channel", other)
    assert f"✅ I may post in {other.mention}." in text_of(view)
    await world.moderator.click(view, label="Next ▶")
    await choose(world, view, "topics0", "norland")
    await world.moderator.click(view, label="Next ▶")
    await world.moderator.click(view, label="◀ Back")
    assert "Set-up 3/5 · Topics" in text_of(view)
    await world.moderator.click(view, label="Next ▶")
    await choose(world, view, "kinds", "deadline")
    await choose(world, view, "rhythm", "daily")
    await world.moderator.click(view, label="Next ▶")
    await choose(world, view, "raters", role)
    await choose(world, view, "settling", "s")
    await choose(world, view, "notices", other)
    await world.moderator.click(view, label="✅ Done")
    assert "✅ All set" in text_of(view)
    assert len(world.texts(other)) == 1


@drives("SetUpItem check")
async def until_the_bot_may_post(world: World) -> None:
    silence(world, world.channel)
    await world.env.settle()
    view = await begin(world)
    await world.moderator.click(view, label="Next ▶")
    assert "I lack **Send Messages**" in text_of(view)
    silence(world, world.channel, 0)
    await world.env.settle()
    await world.moderator.click(view, custom_id=part(view, "check"))
    assert f"✅ I may post in {world.channel.mention}." in text_of(view)


@drives("BeginButton")
async def from_the_word_of_welcome(world: World) -> None:
    channel = world.env.bot.get_channel(world.channel.id)
    message = await world.as_bot(channel.send(view=WelcomeView(IN_ENGLISH)))
    answer = await world.moderator.click(message, label="Set me up")
    assert answer.ephemeral
    assert "Set-up 1/5" in said_after(answer)
