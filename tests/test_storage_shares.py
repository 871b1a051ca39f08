"""Secret addresses, and how often a server changed its mind; on both engines."""

from __future__ import annotations

from datetime import date

import pytest

from storage.engine import Database
from tests.factories import MONDAY_NOON
from tests.storing import minutes, opened
from watchers.audience import GuildTopicWish, Share
from watchers.model import Interval
from watchers.ports import UnitOfWork
from watchers.rating import Outcome, RatingWish, Revision

HERE, THERE = 10, 2**63 - 1
TOKEN = "x" * 12 + "a" * 31


def a_share(token: str = TOKEN, guild_id: int = HERE, topic: str = "*") -> Share:
    return Share(token, guild_id, topic, 7)


async def open_share(store: Database, share: Share) -> Share:
    return await store.transact(lambda work: work.shares.open(share, MONDAY_NOON))


async def find(store: Database, token: str) -> Share | None:
    return await store.look(lambda work: work.shares.find(token))


async def test_a_share_is_found_by_its_whole_token_alone(store: Database) -> None:
    assert await open_share(store, a_share()) == a_share()
    other = a_share("x" * 12 + "b" * 31, THERE)
    await open_share(store, other)
    assert await find(store, TOKEN) == a_share()
    assert await find(store, other.token) == other
    for wrong in ("", "x" * 12, TOKEN[:-1], TOKEN + "a", TOKEN.upper(), "%", "_" * 43, "é" * 43, "\0", "\ud800"):
        assert await find(store, wrong) is None


async def test_a_server_has_one_address_for_each_topic(store: Database) -> None:
    await open_share(store, a_share())
    assert await open_share(store, a_share("another")) == a_share()
    await open_share(store, a_share("norland", topic="norland"))
    await open_share(store, a_share("there", THERE))
    of_here = await store.look(lambda work: work.shares.of_guild(HERE))
    assert [share.token for share in of_here] == [TOKEN, "norland"]


async def test_a_share_that_was_ended_is_found_no_more(store: Database) -> None:
    await open_share(store, a_share())
    await open_share(store, a_share("there", THERE))
    assert await store.transact(lambda work: work.shares.close(HERE, "norland")) is None
    assert await store.transact(lambda work: work.shares.close(HERE, "*")) == a_share()
    assert await find(store, TOKEN) is None
    assert await find(store, "there") is not None
    assert await open_share(store, a_share("anew")) == a_share("anew")


async def test_a_topic_that_is_deleted_takes_its_address_along(store: Database) -> None:
    topic = await store.transact(lambda work: work.guilds.put_topic(GuildTopicWish(HERE, "Grain", "grain", 7)))
    await open_share(store, a_share(topic=topic.id))
    await store.transact(lambda work: work.guilds.delete_topic(HERE, topic.id))
    assert await find(store, TOKEN) is None


def test_a_token_is_not_shown_where_a_share_is_printed() -> None:
    assert TOKEN not in repr(a_share())


@pytest.mark.parametrize("guild_id", [HERE, THERE])
async def test_every_rating_and_every_undoing_is_a_revision(store: Database, guild_id: int) -> None:
    followup = await opened(store)
    another = await opened(store)
    moved_to = Interval(date(2026, 3, 9), date(2026, 3, 9))

    def change(work: UnitOfWork) -> None:
        work.cases.rate(RatingWish(followup.id, guild_id, 7, Outcome.MOVED, moved_to), minutes(1))
        work.cases.rate(RatingWish(followup.id, guild_id, 8, Outcome.KEPT), minutes(2))
        work.cases.undo(guild_id, followup.id, minutes(5))
        work.cases.rate(RatingWish(followup.id, 11, 7, Outcome.KEPT), minutes(9))

    await store.transact(change)
    asked = [followup.id, another.id, 999]
    assert await store.look(lambda work: work.cases.revisions(guild_id, asked)) == {
        followup.id: Revision(3, minutes(5))
    }
