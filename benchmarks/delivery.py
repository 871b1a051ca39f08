"""How fast alerts go out where each send takes its time: many channels at once against one alert after another.

    PYTHONPATH=. python benchmarks/delivery.py [--channels 500] [--alerts 4] [--wait 0.1]

Both deliver the same alerts from an SQLite file of their own, with the store's own leases and marks, through a
messenger that only waits. The one is a plain worker; the other is ours, without the pace that keeps it within Discord's
limits.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from bot.delivery import LEASE, Deliverer
from bot.opening import SystemClock
from storage.engine import Database, open_database
from storage.migrate import upgrade
from watchers.audience import Alert, AlertForm, Delivery, Posted
from watchers.ports import UnitOfWork


class Waiting:
    """A messenger that takes its time and keeps the order in which each channel was told."""

    def __init__(self, seconds: float) -> None:
        """Take so long for each alert."""
        self._seconds = seconds
        self.told: dict[int, list[str]] = {}

    async def post(self, delivery: Delivery, _nonce: str) -> Posted:
        """Wait."""
        await asyncio.sleep(self._seconds)
        channel = delivery.alert.channel_id or 0
        self.told.setdefault(channel, []).append(delivery.alert.key)
        return Posted(channel, delivery.id)

    async def edit(self, delivery: Delivery) -> Posted:
        """Nothing is edited here."""
        raise NotImplementedError


async def one_after_another(database: Database, messenger: Waiting, most: int) -> int:
    """Deliver about `most` alerts, a batch leased at a time and each marked while the next is sent."""
    clock, done = SystemClock(), 0
    while done < most:
        batch = await database.transact(partial(_batch, now=clock.now()))
        marking = []
        for delivery in batch:
            posted = await messenger.post(delivery, "")
            marking.append(database.transact(partial(_mark, delivery=delivery, posted=posted, now=clock.now())))
        await asyncio.gather(*marking)
        done += len(batch)
    return done


def _batch(work: UnitOfWork, *, now: datetime) -> Sequence[Delivery]:
    return work.outbox.lease(now, worker="plain", until=now + LEASE, limit=20)


def _mark(work: UnitOfWork, *, delivery: Delivery, posted: Posted, now: datetime) -> None:
    work.outbox.sent(delivery, posted, now)


async def ours(database: Database, messenger: Waiting, _most: int) -> int:
    """Deliver everything as the bot does."""
    return await Deliverer(database, messenger, SystemClock(), "ours").deliver()


async def measured(arguments: argparse.Namespace) -> None:
    """Measure both and print what they made of it."""
    rates = {}
    for name, way, most in (("one after another", one_after_another, 100), ("many channels at once", ours, 10**9)):
        with tempfile.TemporaryDirectory() as folder:
            url = f"sqlite:///{Path(folder) / 'outbox.db'}"
            upgrade(url)
            database = open_database(url)
            await database.transact(lambda work: _fill(work, arguments.channels, arguments.alerts))
            messenger = Waiting(arguments.wait)
            begun = time.perf_counter()
            done = await way(database, messenger, most)
            rates[name] = done / (time.perf_counter() - begun)
            database.close()
        if any(keys != sorted(keys) for keys in messenger.told.values()):
            sys.exit("a channel was told out of order")
        print(f"{name:<24}{done:>7} alerts{rates[name]:>9.1f} a second")
    first, second = rates.values()
    print(f"ratio {second / first:.1f}")


def _fill(work: UnitOfWork, channels: int, alerts: int) -> None:
    before = SystemClock().now() - timedelta(minutes=1)
    for turn in range(alerts):
        for channel in range(1, channels + 1):
            alert = Alert(f"{turn:05}:{channel}", AlertForm.SAID, guild_id=channel, channel_id=channel)
            work.outbox.put(alert, before)


def main() -> None:
    """Read the options and measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--channels", type=int, default=500)
    parser.add_argument("--alerts", type=int, default=4, help="for each channel")
    parser.add_argument("--wait", type=float, default=0.1, help="seconds that a send takes")
    asyncio.run(measured(parser.parse_args()))


if __name__ == "__main__":
    main()
