"""What was found in a text that somebody showed: each statement with its reason, and a button to be reminded of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Self

import discord
from discord import ui

from bot.errors import Refusal, answered
from bot.render import day_stamp, in_quotes, measured, plain, time_left, unplain
from bot.scanning import LONGEST_SCANNED, Scan
from bot.services import Reader
from bot.views.lasting import OfItsId
from bot.views.look import BLUE, SLATE, kind_name
from bot.views.reminders import REMIND_ICON, desk_of, text_numbered
from bot.words import Words, marked, words_for
from watchers.model import Precision, Statement

MOST_MESSAGES = 3
"""In how many messages findings are shown at most."""

_MOST_A_MESSAGE = 5
_ROOM = 3500
"""Characters of the findings of one message, which leaves room for its heading."""
_QUOTE_LIMIT = 280
_FIRST_QUOTE = 100
"""The number of the component that holds the first finding's quote; the next one's follow."""
_BEFORE_A_TIME = re.compile(
    r"\b(?:no later than|ahead of|by|before|until|till|within|in|on|from|through|for)\s+(?:the\s+)?$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Source:
    """What was read."""

    words: str
    """What it is, as `marked`."""
    link: str = ""
    """A page as Discord's markdown shows it, ready to send; empty for what is no page."""


MESSAGE = Source(marked("In this message"))
TEXT = Source(marked("In this text"))


class FoundButton(OfItsId, ui.DynamicItem[ui.Button[ui.LayoutView]], template=r"found:(\d{1,3}):(\d{8}|-)"):
    """Below a finding: reminds of it on its last day, or asks when. The quote is read back from the message."""

    def __init__(self, number: int, last_day: date | None, say: Words) -> None:
        """Make the button of the finding of that number, counted through all messages of one answer."""
        label = say("Remind me…") if last_day is None else say("Remind me")
        custom_id = f"found:{number}:{'-' if last_day is None else last_day.isoformat().replace('-', '')}"
        super().__init__(ui.Button(label=label, emoji=REMIND_ICON, custom_id=custom_id))
        self._number = number
        self._last_day = last_day

    @classmethod
    def of_id(cls, match: re.Match[str]) -> Self:
        """Rebuild the button from its id."""
        return cls(int(match[1]), _day_written(match[2]), Words("en"))

    async def callback(self, interaction: discord.Interaction) -> None:
        """Set the reminder, or ask when."""
        async with answered(interaction):
            message = interaction.message
            quoted = None if message is None else text_numbered(message, _FIRST_QUOTE + self._number)
            if message is None or quoted is None:
                say = words_for(interaction.locale.value)
                line = say("I can no longer read what that was. `/remind` sets a reminder in your own words.")
                raise Refusal(line)
            words = _unquoted(unplain(quoted.removeprefix("> ")))
            await desk_of(interaction).remind_of(
                interaction, words, self._last_day, key=f"found:{message.id}:{self._number}"
            )


def _day_written(digits: str) -> date | None:
    """Return the day in an id; None where there is none, or no such day."""
    try:
        return date.fromisoformat(digits)
    except ValueError:
        return None


class FoundView(ui.LayoutView):
    """Some of what was found, or that nothing was."""

    def __init__(
        self, texts: Sequence[str], found: Sequence[tuple[int, Statement]], scan: Scan, reader: Reader
    ) -> None:
        """Lay out `texts`, then the findings with their numbers."""
        super().__init__(timeout=None)
        box: ui.Container[FoundView] = ui.Container(accent_colour=BLUE if scan.statements else SLATE)
        for text in texts:
            box.add_item(ui.TextDisplay(text))
        for number, statement in found:
            if box.children:
                box.add_item(ui.Separator())
            head, quote, foot = _texts(statement, scan, reader)
            last_day = statement.due.last if statement.due else None
            box.add_item(ui.TextDisplay(head)).add_item(ui.TextDisplay(quote, id=_FIRST_QUOTE + number))
            box.add_item(ui.TextDisplay(foot))
            row: ui.ActionRow[ui.LayoutView] = ui.ActionRow()
            box.add_item(row.add_item(FoundButton(number, last_day, reader.setting.say)))
        self.add_item(box)


def scan_views(scan: Scan, source: Source, reader: Reader) -> Iterator[FoundView]:
    """Yield the messages that tell what was found, at most `MOST_MESSAGES`; what is left out is counted."""
    say = reader.setting.say
    small = f"-# {say('Days count from {day}.', day=say.day(scan.day, with_weekday=True))}"
    if scan.cut:
        small += " " + say("I read the first {count} characters.", count=say.number(LONGEST_SCANNED))
    where = f"{say(source.words)}{f': {source.link}' if source.link else ''}"
    if not scan.statements:
        yield FoundView([*_nothing(scan, where, say), small], (), scan, reader)
        return
    pages = _pages(scan, reader)
    shown = sum(map(len, pages))
    for index, page in enumerate(pages):
        texts = [
            f"### {say.many('🔎 {count} statement', '🔎 {count} statements', len(scan.statements))}\n{where}\n{small}"
        ]
        view = FoundView([] if index else texts, page, scan, reader)
        left_out = len(scan.statements) - shown
        if left_out and index == len(pages) - 1:
            more = say.many(
                "and {count} more: show me a shorter part.", "and {count} more: show me a shorter part.", left_out
            )
            view.add_item(ui.TextDisplay(f"-# {more}"))
        yield view


def _pages(scan: Scan, reader: Reader) -> list[list[tuple[int, Statement]]]:
    """Return the findings that are shown, with their numbers, message by message."""
    pages: list[list[tuple[int, Statement]]] = [[]]
    room = _ROOM
    for number, statement in enumerate(scan.statements):
        size = sum(map(measured, _texts(statement, scan, reader)))
        if len(pages[-1]) == _MOST_A_MESSAGE or size > room:
            if len(pages) == MOST_MESSAGES:
                break
            pages.append([])
            room = _ROOM
        pages[-1].append((number, statement))
        room -= size
    return pages


def _nothing(scan: Scan, where: str, say: Words) -> list[str]:
    """Say that nothing was found, and what was looked for."""
    looked_for = say(
        "I look for sentences in English that say what states, organisations or officials will do, must do or mean to "
        "do: deadlines, commitments, events, expectations."
    )
    if scan.times:
        named = ", ".join(f"“{plain(one, 60)}”" for one in scan.times)
        times = say("Times I saw: {times}. None of them bounds such a statement.", times=named)
    else:
        times = say("I saw no day or time in it.")
    return [f"### 🔎 {say('Nothing found')}\n{where}", looked_for, times]


def _texts(statement: Statement, scan: Scan, reader: Reader) -> tuple[str, str, str]:
    """Return a finding: what and by when, its words, and who says so and why it was read."""
    say = reader.setting.say
    head = f"**{kind_name(statement.kind, say)}** · {_due_words(statement, scan.day, reader)}"
    quote = f"> {in_quotes(plain(statement.quote, _QUOTE_LIMIT))}"
    foot = [f"🗣️ **{plain(statement.speaker, 80)}**"] if statement.speaker else []
    if statement.conditional:
        foot.append(f"⚖️ {say('Conditional: it holds only if the condition it names is met.')}")
    foot.append(f"-# {_reason(statement, say)}")
    return head, quote, "\n".join(foot)


def _due_words(statement: Statement, day: date, reader: Reader) -> str:
    """Say when a finding falls due, as firmly as its own words do."""
    say, due, zone = reader.setting.say, statement.due, reader.at.zone
    if due is None:
        return say("no date given")
    last = f"{day_stamp(due.last, zone)} ({time_left(due.last, zone)})"
    if statement.precision is Precision.VAGUE:
        return say("by about {day}", day=last)
    if due.first == due.last:
        return say("on {day}", day=last)
    if due.first <= day:
        return say("by {day}", day=last)
    return say("between {first} and {last}", first=day_stamp(due.first, zone), last=last)


def _reason(statement: Statement, say: Words) -> str:
    """Say in one line what a finding was read by: its words of time, and those that turn it to the future."""
    word = statement.rules[0].partition(":")[2].replace("-", " ") if statement.rules else ""
    told = bool(word) and re.search(rf"(?<!\w){re.escape(word)}(?!\w)", statement.quote, re.IGNORECASE) is not None
    if statement.timex is None:
        return (
            say("Because of “{word}”, and it names no day.", word=plain(word, 40)) if told else say("It names no day.")
        )
    start = statement.timex.start - statement.start
    before = _BEFORE_A_TIME.search(statement.quote[: max(0, start)])
    time = plain(f"{before[0] if before else ''}{statement.timex.text}", 80)
    if told:
        return say("Because of “{word}” and “{time}”.", word=plain(word, 40), time=time)
    return say("Because of “{time}”.", time=time)


def _unquoted(text: str) -> str:
    """Return a quote without the marks that `in_quotes` gave it."""
    inner = text[1:-1]
    return inner if text == in_quotes(inner) else text
