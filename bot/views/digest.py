"""The morning message: what falls due today and this week, what was newly said, what is overdue, what was settled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby

from discord import ui

from bot import render
from bot.render import Setting
from bot.views import look
from bot.views.rating import CardSelect
from bot.words import Words
from watchers.audience import Alert, Section
from watchers.digests import MOST_CASES
from watchers.rating import Case

MOST_ITEMS = 15
"""Follow-ups that one digest shows, under all headings together."""
_QUOTE = 110
_SPEAKER = 50
_OUTLET = 30
_LONGEST_LINK = 120
_FOOT_ROOM = 90
"""Characters kept for one heading and its count of what is left out."""
# The list that has what a heading leaves out; commands are called alike in every language.
_LISTS: Mapping[Section, str] = {
    Section.DUE_TODAY: "`/followups due`",
    Section.DUE_THIS_WEEK: "`/followups due`",
    Section.NEWLY_SAID: "`/followups recent`",
    Section.OVERDUE: "`/followups overdue`",
    Section.SETTLED: "`/followups settled`",
}


class DigestView(ui.LayoutView):
    """A digest as Discord shows it, with a select that opens the cards of what is in it."""

    def __init__(self, alert: Alert, cases: tuple[Case, ...], setting: Setting) -> None:
        """Lay out the follow-ups of `alert.followup_ids`, each under its heading in `alert.sections`."""
        super().__init__(timeout=None)
        say = setting.say
        if alert.role_id is not None:
            self.add_item(ui.TextDisplay(f"<@&{alert.role_id}>"))
        day = say.day(setting.today, with_weekday=True)
        zone = setting.zone.key.replace("_", " ")
        if alert.is_backlog:
            why = say("I could not tell you of these when it was time, so they come together.")
            heading = f"### 📰 {say('While I was away · {day}', day=day)}\n{why}"
        else:
            heading = f"### 📰 {say('Your digest · {day}', day=day)}"
        heading += f"\n-# {say('Time zone: {zone}', zone=zone)}"
        box: ui.Container[DigestView] = ui.Container(ui.TextDisplay(heading), accent_colour=look.SLATE)
        parts = {
            section: [case for _, case in pairs]
            for section, pairs in groupby(zip(alert.sections, cases, strict=True), key=lambda pair: pair[0])
        }
        shown = _fairly_shown(parts, render.TEXT_LIMIT - render.measured(heading) - 100, setting)
        at_least = len(cases) == MOST_CASES
        for section, of_section in parts.items():
            box.add_item(ui.Separator())
            count = f"{say.number(len(of_section))}{'+' if at_least else ''}"
            box.add_item(ui.TextDisplay(f"**{look.section_name(section, say)}** · {count}"))
            for text in shown[section]:
                box.add_item(ui.TextDisplay(text))
            left_out = len(of_section) - len(shown[section])
            if left_out:
                box.add_item(ui.TextDisplay(_more(section, left_out, say, at_least=at_least)))
        self.add_item(box)
        offered = [
            (render.choice_label(case, say), case.followup.id)
            for section, of_section in parts.items()
            for case in of_section[: len(shown[section])]
        ]
        if offered:
            self.add_item(ui.ActionRow(CardSelect(offered, say)))


def _fairly_shown(parts: Mapping[Section, Sequence[Case]], room: int, setting: Setting) -> dict[Section, list[str]]:
    """Return what stands under each heading: they take turns, so that none crowds out another."""
    room -= _FOOT_ROOM * len(parts)
    shown: dict[Section, list[str]] = {section: [] for section in parts}
    full: set[Section] = set()
    while len(full) < len(parts):
        for section, cases in parts.items():
            text = None
            if len(shown[section]) < len(cases) and sum(map(len, shown.values())) < MOST_ITEMS:
                text = _item(section, cases[len(shown[section])], setting)
            if section in full or text is None or render.measured(text) > room:
                full.add(section)
                continue
            shown[section].append(text)
            room -= render.measured(text)
    return shown


def _item(section: Section, case: Case, setting: Setting) -> str:
    """Return a follow-up in two lines: who said what; how it stands, by when, its number and where it was read."""
    followup, say = case.followup, setting.say
    said = f"**{render.plain(followup.speaker, _SPEAKER)}:** " if followup.speaker else ""
    quote = render.in_quotes(render.plain(followup.quote, _QUOTE))
    kind = look.kind_name(followup.kind, say)
    facts = [render.status_words(case, setting), kind] if section is Section.SETTLED else [kind]
    if section is not Section.DUE_TODAY:
        facts.append(render.due_words(case, setting))
    first = followup.tellings[0]
    outlet, link = render.plain(first.outlet, _OUTLET), render.safe_link(first.url, _LONGEST_LINK)
    facts += [f"`#{followup.id}`", f"[{outlet}]({link})" if link else outlet]
    return f"{said}{quote}\n-# {' · '.join(fact for fact in facts if fact)}"


def _more(section: Section, count: int, say: Words, *, at_least: bool) -> str:
    """Return how many more there are under a heading, and the command that lists them."""
    if at_least:
        words = say.many(
            "and at least {count} more: {command}",
            "and at least {count} more: {command}",
            count,
            command=_LISTS[section],
        )
    else:
        words = say.many("and {count} more: {command}", "and {count} more: {command}", count, command=_LISTS[section])
    return f"-# {words}"
