"""Rating, undoing, moving, watching, muting, noting and correcting: from alerts and cards, by those who may."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import discord
import pytest
from discord import ui

from bot.views.rating import CardButton, Deed, On, Press
from bot.words import IN_ENGLISH
from tests import openapi
from tests.discord_world import A_ROUND, World, buttons_of, discord_world, text_of
from tests.factories import a_topic, a_wish, an_article
from tests.fakes import ScriptedFetcher
from tests.storing import days, opened, stored, telling
from watchers.audience import Alert, AlertForm, Guild
from watchers.model import Interval, Kind
from watchers.ports import UnitOfWork
from watchers.rating import Case, Flaw, Outcome

DAY = timedelta(days=1)


@pytest.fixture
async def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[World]:
    topics = [a_topic("norland", "Norland")]
    async with discord_world(tmp_path, monkeypatch, fetcher=ScriptedFetcher(), topics=topics) as there:
        yield there
        if openapi.DOCUMENT.exists():
            assert [fault for call in there.env.http_requests for fault in openapi.faults(call)] == []


def a_rater(world: World, name: str = "rater") -> Any:
    """Somebody with Manage Messages."""
    role = world.guild.create_role(f"{name}s", permissions=discord.Permissions(manage_messages=True))
    return world.guild.add_member(world.env.create_user(name), roles=[role])


async def told(world: World, form: AlertForm = AlertForm.SAID, **statement: Any) -> Any:
    """A follow-up due on the 9th, whose alert stands in the channel; return the message."""
    words = {"due": days(2, 9), **statement}
    followup = await opened(world.database, telling("Norland will leave the port.", **words))
    await world.follow(a_wish(guild_id=world.guild.id, channel_id=world.channel.id))
    alert = Alert(f"{form}:1", form, (followup.id,), guild_id=world.guild.id, channel_id=world.channel.id)
    await world.transact(lambda work: work.outbox.put(alert, world.clock.now()))
    await world.pass_time(A_ROUND)
    return world.channel.history()[-1]


async def case_of(world: World, guild: Any = None) -> Case:
    guild_id = (guild or world.guild).id
    (case,) = await world.database.look(lambda work: work.cases.of(guild_id, [1]))
    return case


async def reminders(world: World) -> list[date]:
    """The days of the reminders still planned for channels."""
    far = world.clock.now() + 365 * DAY
    due = await world.database.look(lambda work: work.reminders.due(far, 100))
    return sorted(one.reminder.fires_at.date() for one in due if one.reminder.user_id is None)


async def card(world: World, actor: Any) -> Any:
    return (await actor.slash(world.channel, "followups show", followup="1")).response


# --- how it ended, from an alert ------------------------------------------------------------------------------


async def test_each_alert_offers_what_can_be_done_on_the_spot(world: World) -> None:
    said = await told(world)
    assert list(buttons_of(said)) == ["Card", "Watch", "Remind me…"]
    assert buttons_of(said)["Remind me…"] == "remind:1"
    reminder = Alert("r", AlertForm.REMINDER, (1,), guild_id=world.guild.id, channel_id=world.channel.id)
    await world.transact(lambda work: work.outbox.put(reminder, world.clock.now()))
    await world.pass_time(A_ROUND)
    assert list(buttons_of(world.channel.history()[-1])) == ["Kept", "Broken", "Moved…", "More"]


@pytest.mark.parametrize("restarted", [False, True])
async def test_a_rating_edits_the_alert_ends_the_reminders_and_can_be_undone(world: World, *, restarted: bool) -> None:
    reminder, rater = await told(world, AlertForm.REMINDER, due=days(2, 4)), a_rater(world)
    before = await reminders(world)
    assert before == [date(2026, 3, 3), date(2026, 3, 4), date(2026, 3, 5)]
    if restarted:
        await world.restart()
    answer = await rater.click(reminder, label="Kept")
    assert answer.ephemeral
    assert "✅ Kept" in text_of(answer.response)
    assert await reminders(world) == []
    await world.pass_time(A_ROUND)
    (alert,) = world.texts()
    assert alert.startswith("### ✅ Kept · ⏳ Deadline")
    assert f"-# Rated by <@{rater.id}>, <t:" in alert
    assert list(buttons_of(world.channel.history()[-1])) == ["More"]

    await rater.click(answer.response, label="Undo")
    assert "### 🔵 Pending" in text_of(answer.response)
    assert await reminders(world) == before
    await world.pass_time(A_ROUND)
    assert world.texts()[0].startswith("### 🔔 Due tomorrow")


async def test_the_same_rating_twice_is_one_rating(world: World) -> None:
    reminder, rater = await told(world, AlertForm.REMINDER), a_rater(world)
    for _ in range(2):
        await rater.click(reminder, label="Broken")
    assert [one.outcome for one in (await case_of(world)).ratings] == [Outcome.BROKEN]


async def test_an_undo_takes_back_no_rating_but_its_own(world: World) -> None:
    reminder, rater = await told(world, AlertForm.REMINDER), a_rater(world)
    first = (await rater.click(reminder, label="Kept")).response
    await rater.click(await card(world, rater), label="Broken")
    refused = await rater.click(first, label="Undo")
    assert "does not stand any more" in text_of(refused.followups[-1])
    assert (await case_of(world)).status_on(date(2026, 3, 2)) is Outcome.BROKEN


async def test_who_may_not_rate_is_told_who_may(world: World) -> None:
    reminder = await told(world, AlertForm.REMINDER)
    for label in ("Kept", "Moved…"):
        answer = await world.analyst.click(reminder, label=label)
        assert "**Manage Messages**" in text_of(answer.response)
    assert (await case_of(world)).ratings == ()

    role = world.guild.create_role("Raters")
    await world.transact(lambda work: work.guilds.put(Guild(world.guild.id, rater_role_id=role.id)))
    refused = await world.analyst.click(reminder, label="Kept")
    assert f"<@&{role.id}>" in text_of(refused.response)
    member = world.guild.add_member(world.env.create_user("juror"), roles=[role])
    await member.click(reminder, label="Kept")
    assert [one.wish.user_id for one in (await case_of(world)).ratings] == [member.id]


async def test_ratings_are_the_servers_own(world: World) -> None:
    reminder, rater = await told(world, AlertForm.REMINDER), a_rater(world)
    await rater.click(reminder, label="Kept")
    await rater.click(await card(world, rater), label="Note…")
    other = world.env.create_guild("Elsewhere")
    channel = other.create_text_channel("general")
    stranger = other.add_member(world.env.create_user("stranger"))
    shown = (await stranger.slash(channel, "followups show", followup="1")).response
    assert "🔵 Pending" in text_of(shown)
    assert str(rater.id) not in text_of(shown)
    assert (await case_of(world, other)).ratings == ()


# --- on the card ----------------------------------------------------------------------------------------------


async def test_a_card_offers_each_reader_what_they_may_do(world: World) -> None:
    said, rater = await told(world), a_rater(world)
    opened_card = await world.analyst.click(said, label="Card")
    assert opened_card.ephemeral
    assert list(buttons_of(opened_card.response)) == ["Wrong date…", "Not a commitment", "Watch", "Remind me…"]
    assert list(buttons_of(await card(world, rater))) == [
        *("Kept", "Partly kept", "Broken", "Moved…", "Withdrawn", "Wrong date…", "Not a commitment"),
        *("Watch", "Remind me…", "Note…", "Mute", "All reports"),
    ]
    in_private = (await world.analyst.user.slash("followups show", followup="1")).response
    assert list(buttons_of(in_private)) == ["Wrong date…", "Not a commitment", "Remind me…"]
    assert "belong to a server" in text_of(in_private)


@pytest.mark.parametrize(
    ("label", "status"),
    [
        ("Kept", "✅ Kept"),
        ("Partly kept", "☑️ Partly kept"),
        ("Broken", "❌ Broken"),
        ("Withdrawn", "↩️ Withdrawn"),
        ("Not a commitment", "🚫 Not a commitment"),
    ],
)
async def test_a_card_shows_at_once_what_was_rated_and_what_is_undone(world: World, label: str, status: str) -> None:
    await told(world)
    rater = a_rater(world)
    shown = await card(world, rater)
    await rater.click(shown, label=label)
    assert text_of(shown).startswith(f"### {status} · ⏳ Deadline")
    assert f"**Rated here**\n{status} — <@{rater.id}>" in text_of(shown)
    await world.restart()
    await rater.click(shown, label="Undo")
    assert text_of(shown).startswith("### 🔵 Pending")
    assert "Rated here" not in text_of(shown)


async def test_moving_asks_for_the_new_day_and_reminds_by_it(world: World) -> None:
    await told(world)
    rater = a_rater(world)
    shown = await card(world, rater)
    form = await rater.click(shown, label="Moved…")
    refused = await rater.submit_modal(form, {"typed": "when pigs fly"})
    assert "I do not understand “when pigs fly” as a day from 2 March 2026 on." in text_of(refused.followups[-1])
    assert "“by the end of June”" in text_of(refused.followups[-1])
    form = await rater.click(shown, label="Moved…")
    await rater.submit_modal(form, {"typed": "by 20 March"})
    text = text_of(shown)
    assert text.startswith("### 🔵 Pending")
    assert "🗓️ By <t:1774008000:D>" in text  # noon of the 20th
    assert "First said to be due by <t:1773057600:D>" in text
    assert "📆 Moved to <t:1774008000:D>" in text
    assert (await case_of(world)).due == Interval(date(2026, 3, 2), date(2026, 3, 20))
    assert await reminders(world) == [date(2026, 3, 19), date(2026, 3, 20), date(2026, 3, 21)]


async def test_what_is_moved_to_no_day_stays_open_where_it_was(world: World) -> None:
    await told(world)
    rater = a_rater(world)
    shown = await card(world, rater)
    await rater.submit_modal(await rater.click(shown, label="Moved…"), {"typed": " "})
    case = await case_of(world)
    assert (case.is_open, case.moved_to, case.due) == (True, None, days(2, 9))
    assert "📆 Moved — " in text_of(shown)


async def test_an_overdue_alert_that_got_a_new_day_says_so(world: World) -> None:
    alert, rater = (
        await told(world, AlertForm.OVERDUE, due=Interval(date(2026, 2, 20), date(2026, 3, 1))),
        a_rater(world),
    )
    assert text_of(alert).startswith("### ❓ Did this happen?")
    await rater.submit_modal(await rater.click(alert, label="Moved…"), {"typed": "in 10 days"})
    await world.pass_time(A_ROUND)
    assert world.texts()[0].startswith("### 🔔 Due in 10 days")


async def test_a_note_stands_on_the_card_of_the_server(world: World) -> None:
    await told(world)
    rater = a_rater(world)
    shown = await card(world, rater)
    await rater.submit_modal(await rater.click(shown, label="Note…"), {"typed": "ask *the* @everyone"})
    assert f"📝 ask \\*the\\* @\u200beveryone — <@{rater.id}>" in text_of(shown)
    assert "ask" in text_of(await card(world, world.analyst))
    empty = await rater.submit_modal(await rater.click(shown, label="Note…"), {"typed": "  "})
    assert "needs words" in text_of(empty.followups[-1])


async def test_muting_ends_the_reminders_and_unmuting_brings_them_back(world: World) -> None:
    await told(world)
    rater = a_rater(world)
    shown = await card(world, rater)
    await rater.click(shown, label="Mute")
    assert await reminders(world) == []
    assert f"muted by <@{rater.id}>" in text_of(shown)
    await rater.click(shown, label="Unmute")
    assert len(await reminders(world)) == 3
    assert "muted" not in text_of(shown)


# --- watching -------------------------------------------------------------------------------------------------


async def test_who_watches_hears_of_each_rating_by_direct_message(world: World) -> None:
    said, rater = await told(world), a_rater(world)
    answer = await world.analyst.click(said, label="Watch")
    assert "by direct message" in text_of(answer.response)
    assert list(buttons_of(answer.response)) == ["Stop watching", "Card"]
    await rater.click(said, label="Watch")
    shown = await card(world, rater)
    await rater.click(shown, label="Broken")
    await world.pass_time(A_ROUND)
    messages = world.analyst.user.dm_channel.history()
    assert [text_of(one).splitlines()[0] for one in messages] == ["### 👁️ You watch this: now ❌ Broken · ⏳ Deadline"]
    assert rater.user.dm_channel is None or not rater.user.dm_channel.history()  # who rated knows

    await rater.click(shown, label="Undo")
    await world.pass_time(A_ROUND)
    messages = world.analyst.user.dm_channel.history()
    assert text_of(messages[-1]).startswith("### 👁️ You watch this: now 🔵 Pending")
    await world.restart()
    await world.analyst.user.click(messages[0], label="Stop watching")
    await rater.click(shown, label="Kept")
    await world.pass_time(A_ROUND)
    texts = [text_of(one) for one in world.analyst.user.dm_channel.history()]
    assert len([text for text in texts if "now ✅" in text]) == 0


async def test_the_card_says_whether_one_watches(world: World) -> None:
    await told(world)
    shown = await card(world, world.analyst)
    await world.analyst.click(shown, label="Watch")
    assert "Stop watching" in buttons_of(shown)
    await world.analyst.click(shown, label="Stop watching")
    assert "Watch" in buttons_of(shown)


async def test_ratings_are_kindly_refused_in_direct_messages(world: World) -> None:
    await told(world)
    view = ui.LayoutView(timeout=None)
    deeds = (Deed.KEPT, Deed.MOVED, Deed.WATCH, Deed.NOTE, Deed.SCHEDULE)
    view.add_item(ui.ActionRow(*(CardButton(Press(deed, 1, On.ALERT), IN_ENGLISH) for deed in deeds)))
    private = await world.as_bot(world.env.bot.http.start_private_message(str(world.analyst.id)))
    channel = world.env.bot.get_partial_messageable(int(private["id"]))
    message = await world.as_bot(channel.send(view=view))
    for label in ("Kept", "Moved…", "Watch", "Note…", "Add to server events"):
        answer = await world.analyst.user.click(message, label=label)
        assert "for a server to say" in text_of(answer.response)


# --- feedback -------------------------------------------------------------------------------------------------


async def faults(world: World) -> list[tuple[Flaw, int | None, Interval | None]]:
    found = await world.database.look(lambda work: work.cases.complaints())
    return [(one.fault.what, one.fault.guild_id, one.fault.due) for one in found]


async def test_who_may_not_rate_says_that_it_is_no_commitment_as_feedback_only(world: World) -> None:
    await told(world)
    shown = await card(world, world.analyst)
    thanks = await world.analyst.click(shown, label="Not a commitment")
    assert "Thank you" in text_of(thanks.followups[-1])
    again = await world.analyst.click(shown, label="Not a commitment")
    assert "said so before" in text_of(again.followups[-1])
    assert (await case_of(world)).ratings == ()
    assert await faults(world) == [(Flaw.NO_COMMITMENT, world.guild.id, None)]


async def test_a_raters_dismissal_is_feedback_too_until_it_is_undone(world: World) -> None:
    await told(world)
    rater = a_rater(world)
    shown = await card(world, rater)
    await rater.click(shown, label="Not a commitment")
    assert await faults(world) == [(Flaw.NO_COMMITMENT, world.guild.id, None)]
    await rater.click(shown, label="Undo")
    assert await faults(world) == []


async def test_the_right_date_counts_from_the_day_it_was_said(world: World) -> None:
    await told(world)
    await world.pass_time(20 * DAY)
    in_private = (await world.analyst.user.slash("followups show", followup="1")).response
    form = await world.analyst.user.click(in_private, label="Wrong date…")
    refused = await world.analyst.user.submit_modal(form, {"typed": "never"})
    assert "as a day from 2 March 2026 on" in text_of(refused.response)
    form = await world.analyst.user.click(in_private, label="Wrong date…")
    thanks = await world.analyst.user.submit_modal(form, {"typed": "Friday"})
    assert "Thank you" in text_of(thanks.response)
    assert await faults(world) == [(Flaw.WRONG_DATE, None, days(6, 6))]


# --- all reports, the server's events -------------------------------------------------------------------------


async def test_forty_reports_are_paged(world: World) -> None:
    await told(world)

    def retell(work: UnitOfWork) -> None:
        for number in range(39):
            more = telling("الوزير: Norland will leave.", due=days(2, 9), outlet=f"Outlet *{number}*" + "ص" * 60)
            article = stored(work, an_article(key=f"more-{number}"))
            work.followups.retell(1, article, replace(more, url=f"https://x.example/{'y' * 400}"), (), best=False)

    await world.transact(retell)
    shown = await card(world, world.analyst)
    assert "and 35 more" in text_of(shown)
    pages = (await world.analyst.click(shown, label="All 40 reports")).response
    assert "📰 40 reports · `#1`" in text_of(pages)
    await world.restart()
    await world.analyst.click(pages, label="Next ▶")
    assert "Page 2 of 8" in text_of(pages)


async def test_an_event_is_added_to_the_servers_events_once(world: World) -> None:
    await told(world, kind=Kind.EVENT, due=days(5, 6))
    organisers = world.guild.create_role("Organisers", permissions=discord.Permissions(manage_events=True))
    organiser = world.guild.add_member(world.env.create_user("organiser"), roles=[organisers])
    assert "Add to server events" not in buttons_of(await card(world, world.analyst))
    shown = await card(world, organiser)
    added = await organiser.click(shown, label="Add to server events")
    assert "Added to the server’s events" in text_of(added.response)
    again = await organiser.click(shown, label="Add to server events")
    assert "already" in text_of(again.response)
    (event,) = world.env.backend.get_guild(world.guild.id).scheduled_events.values()
    assert event.name == "Norland: Norland will leave the port."
    assert event.description.endswith("Aide-Mémoire #1")
    assert event.scheduled_start_time.startswith("2026-03-05T00:00")
    assert event.scheduled_end_time.startswith("2026-03-07T00:00")


async def test_a_follow_up_chosen_under_a_list_opens_as_a_card(world: World) -> None:
    await told(world)
    shown = (await world.analyst.slash(world.channel, "followups pending")).response
    await world.restart()
    answer = await world.analyst.select(shown, ["1"])
    assert answer.ephemeral
    assert text_of(answer.response).startswith("### 🔵 Pending · ⏳ Deadline")


async def test_a_card_of_what_is_gone_says_so(world: World) -> None:
    view = ui.LayoutView(timeout=None)
    view.add_item(ui.ActionRow(CardButton(Press(Deed.OPEN, 99, On.ALERT), IN_ENGLISH)))
    channel = world.env.bot.get_channel(world.channel.id)
    message = await world.as_bot(channel.send(view=view))
    assert "no follow-up `#99`" in text_of((await world.analyst.click(message, label="Card")).response)
