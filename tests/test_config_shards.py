"""Settings of a bot in several processes: who watches, how long a lease lasts, which shards are served."""

from __future__ import annotations

import pytest

from bot.app import shards_of, worker_name
from config.settings import SettingsError, ShardSettings, load_settings
from watchers.audience import Shards


@pytest.mark.parametrize(
    ("given", "ids", "count"),
    [("0-3/16", (0, 1, 2, 3), 16), ("0,1/4", (0, 1), 4), ("3,0-1, 1/4", (0, 1, 3), 4), ("0/1", (0,), 1)],
)
def test_shards_are_given_as_numbers_and_spans_of_so_many(given: str, ids: tuple[int, ...], count: int) -> None:
    settings = load_settings({"SHARDS": given}, None)
    assert settings.shards == ShardSettings(ids, count)
    assert shards_of(settings) == Shards(frozenset(ids), count)


@pytest.mark.parametrize("given", ["4/4", "0-3", "3-1/4", "0-4/4", "0/0", "/4", "0;1/4", "-1/4", "0-3/16/2", "all"])
def test_shards_that_cannot_be_are_refused_with_what_would_be_right(given: str) -> None:
    with pytest.raises(SettingsError, match=r"^SHARDS holds .*; give which shards of how many, .* such as 0-3/16"):
        load_settings({"SHARDS": given}, None)


def test_a_worker_is_called_by_its_shards() -> None:
    everything, some, others = (load_settings({"SHARDS": given}, None) for given in ("", "0,2/4", "1,3/4"))
    assert shards_of(everything) is None
    names = [worker_name(shards_of(one)) for one in (everything, some, others)]
    assert names == ["worker", "worker 0,2/4", "worker 1,3/4"]


def test_watchers_are_inside_unless_they_are_said_to_be_apart() -> None:
    assert not load_settings({}, None).watchers_apart
    assert not load_settings({"WATCHERS": "inside"}, None).watchers_apart
    assert load_settings({"WATCHERS": "Apart"}, None).watchers_apart
    with pytest.raises(SettingsError, match=r"^WATCHERS holds .*give inside, or apart"):
        load_settings({"WATCHERS": "outside"}, None)


def test_a_lease_lasts_half_a_minute_unless_another_length_is_given() -> None:
    assert load_settings({}, None).lease_seconds == 30
    assert load_settings({"LEASE_SECONDS": "5"}, None).lease_seconds == 5
    with pytest.raises(SettingsError, match=r"^LEASE_SECONDS"):
        load_settings({"LEASE_SECONDS": "0"}, None)
