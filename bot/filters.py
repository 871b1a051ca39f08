"""What a list of follow-ups is narrowed to: as people type it, as a button carries it, as a heading says it."""

from __future__ import annotations

import hashlib
from datetime import date, datetime
from functools import cache

from bot.days import EXAMPLES, day_near, days_named, first_day_near
from bot.errors import Refusal
from bot.render import Setting, measured, plain
from bot.views.look import kind_name
from bot.words import IN_ENGLISH, Words
from watchers.matcher import nations
from watchers.matcher.english.countries import COUNTRY_OF
from watchers.model import Kind
from watchers.rating import CaseFilter, Listing
from watchers.record import RecordWish

LONGEST_WORDS = 50
ROOM = 58
"""Characters that the words sought in speakers and in quotes may have together, so that a button can carry them."""
_TOPIC_DIGITS = 8
_KINDS = {kind.value[:2]: kind for kind in Kind}
_DAY = "%y%m%d"
_COMING_DAYS = ("today", "this week", "in two weeks", "end of this month", "in three months")
_PAST_DAYS = ("today", "yesterday", "last week", "last month")
_FIRST_DAYS = ("last month", "six months ago", "this year", "last year")


def packed_record(wanted: RecordWish, say: Words = IN_ENGLISH) -> str:
    """Return a record's filter in the form a button carries, at most 75 characters.

    Raise `Refusal` where its name is too long for that.
    """
    speaker = " ".join((wanted.speaker or "").replace("|", " ").split())
    if measured(speaker) > LONGEST_WORDS:
        message = say(
            "That is more than I can look for at once: `name` may have {count} characters.", count=LONGEST_WORDS
        )
        raise Refusal(message)
    days = (day.strftime(_DAY) if day else "" for day in (wanted.since, wanted.until))
    return "|".join((mark_of(wanted.topic) if wanted.topic else "", wanted.country or "", *days, speaker))


def unpacked_record(filter_: str, setting: Setting) -> RecordWish:
    """Return the filter of a record that a button carries; a topic that is no longer there is refused."""
    mark, country, since, until, speaker = [*filter_.split("|", 4), *[""] * 5][:5]
    return RecordWish(speaker or None, country or None, _topic_of(mark, setting), _day_of(since), _day_of(until))


def packed(wanted: CaseFilter, say: Words = IN_ENGLISH) -> str:
    """Return a filter in the form a page button carries, at most 80 characters; the listing stands beside it.

    Raise `Refusal` where its words are too long for that.
    """
    speaker, text = (" ".join((words or "").replace("|", " ").split()) for words in (wanted.speaker, wanted.text))
    if measured(speaker) + measured(text) > ROOM:
        message = say(
            "That is more than I can look for at once: `speaker` and `text` may have {count} characters together.",
            count=ROOM,
        )
        raise Refusal(message)
    return "|".join(
        (
            mark_of(wanted.topic) if wanted.topic else "",
            wanted.kind.value[:2] if wanted.kind else "",
            wanted.country or "",
            wanted.until.strftime(_DAY) if wanted.until else "",
            speaker,
            text,
        )
    )


def unpacked(filter_: str, listing: Listing, setting: Setting) -> CaseFilter:
    """Return the filter that a page button carries; a topic that is no longer there is refused."""
    mark, kind, country, until, speaker, text = [*filter_.split("|", 5), *[""] * 6][:6]
    return CaseFilter(
        listing=listing,
        topic=_topic_of(mark, setting),
        kind=_KINDS.get(kind),
        speaker=speaker or None,
        country=country or None,
        text=text or None,
        until=_day_of(until),
    )


def _topic_of(mark: str, setting: Setting) -> str | None:
    topic = next((one for one in setting.topics if mark_of(one) == mark), None)
    if mark and topic is None:
        message = setting.say("That topic is no longer there. `/topics list` shows those that are.")
        raise Refusal(message)
    return topic


def _day_of(digits: str) -> date | None:
    return datetime.strptime(digits, _DAY).date() if digits else None  # noqa: DTZ007 - a calendar day


def mark_of(topic_id: str) -> str:
    """Return eight digits that stand for a topic, whatever the length of its id."""
    return hashlib.sha256(topic_id.encode()).hexdigest()[:_TOPIC_DIGITS]


def narrowed(wanted: CaseFilter, setting: Setting) -> str:
    """Return what a list was narrowed to, for its heading; empty where it was not."""
    say = setting.say
    parts = [
        plain(setting.topics.get(wanted.topic, wanted.topic), 60) if wanted.topic else "",
        kind_name(wanted.kind, say) if wanted.kind else "",
        say("said by “{person}”", person=plain(wanted.speaker, LONGEST_WORDS)) if wanted.speaker else "",
        plain(say.country(wanted.country)) if wanted.country else "",
        f"“{plain(wanted.text, LONGEST_WORDS)}”" if wanted.text else "",
        say("until {day}", day=say.day(wanted.until)) if wanted.until else "",
    ]
    return "".join(f" · {part}" for part in parts if part)


def narrowed_record(wanted: RecordWish, setting: Setting) -> str:
    """Return whose record it is and what it was narrowed to, for its heading."""
    say = setting.say
    parts = [
        f"“{plain(wanted.speaker, LONGEST_WORDS)}”" if wanted.speaker else "",
        plain(say.country(wanted.country)) if wanted.country else "",
        plain(setting.topics.get(wanted.topic, wanted.topic), 60) if wanted.topic else "",
        say("since {day}", day=say.day(wanted.since)) if wanted.since else "",
        say("until {day}", day=say.day(wanted.until)) if wanted.until else "",
    ]
    return " · ".join(part for part in parts if part)


# --- days and countries as people name them -------------------------------------------------------------------


def until_called(typed: str, setting: Setting, *, back: bool) -> date:
    """Return the last day somebody named; raise `Refusal` where it is not understood.

    `back` says that it may have passed.
    """
    return _understood(_last_day(typed, setting.today, back=back), typed, setting)


def since_called(typed: str, setting: Setting) -> date:
    """Return the first day somebody named, which may have passed; raise `Refusal` where it is not understood."""
    return _understood(first_day_near(typed, setting.today), typed, setting)


def _understood(found: date | None, typed: str, setting: Setting) -> date:
    if found is None:
        message = setting.say(
            "I do not understand “{words}” as a day. Try {examples}.",
            words=plain(typed, LONGEST_WORDS),
            examples=EXAMPLES,
        )
        raise Refusal(message)
    return found


def since_choices(typed: str, setting: Setting) -> list[tuple[str, str]]:
    """Return first days that fit what has been typed, each with its label and itself as text, the latest first."""
    say = setting.say
    offered = (typed,) if typed.strip() else _FIRST_DAYS
    days = {day for words in offered if (day := first_day_near(words, setting.today)) is not None}
    return [(say("since {day}", day=say.day(day)), day.isoformat()) for day in sorted(days, reverse=True)]


def until_choices(typed: str, setting: Setting, *, back: bool) -> list[tuple[str, str]]:
    """Return days that fit what has been typed, each with its label and itself as text."""
    say = setting.say
    offered = (typed,) if typed.strip() else _PAST_DAYS if back else _COMING_DAYS
    days = {day for words in offered if (day := _last_day(words, setting.today, back=back)) is not None}
    return [(say("until {day}", day=say.day(day, with_weekday=True)), day.isoformat()) for day in sorted(days)]


def _last_day(words: str, today: date, *, back: bool) -> date | None:
    if back:
        return day_near(words, today)
    found = days_named(words, today)
    return None if found is None else found.last


def country_called(typed: str, say: Words) -> str:
    """Return the code of a country named by code, or by name in the reader's language or in English.

    Raise `Refusal` where there is none.
    """
    code = nations.country_called(say.country_called(typed) or typed)
    if code is None:
        message = say(
            "I know no country “{name}”: give its name or its two-letter code, as in UA.",
            name=plain(typed, 40),
        )
        raise Refusal(message)
    return code


def country_choices(typed: str, say: Words) -> list[tuple[str, str]]:
    """Return the countries that fit what has been typed, those whose name begins with it first."""
    wanted = typed.strip().casefold()
    names = [(say.country(code), code) for code in _codes()]
    found = [one for one in names if wanted in one[0].casefold() or wanted == one[1].casefold()]
    return sorted(found, key=lambda one: (one[1].casefold() != wanted, not one[0].casefold().startswith(wanted), one))


@cache
def _codes() -> frozenset[str]:
    return frozenset(code for code in COUNTRY_OF.values() if len(code) == 2)  # noqa: PLR2004 - ISO 3166-1 alpha-2
