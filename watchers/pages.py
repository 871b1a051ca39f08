"""Visits the pages of stored articles of which the feed has only a summary; a courtesy, never a condition."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from functools import partial

from watchers.feed_model import Stage, Waiting
from watchers.feeds.fulltext import fetch_page, fuller
from watchers.feeds.jobs import find_text
from watchers.feeds.robots import Robots
from watchers.ports import Fetcher, Store, WorkEndedError, Workers
from watchers.turns import Turns

AT_ONCE = 8
"""Pages fetched side by side."""
_BATCH = 50

_log = logging.getLogger(__name__)


class PageVisitor:
    """Completes articles with the text of their pages."""

    def __init__(self, store: Store, fetcher: Fetcher, workers: Workers[object]) -> None:
        """Visit through `fetcher`, as robots.txt allows, and find the text with `workers`."""
        self._store = store
        self._fetcher = fetcher
        self._workers = workers
        self._robots = Robots(fetcher)
        self._turns = Turns()

    async def visit_all(self, ready: Callable[[], None]) -> None:
        """Visit the page of every article that waits for it; whatever comes of that, the article is `ready` to be read.

        Where others are being visited already, that goes on to the new ones.
        """
        await self._turns.take(partial(self._visit_all, ready))

    async def _visit_all(self, ready: Callable[[], None]) -> None:
        last = 0
        places = asyncio.Semaphore(AT_ONCE)

        async def visit(waiting: Waiting) -> None:
            async with places:
                await self._visit(waiting)
            ready()

        while batch := await self._next(last):
            await asyncio.gather(*(visit(waiting) for waiting in batch))
            last = batch[-1].id

    async def _next(self, last: int) -> Sequence[Waiting]:
        return await self._store.look(lambda work: work.articles.waiting((Stage.PAGE,), _BATCH, beyond=last))

    async def _visit(self, waiting: Waiting) -> None:
        text = await self._text(waiting)
        longer = fuller(waiting.article, text)
        await self._store.transact(lambda work: work.articles.complete(waiting.id, longer, Stage.READING))

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
            _log.info("No full text of %s: %s", url, error)
            return ""
