"""Subscribing: by those who manage the server, to topics that exist, in channels where the bot can post."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import discord
import pytest
import simcord

from tests.discord_world import World, buttons_of, discord_world, text_of
from tests.factories import a_topic, a_wish
from tests.fakes import ScriptedFetcher
from watchers.audience import Rhythm, Subscription
from watchers.model import Kind

TOPICS = [a_topic("norland", "Norland"), a_topic("sudria", "Sudria"), a_topic("grain-deal", "grain")]


@pytest.fixture
async def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[World]:
    async with discord_world(tmp_path, monkeypatch, fetcher=ScriptedFetcher(), topics=TOPICS) as there:
        yield there


async def stored(world: World) -> list[Subscription]:
    return list(await world.database.look(lambda work: work.subscriptions.of_guild(world.guild.id)))


async def test_a_subscription_is_stored_as_it_was_asked_for(world: World) -> None:
    role = world.guild.create_role("Desk", mentionable=True)
    elsewhere = world.guild.create_text_channel("elsewhere")
    answer = await world.moderator.slash(
        world.channel, "subscribe", topic="norland", channel=elsewhere, kinds="Deadlines", role=role, rhythm="daily"
    )
    assert answer.ephemeral
    for part in (elsewhere.mention, "Norland", "Deadlines", "A digest every day at 08:00", role.mention):
        assert part in text_of(answer.response)
    (order,) = await stored(world)
    assert order.wish.channel_id == elsewhere.id
    assert order.wish.topic == "norland"
    assert order.wish.wants.kinds == {Kind.DEADLINE}
    assert order.wish.role_id == role.id
    assert order.wish.rhythm is Rhythm.DAILY
    assert order.wish.lead_days == (1, 0, -1)
    assert order.wish.created_by == world.moderator.id


async def test_left_out_options_mean_here_everything_at_once_without_a_ping(world: World) -> None:
    await world.moderator.slash(world.channel, "subscribe", topic="norland", rhythm="instant")
    (order,) = await stored(world)
    assert order.wish.channel_id == world.channel.id
    assert order.wish.wants.kinds == set(Kind)
    assert order.wish.role_id is None
    assert order.wish.rhythm is Rhythm.INSTANT


@pytest.mark.parametrize(
    ("chosen", "lead_days", "said"),
    [
        ("No reminders", (), "no reminders"),
        ("On the last day and the day after", (0, -1), "reminders on the last day and the day after at 08:00"),
    ],
)
async def test_reminders_come_when_they_were_asked_for(
    world: World, chosen: str, lead_days: tuple[int, ...], said: str
) -> None:
    answer = await world.moderator.slash(world.channel, "subscribe", topic="norland", reminders=chosen)
    (order,) = await stored(world)
    assert order.wish.lead_days == lead_days
    assert said in text_of(answer.response)


async def test_subscribing_again_changes_the_subscription(world: World) -> None:
    await world.moderator.slash(world.channel, "subscribe", topic="norland", rhythm="instant")
    answer = await world.moderator.slash(world.channel, "subscribe", topic="norland", rhythm="daily")
    assert "Changed" in text_of(answer.response)
    assert [order.wish.rhythm for order in await stored(world)] == [Rhythm.DAILY]


@pytest.mark.parametrize("command", ["subscribe", "unsubscribe", "subscriptions"])
async def test_a_member_without_manage_server_is_not_offered_the_command(world: World, command: str) -> None:
    assert command in world.moderator.available_commands(world.channel)
    assert command not in world.analyst.available_commands(world.channel)
    options = {"subscribe": {"topic": "norland"}, "unsubscribe": {"subscription": "x"}}.get(command, {})
    with pytest.raises(simcord.SetupError, match="default-member-permissions"):
        await world.analyst.slash(world.channel, command, **options)


async def test_a_member_whom_the_server_settings_let_through_is_refused_in_code(world: World) -> None:
    commands = {command.name: command for command in await world.as_bot(world.env.bot.tree.fetch_commands())}
    for name, options in (("subscribe", {"topic": "norland"}), ("unsubscribe", {"subscription": "1:norland"})):
        world.guild.set_command_permissions(commands[name], {world.analyst: True})
        answer = await world.analyst.slash(world.channel, name, **options)
        assert answer.ephemeral
        assert text_of(answer.response) == "You need the **Manage Server** permission in this server for that."
    assert all(isinstance(error, discord.app_commands.MissingPermissions) for error in world.env.errors)
    world.env._errors.clear()
    assert await stored(world) == []
    assert await world.analyst.autocomplete(world.channel, "unsubscribe", "subscription", "") == []


async def test_topics_are_offered_while_typing(world: World) -> None:
    async def offered(typed: str) -> list[str]:
        choices = await world.moderator.autocomplete(world.channel, "subscribe", "topic", typed)
        return [choice["value"] for choice in choices]

    assert await offered("") == ["*", "grain-deal", "norland", "sudria"]
    assert await offered("NOR") == ["norland"]
    assert await offered("every") == ["*"]
    assert await offered("zzz") == []


@pytest.mark.parametrize(
    ("typed", "hint"),
    [
        ("Norlnd", "Did you mean **Norland**?"),
        ("quantum", "`/topics list` shows them all."),
        ("**x**", "\\*\\*x\\*\\*"),
    ],
)
async def test_an_unknown_topic_gets_one_line_with_the_nearest(world: World, typed: str, hint: str) -> None:
    answer = await world.moderator.slash(world.channel, "subscribe", topic=typed)
    line = text_of(answer.response)
    assert line.startswith("There is no topic")
    assert hint in line
    assert "\n" not in line
    assert world.refusals() == [line]
    assert await stored(world) == []


async def test_a_channel_number_beyond_all_numbers_is_no_subscription(world: World) -> None:
    await world.moderator.slash(world.channel, "unsubscribe", subscription="99999999999999999999:norland")
    assert world.refusals()[0].startswith("There is no topic")


@pytest.mark.parametrize("typed", ["Norland", " nORLAND ", "norland"])
async def test_a_topic_may_be_typed_by_name_or_id(world: World, typed: str) -> None:
    await world.moderator.slash(world.channel, "subscribe", topic=typed, rhythm="instant")
    assert [order.wish.topic for order in await stored(world)] == ["norland"]


@pytest.mark.parametrize(
    ("denied", "named"),
    [
        ({"send_messages": False}, ["Send Messages"]),
        ({"embed_links": False}, ["Embed Links"]),
        ({"view_channel": False}, ["View Channel", "Send Messages", "Embed Links"]),
    ],
)
async def test_missing_permissions_are_named_before_anything_is_saved(
    world: World, denied: dict[str, bool], named: list[str]
) -> None:
    overwrites = {
        world.guild.default_role: discord.PermissionOverwrite(**denied),
        world.guild.roles["Managers"]: discord.PermissionOverwrite(view_channel=True),
    }
    locked = world.guild.create_text_channel("locked", overwrites=overwrites)
    answer = await world.moderator.slash(world.channel, "subscribe", topic="norland", channel=locked)
    line = text_of(answer.response)
    assert line.startswith(f"I cannot post in {locked.mention} yet: give me ")
    for name in named:
        assert f"**{name}**" in line
    assert world.refusals() == [line]
    assert await stored(world) == []


async def test_a_thread_can_follow_a_topic_where_the_bot_may_write_in_threads(world: World) -> None:
    no_threads = {world.guild.default_role: discord.PermissionOverwrite(send_messages_in_threads=False)}
    closed = world.guild.create_text_channel("closed", overwrites=no_threads)
    for channel in (world.channel, closed):
        await world.as_bot(
            world.env.bot.get_channel(channel.id).create_thread(name="t", type=discord.ChannelType.public_thread)
        )
    (thread,), (locked,) = world.channel.threads, closed.threads
    answer = await world.moderator.slash(thread, "subscribe", topic="norland", rhythm="instant")
    assert "Subscribed" in text_of(answer.response)
    answer = await world.moderator.slash(locked, "subscribe", topic="norland", rhythm="instant")
    assert "give me **Send Messages in Threads**" in text_of(answer.response)
    assert len(world.refusals()) == 1
    assert [order.wish.channel_id for order in await stored(world)] == [thread.id]


async def test_a_role_that_may_not_be_pinged_is_refused_with_the_cure(world: World) -> None:
    quiet = world.guild.create_role("Quiet")
    no_pings = {world.guild.default_role: discord.PermissionOverwrite(mention_everyone=False)}
    channel = world.guild.create_text_channel("no-pings", overwrites=no_pings)
    answer = await world.moderator.slash(channel, "subscribe", topic="norland", role=quiet)
    assert "let anyone mention the role" in text_of(answer.response)
    answer = await world.moderator.slash(channel, "subscribe", topic="norland", role=world.guild.default_role)
    assert "do not ping everyone" in text_of(answer.response)
    assert len(world.refusals()) == 2


async def test_a_channel_where_nobody_posts_texts_is_refused(world: World) -> None:
    voice = world.guild.create_voice_channel("talk")
    answer = await world.moderator.slash(voice, "subscribe", topic="norland", rhythm="instant")
    assert "text channels, threads and forums" in text_of(answer.response)
    assert len(world.refusals()) == 1


async def test_the_subscriptions_of_this_server_are_listed_and_no_others(world: World) -> None:
    await world.moderator.slash(world.channel, "subscribe", topic="norland", rhythm="instant")
    await world.follow(a_wish(guild_id=1, topic="sudria"))
    text = text_of((await world.moderator.slash(world.channel, "subscriptions")).response)
    assert "1 subscription\n" in text
    assert f"{world.channel.mention} · **Norland**\nEverything said of the future · At once" in text
    assert "Sudria" not in text


async def test_a_server_without_subscriptions_is_told_how_to_begin(world: World) -> None:
    assert "`/subscribe` begins" in text_of((await world.moderator.slash(world.channel, "subscriptions")).response)


async def test_unsubscribing_by_the_offered_choice_ends_it(world: World) -> None:
    await world.moderator.slash(world.channel, "subscribe", topic="norland", rhythm="instant")
    await world.moderator.slash(world.channel, "subscribe", topic="*", rhythm="daily")
    offered = await world.moderator.autocomplete(world.channel, "unsubscribe", "subscription", "nor")
    assert [choice["name"] for choice in offered] == ["#deadlines · Norland · At once"]
    answer = await world.moderator.slash(world.channel, "unsubscribe", subscription=offered[0]["value"])
    assert f"{world.channel.mention} no longer follows **Norland**" in text_of(answer.response)
    assert [order.wish.topic for order in await stored(world)] == ["*"]


async def test_unsubscribing_by_typed_name_means_this_channel(world: World) -> None:
    await world.moderator.slash(world.channel, "subscribe", topic="norland", rhythm="instant")
    await world.moderator.slash(world.channel, "unsubscribe", subscription="Norland")
    assert await stored(world) == []


@pytest.mark.parametrize("typed", ["1:norland", "norland", "8999999999999999999:norland"])
async def test_unsubscribing_what_is_not_followed_is_told(world: World, typed: str) -> None:
    answer = await world.moderator.slash(world.channel, "unsubscribe", subscription=typed)
    assert "does not follow **Norland**" in text_of(answer.response)
    assert len(world.refusals()) == 1


async def test_nobody_ends_the_subscriptions_of_another_server(world: World) -> None:
    await world.follow(a_wish(guild_id=1, channel_id=2, topic="norland"))
    await world.moderator.slash(world.channel, "unsubscribe", subscription="2:norland")
    assert len(world.refusals()) == 1
    assert len(await world.database.look(lambda work: work.subscriptions.of_guild(1))) == 1


async def test_pages_turn_also_after_a_restart_and_long_after(world: World) -> None:
    await world.follow(*(a_wish(guild_id=world.guild.id, topic=f"topic-{number:02}") for number in range(12)))
    shown = (await world.moderator.slash(world.channel, "subscriptions")).response
    assert "Page 1 of 2" in text_of(shown)
    assert list(buttons_of(shown)) == ["Next ▶"]
    await world.pass_time(timedelta(days=2))
    await world.restart()
    await world.moderator.click(shown, label="Next ▶")
    assert "Page 2 of 2" in text_of(shown)
    assert "topic-11" in text_of(shown)
    await world.moderator.click(shown, label="◀ Back")
    assert "topic-00" in text_of(shown)
