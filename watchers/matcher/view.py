"""A time expression as the rules of forward.py look at it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from watchers.matcher.english import around
from watchers.matcher.governing import is_owned
from watchers.matcher.temporal import TimeMention
from watchers.matcher.timeline import Shape
from watchers.matcher.verbs import Tense, Verb

_GONE_BY = 3
"""Days since a weekday within which "after the vote on Sunday" tells of one that has been."""

Answer = tuple[str, bool] | None
"""A rule's name and whether the time lies ahead by it; None where the rule has nothing to say."""


@dataclass(frozen=True, slots=True)
class View:
    """A time expression with what the rules look at."""

    text: str
    mention: TimeMention
    verb: Verb | None
    before: str
    after: str
    day: date
    coming: bool
    """The clause after it is of something planned."""
    hoped: bool
    """Its verb hangs on one that tells what had been hoped."""

    @property
    def tense(self) -> Tense | None:
        """The tense of the verb it hangs on; None without a verb."""
        return self.verb.tense if self.verb is not None else None

    @property
    def to_come(self) -> bool:
        """Its verb tells what lies ahead."""
        return self.tense in (Tense.FUTURE, Tense.SCHEDULE)

    @property
    def word(self) -> str:
        """The word of that verb that decides its tense, in small letters; empty without a verb."""
        return self.verb.word if self.verb is not None else ""

    @property
    def ahead(self) -> bool:
        """It says itself that it lies ahead: "next week", or an event to come."""
        if self.mention.expression.shape is Shape.OCCASION:
            return True
        return around.AHEAD.search(self.mention.text) is not None or around.NEXT_BEFORE.search(self.before) is not None

    @property
    def owned(self) -> bool:
        """A noun follows that it belongs to: "Friday's vote"."""
        return is_owned(self.mention, self.after)

    @property
    def deadline(self) -> bool:
        """A word for a limit stands beside it."""
        return (
            around.DEADLINE_NEAR.match(self.after) is not None or around.DEADLINE_BEFORE.search(self.before) is not None
        )

    @property
    def just_gone(self) -> bool:
        """A weekday that was one of the last few days, and is not said to be the next."""
        if around.WEEKDAY.search(self.mention.text) is None or self.ahead:
            return False
        return 0 < days_since(self.mention, self.day) <= _GONE_BY

    @property
    def duration(self) -> bool:
        """It is a length of time."""
        return self.mention.timex.type == "DURATION"

    @property
    def past_by_calendar(self) -> bool:
        """Its last day is the article's day or earlier."""
        return self.mention.span is not None and self.mention.span.last <= self.day

    @property
    def later_by_calendar(self) -> bool:
        """Its first day is after the article's."""
        return self.mention.span is not None and self.mention.span.first > self.day

    def at(self, found: re.Match[str]) -> int:
        """Return where in the text a match in `before` begins."""
        return self.mention.start - len(self.before) + found.start()


def days_since(mention: TimeMention, day: date) -> int:
    """Return how many days ago the last of a weekday was."""
    return (day.weekday() - mention.span.first.weekday()) % 7 if mention.span is not None else 7
