"""The pictures of the docs: which there are, how small, and that the story they tell still happens."""

from __future__ import annotations

import importlib.util
import io
import struct
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from bot.demo.simulated import simulated_discord
from tests.discord_world import buttons_of, text_of

PICTURES = Path(__file__).resolve().parents[1] / "docs" / "pictures"
SHOWN = ("setup", "alert", "merged", "reminder", "pending", "timeline", "scan", "card", "rating", "digest", "suggested")
_PALETTE = 3
_LARGEST = 150_000


@pytest.fixture(scope="module")
def make() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_pictures", PICTURES / "make.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", SHOWN)
@pytest.mark.parametrize("where", ["desktop", "phone"])
def test_each_picture_is_there_at_both_widths_and_small(name: str, where: str) -> None:
    png = (PICTURES / f"{name}-{where}.png").read_bytes()
    width, _, _, colours = struct.unpack(">IIBB", png[16:26])
    assert width <= {"desktop": 1280, "phone": 390}[where]
    assert colours == _PALETTE
    assert len(png) < _LARGEST


async def test_the_week_has_all_that_is_photographed(make: ModuleType, tmp_path: Path) -> None:
    taken: dict[str, str] = {}
    buttons: dict[str, list[str]] = {}

    class Watcher:
        async def take(self, name: str, message: Any, _channel: Any = None) -> None:
            taken[name], buttons[name] = text_of(message), list(buttons_of(message))

    async with simulated_discord(tmp_path / "pictures.db", make.MONDAY) as there:
        await make.Story(there, Watcher()).tell()
        assert not there.env.errors
    assert tuple(taken) == SHOWN
    assert "Set-up 3/5" in taken["setup"]
    assert "Quayside" not in taken["alert"]
    assert "Northlight Wire" in taken["merged"]
    assert "Quayside" in taken["merged"]
    assert "Due tomorrow" in taken["reminder"]
    assert "4 pending" in taken["pending"]
    assert "3 statements" in taken["scan"]
    assert {"Kept", "Partly kept", "Broken"} <= set(buttons["card"])
    assert "Rated by" in taken["rating"]
    assert all(words in taken["digest"] for words in ("Due today", "Newly said", "Settled"))


def test_without_chromium_it_says_so_and_takes_none(
    make: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(make.shutil, "which", lambda _name: None)
    monkeypatch.setattr(make, "take_all", None)
    assert make.main() == 0
    assert "Chromium is not installed" in capsys.readouterr().out


def test_a_picture_keeps_an_even_margin_and_loses_empty_ground(make: ModuleType) -> None:
    picture = make.Image.new("RGB", (1280, 900), "#313338")
    picture.paste("#ffffff", (100, 50, 300, 150))
    png = io.BytesIO()
    picture.save(png, "PNG")
    small = make._small(png.getvalue())
    assert struct.unpack(">II", small[16:24]) == (200 + 2 * make._EDGE, 100 + 2 * make._EDGE)
    assert len(small) < len(png.getvalue())
