"""WebSub from end to end on loopback: a feed names a hub, the hub is asked, asks back, and calls."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.hub_calls import CALLBACKS
from tests.factories import polled
from tests.fakes import ScriptedFetcher
from tests.storing import a_claim
from tests.websub_world import TOPIC, World, world
from watchers.feed_model import HubState
from watchers.feeds.pace import Bounds
from watchers.polling import Poller
from watchers.workers import SameProcess

__all__ = ["world"]
BODY = b"<rss>what it brings is neither kept nor believed</rss>"


# --- calls ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["sha1", "sha256", "sha384", "sha512"])
async def test_a_call_has_its_feed_asked_at_once(world: World, method: str) -> None:
    await world.subscribe()
    world.clock.advance(timedelta(minutes=5))
    assert not await world.due()
    assert await world.hub.publish(TOPIC, BODY, method) == [202]
    assert await world.due()
    feed = await world.feed()
    assert (feed.called_at, feed.next_poll_at) == (world.clock.now(), world.clock.now())
    assert feed.told_until == world.clock.now() + timedelta(days=10, minutes=-5)


async def test_forged_calls_are_answered_alike_and_do_nothing(world: World) -> None:
    known = await world.subscribe()
    world.clock.advance(timedelta(minutes=5))
    for forged in (None, "", "sha256=", "sha256=00", "sha1=" + "0" * 40, "md5=" + "0" * 32, "=", "sha256=zz", "é"):
        assert await world.hub.send(known.callback, BODY, forged) == 202
    assert not await world.due()
    assert (await world.feed()).called_at is None


async def test_a_call_that_is_repeated_costs_one_poll_a_minute(world: World) -> None:
    await world.subscribe()
    world.clock.advance(timedelta(minutes=5))
    for _ in range(5):
        assert await world.hub.publish(TOPIC, BODY) == [202]
    assert await world.due()
    await world.learn(world.hub.url)  # it is polled
    world.clock.advance(timedelta(seconds=20))
    await world.hub.publish(TOPIC, BODY)
    world.clock.advance(timedelta(seconds=20))
    await world.hub.publish(TOPIC, BODY)
    assert not await world.due()
    world.clock.advance(timedelta(seconds=20))
    assert await world.due()


async def test_one_hub_is_heard_so_often_a_minute(world: World) -> None:
    await world.subscribe()
    world.clock.advance(timedelta(minutes=5))
    answers = [(await world.hub.publish(TOPIC, BODY))[0] for _ in range(14)]
    assert answers == [202] * 12 + [429] * 2


async def test_a_call_during_a_poll_is_not_forgotten(world: World) -> None:
    await world.subscribe()
    world.clock.advance(timedelta(minutes=5))
    taken = await world.feed()  # the poll begins
    world.clock.advance(timedelta(seconds=1))
    assert await world.hub.publish(TOPIC, BODY) == [202]
    answered = world.clock.advance(timedelta(seconds=1))
    after = polled(taken, answered, again=answered + timedelta(hours=1))
    await world.database.transact(lambda work: work.feeds.record([after]))
    feed = await world.feed()
    assert feed.next_poll_at == answered + timedelta(minutes=1)
    assert feed.told_until is not None
    again = polled(feed, feed.next_poll_at, again=answered + timedelta(hours=1))
    await world.database.transact(lambda work: work.feeds.record([again]))
    assert (await world.feed()).next_poll_at == answered + timedelta(hours=1)


async def test_a_call_lifts_no_wait_that_a_failing_server_asked_for(world: World) -> None:
    await world.subscribe()
    now = world.clock.advance(timedelta(minutes=5))
    failing = polled(await world.feed(), now, again=now + timedelta(hours=6), error="the server is busy (503)")
    await world.database.transact(lambda work: work.feeds.record([failing]))
    assert await world.hub.publish(TOPIC, BODY) == [202]
    assert (await world.feed()).next_poll_at == now + timedelta(hours=6)


async def test_after_its_lease_a_hub_is_heard_but_not_counted_on(world: World) -> None:
    world.hub.lease_seconds = "3600"
    await world.subscribe()
    world.clock.advance(timedelta(minutes=59))
    assert await world.hub.publish(TOPIC, BODY) == [202]
    assert (await world.feed()).told_until is not None
    world.clock.advance(timedelta(minutes=2))
    assert await world.hub.publish(TOPIC, BODY) == [202]
    assert await world.due()
    assert (await world.feed()).told_until is None


async def test_a_renewed_lease_is_counted_on_and_a_denied_one_is_not(world: World) -> None:
    known = await world.subscribe()
    await world.hub.publish(TOPIC, BODY)
    world.clock.advance(timedelta(days=8))
    await world.asker.ask_due()
    await world.hub.asked()
    assert (await world.feed()).told_until == world.clock.now() + timedelta(days=10)
    assert await world.hub.ask_back(known.callback, "denied", TOPIC, reason="no\nreason") == (200, "")
    assert await world.state() is HubState.REFUSED
    assert (await world.feed()).told_until is None


async def test_strangers_find_nothing(world: World) -> None:
    known = await world.subscribe()
    before = await world.standing()
    token = known.callback.removeprefix(world.callbacks)
    for wrong in (token[:-1], token + "x", token.swapcase(), "short", "%00" * 30, "a" * 101):
        assert (await world.hub.ask_back(world.callbacks + wrong, "subscribe", TOPIC, challenge="abc"))[0] == 404
        assert await world.hub.send(world.callbacks + wrong, BODY, "sha256=" + "0" * 64) == 410
    for mode, topic in (("unsubscribe", TOPIC), ("subscribe", "https://meridian.example/x"), ("denied", "x"), ("", "")):
        assert (await world.hub.ask_back(known.callback, mode, topic, challenge="abc"))[0] == 404
    for method in ("HEAD", "PUT", "DELETE"):
        async with world.client.request(method, known.callback) as answer:
            assert answer.status == 405
    assert await world.standing() == before


async def test_strangers_are_answered_so_often_a_minute_and_readers_no_less_for_it(world: World) -> None:
    async def guess(number: int) -> int:
        return await world.hub.send(f"{world.callbacks}{number:043}", b"", None)

    statuses = [await guess(number) for number in range(602)]
    assert statuses == [410] * 600 + [429] * 2
    async with world.client.get(f"{world.callbacks.removesuffix(CALLBACKS)}/s/{'a' * 43}/calendar.ics") as answer:
        assert answer.status == 404


async def test_a_body_is_bounded_in_size_and_time(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    known = await world.subscribe()
    world.clock.advance(timedelta(minutes=5))
    monkeypatch.setattr("bot.hub_calls.LARGEST_CALL", 100_000)
    world.hub.verified[:] = [known]
    assert await world.hub.publish(TOPIC, b"x" * 100_000) == [202]
    assert await world.due()
    await world.learn(world.hub.url)
    assert await world.hub.publish(TOPIC, b"x" * 100_001) == [413]
    monkeypatch.setattr("bot.hub_calls.LONGEST_CALL", 0.1)

    async def trickle() -> AsyncIterator[bytes]:
        yield b"x"
        await asyncio.sleep(1)

    headers = {"X-Hub-Signature": "sha256=" + "0" * 64}
    async with world.client.post(known.callback, data=trickle(), headers=headers) as answer:
        assert answer.status == 408
    assert not await world.due()


async def test_a_packed_body_is_signed_as_it_is_sent(world: World) -> None:
    """Nothing is unpacked for a caller, so that no bomb is."""
    await world.subscribe()
    world.clock.advance(timedelta(minutes=5))
    client = world.client
    client.headers["Content-Encoding"] = "gzip"
    assert await world.hub.publish(TOPIC, b"no gzip at all") == [202]
    assert await world.due()


async def test_a_caller_that_breaks_off_is_no_fault_of_ours(world: World, caplog: pytest.LogCaptureFixture) -> None:
    known = await world.subscribe()
    host, port = known.callback.split("/")[2].split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    path = "/" + known.callback.split("/", 3)[3]
    head = f"POST {path} HTTP/1.1\r\nHost: {host}\r\nContent-Length: 100\r\nX-Hub-Signature: sha1={'0' * 40}\r\n\r\n"
    writer.write(head.encode() + b"half of it")
    await writer.drain()
    await asyncio.sleep(0.1)
    writer.close()
    await writer.wait_closed()
    await asyncio.sleep(0.1)
    assert "Traceback" not in caplog.text
    assert await world.hub.publish(TOPIC, BODY) == [202]
    del reader


# --- polls ----------------------------------------------------------------------------------------------------


def a_body(hub: str, *titles: str) -> bytes:
    """An RSS feed that names its hub and itself, with an entry each hour until noon on Monday."""
    links = f'<a:link rel="hub" href="{hub}"/><a:link rel="self" href="{TOPIC}"/>'
    items = "".join(
        f"<item><title>{title}</title><guid>{title}</guid><pubDate>02 Mar 2026 {hour:02}:00:00 GMT</pubDate></item>"
        for hour, title in enumerate(titles)
    )
    channel = f"<channel><title>The Meridian</title>{links}{items}</channel>"
    return f'<rss version="2.0" xmlns:a="http://www.w3.org/2005/Atom">{channel}</rss>'.encode()


async def test_a_feed_is_polled_when_its_hub_calls_and_otherwise_as_seldom_as_may_be(world: World) -> None:
    titles = [f"Talks, part {number}" for number in range(12)]
    fetcher = ScriptedFetcher({TOPIC: a_body(world.hub.url, *titles)})
    bounds = Bounds(timedelta(minutes=15), timedelta(hours=2))
    poller = Poller(world.database, fetcher, SameProcess(object()), world.clock, bounds, holder=a_claim().holder)

    async def waits_after_a_poll() -> timedelta:
        [taken] = await world.database.transact(lambda work: work.feeds.take(a_claim(world.clock.now()), 1))
        report = await poller.poll(taken, lambda: None)
        assert not report.failures
        return (await world.feed()).next_poll_at - world.clock.now()

    assert await waits_after_a_poll() < timedelta(minutes=60)
    await world.asker.ask_due()
    await world.hub.asked()
    world.clock.advance(timedelta(minutes=10))
    fetcher.answers[TOPIC] = a_body(world.hub.url, *titles, "Told of")
    assert await world.hub.publish(TOPIC, BODY) == [202]
    assert await world.due()
    assert await waits_after_a_poll() >= timedelta(hours=2)
    world.clock.advance(timedelta(hours=3))
    assert await waits_after_a_poll() >= timedelta(hours=2)  # nothing new, and nothing told
    world.clock.advance(timedelta(hours=3))
    fetcher.answers[TOPIC] = a_body(world.hub.url, *titles, "Told of", "Not told of")
    assert await waits_after_a_poll() < timedelta(minutes=90)
    assert (await world.feed()).told_until is None
