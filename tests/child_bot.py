"""The real bot and its watchers as child processes, with a folder, database, outlets and a loopback Discord."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TypeVar

import pytest

from storage.engine import open_database
from storage.migrate import upgrade
from tests.factories import a_wish
from tests.loopback_discord import CHANNEL_ID, GUILD_ID, TOKEN
from watchers.ports import UnitOfWork

T = TypeVar("T")

LEASE_SECONDS = 2
"""So soon what a killed process had in hand is taken up by others."""
_LOOK_EVERY = 0.1
_ROOT = Path(__file__).resolve().parents[1]
_TOPICS = """
[[topic]]
id = "norland"
name = "Norland"
about = "An invented quarrel."
words = ["Norland"]
"""
_NAMES = ("The Meridian", "The Lantern", "The Daily Post", "The Observer", "The Herald", "The Echo")
_OUTLET = """
[[outlet]]
name = "{name}"
feed_url = "{url}"
language = "en"
time_zone = "UTC"
full_text = false
"""


def environment(
    folder: Path, *, topics: str, outlets: Iterable[tuple[str, str]], apart: bool, **others: str
) -> dict[str, str]:
    """Write the files that the processes read into `folder`; return the environment to start them in.

    `outlets` are names and feeds' addresses; `others` are settings besides.
    """
    (folder / "topics.toml").write_text(topics, encoding="utf-8")
    listed = "".join(_OUTLET.format(name=name, url=url) for name, url in outlets)
    (folder / "outlets.toml").write_text(listed, encoding="utf-8")
    return {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(_ROOT),
        "TOPICS_FILE": str(folder / "topics.toml"),
        "OUTLETS_FILE": str(folder / "outlets.toml"),
        "ALLOWED_HOSTS": "127.0.0.1",
        "POLL_MINUTES": "1",
        "WATCHERS": "apart" if apart else "inside",
        **others,
    }


class ChildProcess:
    """Starts `python -m bot COMMAND`, kills it, and asks it to stop."""

    def __init__(self, folder: Path, environment: dict[str, str], command: str) -> None:
        self._folder = folder
        self._environment = environment
        self._command = command
        self._process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        with (self._folder / "output.txt").open("ab") as output:
            self._process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "bot", self._command),
                cwd=self._folder,
                env=self._environment,
                stdout=output,
                stderr=output,
            )

    async def kill(self) -> None:
        """End it as a power cut would, and return when it is gone."""
        self._running.kill()
        await self._running.wait()

    async def ended(self, within: float = 30) -> int:
        """Wait until it has ended; return its exit code (negative: the signal that ended it)."""
        try:
            return await asyncio.wait_for(self._running.wait(), within)
        except TimeoutError:
            pytest.fail(f"it did not end within {within} s; it said:\n{self.output}")

    def ask_to_stop(self) -> None:
        """Send SIGTERM, as a hosting service does before a restart."""
        self._running.terminate()

    async def terminate(self, within: float = 10) -> int:
        self.ask_to_stop()
        return await self.ended(within)

    @property
    def output(self) -> str:
        """Everything that all processes of this folder have printed."""
        return (self._folder / "output.txt").read_text(encoding="utf-8")

    @property
    def runs(self) -> bool:
        return self._process is not None and self._process.returncode is None

    async def clean_up(self) -> None:
        if self.runs:
            await self.kill()

    @property
    def _running(self) -> asyncio.subprocess.Process:
        assert self._process is not None, "start it first"
        return self._process


class ChildBot(ChildProcess):
    """The bot, with a database, and as many watchers beside it as a test likes; looks into what they have stored."""

    def __init__(
        self,
        folder: Path,
        *,
        api_url: str,
        feed_url: str | Sequence[str],
        token: str = TOKEN,
        database_url: str | None = None,
        apart: bool = False,
        lease_seconds: int = LEASE_SECONDS,
        shards: str = "",
    ) -> None:
        """`feed_url`: one outlet's, or several outlets'; `apart`: the bot itself reads none of them."""
        self._database_url = database_url or f"sqlite:///{folder / 'bot.db'}"
        urls = [feed_url] if isinstance(feed_url, str) else feed_url
        there = environment(
            folder,
            topics=_TOPICS,
            outlets=zip(_NAMES, urls, strict=False),
            apart=apart,
            DISCORD_TOKEN=token,
            DISCORD_API_URL=api_url,
            DATABASE_URL=self._database_url,
            LEASE_SECONDS=str(lease_seconds),
            SHARDS=shards,
        )
        super().__init__(folder, there, "run")
        self._watchers: list[ChildProcess] = []

    def watcher(self) -> ChildProcess:
        """Return one more watcher beside the bot, not yet started; it needs no token."""
        environment = {name: value for name, value in self._environment.items() if not name.startswith("DISCORD")}
        watcher = ChildProcess(self._folder, environment, "watch")
        self._watchers.append(watcher)
        return watcher

    async def subscribe(self, guild_id: int = GUILD_ID, channel_id: int = CHANNEL_ID) -> None:
        """Subscribe a channel to every topic, before the bot has ever run."""
        upgrade(self._database_url)
        wish = a_wish(guild_id=guild_id, channel_id=channel_id, topic="*")
        await self.transact(lambda work: work.subscriptions.put(wish, datetime.now(UTC)))

    async def delivered(self, followups: int, within: float = 30) -> None:
        """Wait until that many follow-ups have been found and nothing waits in the outbox any more."""
        await self.comes_to(partial(_all_sent, followups), within)

    async def comes_to(self, state: Callable[[UnitOfWork], bool], within: float = 30) -> None:
        """Wait, as long as the bot runs, until what is stored is in such a state."""
        deadline = asyncio.get_running_loop().time() + within
        while self.runs and asyncio.get_running_loop().time() < deadline:
            if await self.transact(state):
                return
            await asyncio.sleep(_LOOK_EVERY)
        pytest.fail(f"it did not come to what was expected; they said:\n{self.output}")

    async def clean_up(self) -> None:
        for each in self._watchers:
            await each.clean_up()
        await super().clean_up()

    async def transact(self, work: Callable[[UnitOfWork], T]) -> T:
        """Run a transaction as one more process would."""
        store = open_database(self._database_url)
        try:
            return await store.transact(work)
        finally:
            store.close()


def _all_sent(followups: int, work: UnitOfWork) -> bool:
    tally = work.tally()
    return tally.followups_pending == followups and tally.outbox_waiting == 0
