"""What a round of polling did, for logs, the command line and tests."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class PollResult(StrEnum):
    """What came of asking a feed."""

    CHANGED = "changed"
    UNCHANGED = "unchanged"
    HELD = "held"
    """It was not asked: its host had asked us to wait."""
    UNREACHABLE = "unreachable"
    UNREADABLE = "unreadable"
    """It answered with what is no feed, or with what could not be stored."""


@dataclass(frozen=True, slots=True)
class FeedNote:
    """One plain line about a feed."""

    outlet: str
    url: str
    line: str


@dataclass(frozen=True, slots=True)
class PollReport:
    """What a round of polling did."""

    feeds: int = 0
    """Feeds asked, whatever they answered."""
    articles: int = 0
    """Articles stored for the first time."""
    statements: int = 0
    followups: int = 0
    """Follow-ups opened."""
    merged: int = 0
    """Statements that repeat a known follow-up."""
    suggested: int = 0
    """Sure suggestions of how follow-ups ended."""
    results: tuple[PollResult, ...] = field(default=(), compare=False)
    """What came of asking, one for each feed; two reports that differ in it alone are of the same worth."""
    failures: tuple[FeedNote, ...] = ()
    """Feeds or articles that could not be read, and why."""
    notes: tuple[FeedNote, ...] = ()
    """What was wrong with feeds that could be read all the same."""

    def __add__(self, other: PollReport) -> PollReport:
        """Return both reports as one."""
        return PollReport(
            self.feeds + other.feeds,
            self.articles + other.articles,
            self.statements + other.statements,
            self.followups + other.followups,
            self.merged + other.merged,
            self.suggested + other.suggested,
            self.results + other.results,
            self.failures + other.failures,
            self.notes + other.notes,
        )
