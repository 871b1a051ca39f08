"""Follow-ups that moderators split and join: below all reports of a card."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import partial

import discord

from bot.cogs.base import ServiceCog
from bot.cogs.desk import may_rate, who_may
from bot.errors import Refusal
from bot.render import Setting, in_quotes, plain
from bot.views.card import DoneView
from bot.views.joining import RejoinButton
from bot.views.look import BLUE
from bot.views.rating import CardButton, Deed, On, OneField, Press
from watchers.audit import Change
from watchers.joining import Parted, join, split
from watchers.model import FollowUp
from watchers.ports import UnitOfWork

_NUMBER = re.compile(r"#\s*(\d{1,18})\b|^\s*(\d{1,18})\s*$")
_LONGEST = 200
_QUOTED = 140


class Joining(ServiceCog):
    """The editor of follow-ups (`bot.views.joining.Editor`).

    Every server sees the same follow-ups, so one that others know as well is changed only by servers that the operator
    named.
    """

    async def part(self, interaction: discord.Interaction, followup_id: int, report_ids: Sequence[int]) -> None:
        """Make some reports of a follow-up one of their own, and offer to take that back."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        guild_id, setting = await self._editing(interaction)
        say, by, now = setting.say, interaction.user.id, self.services.clock.now()

        def work(unit: UnitOfWork) -> Parted | None:
            if not self._changeable(unit, guild_id, followup_id, setting=setting):
                return None
            parts = split(unit, followup_id, report_ids, guild_id=guild_id, by=by, now=now)
            if parts is not None:
                facts = {"followup": parts.kept.id, "other": parts.new.id}
                unit.changes.note(guild_id, by, Change.SPLIT, facts, now)
            return parts

        parts = await self.services.store.transact(work)
        if parts is None:
            number = f"`#{followup_id}`"
            message = say(
                "These reports cannot be split off any more: open all reports of {number} anew.", number=number
            )
            raise Refusal(message)
        text = say.many(
            "{count} report is now {number}, a follow-up of its own.",
            "{count} reports are now {number}, a follow-up of their own.",
            len(parts.new.tellings),
            number=f"`#{parts.new.id}`",
        )
        buttons = (RejoinButton(parts.kept.id, parts.new.id, say), _card_button(parts.new, setting))
        await interaction.followup.send(view=_done(f"✂️ {text}", parts.new, *buttons), ephemeral=True)

    async def ask_same(self, interaction: discord.Interaction, followup_id: int) -> None:
        """Ask for the number of the follow-up that is the same."""
        _, setting = await self._editing(interaction)
        say = setting.say
        form = OneField(
            say("Same as another follow-up"),
            say("The number of the other"),
            say("Both become one, with the reports of both, under the older number."),
            partial(self._join_typed, followup_id=followup_id),
            longest=_LONGEST,
            example="#12",
        )
        await interaction.response.send_modal(form)

    async def _join_typed(self, interaction: discord.Interaction, typed: str, *, followup_id: int) -> None:
        """Join with the follow-up whose number was typed, alone or at the end of its heading."""
        found = _NUMBER.search(typed)
        if found is None:
            await interaction.response.defer(ephemeral=True, thinking=True)
            say = (await self.setting(interaction)).say
            words = plain(typed, 60)
            message = say("I find no number in “{words}”. Its card ends with one, such as `#12`.", words=words)
            raise Refusal(message)
        await self.join(interaction, followup_id, int(found[1] or found[2]))

    async def join(self, interaction: discord.Interaction, one: int, other: int) -> None:
        """Make two follow-ups one, and show how to split them again."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        guild_id, setting = await self._editing(interaction)
        say, by, now = setting.say, interaction.user.id, self.services.clock.now()

        def work(unit: UnitOfWork) -> FollowUp | None:
            known = self._changeable(unit, guild_id, one, other, setting=setting)
            joined = join(unit, one, other, now) if len(known) > 1 else None
            if joined is not None:
                facts = {"followup": joined.id, "other": max(each.id for each in known)}
                unit.changes.note(guild_id, by, Change.JOINED, facts, now)
            return joined

        joined = await self.services.store.transact(work)
        if joined is None:
            numbers = {"one": f"`#{one}`", "other": f"`#{other}`"}
            message = say("{one} and {other} are one already, or one of them is not there.", **numbers)
            raise Refusal(message)
        count = say.many("{count} report", "{count} reports", len(joined.tellings))
        text = say("They are one now: {number}, with {reports}.", number=f"`#{joined.id}`", reports=count)
        reports = CardButton(Press(Deed.SOURCES, joined.id, On.ALERT), say)
        done = _done(f"🔗 {text}", joined, reports, _card_button(joined, setting))
        await interaction.followup.send(view=done, ephemeral=True)

    async def _editing(self, interaction: discord.Interaction) -> tuple[int, Setting]:
        """Return the server somebody edits for, and its setting; raise `Refusal` where they may not, or it is none."""
        guild = await self.guild(interaction)
        setting = self.services.setting(guild, interaction.locale.value)
        if guild is None:
            message = setting.say("Splitting and joining is for the moderators of a server.")
            raise Refusal(message)
        if not may_rate(interaction, guild):
            raise Refusal(who_may(guild, setting.say))
        return guild.id, setting

    def _changeable(self, work: UnitOfWork, guild_id: int, *followup_ids: int, setting: Setting) -> Sequence[FollowUp]:
        """Return those of these that this server sees.

        Raise `Refusal` where other servers know one of them as well, unless the operator named this one, and where
        they are not heard by the same servers.
        """
        known = [case.followup for case in work.cases.of(guild_id, followup_ids)]
        for followup in known if guild_id not in self.services.editors else ():
            if work.joining.servers(followup.id) - {guild_id}:
                message = setting.say(
                    "Other servers know {number} too, so it is not for one of them to change. Whoever runs me can.",
                    number=f"`#{followup.id}`",
                )
                raise Refusal(message)
        if len({followup.feed_id for followup in known}) > 1:
            message = setting.say(
                "They cannot be one: what a feed says that this server added is for this server alone."
            )
            raise Refusal(message)
        return known


def _card_button(followup: FollowUp, setting: Setting) -> CardButton:
    return CardButton(Press(Deed.OPEN, followup.id, On.ALERT), setting.say)


def _done(text: str, followup: FollowUp, *buttons: RejoinButton | CardButton) -> DoneView:
    """Return what was done, with the words of what came of it."""
    return DoneView(f"{text}\n> {in_quotes(plain(followup.quote, _QUOTED))}", BLUE, *buttons)
