"""What the buttons do that say how a follow-up ended: rate, date, move, undo, answer what the news suggests."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import discord

from bot.cogs.desk import CardDesk, Seen, acknowledge, card, days_typed
from bot.days import EXAMPLES, PAST_EXAMPLES, day_past
from bot.errors import Refusal
from bot.render import day_stamp, plain, rating_words, status_words
from bot.views.card import DoneView, may_be_dated
from bot.views.clue import looks_words
from bot.views.editing import edit_answer
from bot.views.look import BLUE, COLOURS
from bot.views.rating import LONGEST_DAY, OUTCOMES, CardButton, Deed, On, OneField, Press
from watchers.model import Interval
from watchers.ports import UnitOfWork
from watchers.rating import Outcome, Rating, RatingWish, Suggestion
from watchers.settling import confirm, reconsider, reject, settle, take_back


class Endings(CardDesk):
    """Answers whatever says how a follow-up ended."""

    async def _rate(self, interaction: discord.Interaction, press: Press, due: Interval | None = None) -> None:
        """Rate a follow-up for the server and show what stands now."""
        guild_id = await self._must_rate(interaction, press)
        wish = RatingWish(press.followup_id, guild_id, interaction.user.id, OUTCOMES[press.deed], due)
        await self._settle(interaction, press, wish)

    async def _settle(self, interaction: discord.Interaction, press: Press, wish: RatingWish) -> None:
        now = self.services.clock.now()
        rating = await self.services.store.transact(lambda work: settle(work, wish, now))
        seen = await self._seen(interaction, press.followup_id)
        if rating is not None:
            await self._show_rating(interaction, press, seen, rating)

    async def _show_rating(self, interaction: discord.Interaction, press: Press, seen: Seen, rating: Rating) -> None:
        say, wish = seen.setting.say, rating.wish
        text = (
            f"**{rating_words(replace(rating, wish=replace(wish, due=None)), seen.setting)}** · `#{wish.followup_id}`"
        )
        if wish.due is not None:
            text += f" · {say('now due {day}', day=day_stamp(wish.due.last, seen.setting.zone))}"
        text += f"\n-# {say('The alerts of this server say so in a moment, and its reminders follow.')}"
        buttons = [CardButton(Press(Deed.UNDO, wish.followup_id, On.CARD, rating.id), say)]
        if wish.happened_on is None and may_be_dated(seen.case, seen.setting):
            buttons.append(CardButton(Press(Deed.LATE, wish.followup_id, On.CARD), say, say("On which day?")))
        await self._done(interaction, press, seen, text, *buttons, colour=COLOURS[rating.outcome])

    async def _ask_when(self, interaction: discord.Interaction, press: Press) -> None:
        await self._must_rate(interaction, press)
        seen = await self._seen(interaction, press.followup_id)
        say = seen.setting.say
        form = OneField(
            say("When it was kept"),
            say("On which day?"),
            say("Between {day}, when it was said, and today.", day=say.day(seen.case.followup.said_on)),
            partial(self._keep_on, press=press),
            longest=LONGEST_DAY,
            example=PAST_EXAMPLES,
        )
        await interaction.response.send_modal(form)

    async def _keep_on(self, interaction: discord.Interaction, typed: str, *, press: Press) -> None:
        """Rate a follow-up as kept on the day that was typed; what was rated as partly kept stays so."""
        await acknowledge(interaction, press)
        guild_id = await self._must_rate(interaction, press)
        seen = await self._seen(interaction, press.followup_id)
        say, said_on = seen.setting.say, seen.case.followup.said_on
        day = day_past(typed, said_on, seen.setting.today)
        if day is None:
            message = say(
                "I do not understand “{words}” as a day between {day} and today. Try {examples}.",
                words=plain(typed, LONGEST_DAY),
                day=say.day(said_on),
                examples=PAST_EXAMPLES,
            )
            raise Refusal(message)
        rating = seen.case.rating
        partly = rating is not None and rating.outcome is Outcome.PARTLY
        outcome = Outcome.PARTLY if partly else Outcome.KEPT
        wish = RatingWish(press.followup_id, guild_id, interaction.user.id, outcome, happened_on=day)
        await self._settle(interaction, press, wish)

    async def _ask_where_to(self, interaction: discord.Interaction, press: Press) -> None:
        """Ask for the new days of what was moved, by somebody's own word or by the news, which does not name them."""
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
        await acknowledge(interaction, press)
        seen = await self._seen(interaction, press.followup_id)
        due = days_typed(typed, seen, since=False) if typed else None
        await (self._accept if press.deed is Deed.ACCEPT_MOVE else self._rate)(interaction, press, due)

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

    # --- what the news suggests -------------------------------------------------------------------------------

    async def _accept(self, interaction: discord.Interaction, press: Press, due: Interval | None = None) -> None:
        """Rate a follow-up as the news suggests."""
        guild_id = await self._must_rate(interaction, press)
        now, by = self.services.clock.now(), interaction.user.id

        def work(unit: UnitOfWork) -> Rating | None:
            if not any(case.asks_about(press.more) for case in unit.cases.of(guild_id, [press.followup_id])):
                return None
            return confirm(unit, guild_id, press.more, by=by, now=now, due=due)

        rating = await self.services.store.transact(work)
        seen = await self._seen(interaction, press.followup_id)
        if rating is None:
            raise Refusal(_answered(seen))
        await self._show_rating(interaction, press, seen, rating)

    async def _reject(self, interaction: discord.Interaction, press: Press) -> None:
        """Show the server a suggestion no more, and offer to take that back."""
        guild_id = await self._must_rate(interaction, press)
        now, by = self.services.clock.now(), interaction.user.id

        def work(unit: UnitOfWork) -> Suggestion | None:
            done = reject(unit, guild_id, press.more, by=by, now=now)
            return unit.outcomes.suggestion(press.more) if done else None

        told = await self.services.store.transact(work)
        seen = await self._seen(interaction, press.followup_id)
        if told is None:
            raise Refusal(_answered(seen))
        say = seen.setting.say
        noted = say("Noted: that is not shown here any more. How it ended is still open.")
        text = f"**{say('Not so')}** · {looks_words(told.clue, seen.setting)} · `#{press.followup_id}`\n-# {noted}"
        undo = CardButton(Press(Deed.RECONSIDER, press.followup_id, On.CARD, press.more), say)
        await self._done(interaction, press, seen, text, undo)
        if press.on is On.CARD:  # which shows nothing of it any more
            await interaction.followup.send(view=DoneView(text, BLUE, undo), ephemeral=True)

    async def _reconsider(self, interaction: discord.Interaction, press: Press) -> None:
        """Show the server again what it rejected."""
        guild_id = await self._must_rate(interaction, press)
        now, by = self.services.clock.now(), interaction.user.id
        await self.services.store.transact(lambda work: reconsider(work, guild_id, press.more, by=by, now=now))
        await edit_answer(interaction, card(await self._seen(interaction, press.followup_id)))


def _answered(seen: Seen) -> str:
    """Return what somebody reads who answers a suggestion that is gone, or that another has answered."""
    return seen.setting.say("That has been answered meanwhile: open the card to see how it stands.")
