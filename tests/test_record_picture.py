"""The picture of a record: every layer is on it, nothing is cut, and it says in words what it shows."""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import date
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from matplotlib.image import imread

from bot.pictures.record import Chart, alt_text, contrast, draw, on_dark
from bot.pictures.sheet import ALT_TEXT_LIMIT, GROUND
from bot.views.look import STANDING_COLOURS
from bot.words import LANGUAGES, Words
from watchers.record import Standing, Tally

LONG = "Ada Berg, chief negotiator and head of the delegation of the Republic of Sudria to the talks"
EACH_ONE = dict.fromkeys(Standing, 1)
BASE = 212


def a_chart(*months: Mapping[Standing, int], language: str = "en", title: str = "Norland") -> Chart:
    """A chart of the months from March 2026 on."""
    tallies = {date(2026 + (at + 2) // 12, (at + 2) % 12 + 1, 1): Tally(counts) for at, counts in enumerate(months)}
    whole = {one: sum(tally[one] for tally in tallies.values()) for one in Standing}
    return Chart(title, Tally(whole), {month: one for month, one in tallies.items() if one.said}, Words(language))


def pixels(chart: Chart) -> Any:
    """The picture as height by width by colours, each from 0 to 255."""
    return (imread(io.BytesIO(draw(chart)), format="png")[:, :, :3] * 255).round().astype(int)


def colour(name: str) -> list[int]:
    return [int(name[at : at + 2], 16) for at in (1, 3, 5)]


def covered(picture: Any, standing: Standing) -> int:
    """How many pixels above the base line have the colour of a layer."""
    there = np.abs(picture[: BASE * 4] - colour(on_dark(STANDING_COLOURS[standing]))).max(axis=2) < 12
    return int(there.sum())


def assert_nothing_touches_the_edge(picture: Any) -> None:
    ground = np.array(colour(GROUND))
    for edge in (picture[:8], picture[-8:], picture[:, :8], picture[:, -8:]):
        assert (np.abs(edge - ground).max(axis=2) < 12).all()


def test_it_is_as_wide_as_every_picture_and_no_higher_than_a_screen() -> None:
    picture = pixels(a_chart(EACH_ONE, EACH_ONE))
    assert picture.shape[1] == 330 * 4
    assert picture.shape[0] < 1.2 * picture.shape[1]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("count", [1, 13, 24, 40, 90])
def test_nothing_is_cut_in_any_language_however_many_months(language: str, count: int) -> None:
    months = [{one: 1000 * (at + number) for number, one in enumerate(Standing)} for at in range(count)]
    assert_nothing_touches_the_edge(pixels(a_chart(*months, language=language, title=LONG)))


@pytest.mark.parametrize("standing", Standing)
def test_each_layer_is_drawn_where_there_is_one_and_only_there(standing: Standing) -> None:
    picture = pixels(a_chart({standing: 3}))
    for other in Standing:
        assert (covered(picture, other) > 0) == (other is standing)


def test_a_layer_is_as_high_as_what_it_counts() -> None:
    one, three = (
        covered(pixels(a_chart({Standing.KEPT: count, Standing.OPEN: 4 - count})), Standing.KEPT) for count in (1, 3)
    )
    assert three == pytest.approx(3 * one, rel=0.05)


def test_layers_can_be_told_apart_without_their_colours() -> None:
    def bar(standing: Standing) -> Any:
        there = pixels(a_chart({standing: 4}))[80 * 4 : 200 * 4, 30 * 4 : 60 * 4]
        return np.abs(there - colour(GROUND)).max(axis=2) > 40

    drawn = [bar(standing).tobytes() for standing in Standing]
    # What is kept on time is filled, and what is not rated is hollow; the rest has a hatching each.
    assert len(set(drawn)) == len(Standing)


def test_every_layer_stands_out_from_the_ground() -> None:
    for value in STANDING_COLOURS.values():
        assert contrast(colour(on_dark(value)), GROUND) >= 3
    assert on_dark(0x16A34A) == "#16a34a"


def test_a_month_without_anything_keeps_its_room() -> None:
    apart = pixels(a_chart({Standing.KEPT: 1}, {}, {}, {Standing.KEPT: 1}))
    level = np.abs(apart[180 * 4] - colour(on_dark(STANDING_COLOURS[Standing.KEPT]))).max(axis=1) < 12
    places = np.argwhere(level)[:, 0]
    assert np.diff(places).max() > 60 * 4


def test_names_are_shaped_as_their_script_is() -> None:
    joined, apart = "وزير", "و\N{ZERO WIDTH NON-JOINER}ز\N{ZERO WIDTH NON-JOINER}ي\N{ZERO WIDTH NON-JOINER}ر"
    assert (pixels(a_chart(EACH_ONE, title=joined)) != pixels(a_chart(EACH_ONE, title=apart))).any()
    assert (pixels(a_chart(EACH_ONE, title="אב")) != pixels(a_chart(EACH_ONE, title="בא"))).any()


counts = st.dictionaries(st.sampled_from(Standing), st.integers(0, 10**6)).filter(lambda one: any(one.values()))


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(months=st.lists(counts, min_size=1, max_size=30), title=st.text(max_size=120))
def test_any_counts_and_names_can_be_drawn(months: list[dict[Standing, int]], title: str) -> None:
    assert_nothing_touches_the_edge(pixels(a_chart(*months, title=title)))


def test_the_words_beside_the_picture_say_what_it_shows() -> None:
    text = alt_text(a_chart({Standing.KEPT: 2, Standing.OPEN: 1}, {}, {Standing.MISSED: 1}))
    assert text == (
        "Record of Norland: 4 that fell due or will. Kept on time 2, Missed 1, Not rated yet 1. "
        "March 2026: Kept on time 2, Not rated yet 1. May 2026: Missed 1."
    )


@pytest.mark.parametrize(("count", "named"), [(24, "March 2026:"), (25, "Q1 2026:"), (80, "2026:")])
def test_many_months_are_told_by_quarter_or_year(count: int, named: str) -> None:
    assert f". {named} Kept on time " in alt_text(a_chart(*[{Standing.KEPT: 1}] * count))


@given(
    months=st.lists(counts, min_size=1, max_size=40),
    title=st.text(max_size=60),
    language=st.sampled_from(list(LANGUAGES)),
)
def test_the_words_beside_the_picture_fit(months: list[dict[Standing, int]], title: str, language: str) -> None:
    assert len(alt_text(a_chart(*months, title=title, language=language))) <= ALT_TEXT_LIMIT
