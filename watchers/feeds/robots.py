"""May a page be read? What a site's robots.txt says of it (RFC 9309): the one home of protego.

Asked for pages only: a feed is published to be fetched by machines, a page is not. The rules of a site are kept for a
day. A site that has none (any 4xx but 429) allows everything; one that cannot be reached, or asks for patience, allows
nothing for an hour, unless its earlier rules are still at hand (RFC 9309, section 2.4).
"""

from __future__ import annotations

import asyncio
import re
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

from protego import Protego

from watchers.ports import Fetcher, FetchError

PRODUCT = "aide-memoire"
"""Our product token; rules that name it go before rules for everybody."""
MOST_BYTES = 512_000
"""What is read of a robots.txt: 500 KiB, the least that RFC 9309 (section 2.5) demands."""
MOST_SITES = 1_000
"""Sites whose rules are kept: those asked last."""
MOST_KEPT = 500_000
"""Characters of rules kept of all sites together; read, each takes some thirty bytes of memory."""
KEPT = timedelta(days=1)
KEPT_WITHOUT_ANSWER = timedelta(hours=1)

_TOO_MANY_REQUESTS = 429
_CLIENT_ERRORS = range(400, 500)
_LINE = re.compile(r"\s*(user[- ]?agent|[a-z -]{5,12}?)\s*[:\s]\s*([^#]*)", re.IGNORECASE)
_PRODUCT_TOKEN = re.compile(r"\*|[a-z_-]+", re.IGNORECASE)
_RULES = re.compile(r"allow|d(?:is?s?al+[ow]{2}|iasllow|isallaw)|crawl[- ]delay", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Leave:
    """What a site says of one of its pages."""

    given: bool
    """Whether it may be read."""
    pause: timedelta | None = None
    """The least time between two pages of the site (Crawl-delay); None: it does not say."""


class Rules:
    """What a robots.txt lets us do. Pure."""

    def __init__(self, body: bytes = b"") -> None:
        """Read a robots.txt; an empty one allows everything."""
        text = _concerning_us(body[:MOST_BYTES].decode("utf-8-sig", "replace"))
        self.weight = len(text)
        """How many characters of it are kept."""
        self._rules = Protego.parse(text)

    def on(self, url: str) -> Leave:
        """Return what it says of a page of its site."""
        delay = self._rules.crawl_delay(PRODUCT)
        pause = timedelta(seconds=min(delay, KEPT.total_seconds())) if delay else None
        return Leave(self._rules.can_fetch(url, PRODUCT), pause)


def _concerning_us(text: str) -> str:
    """Return the groups for us and for everybody alone.

    The rest is not kept; and the parser's work would grow with agents times rules, to minutes for what one answer
    can hold.
    """
    kept: list[str] = []
    group: set[str] = set()
    """Whom of us the group is for."""
    naming = False
    for line in text.splitlines():
        found = _LINE.match(line)
        if found is None:
            continue
        field, value = found[1].lower(), found[2].strip()
        if field.startswith("user"):
            group = group if naming else set()
            naming = True
            token = _PRODUCT_TOKEN.match(value)
            if token is not None and token[0].lower() in {"*", PRODUCT}:
                group.add(token[0].lower())
        elif _RULES.fullmatch(field):
            if naming:
                kept += [f"user-agent: {agent}" for agent in sorted(group)]
            naming = False
            kept += [f"{field}: {value}"] if group else []
    return "\n".join(kept)


class Robots:
    """The rules of sites, asked for through `fetcher` when a page of theirs is wanted."""

    def __init__(self, fetcher: Fetcher, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        """Begin with no rules known; `monotonic` tells seconds that never go back."""
        self._fetcher = fetcher
        self._monotonic = monotonic
        self._sites: OrderedDict[str, _Site] = OrderedDict()

    async def leave(self, url: str) -> Leave:
        """Return what the site of `url`, a web address, says of it; never raises."""
        site = self._site(url)
        async with site.door:
            if site.until <= self._monotonic():
                await self._ask(site)
                self._bound(site)
        if site.rules is None:
            return Leave(given=False)
        # Off the loop, as reading them is: some write rules by the ten thousand.
        return await asyncio.to_thread(site.rules.on, url)

    def _site(self, url: str) -> _Site:
        parts = urlsplit(url)
        root = f"{parts.scheme}://{parts.netloc.rpartition('@')[2].lower()}"
        return self._sites.setdefault(root, _Site(root))

    def _bound(self, latest: _Site) -> None:
        """Forget the sites asked longest ago, as far as they are too many."""
        self._sites.pop(latest.root, None)
        self._sites[latest.root] = latest
        weight = sum(site.rules.weight for site in self._sites.values() if site.rules is not None)
        while len(self._sites) > 1 and (len(self._sites) > MOST_SITES or weight > MOST_KEPT):
            _, oldest = self._sites.popitem(last=False)
            weight -= oldest.rules.weight if oldest.rules is not None else 0

    async def _ask(self, site: _Site) -> None:
        kept = KEPT
        try:
            answer = await self._fetcher.fetch(f"{site.root}/robots.txt")
        except FetchError as error:
            if error.status in _CLIENT_ERRORS and error.status != _TOO_MANY_REQUESTS:
                site.rules = Rules()
            else:
                kept = KEPT_WITHOUT_ANSWER
        else:
            site.rules = await asyncio.to_thread(Rules, answer.body or b"")
        site.until = self._monotonic() + kept.total_seconds()


class _Site:
    __slots__ = ("door", "root", "rules", "until")

    def __init__(self, root: str) -> None:
        self.root = root
        """As `https://meridian.example`."""
        self.door = asyncio.Lock()
        self.rules: Rules | None = None
        """None: it has not answered."""
        self.until = float("-inf")
