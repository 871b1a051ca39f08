"""`/followups pending` and `/followups show`: what has been said and is still to come."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence

import discord
from discord import app_commands, ui

from bot.cogs.base import MOST_CHOICES, ServiceCog, choices, defer
from bot.errors import Refusal
from bot.render import choice_label, kind_name, list_line, plain
from bot.services import Services
from bot.views.alert import CardView
from bot.views.pager import PageView, PageWish, page_of
from watchers.alerts import EVERY_TOPIC
from watchers.model import Kind
from watchers.ports import UnitOfWork
from watchers.rating import Case, CaseFilter, CasePage

_PAGE_SIZE = 5
_LONGEST_TEXT = 60
_TOPIC_DIGITS = 8
_KIND_CHOICES = [app_commands.Choice(name=kind_name(kind), value=kind.value) for kind in Kind]


class FollowUps(ServiceCog):
    """The list of follow-ups and each one's card."""

    followups = app_commands.Group(name="followups", description="What was said will happen, and by when")

    def __init__(self, services: Services) -> None:
        """Offer the list of pending follow-ups."""
        super().__init__(services)
        self.listings = {"pending": self._page}

    @followups.command()
    @app_commands.describe(
        topic="Only on this topic", kind="Only of this kind", text="Only with these words in the quote or speaker"
    )
    @app_commands.choices(kind=_KIND_CHOICES)
    async def pending(
        self,
        interaction: discord.Interaction,
        topic: str | None = None,
        kind: str | None = None,
        text: app_commands.Range[str, 1, _LONGEST_TEXT] | None = None,
    ) -> None:
        """List what is still to come, soonest first."""
        await defer(interaction)
        topic_id = None if topic is None else self.services.topic_called(topic)
        one_topic = None if topic_id == EVERY_TOPIC else topic_id
        wanted = CaseFilter(topic=one_topic, kind=Kind(kind) if kind else None, text=text)
        await self.show_first_page(interaction, "pending", _packed(wanted))

    @followups.command()
    @app_commands.describe(followup="Type a word of it, or its number")
    async def show(self, interaction: discord.Interaction, followup: str) -> None:
        """Show one follow-up with all its sources."""
        await defer(interaction)
        found = await case_called(self.services, interaction.guild_id, followup)
        setting = await self.setting(interaction)
        await interaction.followup.send(view=CardView(found, setting), ephemeral=True)

    @pending.autocomplete("topic")
    async def offer_topics(self, interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        """Offer the topics that fit what has been typed."""
        del interaction
        return self.topic_choices(typed, with_every=True)

    @show.autocomplete("followup")
    async def offer_followups(self, interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        """Offer the pending follow-ups that fit what has been typed."""
        return await case_choices(self.services, interaction.guild_id, typed)

    async def _page(self, interaction: discord.Interaction, wish: PageWish) -> ui.LayoutView:
        """Return a page of pending follow-ups in due order."""
        wanted, guild_id = self._unpacked(wish.filter), interaction.guild_id
        setting = await self.setting(interaction)

        def look(work: UnitOfWork) -> tuple[CasePage, PageWish, int]:
            total = work.cases.page(wanted, guild_id, setting.today, offset=0, limit=0).total
            there, pages = page_of(wish, total, _PAGE_SIZE)
            offset = there.number * _PAGE_SIZE
            return work.cases.page(wanted, guild_id, setting.today, offset=offset, limit=_PAGE_SIZE), there, pages

        page, there, pages = await self.services.store.look(look)
        lines = [list_line(case, setting) for case in page.items] or ["Nothing is pending here."]
        overdue = f"{page.overdue} more are overdue" if page.overdue else ""
        return PageView(f"🗓️ {page.total} pending{self._narrowed(wanted)}", lines, there, pages, foot=overdue)

    def _narrowed(self, wanted: CaseFilter) -> str:
        """Return what a list was narrowed to, for its heading."""
        parts = [
            f" · {plain(self.services.topic_name(wanted.topic), 60)}" if wanted.topic else "",
            f" · {kind_name(wanted.kind)}" if wanted.kind else "",
            f" · “{plain(wanted.text, _LONGEST_TEXT)}”" if wanted.text else "",
        ]
        return "".join(parts)

    def _unpacked(self, packed: str) -> CaseFilter:
        """Return the filter that a page button carries; a topic that has left the catalogue is refused."""
        topic_mark, kind, text = [*packed.split(":", 2), "", ""][:3]
        topic = next((t.id for t in self.services.catalogue.topics if _mark_of(t.id) == topic_mark), None)
        if topic_mark and topic is None:
            message = "That topic is no longer in the catalogue. `/topics list` shows those that are."
            raise Refusal(message)
        return CaseFilter(topic=topic, kind=Kind(kind) if kind else None, text=text or None)


async def case_called(services: Services, guild_id: int | None, named: str) -> Case:
    """Return the follow-up somebody chose or named by number, as their server sees it; raise `Refusal` if none."""
    number = re.fullmatch(r"#?(\d{1,18})", named.strip())
    found: Sequence[Case] = ()
    if number is not None:
        wanted = int(number[1])
        found = await services.store.look(lambda work: work.cases.of(guild_id, [wanted]))
    if not found:
        message = f"There is no follow-up “{plain(named, 40)}”. Pick one from the list that appears as you type."
        raise Refusal(message)
    return found[0]


async def case_choices(services: Services, guild_id: int | None, typed: str) -> list[app_commands.Choice[str]]:
    """Return the pending follow-ups whose words or number were typed, in due order."""
    today = services.setting().today
    number = re.fullmatch(r"#?(\d{1,18})", typed.strip())
    wanted = CaseFilter(text=typed.strip()[:_LONGEST_TEXT] or None)

    def look(work: UnitOfWork) -> tuple[Case, ...]:
        named = work.cases.of(guild_id, [int(number[1])]) if number else ()
        found = work.cases.page(wanted, guild_id, today, offset=0, limit=MOST_CHOICES).items
        return (*named, *(one for one in found if one not in named))

    return choices([(choice_label(one), str(one.followup.id)) for one in await services.store.look(look)])


def _packed(wanted: CaseFilter) -> str:
    """Return a filter in the form that fits a button's id: topic mark, kind and text."""
    return f"{_mark_of(wanted.topic) if wanted.topic else ''}:{wanted.kind or ''}:{wanted.text or ''}"


def _mark_of(topic_id: str) -> str:
    """Return eight digits that stand for a topic, whatever the length of its id."""
    return hashlib.sha256(topic_id.encode()).hexdigest()[:_TOPIC_DIGITS]
