"""`/remind` and `/reminders`: a person's own reminders, by direct message, once or again and again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import discord
from discord import app_commands, ui

from bot.cogs.base import ServiceCog, choices, defer
from bot.cogs.followups import case_called, case_choices
from bot.errors import Refusal
from bot.render import moment_stamp, plain, shortened
from bot.services import Reader, Services, remember_language
from bot.views.editing import edit_answer
from bot.views.pager import PageWish
from bot.views.reminder_form import LONGEST_WHEN, Filled, WhenForm
from bot.views.reminders import LONGEST_NOTE, Answer, Kept, KeptView, Step, closed, note_in, reminders_page, steps_row
from bot.when import (
    PRESETS_FOR_A_DUE_DAY,
    PRESETS_FOR_ANYTHING,
    PRESETS_FOR_EVERY,
    in_english,
    moment_named,
    recurrence_named,
)
from bot.words import words_for
from watchers.audience import Recurrence, Reminder
from watchers.ports import UnitOfWork
from watchers.rating import Case

MOST_OPEN_REMINDERS = 25
_FURTHEST = timedelta(days=5 * 366)


@dataclass(frozen=True, slots=True)
class When:
    """When a reminder comes."""

    first: datetime
    again: Recurrence | None = None
    """None: it comes once."""


class Reminders(ServiceCog):
    """Reminders for one person. Whatever is done here is done to the reminders of whoever asks, and to no others."""

    def __init__(self, services: Services) -> None:
        """Offer the list of one's reminders."""
        super().__init__(services)
        self.listings = {"reminders": self._page}

    @app_commands.command()
    @app_commands.allowed_installs(guilds=True, users=True)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    @app_commands.describe(
        when="“tomorrow 9:00”, “in 3 days”, “9 May 14:00”; with a follow-up also “two days before”",
        every="Again and again: “every Monday 9:00”, “every weekday at 8”, “every month on the 1st”",
        followup="The follow-up it is about; type a word of it",
        note="What to remind you of, in your own words",
    )
    async def remind(
        self,
        interaction: discord.Interaction,
        when: app_commands.Range[str, 1, LONGEST_WHEN] | None = None,
        every: app_commands.Range[str, 1, LONGEST_WHEN] | None = None,
        followup: str | None = None,
        note: app_commands.Range[str, 1, LONGEST_NOTE] | None = None,
    ) -> None:
        """Have me remind you by direct message."""
        await defer(interaction)
        reader = await self._reader(interaction)
        say = reader.setting.say
        if followup is None and note is None:
            raise Refusal(say("What shall I remind you of? Choose a `followup` or write a `note`."))
        if (when is None) == (every is None):
            raise Refusal(say("When shall I remind you? Give either `when` or `every`."))
        about = None if followup is None else await case_called(self.services, interaction.guild_id, followup, say)
        wanted = self._when(when, about, reader) if when is not None else self._again(every or "", reader)
        await self._answer_with(
            interaction, await self.keep(interaction, reader, wanted, about=about, note=note), reader
        )

    @remind.autocomplete("when")
    async def offer_moments(self, interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        """Offer moments, those counted from the due day only where a follow-up has been chosen."""
        about = getattr(interaction.namespace, "followup", None)
        presets = (*(PRESETS_FOR_A_DUE_DAY if about else ()), *PRESETS_FOR_ANYTHING)
        return await self._offered(interaction, typed, presets)

    @remind.autocomplete("every")
    async def offer_rhythms(self, interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        """Offer ways to come again."""
        return await self._offered(interaction, typed, PRESETS_FOR_EVERY)

    @remind.autocomplete("followup")
    async def offer_followups(self, interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        """Offer the pending follow-ups that fit what has been typed."""
        return await case_choices(self.services, interaction.guild_id, typed, words_for(interaction.locale.value))

    @app_commands.command()
    @app_commands.allowed_installs(guilds=True, users=True)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    async def reminders(self, interaction: discord.Interaction) -> None:
        """List your own reminders, to change or cancel them."""
        await defer(interaction)
        await self.show_first_page(interaction, "reminders")

    # --- what the buttons ask for --------------------------------------------------------------------------

    async def ask(self, interaction: discord.Interaction, followup_id: int) -> None:
        """Ask for the time of a new reminder of a follow-up."""
        reader = await self._reader(interaction)
        about = await self._case(reader, followup_id)
        if about is None:
            raise Refusal(reader.setting.say("That follow-up is no longer kept."))
        await self._ask_when(interaction, reader, about=about, note=None)

    async def remind_of(self, interaction: discord.Interaction, words: str, last_day: date | None, *, key: str) -> None:
        """Remind of words somebody read, on the morning of their last day; ask when where that is not ahead.

        Asked for again under the same `key`, it takes the place of what was asked before.
        """
        reader = await self._reader(interaction)
        note = shortened(words, LONGEST_NOTE)
        if last_day is None or reader.at.on(last_day) <= self.services.clock.now():
            await self._ask_when(interaction, reader, about=None, note=note)
            return
        await defer(interaction)
        when = When(reader.at.on(last_day))
        await self._answer_with(
            interaction, await self.keep(interaction, reader, when, about=None, note=note, key=key), reader
        )

    async def _ask_when(
        self, interaction: discord.Interaction, reader: Reader, *, about: Case | None, note: str | None
    ) -> None:
        """Show the form for a new reminder, and keep what comes back."""

        async def sent(submission: discord.Interaction, filled: Filled) -> None:
            await defer(submission)
            wanted = self._when(filled.when, about, reader)
            kept = await self.keep(submission, reader, wanted, about=about, note=filled.note)
            await self._answer_with(submission, kept, reader)

        await interaction.response.send_modal(WhenForm(reader.setting.say, self._presets(about, reader), note, sent))

    async def answer(self, interaction: discord.Interaction, followup_id: int | None, answer: Answer) -> None:
        """Do as somebody answers to a reminder that has come."""
        if answer is not Answer.OTHER:
            await interaction.response.defer()
        reader = await self._reader(interaction)
        about = None if followup_id is None else await self._case(reader, followup_id)
        note = note_in(interaction.message)
        if answer is Answer.OTHER:
            await self._ask_again(interaction, reader, about, note)
            return
        if answer is Answer.DONE:
            if interaction.message is not None:
                await edit_answer(interaction, closed(interaction.message, f"✅ {reader.setting.say('Done')}"))
            return
        await self._again_at(interaction, reader, When(self._moment_of(answer, about, reader)), about, note)

    async def step(self, interaction: discord.Interaction, number: int, step: Step) -> None:
        """Show, change or cancel an open reminder."""
        if step is not Step.CHANGE:
            await interaction.response.defer()
        reader = await self._reader(interaction)
        say = reader.setting.say
        if step is Step.CANCEL:
            dropped = await self.services.store.transact(lambda work: work.reminders.drop(reader.user_id, number))
            if dropped is None:
                raise _gone(reader)
            if interaction.message is not None:
                await edit_answer(interaction, closed(interaction.message, f"🗑️ {say('Cancelled: it will not come.')}"))
            return
        kept = next((one for one in await self._own(reader) if one.number == number), None)
        if kept is None:
            raise _gone(reader)
        if step is Step.SHOW:
            await edit_answer(interaction, KeptView(kept, reader))
            return
        await self._ask_change(interaction, reader, kept)

    async def keep(
        self,
        interaction: discord.Interaction,
        reader: Reader,
        when: When,
        *,
        about: Case | None,
        note: str | None,
        replacing: int | None = None,
        key: str | None = None,
    ) -> Kept:
        """Store a reminder of whoever asks; return it as kept.

        It takes the place of the one numbered `replacing`, and of an open one under the same `key`. Raise `Refusal`
        where there is nothing to be reminded of, the one to replace is gone, or there are as many as there may be.
        """
        say = reader.setting.say
        if about is None and not note:
            raise Refusal(say("What shall I remind you of? Write a note to yourself."))
        reminder = Reminder(
            key=f"personal:{reader.user_id}:{key or interaction.id}",
            fires_at=when.first,
            followup_id=None if about is None else about.followup.id,
            user_id=reader.user_id,
            note=note,
            recurrence=when.again,
        )

        def work(unit: UnitOfWork) -> int:
            open_ones = dict(unit.reminders.of_user(reader.user_id))
            if replacing is not None and replacing not in open_ones:
                raise _gone(reader)
            replaced = [n for n, one in open_ones.items() if n == replacing or one.key == reminder.key]
            for number in replaced:
                unit.reminders.drop(reader.user_id, number)
            if len(open_ones) - len(replaced) >= MOST_OPEN_REMINDERS:
                line = say(
                    "You have {most} open reminders, and that is as many as I keep for one person. "
                    "`/reminders` lists them.",
                    most=MOST_OPEN_REMINDERS,
                )
                raise Refusal(line)
            unit.reminders.plan([reminder])
            remember_language(unit, reader.user_id, say.language)
            stored = [n for n, one in unit.reminders.of_user(reader.user_id) if one.key == reminder.key]
            if not stored:
                raise Refusal(say("You have answered to this reminder already."))
            return stored[0]

        return Kept(await self.services.store.transact(work), reminder, about)

    # --- how -----------------------------------------------------------------------------------------------

    async def _ask_again(
        self, interaction: discord.Interaction, reader: Reader, about: Case | None, note: str | None
    ) -> None:
        """Show the form for a reminder that has come and shall come again."""

        async def sent(submission: discord.Interaction, filled: Filled) -> None:
            await submission.response.defer()
            await self._again_at(submission, reader, self._when(filled.when, about, reader), about, filled.note)

        await interaction.response.send_modal(WhenForm(reader.setting.say, self._presets(about, reader), note, sent))

    async def _again_at(
        self, interaction: discord.Interaction, reader: Reader, when: When, about: Case | None, note: str | None
    ) -> None:
        """Let the reminder whose message was answered come again, once however often it is answered."""
        message = interaction.message
        key = None if message is None else f"after:{message.id}"
        say = reader.setting.say
        kept = await self.keep(interaction, reader, when, about=about, note=note or say("Reminder"), key=key)
        if message is not None:
            line = f"⏰ {say('Comes again {moment}', moment=moment_stamp(when.first))}"
            await edit_answer(interaction, closed(message, line, steps_row(kept.number, say)))

    async def _ask_change(self, interaction: discord.Interaction, reader: Reader, kept: Kept) -> None:
        """Show the form for an open reminder; where no time is given, only its note changes."""
        reminder = kept.reminder

        async def sent(submission: discord.Interaction, filled: Filled) -> None:
            await submission.response.defer()
            when = When(reminder.fires_at, reminder.recurrence)
            if filled.when:
                when = self._when(filled.when, kept.case, reader)
            now_kept = await self.keep(
                submission, reader, when, about=kept.case, note=filled.note, replacing=kept.number
            )
            await edit_answer(submission, KeptView(now_kept, reader))

        await interaction.response.send_modal(
            WhenForm(reader.setting.say, self._presets(kept.case, reader), reminder.note, sent)
        )

    async def _page(self, interaction: discord.Interaction, wish: PageWish) -> ui.LayoutView:
        """Return a page of the reminders of whoever asks, the earliest first."""
        reader = await self._reader(interaction)
        return reminders_page(await self._own(reader), wish, reader)

    async def _own(self, reader: Reader) -> list[Kept]:
        """Return a person's open reminders."""

        def look(work: UnitOfWork) -> list[Kept]:
            own = work.reminders.of_user(reader.user_id)
            ids = sorted({one.followup_id for _, one in own if one.followup_id is not None})
            cases = {case.followup.id: case for case in work.cases.of(reader.guild_id, ids, user_id=reader.user_id)}
            return [Kept(number, one, cases.get(one.followup_id or 0)) for number, one in own]

        return await self.services.store.look(look)

    async def _case(self, reader: Reader, followup_id: int) -> Case | None:
        found = await self.services.store.look(
            lambda work: tuple(work.cases.of(reader.guild_id, [followup_id], user_id=reader.user_id))
        )
        return found[0] if found else None

    async def _reader(self, interaction: discord.Interaction) -> Reader:
        return await self.services.reader(interaction.user.id, interaction.guild_id, interaction.locale.value)

    async def _answer_with(self, interaction: discord.Interaction, kept: Kept, reader: Reader) -> None:
        """Answer a deferred interaction with a reminder as it was kept."""
        await interaction.followup.send(view=KeptView(kept, reader), ephemeral=True)

    async def _offered(
        self, interaction: discord.Interaction, typed: str, presets: tuple[str, ...]
    ) -> list[app_commands.Choice[str]]:
        """Return what was typed as a choice of its own, and the presets that fit it."""
        say = (await self._reader(interaction)).setting.say
        wanted = typed.strip()
        own = (
            [(wanted[:LONGEST_WHEN], wanted[:LONGEST_WHEN])]
            if wanted and in_english(wanted, say) not in presets
            else []
        )
        fitting = [(say(one), one) for one in presets if wanted.casefold() in f"{one} {say(one)}".casefold()]
        return choices([*own, *fitting])

    def _presets(self, about: Case | None, reader: Reader) -> tuple[str, ...]:
        """Return the times a form offers: those counted from the last day that still lie ahead, then any others."""
        now = self.services.clock.now()
        counted: list[str] = []
        if about is not None and about.due is not None:
            last = about.due.last
            moments = {one: moment_named(one, last_day=last, at=reader.at, now=now) for one in PRESETS_FOR_A_DUE_DAY}
            counted = [words for words, moment in moments.items() if moment is not None and moment > now]
        return (*counted, *PRESETS_FOR_ANYTHING, *PRESETS_FOR_EVERY)

    def _again(self, words: str, reader: Reader) -> When:
        """Return the rhythm that was named, with or without its "every"; raise `Refusal` where it is not understood."""
        now = self.services.clock.now()
        known = in_english(words, reader.setting.say)
        for form in (known, f"every {known}"):
            if (read := recurrence_named(form, at=reader.at, now=now)) is not None:
                return self._within_reach(words, When(*read), reader)
        raise Refusal(
            reader.setting.say(
                "I do not understand “{words}”. Try “every Monday 9:00”, “every weekday at 8”, "
                "“every 2 weeks on Friday”, “every month on the 1st”. I read times in {zone}.",
                words=plain(words, LONGEST_WHEN),
                zone=reader.at.zone.key,
            )
        )

    def _when(self, words: str, about: Case | None, reader: Reader) -> When:
        """Return the time, or the rhythm, that was named; raise `Refusal` where it is not understood, past or too far.

        Words that say nothing are refused as well.
        """
        say, now = reader.setting.say, self.services.clock.now()
        if not words.strip():
            raise Refusal(say("When? Choose a time, or type one: “in 3 days”, “tomorrow 9:00”, “9 May 14:00”."))
        known = in_english(words, say)
        again = recurrence_named(known, at=reader.at, now=now)
        if again is not None:
            return self._within_reach(words, When(*again), reader)
        last_day = about.due.last if about and about.due else None
        moment = moment_named(known, last_day=last_day, at=reader.at, now=now)
        if moment is not None:
            return self._within_reach(words, When(moment), reader)
        said, zone = plain(words, LONGEST_WHEN), reader.at.zone.key
        if last_day is None:
            line = say(
                "I do not understand “{words}”. Try “in 3 days”, “tomorrow 9:00”, “9 May 14:00”, “Friday”, "
                "“every Monday 9:00”. I read times in {zone}.",
                words=said,
                zone=zone,
            )
        else:
            line = say(
                "I do not understand “{words}”. Try “two days before”, “in 3 days”, “tomorrow 9:00”, “9 May 14:00”. "
                "I read times in {zone}.",
                words=said,
                zone=zone,
            )
        raise Refusal(line)

    def _within_reach(self, words: str, when: When, reader: Reader) -> When:
        """Return a time that lies ahead and not too far; raise `Refusal` for any other."""
        say, now = reader.setting.say, self.services.clock.now()
        said = plain(words, LONGEST_WHEN)
        if when.first <= now:
            stamp = moment_stamp(when.first)
            raise Refusal(say("“{words}” has passed already: that was {moment}.", words=said, moment=stamp))
        if when.first - now > _FURTHEST:
            raise Refusal(say("“{words}” is too far off: I remember reminders for five years.", words=said))
        return when

    def _moment_of(self, answer: Answer, about: Case | None, reader: Reader) -> datetime:
        """Return when a reminder comes again after an answer that says so."""
        now = self.services.clock.now()
        if answer is Answer.HOUR:
            return now + timedelta(hours=1)
        if answer is Answer.TOMORROW:
            return reader.at.on(reader.at.day_of(now) + timedelta(days=1))
        if about is None or about.due is None:
            raise Refusal(reader.setting.say("That follow-up has no last day any more. Choose another time."))
        morning = reader.at.on(about.due.last)
        if morning <= now:
            raise Refusal(reader.setting.say("The morning of its last day has passed. Choose another time."))
        return morning


def _gone(reader: Reader) -> Refusal:
    """Return the refusal for a reminder that is not, or no longer, an open one of whoever asks."""
    say = reader.setting.say
    return Refusal(say("That reminder has come, or you have cancelled it. `/reminders` lists those that are open."))
