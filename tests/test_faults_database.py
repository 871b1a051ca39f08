"""A database that is locked, restarted or cut off amid the work: what was promised, nothing lost, nothing doubled.

The watchers and the deliverer go on with the same objects throughout, as the running bot does: nothing is opened anew.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.delivery import Deliverer
from bot.opening import SystemClock
from bot.scheduler import Tick, Ticks, Trouble
from storage.engine import open_database
from storage.errors import DatabaseDownError
from tests.factories import MONDAY_NOON, a_wish
from tests.fakes import FakeClock
from tests.migrated import new_database
from tests.postgres import PostgresServer, private_server, why_none
from tests.storing import articles_in
from tests.test_bot_delivery import ScriptedMessenger
from tests.watching import OTHER, PROMISE, World, a_world, article
from watchers.audience import Delivery, Posted

SHORT = 0.3
"""Seconds of patience with a lock, in place of the house's ten."""


class Interrupted(ScriptedMessenger):
    """A messenger during whose next post something happens to the database."""

    def __init__(self, clock: FakeClock) -> None:
        super().__init__(clock)
        self.happens: Callable[[], object] | None = None

    async def post(self, delivery: Delivery, nonce: str) -> Posted:
        posted = await super().post(delivery, nonce)
        if self.happens is not None:
            happens, self.happens = self.happens, None
            happens()
        return posted


@dataclass
class House:
    """A feed, a watcher, an order and a deliverer over one database."""

    world: World
    deliverer: Deliverer
    messenger: Interrupted

    async def works_again(self) -> None:
        """Everything that was said is followed, told once, and marked; nothing waits."""
        for _ in range(3):
            await self.world.watcher.poll_due()
            await self.deliverer.deliver()
            self.world.clock.advance(timedelta(hours=1))
        tally = await self.world.tally()
        assert (tally.followups_pending, tally.outbox_waiting) == (2, 0)
        assert await self.world.store.look(articles_in) == 2
        assert len(self.messenger.posts) == len({key for key, _ in self.messenger.posts}) == 2
        assert [feed.failures for feed in await self.world.feeds()] == [0]


@contextmanager
def locking(file: Path, *, seconds: float | None = None) -> Iterator[None]:
    """Hold a lock on an SQLite file as another process would, until the end or for so many seconds."""
    with closing(sqlite3.connect(file, isolation_level=None, check_same_thread=False)) as other:
        other.execute("BEGIN IMMEDIATE")
        timer = threading.Timer(seconds, other.execute, ["ROLLBACK"]) if seconds else None
        if timer is not None:
            timer.start()
        yield
        if timer is not None:
            timer.join()
        else:
            other.execute("ROLLBACK")


@pytest.fixture(scope="module")
def restarting() -> Iterator[PostgresServer]:
    """A server of this file's own, which it may stop and start."""
    if reason := why_none():
        pytest.skip(reason)
    with private_server() as server:
        yield server


async def a_house(url: str) -> AsyncIterator[House]:
    database = open_database(url, patience=SHORT)
    async with a_world(database) as world:
        await world.publish(article(PROMISE, "a-1"), article(OTHER, "a-2"))
        await world.subscribe(a_wish(topic="*", guild_id=10))
        messenger = Interrupted(world.clock)
        yield House(world, Deliverer(database, messenger, world.clock, "one"), messenger)
    database.close()


@pytest.fixture
async def on_sqlite(tmp_path: Path) -> AsyncIterator[House]:
    async for house in a_house(new_database(tmp_path / "bot.db")):
        yield house


@pytest.fixture
async def on_postgresql(restarting: PostgresServer) -> AsyncIterator[House]:
    from storage.migrate import upgrade  # noqa: PLC0415 - as the bot does at its start

    url = restarting.url(restarting.new_database())
    upgrade(url)
    async for house in a_house(url):
        yield house


# --- SQLite: locked by another process ------------------------------------------------------------------------


async def test_a_short_lock_is_waited_for(on_sqlite: House, tmp_path: Path) -> None:
    with locking(tmp_path / "bot.db", seconds=SHORT / 3):
        report = await on_sqlite.world.watcher.poll_due()
    assert (report.articles, report.followups) == (2, 2)
    with locking(tmp_path / "bot.db", seconds=SHORT / 3):
        assert await on_sqlite.deliverer.deliver() == 2
    await on_sqlite.works_again()


async def test_a_long_lock_stops_the_turn_and_the_next_goes_on(on_sqlite: House, tmp_path: Path) -> None:
    locked = r"bot.db has been locked for too long by another program"
    with locking(tmp_path / "bot.db"):
        with pytest.raises(DatabaseDownError, match=locked):
            await on_sqlite.world.watcher.poll_due()
        assert await on_sqlite.world.store.look(articles_in) == 0, "readers are not held up"
    await on_sqlite.world.watcher.poll_due()
    with locking(tmp_path / "bot.db"), pytest.raises(DatabaseDownError, match=locked):
        await on_sqlite.deliverer.deliver()
    assert on_sqlite.messenger.posts == []
    await on_sqlite.works_again()


async def test_what_was_sent_while_it_became_locked_is_marked_later(on_sqlite: House, tmp_path: Path) -> None:
    await on_sqlite.world.watcher.poll_due()
    lock = locking(tmp_path / "bot.db")
    on_sqlite.messenger.happens = lock.__enter__
    with pytest.raises(DatabaseDownError):
        await on_sqlite.deliverer.deliver()
    on_sqlite.world.clock.advance(timedelta(hours=1))
    lock.__exit__(None, None, None)
    assert len(on_sqlite.messenger.posts) == 1, "the channel's next one waits until this one is marked"
    await on_sqlite.works_again()


# --- PostgreSQL: restarted, cut off ---------------------------------------------------------------------------


async def test_a_server_restarted_amid_a_delivery(on_postgresql: House, restarting: PostgresServer) -> None:
    await on_postgresql.world.watcher.poll_due()
    on_postgresql.messenger.happens = restarting.stop
    with pytest.raises(DatabaseDownError, match="does not answer: see that PostgreSQL is running"):
        await on_postgresql.deliverer.deliver()
    with pytest.raises(DatabaseDownError):
        await on_postgresql.world.watcher.poll_due()
    restarting.start()
    await on_postgresql.works_again()


async def test_a_server_restarted_before_a_poll(on_postgresql: House, restarting: PostgresServer) -> None:
    restarting.stop()
    with pytest.raises(DatabaseDownError):
        await on_postgresql.world.watcher.poll_due()
    restarting.start()
    await on_postgresql.works_again()


async def test_a_server_restarted_between_two_turns_is_not_even_noticed(
    on_postgresql: House, restarting: PostgresServer
) -> None:
    await on_postgresql.world.watcher.poll_due()
    restarting.stop()
    restarting.start()
    await on_postgresql.works_again()


async def test_connections_that_are_cut_off(on_postgresql: House, restarting: PostgresServer) -> None:
    for database in range(1, 20):
        restarting.end_connections(f"test_{database}")
    await on_postgresql.world.watcher.poll_due()

    def cut() -> None:
        for database in range(1, 20):
            restarting.end_connections(f"test_{database}")

    on_postgresql.messenger.happens = cut
    await on_postgresql.deliverer.deliver()
    await on_postgresql.works_again()


# --- how it is told -------------------------------------------------------------------------------------------


def test_trouble_is_told_once_and_tried_less_and_less_often(caplog: pytest.LogCaptureFixture) -> None:
    clock, trouble, tried = FakeClock(), Trouble(), 0
    with caplog.at_level(logging.INFO, "bot.scheduler"):
        for _ in range(600):
            for name in ("poll", "deliver"):
                if not trouble.rests(name, clock.now()):
                    trouble.met(name, "bot.db has been locked for too long", clock.now())
                    tried += 1
            clock.advance(timedelta(seconds=1))
        assert [record.getMessage() for record in caplog.records] == [
            "bot.db has been locked for too long; what is to be done waits, and is tried again by itself"
        ]
        assert 2 * 10 <= tried <= 2 * 15
        clock.set(MONDAY_NOON - timedelta(days=1))
        assert not trouble.rests("poll", clock.now()), "a clock that was set back makes nobody wait"
        trouble.over("poll")
        trouble.over("deliver")
        trouble.over("deliver")
    assert [record.getMessage() for record in caplog.records][1:] == ["the database works again"]


class Hasty(SystemClock):
    """A clock that shows a minute more whenever it is asked."""

    def __init__(self) -> None:
        self._asked = 0

    def now(self) -> datetime:
        self._asked += 1
        return super().now() + timedelta(minutes=self._asked)


@pytest.mark.parametrize(("clock", "rests"), [(SystemClock(), True), (Hasty(), False)])
async def test_a_tick_rests_from_trouble_and_goes_on_by_itself(clock: SystemClock, *, rests: bool) -> None:
    turns = 0

    async def poll() -> None:
        nonlocal turns
        turns += 1
        message = "locked"
        raise DatabaseDownError(message)

    ticks = Ticks((Tick("poll", timedelta(milliseconds=10), poll),), clock)
    ticks.start()
    await asyncio.sleep(0.3)
    await ticks.stop()
    assert (turns == 1) is rests
