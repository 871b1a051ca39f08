"""The messages that tell of follow-ups: said, reminder, overdue, digest, personal."""

from __future__ import annotations

from types import SimpleNamespace
from typing import cast

import discord
from discord import ui

from bot import render
from bot.render import Setting
from bot.views.notice import NoticeView
from watchers.audience import Alert, AlertForm, Delivery, Section
from watchers.digests import MOST_CASES
from watchers.model import Status
from watchers.rating import Case

_SOURCE_ROOM = 1400
_TEXT_ROOM = render.TEXT_LIMIT - 100
_DIGEST_ITEMS = 15
_FOOT_ROOM = 100
_SECTIONS = {
    Section.DUE_TODAY: "🟠 Due today",
    Section.DUE_THIS_WEEK: "🗓️ Due this week",
    Section.NEWLY_SAID: "🆕 Newly said",
    Section.OVERDUE: "🔴 Overdue",
    Section.SETTLED: "☑️ Settled",
}
_BLUE, _AMBER, _RED, _SLATE, _VIOLET = 0x3B82F6, 0xF59E0B, 0xDC2626, 0x64748B, 0x8B5CF6
_COLOURS = {
    AlertForm.SAID: _BLUE,
    AlertForm.REMINDER: _AMBER,
    AlertForm.OVERDUE: _RED,
    AlertForm.DIGEST: _SLATE,
    AlertForm.PERSONAL: _VIOLET,
}


class AlertView(ui.LayoutView):
    """One alert as Discord shows it; it holds no state, so it never times out."""

    def __init__(self, alert: Alert, cases: tuple[Case, ...], setting: Setting) -> None:
        """Lay out an alert of these follow-ups (those of `alert.followup_ids`, as its server sees them)."""
        super().__init__(timeout=None)
        if alert.role_id is not None:
            self.add_item(ui.TextDisplay(f"<@&{alert.role_id}>"))
        if alert.form is AlertForm.DIGEST:
            texts = _digest_texts(alert, cases, setting)
        elif alert.form is AlertForm.PERSONAL:
            texts = _personal_texts(alert.note, cases, setting)
        else:
            texts = [f"### {_heading(alert.form, cases[0], setting)}", *card_texts(cases[0], setting)]
        self.add_item(ui.Container(*map(ui.TextDisplay, texts), accent_colour=_COLOURS[alert.form]))


class CardView(ui.LayoutView):
    """One follow-up as `/followups show` answers it."""

    def __init__(self, case: Case, setting: Setting) -> None:
        """Lay out the follow-up with where it stands today."""
        super().__init__(timeout=None)
        status = case.status_on(setting.today)
        colours = {Status.PENDING: _BLUE, Status.DUE: _AMBER, Status.OVERDUE: _RED}
        colour = colours[status] if isinstance(status, Status) else _SLATE
        heading = f"### {render.kind_name(case.followup.kind)} · {render.status_words(case, setting.today)}"
        texts = [heading, *card_texts(case, setting)]
        self.add_item(ui.Container(*map(ui.TextDisplay, texts), accent_colour=colour))


def alert_view(delivery: Delivery, setting: Setting) -> ui.LayoutView:
    """Return the message of a delivery as it reads in `setting`."""
    if delivery.alert.form is AlertForm.NOTICE:
        return NoticeView(delivery.alert.note or "", setting.say)
    return AlertView(delivery.alert, delivery.cases, setting)


def mentions_of(alert: Alert) -> discord.AllowedMentions:
    """Return who the alert may ping: the role its subscription names, and nobody whom a quote names."""
    # Its id as text: Discord's OpenAPI document takes no numbers here, and discord.py passes on what it is given.
    pinged = [] if alert.role_id is None else [SimpleNamespace(id=str(alert.role_id))]
    roles = cast("list[discord.abc.Snowflake]", pinged)
    return discord.AllowedMentions(everyone=False, users=False, roles=roles, replied_user=False)


def card_texts(case: Case, setting: Setting, room: int = _TEXT_ROOM) -> list[str]:
    """Return what is to be said of one follow-up, in at most `room` characters."""
    followup = case.followup
    texts = [
        f"{render.speaker_words(followup)}\n{render.quote_block(followup)}",
        f"🗓️ {render.due_words(case, setting)}",
    ]
    if followup.conditional:
        texts.append("⚖️ Conditional: it holds only if the condition it names is met.")
    topics = render.topic_words(followup, setting)
    texts.append(f"-# `#{followup.id}`" + (f" · {topics}" if topics else ""))
    left = room - sum(map(render.measured, texts)) - render.measured("📰 ")
    texts.insert(-1, f"📰 {render.source_words(followup, min(left, _SOURCE_ROOM))}")
    return texts


def _heading(form: AlertForm, case: Case, setting: Setting) -> str:
    """Return the first line of an alert on one follow-up: what it is, in an icon and in words."""
    kind = render.kind_name(case.followup.kind)
    if form is AlertForm.SAID:
        return kind
    if form is AlertForm.OVERDUE:
        return f"⚠️ The last day has passed · {kind}"
    return f"🔔 {_when_due(case, setting)} · {kind}"


def _when_due(case: Case, setting: Setting) -> str:
    """Return how far off the last day is, in calendar days: Discord's own counting rounds hours to days."""
    days = (case.due.last - setting.today).days if case.due else -1
    near = {0: "Due today", 1: "Due tomorrow"}
    return near.get(days) or (f"Due in {days} days" if days > 1 else "Reminder")


def _personal_texts(note: str | None, cases: tuple[Case, ...], setting: Setting) -> list[str]:
    """Return a person's own reminder: their note, and the follow-up it was set on."""
    texts = ["### 📌 You asked me to remind you"]
    if note:
        texts.append(f"> {render.plain(note, 300)}")
    if cases:
        texts += card_texts(cases[0], setting, _TEXT_ROOM - sum(map(render.measured, texts)))
    return texts


def _digest_texts(alert: Alert, cases: tuple[Case, ...], setting: Setting) -> list[str]:
    """Return a digest, heading by heading: as many follow-ups as fit, and how many more there are."""
    texts = ["### 📰 Your digest"]
    room = _TEXT_ROOM - render.measured(texts[0]) - _FOOT_ROOM
    shown = 0
    section = None
    for heading, case in zip(alert.sections, cases, strict=True):
        lines = [f"**{_SECTIONS[heading]}**"] if heading is not section else []
        lines.append(render.list_line(case, setting))
        room -= sum(map(render.measured, lines))
        if room < 0 or shown == _DIGEST_ITEMS:
            break
        texts += lines
        section, shown = heading, shown + 1
    left_out = len(cases) - shown
    least = "at least " if len(cases) == MOST_CASES else ""
    more = [f"-# and {least}{left_out} more: `/followups pending` lists them all"] if left_out else []
    return [*texts, *more]
