"""A fetcher and a server for it on loopback."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.loopback import LOOPBACK, FeedServer
from watchers.feeds.fetch import HttpFetcher, Limits
from watchers.ports import FetchError

FEED = b"<rss version='2.0'><channel><title>Meridian</title></channel></rss>"
SMALL = Limits(size=100_000)


@pytest.fixture
async def server() -> AsyncIterator[FeedServer]:
    async with FeedServer() as running:
        yield running


@pytest.fixture
async def fetcher() -> AsyncIterator[HttpFetcher]:
    async with HttpFetcher(LOOPBACK, "desk@meridian.example", limits=SMALL) as ready:
        yield ready


async def refused(fetcher: HttpFetcher, url: str) -> FetchError:
    with pytest.raises(FetchError) as caught:
        await fetcher.fetch(url)
    assert "\n" not in str(caught.value)
    return caught.value
