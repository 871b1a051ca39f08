"""Carries alerts from the outbox to people: lease, post or edit, mark. Nothing is decided from memory."""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.notices import lacking_permission, lacking_thread
from watchers.audience import ON_ONE_FOLLOW_UP, Delivery, Posted
from watchers.ports import (
    Clock,
    Messenger,
    SendForbiddenError,
    SendLaterError,
    SendNeverError,
    Store,
    StoreDownError,
    UnitOfWork,
)

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=60)
BATCH = 20
_FIRST_WAIT = timedelta(seconds=5)
_LONGEST_WAIT = timedelta(hours=1)
_NONCE_LENGTH = 25
_DOUBLINGS_TO_THE_LONGEST_WAIT = 10
# Discord remembers a nonce for minutes only, so nothing is sent on a lease that another worker may soon take.
_SAFETY = timedelta(seconds=15)


class Deliverer:
    """Delivers what waits in the outbox, oldest first.

    A worker killed at any point leaves a lease that runs out, and the alert is sent again with the same nonce:
    Discord shows it once. What cannot be sent now waits longer each time; what can never be is kept and told.
    """

    def __init__(self, store: Store, messenger: Messenger, clock: Clock, worker: str) -> None:
        """Deliver in the name of `worker`, which must be the same after a restart and differ between workers."""
        self._store = store
        self._messenger = messenger
        self._clock = clock
        self._worker = worker
        self._one_at_a_time = asyncio.Lock()
        self._unrecorded: deque[Callable[[UnitOfWork], None]] = deque()

    async def take_back(self) -> int:
        """Give back what this worker's predecessor had leased; return how many. Call it once, at start."""
        worker = self._worker
        return await self._store.transact(lambda work: work.outbox.release(worker))

    async def deliver(self) -> int:
        """Deliver until nothing waits; return how many messages were posted or edited."""
        done = 0
        async with self._one_at_a_time:
            await self._catch_up()
            while True:
                until = self._clock.now() + LEASE
                batch = await self._lease(until)
                # What became of one alert is recorded while the next is sent: each transaction has to wait for others.
                recording: list[asyncio.Task[None]] = []
                try:
                    carried, in_time = await self._carry_all(batch, until, recording)
                finally:
                    await _all_ended(recording)
                done += carried
                if len(batch) < BATCH or not in_time:
                    return done

    async def _carry_all(
        self, batch: Sequence[Delivery], until: datetime, recording: list[asyncio.Task[None]]
    ) -> tuple[int, bool]:
        """Send alerts in their order; return how many were, and whether there was time for all before the lease ends.

        Those for which there was none are taken up when it has run out.
        """
        done = 0
        begun: dict[tuple[int | None, tuple[int, ...]], int] = {}
        for delivery in batch:
            if self._clock.now() > until - _SAFETY:
                return done, False
            posted = await self._carry(_in_thread_begun(delivery, begun), recording)
            if posted is not None:
                done += 1
                if delivery.alert.form in ON_ONE_FOLLOW_UP:
                    begun.setdefault(_told_where(delivery), posted.thread(delivery.alert.channel_id))
        return done, True

    async def _lease(self, until: datetime) -> tuple[Delivery, ...]:
        """Take the next alerts that wait."""
        now, worker = self._clock.now(), self._worker

        def work(unit: UnitOfWork) -> tuple[Delivery, ...]:
            return tuple(unit.outbox.lease(now, worker=worker, until=until, limit=BATCH))

        return await self._store.transact(work)

    async def _carry(self, delivery: Delivery, recording: list[asyncio.Task[None]]) -> Posted | None:
        """Send one alert and have recorded what became of it; return where it is in Discord, None if it is not."""
        try:
            posted = await self._send(delivery)
        except SendNeverError as error:
            reason = str(error)
            log.warning("an alert cannot be delivered", extra={**_facts(delivery), "reason": reason})
            lacking = error.permissions if isinstance(error, SendForbiddenError) else ()
            await self._give_up(delivery, reason, lacking)
            return None
        except SendLaterError as error:
            await self._postpone(delivery, error)
            return None
        except Exception as error:  # one alert that cannot be worded must not hold up the others
            log.exception("an alert could not be worded", extra=_facts(delivery))
            await self._postpone(delivery, SendLaterError(f"{type(error).__name__}: {error}", unsure=True))
            return None
        now = self._clock.now()
        notice = lacking_thread(delivery, posted.lacking, now) if posted.lacking else None

        def work(unit: UnitOfWork) -> None:
            unit.outbox.sent(delivery, posted, now)
            if notice is not None:
                unit.outbox.put(notice, now)

        recording.append(asyncio.create_task(self._record(work)))
        return posted

    async def _record(self, work: Callable[[UnitOfWork], None]) -> None:
        """Store what became of an alert, or keep it in mind while the store can do nothing."""
        try:
            await self._store.transact(work)
        except StoreDownError:
            self._unrecorded.append(work)
            raise

    async def _catch_up(self) -> None:
        """Store what could not be stored before; until then nothing more is leased, and so nothing sent again."""
        while self._unrecorded:
            await self._store.transact(self._unrecorded[0])
            self._unrecorded.popleft()

    async def _send(self, delivery: Delivery) -> Posted:
        """Post the alert, or edit the message it already is."""
        if delivery.message_id is None:
            return await self._messenger.post(delivery, nonce_of(delivery.alert.key))
        return await self._messenger.edit(delivery)

    async def _give_up(self, delivery: Delivery, reason: str, lacking: Sequence[str]) -> None:
        """Try an alert no more; where permissions are lacking, tell those who can give them."""
        now = self._clock.now()
        notice = lacking_permission(delivery, lacking, now) if lacking else None

        def work(unit: UnitOfWork) -> None:
            unit.outbox.give_up(delivery, reason)
            if notice is not None:
                unit.outbox.put(notice, now)

        await self._store.transact(work)

    async def _postpone(self, delivery: Delivery, error: SendLaterError) -> None:
        """Give the alert back for a later try, not before the other side asked for."""
        wait = max(wait_after(delivery.attempts), error.after or timedelta(0))
        at, reason, unsure = self._clock.now() + wait, str(error), error.unsure
        facts = {**_facts(delivery), "wait_seconds": round(wait.total_seconds()), "reason": reason}
        log.warning("an alert waits", extra=facts)
        await self._store.transact(lambda work: work.outbox.retry(delivery, at, reason, unsure=unsure))


async def _all_ended(recording: Sequence[asyncio.Task[None]]) -> None:
    """Wait for all of these to end, and only then raise what one of them raised."""
    for outcome in await asyncio.gather(*recording, return_exceptions=True):
        if isinstance(outcome, BaseException):
            raise outcome


def _facts(delivery: Delivery) -> dict[str, object]:
    """Return what a log tells of an alert."""
    alert = delivery.alert
    place = {"guild": alert.guild_id, "channel": alert.channel_id}
    return {"alert": alert.key, **place, "attempt": delivery.attempts + 1}


def _told_where(delivery: Delivery) -> tuple[int | None, tuple[int, ...]]:
    """Return what makes two alerts belong in one thread."""
    return delivery.alert.channel_id, delivery.alert.followup_ids


def _in_thread_begun(delivery: Delivery, begun: Mapping[tuple[int | None, tuple[int, ...]], int]) -> Delivery:
    """Return a delivery with the thread that its own batch has begun: when that was leased, there was none yet."""
    if delivery.thread_id is not None or delivery.alert.form not in ON_ONE_FOLLOW_UP:
        return delivery
    return replace(delivery, thread_id=begun.get(_told_where(delivery)))


def nonce_of(key: str) -> str:
    """Return the nonce of an alert: the first 25 hexadecimal digits of its key's SHA-256 (Discord's longest)."""
    return hashlib.sha256(key.encode()).hexdigest()[:_NONCE_LENGTH]


def wait_after(attempts: int) -> timedelta:
    """Return how long to wait after `attempts` earlier failures and one more: min(2**attempts * 5 s, 1 h)."""
    doublings = min(attempts, _DOUBLINGS_TO_THE_LONGEST_WAIT)
    return min(_FIRST_WAIT * (1 << doublings), _LONGEST_WAIT)
