"""The demonstration in a browser: the real bot in a simulated Discord, on a page that only this machine can open.

Time stands still until the channel follows something. Then nine days pass in about three minutes; while somebody
presses and types, time waits for them.
"""

from __future__ import annotations

import asyncio
import importlib.util
import tempfile
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console

from bot.demo.clock import LAST_DAY, first_day, moments
from bot.demo.screen import Screen, day_words
from bot.demo.stopping import stop_at_ctrl_c
from bot.opening import SystemClock
from bot.terminal import console as standard_output
from bot.usage_words import PROGRAM
from storage.errors import DatabaseError

if TYPE_CHECKING:
    from bot.demo.page import Page
    from bot.demo.simulated import SimulatedDiscord

_NEEDED = ("simcord", "markdown_it", "linkify_it", "regex", "PIL")
"""What the extra `demo` brings and the page cannot do without."""
_BEFORE_THE_FIRST = 4.0
"""Seconds from the first subscription to the first hour, at pace 1: `/setup` ends with something to read."""
_AN_HOUR = 0.04
_A_MESSAGE = 7.0
"""Seconds that an hour without news lasts, and that each message is left to be read, at pace 1."""
_A_DEED = 6.0
"""Seconds that time waits after somebody has pressed or typed something, at pace 1."""
_LOOK_AGAIN = 0.3


def run_browser_demo(
    *, port: int = 0, pace: float = 1.0, today: date | None = None, console: Console | None = None
) -> int:
    """Serve the demonstration until Ctrl-C, or until the page ends it; return the exit code: 0, or 1 where it cannot.

    It listens on 127.0.0.1 alone, at `port` (0: any that is free). `pace` stretches the pauses, `today` is the day by
    which the days played are over (None: by the system clock), `console` where to print (None: standard output).
    """
    screen = Screen(console or standard_output(), {})
    if any(importlib.util.find_spec(name) is None for name in _NEEDED):
        _say_how_to_install(screen)
        return 1
    show = _Show(screen, first_day(today or SystemClock().now().date()), port, pace)
    try:
        asyncio.run(show.play())
    except (KeyboardInterrupt, asyncio.CancelledError):
        pass
    except (DatabaseError, OSError) as error:
        screen.say("", f"The demonstration cannot run: {error}")
        return 1
    screen.say("", "Closed. Nothing of it is left.")
    return 0


def _say_how_to_install(screen: Screen) -> None:
    screen.say("The demonstration in a browser needs simcord, which is not installed. Install it with")
    screen.command("pip install 'simcord[preview]>=3.2.1'")
    screen.say("In a checkout, this installs it and opens the demonstration:")
    screen.command("make demo-browser")
    screen.say("This one plays in the terminal and needs nothing more:")
    screen.command(f"{PROGRAM} demo")


class _Show:
    """One run: the simulated Discord, the page that shows it, and the clock that is moved for it."""

    def __init__(self, screen: Screen, first: date, port: int, pace: float) -> None:
        self._screen = screen
        self._first = first
        self._port = port
        self._pace = pace

    async def play(self) -> None:
        """Serve until the page or Ctrl-C ends it."""
        from bot.demo.simulated import CHANNEL, opened_page, simulated_discord  # noqa: PLC0415 - an extra

        stop_at_ctrl_c()
        with tempfile.TemporaryDirectory(prefix="aide-memoire-demo-") as folder:
            simulated = simulated_discord(Path(folder) / "demo.db", self._first)
            async with simulated as there, opened_page(there, self._port) as page:
                self._say_welcome(page.address, CHANNEL)
                await self._serve(there, page)

    async def _serve(self, there: SimulatedDiscord, page: Page) -> None:
        """Let the days pass and people press, until the page is closed."""
        living = asyncio.create_task(self._live(there, page))
        closing = asyncio.create_task(page.closed())
        try:
            await asyncio.wait({living, closing}, return_when=asyncio.FIRST_COMPLETED)
            if living.done():
                living.result()
                await closing
        finally:
            for task in (living, closing):
                task.cancel()
            await asyncio.gather(living, closing, return_exceptions=True)

    async def _live(self, there: SimulatedDiscord, page: Page) -> None:
        """Wait until something is followed, then let the days pass."""
        while not await there.is_subscribed():  # noqa: ASYNC110 - a database raises no events
            await asyncio.sleep(_LOOK_AGAIN)
        self._screen.say("", "The channel follows its first topic: time begins to pass.")
        await asyncio.sleep(self._pace * _BEFORE_THE_FIRST)
        day = None
        for instant in moments(self._first):
            async with page.undisturbed(self._pace * _A_DEED if day else 0):
                messages = await there.live(instant)
                if messages:
                    await page.draw()
            if instant.date() != day:
                day = instant.date()
                self._screen.day(day)
            await asyncio.sleep(self._pace * (_A_MESSAGE if messages else _AN_HOUR))
        self._screen.say(
            "",
            f"{day_words(there.clock.now().date())}: the {LAST_DAY + 1} days are over and time stands still. The page "
            "goes on answering; Ctrl-C ends it.",
        )

    def _say_welcome(self, address: str, channel: str) -> None:
        self._screen.title("Aide-Mémoire in a browser")
        self._screen.say(
            f"A Discord server that exists on this machine alone: the real bot has just come into #{channel}, and "
            "three invented outlets are about to publish. You manage the server. Open",
        )
        self._screen.command(address)
        self._screen.say(
            "and press Set me up, or type /setup. Once a topic is chosen, news comes by itself: nine days in about "
            "three minutes. Nothing leaves this machine; Ctrl-C ends it.",
        )
