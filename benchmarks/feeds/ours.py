"""Our own side: the parts the bot is made of, on a database file, with everything on but Discord.

The operator's topics and matcher, one server that ordered every topic, the alerts leased from the outbox and handed to
a messenger that notes when. The outlets' pages are not fetched (`full_text` is off): the addresses are invented.
"""

from __future__ import annotations

import asyncio
import json
import logging
import sys
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from time import perf_counter, time
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Table, func, select, update

from benchmarks.feeds.asked import CHANGED, FIRST, UNCHANGED, Task, task
from benchmarks.feeds.competitors import BACKLOG, LIVE
from benchmarks.feeds.lateness import LateWatch
from bot.app import Cadence, Rounds
from bot.delivery import Deliverer
from bot.memory import settle
from bot.opening import SystemClock, workers_of
from bot.services import Services
from config.catalogue import Outlet, load_catalogue
from config.settings import load_settings
from storage.engine import address, open_database, reading_engine, writing_engine
from storage.migrate import upgrade
from storage.tables import articles, feeds, followups, outbox, tellings
from watchers.alerts import EVERY_TOPIC
from watchers.audience import Delivery, LocalHour, Posted, SubscriptionWish
from watchers.feed_watcher import FeedWatcher
from watchers.feeds.fetch import HttpFetcher
from watchers.model import Article
from watchers.poll_report import PollReport
from watchers.ports import UnitOfWork
from watchers.reading import ArticleReader, read_article
from watchers.workers import WorkerPool

_CHANNEL = 1
_LOOK = 0.05
"""Seconds between two looks whether every feed was asked."""
_WARMING_UP = 4
"""Articles read before the first phase, so that every process is there and ready, as in a bot that has been running."""


class NotingMessenger:
    """Implements `ports.Messenger`: notes when an alert was handed to it, and posts it nowhere."""

    def __init__(self) -> None:
        """Nothing has been posted yet."""
        self.posted: dict[str, float] = {}
        """Seconds since 1970, by the address of the article that was told first."""
        self._messages = 0

    async def post(self, delivery: Delivery, nonce: str) -> Posted:
        """Note when, and by which article."""
        del nonce
        for case in delivery.cases:
            self.posted[case.followup.tellings[0].url or ""] = time()
        return await self.edit(delivery)

    async def edit(self, delivery: Delivery) -> Posted:
        """Say that it stands there."""
        del delivery
        self._messages += 1
        return Posted(_CHANNEL, self._messages)


class Faults(logging.Handler):
    """Counts what the bot logs as gone wrong, and says it in a line each."""

    def __init__(self) -> None:
        """Nothing has gone wrong yet."""
        super().__init__(logging.WARNING)
        self.count = 0

    def emit(self, record: logging.LogRecord) -> None:
        """Count it and say it, without its traceback."""
        if record.name.startswith("apscheduler"):
            return  # it tells that a tick is still busy, which is no fault
        self.count += 1
        why = f" ({record.exc_info[1]})" if record.exc_info else ""
        print(f"  {record.getMessage()}{why}", file=sys.stderr)


class Bot:
    """The bot without Discord, and what the driver wants to know of it."""

    def __init__(self, services: Services, url: str, fetcher: HttpFetcher, workers: WorkerPool[ArticleReader]) -> None:
        """Join the parts as `bot.app` does, but for the ticks of polling: the driver says when to poll."""
        self._writing, self._reading = writing_engine(address(url)), reading_engine(address(url))
        self._clock = services.clock
        self._messenger = NotingMessenger()
        self._deliverer = Deliverer(services.store, self._messenger, self._clock, "benchmark")

        def watch(alerted: Callable[[], None]) -> FeedWatcher:
            self._feeds = FeedWatcher(services.store, fetcher, workers, self._clock, alerted=alerted)
            return self._feeds

        self.rounds = Rounds(services, watch, self._deliverer, Cadence(poll=timedelta(days=1)), hubs=None)
        self.faults = Faults()
        self._round: asyncio.Task[PollReport] | None = None

    async def first(self) -> Mapping[str, object]:
        """Ask every feed for the first time, until all are stored; what was stored is being read meanwhile."""
        self._round = asyncio.create_task(self._feeds.poll_due())
        while await asyncio.to_thread(self._count, feeds, feeds.c.polled_at.is_(None)):  # noqa: ASYNC110 - it tells nobody
            await asyncio.sleep(_LOOK)
        return {"unread": self._count(articles, articles.c.waits_for.is_not(None))}

    async def backlog(self) -> Mapping[str, object]:
        """Read the rest of what the first pass stored."""
        if self._round is not None:
            await self._round
        return {}

    async def again(self) -> Mapping[str, object]:
        """Ask every feed again, until all that is new was read and its alerts are in the outbox."""
        began = await asyncio.to_thread(self._make_due)
        await self._feeds.poll_due()
        asked = await asyncio.to_thread(self._last_polled) - began
        return {"asked_seconds": asked.total_seconds()}

    async def deliver(self) -> Mapping[str, float]:
        """Deliver what still waits; return what was posted since the last time, and when."""
        await self._deliverer.deliver()
        posted = dict(self._messenger.posted)
        self._messenger.posted.clear()
        return posted

    def _make_due(self) -> datetime:
        """Have every feed be due; return since when."""
        now = self._clock.now()
        with self._writing.begin() as connection:
            connection.execute(update(feeds).values(next_poll_at=now))
        return now

    def _last_polled(self) -> datetime:
        with self._reading.begin() as connection:
            polled: datetime = connection.execute(select(func.max(feeds.c.polled_at))).scalar_one()
        return polled

    def stored(self) -> int:
        """Return how many entries are stored."""
        return self._count(articles)

    def counts(self) -> Mapping[str, int]:
        """Return what there is by now: statements, what they tell of, alerts in the outbox or sent, and faults."""
        tables = {"statements": tellings, "follow-ups": followups, "alerts": outbox}
        return {**{name: self._count(table) for name, table in tables.items()}, "faults": self.faults.count}

    def _count(self, table: Table, *where: ColumnElement[bool]) -> int:
        with self._reading.begin() as connection:
            return connection.scalar(select(func.count()).select_from(table).where(*where)) or 0


async def _serve(given: Task) -> None:
    url = f"sqlite:///{given.folder / 'bot.db'}"
    upgrade(url)
    database = open_database(url)
    settings = load_settings({}, None)
    catalogue = load_catalogue(settings.topics_file, settings.outlets_file, settings.events_file)
    hosts = frozenset(urlsplit(one).hostname or "" for one in given.urls)
    services = Services(database, SystemClock(), catalogue, LocalHour(ZoneInfo("UTC"), 8))
    async with workers_of(catalogue) as workers, HttpFetcher(hosts) as fetcher:
        now = services.clock.now()
        article = Article("warm", "Outlet", None, "Envoys met", "They will meet again by Friday.", now, now.date())
        await asyncio.gather(*(workers.run(read_article, article, seconds=60) for _ in range(_WARMING_UP)))
        bot = Bot(services, url, fetcher, workers)
        settle()
        await bot.rounds.start()
        await database.transact(partial(_set_up, given.urls))
        phases = {FIRST: bot.first, BACKLOG: bot.backlog, UNCHANGED: bot.again, CHANGED: bot.again, LIVE: bot.again}
        loop = asyncio.get_running_loop()
        logging.getLogger().addHandler(bot.faults)
        while phase := (await loop.run_in_executor(None, sys.stdin.readline)).strip():
            said = await _timed(phase, phases[phase], bot, len(given.urls))
            print(json.dumps({**said, "posted": await bot.deliver()}), flush=True)
        await bot.rounds.stop()
    database.close()


async def _timed(
    phase: str, run: Callable[[], Awaitable[Mapping[str, object]]], bot: Bot, count: int
) -> Mapping[str, object]:
    before = bot.counts()
    began = perf_counter()
    async with LateWatch() as watch:
        further = await run()
    seconds = perf_counter() - began
    said = {"phase": phase, "feeds": count, "seconds": seconds, "stored": bot.stored()}
    counts = {name: count - before[name] for name, count in bot.counts().items()}
    return {**said, **counts, **watch.figures(), **further}


def _set_up(urls: tuple[str, ...], work: UnitOfWork) -> None:
    """Follow the feeds, and let one server order every topic."""
    now = SystemClock().now()
    names = {url: Path(urlsplit(url).path).stem for url in urls}
    work.feeds.follow([Outlet(f"Outlet {name}", url, "en", "UTC", full_text=False) for url, name in names.items()], now)
    wish = SubscriptionWish(1, _CHANNEL, EVERY_TOPIC, created_by=1, at=LocalHour(ZoneInfo("UTC"), 8))
    work.subscriptions.put(wish, now)


if __name__ == "__main__":
    asyncio.run(_serve(task()))
