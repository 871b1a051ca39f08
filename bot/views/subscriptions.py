"""The view in which a subscription is composed and changed, in words above and by selects, buttons and forms below."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, cast

import discord
from discord import ui

from bot.render import Setting, list_line, plain, shortened
from bot.views.look import BLUE, GREEN, KIND_ICONS, SLATE
from bot.views.order_draft import OrderDraft, Tab, packed, pieces
from bot.views.order_items import OpenOrder, OrderItem
from bot.views.order_words import (
    DATINGS,
    KIND_PLURALS,
    LEADS,
    PLACES,
    hour_words,
    what_words,
    when_words,
    where_words,
)
from bot.words import LANGUAGES, Words, marked
from watchers.alerts import EVERY_TOPIC
from watchers.audience import Dating, Place, Rhythm, Subscription
from watchers.model import Kind
from watchers.rating import Case

SERVERS_LANGUAGE = "-"
"""The value of the choice that leaves an order's language to its server."""
MOST_OUTLETS = (1, 2, 3, 4, 5, 7, 10)
POSTING_TYPES = (
    discord.ChannelType.text,
    discord.ChannelType.news,
    discord.ChannelType.public_thread,
    discord.ChannelType.private_thread,
    discord.ChannelType.forum,
)
"""Of channels in which alerts can be posted."""
_LABEL = 100
_TABS = {Tab.WHAT: marked("What"), Tab.WHEN: marked("When"), Tab.WHERE: marked("Where")}
_TAB_ICONS = {Tab.WHAT: "🔎", Tab.WHEN: "🕗", Tab.WHERE: "📍"}
_PRIMARY, _PLAIN = discord.ButtonStyle.primary, discord.ButtonStyle.secondary
_SUCCESS, _DANGER = discord.ButtonStyle.success, discord.ButtonStyle.danger


class OrderView(ui.LayoutView):
    """A subscription in words, with all that can be changed of it."""

    def __init__(
        self,
        draft: OrderDraft,
        topic: str,
        setting: Setting,
        *,
        threads_possible: bool = True,
        role_known: bool = True,
        notice: str = "",
        ending: bool = False,
    ) -> None:
        """Lay out a draft on a topic of that name.

        `threads_possible` says whether its channel can have threads, `role_known` whether its role still exists,
        `notice` what has just become of it, and `ending` asks whether the subscription is really to end.
        """
        super().__init__(timeout=None)
        self._draft, self._setting, self._say = draft, setting, setting.say
        self._threads_possible, self._role_known = threads_possible, role_known
        self._pieces: Iterator[str] = pieces(packed(draft))
        self._used = 0
        self.add_item(ui.Container(*map(ui.TextDisplay, self._texts(topic, notice)), accent_colour=self._colour()))
        self.add_item(ui.ActionRow(*(self._tab(tab) for tab in Tab)))
        for row in {Tab.WHAT: self._what, Tab.WHEN: self._when, Tab.WHERE: self._where}[draft.tab]():
            self.add_item(row)
        if ending:
            self.add_item(ui.TextDisplay(self._say("End this subscription? Its reminders are cancelled.")))
        self.add_item(self._ending() if ending else self._foot())
        if next(self._pieces, None) is not None:
            message = "a draft is too long for its message"
            raise ValueError(message)

    def _texts(self, topic: str, notice: str) -> list[str]:
        say, wish = self._say, self._draft.wish
        if self._draft.order_id is None:
            state = f"📝 {say('Draft: not saved yet')}"
        elif self._draft.changed:
            state = f"📝 {say('Changes not saved yet')}"
        else:
            state = f"⏸️ {say('Paused')}" if wish.paused else f"🟢 {say('Active')}"
        told = (
            (Tab.WHAT, what_words(wish.wants, say)),
            (Tab.WHEN, when_words(wish, say)),
            (Tab.WHERE, where_words(wish, self._setting)),
        )
        lines = "\n".join(f"{_TAB_ICONS[tab]} **{say(_TABS[tab])}** {words}" for tab, words in told)
        name = _capital(topic) if wish.topic == EVERY_TOPIC else topic
        return [f"### 🔔 {plain(name, 80)}\n{state}", lines, *([notice] if notice else [])]

    def _colour(self) -> int:
        if self._draft.order_id is None or self._draft.changed:
            return BLUE
        return SLATE if self._draft.wish.paused else GREEN

    def _id(self, action: str) -> str:
        """Return an id that carries the next piece of the draft."""
        self._used += 1
        return f"o:{action}:{self._used}:{next(self._pieces, '')}"

    def _button(self, action: str, label: str, style: discord.ButtonStyle, *, enabled: bool = True) -> OrderItem:
        return OrderItem(ui.Button(label=label, style=style, custom_id=self._id(action), disabled=not enabled))

    def _select(
        self,
        action: str,
        placeholder: str,
        options: Sequence[tuple[str, str, bool]],
        *,
        least: int = 1,
        most: int = 1,
    ) -> ui.ActionRow[Any]:
        """Return a choice of labels, each with its value and whether it is chosen."""
        select: ui.Select[ui.LayoutView] = ui.Select(
            custom_id=self._id(action),
            placeholder=shortened(placeholder, _LABEL),
            min_values=least,
            max_values=most,
            options=[
                discord.SelectOption(label=shortened(label, _LABEL), value=value, default=chosen)
                for label, value, chosen in options
            ],
        )
        return ui.ActionRow(OrderItem(select))

    def _tab(self, tab: Tab) -> OrderItem:
        here = tab is self._draft.tab
        label = f"{_TAB_ICONS[tab]} {self._say(_TABS[tab])}"
        return self._button(tab.value, label, _PRIMARY if here else _PLAIN, enabled=not here)

    def _what(self) -> Iterator[ui.ActionRow[Any]]:
        say, wants = self._say, self._draft.wish.wants
        kinds = [(f"{KIND_ICONS[kind]} {say(KIND_PLURALS[kind])}", kind.value, kind in wants.kinds) for kind in Kind]
        yield self._select("kinds", say("Which kinds"), kinds, most=len(Kind))
        datings = [(say(DATINGS[dating]), dating.value, dating is wants.dating) for dating in Dating]
        yield self._select("dating", say("How firmly dated"), datings)
        numbers = sorted({*MOST_OUTLETS, wants.min_outlets})
        outlets = [
            (
                say.many("Told by at least {count} outlet", "Told by at least {count} outlets", number),
                str(number),
                number == wants.min_outlets,
            )
            for number in numbers
        ]
        yield self._select("outlets", say("How many outlets"), outlets)
        yield ui.ActionRow(self._button("names", f"👤 {say('Speakers and countries…')}", _PLAIN))

    def _when(self) -> Iterator[ui.ActionRow[Any]]:
        say, wish = self._say, self._draft.wish
        rhythms = [
            (say("At once"), "instant", wish.rhythm is Rhythm.INSTANT),
            (say("A digest every day"), "daily", wish.rhythm is Rhythm.DAILY),
        ]
        for number in range(7):
            chosen = wish.rhythm is Rhythm.WEEKLY and wish.digest_weekday == number
            rhythms.append((say("A digest every week: {day}", day=say.weekday(number)), f"weekly{number}", chosen))
        yield self._select("rhythm", say("How often"), rhythms)
        hours = [
            (say("Reminders and digests at {hour}", hour=hour_words(hour)), str(hour), hour == wish.at.hour)
            for hour in range(24)
        ]
        yield self._select("hour", say("At which hour"), hours)
        leads = [(_capital(say(words)), str(lead), lead in wish.lead_days) for lead, words in LEADS.items()]
        yield self._select("leads", say("No reminders"), leads, least=0, most=len(leads))
        yield ui.ActionRow(self._button("quiet", f"🌙 {say('Quiet hours…')}", _PLAIN))

    def _where(self) -> Iterator[ui.ActionRow[Any]]:
        say, wish = self._say, self._draft.wish
        channel: ui.ChannelSelect[ui.LayoutView] = ui.ChannelSelect(
            custom_id=self._id("channel"), placeholder=say("Another channel…"), channel_types=list(POSTING_TYPES)
        )
        yield ui.ActionRow(OrderItem(channel))
        # As text, because Discord's OpenAPI document takes no numbers here, and discord.py passes on what it is given.
        pinged = cast("int", str(wish.role_id))
        chosen = [discord.SelectDefaultValue(id=pinged, type=discord.SelectDefaultValueType.role)]
        role: ui.RoleSelect[ui.LayoutView] = ui.RoleSelect(
            custom_id=self._id("role"),
            placeholder=say("A role to ping"),
            min_values=0,
            default_values=chosen if wish.role_id is not None and self._role_known else [],
        )
        yield ui.ActionRow(OrderItem(role))
        if self._threads_possible:
            places = [
                (say(PLACES[place]), place.value, place is wish.place) for place in (Place.CHANNEL, Place.THREADS)
            ]
            yield self._select("place", say("In the channel or in threads"), places)
        languages = [(say("The server's language"), SERVERS_LANGUAGE, wish.language is None)]
        languages += [(name, tag, wish.language == tag) for tag, name in LANGUAGES.items()]
        yield self._select("language", say("Which language"), languages)

    def _foot(self) -> ui.ActionRow[Any]:
        say, draft = self._say, self._draft
        row: ui.ActionRow[Any] = ui.ActionRow(self._button("preview", f"👁️ {say('Preview')}", _PLAIN))
        unsaved = draft.order_id is None or draft.changed
        row.add_item(self._button("save", f"💾 {say('Save')}", _SUCCESS, enabled=unsaved))
        if unsaved:
            row.add_item(self._button("cancel", say("Cancel"), _PLAIN))
        if draft.order_id is not None:
            paused = draft.wish.paused
            label = f"▶️ {say('Resume')}" if paused else f"⏸️ {say('Pause')}"
            row.add_item(self._button("resume" if paused else "pause", label, _PLAIN))
            row.add_item(self._button("end", f"🗑️ {say('End…')}", _DANGER))
        return row

    def _ending(self) -> ui.ActionRow[Any]:
        say = self._say
        return ui.ActionRow(self._button("ended", say("End it"), _DANGER), self._button("keep", say("Keep it"), _PLAIN))


class PreviewView(ui.LayoutView):
    """What an order would have brought in the last week."""

    def __init__(self, cases: Sequence[Case], total: int, setting: Setting, *, at_least: bool, note: str) -> None:
        """Lay out the first of `total`; with `at_least` there may be more. `note` says how they would have come."""
        super().__init__(timeout=None)
        say = setting.say
        number = say.many("{count} follow-up", "{count} follow-ups", total)
        number = say("at least {number}", number=number) if at_least else number
        texts = [f"### 👁️ {say('In the last week: {number}', number=number)}"]
        texts += [list_line(case, setting) for case in cases]
        texts.append(f"-# {note}")
        self.add_item(ui.Container(*map(ui.TextDisplay, texts), accent_colour=BLUE))


def open_order_row(orders: Sequence[tuple[Subscription, str]], say: Words) -> ui.ActionRow[Any]:
    """Return the choice of one of these orders, each with its label."""
    options = [
        discord.SelectOption(
            label=shortened(label, _LABEL),
            value=str(order.id),
            emoji="⏸️" if order.wish.paused else "🔔",
        )
        for order, label in orders
    ]
    placeholder = say("Open a subscription…")
    return ui.ActionRow(OpenOrder(ui.Select(custom_id="orders:open", placeholder=placeholder, options=options)))


def _capital(words: str) -> str:
    return f"{words[0].upper()}{words[1:]}"
