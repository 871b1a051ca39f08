"""Carries alerts from the outbox to people: lease, post or edit, mark. Nothing is decided from memory.

Several channels are served at once, so that none waits for another that Discord holds up. Of each channel the store
lets out one alert at a time, so that its order needs no care here.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.notices import channel_gone, lacking_permission, lacking_thread
from bot.pacing import Pace
from watchers.audience import Alert, Delivery, Posted, Shards
from watchers.ports import (
    Clock,
    Messenger,
    SendForbiddenError,
    SendGoneError,
    SendLaterError,
    SendNeverError,
    Store,
    StoreDownError,
    UnitOfWork,
)

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=60)
LANES = 32
"""How many alerts are on their way at once."""
IN_HAND = 2 * LANES
"""How many are leased at most, so that a lane that is done finds the next there."""
_REFILL = LANES // 2
_FIRST_WAIT = timedelta(seconds=5)
_LONGEST_WAIT = timedelta(hours=1)
_NONCE_LENGTH = 25
_DOUBLINGS_TO_THE_LONGEST_WAIT = 10
# Discord remembers a nonce for minutes only, so nothing is sent on a lease that another worker may soon take.
_SAFETY = timedelta(seconds=15)

Record = Callable[[UnitOfWork], None]
"""Stores what became of one alert; doing it twice is as good as once."""


@dataclass(frozen=True, slots=True)
class Sending:
    """How alerts are sent, where it differs from what is usual."""

    shards: Shards | None = None
    """Whose servers are served; None: all."""
    pace: Pace | None = None
    """How fast they go out; None: as fast as Discord takes them."""
    chance: Callable[[], float] = random.random
    """A number between 0 and 1, another each time, that spreads retries."""


class Deliverer:
    """Delivers what waits in the outbox, the most urgent first, and of each channel the oldest.

    A worker killed at any point leaves a lease that runs out, and the alert is sent again with the same nonce:
    Discord shows it once. What cannot be sent now waits longer each time; what can never be is kept and told.
    """

    def __init__(
        self, store: Store, messenger: Messenger, clock: Clock, worker: str, sending: Sending | None = None
    ) -> None:
        """Deliver in the name of `worker`, which must be the same after a restart and differ between workers."""
        self._store = store
        self._messenger = messenger
        self._clock = clock
        self._worker = worker
        self._how = sending or Sending()
        self._one_at_a_time = asyncio.Lock()
        self._lanes = asyncio.Semaphore(LANES)
        self._in_hand: set[asyncio.Task[None]] = set()
        self._carried: set[int] = set()
        self._to_record: list[Record] = []
        self._ending = False
        self._done = 0

    async def take_back(self) -> int:
        """Give back what this worker's predecessor had leased; return how many. Call it once, at start."""
        worker = self._worker
        return await self._store.transact(lambda work: work.outbox.release(worker))

    def end(self) -> None:
        """Take up nothing more: `deliver` returns when what is on its way has arrived."""
        self._ending = True

    async def deliver(self) -> int:
        """Deliver until nothing waits that can be sent now; return how many messages were posted or edited."""
        async with self._one_at_a_time:
            self._done = 0
            try:
                while await self._record_and_take_up():
                    await self._until_some_arrived()
            except asyncio.CancelledError:
                for task in self._in_hand:
                    task.cancel()
                raise
            finally:
                await self._put_down()
            return self._done

    async def _record_and_take_up(self) -> bool:
        """Record what became of alerts and lease the next, in one transaction; return whether any are in hand."""
        records, self._to_record = self._to_record, []
        now, worker, shards = self._clock.now(), self._worker, self._how.shards
        until, room = now + LEASE, IN_HAND - len(self._in_hand)
        limit = room if room >= _REFILL and not self._ending else 0
        carried = frozenset(self._carried)

        def work(unit: UnitOfWork) -> tuple[Delivery, ...]:
            for record in records:
                record(unit)
            if not limit:
                return ()
            return tuple(unit.outbox.lease(now, worker=worker, until=until, limit=limit, shards=shards))

        try:
            batch = await self._store.transact(work)
        except BaseException:
            self._to_record = records + self._to_record
            raise
        # Where the clock was set ahead, leases on what is on its way ran out early.
        new = [delivery for delivery in batch if delivery.id not in carried]
        self._carried |= {delivery.id for delivery in new}
        self._in_hand |= {asyncio.create_task(self._carry(delivery, until)) for delivery in new}
        return bool(self._in_hand)

    async def _until_some_arrived(self) -> None:
        _, self._in_hand = await asyncio.wait(self._in_hand, return_when=asyncio.FIRST_COMPLETED)

    async def _put_down(self) -> None:
        """Wait for what is on its way after something failed, and record what became of it, now or next time."""
        if not self._in_hand and not self._to_record:
            return
        ending, self._ending = self._ending, True
        await asyncio.gather(*self._in_hand, return_exceptions=True)
        self._ending, self._in_hand = ending, set()
        unrecorded = [record for record in self._to_record if not await self._recorded(record)]
        if unrecorded and len(unrecorded) < len(self._to_record):
            # The database works, and will never take these: their leases run out, and they are looked for then.
            log.error("what became of alerts could not be recorded", extra={"alerts": len(unrecorded)})
            unrecorded = []
        self._to_record = unrecorded

    async def _recorded(self, record: Record) -> bool:
        """Record by itself what became of one alert; return whether that could be done."""
        try:
            await self._store.transact(record)
        except StoreDownError:  # whoever ticks says so, once
            return False
        except Exception:
            log.exception("what became of an alert could not be recorded yet")
            return False
        return True

    async def _carry(self, delivery: Delivery, until: datetime) -> None:
        """Send an alert as soon as there is a lane, and have recorded what becomes of it."""
        try:
            async with self._lanes:
                if self._how.pace is not None:
                    await self._how.pace.turn()
                # A clock that was set back makes no lease longer: others may go by their own clocks.
                left = min(until - self._clock.now(), LEASE)
                if self._ending or left < _SAFETY:
                    record = _given_back(delivery)
                else:
                    record = await self._fate_of(delivery, left)
            self._to_record.append(record)
        finally:
            self._carried.discard(delivery.id)

    async def _fate_of(self, delivery: Delivery, left: timedelta) -> Record:
        """Send an alert while the lease lasts; return what is to be recorded."""
        try:
            async with asyncio.timeout(left.total_seconds()):
                posted = await self._send(delivery)
        except TimeoutError:
            return self._postponed(delivery, SendLaterError("no answer while the lease lasted", unsure=True))
        except SendNeverError as error:
            log.warning("an alert cannot be delivered", extra={**_facts(delivery), "reason": str(error)})
            return self._given_up(delivery, error)
        except SendLaterError as error:
            return self._postponed(delivery, error)
        except Exception as error:  # one alert that cannot be worded must not hold up the others
            log.exception("an alert could not be worded", extra=_facts(delivery))
            return self._postponed(delivery, SendLaterError(f"{type(error).__name__}: {error}", unsure=True))
        self._done += 1
        return self._sent(delivery, posted)

    async def _send(self, delivery: Delivery) -> Posted:
        """Post the alert, or edit the message it already is."""
        if delivery.message_id is None:
            return await self._messenger.post(delivery, nonce_of(delivery.alert.key))
        return await self._messenger.edit(delivery)

    def _sent(self, delivery: Delivery, posted: Posted) -> Record:
        """Mark an alert as being in Discord."""
        now = self._clock.now()
        notice = lacking_thread(delivery, posted.lacking, now) if posted.lacking else None

        def work(unit: UnitOfWork) -> None:
            unit.outbox.sent(delivery, posted, now)
            _tell(unit, notice, now)

        return work

    def _given_up(self, delivery: Delivery, error: SendNeverError) -> Record:
        """Try an alert no more; where somebody can do something about it, tell those who can."""
        now, reason = self._clock.now(), str(error)
        notice = None
        if isinstance(error, SendForbiddenError):
            notice = lacking_permission(delivery, error.permissions, now)
        elif isinstance(error, SendGoneError) and delivery.message_id is None:
            notice = channel_gone(delivery, now)

        def work(unit: UnitOfWork) -> None:
            unit.outbox.give_up(delivery, reason)
            _tell(unit, notice, now)

        return work

    def _postponed(self, delivery: Delivery, error: SendLaterError) -> Record:
        """Give the alert back for a later try, not before the other side asked for."""
        wait = max(wait_after(delivery.attempts, self._how.chance()), error.after or timedelta(0))
        at, reason, unsure = self._clock.now() + wait, str(error), error.unsure
        facts = {**_facts(delivery), "wait_seconds": round(wait.total_seconds()), "reason": reason}
        log.warning("an alert waits", extra=facts)
        return lambda unit: unit.outbox.retry(delivery, at, reason, unsure=unsure)


def _facts(delivery: Delivery) -> dict[str, object]:
    """Return what a log tells of an alert."""
    alert = delivery.alert
    place = {"guild": alert.guild_id, "channel": alert.channel_id}
    return {"alert": alert.key, **place, "attempt": delivery.attempts + 1}


def _given_back(delivery: Delivery) -> Record:
    return lambda unit: unit.outbox.give_back([delivery])


def _tell(unit: UnitOfWork, notice: Alert | None, now: datetime) -> None:
    if notice is not None:
        unit.outbox.put(notice, now)


def nonce_of(key: str) -> str:
    """Return the nonce of an alert: the first 25 hexadecimal digits of its key's SHA-256 (Discord's longest)."""
    return hashlib.sha256(key.encode()).hexdigest()[:_NONCE_LENGTH]


def wait_after(attempts: int, chance: float) -> timedelta:
    """Return how long to wait after `attempts` earlier failures: (1 + chance) / 2 * min(2**attempts * 5 s, 1 h).

    `chance` is between 0 and 1, so that what failed together is not tried again together ("equal jitter",
    https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/).
    """
    doublings = min(attempts, _DOUBLINGS_TO_THE_LONGEST_WAIT)
    return min(_FIRST_WAIT * (1 << doublings), _LONGEST_WAIT) * ((1 + chance) / 2)
