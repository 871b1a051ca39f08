"""Check-ups: whether everything the bot needs works, and what mends it where it does not.

`examine` looks at the token, the database, the catalogue, the feeds' record and the clock; `probe_feeds` asks every
feed once. Neither changes anything.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

import discord
import discord.http

from bot.terminal import FeedProbe, Finding
from config.catalogue import Catalogue, CatalogueError, Outlet, load_catalogue
from config.settings import Settings
from storage import migrate
from storage.engine import open_database
from storage.errors import DatabaseError
from storage.integrity import check
from watchers.feed_model import FeedSource, FeedState
from watchers.feeds.fetch import HttpFetcher
from watchers.feeds.parse import parse_feed
from watchers.ports import Clock, Fetcher, FetchError

PROBES_AT_ONCE = 8

_PATIENCE_WITH_DISCORD = 10.0
_PORTAL = "https://discord.com/developers/applications"
_MANY_FAILURES = 3
_NAMED_AT_MOST = 5
_CLOCK_SLACK = timedelta(minutes=5)
_FEEDS_UNKNOWN = Finding("feeds", None, "not looked at, because the database cannot be read")
_WRITTEN = datetime(2026, 11, 1, tzinfo=UTC)
"""This version is younger than that: a clock that shows an earlier time is wrong."""


async def examine(settings: Settings, clock: Clock, *, online: bool) -> tuple[Finding, ...]:
    """Look at everything once and return what was found; `online=False` does not ask Discord about the token."""
    catalogue = _look_at_catalogue(settings)
    database = await asyncio.to_thread(_look_at_database, settings.database_url)
    feeds: Sequence[FeedState] = ()
    if database.sound:
        try:
            feeds = await _stored_feeds(settings.database_url)
        except DatabaseError as error:
            database = Finding("database", False, str(error))
    now = clock.now()
    return (
        await _look_at_token(settings, online=online),
        database,
        *catalogue,
        _look_at_feeds(feeds, settings, now) if database.sound is not False else _FEEDS_UNKNOWN,
        _look_at_clock(feeds, settings, now),
        *_look_at_editors(settings),
    )


async def probe_feeds(
    outlets: Sequence[Outlet], settings: Settings, clock: Clock, report: Callable[[FeedProbe], None]
) -> int:
    """Fetch every feed once, a few at a time, `report` each answer in order, and return how many failed."""
    turn = asyncio.Semaphore(PROBES_AT_ONCE)
    failed = 0
    async with HttpFetcher(settings.allowed_hosts, settings.contact) as fetcher, asyncio.TaskGroup() as group:
        for task in [group.create_task(_probe(outlet, fetcher, clock, turn)) for outlet in outlets]:
            probe = await task
            report(probe)
            failed += probe.failure is not None
    return failed


async def _probe(outlet: Outlet, fetcher: Fetcher, clock: Clock, turn: asyncio.Semaphore) -> FeedProbe:
    async with turn:
        try:
            fetched = await fetcher.fetch(outlet.feed_url)
            source = FeedSource(outlet.feed_url, outlet.name, outlet.time_zone)
            parsed = parse_feed(fetched.body or b"", source, clock.now(), fetched.content_type)
        except FetchError as error:
            return FeedProbe(outlet.name, outlet.feed_url, 0, None, (), str(error))
    newest = max((entry.article.published for entry in parsed.entries), default=None)
    return FeedProbe(outlet.name, outlet.feed_url, len(parsed.entries), newest, tuple(map(str, parsed.problems)), None)


# --- one look at each thing -------------------------------------------------------------------------------


async def _look_at_token(settings: Settings, *, online: bool) -> Finding:
    token = settings.discord_token
    if token is None:
        return Finding("token", False, f"DISCORD_TOKEN is not set: copy the token from {_PORTAL} (Bot) into .env")
    if not online:
        return Finding("token", None, "looks like one; Discord was not asked, because of --offline")
    if settings.discord_api_url:
        discord.http.Route.BASE = settings.discord_api_url
    client = discord.Client(intents=discord.Intents.none())
    try:
        async with asyncio.timeout(_PATIENCE_WITH_DISCORD):
            await client.login(token.reveal())
        return Finding("token", True, f"Discord knows it as {client.user}")
    except discord.LoginFailure:
        return Finding("token", False, f'Discord refuses DISCORD_TOKEN: press "Reset Token" at {_PORTAL} (Bot)')
    except Exception as error:  # noqa: BLE001 - whatever goes wrong here is what a check-up is there to tell
        why = "no answer in time" if isinstance(error, TimeoutError) else str(error) or type(error).__name__
        mend = "see that this machine may reach it" + (" (DISCORD_API_URL)" if settings.discord_api_url else "")
        return Finding("token", False, f"Discord could not be asked ({why}): {mend}, or look with --offline")
    finally:
        await client.close()


def _look_at_database(url: str) -> Finding:
    try:
        at, wanted = migrate.current(url), migrate.head()
    except DatabaseError as error:
        return Finding("database", False, str(error))
    if at is None:
        return Finding("database", None, "has no tables yet: `aide-memoire migrate` makes them, and so does `run`")
    if at != wanted:
        return Finding(
            "database", False, f"has the tables of version {at}, wanted is {wanted}: run `aide-memoire migrate`"
        )
    try:
        check(url, thorough=True)
    except DatabaseError as error:
        return Finding("database", False, str(error))
    return Finding("database", True, f"can be read, and its tables are those of this version ({at})")


async def _stored_feeds(url: str) -> Sequence[FeedState]:
    database = await asyncio.to_thread(open_database, url)
    try:
        return await database.look(lambda work: work.feeds.all())
    finally:
        await asyncio.to_thread(database.close)


def _look_at_catalogue(settings: Settings) -> tuple[Finding, ...]:
    try:
        catalogue: Catalogue = load_catalogue(settings.topics_file, settings.outlets_file, settings.events_file)
    except CatalogueError as error:
        return tuple(Finding("catalogue", False, problem) for problem in error.problems)
    topics = f"{settings.topics_file.name} (topics: {len(catalogue.topics)})"
    feeds = f"{settings.outlets_file.name} (feeds: {len(catalogue.outlets)})"
    events = f"{settings.events_file.name} (events: {len(catalogue.events)})"
    return (Finding("catalogue", True, f"{topics}, {feeds} and {events} hold no mistake"),)


def _look_at_feeds(feeds: Sequence[FeedState], settings: Settings, now: datetime) -> Finding:
    newest = max((feed.last_success_at for feed in feeds if feed.last_success_at), default=None)
    if newest is None:
        failed = next((feed.last_error for feed in feeds if feed.last_error), None)
        if failed:
            return Finding("feeds", False, f"none could be read yet ({failed}): try `aide-memoire feeds check`")
        return Finding("feeds", None, "none has been read yet: `aide-memoire run` reads them")
    age = now - newest
    if age > max(timedelta(hours=1), 2 * timedelta(minutes=settings.poll_minutes_most)):
        hours = round(age.total_seconds() / 3600)
        return Finding("feeds", False, f"none has been read for {hours} hours: see that `aide-memoire run` is running")
    failing = [feed for feed in feeds if feed.failures >= _MANY_FAILURES]
    if failing:
        names = ", ".join(feed.outlet for feed in failing[:_NAMED_AT_MOST])
        more = f" and {len(failing) - _NAMED_AT_MOST} more" if len(failing) > _NAMED_AT_MOST else ""
        says = f"{len(failing)} of {len(feeds)} keep failing ({names}{more}): `aide-memoire feeds check` says why"
        return Finding("feeds", None, says)
    return Finding(
        "feeds",
        True,
        f"reading works, the latest time {round(age.total_seconds() / 60)} minutes ago (feeds: {len(feeds)})",
    )


def _look_at_clock(feeds: Sequence[FeedState], settings: Settings, now: datetime) -> Finding:
    known = max((feed.last_success_at for feed in feeds if feed.last_success_at), default=_WRITTEN)
    shows = f"shows {now:%Y-%m-%d %H:%M} UTC"
    if now < known - _CLOCK_SLACK:
        says = f"{shows}, but it was {known:%Y-%m-%d %H:%M} before: set it, for example `timedatectl set-ntp true`"
        return Finding("clock", False, says)
    at = f"reminders go out at {settings.reminder_hour}:00 in {settings.time_zone.key}"
    return Finding("clock", True, f"{shows}; {at}")


def _look_at_editors(settings: Settings) -> tuple[Finding, ...]:
    if not settings.editor_servers:
        return ()
    ids = ", ".join(map(str, sorted(settings.editor_servers)))
    says = f"the moderators of {ids} may split and join follow-ups that other servers know as well (EDITOR_SERVERS)"
    return (Finding("editors", None, says),)
