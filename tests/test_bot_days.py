"""Days as people type them, and lists narrowed by what they type."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.days import day_named, day_near, day_past, days_named
from bot.errors import Refusal
from bot.filters import (
    ROOM,
    country_called,
    country_choices,
    mark_of,
    narrowed,
    packed,
    unpacked,
    until_called,
    until_choices,
)
from bot.render import Setting, measured
from bot.views.pager import PageButton, PageWish
from bot.words import Words
from tests.factories import MONDAY
from watchers.model import Interval, Kind
from watchers.rating import CaseFilter, Listing

SETTING = Setting(MONDAY, ZoneInfo("UTC"), {"norland": "Norland", "own:3": "Our straits"})
FRENCH = Words("fr")


def march(first: int, last: int) -> Interval:
    return Interval(date(2026, 3, first), date(2026, 3, last))


@pytest.mark.parametrize(
    ("words", "days"),
    [
        ("9 May", Interval(date(2026, 5, 9), date(2026, 5, 9))),
        ("by 20 March", march(2, 20)),
        ("2026-03-20", march(20, 20)),
        ("in two weeks", march(16, 16)),
        ("Friday", march(6, 6)),
        ("between 3 and 5 March", march(3, 5)),
        ("until the end of March", march(2, 31)),
        ("this week", march(2, 8)),
        ("tomorrow.", march(3, 3)),
    ],
)
def test_days_are_read_as_the_news_is(words: str, days: Interval) -> None:
    assert days_named(words, MONDAY) == days


@pytest.mark.parametrize(
    "words", ["", "soon enough", "when pigs fly on Friday", "9 Smarch", "yesterday", "Friday, then in May", "every day"]
)
def test_other_words_are_no_days(words: str) -> None:
    assert days_named(words, MONDAY) is None


@given(st.text(max_size=80))
def test_whatever_is_typed_gives_days_from_today_on_or_none(words: str) -> None:
    found = days_named(words, MONDAY)
    assert found is None or found.last >= MONDAY


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("1 March", date(2026, 3, 1)),
        ("last month", date(2026, 2, 28)),
        ("in two weeks", date(2026, 3, 16)),
        ("a cold day", None),
    ],
)
def test_lists_of_the_past_take_days_that_have_passed(words: str, day: date | None) -> None:
    assert day_near(words, MONDAY) == day


# --- filters ----------------------------------------------------------------------------------------------------

SHORT = st.text(max_size=ROOM // 4).map(lambda words: " ".join(words.replace("|", " ").split()) or None)
FILTERS = st.builds(
    CaseFilter,
    listing=st.sampled_from(Listing),
    topic=st.sampled_from([None, "norland", "own:3"]),
    kind=st.none() | st.sampled_from(Kind),
    speaker=SHORT,
    country=st.sampled_from([None, "FR", "XK"]),
    text=SHORT,
    until=st.none() | st.dates(date(2001, 1, 1), date(2068, 12, 31)),
)


@given(FILTERS)
def test_a_filter_survives_its_button(wanted: CaseFilter) -> None:
    button = PageButton(PageWish("settled", 99_999, packed(wanted)), "Next")
    found = PageButton.__discord_ui_compiled_template__.fullmatch(button.custom_id)
    assert found is not None
    assert unpacked(found[3], wanted.listing, SETTING) == wanted


def test_words_that_no_button_can_carry_are_refused() -> None:
    with pytest.raises(Refusal, match="58 characters together"):
        packed(CaseFilter(speaker="s" * 30, text="t" * 30))
    assert measured(packed(CaseFilter(topic="norland", kind=Kind.EVENT, speaker="s" * 28, text="t" * 30))) <= 80


def test_a_topic_that_is_gone_is_refused() -> None:
    with pytest.raises(Refusal, match="no longer there"):
        unpacked(f"{mark_of('cheese')}|||||", Listing.PENDING, SETTING)


def test_a_heading_says_all_a_list_was_narrowed_to() -> None:
    wanted = CaseFilter(
        topic="own:3", kind=Kind.EVENT, speaker="*Ada*", country="UA", text="the port", until=date(2026, 3, 9)
    )
    assert narrowed(wanted, SETTING) == (
        " · Our straits · 📅 Event · said by “\\*Ada\\*” · Ukraine · “the port” · until 9 March 2026"
    )
    assert narrowed(CaseFilter(), SETTING) == ""


@pytest.mark.parametrize(
    ("typed", "code"),
    [("fr", "FR"), ("France", "FR"), ("french", "FR"), ("Allemagne", "DE"), ("KYIV", "UA"), ("côte d’ivoire", "CI")],
)
def test_countries_are_known_by_code_and_by_name(typed: str, code: str) -> None:
    assert country_called(typed, FRENCH) == code


def test_what_is_no_country_is_refused() -> None:
    with pytest.raises(Refusal, match="Je ne connais pas de pays"):
        country_called("Norland", FRENCH)


def test_countries_are_offered_in_the_readers_language() -> None:
    assert country_choices("alle", FRENCH)[0] == ("Allemagne", "DE")
    assert country_choices("ua", FRENCH)[0] == ("Ukraine", "UA")
    assert country_choices("zzz", FRENCH) == []


def test_days_are_offered_as_they_are_understood() -> None:
    assert until_choices("9 May", SETTING, back=False) == [("until Saturday, 9 May 2026", "2026-05-09")]
    assert until_choices("1 March", SETTING, back=True) == [("until Sunday, 1 March 2026", "2026-03-01")]
    assert until_choices("pigs", SETTING, back=False) == []
    assert len(until_choices("", SETTING, back=False)) == 5
    assert len(until_choices("", SETTING, back=True)) == 3
    with pytest.raises(Refusal, match="“pigs” as a day"):
        until_called("pigs", SETTING, back=True)


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("2026-02-27", date(2026, 2, 27)),
        (" yesterday ", date(2026, 3, 1)),
        ("last Friday", date(2026, 2, 27)),
        ("27 February 2026", date(2026, 2, 27)),
        ("March", None),
        ("from 1 to 3 March", None),
        ("30 February", None),
        ("some time", None),
        ("", None),
    ],
)
def test_one_day_is_read_also_where_it_has_passed(words: str, day: date | None) -> None:
    assert day_named(words, MONDAY) == day


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("5 March", date(2026, 3, 5)),
        ("yesterday", date(2026, 3, 19)),
        ("last Friday", date(2026, 3, 13)),
        ("2026-03-12", date(2026, 3, 12)),
        ("today", date(2026, 3, 20)),
        ("2 March", date(2026, 3, 2)),
        ("1 March", None),  # before the first
        ("21 March", None),  # still to come
        ("in two weeks", None),
        ("blue", None),
        ("", None),
    ],
)
def test_a_day_that_has_passed_lies_between_the_first_and_today(words: str, day: date | None) -> None:
    assert day_past(words, date(2026, 3, 2), date(2026, 3, 20)) == day
