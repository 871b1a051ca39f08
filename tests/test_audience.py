"""Local hours, quiet hours and wishes: what holds in every zone, on the days when clocks change too."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from tests.clocks import CHANGES, HOUR, ZONES, days, hours, moments, zones
from tests.factories import THIS_WEEK, a_followup, a_statement, a_telling
from watchers.audience import Dating, LocalHour, QuietHours, Wants
from watchers.model import FollowUp, Kind, Precision

quiet_hours = st.tuples(hours, hours).filter(lambda pair: pair[0] != pair[1]).map(lambda pair: QuietHours(*pair))


def test_the_zones_change_their_clocks_as_often_as_they_do() -> None:
    still = {"UTC", "Asia/Kathmandu"}
    assert len(ZONES) == 12
    assert {zone.key for zone in ZONES} - {zone.key for zone, _ in CHANGES} == still
    assert len(CHANGES) == 2 * (len(ZONES) - len(still))


# --- local hours ------------------------------------------------------------------------------------------


@given(zones, hours, days)
def test_a_local_hour_is_that_hour_of_the_day_or_comes_right_after_the_gap_that_skips_it(
    zone: ZoneInfo, hour: int, day: date
) -> None:
    instant = LocalHour(zone, hour).on(day)
    local = instant.astimezone(zone)
    assert instant.tzinfo is UTC
    if local.time() == time(hour):
        assert (local.date(), local.fold) == (day, 0), "the first of two"
    else:
        before = (instant - timedelta(minutes=1)).astimezone(zone).utcoffset()
        skipped = [change for each, change in CHANGES if each is zone and change <= instant < change + 2 * HOUR]
        assert skipped or before != local.utcoffset()
        assert local.replace(tzinfo=None) > datetime.combine(day, time(hour))
        assert LocalHour(zone, hour).day_of(instant) == day


@given(moments)
def test_the_day_of_an_instant_is_the_one_on_the_wall(moment: tuple[ZoneInfo, datetime]) -> None:
    zone, instant = moment
    assert LocalHour(zone).day_of(instant) == instant.astimezone(zone).date()


@pytest.mark.parametrize(("zone", "change"), CHANGES, ids=str)
def test_eight_o_clock_is_eight_o_clock_around_both_changes(zone: ZoneInfo, change: datetime) -> None:
    at_eight, middle = LocalHour(zone), change.astimezone(zone).date()
    around = [at_eight.on(middle + timedelta(days=number)).astimezone(zone) for number in range(-2, 3)]
    assert {local.time() for local in around} == {time(8)}
    assert [(local.date() - middle).days for local in around] == [-2, -1, 0, 1, 2]


# --- quiet hours ------------------------------------------------------------------------------------------


def is_within(quiet: QuietHours, moment: datetime, zone: ZoneInfo) -> bool:
    """Tell by the clock on the wall alone whether quiet hours hold."""
    hour = moment.astimezone(zone).hour
    if quiet.first < quiet.last:
        return quiet.first <= hour < quiet.last
    return hour >= quiet.first or hour < quiet.last


@settings(max_examples=300)
@given(quiet_hours, moments)
@example(QuietHours(3, 2), (ZoneInfo("Europe/Berlin"), datetime(2026, 3, 29, 0, 30, tzinfo=UTC)))
@example(QuietHours(22, 2), (ZoneInfo("Antarctica/Troll"), datetime(2026, 10, 25, 1, 30, tzinfo=UTC)))
def test_the_end_of_quiet_hours_is_outside_them_and_never_before_the_moment(
    quiet: QuietHours, moment: tuple[ZoneInfo, datetime]
) -> None:
    zone, instant = moment
    end = quiet.end_after(instant, zone)
    assert end >= instant
    assert not is_within(quiet, end, zone)
    assert (end == instant) == (not is_within(quiet, instant, zone)), "only what is quiet waits"


@given(quiet_hours, moments)
def test_quiet_hours_end_as_soon_as_they_may(quiet: QuietHours, moment: tuple[ZoneInfo, datetime]) -> None:
    zone, instant = moment
    end = quiet.end_after(instant, zone)
    assert end - instant <= timedelta(hours=48)
    # Where two hours are skipped at once, an end in the first of them comes an hour after the gap.
    assume(zone.key != "Antarctica/Troll")
    while instant < end:
        assert is_within(quiet, instant, zone)
        instant = min(end, instant + timedelta(minutes=10))


@given(quiet_hours, moments, st.integers(0, 48 * 60))
def test_a_later_alert_is_never_sent_before_an_earlier_one(
    quiet: QuietHours, moment: tuple[ZoneInfo, datetime], minutes: int
) -> None:
    zone, instant = moment
    later = instant + timedelta(minutes=minutes)
    assert quiet.end_after(instant, zone) <= quiet.end_after(later, zone)


@pytest.mark.parametrize(
    ("quiet", "hour", "end"),
    [
        (QuietHours(22, 7), 21, 21),
        (QuietHours(22, 7), 22, 24 + 7),
        (QuietHours(22, 7), 6, 7),
        (QuietHours(22, 7), 7, 7),
        (QuietHours(0, 6), 0, 6),
        (QuietHours(20, 0), 23, 24),
        (QuietHours(12, 14), 13, 14),
        (QuietHours(12, 14), 14, 14),
        (QuietHours(8, 7), 9, 24 + 7),
    ],
)
def test_quiet_hours_hold_from_their_first_until_their_last(quiet: QuietHours, hour: int, end: int) -> None:
    midnight = datetime(2026, 3, 2, tzinfo=UTC)
    assert quiet.end_after(midnight + hour * HOUR, ZoneInfo("UTC")) == midnight + end * HOUR


# --- wishes -----------------------------------------------------------------------------------------------


def said_by(speaker: str | None) -> FollowUp:
    return a_followup(statement=a_statement(speaker=speaker))


def dated(precision: Precision) -> FollowUp:
    due = None if precision is Precision.NONE else THIS_WEEK
    return a_followup(statement=a_statement(due=due, precision=precision))


def told_of(*countries: str) -> FollowUp:
    return a_followup(1, *(a_telling(countries=(country,)) for country in countries))


def told_by(*outlets: str) -> FollowUp:
    return a_followup(1, *(a_telling(outlet=outlet) for outlet in outlets))


def test_who_wants_nothing_in_particular_takes_everything() -> None:
    for followup in (*map(dated, Precision), said_by(None), told_of("FR")):
        assert Wants().takes(followup)


def test_a_kind_left_out_is_not_taken() -> None:
    wants = Wants(kinds=frozenset({Kind.EVENT, Kind.DEADLINE}))
    taken = {kind for kind in Kind if wants.takes(a_followup(statement=a_statement(kind=kind)))}
    assert taken == {Kind.EVENT, Kind.DEADLINE}


@pytest.mark.parametrize(
    ("dating", "taken"),
    [
        (Dating.ANY, {Precision.EXACT, Precision.VAGUE, Precision.NONE}),
        (Dating.DATED, {Precision.EXACT, Precision.VAGUE}),
        (Dating.EXACT, {Precision.EXACT}),
    ],
)
def test_as_firmly_dated_as_was_asked_for(dating: Dating, taken: set[Precision]) -> None:
    assert {precision for precision in Precision if Wants(dating=dating).takes(dated(precision))} == taken


@pytest.mark.parametrize(
    ("speaker", "taken"),
    [
        ("Ada Berg", True),
        ("Prime Minister ADA  BERG", True),
        ("Élysée", True),
        ("the ÉLYSÉE palace", True),
        ("Ada", False),
        ("Berg, Ada", False),
        ("Ada Bergson", False),
        ("Nada Berg", False),
        ("C++ (council)", True),
        ("", False),
        (None, False),
    ],
)
def test_a_speaker_is_known_by_whole_words_without_regard_to_case(speaker: str | None, *, taken: bool) -> None:
    wants = Wants(speakers=("ada berg", "élysée", "c++ (council)"))
    assert wants.takes(said_by(speaker)) is taken


def test_one_country_of_any_telling_is_enough() -> None:
    wants = Wants(countries=frozenset({"FR", "UA"}))
    assert wants.takes(told_of("FR"))
    assert wants.takes(told_of("DE", "UA"))
    assert not wants.takes(told_of("DE"))
    assert not wants.takes(a_followup())


def test_an_outlet_counts_once_however_often_it_tells() -> None:
    wants = Wants(min_outlets=2)
    assert not wants.takes(told_by("Gazette"))
    assert not wants.takes(told_by("Gazette", "Gazette"))
    assert wants.takes(told_by("Gazette", "Herald"))
    assert wants.takes(told_by("Gazette", "Herald", "Courier"))


def test_all_that_is_asked_for_must_fit() -> None:
    wants = Wants(frozenset({Kind.EVENT}), ("Norland",), frozenset({"FR"}), Dating.EXACT, 2)
    event = a_statement(kind=Kind.EVENT)
    fits = a_followup(1, *(a_telling(event, outlet=name, countries=("FR",)) for name in ("Gazette", "Herald")))
    assert wants.takes(fits)
    assert not wants.takes(a_followup(1, a_telling(event, countries=("FR",))))
