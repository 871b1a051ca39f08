from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from storage.engine import Database
from tests.factories import MONDAY_NOON, a_statement, a_telling, a_wish, an_article, an_outlet
from tests.fakes import FakeClock
from tests.watching import AT_EIGHT, a_database
from watchers.alerts import reminders_for
from watchers.audience import AlertForm, Reminder, Rhythm, Subscription, SubscriptionWish
from watchers.deadline_watcher import BATCH, DeadlineWatcher, end_subscription, plan_reminders
from watchers.model import Interval, Kind
from watchers.ports import UnitOfWork

FRIDAY = date(2026, 3, 6)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with a_database(tmp_path) as opened:
        yield opened


class House:
    """A database with a feed in it, a clock, and the watcher over both."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.clock = FakeClock()
        self.watcher = DeadlineWatcher(database, self.clock, AT_EIGHT)
        self._articles = 0

    async def say(self, last: date | None = FRIDAY, *, topics: Sequence[str] = ("norland",)) -> int:
        """Open a follow-up due on `last`; return its number."""
        due = Interval(min(last, MONDAY_NOON.date()), last) if last else None
        self._articles += 1
        article = an_article(key=f"a-{self._articles}")

        def work(work: UnitOfWork) -> int:
            work.feeds.follow([an_outlet()], MONDAY_NOON)
            article_id = work.articles.add(work.feeds.all()[0].id, article, MONDAY_NOON)
            assert article_id is not None
            return work.followups.open(article_id, a_telling(a_statement(due=due)), topics).id

        return await self.database.transact(work)

    async def subscribe(self, wish: SubscriptionWish) -> Subscription:
        def work(work: UnitOfWork) -> Subscription:
            subscription, _ = work.subscriptions.put(wish, self.clock.now())
            plan_reminders(work, subscription, AT_EIGHT, self.clock.now())
            return subscription

        return await self.database.transact(work)

    async def at(self, day: int, hour: int = 8, minute: int = 0) -> int:
        """Let it be that time in March, and remind."""
        self.clock.set(datetime(2026, 3, day, hour, minute, tzinfo=UTC))
        return await self.watcher.remind()

    async def outbox(self) -> list[tuple[AlertForm, str]]:
        now = self.clock.now()
        leased = await self.database.transact(
            lambda work: work.outbox.lease(now, worker="test", until=now, limit=1_000)
        )
        return [(one.alert.form, one.alert.key) for one in leased]


@pytest.fixture
def house(database: Database) -> House:
    return House(database)


async def test_each_reminder_comes_once_on_its_day(house: House) -> None:
    await house.say()
    await house.subscribe(a_wish())

    put = [
        await house.at(5, 7, 59),
        await house.at(5),
        await house.at(5),
        await house.at(6),
        await house.at(6, 23),
        await house.at(7),
        await house.at(20),
    ]

    assert put == [0, 1, 0, 1, 0, 1, 0]
    assert await house.outbox() == [
        (AlertForm.REMINDER, "remind:1:20:1:2026-03-06"),
        (AlertForm.REMINDER, "remind:1:20:0:2026-03-06"),
        (AlertForm.OVERDUE, "remind:1:20:-1:2026-03-06"),
    ]


async def test_after_downtime_each_channel_hears_once_of_each_follow_up(house: House) -> None:
    await house.say()
    await house.say(date(2026, 3, 4))
    await house.subscribe(a_wish(channel_id=20))
    await house.subscribe(a_wish(channel_id=21, lead_days=(1,)))

    assert await house.at(6, 12) == 4
    assert await house.at(30) == 1

    assert sorted(await house.outbox()) == [
        (AlertForm.OVERDUE, "remind:1:20:-1:2026-03-06"),
        (AlertForm.OVERDUE, "remind:2:20:-1:2026-03-04"),
        (AlertForm.OVERDUE, "remind:2:21:1:2026-03-04"),
        (AlertForm.REMINDER, "remind:1:20:0:2026-03-06"),
        (AlertForm.REMINDER, "remind:1:21:1:2026-03-06"),
    ]


async def test_more_reminders_than_one_batch_come_in_one_go(house: House) -> None:
    numbers = [await house.say() for _ in range(BATCH // 3 + 1)]
    for channel in range(3):
        await house.subscribe(a_wish(channel_id=20 + channel, lead_days=(0,)))

    put = await house.at(6)

    assert put == 3 * len(numbers) > BATCH
    assert len(set(await house.outbox())) == put


async def test_downtime_is_folded_across_batches_too(house: House) -> None:
    for _ in range(BATCH // 2 + 1):
        await house.say()
    await house.subscribe(a_wish())

    assert await house.at(9) == BATCH // 2 + 1
    assert {form for form, _ in await house.outbox()} == {AlertForm.OVERDUE}


async def test_a_new_order_plans_what_is_pending_and_still_ahead(house: House) -> None:
    await house.say()
    await house.say(date(2026, 3, 1))
    await house.say(None)
    await house.say(topics=("harbour",))
    house.clock.set(datetime(2026, 3, 6, 9, tzinfo=UTC))
    await house.subscribe(a_wish(kinds=frozenset({Kind.DEADLINE})))
    await house.subscribe(a_wish(channel_id=22, kinds=frozenset({Kind.EVENT})))

    assert await house.at(7) == 1
    assert await house.outbox() == [(AlertForm.OVERDUE, "remind:1:20:-1:2026-03-06")]


async def test_one_order_of_a_channel_speaks_for_a_follow_up(house: House) -> None:
    await house.say()
    await house.subscribe(a_wish(topic="norland", lead_days=(0,)))
    await house.subscribe(a_wish(topic="*", lead_days=(1, 0, -1)))

    assert [await house.at(5), await house.at(6), await house.at(7)] == [0, 1, 0]


async def test_an_order_taken_back_reminds_no_more(house: House) -> None:
    await house.say()
    wish = a_wish()
    await house.subscribe(wish)
    await house.database.transact(lambda work: work.subscriptions.remove(wish.guild_id, wish.channel_id, wish.topic))

    assert await house.at(6) == 0


async def test_personal_reminders_reach_the_person_at_their_minute(house: House) -> None:
    number = await house.say()
    when = datetime(2026, 3, 3, 14, 30, tzinfo=UTC)
    reminders = [
        Reminder("p-1", when, number, None, None, 7, None),
        Reminder("p-2", when, None, None, None, 8, "Call Vadehavn"),
    ]
    await house.database.transact(lambda work: work.reminders.plan(reminders))

    assert [await house.at(3, 14, 29), await house.at(3, 14, 30), await house.at(3, 14, 31)] == [0, 2, 0]
    assert await house.outbox() == [(AlertForm.PERSONAL, "personal:p-1"), (AlertForm.PERSONAL, "personal:p-2")]


async def test_a_daily_order_gets_one_digest_a_day_with_what_falls_due(house: House) -> None:
    number = await house.say()
    daily = await house.subscribe(a_wish(rhythm=Rhythm.DAILY, lead_days=(0,)))
    other = await house.say(topics=("harbour",))
    await house.database.transact(lambda work: work.outbox.gather(daily.id, other))

    assert [await house.at(6, 7, 59), await house.at(6), await house.at(6, 9)] == [0, 1, 0]

    [delivery] = await house.database.transact(
        lambda work: work.outbox.lease(house.clock.now(), worker="t", until=house.clock.now(), limit=9)
    )
    assert (delivery.alert.key, delivery.alert.form) == (f"digest:{daily.id}:2026-03-06", AlertForm.DIGEST)
    assert sorted(delivery.alert.followup_ids) == [number, other]


async def test_what_is_gathered_after_the_digest_waits_for_tomorrows(house: House) -> None:
    number, later = await house.say(date(2026, 3, 20)), await house.say(date(2026, 3, 21))
    daily = await house.subscribe(a_wish(rhythm=Rhythm.DAILY, lead_days=()))
    await house.database.transact(lambda work: work.outbox.gather(daily.id, number))
    assert await house.at(3) == 1
    await house.database.transact(lambda work: work.outbox.gather(daily.id, later))

    assert [await house.at(3, 22), await house.at(4, 7), await house.at(4), await house.at(5)] == [0, 0, 1, 0]

    now = house.clock.now()
    digests = await house.database.transact(lambda work: work.outbox.lease(now, worker="t", until=now, limit=9))
    assert [one.alert.followup_ids for one in digests] == [(number,), (later,)]


async def test_a_quiet_day_brings_no_digest(house: House) -> None:
    await house.subscribe(a_wish(rhythm=Rhythm.DAILY))

    assert await house.at(6) == 0


async def test_a_crash_while_reminding_loses_and_doubles_nothing(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    await house.say()
    await house.subscribe(a_wish(lead_days=(0,)))
    with monkeypatch.context() as patched:
        patched.setattr("watchers.deadline_watcher.reminder_alert", _crash)
        with pytest.raises(RuntimeError, match="killed"):
            await house.at(6)
    assert await house.outbox() == []

    assert await house.at(6, 8, 1) == 1


def _crash(*_: object) -> None:
    message = "killed"
    raise RuntimeError(message)


async def test_planning_twice_changes_nothing(house: House) -> None:
    await house.say()
    subscription = await house.subscribe(a_wish(lead_days=(0,)))

    def again(work: UnitOfWork) -> None:
        plan_reminders(work, subscription, AT_EIGHT, MONDAY_NOON)
        for followup in work.followups.pending_on("*", MONDAY_NOON.date()):
            work.reminders.plan(reminders_for(followup, subscription, AT_EIGHT, MONDAY_NOON - timedelta(days=9)))

    await house.database.transact(again)

    assert await house.at(6) == 1


async def test_what_another_order_wants_too_is_still_reminded_of_after_one_ends(house: House) -> None:
    await house.say()
    await house.subscribe(a_wish(topic="norland", lead_days=(0,)))
    await house.subscribe(a_wish(topic="*", lead_days=(0,)))

    def end(work: UnitOfWork) -> tuple[bool, bool]:
        ended = [
            end_subscription(work, 10, 20, "norland", at=AT_EIGHT, now=MONDAY_NOON),
            end_subscription(work, 10, 20, "norland", at=AT_EIGHT, now=MONDAY_NOON),
        ]
        return ended[0], ended[1]

    assert await house.database.transact(end) == (True, False)
    assert await house.at(6) == 1
