"""A full disk: the bot goes on, says so once, loses nothing, says nothing twice, and goes on by itself.

SQLite is made to meet one by a bound on its pages, and the real bot in a process of its own by a small tmpfs, where
this user may mount one.
"""

from __future__ import annotations

import asyncio
import contextlib
import subprocess
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

import pytest
from sqlalchemy import Engine

from bot.delivery import Deliverer
from storage.engine import Database, address, reading_engine, writing_engine
from storage.errors import DatabaseDownError
from tests.child_bot import ChildBot
from tests.fakes import FakeClock
from tests.loopback import FeedServer
from tests.loopback_discord import LoopbackDiscord, Mishap
from tests.migrated import new_database
from tests.storing import an_alert, articles_in, opened
from tests.test_bot_delivery import ScriptedMessenger
from tests.test_crash import FEED, MESSAGES, SAID, publish
from tests.watching import OTHER, QUARTER, World, a_world, article
from watchers.ports import StoreDownError, UnitOfWork

T = TypeVar("T")
UNBOUNDED = 1_000_000_000


class SmallDisk:
    """A database that can be given no page more than it has."""

    def __init__(self, url: str) -> None:
        self._writing: Engine = writing_engine(address(url))
        self.database = Database(self._writing, reading_engine(address(url)))

    def fill(self) -> None:
        with self._writing.connect() as connection:
            used = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
            connection.exec_driver_sql(f"PRAGMA max_page_count = {used}")

    def clear(self) -> None:
        with self._writing.connect() as connection:
            connection.exec_driver_sql(f"PRAGMA max_page_count = {UNBOUNDED}")


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    small = SmallDisk(new_database(tmp_path / "bot.db"))
    yield small
    small.database.close()


@pytest.fixture
async def world(disk: SmallDisk) -> AsyncIterator[World]:
    async with a_world(disk.database) as running:
        yield running


async def test_what_cannot_be_stored_is_read_again_and_is_no_fault_of_its_feed(
    world: World, disk: SmallDisk, caplog: pytest.LogCaptureFixture
) -> None:
    long = " ".join(["The ministers met again."] * 20_000)
    await world.publish(article(f"{OTHER} {long}", "a-1"), article(long, "a-2"))
    disk.fill()
    for _ in range(3):
        with pytest.raises(DatabaseDownError, match=r"the disk that holds \S+bot.db is full: make room"):
            await world.watcher.poll_due()
    assert await world.store.look(articles_in) == 0
    assert [feed.failures for feed in await world.feeds()] == [0]
    assert not caplog.records, "whoever ticks says it once"
    disk.clear()
    report = await world.watcher.poll_due()
    assert (report.articles, report.followups) == (2, 1)
    await world.later(3 * QUARTER)
    assert await world.store.look(articles_in) == 2


class DownAtTimes:
    """A store that can do nothing while it is `down`."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.down = False

    async def transact(self, work: Callable[[UnitOfWork], T], *, alone: bool = True) -> T:
        if self.down:
            message = "the disk is full"
            raise StoreDownError(message)
        return await self._database.transact(work, alone=alone)

    async def look(self, work: Callable[[UnitOfWork], T]) -> T:
        return await self._database.look(work)


class FillingMessenger(ScriptedMessenger):
    """A messenger during whose first post the disk becomes full."""

    def __init__(self, clock: FakeClock, store: DownAtTimes) -> None:
        super().__init__(clock)
        self._store = store

    async def _go_through_with_it(self) -> None:
        await super()._go_through_with_it()
        self._store.down = not self.posts


async def test_what_was_sent_and_could_not_be_marked_is_not_sent_again_however_long_it_takes(disk: SmallDisk) -> None:
    clock, store = FakeClock(), DownAtTimes(disk.database)
    messenger = FillingMessenger(clock, store)
    deliverer = Deliverer(store, messenger, clock, "one")
    followup = await opened(disk.database)

    def put(unit: UnitOfWork) -> None:
        for key in ("first", "second"):
            unit.outbox.put(an_alert(key, followup.id), clock.now())

    await disk.database.transact(put)
    for _ in range(5):
        with pytest.raises(StoreDownError):
            await deliverer.deliver()
        clock.advance(timedelta(hours=1))  # past every lease, and past Discord's memory of nonces
    store.down = False
    assert await deliverer.deliver() == 1, "the second alone, which waited until the first was marked"
    assert [key for key, _ in messenger.posts] == ["first", "second"]
    assert (await disk.database.look(lambda work: work.tally())).outbox_waiting == 0


# --- the real bot -------------------------------------------------------------------------------------------------


class SmallMount:
    """A tmpfs of some megabytes, to be filled to its last byte."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def fill(self) -> None:
        with contextlib.suppress(OSError), (self.folder / "filling").open("ab", buffering=0) as filling:
            while True:
                filling.write(bytes(4096))

    def clear(self) -> None:
        (self.folder / "filling").unlink()


@pytest.fixture
def mount(tmp_path: Path) -> Iterator[SmallMount]:
    folder = tmp_path / "small"
    folder.mkdir()
    mounting = ["mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", str(folder)]
    tried = subprocess.run(mounting, capture_output=True, text=True, check=False)
    if tried.returncode != 0:
        pytest.skip(f"this user may mount no tmpfs: {tried.stderr.strip()}")
    yield SmallMount(folder)
    subprocess.run(["umount", "--lazy", str(folder)], check=True)  # noqa: S607 - as mount is found


@pytest.fixture
async def discord() -> AsyncIterator[LoopbackDiscord]:
    async with LoopbackDiscord() as running:
        yield running


@pytest.fixture
async def bot(tmp_path: Path, mount: SmallMount, discord: LoopbackDiscord) -> AsyncIterator[ChildBot]:
    async with FeedServer() as outlet:
        publish(outlet)
        url = f"sqlite:///{mount.folder}/bot.db"
        child = ChildBot(tmp_path, api_url=discord.api_url, feed_url=outlet.url(FEED), database_url=url)
        await child.subscribe()
        yield child
        await child.clean_up()


async def until(holds: Callable[[], bool], within: float = 30) -> None:
    for _ in range(round(within / 0.05)):
        if holds():
            return
        await asyncio.sleep(0.05)
    pytest.fail("it did not come in time")


async def test_the_bot_lives_through_a_full_disk(bot: ChildBot, mount: SmallMount, discord: LoopbackDiscord) -> None:
    async def fill() -> None:
        mount.fill()

    discord.mishaps.append(Mishap("POST", MESSAGES, hook=fill))
    await bot.start()
    await until(lambda: "make room" in bot.output)
    await asyncio.sleep(6)  # it is tried again meanwhile, and fails again
    told = [line for line in bot.output.splitlines() if "make room" in line]
    assert len(told) == 1, bot.output
    assert "Traceback" not in bot.output
    mount.clear()
    await bot.delivered(len(SAID), within=60)
    await until(lambda: "the database works again" in bot.output)  # each tick rests from it for a while
    assert await bot.terminate() == 0
    assert {said: sum(said in text for text in discord.texts()) for said in SAID} == dict.fromkeys(SAID, 1)
    assert len(discord.messages) == len(SAID)
    assert "Traceback" not in bot.output


async def test_a_start_on_a_full_disk_is_told_in_one_line(bot: ChildBot, mount: SmallMount) -> None:
    mount.fill()
    await bot.start()
    assert await bot.ended() == 1
    assert len([line for line in bot.output.splitlines() if "room" in line]) == 1
    assert "Traceback" not in bot.output
