"""Listens to what cogs change for a server, and tells what was changed without a note in its audit log."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Table, func, select

from storage.engine import Database
from storage.guild_tables import changes, guild_topics, guilds, mutes, notes, ratings, shares
from storage.outcome_tables import answers, parted
from storage.tables import guild_feeds, subscriptions
from storage.unit_of_work import SqlUnitOfWork

OF_SERVERS = (subscriptions, guilds, guild_topics, guild_feeds, shares, ratings, notes, mutes, answers, parted)
_BY_THE_WAY = {"next_digest_at", "left_at"}
"""What changes by itself."""


def unnoted_changes(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return what will hold, from now on, the tables that cogs changed without a note."""
    found: list[str] = []
    usual = Database.transact

    async def transact(store: Database, work: Callable[[Any], Any], **options: Any) -> Any:
        if not str(getattr(work, "__module__", "")).startswith("bot.cogs"):
            return await usual(store, work, **options)

        def watched(unit: SqlUnitOfWork) -> Any:
            before, noted = _contents(unit), _noted(unit)
            answer = work(unit)
            changed = [table for table, rows in _contents(unit).items() if rows != before[table]]
            if changed and _noted(unit) == noted:
                found.append(f"{work.__qualname__}: {', '.join(changed)}")
            return answer

        return await usual(store, watched, **options)  # type: ignore[arg-type]  # the store's own unit of work

    monkeypatch.setattr(Database, "transact", transact)
    return found


def _contents(unit: SqlUnitOfWork) -> dict[str, list[Any]]:
    return {table.name: _rows(unit, table) for table in OF_SERVERS}


def _rows(unit: SqlUnitOfWork, table: Table) -> list[Any]:
    kept = [column for column in table.c if column.name not in _BY_THE_WAY]
    return [tuple(row) for row in unit._connection.execute(select(*kept).order_by(*table.primary_key))]


def _noted(unit: SqlUnitOfWork) -> int:
    return unit._connection.scalar(select(func.count()).select_from(changes)) or 0
