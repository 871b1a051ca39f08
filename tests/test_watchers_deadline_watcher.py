from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.factories import MONDAY_NOON, a_wish
from tests.reminding import FRIDAY, House
from tests.watching import a_database
from watchers.alerts import reminders_for
from watchers.audience import (
    AlertForm,
    Recurrence,
    Reminder,
    Rhythm,
    Subscription,
    Unit,
)
from watchers.deadline_watcher import (
    BATCH,
    end_subscription,
    plan_reminders,
)
from watchers.model import Interval, Kind
from watchers.ports import UnitOfWork
from watchers.rating import Outcome


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with a_database(tmp_path) as opened:
        yield House(opened)


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
    assert await house.at(30) == 2

    assert sorted(await house.outbox()) == [
        (AlertForm.OVERDUE, "remind:1:20:-1:2026-03-06"),
        (AlertForm.OVERDUE, "remind:1:21:-1:2026-03-06"),
        (AlertForm.OVERDUE, "remind:2:20:-1:2026-03-04"),
        (AlertForm.OVERDUE, "remind:2:21:-1:2026-03-04"),
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


async def test_what_is_far_ahead_is_planned_when_it_comes_near(house: House) -> None:
    await house.say(date(2026, 3, 20))
    await house.subscribe(a_wish())

    def planned(work: UnitOfWork) -> int:
        return len(work.reminders.due(datetime(2027, 1, 1, tzinfo=UTC), 9))

    assert await house.database.look(planned) == 0
    assert [await house.at(day) for day in range(3, 19)] == [0] * 16
    assert await house.database.look(planned) == 3
    assert [await house.at(day) for day in range(19, 23)] == [1, 1, 1, 0]


async def test_all_that_comes_near_is_planned_however_much_it_is(house: House) -> None:
    many = [date(2026, 3, 20)] * (BATCH + 5) + [date(2026, 3, day) for day in (18, 19, 21)]
    for last in many:
        await house.say(last)
    await house.subscribe(a_wish(lead_days=(0,)))

    assert [await house.at(day) for day in range(15, 23)] == [0, 0, 0, 1, 1 + 1, BATCH + 5 + 1, 1 + BATCH + 5, 1]


async def test_what_came_near_and_passed_during_downtime_is_told_afterwards(house: House) -> None:
    await house.say(date(2026, 3, 20))
    await house.subscribe(a_wish())

    assert [await house.at(30), await house.at(31)] == [1, 0]
    assert await house.outbox() == [(AlertForm.OVERDUE, "remind:1:20:-1:2026-03-20")]


async def test_what_had_passed_before_an_order_is_not_told_by_looking_ahead(house: House) -> None:
    await house.say()
    await house.subscribe(a_wish(channel_id=21))
    house.clock.set(datetime(2026, 3, 5, 9, tzinfo=UTC))
    await house.subscribe(a_wish())

    assert [await house.at(5, 10), await house.at(6, 7), await house.at(6)] == [1, 0, 2]
    assert "remind:1:20:1:2026-03-06" not in [key for _, key in await house.outbox()]


async def test_one_order_of_a_channel_speaks_for_a_follow_up(house: House) -> None:
    await house.say()
    await house.subscribe(a_wish(topic="norland", lead_days=(0,)))
    await house.subscribe(a_wish(topic="*", lead_days=(1, 0, -1)))

    assert [await house.at(5), await house.at(6), await house.at(7)] == [0, 1, 1]


async def test_an_order_taken_back_reminds_no_more(house: House) -> None:
    await house.say()
    order = await house.subscribe(a_wish())
    await house.database.transact(lambda work: work.subscriptions.remove(10, order.id))

    assert await house.at(6) == 0


async def test_personal_reminders_reach_the_person_at_their_minute(house: House) -> None:
    number = await house.say()
    when = datetime(2026, 3, 3, 14, 30, tzinfo=UTC)
    reminders = [
        Reminder("p-1", when, number, user_id=7),
        Reminder("p-2", when, user_id=8, note="Call Vadehavn"),
    ]
    await house.database.transact(lambda work: work.reminders.plan(reminders))

    assert [await house.at(3, 14, 29), await house.at(3, 14, 30), await house.at(3, 14, 31)] == [0, 2, 0]
    instant = int(when.timestamp())
    assert await house.outbox() == [(AlertForm.PERSONAL, f"personal:p-{number}:{instant}") for number in (1, 2)]


async def test_a_reminder_that_recurs_comes_once_each_time_and_once_after_downtime(house: House) -> None:
    each_day = Recurrence(1, Unit.DAY, ZoneInfo("UTC"), 3, time(14))
    first = Reminder("p-1", datetime(2026, 3, 3, 14, tzinfo=UTC), user_id=7, note="Call", recurrence=each_day)
    await house.database.transact(lambda work: work.reminders.plan([first]))

    put = [
        await house.at(3, 13, 59),
        await house.at(3, 14),
        await house.at(3, 23),
        await house.at(4, 14),
        await house.at(9, 15),
        await house.at(10, 13, 59),
        await house.at(10, 14),
    ]

    assert put == [0, 1, 0, 1, 1, 0, 1]
    assert len(set(await house.outbox())) == 4


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
        plan_reminders(work, subscription, MONDAY_NOON)
        for case in work.cases.due_within(10, "*", Interval(MONDAY_NOON.date(), FRIDAY)):
            work.reminders.plan(reminders_for(case, subscription, MONDAY_NOON - timedelta(days=9)))

    await house.database.transact(again)

    assert await house.at(6) == 1


async def test_what_another_order_wants_too_is_still_reminded_of_after_one_ends(house: House) -> None:
    await house.say()
    order = await house.subscribe(a_wish(topic="norland", lead_days=(0,)))
    await house.subscribe(a_wish(topic="*", lead_days=(0,)))

    def end(work: UnitOfWork) -> list[Subscription | None]:
        return [end_subscription(work, 10, order.id, by=7, now=MONDAY_NOON) for _ in range(2)]

    assert await house.database.transact(end) == [order, None]
    assert await house.at(6) == 1


@pytest.mark.parametrize("guild_id", [11, 0])
async def test_nobody_ends_an_order_of_another_server(house: House, guild_id: int) -> None:
    await house.say()
    order = await house.subscribe(a_wish(lead_days=(0,)))

    ended = await house.database.transact(
        lambda work: end_subscription(work, guild_id, order.id, by=7, now=MONDAY_NOON)
    )

    assert ended is None
    assert await house.at(6) == 1


async def test_a_changed_order_is_reminded_as_it_asks_now(house: House) -> None:
    await house.say()
    await house.subscribe(a_wish(lead_days=(1, 0, -1)))
    await house.subscribe(a_wish(lead_days=(0,), hour=10))

    assert [await house.at(5, 12), await house.at(6, 9), await house.at(6, 10), await house.at(9)] == [0, 0, 1, 1]


async def test_an_order_that_speaks_before_another_takes_over_its_reminders(house: House) -> None:
    await house.say()
    await house.subscribe(a_wish(topic="*", lead_days=(1, 0, -1)))
    await house.subscribe(a_wish(topic="norland", lead_days=(0,)))

    assert [await house.at(5), await house.at(6), await house.at(7)] == [0, 1, 1]


async def test_a_reminder_that_is_due_already_comes_although_its_order_is_changed(house: House) -> None:
    await house.say()
    await house.subscribe(a_wish(lead_days=(1, 0)))
    house.clock.set(datetime(2026, 3, 5, 8, 1, tzinfo=UTC))
    await house.subscribe(a_wish(lead_days=(1, 0), role_id=9))

    assert await house.at(5, 8, 2) == 1


async def test_a_paused_order_is_told_nothing_until_it_is_resumed(house: House) -> None:
    await house.say()
    await house.subscribe(a_wish())
    await house.subscribe(a_wish(paused=True))
    daily = await house.subscribe(a_wish(channel_id=21, rhythm=Rhythm.DAILY, paused=True))
    assert [await house.at(3), await house.at(5)] == [0, 0]

    await house.subscribe(a_wish())
    await house.subscribe(a_wish(channel_id=21, rhythm=Rhythm.DAILY))

    assert [await house.at(6), await house.at(6, 9)] == [2, 0]
    assert sorted(key for _, key in await house.outbox()) == [
        f"digest:{daily.id}:2026-03-06",
        "remind:1:20:0:2026-03-06",
    ]


async def test_a_rating_changes_the_reminders_of_its_server_alone(house: House) -> None:
    settled, moved = await house.say(), await house.say()
    await house.subscribe(a_wish(lead_days=(0,)))
    await house.subscribe(a_wish(guild_id=11, channel_id=30, lead_days=(0,)))
    await house.rate(settled, Outcome.KEPT)
    await house.rate(moved, Outcome.MOVED, Interval(date(2026, 3, 9), date(2026, 3, 9)))

    assert [await house.at(6), await house.at(7), await house.at(9)] == [2, 2, 1]
    assert [key for _, key in await house.outbox()] == [
        f"remind:{settled}:30:0:2026-03-06",
        f"remind:{moved}:30:0:2026-03-06",
        f"remind:{settled}:30:-1:2026-03-06",
        f"remind:{moved}:30:-1:2026-03-06",
        f"remind:{moved}:20:0:2026-03-09",
    ]
