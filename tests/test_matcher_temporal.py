"""Every time expression of a text, with its TIMEX3 type and value; which way a bare weekday or month looks."""

from __future__ import annotations

import time
import tomllib
from datetime import date
from pathlib import Path

import pytest

from watchers.matcher.english import dates
from watchers.matcher.grammar import Grammar, Parts, Rule, Word
from watchers.matcher.holy_days import holiday
from watchers.matcher.temporal import read_times

WEDNESDAY = date(2026, 3, 4)
CASES = tomllib.loads((Path(__file__).parent / "corpus" / "times.toml").read_text(encoding="utf-8"))["case"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["text"][:50])
def test_the_times_of_a_sentence(case: dict[str, object]) -> None:
    text, day = case["text"], case["day"]
    assert isinstance(text, str)
    assert isinstance(day, date)
    found = [[mention.text, f"{mention.timex.type} {mention.timex.value}"] for mention in read_times(text, day)]
    assert found == case["times"]


def value_of(text: str) -> str:
    (mention,) = read_times(text, WEDNESDAY)
    return mention.timex.value


@pytest.mark.parametrize(
    "clause",
    [
        "He said on {}",
        "The deal was signed on {}",
        "They have met since {}",
        "Rebels seized the port on {}",
        "On {}, the court rejected it",
        "The envoy, who arrived {}, is ill",
        "The plan announced {} is dead",
        "They might have landed on {}",
    ],
)
def test_a_past_clause_looks_back(clause: str) -> None:
    assert value_of(clause.format("Friday") + ".") == "2026-02-27"


@pytest.mark.parametrize(
    "clause",
    [
        "They will arrive on {}",
        "The vote will be held on {}",
        "The road, he said, is to be opened on {}",
        "The review must be finished by {}",
        "The conference is held on {}",
        "The court is to rule on {}",
        "Talks resume {}",
        "The vote is scheduled for {}",
        "They are meeting on {}",
        "On {}, the court will rule",
        "He wants an answer by {}",
        "She said she would leave on {}",
        "The truce expires on {}",
        "They plan to sign on {}",
        "It could be signed {}",
        "Ministers, she was told, were due to meet {}",
    ],
)
def test_a_forward_clause_looks_ahead(clause: str) -> None:
    assert value_of(clause.format("Friday") + ".") == "2026-03-06"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("The Feb. 20 attack will be avenged.", "2026-02-20"),
        ("The Mar. 20 vote, he said, is on.", "2026-03-20"),
        ("It was cleared on 20 March.", "2025-03-20"),
    ],
)
def test_a_day_of_a_month_is_rather_the_near_one(text: str, value: str) -> None:
    assert value_of(text) == value


def test_offsets_point_into_the_text_given() -> None:
    text = "“İstanbul”: يوم الجمعة 🕊️ — talks on Friday,\n\n\tthen on  Monday."
    assert [text[m.start : m.end] for m in read_times(text, WEDNESDAY)] == ["Friday", "Monday"]


def test_times_that_belong_together_are_tied() -> None:
    thursday, friday, saturday = read_times(
        "Talks are set for Thursday and Friday in Geneva and end Saturday.", WEDNESDAY
    )
    assert thursday.through == friday.expression
    assert (thursday.reach, thursday.joined, friday.joined, saturday.joined) == (friday.end, False, True, False)
    assert friday.through is None


@pytest.mark.parametrize(
    "text", ["", " ", "\x00", "\ud800", "٣ مارس", "31 February", "99 May 9999", "in 999999999 years"]
)
def test_odd_text_is_read_without_complaint(text: str) -> None:
    for mention in read_times(text, WEDNESDAY):
        assert text[mention.start : mention.end] == mention.text


@pytest.mark.parametrize(
    "text",
    ["1" * 1_000_000, "the next " * 110_000, "a " * 500_000, '"' * 100_000, "Friday and " * 50_000, "x" * 1_000_000],
    ids=["digits", "half a phrase", "one sentence", "quotes", "weekdays", "one word"],
)
def test_a_megabyte_of_anything_takes_little_time(text: str) -> None:
    begun = time.process_time()
    read_times(text, WEDNESDAY)
    assert time.process_time() - begun < 5


@pytest.mark.parametrize(
    ("name", "year", "first", "last"),
    [
        ("easter", 1961, "1961-04-02", "1961-04-02"),
        ("easter", 2000, "2000-04-23", "2000-04-23"),
        ("easter", 2038, "2038-04-25", "2038-04-25"),
        ("pentecost", 2026, "2026-05-24", "2026-05-24"),
        ("thanksgiving", 2026, "2026-11-26", "2026-11-26"),
        ("labor_day", 2025, "2025-09-01", "2025-09-01"),
        ("memorial_day", 2026, "2026-05-25", "2026-05-25"),
        ("election_day", 2024, "2024-11-05", "2024-11-05"),
        ("election_day", 2022, "2022-11-08", "2022-11-08"),
        ("ramadan", 2016, "2016-06-06", "2016-07-05"),
        ("eid_al_fitr", 2025, "2025-03-30", "2025-04-01"),
    ],
)
def test_named_days(name: str, year: int, first: str, last: str) -> None:
    days = holiday(name, year)
    assert (days.first.isoformat(), days.last.isoformat()) == (first, last)


def test_an_unknown_holiday_is_refused() -> None:
    with pytest.raises(ValueError, match="no holiday is called festivus"):
        holiday("festivus", 2026)


def test_no_word_has_two_classes() -> None:
    owners: dict[str, str] = {}
    for kind, words in dates.WORDS.items():
        for word in words:
            assert owners.setdefault(word, kind) in (kind, "ORDINAL"), f"{word} is {owners[word]} and {kind}"
            owners[word] = kind


def _toy(pattern: str) -> Grammar[str]:
    lexicon = {"red": Word("COLOUR", "r"), "blue": Word("COLOUR", "b"), "hat": Word("THING", "h")}
    return Grammar(
        lexicon, {"ANY": ("COLOUR", "THING")}, {"TINTED": "COLOUR THING"}, [Rule("toy", pattern, _first)], ["THING"]
    )


def _first(parts: Parts) -> str | None:
    meaning = parts.first("COLOUR")
    return meaning if isinstance(meaning, str) else None


def test_the_engine_finds_phrases_by_classes_choices_and_fragments() -> None:
    grammar = _toy("TINTED | ANY UNKNOWN")
    tokens = grammar.cut("a red hat, blue hat; hat x")
    assert [(found.rule, found.meaning, found.first, found.after) for found in grammar.find(tokens)] == [
        ("toy", "r", 1, 3),
        ("toy", "b", 4, 6),
    ]


def test_a_pattern_that_names_no_class_is_refused() -> None:
    with pytest.raises(ValueError, match="no word has the class 'SHOE'"):
        _toy("COLOUR SHOE")
