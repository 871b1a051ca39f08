"""A stream as history: what was told, told again and moved, and how it ended."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest

from watchers import history as history_module
from watchers.history import Ended, History
from watchers.marks import marks_of
from watchers.matcher.match import read_article
from watchers.model import Article
from watchers.rating import Outcome
from watchers.resolutions import MOST_NEAR

DAY = date(2024, 9, 10)
TARIFF = "Canada will impose a 25% tariff on Chinese steel on October 15."


def read(history: History, key: str, day: date, text: str) -> list[Ended]:
    """Let a history read an article; return what it gives out."""
    article = Article(key, "The Meridian", None, "", text, datetime.combine(day, time(), UTC), day)
    told = [(each, marks_of(each, title="", text=text)) for each in read_article(text, day)]
    history.read(key, article, told)
    return list(history.over(day))


def test_a_follow_up_is_told_twice_and_kept() -> None:
    history = History()
    read(history, "a", DAY, TARIFF)
    read(history, "b", DAY + timedelta(days=1), f"Ottawa confirms: {TARIFF}")
    read(history, "c", date(2024, 10, 15), "Canada's 25% tariff on Chinese steel takes effect.")
    (ended,) = history.rest()
    assert [place.article for place in ended.places] == ["a", "b"]
    assert [(change.what, change.article) for change in ended.changes] == [
        ("said", "a"),
        ("told again", "b"),
        ("settled", "c"),
    ]
    assert ended.outcome is Outcome.KEPT
    assert ended.evidence is not None
    assert ended.evidence.article == "c"
    assert len(history) == 0


def test_silence_is_open() -> None:
    history = History()
    read(history, "a", DAY, TARIFF)
    (ended,) = history.rest()
    assert (ended.outcome, ended.evidence, ended.near) == (None, None, ())


def test_what_is_open_brings_what_came_closest() -> None:
    history = History()
    read(history, "a", DAY, TARIFF)
    for number in range(MOST_NEAR + 2):
        day = date(2024, 10, 18) + timedelta(days=number)
        read(history, f"n{number}", day, "Canada's 25% tariff on Chinese steel takes effect.")
    (ended,) = history.rest()
    assert ended.outcome is None
    assert 0 < len(ended.near) <= MOST_NEAR
    confidences = [near.resolution.confidence for near in ended.near]
    assert confidences == sorted(confidences, reverse=True)


def test_a_move_keeps_its_history() -> None:
    history = History()
    read(history, "a", DAY, TARIFF)
    read(history, "b", date(2024, 10, 12), "Canada delays its 25% tariff on Chinese steel until January 8.")
    first = next(iter(history.rest()))
    assert first.outcome is Outcome.MOVED
    assert [change.what for change in first.changes] == ["said", "moved"]
    assert first.changes[-1].due is not None
    assert first.changes[-1].due.last == date(2025, 1, 8)


def test_what_was_moved_is_not_settled_by_its_old_time() -> None:
    history = History()
    read(history, "a", DAY, TARIFF)
    read(history, "b", date(2024, 10, 12), "Canada delays its 25% tariff on Chinese steel until January 8.")
    read(history, "c", date(2024, 10, 15), "Canada's 25% tariff on Chinese steel takes effect.")
    assert next(iter(history.rest())).outcome is Outcome.MOVED


def test_the_article_that_says_it_is_no_evidence_of_it() -> None:
    history = History()
    read(history, "a", date(2024, 10, 15), f"{TARIFF} Canada's 25% tariff on Chinese steel takes effect.")
    assert next(iter(history.rest())).outcome is None


def test_what_nothing_more_is_expected_of_is_given_out_and_forgotten() -> None:
    history = History()
    assert read(history, "a", DAY, TARIFF) == []
    assert len(history) == 1
    (ended,) = read(history, "b", date(2025, 3, 1), "It rains in Porto.")
    assert ended.number == 1
    assert len(history) == 0
    read(history, "c", date(2025, 3, 2), "Canada will impose a 25% tariff on Chinese steel on April 15.")
    assert [later.number for later in history.rest()] == [2]


def test_of_too_many_those_that_end_first_are_given_out_early(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history_module, "MOST_OPEN", 1)
    history = History()
    read(history, "a", DAY, TARIFF)
    (early,) = read(history, "b", DAY, "Kenya's president will visit Lisbon on 20 September.")
    assert early.followup.quote.startswith("Kenya")
    assert len(history) == 1


def test_the_same_stream_gives_the_same_history() -> None:
    def told() -> list[Ended]:
        history = History()
        read(history, "a", DAY, TARIFF)
        read(history, "b", DAY, "Kenya's president will visit Lisbon on 20 September.")
        read(history, "c", date(2024, 9, 20), "Kenya's president visits Lisbon.")
        read(history, "d", date(2024, 10, 15), "Canada's 25% tariff on Chinese steel takes effect.")
        return list(history.rest())

    assert told() == told()
    assert [ended.outcome for ended in told()] == [Outcome.KEPT, Outcome.KEPT]
