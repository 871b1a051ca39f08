"""What a morning message holds, under which heading, and when the next one comes."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.clocks import CHANGES, HOUR, hours, moments
from tests.factories import a_case, a_followup, a_rating, a_statement, a_wish
from watchers.audience import Alert, AlertForm, QuietHours, Rhythm, Section, Subscription, SubscriptionWish
from watchers.digests import MOST_CASES, OVERDUE_FOR, digest, horizon, next_digest, settled_since
from watchers.model import Interval, Kind
from watchers.rating import Case, Outcome, Rating

TUESDAY_AT_EIGHT = datetime(2026, 3, 3, 8, tzinfo=UTC)
TODAY = TUESDAY_AT_EIGHT.date()
DAILY, WEEKLY = a_wish(rhythm=Rhythm.DAILY), a_wish(rhythm=Rhythm.WEEKLY, digest_weekday=1)
DIGESTS = [Rhythm.DAILY, Rhythm.WEEKLY]


def due_in(number: int, days: int | None, *ratings: Rating, muted_by: int | None = None) -> Case:
    """A follow-up of that number with its last day so many days from today; None: undated."""
    last = TODAY + timedelta(days=days or 0)
    due = None if days is None else Interval(last, last)
    return a_case(a_followup(number, statement=a_statement(due=due)), *ratings, muted_by=muted_by)


def rated(number: int, outcome: Outcome = Outcome.KEPT) -> Case:
    return due_in(number, 0, a_rating(outcome))


def told(
    *,
    gathered: tuple[Case, ...] = (),
    near: tuple[Case, ...] = (),
    settled: tuple[Case, ...] = (),
    wish: SubscriptionWish = DAILY,
    now: datetime = TUESDAY_AT_EIGHT,
) -> Alert | None:
    order = Subscription(5, wish, TUESDAY_AT_EIGHT)
    return digest(order, gathered=gathered, near=near, settled=settled, now=now)


def headings(alert: Alert | None) -> dict[int, Section]:
    assert alert is not None
    return dict(zip(alert.followup_ids, alert.sections, strict=True))


# --- what it holds ----------------------------------------------------------------------------------------


def test_each_follow_up_stands_under_its_heading() -> None:
    alert = told(
        gathered=(due_in(4, 30), due_in(5, None)),
        near=(due_in(1, 0), due_in(2, 5), due_in(3, -1)),
        settled=(rated(6), rated(7, Outcome.WITHDRAWN)),
    )
    assert headings(alert) == {
        1: Section.DUE_TODAY,
        2: Section.DUE_THIS_WEEK,
        4: Section.NEWLY_SAID,
        5: Section.NEWLY_SAID,
        3: Section.OVERDUE,
        6: Section.SETTLED,
        7: Section.SETTLED,
    }


def test_headings_come_in_their_order_and_what_stands_under_them_by_last_day() -> None:
    near = (due_in(1, 4), due_in(2, -3), due_in(3, 0), due_in(4, 2), due_in(5, -5), due_in(7, 2))
    alert = told(near=near, gathered=(due_in(8, None), due_in(9, 20), due_in(6, 10)), settled=(rated(10),))
    assert alert is not None
    assert alert.followup_ids == (3, 4, 7, 1, 6, 9, 8, 5, 2, 10)
    assert list(alert.sections) == sorted(alert.sections, key=list(Section).index)


def test_the_first_heading_that_fits_wins() -> None:
    today, ahead = due_in(1, 0), due_in(2, 30)
    assert headings(told(near=(today,), gathered=(today, ahead))) == {1: Section.DUE_TODAY, 2: Section.NEWLY_SAID}
    moved = due_in(3, 30, a_rating(Outcome.MOVED, due=Interval(TODAY, TODAY)))
    assert headings(told(near=(moved,), gathered=(moved,), settled=(moved,))) == {3: Section.DUE_TODAY}
    kept = rated(4)
    assert headings(told(near=(kept,), gathered=(kept,), settled=(kept,))) == {4: Section.SETTLED}


@pytest.mark.parametrize(
    ("wish", "days", "heading"),
    [
        (DAILY, 5, Section.DUE_THIS_WEEK),
        (DAILY, 6, None),
        (WEEKLY, 6, Section.DUE_THIS_WEEK),
        (WEEKLY, 7, None),
        (DAILY, -OVERDUE_FOR, Section.OVERDUE),
        (DAILY, -OVERDUE_FOR - 1, None),
    ],
)
def test_a_daily_one_looks_to_sunday_and_a_weekly_one_a_week_ahead(
    wish: SubscriptionWish, days: int, heading: Section | None
) -> None:
    alert = told(near=(due_in(1, days),), wish=wish)
    assert (None if alert is None else headings(alert)[1]) is heading


@given(moments, st.sampled_from(DIGESTS))
def test_the_days_looked_at_are_from_a_week_ago_to_the_end_of_the_week(
    moment: tuple[ZoneInfo, datetime], rhythm: Rhythm
) -> None:
    zone, now = moment
    today = now.astimezone(zone).date()
    days = horizon(a_wish(rhythm=rhythm, zone=zone.key), now)
    assert (today - days.first).days == OVERDUE_FOR
    assert 0 <= (days.last - today).days <= 6
    assert days.last.weekday() == 6 if rhythm is Rhythm.DAILY else (days.last - today).days == 6


def test_where_there_is_nothing_to_tell_there_is_no_digest() -> None:
    assert told() is None
    assert told(near=(due_in(1, 6), due_in(2, None)), gathered=(rated(3),), settled=(due_in(4, 0),)) is None


def test_what_is_muted_stands_under_no_heading() -> None:
    today, ahead = due_in(1, 0, muted_by=7), due_in(2, 30, muted_by=7)
    settled = due_in(3, 0, a_rating(), muted_by=7)
    assert told(near=(today,), gathered=(today, ahead), settled=(settled,)) is None
    assert headings(told(near=(today, due_in(4, 0)), settled=(settled,))) == {4: Section.DUE_TODAY}


def test_what_is_not_wanted_stands_under_no_heading() -> None:
    events_only = a_wish(rhythm=Rhythm.DAILY, kinds=frozenset({Kind.EVENT}))
    event = a_case(a_followup(2, statement=a_statement(kind=Kind.EVENT, due=Interval(TODAY, TODAY))))
    cases = (due_in(1, 0), event)
    assert headings(told(near=cases, gathered=cases, settled=(rated(3),), wish=events_only)) == {2: Section.DUE_TODAY}


def test_what_was_moved_stands_where_its_new_day_is() -> None:
    tomorrow = Interval(TODAY + timedelta(days=1), TODAY + timedelta(days=1))
    moved = due_in(1, -2, a_rating(Outcome.MOVED, due=tomorrow))
    assert headings(told(near=(moved,))) == {1: Section.DUE_THIS_WEEK}


def test_a_long_digest_keeps_the_first_of_its_headings() -> None:
    alert = told(near=(due_in(1, 0),), gathered=tuple(due_in(number, 30) for number in range(2, MOST_CASES + 9)))
    assert alert is not None
    assert alert.followup_ids == tuple(range(1, MOST_CASES + 1))
    assert len(alert.sections) == MOST_CASES


def test_it_goes_to_the_channel_once_a_local_day_after_its_quiet_hours() -> None:
    wish = a_wish(rhythm=Rhythm.DAILY, role_id=9, zone="Asia/Tokyo", hour=6, quiet=QuietHours(22, 7))
    six_there = datetime(2026, 3, 2, 21, tzinfo=UTC)
    assert told(near=(due_in(1, 0),), wish=wish, now=six_there) == Alert(
        key="digest:5:2026-03-03",
        form=AlertForm.DIGEST,
        followup_ids=(1,),
        sections=(Section.DUE_TODAY,),
        guild_id=10,
        channel_id=20,
        role_id=9,
        subscription_id=5,
        not_before=six_there + HOUR,
    )


def test_ratings_are_news_for_as_long_as_the_rhythm() -> None:
    assert TUESDAY_AT_EIGHT - settled_since(DAILY, TUESDAY_AT_EIGHT) == timedelta(days=1)
    assert TUESDAY_AT_EIGHT - settled_since(WEEKLY, TUESDAY_AT_EIGHT) == timedelta(days=7)


# --- when the next one comes ------------------------------------------------------------------------------


@pytest.mark.parametrize("wish", [a_wish(), a_wish(rhythm=Rhythm.DAILY, paused=True)])
def test_an_instant_or_paused_order_has_no_digest(wish: SubscriptionWish) -> None:
    assert next_digest(wish, TUESDAY_AT_EIGHT) is None


@pytest.mark.parametrize(
    ("wish", "after", "day"),
    [
        (DAILY, TUESDAY_AT_EIGHT - timedelta(seconds=1), 3),
        (DAILY, TUESDAY_AT_EIGHT, 4),
        (WEEKLY, TUESDAY_AT_EIGHT - timedelta(seconds=1), 3),
        (WEEKLY, TUESDAY_AT_EIGHT, 10),
        (a_wish(rhythm=Rhythm.WEEKLY, digest_weekday=0), TUESDAY_AT_EIGHT, 9),
        (a_wish(rhythm=Rhythm.WEEKLY, digest_weekday=6), TUESDAY_AT_EIGHT, 8),
    ],
)
def test_the_next_digest_is_on_its_day_at_its_hour(wish: SubscriptionWish, after: datetime, day: int) -> None:
    assert next_digest(wish, after) == datetime(2026, 3, day, 8, tzinfo=UTC)


@given(moments, hours, st.sampled_from(DIGESTS), st.integers(0, 6))
def test_no_local_day_is_left_out_and_none_has_two(
    moment: tuple[ZoneInfo, datetime], hour: int, rhythm: Rhythm, weekday: int
) -> None:
    zone, after = moment
    wish = a_wish(rhythm=rhythm, zone=zone.key, hour=hour, digest_weekday=weekday)
    days: list[date] = []
    for _ in range(4):
        following = next_digest(wish, after)
        assert following is not None
        assert following > after
        assert next_digest(wish, following - timedelta(seconds=1)) == following
        after = following
        days.append(following.astimezone(zone).date())
    apart = 1 if rhythm is Rhythm.DAILY else 7
    assert [(later - day).days for day, later in pairwise(days)] == [apart] * 3
    assert rhythm is Rhythm.DAILY or {day.weekday() for day in days} == {weekday}


@pytest.mark.parametrize(("zone", "change"), CHANGES, ids=str)
def test_it_keeps_its_local_hour_through_clock_changes(zone: ZoneInfo, change: datetime) -> None:
    wish, after = a_wish(rhythm=Rhythm.DAILY, zone=zone.key, hour=9), change - 30 * HOUR
    times = []
    for _ in range(4):
        after = next_digest(wish, after) or after
        times.append(after.astimezone(zone).time())
    assert times == [time(9)] * 4
