"""The plain reader reads nothing otherwise than feedparser does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from feedparser.datetimes import _parse_date
from feedparser.mixin import _FeedParserMixin
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.factories import MONDAY_NOON, a_feed
from watchers.feed_model import ParsedFeed
from watchers.feeds import parse
from watchers.feeds.lenient import _instant, read_leniently
from watchers.feeds.parse import parse_feed
from watchers.feeds.plain import read_plain
from watchers.feeds.plain_names import (
    FOLLOWED,
    NAMESPACES,
    NOT_FOLLOWED,
    TEXTS_WITHOUT_EFFECT,
    WITHOUT_EFFECT,
)
from watchers.feeds.raw import Markup, RawEntry, RawFeed
from watchers.feeds.stamps import UnsureError, moment_of
from watchers.feeds.text import text_of_html

SAMPLES = Path(__file__).parent / "data" / "feeds"
URL = "https://meridian.example/rss"
TABLES = (FOLLOWED, NOT_FOLLOWED, TEXTS_WITHOUT_EFFECT, WITHOUT_EFFECT)


def seen(feed: RawFeed) -> list[tuple[object, ...]]:
    return [entry_seen(entry, exact=feed.exact) for entry in feed.entries]


def entry_seen(entry: RawEntry, *, exact: bool) -> tuple[object, ...]:
    kinds = (entry.title.kind, *(part.kind for part in entry.contents)) if exact else ()
    values = (entry.title.value, *(words(part) for part in (entry.summary, *entry.contents)))
    return (entry.id, entry.link, entry.stamp, values, kinds)


def words(text: Markup) -> str | list[str]:
    """What a text says; of XHTML the words alone, for the markup may be written in several ways."""
    return text_of_html(text.value).split() if "<" in text.value else text.value


def taken(body: bytes) -> RawFeed | None:
    try:
        return read_plain(body)
    except UnsureError:
        return None


def alike(body: bytes) -> bool:
    """Hold the two readers to each other; return whether the plain one took it."""
    plain = taken(body)
    if plain is None:
        return False
    lenient = read_leniently(body, None, URL)
    assert lenient is not None
    assert plain.exact == lenient.exact
    if lenient.fault is None:
        assert seen(plain) == seen(lenient)
    else:  # blanks before the declaration: its other parser leaves more of the texts encoded
        assert [(one.id, one.link, one.stamp, one.title.value) for one in plain.entries] == [
            (one.id, one.link, one.stamp, one.title.value) for one in lenient.entries
        ]
    return True


def test_a_comment_that_looks_like_cdata_hides_no_end_of_an_author() -> None:
    entry = "<entry><id>a?b=1&amp;c=2</id><author><title>a<!-- <![CDATA[ -->b</title></author></entry>"
    body = f'<feed xmlns="http://www.w3.org/2005/Atom">{entry}</feed>'.encode()

    lenient = read_leniently(body, None, URL)

    assert lenient is not None
    assert lenient.fault is None
    assert [one.id for one in lenient.entries] == ["a?b=1&c=2"]
    assert alike(body)


# --- what feedparser knows --------------------------------------------------------------------------------


def test_every_element_that_feedparser_knows_is_in_one_table() -> None:
    handlers = {re.sub(r"^_(start|end)_", "", name).lower() for name in dir(_FeedParserMixin) if _is_handler(name)}
    listed = frozenset[str]().union(*TABLES)

    assert handlers <= listed
    assert sum(map(len, TABLES)) == len(listed)
    assert handlers >= (FOLLOWED | TEXTS_WITHOUT_EFFECT | WITHOUT_EFFECT)


def _is_handler(name: str) -> bool:
    return name.startswith(("_start_", "_end_"))


def test_every_namespace_is_known_by_the_prefix_that_feedparser_gives_it() -> None:
    assert {key.lower(): value.lower() for key, value in _FeedParserMixin.namespaces.items()} == NAMESPACES


# --- times ------------------------------------------------------------------------------------------------

DAY_NAMES = st.sampled_from(["", "Mon, ", "Sat, ", "Tuesday, ", "thu ", "Xyz, "])
ZONES = st.sampled_from(
    ["GMT", "UT", "UTC", "Z", "EST", "pdt", "CEST", "MEST", "A", "+0000", "-0330", "+0530", "+05:30", "GMT+1", "", "+1"]
)


@st.composite
def stamps(draw: st.DrawFn) -> str:
    def number(low: int, high: int) -> int:
        return draw(st.integers(low, high))

    year, month, day = number(0, 2100), number(0, 13), number(0, 32)
    clock = f"{number(0, 25)}:{number(0, 60):02}" + draw(st.sampled_from(["", f":{number(0, 61):02}"]))
    if draw(st.booleans()):
        name = draw(
            st.sampled_from(
                ["Jan", "feb", "Mar", "Apr", "May", "Jun", "July", "Aug", "Sept", "Oct", "Nov", "December", "Foo"]
            )
        )
        return f"{draw(DAY_NAMES)}{day} {name} {year} {clock} {draw(ZONES)}".strip()
    separator = draw(st.sampled_from(["T", "t", " ", "  "]))
    part = draw(st.sampled_from(["", f"{separator}0{clock}"[:9], f"{separator}{clock}", f"{separator}{clock}.123"]))
    zone = draw(st.sampled_from(["", "Z", "z", "+01:00", "-09:30", "+0100", " GMT"]))
    return f"{year:04}-{month:02}-{day:02}{part}{zone if part else ''}"


@settings(max_examples=400)
@given(stamps())
@example("Sat, 3 Oct 2026 07:05:00 GMT")
@example("Mon, 02 Mar 26 12:00:00 EST")
@example("2026-03-02T12:00:00.5+01:00")
@example("2026-03-02")
def test_a_time_is_the_instant_that_feedparser_gives_or_none_is_said(text: str) -> None:
    try:
        moment = moment_of(text)
    except UnsureError:
        return
    assert moment == _instant(_parse_date(text))


# --- whole feeds ------------------------------------------------------------------------------------------

DECLARED = {
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "media": "http://search.yahoo.com/mrss/",
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "a": "http://www.w3.org/2005/Atom",
    "x": "https://norland.example/ns",
    "thr": "http://purl.org/syndication/thread/1.0",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
}
ODD_DECLARED = (
    'xmlns:dc="https://norland.example/other"',
    'xmlns:m="http://search.yahoo.com/mrss/"',
    'xmlns:media="http://purl.org/dc/elements/1.1/"',
    'xmlns:DC="https://norland.example/ns"',
    'xmlns:sy="http://www.itunes.com/dtds/podcast-1.0.dtd"',
    'xmlns:y="https://norland.example/ns"',
    'xmlns:m="http://purl.org/rss/1.0/modules/threading/" xmlns:thr="https://norland.example/other"',
    'xmlns:thr="https://norland.example/other" xmlns:m="http://purl.org/rss/1.0/modules/threading/"',
    'xmlns:m="http://purl.org/dc/elements/1.1/" xmlns:dc="https://norland.example/other"',
    'xmlns:dc="https://norland.example/other" xmlns:m="http://purl.org/dc/elements/1.1/"',
)
WORDS = st.sampled_from(
    ["Norland and Sudria"] * 15
    + [
        "a <b>c</b> d",
        "Norland signs",
        "  two\n lines ",
        "",
        "A &amp; B",
        "A &amp;amp; B",
        "<![CDATA[<p>x & y &quot;z&quot;</p>]]>",
        "&lt;b&gt;bold&lt;/b&gt; &lt;br/&gt;",
        "caf\u00e9 \u2013 \u4e2d",
        "caf\u00c3\u00a9",
        "smart \u0093quotes\u0094",
        "a<!-- aside -->b",
        "a<!-- <![CDATA[ -->b",
        "a<!--> <![CDATA[ -->b",
        "<![CDATA[<!-- a]]>",
        """<![CDATA[<a xmlns:dc="q" xmlns:u='' base="x">b</a>]]>""",
        '&lt;a xmlns:dc="q" xmlns="r" xml:base="x"&gt;b',
        '<q:b xmlns:q="https://q.example/">c</q:b>',
        "a<?pi x?>b",
        "&#8217;&#x41;&#150;",
        "]]&gt;",
        "Norland <b>signs</b> &amp; <i>q</i>",
        '<b title="&lt;x&gt; &quot;y&quot;" TYPE="Q">A &amp;lt; B</b><br/>',
        "&lt;i&gt; <b>c</b>",
        "<div>A <i>b</i></div>",
        "A <i>b</i><div>c</div>",
        "<h:div xmlns:h='http://www.w3.org/1999/xhtml'>A</h:div>",
        "A <name>b</name>",
        "A <svg><title>b</title><url>c</url></svg> d",
        "A <svg><content>b</content></svg> d",
    ]
)
LINKS = st.sampled_from(
    [
        "https://meridian.example/a",
        "https://meridian.example/a?b=1&amp;c=2",
        "https://meridian.example/a?b=1&amp;copy;=2",
        " https://meridian.example/b ",
        "http:////meridian.example/c",
        "/relative",
        "",
        "urn:uuid:1",
        "tag:meridian.example,2026:1",
        "<![CDATA[https://meridian.example/d?x&y]]>",
        "https://meridian.example/\u00e9",
    ]
)
TIMES = st.sampled_from(
    [
        *["Mon, 02 Mar 2026 12:00:00 GMT", "2026-03-02T12:00:00Z", " 2026-03-02T12:00:00+01:00 "] * 5,
        *["2026-03-01", "1970-01-01T00:00:00Z", "", "yesterday"],
    ]
)
USUAL_KINDS = ["", "", ' type="html"', ' type="text"', ' type="TEXT/HTML"', ' mode="escaped"']
KINDS = st.sampled_from([*USUAL_KINDS * 8, ' type="xhtml"', ' type="a/b"'])
TEXT_NAMES = st.sampled_from(
    [
        "title",
        "description",
        "summary",
        "content",
        "content:encoded",
        "media:title",
        "media:description",
        "dc:title",
        "dc:description",
        "itunes:summary",
        "itunes:subtitle",
        "a:title",
        "a:summary",
        "abstract",
        "x:title",
        "Title",
        "tagline",
    ]
)
TIME_NAMES = st.sampled_from(
    [
        "pubDate",
        "published",
        "updated",
        "dc:date",
        "dcterms:issued",
        "dcterms:modified",
        "created",
        "modified",
        "issued",
        "lastBuildDate",
    ]
)
OTHER_NAMES = st.sampled_from(
    [
        "author",
        "category",
        "comments",
        "x:thing",
        "thr:total",
        "media:thumbnail",
        "media:content",
        "image",
        "source",
        "dc:creator",
        "itunes:image",
        "media:group",
        "x:group",
        "language",
        "email",
        "svg",
    ]
    * 4
    + ["links", "where"]
)
XHTML_NAMES = st.sampled_from(["content", "summary", "a:content", "title", "title", "dc:title", "rights"])
XHTML = st.sampled_from(
    [
        "A <h:b>bold</h:b> word",
        "<h:p>One &amp; two &lt;3</h:p><h:br/><h:p>Three</h:p>",
        "<h:title>A</h:title>",
        "<p>A</p>",
        "<h:div>A</h:div><h:div>B</h:div>",
        " <h:div class='q'>A</h:div> ",
        '<h:p>A<svg xmlns="http://www.w3.org/2000/svg"><title>B</title><image/></svg>C</h:p>',
        '<svg xmlns="http://www.w3.org/2000/svg"><summary>B</summary></svg>',
        '<h:p>A<math xmlns="http://www.w3.org/1998/Math/MathML"><mi>x</mi></math>C</h:p>',
    ]
)
MORE = st.sampled_from(["", "", "", ' xml:lang="en"', ' x:odd="1"', ' xml:base="https://base.example/z/"', ' base="q"'])


@st.composite
def texts(draw: st.DrawFn, more: str) -> str:
    if draw(st.integers(0, 9)) == 0:
        name, inner = draw(XHTML_NAMES), draw(XHTML)
        return f'<{name} type="xhtml"><h:div xmlns:h="http://www.w3.org/1999/xhtml">{inner}</h:div></{name}>'
    name = draw(TEXT_NAMES)
    return f"<{name}{draw(KINDS)}{more}>{draw(WORDS)}</{name}>"


@st.composite
def links_with_attributes(draw: st.DrawFn) -> str:
    rel = draw(st.sampled_from(["", ' rel="alternate"', ' rel="self"', ' rel="Alternate" type="text/html"']))
    kind = draw(st.sampled_from(["", ' type="text/html"', ' type="image/png"']))
    link = draw(LINKS.filter(lambda one: "<" not in one))
    name = draw(st.sampled_from(["href", "href", "url"]))
    return f'<{draw(st.sampled_from(["link", "a:link"]))} {name}="{link}"{rel if "type" in rel else rel + kind}/>'


@st.composite
def elements(draw: st.DrawFn, depth: int = 0) -> str:
    which = draw(st.integers(0, 9))
    more = draw(MORE) if draw(st.integers(0, 9)) == 0 else ""
    if which <= 3:
        return draw(texts(more))
    if which == 4:
        name = draw(TIME_NAMES)
        return f"<{name}>{draw(TIMES)}</{name}>"
    if which == 5:
        truth = draw(st.sampled_from(["", ' isPermaLink="false"', ' isPermaLink="true"', ' ispermalink="False"']))
        name = draw(st.sampled_from(["guid", "id", "a:id"]))
        return f"<{name}{truth}{more}>{draw(LINKS)}</{name}>"
    if which == 6:
        name = draw(st.sampled_from(["link", "a:link", "LINK"]))
        return f"<{name}{more}>{draw(LINKS)}</{name}>"
    if which == 7:
        return draw(links_with_attributes())
    name = draw(OTHER_NAMES)
    inner = "".join(draw(st.lists(elements(depth + 1), max_size=2))) if depth < 2 and draw(st.booleans()) else "text"
    own = draw(st.sampled_from(["", ' href="https://meridian.example/i.png"', ' url="https://meridian.example/s"']))
    return f"<{name}{own}>{inner}</{name}>"


@st.composite
def feeds(draw: st.DrawFn) -> bytes:
    declared = [f'xmlns:{prefix}="{address}"' for prefix, address in DECLARED.items()]
    if draw(st.integers(0, 9)) == 0:
        odd = draw(st.sampled_from(ODD_DECLARED))
        names = {one.partition("=")[0] for one in odd.split()}
        declared = [one for one in declared if one.partition("=")[0] not in names] + [odd]
    spaces = " ".join(declared)
    entries = draw(st.lists(st.lists(elements(), max_size=7).map("".join), max_size=3))
    head = "".join(draw(st.lists(elements(), max_size=4)))
    start = draw(st.sampled_from(['<?xml version="1.0" encoding="utf-8"?>\n', '<?xml version="1.0"?>', "", "\n"]))
    if start and draw(st.integers(0, 7)) == 0:
        start = "\n" + start
    shape = draw(st.integers(0, 3))
    if shape == 0:
        items = "".join(f"<entry>{entry}</entry>" for entry in entries)
        return f'{start}<feed xmlns="http://www.w3.org/2005/Atom" {spaces}>{head}{items}</feed>'.encode()
    if shape == 1:
        items = "".join(f'<item rdf:about="urn:{at}">{entry}</item>' for at, entry in enumerate(entries))
        spaces = spaces.replace('xmlns:a="http://www.w3.org/2005/Atom"', 'xmlns:a="https://a.example/"')
        return (
            f'{start}<rdf:RDF xmlns="http://purl.org/rss/1.0/" {spaces}><channel>{head}</channel>{items}</rdf:RDF>'
        ).encode()
    items = "".join(f"<item>{entry}</item>" for entry in entries)
    version = draw(st.sampled_from(["2.0", "0.91", "0.92", ""]))
    return f'{start}<rss version="{version}" {spaces}><channel>{head}{items}</channel></rss>'.encode()


@settings(max_examples=600, deadline=None)
@given(feeds())
def test_what_the_plain_reader_takes_it_reads_as_feedparser_does(body: bytes) -> None:
    alike(body)


@pytest.mark.parametrize("name", ["meridian.rss", "gazette.rdf"])
def test_the_everyday_feeds_are_taken(name: str) -> None:
    assert alike((SAMPLES / name).read_bytes())
    assert parse_feed((SAMPLES / name).read_bytes(), a_feed().source, MONDAY_NOON).parser == "plain"


@pytest.mark.parametrize("kind", ["text", "html"])
def test_everyday_atom_is_taken(kind: str) -> None:
    body = (SAMPLES / "courier.atom").read_bytes()
    head, rest = body[: body.index(b"<entry>")], body[body.rindex(b"<entry>") :]

    assert alike(head + rest.replace(b"<summary>", f'<summary type="{kind}">'.encode()))


@pytest.mark.parametrize(
    "entry",
    [
        "<title>A <name>B</name></title>",
        "<title><div>A</div> <b>B</b></title>",
        '<content type="xhtml"><svg/><name>A</name></content>',
        "<title><b>A</b> <x:i xmlns:x='http://www.w3.org/1999/xlink'>B</x:i></title>",
        '<description mode="base64">QQ==</description>',
        "<pubDate>02.03.2026 12:00</pubDate>",
        "<date>2026-03-02</date>",
        "<item><title>A</title></item>",
        '<guid xml:base="https://base.example/">a</guid>',
        "<title>&eacute;</title>",
        "<media:title>undeclared</media:title>",
    ],
)
def test_what_is_doubtful_is_left_to_feedparser(entry: str) -> None:
    body = f'<?xml version="1.0"?><rss version="2.0"><channel><item>{entry}</item></channel></rss>'.encode()

    assert taken(body) is None


@pytest.mark.parametrize(
    "entry",
    [
        "<title>A <b>B</b> &amp; C</title>",
        '<title type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">A</div></title>',
        "<description>A &lt;p&gt; <a href='q'>A</a><div>B</div></description>",
        '<content type="xhtml">A <svg><title>B</title></svg> C</content>',
        "<copyright>A <i>B</i></copyright>",
        "<m:title xmlns:m='http://search.yahoo.com/mrss/'>A <b>B</b></m:title>",
    ],
)
def test_markup_in_texts_is_read_as_feedparser_does(entry: str) -> None:
    item = f"<item>{entry}<pubDate>Mon, 02 Mar 2026 12:00:00 GMT</pubDate></item>"

    assert alike(f'<?xml version="1.0"?><rss version="2.0"><channel>{item}</channel></rss>'.encode())
    assert alike(f'<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom">{item}</feed>'.encode())


def test_an_unknown_namespace_may_have_the_prefix_of_a_known_one() -> None:
    spaces = 'xmlns:syn="http://purl.org/rss/1.0/modules/syndication/" xmlns:sy="https://norland.example/sy"'
    body = "<channel><sy:period>hourly</sy:period><item><title>A</title><syn:x>1</syn:x></item></channel>"

    assert alike(f"<rss {spaces}>{body}</rss>".encode())
    assert taken(f"<rss {spaces}>{body.replace('sy:period', 'sy:link')}</rss>".encode()) is None


@settings(max_examples=100, deadline=None)
@given(feeds())
def test_it_changes_nothing_which_of_them_reads_a_feed(body: bytes) -> None:
    first = parse_feed(body, a_feed().source, MONDAY_NOON)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(parse, "read_plain", _unsure)
        again = parse_feed(body, a_feed().source, MONDAY_NOON, memory=first.memory)
        anew = parse_feed(body, a_feed().source, MONDAY_NOON)
    assert again.entries == ()
    assert keys(anew) == keys(first)


def keys(parsed: ParsedFeed) -> list[str]:
    return [entry.article.key for entry in parsed.entries]


def _unsure(*_: object) -> RawFeed:
    raise UnsureError
