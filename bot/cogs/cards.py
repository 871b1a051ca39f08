"""What the buttons of cards and alerts do: open, rate, undo, watch, mute, note, correct, add to the server's events."""

from __future__ import annotations

import re
from functools import partial

import discord
from discord import ui

from bot.cogs.desk import acknowledge, card, days_typed
from bot.cogs.endings import Endings
from bot.days import EXAMPLES
from bot.errors import Refusal
from bot.render import status_words, telling_line
from bot.services import Services, remember_language
from bot.views.card import DoneView
from bot.views.joining import editing_rows
from bot.views.look import BLUE
from bot.views.pager import PageView, PageWish, page_of
from bot.views.rating import LONGEST_DAY, LONGEST_NOTE, CardButton, Deed, On, OneField, Press
from bot.views.scheduled import add_event
from watchers.model import Interval
from watchers.ports import UnitOfWork
from watchers.rating import Fault, Flaw
from watchers.settling import delete_note, set_muted, write_note

SOURCES = "sources"
"""The list of all tellings of one follow-up; the name stands in messages already posted."""
_PAGE_SIZE = 5
_ASKING = {Deed.MOVED, Deed.ACCEPT_MOVE, Deed.LATE, Deed.NOTE, Deed.DATE}
"""What opens a form, which must itself be the first answer."""


class Cards(Endings):
    """The keeper of cards (`bot.views.rating.Keeper`)."""

    def __init__(self, services: Services) -> None:
        """Answer every button of cards and alerts."""
        super().__init__(services)
        self.listings = {SOURCES: self._sources}
        self._deeds = {
            Deed.OPEN: self._open,
            Deed.SOURCES: self._open_reports,
            Deed.KEPT: self._rate,
            Deed.PARTLY: self._rate,
            Deed.BROKEN: self._rate,
            Deed.MOVED: self._ask_where_to,
            Deed.WITHDRAWN: self._rate,
            Deed.DISMISSED: self._dismiss,
            Deed.UNDO: self._undo,
            Deed.LATE: self._ask_when,
            Deed.ACCEPT: self._accept,
            Deed.ACCEPT_MOVE: self._ask_where_to,
            Deed.REJECT: self._reject,
            Deed.RECONSIDER: self._reconsider,
            Deed.WATCH: self._watch,
            Deed.UNWATCH: self._watch,
            Deed.MUTE: self._mute,
            Deed.UNMUTE: self._mute,
            Deed.NOTE: self._ask_for_note,
            Deed.UNNOTE: self._delete_note,
            Deed.DATE: self._ask_right_day,
            Deed.SCHEDULE: self._schedule,
        }

    async def press(self, interaction: discord.Interaction, press: Press) -> None:
        """Do what a button says and answer; raise `Refusal` where it cannot be."""
        if press.deed not in _ASKING:
            await acknowledge(interaction, press)
        await self._deeds[press.deed](interaction, press)

    async def show(self, interaction: discord.Interaction, followup_id: int) -> None:
        """Answer a deferred interaction with a card, for this person's eyes; raise `Refusal` where there is none."""
        seen = await self._seen(interaction, followup_id)
        await interaction.followup.send(view=card(seen), ephemeral=True)

    async def _open(self, interaction: discord.Interaction, press: Press) -> None:
        """Answer with the card."""
        await self.show(interaction, press.followup_id)

    async def _open_reports(self, interaction: discord.Interaction, press: Press) -> None:
        """Answer with the first page of all tellings."""
        await self.show_first_page(interaction, SOURCES, str(press.followup_id))

    # --- what is wrong with it --------------------------------------------------------------------------------

    async def _dismiss(self, interaction: discord.Interaction, press: Press) -> None:
        """Rate a follow-up as no commitment; from somebody who may not rate, note it for those who mend the reading."""
        seen = await self._seen(interaction, press.followup_id)
        if seen.reader.may_rate:
            await self._rate(interaction, press)
            return
        await self._find_fault(interaction, press, Flaw.NO_COMMITMENT, None)

    async def _ask_right_day(self, interaction: discord.Interaction, press: Press) -> None:
        seen = await self._seen(interaction, press.followup_id)
        say, said_on = seen.setting.say, seen.case.followup.said_on
        form = OneField(
            say("The date was read wrongly"),
            say("The right last day, as it was said"),
            say("Counted from {day}, when it was said; empty: it names none.", day=say.day(said_on)),
            partial(self._correct, press=press),
            longest=LONGEST_DAY,
            required=False,
            example=EXAMPLES,
        )
        await interaction.response.send_modal(form)

    async def _correct(self, interaction: discord.Interaction, typed: str, *, press: Press) -> None:
        """Note which day is the right one."""
        await acknowledge(interaction, press)
        seen = await self._seen(interaction, press.followup_id)
        due = days_typed(typed, seen, since=True) if typed else None
        await self._find_fault(interaction, press, Flaw.WRONG_DATE, due)

    async def _find_fault(
        self, interaction: discord.Interaction, press: Press, what: Flaw, due: Interval | None
    ) -> None:
        """Note a fault for those who mend the reading, and thank for it; nothing changes for the server."""
        fault = Fault(press.followup_id, interaction.guild_id, interaction.user.id, what, due)
        now = self.services.clock.now()
        new = await self.services.store.transact(lambda work: work.cases.find_fault(fault, now))
        say = (await self._seen(interaction, press.followup_id)).setting.say
        thanks = say("Thank you: noted for those who mend the reading.") if new else say("You have said so before.")
        hint = {
            Flaw.NO_COMMITMENT: say("Settling it for this server is for those who may rate."),
            Flaw.WRONG_DATE: say("For this server, those who may rate can give it another day with “Moved…”."),
        }[what]
        await interaction.followup.send(view=DoneView(f"🩹 {thanks}\n-# {hint}", BLUE), ephemeral=True)

    # --- watching, muting, notes ------------------------------------------------------------------------------

    async def _watch(self, interaction: discord.Interaction, press: Press) -> None:
        """Tell somebody by direct message how a server rates a follow-up, or no longer."""
        wanted = press.deed is Deed.WATCH
        # The button of a direct message names the server it came from; it ends nobody's watching but one's own.
        guild_id = interaction.guild_id or (press.more if not wanted else 0) or await self._no_server(interaction)
        user_id, number = interaction.user.id, press.followup_id
        before = await self._seen(interaction, number)
        language = before.setting.say.language

        def work(unit: UnitOfWork) -> None:
            unit.cases.watch(guild_id, number, user_id, wanted=wanted)
            remember_language(unit, user_id, language)

        await self.services.store.transact(work)
        # Outside servers, who watches it no more may no longer see it.
        seen = before if interaction.guild_id is None else await self._seen(interaction, number)
        say = seen.setting.say
        if not wanted:
            text = f"🙈 {say('You watch {number} no longer.', number=f'`#{number}`')}"
            await self._done(interaction, press, seen, text)
            return
        how = say("You will hear by direct message how {number} is rated here.", number=f"`#{number}`")
        stop = CardButton(Press(Deed.UNWATCH, number, On.CARD), say)
        await self._done(interaction, press, seen, f"👁️ {how}", stop)

    async def _mute(self, interaction: discord.Interaction, press: Press) -> None:
        """Let the server hear no more reminders of a follow-up, or hear them again."""
        guild_id = await self._must_rate(interaction, press)
        muted, by, now = press.deed is Deed.MUTE, interaction.user.id, self.services.clock.now()
        await self.services.store.transact(
            lambda work: set_muted(work, guild_id, press.followup_id, muted=muted, by=by, now=now)
        )
        seen = await self._seen(interaction, press.followup_id)
        await self._done(interaction, press, seen, status_words(seen.case, seen.setting))

    async def _ask_for_note(self, interaction: discord.Interaction, press: Press) -> None:
        await self._must_rate(interaction, press)
        say = (await self._seen(interaction, press.followup_id)).setting.say
        form = OneField(
            say("A note for this server"),
            say("Your note"),
            say("Everybody here sees it on the card, with your name."),
            partial(self._note, press=press),
            longest=LONGEST_NOTE,
        )
        await interaction.response.send_modal(form)

    async def _note(self, interaction: discord.Interaction, typed: str, *, press: Press) -> None:
        """Store a note."""
        await acknowledge(interaction, press)
        guild_id = await self._must_rate(interaction, press)
        if not typed:
            message = (await self.setting(interaction)).say("A note needs words: type at least one.")
            raise Refusal(message)
        now, by, number = self.services.clock.now(), interaction.user.id, press.followup_id
        await self.services.store.transact(lambda work: write_note(work, guild_id, number, typed, by=by, now=now))
        seen = await self._seen(interaction, number)
        await self._done(interaction, press, seen, f"📝 {seen.setting.say('Noted.')}")

    async def _delete_note(self, interaction: discord.Interaction, press: Press) -> None:
        """Delete a note for whoever wrote it, whether they may still rate or not."""
        guild_id = interaction.guild_id or await self._no_server(interaction)
        now, by = self.services.clock.now(), interaction.user.id
        gone = await self.services.store.transact(lambda work: delete_note(work, guild_id, press.more, by=by, now=now))
        seen = await self._seen(interaction, press.followup_id)
        if not gone:
            raise Refusal(seen.setting.say("There is no such note of yours here any more."))
        await self._done(interaction, press, seen, f"🗑️ {seen.setting.say('Your note is deleted.')}")

    # --- the server's events, all reports ---------------------------------------------------------------------

    async def _schedule(self, interaction: discord.Interaction, press: Press) -> None:
        """Add a follow-up to the server's scheduled events, once."""
        if interaction.guild_id is None:
            await self._no_server(interaction)
        seen = await self._seen(interaction, press.followup_id)
        text = await add_event(interaction, seen.case, seen.setting, self.services.clock.now())
        await interaction.followup.send(view=DoneView(text, BLUE), ephemeral=True)

    async def _sources(self, interaction: discord.Interaction, wish: PageWish) -> ui.LayoutView:
        """Return a page of the tellings of one follow-up, oldest first."""
        # A client may send any filter; no follow-up is number 0.
        number = int(wish.filter) if re.fullmatch(r"\d{1,18}", wish.filter) else 0
        seen = await self._seen(interaction, number)
        setting, followup = seen.setting, seen.case.followup
        tellings = followup.tellings
        there, pages = page_of(wish, len(tellings), _PAGE_SIZE)
        first = there.number * _PAGE_SIZE
        lines = [telling_line(telling, setting) for telling in tellings[first : first + _PAGE_SIZE]]
        count = setting.say.many("{count} report", "{count} reports", len(tellings))
        view = PageView(f"📰 {count} · `#{followup.id}`", lines, there, pages, say=setting.say)
        if seen.reader.may_rate:
            reports = await self.services.store.look(lambda work: work.joining.reports(followup.id))
            for row in editing_rows(followup.id, reports, first, _PAGE_SIZE, setting):
                view.add_item(row)
        return view
