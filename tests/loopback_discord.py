"""A Discord on loopback: as much of its REST interface and gateway as the bot needs, with scripted mishaps.

It keeps what was posted, honours nonces where `enforce_nonce` is set for as long as it remembers them, records every
call, and can answer with an error or run a hook (such as killing the bot) at a chosen request, before or after acting
on it. It outlives the bot process, so that a restarted bot finds what its predecessor left.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Self

from aiohttp import web
from discord.utils import parse_time, time_snowflake

from tests.loopback_gateway import LoopbackGateway
from tests.loopback_shapes import (
    APPLICATION_ID,
    BOT_USER,
    CHANNEL_ID,
    FORUM_ID,
    GUILD_ID,
    TOKEN,
    Json,
    a_channel,
    a_message,
    a_thread,
    an_application,
    content_of,
    repeats_an_id,
)

__all__ = ["CHANNEL_ID", "FORUM_ID", "GUILD_ID", "TOKEN", "Call", "LoopbackDiscord", "Mishap"]

UNKNOWN_CHANNEL, UNKNOWN_MESSAGE, NO_TEXT_CHANNEL, INVALID_FORM = 10003, 10008, 50008, 50035
_DIRECT = 4_000_000
"""What is added to a person's id makes that of the direct messages with them."""


@dataclass(frozen=True, slots=True)
class Call:
    """One REST request as it came in."""

    method: str
    path: str
    """Below `/api/v10`."""
    body: Any
    query: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Mishap:
    """What goes wrong at `times` requests of `method` whose path matches `path`, after `skip` such went well.

    The request is carried out if `acts`, then `hook` runs, then comes the answer: none at all with `drop`, none for
    ever with `hang`, `status` with Discord's own `code` where it is given, else what an undisturbed request would have
    had. A 429 says how many seconds to wait, and whether that holds for the whole bot.
    """

    method: str
    path: str
    skip: int = 0
    times: int = 1
    acts: bool = True
    hook: Callable[[], Awaitable[object]] | None = None
    drop: bool = False
    hang: bool = False
    status: int | None = None
    code: int = 0
    retry_after: float | None = None
    everywhere: bool = False

    def strikes(self, call: Call) -> bool:
        if call.method != self.method or re.fullmatch(self.path, call.path) is None or not self.times:
            return False
        if self.skip:
            self.skip -= 1
            return False
        self.times -= 1
        return True


class LoopbackDiscord:
    """The server; use it as an async context manager."""

    def __init__(self, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        """Let ids and instants of what is posted follow from `now`."""
        self.calls: list[Call] = []
        self.messages: dict[int, Json] = {}
        self.threads: dict[int, Json] = {}
        self.commands: list[Json] = []
        self.mishaps: list[Mishap] = []
        self.deleted_channels: set[int] = set()
        self.history_may_be_read = True
        self.gateway = LoopbackGateway(lambda: f"ws://127.0.0.1:{self._port}/gateway")
        self.identified = self.gateway.identified
        self._now = now
        self._last_id = 0
        self._nonces: dict[str, int] = {}
        self._over = asyncio.Event()
        self._port = 0

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_route("*", "/api/v10/{rest:.*}", self._rest)
        app.router.add_get("/{gateway:.*}", self.gateway.serve)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self._port = self._runner.addresses[0][1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        await self.gateway.close()
        await self._runner.cleanup()

    @property
    def api_url(self) -> str:
        return f"http://127.0.0.1:{self._port}/api/v10"

    def texts(self) -> list[str]:
        """Every message's whole content, components included, in order of posting."""
        return [json.dumps(message, ensure_ascii=False) for message in self.messages.values()]

    def forget_nonces(self) -> None:
        """Remember no nonce any more, as Discord after a few minutes."""
        self._nonces.clear()

    def delete_channel(self, channel_id: int) -> None:
        """Take a channel away with all that stands in it."""
        self.deleted_channels.add(channel_id)
        self.messages = {key: one for key, one in self.messages.items() if one["channel_id"] != str(channel_id)}

    def archive(self, thread_id: int) -> None:
        """Let a thread sleep."""
        stamp = self._now().isoformat()
        self.threads[thread_id]["thread_metadata"] |= {"archived": True, "archive_timestamp": stamp}

    def chatter(self, channel_id: int, number: int) -> None:
        """Let others post so many messages in a channel, of which the bot is shown no content."""
        for _ in range(number):
            message = a_message(self._next_id(), channel_id, self._now().isoformat(), {})
            self.messages[int(message["id"])] = {**message, "author": {**BOT_USER, "id": "77", "bot": False}}

    # --- REST ---------------------------------------------------------------------------------------------

    async def _rest(self, request: web.Request) -> web.StreamResponse:
        body = json.loads(await request.text()) if request.can_read_body else None
        call = Call(request.method, request.path.removeprefix("/api/v10"), body, dict(request.query))
        self.calls.append(call)
        if request.headers.get("Authorization") != f"Bot {TOKEN}":
            return _json({"message": "401: Unauthorized", "code": 0}, 401)
        mishap = next((one for one in self.mishaps if one.strikes(call)), None)
        if mishap is None:
            return self._act(request, call)
        answer = self._act(request, call) if mishap.acts else _error(500)
        if mishap.hook is not None:
            await mishap.hook()
        if mishap.hang:
            await self._over.wait()
        if mishap.drop and request.transport is not None:
            request.transport.abort()
        if mishap.retry_after is not None:
            return _limited(mishap.retry_after, everywhere=mishap.everywhere)
        return answer if mishap.status is None else _error(mishap.status, mishap.code)

    def _act(self, request: web.Request, call: Call) -> web.StreamResponse:
        for method, path, act in self._routes():
            found = re.fullmatch(path, call.path)
            if found and method == call.method:
                numbers = [int(number) for number in found.groups()]
                if "/channels/" in path and numbers and numbers[0] in self.deleted_channels:
                    return _error(404, UNKNOWN_CHANNEL)
                return act(request, call.body, *numbers)
        return _error(404)

    def _routes(self) -> Iterator[tuple[str, str, Callable[..., web.StreamResponse]]]:
        yield "GET", r"/users/@me", lambda *_: _json(BOT_USER)
        yield "POST", r"/users/@me/channels", lambda _, body: _json(_direct(int(body["recipient_id"])))
        yield "GET", r"(?:/oauth2)?/applications/@me", lambda *_: _json(an_application())
        yield "GET", r"/gateway(?:/bot)?", lambda *_: _json(self._gateway_bot())
        yield "GET", r"/applications/\d+/commands", lambda *_: _json(self.commands)
        yield "PUT", r"/applications/\d+/commands", self._sync
        yield "GET", r"/channels/(\d+)", lambda _, __, channel: _json(self.threads.get(channel) or a_channel(channel))
        yield "PATCH", r"/channels/(\d+)", self._wake
        yield "GET", r"/channels/(\d+)/messages", self._history
        yield "POST", r"/channels/(\d+)/messages", self._post
        yield "GET", r"/channels/(\d+)/messages/(\d+)", self._message
        yield "PATCH", r"/channels/(\d+)/messages/(\d+)", self._edit
        yield "POST", r"/channels/(\d+)/messages/(\d+)/threads", self._open_thread
        yield "POST", r"/channels/(\d+)/threads", self._open_post
        yield "GET", r"/channels/(\d+)/threads/archived/public", self._archived
        yield "GET", r"/guilds/(\d+)/threads/active", lambda *_: _json(_listed(self._threads(archived=False)))

    def _gateway_bot(self) -> Json:
        limit = {"total": 1000, "remaining": 999, "reset_after": 0, "max_concurrency": 1}
        return {"url": f"ws://127.0.0.1:{self._port}/gateway", "shards": 1, "session_start_limit": limit}

    def _sync(self, _: web.Request, body: list[Json]) -> web.StreamResponse:
        self.commands = [
            # Discord fills in what is left out; where `contexts` is left out it answers null.
            {"integration_types": [0], "nsfw": False, "dm_permission": True}
            | {key: value for key, value in command.items() if value is not None or key == "contexts"}
            | {"id": str(self._next_id()), "application_id": str(APPLICATION_ID), "version": "1"}
            for command in body
        ]
        return _json(self.commands)

    # --- messages -----------------------------------------------------------------------------------------

    def _next_id(self) -> int:
        """Return a new id, which tells when it was made."""
        self._last_id = max(self._last_id + 1, time_snowflake(self._now()))
        return self._last_id

    def _message(self, _: web.Request, __: None, ___: int, message_id: int) -> web.StreamResponse:
        return _json(self.messages[message_id]) if message_id in self.messages else _error(404, UNKNOWN_MESSAGE)

    def _edit(self, _: web.Request, body: Json, __: int, message_id: int) -> web.StreamResponse:
        if message_id not in self.messages:
            return _error(404, UNKNOWN_MESSAGE)
        self.messages[message_id] |= {**content_of(body), "edited_timestamp": self._now().isoformat()}
        return _json(self.messages[message_id])

    def _post(self, _: web.Request, body: Json, channel_id: int) -> web.StreamResponse:
        if channel_id == FORUM_ID:
            return _error(400, NO_TEXT_CHANNEL)
        nonce = body.get("nonce")
        if body.get("enforce_nonce") and nonce in self._nonces:
            return _json({**self.messages[self._nonces[nonce]], "nonce": nonce})
        if repeats_an_id(body.get("components", [])):
            return _error(400, INVALID_FORM)
        message_id = self._put(channel_id, body)
        if nonce is not None:
            self._nonces[nonce] = message_id
        return _json({**self.messages[message_id], "nonce": nonce})

    def _put(self, channel_id: int, body: Json, message_id: int | None = None) -> int:
        number = message_id or self._next_id()
        self.messages[number] = a_message(number, channel_id, self._now().isoformat(), body)
        return number

    def _history(self, request: web.Request, _: None, channel_id: int) -> web.StreamResponse:
        """Answer as Discord: the newest first, but after an id those that came next; nothing unless that is allowed."""
        before = int(request.query.get("before", 2**63))
        after = int(request.query.get("after", 0))
        limit = int(request.query.get("limit", 50))
        kept = [
            message
            for message_id, message in sorted(self.messages.items())
            if message["channel_id"] == str(channel_id) and after < message_id < before
        ]
        chosen = kept[:limit] if "after" in request.query else kept[-limit:]
        return _json(chosen[::-1] if self.history_may_be_read else [])

    # --- threads ------------------------------------------------------------------------------------------

    def _open_thread(self, _: web.Request, body: Json, channel_id: int, message_id: int) -> web.StreamResponse:
        if message_id in self.threads:
            return _error(400, 160004)
        self.threads[message_id] = a_thread(message_id, channel_id, body["name"], self._now().isoformat())
        return _json(self.threads[message_id])

    def _open_post(self, _: web.Request, body: Json, channel_id: int) -> web.StreamResponse:
        number = self._next_id()
        self.threads[number] = a_thread(number, channel_id, body["name"], self._now().isoformat())
        self._put(number, body["message"], number)
        return _json({**self.threads[number], "message": self.messages[number]})

    def _wake(self, _: web.Request, body: Json, channel_id: int) -> web.StreamResponse:
        self.threads[channel_id]["thread_metadata"] |= body
        return _json(self.threads[channel_id])

    def _threads(self, *, archived: bool) -> list[Json]:
        return [one for one in self.threads.values() if one["thread_metadata"]["archived"] is archived]

    def _archived(self, request: web.Request, _: None, parent_id: int) -> web.StreamResponse:
        if not self.history_may_be_read:
            return _error(403, 50013)
        limit, before = int(request.query.get("limit", 50)), parse_time(request.query.get("before"))
        kept = [one for one in self._threads(archived=True) if one["parent_id"] == str(parent_id)]
        kept = [one for one in kept if before is None or _archived_at(one) < before]
        kept.sort(key=_archived_at, reverse=True)
        return _json(_listed(kept[:limit], has_more=len(kept) > limit))


def _archived_at(thread: Json) -> datetime:
    return datetime.fromisoformat(thread["thread_metadata"]["archive_timestamp"])


def _listed(threads: list[Json], *, has_more: bool = False) -> Json:
    return {"threads": threads, "members": [], "has_more": has_more}


def _direct(user_id: int) -> Json:
    return {"id": str(_DIRECT + user_id), "type": 1, "last_message_id": None, "flags": 0, "recipients": []}


def _json(body: Any, status: int = 200, headers: dict[str, str] | None = None) -> web.Response:
    # The library takes an answer for JSON only where the type is this and nothing more (no charset).
    return web.Response(
        body=json.dumps(body).encode(), status=status, headers={**(headers or {}), "Content-Type": "application/json"}
    )


def _error(status: int, code: int = 0) -> web.Response:
    return _json({"message": "scripted" if status != 404 else "404: Not Found", "code": code}, status)


def _limited(seconds: float, *, everywhere: bool) -> web.Response:
    """Return the answer to one request too many; discord.py takes one that came by no proxy for an outright ban."""
    headers = {"Retry-After": str(seconds), "Via": "1.1 loopback", "X-RateLimit-Scope": "shared"}
    if everywhere:
        headers |= {"X-RateLimit-Global": "true", "X-RateLimit-Scope": "global"}
    body = {"message": "You are being rate limited.", "retry_after": seconds, "global": everywhere}
    return _json(body, 429, headers)
