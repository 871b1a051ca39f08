"""Discord's limits on sending, by simulated time, and how long alerts would wait if nothing but these held them up.

50 requests in any second for all channels together and 5 in any 5 seconds for each; a request takes a tenth of a
second. (https://discord.com/developers/docs/topics/rate-limits names the first and tells each channel's in headers;
5 in 5 seconds is what bots meet for messages.)
"""

from __future__ import annotations

import asyncio
import heapq
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from watchers.audience import Delivery, Posted

A_SECOND = 50
OF_A_CHANNEL, IN_SECONDS = 5, 5.0
TAKES = 0.1
"""Seconds from a request to its answer."""


class LimitedDiscord:
    """Implements `ports.Messenger`: posts nowhere, but no faster than Discord would let it."""

    def __init__(self) -> None:
        """Nothing has been posted yet."""
        self.posted = 0
        self.most_at_once = 0
        self._at_once = 0
        self._lately: deque[float] = deque(maxlen=A_SECOND)
        self._of_channels: dict[int, deque[float]] = {}
        self._one_by_one = asyncio.Lock()

    async def post(self, delivery: Delivery, nonce: str) -> Posted:
        """Take as long as Discord would."""
        del nonce
        channel = delivery.alert.channel_id or 0
        self._at_once += 1
        self.most_at_once = max(self.most_at_once, self._at_once)
        own = self._of_channels.setdefault(channel, deque(maxlen=OF_A_CHANNEL))
        await _room_in(own, IN_SECONDS)
        async with self._one_by_one:
            await _room_in(self._lately, 1.0)
            now = asyncio.get_running_loop().time()
            self._lately.append(now)
            own.append(now)
        await asyncio.sleep(TAKES)
        self._at_once -= 1
        self.posted += 1
        self._forget(now)
        return Posted(channel, self.posted)

    async def edit(self, delivery: Delivery) -> Posted:
        """Take as long as a post."""
        return await self.post(delivery, "")

    def _forget(self, now: float) -> None:
        """Forget channels that were left alone for long enough, now and then."""
        if self.posted % 1000 == 0:
            self._of_channels = {
                channel: own for channel, own in self._of_channels.items() if not own or own[-1] > now - IN_SECONDS
            }


async def _room_in(lately: deque[float], seconds: float) -> None:
    loop = asyncio.get_running_loop()
    while len(lately) == lately.maxlen and (wait := lately[0] + seconds - loop.time()) > 0:  # noqa: ASYNC110 - the clock alone makes room
        await asyncio.sleep(wait)


@dataclass(frozen=True, slots=True)
class Waited:
    """An alert: when it might be sent from, and when it was there. Seconds."""

    channel: int
    due: float
    sent: float
    """Infinite where it was not."""


def ideal(alerts: Sequence[Waited]) -> list[Waited]:
    """Return the same alerts as the best queue sends them: oldest first, with nothing in its way but the limits."""
    of_channels: dict[int, deque[Waited]] = {}
    for one in sorted(alerts, key=lambda one: one.due):
        of_channels.setdefault(one.channel, deque()).append(one)
    begun: dict[int, deque[float]] = {channel: deque(maxlen=OF_A_CHANNEL) for channel in of_channels}
    lately: deque[float] = deque(maxlen=A_SECOND)
    later = [(line[0].due, channel) for channel, line in of_channels.items()]
    heapq.heapify(later)
    ready: list[tuple[float, int]] = []
    sent: list[Waited] = []
    now = 0.0
    while later or ready:
        now = max(now, lately[0] + 1.0 if len(lately) == A_SECOND else now, now if ready else later[0][0])
        while later and later[0][0] <= now:
            channel = heapq.heappop(later)[1]
            heapq.heappush(ready, (of_channels[channel][0].due, channel))
        channel = heapq.heappop(ready)[1]
        line, own = of_channels[channel], begun[channel]
        one = line.popleft()
        lately.append(now)
        own.append(now)
        sent.append(Waited(channel, one.due, now + TAKES))
        if line:
            free = own[0] + IN_SECONDS if len(own) == OF_A_CHANNEL else now
            heapq.heappush(later, (max(line[0].due, free), channel))
    return sent


def oldest(alerts: Sequence[Waited], moments: Sequence[float]) -> Iterator[float]:
    """Yield for each of these moments, in order, how long the alert has waited that waits longest then."""
    coming = deque(sorted(alerts, key=lambda one: one.due))
    waiting: list[tuple[float, float]] = []
    for moment in moments:
        while coming and coming[0].due <= moment:
            one = coming.popleft()
            heapq.heappush(waiting, (one.due, one.sent))
        while waiting and waiting[0][1] <= moment:
            heapq.heappop(waiting)
        yield moment - waiting[0][0] if waiting else 0.0
