"""What open follow-ups lead one to expect, on both engines: filed, found again, and forgotten."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from functools import partial

import pytest

from storage.engine import Database
from tests.storing import open_one, opened, telling
from tests.test_watchers_resolutions import said
from watchers import open_index
from watchers.expectations import MEMORY, PATIENCE, Expected, expected_of
from watchers.model import Interval
from watchers.open_index import OpenIndex, asked_by
from watchers.ports import UnitOfWork
from watchers.resolutions import read_news

SAID_ON = date(2024, 9, 10)
DUE = date(2024, 10, 15)
TARIFF = expected_of(said("Canada will impose a 25% tariff on Chinese steel on October 15.", SAID_ON))
VISIT = expected_of(said("Kenya's president will visit Lisbon on 20 September.", SAID_ON))
TRUCE = expected_of(said("If they do not free the hostages by Friday, Norland will resume strikes on Gaza.", SAID_ON))
NEWS = "Canada's 25% tariff on Chinese steel takes effect. The Kenyan president arrives in Lisbon."


async def file(store: Database, *expected: Expected) -> list[int]:
    """File what follow-ups lead one to expect, each of a follow-up of its own; return their numbers."""

    def work(unit: UnitOfWork) -> list[int]:
        numbers = []
        for one in expected:
            numbers.append(open_one(unit).id)
            unit.expectations.file(numbers[-1], one)
        return numbers

    return await store.transact(work)


def hide(work: UnitOfWork, *, number: int) -> None:
    work.expectations.hide(number)


def tidy(work: UnitOfWork, *, day: date) -> None:
    work.expectations.tidy(day)


async def near(store: Database, text: str, day: date) -> Mapping[int, tuple[int, ...]]:
    asked = asked_by(read_news(text, day))
    return await store.look(lambda work: work.expectations.near(asked, None))


async def test_what_is_filed_comes_back_as_it_was(store: Database) -> None:
    undated = replace(VISIT, due=None)
    numbers = await file(store, TARIFF, undated, TRUCE)
    filed = await store.look(lambda work: work.expectations.filed([*numbers, 99]))
    assert filed == dict(zip(numbers, (TARIFF, undated, TRUCE), strict=True))
    assert list(filed[numbers[0]].weights) == list(TARIFF.weights)


@pytest.mark.parametrize("day", [DUE, date(2024, 9, 20), TARIFF.until, TARIFF.until + timedelta(days=1)])
async def test_an_article_finds_what_the_index_in_memory_finds(store: Database, day: date) -> None:
    numbers = await file(store, TARIFF, VISIT, TRUCE)
    index = OpenIndex()
    for number, expected in zip(numbers, (TARIFF, VISIT, TRUCE), strict=True):
        index.put(number, expected)
    found = await near(store, NEWS, day)
    assert list(found.items()) == list(index.near(asked_by(read_news(NEWS, day))).items())
    assert (numbers[0] in found) == (day <= TARIFF.until)


async def test_what_is_filed_again_or_hidden_is_found_no_more(store: Database) -> None:
    [number] = await file(store, TARIFF)
    assert await near(store, NEWS[:51], DUE) == {number: (0,)}
    await store.transact(lambda work: work.expectations.file(number, VISIT))
    assert await near(store, NEWS[:51], DUE) == {}
    assert await near(store, NEWS, date(2024, 9, 20)) == {number: (1,)}
    await store.transact(lambda work: work.expectations.hide(number))
    assert await near(store, NEWS, date(2024, 9, 20)) == {}
    assert await store.look(lambda work: work.expectations.filed([number])) == {number: VISIT}


async def test_a_crowded_key_holds_no_more_than_shows_that_it_is(
    store: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(open_index, "_CROWDED", 2)
    lone = replace(TARIFF, weights={"@CA": 1.0, "steel": 1.0}, due=None)
    numbers = await file(store, lone, lone)
    assert sorted(await near(store, NEWS, SAID_ON)) == numbers
    await file(store, lone, lone)
    assert await near(store, NEWS, SAID_ON) == {}
    for number in numbers:
        await store.transact(partial(hide, number=number))
    assert list(await near(store, NEWS, SAID_ON)) == [numbers[-1] + 1], "of four only three were filed"


async def test_what_is_over_is_forgotten(store: Database) -> None:
    tariff, visit = await file(store, TARIFF, VISIT)
    assert await store.look(lambda work: work.expectations.tidied_on()) is None
    for day in (VISIT.until, VISIT.until + timedelta(days=1)):
        await store.transact(partial(tidy, day=day))
        assert await store.look(lambda work: work.expectations.tidied_on()) == day
        there = {tariff: TARIFF} if day > VISIT.until else {tariff: TARIFF, visit: VISIT}
        assert await store.look(lambda work: work.expectations.filed([tariff, visit])) == there
    assert await near(store, NEWS, DUE) == {tariff: (0,)}


async def test_what_was_told_before_and_is_still_expected_is_not_filed_yet(store: Database) -> None:
    due = Interval(date(2026, 3, 2), date(2026, 3, 6))
    dated, undated = await opened(store, telling(due=due)), await opened(store, telling())
    [filed] = await file(store, TARIFF)

    async def unfiled(day: date, after: int = 0) -> list[int]:
        return list(await store.look(lambda work: work.expectations.unfiled(day, after=after, limit=10)))

    assert await unfiled(due.last + PATIENCE) == [dated.id, undated.id]
    assert await unfiled(due.last + PATIENCE, after=dated.id) == [undated.id]
    assert await unfiled(due.last + PATIENCE + timedelta(days=1)) == [undated.id]
    assert await unfiled(undated.said_on + MEMORY + timedelta(days=1)) == []
    assert filed not in await unfiled(due.last)
