"""`/remind`: read as typed, confirmed with the moment, delivered by direct message exactly once."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.cogs.reminders import MOST_OPEN_REMINDERS
from tests.discord_world import World, discord_world, text_of
from tests.fakes import ScriptedFetcher
from tests.storing import days, opened, telling
from watchers.audience import Reminder


@pytest.fixture
async def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[World]:
    async with discord_world(tmp_path, monkeypatch, fetcher=ScriptedFetcher(), zone="Europe/Paris") as there:
        yield there


async def remind(world: World, **options: str) -> str:
    answer = await world.analyst.slash(world.channel, "remind", **options)
    assert answer.ephemeral
    return text_of(answer.response)


def stamp(*moment: int) -> str:
    return f"<t:{int(datetime(*moment, tzinfo=UTC).timestamp())}:F>"  # type: ignore[misc,arg-type] # year to hour


async def own(world: World) -> list[Reminder]:
    numbered = await world.database.look(lambda work: work.reminders.of_user(world.analyst.id))
    return [reminder for _, reminder in numbered]


async def test_a_note_comes_back_by_direct_message_once(world: World) -> None:
    confirmed = await remind(world, when="tomorrow 9:00", note="ask about *the port*")
    assert stamp(2026, 3, 3, 8) in confirmed
    assert "> ask about \\*the port\\*" in confirmed
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
        ({"when": "blue", "note": "x"}, "I do not understand “blue”."),
        ({"when": "two days before", "note": "x"}, "I do not understand “two days before”."),
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
        await remind(world, when="in 3 days", note="x")
    assert "as many as I keep" in await remind(world, when="in 3 days", note="x")
    assert len(await own(world)) == MOST_OPEN_REMINDERS
    assert len(world.refusals()) == 1
    other = await world.moderator.slash(world.channel, "remind", when="in 3 days", note="x")
    assert "I will send you" in text_of(other.response)


async def test_moments_are_offered_while_typing(world: World) -> None:
    async def offered(typed: str, **filled: str) -> list[str]:
        choices = await world.analyst.autocomplete(world.channel, "remind", "when", typed, **filled)
        return [choice["value"] for choice in choices]

    assert "two days before" not in await offered("")
    assert "tomorrow 9:00" in await offered("")
    await opened(world.database)
    assert (await offered("", followup="1"))[:2] == ["one day before", "two days before"]
    assert await offered("9 May 14:00") == ["9 May 14:00"]


async def test_a_closed_door_is_given_up_and_the_rest_goes_on(world: World) -> None:
    await remind(world, when="tomorrow 9:00", note="x")
    world.env.inject_error("POST", "/channels/*/messages", status=403, code=50007, times=None)
    await world.pass_time(timedelta(days=2))
    assert (await world.database.look(lambda work: work.tally())).outbox_waiting == 0
    assert len([call for call in world.env.http_requests if call.path.endswith("/messages")]) <= 1
