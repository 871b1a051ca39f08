"""What makes an entry one and the same between polls."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.factories import MONDAY_NOON, a_feed
from tests.loopback import Item, rss
from watchers.feeds.identity import MOST_REMEMBERED, canonical, memory_of
from watchers.feeds.parse import parse_feed

NOW = MONDAY_NOON
LONG = "Norland and Sudria opened talks on the shared harbour, and both sides said they would go on. " * 4
SHORT = "The day in five minutes."
A_DAY = timedelta(days=1)


def poll(items: Sequence[Item], memory: bytes = b"", now: datetime = NOW) -> tuple[list[str], bytes]:
    """Return the titles of the entries that are new, and the memory after."""
    parsed = parse_feed(rss(*items), a_feed().source, now, memory=memory)
    return [entry.article.title for entry in parsed.entries], parsed.memory


def an_item(name: str = "a", text: str = LONG, published: datetime = NOW - A_DAY) -> Item:
    return Item(f"Title {name}", text, guid=f"id-{name}", link=f"https://meridian.example/{name}", published=published)


def new_after(first: Item, second: Item) -> bool:
    _, memory = poll([first])
    return poll([second], memory, NOW + A_DAY)[0] != []


# --- the same, although rewritten --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "rewritten",
    [
        {},
        {"guid": "id-z"},
        {"link": "https://meridian.example/z"},
        {"published": NOW},
        {"title": "Another title"},
        {"text": "Another text"},
        {"guid": "id-z", "link": "https://moved.example/z"},
        {"guid": "id-z", "published": NOW},
        {"guid": "id-z", "link": "https://moved.example/z", "published": NOW},
        {"guid": "id-z", "title": "Another title", "text": "Another text"},
        {"guid": "id-z", "link": "http://www.meridian.example/a/?utm_source=rss#comments"},
        {"link": "https://moved.example/z", "title": "Another title", "text": "Another", "published": NOW},
    ],
    ids=str,
)
def test_an_entry_rewritten_so_is_still_known(rewritten: dict[str, Any]) -> None:
    assert not new_after(an_item(), replace(an_item(), **rewritten))


@pytest.mark.parametrize("text", [SHORT, "", LONG])
def test_new_ids_for_everything_make_nothing_new(text: str) -> None:
    items = [an_item(str(at), text, NOW - at * A_DAY) for at in range(30)]
    _, memory = poll(items)

    assert poll([replace(one, guid=f"new-{at}") for at, one in enumerate(items)], memory)[0] == []


def test_ids_and_dates_made_anew_at_each_poll_make_nothing_new() -> None:
    items = [an_item(str(at), SHORT) for at in range(9)]
    _, memory = poll(items)
    for turn in range(3):
        anew = [replace(one, guid=f"{turn}-{at}", published=NOW) for at, one in enumerate(items)]
        new, memory = poll(anew, memory)
        assert new == []


# --- another, although alike -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "other",
    [
        {"guid": "id-z", "link": "https://meridian.example/z", "text": LONG.upper() + "More."},
        {"guid": "id-z", "link": "https://meridian.example/z", "title": "Another title"},
        {"guid": "id-z", "title": "Another title", "text": "Another text", "published": NOW},
        {"guid": "id-z", "text": "Another text", "published": NOW},
    ],
    ids=["a column", "one text, two headlines", "a live page", "a page of that name"],
)
def test_an_entry_is_new_that_shares_but_one_sign(other: dict[str, Any]) -> None:
    assert new_after(an_item(), replace(an_item(), **{"published": NOW, **other}))


def test_a_column_of_one_formula_is_new_each_day() -> None:
    monday = an_item("a", SHORT)
    tuesday = replace(monday, guid="id-b", link="https://meridian.example/b", published=NOW)

    assert new_after(monday, tuesday)


def test_a_link_of_several_entries_tells_none_of_them() -> None:
    home = "https://meridian.example/"
    one, two, three = (replace(an_item(name, f"Text {name}"), link=home) for name in "abc")
    new, memory = poll([one, two])

    assert len(new) == 2
    assert poll([one, two, three], memory)[0] == ["Title c"]


# --- within one body ---------------------------------------------------------------------------------------


def test_an_entry_listed_twice_is_one() -> None:
    again = replace(an_item(), guid="id-again")

    assert poll([an_item(), again, an_item()])[0] == ["Title a"]


# --- memory ------------------------------------------------------------------------------------------------


def test_all_that_is_listed_is_remembered_and_two_thousand_before() -> None:
    memory = b""
    for start in range(0, 3_000, 500):
        new, memory = poll([an_item(str(at)) for at in range(start, start + 500)], memory)
        assert len(new) == 500

    assert len(memory) < 32 * (500 + MOST_REMEMBERED) + 10
    assert poll([an_item("500")], memory)[0] == []
    assert poll([an_item("499")], memory)[0] == ["Title 499"]


def test_a_body_with_nothing_new_changes_nothing_in_the_memory() -> None:
    items = [an_item(str(at)) for at in range(9)]
    _, memory = poll([*items, an_item("gone")])
    _, memory = poll(items, memory)

    assert poll(items, memory) == ([], memory)


def test_an_entry_that_comes_back_is_known() -> None:
    _, memory = poll([an_item("a"), an_item("b")])
    _, memory = poll([an_item("b"), an_item("c")], memory)

    assert poll([an_item("a")], memory)[0] == []


@given(st.binary(max_size=200))
def test_a_memory_of_another_form_is_none(memory: bytes) -> None:
    assert poll([an_item()], memory)[0] == ["Title a"]


def test_stored_articles_make_a_memory() -> None:
    items = [an_item("a"), an_item("b", SHORT), replace(an_item("c"), published=None)]
    entries = parse_feed(rss(*items), a_feed().source, NOW).entries
    memory = memory_of([entry.article for entry in entries])

    assert poll([*items, an_item("d")], memory)[0] == ["Title d"]
    assert poll([replace(items[0], guid="z"), replace(items[1], guid="y")], memory)[0] == []


def test_undated_entries_are_known_by_key_and_by_link_and_title() -> None:
    undated = replace(an_item(text=SHORT), published=None)

    assert not new_after(undated, undated)
    assert not new_after(undated, replace(undated, guid="z", text="Another"))


def test_a_poll_with_nothing_new_takes_no_time_for_its_memory() -> None:
    items = [an_item(str(at)) for at in range(27)]
    _, memory = poll([an_item(f"old-{at}") for at in range(900)])
    _, memory = poll(items, memory)
    poll(items, memory)
    start = time.process_time()
    for _ in range(20):
        poll(items, memory)
    assert (time.process_time() - start) / 20 < 0.02, "some milliseconds would be much"


# --- links -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "link",
    [
        "http://meridian.example/a?b=1&c=2",
        "https://www.meridian.example/a?c=2&b=1",
        "https://MERIDIAN.example:443/a/?b=1&utm_source=x&c=2&fbclid=9#top",
    ],
)
def test_links_that_lead_to_one_page_are_one(link: str) -> None:
    assert canonical(link) == canonical("https://meridian.example/a?b=1&c=2")


@pytest.mark.parametrize("link", ["/a?b=1", "/a?b=1&c=3", "/A?b=1&c=2", "/a/b?b=1&c=2", "/a?b=1&c=2#!/page"])
def test_links_that_lead_elsewhere_are_others(link: str) -> None:
    assert canonical("https://meridian.example" + link) != canonical("https://meridian.example/a?b=1&c=2")
