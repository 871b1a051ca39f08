"""A feed, its hub and the bot on loopback, for tests of WebSub."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import aiohttp
import pytest

from bot.app import hubs_for
from bot.hub_calls import CALLBACKS
from bot.pulse import Pulse
from bot.services import Services
from bot.web import serving
from config.catalogue import Catalogue
from config.settings import WebSettings
from storage.engine import Database, open_database
from tests.factories import an_outlet, polled
from tests.fakes import FakeClock
from tests.loopback import HOST, LOOPBACK, FeedServer
from tests.loopback_hub import LoopbackHub, Subscriber
from tests.migrated import new_database
from watchers.audience import LocalHour
from watchers.feed_model import FeedState, HubStanding, HubState
from watchers.feeds.fetch import HttpFetcher, Limits
from watchers.feeds.subscribing import HubAsker

TOPIC = "https://meridian.example/rss"


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
        return (await self.feed()).next_poll_at <= self.clock.now()


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
            serving(services, WebSettings(HOST, 0, ""), Pulse(database, clock)) as port,
            HttpFetcher(LOOPBACK, limits=Limits(total=0.5)) as poster,
        ):
            reached = WebSettings(HOST, port, f"http://{HOST}:{port}", websub=True)
            asker = await hubs_for(reached, database, poster, clock)
            assert asker is not None
            hub = LoopbackHub(server, client)
            yield World(database, clock, asker, hub, server, f"{reached.public_url}{CALLBACKS}", client)
    finally:
        database.close()
