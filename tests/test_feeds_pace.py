from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.factories import MONDAY_NOON
from watchers.feeds.pace import LONGEST_BACKOFF, LONGEST_OBEYED, jitter, next_poll

URL = "https://meridian.example/rss"
QUARTER = timedelta(minutes=15)


def wait(failures: int = 0, retry_after: timedelta | None = None, interval: timedelta = QUARTER) -> timedelta:
    again = next_poll(MONDAY_NOON, interval=interval, failures=failures, url=URL, retry_after=retry_after)
    return again - MONDAY_NOON


def test_a_good_feed_is_asked_after_its_interval_and_a_little() -> None:
    assert QUARTER <= wait() <= QUARTER * 1.1
    assert wait() == QUARTER * (1 + jitter(URL))


@pytest.mark.parametrize(("failures", "factor"), [(1, 2), (2, 4), (3, 8), (5, 32)])
def test_each_failure_doubles_the_wait(failures: int, factor: int) -> None:
    assert wait(failures) == QUARTER * factor * (1 + jitter(URL))


def test_the_wait_has_a_longest() -> None:
    assert wait(7) == wait(1_000_000) == LONGEST_BACKOFF * (1 + jitter(URL))


def test_a_rare_feed_is_not_asked_more_often_for_failing() -> None:
    assert wait(3, interval=timedelta(days=1)) >= timedelta(days=1)


def test_what_the_server_asks_for_is_obeyed_within_reason() -> None:
    assert wait(1, timedelta(hours=5)) == timedelta(hours=5)
    assert wait(1, timedelta(seconds=1)) == wait(1)
    assert wait(1, timedelta(days=400)) == LONGEST_OBEYED


@given(st.text())
def test_jitter_is_small_and_fixed(url: str) -> None:
    assert 0 <= jitter(url) <= 0.1
    assert jitter(url) == jitter(url)


def test_feeds_drift_apart() -> None:
    drifts = [jitter(f"https://meridian.example/{n}") for n in range(200)]

    assert len(set(drifts)) == 200
    assert max(drifts) - min(drifts) > 0.08
