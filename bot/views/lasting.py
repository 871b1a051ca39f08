"""Buttons and selects that outlive a restart: discord.py makes each anew from its id when somebody uses it."""

from __future__ import annotations

import re
from typing import Self

import discord
from discord import ui


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
