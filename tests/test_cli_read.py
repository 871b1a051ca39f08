from __future__ import annotations

import asyncio
import io
import json
import os
import re
import signal
import sys
from asyncio.subprocess import PIPE, Process
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cli import main
from bot.reading import LARGEST_LINE, LONGEST_TEXT, read_lines, times_lines
from watchers.model import Statement

ROOT = Path(__file__).resolve().parents[1]
PATIENCE = 30.0
PLEDGE = "Norland will withdraw its troops by Friday, its foreign minister Ana Ode said."
MONDAY = "2026-03-02"


def an_article(text: str = PLEDGE, **other: object) -> dict[str, object]:
    return {"id": "a1", "date": MONDAY, "title": "Norland to leave", "outlet": "The Meridian", "text": text, **other}


def read(*lines: object) -> tuple[list[dict[str, Any]], list[str]]:
    """Read articles (or raw lines) in one stream; return what came out, and the complaints."""
    raw = [line if isinstance(line, bytes) else json.dumps(line).encode() for line in lines]
    complaints: list[str] = []
    out = io.BytesIO()
    unusable = read_lines(io.BytesIO(b"\n".join(raw)), out, complaints.append)
    assert unusable == len(complaints)
    assert all("\n" not in complaint for complaint in complaints)
    return [json.loads(line) for line in out.getvalue().splitlines()], complaints


# --- the shape of read --jsonl, on which other programs rely ------------------------------------------------


def test_each_article_gives_one_line_of_the_agreed_shape() -> None:
    (found,), complaints = read(an_article())
    assert list(found) == ["id", "statements"]
    assert complaints == []
    (statement,) = found["statements"]
    keys = "start end quote kind timex due_start due_end precision speaker conditional rules followup"
    assert list(statement) == [*keys.split(), "edtf", "cameo", "plover", "speaker_country", "countries", "retells"]
    assert list(statement["timex"]) == ["start", "end", "text", "type", "value"]
    assert statement["quote"] == PLEDGE[statement["start"] : statement["end"]]
    assert (statement["due_start"], statement["due_end"]) == (MONDAY, "2026-03-06")
    assert (statement["precision"], statement["conditional"], statement["followup"]) == ("exact", False, "f1")
    assert statement["speaker"] == "Ana Ode"
    assert statement["rules"]


def test_each_statement_carries_the_codes_of_analysts() -> None:
    text = "French Foreign Minister Ana Ode pledged to visit Kyiv and Chisinau by Friday.\n\nShe vowed to help Moldova."
    (found,), _ = read(an_article(text))
    visit, help_ = found["statements"]
    assert (visit["edtf"], visit["cameo"], visit["plover"]) == ("2026-03-02/2026-03-06", "036", "AGREE")
    assert (visit["speaker_country"], visit["countries"]) == ("FR", ["FR", "UA", "MD"])
    assert visit["rules"][-1] == "act:visit:ahead"
    assert (help_["edtf"], help_["cameo"], help_["countries"]) == (None, "033", ["MD"])


def test_offsets_are_characters_whatever_the_script() -> None:
    text = f"🎉 «مرحبا» 👩‍👩‍👧 \u202eabc\u202c\n\n{PLEDGE}"
    (found,), _ = read(an_article(text))
    (statement,) = found["statements"]
    assert text[statement["start"] : statement["end"]] == statement["quote"]
    timex = statement["timex"]
    assert text[timex["start"] : timex["end"]] == timex["text"]


def test_letters_are_written_as_they_are() -> None:
    out = io.BytesIO()
    text = PLEDGE.replace("Norland", "Ñorland").replace("Ode", "Öde")
    read_lines(io.BytesIO(json.dumps(an_article(text)).encode()), out, print)
    assert "Ñorland" in out.getvalue().decode()


def test_an_undated_statement_has_no_timex_and_no_days() -> None:
    (found,), _ = read(
        an_article("Norland pledged to recognise the parliament of the island, its foreign minister Ana Ode said.")
    )
    (statement,) = found["statements"]
    assert (statement["timex"], statement["due_start"], statement["due_end"]) == (None, None, None)
    assert statement["precision"] == "none"


def test_the_same_thing_told_twice_shares_its_followup_and_another_does_not() -> None:
    other = "Sudria's parliament will vote on the gas treaty on 20 May, its speaker Ilo Ban said."
    found, _ = read(an_article(), an_article(other, id="a2"), an_article(id="a3", outlet="Southern Post"))
    numbers = [article["statements"][0]["followup"] for article in found]
    assert numbers == ["f1", "f2", "f1"]


def test_headline_and_text_help_to_tell_followups_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[tuple[str, str]] = []

    def marks_of(_statement: Statement, *, title: str, text: str) -> frozenset[str]:
        seen.append((title, text))
        return frozenset({"norland"})

    monkeypatch.setattr("bot.reading.marks_of", marks_of)
    read(an_article())
    assert seen == [("Norland to leave", PLEDGE)]


def test_an_article_in_which_nothing_is_to_come_gives_an_empty_list() -> None:
    found, complaints = read(an_article(""), an_article("It rained in the capital.", id=7))
    assert found == [{"id": "a1", "statements": []}, {"id": 7, "statements": []}]
    assert complaints == []


def test_title_and_outlet_may_be_missing_and_blank_lines_are_skipped() -> None:
    found, complaints = read(
        {"id": 1, "date": MONDAY, "text": PLEDGE}, b"", b"  ", {"id": 2, "date": MONDAY, "text": "", "title": None}
    )
    assert [article["id"] for article in found] == [1, 2]
    assert complaints == []


# --- lines that cannot be used ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (b"not json", "line 2 is not JSON at column 1"),
        (b'{"id": 1', "line 2 is not JSON at column"),
        (b"[1, 2]", "line 2 is JSON but no object"),
        (b'{"id": "\xff"}', "line 2 is not UTF-8"),
        (b"[" * 100_000, "line 2 is not JSON"),
        (b'{"id": ' + b"9" * 5_000 + b"}", "line 2 is not JSON"),
        ({"date": MONDAY, "text": "x"}, 'line 2 has no "id"'),
        ({"id": True, "date": MONDAY, "text": "x"}, 'line 2 has no "id"'),
        ({"id": 1, "text": "x"}, 'line 2 has no "date"; give the day it was written'),
        ({"id": 1, "date": 20260302, "text": "x"}, 'line 2 has no "date"'),
        ({"id": 1, "date": "2 March", "text": "x"}, 'line 2 has a wrong "date": "2 March" is not a day'),
        ({"id": 1, "date": "2026-03-02Tnoon", "text": "x"}, 'line 2 has a wrong "date"'),
        ({"id": 1, "date": "2026-02-30", "text": "x"}, 'line 2 has a wrong "date"'),
        ({"id": 1, "date": "9999-12-31", "text": "x"}, "between 1900 and 2200"),
        ({"id": 1, "date": MONDAY}, 'line 2 has no "text"'),
        ({"id": 1, "date": MONDAY, "text": ["x"]}, 'line 2 has no "text"'),
        ({"id": 1, "date": MONDAY, "text": "x", "title": 5}, 'line 2 has a "title" that is no text'),
        ({"id": 1, "date": MONDAY, "text": "x" * (LONGEST_TEXT + 1)}, "line 2 has a text of 1,000,001 characters"),
        (b'{"id": 1, "text": "' + b"x" * LARGEST_LINE + b'"}', "line 2 is larger than 8 MB"),
        (b'{"id": 1, "text": "' + b"x" * (3 * LARGEST_LINE) + b'"}', "line 2 is larger than 8 MB"),
    ],
)
def test_a_bad_line_is_named_and_the_rest_goes_on(line: object, words: str) -> None:
    found, complaints = read(an_article(), line, an_article(id="a3"))
    assert [article["id"] for article in found] == ["a1", "a3"]
    (complaint,) = complaints
    assert complaint.startswith(words) or words in complaint


def test_half_a_character_goes_through_as_json_writes_it() -> None:
    line = json.dumps(an_article(PLEDGE.replace("troops", "troops \ud83d"))).encode()
    (found,), complaints = read(line)
    assert complaints == []
    assert "\ud83d" in found["statements"][0]["quote"]


def test_a_bad_line_makes_the_exit_code_one(
    monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"oops\n" + json.dumps(an_article()).encode())))
    assert main(["read", "--jsonl"]) == 1
    out, err = capsysbinary.readouterr()
    assert json.loads(out)["id"] == "a1"
    assert err.startswith(b"aide-memoire: line 1 is not JSON")
    assert err.count(b"\n") == 1


# --- times --jsonl ------------------------------------------------------------------------------------------


def test_each_time_expression_gives_one_line_past_and_future_alike() -> None:
    text = "They met last Friday and will meet in May."
    out = io.BytesIO()
    lines = [
        {"doc": "d1", "dct": MONDAY, "text": text},
        {"doc": "d2", "text": text},
        {"doc": "d3", "dct": MONDAY, "text": ""},
    ]
    complaints: list[str] = []
    raw = "\n".join(json.dumps(line) for line in lines).encode()
    assert times_lines(io.BytesIO(raw), out, complaints.append) == 1
    found = [json.loads(line) for line in out.getvalue().splitlines()]
    assert [list(time) for time in found] == [["doc", "start", "end", "text", "type", "value"]] * 2
    assert [(time["text"], time["value"]) for time in found] == [("last Friday", "2026-02-27"), ("May", "2026-05")]
    assert all(text[time["start"] : time["end"]] == time["text"] for time in found)
    assert complaints == ['line 2 has no "dct"; give the day it was written, such as "dct": "2026-03-02"']


@pytest.mark.parametrize(
    "written", ["2026-03-02", "2026-03-02T23:30", "2026-03-02T14:26:00", "2026-03-02T23:30:00-05:00"]
)
def test_an_instant_stands_for_its_day_as_written(written: str) -> None:
    out = io.BytesIO()
    line = json.dumps({"doc": "d1", "dct": written, "text": "They meet tomorrow."}).encode()
    assert times_lines(io.BytesIO(line), out, print) == 0
    assert json.loads(out.getvalue())["value"] == "2026-03-03"


@given(st.lists(st.binary(max_size=60), max_size=5))
def test_no_input_makes_it_fail(lines: list[bytes]) -> None:
    raw = b"\n".join(line.replace(b"\n", b" ") for line in lines)
    complaints: list[str] = []
    for command in (read_lines, times_lines):
        command(io.BytesIO(raw), io.BytesIO(), complaints.append)
    assert all(complaint.isprintable() for complaint in complaints)


# --- for a person -------------------------------------------------------------------------------------------


def test_a_person_sees_quote_due_kind_speaker_and_rules(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    article = tmp_path / "article.txt"
    article.write_text(f"\ufeffIt rained.\n\n{PLEDGE} \x1b[31m\u202eevil", encoding="utf-8")
    assert main(["read", str(article), "--date", MONDAY, "--title", "Norland\x1b]0;x\x07 leaves"]) == 0
    out = capsys.readouterr().out
    flat = " ".join(out.split())
    for words in (
        PLEDGE,
        "commitment",
        "Fri 6 Mar 2026",
        "speaker: Ana Ode",
        "codes: CAMEO 0356 AGREE · EDTF 2026-03-02/2026-03-06",
        "“Friday” = 2026-03-06",
        "rules: ",
        "leaves",
    ):
        assert words in flat
    assert "\x1b" not in out
    assert "\u202e" not in out


def test_a_person_reads_a_pipe_too(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"It rained in the capital.")))
    assert main(["read", "-", "--date", MONDAY]) == 0
    assert "Nothing in it says what is to come after Monday, 2 Mar 2026." in capsys.readouterr().out


def test_an_empty_article_is_said_to_be_empty(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.txt").write_text(" \n", encoding="utf-8")
    assert main(["read", str(tmp_path / "a.txt"), "--date", MONDAY]) == 0
    assert "is empty: there is nothing to read in it" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("content", "arguments", "answer"),
    [
        (b"\x89PNG\r\n\x1a\n\xff", ["--date", MONDAY], (1, "is not UTF-8 text")),
        (b"PK\0\0", ["--date", MONDAY], (1, "is a binary file")),
        (b"x" * (LARGEST_LINE + 1), ["--date", MONDAY], (1, "is larger than 8 MB")),
        (b"x" * (LONGEST_TEXT + 1), ["--date", MONDAY], (1, "has a text of 1,000,001 characters")),
        (b"fine", ["--date", "tomorrow"], (2, '--date "tomorrow" is not a day between 1900 and 2200')),
        (b"fine", ["--date", "2026-13-01"], (2, "write it as 2026-03-02")),
        (b"fine", [], (2, "give a FILE and its --date")),
        (None, ["--date", MONDAY], (2, "cannot be opened (No such file or directory)")),
    ],
)
def test_wrong_input_gets_one_clear_line(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    content: bytes | None,
    arguments: list[str],
    answer: tuple[int, str],
) -> None:
    code, words = answer
    article = tmp_path / "article"
    if content is not None:
        article.write_bytes(content)
    assert main(["read", str(article), *arguments]) == code
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("aide-memoire: ")
    assert captured.err.count("\n") == 1
    assert words in captured.err


# --- as a process -------------------------------------------------------------------------------------------


async def start(*arguments: str, python: tuple[str, ...] = ()) -> Process:
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}
    command = (sys.executable, *python, "-m", "bot", *arguments)
    return await asyncio.create_subprocess_exec(*command, stdin=PIPE, stdout=PIPE, stderr=PIPE, env=environment)


async def answer_to(process: Process, line: dict[str, object]) -> dict[str, Any]:
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(json.dumps(line).encode() + b"\n")
    await process.stdin.drain()
    answer: dict[str, Any] = json.loads(await asyncio.wait_for(process.stdout.readline(), PATIENCE))
    return answer


async def test_a_line_is_answered_before_the_next_is_asked() -> None:
    process = await start("read", "--jsonl")
    for number in range(3):
        assert (await answer_to(process, an_article(id=number)))["id"] == number
    out, err = await asyncio.wait_for(process.communicate(b""), PATIENCE)
    assert (out, err, process.returncode) == (b"", b"", 0)


async def test_ctrl_c_ends_it_without_a_word() -> None:
    process = await start("read", "--jsonl")
    await answer_to(process, an_article())
    process.send_signal(signal.SIGINT)
    out, err = await asyncio.wait_for(process.communicate(), PATIENCE)
    assert (out, err, process.returncode) == (b"", b"", 130)


async def test_a_reader_that_goes_away_ends_it_without_a_word() -> None:
    process = await start("read", "--jsonl")
    await answer_to(process, an_article())
    assert process.stdin is not None
    reading = process._transport.get_pipe_transport(1)  # type: ignore[attr-defined]  # no public way to close it
    reading.pause_reading()
    reading.get_extra_info("pipe").close()  # at once: the transport itself does so a turn of the loop later
    reading.close()
    process.stdin.write(json.dumps(an_article()).encode() + b"\n")
    process.stdin.write_eof()
    assert process.stderr is not None
    assert await asyncio.wait_for(process.stderr.read(), PATIENCE) == b""
    assert await asyncio.wait_for(process.wait(), PATIENCE) == 141


async def test_it_starts_without_the_heavy_libraries() -> None:
    process = await start("read", "--jsonl", python=("-X", "importtime"))
    _, err = await asyncio.wait_for(process.communicate(b""), PATIENCE)
    imported = {line.rpartition("|")[2].strip().partition(".")[0] for line in err.decode().splitlines()}
    assert "watchers" in imported
    heavy = {
        "rich",
        "sqlalchemy",
        "alembic",
        "discord",
        "aiohttp",
        "feedparser",
        "trafilatura",
        "apscheduler",
        "asyncio",
    }
    assert imported & heavy == set()


def test_the_day_of_an_article_may_be_any_day_between_the_bounds() -> None:
    for day in (date(1900, 1, 1), date(2200, 12, 31)):
        found, complaints = read(an_article(date=day.isoformat()))
        assert complaints == []
        assert re.fullmatch(r"\d{4}-\d{2}-\d{2}", found[0]["statements"][0]["due_end"])


# --- events of the operator's table -------------------------------------------------------------------------

SUMMIT = "Norland will withdraw its troops before the Vadehavn summit, its foreign minister Ana Ode said."
TABLE = '[[event]]\nnames = ["Vadehavn summit"]\nfirst_day = 2026-03-10\n'


def test_the_configured_table_dates_events_for_machines_and_people(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.toml").write_text(TABLE, encoding="utf-8")
    (tmp_path / "articles.jsonl").write_text(json.dumps(an_article(SUMMIT)), encoding="utf-8")
    (tmp_path / "article.txt").write_text(SUMMIT, encoding="utf-8")
    # Reading needs no other setting: a token that is none stands in nobody's way.
    (tmp_path / ".env").write_text("EVENTS_FILE=mine.toml\nDISCORD_TOKEN=none\n", encoding="utf-8")
    assert main(["read", "--jsonl", "articles.jsonl"]) == 0
    (statement,) = json.loads(capsysbinary.readouterr().out)["statements"]
    assert (statement["due_start"], statement["due_end"]) == ("2026-03-02", "2026-03-09")
    assert statement["timex"]["text"] == "Vadehavn summit"
    assert main(["read", "article.txt", "--date", MONDAY]) == 0
    assert b"Vadehavn summit" in capsysbinary.readouterr().out


def test_a_mistake_in_the_table_is_named_and_costs_no_traceback(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.toml").write_text(TABLE.replace("2026-03-10", '"soon"'), encoding="utf-8")
    (tmp_path / "article.txt").write_text(SUMMIT, encoding="utf-8")
    monkeypatch.setenv("EVENTS_FILE", "mine.toml")
    assert main(["read", "article.txt", "--date", MONDAY]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert "mine.toml, line 3: first_day is text; it must be a day without quotes" in line
