"""Visits the pages of stored articles of which the feed has only a summary; a courtesy, never a condition."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Sequence

from watchers.feed_model import Stage, Waiting
from watchers.feeds.fulltext import fetch_page, fuller
from watchers.feeds.jobs import find_text
from watchers.feeds.robots import Robots
from watchers.feeds.safety import host_of
from watchers.leases import Holder, InHand
from watchers.ports import Clock, Fetcher, Store, WorkEndedError, Workers

MOST_AT_HAND = 500
"""Articles taken in hand at once; the others wait in the database."""

_log = logging.getLogger(__name__)


class PageVisitor:
    """Completes articles with the text of their pages, one page of a site at a time: a slow one holds up none."""

    def __init__(self, store: Store, fetcher: Fetcher, workers: Workers[object], clock: Clock, holder: Holder) -> None:
        """Visit through `fetcher`, as robots.txt allows, and find the text with `workers`; `holder` takes articles."""
        self._store = store
        self._fetcher = fetcher
        self._workers = workers
        self._robots = Robots(fetcher)
        self.in_hand = InHand(store, clock, holder, lambda work: work.articles)
        self._sites: dict[str, deque[Waiting]] = {}

    async def begin(self, ready: Callable[[], None]) -> Sequence[asyncio.Task[None]]:
        """Begin to visit the page of every article that waits for it; return what is over when they are visited.

        Whatever comes of a visit, its article is `ready` to be read then. A site in hand is left to what goes on there.
        """
        claim = self.in_hand.claim()
        taken = await self._store.transact(
            lambda work: work.articles.take((Stage.PAGE,), claim, MOST_AT_HAND), alone=False
        )
        begun = []
        for one in self.in_hand.hold(taken, claim, lambda each: each.id):
            site = host_of(one.article.url or "")
            if site not in self._sites:
                self._sites[site] = deque()
                begun.append(asyncio.create_task(self._visit_site(site, ready)))
            self._sites[site].append(one)
        return begun

    async def _visit_site(self, site: str, ready: Callable[[], None]) -> None:
        pages = self._sites[site]
        try:
            while pages:
                await self._visit(pages[0])
                self.in_hand.let_go([pages.popleft().id])
                ready()
        finally:
            del self._sites[site]
            await self.in_hand.give_back([one.id for one in pages])

    async def _visit(self, waiting: Waiting) -> None:
        longer = fuller(waiting.article, await self._text(waiting))
        await self._store.transact(lambda work: work.articles.complete(waiting.id, longer, Stage.READING), alone=False)

    async def _text(self, waiting: Waiting) -> str:
        """Return the text of an article's page, or of another article that was read there; "" where there is none."""
        url = waiting.article.url
        if url is None:
            return ""
        known = await self._store.look(lambda work: work.articles.text_at(url))
        if known is not None:
            return known
        page = await fetch_page(waiting.article, self._fetcher, self._robots)
        if page is None or page.body is None:
            return ""
        try:
            return await self._workers.run(find_text, page.body, page.url, page.content_type, urgent=False)
        except WorkEndedError as error:
            _log.info("no full text", extra={"address": url, "reason": str(error)})
            return ""
