"""The worst of the web, in a process of its own: servers that are slow, endless, lying or malicious, and honest ones.

Every server is a host name of its own (`NAME.hostile.example`) on one port of loopback, and `NAME` says what it does.
Run as a program it prints its port, then serves until its standard input ends; `GET /` at the host `control` tells as
JSON who was asked when (`time.monotonic`, which processes of one machine share on Linux).
"""

from __future__ import annotations

import asyncio
import gzip
import json
import sys
import time
import zlib
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import cache
from html import escape

DOMAIN = "hostile.example"
HONEST = 10
MEGABYTE = 1_000_000
BOMB = 100 * MEGABYTE
"""Bytes into which a packed answer would unpack."""

Answer = Callable[[asyncio.StreamWriter, Mapping[str, str]], Awaitable[None]]
"""Answers a request with these headers."""


def host(name: str) -> str:
    return f"{name}.{DOMAIN}"


# --- what is said in well-formed HTTP ---------------------------------------------------------------------------


def said(body: bytes, status: str = "200 OK", kind: str = "application/rss+xml", **headers: str) -> Answer:
    """Return an answer whose head is as it should be; an underscore in a header's name stands for a hyphen."""

    async def answer(writer: asyncio.StreamWriter, _: Mapping[str, str]) -> None:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        writer.write(head(status, {"Content-Type": kind, "Content-Length": str(len(body)), **named}) + body)
        await writer.drain()

    return answer


def head(status: str, headers: Mapping[str, str]) -> bytes:
    lines = (f"{name}: {value}\r\n" for name, value in headers.items())
    return f"HTTP/1.1 {status}\r\n{''.join(lines)}Connection: close\r\n\r\n".encode()


def sent_on(target: str, status: str = "302 Found") -> Answer:
    return said(b"", status, Location=target)


def feed(*items: str, title: str = "The Meridian") -> bytes:
    opening = f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>{title}</title>'
    return f"{opening}<link>https://meridian.example/</link>{''.join(items)}</channel></rss>".encode()


def item(name: str, title: str = "", text: str = "Nothing new.", when: datetime | None = None) -> str:
    stamp = format_datetime(when or datetime.now(UTC))
    return (
        f"<item><guid>{name}</guid><title>{title or name}</title><link>https://meridian.example/{name}</link>"
        f"<pubDate>{stamp}</pubDate><description>{escape(text)}</description></item>"
    )


def honest_feed(name: str) -> bytes:
    """Return a busy feed, whose every entry is a minute older than the one before it."""
    now = datetime.now(UTC)
    return feed(*(item(f"{name}-{n}", when=now - timedelta(minutes=n)) for n in range(9)))


async def honest(writer: asyncio.StreamWriter, request: Mapping[str, str]) -> None:
    """Answer as a good server does: 304 where nothing has changed."""
    if request.get("if-none-match") == '"one"':
        writer.write(head("304 Not Modified", {"ETag": '"one"'}))
        return
    await said(_honest_feed(request["host"]), ETag='"one"')(writer, request)


_honest_feed = cache(honest_feed)


# --- what is endless, slow or broken ----------------------------------------------------------------------------


def drip(piece: bytes, pause: float, first: bytes = b"") -> Answer:
    """Return an answer that sends a piece again and again, for ever."""

    async def answer(writer: asyncio.StreamWriter, _: Mapping[str, str]) -> None:
        writer.write(first)
        while True:
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(pause)

    return answer


def raw(data: bytes) -> Answer:
    async def answer(writer: asyncio.StreamWriter, _: Mapping[str, str]) -> None:
        writer.write(data)
        await writer.drain()

    return answer


async def silent(_: asyncio.StreamWriter, __: Mapping[str, str]) -> None:
    await asyncio.sleep(3600)


async def stalled(writer: asyncio.StreamWriter, _: Mapping[str, str]) -> None:
    writer.write(head("200 OK", {"Content-Type": "application/rss+xml"}) + b"<rss>")
    await asyncio.sleep(3600)


OPEN = head("200 OK", {"Content-Type": "application/rss+xml"})
CHUNKED = head("200 OK", {"Content-Type": "application/rss+xml", "Transfer-Encoding": "chunked"})


# --- bodies that mean harm --------------------------------------------------------------------------------------


def laughs() -> bytes:
    levels = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    return f'<!DOCTYPE rss [<!ENTITY l0 "ha">{levels}]>'.encode() + feed(item("a", "&l9;")).partition(b"?>")[2]


def quadratic() -> bytes:
    entity = f'<!DOCTYPE rss [<!ENTITY a "{"x" * 50_000}">]>'.encode()
    return entity + feed(item("a", "&a;" * 20_000)).partition(b"?>")[2]


def outside(entity: str) -> bytes:
    return f"<!DOCTYPE rss [{entity}]>".encode() + feed(item("a", "News &x; here")).partition(b"?>")[2]


def nested(depth: int) -> bytes:
    return feed(item("a")).replace(b"</item>", b"<b>" * depth + b"</b>" * depth + b"</item>")


def many_attributes() -> bytes:
    attributes = "".join(f' a{n}="{n}"' for n in range(50_000))
    return feed(item("a").replace("<item>", f"<item{attributes}>"))


def nested_html(depth: int) -> bytes:
    return feed(item("a", text="<div>" * depth + "deep" + "</div>" * depth))


def crowded() -> bytes:
    return feed(*(f"<item><title>News {n}</title></item>" for n in range(200_000)))


def masked() -> bytes:
    """Return an entry that would deceive whoever reads it, and one whose link is a trap."""
    bidi = "Norland \u202e\u2066signs\u2069 a treaty\u0007"
    trap = item("b", "A trap").replace("https://meridian.example/b", "javascript:alert(1)")
    return feed(item("a", bidi, '<p onclick="x()">Hello<script>alert(1)</script> <b>there</b>\u202d</p>'), trap)


@cache
def bomb(encoding: str) -> bytes:
    """Return a feed that unpacks into `BOMB` bytes."""
    plain = feed(item("a", text="x")).replace(b"</channel>", b" " * BOMB)
    if encoding == "br":
        import brotli  # noqa: PLC0415 - heavy, and needed once

        return bytes(brotli.compress(plain, quality=1))
    if encoding == "zstd":
        from backports import zstd  # noqa: PLC0415 - (the same)

        return bytes(zstd.compress(plain))
    return zlib.compress(plain) if encoding == "deflate" else gzip.compress(plain, 6)


def packed(encoding: str) -> Answer:
    async def answer(writer: asyncio.StreamWriter, request: Mapping[str, str]) -> None:
        await said(bomb(encoding), Content_Encoding=encoding)(writer, request)

    return answer


# --- all of them ------------------------------------------------------------------------------------------------


def servers(port: int) -> dict[str, Answer]:
    """Return what every host answers."""

    def at(name: str, path: str = "/") -> str:
        return f"http://{host(name)}:{port}{path}"

    page = b"<!DOCTYPE html><html><head><title>News</title></head><body>Hello</body></html>"
    good = feed(item("a"))
    later = format_datetime(datetime.now(UTC) + timedelta(days=1), usegmt=True)
    now = format_datetime(datetime.now(UTC), usegmt=True)
    return {
        # redirects
        "to-loopback": sent_on("http://127.0.0.1/secret"),
        "to-mapped-loopback": sent_on("http://[::ffff:127.0.0.1]/secret"),
        "to-metadata": sent_on("http://169.254.169.254/latest/meta-data/"),
        "to-inner-name": sent_on(f"http://{host('inner')}/secret"),
        "to-another-port": sent_on(f"http://{host('public')}:6379/"),
        "to-a-file": sent_on("file:///etc/passwd"),
        "to-gopher": sent_on("gopher://127.0.0.1:6379/_FLUSHALL"),
        "loop": sent_on(at("loop")),
        "ping": sent_on(at("pong")),
        "pong": sent_on(at("ping")),
        "nowhere": said(b"", "302 Found"),
        "moved": sent_on(at("new-home"), "301 Moved Permanently"),
        "moved-308": sent_on(at("new-home"), "308 Permanent Redirect"),
        "moved-for-now": sent_on(at("new-home")),
        "new-home": said(good),
        # statuses
        "gone": said(b"", "410 Gone"),
        "missing": said(b"", "404 Not Found"),
        "failing": said(b"", "500 Internal Server Error"),
        "busy": said(b"", "503 Service Unavailable", Retry_After="86400"),
        "busy-until": said(b"", "503 Service Unavailable", Retry_After=later, Date=now),
        "too-often": said(b"", "429 Too Many Requests", Retry_After="86400"),
        "odd-status": said(b"", "299 Whatever"),
        "unasked-304": said(b"", "304 Not Modified"),
        # what is no feed
        "web-page": said(page, kind="text/html"),
        "web-page-as-rss": said(page),
        "picture": said(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40, kind="image/png"),
        "json": said(b'{"error": "no feed here"}', kind="application/json"),
        "nothing": said(b""),
        "feed-as-html": said(good, kind="text/html; charset=utf-8"),
        "feed-as-video": said(good, kind="video/mp4"),
        # slow and endless
        "silent": silent,
        "stalled": stalled,
        "dripping-head": drip(b"X-Drip: drip\r\n", 0.2, b"HTTP/1.1 200 OK\r\n"),
        "dripping-body": drip(b"<item></item>", 0.2, OPEN + b"<rss><channel>"),
        "endless": drip(b"<item>" * 10_000, 0, OPEN),
        "endless-chunks": drip(b"1\r\nx\r\n" * 5_000, 0, CHUNKED),
        "endless-head": drip(b"X-More: " + b"x" * 1_000 + b"\r\n", 0, b"HTTP/1.1 200 OK\r\n"),
        "endless-line": drip(b"x" * 10_000, 0, b"HTTP/1.1 200 OK\r\nX-Long: "),
        "endless-100": drip(b"HTTP/1.1 100 Continue\r\n\r\n", 0.05),
        # lies
        "flood-of-headers": raw(b"HTTP/1.1 200 OK\r\n" + b"X-Flood: 1\r\n" * 50_000 + b"\r\n" + good),
        "huge-header": raw(b"HTTP/1.1 200 OK\r\nX-Huge: " + b"x" * MEGABYTE + b"\r\n\r\n" + good),
        "no-http": raw(b"SSH-2.0-OpenSSH_9.9\r\n"),
        "noise": raw(bytes(range(256)) * 100),
        "promises-more": raw(head("200 OK", {"Content-Length": "100000"}) + good),
        "promises-gigabytes": raw(head("200 OK", {"Content-Length": "99999999999"}) + good),
        "broken-chunks": raw(CHUNKED + b"zz\r\n" + good),
        "hangs-up": raw(b""),
        # packed
        "gzip-bomb": packed("gzip"),
        "deflate-bomb": packed("deflate"),
        "br-bomb": packed("br"),
        "zstd-bomb": packed("zstd"),
        "false-gzip": said(good, Content_Encoding="gzip"),
        "unknown-packing": said(good, Content_Encoding="exi"),
        # bodies
        "laughs": said(laughs()),
        "quadratic": said(quadratic()),
        "file-entity": said(outside('<!ENTITY x SYSTEM "file:///etc/passwd">')),
        "web-entity": said(outside(f'<!ENTITY x SYSTEM "{at("inner", "/entity")}">')),
        "outer-dtd": said(b'<!DOCTYPE rss SYSTEM "' + at("inner", "/dtd").encode() + b'">' + good.partition(b"?>")[2]),
        "deep": said(nested(200_000)),
        "less-deep": said(nested(40_000)),
        "deep-text": said(nested_html(200_000)),
        "crowded": said(crowded()),
        "attributes": said(many_attributes()),
        "masked": said(masked()),
        # bait, and the honest
        "inner": said(b"secret"),
        **{f"honest-{n}": honest for n in range(HONEST)},
    }


class HostileWeb:
    """Serves them all and remembers who was asked when."""

    def __init__(self) -> None:
        self._servers: dict[str, Answer] = {}
        self._seen: list[tuple[float, str, str]] = []

    async def serve(self) -> None:
        server = await asyncio.start_server(self._talk, "127.0.0.1", 0)
        port: int = server.sockets[0].getsockname()[1]
        self._servers = {host(name): answer for name, answer in servers(port).items()} | {"control": self._control}
        for encoding in ("gzip", "deflate", "br", "zstd"):
            bomb(encoding)
        print(port, flush=True)  # noqa: T201 - how this program tells
        await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)

    async def _control(self, writer: asyncio.StreamWriter, request: Mapping[str, str]) -> None:
        await said(json.dumps(self._seen).encode(), kind="application/json")(writer, request)

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
            request = {name.lower(): value.strip() for name, _, value in (one.partition(":") for one in lines[1:])}
            name = request.get("host", "").partition(":")[0]
            self._seen.append((time.monotonic(), name.removesuffix(f".{DOMAIN}"), lines[0].split(" ")[1]))
            await self._servers.get(name, said(b"", "404 Not Found"))(writer, request)
        except (OSError, asyncio.IncompleteReadError):
            pass  # the client had enough
        finally:
            writer.close()


if __name__ == "__main__":
    asyncio.run(HostileWeb().serve())
