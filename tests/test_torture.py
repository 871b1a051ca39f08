"""A short form of benchmarks/torture.py: killed at random instants, every alert exists exactly once in the end."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.torture.torment import Torment

KILLS = 10


@pytest.mark.slow
@pytest.mark.parametrize("watchers", [0, 2])
async def test_every_alert_exists_exactly_once_whoever_is_killed_when(
    tmp_path: Path, empty_url: str, watchers: int
) -> None:
    outcome = await Torment(tmp_path, empty_url, watchers=watchers, seed=KILLS).run(KILLS)
    assert outcome.kills >= KILLS
    assert outcome.announced > 0
    assert outcome.is_sound, outcome
