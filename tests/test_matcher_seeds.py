"""The three seed articles, scored as the gold set scores them. Needs the shared files beside the repository."""

from __future__ import annotations

import importlib.util
import json
from datetime import date
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from watchers.matcher.match import read_article
from watchers.model import Statement

GOLD = Path(__file__).resolve().parents[2] / "shared" / "gold"
pytestmark = pytest.mark.skipif(
    not (GOLD / "seeds.jsonl").exists(), reason="the shared gold set is not beside the repository"
)


def scorer() -> ModuleType:
    spec = importlib.util.spec_from_file_location("gold_score", GOLD / "score.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def told(statement: Statement) -> dict[str, Any]:
    timex, due = statement.timex, statement.due
    return {
        "start": statement.start,
        "end": statement.end,
        "kind": str(statement.kind),
        "timex": {"start": timex.start, "end": timex.end} if timex else None,
        "due_start": due.first.isoformat() if due else None,
        "due_end": due.last.isoformat() if due else None,
        "precision": str(statement.precision),
        "speaker": statement.speaker,
        "conditional": statement.conditional,
    }


def scores(name: str) -> dict[str, Any]:
    gold = [json.loads(line) for line in (GOLD / name).read_text("utf-8").splitlines() if line.strip()]
    read = [
        {"id": row["id"], "statements": [told(s) for s in read_article(row["text"], date.fromisoformat(row["date"]))]}
        for row in gold
    ]
    result: dict[str, Any] = scorer().score(gold, read)
    return result


def test_the_seeds_are_read_without_a_fault() -> None:
    result = scores("seeds.jsonl")

    assert result["dated"]["F1"] == 1.0
    assert result["due_within_1d"] == 1.0
    assert result["speaker"] == 1.0
    assert result["undated"]["fp"] == 0


def test_the_training_articles_are_read_no_worse_than_before() -> None:
    """A floor under what has been reached, a little below it, so that a change for the worse is seen."""
    result = scores("train.jsonl")

    assert result["dated"]["F1"] >= 0.75
    assert result["due_within_1d"] >= 0.93
    assert result["speaker"] >= 0.74
    assert result["kind"] >= 0.79
    assert result["conditional"] >= 0.93
    assert result["undated"]["F1"] >= 0.65
