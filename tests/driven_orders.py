"""Scenarios: subscriptions, and the topics that a server writes."""

from __future__ import annotations

from functools import partial
from typing import Any

from tests.discord_world import World, buttons_of, text_of
from tests.everything import drives, said_after, typing
from tests.factories import MONDAY_NOON, a_wish
from tests.storing import opened
from watchers.audience import GuildTopic, GuildTopicWish, Subscription
from watchers.own_topics import put_own_topic


async def begun(world: World, **options: Any) -> Any:
    """The view of a new or known subscription."""
    return (await world.moderator.slash(world.channel, "subscribe", topic="norland", **options)).response


def id_of(message: Any, action: str) -> str:
    """The id of what is pressed or chosen below a draft."""
    return next(one for one in ids_in(message) if one.startswith(f"o:{action}:"))


def ids_in(message: Any) -> list[str]:
    def walk(components: list[dict[str, Any]]) -> list[str]:
        return [
            found
            for one in components
            for found in (*([one["custom_id"]] if "custom_id" in one else []), *walk(one.get("components", [])))
        ]

    return walk([one if isinstance(one, dict) else one.to_dict() for one in message.components])


async def press(world: World, message: Any, action: str) -> Any:
    return await world.moderator.click(message, custom_id=id_of(message, action))


async def choose(world: World, message: Any, action: str, *values: Any) -> Any:
    return await world.moderator.select(message, values, custom_id=id_of(message, action))


async def orders(world: World) -> list[Subscription]:
    return list(await world.database.look(lambda work: work.subscriptions.of_guild(world.guild.id)))


async def written(world: World, name: str = "Harvest", guild_id: int = 0) -> GuildTopic:
    wish = GuildTopicWish(guild_id or world.guild.id, name, "harvest", 7)
    topic, _ = await world.transact(partial(put_own_topic, wish=wish, now=MONDAY_NOON))
    return topic


@drives(
    *("/subscribe", typing("/subscribe", "topic"), "form NamesForm", "form QuietForm"),
    *(f"OrderItem {tab}" for tab in ("what", "when", "where", "preview", "save")),
    *(f"OrderItem {choice}" for choice in ("kinds", "dating", "outlets", "names", "rhythm", "hour", "leads", "quiet")),
    *(f"OrderItem {choice}" for choice in ("channel", "role", "place", "language")),
)
async def composed(world: World) -> None:
    found = await world.moderator.autocomplete(world.channel, "subscribe", "topic", "norl")
    assert [one["value"] for one in found] == ["norland"]
    elsewhere, role = world.guild.create_text_channel("elsewhere"), world.guild.create_role("Desk", mentionable=True)
    view = await begun(world)
    assert "📝 Draft: not saved yet" in text_of(view)
    await choose(world, view, "kinds", "deadline")
    await choose(world, view, "dating", "exact")
    await choose(world, view, "outlets", "3")
    form = await press(world, view, "names")
    await world.moderator.submit_modal(form, {"speakers": "Ana Ode", "countries": "France"})
    assert "⏳ Deadlines · Only with an exact date · said by Ana Ode" in text_of(view)
    await press(world, view, "when")
    await choose(world, view, "rhythm", "weekly4")
    await choose(world, view, "hour", "7")
    await choose(world, view, "leads", "0")
    await world.moderator.submit_modal(await press(world, view, "quiet"), {"hours": "22-7"})
    assert "A digest every week (Friday) at 07:00 · quiet 22:00–07:00" in text_of(view)
    await press(world, view, "where")
    for what, value in (("channel", elsewhere), ("role", role), ("place", "threads"), ("language", "uk")):
        await choose(world, view, what, value)
    assert f"{elsewhere.mention} · A thread for each follow-up · pings {role.mention} · Українська" in text_of(view)
    await press(world, view, "what")
    assert "👁️ In the last week: 0 follow-ups" in said_after(await press(world, view, "preview"))
    await press(world, view, "save")
    assert "✅ Subscribed." in text_of(view)
    assert [order.wish.channel_id for order in await orders(world)] == [elsewhere.id]


@drives("OrderItem cancel")
async def dropped(world: World) -> None:
    view = await begun(world)
    await press(world, view, "cancel")
    assert text_of(view) == "Cancelled: nothing was saved."
    known = await begun(world, rhythm="daily")
    await choose(world, known, "outlets", "3")
    await press(world, known, "cancel")
    assert "🟢 Active" in text_of(known)


@drives("/subscriptions", "OpenOrder", *(f"OrderItem {one}" for one in ("pause", "resume", "end", "keep", "ended")))
async def kept_and_ended(world: World) -> None:
    await begun(world, rhythm="daily")
    listed = (await world.moderator.slash(world.channel, "subscriptions")).response
    assert "🔔 1 subscription" in text_of(listed)
    view = (await world.moderator.select(listed, ["1"], custom_id="orders:open")).response
    for action, line in (
        ("pause", "⏸️ Paused"),
        ("resume", "🟢 Active"),
        ("end", "End this subscription?"),
        ("keep", "🟢 Active"),
        ("end", "End this subscription?"),
        ("ended", "no longer follows **Norland**"),
    ):
        await press(world, view, action)
        assert line in text_of(view)
    assert await orders(world) == []


@drives("/subscriptions", "PageButton subscriptions")
async def many_are_paged(world: World) -> None:
    await world.follow(*(a_wish(guild_id=world.guild.id, topic=f"topic-{number}") for number in range(12)))
    listed = (await world.moderator.slash(world.channel, "subscriptions")).response
    await world.moderator.click(listed, label="Next ▶")
    assert "Page 2 of 2" in text_of(listed)


@drives("/unsubscribe", typing("/unsubscribe", "subscription"))
async def unsubscribed(world: World) -> None:
    await begun(world, rhythm="daily")
    found = await world.moderator.autocomplete(world.channel, "unsubscribe", "subscription", "norl")
    assert [one["value"] for one in found] == [f"{world.channel.id}:norland"]
    ended = await world.moderator.slash(world.channel, "unsubscribe", subscription=found[0]["value"])
    assert f"{world.channel.mention} no longer follows **Norland**" in said_after(ended)
    again = await world.moderator.slash(world.channel, "unsubscribe", subscription="norland")
    assert "does not follow **Norland**" in said_after(again)


@drives("/topics create", "form TopicForm", *(f"TopicButton {one}" for one in ("save", "change", "drop")))
async def a_topic_is_written(world: World) -> None:
    await opened(world.database)
    form = await world.moderator.slash(world.channel, "topics create")
    assert said_after(form) == "A topic of this server"
    shown = (await world.moderator.submit_modal(form, {"name": "Troops", "query": "troops AND"})).response
    assert "❌" in text_of(shown)
    assert "Save" not in buttons_of(shown)
    again = await world.moderator.click(shown, label="Change…")
    await world.moderator.submit_modal(again, {"name": "Troops", "query": "troops"})
    assert "It would have caught 1 follow-up" in text_of(shown)
    await world.moderator.click(shown, label="Save")
    assert "Saved: **Troops**" in text_of(shown)
    form = await world.moderator.slash(world.channel, "topics create")
    other = (await world.moderator.submit_modal(form, {"name": "Other", "query": "grain"})).response
    await world.moderator.click(other, label="Cancel")
    assert text_of(other) == "Nothing was changed."


@drives("/topics edit", typing("/topics edit", "topic"), "form TopicForm", "TopicButton save")
async def a_topic_is_changed(world: World) -> None:
    topic = await written(world)
    found = await world.moderator.autocomplete(world.channel, "topics edit", "topic", "har")
    assert [one["value"] for one in found] == [topic.id]
    form = await world.moderator.slash(world.channel, "topics edit", topic=topic.id)
    shown = (await world.moderator.submit_modal(form, {"name": "Crops", "query": "crop*"})).response
    await world.moderator.click(shown, label="Save")
    assert "Saved: **Crops**" in text_of(shown)
    refused = await world.moderator.slash(world.channel, "topics edit", topic="norland")
    assert "is no topic of this server's own" in said_after(refused)


@drives("/topics delete", typing("/topics delete", "topic"), "TopicButton keep", "TopicButton delete")
async def a_topic_is_deleted(world: World) -> None:
    topic = await written(world)
    found = await world.moderator.autocomplete(world.channel, "topics delete", "topic", "")
    assert [one["value"] for one in found] == [topic.id]
    for label, line in (("Keep it", "Nothing was changed."), ("Delete it", "Deleted: **Harvest**")):
        asked = (await world.moderator.slash(world.channel, "topics delete", topic="harvest")).response
        assert "No channel is subscribed to it." in text_of(asked)
        await world.moderator.click(asked, label=label)
        assert line in text_of(asked)


@drives("/topics test", typing("/topics test", "query"))
async def a_query_is_tried(world: World) -> None:
    await opened(world.database)
    await written(world)
    found = await world.moderator.autocomplete(world.channel, "topics test", "query", "")
    assert [one["value"] for one in found] == ["harvest"]
    tried = await world.moderator.slash(world.channel, "topics test", query="troops")
    assert "It would have caught 1 follow-up of the 1 told in the last week." in said_after(tried)
    assert "Save" not in buttons_of(tried.response)
