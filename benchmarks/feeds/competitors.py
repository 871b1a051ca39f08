"""Who takes part, and how one is run: a process of its own, told when to begin each phase."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from benchmarks.feeds.asked import CHANGED, FIRST, UNCHANGED
from benchmarks.feeds.processes import MemoryWatch, processor_seconds
from benchmarks.material import ROOT

PEERS = ROOT / ".venv-peers-feeds"
BACKLOG, LIVE = "backlog", "live"
"""Our own alone: reading what the first pass stored; news that appears while every feed is due."""

_HERE = Path(__file__).parent
_ALL = (FIRST, UNCHANGED, CHANGED)


@dataclass(frozen=True, slots=True)
class Competitor:
    """Somebody who reads feeds."""

    name: str
    what: str
    script: str
    phases: tuple[str, ...] = _ALL
    slow: bool = False
    """Whether it is given a sample of the feeds, so that a run ends."""
    stores: bool = True


COMPETITORS = (
    Competitor("loop", "feedparser.parse(url) in a loop", "peers/loop.py", (FIRST,), slow=True),
    Competitor("reader", "lemon24/reader, 10 workers", "peers/lemon24_reader.py", slow=True),
    Competitor("newsboat", "newsboat, 10 threads", "peers/newsboat.py", slow=True),
    Competitor("naive", "aiohttp + fastfeedparser + batches", "peers/naive.py"),
    Competitor("floor", "fetching alone", "peers/floor.py", stores=False),
    Competitor("ours", "Aide-Mémoire, everything on", "ours.py", (FIRST, BACKLOG, UNCHANGED, CHANGED, LIVE)),
)


def python_of(competitor: Competitor) -> Path | None:
    """Return the Python that runs it; None where what it needs is not installed."""
    if competitor.name == "ours":
        return Path(sys.executable)
    if competitor.name == "newsboat":
        return Path(sys.executable) if shutil.which("newsboat") else None
    python = PEERS / "bin" / "python"
    return python if (PEERS / ".ready").is_file() and python.is_file() else None


class Running:
    """A competitor's process while the context lasts."""

    def __init__(self, competitor: Competitor, python: Path, urls: Sequence[str], folder: Path) -> None:
        """Start it on these feeds, with an empty folder for what it stores."""
        (folder / "addresses").write_text("\n".join(urls), "ascii")
        stored = folder / "stored"
        stored.mkdir()
        self._process = subprocess.Popen(
            [python, _HERE / competitor.script, folder / "addresses", stored],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "ignore", "HOME": str(stored)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.memory = MemoryWatch(self._process.pid)
        self._taken = 0.0

    def __enter__(self) -> Self:
        """Watch its memory."""
        self.memory.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End it."""
        self.memory.__exit__(kind, error, trace)
        if error is not None:
            self._process.kill()
        self._process.communicate()

    def begin(self, phase: str) -> None:
        """Let it begin a phase."""
        self._taken = processor_seconds(self._process.pid)
        if self._process.stdin is not None:
            self._process.stdin.write(f"{phase}\n")
            self._process.stdin.flush()

    def outcome(self) -> Mapping[str, Any]:
        """Wait for what it says of the phase, and add the seconds of processor time that it took.

        Raise `RuntimeError` where it ended without a word.
        """
        line = self._process.stdout.readline() if self._process.stdout is not None else ""
        if not line:
            message = f"it ended with exit code {self._process.wait()}; its last words are above"
            raise RuntimeError(message)
        return {"processor": processor_seconds(self._process.pid) - self._taken, **json.loads(line)}
