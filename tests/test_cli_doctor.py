"""`aide-memoire doctor`: what is looked at, and what mends it."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from discord.http import Route

from bot.cli import main
from config.catalogue import Outlet
from storage.engine import open_database
from storage.migrate import head, upgrade
from tests.command_line import command, house
from tests.factories import an_outlet, polled
from tests.fakes import FakeClock
from tests.loopback import FeedServer
from tests.loopback_discord import TOKEN, LoopbackDiscord
from watchers.ports import UnitOfWork

__all__ = ["house"]
NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)


@pytest.fixture
def discord_route() -> Iterator[None]:
    """Puts discord.py's address back, which DISCORD_API_URL changes for the whole process."""
    before = Route.BASE
    yield
    Route.BASE = before


@pytest.fixture
def december(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the commands take it for noon of 1 December 2026."""
    monkeypatch.setattr("bot.opening.SystemClock", partial(FakeClock, NOON))


def findings(capsys: pytest.CaptureFixture[str]) -> dict[str, str]:
    """Return what the check-up said, by what was looked at."""
    lines = capsys.readouterr().out.splitlines()
    return {line.split()[1]: " ".join([line.split()[0], *line.split()[2:]]) for line in lines}


def read_feed(at: datetime, error: str | None = None, failures: int = 1, *, two: bool = False) -> None:
    """Record polls of the list's feed; with `two`, a second feed answers well."""

    def work(unit: UnitOfWork) -> None:
        outlets = load_outlets()
        unit.feeds.follow(outlets if two else outlets[:1], at)
        for feed in unit.feeds.all():
            fails = error if feed.url == outlets[0].feed_url else None
            unit.feeds.record([polled(feed, at, again=at, error=fails, failures=failures)])

    upgrade("sqlite:///aide-memoire.db")
    database = open_database("sqlite:///aide-memoire.db")
    asyncio.run(database.transact(work))
    database.close()


def load_outlets() -> tuple[Outlet, ...]:
    return (an_outlet("The Meridian", "https://meridian.example/rss"), an_outlet("Sud", "https://sud.example/rss"))


@pytest.mark.usefixtures("december")
def test_a_healthy_house_is_found_healthy(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", TOKEN)
    monkeypatch.setenv("TIME_ZONE", "Europe/Paris")
    read_feed(NOON - timedelta(minutes=9))
    assert main(["doctor", "--offline"]) == 0
    found = findings(capsys)
    assert list(found) == ["settings", "token", "database", "catalogue", "feeds", "clock"]
    assert found["token"].startswith("– looks like one")
    assert found["database"] == f"✓ can be read, and its tables are those of this version ({head()})"
    assert (
        found["catalogue"]
        == "✓ topics.toml (topics: 1), outlets.toml (feeds: 1) and events.toml (events: 1) hold no mistake"
    )
    assert found["feeds"] == "✓ reading works, the latest time 9 minutes ago (feeds: 1)"
    assert found["clock"] == "✓ shows 2026-12-01 12:00 UTC; reminders go out at 8:00 in Europe/Paris"


@pytest.mark.usefixtures("december")
def test_who_may_change_what_all_servers_see_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", TOKEN)
    monkeypatch.setenv("EDITOR_SERVERS", "1122334455667788990,81384788765712384")
    read_feed(NOON - timedelta(minutes=9))
    assert main(["doctor", "--offline"]) == 0
    assert "81384788765712384, 1122334455667788990 may split and join" in findings(capsys)["editors"]


@pytest.mark.usefixtures("december")
def test_a_new_house_lacks_only_its_token(house: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor"]) == 1
    found = findings(capsys)
    assert found["token"].startswith("✗ DISCORD_TOKEN is not set")
    assert found["database"].startswith("– has no tables yet: `aide-memoire migrate` makes them")
    assert found["feeds"].startswith("– none has been read yet")
    assert not (house / "aide-memoire.db").exists()


@pytest.mark.usefixtures("december")
@pytest.mark.parametrize(
    ("break_it", "what", "words"),
    [
        (lambda: Path(".env").write_text("REMINDER_HOUR=99", encoding="utf-8"), "settings", "REMINDER_HOUR holds"),
        (lambda: Path("topics.toml").write_text("", encoding="utf-8"), "catalogue", "holds no [[topic]]"),
        (
            lambda: Path("aide-memoire.db").write_text("x" * 200, encoding="utf-8"),
            "database",
            "is not an SQLite database",
        ),
        (lambda: _set_revision("0000_other"), "database", "run `aide-memoire migrate`"),
        (lambda: read_feed(NOON - timedelta(hours=7)), "feeds", "none has been read for 7 hours"),
        (
            lambda: read_feed(NOON, "the server failed (500)"),
            "feeds",
            "none could be read yet (the server failed (500))",
        ),
        (lambda: read_feed(NOON + timedelta(hours=2)), "clock", "but it was 2026-12-01 14:00 before: set it"),
    ],
)
def test_what_is_broken_is_told_with_what_mends_it(
    capsys: pytest.CaptureFixture[str], break_it: Callable[[], object], what: str, words: str
) -> None:
    break_it()
    assert main(["doctor", "--offline"]) == 1
    found = findings(capsys)
    assert found[what].startswith("✗ ")
    assert words in found[what]


def _set_revision(revision: str) -> None:
    upgrade("sqlite:///aide-memoire.db")
    connection = sqlite3.connect("aide-memoire.db")
    with connection:
        connection.execute("UPDATE alembic_version SET version_num = ?", (revision,))
    connection.close()


@pytest.mark.usefixtures("december")
def test_some_feeds_that_keep_failing_are_named_and_nothing_is_broken(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", TOKEN)
    read_feed(NOON, "the feed is gone for good (410)", failures=3, two=True)
    assert main(["doctor", "--offline"]) == 0
    assert findings(capsys)["feeds"].startswith("– 1 of 2 keep failing (The Meridian)")


def test_a_clock_from_before_this_version_is_wrong(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("bot.opening.SystemClock", partial(FakeClock, datetime(1970, 1, 1, tzinfo=UTC)))
    assert main(["doctor", "--offline"]) == 1
    assert findings(capsys)["clock"].startswith("✗ shows 1970-01-01 00:00 UTC")


@pytest.mark.usefixtures("discord_route")
async def test_discord_is_asked_whether_it_knows_the_token(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    async with LoopbackDiscord() as discord:
        monkeypatch.setenv("DISCORD_API_URL", discord.api_url)
        monkeypatch.setenv("DISCORD_TOKEN", TOKEN)
        await command("doctor")
        assert findings(capsys)["token"].startswith("✓ Discord knows it as ")


@pytest.mark.usefixtures("discord_route")
@pytest.mark.parametrize(("status", "words"), [(401, "Discord refuses DISCORD_TOKEN"), (404, "could not be asked")])
async def test_a_token_that_discord_does_not_take_is_broken(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], status: int, words: str
) -> None:
    async with FeedServer() as server:
        server.status("/api/v10/users/@me", status)
        monkeypatch.setenv("DISCORD_API_URL", server.url("/api/v10"))
        monkeypatch.setenv("DISCORD_TOKEN", TOKEN)
        assert await command("doctor") == 1
    said = findings(capsys)["token"]
    assert said.startswith("✗ ")
    assert words in said
    assert TOKEN not in said


@pytest.mark.usefixtures("discord_route")
def test_a_discord_that_cannot_be_reached_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DISCORD_API_URL", "http://127.0.0.1:1/api/v10")
    monkeypatch.setenv("DISCORD_TOKEN", TOKEN)
    assert main(["doctor"]) == 1
    assert "could not be asked" in findings(capsys)["token"]
