"""The processes that are killed: real ones, started anew as often as need be."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from tests.child_bot import ChildProcess


class Victim:
    """One process of the bot or of a watcher, which is killed and started again."""

    def __init__(self, name: str, command: str, folder: Path, environment: Mapping[str, str]) -> None:
        """Prepare it; `command` is `run` for the bot and `watch` for a watcher. What it says goes into a folder."""
        self.name = name
        self.command = command
        self.kills = 0
        self.gave_up: list[int] = []
        """Exit codes of runs that ended by themselves, which none should."""
        own = folder / name
        own.mkdir()
        self._process = ChildProcess(own, dict(environment), command)

    async def start(self) -> None:
        """Start it, unless it runs."""
        if not self._process.runs:
            await self._process.start()

    async def kill(self) -> None:
        """End it as a power cut would, or note that it had ended by itself."""
        if not self._process.runs:
            self.gave_up.append(await self._process.ended())
            return
        await self._process.kill()
        self.kills += 1

    async def stop(self) -> int:
        """Ask it to end; return its exit code."""
        if self._process.runs:
            self._process.ask_to_stop()
        return await self._process.ended()
