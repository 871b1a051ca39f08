"""Words that move a day are told from words that do not, and what they move keeps its follow-up."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.test_duplicates import SAID, told
from watchers.followup_index import FollowUpIndex
from watchers.matcher.english.moves import CUES, Cue
from watchers.model import Interval, Kind, Telling
from watchers.moves import cue_in, moves_of, moves_to

DAY = timedelta(days=1)
MAY = Interval(date(2026, 5, 1), date(2026, 5, 31))
TUESDAY = Interval(date(2026, 3, 10), date(2026, 3, 10))
THURSDAY = Interval(date(2026, 3, 19), date(2026, 3, 19))
SUMMIT = told("Malta and Libya will hold a fishing summit in Valletta on Tuesday.", due=TUESDAY, kind=Kind.EVENT)


def moved(words: str, due: Interval = THURSDAY, day: date = SAID + DAY) -> Telling:
    return told(words, due=due, kind=Kind.EVENT, outlet="Harbour Wire", day=day)


PUT_OFF = moved("The fishing summit of Malta and Libya in Valletta was postponed to Thursday of next week.")


@pytest.mark.parametrize(
    ("cue", "words"),
    [(cue, words) for cue in CUES for words in cue.examples],
    ids=[words for cue in CUES for words in cue.examples],
)
def test_each_example_moves_a_day_by_its_cue(cue: Cue, words: str) -> None:
    found = cue_in(told(words, due=MAY).statement)
    assert found is not None
    assert found.way is cue.way
    assert cue.pattern.search(words)


@pytest.mark.parametrize("words", [words for cue in CUES for words in cue.counterexamples])
def test_no_counterexample_moves_a_day(words: str) -> None:
    assert cue_in(told(words, due=MAY).statement) is None


@pytest.mark.parametrize(
    "words",
    [
        "The summit will not be postponed to May.",
        "Oslo ruled out a delay of the vote until May.",
        "Peru refused to extend the truce until May.",
    ],
)
def test_what_is_ruled_out_moves_nothing(words: str) -> None:
    assert cue_in(told(words, due=MAY).statement) is None


def test_an_undated_telling_moves_nothing() -> None:
    assert cue_in(told("The summit was postponed.", due=None).statement) is None


def test_a_day_is_moved_only_the_way_its_words_say() -> None:
    earlier = Interval(TUESDAY.first - DAY, TUESDAY.last - DAY)
    assert moves_to(PUT_OFF, TUESDAY) is not None
    assert moves_to(PUT_OFF, MAY) is None
    assert moves_to(moved("The summit was brought forward to Monday.", earlier), TUESDAY) is not None
    assert moves_to(moved("The summit was brought forward to Thursday.", THURSDAY), TUESDAY) is None


def test_what_was_over_long_ago_is_not_moved() -> None:
    assert moves_to(PUT_OFF, Interval(date(2025, 3, 1), date(2025, 3, 1))) is None


def test_a_postponed_summit_is_the_same_follow_up_with_the_new_day_and_the_old_one_kept() -> None:
    index = FollowUpIndex()
    first = index.place(SUMMIT)
    placed = index.placed(PUT_OFF)
    assert placed.number == first
    assert placed.match is not None
    assert placed.match.moved == TUESDAY
    assert placed.match.reasons[0] == "postponed"
    followup = index.get(first)
    assert followup is not None
    assert followup.due == THURSDAY
    (move,) = moves_of(followup)
    assert (move.was, move.now, move.cue, move.outlet) == (TUESDAY, THURSDAY, "postponed", "Harbour Wire")


def test_without_such_words_another_day_is_another_follow_up() -> None:
    index = FollowUpIndex()
    first = index.place(SUMMIT)
    again = moved("The fishing summit of Malta and Libya in Valletta will be held on Thursday of next week.")
    assert index.place(again) != first


def test_another_summit_is_not_moved() -> None:
    index = FollowUpIndex()
    first = index.place(SUMMIT)
    other = moved("The nuclear talks of Norway and Japan in Oslo were postponed to Thursday of next week.")
    assert index.place(other) != first


def test_the_old_day_told_late_changes_nothing_back() -> None:
    index = FollowUpIndex()
    first = index.place(SUMMIT)
    index.place(PUT_OFF)
    late = told(
        "Malta and Libya will hold a fishing summit in Valletta on Tuesday.",
        due=TUESDAY,
        kind=Kind.EVENT,
        outlet="Slow Post",
        day=SAID + DAY,
        speaker="Malta",
    )
    index.place(late)
    followup = index.get(first)
    assert followup is not None
    assert followup.due == THURSDAY


def test_a_day_moved_twice_keeps_both() -> None:
    index = FollowUpIndex()
    first = index.place(SUMMIT)
    index.place(PUT_OFF)
    index.place(moved("The fishing summit of Malta and Libya in Valletta was delayed until May.", MAY, SAID + 3 * DAY))
    followup = index.get(first)
    assert followup is not None
    assert [(move.was, move.now) for move in moves_of(followup)] == [(TUESDAY, THURSDAY), (THURSDAY, MAY)]
