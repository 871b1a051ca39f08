"""What those who manage a server should know: decided here, sent as any alert. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.words import marked, words_for
from config.problems import find_zone
from watchers.audience import FOR_MANAGERS, Alert, AlertForm, Delivery

_UTC = ZoneInfo("UTC")
WHAT_WAS_NOT_POSTED = marked("What I could not post is not lost: `/followups recent` lists it.")


def lacking_permission(delivery: Delivery, permissions: Sequence[str], now: datetime) -> Alert | None:
    """Return the notice that `delivery` could not be posted for want of permissions, named as Discord names them.

    There is one a day, by the server's calendar, for each channel. There is none where the server wants no notices,
    and none about a notice.
    """
    return _lacking(
        delivery,
        permissions,
        now,
        about="lacking",
        line=marked("I could not post in {channel}: I lack {permissions}."),
        so=WHAT_WAS_NOT_POSTED,
    )


def lacking_thread(delivery: Delivery, permissions: Sequence[str], now: datetime) -> Alert | None:
    """Return the notice that `delivery` stands in its channel for want of permissions to use a thread; as above."""
    return _lacking(
        delivery,
        permissions,
        now,
        about="threads",
        line=marked("I could not use a thread in {channel}: I lack {permissions}."),
        so=marked("Until then, what belongs in a thread stands in the channel itself."),
    )


def channel_gone(delivery: Delivery, now: datetime) -> Alert | None:
    """Return the notice that `delivery` could not be posted because its channel is there no more; as above."""
    say = words_for(delivery.guild.language if delivery.guild else None)
    lines = (
        say("I could not post in {channel}: that channel is gone.", channel=f"<#{delivery.alert.channel_id}>"),
        say("If I am to tell it elsewhere, subscribe another channel with `/subscribe`."),
        say(WHAT_WAS_NOT_POSTED),
    )
    return _notice(delivery, now, about="gone", lines=lines)


def _lacking(
    delivery: Delivery, permissions: Sequence[str], now: datetime, *, about: str, line: str, so: str
) -> Alert | None:
    say = words_for(delivery.guild.language if delivery.guild else None)
    names = say.all_of([f"**{say(name)}**" for name in permissions])
    lines = (
        say(line, channel=f"<#{delivery.alert.channel_id}>", permissions=names),
        say("Open *Edit Channel* → *Permissions*, add me, and allow what is named here."),
        say(so),
    )
    return _notice(delivery, now, about=about, lines=lines)


def _notice(delivery: Delivery, now: datetime, *, about: str, lines: Sequence[str]) -> Alert | None:
    alert, guild = delivery.alert, delivery.guild
    if guild is None or guild.notices_channel_id is None or alert.channel_id is None or alert.form in FOR_MANAGERS:
        return None
    zone = (find_zone(guild.zone) if guild.zone else None) or _UTC
    return Alert(
        key=f"notice:{about}:{alert.channel_id}:{now.astimezone(zone).date().isoformat()}",
        form=AlertForm.NOTICE,
        guild_id=guild.id,
        channel_id=guild.notices_channel_id,
        note="\n".join(lines),
    )
