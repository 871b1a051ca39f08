from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from tests.factories import an_article
from tests.fakes import ScriptedFetcher
from watchers.feed_model import Fetched
from watchers.feeds.fulltext import LARGEST_PAGE, Page, complete, read_page

SUMMARY = "Norland wants an answer …"
ARTICLE = an_article(SUMMARY)
URL = str(ARTICLE.url)
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


def html(body: bytes, content_type: str = "text/html; charset=utf-8") -> Fetched:
    return Fetched(URL, body, content_type, None, None)


async def test_the_page_gives_the_whole_text() -> None:
    article = await complete(ARTICLE, ScriptedFetcher({URL: html(page(*STORY))}))

    assert all(paragraph in article.text for paragraph in STORY)
    assert "All rights reserved" not in article.text
    assert f"{STORY[0]}\n\n{STORY[1]}" in article.text
    assert replace(article, text=SUMMARY) == ARTICLE


@pytest.mark.parametrize(
    "answer",
    [
        html(page("Subscribe to read.")),
        html(b""),
        html(b"\x00\xff<<<<" * 100),
        html(page(*STORY), "application/pdf"),
        html(page(*STORY) + b" " * LARGEST_PAGE),
    ],
    ids=["stub", "empty", "garbage", "pdf", "huge"],
)
async def test_the_summary_stands_where_the_page_is_of_no_use(answer: Fetched) -> None:
    long_summary = replace(ARTICLE, text="A summary that says rather more than the stub of a page. " * 3)

    assert await complete(long_summary, ScriptedFetcher({URL: answer})) == long_summary


async def test_the_summary_stands_where_there_is_no_page() -> None:
    unlinked = replace(ARTICLE, url=None)
    fetcher = ScriptedFetcher()

    assert await complete(ARTICLE, fetcher) == ARTICLE
    assert await complete(unlinked, fetcher) == unlinked
    assert fetcher.asked == [URL]


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
