"""`/record speaker` and `/record country`: the numbers, what must be known of them, the picture and the list."""

from __future__ import annotations

import csv
import io
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.image import imread

from bot.cogs import record as record_cog
from bot.errors import Refusal
from bot.filters import LONGEST_WORDS, packed_record, unpacked_record
from bot.render import TEXT_LIMIT, Setting, measured
from bot.views.record import number_lines, small_lines
from bot.words import IN_ENGLISH, LANGUAGES, Words
from storage import cases as sql_cases
from tests.discord_world import World, discord_world, text_of
from tests.factories import MONDAY, MONDAY_NOON, a_case, a_clue, a_followup, a_statement, a_topic
from tests.fakes import ScriptedFetcher
from tests.storing import add_article, days, open_one, opened, telling
from watchers.model import Kind
from watchers.ports import UnitOfWork
from watchers.rating import OURSELVES, Outcome, RatingWish
from watchers.record import KINDS, Record, RecordWish, Standing, Tally, recorded

TOPICS = [a_topic("norland", "Norland"), a_topic("sudria", "Sudria")]
ELSEWHERE = 99


@pytest.fixture
async def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[World]:
    async with discord_world(tmp_path, monkeypatch, fetcher=ScriptedFetcher(), topics=TOPICS) as there:
        yield there


async def ask(world: World, command: str = "record speaker", who: Any = None, **options: object) -> tuple[Any, Any]:
    """Return the message with the numbers and the one with the list."""
    given = await (who or world.analyst).slash(world.channel, command, **options)
    assert given.ephemeral
    return given.response, given.followups[-1]


async def refusal(world: World, command: str = "record speaker", **options: object) -> str:
    return text_of((await world.analyst.slash(world.channel, command, **options)).response)


def tell(
    work: UnitOfWork, number: int, *outcomes: RatingWish, speaker: str = "Norland", kind: Kind = Kind.COMMITMENT
) -> None:
    told = telling(f"{speaker} will open gate {number}.", due=days(1, number), kind=kind, speaker=speaker)
    open_one(work, told, "norland")
    for one in outcomes:
        work.cases.rate(one, MONDAY_NOON)


async def fill(world: World) -> None:
    """Thirteen that count: seven kept in time, two late (one of them moved), one missed, one moved, two open."""
    here = world.guild.id

    def rated(number: int, outcome: Outcome, **more: Any) -> RatingWish:
        return RatingWish(number, here, 7, outcome, **more)

    def work(unit: UnitOfWork) -> None:
        for number in range(1, 8):
            tell(unit, number, rated(number, Outcome.KEPT))
        tell(unit, 8, rated(8, Outcome.KEPT, happened_on=days(20, 20).last))
        tell(unit, 9, rated(9, Outcome.BROKEN), kind=Kind.DEADLINE)
        moved = rated(10, Outcome.MOVED, due=days(30, 30))
        tell(unit, 10, moved, rated(10, Outcome.KEPT))
        tell(unit, 11, rated(11, Outcome.MOVED, due=days(19, 19)))
        tell(unit, 12, rated(12, Outcome.KEPT, happened_on=None), RatingWish(12, here, 7, Outcome.DISMISSED))
        tell(unit, 1, RatingWish(13, ELSEWHERE, 7, Outcome.KEPT))
        tell(unit, 14, RatingWish(14, here, OURSELVES, Outcome.KEPT))
        unit.outcomes.suggest(13, add_article(unit), a_clue(Outcome.BROKEN), MONDAY_NOON)

    await world.transact(work)


# --- the numbers ------------------------------------------------------------------------------------------------


async def test_the_numbers_are_those_of_people_here(world: World) -> None:
    await fill(world)
    numbers, _ = await ask(world, name="norland")
    assert text_of(numbers).split("\n") == [
        "### 📊 “norland”",
        "**13 with a date** · **10 settled**",
        "Kept **90%** · 9 of 10 · 95%: 60–98%",
        "Kept on time **70%** · 7 of 10 · 95%: 40–89%",
        "✅ Kept on time **7** · 🕓 Kept late **2** · ❌ Missed **1**",
        "📆 Moved **1** · 🔵 Not rated yet **2** · 1 is past its last day",
        "🕓 2 moved at least once · median delay **12 days** (known of 3 of 3 late or moved)",
        "-# 95%: Wilson's interval, in which the true share lies nineteen times in twenty.",
        "-# Commitments: 9 of 9 settled kept. Deadlines: 0 of 1 settled met, often by others.",
        "-# 🔎 The news suggests, and nobody has confirmed: Broken 1",
        "-# 🤖 Settled by themselves, confirmed by nobody: Kept 1",
        "-# As rated by people in this server; silence settles nothing.",
    ]


async def test_few_are_said_to_be_few(world: World) -> None:
    here = world.guild.id
    await world.transact(lambda work: tell(work, 3, RatingWish(1, here, 7, Outcome.KEPT)))
    numbers, _ = await ask(world, name="norland")
    assert (
        "**1 with a date** · **1 settled**\n⚠️ Too few are settled for a percentage: I give one from 10 on."
        in text_of(numbers)
    )
    assert "%" not in text_of(numbers)


async def test_outside_servers_nothing_is_settled(world: World) -> None:
    await fill(world)
    given = await world.analyst.user.slash("record speaker", name="norland")
    assert "**14 with a date** · **0 settled**" in text_of(given.response)
    assert "Ratings are a server's own: outside servers nothing is settled." in text_of(given.response)


async def test_words_that_fit_several_names_are_said_to(world: World) -> None:
    def work(unit: UnitOfWork) -> None:
        for number, name in enumerate(["Ada Berg", "Ada Berg", *(f"Berg *{letter}*" for letter in "abcd")], start=1):
            tell(unit, number, speaker=name)

    await world.transact(work)
    numbers, _ = await ask(world, name="berg")
    names = " · ".join(["Ada Berg (2)", *(f"Berg \\*{letter}\\* (1)" for letter in "abc"), "and 1 more"])
    assert f"⚠️ These words fit several names: {names}" in text_of(numbers)
    numbers, _ = await ask(world, name="ada berg")
    assert "several names" not in text_of(numbers)


async def test_a_country_has_all_that_concerns_it(world: World) -> None:
    await opened(world.database, telling(due=days(2, 9), countries=("FR", "UA")), "norland")
    await opened(world.database, telling(due=days(2, 9), countries=("DE",)), "norland")
    numbers, listed = await ask(world, "record country", country="France")
    assert text_of(numbers).startswith("### 📊 France\n**1 with a date** · **0 settled**")
    assert "All that concerns the country, whoever said it." in text_of(numbers)
    assert "🗂️ 1 counted, the latest first · France" in text_of(listed)
    assert "I know no country “Atlantis”" in await refusal(world, "record country", country="Atlantis")


async def test_it_is_narrowed_by_topic_and_days(world: World) -> None:
    for day in (2, 9, 16):
        await opened(world.database, telling(due=days(1, day)), "norland" if day < 16 else "sudria")

    async def counted(**options: Any) -> str:
        numbers, _ = await ask(world, name="Norland", **options)
        return text_of(numbers).split("\n")[0] + text_of(numbers).split("\n")[1].split(" with")[0]

    assert await counted(topic="norland") == "### 📊 “Norland” · Norland**2"
    assert await counted(topic="every topic") == "### 📊 “Norland”**3"
    assert await counted(since="9 March 2026") == "### 📊 “Norland” · since 9 March 2026**2"
    assert await counted(until="2026-03-09") == "### 📊 “Norland” · until 9 March 2026**2"
    assert await counted(since="this month", until="2 March") == (
        "### 📊 “Norland” · since 1 March 2026 · until 2 March 2026**1"
    )
    assert "I do not understand “soon”" in await refusal(world, name="Norland", since="soon")
    assert "There is no topic “x”" in await refusal(world, name="Norland", topic="x")
    nothing = "I know no commitment or deadline with a date that fits"
    assert nothing in await refusal(world, name="Norland", until="last year")
    assert nothing in await refusal(world, name="Westland")


async def test_only_the_latest_count_and_what_is_left_out_is_said(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sql_cases, "MOST", 6)
    await fill(world)
    numbers, listed = await ask(world, name="norland")
    assert "**6 with a date**" in text_of(numbers)
    assert "Only the latest count: 7 earlier ones are left out." in text_of(numbers)
    assert "🗂️ 6 counted" in text_of(listed)
    await world.analyst.click(listed, label="Next ▶")
    assert "Page 2 of 2" in text_of(listed)


# --- the picture ------------------------------------------------------------------------------------------------


async def test_the_picture_is_drawn_with_words_beside_it(world: World) -> None:
    await fill(world)
    numbers, _ = await ask(world, name="norland")
    (attached,) = numbers.attachments
    assert attached.filename == "record.png"
    content = world.env.backend.cdn.get(attached.url)
    assert imread(io.BytesIO(content), format="png").shape[1] == 1320
    assert attached.description == (
        "Record of “norland”: 13 that fell due or will. Kept on time 7, Kept late 2, Missed 1, Moved 1, "
        "Not rated yet 2. March 2026: Kept on time 7, Kept late 2, Missed 1, Moved 1, Not rated yet 2."
    )


# --- the list behind it -----------------------------------------------------------------------------------------


async def test_the_list_says_how_each_one_counts_and_leads_to_its_card_after_a_restart_too(world: World) -> None:
    await fill(world)
    numbers, listed = await ask(world, name="norland")
    heads = [line.split(" · ")[0] for line in text_of(listed).split("\n") if "`#" in line]
    assert heads == ["🔵 Not rated yet", "📆 Moved", "🕓 Kept late", "❌ Missed", "🕓 Kept late"]
    assert "🗂️ 13 counted, the latest first · “norland”" in text_of(listed)
    await world.restart()
    for number in (2, 3):
        await world.analyst.click(listed, label="Next ▶")
        assert f"Page {number} of 3" in text_of(listed)
    assert "🔴 Overdue" in text_of(listed)
    card = await world.analyst.select(listed, ["1"], custom_id="opencard")
    assert "`#1`" in text_of(card.response)
    table = await world.analyst.click(numbers, label="The list as a table")
    assert table.ephemeral
    (attached,) = table.response.attachments
    content = world.env.backend.cdn.get(attached.url).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(content, newline="")))
    assert [row["id"] for row in rows[:5]] == ["14", "11", "10", "9", "8"]
    assert [row["counts_as"] for row in rows[:5]] == ["open", "moved", "kept_late", "missed", "kept_late"]
    assert [row["delay_days"] for row in rows[:5]] == ["", "8", "20", "", "12"]
    assert len(rows) == 13
    assert "📦 13 follow-ups" in text_of(table.response)


async def test_a_list_that_became_shorter_shows_its_last_page(world: World) -> None:
    await fill(world)
    _, listed = await ask(world, name="norland")
    await world.analyst.click(listed, label="Next ▶")

    def dismiss(work: UnitOfWork) -> None:
        for number in range(4, 15):
            work.cases.rate(RatingWish(number, world.guild.id, 7, Outcome.DISMISSED), MONDAY_NOON)

    await world.transact(dismiss)
    await world.analyst.click(listed, label="Next ▶")
    assert "🗂️ 3 counted" in text_of(listed)
    assert "Page" not in text_of(listed)


async def test_a_table_that_is_too_large_is_refused(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    await fill(world)
    numbers, _ = await ask(world, name="norland")
    monkeypatch.setattr(record_cog, "table_file", lambda *_: None)
    pressed = await world.analyst.click(numbers, label="The list as a table")
    assert "That is larger than Discord takes here (25 MB). Narrow it" in text_of(pressed.response)


# --- words ------------------------------------------------------------------------------------------------------


SETTING = Setting(MONDAY, ZoneInfo("UTC"), {"norland": "Norland"})
wishes = st.builds(
    RecordWish,
    st.none() | st.text(st.characters(blacklist_characters="|"), min_size=1, max_size=LONGEST_WORDS),
    st.sampled_from([None, "UA", "FR"]),
    st.sampled_from([None, "norland"]),
    st.none() | st.dates(MONDAY - timedelta(days=9000), MONDAY + timedelta(days=9000)),
    st.none() | st.dates(MONDAY - timedelta(days=9000), MONDAY + timedelta(days=9000)),
)


@given(wishes)
def test_a_button_carries_what_is_wanted(wanted: RecordWish) -> None:
    try:
        packed = packed_record(wanted)
    except Refusal:
        assert measured(" ".join((wanted.speaker or "").split())) > LONGEST_WORDS
        return
    assert measured(f"page:record:999999:{packed}") <= 100
    back = unpacked_record(packed, SETTING)
    assert back.speaker == (" ".join((wanted.speaker or "").split()) or None)
    assert (back.country, back.topic, back.since, back.until) == (
        wanted.country,
        wanted.topic,
        wanted.since,
        wanted.until,
    )


def test_no_deadline_and_no_delay_is_not_spoken_of() -> None:
    record = recorded([a_case(a_followup(statement=a_statement(kind=Kind.COMMITMENT)))], MONDAY)
    assert "Deadlines" not in small_lines(record, RecordWish(speaker="x"), IN_ENGLISH, rated=True)
    assert "delay" not in number_lines(record, IN_ENGLISH)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_longest_numbers_fit_a_message(language: str) -> None:
    tally = Tally(dict.fromkeys(Standing, 10**6))
    every = dict.fromkeys(Outcome, 10**6)
    names: dict[str | None, int] = {f"{number}{'*' * 100}": 10**6 for number in range(9)}
    kinds = dict.fromkeys(KINDS, tally)
    record = Record(tally, kinds, {MONDAY: tally}, names, 10**6, 10**6, (10**4,), 10**6, every, every, 10**6)
    say = Words(language)
    whole = number_lines(record, say) + small_lines(record, RecordWish(speaker="x"), say, rated=True)
    assert measured(whole) < TEXT_LIMIT * 0.6  # the heading, which is bounded too, wants the rest
