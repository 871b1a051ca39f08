"""Finding the few open follow-ups that an article may tell of."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from tests.test_watchers_resolutions import said
from watchers.expectations import expected_of
from watchers.open_index import OpenIndex, handles_of
from watchers.resolutions import read_news

SAID_ON = date(2024, 9, 10)
DUE = date(2024, 10, 15)
TARIFF = expected_of(said("Canada will impose a 25% tariff on Chinese steel on October 15.", SAID_ON))
VISIT = expected_of(said("Kenya's president will visit Lisbon on 20 September.", SAID_ON))
NEWS = "Canada's 25% tariff on Chinese steel takes effect."


def near(index: OpenIndex, text: str, day: date) -> list[int]:
    return index.near(read_news(text, day))


def test_only_what_shares_something_is_near() -> None:
    index = OpenIndex()
    index.put(1, TARIFF)
    index.put(2, VISIT)
    assert near(index, NEWS, DUE) == [1]
    assert near(index, "The Kenyan president arrives in Lisbon.", date(2024, 9, 20)) == [2]
    assert near(index, "Heavy rain floods several villages near Porto.", DUE) == []


def test_what_is_taken_out_or_over_is_not_near() -> None:
    index = OpenIndex()
    index.put(1, TARIFF)
    assert near(index, NEWS, TARIFF.until) == [1]
    assert near(index, NEWS, TARIFF.until + timedelta(days=1)) == []
    index.drop(1)
    index.drop(1)
    assert (len(index), near(index, NEWS, DUE)) == (0, [])


def test_what_is_filed_again_stands_once() -> None:
    index = OpenIndex()
    index.put(1, TARIFF)
    index.put(1, VISIT)
    assert len(index) == 1
    assert near(index, NEWS, DUE) == []
    assert index.expected(1) is VISIT


def test_an_actor_alone_finds_what_is_due_that_day() -> None:
    index = OpenIndex()
    index.put(1, TARIFF)
    assert near(index, "Ottawa does as it had said.", DUE) == [1]
    assert near(index, "Ottawa does as it had said.", DUE - timedelta(days=5)) == []


def test_few_are_near_however_many_are_filed() -> None:
    index = OpenIndex()
    for number in range(2_000):
        weights = {f"thing{number}" if token == "steel" else token: w for token, w in TARIFF.weights.items()}
        index.put(number, replace(TARIFF, weights=weights))
    assert len(near(index, NEWS, DUE)) <= 16


def test_handles_are_actors_and_acts_as_well_as_things() -> None:
    handles = handles_of(TARIFF)
    assert {"@CA", "@CN", "#25%"} <= set(handles)
    assert any(handle.startswith("!") for handle in handles)
    assert list(handles) == sorted(handles)
