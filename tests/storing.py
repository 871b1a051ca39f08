"""Short ways to fill a database in tests."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import func, select

from storage.tables import articles
from storage.unit_of_work import SqlUnitOfWork
from tests.factories import MONDAY_NOON, a_statement, a_telling, an_article, an_outlet
from watchers.audience import Alert, AlertForm, Delivery
from watchers.feed_memory import Claim
from watchers.feed_model import Stage, Waiting
from watchers.model import Article, FollowUp, Interval, Kind, Precision, Telling
from watchers.poll_report import PollReport
from watchers.ports import Store, UnitOfWork
from watchers.reading import Finding, Reading, passage_of
from watchers.resolutions import read_news
from watchers.sealed_news import sealed
from watchers.tracking import track


def days(first: int, last: int, month: int = 3) -> Interval:
    """March 2026, from one day to another."""
    return Interval(date(2026, month, first), date(2026, month, last))


def telling(
    quote: str = "Norland will withdraw its troops by Friday.",
    *,
    due: Interval | None = None,
    kind: Kind = Kind.DEADLINE,
    speaker: str | None = "Norland",
    marks: Sequence[str] = ("norland", "withdraw"),
    countries: tuple[str, ...] = (),
    outlet: str = "The Meridian",
    published: datetime = MONDAY_NOON,
) -> Telling:
    precision = Precision.EXACT if due else Precision.NONE
    statement = a_statement(quote, kind=kind, due=due, speaker=speaker, precision=precision)
    return a_telling(statement, outlet=outlet, published=published, marks=frozenset(marks), countries=countries)


def a_claim(now: datetime = MONDAY_NOON, holder: str = "tests") -> Claim:
    """A claim for a minute from then."""
    return Claim(holder, now, now + timedelta(minutes=1))


def waiting(work: UnitOfWork, *stages: Stage, limit: int = 10_000) -> Sequence[Waiting]:
    """Return what waits in nobody's hands for the first of `stages` for which anything does, and leave it there."""
    taken = work.articles.take(stages, a_claim(), limit)
    work.articles.give_back([one.id for one in taken], a_claim().holder)
    return taken


def stored(work: UnitOfWork, article: Article, *, feed_id: int | None = None, now: datetime = MONDAY_NOON) -> int:
    """Store an article of a feed (the first one there is), read but for its statements; return its id."""
    feed = work.feeds.all()[0].id if feed_id is None else feed_id
    work.articles.add([(feed, article, Stage.READING)], now)
    article_id = waiting(work, Stage.READING)[-1].id
    assert work.articles.read([article_id])
    return article_id


def track_article(
    work: UnitOfWork, article: Article, findings: Sequence[tuple[Telling, tuple[str, ...]]], now: datetime = MONDAY_NOON
) -> PollReport:
    """Take in an article that says so much, as the watcher does."""
    work.articles.add([(work.feeds.all()[0].id, article, Stage.READING)], now)
    unread = waiting(work, Stage.READING)
    if not unread:
        return PollReport()
    found = [
        Finding(telling, topics, passage_of(telling.statement, article.title, article.text, telling.countries))
        for telling, topics in findings
    ]
    [report] = track(work, [(unread[0], Reading(tuple(found), sealed(read_news("", article.day, ()))))], now)
    return report


def articles_in(work: UnitOfWork) -> int:
    """Count the articles that are stored."""
    assert isinstance(work, SqlUnitOfWork)
    return int(work._connection.scalars(select(func.count()).select_from(articles)).one())


def add_article(work: UnitOfWork) -> int:
    """Store one more article of the one feed there is."""
    if not work.feeds.all():
        work.feeds.follow([an_outlet()], MONDAY_NOON)
    article = an_article(key=f"key-{articles_in(work)}")
    return stored(work, article)


def open_one(work: UnitOfWork, told: Telling | None = None, *topics: str) -> FollowUp:
    """Track one more follow-up, told by an article of its own."""
    return work.followups.open(add_article(work), told or telling(due=days(2, 6)), topics or ("norland",))


async def opened(store: Store, told: Telling | None = None, *topics: str) -> FollowUp:
    """Track one more follow-up in a transaction of its own."""
    return await store.transact(lambda work: open_one(work, told, *topics))


async def retold(store: Store, followup: FollowUp, told: Telling, *topics: str, best: bool = False) -> FollowUp:
    """Tell a follow-up again, in another article."""

    def work(unit: UnitOfWork) -> FollowUp:
        return unit.followups.retell(followup.id, add_article(unit), told, topics, best=best)

    return await store.transact(work)


def an_alert(
    key: str,
    *followup_ids: int,
    form: AlertForm = AlertForm.SAID,
    channel_id: int = 20,
    subscription_id: int | None = None,
) -> Alert:
    return Alert(key, form, followup_ids, channel_id=channel_id, subscription_id=subscription_id)


def waiting_alerts(work: UnitOfWork, now: datetime) -> list[Delivery]:
    """Return everything that would go out now, one after another, in the order in which it was put; nothing changes."""
    assert isinstance(work, SqlUnitOfWork)
    found: list[Delivery] = []
    with work._connection.begin_nested() as trial:
        while batch := work.outbox.lease(now, worker="looking", until=now, limit=1_000):
            found += batch
            for one in batch:
                work.outbox.give_up(one, "only looked at")
        trial.rollback()
    return sorted(found, key=lambda one: one.id)


def minutes(number: float) -> datetime:
    """So many minutes after Monday noon."""
    return MONDAY_NOON + timedelta(minutes=number)
