"""Bells, turns and places: how tasks that serve one another wait without holding each other up."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TypeVar

T = TypeVar("T")


class Bell:
    """Calls one listener, who may be busy; rings meanwhile are heard as one."""

    def __init__(self) -> None:
        """Begin rung: there may be something to do from before."""
        self._rung = asyncio.Event()
        self._rung.set()
        self._closed = False

    def ring(self) -> None:
        """Call the listener."""
        self._rung.set()

    def close(self) -> None:
        """Call the listener once more, and never again."""
        self._closed = True
        self._rung.set()

    async def heard(self) -> bool:
        """Wait until it rings; return False once it is closed and was heard after that."""
        if self._closed and not self._rung.is_set():
            return False
        await self._rung.wait()
        self._rung.clear()
        return True


class Turns:
    """Something that is never done twice at a time; what is asked for meanwhile is done by the turn under way."""

    def __init__(self) -> None:
        """Begin with nobody's turn."""
        self._busy = False
        self._asked = False

    async def take(self, work: Callable[[], Awaitable[T]]) -> list[T]:
        """Do `work`, and again as long as it was asked for meanwhile; return what each time gave.

        That is nothing where a turn is under way: it does what is asked for here.
        """
        self._asked = True
        if self._busy:
            return []
        self._busy = True
        done: list[T] = []
        try:
            while self._asked:
                self._asked = False
                done.append(await work())
        finally:
            self._busy = False
        return done


class QuickPlaces:
    """Places for what is soon done; whoever takes longer goes on without one."""

    def __init__(self, places: int, seconds: float) -> None:
        """Let so many in at a time, not counting those who came in more than `seconds` ago."""
        self._places = asyncio.Semaphore(places)
        self._seconds = seconds

    @asynccontextmanager
    async def taken(self) -> AsyncIterator[None]:
        """Wait for a place and hold it; for `seconds` at most."""
        await self._places.acquire()
        held = True

        def let_go() -> None:
            nonlocal held
            if held:
                held = False
                self._places.release()

        late = asyncio.get_running_loop().call_later(self._seconds, let_go)
        try:
            yield
        finally:
            late.cancel()
            let_go()
