"""Bringing a database to the tables of this version, whatever version it comes from."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import Script, ScriptDirectory
from sqlalchemy import Column, Connection, Index, column, inspect, table
from sqlalchemy.exc import DBAPIError
from sqlalchemy.schema import SchemaItem

from storage.engine import PATIENCE, address, reading_engine, writing_engine
from storage.errors import explained

_MIGRATIONS = Path(__file__).parent / "migrations"


def head() -> str:
    """Return the newest revision of the tables: the one this version works with."""
    revision = ScriptDirectory(str(_MIGRATIONS)).get_current_head()
    if revision is None:
        message = f"there are no migrations in {_MIGRATIONS}: install the package anew"
        raise RuntimeError(message)
    return revision


def current(url: str) -> str | None:
    """Return the revision of a database's tables, None where it has none yet; raise `DatabaseError`.

    A file that does not exist is not made.
    """
    place = address(url)
    if place.get_backend_name() == "sqlite" and not Path(str(place.database)).exists():
        return None
    engine = reading_engine(place)
    try:
        with engine.begin() as connection:
            return MigrationContext.configure(connection).get_current_revision()
    except DBAPIError as error:
        raise explained(error, place) from error
    finally:
        engine.dispose()


def upgrade(url: str, *, patience: float = PATIENCE) -> None:
    """Bring the tables to `head()` in one transaction; raise `DatabaseError`.

    It does nothing where they are there already, and waits (up to `patience` seconds) for another process that is
    upgrading. A crash on the way leaves the tables as they were.
    """
    place = address(url)
    # SQLite changes a table by copying it, and would take dropping the old one for deleting its rows' children.
    engine = writing_engine(place, patience=patience, enforce_keys=False)
    try:
        with engine.begin() as connection:
            counted = _counted(connection)
            command.upgrade(_alembic(connection), "head")
            _count_on(connection, counted)
    except DBAPIError as error:
        raise explained(error, place) from error
    finally:
        engine.dispose()


def _counted(connection: Connection) -> dict[str, int]:
    """Return the highest number that each table of an SQLite database has ever given to a row."""
    if connection.dialect.name != "sqlite" or not inspect(connection).has_table("sqlite_sequence"):
        return {}
    counters = connection.exec_driver_sql("SELECT name, seq FROM sqlite_sequence").all()
    return {counter.name: counter.seq for counter in counters}


def _count_on(connection: Connection, counted: Mapping[str, int]) -> None:
    """Let tables count on from where they were: one that was copied knows only of the rows it still had."""
    counters = table("sqlite_sequence", column("name"), column("seq"))
    now = _counted(connection)
    for name, number in counted.items():
        if now.get(name, 0) < number:
            connection.execute(counters.delete().where(counters.c.name == name))
            connection.execute(counters.insert().values(name=name, seq=number))


def draft(url: str, what: str, folder: Path = _MIGRATIONS) -> Path:
    """Write the next migration into `folder`, from what a migrated database lacks of tables.py; return its file.

    For developers: `what` says in a few words what changes. Read the draft before trusting it.
    """
    engine = reading_engine(address(url))
    try:
        with engine.begin() as connection:
            number = f"{int(head()) + 1:04}"
            config = _alembic(connection, folder)
            drafted = command.revision(config, what, autogenerate=True, rev_id=number)
    finally:
        engine.dispose()
    if not isinstance(drafted, Script):
        message = f"Alembic drafted no single migration: {drafted}"
        raise TypeError(message)
    return Path(drafted.path)


def comparable(item: SchemaItem, _name: str | None, _kind: str, _reflected: bool, _other: SchemaItem | None) -> bool:  # noqa: FBT001 - Alembic's own
    """Whether Alembic can compare an item of the schema with what a database has: not an index on expressions."""
    return not isinstance(item, Index) or all(isinstance(each, Column) for each in item.expressions)


def _alembic(connection: Connection, folder: Path = _MIGRATIONS) -> Config:
    """Return what Alembic needs to work on `connection`, inside the transaction that has begun there."""
    config = Config()
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    config.attributes["connection"] = connection
    return config
