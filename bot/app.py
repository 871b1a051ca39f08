"""The composition root: makes every part, joins them, runs them, and ends them in order."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import platform
import signal
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial

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
from bot.pacing import Pace
from bot.pulse import Pulse
from bot.scheduler import Tick, Ticks
from bot.services import Services
from bot.watched import Watched, watched
from bot.web import serving
from config.catalogue import Catalogue, CatalogueError, load_catalogue
from config.settings import Settings, WebSettings
from storage.engine import Database, open_database
from storage.errors import DatabaseError
from storage.migrate import upgrade
from watchers.audience import LocalHour
from watchers.backlog import BacklogKeeper
from watchers.deadline_watcher import DeadlineWatcher
from watchers.feed_watcher import FeedWatcher
from watchers.feeds.fetch import HttpFetcher
from watchers.feeds.pace import Bounds
from watchers.feeds.politeness import Politeness
from watchers.feeds.subscribing import HubAsker
from watchers.matcher.match import read_item
from watchers.ports import Clock, Fetcher, FormPoster, Store, Workers
from watchers.reading import ArticleReader, rehearse
from watchers.workers import SameProcess, WorkerPool

log = logging.getLogger(__name__)


class SystemClock:
    """The time of day of this machine; the one place that reads it."""

    def now(self) -> datetime:
        """Return the present instant in UTC."""
        return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Cadence:
    """How often the background work looks whether something is due."""

    poll: timedelta = timedelta(seconds=5)
    remind: timedelta = timedelta(seconds=60)
    ask_hubs: timedelta = timedelta(hours=1)
    deliver: timedelta = timedelta(seconds=5)
    polls_at_once: int = 50
    """Rounds of polling that may overlap, so that a slow feed holds up only its own."""


class Rounds:
    """The work beside the commands: read the feeds, mind the deadlines, deliver the alerts."""

    def __init__(
        self,
        services: Services,
        watch: Callable[[Callable[[], None]], FeedWatcher],
        deliverer: Deliverer,
        cadence: Cadence,
        hubs: HubAsker | None = None,
        *,
        observer: Observer = NOBODY,
    ) -> None:
        """Join the watchers and the deliverer; nothing runs before `start`.

        `watch` makes the watcher of feeds, which calls what it is given once there is something to deliver. `hubs` asks
        hubs to tell of changes; None: none is asked.
        """
        asking = () if hubs is None else (Tick("hubs", cadence.ask_hubs, hubs.ask_due),)
        self._feeds = watch(lambda: self._ticks.hurry("deliver"))
        self._deadlines = DeadlineWatcher(services.store, services.clock)
        self._deliverer = deliverer
        self._backlog = BacklogKeeper(services.store, services.clock)
        self._observer = observer
        self._ticks = Ticks(
            (
                Tick("poll", cadence.poll, self.poll, at_once=cadence.polls_at_once),
                Tick("remind", cadence.remind, self.remind),
                Tick("deliver", cadence.deliver, self.deliver),
                *asking,
            ),
            services.clock,
            observer,
        )

    async def start(self) -> None:
        """Take back what a predecessor was killed over, and begin to tick."""
        if taken_back := await self._deliverer.take_back():
            log.info("alerts were in hand when the bot last stopped; they are sent now", extra={"alerts": taken_back})
        self._ticks.start()

    async def stop(self) -> None:
        """Tick no more, once what is in hand is finished."""
        self._deliverer.end()
        await self._ticks.stop()

    async def poll(self) -> None:
        """Read the feeds that are due; what people are to be told of is delivered meanwhile."""
        report = await self._feeds.poll_due()
        self._observer.polled(report)
        if report.statements or report.suggested:
            brought = {"articles": report.articles, "followups": report.followups, "endings": report.suggested}
            log.info("articles brought news", extra=brought)

    async def remind(self) -> None:
        """Turn what has come due into alerts, and deliver them at once."""
        if await self._deadlines.remind():
            await self.deliver()

    async def deliver(self) -> None:
        """Deliver what waits; what has waited too long comes together."""
        if made := await self._backlog.gather():
            log.info("what could not be told in time comes in %d digests", made)
        await self._deliverer.deliver()


def reader_of(catalogue: Catalogue) -> ArticleReader:
    """Return what reads articles by a catalogue."""
    return ArticleReader(catalogue.topics, partial(read_item, events=catalogue.events))


def workers_of(catalogue: Catalogue) -> WorkerPool[ArticleReader]:
    """Return the processes that do the heavy work, not yet started."""
    return WorkerPool(reader_of(catalogue), preload=("watchers.feeds.jobs", "watchers.reading"), rehearsal=rehearse)


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
) -> AideMemoire:
    """Return the whole bot, joined and not yet connected.

    `worker` names this process in the outbox: the same after a restart, and no other's. `pages` reads what people
    link to, and the feeds that servers add; None: `fetcher` does. `workers` do the heavy work, with the catalogue's
    reader as their context; None: this process does. `bounds` say how often a feed is read, `cadence` how often it is
    looked what is due; `hubs` asks hubs to tell of changes (None: none is asked). `observer` is told of the work.
    """
    at_work = workers or SameProcess(reader_of(services.catalogue))

    def background_of(client: discord.Client) -> Rounds:
        messenger = ObservedMessenger(DiscordMessenger(client, services), observer)
        deliverer = Deliverer(services.store, messenger, services.clock, worker, Sending(pace=Pace()))

        def watch(alerted: Callable[[], None]) -> FeedWatcher:
            return FeedWatcher(
                services.store, fetcher, at_work, services.clock, bounds=bounds, alerted=alerted, guarded=pages
            )

        return Rounds(services, watch, deliverer, cadence or Cadence(), hubs, observer=observer)

    return AideMemoire(services, pages or fetcher, at_work, background_of)


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
    _listen_for_signals(asked_to_stop)
    clock = SystemClock()
    catalogue, database = await asyncio.to_thread(_open, settings)
    try:
        await database.transact(lambda work: work.feeds.follow(catalogue.outlets, clock.now()))
        async with watched(database, clock, settings) as watch:
            await _work(settings, token, catalogue, watch, asked_to_stop)
    finally:
        database.close()


async def _work(
    settings: Settings, token: str, catalogue: Catalogue, watch: Watched, asked_to_stop: asyncio.Event
) -> None:
    """Serve until asked to stop."""
    clock = watch.clock
    at = LocalHour(settings.time_zone, settings.reminder_hour)
    public_url = settings.web.public_url if settings.web else None
    services = Services(watch.store, clock, catalogue, at, public_url, settings.editor_servers)
    served = serving(services, settings.web, watch.pulse) if settings.web else contextlib.nullcontext()
    politeness = Politeness(settings.allowed_hosts)
    feeds = HttpFetcher(settings.allowed_hosts, settings.contact, politeness=politeness)
    # Private hosts that the operator trusts are for feeds: what anybody links to never reaches them.
    pages_only = HttpFetcher(contact=settings.contact, politeness=politeness)
    async with feeds as fetcher, pages_only as pages, workers_of(catalogue) as workers, served:
        client = compose(
            services,
            fetcher,
            worker=platform.node() or "bot",
            workers=workers,
            pages=pages,
            bounds=Bounds(timedelta(minutes=settings.poll_minutes), timedelta(minutes=settings.poll_minutes_most)),
            # A feed names whatever hub it likes, so that none is asked in private networks.
            hubs=await hubs_for(settings.web, watch.store, pages, clock),
            observer=watch.observer,
        )
        _watch_gateway(client, watch.pulse)
        settle()
        await _serve(client, token, settings.discord_api_url, asked_to_stop)


async def hubs_for(web: WebSettings | None, store: Store, poster: FormPoster, clock: Clock) -> HubAsker | None:
    """Return what asks hubs; None where they are not to be asked: then what was asked before is let go."""
    if web is not None and web.websub:
        return HubAsker(store, poster, clock, f"{web.public_url}{CALLBACKS}")
    await store.transact(lambda work: work.hubs.forget_all())
    return None


def _open(settings: Settings) -> tuple[Catalogue, Database]:
    """Load the catalogue and open the database at this version's tables."""
    catalogue = load_catalogue(settings.topics_file, settings.outlets_file, settings.events_file)
    upgrade(settings.database_url)
    return catalogue, open_database(settings.database_url)


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


def _listen_for_signals(asked_to_stop: asyncio.Event) -> None:
    """Have SIGTERM (a hosting service's restart) and SIGINT (Ctrl-C) ask for a clean end."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        # Windows has no such handlers in asyncio; there Ctrl-C ends the process in Python's own way.
        with contextlib.suppress(NotImplementedError):
            loop.add_signal_handler(number, asked_to_stop.set)
