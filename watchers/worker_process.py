"""What runs in the processes of `workers.WorkerPool`: a nursery that forks workers, and the workers themselves.

The nursery loads the modules and the context once, then forks a worker whenever the pool sends it the end of a socket:
a worker is there within milliseconds and shares the nursery's memory. Neither ever starts a thread. A worker takes one
job after another from its socket and ends by itself when the other end is closed, which is also how it learns that the
bot is gone; Ctrl-C and SIGTERM are for the bot alone to answer.

Both sides speak in messages of a header (`HEADER`: the length of what follows, and flags) and a pickle. This file is
also the nursery's program, `python -P worker_process.py FD`, so that `ps` tells what the processes are.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import logging
import os
import pickle
import signal
import socket
import struct
import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

if sys.platform != "win32":  # where nothing here runs, but workers.py is still imported
    import resource

HEADER = struct.Struct("!QB")

HELLO = 1
"""A worker is ready; its process id follows."""
DONE = 2
"""What the job returned follows."""
RAISED = 4
"""The exception that the job raised follows, with its traceback in words."""
UNSENDABLE = 8
"""What the job returned or raised cannot be sent; the name of its type follows."""
OUT_OF_MEMORY = 16
"""The job asked for more memory than there is for it."""
LAST = 32
"""The worker ends after this answer; what else it was sent is not begun."""

Log = tuple[str, int, str]
"""What a job logged: the logger's name, the level, the message."""

LONGEST_ANSWER = 64_000_000
"""Bytes of one answer."""

WAITING = 3
"""So many times as long as of the processor may a job take by the wall's clock."""

_MOST_LOGGED = 20
_LONGEST_LINE = 2_000
_GROWN = 48_000_000
_LEAST_ROOM = 64_000_000
_GRACE = 1.0
_COLLECTED_AFTER = 50_000
"""Objects made, more than freed, after which the youngest are searched for circles (`gc.set_threshold`).

What a job makes holds hardly any, and goes when the job is done; a search after every 700 is a sixth of what parsing
costs. 50,000 objects are some megabytes, and a worker that holds much more after a job is replaced (`_GROWN`).
"""
_NICENESS = 5


@dataclass(frozen=True, slots=True)
class Upbringing:
    """What a nursery is told before it forks the first worker."""

    path: tuple[str, ...]
    """Where modules are found."""
    preload: tuple[str, ...]
    """Names of modules that the jobs need."""
    context: bytes
    """The pickled context of every job."""
    rehearsal: bytes | None
    """A pickled function that is called with the context before the first fork; None: nothing is."""
    most_memory: int
    """Bytes that a worker may use altogether."""


def read_message(connection: socket.socket) -> bytearray | None:
    """Return what follows the next header, whose flags say nothing here; None where the other end is closed."""
    head = _read(connection, HEADER.size)
    return _read(connection, HEADER.unpack(head)[0]) if head else None


def _read(connection: socket.socket, size: int) -> bytearray | None:
    data = bytearray(size)
    view = memoryview(data)
    while view:
        try:
            got = connection.recv_into(view)
        except ConnectionError:
            return None
        if not got:
            return None
        view = view[got:]
    return data


def nursery(control: socket.socket) -> None:
    """Fork a worker for each socket that comes through `control`, until its other end is closed.

    Standard input holds the pickled `Upbringing`.
    """
    for ignored in (signal.SIGINT, signal.SIGTERM):
        signal.signal(ignored, signal.SIG_IGN)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # so that no worker that has ended lingers
    _call_it("aide-nursery")
    upbringing: Upbringing = pickle.load(sys.stdin.buffer)  # noqa: S301 - from the bot itself
    sys.path[:] = upbringing.path
    for name in upbringing.preload:
        importlib.import_module(name)
    context = pickle.loads(upbringing.context)  # noqa: S301 - from the bot itself
    if upbringing.rehearsal is not None:
        pickle.loads(upbringing.rehearsal)(context)  # noqa: S301 - from the bot itself
    gc.collect()
    gc.freeze()  # what is never collected is never written to, so its memory stays shared
    while True:
        note, sockets, _, _ = socket.recv_fds(control, 1, 1)
        if not note:
            return
        for number in sockets:
            with socket.socket(fileno=number) as connection, contextlib.suppress(OSError):
                if os.fork() == 0:
                    control.close()
                    _live(connection, context, upbringing.most_memory)


def _live(connection: socket.socket, context: Any, most_memory: int) -> None:
    """Be a worker; never return."""
    status = 1
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        _call_it("aide-worker")
        os.nice(_NICENESS)  # the bot, which people talk to, goes first
        gc.set_threshold(_COLLECTED_AFTER)
        Worker(connection, context, most_memory).work()
        status = 0
    except ConnectionError:
        status = 0  # the bot is gone
    except BaseException:  # noqa: BLE001 - nothing may return into the nursery's loop
        traceback.print_exc()
    finally:
        os._exit(status)


def _call_it(name: str) -> None:
    """Show a process under `name` in `ps` and `top`, where the system lets it (Linux; 15 characters)."""
    with contextlib.suppress(OSError):
        Path("/proc/self/comm").write_text(name, "ascii")


class Worker:
    """Does the jobs that come through a socket, one after another."""

    def __init__(self, connection: socket.socket, context: Any, most_memory: int) -> None:
        """Bound this process' own memory from here on."""
        self._connection = connection
        self._context = context
        self._logged = _Logged()
        self._held = _held()
        _bound_memory(most_memory)

    def work(self) -> None:
        """Answer jobs until the other end is closed, the memory is used up, or much of it is held after a job."""
        self._connection.sendall(_message(HELLO, pickle.dumps(os.getpid())))
        last = 0
        while not last:
            try:
                body = read_message(self._connection)
                if body is None:
                    return
                flag, answer = self._perform(body)
            except MemoryError:
                self._connection.sendall(_message(OUT_OF_MEMORY | LAST, b""))
                return
            del body
            last = LAST if _held() - self._held > _GROWN else 0
            self._connection.sendall(HEADER.pack(len(answer), flag | last))
            self._connection.sendall(answer)

    def _perform(self, body: bytearray) -> tuple[int, bytes]:
        """Do one job; return the flag and the pickle of its answer."""
        try:
            job, args, seconds = pickle.loads(body)  # noqa: S301 - from the bot itself
            # The bot ends what takes too long. Where the bot is gone or hangs, this ends it, even in the midst of C.
            signal.setitimer(signal.ITIMER_REAL, seconds * WAITING + _GRACE)
            return self._answer(DONE, job(self._context, *args))
        except MemoryError:
            raise
        except StopIteration as error:  # means something else to whoever waits for it
            return self._unsendable(error)
        except Exception as error:  # noqa: BLE001 - it is raised again where the job was asked for
            return self._raised(error)
        except BaseException as error:  # noqa: BLE001 - neither SystemExit nor CancelledError is for the bot
            return self._unsendable(error)
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)

    def _answer(self, flag: int, value: Any) -> tuple[int, bytes]:
        try:
            answer = pickle.dumps((value, self._logged.taken()), pickle.HIGHEST_PROTOCOL)
        except MemoryError:
            raise
        except Exception:  # noqa: BLE001 - objects may fail to be pickled in any way
            return self._unsendable(value)
        return (flag, answer) if len(answer) <= LONGEST_ANSWER else self._unsendable(value)

    def _raised(self, error: Exception) -> tuple[int, bytes]:
        try:
            pickle.loads(pickle.dumps(error))  # noqa: S301 - our own; with exceptions, often only this tells
        except Exception:  # noqa: BLE001 - (as above)
            return self._unsendable(error)
        return self._answer(RAISED, (error, "".join(traceback.format_exception(error))))

    def _unsendable(self, value: object) -> tuple[int, bytes]:
        return UNSENDABLE, pickle.dumps((type(value).__name__, self._logged.taken()))


class RaisedThereError(Exception):
    """The cause of an exception that a job raised: its traceback in the worker."""


class _Logged(logging.Handler):
    """Gathers what jobs log, so that the bot logs it."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self._lines: list[Log] = []
        root = logging.getLogger()
        root.handlers[:] = [self]
        root.setLevel(logging.WARNING)
        logging.captureWarnings(capture=True)

    def emit(self, record: logging.LogRecord) -> None:
        if len(self._lines) < _MOST_LOGGED:
            with contextlib.suppress(TypeError, ValueError):  # what a library logs need not fit together
                self._lines.append((record.name, record.levelno, record.getMessage()[:_LONGEST_LINE]))

    def taken(self) -> tuple[Log, ...]:
        """Return what was logged since this was last asked."""
        lines = tuple(self._lines)
        self._lines.clear()
        return lines


def _message(flag: int, body: bytes) -> bytes:
    return HEADER.pack(len(body), flag) + body


def _bound_memory(most: int) -> None:
    """Let this process hold `most` bytes altogether (Linux; elsewhere there is no bound).

    What it already holds is shared with the nursery and bounded as it is; room for growth is left in any case.
    """
    private = _status("VmData")
    if private is None:
        return
    limit = private + max(most - _held(), _LEAST_ROOM)
    resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))


def _status(name: str) -> int | None:
    """Return a size that Linux tells of this process, in bytes; None: this is not Linux."""
    try:
        lines = Path("/proc/self/status").read_text("ascii", "replace").splitlines()
    except OSError:
        return None
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith(f"{name}:")), None)


def _held() -> int:
    """Return the bytes of memory this process has in use, files aside; 0 where the system does not tell."""
    try:
        with open("/proc/self/statm", "rb") as statm:  # noqa: PTH123 - asked after each job: as cheap as can be
            _, resident, of_files, *_ = statm.read().split()
            return (int(resident) - int(of_files)) * _PAGE
    except OSError:
        return 0


_PAGE = os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 4096


def _main() -> None:
    """Become a nursery: as the module of the house, not as `__main__`, so that what is pickled has one name."""
    control = socket.socket(fileno=int(sys.argv[1]))
    sys.path.insert(0, str(Path(__file__).parents[1]))
    house: Callable[[socket.socket], None] = importlib.import_module("watchers.worker_process").nursery
    house(control)


if __name__ == "__main__":
    _main()
