"""The messages that tell of one follow-up: said, reminder, overdue, personal, watched."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import discord
from discord import ui

from bot import render
from bot.render import Setting
from bot.views.card import TEXT_ROOM, alert_texts
from bot.views.digest import DigestView
from bot.views.look import AMBER, BLUE, COLOURS, LIME, RED, VIOLET, kind_name
from bot.views.notice import NoticeView
from bot.views.rating import CardButton, Deed, On, Press
from bot.views.reminders import RemindButton, add_answers
from watchers.audience import Alert, AlertForm, Delivery
from watchers.model import Status
from watchers.rating import Case

_COLOURS = {
    AlertForm.SAID: BLUE,
    AlertForm.REMINDER: AMBER,
    AlertForm.OVERDUE: BLUE,  # once it has time again; until then it is red
    AlertForm.PERSONAL: VIOLET,
    AlertForm.WATCHED: LIME,
}
_REMINDING = (AlertForm.REMINDER, AlertForm.OVERDUE)
_ON_ONE = (AlertForm.SAID, AlertForm.REMINDER, AlertForm.OVERDUE, AlertForm.WATCHED)


class AlertView(ui.LayoutView):
    """One alert as Discord shows it; it holds no state, so it never times out."""

    def __init__(self, alert: Alert, cases: tuple[Case, ...], setting: Setting) -> None:
        """Lay out an alert of these follow-ups (those of `alert.followup_ids`, as its server sees them)."""
        super().__init__(timeout=None)
        if alert.role_id is not None:
            self.add_item(ui.TextDisplay(f"<@&{alert.role_id}>"))
        if alert.form is AlertForm.PERSONAL:
            texts = _personal_texts(alert.note, cases, setting)
        else:
            # A reminder's heading counts calendar days; Discord's own count beside it would differ by one.
            counted = alert.form is not AlertForm.REMINDER
            texts = [f"### {_heading(alert.form, cases[0], setting)}"]
            texts += alert_texts(cases[0], setting, counted=counted)
        self.add_item(ui.Container(*map(ui.TextDisplay, texts), accent_colour=_colour(alert.form, cases, setting)))
        if buttons := _buttons(alert, cases, setting):
            self.add_item(ui.ActionRow(*buttons))


def _colour(form: AlertForm, cases: tuple[Case, ...], setting: Setting) -> int:
    """Return the colour of how it ended where that is known, else that of the alert's form."""
    if form in _ON_ONE and not cases[0].is_open:
        return COLOURS[cases[0].status_on(setting.today)]
    if form in _REMINDING and _is_told_overdue(form, cases[0], setting):
        return RED
    return _COLOURS[form]


def _buttons(alert: Alert, cases: tuple[Case, ...], setting: Setting) -> list[ui.Item[Any]]:
    """Return what can be done with an alert on the spot; the card behind it offers the rest."""
    if alert.form not in _ON_ONE:
        return []
    number, say = cases[0].followup.id, setting.say

    def button(deed: Deed, more: int = 0, label: str | None = None) -> CardButton:
        return CardButton(Press(deed, number, On.ALERT, more), say, label)

    if alert.form is AlertForm.SAID:
        return [button(Deed.OPEN), button(Deed.WATCH), RemindButton(number, say)]
    if alert.form is AlertForm.WATCHED:
        return [button(Deed.OPEN), button(Deed.UNWATCH, alert.guild_id or 0)]
    more = button(Deed.OPEN, label=say("More"))
    return [button(Deed.KEPT), button(Deed.BROKEN), button(Deed.MOVED), more] if cases[0].is_open else [more]


def alert_view(delivery: Delivery, setting: Setting) -> ui.LayoutView:
    """Return the message of a delivery as it reads in `setting`; a person's own can be answered."""
    if delivery.alert.form is AlertForm.NOTICE:
        return NoticeView(delivery.alert.note or "", setting.say)
    if delivery.alert.form is AlertForm.DIGEST:
        return DigestView(delivery.alert, delivery.cases, setting)
    view = AlertView(delivery.alert, delivery.cases, setting)
    if delivery.alert.form is AlertForm.PERSONAL:
        add_answers(view, delivery.alert.note, delivery.cases[0] if delivery.cases else None, setting)
    return view


def mentions_of(alert: Alert) -> discord.AllowedMentions:
    """Return who the alert may ping: the role its subscription names, and nobody whom a quote names."""
    # Its id as text: Discord's OpenAPI document takes no numbers here, and discord.py passes on what it is given.
    pinged = [] if alert.role_id is None else [SimpleNamespace(id=str(alert.role_id))]
    roles = cast("list[discord.abc.Snowflake]", pinged)
    return discord.AllowedMentions(everyone=False, users=False, roles=roles, replied_user=False)


def _heading(form: AlertForm, case: Case, setting: Setting) -> str:
    """Return the first line of an alert on one follow-up: what it is, in an icon and in words."""
    kind, say = kind_name(case.followup.kind, setting.say), setting.say
    if form is AlertForm.WATCHED:
        status = render.status_words(case, setting)
        return f"👁️ {say('You watch this: now {status}', status=status)} · {kind}"
    if not case.is_open:
        return f"{render.status_words(case, setting)} · {kind}"
    if form is AlertForm.SAID:
        return kind
    if _is_told_overdue(form, case, setting):
        return f"⚠️ {say('The last day has passed')} · {kind}"
    return f"🔔 {_when_due(case, setting)} · {kind}"


def _is_told_overdue(form: AlertForm, case: Case, setting: Setting) -> bool:
    """Whether a reminder is of a last day that has passed, by when it is read.

    One that waited out quiet hours may have been decided the day before; and somebody may have moved to a later day
    what was overdue when it was told.
    """
    if case.status_on(setting.today) is Status.OVERDUE:
        return form in _REMINDING
    return form is AlertForm.OVERDUE and case.moved_to is None


def _when_due(case: Case, setting: Setting) -> str:
    """Return how far off the last day is, in calendar days: Discord's own counting rounds hours to days."""
    say = setting.say
    days = (case.due.last - setting.today).days if case.due else -1
    near = {0: say("Due today"), 1: say("Due tomorrow")}
    return near.get(days) or (
        say.many("Due in {count} day", "Due in {count} days", days) if days > 1 else say("Reminder")
    )


def _personal_texts(note: str | None, cases: tuple[Case, ...], setting: Setting) -> list[str]:
    """Return a person's own reminder: their note, and the follow-up it was set on."""
    texts = [f"### 📌 {setting.say('You asked me to remind you')}"]
    if note:
        texts.append(f"> {render.plain(note, 300)}")
    if cases:
        texts += alert_texts(cases[0], setting, TEXT_ROOM - sum(map(render.measured, texts)))
    return texts
