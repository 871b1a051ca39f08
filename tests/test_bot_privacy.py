"""What is stored of somebody is shown to them alone, and goes when they ask for that."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.exports import FORGOTTEN, as_json
from bot.render import person_words
from tests.discord_world import A_ROUND, World, discord_world, text_of
from tests.driven_cards import alerted, card_of, rater_of
from tests.driven_personal import kept
from tests.everything import said_after
from tests.factories import MONDAY_NOON, a_topic
from tests.fakes import ScriptedFetcher
from watchers.audience import Alert, AlertForm
from watchers.belongings import NOBODY


@pytest.fixture
async def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[World]:
    topics = [a_topic("norland", "Norland")]
    async with discord_world(tmp_path, monkeypatch, fetcher=ScriptedFetcher(), topics=topics) as there:
        yield there


async def forget(world: World, actor: object) -> str:
    asked = (await actor.slash(world.channel, "forget-me")).response  # type: ignore[attr-defined]  # simcord's actor
    await actor.click(asked, label="Forget me")  # type: ignore[attr-defined]
    return text_of(asked)


async def test_a_rating_stays_without_the_person_and_their_note_goes(world: World) -> None:
    await alerted(world)
    rater = rater_of(world)
    card = await card_of(world, rater)
    await rater.submit_modal(await rater.click(card, label="Note…"), {"typed": "I was there"})
    await rater.click(card, label="Broken")
    await rater.click(card, label="Mute")
    assert f"<@{rater.id}>" in text_of(card)
    await forget(world, rater)
    shown = text_of(await card_of(world, world.analyst))
    assert "Broken" in shown
    assert "I was there" not in shown
    assert str(rater.id) not in shown
    assert shown.count("somebody who asked to be forgotten") == 2
    log = said_after(await world.moderator.slash(world.channel, "audit"))
    assert str(rater.id) not in log
    assert "☑️ `#1` was rated: ❌ Broken" in log
    cases = await world.database.look(lambda work: tuple(work.cases.of(world.guild.id, [1])))
    exported = as_json(cases, MONDAY_NOON.date(), {}, total=1)
    assert f'"{FORGOTTEN}"' in exported
    assert str(rater.id) not in exported


async def test_what_waits_for_somebody_who_is_forgotten_is_not_sent(world: World) -> None:
    await kept(world, when="in 1 hour")
    alert = Alert("watched:1", AlertForm.PERSONAL, user_id=world.analyst.id, note="soon", guild_id=None)
    await world.transact(lambda work: work.outbox.put(alert, world.clock.now() + timedelta(minutes=1)))
    assert "Direct messages: **1**" in said_after(await world.analyst.slash(world.channel, "privacy"))
    assert "I store nothing of you any more" in await forget(world, world.analyst)
    await world.pass_time(2 * A_ROUND)
    assert world.analyst.user.dm_channel is None or world.analyst.user.dm_channel.history() == []


async def test_forgetting_speaks_for_whoever_presses_it(world: World) -> None:
    await kept(world)
    asked = (await world.moderator.slash(world.channel, "forget-me")).response
    await world.moderator.click(asked, label="Forget me")
    assert len(await world.database.look(lambda work: work.reminders.of_user(world.analyst.id))) == 1


async def test_a_note_is_deleted_by_nobody_but_its_author(world: World) -> None:
    await alerted(world)
    rater = rater_of(world)
    card = await card_of(world, rater)
    await rater.submit_modal(await rater.click(card, label="Note…"), {"typed": "I was there"})
    other = await card_of(world, world.moderator)
    assert "Delete my note" not in str(other.components)


def test_nobody_is_named_in_words() -> None:
    assert person_words(NOBODY) == "somebody who asked to be forgotten"
    assert person_words(7) == "<@7>"
