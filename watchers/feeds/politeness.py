"""Who may ask a host now: never more than a few requests at once, and a pause between the beginnings of two.

Requests to one host wait in line and are let through in the order they came. Pages for which robots.txt asks a longer
pause (Crawl-delay) wait for it in a line of their own first, so that a feed of the same host need not wait with them.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta

AT_ONCE = 2
"""Requests to one host at the same time."""
PAUSE = timedelta(seconds=1)
"""The least time between the beginnings of two requests to one host."""
LONGEST_PAUSE = timedelta(seconds=30)
"""No robots.txt makes us pause for longer."""
AT_ONCE_UNHURRIED = 8
"""Requests at the same time to a host that the operator allowed; it needs no pause."""
AT_ONCE_IN_ALL = 100
"""Requests at the same time to whomever; those who wait for their turn are not counted, and hold up no other host."""
MOST_HOSTS = 4_096
"""Hosts remembered, beside those asked within the longest pause."""


class Politeness:
    """The lines before hosts; one for everything that asks on behalf of the bot.

    `unhurried` are hosts of the operator's own, which need no pause. `monotonic` tells seconds that never go back.
    """

    def __init__(
        self,
        unhurried: frozenset[str] = frozenset(),
        *,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        """Begin with nobody in line."""
        self._unhurried = unhurried
        self._monotonic = monotonic
        self._sleep = sleep
        self._places = asyncio.Semaphore(AT_ONCE_IN_ALL)
        self._lines: dict[str, _Line] = {}
        self._sweep_at = MOST_HOSTS

    def turn(self, host: str, pause: timedelta | None = None) -> _Turn:
        """Return a context that is entered when `host` may be asked, and lasts as long as the request.

        `pause` is the least time since the last request that named one, where robots.txt asks for more than
        `PAUSE`; None: it does not.
        """
        line = self._lines.get(host) or self._open(host)
        slow = pause is not None and line.pause > 0
        return _Turn(self, line, min(pause, LONGEST_PAUSE).total_seconds() if pause and slow else None)

    async def begin(self, line: _Line, slow_pause: float | None) -> None:
        """Return when the next request in `line` may begin; it holds a place from now on."""
        if slow_pause is None:
            await self._begin(line)
            return
        async with line.slow_door:
            await self._wait_until(line.slow_began + slow_pause)
            await self._begin(line)
            line.slow_began = line.began

    async def _begin(self, line: _Line) -> None:
        async with line.door:
            await line.places.acquire()
            try:
                if line.pause:
                    await self._wait_until(line.began + line.pause)
                await self._places.acquire()
            except BaseException:
                line.places.release()
                raise
            if line.pause:
                line.began = self._monotonic()

    def end(self, line: _Line) -> None:
        """Give the place of a request back."""
        line.places.release()
        self._places.release()

    async def _wait_until(self, moment: float) -> None:
        while (left := moment - self._monotonic()) > 0:
            await self._sleep(left)

    def _open(self, host: str) -> _Line:
        if len(self._lines) >= self._sweep_at:
            self._forget()
        own = host in self._unhurried
        line = _Line(AT_ONCE_UNHURRIED, 0) if own else _Line(AT_ONCE, PAUSE.total_seconds())
        self._lines[host] = line
        return line

    def _forget(self) -> None:
        """Forget the hosts to which a request may begin at once, whatever was asked of them."""
        before = self._monotonic() - LONGEST_PAUSE.total_seconds()
        self._lines = {host: line for host, line in self._lines.items() if line.inside or line.began > before}
        self._sweep_at = max(MOST_HOSTS, 2 * len(self._lines))


class _Line:
    """Those who want to ask one host."""

    __slots__ = ("began", "door", "inside", "pause", "places", "slow_began", "slow_door")

    def __init__(self, at_once: int, pause: float) -> None:
        self.pause = pause
        self.places = asyncio.Semaphore(at_once)
        self.door = asyncio.Lock()
        self.slow_door = asyncio.Lock()
        self.inside = 0
        """How many wait or are asking."""
        self.began = float("-inf")
        self.slow_began = float("-inf")


class _Turn:
    """One request's way through the line."""

    __slots__ = ("_line", "_politeness", "_slow_pause")

    def __init__(self, politeness: Politeness, line: _Line, slow_pause: float | None) -> None:
        self._politeness = politeness
        self._line = line
        self._slow_pause = slow_pause
        # Counted from here on, so that the line is not forgotten.
        line.inside += 1

    async def __aenter__(self) -> None:
        try:
            await self._politeness.begin(self._line, self._slow_pause)
        except BaseException:
            self._line.inside -= 1
            raise

    async def __aexit__(self, *_: object) -> None:
        self._line.inside -= 1
        self._politeness.end(self._line)
