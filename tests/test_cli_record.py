"""`aide-memoire record`: a table for people, a document for machines, a picture in a file."""

from __future__ import annotations

import asyncio
import json
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from matplotlib.image import imread

from bot.cli import main
from storage.engine import open_database
from storage.migrate import upgrade
from tests.factories import MONDAY_NOON, a_clue
from tests.fakes import FakeClock
from tests.storing import add_article, days, open_one, telling
from watchers.model import Kind
from watchers.ports import UnitOfWork
from watchers.rating import OURSELVES, Outcome, RatingWish

URL = "sqlite:///aide-memoire.db"
HERE, THERE = 10, 11
TOPICS = '[[topic]]\nid = "norland"\nname = "Norland"\nabout = "Its war"\nwords = ["Norland"]\n'
OUTLETS = '[[outlet]]\nname = "A"\nfeed_url = "https://a.example/rss"\nlanguage = "en"\ntime_zone = "UTC"\n'


@pytest.fixture(autouse=True)
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working directory with a database, on Monday, 2 March 2026."""
    for name in ("DISCORD_TOKEN", "DATABASE_URL", "TIME_ZONE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "140")
    (tmp_path / "topics.toml").write_text(TOPICS, encoding="utf-8")
    (tmp_path / "outlets.toml").write_text(OUTLETS, encoding="utf-8")
    (tmp_path / ".env").write_text("TOPICS_FILE=topics.toml\nOUTLETS_FILE=outlets.toml\n", encoding="utf-8")
    monkeypatch.setattr("bot.opening.SystemClock", partial(FakeClock, MONDAY_NOON))
    upgrade(URL)
    return tmp_path


def remember(*words: RatingWish, count: int = 3) -> None:
    """Let Ada Berg make so many commitments, and Carl Berg set a deadline; rate them."""

    def work(unit: UnitOfWork) -> None:
        for number in range(1, count + 1):
            quote = f"Gate {number} \x1b[31mwill open."
            open_one(unit, telling(quote, due=days(1, number), kind=Kind.COMMITMENT, speaker="Ada Berg"), "norland")
        open_one(unit, telling(due=days(30, 30, month=4), speaker="Carl Berg", countries=("FR",)), "sudria")
        for word in words:
            unit.cases.rate(word, MONDAY_NOON)
        unit.outcomes.suggest(count + 1, add_article(unit), a_clue(Outcome.BROKEN), MONDAY_NOON)

    database = open_database(URL)
    asyncio.run(database.transact(work))
    database.close()


def kept(number: int, server: int = HERE, **more: Any) -> RatingWish:
    return RatingWish(number, server, more.pop("by", 7), Outcome.KEPT, **more)


def document(capsys: pytest.CaptureFixture[str], *options: str) -> dict[str, Any]:
    assert main(["record", "--json", *options]) == 0
    captured = capsys.readouterr()
    assert captured.err == ""
    found: dict[str, Any] = json.loads(captured.out)
    return found


def printed(capsys: pytest.CaptureFixture[str], *options: str) -> list[str]:
    assert main(["record", *options]) == 0
    captured = capsys.readouterr()
    assert "\x1b" not in captured.out
    return [" ".join(line.split()) for line in captured.out.splitlines()]


def complaint(capsys: pytest.CaptureFixture[str]) -> str:
    captured = capsys.readouterr()
    assert captured.err.count("\n") == 1
    return captured.err.removeprefix("aide-memoire: ").strip()


# --- whose ratings count ----------------------------------------------------------------------------------------


def test_where_nobody_rated_that_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    remember()
    assert printed(capsys, "--speaker", "berg")[0] == (
        "“berg”: no server has rated anything yet, so nothing is settled"
    )
    assert document(capsys, "--speaker", "berg")["server"] is None


def test_the_only_server_that_rated_is_taken(capsys: pytest.CaptureFixture[str]) -> None:
    remember(kept(1), kept(2))
    assert printed(capsys, "--speaker", "berg")[0] == ("“berg”: as server 10 rated it (follow-ups it rated in all: 2)")
    assert document(capsys, "--speaker", "berg")["server"] == "10"


def test_of_several_servers_one_must_be_named(capsys: pytest.CaptureFixture[str]) -> None:
    remember(kept(1), kept(2), kept(1, THERE))
    assert main(["record", "--speaker", "berg"]) == 2
    assert complaint(capsys) == (
        "several servers have rated follow-ups; say whose ratings count with --server ID: 10 (2 rated), 11 (1 rated)"
    )
    assert document(capsys, "--speaker", "berg", "--server", "11")["counts"]["kept_on_time"] == 1
    assert document(capsys, "--speaker", "berg", "--server", "12")["counts"]["kept_on_time"] == 0


# --- the document -----------------------------------------------------------------------------------------------


def test_the_document_holds_all_of_it(capsys: pytest.CaptureFixture[str]) -> None:
    late = kept(2, happened_on=days(20, 20).last)
    remember(kept(1), late, RatingWish(3, HERE, OURSELVES, Outcome.KEPT))
    found = document(capsys, "--speaker", "berg", "--since", "2026-03-01", "--until", "2026-12-31")
    listed = found.pop("list")
    none = dict.fromkeys(("kept_on_time", "kept_late", "partly_kept", "missed", "withdrawn", "moved", "open"), 0)
    own = {**none, "kept_on_time": 1, "kept_late": 1, "open": 1}
    assert found == {
        "day": "2026-03-02",
        "speaker": "berg",
        "country": None,
        "topic": None,
        "since": "2026-03-01",
        "until": "2026-12-31",
        "server": "10",
        "said": 4,
        "settled": 2,
        "counts": {**own, "open": 2},
        "kinds": {"commitment": own, "deadline": {**none, "open": 1}},
        "months": [{"month": "2026-03", **own}, {"month": "2026-04", **none, "open": 1}],
        "kept": None,
        "kept_on_time": None,
        "moved_at_all": 0,
        "overdue": 0,
        "delay": {"median_days": 18, "known": 1, "of": 1},
        "suggested": {"broken": 1},
        "settled_by_itself": {"kept": 1},
        "names": [{"name": "Ada Berg", "said": 3}, {"name": "Carl Berg", "said": 1}],
        "left_out": 0,
    }
    assert [(one["id"], one["counts_as"], one["delay_days"]) for one in listed] == [
        (4, "open", None),
        (3, "open", None),
        (2, "kept_late", 18),
        (1, "kept_on_time", None),
    ]
    assert listed[0]["status"] == "pending"


def test_a_share_is_in_it_where_enough_are_settled(capsys: pytest.CaptureFixture[str]) -> None:
    remember(*map(kept, range(1, 10)), RatingWish(10, HERE, 7, Outcome.BROKEN), count=10)
    found = document(capsys, "--speaker", "ada")
    assert found["kept"] == {"count": 9, "of": 10, "share": 0.9, "low": 0.5958, "high": 0.9821}
    assert "Kept: 90% (9 of 10; 95% interval 60% to 98%); on time: 90%" in " ".join(printed(capsys, "--speaker", "ada"))


@pytest.mark.parametrize(
    ("options", "numbers"),
    [
        (["--country", "fr"], [4]),
        (["--speaker", "BERG", "--topic", "norland"], [3, 2, 1]),
        (["--speaker", "berg", "--since", "2026-03-03"], [4, 3]),
        (["--speaker", "berg", "--until", "2026-03-02"], [2, 1]),
        (["--speaker", "nobody"], []),
    ],
)
def test_it_is_narrowed(capsys: pytest.CaptureFixture[str], options: list[str], numbers: list[int]) -> None:
    remember()
    assert [one["id"] for one in document(capsys, *options)["list"]] == numbers


# --- the table --------------------------------------------------------------------------------------------------


def test_a_person_reads_a_table(capsys: pytest.CaptureFixture[str]) -> None:
    remember(kept(1), kept(2, happened_on=days(20, 20).last), RatingWish(3, HERE, 7, Outcome.MOVED), count=20)
    lines = printed(capsys, "--speaker", "berg")
    for line in (
        "all commitments deadlines",
        "Kept late 1 1 0",
        "Not rated yet 18 17 1",
        "In all 21 20 1",
        "2 settled: too few for a percentage, which is given from 10 on.",
        "Moved at least once: 1.",
        "Median delay in days: 18 (known of 1 of 2 late or moved).",
        "The news suggests, and nobody has confirmed: broken 1.",
        "Names it counts together: Ada Berg 20, Carl Berg 1.",
        "… and 6 more: --json has them all.",
    ):
        assert line in lines, line
    assert "4 on Thu 30 Apr 2026 Not rated yet" not in lines
    assert any(line.startswith("21 on Thu 30 Apr 2026 Not rated yet Carl Berg: “Norland will") for line in lines)


def test_where_nothing_fits_that_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert printed(capsys, "--country", "FR")[1:] == ["No commitment or deadline with a date fits."]


# --- the picture ------------------------------------------------------------------------------------------------


def test_the_picture_is_drawn_into_a_file(house: Path, capsys: pytest.CaptureFixture[str]) -> None:
    remember(kept(1))
    printed(capsys, "--speaker", "berg", "--chart", "record.png")
    assert imread(house / "record.png").shape[1] == 1320
    document(capsys, "--speaker", "berg", "--chart", "other.png")
    assert (house / "other.png").read_bytes() == (house / "record.png").read_bytes()


@pytest.mark.parametrize(
    ("speaker", "chart", "words"),
    [
        ("berg", "no/such/folder/a.png", "no/such/folder/a.png cannot be written (No such file or directory)"),
        ("nobody", "a.png", "nothing counts, so there is nothing to draw into a.png"),
    ],
)
def test_a_picture_that_cannot_be_had_gets_one_line(
    capsys: pytest.CaptureFixture[str], speaker: str, chart: str, words: str
) -> None:
    remember()
    assert main(["record", "--speaker", speaker, "--chart", chart]) == 1
    assert complaint(capsys).startswith(words)


def test_without_a_name_or_a_country_everything_counts(capsys: pytest.CaptureFixture[str]) -> None:
    remember()
    assert main(["record", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert (document["speaker"], document["country"], document["said"]) == (None, None, 4)
    assert main(["record"]) == 0
    assert "Everything" in capsys.readouterr().out


# --- usage ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--speaker", "a", "--country", "FR"], "not allowed with argument --speaker"),
        (["--country", "France"], "not a code of two letters"),
        (["--speaker", "a", "--since", "yesterday"], '"yesterday" is not a day such as 2026-03-02'),
        (["--speaker", "a", "--topic", "norlnd"], 'did you mean "norland"?'),
    ],
)
def test_wrong_usage_gets_one_line_and_code_two(
    capsys: pytest.CaptureFixture[str], options: list[str], words: str
) -> None:
    assert main(["record", *options]) == 2
    assert words in complaint(capsys)


def test_help_teaches_by_example(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    assert main(["record", "--help"]) == 0
    out = capsys.readouterr().out
    assert '--speaker "foreign minister" --chart record.png' in out
    assert max(len(line) for line in out.splitlines()) <= 120
