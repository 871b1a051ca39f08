"""The demonstration in a browser: the real bot answers on a local page, and days pass once something is followed."""

from __future__ import annotations

import asyncio
import importlib.util
import io
import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from rich.console import Console

from bot import cli
from bot.demo import browser
from bot.demo.clock import moments
from bot.demo.page import Page
from bot.demo.simulated import NoPages, SimulatedDiscord, simulated_discord
from tests.discord_world import buttons_of, text_of
from watchers.ports import FetchError

MONDAY = date(2026, 5, 4)
ROOT = Path(__file__).resolve().parents[1]
with_page = pytest.mark.skipif(
    any(importlib.util.find_spec(name) is None for name in browser._NEEDED), reason="the extra `demo` is not installed"
)


# --- the simulated Discord --------------------------------------------------------------------------------------


async def set_up(there: SimulatedDiscord) -> Any:
    """Go through `/setup` as the README says; return what it ends with."""
    message = (await there.manager.click(there.channel.last_message, label="Set me up")).response
    for _ in range(2):
        await there.manager.click(message, label="Next ▶")
    menu = next(found for found in re.findall(r'"custom_id": "([^"]+)"', json.dumps(message.components)))
    await there.manager.select(message, ["*"], custom_id=menu)
    for label in ("Next ▶", "Next ▶", "✅ Done"):
        await there.manager.click(message, label=label)
    return message


async def test_a_manager_is_welcomed_sets_up_is_told_and_rates(tmp_path: Path) -> None:
    async with simulated_discord(tmp_path / "demo.db", MONDAY) as there:
        assert "I am Aide-Mémoire" in text_of(there.channel.last_message)
        assert not await there.is_subscribed()
        assert "All set" in text_of(await set_up(there))
        assert await there.is_subscribed()
        told: list[int] = []
        for instant in list(moments(MONDAY))[:3]:
            told.append(await there.live(instant))
            assert there.clock.now() == instant
        assert told == [0, 0, 1]
        alert = there.channel.last_message
        assert "IAEA chief Ilse Brandvold" in text_of(alert)
        card = (await there.manager.click(alert, label="Card")).response
        await there.manager.click(card, label="Kept")
        assert "Rated here" in text_of(card)
        assert not there.env.errors


async def test_news_merges_reminders_and_outcome_days_come_in_their_time(tmp_path: Path) -> None:
    async with simulated_discord(tmp_path / "demo.db", MONDAY) as there:
        await set_up(there)
        for instant in moments(MONDAY):
            await there.live(instant)
        shown = [text_of(message) for message in there.channel.history()]
        assert sum("It looks kept" in one.splitlines()[0] for one in shown) == 1
        # The reminder of the day before took up what the news told on the day, and so tells that day.
        assert sum("Due tomorrow" in one for one in shown) == 2
        assert sum("Due today" in one for one in shown) == 4
        assert sum("Did this happen?" in one for one in shown) == 3
        merged = next(one for one in shown if "IAEA chief" in one)
        assert "Northlight Wire" in merged
        assert "The Quayside Observer" in merged
        assert "@everyone" not in "".join(shown)
        overdue = there.channel.last_message
        assert {"Kept", "Broken", "Moved…"} <= set(buttons_of(overdue))
        assert not there.env.errors


async def test_a_guest_may_look_and_not_set_up(tmp_path: Path) -> None:
    async with simulated_discord(tmp_path / "demo.db", MONDAY) as there:
        answer = await there.guest.click(there.channel.last_message, label="Set me up")
        assert "**Manage Server**" in text_of(answer.response)


async def test_no_page_of_the_web_is_opened() -> None:
    with pytest.raises(FetchError, match="opens no pages"):
        await NoPages().fetch("https://example.org/")


# --- turns ------------------------------------------------------------------------------------------------------


class FakePreview:
    """What `Page` needs of simcord's preview: one tab, whose drawings the test makes."""

    def __init__(self) -> None:
        self.tab = SimpleNamespace(revision=1, snapshot={"messages": {"7": "⏳ Deadline"}})
        self._pages = {"tab": self.tab}
        self.done: list[Any] = []
        self.drawn = self.tab.snapshot["messages"]

    async def _action(self, _tab: str | None, body: Any) -> dict[str, Any]:
        self.done.append(body)
        return {}

    async def refresh(self) -> None:
        self.tab.revision += 1
        self.tab.snapshot = {"messages": self.drawn}


def a_click(revision: int) -> dict[str, Any]:
    return {"kind": "click", "target_id": "7", "published_revision": revision}


async def test_what_people_do_waits_for_the_clock() -> None:
    preview = FakePreview()
    page = Page(preview)
    async with page.undisturbed(0):
        pressed = asyncio.ensure_future(preview._action("tab", a_click(1)))
        await asyncio.sleep(0)
        assert preview.done == []
    await pressed
    assert preview.done == [a_click(1)]


@pytest.mark.parametrize(("kind", "waits"), [("click", True), ("configure_presentation", False)])
async def test_time_waits_for_whoever_has_just_pressed_something(
    monkeypatch: pytest.MonkeyPatch, kind: str, *, waits: bool
) -> None:
    preview, slept = FakePreview(), 0.0
    page = Page(preview)

    async def sleep(seconds: float) -> None:
        nonlocal slept
        slept += seconds
        page._last_deed -= seconds

    await preview._action("tab", {"kind": kind})
    monkeypatch.setattr(asyncio, "sleep", sleep)
    async with page.undisturbed(6.0):
        assert (slept >= 5.9) is waits


async def test_a_press_made_just_before_the_page_was_drawn_counts_where_its_message_is_the_same() -> None:
    preview = FakePreview()
    page = Page(preview)
    preview.drawn = {**preview.drawn, "8": "🔔 Due tomorrow"}
    async with page.undisturbed(0):
        await page.draw()
    await preview._action("tab", a_click(1))
    assert preview.done == [a_click(2)]


async def test_a_press_on_a_message_that_has_changed_is_left_to_be_refused() -> None:
    preview = FakePreview()
    page = Page(preview)
    preview.drawn = {"7": "✅ Kept"}
    async with page.undisturbed(0):
        await page.draw()
    await preview._action("tab", a_click(1))
    await preview._action("tab", {**a_click(1), "kind": "run_command"})
    assert [body["published_revision"] for body in preview.done] == [1, 2]


# --- the page ---------------------------------------------------------------------------------------------------


class Tab:
    """A tab of the preview, as the browser's script speaks to it."""

    def __init__(self, address: str) -> None:
        self.address = address
        self._origin, _, self._secret = address.partition("/#")
        self._sequence = 0
        self.state = self._ask("/api/pages", {})
        self._context = self.state["context"]

    def _ask(self, path: str, body: Any = None) -> Any:
        headers = {"X-Simcord-Capability": self._secret, "Content-Type": "application/json"}
        if self._sequence or body != {}:
            headers["X-Simcord-Context"] = self._context["id"]
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self._origin}{path}", data, headers)  # noqa: S310 - loopback
        with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310 - loopback
            return json.load(answer)

    def look(self) -> str:
        """Return all that stands on the page."""
        self.state = self._ask("/api/state")
        return json.dumps(self.state["messages"], ensure_ascii=False)

    def wait_for(self, words: str) -> None:
        until = time.monotonic() + 60
        while words not in self.look():
            assert time.monotonic() < until, f"{words} did not come"
            time.sleep(0.1)  # another process draws the page; only looking again tells

    def press(self, label: str, *values: str) -> None:
        """Press the last button of that label; with values, choose them in the last menu whose place-holder it is."""
        self.look()
        self.press_unseen(label, *values)

    def press_unseen(self, label: str, *values: str) -> None:
        """Press what stood there when the tab last looked."""
        self._sequence += 1
        key, message = self._control(label)
        answer = self._ask(
            "/api/action",
            {
                "protocol_version": 3,
                "sequence": self._sequence,
                "request_id": f"r{self._sequence}",
                "generation": self.state["context"]["generation"],
                "bot_generation": self.state["botGeneration"],
                "published_revision": self.state["publishedRevision"],
                "kind": "select" if values else "click",
                "target_id": message,
                "control_key": key,
                "values": list(values),
            },
        )
        assert answer["settlement"] == "settled", answer

    def _control(self, label: str) -> tuple[str, str]:
        def walk(part: Any) -> Iterator[dict[str, Any]]:
            if isinstance(part, dict):
                yield part
                part = list(part.values())
            if isinstance(part, list):
                for one in part:
                    yield from walk(one)

        found = [
            (one["control_key"], message)
            for message in self.state["timeline"]
            for one in walk(self.state["messages"][message])
            if "control_key" in one and label in {one.get("label"), one.get("placeholder")}
        ]
        return found[-1]


@contextmanager
def served(*options: str) -> Iterator[tuple[Tab, subprocess.Popen[str]]]:
    command = [sys.executable, "-m", "bot", "demo", "--browser", *options]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        try:
            assert process.stdout is not None
            address = next(
                found[0] for line in process.stdout if (found := re.search(r"http://127\.0\.0\.1:\S+", line))
            )
            yield Tab(address), process
        finally:
            process.kill()


@with_page
def test_one_presses_through_the_set_up_and_is_told_on_the_page_until_ctrl_c() -> None:
    with served("--pace", "0.15") as (page, process):
        assert "I am Aide-Mémoire" in page.look()
        page.press("Set me up")
        page.press("Next ▶")
        page.press("Next ▶")
        page.press("Choose topics", "*")
        page.press("Next ▶")
        page.press("Next ▶")
        page.press("✅ Done")
        assert "All set" in page.look()
        other = Tab(page.address)
        other.wait_for("IAEA chief Ilse Brandvold")
        page.press_unseen("Set me up")
        page.wait_for("Due tomorrow")
        process.send_signal(signal.SIGINT)
        assert process.stdout is not None
        rest = process.stdout.read()
        assert process.wait(timeout=20) == 0
    assert "Closed." in rest
    assert "Traceback" not in rest


@with_page
def test_a_port_that_is_taken_is_told_in_one_line() -> None:
    with served() as (page, _):
        port = page._origin.rpartition(":")[2]
        out = io.StringIO()
        assert browser.run_browser_demo(port=int(port), console=Console(file=out, width=200)) == 1
    assert f"could not bind port {port}" in out.getvalue()


def test_without_the_extra_it_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(browser, "_NEEDED", ("simcord", "nothing_of_this_name"))
    out = io.StringIO()
    assert browser.run_browser_demo(console=Console(file=out, width=200)) == 1
    assert "pip install 'simcord[preview]" in out.getvalue()
    assert "make demo-browser" in out.getvalue()


@pytest.mark.parametrize(
    ("options", "complaint"),
    [(["--database", "demo.db"], "takes no --database"), (["--port", "70000"], "is not a port")],
)
def test_wrong_options_are_told(capsys: pytest.CaptureFixture[str], options: list[str], complaint: str) -> None:
    assert cli.main(["demo", "--browser", *options]) == cli.WRONG_USAGE
    assert complaint in capsys.readouterr().err
