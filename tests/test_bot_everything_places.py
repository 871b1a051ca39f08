"""Commands in odd places: threads, voice channels, channels that the bot cannot see, servers that it is not in."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from simcord.builders import ChannelHandle

from tests.discord_world import World, buttons_of, discord_world, text_of
from tests.driven import FOR_ANYBODY, FOR_MANAGERS
from tests.driven_cards import alerted
from tests.driven_personal import BY_FRIDAY
from tests.driven_setup import silence
from tests.everything import Watch, said_after
from tests.factories import a_topic
from tests.fakes import ScriptedFetcher

TOPICS = [a_topic("norland", "Norland")]
ANOTHER_SERVER = 424242424242424242
A_GROUP = 3
_VIEW = 1 << 10


@pytest.fixture
async def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[World]:
    fetcher, public = ScriptedFetcher(), "https://news.example"
    async with discord_world(tmp_path, monkeypatch, fetcher=fetcher, topics=TOPICS, public_url=public) as there:
        yield there


def a_thread(world: World) -> ChannelHandle:
    made = world.env.backend.create_thread(world.channel.id, "a thread", world.moderator.id)
    return ChannelHandle(world.env, world.guild, made)


def unseen(world: World) -> ChannelHandle:
    channel = world.guild.create_text_channel("back-room")
    silence(world, channel, _VIEW)
    there: ChannelHandle = channel
    return there


PLACES = {
    "thread": a_thread,
    "voice": lambda world: world.guild.create_voice_channel("talk"),
    "stage": lambda world: world.guild.create_stage_channel("stage"),
    "news": lambda world: world.guild.create_news_channel("news"),
    "unseen": unseen,
}


@pytest.mark.parametrize("place", PLACES)
async def test_every_command_answers_in_any_channel(world: World, monkeypatch: pytest.MonkeyPatch, place: str) -> None:
    await alerted(world)
    there: Any = PLACES[place](world)
    await world.env.settle()
    watch = Watch(world, monkeypatch)
    told = {}
    for name, options in (FOR_ANYBODY | FOR_MANAGERS).items():
        told[name] = said_after(await world.moderator.slash(there, name, **options))
    assert watch.failures() == []
    assert all(told.values()), told
    if place in {"voice", "stage"}:
        assert told["subscribe"].startswith("I post in text channels, threads and forums.")
    elif place == "unseen":
        assert "give me **View Channel**" in told["subscribe"]
    else:
        assert "📝 Draft: not saved yet" in told["subscribe"]


def carry_away(world: World, **changes: Any) -> None:
    """Let all that is used from now on come from a place where the bot is not."""
    backend = world.env.backend
    emit = backend.emit

    def emit_elsewhere(event: str, payload: dict[str, Any], *more: Any, **named: Any) -> Any:
        if event == "INTERACTION_CREATE":
            payload.update(changes)
            payload["authorizing_integration_owners"] = {"1": str(world.analyst.id)}
            if "guild_id" not in changes:
                payload.pop("guild_id", None)
                payload["user"] = payload.pop("member", {}).get("user") or payload.get("user")
        return emit(event, payload, *more, **named)

    backend.emit = emit_elsewhere


WHERE = {
    "a server without the bot": {
        "guild_id": str(ANOTHER_SERVER),
        "guild": {"id": str(ANOTHER_SERVER), "locale": "en-US", "features": []},
        "context": 0,
    },
    "a group of friends": {"context": 2, "channel": {"id": "77", "type": A_GROUP, "name": None, "recipients": []}},
}


@pytest.mark.parametrize("where", WHERE)
async def test_what_people_take_along_works_where_the_bot_is_not(
    world: World, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    await alerted(world)
    message = await world.moderator.send(world.channel, BY_FRIDAY)
    carry_away(world, **WHERE[where])
    watch, actor, there = Watch(world, monkeypatch), world.analyst, world.channel
    kept = await actor.slash(there, "remind", when="in 3 days", note="look")
    assert "I will send you a direct message" in said_after(kept)
    about = await actor.slash(there, "remind", when="in 2 days", followup="1")
    assert "Norland will leave the port." in said_after(about)
    listed = (await actor.slash(there, "reminders")).response
    await actor.select(listed, ["1"], custom_id="reminder:choose")
    assert "> look" in text_of(listed)
    await actor.submit_modal(await actor.click(listed, label="Change…"), {"note": "look twice"})
    assert "> look twice" in text_of(listed)
    await actor.click(listed, label="Cancel")
    assert "Cancelled" in text_of(listed)
    found = await actor.slash(there, "scan", text=BY_FRIDAY)
    assert BY_FRIDAY in said_after(await actor.click(found.response, label="Remind me"))
    assert "🔎 1 statement" in said_after(await actor.context_menu(there, "Find deadlines", message))
    assert "time zone of your own" in said_after(await actor.slash(there, "timezone"))
    shown = (await actor.slash(there, "help")).response
    await actor.select(shown, ["yourself"], custom_id="help:subject")
    assert "`/remind`" in text_of(shown)
    for field, typed in (("when", ""), ("every", ""), ("followup", "port")):
        assert await actor.autocomplete(there, "remind", field, typed)
    assert watch.failures() == []
    assert buttons_of(found.response)
