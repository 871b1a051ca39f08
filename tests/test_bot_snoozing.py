"""The answers below a reminder that has come, and the button below follow-ups that asks for one."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from discord import ui
from hypothesis import given
from hypothesis import strategies as st

from bot.render import plain, unplain
from bot.views.reminders import RemindButton
from bot.words import IN_ENGLISH
from tests.discord_world import World, buttons_of, discord_world, said_after, text_of
from tests.fakes import ScriptedFetcher
from tests.storing import days, opened, telling
from watchers.audience import Person, Reminder

NOTE = "ask *Ada* about <the port> — “soon”, by @mail"


@pytest.fixture
async def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[World]:
    async with discord_world(tmp_path, monkeypatch, fetcher=ScriptedFetcher(), zone="Europe/Paris") as there:
        yield there


@pytest.fixture(autouse=True)
def _nothing_fails(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """What goes wrong behind a button is only logged; a refusal is not."""
    yield
    assert [one for one in caplog.get_records("call") if one.name == "bot.errors"] == []


async def come(world: World, **options: str) -> Any:
    """The direct message of a reminder that has come."""
    await world.analyst.slash(world.channel, "remind", when="in 1 hour", **options)
    await world.pass_time(timedelta(hours=4))
    return world.analyst.user.dm_channel.last_message


def now_of(message: Any, world: World) -> Any:
    """A message as it reads now."""
    return next(one for one in world.analyst.user.dm_channel.history() if one.id == message.id)


async def own(world: World) -> list[Reminder]:
    return [one for _, one in await world.database.look(lambda work: work.reminders.of_user(world.analyst.id))]


async def test_done_takes_the_buttons_away(world: World) -> None:
    message = await come(world, note=NOTE)
    assert list(buttons_of(message)) == ["Done", "1 hour", "Tomorrow", "Another time…"]
    await world.restart()
    await world.analyst.user.click(message, label="Done")
    assert text_of(now_of(message, world)).endswith("✅ Done")
    assert buttons_of(now_of(message, world)) == {}
    assert await own(world) == []


@pytest.mark.parametrize(
    ("label", "moment"),
    [
        ("1 hour", datetime(2026, 3, 2, 17, tzinfo=UTC)),
        ("Tomorrow", datetime(2026, 3, 3, 7, tzinfo=UTC)),
        ("At the deadline", datetime(2026, 3, 9, 7, tzinfo=UTC)),
    ],
)
async def test_it_comes_again_when_it_was_told_to_with_its_note_and_its_follow_up(
    world: World, label: str, moment: datetime
) -> None:
    await opened(world.database, telling("Norland will leave the port.", due=days(2, 9)))
    message = await come(world, note=NOTE, followup="1")
    await world.restart()
    await world.analyst.user.click(message, label=label)
    (kept,) = await own(world)
    assert (kept.fires_at, kept.note, kept.followup_id) == (moment, NOTE, 1)
    changed = now_of(message, world)
    assert f"⏰ Comes again <t:{int(moment.timestamp())}:F>" in text_of(changed)
    assert list(buttons_of(changed)) == ["Change…", "Cancel"]
    await world.pass_time(timedelta(days=9))
    texts = world.texts(world.analyst.user.dm_channel)
    assert len(texts) == 2
    assert f"> {plain(NOTE)}" in texts[1]
    assert "Norland will leave the port." in texts[1]


async def test_it_reads_in_the_zone_of_whoever_is_reminded(world: World) -> None:
    await opened(world.database, telling(due=days(2, 9)))
    person = Person(world.analyst.id, zone="Pacific/Auckland")
    await world.transact(lambda work: work.guilds.put_person(person))
    message = await come(world, followup="1")
    noon = datetime(2026, 3, 9, 12, tzinfo=ZoneInfo("Pacific/Auckland"))
    assert f"<t:{int(noon.timestamp())}:D>" in text_of(message)
    await world.analyst.user.click(message, label="Tomorrow")
    assert [one.fires_at for one in await own(world)] == [datetime(2026, 3, 3, 19, tzinfo=UTC)]  # 8 on the 4th there


async def test_another_time_is_asked_for(world: World) -> None:
    message = await come(world, note=NOTE)
    form = await world.analyst.user.click(message, label="Another time…")
    await world.analyst.user.submit_modal(form, {"typed": "9 May 14:00", "note": "other words"})
    (kept,) = await own(world)
    assert (kept.fires_at, kept.note) == (datetime(2026, 5, 9, 12, tzinfo=UTC), "other words")
    await world.analyst.user.click(now_of(message, world), label="Cancel")
    assert "Cancelled" in text_of(now_of(message, world))
    assert await own(world) == []


async def test_an_answer_given_twice_before_it_shows_counts_once(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    message = await come(world, note=NOTE)
    world.env.inject_error("PATCH", "/webhooks/*", status=500, times=None)
    for label in ("1 hour", "Tomorrow"):
        await world.analyst.user.click(message, label=label)
    (kept,) = await own(world)
    assert kept.fires_at == datetime(2026, 3, 3, 7, tzinfo=UTC)
    caplog.clear()  # that the message could not be changed has been logged, and may be


async def test_a_deadline_that_passed_since_is_refused(world: World) -> None:
    await opened(world.database, telling(due=days(2, 3)))
    message = await come(world, followup="1")
    await world.pass_time(timedelta(days=2))
    answer = await world.analyst.user.click(message, label="At the deadline")
    assert said_after(answer).splitlines()[-1] == "The morning of its last day has passed. Choose another time."
    assert await own(world) == []


async def button_below(world: World, followup_id: int) -> Any:
    view = ui.LayoutView(timeout=None)
    row: ui.ActionRow[ui.LayoutView] = ui.ActionRow()
    view.add_item(row.add_item(RemindButton(followup_id, IN_ENGLISH)))
    return await world.as_bot(world.env.bot.get_channel(world.channel.id).send(view=view))


def presets_of(form: Any) -> list[str]:
    return [one["value"] for one in form.modal["components"][0]["component"]["options"]]


async def test_the_button_below_a_follow_up_asks_when(world: World) -> None:
    await opened(world.database, telling("Norland will leave the port.", due=days(2, 4)))
    message = await button_below(world, 1)
    await world.restart()
    form = await world.analyst.click(message, label="Remind me…")
    assert "one day before" in presets_of(form)
    assert "one week before" not in presets_of(form)  # that has passed
    answer = await world.analyst.submit_modal(form, {"preset": ["one day before"], "note": "look"})
    assert answer.ephemeral
    (kept,) = await own(world)
    assert (kept.fires_at, kept.followup_id, kept.note) == (datetime(2026, 3, 3, 7, tzinfo=UTC), 1, "look")
    assert len(world.texts()) == 1  # only the button itself is seen by others


@pytest.mark.parametrize(
    ("filled", "day"), [({"preset": ["in 3 days"]}, 5), ({"preset": ["in 3 days"], "typed": "tomorrow 9:00"}, 3)]
)
async def test_what_is_typed_comes_before_what_is_chosen(world: World, filled: dict[str, Any], day: int) -> None:
    await opened(world.database)
    form = await world.analyst.click(await button_below(world, 1), label="Remind me…")
    await world.analyst.submit_modal(form, filled)
    assert [one.fires_at.date() for one in await own(world)] == [date(2026, 3, day)]


@pytest.mark.parametrize(("typed", "line"), [("", "When? Choose a time"), ("blue", "I do not understand “blue”.")])
async def test_a_form_that_says_no_time_is_refused_with_examples(world: World, typed: str, line: str) -> None:
    await opened(world.database)
    form = await world.analyst.click(await button_below(world, 1), label="Remind me…")
    answer = await world.analyst.submit_modal(form, {"typed": typed})
    assert line in said_after(answer)
    assert "“9 May 14:00”" in said_after(answer)
    assert await own(world) == []


async def test_a_follow_up_that_is_gone_is_said_to_be(world: World) -> None:
    answer = await world.analyst.click(await button_below(world, 77), label="Remind me…")
    assert "no longer kept" in said_after(answer)


@given(text=st.text(max_size=300) | st.lists(st.sampled_from("\\*_~`|<>[]()#:/-+@ \u200b")).map("".join))
def test_a_note_reads_back_from_a_message_as_it_was_written(text: str) -> None:
    assert plain(unplain(plain(text))) == plain(text)
