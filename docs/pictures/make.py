"""Take the pictures of this folder anew: `make pictures`.

The demonstration's invented news is played to the real bot in a simulated Discord, and each message is photographed
through a headless Chromium at the width of a desktop and of a phone. Without Chromium it says so and takes none.
"""

from __future__ import annotations

import asyncio
import importlib.util
import io
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from PIL import Image, ImageChops, ImageOps

from bot.demo.clock import moments
from bot.demo.simulated import SimulatedDiscord, simulated_discord
from watchers.audience import LocalHour, Rhythm, SubscriptionWish
from watchers.deadline_watcher import put_subscription

HERE = Path(__file__).parent
MONDAY = date(2026, 5, 4)
WIDTHS = {"desktop": 1280, "phone": 390}
_HIGHEST = 1700
"""Pixels; the highest message at the width of a phone fits."""
_COLOURS = 160
"""Of a palette: few enough for small files, enough for faces and signs."""
_EDGE = 12
"""Pixels left around a message."""
TOPICS = ("orsa-site", "orsa-strait", "fisheries")
SCANNED = (
    "Norland's envoy told reporters that both sides will exchange prisoners within two weeks. Talks resume on Friday "
    "in Geneva. The treaty must be ratified by 30 June."
)


def find_chromium() -> str | None:
    """Return the path of the system's Chromium; None: there is none."""
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


def lend_chromium(chromium: str, folder: Path) -> None:
    """Let playwright find the system's Chromium where it would look for one of its own, below `folder`."""
    remote_control = importlib.util.find_spec("playwright")
    if remote_control is None or remote_control.origin is None:
        sys.exit("The pictures are taken through playwright: `make pictures` installs it.")
    listed = Path(remote_control.origin).parent / "driver" / "package" / "browsers.json"
    for browser in json.loads(listed.read_text("utf-8"))["browsers"]:
        if browser["name"] in {"chromium", "chromium-headless-shell"}:
            home = folder / f"{browser['name'].replace('-', '_')}-{browser['revision']}"
            for path in (
                "chrome-linux/chrome",
                "chrome-linux64/chrome",
                "chrome-linux/headless_shell",
                "chrome-headless-shell-linux64/chrome-headless-shell",
            ):
                (home / path).parent.mkdir(parents=True, exist_ok=True)
                (home / path).symlink_to(chromium)
            (home / "INSTALLATION_COMPLETE").touch()
    os.environ["PLAYWRIGHT_BROWSERS_PATH"] = str(folder)


class Photographer:
    """Takes messages at both widths, and keeps the files small."""

    def __init__(self, there: SimulatedDiscord, folder: Path, wanted: Callable[[str], bool]) -> None:
        """Photograph what stands in `there` into `folder`, where its name is `wanted`."""
        self._there, self._folder, self._wanted = there, folder, wanted

    async def take(self, name: str, message: Any, channel: Any = None) -> None:
        """Take a message of a channel (None: the first) as the one who manages the server sees it."""
        if not self._wanted(name):
            return
        for where, width in WIDTHS.items():
            shown = self._there.env.preview(
                channel or self._there.channel,
                viewers=[self._there.manager],
                display="fixed",
                width=width,
                height=_HIGHEST,
                locale="en-GB",
            )
            async with shown as page:
                taken = await page.screenshot(target=message, allow_incomplete=True)
            path = self._folder / f"{name}-{where}.png"
            path.write_bytes(_small(taken.png))
            print(f"{path.name}: {path.stat().st_size // 1024} kB")


def _small(png: bytes) -> bytes:
    """Return a picture with an even margin in the place of empty ground, in the colours of a palette."""
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    ground = "#{:02x}{:02x}{:02x}".format(*picture.crop((picture.width - 1, 0, picture.width, 1)).tobytes())
    drawn = ImageChops.difference(picture, Image.new("RGB", picture.size, ground)).getbbox()
    if drawn is not None:
        picture = ImageOps.expand(picture.crop(drawn), _EDGE, ground)
    small = io.BytesIO()
    picture.quantize(_COLOURS, dither=Image.Dither.NONE).save(small, "PNG", optimize=True)
    return small.getvalue()


class Story:
    """The week that the pictures tell, and where it has come to."""

    def __init__(self, there: SimulatedDiscord, photographer: Photographer) -> None:
        """Tell it in `there`."""
        self._there, self._take = there, photographer.take
        self._ahead = list(moments(MONDAY))

    async def tell(self) -> None:
        """Live the week and take each picture in its time."""
        there = self._there
        await self._set_up()
        await self._subscribe_to_digest()
        await self._live_until(0, 8)
        alert = there.channel.last_message
        await self._take("alert", alert)
        await self._live_until(0, 15)
        await self._take("merged", self._again(alert))
        await self._live_until(2, 8)
        await self._take("reminder", there.channel.last_message)
        await self._live_until(2, 12)
        await self._take("pending", await self._answer("followups pending"))
        await self._take("timeline", await self._answer("timeline", weeks=6))
        await self._take("scan", await self._answer("scan", text=SCANNED))
        card = await there.manager.click(self._again(alert), label="Card")
        await self._take("card", card.response)
        await self._live_until(3, 8)
        due_today = self._last("Due today")
        await there.manager.click(due_today, label="Kept")
        await self._live_until(3, 9)
        await self._take("rating", self._again(due_today))
        await self._live_until(4, 9)
        morning = there.server.channels["morning"]
        await self._take("digest", morning.last_message, morning)
        await self._live_until(4, 23)
        await self._take("suggested", self._last("It looks kept"))

    async def _set_up(self) -> None:
        """Go through `/setup` as somebody would who follows all three topics."""
        there = self._there
        message = (await there.manager.slash(there.channel, "setup")).response
        for _ in range(2):
            await there.manager.click(message, label="Next ▶")
        await there.manager.select(message, list(TOPICS), custom_id=_menu_of(message, "setup:topics0"))
        await self._take("setup", message)
        for label in ("Next ▶", "Next ▶", "✅ Done"):
            await there.manager.click(message, label=label)

    async def _subscribe_to_digest(self) -> None:
        there = self._there
        channel = there.server.create_text_channel("morning")
        at = LocalHour(next(iter(await self._orders())).wish.at.zone, 8)
        wish = SubscriptionWish(
            there.server.id, channel.id, "*", created_by=there.manager.id, at=at, rhythm=Rhythm.DAILY
        )
        await there.database.transact(lambda work: put_subscription(work, wish, there.clock.now()))

    async def _orders(self) -> tuple[Any, ...]:
        there = self._there
        return tuple(await there.database.look(lambda work: work.subscriptions.of_guild(there.server.id)))

    async def _live_until(self, day: int, hour: int) -> None:
        """Live up to an hour of the `day`-th day, 0 for Monday."""
        end = datetime.combine(MONDAY + timedelta(days=day), time(hour), self._ahead[0].tzinfo)
        while self._ahead and self._ahead[0] <= end:
            await self._there.live(self._ahead.pop(0))

    async def _answer(self, command: str, **options: Any) -> Any:
        return (await self._there.manager.slash(self._there.channel, command, **options)).response

    def _again(self, message: Any) -> Any:
        """Return a message as it stands now."""
        return next(one for one in self._there.channel.history() if one.id == message.id)

    def _last(self, words: str) -> Any:
        """Return the latest message that shows some words."""
        told = reversed(self._there.channel.history())
        return next(one for one in told if words in json.dumps([part.to_dict() for part in one.components]))


def _menu_of(message: Any, begins: str) -> str:
    """Return the id of the menu of a message whose id begins so."""

    def ids(parts: list[dict[str, Any]]) -> list[str]:
        return [found for part in parts for found in (part.get("custom_id", ""), *ids(part.get("components", [])))]

    parts = [one if isinstance(one, dict) else one.to_dict() for one in message.components]
    return next(found for found in ids(parts) if found.startswith(begins))


async def take_all(folder: Path, wanted: Callable[[str], bool]) -> None:
    """Take the `wanted` pictures into `folder`."""
    with tempfile.TemporaryDirectory() as scratch:
        async with simulated_discord(Path(scratch) / "pictures.db", MONDAY) as there:
            await Story(there, Photographer(there, folder, wanted)).tell()
            if there.env.errors:
                raise there.env.errors[0]


def main() -> int:
    """Take the pictures named on the command line, or all; return the exit code."""
    chromium = find_chromium()
    if chromium is None:
        print("Skipped: Chromium is not installed, so there are no pictures to take (Debian: apt install chromium).")
        return 0
    names = set(sys.argv[1:])
    with tempfile.TemporaryDirectory() as browsers:
        lend_chromium(chromium, Path(browsers))
        asyncio.run(take_all(HERE, lambda name: not names or name in names))
    return 0


if __name__ == "__main__":
    sys.exit(main())
