"""How the driver and a competitor's process speak: a phase's name on a line in, one JSON object on a line out.

Standard library alone: competitors run in an environment that holds nothing of ours.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

FIRST, UNCHANGED, CHANGED = "first", "unchanged", "changed"
"""Every feed for the first time; again, with nothing new; again, with something new in every tenth."""


@dataclass(frozen=True, slots=True)
class Task:
    """What a competitor is given."""

    urls: tuple[str, ...]
    folder: Path
    """Empty, for what it stores."""


def task() -> Task:
    """Read the command line: a file with an address a line, and a folder."""
    parser = argparse.ArgumentParser()
    parser.add_argument("urls", type=Path)
    parser.add_argument("folder", type=Path)
    given = parser.parse_args()
    return Task(tuple(given.urls.read_text("ascii").split()), given.folder)


def serve(feeds: int, phases: Mapping[str, Callable[[], int]]) -> None:
    """Run the phases that standard input names, and say how long each took; it returns entries stored so far."""
    for line in sys.stdin:
        began = perf_counter()
        stored = phases[line.strip()]()
        seconds = perf_counter() - began
        print(json.dumps({"phase": line.strip(), "feeds": feeds, "seconds": seconds, "stored": stored}), flush=True)
