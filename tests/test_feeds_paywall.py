from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watchers.feeds.paywall import says_it_is_not_free


def page(head: str) -> bytes:
    return f"<!doctype html><html><head>{head}</head><body><p>The ferry sails at nine.</p></body></html>".encode()


def data(told: Any, kind: str = "application/ld+json") -> bytes:
    return page(f'<script type="{kind}">{told if isinstance(told, str) else json.dumps(told)}</script>')


ARTICLE = {"@context": "https://schema.org", "@type": "NewsArticle", "headline": "Ferry"}
PART = {"@type": "WebPageElement", "isAccessibleForFree": "False", "cssSelector": ".paid"}


@pytest.mark.parametrize(
    "walled",
    [
        data({**ARTICLE, "isAccessibleForFree": False}),
        data({**ARTICLE, "isAccessibleForFree": "False"}),
        data({**ARTICLE, "isAccessibleForFree": "http://schema.org/False"}),
        data([{"@type": "Organization"}, {**ARTICLE, "isAccessibleForFree": "false"}]),
        data({"@graph": [{"@type": "WebSite"}, {**ARTICLE, "isAccessibleForFree": False}]}),
        data({**ARTICLE, "hasPart": PART}),
        data({**ARTICLE, "isAccessibleForFree": True, "hasPart": [PART]}),
        data({"@type": "WebPage", "mainEntity": {**ARTICLE, "isAccessibleForFree": False}}),
        data({**ARTICLE, "isAccessibleForFree": False}, "Application/LD+JSON; charset=utf-8"),
        data('{"headline": "A tab\tand no end", "isAccessibleForFree" : "False", '),
        data('{"headline": "A tab\t", "isAccessibleForFree": false}'),
        page('<meta name="article:content_tier" content="locked">'),
        page('<meta property="article:content_tier" content="Metered" />'),
        page("<META content=metered PROPERTY=article:content_tier>"),
        page('<meta itemprop="isAccessibleForFree" content="False">'),
        page("<title>A &lt; B</title><!-- <script> --><meta name='article:content_tier' content='locked'>"),
        page("<script>if (a < b) {}</script><meta name='article:content_tier' content='locked'>"),
        page('<meta charset="utf-16"><meta name="article:content_tier" content="locked">'),
        page('<meta charset="iso-8859-99"><meta name="article:content_tier" content="locked">'),
        page('<meta charset="windows-1252"><meta name="article:content_tier" content="locked">'),
    ],
)
def test_a_page_that_says_it_is_not_free(walled: bytes) -> None:
    assert says_it_is_not_free(walled)


@pytest.mark.parametrize(
    "free",
    [
        b"",
        b"\x00\xff<<<",
        page(""),
        data(ARTICLE),
        data({**ARTICLE, "isAccessibleForFree": True}),
        data({**ARTICLE, "isAccessibleForFree": "True"}),
        data({"@type": "ItemList", "itemListElement": [{**ARTICLE, "isAccessibleForFree": False}]}),
        data({**ARTICLE, "isAccessibleForFree": False}, "text/javascript"),
        data("[" * 100_000),
        page('<meta name="article:content_tier" content="free">'),
        page('<!-- <meta name="article:content_tier" content="locked"> -->'),
        page('<script>\'<meta name="article:content_tier" content="locked">\'</script>'),
        page('<meta name="description" content="isAccessibleForFree: false">'),
    ],
)
def test_a_page_that_does_not_say_so(free: bytes) -> None:
    assert not says_it_is_not_free(free)


@given(st.text(alphabet="<>!-/=\"' scriptmetald+jon{}[]:,falsehasPart@graph\\", max_size=400))
def test_whatever_a_page_holds_it_is_judged(text: str) -> None:
    says_it_is_not_free(text.encode())
    says_it_is_not_free(data(text))
