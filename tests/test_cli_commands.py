from __future__ import annotations

import asyncio
import json
import sqlite3
from functools import partial
from pathlib import Path

import pytest

from bot.cli import main
from storage.engine import open_database
from storage.migrate import head, upgrade
from tests.command_line import house, one_line
from tests.factories import MONDAY_NOON
from tests.fakes import FakeClock
from tests.storing import days, open_one, telling
from watchers.model import Kind
from watchers.ports import UnitOfWork
from watchers.rating import Outcome, RatingWish

__all__ = ["house"]


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
    monkeypatch.setattr("bot.opening.SystemClock", partial(FakeClock, MONDAY_NOON))


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
