"""The outbox, on both engines: leases, retries, rewordings, and no alert in two hands."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime

import pytest

from storage.engine import Database, open_database
from tests.factories import MONDAY_NOON, THIS_WEEK, a_case, a_wish
from tests.storing import an_alert, minutes, opened, retold, telling, waiting_alerts
from watchers.audience import Alert, AlertForm, Delivery, Guild, Posted, Section
from watchers.model import FollowUp
from watchers.rating import Outcome, RatingWish

HERE = Posted(20, 99)


async def put(store: Database, *alerts: Alert, now: datetime = MONDAY_NOON) -> list[bool]:
    return await store.transact(lambda work: [work.outbox.put(alert, now) for alert in alerts])


async def put_all(store: Database, *alerts: Alert) -> int:
    return await store.transact(lambda work: work.outbox.put_all(alerts, MONDAY_NOON))


async def lease(
    store: Database, at: float = 0, *, worker: str = "w", lasts: float = 1, limit: int = 50
) -> list[Delivery]:
    leased = await store.transact(
        lambda work: work.outbox.lease(minutes(at), worker=worker, until=minutes(at + lasts), limit=limit)
    )
    return list(leased)


async def everything(store: Database) -> list[Delivery]:
    return await store.transact(lambda work: waiting_alerts(work, MONDAY_NOON))


async def sent(store: Database, delivery: Delivery, posted: Posted = HERE) -> None:
    await store.transact(lambda work: work.outbox.sent(delivery, posted, MONDAY_NOON))


async def retry(store: Database, delivery: Delivery, at: float = 5, *, unsure: bool = False) -> None:
    await store.transact(lambda work: work.outbox.retry(delivery, minutes(at), "Discord answered 503", unsure=unsure))


async def give_up(store: Database, delivery: Delivery) -> None:
    await store.transact(lambda work: work.outbox.give_up(delivery, "the channel is gone"))


async def reword(store: Database, followup: FollowUp) -> int:
    return await store.transact(lambda work: work.outbox.reword(followup.id))


async def waiting(store: Database) -> int:
    return (await store.look(lambda work: work.tally())).outbox_waiting


async def a_leased_alert(store: Database) -> tuple[FollowUp, Delivery]:
    followup = await opened(store)
    await put(store, an_alert("a", followup.id))
    [delivery] = await lease(store)
    return followup, delivery


# --- deciding and leasing ---------------------------------------------------------------------------------


async def test_an_alert_comes_out_as_it_was_put_with_its_follow_ups_in_order(store: Database) -> None:
    one, two = await opened(store), await opened(store)
    order, _ = await store.transact(lambda work: work.subscriptions.put(a_wish(), MONDAY_NOON))
    await store.transact(lambda work: work.guilds.put(Guild(10, zone="Asia/Tokyo")))
    digest = Alert(
        key="digest",
        form=AlertForm.DIGEST,
        followup_ids=(two.id, one.id),
        sections=(Section.DUE_TODAY, Section.SETTLED),
        guild_id=10,
        channel_id=2**62,
        role_id=2**61,
        subscription_id=order.id,
    )
    personal = Alert("own", AlertForm.PERSONAL, user_id=2**60, note="ring the embassy \U0001f4de")
    assert await put(store, digest, personal, replace(digest, note="again")) == [True, True, False]
    second, first = await lease(store)
    cases = (a_case(two), a_case(one))
    assert first == Delivery(first.id, digest, 1, None, None, 0, cases, Guild(10, zone="Asia/Tokyo"), order)
    assert second == Delivery(second.id, personal, 1, None, None, 0, ())


async def test_an_alert_shows_a_follow_up_as_its_server_sees_it(store: Database) -> None:
    followup = await opened(store)
    wish = RatingWish(followup.id, 10, 7, Outcome.KEPT)
    rating = await store.transact(lambda work: work.cases.rate(wish, MONDAY_NOON))
    await put(
        store,
        replace(an_alert("here", followup.id), guild_id=10),
        replace(an_alert("there", followup.id, channel_id=21), guild_id=11),
    )
    here, there = await lease(store)
    assert (here.cases, there.cases) == ((a_case(followup, rating),), (a_case(followup),))


async def test_a_reminder_knows_the_message_that_first_told_its_channel(store: Database) -> None:
    followup = await opened(store)
    said = an_alert(f"said:{followup.id}:20", followup.id)
    await put(store, said)
    [delivery] = await lease(store)
    await sent(store, delivery, Posted(20, 99))
    forms = (AlertForm.REMINDER, AlertForm.OVERDUE, AlertForm.DIGEST)
    await put(store, *(replace(said, key=form, form=form) for form in forms))
    await put(store, an_alert("elsewhere", followup.id, form=AlertForm.REMINDER, channel_id=21))
    assert [one.thread_id for one in await everything(store)] == [99, 99, None, None]


async def test_alerts_are_leased_oldest_first_once_and_no_more_than_asked(store: Database) -> None:
    await put(store, *(an_alert(key, channel_id=channel) for key, channel in (("c", 22), ("a", 20), ("b", 21))))
    assert [delivery.alert.key for delivery in await lease(store, limit=2)] == ["c", "a"]
    assert [delivery.alert.key for delivery in await lease(store, worker="v")] == ["b"]
    assert await lease(store) == []
    assert await waiting(store) == 3


async def test_an_alert_waits_for_the_time_it_was_put(store: Database) -> None:
    await put(store, an_alert("a"), now=minutes(1))
    assert await lease(store, at=0.9) == []
    assert len(await lease(store, at=1)) == 1


async def test_an_alert_decided_in_quiet_hours_waits_for_their_end(store: Database) -> None:
    await put(store, replace(an_alert("a"), not_before=minutes(60)), an_alert("b"))
    assert [one.alert.key for one in await lease(store, at=59.9)] == ["b"]
    assert [one.alert.key for one in await lease(store, at=60)] == ["a"]


async def test_a_lease_that_has_run_out_waits_again_as_a_failed_attempt(store: Database) -> None:
    _, first = await a_leased_alert(store)
    assert await lease(store, at=0.99, worker="v") == []
    [second] = await lease(store, at=1, worker="v")
    assert second == replace(first, attempts=1, unsure_since=MONDAY_NOON)


async def test_a_worker_that_starts_again_gives_back_only_its_own_leases(store: Database) -> None:
    await put(store, *(an_alert(key, channel_id=channel) for channel, key in enumerate("abc", 20)))
    [a, b] = await lease(store, worker="w", limit=2)
    await lease(store, worker="v")
    await sent(store, b)
    assert await store.transact(lambda work: work.outbox.release("w")) == 1
    assert await store.transact(lambda work: work.outbox.release("w")) == 0
    assert await lease(store) == [replace(a, attempts=1, unsure_since=MONDAY_NOON)]


# --- what became of it ------------------------------------------------------------------------------------


async def test_what_is_sent_waits_no_more(store: Database) -> None:
    _, delivery = await a_leased_alert(store)
    await sent(store, delivery)
    assert await lease(store, at=60) == []
    assert await waiting(store) == 0


async def test_a_retry_waits_until_its_time_and_counts(store: Database) -> None:
    _, delivery = await a_leased_alert(store)
    await retry(store, delivery, at=5)
    assert await lease(store, at=4.9) == []
    [again] = await lease(store, at=5)
    assert again == replace(delivery, attempts=1)
    await retry(store, again, at=6)
    assert [one.attempts for one in await lease(store, at=6)] == [2]


async def test_what_is_given_up_is_kept_and_never_tried_again(store: Database) -> None:
    followup, delivery = await a_leased_alert(store)
    await give_up(store, delivery)
    assert await reword(store, followup) == 0
    assert await lease(store, at=600) == []
    assert await put(store, delivery.alert) == [False]
    assert await waiting(store) == 0


async def test_a_late_word_on_a_lost_lease_changes_nothing(store: Database) -> None:
    followup, lost = await a_leased_alert(store)
    [held] = await lease(store, at=1, worker="v", lasts=60)
    await retry(store, lost, at=1)
    assert await lease(store, at=2) == []
    await give_up(store, lost)
    assert await waiting(store) == 1
    await sent(store, held)
    await retry(store, lost, at=1)
    await give_up(store, held)
    assert await waiting(store) == 0
    assert await reword(store, followup) == 1
    await give_up(store, lost)
    assert [(edit.version, edit.attempts) for edit in await lease(store)] == [(2, 0)]


async def test_a_late_word_that_it_was_sent_is_believed(store: Database) -> None:
    followup, lost = await a_leased_alert(store)
    await lease(store, at=1, worker="v")
    await sent(store, lost)
    assert await lease(store, at=600) == []
    assert await reword(store, followup) == 1
    [edit] = await lease(store)
    assert edit.message_id == 99


# --- what nobody is sure of -------------------------------------------------------------------------------


async def test_an_attempt_of_which_nobody_knows_leaves_a_note_of_when_it_began(store: Database) -> None:
    _, first = await a_leased_alert(store)
    assert first.unsure_since is None
    await retry(store, first, at=5)
    [surely_not_sent] = await lease(store, at=5)
    assert surely_not_sent.unsure_since is None
    await retry(store, surely_not_sent, at=7, unsure=True)
    [perhaps_sent] = await lease(store, at=7)
    assert perhaps_sent.unsure_since == minutes(5)
    await retry(store, perhaps_sent, at=8, unsure=True)
    [still] = await lease(store, at=8)
    await retry(store, still, at=9)
    [told_no_since] = await lease(store, at=9)
    assert (still.unsure_since, told_no_since.unsure_since) == (minutes(5), minutes(5))


async def test_a_predecessor_s_attempt_began_with_its_lease(store: Database) -> None:
    await put(store, an_alert("a"))
    await lease(store, at=3)
    await store.transact(lambda work: work.outbox.release("w"))
    [again] = await lease(store, at=9)
    assert again.unsure_since == minutes(3)


async def test_an_edit_may_be_repeated_and_leaves_no_note(store: Database) -> None:
    followup, delivery = await a_leased_alert(store)
    await retry(store, delivery, at=1, unsure=True)
    [again] = await lease(store, at=1)
    await sent(store, again)
    await reword(store, followup)
    [edit] = await lease(store, at=2)
    await retry(store, edit, at=3, unsure=True)
    [repeated] = await lease(store, at=3)
    [ran_out] = await lease(store, at=9)
    assert [one.unsure_since for one in (edit, repeated, ran_out)] == [None, None, None]


# --- rewording --------------------------------------------------------------------------------------------


async def test_a_posted_alert_waits_again_as_one_edit_however_often_it_is_reworded(store: Database) -> None:
    followup, delivery = await a_leased_alert(store)
    await sent(store, delivery, Posted(21, 2**62))
    now_told_twice = await retold(store, followup, telling(due=THIS_WEEK, outlet="Zenith"))
    assert [await reword(store, followup), await reword(store, followup)] == [1, 1]
    [edit] = await lease(store)
    assert edit == replace(
        delivery, version=3, message_id=2**62, posted_in=21, cases=(a_case(now_told_twice),), attempts=0
    )
    await sent(store, edit, Posted(21, 2**62))
    assert await lease(store, at=60) == []


async def test_an_alert_not_yet_posted_goes_out_once_with_the_newest_words(store: Database) -> None:
    followup = await opened(store)
    await put(store, an_alert("a", followup.id))
    assert await reword(store, followup) == 0
    [delivery] = await lease(store)
    assert delivery.message_id is None
    await sent(store, delivery)
    assert await lease(store, at=60) == []


async def test_a_wording_wanted_while_the_last_is_on_its_way_waits_again(store: Database) -> None:
    followup, delivery = await a_leased_alert(store)
    assert await reword(store, followup) == 0
    assert await lease(store) == []
    await sent(store, delivery)
    [edit] = await lease(store)
    assert (edit.version, edit.message_id, edit.posted_in) == (2, 99, 20)
    await sent(store, edit)
    assert await lease(store, at=60) == []


async def test_an_edit_that_fails_is_tried_again_as_an_edit(store: Database) -> None:
    followup, delivery = await a_leased_alert(store)
    await sent(store, delivery)
    await reword(store, followup)
    [edit] = await lease(store)
    await retry(store, edit)
    [again] = await lease(store, at=5)
    assert again == replace(edit, attempts=1)
    await give_up(store, again)
    assert await reword(store, followup) == 0


async def test_only_alerts_that_something_was_said_are_reworded_and_only_of_that_follow_up(store: Database) -> None:
    followup, other = await opened(store), await opened(store)
    forms = [form for form in AlertForm if form is not AlertForm.SAID]
    await put(store, *(an_alert(form, followup.id, form=form) for form in forms), an_alert("other", other.id))
    for delivery in await everything(store):
        await sent(store, delivery)
    assert await reword(store, followup) == 0
    assert await lease(store) == []


async def test_a_server_s_own_word_rewords_its_alerts_and_reminders_alone(store: Database) -> None:
    followup = await opened(store)
    forms = list(AlertForm)
    for guild_id in (10, 11):
        alerts = [an_alert(f"{form}:{guild_id}", followup.id, form=form) for form in forms]
        await put(store, *(replace(alert, guild_id=guild_id) for alert in alerts))
    for delivery in await everything(store):
        await sent(store, delivery)
    assert await store.transact(lambda work: work.outbox.reword(followup.id, guild_id=10)) == 5
    keys = [one.alert.key for one in await everything(store)]
    assert keys == ["said:10", "reminder:10", "overdue:10", "moved:10", "suggested:10"]


# --- many hands -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("workers", [4])
async def test_workers_in_a_hurry_never_hold_the_same_alert(store: Database, database_url: str, workers: int) -> None:
    keys = [f"alert {number}" for number in range(120)]
    await put(store, *(an_alert(key, channel_id=number + 1) for number, key in enumerate(keys)))
    others = [open_database(database_url) for _ in range(workers)]

    async def work(database: Database, name: str) -> list[str]:
        taken = []
        while batch := await lease(database, worker=name, limit=7):
            taken += [delivery.alert.key for delivery in batch]
        return taken

    taken = await asyncio.gather(*(work(database, f"w{number}") for number, database in enumerate(others)))
    for database in others:
        database.close()
    assert sorted(key for keys_of_one in taken for key in keys_of_one) == sorted(keys)


async def test_many_are_put_at_once_in_their_order_and_each_key_once(store: Database) -> None:
    followup, other = await opened(store), await opened(store, telling(quote="Norland will sign it.", marks=("sign",)))
    assert await put(store, an_alert("known", followup.id, channel_id=1)) == [True]
    digest = replace(
        an_alert("digest", followup.id, channel_id=3),
        form=AlertForm.DIGEST,
        followup_ids=(other.id, followup.id),
        sections=(Section.NEWLY_SAID, Section.OVERDUE),
    )
    new = [an_alert(key, other.id, channel_id=4) for key in ("b", "a", "b")]
    assert await put_all(store, an_alert("known", other.id, channel_id=2), digest, *new) == 3
    assert await put_all(store, *new) == 0
    assert await put_all(store) == 0
    found = sorted(await everything(store), key=lambda one: one.id)
    assert [one.alert.key for one in found] == ["known", "digest", "b", "a"]
    assert found[0].alert.followup_ids == (followup.id,)
    assert (found[1].alert.followup_ids, found[1].alert.sections) == (digest.followup_ids, digest.sections)


async def test_what_was_reworded_while_nobody_knew_whether_it_was_sent_is_edited_once_it_is_found(
    store: Database,
) -> None:
    followup, first = await a_leased_alert(store)
    await retry(store, first, unsure=True)
    await reword(store, followup)
    [again] = await lease(store, 6)
    assert again.unsure_since is not None
    await sent(store, again)
    [edit] = await lease(store, 7)
    assert (edit.message_id, edit.version, edit.unsure_since) == (HERE.message_id, again.version, None)
    await sent(store, edit)
    assert await waiting(store) == 0
