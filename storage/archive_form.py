"""What a server owns as JSON: how it is written, and read again from a file that nobody trusts. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any, NoReturn, TypeVar
from zoneinfo import ZoneInfo

from config.catalogue import LANGUAGE_TAG, LONGEST_NAME
from config.problems import find_zone
from watchers.audience import Dating, LocalHour, Place, QuietHours, Rhythm, SubscriptionWish, Wants
from watchers.model import Kind

T = TypeVar("T")
E = TypeVar("E", bound=StrEnum)

FORMAT = "aide-memoire server"
VERSION = 1
LARGEST = 50_000_000
"""Bytes of a file that is read."""
_MOST_ID = 2**63 - 1
_LEADS = 400
_SURROGATE = re.compile(r"[\x00\ud800-\udfff]")


class ArchiveError(Exception):
    """A file holds no server that can be stored; `str()` is one line: where in it, what is wrong."""


class Spot:
    """A value of the file with the way to it, which says what it must be."""

    def __init__(self, value: object, way: str = "") -> None:
        """Stand at `value`."""
        self.value = value
        self._way = way

    def refuse(self, wanted: str) -> NoReturn:
        """Raise the error that says what should be here."""
        message = f"{self._way or 'the file'} must be {wanted}, not {repr(self.value)[:60]}"
        raise ArchiveError(message)

    def fields(self, *names: str) -> dict[str, Spot]:
        """Return the fields of an object, which has these and no others."""
        if not isinstance(self.value, dict) or set(self.value) != set(names):
            self.refuse(f"an object with exactly {', '.join(names)}")
        return {name: Spot(self.value[name], f"{self._way}.{name}".lstrip(".")) for name in names}

    def each(self, most: int) -> list[Spot]:
        """Return the values of a list of at most so many."""
        if not isinstance(self.value, list) or len(self.value) > most:
            self.refuse(f"a list of at most {most}")
        return [Spot(one, f"{self._way}[{number}]") for number, one in enumerate(self.value)]

    def or_none(self, read: Callable[[Spot], T]) -> T | None:
        """Return what `read` makes of it; None where it is null."""
        return None if self.value is None else read(self)

    def text(self, most: int, least: int = 1) -> str:
        """Return a text that can be stored, of so many characters."""
        if not isinstance(self.value, str) or not least <= len(self.value) <= most or _SURROGATE.search(self.value):
            self.refuse(f"text of {least} to {most} characters")
        return self.value

    def number(self, least: int, most: int) -> int:
        """Return a whole number within bounds."""
        if not isinstance(self.value, int) or isinstance(self.value, bool) or not least <= self.value <= most:
            self.refuse(f"a whole number from {least} to {most}")
        return self.value

    def id(self, least: int = 1) -> int:
        """Return an id of Discord's, written as text: some readers of JSON keep but 53 bits of a number."""
        text = self.text(20)
        if not re.fullmatch(r"-?\d{1,19}", text, re.ASCII) or not least <= int(text) <= _MOST_ID:
            self.refuse("an id of Discord's, as text")
        return int(text)

    def yes(self) -> bool:
        """Return a truth value."""
        if not isinstance(self.value, bool):
            self.refuse("true or false")
        return self.value

    def day(self) -> date:
        """Return a day."""
        try:
            return date.fromisoformat(self.text(10, 10))
        except ValueError:
            self.refuse("a day such as 2026-03-02")

    def instant(self) -> datetime:
        """Return an instant in UTC."""
        try:
            found = datetime.fromisoformat(self.text(40))
            return found.astimezone(UTC) if found.tzinfo else _no_zone()
        except (ValueError, OverflowError):
            self.refuse("an instant such as 2026-03-02T12:00:00+00:00")

    def one_of(self, kind: type[E]) -> E:
        """Return one of some words."""
        try:
            return kind(self.text(40))
        except ValueError:
            self.refuse(f"one of {', '.join(kind)}")

    def zone(self) -> ZoneInfo:
        """Return a time zone by its IANA name."""
        found = find_zone(self.text(60))
        if found is None:
            self.refuse("the IANA name of a time zone")
        return found

    def language(self) -> str:
        """Return a language tag."""
        if not LANGUAGE_TAG.fullmatch(self.text(20)):
            self.refuse("a language tag")
        return self.text(20)


def _no_zone() -> datetime:
    message = "an instant needs its time zone"
    raise ValueError(message)


def parsed(document: bytes) -> Spot:
    """Return the value of a JSON document; raise `ArchiveError` where it is none, or too large or deep to be ours."""
    if len(document) > LARGEST:
        message = f"the file is larger than {LARGEST // 1_000_000} MB: nothing that this program wrote"
        raise ArchiveError(message)
    try:
        return Spot(json.loads(document, object_pairs_hook=_once, parse_constant=_refused))
    except (ValueError, RecursionError) as error:
        message = f"the file is not JSON that can be read ({str(error)[:100]})"
        raise ArchiveError(message) from error


def _once(pairs: list[tuple[str, Any]]) -> Mapping[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        message = "a name stands twice in one object"
        raise ValueError(message)
    return found


def _refused(name: str) -> None:
    message = f"{name} is no number"
    raise ValueError(message)


def order_as_json(wish: SubscriptionWish, own: Mapping[str, str]) -> dict[str, Any]:
    """Return an order; a topic of the server's own, of which `own` knows the name, goes by that."""
    return {
        "channel": str(wish.channel_id),
        "topic": None if wish.topic in own else wish.topic,
        "own_topic": own.get(wish.topic),
        "created_by": str(wish.created_by),
        "kinds": sorted(wish.wants.kinds),
        "speakers": list(wish.wants.speakers),
        "countries": sorted(wish.wants.countries),
        "dating": wish.wants.dating.value,
        "min_outlets": wish.wants.min_outlets,
        "role": None if wish.role_id is None else str(wish.role_id),
        "rhythm": wish.rhythm.value,
        "zone": wish.at.zone.key,
        "hour": wish.at.hour,
        "weekday": wish.digest_weekday,
        "lead_days": list(wish.lead_days),
        "quiet": [wish.quiet.first, wish.quiet.last] if wish.quiet else None,
        "place": wish.place.value,
        "language": wish.language,
        "paused": wish.paused,
    }


_ORDER = (
    *("channel", "topic", "own_topic", "created_by", "kinds", "speakers", "countries", "dating", "min_outlets", "role"),
    *("rhythm", "zone", "hour", "weekday", "lead_days", "quiet", "place", "language", "paused"),
)


def order_of(place: Spot, guild_id: int) -> tuple[SubscriptionWish, str | None]:
    """Return an order, and the name of its topic where that is the server's own (its `topic` is then empty)."""
    found = place.fields(*_ORDER)
    own = found["own_topic"].or_none(lambda one: one.text(60))
    topic = found["topic"].or_none(lambda one: one.text(100))
    if (own is None) == (topic is None) or (topic is not None and ":" in topic):
        place.refuse("an order with either a topic of the catalogue or the name of one of its own")
    quiet = found["quiet"].or_none(lambda one: tuple(each.number(0, 23) for each in one.each(2)))
    if quiet is not None and (len(quiet) != 2 or quiet[0] == quiet[1]):  # noqa: PLR2004 - from and to
        found["quiet"].refuse("two different hours")
    countries = [one.text(2, 2) for one in found["countries"].each(15)]
    wants = Wants(
        kinds=frozenset(one.one_of(Kind) for one in found["kinds"].each(len(Kind))),
        speakers=tuple(one.text(100) for one in found["speakers"].each(5)),
        countries=frozenset(countries),
        dating=found["dating"].one_of(Dating),
        min_outlets=found["min_outlets"].number(1, 10),
    )
    wish = SubscriptionWish(
        guild_id=guild_id,
        channel_id=found["channel"].id(),
        topic=topic or "",
        created_by=found["created_by"].id(least=-1),
        at=LocalHour(found["zone"].zone(), found["hour"].number(0, 23)),
        wants=wants,
        role_id=found["role"].or_none(Spot.id),
        rhythm=found["rhythm"].one_of(Rhythm),
        digest_weekday=found["weekday"].number(0, 6),
        lead_days=tuple(one.number(-_LEADS, _LEADS) for one in found["lead_days"].each(10)),
        quiet=QuietHours(*quiet) if quiet else None,
        place=found["place"].one_of(Place),
        language=found["language"].or_none(Spot.language),
        paused=found["paused"].yes(),
    )
    return wish, own


def outlet_name(place: Spot) -> str:
    """Return what a feed is called."""
    return place.text(LONGEST_NAME)
