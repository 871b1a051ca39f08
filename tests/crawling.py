"""Somebody who presses everything: each button, menu and form that the bot shows, one of each kind.

What the bot answers is in the requests that the simulated Discord records.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

_BUTTON, _STRING_SELECT, _ROLE_SELECT, _CHANNEL_SELECT, _LABEL, _DANGER = 2, 3, 6, 8, 18, 4
_NONSENSE = "γουρούνια"
_SENSE = {
    "typed": "in 3 days",
    "note": "σημείωμα",
    "zone": "Europe/Paris",
    "hours": "22-7",
    "speakers": "Άδα",
    "countries": "UA",
    "name": "Λιμάνι",
    "query": "λιμάνι*",
}


def parts_of(components: Sequence[Any]) -> Iterator[Mapping[str, Any]]:
    """Components and all they hold, as Discord gets them."""
    for one in components:
        part = one if isinstance(one, dict) else one.to_dict()
        yield part
        yield from parts_of(part.get("components", []))
        if "component" in part:
            yield from parts_of([part["component"]])


def kind_of(custom_id: str) -> str:
    """What a button is for, whatever it is about."""
    whole = ":".join(custom_id.split(":")[:2])
    snoozed = re.match(r"snooze:\d+:(\w+)", custom_id)
    if snoozed or whole.startswith("setup:"):
        return f"snooze:{snoozed[1]}" if snoozed else whole
    return re.sub(r"\d+", "", whole)


def _late(part: Mapping[str, Any]) -> tuple[bool, bool, bool]:
    """Menus come first, and last what leads elsewhere or ends something: it would hide the rest."""
    leads_on = "◀" in str(part.get("label")) or part["custom_id"].startswith("o:wh")
    return part["type"] == _BUTTON, leads_on, part.get("style") == _DANGER


class Crawler:
    """Presses what it has not pressed before."""

    def __init__(self, actor: Any, *, channel: Any, role: Any) -> None:
        self.pressed: set[str] = set()
        self._actor = actor
        self._entities = {_CHANNEL_SELECT: channel, _ROLE_SELECT: role}

    async def explore(self, message: Any) -> None:
        """Press everything in a message and in what comes of it, until nothing new appears."""
        while (part := self._next_in(message)) is not None:
            self.pressed.add(kind_of(part["custom_id"]))
            answer = await self._use(message, part)
            if answer.modal is not None:
                await self._fill(answer, _NONSENSE)
                if (again := self._same(message, part)) is not None:
                    await self._fill(await self._use(message, again), "")
            for shown in [answer.response, *answer.followups]:
                if shown is not None and shown.id != message.id:
                    await self.explore(shown)

    async def explore_modal(self, shown: Any) -> None:
        """Fill a form that a command has opened, with sense, and look at what comes of it."""
        answer = await self._fill(shown, "")
        if answer.response is not None:
            await self.explore(answer.response)

    def _next_in(self, message: Any) -> Mapping[str, Any] | None:
        usable = [one for one in parts_of(message.components) if "custom_id" in one and not one.get("disabled")]
        return next((one for one in sorted(usable, key=_late) if kind_of(one["custom_id"]) not in self.pressed), None)

    def _same(self, message: Any, part: Mapping[str, Any]) -> Mapping[str, Any] | None:
        wanted = kind_of(part["custom_id"])
        found = (one for one in parts_of(message.components) if "custom_id" in one)
        return next((one for one in found if kind_of(one["custom_id"]) == wanted), None)

    async def _use(self, message: Any, part: Mapping[str, Any]) -> Any:
        if part["type"] == _BUTTON:
            return await self._actor.click(message, custom_id=part["custom_id"])
        if part["type"] == _STRING_SELECT:
            values: list[Any] = [part["options"][-1]["value"]]
        else:
            values = [self._entities[part["type"]]]
        return await self._actor.select(message, values, custom_id=part["custom_id"])

    async def _fill(self, shown: Any, words: str) -> Any:
        fields = [one["component"] for one in shown.modal["components"] if one["type"] == _LABEL]
        typed = {one["custom_id"]: words or _SENSE[one["custom_id"]] for one in fields if one["type"] != _STRING_SELECT}
        return await self._actor.submit_modal(shown, typed)
