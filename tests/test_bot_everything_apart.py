"""Nothing of one server is seen or changed from another, and nothing of one person by somebody else."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import discord
import pytest
from discord import ui

from bot.views.order_draft import OrderDraft, packed
from tests.discord_world import World, discord_world, text_of
from tests.driven_cards import alerted, card_of, rater_of
from tests.driven_feeds import MERIDIAN, holds, own_feeds, stands
from tests.driven_orders import begun, ids_in, written
from tests.everything import said_after
from tests.factories import a_topic, a_wish
from tests.fakes import ScriptedFetcher
from tests.storing import days, opened, telling
from watchers.rating import Case

TOPICS = [a_topic("norland", "Norland")]
PUBLIC = "https://news.example"


@pytest.fixture
async def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[World]:
    fetcher = ScriptedFetcher()
    async with discord_world(tmp_path, monkeypatch, fetcher=fetcher, topics=TOPICS, public_url=PUBLIC) as there:
        yield there


@dataclass
class Elsewhere:
    """Another server, with somebody who may do everything there."""

    guild: Any
    channel: Any
    manager: Any


@pytest.fixture
def elsewhere(world: World) -> Elsewhere:
    guild = world.env.create_guild("Elsewhere")
    may = discord.Permissions(manage_guild=True, manage_messages=True)
    manager = guild.add_member(world.env.create_user("neighbour"), roles=[guild.create_role("All", permissions=may)])
    return Elsewhere(guild, guild.create_text_channel("general"), manager)


async def case_of(world: World, guild: Any) -> Case:
    (case,) = await world.database.look(lambda work: tuple(work.cases.of(guild.id, [1])))
    return case


async def settled_here(world: World) -> Any:
    """A follow-up that is rated, noted on, muted and watched here; return who did it."""
    await alerted(world)
    rater = rater_of(world)
    card = await card_of(world, rater)
    await rater.submit_modal(await rater.click(card, label="Note…"), {"typed": "a word among us"})
    for label in ("Mute", "Watch", "Broken"):
        await rater.click(card, label=label)
    return rater


async def test_ratings_notes_muting_and_watching_are_a_servers_own(world: World, elsewhere: Elsewhere) -> None:
    rater = await settled_here(world)
    shown = (await elsewhere.manager.slash(elsewhere.channel, "followups show", followup="1")).response
    text = text_of(shown)
    assert text.startswith("### 🔵 Pending")
    for secret in ("a word among us", "Broken", f"<@{rater.id}>", "muted"):
        assert secret not in text
    labels = {one["label"] for row in shown.components if row["type"] == 1 for one in row["components"]}
    assert {"Mute", "Watch"} <= labels
    assert labels.isdisjoint({"Unmute", "Stop watching", "Undo"})
    private = (await rater.user.slash("followups show", followup="1")).response
    assert "a word among us" not in text_of(private)
    assert text_of(private).startswith("### 🔵 Pending")


async def test_what_is_rated_elsewhere_changes_nothing_here(world: World, elsewhere: Elsewhere) -> None:
    await settled_here(world)
    card = (await elsewhere.manager.slash(elsewhere.channel, "followups show", followup="1")).response
    await elsewhere.manager.click(card, label="Kept")
    (rating,) = (await case_of(world, world.guild)).ratings
    assert rating.outcome == "broken"
    undo: ui.Button[ui.LayoutView] = ui.Button(label="x", custom_id=f"card:undo:1:a:{rating.id}")
    message = await world.shown(elsewhere.channel, undo)
    refused = await elsewhere.manager.click(message, custom_id=undo.custom_id)
    assert "does not stand any more" in said_after(refused)
    assert len((await case_of(world, world.guild)).ratings) == 1


async def test_lists_pictures_and_files_hold_no_rating_of_another_server(world: World, elsewhere: Elsewhere) -> None:
    await settled_here(world)
    actor, channel = elsewhere.manager, elsewhere.channel
    assert "☑️ 0 rated" in said_after(await actor.slash(channel, "followups settled"))
    assert "🗓️ 1 pending" in said_after(await actor.slash(channel, "followups pending"))
    assert "#1" in said_after(await actor.slash(channel, "timeline"))
    for form in ("csv", "json"):
        (file,) = (await actor.slash(channel, "export", format=form)).response.attachments
        content = world.env.backend.cdn.get(file.url).decode()
        for secret in ("a word among us", "broken", str(world.guild.id)):
            assert secret not in content
    (file,) = (await actor.slash(channel, "calendar file")).response.attachments
    assert "broken" not in world.env.backend.cdn.get(file.url).decode().casefold()


async def test_topics_of_another_server_are_neither_offered_nor_named_nor_changed(
    world: World, elsewhere: Elsewhere
) -> None:
    topic = await written(world, "Secret plans")
    await opened(world.database, telling("Norland will leave the port.", due=days(2, 9)), "norland", topic.id)
    actor, channel = elsewhere.manager, elsewhere.channel
    typing = [("subscribe", "topic"), ("topics edit", "topic"), ("topics delete", "topic"), ("topics test", "query")]
    typing += [(name, "topic") for name in ("followups pending", "timeline", "export", "calendar file")]
    for command, field in typing:
        offered = await actor.autocomplete(channel, command, field, "secret")
        assert offered == [], command
    for command in ("subscribe", "followups pending", "timeline", "calendar subscribe", "topics edit", "topics delete"):
        for name in ("Secret plans", topic.id):
            told = said_after(await actor.slash(channel, command, topic=name))
            assert "There is no topic" in told or "no topics of its own" in told, (command, told)
    listed = said_after(await actor.slash(channel, "topics list"))
    assert "Secret plans" not in listed + said_after(await actor.slash(channel, "followups show", followup="1"))
    for action in ("save", "delete"):
        item: ui.Button[ui.LayoutView] = ui.Button(label="x", custom_id=f"topic:{action}:{topic.number}:Ours")
        message = await world.shown(channel, item)
        told = said_after(await actor.click(message, custom_id=item.custom_id))
        assert "deleted meanwhile" in text_of(channel.history()[-1]) + told or "gone already" in told
    (kept,) = (await world.database.look(lambda work: work.guilds.get(world.guild.id))).topics
    assert kept.wish.name == "Secret plans"


async def test_subscriptions_of_another_server_are_neither_seen_nor_changed(world: World, elsewhere: Elsewhere) -> None:
    await begun(world, rhythm="daily")
    (order,) = await world.database.look(lambda work: tuple(work.subscriptions.of_guild(world.guild.id)))
    actor, channel = elsewhere.manager, elsewhere.channel
    assert "🔔 0 subscriptions" in said_after(await actor.slash(channel, "subscriptions"))
    assert await actor.autocomplete(channel, "unsubscribe", "subscription", "") == []
    told = said_after(await actor.slash(channel, "unsubscribe", subscription=f"{world.channel.id}:norland"))
    assert "does not follow" in told
    options = [discord.SelectOption(label="x", value=str(order.id))]
    message = await world.shown(channel, ui.Select(custom_id="orders:open", options=options))
    assert "has ended meanwhile" in said_after(await actor.select(message, [str(order.id)]))
    stolen = OrderDraft(a_wish(guild_id=elsewhere.guild.id, channel_id=world.channel.id, topic="norland"), order.id)
    for action in ("save", "pause", "ended", "cancel"):
        item: ui.Button[ui.LayoutView] = ui.Button(label="x", custom_id=f"o:{action}:1:{packed(stolen)}"[:100])
        rest = packed(stolen)[100 - len(f"o:{action}:1:") :]
        more: ui.Button[ui.LayoutView] = ui.Button(label="y", custom_id=f"o:what:2:{rest}")
        message = await world.shown(channel, item, more)
        told = said_after(await actor.click(message, custom_id=item.custom_id))
        assert "has ended meanwhile" in told or "channel is gone" in told, (action, told)
    assert await world.database.look(lambda work: tuple(work.subscriptions.of_guild(world.guild.id))) == (order,)
    assert await world.database.look(lambda work: tuple(work.subscriptions.of_guild(elsewhere.guild.id))) == ()


async def test_a_channel_of_another_server_cannot_be_subscribed_in_a_draft(world: World, elsewhere: Elsewhere) -> None:
    wish = a_wish(guild_id=elsewhere.guild.id, channel_id=world.channel.id, topic="norland")
    text = packed(OrderDraft(wish))
    first: ui.Button[ui.LayoutView] = ui.Button(label="x", custom_id=f"o:save:1:{text[:80]}")
    second: ui.Button[ui.LayoutView] = ui.Button(label="y", custom_id=f"o:what:2:{text[80:]}")
    message = await world.shown(elsewhere.channel, first, second)
    told = said_after(await elsewhere.manager.click(message, custom_id=first.custom_id))
    assert "That channel is gone, or I cannot see it" in told
    assert await world.database.look(lambda work: tuple(work.subscriptions.of_channel(world.channel.id))) == ()


async def test_feeds_of_another_server_are_neither_seen_nor_changed(world: World, elsewhere: Elsewhere) -> None:
    feed = await holds(world, MERIDIAN, "Secret source")
    actor, channel = elsewhere.manager, elsewhere.channel
    for command in ("feeds list", "feeds status", "feeds export"):
        told = said_after(await actor.slash(channel, command))
        assert "Secret source" not in told
        assert "0 feeds" in told or "no feeds" in told
    for command in ("feeds status", "feeds remove"):
        assert await actor.autocomplete(channel, command, "feed", "") == []
        told = said_after(await actor.slash(channel, command, feed=str(feed.id)))
        assert "There is no feed" in told or "has added no feeds" in told
    await stands(world, feed, stopped=True)
    for action in ("ask", "remove", "removed", "keep"):
        item: ui.Button[ui.LayoutView] = ui.Button(label="x", custom_id=f"feed:{action}:{feed.id}")
        message = await world.shown(channel, item)
        told = said_after(await actor.click(message, custom_id=item.custom_id))
        assert "That feed is no longer read here." in told, action
    options = [discord.SelectOption(label="x", value=str(feed.id))]
    message = await world.shown(channel, ui.Select(custom_id="feeds:open", options=options))
    assert "That feed is no longer read here." in said_after(await actor.select(message, [str(feed.id)]))
    (kept,) = await own_feeds(world)
    assert kept.feed.stopped


async def test_addresses_of_another_server_are_neither_offered_nor_ended(world: World, elsewhere: Elsewhere) -> None:
    await world.moderator.slash(world.channel, "calendar subscribe")
    actor, channel = elsewhere.manager, elsewhere.channel
    assert await actor.autocomplete(channel, "calendar revoke", "topic", "") == []
    assert "There is no address" in said_after(await actor.slash(channel, "calendar revoke"))
    assert len(await world.database.look(lambda work: tuple(work.shares.of_guild(world.guild.id)))) == 1
    assert world.analyst.id != world.moderator.id
    assert await world.analyst.autocomplete(world.channel, "calendar revoke", "topic", "") == []


async def test_reminders_of_somebody_else_are_neither_seen_nor_changed(world: World) -> None:
    await world.analyst.slash(world.channel, "remind", when="in 3 days", note="mine alone")
    other = world.moderator
    assert "📌 0 open reminders" in said_after(await other.slash(world.channel, "reminders"))
    for step in ("show", "change", "cancel"):
        item: ui.Button[ui.LayoutView] = ui.Button(label="x", custom_id=f"reminder:{step}:1")
        message = await world.shown(world.channel, item)
        told = said_after(await other.click(message, custom_id=item.custom_id))
        assert "mine alone" not in told
        assert "That reminder has come, or you have cancelled it." in told
    assert len(await world.database.look(lambda work: tuple(work.reminders.of_user(world.analyst.id)))) == 1


async def test_what_is_shown_to_one_person_is_shown_to_nobody_else(world: World) -> None:
    await settled_here(world)
    answers = [
        await world.analyst.slash(world.channel, "followups pending"),
        await world.analyst.slash(world.channel, "followups show", followup="1"),
        await world.analyst.slash(world.channel, "remind", when="in 3 days", note="mine alone"),
        await world.analyst.slash(world.channel, "export", format="csv"),
        await world.moderator.slash(world.channel, "subscriptions"),
        await world.moderator.slash(world.channel, "setup"),
    ]
    assert [one.ephemeral for one in answers] == [True] * len(answers)
    public = [message for message in world.channel.history() if not message.flags.ephemeral]
    assert len(public) == 1  # the alert
    assert "mine alone" not in json.dumps([text_of(one) for one in public])
    assert ids_in(public[0])
