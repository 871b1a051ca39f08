"""`/record …`: what became of what a speaker said, or of what was said about a country."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import discord
from discord import app_commands, ui

from bot.cogs.base import ServiceCog, choices, defer
from bot.cogs.followups import speaker_choices
from bot.errors import Refusal
from bot.exports import RECORD_COLUMNS, Exported, as_csv, table_file
from bot.filters import (
    LONGEST_WORDS,
    country_called,
    country_choices,
    narrowed_record,
    packed_record,
    since_called,
    since_choices,
    unpacked_record,
    until_called,
    until_choices,
)
from bot.render import Setting, choice_label, list_line, unplain
from bot.services import Services
from bot.views.pager import PageView, PageWish, page_of
from bot.views.rating import LONGEST_DAY, CardSelect
from bot.views.record import RecordFileButton, RecordView, number_lines, small_lines, stands_in_words
from bot.views.seeing import Attached, FileView
from bot.words import words_for
from watchers.alerts import EVERY_TOPIC
from watchers.rating import CasePage
from watchers.record import Record, RecordWish, recorded

_PAGE_SIZE = 5
_Words = app_commands.Range[str, 1, LONGEST_WORDS]
_Day = app_commands.Range[str, 1, LONGEST_DAY]


class Records(ServiceCog):
    """Records of speakers and about countries."""

    record = app_commands.Group(name="record", description="What became of what was said, counted")

    def __init__(self, services: Services) -> None:
        """Offer the list behind a record."""
        super().__init__(services)
        self.listings = {"record": self._page}

    @record.command()
    @app_commands.describe(
        name="Words of the speaker's name",
        topic="Only on this topic",
        since="Only what fell due since this day: “last year”, “1 May”",
        until="Only what fell due until this day: “today”, “last month”",
    )
    async def speaker(
        self,
        interaction: discord.Interaction,
        name: _Words,
        topic: str | None = None,
        since: _Day | None = None,
        until: _Day | None = None,
    ) -> None:
        """Count what became of the commitments and deadlines of a speaker."""
        await defer(interaction)
        await self._answer(interaction, RecordWish(speaker=name), topic, since, until)

    @record.command()
    @app_commands.describe(
        country="What concerns this country",
        topic="Only on this topic",
        since="Only what fell due since this day: “last year”, “1 May”",
        until="Only what fell due until this day: “today”, “last month”",
    )
    async def country(
        self,
        interaction: discord.Interaction,
        country: str,
        topic: str | None = None,
        since: _Day | None = None,
        until: _Day | None = None,
    ) -> None:
        """Count what became of the commitments and deadlines about a country."""
        await defer(interaction)
        setting = await self.setting(interaction)
        wanted = RecordWish(country=country_called(country, setting.say))
        await self._answer(interaction, wanted, topic, since, until)

    async def hand_out(self, interaction: discord.Interaction, filter_: str) -> None:
        """Answer a deferred press with the list behind a record as a file."""
        setting = await self.setting(interaction)
        say, wanted = setting.say, unpacked_record(filter_, setting)
        page = await self._recorded(interaction, wanted)
        limit, name = interaction.filesize_limit, f"record-{setting.today.isoformat()}"

        def write() -> Exported | None:
            table = as_csv(page.items, setting.today, setting.topics, more=RECORD_COLUMNS)
            return table_file(name, table, limit)

        exported = await asyncio.to_thread(write)
        if exported is None:
            message = say(
                "That is larger than Discord takes here ({size} MB). Narrow it with `topic`, `since` or `until`.",
                size=limit // 2**20,
            )
            raise Refusal(message)
        counted = say.many("{count} follow-up", "{count} follow-ups", len(page.items))
        file = Attached(exported.name, exported.content)
        small = (narrowed_record(wanted, setting), say("`counts_as` and `delay_days` say how each one counts."))
        lines = [line for line in small if line]
        view = FileView(f"📦 {counted}", lines, file)
        await interaction.followup.send(view=view, file=file, ephemeral=True)

    # --- choices ------------------------------------------------------------------------------------------------

    @speaker.autocomplete("name")
    async def offer_speakers(self, interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        """Offer the people and bodies of that name who said something lately."""
        return await speaker_choices(self.services, interaction.guild_id, typed)

    @country.autocomplete("country")
    async def offer_countries(self, interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        """Offer countries by name, in the person's language."""
        return choices(country_choices(typed, words_for(interaction.locale.value)))

    @speaker.autocomplete("topic")
    @country.autocomplete("topic")
    async def offer_topics(self, interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        """Offer the topics that fit what has been typed."""
        guild, setting = await self.there(interaction)
        return self.topic_choices(typed, guild, setting.say, with_every=True)

    @speaker.autocomplete("since")
    @country.autocomplete("since")
    async def offer_first_days(self, interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        """Offer the first day that is understood, or some that are often wanted."""
        return choices(since_choices(typed[:LONGEST_DAY], await self.setting(interaction)))

    @speaker.autocomplete("until")
    @country.autocomplete("until")
    async def offer_last_days(self, interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        """Offer the last day that is understood, or some that are often wanted."""
        return choices(until_choices(typed[:LONGEST_DAY], await self.setting(interaction), back=True))

    # --- answers ------------------------------------------------------------------------------------------------

    async def _answer(
        self,
        interaction: discord.Interaction,
        whose: RecordWish,
        topic: str | None,
        since: str | None,
        until: str | None,
    ) -> None:
        """Answer with the numbers and their picture, and with the first page of the list behind them."""
        guild, setting = await self.there(interaction)
        say = setting.say
        topic_id = EVERY_TOPIC if topic is None else self.services.topic_called(topic, guild, say)
        narrowed = replace(
            whose,
            topic=None if topic_id == EVERY_TOPIC else topic_id,
            since=since_called(since, setting) if since else None,
            until=until_called(until, setting, back=True) if until else None,
        )
        # As its buttons will have it, so that numbers and list are of the same.
        filter_ = packed_record(narrowed, say)
        wanted = unpacked_record(filter_, setting)
        page = await self._recorded(interaction, wanted)
        if not page.items:
            raise Refusal(
                say("I know no commitment or deadline with a date that fits. `/followups search` looks wider.")
            )
        heading = narrowed_record(wanted, setting)
        record, picture = await asyncio.to_thread(_counted_and_drawn, page, unplain(heading), setting)
        view = RecordView(
            f"📊 {heading}",
            number_lines(record, say),
            small_lines(record, wanted, say, rated=interaction.guild_id is not None),
            picture,
            RecordFileButton(filter_, say("The list as a table")),
        )
        await interaction.followup.send(view=view, file=picture, ephemeral=True)
        await self.show_first_page(interaction, "record", filter_)

    async def _page(self, interaction: discord.Interaction, wish: PageWish) -> ui.LayoutView:
        """Return a page of the list behind a record, with a select that opens the cards of what is on it."""
        setting = await self.setting(interaction)
        say, wanted = setting.say, unpacked_record(wish.filter, setting)
        page = await self._recorded(interaction, wanted, wish.number)
        there, pages = page_of(wish, page.total, _PAGE_SIZE)
        if there.number != wish.number:  # the list has become shorter since its button was made
            page = await self._recorded(interaction, wanted, there.number)
        lines = [list_line(case, setting, stands_in_words(case, setting)) for case in page.items]
        counted = say.many("{count} counted, the latest first", "{count} counted, the latest first", page.total)
        offered = [(choice_label(case, say), case.followup.id) for case in page.items]
        below = [CardSelect(offered, say)] if offered else []
        heading = f"🗂️ {counted} · {narrowed_record(wanted, setting)}"
        return PageView(heading, lines or [say("Nothing counts here any more.")], there, pages, below=below, say=say)

    async def _recorded(
        self, interaction: discord.Interaction, wanted: RecordWish, page_number: int | None = None
    ) -> CasePage:
        """Return what counts in a record as the server sees it: one page of it, or all."""
        guild_id = interaction.guild_id
        offset, limit = (0, None) if page_number is None else (page_number * _PAGE_SIZE, _PAGE_SIZE)
        return await self.services.store.look(
            lambda work: work.cases.recorded(wanted, guild_id, offset=offset, limit=limit)
        )


def _counted_and_drawn(page: CasePage, title: str, setting: Setting) -> tuple[Record, Attached]:
    """Count what became of these and draw it; that takes a good part of a second."""
    # matplotlib costs half a second and 40 MB, which a bot that draws nothing should not pay.
    from bot.pictures.record import Chart, alt_text, draw  # noqa: PLC0415

    record = recorded(page.items, setting.today, left_out=page.total - len(page.items))
    chart = Chart(title, record.whole, record.months, setting.say)
    return record, Attached("record.png", draw(chart), alt_text(chart))
