"""The two doors: all or nothing, one writer, steady views, and errors an operator can act on."""

from __future__ import annotations

import asyncio
import os
import shutil
import sqlite3
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from storage.engine import Database, address, open_database
from storage.errors import DatabaseError
from storage.migrate import upgrade
from tests.factories import MONDAY_NOON, an_outlet
from tests.postgres import PostgresServer
from tests.storing import add_article, an_alert
from watchers.ports import UnitOfWork

PATIENCE = 10.0
NOBODY = 65534


def grow(work: UnitOfWork) -> int:
    """Follow one outlet more than before: what two writers at once would get wrong."""
    before = len(work.feeds.all())
    outlets = [an_outlet(feed_url=f"https://{number}.example/rss") for number in range(before + 1)]
    work.feeds.follow(outlets, MONDAY_NOON)
    return before


async def size(store: Database) -> int:
    return await store.look(lambda work: len(work.feeds.all()))


# --- the doors --------------------------------------------------------------------------------------------


async def test_what_fails_half_way_leaves_nothing_and_harms_no_later_work(store: Database) -> None:
    def fail(work: UnitOfWork) -> None:
        add_article(work)
        work.outbox.put(an_alert("a"), MONDAY_NOON)
        message = "decided otherwise"
        raise LookupError(message)

    with pytest.raises(LookupError, match="decided otherwise"):
        await store.transact(fail)
    tally = await store.look(lambda work: work.tally())
    assert (tally.feeds, tally.followups_pending, tally.outbox_waiting) == (0, 0, 0)
    assert await store.transact(grow) == 0


async def test_a_look_may_not_write(store: Database) -> None:
    with pytest.raises(DatabaseError, match="may not write"):
        await store.look(grow)
    assert await size(store) == 0
    await store.transact(grow)


async def test_one_works_after_another_in_one_program_and_across_programs(store: Database, database_url: str) -> None:
    other = open_database(database_url)
    befores = await asyncio.gather(*(door.transact(grow) for door in (store, other) * 10))
    other.close()
    assert sorted(befores) == list(range(20))


async def test_a_look_sees_nothing_unfinished_and_does_not_wait_for_it(store: Database) -> None:
    half_way, go_on = threading.Event(), threading.Event()

    def slowly(work: UnitOfWork) -> None:
        grow(work)
        half_way.set()
        assert go_on.wait(PATIENCE)

    writing = asyncio.create_task(store.transact(slowly))
    assert await asyncio.to_thread(half_way.wait, PATIENCE)
    assert await size(store) == 0
    go_on.set()
    await writing
    assert await size(store) == 1


async def test_a_look_keeps_its_view_while_others_write(store: Database) -> None:
    looked, written = threading.Event(), threading.Event()

    def twice(work: UnitOfWork) -> tuple[int, int]:
        first = len(work.feeds.all())
        looked.set()
        assert written.wait(PATIENCE)
        return first, len(work.feeds.all())

    looking = asyncio.create_task(store.look(twice))
    assert await asyncio.to_thread(looked.wait, PATIENCE)
    await store.transact(grow)
    written.set()
    assert await looking == (0, 0)
    assert await size(store) == 1


async def test_one_who_stops_waiting_does_not_break_the_work(store: Database) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def slowly(work: UnitOfWork) -> None:
        begun.set()
        assert go_on.wait(PATIENCE)
        grow(work)

    writing = asyncio.create_task(store.transact(slowly))
    assert await asyncio.to_thread(begun.wait, PATIENCE)
    writing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await writing
    go_on.set()
    assert await store.transact(grow) == 1


async def test_everything_is_there_when_it_is_opened_again(store: Database, database_url: str) -> None:
    await store.transact(grow)
    store.close()
    again = open_database(database_url)
    assert await size(again) == 1
    again.close()


def test_an_sqlite_file_survives_power_cuts_and_is_left_in_one_piece(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'a.db'}"
    upgrade(url)
    database = open_database(url)
    with database._writing.begin() as connection:
        settings = [
            connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        ]
    assert settings == ["wal", 2, 1]
    database.close()
    assert [path.name for path in tmp_path.iterdir()] == ["a.db"]


# --- another program --------------------------------------------------------------------------------------

HOLDER = """
import asyncio, sys
from storage.engine import open_database
from tests.test_storage_engine import grow

def hold(work):
    grow(work)
    print("held", flush=True)
    sys.stdin.readline()

database = open_database(sys.argv[1])
asyncio.run(database.transact(hold))
database.close()
"""


async def test_a_second_program_waits_its_turn_or_is_told(store: Database, database_url: str) -> None:
    holder = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        HOLDER,
        database_url,
        cwd=Path(__file__).parents[1],
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert holder.stdin is not None
    assert holder.stdout is not None
    assert await holder.stdout.readline() == b"held\n"
    with pytest.raises(DatabaseError, match="locked for too long by another program"):
        open_database(database_url, patience=0.05)
    waiting = asyncio.create_task(store.transact(grow))
    assert await size(store) == 0
    holder.stdin.write(b"go\n")
    assert await waiting == 1
    assert await holder.wait() == 0


# --- addresses --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "driver", "database"),
    [
        ("sqlite:///a.db", "sqlite", "a.db"),
        ("postgres://u:p@h/n", "postgresql+psycopg", "n"),
        ("postgresql://u:p@h:5433/n?sslmode=require", "postgresql+psycopg", "n"),
        ("postgresql+psycopg://u@/n?host=/run/postgresql", "postgresql+psycopg", "n"),
    ],
)
def test_addresses_are_read_as_platforms_give_them(url: str, driver: str, database: str) -> None:
    parsed = address(url)
    assert (parsed.drivername, parsed.database) == (driver, database)


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("", "is not a database address"),
        ("remembered.db", "is not a database address"),
        ("postgresql://u:hush-hush@h:port/n", "is not a database address"),
        ("mysql://u:hush-hush@h/n", "unknown kind of database, mysql"),
        ("postgresql+asyncpg://u:hush-hush@h/n", r"unknown kind of database, postgresql\+asyncpg"),
        ("sqlite://", "names no file"),
        ("sqlite:///:memory:", "names no file"),
        ("sqlite:////no/such/folder/a.db", "the folder /no/such/folder does not exist: create it"),
    ],
)
def test_an_address_that_will_not_do_is_told_in_one_line_without_secrets(url: str, said: str) -> None:
    with pytest.raises(DatabaseError, match=said) as told:
        open_database(url)
    assert "\n" not in str(told.value)
    assert "hush" not in str(told.value)
    assert told.value.__cause__ is None


def test_a_folder_in_place_of_a_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(DatabaseError, match="is a folder: give a file"):
        address(f"sqlite:///{tmp_path}")


def test_an_sqlite_too_old_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 34, 1))
    with pytest.raises(DatabaseError, match="too old"):
        address("sqlite:///a.db")


def test_a_missing_driver_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(DatabaseError, match=r"pip install 'aide-memoire\[postgresql\]'"):
        open_database("postgresql://u:p@127.0.0.1:1/n")


# --- files ------------------------------------------------------------------------------------------------


def test_a_file_that_is_no_database_is_told(tmp_path: Path) -> None:
    file = tmp_path / "letter.txt"
    file.write_text("Dear ambassador, " * 100)
    with pytest.raises(DatabaseError, match=r"letter\.txt is not an SQLite database: move"):
        open_database(f"sqlite:///{file}")


async def test_a_database_without_tables_is_told_what_it_lacks(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path / 'empty.db'}")
    with pytest.raises(DatabaseError, match="run `aide-memoire migrate`"):
        await size(database)
    database.close()


async def test_a_full_disk_is_told_and_harms_nothing_stored(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'a.db'}"
    upgrade(url)
    database = open_database(url)
    await database.transact(grow)
    with database._writing.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}").close()

    def fill(work: UnitOfWork) -> None:
        while True:
            grow(work)

    with pytest.raises(DatabaseError, match=r"the disk that holds .*a\.db is full"):
        await database.transact(fill)
    assert await size(database) == 1
    database.close()


def test_a_damaged_file_is_told(tmp_path: Path) -> None:
    file = tmp_path / "a.db"
    upgrade(f"sqlite:///{file}")
    content = bytearray(file.read_bytes())
    content[4096:] = b"\x55" * (len(content) - 4096)
    file.write_bytes(content)
    with pytest.raises(DatabaseError, match="is damaged: restore a backup"):
        open_database(f"sqlite:///{file}")


@contextmanager
def without_privileges() -> Iterator[Path]:
    """A folder anyone may read and only its owner write to, seen as somebody else; as root one may do anything."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    mine = os.geteuid()
    try:
        upgrade(f"sqlite:///{folder / 'a.db'}")
        (folder / "a.db").chmod(0o444)
        folder.chmod(0o555)
        if mine == 0:
            os.seteuid(NOBODY)
        yield folder
    finally:
        os.seteuid(mine)
        folder.chmod(0o755)
        shutil.rmtree(folder)


@pytest.mark.parametrize(("file", "said"), [("a.db", "may not write to|cannot open"), ("new.db", "cannot open")])
def test_a_file_or_folder_that_may_not_be_written_to_is_told(file: str, said: str) -> None:
    with without_privileges() as folder, pytest.raises(DatabaseError, match=f"({said}) {folder / file}: "):
        open_database(f"sqlite:///{folder / file}")


# --- servers ----------------------------------------------------------------------------------------------


def test_a_server_that_does_not_answer_is_told_without_the_password() -> None:
    with pytest.raises(DatabaseError, match=r"^PostgreSQL at 127\.0\.0\.1:1/n does not answer: see") as told:
        open_database("postgres://u:hush-hush@127.0.0.1:1/n")
    assert "hush" not in str(told.value) + repr(told.value.__cause__)


def test_a_wrong_password_is_told_without_it(postgres_server: PostgresServer) -> None:
    with pytest.raises(DatabaseError, match="refuses the user or the password: correct them") as told:
        open_database(postgres_server.url("migrated", password="hush-hush"))
    assert "hush" not in str(told.value) + repr(told.value.__cause__)


def test_a_database_that_does_not_exist_is_told(postgres_server: PostgresServer) -> None:
    with pytest.raises(DatabaseError, match="has no database of that name: create it"):
        open_database(postgres_server.url("no_such_name"))


async def test_a_server_database_without_tables_is_told_what_it_lacks(postgres_server: PostgresServer) -> None:
    database = open_database(postgres_server.url(postgres_server.new_database()))
    with pytest.raises(DatabaseError, match="run `aide-memoire migrate`"):
        await size(database)
    database.close()


async def test_a_connection_that_the_server_ended_is_made_anew(postgres_server: PostgresServer) -> None:
    name = postgres_server.new_database("migrated")
    database = open_database(postgres_server.url(name))
    await database.transact(grow)
    await size(database)
    postgres_server.end_connections(name)
    assert await database.transact(grow) == 1
    assert await size(database) == 2
    database.close()
