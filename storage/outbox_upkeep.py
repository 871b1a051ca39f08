"""The outbox as its operator sees it: what is in it, tried again or dropped by hand."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, func, or_, select, update

from storage.tables import GIVEN_UP, SENT, WAITING, outbox
from watchers.audience import AlertForm
from watchers.outbox_records import AlertState, OutboxPage, OutboxRecord, OutboxWish

DROPPED = "dropped by the operator"
_STATES = {AlertState.WAITING: WAITING, AlertState.GIVEN_UP: GIVEN_UP, AlertState.SENT: SENT}


def page(connection: Connection, wish: OutboxWish) -> OutboxPage:
    """Return the oldest alerts of those asked for."""
    wanted = [or_(*(outbox.c.state == _STATES[state] for state in sorted(wish.states)))]
    if wish.channel_id is not None:
        wanted.append(outbox.c.channel_id == wish.channel_id)
    if wish.guild_id is not None:
        wanted.append(outbox.c.guild_id == wish.guild_id)
    total = connection.scalars(select(func.count()).select_from(outbox).where(*wanted)).one()
    rows = connection.execute(select(outbox).where(*wanted).order_by(outbox.c.id).limit(wish.limit))
    return OutboxPage([_record(row) for row in rows], total)


def states(connection: Connection, ids: Collection[int]) -> dict[int, AlertState]:
    """Return how far those alerts have come that there are."""
    rows = connection.execute(select(outbox.c.id, outbox.c.state).where(outbox.c.id.in_(ids)))
    return {row.id: AlertState(row.state) for row in rows}


def try_now(connection: Connection, ids: Collection[int], now: datetime) -> list[int]:
    """Let alerts that wait or were given up be tried at once, as if never before; return which could.

    What a process has in hand stays as it is.
    """
    idle = or_(outbox.c.lease_until.is_(None), outbox.c.lease_until <= now)
    return _again(connection, and_(outbox.c.id.in_(ids), or_(_given_up(), outbox.c.state == WAITING), idle), now)


def try_given_up(connection: Connection, guild_id: int | None, now: datetime) -> list[int]:
    """Do the same with all that was given up, of one server (None: of all)."""
    there = [outbox.c.guild_id == guild_id] if guild_id is not None else []
    return _again(connection, and_(_given_up(), *there), now)


def drop(connection: Connection, ids: Collection[int]) -> list[int]:
    """Give up alerts that wait; return which did. What is on its way may arrive all the same."""
    values = {"state": GIVEN_UP, "last_error": DROPPED, "lease_owner": None, "lease_until": None}
    waiting = update(outbox).where(outbox.c.id.in_(ids), outbox.c.state == WAITING).values(values)
    return sorted(connection.scalars(waiting.returning(outbox.c.id)))


def _given_up() -> ColumnElement[bool]:
    return outbox.c.state == GIVEN_UP


def _again(connection: Connection, which: ColumnElement[bool], now: datetime) -> list[int]:
    values = {"state": WAITING, "not_before": now, "attempts": 0}
    return sorted(connection.scalars(update(outbox).where(which).values(values).returning(outbox.c.id)))


def _record(row: Row[Any]) -> OutboxRecord:
    return OutboxRecord(
        id=row.id,
        key=row.key,
        form=AlertForm(row.form),
        state=AlertState(row.state),
        guild_id=row.guild_id,
        channel_id=row.channel_id,
        user_id=row.user_id,
        message_id=row.message_id,
        attempts=row.attempts,
        created_at=row.created_at,
        not_before=row.not_before,
        leased_until=row.lease_until,
        unsure_since=row.unsure_since,
        last_error=row.last_error,
        sent_at=row.sent_at,
    )
