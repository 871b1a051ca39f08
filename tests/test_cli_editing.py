"""`aide-memoire split` and `join`: the operator's word on which reports are one follow-up."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.cli import FAILED, main
from storage.engine import Database, open_database
from storage.migrate import upgrade
from tests.storing import days, opened, retold, telling


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    url = f"sqlite:///{tmp_path / 'edited.db'}"
    upgrade(url)
    monkeypatch.setenv("DATABASE_URL", url)
    there = open_database(url)
    yield there
    there.close()


async def command(*arguments: str) -> int:
    return await asyncio.to_thread(main, arguments)


async def outlets_of(database: Database, number: int) -> tuple[str, ...]:
    followup = await database.look(lambda work: work.followups.get(number))
    return followup.outlets if followup else ()


async def test_reports_are_split_off_and_joined_again(database: Database, capsys: pytest.CaptureFixture[str]) -> None:
    followup = await opened(database, telling(due=days(2, 6)))
    for outlet in ("Zenith", "Dawn"):
        await retold(database, followup, telling(due=days(2, 6), outlet=outlet))
    assert await command("split", "1", "--reports", "2", "3") == 0
    assert capsys.readouterr().out == "#2 has 2 of the reports, #1 keeps the others\n"
    assert [await outlets_of(database, number) for number in (1, 2)] == [("The Meridian",), ("Zenith", "Dawn")]
    assert await command("join", "2", "1") == 0
    assert capsys.readouterr().out == "#1 has the reports of both: 3\n"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["split", "9", "--reports", "1"], "there is no follow-up #9"),
        (["split", "1", "--reports", "2"], "#1 has no report 2, only 1"),
        (["split", "1", "--reports", "1"], "#1 must keep at least one of its 1 reports"),
        (["join", "1", "9"], "#1 and #9 are one already, or one of them is not there"),
    ],
)
async def test_what_cannot_be_is_said_on_one_line(
    database: Database, capsys: pytest.CaptureFixture[str], arguments: list[str], words: str
) -> None:
    await opened(database)
    assert await command(*arguments) == FAILED
    assert capsys.readouterr().err == f"aide-memoire: {words}\n"


async def test_a_database_that_cannot_be_read_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'no' / 'where.db'}")
    assert await command("join", "1", "2") == FAILED
    assert "does not exist" in capsys.readouterr().err
