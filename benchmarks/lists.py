"""How long the database takes over `/followups pending` for a topic, where very many statements are stored.

    python benchmarks/lists.py                          # 1,000,000 statements, SQLite and PostgreSQL
    python benchmarks/lists.py --statements 100000
    python benchmarks/lists.py --engine sqlite

The statements are built first (minutes, for a million), on SQLite in a file and on a private PostgreSQL server, both in
the temporary directory. Times are by the clock, in the thread that asks: the page's numbers, how many the list holds
and how many are overdue, counted to a thousand as the command does, and the follow-ups of a page with all their
tellings; the wording is not in them. Asked are the topic that most is said of, one in the middle and one that little
is said of, for a server that rated some.

Two times are told: the whole, and how long of it the driver took to send statements and have them answered. SQLite
does most of its work later, while rows are read: its own time is taken to be the whole, PostgreSQL's the waiting.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter

from sqlalchemy import Engine, event

from benchmarks.many_statements import GUILD, NOW, Scale, build
from benchmarks.material import heading
from config.catalogue import load_catalogue
from config.settings import load_settings
from storage.engine import address, reading_engine, writing_engine
from storage.unit_of_work import SqlUnitOfWork
from tests.postgres import private_server, why_none
from watchers.rating import CaseFilter

STATEMENTS = 1_000_000
ROUNDS = 200
LIMIT = 0.010
"""Seconds that the median of the database's own time may take."""
_PAGE = 5
_ENOUGH = 1_000


def main() -> int:
    """Print the figures; return 0 where every median is within `LIMIT`, else 1."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--statements", type=int, default=STATEMENTS, help="how many (%(default)s)")
    parser.add_argument("--engine", choices=("sqlite", "postgresql"), help="only on this one")
    parser.add_argument("--sqlite-file", type=Path, help="where to keep the SQLite file; built if it does not exist")
    arguments = parser.parse_args()
    heading("Lists at the database")
    settings = load_settings({}, None)
    topics = [topic.id for topic in load_catalogue(settings.topics_file, settings.outlets_file).topics]
    scale = Scale(arguments.statements, topics)
    asked = (topics[0], topics[len(topics) // 2], topics[-1])
    slow = 0
    if arguments.engine != "postgresql":
        with _sqlite(arguments.sqlite_file, scale) as engine:
            slow += _measure("SQLite", engine, asked)
    if arguments.engine != "sqlite":
        if reason := why_none():
            print(f"PostgreSQL: skipped, {reason}.")
        else:
            with _postgresql(scale) as engine:
                slow += _measure("PostgreSQL", engine, asked)
    return min(slow, 1)


@contextmanager
def _sqlite(kept: Path | None, scale: Scale) -> Iterator[Engine]:
    with tempfile.TemporaryDirectory() as folder:
        file = kept or Path(folder) / "lists.db"
        url = f"sqlite:///{file}"
        if not file.exists():
            build(url, scale)
        engine = reading_engine(address(url))
        yield engine
        engine.dispose()


@contextmanager
def _postgresql(scale: Scale) -> Iterator[Engine]:
    with private_server() as server:
        url = server.url(server.new_database())
        build(url, scale)
        writing = writing_engine(address(url))
        with writing.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM ANALYZE")  # the server does it by itself where it is not for tests
        writing.dispose()
        engine = reading_engine(address(url))
        yield engine
        engine.dispose()


def _measure(name: str, engine: Engine, topics: tuple[str, ...]) -> int:
    """Print a line for each topic; return how many were too slow."""
    slow = 0
    waits = _noted_waits(engine)
    for topic in topics:
        whole, waited = [], []
        for _ in range(ROUNDS):
            with engine.begin() as connection:
                waits.clear()
                began = perf_counter()
                cases, wanted = SqlUnitOfWork(connection).cases, CaseFilter(topic=topic)
                page = cases.page(wanted, GUILD, NOW.date(), offset=0, limit=_PAGE, enough=_ENOUGH)
                whole.append(perf_counter() - began)
                waited.append(sum(waits))
        is_too_slow = statistics.median(whole if name == "SQLite" else waited) > LIMIT
        slow += is_too_slow
        held = f"{page.total:,} pending, {page.overdue:,} overdue"
        mark = "  too slow" if is_too_slow else ""
        print(f"{name:11} {topic:16} {held:30} whole {_spread(whole)}; waiting {_spread(waited)}{mark}", flush=True)
    return slow


def _noted_waits(engine: Engine) -> list[float]:
    """Return a list to which the seconds are added that each statement is waited for, from being sent to its answer."""
    waits: list[float] = []
    sent: list[float] = []

    @event.listens_for(engine, "before_cursor_execute")
    def send(*_: object) -> None:
        sent.append(perf_counter())

    @event.listens_for(engine, "after_cursor_execute")
    def answered(*_: object) -> None:
        waits.append(perf_counter() - sent.pop())

    return waits


def _spread(seconds: list[float]) -> str:
    late = statistics.quantiles(seconds, n=100)[98]
    return f"{statistics.median(seconds) * 1000:5.2f} ms (median), {late * 1000:5.2f} ms (p99)"


if __name__ == "__main__":
    raise SystemExit(main())
