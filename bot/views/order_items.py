"""What can be pressed, chosen and typed below a subscription; the message is all they know."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Protocol, Self, cast

import discord
from discord import ui
from discord.ext import commands

from bot.errors import answered
from bot.views.form import Form
from bot.views.lasting import chosen, chosen_one
from bot.views.order_draft import LONGEST_SPEAKERS, OrderDraft, together
from bot.views.order_words import quiet_words
from bot.words import Words


class OrderDesk(Protocol):
    """Who keeps the subscriptions: the cog."""

    async def pressed(self, interaction: discord.Interaction, action: str, values: Sequence[str]) -> None:
        """Answer to something pressed or chosen below a draft."""

    async def opened(self, interaction: discord.Interaction, order_id: int) -> None:
        """Show one of the server's subscriptions, to be changed."""

    async def named(self, interaction: discord.Interaction, speakers: str, countries: str) -> None:
        """Take what was typed for speakers and countries into the draft."""

    async def quieted(self, interaction: discord.Interaction, hours: str) -> None:
        """Take what was typed for quiet hours into the draft."""


def order_desk(interaction: discord.Interaction) -> OrderDesk:
    """Return who keeps the subscriptions; the client offers it with the commands."""
    return cast("OrderDesk", cast("commands.Bot", interaction.client).get_cog("Subscriptions"))


def draft_in(message: discord.Message | None) -> str:
    """Return the packed draft that a message of an order holds; empty where it holds none."""
    if message is None:
        return ""
    view = ui.LayoutView.from_message(message)
    ids = (getattr(item, "custom_id", None) for item in view.walk_children())
    return together(each for each in ids if isinstance(each, str) and _OURS.match(each))


_OURS = re.compile(r"o:[a-z]+:\d+:")


class OrderItem(ui.DynamicItem[ui.Item[Any]], template=r"o:([a-z]+):\d+:(?s:.*)"):
    """A button or a choice below a draft; its id says what it is for and carries a piece of the draft."""

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction, item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Take it as the message has it."""
        del interaction, match
        return cls(item)

    async def callback(self, interaction: discord.Interaction) -> None:
        """Hand on what was pressed or chosen."""
        async with answered(interaction):
            await order_desk(interaction).pressed(interaction, self.custom_id.split(":")[1], chosen(interaction))


class OpenOrder(ui.DynamicItem[ui.Select[ui.LayoutView]], template=r"orders:open"):
    """The choice of a subscription below the list of them; its values are their numbers."""

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction, item: ui.Item[ui.LayoutView], match: re.Match[str], /
    ) -> Self:
        """Take it as the message has it."""
        del interaction, match
        return cls(cast("ui.Select[ui.LayoutView]", item))

    async def callback(self, interaction: discord.Interaction) -> None:
        """Show the subscription that was chosen."""
        async with answered(interaction):
            await order_desk(interaction).opened(interaction, int(chosen_one(interaction)))


class NamesForm(Form):
    """Speakers and countries, typed."""

    def __init__(self, draft: OrderDraft, say: Words) -> None:
        """Show what the draft holds already."""
        super().__init__(say("Speakers and countries"))
        wants = draft.wish.wants
        self._speakers: ui.TextInput[Self] = ui.TextInput(
            custom_id="speakers",
            default=", ".join(wants.speakers) or None,
            required=False,
            max_length=LONGEST_SPEAKERS + 20,
        )
        countries = ", ".join(sorted(say.country(code) for code in wants.countries))
        self._countries: ui.TextInput[Self] = ui.TextInput(
            custom_id="countries", default=countries[:400] or None, required=False, max_length=400
        )
        self.ask(say("Speakers"), self._speakers, say("Names, with commas; empty for anybody"))
        hint = say("Names or two-letter codes, with commas; empty for any")
        self.ask(say("Countries"), self._countries, hint)

    async def on_submit(self, interaction: discord.Interaction) -> None:
        """Hand on what was typed."""
        async with answered(interaction):
            await order_desk(interaction).named(interaction, self._speakers.value, self._countries.value)


class QuietForm(Form):
    """Quiet hours, typed."""

    def __init__(self, draft: OrderDraft, say: Words) -> None:
        """Show what the draft holds already."""
        super().__init__(say("Quiet hours"))
        quiet = draft.wish.quiet
        self._hours: ui.TextInput[Self] = ui.TextInput(
            custom_id="hours",
            default=quiet_words(quiet) if quiet else None,
            required=False,
            max_length=30,
            placeholder="22-7",
        )
        hint = say("Full hours, as in 22-7. What comes meanwhile waits. Empty for none.")
        self.ask(say("From which hour to which"), self._hours, hint)

    async def on_submit(self, interaction: discord.Interaction) -> None:
        """Hand on what was typed."""
        async with answered(interaction):
            await order_desk(interaction).quieted(interaction, self._hours.value)
