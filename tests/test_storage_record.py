"""What counts in a record, beside a plain model of it; on both engines."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage import cases as sql_cases
from storage.engine import Database
from tests.factories import MONDAY_NOON
from tests.storing import days, open_one, opened, telling
from tests.test_storage_lists import HERE, THERE, Said, Word, fill, sayings, slow, to_be_forgotten, untils, words
from watchers.model import Kind
from watchers.ports import UnitOfWork
from watchers.rating import Case, Outcome, RatingWish
from watchers.record import KINDS, RecordWish

wishes = st.builds(
    RecordWish,
    st.sampled_from([None, "BERG", "berg ada", "élysée", "100%", "port"]),
    st.sampled_from([None, "FR", "UA", "DE"]),
    st.sampled_from([None, "norland", "westland"]),
    st.none() | untils,
    st.none() | untils,
)


def counts(case: Case, wanted: RecordWish) -> bool:
    followup = case.followup
    speaker = (followup.speaker or "").casefold()
    return (
        followup.due is not None
        and followup.kind in KINDS
        and (case.rating is None or case.rating.outcome is not Outcome.DISMISSED)
        and all(word in speaker for word in (wanted.speaker or "").casefold().split())
        and (wanted.country is None or wanted.country in followup.countries)
        and (wanted.topic is None or wanted.topic in followup.topics)
        and (wanted.since is None or wanted.since <= followup.due.last)
        and (wanted.until is None or followup.due.last <= wanted.until)
    )


def latest_first(case: Case) -> tuple[date, date, int]:
    assert case.followup.due is not None
    return case.followup.due.last, case.followup.said_on, case.followup.id


@slow
@given(
    said=st.lists(sayings, min_size=1, max_size=10),
    words=st.lists(words, max_size=8),
    wanted=wishes,
    size=st.integers(1, 4),
)
def test_what_counts_is_what_the_model_has_each_once_and_in_order(
    store: Database, *, said: list[Said], words: list[Word], wanted: RecordWish, size: int
) -> None:
    with to_be_forgotten(store) as work:
        cases = fill(work, said, words)
        for asked in (wanted, RecordWish()):
            for guild_id in (HERE, THERE, None):
                expected = sorted(
                    (case for case in cases(guild_id) if counts(case, asked)), key=latest_first, reverse=True
                )
                whole = work.cases.recorded(asked, guild_id)
                assert (list(whole.items), whole.total, whole.overdue) == (expected, len(expected), 0)
                found: list[Case] = []
                for offset in range(0, len(expected) + size, size):
                    page = work.cases.recorded(asked, guild_id, offset=offset, limit=size)
                    found += page.items
                    assert page.total == len(expected)
                assert found == expected


async def test_no_more_is_read_than_a_record_counts_and_what_is_left_out_is_counted(
    store: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sql_cases, "MOST", 3)
    for day in (2, 4, 6, 8, 10):
        await opened(store, telling(due=days(1, day), kind=Kind.COMMITMENT))
    page = await store.look(lambda work: work.cases.recorded(RecordWish(speaker="norland"), HERE))
    assert [case.followup.id for case in page.items] == [5, 4, 3]
    assert page.total == 5
    beyond = await store.look(lambda work: work.cases.recorded(RecordWish(), HERE, offset=3, limit=2))
    assert (beyond.items, beyond.total) == ((), 3)


async def test_the_days_that_bound_a_record_are_in_it(store: Database) -> None:
    for day in (2, 4, 6):
        await opened(store, telling(due=days(1, day), countries=("FR",)))
    first, last = days(1, 2).last, days(1, 4).last
    for wanted in (RecordWish(speaker="norland"), RecordWish(country="FR")):
        bound = replace(wanted, since=first, until=last)
        page = await store.look(lambda work, bound=bound: work.cases.recorded(bound, HERE))  # type: ignore[misc]
        assert [case.followup.id for case in page.items] == [2, 1]


async def test_servers_that_rated_are_known_with_how_much(store: Database) -> None:
    assert await store.look(lambda work: work.cases.raters()) == {}

    def fill_it(work: UnitOfWork) -> None:
        for _ in range(2):
            open_one(work)
        for followup_id, guild_id in ((1, THERE), (1, HERE), (2, HERE), (2, HERE)):
            work.cases.rate(RatingWish(followup_id, guild_id, 7, Outcome.KEPT), MONDAY_NOON)

    await store.transact(fill_it)
    assert await store.look(lambda work: work.cases.raters()) == {HERE: 2, THERE: 1}
