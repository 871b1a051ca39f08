"""The real deliverer and messenger, the real HTTP client of discord.py, and a Discord on loopback, on one clock."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import discord
import pytest
from discord import Client
from discord.http import Route
from sqlalchemy import create_engine, text

from bot.delivery import Deliverer
from bot.messenger import DiscordMessenger
from bot.services import Services
from config.catalogue import Catalogue
from storage.engine import Database, open_database
from tests.factories import a_topic, a_wish
from tests.fakes import FakeClock
from tests.loopback_discord import CHANNEL_ID, FORUM_ID, GUILD_ID, TOKEN, LoopbackDiscord
from tests.migrated import new_database
from tests.storing import open_one, telling
from watchers.audience import Alert, AlertForm, Guild, LocalHour, Place, Subscription
from watchers.ports import UnitOfWork

ROUND = timedelta(seconds=5)
LONG_ENOUGH = timedelta(hours=6)


class SwiftAsyncio:
    """asyncio as discord.py sees it, whose sleeps pass at once on the clock of the test."""

    def __init__(self, clock: FakeClock) -> None:
        self._clock = clock
        self.slept: list[float] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(asyncio, name)

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self._clock.advance(timedelta(seconds=seconds))
        await asyncio.sleep(0)


@dataclass
class Desk:
    """One order's alerts on their way to Discord."""

    discord: LoopbackDiscord
    database: Database
    clock: FakeClock
    client: Client
    messenger: DiscordMessenger
    url: str
    order: Subscription
    swift: SwiftAsyncio
    numbers: list[int] = field(default_factory=list)
    """The follow-ups that were told."""

    def a_deliverer(self, worker: str = "bot") -> Deliverer:
        return Deliverer(self.database, self.messenger, self.clock, worker)

    async def tell(self, count: int = 1, form: AlertForm = AlertForm.SAID) -> list[int]:
        """Put alerts into the outbox, each on a follow-up of its own; return the numbers of these."""

        def work(unit: UnitOfWork) -> list[int]:
            told = []
            for _ in range(count):
                followup = open_one(unit, telling())
                unit.outbox.put(self._alert(form, followup.id), self.clock.now())
                told.append(followup.id)
            return told

        self.numbers += (told := await self.database.transact(work))
        return told

    def _alert(self, form: AlertForm, number: int) -> Alert:
        if form is AlertForm.PERSONAL:
            return Alert(f"personal:{number}", form, (number,), user_id=7, note="call")
        wish, key = self.order.wish, f"{form}:{number}:{self.order.wish.channel_id}"
        return Alert(key, form, (number,), guild_id=GUILD_ID, channel_id=wish.channel_id, subscription_id=self.order.id)

    async def reword(self, number: int) -> None:
        await self.database.transact(lambda work: work.outbox.reword(number))

    async def until_done(self, within: timedelta = LONG_ENOUGH) -> None:
        """Deliver every five seconds until nothing waits."""
        deliverer, latest = self.a_deliverer(), self.clock.now() + within
        await deliverer.deliver()
        while await self.waiting():
            assert self.clock.now() < latest, self.states()
            self.clock.advance(ROUND)
            await deliverer.deliver()

    async def waiting(self) -> int:
        return (await self.database.look(lambda work: work.tally())).outbox_waiting

    def states(self) -> list[tuple[str, str, str | None]]:
        """Key, state and last error of every alert, in the order in which they were decided."""
        engine = create_engine(self.url)
        try:
            with engine.connect() as connection:
                rows = connection.execute(text("SELECT key, state, last_error FROM outbox ORDER BY id"))
                return [(row.key, row.state, row.last_error) for row in rows]
        finally:
            engine.dispose()

    def told(self) -> dict[int, int]:
        """How many messages tell each follow-up that was to be told."""
        texts = self.discord.texts()
        return {number: sum(f"`#{number}`" in told for told in texts) for number in self.numbers}

    def posted(self) -> list[str]:
        """The paths of all requests that posted something."""
        wanted = re.compile(r"/channels/\d+/(messages|threads)")
        return [call.path for call in self.discord.calls if call.method == "POST" and wanted.fullmatch(call.path)]


@asynccontextmanager
async def a_desk(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    *,
    place: Place = Place.CHANNEL,
    channel_id: int | None = None,
    notices: bool = False,
) -> AsyncIterator[Desk]:
    """Open a desk whose order posts in this place; with `notices`, its server wants to hear what goes wrong.

    A `channel_id` of None: in the forum where the place is one, else in the channel.
    """
    clock = FakeClock()
    url = new_database(tmp_path / "bot.db")
    swift = SwiftAsyncio(clock)
    monkeypatch.setattr(discord.http, "asyncio", swift)
    database = open_database(url)
    usual = FORUM_ID if place is Place.FORUM else CHANNEL_ID
    wish = a_wish(guild_id=GUILD_ID, channel_id=channel_id or usual, place=place)

    def settle(work: UnitOfWork) -> Subscription:
        if notices:
            work.guilds.put(Guild(GUILD_ID, notices_channel_id=CHANNEL_ID + 9))
        return work.subscriptions.put(wish, clock.now())[0]

    async with LoopbackDiscord(clock.now) as there:
        monkeypatch.setattr(Route, "BASE", there.api_url)
        client = discord.Client(intents=discord.Intents.none(), max_ratelimit_timeout=30)
        async with client:
            await client.login(TOKEN)
            services = Services(database, clock, Catalogue((a_topic(),), ()), LocalHour(ZoneInfo("UTC"), 8))
            messenger = DiscordMessenger(client, services)
            order = await database.transact(settle)
            yield Desk(there, database, clock, client, messenger, url, order, swift)
    database.close()
