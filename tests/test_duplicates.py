from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.factories import a_followup
from watchers.duplicates import find, probe
from watchers.followup_index import FollowUpIndex
from watchers.marks import marks_of, stem
from watchers.model import Interval, Kind, Precision, Statement, Telling

SAID = date(2026, 3, 2)
BY_FRIDAY = Interval(SAID, date(2026, 3, 6))
NEXT_WEEK = Interval(date(2026, 3, 9), date(2026, 3, 15))


def told(
    quote: str,
    *,
    due: Interval | None = BY_FRIDAY,
    speaker: str | None = None,
    kind: Kind = Kind.DEADLINE,
    title: str = "",
    outlet: str = "The Meridian",
    day: date = SAID,
    precision: Precision | None = None,
) -> Telling:
    firmness = precision or (Precision.EXACT if due else Precision.NONE)
    statement = Statement(0, len(quote), quote, kind, None, due, firmness, speaker, conditional=False, rules=())
    marks = marks_of(statement, title=title, text=quote)
    return Telling(outlet, None, title, statement, datetime(day.year, day.month, day.day, tzinfo=UTC), day, marks)


def groups(tellings: Sequence[Telling]) -> list[int]:
    index = FollowUpIndex()
    return [index.place(telling) for telling in tellings]


ULTIMATUM = told("Turkey gave the rebels in northern Syria until Friday to lay down their weapons.", speaker="Turkey")
ULTIMATUM_AGAIN = told(
    "Ankara says the Syrian rebels must hand over their weapons by the end of Friday.",
    speaker="Ankara",
    outlet="Harbour Wire",
)
DEAL = told(
    "The fisheries accord with Morocco should be completed next week, two EU diplomats said.",
    due=NEXT_WEEK,
    kind=Kind.EXPECTATION,
    speaker="two EU diplomats",
)
DEAL_AGAIN = told(
    "Brussels hopes that its fishing agreement with Rabat can be signed next week.",
    due=NEXT_WEEK,
    kind=Kind.EXPECTATION,
    speaker="Brussels",
)
TALKS = told(
    "The foreign ministers of Peru and Chile will hold talks in Lima next week.", due=NEXT_WEEK, kind=Kind.EVENT
)
OTHER_TALKS = told(
    "The foreign ministers of Kenya and Somalia will hold talks in Nairobi next week.", due=NEXT_WEEK, kind=Kind.EVENT
)


@pytest.mark.parametrize(("first", "second"), [(ULTIMATUM, ULTIMATUM_AGAIN), (DEAL, DEAL_AGAIN)])
def test_the_same_thing_in_other_words_is_one_follow_up(first: Telling, second: Telling) -> None:
    assert groups([first, second]) == [1, 1]
    assert groups([second, first]) == [1, 1]


@pytest.mark.parametrize(("first", "second"), list(permutations([ULTIMATUM, DEAL, TALKS, OTHER_TALKS], 2)))
def test_different_things_stay_apart(first: Telling, second: Telling) -> None:
    assert groups([first, second]) == [1, 2]


def test_one_thing_at_two_times_is_two_follow_ups() -> None:
    first = told("Malta and Libya will hold a summit on Tuesday.", due=Interval(date(2026, 3, 3), date(2026, 3, 3)))
    later = told("Malta and Libya will hold a summit on Thursday.", due=Interval(date(2026, 3, 12), date(2026, 3, 12)))
    assert groups([first, later]) == [1, 2]


def test_a_dated_and_an_undated_statement_stay_apart() -> None:
    dated = told("Japan pledged to open its port to Korean ships by Friday.", kind=Kind.COMMITMENT)
    undated = told("Japan pledged to open its port to Korean ships.", kind=Kind.COMMITMENT, due=None)
    assert groups([dated, undated]) == [1, 2]


def test_an_undated_promise_made_anew_after_weeks_is_a_new_one() -> None:
    words = "Brazil vowed to defend its fishermen off Guyana."
    first = told(words, due=None, kind=Kind.COMMITMENT)
    soon = told(words, due=None, kind=Kind.COMMITMENT, day=SAID + timedelta(days=3))
    late = told(words, due=None, kind=Kind.COMMITMENT, day=SAID + timedelta(days=40))
    assert groups([first, soon]) == [1, 1]
    assert groups([first, late]) == [1, 2]


def test_two_meetings_of_the_same_people_in_two_places_stay_apart() -> None:
    here = told("Envoys of Sudan and Chad will meet in Geneva next week.", due=NEXT_WEEK, kind=Kind.EVENT)
    there = told("Envoys of Sudan and Chad will meet in Nairobi next week.", due=NEXT_WEEK, kind=Kind.EVENT)
    assert groups([here, there]) == [1, 2]


def test_the_headline_says_what_a_pronoun_stands_for() -> None:
    first = told("Ecuador's minister will visit the shelled border town next week.", due=NEXT_WEEK, kind=Kind.EVENT)
    pronoun = told(
        "She will visit the town next week.",
        due=NEXT_WEEK,
        kind=Kind.EVENT,
        title="Ecuador minister to see shelled border town",
    )
    bare = told(
        "She will visit the town next week.", due=NEXT_WEEK, kind=Kind.EVENT, title="Norway storm hits ferry line"
    )
    assert groups([first, pronoun]) == [1, 1]
    assert groups([first, bare]) == [1, 2]


def test_a_match_says_what_speaks_for_it() -> None:
    match = find(ULTIMATUM_AGAIN, [a_followup(4, DEAL), a_followup(9, ULTIMATUM)])
    assert match is not None
    assert match.followup.id == 9
    assert {"@TR", "@SY"} <= set(match.reasons)


def test_the_answer_does_not_depend_on_the_order_of_the_candidates() -> None:
    candidates = [a_followup(number, telling) for number, telling in enumerate([ULTIMATUM, ULTIMATUM, DEAL, TALKS], 1)]
    answers = {match.followup.id for order in permutations(candidates) if (match := find(ULTIMATUM_AGAIN, order))}
    assert answers == {1}


def test_a_telling_that_names_the_speaker_at_last_says_it_better() -> None:
    nameless = told("The rebels in northern Syria have until Friday to lay down their weapons.")
    match = find(ULTIMATUM, [a_followup(1, nameless)])
    assert match is not None
    assert match.better
    again = find(nameless, [a_followup(1, ULTIMATUM)])
    assert again is not None
    assert not again.better


def test_a_probe_asks_for_what_the_telling_could_repeat() -> None:
    asked = probe(ULTIMATUM)
    assert not asked.undated
    assert asked.window.first < BY_FRIDAY.first
    assert asked.window.last > BY_FRIDAY.last
    assert {"@TR", "@SY", "weapon"} <= asked.marks
    assert not any(mark.startswith(("!", "^", "*", "~")) for mark in asked.marks)


def test_stems_meet() -> None:
    assert stem("agreements") == stem("agreement")
    assert stem("signed") == stem("signing") == stem("signs")


@given(st.text(max_size=300), st.text(max_size=80))
def test_any_text_has_marks_and_finds_itself_or_nothing(quote: str, title: str) -> None:
    telling = told(quote, title=title)
    numbers = groups([telling, telling])
    assert numbers in ([1, 1], [1, 2])
    assert all(telling.marks)
