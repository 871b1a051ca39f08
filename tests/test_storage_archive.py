"""A server out of one database and into another: all of it, once, and of nobody else anything; on both engines."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.cli import main
from storage.archive import BroughtIn, bring_in, give_out
from storage.archive_form import ArchiveError, Spot, parsed
from storage.engine import Database, open_database
from storage.unit_of_work import SqlUnitOfWork
from tests.factories import MONDAY_NOON
from tests.migrated import new_database
from tests.storing import opened, telling
from tests.test_storage_belongings import ANNA, HERE, THERE, fill_server

T = TypeVar("T")


async def in_storage(store: Database, work: Callable[[SqlUnitOfWork], T]) -> T:
    return await store.transact(lambda unit: work(cast("SqlUnitOfWork", unit)))


async def out_of(store: Database, guild_id: int = HERE) -> dict[str, Any]:
    return await in_storage(store, lambda work: give_out(work, guild_id))


async def into(store: Database, document: object, guild_id: int | None = None) -> BroughtIn:
    spot = parsed(json.dumps(document).encode())
    return await in_storage(store, lambda work: bring_in(work, spot, MONDAY_NOON, guild_id))


@pytest.fixture
async def full(tmp_path: Path) -> dict[str, Any]:
    """What a server owns in another database, where its follow-up has another number."""
    store = open_database(new_database(tmp_path / "other.db"))
    await opened(store, telling("Sudland will vote on Friday."))
    followup = await opened(store)
    await store.transact(lambda work: fill_server(work, HERE, ANNA, followup.id))
    found = await out_of(store)
    store.close()
    return found


async def test_all_of_a_server_comes_over_and_doing_it_again_changes_nothing(
    store: Database, full: dict[str, Any]
) -> None:
    await opened(store)
    result = await into(store, full)
    assert result.left is None
    assert result.counts == {"topics": 1, "orders": 1, "feeds": 1, "shares": 1, "said": 1}
    assert await out_of(store) == full
    await into(store, full)
    assert await out_of(store) == full
    [case] = await store.look(lambda work: work.cases.of(HERE, [1]))
    assert case.rating is not None
    assert (case.muted_by, [note.text for note in case.notes]) == (ANNA, ["I was there."])


async def test_what_is_said_of_an_unknown_follow_up_is_told_and_fits_later(
    store: Database, full: dict[str, Any]
) -> None:
    result = await into(store, full)
    assert result.left is not None
    assert result.left["said"] == full["said"]
    assert result.counts["said"] == 0
    await opened(store)
    assert (await into(store, result.left)).left is None
    assert await out_of(store) == full


async def test_another_server_may_have_it_and_nobody_else_is_touched(store: Database, full: dict[str, Any]) -> None:
    followup = await opened(store)
    await store.transact(lambda work: fill_server(work, THERE, ANNA, followup.id))
    there = await out_of(store, THERE)
    await into(store, full, 77)
    assert await out_of(store, THERE) == there
    assert await out_of(store, 77) == full | {"server": "77"}
    assert (await out_of(store))["orders"] == []


async def test_the_channel_of_another_server_is_not_taken(store: Database, full: dict[str, Any]) -> None:
    followup = await opened(store)
    await store.transact(lambda work: fill_server(work, HERE, ANNA, followup.id))
    with pytest.raises(ArchiveError, match=r"orders\[0\] must be .*another server has orders for it"):
        await into(store, full, 77)
    assert (await out_of(store, 77))["topics"] == [], "nothing is stored where something is wrong"


SPOILT: list[tuple[str, Any]] = [
    ("settings.zone", "Mars/Olympus"),
    ("settings.digest_hour", 24),
    ("settings.digest_hour", True),
    ("settings.digest_hour", 1.5),
    ("settings.notices_channel", "9" * 25),
    ("topics[0].query", "(" * 299),
    ("topics[0].name", "a\0b"),
    ("topics[0].name", "\ud800"),
    ("topics[0].name", "x" * 61),
    ("feeds[0].url", "http://127.0.0.1/rss"),
    ("feeds[0].url", "http://[::1]/rss"),
    ("feeds[0].url", "http://me:secret@news.example/rss"),
    ("feeds[0].url", "file:///etc/passwd"),
    ("orders[0].hour", -1),
    ("orders[0].channel", 5),
    ("orders[0].own_topic", "Nothing"),
    ("orders[0].kinds", ["war"]),
    ("orders[0].min_outlets", 10**40),
    ("orders[0].quiet", [1]),
    ("said[0].quote", ["list"]),
    ("said[0].ratings", {"a": 1}),
    ("said[0].notes[0].text", "x" * 3000),
    ("said[0].ratings[0].rated_at", "2026-03-02T12:00:00"),
    ("said[0].ratings[0].outcome", "perhaps"),
    ("version", 2),
]


@pytest.mark.parametrize(("way", "value"), SPOILT, ids=lambda value: repr(value)[:30])
async def test_a_hostile_file_is_refused_with_the_place(
    store: Database, full: dict[str, Any], way: str, value: Any
) -> None:
    keys = [int(key) if key.isdigit() else key for key in way.replace("[", ".").replace("]", "").split(".")]
    at: Any = full
    for key in keys[:-1]:
        at = at[key]
    at[keys[-1]] = value
    before = await out_of(store)
    await opened(store)
    with pytest.raises(ArchiveError) as refused:
        await into(store, full)
    assert str(refused.value).startswith((way, way.rpartition(".")[0], "own_topic"))
    assert len(str(refused.value)) < 400
    assert await out_of(store) == before


@pytest.mark.parametrize(
    "document",
    [
        b"[" * 200_000,
        b"9" * 10_000,
        b'{"a": 1, "a": 2}',
        b"NaN",
        b"\xff\xfe",
        b"",
        b"null",
        b"[]",
        b'"' + b"x" * 50_000_001 + b'"',
    ],
    ids=lambda value: repr(value[:10]),
)
async def test_what_is_no_such_file_is_refused(store: Database, document: bytes) -> None:
    with pytest.raises(ArchiveError):
        await in_storage(store, lambda work: bring_in(work, parsed(document), datetime.now(UTC)))


_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_whatever_stands_anywhere_in_a_file_it_is_refused_or_read(data: st.DataObject) -> None:
    from storage.archive_form import order_of  # noqa: PLC0415 - pure: no database is needed

    order = {
        "channel": "20",
        "topic": "norland",
        "own_topic": None,
        "created_by": "7",
        "kinds": [],
        "speakers": [],
        "countries": [],
        "dating": "any",
        "min_outlets": 1,
        "role": None,
        "rhythm": "instant",
        "zone": "UTC",
        "hour": 8,
        "weekday": 0,
        "lead_days": [1],
        "quiet": None,
        "place": "channel",
        "language": None,
        "paused": False,
    }
    spoilt = order | {data.draw(st.sampled_from(sorted(order))): data.draw(_values)}
    try:
        wish, _ = order_of(Spot(spoilt), HERE)
    except ArchiveError:
        return
    assert wish.guild_id == HERE


def test_the_command_line_takes_a_server_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], full: dict[str, Any]
) -> None:
    monkeypatch.setenv("DATABASE_URL", new_database(tmp_path / "bot.db"))
    file, left = tmp_path / "server.json", tmp_path / "left.json"
    file.write_text(json.dumps(full), encoding="utf-8")
    assert main(["server", "import", "--left", str(left), str(file)]) == 1
    assert "not found here" in capsys.readouterr().err
    assert json.loads(left.read_text())["said"] == full["said"]
    assert main(["server", "export", "--server", str(HERE)]) == 0
    assert json.loads(capsys.readouterr().out)["orders"] == full["orders"]
    file.write_text("{}")
    assert main(["server", "import", str(file)]) == 1
    assert "must be an object with exactly" in capsys.readouterr().err
