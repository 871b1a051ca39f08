from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes import ScriptedFetcher
from watchers.feed_model import Fetched, Reason
from watchers.feeds.discovery import MOST_REQUESTS, WELL_KNOWN, FoundFeed, feeds_named_in, find_feeds
from watchers.ports import FetchError

SITE = "https://meridian.example/"
FEED = b"<rss><channel><title>The Meridian</title></channel></rss>"


def page(head: str = "", body: str = "") -> bytes:
    return f"<!doctype html><html><head><title>The Meridian</title>{head}</head><body>{body}</body></html>".encode()


def alternate(href: str, kind: str = "application/rss+xml", title: str = "") -> str:
    return f'<link rel="alternate" type="{kind}" title="{title}" href="{href}">'


async def is_feed(answer: Fetched) -> bool:
    return (answer.body or b"").startswith(b"<rss")


def urls(*feeds: FoundFeed) -> list[str]:
    return [feed.url for feed in feeds]


def test_feeds_that_a_page_declares_come_first_and_those_of_comments_last() -> None:
    head = (
        alternate("/comments/feed", title="The Meridian » Comments")
        + alternate("/rss", title="The Meridian &amp; more")
        + alternate("https://feeds.example/atom", "application/atom+xml")
        + alternate("feed.json", "Application/Feed+JSON; charset=utf-8")
    )
    found = feeds_named_in(page(head, '<a href="/world/rss">World</a>'), SITE + "front/")

    assert found == (
        FoundFeed(SITE + "rss", "The Meridian & more"),
        FoundFeed("https://feeds.example/atom", ""),
        FoundFeed(SITE + "front/feed.json", ""),
        FoundFeed(SITE + "comments/feed", "The Meridian » Comments"),
        FoundFeed(SITE + "world/rss", "World"),
    )


@pytest.mark.parametrize(
    "head",
    [
        '<link rel="stylesheet" type="text/css" href="/feed">',
        '<link rel="alternate" hreflang="de" href="/de/">',
        alternate("/oembed?format=json", "application/json"),
        alternate("/wp-json/v2/posts", "application/json"),
        alternate("javascript:alert(1)"),
        alternate("data:text/xml,x"),
        alternate("http://[::1"),
        alternate(""),
        "<!-- " + alternate("/old") + " -->",
        "<script>document.write('" + alternate("/written") + "')</script>",
    ],
)
def test_what_is_no_feed_is_not_named(head: str) -> None:
    assert feeds_named_in(page(head), SITE) == ()


@pytest.mark.parametrize(
    ("href", "named"),
    [
        ("/rss", True),
        ("/world/feed/", True),
        ("/world.xml", True),
        ("/atom", True),
        ("/news.rss?x=1", True),
        ("/sitemap.xml", False),
        ("/feedback", False),
        ("/about", False),
        ("mailto:rss", False),
    ],
)
def test_links_that_end_as_feeds_do_are_a_second_choice(href: str, *, named: bool) -> None:
    assert bool(feeds_named_in(page(body=f"<a class=x href='{href}'><b>Feed</b></a>"), SITE)) is named


def test_relative_addresses_are_taken_from_the_base_of_the_page_and_none_twice() -> None:
    head = '<base href="https://www.meridian.example/en/">' + alternate("rss") + alternate("/en/rss", title="again")
    assert urls(*feeds_named_in(page(head), SITE)) == ["https://www.meridian.example/en/rss"]


def test_a_title_is_read_in_the_encoding_of_its_page() -> None:
    declared = page('<meta charset="iso-8859-1">' + alternate("/rss", title="Météo")).decode().encode("iso-8859-1")
    assert feeds_named_in(declared, SITE) == (FoundFeed(SITE + "rss", "Météo"),)


@given(st.binary(max_size=300), st.text(alphabet="<>!-/='\" linkbaserhtyp", max_size=300))
def test_whatever_a_page_holds_only_web_addresses_are_named(body: bytes, text: str) -> None:
    for feed in feeds_named_in(body + text.encode() + alternate(text).encode(), SITE):
        assert urlsplit(feed.url).scheme in {"http", "https"}


@pytest.mark.parametrize(
    "typed", ["https://meridian.example/rss", "meridian.example/rss", " feed:https://meridian.example/rss\n"]
)
async def test_a_feed_is_found_by_its_own_address(typed: str) -> None:
    fetcher = ScriptedFetcher({SITE + "rss": FEED})
    assert await find_feeds(typed, fetcher, is_feed) == (FoundFeed(SITE + "rss", ""),)
    assert fetcher.asked == [SITE + "rss"]


async def test_a_site_without_tls_is_found_too() -> None:
    fetcher = ScriptedFetcher({"http://meridian.example/rss": FEED})
    assert urls(*await find_feeds("meridian.example/rss", fetcher, is_feed)) == ["http://meridian.example/rss"]


async def test_a_feed_that_has_moved_for_good_is_found_where_it_is() -> None:
    moved = Fetched(SITE + "b", FEED, "", None, None, moved_to=SITE + "b")
    lent = Fetched(SITE + "c", FEED, "", None, None)
    fetcher = ScriptedFetcher({SITE + "rss": moved, SITE + "now": lent})
    assert urls(*await find_feeds(SITE + "rss", fetcher, is_feed)) == [SITE + "b"]
    assert urls(*await find_feeds(SITE + "now", fetcher, is_feed)) == [SITE + "now"]


async def test_the_feeds_that_a_site_names_are_those_that_are_feeds() -> None:
    front = page(alternate("/gone") + alternate("/page") + alternate("/rss", title="All") + alternate("/world"))
    fetcher = ScriptedFetcher({SITE: front, SITE + "page": page(), SITE + "rss": FEED, SITE + "world": FEED})
    assert await find_feeds(SITE, fetcher, is_feed) == (FoundFeed(SITE + "rss", "All"), FoundFeed(SITE + "world", ""))


async def test_where_a_site_names_none_the_usual_places_are_asked() -> None:
    fetcher = ScriptedFetcher({SITE + "world/": page(), SITE + "atom.xml": FEED, SITE + "index.xml": FEED})
    assert urls(*await find_feeds("meridian.example/world/", fetcher, is_feed)) == [SITE + "atom.xml"]


async def test_a_site_without_feeds_has_none() -> None:
    fetcher = ScriptedFetcher({SITE: page()})
    assert await find_feeds("meridian.example", fetcher, is_feed) == ()
    assert fetcher.asked[1:] == [SITE.rstrip("/") + path for path in WELL_KNOWN]


async def test_no_more_than_ten_addresses_are_asked() -> None:
    front = page("".join(alternate(f"/{number}") for number in range(30)))
    fetcher = ScriptedFetcher({SITE: front})
    await find_feeds(SITE, fetcher, is_feed)
    assert len(fetcher.asked) == MOST_REQUESTS


async def test_why_a_site_cannot_be_read_is_told() -> None:
    gone = FetchError(Reason("there is nothing at this address (404)"), status=404)
    with pytest.raises(FetchError, match="nothing at this address"):
        await find_feeds(SITE + "x", ScriptedFetcher({SITE + "x": gone}), is_feed)

    nobody = FetchError(Reason("the name meridian.example cannot be found (DNS)"))
    fetcher = ScriptedFetcher({SITE: nobody, "http://meridian.example": nobody})
    with pytest.raises(FetchError, match="DNS"):
        await find_feeds("meridian.example", fetcher, is_feed)
    assert len(fetcher.asked) == 2


@pytest.mark.parametrize(
    "typed", ["", "https://", "ftp://meridian.example/", "javascript:alert(1)", "http://[", "a b@c"]
)
async def test_what_is_no_address_is_refused(typed: str) -> None:
    fetcher = ScriptedFetcher()
    with pytest.raises(FetchError, match=r"is not a web address|nothing at this address"):
        await find_feeds(typed, fetcher, is_feed)
