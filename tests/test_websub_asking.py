"""Asking hubs on loopback: a feed names one, it is asked, and asks back."""

from __future__ import annotations

import asyncio
import logging
import socket
from contextlib import closing
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from aiohttp import web

from bot.app import Cadence, Rounds, hubs_for
from bot.delivery import Deliverer
from bot.opening import SystemClock, reader_of
from bot.services import Services
from config.catalogue import Catalogue
from config.settings import WebSettings
from tests.fakes import ScriptedFetcher
from tests.logged import logged
from tests.loopback import HOST
from tests.test_bot_delivery import ScriptedMessenger
from tests.websub_world import TOPIC, World, world
from watchers.audience import LocalHour
from watchers.feed_model import HubState
from watchers.feed_watcher import FeedWatcher
from watchers.feeds.fetch import HttpFetcher
from watchers.feeds.subscribing import HubAsker
from watchers.workers import SameProcess

__all__ = ["world"]
BODY = b"<rss>what it brings is neither kept nor believed</rss>"


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
        world.server.breaks_off("/breaks-off"): "status=200",
    }
    for hub, why in tried.items():
        await world.learn(hub)
        with caplog.at_level(logging.INFO):
            assert await world.asker.ask_due() == 1
        assert why in logged(caplog)
        assert await world.state() is HubState.ASKED
        world.clock.advance(timedelta(days=1))
    over.set()
    known = (await world.standing()).subscription
    assert known is not None
    assert known.token not in logged(caplog)
    assert known.secret not in logged(caplog)
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
    assert why in logged(caplog)
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
