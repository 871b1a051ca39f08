"""The bot's side of the processes in `worker_process.py`: what is sent to them, and what is heard of them.

Nothing here waits: sockets are read and written when they are ready, and a process is killed without ado.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import pickle
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections import deque
from dataclasses import dataclass
from typing import Any, Protocol

from watchers import worker_process
from watchers.feed_model import Reason
from watchers.ports import WorkEndedError
from watchers.worker_process import (
    DONE,
    HEADER,
    HELLO,
    LAST,
    OUT_OF_MEMORY,
    RAISED,
    WAITING,
    RaisedThereError,
    Upbringing,
)

SLOW = 0.25
"""Seconds of a job after which it holds up no other: what was sent to its worker goes elsewhere."""

_MOST_READ = 262_144
_LOW_PRIORITY = 15
_LEAST_LOOK = 0.02
_OF_A_PROCESS = 2
"""What clock_getcpuclockid(3) puts beside a process' number: all its threads, as the scheduler counts."""
_DIED = Reason("the process that worked on it ended unexpectedly")


def too_long(seconds: float) -> Reason:
    """Return why a job was ended that took longer than it may."""
    return Reason("it took longer than {seconds} seconds", seconds=f"{seconds:g}")


def unsendable(kind: str) -> Reason:
    """Return why a job has no answer whose answer or error, of a type of this name, cannot be sent."""
    return Reason("it ended in what cannot be passed on ({kind})", kind=kind)


@dataclass(eq=False, slots=True)
class Job:
    """A job on its way."""

    message: bytes
    seconds: float
    urgent: bool
    answer: asyncio.Future[Any]

    def end(self, reason: Reason) -> None:
        """Tell whoever waits that there is no answer."""
        if not self.answer.done():
            self.answer.set_exception(WorkEndedError(reason))


class Owner(Protocol):
    """What a pool is told by its workers."""

    def started(self) -> None:
        """Take note that a worker is ready."""

    def deal(self) -> None:
        """Give the jobs that wait to workers that are free."""

    def held_up(self, jobs: list[Job]) -> None:
        """Let jobs wait again that a worker was sent and has not begun, for it is slow."""

    def lost(self, worker: WorkerLink, jobs: list[Job], *, was_ready: bool) -> None:
        """Replace a worker that has ended, and let jobs wait again that it has not begun."""

    def too_large(self) -> Reason:
        """Return why a job was ended that wanted more memory than it may have."""


class Nursery:
    """The process from which workers are forked."""

    def __init__(self, upbringing: Upbringing) -> None:
        """Start it; what it must know stands in its standard input, so that nothing here waits for it."""
        self._control, theirs = socket.socketpair()
        self._control.setblocking(False)
        with theirs, tempfile.TemporaryFile() as told:
            pickle.dump(upbringing, told)
            told.seek(0)
            self._process = subprocess.Popen(  # noqa: S603 - our own program
                [sys.executable, "-P", worker_process.__file__, str(theirs.fileno())],
                stdin=told,
                stdout=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
            )

    def fork(self, connection: socket.socket) -> bool:
        """Have a worker forked that answers on `connection`; return False where the nursery is no more."""
        try:
            socket.send_fds(self._control, [b"+"], [connection.fileno()])
        except OSError:
            return False
        return True

    def end(self) -> None:
        """End it; its workers end when their own connections do."""
        self._control.close()
        self._process.kill()
        self._process.wait()


class WorkerLink:
    """A worker process as its pool sees it."""

    def __init__(self, pool: Owner, connection: socket.socket) -> None:
        """Listen to a worker that is about to be forked."""
        self._pool = pool
        self._connection = connection
        self._connection.setblocking(False)
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(connection, self._read)
        self._incoming = bytearray()
        self._outgoing = bytearray()
        self._in_hand: deque[Job] = deque()
        self._timer: asyncio.TimerHandle | None = None
        self._began = 0.0, 0.0
        """When it began its job: by the monotonic clock, and by its own processor time."""
        self._process: int | None = None
        self.is_slow = False
        """Whether it is at a job that takes long; it takes no other, and is ended when this one is done."""

    def takes(self, already: int) -> bool:
        """Return whether it may be given a job when it has `already` as many in hand."""
        return self._process is not None and len(self._in_hand) == already and not self.is_slow

    def give(self, job: Job) -> None:
        """Send it a job, to be begun once it has answered the others."""
        self._in_hand.append(job)
        if len(self._in_hand) == 1:
            self._begin(job)
        self._send(job.message)

    def kill(self, reason: Reason | None) -> None:
        """End it, and the job it is at with `reason` (None: that waits again)."""
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._process, signal.SIGKILL)
        self._gone(reason)

    def _gone(self, reason: Reason | None) -> None:
        """Let go; the job it was doing ends with `reason`, or waits again (None), as all does that it had not begun."""
        self._loop.remove_reader(self._connection)
        self._loop.remove_writer(self._connection)
        self._connection.close()
        if self._timer is not None:
            self._timer.cancel()
        if self._in_hand and reason is not None:
            self._in_hand.popleft().end(reason)
        self._pool.lost(self, list(self._in_hand), was_ready=self._process is not None)

    def _begin(self, job: Job) -> None:
        """Take note that it begins a job, as far as is known here."""
        self._began = time.monotonic(), self._processor_time()
        self._look_again(job, 0)

    def _look_again(self, job: Job, used: float) -> None:
        """Look at it again when it could have used up its time for something."""
        limit = job.seconds if self.is_slow else min(SLOW, job.seconds)
        self._timer = self._loop.call_later(max(limit - used, _LEAST_LOOK), self._look, job)

    def _look(self, job: Job) -> None:
        """End a job that takes too long; let no other wait behind one that takes long."""
        used = self._used()
        if used >= job.seconds:
            self.kill(too_long(job.seconds))
            return
        if used >= SLOW and not self.is_slow:
            self._slow_down()
        self._look_again(job, used)

    def _used(self) -> float:
        """Return the seconds that its job has taken: of the processor, but at least a third of the wall's clock.

        Where the machine is busy with other things, a job is not to blame for it.
        """
        began, processor_time = self._began
        return max(self._processor_time() - processor_time, (time.monotonic() - began) / WAITING)

    def _processor_time(self) -> float:
        """Return the seconds of the processor it has had (Linux; elsewhere all the seconds there were)."""
        if self._process is None or sys.platform != "linux":
            return time.monotonic()
        try:
            return time.clock_gettime(~self._process << 3 | _OF_A_PROCESS)
        except OSError:  # it is no more, as will be read next
            return self._began[1]

    def _slow_down(self) -> None:
        """Offer others what waits behind its job (whoever answers first is heard), and let all others go before it."""
        self.is_slow = True
        if self._process is not None:
            with contextlib.suppress(OSError):
                os.setpriority(os.PRIO_PROCESS, self._process, _LOW_PRIORITY)
        self._pool.held_up(list(self._in_hand)[1:])

    def _send(self, message: bytes) -> None:
        if self._outgoing:
            self._outgoing += message
            return
        sent = self._send_some(message)
        if sent < len(message):
            self._outgoing += memoryview(message)[sent:]
            self._loop.add_writer(self._connection, self._send_rest)

    def _send_rest(self) -> None:
        del self._outgoing[: self._send_some(self._outgoing)]
        if not self._outgoing:
            self._loop.remove_writer(self._connection)

    def _send_some(self, data: bytes | bytearray) -> int:
        try:
            return self._connection.send(data)
        except BlockingIOError:
            return 0
        except OSError:
            return len(data)  # it is gone, as will be read next

    def _read(self) -> None:
        try:
            data = self._connection.recv(_MOST_READ)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        self._incoming += data
        while (message := self._next_message()) is not None:
            flags, body = message
            self._take(flags, body)
            if self._connection.fileno() < 0:
                return
        if not data:
            self._gone(_DIED)

    def _next_message(self) -> tuple[int, bytes] | None:
        if len(self._incoming) < HEADER.size:
            return None
        length, flags = HEADER.unpack_from(self._incoming)
        end = HEADER.size + length
        if len(self._incoming) < end:
            return None
        body = bytes(memoryview(self._incoming)[HEADER.size : end])
        del self._incoming[:end]
        return flags, body

    def _take(self, flags: int, body: bytes) -> None:
        if flags & HELLO:
            self._process = pickle.loads(body)  # noqa: S301 - from our own worker
            self._pool.started()
            return
        job = self._in_hand.popleft()
        if self._timer is not None:
            self._timer.cancel()
        self._answer(job, flags, body)
        if flags & LAST:
            self._gone(None)
        elif self.is_slow:
            self.kill(None)
        else:
            if self._in_hand:
                self._begin(self._in_hand[0])
            self._pool.deal()

    def _answer(self, job: Job, flags: int, body: bytes) -> None:
        if flags & OUT_OF_MEMORY:
            job.end(self._pool.too_large())
            return
        try:
            value, logged = pickle.loads(body)  # noqa: S301 - from our own worker
        except Exception as error:  # noqa: BLE001 - what was pickled may fail to come back in any way
            job.end(unsendable(type(error).__name__))
            return
        for name, level, line in logged:
            logging.getLogger(name).log(level, "%s", line)
        if job.answer.done():
            return
        if flags & DONE:
            job.answer.set_result(value)
        elif flags & RAISED:
            raised, trace = value
            raised.__cause__ = RaisedThereError(trace)
            job.answer.set_exception(raised)
        else:
            job.end(unsendable(value))
