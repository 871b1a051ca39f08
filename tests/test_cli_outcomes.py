"""`aide-memoire outcomes --jsonl`: the shape other programs rely on, and how it takes what is no article."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest

from bot.cli import main
from bot.outcomes import outcome_lines

SAID = "Canada will impose a 25% tariff on Chinese steel on October 15."
DONE = "Steel makers rejoice. Canada's 25% tariff on Chinese steel takes effect."
KEYS = "followup statements kind speaker due_start due_end history outcome evidence confidence reasons near"
AGREED = KEYS.split()[:10]


def item(key: str | int, day: str, text: str, **other: object) -> dict[str, object]:
    return {"id": key, "date": day, "title": "", "outlet": "The Meridian", "text": text, **other}


def follow(*lines: object) -> tuple[list[dict[str, Any]], list[str]]:
    """Follow a stream (articles, or raw lines); return what came out, and the complaints."""
    raw = [line if isinstance(line, bytes) else json.dumps(line).encode() for line in lines]
    complaints: list[str] = []
    out = io.BytesIO()
    assert outcome_lines(io.BytesIO(b"\n".join(raw)), out, complaints.append) == len(complaints)
    return [json.loads(line) for line in out.getvalue().splitlines()], complaints


def test_each_follow_up_gives_one_line_of_the_agreed_shape() -> None:
    (line,), complaints = follow(item("a", "2024-09-10", SAID), item(7, "2024-10-15", DONE))
    assert complaints == []
    assert list(line) == KEYS.split()
    assert line["followup"] == "f1"
    assert line["statements"] == [{"id": "a", "start": 0, "end": len(SAID), "quote": SAID}]
    assert (line["due_start"], line["due_end"]) == ("2024-10-15", "2024-10-15")
    assert line["outcome"] == "kept"
    evidence = line["evidence"]
    assert list(evidence) == ["id", "start", "end", "quote"]
    assert evidence["id"] == 7
    assert DONE[evidence["start"] : evidence["end"]] == evidence["quote"]
    assert 0.5 < line["confidence"] <= 1
    assert line["reasons"]
    said = {"date": "2024-09-10", "what": "said", "id": "a", "due_start": "2024-10-15", "due_end": "2024-10-15"}
    assert line["history"] == [said, {"date": "2024-10-15", "what": "settled", "id": 7, "outcome": "kept"}]


def test_silence_is_open_and_brings_no_evidence() -> None:
    (line,), _ = follow(item("a", "2024-09-10", SAID))
    assert (line["outcome"], line["evidence"], line["confidence"], line["near"]) == ("open", None, 0.0, [])


def test_what_comes_close_is_offered() -> None:
    (line,), _ = follow(item("a", "2024-09-10", SAID), item("b", "2024-10-19", DONE))
    assert line["outcome"] == "open"
    (near,) = line["near"]
    assert list(near) == ["id", "start", "end", "quote", "outcome", "confidence", "reasons"]
    assert near["id"] == "b"


def test_offsets_point_into_the_text_not_the_title() -> None:
    text = f"🎉\n\n{DONE}"
    (line,), _ = follow(item("a", "2024-09-10", SAID), item("b", "2024-10-15", text, title="Tariff takes effect"))
    evidence = line["evidence"]
    assert text[evidence["start"] : evidence["end"]] == evidence["quote"]


def test_partly_kept_has_the_name_of_the_interface() -> None:
    (line,), _ = follow(
        item("a", "2023-07-03", "Israel will withdraw its troops from Jenin by Wednesday."),
        item("b", "2023-07-05", "Israel partially withdraws its troops from Jenin."),
    )
    assert line["outcome"] == "partly"


def test_a_line_that_cannot_be_used_costs_one_complaint() -> None:
    lines, complaints = follow(item("a", "2024-09-10", SAID), b"no json", item("b", "2024-10-15", DONE))
    assert [line["outcome"] for line in lines] == ["kept"]
    assert complaints == ["line 2 is not JSON at column 1: Expecting value; write one JSON object a line"]


def test_what_is_over_is_written_at_once() -> None:
    out = io.BytesIO()
    late = [item("a", "2024-09-10", SAID), item("b", "2025-06-01", "It rains in Porto."), b"stop"]
    raw = b"\n".join(line if isinstance(line, bytes) else json.dumps(line).encode() for line in late)
    written: list[bytes] = []
    outcome_lines(io.BytesIO(raw), out, lambda _: written.append(out.getvalue()))
    assert b'"followup": "f1"' in written[0]


def test_the_command_reads_a_file(tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    stream = tmp_path / "stream.jsonl"
    stream.write_text(f"{json.dumps(item('a', '2024-09-10', SAID))}\n", "utf-8")
    assert main(["outcomes", "--jsonl", str(stream)]) == 0
    (line,) = capfdbinary.readouterr().out.splitlines()
    assert list(json.loads(line))[:10] == AGREED


def test_without_jsonl_it_says_how_it_is_used(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["outcomes"]) == 2
    assert "outcomes --jsonl < stream.jsonl" in capsys.readouterr().err


def test_help_teaches_by_example(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["outcomes", "--help"]) == 0
    out = capsys.readouterr().out
    assert '"outcome": "kept"' in out
    assert max(len(line) for line in out.splitlines()) <= 120
