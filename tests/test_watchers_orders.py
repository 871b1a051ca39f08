"""Orders that change: moved, served otherwise, or carried along when their server's clock is set anew."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.factories import a_wish
from tests.reminding import House
from tests.watching import a_database
from watchers.audience import AlertForm, Guild, LocalHour, Rhythm, Subscription, SubscriptionWish
from watchers.deadline_watcher import change_subscription, settle_guild

UTC_AT_8 = LocalHour(ZoneInfo("UTC"), 8)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with a_database(tmp_path) as opened:
        yield House(opened)


async def change(house: House, order: Subscription, wish: SubscriptionWish) -> Subscription | None:
    return await house.database.transact(
        lambda work: change_subscription(work, order.id, wish, house.clock.now(), by=7)
    )


async def settle(house: House, zone: str, hour: int, *, before: LocalHour = UTC_AT_8) -> int:
    after = LocalHour(ZoneInfo(zone), hour)
    guild = Guild(10, zone=zone, digest_hour=hour)
    return await house.database.transact(
        lambda work: settle_guild(work, guild, house.clock.now(), before=before, after=after, by=7)
    )


async def orders(house: House) -> list[Subscription]:
    return list(await house.database.look(lambda work: work.subscriptions.of_guild(10)))


def set_clock(house: House, day: int, hour: int, minute: int = 0) -> None:
    house.clock.set(datetime(2026, 3, day, hour, minute, tzinfo=UTC))


async def keys(house: House) -> list[str]:
    return [key for _, key in await house.outbox()]


async def test_a_moved_order_keeps_its_number_and_reminds_in_its_new_channel(house: House) -> None:
    await house.say()
    order = await house.subscribe(a_wish())
    other = await house.subscribe(a_wish(topic="*", lead_days=(0,)))
    moved = await change(house, order, a_wish(channel_id=21))
    assert moved is not None
    assert (moved.id, moved.created_at) == (order.id, order.created_at)
    assert [one.id for one in await orders(house)] == [other.id, order.id]
    assert await house.at(5) == 1
    assert await house.at(6) == 2  # what it spoke for where it was, the other order tells there from now on
    assert await keys(house) == [
        "remind:1:21:1:2026-03-06",
        "remind:1:20:0:2026-03-06",
        "remind:1:21:0:2026-03-06",
    ]


async def test_an_order_of_another_server_cannot_be_changed(house: House) -> None:
    order = await house.subscribe(a_wish())
    assert await change(house, order, a_wish(guild_id=11, channel_id=21)) is None
    assert await orders(house) == [order]


async def test_a_moved_order_takes_along_what_it_has_gathered(house: House) -> None:
    number = await house.say()
    order = await house.subscribe(a_wish(rhythm=Rhythm.DAILY))
    await house.gather(order, number)
    await change(house, order, a_wish(channel_id=21, rhythm=Rhythm.DAILY))
    assert await house.at(3) == 1
    (delivery,) = await house.deliveries()
    assert (delivery.alert.channel_id, delivery.alert.followup_ids) == (21, (number,))


async def test_a_new_zone_takes_every_order_along_and_a_new_hour_those_that_kept_the_servers(house: House) -> None:
    await house.subscribe(a_wish(channel_id=20))
    await house.subscribe(a_wish(channel_id=21, hour=18))
    await house.subscribe(a_wish(guild_id=11, channel_id=30))
    assert await settle(house, "Asia/Tokyo", 7) == 2
    assert [(one.wish.at.zone.key, one.wish.at.hour) for one in await orders(house)] == [
        ("Asia/Tokyo", 7),
        ("Asia/Tokyo", 18),
    ]
    (stranger,) = await house.database.look(lambda work: work.subscriptions.of_guild(11))
    assert stranger.wish.at == UTC_AT_8
    settled = await house.database.look(lambda work: work.guilds.get(10))
    assert (settled.zone, settled.digest_hour) == ("Asia/Tokyo", 7)


async def test_settling_what_is_settled_changes_no_order(house: House) -> None:
    await house.subscribe(a_wish())
    assert await settle(house, "UTC", 8) == 0


async def test_reminders_come_at_the_new_hour_of_the_new_zone(house: House) -> None:
    await house.say()
    await house.subscribe(a_wish(lead_days=(0,)))
    await settle(house, "America/New_York", 9)  # 14:00 UTC in winter
    assert [await house.at(6, 8), await house.at(6, 13, 59), await house.at(6, 14)] == [0, 0, 1]


async def test_a_reminder_of_today_is_not_lost_when_the_new_hour_has_passed(house: House) -> None:
    await house.say()
    await house.subscribe(a_wish(hour=10, lead_days=(0,)))
    set_clock(house, 6, 9, 30)
    await settle(house, "UTC", 8, before=LocalHour(ZoneInfo("UTC"), 10))
    assert await house.at(6, 9, 31) == 1
    assert await house.at(6, 10) == 0


async def test_a_reminder_that_came_today_does_not_come_again_at_a_later_hour(house: House) -> None:
    await house.say()
    await house.subscribe(a_wish(lead_days=(0,)))
    assert await house.at(6, 8) == 1
    await settle(house, "UTC", 12)
    assert await house.at(6, 12) == 0


@pytest.mark.parametrize(("rhythm", "day"), [(Rhythm.DAILY, 3), (Rhythm.WEEKLY, 9)])
async def test_a_digest_of_today_is_not_lost_when_the_new_hour_has_passed(
    house: House, rhythm: Rhythm, day: int
) -> None:
    number = await house.say()
    order = await house.subscribe(a_wish(hour=10, rhythm=rhythm))
    await house.gather(order, number)
    set_clock(house, day, 9, 30)
    await settle(house, "UTC", 8, before=LocalHour(ZoneInfo("UTC"), 10))
    assert await house.at(day, 9, 31) == 1
    assert await house.at(day, 10) == 0
    assert await house.outbox() == [(AlertForm.DIGEST, f"digest:{order.id}:2026-03-{day:02}")]


async def test_a_digest_that_came_today_does_not_come_again_at_a_later_hour(house: House) -> None:
    number = await house.say()
    order = await house.subscribe(a_wish(rhythm=Rhythm.DAILY))
    await house.gather(order, number)
    assert await house.at(3) == 1
    await settle(house, "UTC", 12)
    assert await house.at(3, 12) == 0


async def test_a_digest_that_is_due_already_comes_although_its_order_is_changed(house: House) -> None:
    number = await house.say()
    order = await house.subscribe(a_wish(rhythm=Rhythm.DAILY))
    await house.gather(order, number)
    set_clock(house, 3, 8)
    await change(house, order, replace(order.wish, role_id=5))
    assert await house.at(3, 8, 1) == 1


async def test_a_weekly_digest_waits_for_its_day_after_its_hour_changed(house: House) -> None:
    number = await house.say()
    order = await house.subscribe(a_wish(rhythm=Rhythm.WEEKLY))
    await house.gather(order, number)
    set_clock(house, 4, 9)
    await settle(house, "UTC", 7)
    assert [await house.at(5, 7), await house.at(9, 7)] == [0, 1]
