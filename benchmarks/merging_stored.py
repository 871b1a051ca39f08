r"""How long it takes to recognise a telling among very many open follow-ups in SQLite: processor time, on one thread.

    python benchmarks/merging_stored.py                 # 1,000 to 80,000 open follow-ups (some minutes)
    python benchmarks/merging_stored.py --open 20000    # with so many (repeatable)

The tellings are those of `merging_speed.py`, each a follow-up of its own. Half of what is asked tells a known one anew.
Finding candidates and weighing them are timed together, as the watcher does both for each statement.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Sequence
from datetime import UTC, datetime, time
from itertools import islice
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from time import process_time

from benchmarks.material import heading
from benchmarks.merging_speed import DAY, PROBES, tellings
from config.catalogue import Outlet
from storage.engine import address, writing_engine
from storage.migrate import upgrade
from storage.unit_of_work import SqlUnitOfWork
from watchers.feed_memory import Claim
from watchers.feed_model import Stage
from watchers.joining import recognise
from watchers.model import Article, Telling

OPEN = (1_000, 5_000, 20_000, 80_000)


def main() -> int:
    """Print the figures; return 0."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--open", type=int, action="append", metavar="N", help="measure with N follow-ups open")
    wanted: Sequence[int] = parser.parse_args().open or OPEN
    heading("Recognising among what is stored")
    print(f"$ python benchmarks/merging_stored.py {' '.join(f'--open {number}' for number in wanted)}")
    for number in wanted:
        with TemporaryDirectory() as folder:
            times, found = _measured(f"sqlite:///{Path(folder) / 'open.db'}", number)
        slow = quantiles(times, n=20)[-1]
        figures = f"median {median(times):.2f} ms, 95 % within {slow:.2f} ms"
        print(f"  {number:>7,} open: {figures}; {found:.1%} of known ones recognised", flush=True)
    return 0


def _measured(url: str, number: int) -> tuple[list[float], float]:
    """Return the milliseconds of each telling asked, and the share of known ones for which any follow-up was found."""
    upgrade(url)
    engine = writing_engine(address(url))
    told = list(islice(tellings(number), number))
    with engine.begin() as connection:
        work = SqlUnitOfWork(connection)
        article = _an_article(work)
        for telling in told:
            work.followups.open(article, telling, ["news"])
    chance, news = random.Random(3), tellings(number + PROBES, seed=2)  # noqa: S311 - the same each time, no secret
    times: list[float] = []
    found = 0
    with engine.begin() as connection:
        work = SqlUnitOfWork(connection)
        for turn in range(PROBES):
            asked = chance.choice(told) if turn % 2 else next(news)
            taken, known = _asked(work, asked)
            times.append(taken)
            found += known and turn % 2
    engine.dispose()
    return times, found / (PROBES // 2)


def _asked(work: SqlUnitOfWork, telling: Telling) -> tuple[float, bool]:
    began = process_time()
    match = recognise(work, telling, None)
    return (process_time() - began) * 1000, match is not None


def _an_article(work: SqlUnitOfWork) -> int:
    now = datetime.combine(DAY, time(), UTC)
    work.feeds.follow([Outlet("The Meridian", "https://meridian.example/rss", "en", "UTC", full_text=False)], now)
    article = Article("a-1", "The Meridian", None, "News", "", now, DAY)
    work.articles.add([(work.feeds.all()[0].id, article, Stage.READING)], now)
    return work.articles.take((Stage.READING,), Claim("benchmark", now, now), 1)[0].id


if __name__ == "__main__":
    sys.exit(main())
