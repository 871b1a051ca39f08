"""Follow-ups as an iCalendar file (RFC 5545), as calendar programs import it or subscribe to it. Pure.

Each stands on its last day, all day long: that is the day on which to look whether it was kept, and a bar of weeks
("in the coming weeks", "by Friday", said on Monday) would hide what else those weeks hold. An event whose days are
known and few is the one exception: it lasts from the first to the last. The rest of a span is said in the description.

A program that has the file again knows each entry by its UID, which never changes, and takes the newer one by its
SEQUENCE, which grows with each telling, rating and undoing. No entry brings an alarm: reminders come in Discord.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from icalendar import Calendar, Event, vText

from bot import outline
from bot.render import Setting
from bot.showing import Shown
from bot.views.look import KIND_NAMES, STATUS_NAMES
from watchers.model import Interval, Kind, Precision
from watchers.rating import Case, Outcome, Revision

_LONGEST_SPAN = timedelta(days=13)
_OVER = {Outcome.WITHDRAWN, Outcome.DISMISSED}


def calendar_file(shown: Shown, setting: Setting) -> bytes:
    """Return the calendar as a file; what is undated is left out."""
    calendar = Calendar()
    calendar.add("prodid", "-//Aide-Memoire//Follow-ups//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    for name in ("name", "x-wr-calname"):  # RFC 7986 has the first, older programs know the second alone
        calendar.add(name, vText(outline.on_one_line(shown.name)))
    calendar.add("refresh-interval", timedelta(hours=6), parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT6H")
    for entry in _entries(shown, setting):
        calendar.add_component(entry)
    return bytes(calendar.to_ical())


def days_of(case: Case) -> Interval | None:
    """Return the days on which a follow-up stands in a calendar; None where it is undated."""
    due = case.due
    if due is None:
        return None
    # What was said to happen "by" a day is an interval from the day it was said.
    is_span = due.first > case.followup.said_on and due.last - due.first <= _LONGEST_SPAN
    lasts = case.followup.kind is Kind.EVENT and is_span and not outline.is_about(case)
    return due if lasts else Interval(due.last, due.last)


def _entries(shown: Shown, setting: Setting) -> Iterable[Event]:
    for case in shown.cases:
        days = days_of(case)
        if days is not None and days.last < date.max:
            yield _entry(case, days, shown.guild_id, shown.revisions.get(case.followup.id), setting)


def _entry(case: Case, days: Interval, guild_id: int | None, revision: Revision | None, setting: Setting) -> Event:
    followup, say = case.followup, setting.say
    entry = Event()
    entry.add("uid", f"{outline.lasting_id(case, guild_id)}")
    changed = outline.changed_at(case, revision)
    # The moment of the last change, and not of the file, so that the same follow-ups make the same file.
    entry.add("dtstamp", changed)
    entry.add("last-modified", changed)
    entry.add("sequence", len(followup.tellings) - 1 + (revision.number if revision else 0))
    entry.add("dtstart", days.first)
    entry.add("dtend", days.last + timedelta(days=1))  # which RFC 5545 leaves out of the entry
    about = "≈ " if outline.is_about(case) else ""
    status = case.status_on(setting.today)
    settled = f"{say(STATUS_NAMES[status])} · " if isinstance(status, Outcome) else ""
    entry.add("summary", f"{settled}{about}{outline.headline(case, say)}")
    entry.add("description", _description(case, setting))
    entry.add("status", _status(case, status in _OVER))
    entry.add("transp", "TRANSPARENT")
    topics = [outline.on_one_line(setting.topics[topic]) for topic in followup.topics if topic in setting.topics]
    entry.add("categories", [say(KIND_NAMES[followup.kind]), *topics])
    if first := next(filter(None, map(outline.link, followup.tellings)), None):
        entry.add("url", first)
    return entry


def _status(case: Case, over: bool) -> str:  # noqa: FBT001 - the one thing asked beside the case
    if over:
        return "CANCELLED"
    firm = case.followup.precision is Precision.EXACT or case.moved_to is not None
    is_expected = case.followup.kind is Kind.EXPECTATION or case.followup.conditional
    return "CONFIRMED" if firm and not is_expected else "TENTATIVE"


def _description(case: Case, setting: Setting) -> str:
    followup, say = case.followup, setting.say
    status = case.status_on(setting.today)
    # Pending, due or overdue shows from the day itself, and would make another file of each day.
    settled = [say(STATUS_NAMES[status])] if isinstance(status, Outcome) else []
    lines = [
        " · ".join([say(KIND_NAMES[followup.kind]), *settled]),
        outline.due_in_words(case, say),
        f"“{outline.what(case)}”" if followup.speaker is None else f"{outline.who(case, say)}: “{outline.what(case)}”",
        *([say("Conditional")] if followup.conditional else []),
        *outline.unconfirmed(case, say),
        "",
        *(f"{outline.on_one_line(one.outlet)}: {outline.link(one) or say('no link')}" for one in outline.sources(case)),
        "",
        say("Follow-up {number}", number=f"#{followup.id}"),
    ]
    return "\n".join(lines)
