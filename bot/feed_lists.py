"""Lists of feeds that servers take along and bring in: what would come of one. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.feed_finding import address_of, known_at, language_of, name_of
from config.opml import Listed, OpmlFeed, written_opml
from watchers.feed_model import FeedState, GuildFeedWish
from watchers.feeds.safety import refusal

LARGEST_LIST = 1_000_000
"""Bytes of a list that is brought in."""


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """What a list would bring to a server."""

    new: tuple[Listed, ...]
    """Those that would be added, under the names they would have."""
    known: tuple[str, ...] = ()
    """Names of those that are read here already."""
    unusable: tuple[str, ...] = ()
    """Addresses of those that can be no feed's, as the list has them."""
    beyond: int = 0
    """How many more there is no room for."""


def import_plan(feeds: Iterable[OpmlFeed], read: Sequence[FeedState], room: int, language: str) -> ImportPlan:
    """Return what a list would bring to a server that reads these feeds and has room for so many more.

    `language` holds for those that name none that can be used.
    """
    new: list[Listed] = []
    known: list[str] = []
    unusable: list[str] = []
    for feed in feeds:
        url = address_of(feed.feed_url)
        if url is None or refusal(url) is not None:
            unusable.append(feed.feed_url)
        elif (there := known_at(url, read)) is not None:
            known.append(there.outlet)
        elif url not in {one.feed_url for one in new}:
            new.append(Listed(name_of(feed.title, url), url, language_of(feed.language, language)))
    return ImportPlan(tuple(new[:room]), tuple(known), tuple(unusable), max(0, len(new) - room))


def wishes_of(plan: ImportPlan, guild_id: int, user_id: int, time_zone: str) -> tuple[GuildFeedWish, ...]:
    """Return the feeds of a plan as a server wants them read, in an IANA zone."""
    return tuple(
        GuildFeedWish(guild_id, one.feed_url, one.name, one.language, time_zone, full_text=False, added_by=user_id)
        for one in plan.new
    )


def as_opml(
    title: str, own: Sequence[FeedState], public: Sequence[FeedState], folders: tuple[str, str], at: datetime
) -> str:
    """Return a server's own feeds and everybody's as OPML, each kind in the folder of that name."""
    kinds = zip(folders, (own, public), strict=True)
    listed = [Listed(feed.outlet, feed.address, feed.language, folder) for folder, feeds in kinds for feed in feeds]
    return written_opml(title, listed, at)
