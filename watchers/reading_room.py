"""Reads the stored articles that wait for it: in worker processes, then stored in their order."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from watchers.feed_model import Stage, Waiting
from watchers.leases import Holder, InHand
from watchers.own_topics import OwnTopics
from watchers.poll_report import FeedNote, PollReport
from watchers.ports import Clock, Store, StoreDownError, UnitOfWork, Workers
from watchers.reading import ArticleReader, Reading, read_article
from watchers.tracking import track
from watchers.turns import Turns

AHEAD = 16
"""Articles that are being read while an earlier one is stored."""
TOGETHER = 12
"""Articles stored in one transaction at most: those that have been read while the one before was stored."""
_BATCH = 50
_STAGES = (Stage.READING, Stage.CATCHING_UP)

_log = logging.getLogger(__name__)


class ReadingRoom:
    """Where stored articles are read."""

    def __init__(
        self,
        store: Store,
        workers: Workers[ArticleReader],
        clock: Clock,
        holder: Holder,
        *,
        alerted: Callable[[], None] | None = None,
    ) -> None:
        """Read with `workers` what `holder` takes.

        `alerted` is called once something was stored that people may be told of.
        """
        self.in_hand = InHand(store, clock, holder, lambda work: work.articles)
        self._store = store
        self._workers = workers
        self._clock = clock
        self._alerted = alerted
        self._own_topics = OwnTopics()
        self._turns = Turns()

    async def read_all(self) -> PollReport:
        """Read every article that waits for it; return what that brought.

        An article that cannot be read is stored as read, with a line in the report; one that cannot be stored waits
        for the next time. Where others are being read already, that goes on to the new ones, and nothing is returned.
        """
        return sum(await self._turns.take(self._read_all), PollReport())

    async def _read_all(self) -> PollReport:
        report = PollReport()
        await self._own_topics.learn(self._store)
        places = asyncio.Semaphore(AHEAD)
        readings: deque[tuple[Waiting, asyncio.Task[Reading]]] = deque()
        try:
            while True:
                if len(readings) < AHEAD:
                    batch = await self._next()
                    readings += [(one, asyncio.create_task(self._read(one, places))) for one in batch]
                if not readings:
                    return report
                report += await self._store_some(await self._ready(readings))
        finally:
            for _, reading in readings:
                reading.cancel()
            # What could not be stored is in hand until here, lest it be tried again at once.
            await self.in_hand.give_back()

    async def _next(self) -> Sequence[Waiting]:
        """Take some articles in hand; news before what is only caught up with."""
        claim = self.in_hand.claim()
        taken = await self._store.transact(lambda work: work.articles.take(_STAGES, claim, _BATCH), alone=False)
        return self.in_hand.hold(taken, claim, lambda one: one.id)

    async def _read(self, waiting: Waiting, places: asyncio.Semaphore) -> Reading:
        async with places:
            return await self._workers.run(read_article, waiting.article, urgent=False)

    async def _ready(self, readings: deque[tuple[Waiting, asyncio.Task[Reading]]]) -> list[_Read]:
        """Take out the next article once it is read, and those after it that have been read meanwhile."""
        ready: list[_Read] = []
        while readings and len(ready) < TOGETHER and (not ready or readings[0][1].done()):
            waiting, task = readings[0]
            try:
                ready.append(_Read(waiting, self._own_topics.added_to(await task)))
            except Exception as error:  # noqa: BLE001 - a fault in reading one article must not cost the others
                ready.append(_Read(waiting, None, (_failure(waiting, "read", error),)))
            readings.popleft()
        return ready

    async def _store_some(self, some: Sequence[_Read]) -> PollReport:
        """Store articles that were read in one transaction; where that fails, each by itself."""
        now = self._clock.now()
        try:
            report = await self._store.transact(partial(_track_all, some=some, now=now))
        except StoreDownError:
            raise
        except Exception as error:  # noqa: BLE001 - it stays where it is, and is tried again
            if len(some) == 1:
                [one] = some
                return PollReport(failures=(*one.failures, _failure(one.waiting, "stored", error)))
            return sum([await self._store_some([one]) for one in some], PollReport())
        self.in_hand.let_go([one.waiting.id for one in some])
        if self._alerted is not None and (report.statements or report.suggested):
            self._alerted()
        return report


@dataclass(frozen=True, slots=True)
class _Read:
    """An article that was read, or could not be."""

    waiting: Waiting
    reading: Reading | None
    failures: tuple[FeedNote, ...] = ()


def _track_all(work: UnitOfWork, some: Sequence[_Read], now: datetime) -> PollReport:
    tracked = track(work, [(one.waiting, one.reading) for one in some], now)
    return sum((replace(each, failures=one.failures) for each, one in zip(tracked, some, strict=True)), PollReport())


def _failure(waiting: Waiting, what: str, error: Exception) -> FeedNote:
    feed, article = waiting.feed, waiting.article
    _log.error("The article %r of %s could not be %s", article.key, feed.url, what, exc_info=error)
    line = f"the article “{article.title[:80]}” could not be {what} ({type(error).__name__})"
    return FeedNote(feed.outlet, feed.url, line)
