"""The morning message as people see it: its headings, what each shows, and the cards behind it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from discord import ui

from bot.render import Setting
from bot.views.digest import MOST_ITEMS, DigestView
from bot.words import words_for
from tests import openapi
from tests.discord_world import World, discord_world, text_of
from tests.factories import MONDAY_NOON, a_case, a_followup, a_rating, a_statement, a_topic, a_wish
from tests.fakes import ScriptedFetcher
from tests.storing import opened, telling
from watchers.audience import Alert, AlertForm, Guild, QuietHours, Rhythm, Section, SubscriptionWish
from watchers.digests import MOST_CASES
from watchers.model import Interval
from watchers.rating import Case, Outcome

TUESDAY = date(2026, 3, 3)
SETTING = Setting(TUESDAY, ZoneInfo("Europe/Kyiv"), {})
A_NIGHT = timedelta(hours=20)


def due_in(number: int, days: int | None, quote: str = "Norland will withdraw its troops soon.") -> Case:
    last = TUESDAY + timedelta(days=days or 0)
    due = None if days is None else Interval(min(TUESDAY, last), last)
    return a_case(a_followup(number, statement=a_statement(quote, due=due)))


def settled(number: int) -> Case:
    return a_case(a_followup(number), a_rating(Outcome.KEPT))


def view_of(*told: tuple[Section, Case], setting: Setting = SETTING, role_id: int | None = None) -> DigestView:
    numbers = tuple(case.followup.id for _, case in told)
    sections = tuple(section for section, _ in told)
    alert = Alert("digest:1:2026-03-03", AlertForm.DIGEST, numbers, sections, channel_id=20, role_id=role_id)
    return DigestView(alert, tuple(case for _, case in told), setting)


def lines_of(view: ui.LayoutView) -> list[str]:
    texts = [item.content for item in view.walk_children() if isinstance(item, ui.TextDisplay)]
    return "\n".join(texts).splitlines()


def offered(view: ui.LayoutView) -> list[str]:
    selects = [item.item for item in view.walk_children() if hasattr(item, "item")]
    return [option.value for select in selects for option in select.options]


# --- how it reads -----------------------------------------------------------------------------------------


def test_it_says_the_day_and_the_zone_and_what_stands_under_each_heading() -> None:
    lines = lines_of(
        view_of(
            (Section.DUE_TODAY, due_in(1, 0)),
            (Section.DUE_THIS_WEEK, due_in(2, 3)),
            (Section.NEWLY_SAID, due_in(3, None)),
            (Section.OVERDUE, due_in(4, -1)),
            (Section.SETTLED, settled(5)),
        )
    )
    assert lines[:2] == ["### 📰 Your digest · Tuesday, 3 March 2026", "-# Time zone: Europe/Kyiv"]
    assert [line for line in lines if line.startswith("**") and line.endswith(" · 1")] == [
        "**🟠 Due today** · 1",
        "**🗓️ Due this week** · 1",
        "**🆕 Newly said** · 1",
        "**🔴 Overdue** · 1",
        "**☑️ Settled** · 1",
    ]
    small = [line for line in lines if "`#" in line]
    assert small[0] == "-# ⏳ Deadline · `#1` · [The Meridian](https://meridian.example/a-1)"
    assert "No date given · `#3`" in small[2]
    assert small[4].startswith("-# ✅ Kept · ⏳ Deadline")


def test_a_heading_stands_once_before_its_follow_ups() -> None:
    today = Section.DUE_TODAY
    text = "\n".join(lines_of(view_of((today, due_in(1, 0)), (today, due_in(2, 0)), (Section.SETTLED, settled(3)))))
    places = [text.index(words) for words in ("Due today", "`#1`", "`#2`", "Settled", "`#3`")]
    assert places == sorted(places)
    assert text.count("Due today") == text.count("Settled") == 1


def test_no_heading_crowds_out_another() -> None:
    many = [(Section.NEWLY_SAID, due_in(number, 30)) for number in range(10, 60)]
    late = [(Section.OVERDUE, due_in(number, -1)) for number in range(60, 70)]
    view = view_of((Section.DUE_TODAY, due_in(1, 0)), *many, *late, (Section.SETTLED, due_in(99, 0)))
    lines = lines_of(view)
    assert "**🆕 Newly said** · 50" in lines
    assert len(offered(view)) == MOST_ITEMS
    assert {"1", "99"} < set(offered(view))
    assert "-# and 43 more: `/followups recent`" in lines
    assert "-# and 4 more: `/followups overdue`" in lines


def test_long_texts_are_shared_out_as_fairly() -> None:
    long = "*Norland* will (withdraw) its troops; " * 8
    told = [(Section.DUE_TODAY, due_in(number, 0, long)) for number in range(1, 40)]
    view = view_of(*told, (Section.SETTLED, due_in(99, 0, long)))
    assert "99" in offered(view)
    assert sum(map(len, lines_of(view))) <= 4000


@pytest.mark.parametrize(
    ("section", "command"),
    [
        (Section.DUE_TODAY, "due"),
        (Section.DUE_THIS_WEEK, "due"),
        (Section.NEWLY_SAID, "recent"),
        (Section.OVERDUE, "overdue"),
        (Section.SETTLED, "settled"),
    ],
)
def test_what_is_left_out_is_counted_with_the_command_that_lists_it(section: Section, command: str) -> None:
    told = [(section, due_in(number, 0)) for number in range(1, MOST_ITEMS + 3)]
    assert lines_of(view_of(*told))[-1].removeprefix("-# ") == f"and 2 more: `/followups {command}`"
    full = [(section, due_in(number, 0)) for number in range(1, MOST_CASES + 1)]
    assert lines_of(view_of(*full))[-1].startswith("-# and at least 185 more: ")


def test_it_reads_in_its_orders_language() -> None:
    lines = lines_of(view_of((Section.DUE_TODAY, due_in(1, 0)), setting=replace(SETTING, say=words_for("fr"))))
    assert "mardi 3 mars 2026" in lines[0]


def test_a_follow_up_that_is_gone_does_not_break_it() -> None:
    view = view_of()
    assert offered(view) == []
    assert lines_of(view)[0].startswith("### 📰 Your digest")


def test_only_its_role_is_named_above_it() -> None:
    assert lines_of(view_of((Section.DUE_TODAY, due_in(1, 0)), role_id=5))[0] == "<@&5>"


# --- in a channel -----------------------------------------------------------------------------------------


@pytest.fixture
async def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[World]:
    async with discord_world(tmp_path, monkeypatch, fetcher=ScriptedFetcher(), topics=[a_topic()]) as there:
        yield there


def daily(world: World, **changes: Any) -> SubscriptionWish:
    return replace(a_wish(guild_id=world.guild.id, channel_id=world.channel.id, rhythm=Rhythm.DAILY), **changes)


async def gathered(world: World, last: date) -> None:
    """Let something be said that the channel's digest gathers."""
    followup = await opened(world.database, telling(due=Interval(MONDAY_NOON.date(), last)))
    (order,) = await world.transact(lambda work: tuple(work.subscriptions.of_channel(world.channel.id)))
    await world.transact(lambda work: work.subscriptions.gather([order.id], followup.id))


async def test_choosing_in_it_opens_the_card(world: World) -> None:
    await world.follow(daily(world))
    await gathered(world, date(2026, 3, 20))
    await world.pass_time(A_NIGHT)
    answer = await world.analyst.select(world.channel.last_message, ["1"], custom_id="opencard")
    assert answer.ephemeral
    assert "🔵 Pending · ⏳ Deadline" in text_of(answer.response)


@openapi.needs_document
async def test_it_is_valid_to_discord_with_its_role_pinged(world: World) -> None:
    role = world.guild.create_role("Desk", mentionable=True)
    await world.follow(daily(world, role_id=role.id))
    for day in range(3, 25):
        await gathered(world, date(2026, 3, day))
    await world.pass_time(A_NIGHT)
    assert [fault for call in world.env.http_requests for fault in openapi.faults(call)] == []
    assert world.posts[-1]["allowed_mentions"] == {"parse": [], "roles": [str(role.id)]}


async def test_a_day_without_news_brings_none(world: World) -> None:
    await world.follow(daily(world))
    await world.pass_time(timedelta(days=3))
    assert world.texts() == []


async def test_it_reads_in_the_language_of_its_order_before_that_of_its_server(world: World) -> None:
    await world.transact(lambda work: work.guilds.put(Guild(world.guild.id, language="de")))
    await world.follow(daily(world, language="fr"))
    await gathered(world, date(2026, 3, 20))
    await world.pass_time(A_NIGHT)
    assert "mardi 3 mars 2026" in world.texts()[0]


async def test_one_kept_by_quiet_hours_is_worded_for_the_morning_on_which_it_is_read(world: World) -> None:
    late = daily(world, at=replace(a_wish().at, hour=20), quiet=QuietHours(19, 7))
    await world.follow(late)
    await gathered(world, TUESDAY)
    until = datetime(2026, 3, 3, 6, 59, tzinfo=UTC)
    await world.pass_time(until - world.clock.now())
    assert world.texts() == []
    await world.pass_time(timedelta(hours=4))
    (text,) = world.texts()
    assert "Tuesday, 3 March 2026" in text
    assert "**🟠 Due today** · 1" in text
