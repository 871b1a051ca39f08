"""Reminders at the local hour and quiet hours, through the real store, around every change of the clocks."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage.engine import open_database
from tests.clocks import CHANGES, HOUR, ZONES, days, hours, zones
from tests.factories import a_wish
from tests.migrated import new_database
from tests.reminding import House
from watchers.audience import AlertForm, Delivery, Posted, QuietHours, Rhythm, SubscriptionWish
from watchers.ports import UnitOfWork

A_DAY = timedelta(days=1)
A_QUARTER = timedelta(minutes=15)
LEADS = (1, 0, -1)
# Zones that never change their clocks are watched while another one does.
WATCHED = [*CHANGES, *((zone, CHANGES[0][1]) for zone in ZONES if zone not in {changing for changing, _ in CHANGES})]
FEW = [next(one for one in CHANGES if one[0].key == name) for name in ("America/Havana", "Antarctica/Troll")]


def empty_database(folder: Path) -> str:
    return new_database(folder / "empty.db")


def noon_of(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(12), zone).astimezone(UTC)


class Mailbox:
    """A bot that runs at given instants, and remembers when each alert went out."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.sent: list[tuple[str, AlertForm, datetime]] = []

    async def run_at(self, instants: Sequence[datetime]) -> None:
        for now in instants:
            self.house.clock.set(now)
            await self.house.watcher.remind()
            for one in await self.house.deliveries():
                self.sent.append((one.alert.key, one.alert.form, now))
                mark = partial(mark_sent, delivery=one, posted=Posted(20, 1000 + len(self.sent)), now=now)
                await self.house.database.transact(mark)


def mark_sent(work: UnitOfWork, *, delivery: Delivery, posted: Posted, now: datetime) -> None:
    work.outbox.sent(delivery, posted, now)


# --- the local hour ---------------------------------------------------------------------------------------


async def comes_at_its_local_hour(folder: Path, zone: ZoneInfo, change: datetime) -> None:
    """Remind of three days around a change at four hours, one of which it may skip or repeat, asking each quarter."""
    database = open_database(empty_database(folder))
    house = House(database)
    today = change.astimezone(zone).date()
    begin = noon_of(today - 3 * A_DAY, zone)
    house.clock.set(begin)
    for number in range(-1, 2):
        await house.say(today + number * A_DAY)
    chosen = (0, 2, 3, 8)
    for hour in chosen:
        await house.subscribe(a_wish(zone=zone.key, hour=hour, channel_id=100 + hour))
    box = Mailbox(house)
    await box.run_at([begin + number * A_QUARTER for number in range(6 * 24 * 4)])
    database.close()

    assert len(box.sent) == len({key for key, _, _ in box.sent}) == 3 * len(chosen) * len(LEADS)
    for key, _, at in box.sent:
        _, _, channel, lead, last = key.split(":")
        wanted = datetime.combine(date.fromisoformat(last) - int(lead) * A_DAY, time(int(channel) - 100), zone)
        local = at.astimezone(zone)
        there_is_such_an_hour = wanted.astimezone(UTC).astimezone(zone).time() == wanted.time()
        assert local.date() == wanted.date(), key
        if there_is_such_an_hour:
            assert local.time() == wanted.time(), key
            assert local.fold == 0, f"{key} in the second of two hours"
        else:
            assert timedelta(0) < local.replace(tzinfo=None) - wanted.replace(tzinfo=None) <= 2 * HOUR, key


@pytest.mark.parametrize(("zone", "change"), FEW, ids=str)
async def test_reminders_come_at_their_local_hour_through_a_change(
    tmp_path: Path, zone: ZoneInfo, change: datetime
) -> None:
    await comes_at_its_local_hour(tmp_path, zone, change)


@pytest.mark.slow
@pytest.mark.parametrize(("zone", "change"), WATCHED, ids=str)
async def test_reminders_come_at_their_local_hour_in_twelve_zones_through_both_changes(
    tmp_path: Path, zone: ZoneInfo, change: datetime
) -> None:
    await comes_at_its_local_hour(tmp_path, zone, change)


def test_there_are_twelve_zones_and_each_change_of_theirs_is_watched() -> None:
    assert len({zone for zone, _ in WATCHED}) == 12
    changing = [zone for zone, _ in CHANGES]
    assert {changing.count(zone) for zone in set(changing)} == {2}


# --- quiet hours ------------------------------------------------------------------------------------------


@st.composite
def orders(draw: st.DrawFn) -> tuple[SubscriptionWish, date, int]:
    """An order with quiet hours, a last day, and the minute of the hour at which the bot runs."""
    first = draw(hours)
    last = draw(hours.filter(lambda hour: hour != first))
    rhythm = draw(st.sampled_from([Rhythm.INSTANT, Rhythm.INSTANT, Rhythm.DAILY]))
    wish = a_wish(
        zone=draw(zones).key, hour=draw(hours), quiet=QuietHours(first, last), rhythm=rhythm, lead_days=LEADS, role_id=9
    )
    return wish, draw(days), draw(st.integers(0, 59))


def is_quiet(moment: datetime, wish: SubscriptionWish) -> bool:
    """Whether the clock on the wall shows a quiet hour."""
    assert wish.quiet is not None
    hour, (first, last) = moment.astimezone(wish.at.zone).hour, (wish.quiet.first, wish.quiet.last)
    return first <= hour < last if first < last else hour >= first or hour < last


async def delays_and_never_swallows(file: Path, wish: SubscriptionWish, last_day: date, minute: int) -> None:
    """Let the bot run once an hour for a week and a half around a last day."""
    database = open_database(f"sqlite:///{file}")
    house = House(database)
    begin = noon_of(last_day - 3 * A_DAY, wish.at.zone).replace(minute=minute)
    ticks = [begin + number * HOUR for number in range(10 * 24)]
    house.clock.set(begin - HOUR)
    await house.say(last_day)
    await house.subscribe(wish)
    box = Mailbox(house)
    await box.run_at(ticks)
    database.close()

    if wish.rhythm is Rhythm.DAILY:
        begun = [wish.at.on(last_day + number * A_DAY) for number in range(-3, 6)]
        decided = {f"digest:1:{wish.at.day_of(now).isoformat()}": now for now in begun if now > begin}
    else:
        decided = {f"remind:1:20:{lead}:{last_day.isoformat()}": wish.at.on(last_day - lead * A_DAY) for lead in LEADS}
    expected = {
        key: next(tick for tick in ticks if tick >= moment and not is_quiet(tick, wish))
        for key, moment in decided.items()
    }
    sent = {key: at for key, _, at in box.sent}
    assert len(sent) == len(box.sent), "one of them came twice"
    assert not [key for key, at in sent.items() if is_quiet(at, wish)]
    if wish.rhythm is Rhythm.DAILY:
        # A day on which a digest has nothing to say is left out, but not the last day itself.
        today = f"digest:1:{last_day.isoformat()}"
        assert today in sent
        expected = {key: at for key, at in expected.items() if key in sent}
        sent = {key: at for key, at in sent.items() if key in expected}
    assert sent == expected


def drawn(examples: int) -> settings:
    slow = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
    return settings(max_examples=examples, deadline=None, suppress_health_check=slow)


def try_one(folder: Path, order: tuple[SubscriptionWish, date, int]) -> None:
    empty, file = folder / "empty.db", folder / "bot.db"
    if not empty.exists():
        empty_database(folder)
    for left in folder.glob("bot.db*"):
        left.unlink()
    shutil.copy(empty, file)
    asyncio.run(delays_and_never_swallows(file, *order))


@drawn(8)
@given(order=orders())
def test_quiet_hours_delay_and_never_swallow(tmp_path: Path, order: tuple[SubscriptionWish, date, int]) -> None:
    try_one(tmp_path, order)


@pytest.mark.slow
@drawn(150)
@given(order=orders())
def test_quiet_hours_delay_and_never_swallow_in_the_long_run(
    tmp_path: Path, order: tuple[SubscriptionWish, date, int]
) -> None:
    try_one(tmp_path, order)
