"""A private PostgreSQL server for tests, on machines that have its programs; it listens on no network."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from sqlalchemy import create_engine

from storage.guild_tables import guilds

PASSWORD = "only-for-tests"
_numbers = count(1)


@dataclass(frozen=True, slots=True)
class PostgresServer:
    """A running server whose files are all in `folder`."""

    folder: Path
    tends_itself: bool = False
    """Whether it clears up and counts its tables by itself, as servers usually do."""

    def url(self, database: str = "postgres", *, password: str = PASSWORD) -> str:
        return f"postgresql+psycopg://postgres:{password}@/{database}?host={self.folder}"

    def new_database(self, template: str = "template1") -> str:
        """Make a database like `template` and return its name."""
        name = f"test_{next(_numbers)}"
        self.run(f"CREATE DATABASE {name} TEMPLATE {template}")
        return name

    def empty(self, database: str) -> None:
        """Take every row out of a migrated database: sooner done than making it anew."""
        tables = ", ".join(table.name for table in guilds.metadata.sorted_tables)
        self.run(f"TRUNCATE {tables} RESTART IDENTITY", database)

    def end_connections(self, database: str) -> None:
        """End every connection to a database, as a restart of the server would."""
        self.run(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{database}'")  # noqa: S608 - a name made here

    def stop(self) -> None:
        """Stop the server at once, as a crash of its machine would."""
        self._control("-m", "immediate", "stop")

    def start(self) -> None:
        """Start it again, after `stop`."""
        self._control("start")

    def _control(self, *what: str) -> None:
        programs = _programs()
        assert programs is not None
        log = self.folder / "log"
        told: list[str | Path] = [programs / "pg_ctl", "-D", self.folder / "data", "-w", "-l", log]
        _as_user(_unprivileged(), [*told, "-o", _settings(self), *what])

    def run(self, statement: str, database: str = "postgres") -> None:
        engine = create_engine(self.url(database), isolation_level="AUTOCOMMIT")
        try:
            with engine.connect() as connection:
                connection.exec_driver_sql(statement)
        finally:
            engine.dispose()


def why_none() -> str | None:
    """Return why no private PostgreSQL can run here, or None where one can."""
    if _programs() is None:
        return "no PostgreSQL server programs (initdb, pg_ctl) on this machine"
    if os.geteuid() == 0 and _unprivileged() is None:
        return "PostgreSQL does not run as root, and there is no user postgres"
    return None


@contextmanager
def private_server(*, tends_itself: bool = False) -> Iterator[PostgresServer]:
    """Run a server in a temporary folder; it and the folder are gone afterwards.

    Unless it `tends_itself`, what its planner thinks of a table does not depend on how long the tests run.
    """
    programs, user = _programs(), _unprivileged()
    assert programs is not None
    # A short path, because the socket's may have 107 characters; readable for the user the server runs as.
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    server = PostgresServer(folder, tends_itself)
    try:
        secret = folder / "password"
        secret.write_text(PASSWORD)
        if user is not None:
            for path in (folder, secret):
                shutil.chown(path, user)
        data = folder / "data"
        initdb: list[str | Path] = [
            programs / "initdb",
            "-D",
            data,
            "-U",
            "postgres",
            "--pwfile",
            secret,
            "--no-sync",
            "--no-locale",
        ]
        _as_user(user, [*initdb, "--auth=scram-sha-256", "--encoding=UTF8"])
        control: list[str | Path] = [programs / "pg_ctl", "-D", data, "-w", "-l", folder / "log"]
        _as_user(user, [*control, "-o", _settings(server), "start"])
        try:
            yield server
        finally:
            _as_user(user, [*control, "-m", "immediate", "stop"])
    finally:
        shutil.rmtree(folder)


def _settings(server: PostgresServer) -> str:
    autovacuum = "on -c autovacuum_naptime=5" if server.tends_itself else "off"
    return (
        f"-c listen_addresses='' -c unix_socket_directories='{server.folder}' -c fsync=off "
        f"-c autovacuum={autovacuum} -c max_connections=50"
    )


def _programs() -> Path | None:
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).resolve().parent
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return found[-1].parent if found else None


def _unprivileged() -> str | None:
    """Return the user to run the server as: None for ourselves."""
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam("postgres").pw_name
    except KeyError:
        return None


def _as_user(user: str | None, command: Sequence[str | Path]) -> None:
    # Output goes to a file and not a pipe, which the server would inherit and hold open.
    with tempfile.TemporaryFile() as output:
        done = subprocess.run(
            command,
            check=False,
            cwd="/",
            user=user,
            group=user,
            extra_groups=[] if user else None,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
        )
        output.seek(0)
        assert done.returncode == 0, output.read().decode(errors="replace")
