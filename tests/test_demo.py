"""The demonstration: what it shows comes from the house's own parts, and it leaves no trace when stopped."""

from __future__ import annotations

import asyncio
import io
import os
import re
import signal
import subprocess
import sys
import unicodedata
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console

from bot.demo import show
from bot.demo.articles import ARTICLES, BLUE_HERON, NORTHLIGHT, QUAYSIDE, DemoArticle
from bot.demo.clock import LAST_DAY, DemoClock, first_day, moments
from bot.demo.outlets import Newsstand
from bot.demo.screen import Screen, TerminalMessenger, due_words, harmless
from storage.engine import open_database
from tests.factories import a_case, a_followup, a_statement, a_telling
from watchers.audience import Alert, AlertForm, Delivery
from watchers.feeds.fetch import HttpFetcher
from watchers.matcher.match import read_article
from watchers.model import Interval, Kind, Precision
from watchers.ports import SendNeverError
from watchers.rating import CaseFilter

MONDAY = date(2026, 5, 4)
TODAY = MONDAY + timedelta(days=LAST_DAY)
ROOT = Path(__file__).resolve().parents[1]


# --- clock ------------------------------------------------------------------------------------------------


@given(st.dates(min_value=date(2000, 1, 1), max_value=date(2100, 1, 1)))
def test_the_days_played_begin_on_the_latest_monday_that_lets_them_be_over_today(today: date) -> None:
    first = first_day(today)
    assert first.weekday() == 0
    assert first + timedelta(days=LAST_DAY) <= today < first + timedelta(days=LAST_DAY + 7)


def test_every_article_appears_between_the_first_moment_and_the_last() -> None:
    instants = list(moments(MONDAY))
    assert instants == sorted(set(instants))
    assert instants[0].date() == MONDAY
    assert instants[-1].date() == TODAY
    assert all(instants[0] < article.published(MONDAY) <= instants[-1] for article in ARTICLES)


# --- newsstand --------------------------------------------------------------------------------------------


async def test_the_newsstand_publishes_by_the_clock_and_honours_conditional_requests() -> None:
    clock = DemoClock(datetime(2026, 5, 4, 6, tzinfo=UTC))
    with Newsstand(ARTICLES, MONDAY, clock) as stand:
        async with HttpFetcher(frozenset({stand.host})) as fetcher:
            northlight = stand.outlets[0].feed_url
            early = await fetcher.fetch(northlight)
            assert early.body is not None
            assert b"<item>" not in early.body
            again = await fetcher.fetch(northlight, etag=early.etag)
            assert again.body is None
            clock.move_to(datetime(2026, 5, 4, 8, tzinfo=UTC))
            later = await fetcher.fetch(northlight, etag=early.etag)
            assert later.body is not None
            assert later.body.count(b"<item>") == 1
    assert {outlet.name for outlet in stand.outlets} == {NORTHLIGHT, QUAYSIDE, BLUE_HERON}


# --- words ------------------------------------------------------------------------------------------------


@given(st.text(), st.integers(min_value=20, max_value=200))
def test_text_from_outside_stays_on_one_line_within_bounds_and_steers_nothing(text: str, limit: int) -> None:
    shown = harmless(text, limit)
    assert len(shown) <= limit
    assert not {unicodedata.category(char) for char in shown} & {"Cc", "Cs", "Zl", "Zp"}


def test_what_turns_the_writing_or_steers_the_terminal_is_left_out() -> None:
    assert harmless("a\u202eb \x1b[2J", 100) == "ab [2J"


@pytest.mark.parametrize(
    ("due", "precision", "words"),
    [
        (Interval(MONDAY, date(2026, 5, 7)), Precision.EXACT, "by Thursday 7 May, in 3 days"),
        (Interval(date(2026, 5, 5), date(2026, 5, 5)), Precision.EXACT, "on Tuesday 5 May, tomorrow"),
        (Interval(MONDAY, MONDAY), Precision.EXACT, "on Monday 4 May, today"),
        (Interval(date(2026, 5, 2), date(2026, 5, 2)), Precision.EXACT, "on Saturday 2 May, 2 days ago"),
        (Interval(date(2026, 5, 11), date(2026, 5, 17)), Precision.EXACT, "between Monday 11 May and Sunday 17 May"),
        (Interval(MONDAY, date(2026, 5, 11)), Precision.VAGUE, "by about Monday 11 May, in 7 days"),
        (None, Precision.NONE, "no date given"),
    ],
)
def test_due_words(due: Interval | None, precision: Precision, words: str) -> None:
    followup = a_followup(1, a_telling(a_statement(due=due, precision=precision), published=_at(0)))
    assert due_words(followup, MONDAY).startswith(words)


# --- the messenger ----------------------------------------------------------------------------------------


def _at(day: int, hour: int = 9) -> datetime:
    return datetime(2026, 5, 4, hour, tzinfo=UTC) + timedelta(days=day)


def _delivery(form: AlertForm, *, message_id: int | None = None, outlets: tuple[str, ...] = (NORTHLIGHT,)) -> Delivery:
    due = Interval(MONDAY, date(2026, 5, 7))
    tellings = [a_telling(a_statement(due=due), outlet=name, published=_at(0)) for name in outlets]
    alert = Alert("key", form, (1,), channel_id=1, subscription_id=1)
    posted_in = None if message_id is None else 1
    return Delivery(1, alert, 1, message_id, posted_in, 0, (a_case(a_followup(1, *tellings)),))


def _messenger(day: int = 0) -> tuple[TerminalMessenger, io.StringIO]:
    out = io.StringIO()
    screen = Screen(Console(file=out, width=100), {"norland": "Norland's quarrel"})
    return TerminalMessenger(screen, DemoClock(_at(day))), out


async def test_an_alert_shows_who_said_what_when_it_is_due_on_what_topic_and_who_told_it() -> None:
    messenger, out = _messenger()
    await messenger.post(_delivery(AlertForm.SAID), "nonce")
    for words in ("DEADLINE", "Norland's quarrel", "Norland will withdraw", "by Thursday 7 May", NORTHLIGHT):
        assert words in out.getvalue()


async def test_an_edit_names_only_the_outlets_that_are_new() -> None:
    messenger, out = _messenger()
    posted = await messenger.post(_delivery(AlertForm.SAID), "nonce")
    out.truncate(0)
    edit = _delivery(AlertForm.SAID, message_id=posted.message_id, outlets=(NORTHLIGHT, QUAYSIDE))
    await messenger.edit(edit)
    assert f"also told by {QUAYSIDE}" in out.getvalue()
    assert NORTHLIGHT not in out.getvalue()
    assert messenger.shown == {"alerts": 1, "merges": 1}


@pytest.mark.parametrize(
    ("form", "day", "words"),
    [
        (AlertForm.REMINDER, 2, "REMINDER #1 falls due tomorrow, Thursday 7 May"),
        (AlertForm.REMINDER, 3, "DUE TODAY #1 falls due today, Thursday 7 May"),
        (AlertForm.OVERDUE, 4, "OVERDUE #1 was due yesterday, Thursday 7 May"),
    ],
)
async def test_reminders_say_how_far_off_the_last_day_is(form: AlertForm, day: int, words: str) -> None:
    messenger, out = _messenger(day)
    await messenger.post(_delivery(form), "nonce")
    assert words in out.getvalue()


async def test_what_the_terminal_cannot_show_is_refused_for_good() -> None:
    messenger, _ = _messenger()
    with pytest.raises(SendNeverError, match="digest"):
        await messenger.post(_delivery(AlertForm.DIGEST), "nonce")


# --- the articles -----------------------------------------------------------------------------------------


def _promises(first: date) -> list[tuple[str, Kind, int | None]]:
    """What the matcher finds in each article of a run that begins on `first`: kind, and days to the last day."""
    return [
        (article.slug, statement.kind, None if statement.due is None else (statement.due.last - first).days)
        for article in ARTICLES
        for statement in read_article(_text(article), article.published(first).date())
    ]


def _text(article: DemoArticle) -> str:
    return f"{article.title}.\n\n" + " ".join(re.sub(r"<[^>]*>", " ", article.html()).split())


@pytest.mark.parametrize(
    "first", [MONDAY, date(2026, 11, 9), date(2026, 12, 28), date(2027, 2, 22), date(2027, 3, 22), date(2028, 2, 28)]
)
def test_the_articles_promise_the_same_whichever_monday_it_is(first: date) -> None:
    assert _promises(first) == [
        ("orsa-site-ultimatum", Kind.DEADLINE, 3),
        ("watchdog-marovia", Kind.DEADLINE, 3),
        ("geneva-talks-set", Kind.EVENT, 4),
        ("geneva-talks-confirmed", Kind.EVENT, 4),
        ("tarvik-pledge", Kind.COMMITMENT, 32),
        ("tarvik-pledge", Kind.COMMITMENT, None),
        ("fisheries-accord", Kind.EXPECTATION, 13),
        ("fisheries-signing", Kind.EXPECTATION, 13),
        ("council-vote", Kind.EVENT, 7),
    ]


# --- the whole --------------------------------------------------------------------------------------------


def _play(path: Path, *, width: int = 100) -> tuple[int, str]:
    out = io.StringIO()
    code = show.run_demo(path, pace=0, today=TODAY, console=Console(file=out, width=width, highlight=False))
    return code, out.getvalue()


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, int, str]:
    path = tmp_path_factory.mktemp("demo") / "demo.db"
    return path, *_play(path)


def test_it_shows_alerts_merges_reminders_and_overdue_notices_each_in_its_time(played: tuple[Path, int, str]) -> None:
    _, code, out = played
    assert code == 0
    telling = re.compile(r"May 2026|╭|MERGED|REMINDER|DUE TODAY|OVERDUE|LOOKS")
    ornaments = re.compile(r" ─+╮?$| ·.*| \(alert edited\)|^╭─ ")
    assert [ornaments.sub("", line.strip()) for line in out.splitlines() if telling.search(line)] == [
        "Monday 4 May 2026",
        "DEADLINE",
        f"15:00  MERGED #1 also told by {QUAYSIDE}",
        "Tuesday 5 May 2026",
        "EVENT",
        f"16:00  MERGED #2 also told by {NORTHLIGHT}",
        "Wednesday 6 May 2026",
        "08:00  REMINDER #1 falls due tomorrow, Thursday 7 May",
        "COMMITMENT",
        "COMMITMENT",
        "Thursday 7 May 2026",
        "08:00  DUE TODAY #1 falls due today, Thursday 7 May",
        "08:00  REMINDER #2 falls due tomorrow, Friday 8 May",
        "EXPECTATION",
        "Friday 8 May 2026",
        "08:00  OVERDUE #1 was due yesterday, Thursday 7 May",
        "08:00  DUE TODAY #2 falls due today, Friday 8 May",
        f"09:00  MERGED #5 also told by {QUAYSIDE}",
        "EVENT",
        "18:00  LOOKS KEPT #2",
        "Saturday 9 May 2026",
        "08:00  OVERDUE #2 was due yesterday, Friday 8 May",
        "Sunday 10 May 2026",
        "08:00  REMINDER #6 falls due tomorrow, Monday 11 May",
        "Monday 11 May 2026",
        "08:00  DUE TODAY #6 falls due today, Monday 11 May",
        "Tuesday 12 May 2026",
        "08:00  OVERDUE #6 was due yesterday, Monday 11 May",
    ]


def test_it_answers_pending_from_the_database_and_says_where_that_lies(played: tuple[Path, int, str]) -> None:
    path, _, out = played
    answer = out[out.index("/followups pending") :]
    assert "3 pending, and 3 overdue." in answer
    assert f"sqlite:///{path}" in answer
    assert "make demo-browser" in answer
    store = open_database(f"sqlite:///{path}")
    try:
        page = asyncio.run(store.look(lambda work: work.cases.page(CaseFilter(), None, TODAY, offset=0, limit=10)))
    finally:
        store.close()
    listed = [answer.index(f"\n {one.followup.id}   {one.followup.kind.value}") for one in page.items]
    assert len(listed) == 3
    assert listed == sorted(listed)


def test_articles_that_promise_nothing_give_nothing(played: tuple[Path, int, str]) -> None:
    _, _, out = played
    assert out.count("1 new article: nothing to follow up") == 2
    assert "keepers" not in out
    assert "charted" not in out


def test_hostile_text_is_shown_and_obeyed_by_nobody(played: tuple[Path, int, str]) -> None:
    _, _, out = played
    assert "[bold red]Orsa" in out
    assert "@everyone" in out
    assert not set(out) & {"\u202e", "\u202c", "\x1b"}
    assert "taken over" not in out


@pytest.mark.parametrize("width", [40, 120])
def test_no_line_is_wider_than_the_terminal(tmp_path: Path, width: int) -> None:
    code, out = _play(tmp_path / "demo.db", width=width)
    assert code == 0
    shown = out[: out.index("What next")]
    assert max(cell_len(line) for line in shown.splitlines()) <= width


def test_a_file_that_exists_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "mine.db"
    path.write_bytes(b"mine")
    code, out = _play(path)
    assert code == 1
    assert "exists already" in out
    assert path.read_bytes() == b"mine"


def test_a_folder_that_does_not_exist_is_told_in_one_line(tmp_path: Path) -> None:
    code, out = _play(tmp_path / "nowhere" / "demo.db")
    assert code == 1
    assert "does not exist" in " ".join(out.split())


def test_it_fails_aloud_where_nothing_merges(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(show, "ARTICLES", [one for one in ARTICLES if one.outlet == NORTHLIGHT])
    code, out = _play(tmp_path / "demo.db")
    assert code == 1
    assert "no second outlet was merged" in out


@pytest.mark.parametrize("sign", ["demonstration", "DEADLINE", "REMINDER"])
def test_ctrl_c_at_any_time_ends_it_without_a_trace(tmp_path: Path, sign: str) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "bot", "demo", "--database", str(tmp_path / "demo.db"), "--pace", "0.02"],
        cwd=ROOT,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
    ) as process:
        assert process.stdout is not None
        assert any(sign in line for line in process.stdout)
        process.send_signal(signal.SIGINT)
        rest = process.stdout.read()
        assert process.wait(timeout=10) == 130
    assert "Stopped." in rest
    assert "Traceback" not in rest


def test_it_runs_where_the_terminal_knows_only_ascii(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bot", "demo", "--database", str(tmp_path / "demo.db"), "--pace", "0"],
        cwd=ROOT,
        env={**os.environ, "PYTHONIOENCODING": "ascii", "NO_COLOR": "1"},
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0
    assert not done.stderr
    assert b"DEADLINE" in done.stdout
    assert b"\x1b" not in done.stdout
