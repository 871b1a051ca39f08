"""Watching the feeds, whether within the bot or in a process of its own, of which there may be any number.

A process that only watches needs no token and never speaks with Discord: what it decides stands in the outbox, and the
bot looks there.
"""

from __future__ import annotations

import asyncio
import logging
from datetime import timedelta

from bot.blotting import Blotter, secrets_of
from bot.log import configure_logging
from bot.memory import settle
from bot.observing import NOBODY, Observer
from bot.opening import (
    SystemClock,
    bounds_of,
    holder_of,
    listen_for_signals,
    opened,
    reading_the_web,
    workers_of,
)
from bot.scheduler import Tick, Ticks
from bot.usage import FailedError
from bot.watched import watched
from config.catalogue import CatalogueError
from config.settings import Settings
from storage.errors import DatabaseError
from watchers.feed_watcher import FeedWatcher

POLL = timedelta(seconds=5)
"""How often it is looked whether a feed is due."""
POLLS_AT_ONCE = 50
"""Rounds of polling that may overlap, so that a slow feed holds up only its own."""

log = logging.getLogger(__name__)


class Watching:
    """The feeds read, round after round."""

    def __init__(self, feeds: FeedWatcher, observer: Observer = NOBODY) -> None:
        """Watch with `feeds`; `observer` is told of the work."""
        self._feeds = feeds
        self._observer = observer

    def ticks(self, every: timedelta, at_once: int) -> tuple[Tick, ...]:
        """Return what is to be done again and again: look what is due, and hold on to what is in hand."""
        return (
            Tick("poll", every, self.poll, at_once=at_once),
            Tick("hold", self._feeds.renewed_every, self._feeds.renew),
        )

    async def poll(self) -> None:
        """Read the feeds that are due, and the articles that wait to be read."""
        report = await self._feeds.poll_due()
        self._observer.polled(report)
        if report.statements or report.suggested:
            brought = {"articles": report.articles, "followups": report.followups, "endings": report.suggested}
            log.info("articles brought news", extra=brought)

    async def give_back(self) -> None:
        """Leave to others what is still in hand; call it when nothing ticks any more."""
        await self._feeds.give_back()


def run_watcher(settings: Settings) -> None:
    """Watch the feeds until SIGTERM or SIGINT asks to end; return when all is closed.

    Raise `FailedError` with one line where it cannot start: a database that cannot be reached, or a catalogue with
    mistakes.
    """
    blot = Blotter(secrets_of(settings))
    configure_logging(settings.log_level, settings.log_format, blot)
    try:
        asyncio.run(_watch(settings))
    except (CatalogueError, DatabaseError) as error:
        raise FailedError(blot(str(error))) from error


async def _watch(settings: Settings) -> None:
    asked_to_stop = asyncio.Event()
    listen_for_signals(asked_to_stop)
    clock = SystemClock()
    catalogue, database = await opened(settings)
    try:
        async with (
            watched(database, clock, settings, gateway=False) as watch,
            reading_the_web(settings) as fetchers,
            workers_of(catalogue) as workers,
        ):
            feeds = FeedWatcher(
                watch.store,
                fetchers.feeds,
                workers,
                watch.clock,
                bounds=bounds_of(settings),
                guarded=fetchers.pages,
                holder=holder_of(settings),
            )
            watching = Watching(feeds, watch.observer)
            ticks = Ticks(watching.ticks(POLL, POLLS_AT_ONCE), watch.clock, watch.observer)
            settle()
            ticks.start()
            log.info("watching, beside whoever else does", extra={"outlets": len(catalogue.outlets)})
            await asked_to_stop.wait()
            log.info("asked to stop: finishing what is in hand")
            await ticks.stop()
            await watching.give_back()
    finally:
        database.close()
