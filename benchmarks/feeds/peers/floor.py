"""What fetching alone takes: aiohttp reads every body and does nothing with it."""

from __future__ import annotations

import asyncio

from aiohttp import ClientSession, TCPConnector

from benchmarks.feeds.asked import CHANGED, FIRST, UNCHANGED, serve, task

_AT_ONCE = 64


async def _fetch(urls: tuple[str, ...], etags: dict[str, str]) -> int:
    places = asyncio.Semaphore(_AT_ONCE)
    async with ClientSession(connector=TCPConnector(limit=_AT_ONCE)) as session:

        async def fetch(url: str) -> None:
            headers = {"If-None-Match": etags[url]} if url in etags else {}
            async with places, session.get(url, headers=headers) as response:
                await response.read()
                etags[url] = response.headers["ETag"]

        await asyncio.gather(*map(fetch, urls))
    return 0


def main() -> None:
    """Serve the driver."""
    urls, etags = task().urls, dict[str, str]()
    serve(len(urls), dict.fromkeys((FIRST, UNCHANGED, CHANGED), lambda: asyncio.run(_fetch(urls, etags))))


if __name__ == "__main__":
    main()
