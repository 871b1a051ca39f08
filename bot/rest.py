"""What the messenger asks of Discord's REST interface, and what its answers mean in the house's words.

Below discord.py's own methods where those send what Discord's OpenAPI document does not know, or need a channel that
the client has seen.
"""

from __future__ import annotations

from collections.abc import Awaitable, Sequence
from datetime import timedelta
from http import HTTPStatus
from typing import TypeVar

import discord
from discord import ui
from discord.http import Route

from bot.words import marked
from watchers.audience import Posted
from watchers.ports import SendError, SendForbiddenError, SendGoneError, SendLaterError, SendNeverError

T = TypeVar("T")

UNKNOWN_CHANNEL = 10003
MANAGE_THREADS = marked("Manage Threads")
SLEEPS_AFTER = 1440
"""Minutes of silence after which a thread leaves the list of channels; posting in it wakes it."""

_NO_CODE = 0  # an answer without one of Discord's own codes comes from something in between
_ASLEEP = 50083
_THREAD_IS_THERE = 160004
# What Discord's own codes say is lacking, for channels of which nothing more is known: 50001 is Missing Access, 50013
# Missing Permissions, 160005 a thread that a moderator has locked.
_LACKING = {50001: marked("View Channel"), 50013: marked("Send Messages"), 160005: MANAGE_THREADS}
_NEVER = {HTTPStatus.BAD_REQUEST, HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND}


async def told(call: Awaitable[T]) -> T:
    """Await a call to Discord; raise `SendLaterError` or `SendNeverError` where it fails."""
    try:
        return await call
    except discord.RateLimited as limited:
        reason = "Discord asks us to wait"
        raise SendLaterError(reason, timedelta(seconds=limited.retry_after)) from limited
    except discord.HTTPException as error:
        reason = f"{error.status} {error.code}: {error.text or error.response.reason}"
        if error.code in _LACKING:
            raise SendForbiddenError(reason, (_LACKING[error.code],)) from error
        if error.code == UNKNOWN_CHANNEL:
            raise SendGoneError(reason) from error
        if error.status in _NEVER and error.code != _NO_CODE:
            raise SendNeverError(reason) from error
        # discord.py itself has tried again by then, so that any of its tries may have been acted upon.
        unsure = error.status >= HTTPStatus.INTERNAL_SERVER_ERROR
        raise SendLaterError(reason, _wait_asked(error), unsure=unsure) from error
    except Exception as error:
        # The connection failed below Discord: discord.py lets its HTTP library's own errors through.
        reason = f"no answer from Discord ({type(error).__name__}: {error})"
        raise SendLaterError(reason, unsure=True) from error


def code_of(error: SendError) -> int:
    """Return Discord's own code of a failure, 0 where there is none."""
    return error.__cause__.code if isinstance(error.__cause__, discord.HTTPException) else _NO_CODE


def is_asleep(error: SendError) -> bool:
    """Whether something failed because a thread is archived."""
    return code_of(error) == _ASLEEP


async def open_thread(client: discord.Client, channel_id: int, message_id: int, name: str) -> None:
    """Open a thread below a message; it has the message's id. One that is there already is as good."""
    route = Route(
        "POST",
        "/channels/{channel_id}/messages/{message_id}/threads",
        channel_id=channel_id,
        message_id=message_id,
    )
    try:
        await told(client.http.request(route, json={"name": name, "auto_archive_duration": SLEEPS_AFTER}))
    except SendNeverError as error:
        if code_of(error) != _THREAD_IS_THERE:
            raise


async def open_post(
    client: discord.Client,
    forum_id: int,
    view: ui.LayoutView,
    mentions: discord.AllowedMentions,
    *,
    name: str,
    tags: Sequence[int],
) -> Posted:
    """Open a post of a forum with `view` as its first message; return where that is.

    Discord drops no second one by a nonce here: see `find_post`.
    """
    components = view.to_components()  # type: ignore[no-untyped-call]  # discord.py gives it no types
    flags = discord.MessageFlags(components_v2=True).value
    body = {
        "name": name,
        "auto_archive_duration": SLEEPS_AFTER,
        "applied_tags": [str(tag) for tag in tags],
        "message": {"components": components, "flags": flags, "allowed_mentions": mentions.to_dict()},
    }
    route = Route("POST", "/channels/{channel_id}/threads", channel_id=forum_id)
    opened = await told(client.http.request(route, json=body))
    return Posted(int(opened["id"]), int(opened["message"]["id"]))


async def find_post(client: discord.Client, guild_id: int, forum_id: int, ending: str) -> Posted | None:
    """Return the first message of our own post of a forum whose name has this ending, None where none is awake."""
    route = Route("GET", "/guilds/{guild_id}/threads/active", guild_id=guild_id)
    active = await told(client.http.request(route))
    own = str(client.user.id) if client.user else ""
    for thread in active["threads"]:
        ours = thread["parent_id"] == str(forum_id) and thread["owner_id"] == own
        if ours and thread["name"].endswith(ending):
            return Posted(int(thread["id"]), int(thread["id"]))  # a post has the id of its first message
    return None


async def wake(client: discord.Client, thread_id: int) -> None:
    """Bring an archived thread back; only those who may manage threads bring back one that was locked."""
    route = Route("PATCH", "/channels/{channel_id}", channel_id=thread_id)
    try:
        await told(client.http.request(route, json={"archived": False}))
    except SendForbiddenError as error:
        raise SendForbiddenError(str(error), (MANAGE_THREADS,)) from error


def _wait_asked(error: discord.HTTPException) -> timedelta | None:
    """Return how long the answer asks us to wait, or None where it does not say."""
    try:
        return timedelta(seconds=float(error.response.headers["Retry-After"]))
    except (KeyError, ValueError):
        return None
