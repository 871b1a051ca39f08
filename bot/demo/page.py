"""The page of the demonstration: simcord's preview, shared by the people on it and the clock that is moved for them.

simcord refuses the second of two things at a time, and whatever somebody pressed just before it drew the page anew. On
its own page that is a developer's guard; here it would be a button that does nothing. So both take turns, and a press
on something that looks as it did is taken for a press on what is there now.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

_DEEDS = {"click", "select", "modal_submit", "autocomplete_command", "run_command", "send_message"}
"""What people do, by simcord's names; the rest the page asks for by itself."""
_ON_A_MESSAGE = {"click", "select"}
_LOOK_AGAIN = 0.3
"""Seconds."""


@dataclass(frozen=True, slots=True)
class _Drawing:
    """What one browser tab showed before it was drawn anew."""

    revision: int
    messages: Mapping[str, Any]


class Page:
    """One channel on 127.0.0.1, for as many tabs as somebody opens."""

    def __init__(self, preview: Any) -> None:
        """Share simcord's `preview`, which has been entered."""
        self._preview = preview
        self._act = preview._action  # noqa: SLF001 - simcord has no place to ask for turns
        self._turn = asyncio.Lock()
        self._last_deed = 0.0
        self._before: dict[str, _Drawing] = {}
        preview._action = self._in_turn  # noqa: SLF001 - (the same)

    @property
    def address(self) -> str:
        """Where it is; who knows the address may press."""
        address: str = self._preview.url
        return address

    @asynccontextmanager
    async def undisturbed(self, pause: float) -> AsyncIterator[None]:
        """Keep what people do waiting; begin when nobody has done anything for `pause` seconds."""
        while True:
            await self._turn.acquire()
            if asyncio.get_running_loop().time() - self._last_deed >= pause:
                break
            self._turn.release()
            await asyncio.sleep(_LOOK_AGAIN)
        try:
            yield
        finally:
            self._turn.release()

    async def draw(self) -> None:
        """Draw every tab anew; only while undisturbed."""
        tabs: Mapping[str, Any] = self._preview._pages  # noqa: SLF001 - see _caught_up
        self._before = {
            name: _Drawing(tab.revision, tab.snapshot.get("messages", {})) for name, tab in tabs.items() if tab.snapshot
        }
        await self._preview.refresh()

    async def closed(self) -> None:
        """Return once somebody has ended the session on the page."""
        await self._preview.wait_closed()

    async def _in_turn(self, tab: str | None, body: Any) -> Any:
        """Do what a tab asks for, after whatever is being done."""
        async with self._turn:
            if not isinstance(body, dict) or body.get("kind") not in _DEEDS:
                return await self._act(tab, body)
            try:
                return await self._act(tab, self._caught_up(tab, body))
            finally:
                self._last_deed = asyncio.get_running_loop().time()

    def _caught_up(self, name: str | None, body: dict[str, Any]) -> dict[str, Any]:
        """Return a deed as one on the present drawing, where that shows its message as the one before did."""
        tab = self._preview._pages.get(name)  # noqa: SLF001 - simcord tells nobody what its tabs show
        before = self._before.get(name or "")
        if tab is None or before is None or body.get("published_revision") != before.revision:
            return body
        message = str(body.get("target_id"))
        if body["kind"] in _ON_A_MESSAGE and before.messages.get(message) != tab.snapshot["messages"].get(message):
            return body
        return {**body, "published_revision": tab.revision}
