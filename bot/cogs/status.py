"""`/status` and `/help`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import cast

import discord
from discord import app_commands, ui
from discord.ext import commands

from bot.cogs.base import ServiceCog, defer
from bot.cogs.permissions import PostingPlace, missing_in
from bot.given_up import why_in_words
from bot.render import Setting, ago_stamp
from bot.views import look
from bot.views.help import SUBJECTS, HelpView, Subject, entries_of, show, subject_called
from bot.words import Words, words_for
from watchers.audience import Guild
from watchers.model import GivenUp, Tally
from watchers.ports import UnitOfWork

_A_WEEK = timedelta(days=7)
_WORTH_TELLING = timedelta(minutes=5)


class Status(ServiceCog):
    """How the bot is, and how to use it."""

    @app_commands.command()
    async def status(self, interaction: discord.Interaction) -> None:
        """Tell how the feeds fare, what is pending, what waits to be sent here and what could not be."""
        await defer(interaction)
        setting, guild_id, now = await self.setting(interaction), interaction.guild_id, self.services.clock.now()

        def look_up(work: UnitOfWork) -> tuple[Tally, Guild | None, int, Sequence[GivenUp]]:
            if guild_id is None:
                return work.tally(), None, 0, ()
            orders = len(work.subscriptions.of_guild(guild_id))
            return work.tally(guild_id), work.guilds.get(guild_id), orders, work.given_up(guild_id, now - _A_WEEK)

        tally, guild, orders, given_up = await self.services.store.look(look_up)
        counts = f"### 📈 {setting.say('Status')}\n{_counts(tally, now, setting.say)}"
        box: ui.Container[ui.LayoutView] = ui.Container(ui.TextDisplay(counts), accent_colour=look.BLUE)
        if given_up:
            box.add_item(ui.Separator())
            box.add_item(ui.TextDisplay(_of_given_up(given_up, interaction.guild, setting.say)))
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


def _counts(tally: Tally, now: datetime, say: Words) -> str:
    """Return the counts as lines; one that needs care carries an icon."""
    read = say("last read {ago}", ago=ago_stamp(tally.last_poll_at)) if tally.last_poll_at else say("none read yet")
    failing = say("none failing")
    if tally.feeds_failing:
        failing = f"🔴 {say.many('{count} failing', '{count} failing', tally.feeds_failing)}"
    lines = [f"**{say('Feeds')}** {say.number(tally.feeds)}, {failing}, {read}"]
    if tally.next_poll_at is not None and (late := now - tally.next_poll_at) > _WORTH_TELLING:
        behind = int(late.total_seconds() // 60)
        told = say.many("Reading is {count} minute behind.", "Reading is {count} minutes behind.", behind)
        lines.append(f"🟡 {told}")
    lines.append(f"**{say('Follow-ups pending')}** {say.number(tally.followups_pending)}")
    waiting = f"**{say('Alerts waiting to be sent')}** {say.number(tally.outbox_waiting)}"
    if tally.outbox_since is not None and now - tally.outbox_since > _WORTH_TELLING:
        waiting += f", 🟡 {say('the oldest was due {ago}', ago=ago_stamp(tally.outbox_since))}"
    return "\n".join((*lines, waiting))


def _of_given_up(given_up: Sequence[GivenUp], server: discord.Guild | None, say: Words) -> str:
    """Return what could not be sent, where and why."""
    lines = [f"**{say('Could not be sent in the last seven days')}**"]
    for each in given_up:
        channel = server.get_channel_or_thread(each.channel_id) if server and each.channel_id else None
        missing = missing_in(channel) if isinstance(channel, PostingPlace) else ("View Channel",)
        lines.append(
            "🔴 "
            + say.many(
                "{count} alert in {channel}: {reason}",
                "{count} alerts in {channel}: {reason}",
                each.count,
                channel=f"<#{each.channel_id}>",
                reason=why_in_words(each, missing, say),
            )
        )
    return "\n".join(lines)


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
