"""Migrations: every database ends with the same tables, whoever comes first and whatever breaks off."""

from __future__ import annotations

import shutil
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine

import storage
from storage.engine import address, open_database, reading_engine, writing_engine
from storage.errors import DatabaseError
from storage.migrate import comparable, current, draft, head, upgrade
from storage.outcome_tables import suggestions

ROOT = Path(storage.__file__).parents[1]

UPGRADE = "import sys; from storage.migrate import upgrade; upgrade(sys.argv[1])"
UPGRADE_HALF_WAY = """
import sys
from sqlalchemy import Engine, event
from storage.migrate import upgrade

def stop_in_the_middle(connection, cursor, statement, *rest):
    if "CREATE TABLE outbox" in statement:
        print("half way", flush=True)
        sys.stdin.read()

event.listen(Engine, "before_cursor_execute", stop_in_the_middle)
upgrade(sys.argv[1])
"""

STRUCTURE = {
    "sqlite": "SELECT type, name, tbl_name, sql FROM sqlite_schema WHERE tbl_name != 'alembic_version'",
    "postgresql": (
        "SELECT table_name, column_name, data_type, is_nullable, column_default FROM information_schema.columns"
        " WHERE table_schema = 'public' AND table_name != 'alembic_version'"
        " UNION SELECT tablename, indexname, indexdef, '', '' FROM pg_indexes"
        " WHERE schemaname = 'public' AND tablename != 'alembic_version'"
        " UNION SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid), '', '' FROM pg_constraint"
        " WHERE connamespace = 'public'::regnamespace AND conrelid::regclass::text != 'alembic_version'"
    ),
}

# Alembic says which indexes it passes over: those on expressions. Their text is compared here.
NOT_COMPARED = pytest.mark.filterwarnings("ignore:.*expression-based index")


def start(script: str, url: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", script, url],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def structure(engine: Engine) -> set[tuple[object, ...]]:
    """Return all that a database says of its tables, whatever the order in which columns and keys were declared."""
    with engine.begin() as connection:
        rows = connection.exec_driver_sql(STRUCTURE[connection.dialect.name]).all()
    return {(*row[:-1], *sorted(declared(row[-1] or ""))) for row in rows}


def declared(sql: str) -> list[str]:
    """Return what a CREATE statement declares between its brackets, and what comes before and after them."""
    parts, depth = [""], 0
    for letter in " ".join(sql.split()):
        depth += (letter == "(") - (letter == ")")
        if (depth == 1 and letter in "(,") or (depth == 0 and letter == ")"):
            parts.append("")
        else:
            parts[-1] += letter
    return [part.strip().replace('"', "") for part in parts]


def test_an_empty_database_gets_every_table_and_keeps_them(empty_url: str) -> None:
    assert current(empty_url) is None
    upgrade(empty_url)
    assert current(empty_url) == head()
    upgrade(empty_url)
    assert current(empty_url) == head()
    database = open_database(empty_url)
    database.close()


@NOT_COMPARED
def test_the_migrated_tables_are_those_the_code_speaks_of(empty_url: str) -> None:
    engine = writing_engine(address(empty_url))
    with engine.begin() as connection:
        suggestions.metadata.create_all(connection)
    spoken_of = structure(engine)
    with engine.begin() as connection:
        suggestions.metadata.drop_all(connection)
    upgrade(empty_url)
    migrated = structure(engine)
    with engine.begin() as connection:
        compared = MigrationContext.configure(connection, opts={"include_object": comparable})
        assert compare_metadata(compared, suggestions.metadata) == []
    engine.dispose()
    assert migrated == spoken_of
    assert any("ix_followup_topics_pending" in row for row in migrated)


def test_asking_for_the_revision_makes_no_file(tmp_path: Path) -> None:
    assert current(f"sqlite:///{tmp_path / 'none.db'}") is None
    assert list(tmp_path.iterdir()) == []


def test_processes_that_start_at_once_do_not_trip_over_each_other(empty_url: str) -> None:
    children = [start(UPGRADE, empty_url) for _ in range(3)]
    outcomes = [(child.communicate(timeout=60)[1], child.returncode) for child in children]
    assert outcomes == [("", 0)] * 3
    assert current(empty_url) == head()


def test_a_kill_in_the_middle_leaves_the_tables_as_they_were(empty_url: str) -> None:
    with start(UPGRADE_HALF_WAY, empty_url) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "half way\n"
        child.kill()
        assert child.wait(timeout=30) == -signal.SIGKILL
    engine = reading_engine(address(empty_url))
    assert structure(engine) == set()
    engine.dispose()
    upgrade(empty_url)
    assert current(empty_url) == head()


def test_a_file_that_is_no_database_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "letter.txt"
    file.write_text("Dear ambassador, " * 100)
    for ask in (upgrade, current):
        with pytest.raises(DatabaseError, match=r"letter\.txt is not an SQLite database"):
            ask(f"sqlite:///{file}")
    assert file.read_text() == "Dear ambassador, " * 100


def test_an_upgrade_that_cannot_get_in_says_so(tmp_path: Path) -> None:
    file = tmp_path / "busy.db"
    upgrade(f"sqlite:///{file}")
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(DatabaseError, match=r"busy\.db has been locked for too long"):
        upgrade(f"sqlite:///{file}", patience=0.01)
    other.close()


@NOT_COMPARED
def test_the_next_migration_can_be_drafted_from_the_difference(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'old.db'}"
    upgrade(url)
    with sqlite3.connect(tmp_path / "old.db") as old:
        old.execute("ALTER TABLE articles DROP COLUMN seen_at")
    old.close()
    folder = tmp_path / "migrations"
    shutil.copytree(ROOT / "storage" / "migrations", folder)
    drafted = draft(url, "When seen", folder)
    assert drafted == folder / "versions" / "0006_when_seen.py"
    text = drafted.read_text()
    assert "sa.Column('seen_at', sa.DateTime(timezone=True), nullable=False)" in text
    assert "down_revision = '0005'" in text
