"""The picture of the coming weeks: every row is on it, no text is cut, and it says in words what it shows."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from matplotlib.image import imread

from bot.pictures import timeline as pictures
from bot.pictures.sheet import ALT_TEXT_LIMIT, GROUND, drawable
from bot.pictures.timeline import MOST_ROWS, Row, Timeline, alt_text, draw
from bot.words import LANGUAGES, Words
from watchers.model import Interval, Kind

TODAY = date(2026, 3, 4)
WEEKS_AHEAD = TODAY + timedelta(weeks=4)
LONG = "Ada Berg, chief negotiator and head of the delegation of the Republic of Sudria to the talks"
NAMES = ["Norland", "Міністр закордонних справ", "وزير الخارجية", "ראש הממשלה", LONG, "W" * 80, ""]


def a_row(
    number: int = 1,
    *,
    who: str = "Norland",
    kind: Kind = Kind.DEADLINE,
    due: Interval | None = None,
    about: bool = False,
) -> Row:
    return Row(number, kind, who, "will withdraw its troops from the border towns.", due or an_interval(2, 9), about)


def an_interval(first: int, last: int) -> Interval:
    return Interval(TODAY + timedelta(days=first), TODAY + timedelta(days=last))


def a_timeline(*rows: Row, total: int | None = None, language: str = "en", until: date = WEEKS_AHEAD) -> Timeline:
    return Timeline("Norland", TODAY, until, rows, len(rows) if total is None else total, Words(language))


def pixels(timeline: Timeline) -> Any:
    """The picture as height by width by colours, each from 0 to 255."""
    return (imread(io.BytesIO(draw(timeline)), format="png")[:, :, :3] * 255).round().astype(int)


def colour(name: str) -> Sequence[int]:
    return [int(name[at : at + 2], 16) for at in (1, 3, 5)]


def is_coloured(picture: Any, name: str) -> Any:
    return (np.abs(picture - colour(name)).max(axis=2) < 12).any()


def assert_nothing_touches_the_edge(picture: Any) -> None:
    ground = np.array(colour(GROUND))
    for edge in (picture[:8], picture[-8:], picture[:, :8], picture[:, -8:]):
        assert (np.abs(edge - ground).max(axis=2) < 12).all()


def test_the_picture_is_hardly_wider_than_a_message_on_a_phone_four_pixels_to_a_unit() -> None:
    picture = pixels(a_timeline(a_row()))
    assert picture.shape[1] == 330 * 4
    assert picture.shape[0] < picture.shape[1]
    many = pixels(a_timeline(*(a_row(number) for number in range(MOST_ROWS))))
    assert picture.shape[1] < many.shape[0] < 1.6 * picture.shape[1]


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_cut_in_any_language_or_script(language: str) -> None:
    rows = [
        a_row(number, who=NAMES[number % len(NAMES)], kind=list(Kind)[number % 4], about=number % 3 == 0)
        for number in range(MOST_ROWS + 1)
    ]
    rows[3] = replace(rows[3], due=an_interval(-40, 28))
    rows[4] = replace(rows[4], due=an_interval(0, 0))
    rows[5] = replace(rows[5], due=an_interval(28, 28))
    assert_nothing_touches_the_edge(pixels(replace(a_timeline(*rows, total=100_000, language=language), title=LONG)))


@pytest.mark.parametrize("weeks", [1, 10, 26])
@pytest.mark.parametrize("weekday", [0, 2, 4, 5])
def test_nothing_is_cut_on_any_day_of_the_week(weeks: int, weekday: int) -> None:
    today = TODAY + timedelta(days=weekday)
    until = today + timedelta(weeks=weeks)
    row = a_row(due=Interval(today, until))
    assert_nothing_touches_the_edge(pixels(replace(a_timeline(row, until=until, language="uk"), today=today)))


@pytest.mark.parametrize("kind", Kind)
def test_each_kind_has_its_colour_and_its_shape(kind: Kind) -> None:
    picture = pixels(a_timeline(a_row(kind=kind)))
    for other, (name, _) in pictures._LOOKS.items():
        assert is_coloured(picture, name) == (other is kind)
    assert len({shape for _, shape in pictures._LOOKS.values()}) == len(Kind)


def test_a_later_last_day_stands_further_to_the_right() -> None:
    def mark_at(last: int) -> float:
        picture = pixels(a_timeline(a_row(due=an_interval(last, last))))[75 * 4 + 60 : 75 * 4 + 120]
        there = np.abs(picture - colour(pictures._LOOKS[Kind.DEADLINE][0])).max(axis=2) < 12
        return float(np.argwhere(there)[:, 1].mean())

    places = [mark_at(last) for last in (0, 7, 14, 28)]
    assert places == sorted(places)
    assert places[2] - places[1] == pytest.approx(places[1] - places[0], abs=3)


def test_a_span_is_drawn_longer_than_a_day_and_a_vague_one_broken() -> None:
    def covered(row: Row) -> int:
        dull = np.abs(pixels(a_timeline(row)) - pixels(a_timeline(replace(row, due=an_interval(20, 20))))).max(axis=2)
        return int((dull > 40).sum())

    day, span = covered(a_row(due=an_interval(9, 9))), covered(a_row(due=an_interval(2, 9)))
    vague = covered(a_row(due=an_interval(2, 9), about=True))
    assert day < span
    assert vague < span


def test_names_are_shaped_as_their_script_is() -> None:
    """Joined letters and reading from right to left: what matplotlib before 3.11 drew wrongly."""
    joined, apart = "وزير", "و\N{ZERO WIDTH NON-JOINER}ز\N{ZERO WIDTH NON-JOINER}ي\N{ZERO WIDTH NON-JOINER}ر"
    assert (pixels(a_timeline(a_row(who=joined))) != pixels(a_timeline(a_row(who=apart)))).any()
    assert (pixels(a_timeline(a_row(who="אב"))) != pixels(a_timeline(a_row(who="בא")))).any()


def test_a_name_that_runs_the_other_way_turns_nothing_beside_it() -> None:
    def right_of_it(who: str) -> Any:
        return pixels(a_timeline(replace(a_row(who=who), what="will act")))[75 * 3 : 75 * 3 + 45, 305 * 3 :]

    assert (right_of_it("וזיר") == right_of_it("\N{RIGHT-TO-LEFT OVERRIDE}Nor")).all()
    assert (right_of_it("וזיר") != colour(GROUND)).any()


@pytest.mark.parametrize(
    ("text", "drawn"),
    [
        ("汉字 émigré 🇺🇦", "émigré"),
        ("price: $5 and $7_x^2", "price: $5 and $7_x^2"),
        ("\u202egnp.exe\u2069", "gnp.exe"),
        ("a\n\tb\x00c", "a bc"),
        ("Міністр وزير ראש", "Міністр وزير ראש"),
        ("漢字", ""),
    ],
)
def test_what_the_fonts_lack_is_left_out(text: str, drawn: str) -> None:
    assert drawable(text) == drawn
    draw(a_timeline(a_row(who=text)))  # a glyph that is missing would be a warning, and warnings are errors here


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    title=st.text(max_size=120),
    names=st.lists(st.tuples(st.text(max_size=90), st.text(max_size=300)), min_size=1, max_size=5),
    spans=st.lists(st.tuples(st.integers(-400, 28), st.integers(0, 28)), min_size=5, max_size=5),
)
def test_any_words_and_days_can_be_drawn(
    title: str, names: list[tuple[str, str]], spans: list[tuple[int, int]]
) -> None:
    rows = [
        Row(number, Kind.EVENT, who, what, an_interval(min(span), span[1]), about=False)
        for number, ((who, what), span) in enumerate(zip(names, spans, strict=False))
    ]
    assert_nothing_touches_the_edge(pixels(replace(a_timeline(*rows), title=title)))


def test_the_words_beside_the_picture_say_what_it_shows() -> None:
    text = alt_text(a_timeline(a_row(12), a_row(13, who="Sudria", about=True), total=5))
    assert text == (
        "Timeline from 4 March 2026 to 1 April 2026: Norland. Fri 13 Mar: Norland (#12). ≈ Fri 13 Mar: Sudria (#13). "
        "and 3 more"
    )


@given(
    names=st.lists(st.text(max_size=80), min_size=1, max_size=20),
    more=st.integers(0, 10**6),
    language=st.sampled_from(list(LANGUAGES)),
)
def test_the_words_beside_the_picture_fit_and_count_what_they_leave_out(
    names: list[str], more: int, language: str
) -> None:
    rows = [a_row(number, who=name) for number, name in enumerate(names)]
    text = alt_text(a_timeline(*rows, total=len(rows) + more, language=language))
    assert len(text) <= ALT_TEXT_LIMIT
    shown = sum(f"(#{number})." in text for number in range(len(rows)))
    assert shown == len(rows) + more or text.endswith(
        Words(language).many("and {count} more", "and {count} more", len(rows) + more - shown)
    )
