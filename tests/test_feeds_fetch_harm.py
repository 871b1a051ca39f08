"""Servers that mean harm, or speak no proper HTTP: each has its promised end, in words, in bounded time and memory."""

from __future__ import annotations

import asyncio
import gzip
import sys
import time
import tracemalloc
from collections.abc import AsyncIterator, Iterable
from itertools import repeat
from urllib.parse import urlsplit

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.loopback import LOOPBACK, FeedServer, raw_server
from watchers.feed_model import Fetched
from watchers.feeds.fetch import HttpFetcher, Limits
from watchers.feeds.headers import validator
from watchers.feeds.unpack import Unpacker
from watchers.ports import FetchError

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

SMALL = Limits(size=100_000, total=1.0, silence=0.5)
OK = b"HTTP/1.1 200 OK\r\n"


@pytest.fixture
async def fetcher() -> AsyncIterator[HttpFetcher]:
    async with HttpFetcher(LOOPBACK, limits=SMALL) as ready:
        yield ready


@pytest.mark.parametrize(
    ("start", "again", "words"),
    [
        (OK + b"X: ", repeat(b"a" * 60_000), "not proper HTTP"),
        (OK, repeat(b"X: a\r\n" * 8_000), "not proper HTTP"),
        (b"HTTP/1.1 ", repeat(b"2" * 60_000), "not proper HTTP"),
        (b"", repeat(b"HTTP/1.1 100 Continue\r\n\r\n" * 200), "did not answer in time"),
        (OK + b"\r\n", repeat(b"<item>" * 10_000), "larger than 0.1 MB"),
        (OK + b"Transfer-Encoding: chunked\r\n\r\n", repeat(b"1\r\nX\r\n" * 2_000), "larger than 0.1 MB"),
        (OK + b"Transfer-Encoding: chunked\r\n\r\n1;", repeat(b"a" * 60_000), "did not answer in time"),
        (OK + b"Transfer-Encoding: chunked\r\n\r\n0\r\n", repeat(b"X: a\r\n" * 8_000), "not proper HTTP|breaks off"),
        (OK + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n", repeat(b"ff\r\n" + b"a" * 255), "not proper"),
        (OK + b"Content-Length: 5\r\nContent-Length: 9\r\n\r\n", repeat(b"a" * 9), "not proper HTTP"),
        (OK + b"Content-Length: -5\r\n\r\n", (), "not proper HTTP"),
        (OK + b"Content-Length: 99999999999999999999999\r\n\r\n", (), "not proper HTTP|larger than"),
        (OK + b"Content-Length: 100001\r\n\r\n", (), "larger than 0.1 MB"),
        (OK + b"Content-Encoding: gzip\r\n\r\n", repeat(gzip.compress(b"") * 100), "packed in more than 200 parts"),
        (OK + b"Content-Encoding: br\r\nContent-Encoding: br\r\n\r\n", (), "packed in a way we did not ask for"),
        (b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n", (), "status 101"),
        (b"HTTP/1.1 204 No Content\r\n\r\n", (), "status 204"),
        (b"HTTP/1.1 999 Go away\r\n\r\n", (), "status 999"),
        (b"HTTP/1.1 301 Moved\r\nLocation: http://[\r\n\r\n", (), "not a web address"),
        (b"HTTP/1.1 301 Moved\r\nLocation: \xff\xfe\r\n\r\n", (), "."),
        (b"HTTP/1.1 301 Moved\r\nLocation: http://\xff.example/\r\n\r\n", (), "not a web address|cannot be found"),
        (b"<rss/>", (), "not proper HTTP"),
        (bytes(range(256)) * 100, (), "not proper HTTP"),
        (b"", (), "broke off the connection"),
    ],
)
async def test_it_has_its_promised_end(fetcher: HttpFetcher, start: bytes, again: Iterable[bytes], words: str) -> None:
    async with raw_server(start, again=again) as url:
        with pytest.raises(FetchError, match=words):
            await fetcher.fetch(url)


async def test_endless_redirects_end(fetcher: HttpFetcher) -> None:
    async with FeedServer() as server:
        with pytest.raises(FetchError, match="redirected more than 5 times"):
            await fetcher.fetch(server.endless_redirects("/on"))
        assert len(server.asked("/on")) == 6


async def test_validators_that_could_not_be_sent_back_are_not_kept(fetcher: HttpFetcher) -> None:
    headers = b'ETag: "\xe9"\r\nLast-Modified: \x80\r\nContent-Type: text/\xffxml\r\n'
    async with raw_server(OK + headers + b"Content-Length: 3\r\n\r\n<a>") as url:
        fetched = await fetcher.fetch(url)
    assert (fetched.etag, fetched.last_modified, fetched.content_type) == (None, None, "text/xml")


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "zstd"])
async def test_a_bomb_takes_little_memory(encoding: str) -> None:
    async with FeedServer() as server, HttpFetcher(LOOPBACK) as fetcher:
        url = server.serve("/bomb", b" " * 50_000_000, encoding=encoding)
        tracemalloc.start()
        try:
            with pytest.raises(FetchError, match="larger than 10 MB"):
                await fetcher.fetch(url)
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert peak < 30_000_000


async def test_others_have_their_turn_while_a_bomb_is_unpacked() -> None:
    """In seconds of processor time, and the least of three: neither a busy machine nor the collector matters."""
    bomb = b" " * 60_000_000

    async def longest_wait(url: str, fetcher: HttpFetcher) -> float:
        longest = 0.0

        async def others() -> None:
            nonlocal longest
            while True:
                began = time.thread_time()
                await asyncio.sleep(0)
                longest = max(longest, time.thread_time() - began)

        turns = asyncio.create_task(others())
        await fetcher.fetch(url)
        await asyncio.sleep(0)  # so that the last wait is counted
        turns.cancel()
        return longest

    def all_at_once(packed: bytes) -> float:
        began, body = time.thread_time(), bytearray()
        for piece in Unpacker("zstd").pieces(packed):
            body += piece
        assert bytes(body) == bomb
        return time.thread_time() - began

    async with FeedServer() as server, HttpFetcher(LOOPBACK, limits=Limits(size=70_000_000)) as fetcher:
        url = server.serve("/bomb", bomb, encoding="zstd")
        waited = min([await longest_wait(url, fetcher) for _ in range(3)])
    assert waited < 0.8 * min(all_at_once(zstd.compress(bomb)) for _ in range(3))


_HEADERS = [
    b"ETag", b"Last-Modified", b"Content-Type", b"Content-Encoding", b"Content-Length", b"Transfer-Encoding", b"Date",
    b"Location", b"Link", b"Cache-Control", b"Expires", b"Age", b"Retry-After", b"Set-Cookie", b"Connection", b"X",
]  # fmt: skip
_VALUES = [
    b"gzip", b"br", b"zstd", b"chunked", b"5", b"0", b"-1", b"/", b"//", b"http://127.0.0.1:1/", b"http://[::1]/",
    b"max-age=60", b"<a>; rel=hub", b"Mon, 02 Mar 2026 12:00:00 GMT", b"Mon, 02 Mar 99999 12:00:00 +9999", b"close",
    b"a=b; domain=.example; expires=x", b'"', b"http://user:word@127.0.0.1/\xc3\xa9", b"text/html; charset=\xff",
]  # fmt: skip


@st.composite
def _answers(draw: st.DrawFn) -> bytes:
    """Draw the bytes of an answer that is nearly HTTP."""
    status = draw(
        st.sampled_from([b"200", b"200", b"301", b"302", b"304", b"308", b"404", b"429", b"503", b"100", b"x"])
    )
    line = draw(st.sampled_from([b"HTTP/1.1 %s OK", b"HTTP/1.0 %s", b"HTTP/1.1 %s \xff\x00", b"ICY %s OK"])) % status
    value = st.sampled_from(_VALUES) | st.binary(max_size=30)
    named = draw(st.lists(st.tuples(st.sampled_from(_HEADERS), value), max_size=6))
    end = draw(st.sampled_from([b"\r\n", b"\n", b"\r\n "]))
    body = draw(st.sampled_from([b"", b"<rss/>", b"5\r\n<rss>\r\n0\r\n\r\n", gzip.compress(b"<rss/>")]) | st.binary())
    return line + end + b"".join(name + b": " + value + end for name, value in named) + b"\r\n" + body


@settings(max_examples=250, deadline=None)
@given(answer=_answers())
@example(OK + b"Set-Cookie: a\x00b=\x01; =\r\nContent-Length: 0\r\n\r\n")
@example(b"HTTP/1.1 304 Not Modified\r\nETag: \xe9\r\n\r\n")
@example(b"HTTP/1.1 301 M\r\nLocation: //127.0.0.1\\@x.example\t/\r\n\r\n")
def test_whatever_a_server_sends_there_is_an_answer_or_a_reason(answer: bytes) -> None:
    async def ask() -> Fetched | FetchError:
        limits = Limits(size=1_000, total=0.5, silence=0.3)
        async with raw_server(answer) as url, HttpFetcher(LOOPBACK, limits=limits) as fetcher:
            try:
                return await fetcher.fetch(url, etag='"a"')
            except FetchError as error:
                return error

    outcome = asyncio.run(ask())
    if isinstance(outcome, FetchError):
        assert str(outcome)
        assert "\n" not in str(outcome)
        return
    assert len(outcome.body or b"") <= 1_000
    assert outcome.content_type.isascii()
    assert outcome.url.encode()
    assert validator(outcome.etag) == outcome.etag
    assert validator(outcome.last_modified) == outcome.last_modified
    for link in (outcome.moved_to, outcome.hub, outcome.topic):
        assert link is None or urlsplit(link).scheme in {"http", "https"}
