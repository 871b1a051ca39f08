"""A little world for the feed watcher: loopback outlets, a real database, and a matcher simple enough to foresee."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from config.catalogue import Outlet
from storage.engine import Database, open_database
from tests.factories import MONDAY_NOON, a_topic, an_outlet
from tests.fakes import FakeClock, ScriptedFetcher
from tests.loopback import LOOPBACK, FeedServer, Item, rss
from tests.migrated import new_database
from tests.storing import waiting_alerts
from watchers.audience import Delivery, SubscriptionWish
from watchers.deadline_watcher import put_subscription
from watchers.feed_model import FeedState
from watchers.feed_watcher import FeedWatcher
from watchers.feeds.fetch import HttpFetcher, Limits
from watchers.model import FollowUp, Interval, Kind, Precision, Statement, Tally, Timex
from watchers.poll_report import PollReport
from watchers.ports import Store
from watchers.rating import CaseFilter
from watchers.reading import ArticleReader
from watchers.workers import SameProcess

TOPICS = (a_topic("norland", "Norland"), a_topic("harbour", "Vadehavn"))
QUARTER = timedelta(minutes=20)
"""Longer than the interval of a feed with its jitter."""

PROMISE = "Norland will withdraw its troops from the border by Friday."
RETOLD = "Norland's troops will withdraw from the border of Sudria by Friday, the minister said."
OTHER = "Sudria must reopen the port of Vadehavn to Ostmark's ferries by Friday."

_PROMISES = re.compile(r"[A-Z][^.!?\n]*\b(?:will|must)\b[^.!?\n]*(\bby Friday\b|\bwithin days\b)[^.!?\n]*[.!?]")


def read(text: str, day: date) -> Sequence[Statement]:
    """Stand in for the matcher: sentences with will or must, and by Friday or within days."""
    return [_statement(match, day) for match in _PROMISES.finditer(text)]


def _statement(match: re.Match[str], day: date) -> Statement:
    exact = match[1] == "by Friday"
    last = day + timedelta(days=(4 - day.weekday()) % 7 if exact else 7)
    timex = Timex(*match.span(1), match[1], "DATE", last.isoformat())
    precision = Precision.EXACT if exact else Precision.VAGUE
    return Statement(
        *match.span(), match[0], Kind.COMMITMENT, timex, Interval(day, last), precision, "Norland", False, ("test",)
    )


@dataclass
class World:
    """Loopback outlets, a real database, and a watcher between them."""

    server: FeedServer
    store: Database
    clock: FakeClock
    watcher: FeedWatcher

    async def follow(self, *outlets: Outlet) -> None:
        await self.store.transact(lambda work: work.feeds.follow(outlets, self.clock.now()))

    async def publish(self, *items: Item, outlet: str = "The Meridian", path: str = "/meridian") -> None:
        """Serve a feed, and follow it beside those followed before."""
        url = self.server.serve(path, rss(*items, title=outlet))
        known = {feed.outlet: an_outlet(feed.outlet, feed.url) for feed in await self.feeds()}
        await self.follow(*{**known, outlet: an_outlet(outlet, url)}.values())

    async def subscribe(self, wish: SubscriptionWish) -> None:
        await self.store.transact(lambda work: put_subscription(work, wish, self.clock.now()))

    async def later(self, by: timedelta = QUARTER) -> PollReport:
        self.clock.advance(by)
        return await self.watcher.poll_due()

    async def feeds(self) -> Sequence[FeedState]:
        return await self.store.look(lambda work: work.feeds.all())

    async def tally(self) -> Tally:
        return await self.store.look(lambda work: work.tally())

    async def followups(self) -> Sequence[FollowUp]:
        today = self.clock.now().date()
        page = await self.store.look(lambda work: work.cases.page(CaseFilter(), None, today, offset=0, limit=100))
        return [case.followup for case in page.items]

    async def outbox(self) -> Sequence[Delivery]:
        now = self.clock.now()
        return await self.store.transact(lambda work: waiting_alerts(work, now))

    async def gathered(self) -> list[tuple[int, ...]]:
        """What waits in each basket that is not empty, for digests of the coming week."""
        week = self.clock.now() + timedelta(days=7)
        due = await self.store.look(lambda work: work.subscriptions.with_digest_due(week, 100))
        return [basket.followup_ids for basket in due if basket.followup_ids]

    async def reminders(self, until: datetime) -> list[str]:
        due = await self.store.look(lambda work: work.reminders.due(until, 100))
        return [one.reminder.key for one in due]


def watch(store: Store, fetcher: HttpFetcher | ScriptedFetcher, clock: FakeClock) -> FeedWatcher:
    return FeedWatcher(store, fetcher, SameProcess(ArticleReader(TOPICS, read)), clock)


def article(text: str = PROMISE, name: str = "a-1", *, published: datetime | None = MONDAY_NOON) -> Item:
    return Item(f"News {name}", f"<p>{text}</p>", published, name, f"https://meridian.example/{name}")


@contextmanager
def a_database(folder: Path) -> Iterator[Database]:
    url = new_database(folder / "watched.db")
    opened = open_database(url)
    try:
        yield opened
    finally:
        opened.close()


@asynccontextmanager
async def a_world(database: Database) -> AsyncIterator[World]:
    clock = FakeClock()
    # Long enough for a busy machine; a server that is to be given up stays silent for ever.
    limits = Limits(total=20, silence=3)
    async with FeedServer() as server, HttpFetcher(LOOPBACK, limits=limits) as fetcher:
        yield World(server, database, clock, watch(database, fetcher, clock))
