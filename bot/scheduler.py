"""Ticks, and only ticks: what is due stands in the database. APScheduler's one home."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.observing import NOBODY, Observer
from storage.errors import DatabaseError
from watchers.ports import Clock

log = logging.getLogger(__name__)

LOOKS_AT_CLOCK = timedelta(seconds=30)
_GRACE = timedelta(seconds=10)
_FIRST_REST = timedelta(seconds=5)
_LONGEST_REST = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Tick:
    """Something to be done again and again."""

    name: str
    every: timedelta
    run: Callable[[], Awaitable[object]]
    at_once: int = 1
    """Turns that may overlap; one that would be more is left out."""


class Ticks:
    """Runs each tick at once and then at its pace; a failing turn does not stop the next."""

    def __init__(
        self,
        ticks: Sequence[Tick],
        clock: Clock,
        observer: Observer = NOBODY,
        *,
        looks_at_clock: timedelta = LOOKS_AT_CLOCK,
    ) -> None:
        """Prepare the ticks; nothing runs before `start`. `observer` is told of each turn.

        `looks_at_clock` is how often it is looked whether the clock was set back.
        """
        self._ticks = tuple(ticks)
        self._clock = clock
        self._observer = observer
        self._looks_at_clock = looks_at_clock
        self._in_hand: set[asyncio.Task[None]] = set()
        self._busy: Counter[str] = Counter()
        self._hurried: set[str] = set()
        self._minding: asyncio.Task[None] | None = None
        self._cutting_off = False
        self._trouble = Trouble()
        # A turn missed while the machine slept is made up for once, however late (the default drops it after 1 s).
        defaults = {"coalesce": True, "misfire_grace_time": None}
        self._scheduler = AsyncIOScheduler(timezone="UTC", job_defaults=defaults)

    def start(self) -> None:
        """Begin to tick, in the running event loop."""
        for tick in self._ticks:
            self._observer.expect(tick.name, tick.every)
            self._scheduler.add_job(
                self._turn,
                "interval",
                seconds=tick.every.total_seconds(),
                max_instances=tick.at_once,
                args=(tick,),
                id=tick.name,
                next_run_time=self._clock.now(),
            )
        self._scheduler.start()
        self._minding = asyncio.get_running_loop().create_task(self._mind_the_clock())

    def hurry(self, name: str) -> None:
        """Give a tick a turn now, or as soon as the one in hand is over."""
        if name in self._busy:
            self._hurried.add(name)
        else:
            tick = next(tick for tick in self._ticks if tick.name == name)
            self._in_hand.add(asyncio.get_running_loop().create_task(self._turn(tick)))

    async def stop(self) -> None:
        """Tick no more; turns in hand have ten seconds to end, then they are cut off (the outbox survives that)."""
        if not self._scheduler.running:
            return
        self._scheduler.pause()
        if self._minding is not None:
            self._minding.cancel()
        if self._in_hand:
            await asyncio.wait(self._in_hand, timeout=_GRACE.total_seconds())
        if cut_off := set(self._in_hand):
            self._cutting_off = True
            for task in cut_off:
                task.cancel()
            await asyncio.wait(cut_off, timeout=_GRACE.total_seconds())
        self._scheduler.shutdown(wait=False)

    async def _mind_the_clock(self) -> None:
        """Give every tick a turn where the clock was set back: else each would wait until its time comes again."""
        while True:
            before = self._clock.now()
            await asyncio.sleep(self._looks_at_clock.total_seconds())
            now = self._clock.now()
            if now < before:
                log.warning("the clock was set back", extra={"seconds": round((before - now).total_seconds())})
                for job in self._scheduler.get_jobs():
                    job.modify(next_run_time=now)

    async def _turn(self, tick: Tick) -> None:
        """Run one turn of a tick, and another as long as it was hurried meanwhile."""
        task = asyncio.current_task()
        if task is not None:
            self._in_hand.add(task)
        self._busy[tick.name] += 1
        try:
            await self._run(tick)
            while tick.name in self._hurried:
                self._hurried.discard(tick.name)
                await self._run(tick)
        except asyncio.CancelledError:
            if not self._cutting_off:
                raise
            log.info("a turn was cut off; what it had in hand is taken up by the next", extra={"tick": tick.name})
        finally:
            self._busy -= Counter((tick.name,))
            if task is not None:
                self._in_hand.discard(task)

    async def _run(self, tick: Tick) -> None:
        """Run a tick once, unless it rests from trouble with the database; log what it raises."""
        if self._trouble.rests(tick.name, self._clock.now()):
            return
        began, failed = time.perf_counter(), True
        try:
            await tick.run()
        except DatabaseError as error:
            self._trouble.met(tick.name, str(error), self._clock.now())
        except Exception:
            log.exception("the %s tick failed; its next turn comes as usual", tick.name, extra={"tick": tick.name})
        else:
            failed = False
            self._trouble.over(tick.name)
        self._observer.turned(tick.name, time.perf_counter() - began, failed=failed)


class Trouble:
    """What ticks have met with the database (a full disk, a lock, a restart): told once, and tried less and less often.

    A tick that fails rests for 5 s, then twice as long each time, at most 60 s: so that no outlet is asked again and
    again for what cannot be stored.
    """

    def __init__(self) -> None:
        """Know of none."""
        self._said: dict[str, str] = {}
        self._rests: dict[str, tuple[datetime, timedelta]] = {}

    def rests(self, name: str, now: datetime) -> bool:
        """Tell whether a tick is to be left out now; a clock that was set back does not make its rest longer."""
        until, rest = self._rests.get(name, (now, timedelta(0)))
        return now < until <= now + rest

    def met(self, name: str, said: str, now: datetime) -> None:
        """Note that a tick failed, and say so where it is news."""
        if said not in self._said.values():
            log.error("%s; what is to be done waits, and is tried again by itself", said)
        _, before = self._rests.get(name, (now, _FIRST_REST / 2))
        rest = min(before * 2, _LONGEST_REST)
        self._said[name] = said
        self._rests[name] = (now + rest, rest)

    def over(self, name: str) -> None:
        """Note that a tick's turn went well, and say so where nothing else is still in trouble."""
        if self._said.pop(name, None) is not None:
            del self._rests[name]
            if not self._said:
                log.warning("the database works again")
