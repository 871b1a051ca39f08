"""Reads the stored articles that wait for it: in worker processes, then one transaction each, the oldest first."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from watchers.feed_model import Stage, Waiting
from watchers.own_topics import OwnTopics
from watchers.poll_report import FeedNote, PollReport
from watchers.ports import Clock, Store, UnitOfWork, Workers
from watchers.reading import ArticleReader, Reading, read_article
from watchers.tracking import track
from watchers.turns import Turns

AHEAD = 4
"""Articles that are being read while an earlier one is stored."""
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
        *,
        alerted: Callable[[], None] | None = None,
    ) -> None:
        """Read with `workers`; `alerted` is called once something was stored that people may be told of."""
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
        last = dict.fromkeys(_STAGES, 0)
        while batch := await self._next(last):
            report += await self._read_batch(batch)
            last |= {one.stage: one.id for one in batch}
        return report

    async def _next(self, last: dict[Stage, int]) -> Sequence[Waiting]:
        """Return some articles after the `last` ones; news before what is only caught up with."""

        def work(unit: UnitOfWork) -> Sequence[Waiting]:
            for stage in _STAGES:
                if waiting := unit.articles.waiting((stage,), _BATCH, beyond=last[stage]):
                    return waiting
            return ()

        return await self._store.look(work)

    async def _read_batch(self, batch: Sequence[Waiting]) -> PollReport:
        """Read articles side by side, and store them in their order."""
        report = PollReport()
        places = asyncio.Semaphore(AHEAD)

        async def read(waiting: Waiting) -> Reading:
            async with places:
                return await self._workers.run(read_article, waiting.article, urgent=False)

        readings = [asyncio.create_task(read(waiting)) for waiting in batch]
        try:
            for waiting, reading in zip(batch, readings, strict=True):
                report += await self._store_one(waiting, reading)
        finally:
            for reading in readings:
                reading.cancel()
        return report

    async def _store_one(self, waiting: Waiting, reading: asyncio.Task[Reading]) -> PollReport:
        failures: tuple[FeedNote, ...] = ()
        read: Reading | None = None
        try:
            read = self._own_topics.added_to(await reading)
        except Exception as error:  # noqa: BLE001 - a fault in reading one article must not cost the others
            failures = (_failure(waiting, "read", error),)
        now = self._clock.now()
        try:
            tracked = await self._store.transact(partial(track, waiting=waiting, reading=read, now=now))
        except Exception as error:  # noqa: BLE001 - it stays where it is, and is tried again
            return PollReport(failures=(*failures, _failure(waiting, "stored", error)))
        if self._alerted is not None and (tracked.statements or tracked.suggested):
            self._alerted()
        return replace(tracked, failures=failures)


def _failure(waiting: Waiting, what: str, error: Exception) -> FeedNote:
    feed, article = waiting.feed, waiting.article
    _log.error("The article %r of %s could not be %s", article.key, feed.url, what, exc_info=error)
    line = f"the article “{article.title[:80]}” could not be {what} ({type(error).__name__})"
    return FeedNote(feed.outlet, feed.url, line)
