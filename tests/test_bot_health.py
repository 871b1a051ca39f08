"""Whether the process is well: judged, asked for and written down."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import time
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.health import PATIENCE, Beat, Vitals, judge, verdict
from bot.observing import Result, Sending, Together, Why
from bot.pulse import Pulse, health_written
from storage.engine import Database
from tests.command_line import command, house, one_line
from tests.factories import MONDAY_NOON
from tests.fakes import BrokenStore, FakeClock
from tests.storing import an_alert, minutes
from watchers.model import Backlog

__all__ = ["house"]

POLL = timedelta(seconds=5)
HOUR = timedelta(hours=1)
WELL = Vitals(
    now=MONDAY_NOON,
    database=None,
    beats={"poll": Beat(POLL, minutes(-1)), "hubs": Beat(HOUR, minutes(-599))},
    away_since=None,
    backlog=Backlog(0, None, minutes(5)),
)


def test_a_process_that_works_is_well() -> None:
    health = judge(WELL)
    assert health.well
    assert health.remarks == ()
    told = health.as_json()
    assert told == {
        "status": "ok",
        "at": "2026-03-02T12:00:00+00:00",
        "problems": [],
        "remarks": [],
        "poll_seconds_ago": 60,
        "hubs_seconds_ago": 599 * 60,
        "alerts_waiting": 0,
        "oldest_alert_seconds": None,
        "poll_lag_seconds": 0,
    }
    assert verdict(told, minutes(1)) == (True, "all is well")


@pytest.mark.parametrize(
    ("vitals", "problem"),
    [
        (replace(WELL, database="it is away", backlog=None), "the database does not answer: it is away"),
        (replace(WELL, beats={"poll": Beat(POLL, minutes(-5.1))}), "the poll tick gave no sign of life for 5 min"),
        (replace(WELL, beats={"hubs": Beat(HOUR, minutes(-601))}), "the hubs tick gave no sign of life for 601 min"),
        (replace(WELL, away_since=minutes(-5.1)), "Discord's gateway has been away for 5 min"),
    ],
)
def test_what_stands_still_is_named(vitals: Vitals, problem: str) -> None:
    health = judge(vitals)
    assert health.problems == (problem,)
    assert verdict(health.as_json(), MONDAY_NOON) == (False, problem)


def test_a_short_absence_is_everyday() -> None:
    assert judge(replace(WELL, away_since=MONDAY_NOON - PATIENCE)).well
    assert judge(replace(WELL, beats={"poll": Beat(POLL, MONDAY_NOON - PATIENCE)})).well


def test_alerts_that_wait_are_remarked_on_only() -> None:
    health = judge(replace(WELL, backlog=Backlog(7, minutes(-61), None)))
    assert health.well
    assert health.remarks == ("an alert has waited for 61 min",)
    assert (health.facts["alerts_waiting"], health.facts["oldest_alert_seconds"]) == (7, 3660)


def test_old_news_is_bad_news() -> None:
    assert verdict(judge(WELL).as_json(), minutes(1.1)) == (
        False,
        "nothing was heard for 66 s: the process has ended, or hangs",
    )


# --- the pulse ------------------------------------------------------------------------------------------------


async def test_the_pulse_misses_ticks_that_stop(store: Database) -> None:
    clock = FakeClock()
    pulse = Pulse(store, clock, gateway=False)
    pulse.expect("poll", POLL)
    pulse.expect("deliver", POLL)
    clock.advance(timedelta(minutes=4))
    everybody = Together(pulse)
    everybody.turned("poll", 0.1, failed=False)
    everybody.turned("deliver", 0.1, failed=True)
    assert (await pulse.checkup()).well
    clock.advance(timedelta(minutes=2))
    assert (await pulse.checkup()).problems == ("the deliver tick gave no sign of life for 6 min",)
    everybody.sent(Sending(Result.POSTPONED, Why.LIMITED, 0.1))  # one turn may send for long
    assert (await pulse.checkup()).well


async def test_the_pulse_misses_the_gateway(store: Database) -> None:
    clock = FakeClock()
    pulse = Pulse(store, clock)
    clock.advance(timedelta(minutes=6))
    assert not (await pulse.checkup()).well  # it never came
    pulse.connected()
    assert (await pulse.checkup()).well
    for _ in range(7):
        pulse.disconnected()  # told again at each attempt to come back
        clock.advance(timedelta(minutes=1))
    assert (await pulse.checkup()).problems == ("Discord's gateway has been away for 7 min",)


async def test_a_process_without_a_gateway_does_not_miss_it(store: Database) -> None:
    clock = FakeClock()
    pulse = Pulse(store, clock, gateway=False)
    clock.advance(timedelta(days=1))
    assert (await pulse.checkup()).well


async def test_the_pulse_says_when_the_database_fails() -> None:
    health = await Pulse(BrokenStore(), FakeClock()).checkup()
    assert health.problems == ("the database does not answer: it is away",)
    assert "alerts_waiting" not in health.facts


async def test_the_pulse_tells_what_waits(store: Database) -> None:
    clock = FakeClock()
    await store.transact(lambda work: work.outbox.put(an_alert("a"), MONDAY_NOON))
    clock.advance(timedelta(minutes=10))
    health = await Pulse(store, clock).checkup()
    assert health.remarks == ("an alert has waited for 10 min",)


# --- the file and the command -------------------------------------------------------------------------------------


async def written(file: Path, pulse: Pulse) -> str:
    def read() -> str:
        deadline = time.monotonic() + 10
        while not file.exists():
            assert time.monotonic() < deadline, "nothing was written"
            time.sleep(0.01)
        return file.read_text(encoding="utf-8")

    async with health_written(pulse, file):
        return await asyncio.to_thread(read)


async def test_the_file_is_there_as_long_as_the_process_is(store: Database, tmp_path: Path) -> None:
    file = tmp_path / "health.json"
    text = await written(file, Pulse(store, FakeClock()))
    assert json.loads(text)["status"] == "ok"
    assert [name for name in await asyncio.to_thread(os.listdir, tmp_path) if "health" in name] == []


async def test_a_file_that_cannot_be_written_stops_nothing(
    store: Database, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    def wait() -> None:
        deadline = time.monotonic() + 10
        while not caplog.text and time.monotonic() < deadline:
            time.sleep(0.01)

    async with health_written(Pulse(store, FakeClock()), tmp_path / "no folder" / "health.json"):
        await asyncio.to_thread(wait)
    assert "the health file cannot be written" in caplog.text


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (None, (1, "is not there: the process does not run, or has only begun")),
        ('{"status": "ok", "at": "2001-01-01T00:00:00+00:00", "problems": []}', (1, "nothing was heard for")),
        ('{"status": "ok", "at": "2999-01-01T00:00:00+00:00", "problems": []}', (0, "all is well")),
        ('{"status": "failing", "at": "2999-01-01T00:00:00+00:00", "problems": ["a", "b"]}', (1, "a; b")),
        ('{"status": "ok"', (1, "holds no report on health")),
        ("[]", (1, "holds no report on health")),
    ],
)
async def test_the_command_reads_the_file(
    house: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    text: str | None,
    told: tuple[int, str],
) -> None:
    monkeypatch.setenv("HEALTH_FILE", str(house / "health.json"))
    if text is not None:
        (house / "health.json").write_text(text, encoding="utf-8")
    assert await command("health") == told[0]
    assert told[1] in capsys.readouterr().out


async def test_the_command_asks_where_no_file_is_set(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = str(free.getsockname()[1])
    monkeypatch.setenv("WEB_PORT", port)
    assert await command("health") == 1
    assert f"nothing answers at 127.0.0.1, port {port}" in capsys.readouterr().out


async def test_the_command_says_what_to_set(capsys: pytest.CaptureFixture[str]) -> None:
    assert await command("health") == 2
    assert "HEALTH_FILE" in one_line(capsys)
