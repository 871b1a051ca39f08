"""Many orders and much news: how long it takes to decide who is told, and how long alerts wait.

    python benchmarks/load.py                    # 100,000 orders of 5,000 servers, 200 follow-ups a minute, ten minutes
    python benchmarks/load.py --overload         # twice as many as Discord takes
    python benchmarks/load.py --minutes 1
    python benchmarks/load.py --postgresql       # on a private server, where its programs are installed

The orders and the news are invented (`many_orders.py` says how); articles come read, and are tracked, routed and
delivered by the bot's own parts. Time is simulated, so that a fast machine is done sooner than ten minutes and a slow
one is not late: what was really needed is told as well. In Discord's place stands a messenger with its limits alone.

Routing is all that decides who is told of a follow-up and stores it: from the follow-up being open to its alerts,
baskets and reminders being in the transaction. It is told in time of the processor (the thread's; a PostgreSQL server's
is not in it) and by the clock. The outbox's age is how long the alert waits that has waited longest of those that may
be sent; beside it stands that of the best queue there could be for the same alerts.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import multiprocessing
import random
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from statistics import fmean, median, quantiles
from time import perf_counter, thread_time
from typing import Any, TypeVar
from unittest.mock import patch

from sqlalchemy import select

from benchmarks.many_orders import OF_A_SERVER, START, Scene, article, build
from benchmarks.material import ROOT, heading
from benchmarks.send_limits import LimitedDiscord, Waited, ideal, oldest
from benchmarks.simulated_loop import SimulatedLoop
from bot.delivery import Deliverer
from bot.memory import settle
from config.catalogue import load_catalogue
from storage.engine import Database, address, open_database, reading_engine
from storage.migrate import upgrade
from storage.tables import followups, outbox
from tests.postgres import private_server, why_none
from watchers import tracking
from watchers.feed_memory import Claim
from watchers.feed_model import Stage
from watchers.model import Article
from watchers.ports import UnitOfWork
from watchers.reading import Reading
from watchers.tracking import track

ORDERS = 100_000
MINUTES = 10.0
A_MINUTE, A_MINUTE_OVERLOADED = 200, 560
"""Follow-ups; 12 alerts each make 40 and 112 a second, of which Discord takes 50."""
BEFORE = 4_500
"""Follow-ups that were known before, and told nobody: what the bot keeps in memory of the latest is full by them."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Took:
    """How long something took, in seconds."""

    processor: float
    clock: float


@dataclass(slots=True)
class Figures:
    """What was measured."""

    routing: list[Took] = field(default_factory=list)
    tracking: list[Took] = field(default_factory=list)
    storing: list[float] = field(default_factory=list)
    """Seconds by the clock of whole transactions, the commit and the wait for their turn in it."""
    memory: dict[float, float] = field(default_factory=dict)
    """Megabytes in memory, by the minute."""


class _LoopClock:
    """Implements `ports.Clock` by the event loop's time."""

    def now(self) -> datetime:
        """Return the present instant."""
        return START + timedelta(seconds=asyncio.get_running_loop().time())


class Load:
    """The bot's parts from an article that was read to an alert that is sent."""

    def __init__(self, store: Database, scene: Scene, readers: Executor) -> None:
        """Join the parts; `readers` are the processes that read articles."""
        self._store = store
        self._clock = _LoopClock()
        self._scene = scene
        self._readers = readers
        self._chance = random.Random(11)  # noqa: S311 - the same gaps each time, no secret
        self._articles = 0
        self._alerted = asyncio.Event()
        self.figures = Figures()
        self.discord = LimitedDiscord()
        self._deliverer = Deliverer(store, self.discord, self._clock, "benchmark")

    async def run(self, minutes: float, a_minute: float, before: int) -> None:
        """Let so much time pass, after a moment in which what was said `before` is taken in."""
        for _ in range(before):
            await self._take_in(Stage.CATCHING_UP)
        self.figures = Figures()
        beside = [asyncio.create_task(self._deliver()), asyncio.create_task(self._weigh(minutes))]
        end = minutes * 60
        while (coming := asyncio.get_running_loop().time() + self._chance.expovariate(a_minute / 60)) < end:
            await _until(coming)
            await self._take_in(Stage.READING)
        await _until(end)
        for task in beside:
            task.cancel()
        await asyncio.gather(*beside, return_exceptions=True)

    async def _take_in(self, stage: Stage) -> None:
        now = self._clock.now()
        self._articles += 1
        # In another process, as the bot has it done.
        read = asyncio.get_running_loop().run_in_executor(self._readers, article, self._scene, self._articles, now)
        written, reading = await read
        await self._store.transact(lambda work: _put(work, written, stage, now))
        began = perf_counter()
        with _timed(self.figures.routing):
            took = await self._store.transact(lambda work: _track(work, reading, stage, now))
        self.figures.storing.append(perf_counter() - began)
        self.figures.tracking.append(took)
        self._alerted.set()

    async def _deliver(self) -> None:
        while True:
            await self._alerted.wait()
            self._alerted.clear()
            await self._deliverer.deliver()

    async def _weigh(self, minutes: float) -> None:
        for minute in sorted({min(1.0, minutes / 10), minutes / 2, minutes}):
            await _until(minute * 60 - 1e-3)
            self.figures.memory[minute] = _resident()


async def _until(moment: float) -> None:
    await asyncio.sleep(max(0.0, moment - asyncio.get_running_loop().time()))


def _put(work: UnitOfWork, written: Article, stage: Stage, now: datetime) -> None:
    """Store an article and have it wait for being tracked."""
    work.articles.add([(work.feeds.all()[0].id, written, stage)], now)


def _track(work: UnitOfWork, reading: Reading, stage: Stage, now: datetime) -> Took:
    claim = Claim("benchmark", now, now + timedelta(minutes=1))
    [waiting] = work.articles.take([stage], claim, 2)
    return _measured(lambda: track(work, [(waiting, reading)], now))[1]


def _measured(work: Callable[[], T]) -> tuple[T, Took]:
    began, by_clock = thread_time(), perf_counter()
    done = work()
    return done, Took(thread_time() - began, perf_counter() - by_clock)


@contextmanager
def _timed(routing: list[Took]) -> Iterator[None]:
    """Note how long it takes to decide who is told."""
    tell: Callable[..., None] = tracking._tell  # noqa: SLF001 - what is measured has no other name

    def noted(*args: Any, **rest: Any) -> None:
        routing.append(_measured(lambda: tell(*args, **rest))[1])

    with patch("watchers.tracking._tell", noted):
        yield


def _resident() -> float:
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return 0.0


def _alerts(url: str) -> list[Waited]:
    """Return what was put into the outbox, by seconds since the start."""
    engine = reading_engine(address(url))
    with engine.begin() as connection:
        rows = connection.execute(select(outbox.c.channel_id, outbox.c.not_before, outbox.c.sent_at)).all()
    engine.dispose()

    def seconds(moment: datetime | None) -> float:
        return float("inf") if moment is None else (moment - START).total_seconds()

    return [Waited(row.channel_id, seconds(row.not_before), seconds(row.sent_at)) for row in rows]


def _count_followups(url: str) -> int:
    engine = reading_engine(address(url))
    with engine.begin() as connection:
        numbers = connection.scalars(select(followups.c.id)).all()
    engine.dispose()
    return len(numbers)


def main() -> int:
    """Print the figures; return 0."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=MINUTES, help="how much time passes (%(default)s)")
    parser.add_argument("--orders", type=int, default=ORDERS, help=f"of servers with {OF_A_SERVER} each (%(default)s)")
    parser.add_argument("--before", type=int, default=BEFORE, help="follow-ups known before (%(default)s)")
    parser.add_argument("--overload", action="store_true", help="let more alerts come than Discord takes")
    parser.add_argument("--postgresql", action="store_true", help="on a private server instead of an SQLite file")
    arguments = parser.parse_args()
    logging.disable(logging.WARNING)
    heading("Load")
    if arguments.postgresql:
        if reason := why_none():
            print(f"Skipped: {reason}.")
            return 0
        with private_server(tends_itself=True) as server:
            _run(server.url(server.new_database()), arguments)
    else:
        with tempfile.TemporaryDirectory() as folder:
            _run(f"sqlite:///{Path(folder) / 'load.db'}", arguments)
    return 0


def _run(url: str, arguments: argparse.Namespace) -> None:
    catalogue = load_catalogue(ROOT / "config" / "topics.toml", ROOT / "config" / "outlets.toml")
    scene = Scene(max(1, arguments.orders // OF_A_SERVER), tuple(topic.id for topic in catalogue.topics))
    print(f"{scene.servers * OF_A_SERVER:,} orders of {scene.servers:,} servers: building …", flush=True)
    # In another process, so that what building needed is not taken for what running needs.
    building = multiprocessing.get_context("spawn").Process(target=_prepare, args=(url, scene))
    building.start()
    building.join()
    if building.exitcode:
        raise SystemExit(building.exitcode)
    store = open_database(url)
    settle()
    began = perf_counter()
    with (
        ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as readers,
        asyncio.Runner(loop_factory=SimulatedLoop) as runner,
    ):
        load = Load(store, scene, readers)
        a_minute = A_MINUTE_OVERLOADED if arguments.overload else A_MINUTE
        runner.run(load.run(arguments.minutes, a_minute, arguments.before))
    needed = perf_counter() - began
    store.close()
    _tell_time(load.figures, _count_followups(url) - arguments.before, arguments.minutes, needed)
    _tell_age(_alerts(url), load.discord, arguments.minutes * 60)
    sizes = load.figures.memory
    print("memory: " + ", ".join(f"{size:.1f} MB at minute {minute:g}" for minute, size in sizes.items()))


def _prepare(url: str, scene: Scene) -> None:
    upgrade(url)
    build(url, scene)


def _tell_time(figures: Figures, opened: int, minutes: float, needed: float) -> None:
    print(
        f"{opened:,} new follow-ups in {minutes:g} minutes; with what was known before they really took {needed:.1f} s"
    )
    for name, took in (("routing", figures.routing), ("tracking, routing within", figures.tracking)):
        print(f"{name}: {_spread([one.processor for one in took])} of the processor", end="")
        print(f"; {_spread([one.clock for one in took])} by the clock")
    print(f"the whole transaction: {_spread(figures.storing)} by the clock")


def _spread(seconds: Sequence[float]) -> str:
    last = quantiles(seconds, n=100)[98] if len(seconds) > 1 else seconds[0]
    return f"{median(seconds) * 1000:.2f} ms (median), {last * 1000:.2f} ms (99th percentile)"


def _tell_age(alerts: Sequence[Waited], discord: LimitedDiscord, end: float) -> None:
    due = [one for one in alerts if one.due <= end]
    quiet = len(alerts) - len(due)
    print(f"alerts: {len(alerts):,}, {quiet:,} of them for after quiet hours; {len(due) / end:.1f} a second came due")
    print(f"sent: {discord.posted:,}, {discord.posted / end:.1f} a second; at most {discord.most_at_once} at once")
    best = ideal(due)
    moments = [float(second) for second in range(1, int(end) + 1)]
    ours, ideals = list(oldest(due, moments)), list(oldest(best, moments))
    print("age of the outbox, seconds   ours   ideal")
    for tenth in range(1, 11):
        place = max(0, len(moments) * tenth // 10 - 1)
        print(f"  at second {moments[place]:6.0f}         {ours[place]:6.1f}  {ideals[place]:6.1f}")
    ratio = fmean(ours) / fmean(ideals) if fmean(ideals) else 1.0
    print(f"  in the mean              {fmean(ours):6.2f}  {fmean(ideals):6.2f}   ({ratio:.2f} times)")
    print(f"  at most                  {max(ours):6.1f}  {max(ideals):6.1f}")
    waits, shortest = _mean_wait(due, end), _mean_wait(best, end)
    print(f"  an alert that was sent   {waits:6.2f}  {shortest:6.2f}   (until it was there, in the mean)")


def _mean_wait(alerts: Sequence[Waited], end: float) -> float:
    return fmean([one.sent - one.due for one in alerts if one.sent <= end] or [0.0])


if __name__ == "__main__":
    sys.exit(main())
