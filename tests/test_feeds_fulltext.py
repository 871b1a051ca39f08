from __future__ import annotations

from dataclasses import replace

import pytest

from tests.factories import an_article
from tests.fakes import ScriptedFetcher
from watchers.feeds.fulltext import LARGEST_PAGE, complete
from watchers.model import Fetched

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
