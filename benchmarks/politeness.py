"""A simulated day of 500 feeds on 62 hosts: how often each host is asked, and whether the rules are kept.

    python benchmarks/politeness.py

The watcher, the fetcher, HTTP and the database are the real ones; only time is simulated, and the outlets are invented.
What each feed may expect is written here once more, apart from the code that decides it, and held against what the
server saw. Returns 1 where a rule is broken.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import math
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import cycle, islice, pairwise
from pathlib import Path
from time import perf_counter

from benchmarks.material import heading
from benchmarks.simulated_outlets import Asked, Outlets, Plan, Trouble, on_loopback
from benchmarks.simulated_time import SimulatedTime, TimedPoliteness, TimedStore, WorkersAtOnce
from config.catalogue import Outlet
from storage.engine import Database, open_database
from storage.migrate import upgrade
from watchers.feed_watcher import FeedWatcher
from watchers.feeds.fetch import HttpFetcher
from watchers.reading import ArticleReader

START = datetime(2026, 3, 2, 12, tzinfo=UTC)
"""A Monday."""
LEAST, MOST = timedelta(minutes=15), timedelta(hours=2)
"""The defaults of POLL_MINUTES and POLL_MINUTES_MOST."""
TICK = 20.0
"""Seconds between two looks at what is due. The bot looks more often, but a day is to be over in minutes."""
SLACK = 180.0
"""Seconds by which a poll may be late, for feeds that wait for their turn at a host."""
ROUNDS = 8
"""Rounds of polling that may overlap, as the bot has it."""

_HOUR = 3600.0
_LONGEST_BACKOFF = 12 * _HOUR
_LONGEST_PATIENCE = _HOUR
_PATIENCE = 300.0
_SAYS_WHEN = frozenset({429, 503})
_LATER = 1.1
_NOT_MODIFIED, _FAILED, _GONE = 304, 400, 410
_MOVES_AFTER = 3
_FOR_GOOD = frozenset({301, 308})
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Kind:
    """Feeds that behave alike, and what they may expect."""

    name: str
    share: int
    """How many of a hundred feeds."""
    plan: Plan
    soonest: timedelta
    """How long it is left alone at least after it answered."""
    latest: timedelta
    """And at most, but for jitter and slack."""
    rests_at: frozenset[int] = frozenset()
    """Hours in UTC at which it is not to be asked."""
    rests_on: frozenset[int] = frozenset()
    """Days of the week, 0 for Monday, on which it is not to be asked."""


def _kind(
    name: str,
    share: int,
    plan: Plan,
    minutes: tuple[int, int] = (15, 15),
    *,
    rests_at: Sequence[int] = (),
    rests_on: Sequence[int] = (),
) -> Kind:
    soonest, latest = (number * _MINUTE for number in minutes)
    return Kind(name, share, plan, soonest, latest, frozenset(rests_at), frozenset(rests_on))


BUSY = Plan(25 * _MINUTE)
NIGHT = "".join(f"<hour>{hour}</hour>" for hour in range(6))

KINDS = (
    _kind("busy, an entry in 25 minutes", 28, BUSY),
    _kind("busy, without validators", 6, replace(BUSY, validators=False)),
    _kind("busy, takes 2.5 s to answer", 4, replace(BUSY, takes=2.5)),
    # What is typical is reckoned from ten entries, so that it may come out somewhat shorter or longer.
    _kind("an entry in 2 hours", 16, Plan(120 * _MINUTE), (50, 70)),
    _kind("an entry in 2 days", 16, Plan(2880 * _MINUTE), (120, 120)),
    _kind("ttl 60", 5, replace(BUSY, channel="<ttl>60</ttl>"), (60, 60)),
    _kind("ttl 1440, beyond the most", 2, replace(BUSY, channel="<ttl>1440</ttl>"), (120, 120)),
    _kind("max-age=1800", 5, replace(BUSY, headers={"Cache-Control": "max-age=1800"}), (30, 30)),
    _kind("skipHours 0 to 5", 4, replace(BUSY, channel=f"<skipHours>{NIGHT}</skipHours>"), rests_at=range(6)),
    _kind("skipDays Tuesday", 2, replace(BUSY, channel="<skipDays><day>Tuesday</day></skipDays>"), rests_on=(1,)),
    _kind("down for 6 hours (500)", 3, replace(BUSY, trouble=(Trouble(1, 7, 500),))),
    _kind("never there (404)", 2, replace(BUSY, trouble=(Trouble(0, 99, 404),))),
    _kind("429 for 4 hours, Retry-After 1 h", 2, replace(BUSY, trouble=(Trouble(1, 5, 429, {"Retry-After": "3600"}),))),
    _kind("503 once, Retry-After 5 h", 1, replace(BUSY, trouble=(Trouble(1, 1.5, 503, {"Retry-After": "18000"}),))),
    _kind("gone after 2 hours (410)", 2, replace(BUSY, trouble=(Trouble(2, 99, 410),))),
    _kind("moved after 2 hours (301)", 2, BUSY),
)
MOVED = KINDS[-1].name
_HUNDRED = [kind for kind in KINDS for _ in range(kind.share)]
MIXED = tuple(_HUNDRED[number * 37 % 100] for number in range(100))
"""A hundred feeds in the shares of their kinds; 37 has no divisor in common with 100, so that each comes once."""


@dataclass(frozen=True, slots=True)
class World:
    """The feeds, by host and path."""

    kinds: Mapping[tuple[str, str], Kind]
    followed: Sequence[tuple[str, str]]
    """Those that the operator has in his list; the others are where they move to."""

    @property
    def plans(self) -> Mapping[tuple[str, str], Plan]:
        """How each behaves."""
        return {place: kind.plan for place, kind in self.kinds.items()}


def a_world(feeds: int, kinds: Sequence[Kind] = MIXED) -> World:
    """Return so many feeds, of one kind after the other, on an eighth as many hosts or a few more."""
    world: dict[tuple[str, str], Kind] = {}
    followed = []
    for number, (kind, host) in enumerate(zip(islice(cycle(kinds), feeds), _hosts(feeds), strict=False)):
        place = (host, f"/feed-{number}")
        followed.append(place)
        world[place] = kind
        if kind.name == MOVED:
            new = ("moved.example", f"/feed-{number}")
            world[new] = kind
            away = Trouble(2, 99, 301, leads_to=f"http://{new[0]}:{{}}{new[1]}")
            world[place] = replace(kind, plan=replace(BUSY, trouble=(away,)))
    return World(world, followed)


def _hosts(feeds: int) -> Iterator[str]:
    """Yield the hosts of so many feeds: one platform has an eighth of them, two more as many together."""
    hosts = max(8, feeds // 8)
    yield from ["platform.example"] * hosts
    yield from ["press.example", "agency.example"] * (hosts // 2)
    yield from cycle(f"outlet-{number:02}.example" for number in range(hosts - 4))


def simulate(world: World, hours: float) -> list[Asked]:
    """Return what the servers saw in so many hours."""
    # In memory where there is such a folder: nobody cuts the power of an invented day.
    memory = Path("/dev/shm")  # noqa: S108 - the folder made in it is private
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder:
        url = f"sqlite:///{Path(folder) / 'day.db'}"
        upgrade(url)
        database = open_database(url)
        try:
            return asyncio.run(_spend(world, hours, database))
        finally:
            database.close()


async def _spend(world: World, hours: float, database: Database) -> list[Asked]:
    time = SimulatedTime(START)
    store, workers = TimedStore(database, time), WorkersAtOnce(ArticleReader((), lambda _, __: ()))
    hosts = frozenset(host for host, _ in world.kinds)
    fetching = HttpFetcher(hosts, politeness=TimedPoliteness(time), look_up=on_loopback)
    async with Outlets(world.plans, time) as outlets, fetching as fetcher:
        urls = [outlets.url(*place) for place in world.followed]
        listed = [Outlet(url, url, "en", "UTC", full_text=False) for url in urls]
        await store.transact(lambda work: work.feeds.follow(listed, START))
        watcher = FeedWatcher(store, fetcher, workers, time)
        await time.run(asyncio.create_task(_watch(watcher, store, time, hours * _HOUR)))
        return outlets.asked


async def _watch(watcher: FeedWatcher, store: TimedStore, time: SimulatedTime, until: float) -> None:
    """Poll what is due, at every tick at which something is."""
    rounds: set[asyncio.Task[object]] = set()
    while time.monotonic() < until:
        for over in [one for one in rounds if one.done()]:
            rounds.remove(over)
            over.result()
        if len(rounds) < ROUNDS:
            rounds.add(asyncio.create_task(watcher.poll_due()))
        await time.sleep(TICK)
        feeds = await store.look(lambda work: work.feeds.all())
        if first := min((feed.next_poll_at for feed in feeds), default=None):
            idle = (first - time.now()).total_seconds()
            await time.sleep(max(0.0, math.ceil(idle / TICK) * TICK))
    await asyncio.gather(*rounds)


# --- the rules, as a server may expect them ----------------------------------------------------------------------


Spans = Sequence[tuple[float, float]]
"""Times in which a host is to be left alone, from and until; in order, and none touches another."""


def left_alone(asked: Sequence[Asked]) -> Spans:
    """Return when a host is to be left alone after it said when to come back.

    That is an hour at most; five minutes where one address alone has said so since the last good answer.
    """
    spans: list[tuple[float, float]] = []
    first: str | None = None
    for one in sorted(asked, key=lambda each: each.ended):
        first = None if one.status < _FAILED else first
        if one.status not in _SAYS_WHEN or not one.retry_after:
            continue
        most = _PATIENCE if first in {None, one.path} else _LONGEST_PATIENCE
        first = first or one.path
        until = one.ended + min(one.retry_after, most)
        if spans and one.ended <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(spans[-1][1], until))
        else:
            spans.append((one.ended, until))
    return spans


def broken_by_host(asked: Sequence[Asked]) -> Iterator[str]:
    """Yield where one host was asked more than twice at once, twice within a second, or although it was to be left."""
    for before, after in pairwise(sorted(asked, key=lambda one: one.began)):
        if after.began - before.began < 1 - 1e-6:
            yield f"{after.host} asked {after.began - before.began:.3f} s after the last time, at {_at(after)}"
    for one in asked:
        inside = sum(other.began <= one.began < other.ended for other in asked)
        if inside > 2:  # noqa: PLR2004 - the rule itself
            yield f"{one.host} asked by {inside} at once, at {_at(one)}"
    alone = left_alone(asked)
    for one in asked:
        if any(begins < one.began < ends for begins, ends in alone):
            yield f"{one.host} asked at {_at(one)} although it was to be left alone"


def broken_by_feed(asked: Sequence[Asked], kind: Kind, until: float, alone: Spans = ()) -> Iterator[str]:
    """Yield where a feed was asked sooner or later than it may expect, up to `until` seconds from the start.

    `alone` is when its host is to be left alone, for whatever feed's sake.
    """
    failures = sent_on = 0
    for number, last in enumerate(asked):
        failures = failures + 1 if last.status >= _FAILED else 0
        sent_on = sent_on + 1 if last.status in _FOR_GOOD else 0
        over = last.status == _GONE or sent_on == _MOVES_AFTER
        soonest, latest = _waits(kind, last, failures)
        if number + 1 < len(asked):
            latest += _held(alone, last.ended, asked[number + 1].began)
            yield from _broken_between(last, asked[number + 1], kind, soonest, math.inf if over else latest)
            if over:
                yield f"asked at {_at(asked[number + 1])} although {last.status} was the last word"
        elif not over and until - last.ended > latest + _held(alone, last.ended, until):
            yield f"not asked any more after {_at(last)}"


def _held(alone: Spans, begins: float, ends: float) -> float:
    """Return by how much the time from `begins` to `ends` may be longer because a host is left alone."""
    return _LATER * sum(max(0.0, min(until, ends) - max(since, begins)) for since, until in alone)


def _waits(kind: Kind, last: Asked, failures: int) -> tuple[float, float]:
    """Return the shortest and the longest wait in seconds after an answer, the n-th failure in a row."""
    soonest, latest = kind.soonest.total_seconds(), kind.latest.total_seconds()
    if failures:
        soonest = max(min(LEAST.total_seconds() * 2**failures, _LONGEST_BACKOFF), last.retry_after)
        latest = max(soonest, latest)
    return soonest, math.inf if kind.rests_at or kind.rests_on else latest * _LATER + SLACK


def _broken_between(last: Asked, asked: Asked, kind: Kind, soonest: float, latest: float) -> Iterator[str]:
    gap = asked.began - last.ended
    if gap < soonest:
        yield f"asked at {_at(asked)}, {gap / 60:.1f} minutes after the last time; {soonest / 60:g} were promised"
    if gap > latest:
        yield f"asked at {_at(asked)}, {gap / 60:.1f} minutes after the last time, which is late"
    # What was due just before it rests may still have waited for its turn.
    if _rests(kind, asked) and _rests(kind, asked, before=SLACK) and gap < 4 * MOST.total_seconds():
        yield f"asked at {_at(asked)}, when it rests"


def _rests(kind: Kind, asked: Asked, *, before: float = 0.0) -> bool:
    moment = START + timedelta(seconds=asked.began - before)
    return moment.hour in kind.rests_at or moment.weekday() in kind.rests_on


def _at(asked: Asked) -> str:
    return f"{START + timedelta(seconds=asked.began):%a %H:%M:%S}"


def bound_per_hour(kinds: Sequence[Kind]) -> int:
    """Return how often a host with such feeds may be asked in an hour: each as often as its shortest wait allows."""
    return sum(math.ceil(_HOUR / kind.soonest.total_seconds()) for kind in kinds)


# --- the report -------------------------------------------------------------------------------------------------


def report(world: World, asked: Sequence[Asked], hours: float) -> int:
    """Print who was asked how often, and which rules were broken; return how many times one was."""
    by_host, by_feed = defaultdict(list), defaultdict(list)
    for one in asked:
        by_host[one.host].append(one)
        by_feed[one.host, one.path].append(one)
    wrong = _report_hosts(world, by_host, hours)
    print()
    wrong += _report_kinds(world, by_feed, {host: left_alone(each) for host, each in by_host.items()}, hours)
    for line in wrong[:40]:
        print(f"BROKEN: {line}")
    answers = Counter(one.status for one in asked)
    plain = round(len(world.followed) * hours * _HOUR / LEAST.total_seconds())
    print(f"\n{len(asked):,} requests in {hours:g} hours by {len(world.followed)} feeds on {len(by_host)} hosts;")
    print(f"asking each every {LEAST.total_seconds() / 60:g} minutes would have been {plain:,}")
    unchanged = answers[_NOT_MODIFIED] / len(asked)
    sizes = sum(one.size for one in asked) / 1e6
    print(f"{unchanged:.0%} answered that nothing had changed (304); {sizes:.1f} MB of bodies; by status:", end=" ")
    print(", ".join(f"{status}: {number:,}" for status, number in sorted(answers.items())))
    print(f"rules broken: {len(wrong)}")
    return len(wrong)


def _report_hosts(world: World, by_host: Mapping[str, Sequence[Asked]], hours: float) -> list[str]:
    wrong = []
    print(f"{'host':<20}{'feeds':>6}{'mean/h':>9}{'most/h':>8}{'bound':>7}  rules")
    for host, requests in sorted(by_host.items(), key=lambda item: -len(item[1])):
        kinds = [kind for (place, _), kind in world.kinds.items() if place == host]
        each_hour = Counter(int(one.began // _HOUR) for one in requests)
        most, bound = max(each_hour.values()), bound_per_hour(kinds)
        troubles = list(broken_by_host(requests))
        troubles += [f"{host} asked {most} times in an hour; {bound} are its bound"] if most > bound else []
        wrong += troubles
        mean = len(requests) / hours
        print(f"{host:<20}{len(kinds):>6}{mean:>9.1f}{most:>8}{bound:>7}  {'BROKEN' if troubles else 'kept'}")
    return wrong


def _report_kinds(
    world: World, by_feed: Mapping[tuple[str, str], Sequence[Asked]], alone: Mapping[str, Spans], hours: float
) -> list[str]:
    wrong = []
    print(f"{'feeds':<36}{'number':>7}{'asked a day':>13}{'least gap':>11}  rules")
    for kind in KINDS:
        places = [place for place, one in world.kinds.items() if one.name == kind.name]
        requests = [by_feed.get(place, ()) for place in places]
        troubles = [
            f"{place[0]}{place[1]} ({kind.name}): {line}"
            for place, asked in zip(places, requests, strict=True)
            for line in broken_by_feed(asked, kind, hours * _HOUR, alone.get(place[0], ()))
        ]
        wrong += troubles
        gaps = [after.began - before.ended for asked in requests for before, after in pairwise(asked)]
        daily = sum(map(len, requests)) / max(1, len(places)) * 24 / hours
        least = f"{min(gaps) / 60:.1f} min" if gaps else ""
        print(f"{kind.name:<36}{len(places):>7}{daily:>13.1f}{least:>11}  {'BROKEN' if troubles else 'kept'}")
    return wrong


def main() -> int:
    """Print the day; return 1 where a rule was broken."""
    parser = argparse.ArgumentParser(description="A simulated day of many feeds.")
    parser.add_argument("--feeds", type=int, default=500)
    parser.add_argument("--hours", type=float, default=24.0)
    arguments = parser.parse_args()
    heading("Politeness: requests per host and hour in a simulated day")
    print("$ python benchmarks/politeness.py", *sys.argv[1:])
    logging.disable(logging.WARNING)  # that feeds fail is part of the day
    began = perf_counter()
    world = a_world(arguments.feeds)
    asked = simulate(world, arguments.hours)
    broken = report(world, asked, arguments.hours)
    print(f"simulated in {perf_counter() - began:.0f} s")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
