"""Real news as live feeds under an accelerated clock, with all that goes wrong: every item read once, none twice.

    python benchmarks/feeds_replay.py            the real stream beside the checkout: 43 outlets, five days
    python benchmarks/feeds_replay.py --invented invented outlets, where there is no stream

Each outlet is a feed on a real loopback server that lists what it published in the last two days. Meanwhile

- outlets change the ids of all their items, or their links (tracking parameters, another host name), or their dates;
- items are listed twice in one body, under two ids;
- every feed is down for a day, and we are down for half a day;
- the reader is cut off in the middle of a round again and again, and starts anew from the database alone.

At the end every item that stood in a feed must have been read exactly once: it prints the counts and exits with 1 where
that is not so. What an outlet lists under two addresses with the same title and text is one item.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import lzma
import random
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from time import perf_counter
from xml.sax.saxutils import escape

from aiohttp import web
from sqlalchemy import create_engine, text

from benchmarks.material import STREAM, heading
from config.catalogue import Outlet
from storage.engine import Database, open_database
from storage.migrate import upgrade
from watchers.feed_watcher import FeedWatcher
from watchers.feeds.fetch import HttpFetcher
from watchers.feeds.pace import Bounds
from watchers.model import Statement
from watchers.ports import Fetcher, Workers
from watchers.reading import ArticleReader
from watchers.workers import SameProcess

HOST = "127.0.0.1"
LISTED_FOR = timedelta(hours=48)
STEP = timedelta(minutes=15)
CUT_OFF_EVERY = 7
"""Rounds between two in which the reader is cut off."""


@dataclass(frozen=True, slots=True)
class Printed:
    """An item as its outlet printed it."""

    outlet: str
    number: str
    title: str
    text: str
    url: str
    published: datetime


def real_items() -> list[Printed]:
    """Return the items of the real stream, the oldest first; of one address of an outlet the first."""
    found: dict[tuple[str, str], Printed] = {}
    with lzma.open(STREAM, "rt", encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            item = Printed(
                row["outlet"],
                row["id"],
                row["title"],
                row["text"],
                row["url"],
                datetime.fromisoformat(row["published"]).astimezone(UTC),
            )
            found.setdefault((item.outlet, item.url), item)
    return sorted(found.values(), key=lambda item: item.published)


def invented_items(outlets: int, days: float, seed: int = 1) -> list[Printed]:
    """Return items of invented outlets that print one every half hour or so."""
    chance = random.Random(seed)  # noqa: S311 - nothing here is secret
    begin = datetime(2026, 1, 1, tzinfo=UTC)
    items = []
    for outlet in range(outlets):
        at, number = begin, 0
        while at < begin + timedelta(days=days):
            at += timedelta(minutes=chance.uniform(5, 60))
            number += 1
            place = chance.choice(("Vadehavn", "Karsholm", "Tollund", "Sudmark"))
            title = f"Council of {place} meets on matter {outlet}-{number}"
            body = f"The council of {place} heard speaker {number} of list {outlet}. " * 3
            url = f"https://outlet-{outlet}.example/{at:%Y/%m/%d}/{number}-council-of-{place.lower()}"
            items.append(Printed(f"Outlet {outlet}", f"{outlet}-{number}", title, body, url, at))
    return sorted(items, key=lambda item: item.published)


class Press:
    """The outlets' server: what each feed lists now, and what is wrong with it."""

    def __init__(self, items: Sequence[Printed]) -> None:
        """Know all that will ever be printed."""
        self.now = items[0].published
        self.down = False
        self.rewritten: dict[str, frozenset[str]] = defaultdict(frozenset)
        """By outlet, what it has changed of all its items: "ids", "links", "dates"."""
        self.served: set[tuple[str, str]] = set()
        """The items that stood in a body that was sent whole."""
        self._items: dict[str, list[Printed]] = defaultdict(list)
        for item in items:
            self._items[item.outlet].append(item)
        self._runner: web.AppRunner | None = None
        self.outlets = list(self._items)

    async def open(self) -> list[Outlet]:
        """Serve; return the outlets with their feeds' addresses."""
        application = web.Application()
        application.router.add_get("/{number}", self._answer)
        self._runner = web.AppRunner(application, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, HOST, 0).start()
        port = self._runner.addresses[0][1]
        return [
            Outlet(name, f"http://{HOST}:{port}/{number}", "en", "UTC", full_text=False)
            for number, name in enumerate(self.outlets)
        ]

    async def close(self) -> None:
        """Serve no more."""
        if self._runner is not None:
            await self._runner.cleanup()

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        if self.down:
            return web.Response(status=503)
        outlet = self.outlets[int(request.match_info["number"])]
        listed = [item for item in self._items[outlet] if self.now - LISTED_FOR < item.published <= self.now]
        body = _rss(outlet, listed[::-1], self.rewritten[outlet])
        self.served |= {(outlet, item.url) for item in listed}
        return web.Response(body=body, headers={"Content-Type": "application/rss+xml"})


def _rss(outlet: str, items: Sequence[Printed], rewritten: frozenset[str]) -> bytes:
    listed = []
    for place, item in enumerate(items):
        listed.append(_item(item, rewritten))
        if place % 11 == 0:
            # Listed twice, as by a content system that puts a story under two sections.
            listed.append(_item(replace(item, number=f"{item.number}-again"), rewritten))
    return f'<rss version="2.0"><channel><title>{escape(outlet)}</title>{"".join(listed)}</channel></rss>'.encode()


def _item(item: Printed, rewritten: frozenset[str]) -> str:
    number = f"urn:new:{item.number}" if "ids" in rewritten else item.number
    url, published = item.url, item.published
    if "links" in rewritten:
        url = url.replace("://www.", "://") + ("&" if "?" in url else "?") + "utm_source=rss&utm_medium=feed"
    if "dates" in rewritten:
        published += timedelta(minutes=37)
    return (
        f'<item><title>{escape(item.title)}</title><link>{escape(url)}</link><guid isPermaLink="false">'
        f"{escape(number)}</guid><pubDate>{format_datetime(published)}</pubDate>"
        f"<description>{escape(item.text)}</description></item>"
    )


@dataclass
class RunningClock:
    """A clock that the replay moves."""

    instant: datetime

    def now(self) -> datetime:
        """Return the instant it was moved to."""
        return self.instant


@dataclass(frozen=True, slots=True)
class Counted:
    """What became of the items."""

    printed: int
    served: int
    """Items that stood in at least one body."""
    once: int
    elsewhere: int
    """Items that were read under another address of the same outlet, with the same title and text."""
    missed: tuple[str, ...]
    twice: tuple[str, ...]
    rounds: int
    cut_off: int
    seconds: float

    @property
    def sound(self) -> bool:
        """Whether every item that was served was read exactly once."""
        return not self.missed and not self.twice


def nothing(_text: str, _day: object) -> Sequence[Statement]:
    """Find no statement: whether an item is read is the question here, not what it says."""
    return ()


async def replay(items: Sequence[Printed], folder: Path, *, seed: int = 1) -> Counted:
    """Live through the items' days; return what became of them."""
    chance = random.Random(seed)  # noqa: S311 - nothing here is secret
    url = f"sqlite:///{folder / 'replay.db'}"
    upgrade(url)
    press = Press(items)
    outlets = await press.open()
    clock = RunningClock(press.now)
    first, last = press.now, items[-1].published + 2 * STEP
    began, rounds, cut_off = perf_counter(), 0, 0
    store = open_database(url)
    try:
        await store.transact(lambda work: work.feeds.follow(outlets, clock.now()))
        while clock.instant <= last:
            _go_wrong(press, clock.instant - first, chance)
            if not _we_are_down(clock.instant - first):
                rounds += 1
                if rounds % CUT_OFF_EVERY == 0:
                    cut_off += await _round_cut_off(store, clock, chance.uniform(0.0, 0.04))
                    store.close()
                    store = open_database(url)
                await _round(store, clock)
            clock.instant += STEP
            press.now = clock.instant
        # What failing feeds are waiting for is over by now.
        clock.instant += timedelta(hours=13)
        await _round(store, clock)
    finally:
        store.close()
        await press.close()
    seconds = perf_counter() - began
    return _count(url, items, press.served, rounds=rounds, cut_off=cut_off, seconds=seconds)


def _go_wrong(press: Press, since: timedelta, chance: random.Random) -> None:
    """Bring about what goes wrong at this time."""
    day = timedelta(days=1)
    press.down = 2 * day <= since < 3 * day
    if since % timedelta(hours=6) < STEP:
        for outlet in chance.sample(press.outlets, max(1, len(press.outlets) // 4)):
            press.rewritten[outlet] = frozenset(chance.sample(["ids", "links", "dates"], chance.randint(0, 2)))


def _we_are_down(since: timedelta) -> bool:
    return timedelta(hours=80) <= since < timedelta(hours=92)


async def _round(store: Database, clock: RunningClock) -> None:
    async with HttpFetcher(frozenset({HOST})) as fetcher:
        await _watcher(store, fetcher, SameProcess(ArticleReader((), nothing)), clock).poll_due()


async def _round_cut_off(store: Database, clock: RunningClock, after: float) -> int:
    """Begin a round and cut it off; return 1 where it was still going on."""
    async with HttpFetcher(frozenset({HOST})) as fetcher:
        watcher = _watcher(store, fetcher, SameProcess(ArticleReader((), nothing)), clock)
        task = asyncio.create_task(watcher.poll_due())
        _, going_on = await asyncio.wait({task}, timeout=after)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    return len(going_on)


def _watcher(store: Database, fetcher: Fetcher, workers: Workers[ArticleReader], clock: RunningClock) -> FeedWatcher:
    return FeedWatcher(store, fetcher, workers, clock, bounds=Bounds(STEP, STEP * 4))


def _count(
    url: str,
    items: Sequence[Printed],
    served: set[tuple[str, str]],
    *,
    rounds: int,
    cut_off: int,
    seconds: float,
) -> Counted:
    engine = create_engine(url)
    with engine.connect() as connection:
        rows = connection.execute(text("SELECT outlet, title, url, waits_for FROM articles")).all()
    engine.dispose()
    by_address: Mapping[tuple[str, str], Printed] = {(item.outlet, _bare(item.url)): item for item in items}
    read = Counter((row.outlet, _bare(row.url)) for row in rows if row.waits_for is None)
    expected = {(outlet, _bare(address)) for outlet, address in served}
    texts = {(item.outlet, item.title, item.text) for key, item in by_address.items() if read[key]}
    unread = [by_address[key] for key in expected if not read[key]]
    missed = [item.title for item in unread if (item.outlet, item.title, item.text) not in texts]
    twice = [by_address[key].title for key in expected if read[key] > 1]
    once = sum(read[key] == 1 for key in expected)
    return Counted(
        printed=len(items),
        served=len(expected),
        once=once,
        elsewhere=len(unread) - len(missed),
        missed=tuple(missed),
        twice=tuple(twice),
        rounds=rounds,
        cut_off=cut_off,
        seconds=seconds,
    )


def _bare(url: str) -> str:
    bare = url.replace("://www.", "://")
    for mark in ("?utm_source=", "&utm_source="):
        bare = bare.partition(mark)[0]
    return bare


def main(arguments: Sequence[str] | None = None) -> int:
    """Replay and print what became of the items; return 1 where one was missed or read twice."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--invented", action="store_true", help="replay invented outlets")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args(arguments)
    if not given.invented and not STREAM.exists():
        print(f"{STREAM} is not there: replaying invented outlets instead.")
        given.invented = True
    logging.disable(logging.WARNING)  # the outages are meant
    items = invented_items(20, 5) if given.invented else real_items()
    with tempfile.TemporaryDirectory() as folder:
        counted = asyncio.run(replay(items, Path(folder), seed=given.seed))
    heading("Live feeds under an accelerated clock")
    print(f"outlets {len({item.outlet for item in items})}, items printed {counted.printed}, served {counted.served}")
    print(f"rounds {counted.rounds}, of these cut off in the middle {counted.cut_off}, seconds {counted.seconds:.0f}")
    print(
        f"read once {counted.once}, and {counted.elsewhere} under another address with the same title and text; "
        f"missed {len(counted.missed)}, read twice {len(counted.twice)}"
    )
    for what, titles in (("missed", counted.missed), ("twice", counted.twice)):
        for title in titles[:20]:
            print(f"  {what}: {title}")
    return 0 if counted.sound else 1


if __name__ == "__main__":
    sys.exit(main())
