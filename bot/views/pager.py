"""Lists with pages: a heading, lines, and two buttons that work for as long as the message lives."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol, Self, cast

import discord
from discord import ui

from bot.errors import answered
from bot.views.editing import edit_answer
from bot.views.lasting import OfItsId
from bot.views.look import SLATE
from bot.words import IN_ENGLISH, Words

_CUSTOM_ID_LIMIT = 100
_AIRY = 10
"""Lines between which there is room for air: a message holds 40 components."""


@dataclass(frozen=True, slots=True)
class PageWish:
    """Which page of which list is wanted."""

    listing: str
    """The list's name in letters; it must stay what it is, for it stands in messages already posted."""
    number: int
    """Counted from 0."""
    filter: str
    """What the list was narrowed to, in the list's own short form; may be empty."""


class PageTurner(Protocol):
    """What can show any page of any list: the client."""

    async def show_page(self, interaction: discord.Interaction, wish: PageWish) -> ui.LayoutView:
        """Return the page as it reads now; raise `Refusal` where the person may not see it."""


class PageButton(OfItsId, ui.DynamicItem[ui.Button[ui.LayoutView]], template=r"page:([a-z]+):(\d{1,6}):(?s:(.*))"):
    """A button that turns to a page. All it knows stands in its id, so it outlives restarts of the bot."""

    def __init__(self, wish: PageWish, label: str, *, enabled: bool = True) -> None:
        """Make the button; `wish.filter` is cut where it would make the id too long for Discord."""
        custom_id = f"page:{wish.listing}:{wish.number}:{wish.filter}"[:_CUSTOM_ID_LIMIT]
        super().__init__(ui.Button(label=label, custom_id=custom_id, disabled=not enabled))
        self._wish = wish

    @classmethod
    def of_id(cls, match: re.Match[str]) -> Self:
        """Rebuild the button from its id."""
        return cls(PageWish(match[1], int(match[2]), match[3]), "…")

    async def callback(self, interaction: discord.Interaction) -> None:
        """Show the wanted page in place of the present one."""
        async with answered(interaction):
            await interaction.response.defer()
            turner = cast("PageTurner", interaction.client)
            await edit_answer(interaction, await turner.show_page(interaction, self._wish))


class PageView(ui.LayoutView):
    """One page of a list."""

    def __init__(
        self,
        heading: str,
        lines: Sequence[str],
        wish: PageWish,
        pages: int,
        *,
        foot: str = "",
        below: Sequence[ui.Item[Any]] = (),
        say: Words = IN_ENGLISH,
    ) -> None:
        """Lay out a page of `pages`; every text is ready for Discord and they fit together.

        `below` stands in a row of its own between the list and the buttons that turn pages.
        """
        super().__init__(timeout=None)
        box: ui.Container[PageView] = ui.Container(ui.TextDisplay(f"### {heading}"), accent_colour=SLATE)
        for number, line in enumerate(lines):
            if number and len(lines) <= _AIRY:
                box.add_item(ui.Separator(visible=False))
            box.add_item(ui.TextDisplay(line))
        at = say("Page {page} of {pages}", page=wish.number + 1, pages=pages) if pages > 1 else ""
        if small := " · ".join(part for part in (at, foot) if part):
            box.add_item(ui.TextDisplay(f"-# {small}"))
        self.add_item(box)
        if below:
            self.add_item(ui.ActionRow(*below))
        if pages > 1:
            self.add_item(
                ui.ActionRow(
                    _turn(wish, -1, say("◀ Back"), enabled=wish.number > 0),
                    _turn(wish, 1, say("Next ▶"), enabled=wish.number < pages - 1),
                )
            )


def page_of(wish: PageWish, total: int, size: int) -> tuple[PageWish, int]:
    """Return the wish for a page that exists among `total` items, and how many pages there are (at least one)."""
    pages = max(1, -(-total // size))
    return PageWish(wish.listing, min(wish.number, pages - 1), wish.filter), pages


def _turn(wish: PageWish, by: int, label: str, *, enabled: bool) -> PageButton:
    """Return the button to a neighbouring page; at an end it points at the present page and is disabled."""
    return PageButton(PageWish(wish.listing, max(0, wish.number + by), wish.filter), label, enabled=enabled)
