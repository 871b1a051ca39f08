"""Whether an SQLite file is sound. Nothing is changed by looking; PostgreSQL looks after itself."""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

from storage.engine import PATIENCE, address
from storage.errors import DatabaseError, advice_on

PATIENCE_AT_START = 10.0
"""Seconds for which a start waits for the quick check; a file for which that is too little is taken as it is."""
_STEPS_BETWEEN_LOOKS = 20_000
_NAMED = 3
_EVERY = 1_000_000_000
# The quick check of SQLite 3.40 says so, wrongly, of each row of a table without rowid whose key has several columns.
_NO_DAMAGE = "NULL value in "


def check(url: str, *, thorough: bool, patience: float | None = None) -> bool:
    """Look through an SQLite database; return False where `patience` (seconds; None: any time) was too short for it.

    The quick check reads every page and finds what is torn or misplaced; the thorough one also compares indexes with
    their tables and looks for rows that refer to none. True is returned where there is no file yet, and for PostgreSQL.
    Raise `DatabaseError` with one line where the file is damaged.
    """
    place = address(url)
    file = Path(str(place.database))
    if place.get_backend_name() != "sqlite" or not file.exists() or file.stat().st_size == 0:
        return True
    end = None if patience is None else time.monotonic() + patience
    try:
        # Read-only, so that not even a log that was left behind is written into a file that may be damaged.
        with closing(sqlite3.connect(f"file:{quote(str(file))}?mode=ro", uri=True, timeout=PATIENCE)) as connection:
            if end is not None:
                connection.set_progress_handler(lambda: time.monotonic() > end, _STEPS_BETWEEN_LOOKS)
            found = faults_in(connection, thorough=thorough)
    except sqlite3.OperationalError as error:
        if "interrupted" in str(error):
            return False
        raise DatabaseError(advice_on(str(error), str(file))) from error
    except sqlite3.DatabaseError as error:
        raise DatabaseError(advice_on(str(error), str(file))) from error
    if found:
        raise DatabaseError(damaged(str(file), found))
    return True


def faults_in(connection: sqlite3.Connection, *, thorough: bool) -> list[str]:
    """Return what is wrong with the database of a connection, in SQLite's words; nothing where it is sound."""
    ask = "integrity_check" if thorough else "quick_check"
    lines = _lines(connection, f"{ask}({_NAMED})")
    if lines and not _damage(lines):
        lines = _lines(connection, f"{ask}({_EVERY})")
    found = _damage(lines)[:_NAMED]
    if thorough and not found:
        dangling = connection.execute("PRAGMA foreign_key_check").fetchmany(_NAMED)
        found = [f"row {row[1]} of {row[0]} refers to nothing in {row[2]}" for row in dangling]
    return found


def _lines(connection: sqlite3.Connection, ask: str) -> list[str]:
    return [str(line) for (line,) in connection.execute(f"PRAGMA {ask}")]


def _damage(lines: list[str]) -> list[str]:
    return [line for line in lines if line != "ok" and not line.startswith(_NO_DAMAGE)]


def damaged(file: str, found: list[str]) -> str:
    """Return the line that says so, and what to do about it."""
    what = "; ".join(" ".join(each.split()) for each in found)
    return (
        f"{file} is damaged ({what}); nothing was changed in it. Stop the bot, move the file away together with "
        f"{file}-wal and {file}-shm, and put a copy that `aide-memoire backup` made in its place; without one, see "
        "what `sqlite3 FILE .recover` can save"
    )
