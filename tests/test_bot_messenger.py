"""Alerts put into Discord: where they go, whom they ping, and what its answers mean for the outbox."""

from __future__ import annotations

import dataclasses
from collections.abc import AsyncIterator, Awaitable
from datetime import timedelta
from pathlib import Path
from typing import Any

import discord
import pytest

from bot.messenger import DiscordMessenger
from tests import openapi
from tests.discord_world import World, discord_world, text_of
from tests.factories import a_case, a_followup, a_statement, a_telling
from tests.fakes import ScriptedFetcher
from watchers.audience import Alert, AlertForm, Delivery, Posted
from watchers.ports import SendError, SendForbiddenError, SendGoneError, SendLaterError, SendNeverError

NONCE = "0123456789abcdef012345678"


@pytest.fixture
async def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[World]:
    async with discord_world(tmp_path, monkeypatch, fetcher=ScriptedFetcher()) as there:
        yield there


@pytest.fixture
def messenger(world: World) -> DiscordMessenger:
    return DiscordMessenger(world.env.bot, world.services)


def a_delivery(world: World, posted: Posted | None = None, **changes: Any) -> Delivery:
    alert = Alert("said:1", AlertForm.SAID, (1,), channel_id=world.channel.id)
    alert = dataclasses.replace(alert, **changes)
    message_id, channel_id = (posted.message_id, posted.channel_id) if posted else (None, None)
    return Delivery(1, alert, 1, message_id, channel_id, 0, (a_case(),))


async def failure_of(world: World, sending: Awaitable[Posted]) -> SendError:
    async def attempt() -> SendError:
        with pytest.raises(SendError) as caught:
            await sending
        return caught.value

    return await world.as_bot(attempt())


async def test_an_alert_is_posted_once_for_each_nonce(world: World, messenger: DiscordMessenger) -> None:
    delivery = a_delivery(world)
    first = await world.as_bot(messenger.post(delivery, NONCE))
    again = await world.as_bot(messenger.post(delivery, NONCE))
    assert first == again == Posted(world.channel.id, world.channel.last_message.id)
    assert len(world.texts()) == 1
    await world.as_bot(messenger.post(delivery, NONCE[::-1]))
    assert len(world.texts()) == 2


async def test_only_the_subscriptions_role_is_pinged(world: World, messenger: DiscordMessenger) -> None:
    role = world.guild.create_role("Desk", mentionable=True)
    other = world.guild.create_role("Other", mentionable=True)
    hostile = a_followup(statement=a_statement(f"<@&{other.id}> @everyone <@{world.analyst.id}> must act by Friday."))
    delivery = dataclasses.replace(a_delivery(world, role_id=role.id), cases=(a_case(hostile),))
    await world.as_bot(messenger.post(delivery, NONCE))
    (post,) = world.posts
    assert post["allowed_mentions"] == {"parse": [], "roles": [str(role.id)]}
    message = world.channel.last_message
    assert [mentioned.id for mentioned in message.role_mentions] in ([role.id], [])
    assert not message.mention_everyone
    assert f"<@&{other.id}>" not in text_of(message)


async def test_an_alert_is_edited_in_place(world: World, messenger: DiscordMessenger) -> None:
    posted = await world.as_bot(messenger.post(a_delivery(world), NONCE))
    told = (a_telling(), a_telling(outlet="Gazette", url="https://gazette.example/1"))
    retold = dataclasses.replace(a_delivery(world, posted), cases=(a_case(a_followup(1, *told)),), version=2)
    assert await world.as_bot(messenger.edit(retold)) == posted
    assert len(world.texts()) == 1
    assert "[Gazette](https://gazette.example/1)" in world.texts()[0]
    assert world.channel.last_message.flags.components_v2


async def test_a_personal_alert_goes_by_direct_message(world: World, messenger: DiscordMessenger) -> None:
    delivery = a_delivery(world, form=AlertForm.PERSONAL, channel_id=None, user_id=world.analyst.id, note="call")
    posted = await world.as_bot(messenger.post(delivery, NONCE))
    direct = world.analyst.user.dm_channel
    assert posted == Posted(direct.id, direct.last_message.id)
    assert "> call" in world.texts(direct)[0]
    assert world.texts() == []


@openapi.needs_document
async def test_what_is_sent_is_valid_to_discord(world: World, messenger: DiscordMessenger) -> None:
    posted = await world.as_bot(messenger.post(a_delivery(world, role_id=5), NONCE))
    await world.as_bot(messenger.edit(a_delivery(world, posted, role_id=5)))
    personal = a_delivery(world, form=AlertForm.PERSONAL, channel_id=None, user_id=world.analyst.id)
    await world.as_bot(messenger.post(personal, NONCE[::-1]))
    assert [fault for call in world.env.http_requests for fault in openapi.faults(call)] == []


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (403, 50013, SendForbiddenError),
        (403, 50001, SendForbiddenError),
        (404, 10003, SendGoneError),
        (400, 50035, SendNeverError),
        (403, 0, SendLaterError),
        (404, 0, SendLaterError),
        (401, 0, SendLaterError),
        (429, 0, SendLaterError),
        (500, 0, SendLaterError),
        (503, 0, SendLaterError),
    ],
)
@pytest.mark.parametrize("editing", [False, True])
async def test_each_refusal_of_discord_means_never_or_later(
    world: World, messenger: DiscordMessenger, *, status: int, code: int, kind: type[SendError], editing: bool
) -> None:
    posted = await world.as_bot(messenger.post(a_delivery(world), NONCE))
    world.env.inject_error("*", "/channels/*/messages*", status=status, code=code)
    again = messenger.edit(a_delivery(world, posted)) if editing else messenger.post(a_delivery(world), NONCE[::-1])
    error = await failure_of(world, again)
    assert type(error) is kind
    assert str(error).startswith(f"{status} {code}: ")
    assert getattr(error, "unsure", False) == (status >= 500)


async def test_an_alert_that_somebody_deleted_is_never_edited(world: World, messenger: DiscordMessenger) -> None:
    posted = await world.as_bot(messenger.post(a_delivery(world), NONCE))
    await world.as_bot(world.channel.last_message.delete())
    error = await failure_of(world, messenger.edit(a_delivery(world, posted)))
    assert type(error) is SendNeverError
    assert "10008" in str(error)


async def test_a_broken_connection_is_tried_again(
    world: World, messenger: DiscordMessenger, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def lost(*_: object, **__: object) -> None:
        message = "Server disconnected"
        raise ConnectionResetError(message)

    monkeypatch.setattr(world.env.bot.http, "request", lost)
    error = await failure_of(world, messenger.post(a_delivery(world), NONCE))
    assert isinstance(error, SendLaterError)
    assert error.unsure
    assert "Server disconnected" in str(error)


async def test_a_long_rate_limit_is_kept_by_the_outbox(
    world: World, messenger: DiscordMessenger, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def limited(*_: object, **__: object) -> None:
        raise discord.RateLimited(90.5)

    monkeypatch.setattr(world.env.bot.http, "request", limited)
    error = await failure_of(world, messenger.post(a_delivery(world), NONCE))
    assert isinstance(error, SendLaterError)
    assert error.after == timedelta(seconds=90.5)
    assert not error.unsure


async def test_an_alert_to_nobody_is_never_sent(world: World, messenger: DiscordMessenger) -> None:
    error = await failure_of(world, messenger.post(a_delivery(world, channel_id=None), NONCE))
    assert type(error) is SendNeverError
    error = await failure_of(world, messenger.edit(a_delivery(world)))
    assert type(error) is SendNeverError
