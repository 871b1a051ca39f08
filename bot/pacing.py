"""How many alerts are sent in a second, so that Discord need not tell us to slow down."""

from __future__ import annotations

import asyncio

ALERTS_A_SECOND = 25
"""Half of the 50 requests a second that Discord lets a bot make over all channels
(https://discord.com/developers/docs/topics/rate-limits#global-rate-limit): the other half is for threads that are
opened, direct messages that are begun, edits of cards, and what people ask. Who is told to wait 10,000 times in ten
minutes is shut out (the same page, "Invalid Request Limit"), so that going ahead and being refused is no way."""


class Pace:
    """Lets so many pass at once after a quiet second, and as many in each second from then on."""

    def __init__(self, a_second: int = ALERTS_A_SECOND) -> None:
        """Let `a_second` pass each second."""
        self._interval = 1 / a_second
        self._a_second = a_second
        self._next = 0.0  # on the event loop's clock: when there would be room, had nobody been let through early

    async def turn(self) -> None:
        """Return when it is one's turn; the first come first."""
        now = asyncio.get_running_loop().time()
        self._next = max(self._next, now - 1 + self._interval) + self._interval
        await asyncio.sleep(max(0.0, self._next - self._interval - now))
