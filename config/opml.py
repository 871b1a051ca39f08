"""OPML subscription lists, as feed readers export and take them: read without trusting them, and written.

Entity declarations are refused, so no small file can grow into a large one and none can reach for another file.
Written lists are OPML 2.0 (http://opml.org/spec2.opml): each feed an `<outline type="rss">` with `text`, `title`,
`xmlUrl` and `language`, in a folder where it has one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from enum import StrEnum
from itertools import groupby
from pathlib import Path
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

from config.toml_tables import FileError, read_text

_LONGEST_NAME = 40
"""Characters of a wrong document's root that are repeated."""
_NOT_IN_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class OpmlFeed:
    """One `<outline>` with an `xmlUrl`."""

    line: int
    title: str
    """Its title or text; empty where it has neither."""
    feed_url: str
    language: str
    """Its `language` attribute; empty where it has none."""


class OpmlFault(StrEnum):
    """What is wrong with a list, and how to mend it, with a place for what was found there."""

    NO_OPML = "is not OPML but <{found}>; export the list again as OPML"
    ENTITY = "declares an XML entity, which no subscription list needs; remove the <!ENTITY …> lines"
    NO_XML = "is not well-formed XML ({found}); mend it or export the list again"
    EMPTY = "holds no <outline> with an xmlUrl; export the list again with its feeds"


class OpmlError(Exception):
    """A document is no list of feeds."""

    def __init__(self, fault: OpmlFault, line: int | None = None, found: str = "") -> None:
        """Keep what is wrong, in which line (None: in none of them), and what was found there."""
        super().__init__(fault.format(found=found))
        self.fault = fault
        self.line = line
        self.found = found


def read_opml(path: Path) -> tuple[OpmlFeed, ...]:
    """Return the feeds of an OPML file, each address once, in order; raise `FileError`."""
    text = read_text(path)
    try:
        # The text is decoded already, whatever encoding its first line names.
        return feeds_in(text.encode(), encoding="UTF-8")
    except OpmlError as error:
        place = f"{path} " if error.line is None else f"{path}, line {error.line}: "
        message = f"{place}{error}"
        raise FileError(message) from error


def feeds_in(document: bytes, *, encoding: str | None = None) -> tuple[OpmlFeed, ...]:
    """Return the feeds of an OPML document, each address once, in order; raise `OpmlError`.

    `encoding` goes before what the document says of itself; None: that holds, and UTF-8 where it says nothing.
    """
    parser = expat.ParserCreate(encoding=encoding)
    feeds: dict[str, OpmlFeed] = {}
    root: list[str] = []

    def start(tag: str, attributes: Mapping[str, str]) -> None:
        root.append(tag)
        if root[0].lower() != "opml":
            raise OpmlError(OpmlFault.NO_OPML, parser.CurrentLineNumber, tag[:_LONGEST_NAME])
        del root[1:]
        named = {key.lower(): value.strip() for key, value in attributes.items()}
        url = named.get("xmlurl", "")
        if url:
            title = named.get("title") or named.get("text", "")
            feeds.setdefault(url, OpmlFeed(parser.CurrentLineNumber, title, url, named.get("language", "")))

    def declare_entity(*_declaration: object) -> None:
        raise OpmlError(OpmlFault.ENTITY, parser.CurrentLineNumber)

    parser.StartElementHandler = start
    parser.EntityDeclHandler = declare_entity
    try:
        parser.Parse(document, True)
    except expat.ExpatError as error:
        raise OpmlError(OpmlFault.NO_XML, error.lineno, expat.ErrorString(error.code)) from error
    except (LookupError, ValueError) as error:  # of an encoding that Python does not know, or not a byte at a time
        raise OpmlError(OpmlFault.NO_XML, 1, "unknown encoding") from error
    if not feeds:
        raise OpmlError(OpmlFault.EMPTY)
    return tuple(feeds.values())


@dataclass(frozen=True, slots=True)
class Listed:
    """A feed as it is to be written."""

    name: str
    feed_url: str
    language: str
    """A BCP 47 tag; may be empty."""
    folder: str = ""
    """The outline it stands in; empty: in none."""


def written_opml(title: str, feeds: Iterable[Listed], at: datetime) -> str:
    """Return a list of feeds as an OPML 2.0 document of that title and date.

    Feeds of one folder that follow each other share its outline. What XML cannot hold is left out of names.
    """
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<opml version="2.0">',
        "  <head>",
        f"    <title>{escape(_NOT_IN_XML.sub('', title))}</title>",
        f"    <dateCreated>{format_datetime(at.astimezone(UTC), usegmt=True)}</dateCreated>",
        "  </head>",
        "  <body>",
    ]
    for folder, inside in groupby(feeds, key=lambda feed: feed.folder):
        outlines = [_outline(feed) for feed in inside]
        if folder:
            lines += [f"    <outline text={_quoted(folder)}>", *(f"      {one}" for one in outlines), "    </outline>"]
        else:
            lines += [f"    {one}" for one in outlines]
    return "\n".join([*lines, "  </body>", "</opml>", ""])


def _outline(feed: Listed) -> str:
    name, language = _quoted(feed.name), f" language={_quoted(feed.language)}" if feed.language else ""
    return f'<outline type="rss" text={name} title={name} xmlUrl={_quoted(feed.feed_url)}{language}/>'


def _quoted(text: str) -> str:
    return quoteattr(_NOT_IN_XML.sub("", text))
