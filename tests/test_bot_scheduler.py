"""Ticks: at once and then at their pace; failing turns stop nothing; the end waits for what is in hand."""

from __future__ import annotations

import asyncio
import logging
from datetime import timedelta

import pytest

from bot.opening import SystemClock
from bot.scheduler import Tick, Ticks

OFTEN = timedelta(milliseconds=10)


async def test_a_tick_that_raises_is_logged_and_comes_again(caplog: pytest.LogCaptureFixture) -> None:
    turns = 0
    enough = asyncio.Event()

    async def fail() -> None:
        nonlocal turns
        turns += 1
        if turns == 3:
            enough.set()
        message = "the weather"
        raise RuntimeError(message)

    ticks = Ticks((Tick("remind", OFTEN, fail),), SystemClock())
    with caplog.at_level(logging.ERROR):
        ticks.start()
        await asyncio.wait_for(enough.wait(), 5)
        await ticks.stop()
    assert "the remind tick failed" in caplog.text
    assert "the weather" in caplog.text


async def test_stopping_waits_for_the_turn_in_hand_and_begins_no_other() -> None:
    begun, go_on = asyncio.Event(), asyncio.Event()
    finished: list[str] = []

    async def slow() -> None:
        begun.set()
        await go_on.wait()
        finished.append("slow")

    ticks = Ticks((Tick("poll", OFTEN, slow),), SystemClock())
    ticks.start()
    await asyncio.wait_for(begun.wait(), 5)
    stopping = asyncio.create_task(ticks.stop())
    await asyncio.sleep(0)
    assert not stopping.done()
    go_on.set()
    await asyncio.wait_for(stopping, 5)
    assert finished == ["slow"]


async def test_stopping_what_never_started_is_no_fault() -> None:
    await Ticks((), SystemClock()).stop()


async def test_a_hurried_tick_has_a_turn_now_and_one_more_where_it_is_in_hand() -> None:
    begun, go_on = asyncio.Semaphore(0), asyncio.Semaphore(0)
    turns = 0

    async def deliver() -> None:
        nonlocal turns
        begun.release()
        await go_on.acquire()
        turns += 1

    ticks = Ticks((Tick("deliver", timedelta(hours=1), deliver),), SystemClock())
    ticks.start()
    await asyncio.wait_for(begun.acquire(), 5)
    ticks.hurry("deliver")
    ticks.hurry("deliver")
    assert begun.locked(), "it is in hand"
    go_on.release()
    await asyncio.wait_for(begun.acquire(), 5)
    go_on.release()
    await asyncio.wait_for(ticks.stop(), 5)
    assert turns == 2


async def test_turns_of_a_tick_may_overlap_where_it_allows_it() -> None:
    go_on, begun = asyncio.Event(), asyncio.Semaphore(0)

    async def poll() -> None:
        begun.release()
        await go_on.wait()

    ticks = Ticks((Tick("poll", OFTEN, poll, at_once=3),), SystemClock())
    ticks.start()
    for _ in range(3):
        await asyncio.wait_for(begun.acquire(), 5)
    go_on.set()
    await asyncio.wait_for(ticks.stop(), 5)
