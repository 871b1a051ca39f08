"""The demonstration: the real watchers, matcher, storage and delivery on invented news, with a terminal for Discord."""

from __future__ import annotations

import asyncio
import shlex
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from rich.console import Console

from bot.delivery import Deliverer
from bot.demo.articles import ARTICLES, TOPICS
from bot.demo.clock import EVERY_HOUR, LAST_DAY, DemoClock, first_day, moments
from bot.demo.outlets import Newsstand
from bot.demo.screen import CHANNEL_ID, Screen, TerminalMessenger, day_words
from bot.demo.stopping import stop_at_ctrl_c
from bot.opening import SystemClock
from bot.terminal import console as standard_output
from bot.usage_words import PROGRAM
from config.catalogue import Outlet
from storage.engine import open_database
from storage.errors import DatabaseError
from storage.migrate import upgrade
from watchers.audience import LocalHour, SubscriptionWish
from watchers.deadline_watcher import DeadlineWatcher
from watchers.feed_watcher import FeedWatcher
from watchers.feeds.fetch import HttpFetcher
from watchers.ports import Store, UnitOfWork
from watchers.rating import CaseFilter
from watchers.reading import ArticleReader
from watchers.workers import SameProcess

_SECONDS_AN_HOUR = 0.03
"""How long an hour without news lasts at pace 1."""
_SECONDS_A_MESSAGE = 1.2
"""How long each message is left to be read at pace 1."""
_SUBSCRIPTION = SubscriptionWish(
    guild_id=1,
    channel_id=CHANNEL_ID,
    topic="*",
    created_by=1,
    at=LocalHour(ZoneInfo("UTC"), 8),
)
_PAGE = 10
_MISSING = {
    "alerts": "no alert came",
    "merges": "no second outlet was merged into an alert",
    "reminders": "no reminder came",
    "overdue": "no overdue notice came",
    "pending": "nothing is pending at the end",
}


def run_demo(
    database: Path | None = None, *, pace: float = 1.0, today: date | None = None, console: Console | None = None
) -> int:
    """Play the demonstration into an SQLite file and return the exit code: 0, or 1 where something did not happen.

    `database` must not exist yet; None takes a new file in the temporary directory. `pace` stretches the pauses for
    reading; 0 plays without any. `today` is the day by which the days played are over (None: by the system clock),
    `console` where to print (None: standard output). Ctrl-C ends it at once: KeyboardInterrupt goes on to the caller.
    """
    out = console or standard_output()
    screen = Screen(out, {topic.id: topic.name for topic in TOPICS})
    path = (database or Path(tempfile.mkdtemp(prefix="aide-memoire-demo-")) / "demo.db").absolute()
    if path.exists():
        screen.say(f"{path} exists already. Name a file that does not: the demonstration must begin with nothing.")
        return 1
    last = today or SystemClock().now().date()
    show = _Show(path, screen, first_day(last), pace)
    try:
        seen = asyncio.run(show.play(out))
    except (KeyboardInterrupt, asyncio.CancelledError):
        screen.say("", f"Stopped. What was remembered so far lies in {path}")
        raise KeyboardInterrupt from None
    except (DatabaseError, OSError) as error:
        screen.say("", f"The demonstration cannot run: {error}")
        return 1
    missing = [words for what, words in _MISSING.items() if not seen[what]]
    if missing:
        screen.say("", f"The demonstration failed: {', '.join(missing)}.")
        return 1
    _say_what_next(screen, path, last)
    return 0


class _Show:
    """One run: the parts of the house put together around a clock that is moved by hand."""

    def __init__(self, path: Path, screen: Screen, first: date, pace: float) -> None:
        self._url = f"sqlite:///{path}"
        self._screen = screen
        self._first = first
        self._pace = pace
        self._clock = DemoClock(next(moments(first)))
        self._messenger = TerminalMessenger(screen, self._clock)
        self._day: date | None = None

    async def play(self, out: Console) -> Counter[str]:
        """Play from the first morning to the last noon; return how many of each thing were seen."""
        stop_at_ctrl_c()
        upgrade(self._url)
        store = open_database(self._url)
        try:
            with Newsstand(ARTICLES, self._first, self._clock) as newsstand:
                self._say_welcome(newsstand.outlets)
                await store.transact(partial(_set_up, newsstand.outlets, self._clock.now()))
                async with HttpFetcher(frozenset({newsstand.host})) as fetcher:
                    watcher = FeedWatcher(
                        store, fetcher, SameProcess(ArticleReader(TOPICS)), self._clock, bounds=EVERY_HOUR
                    )
                    with out.status("", spinner="line") as status:
                        for instant in moments(self._first):
                            status.update(f"{day_words(instant.date())}, {instant:%H:%M}")
                            await self._live(instant, store, watcher)
            return self._messenger.shown + await self._ask(store)
        finally:
            store.close()

    async def _live(self, instant: datetime, store: Store, watcher: FeedWatcher) -> None:
        """Live one hour as the bot does: read what is due, decide, remind, deliver."""
        if instant.date() != self._day:
            self._day = instant.date()
            self._screen.day(self._day)
        self._clock.move_to(instant)
        report = await watcher.poll_due()
        for note in report.failures:
            self._screen.trouble(instant, note.outlet, note.line)
        if report.articles:
            self._screen.read(instant, report.articles, report.followups, report.merged, report.suggested)
        await DeadlineWatcher(store, self._clock).remind()
        before = self._messenger.shown.total()
        await Deliverer(store, self._messenger, self._clock, worker="demo").deliver()
        messages = self._messenger.shown.total() - before
        await asyncio.sleep(self._pace * (_SECONDS_AN_HOUR + _SECONDS_A_MESSAGE * messages))

    async def _ask(self, store: Store) -> Counter[str]:
        """Answer `/followups pending` from the database; return how many are pending."""
        today = self._clock.now().date()
        page = await store.look(lambda work: work.cases.page(CaseFilter(), None, today, offset=0, limit=_PAGE))
        self._screen.title("/followups pending")
        self._screen.pending(page, today)
        return Counter({"pending": page.total})

    def _say_welcome(self, outlets: Sequence[Outlet]) -> None:
        self._screen.title("Aide-Mémoire: the demonstration")
        self._screen.say(
            f"Three invented outlets ({', '.join(outlet.name for outlet in outlets)}) publish news of two invented "
            f"states. The bot reads their feeds over HTTP through {LAST_DAY + 1} days in about half a minute, as it "
            "would read real ones, and this terminal is the channel it posts to. Ctrl-C stops it.",
        )


def _set_up(outlets: Sequence[Outlet], now: datetime, work: UnitOfWork) -> None:
    """Follow the outlets and subscribe the terminal to every topic."""
    work.feeds.follow(outlets, now)
    work.subscriptions.put(_SUBSCRIPTION, now)


def _say_what_next(screen: Screen, path: Path, today: date) -> None:
    command = _command()
    screen.title("What next")
    screen.say("All of it is remembered in one SQLite file. Ask it again on the command line:")
    screen.command(f"DATABASE_URL={shlex.quote(f'sqlite:///{path}')} {command} followups")
    screen.say("See what an article of your own promises, and by when:")
    screen.command(f"{command} read article.txt --date {today}")
    screen.say("Press the buttons yourself: the same bot in a local page, as Discord shows it, with no token either:")
    screen.command(_browser_command(command))
    screen.say("Watch real news and post to Discord: put a bot's token into .env (.env.example explains how), then")
    screen.command(f"{command} doctor", f"{command} run")


def _browser_command(command: str) -> str:
    """Return what opens the demonstration in a browser: in a checkout, what also installs the extra for it."""
    in_a_checkout = (Path(__file__).parents[2] / "Makefile").is_file()
    return "make demo-browser" if in_a_checkout else f"{command} demo --browser"


def _command() -> str:
    """Return how to call the command line from where the demonstration was called."""
    if shutil.which(PROGRAM):
        return PROGRAM
    return sys.argv[0] if Path(sys.argv[0]).name == PROGRAM else f"{Path(sys.executable).name} -m bot"
