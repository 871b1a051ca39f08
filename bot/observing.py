"""What is told of the bot's work to whoever watches over it: how long things took, and what became of them.

The parts that work know nothing of it: the store and the messenger are observed from around their ports.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Protocol, TypeVar

from watchers.audience import Delivery, Posted
from watchers.poll_report import PollReport
from watchers.ports import Messenger, SendForbiddenError, SendLaterError, SendNeverError, Store, UnitOfWork

T = TypeVar("T")


class Result(StrEnum):
    """What came of an attempt to send."""

    POSTED = "posted"
    EDITED = "edited"
    POSTPONED = "postponed"
    GIVEN_UP = "given up"


class Why(StrEnum):
    """Why an attempt did not succeed, in few classes."""

    NONE = "none"
    """It did."""
    FORBIDDEN = "forbidden"
    """A permission is lacking."""
    REFUSED = "refused"
    """The channel, message or person is gone, or the form is wrong."""
    LIMITED = "limited"
    """Discord asked us to wait."""
    UNREACHABLE = "unreachable"
    """Discord failed, or did not answer."""
    FAULT = "fault"
    """The alert could not be worded."""


@dataclass(frozen=True, slots=True)
class Sending:
    """One attempt to post or edit."""

    result: Result
    why: Why
    seconds: float


class Observer(Protocol):
    """Is told of the work; it must be quick and must not raise."""

    def expect(self, tick: str, every: timedelta) -> None:
        """Hear that a tick is to have its turns at this pace from now on."""

    def turned(self, tick: str, seconds: float, *, failed: bool) -> None:
        """Hear that a turn of a tick is over."""

    def polled(self, report: PollReport) -> None:
        """Hear what a round of polling did."""

    def sent(self, sending: Sending) -> None:
        """Hear of an attempt to send."""

    def stored(self, seconds: float, *, writing: bool, failed: bool) -> None:
        """Hear of a transaction, its wait for others included."""


class Together:
    """Several observers as one; of none, it is nobody."""

    def __init__(self, *observers: Observer) -> None:
        """Tell each of them."""
        self._observers = observers

    def expect(self, tick: str, every: timedelta) -> None:
        """Pass it on."""
        for one in self._observers:
            one.expect(tick, every)

    def turned(self, tick: str, seconds: float, *, failed: bool) -> None:
        """Pass it on."""
        for one in self._observers:
            one.turned(tick, seconds, failed=failed)

    def polled(self, report: PollReport) -> None:
        """Pass it on."""
        for one in self._observers:
            one.polled(report)

    def sent(self, sending: Sending) -> None:
        """Pass it on."""
        for one in self._observers:
            one.sent(sending)

    def stored(self, seconds: float, *, writing: bool, failed: bool) -> None:
        """Pass it on."""
        for one in self._observers:
            one.stored(seconds, writing=writing, failed=failed)


NOBODY = Together()


class ObservedStore:
    """A store whose transactions are observed."""

    def __init__(self, store: Store, observer: Observer) -> None:
        """Do as `store` does."""
        self._store = store
        self._observer = observer

    async def transact(self, work: Callable[[UnitOfWork], T], *, alone: bool = True) -> T:
        """Run `work` in one write transaction."""
        return await self._timed(self._store.transact(work, alone=alone), writing=True)

    async def look(self, work: Callable[[UnitOfWork], T]) -> T:
        """Run `work` on a consistent reading view."""
        return await self._timed(self._store.look(work), writing=False)

    async def _timed(self, call: Awaitable[T], *, writing: bool) -> T:
        began, failed = time.perf_counter(), True
        try:
            done = await call
            failed = False
            return done
        finally:
            self._observer.stored(time.perf_counter() - began, writing=writing, failed=failed)


class ObservedMessenger:
    """A messenger whose attempts are observed."""

    def __init__(self, messenger: Messenger, observer: Observer) -> None:
        """Do as `messenger` does."""
        self._messenger = messenger
        self._observer = observer

    async def post(self, delivery: Delivery, nonce: str) -> Posted:
        """Post an alert."""
        return await self._timed(self._messenger.post(delivery, nonce), Result.POSTED)

    async def edit(self, delivery: Delivery) -> Posted:
        """Bring a posted alert up to date."""
        return await self._timed(self._messenger.edit(delivery), Result.EDITED)

    async def _timed(self, call: Awaitable[Posted], success: Result) -> Posted:
        began = time.perf_counter()
        try:
            posted = await call
        except Exception as error:
            self._observer.sent(Sending(*became_of(error), time.perf_counter() - began))
            raise
        self._observer.sent(Sending(success, Why.NONE, time.perf_counter() - began))
        return posted


def became_of(error: Exception) -> tuple[Result, Why]:
    """Return what comes of an attempt that ended in `error`, as `bot.delivery` decides, and the class of its reason."""
    match error:
        case SendForbiddenError():
            return Result.GIVEN_UP, Why.FORBIDDEN
        case SendNeverError():
            return Result.GIVEN_UP, Why.REFUSED
        case SendLaterError(after=None):
            return Result.POSTPONED, Why.UNREACHABLE
        case SendLaterError():
            return Result.POSTPONED, Why.LIMITED
        case _:
            return Result.POSTPONED, Why.FAULT
