"""Events that stand for a day: those of the operator's table, and those a text dates itself."""

from __future__ import annotations

import time
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.events import Event
from watchers.matcher.match import read_article
from watchers.matcher.temporal import read_occasions, read_times
from watchers.model import Interval

WEDNESDAY = date(2026, 3, 4)
OPENS, CLOSES = date(2026, 3, 24), date(2026, 3, 25)
SUMMIT = Event(("Vadehavn summit", "Vadehavn leaders' meeting"), OPENS, CLOSES)
LAST_YEARS = Event(("Vadehavn summit",), date(2025, 3, 11), date(2025, 3, 12))
TREATY = Event(("Skagen treaty expires", "expiry of the Skagen treaty"), date(2026, 6, 30), date(2026, 6, 30))
TABLE = (LAST_YEARS, SUMMIT, TREATY)
LEAD = "Diplomats from Russia, Iran and the United States met at the United Nations in Geneva.\n\n"


def due_of(text: str, day: date = WEDNESDAY, events: tuple[Event, ...] = TABLE) -> tuple[str, str] | None:
    """Return the days of the last dated statement read, None where there is none."""
    due = [found.due for found in read_article(LEAD + text, day, events) if found.due is not None]
    return (due[-1].first.isoformat(), due[-1].last.isoformat()) if due else None


def days_of(text: str, day: date = WEDNESDAY, events: tuple[Event, ...] = TABLE) -> list[tuple[str, Interval | None]]:
    return [(each.text, each.span) for each in read_occasions(text, day, read_times(text, day), events)]


@pytest.mark.parametrize(
    ("clause", "due"),
    [
        ("ahead of the Vadehavn summit", ("2026-03-04", "2026-03-23")),
        ("before the Vadehavn summit", ("2026-03-04", "2026-03-23")),
        ("prior to the upcoming Vadehavn summit", ("2026-03-04", "2026-03-23")),
        ("before the 2026 Vadehavn summit", ("2026-03-04", "2026-03-23")),
        ("by the Vadehavn summit", ("2026-03-04", "2026-03-25")),
        ("at the Vadehavn summit", ("2026-03-24", "2026-03-25")),
        ("during the VADEHAVN Summit", ("2026-03-24", "2026-03-25")),
        ("on the sidelines of the Vadehavn leaders' meeting", ("2026-03-24", "2026-03-25")),
        ("after the Vadehavn summit", ("2026-03-25", "2026-03-25")),
        ("once the Vadehavn summit ends", ("2026-03-25", "2026-03-25")),
        ("before the Skagen treaty expires", ("2026-03-04", "2026-06-29")),
        ("until the Skagen treaty expires", ("2026-03-04", "2026-06-30")),
        ("after the expiry of the Skagen treaty", ("2026-06-30", "2026-06-30")),
    ],
)
def test_an_event_of_the_table_bounds_an_action(clause: str, due: tuple[str, str]) -> None:
    assert due_of(f"Russia will withdraw its guards {clause}, the Kremlin said.") == due


@pytest.mark.parametrize(
    "text",
    [
        "Russia will withdraw its guards ahead of the Ostrava summit, the Kremlin said.",
        "Russia will honour the Vadehavn summit declaration, the Kremlin said.",
        "Russia will raise it at the Vadehavn summit’s opening, the Kremlin said.",
        "At the Vadehavn summit, leaders argued about fish.",
        "Russia will withdraw its guards before the 2031 Vadehavn summit, the Kremlin said.",
    ],
)
def test_what_only_resembles_an_event_of_the_table_stands_for_no_day(text: str) -> None:
    assert due_of(text) is None


@pytest.mark.parametrize("day", [date(2019, 3, 4), date(2023, 5, 1), date(2026, 3, 26), date(2031, 3, 4)])
def test_an_article_far_from_every_year_of_an_event_gets_no_day(day: date) -> None:
    assert days_of("Russia will withdraw its guards ahead of the Vadehavn summit.", day) == []


def test_the_year_of_the_article_decides_between_the_events_of_one_name() -> None:
    text = "Russia will withdraw its guards ahead of the Vadehavn summit."
    assert days_of(text, date(2025, 3, 1)) == [("Vadehavn summit", Interval(date(2025, 3, 11), date(2025, 3, 12)))]
    assert days_of(text, date(2026, 3, 1)) == [("Vadehavn summit", Interval(OPENS, CLOSES))]


def test_just_after_an_event_its_name_is_not_yet_that_of_the_next() -> None:
    assert days_of("They spoke at the Vadehavn summit.", date(2025, 3, 20)) == []


def test_no_table_knows_no_event() -> None:
    assert due_of("Russia will withdraw its guards ahead of the Vadehavn summit.", events=()) is None


def test_a_time_beside_the_event_wins() -> None:
    assert due_of("The ministers will meet on Tuesday at the Vadehavn summit, the Kremlin said.") == (
        "2026-03-10",
        "2026-03-10",
    )
    assert days_of("They will meet at next week's Vadehavn summit.") == []


def test_the_day_something_was_said_leaves_the_event_its_place() -> None:
    text = "Russia will withdraw its guards before the Vadehavn summit, the Kremlin said on Tuesday."
    assert due_of(text) == ("2026-03-03", "2026-03-23")


@pytest.mark.parametrize(
    ("told", "later", "due"),
    [
        (
            "Leaders gather for a summit in Odense on 24 and 25 March.",
            "France will table its map ahead of the summit, an aide said.",
            ("2026-03-04", "2026-03-23"),
        ),
        (
            "The minister’s visit to Oman, which begins on Monday, is his first.",
            "He will hand over a letter during the visit, his office said.",
            ("2026-03-09", "2026-03-09"),
        ),
        (
            "Envoys will hold talks in Doha on Sunday.",
            "Washington will name its terms after the talks, an official said.",
            ("2026-03-08", "2026-03-08"),
        ),
        (
            "The truce expires on Sunday.",
            "Israel pledged to hold its fire until it expires.",
            ("2026-03-04", "2026-03-08"),
        ),
        (
            "The two presidents will meet in Muscat on Friday.",
            "Iran will free the sailors before the meeting, its foreign ministry said.",
            ("2026-03-04", "2026-03-05"),
        ),
        (
            "All eyes will be on Friday's NATO summit.",
            "Turkey will lift its veto at the NATO summit, a Turkish official said.",
            ("2026-03-06", "2026-03-06"),
        ),
    ],
)
def test_an_event_that_the_text_dates_bounds_what_comes_back_to_it(told: str, later: str, due: tuple[str, str]) -> None:
    assert due_of(f"{told}\n\n{later}") == due
    assert due_of(later) is None


@pytest.mark.parametrize(
    ("told", "later"),
    [
        ("Envoys held talks in Doha on Sunday.", "Washington will name its terms after the talks."),
        ("Leaders will meet at a summit in Odense on 24 March.", "France will table its map before a summit."),
        ("The G20 summit opens on 24 March.", "France will table its map at the EU summit."),
        ("The meeting is on Friday; another meeting is on Monday.", "France will table its map at the meeting."),
        ("The truce began on Sunday.", "Israel will stand down when it ends."),
        ("The summit ends on Friday.", "France will table its map ahead of the summit."),
    ],
)
def test_what_may_be_another_event_stands_for_no_day(told: str, later: str) -> None:
    assert [text for text, _ in days_of(f"{told}\n\n{later}")] == []


def test_an_event_is_not_known_before_it_is_dated() -> None:
    text = "France will table its map at the summit.\n\nThe summit in Odense is on 24 March."
    assert days_of(text) == []


def test_events_are_no_time_expressions() -> None:
    text = "Russia will withdraw its guards ahead of the Vadehavn summit."
    assert read_times(text, WEDNESDAY) == ()


@given(st.dates(date(2026, 3, 4), date(2026, 3, 23)), st.integers(-2000, 2000))
def test_moving_table_and_article_moves_the_days(day: date, shift: int) -> None:
    text = "Russia will withdraw its guards ahead of the Vadehavn summit."
    by = timedelta(days=shift)
    moved = Event(SUMMIT.names, SUMMIT.first_day + by, SUMMIT.last_day + by)
    ((_, span),) = days_of(text, day + by, (moved,))
    assert span == Interval(OPENS + by, CLOSES + by)


@given(st.lists(st.sampled_from(["at the ", "summit ", "on Monday ", "Vadehavn ", "the truce ", "expires ", ". "])))
def test_offsets_slice_the_text_and_nothing_raises(pieces: list[str]) -> None:
    text = "".join(pieces)
    for found in read_occasions(text, WEDNESDAY, read_times(text, WEDNESDAY), TABLE):
        assert text[found.start : found.end] == found.text


@pytest.mark.parametrize("piece", ["at the Vadehavn ", "the summit on Monday, at the summit ", "by the time "])
def test_reading_events_is_linear_in_length(piece: str) -> None:
    text = piece * (400_000 // len(piece))
    times = read_times(text, WEDNESDAY)
    began = time.process_time()
    read_occasions(text, WEDNESDAY, times, TABLE)
    assert time.process_time() - began < 5.0
