"""A follow-up in plain words, for what leaves Discord: pictures, calendars and feeds. Pure."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import NAMESPACE_URL, UUID, uuid5

from bot.render import bounds_words, safe_link, shortened
from bot.views.clue import LOOKS, sure_words
from bot.words import Words
from watchers.model import Precision, Telling
from watchers.rating import Case, Revision

_LONGEST_WHO = 80
_LONGEST_HEADLINE = 160
_LONGEST_QUOTE = 600
_LONGEST_LINK = 2000


def who(case: Case, say: Words) -> str:
    """Return who said it, or whose report it is where nobody is named."""
    followup = case.followup
    if followup.speaker:
        return shortened(on_one_line(followup.speaker), _LONGEST_WHO)
    outlet = shortened(on_one_line(followup.tellings[0].outlet), _LONGEST_WHO)
    return say("Reported by {outlet}", outlet=outlet)


def what(case: Case) -> str:
    """Return the quote on one line, without the speaker's name where it begins with it."""
    followup = case.followup
    quote = on_one_line(followup.quote)
    name = on_one_line(followup.speaker or "")
    if name and quote.startswith(f"{name} "):
        quote = quote[len(name) + 1 :]
    return shortened(quote, _LONGEST_QUOTE)


def headline(case: Case, say: Words) -> str:
    """Return a follow-up in one line: who, and what."""
    return shortened(f"{who(case, say)}: {what(case)}", _LONGEST_HEADLINE)


def due_in_words(case: Case, say: Words) -> str:
    """Say when it is due, with its days written out."""
    due = case.due
    if due is None:
        return say("No date given")
    words = bounds_words(case.followup, due, first=say.day(due.first), last=say.day(due.last), say=say)
    return f"{words[0].upper()}{words[1:]}"


def is_about(case: Case) -> bool:
    """Tell whether its last day is only about right; a day it was moved to is what a person gave."""
    return case.followup.precision is Precision.VAGUE and case.moved_to is None


def sources(case: Case) -> tuple[Telling, ...]:
    """Return each outlet's first telling, the oldest first."""
    first: dict[str, Telling] = {}
    for telling in case.followup.tellings:
        first.setdefault(telling.outlet, telling)
    return tuple(first.values())


def link(telling: Telling) -> str | None:
    """Return a telling's address where it is one of the web, and None where it is not."""
    return safe_link(telling.url, _LONGEST_LINK)


def unconfirmed(case: Case, say: Words) -> tuple[str, ...]:
    """Return a line that says so where the bot settled it by itself; otherwise nothing."""
    ours = case.rating is not None and case.rating.is_ours and not case.is_open
    return (say("Settled by itself: nobody has confirmed it"),) if ours else ()


def suggested(case: Case, say: Words) -> tuple[str, ...]:
    """Return what the news suggests of how it ended, and where that stands; nothing where it suggests nothing."""
    if case.suggestion is None:
        return ()
    clue = case.suggestion.clue
    quote = shortened(on_one_line(clue.quote), _LONGEST_QUOTE)
    url = safe_link(clue.url, _LONGEST_LINK) or say("no link")
    moved = say("It looks moved to {day}", day=say.day(clue.due.last)) if clue.due is not None else ""
    looks = f"{moved or say(LOOKS[clue.outcome])} ({sure_words(clue, say)}): “{quote}”"
    return looks, f"{shortened(on_one_line(clue.outlet), _LONGEST_WHO)}: {url}"


def changed_at(case: Case, revision: Revision | None) -> datetime:
    """Return when it last changed in a server's eyes: told again, rated, or a rating undone."""
    told = max(telling.published for telling in case.followup.tellings)
    return max(told, revision.at if revision else told).astimezone(UTC)


def lasting_id(case: Case, guild_id: int | None) -> UUID:
    """Return what names a follow-up of a server for ever, outside Discord too, and tells nobody which server."""
    return uuid5(NAMESPACE_URL, f"aide-memoire:{guild_id or 0}:{case.followup.id}")


def on_one_line(text: str) -> str:
    """Return text from outside on one line, without characters that cannot be printed."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
