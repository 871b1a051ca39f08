"""Splitting and joining in Discord: what other servers know as well is not for one of them to change."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.discord_world import A_ROUND, World, discord_world, said_after, text_of
from tests.driven_cards import card_of, rater_of
from tests.factories import a_topic, a_wish
from tests.fakes import ScriptedFetcher
from tests.storing import an_alert, days, opened, retold, telling
from watchers.audience import Alert
from watchers.ports import UnitOfWork
from watchers.rating import Outcome, RatingWish

OTHERS = "Other servers know `#1` too, so it is not for one of them to change. Whoever runs me can."


@pytest.fixture
async def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[World]:
    topics = [a_topic("norland", "Norland")]
    async with discord_world(tmp_path, monkeypatch, fetcher=ScriptedFetcher(), topics=topics) as there:
        yield there


def put(work: UnitOfWork, *, alert: Alert, now: datetime) -> None:
    work.outbox.put(alert, now)


async def told_here(world: World) -> None:
    """A follow-up with two reports and one with one, both told to the channel."""
    followup = await opened(world.database, telling(due=days(2, 9)))
    await retold(world.database, followup, telling("Sudria must sign.", due=days(2, 9), outlet="Zenith"))
    await opened(world.database, telling("It goes by Monday.", due=days(2, 9), outlet="Dawn"))
    await world.follow(a_wish(guild_id=world.guild.id, channel_id=world.channel.id))
    for number in (1, 2):
        alert = replace(an_alert(f"said:{number}:x", number, channel_id=world.channel.id), guild_id=world.guild.id)
        await world.transact(partial(put, alert=alert, now=world.clock.now()))
    await world.pass_time(A_ROUND)


async def reports_of(world: World, actor: Any) -> Any:
    return (await actor.click(await card_of(world, actor), label="All 2 reports")).response


async def test_the_alerts_of_the_server_follow_a_split_and_a_join(world: World) -> None:
    await told_here(world)
    rater = rater_of(world)
    reports = await reports_of(world, rater)
    await rater.select(reports, ["2"], custom_id="part:1")
    await world.pass_time(A_ROUND)
    first, second = world.texts()
    assert "Zenith" not in first
    form = await rater.click(reports, label="Same as another…")
    await rater.submit_modal(form, {"typed": "#2"})
    await world.pass_time(A_ROUND)
    first, second = world.texts()
    assert "The Meridian" in first
    assert "Dawn" in first
    assert first.splitlines()[1:] == second.splitlines()[1:], "both messages show the follow-up that is left"
    opened_card = await rater.click(world.channel.history()[1], label="Card")
    assert "`#1`" in text_of(opened_card.response)
    by_number = await card_of(world, rater, 2)
    assert "`#1`" in text_of(by_number)
    await rater.click(by_number, label="Kept")
    assert text_of(by_number).startswith("### ✅ Kept")


async def test_what_another_server_knows_is_changed_only_by_those_whom_the_operator_named(world: World) -> None:
    await told_here(world)
    rater = rater_of(world)
    wish = RatingWish(1, 77, 7, Outcome.KEPT)
    await world.transact(lambda work: work.cases.rate(wish, world.clock.now()))
    reports = await reports_of(world, rater)
    refused = await rater.select(reports, ["2"], custom_id="part:1")
    assert OTHERS in said_after(refused)
    again = await rater.submit_modal(await rater.click(reports, label="Same as another…"), {"typed": "2"})
    assert OTHERS in said_after(again)
    assert "Zenith" in text_of(await reports_of(world, rater))

    world.services = replace(world.services, editors=frozenset({world.guild.id}))
    for cog in world.env.bot.cogs.values():
        cog.services = world.services
    parted = await rater.select(reports, ["2"], custom_id="part:1")
    assert "✂️ 1 report is now `#3`" in said_after(parted)


async def test_who_may_not_rate_sees_the_reports_alone(world: World) -> None:
    await told_here(world)
    reports = await reports_of(world, world.analyst)
    assert "📰 2 reports · `#1`" in text_of(reports)
    assert "part:1" not in str(reports.components)
    assert "same:1" not in str(reports.components)


async def test_of_very_many_reports_those_of_the_page_are_offered(world: World) -> None:
    await told_here(world)
    followup = await world.database.look(lambda work: work.followups.get(1))
    assert followup is not None
    for number in range(24):
        await retold(world.database, followup, telling(due=days(2, 9), outlet=f"Outlet {number}"))
    rater = rater_of(world)
    shown = (await rater.click(await card_of(world, rater), label="All 26 reports")).response
    select = next(one for one in _components(shown) if one.get("custom_id") == "part:1")
    assert len(select["options"]) == 5
    assert select["max_values"] == 5


def _components(message: Any) -> list[dict[str, Any]]:
    rows = [one if isinstance(one, dict) else one.to_dict() for one in message.components]
    return [one for row in rows for one in row.get("components", [])]
