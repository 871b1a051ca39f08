"""The real bot in a simulated Discord: real SQLite store, real watchers, one clock for all of them.

simcord's clock drives the event loop; `WorldClock` lends it to the house, and APScheduler is pointed at it.
simcord ignores nonces, so a shim in front of its REST interface honours them as Discord does.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import discord
import pytest
import simcord
from discord import app_commands, ui
from simcord._runtime import _BOT_SCOPE
from simcord.http import router

from bot.app import Cadence, compose
from bot.errors import Refusal
from bot.services import Services
from config.catalogue import Catalogue, Outlet, Topic
from storage.engine import Database, open_database
from tests import openapi
from tests.factories import MONDAY_NOON
from tests.migrated import new_database
from tests.scheduler_time import point_apscheduler_at
from watchers.audience import LocalHour, SubscriptionWish
from watchers.deadline_watcher import put_subscription
from watchers.feed_model import Fetched
from watchers.leases import Holder
from watchers.ports import Fetcher, UnitOfWork

T = TypeVar("T")

A_ROUND = timedelta(hours=4)
"""After so long everything that was due has been done; slow enough that weeks pass quickly."""

_NONCES_LAST = timedelta(minutes=5)


class WorldClock:
    """simcord's clock, as the house reads it."""

    def __init__(self, start: datetime) -> None:
        self.env: Any = None
        self._start = start

    def now(self) -> datetime:
        now: datetime = self._start if self.env is None else self.env.now()
        return now


class OutsideFetcher:
    """Fetches beside the simulated bot: simcord would wait out the timers of real connections on the wall clock."""

    def __init__(self, fetcher: Fetcher) -> None:
        self._fetcher = fetcher

    async def fetch(
        self, url: str, *, etag: str | None = None, last_modified: str | None = None, pause: timedelta | None = None
    ) -> Fetched:
        within = _BOT_SCOPE.set(None)
        try:
            fetching = asyncio.get_running_loop().create_task(
                self._fetcher.fetch(url, etag=etag, last_modified=last_modified, pause=pause)
            )
        finally:
            _BOT_SCOPE.reset(within)
        return await fetching


@dataclass
class World:
    """A server with a channel, somebody who manages it and somebody who does not."""

    env: Any
    clock: WorldClock
    database: Database
    services: Services
    make_bot: Callable[[], discord.Client]
    guild: Any = None
    channel: Any = None
    moderator: Any = None
    analyst: Any = None
    posts: list[dict[str, Any]] = field(default_factory=list)
    """Bodies of the messages posted to channels, whether Discord dropped them for their nonce or not."""
    locale: str = "en-US"
    """The language of everybody's Discord."""

    def settle_in(self) -> None:
        self.guild = self.env.create_guild("Diplomacy desk")
        self.channel = self.guild.create_text_channel("deadlines")
        managers = self.guild.create_role("Managers", permissions=discord.Permissions(manage_guild=True))
        self.moderator = self.guild.add_member(self.env.create_user("moderator"), roles=[managers])
        self.analyst = self.guild.add_member(self.env.create_user("analyst"))

    async def pass_time(self, by: timedelta) -> None:
        await self.env.advance_time(by.total_seconds())

    def leap(self, by: timedelta) -> None:
        """Let the clock leap: it is later, and nobody has ticked meanwhile."""
        self.env.backend.clock._epoch += by

    async def as_bot(self, work: Coroutine[Any, Any, T]) -> T:
        """Run something the bot does by itself, outside any tick."""
        with self.env._bot_scope():
            task = asyncio.get_running_loop().create_task(work)
        await self.env.settle()
        return task.result()

    async def shown(self, channel: Any, *items: ui.Item[Any]) -> Any:
        """Let a message of the bot stand in a channel with these buttons or selects; return it."""
        view = ui.LayoutView(timeout=None)
        for item in items:
            row: ui.ActionRow[ui.LayoutView] = ui.ActionRow(item)
            view.add_item(row)
        there = self.env.bot.get_partial_messageable(channel.id)
        return await self.as_bot(there.send(view=view))

    async def restart(self) -> None:
        """Put a fresh bot in the place of the running one; only the database and Discord remember."""
        await self.env.restart_bot(self.make_bot())
        _honour_nonces(self)

    async def transact(self, work: Callable[[UnitOfWork], T], *, alone: bool = True) -> T:
        return await self.database.transact(work, alone=alone)

    async def follow(self, *wishes: SubscriptionWish) -> None:
        """Store subscriptions without a command."""
        for wish in wishes:
            await self.database.transact(partial(_put, wish=wish, now=self.clock.now()))

    def texts(self, channel: Any = None) -> list[str]:
        """Every message of a channel as the text its components show, in order of posting."""
        return [text_of(message) for message in (channel or self.channel).history()]

    def refusals(self) -> list[str]:
        """What was refused so far; raise where the bot failed otherwise."""
        errors = self.env.errors
        unexpected = [one for one in errors if not isinstance(one, Refusal | app_commands.CheckFailure)]
        assert not unexpected, unexpected
        return [str(error) for error in errors]


def _put(work: UnitOfWork, *, wish: SubscriptionWish, now: datetime) -> None:
    put_subscription(work, wish, now)


def text_of(message: Any) -> str:
    """The text of a message or of an answer, components and all."""
    if message is None:
        return ""
    components = [one if isinstance(one, dict) else one.to_dict() for one in message.components]
    return "\n".join(part for part in (message.content, *_texts(components)) if part)


def said_after(result: Any) -> str:
    """What somebody reads after pressing a button: the answer, or a line beside the message."""
    return "\n".join(map(text_of, (result.response, *result.followups)))


def _texts(components: Sequence[dict[str, Any]]) -> list[str]:
    found: list[str] = []
    for component in components:
        found += [component["content"]] if component.get("type") == 10 else _texts(component.get("components", []))
    return found


def buttons_of(message: Any) -> dict[str, str]:
    """The ids of a message's enabled buttons, by label."""

    def walk(components: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
        return [one for part in components for one in (part, *walk(part.get("components", [])))]

    components = [one if isinstance(one, dict) else one.to_dict() for one in message.components]
    return {
        one["label"]: one["custom_id"] for one in walk(components) if one.get("type") == 2 and not one.get("disabled")
    }


@asynccontextmanager
async def discord_world(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    *,
    fetcher: Fetcher,
    topics: Sequence[Topic] = (),
    outlets: Sequence[Outlet] = (),
    zone: str = "UTC",
    start: datetime = MONDAY_NOON,
    public_url: str | None = None,
) -> AsyncIterator[World]:
    """Run the whole bot from `start` on.

    At the end it must have failed in nothing but refusals, and have sent nothing that Discord's document refuses.
    """
    new_database(tmp_path / "bot.db")
    url = f"sqlite:///{tmp_path / 'bot.db'}"
    database = open_database(url)
    clock = WorldClock(start)
    services = Services(
        database, clock, Catalogue(tuple(topics), tuple(outlets)), LocalHour(ZoneInfo(zone), 8), public_url
    )
    await database.transact(lambda work: work.feeds.follow(outlets, start))

    def make_bot() -> discord.Client:
        return compose(
            services,
            OutsideFetcher(fetcher),
            worker="bot",
            cadence=Cadence(poll=A_ROUND, remind=A_ROUND, deliver=A_ROUND, look_at_clock=A_ROUND),
            holder=Holder(lease=3 * A_ROUND),
        )

    env = simcord.Env(make_bot(), settle_timeout=60, shard_count=1)
    env.backend.clock._epoch = start
    clock.env = env
    point_apscheduler_at(env.now, monkeypatch)
    world = World(env, clock, database, services, make_bot)
    try:
        await env.start()
        _honour_nonces(world)
        _speak(world)
        world.settle_in()
        await env.settle()
        yield world
    finally:
        await env.shutdown()
        database.close()
    world.refusals()
    if openapi.DOCUMENT.exists():
        faults = [fault for call in env.http_requests for fault in openapi.faults(call)]
        assert faults == []


def _speak(world: World) -> None:
    """Let what people do carry the language of their Discord; simcord knows English alone."""
    backend = world.env.backend
    emit = backend.emit

    def emit_in_language(event: str, payload: dict[str, Any], *more: Any, **named: Any) -> Any:
        if event == "INTERACTION_CREATE":
            payload["locale"] = world.locale
        return emit(event, payload, *more, **named)

    backend.emit = emit_in_language


def _honour_nonces(world: World) -> None:
    """Answer a repeated nonce with the message it made before, as Discord does for a few minutes."""
    http = world.env.bot.http
    passed_on = http.request
    made: dict[tuple[str, str], tuple[datetime, Any]] = getattr(world.env, "nonces_seen", {})
    world.env.nonces_seen = made

    async def request(route: Any, **kwargs: Any) -> Any:
        body = kwargs.get("json")
        if kwargs.get("form"):
            body, _ = router.parse_form(list(kwargs["form"]), [])
        if route.method != "POST" or not route.path.endswith("/messages") or not isinstance(body, dict):
            return await passed_on(route, **kwargs)
        world.posts.append(body)
        key = (str(route.channel_id), str(body.get("nonce")))
        if body.get("enforce_nonce") and key in made and world.clock.now() - made[key][0] < _NONCES_LAST:
            return made[key][1]
        answer = await passed_on(route, **kwargs)
        made[key] = (world.clock.now(), answer)
        return answer

    http.request = request
