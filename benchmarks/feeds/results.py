"""The table, the ratios and the targets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks.feeds.asked import CHANGED, FIRST, UNCHANGED

_NAME_WIDTH, _WIDTH = 10, 12


@dataclass(frozen=True, slots=True)
class Result:
    """What came out of one competitor."""

    name: str
    phases: Mapping[str, Mapping[str, Any]]
    """What it said of each phase."""
    proportional: float
    """Most memory of its process tree in MB (PSS)."""
    resident: float
    """The same with shared pages counted for each process (RSS)."""

    def rate(self, phase: str) -> float | None:
        """Return feeds a second; None where it has no such phase."""
        said = self.phases.get(phase)
        return None if said is None else said["feeds"] / said["seconds"]


def table(results: Sequence[Result]) -> Iterator[str]:
    """Yield the lines of the table."""
    titles = ("first pass", "all 304", "10 % changed", "PSS MB", "RSS MB")
    yield f"{'feeds/s':{_NAME_WIDTH}}" + "".join(f"{title:>{_WIDTH + 1}}" for title in titles)
    for result in results:
        rates = [result.rate(phase) for phase in (FIRST, UNCHANGED, CHANGED)]
        cells = [*rates, result.proportional, result.resident]
        yield f"{result.name:{_NAME_WIDTH}}" + "".join(f"{_number(cell):>{_WIDTH + 1}}" for cell in cells)


def _number(value: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:,.1f}" if value < 100 else f"{value:,.0f}"  # noqa: PLR2004 - three digits are enough


@dataclass(frozen=True, slots=True)
class Target:
    """Something to be reached."""

    words: str
    measured: float | None
    """None: it was not measured in this run."""
    bound: float
    at_most: bool = False

    def line(self) -> str:
        """Return it with what was measured and whether it is reached."""
        sign = "≤" if self.at_most else "≥"
        if self.measured is None:
            return f"  {self.words:34} {'–':>9}  {sign} {self.bound:,g}: not measured"
        reached = self.measured <= self.bound if self.at_most else self.measured >= self.bound
        return f"  {self.words:34} {_exact(self.measured):>9}  {sign} {self.bound:,g}: {'yes' if reached else 'NO'}"


def _exact(value: float) -> str:
    return f"{value:,.2f}" if value < 10 else f"{value:,.1f}"  # noqa: PLR2004 - where hundredths still tell


def targets(results: Sequence[Result]) -> Sequence[Target]:
    """Return what issue and documentation promise, with what this run measured."""
    by_name = {result.name: result for result in results}
    ours = by_name.get("ours")
    if ours is None:
        return ()

    def ratio(peer: str, phase: str) -> float | None:
        theirs, mine = by_name[peer].rate(phase) if peer in by_name else None, ours.rate(phase)
        return mine / theirs if mine and theirs else None

    stalls = [said["stall_p99_ms"] for said in ours.phases.values() if "stall_p99_ms" in said]
    live = ours.phases.get("live", {})
    return (
        Target("first pass, feeds/s", ours.rate(FIRST), 350),
        Target("all 304, feeds/s", ours.rate(UNCHANGED), 1_500),
        Target("10 % changed, feeds/s", ours.rate(CHANGED), 600),
        Target("first pass, times the loop", ratio("loop", FIRST), 18),
        Target("first pass, times reader", ratio("reader", FIRST), 20),
        Target("all 304, times reader", ratio("reader", UNCHANGED), 18),
        Target("peak memory (PSS), MB", ours.proportional, 250, at_most=True),
        Target("event loop late, p99 ms", max(stalls, default=None), 50, at_most=True),
        Target("from news to its alert, median s", live.get("median"), 1, at_most=True),
    )
