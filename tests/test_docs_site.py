"""The page of commands is the bot's own, and the documentation builds into a site that needs nothing from outside."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from discord import app_commands

from docs.commands import EXAMPLES, PAGE, Command, every_command, page

ROOT = Path(__file__).parents[1]

Commands = Mapping[str, tuple[Command, Mapping[str, Any]]]


@pytest.fixture
async def commands() -> Commands:
    return await every_command()


async def test_the_page_of_commands_is_up_to_date(commands: Commands) -> None:
    assert PAGE.read_text("utf-8") == page(commands), "`make docs` writes it anew"


async def test_every_command_is_on_the_page_once(commands: Commands) -> None:
    headings = re.findall(r"^### /?(.+) \{", page(commands), re.MULTILINE)
    assert sorted(headings) == sorted(commands)
    assert "setup" in headings


async def test_every_command_has_an_example_that_could_be_typed(commands: Commands) -> None:
    assert set(EXAMPLES) == set(commands)
    for name, (command, _) in commands.items():
        if isinstance(command, app_commands.ContextMenu):
            continue
        options = {option.display_name: option for option in command.parameters}
        call, _, rest = EXAMPLES[name].partition(f"/{name}")
        assert call == ""
        split = re.split(rf"(?:^|\s)({'|'.join(options)}):", rest) if options else [rest]
        given = dict(zip(split[1::2], split[2::2], strict=True))
        assert not split[0].strip(), f"{EXAMPLES[name]}: {split[0]}"
        assert {one for one, option in options.items() if option.required} <= set(given), EXAMPLES[name]
        if "query" not in given:
            assert not any(re.search(r"\w:", value) for value in given.values()), EXAMPLES[name]
        for one, value in given.items():
            offered = [choice.name for choice in options[one].choices]
            assert not offered or value in offered, f"{EXAMPLES[name]}: {value} is none of {offered}"


async def test_what_only_managers_may_is_said_so(commands: Commands) -> None:
    sections = dict(re.findall(r"^### /?(.+?) \{.*?\*\*Who\*\* (.+?) ·", page(commands), re.MULTILINE | re.DOTALL))
    assert sections["setup"] == sections["topics create"] == "those with *Manage Server*"
    assert sections["topics list"] == sections["Find deadlines"] == "everybody"


def test_every_picture_is_there_for_both_widths_and_said_in_words() -> None:
    if not list((ROOT / "docs" / "pictures").glob("*-desktop.png")):
        pytest.skip("no picture has been taken yet: `make pictures`")
    for one in sorted((ROOT / "docs").glob("*.md")):
        for block in re.findall(r"<picture>.*?</picture>", one.read_text("utf-8"), re.DOTALL):
            phone, desktop = re.findall(r"src(?:set)?=\"(.+?)\"", block)
            assert (phone, desktop) == (phone, phone.replace("-phone", "-desktop"))
            assert not [name for name in (phone, desktop) if not (ROOT / "docs" / name).is_file()], one.name
            assert re.search(r"alt=\"[^\"]{40,}\"", block), one.name


class _Fetched(HTMLParser):
    """Gathers what a browser would fetch for a page."""

    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag in {"script", "img", "iframe", "source", "video"}:
            self.addresses.append(given.get("src", ""))
        if tag == "link":
            self.addresses.append(given.get("href", ""))


def test_the_site_builds_and_fetches_nothing_from_outside(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(tmp_path / "site")],
        cwd=ROOT,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    pages = sorted((tmp_path / "site").rglob("*.html"))
    assert len(pages) > 20
    for one in pages:
        parser = _Fetched()
        parser.feed(one.read_text("utf-8"))
        assert not [address for address in parser.addresses if re.match(r"(https?:)?//", address)], one.name
    styles = [one.read_text("utf-8") for one in (tmp_path / "site").rglob("*.css")]
    assert not [style for style in styles if re.search(r"(url\(|@import\s+)['\"]?(https?:)?//", style)]
    assert (tmp_path / "site" / "search" / "search_index.js").exists()
