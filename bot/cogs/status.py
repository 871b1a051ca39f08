"""`/status` and `/help`."""

from __future__ import annotations

from typing import cast

import discord
from discord import app_commands, ui
from discord.ext import commands

from bot.cogs.base import ServiceCog, defer
from bot.render import Setting, ago_stamp
from bot.views import look
from bot.views.help import SUBJECTS, HelpView, Subject, entries_of, show, subject_called
from bot.words import Words, words_for
from watchers.audience import Guild
from watchers.model import Tally
from watchers.ports import UnitOfWork


class Status(ServiceCog):
    """How the bot is, and how to use it."""

    @app_commands.command()
    async def status(self, interaction: discord.Interaction) -> None:
        """Tell how many feeds are read, what is pending and what waits to be sent."""
        await defer(interaction)
        setting, guild_id = await self.setting(interaction), interaction.guild_id

        def look_up(work: UnitOfWork) -> tuple[Tally, Guild | None, int]:
            if guild_id is None:
                return work.tally(), None, 0
            return work.tally(guild_id), work.guilds.get(guild_id), len(work.subscriptions.of_guild(guild_id))

        tally, guild, orders = await self.services.store.look(look_up)
        counts = f"### 📈 {setting.say('Status')}\n{_counts(tally, setting.say)}"
        box: ui.Container[ui.LayoutView] = ui.Container(ui.TextDisplay(counts), accent_colour=look.BLUE)
        if guild is not None:
            box.add_item(ui.Separator())
            box.add_item(ui.TextDisplay(_of_server(guild, orders, setting)))
        view = ui.LayoutView(timeout=None)
        view.add_item(box)
        await interaction.followup.send(view=view, ephemeral=True)

    @app_commands.command(name="help")
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    @app_commands.allowed_installs(guilds=True, users=True)
    async def help_(self, interaction: discord.Interaction) -> None:
        """Explain what the bot does and which commands it knows."""
        await interaction.response.send_message(view=_page(interaction, SUBJECTS[0]), ephemeral=True)

    async def turn_to(self, interaction: discord.Interaction, subject: str) -> None:
        """Show a subject of the help in place of the present one."""
        await show(interaction, _page(interaction, subject_called(subject)))


def _page(interaction: discord.Interaction, subject: Subject) -> HelpView:
    entries = entries_of(cast("commands.Bot", interaction.client).tree, subject)
    return HelpView(subject, entries, interaction.application_id, words_for(interaction.locale.value))


def _counts(tally: Tally, say: Words) -> str:
    """Return the counts as lines; one that needs care carries an icon."""
    read = say("last read {ago}", ago=ago_stamp(tally.last_poll_at)) if tally.last_poll_at else say("none read yet")
    failing = say("none failing")
    if tally.feeds_failing:
        failing = f"🔴 {say.many('{count} failing', '{count} failing', tally.feeds_failing)}"
    return "\n".join(
        (
            f"**{say('Feeds')}** {say.number(tally.feeds)}, {failing}, {read}",
            f"**{say('Articles read')}** {say.number(tally.articles)}",
            f"**{say('Follow-ups pending')}** {say.number(tally.followups_pending)}",
            f"**{say('Alerts waiting to be sent')}** {say.number(tally.outbox_waiting)}",
        )
    )


def _of_server(guild: Guild, orders: int, setting: Setting) -> str:
    """Return what the server has settled."""
    say = setting.say
    notices = f"<#{guild.notices_channel_id}>" if guild.notices_channel_id else say("nowhere")
    raters = f"<@&{guild.rater_role_id}>" if guild.rater_role_id else say("those with *Manage Messages*")
    settling = say("settle by themselves") if guild.settles_itself else say("wait for a person")
    lines = [
        f"**{say('Subscriptions')}** {say.number(orders)}",
        f"**{say('Time zone')}** {setting.zone.key.replace('_', ' ')}",
        f"**{say('Raters')}** {raters}",
        f"**{say('Very sure outcomes')}** {settling}",
        f"**{say('Notices')}** {notices}",
    ]
    if guild.zone is None:
        lines.append(f"-# {say('`/setup` settles all of it in five steps.')}")
    return "\n".join((f"**{say('In this server')}**", *lines))
