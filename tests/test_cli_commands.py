from __future__ import annotations

import asyncio
import json
import os
import signal
import sqlite3
import sys
from asyncio.subprocess import PIPE
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
from tests.factories import MONDAY_NOON, an_outlet, polled
from tests.fakes import FakeClock
from tests.loopback import HOST, FeedServer, Item, rss
from tests.loopback_discord import TOKEN, LoopbackDiscord
from tests.storing import days, open_one, telling
from watchers.model import Kind
from watchers.ports import UnitOfWork
from watchers.rating import Outcome, RatingWish

ROOT = Path(__file__).resolve().parents[1]
PATIENCE = 30.0
NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)
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


@pytest.fixture
def discord_route() -> Iterator[None]:
    """Puts discord.py's address back, which DISCORD_API_URL changes for the whole process."""
    before = Route.BASE
    yield
    Route.BASE = before


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


# --- help and usage ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "taught"),
    [
        ([], ["aide-memoire demo", "run", "doctor", ".env.example"]),
        (["run"], ["until stopped"]),
        (["demo"], ["--pace 0"]),
        (["read"], ["--jsonl < articles.jsonl", '"followup": "f1"', "by Friday", "standard error"]),
        (["times"], ['"doc": "d1"', "last Friday"]),
        (["followups"], ["--topic iran-nuclear", "--json"]),
        (["feeds"], ["feeds check", "feeds status", "feeds export feeds.opml", "feeds import feeds.opml"]),
        (["feeds", "status"], ["as the database knows it"]),
        (["feeds", "export"], ["- is standard output"]),
        (["feeds", "import"], ["OUTLETS_FILE"]),
        (["feeds", "check"], ["--feed https://"]),
        (["split"], ["split 12 --reports 2 3", "All reports"]),
        (["join"], ["join 12 14", "older number"]),
        (["feedback"], ["feedback export > feedback.jsonl"]),
        (["feedback", "export"], ["labelled sets"]),
        (["migrate"], ["tables of this version"]),
        (["doctor"], ["✗ is broken", "--offline"]),
    ],
)
def test_help_teaches_by_example(capsys: pytest.CaptureFixture[str], arguments: list[str], taught: list[str]) -> None:
    assert main([*arguments, "--help"]) == 0
    out = capsys.readouterr().out
    assert all(words in out for words in taught)
    assert max(len(line) for line in out.splitlines()) <= 120


def test_the_version_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out.startswith("aide-memoire ")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "COMMAND"),
        (["reed"], "invalid choice: 'reed'"),
        (["feeds"], "COMMAND"),
        (["feeds", "import"], "FILE"),
        (["feeds", "import", "nowhere.opml"], "nowhere.opml cannot be read"),
        (["times"], "give --jsonl"),
        (["read"], "give a FILE and its --date"),
        (["read", "--colour"], "unrecognized arguments"),
        (["followups", "--kind", "wish"], "invalid choice: 'wish'"),
        (["followups", "--limit", "0"], "not a whole number from 1"),
        (["split", "12"], "--reports"),
        (["join", "12"], "OTHER"),
        (["export"], "--format"),
        (["export", "--format", "xls"], "invalid choice: 'xls'"),
        (["export", "--format", "csv", "--country", "France"], "not a code of two letters"),
        (["export", "--format", "csv", "--server", "-5"], "is not an id"),
        (["demo", "--pace", "fast"], "not a number from 0 to 100"),
        (["demo", "--pace", "nan"], "not a number from 0 to 100"),
        (["read", "--jsonl", "nowhere.jsonl"], "cannot be opened"),
        (["run"], "DISCORD_TOKEN is not set"),
    ],
)
def test_wrong_usage_gets_one_line_and_code_two(
    capsys: pytest.CaptureFixture[str], arguments: list[str], words: str
) -> None:
    assert main(arguments) == 2
    assert words in one_line(capsys)


@pytest.mark.parametrize("name", ["run", "followups", "migrate", "feeds"])
def test_wrong_settings_are_all_named_and_the_token_is_not_shown(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", "my-secret-token")
    monkeypatch.setenv("REMINDER_HOUR", "25")
    assert main([name, *(["check"] if name == "feeds" else [])]) == 2
    captured = capsys.readouterr()
    assert [line.split()[1] for line in captured.err.splitlines()] == ["DISCORD_TOKEN", "REMINDER_HOUR"]
    assert "my-secret-token" not in captured.err + captured.out


@pytest.mark.parametrize("arguments", [["feeds", "check"], ["followups", "--topic", "norland"]])
def test_a_mistake_in_a_list_is_named(house: Path, capsys: pytest.CaptureFixture[str], arguments: list[str]) -> None:
    (house / "outlets.toml").write_text("[[outlet]\n", encoding="utf-8")
    assert main(arguments) == 2
    assert one_line(capsys).startswith("outlets.toml, line 1: is not TOML")


# --- migrate ---------------------------------------------------------------------------------------------------


def test_migrate_says_from_where_to_where(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["migrate"]) == 0
    assert capsys.readouterr().out == f"sqlite:///aide-memoire.db is now at {head()}, from no tables.\n"
    assert main(["migrate"]) == 0
    assert capsys.readouterr().out == f"sqlite:///aide-memoire.db is up to date, at {head()}.\n"


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("sqlite:///no/such/folder/a.db", "does not exist"),
        ("sqlite:///topics.toml", "is not an SQLite database"),
        ("postgresql://me:hush@127.0.0.1:1/aide", ""),
    ],
)
@pytest.mark.parametrize("name", ["migrate", "followups"])
def test_a_database_that_cannot_be_used_gets_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], name: str, url: str, words: str
) -> None:
    monkeypatch.setenv("DATABASE_URL", url)
    assert main([name]) == 1
    said = one_line(capsys)
    assert words in said
    assert "hush" not in said


# --- followups --------------------------------------------------------------------------------------------------


def remember(url: str = "sqlite:///aide-memoire.db") -> None:
    """Fill a database with three pending follow-ups and one past its last day."""

    def work(unit: UnitOfWork) -> None:
        open_one(unit, telling("Norland will withdraw by Friday.", due=days(2, 6)), "norland")
        open_one(
            unit, telling("Sudria's envoy \x1b[31mwill visit on 20 March.", due=days(20, 20), kind=Kind.EVENT), "sudria"
        )
        open_one(unit, telling("Norland vowed to hold the island.", kind=Kind.COMMITMENT, speaker=None), "norland")
        open_one(unit, telling("Norland was to sign in February.", due=days(1, 1)), "norland")

    upgrade(url)
    database = open_database(url)
    asyncio.run(database.transact(work))
    database.close()


@pytest.fixture
def monday(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the commands take it for Monday, 2 March 2026."""
    monkeypatch.setattr("bot.app.SystemClock", partial(FakeClock, MONDAY_NOON))


@pytest.mark.usefixtures("monday")
def test_followups_are_listed_by_the_day_they_are_due(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "160")
    remember()
    assert main(["followups"]) == 0
    out = capsys.readouterr().out
    flat = " ".join(out.split())
    places = [flat.index(words) for words in ("withdraw by Friday", "20 March", "hold the island")]
    assert places == sorted(places)
    assert "on Fri 20 Mar 2026" in flat
    assert "no date" in flat
    assert "in February" not in flat
    assert "1 more is past its last day" in flat
    assert "\x1b" not in out


@pytest.mark.usefixtures("monday")
@pytest.mark.parametrize(
    ("options", "numbers"),
    [
        (["--topic", "norland"], [1, 3]),
        (["--kind", "event"], [2]),
        (["--text", "ISLAND"], [3]),
        (["--limit", "1"], [1]),
        (["--topic", "norland", "--kind", "event"], []),
    ],
)
def test_followups_are_filtered(capsys: pytest.CaptureFixture[str], options: list[str], numbers: list[int]) -> None:
    remember()
    assert main(["followups", "--json", *options]) == 0
    assert [json.loads(line)["id"] for line in capsys.readouterr().out.splitlines()] == numbers


@pytest.mark.usefixtures("monday")
def test_followups_as_json_say_everything(capsys: pytest.CaptureFixture[str]) -> None:
    remember()
    assert main(["followups", "--json", "--limit", "1"]) == 0
    assert json.loads(capsys.readouterr().out) == {
        "id": 1,
        "kind": "deadline",
        "quote": "Norland will withdraw by Friday.",
        "speaker": "Norland",
        "due_start": "2026-03-02",
        "due_end": "2026-03-06",
        "precision": "exact",
        "conditional": False,
        "topics": ["norland"],
        "said_on": "2026-03-02",
        "sources": [
            {
                "outlet": "The Meridian",
                "url": "https://meridian.example/a-1",
                "title": "Norland to withdraw",
                "date": "2026-03-02",
            }
        ],
        "edtf": "2026-03-02/2026-03-06",
        "cameo": None,
        "plover": None,
        "speaker_country": None,
        "countries": [],
    }


@pytest.mark.usefixtures("monday")
def test_no_followup_and_more_than_are_shown_are_said(capsys: pytest.CaptureFixture[str]) -> None:
    upgrade("sqlite:///aide-memoire.db")
    assert main(["followups"]) == 0
    assert "No follow-up is pending" in capsys.readouterr().out
    remember()
    assert main(["followups", "--limit", "1"]) == 0
    assert "2 more: raise --limit" in capsys.readouterr().out


@pytest.mark.usefixtures("monday")
@pytest.mark.parametrize(
    ("options", "numbers"),
    [
        ([], [4, 3, 2, 1]),
        (["--list", "pending"], [1, 2, 3]),
        (["--list", "overdue"], [4]),
        (["--topic", "norland", "--kind", "commitment"], [3]),
        (["--text", "ISLAND"], [3]),
        (["--country", "fr"], []),
    ],
)
def test_followups_are_exported(capsys: pytest.CaptureFixture[str], options: list[str], numbers: list[int]) -> None:
    remember()
    assert main(["export", "--format", "json", *options]) == 0
    document = json.loads(capsys.readouterr().out)
    assert [one["id"] for one in document["followups"]] == numbers
    assert (document["total"], document["day"]) == (len(numbers), "2026-03-02")
    assert main(["export", "--format", "csv", *options]) == 0
    captured = capsys.readouterr()
    assert captured.out.count("\r\n") == 1 + len(numbers)
    assert captured.err == ""


@pytest.mark.usefixtures("monday")
def test_an_export_is_as_a_server_sees_it_and_says_what_it_leaves_out(capsys: pytest.CaptureFixture[str]) -> None:
    remember()
    database = open_database("sqlite:///aide-memoire.db")
    kept = RatingWish(1, 10, 7, Outcome.KEPT)
    asyncio.run(database.transact(lambda work: work.cases.rate(kept, MONDAY_NOON)))
    database.close()
    assert main(["export", "--format", "json", "--list", "settled", "--server", "10"]) == 0
    (only,) = json.loads(capsys.readouterr().out)["followups"]
    assert (only["status"], only["topics"]) == ("kept", ["Norland"])
    assert main(["export", "--format", "json", "--limit", "3"]) == 0
    captured = capsys.readouterr()
    assert len(json.loads(captured.out)["followups"]) == 3
    assert captured.err == "aide-memoire: 1 more are left out; --limit 4 brings them all\n"


def test_an_unknown_topic_is_answered_with_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["followups", "--topic", "norlnd"]) == 2
    assert one_line(capsys) == 'there is no topic "norlnd"; did you mean "norland"?'


def test_a_database_without_tables_is_told_to_be_migrated(capsys: pytest.CaptureFixture[str]) -> None:
    sqlite3.connect("aide-memoire.db").close()
    assert main(["followups"]) == 1
    assert "aide-memoire migrate" in one_line(capsys)


# --- feeds check ---------------------------------------------------------------------------------------------------


async def test_each_feed_is_asked_and_its_answer_told(
    house: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ALLOWED_HOSTS", HOST)
    stamp = datetime(2026, 3, 1, 18, 30, tzinfo=UTC)
    async with FeedServer() as server:
        urls = {
            "Good": server.serve("/good", rss(Item("One", "x", stamp), Item("Two", "x", stamp - timedelta(days=1)))),
            "Empty": server.serve("/empty", rss()),
            "Page": server.serve("/page", "<!doctype html><p>no feed</p>", content_type="text/html"),
            "Gone": server.status("/gone", 404),
        }
        lists = "\n".join(outlet(url, name) for name, url in urls.items())
        (house / "outlets.toml").write_text(lists, encoding="utf-8")
        assert await command("feeds", "check") == 1
    lines = [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]
    assert lines[0] == "✓ Good 2 entries, newest 1 Mar 2026, 18:30 UTC"
    assert lines[1] == "✓ Empty no entries"
    assert lines[2].startswith("✗ Page ")
    assert "is a web page, not a feed" in lines[2]
    assert lines[3].startswith("✗ Gone there is nothing at this address (404)")
    assert lines[4] == "2 of 4 feeds answer."


async def test_one_feed_may_be_checked_that_is_not_in_the_list(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    async with FeedServer() as server:
        url = server.serve("/new", rss(Item("One", "x", MONDAY_NOON)))
        assert await command("feeds", "check", "--feed", url) == 1
        assert "✗" in capsys.readouterr().out  # a private address, and not an allowed one
        monkeypatch.setenv("ALLOWED_HOSTS", HOST)
        assert await command("feeds", "check", "--feed", url) == 0
    assert "1 entry, newest 2 Mar 2026, 12:00 UTC" in capsys.readouterr().out


async def test_ctrl_c_while_feeds_are_asked_leaves_no_trace(house: Path) -> None:
    waiting, over = asyncio.Event(), asyncio.Event()

    async def stall() -> None:
        waiting.set()
        await over.wait()

    async with FeedServer() as server:
        (house / "outlets.toml").write_text(outlet(server.stalls("/slow", stall)), encoding="utf-8")
        environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "ALLOWED_HOSTS": HOST}
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", "feeds", "check", stdout=PIPE, stderr=PIPE, env=environment
        )
        await asyncio.wait_for(waiting.wait(), PATIENCE)
        process.send_signal(signal.SIGINT)
        out, err = await asyncio.wait_for(process.communicate(), PATIENCE)
        over.set()
    assert (out, err, process.returncode) == (b"", b"", 130)


# --- doctor ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def december(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the commands take it for noon of 1 December 2026."""
    monkeypatch.setattr("bot.app.SystemClock", partial(FakeClock, NOON))


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
    monkeypatch.setattr("bot.app.SystemClock", partial(FakeClock, datetime(1970, 1, 1, tzinfo=UTC)))
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
