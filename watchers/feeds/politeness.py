"""Who may ask a host now: never more than a few requests at once, and a pause between the beginnings of two.

Requests to one host wait in line and are let through in the order they came. Pages for which robots.txt asks a longer
pause (Crawl-delay) wait for it in a line of their own first, so that a feed of the same host need not wait with them.

A host that asks for patience (429; 503 with Retry-After) is asked for nothing meanwhile. Who wants to ask it is told so
at once: nobody stands in line for an hour.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta

from watchers.feed_model import Reason
from watchers.ports import FetchError

AT_ONCE = 2
"""Requests to one host at the same time."""
PAUSE = timedelta(seconds=1)
"""The least time between the beginnings of two requests to one host."""
LONGEST_PAUSE = timedelta(seconds=30)
"""No robots.txt makes us pause for longer."""
PATIENCE = timedelta(minutes=5)
"""How long a host is left alone that asks for it (429) and does not say how long; and at most for the answers of one of
its addresses, for anybody may add that."""
LONGEST_PATIENCE = timedelta(hours=1)
"""The longest that a host is left alone."""
AT_ONCE_UNHURRIED = 8
"""Requests at the same time to a host that the operator allowed; it needs no pause."""
AT_ONCE_IN_ALL = 100
"""Requests at the same time to whomever; those who wait for their turn are not counted, and hold up no other host."""
MOST_HOSTS = 4_096
"""Hosts remembered, beside those asked within the longest pause and those that are left alone."""

_TOO_MANY_REQUESTS = 429
_UNAVAILABLE = 503


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

        Entering it raises `FetchError` while the host is left alone, with what is left of that as `retry_after`.
        `pause` is the least time since the last request that named one, where robots.txt asks for more than
        `PAUSE`; None: it does not.
        """
        line = self._line(host)
        slow = pause is not None and line.pause > 0
        return _Turn(self, line, min(pause, LONGEST_PAUSE).total_seconds() if pause and slow else None)

    def heed(self, host: str, url: str, answer: FetchError | None) -> None:
        """Leave `host` alone for as long as its `answer` to a request for `url` asks for (None: it was a good one).

        That is at most `PATIENCE` where one address alone answers so, and `LONGEST_PATIENCE` from the second on.

        Both 429 (RFC 6585, section 4) and 503 (RFC 9110, section 15.6.4) speak of the server, or of us at the server,
        and `Retry-After` (RFC 9110, section 10.2.3) of when to come back. A 503 without it is that feed's own trouble.
        """
        line = self._line(host)
        if answer is None:
            line.sent_us_away = None
            return
        wait = answer.retry_after
        if wait is None and answer.status == _TOO_MANY_REQUESTS:
            wait = PATIENCE
        if wait is not None and answer.status in {_TOO_MANY_REQUESTS, _UNAVAILABLE}:
            most = PATIENCE if line.sent_us_away in {None, url} else LONGEST_PATIENCE
            line.sent_us_away = line.sent_us_away or url
            line.alone_until = max(line.alone_until, self._monotonic() + min(wait, most).total_seconds())

    async def begin(self, line: _Line, slow_pause: float | None) -> None:
        """Return when the next request in `line` may begin; it holds a place from now on."""
        self._refuse_while_alone(line)
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
                self._refuse_while_alone(line)  # it may have answered so to those who were before
                await self._places.acquire()
            except BaseException:
                line.places.release()
                raise
            if line.pause:
                line.began = self._monotonic()

    def _refuse_while_alone(self, line: _Line) -> None:
        left = line.alone_until - self._monotonic()
        if left > 0:
            # Without the minutes: it may be read long after.
            why = Reason("{host} asked us to come less often, and is left alone for up to an hour", host=line.host)
            raise FetchError(why, retry_after=timedelta(seconds=left), held=True)

    def end(self, line: _Line) -> None:
        """Give the place of a request back."""
        line.places.release()
        self._places.release()

    async def _wait_until(self, moment: float) -> None:
        while (left := moment - self._monotonic()) > 0:
            await self._sleep(left)

    def _line(self, host: str) -> _Line:
        return self._lines.get(host) or self._open(host)

    def _open(self, host: str) -> _Line:
        if len(self._lines) >= self._sweep_at:
            self._forget()
        own = host in self._unhurried
        line = _Line(host, AT_ONCE_UNHURRIED, 0) if own else _Line(host, AT_ONCE, PAUSE.total_seconds())
        self._lines[host] = line
        return line

    def _forget(self) -> None:
        """Forget the hosts to which a request may begin at once, whatever was asked of them."""
        now = self._monotonic()
        before = now - LONGEST_PAUSE.total_seconds()
        self._lines = {
            host: line
            for host, line in self._lines.items()
            if line.inside or line.began > before or line.alone_until > now
        }
        self._sweep_at = max(MOST_HOSTS, 2 * len(self._lines))


class _Line:
    """Those who want to ask one host."""

    __slots__ = (
        "alone_until",
        "began",
        "door",
        "host",
        "inside",
        "pause",
        "places",
        "sent_us_away",
        "slow_began",
        "slow_door",
    )

    def __init__(self, host: str, at_once: int, pause: float) -> None:
        self.host = host
        self.pause = pause
        self.places = asyncio.Semaphore(at_once)
        self.door = asyncio.Lock()
        self.slow_door = asyncio.Lock()
        self.inside = 0
        """How many wait or are asking."""
        self.began = float("-inf")
        self.slow_began = float("-inf")
        self.alone_until = float("-inf")
        self.sent_us_away: str | None = None
        """The first address that asked for patience since the last good answer."""


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
