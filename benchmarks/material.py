"""What the benchmarks share: the texts, and the way to the command line and the scorers."""

from __future__ import annotations

import json
import lzma
import shlex
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared"
TRAIN = SHARED / "gold" / "train.jsonl"
STREAM = SHARED / "stream" / "rss_2026-01-01_to_05.jsonl.xz"
PEERS = ROOT / ".venv-peers"
PEERS_MISSING = (
    "Recognizers-Text: skipped, it is not installed (`make bench` tries; it needs a package index to be reachable)."
)


@dataclass(frozen=True, slots=True)
class Document:
    """A text and the day it was written."""

    key: str
    text: str
    day: date
    title: str = ""
    outlet: str = ""


def news() -> Sequence[Document]:
    """Return the labelled articles, or our own pages where the labelled sets do not lie beside the checkout."""
    if TRAIN.is_file():
        return [
            Document(row["id"], row["text"], date.fromisoformat(row["date"]))
            for row in map(json.loads, TRAIN.read_text("utf-8").splitlines())
        ]
    pages = sorted((ROOT / "docs").glob("*.md"))
    return [Document(page.name, page.read_text("utf-8"), date(2026, 3, 2)) for page in pages]


def stream() -> Sequence[Document]:
    """Return the items of the real stream, each with its title as its first paragraph."""
    with lzma.open(STREAM, "rt", encoding="utf-8") as lines:
        return [
            Document(
                row["id"],
                f"{row['title']}.\n\n{row['text']}",
                date.fromisoformat(row["date"]),
                row["title"],
                row["outlet"],
            )
            for row in map(json.loads, lines)
        ]


def recognizers_python() -> Path | None:
    """Return the Python in which Recognizers-Text is installed; None where it is not."""
    python = PEERS / "bin" / "python"
    return python if (PEERS / ".ready").is_file() and python.is_file() else None


def missing(path: Path, what: str) -> bool:
    """Tell whether a labelled set is absent, and say so."""
    if path.exists():
        return False
    print(f"{what}: skipped, {path.relative_to(ROOT.parent)} does not lie beside this checkout.")
    return True


def ours(command: str, source: Path, target: Path) -> None:
    """Send a file through `aide-memoire read` or `times`, and print the command."""
    print(f"$ aide-memoire {command} --jsonl < {source.name} > {target.name}")
    with source.open("rb") as given, target.open("wb") as wanted:
        subprocess.run(
            [sys.executable, "-m", "bot", command, "--jsonl"], stdin=given, stdout=wanted, check=True, cwd=ROOT
        )


def scored(scorer: Path, *arguments: str | Path) -> Mapping[str, Any]:
    """Run the scorer that comes with a labelled set, and print the command."""
    shown = [argument.name if isinstance(argument, Path) else argument for argument in arguments]
    print(f"$ python {scorer.relative_to(ROOT.parent)} {shlex.join(shown)}")
    run = subprocess.run([sys.executable, scorer, *arguments, "--json"], check=True, capture_output=True, text=True)
    result: Mapping[str, Any] = json.loads(run.stdout)
    return result


def write_lines(path: Path, rows: Iterable[Mapping[str, object]]) -> None:
    """Write one JSON object a line."""
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")


def heading(title: str) -> None:
    """Print the title of a part of the report."""
    print(f"\n{title}\n{'-' * len(title)}", flush=True)
