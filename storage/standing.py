"""How things stand: counts for people and for whoever watches over the process, each from an index."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, case, func, select

from storage.seeing import feeds_of, seen_with
from storage.tables import GIVEN_UP, IS_PUBLIC, PENDING, WAITING, feeds, followups, outbox
from watchers.model import Backlog, GivenUp, Tally

MOST_REASONS = 5
"""Reasons and places told of what was given up."""
# Trying again puts off the time, and so does not make an alert younger.
_SHOULD_BE_SINCE = case((outbox.c.attempts > 0, outbox.c.created_at), else_=outbox.c.not_before)
_NEVER_POSTED = outbox.c.message_id.is_(None)


def tally_of(connection: Connection, guild_id: int | None) -> Tally:
    """Count what there is of a server and what it sees (None: of everybody, and what everybody sees).

    Follow-ups past their last day are still pending, and count.
    """
    own = feeds_of(connection, guild_id)
    public = connection.execute(_feeds(IS_PUBLIC)).one()
    its_own = connection.execute(_feeds(and_(feeds.c.id.in_(own), ~feeds.c.public))).one()
    pending = select(func.count()).select_from(followups)
    alerts = connection.execute(_alerts(guild_id)).one()
    polled = [each.polled for each in (public, its_own) if each.polled is not None]
    wanted = [each.wanted for each in (public, its_own) if each.wanted is not None]
    return Tally(
        feeds=public.feeds + its_own.feeds,
        feeds_failing=public.failing + its_own.failing,
        followups_pending=connection.scalars(
            pending.where(followups.c.status == PENDING, seen_with(followups.c.feed_id, own))
        ).one(),
        outbox_waiting=alerts.waiting,
        outbox_since=alerts.since,
        last_poll_at=max(polled, default=None),
        next_poll_at=min(wanted, default=None),
    )


def backlog_of(connection: Connection) -> Backlog:
    """Return what waits in the whole house."""
    alerts = connection.execute(_alerts(None)).one()
    soonest = select(feeds.c.next_poll_at).where(feeds.c.followed, ~feeds.c.stopped).order_by(feeds.c.next_poll_at)
    return Backlog(alerts.waiting, alerts.since, connection.scalars(soonest.limit(1)).one_or_none())


def given_up_of(connection: Connection, guild_id: int, since: datetime) -> Sequence[GivenUp]:
    """Return what was decided for a server since then and given up, the latest first, by place and reason."""
    latest = func.max(outbox.c.created_at)
    found = (
        select(outbox.c.channel_id, outbox.c.last_error, func.count().label("count"), latest.label("latest"))
        .where(outbox.c.state == GIVEN_UP, outbox.c.guild_id == guild_id, outbox.c.created_at >= since)
        .group_by(outbox.c.channel_id, outbox.c.last_error)
        .order_by(latest.desc())
        .limit(MOST_REASONS)
    )
    return [GivenUp(row.channel_id, row.last_error or "", row[2], row.latest) for row in connection.execute(found)]


def _feeds(which: ColumnElement[bool]) -> Select[int, int, Any, Any]:
    """Ask for feeds that are followed: how many, how many fail, when one was last polled, when one is to be."""
    to_be_asked = case((~feeds.c.stopped, feeds.c.next_poll_at))
    return select(
        func.count().label("feeds"),
        func.count(case((feeds.c.failures > 0, 1))).label("failing"),
        func.max(feeds.c.polled_at).label("polled"),
        func.min(to_be_asked).label("wanted"),
    ).where(feeds.c.followed, which)


def _alerts(guild_id: int | None) -> Select[int, Any]:
    """Ask for alerts that wait, of a server or all: how many, and since when the oldest should have been posted."""
    waiting = select(
        func.count().label("waiting"), func.min(case((_NEVER_POSTED, _SHOULD_BE_SINCE))).label("since")
    ).where(outbox.c.state == WAITING)
    return waiting if guild_id is None else waiting.where(outbox.c.guild_id == guild_id)
