"""What is done with bodies in worker processes, as jobs (see workers.py); none needs the workers' context."""

from __future__ import annotations

from datetime import datetime

from watchers.feed_model import FeedSource, ParsedFeed
from watchers.feeds.fulltext import page_text
from watchers.feeds.parse import parse_feed


def parse_body(
    _context: object, body: bytes, feed: FeedSource, now: datetime, content_type: str, memory: bytes
) -> ParsedFeed:
    """Parse a feed's body (see `parse_feed`)."""
    return parse_feed(body, feed, now, content_type, memory)


def find_text(_context: object, page: bytes, url: str, content_type: str) -> str:
    """Find the main text of a page (see `page_text`)."""
    return page_text(page, url, content_type)
