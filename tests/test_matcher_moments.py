"""The moments people type for reminders."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watchers.matcher.temporal import read_moment

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 3, 4, 12, 0, tzinfo=BERLIN)  # a Wednesday


@pytest.mark.parametrize(
    ("typed", "moment"),
    [
        ("tomorrow 9:00", "2026-03-05 09:00"),
        ("tomorrow", "2026-03-05 09:00"),
        ("tomorrow at 9", "2026-03-05 09:00"),
        ("tomorrow morning", "2026-03-05 09:00"),
        ("9:00 tomorrow", "2026-03-05 09:00"),
        ("in 3 days", "2026-03-07 09:00"),
        ("in two weeks at 10:15", "2026-03-18 10:15"),
        ("in a month", "2026-04-04 09:00"),
        ("3 days from now", "2026-03-07 09:00"),
        ("9 May 14:00", "2026-05-09 14:00"),
        ("May 9, 2027", "2027-05-09 09:00"),
        ("2026-05-09 14:00", "2026-05-09 14:00"),
        ("on 1 March", "2027-03-01 09:00"),
        ("Friday", "2026-03-06 09:00"),
        ("next Monday 8:30", "2026-03-09 08:30"),
        ("next week", "2026-03-09 09:00"),
        ("the 12th", "2026-03-12 09:00"),
        ("noon on Friday", "2026-03-06 12:00"),
        ("tonight", "2026-03-04 20:00"),
        ("5pm", "2026-03-04 17:00"),
        ("9:00", "2026-03-05 09:00"),
        ("midnight", "2026-03-05 00:00"),
        ("in 90 minutes", "2026-03-04 13:30"),
        ("in 2 hours", "2026-03-04 14:00"),
        ("30 March 9:00", "2026-03-30 09:00"),
        ("end of the month", "2026-03-31 09:00"),
        ("by the end of May", "2026-05-31 09:00"),
        ("early May", "2026-05-01 09:00"),
        ("15 March at 18h", "2026-03-15 18:00"),
        ("18h30", "2026-03-04 18:30"),
    ],
)
def test_a_moment_as_typed(typed: str, moment: str) -> None:
    read = read_moment(typed, NOW, BERLIN)
    assert read is not None
    assert read.strftime("%Y-%m-%d %H:%M") == moment
    assert read.tzinfo is BERLIN


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "whenever",
        "yesterday",
        "2 March 2026",
        "last week",
        "today 9:00",
        "every Monday",
        "soon",
        "25:00",
        "99 May",
        "in a few days",
        "tomorrow and Friday",
        "Friday with the minister",
        "two weeks ago",
    ],
)
def test_what_is_not_understood_or_is_over(typed: str) -> None:
    assert read_moment(typed, NOW, BERLIN) is None


def test_the_day_is_that_of_the_zone() -> None:
    late = datetime(2026, 3, 4, 23, 30, tzinfo=UTC)
    read = read_moment("tomorrow", late, ZoneInfo("Asia/Tokyo"))
    assert read is not None
    assert read.isoformat() == "2026-03-06T09:00:00+09:00"


def test_hours_are_counted_in_real_time_across_a_change_of_clocks() -> None:
    eve = datetime(2026, 3, 29, 0, 30, tzinfo=UTC)
    read = read_moment("in 2 hours", eve, BERLIN)
    assert read is not None
    assert read - eve == timedelta(hours=2)
    assert read.strftime("%H:%M") == "04:30"


WORDS = (
    "in at on 3 9:00 24:00 99 days hours May 31 February Friday next last noon midnight tomorrow 9999 - / am pm weeks"
)
TYPED = st.text(max_size=60) | st.lists(st.sampled_from(WORDS.split()), max_size=8).map(" ".join)
INSTANTS = st.integers(-2_200_000_000, 4_100_000_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))


@given(typed=TYPED, now=INSTANTS)
def test_a_moment_lies_ahead_or_is_not_one(typed: str, now: datetime) -> None:
    read = read_moment(typed, now, BERLIN)
    assert read is None or read > now
