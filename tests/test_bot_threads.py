"""Threads and forum posts: each follow-up has one, made once, and its reminders come there."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import discord
import pytest
from simcord.backend.models import Overwrite
from simcord.enums import OverwriteType

from bot.messenger import LONGEST_NAME, DiscordMessenger
from tests import openapi
from tests.discord_world import World, discord_world
from tests.factories import a_clue, a_topic, a_wish, an_outlet
from tests.fakes import ScriptedFetcher
from tests.loopback import rss
from tests.storing import days, open_one, retold, telling
from watchers.audience import Alert, AlertForm, Guild, Place, QuietHours, Rhythm
from watchers.model import Kind, Telling
from watchers.ports import UnitOfWork

A_ROUND = timedelta(hours=9)
FRIDAY = days(2, 6)


@pytest.fixture
async def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[World]:
    async with discord_world(
        tmp_path, monkeypatch, fetcher=ScriptedFetcher({an_outlet().feed_url: rss()}), topics=[a_topic()]
    ) as there:
        yield there


async def follow(world: World, channel: Any, place: Place, **changes: Any) -> None:
    await world.follow(replace(a_wish(guild_id=world.guild.id, channel_id=channel.id, place=place), **changes))


async def say(world: World, channel: Any, told: Telling | None = None, *, later: bool = True) -> int:
    """Have something said that the channel's one order tells at once; return the follow-up's number."""
    now = world.clock.now()

    def work(unit: UnitOfWork) -> int:
        followup = open_one(unit, told or telling(due=FRIDAY))
        (order,) = unit.subscriptions.of_channel(channel.id)
        key = f"said:{followup.id}:{channel.id}"
        alert = Alert(key, AlertForm.SAID, (followup.id,), (), world.guild.id, channel.id, subscription_id=order.id)
        unit.outbox.put(alert, now)
        return followup.id

    number = await world.transact(work)
    if later:
        await world.pass_time(A_ROUND)
    return number


async def until(world: World, day: int, hour: int = 12) -> None:
    await world.pass_time(datetime(2026, 3, day, hour, tzinfo=UTC) - world.clock.now())


async def remind(world: World, channel: Any, place: Place = Place.THREADS) -> None:
    """Plan the reminders of what was said, as the feed watcher would have, by ordering anew."""
    await follow(world, channel, place)


def heads(world: World, channel: Any) -> list[str]:
    # simcord says in the channel that a thread was begun, which Discord does not for one below a message.
    return [text.splitlines()[0] for text in world.texts(channel) if text.startswith("### ")]


def calls(world: World, method: str, path: str) -> list[Any]:
    return [call for call in world.env.http_requests if call.method == method and path in call.path]


async def notices_go_to(world: World) -> Any:
    managers = world.guild.create_text_channel("managers")
    await world.transact(lambda work: work.guilds.put(Guild(world.guild.id, notices_channel_id=managers.id)))
    return managers


async def deny(world: World, channel: Any, **denied: bool) -> None:
    bits = discord.Permissions(**denied).value
    everyone = world.guild.default_role.id
    world.env.backend.set_overwrite(channel.id, Overwrite(everyone, OverwriteType.ROLE, deny=bits))
    await world.env.settle()


async def allow(world: World, channel: Any) -> None:
    world.env.backend.delete_overwrite(channel.id, world.guild.default_role.id)
    await world.env.settle()


# --- threads ----------------------------------------------------------------------------------------------


async def test_an_alert_gets_a_thread_and_the_reminders_come_in_it(world: World) -> None:
    await follow(world, world.channel, Place.THREADS)
    number = await say(world, world.channel)
    await remind(world, world.channel)
    (thread,) = world.channel.threads
    assert thread.id == world.channel.history()[0].id
    assert thread.name == f"Norland: will withdraw its troops by Friday. · #{number}"
    await until(world, 8)
    assert heads(world, world.channel) == ["### ⏳ Deadline"]
    assert heads(world, thread) == [
        "### 🔔 Due tomorrow · ⏳ Deadline",
        "### 🔔 Due today · ⏳ Deadline",
        "### ❓ Did this happen? · ⏳ Deadline",
    ]
    assert len(world.channel.threads) == 1


@pytest.mark.parametrize("form", [AlertForm.SUGGESTED, AlertForm.MOVED])
async def test_what_the_news_tells_of_it_later_comes_in_its_thread(world: World, form: AlertForm) -> None:
    await follow(world, world.channel, Place.THREADS)
    number = await say(world, world.channel)
    (order,) = await world.database.look(lambda work: work.subscriptions.of_guild(world.guild.id))
    told = Alert("later", form, (number,), (), world.guild.id, world.channel.id, subscription_id=order.id)
    await world.transact(lambda work: work.outcomes.suggest(number, 1, a_clue(), world.clock.now()))
    await world.transact(lambda work: work.outbox.put(told, world.clock.now()))
    await world.pass_time(A_ROUND)
    (thread,) = world.channel.threads
    heading = {AlertForm.SUGGESTED: "🔎 It looks kept (80%)", AlertForm.MOVED: "📆 Moved"}[form]
    assert heads(world, world.channel) == ["### ⏳ Deadline"]
    assert heads(world, thread) == [f"### {heading} · ⏳ Deadline"]


@pytest.mark.parametrize("speaker", [None, "الوزير " * 20, "🇺🇦🤝🏽" * 60, "@everyone **x** " * 9, "\u202e\ud800"])
async def test_a_threads_name_fits_whoever_spoke(world: World, speaker: str | None) -> None:
    await follow(world, world.channel, Place.THREADS)
    number = await say(world, world.channel, telling("Peace " * 90, due=FRIDAY, speaker=speaker))
    name = world.channel.threads[0].name
    assert name.endswith(f" · #{number}")
    assert len(name.encode("utf-16-le")) // 2 <= LONGEST_NAME
    assert "\u202e" not in name


async def test_killed_between_alert_and_thread_it_has_one_of_each_afterwards(world: World) -> None:
    await follow(world, world.channel, Place.THREADS)
    world.env.inject_error("POST", "/channels/*/messages/*/threads", status=500, times=None)
    await say(world, world.channel)
    assert world.channel.threads == []
    world.env.backend.faults.clear()
    await remind(world, world.channel)
    await until(world, 6)
    (thread,) = world.channel.threads
    assert heads(world, world.channel) == ["### ⏳ Deadline"]
    assert len(heads(world, thread)) == 2


async def test_a_successor_of_one_killed_between_alert_and_thread_makes_neither_twice(world: World) -> None:
    await follow(world, world.channel, Place.THREADS)
    await say(world, world.channel, later=False)
    now = world.clock.now()
    (delivery,) = await world.transact(lambda work: work.outbox.lease(now, worker="bot", until=now + A_ROUND, limit=9))
    messenger = DiscordMessenger(world.env.bot, world.services)
    world.env.inject_error("POST", "/channels/*/messages/*/threads", status=500, times=None)
    posted = await world.as_bot(messenger.post(delivery, "n" * 25))
    world.env.backend.faults.clear()
    assert await world.as_bot(messenger.post(delivery, "n" * 25)) == posted
    world.env.inject_error("POST", "/channels/*/messages/*/threads", status=400, code=160004)
    assert await world.as_bot(messenger.post(delivery, "n" * 25)) == posted
    assert len(heads(world, world.channel)) == len(world.channel.threads) == 1


async def test_a_thread_that_is_there_already_is_as_good(world: World, caplog: pytest.LogCaptureFixture) -> None:
    await follow(world, world.channel, Place.THREADS)
    world.env.inject_error("POST", "/channels/*/messages/*/threads", status=400, code=160004)
    await say(world, world.channel)
    assert await world.transact(lambda work: work.tally().outbox_waiting) == 0
    assert len(calls(world, "POST", "/threads")) == 1
    assert "is not open yet" not in caplog.text


async def test_a_sleeping_thread_is_woken_for_a_reminder_and_for_an_edit(world: World) -> None:
    await follow(world, world.channel, Place.THREADS)
    number = await say(world, world.channel)
    await remind(world, world.channel)
    (thread,) = world.channel.threads
    world.env.backend.channels[thread.id].thread_metadata.archived = True
    world.env.inject_error("POST", f"/channels/{thread.id}/messages", status=400, code=50083)
    await until(world, 5)
    assert heads(world, thread) == ["### 🔔 Due tomorrow · ⏳ Deadline"]
    assert not world.env.backend.channels[thread.id].thread_metadata.archived

    world.env.inject_error("PATCH", f"/channels/{thread.id}/messages/*", status=400, code=50083)
    await world.transact(lambda work: work.outbox.reword(number, guild_id=world.guild.id))
    before = len(calls(world, "PATCH", f"/channels/{thread.id}"))
    await world.pass_time(A_ROUND)
    assert len(calls(world, "PATCH", f"/channels/{thread.id}")) - before == 3
    assert thread.last_message.edited_at is not None


async def test_where_threads_may_not_be_opened_alerts_stand_in_the_channel_and_managers_hear_why(world: World) -> None:
    managers = await notices_go_to(world)
    await follow(world, world.channel, Place.THREADS)
    await deny(world, world.channel, create_public_threads=True)
    await say(world, world.channel)
    await remind(world, world.channel)
    await until(world, 5)
    assert heads(world, world.channel) == ["### ⏳ Deadline", "### 🔔 Due tomorrow · ⏳ Deadline"]
    first = world.texts(managers)[0]
    assert f"I could not use a thread in {world.channel.mention}: I lack **Create Public Threads**." in first
    assert "stands in the channel itself" in first
    await allow(world, world.channel)
    await until(world, 6)
    (thread,) = world.channel.threads
    assert heads(world, thread) == ["### 🔔 Due today · ⏳ Deadline"]


async def test_a_locked_thread_is_left_alone_and_nothing_is_lost(world: World) -> None:
    managers = await notices_go_to(world)
    await follow(world, world.channel, Place.THREADS)
    await say(world, world.channel)
    await remind(world, world.channel)
    (thread,) = world.channel.threads
    world.env.inject_error("POST", f"/channels/{thread.id}/messages", status=403, code=160005)
    await until(world, 5)
    assert heads(world, thread) == []
    assert heads(world, world.channel)[1:] == ["### 🔔 Due tomorrow · ⏳ Deadline"]
    assert "I lack **Manage Threads**" in world.texts(managers)[0]


async def test_what_was_said_before_the_order_begins_its_thread_with_its_first_reminder(world: World) -> None:
    await world.transact(lambda work: open_one(work, telling(due=FRIDAY)))
    await follow(world, world.channel, Place.THREADS)
    await until(world, 8)
    (thread,) = world.channel.threads
    assert heads(world, world.channel) == ["### 🔔 Due tomorrow · ⏳ Deadline"]
    assert len(heads(world, thread)) == 2


async def test_a_deleted_alert_and_thread_are_begun_anew_in_the_channel(world: World) -> None:
    await follow(world, world.channel, Place.THREADS)
    await say(world, world.channel)
    await remind(world, world.channel)
    (thread,) = world.channel.threads
    await world.as_bot(world.channel.history()[0].delete())
    world.env.backend.delete_channel(thread.id)
    await until(world, 5)
    assert heads(world, world.channel) == ["### 🔔 Due tomorrow · ⏳ Deadline"]
    assert len(world.channel.threads) == 1


async def test_a_digest_needs_no_thread(world: World) -> None:
    await world.transact(lambda work: open_one(work, telling(due=FRIDAY)))
    await follow(world, world.channel, Place.THREADS, rhythm=Rhythm.DAILY)
    await until(world, 3)
    assert len(heads(world, world.channel)) == 1
    assert world.channel.threads == []


async def test_after_downtime_alert_and_reminder_of_one_batch_share_a_thread(world: World) -> None:
    await follow(world, world.channel, Place.THREADS)
    await say(world, world.channel, telling(due=days(2, 3)), later=False)
    await remind(world, world.channel)
    world.env.inject_error("POST", "/channels/*/messages", status=503, times=None)
    await until(world, 3, 10)
    world.env.backend.faults.clear()
    await until(world, 3, 22)
    (thread,) = world.channel.threads
    assert heads(world, world.channel) == ["### ⏳ Deadline"]
    assert heads(world, thread) == ["### 🔔 Due today · ⏳ Deadline"]


# --- forums -----------------------------------------------------------------------------------------------


def a_forum(world: World, *tags: str, required: bool = False) -> Any:
    forum = world.guild.create_forum_channel("deadlines-forum")
    channel = world.env.backend.channels[forum.id]
    channel.available_tags = [
        {"id": str(900 + number), "name": name, "moderated": False, "emoji_id": None, "emoji_name": None}
        for number, name in enumerate(tags)
    ]
    if required:
        channel.flags = 1 << 4
    world.env.backend.announce_channel_update(forum.id)
    return forum


async def test_each_follow_up_is_a_post_with_its_tag_and_its_reminders_in_it(world: World) -> None:
    forum = a_forum(world, "Events", "Deadlines")
    await world.env.settle()
    await follow(world, forum, Place.FORUM)
    await say(world, forum)
    event = await say(world, forum, telling("Envoys will meet in Geneva.", due=FRIDAY, kind=Kind.EVENT, speaker=None))
    await remind(world, forum, Place.FORUM)
    deadline_post, event_post = forum.threads
    assert event_post.name == f"Reported by The Meridian: Envoys will meet in Geneva. · #{event}"
    tagged = [world.env.backend.channels[post.id].applied_tags for post in (deadline_post, event_post)]
    assert tagged == [[901], [900]]
    await until(world, 6)
    assert len(forum.threads) == 2
    assert heads(world, deadline_post) == [
        "### ⏳ Deadline",
        "### 🔔 Due tomorrow · ⏳ Deadline",
        "### 🔔 Due today · ⏳ Deadline",
    ]


@pytest.mark.parametrize(
    ("language", "tag", "applied"), [("fr", "Échéance", 0), (None, "News", 0), (None, "DEADLINE", 1)]
)
async def test_tags_are_known_by_the_names_of_kinds(world: World, language: str | None, tag: str, applied: int) -> None:
    forum = a_forum(world, tag)
    await world.env.settle()
    await follow(world, forum, Place.FORUM, language=language)
    await say(world, forum)
    # The French word counts once the catalogue has it.
    assert len(world.env.backend.channels[forum.threads[0].id].applied_tags) >= applied


async def test_a_forum_that_wants_a_tag_gets_one_although_none_fits(world: World) -> None:
    forum = a_forum(world, "News", "Rumours", required=True)
    await world.env.settle()
    await follow(world, forum, Place.FORUM)
    await say(world, forum)
    known = world.env.bot.get_channel(forum.id)
    assert isinstance(known, discord.ForumChannel)
    expected = [900] if known.flags.require_tag else []
    assert world.env.backend.channels[forum.threads[0].id].applied_tags == expected


async def test_a_retold_follow_up_edits_the_first_message_of_its_post(world: World) -> None:
    forum = a_forum(world)
    await follow(world, forum, Place.FORUM)
    number = await say(world, forum)
    followup = await world.transact(lambda work: work.followups.get(number))
    assert followup is not None
    await retold(world.database, followup, telling(due=FRIDAY, outlet="Gazette"), "norland")
    await world.transact(lambda work: work.outbox.reword(number))
    (post,) = forum.threads
    world.env.inject_error("PATCH", f"/channels/{post.id}/messages/*", status=400, code=50083)
    await world.pass_time(A_ROUND)
    assert "Gazette" in world.texts(post)[0]


async def test_an_uncertain_answer_makes_no_second_post(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    forum = a_forum(world)
    await follow(world, forum, Place.FORUM)
    http = world.env.bot.http
    passed_on = http.request
    lost: list[Any] = []

    async def request(route: Any, **kwargs: Any) -> Any:
        answer = await passed_on(route, **kwargs)
        if route.path == "/channels/{channel_id}/threads" and not lost:
            lost.append(route)
            message = "Server disconnected"
            raise ConnectionResetError(message)
        return answer

    monkeypatch.setattr(http, "request", request)
    await say(world, forum)
    await world.pass_time(A_ROUND)
    assert lost
    assert len(forum.threads) == 1
    await remind(world, forum, Place.FORUM)
    await until(world, 5)
    assert len(heads(world, forum.threads[0])) == 2


async def test_a_post_that_was_deleted_is_opened_anew_by_the_next_reminder(world: World) -> None:
    forum = a_forum(world)
    await follow(world, forum, Place.FORUM)
    await say(world, forum)
    await remind(world, forum, Place.FORUM)
    world.env.backend.delete_channel(forum.threads[0].id)
    await until(world, 5)
    assert heads(world, forum.threads[0]) == ["### 🔔 Due tomorrow · ⏳ Deadline"]


async def test_a_digest_is_a_post_of_its_day(world: World) -> None:
    forum = a_forum(world)
    await world.transact(lambda work: open_one(work, telling(due=FRIDAY)))
    await follow(world, forum, Place.FORUM, rhythm=Rhythm.DAILY)
    await until(world, 4)
    assert [post.name for post in forum.threads] == [
        "Your digest · Tuesday, 3 March 2026 · Norland",
        "Your digest · Wednesday, 4 March 2026 · Norland",
    ]


async def test_what_is_lacking_in_a_forum_is_named_as_discord_calls_it_there(world: World) -> None:
    managers, forum = await notices_go_to(world), a_forum(world)
    await follow(world, forum, Place.FORUM)
    await deny(world, forum, send_messages=True)
    await say(world, forum)
    await world.pass_time(A_ROUND)
    assert "I lack **Create Posts**" in world.texts(managers)[0]


async def test_an_order_moved_from_its_forum_to_a_channel_posts_as_that_channel_takes_it(world: World) -> None:
    forum = a_forum(world)
    await follow(world, world.channel, Place.FORUM)
    await say(world, world.channel)
    assert heads(world, world.channel) == ["### ⏳ Deadline"]
    await follow(world, forum, Place.CHANNEL)
    await say(world, forum)
    assert len(forum.threads) == 1


# --- quiet hours, pings, validity -------------------------------------------------------------------------


async def test_the_ping_waits_out_quiet_hours_with_its_alert(world: World) -> None:
    role = world.guild.create_role("Desk", mentionable=True)
    forum = a_forum(world)
    night = QuietHours(11, 20)
    await world.transact(lambda work: open_one(work, telling(due=days(2, 4))))
    for channel, place in ((world.channel, Place.THREADS), (forum, Place.FORUM)):
        await world.follow(
            a_wish(guild_id=world.guild.id, channel_id=channel.id, place=place, role_id=role.id, quiet=night, hour=12)
        )
    await until(world, 3, 19)
    assert heads(world, world.channel) == []
    assert forum.threads == []
    assert not calls(world, "POST", "/channels/")
    await until(world, 4, 1)
    assert world.texts(world.channel)[0].startswith(f"<@&{role.id}>")
    assert world.texts(forum.threads[0])[0].startswith(f"<@&{role.id}>")


@openapi.needs_document
async def test_all_of_it_is_valid_to_discord(world: World) -> None:
    forum = a_forum(world, "Deadline")
    await world.env.settle()
    for channel, place in ((world.channel, Place.THREADS), (forum, Place.FORUM)):
        await follow(world, channel, place)
        await say(world, channel)
        await remind(world, channel, place)
    world.env.inject_error("POST", f"/channels/{world.channel.threads[0].id}/messages", status=400, code=50083)
    await until(world, 8)
    assert len(calls(world, "POST", "/threads")) >= 2
    assert [fault for call in world.env.http_requests for fault in openapi.faults(call)] == []
