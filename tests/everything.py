"""All that people can use of the bot, as the bot itself knows it, and what becomes of each use.

`everything` enumerates; `Watch` listens to what is used, what is sent and when the store is asked; scenarios
(tests/driven_*.py) enter themselves in `DRIVEN` under the names of what they use.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import discord
import pytest
from discord import app_commands, ui

from bot.views.form import Form
from bot.views.rating import CardButton, Deed
from bot.views.reminders import Answer, AnswerButton, Step, StepButton
from bot.views.scan import FoundButton
from bot.views.setup import SetUpItem
from tests.discord_world import World, text_of

Scenario = Callable[[World], Awaitable[None]]

DRIVEN: dict[str, list[Scenario]] = {}
"""The scenarios that use a thing, by its name."""

_COMMAND, _COMPONENT, _TYPING, _FORM = 2, 3, 4, 5
_SUBCOMMANDS = {1, 2}
_CHOICES, _SHOWN_FORM = 8, 9
_BY_FORM = {
    *("/topics create", "/topics edit", "TopicButton change", "SetUpItem zone"),
    *(
        f"CardButton {deed} on {where}"
        for deed in ("moved", "acceptmove", "late", "note", "date")
        for where in ("card", "alert")
    ),
    *("RemindButton", "FoundButton asking", "FoundButton dated", "AnswerButton other", "StepButton change"),
    *("OrderItem names", "OrderItem quiet", "SameButton"),
}
"""What may be answered by a form, which cannot be put off: the store is asked first what stands in it."""
_WORDED = ("OrderItem", "SetUpItem", "TopicButton", "FeedButton", "NewFeedButton", "ImportButton", "ForgetButton")
"""Components whose ids begin with what they do."""
_OUR_FAULT = "Something went wrong on my side"


def drives(*names: str) -> Callable[[Scenario], Scenario]:
    """Enter a scenario under the names of all that it uses; it is tested that it does."""

    def enter(scenario: Scenario) -> Scenario:
        for name in names:
            DRIVEN.setdefault(name, []).append(scenario)
        return scenario

    return enter


def scenarios() -> list[Scenario]:
    """Every scenario once."""
    return list(dict.fromkeys(one for driven in DRIVEN.values() for one in driven))


def names_of(scenario: Scenario) -> set[str]:
    return {name for name, driven in DRIVEN.items() if scenario in driven}


# --- what there is --------------------------------------------------------------------------------------------


def everything(bot: Any) -> set[str]:
    """The names of all commands, fields that offer choices while one types, components and forms."""
    return {*commands_of(bot), *typed_of(bot), *components_of(bot), *forms()}


def commands_of(bot: Any) -> set[str]:
    menus = [
        one for kind in (discord.AppCommandType.message, discord.AppCommandType.user) for one in _roots_of(bot, kind)
    ]
    return {*(f"/{one.qualified_name}" for one in _leaves(bot)), *(f"menu {one.name}" for one in menus)}


def typed_of(bot: Any) -> set[str]:
    return {
        typing(f"/{one.qualified_name}", field.display_name)
        for one in _leaves(bot)
        for field in one.parameters
        if field.autocomplete
    }


def typing(command: str, field: str) -> str:
    """The name of a field of a command that offers choices while one types."""
    return f"{command} ⌨ {field}"


def components_of(bot: Any) -> set[str]:
    """Every registered component, and each thing that one with a list of deeds can be."""
    names = {_name(CardButton, deed) for deed in Deed}
    names |= {_name(AnswerButton, one) for one in Answer} | {_name(StepButton, one) for one in Step}
    names |= {f"PageButton {listing}" for cog in bot.cogs.values() for listing in cog.listings}
    several = {name.split(" ")[0] for name in names} | {FoundButton.__name__, *_WORDED}
    return names | {one.__name__ for one in registered(bot)} - several


def forms() -> set[str]:
    return {f"form {one.__name__}" for one in _below(ui.Modal) if one is not Form}


def registered(bot: Any) -> set[type[Any]]:
    """The classes of components that outlive restarts."""
    return set(bot._connection._view_store._dynamic_items.values())


def written() -> set[type[Any]]:
    """The classes of components that are meant to outlive restarts."""
    return {one for one in _below(ui.DynamicItem) if one.__module__.startswith("bot.")}


def _below(parent: type[Any]) -> Iterator[type[Any]]:
    for child in parent.__subclasses__():
        if child.__module__.startswith("bot."):
            yield child
        yield from _below(child)


def _leaves(bot: Any) -> list[app_commands.Command[Any, ..., Any]]:
    return [one for one in bot.tree.walk_commands() if isinstance(one, app_commands.Command)]


def _roots_of(bot: Any, kind: discord.AppCommandType) -> list[Any]:
    return list(bot.tree.get_commands(type=kind))


def is_known(name: str) -> bool:
    """Whether a scenario uses what is so called; a button of cards wherever it stands."""
    return any(driven == name or driven.startswith(f"{name} on ") for driven in DRIVEN)


# --- how it is called -----------------------------------------------------------------------------------------


def named(bot: Any, custom_id: str) -> str | None:
    """The name of a component by its id; None where it would be dead after a restart."""
    for kind in registered(bot):
        found = kind.__discord_ui_compiled_template__.fullmatch(custom_id)
        if found is not None:
            return _name(kind, _word(kind, found))
    return None


def _name(kind: type[Any], word: str) -> str:
    return f"{kind.__name__} {word}".rstrip()


def _word(kind: type[Any], found: re.Match[str]) -> str:
    """What tells apart the components of one class."""
    groups = found.groups()
    if kind is CardButton:
        return f"{found['deed']} on {'card' if found['on'] == 'c' else 'alert'}"
    if kind is FoundButton:
        return "asking" if found[2] == "-" else "dated"
    if kind is AnswerButton:
        return str(found[2])
    if kind is SetUpItem:
        return found["what"].rstrip("0123456789")
    return next((one for one in groups if one and re.fullmatch("[a-z]+", one)), "")


def _used(bot: Any, payload: Mapping[str, Any]) -> str:
    """The name of what somebody used."""
    data = payload["data"]
    if payload["type"] == _COMPONENT:
        return named(bot, data["custom_id"]) or f"nothing known: {data['custom_id']}"
    if payload["type"] == _FORM:
        form = bot._connection._view_store._modals.get(data["custom_id"])
        return f"form {type(form).__name__}"
    if data.get("type", 1) != 1:
        return f"menu {data['name']}"
    words, options = [data["name"]], data.get("options", [])
    while options and options[0]["type"] in _SUBCOMMANDS:
        words.append(options[0]["name"])
        options = options[0].get("options", [])
    command = f"/{' '.join(words)}"
    if payload["type"] == _COMMAND:
        return command
    return typing(command, next(one["name"] for one in options if one.get("focused")))


# --- what becomes of it ---------------------------------------------------------------------------------------


@dataclass
class Use:
    """Something that somebody used."""

    name: str
    token: str
    sent_before: int
    """How many requests the bot had sent before."""
    asked_store_first: bool = False
    """Whether the store was asked before Discord was answered."""


class Watch:
    """Listens to a world from now on."""

    def __init__(self, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        self.world = world
        self.uses: list[Use] = []
        self._listen_to_people()
        for door in ("look", "transact"):
            self._listen_to_store(monkeypatch, door)

    def _listen_to_people(self) -> None:
        backend = self.world.env.backend
        emit = backend.emit

        def emit_and_note(event: str, payload: dict[str, Any], *more: Any, **named: Any) -> Any:
            if event == "INTERACTION_CREATE":
                use = Use(_used(self.world.env.bot, payload), payload["token"], len(backend.http_requests))
                self.uses.append(use)
            return emit(event, payload, *more, **named)

        backend.emit = emit_and_note

    def _listen_to_store(self, monkeypatch: pytest.MonkeyPatch, door: str) -> None:
        database = type(self.world.database)
        usual = getattr(database, door)

        async def ask(store: Any, work: Any, **options: Any) -> Any:
            if self.uses and not self.answers(self.uses[-1]):
                self.uses[-1].asked_store_first = True
            return await usual(store, work, **options)

        monkeypatch.setattr(database, door, ask)

    def names(self) -> set[str]:
        return {use.name for use in self.uses}

    def answers(self, use: Use) -> list[int]:
        """The kinds of answer that Discord was given to a use; one in all that is well."""
        calls = self.world.env.http_requests[use.sent_before :]
        return [one.json["type"] for one in calls if one.path.endswith(f"/{use.token}/callback")]

    def failures(self) -> list[str]:
        """What was not answered, failed by our own fault, or was answered only after the store had been asked.

        Choices cannot be put off.
        """
        found = []
        for use in self.uses:
            kinds = self.answers(use)
            if len(kinds) != 1:
                found.append(f"{use.name} was answered {len(kinds)} times")
            elif use.asked_store_first and kinds[0] != _CHOICES and use.name not in _BY_FORM:
                found.append(f"{use.name} asked the store before it answered")
        said = [text for text in map(_json_text, self.world.env.http_requests) if _OUR_FAULT in text]
        return [*found, *said]

    def unknown_components(self) -> set[str]:
        """The names (or ids) of components that were sent and that no scenario uses."""
        ids = {one for call in self.world.env.http_requests for one in _ids(call.json)}
        names = {named(self.world.env.bot, one) or one for one in ids}
        return {name for name in names if not is_known(name)}


def _json_text(call: Any) -> str:
    return str(call.json)


def _ids(value: Any) -> Iterator[str]:
    """The ids of all buttons and selects that stand in a message; the fields of forms live with their form."""
    if isinstance(value, list):
        for part in value:
            yield from _ids(part)
    if isinstance(value, Mapping) and value.get("type") != _SHOWN_FORM:
        if "custom_id" in value and not value.get("disabled"):
            yield value["custom_id"]
        for part in value.values():
            yield from _ids(part)


def said_after(result: Any) -> str:
    """What somebody reads after an interaction: a form's title, the answer with its pictures, lines beside it."""
    parts = [(result.modal or {}).get("title", "")]
    for message in (result.response, *result.followups):
        parts += [text_of(message), *(one.description or "" for one in (message.attachments if message else ()))]
    return "\n".join(part for part in parts if part)
