"""The lists that the command line is given: topics, outlets and events. Each mistake in them is wrong usage.

Nothing of it is imported before a command asks for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.usage import UsageError

if TYPE_CHECKING:
    from config.catalogue import Outlet
    from config.events import Event
    from config.settings import Settings


def events() -> tuple[Event, ...]:
    """Return the events whose names stand for a day; reading a text needs nothing else that can be set."""
    from config.catalogue import CatalogueError, load_events
    from config.settings import events_file_from_environment

    try:
        return load_events(events_file_from_environment())
    except CatalogueError as error:
        raise UsageError(str(error)) from error


def outlets(settings: Settings, url: str | None) -> tuple[Outlet, ...]:
    """Return the feeds to check: all of the catalogue, or the one at `url`, whether it is listed or not."""
    from config.catalogue import CatalogueError, Outlet, load_catalogue

    try:
        known = load_catalogue(settings.topics_file, settings.outlets_file).outlets
    except CatalogueError as error:
        raise UsageError(str(error)) from error
    if url is None:
        return known
    listed = tuple(outlet for outlet in known if outlet.feed_url == url)
    return listed or (Outlet(url, url, "en", "UTC", full_text=False),)


def topic_names(settings: Settings, wanted: str | None) -> dict[str, str]:
    """Return the names of the catalogue's topics by their ids; complain of a `wanted` one that is not among them."""
    from config.catalogue import CatalogueError, load_catalogue
    from config.problems import did_you_mean, shown

    try:
        topics = load_catalogue(settings.topics_file, settings.outlets_file).topics
    except CatalogueError as error:
        raise UsageError(str(error)) from error
    names = {topic.id: topic.name for topic in topics}
    if wanted is not None and wanted not in names:
        hint = did_you_mean(wanted, list(names)) or f"; the topics are {', '.join(names)}"
        message = f"there is no topic {shown(wanted)}{hint}"
        raise UsageError(message)
    return names
