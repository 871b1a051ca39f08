from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.factories import MONDAY_NOON, a_feed
from watchers.feed_model import ParsedFeed
from watchers.feeds.parse import parse_feed
from watchers.ports import FetchError

VERSION = "https://jsonfeed.org/version/1.1"


def parse(**members: object) -> ParsedFeed:
    return parse_feed(json.dumps({"version": VERSION, "items": [], **members}).encode(), a_feed().source, MONDAY_NOON)


def test_a_json_feed_as_it_should_be_read() -> None:
    item = {
        "id": 7,
        "url": "https://meridian.example/7",
        "title": "Less than <b>three</b> days",
        "content_html": "<p>Norland will sign.</p><p>Sudria waits.</p>",
        "summary": "Norland signs",
        "date_published": "2026-03-02T08:00:00-01:00",
    }
    hubs = [{"type": "rssCloud", "url": "https://x.example/"}, {"type": "WebSub", "url": "https://hub.example/"}]
    parsed = parse(title="The Meridian", items=[item], hubs=hubs, feed_url="https://meridian.example/feed.json")
    (entry,) = parsed.entries

    assert (parsed.title, parsed.parser, parsed.listed) == ("The Meridian", "JSON Feed", 1)
    assert (parsed.hub, parsed.topic) == ("https://hub.example/", "https://meridian.example/feed.json")
    assert (entry.article.key, entry.article.url) == ("7", "https://meridian.example/7")
    assert entry.article.title == "Less than <b>three</b> days"
    assert entry.article.text == "Norland will sign.\n\nSudria waits."
    assert entry.article.published == datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("item", "key", "text"),
    [
        ({"content_text": "Words <b>as they are</b>"}, None, "Words <b>as they are</b>"),
        ({"url": "https://meridian.example/a", "title": "A"}, "https://meridian.example/a", ""),
        ({"external_url": "https://meridian.example/b", "summary": "S"}, "https://meridian.example/b", "S"),
        ({"id": True, "title": ["x"], "content_text": "T", "date_published": 5}, None, "T"),
    ],
)
def test_what_an_item_may_lack(item: dict[str, Any], key: str | None, text: str) -> None:
    (entry,) = parse(items=[item]).entries

    assert entry.article.text == text
    assert entry.article.published == MONDAY_NOON
    assert entry.article.key == key if key else entry.article.key.startswith("sha256:")


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b'{"version": "https://jsonfeed.org/version/1.1", "items": [', "not proper JSON"),
        (b'{"version": "https://jsonfeed.org/version/1.1"}', "not a JSON Feed"),
        (b'{"items": []}', "not a JSON Feed"),
        (b"[1, 2]", "not a JSON Feed"),
        (b"[" * 400_000, "not proper JSON"),
        (b"[" * 600_000, "more than 500,000 values"),
        (b'{"n": ' + b"9" * 20_000 + b"}", "not proper JSON"),
        (b'{"a": "\xff"}', "not proper JSON"),
    ],
    ids=["cut off", "no items", "no version", "a list", "deep", "deeper", "a long number", "no UTF-8"],
)
def test_what_is_no_json_feed_is_told_in_words(body: bytes, reason: str) -> None:
    with pytest.raises(FetchError, match=reason):
        parse_feed(body, a_feed().source, MONDAY_NOON)


def test_many_items_are_bounded() -> None:
    parsed = parse(items=[{"id": str(at), "title": "A"} for at in range(3_000)])

    assert len(parsed.entries) == 500
    assert "lists 3,000 entries" in str(parsed.problems[0])


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
MEMBERS = st.sampled_from(["id", "url", "title", "content_html", "content_text", "summary", "date_published"])


@given(st.lists(st.dictionaries(MEMBERS, VALUES) | VALUES, max_size=4), VALUES, VALUES)
def test_any_values_give_a_feed(items: list[object], title: object, hubs: object) -> None:
    parsed = parse(items=items, title=title, hubs=hubs)

    assert parsed.parser == "JSON Feed"
