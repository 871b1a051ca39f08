"""The benchmark of much load still runs, and its measure of what Discord lets through is right."""

from __future__ import annotations

import asyncio
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import sleep

import pytest

from benchmarks.send_limits import Waited, ideal, oldest
from benchmarks.simulated_loop import SimulatedLoop
from tests.postgres import why_none

ROOT = Path(__file__).parents[1]


def run(*options: str) -> str:
    return subprocess.run(
        [sys.executable, "benchmarks/load.py", "--minutes", "0.04", "--orders", "2000", "--before", "5", *options],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    ).stdout


@pytest.mark.slow
@pytest.mark.parametrize("options", [(), ("--overload",), ("--postgresql",)], ids=" ".join)
def test_it_routes_and_delivers_and_says_how_fast(options: tuple[str, ...]) -> None:
    if "--postgresql" in options and (reason := why_none()):
        pytest.skip(reason)
    told = run(*options)
    [opened] = re.findall(r"^([\d,]+) new follow-ups", told, re.MULTILINE)
    assert int(opened) > 0
    [routing] = re.findall(r"^routing: ([\d.]+) ms \(median\)", told, re.MULTILINE)
    assert float(routing) > 0
    [sent] = re.findall(r"^sent: (\d+),", told, re.MULTILINE)
    assert int(sent) > 0
    assert len(re.findall(r"at second", told)) == 10
    assert "MB at minute 0.04" in told


def when_sent(*alerts: tuple[int, float]) -> list[float]:
    """Return when the best queue begins to send each of these (channel, second), in its order."""
    return [round(one.sent - 0.1, 3) for one in ideal([Waited(channel, due, 0.0) for channel, due in alerts])]


def test_the_best_queue_is_held_up_by_discord_s_limits_alone() -> None:
    assert when_sent((1, 0.0), (2, 0.25), (1, 3.0)) == [0.0, 0.25, 3.0]
    assert when_sent(*((1, 0.0) for _ in range(12))) == [0.0] * 5 + [5.0] * 5 + [10.0] * 2, "5 in 5 s of a channel"
    many = when_sent(*((channel, 0.0) for channel in range(120)))
    assert many == [0.0] * 50 + [1.0] * 50 + [2.0] * 20, "50 a second of all"
    assert when_sent(*((1, 0.0) for _ in range(6)), (2, 0.5))[5] == 0.5, "a full channel holds up no other"


def test_the_age_is_that_of_the_alert_that_has_waited_longest() -> None:
    alerts = [Waited(1, 1.0, 4.0), Waited(2, 2.0, 2.5), Waited(3, 3.0, float("inf"))]
    assert list(oldest(alerts, [0.5, 2.0, 3.5, 4.0, 9.0])) == [0.0, 1.0, 2.5, 1.0, 6.0]


def test_time_passes_while_nothing_is_at_work_and_at_no_other_time() -> None:
    async def live() -> tuple[float, float, float]:
        loop = asyncio.get_running_loop()
        await asyncio.gather(asyncio.sleep(3600), asyncio.sleep(60))
        waited = loop.time()
        with ThreadPoolExecutor(1) as threads:
            slow = loop.run_in_executor(threads, sleep, 0.05)
            timer = asyncio.create_task(asyncio.sleep(5))
            await slow
            worked = loop.time()
            await timer
        return waited, worked, loop.time()

    with asyncio.Runner(loop_factory=SimulatedLoop) as runner:
        assert runner.run(live()) == pytest.approx((3600, 3600, 3605))
