"""`/timeline`, `/calendar` and `/export`: follow-ups to look at, and to take along."""

from __future__ import annotations

import asyncio
import secrets
from datetime import timedelta
from functools import partial

import discord
from discord import app_commands

from bot import outline, showing
from bot.calendars import calendar_file
from bot.cogs.base import ServiceCog, choices, defer, managed_server
from bot.errors import Refusal
from bot.exports import MOST_CASES, Format, export_file
from bot.filters import country_called, country_choices
from bot.render import Setting, plain
from bot.views.help import MANAGERS_ONLY
from bot.views.look import KIND_NAMES
from bot.views.seeing import Attached, FileView, PictureView
from bot.web import ATOM, CALENDAR, JSON, addresses
from bot.words import Words, marked, words_for
from watchers.alerts import EVERY_TOPIC
from watchers.audience import Guild, Share
from watchers.model import Kind
from watchers.ports import UnitOfWork
from watchers.rating import Case, CaseFilter, CasePage, Listing
from watchers.sharing import close_share, open_share

MOST_ROWS = 14
"""As many as a timeline shows (see pictures/timeline.py)."""
_USUAL_WEEKS = 4
"""As the option's description says."""
_MOST_WEEKS = 26
_LONGEST_TEXT = 60
_TOKEN_BYTES = 32
_LISTS = {
    Listing.RECENT: marked("Everything, the newest first"),
    Listing.PENDING: marked("Pending"),
    Listing.DUE: marked("Due within a week"),
    Listing.OVERDUE: marked("Overdue"),
    Listing.SETTLED: marked("Settled"),
}
_KIND_CHOICES = [app_commands.Choice(name=KIND_NAMES[kind], value=kind.value) for kind in Kind]


class Seeing(ServiceCog):
    """Pictures, calendars and exports."""

    calendar = app_commands.Group(name="calendar", description="Last days in your own calendar")

    # --- pictures -----------------------------------------------------------------------------------------------

    @app_commands.command()
    @app_commands.describe(
        topic="Only on this topic",
        country="Only what concerns this country",
        weeks="How many weeks ahead; four if left out",
    )
    async def timeline(
        self,
        interaction: discord.Interaction,
        topic: str | None = None,
        country: str | None = None,
        weeks: app_commands.Range[int, 1, _MOST_WEEKS] = _USUAL_WEEKS,
    ) -> None:
        """Show the coming weeks as a picture."""
        await defer(interaction)
        (guild, setting), guild_id = await self.there(interaction), interaction.guild_id
        say = setting.say
        wanted = CaseFilter(
            topic=self._topic(topic, guild, setting.say),
            country=country_called(country, say) if country else None,
            until=setting.today + timedelta(weeks=weeks),
        )
        page = await self.services.store.look(
            lambda work: work.cases.page(wanted, guild_id, setting.today, offset=0, limit=MOST_ROWS)
        )
        title = self._title(wanted, setting)
        overdue = say.many("{count} more is overdue", "{count} more are overdue", page.overdue) if page.overdue else ""
        if not page.items:
            until = say.day(setting.today + timedelta(weeks=weeks))
            nothing = say("Nothing falls due until {day}.", day=until)
            await interaction.followup.send(
                view=FileView(f"🗓️ {plain(title, 120)}", [line for line in (nothing, overdue) if line]), ephemeral=True
            )
            return
        file = await asyncio.to_thread(partial(_picture, page, title, wanted, setting))
        await interaction.followup.send(view=PictureView(file, overdue), file=file, ephemeral=True)

    # --- calendars ----------------------------------------------------------------------------------------------

    @calendar.command(name="file")
    @app_commands.describe(topic="Only on this topic")
    async def calendar_as_file(self, interaction: discord.Interaction, topic: str | None = None) -> None:
        """Give me a calendar file (.ics) of what is pending."""
        await defer(interaction)
        (guild, setting), guild_id = await self.there(interaction), interaction.guild_id
        now = self.services.clock.now()
        say, topic_id = setting.say, self._topic(topic, guild, setting.say)
        name = self._topic_name(topic_id, setting)

        def look(work: UnitOfWork) -> showing.Shown:
            cases = showing.for_calendar(work, guild_id, topic_id or EVERY_TOPIC, now, setting.today)
            return showing.shown(work, f"{name} · Aide-Mémoire", guild_id, cases)

        found = await self.services.store.look(look)
        if not found.cases:
            message = say("Nothing with a date is pending on **{topic}**.", topic=plain(name, 60))
            raise Refusal(message)
        content = await asyncio.to_thread(calendar_file, found, setting)
        file = Attached("aide-memoire.ics", content)
        counted = say.many("{count} entry", "{count} entries", len(found.cases))
        lines = [
            say("Open the file with your calendar. Each stands on its last day; a later file brings it up to date.")
        ]
        await interaction.followup.send(
            view=FileView(f"🗓️ {plain(name, 60)} · {counted}", lines, file), file=file, ephemeral=True
        )

    @calendar.command(extras=MANAGERS_ONLY)
    @app_commands.describe(topic="Only on this topic")
    async def subscribe(self, interaction: discord.Interaction, topic: str | None = None) -> None:
        """Make a secret address where calendars and feed readers keep up with this server."""
        await defer(interaction)
        (guild, setting), guild_id = await self.there(interaction), managed_server(interaction)
        say, public_url = setting.say, self.services.public_url
        if public_url is None:
            message = say(
                "The operator of this bot has not turned its web pages on, so there is no address to subscribe to. "
                "`/calendar file` gives you a file."
            )
            raise Refusal(message)
        topic_id = self._topic(topic, guild, setting.say) or EVERY_TOPIC
        wish = Share(secrets.token_urlsafe(_TOKEN_BYTES), guild_id, topic_id, interaction.user.id)
        now = self.services.clock.now()
        share = await self.services.store.transact(lambda work: open_share(work, wish, now))
        where = addresses(public_url, share.token)
        lines = [
            f"**{say('Calendar')}**\n`{where[CALENDAR]}`",
            f"**Atom**\n`{where[ATOM]}`",
            f"**JSON Feed**\n`{where[JSON]}`",
            say(
                "-# Whoever knows these addresses reads what this server follows and how it rated it. "
                "`/calendar revoke` ends them."
            ),
        ]
        name = plain(self._topic_name(topic_id, setting), 60)
        await interaction.followup.send(view=FileView(f"🔗 {name}", lines), ephemeral=True)

    @calendar.command(extras=MANAGERS_ONLY)
    @app_commands.describe(topic="The topic whose address ends; the one for every topic if left out")
    async def revoke(self, interaction: discord.Interaction, topic: str | None = None) -> None:
        """End a secret address made with /calendar subscribe."""
        await defer(interaction)
        (guild, setting), guild_id = await self.there(interaction), managed_server(interaction)
        say = setting.say
        shares = await self.services.store.look(lambda work: tuple(work.shares.of_guild(guild_id)))
        # A topic that is no longer in the catalogue can still be named by its id, as autocomplete does.
        topic_id = (
            topic
            if topic in {share.topic for share in shares}
            else self._topic(topic, guild, setting.say) or EVERY_TOPIC
        )
        by, now = interaction.user.id, self.services.clock.now()
        gone = await self.services.store.transact(
            lambda work: close_share(work, guild_id, topic_id or EVERY_TOPIC, by=by, now=now)
        )
        name = plain(self._topic_name(topic_id, setting), 60)
        if gone is None:
            message = say("There is no address for **{topic}**. `/calendar subscribe` makes one.", topic=name)
            raise Refusal(message)
        await interaction.followup.send(
            view=FileView(f"🔗 {name}", [say("✅ The addresses have ended; nobody reads anything there any more.")]),
            ephemeral=True,
        )

    # --- exports ------------------------------------------------------------------------------------------------

    @app_commands.command()
    @app_commands.rename(form="format", listing="list")
    @app_commands.describe(
        form="A table for spreadsheets, or records for programs",
        listing="Which ones; everything if left out",
        topic="Only on this topic",
        kind="Only of this kind",
        country="Only what concerns this country",
        text="Only with these words in the quote or speaker",
    )
    @app_commands.choices(
        form=[app_commands.Choice(name=form.upper(), value=form.value) for form in Format],
        listing=[app_commands.Choice(name=name, value=listing.value) for listing, name in _LISTS.items()],
        kind=_KIND_CHOICES,
    )
    async def export(
        self,
        interaction: discord.Interaction,
        *,
        form: str,
        listing: str = Listing.RECENT.value,
        topic: str | None = None,
        kind: str | None = None,
        country: str | None = None,
        text: app_commands.Range[str, 1, _LONGEST_TEXT] | None = None,
    ) -> None:
        """Give me the follow-ups as a file for a spreadsheet or a program."""
        await defer(interaction)
        (guild, setting), guild_id = await self.there(interaction), interaction.guild_id
        say = setting.say
        wanted = CaseFilter(
            Listing(listing),
            topic=self._topic(topic, guild, setting.say),
            kind=Kind(kind) if kind else None,
            country=country_called(country, say) if country else None,
            text=text,
        )
        page = await self.services.store.look(
            lambda work: work.cases.page(wanted, guild_id, setting.today, offset=0, limit=MOST_CASES)
        )
        if not page.items:
            raise Refusal(say("There is nothing of that kind to export."))
        limit = interaction.filesize_limit
        name = f"follow-ups-{setting.today.isoformat()}"
        write = partial(
            export_file, name, Format(form), page.items, setting.today, setting.topics, total=page.total, limit=limit
        )
        exported = await asyncio.to_thread(write)
        if exported is None:
            message = say(
                "That is larger than Discord takes here ({size} MB). Narrow it with `topic`, `kind` or `country`.",
                size=limit // 2**20,
            )
            raise Refusal(message)
        file = Attached(exported.name, exported.content)
        counted = say.many("{count} follow-up", "{count} follow-ups", len(page.items))
        left_out = page.total - len(page.items)
        lines = [self._title(wanted, setting, with_listing=True)]
        if left_out:
            lines.append(say("The first ones only: {count} more are left out. Narrow it.", count=say.number(left_out)))
        await interaction.followup.send(
            view=FileView(f"📦 {counted}", [plain(line, 300) for line in lines], file), file=file, ephemeral=True
        )

    # --- choices ------------------------------------------------------------------------------------------------

    @timeline.autocomplete("topic")
    @export.autocomplete("topic")
    @calendar_as_file.autocomplete("topic")
    @subscribe.autocomplete("topic")
    async def offer_topics(self, interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        """Offer the topics that fit what has been typed: every topic together, the catalogue's, the server's own."""
        guild, setting = await self.there(interaction)
        return self.topic_choices(typed, guild, setting.say, with_every=True)

    @timeline.autocomplete("country")
    @export.autocomplete("country")
    async def offer_countries(self, interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        """Offer the countries that fit what has been typed, by their names in the reader's language."""
        return choices(country_choices(typed, words_for(interaction.locale.value)))

    @revoke.autocomplete("topic")
    async def offer_shares(self, interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        """Offer the topics for which this server has an address."""
        if not interaction.permissions.manage_guild or interaction.guild_id is None:
            return []
        guild_id, setting = interaction.guild_id, await self.setting(interaction)
        shares = await self.services.store.look(lambda work: tuple(work.shares.of_guild(guild_id)))
        pairs = [(self._topic_name(share.topic, setting), share.topic) for share in shares]
        return choices([pair for pair in pairs if typed.strip().casefold() in pair[0].casefold()])

    # --- words --------------------------------------------------------------------------------------------------

    def _topic(self, typed: str | None, guild: Guild | None, say: Words) -> str | None:
        """Return the id of the topic somebody named, the server's own included; None for every topic."""
        topic_id = EVERY_TOPIC if typed is None else self.services.topic_called(typed, guild, say)
        return None if topic_id == EVERY_TOPIC else topic_id

    def _topic_name(self, topic_id: str | None, setting: Setting) -> str:
        if topic_id is None or topic_id == EVERY_TOPIC:
            return setting.say("Every topic")
        return setting.topics.get(topic_id, topic_id)

    def _title(self, wanted: CaseFilter, setting: Setting, *, with_listing: bool = False) -> str:
        """Return in a line what was asked for."""
        say = setting.say
        parts = [
            say(_LISTS[wanted.listing]) if with_listing else "",
            self._topic_name(wanted.topic, setting),
            say(KIND_NAMES[wanted.kind]) if wanted.kind else "",
            say.country(wanted.country) if wanted.country else "",
            f"“{wanted.text}”" if wanted.text else "",
        ]
        return " · ".join(part for part in parts if part)


def _picture(page: CasePage, title: str, wanted: CaseFilter, setting: Setting) -> Attached:
    """Draw a timeline; it takes a good part of a second."""
    # matplotlib costs half a second and 40 MB, which a bot that draws nothing should not pay.
    from bot.pictures.timeline import Row, Timeline, alt_text, draw  # noqa: PLC0415

    def row(case: Case) -> Row | None:
        if case.due is None:
            return None
        who, what = outline.who(case, setting.say), outline.what(case)
        return Row(case.followup.id, case.followup.kind, who, what, case.due, outline.is_about(case))

    rows = tuple(filter(None, map(row, page.items)))
    until = wanted.until or setting.today
    timeline = Timeline(title, setting.today, until, rows, page.total, setting.say)
    return Attached("timeline.png", draw(timeline), alt_text(timeline))
