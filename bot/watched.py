"""What watches over the process, joined as the operator has set it: its pulse, its figures, its health file."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from bot.metrics import Metrics
from bot.observing import ObservedStore, Observer, Together
from bot.pulse import Pulse, health_written
from bot.scraping import scraped
from config.settings import Settings
from watchers.ports import Clock, Store


@dataclass(frozen=True, slots=True)
class Watched:
    """What the process works with, so that it is watched."""

    store: Store
    """The store, observed."""
    clock: Clock
    observer: Observer
    pulse: Pulse


@asynccontextmanager
async def watched(store: Store, clock: Clock, settings: Settings, *, gateway: bool = True) -> AsyncIterator[Watched]:
    """Watch over a process until the block ends; `gateway` says whether it is to be connected to Discord's.

    Raise `StartError` where the figures cannot be served.
    """
    # What it asks the store itself is not counted.
    pulse = Pulse(store, clock, gateway=gateway)
    async with AsyncExitStack() as stack:
        observers: list[Observer] = [pulse]
        if settings.metrics is not None:
            metrics = Metrics()
            observers.append(metrics)
            await stack.enter_async_context(scraped(metrics, store, clock, settings.metrics))
        if settings.health_file is not None:
            await stack.enter_async_context(health_written(pulse, settings.health_file))
        observer = Together(*observers)
        yield Watched(ObservedStore(store, observer), clock, observer, pulse)
