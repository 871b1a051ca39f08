"""The command line, as tests run it: in an empty house with lists of its own."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from bot.cli import main

SETTINGS = [
    "DISCORD_TOKEN",
    "DATABASE_URL",
    "DISCORD_API_URL",
    "LOG_LEVEL",
    "TOPICS_FILE",
    "EVENTS_FILE",
    "OUTLETS_FILE",
    "ALLOWED_HOSTS",
    "TIME_ZONE",
    "REMINDER_HOUR",
    "POLL_MINUTES",
    "POLL_MINUTES_MOST",
    "CONTACT",
    "WEB_PORT",
    "WEB_HOST",
    "PUBLIC_URL",
    "HEALTH_FILE",
]
TOPICS = '[[topic]]\nid = "norland"\nname = "Norland"\nabout = "Its war"\nwords = ["Norland"]\n'


def outlet(url: str, name: str = "The Meridian") -> str:
    return f'[[outlet]]\nname = "{name}"\nfeed_url = "{url}"\nlanguage = "en"\ntime_zone = "UTC"\n'


@pytest.fixture(autouse=True)
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working directory with lists of its own, and no setting from outside."""
    for name in SETTINGS:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "topics.toml").write_text(TOPICS, encoding="utf-8")
    (tmp_path / "outlets.toml").write_text(outlet("https://meridian.example/rss"), encoding="utf-8")
    (tmp_path / "events.toml").write_text('[[event]]\nnames = ["Vadehavn summit"]\nfirst_day = 2026-05-04\n', "utf-8")
    (tmp_path / ".env").write_text(
        "TOPICS_FILE=topics.toml\nOUTLETS_FILE=outlets.toml\nEVENTS_FILE=events.toml\n", encoding="utf-8"
    )
    return tmp_path


async def command(*arguments: str) -> int:
    """Run a command beside the loop of the test, as it has a loop of its own."""
    return await asyncio.to_thread(main, arguments)


def one_line(capsys: pytest.CaptureFixture[str]) -> str:
    """Return the only line on standard error, having seen that nothing else was printed."""
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.count("\n") == 1
    assert captured.err.startswith("aide-memoire: ")
    return captured.err.removeprefix("aide-memoire: ").strip()
