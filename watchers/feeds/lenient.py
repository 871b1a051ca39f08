"""Reads any feed, as far as it can be read: the one home of feedparser, the parser of record."""

from __future__ import annotations

import calendar
import io
import re
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import feedparser

from watchers.feed_model import Reason
from watchers.feeds.raw import NOTHING, Markup, RawEntry, RawFeed
from watchers.feeds.stamps import TIMES, first_usable
from watchers.feeds.text import one_line
from watchers.ports import FetchError

# feedparser looks for an e-mail address in every author with a pattern that takes quadratic time (three minutes
# for one name of 250,000 letters). Authors are not used here, so they are renamed to what it does not know.
_ASIDE = rb"(?is)(<!\[CDATA\[.*?(?:\]\]>|\Z)%s)|"
_NAMES = rb"(</?(?:[\w.-]+:)?)(author|creator|contributor|managingeditor|webmaster|publisher|owner|name|email)(?![\w:])"
_AUTHORS = re.compile(_ASIDE % b"" + _NAMES)
_AUTHORS_BESIDE_COMMENTS = re.compile(_ASIDE % b"|<!--.*?-->" + _NAMES)


def read_leniently(body: bytes, charset: str | None, url: str) -> RawFeed | None:
    """Read a body whatever is wrong with it; None where it is no feed of any kind, for which `url` is named.

    `charset` is what the server calls its encoding where the body does not say; None: nobody says. Raise `FetchError`
    where feedparser itself fails.
    """
    # What looks like CDATA in a comment is none. Only where every comment ends are they looked for: in linear time.
    comments_end = body.rfind(b"-->") > body.rfind(b"<!--")
    authors = _AUTHORS_BESIDE_COMMENTS if comments_end else _AUTHORS
    document = _parsed(authors.sub(_renamed, body), charset, url)
    fault = _fault(document)
    version = str(document.get("version") or "")
    if not document["entries"] and not version:
        return None
    return RawFeed(
        title=str(document["feed"].get("title") or ""),
        entries=tuple(_entry(item) for item in document["entries"]),
        parser="feedparser",
        exact=version.startswith("atom"),
        fault=fault,
    )


def _renamed(found: re.Match[bytes]) -> bytes:
    return found[0] if found[1] else found[2] + b"x-" + found[3]


def _parsed(body: bytes, charset: str | None, url: str) -> Any:
    media_type = f"application/xml; charset={charset}" if charset else "application/xml"
    try:
        # As a stream: given bytes, feedparser would first try them as the name of a local file.
        return feedparser.parse(
            io.BytesIO(body),
            # No address of the feed either: it would be joined to ids, which must outlive a move of the feed.
            response_headers={"content-type": media_type},
            resolve_relative_uris=False,
            sanitize_html=False,
        )
    except Exception as error:  # a parser of the world's feeds may fail in any way
        raise FetchError(
            Reason("{url} could not be read as a feed ({fault})", url=url, fault=type(error).__name__)
        ) from error


def _fault(document: Any) -> str | None:
    """Return what the XML parser objected to, or None; a mere mismatch of encodings is no fault."""
    error = document.get("bozo_exception")
    if not document.get("bozo") or isinstance(error, feedparser.CharacterEncodingOverride):
        return None
    line = getattr(error, "getLineNumber", lambda: None)()
    words = getattr(error, "getMessage", lambda: str(error))()
    return one_line(f"line {line}: {words}" if line else str(words), 200)


def _entry(item: Mapping[str, Any]) -> RawEntry:
    # Asked with "in": feedparser answers `get("updated…")` with the published stamp and a warning.
    given = {name: name for name in TIMES if f"{name}_parsed" in item}
    return RawEntry(
        id=str(item.get("id") or ""),
        link=str(item.get("link") or ""),
        title=_markup(item, "title"),
        summary=_markup(item, "summary"),
        contents=tuple(Markup(str(part.get("value") or ""), _kind(part)) for part in item.get("content", ())),
        stamp=first_usable(
            given,
            lambda name: _instant(item[f"{name}_parsed"]),
            {name: str(item[name]) for name in TIMES if name in item},
        ),
    )


def _markup(item: Mapping[str, Any], name: str) -> Markup:
    value = item.get(name)
    return Markup(str(value), _kind(item.get(f"{name}_detail") or {})) if value else NOTHING


def _kind(detail: Any) -> str:
    return str(detail.get("type") or "") if isinstance(detail, Mapping) else ""


def _instant(parsed: time.struct_time | None) -> datetime | None:
    try:
        return datetime.fromtimestamp(calendar.timegm(parsed), UTC) if parsed else None
    except (ValueError, OverflowError, OSError):
        return None
