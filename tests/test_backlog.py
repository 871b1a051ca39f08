"""A backlog after downtime comes as one digest, on both engines; what is fresh, or a handful, comes as ever."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

import pytest

from storage.engine import Database
from tests.factories import MONDAY_NOON, a_wish
from tests.fakes import FakeClock
from tests.storing import days, open_one, telling
from watchers.alerts import GATHERS, LONG_AGO
from watchers.audience import Alert, AlertForm, Delivery, Posted, QuietHours, Section, Subscription
from watchers.backlog import HANDFUL, BacklogKeeper
from watchers.digests import MOST_CASES
from watchers.ports import UnitOfWork

MANY = HANDFUL + 1


class Downtime:
    """An order whose alerts wait while time passes."""

    def __init__(self, store: Database) -> None:
        self.store = store
        self.clock = FakeClock()
        self.arrives = True
        """Whether what is leased is sent, too."""

    async def orders(self, **changes: object) -> Subscription:
        wish = a_wish(**changes)  # type: ignore[arg-type]
        subscription, _ = await self.store.transact(lambda work: work.subscriptions.put(wish, self.clock.now()))
        return subscription

    async def tell(self, order: Subscription, count: int, form: AlertForm = AlertForm.SAID, **changes: object) -> None:
        def work(unit: UnitOfWork) -> None:
            for _ in range(count):
                number = open_one(unit, telling(due=days(2, 6))).id
                alert = Alert(f"{form}:{number}", form, (number,), subscription_id=order.id)
                alert = replace(alert, guild_id=order.wish.guild_id, channel_id=order.wish.channel_id)
                unit.outbox.put(replace(alert, **changes), self.clock.now())  # type: ignore[arg-type]

        await self.store.transact(work)

    async def after(self, wait: timedelta) -> list[Delivery]:
        """Gather what is late after some time; return what is to be sent then."""
        now = self.clock.advance(wait)
        await BacklogKeeper(self.store, self.clock).gather()
        sent: list[Delivery] = []
        while leased := await self.store.transact(
            lambda work: tuple(work.outbox.lease(now, worker="w", until=now + timedelta(minutes=1), limit=999))
        ):
            sent += leased
            for one in leased:
                if self.arrives:
                    await self.store.transact(partial(_sent, one=one, now=now))
                else:
                    return sent
        return sent


def _sent(work: UnitOfWork, *, one: Delivery, now: datetime) -> None:
    work.outbox.sent(one, Posted(one.alert.channel_id or 1, one.id), now)


@pytest.fixture
def down(store: Database) -> Downtime:
    return Downtime(store)


def forms(sent: list[Delivery]) -> list[AlertForm]:
    return [one.alert.form for one in sent]


async def test_what_waited_long_comes_as_one_digest(down: Downtime) -> None:
    order = await down.orders(role_id=9)
    await down.tell(order, 4, role_id=9)
    await down.tell(order, 4, AlertForm.REMINDER, role_id=9)
    (digest,) = await down.after(LONG_AGO)
    assert digest.alert.form is AlertForm.DIGEST
    assert digest.alert.is_backlog
    assert digest.alert.key == "backlog:said:1"
    assert sorted(digest.alert.followup_ids) == list(range(1, 9))
    assert set(digest.alert.sections) == {Section.DUE_THIS_WEEK}
    assert (digest.alert.role_id, digest.alert.channel_id) == (9, order.wish.channel_id)
    assert await down.after(LONG_AGO) == []


async def test_a_handful_comes_one_by_one(down: Downtime) -> None:
    await down.tell(await down.orders(), HANDFUL)
    assert forms(await down.after(LONG_AGO)) == [AlertForm.SAID] * HANDFUL


async def test_what_is_fresh_comes_at_once_and_one_by_one(down: Downtime) -> None:
    await down.tell(await down.orders(), 30)
    assert forms(await down.after(LONG_AGO - timedelta(seconds=1))) == [AlertForm.SAID] * 30


async def test_each_order_and_channel_has_its_own(down: Downtime) -> None:
    one, other = await down.orders(), await down.orders(channel_id=21)
    await down.tell(one, MANY)
    await down.tell(other, MANY)
    await down.tell(one, MANY, channel_id=22)  # decided before the order moved
    sent = await down.after(LONG_AGO)
    assert forms(sent) == [AlertForm.DIGEST] * 3
    assert sorted(each.alert.channel_id or 0 for each in sent) == [20, 21, 22]


async def test_what_may_be_in_discord_already_is_left_alone(down: Downtime) -> None:
    await down.tell(await down.orders(), MANY)
    down.arrives = False
    assert len(await down.after(timedelta(0))) == 1
    down.arrives = True
    assert forms(await down.after(LONG_AGO)) == [AlertForm.SAID] * MANY


async def test_personal_reminders_are_never_merged(down: Downtime) -> None:
    await down.tell(await down.orders(), MANY, AlertForm.PERSONAL, channel_id=None, user_id=7, subscription_id=None)
    assert forms(await down.after(LONG_AGO)) == [AlertForm.PERSONAL] * MANY


async def test_the_end_of_quiet_hours_is_no_backlog(down: Downtime) -> None:
    order = await down.orders(quiet=QuietHours(11, 20))
    await down.tell(order, MANY, not_before=MONDAY_NOON + timedelta(hours=8))
    assert await down.after(timedelta(hours=7)) == []
    assert forms(await down.after(timedelta(hours=1))) == [AlertForm.SAID] * MANY


async def test_news_read_late_is_seen_together(down: Downtime) -> None:
    order, late = await down.orders(), MONDAY_NOON - timedelta(hours=9)
    for _ in range(MANY):
        await down.tell(order, 1, not_before=down.clock.now() + GATHERS, meant_for=late)
        assert await down.after(GATHERS / (MANY + 1)) == []
    assert forms(await down.after(GATHERS / 2)) == [AlertForm.DIGEST]


async def test_a_long_backlog_makes_digests_as_large_as_they_may_be(down: Downtime) -> None:
    await down.tell(await down.orders(), MOST_CASES + MANY)
    sent = await down.after(LONG_AGO)
    assert [len(each.alert.followup_ids) for each in sent] == [MOST_CASES, MANY]
