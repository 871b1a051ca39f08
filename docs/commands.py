"""Writes docs/commands.md from the bot's own command tree: `python docs/commands.py`, or `make docs`.

A test holds the page to what this says, so that it cannot go stale.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final
from zoneinfo import ZoneInfo

from discord import AppCommandOptionType, app_commands

from bot.client import AideMemoire
from bot.services import Services
from bot.views.help import MANAGERS_ONLY, SUBJECTS, Subject
from config.catalogue import Catalogue
from storage.engine import open_database
from storage.migrate import upgrade
from watchers.audience import LocalHour
from watchers.feed_model import Fetched

PAGE: Final = Path(__file__).with_suffix(".md")

EXAMPLES: Final[Mapping[str, str]] = {
    "setup": "/setup",
    "subscribe": "/subscribe topic:Ukraine peace talks kinds:Deadlines and commitments rhythm:At once",
    "subscriptions": "/subscriptions",
    "unsubscribe": "/unsubscribe subscription:#deadlines · Ukraine peace talks · At once",
    "audit": "/audit",
    "topics list": "/topics list",
    "topics create": "/topics create",
    "topics edit": "/topics edit topic:Grain in the Black Sea",
    "topics delete": "/topics delete topic:Grain in the Black Sea",
    "topics test": '/topics test query:grain* AND ("black sea" OR country:UA)',
    "followups pending": "/followups pending country:Ukraine until:end of this month",
    "followups due": "/followups due kind:Deadline",
    "followups overdue": "/followups overdue topic:Ukraine peace talks",
    "followups recent": "/followups recent speaker:foreign minister",
    "followups settled": "/followups settled kind:Commitment",
    "followups search": "/followups search text:grain corridor",
    "followups show": "/followups show followup:42",
    "record speaker": "/record speaker name:foreign minister since:last year",
    "record country": "/record country country:Ukraine topic:Ukraine peace talks",
    "timeline": "/timeline country:France weeks:8",
    "calendar file": "/calendar file topic:Ukraine peace talks",
    "calendar subscribe": "/calendar subscribe topic:every topic",
    "calendar revoke": "/calendar revoke topic:every topic",
    "export": "/export format:CSV list:Settled",
    "remind": "/remind when:two days before followup:42",
    "reminders": "/reminders",
    "timezone": "/timezone zone:Geneva",
    "privacy": "/privacy",
    "forget-me": "/forget-me",
    "scan": "/scan text:The envoys will meet again on Tuesday. day:2 March 2026",
    "Find deadlines": "a message's menu → Apps → Find deadlines",
    "feeds list": "/feeds list",
    "feeds status": "/feeds status feed:UN News",
    "feeds add": "/feeds add url:news.example",
    "feeds remove": "/feeds remove feed:The Meridian",
    "feeds export": "/feeds export",
    "feeds import": "/feeds import file:feeds.opml",
    "status": "/status",
    "help": "/help",
}
"""One for each command, by its whole name."""

_HEAD = """\
# Commands

<!-- Written by docs/commands.py from the bot's own commands: change those, then `make docs`. -->

Every command the bot offers in Discord, as it stands today. An option with a \\* must be given. Where it says
*suggested*, a list appears as you type: pick from it, and you need not know how anything is spelt.

Answers are seen by you alone. What others see are the alerts, reminders and digests that a channel has
[subscribed to](subscriptions.md).
"""
_PLACES = {
    (False, False): "in servers",
    (True, False): "in servers, and in direct messages with the bot",
    (True, True): "anywhere: in servers, in direct messages, and wherever you have taken the bot along",
}
_DIRECT = 1
Command = app_commands.Command[Any, ..., Any] | app_commands.ContextMenu


class _Nothing:
    """Stands for all that the commands are not asked to do here: it fetches, ticks and runs nothing."""

    async def fetch(
        self, url: str, *, etag: str | None = None, last_modified: str | None = None, pause: timedelta | None = None
    ) -> Fetched:
        raise NotImplementedError

    async def run(self, *_job: object, **_bounds: object) -> Any:
        raise NotImplementedError

    def now(self) -> datetime:
        return datetime(2026, 3, 2, 12, tzinfo=UTC)

    async def start(self) -> None: ...

    async def stop(self) -> None: ...


async def every_command() -> dict[str, tuple[Command, Mapping[str, Any]]]:
    """Return the real bot's commands by whole name, each with what Discord is told of the group or command it is in."""
    nothing = _Nothing()
    with TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/none.db"
        upgrade(url)
        store = open_database(url)
        try:
            services = Services(store, nothing, Catalogue((), ()), LocalHour(ZoneInfo("UTC")))
            bot = AideMemoire(services, nothing, nothing, lambda _client: nothing)
            found: dict[str, tuple[Command, Mapping[str, Any]]] = {}
            async with bot:
                await bot.setup_hook()
                for top in bot.tree.get_commands():
                    payload = top.to_dict(bot.tree)
                    for one in _within(top):
                        found[one.qualified_name] = (one, payload)
            return found
        finally:
            store.close()


def _within(top: Command | app_commands.Group) -> Iterator[Command]:
    if isinstance(top, app_commands.Group):
        yield from (one for one in top.walk_commands() if isinstance(one, app_commands.Command))
    else:
        yield top


def page(commands: Mapping[str, tuple[Command, Mapping[str, Any]]]) -> str:
    """Return the page: the commands by subject, as `/help` has them."""
    of_subject = {subject: [*_of(subject, commands)] for subject in SUBJECTS}
    parts = [_HEAD]
    for subject, names in of_subject.items():
        links = " · ".join(f"[{_title(name, commands)}](#{_anchor(name)})" for name in names)
        parts.append(f"**{subject.name}**<br>{links}\n")
    for subject, names in of_subject.items():
        parts.append(f"## {subject.name}\n\n{subject.about}\n")
        parts += [_section(name, *commands[name]) for name in names]
    return "\n".join(parts)


def _of(subject: Subject, commands: Iterable[str]) -> Iterator[str]:
    """Yield the whole names of a subject's commands; the last subject has those that no other has."""
    placed = {top for one in SUBJECTS for top in one.commands}
    tops = {name: next((top for top in placed if name == top or name.startswith(f"{top} ")), "") for name in commands}
    for top in (*subject.commands, *([""] if subject is SUBJECTS[-1] else [])):
        yield from (name for name in tops if tops[name] == top)


def _title(name: str, commands: Mapping[str, tuple[Command, Mapping[str, Any]]]) -> str:
    return name if isinstance(commands[name][0], app_commands.ContextMenu) else f"/{name}"


def _anchor(name: str) -> str:
    return name.lower().replace(" ", "-")


def _section(name: str, command: Command, payload: Mapping[str, Any]) -> str:
    if isinstance(command, app_commands.ContextMenu):
        title, about = name, "Show what a message says of the future, for your eyes alone: in the message's own menu."
    else:
        title, about = f"/{name}", command.description
    lines = [
        f"### {title} {{ #{_anchor(name)} }}\n",
        f"{about}\n",
        f"**Who** {_who(command, payload)} · **Where** {_where(command, payload)}\n",
    ]
    options = [] if isinstance(command, app_commands.ContextMenu) else command.parameters
    if options:
        lines.append(_table(options))
    lines.append(f"```text\n{EXAMPLES[name]}\n```\n")
    return "\n".join(lines)


def _for_managers(command: Command, payload: Mapping[str, Any]) -> bool:
    needed = int(payload["default_member_permissions"] or 0)
    return bool(needed) or command.extras == MANAGERS_ONLY


def _who(command: Command, payload: Mapping[str, Any]) -> str:
    return "those with *Manage Server*" if _for_managers(command, payload) else "everybody"


def _where(command: Command, payload: Mapping[str, Any]) -> str:
    if _for_managers(command, payload):
        return _PLACES[False, False]
    return _PLACES[_DIRECT in payload["contexts"], 1 in payload["integration_types"]]


def _table(options: Sequence[app_commands.Parameter]) -> str:
    rows = ["| option | what it is |", "| --- | --- |"]
    for option in options:
        mark = " \\*" if option.required else ""
        rows.append(f"| `{option.display_name}`{mark} | {_option(option)} |")
    return "\n".join(rows) + "\n"


def _option(option: app_commands.Parameter) -> str:
    about = str(option.description).rstrip(".").replace("|", "\\|")
    if option.type is AppCommandOptionType.integer:
        about += f" ({option.min_value} to {option.max_value})"
    if option.autocomplete:
        about += " (*suggested*)"
    if option.choices:
        about += "<br>One of " + ", ".join(f"*{choice.name}*" for choice in option.choices)
    return about


def main() -> None:
    """Write the page."""
    PAGE.write_text(page(asyncio.run(every_command())), encoding="utf-8")
    print(f"Written: {PAGE.name}", file=sys.stderr)


if __name__ == "__main__":
    main()
