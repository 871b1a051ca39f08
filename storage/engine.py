"""The door to the database: one who decides at a time, and a few beside him who read, or write what is no decision.

On SQLite nobody writes while another does; on PostgreSQL only those wait for each other who decide.
"""

from __future__ import annotations

import asyncio
import random
import sqlite3
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.pool import ConnectionPoolEntry

from storage.errors import DatabaseError, explained
from storage.unit_of_work import SqlUnitOfWork
from watchers.ports import UnitOfWork

T = TypeVar("T")

READERS = 4
BESIDE = 2
"""Connections to PostgreSQL for what is written beside decisions."""
PATIENCE = 10.0
TRIES = 5
"""How often a transaction is run at most that others are in the way of."""
# PostgreSQL's words for that: a serialization failure, a deadlock of which this one was picked to give way.
_IN_THE_WAY = frozenset({"40001", "40P01"})
# Any number will do, so long as nothing else on the server uses it: "aide" in ASCII.
_WRITER_LOCK = 0x61696465
_OLDEST_SQLITE = (3, 35, 0)
_LONGEST_MOMENT = 0.1


def address(url: str) -> URL:
    """Read a database URL, in the forms platforms hand them out; raise `DatabaseError` where it is none.

    Accepted are `sqlite:///FILE` and `postgresql://…` (also `postgres://…` and `postgresql+psycopg://…`).
    """
    accepted = "give sqlite:///FILE or postgresql://USER:PASSWORD@HOST/NAME"
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        # Not chained: the library's words may repeat the password.
        message = f"DATABASE_URL is not a database address: {accepted}"
        raise DatabaseError(message) from None
    if parsed.drivername in {"postgres", "postgresql", "postgresql+psycopg"}:
        return parsed.set(drivername="postgresql+psycopg")
    if parsed.drivername not in {"sqlite", "sqlite+pysqlite"}:
        message = f"DATABASE_URL names an unknown kind of database, {parsed.drivername}: {accepted}"
        raise DatabaseError(message)
    if parsed.database in {None, "", ":memory:"}:
        message = f"DATABASE_URL names no file, and memory forgets: {accepted}"
        raise DatabaseError(message)
    _check_file(Path(str(parsed.database)))
    return parsed


def _check_file(file: Path) -> None:
    if sqlite3.sqlite_version_info < _OLDEST_SQLITE:
        message = f"SQLite {sqlite3.sqlite_version} is too old: Python needs one of 3.35 or newer"
        raise DatabaseError(message)
    if not file.parent.is_dir():
        message = f"the folder {file.parent} does not exist: create it, or give another file in DATABASE_URL"
        raise DatabaseError(message)
    if file.is_dir():
        message = f"{file} is a folder: give a file in DATABASE_URL"
        raise DatabaseError(message)


def writing_engine(url: URL, *, patience: float = PATIENCE, enforce_keys: bool = True) -> Engine:
    """Make an engine whose transactions write, one at a time across all processes.

    `patience` is how many seconds a transaction waits for another to end. `enforce_keys=False` leaves SQLite's
    foreign keys unchecked, as changing its tables demands.
    """
    keys = "ON" if enforce_keys else "OFF"
    if url.get_backend_name() == "sqlite":
        pragmas = ("journal_mode = WAL", "synchronous = FULL", f"foreign_keys = {keys}")
        return _sqlite(url, patience, pragmas, begin="BEGIN IMMEDIATE", connections=1)
    # A decision reads, then writes: two processes deciding at once could open one follow-up twice.
    begin = f"{_patient(patience)}; SELECT pg_advisory_xact_lock({_WRITER_LOCK})"
    return _postgresql(url, begin=begin, connections=1)


def engine_beside(url: URL, *, patience: float = PATIENCE) -> Engine:
    """Make an engine for PostgreSQL whose transactions write, a few at a time, beside those of `writing_engine`."""
    return _postgresql(url, begin=_patient(patience), connections=BESIDE)


def _patient(patience: float) -> str:
    return f"SET LOCAL lock_timeout = {round(patience * 1000)}"


def reading_engine(url: URL, *, patience: float = PATIENCE) -> Engine:
    """Make an engine whose transactions see one unchanging state and cannot write."""
    if url.get_backend_name() == "sqlite":
        return _sqlite(url, patience, ("query_only = ON",), begin="BEGIN", connections=READERS)
    return _postgresql(url, begin="SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY", connections=READERS)


def _sqlite(url: URL, patience: float, pragmas: tuple[str, ...], *, begin: str, connections: int) -> Engine:
    engine = create_engine(
        url,
        hide_parameters=True,
        pool_size=connections,
        max_overflow=0,
        connect_args={"timeout": patience},
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, _entry: ConnectionPoolEntry) -> None:
        # Transactions begin as `begin` says, and never by the driver's own rules, which pass over SELECT.
        connection.isolation_level = None
        try:
            for pragma in pragmas:
                connection.execute(f"PRAGMA {pragma}").close()
        except sqlite3.Error:
            connection.close()
            raise

    _begin_with(engine, begin)
    return engine


def _postgresql(url: URL, *, begin: str, connections: int) -> Engine:
    try:
        engine = create_engine(
            url,
            hide_parameters=True,
            pool_size=connections,
            max_overflow=0,
            pool_pre_ping=True,
            connect_args={"connect_timeout": 10, "application_name": "aide-memoire"},
        )
    except ImportError:
        message = "PostgreSQL needs its driver: pip install 'aide-memoire[postgresql]'"
        raise DatabaseError(message) from None
    _begin_with(engine, begin)
    return engine


def _begin_with(engine: Engine, statement: str) -> None:
    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql(statement)


class Database:
    """Everything that is remembered, behind asynchronous doors (`watchers.ports.Store`)."""

    def __init__(self, writing: Engine, reading: Engine, beside: Engine | None = None) -> None:
        """Take the engines of one database (see `open_database`); `beside` None: nobody writes beside another."""
        self._writing = writing
        self._reading = reading
        self._beside = beside or writing
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="storage-writer")
        self._readers = ThreadPoolExecutor(READERS, thread_name_prefix="storage-reader")
        self._others = ThreadPoolExecutor(BESIDE, thread_name_prefix="storage-beside") if beside else self._writer

    async def transact(self, work: Callable[[UnitOfWork], T], *, alone: bool = True) -> T:
        """Run `work` in one write transaction: all of it is stored when this returns, or none of it.

        What `work` raises rolls back and is raised here; the database's own failures become `DatabaseError`.
        A caller that is cancelled leaves the transaction to end by itself. Where it is not `alone`, it takes its turn
        with decisions on SQLite only.
        """
        threads, engine = (self._writer, self._writing) if alone else (self._others, self._beside)
        return await asyncio.get_running_loop().run_in_executor(threads, _run, engine, work)

    async def look(self, work: Callable[[UnitOfWork], T]) -> T:
        """Run `work` on a consistent reading view; what it tries to write is refused with `DatabaseError`."""
        return await asyncio.get_running_loop().run_in_executor(self._readers, _run, self._reading, work)

    def close(self) -> None:
        """Wait for what is under way, then let go of the database."""
        for threads in (self._writer, self._others, self._readers):
            threads.shutdown()
        for engine in (self._writing, self._beside, self._reading):
            engine.dispose()


def _run(engine: Engine, work: Callable[[UnitOfWork], T]) -> T:
    """Run `work` in a transaction, and again where others were in its way, after a moment that is never the same."""
    tries = 0
    while True:
        tries += 1
        try:
            with engine.begin() as connection:
                return work(SqlUnitOfWork(connection))
        except DBAPIError as error:
            if tries == TRIES or getattr(error.orig, "sqlstate", None) not in _IN_THE_WAY:
                raise explained(error, engine.url) from error
        time.sleep(random.uniform(0, _LONGEST_MOMENT))  # noqa: S311 - nobody gains by guessing it


def open_database(url: str, *, patience: float = PATIENCE) -> Database:
    """Open a database that has been migrated; `patience` is how many seconds to wait for another's lock.

    Raise `DatabaseError` where it cannot be reached or written to.
    """
    place = address(url)
    writing = writing_engine(place, patience=patience)
    try:
        with writing.begin():
            pass
    except DBAPIError as error:
        writing.dispose()
        raise explained(error, place) from error
    beside = None if place.get_backend_name() == "sqlite" else engine_beside(place, patience=patience)
    return Database(writing, reading_engine(place, patience=patience), beside)
