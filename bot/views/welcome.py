"""The message with which the bot comes into a server."""

from __future__ import annotations

import re
from typing import Protocol, Self, cast

import discord
from discord import ui
from discord.ext import commands

from bot.errors import answered
from bot.views import look
from bot.views.lasting import OfItsId
from bot.words import Words, marked

_WHAT = marked(
    "I read the news for what governments and envoys say will happen by a time. I post it once, "
    "remind you when it falls due, and ask: was it kept?"
)
_BEGIN = marked("Someone with *Manage Server* tells me where and on what, in five short steps. `/help` says the rest.")


class Beginner(Protocol):
    """What can begin the set-up: the cog."""

    async def begin(self, interaction: discord.Interaction) -> None:
        """Show its first step."""


class BeginButton(OfItsId, ui.DynamicItem[ui.Button[ui.LayoutView]], template=r"begin:setup"):
    """Begins the set-up; it works for as long as the message stands."""

    def __init__(self, label: str) -> None:
        """Make the button."""
        super().__init__(ui.Button(label=label, custom_id="begin:setup", style=discord.ButtonStyle.primary))

    @classmethod
    def of_id(cls, match: re.Match[str]) -> Self:
        """Rebuild it."""
        del match
        return cls("…")

    async def callback(self, interaction: discord.Interaction) -> None:
        """Show the first step to whoever pressed it."""
        async with answered(interaction):
            await cast("Beginner", cast("commands.Bot", interaction.client).get_cog("SetUp")).begin(interaction)


class WelcomeView(ui.LayoutView):
    """What the bot is, and how to begin."""

    def __init__(self, say: Words) -> None:
        """Lay it out in a server's language."""
        super().__init__(timeout=None)
        heading = f"### 👋 {say('Good day. I am Aide-Mémoire.')}"
        self.add_item(
            ui.Container(
                ui.TextDisplay(f"{heading}\n{say(_WHAT)}"),
                ui.Separator(),
                ui.TextDisplay(say(_BEGIN)),
                ui.ActionRow(BeginButton(say("Set me up"))),
                accent_colour=look.BLUE,
            )
        )
