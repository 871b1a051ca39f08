"""The composition root: makes every part, joins them, runs them, and ends them in order."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import discord
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bot.blotting import Blotter, secrets_of
from bot.client import AideMemoire
from bot.delivery import Deliverer, Sending
from bot.errors import StartError
from bot.hub_calls import CALLBACKS
from bot.log import configure_logging
from bot.memory import settle
from bot.messenger import DiscordMessenger
from bot.observing import NOBODY, ObservedMessenger, Observer
from bot.opening import (
    SystemClock,
    bounds_of,
    holder_of,
    listen_for_signals,
    opened,
    reader_of,
    reading_the_web,
    workers_of,
)
from bot.pacing import pace_of
from bot.pulse import Pulse
from bot.scheduler import LOOKS_AT_CLOCK, Tick, Ticks
from bot.services import Services
from bot.watched import Watched, watched
from bot.watcher import POLL, POLLS_AT_ONCE, Watching
from bot.web import serving
from config.catalogue import Catalogue, CatalogueError
from config.settings import Settings, WebSettings
from storage.errors import DatabaseError
from watchers.audience import LocalHour, Shards
from watchers.backlog import BacklogKeeper
from watchers.deadline_watcher import DeadlineWatcher
from watchers.feed_watcher import FeedWatcher
from watchers.feeds.pace import Bounds
from watchers.feeds.subscribing import HubAsker
from watchers.leases import Holder
from watchers.leaving import Tidier
from watchers.ports import Clock, Fetcher, FormPoster, Store, Workers
from watchers.reading import ArticleReader
from watchers.workers import SameProcess

log = logging.getLogger(__name__)


NOTICED = timedelta(seconds=1)
"""How often the outbox is looked into where other processes decide on alerts: nobody tells of theirs."""


@dataclass(frozen=True, slots=True)
class Cadence:
    """How often the background work looks whether something is due."""

    poll: timedelta = POLL
    remind: timedelta = timedelta(seconds=60)
    ask_hubs: timedelta = timedelta(hours=1)
    deliver: timedelta = timedelta(seconds=5)
    look_at_clock: timedelta = LOOKS_AT_CLOCK
    polls_at_once: int = POLLS_AT_ONCE


class Rounds:
    """The work beside the commands: read the feeds, mind the deadlines, deliver the alerts."""

    def __init__(
        self,
        services: Services,
        watch: Callable[[Callable[[], None]], FeedWatcher] | None,
        deliverer: Deliverer,
        cadence: Cadence,
        hubs: HubAsker | None = None,
        *,
        observer: Observer = NOBODY,
        article_days: int = 0,
    ) -> None:
        """Join the watchers and the deliverer; nothing runs before `start`.

        `watch` makes the watcher of feeds, which calls what it is given once there is something to deliver; None: other
        processes watch. `hubs` asks hubs to tell of changes; None: none is asked. The texts of articles are kept for
        `article_days`; 0: for ever.
        """
        asking = () if hubs is None else (Tick("hubs", cadence.ask_hubs, hubs.ask_due),)
        self._watching = None if watch is None else Watching(watch(lambda: self._ticks.hurry("deliver")), observer)
        polling = () if self._watching is None else self._watching.ticks(cadence.poll, cadence.polls_at_once)
        self._deadlines = DeadlineWatcher(services.store, services.clock)
        self._tidier = Tidier(services.store, services.clock, article_days)
        self._deliverer = deliverer
        self._backlog = BacklogKeeper(services.store, services.clock)
        self._observer = observer
        self._ticks = Ticks(
            (
                *polling,
                Tick("remind", cadence.remind, self.remind),
                Tick("deliver", cadence.deliver, self.deliver),
                *asking,
            ),
            services.clock,
            observer,
            looks_at_clock=cadence.look_at_clock,
        )

    async def start(self) -> None:
        """Take back what a predecessor was killed over, and begin to tick."""
        if taken_back := await self._deliverer.take_back():
            log.info("alerts were in hand when the bot last stopped; they are sent now", extra={"alerts": taken_back})
        self._ticks.start()

    async def stop(self) -> None:
        """Tick no more, once what is in hand is finished, and leave the rest to others."""
        self._deliverer.end()
        await self._ticks.stop()
        if self._watching is not None:
            await self._watching.give_back()

    async def remind(self) -> None:
        """Turn what has come due into alerts, and deliver them at once."""
        due = await self._deadlines.remind()
        await self._tidier.tidy()
        if due:
            await self.deliver()

    async def deliver(self) -> None:
        """Deliver what waits; what has waited too long comes together."""
        if made := await self._backlog.gather():
            log.info("what could not be told in time comes in %d digests", made)
        await self._deliverer.deliver()


def compose(
    services: Services,
    fetcher: Fetcher,
    *,
    worker: str,
    workers: Workers[ArticleReader] | None = None,
    pages: Fetcher | None = None,
    bounds: Bounds | None = None,
    cadence: Cadence | None = None,
    hubs: HubAsker | None = None,
    observer: Observer = NOBODY,
    article_days: int = 0,
    holder: Holder | None = None,
    watches: bool = True,
    shards: Shards | None = None,
) -> AideMemoire:
    """Return the whole bot, joined and not yet connected.

    `worker` names this process in the outbox: the same after a restart, and no other's. `pages` reads what people
    link to, and the feeds that servers add; None: `fetcher` does. `workers` do the heavy work, with the catalogue's
    reader as their context; None: this process does. `bounds` say how often a feed is read, `cadence` how often it is
    looked what is due; `hubs` asks hubs to tell of changes (None: none is asked). `observer` is told of the work. Where
    it `watches`, `holder` takes feeds and articles in hand (None: one of a new name); else other processes do that.
    `shards` are those of the gateway that it serves; None: all, of as many as Discord recommends. The texts of articles
    are kept for `article_days`; 0: for ever.
    """
    at_work = workers or SameProcess(reader_of(services.catalogue))

    def background_of(client: discord.Client) -> Rounds:
        messenger = ObservedMessenger(DiscordMessenger(client, services), observer)
        deliverer = Deliverer(
            services.store, messenger, services.clock, worker, Sending(shards=shards, pace=pace_of(shards))
        )

        def watch(alerted: Callable[[], None]) -> FeedWatcher:
            return FeedWatcher(
                services.store,
                fetcher,
                at_work,
                services.clock,
                bounds=bounds,
                alerted=alerted,
                guarded=pages,
                holder=holder,
            )

        return Rounds(
            services,
            watch if watches else None,
            deliverer,
            cadence or Cadence(),
            hubs,
            observer=observer,
            article_days=article_days,
        )

    return AideMemoire(services, pages or fetcher, at_work, background_of, shards)


def run_bot(settings: Settings) -> None:
    """Run the bot until SIGTERM or SIGINT asks it to end; return when all is closed.

    Raise `StartError` with one line where it cannot start: no token or a wrong one, a database that cannot be
    reached, a catalogue with mistakes, or a Discord that does not answer.
    """
    token = settings.discord_token
    if token is None:
        message = "DISCORD_TOKEN is not set: copy it from the Bot page of https://discord.com/developers/applications"
        raise StartError(message)
    blot = Blotter(secrets_of(settings))
    configure_logging(settings.log_level, settings.log_format, blot)
    try:
        asyncio.run(_run(settings, token.reveal()))
    except (CatalogueError, DatabaseError, StartError) as error:
        raise StartError(blot(str(error))) from error
    except Exception as error:
        # Python would write a traceback with whatever stands in it; the log takes the secrets out.
        log.critical("ended by a fault of its own", exc_info=error)
        message = f"it ended by a fault of its own ({type(error).__name__}), of which the log says more"
        raise StartError(message) from error


async def _run(settings: Settings, token: str) -> None:
    """Open what is needed, serve, and close everything in the opposite order."""
    asked_to_stop = asyncio.Event()
    listen_for_signals(asked_to_stop)
    clock = SystemClock()
    catalogue, database = await opened(settings)
    try:
        async with watched(database, clock, settings) as watch:
            await _work(settings, token, catalogue, watch, asked_to_stop)
    finally:
        database.close()


async def _work(
    settings: Settings, token: str, catalogue: Catalogue, watch: Watched, asked_to_stop: asyncio.Event
) -> None:
    """Serve until asked to stop."""
    clock, shards = watch.clock, shards_of(settings)
    at = LocalHour(settings.time_zone, settings.reminder_hour)
    public_url = settings.web.public_url if settings.web else None
    services = Services(watch.store, clock, catalogue, at, public_url, settings.editor_servers)
    served = serving(services, settings.web, watch.pulse) if settings.web else contextlib.nullcontext()
    async with reading_the_web(settings) as fetchers, workers_of(catalogue) as workers, served:
        client = compose(
            services,
            fetchers.feeds,
            worker=worker_name(shards),
            workers=workers,
            pages=fetchers.pages,
            bounds=bounds_of(settings),
            cadence=Cadence(deliver=NOTICED) if settings.watchers_apart or shards else None,
            # Of several processes that serve people, one minds the hubs. A feed names whatever hub it likes, so that
            # none is asked in private networks.
            hubs=await hubs_for(settings.web, watch.store, fetchers.pages, clock) if _is_first(shards) else None,
            observer=watch.observer,
            article_days=settings.article_days,
            holder=holder_of(settings),
            watches=not settings.watchers_apart,
            shards=shards,
        )
        _watch_gateway(client, watch.pulse)
        settle()
        await _serve(client, token, settings.discord_api_url, asked_to_stop)


def shards_of(settings: Settings) -> Shards | None:
    """Return the gateway's shards that this process serves; None: all."""
    wanted = settings.shards
    return None if wanted is None else Shards(frozenset(wanted.ids), wanted.count)


def worker_name(shards: Shards | None) -> str:
    """Return the name in the outbox of a process that serves these shards: the same after a restart."""
    if shards is None:
        return "worker"
    return f"worker {','.join(map(str, sorted(shards.ids)))}/{shards.count}"


def _is_first(shards: Shards | None) -> bool:
    return shards is None or 0 in shards.ids


async def hubs_for(web: WebSettings | None, store: Store, poster: FormPoster, clock: Clock) -> HubAsker | None:
    """Return what asks hubs; None where they are not to be asked: then what was asked before is let go."""
    if web is not None and web.websub:
        return HubAsker(store, poster, clock, f"{web.public_url}{CALLBACKS}")
    await store.transact(lambda work: work.hubs.forget_all())
    return None


async def _serve(client: AideMemoire, token: str, api_url: str | None, asked_to_stop: asyncio.Event) -> None:
    """Stay connected until asked to stop; raise `StartError` where Discord does not let us in."""
    async with client:
        running = asyncio.create_task(_connect(client, token, api_url))
        stopping = asyncio.create_task(asked_to_stop.wait())
        try:
            await asyncio.wait({running, stopping}, return_when=asyncio.FIRST_COMPLETED)
            if asked_to_stop.is_set():
                log.info("asked to stop: finishing what is in hand")
                await client.close()
            await _outcome(running, asked_to_stop)
        finally:
            stopping.cancel()


def _watch_gateway(client: AideMemoire, pulse: Pulse) -> None:
    """Have the pulse hear when the gateway comes and goes; discord.py tells of it by events alone."""

    async def connected() -> None:
        pulse.connected()

    async def disconnected() -> None:
        pulse.disconnected()

    client.add_listener(connected, "on_ready")
    client.add_listener(connected, "on_resumed")
    client.add_listener(disconnected, "on_disconnect")


async def _connect(client: AideMemoire, token: str, api_url: str | None) -> None:
    """Log in and stay connected; where the operator names another REST address, its gateway is used too."""
    if api_url is not None:
        Route.BASE = api_url
    await client.login(token)
    if api_url is not None:
        answer = await client.http.request(Route("GET", "/gateway"))
        DiscordWebSocket.DEFAULT_GATEWAY = type(DiscordWebSocket.DEFAULT_GATEWAY)(answer["url"])
    await client.connect()


async def _outcome(running: asyncio.Task[None], asked_to_stop: asyncio.Event) -> None:
    """Wait for the connection to end; raise `StartError` in the operator's words where it failed."""
    if asked_to_stop.is_set():
        running.cancel()
    try:
        await running
    except asyncio.CancelledError:
        if not asked_to_stop.is_set():
            raise
    except discord.LoginFailure as error:
        message = "Discord does not accept DISCORD_TOKEN: reset it on your application's Bot page and copy it anew"
        raise StartError(message) from error
    except (discord.DiscordException, OSError) as error:
        if asked_to_stop.is_set():
            return
        message = f"Discord cannot be reached, or sends the bot away ({error}): see https://discordstatus.com"
        raise StartError(message) from error
