"""Ids that a client has made up: numbers of another server or person in them open nothing and change nothing.

Every component that outlives a restart is tried with every number of what is another's, by somebody who may do all in
a server of their own, there and in direct messages.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import discord
import pytest
from discord import ui
from sqlalchemy import select

from bot.filters import mark_of
from bot.views.order_draft import OrderDraft, packed
from bot.views.rating import Deed
from bot.views.reminders import Answer, Step
from storage.guild_tables import watches
from storage.outcome_tables import answers
from storage.tables import outbox, reminders
from storage.unit_of_work import SqlUnitOfWork
from tests.discord_world import World, discord_world, text_of
from tests.driven_feeds import holds
from tests.driven_orders import written
from tests.everything import said_after
from tests.everything import written as classes
from tests.factories import a_clue, a_topic, a_wish, an_article
from tests.fakes import ScriptedFetcher
from tests.noting import OF_SERVERS
from tests.storing import days, stored, telling
from watchers.audience import Share
from watchers.rating import Outcome, RatingWish
from watchers.settling import set_muted, settle, write_note
from watchers.sharing import open_share

QUOTE, NOTE, MINE, TOPIC, OUTLET = "Sudria will sell its harbour", "between us", "mine alone", "Secret plans", "Hidden"
SECRETS = (QUOTE, NOTE, MINE, TOPIC, OUTLET)
NAMES_NOBODY = {
    *("SetUpItem", "BeginButton", "SubjectMenu", "FoundFeedSelect", "NewFeedButton", "ImportButton"),
    *("FoundButton", "ForgetButton"),
}
"""Components whose ids hold no number of anything stored: they speak of whoever presses, or hold all themselves."""


@pytest.fixture
async def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[World]:
    topics = [a_topic("norland", "Norland")]
    async with discord_world(tmp_path, monkeypatch, fetcher=ScriptedFetcher(), topics=topics) as there:
        yield there


@dataclass(frozen=True)
class Theirs:
    """The numbers of what a server and a person own."""

    followup: int
    feed: int
    topic: int
    order: OrderDraft
    rating: int
    note: int
    suggestion: int
    report: int
    reminder: int
    guild: int


@pytest.fixture
async def theirs(world: World) -> Theirs:
    feed, topic = await holds(world, "https://hidden.example/rss", OUTLET), await written(world, TOPIC)
    guild, analyst, now = world.guild.id, world.analyst.id, world.clock.now()
    await world.follow(a_wish(guild_id=guild, channel_id=world.channel.id, topic=topic.id))
    await world.analyst.slash(world.channel, "remind", when="in 3 days", note=MINE)

    def fill(work: SqlUnitOfWork) -> Theirs:
        article = stored(work, an_article(key="hidden"), feed_id=feed.id)
        own = work.followups.open(article, telling(f"{QUOTE} by Friday.", due=days(2, 6)), ("norland", topic.id))
        rating = settle(work, RatingWish(own.id, guild, analyst, Outcome.BROKEN), now)
        write_note(work, guild, own.id, NOTE, by=analyst, now=now)
        set_muted(work, guild, own.id, muted=True, by=analyst, now=now)
        work.cases.watch(guild, own.id, analyst, wanted=True)
        open_share(work, Share("s" * 43, guild, "*", analyst), now)
        (order,) = work.subscriptions.of_guild(guild)
        (case,) = work.cases.of(guild, [own.id])
        assert rating is not None
        return Theirs(
            followup=own.id,
            feed=feed.id,
            topic=topic.number,
            order=OrderDraft(order.wish, order.id),
            rating=rating.id,
            note=case.notes[0].id,
            suggestion=work.outcomes.suggest(own.id, article, a_clue(), now).id,
            report=work.joining.reports(own.id)[0][0],
            reminder=work.reminders.of_user(analyst)[0][0],
            guild=guild,
        )

    return await world.database.transact(fill)  # type: ignore[arg-type]  # the store's own unit of work


def buttons(theirs: Theirs, listings: set[str]) -> Iterator[tuple[str, str]]:
    """Forged ids, each with the class that answers it."""
    for deed in Deed:
        for more in (theirs.rating, theirs.note, theirs.suggestion, theirs.guild):
            yield "CardButton", f"card:{deed}:{theirs.followup}:a:{more}"
        yield "CardButton", f"card:{deed}:{theirs.followup}:c:{theirs.note}"
    yield "RemindButton", f"remind:{theirs.followup}"
    for number in (theirs.followup, theirs.reminder):
        yield from (("AnswerButton", f"snooze:{number}:{answer}") for answer in Answer)
        yield from (("StepButton", f"reminder:{step}:{number}") for step in Step)
    yield "SameButton", f"same:{theirs.followup}"
    yield "RejoinButton", f"rejoin:{theirs.followup}:{theirs.followup + 1}"
    yield from (("FeedButton", f"feed:{act}:{theirs.feed}") for act in ("ask", "remove", "removed", "keep"))
    yield from (("TopicButton", f"topic:{act}:{theirs.topic}:Ours") for act in ("save", "delete", "keep", "change"))
    draft = packed(theirs.order)
    yield from (("OrderItem", f"o:{act}:1:{draft}"[:100]) for act in ("save", "pause", "resume", "ended", "cancel"))
    mark = mark_of(f"own:{theirs.topic}")
    for listing in sorted(listings):
        yield from (("PageButton", f"page:{listing}:0:{each}") for each in ("", str(theirs.followup), f"{mark}|||||"))
    yield "RecordFileButton", f"record:csv:{mark}||||"


def selects(theirs: Theirs) -> Iterator[tuple[str, str, int]]:
    """Forged selects: the class, the id, and the number that is chosen."""
    yield "CardSelect", "opencard", theirs.followup
    yield "ReportSelect", f"part:{theirs.followup}", theirs.report
    yield "OpenFeed", "feeds:open", theirs.feed
    yield "OpenOrder", "orders:open", theirs.order.order_id or 0
    yield "ReminderSelect", "reminder:choose", theirs.reminder


async def kept(world: World, *, but_of: int) -> dict[str, list[Any]]:
    """All that is stored of servers and people, but of one person what leads to no follow-up."""

    def rows(work: SqlUnitOfWork) -> dict[str, list[Any]]:
        found = {}
        for table in (*OF_SERVERS, watches, answers, reminders, outbox):
            every = work._connection.execute(select(table).order_by(*table.primary_key)).mappings()
            found[table.name] = [dict(row) for row in every if row.get("user_id") != but_of or row.get("followup_id")]
        return found

    return await world.database.look(rows)  # type: ignore[arg-type]  # the store's own unit of work


def read(world: World, result: Any) -> str:
    """All that somebody learns: the words, the title of a form with what it holds, and the files."""
    messages = [one for one in (result.response, *result.followups) if one is not None]
    files = [file for message in messages for file in message.attachments]
    contents = [world.env.backend.cdn.get(file.url).decode("utf-8", "replace") for file in files]
    return "\n".join((said_after(result), str(result.modal or ""), *contents))


def test_every_component_is_tried_or_names_nobody(theirs_shape: Theirs) -> None:
    tried = {name for name, _ in buttons(theirs_shape, {"x"})} | {name for name, _, _ in selects(theirs_shape)}
    assert tried | NAMES_NOBODY == {one.__name__ for one in classes()}
    assert not tried & NAMES_NOBODY


@pytest.fixture
def theirs_shape() -> Theirs:
    return Theirs(1, 1, 1, OrderDraft(a_wish(), 1), 1, 1, 1, 1, 1, 1)


@pytest.mark.parametrize("where", ["in their own server", "in direct messages"])
async def test_numbers_of_others_open_and_change_nothing(world: World, theirs: Theirs, where: str) -> None:
    guild = world.env.create_guild("Elsewhere")
    role = guild.create_role("All", permissions=discord.Permissions(manage_guild=True, manage_messages=True))
    actor: Any = guild.add_member(world.env.create_user("neighbour"), roles=[role])
    channel = guild.create_text_channel("general")
    if where == "in direct messages":
        await actor.slash(channel, "remind", when="in 1 minute", note="x")
        await world.pass_time(timedelta(hours=8))
        actor, channel = actor.user, actor.user.dm_channel
    listings = {name for cog in world.env.bot.cogs.values() for name in cog.listings}
    before = await kept(world, but_of=actor.id)
    for name, custom_id in buttons(theirs, listings):
        button: ui.Button[ui.LayoutView] = ui.Button(label="x", custom_id=custom_id)
        message = await world.shown(channel, button)
        told = read(world, await actor.click(message, custom_id=custom_id)) + text_of(channel.history()[-1])
        assert not [secret for secret in SECRETS if secret in told], (name, custom_id, told)
    for name, custom_id, chosen in selects(theirs):
        options = [discord.SelectOption(label="x", value=str(chosen))]
        message = await world.shown(channel, ui.Select(custom_id=custom_id, options=options))
        told = read(world, await actor.select(message, [str(chosen)])) + text_of(channel.history()[-1])
        assert not [secret for secret in SECRETS if secret in told], (name, custom_id, told)
    assert await kept(world, but_of=actor.id) == before


async def test_their_own_see_what_is_theirs(world: World, theirs: Theirs) -> None:
    """What the others are refused is there to be seen."""
    message = await world.shown(world.channel, ui.Button(label="x", custom_id=f"card:open:{theirs.followup}:a:0"))
    told = said_after(await world.analyst.click(message, label="x"))
    assert QUOTE in told
    assert NOTE in told


async def test_a_note_is_deleted_by_no_number_but_its_author_s(world: World, theirs: Theirs) -> None:
    custom_id = f"card:unnote:{theirs.followup}:a:{theirs.note}"
    message = await world.shown(world.channel, ui.Button(label="x", custom_id=custom_id))
    told = said_after(await world.moderator.click(message, label="x"))
    assert "There is no such note of yours here any more." in told
    (case,) = await world.database.look(lambda work: tuple(work.cases.of(theirs.guild, [theirs.followup])))
    assert [note.text for note in case.notes] == [NOTE]
    assert "Your note is deleted." in said_after(await world.analyst.click(message, label="x"))
