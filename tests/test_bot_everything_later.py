"""What stays in a channel or a direct message is pressed a year later, by a bot that has been started anew.

Whatever has happened meanwhile, there is an answer in words: Discord never says that the interaction failed.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from discord import ui

from bot.views.rating import CardButton, Deed, On, Press
from bot.views.reminders import RemindButton
from bot.views.welcome import WelcomeView
from bot.words import IN_ENGLISH
from tests.discord_world import A_ROUND, World, buttons_of, discord_world, text_of
from tests.driven import FOR_MANAGERS
from tests.driven_cards import alerted, card_of, posted, rater_of
from tests.driven_feeds import MERIDIAN, SITE, WEB, holds, own_feeds, stands
from tests.driven_orders import begun, id_of, written
from tests.driven_personal import BY_FRIDAY, come, kept, now_of
from tests.driven_setup import part
from tests.everything import Watch, said_after
from tests.factories import a_topic, a_wish
from tests.fakes import ScriptedFetcher
from tests.storing import days, opened, telling
from watchers.audience import ON_ONE_FOLLOW_UP, AlertForm
from watchers.deadline_watcher import end_subscription
from watchers.model import Kind
from watchers.own_topics import end_own_topic

A_YEAR = timedelta(days=366)
TOPICS = [a_topic("norland", "Norland")]


@pytest.fixture
async def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[World]:
    async with discord_world(tmp_path, monkeypatch, fetcher=ScriptedFetcher(WEB), topics=TOPICS) as there:
        yield there


@pytest.fixture
def watch(world: World, monkeypatch: pytest.MonkeyPatch) -> Watch:
    return Watch(world, monkeypatch)


async def a_year_later(world: World) -> None:
    world.leap(A_YEAR)
    await world.restart()


async def press_all(actor: Any, message: Any) -> dict[str, str]:
    """Press every button of a message as it stood; a form is sent as it comes. Return what is told."""
    told = {}
    for label, custom_id in buttons_of(message).items():
        answer = await actor.click(message, custom_id=custom_id)
        told[label] = said_after(answer)
        if answer.modal is not None:
            fields = [one["component"] for one in answer.modal["components"]]
            typed = {one["custom_id"]: "yesterday" for one in fields if one["required"]}
            told[f"{label} sent"] = said_after(await actor.submit_modal(answer, typed))
    assert all(told.values()), told
    return told


# --- alerts ---------------------------------------------------------------------------------------------------


async def settle(world: World) -> None:
    rater = world.guild.add_member(world.env.create_user("judge"), roles=[managers_of(world)])
    await rater.click(await card_of(world, rater), label="Broken")


async def end_order(world: World) -> None:
    now = world.clock.now()
    await world.transact(lambda work: end_subscription(work, world.guild.id, 1, by=7, now=now))


async def take_own_topic_away(world: World) -> None:
    now = world.clock.now()
    await world.transact(lambda work: end_own_topic(work, world.guild.id, "own:1", now, by=7))


async def nothing(_: World) -> None:
    """Meanwhile nothing has happened."""


def managers_of(world: World) -> Any:
    return next(role for role in world.guild.roles.values() if role.name == "Raters")


Happening = Callable[[World], Awaitable[None]]


@pytest.mark.parametrize("meanwhile", [nothing, settle, end_order, take_own_topic_away], ids=lambda one: one.__name__)
@pytest.mark.parametrize("form", ON_ONE_FOLLOW_UP)
async def test_an_alert_a_year_old(world: World, watch: Watch, form: AlertForm, meanwhile: Happening) -> None:
    topic = await written(world)
    await opened(world.database, telling("Norland will leave the port.", due=days(2, 9), kind=Kind.EVENT), topic.id)
    await world.follow(a_wish(guild_id=world.guild.id, channel_id=world.channel.id, topic=topic.id))
    alert, rater = await posted(world, form, 1), rater_of(world)
    await meanwhile(world)
    await a_year_later(world)
    told = await press_all(rater, next(one for one in world.channel.history() if one.id == alert.id))
    card = told.get("Card") or told["More"]
    assert "Norland will leave the port." in card
    assert card.startswith("### ❌ Broken" if meanwhile is settle else "### 🔴 Overdue")
    assert all(f" {label}** · `#1`" in told[label] for label in {"Kept", "Broken"} & set(told))
    assert watch.failures() == []


async def test_every_button_of_a_card_a_year_old(world: World, watch: Watch) -> None:
    await alerted(world, kind=Kind.EVENT)
    rater = rater_of(world)
    for deed in Deed:
        button = CardButton(Press(deed, 1, On.CARD), IN_ENGLISH)
        message = await world.shown(world.channel, button)
        await a_year_later(world)
        answer = await rater.click(message, custom_id=button.custom_id)
        if answer.modal is not None:
            answer = await rater.submit_modal(answer, {"typed": "10 May 2030"})
        assert said_after(answer), deed
    assert watch.failures() == []


async def test_every_button_of_a_follow_up_that_is_no_more(world: World, watch: Watch) -> None:
    rater = rater_of(world)
    for on in On:
        for deed in Deed:
            button = CardButton(Press(deed, 99, on), IN_ENGLISH)
            message = await world.shown(world.channel, button)
            told = said_after(await rater.click(message, custom_id=button.custom_id))
            assert told.endswith("There is no follow-up `#99` any more."), deed
    message = await world.shown(world.channel, RemindButton(99, IN_ENGLISH))
    assert "no longer kept" in said_after(await rater.click(message, custom_id="remind:99"))
    assert watch.failures() == []


async def test_a_direct_message_to_who_watches_a_year_old(world: World, watch: Watch) -> None:
    alert, rater = await alerted(world), rater_of(world)
    await world.analyst.click(alert, label="Watch")
    await rater.click(await card_of(world, rater), label="Broken")
    await world.pass_time(A_ROUND)
    (message,) = world.analyst.user.dm_channel.history()
    await a_year_later(world)
    told = await press_all(world.analyst.user, message)
    assert list(told) == ["Card", "Stop watching"]
    assert "You watch `#1` no longer." in told["Stop watching"]
    assert watch.failures() == []


# --- personal reminders ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("label", ["Done", "1 hour", "Tomorrow", "At the deadline", "Another time…"])
async def test_a_reminder_that_came_a_year_ago(world: World, watch: Watch, label: str) -> None:
    await opened(world.database, telling("Norland will leave the port.", due=days(2, 9)))
    message = await come(world, followup="1")
    await a_year_later(world)
    answer = await world.analyst.user.click(message, label=label)
    if answer.modal is not None:
        answer = await world.analyst.user.submit_modal(answer, {"typed": "in 3 days", "note": "look"})
    told = said_after(answer)
    expected = {"Done": "✅ Done", "At the deadline": "The morning of its last day has passed."}
    assert expected.get(label, "⏰ Comes again") in f"{told}\n{text_of(now_of(message, world))}"
    assert watch.failures() == []


async def test_a_reminder_that_has_come_or_was_cancelled_since(world: World, watch: Watch) -> None:
    message = await kept(world)
    standing = await world.shown(
        world.channel, *(ui.Button(label=label, custom_id=one) for label, one in buttons_of(message).items())
    )
    await a_year_later(world)
    await world.pass_time(A_ROUND)
    assert len(world.texts(world.analyst.user.dm_channel)) == 1  # it came, late as it is
    for label in ("Change…", "Cancel"):
        told = said_after(await world.analyst.click(standing, label=label))
        assert "That reminder has come, or you have cancelled it." in told
    assert watch.failures() == []


# --- what is asked by others ----------------------------------------------------------------------------------


async def test_a_word_of_welcome_a_year_old(world: World, watch: Watch) -> None:
    channel = world.env.bot.get_channel(world.channel.id)
    message = await world.as_bot(channel.send(view=WelcomeView(IN_ENGLISH)))
    await a_year_later(world)
    assert "Set-up 1/5" in said_after(await world.moderator.click(message, label="Set me up"))
    assert watch.failures() == []


async def test_a_list_narrowed_to_a_topic_that_is_no_more(world: World, watch: Watch) -> None:
    topic = await written(world)
    for number in range(7):
        await opened(world.database, telling(f"Norland will open gate {number}.", due=days(2, 9)), topic.id)
    shown = (await world.analyst.slash(world.channel, "followups pending", topic="Harvest")).response
    await take_own_topic_away(world)
    await a_year_later(world)
    answer = await world.analyst.click(shown, label="Next ▶")
    assert "That topic is no longer there. `/topics list` shows those that are." in said_after(answer)
    refused = await world.analyst.slash(world.channel, "followups pending", topic=topic.id)
    assert f"There is no topic “{topic.id}”" in said_after(refused)
    assert watch.failures() == []


async def test_a_form_that_was_open_while_the_bot_was_started_anew(
    world: World, watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    form = await world.moderator.slash(world.channel, "topics create")
    monkeypatch.setattr("bot.views.form._THIS_RUN", "another")
    await a_year_later(world)
    answer = await world.moderator.submit_modal(form, {"name": "Harvest", "query": "harvest"})
    assert "I was started anew while you were typing" in said_after(answer)
    assert answer.ephemeral
    assert watch.failures() == []


@pytest.mark.parametrize("action", ["save", "pause", "end", "preview", "where", "names", "cancel"])
async def test_a_subscription_that_has_ended_since(world: World, watch: Watch, action: str) -> None:
    view = await begun(world, rhythm="daily")
    await world.moderator.select(view, ["3"], custom_id=id_of(view, "outlets"))
    await end_order(world)
    await a_year_later(world)
    answer = await world.moderator.click(view, custom_id=id_of(view, action))
    if answer.modal is not None:
        answer = await world.moderator.submit_modal(answer, {})
    told = said_after(answer)
    assert told
    if action in {"save", "pause", "cancel"}:
        assert "This subscription has ended meanwhile. `/subscribe` begins it again." in told
    assert watch.failures() == []


async def test_a_set_up_whose_topic_and_channel_are_no_more(world: World, watch: Watch) -> None:
    await written(world)
    view = (await world.moderator.slash(world.channel, "setup")).response
    for _ in range(2):
        await world.moderator.click(view, label="Next ▶")
    await world.moderator.select(view, ["own:1"], custom_id=part(view, "topics0"))
    for _ in range(2):
        await world.moderator.click(view, label="Next ▶")
    await take_own_topic_away(world)
    await a_year_later(world)
    await world.moderator.click(view, label="✅ Done")
    assert "Choose at least one topic." in text_of(view)
    assert watch.failures() == []


async def test_a_topic_that_has_been_deleted_since(world: World, watch: Watch) -> None:
    await written(world)
    asked = (await world.moderator.slash(world.channel, "topics delete", topic="Harvest")).response
    form = await world.moderator.slash(world.channel, "topics edit", topic="Harvest")
    tried = (await world.moderator.submit_modal(form, {"name": "Crops", "query": "crop*"})).response
    await take_own_topic_away(world)
    await a_year_later(world)
    assert "That topic is gone already." in said_after(await world.moderator.click(asked, label="Delete it"))
    await world.moderator.click(tried, label="Save")
    assert "deleted meanwhile" in text_of(tried)
    assert watch.failures() == []


async def test_a_feed_that_was_looked_at_a_year_ago_is_added(world: World, watch: Watch) -> None:
    shown = (await world.moderator.slash(world.channel, "feeds add", url=MERIDIAN)).response
    several = (await world.moderator.slash(world.channel, "feeds add", url=SITE)).response
    await a_year_later(world)
    await world.moderator.click(shown, label="Add")
    assert "✅ Added: **The Meridian**" in text_of(shown)
    await world.moderator.select(several, ["https://sud.example/news.xml"], custom_id="foundfeed")
    assert "📝 Not added yet" in text_of(several)
    assert watch.failures() == []


async def test_a_list_of_feeds_a_year_old_is_brought_in(world: World, watch: Watch) -> None:
    file = FOR_MANAGERS["feeds import"]["file"]
    shown = (await world.moderator.slash(world.channel, "feeds import", file=file)).response
    await a_year_later(world)
    await world.moderator.click(shown, label="Add all")
    assert "✅ 1 feed added" in text_of(shown)
    assert [one.feed.url for one in await own_feeds(world)] == ["https://sud.example/rss"]
    assert watch.failures() == []


async def test_a_feed_that_was_removed_since(world: World, watch: Watch) -> None:
    feed = await holds(world)
    await stands(world, feed, stopped=True)
    card = (await world.moderator.slash(world.channel, "feeds status", feed=str(feed.id))).response
    asked = (await world.moderator.slash(world.channel, "feeds remove", feed=str(feed.id))).response
    await world.transact(lambda work: work.guild_feeds.remove(world.guild.id, feed.id))
    await a_year_later(world)
    for message, label in ((card, "Ask again"), (card, "Remove…"), (asked, "Remove it"), (asked, "Keep it")):
        told = said_after(await world.moderator.click(message, label=label))
        assert "That feed is no longer read here." in told, label
    assert watch.failures() == []


async def test_a_finding_a_year_old_is_asked_about(world: World, watch: Watch) -> None:
    shown = (await world.analyst.slash(world.channel, "scan", text=BY_FRIDAY)).response
    await a_year_later(world)
    form = await world.analyst.click(shown, label="Remind me")
    assert said_after(form) == "Remind me"
    answer = await world.analyst.submit_modal(form, {"preset": ["in 3 days"], "note": "look"})
    assert "I will send you a direct message" in said_after(answer)
    assert watch.failures() == []
