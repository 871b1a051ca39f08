"""OPML subscription lists, as feed readers export them, read without trusting them.

Entity declarations are refused, so no small file can grow into a large one and none can reach for another file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from xml.parsers import expat

from config.toml_tables import FileError, read_text


@dataclass(frozen=True, slots=True)
class OpmlFeed:
    """One `<outline>` with an `xmlUrl`."""

    line: int
    title: str
    """Its title or text; empty where it has neither."""
    feed_url: str
    language: str
    """Its `language` attribute; empty where it has none."""


class _RefusedError(Exception):
    """The document declares entities, or is no OPML."""


def read_opml(path: Path) -> tuple[OpmlFeed, ...]:
    """Return the feeds of an OPML file, each address once, in order; raise `FileError`."""
    text = read_text(path)
    # The text is given decoded, whatever encoding its first line names.
    parser = expat.ParserCreate(encoding="UTF-8")
    feeds: dict[str, OpmlFeed] = {}
    root: list[str] = []

    def start(tag: str, attributes: Mapping[str, str]) -> None:
        root.append(tag)
        if root[0].lower() != "opml":
            message = f"is not OPML but <{tag[:40]}>; export the list again as OPML"
            raise _RefusedError(message)
        del root[1:]
        named = {key.lower(): value.strip() for key, value in attributes.items()}
        url = named.get("xmlurl", "")
        if url:
            title = named.get("title") or named.get("text", "")
            feeds.setdefault(url, OpmlFeed(parser.CurrentLineNumber, title, url, named.get("language", "")))

    def declare_entity(*_declaration: object) -> None:
        message = "declares an XML entity, which no subscription list needs; remove the <!ENTITY …> lines"
        raise _RefusedError(message)

    parser.StartElementHandler = start
    parser.EntityDeclHandler = declare_entity
    try:
        parser.Parse(text.encode(), True)
    except _RefusedError as refusal:
        message = f"{path}, line {parser.CurrentLineNumber}: {refusal}"
        raise FileError(message) from refusal
    except expat.ExpatError as error:
        what = expat.ErrorString(error.code)
        message = f"{path}, line {error.lineno}: is not well-formed XML ({what}); mend it or export the list again"
        raise FileError(message) from error
    if not feeds:
        message = f"{path} holds no <outline> with an xmlUrl; export the list again with its feeds"
        raise FileError(message)
    return tuple(feeds.values())
