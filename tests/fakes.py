"""Stand-ins for what tests must hold in their hand: the clock, and a web that answers as told."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import TypeVar

from storage.errors import DatabaseError
from tests.factories import MONDAY_NOON
from watchers.feed_model import Fetched, Reason
from watchers.ports import FetchError, UnitOfWork

T = TypeVar("T")


class FakeClock:
    """A clock that stands still until it is moved."""

    def __init__(self, start: datetime = MONDAY_NOON) -> None:
        self._now = start

    def now(self) -> datetime:
        return self._now

    def advance(self, by: timedelta) -> datetime:
        self._now += by
        return self._now

    def set(self, to: datetime) -> None:
        self._now = to


class BrokenStore:
    """A store that is away."""

    async def transact(self, work: Callable[[UnitOfWork], T], *, alone: bool = True) -> T:
        del alone
        return await self.look(work)

    async def look(self, work: Callable[[UnitOfWork], T]) -> T:
        del work
        message = "it is away"
        raise DatabaseError(message)


class ScriptedFetcher:
    """A fetcher that answers from a table of addresses and remembers what it was asked."""

    def __init__(self, answers: Mapping[str, bytes | Fetched | Exception] | None = None) -> None:
        self.answers: dict[str, bytes | Fetched | Exception] = dict(answers or {})
        self.asked: list[str] = []
        self.pauses: list[timedelta | None] = []

    async def fetch(
        self, url: str, *, etag: str | None = None, last_modified: str | None = None, pause: timedelta | None = None
    ) -> Fetched:
        self.asked.append(url)
        self.pauses.append(pause)
        answer = self.answers.get(url, FetchError(Reason("there is nothing at this address (404)"), status=404))
        if isinstance(answer, Exception):
            raise answer
        if isinstance(answer, bytes):
            return Fetched(url, answer, "", None, None)
        if answer.etag is not None and answer.etag == etag:
            return Fetched(url, None, "", etag, last_modified)
        return answer
