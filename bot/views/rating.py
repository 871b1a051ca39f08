"""The buttons under cards and alerts, and the little forms they open.

All a button knows stands in its id, so it works after a restart and on a message of any age.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol, Self, cast

import discord
from discord import ui
from discord.ext import commands

from bot.errors import answered
from bot.views.form import Form
from bot.views.lasting import OfItsId, chosen_one
from bot.views.look import STATUS_ICONS, STATUS_NAMES
from bot.words import Words, marked
from watchers.rating import Outcome

KEEPER = "Cards"
"""The cog that answers these buttons."""
LONGEST_DAY = 60
LONGEST_NOTE = 500


class Deed(StrEnum):
    """What a button does; the words stand in messages already posted, so they must stay what they are."""

    OPEN = "open"
    KEPT = "kept"
    PARTLY = "partly"
    BROKEN = "broken"
    MOVED = "moved"
    WITHDRAWN = "withdrawn"
    DISMISSED = "dismissed"
    UNDO = "undo"
    WATCH = "watch"
    UNWATCH = "unwatch"
    MUTE = "mute"
    UNMUTE = "unmute"
    NOTE = "note"
    UNNOTE = "unnote"
    DATE = "date"
    SCHEDULE = "schedule"
    SOURCES = "sources"
    ACCEPT = "accept"
    ACCEPT_MOVE = "acceptmove"
    REJECT = "reject"
    RECONSIDER = "reconsider"
    LATE = "late"


OUTCOMES = {
    Deed.KEPT: Outcome.KEPT,
    Deed.PARTLY: Outcome.PARTLY,
    Deed.BROKEN: Outcome.BROKEN,
    Deed.MOVED: Outcome.MOVED,
    Deed.WITHDRAWN: Outcome.WITHDRAWN,
    Deed.DISMISSED: Outcome.DISMISSED,
}
"""The ratings that buttons give."""
_OTHERS = {
    Deed.OPEN: ("🗂️", marked("Card")),
    Deed.UNDO: ("⤴️", marked("Undo")),
    Deed.WATCH: ("👁️", marked("Watch")),
    Deed.UNWATCH: ("🙈", marked("Stop watching")),
    Deed.MUTE: ("🔕", marked("Mute")),
    Deed.UNMUTE: ("🔔", marked("Unmute")),
    Deed.NOTE: ("📝", marked("Note…")),
    Deed.UNNOTE: ("🗑️", marked("Delete my note")),
    Deed.DATE: ("🩹", marked("Wrong date…")),
    Deed.SCHEDULE: ("📅", marked("Add to server events")),
    Deed.SOURCES: ("📰", marked("All reports")),
    Deed.ACCEPT: ("👍", marked("Yes")),
    Deed.ACCEPT_MOVE: ("👍", marked("Yes, moved…")),
    Deed.REJECT: ("👎", marked("Not so")),
    Deed.RECONSIDER: ("⤴️", marked("Undo")),
    Deed.LATE: ("🕓", marked("Kept late…")),
}
_STYLES = {
    Deed.KEPT: discord.ButtonStyle.success,
    Deed.BROKEN: discord.ButtonStyle.danger,
    Deed.ACCEPT: discord.ButtonStyle.primary,
    Deed.ACCEPT_MOVE: discord.ButtonStyle.primary,
}


class On(StrEnum):
    """Where a button stands: a card is one person's and changes in place, an alert is everybody's and is answered."""

    CARD = "c"
    ALERT = "a"


@dataclass(frozen=True, slots=True)
class Press:
    """What a pressed button asks for."""

    deed: Deed
    followup_id: int
    on: On
    more: int = 0
    """For UNDO the rating it takes back; for UNWATCH in a direct message the server; for the answers to what the news
    suggests the suggestion; for UNNOTE the note; otherwise 0."""

    @property
    def custom_id(self) -> str:
        """Return it in the form a button carries, at most 60 characters."""
        return f"card:{self.deed}:{self.followup_id}:{self.on}:{self.more}"


class Keeper(Protocol):
    """What answers the buttons: the cog called `KEEPER`."""

    async def press(self, interaction: discord.Interaction, press: Press) -> None:
        """Do what the button says and answer; raise `Refusal` where it cannot be."""

    async def show(self, interaction: discord.Interaction, followup_id: int) -> None:
        """Answer a deferred interaction with a card; raise `Refusal` where there is none."""


def keeper_of(interaction: discord.Interaction) -> Keeper:
    """Return the cog that answers the buttons of this bot."""
    return cast("Keeper", cast("commands.Bot", interaction.client).get_cog(KEEPER))


_IDS = rf"card:(?P<deed>{'|'.join(Deed)}):(?P<id>\d{{1,18}}):(?P<on>[ca]):(?P<more>\d{{1,18}}|[1-8]\d{{18}})"


class CardButton(OfItsId, ui.DynamicItem[ui.Button[ui.LayoutView]], template=_IDS):
    """Any button of a card or an alert."""

    def __init__(self, press: Press, say: Words, label: str | None = None) -> None:
        """Make the button; `label`, said already, stands in the place of its usual words."""
        outcome = OUTCOMES.get(press.deed)
        icon, name = (STATUS_ICONS[outcome], STATUS_NAMES[outcome]) if outcome else _OTHERS[press.deed]
        words = label or say(marked("Moved…") if press.deed is Deed.MOVED else name)
        style = _STYLES.get(press.deed, discord.ButtonStyle.secondary)
        super().__init__(ui.Button(label=words, emoji=icon, style=style, custom_id=press.custom_id))
        self._press = press

    @classmethod
    def of_id(cls, match: re.Match[str]) -> Self:
        """Rebuild the button from its id."""
        return cls(Press(Deed(match["deed"]), int(match["id"]), On(match["on"]), int(match["more"])), Words("en"))

    async def callback(self, interaction: discord.Interaction) -> None:
        """Have the keeper of cards do it."""
        async with answered(interaction):
            await keeper_of(interaction).press(interaction, self._press)


class CardSelect(OfItsId, ui.DynamicItem[ui.Select[ui.LayoutView]], template="opencard"):
    """The select under a list: choosing one opens its card."""

    def __init__(self, offered: list[tuple[str, int]], say: Words) -> None:
        """Offer follow-ups by label and number, at most 25."""
        options = [discord.SelectOption(label=label, value=str(number)) for label, number in offered]
        placeholder = say("🗂️ Open a card…")
        super().__init__(ui.Select(custom_id="opencard", placeholder=placeholder, options=options))

    @classmethod
    def of_id(cls, match: re.Match[str]) -> Self:
        """Rebuild the select; what was chosen comes with the interaction."""
        del match
        return cls([], Words("en"))

    async def callback(self, interaction: discord.Interaction) -> None:
        """Open the card of what was chosen."""
        async with answered(interaction):
            number = int(chosen_one(interaction))
            await keeper_of(interaction).press(interaction, Press(Deed.OPEN, number, On.ALERT))


Then = Callable[[discord.Interaction, str], Awaitable[None]]


class OneField(Form):
    """A form with one field to type into."""

    def __init__(
        self, title: str, label: str, hint: str, then: Then, *, longest: int, required: bool = True, example: str = ""
    ) -> None:
        """Ask for `label`, explained by `hint`; `then` is given what was typed, without spaces around it."""
        super().__init__(title)
        style = discord.TextStyle.short if longest <= LONGEST_DAY else discord.TextStyle.paragraph
        self._field: ui.TextInput[OneField] = ui.TextInput(
            style=style, placeholder=example or None, required=required, max_length=longest, custom_id="typed"
        )
        self.ask(label, self._field, hint)
        self._then = then

    async def on_submit(self, interaction: discord.Interaction) -> None:
        """Hand over what was typed."""
        async with answered(interaction):
            await self._then(interaction, self._field.value.strip())
