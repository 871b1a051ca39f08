"""What is stored of somebody, and the question whether it is to be forgotten."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Protocol, Self, cast

import discord
from discord import ui
from discord.ext import commands

from bot.errors import answered
from bot.views.editing import edit_answer
from bot.views.lasting import OfItsId
from bot.views.look import AMBER, BLUE
from bot.words import Words
from watchers.leaving import GRACE

KEEPER = "Privacy"
"""The cog that answers these buttons."""
_YES, _NO = "yes", "no"


class Forgetter(Protocol):
    """What answers them: the cog called `KEEPER`."""

    async def forgotten(self, interaction: discord.Interaction) -> ui.LayoutView:
        """Forget whoever asks, and return what has become of it."""

    async def kept(self, interaction: discord.Interaction) -> ui.LayoutView:
        """Return that nothing was changed."""


class ForgetButton(OfItsId, ui.DynamicItem[ui.Button[ui.LayoutView]], template=rf"forgetme:({_YES}|{_NO})"):
    """The answer to the question. Its id names nobody: whoever presses it speaks for themselves alone."""

    def __init__(self, answer: str, label: str = "…") -> None:
        """Make the button."""
        style = discord.ButtonStyle.danger if answer == _YES else discord.ButtonStyle.secondary
        super().__init__(ui.Button(label=label, style=style, custom_id=f"forgetme:{answer}"))
        self._answer = answer

    @classmethod
    def of_id(cls, match: re.Match[str]) -> Self:
        """Rebuild the button from its id."""
        return cls(match[1])

    async def callback(self, interaction: discord.Interaction) -> None:
        """Forget, or leave it."""
        async with answered(interaction):
            await interaction.response.defer()
            keeper = cast("Forgetter", cast("commands.Bot", interaction.client).get_cog(KEEPER))
            do = keeper.forgotten if self._answer == _YES else keeper.kept
            await edit_answer(interaction, await do(interaction))


class PrivacyView(ui.LayoutView):
    """What is stored of somebody and of their server, in short."""

    def __init__(self, held: Mapping[str, int], say: Words, *, in_server: bool) -> None:
        """Lay it out; `in_server` says whether somebody asks in one."""
        super().__init__(timeout=None)
        box: ui.Container[PrivacyView] = ui.Container(accent_colour=BLUE)
        box.add_item(
            ui.TextDisplay(f"### 🔒 {say('What I store')}\n{say('I read no messages, and keep ids instead of names.')}")
        )
        box.add_item(ui.Separator())
        box.add_item(ui.TextDisplay(f"**{say('Of you')}**\n{_held_words(held, say)}"))
        if in_server:
            there = say(
                "Its settings, subscriptions, topics and feeds, what I posted, ratings and notes, and who changed what "
                "(`/audit`)."
            )
            kept = say.many(
                "Where I am sent away, all of it is deleted {count} day later.",
                "Where I am sent away, all of it is deleted {count} days later.",
                GRACE.days,
            )
            box.add_item(ui.Separator())
            box.add_item(ui.TextDisplay(f"**{say('Of this server')}**\n{there} {kept}"))
        more = say(
            "`/forget-me` removes what is yours. The page *Privacy* of my documentation (docs/privacy.md) has all."
        )
        box.add_item(ui.TextDisplay(f"-# {more}"))
        self.add_item(box)


class ForgetView(ui.LayoutView):
    """The question whether somebody is to be forgotten, with what goes and what stays."""

    def __init__(self, held: Mapping[str, int], say: Words) -> None:
        """Lay out the question."""
        super().__init__(timeout=None)
        goes = say(
            "This goes for good, in every server and in direct messages: your reminders, what you watch, messages that "
            "wait for you and my record of those I sent, your notes, what you called wrongly read, your time zone and "
            "language."
        )
        stays = say(
            "Your ratings stay where you gave them, and subscriptions, topics and feeds that you made go on, without "
            "your name. What I have posted stays in Discord."
        )
        texts = (f"### 🧽 {say('Forget you?')}\n{goes}", stays, _held_words(held, say))
        self.add_item(ui.Container(*map(ui.TextDisplay, texts), accent_colour=AMBER))
        self.add_item(
            ui.ActionRow(ForgetButton(_YES, say("Forget me")), ForgetButton(_NO, say("Cancel"))),
        )


def _held_words(held: Mapping[str, int], say: Words) -> str:
    """Return how much is stored of somebody, by table, as lines; what there is nothing of is left out."""
    named = {
        "reminders": say("Reminders"),
        "outbox": say("Direct messages"),
        "watches": say("Watched follow-ups"),
        "ratings": say("Ratings"),
        "notes": say("Notes"),
        "feedback": say("What you called wrongly read"),
        "people": say("Your time zone and language"),
    }
    elsewhere = sum(count for table, count in held.items() if table not in named)
    counted = [(name, held.get(table, 0)) for table, name in named.items()]
    counted.append((say("Your id on what you made, changed or muted"), elsewhere))
    lines = [f"{name}: **{say.number(count)}**" for name, count in counted if count]
    return "\n".join(lines) or say("Nothing is stored of you.")
