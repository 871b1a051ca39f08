"""The processes that are killed: real ones, started anew as often as need be."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[2]
_TOPICS = """
[[topic]]
id = "quarrels"
name = "Quarrels"
about = "Invented ones."
words = ["President", "Foreign Minister", "foreign minister"]
"""
_OUTLET = """
[[outlet]]
name = "{name}"
feed_url = "{url}"
language = "en"
time_zone = "UTC"
full_text = false
"""


def environment(
    folder: Path, *, database_url: str, api_url: str, token: str, feeds: list[tuple[str, str]], apart: bool
) -> dict[str, str]:
    """Write the files that the processes read into `folder`; return the environment to start them in."""
    (folder / "topics.toml").write_text(_TOPICS, encoding="utf-8")
    outlets = "".join(_OUTLET.format(name=name, url=url) for name, url in feeds)
    (folder / "outlets.toml").write_text(outlets, encoding="utf-8")
    return {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(_ROOT),
        "DISCORD_TOKEN": token,
        "DISCORD_API_URL": api_url,
        "DATABASE_URL": database_url,
        "TOPICS_FILE": str(folder / "topics.toml"),
        "OUTLETS_FILE": str(folder / "outlets.toml"),
        "ALLOWED_HOSTS": "127.0.0.1",
        "POLL_MINUTES": "1",
        "WATCHERS": "apart" if apart else "inside",
    }


@dataclass(slots=True)
class Victim:
    """One process of the bot or of a watcher, which is killed and started again."""

    name: str
    command: str
    """`run` for the bot, `watch` for a watcher."""
    folder: Path
    environment: Mapping[str, str]
    kills: int = 0
    gave_up: list[int] = field(default_factory=list)
    """Exit codes of runs that ended by themselves, which none should."""
    _process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        """Start it, and note where it had ended by itself."""
        if self._process is not None and self._process.returncode is None:
            return
        with (self.folder / f"{self.name}.txt").open("ab") as output:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "bot", self.command,
                cwd=self.folder, env=dict(self.environment), stdout=output, stderr=output,
            )  # fmt: skip

    async def kill(self) -> None:
        """End it as a power cut would."""
        if self._process is None:
            return
        if self._process.returncode is not None:
            self.gave_up.append(self._process.returncode)
            return
        self._process.kill()
        await self._process.wait()
        self.kills += 1

    async def stop(self) -> int:
        """Ask it to end; return its exit code."""
        assert self._process is not None, "start it first"
        if self._process.returncode is None:
            self._process.terminate()
        return await asyncio.wait_for(self._process.wait(), 30)

    @property
    def output(self) -> str:
        """All that its runs have printed."""
        return (self.folder / f"{self.name}.txt").read_text(encoding="utf-8", errors="replace")
