"""What is remembered of alerts decided and not yet sent, and of what became of them: a protocol that storage fits."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Protocol

from watchers.audience import Alert, Delivery, Posted, Shards
from watchers.outbox_records import AlertState, OutboxPage, OutboxWish


class Outbox(Protocol):
    """Alerts decided and not yet sent, and what became of those that were."""

    def put(self, alert: Alert, now: datetime) -> bool:
        """Store an alert for delivery; return False where its key is known already."""

    def put_all(self, alerts: Sequence[Alert], now: datetime) -> int:
        """Store alerts for delivery in their order, but for those whose keys are known; return how many."""

    def reword(self, followup_id: int, *, guild_id: int | None = None) -> int:
        """Ask for the alerts of a follow-up to be edited (those of one server, if named); return how many will be.

        Several rewordings before a delivery make one edit; an alert not yet posted goes out with the newest words.
        """

    def known(self, keys: Collection[str]) -> frozenset[str]:
        """Return those of `keys` that alerts have, sent or not."""

    def told(self, followup_id: int) -> frozenset[int]:
        """Return the channels in which a message on a follow-up stands."""

    def lease(
        self, now: datetime, *, worker: str, until: datetime, limit: int, shards: Shards | None = None
    ) -> Sequence[Delivery]:
        """Take alerts that wait for delivery and lease them to `worker` until `until`, the most urgent first.

        Of each channel, and for each person, at most one post is on its way, in the order in which they were put, and
        at most one edit. One server has no more than its share while others wait. `shards` are those whose servers are
        served; None: all. An alert leased by a worker whose lease has run out waits again. What its server sees no more
        is given up.
        """

    def give_back(self, deliveries: Collection[Delivery]) -> None:
        """Give leases back with which nothing has been done."""

    def release(self, worker: str) -> int:
        """Give back every lease of `worker` (it has just started, so its predecessor is gone); return how many."""

    def sent(self, delivery: Delivery, posted: Posted, now: datetime) -> None:
        """Mark `delivery.version` as being in Discord; a newer wording wanted meanwhile waits again."""

    def retry(self, delivery: Delivery, at: datetime, reason: str, *, unsure: bool) -> None:
        """Give the lease back, to be tried again not before `at`; `unsure`: it may be in Discord all the same."""

    def give_up(self, delivery: Delivery, reason: str) -> None:
        """Record that an alert cannot be delivered, and why; it is kept and not tried again."""

    def page(self, wish: OutboxWish) -> OutboxPage:
        """Return the oldest alerts of those asked for."""

    def states(self, ids: Collection[int]) -> dict[int, AlertState]:
        """Return how far those alerts have come that there are."""

    def try_now(self, ids: Collection[int], now: datetime) -> list[int]:
        """Let alerts that wait or were given up be tried at once, as if never before; return which could.

        What a process has in hand stays as it is.
        """

    def try_given_up(self, guild_id: int | None, now: datetime) -> list[int]:
        """Do the same with all that was given up, of one server (None: of all)."""

    def drop(self, ids: Collection[int]) -> list[int]:
        """Give up alerts that wait; return which did. What is on its way may arrive all the same."""
