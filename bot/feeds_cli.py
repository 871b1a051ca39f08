"""`aide-memoire feeds`: check them, say how they fare, write the list, add to it. Each returns whether it failed."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path

from bot import given
from bot.asking import looked_up, transacted
from bot.doctor import probe_feeds
from bot.opening import SystemClock
from bot.terminal import FeedProbe, print_feed, print_feeds, print_known
from bot.usage import FailedError, UsageError
from config.catalogue import SHIPPED_OUTLETS, Outlet, as_tables, is_opml, outlets_of_opml
from config.opml import Listed, written_opml
from config.settings import Settings
from config.toml_tables import FileError, replace_text
from storage import migrate
from storage.errors import DatabaseError
from watchers.feed_model import FeedState
from watchers.feeds.health import Condition, health
from watchers.ports import UnitOfWork

Complain = Callable[[str], None]
"""Says what is wrong, on one line of standard error."""


def check(arguments: argparse.Namespace, settings: Settings, complain: Complain) -> bool:
    """Ask every feed once, or the one that is named, and print its answer beside what is known of it.

    One that stopped and answers when it is named is read again.
    """
    clock = SystemClock()
    outlets = given.outlets(settings, arguments.feed)
    known = _known(settings, complain)

    back: list[int] = []

    def report(probe: FeedProbe) -> None:
        print_feed(probe)
        if (feed := known.get(probe.url)) is None:
            return
        if arguments.feed is not None and feed.stopped and probe.failure is None:
            back.append(feed.id)
        else:
            print_known(health(feed, clock.now()))

    failed = asyncio.run(probe_feeds(outlets, settings, clock, report))
    for feed_id in back:
        transacted(partial(_resume, feed_id=feed_id, now=clock.now()), settings.database_url)
        print_known("it had stopped, and is read again from now on")
    if len(outlets) > 1:
        print_known(f"{len(outlets) - failed} of {len(outlets)} feeds answer.", indented=False)
    return failed > 0


def status(_arguments: argparse.Namespace, settings: Settings, _complain: Complain) -> bool:
    """Print how every feed fares, those of servers too, without asking any."""
    now = SystemClock().now()

    def question(work: UnitOfWork) -> list[tuple[FeedState, int]]:
        return [(feed, 0 if feed.public else len(work.guild_feeds.holders(feed.id))) for feed in work.feeds.all()]

    feeds = looked_up(question, settings.database_url)
    rows = [(feed, health(feed, now), servers) for feed, servers in feeds]
    print_feeds(rows)
    return any(known.condition in {Condition.FAILING, Condition.STOPPED} for _, known, _ in rows)


def export(arguments: argparse.Namespace, settings: Settings, _complain: Complain) -> bool:
    """Write the list of feeds as OPML."""
    outlets = given.outlets(settings, None)
    listed = [Listed(outlet.name, outlet.feed_url, outlet.language) for outlet in outlets]
    text = written_opml("Aide-Mémoire", listed, SystemClock().now())
    if arguments.file == "-":
        sys.stdout.buffer.write(text.encode())
        return False
    try:
        Path(arguments.file).write_text(text, encoding="utf-8")
    except OSError as error:
        message = f"{arguments.file} cannot be written ({error.strerror})"
        raise FailedError(message) from error
    print_known(f"{len(listed)} feeds written to {arguments.file}.", indented=False)
    return False


def bring_in(arguments: argparse.Namespace, settings: Settings, complain: Complain) -> bool:
    """Add the feeds of an OPML file to the list of outlets; say what was there already and what could not be used."""
    target = settings.outlets_file
    _refuse_target(target)
    known = given.outlets(settings, None)
    problems: list[str] = []
    try:
        wanted = outlets_of_opml(Path(arguments.file), problems)
    except FileError as error:
        raise UsageError(str(error)) from error
    there = {outlet.feed_url.casefold() for outlet in known}
    new = [outlet for outlet in wanted if outlet.feed_url.casefold() not in there]
    for problem in problems:
        complain(problem)
    if new:
        _append(target, new)
    already = len(wanted) - len(new)
    counted = f"{len(new)} added to {target}" + (f", {already} there already" if already else "")
    again = " Start the bot anew to have them read." if new else ""
    print_known(f"{counted}.{again}", indented=False)
    return bool(problems)


def _refuse_target(target: Path) -> None:
    """Raise `UsageError` where the list of outlets is none that can be added to."""
    if target.resolve() == SHIPPED_OUTLETS:
        message = (
            f"OUTLETS_FILE is not set, and the list that comes along is replaced by every update: copy {target} to a "
            "place of your own, set OUTLETS_FILE to that, and import again"
        )
        raise UsageError(message)
    if is_opml(target):
        message = (
            f"OUTLETS_FILE names an OPML list ({target}): add the feeds there with a feed reader, or let it name a "
            "TOML list"
        )
        raise UsageError(message)


def _append(target: Path, outlets: list[Outlet]) -> None:
    try:
        replace_text(target, lambda text: f"{text.rstrip()}\n\n{as_tables(outlets)}")
    except OSError as error:
        message = f"{target} cannot be written ({error.strerror})"
        raise FailedError(message) from error


def _resume(work: UnitOfWork, *, feed_id: int, now: datetime) -> None:
    work.feeds.ask_at(feed_id, now)


def _known(settings: Settings, complain: Complain) -> dict[str, FeedState]:
    """Return what the database knows of feeds, by their addresses; nothing where there is none of this version."""
    try:
        if migrate.current(settings.database_url) != migrate.head():
            return {}
        feeds = looked_up(lambda work: tuple(work.feeds.all()), settings.database_url)
    except (DatabaseError, FailedError) as error:
        complain(f"what is known of the feeds is left out: {error}")
        return {}
    return {feed.url: feed for feed in feeds}
