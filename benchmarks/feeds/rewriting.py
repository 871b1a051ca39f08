"""Entries made another feed's own: with an identity, an address, a title and a stamp that no other has.

Everything else stays as its outlet wrote it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime

from benchmarks.feeds.sources import Item, Kind, Part

_STAMPS = {"pubDate", "date", "published", "updated", "created", "modified", "issued"}
_HREF = re.compile(rb"""(\bhref\s*=\s*)(?:"[^"]*"|'[^']*')""")
_ABOUT = re.compile(rb"""(\brdf:about\s*=\s*)(?:"[^"]*"|'[^']*')""")
_CDATA_END = b"]]>"


@dataclass(frozen=True, slots=True)
class Identity:
    """What an entry is known by."""

    url: str
    """Without characters that XML would have escaped."""
    mark: str
    """Added to the title, so that no two are alike."""
    stamp: datetime


def owned(item: Item, identity: Identity) -> bytes:
    """Return the entry with this identity, in UTF-8."""
    raw = item.raw
    changes = [change for part in item.parts if (change := _changed(raw, part, identity)) is not None]
    names = {part.name for part in item.parts}
    if not names & {"guid", "link", "id"}:
        # Without either no reader could tell it again, and some refuse it.
        end = raw.rindex(b"</")
        changes.append((end, end, b"<guid>%b</guid>" % identity.url.encode()))
    for start, end, text in sorted(changes, reverse=True):
        raw = raw[:start] + text + raw[end:]
    return _ABOUT.sub(rb'\g<1>"%b"' % identity.url.encode(), raw, count=1)


def _changed(raw: bytes, part: Part, identity: Identity) -> tuple[int, int, bytes] | None:
    """Return which bytes of an entry give way to which; None where the part may stay."""
    if part.name == "link" and "href" in part.attributes:
        if part.attributes.get("rel", "alternate") != "alternate":
            return None
        opening = raw[part.start : part.inner]
        return part.start, part.inner, _HREF.sub(rb'\g<1>"%b"' % identity.url.encode(), opening, count=1)
    close = raw.rfind(b"</", part.inner, part.end)
    return None if close < 0 else _retold(raw, part, close, identity)


def _retold(raw: bytes, part: Part, close: int, identity: Identity) -> tuple[int, int, bytes] | None:
    """Return the same of an element with a text that ends at `close`."""
    local = part.name.rpartition(":")[2]
    if part.name in {"guid", "id", "link"} or local == "origLink":
        return part.inner, close, identity.url.encode()
    if part.name == "title":
        end = close - len(_CDATA_END) if raw[:close].endswith(_CDATA_END) else close
        return end, end, f" {identity.mark}".encode()
    if local in _STAMPS:
        return part.inner, close, stamp_text(identity.stamp, rfc822=local == "pubDate").encode()
    return None


def stamp_text(stamp: datetime, *, rfc822: bool) -> str:
    """Return a stamp in UTC as feeds write it: RFC 822 for `pubDate`, else RFC 3339."""
    return format_datetime(stamp, usegmt=True) if rfc822 else stamp.strftime("%Y-%m-%dT%H:%M:%SZ")


def told(kind: Kind, title: str, paragraphs: tuple[str, ...], identity: Identity) -> bytes:
    """Return an entry written anew, with its text as escaped HTML; without characters that XML would have escaped."""
    text = "".join(f"&lt;p&gt;{paragraph}&lt;/p&gt;\n" for paragraph in paragraphs)
    url, stamp = identity.url, stamp_text(identity.stamp, rfc822=kind is Kind.RSS)
    if kind is Kind.ATOM:
        inner = f'<id>{url}</id><link href="{url}"/><updated>{stamp}</updated><content type="html">{text}</content>'
        return f"<entry><title>{title}</title>{inner}</entry>\n".encode()
    inner = f"<title>{title}</title><link>{url}</link><description>{text}</description>"
    if kind is Kind.RSS:
        return f'<item>{inner}<guid isPermaLink="true">{url}</guid><pubDate>{stamp}</pubDate></item>\n'.encode()
    # An RDF root may not have declared Dublin Core.
    date = f'<dc:date xmlns:dc="http://purl.org/dc/elements/1.1/">{stamp}</dc:date>'
    return f'<item rdf:about="{url}">{inner}{date}</item>\n'.encode()
