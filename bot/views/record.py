"""A record as Discord shows it: its numbers as short lines, its chart, and the way to the list as a file."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Protocol, Self, cast

import discord
from discord import ui
from discord.ext import commands

from bot.errors import answered
from bot.render import Setting, plain
from bot.views.lasting import OfItsId
from bot.views.look import SLATE, STANDING_ICONS, STANDING_NAMES, STATUS_NAMES, standing_name, status_name
from bot.views.seeing import Attached
from bot.words import Words
from watchers.model import Kind, Status
from watchers.rating import Case, Outcome
from watchers.record import ENOUGH, SETTLED, Record, RecordWish, Share, Standing, entry_of

KEEPER = "Records"
"""The cog that answers the button."""
_NAMES_SHOWN = 4
_CUSTOM_ID_LIMIT = 100


class RecordKeeper(Protocol):
    """What gives out the list behind a record: the cog."""

    async def hand_out(self, interaction: discord.Interaction, filter_: str) -> None:
        """Answer a deferred press with the list as a file."""


class RecordFileButton(OfItsId, ui.DynamicItem[ui.Button[ui.LayoutView]], template=r"record:csv:(?s:(.*))"):
    """The button that gives the list behind a record as a table. What is wanted stands in its id."""

    def __init__(self, filter_: str, label: str) -> None:
        """Make the button for a record of this filter."""
        custom_id = f"record:csv:{filter_}"[:_CUSTOM_ID_LIMIT]
        super().__init__(ui.Button(label=label, emoji="📦", custom_id=custom_id))
        self._filter = filter_

    @classmethod
    def of_id(cls, match: re.Match[str]) -> Self:
        """Rebuild the button from its id."""
        return cls(match[1], "…")

    async def callback(self, interaction: discord.Interaction) -> None:
        """Have the cog hand out the list."""
        async with answered(interaction):
            await interaction.response.defer(ephemeral=True, thinking=True)
            keeper = cast("RecordKeeper", cast("commands.Bot", interaction.client).get_cog(KEEPER))
            await keeper.hand_out(interaction, self._filter)


class RecordView(ui.LayoutView):
    """The numbers, the picture of them, and the button below it."""

    def __init__(self, heading: str, lines: str, small: str, picture: Attached, button: RecordFileButton) -> None:
        """Lay out a record; every text is ready for Discord, and the picture is sent with the message."""
        super().__init__(timeout=None)
        box: ui.Container[RecordView] = ui.Container(ui.TextDisplay(f"### {heading}\n{lines}"), accent_colour=SLATE)
        box.add_item(ui.Separator())
        box.add_item(ui.TextDisplay(small))
        self.add_item(box)
        # In no container, whose margins would make it a tenth smaller on a phone; it brings its own ground and frame.
        self.add_item(ui.MediaGallery(discord.MediaGalleryItem(picture, description=picture.description)))
        self.add_item(ui.ActionRow(button))


def number_lines(record: Record, say: Words) -> str:
    """Return the numbers that people's ratings make, the one that matters most first."""
    whole = record.whole
    said = say.many("{count} with a date", "{count} with a date", whole.said)
    settled = say.many("{count} settled", "{count} settled", whole.settled)
    lines = [f"**{said}** · **{settled}**", _shares(record, say), _counts(record, SETTLED, say)]
    unended = _counts(record, (Standing.MOVED, Standing.OPEN), say)
    past = say.many("{count} is past its last day", "{count} are past their last day", record.overdue)
    lines.append(" · ".join(part for part in (unended, past if record.overdue else "") if part))
    lines.append(_delay(record, say))
    return "\n".join(line for line in lines if line)


def small_lines(record: Record, wanted: RecordWish, say: Words, *, rated: bool) -> str:
    """Return in small print what one must know before one quotes a record; `rated`: as a server rated it."""
    return "\n".join(f"-# {line}" for line in _notes(record, wanted, say, rated=rated))


def stands_in_words(case: Case, setting: Setting) -> str:
    """Return how a case counts, for its line in the list; one not rated and past its last day is overdue."""
    entry = entry_of(case)
    standing = Standing.OPEN if entry is None else entry.standing
    if standing is Standing.OPEN and case.status_on(setting.today) is Status.OVERDUE:
        return status_name(Status.OVERDUE, setting.say)
    return standing_name(standing, setting.say)


def _shares(record: Record, say: Words) -> str:
    kept, on_time = record.whole.share_kept, record.whole.share_on_time
    if kept is None or on_time is None:
        few = say("Too few are settled for a percentage: I give one from {count} on.", count=ENOUGH)
        return f"⚠️ {few}"
    return f"{say('Kept')} {_share(kept, say)}\n{say(STANDING_NAMES[Standing.KEPT])} {_share(on_time, say)}"


def _share(share: Share, say: Words) -> str:
    return say(
        "**{part}** · {count} of {of} · 95%: {low}–{high}",
        part=say.percent(share.part),
        count=say.number(share.count),
        of=say.number(share.of),
        low=say.number(round(100 * share.low)),
        high=say.percent(share.high),
    )


def _counts(record: Record, standings: tuple[Standing, ...], say: Words) -> str:
    there = [one for one in standings if record.whole[one]]
    return " · ".join(f"{standing_name(one, say)} **{say.number(record.whole[one])}**" for one in there)


def _delay(record: Record, say: Words) -> str:
    """Return what is known of moves and delays."""
    moved = say.many("{count} moved at least once", "{count} moved at least once", record.moved_at_all)
    parts = [moved] if record.moved_at_all else []
    if record.median_delay is not None:
        days = say.many("{count} day", "{count} days", record.median_delay)
        known, of = say.number(len(record.delays)), say.number(record.delayed)
        told = say("median delay **{days}** (known of {known} of {of} late or moved)", days=days, known=known, of=of)
        parts.append(told)
    return f"{STANDING_ICONS[Standing.LATE]} {' · '.join(parts)}" if parts else ""


def _notes(record: Record, wanted: RecordWish, say: Words, *, rated: bool) -> Iterator[str]:
    if record.whole.share_kept is not None:
        yield say("95%: Wilson's interval, in which the true share lies nineteen times in twenty.")
    own, others = record.kinds[Kind.COMMITMENT], record.kinds[Kind.DEADLINE]
    if others.said:
        numbers = {"kept": own.kept, "settled": own.settled, "met": others.kept, "ended": others.settled}
        yield say(
            "Commitments: {kept} of {settled} settled kept. Deadlines: {met} of {ended} settled met, often by others.",
            **{hole: say.number(number) for hole, number in numbers.items()},
        )
    if record.suggested:
        yield f"🔎 {say('The news suggests, and nobody has confirmed')}: {_outcomes(record.suggested, say)}"
    if record.by_ourselves:
        yield f"🤖 {say('Settled by themselves, confirmed by nobody')}: {_outcomes(record.by_ourselves, say)}"
    if wanted.country is not None:
        yield say("All that concerns the country, whoever said it.")
    elif len(record.speakers) > 1:
        yield f"⚠️ {say('These words fit several names')}: {_names(record, say)}"
    if record.left_out:
        yield say.many(
            "Only the latest count: {count} earlier one is left out.",
            "Only the latest count: {count} earlier ones are left out.",
            record.left_out,
        )
    yield (
        say("As rated by people in this server; silence settles nothing.")
        if rated
        else say("Ratings are a server's own: outside servers nothing is settled.")
    )


def _outcomes(counted: Mapping[Outcome, int], say: Words) -> str:
    return ", ".join(f"{say(STATUS_NAMES[outcome])} {say.number(count)}" for outcome, count in counted.items())


def _names(record: Record, say: Words) -> str:
    shown = [(name or "", count) for name, count in record.speakers.items()][:_NAMES_SHOWN]
    words = [f"{plain(name, 60)} ({say.number(count)})" for name, count in shown]
    more = len(record.speakers) - len(shown)
    return " · ".join([*words, *([say.many("and {count} more", "and {count} more", more)] if more else [])])
