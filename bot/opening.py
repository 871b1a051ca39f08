"""What every process of the bot is made of, whether it watches, serves people or does both; it needs no Discord."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import platform
import secrets
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial

from config.catalogue import Catalogue, load_catalogue
from config.settings import Settings
from storage.engine import Database, open_database
from storage.integrity import PATIENCE_AT_START, check
from storage.migrate import upgrade
from watchers.feeds.fetch import HttpFetcher
from watchers.feeds.pace import Bounds
from watchers.feeds.politeness import Politeness
from watchers.leases import Holder
from watchers.matcher.match import read_item
from watchers.reading import ArticleReader, rehearse
from watchers.workers import WorkerPool

log = logging.getLogger(__name__)

_RANDOM_BYTES = 4


class SystemClock:
    """The time of day of this machine; the one place that reads it."""

    def now(self) -> datetime:
        """Return the present instant in UTC."""
        return datetime.now(UTC)


def reader_of(catalogue: Catalogue) -> ArticleReader:
    """Return what reads articles by a catalogue."""
    return ArticleReader(catalogue.topics, partial(read_item, events=catalogue.events))


def workers_of(catalogue: Catalogue) -> WorkerPool[ArticleReader]:
    """Return the processes that do the heavy work, not yet started."""
    return WorkerPool(reader_of(catalogue), preload=("watchers.feeds.jobs", "watchers.reading"), rehearsal=rehearse)


def bounds_of(settings: Settings) -> Bounds:
    """Return how often a feed is read."""
    return Bounds(timedelta(minutes=settings.poll_minutes), timedelta(minutes=settings.poll_minutes_most))


def holder_of(settings: Settings) -> Holder:
    """Return who takes feeds and articles in hand here: nobody was ever called so, not even before a restart."""
    name = f"{platform.node()}-{os.getpid()}-{secrets.token_hex(_RANDOM_BYTES)}"
    return Holder(name, timedelta(seconds=settings.lease_seconds))


@dataclass(frozen=True, slots=True)
class Fetchers:
    """What reads the web."""

    feeds: HttpFetcher
    """Also from private hosts that the operator trusts."""
    pages: HttpFetcher
    """From public addresses alone: it reads what anybody may have linked to."""


@asynccontextmanager
async def reading_the_web(settings: Settings) -> AsyncIterator[Fetchers]:
    """Hold open what reads the web, as considerate as one."""
    politeness = Politeness(settings.allowed_hosts)
    feeds = HttpFetcher(settings.allowed_hosts, settings.contact, politeness=politeness)
    async with feeds, HttpFetcher(contact=settings.contact, politeness=politeness) as pages:
        yield Fetchers(feeds, pages)


async def opened(settings: Settings) -> tuple[Catalogue, Database]:
    """Load the catalogue, open the database at this version's tables, and follow the catalogue's outlets.

    Any number of processes may do so at once. Raise `CatalogueError` or `DatabaseError`.
    """
    catalogue, database = await asyncio.to_thread(_open, settings)
    now = SystemClock().now()
    try:
        await database.transact(lambda work: work.feeds.follow(catalogue.outlets, now))
    except BaseException:
        database.close()
        raise
    return catalogue, database


def _open(settings: Settings) -> tuple[Catalogue, Database]:
    catalogue = load_catalogue(settings.topics_file, settings.outlets_file, settings.events_file)
    if not check(settings.database_url, thorough=False, patience=PATIENCE_AT_START):
        log.info("the database is too large to be checked at each start: `aide-memoire doctor` checks it in full")
    upgrade(settings.database_url)
    return catalogue, open_database(settings.database_url)


def listen_for_signals(asked_to_stop: asyncio.Event) -> None:
    """Have SIGTERM (a hosting service's restart) and SIGINT (Ctrl-C) ask for a clean end."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        # Windows has no such handlers in asyncio; there Ctrl-C ends the process in Python's own way.
        with contextlib.suppress(NotImplementedError):
            loop.add_signal_handler(number, asked_to_stop.set)
