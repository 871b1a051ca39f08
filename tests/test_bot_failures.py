"""Failures: the person gets one line and an id, the operator finds the id in the log, the next command works."""

from __future__ import annotations

import logging
import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import NoReturn

import pytest

from storage.errors import DatabaseError
from tests.discord_world import World, discord_world, text_of
from tests.factories import a_topic, a_wish
from tests.fakes import ScriptedFetcher
from tests.logged import logged


@pytest.fixture
async def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[World]:
    topics = [a_topic("norland", "Norland")]
    async with discord_world(tmp_path, monkeypatch, fetcher=ScriptedFetcher(), topics=topics) as there:
        yield there


async def locked(*_: object, **__: object) -> NoReturn:
    message = "the file has been locked for too long"
    raise DatabaseError(message)


def forget_errors(world: World) -> None:
    """They were meant to happen."""
    world.env._errors.clear()


@pytest.mark.parametrize(("command", "door"), [("status", "look"), ("remind", "transact")])
async def test_a_failure_of_ours_is_told_with_an_id_that_is_in_the_log(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, command: str, door: str
) -> None:
    options = {"when": "in 3 days", "note": "x"} if command == "remind" else {}
    with monkeypatch.context() as broken, caplog.at_level(logging.ERROR):
        broken.setattr(type(world.database), door, locked)
        answer = await world.analyst.slash(world.channel, command, **options)
    line = text_of(answer.response)
    assert answer.ephemeral
    assert "\n" not in line
    assert "locked" not in line
    found = re.search(r"`([0-9a-f]{8})`", line)
    assert found is not None
    assert found[1] in logged(caplog)
    assert "DatabaseError: the file has been locked" in logged(caplog)
    assert "Traceback" in logged(caplog)
    forget_errors(world)
    assert "Status" in text_of((await world.analyst.slash(world.channel, "status")).response)


async def test_a_failing_page_button_is_told_too(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    await world.follow(*(a_wish(guild_id=world.guild.id, topic=f"topic-{number}") for number in range(12)))
    shown = (await world.moderator.slash(world.channel, "subscriptions")).response
    with monkeypatch.context() as broken:
        broken.setattr(type(world.database), "look", locked)
        answer = await world.moderator.click(shown, label="Next ▶")
    assert re.search(r"`[0-9a-f]{8}`", text_of(answer.followups[0]))
    assert answer.followups[0].ephemeral
    assert "Page 1 of 2" in text_of(shown)


async def test_a_list_that_is_offered_no_more_is_refused(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    await world.follow(*(a_wish(guild_id=world.guild.id, topic=f"topic-{number}") for number in range(12)))
    shown = (await world.moderator.slash(world.channel, "subscriptions")).response
    for cog in world.env.bot.cogs.values():
        monkeypatch.setattr(cog, "listings", {})
    answer = await world.moderator.click(shown, label="Next ▶")
    assert text_of(answer.followups[0]) == "That list is no longer offered."


async def test_a_failing_autocomplete_offers_nothing_and_is_logged(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with monkeypatch.context() as broken, caplog.at_level(logging.ERROR):
        broken.setattr(type(world.database), "look", locked)
        assert await world.analyst.autocomplete(world.channel, "followups show", "followup", "x") == []
    assert "the file has been locked" in logged(caplog)
    forget_errors(world)


async def test_commands_that_cannot_be_synced_stop_nothing(world: World, caplog: pytest.LogCaptureFixture) -> None:
    world.env.inject_error("GET", "/applications/*/commands", status=503, times=None)
    with caplog.at_level(logging.WARNING):
        await world.restart()
    assert "could not be brought up to date" in logged(caplog)
    assert "Status" in text_of((await world.analyst.slash(world.channel, "status")).response)


async def test_a_failing_tick_is_logged_and_the_next_one_runs(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    await world.analyst.slash(world.channel, "remind", when="tomorrow 9:00", note="x")
    with monkeypatch.context() as broken, caplog.at_level(logging.ERROR):
        broken.setattr(type(world.database), "transact", locked)
        await world.pass_time(timedelta(days=1))
    assert "the file has been locked for too long; what is to be done waits" in logged(caplog)
    assert world.texts(world.analyst.user.dm_channel) == []
    await world.pass_time(timedelta(days=1))
    assert len(world.texts(world.analyst.user.dm_channel)) == 1
