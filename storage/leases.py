"""Leases on rows: who has which in hand, and until when. No statement here waits for another's row."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Table, Update, or_, select, update

from storage.numbers import is_one_of, listed
from watchers.feed_memory import Claim
from watchers.leases import LONGEST_LEASE

NO_LEASE = {"lease_owner": None, "lease_until": None}


def free(table: Table, now: datetime) -> ColumnElement[bool]:
    """Whether a row is in nobody's hands at `now`.

    A lease that would last longer than any is from before a clock was set back; whoever still works on it renews it.
    """
    until = table.c.lease_until
    return or_(until.is_(None), until <= now, until > now + LONGEST_LEASE)


class Leases:
    """The leases on the rows of a table with the columns `id`, `lease_owner` and `lease_until`."""

    def __init__(self, connection: Connection, table: Table) -> None:
        """Work inside the transaction of `connection`."""
        self._leasing = connection
        self._table = table

    def taking(self, ids: Select[Any], claim: Claim) -> Update:
        """Return the statement that takes the rows of `ids`, but for those that another takes at this moment."""
        # A common table expression, because PostgreSQL may run a plain sub-select again for each row.
        some = ids.with_for_update(skip_locked=True).cte("some")
        taken = update(self._table).where(self._table.c.id.in_(select(some.c.id)))
        return taken.values(lease_owner=claim.holder, lease_until=claim.until)

    def renew(self, ids: Collection[int], claim: Claim) -> None:
        """Let those of `ids` that its holder still has be his until `claim` ends."""
        self._leasing.execute(self.taking(self._of(claim.holder), claim), {"some": listed(ids)})

    def give_back(self, ids: Collection[int], holder: str) -> None:
        """Let those of `ids` that `holder` still has be free."""
        some = self._of(holder).with_for_update(skip_locked=True).cte("some")
        returned = update(self._table).where(self._table.c.id.in_(select(some.c.id)))
        self._leasing.execute(returned.values(NO_LEASE), {"some": listed(ids)})

    def _of(self, holder: str) -> Select[Any]:
        table = self._table
        return select(table.c.id).where(is_one_of(table.c.id, "some"), table.c.lease_owner == holder)
