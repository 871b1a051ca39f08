from __future__ import annotations

import asyncio
from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from watchers.feed_model import Reason
from watchers.feeds.politeness import (
    AT_ONCE,
    AT_ONCE_IN_ALL,
    AT_ONCE_UNHURRIED,
    LONGEST_PATIENCE,
    MOST_HOSTS,
    PATIENCE,
    Politeness,
)
from watchers.ports import FetchError

HOST = "meridian.example"
FEED = f"https://{HOST}/feed"
OWN = "127.0.0.1"
SLOW = timedelta(seconds=10)
MINUTE = timedelta(minutes=1)


class Timer:
    """A clock that goes on only while everybody sleeps."""

    def __init__(self) -> None:
        self.now = 100.0
        self.sleepers: list[tuple[float, asyncio.Future[None]]] = []

    def monotonic(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        woken: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.sleepers.append((self.now + seconds, woken))
        await woken

    async def run(self) -> None:
        """Let everything happen that can happen."""
        while True:
            for _ in range(20):
                await asyncio.sleep(0)
            self.sleepers = [(at, woken) for at, woken in self.sleepers if not woken.done()]
            if not self.sleepers:
                return
            at, woken = min(self.sleepers, key=lambda one: one[0])
            self.now = max(self.now, at)
            woken.set_result(None)


class Visits:
    """Requests to hosts: when each began, and how many were under way."""

    def __init__(self) -> None:
        self.timer = Timer()
        self.politeness = Politeness(frozenset({OWN}), monotonic=self.timer.monotonic, sleep=self.timer.sleep)
        self.began: list[tuple[str, float]] = []
        self.running = 0
        self.most = 0

    async def visit(self, name: str, host: str = HOST, *, lasts: float = 0.0, pause: timedelta | None = None) -> None:
        async with self.politeness.turn(host, pause):
            self.began.append((name, self.timer.now - 100))
            self.running += 1
            self.most = max(self.most, self.running)
            if lasts:
                await self.timer.sleep(lasts)
            self.running -= 1

    async def all(self, *visits: asyncio.Task[None]) -> list[tuple[str, float]]:
        await self.timer.run()
        await asyncio.gather(*visits, return_exceptions=True)
        return self.began


async def test_requests_to_one_host_begin_a_second_apart_in_the_order_they_came() -> None:
    visits = Visits()
    asked = [asyncio.create_task(visits.visit(name)) for name in "abcd"]

    assert await visits.all(*asked) == [("a", 0), ("b", 1), ("c", 2), ("d", 3)]


async def test_no_more_than_two_are_under_way() -> None:
    visits = Visits()
    asked = [asyncio.create_task(visits.visit(name, lasts=10)) for name in "abcd"]

    assert await visits.all(*asked) == [("a", 0), ("b", 1), ("c", 10), ("d", 11)]
    assert visits.most == AT_ONCE


async def test_hosts_do_not_wait_for_each_other() -> None:
    visits = Visits()
    asked = [asyncio.create_task(visits.visit(host, host, lasts=5)) for host in ("a.example", "b.example")]

    assert await visits.all(*asked) == [("a.example", 0), ("b.example", 0)]


async def test_hosts_of_the_operators_own_need_no_pause_but_have_a_bound() -> None:
    visits = Visits()
    asked = [asyncio.create_task(visits.visit(str(n), OWN, lasts=5, pause=SLOW)) for n in range(10)]
    began = await visits.all(*asked)

    assert [at for _, at in began] == [0] * AT_ONCE_UNHURRIED + [5, 5]
    assert visits.most == AT_ONCE_UNHURRIED


async def test_pages_wait_longer_where_robots_txt_asks_for_it_and_feeds_do_not_wait_with_them() -> None:
    visits = Visits()
    asked = [
        asyncio.create_task(visits.visit("page 1", pause=SLOW)),
        asyncio.create_task(visits.visit("page 2", pause=SLOW)),
        asyncio.create_task(visits.visit("feed 1")),
        asyncio.create_task(visits.visit("feed 2")),
    ]

    assert await visits.all(*asked) == [("page 1", 0), ("feed 1", 1), ("feed 2", 2), ("page 2", 10)]


async def test_a_page_is_not_starved_by_feeds_that_keep_coming() -> None:
    visits = Visits()
    asked = [asyncio.create_task(visits.visit(f"page {n}", pause=SLOW)) for n in range(2)]

    async def feeds() -> None:
        for number in range(40):
            await visits.visit(f"feed {number}")

    began = dict(await visits.all(*asked, asyncio.create_task(feeds())))
    assert began["page 1"] <= 12


async def test_no_robots_txt_makes_us_wait_for_ever() -> None:
    visits = Visits()
    asked = [asyncio.create_task(visits.visit(name, pause=timedelta(days=9))) for name in "ab"]

    assert await visits.all(*asked) == [("a", 0), ("b", 30)]


async def test_all_hosts_together_are_bounded_and_who_waits_for_a_turn_is_in_nobodys_way() -> None:
    visits = Visits()
    crowd = [asyncio.create_task(visits.visit("crowd", "crowded.example", lasts=500)) for _ in range(AT_ONCE_IN_ALL)]
    rest = [asyncio.create_task(visits.visit("rest", f"{n}.example", lasts=5)) for n in range(AT_ONCE_IN_ALL)]
    began = await visits.all(*crowd, *rest)

    assert visits.most == AT_ONCE_IN_ALL
    assert max(at for name, at in began if name == "rest") <= 5
    assert all(later - sooner >= 1 for sooner, later in pairwise(at for name, at in began if name == "crowd"))


async def test_who_gives_up_waiting_holds_up_nobody() -> None:
    visits = Visits()
    first = asyncio.create_task(visits.visit("a"))
    impatient = [asyncio.create_task(visits.visit("b", pause=pause)) for pause in (None, SLOW)]
    last = asyncio.create_task(visits.visit("c"))
    for _ in range(10):
        await asyncio.sleep(0)
    for task in impatient:
        task.cancel()

    assert await visits.all(first, *impatient, last) == [("a", 0), ("c", 1)]


async def test_a_request_that_fails_gives_its_place_back() -> None:
    visits = Visits()
    for _ in range(2 * AT_ONCE):
        waiting = asyncio.create_task(visits.timer.run())
        with pytest.raises(ValueError, match="broken"):
            async with visits.politeness.turn(HOST):
                raise ValueError("broken")  # noqa: EM101 - a stand-in
        await waiting

    assert await visits.all(asyncio.create_task(visits.visit("a"))) == [("a", 4)]


def an_answer(status: int, wait: timedelta | None = None) -> FetchError:
    return FetchError(Reason("not now"), status=status, retry_after=wait)


async def refused(politeness: Politeness, host: str = HOST) -> FetchError:
    with pytest.raises(FetchError) as caught:
        async with politeness.turn(host):
            pass
    return caught.value


@pytest.mark.parametrize("host", [HOST, OWN])
@pytest.mark.parametrize(
    ("answer", "alone_for"),
    [
        (an_answer(429, MINUTE), MINUTE),
        (an_answer(503, MINUTE), MINUTE),
        (an_answer(429), PATIENCE),
        (an_answer(429, timedelta(days=9)), PATIENCE),
    ],
)
async def test_a_host_that_asks_for_patience_is_left_alone_and_who_wants_to_ask_it_told_so_at_once(
    host: str, answer: FetchError, alone_for: timedelta
) -> None:
    visits = Visits()
    visits.politeness.heed(host, f"https://{host}/", answer)

    error = await refused(visits.politeness, host)
    assert str(error) == f"{host} asked us to come less often, and is left alone for up to an hour"
    assert (error.held, error.status, error.retry_after) == (True, None, alone_for)
    assert await visits.all(asyncio.create_task(visits.visit("another", "other.example"))) == [("another", 0)]

    visits.timer.now += alone_for.total_seconds() / 4
    assert (await refused(visits.politeness, host)).retry_after == alone_for * 3 / 4
    visits.timer.now += alone_for.total_seconds() * 3 / 4
    assert len(await visits.all(asyncio.create_task(visits.visit("later", host)))) == 2


async def test_one_address_cannot_have_its_host_left_alone_for_long() -> None:
    visits = Visits()
    for_days = an_answer(429, timedelta(days=9))
    for url, alone_for in ((FEED, PATIENCE), (FEED, PATIENCE), (f"{FEED}2", LONGEST_PATIENCE), (FEED, PATIENCE)):
        visits.politeness.heed(HOST, url, for_days)
        assert (await refused(visits.politeness)).retry_after == alone_for
        visits.timer.now += alone_for.total_seconds()
    visits.politeness.heed(HOST, f"{FEED}3", None)
    visits.politeness.heed(HOST, f"{FEED}2", for_days)
    assert (await refused(visits.politeness)).retry_after == PATIENCE, "a good answer in between clears the host"


@pytest.mark.parametrize("answer", [an_answer(503), an_answer(500, MINUTE), an_answer(429, timedelta(0))])
async def test_other_answers_hold_back_nobody(answer: FetchError) -> None:
    visits = Visits()
    visits.politeness.heed(HOST, FEED, answer)
    assert await visits.all(asyncio.create_task(visits.visit("a"))) == [("a", 0)]


async def test_a_shorter_wait_does_not_cut_a_longer_one() -> None:
    politeness = Visits().politeness
    politeness.heed(HOST, FEED, an_answer(429, 2 * MINUTE))
    politeness.heed(HOST, FEED, an_answer(503, MINUTE))
    assert (await refused(politeness)).retry_after == 2 * MINUTE


@pytest.mark.parametrize("pause", [None, SLOW])
async def test_those_in_line_are_told_as_soon_as_the_host_asks_for_patience(pause: timedelta | None) -> None:
    visits = Visits()

    async def first() -> None:
        async with visits.politeness.turn(HOST):
            await visits.timer.sleep(5)
            visits.politeness.heed(HOST, FEED, an_answer(429, MINUTE))

    async def told(name: str) -> float:
        with pytest.raises(FetchError):
            await visits.visit(name, pause=pause)
        return visits.timer.now - 100

    busy = [asyncio.create_task(first()) for _ in range(2)]
    line = [asyncio.create_task(told(f"in line {n}")) for n in range(5)]
    assert await visits.all(*busy) == []
    assert await asyncio.gather(*line) == [5] * 5
    visits.timer.now += 60
    assert len(await visits.all(*(asyncio.create_task(visits.visit(str(n))) for n in range(3)))) == 3


async def test_nobody_stands_in_line_before_a_host_that_is_left_alone() -> None:
    visits = Visits()
    await visits.all(asyncio.create_task(visits.visit("page", pause=SLOW)))
    visits.politeness.heed(HOST, FEED, an_answer(429))
    async with asyncio.timeout(5):  # nobody moves the timer: whoever waited for a turn would wait for ever
        with pytest.raises(FetchError):
            await visits.visit("the next page", pause=SLOW)


async def test_a_host_that_is_left_alone_is_not_forgotten() -> None:
    visits = Visits()
    visits.politeness.heed(HOST, FEED, an_answer(429))
    visits.timer.now += 60
    for number in range(2 * MOST_HOSTS):
        visits.timer.now += 0.01
        async with visits.politeness.turn(f"host-{number}.example"):
            pass
    assert (await refused(visits.politeness)).held


async def test_the_hosts_remembered_are_bounded_and_those_in_use_stay() -> None:
    visits = Visits()
    async with visits.politeness.turn("busy.example"), visits.politeness.turn("busy.example.org"):
        visits.timer.now += 60
        for number in range(3 * MOST_HOSTS):
            visits.timer.now += 0.1
            async with visits.politeness.turn(f"host-{number}.example"):
                pass
        assert len(visits.politeness._lines) <= MOST_HOSTS
        assert "busy.example" in visits.politeness._lines


@settings(max_examples=50, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from("abc"), st.floats(0, 5), st.sampled_from([None, timedelta(seconds=3)])), max_size=20
    )
)
def test_every_host_is_spared_and_everybody_is_served(asked: list[tuple[str, float, timedelta | None]]) -> None:
    async def run() -> list[tuple[str, float]]:
        visits = Visits()
        tasks = [asyncio.create_task(visits.visit(host, host, lasts=lasts, pause=p)) for host, lasts, p in asked]
        return await visits.all(*tasks)

    began = asyncio.run(run())
    assert len(began) == len(asked)
    for host in "abc":
        times = [at for name, at in began if name == host]
        assert all(later - sooner >= 1 - 1e-9 for sooner, later in pairwise(times))
