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
from tests.factories import MONDAY_NOON, THIS_WEEK
from tests.storing import minutes
from watchers.model import Kind
from watchers.rating import CaseFilter

TODAY = date(2026, 3, 2)
# SQLite says SCAN also of what a query has just made itself, such as the rows to be updated.
WHOLE_TABLE = re.compile(
    r"(?:SCAN|Seq Scan on) (?:feeds|articles|followups|tellings|followup_\w+|subscriptions|reminders|outbox\w*)\b"
    r"(?! USING (?:COVERING )?INDEX)"
)

QUESTIONS: dict[str, tuple[Callable[[SqlUnitOfWork], Any], str | None]] = {
    "feeds due": (lambda work: work.feeds.due(MONDAY_NOON, 10), "ix_feeds_next_poll_at"),
    "articles unseen": (lambda work: work.articles.unseen(1, ["a", "b"]), "uq_articles_feed_id_key"),
    "candidates": (
        lambda work: work.followups.candidates(["a", "b"], THIS_WEEK, undated=False),
        "ix_followup_marks_mark",
    ),
    "undated candidates": (
        lambda work: work.followups.candidates(["a", "b"], THIS_WEEK, undated=True),
        "ix_followup_marks_mark",
    ),
    "pending on a topic": (
        lambda work: work.followups.pending(CaseFilter("norland", None, None), TODAY, offset=0, limit=9),
        "ix_followup_topics_pending",
    ),
    "pending of a kind on a topic": (
        lambda work: work.followups.pending(CaseFilter("norland", Kind.EVENT, None), TODAY, offset=0, limit=9),
        "ix_followup_topics_pending",
    ),
    "pending with words on a topic": (
        lambda work: work.followups.pending(CaseFilter("norland", None, "troops"), TODAY, offset=0, limit=9),
        "ix_followup_topics_pending",
    ),
    "pending": (
        lambda work: work.followups.pending(CaseFilter(None, None, None), TODAY, offset=0, limit=9),
        "ix_followups_pending",
    ),
    "reminders to plan on a topic": (
        lambda work: work.followups.pending_on("norland", TODAY),
        "ix_followup_topics_pending",
    ),
    "one follow-up": (lambda work: work.followups.get(1), "ix_tellings_followup"),
    "orders on a topic": (lambda work: work.subscriptions.wanting(["norland"]), "ix_subscriptions_topic"),
    "orders of a guild": (lambda work: work.subscriptions.of_guild(1), "ix_subscriptions_guild"),
    "orders of a channel": (lambda work: work.subscriptions.of_channel(1), "uq_subscriptions_channel_id_topic"),
    "reminders due": (lambda work: work.reminders.due(MONDAY_NOON, 10), "ix_reminders_due"),
    "reminders of a person": (lambda work: work.reminders.of_user(5), "ix_reminders_user"),
    "replanning": (lambda work: work.reminders.replan(1, []), "ix_reminders_followup"),
    "rewording": (lambda work: work.outbox.reword(1), "ix_outbox_followups_followup"),
    "leasing": (
        lambda work: work.outbox.lease(MONDAY_NOON, worker="w", until=minutes(1), limit=10),
        "ix_outbox_waiting",
    ),
    "removing an order": (lambda work: work.subscriptions.remove(10, 20, "norland"), None),
}


def plans_of(store: Database, ask: Callable[[SqlUnitOfWork], Any]) -> str:
    """Return how the database means to answer each statement that `ask` sends."""
    asked: list[tuple[str, Any]] = []

    def note(_connection: Connection, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        asked.append((statement, parameters))

    with store._writing.begin() as connection:
        if connection.dialect.name == "postgresql":
            # The tables are too small for an index to pay, so ask what it would do if reading all were dear.
            connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
            connection.exec_driver_sql("SET LOCAL enable_bitmapscan = off")
        event.listen(store._writing, "before_cursor_execute", note)
        ask(SqlUnitOfWork(connection))
        event.remove(store._writing, "before_cursor_execute", note)
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


@pytest.mark.parametrize("topic", [None, "norland"])
async def test_a_list_is_read_in_order_and_not_sorted(store: Database, topic: str | None) -> None:
    wanted = CaseFilter(topic, None, None)
    plans = plans_of(store, lambda work: work.followups.pending(wanted, TODAY, offset=0, limit=9))
    assert "TEMP B-TREE" not in plans, plans
    assert "Sort" not in plans, plans


async def test_the_counts_of_a_list_need_only_the_index(store: Database) -> None:
    wanted = CaseFilter("norland", Kind.EVENT, None)
    plans = plans_of(store, lambda work: work.followups.pending(wanted, TODAY, offset=0, limit=9))
    only_the_index = plans.count("COVERING INDEX ix_followup_topics_pending") + plans.count("Index Only Scan")
    assert only_the_index >= 3, plans
