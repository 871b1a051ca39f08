"""`/followups …`: lists of what has been said, narrowed as one likes, and the card of each."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import discord
from discord import app_commands, ui

from bot.cogs.base import MOST_CHOICES, ServiceCog, choices, defer
from bot.errors import Refusal
from bot.filters import (
    LONGEST_WORDS,
    country_called,
    country_choices,
    narrowed,
    packed,
    unpacked,
    until_called,
    until_choices,
)
from bot.render import bare, choice_label, list_line, plain
from bot.services import Services
from bot.views.look import KIND_NAMES
from bot.views.pager import PageView, PageWish, page_of
from bot.views.rating import LONGEST_DAY, CardSelect, keeper_of
from bot.words import IN_ENGLISH, Words, counted, marked
from watchers.alerts import EVERY_TOPIC
from watchers.model import Kind
from watchers.ports import UnitOfWork
from watchers.rating import Case, CaseFilter, CasePage, Listing

_PAGE_SIZE = 5
_ENOUGH = 1_000
"""Follow-ups that a list counts at most; nobody turns two hundred pages."""
_NAMES_LOOKED_AT = 60
_KIND_CHOICES = [app_commands.Choice(name=KIND_NAMES[kind], value=kind.value) for kind in Kind]
_Words = app_commands.Range[str, 1, LONGEST_WORDS]
_Day = app_commands.Range[str, 1, LONGEST_DAY]


@dataclass(frozen=True, slots=True)
class _List:
    """One of the lists: what it holds, and how it is told of and headed."""

    listing: Listing
    about: str
    icon: str
    one: str
    more: str
    empty: str


_LISTS = {
    "pending": _List(
        Listing.PENDING,
        marked("List what is still to come, soonest first."),
        "🗓️",
        *counted("{count} pending", "{count} pending"),
        marked("Nothing is pending here."),
    ),
    "due": _List(
        Listing.DUE,
        marked("List what falls due within a week, or until the day you name."),
        "🟠",
        *counted("{count} due soon", "{count} due soon"),
        marked("Nothing falls due soon."),
    ),
    "overdue": _List(
        Listing.OVERDUE,
        marked("List what is past its last day and not rated yet, the latest first."),
        "🔴",
        *counted("{count} overdue", "{count} overdue"),
        marked("Nothing is overdue."),
    ),
    "recent": _List(
        Listing.RECENT,
        marked("List what was said lately, the newest first."),
        "🆕",
        *counted("{count} said", "{count} said, the newest first"),
        marked("Nothing yet."),
    ),
    "settled": _List(
        Listing.SETTLED,
        marked("List what this server has rated, the latest rating first."),
        "☑️",
        *counted("{count} rated", "{count} rated"),
        marked("Nothing has been rated here."),
    ),
    "search": _List(
        Listing.RECENT,
        marked("Look for words in everything that was ever said, settled or not."),
        "🔎",
        *counted("{count} found", "{count} found"),
        marked("Nothing fits these words."),
    ),
}
"""Every list by the name of its command, which its buttons carry."""

_FILTERS = {
    "topic": marked("Only on this topic"),
    "kind": marked("Only of this kind"),
    "speaker": marked("Only said by somebody of this name"),
    "country": marked("Only what concerns this country"),
    "until": marked("Only due until this day: “9 May”, “in two weeks”"),
    "text": marked("Only with these words in the quote or the speaker's name"),
}
_SOUGHT = {**_FILTERS, "text": marked("Words of the quote or the speaker's name")}


@dataclass(frozen=True, slots=True)
class _Typed:
    """What a list is to be narrowed to, as somebody typed it."""

    topic: str | None
    kind: str | None
    speaker: str | None
    country: str | None
    text: str | None
    until: str | None


class FollowUps(ServiceCog):
    """The lists of follow-ups."""

    followups = app_commands.Group(name="followups", description="What was said will happen, and by when")

    def __init__(self, services: Services) -> None:
        """Offer every list."""
        super().__init__(services)
        self.listings = dict.fromkeys(_LISTS, self._page)
        for name in _LISTS:
            self.followups.add_command(self._command(name))

    def _command(self, name: str) -> app_commands.Command[Any, ..., Any]:
        """Return the command of a list; they differ in what they list, and in whether words are asked for."""

        @app_commands.describe(**_FILTERS)
        @app_commands.choices(kind=_KIND_CHOICES)
        async def narrow(
            interaction: discord.Interaction,
            *,
            topic: str | None = None,
            kind: str | None = None,
            speaker: _Words | None = None,
            country: str | None = None,
            until: _Day | None = None,
            text: _Words | None = None,
        ) -> None:
            await self._list(interaction, name, _Typed(topic, kind, speaker, country, text, until))

        @app_commands.describe(**_SOUGHT)
        @app_commands.choices(kind=_KIND_CHOICES)
        async def seek(
            interaction: discord.Interaction,
            *,
            text: _Words,
            topic: str | None = None,
            kind: str | None = None,
            speaker: _Words | None = None,
            country: str | None = None,
            until: _Day | None = None,
        ) -> None:
            await self._list(interaction, name, _Typed(topic, kind, speaker, country, text, until))

        callback = seek if name == "search" else narrow
        command: app_commands.Command[Any, ..., Any] = app_commands.Command(
            name=name, description=_LISTS[name].about, callback=callback
        )
        command.autocomplete("topic")(self._offer_topics)
        command.autocomplete("speaker")(self._offer_speakers)
        command.autocomplete("country")(self._offer_countries)
        command.autocomplete("until")(self._offer_days)
        command.autocomplete("text")(self._offer_words)
        return command

    @followups.command()
    @app_commands.describe(followup="Type a word of it, or its number")
    async def show(self, interaction: discord.Interaction, followup: str) -> None:
        """Show one follow-up with all its sources."""
        await defer(interaction)
        found = await case_called(self.services, interaction.guild_id, followup, self._words(interaction))
        await keeper_of(interaction).show(interaction, found.followup.id)

    async def _offer_topics(self, interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        """Offer the topics that fit what has been typed."""
        guild, say = await self.guild(interaction), self._words(interaction)
        return self.topic_choices(typed, guild, say, with_every=True)

    async def _offer_speakers(self, interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        """Offer the people and bodies of that name who said something lately."""
        return await speaker_choices(self.services, interaction.guild_id, typed)

    async def _offer_countries(self, interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        """Offer countries by name, in the person's language."""
        return choices(country_choices(typed, self._words(interaction)))

    async def _offer_days(self, interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        """Offer the day that is understood, or some that are often wanted."""
        setting = await self.setting(interaction)
        return choices(until_choices(typed[:LONGEST_DAY], setting, back=_looks_back(_called(interaction))))

    async def _offer_words(self, interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        """Say of the words typed so far how many follow-ups hold them."""
        words, today, guild_id = bare(typed, LONGEST_WORDS), self.services.setting().today, interaction.guild_id
        if not words:
            return []
        wanted = CaseFilter(_LISTS[_called(interaction)].listing, text=words)
        found = await self.services.store.look(lambda work: work.cases.count(wanted, guild_id, today))
        count = self._words(interaction).many("{count} follow-up", "{count} follow-ups", found)
        return choices([(f"{words} · {count}", words)])

    @show.autocomplete("followup")
    async def offer_followups(self, interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        """Offer the follow-ups that fit what has been typed, pending ones first."""
        return await case_choices(self.services, interaction.guild_id, typed, self._words(interaction))

    def _words(self, interaction: discord.Interaction) -> Words:
        """Return the words of the person's language."""
        return self.services.setting(None, interaction.locale.value).say

    async def _list(self, interaction: discord.Interaction, name: str, typed: _Typed) -> None:
        """Answer with the first page of a list, narrowed as was typed."""
        await defer(interaction)
        guild, setting = await self.there(interaction)
        topic_id = None if typed.topic is None else self.services.topic_called(typed.topic, guild, setting.say)
        wanted = CaseFilter(
            listing=_LISTS[name].listing,
            topic=None if topic_id == EVERY_TOPIC else topic_id,
            kind=Kind(typed.kind) if typed.kind else None,
            speaker=typed.speaker,
            country=country_called(typed.country, setting.say) if typed.country else None,
            text=typed.text,
            until=until_called(typed.until, setting, back=_looks_back(name)) if typed.until else None,
        )
        await self.show_first_page(interaction, name, packed(wanted, setting.say))

    async def _page(self, interaction: discord.Interaction, wish: PageWish) -> ui.LayoutView:
        """Return a page of a list as it reads now, with a select that opens the cards of what is on it."""
        setting, guild_id, shown = await self.setting(interaction), interaction.guild_id, _LISTS[wish.listing]
        wanted, say = unpacked(wish.filter, shown.listing, setting), setting.say

        def look(work: UnitOfWork) -> tuple[CasePage, PageWish, int]:
            def read(number: int) -> CasePage:
                offset = number * _PAGE_SIZE
                return work.cases.page(wanted, guild_id, setting.today, offset=offset, limit=_PAGE_SIZE, enough=_ENOUGH)

            page = read(wish.number)
            there, pages = page_of(wish, page.total, _PAGE_SIZE)
            # The list may have become shorter since its button was made.
            return page if there.number == wish.number else read(there.number), there, pages

        page, there, pages = await self.services.store.look(look)
        lines = [list_line(case, setting) for case in page.items] or [say(shown.empty)]
        foot = ""
        if page.overdue:
            foot = say.many("{count} more is overdue", "{count} more are overdue", page.overdue, enough=_ENOUGH)
        offered = [(choice_label(case, say), case.followup.id) for case in page.items]
        heading = (
            f"{shown.icon} {say.many(shown.one, shown.more, page.total, enough=_ENOUGH)}{narrowed(wanted, setting)}"
        )
        below = [CardSelect(offered, say)] if offered else []
        return PageView(heading, lines, there, pages, foot=foot, below=below, say=say)


def _called(interaction: discord.Interaction) -> str:
    """Return the list whose command is being typed."""
    return interaction.command.name if interaction.command else "search"


def _looks_back(name: str) -> bool:
    """Whether a list holds what is past as well, so that a day to narrow it by may have passed."""
    return _LISTS[name].listing in {Listing.OVERDUE, Listing.SETTLED, Listing.RECENT}


async def case_called(services: Services, guild_id: int | None, named: str, say: Words = IN_ENGLISH) -> Case:
    """Return the follow-up somebody chose or named by number, as their server sees it; raise `Refusal` if none."""
    number = re.fullmatch(r"#?(\d{1,18})", named.strip())
    found: Sequence[Case] = ()
    if number is not None:
        wanted = int(number[1])
        found = await services.store.look(lambda work: work.cases.of(guild_id, [wanted]))
    if not found:
        message = say(
            "There is no follow-up “{name}”. Pick one from the list that appears as you type.", name=plain(named, 40)
        )
        raise Refusal(message)
    return found[0]


async def speaker_choices(services: Services, guild_id: int | None, typed: str) -> list[app_commands.Choice[str]]:
    """Return the people and bodies of that name who said something lately."""
    wanted = CaseFilter(Listing.RECENT, speaker=typed.strip()[:LONGEST_WORDS] or None)
    today = services.setting().today
    cases = await services.store.look(lambda work: work.cases.first(wanted, guild_id, today, _NAMES_LOOKED_AT))
    names = dict.fromkeys(bare(case.followup.speaker) for case in cases if case.followup.speaker)
    return choices([(name, name) for name in names if len(name) <= LONGEST_WORDS])


async def case_choices(
    services: Services, guild_id: int | None, typed: str, say: Words = IN_ENGLISH
) -> list[app_commands.Choice[str]]:
    """Return the follow-up whose number was typed, else those that hold the words: pending ones first, then all."""
    setting = services.setting()
    number = re.fullmatch(r"#?(\d{1,18})", typed.strip())
    wanted = CaseFilter(text=typed.strip()[:LONGEST_WORDS] or None)

    def look(work: UnitOfWork) -> list[Case]:
        found = list(work.cases.of(guild_id, [int(number[1])])) if number else []
        if found:
            return found
        newest = work.cases.first(replace(wanted, listing=Listing.RECENT), guild_id, setting.today, MOST_CHOICES)
        if len(newest) < MOST_CHOICES:
            # All there are: what holds rare words is looked for once, through everything that was ever said.
            return sorted(newest, key=lambda one: _place_among_choices(one, setting.today))
        pending = work.cases.first(wanted, guild_id, setting.today, MOST_CHOICES)
        return [*pending, *(one for one in newest if one not in pending)]

    found = await services.store.look(look)
    return choices([(choice_label(one, say), str(one.followup.id)) for one in found])


def _place_among_choices(case: Case, today: date) -> tuple[bool, date]:
    """Sort what is still to come before what is past, by last day; others stay as they stood."""
    coming = case.is_open and (case.due is None or case.due.last >= today)
    return not coming, case.due.last if coming and case.due is not None else date.max
