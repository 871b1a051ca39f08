"""Whatever the web answers, what reads it raises nothing but its own refusals, soon, and gives clean text."""

from __future__ import annotations

import time
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from hypothesis import strategies as st

from tests.factories import MONDAY_NOON, a_feed
from tests.fuzzing import hostile, hunt
from tests.fuzzing_feeds import TYPES, feeds, pages, torn
from watchers.feed_model import HubOffer, HubState, HubSubscription, ParsedFeed
from watchers.feeds.discovery import feeds_named_in
from watchers.feeds.fulltext import read_page
from watchers.feeds.headers import fresh_for, linked, retry_after, validator
from watchers.feeds.jobs import find_text, parse_body
from watchers.feeds.parse import MOST_ENTRIES
from watchers.feeds.paywall import says_it_is_not_free
from watchers.feeds.robots import Rules
from watchers.feeds.unpack import Unpacker
from watchers.feeds.websub import SignedBody, after_asking_back
from watchers.ports import FetchError
from watchers.reading import ArticleReader, read_article

LONGEST = 5.0
"""Seconds of the processor after which a worker is ended."""
EARLIEST = datetime(1971, 1, 1, tzinfo=UTC)
FEED = a_feed().source
READER = ArticleReader(())
_KEPT = "\n\t"


@contextmanager
def in_time() -> Iterator[None]:
    began = time.process_time()
    yield
    assert time.process_time() - began < LONGEST


def is_clean(text: str) -> bool:
    """Whether a text holds no control character and no half of a character."""
    return not any(unicodedata.category(one) in {"Cc", "Cs"} and one not in _KEPT for one in text)


def parsed(body: bytes, kind: str, memory: bytes = b"", now: datetime = MONDAY_NOON) -> ParsedFeed | None:
    with in_time():
        try:
            return parse_body(None, body, FEED, now, kind, memory)
        except FetchError as error:
            assert is_clean(str(error.reason))
            return None


def test_feeds() -> None:
    def prove(body: bytes, kind: str) -> None:
        feed = parsed(body, kind)
        assert parsed(body, kind) == feed, "the same bytes, read otherwise"
        if feed is None:
            return
        assert len(feed.entries) <= MOST_ENTRIES
        assert is_clean(feed.title)
        for entry in feed.entries:
            article = entry.article
            assert is_clean(article.title + article.text + article.key)
            assert article.title or article.text
            assert "\n" not in article.title
            assert article.url is None or urlsplit(article.url).scheme in {"http", "https"}
            assert EARLIEST <= article.published <= MONDAY_NOON + timedelta(hours=1)
        again = parsed(body, kind, feed.memory, MONDAY_NOON + timedelta(minutes=15))
        assert again is not None
        assert again.entries == (), "known entries, taken for new ones"

    hunt("feeds", prove, tries=100, share=2, body=feeds(), kind=st.sampled_from(TYPES))


def test_what_feeds_say_is_read() -> None:
    def prove(body: bytes) -> None:
        feed = parsed(body, "")
        for entry in () if feed is None else feed.entries:
            with in_time():
                for finding in read_article(READER, entry.article).findings:
                    said = finding.telling.statement
                    assert is_clean(said.quote + (said.speaker or ""))

    hunt("what feeds say", prove, tries=60, body=feeds())


def test_articles_of_any_text_are_read() -> None:
    anything = st.lists(hostile(200) | st.sampled_from(["by Friday", "Norland will", ". ", "said"]), max_size=10)

    def prove(text: str, title: str) -> None:
        entry = parsed(b"<rss version='2.0'><channel><item><title>t</title></item></channel></rss>", "")
        assert entry is not None
        article = type(entry.entries[0].article)("k", "o", None, title, text, MONDAY_NOON, MONDAY_NOON.date())
        with in_time():
            for finding in read_article(READER, article).findings:
                said = finding.telling.statement
                assert 0 <= said.start < said.end

    hunt("the matcher", prove, tries=80, text=anything.map(" ".join), title=hostile(100))


def test_pages() -> None:
    url = "https://meridian.example/a"

    def prove(page: bytes, kind: str) -> None:
        with in_time():
            assert is_clean(find_text(None, page, url, kind))
        with in_time():
            told = read_page(page, url)
            assert is_clean(told.title + told.text)
        with in_time():
            for found in feeds_named_in(page, url):
                assert is_clean(found.url + found.title)
                assert urlsplit(found.url).scheme in {"http", "https"}
            says_it_is_not_free(page)

    hunt("pages", prove, tries=60, page=pages() | feeds(), kind=st.sampled_from(TYPES))


ROBOTS = st.lists(
    st.builds("{}: {}\n".format, st.sampled_from(("User-agent", "Disallow", "Allow", "Crawl-delay", "x")), hostile(60))
)


def test_robots() -> None:
    def prove(body: bytes, path: str) -> None:
        with in_time():
            leave = Rules(body).on("https://meridian.example/" + path)
            assert leave.pause is None or leave.pause >= timedelta()

    torn_rules = torn(ROBOTS.map(lambda lines: "".join(lines).encode("utf-8", "replace")))
    hunt("robots.txt", prove, tries=80, body=torn_rules, path=hostile(60))


def _unpacked(pieces: list[bytes], coding: str) -> None:
    try:
        unpacker = Unpacker(coding)
        for piece in pieces:
            list(unpacker.pieces(piece))
        unpacker.finish()
    except FetchError:
        pass


def test_headers() -> None:
    def prove(value: str, other: str, pieces: list[bytes], coding: str) -> None:
        with in_time():
            wait = retry_after(value, other)
            assert wait is None or wait >= timedelta()
            fresh_for({"Cache-Control": value, "Expires": other, "Date": value, "Age": other})
            validator(value)
            link = linked([value, other, f'<{value}>; rel="hub"'], "hub", "https://meridian.example/")
            assert link is None or is_clean(link)
            _unpacked(pieces, coding)

    headers = hostile(200) | st.sampled_from(("max-age=" + "9" * 400, "Mon, 02 Mar 2026 10:00:00 GMT", "9" * 30))
    codings = st.sampled_from(("gzip", "deflate", "br", "zstd", "gzip, br", "identity", "x"))
    pieces = st.lists(st.binary(max_size=60), max_size=3)
    hunt("headers", prove, tries=80, value=headers, other=headers, pieces=pieces, coding=codings)


def test_calls_of_hubs() -> None:
    offer = HubOffer("https://hub.example/", "https://meridian.example/rss")
    names = ("hub.mode", "hub.topic", "hub.challenge", "hub.lease_seconds", "hub.reason")
    known = st.sampled_from(("subscribe", "denied", "unsubscribe", offer.topic, "9" * 40, "-1", "٣"))

    def prove(state: HubState, query: dict[str, str], header: str | None, pieces: list[bytes]) -> None:
        subscription = HubSubscription(offer, "token", "a secret", state, MONDAY_NOON)
        decided = after_asking_back(subscription, query, MONDAY_NOON)
        if decided is not None:
            assert query.get("hub.topic") == offer.topic
            assert is_clean(decided[1])
        signed = SignedBody(header, "a secret")
        for piece in pieces:
            signed.add(piece)
        assert not signed.is_genuine

    queries = st.dictionaries(st.sampled_from(names), known | hostile(80))
    signatures = (
        st.none() | hostile(80) | st.builds("{}={}".format, st.sampled_from(("sha1", "sha256", "md5")), hostile(80))
    )
    hunt(
        *("calls of hubs", prove),
        tries=80,
        state=st.sampled_from(HubState),
        query=queries,
        header=signatures,
        pieces=st.lists(st.binary(max_size=40), max_size=3),
    )
