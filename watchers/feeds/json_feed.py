"""Reads JSON Feed 1.0 and 1.1 (https://www.jsonfeed.org/version/1.1/)."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import datetime
from itertools import islice
from typing import Any

from watchers.feed_model import Reason
from watchers.feeds.document import MOST_ELEMENTS, MOST_PARSED, UnsafeDocumentError
from watchers.feeds.raw import NOTHING, Markup, RawEntry, RawFeed
from watchers.feeds.safety import clean_link
from watchers.feeds.stamps import UnsureError, first_usable, moment_of
from watchers.ports import FetchError

_VERSION = re.compile(r"https?://(?:www\.)?jsonfeed\.org/version/1")
_TIMES = {"published": "date_published", "updated": "date_modified"}


def is_json(body: bytes) -> bool:
    """Return whether a body can be nothing but JSON."""
    return body.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in {b"{", b"["}


def read_json_feed(body: bytes, url: str) -> tuple[RawFeed, int]:
    """Read a JSON Feed from `url`; return it with the number of items left out beyond `MOST_PARSED`.

    Raise `FetchError` where it is not proper JSON or no JSON Feed, `UnsafeDocumentError` where it holds too many
    values.
    """
    if _values(body) > 5 * MOST_ELEMENTS:
        raise UnsafeDocumentError(Reason("the feed is not read: it has more than {most} values", most="500,000"))
    try:
        document = json.loads(body.removeprefix(b"\xef\xbb\xbf"))
    except (ValueError, RecursionError) as error:
        raise FetchError(Reason("{url} is not proper JSON, so it cannot be read as a JSON Feed", url=url)) from error
    items = document.get("items") if isinstance(document, dict) else None
    if not isinstance(items, list) or not _VERSION.match(str(document.get("version"))):
        raise FetchError(Reason("{url} is JSON, but not a JSON Feed", url=url))
    entries = tuple(_entry(item) for item in islice(items, MOST_PARSED) if isinstance(item, dict))
    feed = RawFeed(
        title=_string(document, "title"),
        entries=entries,
        parser="JSON Feed",
        exact=True,
        hub=_hub(document),
        topic=clean_link(_string(document, "feed_url")),
    )
    return feed, max(0, len(items) - MOST_PARSED)


def _hub(document: Mapping[str, Any]) -> str | None:
    hubs = document.get("hubs")
    listed = [hub for hub in hubs if isinstance(hub, dict)] if isinstance(hubs, list) else []
    return next((clean_link(_string(hub, "url")) for hub in listed if _string(hub, "type").lower() == "websub"), None)


def _values(body: bytes) -> int:
    return body.count(b",") + body.count(b"[") + body.count(b"{")


def _entry(item: Mapping[str, Any]) -> RawEntry:
    pages, plain = _string(item, "content_html"), _string(item, "content_text")
    wholes = ((pages, "text/html"), (plain, "text/plain"))
    stamps = {name: _string(item, key).strip() for name, key in _TIMES.items() if _string(item, key).strip()}
    summary = _string(item, "summary")
    return RawEntry(
        id=_string(item, "id").strip(),
        link=(_string(item, "url") or _string(item, "external_url")).strip(),
        title=Markup(_string(item, "title"), "text/plain"),
        summary=Markup(summary, "text/plain") if summary else NOTHING,
        contents=tuple(Markup(value, kind) for value, kind in wholes if value),
        stamp=first_usable(stamps, _moment, stamps),
    )


def _moment(text: str) -> datetime | None:
    try:
        return moment_of(text)
    except UnsureError:
        return None


def _string(source: Mapping[str, Any], name: str) -> str:
    """Return a text; numbers count as one, for the specification has readers take ids of any type as text."""
    value = source.get(name)
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return str(value)
