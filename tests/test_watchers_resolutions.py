"""How a follow-up ended: what later reports are evidence of, and what they are not."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest

from watchers.expectations import PATIENCE, expected_of
from watchers.history import followup_of
from watchers.marks import marks_of
from watchers.matcher.match import read_article
from watchers.model import FollowUp, Interval, Precision, Telling
from watchers.rating import Outcome
from watchers.resolutions import SURE, Resolution, read_news, resolve, timing_of

CASES: list[dict[str, Any]] = tomllib.loads((Path(__file__).parent / "corpus" / "outcomes.toml").read_text("utf-8"))[
    "case"
]


def said(text: str, day: date, number: int = 1) -> FollowUp:
    """Return the follow-up that the matcher finds in a text."""
    statement = read_article(text, day)[0]
    published = datetime.combine(day, time(), UTC)
    telling = Telling("The Meridian", None, "", statement, published, day, marks_of(statement, title="", text=text))
    return followup_of(number, telling)


def found(followup: FollowUp, text: str, day: date) -> Resolution | None:
    """Return what an article says of how a follow-up ended."""
    return resolve(expected_of(followup), read_news(text, day, read_article(text, day)))


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["name"]))
def test_a_later_report_tells_how_it_ended(case: dict[str, Any]) -> None:
    resolution = found(said(case["said"], case["on"]), case["later"], case["day"])
    settled = resolution.outcome if resolution is not None and resolution.confidence >= SURE else None
    assert (settled.value if settled is not None else "open") == case["outcome"], resolution
    if settled is not None:
        assert resolution is not None
        assert resolution.quote == case["later"][resolution.start : resolution.end]
        assert resolution.reasons
    if "moved_to" in case:
        assert resolution is not None
        assert resolution.due == Interval(*case["moved_to"])
