"""The form in which somebody says when they want to be reminded."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

import discord
from discord import ui

from bot.errors import answered
from bot.render import shortened
from bot.views.form import HINT_LIMIT, Form
from bot.views.reminders import LONGEST_NOTE
from bot.words import Words

LONGEST_WHEN = 60


@dataclass(frozen=True, slots=True)
class Filled:
    """A form as it was sent."""

    when: str
    """What was typed, else what was chosen; empty where neither was."""
    note: str | None
    """None: nothing, so that a note that stood there is taken out."""


Sent = Callable[[discord.Interaction, Filled], Awaitable[None]]


class WhenForm(Form):
    """Asks for a time, by choice or typed, and for a note."""

    def __init__(self, say: Words, presets: Sequence[str], note: str | None, sent: Sent) -> None:
        """Offer `presets`, words of bot/when.py, and the note as it stands; `sent` takes what comes back."""
        super().__init__(say("Remind me"))
        self._sent = sent
        options = [discord.SelectOption(label=say(preset), value=preset) for preset in presets]
        self._chosen: ui.Select[WhenForm] = ui.Select(custom_id="preset", options=options, required=False)
        self._typed: ui.TextInput[WhenForm] = ui.TextInput(
            custom_id="typed",
            required=False,
            max_length=LONGEST_WHEN,
            placeholder=shortened(say("9 May 14:00 · in 3 days · every Monday 9:00"), HINT_LIMIT),
        )
        self._note: ui.TextInput[WhenForm] = ui.TextInput(
            custom_id="note",
            style=discord.TextStyle.long,
            required=False,
            max_length=LONGEST_NOTE,
            default=None if note is None else note[:LONGEST_NOTE],
        )
        for text, field in (
            (say("When"), self._chosen),
            (say("…or in your own words (in English)"), self._typed),
            (say("Note to yourself"), self._note),
        ):
            self.ask(text, field)

    async def on_submit(self, interaction: discord.Interaction, /) -> None:
        """Hand over what was sent."""
        async with answered(interaction):
            chosen = self._chosen.values[0] if self._chosen.values else ""
            note = self._note.value.strip() or None
            await self._sent(interaction, Filled(self._typed.value.strip() or chosen, note))
