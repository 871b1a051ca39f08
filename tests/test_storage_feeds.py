"""Feeds and articles, on both engines."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest
from sqlalchemy.exc import StatementError

from config.catalogue import Outlet
from storage.engine import Database
from storage.errors import DatabaseError
from tests.factories import MONDAY_NOON, an_article, an_outlet
from tests.storing import minutes
from watchers.feed_model import FeedState
from watchers.model import Article, Tally


def meridian(path: str, name: str = "The Meridian") -> Outlet:
    return an_outlet(name, f"https://meridian.example/{path}")


async def follow(store: Database, *outlets: Outlet, now: datetime = MONDAY_NOON) -> None:
    await store.transact(lambda work: work.feeds.follow(outlets, now))


async def feeds(store: Database) -> list[FeedState]:
    return list(await store.look(lambda work: work.feeds.all()))


async def due_paths(store: Database, now: datetime, limit: int = 10) -> list[str]:
    due = await store.look(lambda work: work.feeds.due(now, limit))
    return [feed.url.rpartition("/")[2] for feed in due]


async def record(store: Database, feed: FeedState, again: datetime, error: str | None = None) -> None:
    outcome = PollOutcome(feed.id, "tag", "Mon", "hash", MONDAY_NOON, again, error)
    await store.transact(lambda work: work.feeds.record(outcome))


async def test_a_new_outlet_is_due_at_once_and_never_read_yet(store: Database) -> None:
    await follow(store, replace(meridian("a"), language="fr", time_zone="Europe/Paris", full_text=True))
    [feed] = await store.look(lambda work: work.feeds.due(MONDAY_NOON, 10))
    assert feed == FeedState(
        id=feed.id,
        url="https://meridian.example/a",
        outlet="The Meridian",
        language="fr",
        time_zone="Europe/Paris",
        full_text=True,
        etag=None,
        last_modified=None,
        body_hash=None,
        next_poll_at=MONDAY_NOON,
        failures=0,
        last_success_at=None,
        last_error=None,
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
    assert (failing.failures, failing.last_error, failing.last_success_at) == (2, "the server answered 502", None)
    await record(store, feed, minutes(3))
    [healed] = await feeds(store)
    assert (healed.failures, healed.last_error, healed.last_success_at) == (0, None, MONDAY_NOON)
    assert (healed.etag, healed.last_modified, healed.body_hash) == ("tag", "Mon", "hash")


async def test_an_article_is_stored_once_per_feed_and_key(store: Database) -> None:
    await follow(store, meridian("a"), meridian("b"))
    a, b = await feeds(store)
    article = an_article(key="k")

    async def add(feed: FeedState, what: Article) -> int | None:
        return await store.transact(lambda work: work.articles.add(feed.id, what, MONDAY_NOON))

    first = await add(a, article)
    assert first is not None
    assert await add(a, replace(article, title="Another headline")) is None
    assert await add(b, article) not in {None, first}
    unseen = await store.look(lambda work: work.articles.unseen(a.id, ["k", "l", "l", "m"]))
    assert unseen == {"l", "m"}
    assert await store.look(lambda work: work.articles.unseen(a.id, [])) == frozenset()


async def test_text_that_no_database_can_hold_is_kept_letter_for_letter_otherwise(store: Database) -> None:
    await follow(store, meridian("a"))
    [feed] = await feeds(store)
    hostile = replace(an_article("Nul \0, half a pair \ud83d, whole \U0001f54a.", key="k\0\udfff"), title="\0")
    assert await store.transact(lambda work: work.articles.add(feed.id, hostile, MONDAY_NOON))
    assert await store.look(lambda work: work.articles.unseen(feed.id, [hostile.key])) == frozenset()
    assert await store.transact(lambda work: work.articles.add(feed.id, hostile, MONDAY_NOON)) is None


async def test_an_article_of_no_known_feed_is_refused(store: Database) -> None:
    with pytest.raises(DatabaseError, match="refused"):
        await store.transact(lambda work: work.articles.add(7, an_article(), MONDAY_NOON))


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
    assert await store.look(lambda work: work.tally()) == Tally(0, 0, 0, 0, 0, 0, None)
    await follow(store, meridian("a"), meridian("b"), meridian("c"))
    a, b, c = await feeds(store)
    await record(store, a, minutes(1))
    await record(store, b, minutes(1), "the server answered 500")
    await record(store, c, minutes(1), "the server answered 500")
    await store.transact(lambda work: work.articles.add(a.id, an_article(), MONDAY_NOON))
    await follow(store, meridian("a"), meridian("b"))
    assert await store.look(lambda work: work.tally()) == Tally(2, 1, 1, 0, 0, 0, MONDAY_NOON)
