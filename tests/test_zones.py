"""Time zones as people type them."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import zones
from bot.words import IN_ENGLISH
from bot.zones import available_zones, likely_zones, local_time, zone_called, zones_like

WINTER = datetime(2026, 1, 15, 12, tzinfo=UTC)
SUMMER = datetime(2026, 7, 15, 12, tzinfo=UTC)


def test_every_zone_of_the_tables_exists() -> None:
    named = {*zones._WORLD, *zones._CITIES.values(), *(zone for of in zones._OF_LANGUAGE.values() for zone in of)}
    for name in named:
        ZoneInfo(name)


@pytest.mark.parametrize(
    ("typed", "zone"),
    [
        ("Europe/Paris", "Europe/Paris"),
        ("europe/paris", "Europe/Paris"),
        ("paris", "Europe/Paris"),
        ("  São Paulo ", "America/Sao_Paulo"),
        ("sao_paulo", "America/Sao_Paulo"),
        ("Tel Aviv", "Asia/Jerusalem"),
        ("the hague", "Europe/Amsterdam"),
        ("washington", "America/New_York"),
        ("kiev", "Europe/Kyiv"),
        ("utc", "UTC"),
        ("US/Eastern", "US/Eastern"),
        ("+5:45", "Asia/Kathmandu"),
    ],
)
def test_a_place_names_its_zone(typed: str, zone: str) -> None:
    assert zone_called(typed, WINTER)[0] == zone


def test_a_word_with_several_meanings_names_none_and_offers_all() -> None:
    zone, like = zone_called("america", WINTER)
    assert zone is None
    assert "America/New_York" in like
    assert zone_called("Pariss", WINTER) == (None, ("Europe/Paris",))
    assert zone_called("qqqqqqq", WINTER) == (None, ())


def test_a_city_that_begins_so_comes_before_one_that_only_holds_it() -> None:
    found = zones_like("man", WINTER)
    assert found.index("Asia/Manila") < found.index("Asia/Amman")


@pytest.mark.parametrize("typed", ["+2", "UTC+2", "utc +02:00", "GMT+0200", "+2:00"])
def test_a_distance_from_utc_finds_those_that_are_so_far_now(typed: str) -> None:
    assert "Africa/Cairo" in zones_like(typed, WINTER)
    assert "Europe/Paris" not in zones_like(typed, WINTER)
    assert "Europe/Paris" in zones_like(typed, SUMMER)


def test_a_distance_westward_may_be_written_with_either_minus() -> None:
    assert zones_like("-3:30", WINTER) == zones_like("\N{MINUS SIGN}3:30", WINTER) == ("America/St_Johns",)


def test_the_likely_zones_begin_with_those_of_the_language_and_its_region() -> None:
    assert likely_zones("de", "fr")[:3] == ("Europe/Berlin", "Europe/Vienna", "Europe/Zurich")
    assert likely_zones("en-GB")[0] == "Europe/London"
    assert likely_zones("es-419")[0] == "America/Mexico_City"
    assert likely_zones("xx")[0] == "UTC"
    assert len(set(likely_zones("de", "fr"))) == len(likely_zones("de", "fr"))


@pytest.mark.parametrize(
    ("name", "moment", "said"),
    [
        ("UTC", WINTER, "12:00 now · UTC"),
        ("Europe/Paris", SUMMER, "14:00 now · UTC+2"),
        ("America/St_Johns", WINTER, "08:30 now · UTC\N{MINUS SIGN}3:30"),
    ],
)
def test_the_local_time_is_shown_with_its_distance(name: str, moment: datetime, said: str) -> None:
    assert local_time(name, moment, IN_ENGLISH) == said


@given(st.text(max_size=80))
def test_whatever_is_typed_only_real_zones_come_of_it(typed: str) -> None:
    zone, like = zone_called(typed, WINTER)
    for name in (*like, *([zone] if zone else [])):
        ZoneInfo(name)
    assert set(zones_like(typed, WINTER)) <= set(available_zones())
