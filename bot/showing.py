"""Which follow-ups a calendar and a feed hold: questions to be asked inside one look."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from watchers.ports import UnitOfWork
from watchers.rating import Case, CaseFilter, Listing, Revision

MOST_IN_A_CALENDAR = 1000
MOST_IN_A_FEED = 50
_FURTHEST = timedelta(days=3 * 366)
_KEPT_FOR = timedelta(days=31)


@dataclass(frozen=True, slots=True)
class Shown:
    """What a calendar or feed is of."""

    name: str
    """What people call it."""
    guild_id: int | None
    """The server in whose eyes; None: nobody's."""
    cases: tuple[Case, ...]
    revisions: Mapping[int, Revision]
    """By follow-up; one that was never rated is left out."""


def for_calendar(work: UnitOfWork, guild_id: int | None, topic: str, now: datetime, today: date) -> tuple[Case, ...]:
    """Return what is dated and pending, and what passed its last day or was settled within a month.

    Those stay for a while, so that a calendar says how they ended instead of losing them overnight.
    """
    ahead = CaseFilter(Listing.PENDING, topic=topic, until=today + _FURTHEST)
    pending = work.cases.first(ahead, guild_id, today, MOST_IN_A_CALENDAR)
    past = CaseFilter(Listing.OVERDUE, topic=topic)
    overdue = work.cases.first(past, guild_id, today, MOST_IN_A_CALENDAR - len(pending))
    recent = [case for case in overdue if case.due is not None and case.due.last >= today - _KEPT_FOR]
    settled = work.cases.rated_since(guild_id, topic, now - _KEPT_FOR) if guild_id is not None else ()
    return _each_once([*pending, *recent, *settled])[:MOST_IN_A_CALENDAR]


def for_feed(work: UnitOfWork, guild_id: int | None, topic: str, today: date) -> tuple[Case, ...]:
    """Return what was said last, the newest first."""
    newest = CaseFilter(Listing.RECENT, topic=topic)
    return tuple(work.cases.first(newest, guild_id, today, MOST_IN_A_FEED))


def shown(work: UnitOfWork, name: str, guild_id: int | None, cases: tuple[Case, ...]) -> Shown:
    """Return these follow-ups with how far the server's view of each has moved."""
    revisions = work.cases.revisions(guild_id, [case.followup.id for case in cases]) if guild_id is not None else {}
    return Shown(name, guild_id, cases, revisions)


def _each_once(cases: Iterable[Case]) -> tuple[Case, ...]:
    return tuple({case.followup.id: case for case in cases}.values())
