"""The messages that tell of one follow-up: said, reminder, overdue, moved, suggested, personal, watched."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any, cast

import discord
from discord import ui

from bot import render
from bot.render import Setting
from bot.views.card import TEXT_ROOM, alert_texts, answers_to_news
from bot.views.clue import ICON, clue_text, looks_words, near_text
from bot.views.digest import DigestView
from bot.views.look import AMBER, BLUE, COLOURS, LIME, RED, STATUS_ICONS, TEAL, VIOLET, kind_name, status_name
from bot.views.mark import put_mark
from bot.views.notice import FeedNoticeView, NoticeView
from bot.views.rating import OUTCOMES, CardButton, Deed, On, Press
from bot.views.reminders import RemindButton, add_answers
from watchers.audience import ON_ONE_FOLLOW_UP, Alert, AlertForm, Delivery
from watchers.feed_notices import notice_in
from watchers.model import Status
from watchers.moves import moves_of
from watchers.rating import Case, Outcome

_COLOURS = {
    AlertForm.SAID: BLUE,
    AlertForm.REMINDER: AMBER,
    AlertForm.OVERDUE: BLUE,  # once it has time again; until then it is red
    AlertForm.PERSONAL: VIOLET,
    AlertForm.WATCHED: LIME,
    AlertForm.MOVED: COLOURS[Outcome.MOVED],
    AlertForm.SUGGESTED: TEAL,
}
_REMINDING = (AlertForm.REMINDER, AlertForm.OVERDUE)
_ASKING = (*_REMINDING, AlertForm.SUGGESTED)
"""What shows how it may have ended, and asks."""
_ON_ONE = (*ON_ONE_FOLLOW_UP, AlertForm.WATCHED)


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
            texts += alert_texts(cases[0], setting, news=_news(alert.form, cases[0], setting), counted=counted)
        self.add_item(ui.Container(*map(ui.TextDisplay, texts), accent_colour=_colour(alert.form, cases, setting)))
        for buttons in _rows(alert, cases, setting):
            self.add_item(ui.ActionRow(*buttons))


def _colour(form: AlertForm, cases: tuple[Case, ...], setting: Setting) -> int:
    """Return the colour of how it ended where that is known, else that of the alert's form."""
    if form in _ON_ONE and not cases[0].is_open:
        return COLOURS[cases[0].status_on(setting.today)]
    if form in _REMINDING and _is_told_overdue(form, cases[0], setting):
        return RED
    return _COLOURS[form]


def _news(form: AlertForm, case: Case, setting: Setting) -> list[str]:
    """Return what the news says of how it ended, where an alert asks that."""
    if form is AlertForm.SUGGESTED:
        told = case.suggestion or case.evidence
        return [clue_text(told.clue, setting, titled=told is case.evidence)] if told is not None else []
    if form not in _REMINDING or not case.is_open:
        return []
    if case.suggestion is not None:
        return [clue_text(case.suggestion.clue, setting, titled=True)]
    return [near_text(case, setting)] if _is_told_overdue(form, case, setting) else []


def _rows(alert: Alert, cases: tuple[Case, ...], setting: Setting) -> Iterator[list[ui.Item[Any]]]:
    """Return what can be done with an alert on the spot, row by row; the card behind it offers the rest."""
    if alert.form not in _ON_ONE:
        return
    case, say = cases[0], setting.say
    number = case.followup.id

    def button(deed: Deed, more: int = 0, label: str | None = None) -> CardButton:
        return CardButton(Press(deed, number, On.ALERT, more), say, label)

    if alert.form not in _ASKING:
        other = button(Deed.UNWATCH, alert.guild_id or 0) if alert.form is AlertForm.WATCHED else button(Deed.WATCH)
        remind = [] if alert.form is AlertForm.WATCHED else [RemindButton(number, say)]
        yield [button(Deed.OPEN), other, *remind]
        return
    answers: list[ui.Item[Any]] = [*answers_to_news(case, On.ALERT, say)]
    if case.rating is not None and case.rating.is_ours:
        answers.append(button(Deed.UNDO, case.rating.id))
    more = button(Deed.OPEN, label=say("More"))
    if alert.form is AlertForm.SUGGESTED or not case.is_open:
        yield [*answers, more]
        return
    if answers:
        yield answers
    late = [Deed.LATE] if _is_told_overdue(alert.form, case, setting) else []
    usual = [Deed.KEPT, *late, Deed.BROKEN, Deed.MOVED]
    if case.suggestion is not None:  # which has a button of its own
        usual = [deed for deed in usual if OUTCOMES.get(deed) is not case.suggestion.clue.outcome]
    yield [*map(button, usual), more]


def alert_view(delivery: Delivery, setting: Setting) -> ui.LayoutView:
    """Return the message of a delivery as it reads in `setting`, with its mark; a person's own can be answered."""
    return put_mark(_laid_out(delivery, setting), delivery.alert.key)


def _laid_out(delivery: Delivery, setting: Setting) -> ui.LayoutView:
    if delivery.alert.form is AlertForm.NOTICE:
        return NoticeView(delivery.alert.note or "", setting.say)
    if delivery.alert.form is AlertForm.FEED:
        return FeedNoticeView(notice_in(delivery.alert.note or ""), setting.say)
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
    kind = kind_name(case.followup.kind, setting.say)
    return kind if form is AlertForm.SAID and case.is_open else f"{_told_words(form, case, setting)} · {kind}"


def _told_words(form: AlertForm, case: Case, setting: Setting) -> str:
    """Return what an alert tells of a follow-up."""
    say = setting.say
    if form is AlertForm.WATCHED:
        return f"👁️ {say('You watch this: now {status}', status=render.status_words(case, setting))}"
    if not case.is_open:
        return render.status_words(case, setting)
    if form is AlertForm.MOVED:
        return _moved_words(case, setting)
    if form is AlertForm.SUGGESTED:
        return _suggested_words(case, setting)
    if _is_told_overdue(form, case, setting):
        return f"❓ {say('Did this happen?')}"
    return f"🔔 {_when_due(case, setting)}"


def _moved_words(case: Case, setting: Setting) -> str:
    """Return how the news last moved a follow-up: to when, and from when."""
    say, moves = setting.say, moves_of(case.followup)
    if not moves:
        return status_name(Outcome.MOVED, say)
    now, was = (render.day_stamp(days.last, setting.zone) for days in (moves[-1].now, moves[-1].was))
    return f"{STATUS_ICONS[Outcome.MOVED]} {say('Moved: now due {now}, was {was}', now=now, was=was)}"


def _suggested_words(case: Case, setting: Setting) -> str:
    """Return what is suggested of an open follow-up; once that has been answered, what the answer was."""
    if case.suggestion is not None:
        return looks_words(case.suggestion.clue, setting)
    if case.evidence is not None:
        return status_name(case.evidence.clue.outcome, setting.say)
    return f"{ICON} {setting.say('Not so, said somebody here')}"


def _is_told_overdue(form: AlertForm, case: Case, setting: Setting) -> bool:
    """Whether a reminder is of a last day that has passed, by when it is read.

    One that waited out quiet hours may have been decided the day before; and somebody, or the news, may have moved to
    a later day what was overdue when it was told.
    """
    if case.status_on(setting.today) is Status.OVERDUE:
        return form in _REMINDING
    return form is AlertForm.OVERDUE and case.moved_to is None and not moves_of(case.followup)


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
