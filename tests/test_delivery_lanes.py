"""Several channels at once, each in its own order: nobody waits for a channel that Discord holds up."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

import pytest

from bot.delivery import LANES, LEASE, Deliverer, Sending
from bot.pacing import Pace
from storage.engine import Database, open_database
from storage.errors import DatabaseError
from storage.tables import outbox
from storage.unit_of_work import SqlUnitOfWork
from tests.factories import MONDAY_NOON
from tests.fakes import FakeClock
from tests.migrated import new_database
from tests.storing import an_alert
from watchers.audience import Alert, Delivery, Guild, Posted
from watchers.ports import SendForbiddenError, SendGoneError, SendLaterError, UnitOfWork

T = TypeVar("T")


class Street:
    """A messenger whose channels can be closed, one by one; it remembers what went where and how many at once."""

    def __init__(self) -> None:
        self.posts: list[tuple[int, str]] = []
        self.held_up: dict[int, asyncio.Event] = {}
        self.failing: dict[int, Exception] = {}
        self.on_the_way: Counter[int] = Counter()
        self.most_at_once = 0

    async def post(self, delivery: Delivery, nonce: str) -> Posted:
        channel = delivery.alert.channel_id or 0
        self.on_the_way[channel] += 1
        assert self.on_the_way[channel] == 1, nonce
        self.most_at_once = max(self.most_at_once, self.on_the_way.total())
        try:
            await asyncio.sleep(0.001)
            if channel in self.held_up:
                await self.held_up[channel].wait()
            if channel in self.failing:
                raise self.failing[channel]
        finally:
            self.on_the_way[channel] -= 1
        self.posts.append((channel, delivery.alert.key))
        return Posted(channel, 1000 + len(self.posts))

    async def edit(self, delivery: Delivery) -> Posted:
        raise NotImplementedError

    def in_channel(self, channel: int) -> list[str]:
        return [key for where, key in self.posts if where == channel]


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = open_database(new_database(tmp_path / "bot.db"))
    yield opened
    opened.close()


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def street() -> Street:
    return Street()


@pytest.fixture
def deliverer(database: Database, street: Street, clock: FakeClock) -> Deliverer:
    return Deliverer(database, street, clock, "one", Sending(chance=lambda: 1.0))


async def put(database: Database, *alerts: Alert) -> None:
    await database.transact(lambda work: [work.outbox.put(alert, MONDAY_NOON) for alert in alerts])


async def seen(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not condition():  # noqa: ASYNC110 - what is watched tells nobody
            await asyncio.sleep(0.005)


async def waiting(database: Database) -> int:
    return (await database.look(lambda work: work.tally())).outbox_waiting


async def test_many_channels_are_served_at_once_and_each_in_its_order(
    database: Database, street: Street, deliverer: Deliverer
) -> None:
    await put(
        database, *(an_alert(f"{turn}:{channel}", channel_id=channel) for turn in range(4) for channel in range(1, 61))
    )
    assert await deliverer.deliver() == 240
    assert 4 < street.most_at_once <= LANES
    for channel in range(1, 61):
        assert street.in_channel(channel) == [f"{turn}:{channel}" for turn in range(4)]


async def test_a_channel_that_discord_holds_up_holds_up_no_other(
    database: Database, street: Street, deliverer: Deliverer
) -> None:
    street.held_up[1] = asyncio.Event()
    await put(database, *(an_alert(f"slow {number}", channel_id=1) for number in range(100)))
    await put(database, *(an_alert(f"{number}", channel_id=2 + number % 3) for number in range(30)))
    delivering = asyncio.create_task(deliverer.deliver())
    await seen(lambda: len(street.posts) == 30)
    assert street.in_channel(1) == []
    street.held_up.pop(1).set()
    assert await delivering == 130
    assert street.in_channel(1) == [f"slow {number}" for number in range(100)]


async def test_what_is_tried_again_keeps_its_place_in_its_channel(
    database: Database, street: Street, deliverer: Deliverer, clock: FakeClock
) -> None:
    street.failing[1] = SendLaterError("500 0")
    await put(database, an_alert("first", channel_id=1), an_alert("second", channel_id=1), an_alert("x", channel_id=2))
    assert await deliverer.deliver() == 1
    assert await deliverer.deliver() == 0
    street.failing.clear()
    clock.advance(timedelta(seconds=5))
    assert await deliverer.deliver() == 2
    assert street.in_channel(1) == ["first", "second"]


async def test_a_send_that_never_ends_is_given_up_with_its_lease_and_nobody_is_sure_of_it(
    database: Database, street: Street, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    street.held_up[1] = asyncio.Event()
    await put(database, an_alert("hung", channel_id=1))
    monkeypatch.setattr("bot.delivery.LEASE", timedelta(seconds=0.1))
    monkeypatch.setattr("bot.delivery._SAFETY", timedelta(0))
    assert await Deliverer(database, street, clock, "one").deliver() == 0
    later, until = clock.advance(timedelta(minutes=1)), clock.now() + LEASE
    [again] = await database.transact(lambda work: work.outbox.lease(later, worker="v", until=until, limit=9))
    assert again.unsure_since == MONDAY_NOON
    assert again.attempts == 1


async def test_what_was_sent_while_the_database_was_away_is_recorded_when_it_is_back(
    database: Database, street: Street, clock: FakeClock
) -> None:
    store = Faltering(database)
    deliverer = Deliverer(store, street, clock, "one")
    await put(database, *(an_alert(f"{number}", channel_id=number) for number in range(1, 4)))
    store.fails_from = 1
    with pytest.raises(DatabaseError):
        await deliverer.deliver()
    assert len(street.posts) == 3
    assert await waiting(database) == 3
    store.fails_from = None
    assert await deliverer.deliver() == 0
    assert await waiting(database) == 0
    assert len(street.posts) == 3


class Faltering:
    """A store whose transactions fail from one on."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._count = 0
        self.fails_from: int | None = None

    async def transact(self, work: Callable[[UnitOfWork], T], *, alone: bool = True) -> T:
        self._count += 1
        if self.fails_from is not None and self._count > self.fails_from:
            message = "the database is away"
            raise DatabaseError(message)
        return await self._database.transact(work, alone=alone)

    async def look(self, work: Callable[[UnitOfWork], T]) -> T:
        return await self._database.look(work)


async def test_who_is_asked_to_end_finishes_what_is_on_its_way_and_gives_the_rest_back(
    database: Database, street: Street, deliverer: Deliverer, clock: FakeClock
) -> None:
    gate = asyncio.Event()
    street.held_up = dict.fromkeys(range(1, 101), gate)
    await put(database, *(an_alert(f"{number}", channel_id=number) for number in range(1, 101)))
    delivering = asyncio.create_task(deliverer.deliver())
    await seen(lambda: street.on_the_way.total() == LANES)
    deliverer.end()
    gate.set()
    assert await delivering == LANES
    until = clock.now() + LEASE
    left = await database.transact(lambda work: work.outbox.lease(clock.now(), worker="v", until=until, limit=500))
    assert len(left) == 100 - LANES
    assert {(one.attempts, one.unsure_since) for one in left} == {(0, None)}


@pytest.mark.parametrize(
    ("failure", "words"),
    [
        (SendGoneError("404 10003: Unknown Channel"), "that channel is gone"),
        (SendForbiddenError("403 50013: Missing Permissions", ("Send Messages",)), "I lack **Send Messages**"),
    ],
)
async def test_managers_hear_once_of_a_channel_that_cannot_be_posted_in(
    database: Database, street: Street, deliverer: Deliverer, failure: Exception, words: str
) -> None:
    def settle(work: UnitOfWork) -> None:
        work.guilds.put(Guild(10, notices_channel_id=5))

    await database.transact(settle)
    street.failing[1] = failure
    await put(database, *(replace(an_alert(f"{number}", channel_id=1), guild_id=10) for number in range(3)))
    assert await deliverer.deliver() == 1
    [notice] = street.in_channel(5)
    assert notice.startswith("notice:")
    assert await waiting(database) == 0
    assert words in await note_of(database, notice)


async def note_of(database: Database, key: str) -> str:
    def ask(work: UnitOfWork) -> str:
        assert isinstance(work, SqlUnitOfWork)
        return str(work._connection.scalar(outbox.select().with_only_columns(outbox.c.note).where(outbox.c.key == key)))

    return await database.look(ask)


async def test_a_pace_lets_some_through_at_once_and_the_others_one_after_another() -> None:
    loop, pace = asyncio.get_running_loop(), Pace(50)
    begun = loop.time()
    for _ in range(50):
        await pace.turn()
    assert loop.time() - begun < 0.5
    for _ in range(10):
        await pace.turn()
    assert loop.time() - begun >= 0.18
