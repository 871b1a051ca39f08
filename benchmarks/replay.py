r"""A year of news replayed through the real pipeline, under a clock that runs ahead.

    python benchmarks/replay.py                       # the year, with 20,000 other follow-ups open
    python benchmarks/replay.py --open 0              # the year alone
    python benchmarks/replay.py --database year.db    # kept, to be looked at with `aide-memoire followups`

The year is Wikipedia's Current Events of 2025, beside the checkout. Each day's items come as a feed, are polled,
parsed, read, merged and stored in SQLite; later ones are read for how earlier ones ended; a channel that follows every
topic is told and reminded, with a stand-in for Discord that takes every message. The other follow-ups are invented:
made of labelled articles with other names and days, on no topic, said before the year began and due within it.

`labels/year_2025_read.jsonl` holds what somebody who read them said of the suggestions: by items and characters alone,
and whether the sentence shows what it is taken to show. With `--open 0` those found right are confirmed in the end, so
that `aide-memoire record` counts them.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import math
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from email.utils import format_datetime
from functools import partial
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter
from typing import TypeVar
from xml.sax.saxutils import escape
from zoneinfo import ZoneInfo

from matplotlib.figure import Figure

from benchmarks.invented import invented
from benchmarks.material import ROOT, heading, missing, news
from benchmarks.outcome_labels import YEAR, Item, year
from bot.delivery import Deliverer
from config.catalogue import Outlet, load_catalogue
from storage.engine import Database, open_database
from storage.migrate import upgrade
from watchers.audience import Delivery, LocalHour, Posted, SubscriptionWish
from watchers.deadline_watcher import DeadlineWatcher, put_subscription
from watchers.feed_model import Fetched, Stage
from watchers.feed_watcher import FeedWatcher
from watchers.followup_index import followup_of
from watchers.marks import marks_of
from watchers.matcher.match import read_article
from watchers.model import Article, FollowUp, Kind, Telling
from watchers.moves import moves_of
from watchers.poll_report import PollReport
from watchers.ports import Store, UnitOfWork
from watchers.rating import CaseFilter, Listing, Outcome
from watchers.reading import ArticleReader
from watchers.settling import confirm, reject
from watchers.workers import SameProcess

GUILD, CHANNEL = 1, 2
FEED = "https://current-events.example/rss"
OUTLET = Outlet("Current events", FEED, "en", "UTC", full_text=False)
EVENING = time(20, tzinfo=UTC)
"""When a day's items are read; reminders go out the next morning."""
MORNING = time(8, tzinfo=UTC)
FILLED_AT_ONCE = 500
READ = Path(__file__).with_name("labels") / "year_2025_read.jsonl"
READER = 7
OPEN = "open"
T = TypeVar("T")


@dataclass(slots=True)
class RunningClock:
    """A clock that stands where it is put (see ports.Clock)."""

    instant: datetime

    def now(self) -> datetime:
        """Return the instant at which it stands."""
        return self.instant


class Newspaper:
    """A feed that holds the items of the present day (see ports.Fetcher)."""

    def __init__(self, items: Sequence[Item], clock: RunningClock) -> None:
        """Print these items, in order of their days."""
        self._clock = clock
        self._days = {day: tuple(some) for day, some in itertools.groupby(items, key=lambda item: item.day)}

    async def fetch(
        self, url: str, *, etag: str | None = None, last_modified: str | None = None, pause: timedelta | None = None
    ) -> Fetched:
        """Return the day's feed."""
        del etag, last_modified, pause
        day = self._clock.now().date()
        body = "".join(map(_entry, reversed(self._days.get(day, ()))))
        feed = f'<?xml version="1.0"?><rss version="2.0"><channel><title>Current events</title>{body}</channel></rss>'
        return Fetched(url, feed.encode(), "application/rss+xml", None, None)


def _entry(item: Item) -> str:
    stamp = format_datetime(datetime.combine(item.day, time(12), UTC))
    return (
        f"<item><guid isPermaLink='false'>{item.key}</guid><pubDate>{stamp}</pubDate>"
        f"<description>{escape(escape(item.text))}</description></item>"
    )


@dataclass(slots=True)
class Mailbox:
    """Takes every message (see ports.Messenger)."""

    posted: int = 0
    edited: int = 0
    forms: dict[str, int] = field(default_factory=dict)

    async def post(self, delivery: Delivery, nonce: str) -> Posted:
        """Count a message."""
        del nonce
        self.posted += 1
        form = delivery.alert.form.value
        self.forms[form] = self.forms.get(form, 0) + 1
        return Posted(CHANNEL, self.posted)

    async def edit(self, delivery: Delivery) -> Posted:
        """Count an edit."""
        self.edited += 1
        return Posted(delivery.posted_in or CHANNEL, delivery.message_id or 0)


async def replay(store: Store, items: Sequence[Item], mailbox: Mailbox) -> PollReport:
    """Live through the year; return what the polls brought."""
    clock = RunningClock(datetime.combine(items[0].day, time(), UTC))
    await store.transact(lambda work: work.feeds.follow([OUTLET], clock.now()))
    topics = load_catalogue(ROOT / "config" / "topics.toml", ROOT / "config" / "outlets.toml").topics
    at = LocalHour(ZoneInfo("UTC"), MORNING.hour)
    for topic in topics:
        wish = SubscriptionWish(GUILD, CHANNEL, topic.id, created_by=1, at=at)
        await store.transact(partial(put_subscription, wish=wish, now=clock.now()))
    feeds = FeedWatcher(store, Newspaper(items, clock), SameProcess(ArticleReader(topics)), clock)
    deadlines = DeadlineWatcher(store, clock)
    deliverer = Deliverer(store, mailbox, clock, worker="replay")
    report = PollReport()
    for day in _days(items[0].day, items[-1].day):
        for hour in (MORNING, EVENING):
            clock.instant = datetime.combine(day, hour)
            if hour is EVENING:
                report += await feeds.poll_due()
            await deadlines.remind()
            await deliverer.deliver()
    return report


def _days(first: date, last: date) -> Sequence[date]:
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def open_others(store: Database, items: Sequence[Item], count: int) -> None:
    """Store so many invented follow-ups, as if said before the year and due within it."""
    models = list(_models())
    first = items[0].day
    said = datetime.combine(first - timedelta(days=1), time(), UTC)
    archive = Article("archive", "Archive", None, "", "", said, said.date())

    def store_some(work: UnitOfWork, tellings: Sequence[Telling]) -> None:
        for telling in tellings:
            followup = work.followups.open(1, replace(telling, published=said, day=min(telling.day, said.date())), ())
            del followup

    def begin(work: UnitOfWork) -> None:
        work.feeds.follow([OUTLET], said)
        work.articles.add([(1, archive, Stage.READING)], said)
        work.articles.read([1])

    async def fill() -> None:
        await store.transact(begin)
        others = invented(models, count, first, (items[-1].day - first).days)
        while some := list(itertools.islice(others, FILLED_AT_ONCE)):
            await store.transact(partial(store_some, tellings=some))

    asyncio.run(fill())


def _models() -> Iterator[FollowUp]:
    """Yield what the labelled articles say, which tell of other affairs than the year's."""
    for document in news():
        for statement in read_article(document.text, document.day):
            marks = marks_of(statement, title="", text=document.text)
            when = datetime.combine(document.day, time(), UTC)
            yield followup_of(0, Telling("Archive", None, "", statement, when, document.day, marks))


@dataclass(frozen=True, slots=True)
class Run:
    """What a replay took and brought."""

    opened: int
    """Other follow-ups that were open when it began."""
    seconds: float
    stored: Sequence[float]
    """Milliseconds of each article in its transaction: stored, merged, compared with what is open, told of."""
    report: PollReport
    mailbox: Mailbox

    def line(self) -> str:
        """Return it as a line of a table."""
        half, most = median(self.stored), quantiles(self.stored, n=20)[-1]
        return f"{self.opened:>8,}{self.seconds:>9.1f}{half:>11.2f}{most:>9.2f}"

    def lines(self) -> Iterator[str]:
        """Yield what it brought."""
        brought, sent = self.report, self.mailbox
        forms = ", ".join(f"{count} {form}" for form, count in sorted(sent.forms.items()))
        yield f"\n{brought.statements} statements: {brought.followups} follow-ups opened, {brought.merged} told again"
        yield f"{sent.posted} messages posted ({forms}), {sent.edited} edited"


class _Timed:
    """A store that notes how long the transaction of each article takes, before it is committed."""

    def __init__(self, store: Database) -> None:
        self._store = store
        self.look = store.look
        self.articles: list[float] = []

    async def transact(self, work: Callable[[UnitOfWork], T], *, alone: bool = True) -> T:
        def timed(unit: UnitOfWork) -> T:
            began = perf_counter()
            result = work(unit)
            if isinstance(result, PollReport):
                self.articles.append((perf_counter() - began) * 1000)
            return result

        return await self._store.transact(timed, alone=alone)


def run(file: Path, items: Sequence[Item], count: int) -> Run:
    """Replay the year in a new database, with so many other follow-ups open."""
    url = f"sqlite:///{file}"
    upgrade(url)
    store = open_database(url)
    try:
        open_others(store, items, count)
        timed, mailbox = _Timed(store), Mailbox()
        began = perf_counter()
        report = asyncio.run(replay(timed, items, mailbox))
        took = perf_counter() - began
        if not count:
            tell(became(store, items))
            print("{} suggestions were read and found right, {} wrong\n".format(*confirm_read(store, items)))
        return Run(count, took, timed.articles, report, mailbox)
    finally:
        store.close()


def confirm_read(store: Store, items: Sequence[Item]) -> tuple[int, int]:
    """Confirm the suggestions that a reader found right, reject the others; return how many of each there are."""
    text = {item.key: item.text for item in items}
    verdicts = [json.loads(line) for line in READ.read_text("utf-8").splitlines()]
    now = datetime.combine(items[-1].day + timedelta(days=1), time(), UTC)

    def work(unit: UnitOfWork) -> tuple[int, int]:
        page = unit.cases.page(CaseFilter(Listing.RECENT), GUILD, now.date(), offset=0, limit=len(items))
        answered = [0, 0]
        for verdict in verdicts:
            said, shown = text[verdict["id"]][verdict["start"] :], text[verdict["shown_by"]][verdict["at"] :]
            for case in page.items:
                found = case.suggestion
                if found and said.startswith(case.followup.quote) and shown.startswith(found.clue.quote):
                    answer = confirm if verdict["right"] else reject
                    answer(unit, GUILD, found.id, by=READER, now=now)
                    answered[not verdict["right"]] += 1
        return answered[0], answered[1]

    return asyncio.run(store.transact(work))


def became(store: Store, items: Sequence[Item]) -> Mapping[str, Counter[str]]:
    """Count what the news suggests of the year's follow-ups, by kind."""
    last = items[-1].day
    page = asyncio.run(
        store.look(lambda work: work.cases.page(CaseFilter(Listing.RECENT), None, last, offset=0, limit=len(items)))
    )
    counted: dict[str, Counter[str]] = {kind.value: Counter() for kind in Kind}
    for case in page.items:
        told = Outcome.MOVED.value if moves_of(case.followup) else OPEN
        told = told if case.suggestion is None else case.suggestion.clue.outcome.value
        counted[case.followup.kind.value].update({"said": 1, "dated": int(case.followup.due is not None), told: 1})
    return counted


def tell(counted: Mapping[str, Counter[str]]) -> None:
    """Print a table of what became of what was said."""
    columns = ["said", "dated", *(outcome.value for outcome in Outcome if outcome is not Outcome.DISMISSED), OPEN]
    print(f"\n{'':<12}" + "".join(f"{column:>13}" for column in columns))
    for kind, counts in (*counted.items(), ("all", sum(counted.values(), Counter()))):
        print(f"{kind:<12}" + "".join(f"{counts[column]:>13,}" for column in columns))


def plot(runs: Sequence[Run], file: Path) -> None:
    """Draw how the time of an article grows with what is open, beside a logarithm through the first and the last."""
    figure = Figure(figsize=(6.4, 3.4), layout="constrained")
    axes = figure.subplots()
    sizes = [each.opened for each in runs]
    halves = [median(each.stored) for each in runs]
    rise = (halves[-1] - halves[0]) / (math.log(sizes[-1]) - math.log(sizes[0]))
    even = [halves[0] + rise * (math.log(size) - math.log(sizes[0])) for size in sizes]
    axes.plot(sizes, halves, marker="o", label="an article, median")
    axes.plot(sizes, even, linestyle="--", color="grey", label="a logarithm through its ends")
    axes.set(xscale="log", xlabel="other follow-ups open", ylabel="milliseconds", ylim=(0, None))
    axes.set_xticks(sizes, [f"{size:,}" for size in sizes], minor=False)
    axes.minorticks_off()
    axes.legend(frameon=False)
    axes.spines[["top", "right"]].set_visible(False)
    figure.savefig(file, dpi=150)
    print(f"drawn into {file}")


def main() -> int:
    """Replay the year once, or with more and more follow-ups open; return 0."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--open", type=int, nargs="+", default=[20_000], help="how many other follow-ups are open")
    parser.add_argument("--database", type=Path, help="the SQLite file to write and keep; it must not exist yet")
    parser.add_argument("--plot", type=Path, help="where to draw how the time of an article grows (needs two sizes)")
    arguments = parser.parse_args()
    heading("A year of news, replayed")
    if missing(YEAR, "The year of news"):
        return 0
    items = year()
    runs: list[Run] = []
    print(f"{len(items):,} items, each stored, merged, and compared with what is open:")
    print(f"{'open':>8}{'seconds':>9}{'median ms':>11}{'95 % ms':>9}")
    with tempfile.TemporaryDirectory() as folder:
        for count in arguments.open:
            file = arguments.database or Path(folder) / f"{count}.db"
            runs.append(run(file, items, count))
            print(runs[-1].line(), flush=True)
    print("\n".join(runs[-1].lines()))
    if arguments.plot is not None and len(runs) > 1:
        plot(runs, arguments.plot)
    return 0


if __name__ == "__main__":
    sys.exit(main())
