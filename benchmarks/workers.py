"""What it costs to have work done in another process, and how soon a process that was ended is replaced.

    python benchmarks/workers.py

2,000 jobs of a millisecond with 100 kB of arguments and the answer of a feed of 27 entries, 64 at a time in two
processes; then one at a time; then workers that are ended and replaced. Processor time is the bot's own, for each job.
"""

from __future__ import annotations

import asyncio
import importlib
import os
import time
from hashlib import sha256
from statistics import median, quantiles

from benchmarks.material import heading
from watchers.ports import WorkEndedError
from watchers.workers import WorkerPool

JOBS = 2_000
TOGETHER = 64
SIZE = 100_000
LIMIT = 0.3
ANSWER = [(f"Title {number}", f"https://meridian.example/{number}", "x" * 300) for number in range(27)]


def work(_: object, body: bytes) -> list[tuple[str, str, str]]:
    """Take a millisecond of the processor."""
    until = time.thread_time() + 0.001
    while time.thread_time() < until:
        sha256(body[:1_000])
    return ANSWER


def spin(_: object) -> None:
    """Never end."""
    while True:
        pass


async def main() -> None:
    """Print the figures."""
    heading("Work in other processes")
    print("$ python benchmarks/workers.py")
    began = time.monotonic()
    async with WorkerPool(None, preload=("benchmarks.workers",)) as pool:
        await pool.run(work, b"")
        print(f"{'ready after':<40}{time.monotonic() - began:>8.2f} s")
        await _many(pool)
        await _one_by_one(pool)
        await _ended(pool)


async def _many(pool: WorkerPool[None]) -> None:
    places = asyncio.Semaphore(TOGETHER)
    bodies = [os.urandom(SIZE) for _ in range(20)]
    stalls: list[float] = []

    async def one(number: int) -> None:
        async with places:
            await pool.run(work, bodies[number % 20])

    feeling = asyncio.create_task(_feel_stalls(stalls))
    began, spent = time.monotonic(), time.process_time()
    await asyncio.gather(*(one(number) for number in range(JOBS)))
    seconds, spent = time.monotonic() - began, time.process_time() - spent
    feeling.cancel()
    print(f"{'jobs a second':<40}{JOBS / seconds:>8,.0f}")
    print(f"{'processor time of the bot, a job':<40}{spent / JOBS * 1_000:>8.3f} ms")
    print(f"{'event loop stalled (p99)':<40}{quantiles(stalls, n=100)[98] * 1_000:>8.1f} ms")


async def _feel_stalls(stalls: list[float]) -> None:
    while True:
        before = time.monotonic()
        await asyncio.sleep(0.002)
        stalls.append(time.monotonic() - before - 0.002)


async def _one_by_one(pool: WorkerPool[None]) -> None:
    body = os.urandom(SIZE)
    times = []
    for _ in range(200):
        began = time.monotonic()
        await pool.run(work, body)
        times.append(time.monotonic() - began)
    print(f"{'one job alone (median, 1 ms of it work)':<40}{median(times) * 1_000:>8.2f} ms")


async def _ended(pool: WorkerPool[None]) -> None:
    over, next_answer = [], []
    for _ in range(10):
        began = time.monotonic()
        fates = await asyncio.gather(*(pool.run(spin, seconds=LIMIT) for _ in range(2)), return_exceptions=True)
        if not all(isinstance(fate, WorkEndedError) for fate in fates):
            print(f"not ended: {fates}")
        over.append(time.monotonic() - began - LIMIT)
        began = time.monotonic()
        await pool.run(work, b"x" * SIZE)
        next_answer.append(time.monotonic() - began)
    print(f"{'two endless jobs ended, over the limit':<40}{median(over) * 1_000:>8.0f} ms")
    print(f"{'the next answer thereafter':<40}{median(next_answer) * 1_000:>8.1f} ms")


if __name__ == "__main__":
    # By its name: what runs as `__main__` here is not what runs as `__main__` there.
    asyncio.run(importlib.import_module("benchmarks.workers").main())
