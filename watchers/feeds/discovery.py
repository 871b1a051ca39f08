"""From what a person typed to the feeds meant: the address itself, what its page names, or where feeds usually lie."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from itertools import islice
from urllib.parse import urljoin, urlsplit, urlunsplit

from watchers.feed_model import Fetched, Reason
from watchers.feeds.markup import Tag, content, readable, tags
from watchers.feeds.safety import clean_link
from watchers.feeds.text import one_line, unescape
from watchers.ports import Fetcher, FetchError

MOST_REQUESTS = 10
"""Addresses asked for one that was typed."""
MOST_NAMED = 20
"""Feeds that one page may name."""
WELL_KNOWN = ("/feed", "/rss", "/rss.xml", "/atom.xml", "/feed.xml", "/index.xml", "/feed.json")

_MOST_READ = 1_000_000
_MOST_TAGS = 10_000
_LONGEST_TITLE = 120
_FEED_TYPES = frozenset(
    {"application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/feed+json", "application/json"}
)
_GUESSED_TYPES = frozenset({"application/xml", "text/xml"})
_FEED_WORDS = frozenset({"rss", "feed", "atom", "feeds"})
_FEED_ENDINGS = (".rss", ".atom", ".rdf", ".xml", "/feed.json")
_NOT_FEEDS = ("sitemap", "opensearch", "/wp-json/", "oembed", "xmlrpc")
_COMMENTS = ("comment", "kommentar", "commentaire")

Judge = Callable[[Fetched], Awaitable[bool]]
"""Tells whether what an address answered is a feed; never raises."""


@dataclass(frozen=True, slots=True)
class FoundFeed:
    """A feed that was found, or that a page names."""

    url: str
    """A web address."""
    title: str
    """What the page calls it, on one line; may be empty."""


def feeds_named_in(page: bytes, url: str) -> tuple[FoundFeed, ...]:
    """Return the feeds that a web page at `url` names, the likeliest first. Pure.

    First those it declares (`<link rel="alternate">` of a feed's type; feeds of comments last), then links that end
    as addresses of feeds do.
    """
    text = readable(page, _MOST_READ)
    base, declared, linked = url, list[FoundFeed](), list[FoundFeed]()
    for tag in islice(tags(text), _MOST_TAGS):
        address = _joined(base, tag.attributes.get("href", ""))
        if address is None:
            continue
        if tag.name == "base":
            base = address
        elif tag.name == "link" and _declares_feed(tag, address):
            declared.append(FoundFeed(address, one_line(tag.attributes.get("title", ""), _LONGEST_TITLE)))
        elif tag.name == "a" and _looks_like_feed(address):
            linked.append(FoundFeed(address, _words_of(tag, text)))
    ranked = sorted(declared, key=_is_of_comments) + sorted(linked, key=_is_of_comments)
    unique: dict[str, FoundFeed] = {}
    for feed in ranked:
        unique.setdefault(feed.url, feed)
    return tuple(unique.values())[:MOST_NAMED]


async def find_feeds(typed: str, fetcher: Fetcher, judge: Judge) -> tuple[FoundFeed, ...]:
    """Return the feeds meant by what a person typed, a site's or a feed's address, the likeliest first.

    The address itself where it is a feed, else the feeds its page names, else the first at a well-known place of its
    site. Every feed returned has answered and `judge` took it for one; at most `MOST_REQUESTS` addresses are asked.
    Empty: there is none. Raise `FetchError` where it is no address or cannot be read, and there is nothing else.
    """
    search = _Search(fetcher, judge)
    address, page = await search.first(_addresses_typed(typed))
    if isinstance(page, Fetched):
        if await judge(page):
            return (FoundFeed(page.moved_to or address, ""),)
        # Off the loop: a page made to take long takes a good part of a second.
        named = await asyncio.to_thread(feeds_named_in, page.body or b"", page.url)
        found = await search.those_that_are(named)
        if found:
            return found
        address = page.url
    elif page.status is None:
        raise page  # nobody is there to answer at another place either
    root = urlunsplit((*urlsplit(address)[:2], "", "", ""))
    found = await search.those_that_are([FoundFeed(root + path, "") for path in WELL_KNOWN], enough=1)
    if not found and isinstance(page, FetchError):
        raise page
    return found


class _Search:
    """One search, which asks only so many addresses and none twice."""

    def __init__(self, fetcher: Fetcher, judge: Judge) -> None:
        self._fetcher = fetcher
        self._judge = judge
        self._asked: set[str] = set()
        self._left = MOST_REQUESTS

    async def first(self, addresses: tuple[str, ...]) -> tuple[str, Fetched | FetchError]:
        """Return the first address that answers with its answer, or the first of all with why it does not."""
        failures: list[FetchError] = []
        for address in addresses:
            try:
                return address, await self._ask(address)
            except FetchError as error:
                failures.append(error)
        return addresses[0], failures[0]

    async def those_that_are(self, feeds: Iterable[FoundFeed], enough: int = MOST_NAMED) -> tuple[FoundFeed, ...]:
        """Return those that answer and are feeds, each where it is to be read, as long as requests are left."""
        found: dict[str, FoundFeed] = {}
        for feed in feeds:
            if len(found) >= enough or self._left == 0:
                break
            if feed.url in self._asked:
                continue
            try:
                answer = await self._ask(feed.url)
            except FetchError:
                continue
            if await self._judge(answer):
                place = answer.moved_to or feed.url
                found.setdefault(place, FoundFeed(place, feed.title))
        return tuple(found.values())

    async def _ask(self, address: str) -> Fetched:
        self._left -= 1
        self._asked.add(address)
        answer = await self._fetcher.fetch(address)
        self._asked.add(answer.url)
        return answer


def _addresses_typed(typed: str) -> tuple[str, ...]:
    """Return what may be meant: an address without a scheme is asked over TLS first, then without."""
    bare = "".join(typed.split()).removeprefix("feed:").removeprefix("//")
    given = (bare,) if "://" in bare[:9] else (f"https://{bare}", f"http://{bare}")
    addresses = tuple(_with_path(address) for address in map(clean_link, given) if address is not None)
    if not addresses:
        raise FetchError(Reason("{address} is not a web address", address=one_line(typed, 200)))
    return addresses


def _with_path(address: str) -> str:
    parts = urlsplit(address)
    return urlunsplit(parts._replace(path=parts.path or "/"))


def _declares_feed(tag: Tag, address: str) -> bool:
    relations = tag.attributes.get("rel", "").lower().split()
    kind = tag.attributes.get("type", "").partition(";")[0].strip().lower()
    if "alternate" not in relations or any(word in address.lower() for word in _NOT_FEEDS):
        return False
    return kind in _FEED_TYPES or (kind in _GUESSED_TYPES and _looks_like_feed(address))


def _looks_like_feed(address: str) -> bool:
    path = urlsplit(address).path.lower().rstrip("/")
    if any(word in path for word in _NOT_FEEDS):
        return False
    return path.endswith(_FEED_ENDINGS) or path.rpartition("/")[2] in _FEED_WORDS


def _is_of_comments(feed: FoundFeed) -> bool:
    said = f"{feed.url} {feed.title}".lower()
    return any(word in said for word in _COMMENTS)


def _words_of(tag: Tag, text: str) -> str:
    words = content(text, tag, _LONGEST_TITLE)
    return "" if "<" in words else one_line(unescape(words), _LONGEST_TITLE)


def _joined(base: str, address: str) -> str | None:
    try:
        return clean_link(urljoin(base, address)) if address else None
    except ValueError:
        return None
