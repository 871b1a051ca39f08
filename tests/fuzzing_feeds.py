"""Feeds that mean harm: well made ones full of hostile text, and what is left of them once bytes have been torn out."""

from __future__ import annotations

import json
from collections.abc import Callable
from html import escape
from typing import Any

from hypothesis import strategies as st

from tests.fuzzing import TRAP, hostile

TELLING = (
    "Norland will withdraw its troops from the border of Sudria by Friday.",
    "Ostmark and Sudria must sign the accord by 20 March, the minister said.",
    "Norland's minister Ane Holt said the talks in Geneva will open next week.",
    "Sudria has withdrawn the last of its troops from the border.",
)
"""Sentences that are read as statements, so that hostile text around them comes as far as an alert."""
DATES = (
    "Mon, 02 Mar 2026 10:00:00 GMT",
    "2026-03-02T10:00:00Z",
    "2026-03-02",
    "Mon, 02 Mar 2026 10:00:00 +9999",
    "0000-00-00T00:00:00Z",
    "9999-12-31T23:59:59-12:00",
    "0001-01-01T00:00:00+14:00",
    "1e400",
    "99999999999999999999",
    "-1",
    "31 Feb 2026",
    "Thu, 01 Jan 1970 00:00:00 GMT",
    "2026-W10-1",
    "2026-060",
    "２０２６-03-02",  # noqa: RUF001 - digits, but not those of RFC 3339
    "",
)
ENTITIES = (
    "&amp;",
    "&#0;",
    "&#xD800;",
    "&#1114112;",
    "&nbsp;",
    "&bogus;",
    "&",
    "&#x1F600;",
    "&lt;script&gt;",
    "&#8238;",
)
CHUNKS: tuple[bytes, ...] = (
    b"\x00",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b"<",
    b">",
    b"]]>",
    b"<![CDATA[",
    b"<!--",
    b"<!DOCTYPE x [",
    b"&e;",
    b"\x1b",
)
CHUNKS += (
    b"</item>",
    b"<item>",
    b"</channel>",
    b"<rss>",
    b"xmlns:a=''",
    b'"',
    b"\xed\xa0\x80",
    b"\xc0\x80",
    b"\x80" * 40,
)
CHUNKS += (b"<a " + b"x='1' " * 200, b"<b>" * 300, b"[" * 3000, b'{"items":' * 500, b"9" * 5000, b"<ttl>1e9</ttl>")
CHARSETS = (
    "utf-8",
    "utf-16",
    "utf-32",
    "latin-1",
    "cp1252",
    "utf-7",
    "idna",
    "rot13",
    "hex",
    "x-no-such",
    "undefined",
    "\x00",
)
TYPES: tuple[str, ...] = (
    "",
    "application/rss+xml",
    "text/html",
    "application/json",
    "text/xml; charset=utf-16",
    "text/xml; charset=punycode",
)
TYPES += (
    "image/png",
    "text/xml; charset=\x00",
    'text/xml; charset="unicode_escape"',
    "application/feed+json; charset=idna",
)


def _text() -> st.SearchStrategy[str]:
    told = st.sampled_from(TELLING)
    around = st.builds("{} {} {}".format, hostile(60), told, hostile(60))
    headed = st.builds(lambda words, sentence: f"{words[:40]} {sentence}", hostile(40), told)
    return st.one_of(hostile(300), told, around, headed)


def _marked_up(text: str, how: int) -> str:
    """Return text as it may stand in an element: escaped, escaped twice, in CDATA, or as it is."""
    ways: tuple[Callable[[str], str], ...] = (
        escape,
        lambda one: escape(escape(f"<p>{one}</p>")),
        lambda one: f"<![CDATA[{one}]]>",
        lambda one: one,
    )
    return ways[how % len(ways)](text)


@st.composite
def _fields(draw: st.DrawFn) -> dict[str, str]:
    how = draw(st.integers(0, 30)) // 8
    texts = {name: draw(_text()) for name in ("title", "summary")}
    entity = draw(st.sampled_from(("", "", "", *ENTITIES)))
    return {
        **{name: _marked_up(text, how) + entity for name, text in texts.items()},
        "link": escape(draw(st.sampled_from(("https://meridian.example/a", "/b", "//c/d", "")) | hostile(200))),
        "id": escape(draw(st.sampled_from(("1", "2", "urn:x", "")) | hostile(300))),
        "date": escape(draw(st.sampled_from(DATES) | hostile(30))),
    }


def _rss(fields: list[dict[str, str]], head: str) -> str:
    items = "".join(
        f"<item><title>{one['title']}</title><link>{one['link']}</link><guid>{one['id']}</guid>"
        f"<pubDate>{one['date']}</pubDate><description>{one['summary']}</description></item>"
        for one in fields
    )
    return f"<rss version='2.0'><channel><title>{head}</title><link>https://meridian.example/</link>{items}</channel></rss>"


def _atom(fields: list[dict[str, str]], head: str) -> str:
    entries = "".join(
        f"<entry><title type='html'>{one['title']}</title><link href='{one['link']}'/><id>{one['id']}</id>"
        f"<updated>{one['date']}</updated><content type='html'>{one['summary']}</content></entry>"
        for one in fields
    )
    return f"<feed xmlns='http://www.w3.org/2005/Atom'><title>{head}</title>{entries}</feed>"


def _rdf(fields: list[dict[str, str]], head: str) -> str:
    items = "".join(
        f"<item rdf:about='{one['id']}'><title>{one['title']}</title><link>{one['link']}</link>"
        f"<dc:date>{one['date']}</dc:date><description>{one['summary']}</description></item>"
        for one in fields
    )
    spaces = "xmlns='http://purl.org/rss/1.0/' xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'"
    spaces += " xmlns:dc='http://purl.org/dc/elements/1.1/'"
    return f"<rdf:RDF {spaces}><channel rdf:about='x'><title>{head}</title></channel>{items}</rdf:RDF>"


def any_json() -> st.SearchStrategy[Any]:
    """Anything JSON can say, and numbers that Python's reader takes and few others do."""
    numbers = st.floats() | st.integers(-(10**30), 10**30)
    return st.recursive(
        st.one_of(st.none(), st.booleans(), numbers, hostile(60)),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(hostile(20), inner, max_size=4),
        max_leaves=12,
    )


@st.composite
def _json(draw: st.DrawFn) -> str:
    fields = draw(st.lists(_fields(), max_size=4))
    names = {"title": "title", "content_html": "summary", "url": "link", "id": "id", "date_published": "date"}
    items: list[Any] = [{ours: one[theirs] for ours, theirs in names.items()} for one in fields]
    spoil: bool = draw(st.booleans())
    if items and spoil:
        items[0][draw(st.sampled_from(sorted(names)))] = draw(any_json())
    if draw(st.integers(0, 9)) == 0:
        items = [draw(any_json())]
    return json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": draw(_text()), "items": items})


@st.composite
def _xml(draw: st.DrawFn) -> str:
    shape = draw(st.sampled_from((_rss, _atom, _rdf)))
    charset = draw(st.sampled_from(("", "", "", *CHARSETS)))
    declared = f"<?xml version='1.0' encoding='{charset}'?>" if charset else ""
    doctype = draw(st.sampled_from(("", "", "", "<!DOCTYPE rss [<!ENTITY e 'x'><!ENTITY f '&e;&e;&e;'>]>")))
    return declared + doctype + shape(draw(st.lists(_fields(), max_size=4)), escape(draw(_text())))


@st.composite
def torn(draw: st.DrawFn, whole: st.SearchStrategy[bytes]) -> bytes:
    """Bytes after up to six wounds: cut off, torn out, told twice, flipped, or something put between."""
    body = bytearray(draw(whole))
    for _ in range(draw(st.sampled_from((0, 0, 1, 2, 6)))):
        at, length = draw(st.integers(0, max(0, len(body) - 1))), draw(st.integers(1, 40))
        wound = draw(st.integers(0, 4))
        if wound == 0 and draw(st.booleans()):
            del body[at:]
        elif wound == 1:
            del body[at : at + length]
        elif wound == 2:
            body[at:at] = body[at : at + length] * draw(st.integers(1, 30))
        elif wound == 3 and body:
            body[at] ^= 1 << draw(st.integers(0, 7))
        else:
            body[at:at] = draw(st.sampled_from(CHUNKS) | st.binary(max_size=20))
    return bytes(body)


def _encoded(text: str, charset: str) -> bytes:
    try:
        return text.encode(charset, "replace" if charset in {"latin-1", "cp1252"} else "surrogatepass")
    except (LookupError, ValueError):
        return text.encode("utf-8", "replace")


def feeds() -> st.SearchStrategy[bytes]:
    """Feeds of each kind, whole or torn, and bytes that are none."""
    charset = st.sampled_from(("utf-8", "utf-8", "utf-8", "utf-16", "utf-32", "latin-1", "cp1252"))
    whole = st.builds(_encoded, _xml() | _json(), charset)
    return st.one_of(torn(whole), torn(whole), whole, st.binary(max_size=400))


@st.composite
def telling_feeds(draw: st.DrawFn) -> bytes:
    """Sound feeds, fresh entries of which tell something among hostile words, at hostile addresses."""
    fields = [
        {
            "title": escape(draw(hostile(60))),
            "summary": escape(escape(f"{draw(hostile(60))} {draw(st.sampled_from(TELLING))} {draw(hostile(60))}")),
            "link": escape(
                draw(st.sampled_from((f"https://{TRAP}/{number}", "https://meridian.example/a")) | hostile(200))
            ),
            "id": f"fresh-{number}",
            "date": "Mon, 02 Mar 2026 16:00:00 GMT",
        }
        for number in range(draw(st.integers(1, 3)))
    ]
    return _rss(fields, escape(draw(hostile(60)))).encode("utf-8", "replace")


def pages() -> st.SearchStrategy[bytes]:
    """Web pages with links to feeds, data and text in them, whole or torn."""
    tags = st.builds(
        "<link rel='{}' type='application/rss+xml' href='{}' title='{}'>".format,
        st.sampled_from(("alternate", "feed", "alternate stylesheet", "")),
        hostile(80).map(escape),
        hostile(80).map(escape),
    )
    data = st.builds("<script type='application/ld+json'>{}</script>".format, any_json().map(json.dumps))
    prose = _text().map(lambda text: f"<p>{text}</p>") | hostile(200)
    meta = st.builds(
        "<meta property='{}' content='{}'>".format, st.sampled_from(("og:title", "x", "date")), hostile(60)
    )
    parts = st.lists(st.one_of(tags, data, prose, meta), max_size=8).map("".join)
    whole = parts.map(lambda inner: f"<!doctype html><html><head></head><body>{inner}</body></html>")
    return torn(whole.map(lambda page: page.encode("utf-8", "replace")))
