"""What is new in the feeds: real entries with new identities, and invented ones that announce what is to come.

The states, waters and people of the invented ones do not exist; no two announcements share a name, so that each is a
follow-up of its own and sets off an alert.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from xml.sax.saxutils import quoteattr

from benchmarks.feeds.corpus import Made, identity
from benchmarks.feeds.rewriting import owned, told
from benchmarks.feeds.sources import Item, Source

_BLOCK = 200
_MOST_NEW = 3

_SYLLABLES = ("ba", "do", "ke", "li", "mu", "na", "ro", "su", "ti", "za", "ve", "go", "pa", "ri", "lo", "me")
_ANNOUNCED = (
    (
        "{one} will withdraw its patrol boats from the {water} strait within 30 days, President {person} pledged in a "
        "televised address on Wednesday."
    ),
    (
        "Envoys of {one} and {two} will meet in {water} on Friday for direct talks on the border, said {person}, the "
        "foreign minister of {two}."
    ),
    (
        "{one} has given {two} until Thursday to release the crew of the ferry {water}, Foreign Minister {person} told "
        "reporters."
    ),
    (
        "The fisheries accord between {one} and {two} on the {water} banks is expected to be signed next week, chief "
        "negotiator {person} said."
    ),
)
_AROUND = (
    "The lamps along the quay were lit early, and the fish market had closed before noon.",
    "Neither side spoke to the press on leaving the old customs house.",
    "The mission declined to comment, as it has since the winter.",
    "Both sides lost boats in a clash two winters ago, and each has blamed the other.",
    "Older residents remembered the strait frozen over, and sledges where the ferries run.",
    "The old charts in the museum were drawn by three surveyors, who never met.",
    "A small crowd gathered in the rain outside the ministry, then went home.",
    "The harbour master called the season the quietest in twenty years.",
    "Quotas for herring had held up the text for most of the winter.",
    "The bridge was painted green in the spring, to the surprise of those who lived beside it.",
)


@dataclass(frozen=True, slots=True)
class Addition:
    """An entry that is new in a feed."""

    name: str
    """Its own within its feed."""
    model: tuple[Item, Mapping[str, str]] | None
    """The real entry it repeats, with the namespaces it needs; None: it is invented and announces something."""


def changing(feeds: int, of_ten: int) -> Sequence[int]:
    """Return one feed in ten, one of each address in turn; `of_ten` says which tenth."""
    return [number for number in range(feeds) if (number + number // _BLOCK) % 10 == of_ten]


def additions(feeds: Sequence[Made], sources: Sequence[Source], of_ten: int) -> Mapping[int, Sequence[Addition]]:
    """Return one to three new entries for each feed of a tenth; every second one announces something."""
    chance = random.Random(of_ten)  # noqa: S311 - the same entries each time, no secret
    models: dict[str, list[tuple[Item, Mapping[str, str]]]] = {}
    for source in sources:
        models.setdefault(source.kind, []).extend((item, source.namespaces) for item in source.items)
    new: dict[int, list[Addition]] = {}
    announces = True
    for order, number in enumerate(changing(len(feeds), of_ten)):
        for place in range(1 + order % _MOST_NEW):
            model = None if announces else chance.choice(models[feeds[number].kind])
            new.setdefault(number, []).append(Addition(f"new {place}", model))
            announces = not announces
    return new


def with_new(feed: Made, body: bytes, new: Sequence[Addition], stamp: datetime) -> bytes:
    """Return a feed's body with entries put before its others, all published at `stamp`."""
    written = b"".join(_written(feed, addition, stamp) for addition in new)
    if feed.encoding != "utf-8":
        written = written.decode().encode(feed.encoding, "xmlcharrefreplace")
    return body[: feed.first] + written + body[feed.first :]


def _written(feed: Made, addition: Addition, stamp: datetime) -> bytes:
    known = identity(feed.number, addition.name, stamp)
    if addition.model is None:
        title, paragraphs = _announcement(feed.number, addition.name)
        return told(feed.kind, title, paragraphs, known)
    item, namespaces = addition.model
    spaces = "".join(f" {name}={quoteattr(space)}" for name, space in namespaces.items() if name != "xmlns")
    raw = owned(item, known)
    begin = raw.index(b"item" if raw.startswith(b"<item") else b"entry") + (4 if raw.startswith(b"<item") else 5)
    return raw[:begin] + spaces.encode() + raw[begin:] + b"\n"


def _announcement(feed: int, name: str) -> tuple[str, tuple[str, ...]]:
    """Return the headline and the paragraphs of an invented article, which is no one else's."""
    chance = random.Random(f"{feed} {name}")  # noqa: S311 - the same names each time, no secret
    one, two, water, first, last = ("".join(chance.choices(_SYLLABLES, k=4)).capitalize() for _ in range(5))
    names = {"one": f"{one}ria", "two": f"{two}land", "water": water, "person": f"{first} {last}"}
    said = chance.choice(_ANNOUNCED).format(**names)
    around = [" ".join(chance.sample(_AROUND, 5)) for _ in range(6)]
    return f"{names['one']} and {names['two']} at odds over {water}", (around[0], said, *around[1:])
