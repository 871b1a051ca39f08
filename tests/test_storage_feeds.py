"""Feeds and articles, on both engines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest
from sqlalchemy.exc import StatementError

from config.catalogue import Outlet
from storage.engine import Database
from storage.errors import DatabaseError
from tests.factories import MONDAY_NOON, an_article, an_outlet, polled
from tests.storing import a_claim, articles_in, minutes, waiting
from watchers.feed_model import FeedState, Reason, Schedule, Stage
from watchers.model import Article, Tally
from watchers.ports import UnitOfWork


def meridian(path: str, name: str = "The Meridian") -> Outlet:
    return an_outlet(name, f"https://meridian.example/{path}")


async def follow(store: Database, *outlets: Outlet, now: datetime = MONDAY_NOON) -> None:
    await store.transact(lambda work: work.feeds.follow(outlets, now))


async def feeds(store: Database) -> list[FeedState]:
    return list(await store.look(lambda work: work.feeds.all()))


async def due_paths(store: Database, now: datetime, limit: int = 10) -> list[str]:
    def work(unit: UnitOfWork) -> Sequence[FeedState]:
        due = unit.feeds.take(a_claim(now), limit)
        unit.feeds.give_back([feed.id for feed in due], a_claim().holder)
        return due

    due = await store.transact(work)
    return [feed.url.rpartition("/")[2] for feed in due]


async def record(store: Database, feed: FeedState, again: datetime, error: str | None = None) -> None:
    [feed] = [one for one in await feeds(store) if one.id == feed.id]
    known = replace(feed, etag="tag", last_modified="Mon", body_hash="hash")
    after = polled(known, again=again, error=error, failures=feed.failures + 1)
    await store.transact(lambda work: work.feeds.record([after]))


async def test_a_new_outlet_is_due_at_once_and_never_read_yet(store: Database) -> None:
    await follow(store, replace(meridian("a"), language="fr", time_zone="Europe/Paris", full_text=True))
    [feed] = await store.transact(lambda work: work.feeds.take(a_claim(), 10))
    assert feed == FeedState(
        id=feed.id,
        url="https://meridian.example/a",
        outlet="The Meridian",
        language="fr",
        time_zone="Europe/Paris",
        full_text=True,
        next_poll_at=MONDAY_NOON,
    )


async def test_feeds_are_due_the_longest_overdue_first_and_no_more_than_asked(store: Database) -> None:
    await follow(store, meridian("a"), meridian("b"), meridian("c"))
    a, b, c = await feeds(store)
    await record(store, a, minutes(30))
    await record(store, b, minutes(10))
    await record(store, c, minutes(20))
    assert await due_paths(store, minutes(20)) == ["b", "c"]
    assert await due_paths(store, minutes(60), limit=2) == ["b", "c"]
    assert await due_paths(store, minutes(9.9)) == []


async def test_following_again_keeps_what_is_known_and_drops_who_is_gone(store: Database) -> None:
    await follow(store, meridian("a"), meridian("b"))
    a, b = await feeds(store)
    await record(store, a, minutes(30))
    await follow(store, meridian("a", "The Daily Meridian"), meridian("c"), now=minutes(5))
    assert [(feed.outlet, feed.etag, feed.next_poll_at) for feed in await feeds(store)] == [
        ("The Daily Meridian", "tag", minutes(30)),
        ("The Meridian", None, minutes(5)),
    ]
    assert await due_paths(store, minutes(60)) == ["c", "a"]
    await follow(store, meridian("b"))
    assert [feed.id for feed in await feeds(store)] == [b.id]
    await follow(store)
    assert await feeds(store) == []


async def test_of_two_outlets_with_one_address_the_first_holds(store: Database) -> None:
    await follow(store, meridian("a", "First"), meridian("a", "Second"))
    assert [feed.outlet for feed in await feeds(store)] == ["First"]


async def test_feeds_are_listed_by_outlet_and_address(store: Database) -> None:
    await follow(store, meridian("b", "Zenith"), meridian("d"), meridian("c"))
    assert [feed.url[-1] for feed in await feeds(store)] == ["c", "d", "b"]


async def test_errors_add_up_until_a_success_clears_them(store: Database) -> None:
    await follow(store, meridian("a"))
    [feed] = await feeds(store)
    await record(store, feed, minutes(1), "the server answered 500")
    await record(store, feed, minutes(2), "the server answered 502")
    [failing] = await feeds(store)
    assert (failing.failures, failing.last_error, failing.last_success_at) == (
        2,
        Reason("the server answered 502"),
        None,
    )
    await record(store, feed, minutes(3))
    [healed] = await feeds(store)
    assert (healed.failures, healed.last_error, healed.last_success_at) == (0, None, MONDAY_NOON)
    assert (healed.etag, healed.last_modified, healed.body_hash) == ("tag", "Mon", "hash")


async def add(store: Database, feed: FeedState, *articles: Article) -> int:
    new = [(feed.id, article, Stage.READING) for article in articles]
    await store.transact(lambda work: work.articles.add(new, MONDAY_NOON))
    return await store.look(articles_in)


@pytest.mark.parametrize(
    "schedule",
    [
        Schedule(),
        Schedule(timedelta(minutes=90), frozenset({0, 23}), frozenset({5, 6})),
        Schedule(not_at_hours=frozenset({7})),
    ],
)
async def test_all_that_a_poll_leaves_behind_is_kept(store: Database, schedule: Schedule) -> None:
    await follow(store, meridian("a"))
    [feed] = await feeds(store)
    after = replace(
        feed,
        next_poll_at=minutes(30),
        moved_to="https://lantern.example/a",
        redirect="https://lantern.example/b",
        redirects=2,
        etag="tag",
        last_modified="Mon",
        body_hash="hash",
        parser="plain",
        per_day=4.5,
        schedule=schedule,
        polled_at=minutes(15),
        failures=3,
        failing_since=minutes(5),
        last_success_at=minutes(0),
        last_error=Reason("{host} broke off the connection", host="meridian.example"),
    )
    await store.transact(lambda work: work.feeds.record([after]))
    assert await feeds(store) == [after]


async def test_an_article_is_stored_once_per_feed_and_key(store: Database) -> None:
    await follow(store, meridian("a"), meridian("b"))
    a, b = await feeds(store)
    article = an_article(key="k")

    assert await add(store, a, article, replace(article, key="l")) == 2
    assert await add(store, a, replace(article, title="Another headline")) == 2
    assert await add(store, b, article) == 3
    known = await store.look(lambda work: work.articles.of_feed(a.id, 10))
    assert known == [replace(article, key="l"), article]
    assert await store.look(lambda work: work.articles.of_feed(a.id, 1)) == [replace(article, key="l")]


async def test_articles_wait_for_one_thing_after_another(store: Database) -> None:
    await follow(store, meridian("a"))
    [feed] = await feeds(store)
    stages = (Stage.CATCHING_UP, Stage.READING, Stage.PAGE, Stage.READING)
    new = [(feed.id, an_article(key=f"{n}"), stage) for n, stage in enumerate(stages)]
    await store.transact(lambda work: work.articles.add(new, MONDAY_NOON))

    async def waits(*stages: Stage, limit: int = 10) -> list[tuple[str, Stage]]:
        found = await store.transact(lambda work: waiting(work, *stages, limit=limit))
        assert all(one.feed == feed for one in found)
        return [(one.article.key, one.stage) for one in found]

    news = [("1", Stage.READING), ("3", Stage.READING)]
    assert await waits(Stage.READING, Stage.CATCHING_UP) == news
    assert await waits(Stage.READING, Stage.CATCHING_UP, limit=1) == news[:1]
    assert await waits(Stage.CATCHING_UP, Stage.READING) == [("0", Stage.CATCHING_UP)]
    assert await waits(Stage.PAGE) == [("2", Stage.PAGE)]

    assert await store.look(lambda work: work.articles.text_at("https://meridian.example/1")) is not None
    await store.transact(lambda work: work.articles.complete(3, "The whole of it, at length.", Stage.READING))
    assert await waits(Stage.PAGE) == []
    assert await store.look(lambda work: work.articles.text_at("https://x.example/")) is None
    assert await store.transact(lambda work: work.articles.read([2, 3])) == {2, 3}
    assert not await store.transact(lambda work: work.articles.read([3, 99]))
    assert await waits(Stage.READING) == news[1:]


async def test_text_that_no_database_can_hold_is_kept_letter_for_letter_otherwise(store: Database) -> None:
    await follow(store, meridian("a"))
    [feed] = await feeds(store)
    hostile = replace(an_article("Nul \0, half a pair \ud83d, whole \U0001f54a.", key="k\0\udfff"), title="\0")
    assert await add(store, feed, hostile) == 1
    assert await add(store, feed, hostile) == 1
    [kept] = await store.look(lambda work: work.articles.of_feed(feed.id, 1))
    assert kept.text == "Nul \ufffd, half a pair ?, whole \U0001f54a."


async def test_an_article_of_no_known_feed_is_refused(store: Database) -> None:
    with pytest.raises(DatabaseError, match="refused"):
        await store.transact(lambda work: work.articles.add([(7, an_article(), Stage.READING)], MONDAY_NOON))


async def test_an_instant_keeps_its_meaning_whatever_its_zone(store: Database) -> None:
    in_nepal = MONDAY_NOON.astimezone(timezone(timedelta(hours=5, minutes=45)))
    await follow(store, meridian("a"), now=in_nepal)
    [feed] = await feeds(store)
    assert feed.next_poll_at == MONDAY_NOON
    assert feed.next_poll_at.utcoffset() == timedelta(0)


async def test_an_instant_without_a_zone_is_refused(store: Database) -> None:
    with pytest.raises(StatementError, match="needs its time zone"):
        await follow(store, meridian("a"), now=MONDAY_NOON.replace(tzinfo=None))


async def test_the_tally_counts_what_is_followed(store: Database) -> None:
    assert await store.look(lambda work: work.tally()) == Tally(0, 0, 0, 0, None, None, None)
    await follow(store, meridian("a"), meridian("b"), meridian("c"))
    a, b, c = await feeds(store)
    await record(store, a, minutes(1))
    await record(store, b, minutes(1), "the server answered 500")
    await record(store, c, minutes(1), "the server answered 500")
    await add(store, a, an_article())
    await follow(store, meridian("a"), meridian("b"))
    assert await store.look(lambda work: work.tally()) == Tally(2, 1, 0, 0, None, MONDAY_NOON, minutes(1))
