"""Figures for Prometheus: counted from what the parts report, what waits read when somebody asks."""

from __future__ import annotations

import asyncio
import math
from datetime import timedelta

import aiohttp
import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.metrics import Metrics
from bot.observing import ObservedMessenger, ObservedStore, Together, Why
from bot.scheduler import Tick, Ticks
from bot.scraping import scraped
from config.settings import MetricsSettings
from storage.engine import Database
from storage.errors import DatabaseError
from tests.factories import MONDAY_NOON, an_outlet
from tests.fakes import BrokenStore, FakeClock
from tests.storing import an_alert
from watchers.audience import Delivery, Posted
from watchers.model import Backlog
from watchers.poll_report import PollReport, PollResult
from watchers.ports import SendForbiddenError, SendLaterError, SendNeverError, UnitOfWork


def figures(text: str) -> dict[str, float]:
    """Every sample by its name and labels."""
    return {
        sample.name.removeprefix("aide_memoire_")
        + "".join(f" {name}={value}" for name, value in sorted(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def shown(metrics: Metrics) -> dict[str, float]:
    return figures(metrics.exposition(Backlog(0, None, None), MONDAY_NOON).decode())


def test_polls_are_counted_by_result() -> None:
    metrics = Metrics()
    results = (PollResult.CHANGED, PollResult.UNREADABLE, PollResult.CHANGED)
    metrics.polled(PollReport(feeds=3, articles=4, statements=3, followups=2, merged=1, results=results))
    told = shown(metrics)
    assert told["polls_total result=changed"] == 2
    assert told["polls_total result=unreadable"] == 1
    counts = [told[f"{name}_total"] for name in ("articles", "statements", "followups", "merged")]
    assert counts == [4, 3, 2, 1]


class Failing:
    """A messenger that does as told."""

    def __init__(self, error: Exception | None) -> None:
        self.error = error

    async def post(self, delivery: Delivery, nonce: str) -> Posted:
        del delivery, nonce
        if self.error is not None:
            raise self.error
        return Posted(1, 2)

    async def edit(self, delivery: Delivery) -> Posted:
        return await self.post(delivery, "")


@pytest.mark.parametrize(
    ("error", "result", "why"),
    [
        (None, "posted", Why.NONE),
        (SendForbiddenError("403", ("Send Messages",)), "given up", Why.FORBIDDEN),
        (SendNeverError("404"), "given up", Why.REFUSED),
        (SendLaterError("429", timedelta(seconds=1)), "postponed", Why.LIMITED),
        (SendLaterError("502"), "postponed", Why.UNREACHABLE),
        (ValueError("words"), "postponed", Why.FAULT),
    ],
)
async def test_sends_are_counted_by_what_became_of_them(
    delivery: Delivery, error: Exception | None, result: str, why: Why
) -> None:
    metrics = Metrics()
    messenger = ObservedMessenger(Failing(error), metrics)
    if error is None:
        assert await messenger.post(delivery, "n") == Posted(1, 2)
    else:
        with pytest.raises(type(error)):
            await messenger.post(delivery, "n")
    told = shown(metrics)
    assert told[f"sends_total result={result} why={why.value}"] == 1
    assert told["send_seconds_count"] == 1


@pytest.fixture
async def delivery(store: Database) -> Delivery:
    def work(unit: UnitOfWork) -> Delivery:
        unit.outbox.put(an_alert("a"), MONDAY_NOON)
        [one] = unit.outbox.lease(MONDAY_NOON, worker="w", until=MONDAY_NOON + timedelta(minutes=1), limit=1)
        return one

    return await store.transact(work)


async def test_edits_are_counted_apart(delivery: Delivery) -> None:
    metrics = Metrics()
    await ObservedMessenger(Failing(None), metrics).edit(delivery)
    assert shown(metrics)["sends_total result=edited why=none"] == 1


async def test_transactions_are_timed(store: Database) -> None:
    metrics = Metrics()
    observed = ObservedStore(store, metrics)
    await observed.look(lambda work: work.tally())
    with pytest.raises(DatabaseError):
        await observed.look(lambda work: work.feeds.follow([an_outlet()], MONDAY_NOON))
    await observed.transact(lambda work: work.feeds.follow([an_outlet()], MONDAY_NOON))
    told = shown(metrics)
    counts = {
        key: told[f"transaction_seconds_count {key}"] for key in ("kind=read result=done", "kind=read result=failed")
    }
    assert counts == {"kind=read result=done": 1, "kind=read result=failed": 1}
    assert told["transaction_seconds_count kind=write result=done"] == 1


async def test_turns_are_timed() -> None:
    metrics, turns = Metrics(), asyncio.Event()

    async def fail() -> None:
        turns.set()
        message = "the weather"
        raise OSError(message)

    ticks = Ticks((Tick("poll", timedelta(hours=1), fail),), FakeClock(), Together(metrics))
    ticks.start()
    assert shown(metrics)["tick_seconds_count result=done tick=poll"] == 0
    ticks.hurry("poll")
    await asyncio.wait_for(turns.wait(), 5)
    await ticks.stop()
    assert shown(metrics)["tick_seconds_count result=failed tick=poll"] >= 1


async def test_what_waits_is_read_when_somebody_asks(store: Database) -> None:
    clock, metrics = FakeClock(), Metrics()

    def put(work: UnitOfWork) -> None:
        work.feeds.follow([an_outlet()], clock.now())
        work.outbox.put(an_alert("a"), clock.now())
        work.outbox.put(an_alert("b"), clock.now())

    settings = MetricsSettings("127.0.0.1", 0)
    async with scraped(metrics, store, clock, settings) as port, aiohttp.ClientSession() as client:

        async def ask() -> dict[str, float]:
            async with client.get(f"http://127.0.0.1:{port}/metrics") as answer:
                assert answer.headers["Content-Type"].startswith("text/plain; version=")
                return figures(await answer.text())

        told = await ask()
        assert (told["outbox_waiting"], told["outbox_oldest_seconds"], told["poll_lag_seconds"]) == (0, 0, 0)
        await store.transact(put)
        clock.advance(timedelta(minutes=3))
        told = await ask()
        assert (told["outbox_waiting"], told["outbox_oldest_seconds"], told["poll_lag_seconds"]) == (2, 180, 180)
        async with client.get(f"http://127.0.0.1:{port}/health") as answer:
            assert answer.status == 404


async def test_where_the_database_is_away_the_rest_is_told() -> None:
    metrics, settings = Metrics(), MetricsSettings("127.0.0.1", 0)
    metrics.polled(PollReport(articles=4))
    async with (
        scraped(metrics, BrokenStore(), FakeClock(), settings) as port,
        aiohttp.ClientSession() as client,
        client.get(f"http://127.0.0.1:{port}/metrics") as answer,
    ):
        told = figures(await answer.text())
    assert told["articles_total"] == 4
    assert all(math.isnan(told[name]) for name in ("outbox_waiting", "outbox_oldest_seconds", "poll_lag_seconds"))
