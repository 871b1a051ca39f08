"""How a mistake in a setting or a file is put to the operator: in one line, with the cure."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from zoneinfo import ZoneInfo, available_timezones

LONGEST_SHOWN = 60
"""How many characters of a wrong value are shown."""

_WHAT_A_ZONE_IS = '; give an IANA name such as "Europe/Paris" or "UTC"'
_PASSWORD = re.compile(r"(?<=//)([^/@:]*):.*@")
_UNPRINTABLE = re.compile(r"[^\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def shown(value: str) -> str:
    """Return `value` in quotes, on one line and shortened, to be repeated in a message; a password in it as ***."""
    flat = _PASSWORD.sub(r"\1:***@", _UNPRINTABLE.sub("?", value))
    return f'"{flat[:LONGEST_SHOWN]}…"' if len(flat) > LONGEST_SHOWN else f'"{flat}"'


def nearest(given: str, known: Iterable[str]) -> str | None:
    """Return the one of `known` that is spelt most like what was given, or None where none is near."""
    by_folded = {word.casefold(): word for word in known}
    near = difflib.get_close_matches(given.casefold(), by_folded, n=1, cutoff=0.6)
    return by_folded[near[0]] if near else None


def did_you_mean(given: str, known: Iterable[str]) -> str:
    """Return `; did you mean "…"?` with the nearest of `known`, or nothing where none is near."""
    near = nearest(given, known)
    return f'; did you mean "{near}"?' if near is not None else ""


def find_zone(name: str) -> ZoneInfo | None:
    """Return the time zone of that IANA name, or None where there is none."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # OSError: the name of a folder of zones, such as "Europe"
        return None


def unknown_zone(name: str) -> str:
    """Say that `name` is not a time zone, and which one may be meant."""
    hint = did_you_mean(name, available_timezones())
    return f"{shown(name)} is not a known zone{hint or _WHAT_A_ZONE_IS}"
