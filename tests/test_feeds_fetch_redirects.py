"""Where redirects lead, and where they must not."""

from __future__ import annotations

from unittest.mock import patch

import pytest

from tests.fetching import FEED, SMALL, fetcher, refused, server
from tests.loopback import LOOPBACK, FeedServer
from watchers.feeds.fetch import HttpFetcher
from watchers.feeds.politeness import Politeness

__all__ = ["fetcher", "server"]


async def test_redirects_are_followed_to_the_feed(server: FeedServer, fetcher: HttpFetcher) -> None:
    target = server.serve("/new/rss", FEED, etag='"v1"')
    server.redirect("/middle", "new/rss", 308)
    url = server.redirect("/old", server.url("/middle"), 301)

    fetched = await fetcher.fetch(url)

    assert fetched.url == target
    assert fetched.body == FEED


async def test_conditions_survive_a_redirect(server: FeedServer, fetcher: HttpFetcher) -> None:
    server.serve("/new", FEED, etag='"v1"')

    assert (await fetcher.fetch(server.redirect("/old", "/new"), etag='"v1"')).body is None


async def test_five_redirects_are_followed_and_no_more(server: FeedServer, fetcher: HttpFetcher) -> None:
    server.serve("/6", FEED)
    for hop in range(6):
        server.redirect(f"/{hop}", f"/{hop + 1}")

    assert (await fetcher.fetch(server.url("/1"))).body == FEED
    assert str(await refused(fetcher, server.url("/0"))) == "the address is redirected more than 5 times"


@pytest.mark.parametrize(
    ("statuses", "for_good"),
    [((301,), True), ((308, 301), True), ((302,), False), ((307,), False), ((303,), False), ((301, 302), False)],
)
async def test_only_redirects_for_good_move_a_feed(
    server: FeedServer, fetcher: HttpFetcher, statuses: tuple[int, ...], *, for_good: bool
) -> None:
    target = server.serve("/new", FEED)
    for number, status in enumerate(statuses):
        server.redirect(f"/{number}", f"/{number + 1}" if number + 1 < len(statuses) else "/new", status)

    fetched = await fetcher.fetch(server.url("/0"))

    assert fetched.url == target
    assert fetched.moved_to == (target if for_good else None)


async def test_a_feed_that_stays_has_not_moved(server: FeedServer, fetcher: HttpFetcher) -> None:
    assert (await fetcher.fetch(server.serve("/rss", FEED))).moved_to is None


async def test_a_moved_feed_may_be_unchanged(server: FeedServer, fetcher: HttpFetcher) -> None:
    target = server.serve("/new", FEED, etag='"v1"')
    fetched = await fetcher.fetch(server.redirect("/old", "/new", 301), etag='"v1"')

    assert (fetched.body, fetched.moved_to) == (None, target)


async def test_a_redirect_to_nowhere_says_so(server: FeedServer, fetcher: HttpFetcher) -> None:
    assert "does not say where" in str(await refused(fetcher, server.status("/lost", 302)))


@pytest.mark.parametrize(
    "target",
    [
        "http://127.0.0.2/feed",
        "http://10.0.0.8/feed",
        "http://[::1]/feed",
        "http://[::ffff:127.0.0.1]/feed",
        "http://169.254.169.254/latest/meta-data",
        "http://localhost/feed",
        "http://0x7f.1/feed",
    ],
)
async def test_no_redirect_leads_to_a_private_address(server: FeedServer, fetcher: HttpFetcher, target: str) -> None:
    error = await refused(fetcher, server.redirect("/trap", target))

    assert "is not an address on the public internet" in str(error)


async def test_a_name_is_judged_by_the_address_it_leads_to(server: FeedServer) -> None:
    url = server.serve("/rss", FEED).replace("127.0.0.1", "localhost")
    async with HttpFetcher(LOOPBACK, limits=SMALL) as fetcher:
        with patch("watchers.feeds.fetch.refusal", return_value=None):
            error = await refused(fetcher, url)

    assert str(error) == "localhost is not an address on the public internet"
    assert server.seen == []


@pytest.mark.parametrize(
    ("target", "words"),
    [
        ("file:///etc/passwd", "not a web address"),
        ("ftp://meridian.example/feed", "not a web address"),
        ("http://127.0.0.9:8080/feed", "port 8080 of 127.0.0.9 is not a web port"),
        ("http://[::1/feed", "not a web address"),
        ("http://2130706433/feed", "not a web address"),
    ],
)
async def test_a_redirect_elsewhere_than_the_web_is_refused(
    server: FeedServer, fetcher: HttpFetcher, target: str, words: str
) -> None:
    assert words in str(await refused(fetcher, server.redirect("/trap", target)))


async def test_loopback_is_closed_unless_the_operator_opens_it(server: FeedServer) -> None:
    url = server.serve("/rss", FEED)
    async with HttpFetcher(limits=SMALL) as fetcher:
        error = await refused(fetcher, url)

    assert "is not a web port" in str(error)
    assert server.seen == []


async def test_a_redirect_waits_for_its_turn_too(server: FeedServer) -> None:
    now = 0.0
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        nonlocal now
        slept.append(seconds)
        now += seconds

    server.serve("/new", FEED)
    async with HttpFetcher(LOOPBACK, politeness=Politeness(monotonic=lambda: now, sleep=sleep)) as fetcher:
        await fetcher.fetch(server.redirect("/old", "/new"))
    assert slept == [1]
