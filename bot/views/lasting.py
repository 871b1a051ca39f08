"""Buttons and selects that outlive a restart: discord.py makes each anew from its id when somebody uses it."""

from __future__ import annotations

import re
from typing import Any, Self, cast

import discord
from discord import ui

from bot.errors import Refusal
from bot.words import words_for

_HIGHEST_ID = 2**63 - 1


class OfItsId:
    """A base beside `ui.DynamicItem`, and before it, of what its id alone says all about."""

    @classmethod
    def of_id(cls, match: re.Match[str]) -> Self:
        """Make it anew from what its template found in its id."""
        raise NotImplementedError

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction, item: ui.Item[ui.LayoutView], match: re.Match[str], /
    ) -> Self:
        """Make it anew, as discord.py asks."""
        del interaction, item
        return cls.of_id(match)


def chosen(interaction: discord.Interaction) -> tuple[str, ...]:
    """Return what somebody chose from a menu; raise `Refusal` where its message does not offer that.

    Discord asks the same of its clients; what a forged one sends must not come further than this. Of channels and
    roles, only that they are numbers.
    """
    data = cast("dict[str, Any]", interaction.data or {})
    values = tuple(map(str, data.get("values", ())))
    menu = _menu_in(interaction.message, data.get("custom_id"))
    if isinstance(menu, ui.Select):
        offered = {option.value for option in menu.options}
        sound = menu.min_values <= len(values) <= menu.max_values and offered.issuperset(values)
    elif isinstance(menu, ui.Button):
        sound = not values
    else:
        sound = all(one.isascii() and one.isdecimal() and int(one[:20]) <= _HIGHEST_ID for one in values)
    if not sound:
        raise _not_offered(interaction)
    return values


def chosen_one(interaction: discord.Interaction) -> str:
    """Return the one thing that somebody chose from a menu, as `chosen` does."""
    values = chosen(interaction)
    if len(values) != 1:
        raise _not_offered(interaction)
    return values[0]


def _not_offered(interaction: discord.Interaction) -> Refusal:
    say = words_for(interaction.locale.value)
    return Refusal(say("That choice is no longer offered. Open the list once more."))


def _menu_in(message: discord.Message | None, custom_id: object) -> ui.Item[Any] | None:
    view = None if message is None else ui.LayoutView.from_message(message)
    items = () if view is None else view.walk_children()
    return next((one for one in items if getattr(one, "custom_id", None) == custom_id), None)
