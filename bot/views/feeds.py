"""Feeds and how they fare: a line in a list, a card, and what those who manage a server may do with their own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Protocol, Self, cast

import discord
from discord import ui
from discord.ext import commands

from bot.errors import answered
from bot.render import CHOICE_LIMIT, ago_stamp, bare, person_words, plain, reason_words
from bot.views.editing import edit_answer
from bot.views.lasting import OfItsId, chosen_one
from bot.views.look import AMBER, CONDITION_COLOURS, CONDITION_ICONS, condition_name
from bot.words import Words
from watchers.feed_model import FeedState, GuildFeed
from watchers.feeds.health import Condition, Health, health
from watchers.feeds.safety import host_of

_DAYS_OF_WEEK = 7
_ASK, _REMOVE, _REMOVED, _KEEP = "ask", "remove", "removed", "keep"
OWN_MARK = "✍️"


class FeedDesk(Protocol):
    """Who looks after the feeds: the cog."""

    async def opened(self, interaction: discord.Interaction, feed_id: int) -> ui.LayoutView:
        """Return the card of a feed as it is now."""

    async def asked_again(self, interaction: discord.Interaction, feed_id: int) -> ui.LayoutView:
        """Have one of the server's own feeds asked at once, and return its card."""

    async def asked_to_remove(self, interaction: discord.Interaction, feed_id: int) -> ui.LayoutView:
        """Return the question whether one of the server's own feeds is to go."""

    async def removed(self, interaction: discord.Interaction, feed_id: int) -> ui.LayoutView:
        """Let one of the server's own feeds go, and return what has become of it."""


def feed_desk(interaction: discord.Interaction) -> FeedDesk:
    """Return who looks after the feeds; the client offers it with the commands."""
    return cast("FeedDesk", cast("commands.Bot", interaction.client).get_cog("Feeds"))


class OpenFeed(OfItsId, ui.DynamicItem[ui.Select[ui.LayoutView]], template=r"feeds:open"):
    """The choice of a feed below a list of them; its values are their numbers."""

    def __init__(self, feeds: Sequence[FeedState] = (), placeholder: str = "…") -> None:
        """Offer these."""
        options = [
            discord.SelectOption(label=label_of(feed), value=str(feed.id), emoji=CONDITION_ICONS[condition_of(feed)])
            for feed in feeds
        ]
        super().__init__(ui.Select(custom_id="feeds:open", options=options, placeholder=placeholder))

    @classmethod
    def of_id(cls, match: re.Match[str]) -> Self:
        """Rebuild the select; what was chosen comes with the interaction."""
        del match
        return cls()

    async def callback(self, interaction: discord.Interaction) -> None:
        """Show the feed that was chosen, beside the list."""
        async with answered(interaction):
            await interaction.response.defer(ephemeral=True, thinking=True)
            view = await feed_desk(interaction).opened(interaction, int(chosen_one(interaction)))
            await interaction.followup.send(view=view, ephemeral=True)


class FeedButton(OfItsId, ui.DynamicItem[ui.Button[ui.LayoutView]], template=r"feed:([a-z]+):(\d{1,18})"):
    """A button below the card of a feed, or below the question whether it is to go."""

    def __init__(self, action: str, feed_id: int, label: str = "…", style: discord.ButtonStyle | None = None) -> None:
        """Make the button."""
        style = style or discord.ButtonStyle.secondary
        super().__init__(ui.Button(label=label, custom_id=f"feed:{action}:{feed_id}", style=style))
        self._action = action
        self._feed_id = feed_id

    @classmethod
    def of_id(cls, match: re.Match[str]) -> Self:
        """Rebuild the button from its id."""
        return cls(match[1], int(match[2]))

    async def callback(self, interaction: discord.Interaction) -> None:
        """Do it, in the place of the message."""
        async with answered(interaction):
            await interaction.response.defer()
            desk = feed_desk(interaction)
            done = {_ASK: desk.asked_again, _REMOVE: desk.asked_to_remove, _REMOVED: desk.removed}
            view = await done.get(self._action, desk.opened)(interaction, self._feed_id)
            await edit_answer(interaction, view)


class FeedView(ui.LayoutView):
    """How one feed fares."""

    def __init__(self, feed: FeedState, own: GuildFeed | None, now: datetime, say: Words, *, managed: bool) -> None:
        """Lay out the card of a feed; `own` says who added it (None: it is everybody's).

        `managed` says whether it is shown to somebody who manages the server.
        """
        super().__init__(timeout=None)
        known = health(feed, now)
        texts = [
            f"### {CONDITION_ICONS[known.condition]} {plain(feed.outlet, 80)}\n{stands_words(known, say)}",
            "\n".join(_facts(known, say)),
            f"```\n{feed.url}\n```",
            f"-# {OWN_MARK} {_added_words(own, feed, say)}" if own is not None else "",
        ]
        shown = [ui.TextDisplay[FeedView](text) for text in texts if text]
        self.add_item(ui.Container(*shown, accent_colour=CONDITION_COLOURS[known.condition]))
        if own is not None and managed:
            row: ui.ActionRow[FeedView] = ui.ActionRow()
            if known.condition is Condition.STOPPED:
                row.add_item(FeedButton(_ASK, feed.id, say("Ask again"), discord.ButtonStyle.primary))
            row.add_item(FeedButton(_REMOVE, feed.id, say("Remove…")))
            self.add_item(row)


class RemoveFeedView(ui.LayoutView):
    """The question whether a feed is really to go."""

    def __init__(self, feed: FeedState, say: Words) -> None:
        """Lay out the question."""
        super().__init__(timeout=None)
        texts = (
            f"### 🗑️ {say('Remove the feed {name}?', name=plain(feed.outlet, 80))}",
            say("I read it for this server no more, and what only it told is no longer shown here."),
        )
        self.add_item(ui.Container(*map(ui.TextDisplay, texts), accent_colour=AMBER))
        self.add_item(
            ui.ActionRow(
                FeedButton(_REMOVED, feed.id, say("Remove it"), discord.ButtonStyle.danger),
                FeedButton(_KEEP, feed.id, say("Keep it")),
            )
        )


def label_of(feed: FeedState) -> str:
    """Return a feed as a choice: plain text (Discord reads no markup there), bounded."""
    return bare(f"{feed.outlet} · {host_of(feed.address)}", CHOICE_LIMIT)


def feed_line(feed: FeedState, now: datetime, say: Words, *, own: bool) -> str:
    """Return one feed of a list in two lines: what it is and whether the server added it, and how it fares."""
    known = health(feed, now)
    mark = f" · {OWN_MARK} {say('added here')}" if own else ""
    stands = condition_name(known.condition, say)
    if known.condition is Condition.READING and known.last_success_at is not None:
        stands = f"{stands} · {ago_stamp(known.last_success_at)}"
    elif known.condition is Condition.FAILING:
        stands = say("{what}: {why}", what=stands, why=reason_of(known, say))
    return f"**{plain(feed.outlet, 60)}** · {plain(host_of(feed.address), 60)}{mark}\n{stands}"


def stands_words(known: Health, say: Words) -> str:
    """Return how a feed stands in a sentence or two, with why it cannot be read."""
    match known.condition:
        case Condition.FAILING:
            since = ago_stamp(known.failing_since) if known.failing_since else "?"
            times = say.many("{count} time in a row", "{count} times in a row", known.failures)
            failing = say("Failing since {ago}, {times}", ago=since, times=times)
            return say("{what}: {why}", what=failing, why=reason_of(known, say)) + "."
        case Condition.STOPPED:
            return say("Its server says that it is gone for good, so I ask it no more.")
        case Condition.NEW:
            return say("It has not been read yet.")
        case _:
            return say("It is read well.")


def rate_words(per_day: float, say: Words) -> str:
    """Return how often a feed publishes, in whole entries a day, or a week where that is less than one."""
    if (daily := round(per_day)) >= 1:
        return say.many("about {count} entry a day", "about {count} entries a day", daily)
    if (weekly := round(per_day * _DAYS_OF_WEEK)) >= 1:
        return say.many("about {count} entry a week", "about {count} entries a week", weekly)
    return say("less than one entry a week")


def condition_of(feed: FeedState) -> Condition:
    """Return how a feed fares; it is the same at any time until it is asked again."""
    return health(feed, feed.next_poll_at).condition


def _added_words(own: GuildFeed, feed: FeedState, say: Words) -> str:
    by = say("Added here by {person} {ago}.", person=person_words(own.added_by, say), ago=ago_stamp(own.added_at))
    return by if feed.public else f"{by} {say('What it says is told in this server alone.')}"


def _facts(known: Health, say: Words) -> list[str]:
    """Return what is known of a feed, line by line."""
    read = ago_stamp(known.last_success_at) if known.last_success_at else say("never")
    lines = [f"**{say('Last read')}** {read}"]
    if known.next_poll_at is not None:
        hub = f" · {say('its hub tells us of changes')}" if known.told_by_hub else ""
        lines.append(f"**{say('Next look')}** {ago_stamp(known.next_poll_at)}{hub}")
    if known.per_day is not None:
        lines.append(f"**{say('Publishes')}** {rate_words(known.per_day, say)}")
    if known.moved_to is not None:
        lines.append(f"**{say('Moved to')}** {plain(known.moved_to, 150)}")
    return lines


def reason_of(known: Health, say: Words) -> str:
    """Return why the latest poll of a feed failed, as a part of a sentence."""
    return reason_words(known.reason, say) if known.reason else say("it does not answer")
