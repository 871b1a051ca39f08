"""Follow-ups as scheduled events of a server."""

from __future__ import annotations

import asyncio
from datetime import datetime, time, timedelta

import discord

from bot.errors import Refusal
from bot.render import Setting, bare, in_quotes, plain, safe_link
from bot.views.card import is_schedulable
from watchers.model import Interval
from watchers.rating import Case

_NAME_LIMIT = 100
_LOCATION_LIMIT = 100
_QUOTE_LENGTH = 250
_SOONEST = timedelta(minutes=5)
"""Discord takes no event that has begun already."""
_one_at_a_time = asyncio.Lock()


def may_schedule(permissions: discord.Permissions) -> bool:
    """Whether these permissions let one make events."""
    return permissions.administrator or permissions.manage_events or permissions.create_events


async def add_event(interaction: discord.Interaction, case: Case, setting: Setting, now: datetime) -> str:
    """Make a follow-up an event of the server the button was pressed in; return what to say of it.

    Where one is there already, nothing is added. Raise `Refusal` where the person or the bot may not, or where the
    follow-up is no event with a day to come.
    """
    say, guild = setting.say, interaction.guild
    if guild is None or not may_schedule(interaction.permissions):
        message = say("You need the **Manage Events** permission in this server for that.")
        raise Refusal(message)
    if not may_schedule(interaction.app_permissions):
        message = say(
            "I need the **Create Events** permission in this server for that: its managers can give it to me."
        )
        raise Refusal(message)
    if case.due is None or not is_schedulable(case, setting):
        message = say("Only an event with a day to come can stand among the server's events.")
        raise Refusal(message)
    async with _one_at_a_time:
        known = await _known(guild, case)
        if known is not None:
            return f"📅 {say('It stands among the server’s events already: {link}', link=known.url)}"
        start, end = _hours(case, case.due, setting, now)
        try:
            made = await guild.create_scheduled_event(
                name=_name(case),
                description=_description(case),
                start_time=start,
                end_time=end,
                entity_type=discord.EntityType.external,
                privacy_level=discord.PrivacyLevel.guild_only,
                location=say("see the sources")[:_LOCATION_LIMIT],
            )
        except discord.Forbidden as error:
            message = say("Discord does not let me make events here: give me the **Create Events** permission.")
            raise Refusal(message) from error
    return f"📅 {say('Added to the server’s events: {link}', link=made.url)}"


async def _known(guild: discord.Guild, case: Case) -> discord.ScheduledEvent | None:
    """Return the server's event of a follow-up, told by the mark at its end; None where there is none."""
    mark = _mark(case)
    events = await guild.fetch_scheduled_events(with_counts=False)
    return next((one for one in events if (one.description or "").endswith(mark)), None)


def _mark(case: Case) -> str:
    return f"Aide-Mémoire #{case.followup.id}"


def _hours(case: Case, due: Interval, setting: Setting, now: datetime) -> tuple[datetime, datetime]:
    """Return from when to when it is shown: its whole days, in the server's zone."""
    first = due.last if due.first <= case.followup.said_on else due.first
    start = max(datetime.combine(first, time(0), setting.zone), now + _SOONEST)
    end = datetime.combine(due.last + timedelta(days=1), time(0), setting.zone)
    return start, max(end, start + _SOONEST)


def _name(case: Case) -> str:
    speaker = f"{case.followup.speaker}: " if case.followup.speaker else ""
    return bare(f"{speaker}{case.followup.quote}", _NAME_LIMIT)


def _description(case: Case) -> str:
    """Return the quote, the first source and the mark by which the event is found again; at most 1,000 characters."""
    followup = case.followup
    link = safe_link(followup.tellings[0].url, 300)
    source = plain(followup.tellings[0].outlet, 40) + (f": {link}" if link else "")
    return f"{in_quotes(plain(followup.quote, _QUOTE_LENGTH))}\n\n{source}\n\n{_mark(case)}"
