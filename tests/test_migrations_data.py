"""Migrating a database that is in use: what each earlier version stored stands afterwards, whatever breaks off."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa

import storage
from storage.engine import address, open_database, writing_engine
from storage.integrity import check
from storage.migrate import current, head, upgrade
from tests.factories import MONDAY_NOON
from tests.old_databases import REVISIONS, Rows, make, next_number, rows_of
from tests.postgres import PostgresServer
from watchers.rating import CaseFilter

ROOT = Path(storage.__file__).parents[1]

KILLED_BEFORE = """
import os, signal, sys
from sqlalchemy import Engine, event
from storage.integrity import check
from storage.migrate import upgrade

left = int(sys.argv[2])

def count(connection, cursor, statement, *rest):
    global left
    left -= 1
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)

event.listen(Engine, "before_cursor_execute", count)
upgrade(sys.argv[1])
print(int(sys.argv[2]) - left)
"""
REWORDED = {"feeds": {"last_error"}, "outbox": {"guild_id"}, "subscriptions": {"next_digest_at"}}
"""The columns whose values a migration itself may change."""
NUMBERED = ("feeds", "articles", "followups", "tellings", "subscriptions", "reminders", "outbox", "ratings", "notes")
"""Tables whose numbers stand in keys and in messages, and must not be given twice."""


def of_columns(rows: Rows, known: Rows) -> Rows:
    """Return `rows` in the columns that `known` has, those aside that a migration may change."""
    columns = {name: set(known[name][0]) - REWORDED.get(name, set()) for name in known if known[name]}
    trimmed = {
        name: [{key: value for key, value in row.items() if key in columns[name]} for row in rows[name]]
        for name in columns
    }
    return {name: sorted(found, key=repr) for name, found in trimmed.items()}


@pytest.mark.parametrize("revision", REVISIONS)
def test_all_that_an_earlier_version_stored_stands_after_migrating(empty_url: str, revision: str) -> None:
    make(empty_url, revision)
    before = rows_of(empty_url)
    numbers = {name: next_number(empty_url, name) for name in NUMBERED if name in before}
    assert all(before.values()), "every table holds something"
    upgrade(empty_url)
    assert current(empty_url) == head()
    after = rows_of(empty_url)
    assert of_columns(after, before) == of_columns(before, before)
    # PostgreSQL counts what was tried, too.
    assert all(next_number(empty_url, name) >= number for name, number in numbers.items())
    assert check(empty_url, thorough=True)
    assert check(empty_url, thorough=False)


@pytest.mark.parametrize("revision", REVISIONS)
async def test_the_bot_works_on_with_what_it_finds_there(empty_url: str, revision: str) -> None:
    make(empty_url, revision)
    upgrade(empty_url)
    store = open_database(empty_url)
    try:
        day = MONDAY_NOON.date()
        page = await store.look(lambda work: work.cases.page(CaseFilter(), None, day, offset=0, limit=50))
        assert page.total >= 5
        assert all(case.followup.tellings for case in page.items)
        [subscription] = await store.look(lambda work: work.subscriptions.served_at_once())
        assert subscription.wish.lead_days
        feeds = await store.look(lambda work: work.feeds.all())
        assert [feed.outlet for feed in feeds] == ["Blue Heron Radio", "Northlight Wire", "The Quayside Observer"]
        first = page.items[0].followup.id
        assert await store.transact(lambda work: work.outbox.reword(first)) >= 1
    finally:
        store.close()


def statements(url: str) -> int:
    """Return how many statements the migration takes."""
    done = subprocess.run(
        [sys.executable, "-c", KILLED_BEFORE, url, "1000000"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return int(done.stdout)


def copy_of(url: str, request: pytest.FixtureRequest, number: int) -> str:
    """Return the address of a copy of a database."""
    place = address(url)
    if place.get_backend_name() == "sqlite":
        copy = Path(str(place.database)).with_name(f"copy-{number}.db")
        copy.write_bytes(Path(str(place.database)).read_bytes())
        return f"sqlite:///{copy}"
    server: PostgresServer = request.getfixturevalue("postgres_server")
    return server.url(server.new_database(template=str(place.database)))


def killed_at(url: str, request: pytest.FixtureRequest, shares: list[float]) -> None:
    """Kill migrations of copies before the statement at each share of the way; see that all stands, old or new."""
    before = rows_of(url)
    revision = current(url)
    total = statements(copy_of(url, request, 0))
    assert total > 10
    for number, share in enumerate(shares, start=1):
        copy = copy_of(url, request, number)
        nth = max(1, round(total * share))
        done = subprocess.run([sys.executable, "-c", KILLED_BEFORE, copy, str(nth)], cwd=ROOT, check=False)
        assert done.returncode == -signal.SIGKILL
        assert current(copy) == revision
        assert rows_of(copy) == before, f"killed before statement {nth} of {total}"
        upgrade(copy)
        assert current(copy) == head()
        assert of_columns(rows_of(copy), before) == of_columns(before, before)


@pytest.mark.parametrize("revision", REVISIONS)
def test_a_kill_leaves_the_old_tables_with_all_their_rows(
    empty_url: str, revision: str, request: pytest.FixtureRequest
) -> None:
    make(empty_url, revision)
    killed_at(empty_url, request, [0.6, 1.0])


@pytest.mark.slow
@pytest.mark.parametrize("revision", REVISIONS)
def test_a_kill_anywhere_leaves_the_old_tables_with_all_their_rows(
    empty_url: str, revision: str, request: pytest.FixtureRequest
) -> None:
    make(empty_url, revision)
    killed_at(empty_url, request, [step / 10 for step in range(1, 10)])


def test_a_process_of_the_version_before_goes_on_beside_the_new_tables(empty_url: str) -> None:
    """It names the columns that it knows when it stores, reads and changes rows; the new ones do not ask for more."""
    make(empty_url, REVISIONS[-1])
    engine = writing_engine(address(empty_url), enforce_keys=False)
    known = sa.MetaData()
    known.reflect(engine)
    before = rows_of(empty_url)
    upgrade(empty_url)
    with engine.begin() as connection:
        tables = [table for table in known.sorted_tables if table.name != "alembic_version"]
        rows = {table: [dict(row._mapping) for row in connection.execute(table.select())] for table in tables}
        for table in reversed(tables):
            connection.execute(table.delete())
        for table in tables:
            connection.execute(sa.insert(table), rows[table])
    engine.dispose()
    after = rows_of(empty_url)
    assert of_columns(after, before) == of_columns(before, before)
