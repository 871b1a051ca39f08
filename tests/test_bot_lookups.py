"""Looking things up: `/followups`, `/topics`, `/feeds list`, `/status`, `/help`, in servers and in direct messages."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.discord_world import World, buttons_of, discord_world, text_of
from tests.factories import MONDAY_NOON, a_topic, an_outlet, polled
from tests.fakes import ScriptedFetcher
from tests.storing import days, open_one, opened, telling
from watchers.model import Interval, Kind
from watchers.ports import UnitOfWork
from watchers.rating import Outcome, RatingWish

TOPICS = [a_topic("norland", "Norland"), a_topic("sudria", "Sudria"), *(a_topic(f"topic-{n:02}") for n in range(12))]


@pytest.fixture
async def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[World]:
    async with discord_world(tmp_path, monkeypatch, fetcher=ScriptedFetcher(), topics=TOPICS) as there:
        yield there


def numbers_in(text: str) -> list[int]:
    return [int(number) for number in re.findall(r"`#(\d+)`", text)]


async def ask(world: World, command: str, **options: object) -> str:
    answer = await world.analyst.slash(world.channel, command, **options)
    assert answer.ephemeral
    return text_of(answer.response)


async def test_pending_follow_ups_can_be_narrowed(world: World) -> None:
    await opened(world.database, telling("Norland will leave the port.", due=days(2, 9)), "norland")
    await opened(world.database, telling("Talks about the port.", due=days(4, 4), kind=Kind.EVENT), "sudria")
    await opened(world.database, telling("Sudria pledges calm.", kind=Kind.COMMITMENT, speaker="Ada Berg"), "sudria")
    assert numbers_in(await ask(world, "followups pending")) == [2, 1, 3]
    assert numbers_in(await ask(world, "followups pending", topic="sudria")) == [2, 3]
    assert numbers_in(await ask(world, "followups pending", topic="every topic")) == [2, 1, 3]
    assert numbers_in(await ask(world, "followups pending", kind="event")) == [2]
    assert numbers_in(await ask(world, "followups pending", text="PORT")) == [2, 1]
    assert numbers_in(await ask(world, "followups pending", text="berg")) == [3]
    both = await ask(world, "followups pending", topic="sudria", kind="event", text="*port*")
    assert "Nothing is pending here." in both
    assert "0 pending · Sudria · 📅 Event · “\\*port\\*”" in both


async def filled(world: World) -> None:
    """One of each: past, due in two days and in three weeks, undated, and one that is settled."""

    def fill(work: UnitOfWork) -> None:
        open_one(work, telling("Norland was to sign.", due=days(1, 1)), "norland")
        open_one(work, telling("Norland will leave the port.", due=days(2, 4), countries=("FR",)), "norland")
        open_one(work, telling("Ada Berg expects talks.", due=days(2, 23), speaker="Ada Berg"), "sudria")
        open_one(work, telling("Sudria pledges calm.", kind=Kind.COMMITMENT, speaker="Ada Lund"), "sudria")
        open_one(work, telling("Norland will pay.", due=days(2, 5)), "norland")
        work.cases.rate(RatingWish(5, world.guild.id, 7, Outcome.KEPT), world.clock.now())

    await world.transact(fill)


@pytest.mark.parametrize(
    ("listing", "options", "numbers", "heading"),
    [
        ("pending", {}, [2, 3, 4], "3 pending"),
        ("due", {}, [2], "1 due soon"),
        ("due", {"until": "by the end of March"}, [2, 3], "2 due soon · until 31 March 2026"),
        ("overdue", {}, [1], "1 overdue"),
        ("overdue", {"until": "last month"}, [], "0 overdue · until 28 February 2026"),
        ("settled", {}, [5], "1 rated"),
        ("settled", {"until": "2026-03-04"}, [], "0 rated"),
        ("recent", {}, [5, 4, 3, 2, 1], "5 said, the newest first"),
        ("recent", {"topic": "sudria"}, [4, 3], "2 said, the newest first · Sudria"),
        ("search", {"text": "norland"}, [5, 2, 1], "3 found · “norland”"),
        ("search", {"text": "nothing of the kind"}, [], "0 found"),
        ("pending", {"speaker": "ada"}, [3, 4], "2 pending · said by “ada”"),
        ("pending", {"country": "France"}, [2], "1 pending · France"),
        ("pending", {"kind": "commitment", "speaker": "Lund"}, [4], "1 pending · 🤝 Commitment · said by “Lund”"),
    ],
)
async def test_each_list_holds_what_it_says(
    world: World, listing: str, options: dict[str, str], numbers: list[int], heading: str
) -> None:
    await filled(world)
    text = await ask(world, f"followups {listing}", **options)
    assert numbers_in(text) == numbers
    assert heading in text.splitlines()[0]


async def test_lists_say_where_each_stands_unless_it_is_pending(world: World) -> None:
    await filled(world)
    text = await ask(world, "followups recent")
    stands = [line.split(" · ")[0] for line in text.splitlines() if "`#" in line]
    assert stands == ["✅ Kept", "🤝 Commitment", "⏳ Deadline", "⏳ Deadline", "🔴 Overdue"]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"until": "when pigs fly"}, "I do not understand “when pigs fly” as a day. Try “9 May”"),
        ({"country": "Norland"}, "I know no country “Norland”"),
        ({"speaker": "s" * 40, "text": "t" * 40}, "58 characters together"),
    ],
)
async def test_a_filter_that_cannot_be_used_says_what_would_be_right(
    world: World, options: dict[str, str], words: str
) -> None:
    assert words in await ask(world, "followups pending", **options)
    assert len(world.refusals()) == 1


@pytest.mark.parametrize("listing", ["pending", "due", "overdue", "recent", "settled", "search"])
async def test_every_filter_offers_what_fits_while_typing(world: World, listing: str) -> None:
    await filled(world)

    async def offered(option: str, typed: str) -> list[tuple[str, str]]:
        found = await world.analyst.autocomplete(world.channel, f"followups {listing}", option, typed)
        return [(choice["name"], choice["value"]) for choice in found]

    assert await offered("topic", "sud") == [("Sudria", "sudria")]
    assert await offered("speaker", "ada") == [("Ada Lund", "Ada Lund"), ("Ada Berg", "Ada Berg")]
    assert [name for name, _ in await offered("speaker", "")] == ["Norland", "Ada Lund", "Ada Berg"]
    assert ("France", "FR") in await offered("country", "fra")
    assert await offered("until", "9 March") == [("until Monday, 9 March 2026", "2026-03-09")]
    assert len(await offered("until", "")) >= 3
    assert await offered("text", "") == []
    counts = {"pending": 1, "due": 1, "overdue": 1, "recent": 3, "settled": 1, "search": 3}
    many = "follow-up" if counts[listing] == 1 else "follow-ups"
    assert await offered("text", "norland") == [(f"norland · {counts[listing]} {many}", "norland")]


async def test_a_list_opens_the_cards_of_what_is_on_its_page(world: World) -> None:
    await filled(world)
    shown = (await world.analyst.slash(world.channel, "followups recent")).response
    answer = await world.analyst.select(shown, ["5"])
    assert text_of(answer.response).startswith("### ✅ Kept · ⏳ Deadline")


async def test_an_unknown_topic_is_refused_here_too(world: World) -> None:
    assert "Did you mean **Sudria**?" in await ask(world, "followups pending", topic="Sudrya")
    assert len(world.refusals()) == 1


async def test_pages_keep_the_filter_and_survive_a_restart(world: World) -> None:
    def fill(work: UnitOfWork) -> None:
        for number in range(12):
            due = Interval(date(2026, 3, 2), date(2026, 3, 10 + number))
            open_one(work, telling(f"Norland will open gate: {number}.", due=due), "norland")
        open_one(work, telling("Sudria will wait.", due=days(2, 3)), "sudria")

    await world.transact(fill)
    shown = (await world.analyst.slash(world.channel, "followups pending", topic="norland", text="gate:")).response
    assert numbers_in(text_of(shown)) == [1, 2, 3, 4, 5]
    assert "Page 1 of 3" in text_of(shown)
    await world.analyst.click(shown, label="Next ▶")
    assert numbers_in(text_of(shown)) == [6, 7, 8, 9, 10]
    await world.restart()
    await world.analyst.click(shown, label="Next ▶")
    assert numbers_in(text_of(shown)) == [11, 12]
    assert "12 pending · Norland · “gate:”" in text_of(shown)
    assert list(buttons_of(shown)) == ["◀ Back"]


async def test_a_page_that_has_emptied_meanwhile_shows_the_last_there_is(world: World) -> None:
    def fill(work: UnitOfWork) -> None:
        for number in range(6):
            open_one(work, telling(due=days(2, 3 + (number == 0))), "norland")

    await world.transact(fill)
    shown = (await world.analyst.slash(world.channel, "followups pending")).response
    await world.pass_time(timedelta(days=2))
    await world.analyst.click(shown, label="Next ▶")
    assert numbers_in(text_of(shown)) == [1]
    assert "5 more are overdue" in text_of(shown)


async def test_one_follow_up_is_shown_with_all_its_sources(world: World) -> None:
    await opened(world.database, telling("Norland will leave the port.", due=days(2, 9)), "norland")
    for named in ("1", "#1", " 1 "):
        text = await ask(world, "followups show", followup=named)
        assert "🔵 Pending · ⏳ Deadline" in text
        assert "> “Norland will leave the port.”" in text
        assert "[The Meridian]" in text


@pytest.mark.parametrize("named", ["2", "the port", "#", "999999999999999999999", "-1"])
async def test_what_is_no_follow_up_is_refused(world: World, named: str) -> None:
    await opened(world.database)
    assert "There is no follow-up" in await ask(world, "followups show", followup=named)
    assert len(world.refusals()) == 1


async def test_follow_ups_are_offered_while_typing(world: World) -> None:
    await opened(world.database, telling("Norland will leave the port.", due=days(2, 9)))
    await opened(world.database, telling("Talks resume.", due=days(2, 3), kind=Kind.EVENT, speaker=None))

    async def offered(typed: str) -> list[tuple[str, str]]:
        choices = await world.analyst.autocomplete(world.channel, "followups show", "followup", typed)
        return [(choice["value"], choice["name"]) for choice in choices]

    assert await offered("") == [
        ("2", "#2 · by 3 March 2026 · Talks resume."),
        ("1", "#1 · by 9 March 2026 · Norland: Norland will leave the port."),
    ]
    assert [value for value, _ in await offered("port")] == ["1"]
    assert [value for value, _ in await offered("sign")] == []
    assert [value for value, _ in await offered("#2")] == ["2"]
    assert await offered("x" * 500) == []


async def test_what_is_still_to_come_is_offered_before_what_is_past(world: World) -> None:
    for due in (days(1, 1), days(2, 9), days(2, 3), None):
        await opened(world.database, telling("Norland will leave the port.", due=due))
    offered = await world.analyst.autocomplete(world.channel, "followups show", "followup", "port")
    assert [choice["value"] for choice in offered] == ["3", "2", "4", "1"]


async def test_topics_are_listed_in_pages(world: World) -> None:
    shown = (await world.analyst.slash(world.channel, "topics list")).response
    assert "14 topics" in text_of(shown)
    assert "**Norland**" in text_of(shown)
    await world.analyst.click(shown, label="Next ▶")
    assert "Page 2 of 2" in text_of(shown)


async def test_feeds_are_listed_failing_ones_first(world: World) -> None:
    outlets = [an_outlet(name, f"https://{name.lower()}.example/rss") for name in ("Alpha", "Beta", "Gamma")]

    def read(work: UnitOfWork) -> None:
        work.feeds.follow(outlets, MONDAY_NOON)
        for feed in work.feeds.all():
            later = MONDAY_NOON + timedelta(minutes=15)
            if feed.outlet != "Gamma":
                fails = feed.outlet == "Beta"
                work.feeds.record([polled(feed, again=later, error="the server answered 500" if fails else None)])

    await world.transact(read)
    text = await ask(world, "feeds list")
    assert "3 feeds" in text
    assert re.findall(r"\*\*(\w+)\*\*", text) == ["Beta", "Gamma", "Alpha"]
    assert re.findall(r"^(\S) (?:Failing|Not|Read)", text, re.MULTILINE) == ["🔴", "⚪", "🟢"]
    assert "the server answered 500" in text
    assert f"Read well · <t:{int(MONDAY_NOON.timestamp())}:R>" in text


async def test_looking_up_works_in_direct_messages_and_managing_does_not(world: World) -> None:
    await opened(world.database)
    user = world.analyst.user
    assert numbers_in(text_of((await user.slash("followups pending")).response)) == [1]
    offered = user.available_commands()
    assert {"topics list", "feeds list", "status", "help", "remind"} < set(offered)
    assert not {"subscribe", "unsubscribe", "subscriptions"} & set(offered)
