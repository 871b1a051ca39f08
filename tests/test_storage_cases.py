"""Follow-ups as servers see them: ratings, notes, muting, watching and faults; on both engines."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import Any

from sqlalchemy import event, select

from storage.engine import Database
from storage.guild_tables import feedback, ratings
from tests.factories import MONDAY_NOON, THIS_WEEK
from tests.storing import days, minutes, open_one, opened, retold, telling
from watchers.model import FollowUp, Interval
from watchers.ports import UnitOfWork
from watchers.rating import Case, CaseFilter, Fault, Flaw, Listing, Note, Outcome, Rating, RatingWish

HERE, THERE = 10, 2**63 - 1
TODAY = MONDAY_NOON.date()


async def rate(
    store: Database,
    followup: FollowUp,
    outcome: Outcome,
    due: Interval | None = None,
    *,
    guild_id: int = HERE,
    at: float = 0,
) -> Rating:
    wish = RatingWish(followup.id, guild_id, 7, outcome, due)
    return await store.transact(lambda work: work.cases.rate(wish, minutes(at)))


async def undo(store: Database, followup: FollowUp, guild_id: int = HERE) -> Rating | None:
    return await store.transact(lambda work: work.cases.undo(guild_id, followup.id, minutes(60)))


async def seen(store: Database, followup: FollowUp, guild_id: int | None = HERE) -> Case:
    [case] = await store.look(lambda work: work.cases.of(guild_id, [followup.id]))
    return case


async def listed(store: Database, listing: Listing, guild_id: int | None = HERE) -> list[int]:
    page = await store.look(lambda work: work.cases.page(CaseFilter(listing), guild_id, TODAY, offset=0, limit=50))
    assert page.total == len(page.items)
    return [case.followup.id for case in page.items]


async def due_within(store: Database, interval: Interval, guild_id: int = HERE, topic: str = "*") -> list[int]:
    cases = await store.look(lambda work: work.cases.due_within(guild_id, topic, interval))
    return [case.followup.id for case in cases]


async def rated_since(store: Database, at: float, guild_id: int = HERE, topic: str = "*") -> list[int]:
    cases = await store.look(lambda work: work.cases.rated_since(guild_id, topic, minutes(at)))
    return [case.followup.id for case in cases]


# --- seeing -----------------------------------------------------------------------------------------------


async def test_cases_come_in_the_order_asked_for_without_those_that_do_not_exist(store: Database) -> None:
    one, two = await opened(store), await opened(store)
    cases = await store.look(lambda work: work.cases.of(HERE, [two.id, 99, one.id]))
    assert cases == [Case(two), Case(one)]
    assert await store.look(lambda work: work.cases.of(None, [])) == []


async def test_one_follow_up_is_seen_by_each_server_in_its_way(store: Database) -> None:
    followup = await opened(store)
    kept = await rate(store, followup, Outcome.KEPT)
    broken = await rate(store, followup, Outcome.BROKEN, guild_id=THERE)
    by_guild = await store.look(lambda work: work.cases.by_guild(followup.id, {HERE, THERE, 12}))
    assert by_guild == {HERE: Case(followup, (kept,)), THERE: Case(followup, (broken,)), 12: Case(followup)}
    assert await seen(store, followup, None) == Case(followup)
    assert await store.look(lambda work: work.cases.by_guild(99, {HERE})) == {}


# --- rating -----------------------------------------------------------------------------------------------


async def test_a_rating_comes_back_as_it_was_given_and_the_last_is_the_last_word(store: Database) -> None:
    followup = await opened(store)
    partly = await rate(store, followup, Outcome.PARTLY, at=1)
    kept = await rate(store, followup, Outcome.KEPT, at=2)
    assert kept == Rating(kept.id, RatingWish(followup.id, HERE, 7, Outcome.KEPT), minutes(2))
    case = await seen(store, followup)
    assert (case.ratings, case.rating, case.is_open) == ((partly, kept), kept, False)


async def test_a_rating_is_undone_step_by_step_and_its_record_stays(store: Database) -> None:
    followup = await opened(store)
    given = [await rate(store, followup, outcome) for outcome in (Outcome.PARTLY, Outcome.BROKEN)]
    other = await rate(store, followup, Outcome.KEPT, guild_id=THERE)
    assert await undo(store, followup) == given[1]
    assert (await seen(store, followup)).rating == given[0]
    assert await listed(store, Listing.SETTLED) == [followup.id]
    assert await undo(store, followup) == given[0]
    assert await undo(store, followup) is None
    assert await seen(store, followup) == Case(followup)
    assert await listed(store, Listing.SETTLED) == []
    assert await listed(store, Listing.PENDING) == [followup.id]
    assert (await seen(store, followup, THERE)).rating == other
    with store._reading.begin() as connection:
        undone = connection.execute(select(ratings.c.undone_at).where(ratings.c.guild_id == HERE)).scalars().all()
    assert undone == [minutes(60), minutes(60)]


async def test_nothing_is_undone_of_a_follow_up_that_does_not_exist(store: Database) -> None:
    followup = replace(await opened(store), id=99)
    assert await undo(store, followup) is None


async def test_what_is_settled_leaves_the_lists_of_its_server_alone(store: Database) -> None:
    settled, open_one_ = await opened(store), await opened(store)
    await rate(store, settled, Outcome.WITHDRAWN)
    assert await listed(store, Listing.PENDING) == [open_one_.id]
    assert await listed(store, Listing.SETTLED) == [settled.id]
    assert await listed(store, Listing.RECENT) == [open_one_.id, settled.id]
    for guild_id in (THERE, None):
        assert await listed(store, Listing.PENDING, guild_id) == [settled.id, open_one_.id]
        assert await listed(store, Listing.SETTLED, guild_id) == []


async def test_what_is_moved_stands_at_its_new_day_and_goes_back_when_that_is_undone(store: Database) -> None:
    first, second, third = [await opened(store, telling(due=days(2, last))) for last in (6, 10, 14)]
    await rate(store, first, Outcome.MOVED, days(12, 12))
    assert (await seen(store, first)).due == days(12, 12)
    assert await listed(store, Listing.PENDING) == [second.id, first.id, third.id]
    assert await due_within(store, days(11, 13)) == [first.id]
    assert await due_within(store, days(6, 6)) == []
    assert await due_within(store, days(6, 6), THERE) == [first.id]
    await rate(store, first, Outcome.MOVED, days(1, 1))
    assert await listed(store, Listing.OVERDUE) == [first.id]
    await undo(store, first)
    assert await listed(store, Listing.PENDING) == [second.id, first.id, third.id]
    await undo(store, first)
    assert await listed(store, Listing.PENDING) == [first.id, second.id, third.id]
    assert (await seen(store, first)).due == days(2, 6)


async def test_what_was_moved_and_then_settled_is_in_no_list_of_what_is_to_come(store: Database) -> None:
    followup = await opened(store)
    await rate(store, followup, Outcome.MOVED, days(9, 9))
    await rate(store, followup, Outcome.KEPT)
    for listing in (Listing.PENDING, Listing.DUE, Listing.OVERDUE):
        assert await listed(store, listing) == []
    assert await due_within(store, days(1, 30)) == []
    assert await listed(store, Listing.SETTLED) == [followup.id]


async def test_what_is_moved_nobody_says_to_when_stands_where_it_stood(store: Database) -> None:
    dated, undated = await opened(store), await opened(store, telling(due=None))
    for followup in (dated, undated):
        await rate(store, followup, Outcome.MOVED)
    assert await listed(store, Listing.PENDING) == [dated.id, undated.id]
    assert await due_within(store, THIS_WEEK) == [dated.id]


async def test_a_better_telling_leaves_what_a_server_moved_where_it_is(store: Database) -> None:
    moved, plain = [await opened(store, telling(due=days(2, 6))) for _ in range(2)]
    await rate(store, moved, Outcome.MOVED, days(20, 20))
    await rate(store, plain, Outcome.MOVED)
    for followup in (moved, plain):
        await retold(store, followup, telling(due=days(2, 9), outlet="Zenith"), best=True)
    assert await due_within(store, days(9, 9)) == [plain.id]
    assert await due_within(store, days(20, 20)) == [moved.id]
    assert await due_within(store, days(9, 9), THERE) == [moved.id, plain.id]


async def test_ratings_are_found_by_when_the_last_was_given_and_by_topic(store: Database) -> None:
    one, two, three = [await opened(store, telling(due=THIS_WEEK), topic) for topic in ("norland", "norland", "sudria")]
    for at, followup in ((5, one), (6, two), (7, three), (8, one)):
        await rate(store, followup, Outcome.KEPT, at=at)
    await rate(store, two, Outcome.KEPT, guild_id=THERE, at=60)
    assert await rated_since(store, 6) == [one.id, three.id, two.id]
    assert await rated_since(store, 6.1) == [one.id, three.id]
    assert await rated_since(store, 0, topic="norland") == [one.id, two.id]
    assert await rated_since(store, 0, THERE) == [two.id]
    await undo(store, one)
    assert await rated_since(store, 6) == [three.id, two.id]


# --- notes, muting, watching, faults ----------------------------------------------------------------------


async def test_notes_are_kept_for_their_server_the_oldest_first(store: Database) -> None:
    followup = await opened(store)

    def write(work: UnitOfWork) -> None:
        work.cases.add_note(HERE, followup.id, 7, "They asked for *more* time \0", minutes(5))
        work.cases.add_note(HERE, followup.id, 8, "Granted \U0001f44d", minutes(4))
        work.cases.add_note(THERE, followup.id, 9, "Elsewhere", minutes(3))

    await store.transact(write)
    first, second = (await seen(store, followup)).notes
    assert first == Note(
        first.id, followup.id, HERE, 7, "They asked for *more* time \N{REPLACEMENT CHARACTER}", minutes(5)
    )
    assert (second.user_id, second.text) == (8, "Granted \U0001f44d")
    assert [note.text for note in (await seen(store, followup, THERE)).notes] == ["Elsewhere"]
    assert (await seen(store, followup, None)).notes == ()


async def test_a_server_mutes_a_follow_up_for_itself_and_hears_of_it_again(store: Database) -> None:
    followup = await opened(store)
    for user_id in (7, 8):
        await store.transact(partial(_mute, followup_id=followup.id, user_id=user_id))
    assert (await seen(store, followup)).muted_by == 7
    assert (await seen(store, followup, THERE)).muted_by is None
    await store.transact(partial(_mute, followup_id=followup.id, user_id=None))
    assert (await seen(store, followup)).muted_by is None


def _mute(work: UnitOfWork, *, followup_id: int, user_id: int | None) -> None:
    work.cases.mute(HERE, followup_id, user_id)


async def test_those_who_watch_are_known_by_server_once_each(store: Database) -> None:
    followup, other = await opened(store), await opened(store)

    def watch(work: UnitOfWork) -> None:
        for user_id in (9, 8, 9):
            work.cases.watch(HERE, followup.id, user_id, wanted=True)
        work.cases.watch(THERE, followup.id, 5, wanted=True)
        work.cases.watch(HERE, other.id, 6, wanted=True)
        work.cases.watch(HERE, other.id, 9, wanted=False)

    def stop(work: UnitOfWork) -> None:
        work.cases.watch(HERE, followup.id, 8, wanted=False)

    async def watchers(guild_id: int) -> list[int]:
        return list(await store.look(lambda work: work.cases.watchers(guild_id, followup.id)))

    await store.transact(watch)
    assert (await watchers(HERE), await watchers(THERE)) == ([8, 9], [5])
    await store.transact(stop)
    assert await watchers(HERE) == [9]


async def test_each_finds_a_fault_once(store: Database) -> None:
    followup = await opened(store)
    wrong_date = Fault(followup.id, HERE, 7, Flaw.WRONG_DATE, days(2, 9))
    faults = [
        wrong_date,
        replace(wrong_date, due=None),
        replace(wrong_date, guild_id=None),
        replace(wrong_date, what=Flaw.NO_COMMITMENT, due=None),
        replace(wrong_date, user_id=8),
    ]
    found = [await store.transact(partial(_find_fault, fault=fault)) for fault in faults]
    assert found == [True, False, False, True, True]
    with store._reading.begin() as connection:
        stored = connection.execute(select(feedback).order_by(feedback.c.id)).first()
    assert stored is not None
    assert (stored.fault, stored.due_start, stored.due_end) == ("wrong date", days(2, 9).first, days(2, 9).last)
    assert stored.given_at == datetime(2026, 3, 2, 12, tzinfo=UTC)


def _find_fault(work: UnitOfWork, *, fault: Fault) -> bool:
    return work.cases.find_fault(fault, MONDAY_NOON)


# --- what it costs ----------------------------------------------------------------------------------------


async def test_a_page_of_a_server_costs_the_same_questions_however_long_it_is(store: Database) -> None:
    def many(work: UnitOfWork) -> None:
        for number in range(40):
            followup = open_one(work, telling(due=THIS_WEEK))
            work.cases.add_note(HERE, followup.id, 7, "Noted", MONDAY_NOON)
            if number % 2:
                moved = RatingWish(followup.id, HERE, 7, Outcome.MOVED, days(2, 20))
                work.cases.rate(moved, MONDAY_NOON)

    await store.transact(many)
    asked: list[str] = []

    def count(*arguments: Any) -> None:
        asked.append(arguments[2])

    event.listen(store._reading, "before_cursor_execute", count)
    costs = []
    for limit in (2, 40):
        asked.clear()
        await store.look(partial(_page, limit=limit))
        costs.append(len(asked))
    assert costs[0] == costs[1] <= 20


def _page(work: UnitOfWork, *, limit: int) -> None:
    assert len(work.cases.page(CaseFilter(), HERE, TODAY, offset=0, limit=limit).items) == limit
