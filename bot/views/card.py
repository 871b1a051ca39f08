"""The card of a follow-up: where it stands, what was said, by when, by whom it is reported, and how people rate it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import discord
from discord import ui

from bot import render
from bot.render import Setting
from bot.views.clue import clue_text, yes_words
from bot.views.look import COLOURS, kind_name
from bot.views.rating import CardButton, Deed, On, Press
from bot.views.reminders import RemindButton
from bot.words import Words
from watchers.model import Kind
from watchers.moves import moves_of
from watchers.rating import Case, Outcome, Rating, Suggestion

TEXT_ROOM = render.TEXT_LIMIT - 100
_SOURCE_ROOM = 1400
_LEAST_SOURCE_ROOM = 600
_SHOWN_SOURCES = 5
_NAMED_SOURCES = 6
"""Outlets that an alert names; its card has them all."""
_SHOWN_RATINGS = 5
_SHOWN_NOTES = 3
_SHOWN_MOVES = 2
_NOTE_LENGTH = 200


@dataclass(frozen=True, slots=True)
class Reader:
    """Who looks at a card, and what they may do with it."""

    in_server: bool = False
    may_rate: bool = False
    may_schedule: bool = False
    watches: bool = False
    user_id: int | None = None
    """Whose notes are their own; None: it is nobody's card."""


class CardView(ui.LayoutView):
    """One follow-up as one person sees it."""

    def __init__(self, case: Case, setting: Setting, reader: Reader = Reader()) -> None:
        """Lay out the follow-up with where it stands today and what this reader may do."""
        super().__init__(timeout=None)
        colour = COLOURS[case.status_on(setting.today)]
        box: ui.Container[CardView] = ui.Container(accent_colour=colour)
        for number, block in enumerate(_blocks(case, setting, reader)):
            if number:
                box.add_item(ui.Separator())
            for text in block:
                box.add_item(ui.TextDisplay(text))
        self.add_item(box)
        for row in _rows(case, setting, reader):
            self.add_item(row)


def heading(case: Case, setting: Setting) -> str:
    """Return where a follow-up stands and what it is, as the first line of a message."""
    return f"### {render.status_words(case, setting)} · {kind_name(case.followup.kind, setting.say)}"


def said_texts(case: Case, setting: Setting, *, counted: bool = True) -> list[str]:
    """Return who said what, by when (and, where `counted`, how far off that is) and on which condition."""
    followup, say = case.followup, setting.say
    texts = [
        f"{render.speaker_words(followup, say)}\n{render.quote_block(followup)}",
        f"🗓️ {render.due_words(case, setting, counted=counted)}",
    ]
    texts[-1] += "".join(f"\n-# {line}" for line in _history(case, setting))
    if followup.conditional:
        texts.append(f"⚖️ {say('Conditional: it holds only if the condition it names is met.')}")
    return texts


def _history(case: Case, setting: Setting) -> list[str]:
    """Return when it was first said to be due, and how the news moved it; nothing where that never changed.

    Of many moves the latest are told.
    """
    followup, say, moves = case.followup, setting.say, moves_of(case.followup)
    first = moves[0].was if moves else followup.due
    if first is None or (case.moved_to is None and not moves):
        return []
    lines = [say("First said to be due {days}", days=render.days_words(followup, first, setting, counted=False))]
    for move in moves[-_SHOWN_MOVES:]:
        to, on = (render.day_stamp(day, setting.zone) for day in (move.now.last, move.day))
        lines.append(say("Moved to {to} on {day} ({outlet})", to=to, day=on, outlet=render.plain(move.outlet, 40)))
    return lines


def foot(case: Case, setting: Setting) -> str:
    """Return the small last line: number and topics."""
    topics = render.topic_words(case.followup, setting)
    return f"-# `#{case.followup.id}`" + (f" · {topics}" if topics else "")


def alert_texts(
    case: Case, setting: Setting, room: int = TEXT_ROOM, *, news: Sequence[str] = (), counted: bool = True
) -> list[str]:
    """Return what an alert says of one follow-up, in at most `room` characters; see `said_texts` for `counted`.

    `news` is what the news says of how it ended, ready for Discord.
    """
    texts = said_texts(case, setting, counted=counted)
    if case.rating is not None:
        texts.insert(0, _last_word(case.rating, setting))
    below = [*news, foot(case, setting)]
    left = room - sum(map(render.measured, (*texts, *below))) - render.measured("📰 ")
    sources = render.source_words(case.followup, min(left, _SOURCE_ROOM), setting.say, most=_NAMED_SOURCES)
    return [*texts, f"📰 {sources}", *below]


def _last_word(rating: Rating, setting: Setting) -> str:
    """Return who gave the rating that the heading shows; of a move, which the heading does not show, all of it."""
    if rating.outcome is Outcome.MOVED:
        return render.rating_line(rating, setting)
    say, when = setting.say, render.ago_stamp(rating.rated_at)
    if rating.is_ours:
        return f"-# {say('Settled by itself {when}: nobody has confirmed it', when=when)}"
    return f"-# {say('Rated by {person}, {when}', person=render.rater_words(rating), when=when)}"


def _blocks(case: Case, setting: Setting, reader: Reader) -> list[list[str]]:
    """Return the texts of a card in blocks: what was said, what the news and people here say of it, who reports it."""
    say = setting.say
    above = [heading(case, setting), *said_texts(case, setting)]
    told = case.suggestion or case.evidence
    news = [clue_text(told.clue, setting, titled=True)] if told is not None else []
    below = [foot(case, setting)]
    if not reader.in_server:
        below.append(f"-# {say('Rating, notes and watching belong to a server: open the card there.')}")
    room = TEXT_ROOM - sum(map(render.measured, (*above, *news, *below)))
    people = _part(_ratings(case, setting), (room - _LEAST_SOURCE_ROOM) // 2)
    people += _part(_notes(case, setting), room - _LEAST_SOURCE_ROOM - sum(map(render.measured, people)))
    if case.muted_by is not None:
        people.append(
            f"🔕 {say('No reminders here: muted by {person}', person=render.person_words(case.muted_by, say))}"
        )
    sources = _sources(case, setting, room - sum(map(render.measured, people)))
    return [block for block in (above, news, people, [sources, *below]) if block]


def _part(lines: list[str], room: int) -> list[str]:
    """Return a heading and the lines under it that fit, as one text; nothing where there are none."""
    shown = render.fitting((f"{line}\n" for line in lines), room, len(lines))
    return ["".join(shown).rstrip()] if len(shown) > 1 else []


def _ratings(case: Case, setting: Setting) -> list[str]:
    latest = [render.rating_line(one, setting) for one in reversed(case.ratings)]
    older = _and_older(len(latest) - _SHOWN_RATINGS, setting)
    return [f"**{setting.say('Rated here')}**", *latest[:_SHOWN_RATINGS], *older] if latest else []


def _notes(case: Case, setting: Setting) -> list[str]:
    latest = [
        f"📝 {render.plain(one.text, _NOTE_LENGTH)} — <@{one.user_id}>, {render.ago_stamp(one.written_at)}"
        for one in reversed(case.notes)
    ]
    older = _and_older(len(latest) - _SHOWN_NOTES, setting)
    return [f"**{setting.say('Notes')}**", *latest[:_SHOWN_NOTES], *older] if latest else []


def _and_older(count: int, setting: Setting) -> list[str]:
    return [f"-# {setting.say.many('and {count} older', 'and {count} older', count)}"] if count > 0 else []


def _sources(case: Case, setting: Setting, room: int) -> str:
    """Return the first tellings, one a line, and how many more there are."""
    tellings = case.followup.tellings
    lines = [render.source_line(telling, setting) for telling in tellings]
    shown = render.fitting((f"{line}\n" for line in lines), room - 40, _SHOWN_SOURCES)
    left = len(lines) - len(shown)
    more = [f"-# {setting.say.many('and {count} more', 'and {count} more', left)}"] if left else []
    return "".join([*shown, *more]).rstrip()


def _rows(case: Case, setting: Setting, reader: Reader) -> Iterable[ui.ActionRow[Any]]:
    """Return the buttons a reader may use, row by row: how it ended, what is wrong with it, what is one's own."""
    followup, say = case.followup, setting.say

    def button(deed: Deed, more: int = 0) -> CardButton:
        return CardButton(Press(deed, followup.id, On.CARD, more), say)

    # Parted and ordered so that a phone, where two or three stand side by side, leaves few of them alone.
    if reader.may_rate:
        if answers := answers_to_news(case, On.CARD, say):
            yield ui.ActionRow(*answers)
        yield ui.ActionRow(*map(button, (Deed.KEPT, Deed.PARTLY, Deed.BROKEN, Deed.MOVED)))
    undo = [button(Deed.UNDO, case.rating.id)] if reader.may_rate and case.rating is not None else []
    if reader.may_rate and may_be_dated(case, setting):
        undo.append(CardButton(Press(Deed.LATE, followup.id, On.CARD), say, say("On which day?")))
    withdrawn = [button(Deed.WITHDRAWN)] if reader.may_rate else []
    dismiss = [] if case.rating is not None and case.rating.outcome is Outcome.DISMISSED else [button(Deed.DISMISSED)]
    yield ui.ActionRow(*undo, *withdrawn, button(Deed.DATE), *dismiss)
    yield ui.ActionRow(*_own(case, reader, say))
    last: list[ui.Item[Any]] = []
    if len(followup.tellings) > 1 or reader.may_rate:
        count = len(followup.tellings)
        every = say.many("All {count} reports", "All {count} reports", count) if count > 1 else None
        last.append(CardButton(Press(Deed.SOURCES, followup.id, On.CARD), say, every))
    if is_schedulable(case, setting) and reader.may_schedule:
        last.append(button(Deed.SCHEDULE))
    if last:
        yield ui.ActionRow(*last)


def _own(case: Case, reader: Reader, say: Words) -> Iterable[ui.Item[Any]]:
    """Return the buttons of what is a reader's own, or their server's: watching, reminders, notes, muting."""
    number = case.followup.id
    if reader.in_server:
        yield CardButton(Press(Deed.UNWATCH if reader.watches else Deed.WATCH, number, On.CARD), say)
    yield RemindButton(number, say)
    if reader.may_rate:
        mute = Deed.UNMUTE if case.muted_by is not None else Deed.MUTE
        yield from (CardButton(Press(deed, number, On.CARD), say) for deed in (Deed.NOTE, mute))
    written = [note.id for note in case.notes if note.user_id == reader.user_id]
    if written:
        yield CardButton(Press(Deed.UNNOTE, number, On.CARD, written[-1]), say)


def answers_to_news(case: Case, on: On, say: Words) -> list[CardButton]:
    """Return the buttons that say whether the news is right about how a follow-up ended, where that is open.

    It is, too, where the bot settled it by itself.
    """
    number = case.followup.id
    if case.rating is not None and case.rating.is_ours:
        told = case.evidence
        return [_accept(told, number, on, say)] if told is not None else []
    if case.suggestion is None:
        return []
    return [
        _accept(case.suggestion, number, on, say),
        CardButton(Press(Deed.REJECT, number, on, case.suggestion.id), say),
    ]


def _accept(told: Suggestion, number: int, on: On, say: Words) -> CardButton:
    """Return the button that confirms a suggestion; of a move whose new days are not named it asks for them."""
    asks = told.clue.outcome is Outcome.MOVED and told.clue.due is None
    deed = Deed.ACCEPT_MOVE if asks else Deed.ACCEPT
    words = yes_words(told.clue, say)
    return CardButton(Press(deed, number, on, told.id), say, f"{words}…" if asks else words)


def may_be_dated(case: Case, setting: Setting) -> bool:
    """Whether it may be told on which day it was kept: where it was, and whether in time is to be seen."""
    done = case.rating is not None and case.rating.outcome in {Outcome.KEPT, Outcome.PARTLY}
    return done and case.due is not None and case.due.last < setting.today


def is_schedulable(case: Case, setting: Setting) -> bool:
    """Whether a follow-up can stand among a server's events: it is one, and its day has not passed."""
    is_ahead = case.due is not None and case.due.last >= setting.today
    return case.followup.kind is Kind.EVENT and case.is_open and is_ahead


class DoneView(ui.LayoutView):
    """What somebody is told alone after pressing a button of an alert, with a button that leads back."""

    def __init__(self, text: str, colour: int, *buttons: ui.Item[Any]) -> None:
        """Say `text`, which is ready for Discord."""
        super().__init__(timeout=None)
        self.add_item(ui.Container(ui.TextDisplay(text), accent_colour=discord.Colour(colour)))
        if buttons:
            self.add_item(ui.ActionRow(*buttons))
