"""What is tracked: follow-ups, their topics, and the marks by which a new telling finds them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, FromClause, Select, func, insert, select, update

from storage.columns import storable
from storage.inserting import insert_unless_known
from storage.loading import load_followups
from storage.tables import PENDING, followup_marks, followup_topics, followups, tellings
from watchers.alerts import EVERY_TOPIC
from watchers.marks import handles
from watchers.model import FollowUp, FollowUpFilter, FollowUpPage, Interval, Kind, Statement, Status, Telling

# A name that fills the news is a mark of thousands; those that share the most marks come first.
MOST_CANDIDATES = 200


class SqlFollowUps:
    """The tables `followups`, `tellings`, `followup_topics` and `followup_marks`."""

    def __init__(self, connection: Connection) -> None:
        """Work inside the transaction of `connection`."""
        self._connection = connection

    def candidates(self, marks: Iterable[str], window: Interval, *, undated: bool) -> Sequence[FollowUp]:
        """Return pending follow-ups that share a mark with a new statement and could be the same.

        Dated ones count where their due interval meets `window`; `undated` asks for undated ones said (first,
        last or in between) within `window` instead. Those that share the most marks come first, at most 200.
        """
        shared = (
            select(followup_marks.c.followup_id)
            .where(
                followup_marks.c.mark.in_(sorted(set(marks))),
                followup_marks.c.undated == undated,
                followup_marks.c.last_day >= window.first,
                followup_marks.c.first_day <= window.last,
            )
            .group_by(followup_marks.c.followup_id)
            .order_by(func.count().desc(), followup_marks.c.followup_id.desc())
            .limit(MOST_CANDIDATES)
        )
        return self._load(shared)

    def open(self, article_id: int, telling: Telling, topics: Sequence[str]) -> FollowUp:
        """Start tracking a follow-up with its first telling."""
        row = {
            **_best(telling.statement),
            "status": Status.PENDING.value,
            "said_on": telling.day,
            "told_on": telling.day,
        }
        followup_id = self._connection.scalars(insert(followups).returning(followups.c.id), row).one()
        self._add_telling(followup_id, article_id, telling)
        self._index(followup_id, row, topics, handles(telling.marks))
        return load_followups(self._connection, [followup_id])[followup_id]

    def retell(
        self, followup_id: int, article_id: int, telling: Telling, topics: Sequence[str], *, best: bool
    ) -> FollowUp:
        """Add a telling and its topics; with `best`, the follow-up takes its words, speaker, kind and times."""
        this_one = followups.c.id == followup_id
        known = dict(self._connection.execute(select(followups).where(this_one)).mappings().one())
        changed: dict[str, Any] = {
            "said_on": min(known["said_on"], telling.day),
            "told_on": max(known["told_on"], telling.day),
            **(_best(telling.statement) if best else {}),
        }
        self._connection.execute(update(followups).where(this_one).values(changed))
        self._add_telling(followup_id, article_id, telling)
        self._index_again(followup_id, known, {**known, **changed})
        self._index(followup_id, {**known, **changed}, topics, handles(telling.marks))
        return load_followups(self._connection, [followup_id])[followup_id]

    def _add_telling(self, followup_id: int, article_id: int, telling: Telling) -> None:
        statement, timex, due = telling.statement, telling.statement.timex, telling.statement.due
        row = {
            "followup_id": followup_id,
            "article_id": article_id,
            "outlet": telling.outlet,
            "url": telling.url,
            "title": telling.title,
            "published": telling.published,
            "day": telling.day,
            "quote_start": statement.start,
            "quote_end": statement.end,
            "quote": statement.quote,
            "kind": statement.kind.value,
            "timex_start": timex and timex.start,
            "timex_end": timex and timex.end,
            "timex_text": timex and timex.text,
            "timex_type": timex and timex.type,
            "timex_value": timex and timex.value,
            "due_start": due and due.first,
            "due_end": due and due.last,
            "precision": statement.precision.value,
            "speaker": statement.speaker,
            "conditional": statement.conditional,
            "rules": list(statement.rules),
            "marks": sorted(telling.marks),
        }
        self._connection.execute(insert(tellings), row)

    def _index(self, followup_id: int, row: Mapping[str, Any], topics: Iterable[str], marks: Iterable[str]) -> None:
        """Let a follow-up be found by topics and marks, by new ones and those it has."""
        for table, column, names, copied in (
            (followup_topics, "topic", topics, _in_topics(row)),
            (followup_marks, "mark", marks, _in_marks(row)),
        ):
            rows = [{"followup_id": followup_id, column: name, **copied} for name in sorted(set(names))]
            if rows:
                self._connection.execute(insert_unless_known(self._connection, table, "followup_id", column), rows)

    def _index_again(self, followup_id: int, before: Mapping[str, Any], row: Mapping[str, Any]) -> None:
        """Bring what topics and marks repeat of a follow-up up to date with it."""
        for table, copy in ((followup_topics, _in_topics), (followup_marks, _in_marks)):
            if copy(row) != copy(before):
                self._connection.execute(update(table).where(table.c.followup_id == followup_id).values(copy(row)))

    def get(self, followup_id: int) -> FollowUp | None:
        """Return one follow-up, or None where there is none by that number."""
        return load_followups(self._connection, [followup_id]).get(followup_id)

    def pending(self, wanted: FollowUpFilter, today: date, *, offset: int, limit: int) -> FollowUpPage:
        """Return pending follow-ups not yet past their last day: dated by due day, then undated by newest.

        Every word of `wanted.text` must be found in the quote or the speaker.
        """
        scope = _scope(wanted.topic, wanted.kind, wanted.text)
        ahead, undated, overdue = self._connection.execute(
            select(
                scope.count(scope.due_end >= today),
                scope.count(scope.due_end.is_(None)),
                scope.count(scope.due_end < today),
            )
        ).one()
        ids: list[int] = []
        if offset < ahead:
            dated = scope.ids(scope.due_end >= today).order_by(scope.due_end, scope.said_on, scope.id)
            ids += self._connection.scalars(dated.offset(offset).limit(limit))
        if len(ids) < limit:
            # `due_end` is NULL in all of them; naming it lets PostgreSQL read the index backwards.
            newest = (scope.due_end.desc(), scope.said_on.desc(), scope.id.desc())
            open_ended = scope.ids(scope.due_end.is_(None)).order_by(*newest)
            ids += self._connection.scalars(open_ended.offset(max(0, offset - ahead)).limit(limit - len(ids)))
        found = load_followups(self._connection, ids)
        return FollowUpPage(tuple(found[followup_id] for followup_id in ids), ahead + undated, overdue)

    def pending_on(self, topic: str, today: date) -> Sequence[FollowUp]:
        """Return every dated follow-up on `topic` (`*`: on any) whose last day is not before `today`."""
        scope = _scope(topic, None, None)
        return self._load(
            scope.ids(scope.due_end >= today).order_by(scope.due_end, scope.said_on, scope.id),
        )

    def _load(self, query: Select[Any]) -> list[FollowUp]:
        ids = self._connection.scalars(query).all()
        found = load_followups(self._connection, ids)
        return [found[followup_id] for followup_id in ids]


def _best(statement: Statement) -> dict[str, Any]:
    """Return what a follow-up takes from the telling that says it best."""
    return {
        "kind": statement.kind.value,
        "quote": statement.quote,
        "speaker": statement.speaker,
        "words": f"{statement.quote}\n{statement.speaker or ''}".casefold(),
        "due_start": statement.due and statement.due.first,
        "due_end": statement.due and statement.due.last,
        "precision": statement.precision.value,
        "conditional": statement.conditional,
    }


def _in_topics(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the topics of a follow-up repeat of it."""
    return {name: row[name] for name in ("status", "kind", "due_end", "said_on")}


def _in_marks(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the marks of a follow-up repeat of it."""
    if row["due_end"] is None:
        return {"undated": True, "first_day": row["said_on"], "last_day": row["told_on"]}
    return {"undated": False, "first_day": row["due_start"], "last_day": row["due_end"]}


@dataclass(frozen=True, slots=True)
class _Scope:
    """Where to look for pending follow-ups: all of them or a topic's, each through its own partial index."""

    source: FromClause
    id: ColumnElement[int]
    due_end: ColumnElement[date | None]
    said_on: ColumnElement[date]
    conditions: tuple[ColumnElement[bool], ...]

    def ids(self, *conditions: ColumnElement[bool]) -> Select[Any]:
        return select(self.id).select_from(self.source).where(*self.conditions, *conditions)

    def count(self, *conditions: ColumnElement[bool]) -> ColumnElement[int]:
        matching = select(func.count()).select_from(self.source).where(*self.conditions, *conditions)
        return matching.scalar_subquery()


def _scope(topic: str | None, kind: Kind | None, text: str | None) -> _Scope:
    words = [followups.c.words.contains(word, autoescape=True) for word in storable(text or "").casefold().split()]
    if topic is None or topic == EVERY_TOPIC:
        table, row_id, of_topic = followups, followups.c.id, []
    else:
        table, row_id, of_topic = followup_topics, followup_topics.c.followup_id, [followup_topics.c.topic == topic]
    of_kind = [table.c.kind == kind.value] if kind else []
    source: FromClause = followup_topics.join(followups) if words and table is followup_topics else table
    conditions = (table.c.status == PENDING, *of_topic, *of_kind, *words)
    return _Scope(source, row_id, table.c.due_end, table.c.said_on, conditions)
