"""Setting a server up: five steps in one message that outlives restarts, and what comes of them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

import discord
import pytest
from simcord.backend.models import Overwrite
from simcord.enums import OverwriteType

from bot.delivery import nonce_of
from tests import openapi
from tests.discord_world import World, discord_world, text_of
from tests.factories import a_topic, a_wish
from tests.fakes import ScriptedFetcher
from watchers.audience import Guild, GuildTopicWish, Rhythm, Subscription
from watchers.model import Kind

TOPICS = [a_topic("norland", "Norland"), a_topic("sudria", "Sudria"), *(a_topic(f"t{n:02}") for n in range(30))]


@pytest.fixture
async def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[World]:
    async with discord_world(tmp_path, monkeypatch, fetcher=ScriptedFetcher(), topics=TOPICS) as there:
        yield there


async def orders_of(world: World) -> list[Subscription]:
    return list(await world.database.look(lambda work: work.subscriptions.of_guild(world.guild.id)))


async def guild_of(world: World) -> Guild:
    return await world.database.look(lambda work: work.guilds.get(world.guild.id))


def parts_of(message: Any) -> list[dict[str, Any]]:
    """Every component of a message, nested ones too."""

    def walk(components: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
        return [one for part in components for one in (part, *walk(part.get("components", [])))]

    return walk([one if isinstance(one, dict) else one.to_dict() for one in message.components])


def part_of(message: Any, what: str) -> dict[str, Any]:
    return next(one for one in parts_of(message) if one.get("custom_id", "").startswith(f"setup:{what}:"))


def menu(message: Any, what: str) -> str:
    """The id of one of the menus."""
    return str(part_of(message, what)["custom_id"])


def chosen_in(message: Any, what: str) -> list[str]:
    return [one["value"] for one in part_of(message, what)["options"] if one.get("default")]


class Walk:
    """Somebody going through the steps."""

    def __init__(self, world: World, message: Any) -> None:
        self.world = world
        self.message = message

    @property
    def text(self) -> str:
        return text_of(self.message)

    async def choose(self, what: str, *values: Any) -> Any:
        return await self.world.moderator.select(self.message, values, custom_id=menu(self.message, what))

    async def press(self, label: str) -> Any:
        return await self.world.moderator.click(self.message, label=label)


async def begin(world: World, channel: Any = None) -> Walk:
    answer = await world.moderator.slash(channel or world.channel, "setup")
    assert answer.ephemeral
    return Walk(world, answer.response)


async def to_the_last_step(world: World, *topics: str) -> Walk:
    walk = await begin(world)
    await walk.press("Next ▶")
    await walk.press("Next ▶")
    await walk.choose("topics0", *topics)
    await walk.press("Next ▶")
    await walk.press("Next ▶")
    return walk


async def walk_through(world: World, *topics: str) -> Walk:
    walk = await to_the_last_step(world, *topics)
    await walk.press("✅ Done")
    return walk


async def test_five_steps_lead_to_a_followed_topic_and_a_test_alert(world: World) -> None:
    role = world.guild.create_role("Desk")
    notices = world.guild.create_text_channel("moderators")
    walk = await begin(world)
    assert "Set-up 1/5" in walk.text
    await walk.choose("zone", "Europe/Berlin")
    await walk.choose("hour", "7")
    await walk.choose("language", "de")
    assert chosen_in(walk.message, "zone") == ["Europe/Berlin"]
    await walk.press("Next ▶")
    assert f"I may post in {world.channel.mention}" in walk.text
    await walk.press("Next ▶")
    await walk.choose("topics0", "norland")
    await walk.press("Next ▶")
    await walk.choose("kinds", "deadline", "commitment")
    await walk.choose("rhythm", "daily")
    await walk.press("Next ▶")
    await walk.choose("raters", role)
    await walk.choose("notices", notices)
    await walk.press("✅ Done")
    assert "All set" in walk.text
    assert "**Norland**" in walk.text
    (order,) = await orders_of(world)
    wish = order.wish
    assert (wish.channel_id, wish.topic, wish.created_by) == (world.channel.id, "norland", world.moderator.id)
    assert wish.wants.kinds == {Kind.DEADLINE, Kind.COMMITMENT}
    assert (wish.rhythm, wish.at.zone.key, wish.at.hour) == (Rhythm.DAILY, "Europe/Berlin", 7)
    assert await guild_of(world) == Guild(world.guild.id, "Europe/Berlin", "de", 7, notices.id, role.id)
    (test,) = world.texts()
    assert "🧪" in test
    assert (await world.database.look(lambda work: work.tally())).followups_pending == 0


async def test_very_sure_outcomes_settle_by_themselves_only_where_somebody_said_so(world: World) -> None:
    walk = await to_the_last_step(world, "norland")
    assert "about one in twenty of it is wrong" in walk.text
    assert chosen_in(walk.message, "settling") == ["-"]
    await walk.choose("settling", "s")
    assert chosen_in(walk.message, "settling") == ["s"]
    await walk.press("✅ Done")
    assert (await guild_of(world)).settles_itself

    walk = await to_the_last_step(world, "norland")
    await walk.choose("settling", "-")
    await walk.press("✅ Done")
    assert not (await guild_of(world)).settles_itself


@openapi.needs_document
async def test_all_that_set_up_sends_is_valid_to_discord(world: World) -> None:
    notices = world.guild.create_text_channel("moderators")
    walk = await begin(world)
    form = await walk.choose("zone", "another")
    await world.moderator.submit_modal(form, {"zone": "Nowhere at all"})
    for _ in range(4):
        if "Topics" in walk.text:
            await walk.choose("topics0", "norland")
        await walk.press("Next ▶")
    await walk.choose("raters", world.guild.create_role("Desk"))
    await walk.choose("notices", notices)
    await walk.press("✅ Done")
    assert [fault for call in world.env.http_requests for fault in openapi.faults(call)] == []


@pytest.mark.parametrize(
    ("typed", "zone"), [("geneva", "Europe/Zurich"), ("europe/warsaw", "Europe/Warsaw"), ("US/Eastern", "US/Eastern")]
)
async def test_a_zone_may_be_typed(world: World, typed: str, zone: str) -> None:
    walk = await begin(world)
    form = await walk.choose("zone", "another")
    await world.moderator.submit_modal(form, {"zone": typed})
    assert chosen_in(walk.message, "zone") == [zone]
    assert "⚠️" not in walk.text


@pytest.mark.parametrize(
    ("typed", "said", "offered"),
    [
        ("america/argentina", "not sure which zone", "America/Argentina/Salta"),
        ("+5:45", "", "Asia/Kathmandu"),
        ("Pariss", "not sure which zone", "Europe/Paris"),
        ("qqqqqqq", "Type a city such as Geneva", "UTC"),
        ("<@1> **x**", "\\<@", "UTC"),
    ],
)
async def test_a_zone_that_is_not_understood_is_asked_for_again(
    world: World, typed: str, said: str, offered: str
) -> None:
    walk = await begin(world)
    form = await walk.choose("zone", "another")
    await world.moderator.submit_modal(form, {"zone": typed})
    assert said in walk.text
    assert offered in [option["value"] for option in part_of(walk.message, "zone")["options"]]
    assert "Set-up 1/5" in walk.text


async def test_a_restart_in_the_middle_does_no_harm(world: World) -> None:
    walk = await begin(world)
    await walk.choose("hour", "21")
    await walk.press("Next ▶")
    await walk.press("Next ▶")
    await walk.choose("topics0", "sudria")
    await world.restart()
    await walk.press("Next ▶")
    await walk.choose("rhythm", "weekly")
    await world.restart()
    await walk.press("Next ▶")
    await walk.press("✅ Done")
    (order,) = await orders_of(world)
    assert (order.wish.topic, order.wish.at.hour, order.wish.rhythm) == ("sudria", 21, Rhythm.WEEKLY)


async def test_nothing_is_stored_before_the_end(world: World) -> None:
    walk = await begin(world)
    await walk.choose("hour", "21")
    await walk.press("Next ▶")
    await walk.press("◀ Back")
    assert chosen_in(walk.message, "hour") == ["21"]
    assert await orders_of(world) == []
    assert await guild_of(world) == Guild(world.guild.id)


async def test_a_channel_without_permissions_is_refused_until_they_are_given(world: World) -> None:
    everyone = world.guild.default_role
    denied = {everyone: discord.PermissionOverwrite(send_messages=False, embed_links=False)}
    locked = world.guild.create_text_channel("locked", overwrites=denied)
    walk = await begin(world)
    await walk.press("Next ▶")
    await walk.choose("channel", locked)
    assert f"I cannot post in {locked.mention} yet: I lack **Send Messages** and **Embed Links**." in walk.text
    assert "*Edit Channel*" in walk.text
    with pytest.raises(Exception, match="disabled"):
        await walk.press("Next ▶")
    world.env.backend.delete_overwrite(locked.id, everyone.id)
    await world.env.settle()
    await walk.press("🔄 Check again")
    assert f"I may post in {locked.mention}" in walk.text
    await walk.press("Next ▶")
    assert "Set-up 3/5" in walk.text


async def test_a_channel_that_goes_before_the_end_is_asked_for_again(world: World) -> None:
    doomed = world.guild.create_text_channel("doomed")
    walk = await to_the_last_step(world, "norland")
    await walk.press("◀ Back")
    await walk.press("◀ Back")
    await walk.press("◀ Back")
    await walk.choose("channel", doomed)
    await walk.press("Next ▶")
    await walk.press("Next ▶")
    await walk.press("Next ▶")
    await world.as_bot(world.env.bot.get_channel(doomed.id).delete())
    await walk.press("✅ Done")
    assert "Set-up 2/5" in walk.text
    assert "The channel is gone. Choose another." in walk.text
    assert await orders_of(world) == []


async def test_a_channel_that_shuts_us_out_before_the_end_is_shown_with_what_is_lacking(world: World) -> None:
    walk = await to_the_last_step(world, "norland")
    send = discord.Permissions(send_messages=True).value
    world.env.backend.set_overwrite(
        world.channel.id, Overwrite(world.guild.default_role.id, OverwriteType.ROLE, deny=send)
    )
    await world.env.settle()
    await walk.press("✅ Done")
    assert "Set-up 2/5" in walk.text
    assert "**Send Messages**" in walk.text
    assert await orders_of(world) == []


async def test_a_topic_that_goes_before_the_end_is_asked_for_again(world: World) -> None:
    wish = GuildTopicWish(world.guild.id, "Our own", "canal", 7)
    own = await world.transact(lambda work: work.guilds.put_topic(wish))
    walk = await to_the_last_step(world, own.id)
    await world.transact(lambda work: work.guilds.delete_topic(world.guild.id, own.id))
    await walk.press("✅ Done")
    assert "Choose at least one topic." in walk.text
    assert await orders_of(world) == []


async def test_more_than_five_topics_are_too_many(world: World) -> None:
    walk = await begin(world)
    await walk.press("Next ▶")
    await walk.press("Next ▶")
    await walk.choose("topics0", "norland", "sudria", "t00")
    await walk.choose("topics1", "t24", "t25")
    assert "⚠️" not in walk.text
    await walk.choose("topics1", "t24", "t25", "t26")
    assert "more than 5" in walk.text
    assert chosen_in(walk.message, "topics1") == ["t24", "t25"]
    await walk.choose("topics0", "*", "norland")
    assert chosen_in(walk.message, "topics0") == ["*"]
    assert chosen_in(walk.message, "topics1") == []


async def test_the_topics_a_server_wrote_are_offered_to_it_alone(world: World) -> None:
    for guild_id, name in ((world.guild.id, "Our own"), (1, "Somebody else's")):
        wish = GuildTopicWish(guild_id, name, "canal", 7)
        await world.transact(lambda work, wish=wish: work.guilds.put_topic(wish))  # type: ignore[misc]
    walk = await begin(world)
    await walk.press("Next ▶")
    await walk.press("Next ▶")
    labels = [option["label"] for part in parts_of(walk.message) for option in part.get("options", [])]
    assert "Our own" in labels
    assert "Somebody else's" not in labels
    own = next(topic for topic in (await guild_of(world)).topics)
    await walk.choose("topics0", own.id)
    assert chosen_in(walk.message, "topics0") == [own.id]


async def test_running_it_again_changes_what_was_chosen_and_says_so(world: World) -> None:
    await walk_through(world, "norland", "sudria")
    elsewhere = world.guild.create_text_channel("elsewhere")
    await world.follow(a_wish(guild_id=world.guild.id, channel_id=elsewhere.id, topic="t05", quiet=None))
    walk = await begin(world)
    assert "has been set up before" in walk.text
    await walk.choose("hour", "6")
    await walk.press("Next ▶")
    await walk.press("Next ▶")
    assert chosen_in(walk.message, "topics0") == ["norland", "sudria"]
    await walk.choose("topics0", "norland", "t01")
    await walk.press("Next ▶")
    await walk.choose("kinds", "event")
    await walk.press("Next ▶")
    await walk.press("✅ Done")
    assert "Changed as you chose" in walk.text
    assert "It follows **Sudria** no longer." in walk.text
    orders = {(order.wish.channel_id, order.wish.topic): order.wish for order in await orders_of(world)}
    assert set(orders) == {(world.channel.id, "norland"), (world.channel.id, "t01"), (elsewhere.id, "t05")}
    assert orders[world.channel.id, "norland"].wants.kinds == {Kind.EVENT}
    assert {wish.at.hour for wish in orders.values()} == {6}
    assert orders[elsewhere.id, "t05"].wants.kinds == set(Kind)


async def test_what_subscribe_set_besides_stays(world: World) -> None:
    await world.follow(
        a_wish(guild_id=world.guild.id, channel_id=world.channel.id, lead_days=(7,), min_outlets=3, role_id=5)
    )
    walk = await begin(world)
    for _ in range(4):
        await walk.press("Next ▶")
    await walk.press("✅ Done")
    (order,) = await orders_of(world)
    assert (order.wish.lead_days, order.wish.wants.min_outlets, order.wish.role_id) == ((7,), 3, 5)


async def test_choosing_another_channel_shows_what_that_one_follows(world: World) -> None:
    other = world.guild.create_text_channel("other")
    await world.follow(a_wish(guild_id=world.guild.id, channel_id=other.id, topic="sudria", rhythm=Rhythm.DAILY))
    walk = await begin(world)
    await walk.press("Next ▶")
    await walk.choose("channel", other)
    await walk.press("Next ▶")
    assert chosen_in(walk.message, "topics0") == ["sudria"]
    await walk.press("Next ▶")
    assert chosen_in(walk.message, "rhythm") == ["daily"]


async def test_done_pressed_twice_at_once_posts_one_test(world: World) -> None:
    walk = await to_the_last_step(world, "norland")
    await walk.press("✅ Done")
    (post,) = world.posts
    assert (post["nonce"], post["enforce_nonce"]) == (nonce_of(f"example:{walk.message.id}"), True)


async def test_a_test_alert_that_discord_refuses_undoes_nothing(world: World) -> None:
    world.env.inject_error("POST", f"/channels/{world.channel.id}/messages", status=403, code=50013)
    walk = await walk_through(world, "norland")
    assert "could not post a test alert" in walk.text
    assert len(await orders_of(world)) == 1


async def test_the_words_in_the_channel_are_the_servers_and_the_answers_the_persons(world: World) -> None:
    walk = await walk_through(world, "norland")
    assert "What comes next" in walk.text
    assert "Test: this is what an alert looks like" in world.texts()[0]
    assert "in no list" in world.texts()[0]
    assert [button["url"] for button in parts_of(walk.message) if button.get("label") == "Show me"]
    pending = await world.analyst.slash(world.channel, "followups pending")
    assert "canal treaty" not in text_of(pending.response)


async def test_only_those_who_manage_the_server_set_it_up(world: World) -> None:
    assert "setup" in world.moderator.available_commands(world.channel)
    assert "setup" not in world.analyst.available_commands(world.channel)
    assert "setup" not in world.analyst.user.available_commands()
    walk = await begin(world)
    world.env.backend.remove_member_role(world.guild.id, world.moderator.id, world.guild.roles["Managers"].id)
    await world.env.settle()
    answer = await walk.press("Next ▶")
    said = [text_of(one) for one in (answer.response, *answer.followups)]
    assert any("Manage Server" in text for text in said)
    assert "Set-up 1/5" in walk.text
