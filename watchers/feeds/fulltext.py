"""The whole text of an article from its page, where the feed has only a summary: the one home of trafilatura.

The page is a courtesy, never a condition: whatever goes wrong on the way, the summary stands.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass, replace
from datetime import date

from watchers.feed_model import Fetched
from watchers.feeds.text import clean_text, one_line
from watchers.model import Article
from watchers.ports import Fetcher, FetchError

LARGEST_PAGE = 2_000_000
"""Larger pages, in bytes, are left alone: they are no articles, and reading them takes seconds."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Page:
    """What a web page says."""

    title: str
    """On one line; may be empty."""
    text: str
    """Its main text, paragraphs parted by a blank line; empty where it has none."""
    day: date | None
    """When the page itself says it was published; None where it does not."""


async def fetch_page(article: Article, fetcher: Fetcher, robots: object) -> Fetched | None:
    """Stub."""
    del robots
    try:
        page = await fetcher.fetch(article.url or "")
    except FetchError as error:
        _log.info("No full text of %s: %s", article.url, error)
        return None
    return page


def page_text(page: bytes, url: str, content_type: str) -> str:
    """Stub."""
    return main_text(page, url) if may_be_html(content_type) and len(page) <= LARGEST_PAGE else ""


async def complete(article: Article, fetcher: Fetcher) -> Article:
    """Return the article with the text of its page, or as it is where the page gives no longer text."""
    if article.url is None:
        return article
    try:
        page = await fetcher.fetch(article.url)
    except FetchError as error:
        _log.info("No full text of %s: %s", article.url, error)
        return article
    if not page.body or len(page.body) > LARGEST_PAGE or not may_be_html(page.content_type):
        return article
    text = await asyncio.to_thread(main_text, page.body, page.url)
    # A shorter text is the stub before a paywall or a notice about cookies.
    return replace(article, text=text) if len(text) > len(article.text) else article


def may_be_html(content_type: str) -> bool:
    """Tell whether a server's word on what it sends allows for a web page."""
    return not content_type or "html" in content_type.lower()


def main_text(page: bytes, url: str) -> str:
    """Return the main text of an HTML page, its paragraphs parted by a blank line; "" where there is none."""
    import trafilatura  # noqa: PLC0415 - takes a third of a second to import, and few outlets need it

    try:
        found = trafilatura.extract(page, url=url, include_comments=False, include_tables=False, fast=True)
    except Exception:  # noqa: BLE001 - it may fail in any way on broken pages; the summary stands
        _log.exception("The page %s could not be read", url)
        return ""
    return clean_text((found or "").replace("\n", "\n\n"))


def read_page(page: bytes, url: str) -> Page:
    """Return what an HTML page says; all of it empty where it cannot be read."""
    import trafilatura  # noqa: PLC0415 - takes a third of a second to import, and few outlets need it

    # Only what the page declares: guessed from its words, its day may be the very deadline it speaks of.
    declared = {"extensive_search": False, "original_date": True}
    try:
        found = trafilatura.bare_extraction(
            page,
            url=url,
            include_comments=False,
            include_tables=False,
            fast=True,
            with_metadata=True,
            date_extraction_params=declared,
        )
    except Exception:  # noqa: BLE001 - it may fail in any way on broken pages; the reader is told that there is no text
        _log.exception("The page %s could not be read", url)
        found = None
    if found is None or isinstance(found, dict):
        return Page("", "", None)
    text = clean_text((found.text or "").replace("\n", "\n\n"))
    return Page(one_line(found.title or ""), text, _day(found.date))


def _day(declared: str | None) -> date | None:
    try:
        return None if declared is None else date.fromisoformat(declared)
    except ValueError:
        return None
