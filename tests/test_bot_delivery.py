"""From the outbox to people: leased, sent once, marked; postponed or given up where that fails."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import cast

import pytest
from sqlalchemy import select

from bot.delivery import IN_HAND, LANES, LEASE, Deliverer, Sending, nonce_of, wait_after
from storage.engine import Database, open_database
from storage.tables import outbox
from storage.unit_of_work import SqlUnitOfWork
from tests.factories import MONDAY_NOON
from tests.fakes import FakeClock
from tests.migrated import new_database
from tests.storing import an_alert, opened
from watchers.audience import Delivery, Posted
from watchers.ports import SendError, SendLaterError, SendNeverError, UnitOfWork


class ScriptedMessenger:
    """A messenger that does as told and remembers what it was asked."""

    def __init__(self, clock: FakeClock) -> None:
        self.clock = clock
        self.failures: list[Exception] = []
        self.posts: list[tuple[str, str]] = []
        self.edits: list[str] = []
        self.takes = timedelta(0)

    async def post(self, delivery: Delivery, nonce: str) -> Posted:
        await self._go_through_with_it()
        self.posts.append((delivery.alert.key, nonce))
        return Posted(delivery.alert.channel_id or 0, 1000 + len(self.posts))

    async def edit(self, delivery: Delivery) -> Posted:
        await self._go_through_with_it()
        self.edits.append(delivery.alert.key)
        assert delivery.message_id is not None
        assert delivery.posted_in is not None
        return Posted(delivery.posted_in, delivery.message_id)

    async def _go_through_with_it(self) -> None:
        await asyncio.sleep(0)
        self.clock.advance(self.takes)
        if self.failures:
            raise self.failures.pop(0)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    url = new_database(tmp_path / "bot.db")
    opened_database = open_database(url)
    yield opened_database
    opened_database.close()


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def messenger(clock: FakeClock) -> ScriptedMessenger:
    return ScriptedMessenger(clock)


@pytest.fixture
def deliverer(database: Database, messenger: ScriptedMessenger, clock: FakeClock) -> Deliverer:
    return Deliverer(database, messenger, clock, "one", Sending(chance=lambda: 1.0))


async def put(database: Database, *keys: str, channel_id: int = 20) -> int:
    """Put alerts on one follow-up into the outbox; return its number."""
    followup = await opened(database)

    def work(unit: UnitOfWork) -> None:
        for key in keys:
            unit.outbox.put(an_alert(key, followup.id, channel_id=channel_id), MONDAY_NOON)

    await database.transact(work)
    return followup.id


async def waiting(database: Database) -> int:
    return (await database.look(lambda work: work.tally())).outbox_waiting


async def test_each_alert_is_posted_once_with_its_own_nonce(
    database: Database, messenger: ScriptedMessenger, deliverer: Deliverer
) -> None:
    await put(database, "a", "b")
    assert await deliverer.deliver() == 2
    assert await deliverer.deliver() == 0
    assert messenger.posts == [("a", nonce_of("a")), ("b", nonce_of("b"))]
    assert await waiting(database) == 0


async def test_a_reworded_alert_is_edited(
    database: Database, messenger: ScriptedMessenger, deliverer: Deliverer
) -> None:
    followup_id = await put(database, "a")
    await deliverer.deliver()
    await database.transact(lambda work: work.outbox.reword(followup_id))
    assert await deliverer.deliver() == 1
    assert messenger.edits == ["a"]
    assert len(messenger.posts) == 1


async def test_more_than_a_batch_is_delivered_in_one_call(
    database: Database, messenger: ScriptedMessenger, deliverer: Deliverer
) -> None:
    keys = [f"key-{number}" for number in range(IN_HAND + 3)]
    await put(database, *keys)
    assert await deliverer.deliver() == IN_HAND + 3
    assert [key for key, _ in messenger.posts] == keys


async def test_a_passing_failure_waits_longer_each_time(
    database: Database, messenger: ScriptedMessenger, deliverer: Deliverer, clock: FakeClock
) -> None:
    await put(database, "a")
    for wait in (5, 10, 20):
        messenger.failures = [SendLaterError("503")]
        assert await deliverer.deliver() == 0
        clock.advance(timedelta(seconds=wait - 1))
        assert await deliverer.deliver() == 0
        assert not messenger.failures
        clock.advance(timedelta(seconds=1))
    assert await deliverer.deliver() == 1


async def test_a_wait_that_was_asked_for_is_kept(
    database: Database, messenger: ScriptedMessenger, deliverer: Deliverer, clock: FakeClock
) -> None:
    await put(database, "a")
    messenger.failures = [SendLaterError("429", timedelta(seconds=90))]
    await deliverer.deliver()
    clock.advance(timedelta(seconds=89))
    assert await deliverer.deliver() == 0
    clock.advance(timedelta(seconds=1))
    assert await deliverer.deliver() == 1


@pytest.mark.parametrize(
    "failure", [SendNeverError("403 50013: Missing Permissions"), SendLaterError("503"), KeyError("x")]
)
async def test_one_failing_alert_does_not_hold_up_the_others(
    database: Database, messenger: ScriptedMessenger, deliverer: Deliverer, failure: SendError | KeyError
) -> None:
    await put(database, "a")
    await put(database, "b", channel_id=21)
    messenger.failures = [failure]
    assert await deliverer.deliver() == 1
    assert [key for key, _ in messenger.posts] == ["b"]


async def test_what_can_never_be_delivered_is_not_tried_again(
    database: Database, messenger: ScriptedMessenger, deliverer: Deliverer, clock: FakeClock
) -> None:
    await put(database, "a")
    messenger.failures = [SendNeverError("404 10003: Unknown Channel")]
    await deliverer.deliver()
    clock.advance(timedelta(days=1))
    assert await deliverer.deliver() == 0
    assert await waiting(database) == 0


async def test_what_a_killed_predecessor_held_is_sent_at_once_with_the_same_nonce(
    database: Database, messenger: ScriptedMessenger, clock: FakeClock
) -> None:
    await put(database, "a")
    until = clock.now() + LEASE
    await database.transact(lambda work: work.outbox.lease(clock.now(), worker="one", until=until, limit=1))
    other, successor = (Deliverer(database, messenger, clock, name) for name in ("two", "one"))
    assert await other.take_back() == 0
    assert await other.deliver() == 0
    assert await successor.take_back() == 1
    assert await successor.deliver() == 1
    assert messenger.posts == [("a", nonce_of("a"))]


async def test_nothing_is_sent_on_a_lease_that_is_about_to_run_out(
    database: Database, messenger: ScriptedMessenger, deliverer: Deliverer, clock: FakeClock
) -> None:
    keys = [f"key-{number}" for number in range(LANES + 1)]
    for number, key in enumerate(keys):
        await put(database, key, channel_id=20 + number)
    left: list[timedelta] = []
    all_on_their_way = asyncio.Event()

    async def post(delivery: Delivery, nonce: str) -> Posted:
        held = select(outbox.c.lease_until).where(outbox.c.id == delivery.id)
        until = await database.look(lambda work: cast("SqlUnitOfWork", work)._connection.scalar(held))
        assert until is not None
        left.append(until - clock.now())
        if len(left) == LANES:
            clock.advance(LEASE - timedelta(seconds=10))
            all_on_their_way.set()
        await all_on_their_way.wait()
        return await ScriptedMessenger.post(messenger, delivery, nonce)

    messenger.post = post  # type: ignore[method-assign]
    assert await deliverer.deliver() == LANES + 1
    assert sorted(key for key, _ in messenger.posts) == sorted(keys)
    assert left == [LEASE] * (LANES + 1)


def test_a_nonce_is_as_long_as_discord_allows_and_follows_from_the_key() -> None:
    assert len(nonce_of("said:1:20")) == 25
    assert nonce_of("said:1:20") == nonce_of("said:1:20") != nonce_of("said:1:21")


@pytest.mark.parametrize(("attempts", "seconds"), [(0, 5), (1, 10), (2, 20), (9, 2560), (10, 3600), (10_000, 3600)])
def test_waits_double_up_to_an_hour_and_are_spread_over_their_latter_half(attempts: int, seconds: int) -> None:
    waits = [wait_after(attempts, chance) for chance in (0.0, 0.5, 1.0)]
    assert waits == [timedelta(seconds=seconds * part) for part in (0.5, 0.75, 1.0)]
