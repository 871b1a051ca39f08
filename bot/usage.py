"""How the command line is spoken: its commands, their options, and the words of --help."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable
from datetime import date
from typing import Any, NoReturn

from bot import usage_words


class FailedError(Exception):
    """What was asked rightly could not be done; `str()` says why on one line."""


class UsageError(Exception):
    """What was asked cannot be done as asked; each line of `str()` says why and what would be right."""


def _formatter(prog: str) -> argparse.HelpFormatter:
    return argparse.RawDescriptionHelpFormatter(prog, max_help_position=30)


class _Parser(argparse.ArgumentParser):
    """An argument parser whose complaints are one line, as those of the rest of the command line."""

    def error(self, message: str) -> NoReturn:
        complaint = f"{message}; `{self.prog} --help` shows how"
        raise UsageError(complaint)


class _Version(argparse.Action):
    """Prints the version, which is looked up only when asked for."""

    def __call__(self, parser: argparse.ArgumentParser, *_rest: Any) -> None:
        from importlib.metadata import PackageNotFoundError, version  # noqa: PLC0415 - it would cost start-up time

        try:
            number = version(usage_words.PROGRAM)
        except PackageNotFoundError:
            number = "(from a source tree that is not installed)"
        print(f"{usage_words.PROGRAM} {number}")  # noqa: T201 - the command line speaks here
        parser.exit()


def _add_demo(add: Callable[..., _Parser]) -> None:
    demo = add("demo", "play the whole thing through on invented news, in this terminal", usage_words.DEMO_HELP)
    demo.add_argument("--database", metavar="FILE", help="a new SQLite file to use (default: a temporary one)")
    demo.add_argument("--browser", action="store_true", help="on a local page instead, as Discord shows it")
    demo.add_argument("--port", type=_port, default=0, metavar="N", help="of that page (default: any that is free)")
    demo.add_argument("--pace", type=_pace, default=1.0, help="how slowly it goes: 2 twice as slow, 0 without pauses")


def parser() -> argparse.ArgumentParser:
    """Return the parser; what it returns names the command as `command`, a key of `bot.cli.COMMANDS`."""
    whole = _Parser(
        prog=usage_words.PROGRAM,
        description="Reads the news for deadlines and commitments, and holds people to them, on Discord.",
        epilog=usage_words.MAIN_HELP,
        formatter_class=_formatter,
    )
    whole.add_argument("--version", action=_Version, nargs=0, help="print the version")
    commands = whole.add_subparsers(metavar="COMMAND", required=True, parser_class=_Parser)

    def add(name: str, summary: str, epilog: str = "") -> _Parser:
        added = commands.add_parser(
            name,
            help=summary,
            description=f"{summary[0].upper()}{summary[1:]}.",
            epilog=epilog,
            formatter_class=_formatter,
        )
        added.set_defaults(command=name)
        return added

    add("run", "connect to Discord, read the feeds and keep people reminded, until stopped")
    add(
        "watch",
        "only read the feeds, beside a `run` with WATCHERS=apart and as many others as you like",
        usage_words.WATCH_HELP,
    )

    _add_demo(add)
    read = add("read", "read articles for what they say is to come, and by when", usage_words.READ_HELP)
    read.add_argument("file", metavar="FILE", nargs="?", help="a plain text file in UTF-8; - for standard input")
    read.add_argument("--date", metavar="YYYY-MM-DD", help="the day the article was published")
    read.add_argument("--title", help="its headline")
    read.add_argument(
        "--why", action="store_true", help="show every time and promise with what spoke for it and against it"
    )
    read.add_argument("--jsonl", action="store_true", help="read and write one JSON object a line")

    times = add("times", "find every time expression in texts, past and future (TIMEX3)", usage_words.TIMES_HELP)
    times.add_argument("file", metavar="FILE", nargs="?", help="a JSONL file; standard input without it")
    times.add_argument("--jsonl", action="store_true", help="read and write one JSON object a line")

    outcomes = add("outcomes", "tell from later articles what became of what was said", usage_words.OUTCOMES_HELP)
    outcomes.add_argument("file", metavar="FILE", nargs="?", help="a JSONL file; standard input without it")
    outcomes.add_argument("--jsonl", action="store_true", help="read and write one JSON object a line")

    followups = add("followups", "list what is pending, by the day it is due", usage_words.FOLLOWUPS_HELP)
    _narrow(followups, limit=50)
    followups.set_defaults(list="pending", country=None, server=None)
    followups.add_argument("--json", action="store_true", help="print one JSON object a line")

    export = add("export", "write follow-ups as CSV or JSON, for other programs", usage_words.EXPORT_HELP)
    export.add_argument("--format", choices=("csv", "json"), required=True, help="how to write them")
    lists = ("pending", "due", "overdue", "recent", "settled")
    export.add_argument("--list", choices=lists, default="recent", help="which ones (default: recent, which is all)")
    _narrow(export, limit=10_000)
    export.add_argument("--country", metavar="CODE", type=_country, help="only what concerns it: a code such as UA")
    export.add_argument("--server", metavar="ID", type=_id, help="as this Discord server sees them")

    _whose_record(
        add(
            "record", "count what became of what a speaker said, or of what concerns a country", usage_words.RECORD_HELP
        )
    )

    _add_feeds(add)
    _add_outbox(add)
    feedback = add("feedback", "give out what people found wrong with what was read", usage_words.FEEDBACK_HELP)
    _deeds_of(feedback, usage_words.FEEDBACK_HELP)("export", "print it as JSON lines, in the form of the labelled sets")

    _add_editing(add)
    add("migrate", "bring the database to the tables of this version")
    _add_upkeep(add)

    _add_invite(add)
    doctor = add(
        "doctor", "check token, database, lists, feeds and clock, and say what mends them", usage_words.DOCTOR_HELP
    )
    doctor.add_argument("--offline", action="store_true", help="do not ask Discord about the token")
    add("health", "ask the running bot how it is; the exit code says so too", usage_words.HEALTH_HELP)
    return whole


def _add_feeds(add: Callable[[str, str, str], _Parser]) -> None:
    """Add what looks after the feeds."""
    feeds = add("feeds", "look after the feeds", usage_words.FEEDS_HELP)
    deed = _deeds_of(feeds, usage_words.FEEDS_HELP)
    silent = "The exit code is 1 where one does not."
    check = deed("check", "ask every feed once and say which answer, beside what is known of each", silent)
    check.add_argument("--feed", metavar="URL", help="only this one, whether it is in the list or not")
    deed("status", "say how the feeds fare, as the database knows it", "The exit code is 1 where one fails.")
    export = deed("export", "write the list of feeds as OPML, for other feed readers")
    export.add_argument("file", metavar="FILE", help="the file to write; - is standard output")
    taken = "What is there already is left as it is, and what is no feed's address is named."
    bring = deed("import", "add the feeds of an OPML file to the list that OUTLETS_FILE names", taken)
    bring.add_argument("file", metavar="FILE", help="an OPML file, as feed readers export it")


def _add_invite(add: Callable[[str, str, str], _Parser]) -> None:
    """Add what makes links to let the bot in."""
    invite = add(
        "invite", "print the links that add the bot to a server, with the least permissions", usage_words.INVITE_HELP
    )
    invite.add_argument("--application", type=_id, metavar="ID", help="the application's id (default: the token's)")
    left_out = "leave out what only this needs; may be repeated"
    invite.add_argument("--without", action="append", default=[], choices=("files", "threads", "events"), help=left_out)


def _add_upkeep(add: Callable[[str, str, str], _Parser]) -> None:
    """Add what copies the database, and what takes a server from one database to another."""
    backup = add("backup", "copy the database into a file while the bot runs (SQLite)", usage_words.BACKUP_HELP)
    backup.add_argument("file", metavar="FILE", help="the file to write")
    backup.add_argument("--force", action="store_true", help="replace the file where it is there already")
    server = add(
        "server", "take all that a Discord server owns out of one database and into another", usage_words.SERVER_HELP
    )
    deed = _deeds_of(server, usage_words.SERVER_HELP)
    export = deed("export", "write what a server owns as JSON")
    export.add_argument("--server", metavar="ID", type=_id, required=True, help="the server")
    export.add_argument(
        "file", metavar="FILE", nargs="?", default="-", help="the file to write (default: - for output)"
    )
    bring = deed("import", "store what such a file holds")
    bring.add_argument("file", metavar="FILE", help="a file that `server export` wrote; - for standard input")
    bring.add_argument("--server", metavar="ID", type=_id, help="the server to store it for (default: the file's)")
    bring.add_argument("--left", metavar="FILE", help="write what could not be stored into this file, to try it again")


def _add_outbox(add: Callable[[str, str, str], _Parser]) -> None:
    """Add what looks after alerts that have not arrived."""
    outbox = add("outbox", "look after alerts that wait or were given up", usage_words.OUTBOX_HELP)
    deed = _deeds_of(outbox, usage_words.OUTBOX_HELP)
    listed = deed("list", "list what waits and what was given up, the oldest first")
    listed.add_argument("--state", choices=("waiting", "given-up", "sent"), help="only these")
    listed.add_argument("--channel", metavar="ID", type=_id, help="only for this channel")
    listed.add_argument("--server", metavar="ID", type=_id, help="only for this Discord server")
    listed.add_argument("--limit", metavar="N", type=_count, default=50, help="at most so many (default: 50)")
    listed.add_argument("--json", action="store_true", help="print one JSON object a line")
    again = deed("retry", "put alerts back to be sent now, those that were given up too")
    again.add_argument("ids", metavar="ID", type=_count, nargs="*", help="of an alert, as the list shows it")
    again.add_argument("--given-up", action="store_true", help="all that were given up")
    again.add_argument("--server", metavar="ID", type=_id, help="of these, only those for this Discord server")
    drop = deed("drop", "give up alerts that wait")
    drop.add_argument("ids", metavar="ID", type=_count, nargs="+", help="of an alert, as the list shows it")


def _deeds_of(parent: _Parser, epilog: str) -> Callable[..., _Parser]:
    """Return what adds a command below a command, by its name, what it does and, if need be, more about it."""
    deeds = parent.add_subparsers(metavar="COMMAND", required=True, parser_class=_Parser)

    def deed(name: str, short: str, more: str = "") -> _Parser:
        added: _Parser = deeds.add_parser(
            name,
            help=short,
            description=f"{short[0].upper()}{short[1:]}.\n{more}".rstrip(),
            epilog=epilog,
            formatter_class=_formatter,
        )
        added.set_defaults(deed=name)
        return added

    return deed


def _add_editing(add: Callable[[str, str, str], _Parser]) -> None:
    """Add what says which reports are one follow-up."""
    split = add("split", "make some reports of a follow-up one of their own", usage_words.SPLIT_HELP)
    split.add_argument("number", metavar="NUMBER", type=_count, help="the follow-up, such as 12")
    places = "which, as its card counts them under “All reports”: 1 is the oldest"
    split.add_argument("--reports", metavar="N", type=_count, nargs="+", required=True, help=places)
    join = add("join", "make two follow-ups one, under the older number", usage_words.SPLIT_HELP)
    join.add_argument("one", metavar="NUMBER", type=_count, help="the one, such as 12")
    join.add_argument("other", metavar="OTHER", type=_count, help="the other")


def _whose_record(record: _Parser) -> None:
    """Let a record be of somebody, of something or of everything, narrowed, and shown in several ways."""
    whose = record.add_mutually_exclusive_group()
    whose.add_argument("--speaker", metavar="NAME", help="words that must all stand in the speaker's name")
    whose.add_argument("--country", metavar="CODE", type=_country, help="what concerns it: a code such as UA")
    record.add_argument("--topic", metavar="ID", help="only this topic of topics.toml")
    record.add_argument("--since", metavar="YYYY-MM-DD", type=_day, help="only what fell due since this day")
    record.add_argument("--until", metavar="YYYY-MM-DD", type=_day, help="only what fell due until this day")
    record.add_argument("--server", metavar="ID", type=_id, help="as this Discord server rated it")
    record.add_argument("--chart", metavar="FILE", help="draw it into this PNG file as well")
    record.add_argument("--json", action="store_true", help="print one JSON document, with the list behind it")


def _narrow(command: _Parser, *, limit: int) -> None:
    """Let a command be narrowed to some follow-ups."""
    kinds = ("deadline", "commitment", "event", "expectation")
    command.add_argument("--topic", metavar="ID", help="only this topic of topics.toml")
    command.add_argument("--kind", choices=kinds, help="only this kind")
    command.add_argument("--text", metavar="WORDS", help="only those whose quote or speaker holds these words")
    command.add_argument("--limit", type=_count, default=limit, metavar="N", help=f"at most so many (default: {limit})")


def _count(value: str) -> int:
    if not value.isdecimal() or int(value[:9]) < 1:
        message = f'"{value}" is not a whole number from 1'
        raise argparse.ArgumentTypeError(message)
    return int(value[:9])


def _country(value: str) -> str:
    if not re.fullmatch(r"[A-Za-z]{2}", value):
        message = f'"{value}" is not a code of two letters, such as UA'
        raise argparse.ArgumentTypeError(message)
    return value.upper()


def _day(value: str) -> date:
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        message = f'"{value}" is not a day such as 2026-03-02'
        raise argparse.ArgumentTypeError(message) from error


def _id(value: str) -> int:
    if not re.fullmatch(r"[1-9][0-9]{0,18}", value):
        message = f'"{value}" is not an id: Discord copies one with developer mode on'
        raise argparse.ArgumentTypeError(message)
    return int(value)


def _port(value: str) -> int:
    if not value.isdecimal() or not 0 < int(value[:9]) < 1 << 16:
        message = f'"{value}" is not a port: a number from 1 to 65535'
        raise argparse.ArgumentTypeError(message)
    return int(value)


def _pace(value: str) -> float:
    try:
        pace = float(value)
    except ValueError:
        pace = -1.0
    if not 0 <= pace <= 100:  # noqa: PLR2004 - a hundred times as slow is slow enough
        message = f'"{value}" is not a number from 0 to 100'
        raise argparse.ArgumentTypeError(message)
    return pace
