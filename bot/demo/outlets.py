"""Three invented outlets on loopback: each serves an RSS feed of what it has published by the demonstration's clock."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from types import TracebackType
from typing import Self
from xml.sax.saxutils import escape

from bot.demo.articles import BLUE_HERON, NORTHLIGHT, QUAYSIDE, DemoArticle
from config.catalogue import Outlet
from watchers.ports import Clock

_PATHS = {NORTHLIGHT: "northlight", QUAYSIDE: "quayside", BLUE_HERON: "blue-heron"}
_ZONES = {NORTHLIGHT: "Europe/Oslo", QUAYSIDE: "Europe/London", BLUE_HERON: "Africa/Nairobi"}


class Newsstand:
    """Serves the outlets' feeds from a thread while the context lasts."""

    def __init__(self, articles: Sequence[DemoArticle], first: date, clock: Clock) -> None:
        """Offer `articles`, each from its time on in a run that begins on `first`."""
        self._articles = articles
        self._first = first
        self._clock = clock
        stand = self

        class Handler(BaseHTTPRequestHandler):
            """Answers for the newsstand that made it."""

            protocol_version = "HTTP/1.1"  # so that connections are kept from one poll to the next

            def do_GET(self) -> None:
                stand.answer(self)

            def log_message(self, *_: object) -> None:
                """Keep quiet: standard error belongs to the demonstration."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = Thread(target=self._server.serve_forever, args=(0.05,), name="newsstand", daemon=True)

    @property
    def host(self) -> str:
        """The host the feeds are on, for the fetcher's list of private addresses it may read."""
        return "127.0.0.1"

    @property
    def outlets(self) -> tuple[Outlet, ...]:
        """The outlets with the addresses they are served at."""
        port = self._server.server_address[1]
        return tuple(
            Outlet(name, f"http://{self.host}:{port}/{path}.rss", "en", _ZONES[name], full_text=False)
            for name, path in _PATHS.items()
        )

    def __enter__(self) -> Self:
        """Open the stand."""
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the stand and free the port."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        """Answer one request: a feed, word that it has not changed, or that there is none."""
        name = {f"/{path}.rss": name for name, path in _PATHS.items()}.get(request.path)
        if name is None:
            request.send_error(404)
            return
        body = self._feed(name)
        tag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
        if request.headers.get("If-None-Match") == tag:
            request.send_response(304)
            request.send_header("ETag", tag)
            request.end_headers()
            return
        request.send_response(200)
        request.send_header("Content-Type", "application/rss+xml; charset=utf-8")
        request.send_header("Content-Length", str(len(body)))
        request.send_header("ETag", tag)
        request.end_headers()
        request.wfile.write(body)

    def _feed(self, name: str) -> bytes:
        now = self._clock.now()
        told = [a for a in self._articles if a.outlet == name and a.published(self._first) <= now]
        items = "".join(self._item(article) for article in reversed(told))
        return (
            '<?xml version="1.0" encoding="utf-8"?>\n<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/'
            f'content/"><channel><title>{escape(name)}</title><link>https://{_PATHS[name]}.example/</link>'
            f"<description>Invented news</description>{items}</channel></rss>\n"
        ).encode()

    def _item(self, article: DemoArticle) -> str:
        link = f"https://{_PATHS[article.outlet]}.example/{article.slug}"
        return (
            f"<item><title>{escape(article.title)}</title><link>{link}</link><guid>{link}</guid>"
            f"<pubDate>{format_datetime(article.published(self._first), usegmt=True)}</pubDate>"
            f"<content:encoded>{escape(article.html())}</content:encoded></item>"
        )
