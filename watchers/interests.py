"""Which orders could want a follow-up, told without reading them: by doors, of which one at least must stand open.

An order is filed under the doors of its topic through which anything that it takes has to come: a word of each speaker
it asks for, else each country, else the door that is open to all. A follow-up opens, of each of its topics and of `*`,
that door and those of its speaker's words and its countries. What comes through is asked `Wants.takes` all the same;
what does not come through is surely not wanted. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from unicodedata import combining, normalize

from watchers.alerts import EVERY_TOPIC
from watchers.audience import Dating, SubscriptionWish, Wants
from watchers.model import FollowUp, Kind, Precision

_TO_ALL = "to all"
_WORD = re.compile(r"\w+")
_BITS = {kind: 1 << place for place, kind in enumerate(Kind)}  # as stored: a new kind comes last
_FIRMNESS = (Dating.ANY, Dating.DATED, Dating.EXACT)


@dataclass(frozen=True, slots=True)
class Filing:
    """What is filed of an order."""

    doors: frozenset[str]
    """None where it is paused."""
    kinds: int
    """A bit for each kind that it takes."""
    min_outlets: int
    firmness: int
    """How firmly dated a follow-up must be, 0 for not at all."""


@dataclass(frozen=True, slots=True)
class Offer:
    """What a follow-up has to offer to orders, in any of the states it is looked at in."""

    topics: frozenset[str]
    """Its own, and `*`."""
    doors: frozenset[str]
    kinds: int
    outlets: int
    firmness: int


def filing_of(wish: SubscriptionWish) -> Filing:
    """Return what is filed of an order."""
    wants = wish.wants
    doors = frozenset(f"{wish.topic} {door}" for door in _doors_of(wants) if not wish.paused)
    bits = sum(_BITS[kind] for kind in wants.kinds)
    return Filing(doors, bits, wants.min_outlets, _FIRMNESS.index(wants.dating))


def offer_of(states: Sequence[FollowUp]) -> Offer:
    """Return what a follow-up offers that is, or was, as `states` have it; there is at least one."""
    topics = frozenset({EVERY_TOPIC}).union(*(each.topics for each in states))
    open_ones = frozenset({_TO_ALL}).union(*map(_doors_opened_by, states))
    return Offer(
        topics=topics,
        doors=frozenset(f"{topic} {door}" for topic in topics for door in open_ones),
        kinds=sum(_BITS[kind] for kind in {each.kind for each in states}),
        outlets=max(len(each.outlets) for each in states),
        firmness=max(map(_firmness, states)),
    )


def _doors_of(wants: Wants) -> frozenset[str]:
    if wants.speakers:
        return frozenset(map(_door_of_speaker, wants.speakers))
    if wants.countries:
        return frozenset(map(_door_of_country, wants.countries))
    return frozenset({_TO_ALL})


def _doors_opened_by(followup: FollowUp) -> Iterator[str]:
    yield from map(_door_of_country, followup.countries)
    yield from map(_door_of_word, _WORD.findall(followup.speaker or ""))


def _door_of_speaker(name: str) -> str:
    """Return the door of the last word of a name, which is the family's in most; whole words are what is compared."""
    words = _WORD.findall(name)
    return _door_of_word(words[-1]) if words else _TO_ALL


def _door_of_word(word: str) -> str:
    return "speaker " + "".join(map(_letter, word))


def _door_of_country(code: str) -> str:
    return f"country {code}"


@lru_cache(maxsize=4096)
def _letter(letter: str) -> str:
    """Return a letter in a form shared by all that `re.IGNORECASE` takes for the same; marks on it are left out."""
    folded = normalize("NFKD", normalize("NFKD", letter).upper()).casefold()
    return "".join(each for each in folded if not combining(each))


def _firmness(followup: FollowUp) -> int:
    if followup.due is None:
        return 0
    return _FIRMNESS.index(Dating.EXACT if followup.precision is Precision.EXACT else Dating.DATED)
