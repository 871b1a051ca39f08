"""`/feeds`: what is said of feeds in words, and what cannot be added is refused with why."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from discord import ui
from hypothesis import given
from hypothesis import strategies as st

from bot.feed_finding import address_of, known_at, language_named_in, language_of, name_of
from bot.feed_lists import LARGEST_LIST, import_plan, wishes_of
from bot.render import reason_words
from bot.views.feeds import rate_words
from bot.words import IN_ENGLISH, Words
from config.opml import OpmlFeed
from tests.discord_world import World, buttons_of, discord_world, text_of
from tests.driven_feeds import A_FEED, MERIDIAN, SITE, WEB, holds, own_feeds, stands
from tests.everything import said_after
from tests.factories import MONDAY_NOON, a_feed, an_outlet
from tests.fakes import ScriptedFetcher
from watchers.audience import Guild
from watchers.feed_memory import MOST_GUILD_FEEDS
from watchers.feed_model import Fetched, Reason
from watchers.ports import FetchError, UnitOfWork

CATALOGUE = an_outlet("The Lantern", "https://lantern.example/rss")


@pytest.fixture
def fetcher() -> ScriptedFetcher:
    return ScriptedFetcher({**WEB, CATALOGUE.feed_url: A_FEED})


@pytest.fixture
async def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fetcher: ScriptedFetcher) -> AsyncIterator[World]:
    async with discord_world(tmp_path, monkeypatch, fetcher=fetcher, outlets=[CATALOGUE]) as there:
        yield there


async def add(world: World, url: str) -> Any:
    return await world.moderator.slash(world.channel, "feeds add", url=url)


# --- adding ---------------------------------------------------------------------------------------------------


async def test_what_the_operator_reads_already_is_not_added(world: World) -> None:
    for url in ("https://lantern.example/rss", "http://lantern.example/rss/"):
        told = said_after(await add(world, url))
        assert told == "📡 **The Lantern** is read for everybody already, so there is nothing to add."
    assert await own_feeds(world) == []


async def test_why_there_is_no_feed_is_told(world: World, fetcher: ScriptedFetcher) -> None:
    fetcher.answers["https://nowhere.example/rss"] = FetchError(
        Reason("the name {host} cannot be found (DNS)", host="nowhere.example")
    )
    told = said_after(await add(world, "https://nowhere.example/rss"))
    assert "the name nowhere.example cannot be found" in told
    fetcher.answers["https://page.example/"] = b"<!doctype html><html><p>no feed</p></html>"
    assert "no feed" in said_after(await add(world, "https://page.example/"))
    assert await own_feeds(world) == []


async def test_a_feed_that_fails_while_it_is_looked_at_again_leaves_the_message_as_it_was(
    world: World, fetcher: ScriptedFetcher
) -> None:
    shown = (await add(world, MERIDIAN)).response
    form = await world.moderator.click(shown, label="Change…")
    fetcher.answers[MERIDIAN] = FetchError(Reason("the server failed (500)"))
    told = await world.moderator.submit_modal(form, {"name": "Ours", "zone": "UTC", "pages": ["0"]})
    assert r"I cannot read that feed: the server failed \(500\)." in said_after(told).replace("(500)", r"\(500\)")
    assert "### 📡 The Meridian" in text_of(shown)


async def test_a_server_has_so_many_feeds_of_its_own_and_no_more(world: World) -> None:
    shown = (await add(world, MERIDIAN)).response
    for number in range(MOST_GUILD_FEEDS):
        await holds(world, f"https://outlet-{number}.example/rss", f"Outlet {number}")
    full = "A server has at most 50 feeds of its own: remove one first."
    assert said_after(await add(world, SITE)) == full
    assert full in said_after(await world.moderator.click(shown, label="Add"))
    listed = ("f.opml", b"<opml><outline xmlUrl='https://sud.example/news.xml'/></opml>")
    told = said_after(await world.moderator.slash(world.channel, "feeds import", file=listed))
    assert "📥 0 feeds to add" in told
    assert "1 does not fit: a server has at most 50 feeds of its own." in told
    assert len(await own_feeds(world)) == MOST_GUILD_FEEDS


async def test_a_server_that_has_many_looked_at_waits(world: World) -> None:
    told = [said_after(await add(world, MERIDIAN)) for _ in range(11)]
    assert all("Not added yet" in one for one in told[:10])
    assert "That was a lot at once." in told[10]
    await world.pass_time(timedelta(minutes=2))
    assert "Not added yet" in said_after(await add(world, MERIDIAN))


async def test_what_a_feed_says_of_itself_bends_nothing(world: World, fetcher: ScriptedFetcher) -> None:
    hostile = b"# **x** [y](https://evil.example) @everyone ``` <t:0:F>"
    fetcher.answers[MERIDIAN] = A_FEED.replace(b"The Meridian", b"<![CDATA[" + hostile + b"]]>").replace(
        b"Envoys to meet", b"<![CDATA[" + hostile + b"]]>"
    )
    shown = (await add(world, MERIDIAN)).response
    lines = text_of(shown).splitlines()
    assert lines[0].startswith(r"### 📡 \# \*\*x\*\* \[y\]\(https\://evil.example\) @" + "\N{ZERO WIDTH SPACE}")
    await world.moderator.click(shown, label="Add")
    (added,) = await own_feeds(world)
    assert added.feed.outlet.startswith("# **x** [y](https://evil.example) @everyone ```")


async def test_zone_and_language_are_the_servers_where_the_feed_names_none(
    world: World, fetcher: ScriptedFetcher
) -> None:
    await world.transact(lambda work: work.guilds.put(Guild(world.guild.id, zone="Europe/Kyiv", language="uk")))
    fetcher.answers[MERIDIAN] = A_FEED.replace(b"<language>en-gb</language>", b"")
    shown = (await add(world, MERIDIAN)).response
    assert "🗣️ Ukrainian · 🕗 Europe/Kyiv" in text_of(shown)


async def test_a_feed_that_has_moved_for_good_is_kept_at_its_new_address(
    world: World, fetcher: ScriptedFetcher
) -> None:
    new = "https://new.example/rss"
    fetcher.answers[MERIDIAN] = Fetched(new, A_FEED, "", None, None, moved_to=new)
    fetcher.answers[new] = A_FEED
    shown = (await add(world, MERIDIAN)).response
    assert f"```\n{new}\n```" in text_of(shown)


@pytest.mark.parametrize("custom_id", ["newfeed:add:0:en:UTC", "newfeed:change:Ours", "feedlist:add"])
async def test_a_message_that_holds_no_draft_is_told_so(world: World, custom_id: str) -> None:
    message = await world.shown(world.channel, ui.Button(label="x", custom_id=custom_id))
    told = said_after(await world.moderator.click(message, custom_id=custom_id))
    assert "I can no longer read this message." in told


# --- how feeds fare -------------------------------------------------------------------------------------------


async def test_in_direct_messages_the_operators_feeds_are_seen_and_nobody_elses(world: World) -> None:
    await holds(world)
    for command in ("feeds list", "feeds export", "feeds status"):
        told = said_after(await world.analyst.user.slash(command))
        assert "1 feed" in told
        assert "The Meridian" not in told


async def test_why_a_feed_fails_is_told_in_the_readers_language(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    feed = await holds(world)
    why = Reason("the name {host} cannot be found (DNS)", host="meridian.example")
    await stands(world, feed, failures=1, failing_since=MONDAY_NOON, last_error=why)
    known = Words.__call__

    def in_german(words: Words, message: str, /, **holes: object) -> str:
        return known(words, "Den Namen {host} gibt es nicht" if message == why.words else message, **holes)

    monkeypatch.setattr(Words, "__call__", in_german)
    card = (await world.analyst.slash(world.channel, "feeds status", feed="The Meridian")).response
    assert "1 time in a row: Den Namen meridian.example gibt es nicht." in text_of(card)


async def test_when_all_is_well_status_says_so(world: World) -> None:
    (feed,) = await world.database.look(lambda work: tuple(work.feeds.all()))
    await stands(world, feed, last_success_at=MONDAY_NOON, per_day=12.2)
    told = said_after(await world.analyst.slash(world.channel, "feeds status"))
    assert (
        told.replace("\N{NO-BREAK SPACE}", " ")
        == "### 📡 1 feed\n🟢 Read well: 1\n-# None is failing. `/feeds list` has all of them."
    )
    card = text_of((await world.analyst.slash(world.channel, "feeds status", feed="The Lantern")).response)
    assert f"**Last read** <t:{int(MONDAY_NOON.timestamp())}:R>" in card
    assert "**Publishes** about 12 entries a day" in card


async def test_a_feed_that_moved_is_shown_with_where_to(world: World) -> None:
    (feed,) = await world.database.look(lambda work: tuple(work.feeds.all()))
    await stands(world, feed, last_success_at=MONDAY_NOON, moved_to="https://new.example/rss")
    card = text_of((await world.analyst.slash(world.channel, "feeds status", feed="lantern")).response)
    assert r"**Moved to** https\://new.example/rss" in card


async def test_a_feed_whose_hub_tells_of_changes_says_why_it_is_seldom_asked(world: World) -> None:
    (feed,) = await world.database.look(lambda work: tuple(work.feeds.all()))
    await stands(world, feed, last_success_at=MONDAY_NOON, told_until=MONDAY_NOON + timedelta(days=9))
    card = text_of((await world.analyst.slash(world.channel, "feeds status", feed="lantern")).response)
    assert re.search(r"\*\*Next look\*\* <t:\d+:R> · its hub tells us of changes\n", card + "\n")


async def test_only_managers_may_change_what_a_server_added(world: World) -> None:
    await holds(world)
    seen = (await world.analyst.slash(world.channel, "feeds status", feed="The Meridian")).response
    managed = (await world.moderator.slash(world.channel, "feeds status", feed="The Meridian")).response
    assert (list(buttons_of(seen)), list(buttons_of(managed))) == ([], ["Remove…"])


async def test_nobody_in_a_server_takes_away_the_operators_feeds(world: World) -> None:
    for action in ("ask", "remove", "removed"):
        message = await world.shown(world.channel, ui.Button(label="x", custom_id=f"feed:{action}:1"))
        await world.moderator.click(message, custom_id=f"feed:{action}:1")
    (feed,) = await world.database.look(lambda work: tuple(work.feeds.all()))
    assert feed.public


# --- lists ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("document", "line"),
    [
        (b"<rss/>", "I cannot read that list (line 1): it is not OPML. Export it again as OPML."),
        (b"<opml>\n<body>", "I cannot read that list (line 2): it is not well-formed XML."),
        (b"<opml/>", "I cannot read that list: it names no feed."),
        (b"<!DOCTYPE o [<!ENTITY a 'b'>]><opml/>", "it declares an XML entity"),
        (b" " * (LARGEST_LIST + 1), "That file is too large for a list of feeds"),
    ],
)
async def test_what_is_no_list_is_refused_with_why(world: World, document: bytes, line: str) -> None:
    told = await world.moderator.slash(world.channel, "feeds import", file=("mine.opml", document))
    assert line in said_after(told)


async def test_a_list_is_brought_in_as_things_are_when_it_is(world: World) -> None:
    document = b"<opml><outline xmlUrl='https://a.example/f'/><outline xmlUrl='https://b.example/f'/></opml>"
    shown = (await world.moderator.slash(world.channel, "feeds import", file=("f.opml", document))).response
    assert "📥 2 feeds to add" in text_of(shown)
    await holds(world, "https://a.example/f", "Ours")
    await world.moderator.click(shown, label="Add all")
    assert "✅ 1 feed added" in text_of(shown)
    assert sorted(one.feed.outlet for one in await own_feeds(world)) == ["Ours", "b.example"]


async def test_what_one_server_takes_along_another_brings_in(world: World) -> None:
    def write(work: UnitOfWork) -> None:
        work.feeds.follow([an_outlet(f"Outlet {n}", f"https://outlet-{n}.example/rss") for n in range(3)], MONDAY_NOON)

    await world.transact(write)
    (file,) = (await world.analyst.slash(world.channel, "feeds export")).response.attachments
    await world.transact(lambda work: work.feeds.follow([CATALOGUE], MONDAY_NOON))
    answer = await world.moderator.slash(world.channel, "feeds import", file=("feeds.opml", await file.read()))
    assert "📥 3 feeds to add" in said_after(answer)


def test_a_plan_takes_each_address_once_and_no_more_than_there_is_room_for() -> None:
    feeds = [
        OpmlFeed(1, f"Outlet {n}", f"https://outlet-{n % 7}.example/rss", "xx-toolong-toolong-toolong")
        for n in range(9)
    ]
    plan = import_plan(feeds, [a_feed("https://outlet-6.example/rss", "Six")], room=4, language="de")
    assert [one.name for one in plan.new] == ["Outlet 0", "Outlet 1", "Outlet 2", "Outlet 3"]
    assert (plan.known, plan.unusable, plan.beyond) == (("Six",), (), 2)
    wishes = wishes_of(plan, 10, 7, "UTC")
    assert {(one.guild_id, one.added_by, one.language, one.full_text) for one in wishes} == {(10, 7, "de", False)}


# --- what feeds say of themselves -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "language"),
    [
        (b"<rss><channel><language>en-us</language>", "en-us"),
        (b"<rss><channel><language><![CDATA[ UK ]]></language>", "uk"),
        (b"<rdf:RDF><channel><dc:language>fr</dc:language>", "fr"),
        (b'<?xml version="1.0"?>\n<feed xmlns="x" xml:lang="de-CH">', "de-CH"),
        (b'{"version": "https://jsonfeed.org/version/1.1", "language": "es"}', "es"),
        (b'<feed><entry xml:lang="de">', None),
        (b"<rss><channel><language>English, mostly</language>", None),
        (b"", None),
    ],
)
def test_the_language_that_a_feed_names_is_found(body: bytes, language: str | None) -> None:
    assert language_named_in(body) == language


@given(st.binary(max_size=200))
def test_any_body_names_a_language_or_none(body: bytes) -> None:
    assert language_of(language_named_in(b"<language>" + body), "en")


def test_what_names_no_outlet_is_called_by_its_host() -> None:
    assert name_of("  The\nMeridian ", MERIDIAN) == "The Meridian"
    assert name_of("", MERIDIAN) == "meridian.example"
    assert len(name_of("x" * 300, MERIDIAN)) == 80


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        (MERIDIAN, MERIDIAN),
        ("https://a.example/`x`", "https://a.example/%60x%60"),
        ("https://user:secret@a.example/", None),
        ("ftp://a.example/", None),
        ("https://a.example/" + "x" * 600, None),
        ("", None),
    ],
)
def test_an_address_is_kept_that_can_be_shown(url: str, kept: str | None) -> None:
    assert address_of(url) == kept


def test_a_feed_is_known_by_where_it_was_and_where_it_is() -> None:
    feed = a_feed("https://Meridian.example/rss", moved_to="https://new.example/feed")
    for url in ("http://meridian.example/rss", "https://meridian.example/rss/", "https://new.example/feed#top"):
        assert known_at(url, [feed]) is feed
    for url in ("https://meridian.example/RSS", "https://meridian.example/rss?a=1", "https://other.example/feed"):
        assert known_at(url, [feed]) is None


@pytest.mark.parametrize(
    ("per_day", "words"),
    [
        (27.4, "about 27 entries a day"),
        (0.9, "about 1 entry a day"),
        (0.3, "about 2 entries a week"),
        (0.01, "less than one entry a week"),
    ],
)
def test_how_often_a_feed_publishes_is_told_in_whole_entries(per_day: float, words: str) -> None:
    assert rate_words(per_day, IN_ENGLISH) == words


def test_what_a_server_calls_itself_in_a_reason_is_harmless() -> None:
    reason = Reason("the certificate of {host} is not valid (TLS)", host="**x**.example @everyone")
    said = reason_words(reason)
    assert said.startswith(r"the certificate of \*\*x\*\*.example @" + "\N{ZERO WIDTH SPACE}everyone")
