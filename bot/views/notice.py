"""A notice to those who manage a server."""

from __future__ import annotations

from discord import ui

from bot.views import look
from bot.words import Words


class NoticeView(ui.LayoutView):
    """Words of our own, in the language of the server when they were decided."""

    def __init__(self, note: str, say: Words) -> None:
        """Lay out what the notice says; it is in Discord's markdown already."""
        super().__init__(timeout=None)
        heading = f"### ⚠️ {say('For those who manage this server')}"
        self.add_item(ui.Container(ui.TextDisplay(heading), ui.TextDisplay(note), accent_colour=look.AMBER))
