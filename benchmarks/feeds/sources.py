"""Real feeds taken apart: what comes before the entries, the entries as they are written, and what comes after.

Only whole feeds count as sources: well-formed XML without a document type, with at least `FEWEST` entries. They are
cut where the XML parser saw elements begin and end, so that what is put together again keeps each outlet's own way of
writing: CDATA, escaped HTML, namespaces, spaces.
"""

from __future__ import annotations

import re
import tarfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from xml.parsers import expat

FEWEST = 3
"""Entries that a file must have to be taken for an outlet's feed; test suites hold many of one or two."""
MOST = 150
"""Entries that it may have: one archive of 1,046 would else be a fifth of all."""
SMALLEST = 3_000
"""Bytes that it must have."""

_DECLARED = re.compile(rb"""^<\?xml[^>]*\sencoding\s*=\s*["']([\w.:-]{1,40})""")
_TAG = re.compile(rb"""<(?:"[^"]*"|'[^']*'|[^>"'])*>""")
_BOM = b"\xef\xbb\xbf"


class Kind(StrEnum):
    """How a feed is written."""

    RSS = "RSS 2.0"
    RDF = "RDF"
    ATOM = "Atom"


_ROOTS = {"rss": Kind.RSS, "rdf:RDF": Kind.RDF, "feed": Kind.ATOM}
_ENTRY_DEPTH = {Kind.RSS: 2, Kind.RDF: 1, Kind.ATOM: 1}
_ENTRIES = {"item", "entry"}
_ATOM_1 = "http://www.w3.org/2005/Atom"


@dataclass(frozen=True, slots=True)
class Part:
    """An element directly below an entry, as bytes of that entry."""

    name: str
    """As written, with its prefix."""
    attributes: Mapping[str, str]
    start: int
    inner: int
    """Where its first tag ends."""
    end: int


@dataclass(frozen=True, slots=True)
class Item:
    """An entry as it is written, in UTF-8."""

    raw: bytes
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Source:
    """A feed taken apart; all text in UTF-8, whatever it is to be sent in."""

    name: str
    kind: Kind
    encoding: str
    head: bytes
    """Up to the first entry."""
    root_end: int
    """Where the first tag of the root element ends in `head`, before its ">"."""
    tail: bytes
    """What follows the last entry."""
    items: tuple[Item, ...]
    namespaces: Mapping[str, str]
    """What the root element declares: attribute to address."""


def read_sources(archive: Path) -> Sequence[Source]:
    """Return every file of the archive that is a whole feed, by name."""
    with tarfile.open(archive) as files:
        found = [
            source_of(member.name.removeprefix("./"), stream.read())
            for member in files
            if member.isfile() and member.size >= SMALLEST and (stream := files.extractfile(member)) is not None
        ]
    return sorted((one for one in found if one is not None), key=lambda source: source.name)


def source_of(name: str, body: bytes) -> Source | None:
    """Return a feed taken apart; None where it is not whole, or no feed of the kinds made here."""
    body = body.removeprefix(_BOM)
    declared = _DECLARED.match(body)
    encoding = declared[1].decode().lower() if declared else "utf-8"
    try:
        text = body.decode(encoding).encode()
        expat.ParserCreate("utf-8", " ").Parse(text, True)  # that every prefix is declared, the next does not ask
        outline = _Outline(text)
    except (LookupError, UnicodeError, expat.ExpatError):
        return None
    if outline.kind is None or outline.doctype or outline.nested or not FEWEST <= len(outline.items) <= MOST:
        return None
    if outline.kind is Kind.ATOM and outline.namespaces.get("xmlns") != _ATOM_1:
        return None
    first, last = outline.items[0][0], outline.items[-1][1]
    items = tuple(Item(text[start:end], parts) for start, end, parts in outline.items)
    namespaces = outline.namespaces
    return Source(name, outline.kind, encoding, text[:first], outline.root_end, text[last:], items, namespaces)


class _Outline:
    """Where entries and what stands directly in them begin and end in a body, as the XML parser sees it."""

    def __init__(self, text: bytes) -> None:
        """Raise `expat.ExpatError` where it is not well-formed."""
        self.kind: Kind | None = None
        self.doctype = False
        self.nested = False
        """Whether an entry stands within another, of which readers make what they will."""
        self.namespaces: Mapping[str, str] = {}
        self.root_end = 0
        self.items: list[tuple[int, int, tuple[Part, ...]]] = []
        self._text = text
        self._depth = 0
        self._entry: int | None = None
        self._open: list[tuple[str, Mapping[str, str], int, int, bool]] = []
        self._parts: list[Part] = []
        # What the document declares is overruled: it has been brought into UTF-8.
        self._parser = expat.ParserCreate("utf-8")
        self._parser.StartElementHandler = self._begin
        self._parser.EndElementHandler = self._end
        self._parser.StartDoctypeDeclHandler = self._declared
        self._parser.Parse(text, True)

    def _declared(self, *_: object) -> None:
        self.doctype = True

    def _begin(self, name: str, attributes: dict[str, str]) -> None:
        start = self._parser.CurrentByteIndex
        if self._depth == 0:
            self.kind = _ROOTS.get(name)
            self.namespaces = {key: value for key, value in attributes.items() if key.split(":")[0] == "xmlns"}
            self.root_end = self._tag_end(start) - 1
        elif self._is_entry(name):
            self._entry, self._parts = start, []
        elif name in _ENTRIES:
            self.nested = True
        end = self._tag_end(start) if self._beside_entry(name) else 0
        self._open.append((name, attributes, start, end, self._text[end - 2 : end] == b"/>"))
        self._depth += 1

    def _end(self, name: str) -> None:
        self._depth -= 1
        _, attributes, start, inner, empty = self._open.pop()
        if self._entry is None or self.kind is None or not inner:
            return
        end = inner if empty else self._tag_end(self._parser.CurrentByteIndex)
        if self._is_entry(name):
            self.items.append((self._entry, end, tuple(self._parts)))
            self._entry = None
        else:
            begin = self._entry
            self._parts.append(Part(name, attributes, start - begin, inner - begin, end - begin))

    def _is_entry(self, name: str) -> bool:
        return self.kind is not None and self._depth == _ENTRY_DEPTH[self.kind] and name in _ENTRIES

    def _beside_entry(self, name: str) -> bool:
        """Tell whether an element that begins is an entry or stands directly in one."""
        inside = self.kind is not None and self._entry is not None and self._depth == _ENTRY_DEPTH[self.kind] + 1
        return inside or self._is_entry(name)

    def _tag_end(self, start: int) -> int:
        tag = _TAG.match(self._text, start)
        return tag.end() if tag else start
