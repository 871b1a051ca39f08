"""What the command line prints for a person: statements, follow-ups, feeds and check-ups, through rich.

Every text from outside is stripped of control characters, so that no article can steer the terminal.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from bot.render import in_quotes
from bot.views.look import STANDING_NAMES
from watchers.feed_model import FeedState
from watchers.feeds.health import Condition, Health
from watchers.model import Codes, Interval, Statement, Status, Verdict
from watchers.rating import Case, CasePage, standing
from watchers.record import ENOUGH, Record, Share, Standing, entry_of

if TYPE_CHECKING:
    from bot.reading import Retold

_INDENT = (0, 0, 0, 4)
_DEEPER = (0, 0, 0, 6)
_LISTED = 15
_NAMES_SHOWN = 8
# Control characters, halves of characters, and marks that turn the direction of what follows.
_STEERING = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_FARE = (Condition.STOPPED, Condition.FAILING, Condition.NEW, Condition.READING)
_BROKEN = "✗"
_FARE_MARKS = {
    Condition.STOPPED: (_BROKEN, "red"),
    Condition.FAILING: (_BROKEN, "red"),
    Condition.NEW: ("–", "yellow"),
    Condition.READING: ("✓", "green"),
}
_DUE_COLOURS = {Status.PENDING: "", Status.DUE: "yellow", Status.OVERDUE: "red"}


@dataclass(frozen=True, slots=True)
class FeedProbe:
    """What a feed answered when it was asked once."""

    outlet: str
    url: str
    entries: int
    newest: datetime | None
    """When its newest entry was published; None where it has none."""
    problems: tuple[str, ...]
    """What was wrong with the feed although it could be read."""
    failure: str | None
    """Why it could not be read; None: it could."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a check-up looked at."""

    what: str
    sound: bool | None
    """True: it works. False: it is broken. None: it could not be told, or can wait."""
    says: str
    """What was found and, unless all is well, how to mend it."""


def printable(text: str) -> str:
    """Return `text` on one line, without anything that a terminal would obey."""
    return " ".join(_STEERING.sub("", text).split())


def console() -> Console:
    """Return standard output as rich writes to it; a letter it cannot show becomes `?`."""
    reconfigure = getattr(sys.stdout, "reconfigure", None)
    if reconfigure:
        reconfigure(errors="replace")
    return Console(highlight=False, emoji=False, markup=False)


def print_statements(statements: Sequence[tuple[Statement, Codes]], day: date, title: str | None) -> None:
    """Print what an article says is to come, each with its quote, due time, kind, speaker, codes and rules."""
    out = console()
    if title:
        out.print(Text(printable(title), style="bold"))
    if not statements:
        out.print(f"Nothing in it says what is to come after {day:%A}, {_day(day)}.")
        return
    for number, (statement, codes) in enumerate(statements, start=1):
        head = Text(f"{number}. ", style="dim")
        head.append(statement.kind.value, style="bold cyan")
        head.append(f"  {_due_words(statement.due)}", style="bold")
        head.append(f"  {statement.precision.value}" if statement.due else "", style="dim")
        head.append("  conditional" if statement.conditional else "", style="magenta")
        out.print(head)
        out.print(Padding(Text(in_quotes(printable(statement.quote))), _INDENT, expand=False))
        details = [f"speaker: {printable(statement.speaker or 'nobody named (the reporter)')}"]
        if statement.timex:
            details.append(f"time: “{printable(statement.timex.text)}” = {statement.timex.value}")
        details.append(f"codes: {_code_words(codes)}")
        details.append(f"rules: {', '.join((*statement.rules, codes.rule))}")
        for detail in details:
            out.print(Padding(Text(detail, style="dim"), _INDENT, expand=False))
    count = "1 statement" if len(statements) == 1 else f"{len(statements)} statements"
    out.print(f"{count}, counted from {day:%A}, {_day(day)}.", style="dim")


def print_verdicts(verdicts: Sequence[Verdict], text: str, retold: Mapping[Statement, Retold]) -> None:
    """Print each sentence that names a time or promises something, with what became of it and why.

    `retold` are the statements that tell an earlier one anew.
    """
    out = console()
    if not verdicts:
        out.print("No sentence of it names a time or promises anything.")
        return
    told = -1
    for verdict in verdicts:
        if verdict.start != told:
            out.print(Text(printable(text[verdict.start : verdict.end])))
            told = verdict.start
        read = verdict.statement is not None
        line = Text("+ " if read else "- ", style="bold green" if read else "dim")
        line.append(in_quotes(printable(verdict.words)), style="bold" if read else "")
        line.append(f"  {verdict.statement.kind}, {_due_words(verdict.statement.due)}" if verdict.statement else "")
        line.append(f"  {verdict.reason}", style="dim")
        line.append(f"  {verdict.odds:+.2f}" if verdict.odds is not None else "")
        out.print(Padding(line, _INDENT, expand=False))
        if verdict.heaviest:
            weighed = "  ".join(f"{printable(trait)} {weight:+.2f}" for trait, weight in verdict.heaviest)
            out.print(Padding(Text(weighed, style="dim"), _DEEPER, expand=False))
        again = retold.get(verdict.statement) if verdict.statement else None
        if again is not None:
            out.print(Padding(_again_words(again), _DEEPER, expand=False))
    count = sum(verdict.statement is not None for verdict in verdicts)
    out.print(f"{count} of {len(verdicts)} read.", style="dim")


def _again_words(again: Retold) -> Text:
    """Return that a statement tells another anew, what speaks for it and what against."""
    said = Text("= the same follow-up as ", style="dim")
    said.append(in_quotes(printable(again.first.quote)), style="")
    said.append(f"  for: {printable(', '.join(again.reasons))}")
    said.append(f"  against: {printable(', '.join(again.against))}" if again.against else "")
    return said


def print_followups(page: CasePage, today: date) -> None:
    """Print pending follow-ups as a table, and how many more there are."""
    out = console()
    if not page.items:
        out.print("No follow-up is pending that fits. `aide-memoire run` reads the feeds and finds them.")
    else:
        table = Table(box=None, padding=(0, 2, 0, 0), show_edge=False, header_style="dim")
        for heading in ("no.", "due", "kind", "who and what", "told by"):
            table.add_column(heading, overflow="fold")
        for case in page.items:
            table.add_row(*_row(case, today))
        out.print(table)
    more = page.total - len(page.items)
    if more > 0:
        out.print(f"… and {more} more: raise --limit to see them.", style="dim")
    if page.overdue:
        words = "is past its" if page.overdue == 1 else "are past their"
        out.print(f"{page.overdue} more {words} last day, with no word yet of how it ended.", style="dim")


def print_record(heading: str, record: Record, cases: Sequence[Case], today: date) -> None:
    """Print a record: its numbers, what one must know of them, and the latest of what counts."""
    out = console()
    out.print(Text(printable(heading), style="bold"))
    if not cases:
        out.print("No commitment or deadline with a date fits.")
        return
    table = Table(box=None, padding=(0, 2, 0, 0), show_edge=False, header_style="dim")
    table.add_column("")
    for name in ("all", *(f"{kind.value}s" for kind in record.kinds)):
        table.add_column(name, justify="right")
    tallies = (record.whole, *record.kinds.values())
    for one in Standing:
        table.add_row(STANDING_NAMES[one], *(str(tally[one]) for tally in tallies))
    table.add_row("In all", *(str(tally.said) for tally in tallies), style="bold")
    out.print(table)
    for line in _record_lines(record):
        out.print(printable(line))
    listed = Table(box=None, padding=(0, 2, 0, 0), show_edge=False, header_style="dim")
    for column in ("no.", "due", "counts as", "who and what"):
        listed.add_column(column, overflow="fold")
    for entry in filter(None, map(entry_of, cases[:_LISTED])):
        number, due, _, said, _ = _row(entry.case, today)
        delay = "" if entry.delay is None else f" ({entry.delay:+} days)"
        listed.add_row(number, due, Text(f"{STANDING_NAMES[entry.standing]}{delay}"), said)
    out.print(listed)
    if len(cases) > _LISTED:
        out.print(f"… and {len(cases) - _LISTED} more: --json has them all.", style="dim")


def _record_lines(record: Record) -> Iterable[str]:
    """Return what a record's numbers come to, and what is not in them."""
    kept, on_time = record.whole.share_kept, record.whole.share_on_time
    if kept is None or on_time is None:
        yield f"{record.whole.settled} settled: too few for a percentage, which is given from {ENOUGH} on."
    else:
        yield f"Kept: {_share(kept)}; on time: {_share(on_time)}."
    if record.moved_at_all:
        yield f"Moved at least once: {record.moved_at_all}."
    if record.median_delay is not None:
        known = f"known of {len(record.delays)} of {record.delayed} late or moved"
        yield f"Median delay in days: {record.median_delay} ({known})."
    if record.overdue:
        yield f"Past their last day with no word of how they ended: {record.overdue}. Silence settles nothing."
    for words, outcomes in (
        ("The news suggests, and nobody has confirmed", record.suggested),
        ("Settled by themselves, confirmed by nobody", record.by_ourselves),
    ):
        if outcomes:
            yield f"{words}: {', '.join(f'{outcome.value} {count}' for outcome, count in outcomes.items())}."
    if len(record.speakers) > 1:
        names = [f"{name or 'nobody named'} {count}" for name, count in record.speakers.items()]
        more = [f"and {len(names) - _NAMES_SHOWN} more"] if len(names) > _NAMES_SHOWN else []
        yield f"Names it counts together: {', '.join([*names[:_NAMES_SHOWN], *more])}."
    if record.left_out:
        yield f"Only the latest count; earlier ones left out: {record.left_out}."


def _share(share: Share) -> str:
    return f"{share.part:.0%} ({share.count} of {share.of}; 95% interval {share.low:.0%} to {share.high:.0%})"


def print_feed(probe: FeedProbe) -> None:
    """Print what one feed answered, as one line."""
    newest = f", newest {_moment(probe.newest)}" if probe.newest else ""
    entries = "no entries" if not probe.entries else "1 entry" if probe.entries == 1 else f"{probe.entries} entries"
    answer = probe.failure or f"{entries}{newest}"
    line = Text("✗ " if probe.failure else "✓ ", style="red" if probe.failure else "green")
    line.append(f"{printable(probe.outlet):<32} ", style="bold")
    line.append(printable(answer))
    line.append(f"  ({printable('; '.join(probe.problems))})" if probe.problems else "", style="yellow")
    line.append(f"  {probe.url}" if probe.failure and probe.url != probe.outlet else "", style="dim")
    console().print(line, soft_wrap=True)


def print_known(known: Health | str, *, indented: bool = True) -> None:
    """Print what is known of a feed, or a line about it; `indented` sets it below the line of its answer."""
    said = known if isinstance(known, str) else " · ".join(_known_words(known))
    console().print(Text(f"  {said}" if indented else said, style="dim" if indented else ""), soft_wrap=True)


def print_feeds(rows: Sequence[tuple[FeedState, Health, int]]) -> None:
    """Print how feeds fare, a line each, those in trouble first; the number says how many servers added one."""
    out = console()
    for feed, known, servers in sorted(rows, key=lambda row: (_FARE.index(row[1].condition), row[0].outlet.casefold())):
        mark, colour = _FARE_MARKS[known.condition]
        line = Text(f"{mark} ", style=colour)
        line.append(f"{printable(feed.outlet):<32} ", style="bold")
        line.append(" · ".join(_known_words(known)))
        line.append(f" · {printable(feed.url)}" if mark == _BROKEN else "", style="dim")
        line.append(f" · added by servers: {servers}" if not feed.public else "", style="dim")
        out.print(line, soft_wrap=True)
    counts = Counter(known.condition for _, known, _ in rows)
    told = ", ".join(f"{counts[condition]} {condition.value}" for condition in reversed(_FARE) if counts[condition])
    counted = "1 feed" if len(rows) == 1 else f"{len(rows)} feeds"
    out.print(f"{counted}: {told}." if rows else "There are no feeds yet: `aide-memoire run` reads the list.")


def _known_words(known: Health) -> list[str]:
    """Return what is known of a feed, in parts of a line."""
    read = f"last read {_moment(known.last_success_at)}" if known.last_success_at else "never read yet"
    again = f"next {_moment(known.next_poll_at)}" if known.next_poll_at else "asked no more"
    rate = [f"{known.per_day:.1f} entries a day"] if known.per_day is not None else []
    hub = ["its hub tells us of changes"] if known.told_by_hub else []
    return [read, again, *hub, *rate, *map(printable, _why_and_where(known))]


def _why_and_where(known: Health) -> list[str]:
    """Return why a feed fails, and where it has moved; nothing where it does neither."""
    times = "once" if known.failures == 1 else f"{known.failures} times in a row"
    why = [f"failed {times}: {known.reason}"] if known.reason else []
    return [*why, *([f"moved to {known.moved_to}"] if known.moved_to else [])]


def print_findings(findings: Iterable[Finding]) -> None:
    """Print a check-up, one line for each thing looked at."""
    out = console()
    marks = {True: ("✓", "green"), False: ("✗", "red"), None: ("–", "yellow")}
    for finding in findings:
        mark, colour = marks[finding.sound]
        line = Text(f"{mark} ", style=colour)
        line.append(f"{finding.what:<11}", style="bold")
        line.append(printable(finding.says))
        out.print(line, soft_wrap=True)


def _row(case: Case, today: date) -> tuple[Text, ...]:
    followup, status = case.followup, standing(case.due, today)
    due = _due_words(case.due)
    said = Text(f"{printable(followup.speaker)}: " if followup.speaker else "", style="bold")
    said.append(in_quotes(printable(followup.quote)), style="not bold")
    return (
        Text(str(followup.id), style="dim"),
        Text(f"{due} (last day)" if status is Status.DUE else due, style=_DUE_COLOURS[status]),
        Text(followup.kind.value, style="cyan"),
        said,
        Text(printable(", ".join(followup.outlets)), style="dim"),
    )


def _code_words(codes: Codes) -> str:
    """Return the codes on one short line: "CAMEO 036 AGREE · EDTF 2026-03-06 · RU · names UA, US"."""
    said = [f"CAMEO {codes.cameo} {codes.plover or ''}".rstrip()] if codes.cameo else ["no CAMEO code"]
    said += [f"EDTF {codes.edtf}"] if codes.edtf else []
    said += [f"speaks for {codes.speaker_country}"] if codes.speaker_country else []
    said += [f"names {', '.join(codes.countries)}"] if codes.countries else []
    return " · ".join(said)


def _due_words(due: Interval | None) -> str:
    if due is None:
        return "no date"
    last = f"{due.last:%a} {_day(due.last)}"
    return f"on {last}" if due.first == due.last else f"{due.first:%a} {_day(due.first)} to {last}"


def _day(day: date) -> str:
    return f"{day.day} {day:%b %Y}"


def _moment(moment: datetime) -> str:
    at = moment.astimezone(UTC)
    return f"{_day(at)}, {at:%H:%M} UTC"
