"""A feed's body to articles: the one home of feedparser.

**Key.** What makes an entry one and the same between polls: its id (guid), else its link, else a hash of its title
and stamp. Entries of one body that share an id but not a link are told apart by both. Keys over 200 characters are
hashed.

**When published.** The first of these that holds: the feed's own `published` stamp, else its `updated` or `created`
stamp; a stamp without a time of day is that day in the outlet's time zone (00:00), one without a zone is UTC. No stamp,
an unreadable one, or one from 1970 (an unset clock): when we first saw it. A stamp more than an hour ahead: when we
first saw it, for nothing is read before it is written. `day` is that instant on the outlet's own calendar.

**Summary or whole.** A text is only a summary where it ends in an ellipsis or an invitation to read on, is shorter
than 600 characters, or stands in the summary element alone and is shorter than 2,000.
"""

from __future__ import annotations

import calendar
import hashlib
import html
import io
import re
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urljoin
from zoneinfo import ZoneInfo

import feedparser

from watchers.feed_model import Entry, FeedState, ParsedFeed, Reason
from watchers.feeds.document import MOST_PARSED, Prepared, UnsafeDocumentError, prepare
from watchers.feeds.safety import clean_link
from watchers.feeds.text import looks_like_html, one_line, text_of_html, text_of_plain
from watchers.model import Article
from watchers.ports import FetchError

MOST_ENTRIES = 500
"""Entries kept of one body: the newest."""
LONGEST_KEY = 200

_SOONEST_YEAR = 1971
_FUTURE_SLACK = timedelta(hours=1)
_SHORT = 600
_SHORT_SUMMARY = 2_000
_HEAD = 2_048

_WEB_PAGE = re.compile(
    rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL
)
_FEED_ROOT = re.compile(rb"(?i)<(?:rss|feed|rdf:rdf)[\s>]")
_OPENING = re.compile(rb"<(?:\w+:)?(?:item|entry)[\s>]")
_CLOSING = re.compile(rb"</(?:\w+:)?(?:item|entry)\s*>")
_TIME_OF_DAY = re.compile(r"\d:\d|T\d")
_NO_TEXT = ("image/", "audio/", "video/", "application/octet-stream", "application/pdf")
_READ_ON = re.compile(
    r"(?:…|\.\.\.|\[…\]|\[\.\.\.\]|(?:read more|continue reading|read the full (?:story|article)|full story))\W*$",
    re.IGNORECASE,
)


def parse_feed(body: bytes, feed: FeedState, now: datetime, content_type: str = "", memory: bytes = b"") -> ParsedFeed:
    """Read a body (RSS 0.9x to 2.0, RDF, Atom 0.3 and 1.0) as articles of `feed`.

    `now` is when it was fetched, `content_type` what the server called it ("": nothing). Raise `FetchError` with
    one plain line where it is no feed at all: a web page, JSON, empty, not XML, or made to exhaust the reader.
    """
    _refuse_what_is_no_feed(body, feed.url)
    try:
        prepared = prepare(body, content_type)
    except UnsafeDocumentError as error:
        message = f"{feed.url} is not read: {error}"
        raise FetchError(Reason("{said}", said=message)) from error
    body = prepared.body
    problems: list[str] = []
    if prepared.left_out:
        total = prepared.left_out + MOST_PARSED
        problems.append(f"the feed lists {total:,} entries; only the first {MOST_PARSED:,} are read")
    document = _parsed(prepared, feed.url)
    raw = list(document["entries"])
    fault = _fault(document)
    if not raw and not document.get("version"):
        raise FetchError(Reason("{said}", said=_why_no_feed(body, feed.url, fault)))
    if fault is not None:
        if not raw:
            message = f"{feed.url} is cut off or not proper XML ({fault})"
            raise FetchError(Reason("{said}", said=message))
        if len(_OPENING.findall(body)) > len(_CLOSING.findall(body)):
            # Its end is missing, so its text is not whole; it will be read when the feed is.
            raw.pop()
        problems.append(f"the feed is not proper XML ({fault}); read as far as it goes")
    entries, troubles = _Reader(feed, now, atom=str(document.get("version", "")).startswith("atom")).read(raw)
    return ParsedFeed(
        title=one_line(self_title(document)),
        entries=entries,
        listed=len(raw),
        problems=tuple(Reason("{said}", said=one) for one in (*problems, *troubles)),
        parser="feedparser",
        memory=memory,
        per_day=None,
    )


def self_title(document: Any) -> str:
    """Return what a feed calls itself."""
    return str(document["feed"].get("title") or "")


def _refuse_what_is_no_feed(body: bytes, url: str) -> None:
    if not body.strip(b"\0\r\n\t \xef\xbb\xbf\xff\xfe"):
        message = f"{url} answered with an empty page"
        raise FetchError(Reason("{said}", said=message))
    head = body[:_HEAD].removeprefix(b"\xef\xbb\xbf")
    if _WEB_PAGE.match(head) and not _FEED_ROOT.search(head):
        message = f"{url} is a web page, not a feed"
        raise FetchError(Reason("{said}", said=message))


def _parsed(prepared: Prepared, url: str) -> Any:
    media_type = f"application/xml; charset={prepared.charset}" if prepared.charset else "application/xml"
    try:
        # As a stream: given bytes, feedparser would first try them as the name of a local file.
        return feedparser.parse(
            io.BytesIO(prepared.body),
            # No address of the feed either: it would be joined to ids, which must outlive a move of the feed.
            response_headers={"content-type": media_type},
            resolve_relative_uris=False,
            sanitize_html=False,
        )
    except Exception as error:  # a parser of the world's feeds may fail in any way
        message = f"{url} could not be read as a feed ({type(error).__name__})"
        raise FetchError(Reason("{said}", said=message)) from error


def _fault(document: Any) -> str | None:
    """Return what the XML parser objected to, or None; a mere mismatch of encodings is no fault."""
    error = document.get("bozo_exception")
    if not document.get("bozo") or isinstance(error, feedparser.CharacterEncodingOverride):
        return None
    line = getattr(error, "getLineNumber", lambda: None)()
    words = getattr(error, "getMessage", lambda: str(error))()
    return one_line(f"line {line}: {words}" if line else str(words), 200)


def _why_no_feed(body: bytes, url: str, fault: str | None) -> str:
    start = body.lstrip()[:1]
    if start in {b"{", b"["}:
        return f"{url} is JSON, not an RSS or Atom feed"
    head = body[:_HEAD]
    if _FEED_ROOT.search(head):
        return f"{url} is cut off or not proper XML ({fault})"
    if not head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<"):
        return f"{url} is not XML, so it is no RSS or Atom feed"
    return f"{url} is XML, but neither RSS nor Atom"


class _Reader:
    """Reads the entries of one body and notes what was wrong with them."""

    def __init__(self, feed: FeedState, now: datetime, *, atom: bool) -> None:
        self._feed = feed
        self._now = now
        self._zone = ZoneInfo(feed.time_zone)
        self._atom = atom
        self._undated = 0
        self._ahead = 0
        self._empty = 0

    def read(self, raw: Sequence[Mapping[str, Any]]) -> tuple[tuple[Entry, ...], tuple[str, ...]]:
        """Return the entries, the newest first, and the problems met."""
        shared = _ids_of_several(raw)
        entries: dict[str, Entry] = {}
        for item in raw:
            entry = self._entry(item, shared)
            if entry is not None:
                entries.setdefault(entry.article.key, entry)
        newest = sorted(entries.values(), key=lambda entry: entry.article.published, reverse=True)
        return tuple(newest[:MOST_ENTRIES]), tuple(self._problems())

    def _problems(self) -> list[str]:
        lines = (
            (self._undated, "without a usable date: counted from when first seen"),
            (self._ahead, "dated in the future: counted from when first seen"),
            (self._empty, "without title and text: left out"),
        )
        return [f"{count} {'entry' if count == 1 else 'entries'} {words}" for count, words in lines if count]

    def _entry(self, item: Mapping[str, Any], shared: frozenset[str]) -> Entry | None:
        title = one_line(self._text(item.get("title_detail")))
        text, whole = self._body(item)
        if not title and not text:
            self._empty += 1
            return None
        published = self._published(item)
        article = Article(
            key=_key(item, title, shared),
            outlet=self._feed.outlet,
            url=self._link(item),
            title=title,
            text=text,
            published=published,
            day=published.astimezone(self._zone).date(),
        )
        return Entry(article, is_summary(text, whole_element=whole))

    def _link(self, item: Mapping[str, Any]) -> str | None:
        try:
            return clean_link(urljoin(self._feed.url, str(item.get("link") or "")))
        except ValueError:
            return None

    def _body(self, item: Mapping[str, Any]) -> tuple[str, bool]:
        """Return the longest text of an entry, and whether it stands in the element for whole texts."""
        whole = max((self._text(part) for part in item.get("content", ())), key=len, default="")
        summary = self._text(item.get("summary_detail"))
        return (whole, True) if whole and len(whole) >= len(summary) else (summary, False)

    def _text(self, detail: Mapping[str, Any] | None) -> str:
        value = (detail or {}).get("value") or ""
        kind = str((detail or {}).get("type") or "")
        if kind.startswith(_NO_TEXT):
            return ""
        if kind == "text/plain" and self._atom:
            return text_of_plain(value)  # Atom means it: markup in it is to be shown as it stands
        if looks_like_html(value):
            return text_of_html(value)
        return text_of_plain(html.unescape(value))

    def _published(self, item: Mapping[str, Any]) -> datetime:
        stamp = self._stamp(item)
        if stamp is None:
            self._undated += 1
            return self._now
        if stamp > self._now + _FUTURE_SLACK:
            self._ahead += 1
            return self._now
        return stamp

    def _stamp(self, item: Mapping[str, Any]) -> datetime | None:
        for name in ("published", "updated", "created"):
            # Asked with "in" first: feedparser answers `get("updated…")` with the published stamp and a warning.
            parsed = item.get(f"{name}_parsed") if f"{name}_parsed" in item else None
            moment = _instant(parsed) if parsed else None
            if moment is None:
                continue
            if _TIME_OF_DAY.search(str(item.get(name, ""))):
                return moment
            return moment.replace(tzinfo=self._zone).astimezone(UTC)
        return None


def is_summary(text: str, *, whole_element: bool) -> bool:
    """Return whether a page would say more than this text of its feed (the rule stands at the top of the file)."""
    length = len(text)
    return length < _SHORT or (not whole_element and length < _SHORT_SUMMARY) or _READ_ON.search(text[-80:]) is not None


def _instant(parsed: time.struct_time) -> datetime | None:
    try:
        moment = datetime.fromtimestamp(calendar.timegm(parsed), UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return moment if moment.year >= _SOONEST_YEAR else None


def _ids_of_several(raw: Sequence[Mapping[str, Any]]) -> frozenset[str]:
    """Return the ids that entries with different links share: some feeds give every entry the id of the site."""
    pairs = {(str(item["id"]), item.get("link")) for item in raw if item.get("id")}
    uses = Counter(identity for identity, _ in pairs)
    return frozenset(identity for identity, count in uses.items() if count > 1)


def _key(item: Mapping[str, Any], title: str, shared: frozenset[str]) -> str:
    identity, link = item.get("id"), item.get("link")
    if identity and identity in shared:
        return _hashed(f"{identity}\n{link}")
    key = str(identity or link or "")
    if not key:
        return _hashed(f"{title}\n{_raw_stamp(item)}")
    return key if len(key) <= LONGEST_KEY and key.isprintable() else _hashed(key)


def _raw_stamp(item: Mapping[str, Any]) -> str:
    return next((str(item[name]) for name in ("published", "updated", "created") if name in item), "")


def _hashed(parts: str) -> str:
    return "sha256:" + hashlib.sha256(parts.encode("utf-8", "surrogatepass")).hexdigest()
