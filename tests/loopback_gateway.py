"""The gateway of the Discord on loopback: it greets, resumes, and breaks off as it is told to."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from itertools import count

from aiohttp import WSMsgType, web

from tests.loopback_shapes import APPLICATION_ID, BOT_USER, GUILD_ID, Json, a_guild

_DISPATCH, _HEARTBEAT, _IDENTIFY, _RESUME, _RECONNECT, _INVALID_SESSION, _HELLO, _ACK = 0, 1, 2, 6, 7, 9, 10, 11


class LoopbackGateway:
    """The gateway of every shard."""

    def __init__(self, url: Callable[[], str]) -> None:
        """Serve at `url`, which is known once the server runs."""
        self.identified = asyncio.Event()
        """Set with each fresh session."""
        self.resumed = asyncio.Event()
        """Set with each session that went on."""
        self.resumable = True
        """Whether a session that was broken off may go on."""
        self.guilds: tuple[int, ...] = (GUILD_ID,)
        """The servers that the bot is in."""
        self._url = url
        self._numbers = count(1)
        self._sockets: dict[web.WebSocketResponse, web.Request] = {}

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Speak with one client until it leaves."""
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self._sockets[socket] = request
        await _send(socket, _HELLO, {"heartbeat_interval": 41250})
        async for frame in socket:
            if frame.type not in {WSMsgType.TEXT, WSMsgType.BINARY}:
                break
            payload = json.loads(frame.data)
            if payload["op"] == _HEARTBEAT:
                await _send(socket, _ACK)
            elif payload["op"] == _IDENTIFY:
                number, count = payload["d"].get("shard", (0, 1))
                await self._greet(socket, (number, count))
            elif payload["op"] == _RESUME:
                await self._resume(socket)
        self._sockets.pop(socket, None)
        return socket

    async def ask_to_reconnect(self) -> None:
        """Tell everybody to connect anew and go on, as Discord does before it restarts a gateway."""
        for socket in tuple(self._sockets):
            await _send(socket, _RECONNECT)

    async def invalidate(self, *, resumable: bool) -> None:
        """Tell everybody that their session is no longer valid, or may be resumed."""
        for socket in tuple(self._sockets):
            await _send(socket, _INVALID_SESSION, resumable)

    async def close(self, code: int = 1000) -> None:
        """Close every connection with one of Discord's codes."""
        for socket in tuple(self._sockets):
            await socket.close(code=code)

    def abort(self) -> None:
        """Break every connection off, without a word."""
        for request in tuple(self._sockets.values()):
            if request.transport is not None:
                request.transport.abort()

    async def _greet(self, socket: web.WebSocketResponse, shard: tuple[int, int]) -> None:
        served = [guild_id for guild_id in self.guilds if _serves(shard, guild_id)]
        await self._dispatch(socket, "READY", self._ready(shard, served))
        for guild_id in served:
            await self._dispatch(socket, "GUILD_CREATE", a_guild(guild_id))
        self.identified.set()

    async def _resume(self, socket: web.WebSocketResponse) -> None:
        if not self.resumable:
            await _send(socket, _INVALID_SESSION, False)
            return
        await self._dispatch(socket, "RESUMED", {})
        self.resumed.set()

    async def _dispatch(self, socket: web.WebSocketResponse, event: str, data: Json) -> None:
        await socket.send_json({"op": _DISPATCH, "s": next(self._numbers), "t": event, "d": data})

    def _ready(self, shard: tuple[int, int], served: list[int]) -> Json:
        return {
            "v": 10,
            "user": BOT_USER,
            "shard": shard,
            "guilds": [{"id": str(guild_id), "unavailable": True} for guild_id in served],
            "session_id": "loopback",
            "resume_gateway_url": self._url(),
            "application": {"id": str(APPLICATION_ID), "flags": 0},
            "private_channels": [],
        }


def _serves(shard: tuple[int, int], guild_id: int) -> bool:
    number, count = shard
    return (guild_id >> 22) % count == number


async def _send(socket: web.WebSocketResponse, op: int, data: object = None) -> None:
    await socket.send_json({"op": op, "d": data, "s": None, "t": None})
