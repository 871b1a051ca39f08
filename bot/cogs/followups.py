"""`/followups pending` and `/followups show`: what has been said and is still to come."""

from __future__ import annotations

import hashlib
import re

import discord
from discord import app_commands, ui

from bot.cogs.base import MOST_CHOICES, ServiceCog, choices, defer
from bot.errors import Refusal
from bot.render import choice_label, kind_name, list_line, plain
from bot.services import Services
from bot.views.alert import CardView
from bot.views.pager import PageView, PageWish, page_of
from watchers.alerts import EVERY_TOPIC
from watchers.model import FollowUp, FollowUpFilter, FollowUpPage, Kind
from watchers.ports import UnitOfWork

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
        wanted = FollowUpFilter(None if topic_id == EVERY_TOPIC else topic_id, Kind(kind) if kind else None, text)
        await self.show_first_page(interaction, "pending", _packed(wanted))

    @followups.command()
    @app_commands.describe(followup="Type a word of it, or its number")
    async def show(self, interaction: discord.Interaction, followup: str) -> None:
        """Show one follow-up with all its sources."""
        await defer(interaction)
        found = await followup_called(self.services, followup)
        await interaction.followup.send(view=CardView(found, self.services.setting()), ephemeral=True)

    @pending.autocomplete("topic")
    async def offer_topics(self, interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        """Offer the topics that fit what has been typed."""
        del interaction
        return self.topic_choices(typed, with_every=True)

    @show.autocomplete("followup")
    async def offer_followups(self, interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        """Offer the pending follow-ups that fit what has been typed."""
        del interaction
        return await followup_choices(self.services, typed)

    async def _page(self, interaction: discord.Interaction, wish: PageWish) -> ui.LayoutView:
        """Return a page of pending follow-ups in due order."""
        del interaction
        wanted = self._unpacked(wish.filter)
        setting = self.services.setting()

        def look(work: UnitOfWork) -> tuple[FollowUpPage, PageWish, int]:
            total = work.followups.pending(wanted, setting.today, offset=0, limit=0).total
            there, pages = page_of(wish, total, _PAGE_SIZE)
            offset = there.number * _PAGE_SIZE
            return work.followups.pending(wanted, setting.today, offset=offset, limit=_PAGE_SIZE), there, pages

        page, there, pages = await self.services.store.look(look)
        lines = [list_line(followup, setting) for followup in page.items] or ["Nothing is pending here."]
        overdue = f"{page.overdue} more are overdue" if page.overdue else ""
        return PageView(f"🗓️ {page.total} pending{self._narrowed(wanted)}", lines, there, pages, foot=overdue)

    def _narrowed(self, wanted: FollowUpFilter) -> str:
        """Return what a list was narrowed to, for its heading."""
        parts = [
            f" · {plain(self.services.topic_name(wanted.topic), 60)}" if wanted.topic else "",
            f" · {kind_name(wanted.kind)}" if wanted.kind else "",
            f" · “{plain(wanted.text, _LONGEST_TEXT)}”" if wanted.text else "",
        ]
        return "".join(parts)

    def _unpacked(self, packed: str) -> FollowUpFilter:
        """Return the filter that a page button carries; a topic that has left the catalogue is refused."""
        topic_mark, kind, text = [*packed.split(":", 2), "", ""][:3]
        topic = next((t.id for t in self.services.catalogue.topics if _mark_of(t.id) == topic_mark), None)
        if topic_mark and topic is None:
            message = "That topic is no longer in the catalogue. `/topics` lists those that are."
            raise Refusal(message)
        return FollowUpFilter(topic, Kind(kind) if kind else None, text or None)


async def followup_called(services: Services, named: str) -> FollowUp:
    """Return the follow-up somebody chose or named by number; raise `Refusal` where there is none."""
    number = re.fullmatch(r"#?(\d{1,18})", named.strip())
    found = None
    if number is not None:
        wanted = int(number[1])
        found = await services.store.look(lambda work: work.followups.get(wanted))
    if found is None:
        message = f"There is no follow-up “{plain(named, 40)}”. Pick one from the list that appears as you type."
        raise Refusal(message)
    return found


async def followup_choices(services: Services, typed: str) -> list[app_commands.Choice[str]]:
    """Return the pending follow-ups whose words or number were typed, in due order."""
    today = services.setting().today
    number = re.fullmatch(r"#?(\d{1,18})", typed.strip())
    wanted = FollowUpFilter(None, None, typed.strip()[:_LONGEST_TEXT] or None)

    def look(work: UnitOfWork) -> tuple[FollowUp, ...]:
        named = work.followups.get(int(number[1])) if number else None
        found = work.followups.pending(wanted, today, offset=0, limit=MOST_CHOICES).items
        return (*([named] if named else []), *(one for one in found if one != named))

    return choices([(choice_label(one), str(one.id)) for one in await services.store.look(look)])


def _packed(wanted: FollowUpFilter) -> str:
    """Return a filter in the form that fits a button's id: topic mark, kind and text."""
    return f"{_mark_of(wanted.topic) if wanted.topic else ''}:{wanted.kind or ''}:{wanted.text or ''}"


def _mark_of(topic_id: str) -> str:
    """Return eight digits that stand for a topic, whatever the length of its id."""
    return hashlib.sha256(topic_id.encode()).hexdigest()[:_TOPIC_DIGITS]
