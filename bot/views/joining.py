"""What stands below all reports of a follow-up: some are about something else; another follow-up is the same."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any, Protocol, Self, cast

import discord
from discord import ui
from discord.ext import commands

from bot.errors import answered
from bot.render import CHOICE_LIMIT, Setting, bare
from bot.views.lasting import OfItsId, chosen
from bot.words import Words, marked
from watchers.model import Telling

EDITOR = "Joining"
"""The cog that answers these."""
MOST_OFFERED = 25
_FEWEST = 2
_DESCRIBED = 100


class Editor(Protocol):
    """What answers them: the cog called `EDITOR`."""

    async def part(self, interaction: discord.Interaction, followup_id: int, report_ids: Sequence[int]) -> None:
        """Make some reports of a follow-up one of their own; raise `Refusal` where that cannot be."""

    async def ask_same(self, interaction: discord.Interaction, followup_id: int) -> None:
        """Ask which follow-up is the same; raise `Refusal` where somebody may not say."""

    async def join(self, interaction: discord.Interaction, one: int, other: int) -> None:
        """Make two follow-ups one; raise `Refusal` where that cannot be."""


def editor_of(interaction: discord.Interaction) -> Editor:
    """Return the cog that answers these."""
    return cast("Editor", cast("commands.Bot", interaction.client).get_cog(EDITOR))


class ReportSelect(OfItsId, ui.DynamicItem[ui.Select[ui.LayoutView]], template=r"part:(\d{1,18})"):
    """The select below all reports: those chosen are about something else."""

    def __init__(self, followup_id: int, offered: Sequence[discord.SelectOption], most: int, say: Words) -> None:
        """Offer reports by their own numbers, of which at most `most` may be chosen."""
        placeholder = say(marked("✂️ These are about something else…"))
        super().__init__(
            ui.Select(
                custom_id=f"part:{followup_id}",
                placeholder=placeholder,
                options=list(offered),
                max_values=min(most, len(offered)) or 1,
            )
        )
        self._followup_id = followup_id

    @classmethod
    def of_id(cls, match: re.Match[str]) -> Self:
        """Rebuild the select; what was chosen comes with the interaction."""
        return cls(int(match[1]), [], 1, Words("en"))

    async def callback(self, interaction: discord.Interaction) -> None:
        """Have them made a follow-up of their own."""
        async with answered(interaction):
            await editor_of(interaction).part(interaction, self._followup_id, [int(one) for one in chosen(interaction)])


class SameButton(OfItsId, ui.DynamicItem[ui.Button[ui.LayoutView]], template=r"same:(\d{1,18})"):
    """The button that asks which other follow-up is the same."""

    def __init__(self, followup_id: int, say: Words) -> None:
        """Make the button."""
        label = say(marked("Same as another…"))
        super().__init__(ui.Button(label=label, emoji="🔗", custom_id=f"same:{followup_id}"))
        self._followup_id = followup_id

    @classmethod
    def of_id(cls, match: re.Match[str]) -> Self:
        """Rebuild the button from its id."""
        return cls(int(match[1]), Words("en"))

    async def callback(self, interaction: discord.Interaction) -> None:
        """Ask which."""
        async with answered(interaction):
            await editor_of(interaction).ask_same(interaction, self._followup_id)


class RejoinButton(OfItsId, ui.DynamicItem[ui.Button[ui.LayoutView]], template=r"rejoin:(\d{1,18}):(\d{1,18})"):
    """The button that takes a split back."""

    def __init__(self, one: int, other: int, say: Words) -> None:
        """Make the button."""
        label = say(marked("Join them again"))
        super().__init__(ui.Button(label=label, emoji="⤴️", custom_id=f"rejoin:{one}:{other}"))
        self._pair = (one, other)

    @classmethod
    def of_id(cls, match: re.Match[str]) -> Self:
        """Rebuild the button from its id."""
        return cls(int(match[1]), int(match[2]), Words("en"))

    async def callback(self, interaction: discord.Interaction) -> None:
        """Have them joined."""
        async with answered(interaction):
            await editor_of(interaction).join(interaction, *self._pair)


def editing_rows(
    followup_id: int, reports: Sequence[tuple[int, Telling]], first: int, shown: int, setting: Setting
) -> Iterator[ui.ActionRow[Any]]:
    """Yield what may be done with the reports of a follow-up: all are offered, or those `shown` from `first` on."""
    if len(reports) >= _FEWEST:
        there = reports if len(reports) <= MOST_OFFERED else reports[first : first + shown]
        offered = [
            discord.SelectOption(
                label=bare(f"{telling.outlet} · {setting.say.day(telling.day)}", CHOICE_LIMIT),
                value=str(number),
                description=bare(telling.statement.quote, _DESCRIBED),
            )
            for number, telling in there
        ]
        yield ui.ActionRow(ReportSelect(followup_id, offered, len(reports) - 1, setting.say))
    yield ui.ActionRow(SameButton(followup_id, setting.say))
