"""The whole way: a channel subscribes, outlets report, alerts come once, are edited, and remind in time.

The outlets are a real HTTP server on loopback; Discord is simulated; everything between them is the real bot.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from config.catalogue import Outlet
from tests import openapi
from tests.discord_world import A_ROUND, World, discord_world, text_of
from tests.factories import MONDAY_NOON, a_topic
from tests.loopback import LOOPBACK, FeedServer, Item, rss
from watchers.feeds.fetch import HttpFetcher

WITHDRAWAL = "Norland will withdraw its troops from the strait by Friday, Foreign Minister Ada Berg said on Monday."
TALKS = "Envoys of Norland and Sudria will meet in Geneva on Wednesday, the Norland foreign ministry said."
ULTIMATUM = "Norland has given Sudria 10 days to reopen the crossing, its foreign ministry said."
REPEATED = "Foreign Minister Ada Berg said Norland will withdraw its troops from the strait by Friday."
TOPICS = [a_topic("norland", "Norland"), a_topic("sudria", "Sudria"), a_topic("cheese", "Cheese")]


COMMANDS: list[tuple[str, dict[str, Any]]] = [
    ("subscriptions", {}),
    ("topics list", {}),
    ("followups pending", {}),
    ("followups pending", {"topic": "norland", "kind": "event", "text": "Geneva"}),
    ("followups show", {"followup": "1"}),
    ("feeds list", {}),
    ("status", {}),
    ("help", {}),
]


class Press:
    """Three outlets on loopback, and what each has published so far."""

    def __init__(self, server: FeedServer) -> None:
        self._server = server
        self._items: dict[str, list[Item]] = {}
        self.outlets = [Outlet(name, self._serve(name), "en", "UTC", full_text=False) for name in ("Gazette", "Herald")]

    def publish(self, outlet: str, text: str, at: datetime, title: str = "News from the strait") -> None:
        number = len(self._items[outlet])
        link = f"https://{outlet.lower()}.example/{number}"
        self._items[outlet].append(Item(title, text, at, f"{outlet}-{number}", link))
        self._serve(outlet)

    def _serve(self, outlet: str) -> str:
        items = self._items.setdefault(outlet, [])
        return self._server.serve(f"/{outlet}", rss(*reversed(items), title=outlet))


@pytest.fixture
async def press() -> AsyncIterator[Press]:
    async with FeedServer() as server:
        yield Press(server)


@pytest.fixture
async def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, press: Press) -> AsyncIterator[World]:
    async with (
        HttpFetcher(LOOPBACK) as fetcher,
        discord_world(tmp_path, monkeypatch, fetcher=fetcher, topics=TOPICS, outlets=press.outlets) as there,
    ):
        yield there


def days(number: float) -> timedelta:
    return timedelta(days=number)


def headings(world: World) -> list[str]:
    """The first line of every message in the channel, with the number of the follow-up it is about."""
    return [f"{text.splitlines()[0].removeprefix('### ')} {number_in(text)}" for text in world.texts()]


def number_in(text: str) -> str:
    return "".join(re.findall(r"`(#\d+)`", text))


async def subscribed_with_three_follow_ups(world: World, press: Press) -> None:
    answer = await world.moderator.slash(world.channel, "subscribe", topic="*", rhythm="instant")
    assert answer.ephemeral
    assert "Subscribed" in text_of(answer.response)
    for text in (ULTIMATUM, WITHDRAWAL, TALKS):
        press.publish("Gazette", text, MONDAY_NOON + A_ROUND - timedelta(hours=1))  # fresh when it is read
    await world.pass_time(A_ROUND)


async def test_each_follow_up_is_alerted_once_and_edited_when_another_outlet_repeats_it(
    world: World, press: Press
) -> None:
    await subscribed_with_three_follow_ups(world, press)
    alerts = world.channel.history()
    assert headings(world) == ["⏳ Deadline #1", "🤝 Commitment #2", "📅 Event #3"]
    await world.pass_time(A_ROUND)
    assert len(world.channel.history()) == 3

    press.publish("Herald", REPEATED, MONDAY_NOON)
    await world.pass_time(A_ROUND)
    after = world.channel.history()
    assert [message.id for message in after] == [message.id for message in alerts]
    assert [message.edited_at is not None for message in after] == [False, True, False]
    assert "[Gazette](https://gazette.example/1)" in text_of(after[1])
    assert "[Herald](https://herald.example/0)" in text_of(after[1])


async def test_every_reminder_comes_once_in_its_time(world: World, press: Press) -> None:
    await subscribed_with_three_follow_ups(world, press)
    expected = {
        3: ["🔔 Due tomorrow · 📅 Event #3"],
        4: ["🔔 Due today · 📅 Event #3"],
        5: ["🔔 Due tomorrow · 🤝 Commitment #2", "❓ Did this happen? · 📅 Event #3"],
        6: ["🔔 Due today · 🤝 Commitment #2"],
        7: ["❓ Did this happen? · 🤝 Commitment #2"],
        8: [],
        11: ["🔔 Due tomorrow · ⏳ Deadline #1"],
        12: ["🔔 Due today · ⏳ Deadline #1"],
        13: ["❓ Did this happen? · ⏳ Deadline #1"],
        20: [],
    }
    told = 3
    for day, wanted in expected.items():
        until = datetime(2026, 3, day, 12, tzinfo=UTC)
        await world.pass_time(until - world.clock.now())
        assert sorted(headings(world)[told:]) == sorted(wanted), day
        told += len(wanted)


async def test_pending_follow_ups_are_listed_in_due_order(world: World, press: Press) -> None:
    await subscribed_with_three_follow_ups(world, press)
    answer = await world.analyst.slash(world.channel, "followups pending")
    text = text_of(answer.response)
    assert answer.ephemeral
    assert re.findall(r"`(#\d)`", text) == ["#3", "#2", "#1"]
    assert "3 pending" in text
    await world.pass_time(days(3))
    text = text_of((await world.analyst.slash(world.channel, "followups pending")).response)
    assert re.findall(r"`(#\d)`", text) == ["#2", "#1"]
    assert "1 more is overdue" in text


async def test_a_restart_goes_on_where_the_bot_stopped(world: World, press: Press) -> None:
    await subscribed_with_three_follow_ups(world, press)
    await world.restart()
    press.publish("Herald", REPEATED, MONDAY_NOON)
    await world.pass_time(A_ROUND)
    assert len(world.channel.history()) == 3
    assert "[Herald]" in world.texts()[1]
    await world.pass_time(days(1))
    assert headings(world)[3:] == ["🔔 Due tomorrow · 📅 Event #3"]
    syncs = [call for call in world.env.http_requests if call.method == "PUT" and call.path.endswith("/commands")]
    assert len(syncs) == 1


async def test_what_comes_up_before_anybody_subscribes_is_reminded_of_all_the_same(world: World, press: Press) -> None:
    press.publish("Gazette", TALKS, MONDAY_NOON)
    await world.pass_time(A_ROUND)
    assert world.texts() == []
    answer = await world.moderator.slash(world.channel, "subscribe", topic="Norland", rhythm="instant")
    assert "1 is pending already" in text_of(answer.response)
    await world.pass_time(days(1))
    assert headings(world) == ["🔔 Due tomorrow · 📅 Event #1"]


async def test_a_daily_digest_gathers_what_was_said(world: World, press: Press) -> None:
    await world.moderator.slash(world.channel, "subscribe", topic="*", rhythm="daily")
    for text in (ULTIMATUM, WITHDRAWAL, TALKS):
        press.publish("Gazette", text, MONDAY_NOON)
    await world.pass_time(timedelta(hours=12))
    assert world.texts() == []
    await world.pass_time(timedelta(hours=12))
    (digest,) = world.texts()
    assert "Your digest" in digest
    assert sorted(re.findall(r"`#(\d+)`", digest)) == ["1", "2", "3"]
    await world.pass_time(timedelta(hours=18))
    assert len(world.texts()) == 1


async def test_a_topic_nobody_subscribed_to_stays_silent(world: World, press: Press) -> None:
    await world.moderator.slash(world.channel, "subscribe", topic="cheese")
    press.publish("Gazette", TALKS, MONDAY_NOON)
    await world.pass_time(days(1))
    assert world.texts() == []


@openapi.needs_document
async def test_everything_sent_on_the_way_is_valid_to_discord(world: World, press: Press) -> None:
    role = world.guild.create_role("Desk", mentionable=True)
    await world.moderator.slash(world.channel, "subscribe", topic="*", role=role)
    for text in (ULTIMATUM, WITHDRAWAL, TALKS):
        press.publish("Gazette", text, MONDAY_NOON)
    await world.pass_time(A_ROUND)
    press.publish("Herald", REPEATED, MONDAY_NOON)
    for command, options in COMMANDS:
        await world.moderator.slash(world.channel, command, **options)
    await world.moderator.autocomplete(world.channel, "subscribe", "topic", "n")
    await world.moderator.slash(world.channel, "remind", when="in 1 day", note="call the desk")
    await world.pass_time(days(6))
    await world.moderator.slash(world.channel, "unsubscribe", subscription=f"{world.channel.id}:*")
    calls = world.env.http_requests
    assert {(call.method, call.path.split("/")[1]) for call in calls} >= {
        ("PUT", "applications"),
        ("POST", "interactions"),
        ("POST", "webhooks"),
        ("POST", "channels"),
        ("PATCH", "channels"),
        ("POST", "users"),
    }
    assert [fault for call in calls for fault in openapi.faults(call)] == []
    assert all(post["enforce_nonce"] and len(post["nonce"]) == 25 for post in world.posts)
    assert len({post["nonce"] for post in world.posts}) == len(world.posts)
