"""Copies of an SQLite database, made while the bot goes on working."""

from __future__ import annotations

import contextlib
import os
import shlex
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import URL

from storage.engine import PATIENCE, address
from storage.errors import DatabaseError, advice_on
from storage.integrity import damaged, faults_in


class BackupError(Exception):
    """No copy could be made as it was asked for; `str()` is one line: why, and what to do."""


@dataclass(frozen=True, slots=True)
class Backup:
    """A copy that was made and looked through."""

    file: Path
    size: int
    """In bytes."""
    tables: int
    rows: int
    """Of all tables together."""


def back_up(url: str, target: Path, *, overwrite: bool = False) -> Backup:
    """Copy the SQLite database at `url` into the file `target`, as it stands at one instant; return what was copied.

    Others may write meanwhile and wait for nothing. The copy is written beside its place, checked, and put there whole,
    so that a file of that name is never half a copy; only its owner may read it, because it holds secret addresses.
    Raise `BackupError` where `target` may not be written (it exists, and `overwrite` is False), or the database is none
    of SQLite's, and `DatabaseError` where it cannot be read or the copy is damaged.
    """
    place = address(url)
    if place.get_backend_name() != "sqlite":
        raise BackupError(_of_postgresql(place, target))
    source = Path(str(place.database))
    if not source.exists():
        message = f"there is no database at {source} yet"
        raise BackupError(message)
    _check_target(source, target, overwrite=overwrite)
    beside = target.with_name(f".{target.name}.{os.getpid()}.partial")
    try:
        os.close(os.open(beside, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        tables, rows = _copied(source, beside)
        size = beside.stat().st_size
        _check_target(source, target, overwrite=overwrite)
        _put_in_place(beside, target)
    except OSError as error:
        message = (
            f"{target} cannot be written ({error.strerror}): give a file in a folder with room that you may write to"
        )
        raise BackupError(message) from error
    finally:
        for left in (beside, beside.with_name(beside.name + "-journal")):
            with contextlib.suppress(OSError):
                left.unlink()
    return Backup(target, size, tables, rows)


def _check_target(source: Path, target: Path, *, overwrite: bool) -> None:
    if not target.parent.is_dir():
        message = f"the folder {target.parent} does not exist: create it, or give another file"
        raise BackupError(message)
    if target.is_dir() or target.resolve() in {source.resolve(), *_companions(source.resolve())}:
        message = f"{target} is a folder, or the database itself: give another file"
        raise BackupError(message)
    if target.exists() and not overwrite:
        message = f"{target} is there already: give another file, or --force to replace it"
        raise BackupError(message)
    if any(other.exists() for other in _companions(target)):
        message = f"{target} is in use, or was left behind by a program that was (see {target}-wal): give another file"
        raise BackupError(message)


def _companions(file: Path) -> tuple[Path, ...]:
    """Return the files that SQLite keeps beside a database in use; it would take a copy put there for theirs."""
    return tuple(file.with_name(file.name + end) for end in ("-wal", "-shm", "-journal"))


def _copied(source: Path, target: Path) -> tuple[int, int]:
    """Copy one database into an empty file; return how many tables and rows the copy holds."""
    try:
        with (
            closing(sqlite3.connect(source, timeout=PATIENCE)) as original,
            closing(sqlite3.connect(target, timeout=PATIENCE)) as copy,
        ):
            # All at once: in a write-ahead log a reader sees one state, whatever is written beside it, and holds up
            # nobody. In steps it would begin anew after every write.
            original.execute("PRAGMA query_only = ON")
            original.backup(copy, pages=-1)
            copy.execute("PRAGMA journal_mode = DELETE")  # one file, to be carried elsewhere
            if found := faults_in(copy, thorough=True):
                raise DatabaseError(damaged(str(source), found))
            names = [row[0] for row in copy.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
            own = [name for name in names if not name.startswith("sqlite_")]
            # Names of tables of our own schema, quoted as SQL has it.
            counted = (f'SELECT count(*) FROM "{name.replace(chr(34), chr(34) * 2)}"' for name in own)  # noqa: S608 - quoted
            return len(own), sum(copy.execute(each).fetchone()[0] for each in counted)
    except sqlite3.Error as error:
        full = "full" in str(error) and str(target)
        raise DatabaseError(advice_on(str(error), full or str(source))) from error


def _put_in_place(beside: Path, target: Path) -> None:
    """Give the copy its name, once the disk has all of it."""
    for path in (beside, target.parent):
        if path is not beside:
            beside.replace(target)
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _of_postgresql(place: URL, target: Path) -> str:
    bare = place.set(drivername="postgresql", password=None).render_as_string()
    told = shlex.join(["pg_dump", "--format=custom", f"--file={target}", bare])
    return (
        f"a PostgreSQL database is copied by its own tool, while the bot runs: {told} (and pg_restore brings it back)"
    )
