"""Whether every alert exists exactly once after the bot and its watchers were killed at random instants.

    python benchmarks/torture.py                                         # 500 kills, half an hour
    python benchmarks/torture.py --kills 40 --engine sqlite --watchers 1

Real processes of the bot and of the watchers read invented outlets and post to a Discord, both on loopback, and are
ended with SIGKILL while they migrate, poll, match, store, lease, send, mark, edit, search and start: an even share of
the kills on SQLite and on PostgreSQL, each with one watcher and with four. Then all comes to rest, and what was told is
counted.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.postgres import private_server, why_none
from tests.torture.torment import Outcome, Torment

KILLS = 500
ENGINES = ("sqlite", "postgresql")
WATCHERS = (1, 4)


def main() -> int:
    """Print what came of each run; return 0 where every alert exists exactly once in all of them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=KILLS, help="over all runs (%(default)s)")
    parser.add_argument("--engine", choices=ENGINES, help="only on this one")
    parser.add_argument("--watchers", type=int, help="only with so many watcher processes (0: all in one process)")
    parser.add_argument("--seed", type=int, default=random.randrange(10**6), help="of the chances (another each time)")  # noqa: S311 - no secret
    arguments = parser.parse_args()
    engines = [arguments.engine] if arguments.engine else list(ENGINES)
    if "postgresql" in engines and (reason := why_none()):
        print(f"PostgreSQL: skipped, {reason}.")
        engines.remove("postgresql")
    watchers = list(WATCHERS) if arguments.watchers is None else [arguments.watchers]
    each = -(-arguments.kills // max(1, len(engines) * len(watchers)))
    sound = True
    for engine in engines:
        for count in watchers:
            with tempfile.TemporaryDirectory() as folder, _database(engine, Path(folder)) as url:
                torment = Torment(Path(folder), url, watchers=count, seed=arguments.seed)
                outcome = asyncio.run(torment.run(each))
                _tell(engine, count, arguments.seed, outcome)
                sound = sound and outcome.is_sound
    return 0 if sound else 1


@contextmanager
def _database(engine: str, folder: Path) -> Iterator[str]:
    if engine == "sqlite":
        yield f"sqlite:///{folder / 'torture.db'}"
        return
    with private_server() as server:
        yield server.url(server.new_database())


def _tell(engine: str, watchers: int, seed: int, outcome: Outcome) -> None:
    print(f"{engine}, {watchers} watchers, seed {seed}: {outcome.kills} kills in {outcome.seconds:.0f} s")
    print("  " + ", ".join(f"{instant} {times}" for instant, times in sorted(outcome.by_instant.items())))
    print(
        f"  {outcome.announced} announced: {len(outcome.lost)} lost, {len(outcome.doubled)} doubled, "
        f"{len(outcome.incomplete)} incomplete, {len(outcome.wrong)} otherwise wrong"
    )
    for what in (*outcome.lost, *outcome.doubled, *outcome.incomplete, *outcome.wrong):
        print(f"    {what}")
    sys.stdout.flush()


if __name__ == "__main__":
    raise SystemExit(main())
