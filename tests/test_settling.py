"""What a rating sets off, on both engines: one transaction stores all of it."""

from __future__ import annotations

from datetime import date
from functools import partial

from storage.engine import Database
from tests.factories import MONDAY_NOON, a_clue, a_rating, a_wish
from tests.storing import days, opened, telling, waiting_alerts
from watchers.audience import Alert, AlertForm, Delivery, Posted
from watchers.deadline_watcher import put_subscription, replan
from watchers.ports import UnitOfWork
from watchers.rating import OURSELVES, Case, Flaw, Outcome, Rating, RatingWish
from watchers.settling import confirm, news_for_watchers, reconsider, reject, set_muted, settle, take_back

HERE, ELSEWHERE = 10, 11
A_YEAR_ON = MONDAY_NOON.replace(year=2027)


async def followed(store: Database) -> None:
    """A follow-up due on the 9th that two servers have been told of and are to be reminded of."""
    followup = await opened(store, telling(due=days(2, 9)))

    def work(unit: UnitOfWork) -> None:
        for guild_id, channel_id in ((HERE, 20), (ELSEWHERE, 21)):
            put_subscription(unit, a_wish(guild_id=guild_id, channel_id=channel_id), MONDAY_NOON)
            said = Alert(f"said:1:{channel_id}", AlertForm.SAID, (1,), guild_id=guild_id, channel_id=channel_id)
            unit.outbox.put(said, MONDAY_NOON)
        replan(unit, followup, MONDAY_NOON)

    await store.transact(work)
    await leased(store)


async def leased(store: Database) -> list[Delivery]:
    """What waits to be sent, taken as sent."""

    def work(unit: UnitOfWork) -> list[Delivery]:
        taken = waiting_alerts(unit, MONDAY_NOON)
        for one in taken:
            unit.outbox.sent(one, Posted(one.alert.channel_id or 1, one.id), MONDAY_NOON)
        return taken

    return await store.transact(work)


async def rate(store: Database, outcome: Outcome = Outcome.KEPT, **more: object) -> Rating:
    wish = RatingWish(1, HERE, 7, outcome, **more)  # type: ignore[arg-type] # the new days, if any
    rating = await store.transact(lambda work: settle(work, wish, MONDAY_NOON))
    assert rating is not None
    return rating


async def channels_reminded(store: Database) -> dict[int, list[date]]:
    due = await store.look(lambda work: work.reminders.due(A_YEAR_ON, 100))
    found: dict[int, list[date]] = {}
    for one in due:
        assert one.subscription is not None
        found.setdefault(one.subscription.wish.channel_id, []).append(one.reminder.fires_at.date())
    return found


async def test_a_rating_words_the_servers_own_alerts_anew_and_ends_its_own_reminders(store: Database) -> None:
    await followed(store)
    await rate(store)
    assert [one.alert.channel_id for one in await leased(store)] == [20]
    assert list(await channels_reminded(store)) == [21]


async def test_a_move_plans_reminders_by_the_new_day_there_alone(store: Database) -> None:
    await followed(store)
    await rate(store, Outcome.MOVED, due=days(20, 20))
    reminded = await channels_reminded(store)
    assert [day.day for day in reminded[20]] == [19, 20, 21]
    assert [day.day for day in reminded[21]] == [8, 9, 10]


async def test_the_same_word_again_sets_off_nothing(store: Database) -> None:
    await followed(store)
    first = await rate(store)
    await leased(store)
    assert (await rate(store)).id == first.id
    assert await leased(store) == []
    assert (await rate(store, Outcome.BROKEN)).id != first.id


async def test_what_does_not_exist_is_not_rated(store: Database) -> None:
    wish = RatingWish(99, HERE, 7, Outcome.KEPT)
    assert await store.transact(lambda work: settle(work, wish, MONDAY_NOON)) is None
    assert (
        await store.transact(partial(take_back, guild_id=HERE, followup_id=99, rating_id=1, by=7, now=MONDAY_NOON))
        is None
    )


async def test_only_the_last_rating_is_taken_back_and_its_feedback_with_it(store: Database) -> None:
    await followed(store)
    first, last = await rate(store), await rate(store, Outcome.DISMISSED)
    back = partial(take_back, guild_id=HERE, followup_id=1, by=8, now=MONDAY_NOON)
    assert await store.transact(partial(back, rating_id=first.id)) is None
    assert await store.look(lambda work: work.cases.complaints())
    undone = await store.transact(partial(back, rating_id=last.id))
    assert undone is not None
    assert undone.id == last.id
    assert not await store.look(lambda work: work.cases.complaints())
    (case,) = await store.look(lambda work: work.cases.of(HERE, [1]))
    assert case.rating == first


async def test_watchers_hear_of_it_but_not_who_said_it(store: Database) -> None:
    await followed(store)

    def watch(work: UnitOfWork) -> None:
        for guild_id, user_id in ((HERE, 5), (HERE, 7), (ELSEWHERE, 6)):
            work.cases.watch(guild_id, 1, user_id, wanted=True)

    await store.transact(watch)
    rating = await rate(store)
    told = [one for one in await leased(store) if one.alert.form is AlertForm.WATCHED]
    assert [(one.alert.user_id, one.alert.guild_id, one.alert.key) for one in told] == [
        (5, HERE, f"watched:1:5:{rating.id}")
    ]
    assert told[0].cases[0].rating == rating


def test_an_undoing_is_told_apart_from_the_rating() -> None:
    given = news_for_watchers(a_rating(), [5], by=7)
    undone = news_for_watchers(a_rating(), [5], by=7, undone=True)
    assert given[0].key != undone[0].key


async def test_muting_ends_a_servers_reminders_until_it_is_undone(store: Database) -> None:
    await followed(store)
    for muted, channels in ((True, [21]), (False, [20, 21])):
        await store.transact(partial(set_muted, guild_id=HERE, followup_id=1, muted=muted, by=7, now=MONDAY_NOON))
        assert sorted(await channels_reminded(store)) == channels


async def test_a_fault_is_dropped_for_one_person_alone(store: Database) -> None:
    await followed(store)
    await rate(store, Outcome.DISMISSED)
    await store.transact(lambda work: work.cases.drop_fault(1, 8, Flaw.NO_COMMITMENT))
    assert len(await store.look(lambda work: work.cases.complaints())) == 1


async def suggested(store: Database, outcome: Outcome = Outcome.KEPT) -> int:
    """Store a suggestion about the follow-up, found in the article that told of it; return its number."""
    clue = a_clue(outcome, due=days(12, 13) if outcome is Outcome.MOVED else None)
    return (await store.transact(lambda work: work.outcomes.suggest(1, 1, clue, MONDAY_NOON))).id


async def case_here(store: Database, guild_id: int = HERE) -> Case:
    [case] = await store.look(lambda work: work.cases.of(guild_id, [1]))
    return case


async def test_a_suggestion_is_shown_until_the_server_has_answered(store: Database) -> None:
    await followed(store)
    number = await suggested(store)
    case = await case_here(store)
    assert case.suggestion is not None
    assert case.suggestion.clue == a_clue()
    assert await store.transact(lambda work: reject(work, HERE, number, by=7, now=MONDAY_NOON))
    assert (await case_here(store)).suggestions == ()
    assert (await case_here(store, ELSEWHERE)).suggestion is not None
    assert {one.alert.guild_id for one in await leased(store)} == {HERE}
    assert not await store.transact(lambda work: reject(work, HERE, number, by=8, now=MONDAY_NOON))


async def test_who_rejects_is_not_asked_the_same_again_by_what_other_outlets_said(store: Database) -> None:
    await followed(store)
    first, _, broken = [await suggested(store, one) for one in (Outcome.KEPT, Outcome.KEPT, Outcome.BROKEN)]
    near = a_clue(confidence=0.4)
    await store.transact(lambda work: work.outcomes.suggest(1, 1, near, MONDAY_NOON))
    assert await store.transact(lambda work: reject(work, HERE, first, by=7, now=MONDAY_NOON))
    case = await case_here(store)
    assert case.suggestion is not None
    assert [one.id for one in case.suggestions] == [broken, broken + 1]

    assert await store.transact(lambda work: reconsider(work, HERE, first, by=7, now=MONDAY_NOON))
    assert len((await case_here(store)).suggestions) == 4
    assert not await store.transact(lambda work: reconsider(work, HERE, 99, by=7, now=MONDAY_NOON))


async def test_what_was_rejected_in_another_way_stays_rejected(store: Database) -> None:
    await followed(store)
    kept, broken = [await suggested(store, one) for one in (Outcome.KEPT, Outcome.BROKEN)]
    for number in (kept, broken):
        for guild_id in (HERE, ELSEWHERE):
            answer = partial(reject, guild_id=guild_id, suggestion_id=number, by=7, now=MONDAY_NOON)
            await store.transact(answer)
    await store.transact(lambda work: reconsider(work, HERE, kept, by=7, now=MONDAY_NOON))
    assert [one.id for one in (await case_here(store)).suggestions] == [kept]
    assert (await case_here(store, ELSEWHERE)).suggestions == ()


async def test_who_confirms_rates_and_the_day_of_the_news_is_the_day_it_was_kept(store: Database) -> None:
    await followed(store)
    number = await suggested(store)
    rating = await store.transact(lambda work: confirm(work, HERE, number, by=7, now=MONDAY_NOON))
    assert rating is not None
    assert rating.wish == RatingWish(1, HERE, 7, Outcome.KEPT, happened_on=a_clue().day)
    case = await case_here(store)
    assert (case.rating, case.suggestions) == (rating, ())
    assert case.evidence is not None
    assert case.evidence.id == number
    assert (await case_here(store, ELSEWHERE)).evidence is None
    assert await store.transact(lambda work: confirm(work, HERE, 99, by=7, now=MONDAY_NOON)) is None


async def test_a_confirmed_move_takes_the_new_days_and_is_not_asked_again(store: Database) -> None:
    await followed(store)
    number = await suggested(store, Outcome.MOVED)
    await store.transact(lambda work: confirm(work, HERE, number, by=7, now=MONDAY_NOON))
    case = await case_here(store)
    assert (case.due, case.suggestion) == (days(12, 13), None)
    assert case.is_open


async def test_a_move_whose_days_the_news_does_not_name_takes_those_that_are_given(store: Database) -> None:
    await followed(store)
    clue = a_clue(Outcome.MOVED)
    first, _ = [await store.transact(lambda work: work.outcomes.suggest(1, 1, clue, MONDAY_NOON)) for _ in range(2)]
    given = days(20, 20)
    await store.transact(lambda work: confirm(work, HERE, first.id, by=7, now=MONDAY_NOON, due=given))
    case = await case_here(store)
    assert (case.moved_to, case.suggestion) == (given, None)  # the other only says again that it was moved
    later = a_clue(Outcome.MOVED, due=days(27, 27))
    await store.transact(lambda work: work.outcomes.suggest(1, 1, later, MONDAY_NOON))
    case = await case_here(store)
    assert case.suggestion is not None
    assert case.suggestion.clue == later


async def test_the_day_on_which_it_was_kept_can_be_said_afterwards(store: Database) -> None:
    await followed(store)
    await rate(store, Outcome.KEPT)
    day = date(2026, 3, 9)
    wish = RatingWish(1, HERE, 7, Outcome.KEPT, happened_on=day)
    dated = await store.transact(lambda work: settle(work, wish, MONDAY_NOON))
    assert dated is not None
    assert dated.wish.happened_on == day
    assert await rate(store, Outcome.KEPT) == dated  # names no day, and so says nothing against it


async def test_what_is_taken_back_can_be_confirmed_again(store: Database) -> None:
    await followed(store)
    number = await suggested(store)
    rating = await store.transact(lambda work: confirm(work, HERE, number, by=7, now=MONDAY_NOON))
    assert rating is not None
    await store.transact(lambda work: take_back(work, HERE, 1, rating.id, by=7, now=MONDAY_NOON))
    assert (await case_here(store)).suggestion is not None


async def test_a_person_confirms_what_settled_by_itself(store: Database) -> None:
    await followed(store)
    number = await suggested(store)
    ours = await store.transact(lambda work: confirm(work, HERE, number, by=OURSELVES, now=MONDAY_NOON))
    again = await store.transact(lambda work: confirm(work, HERE, number, by=OURSELVES, now=MONDAY_NOON))
    assert ours == again
    theirs = await rate(store, Outcome.KEPT)
    assert theirs.wish.user_id == 7
    assert [one.wish.user_id for one in (await case_here(store)).ratings] == [OURSELVES, 7]
    assert await rate(store, Outcome.KEPT) == theirs
