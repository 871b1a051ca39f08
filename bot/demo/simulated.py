"""The demonstration's Discord: simcord's simulation of one server, and the real bot in it. simcord's one home."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import simcord

from bot.client import AideMemoire
from bot.delivery import Deliverer
from bot.demo.articles import ARTICLES, TOPICS
from bot.demo.clock import EVERY_HOUR, moments
from bot.demo.outlets import Newsstand
from bot.demo.page import Page
from bot.messenger import DiscordMessenger
from bot.services import Services
from config.catalogue import Catalogue
from storage.engine import open_database
from storage.migrate import upgrade
from watchers.audience import LocalHour
from watchers.deadline_watcher import DeadlineWatcher
from watchers.feed_model import Fetched, Reason
from watchers.feed_watcher import FeedWatcher
from watchers.feeds.fetch import HttpFetcher
from watchers.ports import Clock, Fetcher, FetchError, Store
from watchers.reading import ArticleReader
from watchers.workers import SameProcess

SERVER, CHANNEL = "Diplomacy desk", "deadlines"
MANAGER, GUEST = "Morgan", "Robin"
_PATIENCE = 60.0
"""Seconds that the simulation waits for an answer of the bot; the first timeline loads a library."""


class SimulatedClock:
    """The simulation's clock, as the house reads it (see ports.Clock)."""

    def __init__(self, start: datetime) -> None:
        """Show `start`, timezone-aware, until there is a simulation."""
        self._start = start
        self.env: Any = None

    def now(self) -> datetime:
        """Return the simulation's present instant in UTC."""
        now: datetime = self._start if self.env is None else self.env.now()
        return now


class NoPages:
    """Reads no page that anybody links to (see ports.Fetcher): the demonstration leaves the machine alone."""

    async def fetch(
        self, url: str, *, etag: str | None = None, last_modified: str | None = None, pause: timedelta | None = None
    ) -> Fetched:
        """Raise `FetchError`."""
        del url, etag, last_modified, pause
        message = "the demonstration opens no pages of the web; give the text instead"
        raise FetchError(Reason(message))


class _Still:
    """Background work that the demonstration does itself, hour by hour (see client.Background)."""

    async def start(self) -> None:
        """Begin nothing."""

    async def stop(self) -> None:
        """End nothing."""


@dataclass(slots=True)
class SimulatedDiscord:
    """A server with one channel, somebody who manages it and somebody who does not, and the bot."""

    env: Any
    clock: Clock
    database: Store
    server: Any
    channel: Any
    manager: Any
    guest: Any
    _feeds: FeedWatcher
    _deliverer: Deliverer

    async def live(self, instant: datetime) -> int:
        """Live up to `instant` as the bot does: read what is due, decide, remind, deliver; return how many messages.

        The simulation's clock moves on to `instant`, or stays where it is past that.
        """
        await self.env.advance_time(max(0.0, (instant - self.clock.now()).total_seconds()))
        await self._feeds.poll_due()
        await DeadlineWatcher(self.database, self.clock).remind()
        before = self._sent
        with self.env.time_context():
            await self._deliverer.deliver()
        return self._sent - before

    async def is_subscribed(self) -> bool:
        """Return whether the channel follows anything."""
        return bool(await self.database.look(lambda work: work.subscriptions.of_guild(self.server.id)))

    async def welcome(self) -> None:
        """Let the bot come into the server."""
        bot: AideMemoire = self.env.bot
        guild = bot.get_guild(self.server.id)
        if guild is None:
            message = "the simulated server is not there"
            raise RuntimeError(message)
        with self.env.time_context():
            for listener in bot.extra_events["on_guild_join"]:
                await listener(guild)

    @property
    def _sent(self) -> int:
        """How often the bot has posted or edited messages."""
        told = ("POST", "PATCH")
        return sum(one.method in told and "/messages" in one.path for one in self.env.http_requests)


@asynccontextmanager
async def simulated_discord(path: Path, first: date) -> AsyncIterator[SimulatedDiscord]:
    """Run the bot on a new SQLite file at `path` in a server that it has just entered.

    The clock stands at the first moment of a demonstration that begins on `first`, a Monday.
    """
    clock = SimulatedClock(next(moments(first)))
    url = f"sqlite:///{path}"
    upgrade(url)
    database = open_database(url)
    try:
        with Newsstand(ARTICLES, first, clock) as stand:
            await database.transact(lambda work: work.feeds.follow(stand.outlets, clock.now()))
            services = Services(
                database, clock, Catalogue(TOPICS, stand.outlets), LocalHour(ZoneInfo("UTC"), 8), public_url=None
            )
            client = AideMemoire(services, NoPages(), SameProcess(None), lambda _: _Still())
            env = simcord.Env(client, settle_timeout=_PATIENCE, shard_count=1)
            env.backend.clock._epoch = clock.now()  # noqa: SLF001 - simcord offers no other way to set its clock
            env.backend.bot_user.name = "Aide-Mémoire"
            clock.env = env
            await env.start()
            try:
                async with HttpFetcher(frozenset({stand.host})) as fetcher:
                    there = _furnished(env, services, fetcher)
                    await env.settle()
                    await there.welcome()
                    yield there
            finally:
                await env.shutdown()
    finally:
        database.close()


class NoPageError(OSError):
    """The page cannot be opened; `str()` says why."""


@asynccontextmanager
async def opened_page(there: SimulatedDiscord, port: int) -> AsyncIterator[Page]:
    """Serve the channel on a page of 127.0.0.1 while the context lasts.

    `port` 0 takes any that is free. Raise `NoPageError` where the page cannot be opened.
    """
    viewers = [there.manager, there.guest]
    shown = there.env.preview(there.channel, viewers=viewers, layout="channel", locale="en-GB", port=port or None)
    try:
        await shown.__aenter__()
    except simcord.SetupError as error:
        raise NoPageError(str(error)) from error
    try:
        yield Page(shown)
    finally:
        await shown.close()


def _furnished(env: Any, services: Services, fetcher: Fetcher) -> SimulatedDiscord:
    """Return the simulation with a server in it, whose owner manages it."""
    owner = env.create_user(MANAGER.lower(), global_name=MANAGER)
    server = env.create_guild(SERVER, owner=owner)
    channel = server.create_text_channel(CHANNEL)
    return SimulatedDiscord(
        env,
        services.clock,
        services.store,
        server,
        channel,
        server.add_member(owner),
        server.add_member(env.create_user(GUEST.lower(), global_name=GUEST)),
        FeedWatcher(
            services.store,
            fetcher,
            SameProcess(ArticleReader(services.catalogue.topics)),
            services.clock,
            bounds=EVERY_HOUR,
        ),
        Deliverer(services.store, DiscordMessenger(env.bot, services), services.clock, worker="demo"),
    )
