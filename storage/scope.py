"""Where a list is looked for: among all follow-ups, a topic's or a country's, and only what a server sees."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, FromClause, Select, exists, false, func, select

from storage.columns import storable
from storage.guild_tables import standings
from storage.seeing import feeds_of, seen_with
from storage.tables import followup_countries, followup_topics, followups
from watchers.alerts import EVERY_TOPIC
from watchers.rating import CaseFilter


@dataclass(frozen=True, slots=True)
class Scope:
    """Where to look: all follow-ups, a topic's or a country's, each through indexes of its own."""

    source: FromClause
    place: tuple[ColumnElement[str], str] | None
    """The column that names the topic or the country, and the one wanted; None: all follow-ups."""
    id: ColumnElement[int]
    due_end: ColumnElement[date | None]
    said_on: ColumnElement[date]
    status: ColumnElement[str]
    kind: ColumnElement[str]
    conditions: tuple[ColumnElement[bool], ...]
    by_words: bool
    """Whether every row must be read for its words: then its indexes are of use only where matches are many."""
    feed_id: ColumnElement[int | None]
    own: tuple[int, ...]
    """The feeds that the server added."""

    def select(self, *columns: ColumnElement[Any]) -> Select[Any]:
        """Return a query for columns of what is in scope and seen, whatever its status."""
        seen = seen_with(self.feed_id, self.own)
        there = [self.place[0] == self.place[1]] if self.place else []
        return select(*columns).select_from(self.source).where(*there, *self.conditions, seen)

    def rated(self, guild_id: int, *columns: ColumnElement[Any]) -> Select[Any]:
        """Return a query for columns of what is in scope and seen, and of how a server rated it."""
        joined = self.source.join(standings, standings.c.followup_id == self.id)
        # They are few, and each is looked up: said so, no index is used to find them by their feed or their place.
        looked_up: list[ColumnElement[bool]] = [seen_with(self.feed_id, self.own).is_not(false())]
        if self.place is not None:
            looked_up.append(unindexed(self.place[0]) == self.place[1])
        return (
            select(*columns).select_from(joined).where(*self.conditions, *looked_up, standings.c.guild_id == guild_id)
        )


def scope_of(connection: Connection, wanted: CaseFilter, guild_id: int | None) -> Scope:
    """Return where to look for what a server sees of what is wanted."""
    topic = None if wanted.topic == EVERY_TOPIC else wanted.topic
    table, key = followups, followups.c.id
    place: tuple[ColumnElement[str], str] | None = None
    conditions: list[ColumnElement[bool]] = []
    if topic is not None:
        table, key, place = followup_topics, followup_topics.c.followup_id, (followup_topics.c.topic, topic)
    elif wanted.country is not None:
        table, key = followup_countries, followup_countries.c.followup_id
        place = (followup_countries.c.country, wanted.country)
    if topic is not None and wanted.country is not None:
        # Asked of each one by its primary key: the list of all that concerns a country would be long.
        there = (followup_countries.c.followup_id == key, followup_countries.c.country == wanted.country)
        conditions.append(exists().where(*there))
    if wanted.kind is not None:
        conditions.append(table.c.kind == wanted.kind.value)
    words = [followups.c.words.contains(word, autoescape=True) for word in _folded(wanted.text)]
    # A quote is one line of `words` and the speaker the next.
    words += [followups.c.words.like(f"%\n%{_escaped(word)}%", escape="/") for word in _folded(wanted.speaker)]
    source: FromClause = table.join(followups) if words and table is not followups else table
    by_words = bool(words) and table is followups
    columns = (table.c.due_end, table.c.said_on, table.c.status, table.c.kind)
    own = tuple(feeds_of(connection, guild_id))
    return Scope(source, place, key, *columns, (*conditions, *words), by_words, table.c.feed_id, own)


def _folded(text: str | None) -> list[str]:
    return storable(text or "").casefold().split()


def _escaped(word: str) -> str:
    return word.replace("/", "//").replace("%", "/%").replace("_", "/_")


def unindexed(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """Return a column so that no index is used for it.

    To read every row in the order of the table takes a quarter of the time that it takes through an index.
    """
    return func.coalesce(column, column)


def counted_to(connection: Connection, rows: Select[Any], enough: int | None) -> int:
    """Return how many rows there are, counted no further than `enough` (None: to the end)."""
    return each_counted_to(connection, [rows], enough)[0]


def each_counted_to(connection: Connection, queries: Sequence[Select[Any]], enough: int | None) -> list[int]:
    """Return how many rows each query has, counted no further than `enough` (None: to the end), asked all at once."""
    counts = [select(func.count()).select_from(rows.limit(enough).subquery()).scalar_subquery() for rows in queries]
    return [int(count) for count in connection.execute(select(*counts)).one()]
