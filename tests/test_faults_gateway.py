"""What the gateway can do wrong amid a delivery: a real bot in a process of its own, Discord and an outlet on loopback.

Promised for each: alerts do not wait for the gateway, none is lost and none said twice, and the bot is connected again
by itself.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.child_bot import ChildBot
from tests.loopback import FeedServer
from tests.loopback_discord import CHANNEL_ID, LoopbackDiscord, Mishap
from tests.loopback_gateway import LoopbackGateway
from tests.test_crash import FEED, SAID, publish

MESSAGES = rf"/channels/{CHANNEL_ID}/messages"


async def abort(gateway: LoopbackGateway) -> None:
    gateway.abort()


async def abort_for_good(gateway: LoopbackGateway) -> None:
    gateway.resumable = False
    gateway.abort()


@asynccontextmanager
async def a_child(tmp_path: Path, discord: LoopbackDiscord, outlet: FeedServer) -> AsyncIterator[ChildBot]:
    publish(outlet)
    child = ChildBot(tmp_path, api_url=discord.api_url, feed_url=outlet.url(FEED))
    await child.subscribe()
    try:
        yield child
    finally:
        await child.clean_up()


FAULTS: dict[str, tuple[Callable[[LoopbackGateway], Awaitable[None]], bool]] = {
    "asked to reconnect": (LoopbackGateway.ask_to_reconnect, True),
    "session invalid, resumable": (lambda gateway: gateway.invalidate(resumable=True), True),
    "session invalid": (lambda gateway: gateway.invalidate(resumable=False), False),
    "closed with 4000, unknown error": (lambda gateway: gateway.close(4000), True),
    "closed with 4009, session timed out": (lambda gateway: gateway.close(4009), True),
    "connection lost": (abort, True),
    "connection lost and session forgotten": (abort_for_good, False),
}
"""What happens, and whether the session goes on afterwards."""
_SLOW = {"session invalid, resumable", "closed with 4000, unknown error", "connection lost"}


@pytest.mark.parametrize("name", [pytest.param(name, marks=[pytest.mark.slow] * (name in _SLOW)) for name in FAULTS])
async def test_a_broken_gateway_loses_and_doubles_nothing(tmp_path: Path, name: str) -> None:
    """Promised: see above; the session goes on where Discord lets it, and begins anew where it does not."""
    breaking, goes_on = FAULTS[name]
    async with LoopbackDiscord() as discord, FeedServer() as outlet, a_child(tmp_path, discord, outlet) as bot:

        async def break_it() -> None:
            await asyncio.wait_for(discord.identified.wait(), 30)
            discord.identified.clear()
            await breaking(discord.gateway)

        discord.mishaps.append(Mishap("POST", MESSAGES, skip=1, hook=break_it))
        await bot.start()
        await bot.delivered(len(SAID))
        again = discord.gateway.resumed if goes_on else discord.gateway.identified
        await asyncio.wait_for(again.wait(), 30)
        assert await bot.terminate() == 0
        assert {said: sum(said in text for text in discord.texts()) for said in SAID} == dict.fromkeys(SAID, 1)
        assert len(discord.messages) == len(SAID)
