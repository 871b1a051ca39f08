"""The questions asked often are answered from an index, on both engines: no table is read from end to end."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Connection, event

from storage.engine import Database
from storage.unit_of_work import SqlUnitOfWork
from tests.factories import MONDAY_NOON, THIS_WEEK, a_followup, a_telling
from tests.storing import a_claim, minutes, opened, retold
from watchers.feed_model import Stage
from watchers.model import Interval, Kind
from watchers.rating import CaseFilter, CasePage, Listing
from watchers.record import RecordWish

TODAY = date(2026, 3, 2)
# SQLite says SCAN also of what a query has just made itself, such as the rows to be updated.
WHOLE_TABLE = re.compile(
    r"(?:SCAN|Seq Scan on) (?:feeds|articles|followups|tellings|followup_\w+|subscriptions|reminders|outbox\w*"
    r"|interests|baskets|guilds|joined|parted|suggestions|answers|expectation\w*|ratings|standings|notes|mutes|watches|feedback|people)\b"
    r"(?! USING (?:COVERING )?INDEX)"
)


def listed(work: SqlUnitOfWork, wanted: CaseFilter, guild_id: int | None = None) -> CasePage:
    return work.cases.page(wanted, guild_id, TODAY, offset=0, limit=9)


QUESTIONS: dict[str, tuple[Callable[[SqlUnitOfWork], Any], str | None]] = {
    "feeds due": (lambda work: work.feeds.take(a_claim(), 10), "ix_feeds_next_poll_at"),
    "articles waiting": (lambda work: work.articles.take((Stage.READING,), a_claim(), 10), "ix_articles_waiting"),
    "feeds held": (lambda work: work.feeds.held([1, 2], "tests"), None),
    "leases renewed": (lambda work: work.articles.renew([1, 2], a_claim()), None),
    "leases given back": (lambda work: work.feeds.give_back([1, 2], "tests"), None),
    "an article's whole text": (lambda work: work.articles.text_at("https://x.example/"), "ix_articles_url"),
    "whether texts are to be let go": (lambda work: work.articles.have_texts_before(MONDAY_NOON), None),
    "texts let go": (lambda work: work.articles.let_go_of_texts(minutes(1), 100), None),
    "candidates": (
        lambda work: work.followups.candidates(["a", "b"], THIS_WEEK, undated=False, feed_id=None),
        "ix_followup_marks_mark",
    ),
    "undated candidates": (
        lambda work: work.followups.candidates(["a", "b"], THIS_WEEK, undated=True, feed_id=7),
        "ix_followup_marks_mark",
    ),
    "overdue for a server": (
        lambda work: listed(work, CaseFilter(Listing.OVERDUE), 10),
        "ix_followups_pending",
    ),
    "due on a topic for a server": (
        lambda work: listed(work, CaseFilter(Listing.DUE, topic="norland"), 10),
        "ix_followup_topics_pending",
    ),
    "record of a country": (
        lambda work: work.cases.recorded(RecordWish(country="FR"), 10),
        "ix_followup_countries_pending",
    ),
    "record of a speaker on a topic": (
        lambda work: work.cases.recorded(RecordWish(speaker="berg", topic="norland"), 10),
        "ix_followup_topics_pending",
    ),
    "pending": (lambda work: listed(work, CaseFilter()), "ix_followups_pending"),
    "pending on a topic": (lambda work: listed(work, CaseFilter(topic="norland")), "ix_followup_topics_pending"),
    "pending on a topic, as far as it is counted": (
        lambda work: work.cases.page(CaseFilter(topic="norland"), 10, TODAY, offset=0, limit=5, enough=1000),
        "ix_followup_topics_pending",
    ),
    "pending of a kind on a topic": (
        lambda work: listed(work, CaseFilter(topic="norland", kind=Kind.EVENT)),
        "ix_followup_topics_pending",
    ),
    "pending with words on a topic": (
        lambda work: listed(work, CaseFilter(topic="norland", text="troops")),
        "ix_followup_topics_pending",
    ),
    "pending in a country": (
        lambda work: listed(work, CaseFilter(country="FR"), 10),
        "ix_followup_countries_pending",
    ),
    "recent": (lambda work: listed(work, CaseFilter(Listing.RECENT), 10), "ix_followups_said"),
    "recent on a topic": (
        lambda work: listed(work, CaseFilter(Listing.RECENT, topic="norland"), 10),
        "ix_followup_topics_said",
    ),
    "settled": (lambda work: listed(work, CaseFilter(Listing.SETTLED), 10), "ix_standings_rated"),
    "settled on a topic": (lambda work: listed(work, CaseFilter(Listing.SETTLED, topic="norland"), 10), None),
    "rated since": (lambda work: work.cases.rated_since(10, "*", MONDAY_NOON), "ix_standings_rated"),
    "rated since on a topic": (lambda work: work.cases.rated_since(10, "norland", MONDAY_NOON), None),
    "reminders to plan on a topic": (
        lambda work: work.cases.due_within(10, "norland", Interval(TODAY, date.max)),
        "ix_followup_topics_pending",
    ),
    "a follow-up as a server sees it": (lambda work: work.cases.of(10, [1]), "ix_tellings_followup"),
    "who watches": (lambda work: work.cases.watchers(10, 1), None),
    "undoing a rating": (lambda work: work.cases.undo(10, 1, MONDAY_NOON), None),
    "a server": (lambda work: work.guilds.get(10), "uq_guild_topics_guild_id_folded"),
    "deleting a topic": (lambda work: work.guilds.delete_topic(10, "own:1"), None),
    "an old number": (lambda work: work.cases.of(10, [7]), None),
    "the servers of a follow-up": (lambda work: work.joining.servers(1), "ix_outbox_followups_followup"),
    "who was told": (lambda work: work.outbox.told(1), "ix_outbox_followups_followup"),
    "what is parted": (lambda work: work.joining.parted([1, 2]), None),
    "one follow-up": (lambda work: work.followups.get(1), "ix_tellings_followup"),
    "refiling": (lambda work: work.followups.refile("own:1", into=[1], out_of=[2]), None),
    "orders on a topic": (lambda work: work.subscriptions.wanting(a_followup()), "ix_subscriptions_unfiled"),
    "orders of a guild": (lambda work: work.subscriptions.of_guild(1), "ix_subscriptions_guild"),
    "orders of a channel": (lambda work: work.subscriptions.of_channel(1), "uq_subscriptions_channel_id_topic"),
    "reminders due": (lambda work: work.reminders.due(MONDAY_NOON, 10), "ix_reminders_due"),
    "reminders of a person": (lambda work: work.reminders.of_user(5), "ix_reminders_user"),
    "digests due": (lambda work: work.subscriptions.with_digest_due(MONDAY_NOON, 10), "ix_subscriptions_digest"),
    "reminders ahead": (lambda work: work.reminders.forget_ahead(1, MONDAY_NOON), None),
    "replanning for a server": (lambda work: work.reminders.replan(1, [], guild_id=10), "ix_reminders_followup"),
    "replanning": (lambda work: work.reminders.replan(1, []), "ix_reminders_followup"),
    "rewording": (lambda work: work.outbox.reword(1), "ix_outbox_followups_followup"),
    "leasing": (
        lambda work: work.outbox.lease(MONDAY_NOON, worker="w", until=minutes(1), limit=10),
        "ix_outbox_lanes",
    ),
    "how things stand for a server": (lambda work: work.tally(10), "ix_outbox_waiting_guild"),
    "feeds that everybody sees": (lambda work: work.tally(10), "ix_feeds_public"),
    "what waits in the whole house": (lambda work: work.backlog(), "ix_outbox_waiting"),
    "which feed has waited longest": (lambda work: work.backlog(), "ix_feeds_next_poll_at"),
    "what was given up for a server": (lambda work: work.given_up(10, MONDAY_NOON), "ix_outbox_given_up"),
    "removing an order": (lambda work: work.subscriptions.remove(10, 20), None),
}


def plans_of(store: Database, ask: Callable[[SqlUnitOfWork], Any]) -> str:
    """Return how the database means to answer each statement that `ask` sends."""
    asked: list[tuple[str, Any]] = []

    def note(_1: Connection, _2: Any, statement: str, parameters: Any, _3: Any, is_many: bool) -> None:  # noqa: FBT001 - SQLAlchemy's own
        if not is_many:  # rows to be inserted
            asked.append((statement, parameters))

    engine = store._writing
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            # The tables are too small for an index to pay, so ask what it would do if reading all were dear.
            connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
            connection.exec_driver_sql("SET LOCAL enable_bitmapscan = off")
        event.listen(engine, "before_cursor_execute", note)
        ask(SqlUnitOfWork(connection))
        event.remove(engine, "before_cursor_execute", note)
        explain = "EXPLAIN " if connection.dialect.name == "postgresql" else "EXPLAIN QUERY PLAN "
        lines = [
            str(row[-1])
            for statement, parameters in asked
            for row in connection.exec_driver_sql(explain + statement, parameters)
        ]
    return "\n".join(lines)


@pytest.mark.parametrize("question", QUESTIONS)
async def test_no_table_is_read_from_end_to_end(store: Database, question: str) -> None:
    ask, index = QUESTIONS[question]
    plans = plans_of(store, ask)
    assert not WHOLE_TABLE.search(plans), plans
    if index is not None and not (index.startswith("uq_") and "sqlite_autoindex" in plans):
        assert index in plans, plans


CHANGES: dict[str, Callable[[SqlUnitOfWork], Any]] = {
    "joining": lambda work: work.joining.join(1, 2, a_telling()),
    "splitting": lambda work: work.joining.split(1, [1], a_telling(), a_telling()),
}


@pytest.mark.parametrize("change", CHANGES)
async def test_no_table_is_read_from_end_to_end_to_join_or_split(store: Database, change: str) -> None:
    for _ in range(2):
        await retold(store, await opened(store), a_telling())
    plans = plans_of(store, CHANGES[change]).replace("SCAN baskets", "")  # what waits for the next digests is little
    assert not WHOLE_TABLE.search(plans), plans


@pytest.mark.parametrize("guild_id", [None, 10])
@pytest.mark.parametrize(
    "wanted",
    [
        CaseFilter(),
        CaseFilter(topic="norland"),
        CaseFilter(country="FR"),
        CaseFilter(Listing.OVERDUE),
        CaseFilter(Listing.DUE, topic="norland"),
        CaseFilter(Listing.RECENT),
        CaseFilter(Listing.RECENT, topic="norland"),
        CaseFilter(Listing.SETTLED),
    ],
    ids=str,
)
async def test_a_list_is_read_in_order_and_not_sorted(
    store: Database, wanted: CaseFilter, guild_id: int | None
) -> None:
    plans = plans_of(store, lambda work: listed(work, wanted, guild_id))
    assert "TEMP B-TREE" not in plans, plans
    assert "Sort" not in plans, plans


async def test_the_counts_of_a_list_need_only_the_index(store: Database) -> None:
    wanted = CaseFilter(topic="norland", kind=Kind.EVENT)
    plans = plans_of(store, lambda work: listed(work, wanted))
    only_the_index = plans.count("COVERING INDEX ix_followup_topics_pending") + plans.count("Index Only Scan")
    assert only_the_index >= 3, plans


async def test_whether_texts_are_to_be_let_go_is_seen_from_one_row(store: Database) -> None:
    await opened(store)
    plans = plans_of(store, lambda work: work.articles.have_texts_before(MONDAY_NOON))
    assert re.search(r"USING INTEGER PRIMARY KEY \(rowid>\?\)|Index Cond: \(id > ", plans), plans
    assert "Sort" not in plans, plans
    assert "TEMP B-TREE" not in plans, plans
