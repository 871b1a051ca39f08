"""What every form has: a title and labels that Discord takes in any language, and an id that names who showed it."""

from __future__ import annotations

import secrets
from typing import Any

import discord
from discord import ui

from bot.errors import Refusal, answered
from bot.render import shortened
from bot.words import words_for

TITLE_LIMIT = 45
HINT_LIMIT = 100

_THIS_RUN = secrets.token_hex(4)
"""Forms are known to the process that showed them, and to no other."""


class Form(ui.Modal):
    """A form of ours."""

    def __init__(self, title: str) -> None:
        """Make a form of no field yet."""
        custom_id = f"{_THIS_RUN}:{secrets.token_hex(8)}"
        super().__init__(title=shortened(title, TITLE_LIMIT), timeout=None, custom_id=custom_id)

    def ask(self, text: str, field: ui.Item[Any], hint: str = "") -> None:
        """Add a field below its label; `hint` explains it, and may be empty."""
        description = shortened(hint, HINT_LIMIT) or None
        self.add_item(ui.Label(text=shortened(text, TITLE_LIMIT), description=description, component=field))


async def refuse_if_forgotten(interaction: discord.Interaction) -> None:
    """Say so where somebody sends a form that was shown before the bot was started anew; else do nothing."""
    data: Any = interaction.data or {}
    if interaction.type is not discord.InteractionType.modal_submit or data["custom_id"].startswith(f"{_THIS_RUN}:"):
        return
    async with answered(interaction):
        say = words_for(interaction.locale.value)
        raise Refusal(say("I was started anew while you were typing, and no longer know this form. Open it once more."))
