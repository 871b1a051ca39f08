"""Calendar files: valid to two parsers, on the right days, and the same event for ever whatever becomes of it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import vobject
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from bot.calendars import calendar_file
from bot.render import Setting
from bot.showing import Shown
from bot.words import LANGUAGES, Words
from tests.factories import MONDAY, MONDAY_NOON, a_case, a_followup, a_rating, a_statement, a_telling
from watchers.model import Interval, Kind, Precision
from watchers.rating import OURSELVES, Case, Outcome, Revision

SETTING = Setting(MONDAY, ZoneInfo("UTC"), {"norland": "Norland, its war"})
HERE = 10


def of(*cases: Case, revisions: Mapping[int, Revision] | None = None, guild_id: int | None = HERE) -> Shown:
    return Shown("Norland · Aide-Mémoire", guild_id, cases, revisions or {})


def events(*cases: Case, revisions: Mapping[int, Revision] | None = None, guild_id: int | None = HERE) -> list[Any]:
    file = calendar_file(of(*cases, revisions=revisions, guild_id=guild_id), SETTING)
    calendar = Calendar.from_ical(file)
    assert not calendar.errors
    return list(calendar.walk("VEVENT"))


def event(case: Case, **options: Any) -> Any:
    (only,) = events(case, **options)
    return only


def said(kind: Kind = Kind.DEADLINE, first: int = 2, last: int = 6, precision: Precision = Precision.EXACT) -> Case:
    due = Interval(date(2026, 3, first), date(2026, 3, last))
    return a_case(a_followup(statement=a_statement(kind=kind, due=due, precision=precision)))


def span(found: Any) -> tuple[date, date]:
    """The first day and the last, both included."""
    return found["DTSTART"].dt, found["DTEND"].dt - timedelta(days=1)


# --- days -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", Kind)
def test_what_is_due_by_a_day_stands_on_that_day_all_day_long(kind: Kind) -> None:
    assert span(event(said(kind))) == (date(2026, 3, 6), date(2026, 3, 6))


def test_only_an_event_of_few_known_days_stands_on_all_of_them() -> None:
    assert span(event(said(Kind.EVENT, 9, 11))) == (date(2026, 3, 9), date(2026, 3, 11))
    assert span(event(said(Kind.EVENT, 9, 31))) == (date(2026, 3, 31), date(2026, 3, 31))
    assert span(event(said(Kind.EVENT, 9, 11, Precision.VAGUE))) == (date(2026, 3, 11), date(2026, 3, 11))
    assert span(event(said(Kind.COMMITMENT, 9, 11))) == (date(2026, 3, 11), date(2026, 3, 11))


def test_what_is_only_about_right_is_said_to_be() -> None:
    vague = event(said(precision=Precision.VAGUE))
    assert vague["SUMMARY"].startswith("≈ Norland: ")
    assert vague["STATUS"] == "TENTATIVE"


def test_what_is_undated_or_at_the_end_of_time_is_left_out() -> None:
    at_the_end = Interval(MONDAY, date.max)
    assert events(a_case(a_followup(statement=a_statement(due=None)))) == []
    assert events(a_case(a_followup(statement=a_statement(due=at_the_end)))) == []


def test_a_date_is_a_date_and_has_no_hour_in_any_zone() -> None:
    file = calendar_file(of(said()), Setting(MONDAY, ZoneInfo("Pacific/Kiritimati"), {}))
    assert b"DTSTART;VALUE=DATE:20260306\r\n" in file
    assert b"DTEND;VALUE=DATE:20260307\r\n" in file


# --- what becomes of it -----------------------------------------------------------------------------------


def test_what_was_moved_is_the_same_event_on_its_new_day() -> None:
    before = said()
    moved_to = Interval(date(2026, 3, 20), date(2026, 3, 20))
    moved = replace(before, ratings=(a_rating(Outcome.MOVED, due=moved_to),))
    one, other = event(before), event(moved, revisions={1: Revision(1, MONDAY_NOON + timedelta(days=1))})
    assert one["UID"] == other["UID"]
    assert span(other) == (moved_to.first, moved_to.last)
    assert other["SEQUENCE"] > one["SEQUENCE"]
    assert other["DTSTAMP"].dt > one["DTSTAMP"].dt
    undone = event(before, revisions={1: Revision(2, MONDAY_NOON + timedelta(days=2))})
    assert span(undone) == span(one)
    assert undone["SEQUENCE"] > other["SEQUENCE"]
    assert undone["DTSTAMP"].dt > other["DTSTAMP"].dt


def test_a_further_telling_is_a_new_version() -> None:
    told = said()
    later = a_telling(outlet="The Herald", published=MONDAY_NOON + timedelta(hours=3))
    again = replace(told, followup=replace(told.followup, tellings=(*told.followup.tellings, later)))
    assert event(again)["SEQUENCE"] == event(told)["SEQUENCE"] + 1
    assert event(again)["DTSTAMP"].dt == MONDAY_NOON + timedelta(hours=3)


def test_servers_have_events_of_their_own() -> None:
    uids = {event(said(), guild_id=guild)["UID"] for guild in (HERE, 11, None)}
    assert len(uids) == 3
    assert not any(str(HERE) == part for uid in uids for part in uid.split("-"))


@pytest.mark.parametrize(
    ("outcome", "status", "word"),
    [
        (Outcome.KEPT, "CONFIRMED", "Kept · "),
        (Outcome.PARTLY, "CONFIRMED", "Partly kept · "),
        (Outcome.BROKEN, "CONFIRMED", "Broken · "),
        (Outcome.MOVED, "CONFIRMED", "Norland"),
        (Outcome.WITHDRAWN, "CANCELLED", "Withdrawn · "),
        (Outcome.DISMISSED, "CANCELLED", "Not a commitment · "),
    ],
)
def test_how_it_ended_shows(outcome: Outcome, status: str, word: str) -> None:
    found = event(replace(said(), ratings=(a_rating(outcome),)))
    assert found["STATUS"] == status
    assert found["SUMMARY"].startswith(word)


def test_what_settled_by_itself_is_said_to_be_unconfirmed() -> None:
    unconfirmed = "Settled by itself: nobody has confirmed it"
    assert unconfirmed in event(replace(said(), ratings=(a_rating(user_id=OURSELVES),)))["DESCRIPTION"]
    assert unconfirmed not in event(replace(said(), ratings=(a_rating(),)))["DESCRIPTION"]


def test_what_is_only_expected_or_conditional_is_tentative() -> None:
    assert event(said(Kind.EXPECTATION))["STATUS"] == "TENTATIVE"
    assert event(a_case(a_followup(statement=a_statement(conditional=True))))["STATUS"] == "TENTATIVE"
    assert event(said())["STATUS"] == "CONFIRMED"


# --- the file ---------------------------------------------------------------------------------------------


def test_an_event_says_what_it_is_and_who_reported_it_and_wakes_nobody() -> None:
    found = event(said())
    assert found["SUMMARY"] == "Norland: will withdraw its troops by Friday."
    assert found["URL"] == "https://meridian.example/a-1"
    assert found["CATEGORIES"].cats == ["Deadline", "Norland, its war"]
    assert found["TRANSP"] == "TRANSPARENT"
    for part in ("By 6 March 2026", "The Meridian: https://meridian.example/a-1", "#1"):
        assert part in found["DESCRIPTION"]
    assert not found.walk("VALARM")


def test_only_addresses_of_the_web_are_given() -> None:
    for url in ("javascript:alert(1)", "file:///etc/passwd", "https://", "http://[::1", None):
        told = a_telling(url=url)
        found = event(a_case(a_followup(1, told)))
        assert "URL" not in found
        assert "The Meridian: no link" in found["DESCRIPTION"]


def test_the_file_has_what_calendar_programs_ask_for() -> None:
    file = calendar_file(of(said()), SETTING).decode()
    for line in (
        "VERSION:2.0",
        "METHOD:PUBLISH",
        "X-WR-CALNAME:Norland · Aide-Mémoire",
        "REFRESH-INTERVAL;VALUE=DURATION:PT6H",
        "X-PUBLISHED-TTL:PT6H",
    ):
        assert f"{line}\r\n" in file


def test_the_same_follow_ups_make_the_same_file_tomorrow_too() -> None:
    tomorrow = replace(SETTING, today=MONDAY + timedelta(days=10))
    assert calendar_file(of(said()), SETTING) == calendar_file(of(said()), tomorrow)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_words_are_the_readers(language: str) -> None:
    setting = replace(SETTING, say=Words(language))
    found: Any = Calendar.from_ical(calendar_file(of(said()), setting)).walk("VEVENT")[0]
    assert Words(language).day(date(2026, 3, 6)) in found["DESCRIPTION"]


HOSTILE = st.text(max_size=200) | st.lists(
    st.sampled_from(["END:VEVENT", "\r\n", "BEGIN:VALARM", ";", ",", "\\", ":", '"', "قال ", "🇺🇦", "\x00", "\u2028"]),
    max_size=40,
).map("".join)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(quote=HOSTILE, speaker=st.none() | HOSTILE, outlet=HOSTILE, topic=HOSTILE, name=HOSTILE)
def test_whatever_was_said_two_parsers_read_one_event_with_the_same_words(
    quote: str, speaker: str | None, outlet: str, topic: str, name: str
) -> None:
    told = a_telling(a_statement(quote, speaker=speaker), outlet=outlet)
    setting = Setting(MONDAY, ZoneInfo("UTC"), {"norland": topic})
    file = calendar_file(Shown(name, HERE, (a_case(a_followup(1, told)),), {}), setting)
    assert all(len(line) <= 75 for line in file.split(b"\r\n"))
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)", file)
    calendar = Calendar.from_ical(file)
    found: Any
    (found,) = calendar.walk("VEVENT")
    assert not calendar.errors
    assert not found.errors
    assert not found.walk("VALARM")
    other = vobject.readOne(file.decode())
    assert len(other.vevent_list) == 1
    assert other.vevent.summary.value == found["SUMMARY"]
    assert other.vevent.description.value == found["DESCRIPTION"]
    assert other.vevent.dtstart.value == found["DTSTART"].dt
    assert other.vevent.dtend.value == found["DTEND"].dt
    assert other.vevent.uid.value == found["UID"]
