"""What polls bring, decided and stored: how a feed stands, and its new articles, many feeds in one transaction."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from watchers.alerts import NEWS_LASTS
from watchers.feed_model import Entry, FeedState, Intake, ParsedFeed, Stage
from watchers.feed_notices import tell_of_feed
from watchers.ports import Clock, Store, StoreDownError, UnitOfWork

MOST_PAGES = 20
"""Pages visited for the full texts of one poll, so that a busy feed does not bring a storm on its server."""
STILL_NEWS = timedelta(hours=12)
"""What a feed published longer ago than this when it was first read alerts nobody."""
MOST_TOGETHER = 100
"""Polls stored in one transaction."""
ENOUGH = 20
"""Polls that are stored at once; fewer wait for others, since each transaction has its price."""
GATHERING = 0.02
"""Seconds that they wait at most."""


def intake_of(feed: FeedState, after: FeedState, parsed: ParsedFeed, now: datetime) -> Intake:
    """Return what a poll of `feed` brought, which stands as `after` from now on.

    Of a feed that was never read before, only what it published in the last three days is taken in; of that, what is
    older than twelve hours, or bears no stamp, alerts nobody. Later, whatever is new is taken in, however old: it was
    missed while the feed or we were down.
    """
    first = feed.last_success_at is None
    pages = _pages_wanted(feed, parsed.entries, now)
    articles = tuple(
        (entry.article, _stage(entry, now, first=first, page=entry.article.key in pages))
        for entry in reversed(parsed.entries)
        if not first or entry.article.published >= now - NEWS_LASTS
    )
    return Intake(feed, after, articles, parsed.memory)


def _pages_wanted(feed: FeedState, entries: Sequence[Entry], now: datetime) -> frozenset[str]:
    """Return the keys of the summaries whose page is worth a visit: recent ones, the newest first."""
    if not feed.full_text:
        return frozenset()
    summaries = [one.article for one in entries if one.is_summary and one.article.url is not None]
    recent = [article.key for article in summaries if article.published >= now - NEWS_LASTS]
    return frozenset(recent[:MOST_PAGES])


def _stage(entry: Entry, now: datetime, *, first: bool, page: bool) -> Stage:
    if first and (not entry.dated or entry.article.published < now - STILL_NEWS):
        return Stage.CATCHING_UP
    return Stage.PAGE if page else Stage.READING


def store_intakes(work: UnitOfWork, intakes: Sequence[Intake], holder: str, now: datetime) -> frozenset[int]:
    """Store what polls brought, all of it or nothing; return the ids of the feeds of which it was stored.

    A feed that `holder` has no more in hand has been taken by another, who brings it all again.
    """
    held = work.feeds.held([intake.feed.id for intake in intakes], holder)
    kept = [_asked_meanwhile(intake, held[intake.feed.id]) for intake in intakes if intake.feed.id in held]
    work.feeds.record([intake.feed for intake in kept])
    for intake in kept:
        tell_of_feed(work, intake.before, intake.feed, now)
    new = [(intake.feed.id, article, stage) for intake in kept for article, stage in intake.articles]
    work.articles.add(new, now)
    work.feeds.remember({intake.feed.id: intake.memory for intake in kept if intake.memory is not None})
    return frozenset(held)


def _asked_meanwhile(intake: Intake, stands: FeedState) -> Intake:
    """Return what a poll brought of a feed that stands so by now.

    One that was to be asked at another time since the poll began is asked then: the answer on its way may not hold yet
    what somebody waits for.
    """
    if stands.next_poll_at == intake.before.next_poll_at:
        return intake
    return replace(intake, feed=replace(intake.feed, next_poll_at=stands.next_poll_at, stopped=stands.stopped))


class IntakeWriter:
    """Stores intakes together: what comes while one transaction runs makes up the next."""

    def __init__(self, store: Store, clock: Clock, holder: str) -> None:
        """Write into `store` what polls brought of feeds that `holder` has in hand."""
        self._store = store
        self._clock = clock
        self._holder = holder
        self._queue: list[tuple[Intake, asyncio.Future[bool]]] = []
        self._writing: asyncio.Task[None] | None = None

    async def store(self, intake: Intake) -> bool:
        """Store what a poll brought; return when it is stored, or raise what hindered it alone.

        False: it was not stored, because another has taken the feed in hand.
        """
        stored: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._queue.append((intake, stored))
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write())
        return await stored

    async def _write(self) -> None:
        while self._queue:
            if len(self._queue) < ENOUGH:
                # In a thread, for the loop's own time may stand still meanwhile, as where it is simulated.
                await asyncio.to_thread(time.sleep, GATHERING)
            batch, self._queue = self._queue[:MOST_TOGETHER], self._queue[MOST_TOGETHER:]
            try:
                kept = await self._transact([intake for intake, _ in batch])
            except StoreDownError as error:
                for _, stored in batch:
                    _settle(stored, error)
            except Exception:  # noqa: BLE001 - what spoils one of them must not cost the others
                await self._write_singly(batch)
            else:
                for intake, stored in batch:
                    _settle(stored, intake.feed.id in kept)

    async def _write_singly(self, batch: Sequence[tuple[Intake, asyncio.Future[bool]]]) -> None:
        for intake, stored in batch:
            try:
                kept = await self._transact([intake])
            except Exception as error:  # noqa: BLE001 - it is raised to whoever waits for it
                _settle(stored, error)
            else:
                _settle(stored, bool(kept))

    async def _transact(self, intakes: Sequence[Intake]) -> frozenset[int]:
        work = partial(store_intakes, intakes=intakes, holder=self._holder, now=self._clock.now())
        return await self._store.transact(work, alone=False)


def _settle(stored: asyncio.Future[bool], outcome: bool | Exception) -> None:  # noqa: FBT001 - it is no option
    if stored.done():
        return  # whoever waited for it was cancelled
    if isinstance(outcome, Exception):
        stored.set_exception(outcome)
    else:
        stored.set_result(outcome)
