"""The whole text of an article from its page, where the feed has only a summary: the one home of trafilatura.

The page is a courtesy, never a condition: whatever goes wrong on the way, the summary stands. It is asked for only
with the leave of its site's robots.txt, and what a page says is not free is not taken from it.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from datetime import date, timedelta

from watchers.feed_model import Fetched
from watchers.feeds.paywall import says_it_is_not_free
from watchers.feeds.robots import Robots
from watchers.feeds.text import clean_text, one_line
from watchers.model import Article
from watchers.ports import Fetcher, FetchError

LARGEST_PAGE = 2_000_000
"""Larger pages, in bytes, are left alone: they are no articles, and reading them takes seconds."""

PATIENCE = timedelta(minutes=1)
"""How long the whole text is waited for: a site that asks for long pauses keeps no article from being read."""

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


async def fetch_page(
    article: Article, fetcher: Fetcher, robots: Robots, patience: timedelta = PATIENCE
) -> Fetched | None:
    """Return the page of an article; None where there is none, its site gives no leave, or it cannot be had.

    Nor is it waited for longer than `patience`, the turn before its host included.
    """
    if article.url is None:
        return None
    try:
        async with asyncio.timeout(patience.total_seconds()):
            return await _with_leave(article.url, fetcher, robots)
    except TimeoutError:
        _log.info("no full text", extra={"address": article.url, "reason": "too many wait for its site"})
        return None


async def _with_leave(url: str, fetcher: Fetcher, robots: Robots) -> Fetched | None:
    leave = await robots.leave(url)
    if not leave.given:
        _log.info("no full text", extra={"address": url, "reason": "its site lets no robot read it"})
        return None
    try:
        page = await fetcher.fetch(url, pause=leave.pause)
    except FetchError as error:
        _log.info("no full text", extra={"address": url, "reason": str(error)})
        return None
    if page.url != url and not (await robots.leave(page.url)).given:
        _log.info("no full text", extra={"address": url, "reason": "it leads to where no robot may read"})
        return None
    return page


def page_text(page: bytes, url: str, content_type: str) -> str:
    """Return the main text of a fetched page; "" where it is none, holds none, or says that it is not free.

    Takes milliseconds, and seconds for a hostile page: meant for a worker.
    """
    if not page or len(page) > LARGEST_PAGE or not may_be_html(content_type) or says_it_is_not_free(page):
        return ""
    return main_text(page, url)


def fuller(article: Article, text: str) -> str | None:
    """Return the text of an article's page where it says more than its feed; None where the feed's text stands.

    A shorter text is the stub before a paywall or a notice about cookies.
    """
    return text if len(text) > len(article.text) else None


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
