"""How failures end: one friendly line for the person, with an id that is also in the log for the operator."""

from __future__ import annotations

import contextlib
import logging
import secrets
from collections.abc import AsyncIterator

import discord
from discord import app_commands

from bot.words import Words, words_for

log = logging.getLogger(__name__)


class StartError(Exception):
    """The bot cannot start; `str()` is one line for the operator that says what to mend."""


class Refusal(app_commands.AppCommandError):
    """What was asked cannot be done; `str()` is the line the person reads, in Discord's markdown."""


class CommandTree(app_commands.CommandTree[discord.Client]):
    """The command tree with the house's way of ending failures.

    A subclass, because discord.py sets up its own handler before any cog could replace it.
    """

    async def interaction_check(self, interaction: discord.Interaction, /) -> bool:
        """Let through what the command declares; raise where a client sent what Discord would not have let it."""
        command = interaction.command
        if (
            isinstance(command, app_commands.Command)
            and interaction.type is discord.InteractionType.application_command
        ):
            given = vars(interaction.namespace)
            if not all(_fits(one, given[one.display_name]) for one in command.parameters if one.display_name in given):
                raise app_commands.CommandSignatureMismatch(command)
        return True

    async def on_error(
        self,
        interaction: discord.Interaction,
        error: app_commands.AppCommandError,
        /,
    ) -> None:
        """Answer a failed command with one line that only its author sees."""
        await answer(interaction, error)


async def answer(interaction: discord.Interaction, error: Exception) -> None:
    """Tell the person in one ephemeral line what became of the interaction.

    Refusals and missing permissions are told as they are. Anything else is logged with its stack trace under
    a fresh id, and the person gets the id alone.
    """
    say = words_for(interaction.locale.value)
    line = _known(error, say) or _unknown(interaction, error, say)
    try:
        if interaction.type is discord.InteractionType.autocomplete:
            return
        if interaction.response.is_done():
            await interaction.followup.send(line, ephemeral=True)
        else:
            await interaction.response.send_message(line, ephemeral=True)
    except discord.HTTPException as unsent:
        log.warning("could not tell the person that a command failed", extra={"reason": str(unsent)})


@contextlib.asynccontextmanager
async def answered(interaction: discord.Interaction) -> AsyncIterator[None]:
    """End failures inside a button's callback as a command's are ended; discord.py would only log them."""
    try:
        yield
    except Exception as error:  # noqa: BLE001 - the last resort of an interaction
        await answer(interaction, error)


def _fits(field: app_commands.Parameter, value: object) -> bool:
    """Whether a value is one of the choices of a field, if it has any, and within its bounds."""
    if field.choices:
        return value in [one.value for one in field.choices]
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return True
    size = len(value) if isinstance(value, str) else value
    least, most = field.min_value, field.max_value
    return (least is None or size >= least) and (most is None or size <= most)


def _known(error: Exception, say: Words) -> str | None:
    """Return the line for a failure that needs no id, or None where the failure is ours."""
    match error:
        case Refusal():
            return str(error)
        case app_commands.MissingPermissions(missing_permissions=names):
            wanted = ", ".join(_permission_name(name, say) for name in names)
            return say("You need the **{permission}** permission in this server for that.", permission=wanted)
        case app_commands.NoPrivateMessage():
            return say("That works in a server only.")
        case app_commands.TransformerError(value=value):
            return say("I cannot see “{name}” in this server.", name=discord.utils.escape_markdown(str(value)))
        case app_commands.CommandNotFound() | app_commands.CommandSignatureMismatch():
            return say("That command has just changed. Reload Discord (Ctrl+R) and try again.")
        case _:
            return None


def _unknown(interaction: discord.Interaction, error: Exception, say: Words) -> str:
    """Log a failure of ours under a fresh id and return the line that names it."""
    error_id = secrets.token_hex(4)
    name = interaction.command.qualified_name if interaction.command else interaction.type.name
    cause = error.original if isinstance(error, app_commands.CommandInvokeError) else error
    log.error("a command failed", exc_info=cause, extra={"failure": error_id, "command": name, "reason": str(cause)})
    return say(
        "Something went wrong on my side. Nothing was changed by halves; the operator finds it as `{number}`.",
        number=error_id,
    )


def _permission_name(name: str, say: Words) -> str:
    """Return a permission as Discord's settings call it."""
    return say("Manage Server") if name == "manage_guild" else name.replace("_", " ").title()
