"""Which follow-ups a list holds, page by page, each way of listing through an index.

Most follow-ups are seen alike by all servers; those that a server has rated are few beside them. So the common list
is read through its index without the server's rated ones, and those it moved to another day are put in where they
belong.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, FromClause, Select, and_, exists, func, or_, select

from storage.columns import storable
from storage.guild_tables import standings
from storage.tables import PENDING, followup_countries, followup_topics, followups
from watchers.alerts import EVERY_TOPIC
from watchers.model import Interval
from watchers.rating import CaseFilter, Listing, Outcome

DUE_SOON = timedelta(days=7)
"""How far ahead the list of what is due looks, where the asker names no day."""

_Key = tuple[date, date, int]
_NEVER = date.max
# What was moved and nobody said to when stands where it stood.
_PLACED_ELSEWHERE = or_(standings.c.outcome != Outcome.MOVED.value, standings.c.due_end.is_not(None))


def page_of(
    connection: Connection, wanted: CaseFilter, guild_id: int | None, today: date, *, offset: int, limit: int
) -> tuple[list[int], int]:
    """Return the numbers on one page of a list in its order, and how many the whole list holds."""
    scope, until = _scope(wanted), wanted.until or _NEVER
    match wanted.listing:
        case Listing.RECENT:
            return _recent(connection, scope, guild_id, wanted.until, offset=offset, limit=limit)
        case Listing.SETTLED:
            return _settled(connection, scope, guild_id, wanted.until, offset=offset, limit=limit)
        case Listing.PENDING:
            first, last, undated, back = today, until, wanted.until is None, False
        case Listing.DUE:
            first, last, undated, back = today, wanted.until or today + DUE_SOON, False, False
        case Listing.OVERDUE:
            first, last, undated, back = date.min, min(today - timedelta(days=1), until), False, True
    if last < first:
        return [], 0
    page = _Page(connection, scope, guild_id, Interval(first, last), undated=undated, latest_first=back)
    return page.read(offset, limit)


def due_within(connection: Connection, guild_id: int, topic: str, days: Interval) -> list[int]:
    """Return those on `topic` not settled for a server whose last day is within `days`, soonest first."""
    page = _Page(connection, _scope(CaseFilter(topic=topic)), guild_id, days, undated=False, latest_first=False)
    return page.dated(None)


def rated_since(connection: Connection, guild_id: int, topic: str, since: datetime) -> list[int]:
    """Return those on `topic` whose last rating by a server is not older than `since`, the latest first."""
    query = _rated(_scope(CaseFilter(topic=topic)), guild_id).where(standings.c.rated_at >= since)
    return list(connection.scalars(query))


@dataclass(frozen=True, slots=True)
class _Scope:
    """Where to look: all follow-ups, a topic's or a country's, each through indexes of its own."""

    source: FromClause
    id: ColumnElement[int]
    due_end: ColumnElement[date | None]
    said_on: ColumnElement[date]
    status: ColumnElement[str]
    conditions: tuple[ColumnElement[bool], ...]

    def select(self, *columns: ColumnElement[Any]) -> Select[Any]:
        """Return a query for columns of what is in scope, whatever its status."""
        return select(*columns).select_from(self.source).where(*self.conditions)


def _scope(wanted: CaseFilter) -> _Scope:
    topic = None if wanted.topic == EVERY_TOPIC else wanted.topic
    table, key = followups, followups.c.id
    conditions: list[ColumnElement[bool]] = []
    if topic is not None:
        table, key = followup_topics, followup_topics.c.followup_id
        conditions.append(followup_topics.c.topic == topic)
    elif wanted.country is not None:
        table, key = followup_countries, followup_countries.c.followup_id
        conditions.append(followup_countries.c.country == wanted.country)
    if topic is not None and wanted.country is not None:
        of_country = select(followup_countries.c.followup_id).where(followup_countries.c.country == wanted.country)
        conditions.append(key.in_(of_country))
    if wanted.kind is not None:
        conditions.append(table.c.kind == wanted.kind.value)
    words = [followups.c.words.contains(word, autoescape=True) for word in _folded(wanted.text)]
    # A quote is one line of `words` and the speaker the next.
    words += [followups.c.words.like(f"%\n%{_escaped(word)}%", escape="/") for word in _folded(wanted.speaker)]
    source: FromClause = table.join(followups) if words and table is not followups else table
    return _Scope(source, key, table.c.due_end, table.c.said_on, table.c.status, (*conditions, *words))


def _folded(text: str | None) -> list[str]:
    return storable(text or "").casefold().split()


def _escaped(word: str) -> str:
    return word.replace("/", "//").replace("%", "/%").replace("_", "/_")


def _recent(
    connection: Connection, scope: _Scope, guild_id: int | None, until: date | None, *, offset: int, limit: int
) -> tuple[list[int], int]:
    by_then: list[ColumnElement[bool]] = []
    if until is not None:
        moved_to = select(standings.c.due_end).where(
            standings.c.guild_id == guild_id, standings.c.followup_id == scope.id
        )
        by_then.append(func.coalesce(moved_to.scalar_subquery(), scope.due_end) <= until)
    total = connection.scalar(scope.select(func.count()).where(*by_then)) or 0
    newest = scope.select(scope.id).where(*by_then).order_by(scope.said_on.desc(), scope.id.desc())
    return list(connection.scalars(newest.offset(offset).limit(limit))), total


def _settled(
    connection: Connection, scope: _Scope, guild_id: int | None, until: date | None, *, offset: int, limit: int
) -> tuple[list[int], int]:
    if guild_id is None:
        return [], 0
    rated = _rated(scope, guild_id)
    if until is not None:
        rated = rated.where(func.coalesce(standings.c.due_end, scope.due_end) <= until)
    total = connection.scalar(select(func.count()).select_from(rated.subquery())) or 0
    return list(connection.scalars(rated.offset(offset).limit(limit))), total


def _rated(scope: _Scope, guild_id: int) -> Select[Any]:
    joined = scope.source.join(standings, standings.c.followup_id == scope.id)
    rated = select(scope.id).select_from(joined).where(*scope.conditions, standings.c.guild_id == guild_id)
    return rated.order_by(standings.c.rated_at.desc(), standings.c.followup_id.desc())


class _Page:
    """A list by last day: the common one through its index, with what a server moved put in."""

    def __init__(
        self,
        connection: Connection,
        scope: _Scope,
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

    def read(self, offset: int, limit: int) -> tuple[list[int], int]:
        """Return the numbers on a page, and how many the list holds."""
        moved = self._moved()
        ahead = self._count(self._is_within()) + len(moved)
        open_ended = self._count(self._scope.due_end.is_(None)) if self._undated else 0
        ids = self.dated(offset + limit, moved)[offset:] if limit and offset < ahead else []
        if len(ids) < limit and self._undated:
            # `due_end` is NULL in all of them; naming it lets PostgreSQL read the index backwards.
            newest = (self._scope.due_end.desc(), self._scope.said_on.desc(), self._scope.id.desc())
            rest = self._unrated(self._scope.id).where(self._scope.due_end.is_(None)).order_by(*newest)
            ids += self._connection.scalars(rest.offset(max(0, offset - ahead)).limit(limit - len(ids)))
        return ids, ahead + open_ended

    def dated(self, most: int | None, moved: Sequence[_Key] | None = None) -> list[int]:
        """Return the dated ones in order, at most so many (None: all)."""
        scope = self._scope
        keys = (scope.due_end, scope.said_on, scope.id)
        order = [key.desc() for key in keys] if self._latest_first else list(keys)
        rows = self._connection.execute(self._unrated(*keys).where(self._is_within()).order_by(*order).limit(most))
        found = [(row[0], row[1], row[2]) for row in rows]
        found += self._moved() if moved is None else moved
        found.sort(reverse=self._latest_first)
        return [followup_id for _, _, followup_id in found[:most]]

    def _is_within(self) -> ColumnElement[bool]:
        """Whether the last day is within the list's days; an end without limit is left out, for the index's sake."""
        due, days = self._scope.due_end, self._days
        first = [due >= days.first] if days.first > date.min else []
        last = [due <= days.last] if days.last < date.max else []
        return and_(due.is_not(None), *first, *last)

    def _unrated(self, *columns: ColumnElement[Any]) -> Select[Any]:
        pending = self._scope.select(*columns).where(self._scope.status == PENDING)
        if self._guild_id is None:
            return pending
        there = (standings.c.guild_id == self._guild_id, standings.c.followup_id == self._scope.id)
        return pending.where(~exists().where(*there, _PLACED_ELSEWHERE))

    def _count(self, condition: ColumnElement[bool]) -> int:
        """Count without looking up each one's rating: all there are, less those that the server rated."""
        scope = self._scope
        every = scope.select(func.count()).where(scope.status == PENDING, condition)
        total = self._connection.scalar(every) or 0
        if self._guild_id is None:
            return total
        joined = scope.source.join(standings, standings.c.followup_id == scope.id)
        rated = (
            select(func.count())
            .select_from(joined)
            .where(*scope.conditions, scope.status == PENDING, condition)
            .where(standings.c.guild_id == self._guild_id, _PLACED_ELSEWHERE)
        )
        return total - (self._connection.scalar(rated) or 0)

    def _moved(self) -> list[_Key]:
        """Return what the server moved to a day within the list's."""
        if self._guild_id is None:
            return []
        scope = self._scope
        joined = scope.source.join(standings, standings.c.followup_id == scope.id)
        query = (
            select(standings.c.due_end, scope.said_on, scope.id)
            .select_from(joined)
            .where(
                *scope.conditions,
                standings.c.guild_id == self._guild_id,
                standings.c.outcome == Outcome.MOVED.value,
                standings.c.due_end >= self._days.first,
                standings.c.due_end <= self._days.last,
            )
        )
        return [(row[0], row[1], row[2]) for row in self._connection.execute(query)]
