from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any, TypeVar

import pytest

from storage.engine import Database
from tests.factories import MONDAY_NOON, a_wish, an_outlet
from tests.fakes import FakeClock, ScriptedFetcher
from tests.loopback import Item, rss
from tests.storing import articles_in
from tests.watching import (
    OTHER,
    PROMISE,
    QUARTER,
    TOPICS,
    World,
    a_database,
    a_world,
    article,
    read,
    watch,
)
from watchers.audience import AlertForm, Guild
from watchers.feed_model import Fetched
from watchers.feed_notices import notice_in
from watchers.feed_watcher import AT_ONCE, AT_ONCE_PER_HOST, FeedWatcher
from watchers.feeds.health import Turn
from watchers.intake import MOST_PAGES
from watchers.leases import LEASE
from watchers.model import Statement
from watchers.poll_report import PollReport
from watchers.polling import AT_HAND
from watchers.ports import UnitOfWork
from watchers.reading import ArticleReader
from watchers.workers import SameProcess

T = TypeVar("T")


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with a_database(tmp_path) as opened:
        yield opened


@pytest.fixture
async def world(database: Database) -> AsyncIterator[World]:
    async with a_world(database) as ready:
        yield ready


# --- wrong input --------------------------------------------------------------------------------------------


async def test_bad_feeds_are_told_in_one_line_each_and_the_good_one_goes_on(world: World) -> None:
    over = asyncio.Event()
    server = world.server
    bad = {
        "Page": (server.serve("/page", "<!DOCTYPE html><html><body>Hello"), "is a web page, not a feed"),
        "Huge": (server.endless("/huge", b" " * 1_000_000), "the answer is larger than 10 MB"),
        "Gone": (server.status("/gone", 410), "the feed is gone for good (410)"),
        "Trap": (server.redirect("/trap", "http://10.0.0.1/"), "10.0.0.1 is not an address on the public internet"),
        "Slow": (server.stalls("/slow", over.wait), "did not answer in time"),
        "Empty": (server.serve("/empty", b""), "answered with an empty page"),
    }
    good = an_outlet("Good", server.serve("/good", rss(article())))
    await world.follow(good, *(an_outlet(name, url) for name, (url, _) in bad.items()))

    report = await world.watcher.poll_due()
    over.set()

    assert (report.feeds, report.articles) == (7, 1)
    lines = {failure.outlet: failure.line for failure in report.failures}
    assert lines.keys() == bad.keys()
    for name, (_, words) in bad.items():
        assert words in lines[name]
        assert "\n" not in lines[name]
    remembered = {
        feed.outlet: (feed.last_error and str(feed.last_error), feed.failures) for feed in await world.feeds()
    }
    assert remembered == {"Good": (None, 0), **{name: (line, 1) for name, line in lines.items()}}


async def test_odd_articles_are_taken_in_with_one_line_and_the_rest_goes_on(world: World) -> None:
    await world.publish(
        article("No date: " + PROMISE, "undated", published=None),
        article("Ahead.", "future", published=MONDAY_NOON + timedelta(days=9)),
        article("word " * 1_980_000, "long"),
        Item("Empty text", "", MONDAY_NOON, "empty"),
        article("🤝 👩\u200d👧 🇳🇴", "emoji"),
        article("سيلتقي الوزيران \u202eيوم الجمعة\u202c. " + OTHER, "rtl"),
    )

    report = await world.watcher.poll_due()

    assert (report.articles, report.statements, report.failures) == (6, 2, ())
    assert [note.line for note in report.notes] == [
        "entries without a usable date, counted from when first seen: 1",
        "entries dated in the future, counted from when first seen: 1",
    ]


async def test_a_busy_server_is_left_alone_as_long_as_it_asks(world: World) -> None:
    url = world.server.status("/rss", 503, {"Retry-After": str(8 * 3600)})
    await world.follow(an_outlet("The Meridian", url))

    await world.watcher.poll_due()

    [feed] = await world.feeds()
    assert timedelta(hours=8) <= feed.next_poll_at - MONDAY_NOON <= timedelta(hours=8.8)


async def test_a_flaky_server_is_tried_less_often_and_forgiven_at_once(world: World) -> None:
    await world.follow(an_outlet("The Meridian", world.server.status("/rss", 500)))
    waits = []
    for _ in range(3):
        await world.watcher.poll_due()
        [feed] = await world.feeds()
        waits.append(feed.next_poll_at - world.clock.now())
        world.clock.set(feed.next_poll_at)
    assert waits[0] < waits[1] < waits[2]
    world.server.serve("/rss", rss(article(published=world.clock.now())))

    report = await world.watcher.poll_due()

    [feed] = await world.feeds()
    assert (report.articles, feed.failures, feed.last_error) == (1, 0, None)
    assert feed.next_poll_at - world.clock.now() < QUARTER


# --- what those who manage servers hear ----------------------------------------------------------------------


async def noticed(world: World) -> list[tuple[int | None, str]]:
    told = [delivery.alert for delivery in await world.outbox()]
    return [(alert.channel_id, notice_in(alert.note or "").turn) for alert in told if alert.form is AlertForm.FEED]


async def fail_for_a_day(world: World) -> None:
    for _ in range(5):
        await world.later(timedelta(hours=12, minutes=40))


async def test_a_feed_that_fails_for_a_day_is_told_of_once_and_so_is_its_return(world: World) -> None:
    await world.store.transact(lambda work: work.guilds.put(Guild(10, notices_channel_id=30)))
    await world.follow(an_outlet("The Meridian", world.server.status("/rss", 500)))
    await world.watcher.poll_due()
    assert await noticed(world) == []
    await fail_for_a_day(world)
    assert await noticed(world) == [(30, Turn.FAILING)]

    world.server.serve("/rss", rss(article()))
    await world.later(timedelta(hours=14))
    await world.later()

    assert await noticed(world) == [(30, Turn.FAILING), (30, Turn.RECOVERED)]


async def test_where_most_feeds_fail_it_is_we_who_are_cut_off_and_nobody_is_told(world: World) -> None:
    await world.store.transact(lambda work: work.guilds.put(Guild(10, notices_channel_id=30)))
    paths = [f"/{n}" for n in range(5)]
    await world.follow(*(an_outlet(path, world.server.status(path, 500)) for path in paths))
    await world.watcher.poll_due()
    await fail_for_a_day(world)
    for path in paths:
        world.server.serve(path, rss(article()))
    await world.later(timedelta(hours=14))

    assert all(feed.failures == 0 for feed in await world.feeds())
    assert await noticed(world) == []


async def test_an_article_that_cannot_be_read_costs_no_other(database: Database) -> None:
    def stumble(text: str, day: date) -> Sequence[Statement]:
        if "stone" in text:
            raise KeyError(text)
        return read(text, day)

    clock, url = FakeClock(), "https://meridian.example/rss"
    fetcher = ScriptedFetcher({url: rss(article("A stone."), article(PROMISE, "a-2"))})
    await database.transact(lambda work: work.feeds.follow([an_outlet(feed_url=url)], clock.now()))
    watcher = FeedWatcher(database, fetcher, SameProcess(ArticleReader(TOPICS, stumble)), clock)

    report = await watcher.poll_due()
    clock.advance(QUARTER)
    again = await watcher.poll_due()

    assert (report.articles, report.statements) == (2, 1)
    assert [failure.line for failure in report.failures] == ["the article “News a-1” could not be read (KeyError)"]
    assert again == PollReport(feeds=1)


# --- faults of the store ------------------------------------------------------------------------------------


_FULL = "disk full"


class FaultyStore:
    """A store in which, of the transactions that store a poll or a reading, those chosen by `fails` do not happen.

    With `down`, nothing at all is stored any more after the first of these.
    """

    def __init__(self, database: Database, fails: Callable[[int], bool], *, down: bool) -> None:
        self._database = database
        self._fails = fails
        self._count = 0
        self._goes_down = down
        self._is_down = False

    async def transact(self, work: Callable[[UnitOfWork], T], *, alone: bool = True) -> T:
        def faulty(unit: UnitOfWork) -> T:
            if self._is_down:
                raise OSError(_FULL)
            unit.feeds.record = self._failing(unit.feeds.record)  # type: ignore[method-assign]
            unit.articles.read = self._failing(unit.articles.read)  # type: ignore[method-assign]
            return work(unit)

        return await self._database.transact(faulty, alone=alone)

    def _failing(self, act: Callable[..., Any]) -> Callable[..., Any]:
        def failing(*given: Any) -> Any:
            self._count += 1
            if self._fails(self._count):
                self._is_down = self._goes_down
                raise OSError(_FULL)
            return act(*given)

        return failing

    async def look(self, work: Callable[[UnitOfWork], T]) -> T:
        return await self._database.look(work)


@asynccontextmanager
async def a_faulty_world(
    database: Database, fails: Callable[[int], bool], *, down: bool = False
) -> AsyncIterator[tuple[FeedWatcher, FeedWatcher, FakeClock]]:
    """Two watchers over one database and one feed of two articles: a faulty one and a sound one."""
    clock, url = FakeClock(), "https://meridian.example/rss"
    body = Fetched(url, rss(article(), article(OTHER.replace("Sudria", "Norland"), "a-2")), "", '"v1"', None)
    fetcher = ScriptedFetcher({url: body})
    await database.transact(lambda work: work.feeds.follow([an_outlet(feed_url=url)], clock.now()))
    await database.transact(lambda work: work.subscriptions.put(a_wish(), clock.now()))
    faulty = watch(FaultyStore(database, fails, down=down), fetcher, clock)
    yield faulty, watch(database, fetcher, clock), clock


async def counts(database: Database) -> tuple[int, int, int]:
    tally, articles = await database.look(lambda work: (work.tally(), articles_in(work)))
    return articles, tally.followups_pending, tally.outbox_waiting


async def test_a_feed_that_cannot_be_stored_is_asked_again(database: Database) -> None:
    async with a_faulty_world(database, lambda count: count <= 2) as (faulty, sound, clock):
        report = await faulty.poll_due()
        assert await counts(database) == (0, 0, 0)
        assert [failure.line for failure in report.failures] == ["what it brought could not be stored (OSError)"]

        clock.advance(3 * QUARTER)
        report = await sound.poll_due()

    assert report == PollReport(feeds=1, articles=2, statements=2, followups=2)
    assert await counts(database) == (2, 2, 2)


async def test_a_store_that_is_down_is_told_to_whoever_polls(database: Database) -> None:
    async with a_faulty_world(database, lambda _: True) as (faulty, _, _):
        with pytest.raises(OSError, match="disk full"):
            await faulty.poll_due()


async def test_a_crash_between_two_articles_loses_none(database: Database) -> None:
    async with a_faulty_world(database, lambda count: count >= 3, down=True) as (faulty, sound, clock):
        with pytest.raises(OSError, match="disk full"):
            await faulty.poll_due()
        assert await counts(database) == (2, 1, 1)

        assert await sound.poll_due() == PollReport(), "nobody knows yet that the other will not go on"
        clock.advance(LEASE)
        report = await sound.poll_due()

    assert report == PollReport(articles=1, statements=1, followups=1)
    assert await counts(database) == (2, 2, 2)


async def test_an_article_that_cannot_be_stored_is_tried_again(database: Database) -> None:
    async with a_faulty_world(database, lambda count: count == 2) as (faulty, _, clock):
        report = await faulty.poll_due()
        clock.advance(QUARTER)
        again = await faulty.poll_due()

    assert (report.articles, report.followups) == (2, 2), "it is tried again before the round is over"
    assert len(report.failures) == 1
    assert "could not be stored (OSError)" in report.failures[0].line
    assert again == PollReport(feeds=1)


# --- manners ------------------------------------------------------------------------------------------------


class CountingFetcher(ScriptedFetcher):
    """Counts how many fetches run side by side; none ends before so many (`crowd`) do."""

    def __init__(self, crowd: int = 0) -> None:
        super().__init__()
        self.running = self.most = 0
        self._crowd = crowd

    async def fetch(
        self, url: str, *, etag: str | None = None, last_modified: str | None = None, pause: timedelta | None = None
    ) -> Fetched:
        self.running += 1
        self.most = max(self.most, self.running)
        for _ in range(5):
            await asyncio.sleep(0)
        while self.most < self._crowd:  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0.01)
        self.running -= 1
        return await super().fetch(url, etag=etag, last_modified=last_modified, pause=pause)


async def test_feeds_are_read_side_by_side_but_not_all_at_once(database: Database) -> None:
    clock, fetcher = FakeClock(), CountingFetcher()
    outlets = [an_outlet(f"Outlet {n}", f"https://{n % 100}.example/{n}") for n in range(300)]
    await database.transact(lambda work: work.feeds.follow(outlets, clock.now()))

    report = await watch(database, fetcher, clock).poll_due()

    assert report.feeds == 300
    assert fetcher.most == AT_HAND


async def test_slow_feeds_make_room_for_others_up_to_a_bound(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("watchers.polling.SLOW", 0.01)
    clock, fetcher = FakeClock(), CountingFetcher(crowd=AT_ONCE)
    outlets = [an_outlet(f"Outlet {n}", f"https://{n % 100}.example/{n}") for n in range(300)]
    await database.transact(lambda work: work.feeds.follow(outlets, clock.now()))

    report = await asyncio.wait_for(watch(database, fetcher, clock).poll_due(), 20)

    assert report.feeds == 300
    assert fetcher.most == AT_ONCE


async def test_no_server_is_asked_for_all_its_feeds_at_once(database: Database) -> None:
    clock, fetcher = FakeClock(), CountingFetcher()
    outlets = [an_outlet(f"Outlet {n}", f"https://meridian.example/{n}") for n in range(30)]
    await database.transact(lambda work: work.feeds.follow(outlets, clock.now()))

    report = await watch(database, fetcher, clock).poll_due()

    assert report.feeds == 30
    assert fetcher.most == AT_ONCE_PER_HOST


PAGE = "<html><body><article><h1>News</h1><p>{}</p><p>{}</p></article></body></html>"
REST = "The governments have talked for a month, and their ministers meet in the old town hall on most mornings."


async def full_texts(database: Database, items: Sequence[Item], *, full_text: bool) -> tuple[PollReport, list[str]]:
    clock, url = FakeClock(), "https://meridian.example/rss"
    page = PAGE.format(PROMISE, REST).encode()
    fetcher = ScriptedFetcher({url: rss(*items)} | {str(item.link): page for item in items})
    outlet = an_outlet(feed_url=url, full_text=full_text)
    await database.transact(lambda work: work.feeds.follow([outlet], clock.now()))
    report = await watch(database, fetcher, clock).poll_due()
    return report, [asked for asked in fetcher.asked[1:] if not asked.endswith("/robots.txt")]


async def test_the_page_is_read_where_the_feed_has_only_a_summary(database: Database) -> None:
    report, pages = await full_texts(database, [article("Talks go on …")], full_text=True)

    assert pages == ["https://meridian.example/a-1"]
    assert report.statements == 1


@pytest.mark.parametrize(
    ("item", "full_text"),
    [
        (article("Talks go on …"), False),
        (article("Talks go on. " * 200), True),
        (article("Talks go on …", published=MONDAY_NOON - timedelta(days=2)), True),
    ],
    ids=["not wanted", "whole text", "old"],
)
async def test_no_page_is_asked_for_without_need(database: Database, item: Item, *, full_text: bool) -> None:
    report, pages = await full_texts(database, [item], full_text=full_text)

    assert pages == []
    assert (report.articles, report.statements) == (1, 0)


async def test_a_new_feed_brings_no_storm_of_pages(database: Database) -> None:
    apart = timedelta(minutes=10)
    items = [article("Talks go on …", f"a-{n}", published=MONDAY_NOON - n * apart) for n in range(40)]

    report, pages = await full_texts(database, items, full_text=True)

    assert report.articles == 40
    assert sorted(pages) == sorted(str(item.link) for item in items[:MOST_PAGES])


async def test_the_matcher_of_the_house_reads_where_no_other_is_given(database: Database) -> None:
    clock, url = FakeClock(), "https://meridian.example/rss"
    text = "Norland will withdraw its troops from the border by Friday, its foreign minister said on Monday."
    await database.transact(lambda work: work.feeds.follow([an_outlet(feed_url=url)], clock.now()))
    watcher = FeedWatcher(
        database, ScriptedFetcher({url: rss(article(text))}), SameProcess(ArticleReader(TOPICS)), clock
    )

    assert (await watcher.poll_due()).statements == 1
