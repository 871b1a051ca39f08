"""What one server's own feed says, in Discord: other servers see it nowhere, and its numbers answer as if unused."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import discord
import pytest
from discord import ui

from bot.views.rating import Deed, On
from tests.discord_world import A_ROUND, World, discord_world, text_of
from tests.everything import said_after
from tests.factories import MONDAY_NOON, a_topic, a_wish, an_article
from tests.fakes import ScriptedFetcher
from tests.storing import days, open_one, stored, telling
from watchers.feed_model import GuildFeedWish
from watchers.ports import UnitOfWork
from watchers.rating import Outcome

SECRET = "Quell"
"""A word of what the feed says, in its speaker's name and in its words."""
OWN, UNUSED = 2, 77
ADDRESS = "https://lantern.example/rss"


@pytest.fixture
async def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[World]:
    topics = [a_topic("norland", "Norland")]
    async with discord_world(tmp_path, monkeypatch, fetcher=ScriptedFetcher(), topics=topics) as there:
        yield there


@dataclass
class Somewhere:
    """A server, with somebody who may do everything there."""

    guild: Any
    channel: Any
    manager: Any


@dataclass
class Servers:
    """The one that added the feed, and another."""

    hostile: Somewhere
    other: Somewhere


@pytest.fixture
async def servers(world: World) -> Servers:
    """Everybody hears of #1, the hostile server alone of #2."""
    may = discord.Permissions(manage_guild=True, manage_messages=True, create_events=True)
    found = []
    for name in ("Hostile", "Other"):
        guild = world.env.create_guild(name)
        user = world.env.create_user(f"manager of {name}")
        manager = guild.add_member(user, roles=[guild.create_role("All", permissions=may)])
        found.append(Somewhere(guild, guild.create_text_channel("general"), manager))

    def fill(work: UnitOfWork) -> None:
        assert open_one(work, telling(due=days(2, 6), countries=("FR",))).id == 1
        wish = GuildFeedWish(found[0].guild.id, ADDRESS, "The Lantern", "en", "UTC", full_text=False, added_by=7)
        feed = work.guild_feeds.add(wish, MONDAY_NOON)
        told = telling(f"{SECRET} will sail by Friday.", due=days(2, 6), speaker=f"Ada {SECRET}", countries=("FR",))
        work.followups.open(stored(work, an_article(key="own"), feed_id=feed.id), told, ("norland",))

    hostile, other = found
    await world.transact(fill)
    return Servers(hostile, other)


# --- what is listed, drawn, handed out and offered -----------------------------------------------------------

READ: dict[str, dict[str, Any]] = {
    "followups pending": {},
    "followups due": {"topic": "norland"},
    "followups recent": {"country": "FR"},
    "followups search": {"text": "sail"},
    "record speaker": {"name": f"Ada {SECRET}"},
    "timeline": {"topic": "norland"},
    "export": {"format": "json"},
    "calendar file": {},
}
TYPED = {
    ("followups show", "followup"): "quell",
    ("remind", "followup"): f"#{OWN}",
    ("followups pending", "speaker"): "ada",
    ("record speaker", "name"): "ada",
}


async def read(world: World, actor: Any, channel: Any, command: str) -> str:
    """Return all that somebody reads, and what stands in the files they get."""
    place = () if channel is None else (channel,)
    answer = await actor.slash(*place, command, **READ[command])
    files = [file for message in (answer.response, *answer.followups) if message for file in message.attachments]
    contents = [f"{world.env.backend.cdn.get(file.url)!r} {file.description}" for file in files]
    return "\n".join((said_after(answer), *contents))


@pytest.mark.parametrize("command", READ)
async def test_no_other_server_reads_it(world: World, servers: Servers, command: str) -> None:
    here, there = servers.hostile, servers.other
    asked = READ[command].get("name", "")
    assert SECRET in (await read(world, here.manager, here.channel, command)).replace(asked, "", 1)
    told = await read(world, there.manager, there.channel, command)
    assert SECRET not in told.replace(asked, "") if asked else SECRET not in told
    private = await read(world, there.manager.user, None, command)
    assert SECRET not in (private.replace(asked, "") if asked else private)


@pytest.mark.parametrize(("command", "field"), TYPED)
async def test_to_no_other_server_is_it_offered(servers: Servers, command: str, field: str) -> None:
    offers = [
        await one.manager.autocomplete(one.channel, command, field, TYPED[command, field])
        for one in (servers.hostile, servers.other)
    ]
    assert SECRET in str(offers[0])
    assert SECRET not in str(offers[1])


# --- what is asked for by number -----------------------------------------------------------------------------


async def pressed(world: World, actor: Any, channel: Any, custom_id: str) -> str:
    """Return what comes of a button that was forged, whoever made it up."""
    message = await world.shown(channel, ui.Button(label="x", custom_id=custom_id))
    result = await actor.click(message, custom_id=custom_id)
    return said_after(result) + str(text_of(channel.history()[-1]))


BUTTONS = [
    *(f"card:{deed}:{{number}}:{on}:{more}" for deed in Deed for on in On for more in (0, 1)),
    "remind:{number}",
    "rejoin:1:{number}",
    "rejoin:{number}:1",
]


async def test_its_number_answers_elsewhere_as_one_that_was_never_given(world: World, servers: Servers) -> None:
    there = servers.other
    for button in BUTTONS:
        channel = there.guild.create_text_channel("pressed")  # a new one each time: its history is short to read
        own, unused = [
            (await pressed(world, there.manager, channel, button.format(number=number))).replace(f"#{number}", "#…")
            for number in (OWN, UNUSED)
        ]
        assert own == unused, button
        assert SECRET not in own
    for command in ("followups show", "remind"):
        options = {"when": "in 3 days"} if command == "remind" else {}
        own, unused = [
            said_after(await there.manager.slash(there.channel, command, followup=str(number), **options))
            for number in (OWN, UNUSED)
        ]
        assert own.replace(str(OWN), "…") == unused.replace(str(UNUSED), "…")
    shown = await world.shown(there.channel, ui.Button(label="x", custom_id="same:1"))
    for typed in (str(OWN), str(UNUSED)):
        form = await there.manager.click(shown, custom_id="same:1")
        told = said_after(await there.manager.submit_modal(form, {"typed": typed}))
        assert told == f"`#1` and `#{typed}` are one already, or one of them is not there."
    [case] = await world.database.look(lambda work: work.cases.of(servers.hostile.guild.id, [OWN]))
    assert (case.ratings, case.notes, case.muted_by) == ((), (), None)
    assert not await world.database.look(lambda work: work.cases.complaints())


async def test_its_own_server_uses_it_as_any_other(world: World, servers: Servers) -> None:
    here = servers.hostile
    card = (await here.manager.slash(here.channel, "followups show", followup=str(OWN))).response
    assert SECRET in text_of(card)
    await here.manager.click(card, label="Kept")
    [case] = await world.database.look(lambda work: work.cases.of(here.guild.id, [OWN]))
    assert [rating.outcome for rating in case.ratings] == [Outcome.KEPT]
    form = await here.manager.click(
        await world.shown(here.channel, ui.Button(label="x", custom_id=f"same:{OWN}")), custom_id=f"same:{OWN}"
    )
    told = said_after(await here.manager.submit_modal(form, {"typed": "1"}))
    assert told == "They cannot be one: what a feed says that this server added is for this server alone."


# --- people outside servers ----------------------------------------------------------------------------------


async def test_a_reminder_of_it_comes_to_whoever_set_it_and_can_be_put_off(world: World, servers: Servers) -> None:
    person, channel = servers.hostile.manager, servers.hostile.channel
    assert SECRET in said_after(await person.slash(channel, "remind", when="in 3 hours", followup=str(OWN)))
    assert SECRET in said_after(await person.user.slash("reminders"))
    await world.pass_time(A_ROUND)
    (message,) = person.user.dm_channel.history()
    assert SECRET in text_of(message)
    await person.user.click(message, custom_id=f"snooze:{OWN}:hour")
    ((_, reminder),) = await world.database.look(lambda work: work.reminders.of_user(person.user.id))
    assert reminder.followup_id == OWN


async def test_who_watches_it_hears_of_it_and_ends_that_by_direct_message(world: World, servers: Servers) -> None:
    person, channel = servers.hostile.manager, servers.hostile.channel
    guild = servers.hostile.guild
    role = guild.create_role("Raters", permissions=discord.Permissions(manage_messages=True))
    rater = guild.add_member(world.env.create_user("rater"), roles=[role])
    card = (await person.slash(channel, "followups show", followup=str(OWN))).response
    await person.click(card, label="Watch")
    await rater.click((await rater.slash(channel, "followups show", followup=str(OWN))).response, label="Kept")
    await world.pass_time(A_ROUND)
    (message,) = person.user.dm_channel.history()
    assert SECRET in text_of(message)
    assert SECRET in said_after(await person.user.click(message, label="Card"))
    assert "no longer" in said_after(await person.user.click(message, label="Stop watching"))
    assert "There is no follow-up" in said_after(await person.user.click(message, label="Card"))


async def test_alerts_go_to_its_own_server_alone(world: World, servers: Servers) -> None:
    for one in (servers.hostile, servers.other):
        await world.follow(a_wish(guild_id=one.guild.id, channel_id=one.channel.id, topic="*"))
    await world.pass_time(A_ROUND * 24)
    assert any(SECRET in text for text in world.texts(servers.hostile.channel))
    told = world.texts(servers.other.channel)
    assert told
    assert not any(SECRET in text for text in told)
