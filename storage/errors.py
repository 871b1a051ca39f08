"""What can go wrong with a database, in words its operator can act on."""

from __future__ import annotations

import re

from sqlalchemy import URL
from sqlalchemy.exc import DBAPIError

from watchers.ports import StoreDownError


class DatabaseError(Exception):
    """The database could not do what was asked; `str()` is one line: what is wrong and what to do about it."""


class DatabaseDownError(DatabaseError, StoreDownError):
    """It could do nothing just now, whatever was asked: it is full, locked or not there."""


# The first that fits what SQLite, libpq or the server said. (SQLite's codes and libpq's failures to connect carry
# no number on every supported version, so their words are what there is to go by.)
_CAUSES = tuple(
    (re.compile(words, re.IGNORECASE), advice)
    for words, advice in (
        (
            r"disk is full|no space left|could not extend file",
            "the disk that holds {place} is full: make room and try again; what was stored is safe",
        ),
        (
            r"disk I/O error",
            "the disk that holds {place} does not do what it should: see that it has room, and is sound",
        ),
        (
            r"database (table )?is locked|lock timeout|deadlock detected",
            "{place} has been locked for too long by another program: end it, or wait until it is done",
        ),
        (
            r"file is not a database",
            "{place} is not an SQLite database: move that file away, or give another one in DATABASE_URL",
        ),
        (
            r"malformed|could not read block|invalid page",
            "{place} is damaged: restore a backup, or see what `sqlite3 FILE .recover` can save",
        ),
        (
            r"unable to open database file",
            "cannot open {place}: see that this user may read and write the file and its folder",
        ),
        (
            r"readonly database|read-only transaction",
            "may not write to {place}: let this user write to it and its folder (in code: only `transact` writes)",
        ),
        (
            r"no such (table|column)|(relation|column) .* does not exist|has no column named",
            "{place} lacks tables of this version: run `aide-memoire migrate`",
        ),
        (
            r"password authentication failed|no password supplied|role .* does not exist|no pg_hba\.conf entry",
            "{place} refuses the user or the password: correct them in DATABASE_URL",
        ),
        (
            r"database .* does not exist",
            "{place} has no database of that name: create it, or correct the name in DATABASE_URL",
        ),
        (
            r"connection slots|too many (clients|connections)",
            "{place} takes no more connections: end some, or raise its max_connections",
        ),
        (
            r"permission denied",
            "{place} does not let this user do that: grant it the rights on the database and its schema",
        ),
        (
            (
                r"resolve host|translate host|refused|timeout expired|unreachable|no route|no such file or directory"
                r"|closed the connection|connection is (closed|lost)|terminating connection|starting up|shutting down"
            ),
            "{place} does not answer: see that PostgreSQL is running there and can be reached from here",
        ),
    )
)


# Those that pass, and have nothing to do with what was asked.
_PASSING = ("the disk that holds", "{place} has been locked", "{place} takes no more", "{place} does not answer")


def place_of(url: URL) -> str:
    """Name a database for people: its file, or its server and name; never the user or the password."""
    if url.get_backend_name() == "sqlite":
        return str(url.database)
    port = f":{url.port}" if url.port else ""
    return f"PostgreSQL at {url.host or url.query.get('host') or 'localhost'}{port}/{url.database or ''}"


def explained(error: DBAPIError, url: URL) -> DatabaseError:
    """Turn a library's error into one that says what to do."""
    place, said = place_of(url), str(error.orig or error)
    told = advice_on(said, place)
    passing = error.connection_invalidated or told.startswith(tuple(each.format(place=place) for each in _PASSING))
    return DatabaseDownError(told) if passing else DatabaseError(told)


def advice_on(said: str, place: str) -> str:
    """Return what to do about what SQLite, libpq or the server said, in one line that names the database `place`."""
    for words, advice in _CAUSES:
        if words.search(said):
            return advice.format(place=place)
    first_line = said.strip().partition("\n")[0]
    return f"{place} refused what was asked of it: {first_line}"
