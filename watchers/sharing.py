"""Secret addresses that a server opens and ends, as its audit log has them: never with the secret."""

from __future__ import annotations

from datetime import datetime

from watchers.audience import Share
from watchers.audit import Change
from watchers.ports import UnitOfWork


def open_share(work: UnitOfWork, wish: Share, now: datetime) -> Share:
    """Return a server's share of that topic, or store `wish` where it has none."""
    share = work.shares.open(wish, now)
    if share.token == wish.token:
        work.changes.note(wish.guild_id, wish.created_by, Change.ADDRESS_MADE, {"topic": wish.topic}, now)
    return share


def close_share(work: UnitOfWork, guild_id: int, topic: str, *, by: int, now: datetime) -> Share | None:
    """End a share, so that its address answers no more; return it, or None where there is none."""
    gone = work.shares.close(guild_id, topic)
    if gone is not None:
        work.changes.note(guild_id, by, Change.ADDRESS_REVOKED, {"topic": topic}, now)
    return gone
