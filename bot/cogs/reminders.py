"""`/remind`: a person's own reminder, by direct message."""

from __future__ import annotations

from datetime import datetime, timedelta

import discord
from discord import app_commands

from bot.cogs.base import ServiceCog, choices, defer
from bot.cogs.followups import case_called, case_choices
from bot.errors import Refusal
from bot.render import moment_stamp, plain
from bot.when import PRESETS_FOR_A_DUE_DAY, PRESETS_FOR_ANYTHING, moment_named
from watchers.audience import Reminder
from watchers.ports import UnitOfWork
from watchers.rating import Case

MOST_OPEN_REMINDERS = 25
_FURTHEST = timedelta(days=5 * 366)
_LONGEST_NOTE = 300
_LONGEST_WHEN = 60


class Reminders(ServiceCog):
    """Reminders for one person."""

    @app_commands.command()
    @app_commands.describe(
        when="“tomorrow 9:00”, “in 3 days”, “9 May 14:00”; with a follow-up also “two days before”",
        followup="The follow-up it is about; type a word of it",
        note="What to remind you of, in your own words",
    )
    async def remind(
        self,
        interaction: discord.Interaction,
        when: app_commands.Range[str, 1, _LONGEST_WHEN],
        followup: str | None = None,
        note: app_commands.Range[str, 1, _LONGEST_NOTE] | None = None,
    ) -> None:
        """Have me remind you by direct message."""
        await defer(interaction)
        if followup is None and note is None:
            message = "What shall I remind you of? Choose a `followup` or write a `note`."
            raise Refusal(message)
        about = None if followup is None else await case_called(self.services, interaction.guild_id, followup)
        fires_at = self._moment(when, about)
        await self._store(
            interaction,
            Reminder(
                key=f"personal:{interaction.user.id}:{interaction.id}",
                fires_at=fires_at,
                followup_id=None if about is None else about.followup.id,
                user_id=interaction.user.id,
                note=note,
            ),
        )
        subject = f" about `#{about.followup.id}`" if about else ""
        own_words = f"\n> {plain(note)}" if note else ""
        await interaction.followup.send(
            f"📌 I will send you a direct message{subject} on {moment_stamp(fires_at)}.{own_words}", ephemeral=True
        )

    @remind.autocomplete("when")
    async def offer_moments(self, interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        """Offer moments, those counted from the due day only where a follow-up has been chosen."""
        about = getattr(interaction.namespace, "followup", None)
        presets = (*(PRESETS_FOR_A_DUE_DAY if about else ()), *PRESETS_FOR_ANYTHING)
        wanted = typed.strip()
        own = [wanted[:_LONGEST_WHEN]] if wanted and wanted not in presets else []
        fitting = [preset for preset in presets if wanted.casefold() in preset]
        return choices([(words, words) for words in (*own, *fitting)])

    @remind.autocomplete("followup")
    async def offer_followups(self, interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        """Offer the pending follow-ups that fit what has been typed."""
        return await case_choices(self.services, interaction.guild_id, typed)

    def _moment(self, when: str, about: Case | None) -> datetime:
        """Return the instant that was named; raise `Refusal` where it is not understood, past or too far off."""
        now = self.services.clock.now()
        last_day = about.due.last if about and about.due else None
        moment = moment_named(when, last_day=last_day, at=self.services.at, now=now)
        if moment is None:
            counted = ", “two days before”" if last_day else ""
            message = (
                f"I do not understand “{plain(when)}”. Try “in 3 days”, “tomorrow 9:00”, “9 May 14:00”, “Friday”"
                f"{counted}. I read times in {self.services.at.zone.key}."
            )
            raise Refusal(message)
        if moment <= now:
            message = f"“{plain(when)}” has passed already: that was {moment_stamp(moment)}."
            raise Refusal(message)
        if moment - now > _FURTHEST:
            message = f"“{plain(when)}” is too far off: I remember reminders for five years."
            raise Refusal(message)
        return moment

    async def _store(self, interaction: discord.Interaction, reminder: Reminder) -> None:
        """Store a reminder; raise `Refusal` where the person has as many open ones as they may."""
        user_id = interaction.user.id

        def work(unit: UnitOfWork) -> bool:
            room = len(unit.reminders.of_user(user_id)) < MOST_OPEN_REMINDERS
            if room:
                unit.reminders.plan([reminder])
            return room

        if not await self.services.store.transact(work):
            message = f"You have {MOST_OPEN_REMINDERS} open reminders, and that is as many as I keep for one person."
            raise Refusal(message)
