"""Fixtures that more than one test file needs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.engine import Database, open_database
from storage.migrate import upgrade
from tests.migrated import new_database
from tests.postgres import PostgresServer, private_server, why_none

pytest.register_assert_rewrite(
    *(f"tests.driven_{one}" for one in ("cards", "lists", "orders", "personal", "privacy", "setup"))
)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """A private PostgreSQL server, its databases `migrated` (to copy) and `remembered`; skips where none can run."""
    if reason := why_none():
        pytest.skip(reason)
    with private_server() as server:
        server.run("CREATE DATABASE migrated")
        upgrade(server.url("migrated"))
        server.run("CREATE DATABASE remembered TEMPLATE migrated")
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a migrated, empty database: an SQLite file and, where one can run, PostgreSQL."""
    if request.param == "sqlite":
        return new_database(tmp_path / "remembered.db")
    server: PostgresServer = request.getfixturevalue("postgres_server")
    server.empty("remembered")
    return server.url("remembered")


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database without tables."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'new.db'}"
    server: PostgresServer = request.getfixturevalue("postgres_server")
    return server.url(server.new_database())


@pytest.fixture
def store(database_url: str) -> Iterator[Database]:
    """An open, empty database on each engine."""
    database = open_database(database_url)
    yield database
    database.close()
