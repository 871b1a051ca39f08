"""`/timeline`, `/calendar` and `/export`: pictures and files in Discord, for those who may have them."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import AsyncIterator
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from icalendar import Calendar
from matplotlib.image import imread

from bot import exports
from bot.cogs import seeing
from bot.pictures.timeline import MOST_ROWS
from tests import openapi
from tests.discord_world import World, discord_world, text_of
from tests.factories import MONDAY_NOON, a_topic
from tests.fakes import ScriptedFetcher
from tests.storing import days, open_one, opened, telling
from watchers.audience import GuildTopic, GuildTopicWish, Share
from watchers.model import Interval, Kind
from watchers.ports import UnitOfWork
from watchers.rating import Outcome, RatingWish

TOPICS = [a_topic("norland", "Norland"), a_topic("sudria", "Sudria")]
PUBLIC = "https://news.example"
ADDRESS = re.compile(r"`(https://news\.example/s/([\w-]{43})/(calendar\.ics|feed\.atom|feed\.json))`")


@pytest.fixture
async def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[World]:
    fetcher = ScriptedFetcher()
    async with discord_world(tmp_path, monkeypatch, fetcher=fetcher, topics=TOPICS, public_url=PUBLIC) as there:
        yield there
    assert [fault for call in there.env.http_requests for fault in openapi.faults(call)] == []


async def answer(world: World, command: str, who: Any = None, **options: object) -> Any:
    given = await (who or world.analyst).slash(world.channel, command, **options)
    assert given.ephemeral
    return given.response


async def ask(world: World, command: str, who: Any = None, **options: object) -> str:
    return text_of(await answer(world, command, who, **options))


def file_of(world: World, message: Any) -> tuple[str, bytes]:
    """The one file of a message, which its components show."""
    (attached,) = message.attachments
    shown = json.dumps([one if isinstance(one, dict) else one.to_dict() for one in message.components])
    assert attached.filename in shown
    content = world.env.backend.cdn.get(attached.url)
    assert content is not None
    return attached.filename, content


def alt_of(message: Any) -> str:
    (attached,) = message.attachments
    description: str = attached.description
    return description


# --- /timeline --------------------------------------------------------------------------------------------


async def test_the_coming_weeks_are_a_picture_with_words_beside_it(world: World) -> None:
    await opened(world.database, telling("Norland will leave the port.", due=days(2, 9)), "norland")
    await opened(world.database, telling("Talks resume.", due=days(30, 30), speaker=None), "norland")
    await opened(world.database, telling("Later.", due=days(31, 31)), "norland")
    shown = await answer(world, "timeline")
    name, picture = file_of(world, shown)
    assert name == "timeline.png"
    assert imread(io.BytesIO(picture), format="png").shape[1] == 1320
    assert alt_of(shown) == (
        "Timeline from 2 March 2026 to 30 March 2026: Every topic. Mon 9 Mar: Norland (#1). "
        "Mon 30 Mar: Reported by The Meridian (#2)."
    )


async def test_a_timeline_can_be_narrowed_and_made_longer(world: World) -> None:
    await opened(world.database, telling(due=days(2, 9), countries=("FR",)), "norland")
    await opened(world.database, telling(due=days(2, 10), speaker="Sudria", countries=("DE",)), "sudria")
    await opened(world.database, telling(due=days(1, 30, month=6), speaker="Far", countries=("DE",)), "sudria")

    async def numbers(**options: object) -> list[str]:
        return re.findall(r"#(\d+)", alt_of(await answer(world, "timeline", **options)))

    assert await numbers() == ["1", "2"]
    assert await numbers(topic="norland") == ["1"]
    assert await numbers(topic="every topic", weeks=20) == ["1", "2", "3"]
    assert await numbers(country="de", weeks=26) == ["2", "3"]
    assert await numbers(country="France") == ["1"]
    german = await answer(world, "timeline", topic="sudria", country="Germany", weeks=1)
    assert "🗓️ Sudria · Germany" in text_of(german)
    assert "Nothing falls due until 9 March 2026." in text_of(german)


async def test_more_than_fit_are_counted_and_what_is_overdue_is_said(world: World) -> None:
    def fill(work: UnitOfWork) -> None:
        for number in range(MOST_ROWS + 3):
            open_one(work, telling(due=days(2, 5 + number)), "norland")
        open_one(work, telling(due=Interval(date(2026, 2, 1), date(2026, 2, 3))), "norland")

    await world.transact(fill)
    shown = await answer(world, "timeline")
    assert alt_of(shown).endswith("and 3 more")
    assert "-# 1 more is overdue" in text_of(shown)


async def test_where_nothing_falls_due_there_is_no_empty_picture(world: World) -> None:
    await opened(world.database, telling(due=None), "norland")
    shown = await answer(world, "timeline", weeks=2)
    assert not shown.attachments
    assert "Nothing falls due until 16 March 2026." in text_of(shown)


async def test_what_a_server_moved_or_settled_stands_so_in_its_own_picture_alone(world: World) -> None:
    for _ in range(2):
        await opened(world.database, telling(due=days(2, 9)), "norland")
    moved_to = Interval(date(2026, 3, 20), date(2026, 3, 20))

    def rate(work: UnitOfWork) -> None:
        work.cases.rate(RatingWish(1, world.guild.id, 7, Outcome.MOVED, moved_to), MONDAY_NOON)
        work.cases.rate(RatingWish(2, world.guild.id, 7, Outcome.KEPT), MONDAY_NOON)

    await world.transact(rate)
    assert alt_of(await answer(world, "timeline")).endswith(": Every topic. Fri 20 Mar: Norland (#1).")
    outside = (await world.analyst.user.slash("timeline")).response
    assert re.findall(r"#(\d+)", alt_of(outside)) == ["1", "2"]


async def test_the_largest_timeline_is_valid_to_discord(world: World) -> None:
    def fill(work: UnitOfWork) -> None:
        for _ in range(40):
            told = telling("قال الوزير 🇺🇦 *_~` " * 30, due=days(2, 9), speaker="الوزير " * 30)
            open_one(work, told, "norland")

    await world.transact(fill)
    shown = await answer(world, "timeline")
    assert len(alt_of(shown)) <= 1000


async def test_an_unknown_country_or_topic_is_refused(world: World) -> None:
    await opened(world.database, telling(due=days(2, 9)), "norland")
    assert "I know no country “Atlantis”" in await ask(world, "timeline", country="Atlantis")
    assert "Did you mean **Sudria**?" in await ask(world, "timeline", topic="Sudrya")
    assert "I know no country" in await ask(world, "export", format="csv", country="@everyone")
    assert len(world.refusals()) == 3


@pytest.mark.parametrize("command", ["timeline", "export"])
async def test_countries_are_offered_while_typing(world: World, command: str) -> None:
    async def offered(typed: str) -> list[str]:
        found = await world.analyst.autocomplete(world.channel, command, "country", typed)
        return [choice["value"] for choice in found]

    assert (await offered("ger"))[:1] == ["DE"]
    assert (await offered("ua"))[0] == "UA"
    assert len(await offered("")) == 25
    assert await offered("x" * 200) == []


@pytest.mark.parametrize("command", ["timeline", "export", "calendar file", "calendar subscribe"])
async def test_topics_are_offered_while_typing(world: World, command: str) -> None:
    found = await world.moderator.autocomplete(world.channel, command, "topic", "")
    assert [choice["value"] for choice in found] == ["*", "norland", "sudria"]


async def test_a_topic_the_server_wrote_is_offered_and_understood_there_alone(world: World) -> None:
    wishes = [GuildTopicWish(world.guild.id, "Grain", "grain", 7), GuildTopicWish(11, "Grapes", "grapes", 7)]
    own, _ = [await world.database.transact(partial(_put_topic, wish=wish)) for wish in wishes]
    await opened(world.database, telling("Grain will be shipped.", due=days(2, 9)), own.id)
    await opened(world.database, telling("Norland will wait.", due=days(2, 9)), "norland")
    found = await world.analyst.autocomplete(world.channel, "timeline", "topic", "gra")
    assert [(choice["name"], choice["value"]) for choice in found] == [("Grain", own.id)]
    for named in ("grain", own.id):
        shown = await answer(world, "timeline", topic=named)
        assert alt_of(shown).endswith(": Grain. Mon 9 Mar: Norland (#1).")
    assert "There is no topic" in await ask(world, "timeline", topic="Grapes")
    assert len(world.refusals()) == 1


def _put_topic(work: UnitOfWork, *, wish: GuildTopicWish) -> GuildTopic:
    return work.guilds.put_topic(wish)


# --- /calendar --------------------------------------------------------------------------------------------


def events_in(content: bytes) -> list[Any]:
    return list(Calendar.from_ical(content).walk("VEVENT"))


async def test_what_is_pending_comes_as_a_calendar_file(world: World) -> None:
    await opened(world.database, telling("Norland will leave the port.", due=days(2, 9)), "norland")
    await opened(world.database, telling("Talks.", due=days(10, 12), kind=Kind.EVENT), "sudria")
    await opened(world.database, telling("Undated.", due=None), "sudria")
    shown = await answer(world, "calendar file")
    name, content = file_of(world, shown)
    assert name == "aide-memoire.ics"
    assert [event["DTSTART"].dt for event in events_in(content)] == [date(2026, 3, 9), date(2026, 3, 10)]
    assert "Every topic · 2 entries" in text_of(shown)
    _, content = file_of(world, await answer(world, "calendar file", topic="norland"))
    assert len(events_in(content)) == 1


async def test_a_calendar_keeps_for_a_month_what_has_passed_or_been_settled(world: World) -> None:
    for last in (3, 9):
        await opened(world.database, telling(due=days(2, last)), "norland")
    here = world.guild.id
    await world.transact(lambda work: work.cases.rate(RatingWish(2, here, 7, Outcome.KEPT), MONDAY_NOON))
    await world.pass_time(timedelta(days=5))
    _, content = file_of(world, await answer(world, "calendar file"))
    assert sorted(event["SUMMARY"][:6] for event in events_in(content)) == ["Kept ·", "Norlan"]
    await world.pass_time(timedelta(days=40))
    assert "Nothing with a date is pending on **Every topic**." in await ask(world, "calendar file")
    assert len(world.refusals()) == 1


async def test_a_moved_follow_up_is_the_same_entry_in_the_next_file(world: World) -> None:
    await opened(world.database, telling(due=days(2, 9)), "norland")
    (before,) = events_in(file_of(world, await answer(world, "calendar file"))[1])
    to = Interval(date(2026, 3, 20), date(2026, 3, 20))
    here = world.guild.id
    await world.transact(lambda work: work.cases.rate(RatingWish(1, here, 7, Outcome.MOVED, to), MONDAY_NOON))
    (after,) = events_in(file_of(world, await answer(world, "calendar file"))[1])
    assert before["UID"] == after["UID"]
    assert after["SEQUENCE"] > before["SEQUENCE"]
    assert after["DTSTART"].dt == date(2026, 3, 20)


async def test_an_address_is_made_shown_again_and_ended(world: World) -> None:
    text = await ask(world, "calendar subscribe", world.moderator, topic="norland")
    found = ADDRESS.findall(text)
    assert [name for _, _, name in found] == ["calendar.ics", "feed.atom", "feed.json"]
    assert len({token for _, token, _ in found}) == 1
    assert await ask(world, "calendar subscribe", world.moderator, topic="Norland") == text
    everything = await ask(world, "calendar subscribe", world.moderator)
    assert "🔗 Every topic" in everything
    assert found[0][1] not in everything
    token = found[0][1]
    shared = await world.database.look(lambda work: work.shares.find(token))
    assert shared is not None
    assert (shared.guild_id, shared.topic, shared.created_by) == (world.guild.id, "norland", world.moderator.id)
    offered = await world.moderator.autocomplete(world.channel, "calendar revoke", "topic", "")
    assert [(choice["name"], choice["value"]) for choice in offered] == [("Every topic", "*"), ("Norland", "norland")]
    assert "The addresses have ended" in await ask(world, "calendar revoke", world.moderator, topic="norland")
    assert await world.database.look(lambda work: work.shares.find(token)) is None
    assert "There is no address for **Norland**" in await ask(
        world, "calendar revoke", world.moderator, topic="norland"
    )
    assert "The addresses have ended" in await ask(world, "calendar revoke", world.moderator)
    assert token not in await ask(world, "calendar subscribe", world.moderator, topic="norland")
    assert len(world.refusals()) == 1


async def test_only_those_who_manage_the_server_have_its_addresses(world: World) -> None:
    await ask(world, "calendar subscribe", world.moderator)
    for command in ("calendar subscribe", "calendar revoke"):
        assert "**Manage Server**" in await ask(world, command)
        assert "in a server only" in text_of((await world.moderator.user.slash(command)).response)
    assert await world.analyst.autocomplete(world.channel, "calendar revoke", "topic", "") == []
    assert len(await world.database.look(lambda work: work.shares.of_guild(world.guild.id))) == 1
    world.env._errors.clear()


async def test_a_server_that_sends_the_bot_away_ends_its_addresses(world: World) -> None:
    other = Share("the-address-of-another-server", 11, "*", 7)
    await world.transact(lambda work: work.shares.open(other, MONDAY_NOON))
    await ask(world, "calendar subscribe", world.moderator)
    await ask(world, "calendar subscribe", world.moderator, topic="norland")
    with world.env._bot_scope():
        world.env.backend.remove_guild(world.guild.id)
    await world.env.settle()
    assert await world.database.look(lambda work: work.shares.of_guild(world.guild.id)) == []
    assert await world.database.look(lambda work: work.shares.of_guild(11)) == [other]


async def test_where_the_operator_serves_no_pages_that_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with discord_world(tmp_path, monkeypatch, fetcher=ScriptedFetcher()) as world:
        assert "`/calendar file` gives you a file" in await ask(world, "calendar subscribe", world.moderator)
        assert await world.database.look(lambda work: work.shares.of_guild(world.guild.id)) == []
        assert len(world.refusals()) == 1


# --- /export ----------------------------------------------------------------------------------------------


async def test_follow_ups_are_exported_as_the_server_sees_them(world: World) -> None:
    await opened(world.database, telling("=Norland will leave the port.", due=days(2, 9)), "norland")
    await opened(world.database, telling("Sudria will wait.", due=days(2, 10), speaker="Sudria"), "sudria")
    here = world.guild.id
    await world.transact(lambda work: work.cases.rate(RatingWish(1, here, 7, Outcome.KEPT), MONDAY_NOON))
    shown = await answer(world, "export", format="csv")
    name, content = file_of(world, shown)
    assert name == "follow-ups-2026-03-02.csv"
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert [(row["id"], row["status"], row["quote"]) for row in rows] == [
        ("2", "pending", "Sudria will wait."),
        ("1", "kept", "'=Norland will leave the port."),
    ]
    assert "📦 2 follow-ups" in text_of(shown)
    _, content = file_of(world, await answer(world, "export", format="json", list="settled"))
    document = json.loads(content)
    assert [(one["id"], one["status"], one["topics"]) for one in document["followups"]] == [(1, "kept", ["Norland"])]
    outside = json.loads(file_of(world, (await world.analyst.user.slash("export", format="json")).response)[1])
    assert {one["status"] for one in outside["followups"]} == {"pending"}


async def test_an_export_can_be_narrowed(world: World) -> None:
    await opened(world.database, telling("Norland will leave.", due=days(2, 9), countries=("FR",)), "norland")
    talks = telling("Talks.", due=days(2, 10), kind=Kind.EVENT, speaker="Sudria", countries=("DE",))
    await opened(world.database, talks, "sudria")

    async def numbers(**options: object) -> list[int]:
        _, content = file_of(world, await answer(world, "export", format="json", **options))
        return [one["id"] for one in json.loads(content)["followups"]]

    assert await numbers(topic="norland") == [1]
    assert await numbers(kind="event") == [2]
    assert await numbers(country="France") == [1]
    assert await numbers(text="TALKS") == [2]
    assert await numbers(list="pending") == [1, 2]
    narrowed = await ask(world, "export", format="json", list="pending", topic="sudria", kind="event", text="talks")
    assert "Pending · Sudria · Event · “talks”" in narrowed
    assert "nothing of that kind" in await ask(world, "export", format="csv", list="overdue")
    assert len(world.refusals()) == 1


async def test_what_is_too_large_for_discord_is_zipped_or_refused(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fill(work: UnitOfWork) -> None:
        for number in range(60):
            open_one(work, telling(f"Norland will open gate {number}.", due=days(2, 9)), "norland")

    await world.transact(fill)
    limits = iter([10_000, 500])
    whole = exports.export_file
    monkeypatch.setattr(
        seeing, "export_file", lambda *a, limit, **k: whole(*a, limit=next(limits), **k) if limit else 0
    )
    name, content = file_of(world, await answer(world, "export", format="csv"))
    assert name == "follow-ups-2026-03-02.csv.zip"
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.read("follow-ups-2026-03-02.csv").count(b"\r\n") == 61
    assert "larger than Discord takes here" in await ask(world, "export", format="csv")
    assert len(world.refusals()) == 1


async def test_more_than_an_export_may_hold_is_said_to_be_left_out(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(seeing, "MOST_CASES", 3)
    for _ in range(5):
        await opened(world.database, telling(due=days(2, 9)), "norland")
    shown = await answer(world, "export", format="json")
    document = json.loads(file_of(world, shown)[1])
    assert (document["total"], [one["id"] for one in document["followups"]]) == (5, [5, 4, 3])
    assert "2 more are left out" in text_of(shown)


# --- for all of them --------------------------------------------------------------------------------------


async def test_each_is_deferred_at_once_and_works_after_a_restart(world: World) -> None:
    await opened(world.database, telling(due=days(2, 9)), "norland")
    await world.restart()
    commands: list[tuple[str, dict[str, str]]] = [
        ("timeline", {}),
        ("calendar file", {}),
        ("export", {"format": "csv"}),
    ]
    for command, options in commands:
        assert file_of(world, await answer(world, command, **options))[1]
    calls = [call for call in world.env.http_requests if call.path.endswith("/callback")]
    assert [call.json["type"] for call in calls] == [5, 5, 5]


async def test_nothing_from_outside_bends_the_markup(world: World) -> None:
    await opened(world.database, telling("Norland will meet <@7> and *all*.", due=days(2, 9)), "norland")
    shown = await ask(world, "export", format="csv", text="<@7> *all*")
    assert "\\<@\N{ZERO WIDTH SPACE}7\\> \\*all\\*" in shown
