"""What a process and its descendants take of the machine, watched from outside: memory and processor time."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

_PAUSE = 0.1
_PROC = Path("/proc")


class MemoryWatch:
    """Looks at a process tree ten times a second while the context lasts."""

    def __init__(self, root: int) -> None:
        """Watch the process of that number."""
        self._root = root
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self.proportional = 0.0
        """Most MB at once, pages that several share counted once (PSS)."""
        self.resident = 0.0
        """Most MB at once, pages that several share counted for each (RSS)."""

    def __enter__(self) -> Self:
        """Begin to look."""
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Look no more."""
        self._ended.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._ended.wait(_PAUSE):
            held = [_held(number) for number in _tree(self._root)]
            self.proportional = max(self.proportional, sum(pss for pss, _ in held) / 1000)
            self.resident = max(self.resident, sum(rss for _, rss in held) / 1000)


def processor_seconds(root: int) -> float:
    """Return the processor time that a process and its descendants took so far.

    Of those that have ended it counts what their parents waited for, so that it may be too little, never too much.
    """
    return sum(_ticks(number) for number in _tree(root)) / os.sysconf("SC_CLK_TCK")


def _ticks(number: int) -> int:
    """Return a process's own ticks and those of the children it waited for (`utime` to `cstime` of proc(5))."""
    try:
        stat = (_PROC / str(number) / "stat").read_text("utf-8", "replace")
    except OSError:
        return 0
    return sum(int(field) for field in stat.rpartition(")")[2].split()[11:15])


def _tree(root: int) -> Iterator[int]:
    """Yield a process and all that descend from it; who has just ended is left out."""
    yield root
    try:
        tasks = list((_PROC / str(root) / "task").iterdir())
        children = [number for task in tasks for number in (task / "children").read_text("ascii").split()]
    except OSError:
        return
    for child in children:
        yield from _tree(int(child))


def _held(number: int) -> tuple[float, float]:
    """Return a process's proportional and resident memory in kB; nothing where it has just ended."""
    try:
        lines = (_PROC / str(number) / "smaps_rollup").read_text("ascii").splitlines()[1:]
    except OSError:
        return 0.0, 0.0
    sizes = {name: float(rest.split()[0]) * 1.024 for name, _, rest in (line.partition(":") for line in lines)}
    return sizes.get("Pss", 0.0), sizes.get("Rss", 0.0)
