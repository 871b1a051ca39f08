"""Which alerts are next: one of each channel, the most urgent channels first, each server its share.

A lane is a channel, or a person for direct messages. In it posts go out one after another in the order in which they
were decided, and one that is on its way or is tried again holds up those behind it; one that waits for the end of quiet
hours does not. So at most one post of a lane is on its way at any time, whoever sends it; beside it at most one edit,
since edits neither wait for posts nor hold them up. Urgency is therefore a lane's: the lane with the most urgent alert
goes first, and begins with its oldest post.

However much waits, a lease looks at each lane and never at each alert: it steps from lane to lane through an index (a
loose index scan, https://wiki.postgresql.org/wiki/Loose_indexscan), so that ten thousand alerts behind one that cannot
be sent cost no more than one.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    case,
    func,
    literal,
    literal_column,
    null,
    or_,
    select,
    true,
)

from storage.tables import LANE, URGENCY, WAITING, outbox
from watchers.audience import Shards

SHARE = 8
"""How many alerts of one server may be on their way while those of others wait: a quarter of a worker's lanes."""
STEPS = 300
"""How many lanes are looked at together. Among so many the oldest goes first; of more, those after a random one."""
_BEFORE_ALL = -1  # Discord's ids are positive, and 0 is the lane of what names nobody


class Urgency(IntEnum):
    """What goes first, as the expression `URGENCY` counts it."""

    DUE = 0
    """Reminders: they are about a moment, and of no use after it."""
    NEW = 1
    """What was said, moved or suggested: the sooner the better."""
    EDIT = 2
    """What is read already and has become more precise."""
    DIGEST = 3
    """What gathered for a day or a week may gather for some minutes more."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """An alert that may be sent now."""

    id: int
    guild_id: int | None


def next_alerts(connection: Connection, now: datetime, limit: int, shards: Shards | None) -> list[int]:
    """Return the alerts to be sent now, at most `limit`, the most urgent first; nobody has locked them yet."""
    lookout = _Lookout(connection, now, shards)
    choice = Choice(limit, lookout.servers_on_their_way())
    for urgency in Urgency:
        for candidates in lookout.pages(urgency):
            choice.add(candidates)
            if choice.full:
                return choice.made()
    return choice.made()


class Choice:
    """Who is next, class after class: the oldest first, but of one server no more than its share while others wait."""

    def __init__(self, limit: int, on_their_way: Counter[int]) -> None:
        """Choose `limit` at most; `on_their_way` counts what each server has already."""
        self._limit = limit
        self._of_server = on_their_way
        self._chosen: dict[int, None] = {}
        self._beyond_their_share: dict[int, None] = {}

    def add(self, candidates: Sequence[Candidate]) -> None:
        """Choose among candidates of one class. A lane may come again in the next, with the same alert."""
        for one in sorted(candidates, key=lambda candidate: candidate.id):
            if one.id in self._chosen:
                continue
            if one.guild_id is not None and self._of_server[one.guild_id] >= SHARE:
                self._beyond_their_share[one.id] = None
            elif not self.full:
                self._chosen[one.id] = None
                if one.guild_id is not None:
                    self._of_server[one.guild_id] += 1

    @property
    def full(self) -> bool:
        """Whether so many are chosen that nobody need be looked for any more."""
        return len(self._chosen) >= self._limit

    def made(self) -> list[int]:
        """Return who is next; room that nobody else wants goes to those beyond their share."""
        return [*self._chosen, *self._beyond_their_share][: self._limit]


class _Lookout:
    """Steps through the lanes in which something is due."""

    def __init__(self, connection: Connection, now: datetime, shards: Shards | None) -> None:
        self._connection = connection
        self._now = now
        self._of_these = _of(shards)

    def servers_on_their_way(self) -> Counter[int]:
        """Count what is leased of each server."""
        held = select(outbox.c.guild_id).where(self._held(), outbox.c.guild_id.is_not(None))
        return Counter(self._connection.scalars(held))

    def pages(self, urgency: Urgency) -> Iterator[list[Candidate]]:
        """Yield what may be sent of the lanes with something of this urgency, page after page, each lane once.

        No process remembers whose turn it was, so where there are many lanes the first page begins anywhere.
        """
        page, last = self._page(urgency, _BEFORE_ALL, None)
        if last is None:
            yield page
            return
        begin = random.randint(_BEFORE_ALL, self._last_lane(urgency))  # noqa: S311 - no secret
        for after, until in ((begin, None), (_BEFORE_ALL, begin)):
            last = after
            while last is not None:
                page, last = self._page(urgency, last, until)
                yield page

    def _page(self, urgency: Urgency, after: int, until: int | None) -> tuple[list[Candidate], int | None]:
        """Return what may be sent of the next lanes up to `until`, and the last one; None where there are no more."""
        rows = self._connection.execute(self._statement(urgency, after, until)).all()
        found = [Candidate(row.id, row.guild_id) for row in rows if row.id is not None]
        return found, rows[-1].lane if len(rows) >= STEPS else None

    def _statement(self, urgency: Urgency, after: int, until: int | None) -> Select[tuple[int, int, int]]:
        """Ask for the next lanes with something due, each with the alert that may be sent there, if any."""
        first = select(self._lane_after(urgency, literal(after), until).label("lane"), literal(1).label("step"))
        lanes = first.cte("lanes", recursive=True)
        further = (lanes.c.lane.is_not(None), lanes.c.step < STEPS)
        lanes = lanes.union_all(
            select(self._lane_after(urgency, lanes.c.lane, until), lanes.c.step + 1).where(*further)
        )
        head = self._edit_in if urgency is Urgency.EDIT else self._post_in
        heads = (
            select(lanes.c.lane, lanes.c.step, head(lanes.c.lane).label("head"))
            .where(lanes.c.lane.is_not(None))
            .cte("heads")
        )
        free = or_(outbox.c.lease_until.is_(None), outbox.c.lease_until <= self._now)
        may_go = and_(outbox.c.id == heads.c.head, outbox.c.not_before <= self._now, free, self._of_these)
        there = heads.outerjoin(outbox, may_go)
        return select(heads.c.lane, outbox.c.id, outbox.c.guild_id).select_from(there).order_by(heads.c.step)

    def _lane_after(self, urgency: Urgency, lane: ColumnElement[int], until: int | None) -> ColumnElement[int]:
        """Return the next lane with something of this urgency due."""
        bounded = [literal(until) >= LANE] if until is not None else []
        step = select(LANE).where(
            outbox.c.state == WAITING,
            literal_column(str(urgency.value)) == URGENCY,
            lane < LANE,
            outbox.c.not_before <= self._now,
            *bounded,
        )
        return step.order_by(LANE).limit(1).correlate_except(outbox).scalar_subquery()

    def _post_in(self, lane: ColumnElement[int]) -> ColumnElement[int]:
        """Return the lane's oldest post, which goes before all others of the lane: due, on its way or tried again."""
        begun = or_(outbox.c.not_before <= self._now, outbox.c.attempts > 0)
        posts = select(outbox.c.id).where(outbox.c.state == WAITING, outbox.c.message_id.is_(None), lane == LANE, begun)
        return posts.order_by(outbox.c.id).limit(1).correlate_except(outbox).scalar_subquery()

    def _edit_in(self, lane: ColumnElement[int]) -> ColumnElement[int | None]:
        """Return the lane's edit that has been due for longest; none while one is on its way."""
        edits = select(outbox.c.id).where(
            outbox.c.state == WAITING,
            literal_column(str(Urgency.EDIT.value)) == URGENCY,
            lane == LANE,
            outbox.c.not_before <= self._now,
        )
        head = edits.order_by(outbox.c.not_before).limit(1).correlate_except(outbox).scalar_subquery()
        on_its_way = select(LANE).where(self._held(), outbox.c.message_id.is_not(None)).correlate(None)
        return case((lane.in_(on_its_way), null()), else_=head)

    def _last_lane(self, urgency: Urgency) -> int:
        last = select(func.max(LANE)).where(outbox.c.state == WAITING, literal_column(str(urgency.value)) == URGENCY)
        return self._connection.scalars(last).one()

    def _held(self) -> ColumnElement[bool]:
        return and_(outbox.c.state == WAITING, outbox.c.lease_until.is_not(None), outbox.c.lease_until > self._now)


def _of(shards: Shards | None) -> ColumnElement[bool]:
    """Whether an alert is of these shards."""
    if shards is None:
        return true()
    to_a_person = or_(outbox.c.channel_id.is_(None), outbox.c.guild_id.is_(None))
    of_server = (outbox.c.guild_id.bitwise_rshift(literal_column("22")) % shards.count).in_(sorted(shards.ids))
    return or_(to_a_person, of_server) if 0 in shards.ids else and_(~to_a_person, of_server)
