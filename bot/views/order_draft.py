"""A subscription as somebody is composing it, in words that fit the ids of the buttons below it.

The draft stands in its own message, spread over the ids of everything there that can be pressed. So it needs no table
and no end of life: it outlives restarts, two people cannot mix theirs up, and it is gone when its message is.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from bot.render import measured
from watchers.audience import Dating, LocalHour, Place, QuietHours, Rhythm, SubscriptionWish, Wants
from watchers.model import Kind

MOST_SPEAKERS = 5
LONGEST_SPEAKERS = 100
"""UTF-16 units of all their names together."""
MOST_COUNTRIES = 15
_PIECE = 78
"""UTF-16 units of a draft in one id, which may have 100 with what stands before it."""
_ESCAPES = {"%": "%25", "+": "%2B", " ": "+"}  # an id might be trimmed where it ends in a space


class Tab(StrEnum):
    """Which of a draft's options are laid out to be changed."""

    WHAT = "what"
    WHEN = "when"
    WHERE = "where"


@dataclass(frozen=True, slots=True)
class OrderDraft:
    """An order that is being composed or changed."""

    wish: SubscriptionWish
    order_id: int | None = None
    """The stored order it is to change; None: a new one."""
    tab: Tab = Tab.WHAT
    changed: bool = False
    """Whether it differs from what is stored."""


def packed(draft: OrderDraft) -> str:
    """Return a draft as short text; server, person and zone are left out, for who presses brings them."""
    wish, wants = draft.wish, draft.wish.wants
    quiet = [wish.quiet.first, wish.quiet.last] if wish.quiet else None
    fields: dict[str, Any] = {
        "c": wish.channel_id,
        "t": wish.topic,
        "h": wish.at.hour,
        "o": draft.order_id,
        "T": draft.tab.value,
        "x": int(draft.changed),
        "k": [] if wants.kinds == frozenset(Kind) else sorted(wants.kinds),
        "s": list(wants.speakers),
        "n": "".join(sorted(wants.countries)),
        "d": "" if wants.dating is Dating.ANY else wants.dating,
        "m": 0 if wants.min_outlets == 1 else wants.min_outlets,
        "r": wish.role_id,
        "R": "" if wish.rhythm is Rhythm.INSTANT else wish.rhythm,
        "w": wish.digest_weekday,
        "q": quiet,
        "p": "" if wish.place is Place.CHANNEL else wish.place,
        "L": wish.language,
        "P": int(wish.paused),
    }
    brief = {key: value for key, value in fields.items() if value or key == "h"}
    text = json.dumps({**brief, "l": list(wish.lead_days)}, ensure_ascii=False, separators=(",", ":"))
    return "".join(_ESCAPES.get(character, character) for character in text)


def unpacked(text: str, *, guild_id: int, user_id: int, zone: ZoneInfo) -> OrderDraft:
    """Return the draft that `packed` wrote; raise `ValueError` where it is none."""
    for character, escape in reversed(_ESCAPES.items()):
        text = text.replace(escape, character)
    try:
        return _read(json.loads(text), guild_id, user_id, zone)
    except (KeyError, TypeError, AttributeError) as error:
        message = "this is no draft"
        raise ValueError(message) from error


def _read(fields: dict[str, Any], guild_id: int, user_id: int, zone: ZoneInfo) -> OrderDraft:
    countries = fields.get("n", "")
    wants = Wants(
        kinds=frozenset(map(Kind, fields.get("k", Kind))),
        speakers=tuple(fields.get("s", ())),
        countries=frozenset(countries[at : at + 2] for at in range(0, len(countries), 2)),
        dating=Dating(fields.get("d", Dating.ANY)),
        min_outlets=fields.get("m", 1),
    )
    wish = SubscriptionWish(
        guild_id=guild_id,
        channel_id=fields["c"],
        topic=fields["t"],
        created_by=user_id,
        at=LocalHour(zone, fields["h"]),
        wants=wants,
        role_id=fields.get("r"),
        rhythm=Rhythm(fields.get("R", Rhythm.INSTANT)),
        digest_weekday=fields.get("w", 0),
        lead_days=tuple(fields["l"]),
        quiet=QuietHours(*fields["q"]) if "q" in fields else None,
        place=Place(fields.get("p", Place.CHANNEL)),
        language=fields.get("L"),
        paused=bool(fields.get("P")),
    )
    return OrderDraft(wish, fields.get("o"), Tab(fields["T"]), changed=bool(fields.get("x")))


def pieces(text: str) -> Iterator[str]:
    """Cut a text into pieces that fit an id."""
    piece = ""
    for character in text:
        if measured(piece + character) > _PIECE:
            yield piece
            piece = ""
        piece += character
    yield piece


def together(ids: Iterable[str]) -> str:
    """Return the text whose pieces stand in ids of the form `kind:action:number:piece`, in whatever order."""
    parts = sorted((int(number), piece) for _, _, number, piece in (each.split(":", 3) for each in ids))
    return "".join(piece for _, piece in parts)
