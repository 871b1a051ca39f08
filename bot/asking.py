"""What the command line asks of the database and changes in it: one question or one change, and the door is closed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

from bot.usage import FailedError
from storage.engine import Database, open_database
from storage.errors import DatabaseError
from watchers.ports import UnitOfWork

T = TypeVar("T")


def looked_up(question: Callable[[UnitOfWork], T], database_url: str) -> T:
    """Return what the database answers; raise `FailedError` where it cannot be asked."""
    return _with(database_url, lambda database: asyncio.run(database.look(question)))


def transacted(work: Callable[[UnitOfWork], T], database_url: str) -> T:
    """Do `work` in one transaction and return what came of it; raise `FailedError` where that cannot be."""
    return _with(database_url, lambda database: asyncio.run(database.transact(work)))


def _with(database_url: str, use: Callable[[Database], T]) -> T:
    try:
        database = open_database(database_url)
        try:
            return use(database)
        finally:
            database.close()
    except DatabaseError as error:
        raise FailedError(str(error)) from error
