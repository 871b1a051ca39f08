"""Opens the XML of a plain feed, and names its elements as feedparser names them (see plain.py). The home of lxml."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol

from lxml import etree

from watchers.feeds.plain_names import NAMESPACES, NOT_FOLLOWED
from watchers.feeds.stamps import UnsureError


class Element(Protocol):
    """An element of XML, as lxml hands it out."""

    tag: str
    text: str | None
    nsmap: Mapping[str | None, str]

    def __iter__(self) -> Iterator[Element]:
        """Go through the elements within it."""

    def __len__(self) -> int:
        """Return how many elements are within it."""

    def items(self) -> Sequence[tuple[str, str]]:
        """Return its attributes."""

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
_BASE = re.compile(rb"base\s*=")
_PARSER = etree.XMLParser(
    encoding="utf-8", resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True
)
_OWN_KEYS = frozenset(f"{name.partition('_')[0]}_" for name in NOT_FOLLOWED if "_" in name)

Names = Sequence[tuple[str | None, str]]
"""Namespaces as they are declared: the prefix (None: none) and the address."""


@dataclass(frozen=True, slots=True)
class PlainDocument:
    """A document whose parts feedparser would see as they are seen here."""

    root: Element
    vocabulary: Vocabulary
    namespaces: frozenset[str]
    """All that it declares, in lower case."""
    based: bool
    """Whether an element carries a base address."""
    loose: bool
    """Whether feedparser reads it with its other parser, because blanks stand before the XML declaration."""


def open_plain(body: bytes, charset: str | None) -> PlainDocument:
    """Return a document opened; raise `UnsureError` where feedparser might see another.

    `charset` is what the server calls its encoding where the body does not say; None: nobody says.
    """
    start = body.lstrip()
    loose = start.startswith(b"<?xml ") and body[:1].isspace()
    text = _utf_8(start if loose else body, charset, told=not loose)
    if b"<!DOCTYPE" in text or b"<!ENTITY" in text:
        raise UnsureError
    try:
        root = etree.fromstring(text, _PARSER)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise UnsureError from error
    names = _declared(root, text.count(b"xmlns"))
    return PlainDocument(
        root=root,
        vocabulary=Vocabulary(names, loose=loose),
        namespaces=frozenset(address.lower() for _, address in names),
        based=_BASE.search(text.lower()) is not None and _says_base(root),
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


def _says_base(root: Element) -> bool:
    """Return whether any element has a base address; raise `UnsureError` where it is too odd to be joined to."""
    found = False
    for element in root.iter():
        for name, value in element.items():
            if name.rpartition("}")[2].lower() == "base":
                found = True
                if "[" in value or "]" in value:
                    raise UnsureError
    return found


def _declared(root: etree._Element, mentions: int) -> Names:
    """Return the namespaces that a document declares; `mentions` is how often it says "xmlns" at all."""
    own = root.nsmap
    if mentions <= len(own):
        return tuple(own.items())
    seen = dict.fromkeys(own.items())
    for element in root.iter():
        seen.update(dict.fromkeys(element.nsmap.items()))
    return tuple(seen)


class Vocabulary:
    """Turns the names of elements into those by which feedparser knows them."""

    def __init__(self, names: Names, *, loose: bool) -> None:
        """Take the namespaces of a document; raise `UnsureError` where feedparser might confuse them."""
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
        if any(renamed.get(prefix, prefix) != prefix for prefix in taken) or taken & set(prefixes.values()):
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
        return f"{prefix}_{local.lower()}" if prefix else local.lower()


def _known(address: str) -> str | None:
    lower = address.lower()
    return "" if "backend.userland.com/rss" in lower else NAMESPACES.get(lower)


def text_of(element: Element) -> str:
    """Return the text of an element without elements, as feedparser does: stripped, old encodings mended."""
    if len(element):
        raise UnsureError
    return text_mended((element.text or "").strip())


_WINDOWS_1252 = {
    at: bytes([at]).decode("cp1252") for at in range(0x80, 0xA0) if at not in {0x81, 0x8D, 0x8F, 0x90, 0x9D}
}


_PREFIX = re.compile(r"<(/?)[A-Za-z][\w.-]*:")


def markup_of(element: Element) -> str:
    """Return what stands within an element of XHTML, as HTML."""
    inner = [_PREFIX.sub(r"<\1", etree.tostring(child, encoding="unicode")) for child in element]
    return text_mended("".join([html.escape(element.text or "", quote=False), *inner]).strip())


_CONTROLS = re.compile(rb"\xc2[\x80-\x9f]")


def text_mended(text: str) -> str:
    """Undo what is often done to texts: UTF-8 read as Latin-1, and Windows' characters passed off as Latin-1."""
    if text.isascii():
        return text
    with suppress(UnicodeError):
        text = text.encode("iso-8859-1").decode("utf-8")
    return text.translate(_WINDOWS_1252) if _CONTROLS.search(text.encode(errors="surrogatepass")) else text


def attributes_of(element: Element) -> dict[str, str]:
    """Return attributes by their names in lower case; doubtful are those of other namespaces that feedparser takes."""
    own: dict[str, str] = {}
    for name, value in element.items():
        lower = name.lower()
        if lower.startswith("{"):
            if lower.rpartition("}")[2] in _TELLING_ATTRIBUTES:
                raise UnsureError
        elif own.setdefault(lower, value) is not value:
            raise UnsureError
    return own
