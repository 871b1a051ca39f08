"""Scenarios: lists, cards by number, pictures, files, and what the bot says of itself."""

from __future__ import annotations

from typing import Any

from bot.views.help import SUBJECTS
from tests.discord_world import World, buttons_of, text_of
from tests.everything import Scenario, drives, said_after, typing
from tests.factories import MONDAY_NOON
from tests.storing import days, open_one, opened, retold, telling
from watchers.audience import GuildTopicWish
from watchers.own_topics import put_own_topic
from watchers.ports import UnitOfWork
from watchers.rating import Outcome, RatingWish

_FIELDS = ("topic", "speaker", "country", "until", "text")
_HEADINGS = {
    "pending": "🗓️ 7 pending",
    "due": "🟠 7 due soon",
    "overdue": "🔴 7 overdue",
    "recent": "🆕 7 said",
    "settled": "☑️ 7 rated",
    "search": "🔎 7 found",
}


async def seven(world: World, *, past: bool = False, rated: bool = False) -> None:
    """Seven follow-ups, which fill more than a page."""

    def fill(work: UnitOfWork) -> None:
        for number in range(7):
            due = days(1, 1) if past else days(2, 6)
            quote = f"Norland will open gate {number}."
            open_one(work, telling(quote, due=due, countries=("FR",)), "norland")
            if rated:
                work.cases.rate(RatingWish(number + 1, world.guild.id, 7, Outcome.KEPT), MONDAY_NOON)

    await world.transact(fill)


def _of_list(name: str) -> Scenario:
    command = f"/followups {name}"

    @drives(command, *(typing(command, field) for field in _FIELDS), f"PageButton {name}", "CardSelect")
    async def scenario(world: World) -> None:
        await seven(world, past=name == "overdue", rated=name == "settled")
        must: dict[str, Any] = {"text": "gate"} if name == "search" else {}
        shown = (await world.analyst.slash(world.channel, command[1:], **must)).response
        assert _HEADINGS[name] in text_of(shown)
        await world.analyst.click(shown, label="Next ▶")
        assert "Page 2 of 2" in text_of(shown)
        await world.analyst.click(shown, label="◀ Back")
        number = "1" if name in {"pending", "due"} else "7"
        assert f"`#{number}`" in text_of((await world.analyst.select(shown, [number], custom_id="opencard")).response)
        offered = {field: await _offered(world, command[1:], field, typed) for field, typed in _TYPED.items()}
        assert offered["topic"] == ["norland"]
        assert offered["speaker"] == ["Norland"]
        assert offered["country"] == ["FR"]
        assert offered["text"] == ["gate"]
        assert len(offered["until"]) == 1
        narrowed = {field: values[0] for field, values in offered.items() if field != "until"}
        narrowed["until"] = "20 March" if name != "overdue" else "2 March"
        every = (await world.analyst.slash(world.channel, command[1:], kind="deadline", **narrowed)).response
        assert _HEADINGS[name].split(" ", 1)[1] in text_of(every)

    scenario.__name__ = f"list_{name}"
    return scenario


_TYPED = {"topic": "norl", "speaker": "norl", "country": "Fran", "until": "9 May", "text": "gate"}
for _name in _HEADINGS:
    _of_list(_name)


async def _offered(world: World, command: str, field: str, typed: str) -> list[str]:
    found = await world.analyst.autocomplete(world.channel, command, field, typed)
    return [one["value"] for one in found]


@drives("/followups show", typing("/followups show", "followup"))
async def one_card(world: World) -> None:
    await seven(world)
    assert await _offered(world, "followups show", "followup", "gate 3") == ["4"]
    answer = await world.analyst.slash(world.channel, "followups show", followup="#4")
    assert answer.ephemeral
    assert "gate 3" in text_of(answer.response)
    refused = await world.analyst.slash(world.channel, "followups show", followup="99")
    assert "There is no follow-up “99”" in said_after(refused)


_RECORDS = {"speaker": ("name", "norl", "Norland"), "country": ("country", "Fran", "FR")}


def _of_record(whose: str) -> Scenario:
    command, (field, typed, named) = f"/record {whose}", _RECORDS[whose]
    fields = (typing(command, one) for one in (field, "topic", "since", "until"))

    @drives(command, *fields, "PageButton record", "RecordFileButton", "CardSelect")
    async def scenario(world: World) -> None:
        refused = await world.analyst.slash(world.channel, command[1:], **{field: named})
        assert "I know no commitment or deadline" in said_after(refused)
        await seven(world, rated=True)
        assert await _offered(world, command[1:], field, typed) == [named]
        assert await _offered(world, command[1:], "topic", "norl") == ["norland"]
        assert await _offered(world, command[1:], "since", "2025") == ["2025-01-01"]
        assert await _offered(world, command[1:], "until", "2025") == ["2025-12-31"]
        narrowed = {field: named, "topic": "norland", "since": "this year", "until": "next month"}
        answer = await world.analyst.slash(world.channel, command[1:], **narrowed)
        assert "✅ Kept on time **7**" in text_of(answer.response)
        assert [one.filename for one in answer.response.attachments] == ["record.png"]
        (listed,) = answer.followups[1:] if len(answer.followups) > 1 else answer.followups
        assert "🗂️ 7 counted" in text_of(listed)
        await world.analyst.click(listed, label="Next ▶")
        assert "Page 2 of 2" in text_of(listed)
        assert "`#1`" in text_of((await world.analyst.select(listed, ["1"], custom_id="opencard")).response)
        table = (await world.analyst.click(answer.response, label="The list as a table")).response
        assert [one.filename for one in table.attachments] == ["record-2026-03-02.csv"]

    scenario.__name__ = f"record_{whose}"
    return scenario


for _whose in _RECORDS:
    _of_record(_whose)


@drives("/topics list", "PageButton topics")
async def topics(world: World) -> None:
    def write(work: UnitOfWork) -> None:
        for number in range(11):
            put_own_topic(work, GuildTopicWish(world.guild.id, f"Topic {number}", "grain", 7), MONDAY_NOON)

    await world.transact(write)
    shown = (await world.analyst.slash(world.channel, "topics list")).response
    assert "✍️ written here" in text_of(shown)
    await world.analyst.click(shown, label="Next ▶")
    assert "Page 2 of 2" in text_of(shown)


@drives("/status")
async def status(world: World) -> None:
    assert "**Follow-ups pending** 0" in said_after(await world.analyst.slash(world.channel, "status"))


@drives("/help", "SubjectMenu")
async def help_by_subject(world: World) -> None:
    shown = (await world.analyst.slash(world.channel, "help")).response
    for subject in SUBJECTS:
        await world.analyst.select(shown, [subject.id], custom_id="help:subject")
        assert subject.about in text_of(shown)


@drives("/timeline", typing("/timeline", "topic"), typing("/timeline", "country"))
async def timeline(world: World) -> None:
    await seven(world)
    assert await _offered(world, "timeline", "topic", "norl") == ["norland"]
    assert await _offered(world, "timeline", "country", "Fran") == ["FR"]
    shown = (await world.analyst.slash(world.channel, "timeline", topic="norland", country="FR", weeks=2)).response
    (picture,) = shown.attachments
    assert picture.filename == "timeline.png"
    assert picture.description.startswith("Timeline from 2 March 2026")


@drives("/calendar file", typing("/calendar file", "topic"))
async def calendar_file(world: World) -> None:
    refused = await world.analyst.slash(world.channel, "calendar file")
    assert "Nothing with a date is pending" in said_after(refused)
    await seven(world)
    assert await _offered(world, "calendar file", "topic", "norl") == ["norland"]
    answer = await world.analyst.slash(world.channel, "calendar file", topic="norland")
    assert [one.filename for one in answer.response.attachments] == ["aide-memoire.ics"]


_CALENDARS = ("/calendar subscribe", "/calendar revoke")


@drives(*_CALENDARS, *(typing(command, "topic") for command in _CALENDARS))
async def calendar_addresses(world: World) -> None:
    found = await world.moderator.autocomplete(world.channel, "calendar subscribe", "topic", "norl")
    assert [one["value"] for one in found] == ["norland"]
    opened_one = await world.moderator.slash(world.channel, "calendar subscribe", topic="norland")
    assert "calendar.ics" in said_after(opened_one)
    found = await world.moderator.autocomplete(world.channel, "calendar revoke", "topic", "")
    assert [one["value"] for one in found] == ["norland"]
    ended = await world.moderator.slash(world.channel, "calendar revoke", topic="norland")
    assert "The addresses have ended" in said_after(ended)
    again = await world.moderator.slash(world.channel, "calendar revoke", topic="norland")
    assert "There is no address for **Norland**" in said_after(again)


@drives("/export", typing("/export", "topic"), typing("/export", "country"))
async def export(world: World) -> None:
    await seven(world)
    assert await _offered(world, "export", "topic", "norl") == ["norland"]
    assert await _offered(world, "export", "country", "Fran") == ["FR"]
    for form in ("csv", "json"):
        answer = await world.analyst.slash(world.channel, "export", format=form, list="pending", text="gate")
        assert "📦 7 follow-ups" in said_after(answer)
        assert answer.response.attachments[0].filename.endswith(form)
    refused = await world.analyst.slash(world.channel, "export", format="csv", list="settled")
    assert "nothing of that kind" in said_after(refused)


@drives("CardButton sources on card", "PageButton sources")
async def all_reports(world: World) -> None:
    followup = await opened(world.database, telling(due=days(2, 6)))
    for number in range(6):
        await retold(world.database, followup, telling(due=days(2, 6), outlet=f"Outlet {number}"))
    card = (await world.analyst.slash(world.channel, "followups show", followup="1")).response
    shown = await world.analyst.click(card, label="All 7 reports")
    assert "📰 7 reports · `#1`" in said_after(shown)
    await world.analyst.click(shown.response, label="Next ▶")
    assert "Page 2 of 2" in text_of(shown.response)
    assert set(buttons_of(shown.response)) == {"◀ Back"}
