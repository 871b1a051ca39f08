"""Real HTTP servers on loopback that play the world's feed servers, good and bad, and RSS to serve from them."""

from __future__ import annotations

import asyncio
import gzip
import socket
import sys
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from html import escape
from types import TracebackType
from typing import Any, Self

import brotli
from aiohttp import web

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

HOST = "127.0.0.1"
LOOPBACK = frozenset({HOST})
"""What a fetcher must allow to read from this server."""

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, slots=True)
class Seen:
    """A request the server got, and the status it answered with."""

    path: str
    headers: Mapping[str, str]
    status: int


class FeedServer:
    """Serves what tests give it; use it as an asynchronous context manager."""

    def __init__(self) -> None:
        self.seen: list[Seen] = []
        self._handlers: dict[str, Handler] = {}
        self._runner: web.AppRunner | None = None
        self._port = 0

    async def __aenter__(self) -> Self:
        application = web.Application()
        application.router.add_route("*", "/{path:.*}", self._dispatch)
        self._runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, HOST, 0)
        await site.start()
        self._port = self._runner.addresses[0][1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    def url(self, path: str) -> str:
        return f"http://{HOST}:{self._port}{path}"

    def asked(self, path: str) -> list[Seen]:
        return [request for request in self.seen if request.path == path]

    async def _dispatch(self, request: web.Request) -> web.StreamResponse:
        handler = self._handlers.get(request.path)
        response = await handler(request) if handler else web.Response(status=404, text="nothing here")
        self.seen.append(Seen(request.path, dict(request.headers), response.status))
        return response

    def answer(self, path: str, handler: Handler) -> str:
        """Let `handler` answer at `path`; return the address."""
        self._handlers[path] = handler
        return self.url(path)

    def serve(
        self,
        path: str,
        body: bytes | str,
        *,
        content_type: str = "application/rss+xml",
        etag: str | None = None,
        last_modified: str | None = None,
        encoding: str | None = None,
    ) -> str:
        """Serve a body with validators (304 where the client's still hold), packed with `encoding` if asked."""
        plain = body.encode() if isinstance(body, str) else body
        packed = _pack(plain, encoding)
        headers = {"Content-Type": content_type}
        headers |= {"ETag": etag} if etag else {}
        headers |= {"Last-Modified": last_modified} if last_modified else {}

        async def handler(request: web.Request) -> web.StreamResponse:
            if etag and request.headers.get("If-None-Match") == etag:
                return web.Response(status=304, headers={"ETag": etag})
            if not etag and last_modified and request.headers.get("If-Modified-Since") == last_modified:
                return web.Response(status=304)
            packing = {"Content-Encoding": encoding} if encoding else {}
            return web.Response(body=packed, headers={**headers, **packing})

        return self.answer(path, handler)

    def status(self, path: str, status: int, headers: Mapping[str, str] | None = None) -> str:
        async def handler(_: web.Request) -> web.StreamResponse:
            return web.Response(status=status, headers=headers, text="no")

        return self.answer(path, handler)

    def redirect(self, path: str, to: str, status: int = 302) -> str:
        return self.status(path, status, {"Location": to})

    def endless(self, path: str, chunk: bytes = b"<item>" * 10_000, most: int = 50_000_000) -> str:
        """Stream up to `most` bytes without saying beforehand how many."""

        async def handler(request: web.Request) -> web.StreamResponse:
            response = web.StreamResponse(headers={"Content-Type": "application/rss+xml"})
            await response.prepare(request)
            try:
                for _ in range(most // len(chunk)):
                    await response.write(chunk)
            except ConnectionError:
                pass  # the client had enough
            return response

        return self.answer(path, handler)

    def endless_redirects(self, path: str, status: int = 302) -> str:
        """Send whoever asks on to another address of the same kind, for ever."""

        async def handler(request: web.Request) -> web.StreamResponse:
            hop = int(request.query.get("hop", "0")) + 1
            return web.Response(status=status, headers={"Location": f"{path}?hop={hop}"})

        return self.answer(path, handler)

    def trickles(self, path: str, pause: float, chunk: bytes = b" ") -> str:
        """Send a little every `pause` seconds, for ever."""

        async def handler(request: web.Request) -> web.StreamResponse:
            response = web.StreamResponse(headers={"Content-Type": "application/rss+xml"})
            await response.prepare(request)
            try:
                while True:
                    await response.write(chunk)
                    await asyncio.sleep(pause)
            except ConnectionError:
                return response

        return self.answer(path, handler)

    def stalls(self, path: str, wait: Callable[[], Awaitable[object]]) -> str:
        """Send the beginning of a body, then nothing until `wait` is over."""

        async def handler(request: web.Request) -> web.StreamResponse:
            response = web.StreamResponse(headers={"Content-Type": "application/rss+xml"})
            await response.prepare(request)
            await response.write(b"<rss>")
            await wait()
            return response

        return self.answer(path, handler)

    def breaks_off(self, path: str) -> str:
        """Promise more bytes than are sent, then close the connection."""

        async def handler(request: web.Request) -> web.StreamResponse:
            response = web.StreamResponse(headers={"Content-Length": "1000"})
            await response.prepare(request)
            await response.write(b"<rss>")
            if request.transport is not None:
                request.transport.close()
            return response

        return self.answer(path, handler)


def _pack(body: bytes, encoding: str | None) -> bytes:
    packers: Mapping[str | None, Callable[[bytes], bytes]] = {
        "gzip": gzip.compress,
        "deflate": zlib.compress,
        "br": brotli.compress,
        "zstd": zstd.compress,
    }
    return packers[encoding](body) if encoding in packers else body


@asynccontextmanager
async def raw_server(*parts: bytes, again: Iterable[bytes] = ()) -> AsyncIterator[str]:
    """Answer every request with these very bytes, then with those of `again`, and close; yields the address.

    For servers that speak no proper HTTP: endless headers are `raw_server(b"HTTP/1.1 200 OK\\r\\n", again=repeat(…))`.
    """

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await reader.readuntil(b"\r\n\r\n")
            for part in parts:
                writer.write(part)
            for part in again:
                writer.write(part)
                await writer.drain()
                await asyncio.sleep(0)  # drain alone would leave nobody else a turn
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # the client had enough
        finally:
            writer.close()

    server = await asyncio.start_server(answer, HOST, 0)
    try:
        yield f"http://{HOST}:{server.sockets[0].getsockname()[1]}/"
    finally:
        server.close()


def leading_to(*answers: Sequence[str]) -> Callable[[str, int, int], Sequence[tuple[Any, ...]]]:
    """Return a resolver for `HttpFetcher` that gives these addresses, the last for ever: one that rebinds names."""
    left = list(answers)

    def look_up(_: str, port: int, __: int) -> Sequence[tuple[Any, ...]]:
        addresses = left.pop(0) if len(left) > 1 else left[0]
        return [
            (socket.AF_INET6 if ":" in one else socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", (one, port))
            for one in addresses
        ]

    return look_up


@dataclass(frozen=True, slots=True)
class Item:
    """One article as a feed gives it; what is None is left out of the feed."""

    title: str | None
    text: str | None = None
    published: datetime | None = None
    guid: str | None = None
    link: str | None = None


def rss(*items: Item, title: str = "The Meridian") -> bytes:
    """Return an RSS 2.0 feed of `items`; texts are HTML."""
    body = "".join(_item(item) for item in items)
    channel = f"<channel><title>{escape(title)}</title><link>https://meridian.example/</link>{body}</channel>"
    return f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0">{channel}</rss>'.encode()


def _item(item: Item) -> str:
    parts = {
        "title": item.title,
        "link": item.link,
        "guid": item.guid,
        "pubDate": format_datetime(item.published) if item.published else None,
        "description": item.text,
    }
    inner = "".join(f"<{name}>{escape(value)}</{name}>" for name, value in parts.items() if value is not None)
    return f"<item>{inner}</item>"
