"""Processes that do heavy or dangerous work and can be ended.

Parsing what strangers wrote may take minutes or gigabytes, and a thread can neither be ended nor bounded. So it is done
in worker processes: one job at a time in each, with a limit in seconds (the worker is killed and replaced) and in
memory. `worker_link.py` is how a worker is spoken to, `worker_process.py` what runs in it.

Workers are forked from a nursery (Linux, macOS); memory is bounded on Linux alone. Where there is no fork (Windows),
`SameProcess` does the same work without bounds. Why no library does it, and what it costs: docs/architecture.md.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import pickle
import socket
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterator
from functools import partial
from types import TracebackType
from typing import Generic, Self, TypeVar, TypeVarTuple

from watchers.feed_model import Reason
from watchers.ports import WorkEndedError
from watchers.worker_link import Job, Nursery, WorkerLink, too_long, unsendable
from watchers.worker_process import HEADER, Upbringing

T = TypeVar("T")
Ts = TypeVarTuple("Ts")
C = TypeVar("C")

_log = logging.getLogger(__name__)

MOST_MEMORY = 300_000_000
"""Bytes that a worker may use altogether."""

_AHEAD = 1
"""Quick jobs sent to a worker while it is at another, so that it has work while the bot's loop is at something else."""
_MOST_SLOW = 2
"""Workers more than usual while others are slow."""
_MOST_FAILED_STARTS = 3

_CLOSED = Reason("the bot is ending")
_NO_PROCESS = Reason("no process to work in can be started")


class _Queue:
    """Jobs that wait: urgent ones before others, among equals the first come first."""

    def __init__(self) -> None:
        self._urgent: deque[Job] = deque()
        self._others: deque[Job] = deque()

    def put(self, job: Job) -> None:
        self._kind(job).append(job)

    def put_back(self, job: Job) -> None:
        self._kind(job).appendleft(job)

    def _kind(self, job: Job) -> deque[Job]:
        return self._urgent if job.urgent else self._others

    def has_any(self) -> bool:
        """Return whether there is a job for which somebody still waits; forget the others before it."""
        for jobs in (self._urgent, self._others):
            while jobs and jobs[0].answer.done():
                jobs.popleft()
        return bool(self._urgent or self._others)

    def take(self) -> Job:
        """Take out the next job, of which `has_any` has just said that it is there."""
        return (self._urgent or self._others).popleft()

    def clear(self) -> Iterator[Job]:
        """Take out every job."""
        while self.has_any():
            yield self.take()


class WorkerPool(Generic[C]):
    """Implements `ports.Workers` with processes; use it as an asynchronous context manager.

    `context` is pickled once and is the first argument of every job. `processes` work at the same time; where one is
    slow, another takes its place, up to two. `preload` names the modules that the jobs need, so that they are loaded
    once for all; `rehearsal`, a function of a module, is called with the context for what they load only when they are
    first at work (None: nothing is). `most_memory` bounds each worker, in bytes. A worker that was slow, or holds much
    more memory after a job than before, is replaced when it is done.
    """

    def __init__(
        self,
        context: C,
        processes: int = 2,
        *,
        preload: tuple[str, ...] = (),
        rehearsal: Callable[[C], object] | None = None,
        most_memory: int = MOST_MEMORY,
    ) -> None:
        """Remember what to work with; nothing is started outside the context manager."""
        rehearsed = None if rehearsal is None else pickle.dumps(rehearsal)
        self._upbringing = Upbringing(tuple(sys.path), preload, pickle.dumps(context), rehearsed, most_memory)
        self._processes = processes
        self._queue = _Queue()
        self._workers: set[WorkerLink] = set()
        self._nursery: Nursery | None = None
        self._failed_starts = 0
        self._open = False

    async def __aenter__(self) -> Self:
        """Start the processes; jobs wait until they are ready."""
        self._open = True
        self._fill()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the processes at once; whoever still waits for a job gets `WorkEndedError`."""
        self._open = False
        for worker in tuple(self._workers):
            worker.kill(_CLOSED)
        for job in self._queue.clear():
            job.end(_CLOSED)
        if self._nursery is not None:
            self._nursery.end()
            self._nursery = None

    async def run(self, job: Callable[[C, *Ts], T], *args: *Ts, seconds: float = 5.0, urgent: bool = True) -> T:
        """Fit `ports.Workers.run`; arguments that cannot be pickled raise here, and nothing is begun."""
        if not self._open:
            raise WorkEndedError(_CLOSED)
        message = pickle.dumps((job, args, seconds), pickle.HIGHEST_PROTOCOL)
        answer: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._queue.put(Job(HEADER.pack(len(message), 0) + message, seconds, urgent, answer))
        self._fill()
        self.deal()
        return await answer

    def deal(self) -> None:
        """Give the jobs that wait to workers that are free."""
        while self._queue.has_any() and (worker := self._free()) is not None:
            worker.give(self._queue.take())

    def _free(self) -> WorkerLink | None:
        """Return a worker with nothing to do, else one that will soon have nothing to do: it need not wait for us."""
        for already in range(1 + _AHEAD):
            for worker in self._workers:
                if worker.takes(already):
                    return worker
        return None

    def held_up(self, jobs: list[Job]) -> None:
        """Let jobs wait again that a worker was sent and has not begun, for it is slow; start another in its place."""
        self._put_back(jobs)
        self._fill()
        self.deal()

    def _put_back(self, jobs: list[Job]) -> None:
        for job in reversed(jobs):
            self._queue.put_back(job)

    def started(self) -> None:
        """Take note that a worker is ready."""
        self._failed_starts = 0
        self.deal()

    def lost(self, worker: WorkerLink, jobs: list[Job], *, was_ready: bool) -> None:
        """Replace a worker that has ended, and let jobs wait again that it has not begun.

        Where none can be started for several times, nobody waits any longer; the next job is a new attempt.
        """
        self._workers.discard(worker)
        self._put_back(jobs)
        if not self._open:
            return
        if not was_ready:
            self._failed_starts += 1
        if self._failed_starts < _MOST_FAILED_STARTS:
            self._fill()
            self.deal()
            return
        self._failed_starts = 0
        _log.error("no worker process can be started")
        for job in self._queue.clear():
            job.end(_NO_PROCESS)

    def too_large(self) -> Reason:
        """Return why a job was ended that wanted more memory than it may have."""
        return Reason("it needed more than {size} MB of memory", size=self._upbringing.most_memory // 1_000_000)

    def _too_few(self) -> bool:
        quick = sum(not worker.is_slow for worker in self._workers)
        return quick < self._processes and len(self._workers) < self._processes + _MOST_SLOW

    def _fill(self) -> None:
        """Start workers until enough of them are at no slow job, or too many are there."""
        while self._open and self._too_few():
            ours, theirs = socket.socketpair()
            with theirs:
                if self._nursery is None or not self._nursery.fork(theirs):
                    if self._nursery is not None:
                        self._nursery.end()
                    self._nursery = Nursery(self._upbringing)
                    self._nursery.fork(theirs)
            self._workers.add(WorkerLink(self, ours))


class SameProcess(Generic[C]):
    """Implements `ports.Workers` with threads of this process, for small undertakings and tests: one job at a time.

    A job that takes too long is left behind, for a thread cannot be ended; memory is not bounded.
    """

    def __init__(self, context: C) -> None:
        """Remember the context of the jobs."""
        self._context = context
        self._urgent: deque[asyncio.Future[None]] = deque()
        self._others: deque[asyncio.Future[None]] = deque()
        self._busy = False

    async def run(self, job: Callable[[C, *Ts], T], *args: *Ts, seconds: float = 5.0, urgent: bool = True) -> T:
        """Fit `ports.Workers.run`."""
        await self._turn(urgent=urgent)
        try:
            loop = asyncio.get_running_loop()
            answer: asyncio.Future[T] = loop.create_future()
            work = partial(self._work, loop, answer, partial(job, self._context, *args))
            threading.Thread(target=work, name="aide-worker", daemon=True).start()
            done, _ = await asyncio.wait({answer}, timeout=seconds)
        finally:
            self._pass_on()
        if not done:
            answer.cancel()
            raise WorkEndedError(too_long(seconds))
        return answer.result()

    @staticmethod
    def _work(loop: asyncio.AbstractEventLoop, answer: asyncio.Future[T], job: Callable[[], T]) -> None:
        try:
            settle = partial(answer.set_result, job())
        except MemoryError:
            settle = partial(answer.set_exception, WorkEndedError(Reason("it needed more memory than there is")))
        except BaseException as error:  # noqa: BLE001 - it is raised again where the job was asked for
            settle = partial(answer.set_exception, _passed_on(error))
        with contextlib.suppress(RuntimeError):  # nobody waits any more
            loop.call_soon_threadsafe(lambda: None if answer.done() else settle())

    async def _turn(self, *, urgent: bool) -> None:
        """Wait until no other job is being done."""
        if not self._busy:
            self._busy = True
            return
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        (self._urgent if urgent else self._others).append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            if not turn.cancelled():
                self._pass_on()
            raise

    def _pass_on(self) -> None:
        for waiting in (self._urgent, self._others):
            while waiting:
                turn = waiting.popleft()
                if not turn.done():
                    turn.set_result(None)
                    return
        self._busy = False


def _passed_on(error: BaseException) -> Exception:
    """Return what is raised where a job was asked for that raised `error`."""
    if isinstance(error, Exception) and not isinstance(error, StopIteration):
        return error
    return WorkEndedError(unsendable(type(error).__name__))
