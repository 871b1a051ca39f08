"""Time expressions of TimeBank and AQUAINT: ours, and the peers in the same run.

python benchmarks/times.py
"""

from __future__ import annotations

import json
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from benchmarks.material import (
    PEERS_MISSING,
    ROOT,
    SHARED,
    heading,
    missing,
    ours,
    recognizers_python,
    scored,
    write_lines,
)
from benchmarks.time_peers import from_dateparser, from_recognizers, nearest, past

ARCHIVE = SHARED / "temporal" / "tbaq.tar.xz"
SCORER = SHARED / "temporal" / "score.py"
PUBLISHED = (
    ("UWTime", "82.7", "–"),
    ("HeidelTime 2.2.1 + TreeTagger", "78.1", "71.4"),
    ("SUTime", "68.6", "67.2"),
)
"""Value F1 on TempEval-3 platinum, and on what lies ahead in TimeBank and AQUAINT."""


def main() -> int:
    """Print the figures; return 0."""
    heading("Time expressions: TimeBank and AQUAINT, TempEval-3 measures")
    if missing(ARCHIVE, "Time expressions"):
        return 0
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        with tarfile.open(ARCHIVE) as archive:
            archive.extractall(work, filter="data")
        documents = work / "tbaq.jsonl"
        subprocess.run([sys.executable, SCORER, "export", work / "tbaq", "-o", documents], check=True)
        answers = _answers(documents, work)
        figures = {name: _figures(work / "tbaq", predicted) for name, predicted in answers.items()}
    print(f"\n{'':<44}{'all':>26}{'what lies ahead':>28}")
    print(f"{'':<44}{'relaxed':>10}{'value F1':>10}{'type':>6}{'P':>10}{'R':>8}{'value F1':>10}")
    for name, (whole, ahead) in figures.items():
        print(
            f"{name:<44}{whole['relaxed']['f1']:>10.1f}{whole['value']['f1']:>10.1f}{whole['type']['f1']:>6.0f}"
            f"{ahead['value']['p']:>10.1f}{ahead['value']['r']:>8.1f}{ahead['value']['f1']:>10.1f}"
        )
    print("\nPublished, not run here: value F1     TempEval-3 platinum   TimeBank+AQUAINT, what lies ahead")
    for name, platinum, coming in PUBLISHED:
        print(f"  {name:<35}{platinum:>20}{coming:>35}")
    return 0


def _answers(documents: Path, work: Path) -> Mapping[str, Path]:
    rows = [json.loads(line) for line in documents.read_text("utf-8").splitlines()]
    answers = {"ours": work / "ours.jsonl"}
    ours("times", documents, answers["ours"])
    for prefer in ("current_period", "past"):
        name = f"dateparser.search, prefers {prefer}"
        answers[name] = work / f"dateparser.{prefer}.jsonl"
        write_lines(answers[name], _dateparser(rows, prefer))
    python = recognizers_python()
    if python is None:
        print(PEERS_MISSING)
        return answers
    print(f"$ .venv-peers/bin/python benchmarks/recognizers.py < {documents.name}")
    with documents.open("rb") as given:
        run = subprocess.run(
            [python, ROOT / "benchmarks" / "recognizers.py"], stdin=given, capture_output=True, check=True
        )
    found = [json.loads(line) for line in run.stdout.splitlines()]
    texts = {row["doc"]: row["text"] for row in rows}
    for choose in (nearest, past):
        name = f"Recognizers-Text, {choose.__name__} candidate"
        answers[name] = work / f"recognizers.{choose.__name__}.jsonl"
        timexes = ((one["doc"], from_recognizers(texts[one["doc"]], one, choose)) for one in found)
        write_lines(answers[name], ({"doc": doc, **timex} for doc, timex in timexes if timex))
    return answers


def _dateparser(rows: Sequence[Mapping[str, Any]], prefer: str) -> Iterator[Mapping[str, object]]:
    for row in rows:
        day = date.fromisoformat(row["dct"][:10])
        yield from ({"doc": row["doc"], **timex} for timex in from_dateparser(row["text"], day, prefer))


def _figures(gold: Path, predicted: Path) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    return scored(SCORER, "score", gold, predicted), scored(SCORER, "score", gold, predicted, "--future")


if __name__ == "__main__":
    sys.exit(main())
