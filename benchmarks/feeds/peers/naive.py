"""What one would write for speed alone: aiohttp, fastfeedparser, and SQLite in batches.

No bounds, no safety, no second parser, no text made plain, no pace, nothing read or matched.
"""

from __future__ import annotations

import asyncio
import sqlite3
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TypeAlias

import fastfeedparser
from aiohttp import ClientSession, TCPConnector

from benchmarks.feeds.asked import CHANGED, FIRST, UNCHANGED, serve, task

_AT_ONCE = 64
_BATCH = 1_000
_TABLE = "CREATE TABLE entry (feed TEXT, id TEXT, link TEXT, title TEXT, text TEXT, stamp TEXT, PRIMARY KEY (feed, id))"
_INSERT = "INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"

Row: TypeAlias = tuple[str, str | None, str | None, str | None, str | None, str | None]


class Rival:
    """Fetches, parses on the event loop, and stores from one thread."""

    def __init__(self, urls: tuple[str, ...], file: Path) -> None:
        """Store into a new file."""
        self._urls = urls
        self._etags: dict[str, str] = {}
        self._database = sqlite3.connect(file, check_same_thread=False, isolation_level=None)
        self._database.execute("PRAGMA journal_mode = WAL")
        self._database.execute(_TABLE)
        self._rows: list[Row] = []
        self._storing: list[Future[None]] = []

    def update(self) -> int:
        """Ask every feed once; return how many entries are stored by now."""
        with ThreadPoolExecutor(1) as writer:
            asyncio.run(self._update(writer))
        count: int = self._database.execute("SELECT count(*) FROM entry").fetchone()[0]
        return count

    async def _update(self, writer: ThreadPoolExecutor) -> None:
        places = asyncio.Semaphore(_AT_ONCE)
        async with ClientSession(connector=TCPConnector(limit=_AT_ONCE)) as session:

            async def one(url: str) -> None:
                async with places:
                    await self._poll(session, url)
                if len(self._rows) >= _BATCH:
                    self._hand_over(writer)

            await asyncio.gather(*map(one, self._urls))
        self._hand_over(writer)
        for stored in self._storing:
            await asyncio.wrap_future(stored)

    def _hand_over(self, writer: ThreadPoolExecutor) -> None:
        rows, self._rows = self._rows, []
        self._storing.append(writer.submit(self._store, rows))

    async def _poll(self, session: ClientSession, url: str) -> None:
        headers = {"If-None-Match": self._etags[url]} if url in self._etags else {}
        async with session.get(url, headers=headers) as response:
            body = await response.read()
            self._etags[url] = response.headers["ETag"]
        if not body:
            return
        for entry in fastfeedparser.parse(body).entries:
            content = entry.get("content") or [{"value": entry.get("description")}]
            known = entry.get("id") or entry.get("link")
            self._rows.append(
                (url, known, entry.get("link"), entry.get("title"), content[0].get("value"), entry.get("published"))
            )

    def _store(self, rows: list[Row]) -> None:
        self._database.execute("BEGIN")
        self._database.executemany(_INSERT, rows)
        self._database.execute("COMMIT")


def main() -> None:
    """Serve the driver."""
    given = task()
    rival = Rival(given.urls, given.folder / "entries.sqlite")
    serve(len(given.urls), dict.fromkeys((FIRST, UNCHANGED, CHANGED), rival.update))


if __name__ == "__main__":
    main()
