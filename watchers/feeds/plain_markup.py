"""The texts of a plain feed as feedparser gives them, with the markup that stands in them (see plain.py)."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from contextlib import suppress

from watchers.feeds.plain_names import ALL_KNOWN
from watchers.feeds.plain_xml import Element, PlainDocument, Vocabulary, attributes_of, given_attributes, xml_of
from watchers.feeds.stamps import UnsureError

XHTML = "application/xhtml+xml"

_KINDS = {"text": "text/plain", "plain": "text/plain", "html": "text/html", "xhtml": XHTML}
_TAKEN = frozenset({"text/plain", "text/html", XHTML})
_XLINK = "http://www.w3.org/1999/xlink"
_PUSHED = frozenset({"content", "description", "info", "rights", "subtitle", "summary"})
"""What feedparser calls the text that it is in; titles with drawings are not read here at all."""
_PREFIX = re.compile(r"<(/?)[A-Za-z][\w.-]*:")
_CONTROLS = re.compile(rb"\xc2[\x80-\x9f]")
_WINDOWS_1252 = {
    at: bytes([at]).decode("cp1252") for at in range(0x80, 0xA0) if at not in {0x81, 0x8D, 0x8F, 0x90, 0x9D}
}


def kind_of(element: Element, usual: str) -> str:
    """Return the type of a text."""
    if not element.keys():
        return usual
    own = attributes_of(element)
    given = own.get("type", usual).lower()
    kind = _KINDS.get(given, given)
    if kind not in _TAKEN or own.get("mode") == "base64":
        raise UnsureError
    return kind


def text_of(element: Element) -> str:
    """Return the text of an element without elements, as feedparser does: stripped, old encodings mended."""
    if len(element):
        raise UnsureError
    text = (element.text or "").strip()
    return text if text.isascii() else text_mended(text)


def markup_of(element: Element, document: PlainDocument) -> str:
    """Return what stands within an element of XHTML, as HTML."""
    if document.is_atom_1:
        element = _around(element)
    inner = [_PREFIX.sub(r"<\1", xml_of(child)) for child in element]
    return text_mended("".join([html.escape(element.text or "", quote=False), *inner]).strip())


def inline_of(element: Element, document: PlainDocument, *, escaped: bool) -> str:
    """Return what stands within an element just as feedparser writes it, with the markup in it.

    `escaped` is whether the element says that it holds XHTML. Where it does not, feedparser takes what stands before
    the first element within it as it is, and all that follows as XHTML; but a "div" it skips.
    """
    if _XLINK in document.namespaces:  # where it is declared, feedparser adds an attribute
        raise UnsureError
    text, first = element.text or "", next(iter(element), None)
    if escaped:
        inner = _around(element) if document.is_atom_1 else element
        return text_mended("".join(_inner(inner)).strip())
    if first is None or document.vocabulary.name(first.tag) in {"div", "xhtml_div"}:
        raise UnsureError
    if document.is_atom_1 and text.lstrip().startswith("<"):  # it might be taken for the "div" of `_around`
        raise UnsureError
    return text_mended("".join([text, *_elements(element)]).strip())


def _around(element: Element) -> Element:
    """Return the "div" around all that stands in an element, which feedparser leaves out of Atom 1.0; else itself."""
    first = next(iter(element), None)
    if first is None or len(element) > 1 or _local(first) != "div":
        return element
    return element if (element.text or "").strip() or (first.tail or "").strip() else first


def _inner(element: Element) -> Iterator[str]:
    yield html.escape(element.text or "", quote=False)
    yield from _elements(element)


def _elements(element: Element) -> Iterator[str]:
    for child in element:
        name = _local(child)
        if name in {"svg", "math"} or any(key.startswith("{") for key, _ in given_attributes(child)):
            raise UnsureError  # their namespaces are among the attributes that feedparser writes
        own = attributes_of(child).items()
        yield f"<{name}{''.join([_attribute(key, value) for key, value in own])}>"
        yield from _inner(child)
        yield f"</{name}>{html.escape(child.tail or '', quote=False)}"


def _local(element: Element) -> str:
    return element.tag.rpartition("}")[2].lower()


def _attribute(name: str, value: str) -> str:
    shown = value.lower() if name in {"rel", "type"} else value
    return f' {name}="{html.escape(shown, quote=False).replace(chr(34), "&quot;")}"'


def ends_nothing(element: Element, vocabulary: Vocabulary) -> bool:
    """Return whether feedparser takes nothing within a text for an element of the feed, which ends there."""
    names = {vocabulary.name(tag) for tag in {one.tag for child in element for one in child.iter()}}
    if not any(name.endswith("svg") for name in names):
        return names.isdisjoint(ALL_KNOWN)
    return all(_ends_nothing(child, vocabulary, drawn=False) for child in element)


def _ends_nothing(element: Element, vocabulary: Vocabulary, *, drawn: bool) -> bool:
    """Return the same of an element within a text; `drawn` is whether it is part of a drawing, where less counts."""
    if vocabulary.name(element.tag) in (_PUSHED if drawn else ALL_KNOWN):
        return False
    inside = drawn or _local(element) == "svg"
    return all(_ends_nothing(child, vocabulary, drawn=inside) for child in element)


def text_mended(text: str) -> str:
    """Undo what is often done to texts: UTF-8 read as Latin-1, and Windows' characters passed off as Latin-1."""
    if text.isascii():
        return text
    with suppress(UnicodeError):
        text = text.encode("iso-8859-1").decode("utf-8")
    return text.translate(_WINDOWS_1252) if _CONTROLS.search(text.encode(errors="surrogatepass")) else text
