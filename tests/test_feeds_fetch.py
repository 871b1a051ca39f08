from __future__ import annotations

import asyncio
import gzip
import tracemalloc
import zlib
from datetime import timedelta

import pytest
from aiohttp import web

from tests.fetching import FEED, SMALL, fetcher, refused, server
from tests.loopback import LOOPBACK, FeedServer
from watchers.feeds.fetch import HttpFetcher, Limits, user_agent
from watchers.feeds.headers import retry_after
from watchers.feeds.politeness import PATIENCE, Politeness

__all__ = ["fetcher", "server"]
HASTY = Limits(total=0.5, silence=0.2)
"""For servers that are to be given up; one that answers would now and then be too slow on a busy machine."""


async def test_a_feed_is_read_with_its_validators(server: FeedServer, fetcher: HttpFetcher) -> None:
    url = server.serve("/rss", FEED, etag='"v1"', last_modified="Mon, 02 Mar 2026 10:00:00 GMT")

    fetched = await fetcher.fetch(url)

    assert fetched.body == FEED
    assert fetched.url == url
    assert fetched.content_type == "application/rss+xml"
    assert (fetched.etag, fetched.last_modified) == ('"v1"', "Mon, 02 Mar 2026 10:00:00 GMT")


async def test_an_unchanged_feed_sends_no_body(server: FeedServer, fetcher: HttpFetcher) -> None:
    url = server.serve("/rss", FEED, etag='"v1"')

    fetched = await fetcher.fetch(url, etag='"v1"')

    assert fetched.body is None
    assert fetched.etag == '"v1"'


async def test_validators_are_kept_where_the_server_does_not_repeat_them(
    server: FeedServer, fetcher: HttpFetcher
) -> None:
    fetched = await fetcher.fetch(server.status("/rss", 304), etag='"v1"', last_modified="Mon")

    assert (fetched.body, fetched.etag, fetched.last_modified) == (None, '"v1"', "Mon")


async def test_a_modification_date_serves_where_there_is_no_etag(server: FeedServer, fetcher: HttpFetcher) -> None:
    date = "Mon, 02 Mar 2026 10:00:00 GMT"
    url = server.serve("/rss", FEED, last_modified=date)

    fetched = await fetcher.fetch(url, last_modified=date)

    assert fetched.body is None
    assert fetched.last_modified == date


async def test_servers_are_told_who_asks_and_whom_to_write_to(server: FeedServer, fetcher: HttpFetcher) -> None:
    await fetcher.fetch(server.serve("/rss", FEED))

    agent = server.seen[0].headers["User-Agent"]
    assert agent.startswith("Aide-Memoire/")
    assert "desk@meridian.example" in agent


def test_without_a_contact_the_name_still_says_what_it_is() -> None:
    assert "Discord bot" in user_agent(None)


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "zstd"])
async def test_packed_bodies_are_unpacked(server: FeedServer, fetcher: HttpFetcher, encoding: str) -> None:
    fetched = await fetcher.fetch(server.serve("/rss", FEED, encoding=encoding))

    assert fetched.body == FEED


async def test_bare_deflate_and_gzip_in_several_members_are_unpacked(server: FeedServer, fetcher: HttpFetcher) -> None:
    squeezer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    bodies = {
        "/bare": ("deflate", squeezer.compress(FEED) + squeezer.flush()),
        "/members": ("gzip", gzip.compress(FEED[:20]) + gzip.compress(FEED[20:]) + b"\0" * 8),
    }
    for path, (encoding, packed) in bodies.items():

        async def handler(_: web.Request, encoding: str = encoding, packed: bytes = packed) -> web.StreamResponse:
            return web.Response(body=packed, headers={"Content-Encoding": encoding})

        fetched = await fetcher.fetch(server.answer(path, handler))
        assert fetched.body == FEED


async def test_a_body_beyond_the_bound_is_not_read_to_its_end(server: FeedServer, fetcher: HttpFetcher) -> None:
    error = await refused(fetcher, server.endless("/huge"))

    assert str(error) == "the answer is larger than 0.1 MB"


async def test_the_bound_is_ten_megabytes(server: FeedServer) -> None:
    async with HttpFetcher(LOOPBACK) as fetcher:
        error = await refused(fetcher, server.endless("/huge", chunk=b" " * 1_000_000))

    assert str(error) == "the answer is larger than 10 MB"


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "zstd"])
async def test_a_small_answer_cannot_unpack_beyond_the_bound(
    server: FeedServer, fetcher: HttpFetcher, encoding: str
) -> None:
    url = server.serve("/bomb", b" " * 50_000_000, encoding=encoding)

    assert str(await refused(fetcher, url)) == "the answer is larger than 0.1 MB"


@pytest.mark.parametrize("encoding", ["gzip", "br", "zstd"])
async def test_a_small_answer_is_not_unpacked_into_memory_first(
    server: FeedServer, fetcher: HttpFetcher, encoding: str
) -> None:
    url = server.serve("/bomb", b" " * 50_000_000, encoding=encoding)
    tracemalloc.start()
    try:
        await refused(fetcher, url)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert peak < 5_000_000


async def test_a_body_of_exactly_the_bound_is_read(server: FeedServer, fetcher: HttpFetcher) -> None:
    body = b"x" * SMALL.size

    assert (await fetcher.fetch(server.serve("/full", body, encoding="gzip"))).body == body


async def test_a_packed_body_that_is_broken_or_cut_is_refused(server: FeedServer, fetcher: HttpFetcher) -> None:
    packed = gzip.compress(FEED)
    for path, body, words in (
        ("/broken", b"no gzip at all", "cannot be unpacked"),
        ("/cut", packed[:-10], "breaks off before its end"),
    ):

        async def handler(_: web.Request, body: bytes = body) -> web.StreamResponse:
            return web.Response(body=body, headers={"Content-Encoding": "gzip"})

        assert words in str(await refused(fetcher, server.answer(path, handler)))


async def test_an_encoding_nobody_asked_for_is_refused(server: FeedServer, fetcher: HttpFetcher) -> None:
    async def handler(_: web.Request) -> web.StreamResponse:
        return web.Response(body=b"\x8b", headers={"Content-Encoding": "compress"})

    assert "(compress)" in str(await refused(fetcher, server.answer("/br", handler)))


async def test_an_answer_says_how_long_it_is_fresh_and_who_announces_news(
    server: FeedServer, fetcher: HttpFetcher
) -> None:
    async def handler(request: web.Request) -> web.StreamResponse:
        status = 304 if "If-None-Match" in request.headers else 200
        headers = {"Cache-Control": "max-age=600", "Link": '<https://hub.example/>; rel=hub, <rss>; rel="self"'}
        return web.Response(status=status, headers=headers)

    url = server.answer("/rss", handler)
    for fetched in (await fetcher.fetch(url), await fetcher.fetch(url, etag='"v1"')):
        assert fetched.fresh_for == timedelta(minutes=10)
        assert (fetched.hub, fetched.topic) == ("https://hub.example/", url)

    silent = await fetcher.fetch(server.serve("/silent", FEED))
    assert (silent.fresh_for, silent.hub, silent.topic) == (None, None, None)


async def test_proxies_of_the_environment_are_ignored(
    server: FeedServer, fetcher: HttpFetcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")

    assert (await fetcher.fetch(server.serve("/rss", FEED))).body == FEED


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (404, "there is nothing at this address (404)"),
        (410, "the feed is gone for good (410)"),
        (403, "the server refuses us (403)"),
        (500, "the server failed (500)"),
        (418, "the server answered with status 418"),
    ],
)
async def test_a_status_is_told_in_words(server: FeedServer, fetcher: HttpFetcher, status: int, words: str) -> None:
    error = await refused(fetcher, server.status("/rss", status))

    assert str(error) == words
    assert error.retry_after is None
    assert error.status == status
    assert error.gone is (status == 410)


async def test_nothing_has_changed_only_for_who_has_been_there(server: FeedServer, fetcher: HttpFetcher) -> None:
    assert "has sent nothing before" in str(await refused(fetcher, server.status("/rss", 304)))


@pytest.mark.parametrize("status", [429, 503])
async def test_a_busy_server_says_when_to_come_back(server: FeedServer, fetcher: HttpFetcher, status: int) -> None:
    error = await refused(fetcher, server.status("/rss", status, {"Retry-After": "120"}))

    assert error.retry_after == timedelta(minutes=2)


@pytest.mark.parametrize(
    ("status", "headers"), [(429, {"Retry-After": "120"}), (503, {"Retry-After": "120"}), (429, {})]
)
async def test_nothing_of_a_busy_server_is_asked_for_meanwhile(
    server: FeedServer, status: int, headers: dict[str, str]
) -> None:
    now = 0.0
    busy, feed = server.status("/busy", status, headers), server.serve("/rss", FEED)
    politeness = Politeness(LOOPBACK, monotonic=lambda: now)
    async with (
        HttpFetcher(LOOPBACK, politeness=politeness) as fetcher,
        HttpFetcher(LOOPBACK, politeness=politeness) as pages,
    ):
        assert not (await refused(fetcher, busy)).held
        for one in (fetcher, pages):
            error = await refused(one, feed)
            assert error.held
            assert error.retry_after == (timedelta(minutes=2) if headers else PATIENCE)
            assert "asked us to come less often" in str(error)
        assert server.asked("/rss") == []
        now += PATIENCE.total_seconds()
        assert (await fetcher.fetch(feed)).body == FEED


async def test_a_server_that_is_led_to_and_busy_is_left_alone_and_the_one_that_leads_there_is_not(
    server: FeedServer,
) -> None:
    elsewhere = server.status("/busy", 503, {"Retry-After": "120"}).replace("127.0.0.1", "localhost")
    async with HttpFetcher(LOOPBACK | {"localhost"}) as fetcher:
        assert not (await refused(fetcher, server.redirect("/old", elsewhere))).held
        assert (await fetcher.fetch(server.serve("/rss", FEED))).body == FEED
        assert (await refused(fetcher, elsewhere)).held


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("120", timedelta(seconds=120)),
        (" 0 ", timedelta(0)),
        ("Mon, 02 Mar 2026 12:30:00 GMT", timedelta(minutes=30)),
        ("Mon, 02 Mar 2026 11:00:00 GMT", timedelta(0)),
        ("soon", None),
        ("-5", None),
        ("9" * 400, timedelta(days=366)),
        (None, None),
    ],
)
def test_retry_after_is_read_as_seconds_or_against_the_servers_clock(
    value: str | None, expected: timedelta | None
) -> None:
    assert retry_after(value, "Mon, 02 Mar 2026 12:00:00 GMT") == expected


def test_a_date_without_the_servers_clock_says_nothing() -> None:
    assert retry_after("Mon, 02 Mar 2026 12:30:00 GMT", None) is None


async def test_a_server_that_falls_silent_is_given_up(server: FeedServer) -> None:
    over = asyncio.Event()
    url = server.stalls("/slow", over.wait)

    async with HttpFetcher(LOOPBACK, limits=HASTY) as fetcher:
        error = await refused(fetcher, url)
    over.set()

    assert str(error) == "127.0.0.1 did not answer in time (it fell silent)"


async def test_a_server_that_trickles_is_given_up_in_the_end(server: FeedServer) -> None:
    async with HttpFetcher(LOOPBACK, limits=Limits(total=0.2, silence=10)) as fetcher:
        error = await refused(fetcher, server.trickles("/trickle", 0.02))

    assert str(error) == "127.0.0.1 did not answer in time (we wait 0.2 seconds)"


async def test_redirects_have_no_more_time_together_than_one_answer(server: FeedServer) -> None:
    async def slow(request: web.Request) -> web.StreamResponse:
        await asyncio.sleep(0.3)
        return web.Response(status=302, headers={"Location": f"{request.path}x"})

    for path in ("/a", "/ax", "/axx", "/axxx"):
        server.answer(path, slow)
    async with HttpFetcher(LOOPBACK, limits=Limits(total=0.8)) as fetcher:
        assert "did not answer in time" in str(await refused(fetcher, server.url("/a")))
    assert not server.asked("/axxxx")


async def test_an_answer_that_breaks_off_is_refused(server: FeedServer, fetcher: HttpFetcher) -> None:
    assert str(await refused(fetcher, server.breaks_off("/rss"))) == "the answer breaks off before its end"


async def test_a_closed_port_is_told_in_words(fetcher: HttpFetcher) -> None:
    assert str(await refused(fetcher, "http://127.0.0.1:1/rss")) == "127.0.0.1 refuses connections"


async def test_an_unknown_name_is_told_in_words(fetcher: HttpFetcher) -> None:
    error = await refused(fetcher, "http://nowhere.invalid/rss")

    assert str(error) == "the name nowhere.invalid cannot be found (DNS)"


async def test_a_server_without_tls_is_told_in_words(server: FeedServer, fetcher: HttpFetcher) -> None:
    url = server.serve("/rss", FEED).replace("http:", "https:")

    assert str(await refused(fetcher, url)) == "127.0.0.1 offers no secure connection we can use (TLS)"


@pytest.mark.parametrize("url", ["", "meridian.example/rss", "http://", "http://[", "http://a b/", "http://\udcff/"])
async def test_what_is_no_address_is_told_in_words(fetcher: HttpFetcher, url: str) -> None:
    assert "is not a web address" in str(await refused(fetcher, url))


async def test_it_is_of_use_only_inside_its_context(server: FeedServer) -> None:
    fetcher = HttpFetcher(LOOPBACK)

    with pytest.raises(RuntimeError, match="outside its context"):
        await fetcher.fetch(server.serve("/rss", FEED))


async def test_the_turn_of_a_request_comes_a_second_after_the_last_and_is_not_counted(server: FeedServer) -> None:
    now, slept = 100.0, []

    async def sleep(seconds: float) -> None:
        nonlocal now
        slept.append(seconds)
        now += seconds
        await asyncio.sleep(0.3)

    url = server.serve("/rss", FEED)
    hurried = Politeness(monotonic=lambda: now, sleep=sleep)
    async with HttpFetcher(LOOPBACK, limits=Limits(total=0.25), politeness=hurried) as fetcher:
        for _ in range(3):
            assert (await fetcher.fetch(url)).body == FEED
        await fetcher.fetch(url, pause=timedelta(seconds=7))
        await fetcher.fetch(url, pause=timedelta(seconds=7))

    assert slept == [1, 1, 1, 7]


async def test_no_more_than_eight_ask_a_host_of_the_operators_own_at_once(server: FeedServer) -> None:
    running = most = 0

    async def handler(_: web.Request) -> web.StreamResponse:
        nonlocal running, most
        running, most = running + 1, max(most, running + 1)
        await asyncio.sleep(0.02)
        running -= 1
        return web.Response(body=FEED)

    url = server.answer("/rss", handler)
    async with HttpFetcher(LOOPBACK) as fetcher:
        await asyncio.gather(*(fetcher.fetch(url) for _ in range(30)))
    assert most == 8
