from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from storage.engine import Database
from tests.factories import MONDAY_NOON, a_wish, an_article, an_outlet
from tests.logged import logged
from tests.loopback import Item, rss
from tests.storing import track_article
from tests.watching import (
    OTHER,
    PROMISE,
    RETOLD,
    World,
    a_database,
    a_world,
    article,
)
from watchers.audience import GuildTopicWish, QuietHours, Rhythm
from watchers.poll_report import PollReport
from watchers.reading import reading_text


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with a_database(tmp_path) as opened:
        yield opened


@pytest.fixture
async def world(database: Database) -> AsyncIterator[World]:
    async with a_world(database) as ready:
        yield ready


# --- the way of an article ----------------------------------------------------------------------------------


async def test_an_article_becomes_a_follow_up_and_an_alert(world: World) -> None:
    await world.subscribe(a_wish(channel_id=20, role_id=9))
    await world.publish(article(f"Rain fell. {PROMISE} So it is said."))

    report = await world.watcher.poll_due()

    assert report == PollReport(feeds=1, articles=1, statements=1, followups=1)
    [followup] = await world.followups()
    assert (followup.quote, followup.topics, followup.outlets) == (PROMISE, ("norland",), ("The Meridian",))
    [delivery] = await world.outbox()
    assert (delivery.alert.key, delivery.alert.role_id) == (f"said:{followup.id}:20", 9)
    assert await world.reminders(MONDAY_NOON + timedelta(days=9)) == [
        f"remind:{followup.id}:20:{lead}:2026-03-06" for lead in (1, 0, -1)
    ]


async def test_the_quote_is_the_articles_own_and_the_headline_is_read_too(world: World) -> None:
    await world.publish(Item(PROMISE.rstrip("."), "Nothing more.", MONDAY_NOON, "a-1"))

    await world.watcher.poll_due()

    assert [one.quote for one in await world.followups()] == [PROMISE]


def test_the_headline_is_a_sentence_of_its_own() -> None:
    def text(title: str, body: str) -> str:
        return reading_text(an_article(body, title=title))

    assert text("Talks fail", "Body.") == "Talks fail.\n\nBody."
    assert text("Will they?", "Body.") == "Will they?\n\nBody."
    assert text("", "Body.") == "Body."
    assert text("Talks fail", "") == "Talks fail"


async def test_an_unchanged_feed_brings_nothing(world: World) -> None:
    await world.follow(an_outlet("The Meridian", world.server.serve("/rss", rss(article()), etag='"v1"')))

    first = await world.watcher.poll_due()
    too_soon = await world.watcher.poll_due()
    second = await world.later()

    assert (first.articles, too_soon.feeds, second) == (1, 0, PollReport(feeds=1))
    assert [request.status for request in world.server.asked("/rss")] == [200, 304]


async def test_a_feed_without_validators_is_known_by_its_body(world: World) -> None:
    await world.publish(article(published=None))
    first = await world.watcher.poll_due()

    assert len(first.notes) == 1
    assert await world.later() == PollReport(feeds=1), "what is the same is not even parsed"


async def test_an_article_stored_meanwhile_sets_off_nothing(world: World) -> None:
    await world.publish(article())
    await world.watcher.poll_due()

    report = await world.store.transact(lambda work: track_article(work, an_article(PROMISE, key="a-1"), ()))

    assert report == PollReport()


async def test_articles_seen_before_are_not_read_again(world: World) -> None:
    await world.subscribe(a_wish())
    await world.publish(article())
    await world.watcher.poll_due()
    await world.publish(article(), article(OTHER, "a-2"))

    report = await world.later()

    assert report == PollReport(feeds=1, articles=1, statements=1, followups=1)
    assert len(await world.outbox()) == 1


async def test_another_outlet_is_one_more_source_of_the_same_alert(world: World) -> None:
    await world.subscribe(a_wish())
    await world.publish(article())
    await world.watcher.poll_due()
    [before] = await world.outbox()
    await world.publish(article(RETOLD, "c-1"), outlet="The Courier", path="/courier")

    report = await world.later()

    assert (report.followups, report.merged) == (0, 1)
    [followup] = await world.followups()
    assert followup.outlets == ("The Meridian", "The Courier")
    [after] = await world.outbox()
    assert (after.id, after.version) == (before.id, before.version + 1)


async def test_the_same_outlet_saying_it_again_rewords_nothing(world: World) -> None:
    await world.subscribe(a_wish())
    await world.publish(article(f"{PROMISE} {RETOLD}"))

    report = await world.watcher.poll_due()

    assert (report.statements, report.followups, report.merged) == (2, 1, 1)
    [delivery] = await world.outbox()
    assert delivery.version == 1


async def test_a_retelling_that_adds_a_topic_alerts_who_had_not_heard(world: World) -> None:
    await world.subscribe(a_wish(channel_id=20, topic="norland"))
    await world.subscribe(a_wish(channel_id=21, topic="harbour"))
    await world.publish(article())
    await world.watcher.poll_due()
    assert [one.alert.channel_id for one in await world.outbox()] == [20]
    retold = PROMISE.replace("the border", "the border and from Vadehavn")
    await world.publish(article(retold, "c-1"), outlet="The Courier", path="/courier")

    report = await world.later()

    assert report.merged == 1
    assert [one.alert.channel_id for one in await world.outbox()] == [20, 21]


async def test_a_better_telling_moves_the_reminders(world: World) -> None:
    await world.subscribe(a_wish(lead_days=(0,)))
    await world.publish(article(PROMISE.replace("by Friday", "within days")))
    await world.watcher.poll_due()
    assert await world.reminders(MONDAY_NOON + timedelta(days=30)) == [
        f"remind:1:20:{lead}:2026-03-09" for lead in (0, -1)
    ]
    await world.publish(article(PROMISE, "c-1"), outlet="The Courier", path="/courier")

    report = await world.later()

    assert report.merged == 1
    assert await world.reminders(MONDAY_NOON + timedelta(days=30)) == [
        f"remind:1:20:{lead}:2026-03-06" for lead in (0, -1)
    ]


async def test_the_oldest_article_is_read_first(world: World) -> None:
    await world.publish(
        article(RETOLD, "new", published=MONDAY_NOON),
        article(PROMISE, "old", published=MONDAY_NOON - timedelta(hours=3)),
    )

    await world.watcher.poll_due()

    [followup] = await world.followups()
    assert followup.quote == PROMISE, "the first to say it keeps the word"


async def test_what_was_missed_is_tracked_and_old_news_alerts_nobody(world: World) -> None:
    await world.subscribe(a_wish())
    await world.publish(article("Rain fell.", "dry"))
    await world.watcher.poll_due()
    vague = PROMISE.replace("by Friday", "within days")
    await world.publish(
        article(OTHER, "a", published=MONDAY_NOON - timedelta(days=10)),
        article(vague, "b", published=MONDAY_NOON - timedelta(days=4)),
    )

    missed = await world.later()

    assert (missed.articles, missed.followups) == (2, 2)
    assert await world.outbox() == []
    assert await world.reminders(MONDAY_NOON + timedelta(days=30)) == [
        f"remind:2:20:{lead}:2026-03-05" for lead in (1, 0, -1)
    ]


async def test_of_a_new_feed_the_last_days_are_tracked_and_only_what_is_news_is_told(world: World) -> None:
    await world.subscribe(a_wish(topic="*"))
    hours = {"old": 80, "yesterday": 20, "today": 5}
    promises = dict(zip(hours, (PROMISE.replace("by Friday", "within days"), OTHER, PROMISE), strict=True))
    items = [article(promises[name], name, published=MONDAY_NOON - timedelta(hours=h)) for name, h in hours.items()]
    await world.publish(*items, article("Norland must measure its bridges by Friday.", "undated", published=None))

    first = await world.watcher.poll_due()
    again = await world.later()

    assert (first.articles, again.articles) == (3, 0)
    told = {one.id: one.quote for one in await world.followups()}
    assert PROMISE in told.values()
    assert OTHER in told.values()
    [delivery] = await world.outbox()
    assert [told[number] for number in delivery.alert.followup_ids] == [PROMISE]
    assert len(await world.reminders(MONDAY_NOON + timedelta(days=30))) == 9


async def test_a_daily_channel_gathers_what_is_said(world: World) -> None:
    await world.subscribe(a_wish(rhythm=Rhythm.DAILY))
    await world.publish(article(), article(OTHER.replace("Sudria", "Norland"), "a-2"))

    await world.watcher.poll_due()

    assert await world.outbox() == []
    assert await world.gathered() == [(1, 2)]


@pytest.mark.parametrize("rhythm", Rhythm)
async def test_a_paused_channel_hears_and_gathers_nothing(world: World, rhythm: Rhythm) -> None:
    await world.subscribe(a_wish(paused=True, rhythm=rhythm))
    await world.publish(article())

    await world.watcher.poll_due()

    assert len(await world.followups()) == 1
    assert await world.outbox() == []
    assert await world.reminders(MONDAY_NOON + timedelta(days=30)) == []
    assert await world.gathered() == []


# --- what a channel asks for --------------------------------------------------------------------------------


async def test_a_careful_channel_hears_at_the_outlet_that_makes_enough(world: World) -> None:
    await world.subscribe(a_wish(channel_id=20, min_outlets=3, lead_days=(-1,)))
    await world.subscribe(a_wish(channel_id=21, min_outlets=3, rhythm=Rhythm.DAILY))
    heard = []
    for number, outlet in enumerate(("The Meridian", "The Courier", "The Courier", "The Herald", "The Gazette")):
        told = article(f"{RETOLD} Edition {number}.", f"a-{number}")
        await world.publish(told, outlet=outlet, path=f"/{number}")
        await world.later()
        reminded = await world.reminders(MONDAY_NOON + timedelta(days=30))
        heard.append((len(await world.outbox()), len(reminded), len(await world.gathered())))

    [followup] = await world.followups()
    assert len(followup.outlets) == 4
    assert heard == [(0, 0, 0), (0, 0, 0), (0, 0, 0), (1, 1, 1), (1, 1, 1)]
    [delivery] = await world.outbox()
    assert (delivery.alert.key, delivery.version) == (f"said:{followup.id}:20", 2), "the fifth is one more source of it"


async def test_in_quiet_hours_alerts_wait_and_none_is_lost(world: World) -> None:
    await world.subscribe(a_wish(channel_id=20, quiet=QuietHours(12, 15)))
    await world.subscribe(a_wish(channel_id=21))
    await world.publish(article())
    await world.watcher.poll_due()
    assert [one.alert.channel_id for one in await world.outbox()] == [21]

    await world.publish(article(), article(OTHER.replace("Sudria", "Norland"), "a-2"))
    await world.later(timedelta(hours=1))
    assert [one.alert.key for one in await world.outbox()] == ["said:1:21", "said:2:21"]

    world.clock.set(MONDAY_NOON + timedelta(hours=3))
    assert sorted(one.alert.key for one in await world.outbox()) == ["said:1:20", "said:1:21", "said:2:20", "said:2:21"]


async def test_a_channel_hears_what_concerns_its_countries(world: World) -> None:
    await world.subscribe(a_wish(channel_id=20, topic="*", countries=frozenset({"FR"})))
    await world.subscribe(a_wish(channel_id=21, topic="*", countries=frozenset({"JP"})))
    await world.publish(article("Norland must leave the port of Japan by Friday."))

    await world.watcher.poll_due()

    [followup] = await world.followups()
    assert followup.countries == {"JP"}
    assert [one.alert.channel_id for one in await world.outbox()] == [21]


# --- topics that servers write ------------------------------------------------------------------------------


async def write_topic(world: World, query: str, name: str = "Ferries") -> str:
    wish = GuildTopicWish(10, name, query, 7)
    return (await world.store.transact(lambda work: work.guilds.put_topic(wish))).id


async def test_a_topic_that_a_server_wrote_takes_effect_at_the_next_poll(world: World) -> None:
    await world.publish(article(OTHER))
    await world.watcher.poll_due()
    topic = await write_topic(world, "ferries AND NOT grain")
    await world.subscribe(a_wish(topic=topic))

    elsewhere = "Engineers must measure the ferries of Karsholm by Friday."
    await world.publish(article(OTHER), article(elsewhere, "a-2"), article(PROMISE, "a-3"))
    await world.later()

    topics = {one.quote: one.topics for one in await world.followups()}
    assert topics == {OTHER: ("harbour",), elsewhere: (topic,), PROMISE: ("norland",)}
    [delivery] = await world.outbox()
    assert [case.followup.quote for case in delivery.cases] == [elsewhere]


async def test_a_topic_that_was_changed_or_deleted_is_read_as_it_is_now(world: World) -> None:
    async def topics_of(text: str) -> tuple[str, ...]:
        await world.publish(article(text, text[:9]))
        await world.later()
        [followup] = [one for one in await world.followups() if one.quote == text]
        return followup.topics

    topic = await write_topic(world, "gates")
    assert await topics_of("Sudria must open the gates to merchants by Friday.") == (topic,)
    assert await write_topic(world, "fences") == topic
    assert await topics_of("Ostmark will paint the gates of its embassy by Friday.") == ()
    assert await write_topic(world, '"the gates" OR speaker:norland', name="FERRIES") == topic
    assert await topics_of("Engineers must measure the gates in Karsholm by Friday.") == (topic,)
    await world.store.transact(lambda work: work.guilds.delete_topic(10, topic))
    assert await topics_of("Farmers will carry the gates away from Tollund by Friday.") == ()


async def test_a_topic_that_cannot_be_read_any_more_stops_no_other(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    broken = await write_topic(world, "ferries AND (", name="Broken")
    sound = await write_topic(world, "speaker:norland country:JP")
    await world.publish(article("Norland must leave the port of Japan by Friday."))

    await world.watcher.poll_due()

    [followup] = await world.followups()
    assert followup.topics == ("norland", sound)
    assert f"own topic is not read topic={broken} guild=10" in logged(caplog)
