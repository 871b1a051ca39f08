"""No secret in anything that a real process writes: its output, its health file, its figures; whatever goes wrong."""

from __future__ import annotations

import asyncio
import json
import socket
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web

from tests.child_bot import ChildBot
from tests.factories import a_telling
from tests.loopback_discord import TOKEN, LoopbackDiscord, Mishap
from tests.storing import open_one
from watchers.audience import Alert, AlertForm, Share
from watchers.ports import UnitOfWork

KEY = TOKEN.rpartition(".")[2]
SHARE = "a-secret-that-nobody-can-guess-43-characters"


def a_free_port() -> int:
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port: int = free.getsockname()[1]
        return port


def written_by(child: ChildBot, folder: Path) -> str:
    """Everything it has printed, and its health file."""
    health = folder / "health.json"
    return child.output + (health.read_text(encoding="utf-8") if health.exists() else "")


def assert_no_secret(text: str) -> None:
    assert text
    for secret in (TOKEN, KEY, SHARE, "swordfish"):
        assert secret not in text


def put_secrets(work: UnitOfWork) -> None:
    now = datetime.now(UTC)
    work.shares.open(Share(SHARE, 2001, "*", 7), now)
    followup = open_one(work, a_telling())
    for number in range(3):
        alert = Alert(f"a{number}", AlertForm.SAID, (followup.id,), guild_id=2001, channel_id=3001)
        work.outbox.put(alert, now)


@pytest.mark.parametrize("form", ["text", "json"])
async def test_a_process_at_work_writes_none(tmp_path: Path, form: str) -> None:
    metrics, port = a_free_port(), a_free_port()
    async with LoopbackDiscord() as discord, aiohttp.ClientSession() as client:
        discord.mishaps = [
            Mishap("POST", r"/channels/\d+/messages", status=500, acts=False),
            Mishap("POST", r"/channels/\d+/messages", status=403, acts=False),
            Mishap("PUT", r"/applications/\d+/commands", status=503, acts=False),
        ]
        child = ChildBot(tmp_path, api_url=discord.api_url, feed_url="http://reader:swordfish@127.0.0.1:9/rss")
        child._environment |= {
            "LOG_LEVEL": "DEBUG",
            "LOG_FORMAT": form,
            "HEALTH_FILE": "health.json",
            "METRICS_PORT": str(metrics),
            "WEB_PORT": str(port),
        }
        try:
            await child.subscribe()
            await child.transact(put_secrets)
            await child.start()
            await asyncio.wait_for(discord.identified.wait(), 60)
            async with client.get(f"http://127.0.0.1:{port}/s/{SHARE}/feed.json") as answer:
                assert answer.status == 200
            for _ in range(200):
                async with client.get(f"http://127.0.0.1:{metrics}/metrics") as answer:
                    figures = await answer.text()
                if 'sends_total{result="postponed"' in figures and 'result="posted"' in figures:
                    break
                await asyncio.sleep(0.1)
            assert 'sends_total{result="postponed",why="unreachable"} 1.0' in figures
            assert json.loads((tmp_path / "health.json").read_text(encoding="utf-8"))["status"] == "ok"
            assert_no_secret(written_by(child, tmp_path) + figures)
            assert await child.terminate() == 0
            if form == "json":
                lines = [json.loads(line) for line in child.output.splitlines()]
                assert all({"time", "level", "logger", "event"} <= set(line) for line in lines)
                assert {line["level"] for line in lines} >= {"DEBUG", "INFO", "WARNING"}
            assert_no_secret(child.output)
        finally:
            await child.clean_up()


async def test_a_login_that_is_refused_writes_none(tmp_path: Path) -> None:
    async with LoopbackDiscord() as discord:
        wrong = "bG9vcGJhY2s.another.invented-key-of-a-token"
        child = ChildBot(tmp_path, api_url=discord.api_url, feed_url="http://127.0.0.1:9/rss", token=wrong)
        child._environment |= {"LOG_LEVEL": "DEBUG"}
        await child.start()
        assert await child.ended() == 1
        assert "Discord does not accept DISCORD_TOKEN" in child.output
        assert wrong not in child.output
        assert "invented-key-of-a-token" not in child.output


@pytest.mark.parametrize("status", [400, 403, 418])
async def test_an_answer_that_repeats_the_token_brings_none_into_the_log(tmp_path: Path, status: int) -> None:
    async def repeat(request: web.Request) -> web.Response:
        """Answer as a proxy does that explains what it disliked."""
        told = {"code": 7, "message": f"you sent {request.headers['Authorization']} to {request.url}"}
        return web.json_response(told, status=status)

    application = web.Application()
    application.router.add_route("*", "/{rest:.*}", repeat)
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    port = runner.addresses[0][1]
    try:
        child = ChildBot(tmp_path, api_url=f"http://127.0.0.1:{port}/api/v10", feed_url="http://127.0.0.1:9/rss")
        child._environment |= {"LOG_LEVEL": "DEBUG"}
        await child.start()
        assert await child.ended() == 1
        assert "[secret]" in child.output  # the answer was told of, and the token taken out
        assert_no_secret(child.output)
    finally:
        await runner.cleanup()
