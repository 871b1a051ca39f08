"""What pictures, calendars and exports are handed over in."""

from __future__ import annotations

import io
from typing import Any

import discord
from discord import ui

_SLATE = 0x64748B


class Attached(discord.File):
    """A file made in memory, sent along with a message."""

    def __init__(self, name: str, content: bytes, description: str | None = None) -> None:
        """Name the file; `description` is read to those who do not see it."""
        super().__init__(io.BytesIO(content), filename=name, description=description)

    def to_dict(self, index: int) -> dict[str, Any]:
        """Return what is said of the file; Discord's OpenAPI document wants its number as text."""
        return {**super().to_dict(index), "id": str(index)}


class PictureView(ui.LayoutView):
    """A picture, with a line below it."""

    def __init__(self, picture: Attached, foot: str) -> None:
        """Show a picture that is sent with the message; `foot` may be empty."""
        super().__init__(timeout=None)
        item = discord.MediaGalleryItem(picture, description=picture.description)
        # In no container, whose margins would make it a tenth smaller on a phone; it brings its own ground and frame.
        self.add_item(ui.MediaGallery(item))
        if foot:
            self.add_item(ui.TextDisplay(f"-# {foot}"))


class FileView(ui.LayoutView):
    """Words, and the file they speak of if there is one."""

    def __init__(self, heading: str, lines: list[str], file: Attached | None = None) -> None:
        """Lay out a heading, lines, and a file that is sent with the message; every text is ready for Discord."""
        super().__init__(timeout=None)
        box: ui.Container[FileView] = ui.Container(ui.TextDisplay(f"### {heading}"), accent_colour=_SLATE)
        for line in lines:
            box.add_item(ui.TextDisplay(line))
        if file is not None:
            box.add_item(ui.File(file))
        self.add_item(box)
