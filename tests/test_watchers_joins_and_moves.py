"""Articles that move a day, and articles that show two follow-ups to be one: through the real reader and store."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial

import pytest

from storage.engine import Database
from tests.factories import MONDAY_NOON, a_wish, an_article, an_outlet
from tests.storing import days, track_article, waiting_alerts
from tests.watching import TOPICS
from watchers.audience import AlertForm, Delivery, Posted, QuietHours, Rhythm, SubscriptionWish
from watchers.deadline_watcher import put_subscription
from watchers.model import FollowUp
from watchers.moves import moves_of
from watchers.ports import UnitOfWork
from watchers.rating import CaseFilter, Outcome, RatingWish
from watchers.reading import ArticleReader
from watchers.settling import set_muted, settle

NOW = MONDAY_NOON


def planned(last_day: str) -> list[str]:
    return [f"remind:1:20:{lead}:{last_day}" for lead in (0, -1)]


def mark_sent(work: UnitOfWork, *, delivery: Delivery, there: Posted, at: datetime) -> None:
    work.outbox.sent(delivery, there, at)


class Desk:
    """Takes in articles as the watcher does, without a feed."""

    def __init__(self, store: Database) -> None:
        self.store = store
        self.reader = ArticleReader(TOPICS)
        self._number = 0

    async def tell(self, text: str, *, outlet: str = "The Meridian", at: datetime = NOW) -> None:
        self._number += 1
        article = an_article(text, key=f"a-{self._number}", outlet=outlet, title="", published=at)
        findings = [(one.telling, one.topics) for one in self.reader.read_through(article).findings]
        await self.store.transact(lambda work: work.feeds.follow([an_outlet()], NOW))
        await self.store.transact(lambda work: track_article(work, article, findings, at))

    async def order(self, wish: SubscriptionWish) -> None:
        await self.store.transact(lambda work: put_subscription(work, wish, NOW))

    async def followups(self) -> Sequence[FollowUp]:
        page = await self.store.look(lambda work: work.cases.page(CaseFilter(), None, NOW.date(), offset=0, limit=100))
        return [case.followup for case in page.items]

    async def waiting(self, at: datetime = NOW) -> list[Delivery]:
        return await self.store.transact(lambda work: waiting_alerts(work, at))

    async def post(self, at: datetime = NOW) -> list[tuple[str, str]]:
        """Let everything that waits stand in Discord; return form and key of each message, edits as well."""
        done = await self.waiting(at)
        for one in done:
            there = Posted(one.alert.channel_id or 1, one.message_id or 900 + one.id)
            await self.store.transact(partial(mark_sent, delivery=one, there=there, at=at))
        return [(str(one.alert.form), one.alert.key) for one in done]

    async def reminders(self) -> list[str]:
        due = await self.store.look(lambda work: work.reminders.due(NOW + timedelta(days=400), 50))
        return [one.reminder.key for one in due]


@pytest.fixture
def desk(store: Database) -> Desk:
    return Desk(store)


SAID = "The foreign ministers of Malta and Libya will hold a fishing summit in Valletta on 20 March."
POSTPONED = "The fishing summit of Malta and Libya in Valletta was postponed to 17 April."
FORWARD = "The foreign ministers of Malta and Libya brought forward the fishing summit in Valletta to 12 March."
TRUCE = "Norland's truce with Sudria along the Karsholm border expires on 20 March."
EXTENDED = "Norland's truce with Sudria along the Karsholm border was extended by 90 days."
A_DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("said", "moved", "last_day", "cue"),
    [
        (SAID, POSTPONED, "2026-04-17", "postponed"),
        (SAID, FORWARD, "2026-03-12", "brought forward"),
        (TRUCE, EXTENDED, "2026-06-01", "extended"),
    ],
    ids=["postponed", "brought forward", "extended"],
)
async def test_a_follow_up_that_is_moved_keeps_its_number_and_reminders_follow(
    desk: Desk, said: str, moved: str, last_day: str, cue: str
) -> None:
    await desk.order(a_wish(topic="*", channel_id=20, lead_days=(1, 0)))
    await desk.tell(said)
    [before] = await desk.followups()
    assert await desk.post() == [("said", "said:1:20")]
    await desk.tell(moved, outlet="The Courier", at=NOW + A_DAY)
    [after] = await desk.followups()
    assert (after.id, len(after.tellings)) == (before.id, 2)
    assert after.due is not None
    assert after.due.last.isoformat() == last_day
    [move] = moves_of(after)
    assert (move.was, move.now) == (before.due, after.due)
    assert cue in move.cue.replace("-", " ").replace("_", " ")
    assert await desk.reminders() == [f"remind:1:20:{lead}:{last_day}" for lead in (1, 0, -1)]
    assert await desk.post(NOW + A_DAY) == [("said", "said:1:20"), ("moved", f"moved:1:20:{last_day}")]
    await desk.tell(moved, outlet="The Herald", at=NOW + A_DAY)
    assert await desk.post(NOW + A_DAY) == [("said", "said:1:20")], "told of again, it is moved no further"


async def moved_alerts(desk: Desk, *, at: datetime = NOW + A_DAY, published: datetime | None = None) -> list[str]:
    await desk.tell(POSTPONED, outlet="The Courier", at=published or at)
    return [one.alert.key for one in await desk.waiting(at) if one.alert.form is AlertForm.MOVED]


async def test_who_was_not_told_of_it_hears_that_it_was_said_with_its_new_days(desk: Desk) -> None:
    await desk.tell(SAID)
    await desk.order(a_wish(topic="*", channel_id=20))
    await desk.tell(POSTPONED, outlet="The Courier", at=NOW + A_DAY)
    assert [one.alert.key for one in await desk.waiting(NOW + A_DAY)] == ["said:1:20"]


async def test_quiet_hours_hold_back_that_it_was_moved(desk: Desk) -> None:
    await desk.order(a_wish(topic="*", channel_id=20, quiet=QuietHours(13, 15)))
    await desk.tell(SAID)
    await desk.post()
    at = NOW + A_DAY + timedelta(hours=2)
    assert await moved_alerts(desk, at=at) == []
    later = [one.alert.form for one in await desk.waiting(at + timedelta(hours=2))]
    assert later == [AlertForm.SAID, AlertForm.MOVED]


async def test_a_digest_gathers_again_what_was_moved(desk: Desk) -> None:
    await desk.order(a_wish(topic="*", channel_id=20, rhythm=Rhythm.DAILY))
    await desk.tell(SAID)
    await desk.store.transact(lambda work: work.subscriptions.empty_basket(1, [1]))
    assert await moved_alerts(desk) == []
    due = await desk.store.look(lambda work: work.subscriptions.with_digest_due(NOW + 9 * A_DAY, 9))
    assert [one.followup_ids for one in due] == [(1,)]


@pytest.mark.parametrize("why", ["settled", "muted", "moved by the server", "paused", None])
async def test_a_servers_own_word_outranks_the_news(desk: Desk, why: str | None) -> None:
    wish = a_wish(topic="*", channel_id=20, lead_days=(0,))
    await desk.order(wish)
    await desk.tell(SAID)
    await desk.post()
    own = {
        "settled": RatingWish(1, 10, 7, Outcome.WITHDRAWN),
        "moved by the server": RatingWish(1, 10, 7, Outcome.MOVED, days(25, 25)),
    }
    if why in own:
        await desk.store.transact(lambda work: settle(work, own[why], NOW))
    elif why == "muted":
        await desk.store.transact(lambda work: set_muted(work, 10, 1, muted=True, by=7, now=NOW))
    elif why == "paused":
        await desk.order(a_wish(topic="*", channel_id=20, lead_days=(0,), paused=True))
    assert await moved_alerts(desk) == ([] if why else ["moved:1:20:2026-04-17"])
    kept = {"moved by the server": planned("2026-03-25"), None: planned("2026-04-17")}
    assert await desk.reminders() == kept.get(why, [])


async def test_old_news_of_a_move_is_taken_and_told_to_nobody(desk: Desk) -> None:
    await desk.order(a_wish(topic="*", channel_id=20, lead_days=(0,)))
    await desk.tell(SAID)
    await desk.post()
    late = NOW + 9 * A_DAY
    article = an_article(POSTPONED, key="late", outlet="The Courier", title="", published=NOW + A_DAY)
    findings = [(one.telling, one.topics) for one in desk.reader.read_through(article).findings]
    await desk.store.transact(lambda work: track_article(work, article, findings, late))
    assert [one.alert.form for one in await desk.waiting(late)] == [AlertForm.SAID]
    assert await desk.reminders() == planned("2026-04-17")
