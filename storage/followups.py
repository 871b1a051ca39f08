"""What is tracked: follow-ups, their topics, and the marks by which a new telling finds them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from storage.aliases import present_number
from storage.candidates import candidates
from storage.inserting import insert_unless_known
from storage.loading import load_followups
from storage.seeing import EVERYBODYS, scope_of
from storage.tables import followup_countries, followup_marks, followup_topics, followups, tellings
from watchers.marks import handles
from watchers.model import FollowUp, Interval, Statement, Status, Telling


class SqlFollowUps:
    """The tables `followups`, `tellings`, `followup_topics` and `followup_marks`."""

    def __init__(self, connection: Connection) -> None:
        """Work inside the transaction of `connection`."""
        self._connection = connection

    def candidates(
        self, marks: Iterable[str], window: Interval, *, undated: bool, feed_id: int | None
    ) -> Sequence[FollowUp]:
        """Return pending follow-ups that share a mark with a new statement and could be the same.

        Those that everybody hears of and, with `feed_id`, before them those of that feed, which is not public. Dated
        ones count where their due interval meets `window`; `undated` asks for undated ones said (first, last or in
        between) within `window` instead. They are as they are to be compared: the latest tellings alone, and no
        topics. Those whose shared marks say most come first (see candidates.py).
        """
        return candidates(self._connection, frozenset(marks), window, undated=undated, feed_id=feed_id)

    def open(self, article_id: int, telling: Telling, topics: Sequence[str]) -> FollowUp:
        """Start tracking a follow-up with its first telling; of a feed that is not public, for its servers alone."""
        row = {**row_of(telling, [telling]), "feed_id": scope_of(self._connection, article_id)}
        followup_id = self._connection.scalars(insert(followups).returning(followups.c.id), row).one()
        self._add_telling(followup_id, article_id, telling)
        index(self._connection, followup_id, row, topics, telling)
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
        index(self._connection, followup_id, {**known, **changed}, topics, telling)
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
            "countries": list(telling.countries),
        }
        self._connection.execute(insert(tellings), row)

    def _index_again(self, followup_id: int, before: Mapping[str, Any], row: Mapping[str, Any]) -> None:
        """Bring what topics, countries and marks repeat of a follow-up up to date with it."""
        lists = ((followup_topics, _in_lists), (followup_countries, _in_lists), (followup_marks, _in_marks))
        for table, copy in lists:
            if copy(row) != copy(before):
                self._connection.execute(update(table).where(table.c.followup_id == followup_id).values(copy(row)))

    def get(self, followup_id: int) -> FollowUp | None:
        """Return the follow-up that has, or once had, this number; None where there is none."""
        found = load_followups(self._connection, [followup_id]).get(followup_id)
        if found is not None:
            return found
        present = present_number(self._connection, followup_id)
        return load_followups(self._connection, [present]).get(present)

    def some(self, followup_ids: Iterable[int]) -> Sequence[FollowUp]:
        """Return those of these numbers that there are, in their order, whoever hears of them."""
        return [one for _, one in sorted(load_followups(self._connection, followup_ids).items())]

    def told_in(self, article_id: int) -> Mapping[int, frozenset[int]]:
        """Return the follow-ups that an article tells of, each with where the statements about it begin there."""
        told = select(tellings.c.followup_id, tellings.c.quote_start).where(tellings.c.article_id == article_id)
        starts: dict[int, set[int]] = {}
        for followup_id, start in self._connection.execute(told):
            starts.setdefault(followup_id, set()).add(start)
        return {followup_id: frozenset(places) for followup_id, places in sorted(starts.items())}

    def refile(self, topic: str, *, into: Iterable[int], out_of: Iterable[int]) -> None:
        """Put follow-ups that exist under one more topic, and take others from under it."""
        gone = (followup_topics.c.topic == topic, followup_topics.c.followup_id.in_(sorted(set(out_of))))
        self._connection.execute(delete(followup_topics).where(*gone))
        found = self._connection.execute(select(followups).where(followups.c.id.in_(sorted(set(into)))))
        rows = [{"followup_id": row["id"], "topic": topic, **_in_lists(dict(row))} for row in found.mappings()]
        if rows:
            once = insert_unless_known(self._connection, followup_topics, "followup_id", "topic")
            self._connection.execute(once, rows)


def index(
    connection: Connection, followup_id: int, row: Mapping[str, Any], topics: Iterable[str], *told: Telling
) -> None:
    """Let a follow-up be found by topics, countries and marks, by new ones and those it has."""
    countries = {code for telling in told for code in telling.countries}
    marks = frozenset().union(*(handles(telling.marks) for telling in told))
    for table, column, names, copied in (
        (followup_topics, "topic", topics, _in_lists(row)),
        (followup_countries, "country", countries, _in_lists(row)),
        (followup_marks, "mark", marks, _in_marks(row)),
    ):
        rows = [{"followup_id": followup_id, column: name, **copied} for name in sorted(set(names))]
        if rows:
            connection.execute(insert_unless_known(connection, table, "followup_id", column), rows)


def row_of(best: Telling, told: Iterable[Telling]) -> dict[str, Any]:
    """Return what is stored of a follow-up that was told so, in the words of the telling that says it best."""
    days = [telling.day for telling in told]
    return {
        **_best(best.statement),
        "status": Status.PENDING.value,
        "said_on": min(days),
        "told_on": max(days),
    }


def _best(statement: Statement) -> dict[str, Any]:
    """Return what a follow-up takes from the telling that says it best."""
    return {
        "kind": statement.kind.value,
        "quote": statement.quote,
        "speaker": statement.speaker,
        # One line for the quote and one for the speaker, who can so be asked for alone.
        "words": f"{' '.join(statement.quote.split())}\n{statement.speaker or ''}".casefold(),
        "due_start": statement.due and statement.due.first,
        "due_end": statement.due and statement.due.last,
        "precision": statement.precision.value,
        "conditional": statement.conditional,
    }


def _in_lists(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the topics and countries of a follow-up repeat of it."""
    return {name: row[name] for name in ("status", "kind", "due_end", "said_on", "feed_id")}


def _in_marks(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the marks of a follow-up repeat of it."""
    own = {"own_feed": row["feed_id"] or EVERYBODYS}
    if row["due_end"] is None:
        return {**own, "undated": True, "first_day": row["said_on"], "last_day": row["told_on"]}
    return {**own, "undated": False, "first_day": row["due_start"], "last_day": row["due_end"]}
