"""Twelve time zones with the changes of their clocks, and moments around those, for property tests."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

# Clocks that change by an hour, half an hour and two hours; at two, at midnight and on Fridays; and some that do not.
ZONES = [
    ZoneInfo(name)
    for name in (
        "UTC",
        "Europe/Berlin",
        "Europe/Kyiv",
        "America/New_York",
        "America/Havana",
        "America/Santiago",
        "America/St_Johns",
        "Asia/Beirut",
        "Asia/Kathmandu",
        "Africa/Cairo",
        "Australia/Lord_Howe",
        "Antarctica/Troll",
    )
]
HOUR = timedelta(hours=1)


def clock_changes(zone: ZoneInfo) -> list[datetime]:
    """Return the instants of 2026 at which the clocks of a zone change, to the hour or half-hour."""
    halves = [datetime(2026, 1, 1, tzinfo=UTC) + number * HOUR / 2 for number in range(2 * 24 * 365)]
    offsets = [half.astimezone(zone).utcoffset() for half in halves]
    return [half for half, before, after in zip(halves[1:], offsets, offsets[1:], strict=False) if before != after]


CHANGES = [(zone, change) for zone in ZONES for change in clock_changes(zone)]

zones = st.sampled_from(ZONES)
hours = st.integers(0, 23)
days = st.dates(date(2026, 1, 1), date(2027, 12, 31)) | st.sampled_from(CHANGES).map(
    lambda drawn: drawn[1].astimezone(drawn[0]).date()
)
_BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
_anywhere = st.tuples(zones, st.integers(0, 2 * 365 * 24 * 60).map(lambda minutes: _BEGIN + timedelta(minutes=minutes)))
_near_changes = st.tuples(st.sampled_from(CHANGES), st.integers(-36 * 60, 36 * 60)).map(
    lambda drawn: (drawn[0][0], drawn[0][1] + timedelta(minutes=drawn[1]))
)
moments = _anywhere | _near_changes
"""Zones with instants, many of them within a day and a half of a change of that zone's clocks."""
