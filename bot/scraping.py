"""Figures served for Prometheus, off unless the operator sets a port."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web

from bot.metrics import CONTENT_TYPE, Metrics
from bot.web import listening
from config.settings import MetricsSettings
from storage.errors import DatabaseError
from watchers.ports import Clock, Store

log = logging.getLogger(__name__)


@asynccontextmanager
async def scraped(metrics: Metrics, store: Store, clock: Clock, settings: MetricsSettings) -> AsyncIterator[int]:
    """Serve `/metrics` until the block ends; yield the port, a free one where 0 is set. Raise `StartError`."""

    async def show(_request: web.Request) -> web.Response:
        """Answer with what was counted, and what waits now."""
        try:
            backlog = await store.look(lambda work: work.backlog())
        except DatabaseError as error:  # the other figures are wanted then more than ever
            log.warning("what waits could not be counted", extra={"reason": str(error)})
            backlog = None
        return web.Response(body=metrics.exposition(backlog, clock.now()), headers={"Content-Type": CONTENT_TYPE})

    application = web.Application(client_max_size=1024)
    application.router.add_get("/metrics", show)
    async with listening(application, settings.host, settings.port, "METRICS_PORT") as port:
        log.info("figures are served", extra={"host": settings.host, "port": port})
        yield port
