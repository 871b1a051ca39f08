"""WebSub from end to end on loopback: a feed names a hub, the hub is asked, asks back, and calls."""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import aiohttp
import pytest
from aiohttp import web

from bot.app import Cadence, Rounds, SystemClock, hubs_for, reader_of
from bot.delivery import Deliverer
from bot.hub_calls import CALLBACKS
from bot.services import Services
from bot.web import serving
from config.catalogue import Catalogue
from config.settings import WebSettings
from storage.engine import Database, open_database
from tests.factories import an_outlet, polled
from tests.fakes import FakeClock, ScriptedFetcher
from tests.loopback import HOST, LOOPBACK, FeedServer
from tests.loopback_hub import LoopbackHub, Subscriber
from tests.migrated import new_database
from tests.test_bot_delivery import ScriptedMessenger
from watchers.audience import LocalHour
from watchers.feed_model import FeedState, HubStanding, HubState
from watchers.feed_watcher import FeedWatcher
from watchers.feeds.fetch import HttpFetcher, Limits
from watchers.feeds.pace import Bounds
from watchers.feeds.subscribing import HubAsker
from watchers.polling import Poller
from watchers.workers import SameProcess

TOPIC = "https://meridian.example/rss"
BODY = b"<rss>what it brings is neither kept nor believed</rss>"


@dataclass
class World:
    """One feed, its hub, and the bot's web server."""

    database: Database
    clock: FakeClock
    asker: HubAsker
    hub: LoopbackHub
    server: FeedServer
    callbacks: str
    client: aiohttp.ClientSession

    async def feed(self) -> FeedState:
        [feed] = await self.database.look(lambda work: work.feeds.all())
        return feed

    async def standing(self) -> HubStanding:
        [standing] = await self.database.look(lambda work: work.hubs.all())
        return standing

    async def state(self) -> HubState | None:
        known = (await self.standing()).subscription
        return known.state if known else None

    async def learn(self, hub: str | None, topic: str | None = TOPIC) -> None:
        """Store that the feed was polled just now, is due in an hour, and names a hub."""
        now = self.clock.now()
        after = polled(await self.feed(), now, again=now + timedelta(hours=1))
        known = FeedState(**{name: getattr(after, name) for name in FeedState.__slots__} | {"hub": hub, "topic": topic})
        await self.database.transact(lambda work: work.feeds.record([known]))

    async def subscribe(self) -> Subscriber:
        """Have the hub asked and grant; return how it knows us."""
        await self.learn(self.hub.url)
        await self.asker.ask_due()
        await self.hub.asked()
        assert await self.state() is HubState.GRANTED
        return self.hub.verified[-1]

    async def due(self) -> bool:
        now = self.clock.now()
        return bool(await self.database.look(lambda work: work.feeds.due(now, 10)))


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    url = new_database(tmp_path / "bot.db")
    database, clock = open_database(url), FakeClock()
    services = Services(database, clock, Catalogue((), ()), LocalHour(ZoneInfo("UTC"), 8))
    await database.transact(lambda work: work.feeds.follow([an_outlet(feed_url=TOPIC)], clock.now()))
    try:
        async with (
            FeedServer() as server,
            aiohttp.ClientSession() as client,
            serving(services, WebSettings(HOST, 0, "")) as port,
            HttpFetcher(LOOPBACK, limits=Limits(total=0.5)) as poster,
        ):
            reached = WebSettings(HOST, port, f"http://{HOST}:{port}", websub=True)
            asker = await hubs_for(reached, database, poster, clock)
            assert asker is not None
            hub = LoopbackHub(server, client)
            yield World(database, clock, asker, hub, server, f"{reached.public_url}{CALLBACKS}", client)
    finally:
        database.close()


# --- asking ---------------------------------------------------------------------------------------------------


async def test_a_hub_is_asked_once_grants_and_is_asked_again_before_its_lease_ends(world: World) -> None:
    known = await world.subscribe()
    [form] = world.hub.requests
    assert form["hub.callback"] == known.callback
    assert known.callback.startswith(world.callbacks)
    assert len(known.callback.removeprefix(world.callbacks)) == len(form["hub.secret"]) == 43
    assert (form["hub.topic"], form["hub.mode"], form["hub.lease_seconds"]) == (TOPIC, "subscribe", "864000")
    assert await world.asker.ask_due() == 0
    world.clock.advance(timedelta(days=7))
    assert await world.asker.ask_due() == 1
    await world.hub.asked()
    assert world.hub.requests == [form, form]
    subscription = (await world.standing()).subscription
    assert subscription is not None
    assert (subscription.state, subscription.expires_at) == (HubState.GRANTED, world.clock.now() + timedelta(days=10))


async def test_a_hub_may_ask_back_before_it_answers(world: World) -> None:
    world.hub.asks_before_answering = True
    await world.subscribe()


async def test_the_bot_asks_as_soon_as_it_runs(world: World) -> None:
    catalogue = Catalogue((), ())
    services = Services(world.database, world.clock, catalogue, LocalHour(ZoneInfo("UTC"), 8))
    workers = SameProcess(reader_of(catalogue))
    rounds = Rounds(
        services,
        lambda _: FeedWatcher(world.database, ScriptedFetcher(), workers, world.clock),
        Deliverer(world.database, ScriptedMessenger(world.clock), world.clock, "one"),
        Cadence(),
        world.asker,
    )
    world.clock.set(SystemClock().now())  # by which the scheduler goes
    await world.learn(world.hub.url)
    await rounds.start()
    await asyncio.wait_for(world.hub.granted.wait(), 10)
    await rounds.stop()
    assert await world.state() is HubState.GRANTED


async def test_a_feed_that_does_not_say_its_topic_or_names_no_hub_is_left_to_polls(world: World) -> None:
    assert await world.asker.ask_due() == 0
    await world.learn(world.hub.url, None)
    assert await world.asker.ask_due() == 0
    await world.learn(None, TOPIC)
    assert await world.asker.ask_due() == 0
    assert not world.hub.requests


@pytest.mark.parametrize("status", [400, 404, 429, 500, 301])
async def test_a_hub_that_refuses_is_asked_again_the_day_after(world: World, status: int) -> None:
    world.hub.status = status
    await world.learn(world.hub.url)
    assert await world.asker.ask_due() == 1
    assert await world.state() is HubState.REFUSED
    world.clock.advance(timedelta(hours=23))
    assert await world.asker.ask_due() == 0
    world.hub.status = 202
    world.clock.advance(timedelta(hours=1))
    assert await world.asker.ask_due() == 1
    await world.hub.asked()
    assert await world.state() is HubState.GRANTED


async def test_a_hub_that_is_down_or_hangs_stops_nothing(world: World, caplog: pytest.LogCaptureFixture) -> None:
    with closing(socket.create_server((HOST, 0))) as free:
        port = free.getsockname()[1]
    over = asyncio.Event()

    async def hang(_: web.Request) -> web.Response:
        await over.wait()
        return web.Response(status=202)

    tried = {
        f"http://{HOST}:{port}/": "refuses connections",
        world.server.answer("/hangs", hang): "did not answer in time",
        world.server.breaks_off("/breaks-off"): "answered 200",
    }
    for hub, why in tried.items():
        await world.learn(hub)
        with caplog.at_level(logging.INFO):
            assert await world.asker.ask_due() == 1
        assert why in caplog.text
        assert await world.state() is HubState.ASKED
        world.clock.advance(timedelta(days=1))
    over.set()
    known = (await world.standing()).subscription
    assert known is not None
    assert known.token not in caplog.text
    assert known.secret not in caplog.text
    assert known.secret not in repr(known)


@pytest.mark.parametrize(
    ("hub", "why"),
    [
        ("http://127.0.0.1/", "not an address on the public internet"),
        ("https://10.0.0.5/hub", "not an address on the public internet"),
        ("https://[::ffff:10.0.0.5]/", "not an address on the public internet"),
        ("http://169.254.169.254/", "not an address on the public internet"),
        ("http://hub.example:22/", "not a web port"),
        ("ftp://hub.example/", "not a web address"),
    ],
)
async def test_a_hub_in_a_private_network_is_not_asked(
    world: World, hub: str, why: str, caplog: pytest.LogCaptureFixture
) -> None:
    async with HttpFetcher() as guarded:
        asker = HubAsker(world.database, guarded, world.clock, world.callbacks)
        await world.learn(hub)
        with caplog.at_level(logging.INFO):
            assert await asker.ask_due() == 1
    assert why in caplog.text
    assert not world.server.seen


async def test_a_hub_sends_us_on_to_another_but_not_into_a_private_network(world: World) -> None:
    for status in (307, 308):
        sent_on = world.server.redirect(f"/{status}", world.hub.url, status)
        await world.learn(sent_on)
        await world.asker.ask_due()
        await world.hub.asked()
        assert await world.state() is HubState.GRANTED
        world.clock.advance(timedelta(days=1))
    assert len(world.hub.requests) == 2
    await world.learn(world.server.redirect("/inside", "http://10.0.0.5/", 307))
    await world.asker.ask_due()
    assert await world.state() is HubState.ASKED
    world.clock.advance(timedelta(days=1))
    await world.learn(world.server.redirect("/round", world.server.url("/round"), 307))
    await world.asker.ask_due()
    assert len(world.server.asked("/round")) == 6


async def test_a_feed_that_names_no_hub_any_more_is_let_go_and_its_hub_told_so(world: World) -> None:
    known = await world.subscribe()
    await world.hub.publish(TOPIC, BODY)
    await world.learn(None)
    assert await world.asker.ask_due() == 0
    assert not await world.database.look(lambda work: work.hubs.all())
    assert (await world.feed()).told_until is None
    assert await world.hub.publish(TOPIC, BODY) == [410]
    assert (await world.hub.ask_back(known.callback, "subscribe", TOPIC, challenge="abc"))[0] == 404
    assert not await world.due()


async def test_a_feed_that_is_read_no_more_is_let_go(world: World) -> None:
    await world.subscribe()
    await world.database.transact(lambda work: work.feeds.follow([], world.clock.now()))
    assert await world.asker.ask_due() == 0
    assert not await world.database.look(lambda work: work.hubs.all())


async def test_turned_off_every_subscription_is_let_go(world: World) -> None:
    await world.subscribe()
    await world.hub.publish(TOPIC, BODY)
    async with HttpFetcher() as poster:
        for settings in (None, WebSettings(HOST, 80, "https://news.example")):
            assert await hubs_for(settings, world.database, poster, world.clock) is None
    assert await world.state() is None
    assert (await world.feed()).told_until is None
    assert await world.hub.publish(TOPIC, BODY) == [410]


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
    poller = Poller(world.database, fetcher, SameProcess(object()), world.clock, bounds)

    async def waits_after_a_poll() -> timedelta:
        report = await poller.poll(await world.feed(), lambda: None)
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
