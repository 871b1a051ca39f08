"""`/status` and `/help`."""

from __future__ import annotations

import discord
from discord import app_commands, ui

from bot.cogs.base import ServiceCog, defer
from bot.render import ago_stamp
from watchers.model import Tally

_BLUE = 0x3B82F6
_HELP = (
    """\
I read the news for what governments, envoys and organisations say will happen by a time: deadlines, commitments, \
planned events, expectations. I post each once, with every outlet that reports it, and remind you when it falls due.""",
    """\
**Set up** (needs Manage Server)
`/subscribe` has a channel follow a topic
`/subscriptions` lists what is followed here
`/unsubscribe` ends it
`/topics create`, `/topics edit`, `/topics delete` write this server's own topics, `/topics test` tries a query""",
    """\
**Look things up**
`/followups pending` lists what is still to come, soonest first; `/followups due` this week's, `/followups overdue` \
what is past, `/followups recent` the newest, `/followups settled` what was rated
`/followups search` looks for words in all of it
`/followups show` shows one with all its sources
`/topics list` shows the topics, `/feeds list` what I read, `/status` how I am""",
    """\
**See and take along**
`/timeline` draws the coming weeks, `/export` gives a table or JSON
`/calendar file` gives an .ics file, `/calendar subscribe` an address for your calendar, `/calendar revoke` ends it""",
    """\
**For yourself**
`/remind` sends you a direct message: “two days before”, “tomorrow 9:00”, “9 May 14:00”, “every Monday 9:00”
`/reminders` lists your own, to change or cancel them
`/scan` finds deadlines in a text or an article, and *Find deadlines* in any message (its menu, under Apps)""",
)


class Status(ServiceCog):
    """How the bot is, and how to use it."""

    @app_commands.command()
    async def status(self, interaction: discord.Interaction) -> None:
        """Tell how many feeds are read, what is pending and what waits to be sent."""
        await defer(interaction)
        tally = await self.services.store.look(lambda work: work.tally())
        await interaction.followup.send(view=_box("### 📈 Status", _counts(tally)), ephemeral=True)

    @app_commands.command(name="help")
    async def help_(self, interaction: discord.Interaction) -> None:
        """Explain what the bot does and which commands it knows."""
        await interaction.response.send_message(view=_box("### 👋 Aide-Mémoire", *_HELP), ephemeral=True)


def _counts(tally: Tally) -> str:
    """Return the counts as lines; one that needs care carries an icon."""
    read = f"last read {ago_stamp(tally.last_poll_at)}" if tally.last_poll_at else "none read yet"
    failing = f"🔴 {tally.feeds_failing} failing" if tally.feeds_failing else "none failing"
    return (
        f"**Feeds** {tally.feeds}, {failing}, {read}\n"
        f"**Articles read** {tally.articles:,}\n"
        f"**Follow-ups pending** {tally.followups_pending:,}\n"
        f"**Subscriptions** {tally.subscriptions:,}\n"
        f"**Alerts waiting to be sent** {tally.outbox_waiting:,}"
    )


def _box(*texts: str) -> ui.LayoutView:
    """Return texts in a frame."""
    view = ui.LayoutView(timeout=None)
    view.add_item(ui.Container(*(ui.TextDisplay(text) for text in texts), accent_colour=_BLUE))
    return view
