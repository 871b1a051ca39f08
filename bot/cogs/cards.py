"""What the buttons of cards and alerts do: open, rate, undo, watch, mute, note, correct, add to the server's events."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import discord
from discord import ui

from bot.cogs.base import ServiceCog
from bot.days import EXAMPLES, days_named
from bot.errors import Refusal
from bot.render import Setting, day_stamp, plain, status_words, telling_line
from bot.services import Services, remember_language
from bot.views.card import CardView, DoneView, Reader
from bot.views.editing import edit_answer
from bot.views.joining import editing_rows
from bot.views.look import BLUE, COLOURS, status_name
from bot.views.pager import PageView, PageWish, page_of
from bot.views.rating import LONGEST_DAY, LONGEST_NOTE, OUTCOMES, CardButton, Deed, On, OneField, Press
from bot.views.scheduled import add_event, may_schedule
from bot.words import Words
from watchers.audience import Guild
from watchers.model import Interval
from watchers.ports import UnitOfWork
from watchers.rating import Case, Fault, Flaw, Rating, RatingWish
from watchers.settling import set_muted, settle, take_back

SOURCES = "sources"
"""The list of all tellings of one follow-up; the name stands in messages already posted."""
_PAGE_SIZE = 5
_ASKING = {Deed.MOVED, Deed.NOTE, Deed.DATE}
"""What opens a form, which must itself be the first answer."""
_BESIDE_THE_CARD = {Deed.OPEN, Deed.SOURCES, Deed.SCHEDULE, Deed.DATE}
"""What leaves the card as it is and is answered in a message of its own."""


@dataclass(frozen=True, slots=True)
class _Seen:
    """A follow-up as the person who pressed a button may see it."""

    case: Case
    setting: Setting
    reader: Reader
    guild: Guild | None


class Cards(ServiceCog):
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
            Deed.WATCH: self._watch,
            Deed.UNWATCH: self._watch,
            Deed.MUTE: self._mute,
            Deed.UNMUTE: self._mute,
            Deed.NOTE: self._ask_for_note,
            Deed.DATE: self._ask_right_day,
            Deed.SCHEDULE: self._schedule,
        }

    async def press(self, interaction: discord.Interaction, press: Press) -> None:
        """Do what a button says and answer; raise `Refusal` where it cannot be."""
        if press.deed not in _ASKING:
            await _acknowledge(interaction, press)
        await self._deeds[press.deed](interaction, press)

    async def show(self, interaction: discord.Interaction, followup_id: int) -> None:
        """Answer a deferred interaction with a card, for this person's eyes; raise `Refusal` where there is none."""
        seen = await self._seen(interaction, followup_id)
        await interaction.followup.send(view=_card(seen), ephemeral=True)

    async def _open(self, interaction: discord.Interaction, press: Press) -> None:
        """Answer with the card."""
        await self.show(interaction, press.followup_id)

    async def _open_reports(self, interaction: discord.Interaction, press: Press) -> None:
        """Answer with the first page of all tellings."""
        await self.show_first_page(interaction, SOURCES, str(press.followup_id))

    # --- how it ended -----------------------------------------------------------------------------------------

    async def _rate(self, interaction: discord.Interaction, press: Press, due: Interval | None = None) -> None:
        """Rate a follow-up for the server and show what stands now."""
        guild_id = await self._must_rate(interaction, press)
        wish = RatingWish(press.followup_id, guild_id, interaction.user.id, OUTCOMES[press.deed], due)
        now = self.services.clock.now()
        rating = await self.services.store.transact(lambda work: settle(work, wish, now))
        seen = await self._seen(interaction, press.followup_id)
        if rating is not None:
            await self._show_rating(interaction, press, seen, rating)

    async def _show_rating(self, interaction: discord.Interaction, press: Press, seen: _Seen, rating: Rating) -> None:
        say, wish = seen.setting.say, rating.wish
        text = f"**{status_name(rating.outcome, say)}** · `#{wish.followup_id}`"
        if wish.due is not None:
            text += f" · {say('now due {day}', day=day_stamp(wish.due.last, seen.setting.zone))}"
        text += f"\n-# {say('The alerts of this server say so in a moment, and its reminders follow.')}"
        undo = CardButton(Press(Deed.UNDO, wish.followup_id, On.CARD, rating.id), say)
        await self._done(interaction, press, seen, text, undo, colour=COLOURS[rating.outcome])

    async def _ask_where_to(self, interaction: discord.Interaction, press: Press) -> None:
        await self._must_rate(interaction, press)
        say = (await self._seen(interaction, press.followup_id)).setting.say
        form = OneField(
            say("Moved to another day"),
            say("The new last day"),
            say("Leave it empty where no new day was named."),
            partial(self._move, press=press),
            longest=LONGEST_DAY,
            required=False,
            example=EXAMPLES,
        )
        await interaction.response.send_modal(form)

    async def _move(self, interaction: discord.Interaction, typed: str, *, press: Press) -> None:
        """Rate a follow-up as moved to the days that were typed."""
        await _acknowledge(interaction, press)
        seen = await self._seen(interaction, press.followup_id)
        due = _days(typed, seen, since=False) if typed else None
        await self._rate(interaction, press, due)

    async def _undo(self, interaction: discord.Interaction, press: Press) -> None:
        """Take the server's last rating back, if it is still the one that was shown."""
        guild_id = await self._must_rate(interaction, press)
        now, by = self.services.clock.now(), interaction.user.id
        undone = await self.services.store.transact(
            lambda work: take_back(work, guild_id, press.followup_id, press.more, by=by, now=now)
        )
        seen = await self._seen(interaction, press.followup_id)
        if undone is None:
            message = seen.setting.say("That rating does not stand any more: open the card to see what does.")
            raise Refusal(message)
        text = seen.setting.say("Taken back: now {status}", status=status_words(seen.case, seen.setting))
        await self._done(interaction, press, seen, text)

    async def _dismiss(self, interaction: discord.Interaction, press: Press) -> None:
        """Rate a follow-up as no commitment; from somebody who may not rate, note it for those who mend the reading."""
        seen = await self._seen(interaction, press.followup_id)
        if seen.reader.may_rate:
            await self._rate(interaction, press)
            return
        await self._find_fault(interaction, press, Flaw.NO_COMMITMENT, None)

    # --- what is wrong with it --------------------------------------------------------------------------------

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
        await _acknowledge(interaction, press)
        seen = await self._seen(interaction, press.followup_id)
        due = _days(typed, seen, since=True) if typed else None
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
        language = (await self._seen(interaction, number)).setting.say.language

        def work(unit: UnitOfWork) -> None:
            unit.cases.watch(guild_id, number, user_id, wanted=wanted)
            remember_language(unit, user_id, language)

        await self.services.store.transact(work)
        seen = await self._seen(interaction, number)
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
        by = interaction.user.id if press.deed is Deed.MUTE else None
        now = self.services.clock.now()
        await self.services.store.transact(lambda work: set_muted(work, guild_id, press.followup_id, by=by, now=now))
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
        await _acknowledge(interaction, press)
        guild_id = await self._must_rate(interaction, press)
        if not typed:
            message = (await self.setting(interaction)).say("A note needs words: type at least one.")
            raise Refusal(message)
        now, by, number = self.services.clock.now(), interaction.user.id, press.followup_id
        await self.services.store.transact(lambda work: work.cases.add_note(guild_id, number, by, typed, now))
        seen = await self._seen(interaction, number)
        await self._done(interaction, press, seen, f"📝 {seen.setting.say('Noted.')}")

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
        seen = await self._seen(interaction, int(wish.filter))
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

    # --- what they share --------------------------------------------------------------------------------------

    async def _seen(self, interaction: discord.Interaction, followup_id: int) -> _Seen:
        """Return a follow-up as this person may see it; raise `Refusal` where there is none."""
        guild_id, user_id = interaction.guild_id, interaction.user.id

        def look(work: UnitOfWork) -> tuple[Case | None, Guild | None, bool]:
            found = work.cases.of(guild_id, [followup_id])
            if guild_id is None:
                return next(iter(found), None), None, False
            watches = user_id in work.cases.watchers(guild_id, followup_id)
            return next(iter(found), None), work.guilds.get(guild_id), watches

        case, guild, watches = await self.services.store.look(look)
        setting = self.services.setting(guild, interaction.locale.value)
        if case is None:
            message = setting.say("There is no follow-up {number} any more.", number=f"`#{followup_id}`")
            raise Refusal(message)
        reader = Reader(
            in_server=guild is not None,
            may_rate=guild is not None and may_rate(interaction, guild),
            may_schedule=guild is not None and may_schedule(interaction.permissions),
            watches=watches,
        )
        return _Seen(case, setting, reader, guild)

    async def _must_rate(self, interaction: discord.Interaction, press: Press) -> int:
        """Return the server somebody rates for; raise `Refusal` where they may not, or where there is none."""
        guild_id = interaction.guild_id
        if guild_id is None:
            return await self._no_server(interaction)
        seen = await self._seen(interaction, press.followup_id)
        if not seen.reader.may_rate:
            raise Refusal(who_may(seen.guild, seen.setting.say))
        return guild_id

    async def _no_server(self, interaction: discord.Interaction) -> int:
        """Say kindly that this belongs to a server."""
        say = (await self.setting(interaction)).say
        message = say(
            "How a follow-up ended is for a server to say, where everybody sees it: open its card there with "
            "`/followups show`. `/remind` works here too."
        )
        raise Refusal(message)

    async def _done(
        self,
        interaction: discord.Interaction,
        press: Press,
        seen: _Seen,
        text: str,
        *buttons: CardButton,
        colour: int = BLUE,
    ) -> None:
        """Show what was done: a card shows it itself, whoever pressed a button of an alert is told alone."""
        if press.on is On.CARD:
            await edit_answer(interaction, _card(seen))
        else:
            back = CardButton(Press(Deed.OPEN, seen.case.followup.id, On.ALERT), seen.setting.say)
            await interaction.followup.send(view=DoneView(text, colour, *buttons, back), ephemeral=True)


def may_rate(interaction: discord.Interaction, guild: Guild) -> bool:
    """Whether somebody may rate for their server: with Manage Messages, or with the role that the server named."""
    if interaction.permissions.manage_messages or interaction.permissions.administrator:
        return True
    member, role_id = interaction.user, guild.rater_role_id
    return isinstance(member, discord.Member) and role_id is not None and member.get_role(role_id) is not None


def who_may(guild: Guild | None, say: Words) -> str:
    """Return who may rate, for somebody who may not."""
    role_id = guild.rater_role_id if guild else None
    if role_id is None:
        return say("That is for those with the **Manage Messages** permission in this server.")
    return say(
        "That is for those with the **Manage Messages** permission in this server, or the role {role}.",
        role=f"<@&{role_id}>",
    )


def _card(seen: _Seen) -> CardView:
    return CardView(seen.case, seen.setting, seen.reader)


async def _acknowledge(interaction: discord.Interaction, press: Press) -> None:
    """Tell Discord at once, before the store is asked, that an answer is coming: in the card, or to the person."""
    if press.on is On.CARD and press.deed not in _BESIDE_THE_CARD:
        await interaction.response.defer()
    else:
        await interaction.response.defer(ephemeral=True, thinking=True)


def _days(typed: str, seen: _Seen, *, since: bool) -> Interval:
    """Return the days that were typed, counted from today or from the day it was said (`since`).

    Raise `Refusal` with examples where they are not understood.
    """
    say, said_on = seen.setting.say, seen.case.followup.said_on
    anchor = said_on if since else seen.setting.today
    found = days_named(typed, anchor)
    if found is None:
        message = say(
            "I do not understand “{words}” as a day from {day} on. Try {examples}.",
            words=plain(typed, LONGEST_DAY),
            day=say.day(anchor),
            examples=EXAMPLES,
        )
        raise Refusal(message)
    # "By 9 May" bounds it from when it was said, however late that is typed.
    return Interval(min(found.first, said_on), found.last) if found.first <= anchor else found
