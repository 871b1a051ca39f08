"""What pictures, calendars and exports are handed over in."""

from __future__ import annotations

import discord
from discord import ui

_SLATE = 0x64748B


class PictureView(ui.LayoutView):
    """A picture, with a line below it."""

    def __init__(self, picture: discord.File, foot: str) -> None:
        """Show a picture that is sent with the message; `foot` may be empty."""
        super().__init__(timeout=None)
        item = discord.MediaGalleryItem(picture, description=picture.description)
        box: ui.Container[PictureView] = ui.Container(ui.MediaGallery(item), accent_colour=_SLATE)
        if foot:
            box.add_item(ui.TextDisplay(f"-# {foot}"))
        self.add_item(box)


class FileView(ui.LayoutView):
    """Words, and the file they speak of if there is one."""

    def __init__(self, heading: str, lines: list[str], file: discord.File | None = None) -> None:
        """Lay out a heading, lines, and a file that is sent with the message; every text is ready for Discord."""
        super().__init__(timeout=None)
        box: ui.Container[FileView] = ui.Container(ui.TextDisplay(f"### {heading}"), accent_colour=_SLATE)
        for line in lines:
            box.add_item(ui.TextDisplay(line))
        if file is not None:
            box.add_item(ui.File(file))
        self.add_item(box)
