"""What hubs say when they call us (WebSub; see watchers/feeds/websub.py): stored, so that a tick asks the feed."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterable, Mapping
from datetime import datetime
from enum import Enum, auto
from functools import partial

from watchers.feeds.websub import SignedBody, after_asking_back, counted_on_until, poll_after_call
from watchers.ports import Clock, Store, UnitOfWork

CALLBACKS = "/hub/"
"""Below the public address; a subscription's token follows."""
LARGEST_CALL = 10_000_000
"""Bytes: as large as a feed may be, for a call may bring the whole of it."""
LONGEST_CALL = 30.0
"""Seconds."""

log = logging.getLogger(__name__)


class Heard(Enum):
    """What became of a call."""

    ALL = auto()
    """It was heard to its end. Whether it was genuine the caller does not learn."""
    TOO_LARGE = auto()
    TOO_SLOW = auto()


class HubCalls:
    """Answers hubs."""

    def __init__(self, store: Store, clock: Clock) -> None:
        """Remember in `store` what hubs say."""
        self._store = store
        self._clock = clock

    async def knows(self, token: str) -> bool:
        """Return whether a subscription of ours goes by `token`."""
        return await self._store.look(lambda work: work.hubs.find(token)) is not None

    async def asked_back(self, token: str, query: Mapping[str, str]) -> str | None:
        """Return the answer to a hub that asks whether we mean it, or denies us; None: this is nothing we asked."""
        now = self._clock.now()
        return await self._store.transact(partial(_asked_back, token=token, query=query, now=now))

    async def called(self, token: str, signature: str | None, body: AsyncIterable[bytes]) -> Heard:
        """Hear a call to its end, and have its feed asked soon if its hub signed it.

        `signature` is the header `X-Hub-Signature` (None: there is none). Nothing of the body is kept or believed.
        """
        found = await self._store.look(lambda work: work.hubs.find(token))
        if found is None:
            return Heard.ALL
        signed = SignedBody(signature, found[1].secret)
        if not signed.may_be_genuine:
            return Heard.ALL
        size = 0
        try:
            async with asyncio.timeout(LONGEST_CALL):
                async for piece in body:
                    size += len(piece)
                    if size > LARGEST_CALL:
                        return Heard.TOO_LARGE
                    signed.add(piece)
        except TimeoutError:
            return Heard.TOO_SLOW
        if signed.is_genuine:
            await self._store.transact(partial(_called, token=token, now=self._clock.now()))
        return Heard.ALL


def _asked_back(work: UnitOfWork, *, token: str, query: Mapping[str, str], now: datetime) -> str | None:
    found = work.hubs.find(token)
    decided = None if found is None else after_asking_back(found[1], query, now)
    if found is None or decided is None:
        return None
    feed, subscription = found
    after, answer = decided
    if after != subscription:
        work.hubs.put(feed.id, after)
        log.info("a hub has answered", extra={"feed": feed.id, "address": feed.url, "state": after.state.value})
    return answer


def _called(work: UnitOfWork, *, token: str, now: datetime) -> None:
    found = work.hubs.find(token)
    if found is not None:
        feed, subscription = found
        work.hubs.called(feed, now, poll_after_call(feed, now), counted_on_until(subscription, now))
