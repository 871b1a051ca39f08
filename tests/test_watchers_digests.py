"""Digests from the store: one a day, at their hour, with nothing lost between them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from tests.factories import a_wish
from tests.reminding import House
from tests.watching import a_database
from watchers.audience import AlertForm, Rhythm, Section
from watchers.deadline_watcher import BATCH
from watchers.model import Interval
from watchers.rating import Outcome


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with a_database(tmp_path) as opened:
        yield House(opened)


async def test_a_daily_order_gets_one_digest_a_day_with_what_falls_due(house: House) -> None:
    number = await house.say()
    daily = await house.subscribe(a_wish(rhythm=Rhythm.DAILY))
    other = await house.say(topics=("harbour",))
    await house.gather(daily, other)

    assert [await house.at(3, 7, 59), await house.at(3), await house.at(3, 9)] == [0, 1, 0]
    assert [await house.at(6), await house.at(7), await house.at(13), await house.at(14)] == [1, 1, 1, 0]

    first, *later = await house.deliveries()
    assert (first.alert.key, first.alert.form) == (f"digest:{daily.id}:2026-03-03", AlertForm.DIGEST)
    assert first.alert.followup_ids == (number, other)
    assert first.alert.sections == (Section.DUE_THIS_WEEK, Section.NEWLY_SAID)
    assert [one.alert.sections for one in later] == [(Section.DUE_TODAY,), (Section.OVERDUE,), (Section.OVERDUE,)]
    assert {one.alert.followup_ids for one in later} == {(number,)}


async def test_an_order_in_digests_is_sent_no_reminders(house: House) -> None:
    await house.say()
    await house.subscribe(a_wish(rhythm=Rhythm.DAILY))

    for day in range(3, 9):
        await house.at(day)

    assert {form for form, _ in await house.outbox()} == {AlertForm.DIGEST}


async def test_a_weekly_order_gets_its_digest_on_its_day(house: House) -> None:
    await house.say(date(2026, 3, 20))
    await house.subscribe(a_wish(rhythm=Rhythm.WEEKLY, digest_weekday=2))

    put = [await house.at(day) for day in range(3, 28)]

    assert [day for day, count in zip(range(3, 28), put, strict=True) if count] == [18, 25]


async def test_what_is_gathered_after_the_digest_waits_for_tomorrows(house: House) -> None:
    number, later = await house.say(date(2026, 3, 20)), await house.say(date(2026, 3, 21))
    daily = await house.subscribe(a_wish(rhythm=Rhythm.DAILY))
    await house.gather(daily, number)
    assert await house.at(3) == 1
    await house.gather(daily, later)

    assert [await house.at(3, 22), await house.at(4, 7), await house.at(4), await house.at(5)] == [0, 0, 1, 0]

    assert [one.alert.followup_ids for one in await house.deliveries()] == [(number,), (later,)]


async def test_what_is_gathered_after_a_late_digest_waits_for_tomorrows(house: House) -> None:
    number, later = await house.say(date(2026, 3, 20)), await house.say(date(2026, 3, 21))
    daily = await house.subscribe(a_wish(rhythm=Rhythm.DAILY))
    await house.gather(daily, number)
    assert await house.at(4, 7, 30) == 1, "yesterday's, after downtime"
    await house.gather(daily, later)

    assert [await house.at(4), await house.at(5)] == [0, 1]

    assert [one.alert.followup_ids for one in await house.deliveries()] == [(number,), (later,)]


async def test_what_has_gathered_is_told_when_an_order_is_served_at_once_from_now_on(house: House) -> None:
    number, falling_due = await house.say(date(2026, 3, 20)), await house.say()
    daily = await house.subscribe(a_wish(rhythm=Rhythm.DAILY, lead_days=()))
    await house.gather(daily, number)
    assert (await house.subscribe(a_wish(lead_days=()))).id == daily.id

    assert [await house.at(2, 13), await house.at(3), await house.at(4)] == [1, 0, 0]

    [digest] = await house.deliveries()
    assert digest.alert.followup_ids == (number,)
    assert falling_due not in digest.alert.followup_ids


async def test_what_has_gathered_since_todays_digest_is_told_tomorrow_by_an_order_served_at_once(house: House) -> None:
    number, later = await house.say(date(2026, 3, 20)), await house.say(date(2026, 3, 21))
    daily = await house.subscribe(a_wish(rhythm=Rhythm.DAILY, lead_days=()))
    await house.gather(daily, number)
    assert await house.at(3) == 1
    await house.gather(daily, later)
    await house.subscribe(a_wish(lead_days=()))

    assert [await house.at(3, 9), await house.at(4), await house.at(5)] == [0, 1, 0]

    assert [one.alert.followup_ids for one in await house.deliveries()] == [(number,), (later,)]


async def test_what_was_rated_is_in_the_next_digest_alone(house: House) -> None:
    kept, moved = await house.say(), await house.say()
    await house.subscribe(a_wish(rhythm=Rhythm.DAILY))
    await house.rate(kept, Outcome.KEPT)
    await house.rate(moved, Outcome.MOVED, Interval(date(2026, 3, 4), date(2026, 3, 4)))

    assert [await house.at(3), await house.at(4)] == [1, 1]

    first, second = await house.deliveries()
    assert first.alert.sections == (Section.DUE_THIS_WEEK, Section.SETTLED)
    assert first.alert.followup_ids == (moved, kept)
    assert (second.alert.followup_ids, second.alert.sections) == ((moved,), (Section.DUE_TODAY,))


async def test_more_digests_than_one_batch_come_in_one_go(house: House) -> None:
    await house.say()
    for channel in range(BATCH + 1):
        await house.subscribe(a_wish(channel_id=20 + channel, rhythm=Rhythm.DAILY))

    assert [await house.at(3), await house.at(3, 9)] == [BATCH + 1, 0]


async def test_a_quiet_day_brings_no_digest(house: House) -> None:
    await house.subscribe(a_wish(rhythm=Rhythm.DAILY))

    assert await house.at(6) == 0
