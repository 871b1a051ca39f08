"""The commands in the languages the bot speaks, from the same catalogues as everything else it says.

The names of commands and of their options stay English: people type them, and help and documentation call them so.
"""

from __future__ import annotations

from typing import Any

import discord
from discord import app_commands
from discord.app_commands import TranslationContextLocation as Location

from bot.words import words_for

_TYPED = frozenset({Location.command_name, Location.group_name, Location.parameter_name})


class CatalogueTranslator(app_commands.Translator):
    """Translates descriptions, choices, and the entries of menus, which nobody types."""

    async def translate(
        self,
        string: app_commands.locale_str,
        locale: discord.Locale,
        context: app_commands.TranslationContext[Any, Any],
    ) -> str | None:
        """Return what a catalogue has for `locale`; None where Discord should show the English."""
        is_typed = context.location in _TYPED and not isinstance(context.data, app_commands.ContextMenu)
        return None if is_typed else words_for(locale.value).known(string.message)
