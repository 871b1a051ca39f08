"""`/help`: what the bot does, by subject. Every command it offers stands under one of them, in its own words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, Self, cast

import discord
from discord import app_commands, ui
from discord.ext import commands

from bot.errors import answered
from bot.invite import person_link, server_link
from bot.render import CHOICE_LIMIT, shortened
from bot.views import look
from bot.views.editing import edit_answer
from bot.views.lasting import chosen_one
from bot.words import Words, marked


@dataclass(frozen=True, slots=True)
class Subject:
    """One page of the help."""

    id: str
    icon: str
    name: str
    about: str
    commands: tuple[str, ...]
    """Names of commands, groups and entries of context menus."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A command as the help shows it."""

    call: str
    about: str
    for_managers: bool


SUBJECTS = (
    Subject(
        "server",
        "🔔",
        marked("What channels hear of"),
        marked("A channel follows topics. I post what is said on them once, and remind it when that falls due."),
        ("setup", "subscribe", "subscriptions", "unsubscribe", "topics", "audit"),
    ),
    Subject(
        "followups",
        "🗓️",
        marked("Look things up"),
        marked("What was said will happen: still to come, overdue, kept or broken."),
        ("followups", "record"),
    ),
    Subject(
        "pictures",
        "📈",
        marked("See and take along"),
        marked("The coming weeks as a picture, a calendar or a table."),
        ("timeline", "calendar", "export"),
    ),
    Subject(
        "yourself",
        "📌",
        marked("For yourself"),
        marked("Reminders by direct message, and a look at any text. Nobody else sees it."),
        ("remind", "reminders", "timezone", "scan", "Find deadlines", "privacy", "forget-me"),
    ),
    Subject("about", "📡", marked("About me"), marked("What I read, and how I am."), ("feeds", "status", "help")),
)
"""The last one also has whatever no other has."""
MANAGERS_ONLY = {"manage_guild": True}
"""The extras of a group's command that asks who manages the server: Discord cannot ask that of one command of many."""
_INTRODUCTION = marked("I read the news for what is said to happen by a time, and hold people to it.")


class Helper(Protocol):
    """What can show a page of the help: the cog."""

    async def turn_to(self, interaction: discord.Interaction, subject: str) -> None:
        """Show a subject in place of the present one."""


class SubjectMenu(ui.DynamicItem[ui.Select[ui.LayoutView]], template=r"help:subject"):
    """The menu of subjects; it outlives restarts of the bot."""

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction, item: ui.Item[ui.LayoutView], match: re.Match[str], /
    ) -> Self:
        """Rebuild it from the message it stands in."""
        del interaction, match
        return cls(cast("ui.Select[ui.LayoutView]", item))

    async def callback(self, interaction: discord.Interaction) -> None:
        """Turn to the chosen subject."""
        async with answered(interaction):
            await interaction.response.defer()
            helper = cast("Helper", cast("commands.Bot", interaction.client).get_cog("Status"))
            await helper.turn_to(interaction, chosen_one(interaction))


class HelpView(ui.LayoutView):
    """One subject, and the way to the others."""

    def __init__(self, subject: Subject, entries: Sequence[Entry], application_id: int, say: Words) -> None:
        """Lay out a subject with its commands."""
        super().__init__(timeout=None)
        box: ui.Container[HelpView] = ui.Container(accent_colour=look.BLUE)
        box.add_item(ui.TextDisplay(f"### 👋 Aide-Mémoire\n{say(_INTRODUCTION)}"))
        box.add_item(ui.ActionRow(ui.Select(custom_id="help:subject", options=_options(subject, say))))
        box.add_item(ui.TextDisplay(say(subject.about)))
        for heading, for_managers in (("", False), (say("With *Manage Server*"), True)):
            lines = [f"`{say(one.call)}` {say(one.about)}" for one in entries if one.for_managers is for_managers]
            if lines:
                box.add_item(ui.Separator())
                box.add_item(ui.TextDisplay("\n".join([f"**{heading}**"] * bool(heading) + lines)))
        box.add_item(ui.Separator())
        box.add_item(
            ui.ActionRow(
                ui.Button(label=say("Add me to a server"), url=server_link(application_id)),
                ui.Button(label=say("Take me along"), url=person_link(application_id)),
            )
        )
        self.add_item(box)


def entries_of(tree: app_commands.CommandTree[Any], subject: Subject) -> list[Entry]:
    """Return the commands of a subject as the bot offers them now."""
    placed = {name for one in SUBJECTS for name in one.commands}
    rest = [command.name for command in tree.get_commands() if command.name not in placed]
    names = (*subject.commands, *(rest if subject is SUBJECTS[-1] else ()))
    of_name = {command.name: command for command in tree.get_commands()}
    return [entry for name in names if name in of_name for entry in _entries(of_name[name])]


def subject_called(subject_id: str) -> Subject:
    """Return the subject of that id; the first where there is none any more."""
    return next((one for one in SUBJECTS if one.id == subject_id), SUBJECTS[0])


async def show(interaction: discord.Interaction, view: HelpView) -> None:
    """Put a page in the place of the present one; the interaction must have been deferred."""
    await edit_answer(interaction, view)


def _entries(
    command: app_commands.Command[Any, ..., Any] | app_commands.Group | app_commands.ContextMenu,
) -> Iterable[Entry]:
    needed = command.default_permissions
    for_managers = needed is not None and needed.manage_guild
    if isinstance(command, app_commands.ContextMenu):
        yield Entry(command.name, marked("On any message: open its menu, then *Apps*"), for_managers)
    elif isinstance(command, app_commands.Group):
        for inner in command.walk_commands():
            if isinstance(inner, app_commands.Command):
                is_theirs = for_managers or inner.extras == MANAGERS_ONLY
                yield Entry(f"/{inner.qualified_name}", inner.description, is_theirs)
    else:
        yield Entry(f"/{command.qualified_name}", command.description, for_managers)


def _options(shown: Subject, say: Words) -> list[discord.SelectOption]:
    return [
        discord.SelectOption(
            label=say(one.name),
            value=one.id,
            emoji=one.icon,
            default=one is shown,
            description=shortened(say(one.about), CHOICE_LIMIT),
        )
        for one in SUBJECTS
    ]
