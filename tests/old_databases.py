"""Databases as earlier versions left them: what their own demonstration wrote, and something in every other table."""

from __future__ import annotations

import base64
import json
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from sqlalchemy.exc import SAWarning

import storage
from storage.engine import address, reading_engine, writing_engine

REVISIONS = ("0001", "0002", "0003", "0004")
"""The revisions of the tables that databases may come from."""

Rows = dict[str, list[dict[str, Any]]]

_RECORDED = Path(__file__).parent / "data" / "databases"
_MIGRATIONS = Path(storage.__file__).parent / "migrations"
_MADE_UP = 4
_INSTANT = datetime(2026, 3, 5, 12, 30, tzinfo=UTC)
_MADE_UP_VALUES: dict[type, Any] = {
    sa.JSON: ["made up"],
    sa.Boolean: True,
    sa.DateTime: _INSTANT,
    sa.Date: _INSTANT.date(),
    sa.Time: time(9, 30),
    sa.LargeBinary: b"\x00\xff",
    sa.Float: 0.5,
}
_READ: dict[type, Callable[[Any], Any]] = {
    sa.JSON: json.loads,
    sa.Boolean: bool,
    sa.DateTime: datetime.fromisoformat,
    sa.Date: date.fromisoformat,
    sa.LargeBinary: base64.b64decode,
}
"""How values that SQLite wrote as something simpler are read again, by the type of their column."""


def make(url: str, revision: str) -> None:
    """Fill an empty database with the tables of a revision, the rows recorded there, and made-up ones elsewhere.

    The last number of each table was given to a row that is there no more.
    """
    make_empty(url, revision)
    engine = writing_engine(address(url), enforce_keys=False)
    with engine.begin() as connection:
        tables = _tables(connection)
        recorded = json.loads((_RECORDED / f"{revision}.json").read_text(encoding="utf-8"))
        for table in tables:
            rows = _recorded(table, recorded[table.name]) if table.name in recorded else _made_up(connection, table)
            connection.execute(sa.insert(table), rows)
            _count_on(connection, table)
            if _numbers_itself(table):
                connection.execute(table.delete().where(table.c.id == _one_more(connection, table)))
    engine.dispose()


def make_empty(url: str, revision: str) -> None:
    """Give an empty database the tables of a revision."""
    engine = writing_engine(address(url), enforce_keys=False)
    with engine.begin() as connection:
        config = Config()
        config.set_main_option("script_location", str(_MIGRATIONS))
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
    engine.dispose()


def rows_of(url: str) -> Rows:
    """Return all that a database holds, table by table, in one form for both engines."""
    with _looking(url) as connection:
        return {
            table.name: sorted(
                (
                    {name: _plain(value) for name, value in row._mapping.items()}
                    for row in connection.execute(table.select())
                ),
                key=lambda row: json.dumps(row, sort_keys=True),
            )
            for table in _tables(connection)
        }


def next_number(url: str, name: str) -> int:
    """Return the number that the next row of a table would get, by trying it and taking it back."""
    engine = writing_engine(address(url), enforce_keys=False)
    with engine.connect() as connection, connection.begin() as transaction:
        table = next(table for table in _tables(connection) if table.name == name)
        number = _one_more(connection, table)
        transaction.rollback()
    engine.dispose()
    return number


@contextmanager
def _looking(url: str) -> Iterator[sa.Connection]:
    engine = reading_engine(address(url))
    with engine.begin() as connection:
        yield connection
    engine.dispose()


def _tables(connection: sa.Connection) -> list[sa.Table]:
    """Return the tables as they are, those that others refer to first."""
    metadata = sa.MetaData()
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Skipped unsupported reflection of expression-based index", SAWarning)
        metadata.reflect(connection)
    return [table for table in metadata.sorted_tables if table.name != "alembic_version"]


def _recorded(table: sa.Table, recorded: Mapping[str, Any]) -> list[dict[str, Any]]:
    columns = [table.c[name] for name in recorded["columns"]]
    return [
        {column.name: _stored(column, value) for column, value in zip(columns, row, strict=True)}
        for row in recorded["rows"]
    ]


def _stored(column: sa.Column[Any], value: Any) -> Any:
    """Return a value as SQLite wrote it in the form that its column's type takes."""
    if value is None:
        return None
    reads = next((read for kind, read in _READ.items() if isinstance(column.type, kind)), lambda found: found)
    return _in_zone(column, reads(value))


def _made_up(connection: sa.Connection, table: sa.Table, first: int = 1) -> list[dict[str, Any]]:
    """Return rows, numbered from `first`, that fill every column, and refer only to rows which are there."""
    known = {
        column.name: sorted(connection.scalars(sa.select(next(iter(column.foreign_keys)).column)))
        for column in table.columns
        if column.foreign_keys
    }
    return [
        {
            column.name: known[column.name][number % len(known[column.name])]
            if column.name in known
            else _value(column, number)
            for column in table.columns
        }
        for number in range(first, first + min([_MADE_UP, *map(len, known.values())]))
    ]


def _value(column: sa.Column[Any], number: int) -> Any:
    if isinstance(column.type, sa.Integer):
        return number
    words = f"{column.name} {number}: l’été, “naïve” \N{SNOWMAN}"
    return _in_zone(
        column, next((value for kind, value in _MADE_UP_VALUES.items() if isinstance(column.type, kind)), words)
    )


def _in_zone(column: sa.Column[Any], value: Any) -> Any:
    """Return an instant with its zone or without, as its column holds it; anything else as it is."""
    if not isinstance(value, datetime):
        return value
    knows_zones = isinstance(column.type, sa.DateTime) and column.type.timezone
    return value.replace(tzinfo=UTC if knows_zones else None)


def _count_on(connection: sa.Connection, table: sa.Table) -> None:
    """Let PostgreSQL's counter know of numbers that were given outright, as SQLite's does by itself."""
    if connection.dialect.name == "postgresql" and "id" in table.c:
        name = f"'{table.name}'"
        counter = connection.scalar(sa.text(f"SELECT pg_get_serial_sequence({name}, 'id')"))
        if counter is not None:
            connection.execute(sa.text(f"SELECT setval('{counter}', (SELECT max(id) FROM {table.name}))"))  # noqa: S608 - its own names


def _numbers_itself(table: sa.Table) -> bool:
    return "id" in table.c and table.name not in {"guilds", "people"}  # whose ids are Discord's


def _one_more(connection: sa.Connection, table: sa.Table) -> int:
    """Add a row to a table that numbers them by itself; return its number."""
    row = {name: value for name, value in _made_up(connection, table, 99)[0].items() if name != "id"}
    return int(connection.execute(sa.insert(table).returning(table.c.id), row).scalar_one())


def _plain(value: Any) -> Any:
    match value:
        case datetime():
            return value.astimezone(UTC).replace(tzinfo=None).isoformat() if value.tzinfo else value.isoformat()
        case date() | time():
            return value.isoformat()
        case bytes():
            return base64.b64encode(value).decode()
    return value
