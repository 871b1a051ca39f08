"""A small web server for calendars and feeds, and for the calls of hubs, off unless the operator turns it on.

It answers at addresses that nobody can guess and lists none of them; what is not there, what was revoked and what was
never shared look alike. It keeps no log of requests, because an address is a secret. It listens on the machine itself
unless told otherwise: a proxy with TLS stands before it.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import re
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from aiohttp import web
from aiohttp.typedefs import Handler

from bot import showing
from bot.calendars import calendar_file
from bot.errors import StartError
from bot.hub_calls import CALLBACKS, LARGEST_CALL, Heard, HubCalls
from bot.pulse import Pulse
from bot.render import Setting
from bot.services import Services
from bot.showing import Shown
from bot.syndication import atom_feed, json_feed
from config.settings import WebSettings
from storage.errors import DatabaseError
from watchers.audience import Share
from watchers.ports import UnitOfWork

log = logging.getLogger(__name__)

CALENDAR, ATOM, JSON = "calendar.ics", "feed.atom", "feed.json"
_TYPES: Final = {CALENDAR: "text/calendar", ATOM: "application/atom+xml", JSON: "application/feed+json"}
_TOKEN = re.compile(r"[\w-]{20,100}", re.ASCII)
_A_MINUTE = timedelta(minutes=1)
_FROM_ALL, _FROM_ONE = 600, 12
"""Requests a minute, of everybody together and at one address; hubs are counted apart from readers."""
_HEADERS = {
    "Cache-Control": "private, max-age=300",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
}


def addresses(public_url: str, token: str) -> Mapping[str, str]:
    """Return where a share is read, by what is read there."""
    return {name: f"{public_url}/s/{token}/{name}" for name in _TYPES}


@asynccontextmanager
async def serving(services: Services, settings: WebSettings, pulse: Pulse) -> AsyncIterator[int]:
    """Serve until the block ends; yield the port. Raise `StartError` where it cannot listen there.

    A port of 0 takes one that is free.
    """
    application = _application(services, settings.public_url, pulse)
    async with listening(application, settings.host, settings.port, "WEB_PORT") as port:
        log.info("calendars and feeds are served", extra={"host": settings.host, "port": port})
        yield port


@asynccontextmanager
async def listening(application: web.Application, host: str, port: int, setting: str) -> AsyncIterator[int]:
    """Let an application answer until the block ends; yield the port, which is a free one where `port` is 0.

    Raise `StartError`, which names the setting of the port, where it cannot listen there.
    """
    # A hub signs what it sends; what is packed is not unpacked for it.
    runner = web.AppRunner(application, access_log=None, auto_decompress=False)
    await runner.setup()
    try:
        try:
            await web.TCPSite(runner, host, port).start()
        except OSError as error:
            message = f"{setting} {port} at {host} cannot be listened at ({error.strerror})"
            raise StartError(message) from error
        taken: int = runner.addresses[0][1]
        yield taken
    finally:
        await runner.cleanup()


def _application(services: Services, public_url: str, pulse: Pulse) -> web.Application:
    pages = _Pages(services, public_url, pulse)
    application = web.Application(client_max_size=1024, middlewares=[_excused])
    application.on_response_prepare.append(_sign)
    application.router.add_get("/health", pages.health)
    application.router.add_get("/s/{token}/{name}", pages.share)
    calls = _Calls(services)
    application.router.add_get(CALLBACKS + "{token}", calls.asked_back, allow_head=False)
    application.router.add_post(CALLBACKS + "{token}", calls.called)
    return application


async def _sign(_request: web.Request, response: web.StreamResponse) -> None:
    """Say who answers, and not with which versions."""
    response.headers["Server"] = "aide-memoire"
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)


@web.middleware
async def _excused(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer that the database does not, where it does not; the log says why."""
    try:
        return await handler(request)
    except DatabaseError as error:
        log.warning("a calendar or a feed could not be answered", extra={"reason": str(error)})
        excuse = "The database does not answer."
        raise web.HTTPServiceUnavailable(text=excuse, headers={"Retry-After": "60"}) from error


class _Gate:
    """Lets so many through a minute, and tells the rest when to come again."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._since: datetime | None = None
        self._passed = 0

    def pass_through(self, now: datetime) -> None:
        """Count a request; raise `HTTPTooManyRequests` where there were too many."""
        if self._since is None or not timedelta(0) <= now - self._since < _A_MINUTE:
            self._since, self._passed = now, 0
        if self._passed >= self._most:
            wait = self._since + _A_MINUTE - now
            raise web.HTTPTooManyRequests(headers={"Retry-After": str(int(wait.total_seconds()) + 1)})
        self._passed += 1


class _Pages:
    """What is answered."""

    def __init__(self, services: Services, public_url: str, pulse: Pulse) -> None:
        self._services = services
        self._pulse = pulse
        self._public_url = public_url
        self._gate = _Gate(_FROM_ALL)
        self._gates: dict[str, _Gate] = {}
        """By token; only of shares that were found, so that strangers do not fill it."""

    async def health(self, _request: web.Request) -> web.Response:
        """Tell how the process is, for whoever watches over it."""
        health = await self._pulse.checkup()
        status = 200 if health.well else 503
        return web.json_response(health.as_json(), status=status, headers={"Cache-Control": "no-store"})

    async def share(self, request: web.Request) -> web.Response:
        """Answer with a calendar or feed, or that there is nothing there."""
        token, name = request.match_info["token"], request.match_info["name"]
        self._gate.pass_through(self._services.clock.now())
        if name not in _TYPES or not _TOKEN.fullmatch(token):
            raise web.HTTPNotFound
        found = await self._services.store.look(lambda work: work.shares.find(token))
        if found is None:
            self._gates.pop(token, None)
            raise web.HTTPNotFound
        self._gates.setdefault(token, _Gate(_FROM_ONE)).pass_through(self._services.clock.now())
        body = await self._body(found, name)
        etag = hashlib.sha256(body).hexdigest()[:32]
        known = {tag.value for tag in request.if_none_match or ()}
        if known & {etag, "*"}:
            return web.Response(status=304, headers={"ETag": f'"{etag}"'})
        return web.Response(
            body=body, content_type=_TYPES[name], charset="utf-8", headers={"ETag": f'"{etag}"', **_disposition(name)}
        )

    async def _body(self, share: Share, name: str) -> bytes:
        shown, setting = await self._services.store.look(partial(self._look, share=share, name=name))
        address = addresses(self._public_url, share.token)[name]
        write: Callable[[], bytes]
        match name:
            case "calendar.ics":
                write = partial(calendar_file, shown, setting)
            case "feed.atom":
                write = partial(atom_feed, shown, setting, address)
            case _:
                write = partial(json_feed, shown, setting, address)
        return await asyncio.to_thread(write)

    def _look(self, work: UnitOfWork, *, share: Share, name: str) -> tuple[Shown, Setting]:
        guild = work.guilds.get(share.guild_id)
        setting = self._services.setting(guild)
        if name == CALENDAR:
            now = self._services.clock.now()
            cases = showing.for_calendar(work, share.guild_id, share.topic, now, setting.today)
        else:
            cases = showing.for_feed(work, share.guild_id, share.topic, setting.today)
        topic = setting.topics.get(share.topic) or self._services.topic_name(share.topic, guild, setting.say)
        return showing.shown(work, f"{topic} · Aide-Mémoire", share.guild_id, cases), setting


class _Calls:
    """What hubs are answered. What is unknown and what was let go look alike."""

    def __init__(self, services: Services) -> None:
        self._clock = services.clock
        self._hubs = HubCalls(services.store, services.clock)
        self._gate = _Gate(_FROM_ALL)
        self._gates: dict[str, _Gate] = {}
        """By token; only of subscriptions that were found."""

    async def asked_back(self, request: web.Request) -> web.Response:
        """Answer a hub that asks whether we mean it; anything we did not ask is not found (WebSub, section 5.3)."""
        token = await self._let_in(request)
        answer = None if token is None else await self._hubs.asked_back(token, request.query)
        if answer is None:
            raise web.HTTPNotFound
        return web.Response(text=answer, headers={"Cache-Control": "no-store"})

    async def called(self, request: web.Request) -> web.Response:
        """Hear a hub's call; the answer is the same whether we believe it or not (WebSub, sections 7 and 7.1)."""
        token = await self._let_in(request)
        if token is None:
            raise web.HTTPGone
        signature = request.headers.get("X-Hub-Signature")
        try:
            heard = await self._hubs.called(token, signature, request.content.iter_any())
        except (web.RequestPayloadError, ConnectionError) as error:  # it broke off in the middle
            raise web.HTTPBadRequest from error
        match heard:
            case Heard.ALL:
                return web.Response(status=202, headers={"Cache-Control": "no-store"})
            case Heard.TOO_LARGE:
                raise web.HTTPRequestEntityTooLarge(max_size=LARGEST_CALL, actual_size=LARGEST_CALL + 1)
            case Heard.TOO_SLOW:
                raise web.HTTPRequestTimeout

    async def _let_in(self, request: web.Request) -> str | None:
        """Return the token of a request if it is one of ours, and not asked too often."""
        token = request.match_info["token"]
        self._gate.pass_through(self._clock.now())
        if not _TOKEN.fullmatch(token) or not await self._hubs.knows(token):
            self._gates.pop(token, None)
            return None
        self._gates.setdefault(token, _Gate(_FROM_ONE)).pass_through(self._clock.now())
        return token


def _disposition(name: str) -> dict[str, str]:
    return {"Content-Disposition": f'inline; filename="{name}"'}
