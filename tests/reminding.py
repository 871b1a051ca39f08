"""A database with a feed in it, a clock that is moved by hand, and the watcher over deadlines."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime

from storage.engine import Database
from tests.factories import MONDAY_NOON, a_statement, a_telling, an_article, an_outlet
from tests.fakes import FakeClock
from tests.storing import stored, waiting_alerts
from watchers.audience import AlertForm, Delivery, Subscription, SubscriptionWish
from watchers.deadline_watcher import DeadlineWatcher, put_subscription, replan
from watchers.model import Interval
from watchers.ports import UnitOfWork
from watchers.rating import Outcome, RatingWish

FRIDAY = date(2026, 3, 6)


class House:
    """What happens to a follow-up of one feed on the days of March 2026."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.clock = FakeClock()
        self.watcher = DeadlineWatcher(database, self.clock)
        self._articles = 0

    async def say(self, last: date | None = FRIDAY, *, topics: Sequence[str] = ("norland",)) -> int:
        """Open a follow-up due on `last`; return its number."""
        due = Interval(min(last, MONDAY_NOON.date()), last) if last else None
        self._articles += 1
        article = an_article(key=f"a-{self._articles}")

        def work(work: UnitOfWork) -> int:
            work.feeds.follow([an_outlet()], MONDAY_NOON)
            article_id = stored(work, article)
            return work.followups.open(article_id, a_telling(a_statement(due=due)), topics).id

        return await self.database.transact(work)

    async def subscribe(self, wish: SubscriptionWish) -> Subscription:
        subscription, _ = await self.database.transact(lambda work: put_subscription(work, wish, self.clock.now()))
        return subscription

    async def gather(self, order: Subscription, *followup_ids: int) -> None:
        def work(work: UnitOfWork) -> None:
            for followup_id in followup_ids:
                work.subscriptions.gather([order.id], followup_id)

        await self.database.transact(work)

    async def rate(self, followup_id: int, outcome: Outcome, due: Interval | None = None) -> None:
        """Let the server of `a_wish` rate a follow-up."""

        def work(work: UnitOfWork) -> None:
            now = self.clock.now()
            work.cases.rate(RatingWish(followup_id, 10, 7, outcome, due), now)
            followup = work.followups.get(followup_id)
            assert followup is not None
            replan(work, followup, now, guild_id=10)

        await self.database.transact(work)

    async def at(self, day: int, hour: int = 8, minute: int = 0) -> int:
        """Let it be that time in March, and remind."""
        self.clock.set(datetime(2026, 3, day, hour, minute, tzinfo=UTC))
        return await self.watcher.remind()

    async def deliveries(self) -> list[Delivery]:
        now = self.clock.now()
        return await self.database.transact(lambda work: waiting_alerts(work, now))

    async def outbox(self) -> list[tuple[AlertForm, str]]:
        return [(one.alert.form, one.alert.key) for one in await self.deliveries()]
