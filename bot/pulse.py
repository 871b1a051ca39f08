"""The signs of life of this process: gathered from what it does, looked up by a platform, written into a file."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path

from bot.health import Beat, Health, Vitals, judge
from bot.observing import Sending
from storage.errors import DatabaseError
from watchers.poll_report import PollReport
from watchers.ports import Clock, Store

log = logging.getLogger(__name__)

WRITTEN_EVERY = timedelta(seconds=15)
_LONGEST_LOOK = 10.0


class Pulse:
    """Remembers when each kind of work last showed a sign of life (a `bot.observing.Observer`)."""

    def __init__(self, store: Store, clock: Clock, *, gateway: bool = True) -> None:
        """Begin now; `gateway` says whether this process is to be connected to Discord's."""
        self._store = store
        self._clock = clock
        self._beats: dict[str, Beat] = {}
        self._away_since: datetime | None = clock.now() if gateway else None

    def expect(self, tick: str, every: timedelta) -> None:
        """Miss a tick's turns from now on."""
        self._beats[tick] = Beat(every, self._clock.now())

    def turned(self, tick: str, seconds: float, *, failed: bool) -> None:
        """Take a turn that went well for a sign of life."""
        del seconds
        if not failed:
            self._alive(tick)

    def polled(self, report: PollReport) -> None:
        """Pass over it: the turn was heard of."""

    def sent(self, sending: Sending) -> None:
        """Take every attempt for a sign of life, since one turn may send for long."""
        del sending
        self._alive("deliver")

    def stored(self, seconds: float, *, writing: bool, failed: bool) -> None:
        """Pass over it: the database is asked when somebody asks."""

    def connected(self) -> None:
        """Hear that the gateway is connected."""
        self._away_since = None

    def disconnected(self) -> None:
        """Hear that the gateway is away; it tells so at each attempt to come back."""
        self._away_since = self._away_since or self._clock.now()

    async def checkup(self) -> Health:
        """Ask the database, and judge."""
        why, backlog = None, None
        try:
            async with asyncio.timeout(_LONGEST_LOOK):
                backlog = await self._store.look(lambda work: work.backlog())
        except DatabaseError as error:
            why = str(error)
        except TimeoutError:
            why = f"it took longer than {_LONGEST_LOOK:g} s"
        return judge(Vitals(self._clock.now(), why, dict(self._beats), self._away_since, backlog))

    def _alive(self, tick: str) -> None:
        if tick in self._beats:
            self._beats[tick] = Beat(self._beats[tick].every, self._clock.now())


@asynccontextmanager
async def health_written(pulse: Pulse, file: Path) -> AsyncIterator[None]:
    """Write how the process is into a file every 15 seconds, until the block ends; then remove it."""
    writing = asyncio.create_task(_keep_writing(pulse, file))
    try:
        yield
    finally:
        writing.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await writing
        with contextlib.suppress(OSError):
            await asyncio.to_thread(file.unlink, missing_ok=True)


async def _keep_writing(pulse: Pulse, file: Path) -> None:
    complained = False
    while True:
        health = await pulse.checkup()
        try:
            await asyncio.to_thread(_replace, file, json.dumps(health.as_json()))
            complained = False
        except OSError as error:
            if not complained:
                log.warning("the health file cannot be written", extra={"file": str(file), "reason": str(error)})
            complained = True
        await asyncio.sleep(WRITTEN_EVERY.total_seconds())


def _replace(file: Path, text: str) -> None:
    """Put a text in a file's place at once, so that nobody reads half of it."""
    # Beside it, because only within a folder is a file replaced at once; named by process, should two be set alike.
    beside = file.with_name(f".{file.name}.{os.getpid()}")
    beside.write_text(f"{text}\n", encoding="utf-8")
    beside.replace(file)
