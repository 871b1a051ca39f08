"""The real bot as a child process, with its own folder, database, outlets and a loopback Discord to talk to."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Callable
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

_LOOK_EVERY = 0.1
_ROOT = Path(__file__).resolve().parents[1]
_TOPICS = """
[[topic]]
id = "norland"
name = "Norland"
about = "An invented quarrel."
words = ["Norland"]
"""
_OUTLET = """
[[outlet]]
name = "The Meridian"
feed_url = "{url}"
language = "en"
time_zone = "UTC"
full_text = false
"""


class ChildBot:
    """Starts `python -m bot`, kills it, asks it to stop, and looks into what it has stored."""

    def __init__(
        self, folder: Path, *, api_url: str, feed_url: str, token: str = TOKEN, database_url: str | None = None
    ) -> None:
        self._folder = folder
        self._database_url = database_url or f"sqlite:///{folder / 'bot.db'}"
        self._environment = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(_ROOT),
            "DISCORD_TOKEN": token,
            "DISCORD_API_URL": api_url,
            "DATABASE_URL": self._database_url,
            "TOPICS_FILE": str(folder / "topics.toml"),
            "OUTLETS_FILE": str(folder / "outlets.toml"),
            "ALLOWED_HOSTS": "127.0.0.1",
            "POLL_MINUTES": "1",
        }
        (folder / "topics.toml").write_text(_TOPICS, encoding="utf-8")
        (folder / "outlets.toml").write_text(_OUTLET.format(url=feed_url), encoding="utf-8")
        self._process: asyncio.subprocess.Process | None = None

    async def subscribe(self) -> None:
        """Subscribe the loopback channel to every topic, before the bot has ever run."""
        upgrade(self._database_url)
        wish = a_wish(guild_id=GUILD_ID, channel_id=CHANNEL_ID, topic="*")
        await self._transact(lambda work: work.subscriptions.put(wish, datetime.now(UTC)))

    async def start(self) -> None:
        with (self._folder / "output.txt").open("ab") as output:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "bot", cwd=self._folder, env=self._environment, stdout=output, stderr=output
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
            pytest.fail(f"the bot did not end within {within} s; it said:\n{self.output}")

    def ask_to_stop(self) -> None:
        """Send SIGTERM, as a hosting service does before a restart."""
        self._running.terminate()

    async def terminate(self, within: float = 10) -> int:
        self.ask_to_stop()
        return await self.ended(within)

    @property
    def output(self) -> str:
        """Everything all its runs have printed."""
        return (self._folder / "output.txt").read_text(encoding="utf-8")

    async def delivered(self, followups: int, within: float = 30) -> None:
        """Wait until that many follow-ups have been found and nothing waits in the outbox any more."""
        ended = asyncio.create_task(self._running.wait())
        for _ in range(round(within / _LOOK_EVERY)):
            await asyncio.wait({ended}, timeout=_LOOK_EVERY)
            if ended.done():
                break
            if await self._transact(partial(_all_sent, followups)):
                ended.cancel()
                return
        ended.cancel()
        pytest.fail(f"not everything was delivered; the bot said:\n{self.output}")

    async def clean_up(self) -> None:
        if self._process is not None and self._process.returncode is None:
            await self.kill()

    @property
    def _running(self) -> asyncio.subprocess.Process:
        assert self._process is not None, "start it first"
        return self._process

    async def _transact(self, work: Callable[[UnitOfWork], T]) -> T:
        store = open_database(self._database_url)
        try:
            return await store.transact(work)
        finally:
            store.close()


def _all_sent(followups: int, work: UnitOfWork) -> bool:
    tally = work.tally()
    return tally.followups_pending == followups and tally.outbox_waiting == 0
