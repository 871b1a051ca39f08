"""Stored articles that wait: for their page, or to be read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import pytest

from storage.engine import Database
from tests.factories import MONDAY_NOON, a_wish, an_article, an_outlet
from tests.fakes import FakeClock
from tests.watching import OTHER, PROMISE, TOPICS, a_database, read
from watchers.deadline_watcher import put_subscription
from watchers.feed_model import Reason, Stage
from watchers.leases import Holder
from watchers.poll_report import PollReport
from watchers.ports import WorkEndedError
from watchers.reading import ArticleReader
from watchers.reading_room import ReadingRoom

T = TypeVar("T")


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with a_database(tmp_path) as opened:
        yield opened


class Workers:
    """Does the work at once, remembers in which order, and ends what is about a stone."""

    def __init__(self) -> None:
        self.reader = ArticleReader(TOPICS, read)
        self.done: list[str] = []

    async def run(self, job: Callable[..., T], *args: Any, seconds: float = 5.0, urgent: bool = True) -> T:
        del seconds
        article = args[0]
        assert not urgent, "what is to be parsed goes before"
        self.done.append(article.key)
        if "stone" in article.text:
            raise WorkEndedError(Reason("it took longer than {seconds} seconds", seconds=5))
        return job(self.reader, *args)


async def stored(database: Database, *articles: tuple[str, str, Stage]) -> None:
    await database.transact(lambda work: work.feeds.follow([an_outlet()], MONDAY_NOON))
    new = [(1, an_article(text, key=key), stage) for key, text, stage in articles]
    await database.transact(lambda work: work.articles.add(new, MONDAY_NOON))


async def room_of(database: Database, told: list[str]) -> tuple[ReadingRoom, Workers]:
    workers = Workers()
    await database.transact(lambda work: put_subscription(work, a_wish(topic="*"), MONDAY_NOON))
    room = ReadingRoom(database, workers, FakeClock(), Holder(), alerted=lambda: told.append("told"))  # type: ignore[arg-type]
    return room, workers


async def test_news_is_read_before_back_pages_and_these_alert_nobody(database: Database) -> None:
    told: list[str] = []
    await stored(
        database, ("back", OTHER, Stage.CATCHING_UP), ("page", "x", Stage.PAGE), ("new", PROMISE, Stage.READING)
    )
    room, workers = await room_of(database, told)

    report = await room.read_all()

    assert workers.done == ["new", "back"]
    assert report == PollReport(articles=2, statements=2, followups=2)
    tally = await database.look(lambda work: work.tally())
    assert (tally.followups_pending, tally.outbox_waiting) == (2, 1)
    assert told
    assert await room.read_all() == PollReport()


async def test_an_article_that_cannot_be_read_is_given_up_and_the_rest_goes_on(database: Database) -> None:
    await stored(database, ("a", "A stone.", Stage.READING), ("b", PROMISE, Stage.READING))
    room, workers = await room_of(database, [])

    report = await room.read_all()

    assert (report.articles, report.statements) == (2, 1)
    [failure] = report.failures
    assert failure.line == "the article “Norland to withdraw” could not be read (WorkEndedError)"
    assert await room.read_all() == PollReport()
    assert workers.done == ["a", "b"]
