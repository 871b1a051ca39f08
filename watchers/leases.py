"""Who has what in hand: leases that are renewed as long as their holder lives, and run out soon after it has died.

Any number of processes divide the feeds and articles in the store between them. Each takes some by leases, renews those
it still has in hand, and gives back what it came to no end with; nobody is asked whether he is still alive.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeVar
from uuid import uuid4

from watchers.feed_memory import Claim, Leased
from watchers.ports import Clock, Store, UnitOfWork

T = TypeVar("T")

LEASE = timedelta(seconds=30)
"""How long a lease lasts that is not renewed: so late others take up what a process had in hand that died."""
LONGEST_LEASE = timedelta(minutes=10)
"""No lease lasts longer: one that seems to was taken before a clock was set back."""
_RENEWALS = 3


@dataclass(frozen=True, slots=True)
class Holder:
    """A process that takes leases, or a part of one."""

    name: str = field(default_factory=lambda: uuid4().hex)
    """No other's, not even that of the same process before a restart."""
    lease: timedelta = LEASE

    @property
    def renewed_every(self) -> timedelta:
        """How often to call `InHand.renew`, so that a lease outlives two renewals that fail."""
        return self.lease / _RENEWALS


class InHand:
    """What one holder has taken of one table and is not done with."""

    def __init__(self, store: Store, clock: Clock, holder: Holder, table: Callable[[UnitOfWork], Leased]) -> None:
        """Begin with nothing in hand; `table` says of what is taken."""
        self._store = store
        self._clock = clock
        self._holder = holder
        self._table = table
        self._until: dict[int, datetime] = {}

    def claim(self) -> Claim:
        """Return a claim to what is taken now."""
        now = self._clock.now()
        return Claim(self._holder.name, now, now + self._holder.lease)

    def hold(self, taken: Iterable[T], claim: Claim, id_of: Callable[[T], int]) -> list[T]:
        """Keep in hand what was taken by `claim`; return it without what was in hand already, its lease run out."""
        new = [one for one in taken if id_of(one) not in self._until]
        self._until |= {id_of(one): claim.until for one in new}
        return new

    def let_go(self, ids: Iterable[int]) -> None:
        """Be done with what has no lease in the store any more."""
        for one in ids:
            self._until.pop(one, None)

    async def renew(self) -> None:
        """Renew what has been in hand for long; what has been taken lately can wait for the next time.

        A lease from before the clock was set back, which others no longer go by, is renewed too.
        """
        claim = self.claim()
        soon = claim.until - self._holder.renewed_every
        ageing = [one for one, until in self._until.items() if not soon < until <= claim.until]
        if ageing:
            await self._store.transact(lambda work: self._table(work).renew(ageing, claim), alone=False)
            self._until |= {one: claim.until for one in ageing if one in self._until}

    async def give_back(self, ids: Iterable[int] | None = None) -> None:
        """Give back what is in hand (None: all of it), so that others take it at once."""
        returned = [one for one in (list(self._until) if ids is None else ids) if one in self._until]
        self.let_go(returned)
        if returned:
            name = self._holder.name
            await self._store.transact(lambda work: self._table(work).give_back(returned, name), alone=False)
