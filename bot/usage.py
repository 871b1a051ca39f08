"""How the command line is spoken: its commands, their options, and the words of --help."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable
from datetime import date
from typing import Any, NoReturn

PROGRAM = "aide-memoire"


class FailedError(Exception):
    """What was asked rightly could not be done; `str()` says why on one line."""


class UsageError(Exception):
    """What was asked cannot be done as asked; each line of `str()` says why and what would be right."""


_MAIN_HELP = f"""\
start here:
  {PROGRAM} demo                       see the whole thing work; needs no token and no account
  {PROGRAM} read article.txt --date 2026-03-02
                                          see what one article promises, and by when
  {PROGRAM} doctor                     check the set-up, and how to mend it
  {PROGRAM} run                        connect to Discord and work

Settings come from the environment and from a file .env in the working directory; .env.example explains each.
`{PROGRAM} COMMAND --help` teaches one command.
"""

_READ_HELP = f"""\
examples:
  {PROGRAM} read article.txt --date 2026-03-02
  {PROGRAM} read - --date 2026-03-02 --title "Talks set for Friday" < article.txt
  {PROGRAM} read article.txt --date 2026-03-02 --why
  {PROGRAM} read --jsonl < articles.jsonl > statements.jsonl

with --why, for each sentence that names a time or promises something:
  + what was read, - what was passed over; the rule or reason; how much spoke for it (above 0 it is read), and the five
  traits that weighed most. docs/reading.md tells what the traits mean. = names the earlier statement that is told
  again, with what speaks for that and what against.

with --jsonl, one JSON object a line:
  in    {{"id": "a1", "date": "2026-03-02", "title": "…", "outlet": "…", "text": "…"}}
  out   {{"id": "a1", "statements": [{{"start": 0, "end": 42, "quote": "…", "kind": "deadline",
         "timex": {{"start": 30, "end": 41, "text": "by Friday", "type": "DATE", "value": "2026-03-06"}},
         "due_start": "2026-03-02", "due_end": "2026-03-06", "precision": "exact", "speaker": "…",
         "conditional": false, "rules": ["…"], "followup": "f1",
         "edtf": "2026-03-02/2026-03-06", "cameo": "139", "plover": "THREATEN",
         "speaker_country": "IT", "countries": ["IT"]}}]}}
  Offsets are characters of "text". Statements with the same "followup" report the same thing.
  A line that cannot be used is named on standard error, the rest goes on, and the exit code is 1.
"""

_TIMES_HELP = f"""\
example:
  {PROGRAM} times --jsonl < docs.jsonl > times.jsonl

one JSON object a line:
  in    {{"doc": "d1", "dct": "2026-03-02", "text": "They met last Friday and will meet in May."}}
  out   {{"doc": "d1", "start": 9, "end": 20, "text": "last Friday", "type": "DATE", "value": "2026-02-27"}}
"""

_OUTCOMES_HELP = f"""\
example:
  {PROGRAM} outcomes --jsonl < stream.jsonl > outcomes.jsonl

Articles come oldest first. Each statement is followed through those after it, and each follow-up gets one line once
nothing more is expected to tell of it, or at the end:
  in    {{"id": "a1", "date": "2026-03-02", "title": "…", "outlet": "…", "text": "…"}}
  out   {{"followup": "f1", "statements": [{{"id": "a1", "start": 0, "end": 42, "quote": "…"}}], "kind": "deadline",
         "speaker": "…", "due_start": "2026-03-02", "due_end": "2026-03-06",
         "history": [{{"date": "2026-03-02", "what": "said", "id": "a1", "due_start": "…", "due_end": "…"}}],
         "outcome": "kept", "evidence": {{"id": "a7", "start": 0, "end": 58, "quote": "…"}}, "confidence": 0.91,
         "reasons": ["…"], "near": []}}
  The outcome is kept, partly, broken, moved, withdrawn or open; open says only that nothing was found that is sure
  enough, and "near" then holds what came closest. A line that cannot be used is named on standard error, the rest goes
  on, and the exit code is 1.
"""

_FOLLOWUPS_HELP = f"""\
examples:
  {PROGRAM} followups
  {PROGRAM} followups --topic iran-nuclear --kind deadline
  {PROGRAM} followups --json --limit 1000 > followups.jsonl
"""

_EXPORT_HELP = f"""\
examples:
  {PROGRAM} export --format csv > followups.csv
  {PROGRAM} export --format json --list settled --server 81384788765712384 > settled.json

a follow-up is shown as nobody's, without ratings and notes, or with --server as that server sees it. In a CSV file,
text that a spreadsheet would take for a formula has an apostrophe before it. docs/interfaces.md explains each field.
"""

_RECORD_HELP = f"""\
examples:
  {PROGRAM} record --speaker "Ada Berg"
  {PROGRAM} record --country UA --since 2025-01-01 --until 2025-12-31
  {PROGRAM} record --speaker "foreign minister" --chart record.png
  {PROGRAM} record --speaker "Ada Berg" --server 81384788765712384 --json > record.json
  {PROGRAM} record --since 2025-01-01 --chart everything.png

counted are commitments and deadlines with a date, and only what people of one Discord server said of how they ended;
what the news suggests is told apart. Where only one server has rated anything it is that one. docs/record.md tells what
counts as what, and how to quote it.
"""

_FEEDS_HELP = f"""\
examples:
  {PROGRAM} feeds check
  {PROGRAM} feeds check --feed https://news.un.org/feed/subscribe/en/news/all/rss.xml
  {PROGRAM} feeds status
  {PROGRAM} feeds export feeds.opml
  {PROGRAM} feeds import feeds.opml

A feed that stopped, because its server said that it is gone for good, is read again once it answers to
`feeds check --feed`.
"""

_OUTBOX_HELP = f"""\
examples:
  {PROGRAM} outbox list
  {PROGRAM} outbox list --state given-up --server 81384788765712384
  {PROGRAM} outbox list --json --limit 100000 > outbox.jsonl
  {PROGRAM} outbox retry 118 121
  {PROGRAM} outbox retry --given-up --server 81384788765712384
  {PROGRAM} outbox drop 118

Works while the bot runs, which takes up within seconds what is put back. What was given up long ago is told as if it
were new: look at it first.
"""

_SPLIT_HELP = f"""\
examples:
  {PROGRAM} split 12 --reports 2 3
  {PROGRAM} join 12 14

The follow-ups are those of all servers: what was posted of them is edited, and reminders are planned anew.
"""

_FEEDBACK_HELP = f"""\
One article a line: its text, and each statement that somebody called no commitment or wrongly dated, with its place in
the text, the right days where somebody gave them, and how many people say so.

examples:
  {PROGRAM} feedback export > feedback.jsonl
"""

_DEMO_HELP = f"""\
examples:
  {PROGRAM} demo
  {PROGRAM} demo --pace 0              without pauses
  {PROGRAM} demo --browser             on a page of this machine, where you press the buttons yourself
  {PROGRAM} demo --database demo.db    keep the database in a file of that name
"""

_INVITE_HELP = f"""\
examples:
  {PROGRAM} invite
  {PROGRAM} invite --without threads --without events
  {PROGRAM} invite --application 1234567890123456789
"""

_DOCTOR_HELP = f"""\
✓ works, ✗ is broken (and how to mend it), – could not be told or can wait. The exit code is 1 where something is
broken.

examples:
  {PROGRAM} doctor
  {PROGRAM} doctor --offline           does not ask Discord whether it knows the token
"""

_HEALTH_HELP = f"""\
Reads HEALTH_FILE or, where that is not set, asks /health at WEB_PORT. The exit code is 0 where all is well, and 1 where
it is not or nothing was heard for a minute: made for the probes of Docker and Kubernetes.

example:
  {PROGRAM} health
"""


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
            number = version(PROGRAM)
        except PackageNotFoundError:
            number = "(from a source tree that is not installed)"
        print(f"{PROGRAM} {number}")  # noqa: T201 - the command line speaks here
        parser.exit()


def parser() -> argparse.ArgumentParser:
    """Return the parser; what it returns names the command as `command`, a key of `bot.cli.COMMANDS`."""
    whole = _Parser(
        prog=PROGRAM,
        description="Reads the news for deadlines and commitments, and holds people to them, on Discord.",
        epilog=_MAIN_HELP,
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

    demo = add("demo", "play the whole thing through on invented news, in this terminal", _DEMO_HELP)
    demo.add_argument("--database", metavar="FILE", help="a new SQLite file to use (default: a temporary one)")
    demo.add_argument("--browser", action="store_true", help="on a local page instead, as Discord shows it")
    demo.add_argument("--port", type=_port, default=0, metavar="N", help="of that page (default: any that is free)")
    demo.add_argument("--pace", type=_pace, default=1.0, help="how slowly it goes: 2 twice as slow, 0 without pauses")

    read = add("read", "read articles for what they say is to come, and by when", _READ_HELP)
    read.add_argument("file", metavar="FILE", nargs="?", help="a plain text file in UTF-8; - for standard input")
    read.add_argument("--date", metavar="YYYY-MM-DD", help="the day the article was published")
    read.add_argument("--title", help="its headline")
    read.add_argument(
        "--why", action="store_true", help="show every time and promise with what spoke for it and against it"
    )
    read.add_argument("--jsonl", action="store_true", help="read and write one JSON object a line")

    times = add("times", "find every time expression in texts, past and future (TIMEX3)", _TIMES_HELP)
    times.add_argument("file", metavar="FILE", nargs="?", help="a JSONL file; standard input without it")
    times.add_argument("--jsonl", action="store_true", help="read and write one JSON object a line")

    outcomes = add("outcomes", "tell from later articles what became of what was said", _OUTCOMES_HELP)
    outcomes.add_argument("file", metavar="FILE", nargs="?", help="a JSONL file; standard input without it")
    outcomes.add_argument("--jsonl", action="store_true", help="read and write one JSON object a line")

    followups = add("followups", "list what is pending, by the day it is due", _FOLLOWUPS_HELP)
    _narrow(followups, limit=50)
    followups.set_defaults(list="pending", country=None, server=None)
    followups.add_argument("--json", action="store_true", help="print one JSON object a line")

    export = add("export", "write follow-ups as CSV or JSON, for other programs", _EXPORT_HELP)
    export.add_argument("--format", choices=("csv", "json"), required=True, help="how to write them")
    lists = ("pending", "due", "overdue", "recent", "settled")
    export.add_argument("--list", choices=lists, default="recent", help="which ones (default: recent, which is all)")
    _narrow(export, limit=10_000)
    export.add_argument("--country", metavar="CODE", type=_country, help="only what concerns it: a code such as UA")
    export.add_argument("--server", metavar="ID", type=_id, help="as this Discord server sees them")

    _whose_record(
        add("record", "count what became of what a speaker said, or of what concerns a country", _RECORD_HELP)
    )

    _add_feeds(add)
    _add_outbox(add)
    feedback = add("feedback", "give out what people found wrong with what was read", _FEEDBACK_HELP)
    feedback.add_subparsers(metavar="COMMAND", required=True, parser_class=_Parser).add_parser(
        "export",
        help="print it as JSON lines, in the form of the labelled sets",
        description="Print it as JSON lines, in the form of the labelled sets.",
        epilog=_FEEDBACK_HELP,
        formatter_class=_formatter,
    )

    _add_editing(add)
    add("migrate", "bring the database to the tables of this version")

    invite = add("invite", "print the links that add the bot to a server, with the least permissions", _INVITE_HELP)
    invite.add_argument("--application", type=_id, metavar="ID", help="the application's id (default: the token's)")
    left_out = "leave out what only this needs; may be repeated"
    invite.add_argument("--without", action="append", default=[], choices=("files", "threads", "events"), help=left_out)

    doctor = add("doctor", "check token, database, lists, feeds and clock, and say what mends them", _DOCTOR_HELP)
    doctor.add_argument("--offline", action="store_true", help="do not ask Discord about the token")
    add("health", "ask the running bot how it is; the exit code says so too", _HEALTH_HELP)
    return whole


def _add_feeds(add: Callable[[str, str, str], _Parser]) -> None:
    """Add what looks after the feeds."""
    feeds = add("feeds", "look after the feeds", _FEEDS_HELP)
    deeds = feeds.add_subparsers(metavar="COMMAND", required=True, parser_class=_Parser)

    def deed(name: str, short: str, more: str = "") -> _Parser:
        added: _Parser = deeds.add_parser(
            name,
            help=short,
            description=f"{short[0].upper()}{short[1:]}.\n{more}".rstrip(),
            epilog=_FEEDS_HELP,
            formatter_class=_formatter,
        )
        added.set_defaults(deed=name)
        return added

    silent = "The exit code is 1 where one does not."
    check = deed("check", "ask every feed once and say which answer, beside what is known of each", silent)
    check.add_argument("--feed", metavar="URL", help="only this one, whether it is in the list or not")
    deed("status", "say how the feeds fare, as the database knows it", "The exit code is 1 where one fails.")
    export = deed("export", "write the list of feeds as OPML, for other feed readers")
    export.add_argument("file", metavar="FILE", help="the file to write; - is standard output")
    taken = "What is there already is left as it is, and what is no feed's address is named."
    bring = deed("import", "add the feeds of an OPML file to the list that OUTLETS_FILE names", taken)
    bring.add_argument("file", metavar="FILE", help="an OPML file, as feed readers export it")


def _add_outbox(add: Callable[[str, str, str], _Parser]) -> None:
    """Add what looks after alerts that have not arrived."""
    outbox = add("outbox", "look after alerts that wait or were given up", _OUTBOX_HELP)
    deeds = outbox.add_subparsers(metavar="COMMAND", required=True, parser_class=_Parser)

    def deed(name: str, short: str) -> _Parser:
        added: _Parser = deeds.add_parser(
            name,
            help=short,
            description=f"{short[0].upper()}{short[1:]}.",
            epilog=_OUTBOX_HELP,
            formatter_class=_formatter,
        )
        added.set_defaults(deed=name)
        return added

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


def _add_editing(add: Callable[[str, str, str], _Parser]) -> None:
    """Add what says which reports are one follow-up."""
    split = add("split", "make some reports of a follow-up one of their own", _SPLIT_HELP)
    split.add_argument("number", metavar="NUMBER", type=_count, help="the follow-up, such as 12")
    places = "which, as its card counts them under “All reports”: 1 is the oldest"
    split.add_argument("--reports", metavar="N", type=_count, nargs="+", required=True, help=places)
    join = add("join", "make two follow-ups one, under the older number", _SPLIT_HELP)
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
