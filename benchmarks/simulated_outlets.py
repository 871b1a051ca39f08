"""Invented outlets on many hosts, all answered for by one real HTTP server on loopback, by a simulated clock."""

from __future__ import annotations

import socket
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import format_datetime
from types import TracebackType
from typing import Any, Self

from aiohttp import web

from benchmarks.simulated_time import SimulatedTime

LISTED = 10
"""Entries that a feed lists."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """A span of the day in which a feed answers with something else; hours count from its start."""

    begins: float
    ends: float
    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    leads_to: str | None = None
    """Where a redirect leads, `{}` standing for the port; None: it is none."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How a feed behaves."""

    every: timedelta
    """How often it publishes."""
    channel: str = ""
    """What it asks of its readers, as XML."""
    headers: Mapping[str, str] = field(default_factory=dict)
    validators: bool = True
    """Whether it has an ETag."""
    trouble: tuple[Trouble, ...] = ()
    takes: float = 0.05
    """Seconds it takes to answer."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A request, as the server saw it. Seconds count from the start."""

    host: str
    path: str
    began: float
    ended: float
    status: int
    size: int
    """Bytes of the body."""
    retry_after: float = 0.0
    """Seconds that the answer asked to wait."""


class Outlets:
    """The server; use it as an asynchronous context manager."""

    def __init__(self, plans: Mapping[tuple[str, str], Plan], time: SimulatedTime) -> None:
        """Answer for the feeds of `plans`, by host and path."""
        self.asked: list[Asked] = []
        self._plans = plans
        self._time = time
        self._start = time.now()
        self._runner: web.AppRunner | None = None
        self._port = 0

    async def __aenter__(self) -> Self:
        """Listen."""
        application = web.Application()
        application.router.add_get("/{path:.*}", self._dispatch)
        self._runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1, keepalive_timeout=600)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self._port = self._runner.addresses[0][1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Listen no more."""
        if self._runner is not None:
            await self._runner.cleanup()

    def url(self, host: str, path: str) -> str:
        """Return the address of a feed."""
        return f"http://{host}:{self._port}{path}"

    async def _dispatch(self, request: web.Request) -> web.Response:
        host, began = request.url.host or "", self._time.monotonic()
        plan = self._plans[host, request.path]
        await self._time.take(plan.takes)
        answer = self._answer(request, plan, began / 3600)
        size = len(answer.body) if isinstance(answer.body, bytes) else 0
        wait = float(answer.headers.get("Retry-After", 0))
        self.asked.append(Asked(host, request.path, began, self._time.monotonic(), answer.status, size, wait))
        return answer

    def _answer(self, request: web.Request, plan: Plan, hour: float) -> web.Response:
        trouble = next((one for one in plan.trouble if one.begins <= hour < one.ends), None)
        if trouble is not None:
            leads = {"Location": trouble.leads_to.format(self._port)} if trouble.leads_to else {}
            return web.Response(status=trouble.status, headers={**trouble.headers, **leads})
        now = self._time.now()
        tag = f'"{int((now - self._start) / plan.every)}"'
        headers = {**plan.headers, **({"ETag": tag} if plan.validators else {})}
        if plan.validators and request.headers.get("If-None-Match") == tag:
            return web.Response(status=304, headers=headers)
        body = rss(request.host + request.path, plan, self._start, now)
        return web.Response(body=body, headers={**headers, "Content-Type": "application/rss+xml"})


def rss(name: str, plan: Plan, start: datetime, now: datetime) -> bytes:
    """Return what a feed lists at `now`: the latest entries, as it publishes them since long before `start`."""
    latest = int((now - start) / plan.every)
    items = (_item(name, number, start + number * plan.every) for number in range(latest, latest - LISTED, -1))
    return f"<rss><channel><title>{name}</title>{plan.channel}{''.join(items)}</channel></rss>".encode()


def _item(name: str, number: int, published: datetime) -> str:
    return (
        f"<item><title>Entry {number}</title><guid>{name}#{number}</guid><link>https://{name}/{number}</link>"
        f"<pubDate>{format_datetime(published)}</pubDate><description>Ships left harbour {number}.</description></item>"
    )


def on_loopback(_: str, port: int, __: int) -> Sequence[tuple[Any, ...]]:
    """Return loopback for every name, as `socket.getaddrinfo` would."""
    return socket.getaddrinfo("127.0.0.1", port, socket.AF_INET, socket.SOCK_STREAM)
