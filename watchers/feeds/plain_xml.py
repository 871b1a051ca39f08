"""Opens the XML of a plain feed, and names its elements as feedparser names them (see plain.py). The home of lxml."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol

from lxml import etree

from watchers.feeds.plain_names import ALL_KNOWN, NAMESPACES, NOT_FOLLOWED
from watchers.feeds.stamps import UnsureError


class Element(Protocol):
    """An element of XML, as lxml hands it out."""

    tag: str
    text: str | None
    tail: str | None
    nsmap: Mapping[str | None, str]

    def __iter__(self) -> Iterator[Element]:
        """Go through the elements within it."""

    def __len__(self) -> int:
        """Return how many elements are within it."""

    def keys(self) -> Sequence[str]:
        """Return the names of its attributes."""

    def items(self) -> Sequence[tuple[str, str]]:
        """Return its attributes, their names and values."""

    def iter(self) -> Iterator[Element]:
        """Go through it and all that is within it."""


_DECLARATION = re.compile(
    rb"""<\?xml[ \t]+version=["']1\.0["'](?:[ \t]+encoding=["']([A-Za-z0-9._-]+)["'])?"""
    rb"""(?:[ \t]+standalone=["'](?:yes|no)["'])?[ \t]*\?>"""
)
_ENCODINGS = re.compile(
    r"utf-?8|us-ascii|ascii|iso-8859-(?:[1-9]|1[013-6])|latin-?1|windows-125[0-8]|cp125[0-8]|koi8-[ru]|gbk|gb18030|big5|"
    r"euc-(?:jp|kr)|shift_jis"
)
_TELLING_ATTRIBUTES = frozenset({"href", "url", "uri", "rel", "type", "mode", "ispermalink", "version", "about"})
ATOM_1 = "http://www.w3.org/2005/atom"
_BASE = re.compile(rb"""base\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_DECLARING = re.compile(rb"""xmlns(?::([^\s=<>"']+))?\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_ASIDE = re.compile(rb"<[!?]")
_PARSER = etree.XMLParser(
    encoding="utf-8",
    resolve_entities=False,
    no_network=True,
    remove_comments=True,
    remove_pis=True,
    collect_ids=False,  # nobody asks for elements by their id
)
_HEAD = 2_048
_MOST_ATTRIBUTES = 100
_OWN_KEYS = frozenset(f"{name.partition('_')[0]}_" for name in NOT_FOLLOWED if "_" in name)

Names = Sequence[tuple[str | None, str]]
"""Namespaces as they are declared: the prefix (None: none) and the address."""


@dataclass(frozen=True, slots=True)
class PlainDocument:
    """A document whose parts feedparser would see as they are seen here."""

    root: Element
    vocabulary: Vocabulary
    namespaces: frozenset[str]
    """All that it declares, in lower case; perhaps with some that a text of it speaks of."""
    at_root: frozenset[str]
    """Those of its outermost element."""
    based: bool
    """Whether an element carries a base address."""
    loose: bool
    """Whether feedparser reads it with its other parser, because blanks stand before the XML declaration."""

    @property
    def is_atom_1(self) -> bool:
        """Whether feedparser counts it as Atom 1.0."""
        return ATOM_1 in self.at_root and self.vocabulary.name(self.root.tag) == "feed"


def open_plain(body: bytes, charset: str | None) -> PlainDocument:
    """Return a document opened; raise `UnsureError` where feedparser might see another.

    `charset` is what the server calls its encoding where the body does not say; None: nobody says.
    """
    start = body.lstrip()
    loose = start.startswith(b"<?xml ") and body[:1].isspace()
    text = _utf_8(start if loose else body, charset, told=not loose)
    if b"<!DOCTYPE" in text[:_HEAD]:  # most that have one: nothing need be parsed to see it
        raise UnsureError
    try:
        root = etree.fromstring(text, _PARSER)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise UnsureError from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise UnsureError
    markup = _without_cdata(text)
    names, vocabulary = _named(root, markup, loose=loose)
    return PlainDocument(
        root=root,
        vocabulary=vocabulary,
        namespaces=frozenset(address.lower() for _, address in names),
        at_root=frozenset(address.lower() for address in root.nsmap.values()),
        based=_says_base(markup.lower()),
        loose=loose,
    )


def _utf_8(body: bytes, charset: str | None, *, told: bool) -> bytes:
    """Return the document after its declaration, in UTF-8; decoded as feedparser would.

    `told` is whether feedparser goes by the encoding that it declares.
    """
    body = body.removeprefix(b"\xef\xbb\xbf")
    declaration = _DECLARATION.match(body)
    start = declaration.end() if declaration else 0
    if (declaration is None and body.startswith(b"<?")) or body.count(b"encoding=", 0, body.find(b"\n")) > 1:
        raise UnsureError
    declared = declaration[1].decode() if told and declaration and declaration[1] else charset or "utf-8"
    encoding = declared.lower()
    if encoding == "gb2312":
        encoding = "gb18030"
    if not _ENCODINGS.fullmatch(encoding):
        raise UnsureError
    try:
        text = body.decode(encoding)
    except (UnicodeDecodeError, LookupError) as error:
        raise UnsureError from error
    return body[start:] if encoding in {"utf-8", "utf8"} else text[start:].encode()


def _says_base(markup: bytes) -> bool:
    """Return whether an element has a base address; raise `UnsureError` where it is too odd to be joined to.

    `markup` is in lower case. A text may say so, too, and does little harm by it.
    """
    found = [one for one in _BASE.finditer(markup) if markup[one.start() - 1] in b":\t\r\n "]
    if any(b"[" in one[0] or b"]" in one[0] for one in found):
        raise UnsureError
    return bool(found)


def _without_cdata(text: bytes) -> bytes:
    """Return a well-formed document without its CDATA; all of it where what looks like CDATA may be a comment."""
    first, *others = text.split(b"<![CDATA[")
    parts = [first, *[other.partition(b"]]>")[2] for other in others]]
    markup = b"".join(parts)
    doubtful = others and _ASIDE.search(markup)
    if doubtful and any(_is_open(part, b"<!--", b"-->") or _is_open(part, b"<?", b"?>") for part in parts):
        return text
    return markup


def _is_open(part: bytes, begin: bytes, end: bytes) -> bool:
    at = part.rfind(begin)
    return at >= 0 and part.find(end, at + len(begin)) < 0


def _named(root: etree._Element, markup: bytes, *, loose: bool) -> tuple[Names, Vocabulary]:
    """Return the namespaces that a document declares, and its vocabulary; `markup` is where they may be declared."""
    own = tuple(root.nsmap.items())
    if markup.count(b"xmlns") <= len(own):
        return own, Vocabulary(own, loose=loose, all_at_root=True)
    said = {(prefix.decode() or None, (one or other).decode()) for prefix, one, other in _DECLARING.findall(markup)}
    if not any("&" in address for _, address in said):
        # It does no harm that a text may speak of some, as long as nothing gets doubtful by it.
        with suppress(UnsureError):
            names = tuple(dict.fromkeys([*own, *said]))
            return names, Vocabulary(names, loose=loose, all_at_root=False)
    seen = dict.fromkeys(own)
    for element in root.iter():
        seen.update(dict.fromkeys(element.nsmap.items()))
    return tuple(seen), Vocabulary(tuple(seen), loose=loose, all_at_root=False)


class Vocabulary:
    """Turns the names of elements into those by which feedparser knows them."""

    def __init__(self, names: Names, *, loose: bool, all_at_root: bool) -> None:
        """Take the namespaces of a document; raise `UnsureError` where feedparser might confuse them.

        `all_at_root` is whether its outermost element declares them all, and no other any.
        """
        prefixes: dict[str, str] = {}
        renamed: dict[str, str] = {}
        by_prefix: dict[str, str] = {}
        for given, address in names:
            prefix, known = (given or "").lower(), _known(address)
            if not (address + prefix).isascii() or len(address.split()) != 1:
                raise UnsureError
            if prefix and by_prefix.setdefault(prefix, address) != address:
                raise UnsureError
            if loose and known and not prefix:
                raise UnsureError
            if known is not None:
                renamed[prefix] = known
            elif prefixes.setdefault(address, prefix) != prefix or f"{prefix}_" in _OWN_KEYS:
                raise UnsureError
        taken = set(renamed.values()) - {""}
        # feedparser looks a prefix up twice, by its namespace and by its name, and the second look must change nothing.
        if any(renamed.get(prefix, prefix) != prefix for prefix in taken):
            raise UnsureError
        self._borrowers = frozenset(address for address, prefix in prefixes.items() if prefix in taken)
        if self._borrowers and (loose or not all_at_root):
            raise UnsureError
        self._prefixes = prefixes

    def name(self, tag: str) -> str:
        """Return feedparser's name for an element."""
        if not tag.isascii():
            raise UnsureError
        if not tag.startswith("{"):
            return tag.lower()
        address, _, local = tag[1:].partition("}")
        known = _known(address)
        prefix = self._prefixes.get(address) if known is None else known
        if prefix is None:
            raise UnsureError
        name = f"{prefix}_{local.lower()}" if prefix else local.lower()
        # Of an unknown namespace with the prefix of a known one feedparser may see the name with the prefix or without.
        if address in self._borrowers and (name in ALL_KNOWN or local.lower() in ALL_KNOWN):
            raise UnsureError
        return name


def _known(address: str) -> str | None:
    lower = address.lower()
    return "" if "backend.userland.com/rss" in lower else NAMESPACES.get(lower)


def given_attributes(element: Element) -> Sequence[tuple[str, str]]:
    """Return attributes as they are written; many are doubtful, for lxml looks each up from the first one on."""
    names = element.keys()
    if len(names) > _MOST_ATTRIBUTES:
        raise UnsureError
    return element.items() if names else ()


def attributes_of(element: Element) -> dict[str, str]:
    """Return attributes by their names in lower case; doubtful are those of other namespaces that feedparser takes."""
    own: dict[str, str] = {}
    for name, value in given_attributes(element):
        lower = name.lower()
        if lower[:1] == "{":
            if lower.rpartition("}")[2] in _TELLING_ATTRIBUTES:
                raise UnsureError
        elif own.setdefault(lower, value) is not value:
            raise UnsureError
    return own


def xml_of(element: etree._Element) -> str:
    """Return an element as XML, with what follows it."""
    written: str = etree.tostring(element, encoding="unicode")
    return written
