"""How fast feeds are read, beside those who read feeds for a living.

    python benchmarks/feeds/run.py                            # 2,000 feeds, everybody (some minutes)
    python benchmarks/feeds/run.py --feeds 200 --only ours floor

Every competitor reads the same feeds (corpus.py) from the same nginx (farm.py) in a process of its own: for the first
time, again with nothing new, and again with something new in every tenth feed. Slow ones are given the first
`--sample` feeds; feeds differ by chance alone in their order, and every tenth of the sample is changed. The times are
those of the clock on the wall, so run it on a quiet machine.
"""

from __future__ import annotations

import argparse
import random
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from benchmarks.feeds.asked import CHANGED
from benchmarks.feeds.competitors import COMPETITORS, LIVE, Competitor, Running, python_of
from benchmarks.feeds.corpus import ARCHIVE, FEEDS, Corpus, address, described, made_corpus
from benchmarks.feeds.farm import HOW_SERVED, Farm, nginx
from benchmarks.feeds.news import Addition, additions, changing, with_new
from benchmarks.feeds.results import Result, table, targets
from benchmarks.feeds.sources import read_sources
from benchmarks.material import heading, missing

SAMPLE = 500
"""Feeds that slow competitors are given."""
_TENTHS = {CHANGED: 0, LIVE: 2}
"""Which tenth of the feeds has something new when a phase begins."""
_LIVE_TENTH = 5
"""In which something new appears in the course of the live phase."""
_LIVE_NEWS = "live"
_TOLD_ELSEWHERE = {"phase", "feeds", "seconds", "stored", "posted", "began", "processor"}


@dataclass(slots=True)
class Course:
    """What all run over."""

    corpus: Corpus
    farm: Farm
    new: Mapping[str, Mapping[int, Sequence[Addition]]]
    """What is new in which feed when a phase begins."""
    sample: int
    appeared: dict[str, float] = field(default_factory=dict)
    """When each article of the live phase appeared, by its address: seconds since 1970."""


def main() -> int:
    """Run who is wanted and print the figures; return 0."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--feeds", type=int, default=FEEDS, help="how many (%(default)s)")
    parser.add_argument("--sample", type=int, default=SAMPLE, help="how many slow ones are given (%(default)s)")
    parser.add_argument(
        "--only", nargs="+", metavar="NAME", choices=[one.name for one in COMPETITORS], help="%(choices)s"
    )
    given = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that nginx and competitors are ended then as well
    heading("Reading feeds")
    if missing(ARCHIVE, "Reading feeds"):
        return 0
    if nginx() is None:
        print("Reading feeds: skipped, nginx is not installed (`make bench-feeds` tries, as root on Debian).")
        return 0
    corpus = made_corpus(count=given.feeds)
    print(*described(corpus.feeds), sep="\n")
    print(f"Served by {HOW_SERVED}; slow ones read the first {min(given.sample, given.feeds)} feeds", flush=True)
    sources = read_sources(ARCHIVE)
    new = {phase: additions(corpus.feeds, sources, tenth) for phase, tenth in _TENTHS.items()}
    results: list[Result] = []
    with tempfile.TemporaryDirectory() as folder, Farm(corpus, Path(folder)) as farm:
        course = Course(corpus, farm, new, given.sample)
        for competitor in COMPETITORS:
            if given.only is None or competitor.name in given.only:
                results += _attempt(course, competitor)
    print("", *table(results), "", "Targets:", *(target.line() for target in targets(results)), sep="\n")
    return 0


def _attempt(course: Course, competitor: Competitor) -> Sequence[Result]:
    """Run one, and say what came out; nothing where it is not installed or fails."""
    print(f"\n{competitor.name}: {competitor.what}", flush=True)
    python = python_of(competitor)
    if python is None:
        print("  left out, it is not installed (`make bench-feeds` tries)")
        return ()
    try:
        return (_result(course, competitor, python),)
    except RuntimeError as error:
        print(f"  left out: {error}")
        return ()


def _result(course: Course, competitor: Competitor, python: Path) -> Result:
    course.farm.restore()
    count = min(course.sample, len(course.corpus.feeds)) if competitor.slow else len(course.corpus.feeds)
    said: dict[str, Mapping[str, Any]] = {}
    with (
        tempfile.TemporaryDirectory() as folder,
        Running(competitor, python, course.farm.urls()[:count], Path(folder)) as running,
    ):
        for phase in competitor.phases:
            _publish(course, phase)
            if phase == LIVE:
                said[phase] = _live(course, running, said[CHANGED]["asked_seconds"])
            else:
                began = time.time()
                running.begin(phase)
                said[phase] = {"began": began, **running.outcome()}
            print(_line(course, competitor, said[phase]), flush=True)
    return Result(competitor.name, said, running.memory.proportional, running.memory.resident)


def _line(course: Course, competitor: Competitor, said: Mapping[str, Any]) -> str:
    """Return what is printed of a phase: its time, and whether all entries were stored."""
    feeds, seconds = said["feeds"], said["seconds"]
    line = f"  {said['phase']:10} {feeds:,} feeds in {seconds:,.2f} s ({said['processor']:,.2f} s of processor time)"
    if competitor.stores and "stored" in said:
        line += f", {said['stored']:,} of {_served(course, competitor, said):,} entries stored"
    if "posted" in said and said["phase"] in course.new:
        new = course.new[said["phase"]]
        known = [address(number, one.name) for number, some in new.items() for one in some if one.model is None]
        told = [said["posted"][url] - said["began"] for url in known if url in said["posted"]]
        line += (
            f", {len(told)} of {len(known)} announcements told, half within {median(told or [0]):.2f} s of being due"
        )
    rest = {key: value for key, value in said.items() if key not in _TOLD_ELSEWHERE}
    words = ", ".join(f"{key.replace('_', ' ')} {value:,.2f}".removesuffix(".00") for key, value in rest.items())
    return f"{line}; {words}" if words else line


def _served(course: Course, competitor: Competitor, said: Mapping[str, Any]) -> int:
    """Return how many entries have been served by the end of a phase; of live ones, those that were found at once."""
    phases = competitor.phases[: competitor.phases.index(said["phase"]) + 1]
    feeds = said["feeds"]
    served = sum(feed.entries for feed in course.corpus.feeds[:feeds]) + int(said.get("told_at_once", 0))
    return served + sum(
        len(some) for phase in phases for number, some in course.new.get(phase, {}).items() if number < feeds
    )


def _publish(course: Course, phase: str) -> None:
    """Put what is new when a phase begins into every tenth feed."""
    now = datetime.now(UTC)
    for number, new in course.new.get(phase, {}).items():
        feed = course.corpus.feeds[number]
        course.farm.publish(number, with_new(feed, course.corpus.path(number).read_bytes(), new, now))


def _live(course: Course, running: Running, seconds: float) -> Mapping[str, Any]:
    """Let news appear in a third tenth of the feeds, one by one at random while all are due; return what it took.

    `seconds` is how long it may take until the last feed was asked. What appears in a feed after it was asked waits for
    its next turn, which this run does not see: it is not counted.
    """
    chance = random.Random(3)  # noqa: S311 - the same order each time, no secret
    numbers = changing(len(course.corpus.feeds), _LIVE_TENTH)
    order = chance.sample(numbers, len(numbers))
    instants = sorted(chance.uniform(0, seconds) for _ in order)
    now = datetime.now(UTC)
    for number in order:
        feed, body = course.corpus.feeds[number], course.corpus.path(number).read_bytes()
        course.farm.prepare(number, with_new(feed, body, (Addition(_LIVE_NEWS, None),), now))
    running.begin(LIVE)
    began = time.time()
    ended = threading.Event()

    def appear() -> None:
        for number, instant in zip(order, instants, strict=True):
            if ended.wait(max(0.0, began + instant - time.time())):
                return
            course.appeared[address(number, _LIVE_NEWS)] = time.time()
            course.farm.reveal(number)

    publisher = threading.Thread(target=appear)
    publisher.start()
    said = dict(running.outcome())
    ended.set()
    publisher.join()
    return {"began": began, **said, **_waits(course.appeared, said["posted"])}


def _waits(appeared: Mapping[str, float], posted: Mapping[str, float]) -> Mapping[str, float]:
    """Return how long news waited for its alert, in seconds."""
    waits = [posted[url] - moment for url, moment in appeared.items() if url in posted]
    figures: dict[str, float] = {"appeared": len(appeared), "told_at_once": len(waits)}
    if len(waits) > 1:
        late = quantiles(waits, n=20, method="inclusive")[-1]
        figures |= {"median": median(waits), "p95": late, "longest": max(waits)}
    return figures


if __name__ == "__main__":
    sys.exit(main())
