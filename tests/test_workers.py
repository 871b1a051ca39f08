"""Work that can be ended: the same contract with processes and, as far as it goes, with threads."""

from __future__ import annotations

import asyncio
import logging
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from tests import jobs
from watchers.ports import FetchError, WorkEndedError, Workers
from watchers.workers import SameProcess, WorkerPool

ROOT = Path(__file__).parents[1]
CONTEXT = {"seven": 7}
ON_LINUX = sys.platform == "linux"

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="worker processes are forked")


def a_pool(processes: int = 2, most_memory: int = 300_000_000) -> WorkerPool[jobs.Context]:
    return WorkerPool(CONTEXT, processes, preload=("tests.jobs",), most_memory=most_memory)


@pytest.fixture
async def pool() -> AsyncIterator[WorkerPool[jobs.Context]]:
    async with a_pool() as made:
        yield made


@pytest.fixture(params=["processes", "a thread"])
async def workers(request: pytest.FixtureRequest) -> AsyncIterator[Workers[jobs.Context]]:
    if request.param == "a thread":
        yield SameProcess(CONTEXT)
        return
    async with a_pool() as made:
        yield made


async def until(holds: Callable[[], bool], seconds: float = 20) -> None:
    """Wait until something holds, so that no test depends on how fast the machine is."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end
        await asyncio.sleep(0.05)  # most ask `ps`, and those who are waited for need the processor themselves


async def end_of(*processes: int) -> None:
    await until(lambda: not any(is_there(process) for process in processes))


async def said(path: Path) -> int:
    """Wait for the process id that a job writes to a file."""
    await until(lambda: is_written(path))
    return number_in(path)


def is_written(path: Path) -> bool:
    return path.exists() and path.read_text() != ""


def number_in(path: Path) -> int:
    return int(path.read_text())


def is_there(process: int) -> bool:
    """Tell whether a process runs."""
    return bool(_ps("stat", process).rstrip("Z"))  # one that is dead and not yet buried does not


def parent_of(process: int) -> int:
    return int(_ps("ppid", process))


def children_of(process: int) -> list[int]:
    table = subprocess.run(["ps", "-eo", "ppid=,pid="], capture_output=True, text=True, check=True).stdout  # noqa: S607
    pairs = (line.split() for line in table.splitlines())
    return [int(child) for parent, child in pairs if int(parent) == process]


def name_of(process: int) -> str:
    return _ps("comm", process)


def _ps(what: str, process: int) -> str:
    command = ["ps", "-o", f"{what}=", "-p", str(process)]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()


def chance(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311 - the same at each run


async def test_a_job_gets_the_context_and_its_arguments(workers: Workers[jobs.Context]) -> None:
    assert await workers.run(jobs.add, "seven", 5) == 12
    assert await asyncio.gather(*(workers.run(jobs.add, "seven", n) for n in range(100))) == list(range(7, 107))


async def test_what_a_job_raises_is_raised_as_it_is(workers: Workers[jobs.Context]) -> None:
    with pytest.raises(FetchError, match=r"^a\.example is no feed$") as caught:
        await workers.run(jobs.fail, "fetch")
    assert caught.value.gone
    assert caught.value.reason.facts == (("host", "a.example"),)
    with pytest.raises(TimeoutError, match="its own"):
        await workers.run(jobs.fail, "timeout")
    assert await workers.run(jobs.add, "seven", 1) == 8


async def test_an_error_of_a_process_brings_its_traceback(pool: WorkerPool[jobs.Context]) -> None:
    with pytest.raises(ValueError, match="bad value") as caught:
        await pool.run(jobs.fail, "value")
    assert "in fail" in str(caught.value.__cause__)


@pytest.mark.parametrize("kind", ["stop", "exit", "interrupt"])
async def test_what_would_end_more_than_the_job_ends_only_the_job(workers: Workers[jobs.Context], kind: str) -> None:
    with pytest.raises(WorkEndedError, match=r"it ended in what cannot be passed on \((Stop|SystemE|Keyboard)"):
        await workers.run(jobs.fail, kind)
    assert await workers.run(jobs.add, "seven", 1) == 8


@pytest.mark.parametrize(("kind", "name"), [("awkward", "AwkwardError"), ("locked", "LockedError")])
async def test_an_error_that_cannot_be_sent_is_named(pool: WorkerPool[jobs.Context], kind: str, name: str) -> None:
    with pytest.raises(WorkEndedError, match=name):
        await pool.run(jobs.fail, kind)


async def test_what_cannot_be_sent_back_is_named(pool: WorkerPool[jobs.Context]) -> None:
    with pytest.raises(WorkEndedError, match="function"):
        await pool.run(jobs.give_back_a_function)
    assert await pool.run(jobs.add, "seven", 1) == 8


async def test_arguments_that_cannot_be_sent_raise_at_once_and_hurt_nothing(pool: WorkerPool[jobs.Context]) -> None:
    with pytest.raises(Exception, match=r"(?i)pickle"):
        await pool.run(lambda _: None)
    assert await pool.run(jobs.add, "seven", 1) == 8


async def test_large_arguments_and_answers_come_whole(pool: WorkerPool[jobs.Context]) -> None:
    parts = [chance(n).randbytes(n) for n in (0, 1, 65_536, 262_144, 3_000_000, 20_000_000)]
    assert await asyncio.gather(*(pool.run(jobs.echo, part) for part in parts)) == parts


async def test_urgent_jobs_go_first_and_equals_in_their_order(tmp_path: Path) -> None:
    notes = tmp_path / "notes"
    async with a_pool(processes=1) as pool:
        lines = [("later 1", False), ("later 2", False), ("now 1", True), ("now 2", True)]
        await asyncio.gather(*(pool.run(jobs.note, notes, line, urgent=urgent) for line, urgent in lines))
    assert notes.read_text().splitlines() == ["now 1", "now 2", "later 1", "later 2"]


async def test_urgent_jobs_go_first_in_a_thread_too(tmp_path: Path) -> None:
    notes = tmp_path / "notes"
    thread = SameProcess(CONTEXT)
    lines = [("begun", False), ("later", False), ("now", True)]
    await asyncio.gather(*(thread.run(jobs.note, notes, line, urgent=urgent) for line, urgent in lines))
    assert notes.read_text().splitlines() == ["begun", "now", "later"]


async def test_a_job_that_takes_too_long_is_ended(workers: Workers[jobs.Context]) -> None:
    with pytest.raises(WorkEndedError, match=r"^it took longer than 0\.2 seconds$"):
        await workers.run(jobs.wait, 3.0, seconds=0.2)
    assert await workers.run(jobs.add, "seven", 1) == 8


@pytest.mark.parametrize("job", [jobs.spin, jobs.hang_in_c, jobs.stop], ids=lambda job: job.__name__)
async def test_however_a_process_hangs_it_is_ended(
    pool: WorkerPool[jobs.Context], job: Callable[[jobs.Context], object]
) -> None:
    with pytest.raises(WorkEndedError, match="longer than"):
        await pool.run(job, seconds=0.2)
    assert await pool.run(jobs.add, "seven", 1) == 8


@pytest.mark.parametrize("job", [jobs.crash, jobs.leave], ids=lambda job: job.__name__)
async def test_a_process_that_dies_costs_its_job_alone(
    pool: WorkerPool[jobs.Context], job: Callable[[jobs.Context], object]
) -> None:
    others = [pool.run(jobs.add, "seven", n) for n in range(50)]
    fate, *sums = await asyncio.gather(pool.run(job), *others, return_exceptions=True)
    assert str(fate) == "the process that worked on it ended unexpectedly"
    assert sums == list(range(7, 57))


@pytest.mark.skipif(not ON_LINUX, reason="memory is bounded on Linux only")
async def test_a_job_that_wants_too_much_memory_is_ended(pool: WorkerPool[jobs.Context]) -> None:
    assert await pool.run(jobs.take_memory, 100_000_000) == 100_000_000
    for ended in (pool.run(jobs.take_memory, 1_000_000_000), pool.run(jobs.take_memory_bit_by_bit)):
        with pytest.raises(WorkEndedError, match=r"^it needed more than 300 MB of memory$"):
            await ended
    assert await pool.run(jobs.add, "seven", 1) == 8


@pytest.mark.skipif(not ON_LINUX, reason="memory is seen on Linux only")
async def test_a_worker_that_keeps_much_memory_is_replaced_after_its_job() -> None:
    async with a_pool(processes=1) as pool:
        first = await pool.run(jobs.process)
        assert await pool.run(jobs.keep_memory, 1_000_000) == first
        kept, *after = await asyncio.gather(
            pool.run(jobs.keep_memory, 100_000_000), *(pool.run(jobs.process) for _ in range(3))
        )
        assert kept == first
        assert first not in after
        await end_of(first)


async def test_a_worker_killed_from_outside_is_replaced(pool: WorkerPool[jobs.Context], tmp_path: Path) -> None:
    for moment in range(3):
        who = tmp_path / str(moment)
        job = asyncio.create_task(pool.run(jobs.say_who_and_wait, who))
        os.kill(await said(who), signal.SIGKILL)
        with pytest.raises(WorkEndedError, match="ended unexpectedly"):
            await job
    assert await pool.run(jobs.add, "seven", 1) == 8


async def test_idle_workers_and_their_nursery_may_be_killed_too(pool: WorkerPool[jobs.Context]) -> None:
    for _ in range(3):
        worker = await pool.run(jobs.process)
        for process in (parent_of(worker), worker):
            os.kill(process, signal.SIGKILL)
        await end_of(worker)
        await asyncio.sleep(0.05)  # its end is noticed; a job sent to it meanwhile would end with it
        assert await pool.run(jobs.add, "seven", 1) == 8


async def test_of_a_thousand_jobs_those_end_that_must(pool: WorkerPool[jobs.Context]) -> None:
    chances = chance(6)
    bad = set(chances.sample(range(1_000), 50))
    kinds = (jobs.spin, jobs.crash, jobs.leave)

    async def one(number: int) -> int | str:
        urgent = chances.random() < 0.5
        try:
            if number in bad:
                await pool.run(kinds[number % 3], seconds=0.05, urgent=urgent)
            return await pool.run(jobs.add, "seven", number, urgent=urgent)
        except WorkEndedError as error:
            return str(error)

    fates = await asyncio.gather(*(one(number) for number in range(1_000)))
    assert {number for number, fate in enumerate(fates) if isinstance(fate, str)} == bad
    assert all(fate == number + 7 for number, fate in enumerate(fates) if number not in bad)


async def test_slow_jobs_hold_up_no_quick_one(pool: WorkerPool[jobs.Context]) -> None:
    slow = [asyncio.create_task(pool.run(jobs.wait, 30, seconds=60)) for _ in range(3)]
    quick = [asyncio.create_task(pool.run(jobs.add, "seven", n)) for n in range(40)]
    done, _ = await asyncio.wait(quick, timeout=20)
    assert len(done) == 40
    assert not any(job.done() for job in slow)
    for job in slow:
        job.cancel()


async def test_a_job_is_not_to_blame_for_what_else_the_machine_does(pool: WorkerPool[jobs.Context]) -> None:
    assert await pool.run(jobs.wait, 0.5, seconds=0.3) == 0.5


async def test_there_are_never_many_more_workers_however_many_are_slow(pool: WorkerPool[jobs.Context]) -> None:
    nursery = parent_of(await pool.run(jobs.process))
    slow = [asyncio.create_task(pool.run(jobs.wait, 1.5)) for _ in range(8)]
    most = 0
    while not all(job.done() for job in slow):
        most = max(most, len(children_of(nursery)))
        await asyncio.sleep(0.1)
    assert 2 < most <= 6  # four, and two that are just ending
    await until(lambda: len(children_of(nursery)) == 2)


async def test_a_job_nobody_waits_for_any_more_is_dropped(workers: Workers[jobs.Context], tmp_path: Path) -> None:
    begun = [asyncio.create_task(workers.run(jobs.wait, 0.3)) for _ in range(4)]
    notes = tmp_path / "notes"
    waiting = [asyncio.create_task(workers.run(jobs.note, notes, "done")) for _ in range(4)]
    await asyncio.sleep(0.1)
    for task in (*begun, *waiting):
        task.cancel()
    assert await workers.run(jobs.add, "seven", 1) == 8
    assert all(task.cancelled() for task in (*begun, *waiting))


async def test_whoever_waits_when_the_pool_ends_is_told() -> None:
    async with a_pool() as pool:
        begun = await pool.run(jobs.process)
        tasks = [asyncio.create_task(pool.run(jobs.wait, 30)) for _ in range(10)]
        await asyncio.sleep(0.1)
    fates = await asyncio.gather(*tasks, return_exceptions=True)
    assert {str(fate) for fate in fates} == {"the bot is ending"}
    with pytest.raises(WorkEndedError, match="the bot is ending"):
        await pool.run(jobs.add, "seven", 1)
    await end_of(begun)


async def test_a_pool_that_cannot_start_says_so(caplog: pytest.LogCaptureFixture) -> None:
    async with WorkerPool(CONTEXT, preload=("no_such_module",)) as pool:
        for _ in range(2):
            with pytest.raises(WorkEndedError, match="no process to work in can be started"):
                await pool.run(jobs.add, "seven", 1)
    assert "no worker process can be started" in caplog.text


async def test_what_jobs_log_is_logged_here(pool: WorkerPool[jobs.Context], caplog: pytest.LogCaptureFixture) -> None:
    await pool.run(jobs.log, "beware")
    assert ("tests.jobs", logging.WARNING, "it says beware") in caplog.record_tuples
    assert any(name == "py.warnings" and "mind this" in line for name, _, line in caplog.record_tuples)


async def test_workers_have_no_threads_and_leave_signals_to_the_bot(pool: WorkerPool[jobs.Context]) -> None:
    assert await pool.run(jobs.threads) == 1
    worker = await pool.run(jobs.process)
    job = asyncio.create_task(pool.run(jobs.wait, 0.1))
    for number in (signal.SIGINT, signal.SIGTERM):
        os.kill(worker, number)
    await job
    assert is_there(worker)
    if ON_LINUX:
        assert (name_of(worker), name_of(parent_of(worker))) == ("aide-worker", "aide-nursery")


BOT = """
import asyncio, sys
from pathlib import Path
from tests import jobs
from watchers.workers import WorkerPool
async def main():
    async with WorkerPool({}, 2) as pool:
        busy = asyncio.create_task(pool.run(jobs.spin, seconds=1.0))
        idle = await pool.run(jobs.process)
        Path(sys.argv[1]).write_text(str(idle))
        await busy
asyncio.run(main())
"""


async def test_processes_end_when_the_bot_is_killed(tmp_path: Path) -> None:
    who = tmp_path / "who"
    bot = await asyncio.create_subprocess_exec(sys.executable, "-c", BOT, str(who), cwd=ROOT)
    nursery = parent_of(await said(who))
    workers = children_of(nursery)
    assert len(workers) >= 2
    bot.kill()
    await bot.wait()
    await end_of(nursery, *workers)
