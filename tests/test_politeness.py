"""The simulated day of benchmarks/politeness.py, made short, and whether its rules notice what breaks them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from benchmarks.politeness import (
    BUSY,
    KINDS,
    MOST,
    Kind,
    a_world,
    broken_by_feed,
    broken_by_host,
    left_alone,
    report,
    simulate,
)
from benchmarks.simulated_outlets import Asked

HOUR = 3600.0
DAY = 24 * HOUR
QUARTER = timedelta(minutes=15)
PLAIN = Kind("plain", 1, BUSY, QUARTER, QUARTER)
NIGHTS = replace(PLAIN, rests_at=frozenset({0, 1, 2}))


def asked(
    *minutes: float, status: int = 200, retry_after: float = 0.0, takes: float = 0.1, path: str = "/rss"
) -> list[Asked]:
    """Requests to one feed, so many minutes after noon."""
    begun = [60 * minute for minute in minutes]
    return [Asked("a.example", path, one, one + takes, status, 0, retry_after) for one in begun]


ANOTHER_BEFORE = asked(4, status=429, retry_after=1.0, path="/other")


def of_feed(requests: list[Asked], kind: Kind = PLAIN, until: float = 0.0) -> list[str]:
    return list(broken_by_feed(requests, kind, until))


def test_a_feed_may_be_asked_later_where_its_host_was_left_alone_and_only_there() -> None:
    alone = left_alone([*ANOTHER_BEFORE, *asked(5, status=429, retry_after=2 * HOUR)])
    assert [(round(begins), round(ends)) for begins, ends in alone] == [(240, 241), (300, 3900)]
    assert list(broken_by_feed(asked(0, 80), PLAIN, 0.0, alone)) == []
    assert list(broken_by_feed(asked(0), PLAIN, 4800.0, alone)) == []
    alone = left_alone([*ANOTHER_BEFORE, *asked(5, status=503, retry_after=HOUR)])
    assert ["late" in line for line in broken_by_feed(asked(70, 150), PLAIN, 0.0, alone)] == [True]


def test_what_comes_of_several_answers_is_left_alone_as_long_as_one_of_them_asks() -> None:
    answers = [*asked(5, 30, status=429, retry_after=HOUR), *asked(10, status=503, retry_after=60.0)]
    alone = left_alone([*ANOTHER_BEFORE, *answers])
    assert [(round(begins), round(ends)) for begins, ends in alone] == [(240, 241), (300, 5400)]
    assert left_alone([*asked(5), *asked(6, status=503), *asked(7, status=301, retry_after=HOUR)]) == []


def test_the_answers_of_one_address_have_its_host_left_alone_for_five_minutes() -> None:
    alone = left_alone([*ANOTHER_BEFORE, *asked(10), *asked(20, 40, status=429, retry_after=HOUR)])
    assert [(round(begins), round(ends)) for begins, ends in alone] == [(240, 241), (1200, 1500), (2400, 2700)]


def by_host(*requests: list[Asked]) -> list[str]:
    return list(broken_by_host([one for each in requests for one in each]))


def test_a_few_hours_of_every_kind_of_feed_keep_every_rule(capsys: pytest.CaptureFixture[str]) -> None:
    world = a_world(2 * len(KINDS), KINDS)
    requests = simulate(world, hours=3.5)
    broken = report(world, requests, hours=3.5)
    printed = capsys.readouterr().out
    assert broken == 0, printed
    assert {place for place in world.kinds if place[0] != "moved.example"} <= {(one.host, one.path) for one in requests}
    assert {one.status for one in requests} >= {200, 301, 304, 404, 410, 429, 500, 503}
    assert "platform.example" in printed


def test_what_keeps_to_the_rules_breaks_none() -> None:
    assert of_feed(asked(0, 15.5, 31.5, 47), until=3000) == []
    assert by_host(asked(0, 1, 2)) == []
    assert by_host(asked(0, status=429, retry_after=2 * HOUR), asked(61)) == []


@pytest.mark.parametrize(
    ("requests", "word"),
    [
        (asked(0, 10), "promised"),
        (asked(0, 40), "late"),
        (asked(0, 20, status=500), "30 were promised"),
        (asked(0, 31, 80, status=404), "60 were promised"),
        (asked(0, 31, status=429, retry_after=2 * HOUR), "120 were promised"),
        (asked(0, 999, status=410), "last word"),
        (asked(0, 16, 32, 48, status=301), "last word"),
    ],
)
def test_a_feed_asked_at_the_wrong_time_is_noticed(requests: list[Asked], word: str) -> None:
    assert [word in line for line in of_feed(requests)] == [True]


def test_a_feed_that_is_asked_no_more_is_noticed() -> None:
    assert of_feed(asked(0), until=HOUR) == ["not asked any more after Mon 12:00:00"]
    assert of_feed(asked(0, status=410), until=DAY) == []


def test_a_feed_asked_while_it_rests_is_noticed() -> None:
    midnight = 12 * 60.0
    assert of_feed(asked(midnight - 20, midnight + 30), NIGHTS) == ["asked at Tue 00:30:00, when it rests"]
    assert of_feed(asked(midnight - 20, midnight + 2), NIGHTS) == []
    patience = 4 * MOST.total_seconds() / 60
    assert of_feed(asked(midnight - patience, midnight + 30), NIGHTS) == []


@pytest.mark.parametrize(
    ("requests", "word"),
    [
        ([asked(0), asked(0.01)], "0.600 s after the last time"),
        ([asked(0, takes=9), asked(0.02, takes=9), asked(0.04, takes=9)], "by 3 at once"),
        ([asked(0, status=503, retry_after=2 * HOUR), asked(4)], "left alone"),
    ],
)
def test_a_host_asked_too_often_is_noticed(requests: list[list[Asked]], word: str) -> None:
    assert [word in line for line in by_host(*requests)] == [True]
