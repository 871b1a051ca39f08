"""A server's own topics: written in a form, tried on last week's news, saved, changed, deleted; by its managers."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import discord
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cogs.topics import MOST_TOPICS
from bot.views.topics import LONGEST_TOPIC_NAME, one_line, pointed_at
from tests import openapi
from tests.discord_world import World, buttons_of, discord_world, text_of
from tests.factories import MONDAY_NOON, THIS_WEEK, a_statement, a_telling, a_topic, a_wish, an_article, an_outlet
from tests.fakes import ScriptedFetcher
from tests.storing import stored
from watchers.audience import GuildTopic, GuildTopicWish
from watchers.matcher.queries import LONGEST_QUERY, Fault, QueryError, parse
from watchers.own_topics import put_own_topic
from watchers.ports import UnitOfWork

TOPICS = [a_topic("norland", "Norland"), a_topic("grain-deal", "grain")]


@pytest.fixture
async def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[World]:
    async with discord_world(tmp_path, monkeypatch, fetcher=ScriptedFetcher(), topics=TOPICS) as there:
        yield there


async def say(world: World, quote: str) -> None:
    """Let an article of today tell a follow-up."""
    article = an_article(quote, key=quote, title="")
    statement = replace(a_statement(quote, due=THIS_WEEK), start=0, end=len(quote))

    def work(unit: UnitOfWork) -> None:
        unit.feeds.follow([an_outlet()], MONDAY_NOON)
        article_id = stored(unit, article)
        unit.followups.open(article_id, a_telling(statement, title=""), ())

    await world.transact(work)


async def own(world: World) -> list[GuildTopic]:
    return list((await world.database.look(lambda work: work.guilds.get(world.guild.id))).topics)


async def written(world: World, name: str = "Harvest", query: str = "harvest", guild_id: int = 0) -> GuildTopic:
    wish = GuildTopicWish(guild_id or world.guild.id, name, query, 7)
    topic, _ = await world.transact(partial(put_own_topic, wish=wish, now=MONDAY_NOON))
    return topic


async def typed(world: World, name: str, query: str, shown: Any = None) -> Any:
    """Fill the form that `/topics create` shows (or a button's); return the message that answers."""
    form = shown or await world.moderator.slash(world.channel, "topics create")
    assert form.modal is not None
    return await world.moderator.submit_modal(form, {"name": name, "query": query})


def faults_of(world: World) -> list[str]:
    return [fault for request in world.env.http_requests for fault in openapi.faults(request)]


async def test_a_topic_is_tried_before_it_is_saved_and_then_offered_here(world: World) -> None:
    await say(world, "Norland will sell its harvest by Friday.")
    await say(world, "Norland will leave by Friday.")
    shown = (await typed(world, "Harvest", "harvest* OR wheat")).response
    assert shown.ephemeral
    assert "It would have caught 1 follow-up of the 2 told in the last week." in text_of(shown)
    assert "will sell its harvest" in text_of(shown)
    assert "will leave" not in text_of(shown)
    assert await own(world) == []
    await world.moderator.click(shown, label="Save")
    assert "Saved: **Harvest**\n1 follow-up of the last week is under it already." in text_of(shown)
    (topic,) = await own(world)
    assert topic.wish == GuildTopicWish(world.guild.id, "Harvest", "harvest* OR wheat", world.moderator.id)
    offered = await world.moderator.autocomplete(world.channel, "subscribe", "topic", "harv")
    assert offered == [{"name": "Harvest", "value": topic.id}]
    assert "**Harvest** · ✍️ written here\nharvest\\* OR wheat" in text_of(
        (await world.analyst.slash(world.channel, "topics list")).response
    )


async def test_a_fault_is_shown_at_its_place_and_the_form_comes_back_with_what_was_typed(world: World) -> None:
    shown = (await typed(world, "Harvest", "grain AND country:Atlantis")).response
    text = text_of(shown)
    assert "I know no country “Atlantis”" in text
    assert "```\ngrain AND country:Atlantis\n                  ^^^^^^^^\n```" in text
    assert list(buttons_of(shown)) == ["Change…", "Cancel"]
    again = await world.moderator.click(shown, label="Change…")
    inputs = [label["component"] for label in again.modal["components"] if label["type"] == 18]
    assert [one["value"] for one in inputs] == ["Harvest", "grain AND country:Atlantis"]
    await typed(world, "Harvest", "grain AND country:UA", again)
    assert "It would have caught 0 follow-ups" in text_of(shown)
    await world.moderator.click(shown, label="Save")
    assert [topic.wish.query for topic in await own(world)] == ["grain AND country:UA"]


async def test_a_draft_outlives_a_restart_and_keeps_every_letter(world: World) -> None:
    name, query = "Зерно: «угода» `x` ```", 'зерн* OR "угода" -```x a`b'
    shown = (await typed(world, name, query)).response
    assert text_of(shown).replace("\\`", "").count("```") == 2  # nothing typed ends the block
    await world.pass_time(timedelta(days=1))
    await world.restart()
    again = await world.moderator.click(shown, label="Change…")
    inputs = [label["component"] for label in again.modal["components"] if label["type"] == 18]
    assert [one["value"] for one in inputs] == [name, query]


async def test_a_draft_may_be_dropped(world: World) -> None:
    shown = (await typed(world, "Harvest", "harvest")).response
    await world.moderator.click(shown, label="Cancel")
    assert text_of(shown) == "Nothing was changed."
    assert await own(world) == []


@pytest.mark.parametrize("name", ["Norland", "grain-DEAL", " hARVEST "])
async def test_a_name_that_is_taken_is_told(world: World, name: str) -> None:
    await written(world)
    shown = (await typed(world, name, "wheat")).response
    assert "There is a topic of that name already" in text_of(shown)
    assert "Save" not in buttons_of(shown)


async def test_a_name_taken_while_it_was_tried_is_told_at_saving(world: World) -> None:
    shown = (await typed(world, "Harvest", "wheat")).response
    await written(world)
    await world.moderator.click(shown, label="Save")
    assert "There is a topic of that name already" in text_of(shown)
    assert [topic.wish.query for topic in await own(world)] == ["harvest"]


async def test_editing_changes_name_and_query_and_keeps_the_subscriptions(world: World) -> None:
    topic = await written(world)
    await world.follow(a_wish(guild_id=world.guild.id, channel_id=world.channel.id, topic=topic.id))
    assert await world.moderator.autocomplete(world.channel, "topics edit", "topic", "har") == [
        {"name": "Harvest", "value": topic.id}
    ]
    form = await world.moderator.slash(world.channel, "topics edit", topic="harvest")
    shown = (await typed(world, "Crops", "crop*", form)).response
    await world.moderator.click(shown, label="Save")
    (changed,) = await own(world)
    assert (changed.id, changed.wish.name, changed.wish.query) == (topic.id, "Crops", "crop*")
    assert len(await world.database.look(lambda work: work.subscriptions.of_guild(world.guild.id))) == 1


async def test_what_was_deleted_meanwhile_is_told(world: World) -> None:
    topic = await written(world)
    form = await world.moderator.slash(world.channel, "topics edit", topic=topic.id)
    await world.transact(lambda work: work.guilds.delete_topic(world.guild.id, topic.id))
    assert "deleted meanwhile" in text_of((await typed(world, "Crops", "crop*", form)).response)


async def test_deleting_says_what_goes_with_it_and_asks_once(world: World) -> None:
    topic = await written(world)
    await world.follow(a_wish(guild_id=world.guild.id, channel_id=world.channel.id, topic=topic.id))
    shown = (await world.moderator.slash(world.channel, "topics delete", topic=topic.id)).response
    assert "Delete the topic Harvest?" in text_of(shown)
    assert f"1 subscription ends with it, and its reminders are cancelled: {world.channel.mention}" in text_of(shown)
    await world.moderator.click(shown, label="Keep it")
    assert await own(world) == [topic]
    shown = (await world.moderator.slash(world.channel, "topics delete", topic="Harvest")).response
    await world.restart()
    await world.moderator.click(shown, label="Delete it")
    assert "Deleted: **Harvest**" in text_of(shown)
    assert await own(world) == []
    assert await world.database.look(lambda work: list(work.subscriptions.of_guild(world.guild.id))) == []


async def test_deleting_twice_is_told(world: World) -> None:
    topic = await written(world)
    first = (await world.moderator.slash(world.channel, "topics delete", topic=topic.id)).response
    assert "No channel is subscribed to it." in text_of(first)
    second = (await world.moderator.slash(world.channel, "topics delete", topic=topic.id)).response
    await world.moderator.click(first, label="Delete it")
    await world.moderator.click(second, label="Delete it")
    assert len(world.refusals()) == 0
    assert "Deleted" not in text_of(second)


async def test_a_query_is_tried_without_being_saved(world: World) -> None:
    await say(world, "Norland will sell its harvest by Friday.")
    shown = (await world.moderator.slash(world.channel, "topics test", query="harvest")).response
    assert "It would have caught 1 follow-up of the 1" in text_of(shown)
    assert list(buttons_of(shown)) == ["Change…", "Cancel"]
    form = await world.moderator.click(shown, label="Change…")
    await typed(world, "Harvest", "harvest", form)
    assert "Save" in buttons_of(shown)


async def test_queries_written_before_are_offered_to_try(world: World) -> None:
    await written(world)
    assert await world.moderator.autocomplete(world.channel, "topics test", "query", "har") == [
        {"name": "harvest", "value": "harvest"}
    ]
    assert await world.moderator.autocomplete(world.channel, "topics test", "query", "zzz") == []


async def test_only_five_examples_are_shown(world: World) -> None:
    for number in range(7):
        await say(world, f"Norland will sell harvest {number} by Friday.")
    text = text_of((await world.moderator.slash(world.channel, "topics test", query="harvest")).response)
    assert "It would have caught 7 follow-ups of the 7" in text
    assert text.count("`#") == 5
    assert "The newest 5 are shown." in text


async def test_another_servers_topics_are_neither_offered_nor_named(world: World) -> None:
    stranger = await written(world, "Secret plans", guild_id=1)
    await say(world, "Norland will harvest by Friday.")
    offered = await world.moderator.autocomplete(world.channel, "subscribe", "topic", "")
    assert stranger.id not in [choice["value"] for choice in offered]
    assert "Secret" not in text_of((await world.moderator.slash(world.channel, "topics list")).response)
    await world.moderator.slash(world.channel, "topics edit", topic=stranger.id)
    await world.moderator.slash(world.channel, "subscribe", topic=stranger.id)
    refused = world.refusals()
    assert refused[0].startswith("This server has no topics of its own yet")
    assert refused[1].startswith(f"There is no topic “{stranger.id}”")


async def test_a_topic_nobody_wrote_is_told_with_those_there_are(world: World) -> None:
    await written(world)
    await world.moderator.slash(world.channel, "topics delete", topic="grain-deal")
    assert world.refusals() == ["“grain-deal” is no topic of this server's own: **Harvest**."]


async def test_a_server_writes_no_more_topics_than_can_be_offered(world: World) -> None:
    form = await world.moderator.slash(world.channel, "topics create")
    shown = (await typed(world, "One more", "wheat", form)).response
    for number in range(MOST_TOPICS):
        await written(world, f"Topic {number}")
    await world.moderator.click(shown, label="Save")
    await world.moderator.slash(world.channel, "topics create")
    assert world.refusals() == [f"A server has at most {MOST_TOPICS} topics of its own: delete one first."] * 1
    assert len(await own(world)) == MOST_TOPICS


@pytest.mark.parametrize(
    ("command", "options"),
    [("create", {}), ("edit", {"topic": "Harvest"}), ("delete", {"topic": "Harvest"}), ("test", {"query": "wheat"})],
)
async def test_only_managers_write_topics(world: World, command: str, options: dict[str, str]) -> None:
    await written(world)
    answer = await world.analyst.slash(world.channel, f"topics {command}", **options)
    assert text_of(answer.response) == "You need the **Manage Server** permission in this server for that."
    for option, value in options.items():
        assert await world.analyst.autocomplete(world.channel, f"topics {command}", option, value) == []
    assert all(isinstance(error, discord.app_commands.MissingPermissions) for error in world.env.errors)
    world.env._errors.clear()


async def test_topics_are_written_in_servers_only_and_listed_anywhere(world: World) -> None:
    listed = await world.analyst.user.slash("topics list")
    assert "**Norland**" in text_of(listed.response)
    answer = await world.analyst.user.slash("topics create")
    assert text_of(answer.response) == "That works in a server only."
    world.env._errors.clear()


@openapi.needs_document
async def test_all_that_is_sent_is_valid_at_its_largest(world: World) -> None:
    name = "ش" * LONGEST_TOPIC_NAME
    await say(world, "الوزير harvest " * 40)
    query = f'harvest OR "x{"`" * (LONGEST_QUERY - 15)}"'
    shown = (await typed(world, name, query)).response
    await world.moderator.click(shown, label="Change…")
    await world.moderator.click(shown, label="Save")
    for number in range(MOST_TOPICS - 2):
        await written(world, f"{number:02}" + "ш" * (LONGEST_TOPIC_NAME - 2), "x" * LONGEST_QUERY)
    await typed(world, "x", "(" * LONGEST_QUERY)
    await world.moderator.slash(world.channel, "topics list")
    deleting = (await world.moderator.slash(world.channel, "topics delete", topic=name)).response
    await world.moderator.click(deleting, label="Delete it")
    assert len(await own(world)) == MOST_TOPICS - 2
    assert faults_of(world) == []


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("grain AND", "grain AND\n      ^^^"),
        ("", "\n^"),
        ("“x", "“x\n^"),
        ("停火 gr*in", "停火 gr*in\n     ^^^^^"),
        ("w" * 40 + " gr*in " + "w" * 40, "…" + "w" * 16 + " gr*in " + "w" * 11 + "…\n" + " " * 18 + "^^^^^"),
    ],
)
def test_carets_stand_below_the_fault(query: str, shown: str) -> None:
    with pytest.raises(QueryError) as raised:
        parse(query)
    assert pointed_at(query, raised.value) == shown


@given(query=st.text(max_size=60), at=st.integers(0, 60), length=st.integers(1, 300))
def test_any_fault_is_shown_in_two_narrow_lines(query: str, at: int, length: int) -> None:
    query = one_line(query)
    lines = pointed_at(query, QueryError(Fault.MISSING, min(at, len(query)), length)).split("\n")
    assert len(lines) == 2
    assert "^" in lines[1]
    assert len(lines[0]) <= 36


@given(st.text())
def test_one_line_shows_all_it_holds(text: str) -> None:
    line = one_line(text)
    assert "\n" not in line
    assert one_line(line) == line
    assert not {"\u202e", "\u2066", "\u200b", "\x00"} & set(line)
