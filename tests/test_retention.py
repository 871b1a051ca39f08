"""The texts of articles are let go after a while, and nothing else is, on both engines."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TypeVar

import pytest
from sqlalchemy import select

from storage.engine import Database, open_database
from storage.tables import articles
from storage.unit_of_work import SqlUnitOfWork
from tests.factories import MONDAY_NOON, an_article, an_outlet
from tests.fakes import FakeClock
from tests.storing import articles_in, open_one, telling, waiting
from watchers import retention
from watchers.feed_model import Stage
from watchers.feeds.identity import Memory, key_mark, marks_of, memory_of, place_mark
from watchers.leaving import Tidier
from watchers.matcher.queries import parse
from watchers.own_topics import fitting, told_lately
from watchers.ports import Store, UnitOfWork
from watchers.retention import let_go_of_texts, texts_kept_since

T = TypeVar("T")
DAYS = 90
DAY = timedelta(days=1)
ROOT = Path(__file__).parents[1]
LATER = MONDAY_NOON + (DAYS + 1) * DAY


async def write(store: Store, count: int, seen_at: datetime = MONDAY_NOON, stage: Stage | None = None) -> None:
    """Store so many articles with a text, read unless they wait for a `stage`."""

    def work(unit: UnitOfWork) -> None:
        unit.feeds.follow([an_outlet()], MONDAY_NOON)
        [feed] = unit.feeds.all()
        new = [(feed.id, an_article(key=f"{seen_at:%m-%d %H:%M} {number}"), Stage.READING) for number in range(count)]
        known = set(_all(unit, articles.c.id))
        unit.articles.add([(feed_id, one, stage or each) for feed_id, one, each in new], seen_at)
        if stage is None:
            unit.articles.read(sorted(set(_all(unit, articles.c.id)) - known))

    await store.transact(work)


def _all(work: UnitOfWork, column: object) -> list[int]:
    assert isinstance(work, SqlUnitOfWork)
    return list(work._connection.scalars(select(column).order_by(articles.c.id)))  # type: ignore[call-overload]


async def texts(store: Store) -> list[bool]:
    """Of which articles the text is there, in the order of storing."""
    return [bool(body) for body in await store.look(lambda work: _all(work, articles.c.body))]


def test_texts_are_kept_from_the_beginning_of_a_day() -> None:
    assert texts_kept_since(date(2026, 3, 30), 28) == datetime(2026, 3, 2, tzinfo=UTC)
    assert texts_kept_since(date(2026, 3, 30), 0) is None


async def test_texts_are_let_go_after_so_many_days_and_nothing_else_is(store: Database) -> None:
    await store.transact(lambda work: open_one(work, telling(), "norland"))
    before = await store.look(lambda work: work.followups.get(1))
    [feed] = await store.look(lambda work: work.feeds.all())
    [article] = await store.look(lambda work: work.articles.of_feed(feed.id, 9))
    clock = FakeClock(MONDAY_NOON + DAYS * DAY)
    tidier = Tidier(store, clock, DAYS)
    await tidier.tidy()
    assert await texts(store) == [True], "it is of the first day whose texts are kept"
    clock.advance(timedelta(hours=12))
    await tidier.tidy()
    assert await texts(store) == [False]
    assert await store.look(lambda work: work.followups.get(1)) == before
    [left] = await store.look(lambda work: work.articles.of_feed(feed.id, 9))
    assert (left.key, left.title, left.url, left.day) == (article.key, article.title, article.url, article.day)
    await store.transact(lambda work: work.articles.add([(feed.id, article, Stage.READING)], clock.now()))
    assert await store.look(articles_in) == 1, "its feed may list it for years"


async def test_whoever_keeps_texts_for_ever_keeps_them(store: Database) -> None:
    await write(store, 2)
    await Tidier(store, FakeClock(LATER)).tidy()
    assert await texts(store) == [True, True]


async def test_what_waits_to_be_read_keeps_its_text_and_holds_up_no_other(store: Database) -> None:
    await write(store, 1)
    await write(store, 1, stage=Stage.PAGE, seen_at=MONDAY_NOON + DAY / 24)
    await write(store, 1, seen_at=MONDAY_NOON + DAY / 12)
    assert await let_go_of_texts(store, LATER, DAYS) == 3
    assert await texts(store) == [False, True, False]
    [left] = await store.transact(lambda work: waiting(work, Stage.PAGE))
    assert left.article.text == an_article().text


async def test_texts_stored_since_stay_until_their_day(store: Database) -> None:
    await write(store, 2)
    await write(store, 2, seen_at=MONDAY_NOON + DAY)
    assert await let_go_of_texts(store, MONDAY_NOON + (DAYS + 1) * DAY, DAYS) == 2
    assert await texts(store) == [False, False, True, True]
    assert await let_go_of_texts(store, MONDAY_NOON + (DAYS + 2) * DAY, DAYS) == 2
    assert await texts(store) == [False] * 4


class Counting:
    """A store that counts what is written."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.writes = 0

    async def transact(self, work: Callable[[UnitOfWork], T], *, alone: bool = True) -> T:
        self.writes += 1
        return await self._database.transact(work, alone=alone)

    async def look(self, work: Callable[[UnitOfWork], T]) -> T:
        return await self._database.look(work)


async def test_where_nothing_is_to_be_let_go_nothing_is_written(store: Database) -> None:
    counting = Counting(store)
    assert await let_go_of_texts(counting, LATER, DAYS) == 0
    await write(store, 1)
    assert await let_go_of_texts(counting, MONDAY_NOON, DAYS) == 0
    assert counting.writes == 0
    assert await let_go_of_texts(counting, LATER, DAYS) == 1
    assert await let_go_of_texts(counting, LATER, DAYS) == 0
    assert counting.writes == 1


async def test_much_is_let_go_in_many_turns_of_many_short_transactions(
    store: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "TOGETHER", 3)
    monkeypatch.setattr(retention, "AT_A_TURN", 6)
    await write(store, 13)
    counting = Counting(store)
    assert [await let_go_of_texts(counting, LATER, DAYS) for _ in range(4)] == [6, 6, 1, 0]
    assert counting.writes == 5
    assert await texts(store) == [False] * 13


async def test_processes_that_let_go_at_once_do_not_hinder_each_other(database_url: str, store: Database) -> None:
    await write(store, 1_200)
    other = open_database(database_url)
    try:
        turns = [let_go_of_texts(each, LATER, DAYS) for each in (store, other)]
        assert sum(await asyncio.gather(*turns)) == 1_200
    finally:
        other.close()
    assert not any(await texts(store))


CHILD = """
import asyncio, sys
from datetime import timedelta
from storage.engine import open_database
from tests.test_retention import DAYS, LATER
from watchers import retention

async def main():
    retention.TOGETHER = retention.AT_A_TURN = 20
    database = open_database(sys.argv[1])
    while come_to := await retention.let_go_of_texts(database, LATER, DAYS):
        print(come_to, flush=True)

asyncio.run(main())
"""


def begin_and_be_killed(url: str) -> None:
    child = subprocess.Popen([sys.executable, "-c", CHILD, url], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    child.stdout.readline()
    child.kill()
    child.communicate()
    assert child.wait(timeout=30) == -signal.SIGKILL


async def test_killed_in_between_it_goes_on_where_it_was(database_url: str, store: Database) -> None:
    count = 2_000
    await write(store, count)
    await asyncio.to_thread(begin_and_be_killed, database_url)
    there = await texts(store)
    emptied = there.index(True)
    assert 0 < emptied < count
    assert emptied % 20 == 0, "each transaction was stored whole or not at all"
    assert all(there[emptied:])
    assert await let_go_of_texts(store, LATER, DAYS) == count - emptied
    assert not any(await texts(store))
    assert await store.look(articles_in) == count


# --- those who look back --------------------------------------------------------------------------------------


async def test_a_page_whose_text_was_let_go_is_visited_anew(store: Database) -> None:
    await write(store, 1)
    url = an_article(key=f"{MONDAY_NOON:%m-%d %H:%M} 0").url or ""
    assert await store.look(lambda work: work.articles.text_at(url)) == an_article().text
    await let_go_of_texts(store, LATER, DAYS)
    assert await store.look(lambda work: work.articles.text_at(url)) is None


async def test_a_page_that_never_had_a_text_is_still_known_to_have_none(store: Database) -> None:
    await write(store, 1)
    [feed] = await store.look(lambda work: work.feeds.all())
    mute = an_article("", key="mute")
    await store.transact(lambda work: work.articles.add([(feed.id, mute, Stage.READING)], LATER))
    assert await store.look(lambda work: work.articles.text_at(mute.url or "")) == ""


async def test_a_topic_is_tried_on_what_is_left_of_an_article(store: Database) -> None:
    await store.transact(lambda work: open_one(work, telling(), "norland"))
    await store.transact(lambda work: work.articles.let_go_of_texts(LATER, 9))
    told = await store.look(lambda work: told_lately(work, 10, MONDAY_NOON + DAY))
    assert [one.text for one in told] == [""]
    assert fitting(parse("troops"), told) == (1,)
    assert fitting(parse("harbour"), told) == ()


async def test_a_feed_from_before_there_were_memories_is_told_again_without_texts(store: Database) -> None:
    await write(store, 1)
    await let_go_of_texts(store, LATER, DAYS)
    [feed] = await store.look(lambda work: work.feeds.all())
    [left] = await store.look(lambda work: work.articles.of_feed(feed.id, 9))
    memory = Memory(memory_of([left]))
    again = replace(left, key="its id was rewritten", text=an_article().text)
    place = place_mark(again.url, again.published, again.title)
    assert memory.recall(key_mark(left.key), place)
    assert not memory.meet(marks_of(again, key_mark(again.key), place, again.published))
