"""What the demonstration shows in the terminal, and the messenger that puts alerts there instead of in Discord.

Everything printed of an alert comes from the delivery that carries it. Text from feeds is bounded and stripped of
whatever steers a terminal before it is shown.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from itertools import count

from rich.box import ROUNDED, SIMPLE_HEAD
from rich.console import Console, Group
from rich.panel import Panel
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from bot.render import bounds_words, in_quotes, shortened
from bot.terminal import printable
from watchers.audience import AlertForm, Delivery, Posted
from watchers.model import FollowUp, Kind, Status
from watchers.ports import Clock, SendNeverError
from watchers.rating import CasePage, Clue, standing

CHANNEL_ID = 1
"""The one channel of the terminal."""

_WIDEST = 100
"""Columns; longer lines tire the eye."""

_COLOURS = {
    Kind.DEADLINE: "red",
    Kind.COMMITMENT: "magenta",
    Kind.EVENT: "cyan",
    Kind.EXPECTATION: "green",
}


def harmless(text: str, limit: int) -> str:
    """Return text from outside on one line of at most `limit` characters, without anything a terminal would obey."""
    return shortened(printable(text), limit)


def day_words(day: date) -> str:
    """Return a day as people write it, such as `Thursday 7 May`."""
    return f"{day:%A} {day.day} {day:%B}"


def due_words(followup: FollowUp, today: date) -> str:
    """Return when a follow-up falls due and how far off that is from `today`, such as `by Friday 8 May, in 3 days`."""
    due = followup.due
    if due is None:
        return "no date given"
    left = f"{day_words(due.last)}, {distance_words(due.last, today)}"
    return bounds_words(followup, due, first=day_words(due.first), last=left)


def distance_words(day: date, today: date) -> str:
    """Return how far `day` is from `today`."""
    days = (day - today).days
    near = {0: "today", 1: "tomorrow", -1: "yesterday"}
    return near.get(days) or (f"in {days} days" if days > 0 else f"{-days} days ago")


def _quoted(followup: FollowUp, limit: int) -> str:
    quote = harmless(followup.quote, limit)
    return in_quotes(quote)


def _last_day(followup: FollowUp, today: date) -> str:
    if followup.due is None:
        return "at a time nobody named"
    return f"{distance_words(followup.due.last, today)}, {day_words(followup.due.last)}"


class Screen:
    """The terminal, as the demonstration writes to it."""

    def __init__(self, console: Console, topic_names: Mapping[str, str]) -> None:
        """Write to `console`; call topics by `topic_names` (from their ids)."""
        self._console = console
        self._topic_names = topic_names

    def say(self, *lines: str) -> None:
        """Print the demonstration's own words, wrapped."""
        for line in lines:
            self._console.print(Text(line), width=self._width)

    def command(self, *lines: str) -> None:
        """Print commands to try, unwrapped so that they can be copied."""
        for line in lines:
            self._console.print(Text(f"  {line}", style="bold"), soft_wrap=True)

    def title(self, line: str) -> None:
        """Print a heading."""
        self._console.print()
        self._console.print(Rule(Text(line, style="bold"), style="bold", align="left"), width=self._width)

    def day(self, day: date) -> None:
        """Print that a new day begins."""
        self._console.print()
        self._console.print(Rule(Text(f"{day_words(day)} {day.year}"), style="dim", align="left"), width=self._width)

    def read(self, now: datetime, articles: int, followups: int, merged: int, suggested: int) -> None:
        """Print what feeds brought: articles, new follow-ups, known ones told again or `suggested` to have ended."""
        found = [
            f"{number} {words}{'' if number == 1 else 's'}"
            for number, words in ((followups, "new follow-up"), (merged, "known statement"), (suggested, "outcome"))
            if number
        ]
        line = f"{articles} new article{'' if articles == 1 else 's'}: {', '.join(found) or 'nothing to follow up'}"
        self._stamped(now, Text(line, style="dim"))

    def trouble(self, now: datetime, outlet: str, line: str) -> None:
        """Print that a feed or article could not be read, and why."""
        self._stamped(now, Text(f"{harmless(outlet, 60)}: {harmless(line, 200)}", style="red"))

    def alert(self, now: datetime, followup: FollowUp) -> None:
        """Print an alert: who said what, when it falls due, and who told it."""
        colour = _COLOURS[followup.kind]
        topics = " · ".join(self._topic_names.get(topic, topic) for topic in followup.topics)
        heading = Text.assemble((followup.kind.value.upper(), f"bold {colour}"), *((" · ", topics) if topics else ()))
        if followup.conditional:
            heading.append(" · conditional", style="dim")
        facts = Table.grid(padding=(0, 1, 0, 0))
        facts.add_row(Text("Due", style="dim"), Text(due_words(followup, now.date()), style=f"bold {colour}"))
        for telling in followup.tellings:
            outlet, title = harmless(telling.outlet, 60), harmless(telling.title, 160)
            facts.add_row(Text("From", style="dim"), Text(f"{outlet}: {title}"))
        body = Group(Text(self._speaker(followup), style="bold"), Text(_quoted(followup, 600)), facts)
        self._console.print(
            Panel(
                body,
                title=heading,
                title_align="left",
                subtitle=Text(f"{now:%H:%M} · #{followup.id}", style="dim"),
                subtitle_align="right",
                box=ROUNDED,
                border_style=colour,
                padding=(0, 1),
            ),
            width=self._width,
        )

    def retold(self, now: datetime, followup: FollowUp, outlets: Sequence[str]) -> None:
        """Print that a posted alert was edited because `outlets` told the same."""
        names = " and ".join(harmless(outlet, 60) for outlet in outlets)
        news = f" also told by {names}" if names else " told again in better words"
        self._stamped(
            now, Text.assemble(("MERGED", "reverse"), (f" #{followup.id}", "bold"), news, (" (alert edited)", "dim"))
        )

    def notice(self, now: datetime, followup: FollowUp) -> None:
        """Print a reminder, or that the last day has passed."""
        status = standing(followup.due, now.date())
        label, style, falls = {
            Status.PENDING: ("REMINDER", "black on yellow", "falls due"),
            Status.DUE: ("DUE TODAY", "black on yellow", "falls due"),
            Status.OVERDUE: ("OVERDUE", "bold white on red", "was due"),
        }[status]
        self._stamped(
            now,
            Text.assemble((label, style), (f" #{followup.id}", "bold"), f" {falls} {_last_day(followup, now.date())}"),
            Text(f"{self._speaker(followup)}: {_quoted(followup, 110)}"),
        )

    def suggested(self, now: datetime, followup: FollowUp, clue: Clue) -> None:
        """Print how a follow-up seems to have ended, and which sentence says so."""
        self._stamped(
            now,
            Text.assemble((f"LOOKS {clue.outcome.value.upper()}", "black on green"), (f" #{followup.id}", "bold")),
            Text(f"{harmless(clue.outlet, 60)}: {in_quotes(harmless(clue.quote, 110))}"),
        )

    def pending(self, page: CasePage, today: date) -> None:
        """Print the answer to `/followups pending`."""
        table = Table(box=SIMPLE_HEAD, width=self._width, pad_edge=False, header_style="bold")
        table.add_column("#", justify="right", no_wrap=True)
        table.add_column("Kind", no_wrap=True)
        table.add_column("Due", no_wrap=True)
        table.add_column("Who and what", ratio=1)
        for case in page.items:
            item, due = case.followup, case.due
            table.add_row(
                str(item.id),
                Text(item.kind.value, style=_COLOURS[item.kind]),
                f"{due.last:%a} {due.last.day} {due.last:%b}\n{distance_words(due.last, today)}" if due else "no date",
                Text.assemble((f"{self._speaker(item)}: ", "bold"), harmless(item.quote, 140)),
            )
        self._console.print(table)
        self._console.print(Text(f"{page.total} pending, and {page.overdue} overdue."), width=self._width)

    @staticmethod
    def _speaker(followup: FollowUp) -> str:
        return harmless(followup.speaker, 80) if followup.speaker else "No source named"

    @property
    def _width(self) -> int:
        return min(self._console.width, _WIDEST)

    def _stamped(self, now: datetime, *lines: Text) -> None:
        table = Table.grid(padding=(0, 2, 0, 0))
        table.add_row(Text(f"{now:%H:%M}", style="dim"), Text("\n").join(lines))
        self._console.print(table, width=self._width)


class TerminalMessenger:
    """Shows alerts in the terminal (see ports.Messenger), and counts what it has shown."""

    def __init__(self, screen: Screen, clock: Clock) -> None:
        """Show on `screen` with the time of `clock`."""
        self._screen = screen
        self._clock = clock
        self._message_ids = count(1)
        self._outlets_shown: dict[int, frozenset[str]] = {}
        self.shown: Counter[str] = Counter()
        """How many of each were shown: alerts, merges, reminders, overdue."""

    async def post(self, delivery: Delivery, nonce: str) -> Posted:
        """Print an alert; the terminal never forgets a message, so `nonce` is not needed."""
        del nonce
        now = self._clock.now()
        case = delivery.cases[0]
        followup = case.followup
        match delivery.alert.form:
            case AlertForm.SAID:
                self._screen.alert(now, followup)
                self.shown["alerts"] += 1
            case AlertForm.REMINDER:
                self._screen.notice(now, followup)
                self.shown["reminders"] += 1
            case AlertForm.OVERDUE:
                self._screen.notice(now, followup)
                self.shown["overdue"] += 1
            case AlertForm.SUGGESTED:
                if case.suggestion is not None:
                    self._screen.suggested(now, followup, case.suggestion.clue)
            case AlertForm.MOVED:
                self._screen.notice(now, followup)
            case form:
                message = f"the demonstration has nobody to send a {form} message to"
                raise SendNeverError(message)
        message_id = next(self._message_ids)
        self._outlets_shown[message_id] = frozenset(followup.outlets)
        return Posted(CHANNEL_ID, message_id)

    async def edit(self, delivery: Delivery) -> Posted:
        """Print what the edit of a posted alert adds; how it seems to have ended is told by an alert of its own."""
        case = delivery.cases[0]
        followup = case.followup
        message_id = delivery.message_id or 0
        known = self._outlets_shown.get(message_id, frozenset())
        added = [name for name in followup.outlets if name not in known]
        if added or case.suggestion is None:
            self._screen.retold(self._clock.now(), followup, added)
            self._outlets_shown[message_id] = frozenset(followup.outlets)
            self.shown["merges"] += 1
        return Posted(CHANNEL_ID, message_id)
