"""Follow-ups that one telling shows to be the same, what moderators ruled, and orders of arrival."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.factories import a_followup
from tests.test_duplicates import DEAL, DEAL_AGAIN, OTHER_TALKS, SAID, TALKS, ULTIMATUM, ULTIMATUM_AGAIN, told
from watchers.duplicates import ENOUGH, Rulings, find, likeness
from watchers.evidence import evidence, odds_of, weighed
from watchers.followup_index import FollowUpIndex
from watchers.marks import marks_of
from watchers.model import Interval, Kind, Telling, Timex

FRIDAY = Interval(date(2026, 3, 6), date(2026, 3, 6))
STRIKE = told(
    "Kenya pledged to send 300 soldiers to the Lamu border post.", due=None, kind=Kind.COMMITMENT, speaker="Kenya"
)
CONVOY = told(
    "Nairobi promised that its army would escort the grain convoys.",
    due=None,
    kind=Kind.COMMITMENT,
    speaker="Nairobi",
)
BOTH = told(
    "Kenya pledged to send 300 soldiers to Lamu, promising that its army would escort the grain convoys.",
    due=None,
    kind=Kind.COMMITMENT,
    speaker="Kenya",
)
STORY = (ULTIMATUM, ULTIMATUM_AGAIN, DEAL, DEAL_AGAIN, TALKS, OTHER_TALKS, STRIKE)


def clusters(tellings: Sequence[Telling]) -> set[frozenset[str]]:
    """Return which quotes are one follow-up once all are read."""
    index = FollowUpIndex()
    numbers = [index.place(telling) for telling in tellings]
    found: dict[int, set[str]] = {}
    for telling, number in zip(tellings, numbers, strict=True):
        found.setdefault(index.number_of(number), set()).add(telling.statement.quote)
    return {frozenset(each) for each in found.values()}


@given(st.permutations(STORY))
def test_in_whatever_order_they_arrive_they_are_the_same_follow_ups(order: Sequence[Telling]) -> None:
    assert clusters(order) == clusters(STORY)


@given(st.permutations(STORY).flatmap(st.permutations), st.integers(2, 5))
def test_told_again_and_again_they_stay_the_same_follow_ups(order: Sequence[Telling], times: int) -> None:
    assert clusters([telling for _ in range(times) for telling in order]) == clusters(STORY)


def test_evidence_is_the_same_from_both_sides() -> None:
    for one, other in permutations((*STORY, CONVOY, BOTH), 2):
        assert evidence(one, other) == evidence(other, one)
        assert odds_of(one, other) == pytest.approx(odds_of(other, one))


def test_a_telling_that_speaks_for_two_follow_ups_joins_them() -> None:
    index = FollowUpIndex()
    first, second = index.place(STRIKE), index.place(CONVOY)
    assert first != second
    placed = index.placed(BOTH)
    assert placed.match is not None
    assert set(placed.match.also) == {second}
    assert index.number_of(second) == index.number_of(first) == first
    joined = index.get(second)
    assert joined is not None
    assert {telling.statement.quote for telling in joined.tellings} == {
        telling.statement.quote for telling in (STRIKE, CONVOY, BOTH)
    }
    assert len(index) == 1


def test_what_was_joined_is_found_under_the_older_number() -> None:
    index = FollowUpIndex()
    first = index.place(STRIKE)
    index.place(CONVOY)
    index.place(BOTH)
    assert index.place(CONVOY) == first


def test_what_a_moderator_split_stays_apart() -> None:
    rulings = Rulings(apart=frozenset({frozenset({1, 2})}))
    index = FollowUpIndex(rulings=rulings)
    index.place(STRIKE)
    index.place(CONVOY)
    placed = index.placed(BOTH)
    assert placed.match is not None
    assert placed.match.also == ()
    assert len(index) == 2


def test_what_a_moderator_joined_stays_one() -> None:
    rulings = Rulings(together=frozenset({frozenset({1, 2})}))
    candidates = [a_followup(1, STRIKE), a_followup(2, TALKS)]
    match = find(STRIKE, candidates, rulings)
    assert match is not None
    assert match.followup.id == 1
    assert match.also == (2,)
    assert find(STRIKE, candidates) is not None
    assert find(STRIKE, candidates).also == ()  # type: ignore[union-attr]  # said to be there one line above


def test_what_speaks_against_a_match_is_said_too() -> None:
    match = find(DEAL_AGAIN, [a_followup(1, DEAL)])
    assert match is not None
    assert match.against
    said = dict(weighed(evidence(DEAL_AGAIN, DEAL)))
    assert all(said[name] < 0 for name in match.against)
    assert all(said[name] > 0 for name in match.reasons if name in said)


def test_two_times_in_one_sentence_are_two_follow_ups() -> None:
    words = "Chile will open the pass on Tuesday and close the tunnel on Friday."
    tuesday = told(words, due=Interval(date(2026, 3, 3), date(2026, 3, 3)), kind=Kind.EVENT)
    friday = told(words, due=FRIDAY, kind=Kind.EVENT)
    assert len(clusters([tuesday, friday])) == 1  # one quote …
    index = FollowUpIndex()
    assert index.place(tuesday) != index.place(friday)  # … of which each time is a follow-up of its own


def test_a_follow_up_of_many_tellings_is_weighed_by_the_likest() -> None:
    many = [
        told(f"Chile vowed to leave the fishing accord with Peru, its envoy {name} said.", due=None, speaker="Chile")
        for name in ("Rojas", "Soto", "Lagos", "Vidal", "Tapia") * 8
    ]
    assert likeness([many[0]], many) >= ENOUGH


def test_nothing_that_shares_actors_only_is_ever_one() -> None:
    one = told("Chile and Peru will hold naval drills on Friday.", due=FRIDAY, kind=Kind.EVENT)
    other = told("Peru will pay its debt to Chile on Friday.", due=FRIDAY, kind=Kind.COMMITMENT)
    assert len(clusters([one, other])) == 2


def test_candidates_stay_few_however_many_there_are() -> None:
    index = FollowUpIndex(most=5_000)
    for number in range(2_000):
        day = SAID + timedelta(days=number % 5)
        index.place(told(f"Chile vowed to kuv{number:04}x the mip{number:04}x.", due=Interval(day, day)))
    wanted = told(
        "Chile pledged to kuv0077x its mip0077x.", due=Interval(SAID + timedelta(days=2), SAID + timedelta(days=2))
    )
    candidates = index.candidates(wanted)
    assert len(candidates) <= 24
    assert 78 in {candidate.id for candidate in candidates}


def test_the_same_done_to_another_is_another_thing() -> None:
    one = told("Chile will meet Rojas of the miners on Friday.", due=FRIDAY, kind=Kind.EVENT)
    other = told("Chile will meet Tapia of the teachers on Friday.", due=FRIDAY, kind=Kind.EVENT)
    assert len(clusters([one, other])) == 2


def told_of_friday(words: str, speaker: str | None = None) -> Telling:
    """Return a telling whose time is the Friday in its words."""
    telling = told(words, due=FRIDAY, kind=Kind.COMMITMENT, speaker=speaker, outlet=words[:9])
    start = words.index("Friday")
    timex = Timex(start, start + len("Friday"), "Friday", "DATE", FRIDAY.last.isoformat())
    statement = replace(telling.statement, timex=timex)
    return replace(telling, statement=statement, marks=marks_of(statement, title="", text=words))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Chile must open the lockers to visitors by Friday.", "Peru will paint the lockers by Friday."),
        ("Divers must weigh the lockers in Callao by Friday.", "Farmers will carry the lockers away by Friday."),
    ],
)
def test_a_speaker_a_day_and_a_thing_do_not_make_two_acts_one(one: str, other: str) -> None:
    tellings = [told_of_friday(words, speaker="Rojas") for words in (one, other)]
    assert {"same day", "same speaker"} <= evidence(*tellings).keys()
    assert len(clusters(tellings)) == 2


@pytest.mark.parametrize("led", ["to Peru", "to trawlers"])
def test_to_somebody_or_to_some_things_is_no_planned_act(led: str) -> None:
    marks = told_of_friday(f"Chile must reopen the pier {led} by Friday.").marks
    assert {mark for mark in marks if mark[0] == "*"} == {"*launch"}


def test_the_occasion_of_an_act_is_one_of_its_main_acts() -> None:
    at_once = told_of_friday("Rojas will visit Peru on Friday.")
    on_occasion = told_of_friday(
        "Rojas will lift the ban on foreign trawlers and their nets when he visits Peru on Friday."
    )
    assert "same main act" in evidence(at_once, on_occasion)
    assert len(clusters([at_once, on_occasion])) == 1


def rojas(
    words: str, *, kind: Kind = Kind.DEADLINE, outlet: str = "Reuters", title: str = "", text: str = ""
) -> Telling:
    """Return what somebody said to be due by Friday."""
    telling = told(words, due=FRIDAY, kind=kind, speaker="Rojas", outlet=outlet)
    statement = replace(telling.statement, start=text.index(words)) if text else telling.statement
    marks = marks_of(statement, title=title, text=text or words)
    return replace(telling, title=title or telling.title, statement=statement, marks=marks)


def test_what_follows_if_an_act_is_not_done_belongs_to_it() -> None:
    one = rojas("Rojas must choose a harbour within days, because if not, the insurers will leave.")
    assert "!quit" in one.marks
    past = rojas("Rojas must choose a harbour within days, because the insurers quit in March.")
    assert "~!quit" in past.marks


def test_deadlines_of_one_speaker_for_one_time_speak_for_each_other() -> None:
    one, other = rojas("The harbour must be chosen."), rojas("The insurers will leave the harbour.", outlet="AP")
    assert "one speaker's deadline" in evidence(one, other)
    assert "one speaker's deadline" not in evidence(
        one, replace(other, statement=replace(other.statement, speaker="Soto"))
    )
    later = replace(other.statement, due=Interval(FRIDAY.first, FRIDAY.last + timedelta(days=9)))
    assert "one speaker's deadline" not in evidence(one, replace(other, statement=later))


@pytest.mark.parametrize(
    ("one", "other", "parted"),
    [
        ("Peru will host the second round of the talks.", "Peru will host the third round of the talks.", True),
        ("Peru will host the second round of the talks.", "Peru will host the 2nd round of the talks.", False),
        ("Peru will start phase two of the swap.", "Peru will start phase 3 of the swap.", True),
        ("Peru will host the second round of the talks.", "Peru will host the round of talks.", False),
    ],
)
def test_another_round_of_the_same_is_another_follow_up(one: str, other: str, parted: bool) -> None:  # noqa: FBT001
    tellings = [rojas(words, kind=Kind.EVENT, outlet=words) for words in (one, other)]
    assert ("another round" in evidence(*tellings)) is parted
    assert (len(clusters(tellings)) == 2) is parted


def test_to_refuse_an_act_is_not_to_plan_it() -> None:
    plans, refuses = (
        rojas(words, kind=Kind.COMMITMENT) for words in ("Rojas will sign it.", "Rojas will not sign it.")
    )
    assert "one refuses what the other plans" in evidence(plans, refuses)
    assert "one refuses what the other plans" not in evidence(refuses, replace(refuses, outlet="AP"))


def test_what_surrounds_two_statements_of_one_article_says_nothing() -> None:
    first, second = "Rojas will visit the glacier on Friday.", "Soto must repair the lighthouse by Friday."
    text = f"{first} Pilots of Chile guard a cargo of lobsters. {second}"
    here = [rojas(words, title="News", text=text) for words in (first, second)]
    assert "words of the surroundings" not in evidence(*here)
    assert "words of the surroundings" in evidence(here[0], replace(here[1], outlet="AP"))
    assert "~lobst" in here[0].marks


def test_whatever_comes_first_in_an_article_what_repeats_something_known_shows_the_rest_to_belong_to_it() -> None:
    for order in permutations((STRIKE, CONVOY, BOTH)):
        index = FollowUpIndex()
        assert [placed.number for placed in index.placed_together(order)] == [1, 1, 1], order


def test_the_same_promised_to_two_is_two_follow_ups() -> None:
    """One template, told of another country each time."""
    chad = told("Ghana said it would delay its levy on cocoa from Chad until 6 March.", due=FRIDAY, speaker="Ghana")
    niger = told("Ghana said it would delay its levy on cocoa from Niger until 6 March.", due=FRIDAY, speaker="Ghana")
    found = evidence(chad, niger)
    assert found["each names an actor of its own"] == 1.0
    assert clusters([chad, niger]) == {frozenset({each.statement.quote}) for each in (chad, niger)}


def test_who_only_adds_an_actor_names_none_of_its_own_against_the_other() -> None:
    short = told("Ghana said it would delay its levy on cocoa until 6 March.", due=FRIDAY, speaker="Ghana")
    full = told("Ghana said it would delay its levy on cocoa from Chad until 6 March.", due=FRIDAY, speaker="Ghana")
    assert "each names an actor of its own" not in evidence(short, full)
    assert len(clusters([short, full])) == 1


def test_tellings_that_share_hardly_a_word_stay_apart_though_their_day_is_the_same() -> None:
    one = told("Kenya must reopen the Lamu crossing by Friday.", due=FRIDAY, speaker="Kenya")
    other = told("Kenya must publish the names of observers by Friday.", due=FRIDAY, speaker="Kenya")
    assert evidence(one, other).get("hardly a word is shared", 0.0) > 0 or not evidence(one, other)
    assert len(clusters([one, other])) == 2
