"""Invented outlets as live feeds, with all that goes wrong: every item read once (see benchmarks/feeds_replay.py)."""

from __future__ import annotations

from pathlib import Path

from benchmarks.feeds_replay import invented_items, replay


async def test_every_item_is_read_once_whatever_goes_wrong(tmp_path: Path) -> None:
    items = invented_items(3, 4)

    counted = await replay(items, tmp_path)

    assert counted.cut_off > 5
    assert (counted.missed, counted.twice) == ((), ())
    assert counted.once == counted.served == counted.printed > 300
