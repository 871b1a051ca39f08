"""A machine's clock that is set an hour ahead or back, and local clocks that change: nothing lost, nothing told twice.

Promised: what was decided before a clock was set back comes later by as much, at most; nobody waits for a lease from
before; leases that run out early have nothing done twice; ticks go on; a reminder whose local hour is skipped comes
after the gap, and one whose hour is repeated comes once.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot import delivery
from bot.delivery import Deliverer, Sending
from bot.scheduler import Tick, Ticks
from storage.engine import Database
from tests.clocks import CHANGES
from tests.factories import MONDAY_NOON, a_wish, an_article, an_outlet
from tests.fakes import FakeClock, ScriptedFetcher
from tests.loopback import rss
from tests.reminding import House
from tests.scheduler_time import point_apscheduler_at
from tests.storing import a_claim, an_alert, articles_in, minutes, opened
from tests.test_bot_delivery import ScriptedMessenger
from tests.watching import article, watch
from watchers.audience import Delivery, Posted, QuietHours, Recurrence, Reminder, Rhythm, Unit
from watchers.deadline_watcher import change_subscription, put_subscription
from watchers.feed_memory import Claim
from watchers.feed_model import Fetched, Stage
from watchers.feed_watcher import FeedWatcher
from watchers.leases import Holder, InHand
from watchers.ports import SendLaterError, UnitOfWork

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
FEED = "https://meridian.example/rss"
JUMPS = pytest.mark.parametrize("jump", [HOUR, -HOUR], ids=["ahead", "back"])


# --- leases ---------------------------------------------------------------------------------------------------------


async def taken(store: Database, claim: Claim) -> tuple[int, int]:
    """Take all feeds and articles that there are to be had; return how many."""

    def take(work: UnitOfWork) -> tuple[int, int]:
        return len(work.feeds.take(claim, 9)), len(work.articles.take((Stage.READING,), claim, 9))

    return await store.transact(take)


async def work_to_do(store: Database) -> None:
    def fill(work: UnitOfWork) -> None:
        work.feeds.follow([an_outlet()], minutes(-120))
        [feed] = work.feeds.all()
        work.articles.add([(feed.id, an_article(), Stage.READING)], MONDAY_NOON)

    await store.transact(fill)


@JUMPS
async def test_nobody_waits_for_the_leases_of_a_dead_process_longer_than_they_last(
    store: Database, jump: timedelta
) -> None:
    await work_to_do(store)
    assert await taken(store, a_claim(holder="dead")) == (1, 1)
    assert await taken(store, a_claim(minutes(0.5), holder="heir")) == (0, 0)
    assert await taken(store, a_claim(MONDAY_NOON + jump, holder="heir")) == (1, 1)


async def test_what_is_still_worked_on_after_the_clock_was_set_back_is_renewed_and_left_alone(store: Database) -> None:
    await work_to_do(store)
    clock = FakeClock()
    in_hand = InHand(store, clock, Holder("alive"), lambda work: work.feeds)
    claim = in_hand.claim()
    feeds = await store.transact(lambda work: work.feeds.take(claim, 9))
    in_hand.hold(feeds, claim, lambda feed: feed.id)
    clock.advance(-HOUR)
    await in_hand.renew()
    assert await taken(store, a_claim(clock.now(), holder="other")) == (0, 1)
    assert (await taken(store, a_claim(clock.now() + 2 * MINUTE, holder="other")))[0] == 1


# --- polls ----------------------------------------------------------------------------------------------------------


class MeddlingFetcher(ScriptedFetcher):
    """A fetcher during whose first fetch the clock is set, and another process polls."""

    def __init__(self, clock: FakeClock, jump: timedelta, body: bytes) -> None:
        super().__init__({FEED: body})
        self._clock, self._jump = clock, jump
        self.other: FeedWatcher | None = None

    async def fetch(self, url: str, **how: Any) -> Fetched:
        other, self.other = self.other, None
        if other is not None:
            self._clock.advance(self._jump)
            await other.poll_due()
        return await super().fetch(url, **how)


@JUMPS
async def test_what_two_processes_poll_and_read_while_the_clock_is_set_is_told_once(
    store: Database, jump: timedelta
) -> None:
    clock = FakeClock()
    await store.transact(lambda work: work.feeds.follow([an_outlet(feed_url=FEED)], minutes(-120)))
    await store.transact(lambda work: put_subscription(work, a_wish(), minutes(-120)))
    fetcher = MeddlingFetcher(clock, jump, rss(article()))
    one, fetcher.other = watch(store, fetcher, clock), watch(store, fetcher, clock)
    await one.poll_due()
    assert len(fetcher.asked) == 2, "the other took the feed as well"
    assert await store.look(articles_in) == 1
    fetcher.answers[FEED] = rss(article("Norland must sign by Friday.", "a-2"), article())
    latest = clock.now() + HOUR + timedelta(minutes=20)
    while await store.look(articles_in) == 1:
        assert clock.now() <= latest
        clock.advance(MINUTE)
        await one.poll_due()
    assert await keys_told(store, clock) == Counter({"said:1:20": 1, "said:2:20": 1})


async def keys_told(store: Database, clock: FakeClock) -> Counter[str]:
    """Deliver what waits until nothing does; return how often each alert was posted."""
    messenger = ScriptedMessenger(clock)
    deliverer = Deliverer(store, messenger, clock, "one")
    for _ in range(int(2 * HOUR / MINUTE)):
        await deliverer.deliver()
        clock.advance(MINUTE)
    assert (await store.look(lambda work: work.tally())).outbox_waiting == 0
    return Counter(key for key, _ in messenger.posts)


# --- delivery -------------------------------------------------------------------------------------------------------


async def put(store: Database, *channels: int) -> None:
    followup = await opened(store)

    def work(unit: UnitOfWork) -> None:
        for channel in channels:
            unit.outbox.put(an_alert(f"said:{channel}", followup.id, channel_id=channel), MONDAY_NOON)

    await store.transact(work)


class JumpingMessenger(ScriptedMessenger):
    """A messenger during whose slow first post the clock is set, while others arrive."""

    def __init__(self, clock: FakeClock, jump: timedelta) -> None:
        super().__init__(clock)
        self._jump = jump
        self.unsure: list[str] = []
        self.jumped = asyncio.Event()

    async def post(self, delivery: Delivery, nonce: str) -> Posted:
        if delivery.unsure_since is not None:
            self.unsure.append(delivery.alert.key)
        jump, self._jump = self._jump, timedelta(0)
        if jump:
            self.clock.advance(jump)
            self.jumped.set()
            await asyncio.sleep(0.3)
        return await super().post(delivery, nonce)


@JUMPS
async def test_what_is_on_its_way_while_the_clock_is_set_is_sent_once(store: Database, jump: timedelta) -> None:
    clock = FakeClock()
    channels = range(20, 26)
    await put(store, *channels)
    messenger = JumpingMessenger(clock, jump)
    deliverer = Deliverer(store, messenger, clock, "one")
    await deliverer.deliver()
    for _ in range(int(HOUR / MINUTE) + 2):
        clock.advance(MINUTE)
        await deliverer.deliver()
    assert Counter(key for key, _ in messenger.posts) == Counter(f"said:{channel}" for channel in channels)
    assert (await store.look(lambda work: work.tally())).outbox_waiting == 0


async def test_what_another_worker_takes_up_because_the_clock_was_set_ahead_is_looked_for_first(
    store: Database,
) -> None:
    clock = FakeClock()
    await put(store, 20)
    slow, quick = JumpingMessenger(clock, HOUR), JumpingMessenger(clock, timedelta(0))
    first = asyncio.create_task(Deliverer(store, slow, clock, "one").deliver())
    await slow.jumped.wait()
    await Deliverer(store, quick, clock, "two").deliver()
    await first
    assert quick.unsure == ["said:20"], "whoever takes it up looks whether it is in Discord already"
    assert (await store.look(lambda work: work.tally())).outbox_waiting == 0


class SetBackWhileWaiting:
    """A pace during whose turn the clock is set back."""

    def __init__(self, clock: FakeClock) -> None:
        self._clock = clock

    async def turn(self) -> None:
        self._clock.advance(-HOUR)


class SilentMessenger(ScriptedMessenger):
    async def post(self, delivery: Delivery, nonce: str) -> Posted:
        del delivery, nonce
        await asyncio.sleep(60)
        raise AssertionError


async def test_a_clock_set_back_makes_no_lease_longer(store: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delivery, "LEASE", timedelta(seconds=0.2))
    monkeypatch.setattr(delivery, "_SAFETY", timedelta(0))
    clock = FakeClock()
    await put(store, 20)
    pace: Any = SetBackWhileWaiting(clock)
    deliverer = Deliverer(store, SilentMessenger(clock), clock, "one", Sending(pace=pace))
    assert await asyncio.wait_for(deliverer.deliver(), 10) == 0


@JUMPS
async def test_what_is_tried_again_comes_later_by_the_jump_at_most(store: Database, jump: timedelta) -> None:
    clock = FakeClock()
    await put(store, 20)
    messenger = ScriptedMessenger(clock)
    messenger.failures = [SendLaterError("busy")]
    deliverer = Deliverer(store, messenger, clock, "one")
    await deliverer.deliver()
    clock.advance(jump)
    begun = clock.now()
    while not messenger.posts:
        assert clock.now() - begun <= HOUR + MINUTE
        clock.advance(MINUTE)
        await deliverer.deliver()
    assert [key for key, _ in messenger.posts] == ["said:20"]


# --- reminders, digests, quiet hours ---------------------------------------------------------------------------------


class Office:
    """A bot that reminds and delivers at given instants, and remembers what was posted when."""

    def __init__(self, store: Database) -> None:
        self.house = House(store)
        self.clock = self.house.clock
        self._messenger = ScriptedMessenger(self.clock)
        self._deliverer = Deliverer(store, self._messenger, self.clock, "one")
        self.told: list[tuple[str, datetime]] = []

    async def at(self, *instants: datetime) -> None:
        for instant in instants:
            self.clock.set(instant)
            before = len(self._messenger.posts)
            await self.house.watcher.remind()
            await self._deliverer.deliver()
            self.told += [(key, instant) for key, _ in self._messenger.posts[before:]]

    def times(self, begin: str) -> list[datetime]:
        return [at for key, at in self.told if key.startswith(begin)]

    async def every_day(self, zone: ZoneInfo, first: datetime, at: time) -> None:
        daily = Recurrence(1, Unit.DAY, zone, 1, at)
        mine = Reminder("mine", first, user_id=7, note="Call Vadehavn", recurrence=daily)
        await self.house.database.transact(lambda work: work.reminders.plan([mine]))


def on_tuesday(*times: str) -> list[datetime]:
    return [datetime.combine(date(2026, 3, 3), time.fromisoformat(each), UTC) for each in times]


COURSES = [
    pytest.param(on_tuesday("07:30", "08:30", "07:31", "08:00", "08:01", "09:00"), id="ahead and back again"),
    pytest.param(on_tuesday("07:30", "08:31", "08:32", "09:00"), id="ahead"),
    pytest.param(on_tuesday("07:59", "07:00", "07:59", "08:00", "08:01", "09:00"), id="back before the hour"),
    pytest.param(on_tuesday("07:59", "08:01", "07:02", "08:00", "08:01", "09:00"), id="back after the hour"),
]


def changed(work: UnitOfWork, *, office: Office, number: int, role_id: int) -> None:
    """Change the order of digests, and that of alerts."""
    now = office.clock.now()
    change_subscription(work, number, a_wish(channel_id=21, rhythm=Rhythm.DAILY, role_id=role_id), now, by=7)
    put_subscription(work, a_wish(role_id=role_id), now)


@pytest.mark.parametrize("course", COURSES)
async def test_each_reminder_and_digest_of_a_day_comes_once_however_the_clock_is_set(
    store: Database, course: Sequence[datetime]
) -> None:
    office = Office(store)
    await office.house.say(date(2026, 3, 4))
    await office.house.subscribe(a_wish())
    digests = await office.house.subscribe(a_wish(channel_id=21, rhythm=Rhythm.DAILY))
    await office.every_day(ZoneInfo("UTC"), on_tuesday("08:00")[0], time(8))
    for instant in course:
        await office.at(instant)
        # Who changes an order has its reminders and its next digest planned anew.
        await store.transact(partial(changed, office=office, number=digests.id, role_id=instant.minute))
    await office.at(*on_tuesday("10:00"))
    assert sorted(key.split(":")[0] for key, _ in office.told) == ["digest", "personal", "remind"]
    eight = on_tuesday("08:00")[0]
    assert all(at >= eight for _, at in office.told)


@pytest.mark.parametrize("course", COURSES)
async def test_what_waits_for_the_end_of_quiet_hours_comes_once(store: Database, course: Sequence[datetime]) -> None:
    office = Office(store)
    await office.house.say(date(2026, 3, 4))
    await office.house.subscribe(a_wish(hour=6, quiet=QuietHours(22, 8)))
    await office.at(*on_tuesday("06:00"), *course)
    [at] = office.times("remind")
    assert at >= on_tuesday("08:00")[0]


# --- local clocks that change ----------------------------------------------------------------------------------------

WATCHED = ("Europe/Berlin", "America/New_York", "America/Havana", "Australia/Lord_Howe", "Antarctica/Troll")
LOCAL = [(zone, change) for zone, change in CHANGES if zone.key in WATCHED]


def affected_hour(zone: ZoneInfo, change: datetime) -> int:
    """Return the local hour that a change skips, or repeats: the one that clocks would have shown, or show again."""
    before = (change - MINUTE).astimezone(zone)
    moved = change.astimezone(zone).replace(tzinfo=None) - before.replace(tzinfo=None)
    return (before + MINUTE).hour if moved > timedelta(0) else change.astimezone(zone).hour


def whole_hours(zone: ZoneInfo, day: date, hour: int) -> datetime:
    """Return when that hour of a day first comes, or when the gap is over that it fell into (PEP 495)."""
    return datetime.combine(day, time(hour), zone).astimezone(UTC)


@pytest.mark.parametrize(("zone", "change"), LOCAL, ids=str)
async def test_a_daily_hour_that_is_skipped_comes_after_the_gap_and_one_that_is_repeated_once(
    store: Database, zone: ZoneInfo, change: datetime
) -> None:
    hour, day = affected_hour(zone, change), change.astimezone(zone).date()
    days = [day - timedelta(days=1), day, day + timedelta(days=1)]
    office = Office(store)
    begin = whole_hours(zone, days[0], 0) - timedelta(hours=12)
    office.clock.set(begin)
    for each in days:
        await office.house.say(each)
    await office.house.subscribe(a_wish(zone=zone.key, hour=hour, rhythm=Rhythm.DAILY))
    await office.every_day(zone, whole_hours(zone, days[0], hour), time(hour))
    end = whole_hours(zone, days[-1], 23)
    await office.at(
        *(begin + number * timedelta(minutes=30) for number in range(int((end - begin).total_seconds()) // 1800))
    )
    wanted = [whole_hours(zone, each, hour) for each in days]
    assert [at for at in office.times("personal") if at >= wanted[0]] == wanted
    assert [at for at in office.times("digest") if wanted[0] <= at] == wanted
    on_that_day = wanted[1].astimezone(zone)
    assert on_that_day.date() == day
    assert on_that_day.fold == 0
    assert on_that_day.hour >= hour


# --- ticks ----------------------------------------------------------------------------------------------------------


class SetClock:
    """The machine's clock, and by how much it was set."""

    def __init__(self) -> None:
        self.by = timedelta(0)

    def now(self) -> datetime:
        return datetime.now(UTC) + self.by


@JUMPS
async def test_ticks_go_on_when_the_clock_is_set(jump: timedelta, monkeypatch: pytest.MonkeyPatch) -> None:
    clock, turns = SetClock(), asyncio.Semaphore(0)
    point_apscheduler_at(clock.now, monkeypatch)

    async def turn() -> None:
        turns.release()

    async def turned(count: int) -> None:
        for _ in range(count):
            await turns.acquire()

    ticks = Ticks((Tick("poll", timedelta(seconds=0.1), turn),), clock, looks_at_clock=timedelta(seconds=0.05))
    ticks.start()
    try:
        await asyncio.wait_for(turned(2), 5)
        clock.by = jump
        await asyncio.wait_for(turned(5), 5)
    finally:
        await ticks.stop()
