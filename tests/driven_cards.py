"""Scenarios: the buttons and forms below alerts and cards."""

from __future__ import annotations

from datetime import date
from typing import Any

import discord

from bot.views.rating import Deed
from tests.discord_world import A_ROUND, World, buttons_of, text_of
from tests.everything import Scenario, drives, said_after
from tests.factories import a_clue, a_wish
from tests.storing import days, opened, retold, telling
from watchers.audience import Alert, AlertForm
from watchers.model import Interval, Kind
from watchers.rating import Outcome

_RATINGS = {
    Deed.KEPT: "✅ Kept",
    Deed.PARTLY: "☑️ Partly kept",
    Deed.BROKEN: "❌ Broken",
    Deed.WITHDRAWN: "↩️ Withdrawn",
    Deed.DISMISSED: "🚫 Not a commitment",
}


def rater_of(world: World) -> Any:
    """Somebody with Manage Messages, and with Create Events."""
    may = discord.Permissions(manage_messages=True, create_events=True)
    return world.guild.add_member(
        world.env.create_user("rater"), roles=[world.guild.create_role("Raters", permissions=may)]
    )


async def alerted(world: World, form: AlertForm = AlertForm.SAID, **statement: Any) -> Any:
    """A follow-up due on the 9th, whose alert stands in the channel; return the message."""
    followup = await opened(world.database, telling("Norland will leave the port.", **{"due": days(2, 9), **statement}))
    await world.follow(a_wish(guild_id=world.guild.id, channel_id=world.channel.id))
    return await posted(world, form, followup.id)


async def posted(world: World, form: AlertForm, number: int) -> Any:
    alert = Alert(f"{form}:{number}", form, (number,), guild_id=world.guild.id, channel_id=world.channel.id)
    await world.transact(lambda work: work.outbox.put(alert, world.clock.now()))
    await world.pass_time(A_ROUND)
    return world.channel.history()[-1]


async def card_of(world: World, actor: Any, number: int = 1) -> Any:
    return (await actor.slash(world.channel, "followups show", followup=str(number))).response


def _of_rating(deed: Deed, words: str) -> Scenario:
    @drives(f"CardButton {deed} on card", "CardButton undo on card")
    async def scenario(world: World) -> None:
        await alerted(world)
        rater = rater_of(world)
        card = await card_of(world, rater)
        await rater.click(card, label=words.split(" ", 1)[1])
        assert text_of(card).startswith(f"### {words} · ⏳ Deadline")
        await rater.click(card, label="Undo")
        assert text_of(card).startswith("### 🔵 Pending")

    scenario.__name__ = f"rated_{deed}_on_the_card"
    return scenario


for _deed, _words in _RATINGS.items():
    _of_rating(_deed, _words)


@drives("CardButton open on alert", "CardButton watch on alert", "CardButton unwatch on card")
async def below_what_was_said(world: World) -> None:
    alert = await alerted(world)
    opened_card = await world.analyst.click(alert, label="Card")
    assert opened_card.ephemeral
    assert "Norland will leave the port." in said_after(opened_card)
    watching = await world.analyst.click(alert, label="Watch")
    assert "You will hear by direct message" in said_after(watching)
    await world.analyst.click(watching.response, label="Stop watching")
    assert list(buttons_of(watching.response)) == ["Wrong date…", "Not a commitment", "Watch", "Remind me…"]


@drives("CardButton kept on alert", "CardButton broken on alert", "CardButton moved on alert", "form OneField")
async def below_a_reminder(world: World) -> None:
    alert, rater = await alerted(world, AlertForm.REMINDER), rater_of(world)
    assert "❌ Broken" in said_after(await rater.click(alert, label="Broken"))
    assert "✅ Kept" in said_after(await rater.click(alert, label="Kept"))
    form = await rater.click(alert, label="Moved…")
    assert said_after(form) == "Moved to another day"
    moved = await rater.submit_modal(form, {"typed": "20 March"})
    assert "now due <t:1774008000:D>" in said_after(moved)


@drives("CardButton moved on card", "CardButton note on card", "CardButton date on card", "form OneField")
async def forms_of_a_card(world: World) -> None:
    await alerted(world)
    rater = rater_of(world)
    card = await card_of(world, rater)
    await rater.submit_modal(await rater.click(card, label="Moved…"), {"typed": ""})
    assert "📆 Moved — " in text_of(card)
    await rater.submit_modal(await rater.click(card, label="Note…"), {"typed": "asked the embassy"})
    assert "📝 asked the embassy" in text_of(card)
    thanks = await rater.submit_modal(await rater.click(card, label="Wrong date…"), {"typed": "10 March"})
    assert "Thank you" in said_after(thanks)
    unread = await rater.submit_modal(await rater.click(card, label="Wrong date…"), {"typed": "blue"})
    assert "I do not understand “blue”" in said_after(unread)


@drives(
    "CardButton mute on card", "CardButton unmute on card", "CardButton watch on card", "CardButton unwatch on card"
)
async def ones_own_of_a_card(world: World) -> None:
    await alerted(world)
    rater = rater_of(world)
    card = await card_of(world, rater)
    for label, other in (
        ("Mute", "Unmute"),
        ("Unmute", "Mute"),
        ("Watch", "Stop watching"),
        ("Stop watching", "Watch"),
    ):
        await rater.click(card, label=label)
        assert other in buttons_of(card)


@drives("CardButton dismissed on card")
async def no_commitment_says_somebody_who_may_not_rate(world: World) -> None:
    await alerted(world)
    card = await card_of(world, world.analyst)
    thanks = await world.analyst.click(card, label="Not a commitment")
    assert "Thank you" in said_after(thanks)
    assert text_of(card).startswith("### 🔵 Pending")


@drives("CardButton schedule on card")
async def among_the_servers_events(world: World) -> None:
    await alerted(world, kind=Kind.EVENT, due=days(5, 6))
    rater = rater_of(world)
    added = await rater.click(await card_of(world, rater), label="Add to server events")
    assert "Added to the server’s events" in said_after(added)
    assert len(world.env.backend.get_guild(world.guild.id).scheduled_events) == 1


@drives("CardButton open on alert", "CardButton unwatch on alert")
async def by_direct_message_to_who_watches(world: World) -> None:
    alert, rater = await alerted(world), rater_of(world)
    await world.analyst.click(alert, label="Watch")
    await rater.click(await card_of(world, rater), label="Broken")
    await world.pass_time(A_ROUND)
    (message,) = world.analyst.user.dm_channel.history()
    assert "Norland will leave the port." in said_after(await world.analyst.user.click(message, label="Card"))
    stopped = await world.analyst.user.click(message, label="Stop watching")
    assert "You watch `#1` no longer." in said_after(stopped)


@drives("ReportSelect", "RejoinButton", "SameButton", "form OneField", "CardButton sources on alert")
async def splitting_and_joining(world: World) -> None:
    followup = await opened(world.database, telling(due=days(2, 6)))
    await retold(world.database, followup, telling("Sudria must sign.", due=days(2, 6), outlet="Zenith"))
    await opened(world.database, telling("It goes by Friday.", due=days(2, 6), outlet="Dawn"))
    rater = rater_of(world)
    reports = (await rater.click(await card_of(world, rater), label="All 2 reports")).response
    parted = await rater.select(reports, ["2"], custom_id="part:1")
    assert "✂️ 1 report is now `#3`, a follow-up of its own.\n> “Sudria must sign.”" in said_after(parted)
    again = await rater.click(parted.response, label="Join them again")
    assert "🔗 They are one now: `#1`, with 2 reports." in said_after(again)
    form = await rater.click(reports, label="Same as another…")
    assert said_after(form) == "Same as another follow-up"
    joined = await rater.submit_modal(form, {"typed": "Kept · #2"})
    assert "They are one now: `#1`, with 3 reports." in said_after(joined)
    listed = await rater.click(joined.response, label="All reports")
    assert "📰 3 reports · `#1`" in said_after(listed)
    for typed, answer in (("3", "`#1` and `#3` are one already"), ("that one", "I find no number in “that one”")):
        refused = await rater.submit_modal(await rater.click(reports, label="Same as another…"), {"typed": typed})
        assert answer in said_after(refused)
    await rater.select(reports, ["2"], custom_id="part:1")
    stale = await rater.select(reports, ["2"], custom_id="part:1")
    assert "These reports cannot be split off any more" in said_after(stale)


# --- what the news suggests -----------------------------------------------------------------------------------


async def suggested(world: World, outcome: Outcome = Outcome.KEPT, **clue: Any) -> int:
    """Let the news suggest how the first follow-up ended; return the suggestion's number."""
    told = a_clue(outcome, **clue)
    return (await world.transact(lambda work: work.outcomes.suggest(1, 1, told, world.clock.now()))).id


@drives("CardButton accept on alert", "CardButton reject on alert", "CardButton reconsider on card")
async def below_what_the_news_suggests(world: World) -> None:
    await alerted(world)
    await suggested(world)
    alert, rater = await posted(world, AlertForm.SUGGESTED, 1), rater_of(world)
    assert text_of(alert).startswith("### 🔎 It looks kept (80%) · ⏳ Deadline")
    rejected = await rater.click(alert, label="Not so")
    assert rejected.ephemeral
    assert "**Not so** · 🔎 It looks kept (80%) · `#1`" in said_after(rejected)
    await rater.click(rejected.response, label="Undo")
    assert "🔎 It looks kept (80%)" in text_of(rejected.response)
    accepted = await rater.click(alert, label="Yes, kept")
    assert "**✅ Kept on <t:1772712000:D>** · `#1`" in said_after(accepted)


@drives("CardButton accept on card", "CardButton reject on card", "CardButton reconsider on card")
async def what_the_news_suggests_on_the_card(world: World) -> None:
    await alerted(world)
    await suggested(world)
    rater = rater_of(world)
    card = await card_of(world, rater)
    noted = await rater.click(card, label="Not so")
    assert "🔎" not in text_of(card)
    await rater.click(noted.followups[-1], label="Undo")
    await rater.click(await card_of(world, rater), label="Yes, kept")
    assert "It looks kept" in text_of(await card_of(world, rater))


@drives("CardButton acceptmove on alert", "CardButton acceptmove on card", "form OneField")
async def a_move_whose_day_the_news_does_not_name(world: World) -> None:
    await alerted(world)
    await suggested(world, Outcome.MOVED)
    alert, rater = await posted(world, AlertForm.SUGGESTED, 1), rater_of(world)
    card = await card_of(world, rater)
    form = await rater.click(alert, label="Yes, moved…")
    assert said_after(form) == "Moved to another day"
    moved = await rater.submit_modal(form, {"typed": "20 March"})
    assert "now due <t:1774008000:D>" in said_after(moved)
    late = await rater.submit_modal(await rater.click(card, label="Yes, moved…"), {"typed": "20 March"})
    assert "answered meanwhile" in said_after(late)


@drives("CardButton late on alert", "CardButton late on card", "form OneField")
async def kept_late(world: World) -> None:
    await alerted(world, due=Interval(date(2026, 2, 20), date(2026, 3, 1)))
    alert, rater = await posted(world, AlertForm.OVERDUE, 1), rater_of(world)
    assert "Nothing in the news that I read." in text_of(alert)
    form = await rater.click(alert, label="Kept late…")
    assert said_after(form) == "When it was kept"
    kept = await rater.submit_modal(form, {"typed": "today"})
    assert "**✅ Kept on <t:1772452800:D>** · `#1`" in said_after(kept)
    card = await card_of(world, rater)
    again = await rater.submit_modal(await rater.click(card, label="On which day?"), {"typed": "3 March"})
    assert "as a day between 2 March 2026 and today" in said_after(again)
