from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from tests.factories import an_article
from tests.fakes import ScriptedFetcher
from watchers.feed_model import Fetched, Reason
from watchers.feeds.fulltext import LARGEST_PAGE, Page, fetch_page, fuller, page_text, read_page
from watchers.feeds.robots import Robots
from watchers.ports import FetchError

SUMMARY = "Norland wants an answer …"
ARTICLE = an_article(SUMMARY)
URL = str(ARTICLE.url)
ROBOTS = "https://meridian.example/robots.txt"
STORY = [
    "Norland wants an answer from its neighbour before the week is out, its foreign minister told reporters here.",
    "The two governments have quarrelled over the harbour of Vadehavn since the autumn storms closed the strait.",
    "A reply by Friday would let the ferries sail again in time for the spring fishing season, officials hope.",
]


def page(*paragraphs: str) -> bytes:
    body = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return (
        "<!DOCTYPE html><html><head><title>Norland to withdraw</title></head><body><nav><a href='/'>Home</a></nav>"
        f"<article><h1>Norland to withdraw</h1>{body}</article><footer>All rights reserved</footer></body></html>"
    ).encode()


def site(robots: bytes | Exception = b"", answer: bytes | Fetched | Exception = b"<p>A page</p>") -> ScriptedFetcher:
    return ScriptedFetcher({URL: answer, ROBOTS: robots})


async def test_a_page_is_fetched_with_its_sites_leave() -> None:
    fetcher = site()
    fetched = await fetch_page(ARTICLE, fetcher, Robots(fetcher))

    assert fetched is not None
    assert fetched.body == b"<p>A page</p>"
    assert fetcher.asked == [ROBOTS, URL]


async def test_pages_are_asked_for_as_slowly_as_their_site_wishes() -> None:
    fetcher = site(b"User-agent: *\nCrawl-delay: 12")
    await fetch_page(ARTICLE, fetcher, Robots(fetcher))

    assert fetcher.pauses == [None, timedelta(seconds=12)]


@pytest.mark.parametrize(
    "robots",
    [
        b"User-agent: *\nDisallow: /",
        b"User-agent: Aide-Memoire\nDisallow: /a-",
        FetchError(Reason("the server failed (500)"), status=500),
    ],
)
async def test_a_page_is_not_asked_for_without_leave(robots: bytes | Exception) -> None:
    fetcher = site(robots)

    assert await fetch_page(ARTICLE, fetcher, Robots(fetcher)) is None
    assert fetcher.asked == [ROBOTS]


async def test_a_page_is_not_taken_from_where_it_leads_to_without_leave() -> None:
    fetcher = site(answer=Fetched("https://paid.example/a-1", b"<p>A page</p>", "text/html", None, None))
    fetcher.answers["https://paid.example/robots.txt"] = b"User-agent: *\nDisallow: /"

    assert await fetch_page(ARTICLE, fetcher, Robots(fetcher)) is None


async def test_a_page_is_not_waited_for_for_ever() -> None:
    class Slow(ScriptedFetcher):
        async def fetch(self, url: str, **_: Any) -> Fetched:
            await asyncio.sleep(0 if url == ROBOTS else 60)
            return await super().fetch(url)

    fetcher = Slow({URL: b"<p>A page</p>", ROBOTS: b""})
    assert await fetch_page(ARTICLE, fetcher, Robots(fetcher), timedelta(seconds=0.05)) is None


async def test_there_is_no_page_without_a_link_or_an_answer() -> None:
    fetcher = site(answer=FetchError(Reason("the server failed (500)"), status=500))

    assert await fetch_page(ARTICLE, fetcher, Robots(fetcher)) is None
    assert await fetch_page(replace(ARTICLE, url=None), fetcher, Robots(fetcher)) is None


def test_the_page_gives_the_whole_text() -> None:
    text = page_text(page(*STORY), URL, "text/html; charset=utf-8")

    assert f"{STORY[0]}\n\n{STORY[1]}" in text
    assert STORY[2] in text
    assert "All rights reserved" not in text
    assert fuller(ARTICLE, text) == text


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"", "text/html"),
        (b"\x00\xff<<<<" * 100, "text/html"),
        (page(*STORY), "application/pdf"),
        (page(*STORY) + b" " * LARGEST_PAGE, "text/html"),
        (page(*STORY).replace(b"</head>", b"<meta name='article:content_tier' content='locked'></head>"), "text/html"),
    ],
    ids=["empty", "garbage", "pdf", "huge", "paid"],
)
def test_a_page_of_no_use_gives_no_text(body: bytes, content_type: str) -> None:
    assert page_text(body, URL, content_type) == ""


def test_a_stub_does_not_take_the_place_of_a_summary() -> None:
    summary = replace(ARTICLE, text="A summary that says rather more than the stub of a page. " * 3)

    assert fuller(summary, page_text(page("Subscribe to read."), URL, "text/html")) is None
    assert fuller(summary, "") is None


def test_a_page_tells_its_title_its_text_and_the_day_it_declares() -> None:
    stamp = b"<meta property='article:published_time' content='2026-02-25T23:30:00+01:00'></head>"
    read = read_page(page(*STORY).replace(b"</head>", stamp), URL)
    assert (read.title, read.day) == ("Norland to withdraw", date(2026, 2, 25))
    assert f"{STORY[0]}\n\n{STORY[1]}" in read.text


def test_a_page_that_declares_no_day_has_none_though_its_text_names_some() -> None:
    assert read_page(page(*STORY, "It must be done by 9 March 2026, they said."), URL).day is None


@pytest.mark.parametrize("body", [b"", b"\0\xff", b"<html>", b"<div>" * 50_000])
def test_a_page_that_is_none_says_nothing(body: bytes) -> None:
    assert read_page(body, URL) == Page("", "", None)
