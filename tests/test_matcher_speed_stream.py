"""A stream without end is read in bounded memory, and what is forgotten is forgotten sensibly."""

from datetime import UTC, date, datetime, timedelta

from watchers.followup_index import MOST_REMEMBERED, MOST_TELLINGS, PATIENCE, FollowUpIndex
from watchers.marks import marks_of
from watchers.model import Interval, Kind, Precision, Statement, Telling

DAY = date(2026, 3, 2)
SEVERAL = 3 * MOST_REMEMBERED


def told(quote: str, day: date, due: Interval | None = None) -> Telling:
    precision = Precision.EXACT if due else Precision.NONE
    statement = Statement(
        0, len(quote), quote, Kind.COMMITMENT, None, due, precision, None, conditional=False, rules=()
    )
    marks = marks_of(statement, title="", text=quote)
    return Telling("The Meridian", None, "", statement, datetime(day.year, day.month, day.day, tzinfo=UTC), day, marks)


def another(number: int, day: date, due: Interval | None = None) -> Telling:
    return told(f"Qo{number:05d}x vowed to kuv{number:05d}x mip{number:05d}x", day, due)


def test_follow_ups_of_a_single_day_are_bounded() -> None:
    index = FollowUpIndex()
    numbers = [index.place(another(number, DAY)) for number in range(SEVERAL)]
    assert numbers == list(range(1, SEVERAL + 1))
    assert len(index) <= 2 * MOST_REMEMBERED


def test_what_is_over_is_forgotten_first_and_what_is_pending_is_kept() -> None:
    index = FollowUpIndex()
    far = Interval(DAY, DAY + timedelta(days=300))
    pending = index.place(told("Peru vowed to reopen the Arica railway.", DAY, far))
    for number in range(2 * MOST_REMEMBERED):
        day = DAY + timedelta(days=number // 50)
        index.place(another(number, day, Interval(day, day + timedelta(days=3))))
    assert len(index) < MOST_REMEMBERED
    again = told("Peru pledged to reopen its Arica railway.", DAY + timedelta(days=190), far)
    assert index.place(again) == pending


def test_what_was_forgotten_gets_a_number_of_its_own_when_it_is_told_again() -> None:
    index = FollowUpIndex()
    first = index.place(another(0, DAY))
    for number in range(1, SEVERAL):
        index.place(another(number, DAY + PATIENCE * 2))
    assert index.place(another(0, DAY)) == SEVERAL + 1 != first


def test_a_promise_told_without_end_stays_one_follow_up() -> None:
    index = FollowUpIndex()
    promise = told("Chile vowed to leave the fishing accord with Peru.", DAY)
    assert {index.place(promise) for _ in range(20 * MOST_TELLINGS)} == {1}


def test_a_stream_read_backwards_is_matched_too() -> None:
    index = FollowUpIndex()
    promises = [another(number, DAY - timedelta(days=number // 10)) for number in range(3_000)]
    assert [index.place(promise) for promise in promises for _ in range(2)] == [
        number for number in range(1, 3_001) for _ in range(2)
    ]
