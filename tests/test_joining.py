"""Follow-ups that are joined, split and moved, with all that hangs on their numbers; on both engines."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import Select, select

from storage.engine import Database
from storage.outcome_tables import joined as aliases
from storage.tables import followup_marks
from tests.factories import MONDAY_NOON, a_clue, a_wish
from tests.storing import an_alert, days, minutes, opened, retold, telling, waiting_alerts
from watchers.audience import Alert, AlertForm, Delivery, Posted, Reminder, Rhythm, Subscription, SubscriptionWish
from watchers.deadline_watcher import put_subscription
from watchers.joining import Parted, join, recognise, said_best, split
from watchers.model import FollowUp, Precision
from watchers.ports import UnitOfWork
from watchers.rating import Case, Fault, Flaw, Outcome, RatingWish

NOW = MONDAY_NOON


async def joined(store: Database, one: FollowUp, other: FollowUp) -> FollowUp:
    found = await store.transact(lambda work: join(work, one.id, other.id, NOW))
    assert found is not None
    return found


async def ordered(store: Database, wish: SubscriptionWish) -> Subscription:
    return (await store.transact(lambda work: put_subscription(work, wish, NOW)))[0]


async def leased(store: Database) -> list[Delivery]:
    later = NOW + timedelta(days=1)
    return await store.transact(lambda work: waiting_alerts(work, later))


async def put(store: Database, alert: Alert) -> bool:
    return await store.transact(lambda work: work.outbox.put(alert, NOW))


async def sent(store: Database, delivery: Delivery, message_id: int) -> None:
    there = Posted(delivery.alert.channel_id or 1, message_id)
    await store.transact(lambda work: work.outbox.sent(delivery, there, NOW))


async def called(store: Database, *numbers: int, guild_id: int = 10) -> list[Case]:
    return list(await store.look(lambda work: work.cases.of(guild_id, numbers)))


async def marked(store: Database, mark: str) -> list[int]:
    found = await store.look(lambda work: work.followups.candidates([mark], days(2, 6), undated=False, feed_id=None))
    return [one.id for one in found]


def rows(store: Database, question: Select[Any]) -> set[tuple[Any, ...]]:
    with store._reading.begin() as connection:
        return {tuple(row) for row in connection.execute(question)}


async def post_all(store: Database) -> None:
    """Let everything that waits stand in Discord."""
    for number, delivery in enumerate(await leased(store), 900):
        await sent(store, delivery, number)


def gather(order: Subscription, followup: FollowUp, work: UnitOfWork) -> None:
    work.subscriptions.gather([order.id], followup.id)


async def two(store: Database) -> tuple[FollowUp, FollowUp]:
    return (
        await opened(store, telling("Norland will go.", due=days(2, 6)), "norland"),
        await opened(
            store,
            telling("Norland goes.", due=days(2, 6), outlet="Zenith", marks=["sudland"], countries=("FR",)),
            "borders",
        ),
    )


# --- joining ------------------------------------------------------------------------------------------------


async def test_the_older_has_all_tellings_topics_countries_and_marks(store: Database) -> None:
    older, newer = await two(store)
    both = await joined(store, newer, older)
    assert both.id == older.id
    assert both.outlets == ("The Meridian", "Zenith")
    assert (both.topics, both.countries) == (("borders", "norland"), frozenset({"FR"}))
    assert both.quote == older.quote
    for mark in ("norland", "sudland"):
        assert await marked(store, mark) == [older.id]


async def test_an_old_number_finds_what_it_became_however_often_it_was_joined(store: Database) -> None:
    first, second = await two(store)
    third = await opened(store, telling("It goes.", due=days(2, 6)))
    await joined(store, second, third)
    both = await joined(store, first, second)
    for number in (first.id, second.id, third.id):
        assert [one.followup for one in await called(store, number)] == [both]
    assert await store.look(lambda work: work.followups.get(third.id)) == both
    assert [one.followup.id for one in await called(store, 3, 1, 99, 2)] == [1]
    assert await store.transact(lambda work: join(work, 1, 3, NOW)) is None
    assert await store.transact(lambda work: join(work, 1, 99, NOW)) is None
    assert rows(store, select(aliases)) == {(2, 1), (3, 1)}


async def test_ratings_notes_watching_and_muting_end_under_the_older_number(store: Database) -> None:
    older, newer = await two(store)

    def fill(work: UnitOfWork) -> None:
        for number in (older.id, newer.id):
            work.cases.watch(10, number, 7, wanted=True)
            work.cases.find_fault(Fault(number, 10, 7, Flaw.WRONG_DATE), NOW)
            work.outcomes.suggest(number, 1, a_clue(), NOW)
        work.outcomes.suggest(newer.id, 2, a_clue(Outcome.BROKEN), NOW)
        work.cases.watch(10, newer.id, 8, wanted=True)
        work.cases.mute(10, newer.id, 7)
        work.cases.add_note(10, newer.id, 7, "seen", NOW)
        work.cases.rate(RatingWish(older.id, 10, 7, Outcome.BROKEN), NOW)
        work.cases.rate(RatingWish(newer.id, 10, 7, Outcome.KEPT), NOW)
        work.cases.rate(RatingWish(newer.id, 11, 7, Outcome.MOVED, days(9, 10)), NOW)

    await store.transact(fill)
    await joined(store, older, newer)
    [case] = await store.look(lambda work: work.cases.of(10, [older.id]))
    assert [one.outcome for one in case.ratings] == [Outcome.BROKEN, Outcome.KEPT]
    assert ([note.text for note in case.notes], case.muted_by) == (["seen"], 7)
    assert sorted(one.clue.outcome for one in case.suggestions) == [Outcome.BROKEN, Outcome.KEPT]
    assert await store.look(lambda work: work.cases.watchers(10, newer.id)) == [7, 8]
    assert [one.fault.followup_id for one in await store.look(lambda work: work.cases.complaints())] == [older.id]
    settled = await store.look(lambda work: work.cases.rated_since(10, "*", NOW))
    assert [one.rating and one.rating.outcome for one in settled] == [Outcome.KEPT]
    due = await store.look(lambda work: work.cases.due_within(11, "*", days(10, 10)))
    assert [one.followup.id for one in due] == [older.id]


async def test_what_is_done_by_an_old_number_is_done_to_what_it_became(store: Database) -> None:
    older, newer = await two(store)
    await joined(store, older, newer)
    old = newer.id

    def use(work: UnitOfWork) -> None:
        work.cases.rate(RatingWish(old, 10, 7, Outcome.KEPT), NOW)
        work.cases.add_note(10, old, 7, "by the old number", NOW)
        work.cases.watch(10, old, 7, wanted=True)
        work.cases.mute(10, old, 7)
        work.cases.find_fault(Fault(old, 10, 7, Flaw.WRONG_DATE), NOW)
        work.reminders.plan([Reminder("personal:7:1", minutes(9), old, user_id=7)])

    await store.transact(use)
    [case] = await store.look(lambda work: work.cases.of(10, [older.id]))
    assert (case.rating and case.rating.outcome, case.muted_by, len(case.notes)) == (Outcome.KEPT, 7, 1)
    [due] = await store.look(lambda work: work.reminders.due(minutes(9), 5))
    assert due.case is not None
    assert due.case.followup.id == older.id
    undone = await store.transact(lambda work: work.cases.undo(10, old, NOW))
    assert undone is not None
    await store.transact(lambda work: work.cases.mute(10, old, None))
    await store.transact(lambda work: work.cases.watch(10, old, 7, wanted=False))
    await store.transact(lambda work: work.cases.drop_fault(old, 7, Flaw.WRONG_DATE))
    [case] = await store.look(lambda work: work.cases.of(10, [older.id]))
    assert (case.rating, case.muted_by) == (None, None)
    assert await store.look(lambda work: work.cases.watchers(10, old)) == []
    assert await store.look(lambda work: work.cases.complaints()) == []


async def test_reminders_of_orders_are_planned_anew_and_a_persons_own_are_kept(store: Database) -> None:
    await ordered(store, a_wish(topic="*", lead_days=(0,)))
    older = await opened(store, telling(due=days(2, 9)))
    newer = await opened(store, telling("By the 6th.", due=days(2, 6)))
    mine = Reminder("personal:7:1", minutes(60), newer.id, user_id=7)
    theirs = [Reminder(f"remind:{one.id}:20:0:x", minutes(90), one.id, 1, 0) for one in (older, newer)]
    await store.transact(lambda work: work.reminders.plan([mine, *theirs]))
    await joined(store, older, newer)
    due = await store.look(lambda work: work.reminders.due(NOW + timedelta(days=30), 10))
    assert [(one.reminder.key, one.reminder.followup_id) for one in due] == [
        ("personal:7:1", older.id),
        *((f"remind:{older.id}:20:{lead}:2026-03-09", older.id) for lead in (0, -1)),
    ]


async def test_posted_alerts_say_what_both_say_and_no_channel_is_told_twice(store: Database) -> None:
    older, newer = await two(store)
    put = [an_alert(f"said:{older.id}:20", older.id), an_alert(f"said:{newer.id}:21", newer.id, channel_id=21)]
    await store.transact(lambda work: [work.outbox.put(one, NOW) for one in put])
    await post_all(store)
    await store.transact(lambda work: work.outbox.put(an_alert(f"said:{newer.id}:20", newer.id), NOW))
    await joined(store, older, newer)
    deliveries = await leased(store)
    assert [(one.alert.key, one.message_id is not None) for one in deliveries] == [
        (f"said:{older.id}:20", True),
        (f"said:{newer.id}:21", True),
    ]
    assert all(one.cases[0].followup.outlets == ("The Meridian", "Zenith") for one in deliveries)
    again = an_alert(f"said:{older.id}:21", older.id, channel_id=21)
    assert await store.transact(lambda work: work.outbox.put(again, NOW)) is False


async def test_an_alert_on_its_way_to_a_channel_that_knows_keeps_its_key(store: Database) -> None:
    older, newer = await two(store)
    for one in (newer, older):
        await put(store, an_alert(f"said:{one.id}:20", one.id))
    until = NOW + timedelta(minutes=1)
    [under_way] = await store.transact(lambda work: work.outbox.lease(NOW, worker="w", until=until, limit=9))
    await joined(store, older, newer)
    await sent(store, under_way, 7)
    after = await leased(store)
    assert [(one.alert.key, one.alert.followup_ids, one.message_id) for one in after] == [
        (f"said:{newer.id}:20", (older.id,), 7),
        (f"said:{older.id}:20", (older.id,), None),
    ]


async def test_a_basket_and_a_digest_hold_it_once(store: Database) -> None:
    daily = await ordered(store, a_wish(topic="*", rhythm=Rhythm.DAILY))
    other = await ordered(store, a_wish(topic="*", channel_id=21, rhythm=Rhythm.DAILY))
    older, newer = await two(store)
    digest = an_alert("digest:1:x", older.id, newer.id, form=AlertForm.DIGEST, channel_id=20)
    await store.transact(lambda work: work.outbox.put(digest, NOW))
    for order in (daily, other):
        await store.transact(partial(gather, order, newer))
    await joined(store, older, newer)
    [delivery] = await leased(store)
    assert [case.followup.id for case in delivery.cases] == [older.id]
    due = await store.look(lambda work: work.subscriptions.with_digest_due(NOW + timedelta(days=8), 9))
    assert [(one.subscription.id, one.followup_ids) for one in due] == [(daily.id, ()), (other.id, (older.id,))]


async def test_a_joining_that_fails_leaves_everything_as_it_was(store: Database) -> None:
    older, newer = await two(store)

    def fail(work: UnitOfWork) -> None:
        join(work, older.id, newer.id, NOW)
        raise RuntimeError

    with pytest.raises(RuntimeError):
        await store.transact(fail)
    for one in (older, newer):
        assert [each.followup for each in await called(store, one.id)] == [one]


# --- splitting ----------------------------------------------------------------------------------------------


async def parted(store: Database, followup: FollowUp, *positions: int) -> Parted:
    def work(unit: UnitOfWork) -> Parted | None:
        ids = [number for number, _ in unit.joining.reports(followup.id)]
        return split(unit, followup.id, [ids[at] for at in positions], guild_id=10, by=7, now=NOW)

    found = await store.transact(work)
    assert found is not None
    return found


async def test_some_reports_become_a_follow_up_of_their_own(store: Database) -> None:
    await ordered(store, a_wish(topic="*", lead_days=(0,)))
    followup = await opened(store, telling(due=days(2, 6)), "norland")
    other = telling("Sudland by the 9th.", due=days(2, 9), outlet="Zenith", marks=["sudland"], countries=("FR",))
    await retold(store, followup, other, best=True)
    both = await parted(store, followup, 1)
    assert (both.kept.quote, both.kept.due, both.kept.outlets) == (followup.quote, days(2, 6), ("The Meridian",))
    assert (both.new.quote, both.new.due, both.new.topics) == (other.statement.quote, days(2, 9), ("norland",))
    assert (both.kept.countries, both.new.countries) == (frozenset(), frozenset({"FR"}))
    marks = rows(store, select(followup_marks.c.followup_id, followup_marks.c.mark))
    assert marks == {(1, "norland"), (1, "withdraw"), (2, "sudland")}
    due = await store.look(lambda work: work.reminders.due(NOW + timedelta(days=30), 10))
    planned = [f"remind:{number}:20:{lead}:2026-03-0{day}" for number, day in ((1, 6), (2, 9)) for lead in (0, -1)]
    assert [one.reminder.key for one in due] == planned
    assert await leased(store) == []


async def test_all_reports_or_none_cannot_be_split_off(store: Database) -> None:
    followup = await opened(store)
    for chosen in ([], [1], [99]):
        wanted = partial(split, followup_id=followup.id, report_ids=chosen, guild_id=10, by=7, now=NOW)
        assert await store.transact(wanted) is None


async def test_what_was_parted_is_joined_by_a_person_only(store: Database) -> None:
    followup = await opened(store, telling(due=days(2, 6)))
    await retold(store, followup, telling("It will go.", due=days(2, 6), outlet="Zenith"))
    both = await parted(store, followup, 1)
    pair = frozenset((both.kept.id, both.new.id))
    assert await store.look(lambda work: work.joining.parted([1, 2, 3])) == {pair}
    assert await store.look(lambda work: work.joining.parted([1, 3])) == frozenset()
    again = await joined(store, both.kept, both.new)
    assert again.outlets == ("The Meridian", "Zenith")
    assert await store.look(lambda work: work.joining.parted([1, 2, 3])) == frozenset()


async def test_what_is_held_apart_from_the_newer_is_held_apart_from_the_older(store: Database) -> None:
    first, second = await two(store)
    third = await opened(store)
    await store.transact(lambda work: work.joining.part(third.id, second.id, guild_id=10, user_id=7, now=NOW))
    await joined(store, first, second)
    pairs = await store.look(lambda work: work.joining.parted([1, 2, 3]))
    assert pairs == {frozenset((first.id, third.id))}


async def test_the_servers_of_a_follow_up_are_those_told_and_those_that_rated_or_wrote(store: Database) -> None:
    followup = await opened(store)
    assert await store.look(lambda work: work.joining.servers(1)) == frozenset()
    await store.transact(lambda work: work.cases.rate(RatingWish(1, 11, 7, Outcome.KEPT), NOW))
    await store.transact(lambda work: work.cases.add_note(12, 1, 7, "seen", NOW))
    await ordered(store, a_wish(guild_id=13))
    await put(store, replace(an_alert("said:1:20", followup.id), guild_id=13))
    assert await store.look(lambda work: work.joining.servers(1)) == {11, 12}
    await post_all(store)
    assert await store.look(lambda work: work.joining.servers(1)) == {11, 12, 13}


# --- the words a follow-up takes ----------------------------------------------------------------------------


def test_the_first_says_it_until_another_is_firmer_or_names_who_spoke() -> None:
    vague = telling("Soon.", due=None, speaker=None)
    named = telling("Soon, Norland said.", due=None)
    exact = telling("By the 6th.", due=days(2, 6), speaker=None)
    assert named.statement.precision is Precision.NONE
    assert said_best([vague]) is vague
    assert said_best([vague, named]) is named
    assert said_best([named, vague, exact]) is exact


def test_what_was_moved_keeps_its_new_days() -> None:
    first = telling("Talks are on the 6th.", due=days(6, 6))
    moved = telling("The talks were postponed to the 20th.", due=days(20, 20), speaker=None)
    late = telling("Talks will be held on the 6th, Norland said.", due=days(6, 6))
    assert said_best([first, moved, late]) is moved
    assert said_best([first, late]) is first


async def test_a_telling_finds_its_follow_up_in_the_store(store: Database) -> None:
    followup = await opened(store)
    match = await store.look(lambda work: recognise(work, followup.tellings[0], None))
    assert match is None or match.followup.id == followup.id
