"""The benchmark of how long people wait still asks the bot what people ask it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ASKED = (
    "/followups search text:(rare)",
    "autocomplete followup: common",
    "button kept",
    "/export csv",
    "/subscribe topic:*",
)


@pytest.mark.slow
def test_it_asks_each_question_and_says_how_long_it_took(tmp_path: Path) -> None:
    command = [sys.executable, "benchmarks/interactions.py", "--statements", "400", "--rounds", "1"]
    told = subprocess.run(
        [*command, "--database", tmp_path / "many.db"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    for question in ASKED:
        (line,) = [line for line in told.splitlines() if line.startswith(question) and "again" not in line][:1]
        assert float(line.removesuffix("  <-- too long").split()[-1]) >= 0
    assert "over 200 ms at the 99th percentile" in told.splitlines()[-1]
