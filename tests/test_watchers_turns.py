"""Bells, turns and places."""

from __future__ import annotations

import asyncio

from watchers.turns import Bell, QuickPlaces, Turns


async def test_a_bell_is_rung_from_the_beginning_and_rings_meanwhile_are_heard_as_one() -> None:
    bell = Bell()
    assert await bell.heard()
    listening = asyncio.create_task(bell.heard())
    await asyncio.sleep(0)
    assert not listening.done()
    bell.ring()
    bell.ring()
    assert await listening
    listening = asyncio.create_task(bell.heard())
    await asyncio.sleep(0)
    assert not listening.done()
    listening.cancel()


async def test_a_closed_bell_is_heard_once_more_and_never_again() -> None:
    bell = Bell()
    assert await bell.heard()
    bell.close()
    assert await bell.heard()
    assert not await bell.heard()
    bell.ring()
    assert await bell.heard(), "what rings after all is not lost"
    assert not await bell.heard()


async def test_what_is_asked_for_during_a_turn_is_done_by_that_turn() -> None:
    turns, going_on, done = Turns(), asyncio.Event(), 0

    async def work() -> int:
        nonlocal done
        await going_on.wait()
        done += 1
        return done

    first = asyncio.create_task(turns.take(work))
    await asyncio.sleep(0)
    assert await turns.take(work) == []
    assert await turns.take(work) == []
    going_on.set()
    assert await first == [1, 2]
    assert await turns.take(work) == [3]


async def test_a_turn_that_fails_leaves_the_next_free() -> None:
    turns = Turns()

    async def fail() -> int:
        raise ValueError

    async def succeed() -> int:
        return 1

    assert isinstance((await asyncio.gather(turns.take(fail), return_exceptions=True))[0], ValueError)
    assert await turns.take(succeed) == [1]


async def test_whoever_is_quick_holds_a_place_and_whoever_is_slow_gives_it_to_another() -> None:
    places, ends, inside = QuickPlaces(1, 0.05), asyncio.Event(), list[str]()

    async def be_there(name: str) -> None:
        async with places.taken():
            inside.append(name)
            await ends.wait()

    slow = asyncio.create_task(be_there("slow"))
    others = [asyncio.create_task(be_there(name)) for name in ("second", "third")]
    await asyncio.sleep(0)
    assert inside == ["slow"]
    while len(inside) < 2:  # noqa: ASYNC110 - nobody tells
        await asyncio.sleep(0.01)
    assert inside == ["slow", "second"]
    ends.set()
    await asyncio.gather(slow, *others)
    assert inside == ["slow", "second", "third"]
    for name in ("fourth", "fifth"):
        await asyncio.wait_for(be_there(name), 1)
    assert inside[3:] == ["fourth", "fifth"], "each place was given back once, and only once"
