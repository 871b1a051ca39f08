"""Times as feeds write them.

`moment_of` reads the two forms of every day, RFC 822 (section 5, with the years of RFC 1123) and RFC 3339, to the very
instants feedparser gives, for it follows the code of feedparser 6; on any other form it raises `UnsureError`, so that
feedparser itself is asked. What it takes over from there: a zone by a name that RFC 822 does not know is UTC, as is no
zone at all.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta

from watchers.feeds.raw import NO_STAMP, Stamp

TIMES = ("published", "updated", "created")
"""What tells when an entry was published, the best first."""
SOONEST_YEAR = 1971
"""Stamps before it come from clocks that were never set."""


class UnsureError(Exception):
    """It is not certain that this is read as feedparser reads it."""


_MONTH_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTHS = {name: at for at, name in enumerate(_MONTH_NAMES, 1)}
_ZONES = {
    name: hours
    for hours, names in (
        (0, "ut gmt z"),
        (-3, "adt"),
        (-4, "ast at edt"),
        (-5, "est et cdt"),
        (-6, "cst ct mdt"),
        (-7, "mst mt pdt"),
        (-8, "pst pt"),
        (-1, "a"),
        (1, "n met"),
        (2, "mest"),
        (-12, "m"),
        (12, "y"),
    )
    for name in names.split()
}
_NO_OFFSET = timedelta(0)
_RFC_822 = re.compile(
    r"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*,?\s+)?(\d{1,2})\s+([a-z]{3})[a-z]*\s+(\d{4})\s+"
    r"(\d{1,2}):(\d{2})(?::(\d{2}))?\s+(?:([+-])(\d{2})(\d{2})|(gmt|(?!gmt)[a-z]{1,5}))",
    re.IGNORECASE | re.ASCII,
)
_RFC_3339 = re.compile(
    r"(\d{4})-(\d{2})-(\d{2})(?:(?:T|\s+)(\d{2}):(\d{2})(?::(\d{2})(?:\.\d{1,9})?)?(?:Z|([+-])(\d{2}):(\d{2}))?)?",
    re.IGNORECASE | re.ASCII,
)
_TIME_OF_DAY = re.compile(r"\d:\d|T\d")


def moment_of(text: str) -> datetime | None:
    """Return the instant of a stamp, in UTC; None where there is none. Raise `UnsureError` on unusual forms."""
    if not text:
        return None
    found = _RFC_822.fullmatch(text)
    if found is not None:
        day, name, year, *clock, sign, hours, minutes, zone = found.groups()
        ahead = timedelta(hours=_ZONES.get(zone.lower(), 0)) if zone else _offset(sign, hours, minutes)
        return _instant((year, _MONTHS.get(name.lower(), 0), day, *clock), ahead)
    found = _RFC_3339.fullmatch(text)
    if found is None:
        raise UnsureError
    *numbers, sign, hours, minutes = found.groups()
    return _instant(numbers, _offset(sign, hours, minutes))


def _offset(sign: str | None, hours: str, minutes: str) -> timedelta:
    if sign is None:
        return _NO_OFFSET
    ahead = timedelta(hours=int(hours), minutes=int(minutes))
    return -ahead if sign == "-" else ahead


def _instant(numbers: Iterable[str | int | None], ahead: timedelta) -> datetime:
    """Return the instant of a year, month, day, hour, minute and second that are read `ahead` of UTC."""
    year, month, day, hour, minute, second = [int(number or 0) for number in numbers]
    try:
        there = datetime(year, month, day, hour, minute, second, tzinfo=UTC)
        return there - ahead if ahead else there
    except (ValueError, OverflowError) as error:
        raise UnsureError from error


def first_usable(stamps: Mapping[str, str], read: Callable[[str], datetime | None], texts: Mapping[str, str]) -> Stamp:
    """Return when an entry was published, from what it has: the first that is usable, in the order of `TIMES`.

    `stamps` are what is to be read with `read`, and `texts` the same as the entry shows it.
    """
    first: str | None = None
    for name in TIMES:
        if name not in stamps:
            continue
        text = texts.get(name, "")
        first = text if first is None else first
        moment = read(stamps[name])
        if moment is not None and moment.year >= SOONEST_YEAR:
            return Stamp(first, moment, day_only=not has_time_of_day(text))
    return NO_STAMP if first is None else Stamp(first, None, day_only=False)


def has_time_of_day(text: str) -> bool:
    """Return whether a stamp says more than the day."""
    return _TIME_OF_DAY.search(text) is not None
