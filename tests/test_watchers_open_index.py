"""Finding the few open follow-ups that an article may tell of."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from tests.test_watchers_resolutions import said
from watchers.expectations import expected_of
from watchers.model import Interval
from watchers.open_index import OpenIndex, asked_by, handles_of, keys_asked, keys_of, most_under
from watchers.resolutions import read_news

SAID_ON = date(2024, 9, 10)
DUE = date(2024, 10, 15)
TARIFF = expected_of(said("Canada will impose a 25% tariff on Chinese steel on October 15.", SAID_ON))
VISIT = expected_of(said("Kenya's president will visit Lisbon on 20 September.", SAID_ON))
NEWS = "Canada's 25% tariff on Chinese steel takes effect."


def near(index: OpenIndex, text: str, day: date) -> list[int]:
    return list(index.near(asked_by(read_news(text, day))))


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


def test_a_long_article_finds_what_each_of_its_sentences_tells_of() -> None:
    index = OpenIndex()
    index.put(1, TARIFF)
    index.put(2, VISIT)
    rain = ["Heavy rain floods several villages near Porto."] * 60
    news = read_news(" ".join([*rain, "The Kenyan president arrives in Lisbon.", *rain, NEWS]), date(2024, 9, 20))
    found = index.near(asked_by(news))
    assert {number: [news.text[news.sentences[each].start :][:6] for each in found[number]] for number in found} == {
        2: ["The Ke"],
        1: ["Canada"],
    }


def test_a_key_is_a_signed_number_of_64_bits_that_any_run_gives() -> None:
    keys = keys_of(TARIFF)
    assert all(-(2**63) <= key < 2**63 for key in keys)
    pair = replace(TARIFF, weights={"@CA": 1.0, "steel": 1.0}, due=None)
    assert keys_of(pair) == {-8397399615973277016}
    assert keys_of(replace(pair, due=Interval(DUE, DUE))) > keys_of(pair)
    assert {most_under(key) for key in keys} == {48, 400}


def test_what_a_sentence_asks_by_is_bounded() -> None:
    endless = " ".join(f"steel{number}" for number in range(3_000))
    [told] = read_news(f"Canada sells {endless}.", DUE).sentences
    assert len(keys_asked(told, DUE)) <= 32 * 31 / 2 + 32


def test_a_key_that_very_many_share_finds_none() -> None:
    index = OpenIndex()
    lone = replace(TARIFF, weights={"@CA": 1.0, "steel": 1.0}, due=None)
    for number in range(48):
        index.put(number, lone)
    assert len(near(index, NEWS, SAID_ON)) == 16
    index.put(48, lone)
    assert near(index, NEWS, SAID_ON) == []
