"""Topics that a server writes: the form, what a query would have brought, and a question before one is deleted.

Nothing waits in memory or in a table: the message itself holds the draft, its name and number in the buttons' ids and
its query in the code block, so that it outlives restarts and is gone when the message is.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, Self, cast

import discord
from discord import ui
from discord.ext import commands

from bot.errors import answered
from bot.render import Setting, list_line, measured, plain
from bot.views.editing import edit_answer
from bot.views.form import Form
from bot.views.look import AMBER, BLUE, GREEN, RED, SLATE
from bot.words import Words, marked, words_for
from watchers.matcher.queries import LONGEST_QUERY, QueryError
from watchers.rating import Case

LONGEST_TOPIC_NAME = 60
"""UTF-16 units, so that a button's id holds it."""
_ROOM = 34
"""Columns of a code block that a phone shows without wrapping."""
_MOST_CHANNELS = 20
_JOINERS = "\u200c\u200d"
_GAP = "\u200b"
"""Stands behind each backtick in a code block, so that none can end it."""
_HOW = marked(
    'Words, "phrases", AND, OR, NOT, ( ), speaker:Lavrov, country:UA. A * at the end of a word stands for any ending.'
)


@dataclass(frozen=True, slots=True)
class TopicDraft:
    """A topic as somebody is writing it."""

    number: int | None
    """The stored topic it is to replace; None: a new one."""
    name: str
    """Empty where only the query is tried."""
    query: str


@dataclass(frozen=True, slots=True)
class Trial:
    """What a query would have brought."""

    total: int
    looked_at: int
    """How many follow-ups were looked at."""
    examples: Sequence[Case]


class TopicDesk(Protocol):
    """Who keeps the topics of servers: the cog."""

    async def tried(self, interaction: discord.Interaction, draft: TopicDraft) -> ui.LayoutView:
        """Return what a draft would have brought, or what is wrong with it."""

    async def saved(self, interaction: discord.Interaction, draft: TopicDraft) -> ui.LayoutView:
        """Store a draft and return what has been agreed."""

    async def deleted(self, interaction: discord.Interaction, number: int) -> ui.LayoutView:
        """Remove a topic and return what has become of it."""


def one_line(text: str) -> str:
    """Return what was typed on one line, without characters that cannot be seen or that turn the reading direction."""
    seen = (c for c in text if c in _JOINERS or c.isspace() or unicodedata.category(c) not in {"Cc", "Cf", "Cs"})
    return " ".join("".join(seen).split())


def pointed_at(query: str, error: QueryError) -> str:
    """Return the place of a fault as two lines: the query around it, and carets below what is at fault."""
    start = max(0, min(error.at - _ROOM // 2, len(query) - _ROOM))
    end = start + _ROOM
    lead = "…" if start else ""
    line = f"{lead}{query[start:end]}{'…' if end < len(query) else ''}"
    indent = _columns(f"{lead}{query[start : error.at]}")
    carets = _columns(query[error.at : min(error.at + error.length, end)])
    return f"{line}\n{' ' * indent}{'^' * max(1, carets)}"


def _columns(text: str) -> int:
    """Return how many columns a text takes in a font of one width."""
    wide = sum(unicodedata.east_asian_width(character) in {"W", "F"} for character in text)
    none = sum(unicodedata.category(character) in {"Mn", "Me", "Cf"} for character in text)
    return len(text) + wide - none


def _block(text: str) -> str:
    return f"```\n{text.replace('`', '`' + _GAP)}\n```"


class TopicButton(ui.DynamicItem[ui.Button[ui.LayoutView]], template=r"topic:([a-z]+):(\d{1,15}):(?s:(.*))"):
    """A button below a draft, or below the question whether to delete. All it knows stands in its message."""

    def __init__(self, action: str, label: str, draft: TopicDraft, style: discord.ButtonStyle) -> None:
        """Make the button; its draft's query is read from the message."""
        custom_id = f"topic:{action}:{draft.number or 0}:{draft.name}"
        super().__init__(ui.Button(label=label, custom_id=custom_id, style=style))
        self._action = action
        self._draft = draft

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction, item: ui.Item[ui.LayoutView], match: re.Match[str], /
    ) -> Self:
        """Rebuild the button from its id and its message."""
        del item
        draft = TopicDraft(int(match[2]) or None, match[3], _query_in(interaction.message))
        return cls(match[1], "…", draft, discord.ButtonStyle.secondary)

    async def callback(self, interaction: discord.Interaction) -> None:
        """Save, open the form again, delete, or leave it."""
        async with answered(interaction):
            say = words_for(interaction.locale.value)
            if self._action == "change":
                await interaction.response.send_modal(TopicForm(self._draft, say))
                return
            await interaction.response.defer()
            await edit_answer(interaction, await self._outcome(interaction, say))

    async def _outcome(self, interaction: discord.Interaction, say: Words) -> ui.LayoutView:
        desk = topic_desk(interaction)
        match self._action:
            case "save":
                return await desk.saved(interaction, self._draft)
            case "delete":
                return await desk.deleted(interaction, self._draft.number or 0)
            case _:
                return NoteView(say("Nothing was changed."), SLATE)


def _query_in(message: discord.Message | None) -> str:
    """Return the query that a message shows in the first line of its first code block."""
    view = ui.LayoutView.from_message(message) if message is not None else ui.LayoutView()
    texts = (item.content for item in view.walk_children() if isinstance(item, ui.TextDisplay))
    block = next((text for text in texts if text.startswith("```\n")), "")
    return block.removeprefix("```\n").removesuffix("\n```").split("\n")[0].replace(_GAP, "")


class TopicForm(Form):
    """Name and query, typed."""

    def __init__(self, draft: TopicDraft, say: Words) -> None:
        """Show what the draft holds already."""
        super().__init__(say("A topic of this server"))
        self._number = draft.number
        self._name: ui.TextInput[Self] = ui.TextInput(
            default=draft.name or None, max_length=LONGEST_TOPIC_NAME, custom_id="name"
        )
        self._query: ui.TextInput[Self] = ui.TextInput(
            default=draft.query or None,
            max_length=LONGEST_QUERY,
            style=discord.TextStyle.paragraph,
            custom_id="query",
            placeholder='grain* AND ("black sea" OR country:UA)',
        )
        self.ask(say("Name"), self._name)
        self.ask(say("Query"), self._query, say("Shown below with what it finds"))
        self.add_item(ui.TextDisplay(f"-# {say(_HOW)}"))

    async def on_submit(self, interaction: discord.Interaction) -> None:
        """Try what was typed, in place of the draft it came from or in a message of its own."""
        async with answered(interaction):
            draft = TopicDraft(self._number, one_line(self._name.value), one_line(self._query.value))
            if interaction.message is None:
                await interaction.response.defer(ephemeral=True, thinking=True)
                view = await topic_desk(interaction).tried(interaction, draft)
                await interaction.followup.send(view=view, ephemeral=True)
            else:
                await interaction.response.defer()
                await edit_answer(interaction, await topic_desk(interaction).tried(interaction, draft))


class TrialView(ui.LayoutView):
    """What a query would have brought in the last week, with the way to save it."""

    def __init__(self, draft: TopicDraft, trial: Trial, setting: Setting) -> None:
        """Lay out a draft that can be saved where it has a name."""
        super().__init__(timeout=None)
        say = setting.say
        found = say.many(
            "It would have caught {count} follow-up of the {looked_at} told in the last week.",
            "It would have caught {count} follow-ups of the {looked_at} told in the last week.",
            trial.total,
            looked_at=say.number(trial.looked_at),
        )
        texts = [_heading(draft, say), _block(draft.query), f"🔎 {found}"]
        texts += [list_line(case, setting) for case in trial.examples]
        if trial.total > len(trial.examples) > 0:
            texts.append(f"-# {say('The newest {count} are shown.', count=say.number(len(trial.examples)))}")
        self.add_item(ui.Container(*map(ui.TextDisplay, texts), accent_colour=BLUE))
        self.add_item(_buttons(draft, say, savable=bool(draft.name)))


class FaultView(ui.LayoutView):
    """A draft that cannot be saved as it is: what is wrong, where, and what would be right."""

    def __init__(self, draft: TopicDraft, reason: str, say: Words, error: QueryError | None = None) -> None:
        """Lay out a draft; `error` says where its query is at fault, None: its name is."""
        super().__init__(timeout=None)
        pointed = "" if error is None else pointed_at(draft.query, error)
        # One block where all of the query stands above the carets; else the whole of it, for it is read from there.
        at_once = pointed.startswith(f"{draft.query}\n")
        texts = [_heading(draft, say), _block(pointed if at_once else draft.query), f"❌ {reason}"]
        if pointed and not at_once:
            texts.append(_block(pointed))
        texts.append(f"-# {say(_HOW)}")
        self.add_item(ui.Container(*map(ui.TextDisplay, texts), accent_colour=RED))
        self.add_item(_buttons(draft, say, savable=False))


class DeleteTopicView(ui.LayoutView):
    """The question whether a topic is really to go, with all that goes with it."""

    def __init__(self, draft: TopicDraft, channels: Sequence[int], say: Words) -> None:
        """Lay out the question; `channels` are those whose subscriptions would end."""
        super().__init__(timeout=None)
        texts = [f"### 🗑️ {say('Delete the topic {name}?', name=plain(draft.name))}", _block(draft.query)]
        if channels:
            ends = say.many(
                "{count} subscription ends with it, and its reminders are cancelled:",
                "{count} subscriptions end with it, and their reminders are cancelled:",
                len(channels),
            )
            shown = " ".join(f"<#{channel}>" for channel in channels[:_MOST_CHANNELS])
            texts.append(f"{ends} {shown}{' …' if len(channels) > _MOST_CHANNELS else ''}")
        else:
            texts.append(say("No channel is subscribed to it."))
        self.add_item(ui.Container(*map(ui.TextDisplay, texts), accent_colour=AMBER))
        self.add_item(
            ui.ActionRow(
                TopicButton("delete", say("Delete it"), draft, discord.ButtonStyle.danger),
                TopicButton("keep", say("Keep it"), draft, discord.ButtonStyle.secondary),
            )
        )


class NoteView(ui.LayoutView):
    """A line of text in a frame: what has become of something."""

    def __init__(self, text: str, colour: int = GREEN) -> None:
        """Lay out the line."""
        super().__init__(timeout=None)
        self.add_item(ui.Container(ui.TextDisplay(text), accent_colour=colour))


def _heading(draft: TopicDraft, say: Words) -> str:
    name = plain(draft.name, LONGEST_TOPIC_NAME) if draft.name else say("A query, tried")
    return f"### ✍️ {name}"


def _buttons(draft: TopicDraft, say: Words, *, savable: bool) -> ui.ActionRow[ui.LayoutView]:
    row: ui.ActionRow[ui.LayoutView] = ui.ActionRow()
    named = draft if measured(draft.name) <= LONGEST_TOPIC_NAME else TopicDraft(draft.number, "", draft.query)
    if savable:
        row.add_item(TopicButton("save", say("Save"), named, discord.ButtonStyle.success))
    row.add_item(TopicButton("change", say("Change…"), named, discord.ButtonStyle.primary))
    row.add_item(TopicButton("drop", say("Cancel"), named, discord.ButtonStyle.secondary))
    return row


def topic_desk(interaction: discord.Interaction) -> TopicDesk:
    """Return who keeps the topics; the client offers it with the commands."""
    return cast("TopicDesk", cast("commands.Bot", interaction.client).get_cog("Topics"))
