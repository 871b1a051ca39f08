"""What a body says of its entries, before anything is made of it: what every reader of bodies gives."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Markup:
    """A text as the feed has it, perhaps with HTML in it."""

    value: str
    kind: str
    """Its media type; "text/plain" and "text/html" are often mixed up in RSS."""


NOTHING = Markup("", "")


@dataclass(frozen=True, slots=True)
class Stamp:
    """When an entry was published, else updated, else created, as its feed has it."""

    text: str
    """The first of these that it has, as written; may be empty."""
    moment: datetime | None
    """The first of these that is usable (stamps.py), in UTC; None: none is."""
    day_only: bool
    """Whether that one names a day and no time of day; its moment is then the beginning of the day in UTC."""


NO_STAMP = Stamp("", None, day_only=False)


@dataclass(frozen=True, slots=True)
class RawEntry:
    """An entry as its feed has it."""

    id: str
    """May be empty."""
    link: str
    """May be empty, relative, or no address at all."""
    title: Markup
    summary: Markup
    contents: tuple[Markup, ...]
    """Each of the forms in which the whole text is given."""
    stamp: Stamp


@dataclass(frozen=True, slots=True)
class RawFeed:
    """A feed as its body has it."""

    title: str
    entries: tuple[RawEntry, ...]
    """In the order of the body."""
    parser: str
    """What read it."""
    exact: bool = False
    """Whether what calls itself plain text is meant so, markup included (Atom, JSON Feed)."""
    fault: str | None = None
    """What was wrong with the body although it could be read as far as it goes; None: nothing."""
    hub: str | None = None
    """The WebSub hub that it names, where its reader looks for that; None: none, or see schedule.py."""
    topic: str | None = None
    """The address by which that hub knows it; None: not said."""
