"""`aide-memoire feeds`: what is known of feeds beside what they answer, and the list of them as OPML, out and in."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from asyncio.subprocess import PIPE
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from bot.cli import main
from config.catalogue import Outlet, as_tables, load_catalogue
from config.opml import feeds_in
from storage.engine import open_database
from storage.migrate import upgrade
from tests.command_line import command, house, one_line, outlet
from tests.factories import MONDAY_NOON, an_outlet
from tests.fakes import FakeClock
from tests.loopback import HOST, FeedServer, Item, rss
from watchers.feed_model import FeedState, GuildFeedWish, Reason
from watchers.ports import UnitOfWork

__all__ = ["house"]
ROOT = Path(__file__).resolve().parents[1]
PATIENCE = 30.0
URL = "sqlite:///aide-memoire.db"
BUSY = Reason("the name {host} cannot be found (DNS)", host="meridian.example\x1b[31m")
OPML = """<opml version="2.0"><body>
<outline text="Le &quot;Sud&quot;" xmlUrl="https://sud.example/rss" language="fr"/>
<outline text="The Meridian" xmlUrl="https://meridian.example/rss"/>
<outline text="Bad" xmlUrl="ftp://bad.example/rss"/>
</body></opml>
"""


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.feeds_cli.SystemClock", partial(FakeClock, MONDAY_NOON))


def stored(work: Callable[[UnitOfWork], None]) -> None:
    """Put something into a database of this version."""
    upgrade(URL)
    database = open_database(URL)
    asyncio.run(database.transact(work))
    database.close()


def known() -> list[FeedState]:
    database = open_database(URL)
    try:
        return list(asyncio.run(database.look(lambda work: tuple(work.feeds.all()))))
    finally:
        database.close()


def stands(url: str, **as_it_is: object) -> Callable[[UnitOfWork], None]:
    """Let the feed at an address be read so."""

    def work(unit: UnitOfWork) -> None:
        unit.feeds.follow([an_outlet(feed_url=url)], MONDAY_NOON)
        later = MONDAY_NOON + timedelta(minutes=15)
        for feed in unit.feeds.all():
            unit.feeds.record([replace(feed, polled_at=MONDAY_NOON, next_poll_at=later, **as_it_is)])  # type: ignore[arg-type]

    return work


def words(text: str) -> list[str]:
    return [" ".join(line.split()) for line in text.splitlines()]


# --- check and status -----------------------------------------------------------------------------------------


async def test_each_feed_is_asked_and_its_answer_told(
    house: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ALLOWED_HOSTS", HOST)
    stamp = datetime(2026, 3, 1, 18, 30, tzinfo=UTC)
    async with FeedServer() as server:
        urls = {
            "Good": server.serve("/good", rss(Item("One", "x", stamp), Item("Two", "x", stamp - timedelta(days=1)))),
            "Empty": server.serve("/empty", rss()),
            "Page": server.serve("/page", "<!doctype html><p>no feed</p>", content_type="text/html"),
            "Gone": server.status("/gone", 404),
        }
        lists = "\n".join(outlet(url, name) for name, url in urls.items())
        (house / "outlets.toml").write_text(lists, encoding="utf-8")
        assert await command("feeds", "check") == 1
    lines = [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]
    assert lines[0] == "✓ Good 2 entries, newest 1 Mar 2026, 18:30 UTC"
    assert lines[1] == "✓ Empty no entries"
    assert lines[2].startswith("✗ Page ")
    assert "is a web page, not a feed" in lines[2]
    assert lines[3].startswith("✗ Gone there is nothing at this address (404)")
    assert lines[4] == "2 of 4 feeds answer."


async def test_one_feed_may_be_checked_that_is_not_in_the_list(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    async with FeedServer() as server:
        url = server.serve("/new", rss(Item("One", "x", MONDAY_NOON)))
        assert await command("feeds", "check", "--feed", url) == 1
        assert "✗" in capsys.readouterr().out  # a private address, and not an allowed one
        monkeypatch.setenv("ALLOWED_HOSTS", HOST)
        assert await command("feeds", "check", "--feed", url) == 0
    assert "1 entry, newest 2 Mar 2026, 12:00 UTC" in capsys.readouterr().out


async def test_ctrl_c_while_feeds_are_asked_leaves_no_trace(house: Path) -> None:
    waiting, over = asyncio.Event(), asyncio.Event()

    async def stall() -> None:
        waiting.set()
        await over.wait()

    async with FeedServer() as server:
        (house / "outlets.toml").write_text(outlet(server.stalls("/slow", stall)), encoding="utf-8")
        environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "ALLOWED_HOSTS": HOST}
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", "feeds", "check", stdout=PIPE, stderr=PIPE, env=environment
        )
        await asyncio.wait_for(waiting.wait(), PATIENCE)
        process.send_signal(signal.SIGINT)
        out, err = await asyncio.wait_for(process.communicate(), PATIENCE)
        over.set()
    assert (out, err, process.returncode) == (b"", b"", 130)


async def test_what_is_known_of_a_feed_stands_below_what_it_answers(
    house: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ALLOWED_HOSTS", HOST)
    async with FeedServer() as server:
        url = server.serve("/good", rss(Item("One", "x", MONDAY_NOON)))
        (house / "outlets.toml").write_text(outlet(url), encoding="utf-8")
        fares = {"last_success_at": MONDAY_NOON - timedelta(days=2), "failures": 3, "per_day": 12.25}
        fares |= {"failing_since": MONDAY_NOON - timedelta(days=1), "last_error": BUSY}
        await asyncio.to_thread(stored, stands(url, **fares))
        assert await command("feeds", "check") == 0
    answer, beside = words(capsys.readouterr().out)
    assert answer == "✓ The Meridian 1 entry, newest 2 Mar 2026, 12:00 UTC"
    assert beside == (
        "last read 28 Feb 2026, 12:00 UTC · next 2 Mar 2026, 12:15 UTC · 12.2 entries a day · failed 3 times in a row: "
        "the name meridian.example[31m cannot be found (DNS)"
    )


async def test_a_feed_that_stopped_and_answers_again_is_read_again_once_it_is_named(
    house: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ALLOWED_HOSTS", HOST)
    gone = {"stopped": True, "failures": 1, "failing_since": MONDAY_NOON, "last_error": Reason("gone (410)")}
    async with FeedServer() as server:
        url, dead = server.serve("/good", rss(Item("One", "x", MONDAY_NOON))), server.status("/gone", 410)
        for address in (url, dead):
            (house / "outlets.toml").write_text(outlet(address), encoding="utf-8")
            await asyncio.to_thread(stored, stands(address, **gone))
            await command("feeds", "check")
            assert "asked no more · failed once: gone (410)" in capsys.readouterr().out
            await command("feeds", "check", "--feed", address)
            said = capsys.readouterr().out
            (feed,) = await asyncio.to_thread(known)
            assert feed.stopped == (address == dead)
            assert ("it had stopped, and is read again from now on" in said) == (address == url)
    assert feed.next_poll_at > MONDAY_NOON


def test_how_feeds_fare_is_told_without_asking_any(capsys: pytest.CaptureFixture[str]) -> None:
    def work(unit: UnitOfWork) -> None:
        stands("https://meridian.example/rss", last_success_at=MONDAY_NOON, per_day=3.0)(unit)
        wish = GuildFeedWish(10, "https://ours.example/rss", "Ours", "en", "UTC", full_text=False, added_by=7)
        ours = unit.guild_feeds.add(wish, MONDAY_NOON)
        failed = replace(ours, polled_at=MONDAY_NOON, failures=2, failing_since=MONDAY_NOON, last_error=BUSY)
        unit.feeds.record([failed])

    stored(work)
    assert main(["feeds", "status"]) == 1
    said = words(capsys.readouterr().out)
    assert said[0] == (
        "✗ Ours never read yet · next 2 Mar 2026, 12:00 UTC · failed 2 times in a row: the name meridian.example[31m "
        "cannot be found (DNS) · https://ours.example/rss · added by servers: 1"
    )
    assert said[1].startswith(
        "✓ The Meridian last read 2 Mar 2026, 12:00 UTC · next 2 Mar 2026, 12:15 UTC · 3.0 entries"
    )
    assert said[-1] == "2 feeds: 1 reading well, 1 failing."
    assert "\x1b[31m" not in "".join(said)


def test_a_feed_whose_hub_tells_of_changes_is_told_with_that(capsys: pytest.CaptureFixture[str]) -> None:
    stored(
        stands("https://meridian.example/rss", last_success_at=MONDAY_NOON, told_until=MONDAY_NOON + timedelta(days=1))
    )
    assert main(["feeds", "status"]) == 0
    assert "its hub tells us of changes" in words(capsys.readouterr().out)[0]


def test_feeds_that_are_all_well_are_no_failure(capsys: pytest.CaptureFixture[str]) -> None:
    stored(stands("https://meridian.example/rss", last_success_at=MONDAY_NOON))
    assert main(["feeds", "status"]) == 0
    assert words(capsys.readouterr().out)[-1] == "1 feed: 1 reading well."


def test_without_a_database_there_is_nothing_to_tell_of_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["feeds", "status"]) == 1
    assert "aide-memoire migrate" in one_line(capsys)


# --- the list -------------------------------------------------------------------------------------------------


def test_the_list_is_written_as_opml(house: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert main(["feeds", "export", "mine.opml"]) == 0
    assert main(["feeds", "export", "-"]) == 0
    (feed,) = feeds_in((house / "mine.opml").read_bytes())
    assert (feed.title, feed.feed_url, feed.language) == ("The Meridian", "https://meridian.example/rss", "en")
    assert capfdbinary.readouterr().out.endswith((house / "mine.opml").read_bytes())
    assert main(["feeds", "export", "nowhere/mine.opml"]) == 1


def test_a_list_is_added_to_the_operators(house: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (house / "theirs.xml").write_text(OPML, encoding="utf-8")
    (house / "outlets.toml").write_text("# Mine.\n" + outlet("https://meridian.example/rss"), encoding="utf-8")
    assert main(["feeds", "import", "theirs.xml"]) == 1
    captured = capsys.readouterr()
    assert captured.out == "1 added to outlets.toml, 1 there already. Start the bot anew to have them read.\n"
    assert captured.err.startswith("aide-memoire: theirs.xml, line 4: xmlUrl")
    assert (house / "outlets.toml").read_text("utf-8").startswith("# Mine.\n[[outlet]]")
    first, second = load_catalogue(house / "topics.toml", house / "outlets.toml").outlets
    assert first.feed_url == "https://meridian.example/rss"
    assert second == Outlet('Le "Sud"', "https://sud.example/rss", "fr", "UTC", full_text=False)
    assert main(["feeds", "import", "theirs.xml"]) == 1
    assert "0 added to outlets.toml, 2 there already.\n" in capsys.readouterr().out
    assert sorted(path.name for path in house.iterdir() if "outlets" in path.name) == ["outlets.toml"]


def test_the_list_that_comes_along_is_not_changed(
    house: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (house / "theirs.opml").write_text(OPML, encoding="utf-8")
    (house / ".env").write_text("TOPICS_FILE=topics.toml\nEVENTS_FILE=events.toml\n", encoding="utf-8")
    assert main(["feeds", "import", "theirs.opml"]) == 2
    assert one_line(capsys).startswith("OUTLETS_FILE is not set")
    monkeypatch.setenv("OUTLETS_FILE", "theirs.opml")
    assert main(["feeds", "import", "theirs.opml"]) == 2
    assert one_line(capsys).startswith("OUTLETS_FILE names an OPML list")


@pytest.mark.parametrize(
    "name", ['a "b" \\ c', "tab\tand\x7fdel", "é \N{SNOWMAN} \U0001f4f0", "# [[outlet]]", "x" * 80]
)
def test_what_is_written_as_tables_is_read_again(tmp_path: Path, name: str) -> None:
    wanted = Outlet(" ".join(name.split()), "https://a.example/?a=1&b='2'", "pt-BR", "UTC", full_text=True)
    (tmp_path / "topics.toml").write_text('[[topic]]\nid = "a"\nname = "a"\nabout = "a"\nwords = ["a"]\n', "utf-8")
    (tmp_path / "outlets.toml").write_text(as_tables([wanted]), encoding="utf-8")
    assert load_catalogue(tmp_path / "topics.toml", tmp_path / "outlets.toml").outlets == (wanted,)
