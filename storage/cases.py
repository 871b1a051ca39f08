"""Follow-ups as servers see them: lists, ratings, notes, muting and watching."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from storage.aliases import present_number, present_numbers
from storage.guild_tables import feedback, mutes, notes, ratings, standings, watches
from storage.inserting import insert_unless_known
from storage.listing import count_of, count_recorded, due_within, first_of, page_of, rated_since, recorded
from storage.loading import (
    article_of,
    interval_of,
    load_all_cases,
    load_cases,
    load_changes,
    rating_of,
    telling_of,
)
from storage.seeing import kept_by
from storage.tables import articles, followups, tellings
from watchers.model import Interval
from watchers.rating import Case, CaseFilter, CasePage, Complaint, Fault, Flaw, Rating, RatingWish, Revision
from watchers.record import MOST, RecordWish


class SqlCases:
    """The tables `ratings`, `standings`, `notes`, `mutes`, `watches` and `feedback`, beside the follow-ups."""

    def __init__(self, connection: Connection) -> None:
        """Work inside the transaction of `connection`."""
        self._connection = connection

    def of(self, guild_id: int | None, followup_ids: Sequence[int], *, user_id: int | None = None) -> Sequence[Case]:
        """Return the follow-ups that have, or once had, these numbers, in this order, as a server sees them.

        Outside servers, `user_id` sees besides what is everybody's what they have set a reminder of, and what they
        watch in a server that sees it.
        """
        found = self._seen(guild_id, followup_ids, user_id)
        missing = [each for each in followup_ids if (guild_id, each) not in found]
        became = present_numbers(self._connection, missing) if missing else {}
        found |= self._seen(guild_id, became.values(), user_id)
        present = [became.get(each, each) for each in followup_ids]
        return [found[guild_id, each] for each in dict.fromkeys(present) if (guild_id, each) in found]

    def _seen(
        self, guild_id: int | None, followup_ids: Iterable[int], user_id: int | None
    ) -> dict[tuple[int | None, int], Case]:
        numbers = list(followup_ids)
        kept = kept_by(self._connection, user_id, numbers) if user_id is not None and guild_id is None else ()
        return load_cases(self._connection, ((guild_id, number) for number in numbers), kept=kept)

    def by_guild(self, followup_id: int, guild_ids: Iterable[int]) -> Mapping[int, Case]:
        """Return one follow-up as each of these servers sees it."""
        found = load_cases(self._connection, ((guild_id, followup_id) for guild_id in guild_ids))
        return {guild_id: case for (guild_id, _), case in found.items() if guild_id is not None}

    def page(
        self,
        wanted: CaseFilter,
        guild_id: int | None,
        today: date,
        *,
        offset: int,
        limit: int,
        enough: int | None = None,
    ) -> CasePage:
        """Return a stretch of the list that `wanted` describes, as a server sees it on `today`.

        It is counted no further than `enough` (None: to its end), so that a long list is answered as soon as others.
        """
        ids, total, overdue = page_of(
            self._connection, wanted, guild_id, today, offset=offset, limit=limit, enough=enough
        )
        return CasePage(tuple(self.of(guild_id, ids)), total, overdue)

    def first(self, wanted: CaseFilter, guild_id: int | None, today: date, limit: int) -> Sequence[Case]:
        """Return the first of the list that `wanted` describes; what counts nothing is found sooner than a page."""
        return self.of(guild_id, first_of(self._connection, wanted, guild_id, today, limit))

    def count(self, wanted: CaseFilter, guild_id: int | None, today: date) -> int:
        """Return how many the list that `wanted` describes holds."""
        return count_of(self._connection, wanted, guild_id, today)

    def due_within(
        self, guild_id: int, topic: str, days: Interval, *, offset: int = 0, limit: int | None = None
    ) -> Sequence[Case]:
        """Return those on `topic` (`*`: on any) not settled for a server whose last day is within `days`.

        Soonest first: `limit` of them (None: all) after the first `offset`.
        """
        ids = due_within(self._connection, guild_id, topic, days, offset=offset, limit=limit)
        return self.of(guild_id, ids)

    def rated_since(self, guild_id: int, topic: str, since: datetime) -> Sequence[Case]:
        """Return those on `topic` whose last rating by a server is not older than `since`, the latest first."""
        return self.of(guild_id, rated_since(self._connection, guild_id, topic, since))

    def recorded(
        self, wanted: RecordWish, guild_id: int | None, *, offset: int = 0, limit: int | None = None
    ) -> CasePage:
        """Return a stretch (None: all) of what counts in a record as a server sees it, the latest last day first.

        Of `MOST` at the utmost. The total of all is how many there are; that of a stretch, how many of them count.
        """
        ids = recorded(self._connection, wanted, guild_id, MOST)
        more = limit is None and len(ids) == MOST
        total = count_recorded(self._connection, wanted, guild_id) if more else len(ids)
        end = None if limit is None else offset + limit
        return CasePage(tuple(self.of(guild_id, ids[offset:end])), total, 0)

    def raters(self) -> Mapping[int, int]:
        """Return the servers that have rated anything, each with how many follow-ups."""
        counted = select(standings.c.guild_id, func.count()).group_by(standings.c.guild_id)
        rows = self._connection.execute(counted.order_by(standings.c.guild_id))
        return {row.guild_id: row[1] for row in rows}

    def rate(self, rating: RatingWish, now: datetime) -> Rating:
        """Store a rating; it is the last word until another one or its undoing."""
        followup_id = self._present(rating.followup_id)
        row = {
            "followup_id": followup_id,
            "guild_id": rating.guild_id,
            "user_id": rating.user_id,
            "outcome": rating.outcome.value,
            "due_start": rating.due and rating.due.first,
            "due_end": rating.due and rating.due.last,
            "happened_on": rating.happened_on,
            "rated_at": now,
        }
        stored = self._connection.execute(insert(ratings).values(row).returning(*ratings.c)).one()
        self.stand(rating.guild_id, followup_id)
        return rating_of(stored)

    def undo(self, guild_id: int, followup_id: int, now: datetime) -> Rating | None:
        """Take a server's last rating back; return it, or None where there is none."""
        case = self.of(guild_id, [followup_id])
        last = case[0].rating if case else None
        if last is None:
            return None
        self._connection.execute(update(ratings).where(ratings.c.id == last.id).values(undone_at=now))
        self.stand(guild_id, last.wish.followup_id)
        return last

    def add_note(self, guild_id: int, followup_id: int, user_id: int, text: str, now: datetime) -> None:
        """Store what somebody wrote on a follow-up."""
        row = {
            "guild_id": guild_id,
            "followup_id": self._present(followup_id),
            "user_id": user_id,
            "text": text,
            "written_at": now,
        }
        self._connection.execute(insert(notes).values(row))

    def delete_note(self, guild_id: int, note_id: int, user_id: int) -> int | None:
        """Delete a note of a server that this person wrote; return its follow-up, None where there is none."""
        theirs = (notes.c.id == note_id, notes.c.guild_id == guild_id, notes.c.user_id == user_id)
        return self._connection.scalar(delete(notes).where(*theirs).returning(notes.c.followup_id))

    def mute(self, guild_id: int, followup_id: int, user_id: int | None) -> None:
        """Let a server hear no more reminders of a follow-up; a `user_id` of None lets it hear them again."""
        key = {"guild_id": guild_id, "followup_id": self._present(followup_id)}
        if user_id is None:
            there = (mutes.c.guild_id == guild_id, mutes.c.followup_id == key["followup_id"])
            self._connection.execute(delete(mutes).where(*there))
        else:
            once = insert_unless_known(self._connection, mutes, *key).values(**key, user_id=user_id)
            self._connection.execute(once)

    def watch(self, guild_id: int, followup_id: int, user_id: int, *, wanted: bool) -> None:
        """Let somebody hear by direct message how a server rates a follow-up, or no longer."""
        key = {"guild_id": guild_id, "followup_id": self._present(followup_id), "user_id": user_id}
        if wanted:
            self._connection.execute(insert_unless_known(self._connection, watches, *key).values(key))
        else:
            self._connection.execute(delete(watches).where(*(watches.c[name] == key[name] for name in key)))

    def revisions(self, guild_id: int, followup_ids: Sequence[int]) -> Mapping[int, Revision]:
        """Return how often a server changed its mind on each of these that it ever rated, and when it last did."""
        found: dict[int, Revision] = {}
        for followup_id, *moments in load_changes(self._connection, guild_id, followup_ids):
            changes = [at for at in moments if at is not None]
            before = found.get(followup_id, Revision(0, changes[0]))
            found[followup_id] = Revision(before.number + len(changes), max(before.at, *changes))
        return found

    def watchers(self, guild_id: int, followup_id: int) -> Sequence[int]:
        """Return who watches a follow-up in a server, by id."""
        there = (watches.c.guild_id == guild_id, watches.c.followup_id == self._present(followup_id))
        return self._connection.scalars(select(watches.c.user_id).where(*there).order_by(watches.c.user_id)).all()

    def find_fault(self, fault: Fault, now: datetime) -> bool:
        """Store that somebody finds fault with what was read; return False where they have said so before."""
        row: dict[str, Any] = {
            "followup_id": self._present(fault.followup_id),
            "guild_id": fault.guild_id,
            "user_id": fault.user_id,
            "fault": fault.what.value,
            "due_start": fault.due and fault.due.first,
            "due_end": fault.due and fault.due.last,
            "given_at": now,
        }
        once = insert_unless_known(self._connection, feedback, "followup_id", "user_id", "fault").values(row)
        return self._connection.execute(once.returning(feedback.c.id)).one_or_none() is not None

    def drop_fault(self, followup_id: int, user_id: int, what: Flaw) -> None:
        """Forget that somebody found this fault."""
        present = self._present(followup_id)
        theirs = (feedback.c.followup_id == present, feedback.c.user_id == user_id, feedback.c.fault == what.value)
        self._connection.execute(delete(feedback).where(*theirs))

    def complaints(self) -> Sequence[Complaint]:
        """Return every fault found, with what was read and where, by article and place in it.

        What people saw of a follow-up are the words of the telling that says it best, so it is that one's article.
        """
        given = self._connection.execute(select(feedback).order_by(feedback.c.id)).all()
        complained_of = select(feedback.c.followup_id)
        best = (
            select(tellings)
            .join(followups, (followups.c.id == tellings.c.followup_id) & (followups.c.quote == tellings.c.quote))
            .where(tellings.c.followup_id.in_(complained_of))
            .order_by(tellings.c.published.desc(), tellings.c.id.desc())
        )
        told = {row.followup_id: row for row in self._connection.execute(best)}
        read_in = select(articles).where(articles.c.id.in_({row.article_id for row in told.values()}))
        sources = {row.id: article_of(row) for row in self._connection.execute(read_in)}
        found = [
            Complaint(
                article_id=told[row.followup_id].article_id,
                article=sources[told[row.followup_id].article_id],
                statement=telling_of(told[row.followup_id]).statement,
                fault=_fault(row),
            )
            for row in given
        ]
        return sorted(found, key=lambda one: (one.article_id, one.statement.start, one.fault.followup_id))

    def stand(self, guild_id: int, followup_id: int) -> None:
        """Bring a server's standing up to date with the ratings that are left."""
        there = (standings.c.guild_id == guild_id, standings.c.followup_id == followup_id)
        self._connection.execute(delete(standings).where(*there))
        case = load_all_cases(self._connection, [(guild_id, followup_id)])[guild_id, followup_id]
        if case.rating is None:
            return
        moved_to = case.moved_to
        row = {
            "guild_id": guild_id,
            "followup_id": followup_id,
            "outcome": case.rating.outcome.value,
            "due_start": moved_to and moved_to.first,
            "due_end": moved_to and moved_to.last,
            "rated_at": case.rating.rated_at,
        }
        self._connection.execute(insert(standings).values(row))

    def _present(self, followup_id: int) -> int:
        return present_number(self._connection, followup_id)


def _fault(row: Row[Any]) -> Fault:
    due = interval_of(row.due_start, row.due_end)
    return Fault(row.followup_id, row.guild_id, row.user_id, Flaw(row.fault), due)
