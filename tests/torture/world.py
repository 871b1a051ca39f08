"""What outlives the processes that are killed: invented outlets that go on publishing, and a Discord that remembers."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from aiohttp import web

from tests.loopback import FeedServer, Item, rss

OUTLETS = ("The Meridian", "Harbour Post", "The Quayside Observer", "Northlight Wire")
_FEEDS_OF_EACH = 3
_SHOWN = 60
"""Entries that a feed holds at most, so that an article stays where it can be read for a while."""
_SYLLABLES = ("ba", "do", "ke", "li", "mu", "na", "ro", "su", "ti", "za", "ve", "go", "pa", "ri", "lo", "me")
_SENTENCES = (
    "{one} will withdraw its patrol boats from the {water} strait within 30 days, President {person} said on Monday.",
    "Envoys of {one} and {two} will meet in {water} within 20 days, said {person}, the foreign minister of {two}.",
    "{one} has given {two} 10 days to release the crew of the ferry {water}, Foreign Minister {person} told reporters.",
)


@dataclass(frozen=True, slots=True)
class Announcement:
    """Something that must be told exactly once in each channel."""

    name: str
    """A word that stands in it and nowhere else."""
    text: str
    outlets: tuple[str, ...]
    """Who reports it; the message must name them all in the end."""


@dataclass(slots=True)
class Outlets:
    """Feeds of invented outlets on loopback; each asks `asked` to be called when one is read."""

    server: FeedServer
    chance: random.Random
    asked: Callable[[], None]
    announced: list[Announcement] = field(default_factory=list)
    _items: dict[str, list[Item]] = field(default_factory=dict)
    _names: set[str] = field(default_factory=set)

    def feeds(self) -> list[tuple[str, str]]:
        """Return every feed's outlet and address."""
        return [(outlet, self.server.url(path)) for outlet in OUTLETS for path in _paths(outlet)]

    def open(self) -> None:
        """Serve every feed, empty at first."""
        for outlet in OUTLETS:
            for path in _paths(outlet):
                self._items[path] = []
                self._serve(path)

    def publish(self, outlets: int = 1) -> Announcement:
        """Let one or more outlets report something new; return it."""
        one, two, water, first, last = (self._new_name() for _ in range(5))
        sentence = self.chance.choice(_SENTENCES)
        text = sentence.format(one=f"{one}ria", two=f"{two}land", water=water, person=f"{first} {last}")
        told_by = tuple(self.chance.sample(OUTLETS, outlets))
        announcement = Announcement(water, text, told_by)
        for outlet in told_by:
            path = self.chance.choice(_paths(outlet))
            item = Item(f"News of {water}", text, datetime.now(UTC), f"{outlet}-{water}")
            self._items[path] = [item, *self._items[path]][:_SHOWN]
        self.announced.append(announcement)
        return announcement

    def _new_name(self) -> str:
        """Make up a name that no announcement bears yet: what is told is counted by names."""
        while (name := "".join(self.chance.choices(_SYLLABLES, k=4)).capitalize()) in self._names:
            pass
        self._names.add(name)
        return name

    def _serve(self, path: str) -> None:
        async def handler(_: web.Request) -> web.StreamResponse:
            self.asked()
            return web.Response(body=rss(*self._items[path]), headers={"Content-Type": "application/rss+xml"})

        self.server.answer(path, handler)


def _paths(outlet: str) -> list[str]:
    slug = outlet.lower().replace(" ", "-")
    return [f"/{slug}/{number}.rss" for number in range(_FEEDS_OF_EACH)]
