"""Topics that servers write, on what was read before they were written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from pathlib import Path

import pytest

from tests.factories import MONDAY_NOON, a_statement, a_telling, a_wish, an_article, an_outlet
from tests.reminding import House
from tests.storing import stored
from tests.watching import a_database
from watchers.audience import GuildTopic, GuildTopicWish
from watchers.matcher.queries import QueryError, parse
from watchers.model import Interval
from watchers.own_topics import LATELY, end_own_topic, fitting, put_own_topic, told_lately
from watchers.ports import UnitOfWork
from watchers.rating import CaseFilter, Listing
from watchers.reading import reading_text

FRIDAY = date(2026, 3, 6)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with a_database(tmp_path) as opened:
        yield House(opened)


async def say(house: House, quote: str, *, text: str = "", age: timedelta = timedelta(0)) -> int:
    """Open a follow-up told by an article of that age; return its number."""
    published = MONDAY_NOON - age
    article = an_article(text or quote, key=quote, title="A headline", published=published)
    start = reading_text(article).find(quote)
    statement = replace(
        a_statement(quote, due=Interval(MONDAY_NOON.date(), FRIDAY)), start=start, end=start + len(quote)
    )
    told = a_telling(statement, title="A headline", published=published, countries=("UA",))

    def work(work: UnitOfWork) -> int:
        work.feeds.follow([an_outlet()], MONDAY_NOON)
        article_id = stored(work, article)
        return work.followups.open(article_id, told, ("norland",)).id

    return await house.database.transact(work)


async def put(house: House, query: str, name: str = "Grain") -> GuildTopic:
    wish = GuildTopicWish(10, name, query, 7)
    topic, _ = await house.database.transact(lambda work: put_own_topic(work, wish, house.clock.now()))
    return topic


async def listed(house: House, topic: GuildTopic, guild_id: int = 10) -> list[int]:
    wanted = CaseFilter(Listing.RECENT, topic=topic.id)
    page = await house.database.look(
        lambda work: work.cases.page(wanted, guild_id, MONDAY_NOON.date(), offset=0, limit=50)
    )
    return sorted(case.followup.id for case in page.items)


async def test_what_was_told_of_late_and_fits_comes_under_a_new_topic(house: House) -> None:
    grain = await say(house, "Norland will ship grain by Friday.")
    await say(house, "Norland will leave by Friday.")
    await say(house, "Norland will have shipped grain by Friday.", age=LATELY + timedelta(hours=1))
    topic = await put(house, "grain")
    assert await listed(house, topic) == [grain]


async def test_a_query_is_asked_of_the_paragraph_and_the_headline_too(house: House) -> None:
    number = await say(house, "It will end by Friday.", text="The grain deal is old. It will end by Friday.\n\nWheat.")
    told = await house.database.look(lambda work: told_lately(work, 10, MONDAY_NOON))
    assert [one.followup_id for one in told] == [number]
    assert [fitting(parse(query), told) for query in ("grain", "headline", "country:UA", "wheat")] == [
        (number,),
        (number,),
        (number,),
        (),
    ]


async def test_a_changed_query_lets_go_of_what_no_longer_fits(house: House) -> None:
    grain = await say(house, "Norland will ship grain by Friday.")
    wheat = await say(house, "Norland will ship wheat by Friday.")
    topic = await put(house, "grain")
    assert await put(house, "wheat", "GRAIN") == GuildTopic(topic.number, GuildTopicWish(10, "GRAIN", "wheat", 7))
    assert await listed(house, topic) == [wheat]
    assert grain != wheat


async def test_orders_on_a_changed_topic_remind_of_what_came_and_not_of_what_went(house: House) -> None:
    grain = await say(house, "Norland will ship grain by Friday.")
    wheat = await say(house, "Norland will ship wheat by Friday.")
    topic = await put(house, "grain")
    await house.subscribe(a_wish(topic=topic.id, lead_days=(0,)))
    await put(house, "wheat")
    assert await house.at(6) == 1
    assert [key for _, key in await house.outbox()] == [f"remind:{wheat}:20:0:2026-03-06"]
    assert grain != wheat


async def test_a_query_that_cannot_be_read_changes_nothing(house: House) -> None:
    topic = await put(house, "grain")
    with pytest.raises(QueryError):
        await put(house, "grain AND")
    settled = await house.database.look(lambda work: work.guilds.get(10))
    assert settled.topics == (topic,)


async def test_a_topic_may_change_its_name_and_keeps_its_number(house: House) -> None:
    topic = await put(house, "grain")
    wish = GuildTopicWish(10, "Harvest", "wheat", 7)
    renamed, fits = await house.database.transact(
        lambda work: put_own_topic(work, wish, house.clock.now(), topic.number)
    )
    assert (renamed, fits) == (GuildTopic(topic.number, wish), 0)
    settled = await house.database.look(lambda work: work.guilds.get(10))
    assert settled.topics == (renamed,)


async def test_a_topic_goes_with_its_orders_and_others_speak_for_what_was_theirs(house: House) -> None:
    await say(house, "Norland will ship grain by Friday.")
    topic = await put(house, "grain")
    await house.subscribe(a_wish(topic=topic.id, lead_days=(0,)))
    every = await house.subscribe(a_wish(topic="*", lead_days=(1,)))
    end = partial(end_own_topic, guild_id=10, topic=topic.id, now=MONDAY_NOON, by=7)
    assert await house.database.transact(partial(end, guild_id=11)) is None
    assert await house.database.transact(end) == topic
    assert await house.database.transact(end) is None
    assert await house.database.look(lambda work: list(work.subscriptions.of_guild(10))) == [every]
    assert [await house.at(5), await house.at(6)] == [1, 0]
