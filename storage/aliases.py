"""The numbers that follow-ups had before they were joined with others: whoever still knows one finds what it became."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection, select

from storage.outcome_tables import joined


def present_number(connection: Connection, followup_id: int) -> int:
    """Return the number a follow-up has today: its own, or that of the one it was joined into."""
    return present_numbers(connection, [followup_id]).get(followup_id, followup_id)


def present_numbers(connection: Connection, followup_ids: Collection[int]) -> dict[int, int]:
    """Return, for those of these numbers that were joined into others, the numbers they have today."""
    found = connection.execute(select(joined).where(joined.c.followup_id.in_(sorted(set(followup_ids)))))
    return {row.followup_id: row.into_id for row in found}
