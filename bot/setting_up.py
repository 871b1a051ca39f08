"""What `/setup` gathers step by step: one value that fits into the id of a button, and what it changes. Pure.

Nothing is stored before the last step. What has been chosen so far travels in the ids of the message's own buttons
and menus, so that it outlives the bot's restarts, costs no table, and is forgotten with the message.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from zoneinfo import available_timezones

from bot.words import ENGLISH, LANGUAGES
from watchers.alerts import EVERY_TOPIC
from watchers.audience import Guild, LocalHour, Rhythm, Subscription, SubscriptionWish, Wants
from watchers.model import Kind

TOPICS_AT_MOST = 5
SETTLES = "s"
"""What says, in a packed draft and in the menu, that very sure outcomes settle by themselves."""
_AN_ID = r"(?:[A-Za-f][A-Za-z0-9_-]{10})?"  # eleven signs of six bits, the first of them 0, as in all ids of Discord
_A_RHYTHM = f"[{''.join(one[0] for one in Rhythm)}]"
PACKED = (
    rf"[a-z2-7]{{5}}\.\d{{1,2}}\.[a-z]{{2}}\.{_AN_ID}\.[a-z2-7]*\.[0-9a-f]\.{_A_RHYTHM}\.{_AN_ID}\.{_AN_ID}(?:\.s)?"
)
"""What a packed draft looks like; at most 80 characters. Messages that are open now carry it."""

_MARK = 5
_ID_BYTES = 8


@dataclass(frozen=True, slots=True)
class Draft:
    """What has been chosen so far."""

    zone: str
    hour: int
    language: str = ENGLISH
    channel_id: int | None = None
    topics: tuple[str, ...] = ()
    """Their ids; `*` alone for every topic."""
    kinds: frozenset[Kind] = frozenset(Kind)
    rhythm: Rhythm = Rhythm.INSTANT
    rater_role_id: int | None = None
    notices_channel_id: int | None = None
    settles_itself: bool = False

    def packed(self) -> str:
        """Return the draft in few characters."""
        kinds = sum(1 << number for number, kind in enumerate(Kind) if kind in self.kinds)
        topics = "".join(map(_mark_of, self.topics))
        ids = [_packed_id(one) for one in (self.channel_id, self.rater_role_id, self.notices_channel_id)]
        parts = (_mark_of(self.zone), str(self.hour), self.language, ids[0], topics, f"{kinds:x}", self.rhythm[0])
        return ".".join((*parts, *ids[1:], *([SETTLES] if self.settles_itself else [])))

    def with_choice(self, what: str, chosen: Sequence[str]) -> Draft:
        """Return the draft with what was `chosen` in one of the menus; a button's name changes nothing."""
        draft = self
        match what:
            case "zone":
                draft = replace(self, zone=chosen[0])
            case "hour":
                draft = replace(self, hour=int(chosen[0]))
            case "language":
                draft = replace(self, language=chosen[0])
            case "kinds":
                draft = replace(self, kinds=frozenset(map(Kind, chosen)))
            case "rhythm":
                draft = replace(self, rhythm=Rhythm(chosen[0]))
            case "raters":
                draft = replace(self, rater_role_id=int(chosen[0]) if chosen else None)
            case "settling":
                draft = replace(self, settles_itself=chosen[0] == SETTLES)
            case "notices":
                draft = replace(self, notices_channel_id=int(chosen[0]) if chosen else None)
        return draft

    def with_topics(self, topics: Iterable[str]) -> Draft:
        """Return the draft with these topics; every topic makes the others idle."""
        chosen = tuple(dict.fromkeys(topics))
        return replace(self, topics=(EVERY_TOPIC,) if EVERY_TOPIC in chosen else chosen)


def unpacked(packed: str, topics: Iterable[str]) -> Draft:
    """Return the draft that `packed` stands for; a topic that is not among these ids any more is left out."""
    zone, hour, language, channel, marks, kinds, rhythm, rater, notices, *settles = packed.split(".")
    by_mark = {_mark_of(topic): topic for topic in (EVERY_TOPIC, *topics)}
    chosen = (by_mark.get(marks[start : start + _MARK]) for start in range(0, len(marks), _MARK))
    return Draft(
        zone=_zones().get(zone, "UTC"),
        hour=int(hour) % 24,
        language=language if language in LANGUAGES else ENGLISH,
        channel_id=_unpacked_id(channel),
        topics=tuple(topic for topic in chosen if topic is not None),
        kinds=frozenset(kind for number, kind in enumerate(Kind) if int(kinds, 16) >> number & 1),
        rhythm=next(one for one in Rhythm if one.startswith(rhythm)),
        rater_role_id=_unpacked_id(rater),
        notices_channel_id=_unpacked_id(notices),
        settles_itself=settles == [SETTLES],
    )


def first_draft(guild: Guild, orders: Sequence[Subscription], here: int | None, at: LocalHour, language: str) -> Draft:
    """Return what `/setup` begins with: what the server has settled and ordered before, else what is likely.

    `here` is the channel in which it was asked for, None where nothing can be posted; `at` and `language` stand for
    what the server has not settled.
    """
    draft = Draft(
        zone=at.zone.key,
        hour=at.hour,
        language=guild.language or language,
        rater_role_id=guild.rater_role_id,
        notices_channel_id=guild.notices_channel_id,
        settles_itself=guild.settles_itself,
    )
    channels = [order.wish.channel_id for order in orders]
    return in_channel(draft, channels[0] if channels and here not in channels else here, orders)


def in_channel(draft: Draft, channel_id: int | None, orders: Iterable[Subscription]) -> Draft:
    """Return the draft for another channel, with what that channel has ordered before, if anything."""
    before = _before(channel_id, orders)
    moved = replace(draft, channel_id=channel_id)
    if not before:
        return moved
    lead = before[0].wish
    topics = tuple(order.wish.topic for order in before)
    return replace(moved, topics=topics, kinds=lead.wants.kinds, rhythm=lead.rhythm)


@dataclass(frozen=True, slots=True)
class Changes:
    """What a finished draft changes among a server's orders."""

    wishes: tuple[SubscriptionWish, ...]
    """New orders, and old ones with what was chosen now; what `/subscribe` set besides stays."""
    again: frozenset[str]
    """The topics among them that the channel has followed before."""
    ended: tuple[Subscription, ...]
    """Orders of the channel that were shown as chosen and were taken out."""


def changes(draft: Draft, guild_id: int, user_id: int, at: LocalHour, orders: Sequence[Subscription]) -> Changes:
    """Return what a draft with a channel changes among the `orders` of its server."""
    if draft.channel_id is None:
        message = "a draft without a channel changes nothing"
        raise ValueError(message)
    known = {order.wish.topic: order.wish for order in orders if order.wish.channel_id == draft.channel_id}
    wishes: list[SubscriptionWish] = []
    for topic in draft.topics:
        plain = SubscriptionWish(guild_id, draft.channel_id, topic, user_id, at)
        wish = known.get(topic, plain)
        kinds = Wants(kinds=draft.kinds) if wish is plain else replace(wish.wants, kinds=draft.kinds)
        wishes.append(replace(wish, at=at, wants=kinds, rhythm=draft.rhythm))
    ended = [order for order in _before(draft.channel_id, orders) if order.wish.topic not in draft.topics]
    return Changes(tuple(wishes), frozenset(known) & frozenset(draft.topics), tuple(ended))


def _before(channel_id: int | None, orders: Iterable[Subscription]) -> list[Subscription]:
    """Return the orders of a channel that the menus show as chosen; beyond them `/subscriptions` sees to it."""
    return [order for order in orders if order.wish.channel_id == channel_id][:TOPICS_AT_MOST]


def _mark_of(name: str) -> str:
    """Return five letters that stand for a name, whatever its length: one in 33 million stands for another too."""
    return base64.b32encode(hashlib.sha256(name.encode()).digest())[:_MARK].decode().lower()


@cache
def _zones() -> dict[str, str]:
    return {_mark_of(name): name for name in sorted(available_timezones())}


def _packed_id(number: int | None) -> str:
    if number is None:
        return ""
    return base64.urlsafe_b64encode(number.to_bytes(_ID_BYTES, "big")).rstrip(b"=").decode()


def _unpacked_id(packed: str) -> int | None:
    return int.from_bytes(base64.urlsafe_b64decode(f"{packed}="), "big") if packed else None
