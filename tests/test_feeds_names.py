from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Sequence
from typing import Any

import pytest

from tests.loopback import LOOPBACK, FeedServer, leading_to
from watchers.feeds.fetch import HttpFetcher, Limits
from watchers.feeds.names import Address, Names, SlowNamesError, system_look_up
from watchers.feeds.politeness import Politeness
from watchers.ports import FetchError

FEED = b"<rss version='2.0'/>"


class HangingNames:
    """A name server that never answers for names that begin with "slow"."""

    def __init__(self) -> None:
        self.over = threading.Event()
        self.asked: list[str] = []

    def look_up(self, name: str, port: int, family: int) -> Sequence[tuple[Any, ...]]:
        self.asked.append(name)
        if name.startswith("slow"):
            self.over.wait(20)
        return leading_to(["127.0.0.1"])(name, port, family)


async def test_a_name_leads_to_addresses() -> None:
    found = await Names(leading_to(["192.0.2.1", "2001:db8::1"])).addresses("meridian.example", 443)
    assert found == [
        Address("192.0.2.1", 443, socket.AF_INET, socket.IPPROTO_TCP),
        Address("2001:db8::1", 443, socket.AF_INET6, socket.IPPROTO_TCP),
    ]


async def test_the_system_is_asked() -> None:
    assert any(one.address == "127.0.0.1" for one in await Names(system_look_up).addresses("localhost", 80))


@pytest.mark.parametrize("name", ["nowhere.invalid", "x" * 300 + ".example", "a..b", "\udcff"])
async def test_a_name_that_leads_nowhere_is_an_error_of_the_system(name: str) -> None:
    with pytest.raises(OSError, match=r"."):
        await Names(system_look_up).addresses(name, 80)


async def test_a_name_server_that_hangs_is_given_up_and_holds_up_nobody() -> None:
    hanging = HangingNames()
    names = Names(hanging.look_up, patience=0.2)
    try:
        slow = [asyncio.create_task(names.addresses(f"slow-{number}.example", 80)) for number in range(40)]
        await asyncio.sleep(0)
        assert (await names.addresses("quick.example", 80))[0].address == "127.0.0.1"
        # What else needs a thread has one: the loop's few are not taken.
        assert await asyncio.wait_for(asyncio.to_thread(lambda: "done"), 5) == "done"
        assert not any(task.done() for task in slow)

        results = await asyncio.gather(*slow, return_exceptions=True)
        assert all(isinstance(result, SlowNamesError) for result in results)
    finally:
        hanging.over.set()


async def test_threads_left_hanging_are_bounded_and_come_back() -> None:
    hanging = HangingNames()
    names = Names(hanging.look_up, patience=0.05)
    for _ in range(2):
        slow = (names.addresses(f"slow-{number}.example", 80) for number in range(80))
        await asyncio.gather(*slow, return_exceptions=True)
    assert len(hanging.asked) == 64

    hanging.over.set()
    while True:
        try:
            assert await names.addresses("quick.example", 80)
            break
        except SlowNamesError:
            continue


async def test_no_thread_keeps_the_process_alive() -> None:
    hanging = HangingNames()
    with pytest.raises(SlowNamesError):
        await Names(hanging.look_up, patience=0.02).addresses("slow.example", 80)
    assert all(thread.daemon for thread in threading.enumerate() if thread.name.startswith("names:"))
    hanging.over.set()


async def reason(url: str, *answers: Sequence[str]) -> str:
    hurried = Politeness(sleep=lambda _: asyncio.sleep(0), monotonic=iter(range(0, 10**6, 10)).__next__)
    async with HttpFetcher(look_up=leading_to(*answers), politeness=hurried, limits=Limits(total=1)) as fetcher:
        with pytest.raises(FetchError) as caught:
            await fetcher.fetch(url)
    return str(caught.value)


@pytest.mark.parametrize(
    "addresses",
    [
        ["127.0.0.1"],
        ["10.0.0.1"],
        ["::1"],
        ["::ffff:127.0.0.1"],
        ["169.254.169.254"],
        ["127.0.0.1", "::1"],
        ["fe80::1"],
    ],
)
async def test_a_name_that_leads_to_a_private_address_is_refused(addresses: list[str]) -> None:
    words = await reason("http://meridian.example/rss", addresses)
    assert words == "meridian.example is not an address on the public internet"


async def test_a_redirect_to_a_name_that_leads_home_is_refused() -> None:
    async with FeedServer() as server:
        server.serve("/rss", FEED)
        url = server.redirect("/out", "http://rebound.example/rss")
        async with HttpFetcher(LOOPBACK, look_up=leading_to(["127.0.0.1"])) as fetcher:
            with pytest.raises(FetchError, match=r"rebound\.example is not an address on the public internet"):
                await fetcher.fetch(url)
        assert [one.path for one in server.seen] == ["/out"]


async def test_a_name_of_the_operators_own_may_lead_home() -> None:
    async with FeedServer() as server:
        url = server.serve("/rss", FEED).replace("127.0.0.1", "feeds.internal")
        async with HttpFetcher(frozenset({"feeds.internal"}), look_up=leading_to(["127.0.0.1"])) as fetcher:
            assert (await fetcher.fetch(url)).body == FEED


async def test_a_name_server_that_hangs_is_told_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    hanging = HangingNames()
    monkeypatch.setattr("watchers.feeds.names.Names.__init__.__defaults__", (system_look_up, 0.05))
    try:
        async with HttpFetcher(look_up=hanging.look_up) as fetcher:
            with pytest.raises(FetchError) as caught:
                await fetcher.fetch("http://slow.example/rss")
    finally:
        hanging.over.set()
    assert str(caught.value) == "no name server says in time where slow.example is (DNS)"
