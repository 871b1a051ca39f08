"""Feeds looked at before they are added: which a site has, and what one shows. Nothing is stored."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from bot.render import bare
from config.catalogue import LANGUAGE_TAG, LONGEST_NAME
from watchers.feed_model import FeedSource, FeedState, Fetched, ParsedFeed
from watchers.feeds.discovery import FoundFeed, find_feeds
from watchers.feeds.jobs import parse_body
from watchers.feeds.safety import clean_link, host_of
from watchers.ports import Clock, Fetcher, FetchError, WorkEndedError, Workers

LONGEST_ADDRESS = 500
"""Characters of a feed's address, as in the operator's catalogue."""
_LONGEST_LANGUAGE = 20
_NEWEST = 3
_HEAD = 4_096
_TAG = rb"([A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*)"
_LANGUAGE = re.compile(
    rb"<(?:dc:)?language>\s*(?:<!\[CDATA\[)?\s*%(tag)s\s*(?:\]\]>)?\s*<"
    rb"|<(?:rss|feed|rdf:RDF|channel)\b[^<>]*\sxml:lang\s*=\s*[\"']%(tag)s[\"']"
    rb"|\"language\"\s*:\s*\"%(tag)s\"" % {b"tag": _TAG}
)


@dataclass(frozen=True, slots=True)
class FeedLook:
    """What a feed showed."""

    url: str
    """Where it lies: where it has moved for good, its new address."""
    name: str
    """What it calls itself, else its host; fits the name of an outlet."""
    listed: int
    """How many entries it lists."""
    newest: tuple[tuple[str, datetime], ...]
    """Titles (as the feed has them; may be empty) and instants of its newest entries."""
    per_day: float | None
    """As in `FeedState.per_day`."""
    language: str | None
    """The BCP 47 tag that it names; None: it names none."""
    summaries: bool
    """Whether most of its entries hold only a summary."""


class FeedFinder:
    """Finds feeds and looks at them, through a fetcher that trusts no private host."""

    def __init__(self, fetcher: Fetcher, workers: Workers[object], clock: Clock) -> None:
        """Read through `fetcher`, and parse with `workers`."""
        self._fetcher = fetcher
        self._workers = workers
        self._clock = clock

    async def find(self, typed: str) -> tuple[FoundFeed, ...]:
        """Return the feeds of an address that somebody typed, with or without https://; raise `FetchError`."""
        return tuple(await find_feeds(typed.strip(), self._fetcher, self._is_feed))

    async def look(self, url: str, time_zone: str) -> FeedLook:
        """Return what the feed at `url` shows, its days counted in an IANA zone; raise `FetchError`."""
        fetched = await self._fetcher.fetch(url)
        return look_of(await self._parsed(fetched, time_zone), fetched, fetched.moved_to or url)

    async def _is_feed(self, fetched: Fetched) -> bool:
        try:
            await self._parsed(fetched, "UTC")
        except FetchError:
            return False
        return True

    async def _parsed(self, fetched: Fetched, time_zone: str) -> ParsedFeed:
        now = self._clock.now()
        feed = FeedSource(fetched.url, "", time_zone)
        try:
            return await self._workers.run(parse_body, fetched.body or b"", feed, now, fetched.content_type, b"")
        except WorkEndedError as error:
            raise FetchError(error.reason) from error


def look_of(parsed: ParsedFeed, fetched: Fetched, url: str) -> FeedLook:
    """Return what a feed that was fetched and parsed shows of itself."""
    return FeedLook(
        url=url,
        name=name_of(parsed.title, url),
        listed=parsed.listed,
        newest=tuple((entry.article.title, entry.article.published) for entry in parsed.entries[:_NEWEST]),
        per_day=parsed.per_day,
        language=language_named_in(fetched.body or b""),
        summaries=sum(entry.is_summary for entry in parsed.entries) * 2 > len(parsed.entries),
    )


def name_of(title: str, url: str) -> str:
    """Return a title as an outlet may be called; the host of its address where the title is empty."""
    return bare(title, LONGEST_NAME) or bare(host_of(url), LONGEST_NAME)


def language_named_in(body: bytes) -> str | None:
    """Return the BCP 47 tag that a feed's beginning names as its language; None: it names none.

    As RSS 2.0's and Dublin Core's `language`, `xml:lang` of the outermost element, or JSON Feed's `language` (1.1).
    """
    found = _LANGUAGE.search(body[:_HEAD])
    tag = next(filter(None, found.groups()), b"").decode() if found else ""
    language, _, region = tag.partition("-")
    return (f"{language.lower()}-{region}" if region else language.lower()) or None


def language_of(tag: str | None, otherwise: str) -> str:
    """Return a language tag that a feed can be kept with; `otherwise` where it is none or longer than they are."""
    usable = tag and len(tag) <= _LONGEST_LANGUAGE and LANGUAGE_TAG.fullmatch(tag)
    return tag if tag and usable else otherwise


def address_of(url: str) -> str | None:
    """Return an address as it can be kept for a feed; None where it cannot: no web address, a password, too long."""
    link = clean_link(url)
    return link if link is not None and len(link) <= LONGEST_ADDRESS else None


def known_at(url: str, feeds: Iterable[FeedState]) -> FeedState | None:
    """Return the one of `feeds` that is read at this address; http and https, and a slash at its end, are the same."""
    wanted = _alike(url)
    return next((feed for feed in feeds if wanted in {_alike(feed.url), _alike(feed.address)}), None)


def _alike(url: str) -> str:
    parts = urlsplit(url)
    return parts._replace(scheme="", netloc=parts.netloc.lower(), fragment="").geturl().rstrip("/")
