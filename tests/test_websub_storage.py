"""What is remembered of hubs, on both engines."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from storage.engine import Database
from tests.factories import MONDAY_NOON, an_outlet, polled
from tests.storing import minutes
from watchers.feed_model import FeedState, HubOffer, HubStanding, HubState, HubSubscription

OFFER = HubOffer("https://hub.example/", "https://meridian.example/a")
ASKED = HubSubscription(OFFER, "x" * 12 + "a" * 31, "secret", HubState.ASKED, MONDAY_NOON)
GRANTED = replace(ASKED, state=HubState.GRANTED, expires_at=minutes(600))


async def follow(store: Database, *paths: str) -> list[FeedState]:
    outlets = [an_outlet(path, f"https://meridian.example/{path}") for path in paths]
    await store.transact(lambda work: work.feeds.follow(outlets, MONDAY_NOON))
    return await feeds(store)


async def feeds(store: Database) -> list[FeedState]:
    return list(await store.look(lambda work: work.feeds.all()))


async def record(store: Database, *polled: FeedState) -> None:
    await store.transact(lambda work: work.feeds.record(polled))


async def learn(store: Database, feed: FeedState, offer: HubOffer | None = OFFER) -> FeedState:
    hub, topic = (offer.hub, offer.topic) if offer else (None, None)
    known = replace(polled(feed, MONDAY_NOON, again=minutes(60)), hub=hub, topic=topic)
    await record(store, known)
    return known


async def put(store: Database, feed: FeedState, subscription: HubSubscription) -> None:
    await store.transact(lambda work: work.hubs.put(feed.id, subscription))


async def called(store: Database, feed: FeedState, minute: float, again: float, until: float | None = 600) -> None:
    told_until = None if until is None else minutes(until)
    await store.transact(lambda work: work.hubs.called(feed, minutes(minute), minutes(again), told_until))


async def standings(store: Database) -> list[HubStanding]:
    return list(await store.look(lambda work: work.hubs.all()))


def by_number(*expected: HubStanding) -> list[HubStanding]:
    return sorted(expected, key=lambda standing: standing.feed_id)


async def find(store: Database, token: str) -> tuple[FeedState, HubSubscription] | None:
    return await store.look(lambda work: work.hubs.find(token))


async def test_feeds_with_a_hub_or_a_subscription_are_listed(store: Database) -> None:
    a, b, _ = await follow(store, "a", "b", "c")
    assert await standings(store) == []
    a = await learn(store, a)
    assert (await feeds(store))[0] == a
    await put(store, b, GRANTED)
    assert await standings(store) == by_number(HubStanding(a.id, OFFER, None), HubStanding(b.id, None, GRANTED))
    await put(store, a, replace(ASKED, token="another"))
    await put(store, a, replace(GRANTED, token="another"))
    await store.transact(lambda work: work.hubs.forget(b.id))
    assert await standings(store) == [HubStanding(a.id, OFFER, replace(GRANTED, token="another"))]


async def test_a_feed_that_stopped_or_is_read_no_more_names_no_hub(store: Database) -> None:
    a, b = await follow(store, "a", "b")
    a = await learn(store, a)
    await learn(store, b)
    await put(store, a, GRANTED)
    await record(store, replace(a, stopped=True))
    await follow(store, "a")
    assert await standings(store) == [HubStanding(a.id, None, GRANTED)]


async def test_a_subscription_is_found_by_its_whole_token_alone(store: Database) -> None:
    a, b = await follow(store, "a", "b")
    other = replace(GRANTED, token="x" * 12 + "b" * 31)
    await put(store, a, ASKED)
    await put(store, b, other)
    assert await find(store, ASKED.token) == (a, ASKED)
    assert await find(store, other.token) == (b, other)
    for wrong in (
        "",
        "x" * 12,
        ASKED.token[:-1],
        ASKED.token + "a",
        ASKED.token.upper(),
        "%",
        "é" * 43,
        "\0",
        "\ud800",
    ):
        assert await find(store, wrong) is None


async def test_a_call_is_kept_and_polls_leave_it_as_it_is(store: Database) -> None:
    [feed] = await follow(store, "a")
    await put(store, feed, GRANTED)
    feed = await learn(store, feed)
    await called(store, feed, 5, again=6)
    [told] = await feeds(store)
    assert told == replace(feed, called_at=minutes(5), next_poll_at=minutes(6), told_until=minutes(600))
    after = polled(told, minutes(6), again=minutes(126))
    await record(store, after)
    assert await feeds(store) == [after]
    await record(store, replace(after, told_until=None))
    assert await feeds(store) == [replace(after, told_until=None)]


@pytest.mark.parametrize("known", [None, -30])
async def test_a_call_during_a_poll_has_the_feed_asked_once_more(store: Database, known: int | None) -> None:
    [feed] = await follow(store, "a")
    other = (await follow(store, "a", "b"))[1]
    if known is not None:
        await called(store, feed, known, again=0)
    [taken, _] = await feeds(store)
    await called(store, taken, 5, again=5)
    await record(store, polled(taken, minutes(6), again=minutes(126)), polled(other, minutes(6), again=minutes(126)))
    [after, untouched] = await feeds(store)
    assert (after.next_poll_at, after.told_until, after.polled_at) == (minutes(7), minutes(600), minutes(6))
    assert untouched.next_poll_at == minutes(126)
    later = polled(taken, minutes(6), again=minutes(6) + timedelta(seconds=30))
    await record(store, later)
    assert (await feeds(store))[0].next_poll_at == later.next_poll_at
    failed = polled(taken, minutes(6), again=minutes(360), error="the server is busy (503)")
    await record(store, failed)
    assert (await feeds(store))[0].next_poll_at == minutes(360)


async def test_a_hub_is_counted_on_only_as_long_as_its_lease(store: Database) -> None:
    [feed] = await follow(store, "a")
    await put(store, feed, GRANTED)
    assert (await feeds(store))[0].told_until is None
    await called(store, feed, 5, again=5)
    await put(store, feed, replace(GRANTED, expires_at=minutes(900)))
    assert (await feeds(store))[0].told_until == minutes(900)
    await put(store, feed, replace(GRANTED, state=HubState.REFUSED, expires_at=None))
    assert (await feeds(store))[0].told_until is None


async def test_letting_go_forgets_tokens_and_counts_on_none(store: Database) -> None:
    a, b = await follow(store, "a", "b")
    for feed, token in ((a, "token of a"), (b, "token of b")):
        await put(store, feed, replace(GRANTED, token=token))
        await called(store, feed, 5, again=5)
    await store.transact(lambda work: work.hubs.forget(a.id))
    assert [feed.told_until for feed in await feeds(store)] == [None, minutes(600)]
    await store.transact(lambda work: work.hubs.forget_all())
    assert [feed.told_until for feed in await feeds(store)] == [None, None]
    assert await standings(store) == []
