"""What the messenger asks of Discord's REST interface, and what its answers mean in the house's words.

Below discord.py's own methods where those send what Discord's OpenAPI document does not know, or need a channel that
the client has seen.
"""

from __future__ import annotations

from collections.abc import Awaitable, Sequence
from datetime import timedelta
from http import HTTPStatus
from typing import Any, TypeVar

import discord
from discord import ui
from discord.http import Route

from bot.words import marked
from watchers.audience import Posted
from watchers.ports import SendError, SendForbiddenError, SendGoneError, SendLaterError, SendNeverError

T = TypeVar("T")

UNKNOWN_CHANNEL = 10003
NO_TEXT_CHANNEL = 50008
MANAGE_THREADS = marked("Manage Threads")
ANSWER_WITHIN = 15.0
"""Seconds in which Discord must have answered a request.

Left to themselves, discord.py and its HTTP library wait five minutes on a connection that hangs, far longer than an
alert is leased.
"""
SLEEPS_AFTER = 1440
"""Minutes of silence after which a thread leaves the list of channels; posting in it wakes it."""

_NO_CODE = 0  # an answer without one of Discord's own codes comes from something in between
_ASLEEP = 50083
_THREAD_IS_THERE = 160004
# What Discord's own codes say is lacking, for channels of which nothing more is known: 50001 is Missing Access, 50013
# Missing Permissions, 160005 a thread that a moderator has locked.
_LACKING = {50001: marked("View Channel"), 50013: marked("Send Messages"), 160005: MANAGE_THREADS}
_NEVER = {HTTPStatus.BAD_REQUEST, HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND}


async def asked(client: discord.Client, route: Route, **more: Any) -> Any:
    """Return what Discord answers to a request; raise `SendLaterError` or `SendNeverError` where it fails.

    `more` is as discord.py and its HTTP library take it: `json` for a body, `params` for a query.
    """
    return await told(client.http.request(route, timeout=ANSWER_WITHIN, **more))


async def told(call: Awaitable[T]) -> T:
    """Await a call to Discord; raise `SendLaterError` or `SendNeverError` where it fails."""
    try:
        return await call
    except SendError:
        raise
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
        await asked(client, route, json={"name": name, "auto_archive_duration": SLEEPS_AFTER})
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

    Discord drops no second one by a nonce here: see `history.find_post`. So none is asked for where an error may have
    come after the post was opened, as discord.py would by itself.
    """
    body = {
        "name": name,
        "auto_archive_duration": SLEEPS_AFTER,
        "applied_tags": [str(tag) for tag in tags],
        "message": _message(view, mentions),
    }
    route = Route("POST", "/channels/{channel_id}/threads", channel_id=forum_id)
    opened = await asked(client, route, json=body, raise_for_status=_stop_at_errors)
    return Posted(int(opened["id"]), int(opened["message"]["id"]))


async def post_message(
    client: discord.Client, channel_id: int, view: ui.LayoutView, mentions: discord.AllowedMentions, *, nonce: str
) -> Posted:
    """Post `view` in a channel or thread; return where it stands.

    Where a message with this nonce was posted within the last few minutes, it is that one.
    """
    body = {**_message(view, mentions), "nonce": nonce, "enforce_nonce": True}
    posted = await asked(client, Route("POST", "/channels/{channel_id}/messages", channel_id=channel_id), json=body)
    return Posted(int(posted["channel_id"]), int(posted["id"]))


async def open_direct(client: discord.Client, user_id: int) -> int:
    """Return the channel of our direct messages to a person, opened where there was none."""
    # discord.py's own `create_dm` sends the id as a number where Discord's OpenAPI document wants text.
    opened = await asked(client, Route("POST", "/users/@me/channels"), json={"recipient_id": str(user_id)})
    return int(opened["id"])


async def wake(client: discord.Client, thread_id: int) -> None:
    """Bring an archived thread back; only those who may manage threads bring back one that was locked."""
    route = Route("PATCH", "/channels/{channel_id}", channel_id=thread_id)
    try:
        await asked(client, route, json={"archived": False})
    except SendForbiddenError as error:
        raise SendForbiddenError(str(error), (MANAGE_THREADS,)) from error


async def _stop_at_errors(response: Any) -> None:
    """Raise at an answer of aiohttp's after which discord.py would repeat the request."""
    if response.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        reason = f"{response.status}: {response.reason}"
        raise SendLaterError(reason, unsure=True)


def _message(view: ui.LayoutView, mentions: discord.AllowedMentions) -> dict[str, Any]:
    """Return the body of a message that shows `view`."""
    components = view.to_components()  # type: ignore[no-untyped-call]  # discord.py gives it no types
    flags = discord.MessageFlags(components_v2=True).value
    return {"components": components, "flags": flags, "allowed_mentions": mentions.to_dict()}


def _wait_asked(error: discord.HTTPException) -> timedelta | None:
    """Return how long the answer asks us to wait, or None where it does not say."""
    try:
        return timedelta(seconds=float(error.response.headers["Retry-After"]))
    except (KeyError, ValueError):
        return None
