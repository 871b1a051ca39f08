"""Follow-ups: opening, telling again, finding again, listing; on both engines."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import event

from storage.candidates import MOST_CANDIDATES, MOST_READ
from storage.engine import Database
from storage.loading import _AT_ONCE
from tests.factories import THIS_WEEK, a_telling
from tests.storing import add_article, days, minutes, open_one, opened, retold, telling
from watchers.followup_index import MOST_TELLINGS
from watchers.model import FollowUp, Interval, Kind, Precision
from watchers.ports import UnitOfWork
from watchers.rating import CaseFilter, CasePage

EVERYTHING = CaseFilter()
TODAY = date(2026, 3, 2)


async def listed(
    store: Database, wanted: CaseFilter = EVERYTHING, today: date = TODAY, *, offset: int = 0, limit: int = 50
) -> CasePage:
    return await store.look(lambda work: work.cases.page(wanted, None, today, offset=offset, limit=limit))


async def ahead(store: Database, topic: str) -> list[FollowUp]:
    from_today = Interval(TODAY, date.max)
    cases = await store.look(lambda work: work.cases.due_within(10, topic, from_today))
    return [case.followup for case in cases]


def ids(page: CasePage) -> list[int]:
    return [case.followup.id for case in page.items]


async def found(store: Database, window: Interval, *marks: str, undated: bool = False) -> set[int]:
    candidates = await store.look(lambda work: work.followups.candidates(marks, window, undated=undated, feed_id=None))
    return {followup.id for followup in candidates}


# --- opening and telling again ----------------------------------------------------------------------------


async def test_a_follow_up_comes_back_as_it_was_told(store: Database) -> None:
    told = a_telling()
    followup = await opened(store, told, "norland", "borders", "norland")
    said = told.statement
    assert followup == FollowUp(
        id=followup.id,
        kind=said.kind,
        quote=said.quote,
        speaker=said.speaker,
        due=said.due,
        precision=said.precision,
        conditional=said.conditional,
        topics=("borders", "norland"),
        said_on=told.day,
        tellings=(told,),
    )
    assert await store.look(lambda work: work.followups.get(followup.id)) == followup


async def test_an_undated_one_by_nobody_in_particular_comes_back_as_it_was_told(store: Database) -> None:
    told = telling(due=None, speaker=None)
    followup = await opened(store, told)
    assert (followup.due, followup.speaker, followup.tellings) == (None, None, (told,))


async def test_there_is_none_by_a_number_never_given(store: Database) -> None:
    assert await store.look(lambda work: work.followups.get(1)) is None


async def test_a_lesser_telling_adds_itself_and_its_topics_and_changes_no_words(store: Database) -> None:
    first = telling(due=days(2, 6), published=minutes(0))
    followup = await opened(store, first, "norland")
    late = telling("By the week's end, it said.", due=days(2, 8), outlet="Zenith", published=minutes(60))
    early = telling("It will go.", due=None, outlet="Dawn", published=minutes(-60 * 24))
    await retold(store, followup, late, "borders")
    again = await retold(store, followup, early)
    assert again.tellings == (early, first, late)
    assert again.topics == ("borders", "norland")
    assert (again.quote, again.due) == (first.statement.quote, days(2, 6))
    assert again.said_on == early.day


async def test_the_best_telling_lends_its_words_speaker_kind_and_times(store: Database) -> None:
    followup = await opened(store, telling(due=None, speaker=None, kind=Kind.EXPECTATION))
    best = telling("Norland's envoy: out by 20 March.", due=days(2, 20), speaker="The envoy", kind=Kind.COMMITMENT)
    again = await retold(store, followup, best, best=True)
    assert again == await store.look(lambda work: work.followups.get(followup.id))
    assert (again.quote, again.speaker, again.kind) == (best.statement.quote, "The envoy", Kind.COMMITMENT)
    assert (again.due, again.precision) == (days(2, 20), Precision.EXACT)
    by_topic = await listed(store, CaseFilter(topic="norland", kind=Kind.COMMITMENT, text="envoy"))
    assert [case.followup for case in by_topic.items] == [again]
    assert await found(store, days(20, 20), "norland") == {followup.id}
    assert await found(store, days(2, 20), "norland", undated=True) == set()


async def test_tellings_of_one_instant_keep_the_order_of_telling(store: Database) -> None:
    followup = await opened(store, telling(outlet="Zenith"))
    await retold(store, followup, telling(outlet="Dawn"))
    again = await retold(store, followup, telling(outlet="Meridian"))
    assert again.outlets == ("Zenith", "Dawn", "Meridian")


# --- finding again ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("window", "meets"),
    [
        (days(8, 9), False),
        (days(8, 10), True),
        (days(12, 13), True),
        (days(1, 30), True),
        (days(20, 22), True),
        (days(21, 22), False),
    ],
)
async def test_dated_candidates_are_those_whose_days_meet_the_window(
    store: Database, window: Interval, *, meets: bool
) -> None:
    followup = await opened(store, telling(due=days(10, 20)))
    assert await found(store, window, "norland") == ({followup.id} if meets else set())
    assert await found(store, window, "norland", undated=True) == set()


async def test_undated_candidates_are_those_told_within_the_window(store: Database) -> None:
    first, second = await opened(store, telling(due=None)), await opened(store, telling(due=None))
    await opened(store, telling(due=THIS_WEEK))
    await retold(store, second, telling(due=None, published=minutes(60 * 24 * 10)))
    assert await found(store, days(1, 3), "norland", undated=True) == {first.id, second.id}
    assert await found(store, days(11, 13), "norland", undated=True) == {second.id}
    assert await found(store, days(13, 20), "norland", undated=True) == set()


async def test_a_candidate_shares_a_mark_also_one_of_a_later_telling(store: Database) -> None:
    followup = await opened(store, telling(due=THIS_WEEK, marks=["norland"]))
    await opened(store, telling(due=THIS_WEEK, marks=["sudland"]))
    assert await found(store, THIS_WEEK, "norland", "border") == {followup.id}
    assert await found(store, THIS_WEEK, "border") == set()
    await retold(store, followup, telling(due=THIS_WEEK, marks=["border"]))
    assert await found(store, THIS_WEEK, "border") == {followup.id}
    assert await found(store, THIS_WEEK) == set()


async def test_those_that_share_most_marks_come_first_and_crowd_out_the_rest(store: Database) -> None:
    def many(work: UnitOfWork) -> None:
        article = add_article(work)
        for _ in range(MOST_READ):
            work.followups.open(article, telling(due=THIS_WEEK, marks=["norland"]), ())

    near = await opened(store, telling(due=THIS_WEEK, marks=["norland", "border"]))
    await store.transact(many)
    candidates = await store.look(
        lambda work: work.followups.candidates(["border", "norland"], THIS_WEEK, undated=False, feed_id=None)
    )
    assert len(candidates) == MOST_CANDIDATES
    assert candidates[0] == replace(near, topics=())


async def test_a_rare_mark_finds_what_a_common_one_hides(store: Database) -> None:
    def many(work: UnitOfWork) -> None:
        article = add_article(work)
        for _ in range(3 * MOST_READ):
            work.followups.open(article, telling(due=THIS_WEEK, marks=["norland"]), ())

    await store.transact(many)
    near = await opened(store, telling(due=days(2, 9), marks=["norland", "border"]))
    assert near.id not in await found(store, days(2, 9), "norland")
    assert near.id in await found(store, days(2, 9), "norland", "border")


async def test_what_shares_far_less_than_the_likest_is_not_weighed_beside_it(store: Database) -> None:
    shared = [f"mark{number}" for number in range(6)]
    near = await opened(store, telling(due=THIS_WEEK, marks=shared))
    far = await opened(store, telling(due=THIS_WEEK, marks=shared[:1]))
    assert await found(store, THIS_WEEK, *shared) == {near.id}
    assert await found(store, THIS_WEEK, *shared[:3]) == {near.id, far.id}


async def test_of_a_candidate_only_the_latest_tellings_are_loaded(store: Database) -> None:
    def many(work: UnitOfWork) -> None:
        followup = work.followups.open(add_article(work), telling("0", due=THIS_WEEK), ())
        for number in range(1, MOST_TELLINGS + 3):
            again = telling(f"{number}", due=THIS_WEEK, published=minutes(number))
            work.followups.retell(followup.id, add_article(work), again, (), best=False)

    await store.transact(many)
    [candidate] = await store.look(
        lambda work: work.followups.candidates(["norland"], THIS_WEEK, undated=False, feed_id=None)
    )
    assert [one.statement.quote for one in candidate.tellings] == list(map(str, range(3, MOST_TELLINGS + 3)))


# --- listing ----------------------------------------------------------------------------------------------


async def test_the_list_has_the_dated_by_due_day_then_the_undated_by_newest(store: Database) -> None:
    old_promise = await opened(store, telling(due=None))
    new_promise = await opened(store, telling(due=None, published=minutes(60 * 24)))
    last = await opened(store, telling(due=days(2, 20)))
    today = await opened(store, telling(due=days(1, 2)))
    middle, same_day = await opened(store, telling(due=days(6, 6))), await opened(store, telling(due=days(2, 6)))
    past = await opened(store, telling(due=Interval(date(2026, 2, 1), date(2026, 3, 1))))
    order = [today.id, middle.id, same_day.id, last.id, new_promise.id, old_promise.id]
    page = await listed(store)
    assert (ids(page), page.total, page.overdue) == (order, 6, 1)
    assert page.items[0].followup == today
    by_topic = await listed(store, CaseFilter(topic="norland"))
    assert by_topic == page
    next_day = await listed(store, today=date(2026, 3, 3))
    assert (ids(next_day)[0], next_day.total, next_day.overdue) == (middle.id, 5, 2)
    before = await listed(store, today=date(2026, 3, 1))
    assert (ids(before)[0], before.overdue) == (past.id, 0)


@pytest.mark.parametrize("topic", [None, "*", "norland"])
async def test_pages_fit_together(store: Database, topic: str | None) -> None:
    for number in range(3):
        await opened(store, telling(due=days(2, 6 + number)))
        await opened(store, telling(due=None))
    whole = ids(await listed(store, CaseFilter(topic=topic)))
    assert len(whole) == 6
    for size in (1, 2, 4, 5):
        pages = [
            await listed(store, CaseFilter(topic=topic), offset=offset, limit=size) for offset in range(0, 8, size)
        ]
        assert [number for page in pages for number in ids(page)] == whole
        assert {page.total for page in pages} == {6}


async def test_the_filter_narrows_by_topic_kind_and_words(store: Database) -> None:
    await opened(store, telling("Élysée: 100% of troops go.", due=THIS_WEEK, kind=Kind.EVENT), "norland")
    await opened(store, telling("It may sign.", due=THIS_WEEK, speaker="Ángel_Ruiz"), "sudland")
    await opened(store, telling("It may sign.", due=None, speaker=None), "norland", "sudland")
    await opened(store, telling("Past.", due=days(1, 1)), "sudland")

    async def quotes(topic: str | None = None, kind: Kind | None = None, text: str | None = None) -> list[str]:
        page = await listed(store, CaseFilter(topic=topic, kind=kind, text=text))
        assert page.total == len(page.items)
        return [case.followup.quote for case in page.items]

    assert await quotes("norland") == ["Élysée: 100% of troops go.", "It may sign."]
    assert await quotes("westland") == []
    assert await quotes(kind=Kind.EVENT) == ["Élysée: 100% of troops go."]
    assert await quotes("sudland", Kind.EVENT) == []
    assert await quotes(text="SIGN may") == ["It may sign.", "It may sign."]
    assert await quotes("sudland", text="ángel_") == ["It may sign."]
    assert await quotes(text="ÉLYSÉE") == ["Élysée: 100% of troops go."]
    assert await quotes(text="100% troops") == ["Élysée: 100% of troops go."]
    assert await quotes(text="m%y") == []
    assert await quotes(text=" \0 ") == []
    assert (await listed(store, CaseFilter(topic="sudland", text="past"))).overdue == 1


async def test_a_speaker_is_looked_for_in_names_alone_and_a_country_in_every_telling(store: Database) -> None:
    by_berg = await opened(store, telling("Ferries sail.", due=THIS_WEEK, speaker="Ada Berg_Holm", countries=("FR",)))
    of_berg = await opened(store, telling("Berg must sign.", due=THIS_WEEK, speaker=None), "norland", "sudland")
    await retold(store, of_berg, telling("Berg signs.", outlet="Zenith", countries=("UA", "FR")))

    async def found_by(**asked: str) -> list[int]:
        return ids(await listed(store, CaseFilter(**asked)))  # type: ignore[arg-type] # each field by its name

    assert await found_by(text="BERG") == [by_berg.id, of_berg.id]
    assert await found_by(speaker="BERG") == [by_berg.id]
    assert await found_by(speaker="holm ada") == [by_berg.id]
    assert await found_by(speaker="a_a") == []
    assert await found_by(speaker="sail") == []
    assert await found_by(country="FR") == [by_berg.id, of_berg.id]
    assert await found_by(country="UA") == [of_berg.id]
    assert await found_by(country="FR", topic="sudland") == [of_berg.id]
    assert await found_by(country="UA", topic="norland") == [of_berg.id]
    assert await found_by(country="DE") == []


async def test_ahead_on_a_topic_is_every_dated_one_whose_last_day_is_not_over(store: Database) -> None:
    later, today = await opened(store, telling(due=days(2, 9))), await opened(store, telling(due=days(1, 2)))
    await opened(store, telling(due=days(1, 1)))
    await opened(store, telling(due=None))
    elsewhere = await opened(store, telling(due=days(2, 5)), "sudland")
    assert await ahead(store, "norland") == [today, later]
    assert await ahead(store, "*") == [today, elsewhere, later]
    assert await ahead(store, "westland") == []


async def test_a_page_costs_the_same_few_queries_however_long_it_is(store: Database) -> None:
    def many(work: UnitOfWork) -> None:
        for number in range(30):
            followup = open_one(work, telling(due=days(2, 6)), "norland", "sudland")
            work.followups.retell(followup.id, add_article(work), telling(f"{number}"), (), best=False)

    await store.transact(many)
    queries: list[str] = []

    def count(*arguments: Any) -> None:
        queries.append(arguments[2])

    event.listen(store._reading, "before_cursor_execute", count)
    await listed(store, limit=2)
    short = len(queries)
    page = await listed(store, limit=30)
    assert len(page.items) == 30
    assert len(queries) == 2 * short <= 18


async def test_more_follow_ups_than_one_question_can_name_are_loaded(store: Database) -> None:
    def many(work: UnitOfWork) -> None:
        article = add_article(work)
        for _ in range(_AT_ONCE + 1):
            work.followups.open(article, telling(due=THIS_WEEK, marks=()), ["norland"])

    await store.transact(many)
    assert len(await ahead(store, "norland")) == _AT_ONCE + 1
