"""An event loop whose time passes only while nothing is at work, so that ten minutes of waiting take no time.

Unlike `simulated_time.py` it is the loop's own clock, by which sleeps, timeouts and a pace go. What threads do takes
none of its time.
"""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from typing import Any, TypeVar, TypeVarTuple

T = TypeVar("T")
Ts = TypeVarTuple("Ts")


class SimulatedLoop(asyncio.SelectorEventLoop):
    """The loop; seconds count from its start."""

    def __init__(self) -> None:
        """Stand still at 0."""
        self._seconds = 0.0
        self._at_work = 0
        super().__init__(_Selector(self._wait))

    def time(self) -> float:
        """Return the seconds since the start."""
        return self._seconds

    def run_in_executor(self, executor: Executor | None, func: Callable[[*Ts], T], *args: *Ts) -> asyncio.Future[T]:
        """Run `func` in a thread; no time passes meanwhile."""
        begun = super().run_in_executor(executor, func, *args)
        self._at_work += 1
        begun.add_done_callback(self._ended)
        return begun

    def _ended(self, _: object) -> None:
        self._at_work -= 1

    def _wait(self, seconds: float | None) -> float | None:
        """Return how long really to wait for what is to be in so many seconds (None: in none that is known)."""
        if not seconds:
            return seconds
        if self._at_work:
            return None
        self._seconds += seconds
        return 0


class _Selector(selectors.BaseSelector):
    """The system's selector, told by another how long to wait."""

    def __init__(self, wait: Callable[[float | None], float | None]) -> None:
        self._wait = wait
        self._real = selectors.DefaultSelector()

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        return self._real.select(self._wait(timeout))

    def register(self, fileobj: Any, events: int, data: Any = None) -> selectors.SelectorKey:
        return self._real.register(fileobj, events, data)

    def unregister(self, fileobj: Any) -> selectors.SelectorKey:
        return self._real.unregister(fileobj)

    def get_map(self) -> Mapping[Any, selectors.SelectorKey]:
        return self._real.get_map()

    def close(self) -> None:
        self._real.close()
