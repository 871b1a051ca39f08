"""Scenarios: how feeds fare, and the feeds that a server adds, takes away, takes along and brings in."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from config.opml import feeds_in
from tests.discord_world import World, buttons_of, text_of
from tests.everything import drives, said_after, typing
from tests.factories import MONDAY_NOON, an_outlet
from watchers.feed_model import FeedState, GuildFeed, GuildFeedWish, Reason

MERIDIAN = "https://meridian.example/rss"
SITE = "https://sud.example/"
A_FEED = b"""<?xml version="1.0"?>
<rss version="2.0"><channel><title>The Meridian</title><language>en-gb</language>
<item><title>Envoys to meet</title><link>https://meridian.example/2</link><guid>2</guid>
<pubDate>Mon, 02 Mar 2026 10:00:00 GMT</pubDate><description>The envoys of Norland meet again.</description></item>
<item><title>Port to open</title><link>https://meridian.example/1</link><guid>1</guid>
<pubDate>Sun, 01 Mar 2026 09:00:00 GMT</pubDate><description>Norland opens a port.</description></item>
</channel></rss>
"""
A_SITE = b"""<!doctype html><html><head><title>Le Sud</title>
<link rel="alternate" type="application/rss+xml" title="News" href="https://sud.example/news.xml">
<link rel="alternate" type="application/rss+xml" title="Sport" href="https://sud.example/sport.xml">
</head><body></body></html>
"""
IN_FRENCH = A_FEED.replace(b"en-gb", b"fr")
WEB = {MERIDIAN: A_FEED, SITE: A_SITE, **dict.fromkeys((f"{SITE}news.xml", f"{SITE}sport.xml"), IN_FRENCH)}
"""What the world's fetcher must answer for these scenarios."""


async def own_feeds(world: World) -> list[GuildFeed]:
    return list(await world.database.look(lambda work: work.guild_feeds.of(world.guild.id)))


async def holds(world: World, url: str = MERIDIAN, name: str = "The Meridian", guild_id: int = 0) -> FeedState:
    """Let a server hold a feed without a command."""
    guild = guild_id or world.guild.id
    wish = GuildFeedWish(guild, url, name, "en", "UTC", full_text=False, added_by=world.moderator.id)
    return await world.transact(lambda work: work.guild_feeds.add(wish, world.clock.now()))


async def stands(world: World, feed: FeedState, **as_it_is: Any) -> None:
    """Let a feed stand so after its latest poll."""
    now = world.clock.now()
    polled = replace(feed, polled_at=now, next_poll_at=now + timedelta(days=9), **as_it_is)
    await world.transact(lambda work: work.feeds.record([polled]))


async def eleven(world: World) -> None:
    """The operator's feeds, more than a page of them; all but one fail."""
    outlets = [an_outlet(f"Outlet {n:02}", f"https://outlet-{n}.example/rss") for n in range(12)]
    await world.transact(lambda work: work.feeds.follow(outlets, MONDAY_NOON))
    busy = Reason("the name {host} cannot be found (DNS)", host="outlet.example")
    for feed in await world.database.look(lambda work: tuple(work.feeds.all())):
        fails = {"failures": 3, "failing_since": MONDAY_NOON, "last_error": busy}
        await stands(world, feed, **({"last_success_at": MONDAY_NOON} if feed.outlet == "Outlet 00" else fails))


@drives("/feeds list", "PageButton feeds", "OpenFeed")
async def feeds(world: World) -> None:
    await eleven(world)
    await holds(world)
    shown = (await world.analyst.slash(world.channel, "feeds list")).response
    assert "📡 13 feeds" in text_of(shown)
    assert "🔴 Failing: the name outlet.example cannot be found" in text_of(shown)
    await world.analyst.click(shown, label="Next ▶")
    assert "Page 2 of 2" in text_of(shown)
    assert "**The Meridian** · meridian.example · ✍️ added here\n⚪ Not read yet" in text_of(shown)
    card = (await world.analyst.select(shown, ["12"], custom_id="feeds:open")).response
    assert "### 🟢 Outlet 00\nIt is read well." in text_of(card)


@drives("/feeds status", typing("/feeds status", "feed"), "PageButton feedtrouble")
async def how_feeds_fare(world: World) -> None:
    await eleven(world)
    shown = (await world.analyst.slash(world.channel, "feeds status")).response
    assert "### 📡 12 feeds\n🟢 Read well: 1 · 🔴 Failing: 11" in text_of(shown).replace("\N{NO-BREAK SPACE}", " ")
    await world.analyst.click(shown, label="Next ▶")
    assert "Page 2 of 2" in text_of(shown)
    found = await world.analyst.autocomplete(world.channel, "feeds status", "feed", "outlet-7")
    assert [one["name"] for one in found] == ["Outlet 07 · outlet-7.example"]
    card = (await world.analyst.slash(world.channel, "feeds status", feed=found[0]["value"])).response
    told = text_of(card)
    assert "### 🔴 Outlet 07\nFailing since <t:1772452800:R>, 3 times in a row: the name outlet.example" in told
    assert "**Last read** never\n**Next look** <t:" in told
    refused = await world.analyst.slash(world.channel, "feeds status", feed="nowhere")
    assert "There is no feed “nowhere” here." in said_after(refused)


@drives("/feeds status", "FeedButton ask", "FeedButton remove", "FeedButton keep")
async def a_feed_that_is_gone_is_asked_again(world: World) -> None:
    feed = await holds(world)
    gone = Reason("the feed is gone for good (410)")
    await stands(world, feed, stopped=True, failures=1, failing_since=MONDAY_NOON, last_error=gone)
    seen = (await world.analyst.slash(world.channel, "feeds status", feed="The Meridian")).response
    assert "### ⚫ The Meridian\nIts server says that it is gone for good, so I ask it no more." in text_of(seen)
    assert "**Next look**" not in text_of(seen)
    assert buttons_of(seen) == {}
    card = (await world.moderator.slash(world.channel, "feeds status", feed="The Meridian")).response
    await world.moderator.click(card, label="Remove…")
    assert "Remove the feed The Meridian?" in text_of(card)
    await world.moderator.click(card, label="Keep it")
    assert "### ⚫ The Meridian" in text_of(card)
    await world.moderator.click(card, label="Ask again")
    assert "### 🔴 The Meridian" in text_of(card)
    (asked,) = await own_feeds(world)
    assert not asked.feed.stopped
    assert asked.feed.next_poll_at == world.clock.now()


@drives("/feeds add", "form NewFeedForm", *(f"NewFeedButton {one}" for one in ("add", "change", "drop")))
async def one_is_added(world: World) -> None:
    shown = (await world.moderator.slash(world.channel, "feeds add", url=MERIDIAN)).response
    told = text_of(shown)
    assert told.startswith(f"### 📡 The Meridian\n📝 Not added yet\n```\n{MERIDIAN}\n```")
    assert "📰 2 entries · about " in told
    assert "\n📄 Summaries, and I read no more than they say\n" in told
    assert "🗣️ English · 🕗 UTC" in told
    assert "• Envoys to meet · <t:1772445600:R>\n• Port to open · <t:" in told
    assert "What it says is told in this server alone." in told
    assert await own_feeds(world) == []
    form = await world.moderator.click(shown, label="Change…")
    await world.moderator.submit_modal(form, {"name": "Meridian: ours", "zone": "Zzzz", "pages": ["1"]})
    assert "⚠️ I know no zone “Zzzz”" in text_of(shown)
    form = await world.moderator.click(shown, label="Change…")
    await world.moderator.submit_modal(form, {"name": "Meridian: ours", "zone": "Geneva", "pages": ["1"]})
    assert "Summaries, so I read the linked pages as well" in text_of(shown)
    await world.moderator.click(shown, label="Add")
    assert "✅ Added: **Meridian: ours**" in text_of(shown)
    (added,) = await own_feeds(world)
    assert (added.feed.url, added.feed.outlet, added.feed.language) == (MERIDIAN, "Meridian: ours", "en-gb")
    assert (added.feed.time_zone, added.feed.full_text, added.feed.public) == ("Europe/Zurich", True, False)
    assert added.added_by == world.moderator.id
    again = await world.moderator.slash(world.channel, "feeds add", url=MERIDIAN)
    assert "This server has added **Meridian: ours** already." in said_after(again)
    other = (await world.moderator.slash(world.channel, "feeds add", url="https://sud.example/news.xml")).response
    await world.moderator.click(other, label="Cancel")
    assert text_of(other) == "Nothing was changed."


@drives("/feeds add", "FoundFeedSelect", "NewFeedButton add")
async def one_of_several_is_added(world: World) -> None:
    shown = (await world.moderator.slash(world.channel, "feeds add", url="sud.example/")).response
    assert "### 📡 This site has 2 feeds" in text_of(shown)
    await world.moderator.select(shown, ["https://sud.example/news.xml"], custom_id="foundfeed")
    assert "🗣️ French" in text_of(shown)
    assert "I understand English alone" in text_of(shown)
    await world.moderator.click(shown, label="Add")
    assert [one.feed.url for one in await own_feeds(world)] == ["https://sud.example/news.xml"]


@drives("/feeds remove", typing("/feeds remove", "feed"), "FeedButton keep", "FeedButton removed")
async def one_is_taken_away(world: World) -> None:
    await eleven(world)
    feed = await holds(world)
    found = await world.moderator.autocomplete(world.channel, "feeds remove", "feed", "")
    assert [one["value"] for one in found] == [str(feed.id)]
    asked = (await world.moderator.slash(world.channel, "feeds remove", feed=str(feed.id))).response
    await world.moderator.click(asked, label="Keep it")
    assert len(await own_feeds(world)) == 1
    asked = (await world.moderator.slash(world.channel, "feeds remove", feed="the meridian")).response
    await world.moderator.click(asked, label="Remove it")
    assert "Removed: **The Meridian**" in text_of(asked)
    assert await own_feeds(world) == []
    none = await world.moderator.slash(world.channel, "feeds remove", feed="The Meridian")
    assert "This server has added no feeds" in said_after(none)


@drives("/feeds export")
async def taken_along(world: World) -> None:
    await eleven(world)
    await holds(world)
    await holds(world, "https://theirs.example/rss", "Theirs", guild_id=4242)
    answer = await world.analyst.slash(world.channel, "feeds export")
    assert "📡 13 feeds" in said_after(answer)
    (file,) = answer.response.attachments
    listed = feeds_in(await file.read())
    assert [one.title for one in listed] == ["The Meridian", *(f"Outlet {n:02}" for n in range(12))]


@drives("/feeds import", "ImportButton add", "ImportButton drop")
async def brought_in(world: World) -> None:
    await eleven(world)
    listed = [
        "<outline text='Le Sud' xmlUrl='https://sud.example/news.xml' language='fr'/>",
        "<outline xmlUrl='https://nameless.example/rss'/>",
        "<outline text='Known' xmlUrl='http://outlet-3.example/rss/'/>",
        "<outline text='Bad' xmlUrl='http://10.0.0.7/rss'/><outline text='Worse' xmlUrl='file:///etc/passwd'/>",
    ]
    file = ("mine.opml", f"<opml><body>{''.join(listed)}</body></opml>".encode())
    for label in ("Cancel", "Add all"):
        shown = (await world.moderator.slash(world.channel, "feeds import", file=file)).response
        told = text_of(shown)
        assert told.startswith("### 📥 2 feeds to add\n• **Le Sud** · sud.example/news.xml\n")
        assert "✅ 1 is read here already:\nOutlet 03" in told
        assert "⚠️ 2 cannot be addresses of feeds:" in told
        assert await own_feeds(world) == []
        await world.moderator.click(shown, label=label)
    assert "✅ 2 feeds added" in text_of(shown)
    assert {one.feed.outlet: one.feed.language for one in await own_feeds(world)} == {
        "Le Sud": "fr",
        "nameless.example": "en",
    }
