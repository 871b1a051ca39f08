"""What a fetch costs us, beside aiohttp alone asking the same loopback servers.

    python benchmarks/fetching.py

Processor time of this process per request, 64 at once over 16 addresses, best of five rounds in turn; the servers are a
process of their own. Ours waits for turns, judges addresses, bounds and unpacks bodies and reads what headers say;
aiohttp alone does none of that (packed bodies aside, which it unpacks without our bound).
"""

from __future__ import annotations

import asyncio
import gzip
import multiprocessing
import random
import sys
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from multiprocessing.connection import Connection
from time import perf_counter, process_time

import aiohttp

from benchmarks.material import heading
from watchers.feeds.fetch import HttpFetcher

REQUESTS = 2_000
AT_ONCE = 64
ROUNDS = 5
HOSTS = tuple(f"127.0.1.{number}" for number in range(1, 17))
ETAG = '"a-1"'

Get = Callable[[str], Awaitable[object]]


def main() -> int:
    """Print the figures; return 0."""
    heading("Fetching")
    print("$ python benchmarks/fetching.py")
    ours, theirs = multiprocessing.Pipe()
    server = multiprocessing.get_context("spawn").Process(target=_serve, args=(theirs,), daemon=True)
    server.start()
    try:
        asyncio.run(_measure(ours.recv()))
    finally:
        server.kill()
    return 0


async def _measure(port: int) -> None:
    print(f"{REQUESTS:,} requests, {AT_ONCE} at once, {len(HOSTS)} addresses; µs of processor time a request")
    print(f"  {'answer':<22}{'aiohttp':>10}{'ours':>10}{'ratio':>8}{'ours, requests/s by the clock':>32}")
    async with aiohttp.ClientSession() as session, HttpFetcher(frozenset(HOSTS)) as fetcher:

        async def bare(url: str) -> None:
            async with session.get(url, headers={"If-None-Match": ETAG}) as response:
                await response.read()

        kinds: Mapping[str, Get] = {"bare": bare, "ours": partial(fetcher.fetch, etag=ETAG)}
        for path, name in ANSWERS.items():
            best = {kind: (float("inf"), float("inf")) for kind in kinds}
            for _ in range(ROUNDS):
                for kind, get in kinds.items():
                    best[kind] = min(best[kind], await _round(get, port, path))
            (alone, _), (cost, clock) = best["bare"], best["ours"]
            rate = f"{1 / clock:,.0f}"
            print(f"  {name:<22}{alone * 1e6:>10.0f}{cost * 1e6:>10.0f}{cost / alone:>8.2f}{rate:>32}")


async def _round(get: Get, port: int, path: str) -> tuple[float, float]:
    """Return seconds a request: of processor time, and by the clock."""
    urls = iter([f"http://{HOSTS[number % len(HOSTS)]}:{port}{path}" for number in range(REQUESTS)])

    async def ask() -> None:
        for url in urls:
            await get(url)

    began, clock = process_time(), perf_counter()
    await asyncio.gather(*(ask() for _ in range(AT_ONCE)))
    return (process_time() - began) / REQUESTS, (perf_counter() - clock) / REQUESTS


ANSWERS = {"/304": "304", "/plain": "100 kB", "/gzip": "100 kB as gzip"}


class _Server(asyncio.Protocol):
    """Answers every request with the bytes that stand ready for its path."""

    def __init__(self, answers: Mapping[bytes, bytes]) -> None:
        self._answers = answers
        self._asked = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._asked += data
        while b"\r\n\r\n" in self._asked:
            request, _, self._asked = self._asked.partition(b"\r\n\r\n")
            assert isinstance(self._transport, asyncio.WriteTransport)  # noqa: S101 - TCP is
            self._transport.write(self._answers[request.split(b" ", 2)[1]])


def _serve(told: Connection) -> None:
    chance = random.Random(6)  # noqa: S311 - text to pack, the same in every run
    words = [bytes(chance.choices(b"abcdefghijklmnopqrst <>", k=chance.randint(2, 9))) for _ in range(3_000)]
    body = b" ".join(chance.choices(words, k=30_000))[:100_000]
    packed = gzip.compress(body)
    common = f"ETag: {ETAG}\r\nCache-Control: max-age=300\r\nDate: Mon, 02 Mar 2026 12:00:00 GMT\r\n".encode()
    answers = {
        b"/304": b"HTTP/1.1 304 Not Modified\r\n" + common + b"\r\n",
        b"/plain": b"HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\nContent-Length: %d\r\n%s\r\n%s"
        % (len(body), common, body),
        b"/gzip": b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n%s\r\n%s"
        % (len(packed), common, packed),
    }

    async def serve() -> None:
        loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: _Server(answers), "0.0.0.0")  # noqa: S104 - a few loopback addresses
        told.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(serve())


if __name__ == "__main__":
    sys.exit(main())
