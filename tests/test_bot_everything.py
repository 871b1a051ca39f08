"""Nothing of the bot is left untried: each command, field, component and form has a scenario that uses it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.discord_world import World, discord_world
from tests.driven import DRIVEN
from tests.driven_feeds import WEB
from tests.everything import (
    Scenario,
    Watch,
    commands_of,
    everything,
    forms,
    is_known,
    names_of,
    registered,
    scenarios,
    typed_of,
    written,
)
from tests.factories import a_topic
from tests.fakes import ScriptedFetcher
from tests.noting import unnoted_changes

TOPICS = [a_topic("norland", "Norland"), a_topic("sudria", "Sudria")]


@pytest.fixture
async def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[World]:
    fetcher, public = ScriptedFetcher(WEB), "https://news.example"
    async with discord_world(tmp_path, monkeypatch, fetcher=fetcher, topics=TOPICS, public_url=public) as there:
        yield there


@pytest.mark.parametrize("scenario", scenarios(), ids=lambda one: one.__name__)
async def test_it_is_used_and_answered(world: World, monkeypatch: pytest.MonkeyPatch, scenario: Scenario) -> None:
    watch, unnoted = Watch(world, monkeypatch), unnoted_changes(monkeypatch)
    await scenario(world)
    assert unnoted == [], "changed for a server, and not in its audit log"
    assert names_of(scenario) - watch.names() == set(), "entered, and not used"
    assert watch.failures() == []
    assert watch.unknown_components() == set(), "shown, and used by no scenario"


async def test_nothing_is_left_without_a_scenario(world: World) -> None:
    assert sorted(name for name in everything(world.env.bot) if not is_known(name)) == []


async def test_every_component_that_is_written_is_registered(world: World) -> None:
    assert written() == registered(world.env.bot)


async def test_how_much_there_is(world: World) -> None:
    """Prints what is driven: `pytest -s -k how_much tests/test_bot_everything.py`."""
    bot = world.env.bot
    buttons = {name for name in DRIVEN if name.split(" ")[0] in {one.__name__ for one in registered(bot)}}
    for what, names in (
        ("commands", commands_of(bot)),
        ("fields with choices", typed_of(bot)),
        ("components", buttons),
        ("forms", forms()),
    ):
        print(f"{len(names)} {what}: {', '.join(sorted(names))}")  # noqa: T201 - this is what it is for
    print(f"{len(scenarios())} scenarios under {len(DRIVEN)} names")  # noqa: T201 - this is what it is for
    assert len(scenarios()) > 50
