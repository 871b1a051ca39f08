"""How a follow-up ended: what later reports are evidence of, and what they are not."""

from __future__ import annotations

import time as clock
import tomllib
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watchers.expectations import PATIENCE, expected_of
from watchers.followup_index import followup_of
from watchers.marks import marks_of
from watchers.matcher.match import read_article
from watchers.model import FollowUp, Interval, Precision, Telling
from watchers.rating import SURE, Outcome
from watchers.resolutions import Resolution, read_news, resolve, timing_of

CASES: list[dict[str, Any]] = tomllib.loads(
    (Path(__file__).parent / "corpus" / "endings" / "reports.toml").read_text("utf-8")
)["case"]


def said(text: str, day: date, number: int = 1) -> FollowUp:
    """Return the follow-up that the matcher finds in a text."""
    statement = read_article(text, day)[0]
    published = datetime.combine(day, time(), UTC)
    telling = Telling("The Meridian", None, "", statement, published, day, marks_of(statement, title="", text=text))
    return followup_of(number, telling)


def found(followup: FollowUp, text: str, day: date) -> Resolution | None:
    """Return what an article says of how a follow-up ended."""
    return resolve(expected_of(followup), read_news(text, day, read_article(text, day)))


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["name"]))
def test_a_later_report_tells_how_it_ended(case: dict[str, Any]) -> None:
    resolution = found(said(case["said"], case["on"]), case["later"], case["day"])
    settled = resolution.outcome if resolution is not None and resolution.confidence >= SURE else None
    assert (settled.value if settled is not None else "open") == case["outcome"], resolution
    if settled is not None:
        assert resolution is not None
        assert resolution.quote == case["later"][resolution.start : resolution.end]
        assert resolution.reasons
    if "moved_to" in case:
        assert resolution is not None
        assert resolution.due == Interval(*case["moved_to"])


EMBARGO = "Canada will impose a 25% tariff on Chinese steel on October 15."
SAID_ON = date(2024, 9, 10)
DUE = date(2024, 10, 15)
DONE = "Canada's 25% tariff on Chinese steel takes effect."


def test_endless_digits_are_no_number() -> None:
    day = date(2026, 3, 2)
    text = f"Marovia sent {'7' * 5_000} tonnes of grain, and 70,000 tonnes of rice, to Kestria on Sunday."
    (sentence,) = read_news(text, day, read_article(text, day)).sentences
    assert [one.token for one in sentence.mentions if one.token.startswith("#")] == ["#70000"]


def test_kept_counts_until_the_day_after() -> None:
    followup = said(EMBARGO, SAID_ON)
    next_day = found(followup, DONE, DUE + timedelta(days=1))
    assert next_day is not None
    assert (next_day.outcome, next_day.confidence >= SURE) == (Outcome.KEPT, True)
    later = found(followup, DONE, DUE + timedelta(days=2))
    assert later is not None
    assert (later.outcome, later.confidence >= SURE) == (Outcome.BROKEN, False)
    assert later.reasons[0] == "if it was done, it was done late"


def test_before_its_time_it_is_only_a_suggestion() -> None:
    early = found(said(EMBARGO, SAID_ON), DONE, DUE - timedelta(days=9))
    assert early is None or early.confidence < SURE


def test_an_article_of_something_else_is_no_evidence_at_all() -> None:
    assert found(said(EMBARGO, SAID_ON), "Heavy rain floods several villages near Porto.", DUE) is None


def test_the_likeliest_sentence_of_an_article_is_the_evidence() -> None:
    text = f"Chinese officials regret the decision. {DONE} Steel makers in Hamilton are pleased."
    resolution = found(said(EMBARGO, SAID_ON), text, DUE)
    assert resolution is not None
    assert text[resolution.start : resolution.end] == resolution.quote == DONE


def test_a_sentence_that_only_tells_it_again_is_no_evidence() -> None:
    followup = said(EMBARGO, SAID_ON)
    news = read_news(DONE, DUE)
    assert resolve(expected_of(followup), news) is not None
    assert resolve(expected_of(followup), news, told_again={0}) is None


def test_what_names_the_same_time_as_still_to_come_is_not_taken_for_done() -> None:
    again = found(said(EMBARGO, SAID_ON), EMBARGO, DUE)
    assert again is None or again.confidence < SURE


def test_a_threat_carried_out_shows_that_a_demand_was_not_met() -> None:
    threat = "Ghana will expel Togo's envoy if Togo does not free the fishermen by Friday."
    followup = said(threat, date(2023, 5, 2))
    expelled = found(followup, "Ghana expels Togo's envoy.", date(2023, 5, 6))
    assert expelled is not None
    assert expelled.outcome is Outcome.BROKEN
    freed = found(followup, "Togo frees the fishermen.", date(2023, 5, 5))
    assert freed is not None
    assert freed.outcome is Outcome.KEPT


def test_what_was_put_off_already_is_not_moved_by_being_told_again() -> None:
    followup = said("Chad postpones the summit of Sahel leaders until 23 May.", date(2023, 5, 7))
    again = found(followup, "Chad postpones the summit of Sahel leaders.", date(2023, 5, 8))
    assert again is None or again.outcome is not Outcome.MOVED


@pytest.mark.parametrize(
    ("day", "timing"),
    [
        (date(2024, 10, 14), "before its time"),
        (date(2024, 10, 15), "on its day"),
        (date(2024, 10, 16), "the day after"),
        (date(2024, 10, 20), "within a week after"),
        (date(2024, 11, 20), "long after"),
    ],
)
def test_how_a_day_lies_to_the_time_of_a_follow_up(day: date, timing: str) -> None:
    assert timing_of(expected_of(said(EMBARGO, SAID_ON)), day) == timing


def test_an_undated_promise_is_looked_for_longer_than_a_dated_one() -> None:
    followup = said(EMBARGO, SAID_ON)
    assert expected_of(followup).until == DUE + PATIENCE
    undated = replace(followup, due=None, precision=Precision.NONE)
    assert expected_of(undated).until > SAID_ON + timedelta(days=100)
    assert timing_of(expected_of(undated), SAID_ON + timedelta(days=60)) == "undated, later"


def test_what_is_to_last_is_kept_when_its_time_has_run_out() -> None:
    followup = said("Russia and Ukraine agree to a ceasefire in Kursk until 30 June.", date(2024, 5, 2))
    assert expected_of(followup).lasts
    over = found(followup, "The ceasefire between Russia and Ukraine in Kursk ends.", date(2024, 6, 30))
    assert over is not None
    assert (over.outcome, over.confidence >= SURE) == (Outcome.KEPT, True)
    sooner = found(followup, "Russia ends the ceasefire with Ukraine in Kursk.", date(2024, 5, 20))
    assert sooner is not None
    assert (sooner.outcome, sooner.confidence >= SURE) == (Outcome.BROKEN, True)


_WORDS = (
    "Canada",
    "China",
    "tariff",
    "25%",
    "steel",
    "takes effect",
    "is delayed",
    "will",
    "not",
    "after",
    ",",
    "October 15",
)


def test_a_day_that_something_is_set_for_is_not_one_until_which_it_lasts() -> None:
    assert not expected_of(said("Talks between Chile and Peru are set for December 14.", date(2025, 11, 17))).lasts
    assert expected_of(said("Canada agrees to pause its tariffs on Kenyan tea for 90 days.", SAID_ON)).lasts


@given(st.one_of(st.text(max_size=80), st.lists(st.sampled_from(_WORDS), max_size=14).map(" ".join)))
def test_whatever_an_article_says_the_answer_is_well_formed(text: str) -> None:
    resolution = found(said(EMBARGO, SAID_ON), text, DUE)
    if resolution is not None:
        assert text[resolution.start : resolution.end] == resolution.quote
        assert 0 < resolution.confidence <= 1
        assert resolution == found(said(EMBARGO, SAID_ON), text, DUE)


def test_what_words_rule_takes_time_in_proportion_to_their_number() -> None:
    began = clock.process_time()
    read_news("The talks was not delayed " * 8_000, DUE)
    assert clock.process_time() - began < 5.0
