"""Jobs for worker processes: good ones, and bad ones of every kind."""

from __future__ import annotations

import logging
import os
import re
import signal
import threading
import time
import warnings
from collections.abc import Callable, Mapping
from pathlib import Path

from watchers.feed_model import Reason
from watchers.ports import FetchError

Context = Mapping[str, int]

_HELD: list[bytearray] = []


def add(context: Context, name: str, number: int) -> int:
    return context[name] + number


def echo(_: Context, data: bytes) -> bytes:
    return data


def process(_: Context) -> int:
    return os.getpid()


def threads(_: Context) -> int:
    return threading.active_count()


def wait(_: Context, seconds: float) -> float:
    time.sleep(seconds)
    return seconds


def note(_: Context, path: Path, line: str) -> None:
    with path.open("a") as notes:
        notes.write(f"{line}\n")


def say_who_and_wait(_: Context, path: Path) -> None:
    path.write_text(str(os.getpid()))
    time.sleep(60)


def spin(_: Context) -> None:
    while True:
        pass


def hang_in_c(_: Context) -> object:
    return re.match(r"(a+)+$", "a" * 60 + "b")


def stop(_: Context) -> None:
    os.kill(os.getpid(), signal.SIGSTOP)


def take_memory(_: Context, size: int) -> int:
    return len(bytearray(size))


def take_memory_bit_by_bit(_: Context) -> None:
    taken: list[str] = []
    while True:
        taken.append("x" * 100_000 + str(len(taken)))


def keep_memory(_: Context, size: int) -> int:
    _HELD.append(bytearray(os.urandom(1) * size))
    return os.getpid()


def crash(_: Context) -> None:
    os.kill(os.getpid(), signal.SIGSEGV)


def leave(_: Context) -> None:
    os._exit(0)


def log(_: Context, line: str) -> None:
    logging.getLogger("tests.jobs").warning("it says %s", line)
    logging.getLogger("tests.jobs").warning("no place for %s", "one", "another")  # noqa: PLE1205 - as libraries do
    warnings.warn("mind this", stacklevel=1)


class AwkwardError(Exception):
    """Pickles, but cannot be made again from what it pickles."""

    def __init__(self, one: str, other: str) -> None:
        super().__init__(one + other)


class LockedError(Exception):
    """Cannot be pickled."""

    def __init__(self) -> None:
        super().__init__("locked")
        self.lock = threading.Lock()


_ERRORS: Mapping[str, Callable[[], BaseException]] = {
    "fetch": lambda: FetchError(Reason("{host} is no feed", host="a.example"), gone=True),
    "value": lambda: ValueError("bad value"),
    "timeout": lambda: TimeoutError("its own"),
    "awkward": lambda: AwkwardError("one", "other"),
    "locked": LockedError,
    "stop": StopIteration,
    "exit": lambda: SystemExit(3),
    "interrupt": KeyboardInterrupt,
}


def fail(_: Context, kind: str) -> None:
    error = _ERRORS[kind]()
    raise error


def give_back_a_function(_: Context) -> object:
    return lambda: None
