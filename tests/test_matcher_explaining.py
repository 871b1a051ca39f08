"""Why something is read or not: `explain_article`, and `aide-memoire read --why`."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cli import main
from watchers.matcher.explaining import explain_article
from watchers.matcher.match import read_article
from watchers.model import Verdict

DAY = date(2026, 3, 2)


def verdict(text: str, words: str) -> Verdict:
    """Return what became of those words."""
    return next(each for each in explain_article(text, DAY) if words in each.words)


def test_what_was_read_is_shown_with_its_rule_and_weight() -> None:
    found = verdict("Iran will answer the United Nations by Friday.", "Friday")
    assert found.statement is not None
    assert "future:will" in found.reason
    assert found.odds is not None
    assert found.odds >= 0
    assert found.heaviest


def test_a_kind_is_told_with_what_decided_it() -> None:
    found = verdict("The foreign ministers of Iran and Russia will meet in Baku on Thursday.", "Thursday")
    assert found.statement is not None
    assert "; event, by " in found.reason
    assert f"event:{found.reason.partition('; event, by ')[2].partition(',')[0]}" in found.statement.rules


def test_what_weighed_too_little_says_by_how_much() -> None:
    found = verdict("Iran and Russia agreed on Monday that the talks in Geneva had failed.", "Monday")
    assert found.statement is None
    assert "too little speaks for it" in found.reason
    assert found.odds is not None
    assert found.odds < 0


@pytest.mark.parametrize(
    ("text", "words", "reason"),
    [
        ("Will Iran answer the United Nations by Friday?", "Friday", "a question"),
        ("Iran met the United Nations on 4 January 2025.", "4 January 2025", "nothing that lies ahead"),
        ("The bakery on Mill Lane will close on Friday.", "Friday", "no affairs between states"),
        ("The Gulf states and Iran meet in Kuwait every year on 20 March.", "20 March", "each-year"),
    ],
)
def test_what_was_passed_over_says_why(text: str, words: str, reason: str) -> None:
    found = verdict(text, words)
    assert found.statement is None
    assert reason in found.reason


def test_a_promise_is_explained_by_its_words() -> None:
    found = verdict("Iran vowed to answer the United Nations.", "vowed")
    assert found.statement is not None
    assert found.reason == "promised"


@given(st.text(max_size=300))
def test_explaining_never_raises_and_agrees_with_reading(text: str) -> None:
    told = [each.statement for each in explain_article(text, DAY) if each.statement is not None]
    assert set(told) == set(read_article(text, DAY))


def test_the_command_shows_what_was_read_and_what_was_not(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    article = tmp_path / "article.txt"
    article.write_text("Iran will answer the United Nations by Friday. They met last week.", encoding="utf-8")
    assert main(["read", str(article), "--date", "2026-03-02", "--why"]) == 0
    shown = capsys.readouterr().out
    assert "+ “Friday”" in shown
    assert "- “last week”" in shown
    assert "1 of 2 read." in shown


def test_the_command_says_why_two_statements_are_one_follow_up(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    article = tmp_path / "article.txt"
    article.write_text(
        "Iran will answer the United Nations by Friday. France will sign the treaty with Chad on 20 March. "
        "Tehran must answer the United Nations by Friday, diplomats said.",
        encoding="utf-8",
    )
    assert main(["read", str(article), "--date", "2026-03-02", "--why"]) == 0
    shown = " ".join(capsys.readouterr().out.split())
    assert shown.count("= the same follow-up as") == 1
    assert "= the same follow-up as “Iran will answer the United Nations by Friday.” for: same day" in shown
    assert "against: a deadline and none" in shown


def test_the_command_says_when_there_is_nothing_to_explain(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    article = tmp_path / "article.txt"
    article.write_text("The sea is blue.", encoding="utf-8")
    assert main(["read", str(article), "--date", "2026-03-02", "--why"]) == 0
    assert "No sentence of it names a time or promises anything." in capsys.readouterr().out


def test_why_is_for_one_article_not_for_a_stream(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["read", "--jsonl", "--why"]) != 0
    assert "--why explains one article" in capsys.readouterr().err
