"""Puts alerts before people through Discord's REST interface, and says in the house's words what went wrong."""

from __future__ import annotations

import contextlib
from collections.abc import Awaitable, Iterator
from datetime import timedelta
from http import HTTPStatus
from typing import TypeVar

import discord

from bot.invite import missing
from bot.render import Setting
from bot.services import Services
from bot.views.alert import alert_view, mentions_of
from bot.views.editing import edit_message
from bot.words import marked
from watchers.audience import Delivery, Posted
from watchers.ports import SendForbiddenError, SendLaterError, SendNeverError

T = TypeVar("T")

_NO_CODE = 0  # an answer without one of Discord's own codes comes from something in between
# What Discord's own codes say is lacking, for channels of which nothing more is known: 50001 is Missing Access, 50013
# Missing Permissions.
_LACKING = {50001: marked("View Channel"), 50013: marked("Send Messages")}
_NEVER = {HTTPStatus.BAD_REQUEST, HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND}


class DiscordMessenger:
    """The `Messenger` of the house on Discord.

    It reads nothing from the client's cache but which permissions are lacking, once Discord has said that some are.
    """

    def __init__(self, client: discord.Client, services: Services) -> None:
        """Send through `client`, worded by `services`."""
        self._client = client
        self._services = services

    async def post(self, delivery: Delivery, nonce: str) -> Posted:
        """Post an alert to its channel, or to its person; Discord drops a second one with the same nonce."""
        view, mentions = alert_view(delivery, await self._setting_of(delivery)), mentions_of(delivery.alert)
        channel = await self._channel_of(delivery)
        with self._naming_what_is_lacking(delivery.alert.channel_id):
            message = await _told(channel.send(view=view, nonce=nonce, allowed_mentions=mentions))
        return Posted(message.channel.id, message.id)

    async def edit(self, delivery: Delivery) -> Posted:
        """Bring a posted alert up to date."""
        if delivery.message_id is None or delivery.posted_in is None:
            message = f"alert {delivery.alert.key} has not been posted, so it cannot be edited"
            raise SendNeverError(message)
        view, mentions = alert_view(delivery, await self._setting_of(delivery)), mentions_of(delivery.alert)
        with self._naming_what_is_lacking(delivery.posted_in):
            await _told(edit_message(self._client, delivery.posted_in, delivery.message_id, view, mentions))
        return Posted(delivery.posted_in, delivery.message_id)

    @contextlib.contextmanager
    def _naming_what_is_lacking(self, channel_id: int | None) -> Iterator[None]:
        """Let a refusal name the permissions that the channel's own settings keep from us, where we see them."""
        try:
            yield
        except SendForbiddenError as error:
            channel = self._client.get_channel(channel_id or 0)
            if not isinstance(channel, discord.abc.GuildChannel):
                raise
            named = tuple(need.name for need in missing(channel.permissions_for(channel.guild.me).value))
            raise SendForbiddenError(str(error), named or error.permissions) from error

    async def _setting_of(self, delivery: Delivery) -> Setting:
        """Return what an alert's wording depends on: its order's language before its server's, or its person's own."""
        alert = delivery.alert
        if alert.user_id is not None:
            return (await self._services.reader(alert.user_id, alert.guild_id, None)).setting
        language = delivery.subscription.wish.language if delivery.subscription else None
        return self._services.setting(delivery.guild, language)

    async def _channel_of(self, delivery: Delivery) -> discord.abc.Messageable:
        """Return where the alert goes; a direct message is opened first."""
        alert = delivery.alert
        if alert.channel_id is not None:
            return self._client.get_partial_messageable(alert.channel_id)
        if alert.user_id is None:
            message = f"alert {alert.key} names neither a channel nor a person"
            raise SendNeverError(message)
        # Below `create_dm`, which sends the id as a number where Discord's OpenAPI document wants text.
        opened = await _told(self._client.http.start_private_message(str(alert.user_id)))
        return self._client.get_partial_messageable(int(opened["id"]))


async def _told(call: Awaitable[T]) -> T:
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
        if error.status in _NEVER and error.code != _NO_CODE:
            raise SendNeverError(reason) from error
        raise SendLaterError(reason, _wait_asked(error)) from error
    except Exception as error:
        # The connection failed below Discord: discord.py lets its HTTP library's own errors through.
        reason = f"no answer from Discord ({type(error).__name__}: {error})"
        raise SendLaterError(reason) from error


def _wait_asked(error: discord.HTTPException) -> timedelta | None:
    """Return how long the answer asks us to wait, or None where it does not say."""
    try:
        return timedelta(seconds=float(error.response.headers["Retry-After"]))
    except (KeyError, ValueError):
        return None
