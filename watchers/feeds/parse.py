"""A feed's body to articles: which reader reads it, and what is made of what it finds.

**Readers.** feedparser is the parser of record (lenient.py). What is plain enough that it is certain how feedparser
reads it is read by plain.py, which takes a fraction of the time; JSON Feeds by json_feed.py. Which one did is told in
`ParsedFeed.parser`; entries and their keys are the same whichever reads them.

**Key.** What stands for an entry in the store: its id (guid), else its link, else a hash of its title and stamp.
Entries of one body that share an id but not a link are told apart by both. Keys over 200 characters are hashed. Whether
an entry was there before is told by more than its key: identity.py.

**When published.** The first of these that holds: the feed's own `published` stamp, else its `updated` or `created`
stamp; a stamp without a time of day is that day in the outlet's time zone (00:00); one without a zone, or with the name
of a zone that RFC 822 does not know, is UTC. A year of two digits is of this century up to 89. No stamp, an unreadable
one, or one before 1971 (an unset clock): when we first saw it. A stamp more than an hour ahead: when we first saw it,
for nothing is read before it is written. That also puts right an outlet east of Greenwich that writes its own time as
GMT, or by a name like CEST: each new entry of it is ahead when it appears, and is seen within minutes of that; its old
ones, and those of an outlet in the west, are some hours off, which changes nothing but their order. `day` is that
instant on the outlet's own calendar.

**Summary or whole.** A text is only a summary where it ends in an ellipsis or an invitation to read on, is shorter
than 600 characters, or stands in the summary element alone and is shorter than 2,000.

**How many a day.** The 20 newest stamps that have passed, counted over the time from the oldest of them until now,
which is at least an hour: so a feed that falls silent counts for less each day. Not known below two stamps.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import urljoin
from zoneinfo import ZoneInfo

from watchers.feed_model import Entry, FeedSource, ParsedFeed, Reason
from watchers.feeds.document import MOST_PARSED, Prepared, UnsafeDocumentError, prepare, refuse_floods_of_attributes
from watchers.feeds.identity import Memory, key_mark, marks_of, place_mark, shared_links
from watchers.feeds.json_feed import is_json, read_json_feed
from watchers.feeds.lenient import read_leniently
from watchers.feeds.plain import read_plain
from watchers.feeds.raw import Markup, RawEntry, RawFeed
from watchers.feeds.safety import MAX_LINK, clean_link
from watchers.feeds.schedule import frame_of, hub_of, schedule_of
from watchers.feeds.stamps import UnsureError
from watchers.feeds.text import looks_like_html, one_line, text_of_html, text_of_plain, unescape
from watchers.model import Article
from watchers.ports import FetchError

MOST_ENTRIES = 500
"""Entries kept of one body: the newest."""
LONGEST_KEY = 200

_FUTURE_SLACK = timedelta(hours=1)
_SHORT = 600
_SHORT_SUMMARY = 2_000
_HEAD = 2_048
_RECENT = 20
_SHORTEST_SPAN = timedelta(hours=1)

_WEB_PAGE = re.compile(
    rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL
)
_FEED_ROOT = re.compile(rb"(?i)<(?:rss|feed|rdf:rdf)[\s>]")
_FEED_END = re.compile(rb"(?i)</(?:\w+:)?(?:rss|feed|rdf|channel)\s*>")
_OPENING = re.compile(rb"<(?:\w+:)?(?:item|entry)[\s>]")
_CLOSING = re.compile(rb"</(?:\w+:)?(?:item|entry)\s*>")
_SOUND_LINK = re.compile(
    r"https?://[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+(?:/[A-Za-z0-9%&'()*+,/:=~._-]*)?(?:\?[A-Za-z0-9%&'()*+,/:=~._-]+)?"
)
"""Links that need no cleaning: most of all."""
_NO_TEXT = ("image/", "audio/", "video/", "application/octet-stream", "application/pdf")
_READ_ON = re.compile(
    r"(?:…|\.\.\.|\[…\]|\[\.\.\.\]|(?:read more|continue reading|read the full (?:story|article)|full story))\W*$",
    re.IGNORECASE,
)


def parse_feed(body: bytes, feed: FeedSource, now: datetime, content_type: str = "", memory: bytes = b"") -> ParsedFeed:
    """Read a body (RSS 0.9x to 2.0, RDF, Atom 0.3 and 1.0, JSON Feed) as articles of `feed`.

    `now` is when it was fetched, in UTC, `content_type` what the server called it ("": nothing), `memory` what an
    earlier `ParsedFeed.memory` or `identity.memory_of` gave (empty: nothing is known yet). Raise `FetchError` with one
    plain line where it is no feed at all: a web page, empty, not XML, or made to exhaust the reader.
    """
    _refuse_what_is_no_feed(body, feed.url)
    try:
        raw, left_out, frame = _read(body, content_type, feed.url)
    except UnsafeDocumentError as error:
        raise FetchError(error.reason) from error
    problems: list[Reason] = []
    if left_out:
        total, most = f"{left_out + MOST_PARSED:,}", f"{MOST_PARSED:,}"
        problems.append(
            Reason("the feed lists {total} entries; only the first {most} are read", total=total, most=most)
        )
    if raw.fault is not None:
        problems.append(Reason("the feed is not proper XML ({fault}); read as far as it goes", fault=raw.fault))
    known = Memory(memory)
    maker = _Maker(feed, now, raw, known)
    entries = maker.entries()
    hub, topic = (raw.hub, raw.topic) if raw.hub or raw.topic else hub_of(frame)
    return ParsedFeed(
        title=one_line(maker.text(Markup(raw.title, ""))),
        entries=entries,
        listed=len(raw.entries),
        problems=(*problems, *maker.problems()),
        parser=raw.parser,
        memory=known.after(),
        per_day=entries_per_day([entry.stamp.moment for entry in raw.entries if entry.stamp.moment], now),
        schedule=schedule_of(frame),
        hub=hub,
        topic=topic,
    )


def _refuse_what_is_no_feed(body: bytes, url: str) -> None:
    if not body.strip(b"\0\r\n\t \xef\xbb\xbf\xff\xfe"):
        raise FetchError(Reason("{url} answered with an empty page", url=url))
    head = body[:_HEAD].removeprefix(b"\xef\xbb\xbf")
    if _WEB_PAGE.match(head) and not _FEED_ROOT.search(head):
        raise FetchError(Reason("{url} is a web page, not a feed", url=url))


def _read(body: bytes, content_type: str, url: str) -> tuple[RawFeed, int, bytes]:
    """Return what a body holds, how many entries were left out, and what surrounds them (none in JSON)."""
    if is_json(body):
        raw, left_out = read_json_feed(body, url)
        return raw, left_out, b""
    prepared = prepare(body, content_type)
    try:
        raw = read_plain(prepared.body, prepared.charset)
    except UnsureError:
        raw = _read_leniently(prepared, url)
    return raw, prepared.left_out, frame_of(prepared.body)


def _read_leniently(prepared: Prepared, url: str) -> RawFeed:
    body = prepared.body
    refuse_floods_of_attributes(body)
    raw = read_leniently(body, prepared.charset, url)
    if raw is None:
        raise FetchError(_why_no_feed(body, url))
    if raw.fault is None:
        return raw
    cut_off = not _FEED_END.search(body)
    if cut_off and not raw.entries:
        raise FetchError(Reason("{url} is cut off or not proper XML ({fault})", url=url, fault=raw.fault))
    if cut_off and len(_OPENING.findall(body)) > len(_CLOSING.findall(body)):
        # Its end is missing, so the last text is not whole; it will be read when the feed is.
        return replace(raw, entries=raw.entries[:-1])
    return raw


def _why_no_feed(body: bytes, url: str) -> Reason:
    head = body[:_HEAD]
    if _FEED_ROOT.search(head):
        return Reason("{url} is cut off or not proper XML", url=url)
    if not head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<"):
        return Reason("{url} is not XML, so it is no RSS or Atom feed", url=url)
    return Reason("{url} is XML, but neither RSS nor Atom", url=url)


class _Maker:
    """Makes articles of the entries of one body that were not known, and notes what was wrong with these."""

    def __init__(self, feed: FeedSource, now: datetime, raw: RawFeed, memory: Memory) -> None:
        self._feed = feed
        self._now = now
        self._zone = ZoneInfo(feed.time_zone)
        self._raw = raw
        self._memory = memory
        self._undated = 0
        self._ahead = 0
        self._empty = 0
        self._too_many = 0

    def entries(self) -> tuple[Entry, ...]:
        """Return the entries that are new, the newest first."""
        raw = self._raw.entries
        shared_ids = _ids_of_several(raw)
        links = [(entry.title.value, self._link(entry)) for entry in raw]
        shared = shared_links(links)
        new: list[Entry] = []
        for entry, (title, link) in zip(raw, links, strict=True):
            made = self._entry(entry, link, place_mark(link, entry.stamp.moment, title, shared), shared_ids)
            if made is not None:
                new.append(made)
        new.sort(key=lambda entry: entry.article.published, reverse=True)
        self._too_many = max(0, len(new) - MOST_ENTRIES)
        return tuple(new[:MOST_ENTRIES])

    def problems(self) -> tuple[Reason, ...]:
        """Return what was wrong with the entries that are new."""
        undated, ahead, empty = self._undated, self._ahead, self._empty
        counted = (
            (undated, Reason("entries without a usable date, counted from when first seen: {count}", count=undated)),
            (ahead, Reason("entries dated in the future, counted from when first seen: {count}", count=ahead)),
            (empty, Reason("entries without title and text, left out: {count}", count=empty)),
            (
                self._too_many,
                Reason("entries beyond the newest {most}, left out: {count}", most=MOST_ENTRIES, count=self._too_many),
            ),
        )
        return tuple(reason for count, reason in counted if count)

    def _entry(self, entry: RawEntry, link: str | None, place: int, shared: frozenset[str]) -> Entry | None:
        """Return an entry that is new; None where it is known, or holds nothing."""
        key = key_of(entry, shared) if entry.id or entry.link else ""
        mark = key_mark(key) if key else 0
        if key and self._memory.recall(mark, place):
            return None
        title = one_line(self.text(entry.title))
        text, whole = self._body(entry)
        if not title and not text:
            self._empty += 1
            return None
        if not key:
            key = _hashed(f"{title}\n{entry.stamp.text}")
            mark = key_mark(key)
        published = self._published(entry)
        article = Article(
            key=key,
            outlet=self._feed.outlet,
            url=link,
            title=title,
            text=text,
            published=published or self._now,
            day=(published or self._now).astimezone(self._zone).date(),
        )
        if not self._memory.meet(marks_of(article, mark, place, entry.stamp.moment)):
            return None
        self._undated += entry.stamp.moment is None
        self._ahead += published is None and entry.stamp.moment is not None
        return Entry(article, is_summary(text, whole_element=whole), dated=published is not None)

    def _link(self, entry: RawEntry) -> str | None:
        if _SOUND_LINK.fullmatch(entry.link) is not None and len(entry.link) <= MAX_LINK:
            return entry.link
        try:
            return clean_link(urljoin(self._feed.url, entry.link)) if entry.link else None
        except ValueError:
            return None

    def _body(self, entry: RawEntry) -> tuple[str, bool]:
        """Return the longest text of an entry, and whether it stands in the element for whole texts."""
        whole = max((self.text(part) for part in entry.contents), key=len, default="")
        if whole and len(whole) >= len(entry.summary.value):  # no text grows by losing its markup
            return whole, True
        summary = self.text(entry.summary)
        return (whole, True) if whole and len(whole) >= len(summary) else (summary, False)

    def text(self, markup: Markup) -> str:
        """Return the plain text of what a feed gives as plain or as HTML, and often as the other."""
        value, kind = markup.value, markup.kind
        if kind.startswith(_NO_TEXT):
            return ""
        if kind == "text/plain" and self._raw.exact:
            return text_of_plain(value)
        if "<" in value and looks_like_html(value):
            return text_of_html(value)
        return text_of_plain(unescape(value))

    def _published(self, entry: RawEntry) -> datetime | None:
        """Return when an entry was published; None where that cannot be told, so that it counts from now."""
        moment = entry.stamp.moment
        if moment is not None and entry.stamp.day_only:
            moment = moment.replace(tzinfo=self._zone).astimezone(UTC)
        return moment if moment is None or moment <= self._now + _FUTURE_SLACK else None


def is_summary(text: str, *, whole_element: bool) -> bool:
    """Return whether a page would say more than this text of its feed (the rule stands at the top of the file)."""
    length = len(text)
    return length < _SHORT or (not whole_element and length < _SHORT_SUMMARY) or _READ_ON.search(text[-80:]) is not None


def entries_per_day(stamps: Sequence[datetime], now: datetime) -> float | None:
    """Return how many entries a feed publishes a day (the rule stands at the top of the file); None: not known."""
    newest = sorted((stamp for stamp in stamps if stamp <= now), reverse=True)[:_RECENT]
    if len(newest) < 2:  # noqa: PLR2004 - one stamp says nothing of how often
        return None
    return len(newest) / (max(now - newest[-1], _SHORTEST_SPAN) / timedelta(days=1))


def _ids_of_several(raw: Sequence[RawEntry]) -> frozenset[str]:
    """Return the ids that entries with different links share: some feeds give every entry the id of the site."""
    uses = Counter(identity for identity, _ in {(entry.id, entry.link) for entry in raw if entry.id})
    return frozenset(identity for identity, count in uses.items() if count > 1)


def key_of(entry: RawEntry, shared: frozenset[str]) -> str:
    """Return the key of an entry with an id or a link; `shared` are the ids of several."""
    if entry.id and entry.id in shared:
        return _hashed(f"{entry.id}\n{entry.link}")
    key = entry.id or entry.link
    return key if len(key) <= LONGEST_KEY and key.isprintable() else _hashed(key)


def _hashed(parts: str) -> str:
    return "sha256:" + hashlib.sha256(parts.encode("utf-8", "surrogatepass")).hexdigest()
