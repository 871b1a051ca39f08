"""Statements of the labelled articles: ours, and two naive peers in the same run.

python benchmarks/statements.py
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from benchmarks.material import SHARED, heading, missing, ours, scored, write_lines
from benchmarks.peers import Found, time_tagger, word_filter

GOLD = SHARED / "gold"
SETS = ("seeds", "train", "dev")
PEERS: Mapping[str, Callable[[str, date], Iterator[Found]]] = {
    "a word filter": word_filter,
    "a time tagger, whole sentence": time_tagger,
}
COLUMNS = {
    "dated P": ("dated", "P"),
    "dated R": ("dated", "R"),
    "dated F1": ("dated", "F1"),
    "undated F1": ("undated", "F1"),
    "due ±1 day": ("due_within_1d",),
    "speaker": ("speaker",),
    "kind": ("kind",),
    "conditional": ("conditional",),
    "end to end F1": ("end_to_end", "F1"),
}
"""Each figure by where the scorer's answer has it."""


def main() -> int:
    """Print the figures; return 0."""
    heading("Statements: the labelled articles")
    if missing(GOLD, "Statements"):
        return 0
    rows: list[tuple[str, Mapping[str, Any]]] = []
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        for name in SETS:
            gold, predicted = GOLD / f"{name}.jsonl", work / f"{name}.ours.jsonl"
            ours("read", gold, predicted)
            rows.append((f"{name}: ours", scored(GOLD / "score.py", gold, predicted)))
            articles = [json.loads(line) for line in gold.read_text("utf-8").splitlines()]
            for peer, read in PEERS.items():
                answers = work / f"{name}.{read.__name__}.jsonl"
                write_lines(
                    answers,
                    (
                        {"id": row["id"], "statements": list(read(row["text"], date.fromisoformat(row["date"])))}
                        for row in articles
                    ),
                )
                rows.append((f"{name}: {peer}", scored(GOLD / "score.py", gold, answers)))
    print(f"\n{'':<38}" + "".join(f"{column:>{len(column) + 3}}" for column in COLUMNS))
    for label, figures in rows:
        cells = (f"{_cell(figures, *place):>{len(column) + 3}}" for column, place in COLUMNS.items())
        print(f"{label:<38}" + "".join(cells))
    print("Ours has learnt from train (benchmarks/train.py), never from dev: dev is the figure to believe.")
    return 0


def _cell(figures: Mapping[str, Any], part: str, measure: str | None = None) -> str:
    """Return a figure; a dash where the set holds nothing to find."""
    if measure is None:
        return f"{figures[part]:.3f}"
    counts = figures[part]
    return f"{counts[measure]:.3f}" if counts["tp"] + counts["fn"] else "–"


if __name__ == "__main__":
    sys.exit(main())
