"""Records: what counts, what it counts as, and that the parts make the whole."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.factories import MONDAY_NOON, THIS_WEEK, a_case, a_clue, a_followup, a_statement, a_suggestion, a_telling
from watchers.model import Interval, Kind
from watchers.rating import OURSELVES, SURE, Case, Outcome, Rating, RatingWish
from watchers.record import ENOUGH, SETTLED, Record, Standing, Tally, entry_of, recorded, wilson

FRIDAY = THIS_WEEK.last
LATER = Interval(FRIDAY + timedelta(days=20), FRIDAY + timedelta(days=21))
EARLIER = Interval(FRIDAY - timedelta(days=3), FRIDAY - timedelta(days=2))
TODAY = FRIDAY + timedelta(days=10)


def rated(
    outcome: Outcome, *, to: Interval | None = None, on: date | None = None, by: int = 7, number: int = 1
) -> Rating:
    return Rating(number, RatingWish(1, 10, by, outcome, to, on), MONDAY_NOON)


def said(
    *ratings: Rating,
    kind: Kind = Kind.COMMITMENT,
    due: Interval | None = THIS_WEEK,
    speaker: str | None = "Norland",
    suggested: float | None = None,
) -> Case:
    suggestions = (a_suggestion(a_clue(Outcome.BROKEN, confidence=suggested)),) if suggested is not None else ()
    statement = a_statement(kind=kind, due=due, speaker=speaker)
    return a_case(a_followup(statement=statement), *ratings, suggestions=suggestions)


def stands(*ratings: Rating, due: Interval = THIS_WEEK) -> tuple[Standing, int | None, bool]:
    entry = entry_of(said(*ratings, due=due))
    assert entry is not None
    return entry.standing, entry.delay, entry.was_moved


# --- what counts ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("case", "counts"),
    [
        (said(kind=Kind.COMMITMENT), True),
        (said(kind=Kind.DEADLINE), True),
        (said(kind=Kind.EVENT), False),
        (said(kind=Kind.EXPECTATION), False),
        (said(due=None), False),
        (said(rated(Outcome.MOVED, to=LATER), due=None), False),
        (said(rated(Outcome.DISMISSED)), False),
        (said(rated(Outcome.KEPT), rated(Outcome.DISMISSED)), False),
        (said(rated(Outcome.DISMISSED), rated(Outcome.KEPT)), True),
    ],
)
def test_what_has_a_time_and_binds_somebody_counts_unless_it_was_dismissed(case: Case, counts: bool) -> None:  # noqa: FBT001
    assert (entry_of(case) is not None) is counts
    assert recorded([case], TODAY).whole.said == int(counts)


@pytest.mark.parametrize(
    ("ratings", "expected"),
    [
        ((), (Standing.OPEN, None, False)),
        ((rated(Outcome.KEPT),), (Standing.KEPT, None, False)),
        ((rated(Outcome.KEPT, on=FRIDAY),), (Standing.KEPT, None, False)),
        ((rated(Outcome.KEPT, on=FRIDAY + timedelta(days=1)),), (Standing.KEPT, None, False)),
        ((rated(Outcome.KEPT, on=FRIDAY + timedelta(days=2)),), (Standing.LATE, 2, False)),
        ((rated(Outcome.PARTLY, on=FRIDAY + timedelta(days=9)),), (Standing.PARTLY, None, False)),
        ((rated(Outcome.BROKEN),), (Standing.MISSED, None, False)),
        ((rated(Outcome.WITHDRAWN),), (Standing.WITHDRAWN, None, False)),
        ((rated(Outcome.MOVED, to=LATER),), (Standing.MOVED, 21, True)),
        ((rated(Outcome.MOVED, to=EARLIER),), (Standing.MOVED, -2, True)),
        ((rated(Outcome.MOVED),), (Standing.MOVED, None, True)),
        ((rated(Outcome.MOVED, to=LATER), rated(Outcome.MOVED)), (Standing.MOVED, 21, True)),
        ((rated(Outcome.MOVED, to=EARLIER), rated(Outcome.MOVED, to=LATER)), (Standing.MOVED, 21, True)),
        ((rated(Outcome.MOVED, to=LATER), rated(Outcome.KEPT)), (Standing.LATE, 21, True)),
        (
            (rated(Outcome.MOVED, to=LATER), rated(Outcome.KEPT, on=FRIDAY + timedelta(days=8))),
            (Standing.LATE, 8, True),
        ),
        ((rated(Outcome.MOVED, to=LATER), rated(Outcome.KEPT, on=FRIDAY)), (Standing.KEPT, None, True)),
        ((rated(Outcome.MOVED, to=EARLIER), rated(Outcome.KEPT)), (Standing.KEPT, None, True)),
        ((rated(Outcome.MOVED), rated(Outcome.KEPT)), (Standing.LATE, None, True)),
        ((rated(Outcome.MOVED, to=LATER), rated(Outcome.BROKEN)), (Standing.MISSED, None, True)),
        ((rated(Outcome.KEPT), rated(Outcome.BROKEN)), (Standing.MISSED, None, False)),
    ],
)
def test_the_last_word_is_measured_by_the_first_days(
    ratings: tuple[Rating, ...], expected: tuple[Standing, int | None, bool]
) -> None:
    assert stands(*ratings) == expected


@pytest.mark.parametrize(
    ("ratings", "expected"),
    [
        ((), (Standing.OPEN, None, False)),
        ((rated(Outcome.KEPT),), (Standing.LATE, 21, False)),
        ((rated(Outcome.KEPT, on=FRIDAY),), (Standing.KEPT, None, False)),
        ((rated(Outcome.MOVED),), (Standing.MOVED, 21, True)),
        ((rated(Outcome.BROKEN),), (Standing.MISSED, None, False)),
        ((rated(Outcome.MOVED, to=EARLIER), rated(Outcome.KEPT)), (Standing.KEPT, None, True)),
    ],
)
def test_days_that_the_news_moved_are_measured_by_the_first_as_well(
    ratings: tuple[Rating, ...], expected: tuple[Standing, int | None, bool]
) -> None:
    first = a_telling(a_statement("Norland will reopen the port by Friday.", kind=Kind.COMMITMENT))
    postponed = a_statement("The reopening of the port is postponed to late March.", kind=Kind.COMMITMENT, due=LATER)
    again = a_telling(postponed, published=MONDAY_NOON + timedelta(days=2))
    followup = replace(a_followup(1, first, again), due=LATER)
    entry = entry_of(a_case(followup, *ratings))
    assert entry is not None
    assert (entry.standing, entry.delay, entry.was_moved) == expected
    assert recorded([a_case(followup)], LATER.last).overdue == 0


@pytest.mark.parametrize(
    ("ratings", "standing", "ours"),
    [
        ((rated(Outcome.KEPT, by=OURSELVES),), Standing.OPEN, {Outcome.KEPT: 1}),
        ((rated(Outcome.KEPT, by=OURSELVES), rated(Outcome.KEPT)), Standing.KEPT, {}),
        ((rated(Outcome.MOVED, to=LATER, by=OURSELVES), rated(Outcome.KEPT)), Standing.KEPT, {}),
        ((rated(Outcome.MOVED, to=LATER), rated(Outcome.BROKEN, by=OURSELVES)), Standing.MOVED, {Outcome.BROKEN: 1}),
        ((rated(Outcome.KEPT), rated(Outcome.BROKEN, by=OURSELVES)), Standing.KEPT, {}),
    ],
)
def test_what_nobody_confirmed_counts_apart(
    ratings: tuple[Rating, ...], standing: Standing, ours: dict[Outcome, int]
) -> None:
    record = recorded([said(*ratings)], TODAY)
    assert record.whole[standing] == record.whole.said == 1
    assert record.by_ourselves == ours


@pytest.mark.parametrize(
    ("case", "suggested"),
    [
        (said(suggested=SURE), {Outcome.BROKEN: 1}),
        (said(suggested=SURE - 0.01), {}),
        (said(rated(Outcome.MOVED, to=LATER), suggested=SURE), {Outcome.BROKEN: 1}),
        (said(rated(Outcome.KEPT), suggested=SURE), {}),
        (said(rated(Outcome.KEPT), rated(Outcome.MOVED, by=OURSELVES), suggested=SURE), {}),
        (said(rated(Outcome.KEPT, by=OURSELVES), suggested=SURE), {}),
        (said(suggested=SURE, kind=Kind.EVENT), {}),
    ],
)
def test_what_is_only_suggested_is_open_and_counts_apart(case: Case, suggested: dict[Outcome, int]) -> None:
    record = recorded([case], TODAY)
    assert record.suggested == suggested
    assert record.whole[Standing.MISSED] == 0


@pytest.mark.parametrize(
    ("ratings", "today", "overdue"),
    [
        ((), FRIDAY, 0),
        ((), FRIDAY + timedelta(days=1), 1),
        ((rated(Outcome.MOVED, to=LATER),), LATER.last, 0),
        ((rated(Outcome.MOVED, to=LATER),), LATER.last + timedelta(days=1), 1),
        ((rated(Outcome.MOVED),), FRIDAY + timedelta(days=1), 1),
        ((rated(Outcome.MOVED, to=LATER, by=OURSELVES),), FRIDAY + timedelta(days=1), 1),
        ((rated(Outcome.KEPT, by=OURSELVES),), FRIDAY + timedelta(days=1), 1),
        ((rated(Outcome.BROKEN),), LATER.last, 0),
    ],
)
def test_silence_is_no_evidence(ratings: tuple[Rating, ...], today: date, overdue: int) -> None:
    record = recorded([said(*ratings)], today)
    assert record.overdue == overdue
    if not any(rating.outcome is Outcome.BROKEN for rating in ratings):
        assert record.whole[Standing.MISSED] == 0


def test_the_median_delay_is_one_that_was_and_says_of_how_many() -> None:
    late = [rated(Outcome.KEPT, on=FRIDAY + timedelta(days=days)) for days in (30, 4, 6, 90)]
    cases = [*(said(each) for each in late), said(rated(Outcome.MOVED)), said(rated(Outcome.KEPT))]
    record = recorded(cases, TODAY)
    assert (record.delays, record.delayed, record.median_delay) == ((4, 6, 30, 90), 5, 6)
    assert recorded(cases[4:], TODAY).median_delay is None


def test_names_are_told_with_how_often_the_most_first() -> None:
    cases = [said(speaker=name) for name in ("Ada Berg", "Carl Berg", "Ada Berg", None)]
    assert list(recorded(cases, TODAY).speakers.items()) == [("Ada Berg", 2), (None, 1), ("Carl Berg", 1)]


# --- shares -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("count", "of", "low", "high"),
    # Newcombe (1998), Statistics in Medicine 17, table I: the score method without continuity correction.
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_the_interval_is_wilsons(count: int, of: int, low: float, high: float) -> None:
    assert wilson(count, of) == pytest.approx((low, high), abs=5e-5)


def test_a_share_is_told_only_of_enough() -> None:
    few = [said(rated(Outcome.KEPT))] * (ENOUGH - 1)
    open_ones = [said(), said(rated(Outcome.MOVED, to=LATER)), said(rated(Outcome.KEPT, by=OURSELVES))]
    assert recorded([*few, *open_ones], TODAY).whole.share_kept is None
    late = said(rated(Outcome.KEPT, on=TODAY))
    whole = recorded([*few, *open_ones, late], TODAY).whole
    assert whole.share_kept is not None
    assert whole.share_on_time is not None
    assert (whole.share_kept.count, whole.share_on_time.count, whole.share_on_time.of) == (10, 9, 10)
    assert whole.share_on_time.part == 0.9
    withdrawn = recorded([*few, said(rated(Outcome.WITHDRAWN))], TODAY).whole.share_kept
    assert withdrawn is not None
    assert withdrawn.of == 10


# --- the parts and the whole ------------------------------------------------------------------------------

some_days = st.integers(-40, 400).map(lambda number: FRIDAY + timedelta(days=number))
ratings_given = st.builds(
    rated,
    st.sampled_from(Outcome),
    to=st.none() | some_days.map(lambda day: Interval(day, day)),
    on=st.none() | some_days,
    by=st.sampled_from([OURSELVES, 7, 8]),
)
cases_given = st.builds(
    lambda ratings, **more: said(*ratings, **more),
    st.lists(ratings_given, max_size=4),
    kind=st.sampled_from(Kind),
    due=st.none() | some_days.map(lambda day: Interval(day - timedelta(days=3), day)),
    suggested=st.none() | st.floats(0, 1),
)


def added(tallies: list[Tally]) -> dict[Standing, int]:
    return {standing: sum(tally[standing] for tally in tallies) for standing in Standing}


@given(st.lists(cases_given, max_size=30), some_days)
def test_the_parts_sum_to_the_whole(cases: list[Case], today: date) -> None:
    record: Record = recorded(cases, today)
    whole = record.whole
    counted = [entry for entry in map(entry_of, cases) if entry is not None]
    assert whole.said == len(counted) == sum(record.speakers.values())
    assert added(list(record.kinds.values())) == added(list(record.months.values())) == dict(whole.counts)
    unended = whole[Standing.OPEN] + whole[Standing.MOVED]
    assert whole.settled + unended == whole.said == sum(whole[standing] for standing in Standing)
    assert set(SETTLED) == set(Standing) - {Standing.OPEN, Standing.MOVED}
    assert record.overdue <= unended
    assert sum(record.suggested.values()) <= unended
    assert sum(record.by_ourselves.values()) <= unended
    assert whole[Standing.MOVED] <= record.moved_at_all <= whole.said
    assert len(record.delays) <= record.delayed == whole[Standing.LATE] + whole[Standing.MOVED]
    assert list(record.months) == sorted(record.months)
    for share in (whole.share_kept, whole.share_on_time):
        assert (share is None) == (whole.settled < ENOUGH)
        assert share is None or 0 <= share.low <= share.part <= share.high <= 1


@given(st.lists(cases_given, max_size=12), st.randoms())
def test_the_order_of_cases_means_nothing(cases: list[Case], chance: object) -> None:
    shuffled = list(cases)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]  # hypothesis gives a random.Random
    assert recorded(shuffled, TODAY) == recorded(cases, TODAY)
