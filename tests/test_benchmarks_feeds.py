"""The benchmark of reading feeds makes feeds that are whole, distinct and the same each time, and serves them."""

from __future__ import annotations

import calendar
import io
import shutil
import tarfile
import tempfile
import urllib.error
import urllib.request
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import feedparser
import pytest

from benchmarks.feeds.corpus import OLDEST, composed, described, identity, made_corpus
from benchmarks.feeds.farm import Farm, nginx
from benchmarks.feeds.news import Addition, additions, changing, with_new
from benchmarks.feeds.results import Result, targets
from benchmarks.feeds.rewriting import owned
from benchmarks.feeds.sources import Kind, Source, source_of
from watchers.matcher.match import read_item

NEWEST = datetime(2026, 3, 2, 6, tzinfo=UTC)
WORDS = "The harbour slept, and nobody counted the boats. " * 12

RSS = """<?xml version="1.0" encoding="iso-8859-1"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>
<title>Qu\u00e9bec Quay</title>{}</channel></rss>
"""
RSS_ITEM = """<item><title><![CDATA[Boats & ropes {0}]]></title><link>https://quay.example/{0}</link>
<guid isPermaLink="false">quay {0}</guid><pubDate>Mon, 02 Feb 2015 10:00:00 GMT</pubDate>
<content:encoded><![CDATA[<p>Caf\u00e9 {0}. {1}</p>]]></content:encoded></item>"""
ATOM = """<?xml version="1.0"?>
<feed xmlns="http://www.w3.org/2005/Atom"><title>Heron</title><id>urn:heron</id>{}</feed>"""
ATOM_ENTRY = """<entry><title>Heron {0}</title><id>urn:heron:{0}</id><link rel="self" href="https://h.example/s/{0}"/>
<link href="https://h.example/{0}" rel='alternate'/><updated>2015-02-02T10:00:00Z</updated>
<source><title>Elsewhere</title><id>urn:elsewhere</id></source><summary>&lt;p&gt;{1}&lt;/p&gt;</summary></entry>"""
RDF = """<?xml version="1.0"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
 xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="https://r.example/"><title>R</title></channel>{}</rdf:RDF>"""
RDF_ITEM = """<item rdf:about="https://r.example/{0}"><title>R {0}</title><link>https://r.example/{0}</link>
<dc:date>2015-02-02</dc:date><description>{1}</description></item>"""


def feed(frame: str, item: str, count: int = 6) -> str:
    return frame.format("\n".join(item.format(number, WORDS) for number in range(count)))


FILES = {
    "quay.rss": feed(RSS, RSS_ITEM).encode("iso-8859-1"),
    "heron.atom": feed(ATOM, ATOM_ENTRY).encode(),
    "r.rdf": feed(RDF, RDF_ITEM).encode(),
}


@pytest.fixture(scope="module")
def sources() -> Sequence[Source]:
    found = [source_of(name, body) for name, body in FILES.items()]
    assert [source and source.kind for source in found] == [Kind.RSS, Kind.ATOM, Kind.RDF]
    return [source for source in found if source is not None]


@pytest.fixture
def archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    path = tmp_path / "feeds.tar.xz"
    with tarfile.open(path, "w:xz") as files:
        for name, body in {**FILES, "broken.rss": b"<rss>" + b"x" * 5_000, "small.rss": b"<rss/>"}.items():
            entry = tarfile.TarInfo(f"project/{name}")
            entry.size = len(body)
            files.addfile(entry, io.BytesIO(body))
    return path


def parsed(body: bytes) -> Any:
    return feedparser.parse(io.BytesIO(body), response_headers={"content-type": "application/xml"})


def stamp(entry: Any) -> datetime:
    return datetime.fromtimestamp(calendar.timegm(entry.get("published_parsed") or entry["updated_parsed"]), UTC)


def test_the_same_sources_give_the_same_feeds(sources: Sequence[Source]) -> None:
    once, again, other = ([body for _, body in composed(sources, 9, seed, NEWEST)] for seed in (1, 1, 2))
    assert once == again
    assert once != other


def test_each_feed_is_whole_and_has_entries_of_its_own(sources: Sequence[Source]) -> None:
    known: dict[str, list[str]] = {"id": [], "link": [], "title": []}
    total = 0
    for made, body in composed(sources, 12, 1, NEWEST):
        document = parsed(body)
        assert not document.bozo
        assert len(document.entries) == made.entries
        assert body[made.first :].startswith((b"<item", b"<entry"))
        assert all(NEWEST - OLDEST <= stamp(entry) <= NEWEST for entry in document.entries)
        total += made.entries
        for key, values in known.items():
            values += [entry[key] for entry in document.entries]
    assert all(len(set(values)) == total for values in known.values())
    assert total / 12 == pytest.approx(27, abs=1)


def test_texts_keep_their_markup_and_encoding(sources: Sequence[Source]) -> None:
    bodies = {made.kind: (made, body) for made, body in composed(sources, 9, 1, NEWEST)}
    made, body = bodies[Kind.RSS]
    assert made.encoding == "iso-8859-1"
    assert "<![CDATA[<p>Café ".encode("iso-8859-1") in body
    assert made.cdata == made.html == made.entries
    assert b"&lt;p&gt;The harbour" in bodies[Kind.ATOM][1]
    assert bodies[Kind.ATOM][0].cdata == 0


def test_only_the_identity_of_an_entry_changes(sources: Sequence[Source]) -> None:
    known = identity(7, 3, NEWEST)
    rss, atom, rdf = (owned(source.items[0], known) for source in sources)
    assert f"<title><![CDATA[Boats & ropes 0 {known.mark}]]></title><link>{known.url}</link>".encode() in rss
    assert b"<pubDate>Mon, 02 Mar 2026 06:00:00 GMT</pubDate>" in rss
    assert f'href="https://h.example/s/0"/>\n<link href="{known.url}"'.encode() in atom
    assert b"<updated>2026-03-02T06:00:00Z</updated>\n<source><title>Elsewhere</title><id>urn:elsewhere</id>" in atom
    assert rdf.startswith(f'<item rdf:about="{known.url}"><title>R 0 {known.mark}</title>'.encode())


def test_a_title_may_hold_markup() -> None:
    marked = ATOM_ENTRY.replace("<title>Heron {0}</title>", "<title type='xhtml'><i>Heron</i> {0}</title>")
    source = source_of("marked", feed(ATOM, marked).encode())
    assert source is not None
    assert b"<i>Heron</i> 0 (7/3)</title>" in owned(source.items[0], identity(7, 3, NEWEST))


def test_entries_of_others_bring_their_namespaces() -> None:
    plain = feed(RSS, RSS_ITEM).replace("iso-8859-1", "utf-8")
    credited = plain.replace("<rss", '<rss xmlns:dc="http://purl.org/dc/elements/1.1/"').replace(
        "<guid", "<dc:creator>Ada</dc:creator><guid"
    )
    files = {"plain": plain, "credited": credited}
    pair = [source for name, body in files.items() if (source := source_of(name, body.encode())) is not None]
    bodies = [body for _, body in composed(pair, 4, 1, NEWEST)]
    assert all(b"<dc:creator>" in body and not parsed(body).bozo for body in bodies)


@pytest.mark.parametrize(
    "body",
    [
        feed(ATOM, ATOM_ENTRY).replace("</feed>", "").encode(),
        feed(ATOM, ATOM_ENTRY, count=2).encode() + b" " * 5_000,
        feed(ATOM, ATOM_ENTRY).replace("<source>", "<lost:source/><source>").encode(),
        feed(ATOM, ATOM_ENTRY)
        .replace("<source>", "<entry><source>")
        .replace("</source>", "</source></entry>")
        .encode(),
        feed(ATOM, ATOM_ENTRY).replace("<feed", "<!DOCTYPE feed><feed").encode(),
        feed(ATOM, ATOM_ENTRY).replace("2005/Atom", "2003/Atom").encode(),
        feed(RSS, RSS_ITEM).encode("utf-16"),
    ],
    ids=["cut off", "two entries", "unknown prefix", "nested", "document type", "old Atom", "wrong encoding"],
)
def test_what_is_not_whole_is_no_source(body: bytes) -> None:
    assert source_of("feed", body) is None


def test_something_new_stands_at_the_top_of_every_tenth_feed(sources: Sequence[Source]) -> None:
    feeds = list(composed(sources, 60, 1, NEWEST))
    new = additions([made for made, _ in feeds], sources, 3)
    assert list(new) == changing(60, 3) == [3, 13, 23, 33, 43, 53]
    now = NEWEST + timedelta(hours=1)
    for number, some in new.items():
        made, body = feeds[number]
        document = parsed(with_new(made, body, some, now))
        assert not document.bozo
        assert len(document.entries) == made.entries + len(some)
        assert {stamp(entry) for entry in document.entries[: len(some)]} == {now}
        assert len({entry["link"] for entry in document.entries}) == len(document.entries)
    announced = [one for some in new.values() for one in some if one.model is None]
    assert 2 * len(announced) == sum(map(len, new.values()))


def test_what_is_announced_is_found_in_every_format(sources: Sequence[Source]) -> None:
    quotes = set()
    for made, body in composed(sources, 30, 1, NEWEST):
        top = parsed(with_new(made, body, (Addition("new", None),), NEWEST)).entries[0]
        html = top["content"][0]["value"] if "content" in top else top["summary"]
        text = html.replace("<p>", "").replace("</p>", "\n")
        statements = read_item(f"{top['title']}.\n\n{text}", NEWEST.date())
        assert len(statements) == 1, [statement.quote for statement in statements]
        quotes.add(statements[0].quote)
    assert len(quotes) == 30


def test_made_feeds_are_kept_for_the_next_run(archive: Path) -> None:
    corpus = made_corpus(archive, 6, now=NEWEST)
    written = corpus.path(0).stat().st_mtime_ns, corpus.path(0).read_bytes()
    corpus.path(0).write_bytes(b"touched")
    assert made_corpus(archive, 6, now=NEWEST + timedelta(hours=5)) == corpus
    assert corpus.path(0).read_bytes() == b"touched"
    assert made_corpus(archive, 6, now=NEWEST + timedelta(hours=6)).folder != corpus.folder
    shutil.rmtree(corpus.folder)
    assert made_corpus(archive, 6, now=NEWEST) == corpus
    assert (corpus.path(0).stat().st_mtime_ns, corpus.path(0).read_bytes()) == written
    lines = list(described(corpus.feeds))
    assert lines[0].startswith("6 feeds")
    assert f"entries: {sum(made.entries for made in corpus.feeds)}" in lines[2]


@pytest.mark.skipif(nginx() is None, reason="nginx is not installed")
def test_the_farm_serves_what_was_published_and_then_what_was_at_first(archive: Path, tmp_path: Path) -> None:
    corpus = made_corpus(archive, 6, now=NEWEST)
    served = tmp_path / "served"
    served.mkdir()
    with Farm(corpus, served) as farm:
        url = farm.urls()[4]
        status, etag, body = asked(url)
        assert (status, body) == (200, corpus.path(4).read_bytes())
        assert asked(url, etag)[0] == 304
        farm.publish(4, b"<rss/>")
        assert asked(url, etag)[::2] == (200, b"<rss/>")
        farm.restore()
        assert asked(url, etag)[0] == 304


def asked(url: str, etag: str = "") -> tuple[int, str, bytes]:
    try:
        with urllib.request.urlopen(urllib.request.Request(url, headers={"If-None-Match": etag})) as answer:  # noqa: S310
            return answer.status, answer.headers["ETag"], answer.read()
    except urllib.error.HTTPError as error:
        error.close()
        return error.code, "", b""


def test_targets_compare_our_rate_with_theirs() -> None:
    ours = Result("ours", {"first": {"feeds": 2_000, "seconds": 4}, "live": {"median": 1.5}}, 251.0, 300.0)
    loop = Result("loop", {"first": {"feeds": 500, "seconds": 20}}, 30.0, 40.0)
    lines = [target.line() for target in targets([loop, ours])]
    assert "first pass, feeds/s" in lines[0]
    assert lines[0].endswith("≥ 350: yes")
    assert lines[3].split()[-4:] == ["20.0", "≥", "18:", "yes"]
    assert lines[4].endswith("not measured")
    assert lines[6].endswith("≤ 250: NO")
    assert lines[8].endswith("≤ 1: NO")
