"""A feed as it is shown before it is added: which of several, what it holds, and under which name it is kept.

Nothing waits in memory or in a table: the message itself holds the draft, its address in the code block and the rest in
the buttons' ids, so that it outlives restarts and is gone when the message is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol, Self, cast

import discord
from discord import ui
from discord.ext import commands

from bot.errors import Refusal, answered
from bot.feed_finding import FeedLook
from bot.render import CHOICE_LIMIT, ago_stamp, bare, plain
from bot.views.editing import edit_answer
from bot.views.feeds import rate_words
from bot.views.form import Form
from bot.views.lasting import OfItsId, chosen_one
from bot.views.look import BLUE, SLATE
from bot.views.topics import NoteView
from bot.words import ENGLISH, Words, marked, words_for
from config.catalogue import LONGEST_NAME
from watchers.feeds.discovery import FoundFeed
from watchers.intake import STILL_NEWS

_WHO_HEARS = marked(
    "What it says is told in this server alone. "
    "What it published more than {hours} hours ago is tracked, and nobody is alerted of it."
)
_MOST_OFFERED = 25
_LONGEST_ZONE = 60
_ADD, _CHANGE, _DROP = "add", "change", "drop"
_KEPT = re.compile(rf"newfeed:{_ADD}:([01]):([A-Za-z0-9-]*):(.*)")


@dataclass(frozen=True, slots=True)
class FeedDraft:
    """A feed as somebody is about to add it."""

    url: str
    name: str
    language: str
    """A BCP 47 tag."""
    zone: str
    """An IANA name."""
    full_text: bool
    """Whether the pages that its entries link to may be read, where it has only summaries."""


class NewFeedDesk(Protocol):
    """Who adds feeds: the cog."""

    async def picked(self, interaction: discord.Interaction, url: str) -> ui.LayoutView:
        """Return what one of several feeds shows."""

    async def changed(self, interaction: discord.Interaction, draft: FeedDraft, zone: str) -> ui.LayoutView:
        """Return what a draft shows with a zone that was typed."""

    async def added(self, interaction: discord.Interaction) -> ui.LayoutView:
        """Store the feed whose draft the message holds, and return what has been agreed."""


def new_feed_desk(interaction: discord.Interaction) -> NewFeedDesk:
    """Return who adds feeds; the client offers it with the commands."""
    return cast("NewFeedDesk", cast("commands.Bot", interaction.client).get_cog("Feeds"))


# --- which of several ---------------------------------------------------------------------------------------------


class FoundFeedSelect(OfItsId, ui.DynamicItem[ui.Select[ui.LayoutView]], template=r"foundfeed"):
    """The choice among several feeds of a site; its values are their addresses."""

    def __init__(self, options: Sequence[discord.SelectOption] = (), placeholder: str = "…") -> None:
        """Offer these."""
        super().__init__(ui.Select(custom_id="foundfeed", options=list(options), placeholder=placeholder))

    @classmethod
    def of_id(cls, match: re.Match[str]) -> Self:
        """Rebuild the select; what was chosen comes with the interaction."""
        del match
        return cls()

    async def callback(self, interaction: discord.Interaction) -> None:
        """Show what the chosen one holds."""
        async with answered(interaction):
            await interaction.response.defer()
            view = await new_feed_desk(interaction).picked(interaction, chosen_one(interaction))
            await edit_answer(interaction, view)


class ChoiceView(ui.LayoutView):
    """The feeds of a site, to choose one."""

    def __init__(self, found: Sequence[FoundFeed], say: Words) -> None:
        """Lay out the choice; one whose address is too long for a menu is named in words."""
        super().__init__(timeout=None)
        offered = [feed for feed in found if len(feed.url) <= CHOICE_LIMIT][:_MOST_OFFERED]
        heading = say.many("This site has {count} feed", "This site has {count} feeds", len(found))
        box: ui.Container[ChoiceView] = ui.Container(ui.TextDisplay(f"### 📡 {heading}"), accent_colour=BLUE)
        box.add_item(ui.TextDisplay(say("Choose one to see what it holds. Nothing is saved yet.")))
        if offered:
            options = [
                discord.SelectOption(
                    label=bare(feed.title, CHOICE_LIMIT) or bare(feed.url, CHOICE_LIMIT),
                    value=feed.url,
                    description=bare(feed.url, CHOICE_LIMIT),
                )
                for feed in offered
            ]
            box.add_item(ui.ActionRow(FoundFeedSelect(options, say("Choose a feed…"))))
        if len(offered) < len(found):
            more = say.many(
                "{count} more does not fit this menu: give its own address to `/feeds add`.",
                "{count} more do not fit this menu: give their own addresses to `/feeds add`.",
                len(found) - len(offered),
            )
            box.add_item(ui.TextDisplay(f"-# {more}"))
        self.add_item(box)


# --- what one holds -----------------------------------------------------------------------------------------------


class NewFeedButton(OfItsId, ui.DynamicItem[ui.Button[ui.LayoutView]], template=r"newfeed:([a-z]+):(?s:(.*))"):
    """A button below a feed that is not added yet. All it knows stands in its message."""

    def __init__(self, action: str, held: str, label: str = "…", style: discord.ButtonStyle | None = None) -> None:
        """Make the button; `held` is the part of the draft that its id carries."""
        style = style or discord.ButtonStyle.secondary
        super().__init__(ui.Button(label=label, custom_id=f"newfeed:{action}:{held}", style=style))
        self._action = action

    @classmethod
    def of_id(cls, match: re.Match[str]) -> Self:
        """Rebuild the button from its id."""
        return cls(match[1], match[2])

    async def callback(self, interaction: discord.Interaction) -> None:
        """Add the feed, ask for what is to change, or leave it."""
        async with answered(interaction):
            say = words_for(interaction.locale.value)
            if self._action == _CHANGE:
                await interaction.response.send_modal(NewFeedForm(draft_in(interaction.message, say), say))
                return
            await interaction.response.defer()
            if self._action == _ADD:
                await edit_answer(interaction, await new_feed_desk(interaction).added(interaction))
            else:
                await edit_answer(interaction, NoteView(say("Nothing was changed."), SLATE))


class NewFeedView(ui.LayoutView):
    """What a feed holds, and the way to add it."""

    def __init__(self, look: FeedLook, draft: FeedDraft, say: Words, notice: str = "") -> None:
        """Lay out a draft; `notice` says what was wrong with what was typed."""
        super().__init__(timeout=None)
        texts = [
            f"### 📡 {plain(draft.name, LONGEST_NAME)}\n📝 {say('Not added yet')}",
            _block(draft.url),
            "\n".join(_facts(look, draft, say)),
            *_newest(look, say),
            f"-# {say(_WHO_HEARS, hours=STILL_NEWS // timedelta(hours=1))}",
            *([f"⚠️ {notice}"] if notice else []),
        ]
        self.add_item(ui.Container(*map(ui.TextDisplay, texts), accent_colour=BLUE))
        kept = f"{int(draft.full_text)}:{draft.language}:{draft.zone}"
        self.add_item(
            ui.ActionRow(
                NewFeedButton(_ADD, kept, say("Add"), discord.ButtonStyle.success),
                NewFeedButton(_CHANGE, draft.name, say("Change…"), discord.ButtonStyle.primary),
                NewFeedButton(_DROP, "", say("Cancel")),
            )
        )


class NewFeedForm(Form):
    """Name, time zone, and whether pages are read as well."""

    def __init__(self, draft: FeedDraft, say: Words) -> None:
        """Show what the draft holds already."""
        super().__init__(say("A feed of this server"))
        self._draft = draft
        self._name: ui.TextInput[Self] = ui.TextInput(default=draft.name, max_length=LONGEST_NAME, custom_id="name")
        self._zone: ui.TextInput[Self] = ui.TextInput(default=draft.zone, max_length=_LONGEST_ZONE, custom_id="zone")
        self._pages: ui.Select[Self] = ui.Select(
            custom_id="pages",
            options=[
                discord.SelectOption(
                    label=say("No, what the feed says is enough"), value="0", default=not draft.full_text
                ),
                discord.SelectOption(label=say("Yes, where it has only a summary"), value="1", default=draft.full_text),
            ],
        )
        self.ask(say("Name"), self._name)
        self.ask(say("Time zone"), self._zone, say("A city, or UTC+2: whose “Friday” it means"))
        self.ask(say("Read the linked pages too"), self._pages)

    async def on_submit(self, interaction: discord.Interaction) -> None:
        """Show the draft as it is now, in place of what it was."""
        async with answered(interaction):
            await interaction.response.defer()
            known = self._draft
            name = bare(self._name.value, LONGEST_NAME) or known.name
            chosen = self._pages.values[0] == "1" if self._pages.values else known.full_text
            draft = FeedDraft(known.url, name, known.language, known.zone, chosen)
            view = await new_feed_desk(interaction).changed(interaction, draft, self._zone.value)
            await edit_answer(interaction, view)


def draft_in(message: discord.Message | None, say: Words) -> FeedDraft:
    """Return the draft that a message holds; raise `Refusal` where it holds none."""
    view = ui.LayoutView.from_message(message) if message is not None else ui.LayoutView()
    items = list(view.walk_children())
    texts = (item.content for item in items if isinstance(item, ui.TextDisplay))
    block = next((text for text in texts if text.startswith("```\n")), "")
    url = block.removeprefix("```\n").removesuffix("\n```")
    ids = [str(getattr(item, "custom_id", "")) for item in items]
    kept = next(filter(None, map(_KEPT.fullmatch, ids)), None)
    change = f"newfeed:{_CHANGE}:"
    name = next((one.removeprefix(change) for one in ids if one.startswith(change)), "")
    if not url or not name or kept is None:
        raise Refusal(say("I can no longer read this message. Use `/feeds add` once more."))
    return FeedDraft(url, name, kept[2], kept[3], kept[1] == "1")


def _facts(look: FeedLook, draft: FeedDraft, say: Words) -> list[str]:
    """Return what the feed is, line by line."""
    listed = say.many("{count} entry", "{count} entries", look.listed)
    rate = f" · {rate_words(look.per_day, say)}" if look.per_day is not None else ""
    if not look.summaries:
        texts = say("Whole texts")
    elif draft.full_text:
        texts = say("Summaries, so I read the linked pages as well")
    else:
        texts = say("Summaries, and I read no more than they say")
    tongue = say.language_named(draft.language)
    lines = [f"📰 {listed}{rate}", f"📄 {texts}", f"🗣️ {plain(tongue, 40)} · 🕗 {draft.zone.replace('_', ' ')}"]
    if draft.language.split("-")[0].lower() != ENGLISH:
        lines.append(f"⚠️ {say('I understand English alone, so I will find little in it.')}")
    return lines


def _newest(look: FeedLook, say: Words) -> list[str]:
    lines = [f"• {plain(title, 100) or say('(without a title)')} · {ago_stamp(at)}" for title, at in look.newest]
    return ["\n".join((f"**{say('The newest')}**", *lines))] if lines else []


def _block(text: str) -> str:
    return f"```\n{text}\n```"
