"""What a feed says of itself beside its entries."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.factories import MONDAY_NOON, a_feed
from tests.loopback import Item, rss
from watchers.feed_model import ParsedFeed, Schedule
from watchers.feeds.parse import parse_feed


def saying(words: str, *, after: bool = False) -> ParsedFeed:
    body = rss(
        Item("A <ttl>7</ttl> <link rel='hub' href='https://no.example/'>", "<ttl>8</ttl>", published=MONDAY_NOON)
    )
    mark = b"</channel>" if after else b"<item>"
    return parse_feed(body.replace(mark, words.encode() + mark, 1), a_feed().source, MONDAY_NOON)


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize(
    ("words", "schedule"),
    [
        ("", Schedule()),
        ("<ttl> 90 </ttl>", Schedule(timedelta(minutes=90))),
        ("<ttl>soon</ttl>", Schedule()),
        ("<ttl>0</ttl>", Schedule()),
        ("<!-- <ttl>5</ttl> -->", Schedule()),
        ("<sy:updatePeriod>\n hourly </sy:updatePeriod>", Schedule(timedelta(hours=1))),
        (
            "<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency>",
            Schedule(timedelta(hours=6)),
        ),
        ("<sy:updatePeriod>daily</sy:updatePeriod><ttl>30</ttl>", Schedule(timedelta(minutes=30))),
        (
            "<skipHours><hour>0</hour><hour> 3</hour><hour>24</hour></skipHours>",
            Schedule(None, frozenset({0, 3})),
        ),
        ("<skipHours>" + "".join(f"<hour>{at}</hour>" for at in range(24)) + "</skipHours>", Schedule()),
        (
            "<skipDays><day>Saturday</day><day>sunday</day><day>Foo</day></skipDays>",
            Schedule(None, frozenset(), frozenset({5, 6})),
        ),
    ],
)
def test_what_a_feed_asks_of_its_readers(words: str, schedule: Schedule, after: bool) -> None:  # noqa: FBT001 - a table
    assert saying(words, after=after).schedule == schedule


def test_a_hub_and_the_address_it_knows() -> None:
    parsed = saying(
        '<atom:link rel="self" type="application/rss+xml" href="https://meridian.example/rss?a=1&amp;b=2"/>'
        "<atom:link href='https://hub.example/' rel='hub'/>"
    )

    assert (parsed.hub, parsed.topic) == ("https://hub.example/", "https://meridian.example/rss?a=1&b=2")


def test_a_hub_is_on_the_web_or_none() -> None:
    parsed = saying('<atom:link rel="hub" href="file:///etc/passwd"/>')

    assert (parsed.hub, parsed.topic) == (None, None)
