"""Time that passes only while nothing is at work, so that a day of waiting takes minutes and nothing is late by it."""

from __future__ import annotations

import asyncio
import heapq
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from concurrent.futures import Executor
from contextlib import asynccontextmanager, contextmanager
from datetime import datetime, timedelta
from itertools import count
from typing import Generic, TypeVar, TypeVarTuple
from unittest.mock import patch

from watchers.feeds.politeness import Politeness
from watchers.ports import Store, UnitOfWork

C = TypeVar("C")
T = TypeVar("T")
Ts = TypeVarTuple("Ts")

_CALM = 25
"""Rounds of the event loop in which nothing is at work before time passes: what one task ends, others go on with."""
_A_MOMENT = 0.0005


class SimulatedTime:
    """A clock, and a sleep by it. Seconds count from its start."""

    def __init__(self, start: datetime) -> None:
        """Stand still at `start`."""
        self._start = start
        self._seconds = 0.0
        self._at_work = 0
        self._numbers = count()
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []

    def now(self) -> datetime:
        """Return the present instant, in UTC."""
        return self._start + timedelta(seconds=self._seconds)

    def monotonic(self) -> float:
        """Return the seconds since the start."""
        return self._seconds

    async def sleep(self, seconds: float) -> None:
        """Return when so much time has passed."""
        woken: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (self._seconds + seconds, next(self._numbers), woken))
        await woken

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Let no time pass in this context."""
        self._at_work += 1
        try:
            yield
        finally:
            self._at_work -= 1

    async def take(self, seconds: float) -> None:
        """Let so much time pass in spite of being at work."""
        self._at_work -= 1
        try:
            await self.sleep(seconds)
        finally:
            self._at_work += 1

    async def run(self, task: asyncio.Task[T]) -> T:
        """Let time pass until `task` is done; return what it gives. None passes while a thread is at work."""
        loop = asyncio.get_running_loop()
        in_a_thread = loop.run_in_executor

        def counted(executor: Executor | None, work: Callable[..., T], *args: object) -> asyncio.Future[T]:
            begun = in_a_thread(executor, work, *args)
            self._at_work += 1
            begun.add_done_callback(self._ended)
            return begun

        # Polls gather in real time, of which there is none here.
        with patch.object(loop, "run_in_executor", counted), patch("watchers.intake.GATHERING", 0.0):
            return await self._run(task)

    def _ended(self, _: object) -> None:
        self._at_work -= 1

    async def _run(self, task: asyncio.Task[T]) -> T:
        while not task.done():
            await self._calm()
            if self._sleepers and not task.done():
                self._seconds, _, woken = heapq.heappop(self._sleepers)
                if not woken.done():
                    woken.set_result(None)
        return await task

    async def _calm(self) -> None:
        calm = 0
        while calm < _CALM:
            await asyncio.sleep(_A_MOMENT if self._at_work else 0)
            calm = 0 if self._at_work else calm + 1


class TimedStore:
    """A store that takes no time."""

    def __init__(self, store: Store, time: SimulatedTime) -> None:
        """Stand before `store`."""
        self._store = store
        self._time = time

    async def transact(self, work: Callable[[UnitOfWork], T], *, alone: bool = True) -> T:
        """Run `work` in one transaction."""
        with self._time.at_work():
            return await self._store.transact(work, alone=alone)

    async def look(self, work: Callable[[UnitOfWork], T]) -> T:
        """Run `work` on a reading view."""
        with self._time.at_work():
            return await self._store.look(work)


class WorkersAtOnce(Generic[C]):
    """Workers that do everything where they are asked: no time passes meanwhile anyway."""

    def __init__(self, context: C) -> None:
        """Work with `context`."""
        self._context = context

    async def run(self, job: Callable[[C, *Ts], T], *args: *Ts, seconds: float = 5.0, urgent: bool = True) -> T:
        """Run a job."""
        del seconds, urgent
        return job(self._context, *args)


class TimedPoliteness(Politeness):
    """The lines before hosts, by simulated time; a request takes as long as the server takes for it."""

    def __init__(self, time: SimulatedTime) -> None:
        """Begin with nobody in line."""
        sleep: Callable[[float], Awaitable[object]] = time.sleep
        super().__init__(monotonic=time.monotonic, sleep=sleep)
        self._time = time

    @asynccontextmanager
    async def turn(  # type: ignore[override]  # whatever is a context will do
        self, host: str, pause: timedelta | None = None
    ) -> AsyncIterator[None]:
        """Wait until `host` may be asked."""
        async with super().turn(host, pause):
            with self._time.at_work():
                yield
