"""Which follow-ups a list holds, page by page, each way of listing through an index.

Most follow-ups are seen alike by all servers; those that a server has rated are few beside them. So the common list
is read through its index without the server's rated ones, and those it moved to another day are put in where they
belong.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    case,
    exists,
    func,
    literal,
    or_,
    select,
)

from storage.guild_tables import standings
from storage.scope import Scope, counted_to, each_counted_to, scope_of, unindexed
from storage.tables import PENDING
from watchers.model import Interval
from watchers.rating import CaseFilter, Listing, Outcome
from watchers.record import KINDS, RecordWish

DUE_SOON = timedelta(days=7)
"""How far ahead the list of what is due looks, where the asker names no day."""

_Key = tuple[date, date, int]
_NEVER = date.max
_COMMON = 20
"""So many times as many matches as are asked for make it worth while to read in the order of an index."""
# What was moved and nobody said to when stands where it stood.
_PLACED_ELSEWHERE = or_(standings.c.outcome != Outcome.MOVED.value, standings.c.due_end.is_not(None))


def page_of(
    connection: Connection,
    wanted: CaseFilter,
    guild_id: int | None,
    today: date,
    *,
    offset: int,
    limit: int,
    enough: int | None = None,
) -> tuple[list[int], int, int]:
    """Return the numbers on one page of a list in its order, how many the list holds, and how many are overdue.

    The last is of what is pending alone, and otherwise 0. Neither is counted further than `enough` (None: to the end).
    """
    scope = scope_of(connection, wanted, guild_id)
    match wanted.listing:
        case Listing.RECENT:
            return *_recent(connection, scope, guild_id, wanted.until, offset=offset, limit=limit, enough=enough), 0
        case Listing.SETTLED:
            return *_settled(connection, scope, guild_id, wanted.until, offset=offset, limit=limit, enough=enough), 0
        case listing:
            page = _page(connection, scope, guild_id, wanted, today)
            past = _overdue(wanted, today) if listing is Listing.PENDING else None
            if page is not None:
                return page.read(offset, limit, past, enough)
            passed = replace(wanted, listing=Listing.OVERDUE)
            return [], 0, count_of(connection, passed, guild_id, today, enough) if past else 0


def first_of(connection: Connection, wanted: CaseFilter, guild_id: int | None, today: date, limit: int) -> list[int]:
    """Return the first numbers of a list in its order, at most `limit`; nothing is counted."""
    scope = scope_of(connection, wanted, guild_id)
    match wanted.listing:
        case Listing.RECENT:
            return list(connection.scalars(_newest(scope, guild_id, wanted.until, rare=True).limit(limit)))
        case Listing.SETTLED:
            return _settled(connection, scope, guild_id, wanted.until, offset=0, limit=limit, enough=limit)[0]
        case _:
            page = _page(connection, scope, guild_id, wanted, today)
            return [] if page is None else page.first(limit)


def count_of(
    connection: Connection, wanted: CaseFilter, guild_id: int | None, today: date, enough: int | None = None
) -> int:
    """Return how many a list holds, counted no further than `enough` (None: to the end)."""
    return page_of(connection, wanted, guild_id, today, offset=0, limit=0, enough=enough)[1]


def _page(connection: Connection, scope: Scope, guild_id: int | None, wanted: CaseFilter, today: date) -> _Page | None:
    """Return the reader of a list by last day; None where it can hold nothing."""
    until, undated, back = wanted.until or _NEVER, False, False
    match wanted.listing:
        case Listing.OVERDUE:
            days, back = _overdue(wanted, today), True
        case Listing.DUE:
            days = _days(today, wanted.until or today + DUE_SOON)
        case _:
            days, undated = _days(today, until), wanted.until is None
    if days is None:
        return None
    return _Page(connection, scope, guild_id, days, undated=undated, latest_first=back)


def _overdue(wanted: CaseFilter, today: date) -> Interval | None:
    return _days(date.min, min(today - timedelta(days=1), wanted.until or _NEVER))


def _days(first: date, last: date) -> Interval | None:
    return None if last < first else Interval(first, last)


def due_within(
    connection: Connection, guild_id: int, topic: str, days: Interval, *, offset: int = 0, limit: int | None = None
) -> list[int]:
    """Return those on `topic` not settled for a server whose last day is within `days`, soonest first.

    `limit` of them after the first `offset`; None: all.
    """
    scope = scope_of(connection, CaseFilter(topic=topic), guild_id)
    page = _Page(connection, scope, guild_id, days, undated=False, latest_first=False)
    return page.dated(None if limit is None else offset + limit)[offset:]


def rated_since(connection: Connection, guild_id: int, topic: str, since: datetime) -> list[int]:
    """Return those on `topic` whose last rating by a server is not older than `since`, the latest first."""
    query = _rated(scope_of(connection, CaseFilter(topic=topic), guild_id), guild_id).where(
        standings.c.rated_at >= since
    )
    return list(connection.scalars(query))


def recorded(connection: Connection, wanted: RecordWish, guild_id: int | None, most: int) -> list[int]:
    """Return what counts in a record as a server sees it, the latest last day first, at most `most` of it."""
    scope, due_end, counted = _counted_in(connection, wanted, guild_id)
    order = (due_end.desc(), scope.said_on.desc(), scope.id.desc())
    return list(connection.scalars(scope.select(scope.id).where(*counted).order_by(*order).limit(most)))


def count_recorded(connection: Connection, wanted: RecordWish, guild_id: int | None) -> int:
    """Return how much counts in a record, however much that is."""
    scope, _, counted = _counted_in(connection, wanted, guild_id)
    return connection.scalar(scope.select(func.count()).where(*counted)) or 0


def _counted_in(
    connection: Connection, wanted: RecordWish, guild_id: int | None
) -> tuple[Scope, ColumnElement[date | None], list[ColumnElement[bool]]]:
    """Return where to look for what counts in a record, the last day there, and what must hold."""
    about = CaseFilter(topic=wanted.topic, speaker=wanted.speaker, country=wanted.country)
    scope = scope_of(connection, about, guild_id)
    status, due_end = scope.status, scope.due_end
    if scope.by_words:  # each row must be read for its words, and an index would only be a detour
        status, due_end = unindexed(status), unindexed(due_end)
    counted = [status == PENDING, due_end.is_not(None), scope.kind.in_([kind.value for kind in KINDS])]
    counted += [due_end >= wanted.since] if wanted.since else []
    counted += [due_end <= wanted.until] if wanted.until else []
    if guild_id is not None:
        there = (standings.c.guild_id == guild_id, standings.c.followup_id == scope.id)
        counted.append(~exists().where(*there, standings.c.outcome == Outcome.DISMISSED.value))
    return scope, due_end, counted


def _recent(
    connection: Connection,
    scope: Scope,
    guild_id: int | None,
    until: date | None,
    *,
    offset: int,
    limit: int,
    enough: int | None,
) -> tuple[list[int], int]:
    total = counted_to(connection, scope.select(literal(1)).where(*_by_then(scope, guild_id, until)), enough)
    if not limit or offset >= total:
        return [], total
    newest = _newest(scope, guild_id, until, rare=_is_rare(total, offset + limit))
    return list(connection.scalars(newest.offset(offset).limit(limit))), total


def _by_then(scope: Scope, guild_id: int | None, until: date | None) -> list[ColumnElement[bool]]:
    if until is None:
        return []
    moved_to = select(standings.c.due_end).where(standings.c.guild_id == guild_id, standings.c.followup_id == scope.id)
    return [func.coalesce(moved_to.scalar_subquery(), scope.due_end) <= until]


def _newest(scope: Scope, guild_id: int | None, until: date | None, *, rare: bool) -> Select[Any]:
    """Return the newest first; `rare` says that whoever looks for words finds few or none."""
    said_on: ColumnElement[date] = unindexed(scope.said_on) if rare and scope.by_words else scope.said_on
    found = scope.select(scope.id).where(*_by_then(scope, guild_id, until))
    return found.order_by(said_on.desc(), scope.id.desc())


def _is_rare(total: int, wanted: int) -> bool:
    """Whether so few match that most rows must be read before so many of them are found."""
    return total < _COMMON * wanted


def _settled(
    connection: Connection,
    scope: Scope,
    guild_id: int | None,
    until: date | None,
    *,
    offset: int,
    limit: int,
    enough: int | None,
) -> tuple[list[int], int]:
    if guild_id is None:
        return [], 0
    rated = _rated(scope, guild_id)
    if until is not None:
        rated = rated.where(func.coalesce(standings.c.due_end, scope.due_end) <= until)
    total = counted_to(connection, rated, enough)
    return list(connection.scalars(rated.offset(offset).limit(limit))), total


def _rated(scope: Scope, guild_id: int) -> Select[Any]:
    return scope.rated(guild_id, scope.id).order_by(standings.c.rated_at.desc(), standings.c.followup_id.desc())


def _spanning(one: Interval, other: Interval) -> Interval:
    return Interval(min(one.first, other.first), max(one.last, other.last))


def _of(keys: Sequence[_Key], days: Interval) -> list[_Key]:
    return [key for key in keys if days.first <= key[0] <= days.last]


class _Page:
    """A list by last day: the common one through its index, with what a server moved put in."""

    def __init__(
        self,
        connection: Connection,
        scope: Scope,
        guild_id: int | None,
        days: Interval,
        *,
        undated: bool,
        latest_first: bool,
    ) -> None:
        self._connection = connection
        self._scope = scope
        self._guild_id = guild_id
        self._days = days
        self._undated = undated
        self._latest_first = latest_first

    def read(self, offset: int, limit: int, past: Interval | None, enough: int | None) -> tuple[list[int], int, int]:
        """Return the numbers on a page, how many the list holds, and how many have their last day in `past`.

        Neither is counted further than `enough`.
        """
        most = sys.maxsize if enough is None else enough
        moved_at_all = self._moved(self._days if past is None else _spanning(self._days, past))
        moved = _of(moved_at_all, self._days)
        dated, overdue, undated = self._counts(past, enough, max(most, offset + limit) - len(moved))
        ahead = dated + len(moved)
        overdue += len(_of(moved_at_all, past)) if past else 0
        ids: list[int] = []
        if limit and offset < ahead:
            ids = self.dated(offset + limit, moved, rare=_is_rare(ahead, offset + limit))[offset:]
        if undated and len(ids) < limit:
            rare = _is_rare(undated, offset + limit)
            ids += self._dateless(max(0, offset - ahead), limit - len(ids), rare=rare)
        return ids, min(ahead + undated, most), min(overdue, most)

    def first(self, limit: int) -> list[int]:
        """Return the first numbers of the list."""
        ids = self.dated(limit, rare=True)
        return ids + self._dateless(0, limit - len(ids), rare=True) if self._undated and len(ids) < limit else ids

    def _dateless(self, offset: int, limit: int, *, rare: bool) -> list[int]:
        """Return undated ones, the newest first."""
        # `due_end` is NULL in all of them; naming it lets PostgreSQL read the index backwards.
        newest = (self._scope.due_end.desc(), self._scope.said_on.desc(), self._scope.id.desc())
        found = self._unrated(self._scope.id, rare=rare).where(self._scope.due_end.is_(None)).order_by(*newest)
        return list(self._connection.scalars(found.offset(offset).limit(limit)))

    def dated(self, most: int | None, moved: Sequence[_Key] | None = None, *, rare: bool = False) -> list[int]:
        """Return the dated ones in order, at most so many (None: all); `rare` as in `_newest`."""
        scope = self._scope
        keys = (scope.due_end, scope.said_on, scope.id)
        order = [key.desc() for key in keys] if self._latest_first else list(keys)
        found_here = self._unrated(*keys, rare=rare).where(self._is_within(self._days))
        rows = self._connection.execute(found_here.order_by(*order).limit(most))
        found = [(row[0], row[1], row[2]) for row in rows]
        found += self._moved(self._days) if moved is None else moved
        found.sort(reverse=self._latest_first)
        return [followup_id for _, _, followup_id in found[:most]]

    def _is_within(self, days: Interval) -> ColumnElement[bool]:
        """Whether the last day is within some days; an end without limit is left out, for the index's sake."""
        due = self._scope.due_end
        first = [due >= days.first] if days.first > date.min else []
        last = [due <= days.last] if days.last < date.max else []
        return and_(due.is_not(None), *first, *last)

    def _unrated(self, *columns: ColumnElement[Any], rare: bool) -> Select[Any]:
        pending = self._scope.select(*columns).where(self._is_pending(rare=rare))
        if self._guild_id is None:
            return pending
        there = (standings.c.guild_id == self._guild_id, standings.c.followup_id == self._scope.id)
        return pending.where(~exists().where(*there, _PLACED_ELSEWHERE))

    def _is_pending(self, *, rare: bool) -> ColumnElement[bool]:
        scope = self._scope
        return (unindexed(scope.status) if rare and self._reads_all else scope.status) == PENDING

    @property
    def _reads_all(self) -> bool:
        """Whether most rows must be read for their words, as the list's days are not few."""
        return self._scope.by_words and (self._days.first == date.min or self._days.last == date.max)

    def _counts(self, past: Interval | None, enough: int | None, needed: int) -> tuple[int, int, int]:
        """Count what is dated, what has its last day in `past`, and what is undated and in the list.

        All there are, less those the server rated, so that few ratings are looked up. Where nobody needs more than
        `enough`, the first ones are looked up one by one, and those undated only where fewer than `needed` are dated.
        """
        dated = [self._is_within(self._days), *([self._is_within(past)] if past else [])]
        undated = [self._scope.due_end.is_(None)] if self._undated else []
        if self._reads_all:  # in one go, because each row must be read
            counts = self._counted([*dated, *undated])
        elif enough is None:  # each its own stretch of the index
            counts = [count for condition in (*dated, *undated) for count in self._counted([condition])]
        else:
            counts = self._first_counted(dated, enough)
            counts += self._first_counted(undated, enough) if undated and counts[0] < needed else [0] * len(undated)
        return counts[0], counts[1] if past else 0, counts[-1] if undated else 0

    def _first_counted(self, conditions: Sequence[ColumnElement[bool]], enough: int) -> list[int]:
        unrated = self._unrated(literal(1), rare=True)
        return each_counted_to(self._connection, [unrated.where(condition) for condition in conditions], enough)

    def _counted(self, conditions: Sequence[ColumnElement[bool]]) -> list[int]:
        scope = self._scope
        sums = [func.count(case((condition, 1))) for condition in conditions] if self._reads_all else [func.count()]
        every = scope.select(*sums).where(self._is_pending(rare=True), or_(*conditions))
        totals = [int(count) for count in self._connection.execute(every).one()]
        if self._guild_id is None:
            return totals
        rated = scope.rated(self._guild_id, *sums)
        rated = rated.where(scope.status == PENDING, or_(*conditions), _PLACED_ELSEWHERE)
        return [total - out for total, out in zip(totals, self._connection.execute(rated).one(), strict=True)]

    def _moved(self, days: Interval) -> list[_Key]:
        """Return what the server moved to one of these days."""
        if self._guild_id is None:
            return []
        scope = self._scope
        query = scope.rated(self._guild_id, standings.c.due_end, scope.said_on, scope.id).where(
            standings.c.outcome == Outcome.MOVED.value,
            standings.c.due_end >= days.first,
            standings.c.due_end <= days.last,
        )
        return [(row[0], row[1], row[2]) for row in self._connection.execute(query)]
