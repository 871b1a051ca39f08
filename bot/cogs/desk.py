"""What all that answers the buttons of cards shares: who sees what, who may rate, and how an answer is given."""

from __future__ import annotations

from dataclasses import dataclass

import discord

from bot.cogs.base import ServiceCog
from bot.days import EXAMPLES, days_named
from bot.errors import Refusal
from bot.render import Setting, plain
from bot.views.card import CardView, DoneView, Reader
from bot.views.editing import edit_answer
from bot.views.look import BLUE
from bot.views.rating import LONGEST_DAY, CardButton, Deed, On, Press
from bot.views.scheduled import may_schedule
from bot.words import Words
from watchers.audience import Guild
from watchers.model import Interval
from watchers.ports import UnitOfWork
from watchers.rating import Case

_BESIDE_THE_CARD = {Deed.OPEN, Deed.SOURCES, Deed.SCHEDULE, Deed.DATE}
"""What leaves the card as it is and is answered in a message of its own."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A follow-up as the person who pressed a button may see it."""

    case: Case
    setting: Setting
    reader: Reader
    guild: Guild | None


class CardDesk(ServiceCog):
    """A cog that answers for follow-ups as somebody in a server sees them."""

    async def _seen(self, interaction: discord.Interaction, followup_id: int) -> Seen:
        """Return a follow-up as this person may see it; raise `Refusal` where there is none."""
        guild_id, user_id = interaction.guild_id, interaction.user.id

        def look(work: UnitOfWork) -> tuple[Case | None, Guild | None, bool]:
            found = work.cases.of(guild_id, [followup_id], user_id=user_id)
            if guild_id is None:
                return next(iter(found), None), None, False
            watches = user_id in work.cases.watchers(guild_id, followup_id)
            return next(iter(found), None), work.guilds.get(guild_id), watches

        case, guild, watches = await self.services.store.look(look)
        setting = self.services.setting(guild, interaction.locale.value)
        if case is None:
            message = setting.say("There is no follow-up {number} any more.", number=f"`#{followup_id}`")
            raise Refusal(message)
        reader = Reader(
            in_server=guild is not None,
            may_rate=guild is not None and may_rate(interaction, guild),
            may_schedule=guild is not None and may_schedule(interaction.permissions),
            watches=watches,
            user_id=user_id,
        )
        return Seen(case, setting, reader, guild)

    async def _must_rate(self, interaction: discord.Interaction, press: Press) -> int:
        """Return the server somebody rates for; raise `Refusal` where they may not, or where there is none."""
        guild_id = interaction.guild_id
        if guild_id is None:
            return await self._no_server(interaction)
        seen = await self._seen(interaction, press.followup_id)
        if not seen.reader.may_rate:
            raise Refusal(who_may(seen.guild, seen.setting.say))
        return guild_id

    async def _no_server(self, interaction: discord.Interaction) -> int:
        """Say kindly that this belongs to a server."""
        say = (await self.setting(interaction)).say
        message = say(
            "How a follow-up ended is for a server to say, where everybody sees it: open its card there with "
            "`/followups show`. `/remind` works here too."
        )
        raise Refusal(message)

    async def _done(
        self,
        interaction: discord.Interaction,
        press: Press,
        seen: Seen,
        text: str,
        *buttons: CardButton,
        colour: int = BLUE,
    ) -> None:
        """Show what was done: a card shows it itself, whoever pressed a button of an alert is told alone."""
        if press.on is On.CARD:
            await edit_answer(interaction, card(seen))
        else:
            back = CardButton(Press(Deed.OPEN, seen.case.followup.id, On.ALERT), seen.setting.say)
            await interaction.followup.send(view=DoneView(text, colour, *buttons, back), ephemeral=True)


def may_rate(interaction: discord.Interaction, guild: Guild) -> bool:
    """Whether somebody may rate for their server: with Manage Messages, or with the role that the server named."""
    if interaction.permissions.manage_messages or interaction.permissions.administrator:
        return True
    member, role_id = interaction.user, guild.rater_role_id
    return isinstance(member, discord.Member) and role_id is not None and member.get_role(role_id) is not None


def who_may(guild: Guild | None, say: Words) -> str:
    """Return who may rate, for somebody who may not."""
    role_id = guild.rater_role_id if guild else None
    if role_id is None:
        return say("That is for those with the **Manage Messages** permission in this server.")
    return say(
        "That is for those with the **Manage Messages** permission in this server, or the role {role}.",
        role=f"<@&{role_id}>",
    )


def card(seen: Seen) -> CardView:
    """Return the card that this person sees."""
    return CardView(seen.case, seen.setting, seen.reader)


async def acknowledge(interaction: discord.Interaction, press: Press) -> None:
    """Tell Discord at once, before the store is asked, that an answer is coming: in the card, or to the person."""
    if press.on is On.CARD and press.deed not in _BESIDE_THE_CARD:
        await interaction.response.defer()
    else:
        await interaction.response.defer(ephemeral=True, thinking=True)


def days_typed(typed: str, seen: Seen, *, since: bool) -> Interval:
    """Return the days that were typed, counted from today or from the day it was said (`since`).

    Raise `Refusal` with examples where they are not understood.
    """
    say, said_on = seen.setting.say, seen.case.followup.said_on
    anchor = said_on if since else seen.setting.today
    found = days_named(typed, anchor)
    if found is None:
        message = say(
            "I do not understand “{words}” as a day from {day} on. Try {examples}.",
            words=plain(typed, LONGEST_DAY),
            day=say.day(anchor),
            examples=EXAMPLES,
        )
        raise Refusal(message)
    # "By 9 May" bounds it from when it was said, however late that is typed.
    return Interval(min(found.first, said_on), found.last) if found.first <= anchor else found
