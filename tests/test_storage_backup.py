"""A copy made while others write is whole and of one instant; a damaged file is told from a sound one."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from bot.cli import main
from storage import backup
from storage.backup import BackupError, back_up
from storage.engine import open_database
from storage.errors import DatabaseError
from storage.integrity import check
from tests.migrated import new_database
from tests.postgres import PostgresServer
from tests.storing import opened

PAIRS = "CREATE TABLE IF NOT EXISTS pairs (number INTEGER PRIMARY KEY, other INTEGER, filling TEXT)"


@contextmanager
def hammering(file: Path) -> Iterator[list[int]]:
    """Another writer that stores two rows which belong together in each of many transactions, until the end."""
    stored: list[int] = []
    ended = threading.Event()

    def write() -> None:
        with closing(sqlite3.connect(file, timeout=30, isolation_level=None)) as connection:
            connection.execute(PAIRS)
            number = 0
            while not ended.is_set():
                number += 2
                connection.execute("BEGIN IMMEDIATE")
                connection.execute("INSERT INTO pairs VALUES (?, ?, ?)", (number, number + 1, "x" * 2000))
                connection.execute("INSERT INTO pairs VALUES (?, ?, ?)", (number + 1, number, "x" * 2000))
                connection.execute("COMMIT")
                stored.append(number)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        while len(stored) < 20:
            assert writer.is_alive()
        yield stored
    finally:
        ended.set()
        writer.join()


def test_a_copy_is_of_one_instant_while_a_writer_hammers(tmp_path: Path) -> None:
    url = new_database(tmp_path / "bot.db")
    with hammering(tmp_path / "bot.db") as stored:
        for turn in range(10):
            before = len(stored)
            copied = back_up(url, tmp_path / f"copy-{turn}.db")
            with closing(sqlite3.connect(copied.file)) as copy:
                rows = copy.execute("SELECT number, other FROM pairs ORDER BY number").fetchall()
                assert copy.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
                assert copy.execute("PRAGMA journal_mode").fetchone() == ("delete",), "one file, to be carried"
            assert len(rows) >= 2 * before
            assert all((other, number) in set(rows) for number, other in rows)
        assert len(stored) > before, "the writer went on meanwhile"


async def test_the_bot_works_on_a_copy_as_on_the_original(tmp_path: Path) -> None:
    url = new_database(tmp_path / "bot.db")
    original = open_database(url)
    followup = await opened(original)
    copied = back_up(url, tmp_path / "copy.db")
    original.close()
    assert copied.size == copied.file.stat().st_size
    assert copied.rows > 3
    assert copied.file.stat().st_mode & 0o077 == 0
    assert sorted(os.listdir(tmp_path)) == ["bot.db", "copy.db"]  # noqa: PTH208 - as the loop is not held up
    store = open_database(f"sqlite:///{copied.file}")
    assert await store.look(lambda work: work.followups.get(followup.id)) == followup
    store.close()


def test_what_is_there_is_replaced_only_when_asked(tmp_path: Path) -> None:
    url = new_database(tmp_path / "bot.db")
    target = tmp_path / "copy.db"
    target.write_text("precious")
    with pytest.raises(BackupError, match="is there already: give another file, or --force"):
        back_up(url, target)
    assert target.read_text() == "precious"
    assert back_up(url, target, overwrite=True).tables > 20
    for itself in (tmp_path / "bot.db", tmp_path / "bot.db-wal", tmp_path):
        with pytest.raises(BackupError, match="or the database itself"):
            back_up(url, itself, overwrite=True)
    with pytest.raises(BackupError, match="does not exist: create it"):
        back_up(url, tmp_path / "nowhere" / "copy.db")
    (tmp_path / "copy.db-wal").write_text("of a program that has it open")
    with pytest.raises(BackupError, match="is in use"):
        back_up(url, target, overwrite=True)


def test_a_failed_copy_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    url = new_database(tmp_path / "bot.db")
    monkeypatch.setattr(backup, "faults_in", lambda *_, **__: ["row 1 missing from index"])
    with pytest.raises(DatabaseError, match=r"is damaged \(row 1 missing"):
        back_up(url, tmp_path / "copy.db")
    assert [path.name for path in tmp_path.iterdir()] == ["bot.db"]


def test_postgresql_has_its_own_tool(postgres_server: PostgresServer, tmp_path: Path) -> None:
    with pytest.raises(BackupError, match=r"pg_dump --format=custom --file=\S+copy.dump ") as refused:
        back_up(postgres_server.url("migrated"), tmp_path / "copy.dump")
    assert "only-for-tests" not in str(refused.value)


def test_the_command_line_copies(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", new_database(tmp_path / "bot.db"))
    assert main(["backup", str(tmp_path / "copy.db")]) == 0
    assert "is a sound copy of the database: 0." in capsys.readouterr().out
    assert main(["backup", str(tmp_path / "copy.db")]) == 1
    assert "--force" in capsys.readouterr().err


def spoil(file: Path) -> None:
    """Overwrite pages in the middle of a file."""
    with file.open("r+b") as stream:
        stream.seek(file.stat().st_size // 2 // 4096 * 4096)
        stream.write(os.urandom(3 * 4096))


@pytest.mark.parametrize("thorough", [False, True])
def test_a_torn_file_is_named_and_left_as_it_is(tmp_path: Path, *, thorough: bool) -> None:
    url = new_database(tmp_path / "bot.db")
    assert check(url, thorough=thorough)
    spoil(tmp_path / "bot.db")
    torn = (tmp_path / "bot.db").read_bytes()
    with pytest.raises(DatabaseError, match=r"bot.db is damaged .*nothing was changed.*aide-memoire backup"):
        check(url, thorough=thorough)
    assert (tmp_path / "bot.db").read_bytes() == torn


def test_a_row_that_refers_to_nothing_is_found_by_the_thorough_check(tmp_path: Path) -> None:
    url = new_database(tmp_path / "bot.db")
    with closing(sqlite3.connect(tmp_path / "bot.db")) as connection:
        connection.execute("INSERT INTO baskets VALUES (404, 405)")
        connection.commit()
    assert check(url, thorough=False)
    with pytest.raises(DatabaseError, match="of baskets refers to nothing in"):
        check(url, thorough=True)


def test_a_check_without_time_is_no_fault(tmp_path: Path) -> None:
    url = new_database(tmp_path / "bot.db")
    with closing(sqlite3.connect(tmp_path / "bot.db")) as connection:
        connection.execute(PAIRS)
        connection.executemany("INSERT INTO pairs VALUES (?, ?, ?)", ((n, n, "x" * 300) for n in range(20_000)))
        connection.commit()
    assert not check(url, thorough=True, patience=0.0)
    assert check(url, thorough=True, patience=60.0)


def test_there_is_nothing_to_check_before_the_first_start_nor_on_postgresql(
    tmp_path: Path, postgres_server: PostgresServer
) -> None:
    assert check(f"sqlite:///{tmp_path}/none.db", thorough=True)
    assert check(postgres_server.url("migrated"), thorough=True)
    assert list(tmp_path.iterdir()) == []


def test_the_bot_does_not_start_on_a_torn_file(tmp_path: Path) -> None:
    url = new_database(tmp_path / "bot.db")
    spoil(tmp_path / "bot.db")
    torn = (tmp_path / "bot.db").read_bytes()
    settings = {
        "DATABASE_URL": url,
        "DISCORD_TOKEN": "a.b.c",
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(Path.cwd()),
    }
    asked = [sys.executable, "-m", "bot", "run"]
    started = subprocess.run(asked, env=settings, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)
    assert started.returncode == 1
    assert len(started.stderr.splitlines()) == 1
    assert "bot.db is damaged" in started.stderr
    assert (tmp_path / "bot.db").read_bytes() == torn
