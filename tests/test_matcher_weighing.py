"""What is weighed: traits add up alike in any order, and what is dear is asked only where it can still tell."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watchers.matcher.english.kind_weights import KINDS
from watchers.matcher.english.weights import DATED, UNDATED
from watchers.matcher.explaining import sightings_in, undertakings_in
from watchers.matcher.traits import OF_EVIDENCE, OF_SPEAKER, OF_TELLING
from watchers.matcher.weighing import Choice, Scale, ceiling, choose, heaviest, weigh

FURTHER = OF_TELLING + OF_EVIDENCE + OF_SPEAKER
SCALE = Scale(-1.0, {"verb:will": 1.5, "verb:said": -2.0, "own-actor:1": 0.5, "own-actor:2": 0.9, "near-actor:1": -0.3})
CHOICE = Choice(
    ("deadline", "event"), (0.1, 0.0), {"limit:by": (0.5, -0.2), "done:meet": (-0.4, 0.6), "who:actor": (0.1, 0.1)}
)
DAY = date(2026, 3, 2)


def test_only_known_traits_weigh() -> None:
    assert weigh({"verb:will", "verb:unheard"}, SCALE) == pytest.approx(1.5)
    assert weigh((), SCALE) == 0


@given(st.permutations(sorted(DATED.weights)[:200]))
def test_the_order_of_traits_changes_nothing(traits: list[str]) -> None:
    assert weigh(traits, DATED) == weigh(sorted(traits), DATED)


def test_the_ceiling_takes_the_best_of_each_field_and_nothing_that_speaks_against() -> None:
    assert ceiling(SCALE, ("own-", "near-")) == pytest.approx(0.9)


def test_the_heaviest_traits_come_first_whichever_way_they_pull() -> None:
    assert [trait for trait, _ in heaviest(SCALE.weights, SCALE, 2)] == ["verb:said", "verb:will"]


def test_the_answer_that_most_speaks_for_is_chosen_and_what_decided_it_told_first() -> None:
    answer, told = choose({"limit:by", "done:meet", "who:actor", "who:nobody"}, CHOICE)
    assert answer == "event"
    assert [trait for trait, _ in told] == ["done:meet", "who:actor", "limit:by"]
    assert told[0][1] == pytest.approx(1.0)


def test_of_two_answers_alike_the_earlier_is_chosen() -> None:
    assert choose((), Choice(("deadline", "event"), (0.0, 0.0), {}))[0] == "deadline"


def test_without_traits_the_bias_chooses() -> None:
    assert choose((), CHOICE) == ("deadline", ())


@given(st.permutations(sorted(KINDS.weights)[:100]))
def test_the_order_of_traits_chooses_nothing(traits: list[str]) -> None:
    assert choose(traits, KINDS) == choose(sorted(traits), KINDS)


def test_nothing_the_article_says_weighs_more_than_its_ceiling() -> None:
    text = "Iran will answer the United Nations by Friday, Foreign Minister Reza Tavakoli said. Talks resume on Monday."
    for _, traits in sightings_in(text, DAY):
        further = {trait for trait in traits if trait.startswith(FURTHER)}
        assert weigh(further, DATED) <= ceiling(DATED, FURTHER)


def test_a_time_that_is_over_is_never_weighed() -> None:
    assert sightings_in("Iran and the United Nations met on 4 January 2025.", DAY) == []


def test_what_is_no_affair_of_states_is_never_weighed() -> None:
    assert sightings_in("The bakery on Mill Lane will close on Friday.", DAY) == []


@pytest.mark.parametrize(
    ("text", "doubt"),
    [
        ("Groups committed to peace in Sudan met United Nations envoys in Cairo.", "reduced"),
        ("Russia denies that it agreed to hand over the border posts to Ukraine.", "denied"),
    ],
)
def test_some_doubts_settle_it(text: str, doubt: str) -> None:
    found = undertakings_in(text, DAY)
    assert all(doubt not in cue.doubts for undertaking, _ in found for cue in undertaking.cues)


def test_both_scales_know_what_their_traits_are_called() -> None:
    dated = {
        trait for _, traits in sightings_in("Iran will meet the United Nations on Friday.", DAY) for trait in traits
    }
    promised = {
        trait for _, traits in undertakings_in("Iran vowed to answer the United Nations.", DAY) for trait in traits
    }
    assert len(dated & DATED.weights.keys()) > len(dated) / 2
    assert len(promised & UNDATED.weights.keys()) > len(promised) / 2
