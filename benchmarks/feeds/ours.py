"""Our own side: the parts the bot is made of, on a database file, with everything on but Discord.

The operator's topics and matcher, one server that ordered every topic, the alerts leased from the outbox and handed to
a messenger that notes when. The outlets' pages are not fetched (`full_text` is off): the addresses are invented.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from pathlib import Path
from time import perf_counter, time
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from sqlalchemy import func, select, update

from benchmarks.feeds.asked import CHANGED, FIRST, UNCHANGED, Task, task
from benchmarks.feeds.competitors import BACKLOG, LIVE
from benchmarks.feeds.lateness import LateWatch
from bot.app import SystemClock
from bot.delivery import Deliverer
from config.catalogue import Catalogue, Outlet, load_catalogue
from config.settings import load_settings
from storage.engine import Database, address, open_database, writing_engine
from storage.migrate import upgrade
from storage.tables import articles, feeds, outbox
from watchers.alerts import EVERY_TOPIC
from watchers.audience import Delivery, LocalHour, Posted, SubscriptionWish
from watchers.feed_watcher import FeedWatcher
from watchers.feeds.fetch import HttpFetcher
from watchers.matcher.match import read_item
from watchers.ports import UnitOfWork

_CHANNEL = 1


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


class Bot:
    """The watcher of feeds and the deliverer on one database, and what the driver wants to know of them."""

    def __init__(self, database: Database, url: str, fetcher: HttpFetcher, catalogue: Catalogue) -> None:
        """Join the parts as `bot.app` does."""
        self._engine = writing_engine(address(url))
        self._clock = SystemClock()
        read = partial(read_item, events=catalogue.events)
        self._watcher = FeedWatcher(database, fetcher, self._clock, catalogue.topics, read=read)
        self._messenger = NotingMessenger()
        self._deliverer = Deliverer(database, self._messenger, self._clock, "benchmark")

    async def first(self) -> Mapping[str, object]:
        """Ask every feed for the first time."""
        await self._poll()
        return {}

    async def backlog(self) -> Mapping[str, object]:
        """Read what the first pass stored."""
        return {}

    async def again(self) -> Mapping[str, object]:
        """Ask every feed again."""
        await self._make_due()
        await self._poll()
        return {}

    async def live(self) -> Mapping[str, object]:
        """Ask every feed again, with alerts delivered meanwhile."""
        await self._make_due()
        await self._poll(deliver=True)
        return {"posted": self._messenger.posted}

    async def deliver(self) -> Mapping[str, float]:
        """Deliver what waits, so that what comes next need not queue behind it; return what was posted, and when."""
        await self._deliverer.deliver()
        posted = dict(self._messenger.posted)
        self._messenger.posted.clear()
        return posted

    async def _poll(self, *, deliver: bool = False) -> None:
        while True:
            report = await self._watcher.poll_due()
            if deliver and report.statements:
                await self._deliverer.deliver()
            if not report.feeds:
                return

    async def _make_due(self) -> None:
        now = self._clock.now()
        with self._engine.begin() as connection:
            connection.execute(update(feeds).values(next_poll_at=now))

    def stored(self) -> int:
        """Return how many entries are stored."""
        with self._engine.begin() as connection:
            return connection.scalar(select(func.count()).select_from(articles)) or 0

    def alerts(self) -> int:
        """Return how many alerts were put into the outbox."""
        with self._engine.begin() as connection:
            return connection.scalar(select(func.count()).select_from(outbox)) or 0


async def _serve(given: Task) -> None:
    url = f"sqlite:///{given.folder / 'bot.db'}"
    upgrade(url)
    database = open_database(url)
    settings = load_settings({}, None)
    catalogue = load_catalogue(settings.topics_file, settings.outlets_file, settings.events_file)
    hosts = frozenset(urlsplit(one).hostname or "" for one in given.urls)
    await database.transact(partial(_set_up, given.urls))
    async with HttpFetcher(hosts) as fetcher:
        bot = Bot(database, url, fetcher, catalogue)
        phases = {FIRST: bot.first, BACKLOG: bot.backlog, UNCHANGED: bot.again, CHANGED: bot.again, LIVE: bot.live}
        loop = asyncio.get_running_loop()
        while phase := (await loop.run_in_executor(None, sys.stdin.readline)).strip():
            said = await _timed(phase, phases[phase], bot, len(given.urls))
            if phase != LIVE:
                said = {**said, "posted": await bot.deliver()}
            print(json.dumps(said), flush=True)
    database.close()


async def _timed(
    phase: str, run: Callable[[], Awaitable[Mapping[str, object]]], bot: Bot, count: int
) -> Mapping[str, object]:
    before = bot.alerts()
    began = perf_counter()
    async with LateWatch() as watch:
        further = await run()
    seconds = perf_counter() - began
    said = {"phase": phase, "feeds": count, "seconds": seconds, "stored": bot.stored(), "alerts": bot.alerts() - before}
    return {**said, **watch.figures(), **further}


def _set_up(urls: tuple[str, ...], work: UnitOfWork) -> None:
    """Follow the feeds, and let one server order every topic."""
    now = SystemClock().now()
    names = {url: Path(urlsplit(url).path).stem for url in urls}
    work.feeds.follow([Outlet(f"Outlet {name}", url, "en", "UTC", full_text=False) for url, name in names.items()], now)
    wish = SubscriptionWish(1, _CHANNEL, EVERY_TOPIC, created_by=1, at=LocalHour(ZoneInfo("UTC"), 8))
    work.subscriptions.put(wish, now)


if __name__ == "__main__":
    asyncio.run(_serve(task()))
