"""Leases on feeds and articles, on both engines: several processes divide the work, and none waits for another."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import datetime
from functools import partial

import pytest

from storage.engine import Database, open_database
from tests.factories import MONDAY_NOON, an_article, an_outlet, polled
from tests.storing import a_claim, articles_in, minutes
from watchers.feed_memory import Claim, Leased
from watchers.feed_model import FeedState, Intake, Stage
from watchers.intake import store_intakes
from watchers.ports import UnitOfWork

HERE, THERE = "here", "there"
MANY = 40


@contextmanager
def databases(url: str, count: int) -> Iterator[list[Database]]:
    """Open a database so many times, as so many processes would."""
    with ExitStack() as stack:
        opened = [open_database(url) for _ in range(count)]
        for one in opened:
            stack.callback(one.close)
        yield opened


async def follow(store: Database, count: int) -> list[FeedState]:
    outlets = [an_outlet(feed_url=f"https://meridian.example/{number}") for number in range(count)]
    await store.transact(lambda work: work.feeds.follow(outlets, MONDAY_NOON))
    return list(await store.look(lambda work: work.feeds.all()))


async def write(store: Database, count: int, stage: Stage = Stage.READING) -> None:
    [feed] = await follow(store, 1)
    new = [(feed.id, an_article(key=f"{number}"), stage) for number in range(count)]
    await store.transact(lambda work: work.articles.add(new, MONDAY_NOON))


def take_feeds(work: UnitOfWork, claim: Claim, limit: int) -> list[int]:
    return [feed.id for feed in work.feeds.take(claim, limit)]


def take_articles(work: UnitOfWork, claim: Claim, limit: int) -> list[int]:
    return [one.id for one in work.articles.take((Stage.READING,), claim, limit)]


def feeds_of(work: UnitOfWork) -> Leased:
    return work.feeds


def articles_of(work: UnitOfWork) -> Leased:
    return work.articles


LEASED = pytest.mark.parametrize(
    ("fill", "take", "table"),
    [
        pytest.param(follow, take_feeds, feeds_of, id="feeds"),
        pytest.param(write, take_articles, articles_of, id="articles"),
    ],
)
Fill = Callable[[Database, int], Awaitable[object]]
Take = Callable[[UnitOfWork, Claim, int], list[int]]
Table = Callable[[UnitOfWork], Leased]


async def grabbed(store: Database, take: Take, claim: Claim, limit: int) -> list[int]:
    return await store.transact(lambda work: take(work, claim, limit), alone=False)


@LEASED
async def test_what_one_takes_no_other_does_until_it_is_given_back(
    store: Database, fill: Fill, take: Take, table: Table
) -> None:
    await fill(store, 5)
    mine = await grabbed(store, take, a_claim(holder=HERE), 3)
    yours = await grabbed(store, take, a_claim(holder=THERE), 3)
    assert (len(mine), len(yours)) == (3, 2)
    assert len({*mine, *yours}) == 5
    assert mine == sorted(mine)
    assert await grabbed(store, take, a_claim(holder=THERE), 9) == []

    await store.transact(lambda work: table(work).give_back([*mine[:2], yours[0]], HERE))
    assert await grabbed(store, take, a_claim(holder=THERE), 9) == mine[:2]


@LEASED
async def test_a_lease_runs_out_unless_it_is_renewed(store: Database, fill: Fill, take: Take, table: Table) -> None:
    await fill(store, 3)
    mine = await grabbed(store, take, a_claim(holder=HERE), 3)
    later = a_claim(minutes(0.5), HERE)
    await store.transact(lambda work: table(work).renew(mine[1:], later))
    assert await grabbed(store, take, a_claim(minutes(0.9), THERE), 9) == []
    assert await grabbed(store, take, a_claim(minutes(1), THERE), 9) == mine[:1]

    assert await grabbed(store, take, a_claim(minutes(1.5), THERE), 9) == mine[1:]
    await store.transact(lambda work: table(work).renew(mine, a_claim(minutes(2), HERE)))
    await store.transact(lambda work: table(work).give_back(mine, HERE))
    assert await grabbed(store, take, a_claim(minutes(1.9), HERE), 9) == mine[:0]
    assert await grabbed(store, take, a_claim(minutes(2), HERE), 9) == mine[:1]


@LEASED
async def test_many_who_take_at_once_take_each_thing_once(
    database_url: str, fill: Fill, take: Take, table: Table
) -> None:
    del table
    with databases(database_url, 4) as opened:
        await fill(opened[0], MANY)

        async def all_of(name: int, store: Database) -> list[int]:
            taken: list[int] = []
            while some := await grabbed(store, take, a_claim(holder=f"{name}"), 3):
                taken += some
            return taken

        shares = await asyncio.gather(*(all_of(name, store) for name, store in enumerate(opened)))
    together = [one for share in shares for one in share]
    assert len(together) == len(set(together)) == MANY


# --- polls --------------------------------------------------------------------------------------------------------


def brought(feed: FeedState, *keys: str) -> Intake:
    after = polled(replace(feed, etag="tag"), again=minutes(30))
    return Intake(feed, after, tuple((an_article(key=key), Stage.READING) for key in keys), b"memory")


async def taken(store: Database, holder: str, now: float = 0) -> FeedState:
    [feed] = await store.transact(lambda work: work.feeds.take(a_claim(minutes(now), holder), 1))
    return feed


async def test_a_poll_that_is_stored_gives_the_feed_back(store: Database) -> None:
    await follow(store, 1)
    feed = await taken(store, HERE)
    assert await store.transact(lambda work: store_intakes(work, [brought(feed, "a")], HERE, MONDAY_NOON)) == {feed.id}
    [stands] = await store.look(lambda work: work.feeds.all())
    assert (stands.next_poll_at, stands.etag) == (minutes(30), "tag")
    assert (await taken(store, THERE, 30)).id == feed.id


async def test_nothing_is_stored_of_a_poll_whose_feed_another_has_taken(store: Database) -> None:
    await follow(store, 1)
    feed = await taken(store, HERE)
    again = await taken(store, THERE, 1)
    assert not await store.transact(lambda work: store_intakes(work, [brought(feed, "a")], HERE, MONDAY_NOON))
    assert list(await store.look(lambda work: work.feeds.all())) == [again]
    assert await store.look(articles_in) == 0
    assert await store.transact(lambda work: store_intakes(work, [brought(again, "a")], THERE, MONDAY_NOON))
    assert await store.look(articles_in) == 1


async def test_a_feed_that_somebody_wants_asked_during_its_poll_is_asked_again(store: Database) -> None:
    await follow(store, 1)
    feed = await taken(store, HERE)
    await store.transact(lambda work: work.feeds.ask_at(feed.id, minutes(2)))
    gone = brought(feed, "a")
    gone = replace(gone, feed=replace(gone.feed, stopped=True))
    await store.transact(lambda work: store_intakes(work, [gone], HERE, MONDAY_NOON))
    [stands] = await store.look(lambda work: work.feeds.all())
    assert (stands.next_poll_at, stands.stopped, stands.etag) == (minutes(2), False, "tag")
    again = await taken(store, HERE, 2)
    await store.transact(lambda work: store_intakes(work, [brought(again)], HERE, MONDAY_NOON))
    [stands] = await store.look(lambda work: work.feeds.all())
    assert stands.next_poll_at == minutes(30)


async def test_a_page_visited_twice_sends_no_article_back_to_be_read(store: Database) -> None:
    await write(store, 1, Stage.PAGE)
    claim = a_claim(holder=HERE)
    [page] = await store.transact(lambda work: work.articles.take((Stage.PAGE,), claim, 1))
    await store.transact(lambda work: work.articles.complete(page.id, "The whole of it.", Stage.READING))
    [one] = await store.transact(lambda work: work.articles.take((Stage.READING,), a_claim(holder=THERE), 1))
    assert one.article.text == "The whole of it."
    assert await store.transact(lambda work: work.articles.read([one.id])) == {one.id}
    await store.transact(lambda work: work.articles.complete(page.id, "Something else.", Stage.READING))
    assert not await store.transact(lambda work: work.articles.take(tuple(Stage), a_claim(minutes(9)), 1))


# --- beside decisions ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_taking_waits_for_no_decision_and_for_no_row(database_url: str) -> None:
    with databases(database_url, 2) as (here, there):
        await follow(here, 3)
        begun, over = threading.Event(), threading.Event()

        def decide(work: UnitOfWork) -> list[int]:
            mine = take_feeds(work, a_claim(holder=HERE), 2)
            begun.set()
            assert over.wait(20)
            return mine

        deciding = asyncio.create_task(here.transact(decide))
        await asyncio.to_thread(begun.wait, 20)
        yours = await there.transact(lambda work: take_feeds(work, a_claim(holder=THERE), 9), alone=False)
        over.set()
        mine = await deciding
    assert (len(mine), len(yours)) == (2, 1)
    assert not set(mine) & set(yours)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_who_stood_in_anothers_way_tries_again(database_url: str) -> None:
    with databases(database_url, 2) as (here, there):
        first, second = await follow(here, 2)
        both, tries = threading.Barrier(2), []

        def cross(work: UnitOfWork, one: int, other: int) -> None:
            tries.append(one)
            work.feeds.ask_at(one, minutes(5))
            if len(tries) <= 2:
                both.wait(20)
            work.feeds.ask_at(other, minutes(5))

        await asyncio.gather(
            here.transact(partial(cross, one=first.id, other=second.id), alone=False),
            there.transact(partial(cross, one=second.id, other=first.id), alone=False),
        )
        assert {feed.next_poll_at for feed in await here.look(lambda work: work.feeds.all())} == {minutes(5)}
    assert len(tries) == 3


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_many_who_take_store_renew_and_decide_at_once_never_stand_still(database_url: str) -> None:
    """Each polls what it takes, renews what others may have taken since, and everything is asked again all the time."""
    with databases(database_url, 4) as opened:
        feeds = await follow(opened[0], 12)
        everything = [feed.id for feed in feeds]
        now = iter(range(1, 10_000))

        def take_some(work: UnitOfWork, claim: Claim) -> Sequence[FeedState]:
            return work.feeds.take(claim, 5)

        def renew_all(work: UnitOfWork, claim: Claim) -> None:
            work.feeds.renew(everything, claim)

        def ask(work: UnitOfWork, feed_id: int, at: datetime) -> None:
            work.feeds.ask_at(feed_id, at)

        async def poll(name: str, store: Database) -> int:
            kept = 0
            for number in range(25):
                claim = a_claim(minutes(next(now)), name)
                mine = await store.transact(partial(take_some, claim=claim), alone=False)
                await store.transact(partial(renew_all, claim=claim), alone=False)
                bring = [brought(feed, f"{name}-{number}") for feed in reversed(mine)]
                store_all = partial(store_intakes, intakes=bring, holder=name, now=claim.now)
                kept += len(await store.transact(store_all, alone=False))
            return kept

        async def ask_all(store: Database) -> None:
            for number in range(30):
                for one in [*everything, *reversed(everything)]:
                    await store.transact(partial(ask, feed_id=one, at=minutes(number)))

        def follow_again(work: UnitOfWork) -> None:
            work.feeds.follow([an_outlet("Anew", feed.url) for feed in feeds], MONDAY_NOON)

        asking = asyncio.create_task(ask_all(opened[0]))
        following = asyncio.create_task(opened[1].transact(follow_again))
        polling = asyncio.gather(*(poll(f"{name}", store) for name, store in enumerate(opened)))
        kept = await asyncio.wait_for(polling, 60)
        await asyncio.wait_for(asyncio.gather(asking, following), 60)
        articles = await opened[0].look(articles_in)
    assert articles == sum(kept) > 12
