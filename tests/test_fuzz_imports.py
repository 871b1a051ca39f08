"""Whatever a file to be imported holds: it is stored and given out again as it is, or nothing is; no other server's."""

from __future__ import annotations

import asyncio
import copy
import json
import sqlite3
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar, cast

import pytest
from hypothesis import strategies as st

from storage.archive import bring_in, give_out
from storage.archive_form import ArchiveError, Spot, parsed
from storage.engine import Database, open_database
from storage.unit_of_work import SqlUnitOfWork
from tests.factories import MONDAY_NOON
from tests.fuzzing import ADDRESSES, NUMBERS, hostile, hunt
from tests.fuzzing_feeds import any_json, torn
from tests.migrated import new_database
from tests.storing import opened, telling
from tests.test_storage_belongings import ANNA, HERE, THERE, fill_server
from watchers.feeds.safety import host_of

T = TypeVar("T")

EMPTY = 77
"""A server of which nothing is known."""
LONGEST = 5.0


class Store:
    """A database that every example finds as it was."""

    def __init__(self, file: Path, runner: asyncio.Runner) -> None:
        self._file = file
        self._runner = runner
        self._database: Database = open_database(new_database(file))
        self._saved = sqlite3.connect(":memory:")
        runner.run(self._fill())
        with sqlite3.connect(file) as live:
            live.backup(self._saved)
        live.close()

    async def _fill(self) -> None:
        followup = await opened(self._database)
        await opened(self._database, telling("Sudland will vote on Friday."))
        for server in (HERE, THERE):
            await self._database.transact(lambda work, server=server: fill_server(work, server, ANNA, followup.id))  # type: ignore[misc]

    def restore(self) -> None:
        live = sqlite3.connect(self._file)
        self._saved.backup(live)
        live.close()

    def rows(self) -> list[str]:
        """Everything that is stored, and nothing that only counts or orders it."""
        live = sqlite3.connect(self._file)
        try:
            return [line for line in live.iterdump() if "sqlite_sequence" not in line]
        finally:
            live.close()

    def work(self, what: Callable[[SqlUnitOfWork], T]) -> T:
        return self._runner.run(self._database.transact(lambda unit: what(cast("SqlUnitOfWork", unit))))

    def close(self) -> None:
        self._database.close()
        self._saved.close()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with asyncio.Runner() as runner:
        there = Store(tmp_path / "remembered.db", runner)
        yield there
        there.close()


def _ways(value: Any, way: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The ways to everything in a document."""
    yield way
    if isinstance(value, dict):
        for key, part in value.items():
            yield from _ways(part, (*way, key))
    if isinstance(value, list):
        for number, part in enumerate(value):
            yield from _ways(part, (*way, number))


def _spoil(draw: st.DrawFn, document: Any) -> Any:
    """Change one place of a document: another value, or one taken away, told twice or told too much."""
    *way, last = draw(st.sampled_from([way for way in _ways(document) if way]))
    there = document
    for step in way:
        there = there[step]
    odd: st.SearchStrategy[Any] = st.sampled_from(
        (None, True, 0, -1, 1.5, 10**40, "", [], {}, str(HERE), str(THERE), "9" * 19, "*", "own:1")
    )
    values = st.one_of(odd, hostile(80), hostile(), any_json(), st.sampled_from((*NUMBERS, *ADDRESSES)))
    how = draw(st.integers(0, 5))
    if how == 0:
        del there[last]
    elif how == 1 and isinstance(there, list):
        there[last:last] = [copy.deepcopy(there[last])] * draw(st.integers(1, 60))
    elif how == 2 and isinstance(there, dict):
        there[draw(hostile(20))] = draw(values)
    else:
        there[last] = draw(values)
    return document


@st.composite
def _files(draw: st.DrawFn, whole: dict[str, Any]) -> bytes:
    document: Any = copy.deepcopy(whole)
    for _ in range(draw(st.integers(0, 4))):
        if isinstance(document, dict) and document:
            document = _spoil(draw, document)
    text = json.dumps(document if draw(st.integers(0, 19)) else draw(any_json()))
    body = text.encode("utf-8", "surrogatepass")
    return draw(torn(st.just(body))) if draw(st.integers(0, 5)) == 0 else body


def _nameless(document: dict[str, Any]) -> dict[str, Any]:
    """Without what feeds are called: one that two servers call differently goes by its host, for both."""
    assert all(one["name"] in {"Ours", host_of(one["url"])} for one in document["feeds"])
    return {**document, "feeds": [{**one, "name": None} for one in document["feeds"]]}


def test_imports(store: Store) -> None:
    whole = store.work(lambda work: give_out(work, HERE))
    elsewhere = store.work(lambda work: give_out(work, THERE))
    before = store.rows()

    def prove(body: bytes, target: int) -> None:
        store.restore()
        began = time.process_time()
        try:
            document: Spot = parsed(body)
            store.work(lambda work: bring_in(work, document, MONDAY_NOON, target))
        except ArchiveError as error:
            assert str(error)
            assert "\n" not in str(error)
            assert store.rows() == before, "something was stored"
            return
        finally:
            assert time.process_time() - began < LONGEST
        assert _nameless(store.work(lambda work: give_out(work, THERE))) == _nameless(elsewhere)
        out = store.work(lambda work: give_out(work, target))
        again = parsed(json.dumps(out).encode())
        assert store.work(lambda work: bring_in(work, again, MONDAY_NOON)).left is None
        assert store.work(lambda work: give_out(work, target)) == out

    mine = {**whole, "orders": [one | {"channel": "4242"} for one in whole["orders"]]}
    files = st.sampled_from((whole, mine)).flatmap(_files)
    hunt("imports", prove, tries=60, body=files, target=st.sampled_from((HERE, EMPTY)))
