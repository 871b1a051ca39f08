"""A real bot in a process of its own: killed at the worst moments, it restarts with nothing lost and nothing doubled.

Discord and the outlet run here and outlive the bot. Time is real; nothing waits for a fixed time, only for what
must come, or for at most the seconds named.
"""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.child_bot import ChildBot
from tests.loopback import FeedServer, Item, rss
from tests.loopback_discord import CHANNEL_ID, LoopbackDiscord, Mishap

MESSAGES = rf"/channels/{CHANNEL_ID}/messages"

FEED = "/rss"

SAID = {
    "withdraw its troops": "France will withdraw its troops from Norland within 30 days, the Elysee said.",
    "hold talks in Vienna": "Germany and Italy will hold talks in Vienna within 20 days, the German envoy said.",
    "release the tanker": "Chile has given Brazil 10 days to release the tanker, Chile's foreign minister said.",
}


def publish(outlet: FeedServer) -> None:
    now = datetime.now(UTC)
    outlet.serve(FEED, rss(*(Item(f"Report {n}", text, now, f"guid-{n}") for n, text in enumerate(SAID.values()))))


@pytest.fixture
async def discord() -> AsyncIterator[LoopbackDiscord]:
    async with LoopbackDiscord() as running:
        yield running


@pytest.fixture
async def outlet() -> AsyncIterator[FeedServer]:
    async with FeedServer() as running:
        publish(running)
        yield running


@pytest.fixture
async def bot(tmp_path: Path, discord: LoopbackDiscord, outlet: FeedServer) -> AsyncIterator[ChildBot]:
    child = ChildBot(tmp_path, api_url=discord.api_url, feed_url=outlet.url(FEED))
    await child.subscribe()
    yield child
    await child.clean_up()


async def restarts_to_every_alert_once(bot: ChildBot, discord: LoopbackDiscord) -> None:
    discord.identified.clear()
    await bot.start()
    await asyncio.wait_for(discord.identified.wait(), 30)
    await bot.delivered(len(SAID))
    assert await bot.terminate() == 0
    assert {said: sum(said in text for text in discord.texts()) for said in SAID} == dict.fromkeys(SAID, 1)
    assert len(discord.messages) == len(SAID)
    assert "Traceback" not in bot.output


@pytest.mark.parametrize("alert", range(len(SAID)))
async def test_killed_between_send_and_mark(bot: ChildBot, discord: LoopbackDiscord, alert: int) -> None:
    discord.mishaps.append(Mishap("POST", MESSAGES, skip=alert, hook=bot.kill))
    await bot.start()
    assert await bot.ended() == -signal.SIGKILL
    assert len(discord.messages) == alert + 1
    await restarts_to_every_alert_once(bot, discord)


async def test_killed_between_send_and_mark_and_down_for_longer_than_discord_remembers(
    bot: ChildBot, discord: LoopbackDiscord
) -> None:
    discord.mishaps.append(Mishap("POST", MESSAGES, skip=1, hook=bot.kill))
    await bot.start()
    assert await bot.ended() == -signal.SIGKILL
    discord.forget_nonces()
    await restarts_to_every_alert_once(bot, discord)


async def test_killed_between_commit_and_send(bot: ChildBot, discord: LoopbackDiscord) -> None:
    discord.mishaps.append(Mishap("POST", MESSAGES, acts=False, hook=bot.kill))
    await bot.start()
    assert await bot.ended() == -signal.SIGKILL
    assert not discord.messages
    await restarts_to_every_alert_once(bot, discord)


async def test_killed_amid_a_poll(bot: ChildBot, discord: LoopbackDiscord, outlet: FeedServer) -> None:
    outlet.stalls(FEED, bot.kill)
    await bot.start()
    assert await bot.ended() == -signal.SIGKILL
    assert not discord.messages
    publish(outlet)
    await restarts_to_every_alert_once(bot, discord)


@pytest.mark.parametrize(
    "mishap",
    [
        pytest.param(Mishap("POST", MESSAGES, drop=True), id="connection lost after acting"),
        pytest.param(Mishap("POST", MESSAGES, status=502), id="bad gateway after acting"),
        pytest.param(Mishap("POST", MESSAGES, status=503), id="unavailable after acting", marks=pytest.mark.slow),
        pytest.param(Mishap("POST", MESSAGES, acts=False, status=500), id="failed without acting"),
    ],
)
async def test_an_uncertain_answer_doubles_nothing(bot: ChildBot, discord: LoopbackDiscord, mishap: Mishap) -> None:
    discord.mishaps.append(replace(mishap))
    await restarts_to_every_alert_once(bot, discord)


async def test_asked_to_stop_amid_a_delivery_it_finishes_what_is_in_hand(
    bot: ChildBot, discord: LoopbackDiscord
) -> None:
    async def ask_to_stop() -> None:
        bot.ask_to_stop()

    discord.mishaps.append(Mishap("POST", MESSAGES, hook=ask_to_stop))
    await bot.start()
    assert await bot.ended(within=15) == 0
    assert "Traceback" not in bot.output
    await restarts_to_every_alert_once(bot, discord)


async def test_a_restart_does_not_send_the_commands_again(bot: ChildBot, discord: LoopbackDiscord) -> None:
    await restarts_to_every_alert_once(bot, discord)
    await restarts_to_every_alert_once(bot, discord)
    assert [call.method for call in discord.calls if call.path.endswith("/commands")].count("PUT") == 1


async def test_a_wrong_token_is_told_in_one_line(tmp_path: Path, discord: LoopbackDiscord, outlet: FeedServer) -> None:
    child = ChildBot(
        tmp_path, api_url=discord.api_url, feed_url=outlet.url(FEED), token="bG9vcGJhY2s.invented.other-token"
    )
    await child.start()
    assert await child.ended() > 0
    complaints = [line for line in child.output.splitlines() if "token" in line.lower()]
    assert len(complaints) == 1
    assert "DISCORD_TOKEN" in complaints[0]
    assert "other-token" not in child.output
    assert "Traceback" not in child.output
