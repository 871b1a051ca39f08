"""The command line, `aide-memoire`: one function for each command, which imports only what that command needs.

Exit codes: 0 all went well; 1 something failed or could not be used; 2 wrong usage or settings; 130 Ctrl-C; 141 the
reader of our output went away.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, BinaryIO, TypeVar

from bot import given
from bot.usage import FailedError, UsageError, parser
from bot.usage_words import PROGRAM

if TYPE_CHECKING:
    from datetime import date

    from config.settings import Settings
    from watchers.ports import UnitOfWork
    from watchers.rating import CasePage

T = TypeVar("T")
FAILED = 1
WRONG_USAGE = 2
INTERRUPTED = 130
READER_GONE = 141


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return the exit code; `argv` None takes the process's arguments."""
    try:
        code = _obey(argv)
        sys.stdout.flush()
    except KeyboardInterrupt:
        # A second Ctrl-C, while threads end, shall end the process without a word too.
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        return INTERRUPTED
    except BrokenPipeError:
        _forget_output()
        return READER_GONE
    except UsageError as error:
        _complain_of(str(error))
        return WRONG_USAGE
    except FailedError as error:
        _complain(str(error))
        return FAILED
    return code


def _obey(argv: Sequence[str] | None) -> int:
    try:
        arguments = parser().parse_args(argv)
    except SystemExit as end:  # --help and --version have said what they had to
        return end.code if isinstance(end.code, int) else 0
    return COMMANDS[arguments.command](arguments)


def _complain(message: str) -> None:
    """Say what is wrong, on one line of standard error."""
    print(f"{PROGRAM}: {message}", file=sys.stderr, flush=True)  # noqa: T201 - the command line speaks here


def _complain_of(several: str) -> None:
    for line in several.splitlines():
        _complain(line)


def _say(message: str) -> None:
    print(message, flush=True)  # noqa: T201 - the command line speaks here


def _forget_output() -> None:
    """Let what is left in the buffers go nowhere, so that Python's own end is quiet."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


# --- the commands -----------------------------------------------------------------------------------------------


def _run(_arguments: argparse.Namespace) -> int:
    settings = _settings()
    if settings.discord_token is None:
        message = (
            "DISCORD_TOKEN is not set; copy the bot's token into .env (.env.example explains how), or try "
            f"`{PROGRAM} demo`, which needs none"
        )
        raise UsageError(message)
    from bot.app import run_bot
    from bot.errors import StartError

    try:
        run_bot(settings)
    except StartError as error:
        _complain_of(str(error))
        return FAILED
    return 0


def _watch(_arguments: argparse.Namespace) -> int:
    from bot.watcher import run_watcher

    run_watcher(_settings())
    return 0


def _demo(arguments: argparse.Namespace) -> int:
    if arguments.browser:
        if arguments.database:
            message = "--browser keeps nothing, so it takes no --database"
            raise UsageError(message)
        from bot.demo.browser import run_browser_demo

        return run_browser_demo(port=arguments.port, pace=arguments.pace)
    from pathlib import Path

    from bot.demo.show import run_demo

    return run_demo(Path(arguments.database) if arguments.database else None, pace=arguments.pace)


def _read(arguments: argparse.Namespace) -> int:
    from bot.reading import BadInputError, read_lines

    if arguments.jsonl and arguments.why:
        message = "--why explains one article to a person; leave out --jsonl"
        raise UsageError(message)
    if arguments.jsonl:
        events = given.events()
        with _opened(arguments.file) as source:
            return FAILED if read_lines(source, sys.stdout.buffer, _complain, events) else 0
    if not arguments.file or not arguments.date:
        message = (
            f"give a FILE and its --date, such as `{PROGRAM} read article.txt --date 2026-03-02`, or - for FILE to "
            "read what is piped in"
        )
        raise UsageError(message)
    try:
        return _read_for_a_person(arguments)
    except BadInputError as error:
        _complain(f"{arguments.file} {error}")
        return FAILED


def _read_for_a_person(arguments: argparse.Namespace) -> int:
    from bot.reading import LARGEST_LINE, BadInputError, decode_text, parse_day

    try:
        day = parse_day(arguments.date)
    except BadInputError as error:
        message = f"--date {error}"
        raise UsageError(message) from error
    with _opened(arguments.file) as source:
        text = decode_text(source.read(LARGEST_LINE + 1))
    if not text.strip():
        _say(f"{arguments.file} is empty: there is nothing to read in it.")
        return 0
    events = given.events()
    if arguments.why:
        from bot.reading import retold_in
        from bot.terminal import print_verdicts
        from watchers.matcher.explaining import explain_article
        from watchers.matcher.match import is_summary

        verdicts = explain_article(text, day, events, summary=is_summary(text))
        statements = [verdict.statement for verdict in verdicts if verdict.statement is not None]
        print_verdicts(verdicts, text, retold_in(statements, text, day, arguments.title or ""))
        return 0
    from bot.terminal import print_statements
    from watchers.matcher.codes import codes_of
    from watchers.matcher.match import read_item

    coded = [(statement, codes_of(statement, text)) for statement in read_item(text, day, events)]
    print_statements(coded, day, arguments.title)
    return 0


def _times(arguments: argparse.Namespace) -> int:
    from bot.reading import times_lines

    if not arguments.jsonl:
        message = f"give --jsonl and pipe the documents in: `{PROGRAM} times --jsonl < docs.jsonl`"
        raise UsageError(message)
    with _opened(arguments.file) as source:
        return FAILED if times_lines(source, sys.stdout.buffer, _complain) else 0


def _outcomes(arguments: argparse.Namespace) -> int:
    from bot.outcomes import outcome_lines

    if not arguments.jsonl:
        message = f"give --jsonl and pipe the articles in, oldest first: `{PROGRAM} outcomes --jsonl < stream.jsonl`"
        raise UsageError(message)
    events = given.events()
    with _opened(arguments.file) as source:
        return FAILED if outcome_lines(source, sys.stdout.buffer, _complain, events) else 0


def _followups(arguments: argparse.Namespace) -> int:
    import json

    from bot.exports import record_of
    from bot.terminal import print_followups

    settings = _settings()
    given.topic_names(settings, arguments.topic)
    today, page = _page_of(arguments, settings)
    if arguments.json:
        for case in page.items:
            _say(json.dumps(record_of(case.followup), ensure_ascii=False))
    else:
        print_followups(page, today)
    return 0


def _export(arguments: argparse.Namespace) -> int:
    from bot.exports import as_csv, as_json

    settings = _settings()
    names = given.topic_names(settings, arguments.topic)
    today, page = _page_of(arguments, settings)
    if arguments.format == "csv":
        text = as_csv(page.items, today, names)
    else:
        text = as_json(page.items, today, names, total=page.total)
    sys.stdout.buffer.write(text.encode("utf-8", "replace"))  # as it is: print would end lines as the system does
    if page.total > len(page.items):
        _complain(f"{page.total - len(page.items)} more are left out; --limit {page.total} brings them all")
    return 0


def _record(arguments: argparse.Namespace) -> int:
    from bot.records import ChartError, SeveralServersError, look_up, tell
    from watchers.record import RecordWish

    settings = _settings()
    names, today = given.topic_names(settings, arguments.topic), _today(settings)
    options = (arguments.speaker, arguments.country, arguments.topic, arguments.since, arguments.until)
    try:
        found = _looked_up(lambda work: look_up(work, RecordWish(*options), arguments.server, today), settings)
        tell(found, names, _say, as_json=arguments.json, chart=arguments.chart)
    except SeveralServersError as error:
        raise UsageError(str(error)) from error
    except ChartError as error:
        raise FailedError(str(error)) from error
    return 0


def _feeds(arguments: argparse.Namespace) -> int:
    from bot import feeds_cli

    settings = _settings()
    deeds = {
        "check": feeds_cli.check,
        "status": feeds_cli.status,
        "export": feeds_cli.export,
        "import": feeds_cli.bring_in,
    }
    return FAILED if deeds[arguments.deed](arguments, settings, _complain) else 0


def _outbox(arguments: argparse.Namespace) -> int:
    from bot import outbox_cli

    deeds = {"list": outbox_cli.show, "retry": outbox_cli.retry, "drop": outbox_cli.drop}
    return FAILED if deeds[arguments.deed](arguments, _settings(), _complain) else 0


def _edit(arguments: argparse.Namespace) -> int:
    from bot.editing import edited

    _say(edited(arguments, _settings().database_url))
    return 0


def _feedback_export(_arguments: argparse.Namespace) -> int:
    from bot.feedback import feedback_lines

    for line in feedback_lines(_looked_up(lambda work: work.cases.complaints(), _settings())):
        _say(line)
    return 0


def _migrate(_arguments: argparse.Namespace) -> int:
    from config.settings import without_password
    from storage import migrate
    from storage.errors import DatabaseError

    url = _settings().database_url
    try:
        before = migrate.current(url)
        migrate.upgrade(url)
    except DatabaseError as error:
        raise FailedError(str(error)) from error
    if before == migrate.head():
        _say(f"{without_password(url)} is up to date, at {before}.")
    else:
        _say(f"{without_password(url)} is now at {migrate.head()}, from {before or 'no tables'}.")
    return 0


def _backup(arguments: argparse.Namespace) -> int:
    from bot.upkeep_cli import backed_up

    _say(backed_up(arguments, _settings().database_url))
    return 0


def _server(arguments: argparse.Namespace) -> int:
    from bot import upkeep_cli

    settings = _settings()
    if arguments.deed == "export":
        upkeep_cli.give_out(arguments, settings, _complain)
        return 0
    return FAILED if upkeep_cli.bring_in(arguments, settings, _complain) else 0


def _invite(arguments: argparse.Namespace) -> int:
    from bot.invite_cli import invitation

    for line in invitation(arguments, None if arguments.application else _settings().discord_token):
        _say(line)
    return 0


def _doctor(arguments: argparse.Namespace) -> int:
    import asyncio

    from bot.doctor import examine
    from bot.opening import SystemClock
    from bot.terminal import Finding, print_findings
    from config.settings import SettingsError, settings_from_environment

    try:
        settings = settings_from_environment()
    except SettingsError as error:
        print_findings(Finding("settings", False, problem) for problem in error.problems)
        return FAILED
    findings = asyncio.run(examine(settings, SystemClock(), online=not arguments.offline))
    print_findings((Finding("settings", True, "the environment and .env hold nothing wrong"), *findings))
    return FAILED if any(finding.sound is False for finding in findings) else 0


def _health(_arguments: argparse.Namespace) -> int:
    from bot.checkup import ask_health
    from bot.opening import SystemClock

    well, line = ask_health(_settings(), SystemClock().now())
    _say(line)
    return 0 if well else FAILED


COMMANDS: dict[str, Callable[[argparse.Namespace], int]] = {
    "run": _run,
    "watch": _watch,
    "demo": _demo,
    "read": _read,
    "times": _times,
    "outcomes": _outcomes,
    "followups": _followups,
    "export": _export,
    "record": _record,
    "feeds": _feeds,
    "outbox": _outbox,
    "split": _edit,
    "join": _edit,
    "feedback": _feedback_export,
    "migrate": _migrate,
    "backup": _backup,
    "server": _server,
    "invite": _invite,
    "doctor": _doctor,
    "health": _health,
}


# --- what several commands need -----------------------------------------------------------------------------------


def _settings() -> Settings:
    from config.settings import SettingsError, settings_from_environment

    try:
        return settings_from_environment()
    except SettingsError as error:
        raise UsageError(str(error)) from error


@contextlib.contextmanager
def _opened(file: str | None) -> Iterator[BinaryIO]:
    """Open a file for reading; None and - are standard input."""
    if file is None or file == "-":
        yield sys.stdin.buffer
        return
    try:
        source = open(file, "rb")  # noqa: PTH123, SIM115 - closed below; pathlib would cost start-up time
    except OSError as error:
        message = f"{file} cannot be opened ({error.strerror}); check the name and who may read it"
        raise UsageError(message) from error
    with source:
        yield source


def _today(settings: Settings) -> date:
    """Return the operator's day."""
    from bot.opening import SystemClock

    return SystemClock().now().astimezone(settings.time_zone).date()


def _page_of(arguments: argparse.Namespace, settings: Settings) -> tuple[date, CasePage]:
    """Return the operator's day, and the follow-ups that a command's options ask for on it."""
    from watchers.model import Kind
    from watchers.rating import CaseFilter, Listing

    today = _today(settings)
    wanted = CaseFilter(
        Listing(arguments.list),
        topic=arguments.topic,
        kind=Kind(arguments.kind) if arguments.kind else None,
        country=arguments.country,
        text=arguments.text,
    )
    return today, _looked_up(
        lambda work: work.cases.page(wanted, arguments.server, today, offset=0, limit=arguments.limit), settings
    )


def _looked_up(question: Callable[[UnitOfWork], T], settings: Settings) -> T:
    """Return what the database answers; raise `FailedError` where it cannot be asked."""
    from bot.asking import looked_up

    return looked_up(question, settings.database_url)


if __name__ == "__main__":
    sys.exit(main())
