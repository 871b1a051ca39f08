"""Killed at any moment, a writer leaves whole decisions behind: all of one or nothing of it."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from storage.engine import open_database
from tests.storing import articles_in
from watchers.ports import UnitOfWork

ROOT = Path(__file__).parents[1]

# Each decision stores an article, a follow-up and an alert, and is reported once it is stored.
WRITER = """
import asyncio, sys
from storage.engine import open_database
from tests.factories import MONDAY_NOON
from tests.storing import an_alert, open_one

def decide(work):
    followup = open_one(work)
    if sys.argv[2] == "wait within":
        print("half way", flush=True)
        sys.stdin.read()
    work.outbox.put(an_alert(f"said:{followup.id}", followup.id), MONDAY_NOON)
    return followup.id

async def main():
    database = open_database(sys.argv[1])
    while True:
        print(await database.transact(decide), flush=True)

asyncio.run(main())
"""


def start(url: str, how: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", WRITER, url, how], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )


def kill(child: subprocess.Popen[str]) -> list[str]:
    """End a child as a power cut would; return what it still said."""
    child.kill()
    assert child.stdout is not None
    said = child.stdout.read()  # `communicate` would lose the lines that `readline` has read ahead
    assert child.wait(timeout=30) == -signal.SIGKILL
    child.communicate()
    return said.split()


async def stored(url: str) -> int:
    """Return how many decisions are stored, once sure that each is whole."""

    def whole(work: UnitOfWork) -> int:
        tally = work.tally()
        count = articles_in(work)
        assert count == tally.followups_pending == tally.outbox_waiting
        for number in range(1, count + 1):
            followup = work.followups.get(number)
            assert followup is not None
            assert (len(followup.tellings), followup.topics) == (1, ("norland",))
        return count

    database = open_database(url)
    count = await database.look(whole)
    database.close()
    return count


async def test_killed_within_a_decision_it_leaves_nothing_of_it(database_url: str) -> None:
    child = start(database_url, "wait within")
    assert child.stdout is not None
    assert child.stdout.readline() == "half way\n"
    kill(child)
    assert await stored(database_url) == 0


@pytest.mark.parametrize("decisions", [1, 2, 17])
async def test_killed_anywhere_it_leaves_all_it_has_reported_and_at_most_one_more(
    database_url: str, decisions: int
) -> None:
    for _ in range(2):
        before = await stored(database_url)
        child = start(database_url, "go on")
        assert child.stdout is not None
        reported = [child.stdout.readline() for _ in range(decisions)] + kill(child)
        assert await stored(database_url) in {before + len(reported), before + len(reported) + 1}
