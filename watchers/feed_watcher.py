"""Watches the feeds: asks those that are due, stores what is new, and reads what was stored.

Nothing is decided from memory. What a poll brought is stored in one transaction with how its feed stands, and what
reading an article sets off in another: a crash in between leaves it waiting to be read.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict, deque
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from watchers.ending import tidy
from watchers.feed_model import FeedState
from watchers.feeds.pace import Bounds
from watchers.feeds.safety import host_of
from watchers.leases import Holder, InHand
from watchers.pages import PageVisitor
from watchers.poll_report import PollReport
from watchers.polling import Poller
from watchers.ports import Clock, Fetcher, Store, Workers
from watchers.reading import ArticleReader
from watchers.reading_room import ReadingRoom
from watchers.turns import Bell

AT_ONCE = 150
"""Feeds polled side by side, those included whose server's turn has not come yet."""
AT_ONCE_PER_HOST = 2
MOST_FEEDS = 500
"""Feeds taken on in one turn; the others are the longest overdue at the next."""


class FeedWatcher:
    """Polls the feeds that are due and turns their new articles into follow-ups and alerts."""

    def __init__(
        self,
        store: Store,
        fetcher: Fetcher,
        workers: Workers[ArticleReader],
        clock: Clock,
        *,
        bounds: Bounds | None = None,
        alerted: Callable[[], None] | None = None,
        guarded: Fetcher | None = None,
        holder: Holder | None = None,
    ) -> None:
        """Watch over the feeds in `store`.

        `guarded` reads the feeds that servers added and all pages, and trusts no private host; None: `fetcher` does.
        `workers` hold an `ArticleReader` as their context. `bounds` say how often a feed is polled; `alerted` is called
        once something was stored that people may be told of. `holder` takes feeds and articles in hand, beside whoever
        else does (None: one of a name that was never there).
        """
        holder = holder or Holder()
        self._store = store
        self._clock = clock
        self._poller = Poller(store, fetcher, workers, clock, bounds or Bounds(), holder=holder.name, guarded=guarded)
        self._pages = PageVisitor(store, guarded or fetcher, workers, clock, holder)
        self._room = ReadingRoom(store, workers, clock, holder, alerted=alerted)
        self._places = asyncio.Semaphore(AT_ONCE)
        self._feeds = InHand(store, clock, holder, lambda work: work.feeds)
        self.renewed_every = holder.renewed_every

    async def renew(self) -> None:
        """Tell others that what is in hand is still worked on; call it every `renewed_every`."""
        for in_hand in (self._feeds, self._pages.in_hand, self._room.in_hand):
            await in_hand.renew()

    async def give_back(self) -> None:
        """Leave to others what is in hand: no turn begins or ends any more."""
        for in_hand in (self._feeds, self._pages.in_hand, self._room.in_hand):
            await in_hand.give_back()

    async def poll_due(self) -> PollReport:
        """Poll every feed whose time has come, and read what waits to be read; return what that brought.

        Turns may overlap: a feed in hand is left to the turn that took it, so that a slow one holds up no other. A feed
        or article that fails is reported and stops no other; only a failing store raises.
        """
        now = self._clock.now()
        pages, news = Bell(), Bell()
        polled, visited, read = await asyncio.gather(
            self._poll(now, pages, news), self._visit(pages, news), self._read(news), return_exceptions=True
        )
        for outcome in (polled, visited, read):
            if isinstance(outcome, BaseException):
                raise outcome
        await tidy(self._store, now.date())
        return sum((each for each in (polled, read) if isinstance(each, PollReport)), PollReport())

    async def _poll(self, now: datetime, pages: Bell, news: Bell) -> PollReport:
        """Poll what was due at `now`, and ring when articles were stored."""

        def stored() -> None:
            pages.ring()
            news.ring()

        report = PollReport()
        try:
            while due := await self._take_due(now):
                report += await self._poll_all(due, stored)
        finally:
            pages.close()
        return report

    async def _poll_all(self, due: Sequence[FeedState], stored: Callable[[], None]) -> PollReport:
        """Poll feeds, a few of each host at a time; raise what a failing store raised once the others are done."""
        hosts: dict[str, deque[FeedState]] = defaultdict(deque)
        for feed in due:
            hosts[host_of(feed.address)].append(feed)
        served = [
            self._serve(feeds, stored) for feeds in hosts.values() for _ in range(min(AT_ONCE_PER_HOST, len(feeds)))
        ]
        try:
            outcomes = await asyncio.gather(*served, return_exceptions=True)
        finally:
            await self._feeds.give_back([feed.id for feeds in hosts.values() for feed in feeds])  # nobody came to them
        for outcome in outcomes:
            if isinstance(outcome, BaseException):
                raise outcome
        return sum((outcome for outcome in outcomes if isinstance(outcome, PollReport)), PollReport())

    async def _serve(self, feeds: deque[FeedState], stored: Callable[[], None]) -> PollReport:
        """Poll one host's feeds one after another, beside whoever else does."""
        report = PollReport()
        while feeds:
            feed = feeds.popleft()
            try:
                async with self._places:
                    report += await self._poller.poll(feed, stored)
            except BaseException:
                await self._feeds.give_back([feed.id])
                raise
            self._feeds.let_go([feed.id])  # at once: it may be due again before the slowest is done
        return report

    async def _take_due(self, now: datetime) -> Sequence[FeedState]:
        """Take feeds in hand that were due at `now` and are in nobody's."""
        claim = self._feeds.claim()
        # Where the clock was set back meanwhile, what has been polled since would seem to be due still.
        claim = replace(claim, now=min(now, claim.now))
        taken = await self._store.transact(lambda work: work.feeds.take(claim, MOST_FEEDS), alone=False)
        return self._feeds.hold(taken, claim, lambda feed: feed.id)

    async def _visit(self, pages: Bell, news: Bell) -> None:
        """Visit pages whenever it rings for them."""
        visits: list[asyncio.Task[None]] = []
        try:
            while await pages.heard():
                visits += await self._pages.begin(news.ring)
            await asyncio.gather(*visits)
        finally:
            for visit in visits:
                visit.cancel()
            news.close()

    async def _read(self, news: Bell) -> PollReport:
        """Read articles whenever it rings for them."""
        report = PollReport()
        while await news.heard():
            report += await self._room.read_all()
        return report
