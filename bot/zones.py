"""Time zones as people look for them: by city, by capital, by distance from UTC. Pure but for the zone tables."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo, available_timezones

from bot.words import Words
from config.problems import find_zone, nearest

_OFFSET = re.compile(r"(?:utc|gmt)?\s*([+\-\u2212])\s*(\d{1,2})(?:[:.]?(\d{2}))?", re.IGNORECASE)
_WORLD = (
    "UTC",
    "Europe/London",
    "Europe/Paris",
    "Europe/Berlin",
    "Europe/Kyiv",
    "Europe/Istanbul",
    "Europe/Moscow",
    "Africa/Cairo",
    "Africa/Lagos",
    "Africa/Nairobi",
    "Africa/Johannesburg",
    "Asia/Jerusalem",
    "Asia/Dubai",
    "Asia/Karachi",
    "Asia/Kolkata",
    "Asia/Bangkok",
    "Asia/Shanghai",
    "Asia/Tokyo",
    "Australia/Sydney",
    "America/New_York",
    "America/Chicago",
    "America/Los_Angeles",
    "America/Sao_Paulo",
)
# By the language settings that Discord knows; a region is tried before its language.
_OF_LANGUAGE = {
    "en-US": ("America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles"),
    "en-GB": ("Europe/London", "Europe/Dublin"),
    "fr": ("Europe/Paris", "Europe/Brussels", "Europe/Zurich", "America/Toronto", "Africa/Abidjan"),
    "de": ("Europe/Berlin", "Europe/Vienna", "Europe/Zurich"),
    "es-ES": ("Europe/Madrid", "Atlantic/Canary"),
    "es": ("America/Mexico_City", "America/Bogota", "America/Lima", "America/Argentina/Buenos_Aires", "Europe/Madrid"),
    "uk": ("Europe/Kyiv", "Europe/Warsaw"),
    "ru": ("Europe/Moscow", "Asia/Yekaterinburg", "Asia/Almaty"),
    "pt": ("America/Sao_Paulo", "Europe/Lisbon"),
    "it": ("Europe/Rome",),
    "nl": ("Europe/Amsterdam", "Europe/Brussels"),
    "pl": ("Europe/Warsaw",),
    "cs": ("Europe/Prague",),
    "hu": ("Europe/Budapest",),
    "ro": ("Europe/Bucharest", "Europe/Chisinau"),
    "bg": ("Europe/Sofia",),
    "el": ("Europe/Athens",),
    "hr": ("Europe/Zagreb", "Europe/Belgrade"),
    "lt": ("Europe/Vilnius",),
    "da": ("Europe/Copenhagen",),
    "fi": ("Europe/Helsinki",),
    "no": ("Europe/Oslo",),
    "sv": ("Europe/Stockholm",),
    "tr": ("Europe/Istanbul",),
    "hi": ("Asia/Kolkata",),
    "id": ("Asia/Jakarta",),
    "th": ("Asia/Bangkok",),
    "vi": ("Asia/Ho_Chi_Minh",),
    "ja": ("Asia/Tokyo",),
    "ko": ("Asia/Seoul",),
    "zh-TW": ("Asia/Taipei",),
    "zh": ("Asia/Shanghai", "Asia/Singapore"),
}
# Seats of governments and organisations after which no zone is named.
_CITIES = {
    "Abu Dhabi": "Asia/Dubai",
    "Abuja": "Africa/Lagos",
    "Ankara": "Europe/Istanbul",
    "Beijing": "Asia/Shanghai",
    "Bern": "Europe/Zurich",
    "Boston": "America/New_York",
    "Brasilia": "America/Sao_Paulo",
    "Canberra": "Australia/Sydney",
    "Doha": "Asia/Qatar",
    "Frankfurt": "Europe/Berlin",
    "Geneva": "Europe/Zurich",
    "Hanoi": "Asia/Bangkok",
    "Islamabad": "Asia/Karachi",
    "Kiev": "Europe/Kyiv",
    "Lviv": "Europe/Kyiv",
    "Milan": "Europe/Rome",
    "Mumbai": "Asia/Kolkata",
    "Munich": "Europe/Berlin",
    "New Delhi": "Asia/Kolkata",
    "Odesa": "Europe/Kyiv",
    "Ottawa": "America/Toronto",
    "Pretoria": "Africa/Johannesburg",
    "Rabat": "Africa/Casablanca",
    "San Francisco": "America/Los_Angeles",
    "Strasbourg": "Europe/Paris",
    "Tel Aviv": "Asia/Jerusalem",
    "The Hague": "Europe/Amsterdam",
    "Washington": "America/New_York",
}


def likely_zones(*locales: str) -> tuple[str, ...]:
    """Return the zones of those who use Discord in these languages, then those of the world's larger cities."""
    found: list[str] = []
    for locale in locales:
        found += _OF_LANGUAGE.get(locale) or _OF_LANGUAGE.get(locale.split("-")[0], ())
    return tuple(dict.fromkeys((*found, *_WORLD)))


def zones_like(typed: str, now: datetime) -> tuple[str, ...]:
    """Return the zones that somebody may mean, the likeliest first: by name, by city, by their offset at `now`."""
    wanted = _folded(typed)
    if not wanted:
        return _WORLD
    if (away := _OFFSET.fullmatch(typed.strip())) is not None:
        return _as_far(away, now)
    begin, within = [], []
    for words, name in _names():
        if words.startswith(wanted) or f"/{wanted}" in words:
            begin.append(name)
        elif wanted in words:
            within.append(name)
    begin.sort(key=lambda name: name not in _WORLD)
    return tuple(dict.fromkeys((*begin, *within)))


def zone_called(typed: str, now: datetime) -> tuple[str | None, tuple[str, ...]]:
    """Return the zone that somebody named, None where it is none or not one alone, and those they may have meant."""
    named = typed.strip()
    by_folded = {_folded(name): name for name in available_zones()}
    exact = by_folded.get(_folded(named)) or (named if find_zone(named) else None)
    if exact is not None:
        return exact, (exact,)
    like = zones_like(named, now)
    if like:
        return (like[0], like) if len(like) == 1 else (None, like)
    words = {words.rpartition("/")[2]: name for words, name in _names()}
    near = nearest(_folded(named), words)
    return None, () if near is None else (words[near],)


def local_time(name: str, now: datetime, say: Words) -> str:
    """Return what a clock in a zone shows now, and how far it is from UTC."""
    return say("{time} now · UTC{offset}", time=f"{now.astimezone(ZoneInfo(name)):%H:%M}", offset=_offset(name, now))


@cache
def available_zones() -> tuple[str, ...]:
    """Return UTC and the zones that are named after places, in alphabetical order; former names are left out."""
    table = (files("tzdata") / "zoneinfo" / "zone.tab").read_text("utf-8")
    current = {line.split("\t")[2] for line in table.splitlines() if line and not line.startswith("#")}
    return ("UTC", *sorted(current & available_timezones()))


@cache
def _names() -> tuple[tuple[str, str], ...]:
    """Return every zone under each name that it is looked for by."""
    named: Iterable[tuple[str, str]] = ((name, name) for name in available_zones())
    return tuple((_folded(words), name) for words, name in (*_CITIES.items(), *named))


def _folded(words: str) -> str:
    """Return words without accents, underscores and difference of case."""
    bare = (c for c in unicodedata.normalize("NFKD", words) if not unicodedata.combining(c))
    return " ".join("".join(bare).replace("_", " ").casefold().split())


def _as_far(away: re.Match[str], now: datetime) -> tuple[str, ...]:
    minutes = int(away[2]) * 60 + int(away[3] or 0)
    distance = timedelta(minutes=minutes if away[1] == "+" else -minutes)
    every = dict.fromkeys((*_WORLD, *available_zones()))
    return tuple(name for name in every if now.astimezone(ZoneInfo(name)).utcoffset() == distance)


def _offset(name: str, now: datetime) -> str:
    """Return a zone's distance from UTC as people write it: +2, -3:30, and nothing for UTC itself."""
    away = now.astimezone(ZoneInfo(name)).utcoffset() or timedelta(0)
    hours, minutes = divmod(abs(int(away.total_seconds())) // 60, 60)
    sign = "\N{MINUS SIGN}" if away < timedelta(0) else "+"
    return "" if not away else f"{sign}{hours}" + (f":{minutes:02}" if minutes else "")
