"""What later articles suggest of how follow-ups ended, through the watcher and the store, on both engines."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta

import pytest

from storage.engine import Database
from tests.factories import MONDAY_NOON, a_clue, a_suggestion, a_topic, a_wish, an_outlet
from tests.fakes import FakeClock, ScriptedFetcher
from tests.loopback import Item, rss
from tests.storing import days, open_one, telling, waiting_alerts
from watchers.audience import Delivery, Guild, Posted, QuietHours, Rhythm
from watchers.deadline_watcher import put_subscription
from watchers.ending import CERTAIN, MOST_SURE, file_again, is_worth_keeping, surplus
from watchers.feed_watcher import FeedWatcher
from watchers.history import Ended, History
from watchers.marks import marks_of
from watchers.matcher.match import read_item
from watchers.model import Article
from watchers.poll_report import PollReport
from watchers.ports import UnitOfWork
from watchers.rating import OURSELVES, Case, CaseFilter, Listing, Outcome, RatingWish, Suggestion
from watchers.reading import ArticleReader, reading_text
from watchers.resolutions import MOST_NEAR
from watchers.settling import confirm, reject, set_muted, settle, take_back
from watchers.workers import SameProcess

FEED = "https://meridian.example/rss"
HERE, ELSEWHERE = 10, 11
SAID_ON, DUE = date(2026, 3, 2), date(2026, 3, 16)
PROMISE = "Canada will impose a 25% tariff on Chinese steel on March 16."
KEPT = "Canada's 25% tariff on Chinese steel takes effect."
MOVED = "Canada delays its 25% tariff on Chinese steel until April 8."
OTHER = "Kenya's president will visit Lisbon on 20 March."
TOPICS = (a_topic("canada", "Canada", "Kenya"),)
VISITED = "Kenya's president visits Lisbon."
RAIN = "Heavy rain floods several villages near Porto."
NOTHING = f"suggested:1:20:{Outcome.KEPT}:{DUE}"


class Paper:
    """One feed, the real matcher, and a day that each article brings with it."""

    def __init__(self, store: Database) -> None:
        self.store, self.clock, self.fetcher = store, FakeClock(), ScriptedFetcher()
        self.watcher = FeedWatcher(store, self.fetcher, SameProcess(ArticleReader(TOPICS)), self.clock)
        self._printed = 0

    async def subscribe(self, **wish: object) -> None:
        order = a_wish(topic="canada", **wish)  # type: ignore[arg-type] # what the test is about
        await self.store.transact(lambda work: put_subscription(work, order, self.clock.now()))

    async def print(self, text: str, day: date, *, hour: int = 12, read_on: date | None = None) -> PollReport:
        """Publish an article, and have it read on its day, or later."""
        await self.store.transact(lambda work: work.feeds.follow([an_outlet(feed_url=FEED)], self.clock.now()))
        self._printed += 1
        self.clock.set(max(self.clock.now() + timedelta(minutes=20), datetime.combine(read_on or day, time(20), UTC)))
        published = datetime.combine(day, time(hour), UTC)
        item = Item(text, "", published, f"a-{self._printed}", f"https://meridian.example/{self._printed}")
        self.fetcher.answers[FEED] = rss(item)
        return await self.watcher.poll_due()

    async def case(self, guild_id: int | None = HERE, number: int = 1) -> Case:
        [case] = await self.store.look(lambda work: work.cases.of(guild_id, [number]))
        return case

    async def told(self) -> dict[str, Delivery]:
        """What waits in the outbox by now, or goes out within the day, by key."""
        soon = self.clock.now() + timedelta(days=1)
        waiting = await self.store.transact(lambda work: waiting_alerts(work, soon))
        return {one.alert.key: one for one in waiting}

    async def suggested(self) -> list[str]:
        return sorted(key for key in await self.told() if key.startswith("suggested"))

    async def suggestions(self, number: int = 1) -> list[tuple[Outcome, str]]:
        found = await self.store.look(lambda work: work.outcomes.of(number))
        return [(one.clue.outcome, one.clue.quote) for one in found if one.clue.is_sure]


@pytest.fixture
def paper(store: Database) -> Paper:
    return Paper(store)


# --- from the article to the channel -------------------------------------------------------------------------


async def test_a_sure_suggestion_is_told_once_and_words_what_was_posted_anew(paper: Paper) -> None:
    await paper.subscribe()
    await paper.print(PROMISE, SAID_ON)
    before = (await paper.told())["said:1:20"].version
    report = await paper.print(KEPT, DUE)
    assert (report.statements, report.suggested) == (0, 1)
    suggestion = (await paper.case()).suggestion
    assert suggestion is not None
    clue = suggestion.clue
    assert (clue.outcome, clue.quote, clue.day, clue.url) == (Outcome.KEPT, KEPT, DUE, "https://meridian.example/2")
    assert reading_text(an_article_of(KEPT))[clue.start : clue.end] == KEPT
    told = await paper.told()
    assert told["said:1:20"].version == before + 1
    assert told[NOTHING].cases[0].suggestion == suggestion
    assert (await paper.print(KEPT, DUE, hour=13)).suggested == 0, "as sure as what is known"
    assert {key: one.version for key, one in (await paper.told()).items()} == {k: v.version for k, v in told.items()}


async def test_what_was_posted_is_worded_anew_though_its_order_is_paused_since(paper: Paper) -> None:
    await paper.subscribe()
    await paper.print(PROMISE, SAID_ON)
    posted = (await paper.told())["said:1:20"]
    now = paper.clock.now()
    await paper.store.transact(lambda work: work.outbox.sent(posted, Posted(20, 99), now))
    await paper.subscribe(paused=True)
    await paper.print(KEPT, DUE)
    told = await paper.told()
    assert set(told) == {"said:1:20"}, "it hears of nothing new"
    assert told["said:1:20"].version == posted.version + 1


def an_article_of(text: str) -> Article:
    return Article("k", "The Meridian", None, text, "", MONDAY_NOON, MONDAY_NOON.date())


async def test_only_channels_served_at_once_and_not_muted_hear_of_it(paper: Paper) -> None:
    await paper.subscribe(channel_id=20)
    await paper.subscribe(channel_id=21, rhythm=Rhythm.DAILY)
    await paper.subscribe(channel_id=22, paused=True)
    await paper.subscribe(channel_id=23, guild_id=ELSEWHERE)
    await paper.subscribe(channel_id=24, guild_id=12, quiet=QuietHours(19, 22))
    await paper.print(PROMISE, SAID_ON)
    await paper.store.transact(lambda work: set_muted(work, ELSEWHERE, 1, muted=True, by=7, now=MONDAY_NOON))
    await paper.print(KEPT, DUE)
    assert await paper.suggested() == [NOTHING, NOTHING.replace("20", "24", 1)]
    quiet = (await paper.told())[NOTHING.replace("20", "24", 1)]
    assert quiet.alert.channel_id == 24
    now = paper.clock.now()
    waiting = await paper.store.transact(lambda work: waiting_alerts(work, now))
    assert quiet.id not in {one.id for one in waiting}


async def test_what_a_server_has_settled_is_not_asked_of_it(paper: Paper) -> None:
    await paper.subscribe()
    await paper.print(PROMISE, SAID_ON)
    wish = RatingWish(1, HERE, 7, Outcome.BROKEN)
    await paper.store.transact(lambda work: settle(work, wish, MONDAY_NOON))
    await paper.print(KEPT, DUE)
    assert await paper.suggested() == []
    assert (await paper.case(ELSEWHERE)).suggestion is not None


async def test_old_news_is_kept_and_told_to_nobody(paper: Paper) -> None:
    await paper.subscribe()
    await paper.print(PROMISE, SAID_ON)
    await paper.print(KEPT, DUE, read_on=DUE + timedelta(days=4))
    assert await paper.suggested() == []
    assert (await paper.case()).suggestion is not None


async def test_an_article_from_before_the_telling_is_no_evidence(paper: Paper) -> None:
    await paper.print(PROMISE.replace("on March 16", "on March 2"), SAID_ON, hour=12)
    await paper.print(KEPT, SAID_ON, hour=9)
    assert (await paper.case()).suggestions == ()
    await paper.print(KEPT, SAID_ON + timedelta(days=1))
    assert (await paper.case()).suggestions != ()


async def test_the_article_that_says_it_is_not_compared_with_it(paper: Paper) -> None:
    report = await paper.print(f"{PROMISE} {KEPT}", DUE)
    assert (report.followups, report.suggested) == (1, 0)
    assert (await paper.case()).suggestions == ()


async def test_a_surer_suggestion_of_another_outcome_is_told_as_well(paper: Paper) -> None:
    await paper.subscribe()
    await paper.print(PROMISE, SAID_ON)
    clue = a_clue(Outcome.WITHDRAWN, confidence=0.7)
    await paper.store.transact(lambda work: work.outcomes.suggest(1, 1, clue, MONDAY_NOON))
    await paper.print(KEPT, DUE)
    assert await paper.suggested() == [NOTHING]
    assert [outcome for outcome, _ in await paper.suggestions()] == [Outcome.KEPT, Outcome.WITHDRAWN]


async def test_what_is_less_sure_than_what_is_known_tells_nobody(paper: Paper) -> None:
    await paper.subscribe()
    await paper.print(PROMISE, SAID_ON)
    clue = a_clue(Outcome.WITHDRAWN, confidence=0.999)
    await paper.store.transact(lambda work: work.outcomes.suggest(1, 1, clue, MONDAY_NOON))
    await paper.print(KEPT, DUE)
    assert await paper.suggested() == []
    assert len(await paper.suggestions()) == 2


# --- settled by itself ----------------------------------------------------------------------------------------


async def let_settle(paper: Paper, guild_id: int = HERE) -> None:
    await paper.store.transact(lambda work: work.guilds.put(Guild(guild_id, settles_itself=True)))


async def test_it_settles_by_itself_where_a_server_lets_it(paper: Paper) -> None:
    await let_settle(paper)
    await paper.subscribe(channel_id=20)
    await paper.subscribe(channel_id=21, guild_id=ELSEWHERE)
    await paper.print(PROMISE, SAID_ON)
    await paper.print(KEPT, DUE)
    rating = (await paper.case()).rating
    assert rating is not None
    assert rating.wish == RatingWish(1, HERE, OURSELVES, Outcome.KEPT, happened_on=DUE)
    assert (await paper.case(ELSEWHERE)).rating is None
    assert await paper.suggested() == [NOTHING, NOTHING.replace("20", "21", 1)]


async def test_a_server_without_an_order_on_it_settles_nothing(paper: Paper) -> None:
    await let_settle(paper)
    await paper.subscribe(channel_id=20, speakers=("Norland",))
    await paper.print(PROMISE, SAID_ON)
    await paper.print(KEPT, DUE)
    assert (await paper.case()).rating is None


async def test_nothing_settles_by_itself_against_a_persons_word(paper: Paper) -> None:
    await let_settle(paper)
    await paper.subscribe()

    def refuse(work: UnitOfWork, number: int) -> None:
        reject(work, HERE, number, by=7, now=MONDAY_NOON)

    def undo(work: UnitOfWork, number: int) -> None:
        rating = confirm(work, HERE, number, by=OURSELVES, now=MONDAY_NOON)
        assert rating is not None
        take_back(work, HERE, 2, rating.id, by=7, now=MONDAY_NOON)

    def move(work: UnitOfWork, number: int) -> None:
        del number
        settle(work, RatingWish(3, HERE, 7, Outcome.MOVED, days(20, 20)), MONDAY_NOON)

    promises = (PROMISE, OTHER, "Canada and France will sign a treaty on fishing in Madrid on March 18.")
    await paper.print(" ".join(promises), SAID_ON)
    for number, says in enumerate((refuse, undo, move), 1):

        def work(unit: UnitOfWork, number: int = number, says: object = says) -> None:
            clue = a_clue(Outcome.KEPT, confidence=0.7)
            assert callable(says)
            says(unit, unit.outcomes.suggest(number, 1, clue, MONDAY_NOON).id)

        await paper.store.transact(work)
    await paper.print(KEPT, DUE)
    await paper.print("Canada and France sign a treaty on fishing in Madrid.", date(2026, 3, 18))
    await paper.print(VISITED, date(2026, 3, 20))
    for number in (1, 2, 3):
        case = await paper.case(number=number)
        assert case.is_open
        assert case.suggestion is not None
        assert case.suggestion.clue.confidence >= CERTAIN


async def test_a_move_to_unknown_days_does_not_settle_by_itself(paper: Paper, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("watchers.ending.CERTAIN", 0.6)
    await let_settle(paper)
    await paper.subscribe()
    await paper.print(PROMISE, SAID_ON)
    await paper.print("Canada postpones its 25% tariff on Chinese steel.", DUE - timedelta(days=3))
    case = await paper.case()
    assert case.suggestion is not None
    assert (case.suggestion.clue.outcome, case.suggestion.clue.due, case.rating) == (Outcome.MOVED, None, None)


# --- moves ----------------------------------------------------------------------------------------------------


async def test_what_was_put_off_is_not_settled_by_its_old_time(paper: Paper) -> None:
    await paper.print(PROMISE, SAID_ON)
    await paper.print("Canada postpones its 25% tariff on Chinese steel.", DUE - timedelta(days=3))
    await paper.print(KEPT, DUE)
    assert [outcome for outcome, _ in await paper.suggestions()] == [Outcome.MOVED]


async def test_what_is_told_for_another_time_begins_anew(store: Database) -> None:
    def work(unit: UnitOfWork) -> list[Sequence[Suggestion]]:
        followup = open_one(unit, telling(PROMISE, due=days(16, 16)))
        found = []
        assert file_again(unit, [followup.id]) == {followup.id}
        assert file_again(unit, [followup.id]) == frozenset()
        unit.outcomes.suggest(followup.id, 1, a_clue(), MONDAY_NOON)
        unit.outcomes.suggest(followup.id, 1, a_clue(confidence=0.3), MONDAY_NOON)
        for due in (days(16, 17), days(20, 20)):
            retold = telling(f"{PROMISE} So it is said.", due=due)
            unit.followups.retell(followup.id, 1, retold, (), best=True)
            file_again(unit, [followup.id])
            filed = unit.expectations.filed([followup.id])
            assert filed[followup.id].due == due
            found.append(unit.outcomes.of(followup.id))
        return found

    still, moved = await store.transact(work)
    assert [one.clue.confidence for one in still] == [0.8, 0.3]
    assert [one.clue.confidence for one in moved] == [0.3]


# --- what is kept ---------------------------------------------------------------------------------------------


def test_of_sure_ones_only_a_surer_of_the_same_outcome_is_added() -> None:
    known = [a_suggestion(a_clue(confidence=0.8))]
    assert not is_worth_keeping(a_clue(confidence=0.8), known)
    assert is_worth_keeping(a_clue(confidence=0.81), known)
    assert is_worth_keeping(a_clue(Outcome.BROKEN, confidence=0.7), known)


def test_near_misses_are_the_closest_few_each_told_once() -> None:
    known = [
        a_suggestion(a_clue(confidence=0.3 + number / 100, quote=f"Report {number}."), suggestion_id=number)
        for number in range(MOST_NEAR)
    ]
    assert not is_worth_keeping(a_clue(confidence=0.3), known)
    assert not is_worth_keeping(a_clue(confidence=0.31, quote="Report 4."), known)
    better = a_suggestion(a_clue(confidence=0.4), suggestion_id=9)
    assert is_worth_keeping(better.clue, known)
    assert surplus([*known, better]) == [0]
    again = a_suggestion(a_clue(confidence=0.5, quote="Report 3."), suggestion_id=10)
    assert is_worth_keeping(again.clue, known)
    assert surplus([*known, again]) == [3]
    sure = [a_suggestion(a_clue(confidence=0.7 + n / 100), suggestion_id=20 + n) for n in range(MOST_SURE + 1)]
    assert surplus([*known, *sure]) == [20]


# --- beside the stream ----------------------------------------------------------------------------------------

STREAM = (
    (SAID_ON, PROMISE),
    (SAID_ON, f"{OTHER} {RAIN}"),
    (date(2026, 3, 3), "Norway will send 20 tanks to Ukraine by March 25. Norway's king visits Oslo."),
    (date(2026, 3, 4), f"Ottawa confirms: {PROMISE}"),
    (date(2026, 3, 12), "France and Spain will sign a treaty on fishing in Madrid on March 24."),
    (DUE, KEPT),
    (DUE, f"{RAIN} {KEPT}"),
    (date(2026, 3, 20), f"{RAIN} {VISITED}"),
    (date(2026, 3, 22), "France postpones the signing of a treaty on fishing with Spain in Madrid."),
    (date(2026, 3, 24), "France and Spain sign a treaty on fishing in Madrid."),
    (date(2026, 3, 29), "Norway has sent 20 tanks to Ukraine."),
)


def as_history() -> list[Ended]:
    history = History()
    for number, (day, text) in enumerate(STREAM):
        article = Article(str(number), "The Meridian", None, "", text, datetime.combine(day, time(12), UTC), day)
        told = [(each, marks_of(each, title=text, text=text)) for each in read_item(text, day)]
        history.read(number, article, told)
    return list(history.rest())


async def test_the_store_and_a_stream_say_alike_how_it_ended(paper: Paper) -> None:
    for number, (day, text) in enumerate(STREAM):
        await paper.print(text, day, hour=8 + number % 12)
    wanted = CaseFilter(Listing.RECENT)
    today = paper.clock.now().date()
    page = await paper.store.look(lambda work: work.cases.page(wanted, None, today, offset=0, limit=100))
    stored = {case.followup.quote: case for case in page.items}
    ended = as_history()
    assert {each.followup.quote for each in ended} == stored.keys()
    for each in ended:
        case = stored[each.followup.quote]
        found = case.suggestion
        assert (found.clue.outcome if found else None) == each.outcome
        if found is not None:
            assert each.evidence is not None
            assert found.clue.quote == each.evidence.resolution.quote
            assert found.clue.confidence == each.evidence.resolution.confidence
        else:
            near = [(one.clue.quote, one.clue.confidence) for one in case.suggestions]
            assert near == [(one.resolution.quote, one.resolution.confidence) for one in each.near]
    assert {each.outcome for each in ended} == {Outcome.KEPT, Outcome.MOVED, None}
    assert any(each.near for each in ended)


# --- keeping tidy ---------------------------------------------------------------------------------------------


async def test_what_was_told_before_is_filed_the_first_time(paper: Paper) -> None:
    promised = telling(PROMISE, due=days(16, 16), speaker="Canada", marks=("@CA", "steel"))
    followup = await paper.store.transact(lambda work: open_one(work, promised))
    await paper.print(RAIN, SAID_ON)
    await paper.print(KEPT, DUE)
    assert [outcome for outcome, _ in await paper.suggestions(followup.id)] == [Outcome.KEPT]


async def test_once_a_day_what_is_over_is_forgotten(paper: Paper) -> None:
    await paper.print(PROMISE, SAID_ON)
    for day, left in ((DUE + timedelta(days=45), {1}), (DUE + timedelta(days=46), set())):
        await paper.print(RAIN, day)
        assert set(await paper.store.look(lambda work: work.expectations.filed([1]))) == left
