"""Who may what: every command, component and form, for strangers, raters, managers, and in direct messages."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import discord
import pytest
from discord import ui

from bot.setting_up import Draft
from bot.views.order_draft import OrderDraft, packed
from tests.discord_world import A_ROUND, World, discord_world, text_of
from tests.driven import DRIVEN, FOR_ANYBODY, FOR_MANAGERS
from tests.driven_cards import alerted, card_of, posted, rater_of
from tests.driven_feeds import WEB
from tests.driven_orders import begun, press, written
from tests.driven_setup import begin, part, silence
from tests.everything import commands_of, said_after
from tests.everything import written as classes
from tests.factories import a_topic, a_wish
from tests.fakes import ScriptedFetcher
from tests.storing import days
from watchers.audience import AlertForm, Guild
from watchers.model import Kind

TOPICS = [a_topic("norland", "Norland"), a_topic("sudria", "Sudria")]
MANAGERS_ONLY = "You need the **Manage Server** permission in this server for that."
RATERS_ONLY = "That is for those with the **Manage Messages** permission in this server"
SERVERS_ONLY = "That works in a server only."
OF_A_SERVER = "How a follow-up ended is for a server to say"

NOT_IN_PRIVATE = {"setup", "subscribe", "unsubscribe", "subscriptions", "audit"}
"""Commands that Discord does not even offer in direct messages."""

RATING = {"kept", "partly", "broken", "moved", "withdrawn", "undo", "mute", "unmute", "note"}
RATING |= {"accept", "acceptmove", "reject", "reconsider", "late"}
"""Deeds of those who may rate."""
OF_ANYBODY = {
    *("open", "sources", "watch", "unwatch", "dismissed", "date"),  # who may not rate says what is wrong with it
    "unnote",  # what somebody else wrote is not theirs to delete
    "schedule",  # refused to those who may not make events
}
EDITING = {"SameButton": "same:1", "RejoinButton": "rejoin:1:2", "ReportSelect": "part:1"}
"""What splits and joins follow-ups, for those who may rate."""
MANAGING = (
    *(
        "OrderItem",
        "OpenOrder",
        "SetUpItem",
        "BeginButton",
        "TopicButton",
        "PageButton subscriptions",
        "PageButton audit",
    ),
    *("FeedButton", "NewFeedButton", "FoundFeedSelect", "ImportButton"),
)
"""What begins so is for managers; but what only takes a draft away is for whoever sees it."""
HARMLESS = {"TopicButton drop", "TopicButton keep", "TopicButton change"}
HARMLESS |= {"NewFeedButton drop", "NewFeedButton change", "ImportButton drop", "FeedButton keep"}
"""Of `change`, the form that it opens is refused; `keep` shows a feed as everybody may see it."""
SELECTS = {"OpenOrder": ("orders:open", "1"), "FoundFeedSelect": ("foundfeed", "https://meridian.example/rss")}
"""Those of them that are chosen from: the id, and something to choose."""


FORMS = ("moved", "note", "late", "acceptmove", "names", "quiet", "topic", "zone", "feed")
_VIEW, _SEND, _LINKS = 1 << 10, 1 << 11, 1 << 14
_THREADS, _IN_THREADS = 1 << 35, 1 << 38
POSTING = [(_VIEW, "View Channel"), (_SEND, "Send Messages"), (_LINKS, "Embed Links")]
THREADING = [(_THREADS, "Create Public Threads"), (_IN_THREADS, "Send Messages in Threads")]
IN_FORUMS = [(_SEND, "Create Posts"), (_IN_THREADS, "Send Messages in Posts"), (_VIEW, "View Channel")]
TOLD_TO_MANAGERS = POSTING[:2]
LACKING = [*POSTING, *THREADING, *IN_FORUMS, *TOLD_TO_MANAGERS, "Create Events"]


@pytest.fixture
async def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[World]:
    fetcher, public = ScriptedFetcher(WEB), "https://news.example"
    async with discord_world(tmp_path, monkeypatch, fetcher=fetcher, topics=TOPICS, public_url=public) as there:
        yield there


def button(custom_id: str) -> ui.Button[ui.LayoutView]:
    return ui.Button(label=custom_id[:80], custom_id=custom_id)


def id_called(name: str, world: World) -> str:
    """An id of a component that managers use."""
    kind, _, word = name.partition(" ")
    wish = a_wish(guild_id=world.guild.id, channel_id=world.channel.id)
    return {
        "OrderItem": f"o:{word}:1:{packed(OrderDraft(wish))}"[:100],
        "SetUpItem": f"setup:{word}{'1' if word == 'go' else ''}:{Draft('UTC', 8).packed()}",
        "BeginButton": "begin:setup",
        "TopicButton": f"topic:{word}:1:Harvest",
        "PageButton": f"page:{word}:0:",
        "FeedButton": f"feed:{word}:1",
        "NewFeedButton": f"newfeed:{word}:0:en:UTC",
        "ImportButton": f"feedlist:{word}",
    }[kind]


def components() -> set[str]:
    """The names of all components, as scenarios have entered them."""
    known = {one.__name__ for one in classes()}
    return {name for name in DRIVEN if name.split(" ")[0] in known}


def managing() -> list[str]:
    return sorted(name for name in components() if name.startswith(MANAGING) and name not in HARMLESS)


def demoted(world: World) -> Any:
    """The moderator, whose role has been taken away."""
    world.env.backend.get_guild(world.guild.id).members[world.moderator.id].role_ids.clear()
    return world.moderator


# --- commands -------------------------------------------------------------------------------------------------


async def test_the_table_of_commands_is_complete(world: World) -> None:
    named = {f"/{name}" for name in (*FOR_MANAGERS, *FOR_ANYBODY)} | {"menu Find deadlines"}
    assert named == commands_of(world.env.bot)


@pytest.mark.parametrize("who", ["stranger", "rater"])
async def test_what_managers_may_is_refused_to_others_even_where_a_server_offers_it(world: World, who: str) -> None:
    actor = world.analyst if who == "stranger" else rater_of(world)
    await written(world)
    for root in NOT_IN_PRIVATE:
        assert root not in actor_commands(actor, world)
        command = world.env.backend.find_command(root, world.guild.id, type=1)
        world.guild.set_command_permissions(int(command["id"]), {actor: True})
    told = {name: said_after(await actor.slash(world.channel, name, **FOR_MANAGERS[name])) for name in FOR_MANAGERS}
    assert told == dict.fromkeys(FOR_MANAGERS, MANAGERS_ONLY)
    for name, field in (("unsubscribe", "subscription"), ("topics edit", "topic"), ("feeds remove", "feed")):
        assert await actor.autocomplete(world.channel, name, field, "") == []
    for name, field in (("topics delete", "topic"), ("topics test", "query"), ("calendar revoke", "topic")):
        assert await actor.autocomplete(world.channel, name, field, "") == []


def actor_commands(actor: Any, world: World) -> set[str]:
    return set(actor.available_commands(world.channel))


@pytest.mark.parametrize("who", ["stranger", "rater", "manager"])
async def test_what_is_for_anybody_is_for_each(world: World, who: str) -> None:
    await alerted(world)
    actor = {"stranger": world.analyst, "manager": world.moderator}.get(who) or rater_of(world)
    told = {name: said_after(await actor.slash(world.channel, name, **FOR_ANYBODY[name])) for name in FOR_ANYBODY}
    assert [name for name, text in told.items() if "permission" in text or not text] == []


async def test_managers_are_let_in(world: World) -> None:
    await written(world)
    for name, options in FOR_MANAGERS.items():
        told = said_after(await world.moderator.slash(world.channel, name, **options))
        assert told
        assert "permission" not in told, name


async def test_in_direct_messages_what_belongs_to_a_server_is_not_offered_or_refused(world: World) -> None:
    await alerted(world)
    offered = set(world.analyst.user.available_commands())
    assert {name.split(" ")[0] for name in FOR_MANAGERS} - {name.split(" ")[0] for name in offered} == NOT_IN_PRIVATE
    for name, options in (FOR_MANAGERS | FOR_ANYBODY).items():
        if name in NOT_IN_PRIVATE:
            continue
        told = said_after(await world.analyst.user.slash(name, **options))
        assert told, name
        assert (told == SERVERS_ONLY) == (name in FOR_MANAGERS), (name, told)


def test_how_many_paths_there_are() -> None:
    """Prints how many are tried: `pytest -s -k how_many tests/test_bot_everything_permissions.py`."""
    paths = {
        "commands, by a stranger, a rater, a manager and in private": 4 * len(FOR_MANAGERS | FOR_ANYBODY),
        "components of managers, by a stranger, a rater, one no longer a manager and in private": 4 * len(managing()),
        "deeds of raters, by a stranger, a manager, a rater, a juror and in private": 5 * len(RATING),
        "forms sent by who may no longer": len(FORMS),
        "permissions that the bot lacks, where it would need them": len(LACKING),
    }
    print(sum(paths.values()), "paths of permission:", paths)  # noqa: T201 - this is what it is for
    assert sum(paths.values()) > 300


# --- components -----------------------------------------------------------------------------------------------


def test_the_table_of_components_is_complete() -> None:
    deeds = {name.split(" ")[1] for name in components() if name.startswith("CardButton")}
    assert deeds == RATING | OF_ANYBODY
    others = {name.split(" ")[0] for name in components() if not name.startswith((*MANAGING, "CardButton"))}
    assert others == {
        *("CardSelect", "SubjectMenu", "PageButton", "ReminderSelect", "RemindButton"),
        *("AnswerButton", "StepButton", "FoundButton", "RecordFileButton", "OpenFeed", "ForgetButton"),
        *EDITING,
    }  # a person's own, what everybody may see, or that of raters


@pytest.mark.parametrize("who", ["stranger", "rater", "demoted manager"])
async def test_components_of_managers_are_refused_to_others(world: World, who: str) -> None:
    actor = {"stranger": world.analyst, "rater": rater_of(world)}.get(who) or demoted(world)
    ids = {name: id_called(name, world) for name in managing() if name not in SELECTS}
    for name, custom_id in ids.items():
        message = await world.shown(world.channel, button(custom_id))
        assert said_after(await actor.click(message, custom_id=custom_id)).endswith(MANAGERS_ONLY), name
    for custom_id, value in SELECTS.values():
        options = [discord.SelectOption(label="1", value=value)]
        message = await world.shown(world.channel, ui.Select(custom_id=custom_id, options=options))
        assert said_after(await actor.select(message, [value])).endswith(MANAGERS_ONLY), custom_id
    assert await world.database.look(lambda work: tuple(work.subscriptions.of_guild(world.guild.id))) == ()


async def test_components_of_managers_do_nothing_in_direct_messages(world: World) -> None:
    await world.analyst.slash(world.channel, "remind", when="in 1 hour", note="x")
    private = world.analyst.user.dm_channel
    for name in managing():
        if name in SELECTS:
            continue
        custom_id = id_called(name, world)
        message = await world.shown(private, button(custom_id))
        assert said_after(await world.analyst.user.click(message, custom_id=custom_id)).endswith(SERVERS_ONLY), name


@pytest.mark.parametrize("who", ["stranger", "manager", "rater", "juror"])
async def test_who_may_rate_and_mute_and_note(world: World, who: str) -> None:
    """With Manage Messages, or with the role that the server named; Manage Server alone is not enough."""
    await alerted(world)
    role = world.guild.create_role("Jurors")
    await world.transact(lambda work: work.guilds.put(Guild(world.guild.id, rater_role_id=role.id)))
    juror = world.guild.add_member(world.env.create_user("juror"), roles=[role])
    actor = {"stranger": world.analyst, "manager": world.moderator, "juror": juror}.get(who) or rater_of(world)
    for deed in sorted(RATING):
        custom_id = f"card:{deed}:1:a:0"
        message = await world.shown(world.channel, button(custom_id))
        told = said_after(await actor.click(message, custom_id=custom_id))
        if who in {"stranger", "manager"}:
            assert told.startswith(RATERS_ONLY), deed
            assert f"or the role <@&{role.id}>" in told
        else:
            assert RATERS_ONLY not in told, deed


@pytest.mark.parametrize("who", ["stranger", "manager", "rater"])
@pytest.mark.parametrize("custom_id", EDITING.values())
async def test_splitting_and_joining_is_for_those_who_may_rate(world: World, who: str, custom_id: str) -> None:
    await alerted(world)
    actor = {"stranger": world.analyst, "manager": world.moderator}.get(who) or rater_of(world)
    await world.analyst.slash(world.channel, "remind", when="in 1 hour", note="x")
    option = discord.SelectOption(label="1", value="1")
    shown = ui.Select[ui.LayoutView](custom_id=custom_id, options=[option]) if "part" in custom_id else None
    told = []
    for by, there in ((actor, world.channel), (world.analyst.user, world.analyst.user.dm_channel)):
        message = await world.shown(there, shown or button(custom_id))
        used = by.select(message, ["1"], custom_id=custom_id) if shown else by.click(message, custom_id=custom_id)
        told.append(said_after(await used))
    assert told[0].startswith(RATERS_ONLY) == (who != "rater")
    assert told[1] == "Splitting and joining is for the moderators of a server."


async def test_deeds_of_a_server_are_kindly_refused_in_direct_messages(world: World) -> None:
    await alerted(world)
    await world.analyst.slash(world.channel, "remind", when="in 1 hour", note="x")
    for deed in sorted(RATING | {"watch", "schedule"}):
        custom_id = f"card:{deed}:1:a:0"
        message = await world.shown(world.analyst.user.dm_channel, button(custom_id))
        told = said_after(await world.analyst.user.click(message, custom_id=custom_id))
        assert told.startswith(OF_A_SERVER), deed


async def test_events_are_made_by_those_who_may_make_them_where_the_bot_may(world: World) -> None:
    await alerted(world, kind=Kind.EVENT, due=days(5, 6))
    message = await world.shown(world.channel, button("card:schedule:1:a:0"))
    assert "**Manage Events**" in said_after(await world.analyst.click(message, custom_id="card:schedule:1:a:0"))
    rater = rater_of(world)
    backend = world.env.backend.get_guild(world.guild.id)
    for role in backend.roles.values():
        if role.id != rater_role(world, rater):
            role.permissions &= ~(1 << 44 | 1 << 33 | 1 << 3)
    told = said_after(await rater.click(message, custom_id="card:schedule:1:a:0"))
    assert "I need the **Create Events** permission" in told


def rater_role(world: World, rater: Any) -> int:
    (role_id,) = world.env.backend.get_guild(world.guild.id).members[rater.id].role_ids
    return int(role_id)


# --- forms: whoever lost the right while typing ---------------------------------------------------------------


async def test_forms_are_refused_to_those_who_may_no_longer(world: World) -> None:
    await alerted(world)
    rater, view, setup = rater_of(world), await begun(world), await begin(world)
    card = await card_of(world, rater)
    news = await world.shown(world.channel, button("card:late:1:a:0"), button("card:acceptmove:1:a:1"))
    shown: list[tuple[Any, Any, dict[str, Any], str]] = [
        (rater, await rater.click(card, label="Moved…"), {"typed": "20 March"}, RATERS_ONLY),
        (rater, await rater.click(card, label="Note…"), {"typed": "x"}, RATERS_ONLY),
        (rater, await rater.click(news, custom_id="card:late:1:a:0"), {"typed": "today"}, RATERS_ONLY),
        (rater, await rater.click(news, custom_id="card:acceptmove:1:a:1"), {"typed": "20 March"}, RATERS_ONLY),
        (world.moderator, await press(world, view, "names"), {"speakers": "x"}, MANAGERS_ONLY),
    ]
    await press(world, view, "when")
    create = await world.moderator.slash(world.channel, "topics create")
    found = (await world.moderator.slash(world.channel, "feeds add", url="https://sud.example/news.xml")).response
    feed = await world.moderator.click(found, label="Change…")
    zone = await world.moderator.select(setup, ["another"], custom_id=part(setup, "zone"))
    shown += [
        (world.moderator, await press(world, view, "quiet"), {"hours": "22-7"}, MANAGERS_ONLY),
        (world.moderator, create, {"name": "Harvest", "query": "harvest"}, MANAGERS_ONLY),
        (world.moderator, zone, {"zone": "Geneva"}, MANAGERS_ONLY),
        (world.moderator, feed, {"name": "Ours", "zone": "Geneva", "pages": ["0"]}, MANAGERS_ONLY),
    ]
    for one in (rater, world.moderator):
        world.env.backend.get_guild(world.guild.id).members[one.id].role_ids.clear()
    assert len(shown) == len(FORMS)
    for actor, form, values, line in shown:
        assert line in said_after(await actor.submit_modal(form, values)), form.modal["title"]


# --- what the bot itself may ----------------------------------------------------------------------------------


@pytest.mark.parametrize(("permission", "name"), POSTING)
async def test_each_permission_that_the_bot_lacks_is_named(world: World, permission: int, name: str) -> None:
    there = world.guild.create_text_channel("elsewhere")
    silence(world, there, permission)
    await world.env.settle()
    refused = said_after(await world.moderator.slash(world.channel, "subscribe", topic="norland", channel=there))
    assert refused.startswith(f"I cannot post in {there.mention} yet: give me ")
    assert f"**{name}**" in refused
    view = await begin(world)
    await world.moderator.click(view, label="Next ▶")
    await world.moderator.select(view, [there], custom_id=part(view, "channel"))
    assert f"**{name}**" in text_of(view)
    draft = await begun(world)
    await press(world, draft, "where")
    moved = await world.moderator.select(
        draft, [there], custom_id=next(one for one in ids_of(draft) if one.startswith("o:channel:"))
    )
    assert f"**{name}**" in said_after(moved)


def ids_of(message: Any) -> list[str]:
    return [row["components"][0]["custom_id"] for row in message.components if row["type"] == 1]


@pytest.mark.parametrize(("permission", "name"), THREADING)
async def test_what_threads_need_is_named(world: World, permission: int, name: str) -> None:
    silence(world, world.channel, permission)
    await world.env.settle()
    view = await begun(world)
    await press(world, view, "where")
    await world.moderator.select(
        view, ["threads"], custom_id=next(one for one in ids_of(view) if one.startswith("o:place:"))
    )
    assert f"**{name}**" in said_after(await press(world, view, "save"))


@pytest.mark.parametrize(("permission", "name"), IN_FORUMS)
async def test_what_forums_need_is_named(world: World, permission: int, name: str) -> None:
    forum = world.guild.create_forum_channel("follow-ups")
    silence(world, forum, permission)
    await world.env.settle()
    refused = await world.moderator.slash(world.channel, "subscribe", topic="norland", channel=forum)
    assert f"**{name}**" in said_after(refused)


@pytest.mark.parametrize(("permission", "name"), TOLD_TO_MANAGERS)
async def test_an_alert_that_cannot_be_posted_is_told_to_managers_by_name(
    world: World, permission: int, name: str
) -> None:
    notices = world.guild.create_text_channel("moderators")
    await world.transact(lambda work: work.guilds.put(Guild(world.guild.id, notices_channel_id=notices.id)))
    await alerted(world)
    silence(world, world.channel, permission)
    await world.env.settle()
    await posted(world, AlertForm.REMINDER, 1)
    await world.pass_time(A_ROUND)
    (notice,) = world.texts(notices)
    assert f"I could not post in {world.channel.mention}: I lack **{name}**" in notice
