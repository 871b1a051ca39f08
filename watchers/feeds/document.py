"""A feed's body made safe to parse: in UTF-8, with a bounded number of entries and elements, and without bombs.

feedparser reads everything, whatever it costs; so what would cost seconds or gigabytes is taken out or refused
before, in passes whose time is proportional to the body. The bounds are far beyond what real feeds hold.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from watchers.feed_model import Reason

MOST_PARSED = 1_000
"""Entries of one body that are parsed at all: the first ones, as feeds put the newest first."""
MOST_ELEMENTS = 100_000
"""Elements of XML in one body; each costs the parser some ten microseconds."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A body that may be parsed."""

    body: bytes
    charset: str | None
    """What the server calls its encoding, where the document itself does not say; None: nobody says."""
    left_out: int
    """Entries cut off because there were more than `MOST_PARSED`."""


class UnsafeDocumentError(Exception):
    """A document would take unbounded time or memory to parse; `str()` says why, in words a moderator understands."""

    def __init__(self, reason: Reason) -> None:
        """Keep the reason."""
        super().__init__(str(reason))
        self.reason = reason


def prepare(body: bytes, content_type: str) -> Prepared:
    """Return `body` as it may be parsed; raise `UnsafeDocumentError` where it must not be.

    `content_type` is what the server said of it ("": nothing).
    """
    declared = _DECLARED.search(body[:_HEAD])
    named = _CHARSET.search(content_type)
    charset = None if declared or not named else named[1]
    wide = _ascii_incompatible(body, declared[1].decode() if declared else charset or "")
    if wide is not None:
        body, charset = _XML_DECLARATION.sub("", body.decode(wide, "replace")).encode("utf-8", "replace"), "utf-8"
    signs = body.count(b"<")
    body, left_out = _first_entries(body) if signs > MOST_PARSED else (body, 0)
    _refuse_bombs(body, signs)
    return Prepared(body, charset, left_out)


_HEAD = 2_048
_DECLARED = re.compile(rb"""(?i)<\?xml[^>]*\sencoding\s*=\s*["']([\w.:-]{1,40})""")
_XML_DECLARATION = re.compile(r"^\s*\ufeff?\s*<\?xml[^>]*\?>")
_CHARSET = re.compile(r"""(?i)charset\s*=\s*["']?([\w.:-]{1,40})""")

_MARKS = (
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\xfe\xff", "utf-16"),
    (b"\xff\xfe", "utf-16"),
    (b"\x00\x00\x00<", "utf-32-be"),
    (b"<\x00\x00\x00", "utf-32-le"),
    (b"\x00<", "utf-16-be"),
    (b"<\x00", "utf-16-le"),
    (b"\x4c\x6f\xa7\x94", "cp037"),
)
_INCOMPATIBLE = re.compile(r"(?i)utf_?7|u7|cp037|cp(?:273|424|500|875|1026|1140)|(?:raw_)?unicode_escape|punycode|idna")


def _ascii_incompatible(body: bytes, declared: str) -> str | None:
    """Return the encoding of a body whose markup is not written in ASCII, so that no rule below would see it."""
    for mark, encoding in _MARKS:
        if body.startswith(mark):
            return encoding
    try:
        name = codecs.lookup(declared).name if declared else ""
    except LookupError:
        return None
    name = name.replace("-", "_")
    if not _INCOMPATIBLE.fullmatch(name):
        return None
    return name if name.startswith(("utf", "cp")) else "ascii"


_ENTRY_END = re.compile(rb"</(?:\w+:)?(?:item|entry)\s*>")


def _first_entries(body: bytes) -> tuple[bytes, int]:
    """Return the body with at most `MOST_PARSED` entries, still closed properly, and how many were left out."""
    ends = list(_ENTRY_END.finditer(body)) if body.count(b"</") > MOST_PARSED else []
    if len(ends) <= MOST_PARSED:
        return body, 0
    return body[: ends[MOST_PARSED - 1].end()] + body[ends[-1].end() :], len(ends) - MOST_PARSED


_ENTITY = re.compile(rb"""<!ENTITY\s+(?:%\s+)?([\w.:-]{1,200})\s+(?:"([^"]{0,100000})"|'([^']{0,100000})')""")
_DECLARES = re.compile(rb"!ENTITY")  # begins with what is seldom, so that it is found, or not, at once
_REFERENCE = re.compile(rb"&[\w.:-]{1,200};")
_LONG_TAG = re.compile(rb"<[A-Za-z][^<>]{8000,}")
_ELEMENT = re.compile(rb"(?s)<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:--\s*>|\Z)|(<)[A-Za-z_]")
_MAX_ENTITIES = 300
_MAX_ATTRIBUTES = 500
_MAX_EXPANSION = 1_000_000
"""Bytes that a document's own entities may add to it."""


def refuse_floods_of_attributes(body: bytes) -> None:
    """Raise `UnsafeDocumentError` where feedparser would take minutes for the attributes of one element."""
    if any(tag.group().count(b"=") > _MAX_ATTRIBUTES for tag in _LONG_TAG.finditer(body)):
        raise UnsafeDocumentError(Reason("the feed is not read: it has an element with thousands of attributes"))


def _refuse_bombs(body: bytes, signs: int) -> None:
    """Raise `UnsafeDocumentError` on what would explode; there are at most `signs` "<" in the body."""
    if _DECLARES.search(body) and _entities_explode(body):
        raise UnsafeDocumentError(
            Reason("the feed is not read: it declares entities that would blow up to an enormous size")
        )
    if signs > MOST_ELEMENTS and sum(1 for tag in _ELEMENT.finditer(body) if tag[1]) > MOST_ELEMENTS:
        raise UnsafeDocumentError(
            Reason("the feed is not read: it has more than {most} elements", most=f"{MOST_ELEMENTS:,}")
        )


def _entities_explode(body: bytes) -> bool:
    """Return whether entities multiply ("billion laughs") or add much; the few honest ones (Latin-1 names) do not."""
    declared = body.count(b"<!ENTITY")
    if declared > _MAX_ENTITIES:
        return True
    added = 0
    read = 0
    for entity in _ENTITY.finditer(body):
        read += 1
        value = entity[2] if entity[2] is not None else entity[3]
        if len(_REFERENCE.findall(value)) > 1:
            return True
        added += len(value) * body.count(b"&" + entity[1] + b";")
    # External entities (SYSTEM, PUBLIC) are never fetched; what is none of these and could not be read is too long.
    external = len(re.findall(rb"<!ENTITY\s+(?:%\s+)?[\w.:-]{1,200}\s+(?:SYSTEM|PUBLIC)\b", body))
    return added > _MAX_EXPANSION or read + external < declared
