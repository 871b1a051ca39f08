"""`/timezone`: what somebody has settled for themselves."""

from __future__ import annotations

from dataclasses import replace

import discord
from discord import app_commands

from bot.cogs.base import LONGEST_ZONE, ServiceCog, choices, defer, zone_meant
from bot.words import Words, words_for
from bot.zones import likely_zones, local_time, zone_called, zones_like
from watchers.audience import Person
from watchers.ports import UnitOfWork

_NO_ZONE_OF_ONES_OWN = "server"


class People(ServiceCog):
    """What is somebody's own."""

    @app_commands.command()
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    @app_commands.allowed_installs(guilds=True, users=True)
    @app_commands.describe(zone="A city, the name of a zone, or its distance from UTC such as +2")
    async def timezone(
        self, interaction: discord.Interaction, zone: app_commands.Range[str, 1, LONGEST_ZONE] | None = None
    ) -> None:
        """Show or choose the time zone in which your own reminders are read."""
        await defer(interaction)
        say, user_id, now = words_for(interaction.locale.value), interaction.user.id, self.services.clock.now()
        if zone is None:
            person = await self.services.store.look(lambda work: work.guilds.person(user_id))
            await interaction.followup.send(self._shown(person, say), ephemeral=True)
            return
        name = None if zone == _NO_ZONE_OF_ONES_OWN else zone_meant(zone_called(zone, now), zone, say)

        def settle(work: UnitOfWork) -> Person:
            person = replace(work.guilds.person(user_id), zone=name)
            work.guilds.put_person(person)
            return person

        person = await self.services.store.transact(settle)
        await interaction.followup.send(f"✅ {self._shown(person, say)}", ephemeral=True)

    @timezone.autocomplete("zone")
    async def offer_zones(self, interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        """Offer the zones that fit what has been typed, and to have none of one's own."""
        say, now = words_for(interaction.locale.value), self.services.clock.now()
        here = interaction.guild_locale.value if interaction.guild_locale else "en"
        found = zones_like(typed, now) if typed.strip() else likely_zones(interaction.locale.value, here)
        named = [(f"{name.replace('_', ' ')} · {local_time(name, now, say)}", name) for name in found]
        none = (say("None of my own: as the server has it"), _NO_ZONE_OF_ONES_OWN)
        return choices([*([] if typed.strip() else [none]), *named])

    def _shown(self, person: Person, say: Words) -> str:
        """Say which zone somebody has chosen, and what that is for."""
        if person.zone is None:
            return say("You have no time zone of your own: your reminders are read in that of the server you are in.")
        clock = local_time(person.zone, self.services.clock.now(), say)
        name = person.zone.replace("_", " ")
        return say("Your time zone is **{zone}** ({clock}). Your reminders are read in it.", zone=name, clock=clock)
