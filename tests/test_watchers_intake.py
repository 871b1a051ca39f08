"""What polls bring, decided and stored together."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

import pytest

from storage.engine import Database
from tests.factories import MONDAY_NOON, a_feed, an_article, an_outlet, polled
from tests.fakes import FakeClock
from tests.storing import a_claim, waiting
from tests.watching import a_database
from watchers.feed_model import Entry, FeedState, Intake, ParsedFeed, Stage
from watchers.intake import MOST_PAGES, IntakeWriter, intake_of
from watchers.ports import UnitOfWork

T = TypeVar("T")
HOUR = timedelta(hours=1)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with a_database(tmp_path) as opened:
        yield opened


def entry(hours_old: float, *, dated: bool = True, is_summary: bool = False) -> Entry:
    published = MONDAY_NOON - hours_old * HOUR
    return Entry(an_article(key=f"{hours_old:g}", published=published), is_summary, dated)


def brought(feed: FeedState, *entries: Entry) -> list[tuple[str, Stage]]:
    parsed = ParsedFeed("", entries, len(entries), (), "feedparser", b"known", None)
    intake = intake_of(feed, replace(feed, etag="new"), parsed, MONDAY_NOON)
    assert (intake.feed.etag, intake.memory) == ("new", b"known")
    return [(article.key, stage) for article, stage in intake.articles]


NEW, KNOWN = a_feed(), a_feed(last_success_at=MONDAY_NOON - HOUR)


def test_of_a_new_feed_the_last_three_days_are_taken_in_and_half_a_day_is_news() -> None:
    entries = [entry(1), entry(0, dated=False), entry(11), entry(13), entry(71), entry(73)]

    assert brought(NEW, *entries) == [
        ("71", Stage.CATCHING_UP),
        ("13", Stage.CATCHING_UP),
        ("11", Stage.READING),
        ("0", Stage.CATCHING_UP),
        ("1", Stage.READING),
    ]


def test_of_a_known_feed_everything_new_is_news_however_old() -> None:
    assert brought(KNOWN, entry(1), entry(0, dated=False), entry(500)) == [
        ("500", Stage.READING),
        ("0", Stage.READING),
        ("1", Stage.READING),
    ]


def test_pages_are_visited_for_recent_summaries_where_the_outlet_is_read_whole() -> None:
    entries = [entry(1, is_summary=True), entry(2), entry(80, is_summary=True)]

    assert [stage for _, stage in brought(KNOWN, *entries)] == [Stage.READING] * 3
    whole = replace(KNOWN, full_text=True)
    assert brought(whole, *entries) == [("80", Stage.READING), ("2", Stage.READING), ("1", Stage.PAGE)]


def test_no_poll_asks_for_a_storm_of_pages() -> None:
    whole = replace(KNOWN, full_text=True)
    stages = dict(brought(whole, *(entry(n / 10, is_summary=True) for n in range(MOST_PAGES + 5))))

    assert [stages[f"{n / 10:g}"] for n in range(MOST_PAGES + 5)] == [Stage.PAGE] * MOST_PAGES + [Stage.READING] * 5


class CountingStore:
    """Counts transactions, and lets none happen that touches an outlet called Spoilt."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.transactions = 0

    async def transact(self, work: Callable[[UnitOfWork], T], *, alone: bool = True) -> T:
        self.transactions += 1

        def spoilt(unit: UnitOfWork) -> T:
            done = work(unit)
            if any(feed.outlet == "Spoilt" and feed.etag for feed in unit.feeds.all()):
                message = "the row is spoilt"
                raise OSError(message)
            return done

        return await self._database.transact(spoilt, alone=alone)

    async def look(self, work: Callable[[UnitOfWork], T]) -> T:
        return await self._database.look(work)


async def followed(database: Database, *names: str) -> list[FeedState]:
    outlets = [an_outlet(name, f"https://x.example/{name}") for name in names]
    await database.transact(lambda work: work.feeds.follow(outlets, MONDAY_NOON))
    taken = await database.transact(lambda work: work.feeds.take(a_claim(), len(names)))
    return sorted(taken, key=lambda feed: feed.outlet)


def intake(feed: FeedState, *keys: str) -> Intake:
    articles = tuple((an_article(key=key), Stage.READING) for key in keys)
    after = polled(replace(feed, etag="tag"), again=MONDAY_NOON + HOUR)
    return Intake(feed, after, articles, feed.outlet.encode())


async def test_what_comes_while_one_transaction_runs_makes_up_the_next(database: Database) -> None:
    feeds = await followed(database, *(f"Outlet {n:02}" for n in range(30)))
    store = CountingStore(database)
    writer = IntakeWriter(store, FakeClock(), a_claim().holder)

    await asyncio.gather(*(writer.store(intake(feed, "a", "b")) for feed in feeds))

    assert store.transactions <= 3
    unread = await database.transact(lambda work: waiting(work, Stage.READING))
    assert len(unread) == 60
    assert {feed.etag for feed in await database.look(lambda work: work.feeds.all())} == {"tag"}
    memories = [await database.look(lambda work, one=feed: work.feeds.memory(one.id)) for feed in feeds]  # type: ignore[misc]
    assert memories == [feed.outlet.encode() for feed in feeds]


async def test_an_intake_that_spoils_its_transaction_costs_no_other(database: Database) -> None:
    feeds = await followed(database, "Alpha", "Beta", "Spoilt")
    writer = IntakeWriter(CountingStore(database), FakeClock(), a_claim().holder)

    outcomes = await asyncio.gather(*(writer.store(intake(feed, "a")) for feed in feeds), return_exceptions=True)

    assert [type(outcome) for outcome in outcomes] == [bool, bool, OSError]
    unread = await database.transact(lambda work: waiting(work, Stage.READING))
    assert [one.feed.outlet for one in unread] == ["Alpha", "Beta"]


async def test_who_stops_waiting_holds_up_nobody(database: Database) -> None:
    alpha, beta = await followed(database, "Alpha", "Beta")
    writer = IntakeWriter(database, FakeClock(), a_claim().holder)
    gone = asyncio.create_task(writer.store(intake(alpha, "a")))
    await asyncio.sleep(0)
    gone.cancel()

    await writer.store(intake(beta, "b"))

    unread = await database.transact(lambda work: waiting(work, Stage.READING))
    assert {one.article.key for one in unread} >= {"b"}
