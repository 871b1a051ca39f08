"""Feeds that mean harm, or look as if they did."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.factories import MONDAY_NOON, a_feed
from tests.loopback import Item, rss
from watchers.feed_model import ParsedFeed
from watchers.feeds.parse import MOST_ENTRIES, parse_feed
from watchers.ports import FetchError

NOW = MONDAY_NOON


FEED = a_feed().source


def swift(body: bytes) -> ParsedFeed | FetchError:
    """Parse a body that means harm; it must not take long, whatever comes of it."""
    start = time.process_time()
    try:
        outcome: ParsedFeed | FetchError = parse_feed(body, FEED, NOW)
    except FetchError as error:
        outcome = error
    assert time.process_time() - start < 10  # the worst takes two or three seconds; others are busy too
    return outcome


def declaring(entities: str, text: str) -> bytes:
    doctype = f"<!DOCTYPE rss [{entities}]>".encode()
    return rss(Item("Bomb", "BODY")).replace(b"<rss ", doctype + b"<rss ", 1).replace(b"BODY", text.encode())


def test_entities_that_multiply_are_refused() -> None:
    names = [f"e{level}" for level in range(10)]
    nested = "".join(
        f'<!ENTITY {name} "{"lol" if level == 0 else f"&{names[level - 1]};" * 10}">'
        for level, name in enumerate(names)
    )

    outcome = swift(declaring(nested, "&e9;"))

    assert "entities that would blow up" in str(outcome)


def test_one_long_entity_told_often_is_refused() -> None:
    outcome = swift(declaring(f'<!ENTITY a "{"x" * 50_000}">', "&a;" * 50_000))

    assert "entities that would blow up" in str(outcome)


def test_honest_entities_and_files_of_the_machine() -> None:
    outcome = swift(declaring('<!ENTITY eacute "&#233;"><!ENTITY f SYSTEM "file:///etc/hostname">', "Caf&eacute; &f;"))

    assert isinstance(outcome, ParsedFeed)
    assert outcome.entries[0].article.text.startswith("Café")
    assert len(outcome.entries[0].article.text) < 12


def test_two_hundred_thousand_entries_are_bounded() -> None:
    body = rss().replace(b"</channel>", b"<item><title>t</title><guid>%d</guid></item>" * 200_000 + b"</channel>")
    numbered = body % tuple(range(200_000))

    outcome = swift(numbered)

    assert isinstance(outcome, ParsedFeed)
    assert len(outcome.entries) == MOST_ENTRIES
    assert str(outcome.problems[0]) == "the feed lists 200,000 entries; only the first 1,000 are read"


def test_the_newest_are_kept_wherever_they_stand() -> None:
    items = [Item(f"{n}", guid=f"{n}", published=NOW - timedelta(hours=900 - n)) for n in range(900)]

    kept = [entry.article for entry in parse_feed(rss(*items), FEED, NOW).entries]

    assert [article.title for article in (kept[0], kept[-1])] == ["899", "400"]


@pytest.mark.parametrize(
    "body",
    [
        rss(Item("A", "<b>" * 200_000 + "x")),
        rss(Item("A")).replace(b"<item>", b"<a>" * 99_000 + b"<item>"),
        rss(Item("A")).replace(b"<item>", b"<a/>" * 99_000 + b"<item>"),
        rss(Item("A")).replace(b"</item>", b"<author>" + b"a" * 1_000_000 + b"</author></item>"),
        rss(Item("A", "<" * 400_000)),
        rss(Item("A", "<!--" * 200_000)),
        rss(Item("A", "<a '" * 200_000 + ">")),
        rss(Item("A", '<a href="' + "<" * 300_000 + ">")),
        rss(Item("A", "&" * 1_000_000)),
        rss(Item("A", "<script>" * 100_000)),
        rss(Item("A", " \n" * 500_000)),
        rss(Item("A", "<p>" * 300_000)),
    ],
    ids=[
        "deep html",
        "deep xml",
        "much xml",
        "author",
        "lt",
        "comments",
        "quotes",
        "tag",
        "amp",
        "scripts",
        "blank",
        "paragraphs",
    ],
)
def test_text_that_means_harm_takes_no_longer_than_other_text(body: bytes) -> None:
    swift(body)


def test_an_element_with_thousands_of_attributes_is_refused() -> None:
    attributes = " ".join(f'a{n}="1"' for n in range(50_000))
    start = time.process_time()
    outcome = swift(rss(Item("A")).replace(b"<item>", f"<item {attributes}>".encode()))

    assert "thousands of attributes" in str(outcome)
    assert time.process_time() - start < 1  # going through them would take lxml three seconds


@pytest.mark.parametrize("elements", [b"<a>" * 200_000, b"<a/>" * 2_000_000, b"<a>" * 100_001 + b"</a>" * 100_001])
def test_a_feed_of_too_many_elements_is_refused(elements: bytes) -> None:
    outcome = swift(rss(Item("A")).replace(b"<item>", elements + b"<item>"))

    assert "more than 100,000 elements" in str(outcome)


def test_a_text_may_speak_of_elements_for_authors() -> None:
    body = rss(Item("A", "x", published=NOW)).replace(b"<title>A<", b"<title><![CDATA[What <name> means]]><")
    body = body.replace(b"</item>", b"<pubDate>odd</pubDate><author>Ada</author></item>")

    outcome = swift(body.replace(b"<item>", b"<item><nonsense>"))

    assert isinstance(outcome, ParsedFeed)
    assert outcome.parser == "feedparser"
    assert [entry.article.title for entry in outcome.entries] == ["What <name> means"]


def test_a_feed_that_is_faulty_and_closed_is_an_empty_feed() -> None:
    outcome = swift(rss().replace(b"<title>", b"<title>&nbsp;", 1))

    assert isinstance(outcome, ParsedFeed)
    assert (outcome.entries, len(outcome.problems)) == ((), 1)


def test_elements_inside_a_text_are_not_counted() -> None:
    text = b"<![CDATA[" + b"<b>x</b>" * 200_000 + b"]]>"
    outcome = swift(rss(Item("A", "TEXT", published=NOW)).replace(b"TEXT", text))

    assert isinstance(outcome, ParsedFeed)


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be", "utf-7", "cp037", "cp500"])
def test_no_encoding_hides_a_bomb(encoding: str) -> None:
    bomb = declaring(f'<!ENTITY a "{"x" * 50_000}">', "&a;" * 5_000).decode()
    if encoding in {"utf-7", "cp500"}:
        declaration = f'<?xml version="1.0" encoding="{encoding}"?>'
        body = declaration.encode() + bomb.partition("?>")[2].encode(encoding)
    else:
        body = bomb.replace("utf-8", encoding).encode(encoding)

    outcome = swift(body)

    assert isinstance(outcome, FetchError)


@given(st.binary(max_size=400))
def test_any_bytes_give_a_feed_or_one_plain_line(body: bytes) -> None:
    swift(body)
    swift(rss(Item("A", "B")).replace(b"B", body))
