"""A list of feeds as it is shown before it is brought in.

The message carries the list itself as a file, so that it outlives restarts.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Protocol, Self, cast

import discord
from discord import ui
from discord.ext import commands

from bot.errors import answered
from bot.feed_lists import ImportPlan
from bot.render import fitting, plain
from bot.views.editing import edit_answer
from bot.views.lasting import OfItsId
from bot.views.look import AMBER, BLUE, SLATE
from bot.views.seeing import Attached
from bot.views.topics import NoteView
from bot.words import Words, words_for
from config.opml import written_opml
from watchers.feed_memory import MOST_GUILD_FEEDS

_ROOM, _LINES = 1_200, 15
_ROOM_OF_OTHERS = 500


class ImportDesk(Protocol):
    """Who brings lists in: the cog."""

    async def brought_in(self, interaction: discord.Interaction, file: discord.Attachment | None) -> ui.LayoutView:
        """Add the feeds of a list, and return what has become of it."""


class ImportButton(OfItsId, ui.DynamicItem[ui.Button[ui.LayoutView]], template=r"feedlist:([a-z]+)"):
    """A button below a list that is not brought in yet."""

    def __init__(self, action: str, label: str = "…", style: discord.ButtonStyle | None = None) -> None:
        """Make the button."""
        style = style or discord.ButtonStyle.secondary
        super().__init__(ui.Button(label=label, custom_id=f"feedlist:{action}", style=style))
        self._action = action

    @classmethod
    def of_id(cls, match: re.Match[str]) -> Self:
        """Rebuild the button from its id."""
        return cls(match[1])

    async def callback(self, interaction: discord.Interaction) -> None:
        """Bring the list in, or leave it."""
        async with answered(interaction):
            await interaction.response.defer()
            if self._action == "add":
                files = interaction.message.attachments if interaction.message is not None else []
                desk = cast("ImportDesk", cast("commands.Bot", interaction.client).get_cog("Feeds"))
                view = await desk.brought_in(interaction, files[0] if files else None)
            else:
                view = NoteView(words_for(interaction.locale.value)("Nothing was changed."), SLATE)
            await edit_answer(interaction, view)


class ImportView(ui.LayoutView):
    """What a list would bring."""

    def __init__(self, plan: ImportPlan, say: Words, at: datetime) -> None:
        """Lay out what would be added, what is here already and what cannot be; `at` dates the list it carries."""
        super().__init__(timeout=None)
        self.file: Attached | None = None
        """To be sent with the message; None: there is nothing to add."""
        heading = say.many("{count} feed to add", "{count} feeds to add", len(plan.new))
        box: ui.Container[ImportView] = ui.Container(accent_colour=BLUE if plan.new else AMBER)
        box.add_item(ui.TextDisplay(f"### 📥 {heading}"))
        if plan.new:
            lines = [f"• **{plain(one.name, 60)}** · {plain(_short(one.feed_url), 40)}" for one in plan.new]
            box.add_item(ui.TextDisplay("\n".join(_some(lines, _ROOM, _LINES, say))))
        for line in _left_out(plan, say):
            box.add_item(ui.TextDisplay(line))
        if plan.new:
            self.file = Attached("feeds.opml", written_opml("Aide-Mémoire", plan.new, at).encode())
            box.add_item(ui.File(self.file))
            told = say("I have not asked them yet. What they say is told in this server alone.")
            box.add_item(ui.TextDisplay(f"-# {told}"))
        self.add_item(box)
        if plan.new:
            add, cancel = say("Add all"), say("Cancel")
            self.add_item(
                ui.ActionRow(ImportButton("add", add, discord.ButtonStyle.success), ImportButton("drop", cancel))
            )


def _left_out(plan: ImportPlan, say: Words) -> list[str]:
    """Return what of a list would not be added, and why."""
    lines = []
    if plan.known:
        known = say.many("{count} is read here already:", "{count} are read here already:", len(plan.known))
        lines.append(
            "\n".join((f"✅ {known}", *_some([plain(one, 60) for one in plan.known], _ROOM_OF_OTHERS, 5, say)))
        )
    if plan.unusable:
        bad = say.many(
            "{count} cannot be the address of a feed:", "{count} cannot be addresses of feeds:", len(plan.unusable)
        )
        shown = _some([plain(one, 60) for one in plan.unusable], _ROOM_OF_OTHERS, 5, say)
        lines.append("\n".join((f"⚠️ {bad}", *shown)))
    if plan.beyond:
        more = say.many(
            "{count} does not fit: a server has at most {most} feeds of its own.",
            "{count} do not fit: a server has at most {most} feeds of its own.",
            plan.beyond,
            most=MOST_GUILD_FEEDS,
        )
        lines.append(f"⚠️ {more}")
    return lines


def _short(url: str) -> str:
    """Return an address without what is the same in all."""
    return url.partition("://")[2].removeprefix("www.")


def _some(lines: Sequence[str], room: int, most: int, say: Words) -> list[str]:
    """Return as many lines as there is room for, and how many more there are."""
    shown = fitting(lines, room, most)
    more = len(lines) - len(shown)
    return [*shown, *([f"-# {say.many('and {count} more', 'and {count} more', more)}"] if more else [])]
