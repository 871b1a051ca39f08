"""`/remind` and `/reminders`: read as typed, confirmed with the moment and the zone, each person's own."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from discord import ui

from bot.cogs.reminders import MOST_OPEN_REMINDERS
from bot.views.reminders import Step, StepButton
from bot.words import IN_ENGLISH
from tests import openapi
from tests.discord_world import World, buttons_of, discord_world, said_after, text_of
from tests.fakes import ScriptedFetcher
from tests.storing import days, opened, telling
from watchers.audience import Guild, Person, Recurrence, Reminder, Unit


@pytest.fixture
async def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[World]:
    async with discord_world(tmp_path, monkeypatch, fetcher=ScriptedFetcher(), zone="Europe/Paris") as there:
        yield there


@pytest.fixture(autouse=True)
def _nothing_fails(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """What goes wrong behind a button is only logged; a refusal is not."""
    yield
    assert [one for one in caplog.get_records("call") if one.name == "bot.errors"] == []


async def reminded(world: World, **options: str) -> Any:
    answer = await world.analyst.slash(world.channel, "remind", **options)
    assert answer.ephemeral
    return answer.response


async def remind(world: World, **options: str) -> str:
    return text_of(await reminded(world, **options))


def at(*moment: int) -> datetime:
    return datetime(*moment, tzinfo=UTC)  # type: ignore[misc,arg-type] # year to hour


def stamp(*moment: int) -> str:
    return f"<t:{int(at(*moment).timestamp())}:F>"


async def own(world: World, user_id: int | None = None) -> list[Reminder]:
    numbered = await world.database.look(lambda work: work.reminders.of_user(user_id or world.analyst.id))
    return [reminder for _, reminder in numbered]


# --- setting one ------------------------------------------------------------------------------------------


async def test_a_note_comes_back_by_direct_message_once(world: World) -> None:
    confirmed = await remind(world, when="tomorrow 9:00", note="ask about *the port*")
    assert stamp(2026, 3, 3, 8) in confirmed
    assert "> ask about \\*the port\\*" in confirmed
    assert "Times are in Europe/Paris, my operator's zone." in confirmed
    await world.pass_time(timedelta(days=3))
    messages = world.texts(world.analyst.user.dm_channel)
    assert len(messages) == 1
    assert "You asked me to remind you" in messages[0]
    assert "> ask about \\*the port\\*" in messages[0]
    assert world.texts() == []


async def test_a_reminder_counts_from_the_last_day_of_its_follow_up(world: World) -> None:
    await opened(world.database, telling("Norland will leave the port.", due=days(2, 9)))
    confirmed = await remind(world, when="two days before", followup="1")
    assert stamp(2026, 3, 7, 7) in confirmed
    assert "`#1`" in confirmed
    await world.pass_time(timedelta(days=6))
    (message,) = world.texts(world.analyst.user.dm_channel)
    assert "Norland will leave the port." in message


@pytest.mark.parametrize(
    ("options", "line"),
    [
        ({"when": "tomorrow"}, "What shall I remind you of?"),
        ({"note": "x"}, "Give either `when` or `every`."),
        ({"when": "tomorrow", "every": "Monday", "note": "x"}, "Give either `when` or `every`."),
        ({"when": "blue", "note": "x"}, "I do not understand “blue”."),
        ({"every": "blue *moon*", "note": "x"}, "I do not understand “blue \\*moon\\*”. Try “every Monday 9:00”"),
        ({"when": "two days before", "note": "x"}, "I do not understand “two days before”."),
        ({"when": "blue", "followup": "1"}, "Try “two days before”"),
        ({"when": "tomorrow", "followup": "77"}, "There is no follow-up “77”."),
        ({"when": "a week before", "followup": "1"}, "“a week before” has passed already"),
        ({"when": "in 90 years", "note": "x"}, "is too far off"),
    ],
)
async def test_what_cannot_be_done_is_said_in_one_line(world: World, options: dict[str, str], line: str) -> None:
    await opened(world.database, telling(due=days(2, 6)))
    answer = await remind(world, **options)
    assert line in answer
    assert "\n" not in answer
    assert world.refusals() == [answer]
    assert await own(world) == []


async def test_a_person_keeps_a_bounded_number_of_reminders(world: World) -> None:
    for _ in range(MOST_OPEN_REMINDERS):
        last = await reminded(world, when="in 3 days", note="x")
    assert "as many as I keep" in await remind(world, when="in 3 days", note="x")
    assert len(await own(world)) == MOST_OPEN_REMINDERS
    assert len(world.refusals()) == 1
    other = await world.moderator.slash(world.channel, "remind", when="in 3 days", note="x")
    assert "I will send you" in text_of(other.response)
    form = await world.analyst.click(last, label="Change…")  # which adds none
    await world.analyst.submit_modal(form, {"typed": "in 4 days", "note": "y"})
    assert [one.note for one in await own(world)].count("y") == 1
    assert len(await own(world)) == MOST_OPEN_REMINDERS


@pytest.mark.parametrize("option", ["when", "every"])
async def test_a_rhythm_is_understood_in_either_place(world: World, option: str) -> None:
    said = await remind(world, **{option: "every weekday 9:00", "note": "read the wires"})
    assert stamp(2026, 3, 3, 8) in said
    assert "🔁 Every weekday at 09:00" in said
    (kept,) = await own(world)
    assert kept.recurrence == Recurrence(1, Unit.WEEKDAY, ZoneInfo("Europe/Paris"), 2, time(9))


async def test_the_zone_is_ones_own_then_the_servers_then_the_operators(world: World) -> None:
    guild_id, user_id = world.guild.id, world.analyst.id
    await world.transact(lambda work: work.guilds.put(Guild(guild_id, zone="America/New_York")))
    said = await remind(world, when="tomorrow 9:00", note="x")
    assert stamp(2026, 3, 3, 14) in said
    assert "America/New\\_York, this server's zone" in said
    await world.transact(lambda work: work.guilds.put_person(Person(user_id, zone="Asia/Tokyo")))
    said = await remind(world, when="tomorrow 9:00", note="x")
    assert stamp(2026, 3, 3, 0) in said
    assert "Asia/Tokyo, your own zone" in said


async def test_moments_and_rhythms_are_offered_while_typing(world: World) -> None:
    async def offered(option: str, typed: str, **filled: str) -> list[str]:
        choices = await world.analyst.autocomplete(world.channel, "remind", option, typed, **filled)
        return [choice["value"] for choice in choices]

    assert "two days before" not in await offered("when", "")
    assert "tomorrow 9:00" in await offered("when", "")
    await opened(world.database)
    assert (await offered("when", "", followup="1"))[:2] == ["one day before", "two days before"]
    assert await offered("when", "9 May 14:00") == ["9 May 14:00"]
    assert await offered("every", "weekday") == ["weekday", "every weekday 9:00"]
    assert await offered("followup", "withdraw") == ["1"]


async def test_it_all_works_in_direct_messages(world: World) -> None:
    user = world.analyst.user
    said = text_of((await user.slash("remind", when="tomorrow 9:00", note="call")).response)
    assert stamp(2026, 3, 3, 8) in said
    listed = (await user.slash("reminders")).response
    assert "📌 1 open reminder\n" in text_of(listed)
    await user.select(listed, ["1"])
    await user.click(listed, label="Cancel")
    assert await own(world) == []


# --- coming again -----------------------------------------------------------------------------------------


async def test_it_comes_again_at_its_local_hour_after_restarts_and_a_clock_change(world: World) -> None:
    await remind(world, every="Sunday 9:00", note="read")
    mornings = []
    for _ in range(5):
        mornings.append((await own(world))[0].fires_at)
        await world.restart()
        await world.pass_time(timedelta(days=7))
    assert mornings == [
        at(2026, 3, 8, 8),
        at(2026, 3, 15, 8),
        at(2026, 3, 22, 8),
        at(2026, 3, 29, 7),
        at(2026, 4, 5, 7),
    ]
    assert len(world.texts(world.analyst.user.dm_channel)) == 5


async def test_after_a_long_downtime_it_comes_once(world: World) -> None:
    again = Recurrence(1, Unit.DAY, ZoneInfo("Europe/Paris"), 1, time(9))
    missed = Reminder("personal:x", at(2026, 2, 20, 8), user_id=world.analyst.id, note="read", recurrence=again)
    await world.transact(lambda work: work.reminders.plan([missed]))
    await world.pass_time(timedelta(hours=8))
    assert len(world.texts(world.analyst.user.dm_channel)) == 1
    assert [one.fires_at for one in await own(world)] == [at(2026, 3, 3, 8)]


async def test_a_closed_door_is_given_up_and_the_rest_goes_on(world: World) -> None:
    await remind(world, when="tomorrow 9:00", note="x")
    world.env.inject_error("POST", "/channels/*/messages", status=403, code=50007, times=None)
    await world.pass_time(timedelta(days=2))
    assert (await world.database.look(lambda work: work.tally())).outbox_waiting == 0
    assert len([call for call in world.env.http_requests if call.path.endswith("/messages")]) <= 1


# --- one's own list ---------------------------------------------------------------------------------------


async def test_ones_own_reminders_are_listed_with_pages_after_a_restart(world: World) -> None:
    assert "You have none." in text_of((await world.analyst.slash(world.channel, "reminders")).response)
    await world.moderator.slash(world.channel, "remind", when="in 2 days", note="somebody else's")
    for number in range(10):
        await remind(world, when=f"in {number + 3} days", note=f"note {number}")
    await remind(world, every="day 18:00", note="again")
    shown = (await world.analyst.slash(world.channel, "reminders")).response
    assert "📌 11 open reminders" in text_of(shown)
    assert text_of(shown).index("again") < text_of(shown).index("note 0")
    await world.restart()
    await world.analyst.click(shown, label="Next ▶")
    assert "note 9" in text_of(shown)
    assert "note 0" not in text_of(shown)
    assert "somebody else's" not in text_of(shown)


async def test_one_is_opened_changed_and_cancelled(world: World) -> None:
    await opened(world.database, telling("Norland will leave the port.", due=days(2, 9)))
    await remind(world, when="two days before", followup="1")
    await remind(world, when="in 5 days", note="first words")
    shown = (await world.analyst.slash(world.channel, "reminders")).response
    await world.restart()
    await world.analyst.select(shown, ["2"])
    assert "> first words" in text_of(shown)
    form = await world.analyst.click(shown, label="Change…")
    await world.analyst.submit_modal(form, {"note": "other words"})
    assert [(one.note, one.fires_at.day) for one in await own(world)] == [(None, 7), ("other words", 7)]
    form = await world.analyst.click(shown, label="Change…")
    await world.analyst.submit_modal(form, {"preset": ["every Monday 9:00"], "note": "other words"})
    assert "🔁 Every week at 09:00, Monday" in text_of(shown)
    await world.analyst.click(shown, label="Cancel")
    assert "Cancelled" in text_of(shown)
    assert buttons_of(shown) == {}
    assert [one.followup_id for one in await own(world)] == [1]


async def test_what_is_no_longer_open_is_said_to_be_gone(world: World) -> None:
    shown = await reminded(world, when="tomorrow 9:00", note="x")
    form = await world.analyst.click(shown, label="Change…")
    await world.pass_time(timedelta(days=2))
    answers = [await world.analyst.submit_modal(form, {"typed": "in 2 days", "note": "x"})]
    answers += [await world.analyst.click(shown, label=label) for label in ("Change…", "Cancel")]
    assert all("That reminder has come, or you have cancelled it." in said_after(one) for one in answers)
    assert await own(world) == []


@pytest.mark.parametrize("step", Step)
async def test_nobody_touches_anothers(world: World, step: Step) -> None:
    await remind(world, when="in 3 days", note="a secret")
    view = ui.LayoutView(timeout=None)
    row: ui.ActionRow[ui.LayoutView] = ui.ActionRow()
    view.add_item(row.add_item(StepButton(1, step, IN_ENGLISH)))
    message = await world.as_bot(world.env.bot.get_channel(world.channel.id).send(view=view))
    answer = await world.moderator.click(message, custom_id=f"reminder:{step}:1")
    assert answer.modal is None
    assert "That reminder has come, or you have cancelled it." in said_after(answer)
    assert "a secret" not in said_after(answer)
    assert [one.note for one in await own(world)] == ["a secret"]


@openapi.needs_document
async def test_everything_that_is_sent_is_valid_to_discord(world: World) -> None:
    await opened(world.database, telling("قال الوزير 🇺🇦 *_~` " * 60, speaker="الوزير " * 40, due=days(2, 9)))
    before = len(world.env.http_requests)
    shown = await reminded(world, when="in 3 days", followup="1", note="*@everyone* " * 25)
    await world.analyst.click(shown, label="Change…")
    for number in range(12):
        await remind(world, every=f"{number + 1} weeks", note="🇺🇦" * 75 if number % 2 else "*" * 300)
    listed = (await world.analyst.slash(world.channel, "reminders")).response
    await world.analyst.click(listed, label="Next ▶")
    await world.analyst.select(listed, ["12"])
    await world.pass_time(timedelta(days=4))
    sent = [call for call in world.env.http_requests[before:] if call.json is not None]
    assert len(sent) > 20
    assert [fault for call in sent for fault in openapi.faults(call)] == []
