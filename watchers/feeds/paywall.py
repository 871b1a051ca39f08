"""Does a page say that it is not free to read? Pure; what a page does not say is not guessed.

Publishers tell search engines: schema.org's `isAccessibleForFree`, as JSON-LD or in the markup, and
`article:content_tier` (`free`, `metered` or `locked`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from watchers.feeds.markup import Tag, content, readable, tags

_MOST_READ = 2_000_000
_DEEPEST = 8
_NOT_FREE_TIERS = frozenset({"locked", "metered"})
_FALSE = frozenset({"false", "no", "0", "http://schema.org/false", "https://schema.org/false"})
_SAYS_FALSE = re.compile(r'"isAccessibleForFree"\s{0,20}:\s{0,20}"?(?:https?://schema\.org/)?false\b', re.IGNORECASE)
_PARTS = ("@graph", "hasPart", "mainEntity", "mainEntityOfPage")
"""Where the data on a page holds the page itself or its parts; what it lists beside is other pages."""


def says_it_is_not_free(page: bytes) -> bool:
    """Return whether a page declares that readers have to pay for it, or for more than a few like it."""
    text = readable(page, _MOST_READ)
    return any(_not_free(tag, text) for tag in tags(text))


def _not_free(tag: Tag, text: str) -> bool:
    if tag.name == "script":
        kind = tag.attributes.get("type", "").partition(";")[0].lower()
        return kind == "application/ld+json" and _data_says_so(content(text, tag))
    if tag.name != "meta":
        return False
    said = tag.attributes.get("content", "").lower()
    named = {tag.attributes.get(attribute, "").lower() for attribute in ("name", "property", "itemprop")}
    if "isaccessibleforfree" in named:
        return said in _FALSE
    return "article:content_tier" in named and said in _NOT_FREE_TIERS


def _data_says_so(data: str) -> bool:
    try:
        read = json.loads(data, strict=False)
    except (ValueError, RecursionError):
        # Broken, as much of it is; the words themselves are plain enough.
        return _SAYS_FALSE.search(data) is not None
    return any(str(node.get("isAccessibleForFree", "")).lower() in _FALSE for node in _nodes(read, _DEEPEST))


def _nodes(read: Any, deep: int) -> Iterator[dict[str, Any]]:
    """Give out the objects that speak of the page itself or its parts."""
    if deep == 0:
        return
    if isinstance(read, list):
        for one in read:
            yield from _nodes(one, deep - 1)
    elif isinstance(read, dict):
        yield read
        for name in _PARTS:
            yield from _nodes(read.get(name), deep - 1)
