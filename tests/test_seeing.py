"""What a server's own feed says is for that server alone: through every door of the store, on both engines."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest

from bot.exports import as_csv, as_json
from bot.showing import for_calendar, for_feed
from storage.engine import Database
from tests.factories import MONDAY_NOON, a_clue, a_statement, a_telling, a_wish, an_article, an_outlet
from tests.storing import articles_in, days, minutes, stored, telling, waiting
from watchers.audience import GuildTopicWish, Reminder
from watchers.deadline_watcher import put_subscription
from watchers.feed_model import FeedState, GuildFeedWish, Stage
from watchers.joining import join, recognise, split
from watchers.matcher.queries import parse
from watchers.memory import Cases, FollowUps, Outcomes
from watchers.model import FollowUp, Interval, Telling
from watchers.own_topics import fitting, put_own_topic, told_lately
from watchers.ports import UnitOfWork
from watchers.rating import Case, CaseFilter, Listing, Outcome, RatingWish
from watchers.record import RecordWish
from watchers.settling import confirm, reconsider, reject, set_muted, settle, take_back

HOSTILE, OTHER = 10, 11
"""The server that added the feed, and one that did not."""
TODAY, PAST = date(2026, 3, 2), days(20, 27, month=2)
THIS_MONTH = Interval(date(2026, 2, 1), date(2026, 3, 31))
OPERATORS = an_outlet()
ADDRESS = "https://lantern.example/rss"


def add_feed(work: UnitOfWork, guild_id: int = HOSTILE, url: str = ADDRESS) -> FeedState:
    wish = GuildFeedWish(guild_id, url, "The Lantern", "en", "UTC", full_text=False, added_by=7)
    return work.guild_feeds.add(wish, MONDAY_NOON)


def say(work: UnitOfWork, feed: FeedState, told: Telling, *topics: str) -> FollowUp:
    """Open a follow-up that an article of a feed tells."""
    article = an_article(key=f"k-{articles_in(work)}", outlet=feed.outlet)
    return work.followups.open(stored(work, article, feed_id=feed.id), told, topics or ("norland",))


@dataclass(frozen=True)
class Scene:
    """Four follow-ups of a server's own feed: pending, overdue, undated and rated; and one that everybody hears of."""

    feed: FeedState
    own: tuple[int, ...]
    public: int


@pytest.fixture
async def scene(store: Database) -> Scene:
    def work(unit: UnitOfWork) -> Scene:
        unit.feeds.follow([OPERATORS], MONDAY_NOON)
        feed = add_feed(unit)
        own = [
            say(unit, feed, telling(f"The {word} sails.", due=due, countries=("FR",)), "norland").id
            for word, due in (("ferry", days(2, 6)), ("fleet", PAST), ("frigate", None), ("felucca", days(3, 5)))
        ]
        everybodys = say(unit, unit.feeds.all()[-1], telling("The treaty holds.", due=days(2, 6), countries=("FR",)))
        unit.cases.rate(RatingWish(own[-1], HOSTILE, 7, Outcome.KEPT), MONDAY_NOON)
        return Scene(feed, tuple(own), everybodys.id)

    return await store.transact(work)


# --- every door ----------------------------------------------------------------------------------------------


def numbers(cases: Iterable[Case]) -> set[int]:
    return {case.followup.id for case in cases}


def listed(listing: Listing, **wanted: Any) -> Callable[[UnitOfWork, Scene, int | None], set[int]]:
    """Return what one list holds; that it counts as many is tested on the way, and that its beginning is its own."""

    def door(work: UnitOfWork, _: Scene, guild_id: int | None) -> set[int]:
        asked = CaseFilter(listing, **wanted)
        page = work.cases.page(asked, guild_id, TODAY, offset=0, limit=50)
        assert page.total == len(page.items) == work.cases.count(asked, guild_id, TODAY)
        assert list(page.items) == list(work.cases.first(asked, guild_id, TODAY, 50))
        if listing is Listing.PENDING and not wanted:
            past = CaseFilter(Listing.OVERDUE)
            assert page.overdue == work.cases.count(past, guild_id, TODAY)
        return numbers(page.items)

    return door


def of_server(ask: Callable[[UnitOfWork, int], Iterable[Case]]) -> Callable[[UnitOfWork, Scene, int | None], set[int]]:
    return lambda work, _, guild_id: set() if guild_id is None else numbers(ask(work, guild_id))


def exported(work: UnitOfWork, _: Scene, guild_id: int | None) -> set[int]:
    page = work.cases.page(CaseFilter(Listing.RECENT), guild_id, TODAY, offset=0, limit=50)
    text = as_json(page.items, TODAY, {}, total=page.total) + as_csv(page.items, TODAY, {})
    words = {"ferry": 1, "fleet": 2, "frigate": 3, "felucca": 4, "treaty": 5}
    return {number for word, number in words.items() if word in text}


def told_of(work: UnitOfWork, _: Scene, guild_id: int | None) -> set[int]:
    """Return what a query of a server is tried on."""
    return (
        set() if guild_id is None else set(fitting(parse("sails OR holds"), told_lately(work, guild_id, MONDAY_NOON)))
    )


DOORS: dict[str, Callable[[UnitOfWork, Scene, int | None], set[int]]] = {
    **{f"the list of what is {listing}": listed(listing) for listing in Listing},
    "a topic's list": listed(Listing.PENDING, topic="norland"),
    "what a topic had last": listed(Listing.RECENT, topic="norland"),
    "what was settled on a topic": listed(Listing.SETTLED, topic="norland"),
    "a country's list": listed(Listing.PENDING, country="FR"),
    "a topic's list of a country": listed(Listing.RECENT, topic="norland", country="FR"),
    "a search": listed(Listing.RECENT, text="the"),
    "a search on a topic": listed(Listing.PENDING, text="the", topic="norland"),
    "what a speaker said": listed(Listing.RECENT, speaker="norland"),
    "what is due by a day": listed(Listing.DUE, until=date(2026, 3, 31)),
    "cards": lambda work, scene, guild_id: numbers(work.cases.of(guild_id, [*scene.own, scene.public])),
    "one for many servers": lambda work, scene, guild_id: {
        number
        for number in (*scene.own, scene.public)
        if guild_id is not None and guild_id in work.cases.by_guild(number, [HOSTILE, OTHER])
    },
    "reminders to be planned": of_server(lambda work, guild_id: work.cases.due_within(guild_id, "*", THIS_MONTH)),
    "those of a topic": of_server(lambda work, guild_id: work.cases.due_within(guild_id, "norland", THIS_MONTH)),
    "what was rated lately": of_server(lambda work, guild_id: work.cases.rated_since(guild_id, "*", MONDAY_NOON)),
    "a record": lambda work, _, guild_id: numbers(work.cases.recorded(RecordWish(), guild_id).items),
    "a speaker's record": lambda work, _, guild_id: numbers(
        work.cases.recorded(RecordWish(speaker="norland"), guild_id, limit=9).items
    ),
    "a country's record": lambda work, _, guild_id: numbers(
        work.cases.recorded(RecordWish(country="FR"), guild_id).items
    ),
    "a calendar": lambda work, _, guild_id: numbers(for_calendar(work, guild_id, "*", MONDAY_NOON, TODAY)),
    "a topic's calendar": lambda work, _, guild_id: numbers(
        for_calendar(work, guild_id, "norland", MONDAY_NOON, TODAY)
    ),
    "a feed to subscribe to": lambda work, _, guild_id: numbers(for_feed(work, guild_id, "*", TODAY)),
    "an export": exported,
    "what a query is tried on": told_of,
}
NOTHING_PUBLIC = {
    f"the list of what is {Listing.OVERDUE}",
    f"the list of what is {Listing.SETTLED}",
    "what was settled on a topic",
    "what was rated lately",
}
"""Where the scene has nothing that everybody hears of."""


@pytest.mark.parametrize("door", DOORS)
async def test_every_door_shows_it_to_its_server_and_to_nobody_else(store: Database, scene: Scene, door: str) -> None:
    ask = DOORS[door]

    def look(work: UnitOfWork) -> tuple[set[int], set[int], set[int]]:
        return ask(work, scene, HOSTILE), ask(work, scene, OTHER), ask(work, scene, None)

    here, there, nowhere = await store.look(look)
    assert here & set(scene.own), "its own server sees it"
    assert there == (set() if door in NOTHING_PUBLIC else {scene.public})
    assert nowhere <= {scene.public}
    assert here >= there


def test_every_question_to_the_store_is_among_the_doors_or_asks_of_no_list() -> None:
    asked = {"of", "by_guild", "page", "first", "count", "due_within", "rated_since", "recorded"}
    of_known = {
        "rate",
        "undo",
        "add_note",
        "delete_note",
        "mute",
        "watch",
        "revisions",
        "watchers",
        "find_fault",
        "drop_fault",
    }
    of_operator = {"raters", "complaints"}
    assert _questions(Cases) == asked | of_known | of_operator
    for_watchers = {"candidates", "open", "retell", "get", "some", "told_in", "refile"}
    assert _questions(FollowUps) == for_watchers
    of_suggestions = {"suggest", "suggestion", "answer", "of", "forget", "refused_by"}
    assert _questions(Outcomes) == of_suggestions | {"forget_accepted", "forget_rejected"}


def _questions(protocol: type) -> set[str]:
    return {name for name, value in vars(protocol).items() if callable(value) and not name.startswith("_")}


async def test_counts_hold_only_what_a_server_sees(store: Database, scene: Scene) -> None:
    tallies = await store.look(lambda work: [work.tally(guild_id) for guild_id in (HOSTILE, OTHER, None)])
    assert [(each.feeds, each.followups_pending) for each in tallies] == [(2, len(scene.own) + 1), (1, 1), (1, 1)]


# --- what is done by number ----------------------------------------------------------------------------------


async def test_a_server_rates_mutes_and_answers_only_what_it_sees(store: Database, scene: Scene) -> None:
    number = scene.own[0]

    def work(unit: UnitOfWork) -> list[object]:
        article = stored(unit, an_article(key="later"), feed_id=scene.feed.id)
        suggestion = unit.outcomes.suggest(number, article, a_clue(), MONDAY_NOON)
        wish = RatingWish(number, OTHER, 7, Outcome.BROKEN)
        answers: list[object] = [
            settle(unit, wish, MONDAY_NOON),
            confirm(unit, OTHER, suggestion.id, by=7, now=MONDAY_NOON),
            take_back(unit, OTHER, number, 1, by=7, now=MONDAY_NOON),
            reject(unit, OTHER, suggestion.id, by=7, now=MONDAY_NOON),
            reconsider(unit, OTHER, suggestion.id, by=7, now=MONDAY_NOON),
        ]
        set_muted(unit, OTHER, number, muted=True, by=7, now=MONDAY_NOON)
        assert confirm(unit, HOSTILE, suggestion.id, by=7, now=MONDAY_NOON) is not None
        assert reconsider(unit, HOSTILE, suggestion.id, by=7, now=MONDAY_NOON)
        add_feed(unit, OTHER)
        [case] = unit.cases.of(OTHER, [number])
        assert (case.rating, case.muted_by, case.suggestion is not None) == (None, None, True)
        return answers

    assert await store.transact(work) == [None, None, None, False, False]


async def test_what_was_joined_is_found_by_its_old_number_only_by_who_sees_it(store: Database, scene: Scene) -> None:
    joined = await store.transact(lambda work: join(work, scene.own[0], scene.own[3], MONDAY_NOON))
    assert joined is not None
    assert joined.feed_id == scene.feed.id
    assert numbers(await store.look(lambda work: work.cases.of(HOSTILE, [scene.own[3]]))) == {scene.own[0]}
    assert await store.look(lambda work: list(work.cases.of(OTHER, [scene.own[3]]))) == []


async def test_nothing_is_joined_across_what_different_servers_hear(store: Database, scene: Scene) -> None:
    def elsewhere(unit: UnitOfWork) -> int:
        return say(unit, add_feed(unit, OTHER, "https://zenith.example/rss"), telling("It sails.", due=days(2, 6))).id

    other = await store.transact(elsewhere)
    for one in (scene.public, other):
        assert await store.transact(partial(join, one=one, other=scene.own[0], now=MONDAY_NOON)) is None
    assert numbers(await store.look(lambda work: work.cases.of(OTHER, [scene.public, other]))) == {scene.public, other}


async def test_what_is_split_off_is_for_the_same_server(store: Database, scene: Scene) -> None:
    def work(unit: UnitOfWork) -> FollowUp:
        number = scene.own[0]
        again = stored(unit, an_article(key="again"), feed_id=scene.feed.id)
        unit.followups.retell(number, again, telling("It sails at dawn.", due=days(2, 6)), (), best=False)
        reports = unit.joining.reports(number)
        parts = split(unit, number, [reports[1][0]], guild_id=HOSTILE, by=7, now=MONDAY_NOON)
        assert parts is not None
        return parts.new

    new = await store.transact(work)
    assert new.feed_id == scene.feed.id
    page = CaseFilter(topic="norland", text="dawn")
    counts = await store.look(lambda work: [work.cases.count(page, one, TODAY) for one in (HOSTILE, OTHER)])
    assert counts == [1, 0]


# --- who leaves ----------------------------------------------------------------------------------------------


async def test_a_server_that_removes_the_feed_sees_nothing_of_it_any_more(store: Database, scene: Scene) -> None:
    def leave(work: UnitOfWork) -> None:
        add_feed(work, OTHER)
        assert work.guild_feeds.remove(HOSTILE, scene.feed.id)

    await store.transact(leave)
    seen = await store.look(lambda work: [door(work, scene, HOSTILE) for door in DOORS.values()])
    assert not set().union(*seen) & set(scene.own)
    assert numbers(await store.look(lambda work: work.cases.of(OTHER, scene.own))) == set(scene.own)
    rating = await store.look(lambda work: work.cases.of(OTHER, scene.own[-1:])[0].rating)
    assert rating is None, "what another server rated is its own"


async def test_a_server_that_comes_back_finds_its_ratings(store: Database, scene: Scene) -> None:
    def away_and_back(work: UnitOfWork) -> None:
        work.guild_feeds.remove(HOSTILE, scene.feed.id)
        assert join(work, scene.own[2], scene.own[3], MONDAY_NOON) is not None
        add_feed(work)

    await store.transact(away_and_back)
    settled = DOORS[f"the list of what is {Listing.SETTLED}"]
    assert await store.look(lambda work: settled(work, scene, HOSTILE)) == {scene.own[2]}


# --- people outside servers ----------------------------------------------------------------------------------


async def test_outside_servers_people_see_what_they_are_reminded_of_or_watch(store: Database, scene: Scene) -> None:
    reminded, watched, neither, _ = scene.own

    def work(unit: UnitOfWork) -> None:
        unit.reminders.plan([Reminder("mine", minutes(5), followup_id=reminded, user_id=7)])
        unit.cases.watch(HOSTILE, watched, 7, wanted=True)
        add_feed(unit, OTHER + 1)

    await store.transact(work)

    async def seen(guild_id: int | None, user_id: int) -> set[int]:
        asked = [reminded, watched, neither]
        return numbers(await store.look(lambda work: work.cases.of(guild_id, asked, user_id=user_id)))

    assert await seen(None, 7) == {reminded, watched}
    assert await seen(None, 8) == set()
    assert await seen(OTHER, 7) == set(), "in another server it is as if it were not"
    [due] = await store.look(lambda work: work.reminders.due(minutes(9), 5))
    assert due.case is not None
    await store.transact(lambda work: work.guild_feeds.remove(HOSTILE, scene.feed.id))
    assert await seen(None, 7) == {reminded}, "one's own reminder stays; what a server is told does not"


# --- no room is taken ----------------------------------------------------------------------------------------


async def test_a_flood_of_ones_own_takes_no_room_among_candidates(store: Database, scene: Scene) -> None:
    def flood(work: UnitOfWork) -> None:
        for number in range(70):
            say(work, scene.feed, telling(f"Sails {number}.", due=days(2, 4), marks=("norland", "treaty")))

    await store.transact(flood)

    def found(feed_id: int | None) -> Callable[[UnitOfWork], list[FollowUp]]:
        marks = ["norland", "withdraw", "treaty"]
        return lambda work: list(work.followups.candidates(marks, days(2, 6), undated=False, feed_id=feed_id))

    public = await store.look(found(None))
    assert [one.id for one in public] == [scene.public]
    both = await store.look(found(scene.feed.id))
    assert {one.feed_id for one in both} == {scene.feed.id, None}
    assert both[-1] == public[0]
    assert {one.feed_id for one in await store.look(found(scene.feed.id + 99))} == {None}


async def test_a_telling_repeats_what_its_own_feed_said_before_what_is_everybodys(
    store: Database, scene: Scene
) -> None:
    told = a_telling(a_statement("Norland will withdraw its troops from the border by Friday."))

    def work(unit: UnitOfWork) -> list[int | None]:
        everybodys = say(unit, unit.feeds.all()[-1], told)
        own = say(unit, scene.feed, told)
        assert everybodys.id < own.id
        found = [recognise(unit, told, feed_id) for feed_id in (scene.feed.id, None, scene.feed.id + 99)]
        heard = {one.id: one.feed_id for one in unit.followups.some(range(99))}
        assert all(heard[other] == match.followup.feed_id for match in found if match for other in match.also)
        return [*(None if match is None else match.followup.id for match in found), own.id, everybodys.id]

    of_own, of_public, of_another, own, everybodys = await store.transact(work)
    assert (of_own, of_public, of_another) == (own, everybodys, everybodys)


async def test_a_server_cannot_name_what_others_read(store: Database, scene: Scene) -> None:
    """It named the feed, and what it said so far; another server that adds it sees the host."""

    def work(unit: UnitOfWork) -> set[str]:
        unit.articles.add([(scene.feed.id, an_article(key="unread", outlet="The Lantern"), Stage.READING)], MONDAY_NOON)
        article = stored(unit, an_article(key="evidence"), feed_id=scene.feed.id)
        unit.outcomes.suggest(scene.own[0], article, a_clue(outlet="The Lantern"), MONDAY_NOON)
        wish = GuildFeedWish(OTHER, ADDRESS, "A Lamp", "en", "UTC", full_text=False, added_by=7)
        unit.guild_feeds.add(wish, MONDAY_NOON)
        cases = unit.cases.of(OTHER, scene.own)
        names = {told.outlet for case in cases for told in case.followup.tellings if told.url}
        names |= {one.clue.outlet for case in cases for one in case.suggestions}
        [unread] = waiting(unit, Stage.READING)
        return names | {unread.article.outlet, unread.feed.outlet}

    assert await store.transact(work) == {"lantern.example"}


async def test_no_feed_of_a_server_lends_its_text_to_others(store: Database, scene: Scene) -> None:
    address = "https://meridian.example/same"

    def work(unit: UnitOfWork) -> list[str | None]:
        article = an_article("Words of a server.", key="same")
        stored(unit, article, feed_id=scene.feed.id)
        before = unit.articles.text_at(address)
        stored(unit, an_article("Words of the outlet.", key="same"), feed_id=unit.feeds.all()[-1].id)
        return [before, unit.articles.text_at(address)]

    assert await store.transact(work) == [None, "Words of the outlet."]


# --- orders --------------------------------------------------------------------------------------------------


async def test_only_orders_of_servers_that_hold_the_feed_want_it(store: Database, scene: Scene) -> None:
    def work(unit: UnitOfWork) -> list[list[int]]:
        for guild_id, channel_id in ((HOSTILE, 20), (OTHER, 30)):
            put_subscription(unit, a_wish(guild_id=guild_id, channel_id=channel_id, topic="*"), MONDAY_NOON)
        known = unit.followups.some((scene.own[0], scene.public))
        return [[order.wish.guild_id for order in unit.subscriptions.wanting(one)] for one in known]

    assert await store.transact(work) == [[HOSTILE], [HOSTILE, OTHER]]
    planned = await store.look(lambda work: work.reminders.due(MONDAY_NOON + timedelta(days=90), 50))
    about = {(one.subscription.wish.guild_id, one.reminder.followup_id) for one in planned if one.subscription}
    assert {number for guild_id, number in about if guild_id == OTHER} == {scene.public}
    assert {number for guild_id, number in about if guild_id == HOSTILE} > {scene.public}


async def test_a_topic_of_another_server_files_nothing_of_it(store: Database, scene: Scene) -> None:
    def work(unit: UnitOfWork) -> list[int]:
        wishes = [GuildTopicWish(guild_id, "Ships", "sails OR holds", 7) for guild_id in (HOSTILE, OTHER)]
        return [put_own_topic(unit, wish, MONDAY_NOON)[1] for wish in wishes]

    assert await store.transact(work) == [len(scene.own) + 1, 1]
