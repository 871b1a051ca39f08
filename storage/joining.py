"""Two follow-ups made one, and one made two: all that hangs on their numbers goes with them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Table, delete, func, insert, or_, select, update
from sqlalchemy.sql.dml import Update

from storage.cases import SqlCases
from storage.followups import index, row_of
from storage.guild_tables import feedback, mutes, notes, ratings, standings, watches
from storage.inserting import insert_unless_known
from storage.loading import load_followups, telling_of
from storage.outcome_tables import expectation_keys, expectations, joined, parted, suggestions
from storage.tables import (
    SENT,
    baskets,
    followup_countries,
    followup_marks,
    followup_topics,
    followups,
    outbox,
    outbox_followups,
    reminders,
    subscriptions,
    tellings,
)
from watchers.audience import ON_ONE_FOLLOW_UP, AlertForm
from watchers.model import FollowUp, Telling

_FOUND_BY = (followup_topics, followup_countries, followup_marks)
_MOVED_ALL = (tellings, ratings, notes, reminders)
_MOVED_ONCE = (
    (watches, ("guild_id", "user_id")),
    (mutes, ("guild_id",)),
    (feedback, ("user_id", "fault")),
    (suggestions, ("article_id", "quote_start")),
    (baskets, ("subscription_id",)),
    (outbox_followups, ("outbox_id",)),
)
"""What there may be once of for a follow-up and the rest of its key: where both have it, that of the older stays."""
_TOLD_ONCE = (AlertForm.SAID, AlertForm.MOVED)


class SqlJoining:
    """The tables `joined` and `parted`, and all in which the numbers of follow-ups stand."""

    def __init__(self, connection: Connection) -> None:
        """Work inside the transaction of `connection`."""
        self._connection = connection

    def join(self, older: int, newer: int, best: Telling) -> FollowUp:
        """Make two follow-ups one, in the words of `best`; the newer number stands for the older from now on."""
        topics = self._topics_of(older) + self._topics_of(newer)
        guilds = self._guilds_rating((older, newer))
        self._settle_alerts(older, newer)
        self._empty_baskets_that_know(older, newer)
        for table in (expectations, expectation_keys, standings, *_FOUND_BY):
            self._connection.execute(delete(table).where(table.c.followup_id == newer))
        of_orders = (reminders.c.fired_at.is_(None), reminders.c.subscription_id.is_not(None))
        self._connection.execute(delete(reminders).where(reminders.c.followup_id == newer, *of_orders))
        for table in _MOVED_ALL:
            self._connection.execute(_given_over(table, older, newer))
        for table, rest in _MOVED_ONCE:
            self._move_once(table, rest, older, newer)
        self._pass_on_rulings(older, newer)
        self._connection.execute(update(joined).where(joined.c.into_id == newer).values(into_id=older))
        self._connection.execute(insert(joined).values(followup_id=newer, into_id=older))
        self._connection.execute(delete(followups).where(followups.c.id == newer))
        for guild_id in guilds:
            SqlCases(self._connection).stand(guild_id, older)
        return self._file_anew(older, best, topics)

    def split(
        self, followup_id: int, report_ids: Collection[int], best: Telling, best_left: Telling
    ) -> tuple[FollowUp, FollowUp]:
        """Make some reports of a follow-up one of their own, in the words of `best`; return what is left, and that.

        At least one report is left, and `best_left` says it best.
        """
        its_feed = self._connection.scalar(select(followups.c.feed_id).where(followups.c.id == followup_id))
        row = {**row_of(best, [best]), "feed_id": its_feed}
        number = self._connection.scalars(insert(followups).returning(followups.c.id), row).one()
        theirs = (tellings.c.followup_id == followup_id, tellings.c.id.in_(sorted(report_ids)))
        self._connection.execute(update(tellings).where(*theirs).values(followup_id=number))
        topics = self._topics_of(followup_id)
        return self._file_anew(followup_id, best_left, topics), self._file_anew(number, best, topics)

    def reports(self, followup_id: int) -> Sequence[tuple[int, Telling]]:
        """Return the tellings of a follow-up with their own numbers, the oldest first."""
        told = select(tellings).where(tellings.c.followup_id == followup_id)
        rows = self._connection.execute(told.order_by(tellings.c.published, tellings.c.id))
        return [(row.id, telling_of(row)) for row in rows]

    def servers(self, followup_id: int) -> frozenset[int]:
        """Return the servers that have been told of a follow-up, or have rated it or written on it."""
        told = select(outbox_followups.c.outbox_id).where(outbox_followups.c.followup_id == followup_id)
        asked = (
            select(ratings.c.guild_id).where(ratings.c.followup_id == followup_id),
            select(notes.c.guild_id).where(notes.c.followup_id == followup_id),
            select(outbox.c.guild_id).where(outbox.c.id.in_(told), outbox.c.message_id.is_not(None)),
        )
        return frozenset(found for each in asked for found in self._connection.scalars(each) if found is not None)

    # --- what was ruled ---------------------------------------------------------------------------------------

    def parted(self, followup_ids: Collection[int]) -> frozenset[frozenset[int]]:
        """Return the pairs of these that somebody parted."""
        some = sorted(set(followup_ids))
        among = select(parted.c.one_id, parted.c.other_id).where(parted.c.one_id.in_(some), parted.c.other_id.in_(some))
        return frozenset(frozenset((row.one_id, row.other_id)) for row in self._connection.execute(among))

    def part(self, one: int, other: int, *, guild_id: int, user_id: int, now: datetime) -> None:
        """Note that two follow-ups are not one, and who says so."""
        older, newer = sorted((one, other))
        row = {"one_id": older, "other_id": newer, "guild_id": guild_id, "user_id": user_id, "parted_at": now}
        self._connection.execute(insert_unless_known(self._connection, parted, "one_id", "other_id").values(row))

    def _pass_on_rulings(self, older: int, newer: int) -> None:
        """Hold from the older what was held from the newer; each pair with the older number first, as ever."""
        its_own = or_(parted.c.one_id == newer, parted.c.other_id == newer)
        for row in self._connection.execute(delete(parted).where(its_own).returning(*parted.c)).all():
            other = row.other_id if row.one_id == newer else row.one_id
            if other != older:
                self.part(older, other, guild_id=row.guild_id, user_id=row.user_id, now=row.parted_at)

    # --- what hangs on a number -------------------------------------------------------------------------------

    def _settle_alerts(self, older: int, newer: int) -> None:
        """Let no channel be told twice: drop what is not yet on its way where the older has been told.

        What has told a channel of the newer has told it of both: the key of the same alert of the older is taken. An
        alert keeps its own key, for Discord may know it by that already.
        """
        about = select(outbox_followups.c.outbox_id).where(outbox_followups.c.followup_id == newer)
        rows = self._connection.execute(
            select(outbox).where(outbox.c.id.in_(about), outbox.c.form.in_(ON_ONE_FOLLOW_UP))
        ).all()
        twins = {row.id: row.key.replace(f":{newer}:", f":{older}:", 1) for row in rows}
        known = set(self._connection.scalars(select(outbox.c.key).where(outbox.c.key.in_(twins.values()))))
        for row in rows:
            unsent = row.state == "waiting" and row.message_id is None
            if twins[row.id] not in known and row.form in _TOLD_ONCE and row.state != "given up":
                self._hold_key(row, twins[row.id])
            elif twins[row.id] in known and unsent and row.lease_owner is None and not row.attempts:
                self._connection.execute(delete(outbox).where(outbox.c.id == row.id))

    def _hold_key(self, row: Row[Any], key: str) -> None:
        """Take the key of an alert that need not be sent, because another has told the same."""
        unposted = {"message_id": None, "posted_in": None, "lease_owner": None, "lease_until": None}
        copied = {name: value for name, value in row._asdict().items() if name != "id"}
        self._connection.execute(insert(outbox).values({**copied, **unposted, "key": key, "state": SENT}))

    def _empty_baskets_that_know(self, older: int, newer: int) -> None:
        """Let no digest call newly said what its channel has been told as the older."""
        about = select(outbox_followups.c.outbox_id).where(outbox_followups.c.followup_id == older)
        told = select(outbox.c.channel_id).where(outbox.c.id.in_(about), outbox.c.channel_id.is_not(None))
        orders = select(subscriptions.c.id).where(subscriptions.c.channel_id.in_(told))
        gathered = (baskets.c.followup_id == newer, baskets.c.subscription_id.in_(orders))
        self._connection.execute(delete(baskets).where(*gathered))

    def _move_once(self, table: Table, rest: Sequence[str], older: int, newer: int) -> None:
        """Give over what the older has not, and drop what it has."""
        there = table.alias("there")
        same = [there.c[name] == table.c[name] for name in rest]
        has = select(func.count()).select_from(there).where(there.c.followup_id == older, *same).scalar_subquery()
        self._connection.execute(_given_over(table, older, newer).where(has == 0))
        self._connection.execute(delete(table).where(table.c.followup_id == newer))

    def _topics_of(self, followup_id: int) -> list[str]:
        its_own = select(followup_topics.c.topic).where(followup_topics.c.followup_id == followup_id)
        return list(self._connection.scalars(its_own))

    def _guilds_rating(self, followup_ids: Collection[int]) -> list[int]:
        rated = select(ratings.c.guild_id).where(ratings.c.followup_id.in_(followup_ids)).distinct()
        return list(self._connection.scalars(rated.order_by(ratings.c.guild_id)))

    def _file_anew(self, followup_id: int, best: Telling, topics: Collection[str]) -> FollowUp:
        """Bring all that repeats of a follow-up what its tellings say up to date with them."""
        told = [telling for _, telling in self.reports(followup_id)]
        row = row_of(best, told)
        filed = update(followups).where(followups.c.id == followup_id).values(row).returning(followups.c.feed_id)
        feed_id = self._connection.scalars(filed).one()
        for table in _FOUND_BY:
            self._connection.execute(delete(table).where(table.c.followup_id == followup_id))
        index(self._connection, followup_id, {**row, "feed_id": feed_id}, topics, *told)
        return load_followups(self._connection, [followup_id])[followup_id]


def _given_over(table: Table, older: int, newer: int) -> Update:
    return update(table).where(table.c.followup_id == newer).values(followup_id=older)
