"""A small WebSub hub on loopback: it asks back whether a subscription is meant, and publishes what it is told."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass

import aiohttp
from aiohttp import web

from tests.loopback import FeedServer


@dataclass(frozen=True, slots=True)
class Subscriber:
    callback: str
    topic: str
    key: bytes


class LoopbackHub:
    """Answers at an address of a `FeedServer`; use it inside that server's context."""

    def __init__(self, server: FeedServer, client: aiohttp.ClientSession, path: str = "/hub-of-the-world") -> None:
        self.url = server.answer(path, self._subscribe)
        self.requests: list[dict[str, str]] = []
        """Every form it was sent."""
        self.verified: list[Subscriber] = []
        self.granted = asyncio.Event()
        self.lease_seconds = "864000"
        self.status = 202
        self.asks_before_answering = False
        self._client = client
        self._asking: list[asyncio.Task[None]] = []

    async def _subscribe(self, request: web.Request) -> web.StreamResponse:
        assert (request.method, request.content_type) == ("POST", "application/x-www-form-urlencoded")
        form = {name: str(value) for name, value in (await request.post()).items()}
        self.requests.append(form)
        if self.status == 202:
            asking = asyncio.create_task(self._verify(form))
            self._asking.append(asking)
            if self.asks_before_answering:
                await asking
        return web.Response(status=self.status)

    async def _verify(self, form: Mapping[str, str]) -> None:
        challenge = secrets.token_urlsafe(8)
        said = {"challenge": challenge, "lease_seconds": self.lease_seconds}
        status, text = await self.ask_back(form["hub.callback"], form["hub.mode"], form["hub.topic"], **said)
        if (status, text) == (200, challenge):
            self.verified.append(Subscriber(form["hub.callback"], form["hub.topic"], form["hub.secret"].encode()))
            self.granted.set()

    async def asked(self) -> None:
        """Wait until it has asked back about everything it was asked."""
        await asyncio.gather(*self._asking)

    async def ask_back(self, callback: str, mode: str, topic: str, **said: str) -> tuple[int, str]:
        query = {"hub.mode": mode, "hub.topic": topic} | {f"hub.{name}": value for name, value in said.items()}
        async with self._client.get(callback, params=query) as answer:
            if answer.status == 200:
                assert answer.content_type == "text/plain"
                assert answer.headers["X-Content-Type-Options"] == "nosniff"
            return answer.status, await answer.text()

    async def publish(self, topic: str, body: bytes, method: str = "sha256") -> list[int]:
        """Send a body to everybody who subscribed to a topic; return what they answered."""
        return [
            await self.send(
                one.callback, body, f"{method}={hmac.new(one.key, body, getattr(hashlib, method)).hexdigest()}"
            )
            for one in self.verified
            if one.topic == topic
        ]

    async def send(self, callback: str, body: bytes, signature: str | None) -> int:
        headers = {"Content-Type": "application/rss+xml"} | ({"X-Hub-Signature": signature} if signature else {})
        async with self._client.post(callback, data=body, headers=headers) as answer:
            assert await answer.read() == b"" or answer.status != 202
            return answer.status
