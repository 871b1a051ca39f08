"""The days a person types for a follow-up: "9 May", "by the end of June", "in two weeks", "2026-05-09"."""

from __future__ import annotations

import re
from datetime import date

from watchers.matcher.temporal import TimeMention, due_interval, read_times
from watchers.model import Interval

EXAMPLES = "“9 May”, “by the end of June”, “in two weeks”, “2026-05-09”"
"""What is understood, for those whose words were not."""
PAST_EXAMPLES = "“9 May”, “yesterday”, “last Friday”, “2026-05-09”"
"""The same for days that have passed."""
_FILLER = re.compile(r"\b(?:by|on|in|at|the|to|until|till|before|within|from|now|between|about|around|for)\b|[,.;:]")


def days_named(words: str, anchor: date) -> Interval | None:
    """Return the days somebody means, counted from `anchor` and none before it, or None where they are not understood.

    The words must say nothing but a time; "by 9 May" begins on `anchor`.
    """
    first = _only_time(words, anchor)
    due = None if first is None else due_interval(first, words, anchor)
    return None if due is None else due.interval


def day_near(words: str, today: date) -> date | None:
    """Return the last day of a time that may have passed ("1 March", "last month"), or None as `days_named` does."""
    first = _only_time(words, today)
    if first is not None and first.span is not None:
        return first.span.last
    ahead = days_named(words, today)
    return None if ahead is None else ahead.last


def first_day_near(words: str, today: date) -> date | None:
    """Return the first day of a time that may have passed ("2025", "last month"), or None as `days_named` does."""
    first = _only_time(words, today)
    if first is not None and first.span is not None:
        return first.span.first
    ahead = days_named(words, today)
    return None if ahead is None else ahead.first


def day_named(words: str, today: date) -> date | None:
    """Return the one day that words name as seen on `today` ("yesterday", "2 March 2026"); None: not understood."""
    try:
        return date.fromisoformat(words.strip())
    except ValueError:
        found = [mention for mention in read_times(words, today) if mention.text.strip() == words.strip()]
    span = found[0].span if len(found) == 1 else None
    return span.first if span is not None and span.first == span.last else None


def day_past(words: str, first: date, today: date) -> date | None:
    """Return the day from `first` to `today` that somebody means, or None where they mean none of those."""
    day = day_near(words, today)
    return day if day is not None and first <= day <= today else None


def _only_time(words: str, day: date) -> TimeMention | None:
    """Return the time that words name, where they name one and nothing else."""
    mentions = read_times(words, day)
    if not mentions or any(not mention.joined for mention in mentions[1:]):
        return None
    end = max(max(mention.end, mention.reach) for mention in mentions)
    rest = f"{words[: mentions[0].start]} {words[end:]}".lower()
    return None if _FILLER.sub("", rest).strip() else mentions[0]
