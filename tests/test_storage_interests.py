"""Orders are found by what they want: as many as take a follow-up, on both engines, whoever stored them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, update

from storage.engine import Database, address, writing_engine
from storage.subscriptions import row_of
from storage.tables import subscriptions
from tests.factories import MONDAY_NOON, a_followup, a_statement, a_telling, a_wish
from tests.test_watchers_interests import followups, wishes
from watchers.alerts import spokesmen
from watchers.audience import Subscription, SubscriptionWish, Wants
from watchers.deadline_watcher import DeadlineWatcher
from watchers.feed_model import GuildFeedWish
from watchers.model import FollowUp, Kind
from watchers.ports import UnitOfWork


class RolledBackError(Exception):
    """Ends a transaction of which nothing is to be kept."""


def put_all(work: UnitOfWork, wanted: list[SubscriptionWish]) -> list[Subscription]:
    """Store orders, each in a channel of its own."""
    return [
        work.subscriptions.put(replace(wish, channel_id=channel), MONDAY_NOON)[0]
        for channel, wish in enumerate(wanted, 1)
    ]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(wishes, min_size=1, max_size=6), wishes, st.lists(followups(), min_size=1, max_size=2))
async def test_nobody_who_takes_a_follow_up_is_left_out(
    store: Database, wanted: list[SubscriptionWish], changed: SubscriptionWish, states: list[FollowUp]
) -> None:
    found: list[Subscription] = []
    stored: list[Subscription] = []

    def look(work: UnitOfWork) -> None:
        stored.extend(put_all(work, wanted))
        stored[0] = work.subscriptions.change(stored[0].id, replace(changed, channel_id=1))
        found.extend(work.subscriptions.wanting(*states))
        raise RolledBackError

    with pytest.raises(RolledBackError):
        await store.transact(look)
    assert [order for order in stored if order in found] == found, "oldest first, and each as it is"
    for state in states:
        assert spokesmen(state, found) == spokesmen(state, stored)


def past_our_doors(url: str, wish: SubscriptionWish) -> None:
    """Store an order as a process of the version before does."""
    engine = writing_engine(address(url))
    with engine.begin() as connection:
        connection.execute(insert(subscriptions).values({**row_of(wish), "created_at": MONDAY_NOON}))
    engine.dispose()


def changed_past_our_doors(url: str, order: Subscription, wish: SubscriptionWish) -> None:
    """Change an order as a process of the version before does."""
    engine = writing_engine(address(url))
    with engine.begin() as connection:
        connection.execute(update(subscriptions).where(subscriptions.c.id == order.id).values(row_of(wish)))
    engine.dispose()


async def wanting(store: Database, *states: FollowUp) -> list[SubscriptionWish]:
    return [order.wish for order in await store.look(lambda work: work.subscriptions.wanting(*states))]


async def test_what_the_version_before_stored_or_changed_is_found_before_it_is_filed_and_after(
    store: Database, database_url: str
) -> None:
    french = a_statement(speaker=None)
    followup = a_followup(1, a_telling(french, countries=("FR",)), topics=("norland",))
    old = a_wish(topic="norland", channel_id=1)
    narrow = replace(a_wish(topic="norland", channel_id=2), wants=Wants(countries=frozenset({"UA"})))
    order, _ = await store.transact(lambda work: work.subscriptions.put(narrow, MONDAY_NOON))
    assert await wanting(store, followup) == []
    past_our_doors(database_url, old)
    wide = replace(narrow, wants=Wants(countries=frozenset({"FR"})))
    changed_past_our_doors(database_url, order, wide)
    assert await wanting(store, followup) == [wide, old]

    class Noon:
        def now(self) -> object:
            return MONDAY_NOON

    await DeadlineWatcher(store, Noon()).remind()  # type: ignore[arg-type]
    assert await wanting(store, followup) == [wide, old]
    assert await store.transact(lambda work: work.subscriptions.file_some(10)) == 0, "all are filed"
    changed_past_our_doors(database_url, order, narrow)
    assert await store.transact(lambda work: work.subscriptions.file_some(10)) == 1
    assert await wanting(store, followup) == [old]


async def test_an_order_that_wanted_it_before_is_asked_of_its_state_before(store: Database) -> None:
    before = a_followup(1, a_telling(a_statement(kind=Kind.EVENT)), topics=("norland",))
    now = replace(before, kind=Kind.DEADLINE)
    event = replace(a_wish(topic="norland"), wants=Wants(kinds=frozenset({Kind.EVENT})))
    await store.transact(lambda work: work.subscriptions.put(event, MONDAY_NOON))
    assert await wanting(store, now) == []
    assert await wanting(store, now, before) == [event]


async def test_what_a_feed_of_servers_says_is_for_these_servers(store: Database) -> None:
    await store.transact(lambda work: put_all(work, [a_wish(topic="*", guild_id=10), a_wish(topic="*", guild_id=11)]))
    wish = GuildFeedWish(11, "https://own.example/rss", "Ours", "en", "UTC", False, 7)
    feed = await store.transact(lambda work: work.guild_feeds.add(wish, MONDAY_NOON))
    number = await store.look(lambda work: work.guild_feeds.of(11)[0].feed.id)
    del feed
    own = replace(a_followup(topics=()), feed_id=number)
    assert [one.guild_id for one in await wanting(store, own)] == [11]
