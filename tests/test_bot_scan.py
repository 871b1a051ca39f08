"""*Find deadlines* and `/scan`: what is found, why, where, and the way from there to a reminder."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import discord
import pytest
from discord import ui
from hypothesis import given, settings
from hypothesis import strategies as st
from simcord.actors import _dispatch_actor_interaction
from simcord.backend import serializers

from bot.render import TEXT_LIMIT, Setting, measured
from bot.scanning import LONGEST_SCANNED, Scan, scan, without_markup
from bot.services import Reader, ZoneOf
from bot.views.scan import MOST_MESSAGES, Source, scan_views
from tests import openapi
from tests.discord_world import World, discord_world, text_of
from tests.factories import MONDAY, a_statement
from tests.fakes import ScriptedFetcher
from watchers.audience import LocalHour, Reminder
from watchers.feed_model import Fetched, Reason
from watchers.feeds.fetch import HttpFetcher
from watchers.model import Interval, Precision
from watchers.ports import FetchError

BY_FRIDAY = "Norland will withdraw its troops by Friday."
ULTIMATUM = (
    "Norland's foreign minister Ada Berg said that Sudria must release the prisoners by 9 March or face sanctions."
)
MANY = " ".join(f"Norland will withdraw its troops from town {number} by Friday." for number in range(60))
PLEDGE = "The foreign minister pledged to ratify the treaty."
UTC_ZONE = ZoneInfo("UTC")
READER = Reader(7, None, LocalHour(UTC_ZONE), ZoneOf.OPERATOR, Setting(MONDAY, UTC_ZONE, {}))
ADDRESS = "https://meridian.example/a-1"
PAGE = f"""<html><head><title>Norland to withdraw</title>
<meta property="article:published_time" content="2026-02-25T10:00:00+01:00"></head>
<body><nav>Home</nav><article><h1>Norland to withdraw</h1><p>{BY_FRIDAY} So says its foreign minister, who has long
wanted an end to the quarrel over the border and its crossings.</p><p>The neighbours were told of it in a letter,
which the council of ministers read aloud before the members went home for the night.</p></article></body></html>"""


@pytest.fixture
def fetcher() -> ScriptedFetcher:
    return ScriptedFetcher({ADDRESS: PAGE.encode()})


@pytest.fixture
async def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fetcher: ScriptedFetcher) -> AsyncIterator[World]:
    async with discord_world(tmp_path, monkeypatch, fetcher=fetcher, zone="Europe/Paris") as there:
        yield there


@pytest.fixture(autouse=True)
def _nothing_fails(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """What goes wrong behind a button is only logged; a refusal is not."""
    yield
    assert [one for one in caplog.get_records("call") if one.name == "bot.errors"] == []


async def scanned(world: World, **options: str) -> Any:
    answer = await world.analyst.slash(world.channel, "scan", **options)
    assert answer.ephemeral
    return answer.response


async def own(world: World) -> list[Reminder]:
    return [one for _, one in await world.database.look(lambda work: work.reminders.of_user(world.analyst.id))]


def unix(*moment: int) -> int:
    return int(datetime(*moment, tzinfo=UTC).timestamp())  # type: ignore[misc,arg-type] # year to hour


async def test_a_message_is_read_as_of_the_day_it_was_written(world: World) -> None:
    message = await world.moderator.send(world.channel, BY_FRIDAY)
    await world.pass_time(timedelta(days=3))
    answer = await world.analyst.context_menu(world.channel, "Find deadlines", message)
    assert answer.ephemeral
    text = text_of(answer.response)
    for part in (
        "🔎 1 statement",
        "In this message",
        "Days count from Monday, 2 March 2026.",
        "🤝 Commitment",
        f"by <t:{unix(2026, 3, 6, 11)}:D>",
        f"> “{BY_FRIDAY}”",
        "Because of “will” and “by Friday”.",
    ):
        assert part in text
    assert len(world.texts()) == 1  # nobody else sees anything


async def test_all_that_is_said_of_a_finding(world: World) -> None:
    text = text_of(await scanned(world, text=f"{ULTIMATUM} {PLEDGE}"))
    for part in (
        "🔎 2 statements",
        "⏳ Deadline",
        "🗣️ **Ada Berg**",
        "⚖️ Conditional",
        "Because of “must” and “by 9 March”.",
        "🤝 Commitment** · no date given",
        "Because of “pledged”, and it names no day.",
    ):
        assert part in text


@pytest.mark.parametrize(("day", "due"), [("2026-02-24", 27), ("last Wednesday", 27), ("20 February 2026", 27)])
async def test_the_day_of_a_text_can_be_said(world: World, day: str, due: int) -> None:
    text = text_of(
        await scanned(world, text="On Monday Norland said it will withdraw its troops by 27 February.", day=day)
    )
    assert f"by <t:{unix(2026, 2, due, 11)}:D>" in text


async def test_an_article_is_read_through_the_houses_fetcher_as_of_its_own_day(
    world: World, fetcher: ScriptedFetcher
) -> None:
    text = text_of(await scanned(world, link="meridian.example/a-1"))
    assert fetcher.asked == [ADDRESS]
    assert "Days count from Wednesday, 25 February 2026." in text
    assert f"by <t:{unix(2026, 2, 27, 11)}:D>" in text
    assert "On this page: [Norland to withdraw](https://meridian.example/a-1) (meridian.example)" in text


async def test_nothing_found_says_what_was_looked_for(world: World) -> None:
    text = text_of(await scanned(world, text="Lunch on *Friday*? Or on 9 March."))
    assert "Nothing found" in text
    assert "deadlines, commitments, events, expectations" in text
    assert "Times I saw: “Friday”, “9 March”." in text
    assert "no day or time" in text_of(await scanned(world, text="What a lovely morning walk"))


@pytest.mark.parametrize(
    ("options", "answer", "line"),
    [
        ({}, None, "Give either a `text` or a `link`"),
        ({"text": "x", "link": ADDRESS}, None, "Give either a `text` or a `link`"),
        ({"text": "x", "day": "some *day*"}, None, "I do not understand the day “some \\*day\\*”."),
        (
            {"link": ADDRESS},
            FetchError(Reason("the address is not public")),
            "I cannot read that page: the address is not public.",
        ),
        ({"link": ADDRESS}, Fetched(ADDRESS, b"%PDF", "application/pdf", None, None), "That is no web page"),
        ({"link": ADDRESS}, b"<html><body></body></html>", "I find no article on that page."),
        ({"link": ADDRESS}, b"x" * 2_000_001, "That page is too large"),
    ],
)
async def test_what_cannot_be_read_is_said_in_one_line(
    world: World, fetcher: ScriptedFetcher, options: dict[str, str], answer: Any, line: str
) -> None:
    if answer is not None:
        fetcher.answers[ADDRESS] = answer
    said = text_of(await scanned(world, **options))
    assert line in said
    assert "\n" not in said
    assert world.refusals() == [said]


@pytest.mark.parametrize(
    "link", ["http://127.0.0.1/", "localhost", "http://[::1]:8080/", "file:///etc/passwd", "ftp://x.example"]
)
async def test_no_private_address_is_read_for_anybody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, link: str
) -> None:
    async with HttpFetcher() as real, discord_world(tmp_path, monkeypatch, fetcher=real) as world:
        said = text_of(await scanned(world, link=link))
        assert said.startswith("I cannot read that page: ")
        assert world.refusals() == [said]


async def test_nobody_keeps_the_house_busy_alone(world: World) -> None:
    for _ in range(6):
        await scanned(world, text="x")
    assert "Try again in 60 seconds." in text_of(await scanned(world, text="x"))
    assert "Nothing found" in text_of((await world.moderator.slash(world.channel, "scan", text="x")).response)
    await world.pass_time(timedelta(minutes=1))
    assert "Nothing found" in text_of(await scanned(world, text="x"))
    assert len(world.refusals()) == 1


async def test_a_dated_finding_is_remembered_on_its_last_morning_with_its_words(world: World) -> None:
    shown = await scanned(world, text=f"{PLEDGE} {ULTIMATUM}")
    await world.restart()
    dated = next(one for one in buttons_of_all(shown) if "20260309" in one)
    for _ in range(2):  # pressed twice, it is kept once
        answer = await world.analyst.click(shown, custom_id=dated)
        assert answer.ephemeral
        assert f"<t:{unix(2026, 3, 9, 7)}:F>" in text_of(answer.response)
    (kept,) = await own(world)
    assert (kept.note, kept.fires_at) == (ULTIMATUM, datetime(2026, 3, 9, 7, tzinfo=UTC))


async def test_an_undated_finding_asks_when(world: World) -> None:
    shown = await scanned(world, text=PLEDGE)
    form = await world.analyst.click(shown, label="Remind me…")
    assert form.modal is not None
    await world.analyst.submit_modal(form, {"typed": "tomorrow 9:00", "note": PLEDGE})
    (kept,) = await own(world)
    assert (kept.note, kept.fires_at) == (PLEDGE, datetime(2026, 3, 3, 8, tzinfo=UTC))


async def test_a_finding_whose_last_morning_has_passed_asks_when(world: World) -> None:
    shown = await scanned(world, text="Norland must withdraw its troops by today.")
    assert (await world.analyst.click(shown, label="Remind me")).modal is not None


async def test_it_works_in_direct_messages_too(world: World) -> None:
    user = world.analyst.user
    answer = await user.slash("scan", text=BY_FRIDAY)
    assert "🔎 1 statement" in text_of(answer.response)
    kept = await user.click(answer.response, label="Remind me")
    assert f"<t:{unix(2026, 3, 6, 7)}:F>" in text_of(kept.response)
    message = await user.send_dm(BY_FRIDAY)
    backend = world.env.backend
    stored = backend.get_message(message.channel.id, message.id)
    root = backend.find_command("Find deadlines", None, type=3)
    data = {
        "id": root["id"],
        "name": root["name"],
        "type": 3,
        "target_id": str(message.id),
        "resolved": {"messages": {str(message.id): dict(serializers.message_payload(backend, stored))}},
    }
    found = await _dispatch_actor_interaction(user, 2, user.dm_channel, data)
    assert "🔎 1 statement" in text_of(found.response)


@pytest.mark.parametrize(("name", "kind"), [("scan", 1), ("remind", 1), ("reminders", 1), ("Find deadlines", 3)])
async def test_it_is_offered_everywhere_and_to_people_who_install_it_for_themselves(
    world: World, name: str, kind: int
) -> None:
    offered = world.env.backend.find_command(name, None, type=kind)
    assert sorted(offered["contexts"]) == [0, 1, 2]
    assert sorted(offered["integration_types"]) == [0, 1]


async def test_embeds_and_components_are_read_as_well(world: World) -> None:
    shown = await scanned(world, text=BY_FRIDAY)
    agency = world.guild.create_webhook(world.channel, "Agency")
    message = await agency.send(embeds=[discord.Embed(title=ULTIMATUM)])
    answer = await world.analyst.context_menu(world.channel, "Find deadlines", message)
    assert "⏳ Deadline" in text_of(answer.response)
    view = ui.LayoutView()
    view.add_item(ui.Container(ui.TextDisplay(text_of(shown))))
    message = await world.as_bot(world.env.bot.get_channel(world.channel.id).send(view=view))
    answer = await world.analyst.context_menu(world.channel, "Find deadlines", message)
    assert "🤝 Commitment" in text_of(answer.response)


@openapi.needs_document
async def test_everything_that_is_sent_is_valid_to_discord(world: World) -> None:
    before = len(world.env.http_requests)
    await scanned(world, text=f"{ULTIMATUM} {PLEDGE}")
    await scanned(world, text="On Friday?")
    await scanned(world, text=MANY)
    sent = [call for call in world.env.http_requests[before:] if call.json is not None]
    assert len(sent) >= 5
    assert [fault for call in sent for fault in openapi.faults(call)] == []


async def test_many_findings_fill_a_few_messages_and_the_rest_is_counted(world: World) -> None:
    await scanned(world, text=MANY)
    answers = [one for one in map(_sent_text, world.env.http_requests) if "Commitment" in one]
    assert len(answers) == 3
    assert [one.count("🤝 Commitment") for one in answers] == [5, 5, 5]
    assert "and 45 more" in answers[-1]
    kept = await world.database.look(lambda work: work.tally())
    assert kept.followups_pending == 0  # nothing that is shown to the bot is stored


def _sent_text(call: Any) -> str:
    return str(call.json) if isinstance(call.json, dict) and call.method == "POST" else ""


@settings(max_examples=60, deadline=None)
@given(
    quotes=st.lists(st.text(min_size=1, max_size=700) | st.just("قال الوزير 🇺🇦 *_~` " * 30), min_size=1, max_size=25),
    speaker=st.none() | st.text(min_size=1, max_size=200),
    precision=st.sampled_from(Precision),
)
def test_any_finding_fits_discord(quotes: list[str], speaker: str | None, precision: Precision) -> None:
    statements = tuple(a_statement(one, speaker=speaker, precision=precision, conditional=True) for one in quotes)
    found = Scan(statements, (), MONDAY, cut=True)
    source = Source("On this page", f"[{'x' * 200}](https://meridian.example/{'y' * 470}) (meridian.example)")
    views = list(scan_views(found, source, READER))
    assert 1 <= len(views) <= MOST_MESSAGES
    for view in views:
        texts = [item.content for item in view.walk_children() if isinstance(item, ui.TextDisplay)]
        assert all(texts)
        assert sum(map(measured, texts)) <= TEXT_LIMIT
        assert view.total_children_count <= openapi.COMPONENT_LIMIT


def buttons_of_all(message: Any) -> list[str]:
    """The ids of all buttons, also where several have one label."""

    def walk(components: list[dict[str, Any]]) -> list[str]:
        return [
            found
            for one in components
            for found in ([one["custom_id"]] if one.get("type") == 2 else walk(one.get("components", [])))
        ]

    return walk(message.components)


def test_what_is_read_is_bounded() -> None:
    found = scan(f"{BY_FRIDAY}\n\n" * 2000, date(2026, 3, 2))
    assert found.cut
    assert len(found.statements) <= LONGEST_SCANNED // len(BY_FRIDAY)
    assert found.statements[0].due == Interval(date(2026, 3, 2), date(2026, 3, 6))


@pytest.mark.parametrize(
    ("message", "read"),
    [
        ("**Norland** will _go_ by ~~Monday~~ `Friday`.", "Norland will go by Monday Friday."),
        ("> Norland will go\n> by Friday", "Norland will go\n\nby Friday"),
        ("# Heading\n- one\n- two", "Heading\n\none\n\ntwo"),
        ("by <t:1772798400:D> <@5> <:flag:77> <#8>", "by 6 March 2026"),
        ("[Norland](https://meridian.example/a) will go https://x.example", "Norland will go"),
        ("a \\* b snake_case 1*", "a * b snake_case 1"),
        ("<t:999999999999:R>x", "x"),
    ],
)
def test_markup_is_taken_out_before_reading(message: str, read: str) -> None:
    assert without_markup(message, ZoneInfo("UTC")) == read


@given(
    text=st.text(max_size=300)
    | st.lists(st.sampled_from(["*", "_", "<t:", "1>", "[a](", "\\", "`", "\n"])).map("".join)
)
def test_any_text_can_be_read(text: str) -> None:
    scan(without_markup(text, ZoneInfo("Asia/Tokyo")), date(2026, 3, 2))
