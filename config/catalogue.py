"""Topics, outlets and events as the operator lists them.

Topics come from a TOML file of `[[topic]]` tables whose keys are the fields of `Topic`. Outlets come from a TOML file
of `[[outlet]]` tables whose keys are the fields of `Outlet`, or from an OPML list (a name that ends in .opml or
.xml); events as `config.events` says. Every mistake is named with file, line and cure.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

from config.entries import Entry, Once, no_longer_than
from config.events import Event, read_events
from config.opml import OpmlFeed, read_opml
from config.problems import find_zone, shown, unknown_zone
from config.toml_tables import FileError, read_tables

T = TypeVar("T")

LONGEST_NAME = 80
"""Characters of a topic's or outlet's name, so that it fits Discord's choices and headings."""

SHIPPED_OUTLETS = Path(__file__).resolve().parent / "outlets.toml"
"""The list that comes along, which an update replaces."""
_LONGEST_ABOUT = 200
_LONGEST_URL = 500
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_LONGEST_ID = 40
LANGUAGE_TAG = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
"""What a language tag (BCP 47) looks like."""
_OPML_ENDINGS = (".opml", ".xml")


@dataclass(frozen=True, slots=True)
class Topic:
    """A named query over the words and actors of a statement.

    A text is about the topic when it holds at least one of `words` or `actors`, and at least one of
    `also` (where `also` is not empty), and none of `without`. Words are compared without regard to
    case, on word borders; a trailing `*` matches any ending; several words form a phrase.
    """

    id: str
    name: str
    about: str
    words: tuple[str, ...]
    actors: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    without: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outlet:
    """A feed to read: who publishes it, in which language (BCP 47) and which time zone (IANA name)."""

    name: str
    feed_url: str
    language: str
    time_zone: str
    full_text: bool
    """Whether pages may be fetched for the whole article where the feed has only a summary."""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Everything the bot reads and everything it can be asked about."""

    topics: tuple[Topic, ...]
    outlets: tuple[Outlet, ...]
    events: tuple[Event, ...] = ()


class CatalogueError(Exception):
    """The lists of topics, outlets or events are wrong; each problem is one line with file, line and cure."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        """Keep the problems."""
        super().__init__("\n".join(problems))
        self.problems = problems


def load_catalogue(topics_file: Path, outlets_file: Path, events_file: Path | None = None) -> Catalogue:
    """Read the lists (None: no events); raise `CatalogueError` with every problem in any of the files."""
    problems: list[str] = []
    topics = _gather(lambda: _load_topics(topics_file, problems), problems)
    outlets = _gather(lambda: _load_outlets(outlets_file, problems), problems)
    events = _gather(lambda: read_events(events_file, problems), problems) if events_file is not None else ()
    if problems:
        raise CatalogueError(tuple(problems))
    return Catalogue(topics, outlets, events)


def load_events(events_file: Path) -> tuple[Event, ...]:
    """Read the events alone; raise `CatalogueError` with every problem in the file."""
    problems: list[str] = []
    events = _gather(lambda: read_events(events_file, problems), problems)
    if problems:
        raise CatalogueError(tuple(problems))
    return events


def _gather(load: Callable[[], tuple[T, ...]], problems: list[str]) -> tuple[T, ...]:
    try:
        return load()
    except FileError as error:
        problems.append(str(error))
        return ()


def _load_topics(path: Path, problems: list[str]) -> tuple[Topic, ...]:
    topics: list[Topic] = []
    ids = Once("id")
    names = Once("name")
    for table in read_tables(path, "topic"):
        entry = Entry(path, table, problems)
        topic = Topic(
            id=entry.text("id", _check_id, 'a short name in lower case such as "iran-nuclear"'),
            name=entry.text("name", no_longer_than(LONGEST_NAME), 'such as "Iran\'s nuclear programme"'),
            about=entry.text("about", no_longer_than(_LONGEST_ABOUT), "one line on what the topic covers"),
            words=entry.phrases("words"),
            actors=entry.phrases("actors"),
            also=entry.phrases("also"),
            without=entry.phrases("without"),
        )
        if not topic.words and not topic.actors and not entry.has("words", "actors"):
            entry.complain("words", 'words or actors must hold at least one entry, such as words = ["ceasefire"]')
        entry.refuse_others(Topic.__dataclass_fields__)
        ids.check(entry, topic.id)
        names.check(entry, topic.name)
        topics.append(topic)
    return tuple(topics)


def _load_outlets(path: Path, problems: list[str]) -> tuple[Outlet, ...]:
    if is_opml(path):
        return tuple(_outlet_of(path, feed, problems) for feed in read_opml(path))
    outlets: list[Outlet] = []
    urls = Once("feed_url")
    for table in read_tables(path, "outlet"):
        entry = Entry(path, table, problems)
        outlet = Outlet(
            name=entry.text("name", no_longer_than(LONGEST_NAME), "who publishes the feed"),
            feed_url=entry.text("feed_url", _check_url, "the feed's http or https address"),
            language=entry.text("language", _check_language, 'a language tag such as "en"'),
            time_zone=entry.text("time_zone", _check_zone, 'an IANA name such as "Europe/Paris" or "UTC"'),
            full_text=entry.switch("full_text"),
        )
        entry.refuse_others(Outlet.__dataclass_fields__)
        urls.check(entry, outlet.feed_url)
        outlets.append(outlet)
    return tuple(outlets)


def is_opml(path: Path) -> bool:
    """Tell whether a list of outlets is read as OPML, by the ending of its name."""
    return path.suffix.lower() in _OPML_ENDINGS


def outlets_of_opml(path: Path, problems: list[str]) -> tuple[Outlet, ...]:
    """Return the feeds of an OPML file that can be read, each address once; raise `FileError`.

    Those whose address is none of a feed are left out, and named in `problems` with file, line and cure.
    """
    outlets: list[Outlet] = []
    for feed in read_opml(path):
        before = len(problems)
        outlet = _outlet_of(path, feed, problems)
        if len(problems) == before:
            outlets.append(outlet)
    return tuple(outlets)


def as_tables(outlets: Iterable[Outlet]) -> str:
    """Return outlets as the `[[outlet]]` tables that `load_catalogue` reads."""
    return "\n".join(
        f"[[outlet]]\nname = {_quoted(one.name)}\nfeed_url = {_quoted(one.feed_url)}\n"
        f"language = {_quoted(one.language)}\ntime_zone = {_quoted(one.time_zone)}\n"
        f"full_text = {str(one.full_text).lower()}\n"
        for one in outlets
    )


def _quoted(text: str) -> str:
    """Return a text as TOML's basic string: JSON's, but for the one control character that it leaves as it is."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007F")


def _outlet_of(path: Path, feed: OpmlFeed, problems: list[str]) -> Outlet:
    """Return an OPML feed as an outlet; OPML knows no time zone, and mostly no language."""
    problem = _check_url(feed.feed_url)
    if problem:
        problems.append(f"{path}, line {feed.line}: xmlUrl {problem}")
    name = " ".join(feed.title.split()) or feed.feed_url.partition("://")[2].partition("/")[0]
    language = feed.language if LANGUAGE_TAG.fullmatch(feed.language) else "en"
    return Outlet(name[:LONGEST_NAME], feed.feed_url, language, "UTC", full_text=False)


# --- one check for each kind of text; each returns what is wrong, or nothing -----------------------------------


def _check_id(value: str) -> str:
    if _ID.fullmatch(value) and len(value) <= _LONGEST_ID:
        return ""
    return f"{shown(value)} must be up to {_LONGEST_ID} letters a to z, digits and single hyphens"


def _check_url(value: str) -> str:
    try:
        parts = urlsplit(value)
        sound = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        sound = False
    if sound and not re.search(r"[\s<>\x00-\x1f]", value) and len(value) <= _LONGEST_URL:
        return ""
    return f"{shown(value)} is not an http or https address; give the feed's own, such as https://example.org/rss.xml"


def _check_language(value: str) -> str:
    return (
        ""
        if LANGUAGE_TAG.fullmatch(value)
        else f'{shown(value)} is not a language tag; give one such as "en" or "pt-BR"'
    )


def _check_zone(value: str) -> str:
    return "" if find_zone(value) else unknown_zone(value)
