"""What a feed says of itself beside its entries: when to ask it, and which WebSub hub tells of news.

Read from the parts of the body before its first and after its last entry, whatever read the entries: these few
elements have one form in all kinds of feeds.

- RSS 2.0: `<ttl>` (minutes), `<skipHours><hour>` (0 to 23, GMT; the 24 of RSS 0.91 is midnight),
  `<skipDays><day>` (English names, GMT).
- RSS 1.0 syndication module: one `updatePeriod` divided by `updateFrequency` (1 where it is not said). `ttl` is the
  more exact and comes first.
- WebSub (W3C Recommendation, section 4): `<link rel="hub">` and `<link rel="self">`.
"""

from __future__ import annotations

import html
import re
from datetime import timedelta

from watchers.feed_model import Schedule
from watchers.feeds.safety import clean_link

_MOST_HEAD = 65_536
"""Bytes of a head or tail that are looked at; real ones have a few thousand."""
_ENTRY = re.compile(rb"<(?:\w+:)?(?:item|entry)[\s>]")
_LAST = (b"</item>", b"</entry>")
_ASIDE = re.compile(rb"<!--.*?-->|<!\[CDATA\[.*?\]\]>", re.DOTALL)
_TTL = re.compile(rb"<ttl>\s*(\d{1,7})\s*</ttl>")
_PERIOD = re.compile(rb"<\w+:updatePeriod>\s*(hourly|daily|weekly|monthly|yearly)\s*<", re.IGNORECASE)
_FREQUENCY = re.compile(rb"<\w+:updateFrequency>\s*(\d{1,4})\s*<")
_HOURS = re.compile(rb"<skipHours>(.*?)</skipHours>", re.IGNORECASE | re.DOTALL)
_HOUR = re.compile(rb"<hour>\s*(\d{1,2})\s*</hour>", re.IGNORECASE)
_DAYS = re.compile(rb"<skipDays>(.*?)</skipDays>", re.IGNORECASE | re.DOTALL)
_DAY = re.compile(rb"<day>\s*(mon|tues|wednes|thurs|fri|satur|sun)day\s*</day>", re.IGNORECASE)
_LINK = re.compile(rb"<(?:\w+:)?link\s([^<>]{1,4000})>")
_ATTRIBUTE = re.compile(rb"""(\w+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_WEEK = (b"mon", b"tues", b"wednes", b"thurs", b"fri", b"satur", b"sun")
_PERIODS = {
    b"hourly": timedelta(hours=1),
    b"daily": timedelta(days=1),
    b"weekly": timedelta(weeks=1),
    b"monthly": timedelta(days=30),
    b"yearly": timedelta(days=365),
}
_HOURS_OF_A_DAY = 24


def frame_of(body: bytes) -> bytes:
    """Return what an XML feed says before its first and after its last entry, without comments and CDATA."""
    first = _ENTRY.search(body)
    if first is None:
        return _ASIDE.sub(b"", body[:_MOST_HEAD])
    last = max(body.rfind(mark) for mark in _LAST)
    tail = body[last : last + _MOST_HEAD] if last > first.start() else b""
    return _ASIDE.sub(b"", body[: min(first.start(), _MOST_HEAD)]) + _ASIDE.sub(b"", tail)


def schedule_of(frame: bytes) -> Schedule:
    """Return what a feed asks of its readers, from its `frame_of`."""
    return Schedule(every=_every(frame), not_at_hours=_hours(frame), not_on_days=_days(frame))


def _every(frame: bytes) -> timedelta | None:
    ttl = _TTL.search(frame)
    if ttl is not None and int(ttl[1]):
        return timedelta(minutes=int(ttl[1]))
    period = _PERIOD.search(frame)
    if period is None:
        return None
    frequency = _FREQUENCY.search(frame)
    return _PERIODS[period[1].lower()] / max(1, int(frequency[1]) if frequency else 1)


def _hours(frame: bytes) -> frozenset[int]:
    """Return the hours to skip; none where all are, for then nothing could ever be read."""
    found = _HOURS.search(frame)
    hours = {int(hour) % _HOURS_OF_A_DAY for hour in _HOUR.findall(found[1])} if found else set()
    return frozenset(hours) if len(hours) < _HOURS_OF_A_DAY else frozenset()


def _days(frame: bytes) -> frozenset[int]:
    found = _DAYS.search(frame)
    days = {_WEEK.index(day.lower()) for day in _DAY.findall(found[1])} if found else set()
    return frozenset(days) if len(days) < len(_WEEK) else frozenset()


def hub_of(frame: bytes) -> tuple[str | None, str | None]:
    """Return the WebSub hub that a feed names in its `frame_of`, and by which address; None: not said."""
    found: dict[str, str] = {}
    for link in _LINK.finditer(frame):
        own = {name.lower(): double or single for name, double, single in _ATTRIBUTE.findall(link[1])}
        address = clean_link(html.unescape(own.get(b"href", b"").decode("utf-8", "replace")))
        for rel in own.get(b"rel", b"").lower().split():
            if rel in {b"hub", b"self"} and address is not None:
                found.setdefault(rel.decode(), address)
    return found.get("hub"), found.get("self")
