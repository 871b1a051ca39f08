"""What is read in a sentence: statements of each kind, and nothing where nothing is said of the future."""

from __future__ import annotations

import re
import time
import tomllib
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from watchers.matcher.match import read_article
from watchers.model import Kind, Precision, Statement

MONDAY = date(2026, 3, 2)
CORPUS = tomllib.loads((Path(__file__).parent / "corpus" / "statements.toml").read_text("utf-8"))

SENTENCES = [entry["text"] for entry in CORPUS["positive"]]
NEUTRAL_PARAGRAPH = "The bakery on the corner sells rye loaves, and its cat sleeps in the window."
# Days of the week and spans: none of these depends on where a month or a year ends.
RELATIVE = [
    "Norway's foreign minister will visit Kyiv on Friday.",
    "Talks between Israel and Lebanon resume tomorrow.",
    "Iran has ten days to answer the American offer.",
    "The ceasefire in Sudan expires on Sunday.",
    "Poland pledged to send Ukraine tanks within two weeks.",
    "The NATO summit in Oslo is set for next week.",
    "The truce in Yemen could be signed in the coming days.",
]


@pytest.mark.parametrize("entry", CORPUS["positive"], ids=lambda entry: str(entry["text"])[:60])
def test_a_statement_is_read_as_the_corpus_says(entry: dict[str, Any]) -> None:
    (statement,) = read_article(entry["text"], MONDAY)

    assert statement.kind == entry["kind"]
    assert (statement.timex.text if statement.timex else "") == entry["time"]
    assert (statement.due.last.isoformat() if statement.due else "") == entry["due"]
    assert (statement.speaker or "") == entry["speaker"]
    assert statement.conditional is entry["conditional"]


@pytest.mark.parametrize("entry", CORPUS["negative"], ids=lambda entry: str(entry["text"])[:60])
def test_nothing_is_read_where_nothing_is_said_of_the_future(entry: dict[str, Any]) -> None:
    assert read_article(entry["text"], MONDAY) == ()


def test_the_corpus_has_as_many_negatives_as_positives() -> None:
    assert len(CORPUS["positive"]) >= 55
    assert len(CORPUS["negative"]) >= len(CORPUS["positive"])


def test_two_actions_with_their_own_times_are_two_statements_of_one_sentence() -> None:
    text = "The Turkish envoy will visit Cairo on Tuesday, and he will meet the Saudi king in Riyadh on Thursday."

    first, second = read_article(text, MONDAY)

    assert first.quote == second.quote == text
    assert [first.timex.text if first.timex else "", second.timex.text if second.timex else ""] == [
        "Tuesday",
        "Thursday",
    ]


def test_one_action_over_two_days_is_one_statement() -> None:
    (statement,) = read_article("The NATO ministers will meet in Oslo on Thursday and Friday.", MONDAY)

    assert statement.due is not None
    assert (statement.due.first, statement.due.last) == (date(2026, 3, 5), date(2026, 3, 6))


def test_words_spoken_earlier_count_from_the_day_they_were_spoken() -> None:
    text = "Iran's foreign minister said on Thursday that inspectors would return to the nuclear site within two weeks."

    (statement,) = read_article(text, MONDAY)

    assert statement.due is not None
    assert statement.due.last == date(2026, 2, 26) + timedelta(days=14)
    assert "anchor:said-on" in statement.rules


def test_the_day_of_a_report_is_no_statement_of_its_own() -> None:
    statements = read_article(
        "The Kremlin said on Monday that it would withdraw its troops from Syria by June.", MONDAY
    )

    assert [statement.timex.text for statement in statements if statement.timex] == ["June"]


def test_soon_leaves_a_pledge_undated() -> None:
    (statement,) = read_article("Germany pledged to deliver the air defence system to Ukraine soon.", MONDAY)

    assert statement.timex is None
    assert statement.due is None
    assert statement.precision is Precision.NONE


def test_vague_and_exact_times_are_told_apart() -> None:
    (vague,) = read_article("The hostages in Gaza could be freed within days.", MONDAY)
    (exact,) = read_article("The hostages in Gaza could be freed within nine days.", MONDAY)

    assert (vague.precision, exact.precision) == (Precision.VAGUE, Precision.EXACT)


def test_what_lies_beyond_anyones_memory_is_left_out() -> None:
    assert read_article("China will build the naval base in Cambodia by 2049.", MONDAY) == ()


def test_a_promise_told_far_down_as_background_is_left_out() -> None:
    opening = "\n\n".join(f"Ukrainian officials described the battle near village {number}." for number in range(12))
    promise = "Hezbollah has vowed to destroy the Israeli army."

    assert read_article(promise, MONDAY) != ()
    assert read_article(f"{opening}\n\n{promise}", MONDAY) == ()


def test_a_sentence_without_anybody_on_the_international_stage_is_left_out() -> None:
    assert read_article("The gardener will plant the roses on Friday.", MONDAY) == ()


def test_rules_tell_what_was_read_in_order() -> None:
    (statement,) = read_article("Poland pledged to send Ukraine 20 tanks by May.", MONDAY)

    assert statement.rules[0].startswith("future:")
    assert any(rule.startswith("commitment:") for rule in statement.rules)
    assert "anchor:article" in statement.rules


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n\n\t ",
        "\ufeff\u200b",
        "🕊️ ☮️ 🇺🇳",
        "سيزور الوزير موسكو يوم الجمعة",
        "“" * 2000 + "”" * 2000,
        '"' * 5001,
        "will " * 3000,
        "said Friday " * 3000,
        "9" * 50_000,
        "Putin, " * 5000,
        "\x00\x01\x02",
    ],
    ids=lambda text: repr(text[:12]),
)
def test_any_text_is_read_without_an_error(text: str) -> None:
    assert isinstance(read_article(text, MONDAY), tuple)


@pytest.mark.parametrize(
    "text",
    [
        "the minister will meet Putin on Friday and " * 24_000,
        "“" * 100_000 + "”" * 100_000,
        "7" * 1_000_000,
        "." * 1_000_000,
    ],
    ids=["one sentence", "nested quotes", "digits", "stops"],
)
def test_a_megabyte_of_one_thing_takes_seconds_not_minutes(text: str) -> None:
    started = time.perf_counter()
    read_article(text, MONDAY)

    assert time.perf_counter() - started < 15, "a square of the length would take minutes"


@pytest.mark.parametrize("day", [date.min, date.max])
def test_the_ends_of_the_calendar_are_no_error(day: date) -> None:
    for text in SENTENCES:
        assert isinstance(read_article(text, day), tuple)


# --- what holds of every text -------------------------------------------------------------------------------

WORDS = st.sampled_from(
    (
        *(
            "Putin",
            "NATO",
            "Iran",
            "Iran's",
            "said",
            "will",
            "would",
            "visit",
            "on",
            "Friday",
            "next",
            "week",
            "within",
        ),
        *("days", "by", "May", "if", "unless", "must", "or", "face", "pledged", "to", "the", "talks", "deal", "“", "”"),
        *(
            '"',
            ".",
            ",",
            "\n\n",
            "he",
            "they",
            "we",
            "and",
            "that",
            "of",
            "a",
            "not",
            "until",
            "3",
            "2027",
            "-",
            "after",
        ),
    )
)
SOUP = st.lists(WORDS, max_size=60).map(" ".join) | st.text(max_size=200)
ARTICLES = st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=6).map("\n\n".join)


@given(SOUP | ARTICLES)
@settings(max_examples=200, deadline=None)
def test_offsets_always_slice_the_quote_and_the_time(text: str) -> None:
    for statement in read_article(text, MONDAY):
        assert text[statement.start : statement.end] == statement.quote
        if statement.timex is not None:
            assert text[statement.timex.start : statement.timex.end] == statement.timex.text
            assert statement.start <= statement.timex.start < statement.timex.end <= statement.end
        assert (statement.due is None) == (statement.precision is Precision.NONE) == (statement.timex is None)
        assert statement.due is None or statement.due.last >= MONDAY
        assert isinstance(statement.kind, Kind)


@given(ARTICLES)
@settings(max_examples=60, deadline=None)
def test_an_unrelated_paragraph_below_changes_no_statement(text: str) -> None:
    assert read_article(f"{text}\n\n{NEUTRAL_PARAGRAPH}", MONDAY) == read_article(text, MONDAY)


@given(st.lists(st.sampled_from(RELATIVE), min_size=1, max_size=4).map("\n\n".join), st.integers(-200, 200))
@settings(max_examples=60, deadline=None)
def test_moving_the_day_by_whole_weeks_moves_relative_times_as_much(text: str, weeks: int) -> None:
    shift = timedelta(weeks=weeks)

    def spans(statements: tuple[Statement, ...], back: timedelta) -> list[tuple[str, date, date]]:
        return [(s.quote, s.due.first - back, s.due.last - back) for s in statements if s.due is not None]

    assert spans(read_article(text, MONDAY + shift), shift) == spans(read_article(text, MONDAY), timedelta())


def test_no_rule_names_anybody_in_the_corpus() -> None:
    """The rules are of the language: no invented person of the corpus stands in the lexicons."""
    lexicons = Path(__file__).parents[1] / "watchers" / "matcher" / "english"
    known = "".join(path.read_text("utf-8") for path in (lexicons / "cues.py", lexicons / "speakers.py"))
    speakers = {
        entry["speaker"] for entry in CORPUS["positive"] if re.fullmatch(r"[A-Z]\w+ [A-Z]\w+", entry["speaker"])
    }

    assert not [name for name in speakers if name.split()[-1] in known and name.split()[0] in known]


def test_a_letter_whose_small_form_is_two_shifts_nothing() -> None:
    beside = "Russia, Iran and the United Nations met in İİİİİİİİİİİİİİİİİİİİİİİİİİİİİİİİİİİİİİİİ.\n\n"
    (statement,) = read_article(f"{beside}Norway vowed to send troops to Ukraine. Nobody spoke.", MONDAY)
    assert statement.quote == "Norway vowed to send troops to Ukraine."
