"""Starting: what is wrong is said in one line; what is right is sent to Discord only when it has changed."""

from __future__ import annotations

import asyncio
import dataclasses
import logging
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

import bot.app
from bot.app import compose, run_bot
from bot.client import AideMemoire, fingerprint
from bot.errors import StartError
from bot.opening import SystemClock
from bot.services import Services
from config.settings import Secret, Settings
from tests.child_bot import ChildBot
from tests.loopback_discord import LoopbackDiscord
from watchers.feeds.fetch import HttpFetcher

TOPICS = '[[topic]]\nid = "norland"\nname = "Norland"\nabout = "Invented."\nwords = ["Norland"]\n'
OUTLETS = """\
[[outlet]]
name = "The Meridian"
feed_url = "http://127.0.0.1:9/rss"
language = "en"
time_zone = "UTC"
full_text = false
"""


@pytest.fixture(autouse=True)
def _logging_as_it_was() -> Iterator[None]:
    """Starting the bot sets up logging for the whole process."""
    loggers = [logging.getLogger(name) for name in (None, "apscheduler", "discord")]
    levels, handlers = [logger.level for logger in loggers], loggers[0].handlers[:]
    yield
    for logger, level in zip(loggers, levels, strict=True):
        logger.setLevel(level)
    loggers[0].handlers[:] = handlers


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    for name, text in (("topics.toml", TOPICS), ("outlets.toml", OUTLETS)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    return Settings(
        discord_token=Secret("bG9v.invented.token"),
        database_url=f"sqlite:///{tmp_path / 'bot.db'}",
        discord_api_url="http://127.0.0.1:9/api/v10",
        log_level="CRITICAL",
        topics_file=tmp_path / "topics.toml",
        outlets_file=tmp_path / "outlets.toml",
        allowed_hosts=frozenset(),
        time_zone=ZoneInfo("UTC"),
        reminder_hour=8,
        poll_minutes=15,
        contact=None,
    )


def complaint(settings: Settings) -> str:
    with pytest.raises(StartError) as caught:
        run_bot(settings)
    line = str(caught.value)
    assert "\n" not in line
    assert "invented.token" not in line
    return line


def test_without_a_token_it_says_where_to_get_one(settings: Settings) -> None:
    assert "DISCORD_TOKEN is not set" in complaint(dataclasses.replace(settings, discord_token=None))


def test_an_unreachable_database_is_named(settings: Settings, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'no' / 'bot.db'}"
    assert "does not exist" in complaint(dataclasses.replace(settings, database_url=url))


def test_a_mistake_in_the_catalogue_is_told(settings: Settings) -> None:
    settings.topics_file.write_text('[[topic]\nid = "norland"\n', encoding="utf-8")
    assert "topics.toml" in complaint(settings)


def test_a_discord_that_does_not_answer_is_told(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    from discord.http import Route  # noqa: PLC0415 - only to put its address back afterwards

    monkeypatch.setattr(Route, "BASE", Route.BASE)
    assert "Discord cannot be reached" in complaint(settings)


def test_what_people_link_to_never_reaches_the_hosts_trusted_with_feeds(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    from discord.http import Route  # noqa: PLC0415 - only to put its address back afterwards

    monkeypatch.setattr(Route, "BASE", Route.BASE)
    given: dict[str, frozenset[str]] = {}

    def composed(services: Services, fetcher: HttpFetcher, *, pages: HttpFetcher, **options: Any) -> AideMemoire:
        given.update(feeds=fetcher._allowed, pages=pages._allowed)
        return compose(services, fetcher, pages=pages, **options)

    monkeypatch.setattr(bot.app, "compose", composed)
    complaint(dataclasses.replace(settings, allowed_hosts=frozenset({"127.0.0.1"})))
    assert given == {"feeds": {"127.0.0.1"}, "pages": frozenset()}


async def test_ctrl_c_ends_it_without_a_stack_trace(tmp_path: Path) -> None:
    async with LoopbackDiscord() as discord:
        child = ChildBot(tmp_path, api_url=discord.api_url, feed_url="http://127.0.0.1:9/rss")
        try:
            await child.start()
            await asyncio.wait_for(discord.identified.wait(), 30)
            child._running.send_signal(signal.SIGINT)
            assert await child.ended(within=15) == 0
            assert "Traceback" not in child.output
        finally:
            await child.clean_up()


def test_the_system_clock_is_in_utc() -> None:
    offset = SystemClock().now().utcoffset()
    assert offset is not None
    assert not offset


COMMAND = {
    "name": "topics",
    "type": 1,
    "description": "List topics.",
    "options": [{"name": "word", "type": 3, "description": "A word.", "required": True}],
    "contexts": [0, 1],
    "integration_types": [0],
    "default_member_permissions": None,
    "dm_permission": True,
}
RETURNED = {
    **COMMAND,
    "id": "1",
    "application_id": "2",
    "version": "3",
    "nsfw": False,
    "name_localizations": None,
    "options": [{"type": 3, "name": "word", "description": "A word.", "required": True, "choices": []}],
}


def test_commands_that_discord_has_are_the_same_whatever_it_adds() -> None:
    other = {"name": "status", "type": 1, "description": "Tell."}
    assert fingerprint([COMMAND, other]) == fingerprint([other, RETURNED])
    sent, returned = ({**COMMAND, "default_member_permissions": value} for value in (32, "32"))
    assert fingerprint([sent]) == fingerprint([returned])


@pytest.mark.parametrize(
    "change",
    [
        {"description": "List."},
        {"contexts": [0]},
        {"default_member_permissions": "32"},
        {"options": [{**COMMAND["options"][0], "required": False}]},  # type: ignore[index]
        {"options": []},
    ],
)
def test_any_change_a_person_would_see_is_one(change: dict[str, object]) -> None:
    assert fingerprint([COMMAND]) != fingerprint([{**RETURNED, **change}])
