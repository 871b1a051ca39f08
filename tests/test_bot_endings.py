"""Answering what the news suggests, and saying on which day something was kept: from alerts and cards, by raters."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path
from typing import Any

import discord
import pytest
from discord import ui

from bot.views.rating import CardButton, Deed, On, Press
from bot.words import IN_ENGLISH
from tests.discord_world import A_ROUND, World, buttons_of, discord_world, said_after, text_of
from tests.driven_cards import alerted, card_of, posted, rater_of, suggested
from tests.factories import a_topic
from tests.fakes import ScriptedFetcher
from tests.storing import days
from watchers.audience import AlertForm
from watchers.model import Interval
from watchers.rating import OURSELVES, Case, Outcome, RatingWish
from watchers.settling import confirm, settle

PAST = Interval(date(2026, 2, 20), date(2026, 3, 1))
ON_THE_FIFTH = date(2026, 3, 5)


@pytest.fixture
async def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[World]:
    topics = [a_topic("norland", "Norland")]
    async with discord_world(tmp_path, monkeypatch, fetcher=ScriptedFetcher(), topics=topics) as there:
        yield there


async def case_of(world: World) -> Case:
    (case,) = await world.database.look(lambda work: work.cases.of(world.guild.id, [1]))
    return case


async def wishes(world: World) -> list[RatingWish]:
    return [one.wish for one in (await case_of(world)).ratings]


async def asked(world: World, outcome: Outcome = Outcome.KEPT, **clue: Any) -> Any:
    """A follow-up of which the news suggests how it ended, and the alert that asks about it."""
    await alerted(world)
    await suggested(world, outcome, **clue)
    return await posted(world, AlertForm.SUGGESTED, 1)


def as_it_is(world: World, message: Any) -> Any:
    return next(one for one in world.channel.history() if one.id == message.id)


# --- what the news suggests -----------------------------------------------------------------------------------


@pytest.mark.parametrize("restarted", [False, True])
async def test_who_confirms_rates_as_the_news_has_it_and_can_undo_that(world: World, *, restarted: bool) -> None:
    alert, rater = await asked(world), rater_of(world)
    if restarted:
        await world.restart()
    answer = await rater.click(alert, label="Yes, kept")
    assert answer.ephemeral
    assert await wishes(world) == [RatingWish(1, world.guild.id, rater.id, Outcome.KEPT, None, ON_THE_FIFTH)]
    await world.pass_time(A_ROUND)
    text = text_of(as_it_is(world, alert))
    assert text.startswith(f"### ✅ Kept · ⏳ Deadline\n-# Rated by <@{rater.id}>, <t:")
    assert "Norland has withdrawn the last of its troops." in text
    await rater.click(answer.response, label="Undo")
    assert "🔎 It looks kept (80%)" in text_of(answer.response)
    await world.pass_time(A_ROUND)
    assert text_of(as_it_is(world, alert)).startswith("### 🔎 It looks kept (80%)")
    assert await wishes(world) == []


async def test_who_may_not_rate_answers_nothing(world: World) -> None:
    alert = await asked(world)
    for label in ("Yes, kept", "Not so"):
        answer = await world.analyst.click(alert, label=label)
        assert "**Manage Messages**" in said_after(answer)
    case = await case_of(world)
    assert (case.ratings, len(case.suggestions)) == ((), 1)
    assert {"Yes, kept", "Not so"}.isdisjoint(buttons_of(await card_of(world, world.analyst)))


async def test_what_is_not_so_is_shown_no_more_whichever_outlet_says_it_until_that_is_undone(world: World) -> None:
    alert, rater = await asked(world), rater_of(world)
    await suggested(world, outlet="Harbour Post")
    answer = await rater.click(alert, label="Not so")
    assert "How it ended is still open." in said_after(answer)
    await world.pass_time(A_ROUND)
    assert text_of(as_it_is(world, alert)).startswith("### 🔎 Not so, said somebody here · ⏳ Deadline")
    assert "🔎" not in text_of(await card_of(world, rater))
    assert await wishes(world) == []
    await world.restart()
    await rater.click(answer.response, label="Undo")
    await world.pass_time(A_ROUND)
    assert text_of(as_it_is(world, alert)).startswith("### 🔎 It looks kept (80%)")
    assert len((await case_of(world)).suggestions) == 2


async def test_on_a_card_a_rejection_is_answered_beside_it(world: World) -> None:
    await asked(world)
    rater = rater_of(world)
    card = await card_of(world, rater)
    answer = await rater.click(card, label="Not so")
    assert text_of(card).startswith("### 🔵 Pending")
    assert "🔎" not in text_of(card)
    beside = answer.followups[-1]
    assert beside.ephemeral
    await rater.click(beside, label="Undo")
    assert "🔎 It looks kept (80%)" in text_of(beside)


@pytest.mark.parametrize("meanwhile", ["rejected", "rated otherwise"])
async def test_what_was_answered_meanwhile_is_said_to_be(world: World, meanwhile: str) -> None:
    await asked(world)
    rater = rater_of(world)
    first, second = await card_of(world, rater), await card_of(world, rater)
    await rater.click(first, label="Not so" if meanwhile == "rejected" else "Broken")
    before = await wishes(world)
    late = await rater.click(second, label="Yes, kept")
    assert "That has been answered meanwhile" in text_of(late.followups[-1])
    assert await wishes(world) == before


async def test_a_suggestion_that_is_gone_is_answered_kindly(world: World) -> None:
    await asked(world)
    rater = rater_of(world)
    there = [CardButton(Press(deed, 1, On.ALERT, 99), IN_ENGLISH) for deed in (Deed.ACCEPT, Deed.REJECT)]
    message = await world.shown(world.channel, *there)
    for label in ("Yes", "Not so"):
        assert "answered meanwhile" in said_after(await rater.click(message, label=label))
    undo = await world.shown(world.channel, CardButton(Press(Deed.RECONSIDER, 1, On.CARD, 99), IN_ENGLISH))
    await rater.click(undo, label="Undo")
    assert await wishes(world) == []


async def test_what_settled_by_itself_is_somebodys_word_once_it_is_confirmed(world: World) -> None:
    await alerted(world)
    number, now, here = await suggested(world), world.clock.now(), world.guild.id
    await world.transact(lambda work: confirm(work, here, number, by=OURSELVES, now=now))
    alert, rater = await posted(world, AlertForm.SUGGESTED, 1), rater_of(world)
    text = text_of(alert)
    assert text.startswith("### ✅ Kept (unconfirmed) · ⏳ Deadline\n-# Settled by itself <t:")
    assert "> “Norland has withdrawn the last of its troops.”" in text
    assert list(buttons_of(alert)) == ["Yes, kept", "Undo", "More"]
    assert "Aide-Mémoire, by itself" in text_of(await card_of(world, world.analyst))
    assert "✅ Kept (unconfirmed) · ⏳ Deadline" in text_of(
        (await world.analyst.slash(world.channel, "followups settled")).response
    )
    refused = await world.analyst.click(alert, label="Undo")
    assert "**Manage Messages**" in said_after(refused)
    await rater.click(alert, label="Yes, kept")
    assert [wish.user_id for wish in await wishes(world)] == [OURSELVES, rater.id]
    await world.pass_time(A_ROUND)
    assert text_of(as_it_is(world, alert)).startswith(f"### ✅ Kept · ⏳ Deadline\n-# Rated by <@{rater.id}>")
    assert list(buttons_of(as_it_is(world, alert))) == ["More"]


async def test_what_settled_by_itself_can_be_undone_where_it_is_told(world: World) -> None:
    await alerted(world)
    number, now, here = await suggested(world), world.clock.now(), world.guild.id
    await world.transact(lambda work: confirm(work, here, number, by=OURSELVES, now=now))
    alert, rater = await posted(world, AlertForm.SUGGESTED, 1), rater_of(world)
    assert "Taken back: now 🔵 Pending" in said_after(await rater.click(alert, label="Undo"))
    await world.pass_time(A_ROUND)
    assert text_of(as_it_is(world, alert)).startswith("### 🔎 It looks kept (80%)")


async def test_a_move_asks_for_its_day_only_where_the_news_does_not_name_it(world: World) -> None:
    alert, rater = await asked(world, Outcome.MOVED), rater_of(world)
    form = await rater.click(alert, label="Yes, moved…")
    refused = await rater.submit_modal(form, {"typed": "when pigs fly"})
    assert "I do not understand “when pigs fly”" in said_after(refused)
    assert len((await case_of(world)).suggestions) == 1
    await rater.submit_modal(await rater.click(alert, label="Yes, moved…"), {"typed": "20 March"})
    case = await case_of(world)
    assert (case.due, case.suggestion) == (days(20, 20), None)
    await world.pass_time(A_ROUND)
    assert text_of(as_it_is(world, alert)).startswith("### 📆 Moved · ⏳ Deadline")

    await suggested(world, Outcome.MOVED, due=days(27, 27))
    card = await card_of(world, rater)
    await rater.click(card, label="Yes, moved")
    assert (await case_of(world)).due == days(27, 27)


async def test_a_move_to_no_day_that_anybody_knows_stays_where_it_was(world: World) -> None:
    alert, rater = await asked(world, Outcome.MOVED), rater_of(world)
    await rater.submit_modal(await rater.click(alert, label="Yes, moved…"), {"typed": ""})
    case = await case_of(world)
    assert (case.due, case.suggestion, case.is_open) == (days(2, 9), None, True)
    assert [one.outcome for one in case.ratings] == [Outcome.MOVED]


async def test_outside_a_server_nothing_is_answered(world: World) -> None:
    await asked(world)
    view = ui.LayoutView(timeout=None)
    deeds = (Deed.ACCEPT, Deed.ACCEPT_MOVE, Deed.REJECT, Deed.LATE)
    view.add_item(ui.ActionRow(*(CardButton(Press(deed, 1, On.ALERT, 1), IN_ENGLISH) for deed in deeds)))
    private = await world.as_bot(world.env.bot.http.start_private_message(str(world.analyst.id)))
    message = await world.as_bot(world.env.bot.get_partial_messageable(int(private["id"])).send(view=view))
    for label in buttons_of(message):
        answer = await world.analyst.user.click(message, label=label)
        assert "for a server to say" in text_of(answer.response)
    in_private = (await world.analyst.user.slash("followups show", followup="1")).response
    assert "🔎 It looks kept (80%)" in text_of(in_private)


# --- did this happen? -----------------------------------------------------------------------------------------


async def test_at_its_end_it_is_asked_and_shows_what_came_closest(world: World) -> None:
    await alerted(world, due=PAST)
    for number in range(4):
        await suggested(world, confidence=0.3 + number / 20, outlet=f"Lantern {number}", quote=f"Ship {number} left.")
    question = await posted(world, AlertForm.OVERDUE, 1)
    text = text_of(question)
    assert text.startswith("### ❓ Did this happen? · ⏳ Deadline")
    closest = text.split("🔎 **Closest in the news, not sure**\n")[1].splitlines()
    assert closest[:6:2] == [f"- “Ship {number} left.”" for number in (3, 2, 1)]
    assert "Ship 0" not in text
    assert list(buttons_of(question)) == ["Kept", "Kept late…", "Broken", "Moved…", "More"]


async def test_kept_late_asks_for_the_day_and_remembers_it(world: World) -> None:
    await alerted(world, due=PAST)
    question, rater = await posted(world, AlertForm.OVERDUE, 1), rater_of(world)
    for typed in ("when pigs fly", "5 March", "1 January"):  # no day, one ahead, one before it was said
        refused = await rater.submit_modal(await rater.click(question, label="Kept late…"), {"typed": typed})
        assert f"I do not understand “{typed}” as a day between 2 March 2026 and today." in said_after(refused)
    answer = await rater.submit_modal(await rater.click(question, label="Kept late…"), {"typed": "today"})
    assert "On which day?" not in buttons_of(answer.response)
    assert await wishes(world) == [RatingWish(1, world.guild.id, rater.id, Outcome.KEPT, None, date(2026, 3, 2))]
    card = text_of(await card_of(world, rater))
    assert "✅ Kept on <t:1772452800:D> — <@" in card


@pytest.mark.parametrize(("label", "outcome"), [("Kept", Outcome.KEPT), ("Partly kept", Outcome.PARTLY)])
async def test_after_a_rating_one_may_say_on_which_day_it_was(world: World, label: str, outcome: Outcome) -> None:
    await alerted(world, due=PAST)
    rater = rater_of(world)
    card = await card_of(world, rater)
    await rater.click(card, label=label)
    await rater.submit_modal(await rater.click(card, label="On which day?"), {"typed": "2026-03-02"})
    assert [(wish.outcome, wish.happened_on) for wish in await wishes(world)] == [
        (outcome, None),
        (outcome, date(2026, 3, 2)),
    ]
    await rater.click(card, label="Undo")
    assert [wish.happened_on for wish in await wishes(world)] == [None]


async def test_kept_under_the_question_offers_the_day(world: World) -> None:
    await alerted(world, due=PAST)
    question, rater = await posted(world, AlertForm.OVERDUE, 1), rater_of(world)
    answer = (await rater.click(question, label="Kept")).response
    assert list(buttons_of(answer)) == ["Undo", "On which day?", "Card"]
    await rater.submit_modal(await rater.click(answer, label="On which day?"), {"typed": "today"})
    assert [wish.happened_on for wish in await wishes(world)] == [None, date(2026, 3, 2)]
    broken = (await rater.click(await card_of(world, rater), label="Broken")).response
    assert "On which day?" not in buttons_of(broken)


async def test_what_was_kept_before_its_last_day_asks_for_no_day(world: World) -> None:
    alert = await alerted(world, AlertForm.REMINDER)
    answer = (await rater_of(world).click(alert, label="Kept")).response
    assert list(buttons_of(answer)) == ["Undo", "Card"]


async def test_a_watcher_hears_that_it_settled_by_itself(world: World) -> None:
    alert = await alerted(world)
    await world.analyst.click(alert, label="Watch")
    wish = RatingWish(1, world.guild.id, OURSELVES, Outcome.KEPT)
    await world.transact(lambda work: settle(work, wish, world.clock.now()))
    await world.pass_time(A_ROUND)
    (message,) = world.analyst.user.dm_channel.history()
    assert "You watch this: now ✅ Kept (unconfirmed)" in text_of(message)
    assert "<@0>" not in text_of(message)
    assert discord.utils.escape_mentions(text_of(message)) == text_of(message)
