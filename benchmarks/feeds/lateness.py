"""How late an event loop wakes those who sleep on it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from statistics import quantiles
from time import perf_counter
from types import TracebackType
from typing import Self

_NAP = 0.005


class LateWatch:
    """Sleeps 5 ms again and again while the context lasts, and notes by how much it wakes too late."""

    def __init__(self) -> None:
        """Watch nothing yet."""
        self._late: list[float] = []
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        """Begin to watch the running loop."""
        self._task = asyncio.create_task(self._watch())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Watch no more."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    async def _watch(self) -> None:
        while True:
            began = perf_counter()
            await asyncio.sleep(_NAP)
            self._late.append((perf_counter() - began - _NAP) * 1000)

    def figures(self) -> Mapping[str, float]:
        """Return milliseconds: median, 99th percentile and most."""
        if len(self._late) < 2:  # noqa: PLR2004 - quantiles need two
            return {}
        cuts = quantiles(self._late, n=100, method="inclusive")
        return {"stall_p50_ms": cuts[49], "stall_p99_ms": cuts[98], "stall_most_ms": max(self._late)}
