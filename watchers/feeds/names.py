"""Names to addresses, by the system's own resolver, each look-up in a thread of its own.

A name server that hangs holds its thread for half a minute and more, and no library can end that. The event loop's
few default threads, which all else shares, are therefore left out of it; so is the pool of `concurrent.futures`, whose
threads a process waits for when it ends. The system's resolver is asked, and not one of our own, because operators
set theirs up there: hosts files, search domains, resolvers that are local or encrypted.
"""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any

PATIENCE = 10.0
"""Seconds until a look-up is given up."""
MOST_AT_ONCE = 64
"""Look-ups at the same time, those given up but not yet over included."""

LookUp = Callable[[str, int, int], Sequence[tuple[Any, ...]]]
"""Answers as `socket.getaddrinfo` does, for a name, a port and a family of addresses."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where a name leads to."""

    address: str
    port: int
    family: int
    protocol: int


class SlowNamesError(OSError):
    """The name server did not answer in time."""


def system_look_up(name: str, port: int, family: int) -> Sequence[tuple[Any, ...]]:
    """Ask the system; only for addresses of a kind that it has itself."""
    return socket.getaddrinfo(name, port, family, socket.SOCK_STREAM, 0, socket.AI_ADDRCONFIG)


class Names:
    """Looks names up without ever blocking the event loop it is used on."""

    def __init__(self, look_up: LookUp = system_look_up, patience: float = PATIENCE) -> None:
        """Ask `look_up`, in threads, for at most `patience` seconds."""
        self._look_up = look_up
        self._patience = patience
        self._places = asyncio.Semaphore(MOST_AT_ONCE)

    async def addresses(self, name: str, port: int, family: int = socket.AF_UNSPEC) -> list[Address]:
        """Return where `name` leads to; raise `OSError` where that cannot be found, `SlowNamesError` in time."""
        try:
            async with asyncio.timeout(self._patience):
                await self._places.acquire()
                found = await self._ask(name, port, family)
        except TimeoutError as error:
            message = f"no answer on {name} within {self._patience:g} seconds"
            raise SlowNamesError(message) from error
        return [Address(str(place[0]), int(place[1]), kind, protocol) for kind, _, protocol, _, place in found]

    def _ask(self, name: str, port: int, family: int) -> asyncio.Future[Sequence[tuple[Any, ...]]]:
        """Ask in a thread that nobody waits for at the end of the process."""
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[Sequence[tuple[Any, ...]]] = loop.create_future()

        def look() -> None:
            try:
                done = partial(_settle, answer, self._look_up(name, port, family))
            except (OSError, UnicodeError) as error:
                done = partial(_fail, answer, OSError(str(error)))
            with suppress(RuntimeError):  # the loop has been closed meanwhile
                loop.call_soon_threadsafe(self._free, done)

        threading.Thread(target=look, name=f"names: {name[:60]}", daemon=True).start()
        return answer

    def _free(self, done: Callable[[], None]) -> None:
        self._places.release()
        done()


def _settle(answer: asyncio.Future[Sequence[tuple[Any, ...]]], found: Sequence[tuple[Any, ...]]) -> None:
    if not answer.done():
        answer.set_result(found)


def _fail(answer: asyncio.Future[Sequence[tuple[Any, ...]]], error: OSError) -> None:
    if not answer.done():
        answer.set_exception(error)
