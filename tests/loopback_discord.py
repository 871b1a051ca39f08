"""A Discord on loopback: as much of its REST interface and gateway as the bot needs, with scripted mishaps.

It keeps what was posted, honours nonces where `enforce_nonce` is set, records every call, and can answer with an
error or run a hook (such as killing the bot) at a chosen request, before or after acting on it. It outlives the bot
process, so that a restarted bot finds what its predecessor left.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import re
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

from aiohttp import WSMsgType, web

TOKEN = "bG9vcGJhY2s.invented.token"
APPLICATION_ID = 1001
GUILD_ID = 2001
CHANNEL_ID = 3001
_STAMP = "2026-01-01T00:00:00+00:00"

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Call:
    """One REST request as it came in."""

    method: str
    path: str
    """Below `/api/v10`."""
    body: Any


@dataclass(slots=True)
class Mishap:
    """What goes wrong at one request of `method` whose path matches `path`, after `skip` such requests went well.

    The request is carried out if `acts`, then `hook` runs, then comes the answer: none at all with `drop`, `status`
    where it is given, else what an undisturbed request would have had.
    """

    method: str
    path: str
    skip: int = 0
    acts: bool = True
    hook: Callable[[], Awaitable[object]] | None = None
    drop: bool = False
    status: int | None = None

    def strikes(self, call: Call) -> bool:
        if call.method != self.method or re.fullmatch(self.path, call.path) is None:
            return False
        self.skip -= 1
        return self.skip == -1


class LoopbackDiscord:
    """The server; use it as an async context manager."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.messages: dict[int, Json] = {}
        self.commands: list[Json] = []
        self.mishaps: list[Mishap] = []
        self.identified = asyncio.Event()
        self._nonces: dict[str, int] = {}
        self._ids = itertools.count(1_400_000_000_000_000_000)
        self._sockets: set[web.WebSocketResponse] = set()
        self._port = 0

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_route("*", "/api/v10/{rest:.*}", self._rest)
        app.router.add_get("/{gateway:.*}", self._gateway)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self._port = self._runner.addresses[0][1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for socket in list(self._sockets):
            await socket.close()
        await self._runner.cleanup()

    @property
    def api_url(self) -> str:
        return f"http://127.0.0.1:{self._port}/api/v10"

    def texts(self) -> list[str]:
        """Every message's whole content, components included, in order of posting."""
        return [json.dumps(message, ensure_ascii=False) for message in self.messages.values()]

    # --- REST ---------------------------------------------------------------------------------------------

    async def _rest(self, request: web.Request) -> web.StreamResponse:
        body = json.loads(await request.text()) if request.can_read_body else None
        call = Call(request.method, request.path.removeprefix("/api/v10"), body)
        self.calls.append(call)
        if request.headers.get("Authorization") != f"Bot {TOKEN}":
            return _json({"message": "401: Unauthorized", "code": 0}, 401)
        mishap = next((one for one in self.mishaps if one.strikes(call)), None)
        if mishap is None:
            return self._act(request, call)
        answer = self._act(request, call) if mishap.acts else _json({"message": "scripted", "code": 0}, 500)
        if mishap.hook is not None:
            await mishap.hook()
        if mishap.drop and request.transport is not None:
            request.transport.abort()
        return answer if mishap.status is None else _json({"message": "scripted", "code": 0}, mishap.status)

    def _act(self, request: web.Request, call: Call) -> web.StreamResponse:
        for method, path, act in self._routes():
            found = re.fullmatch(path, call.path)
            if found and method == call.method:
                return act(request, call.body, *map(int, found.groups()))
        return _not_found()

    def _routes(self) -> Iterator[tuple[str, str, Callable[..., web.StreamResponse]]]:
        yield "GET", r"/users/@me", lambda *_: _json(_USER)
        yield "GET", r"(?:/oauth2)?/applications/@me", lambda *_: _json(_application())
        yield "GET", r"/gateway(?:/bot)?", lambda *_: _json(self._gateway_bot())
        yield "GET", r"/applications/\d+/commands", lambda *_: _json(self.commands)
        yield "PUT", r"/applications/\d+/commands", self._sync
        yield "GET", r"/channels/(\d+)", lambda _, __, channel: _json(_channel(channel))
        yield "GET", r"/channels/(\d+)/messages", self._history
        yield "POST", r"/channels/(\d+)/messages", self._post
        yield "GET", r"/channels/\d+/messages/(\d+)", self._message
        yield "PATCH", r"/channels/\d+/messages/(\d+)", self._edit

    def _gateway_bot(self) -> Json:
        limit = {"total": 1000, "remaining": 999, "reset_after": 0, "max_concurrency": 1}
        return {"url": self._gateway_url, "shards": 1, "session_start_limit": limit}

    def _sync(self, _: web.Request, body: list[Json]) -> web.StreamResponse:
        self.commands = [
            # Discord fills in what is left out; where `contexts` is left out it answers null.
            {"integration_types": [0], "nsfw": False, "dm_permission": True}
            | {key: value for key, value in command.items() if value is not None or key == "contexts"}
            | {"id": str(next(self._ids)), "application_id": str(APPLICATION_ID), "version": "1"}
            for command in body
        ]
        return _json(self.commands)

    def _message(self, _: web.Request, __: None, message_id: int) -> web.StreamResponse:
        return _json(self.messages[message_id]) if message_id in self.messages else _not_found()

    def _edit(self, _: web.Request, body: Json, message_id: int) -> web.StreamResponse:
        if message_id not in self.messages:
            return _not_found()
        self.messages[message_id] |= {**_content(body), "edited_timestamp": _STAMP}
        return _json(self.messages[message_id])

    def _post(self, _: web.Request, body: Json, channel_id: int) -> web.StreamResponse:
        nonce = body.get("nonce")
        if body.get("enforce_nonce") and nonce in self._nonces:
            return _json(self.messages[self._nonces[nonce]])
        message_id = next(self._ids)
        self.messages[message_id] = {
            "id": str(message_id),
            "channel_id": str(channel_id),
            "author": _USER,
            "content": "",
            "timestamp": _STAMP,
            "edited_timestamp": None,
            "tts": False,
            "mention_everyone": False,
            "mentions": [],
            "mention_roles": [],
            "attachments": [],
            "embeds": [],
            "pinned": False,
            "type": 0,
            "nonce": nonce,
            "components": [],
            "flags": 0,
            **_content(body),
        }
        if nonce is not None:
            self._nonces[nonce] = message_id
        return _json(self.messages[message_id])

    def _history(self, request: web.Request, _: None, channel_id: int) -> web.StreamResponse:
        before = int(request.query.get("before", 2**63))
        after = int(request.query.get("after", 0))
        kept = [
            message
            for message_id, message in self.messages.items()
            if message["channel_id"] == str(channel_id) and after < message_id < before
        ]
        newest_first = sorted(kept, key=lambda message: int(message["id"]), reverse=True)
        return _json(newest_first[: int(request.query.get("limit", 50))])

    # --- gateway ------------------------------------------------------------------------------------------

    @property
    def _gateway_url(self) -> str:
        return f"ws://127.0.0.1:{self._port}/gateway"

    async def _gateway(self, request: web.Request) -> web.StreamResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self._sockets.add(socket)
        await socket.send_json({"op": 10, "d": {"heartbeat_interval": 41250}, "s": None, "t": None})
        async for frame in socket:
            if frame.type not in {WSMsgType.TEXT, WSMsgType.BINARY}:
                break
            payload = json.loads(frame.data)
            if payload["op"] == _HEARTBEAT:
                await socket.send_json({"op": 11, "d": None, "s": None, "t": None})
            elif payload["op"] == _IDENTIFY:
                shard = payload["d"].get("shard", [0, 1])
                await socket.send_json({"op": 0, "s": 1, "t": "READY", "d": self._ready(shard)})
                if _serves(shard):
                    await socket.send_json({"op": 0, "s": 2, "t": "GUILD_CREATE", "d": _guild()})
                self.identified.set()
        self._sockets.discard(socket)
        return socket

    def _ready(self, shard: list[int]) -> Json:
        return {
            "v": 10,
            "user": _USER,
            "shard": shard,
            "guilds": [{"id": str(GUILD_ID), "unavailable": True}] if _serves(shard) else [],
            "session_id": "loopback",
            "resume_gateway_url": self._gateway_url,
            "application": {"id": str(APPLICATION_ID), "flags": 0},
            "private_channels": [],
        }


def _serves(shard: list[int]) -> bool:
    number, count = shard
    return (GUILD_ID >> 22) % count == number


_HEARTBEAT = 1
_IDENTIFY = 2

_USER: Json = {
    "id": str(APPLICATION_ID),
    "username": "aide-memoire",
    "discriminator": "0000",
    "global_name": None,
    "avatar": None,
    "bot": True,
    "flags": 0,
}


def _json(body: Any, status: int = 200, headers: dict[str, str] | None = None) -> web.Response:
    # The library takes an answer for JSON only where the type is this and nothing more (no charset).
    return web.Response(
        body=json.dumps(body).encode(), status=status, headers={**(headers or {}), "Content-Type": "application/json"}
    )


def _not_found() -> web.Response:
    return _json({"message": "404: Not Found", "code": 0}, 404)


def _content(body: Json) -> Json:
    """What a message takes over from the request that posts or edits it."""
    kept: Json = {"content": "", "components": [], "embeds": [], "flags": 0}
    return {key: body[key] or empty for key, empty in kept.items() if key in body}


def _application() -> Json:
    return {
        "id": str(APPLICATION_ID),
        "name": "aide-memoire",
        "icon": None,
        "description": "",
        "bot_public": True,
        "bot_require_code_grant": False,
        "verify_key": "0" * 64,
        "owner": _USER,
        "flags": 0,
        "summary": "",
        "install_params": None,
    }


def _channel(channel_id: int) -> Json:
    return {
        "id": str(channel_id),
        "type": 0,
        "name": "news",
        "position": 0,
        "permission_overwrites": [],
        "guild_id": str(GUILD_ID),
    }


def _guild() -> Json:
    everyone = {
        "id": str(GUILD_ID),
        "name": "@everyone",
        "color": 0,
        "colors": {"primary_color": 0},
        "hoist": False,
        "position": 0,
        "permissions": "8",
        "managed": False,
        "mentionable": False,
    }
    me = {"user": _USER, "roles": [], "joined_at": _STAMP, "deaf": False, "mute": False, "flags": 0}
    return {
        "id": str(GUILD_ID),
        "name": "Diplomacy desk",
        "owner_id": "9",
        "icon": None,
        "splash": None,
        "region": "x",
        "afk_channel_id": None,
        "afk_timeout": 0,
        "verification_level": 0,
        "default_message_notifications": 0,
        "explicit_content_filter": 0,
        "roles": [everyone],
        "emojis": [],
        "features": [],
        "mfa_level": 0,
        "system_channel_id": None,
        "system_channel_flags": 0,
        "rules_channel_id": None,
        "joined_at": _STAMP,
        "large": False,
        "unavailable": False,
        "member_count": 1,
        "voice_states": [],
        "members": [me],
        "channels": [_channel(CHANNEL_ID)],
        "threads": [],
        "presences": [],
        "stage_instances": [],
        "guild_scheduled_events": [],
        "premium_tier": 0,
        "preferred_locale": "en-US",
        "nsfw_level": 0,
        "stickers": [],
        "premium_progress_bar_enabled": False,
        "description": None,
        "banner": None,
        "vanity_url_code": None,
        "public_updates_channel_id": None,
    }
