"""A telling that shows two follow-ups to be one joins them, in whatever order articles come, and all at once."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace

import pytest

from storage.engine import Database
from tests.factories import MONDAY_NOON, a_wish, an_article, an_outlet
from tests.storing import minutes, track_article, waiting_alerts
from tests.test_watchers_duplicates import BOTH, CONVOY, STORY, STRIKE, clusters
from watchers import joining
from watchers.audience import Posted, Rhythm, SubscriptionWish
from watchers.deadline_watcher import put_subscription
from watchers.joining import split
from watchers.model import FollowUp, Telling
from watchers.poll_report import PollReport
from watchers.ports import UnitOfWork
from watchers.rating import CaseFilter

NOW = MONDAY_NOON


async def read(store: Database, number: int, *tellings: Telling, topics: tuple[str, ...] = ("norland",)) -> PollReport:
    """Take in an article of these tellings, as the watcher does."""

    def work(unit: UnitOfWork) -> PollReport:
        unit.feeds.follow([an_outlet()], NOW)
        findings = [(replace(telling, published=minutes(number)), topics) for telling in tellings]
        return track_article(unit, an_article(key=f"a-{number}"), findings)

    return await store.transact(work)


async def tracked(store: Database) -> list[FollowUp]:
    page = await store.look(lambda work: work.cases.page(CaseFilter(), None, NOW.date(), offset=0, limit=100))
    return [case.followup for case in page.items]


def grouped(followups: Sequence[FollowUp]) -> set[frozenset[str]]:
    return {frozenset(telling.statement.quote for telling in each.tellings) for each in followups}


@pytest.mark.parametrize("seed", range(6))
async def test_in_whatever_order_they_are_stored_they_are_what_they_are_in_memory(store: Database, seed: int) -> None:
    stream = [*STORY, CONVOY, BOTH]
    in_order = clusters(stream)
    assert len(in_order) < len(stream) - 1
    random.Random(seed).shuffle(stream)  # noqa: S311 - the same orders each time, no secret
    for number, telling in enumerate(stream):
        await read(store, number, telling)
    assert grouped(await tracked(store)) == in_order


async def subscribed(store: Database, wish: SubscriptionWish) -> None:
    await store.transact(lambda work: put_subscription(work, wish, NOW))


async def waiting(store: Database) -> list[tuple[str, tuple[int, ...], int | None]]:
    found = await store.transact(lambda work: waiting_alerts(work, NOW))
    return [(one.alert.key, one.alert.followup_ids, one.message_id) for one in found]


async def posted(store: Database) -> None:
    def work(unit: UnitOfWork) -> None:
        for one in waiting_alerts(unit, NOW):
            unit.outbox.sent(one, Posted(one.alert.channel_id or 1, 900 + one.id), NOW)

    await store.transact(work)


async def test_a_telling_that_speaks_for_two_joins_them_and_tells_nobody_twice(store: Database) -> None:
    await subscribed(store, a_wish(channel_id=20, topic="norland"))
    await subscribed(store, a_wish(channel_id=21, topic="borders"))
    await read(store, 1, STRIKE)
    await read(store, 2, CONVOY, topics=("borders",))
    await posted(store)
    report = await read(store, 3, BOTH)
    assert (report.followups, report.merged) == (0, 1)
    [followup] = await tracked(store)
    assert (followup.id, len(followup.tellings), followup.topics) == (1, 3, ("borders", "norland"))
    assert await waiting(store) == [("said:1:20", (1,), 901), ("said:2:21", (1,), 902)]


async def test_a_digest_is_told_once_of_what_was_joined(store: Database) -> None:
    wants = a_wish(rhythm=Rhythm.DAILY, min_outlets=2)
    await subscribed(store, wants)
    await read(store, 1, STRIKE)
    await read(store, 2, replace(CONVOY, outlet="Zenith"))
    due = await store.look(lambda work: work.subscriptions.with_digest_due(minutes(60 * 24 * 9), 9))
    assert due[0].followup_ids == ()
    await read(store, 3, BOTH)
    due = await store.look(lambda work: work.subscriptions.with_digest_due(minutes(60 * 24 * 9), 9))
    assert due[0].followup_ids == (1,), "together they have the outlets that it asks for"


async def test_what_a_moderator_parted_no_article_joins(store: Database) -> None:
    await read(store, 1, STRIKE)
    await read(store, 2, CONVOY)
    await read(store, 3, BOTH)

    def part(work: UnitOfWork) -> None:
        reports = [number for number, telling in work.joining.reports(1) if telling.statement == CONVOY.statement]
        assert split(work, 1, reports, guild_id=10, by=7, now=NOW) is not None

    await store.transact(part)
    apart = grouped(await tracked(store))
    assert len(apart) == 2
    await read(store, 4, replace(BOTH, outlet="Zenith"))
    assert grouped(await tracked(store)) == apart


async def test_an_article_that_cannot_be_stored_joins_nothing(store: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    await read(store, 1, STRIKE)
    await read(store, 2, CONVOY)
    before = await tracked(store)

    def fail(*_arguments: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(joining, "replan", fail)
    with pytest.raises(RuntimeError):
        await read(store, 3, BOTH)
    assert await tracked(store) == before
    monkeypatch.undo()
    await read(store, 3, BOTH)
    assert len(await tracked(store)) == 1
