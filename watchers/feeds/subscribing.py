"""Asks hubs to tell us when feeds change: what websub.py decides is stored, then sent."""

from __future__ import annotations

import logging
import secrets
from functools import partial
from urllib.parse import urlsplit

from watchers.feed_model import HubSubscription
from watchers.feeds.websub import after_request, due_for_asking, is_over, request_of
from watchers.ports import Clock, FetchError, FormPoster, Store, UnitOfWork

MOST_ASKED = 100
"""Hubs asked in one turn, so that many feeds which come together do not bring a storm on one hub."""
_RANDOM_BYTES = 32

_log = logging.getLogger(__name__)


class HubAsker:
    """Keeps up our subscriptions at hubs."""

    def __init__(self, store: Store, poster: FormPoster, clock: Clock, callbacks: str) -> None:
        """Ask through `poster` to be called at `callbacks`, to which each subscription's token is added."""
        self._store = store
        self._poster = poster
        self._clock = clock
        self._callbacks = callbacks

    async def ask_due(self) -> int:
        """Ask every hub that is due, one after another, and let go of what is over; return how many were asked.

        A hub that cannot be reached is logged, and asked again another day; only a failing store raises.
        """
        asked = 0
        for standing in await self._store.look(lambda work: work.hubs.all()):
            if is_over(standing):
                await self._store.transact(partial(_forget, feed_id=standing.feed_id))
                continue
            wanted = due_for_asking(standing, self._clock.now(), lambda: secrets.token_urlsafe(_RANDOM_BYTES))
            if wanted is not None and asked < MOST_ASKED:
                asked += 1
                # Stored first: a hub may ask back before it answers.
                await self._store.transact(partial(_put, feed_id=standing.feed_id, subscription=wanted))
                await self._ask(standing.feed_id, wanted)
        return asked

    async def _ask(self, feed_id: int, wanted: HubSubscription) -> None:
        hub = wanted.offer.hub
        try:
            status = await self._poster.post_form(hub, request_of(wanted, f"{self._callbacks}{wanted.token}"))
        except FetchError as error:
            _log.info("a hub cannot be asked", extra={"hub": urlsplit(hub).hostname, "reason": str(error)})
        else:
            _log.info("a hub was asked", extra={"hub": urlsplit(hub).hostname, "status": status})
            await self._store.transact(partial(_answered, feed_id=feed_id, token=wanted.token, status=status))


def _forget(work: UnitOfWork, *, feed_id: int) -> None:
    work.hubs.forget(feed_id)


def _put(work: UnitOfWork, *, feed_id: int, subscription: HubSubscription) -> None:
    work.hubs.put(feed_id, subscription)


def _answered(work: UnitOfWork, *, feed_id: int, token: str, status: int) -> None:
    found = work.hubs.find(token)
    if found is not None:
        work.hubs.put(feed_id, after_request(found[1], status))
