"""The view in which a subscription is composed: every select, button and form of it, also after a restart."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import discord
import pytest
from simcord.backend.models.channel import Overwrite
from simcord.enums import ChannelType, OverwriteType

from tests import openapi
from tests.discord_world import World, buttons_of, discord_world, text_of
from tests.factories import MONDAY_NOON, THIS_WEEK, a_statement, a_telling, a_topic, a_wish
from tests.fakes import ScriptedFetcher
from tests.storing import opened
from watchers.audience import Dating, GuildTopicWish, Place, QuietHours, Rhythm, Subscription, Wants
from watchers.model import Kind, Precision
from watchers.own_topics import put_own_topic

TOPICS = [a_topic("norland", "Norland"), a_topic("sudria", "Sudria")]


@pytest.fixture
async def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[World]:
    async with discord_world(tmp_path, monkeypatch, fetcher=ScriptedFetcher(), topics=TOPICS) as there:
        yield there


async def stored(world: World) -> list[Subscription]:
    return list(await world.database.look(lambda work: work.subscriptions.of_guild(world.guild.id)))


async def begun(world: World, topic: str = "norland", **options: Any) -> Any:
    """Open the view of a new or known subscription."""
    return (await world.moderator.slash(world.channel, "subscribe", topic=topic, **options)).response


def ids_of(message: Any) -> dict[str, str]:
    """The ids of all that can be pressed in a message, by what it is for."""

    def walk(components: list[dict[str, Any]]) -> list[str]:
        return [
            found
            for one in components
            for found in (*([one["custom_id"]] if "custom_id" in one else []), *walk(one.get("components", [])))
        ]

    return {each.split(":")[1]: each for each in walk(message.components)}


async def choose(world: World, message: Any, action: str, *values: Any) -> Any:
    return await world.moderator.select(message, values, custom_id=ids_of(message)[action])


async def press(world: World, message: Any, action: str) -> Any:
    return await world.moderator.click(message, custom_id=ids_of(message)[action])


async def fill(world: World, message: Any, action: str, **values: str) -> Any:
    """Open a form from its button, and submit it."""
    return await world.moderator.submit_modal(await press(world, message, action), values)


def said_to(answer: Any) -> str:
    """What an interaction answered beside the view."""
    return "\n".join(text_of(one) for one in answer.followups)


async def test_everything_can_be_set_and_is_saved_as_it_reads(world: World) -> None:
    role = world.guild.create_role("Desk", mentionable=True)
    view = await begun(world)
    assert "📝 Draft: not saved yet" in text_of(view)
    await choose(world, view, "kinds", "deadline", "event")
    await choose(world, view, "dating", "exact")
    await choose(world, view, "outlets", "3")
    await fill(world, view, "names", speakers=" Ana  Ode, Ben Fall ,", countries="Ukraine, fr; kyiv")
    await press(world, view, "when")
    await choose(world, view, "rhythm", "weekly4")
    await choose(world, view, "hour", "7")
    await choose(world, view, "leads", "-1", "7", "0")
    await fill(world, view, "quiet", hours="22:00 to 6")
    await world.pass_time(timedelta(days=1))
    await world.restart()
    await press(world, view, "where")
    await choose(world, view, "role", role)
    await choose(world, view, "place", "threads")
    await choose(world, view, "language", "uk")
    assert await stored(world) == []
    await press(world, view, "save")
    (order,) = await stored(world)
    assert order.wish == replace(
        a_wish(guild_id=world.guild.id, channel_id=world.channel.id, hour=7),
        created_by=world.moderator.id,
        wants=Wants(
            frozenset({Kind.DEADLINE, Kind.EVENT}), ("Ana Ode", "Ben Fall"), frozenset({"UA", "FR"}), Dating.EXACT, 3
        ),
        rhythm=Rhythm.WEEKLY,
        digest_weekday=4,
        lead_days=(7, 0, -1),
        quiet=QuietHours(22, 6),
        role_id=role.id,
        place=Place.THREADS,
        language="uk",
    )
    text = text_of(view)
    for part in (
        "### 🔔 Norland\n🟢 Active",
        "⏳ Deadlines and 📅 Events · Only with an exact date · said by Ana Ode or Ben Fall · concerning France or ",
        "France or Ukraine · from 3 outlets on",
        "A digest every week (Friday) at 07:00 · quiet 22:00–06:00 · UTC",
        f"{world.channel.mention} · A thread for each follow-up · pings {role.mention} · Українська",
        "✅ Subscribed.",
    ):
        assert part in text


async def test_a_channel_that_follows_the_topic_already_has_its_subscription_opened(world: World) -> None:
    await begun(world, kinds="Events", reminders="No reminders")
    view = await begun(world)
    assert "🟢 Active" in text_of(view)
    await choose(world, view, "dating", "dated")
    assert "📝 Changes not saved yet" in text_of(view)
    await press(world, view, "save")
    assert "✅ Changed." in text_of(view)
    (order,) = await stored(world)
    assert (order.wish.wants.kinds, order.wish.wants.dating) == (frozenset({Kind.EVENT}), Dating.DATED)
    assert order.wish.lead_days == ()


async def test_options_given_again_change_these_and_leave_the_others(world: World) -> None:
    await begun(world, kinds="Events", reminders="No reminders")
    view = await begun(world, rhythm="daily")
    assert "✅ Changed." in text_of(view)
    (order,) = await stored(world)
    assert (order.wish.wants.kinds, order.wish.rhythm, order.wish.lead_days) == (
        frozenset({Kind.EVENT}),
        Rhythm.DAILY,
        (),
    )


async def test_cancelling_saves_nothing_and_forgets_changes(world: World) -> None:
    view = await begun(world)
    await press(world, view, "cancel")
    assert text_of(view) == "Cancelled: nothing was saved."
    view = await begun(world, rhythm="daily")
    await press(world, view, "when")
    await choose(world, view, "rhythm", "instant")
    await press(world, view, "cancel")
    assert "A digest every day at 08:00" in text_of(view)
    assert "🟢 Active" in text_of(view)
    assert [order.wish.rhythm for order in await stored(world)] == [Rhythm.DAILY]


async def test_choices_can_be_taken_back(world: World) -> None:
    role = world.guild.create_role("Desk", mentionable=True)
    view = await begun(world, role=role, kinds="Events")
    await fill(world, view, "names", speakers="Ana Ode", countries="UA")
    await fill(world, view, "names", speakers="", countries="")
    await press(world, view, "when")
    await fill(world, view, "quiet", hours="22-7")
    await fill(world, view, "quiet", hours=" ")
    await choose(world, view, "leads")
    await press(world, view, "where")
    await choose(world, view, "role")
    await choose(world, view, "language", "de")
    await choose(world, view, "language", "-")
    await press(world, view, "save")
    (order,) = await stored(world)
    wish = order.wish
    assert (wish.wants.speakers, wish.wants.countries, wish.quiet, wish.lead_days) == ((), frozenset(), None, ())
    assert (wish.role_id, wish.language) == (None, None)


@pytest.mark.parametrize(
    ("speakers", "countries", "line"),
    [
        ("", "Atlantis", "I know no country “Atlantis”"),
        ("", "EU", "I know no country “EU”"),
        ("a, b, c, d, e, f", "", "At most 5 names"),
        ("x" * 101, "", "At most 5 names, with 100 characters together"),
        ("!!!", "", "“!!!” is no name"),
        ("", "UA,FR,DE,PL,IT,ES,PT,NL,BE,LU,AT,CH,CZ,SK,HU,RO", "At most 15 countries"),
    ],
)
async def test_names_that_are_not_understood_are_told_and_change_nothing(
    world: World, speakers: str, countries: str, line: str
) -> None:
    view = await begun(world)
    before = text_of(view)
    answer = await fill(world, view, "names", speakers=speakers, countries=countries)
    assert line in said_to(answer)
    assert text_of(view) == before


@pytest.mark.parametrize("typed", ["soon", "7-7", "22-25", "22:30-7", "0-24", "22", "1-2-3"])
async def test_hours_that_are_not_understood_are_told(world: World, typed: str) -> None:
    view = await begun(world)
    await press(world, view, "when")
    assert "Write two different full hours" in said_to(await fill(world, view, "quiet", hours=typed))
    assert "quiet" not in text_of(view)


async def test_a_preview_counts_what_the_last_week_would_have_brought_and_shows_five(world: World) -> None:
    for number in range(7):
        statement = a_statement(f"Norland will act {number} times by Friday.", due=THIS_WEEK)
        await opened(world.database, a_telling(statement))
    undated = a_statement("Norland will act.", due=None, precision=Precision.NONE, kind=Kind.COMMITMENT)
    await opened(world.database, a_telling(undated))
    old = MONDAY_NOON - timedelta(days=8)
    await opened(world.database, a_telling(a_statement("Norland will have acted by Friday."), published=old))
    await opened(world.database, a_telling(a_statement("Sudria will act by Friday.")), "sudria")
    view = await begun(world)
    await choose(world, view, "dating", "dated")
    answer = await press(world, view, "preview")
    text = text_of(answer.response)
    assert answer.ephemeral
    assert "👁️ In the last week: 7 follow-ups" in text
    assert text.count("`#") == 5
    assert "📝 Draft" in text_of(view)


async def test_a_preview_of_every_topic_and_of_one_kind_looks_everywhere(world: World) -> None:
    await opened(world.database, a_telling(a_statement("Sudria will act by Friday.")), "sudria")
    await opened(world.database, a_telling(a_statement("They will meet.", kind=Kind.EVENT)), "sudria")
    view = await begun(world, "*")
    await choose(world, view, "kinds", "event")
    text = text_of((await press(world, view, "preview")).response)
    assert "In the last week: 1 follow-up\n" in text
    assert "They will meet" in text


async def test_pausing_and_resuming_take_effect_at_once(world: World) -> None:
    view = await begun(world, rhythm="instant")
    await press(world, view, "pause")
    assert "⏸️ Paused" in text_of(view)
    assert [order.wish.paused for order in await stored(world)] == [True]
    assert "⏸️ Paused" in text_of((await world.moderator.slash(world.channel, "subscriptions")).response)
    await choose(world, view, "dating", "dated")
    await press(world, view, "resume")
    assert "📝 Changes not saved yet" in text_of(view)
    (order,) = await stored(world)
    assert (order.wish.paused, order.wish.wants.dating) == (False, Dating.ANY)


async def test_ending_asks_once(world: World) -> None:
    view = await begun(world, rhythm="instant")
    await press(world, view, "end")
    assert "End this subscription?" in text_of(view)
    await press(world, view, "keep")
    assert "End this subscription?" not in text_of(view)
    assert len(await stored(world)) == 1
    await press(world, view, "end")
    await press(world, view, "ended")
    assert text_of(view) == f"✅ {world.channel.mention} no longer follows **Norland**. Its reminders are cancelled."
    assert await stored(world) == []


async def test_what_has_ended_meanwhile_is_told(world: World) -> None:
    for action in ("save", "pause", "ended"):
        view = await begun(world, rhythm="instant")
        await choose(world, view, "dating", "dated")
        if action == "ended":
            await press(world, view, "end")
        await world.moderator.slash(world.channel, "unsubscribe", subscription="norland")
        assert "has ended meanwhile" in said_to(await press(world, view, action))
        assert await stored(world) == []


async def test_a_subscription_moves_to_another_channel_with_its_number(world: World) -> None:
    elsewhere = world.guild.create_text_channel("elsewhere")
    view = await begun(world, rhythm="instant")
    (before,) = await stored(world)
    await press(world, view, "where")
    await choose(world, view, "channel", elsewhere)
    assert elsewhere.mention in text_of(view)
    await press(world, view, "save")
    (after,) = await stored(world)
    assert (after.id, after.wish.channel_id) == (before.id, elsewhere.id)


async def test_it_does_not_move_to_where_the_topic_is_followed_already(world: World) -> None:
    elsewhere = world.guild.create_text_channel("elsewhere")
    await begun(world, channel=elsewhere, rhythm="instant")
    view = await begun(world, rhythm="instant")
    await press(world, view, "where")
    await choose(world, view, "channel", elsewhere)
    answer = await press(world, view, "save")
    assert f"{elsewhere.mention} follows **Norland** already" in said_to(answer)
    assert {order.wish.channel_id for order in await stored(world)} == {world.channel.id, elsewhere.id}


@pytest.mark.parametrize(
    ("place", "denied", "named"),
    [
        ("threads", {"create_public_threads": False}, ["Create Public Threads"]),
        ("threads", {"send_messages_in_threads": False}, ["Send Messages in Threads"]),
        ("channel", {"embed_links": False}, ["Embed Links"]),
        ("forum", {"send_messages": False}, ["Create Posts"]),
        ("forum", {"send_messages_in_threads": False}, ["Send Messages in Posts"]),
        ("forum", {"view_channel": False}, ["View Channel"]),
    ],
)
async def test_missing_permissions_are_named_for_each_kind_of_channel(
    world: World, place: str, denied: dict[str, bool], named: list[str]
) -> None:
    _, deny = discord.PermissionOverwrite(**denied).pair()
    closed = Overwrite(world.env.bot.user.id, OverwriteType.MEMBER, deny=deny.value)
    sort = ChannelType.FORUM if place == "forum" else ChannelType.TEXT
    world.env.backend.create_channel(world.guild.id, "closed", type=sort, overwrites=[closed])
    there = world.guild.channels["closed"]
    view = await begun(world)
    await press(world, view, "where")
    if place == "threads":
        await choose(world, view, "place", "threads")
    answer = await choose(world, view, "channel", there)
    assert all(f"**{name}**" in said_to(answer) for name in named)
    assert world.channel.mention in text_of(view)


async def test_threads_are_checked_when_saving(world: World) -> None:
    closed = {world.guild.default_role: discord.PermissionOverwrite(create_public_threads=False)}
    there = world.guild.create_text_channel("closed", overwrites=closed)
    view = await begun(world, channel=there)
    await press(world, view, "where")
    await choose(world, view, "place", "threads")
    assert "**Create Public Threads**" in said_to(await press(world, view, "save"))
    assert await stored(world) == []


async def test_a_forum_gets_a_post_for_each_follow_up(world: World) -> None:
    forum = world.guild.create_forum_channel("follow-ups")
    view = await begun(world, channel=forum)
    await press(world, view, "where")
    assert "A post for each follow-up" in text_of(view)
    assert "place" not in ids_of(view)
    await choose(world, view, "channel", world.channel)
    assert "A post for each" not in text_of(view)
    await choose(world, view, "channel", forum)
    await press(world, view, "save")
    assert [order.wish.place for order in await stored(world)] == [Place.FORUM]


async def test_a_role_that_may_not_be_pinged_is_refused(world: World) -> None:
    no_pings = {world.guild.default_role: discord.PermissionOverwrite(mention_everyone=False)}
    there = world.guild.create_text_channel("no-pings", overwrites=no_pings)
    view = await begun(world, channel=there)
    await press(world, view, "where")
    answer = await choose(world, view, "role", world.guild.create_role("Quiet"))
    assert "let anyone mention the role" in said_to(answer)
    assert "pings" not in text_of(view)


async def test_one_is_opened_from_the_list_and_changed_also_when_its_channel_and_role_are_gone(world: World) -> None:
    role = world.guild.create_role("Desk", mentionable=True)
    await world.follow(
        replace(a_wish(guild_id=world.guild.id, channel_id=99, role_id=role.id + 1), created_by=world.moderator.id)
    )
    (order,) = await stored(world)
    listed = (await world.moderator.slash(world.channel, "subscriptions")).response
    await world.restart()
    view = (await world.moderator.select(listed, [str(order.id)])).response
    assert "🟢 Active" in text_of(view)
    await press(world, view, "where")
    await choose(world, view, "language", "fr")
    assert "That channel is gone" in said_to(await press(world, view, "save"))
    await choose(world, view, "channel", world.channel)
    await press(world, view, "save")
    assert [(one.id, one.wish.channel_id) for one in await stored(world)] == [(order.id, world.channel.id)]


async def test_another_servers_subscription_cannot_be_opened(world: World) -> None:
    await world.follow(a_wish(guild_id=1, channel_id=2))
    await begun(world, rhythm="instant")
    listed = (await world.moderator.slash(world.channel, "subscriptions")).response
    await world.moderator.slash(world.channel, "unsubscribe", subscription="norland")
    (stranger,) = await world.database.look(lambda work: work.subscriptions.of_guild(1))
    (option,) = listed.components[-1]["components"][0]["options"]
    assert option["value"] != str(stranger.id)
    answer = await world.moderator.select(listed, [option["value"]])
    assert "has ended meanwhile" in text_of(answer.response)


async def test_one_who_manages_no_longer_changes_nothing(world: World) -> None:
    view = await begun(world, rhythm="instant")
    world.env.backend.get_guild(world.guild.id).members[world.moderator.id].role_ids.clear()
    for action in ("pause", "preview", "names", "end", "what", "dating"):
        if action == "dating":
            answer = await choose(world, view, action, "exact")
        elif action in buttons_of(view).values() or ids_of(view)[action] in buttons_of(view).values():
            answer = await press(world, view, action)
        told = said_to(answer) or text_of(answer.response)
        assert told.endswith("You need the **Manage Server** permission in this server for that.")
    assert [order.wish.paused for order in await stored(world)] == [False]


async def test_a_topic_deleted_while_it_was_being_subscribed_to_is_told(world: World) -> None:
    wish = GuildTopicWish(world.guild.id, "Harvest", "harvest", 7)
    topic, _ = await world.transact(lambda work: put_own_topic(work, wish, MONDAY_NOON))
    view = await begun(world, "Harvest")
    assert "### 🔔 Harvest" in text_of(view)
    await world.transact(lambda work: work.guilds.delete_topic(world.guild.id, topic.id))
    assert "That topic is gone" in said_to(await press(world, view, "save"))
    assert await stored(world) == []


@openapi.needs_document
async def test_all_that_is_sent_is_valid_at_its_largest(world: World) -> None:
    role = world.guild.create_role("Desk", mentionable=True)
    name = "ش" * 60
    wish = GuildTopicWish(world.guild.id, name, "harvest", 7)
    topic, _ = await world.transact(lambda work: put_own_topic(work, wish, MONDAY_NOON))
    for number in range(6):
        told = a_telling(a_statement("الوزير سيوقع " * 60 + str(number), speaker="ش" * 200))
        await opened(world.database, told, topic.id)
    view = await begun(world, name, role=role, reminders="No reminders")
    speakers = ", ".join("ش" * 20 for _ in range(1)) + ", " + ", ".join("漢" * (16 + n) for n in range(4))
    await fill(world, view, "names", speakers=speakers, countries="UA,FR,DE,PL,IT,ES,PT,NL,BE,LU,AT,CH,CZ,SK,HU")
    await choose(world, view, "kinds", "deadline", "event", "expectation")
    await choose(world, view, "dating", "exact")
    await choose(world, view, "outlets", "10")
    await press(world, view, "when")
    await choose(world, view, "rhythm", "weekly6")
    await choose(world, view, "leads", "14", "7", "3", "2", "1", "0", "-1", "-7")
    await fill(world, view, "quiet", hours="22-7")
    await press(world, view, "where")
    await choose(world, view, "place", "threads")
    await choose(world, view, "language", "uk")
    for action in ("preview", "end", "keep", "what", "preview", "save", "end", "keep", "pause"):
        if ids_of(view).get(action) in buttons_of(view).values():
            await press(world, view, action)
    await world.moderator.slash(world.channel, "subscriptions")
    await choose(world, view, "kinds", "deadline")
    faults = [fault for request in world.env.http_requests for fault in openapi.faults(request)]
    assert faults == []
    assert "Save" in " ".join(buttons_of(view))
