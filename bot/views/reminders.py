"""Personal reminders as people see them: what was promised, the list of one's own, and the answers below an alert."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol, Self, cast

import discord
from discord import ui
from discord.ext import commands

from bot.errors import Refusal, answered
from bot.render import Setting, list_line, measured, moment_stamp, plain, shortened, unplain
from bot.services import Reader, ZoneOf
from bot.views.lasting import OfItsId, chosen_one
from bot.views.look import VIOLET
from bot.views.pager import PageView, PageWish, page_of
from bot.words import Words, counted, marked, words_for
from watchers.audience import Recurrence, Reminder, Unit
from watchers.rating import Case

LONGEST_NOTE = 300
NOTE_ID = 5
"""The number of the component that holds a reminder's note, by which it is found again in the message."""
PAGE_SIZE = 8
REMIND_ICON = "⏰"

_OPTION_LIMIT = 100
_COG = "Reminders"


class Answer(StrEnum):
    """What somebody says to their reminder when it has come; each stands in messages already posted."""

    DONE = "done"
    HOUR = "hour"
    TOMORROW = "tomorrow"
    DEADLINE = "deadline"
    OTHER = "other"


class Step(StrEnum):
    """What somebody does with one of their open reminders; each stands in messages already posted."""

    SHOW = "show"
    CHANGE = "change"
    CANCEL = "cancel"


_ANSWERS = {
    Answer.DONE: ("✅", marked("Done")),
    Answer.HOUR: ("🕐", marked("1 hour")),
    Answer.TOMORROW: ("🌅", marked("Tomorrow")),
    Answer.DEADLINE: ("⏳", marked("At the deadline")),
    Answer.OTHER: ("🕑", marked("Another time…")),
}
_STEPS = {
    Step.SHOW: ("🔎", marked("Show")),
    Step.CHANGE: ("✏️", marked("Change…")),
    Step.CANCEL: ("🗑️", marked("Cancel")),
}
_ZONES = {
    ZoneOf.PERSON: marked("Times are in {zone}, your own zone. `/timezone` changes it."),
    ZoneOf.SERVER: marked("Times are in {zone}, this server's zone. `/timezone` sets your own."),
    ZoneOf.OPERATOR: marked("Times are in {zone}, my operator's zone. `/timezone` sets your own."),
}
_RHYTHMS = {
    Unit.DAY: (
        marked("Every day at {clock}"),
        counted("Every {count} day at {clock}", "Every {count} days at {clock}"),
    ),
    Unit.WEEKDAY: (
        marked("Every weekday at {clock}"),
        counted("Every {count} weekday at {clock}", "Every {count} weekdays at {clock}"),
    ),
    Unit.WEEK: (
        marked("Every week at {clock}, {weekday}"),
        counted("Every {count} week at {clock}, {weekday}", "Every {count} weeks at {clock}, {weekday}"),
    ),
    Unit.MONTH: (
        marked("Every month at {clock}, day {day}"),
        counted("Every {count} month at {clock}, day {day}", "Every {count} months at {clock}, day {day}"),
    ),
}
"""How it is said that something comes again each time, and each so many times: 21 counts as one in some languages."""


class Desk(Protocol):
    """What keeps people's reminders: the cog, found by its name, so that no view needs to know the client."""

    async def ask(self, interaction: discord.Interaction, followup_id: int) -> None:
        """Ask for the time of a new reminder of a follow-up."""

    async def remind_of(self, interaction: discord.Interaction, words: str, last_day: date | None, *, key: str) -> None:
        """Remind of words somebody read, on the morning of their last day, or ask when; once for each `key`."""

    async def answer(self, interaction: discord.Interaction, followup_id: int | None, answer: Answer) -> None:
        """Do as somebody answers to a reminder that has come."""

    async def step(self, interaction: discord.Interaction, number: int, step: Step) -> None:
        """Show, change or cancel an open reminder."""


def desk_of(interaction: discord.Interaction) -> Desk:
    """Return what keeps people's reminders."""
    cog = cast("commands.Bot", interaction.client).get_cog(_COG)
    if cog is None:
        say = words_for(interaction.locale.value)
        raise Refusal(say("I keep no reminders at the moment."))
    return cast("Desk", cog)


@dataclass(frozen=True, slots=True)
class Kept:
    """An open reminder with its number and the follow-up it speaks of, as its server sees it."""

    number: int
    reminder: Reminder
    case: Case | None


class RemindButton(OfItsId, ui.DynamicItem[ui.Button[ui.LayoutView]], template=r"remind:(\d{1,18})"):
    """Below a follow-up: asks when its reader wants to be reminded of it."""

    def __init__(self, followup_id: int, say: Words) -> None:
        """Make the button of one follow-up."""
        super().__init__(ui.Button(label=say("Remind me…"), emoji=REMIND_ICON, custom_id=f"remind:{followup_id}"))
        self._followup_id = followup_id

    @classmethod
    def of_id(cls, match: re.Match[str]) -> Self:
        """Rebuild the button from its id."""
        return cls(int(match[1]), Words("en"))

    async def callback(self, interaction: discord.Interaction) -> None:
        """Ask when."""
        async with answered(interaction):
            await desk_of(interaction).ask(interaction, self._followup_id)


class AnswerButton(
    OfItsId, ui.DynamicItem[ui.Button[ui.LayoutView]], template=rf"snooze:(\d{{1,18}}):({'|'.join(Answer)})"
):
    """Below a personal reminder that has come: done with it, or when it is to come again."""

    def __init__(self, followup_id: int | None, answer: Answer, say: Words) -> None:
        """Make the button; `followup_id` is what the reminder speaks of, None: something else."""
        style = discord.ButtonStyle.success if answer is Answer.DONE else discord.ButtonStyle.secondary
        custom_id = f"snooze:{followup_id or 0}:{answer}"
        icon, label = _ANSWERS[answer]
        super().__init__(ui.Button(label=say(label), emoji=icon, custom_id=custom_id, style=style))
        self._followup_id = followup_id
        self._answer = answer

    @classmethod
    def of_id(cls, match: re.Match[str]) -> Self:
        """Rebuild the button from its id."""
        return cls(int(match[1]) or None, Answer(match[2]), Words("en"))

    async def callback(self, interaction: discord.Interaction) -> None:
        """Do as was answered."""
        async with answered(interaction):
            await desk_of(interaction).answer(interaction, self._followup_id, self._answer)


class StepButton(
    OfItsId, ui.DynamicItem[ui.Button[ui.LayoutView]], template=rf"reminder:({'|'.join(Step)}):(\d{{1,18}})"
):
    """Below an open reminder: changes or cancels it."""

    def __init__(self, number: int, step: Step, say: Words) -> None:
        """Make the button of one of a person's reminders."""
        style = discord.ButtonStyle.danger if step is Step.CANCEL else discord.ButtonStyle.secondary
        icon, label = _STEPS[step]
        super().__init__(ui.Button(label=say(label), emoji=icon, custom_id=f"reminder:{step}:{number}", style=style))
        self._number = number
        self._step = step

    @classmethod
    def of_id(cls, match: re.Match[str]) -> Self:
        """Rebuild the button from its id."""
        return cls(int(match[2]), Step(match[1]), Words("en"))

    async def callback(self, interaction: discord.Interaction) -> None:
        """Take the step."""
        async with answered(interaction):
            await desk_of(interaction).step(interaction, self._number, self._step)


class ReminderSelect(ui.DynamicItem[ui.Select[ui.LayoutView]], template=r"reminder:choose"):
    """Below the list of one's reminders: opens one of them."""

    def __init__(self, shown: Sequence[Kept], reader: Reader) -> None:
        """Offer the reminders of a page."""
        options = [_option(kept, reader) for kept in shown]
        placeholder = reader.setting.say("Change or cancel one…")
        super().__init__(ui.Select(custom_id="reminder:choose", placeholder=placeholder, options=options))

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction, item: ui.Item[ui.LayoutView], match: re.Match[str], /
    ) -> Self:
        """Rebuild the menu around what Discord shows; its choice stands in the interaction."""
        del interaction, match
        menu = cls.__new__(cls)
        ui.DynamicItem.__init__(menu, cast("ui.Select[ui.LayoutView]", item))
        return menu

    async def callback(self, interaction: discord.Interaction) -> None:
        """Show the chosen reminder."""
        async with answered(interaction):
            await desk_of(interaction).step(interaction, int(chosen_one(interaction)), Step.SHOW)


class KeptView(ui.LayoutView):
    """One open reminder: when it comes, of what it speaks, and the buttons to change or cancel it."""

    def __init__(self, kept: Kept, reader: Reader) -> None:
        """Lay out a reminder for the person whose it is."""
        super().__init__(timeout=None)
        say = reader.setting.say
        texts = [ui.TextDisplay[KeptView](f"### 📌 {say('I will send you a direct message')}\n{_when(kept, reader)}")]
        if kept.reminder.note:
            texts.append(ui.TextDisplay(note_line(kept.reminder.note)))
        if kept.case is not None:
            texts.append(ui.TextDisplay(list_line(kept.case, reader.setting)))
        zone = plain(reader.at.zone.key, 60)
        texts.append(ui.TextDisplay(f"-# {say(_ZONES[reader.zone_of], zone=zone)}"))
        self.add_item(ui.Container(*texts, accent_colour=VIOLET))
        self.add_item(steps_row(kept.number, say))


def reminders_page(own: Sequence[Kept], wish: PageWish, reader: Reader) -> PageView:
    """Return a page of a person's open reminders, with a menu to open one."""
    say = reader.setting.say
    wish, pages = page_of(wish, len(own), PAGE_SIZE)
    shown = own[wish.number * PAGE_SIZE :][:PAGE_SIZE]
    heading = f"📌 {say.many('{count} open reminder', '{count} open reminders', len(own))}"
    empty = say("You have none. `/remind` sets one, and so does “Remind me…” below a follow-up.")
    view = PageView(heading, [_line(kept, reader) for kept in shown] or [empty], wish, pages, say=say)
    if shown:
        view.add_item(ui.ActionRow(ReminderSelect(shown, reader)))
    return view


def steps_row(number: int, say: Words) -> ui.ActionRow[ui.LayoutView]:
    """Return the buttons that change and cancel a reminder."""
    row: ui.ActionRow[ui.LayoutView] = ui.ActionRow()
    return row.add_item(StepButton(number, Step.CHANGE, say)).add_item(StepButton(number, Step.CANCEL, say))


def add_answers(view: ui.LayoutView, note: str | None, case: Case | None, setting: Setting) -> None:
    """Add the answers to a personal reminder's message, and number its note so that it can be read back.

    `case` is the follow-up it speaks of, None: something else. Where its last day is ahead it can come again then.
    """
    for item in view.walk_children():
        if note and isinstance(item, ui.TextDisplay) and item.content == note_line(note):
            item.id = NOTE_ID
            break
    ahead = case is not None and case.due is not None and case.due.last > setting.today
    row: ui.ActionRow[ui.LayoutView] = ui.ActionRow()
    for answer in Answer:
        if answer is not Answer.DEADLINE or ahead:
            row.add_item(AnswerButton(None if case is None else case.followup.id, answer, setting.say))
    view.add_item(row)


def note_line(note: str) -> str:
    """Return a note as messages show it."""
    return f"> {plain(note, LONGEST_NOTE)}"


def note_in(message: discord.Message | None) -> str | None:
    """Return the note of the reminder that a message of ours shows; None where it has none."""
    if message is None:
        return None
    text = text_numbered(message, NOTE_ID)
    return None if text is None else unplain(text.removeprefix("> "))


def text_numbered(message: discord.Message, number: int) -> str | None:
    """Return what the text component of that number says in a message of ours, None where there is none."""
    texts = (one for one in _walked(message.components) if isinstance(one, discord.TextDisplay) and one.id == number)
    return next((one.content for one in texts), None)


def closed(message: discord.Message, line: str, *rows: ui.ActionRow[ui.LayoutView]) -> ui.LayoutView:
    """Return a message of ours without its buttons, with `line` below it, and with `rows` instead."""
    view = ui.LayoutView.from_message(message, timeout=None)
    for item in [one for one in view.children if isinstance(one, ui.ActionRow)]:
        view.remove_item(item)
    view.add_item(ui.TextDisplay(line))
    for row in rows:
        view.add_item(row)
    return view


def every_words(again: Recurrence, first: Reminder, say: Words) -> str:
    """Say by what rule a reminder comes again, with its local time of day: every weekday at 09:00."""
    clock = f"{again.at:%H:%M}"
    weekday = say.weekday(first.fires_at.astimezone(again.zone).weekday())
    once, more = _RHYTHMS[again.unit]
    if again.every == 1:
        return say(once, clock=clock, weekday=weekday, day=again.day)
    return say.many(*more, again.every, clock=clock, weekday=weekday, day=again.day)


def _when(kept: Kept, reader: Reader) -> str:
    """Return when a reminder comes next, and by what rule again."""
    again = kept.reminder.recurrence
    stamp = f"🕑 {moment_stamp(kept.reminder.fires_at)}"
    return stamp if again is None else f"{stamp}\n🔁 {every_words(again, kept.reminder, reader.setting.say)}"


def _line(kept: Kept, reader: Reader) -> str:
    """Return a reminder in two or three lines of a list."""
    return f"**{plain(_subject(kept), 120)}**\n{_when(kept, reader)}"


def _subject(kept: Kept) -> str:
    """Return what a reminder is of, unescaped: its note, else its follow-up's quote."""
    about = f"#{kept.case.followup.id} " if kept.case else ""
    return about + (kept.reminder.note or (kept.case.followup.quote if kept.case else "…"))


def _option(kept: Kept, reader: Reader) -> discord.SelectOption:
    """Return a reminder as a choice of a menu, where Discord reads neither markup nor timestamps."""
    moment = reader.setting.say.moment(kept.reminder.fires_at.astimezone(reader.at.zone))
    subject = " ".join(_subject(kept).split())
    label = shortened(subject, _OPTION_LIMIT if measured(subject) == len(subject) else _OPTION_LIMIT // 2)
    return discord.SelectOption(label=label, value=str(kept.number), description=shortened(moment, _OPTION_LIMIT))


def _walked(components: Iterable[discord.Component]) -> Iterator[discord.Component]:
    """Yield components and all they hold."""
    for one in components:
        yield one
        yield from _walked(getattr(one, "children", ()))
